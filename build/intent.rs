//! Reads `[[intent]]` rows and checks them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::pattern::{self, Element, Pattern, SlotSpec};
use super::source::{Mistake, Source};
use super::template::{self, Segment};
use super::words::Words;

/// The dialects a template can be written for, in the order of `matcher::knowledge::Dialect`.
pub(crate) const DIALECTS: [&str; 4] = ["gnu", "bsd", "powershell", "cmd"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Words every phrasing of the file may have besides its own: `[git] [repo]`.
    #[serde(default)]
    about: String,
    intent: Vec<Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    say: Vec<Spanned<String>>,
    /// What may be added to each phrasing: `[port {port}]`.
    #[serde(default)]
    options: Vec<String>,
    does: Spanned<String>,
    #[serde(default)]
    defaults: BTreeMap<String, Spanned<String>>,
    /// The same in every shell.
    any: Option<Spanned<String>>,
    /// GNU and BSD.
    unix: Option<Spanned<String>>,
    gnu: Option<Spanned<String>>,
    bsd: Option<Spanned<String>>,
    powershell: Option<Spanned<String>>,
    cmd: Option<Spanned<String>>,
    /// Slot -> its value -> the template for it, in every shell: `pip`, `npm` and `apt` remove packages each their own way.
    #[serde(default)]
    by: BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>,
}

pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) slots: Vec<SlotSpec>,
    pub(crate) defaults: Vec<Option<String>>,
    pub(crate) does: Vec<Segment>,
    pub(crate) templates: [Option<Vec<Segment>>; 4],
    pub(crate) by: Option<By>,
    /// Where it is written.
    pub(crate) file: String,
    line: usize,
}

impl Intent {
    /// A mistake it has as a whole.
    pub(crate) fn mistake(&self, message: String) -> Mistake {
        Mistake { file: self.file.clone(), line: self.line, message }
    }
}

/// Templates by the value of a slot, sorted.
pub(crate) struct By {
    pub(crate) slot: usize,
    pub(crate) templates: Vec<(String, Vec<Segment>)>,
}

pub(crate) fn read(source: &Source, lexicon: &mut dyn Words) -> Result<Vec<Intent>, Vec<Mistake>> {
    let file: File = source.parse()?;
    let mut intents = Vec::new();
    let mut mistakes = Vec::new();
    for row in file.intent {
        match intent(row.into_inner(), &file.about, source, lexicon) {
            Ok(intent) => intents.push(intent),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(intents) } else { Err(mistakes) }
}

/// Ids that are used twice.
pub(crate) fn duplicates(intents: &[Intent]) -> Vec<Mistake> {
    let mut seen = BTreeSet::new();
    intents
        .iter()
        .filter(|intent| !seen.insert(&intent.id))
        .map(|intent| intent.mistake(format!("`{}` is used twice", intent.id)))
        .collect()
}

fn intent(row: Row, about: &str, source: &Source, lexicon: &mut dyn Words) -> Result<Intent, Mistake> {
    let id = row.id.get_ref().clone();
    let well_formed = id.split_once('.').is_some_and(|(subject, what)| !subject.is_empty() && !what.is_empty());
    if !well_formed {
        return Err(source.mistake(&row.id.span(), format!("`{id}` is not `subject.what`")));
    }
    if row.say.is_empty() {
        return Err(source.mistake(&row.id.span(), format!("`{id}` has no phrasing")));
    }
    let mut slots = Vec::new();
    let mut patterns = Vec::new();
    for say in &row.say {
        let parts = [about, say.get_ref().as_str()].into_iter().chain(row.options.iter().map(String::as_str));
        let read = pattern::read(&parts.collect::<Vec<_>>().join(" "), &mut slots, lexicon);
        patterns.push(read.map_err(|wrong| source.mistake(&say.span(), wrong))?);
    }
    let mut defaults = vec![None; slots.len()];
    for (name, value) in row.defaults {
        let at = slots.iter().position(|slot| slot.name == name);
        let at = at.ok_or_else(|| source.mistake(&value.span(), format!("no phrasing has the slot `{name}`")))?;
        defaults[at] = Some(value.into_inner());
    }
    let read = |text: &Spanned<String>| {
        template::read(text.get_ref(), &slots).map_err(|wrong| source.mistake(&text.span(), wrong))
    };
    let checked = |text: &Spanned<String>| {
        let segments = read(text)?;
        complete(&segments, &slots, &defaults, &patterns).map_err(|wrong| source.mistake(&text.span(), wrong))?;
        Ok(segments)
    };
    let pick = |choices: [&Option<Spanned<String>>; 3]| choices.into_iter().flatten().next().map(&checked).transpose();
    let templates = [
        pick([&row.gnu, &row.unix, &row.any])?,
        pick([&row.bsd, &row.unix, &row.any])?,
        pick([&row.powershell, &row.any, &None])?,
        pick([&row.cmd, &row.any, &None])?,
    ];
    if row.by.len() > 1 {
        return Err(source.mistake(&row.id.span(), format!("`{id}` chooses its template by more than one slot")));
    }
    let mut by = None;
    for (name, choices) in &row.by {
        let slot = slots.iter().position(|slot| slot.name == *name.get_ref());
        let slot =
            slot.ok_or_else(|| source.mistake(&name.span(), format!("no phrasing has the slot `{}`", name.get_ref())))?;
        let mut templates = Vec::new();
        for (value, text) in choices {
            templates.push((value.clone(), checked(text)?));
        }
        by = Some(By { slot, templates });
    }
    if by.is_none() && templates.iter().all(Option::is_none) {
        return Err(source.mistake(&row.id.span(), format!("`{id}` has no template, only {DIALECTS:?} are known")));
    }
    let does = read(&row.does)?;
    let line = source.line(&row.id.span());
    Ok(Intent { id, patterns, slots, defaults, does, templates, by, file: source.name.clone(), line })
}

// Every slot a template needs has a value: each phrasing gives it, or there is a default.
fn complete(
    template: &[Segment],
    slots: &[SlotSpec],
    defaults: &[Option<String>],
    patterns: &[Pattern],
) -> Result<(), String> {
    let mut needed = Vec::new();
    template::needs(template, &mut Vec::new(), &mut needed);
    for slot in needed.into_iter().filter(|slot| defaults[*slot].is_none()) {
        for pattern in patterns {
            let given = pattern
                .elements
                .iter()
                .any(|element| matches!(element, Element::Slot { slot: given, required: true, .. } if *given == slot));
            if !given {
                return Err(format!("`{}` gives no `{}` and it has no default", pattern.example, slots[slot].name));
            }
        }
    }
    Ok(())
}
