//! Programs known by what their words and options do: control planes, firmware tools, queues, keys. [`table`] has a row for each.
//!
//! Programs nobody here knows are judged by the same words, but their word is not taken when they say they only look.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::verb::{self, Verb};
use super::{Invocation, Place, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Feed;
use crate::shell::Shell;

mod table;

use table::{FAMILIES, Family, ROWS, Row};

pub(super) const RULES: &[Rule] = &[
    rule("program.destroys", "a program told to delete, wipe or reset something"),
    rule("secret.delete", "keys, passwords or certificates deleted or declared void"),
    rule("secret.shown", "keys or passwords written out in the clear"),
    rule("exposure.attack", "other machines flooded, or made to talk to the wrong one"),
];

/// What a command amounts to.
#[derive(Debug, Clone, Copy)]
struct Effect {
    rule: &'static str,
    risk: Risk,
    message: &'static str,
}

#[derive(Default)]
struct Tool {
    rows: Vec<&'static Row>,
    family: Option<&'static Family>,
}

static TOOLS: LazyLock<HashMap<&'static str, Tool>> = LazyLock::new(|| {
    let mut tools: HashMap<&str, Tool> = HashMap::new();
    for row in ROWS.iter().copied().flatten() {
        for name in row.programs.split_ascii_whitespace() {
            tools.entry(name).or_default().rows.push(row);
        }
    }
    for family in FAMILIES {
        for name in family.programs.split_ascii_whitespace() {
            tools.entry(name).or_default().family = Some(family);
        }
    }
    tools
});

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let Some(tool) = TOOLS.get(invocation.name) else { return };
    if verb::is_rehearsal(invocation) {
        return verdict.harmless();
    }
    if let Some(row) = tool.rows.iter().find(|row| fits(row.signs, invocation)) {
        return report(row.effect, invocation, verdict);
    }
    let Some(family) = tool.family else { return };
    match verb::told(invocation) {
        Some(Verb::Stops) if verb::is_sweeping(invocation) => report(Some(family.gone), invocation, verdict),
        Some(Verb::Destroys | Verb::Removes) => report(Some(family.gone), invocation, verdict),
        Some(Verb::Reads) => verdict.harmless(),
        _ => report(Some(family.changed), invocation, verdict),
    }
}

/// Judges a program nobody here knows by what it is told; says whether that means harm.
pub(crate) fn destroys(invocation: &Invocation<'_>, verdict: &mut Verdict) -> bool {
    let gone = match verb::told(invocation) {
        Some(Verb::Destroys) => true,
        Some(Verb::Removes | Verb::Stops) => verb::is_sweeping(invocation),
        Some(Verb::Reads) => false,
        _ if takes_disk(invocation) => {
            let message = format!("gives a whole disk to {}, which nobody here knows", super::shown(invocation.name));
            verdict.report("program.destroys", Risk::Dangerous, invocation.whole(), message);
            return true;
        }
        _ => false,
    };
    if gone && !verb::is_rehearsal(invocation) {
        let message = format!("tells {} to take something away", super::shown(invocation.name));
        verdict.report("program.destroys", Risk::Dangerous, invocation.whole(), message);
        return true;
    }
    false
}

/// Whether a file is followed by a disk, which then most likely is written: `copy x.img /dev/sdb`.
fn takes_disk(invocation: &Invocation<'_>) -> bool {
    let mut operands = invocation.args.iter().filter(|arg| !arg.is_option()).rev();
    let Some(last) = operands.next() else { return false };
    let path = last.text.rsplit_once('=').map_or(last.text.as_str(), |(_, value)| value);
    let is_file = |arg: &super::Arg| arg.text.contains(['.', '/']) && !arg.text.starts_with("/dev/");
    path.starts_with("/dev/")
        && invocation.place(path) == Place::Disk
        && operands.any(is_file)
        && !verb::is_rehearsal(invocation)
}

fn report(effect: Option<Effect>, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match effect {
        Some(Effect { rule, risk, message }) => verdict.report(rule, risk, invocation.whole(), message),
        None => verdict.harmless(),
    }
}

/// Whether one of the signs is there: `a b` wants both words, `x*` a start, `*x` an end, `^x` the first word; a
/// blank inside of a word is written `␣`.
fn fits(signs: &str, invocation: &Invocation<'_>) -> bool {
    let windows = matches!(invocation.shell, Shell::PowerShell | Shell::Cmd);
    signs.split('|').any(|sign| {
        sign.split_ascii_whitespace().all(|wanted| {
            if let Some(first) = wanted.strip_prefix('^') {
                return is_like(first, invocation.word(0), windows);
            }
            // A statement piped in says as much as one in an argument.
            let piped = wanted.starts_with('*')
                && matches!(invocation.feed, Feed::Text(text, _) if is_like(wanted, text, windows));
            piped || invocation.args.iter().any(|arg| is_like(wanted, &arg.text, windows))
        })
    })
}

fn is_like(wanted: &str, text: &str, folds: bool) -> bool {
    let (lower, spaced);
    let wanted = if wanted.contains('␣') {
        spaced = wanted.replace('␣', " ");
        spaced.as_str()
    } else {
        wanted
    };
    let text = if folds {
        lower = text.to_ascii_lowercase();
        lower.as_str()
    } else {
        text
    };
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(_), Some(_)) if wanted.len() > 2 => text.contains(&wanted[1..wanted.len() - 1]),
        (_, Some(start)) if !start.is_empty() => text.starts_with(start),
        (Some(end), _) if !end.is_empty() => text.ends_with(end),
        _ => text == wanted,
    }
}
