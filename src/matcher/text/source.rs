//! The file a question is about and what is known of its columns.

use super::Format;
use crate::matcher::filename::is_packed;
use crate::matcher::scan::Scan;
use crate::matcher::sign;
use crate::normalize::{Shape, concept as c};

/// The one file of the question and its format; `None` when there is none, or more than one.
pub(super) fn source(scan: &mut Scan<'_>) -> Option<(String, Format)> {
    let mut files = (0..scan.tokens.len()).filter(|at| {
        let token = &scan.tokens[*at];
        match token.shape {
            Shape::FileName => true,
            Shape::Path => !token.raw.ends_with('/') && !is_key_path(&token.raw),
            _ => false,
        }
    });
    let at = files.next()?;
    if files.next().is_some() {
        return None;
    }
    let raw = scan.tokens[at].raw.clone();
    if is_packed(&raw) {
        return None;
    }
    let mut format = of_name(&raw)?;
    scan.take(at);
    for beside in [scan.before(at), scan.after(at)].into_iter().flatten() {
        if scan.is_at(Some(beside), &[c::FILE, c::LOG, c::TEXT, c::PLAINTEXT, c::SCRIPT]) {
            scan.take(beside);
        }
    }
    while scan.take_word(c::FILE).is_some() {}
    if scan.take_word(c::CSV).is_some() && format == Format::Plain {
        format = Format::Separated(',');
    }
    if scan.take_word(c::JSON).is_some() && format == Format::Plain {
        format = Format::Json;
    }
    if let Some(separator) = separator(scan) {
        format = Format::Separated(separator);
    }
    Some((raw, format))
}

// `.items.name` is a field, not a file; `./notes` and `.bashrc` are files.
fn is_key_path(raw: &str) -> bool {
    raw.starts_with('.') && !raw.contains('/') && raw.matches('.').count() > 1 && !raw.contains("..")
}

fn of_name(name: &str) -> Option<Format> {
    let base = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match ending {
        "csv" => Format::Separated(','),
        "tsv" => Format::Separated('\t'),
        "psv" => Format::Separated('|'),
        "json" => Format::Json,
        "jsonl" | "ndjson" => Format::JsonLines,
        // Not lines, or lines whose columns mean nothing.
        "gz" | "bz2" | "xz" | "zst" | "zip" | "tar" | "tgz" | "7z" | "pdf" | "png" | "jpg" | "jpeg" | "mp3" | "mp4"
        | "db" | "sqlite" | "yaml" | "yml" | "xml" | "html" | "docx" | "xlsx" => return None,
        _ if matches!(base.as_str(), "passwd" | "group" | "shadow") => Format::Separated(':'),
        _ => Format::Plain,
    })
}

// `tab separated`, `separated by ;`, `delimiter |`.
fn separator(scan: &mut Scan<'_>) -> Option<char> {
    for at in 0..scan.tokens.len() {
        let text = scan.tokens[at].text.to_ascii_lowercase();
        if let Some(name) = text.strip_suffix("-separated").or_else(|| text.strip_suffix("-delimited")) {
            let separator = named(name)?;
            scan.take(at);
            return Some(separator);
        }
    }
    let at = scan.position(c::SEPARATED)?;
    for beside in [scan.before(at), scan.after(at), scan.after(at).and_then(|by| scan.after(by))].into_iter().flatten()
    {
        let token = &scan.tokens[beside];
        let mut characters = token.raw.chars();
        let single = characters.next().filter(|first| characters.next().is_none() && !first.is_alphanumeric());
        if let Some(separator) = named(&token.text.to_ascii_lowercase()).or(single) {
            scan.take(at);
            scan.take(beside);
            return Some(separator);
        }
    }
    None
}

// What stands between columns; a dot does not.
fn named(word: &str) -> Option<char> {
    let sign = sign::named(word)?.chars().next()?;
    [',', '\t', ';', ':', '|', '-', '/'].contains(&sign).then_some(sign)
}
