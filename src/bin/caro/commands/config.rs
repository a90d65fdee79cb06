//! The user's settings: what they are, what they could be, and changing one.

use std::io::{self, Write as _};

use caro::Error;
use caro::config::{Settings, SettingsStore, comments};
use caro::context::Os;
use caro::paths::Paths;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::args::{ConfigAction, Options};
use crate::render::Console;
use crate::render::text::printable;
use crate::status::{Failure, Status};

/// The word that takes a change back. A text that is this word is written in quotes.
const DEFAULT: &str = "default";

#[derive(Debug, Serialize)]
struct SettingLine<'a> {
    name: &'a str,
    value: &'a Value,
    default: &'a Value,
    about: &'a str,
}

pub(crate) fn run(action: Option<ConfigAction>, options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    if let Some(ConfigAction::Path) = action {
        writeln!(console.out, "{}", paths.settings().display())?;
        console.out.flush()?;
        return Ok(Status::Answer);
    }
    let (store, notices) = SettingsStore::open(&paths);
    for notice in &notices {
        console.notice(notice);
    }
    let current = table(&store.settings());
    let defaults = table(&Settings::defaults(Os::current()));
    match action {
        None | Some(ConfigAction::List) => list(&current, &defaults, options, console)?,
        Some(ConfigAction::Get { name }) => {
            let value = current.get(&name).ok_or_else(|| unknown(&name))?;
            if options.json {
                console.json(value)?;
            } else {
                writeln!(console.out, "{}", plain(value))?;
            }
        }
        Some(ConfigAction::Set { name, value }) if value != DEFAULT => {
            let value = read(&name, &value, &store.settings())?;
            store.update(&json!({ name: value }))?;
        }
        Some(ConfigAction::Set { name, .. } | ConfigAction::Unset { name }) => {
            let default = defaults.get(&name).ok_or_else(|| unknown(&name))?;
            store.update(&json!({ name: default }))?;
        }
        Some(ConfigAction::Path) => unreachable!("answered above"),
    }
    console.out.flush()?;
    Ok(Status::Answer)
}

fn list(
    current: &Map<String, Value>,
    defaults: &Map<String, Value>,
    options: &Options,
    console: &mut Console,
) -> io::Result<()> {
    let comments = comments();
    let lines: Vec<_> = comments
        .iter()
        .filter_map(|(name, about)| {
            Some(SettingLine { name, value: current.get(*name)?, default: defaults.get(*name)?, about })
        })
        .collect();
    if options.json {
        return console.json(&lines);
    }
    for SettingLine { name, value, default, about } in &lines {
        let changed = if value == default { String::new() } else { format!("  (default: {})", shown(default)) };
        writeln!(console.out, "{name} = {}{changed}", printable(&shown(value)))?;
        writeln!(console.out, "    {about}")?;
    }
    Ok(())
}

/// What a user wrote as a value: TOML where that is a value the setting can have, else a text as it stands.
fn read(name: &str, written: &str, settings: &Settings) -> Result<Value, Failure> {
    let as_toml = toml::from_str::<Map<String, Value>>(&format!("v = {written}")).ok();
    let as_toml = as_toml.and_then(|mut table| if table.len() == 1 { table.remove("v") } else { None });
    let as_text = Value::String(written.to_owned());
    let possible = as_toml.iter().chain([&as_text]).find(|value| settings.with(name, value).is_ok());
    match possible {
        Some(value) => Ok(value.clone()),
        // The first reading is what was most likely meant; its error says what the setting can be.
        None => Err(match settings.with(name, as_toml.as_ref().unwrap_or(&as_text)) {
            Err(error) => Failure::Caro(error.into()),
            Ok(_) => unreachable!("it was tried above"),
        }),
    }
}

fn unknown(name: &str) -> Failure {
    Failure::Caro(caro::config::Error::UnknownSetting { name: name.to_owned() }.into())
}

fn table(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(table)) => table,
        _ => unreachable!("settings are plain data"),
    }
}

/// A value for a script: a text without quotes, nothing for what is unset.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value for a reader.
fn shown(value: &Value) -> String {
    if value.is_null() { "unset".to_owned() } else { value.to_string() }
}
