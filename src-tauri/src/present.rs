//! Engine and session types as the page sees them.

use caro::proposal;
use caro::resident::{self, Page as ResidentPage};
use caro::safety;
use caro::shell::{self, Shell};
use caro::suggestion;
use caro::tool::Missing;

use crate::session::{Answered, Session};
use crate::view::{
    AnswerView, Decision, NearestView, NoticeView, Page, ReasonView, Risk, SessionView, SuggestionView, Theme, Tier,
    TokenKind, TokenView,
};

/// The session as the popup shows it.
pub fn session(session: &Session, shell: Shell) -> SessionView {
    SessionView {
        revision: session.revision(),
        query: session.query().to_owned(),
        answer: session.answer().map(|answered| answer(answered, shell)),
        model: session.model().map(str::to_owned),
        thinking: session.thinking().cloned(),
        selected: u32::try_from(session.selected()).unwrap_or(u32::MAX),
        phase: session.phase(),
        receipt: session.receipt().cloned(),
        target: session.target().map(str::to_owned),
        notices: session.notices().to_vec(),
        theme: session.preferences().theme,
        language: session.preferences().language,
    }
}

/// A notice of the engine's side.
pub fn notice(notice: &caro::Notice) -> NoticeView {
    let caro::Notice { code, message, hint } = notice.clone();
    NoticeView { code: code.name().to_owned(), message, hint }
}

fn answer(answered: &Answered, shell: Shell) -> AnswerView {
    let suggestion::Answer { suggestions, nearest, tier, asked } = &answered.answer;
    let measured = answered.measured.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    AnswerView {
        suggestions: suggestions.iter().zip(measured).map(|(known, files)| suggestion(known, files, shell)).collect(),
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

fn suggestion(suggestion: &suggestion::Suggestion, files: &[String], shell: Shell) -> SuggestionView {
    let suggestion::Suggestion { proposal, report, decision, missing } = suggestion;
    let reasons = report.findings.iter();
    SuggestionView {
        command: proposal.command.clone(),
        explanation: proposal.explanation.clone(),
        tokens: tokens(shell, &proposal.command, &report.findings),
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
    }
}

fn reason(finding: &safety::Finding) -> ReasonView {
    ReasonView { rule: finding.rule.to_owned(), message: finding.message.clone() }
}

/// What a command needs that is not there, and how to get it.
fn not_installed(missing: &Missing) -> ReasonView {
    ReasonView { rule: "answer.missing".to_owned(), message: missing.sentence() }
}

/// Why a command with blanks takes a second press.
fn blanks(blanks: &[String]) -> Option<ReasonView> {
    (!blanks.is_empty()).then(|| ReasonView {
        rule: "answer.incomplete".to_owned(),
        message: format!("fill in <{}>: the question does not say", blanks.join(">, <")),
    })
}

/// The pieces of a command with the gaps between them, so that put together they are the command.
fn tokens(shell: Shell, command: &str, findings: &[safety::Finding]) -> Vec<TokenView> {
    let mut views = Vec::new();
    let mut end = 0;
    let mut push = |start: usize, stop: usize, kind| {
        // A finding or a token that does not end on a character of this very text is not worth a panic.
        let Some(text) = command.get(start..stop).filter(|text| !text.is_empty()) else { return };
        let touches = |finding: &safety::Finding| finding.span.start < stop && start < finding.span.end;
        let at_risk = kind != TokenKind::Space && findings.iter().any(touches);
        views.push(TokenView { text: text.to_owned(), kind, at_risk });
    };
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
same_names!(resident::Page => Page { General, Performance, About });
same_names!(Page => ResidentPage { General, Performance, About });
same_names!(caro::config::Theme => Theme { System, Light, Dark, Contrast });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_command() {
        for command in ["", "find . -size +100M", "  ls  |  wc -l # ü  ", "echo 'a b' \"$HOME\" > x", "né → 'unclosed"]
        {
            for shell in [Shell::Bash, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
                let text: String = tokens(shell, command, &[]).into_iter().map(|token| token.text).collect();
                assert_eq!(text, command, "{shell:?}");
            }
        }
    }

    #[test]
    fn a_finding_marks_what_it_is_about() {
        let finding =
            safety::Finding { rule: "test.rule", risk: safety::Risk::Dangerous, message: String::new(), span: 3..6 };
        let marked: Vec<String> = tokens(Shell::Bash, "rm -rf /tmp/x", &[finding])
            .into_iter()
            .filter(|token| token.at_risk)
            .map(|token| token.text)
            .collect();
        assert_eq!(marked, ["-rf"]);
    }
}
