//! Engine and session types as the page sees them.

use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

use caro::context::Context;
use caro::explain::explain;
use caro::followup::follow_up;
use caro::proposal;
use caro::resident::{self, Page as ResidentPage};
use caro::safety;
use caro::shell::{self, Shell};
use caro::suggestion;
use caro::tool::Missing;

use crate::session::{Answered, Change, Session};
use crate::view::{
    AnswerView, Changed, Decision, FieldView, NearestView, NoticeView, Page, ReasonView, Risk, SessionView,
    SuggestionView, Theme, Tier, TokenKind, TokenView, WordView,
};

/// The session as the popup shows it.
pub fn session(session: &Session, context: &Context) -> SessionView {
    let explained = session.chosen().filter(|_| session.is_explained());
    SessionView {
        revision: session.revision(),
        query: session.query().to_owned(),
        answer: session.answer().map(|answered| answer(session, answered, context.shell)),
        model: session.model().map(str::to_owned),
        thinking: session.thinking().cloned(),
        selected: u32::try_from(session.selected()).unwrap_or(u32::MAX),
        changed: session.change().map(|change| match change {
            Change::Filled(_) => Changed::Filled,
            Change::Edited(_) => Changed::Edited,
            Change::Safer(_) => Changed::Safer,
        }),
        wanted: session.wanted().map(str::to_owned),
        parts: explained.map(|chosen| parts(&chosen.proposal.command, context)),
        earlier: session.earlier().map(|earlier| earlier.query.clone()),
        follow_ups: follow_ups(session, context),
        recalled: session.is_recalled(),
        pinned: session.is_pinned(),
        phase: session.phase(),
        receipt: session.receipt().cloned(),
        target: session.target().map(str::to_owned),
        notices: session.notices().to_vec(),
        theme: session.preferences().theme,
        language: session.preferences().language,
        private: session.preferences().private,
    }
}

/// A moment as the databases have it.
pub fn unix_seconds(moment: SystemTime) -> i64 {
    let since_1970 = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}

// From the most asked for to the least.
const FOLLOW_UPS: [&str; 9] = [
    "only the last 5",
    "to the trash instead",
    "without deleting them",
    "count them",
    "copy it instead",
    "as root",
    "ask first",
    "newest first",
    "make it recursive",
];

/// Two things that can be said about the command before.
fn follow_ups(session: &Session, context: &Context) -> Vec<String> {
    let earlier = session.earlier().filter(|_| session.query().is_empty());
    let Some(command) = earlier.map(|earlier| earlier.proposal.command.as_str()) else { return Vec::new() };
    let fitting = FOLLOW_UPS.into_iter().filter(|said| follow_up(said, command, context.shell).is_some());
    fitting.take(2).map(str::to_owned).collect()
}

fn parts(command: &str, context: &Context) -> Vec<WordView> {
    let parts = explain(command, context).into_iter();
    parts.map(|part| WordView { text: part.text, meaning: part.meaning, depth: part.depth }).collect()
}

/// A notice of the engine's side.
pub fn notice(notice: &caro::Notice) -> NoticeView {
    let caro::Notice { code, message, hint } = notice.clone();
    NoticeView { code: code.name().to_owned(), message, hint }
}

fn answer(session: &Session, answered: &Answered, shell: Shell) -> AnswerView {
    let suggestion::Answer { nearest, tier, asked, .. } = &answered.answer;
    let measured = answered.measured.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    let suggestions = session.commands().zip(measured).enumerate().map(|(at, (known, files))| {
        let form = Form::of(session, at, known, shell);
        suggestion(known, files, &form, shell)
    });
    AnswerView {
        suggestions: suggestions.collect(),
        nearest: nearest
            .iter()
            .map(|near| NearestView { intent: near.intent.clone(), example: near.example.clone() })
            .collect(),
        asked: asked.as_ref().map(reason),
        thought: answered.thought,
        tier: (*tier).into(),
        latency_us: u32::try_from(answered.latency.as_micros()).unwrap_or(u32::MAX),
    }
}

/// What is to be filled in of a command, and where that stands.
#[derive(Default)]
struct Form {
    fields: Vec<FieldView>,
    places: Vec<(u32, Range<usize>)>,
}

impl Form {
    fn of(session: &Session, at: usize, shown: &suggestion::Suggestion, shell: Shell) -> Self {
        let values = match session.change().filter(|_| at == session.selected()) {
            Some(Change::Filled(values)) => values.as_slice(),
            // What is written by hand has its blanks filled in by hand.
            Some(Change::Edited(_) | Change::Safer(_)) => return Self::default(),
            None => &[],
        };
        let Some(template) = session.suggestions().get(at).map(|proposed| &proposed.proposal) else {
            return Self::default();
        };
        let filled = shell::fill(shell, &template.command, &template.blanks, values);
        if filled.command != shown.proposal.command {
            return Self::default();
        }
        let mut form = Self::default();
        for field in filled.fields {
            let known = form.fields.iter().position(|known| known.name == field.name);
            let number = known.unwrap_or(form.fields.len());
            if known.is_none() {
                let value = values.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.clone());
                let refused = filled.refused.iter().find(|(name, _)| *name == field.name);
                form.fields.push(FieldView {
                    name: field.name,
                    value: value.unwrap_or_default(),
                    problem: refused.map(|(_, unfit)| unfit.to_string()),
                });
            }
            form.places.push((u32::try_from(number).unwrap_or(u32::MAX), field.span));
        }
        form
    }

    /// The field a place in the command belongs to, and where what is there ends: a field or what is before the next one.
    fn at(&self, start: usize, stop: usize) -> (Option<u32>, usize) {
        for (number, span) in &self.places {
            if span.contains(&start) {
                return (Some(*number), span.end.min(stop));
            }
            if (start..stop).contains(&span.start) {
                return (None, span.start);
            }
        }
        (None, stop)
    }
}

fn suggestion(suggestion: &suggestion::Suggestion, files: &[String], form: &Form, shell: Shell) -> SuggestionView {
    let suggestion::Suggestion { proposal, report, decision, missing, yours } = suggestion;
    let reasons = report.findings.iter();
    SuggestionView {
        command: proposal.command.clone(),
        explanation: proposal.explanation.clone(),
        tokens: tokens(shell, &proposal.command, &report.findings, form),
        fields: form.fields.clone(),
        tier: proposal.tier.into(),
        confidence: proposal.confidence,
        risk: report.risk.into(),
        decision: (*decision).into(),
        reasons: reasons
            .map(reason)
            .chain(files.iter().map(|files| ReasonView { rule: "answer.files".to_owned(), message: files.clone() }))
            .chain(blanks(&proposal.blanks))
            .chain(missing.iter().map(not_installed))
            .collect(),
        safer: report.safer.clone(),
        intent: proposal.intent.clone().into_owned(),
        yours: *yours,
    }
}

fn reason(finding: &safety::Finding) -> ReasonView {
    ReasonView { rule: finding.rule.to_owned(), message: finding.message.clone() }
}

/// What a command needs that is not there, and how to get it.
fn not_installed(missing: &Missing) -> ReasonView {
    ReasonView { rule: "answer.missing".to_owned(), message: missing.sentence() }
}

/// Why a command with blanks cannot be taken.
fn blanks(blanks: &[String]) -> Option<ReasonView> {
    (!blanks.is_empty()).then(|| ReasonView {
        rule: "answer.incomplete".to_owned(),
        message: format!("fill in <{}>: the question does not say", blanks.join(">, <")),
    })
}

/// The pieces of a command with the gaps between them, so that put together they are the command. A field is a piece of its own.
fn tokens(shell: Shell, command: &str, findings: &[safety::Finding], form: &Form) -> Vec<TokenView> {
    let mut views: Vec<TokenView> = Vec::new();
    let mut push = |mut start: usize, stop: usize, kind| {
        while start < stop {
            let (field, end) = form.at(start, stop);
            // A finding or a token that does not end on a character of this very text is not worth a panic.
            let Some(text) = command.get(start..end) else { return };
            let touches = |finding: &safety::Finding| finding.span.start < end && start < finding.span.end;
            let at_risk = kind != TokenKind::Space && findings.iter().any(touches);
            match views.last_mut().filter(|last| field.is_some() && last.field == field) {
                Some(last) => last.text.push_str(text),
                None => views.push(TokenView { text: text.to_owned(), kind, at_risk, field }),
            }
            start = end;
        }
    };
    let mut end = 0;
    for token in shell::highlight(shell, command) {
        push(end, token.span.start, TokenKind::Space);
        push(token.span.start, token.span.end, token.kind.into());
        end = token.span.end;
    }
    push(end, command.len(), TokenKind::Space);
    views
}

/// Says for each variant of an engine type which variant of the page's type it is.
macro_rules! same_names {
    ($from:path => $to:ident { $($variant:ident),+ }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value { $(<$from>::$variant => Self::$variant,)+ }
            }
        }
    };
}
pub(crate) use same_names;

same_names!(safety::Risk => Risk { Safe, Caution, Dangerous, Blocked });
same_names!(safety::Decision => Decision { Allow, Confirm, Refuse });
same_names!(proposal::Tier => Tier { Cache, Rules, Semantic, Embedded, Remote, None });
same_names!(shell::TokenKind => TokenKind {
    Program, Flag, Argument, Quoted, Operator, Redirection, Variable, Placeholder, Comment
});
same_names!(resident::Page => Page { General, Shortcut, Models, Safety, Terminals, Privacy, Performance, About, Welcome });
same_names!(Page => ResidentPage { General, Shortcut, Models, Safety, Terminals, Privacy, Performance, About, Welcome });
same_names!(caro::config::Theme => Theme { System, Light, Dark, Contrast });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_command() {
        for command in ["", "find . -size +100M", "  ls  |  wc -l # ü  ", "echo 'a b' \"$HOME\" > x", "né → 'unclosed"]
        {
            for shell in [Shell::Bash, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
                let text: String =
                    tokens(shell, command, &[], &Form::default()).into_iter().map(|token| token.text).collect();
                assert_eq!(text, command, "{shell:?}");
            }
        }
    }

    #[test]
    fn a_finding_marks_what_it_is_about() {
        let finding =
            safety::Finding { rule: "test.rule", risk: safety::Risk::Dangerous, message: String::new(), span: 3..6 };
        let marked: Vec<String> = tokens(Shell::Bash, "rm -rf /tmp/x", &[finding], &Form::default())
            .into_iter()
            .filter(|token| token.at_risk)
            .map(|token| token.text)
            .collect();
        assert_eq!(marked, ["-rf"]);
    }

    #[test]
    fn a_field_is_a_piece_of_its_own_wherever_it_stands() {
        for (command, span, expected) in [
            ("ssh '<user>'@host", 4..12, ["ssh", " ", "'<user>'", "@host"].as_slice()),
            ("find -name '*<name>*'", 13..19, &["find", " ", "-name", " ", "'*", "<name>", "*'"]),
            ("npm i a b c", 6..9, &["npm", " ", "i", " ", "a b", " ", "c"]),
        ] {
            let form = Form { fields: Vec::new(), places: vec![(0, span)] };
            let pieces = tokens(Shell::Bash, command, &[], &form);
            let texts: Vec<&str> = pieces.iter().map(|token| token.text.as_str()).collect();
            assert_eq!(texts, expected);
            assert_eq!(pieces.iter().filter(|token| token.field == Some(0)).count(), 1, "{command}");
        }
    }
}
