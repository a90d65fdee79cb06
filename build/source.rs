//! A file of knowledge, and a mistake in one: named by file and line.

use std::fmt;
use std::ops::Range;
use std::path::Path;

/// The text of a file and its name.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn read(path: &Path) -> Result<Self, Vec<Mistake>> {
        let text = std::fs::read_to_string(path).map_err(|error| vec![Mistake::of_file(path, &error)])?;
        Ok(Self { name: path.display().to_string(), text })
    }

    /// A mistake at a place of this file.
    pub(crate) fn mistake(&self, span: &Range<usize>, message: impl Into<String>) -> Mistake {
        let line = self.text[..span.start.min(self.text.len())].matches('\n').count() + 1;
        Mistake { file: self.name.clone(), line, message: message.into() }
    }

    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Vec<Mistake>> {
        toml::from_str(&self.text)
            .map_err(|error| vec![self.mistake(&error.span().unwrap_or_default(), error.message().to_owned())])
    }
}

/// What is wrong and where.
#[derive(Clone)]
pub(crate) struct Mistake {
    file: String,
    line: usize,
    message: String,
}

impl Mistake {
    pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> Self {
        Self { file: path.display().to_string(), line: 1, message: error.to_string() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.message)
    }
}
