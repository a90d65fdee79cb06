//! A file of knowledge, and a mistake in one: named by file and line.

use std::fmt;
use std::ops::Range;

/// The text of a file and its name.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    /// A mistake at a place of this file.
    pub(crate) fn mistake(&self, span: &Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake { file: self.name.clone(), line: self.line(span), message: message.into() }
    }

    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        self.text[..span.start.min(self.text.len())].matches('\n').count() + 1
    }

    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Vec<Mistake>> {
        toml::from_str(&self.text)
            .map_err(|error| vec![self.mistake(&error.span().unwrap_or_default(), error.message().to_owned())])
    }
}

/// What is wrong and where.
#[derive(Clone)]
pub(crate) struct Mistake {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.message)
    }
}
