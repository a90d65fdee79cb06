//! The models Caro knows by name: the rows of `catalog.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::error::Error;

static EMBEDDED: LazyLock<Catalog> =
    LazyLock::new(|| toml::from_str(include_str!("catalog.toml")).expect("a test reads the embedded catalog"));

/// What can be pulled by name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    model: Vec<Entry>,
}

/// One model file on a hub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name it has here.
    pub id: String,
    /// `owner/name` on the hub.
    pub repository: String,
    /// A branch or a commit of it.
    #[serde(default = "main_branch")]
    pub revision: String,
    /// The file in it.
    pub file: String,
    /// About how many bytes it has.
    pub size: u64,
    /// The SHA-256 it is known to have, in hexadecimal.
    #[serde(default)]
    pub sha256: Option<String>,
    /// As an SPDX expression.
    pub license: String,
    /// How a conversation is written for it.
    pub template: Template,
    /// How many tokens it was made for.
    pub context: u32,
    /// When to choose it, in a few words.
    pub good_for: String,
    /// Whether it is the one to begin with.
    #[serde(default)]
    pub recommended: bool,
}

/// How a conversation is written for a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Template {
    /// `<|im_start|>role … <|im_end|>`
    ChatMl,
}

fn main_branch() -> String {
    "main".to_owned()
}

impl Catalog {
    /// The one in this program.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Every model, small before large within a family.
    pub fn entries(&self) -> &[Entry] {
        &self.model
    }

    /// The model of that name.
    ///
    /// # Errors
    /// When there is none; the error knows names that are near.
    pub fn entry(&self, id: &str) -> Result<&Entry, Error> {
        self.model.iter().find(|entry| entry.id == id).ok_or_else(|| {
            let near = near(id, self.model.iter().map(|entry| entry.id.as_str()));
            Error::Unknown { id: id.to_owned(), near }
        })
    }

    /// The model to begin with.
    ///
    /// # Panics
    /// Never: a test looks that there is one.
    pub fn recommended(&self) -> &Entry {
        self.model.iter().find(|entry| entry.recommended).expect("a test looks that there is one")
    }
}

/// The names somebody who wrote `id` may have meant: those it is a part of, else the nearest of those a few letters away.
pub(super) fn near<'a>(id: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let id = id.to_lowercase();
    let few = id.chars().count() / 4;
    let far: Vec<(usize, &str)> = names
        .filter(|_| !id.is_empty())
        .map(|name| (if name.contains(&id) { 0 } else { distance(&id, name) }, name))
        .filter(|(far, _)| *far <= few)
        .collect();
    let nearest = far.iter().map(|(far, _)| *far).min();
    far.into_iter().filter(|(far, _)| Some(*far) == nearest).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters have to be put in, taken out or changed to make one text of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_embedded_catalog_is_whole() {
        let catalog = Catalog::embedded();
        let ids: HashSet<_> = catalog.entries().iter().map(|entry| &entry.id).collect();
        assert_eq!(ids.len(), catalog.entries().len(), "an id names one model");
        assert_eq!(catalog.entries().iter().filter(|entry| entry.recommended).count(), 1);
        for entry in catalog.entries() {
            assert!(entry.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c)));
            assert_eq!(entry.repository.split('/').count(), 2, "{entry:?}");
            assert!(entry.file.to_lowercase().ends_with(".gguf"), "{entry:?}");
            assert!(entry.size > 50_000_000 && entry.context >= 2048, "{entry:?}");
            // A hash belongs to one commit: on a branch the next upload would look like an attack.
            assert_eq!(entry.sha256.is_some(), entry.revision != "main", "{entry:?}");
            let hash = entry.sha256.as_deref().unwrap_or_default();
            assert!(hash.is_empty() || hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{entry:?}");
        }
    }

    #[test]
    fn a_name_that_is_nearly_one_finds_it() {
        let near = |id: &str| match Catalog::embedded().entry(id) {
            Err(Error::Unknown { near, .. }) => near,
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!(near("smolm-135m"), ["smollm-135m"]);
        assert_eq!(near("qwen3-1.5b"), ["qwen3-1.7b"]);
        assert_eq!(near("Qwen3-1.7"), ["qwen3-1.7b"]);
        assert_eq!(near("coder"), ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"]);
        assert_eq!(near("llama"), [] as [&str; 0]);
        assert_eq!(near(""), [] as [&str; 0]);
    }
}
