//! In which files, and whether in the files themselves.

use crate::matcher::filename::{has_extension, is_packed};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};

/// Where the lines are.
pub(super) enum Target {
    Files(Vec<String>),
    /// What a search for these words finds.
    Found(Vec<Token>),
}

impl Target {
    /// What the names of the files end in, when there is but one.
    pub(super) fn ending(&self) -> &str {
        match self {
            Self::Files(files) => match &files[..] {
                [one] => one.rsplit_once('.').map_or("", |(_, ending)| ending),
                _ => "",
            },
            Self::Found(_) => "",
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Files(files) => files.join(" and "),
            Self::Found(_) => "every file found".to_owned(),
        }
    }
}

/// `in place`, `in the file itself`: true. `show`, `print`: false. `None` when the question does not say.
pub(super) fn in_place(scan: &mut Scan<'_>) -> Option<bool> {
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        if scan.is_text(Some(at), &["in-place", "inplace"]) {
            scan.take(at);
            return Some(true);
        }
        if scan.is_text(Some(at), &["place"]) && scan.is_at(scan.before(at), &[c::IN]) {
            scan.take(at);
            return Some(true);
        }
        let itself = scan.is_text(Some(at), &["itself", "directly"]);
        if itself {
            scan.take(at);
            scan.take_any(&[c::EDIT, c::CHANGE, c::FILE]);
            return Some(true);
        }
    }
    if let Some(at) = scan.position(c::SHOW) {
        scan.take(at);
        return Some(false);
    }
    None
}

/// The files a question names, or the words that tell which to look for.
pub(super) fn read(scan: &mut Scan<'_>) -> Option<Target> {
    let files: Vec<usize> = (0..scan.tokens.len()).filter(|at| scan.is_free(*at) && is_file(scan, *at)).collect();
    let many = (0..scan.tokens.len()).any(|at| {
        let each = (at.saturating_sub(2)..at).any(|before| scan.is_at(Some(before), &[c::ALL]));
        scan.is_at(Some(at), &[c::FILE]) && (each || scan.tokens[at].text.ends_with('s'))
    });
    if !files.is_empty() {
        if files.len() > 3 || many && files.len() == 1 {
            return None;
        }
        let names: Vec<String> = files.iter().map(|at| scan.tokens[*at].raw.clone()).collect();
        if names.iter().any(|name| is_packed(name)) {
            return None;
        }
        for at in files {
            scan.take(at);
            if scan.is_at(scan.before(at), &[c::FILE]) {
                scan.take_all(scan.before(at));
            }
        }
        return Some(Target::Files(names));
    }
    let mut place = scan.clone();
    in_place(&mut place);
    let rest: Vec<Token> =
        (0..scan.tokens.len()).filter(|at| place.is_free(*at)).map(|at| scan.tokens[at].clone()).collect();
    let from = rest.iter().position(|token| token.class > Class::Cue)?;
    many.then(|| Target::Found(rest[from..].to_vec()))
}

fn is_file(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    match token.shape {
        Shape::FileName => true,
        Shape::Path => !token.raw.ends_with('/') && has_extension(&token.raw),
        // `in Makefile`: what stands behind a preposition at the end of the question.
        Shape::Word => {
            let last = scan.after(at).is_none() || scan.tokens[at + 1].pause;
            let cued = scan.is_at(scan.before(at), &[c::IN, c::OF, c::FROM]);
            last && cued && (has_extension(&token.raw) || token.class == Class::Unknown && token.raw.contains('_'))
        }
        _ => false,
    }
}
