//! The user's settings file as text: comments and order are theirs and survive a change made by Caro.

use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::ser::Serialize as _;
use serde_json::Value;
use toml_edit::ser::ValueSerializer;
use toml_edit::{DocumentMut, Item};

/// The version of the file's layout this program writes, and the newest it reads.
pub(super) const VERSION: i64 = 1;

/// The key that carries it.
pub(super) const VERSION_KEY: &str = "version";

/// What a text turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    /// Settings this program understands.
    Usable(Document),
    /// A newer Caro wrote it.
    Newer,
    /// No TOML; why.
    Damaged(String),
}

/// The differences from the defaults, in the user's own layout.
#[derive(Debug, Default)]
pub(super) struct Document(DocumentMut);

impl Document {
    /// Reads a settings file.
    pub(super) fn read(bytes: &[u8]) -> Reading {
        let document = match std::str::from_utf8(bytes).map(str::parse::<DocumentMut>) {
            Err(error) => return Reading::Damaged(error.to_string()),
            Ok(Err(error)) => return Reading::Damaged(error.message().to_owned()),
            Ok(Ok(document)) => document,
        };
        match document.get(VERSION_KEY).and_then(Item::as_integer) {
            Some(version) if version > VERSION => Reading::Newer,
            _ => Reading::Usable(Self(document)),
        }
    }

    /// The settings in the file, as JSON values; `Err` is a value JSON has no word for.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, Result<Value, String>)> {
        self.0.iter().filter(|(key, _)| *key != VERSION_KEY).map(|(key, item)| {
            let value = match item.clone().into_value() {
                Ok(value) => Value::deserialize(value.into_deserializer()).map_err(|error| error.to_string()),
                Err(_) => Err(format!("a {} is no value", item.type_name())),
            };
            (key, value)
        })
    }

    /// Writes one difference.
    pub(super) fn set(&mut self, key: &str, value: &Value) {
        if let Ok(value) = value.serialize(ValueSerializer::new()) {
            self.0[key] = toml_edit::value(value);
        }
        self.0.entry(VERSION_KEY).or_insert(toml_edit::value(VERSION));
    }

    /// Forgets one difference. Where the user wrote a comment at it, the line stays, with the default on it.
    pub(super) fn reset(&mut self, key: &str, default: &Value) {
        let commented = self.0.get_key_value(key).is_some_and(|(key, item)| {
            let before = key.leaf_decor().prefix().and_then(|text| text.as_str());
            let after = item.as_value().and_then(|value| value.decor().suffix()).and_then(|text| text.as_str());
            [before, after].into_iter().flatten().any(|text| text.contains('#'))
        });
        if commented && !default.is_null() {
            self.set(key, default);
        } else {
            self.0.remove(key);
        }
    }

    /// The file's text.
    pub(super) fn text(&self) -> String {
        self.0.to_string()
    }
}
