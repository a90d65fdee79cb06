//! The popup's life, as rows of events and what follows from them.

mod draft;
mod past;

use std::borrow::Cow;
use std::time::Duration;

use caro::proposal::{Proposal, Tier};
use caro::safety::{Decision, Effect as TouchEffect, Finding, Reach, Report, Risk, Touch};
use caro::suggestion::{Answer, Suggestion};
use caro::timing::Spent;

use super::*;
use crate::view::{DeliveryChannel, Language, Outcome, Page, Stage as ThinkingStage, Theme, ThinkingView};

const LATENCY: Duration = Duration::from_micros(120);
const KEPT: Duration = Duration::from_mins(10);

/// Out of the way, until the question is forgotten.
const AWAY: [Effect; 2] = [Effect::Hide, Effect::AwaitForgetting(KEPT)];

fn suggestion(command: &str, risk: Risk) -> Suggestion {
    let decision = match risk {
        Risk::Safe | Risk::Caution => Decision::Allow,
        Risk::Dangerous => Decision::Confirm,
        Risk::Blocked => Decision::Refuse,
    };
    let findings = match decision {
        Decision::Allow => Vec::new(),
        _ => vec![Finding { rule: "test.rule", risk, message: "it deletes all".to_owned(), span: 0..2 }],
    };
    Suggestion {
        proposal: Proposal {
            blanks: Vec::new(),
            command: command.to_owned(),
            explanation: String::new(),
            intent: Cow::Borrowed("test.case"),
            tier: Tier::Rules,
            confidence: 1.0,
        },
        report: Report { risk, findings, safer: None, touches: Vec::new() },
        decision,
        missing: Vec::new(),
        yours: false,
    }
}

fn answer(suggestions: Vec<Suggestion>) -> Answer {
    let tier = suggestions.first().map_or(Tier::None, |_| Tier::Rules);
    Answer { suggestions, nearest: Vec::new(), asked: None, tier, spent: Spent::default() }
}

fn hidden() -> Session {
    Session::new(Preferences {
        hide_on_blur: true,
        keep_question: KEPT,
        theme: Theme::System,
        language: Language::En,
        private: false,
    })
}

fn shown() -> Session {
    let mut session = hidden();
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Shown { target: Some("xterm".to_owned()) });
    session
}

/// A shown popup with an answer to "a question".
fn answered(suggestions: Vec<Suggestion>) -> Session {
    let mut session = shown();
    type_in(&mut session, "a question", 1);
    session.handle(Event::Answered { revision: 1, answer: answer(suggestions), latency: LATENCY });
    session
}

fn type_in(session: &mut Session, query: &str, revision: u32) -> Vec<Effect> {
    session.handle(Event::QueryChanged { query: query.to_owned(), revision })
}

fn is_delivery(effects: &[Effect]) -> bool {
    matches!(effects, [Effect::Deliver { .. }])
}

fn receipt(outcome: Outcome) -> ReceiptView {
    ReceiptView { outcome, channel: Some(DeliveryChannel::Clipboard), target: None, reason: None }
}

fn counted(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::CountAnswer { .. })).count()
}

#[test]
fn the_hotkey_shows_and_hides() {
    let mut session = hidden();
    assert_eq!(session.handle(Event::Toggled(Cause::Hotkey)), [Effect::Show(Cause::Hotkey)]);
    assert_eq!(session.phase(), Phase::Editing);
    assert_eq!(session.handle(Event::Toggled(Cause::Hotkey)), AWAY);
    assert_eq!(session.phase(), Phase::Hidden);
}

#[test]
fn a_second_start_shows_whatever_the_state() {
    let mut session = shown();
    assert_eq!(session.handle(Event::Summoned(Cause::Request)), [Effect::Show(Cause::Request)]);
    assert_eq!(session.phase(), Phase::Editing);
}

#[test]
fn typing_asks_with_the_number_of_the_question() {
    let mut session = shown();
    assert_eq!(type_in(&mut session, "ls", 1), [Effect::Ask { revision: 1, query: "ls".to_owned(), earlier: None }]);
    assert_eq!((session.query(), session.revision()), ("ls", 1));
}

#[test]
fn the_latest_revision_wins() {
    let mut session = shown();
    type_in(&mut session, "list files", 7);
    assert_eq!(type_in(&mut session, "list", 6), []);
    assert_eq!(type_in(&mut session, "list", 7), []);
    assert_eq!(session.query(), "list files");
    let late = answer(vec![suggestion("late", Risk::Safe)]);
    assert_eq!(session.handle(Event::Answered { revision: 6, answer: late, latency: LATENCY }), []);
    assert!(session.answer().is_none());
}

#[test]
fn the_old_answer_stays_until_the_new_one_comes() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    type_in(&mut session, "a question more", 2);
    assert!(session.answer().is_some(), "nothing jumps while typing");
}

#[test]
fn an_empty_question_has_no_answer() {
    for blank in ["", "   ", "\t"] {
        let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
        assert_eq!(type_in(&mut session, blank, 2), []);
        assert!(session.answer().is_none(), "{blank:?}");
    }
}

#[test]
fn an_answer_counts_once_when_the_typing_stops() {
    let mut session = shown();
    type_in(&mut session, "a", 1);
    let first = Event::Answered { revision: 1, answer: answer(vec![]), latency: LATENCY };
    assert_eq!(session.handle(first), [Effect::AwaitSettled { revision: 1 }]);
    type_in(&mut session, "ab", 2);
    let second = answer(vec![suggestion("ls", Risk::Caution)]);
    session.handle(Event::Answered { revision: 2, answer: second, latency: LATENCY });
    assert_eq!(session.handle(Event::Settled { revision: 1 }), [], "somebody typed on");
    let count = Effect::CountAnswer {
        tier: "rules",
        intent: Some("test.case"),
        risk: Some("caution"),
        latency: LATENCY,
        spent: Spent::default(),
        displayed: None,
    };
    assert_eq!(session.handle(Event::Settled { revision: 2 }), [count]);
    assert_eq!(session.handle(Event::Settled { revision: 2 }), []);
    assert_eq!(session.handle(Event::Escaped), []);
}

#[test]
fn files_are_counted_when_the_typing_stops() {
    let touch = Touch { effect: TouchEffect::Delete, reach: Reach::Path("/x".to_owned()), recursive: true, span: 0..2 };
    let mut deletes = suggestion("rm -r /x", Risk::Dangerous);
    deletes.report.touches = vec![touch.clone()];
    let mut session = answered(vec![deletes, suggestion("ls", Risk::Safe)]);
    let effects = session.handle(Event::Settled { revision: 1 });
    let measure = Effect::Measure { revision: 1, touches: vec![vec![touch], Vec::new()] };
    assert!(matches!(&effects[..], [Effect::CountAnswer { .. }, last] if *last == measure), "{effects:?}");
    let sentences = vec![vec!["deletes 3 files, 12 kB".to_owned()], Vec::new()];
    session.handle(Event::Measured { revision: 0, sentences: vec![vec!["of an older question".to_owned()]] });
    assert_eq!(session.answer().unwrap().measured, Vec::<Vec<String>>::new());
    session.handle(Event::Measured { revision: 1, sentences: sentences.clone() });
    assert_eq!(session.answer().unwrap().measured, sentences);
}

#[test]
fn an_answer_put_away_at_once_counts_too() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    let effects = session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!((counted(&effects), &effects[1..]), (1, &AWAY[..]));
}

#[test]
fn an_intent_of_the_user_is_not_counted_by_name() {
    let mut own = suggestion("ls", Risk::Safe);
    own.proposal.intent = Cow::Owned("my.secret-project".to_owned());
    let mut session = answered(vec![own]);
    let effects = session.handle(Event::Settled { revision: 1 });
    assert!(matches!(effects[..], [Effect::CountAnswer { intent: None, .. }]), "{effects:?}");
}

#[test]
fn what_is_allowed_goes_at_once() {
    for (risk, how) in [(Risk::Safe, How::Copy), (Risk::Caution, How::Insert)] {
        let mut session = answered(vec![suggestion("ls", risk)]);
        let effects = session.handle(Event::Accepted(how));
        let expected = Effect::Deliver { how, suggestion: Box::new(suggestion("ls", risk)) };
        assert_eq!(effects, [expected]);
        assert_eq!(session.phase(), Phase::Accepting);
    }
}

#[test]
fn what_is_dangerous_takes_the_key_again_after_it_was_let_go() {
    let mut session = answered(vec![suggestion("rm -r x", Risk::Dangerous)]);
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [Effect::AwaitRelease]);
    assert_eq!(session.phase(), Phase::Confirming);
    for _ in 0..20 {
        assert_eq!(session.handle(Event::Accepted(How::Copy)), [], "auto-repeat never counts");
    }
    session.handle(Event::Released);
    assert!(is_delivery(&session.handle(Event::Accepted(How::Copy))));
}

#[test]
fn the_other_key_starts_the_confirmation_over() {
    let mut session = answered(vec![suggestion("rm -r x", Risk::Dangerous)]);
    session.handle(Event::Accepted(How::Copy));
    session.handle(Event::Released);
    assert_eq!(session.handle(Event::Accepted(How::Insert)), [Effect::AwaitRelease]);
    assert_eq!(session.handle(Event::Accepted(How::Insert)), []);
    session.handle(Event::Released);
    assert!(is_delivery(&session.handle(Event::Accepted(How::Insert))));
}

#[test]
fn edit_selection_and_escape_leave_the_confirmation() {
    let leave: [fn(&mut Session); 4] = [
        |session| drop(type_in(session, "something else", 2)),
        |session| drop(session.handle(Event::Selected(1))),
        |session| drop(session.handle(Event::Escaped)),
        |session| drop(session.handle(Event::Recalled { query: "b".to_owned() })),
    ];
    for (index, leave) in leave.into_iter().enumerate() {
        let two = vec![suggestion("rm -r x", Risk::Dangerous), suggestion("rm -r y", Risk::Dangerous)];
        let mut session = answered(two);
        session.handle(Event::Accepted(How::Copy));
        session.handle(Event::Released);
        leave(&mut session);
        assert_eq!(session.phase(), Phase::Editing, "way {index}");
        let again = session.handle(Event::Accepted(How::Copy));
        assert!(!is_delivery(&again), "way {index}: {again:?}");
    }
}

#[test]
fn escape_in_a_confirmation_keeps_the_question() {
    let mut session = answered(vec![suggestion("rm -r x", Risk::Dangerous)]);
    session.handle(Event::Accepted(How::Copy));
    session.handle(Event::Escaped);
    assert_eq!(session.query(), "a question");
}

#[test]
fn what_is_blocked_gives_the_reason_and_nothing_else() {
    let mut session = answered(vec![suggestion("rm -rf /", Risk::Blocked)]);
    for how in [How::Copy, How::Insert, How::Copy] {
        let effects = session.handle(Event::Accepted(how));
        assert!(matches!(effects[..], [Effect::CountAcceptance { risk: "blocked", .. }]), "{effects:?}");
        assert_eq!(session.phase(), Phase::Editing);
        let receipt = session.receipt().unwrap();
        assert_eq!((receipt.outcome, receipt.reason.as_deref()), (Outcome::Refused, Some("it deletes all")));
    }
}

#[test]
fn the_selected_one_is_accepted() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe), suggestion("rm -rf /", Risk::Blocked)]);
    session.handle(Event::Selected(1));
    session.handle(Event::Selected(2));
    assert_eq!(session.selected(), 1, "there is no third one");
    session.handle(Event::Accepted(How::Copy));
    assert_eq!(session.receipt().map(|receipt| receipt.outcome), Some(Outcome::Refused));
}

#[test]
fn nothing_is_accepted_where_nothing_is() {
    for mut session in [hidden(), shown(), answered(vec![])] {
        assert_eq!(session.handle(Event::Accepted(How::Copy)), []);
    }
}

#[test]
fn a_hidden_popup_accepts_nothing() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!(session.handle(Event::Accepted(How::Copy)), []);
}

#[test]
fn a_delivery_is_counted_remembered_and_shown_next_time() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::Accepted(How::Copy));
    let effects = session.handle(Event::Delivered(receipt(Outcome::Copied)));
    let names: Vec<&Effect> = effects.iter().collect();
    assert!(
        matches!(
            names[..],
            [
                Effect::CountAnswer { .. },
                Effect::CountAcceptance { .. },
                Effect::Remember { .. },
                Effect::Hide,
                Effect::AwaitForgetting(_)
            ]
        ),
        "{effects:?}"
    );
    assert_eq!((session.phase(), session.query()), (Phase::Hidden, ""));
    session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!(session.receipt().map(|receipt| receipt.outcome), Some(Outcome::Copied));
    type_in(&mut session, "n", 2);
    assert_eq!(session.receipt(), None);
}

#[test]
fn a_failed_delivery_keeps_the_question_and_says_why() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::Accepted(How::Copy));
    let effects = session.handle(Event::Delivered(receipt(Outcome::Failed)));
    assert_eq!(effects.last(), Some(&Effect::Show(Cause::Request)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Remember { .. })));
    assert_eq!((session.phase(), session.query()), (Phase::Editing, "a question"));
}

#[test]
fn nothing_disturbs_a_delivery() {
    for event in [
        Event::Toggled(Cause::Hotkey),
        Event::Summoned(Cause::Request),
        Event::Escaped,
        Event::FocusLost,
        Event::GraceOver,
        Event::Dismissed,
        Event::Selected(0),
        Event::Accepted(How::Copy),
        Event::QueryChanged { query: "x".to_owned(), revision: 9 },
        Event::Recalled { query: "x".to_owned() },
    ] {
        let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
        session.handle(Event::Accepted(How::Copy));
        let shown = format!("{event:?}");
        assert_eq!(session.handle(event), [], "{shown}");
        assert_eq!((session.phase(), session.query()), (Phase::Accepting, "a question"), "{shown}");
    }
}

#[test]
fn a_receipt_nobody_waits_for_changes_nothing() {
    let mut session = shown();
    assert_eq!(session.handle(Event::Delivered(receipt(Outcome::Copied))), []);
    assert_eq!(session.receipt(), None);
}

#[test]
fn escape_clears_then_hides() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    assert_eq!(counted(&session.handle(Event::Escaped)), 1);
    assert_eq!((session.query(), session.answer().is_none()), ("", true));
    assert_eq!(session.phase(), Phase::Editing);
    assert_eq!(session.handle(Event::Escaped), AWAY);
    assert_eq!(session.handle(Event::Escaped), []);
}

#[test]
fn losing_the_focus_hides_after_a_grace_time() {
    let mut session = answered(vec![]);
    assert_eq!(session.handle(Event::FocusLost), [Effect::AwaitGrace]);
    assert!(session.handle(Event::GraceOver).ends_with(&AWAY));
    session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!(session.query(), "a question", "it was not the user who put it away");
}

#[test]
fn a_focus_that_comes_back_hides_nothing() {
    for back in [Event::FocusGained, Event::Summoned(Cause::Request)] {
        let mut session = shown();
        session.handle(Event::FocusLost);
        session.handle(back);
        assert_eq!(session.handle(Event::GraceOver), []);
        assert_eq!(session.phase(), Phase::Editing);
    }
}

#[test]
fn a_popup_may_stay_without_the_focus() {
    let mut session = shown();
    session.handle(Event::PreferencesChanged(Preferences {
        hide_on_blur: false,
        keep_question: KEPT,
        theme: Theme::Dark,
        language: Language::De,
        private: true,
    }));
    assert_eq!(session.handle(Event::FocusLost), []);
    assert_eq!(session.handle(Event::GraceOver), []);
    assert_eq!((session.preferences().theme, session.preferences().language), (Theme::Dark, Language::De));
}

#[test]
fn settings_take_the_place_of_the_popup() {
    let mut session = shown();
    let effects = session.handle(Event::SettingsWanted(Page::About));
    assert_eq!(effects, [Effect::Hide, Effect::AwaitForgetting(KEPT), Effect::OpenSettings(Page::About)]);
    let effects = session.handle(Event::SettingsWanted(Page::General));
    assert_eq!(effects, [Effect::OpenSettings(Page::General)]);
}

#[test]
fn a_question_out_of_the_history_is_asked_again() {
    let mut session = hidden();
    let effects = session.handle(Event::Recalled { query: "remove x".to_owned() });
    let ask = Effect::Ask { revision: 1, query: "remove x".to_owned(), earlier: None };
    assert_eq!(effects, [ask, Effect::Show(Cause::Request)]);
    assert_eq!(session.phase(), Phase::Editing);
}

#[test]
fn a_notice_stays_until_dismissed_and_replaces_its_like() {
    let notice =
        |code: &str, message: &str| NoticeView { code: code.to_owned(), message: message.to_owned(), hint: None };
    let mut session = hidden();
    session.handle(Event::NoticeRaised(notice("a", "one")));
    session.handle(Event::NoticeRaised(notice("b", "two")));
    session.handle(Event::NoticeRaised(notice("a", "three")));
    assert_eq!(session.notices(), [notice("b", "two"), notice("a", "three")]);
    session.handle(Event::NoticeDismissed("b".to_owned()));
    session.handle(Event::NoticeDismissed("unknown".to_owned()));
    assert_eq!(session.notices(), [notice("a", "three")]);
}

#[test]
fn the_target_is_the_window_before_the_popup() {
    let mut session = shown();
    assert_eq!(session.target(), Some("xterm"));
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Shown { target: None });
    assert_eq!(session.target(), None);
}

fn revivals(effects: &[Effect]) -> Vec<Revival> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Revive(revival) = effect { Some(*revival) } else { None })
        .collect()
}

#[test]
fn a_page_that_draws_is_left_alone() {
    let mut session = hidden();
    session.handle(Event::Looked);
    session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!(session.handle(Event::Shown { target: None })[0], Effect::AwaitPaint);
    assert_eq!(session.handle(Event::Painted), []);
    assert_eq!(session.handle(Event::PaintOverdue), []);
}

#[test]
fn a_page_that_does_not_draw_is_mapped_again_and_in_the_end_loaded_anew() {
    let mut session = shown();
    session.handle(Event::Looked);
    for expected in [Revival::Remap, Revival::Reload] {
        let effects = session.handle(Event::PaintOverdue);
        assert_eq!(revivals(&effects), [expected]);
        assert!(effects.contains(&Effect::AwaitPaint), "{effects:?}");
    }
    assert_eq!(session.handle(Event::PaintOverdue), [], "there is nothing more to try");
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Shown { target: None });
    assert_eq!(revivals(&session.handle(Event::PaintOverdue)), [Revival::Remap], "the next time it is tried again");
}

#[test]
fn a_page_that_still_loads_or_is_hidden_is_waited_for() {
    let mut session = shown();
    assert_eq!(session.handle(Event::PaintOverdue), [Effect::AwaitPaint]);
    session.handle(Event::Looked);
    session.handle(Event::Toggled(Cause::Hotkey));
    assert_eq!(session.handle(Event::PaintOverdue), []);
}

fn thinking(command: &str) -> ThinkingView {
    ThinkingView { stage: ThinkingStage::Writing, permille: 1_000, command: command.to_owned() }
}

/// A shown popup with a model and a question that has no answer.
fn unanswered() -> Session {
    let mut session = shown();
    session.handle(Event::ModelChanged(Some("a model".to_owned())));
    type_in(&mut session, "a question", 1);
    let effects = session.handle(Event::Answered { revision: 1, answer: answer(Vec::new()), latency: LATENCY });
    assert!(effects.contains(&Effect::Prepare { query: "a question".to_owned() }), "{effects:?}");
    session
}

fn thought(session: &mut Session, revision: u32, suggestions: Vec<Suggestion>) -> Vec<Effect> {
    session.handle(Event::Thought { revision, answer: answer(suggestions), latency: LATENCY })
}

#[test]
fn a_model_is_asked_once_about_what_nobody_knows() {
    let mut session = unanswered();
    let think = Effect::Think { revision: 1, query: "a question".to_owned() };
    assert_eq!(session.handle(Event::ThoughtWanted), [think]);
    assert_eq!(session.handle(Event::ThoughtWanted), []);
    session.handle(Event::Thinking { revision: 1, progress: thinking("ls") });
    assert_eq!(session.thinking(), Some(&thinking("ls")));
    assert_eq!(thought(&mut session, 1, Vec::new()), [Effect::AwaitSettled { revision: 1 }]);
    assert!(session.thinking().is_none());
    assert_eq!(session.handle(Event::ThoughtWanted), []);
    session.handle(Event::ModelChanged(Some("another".to_owned())));
    assert_eq!(session.handle(Event::ThoughtWanted).len(), 1);
}

#[test]
fn no_model_is_asked_when_there_is_none_or_an_answer() {
    let mut without = answered(Vec::new());
    assert_eq!(without.handle(Event::ThoughtWanted), []);
    let mut known = answered(vec![suggestion("ls", Risk::Safe)]);
    known.handle(Event::ModelChanged(Some("a model".to_owned())));
    assert_eq!(known.handle(Event::ThoughtWanted), []);
}

#[test]
fn what_a_model_writes_is_there_when_it_is_whole_and_not_before() {
    let mut session = unanswered();
    session.handle(Event::ThoughtWanted);
    session.handle(Event::Thinking { revision: 1, progress: thinking("rm") });
    assert_eq!(session.handle(Event::Accepted(How::Copy)), []);
    thought(&mut session, 1, vec![suggestion("ls", Risk::Safe)]);
    assert!(is_delivery(&session.handle(Event::Accepted(How::Copy))));
}

#[test]
fn escape_stops_the_model_and_leaves_the_question() {
    let mut session = unanswered();
    session.handle(Event::ThoughtWanted);
    assert_eq!(session.handle(Event::Escaped), [Effect::StopThinking]);
    assert_eq!(session.query(), "a question");
    // What it was about to say comes too late.
    assert_eq!(thought(&mut session, 1, vec![suggestion("ls", Risk::Safe)]), []);
    assert_eq!(session.handle(Event::ThoughtWanted).len(), 1);
}

#[test]
fn typing_on_and_hiding_stop_the_model() {
    let mut session = unanswered();
    session.handle(Event::ThoughtWanted);
    assert_eq!(type_in(&mut session, "another", 2)[0], Effect::StopThinking);
    session.handle(Event::Thinking { revision: 1, progress: thinking("ls") });
    assert!(session.thinking().is_none());
    let mut session = unanswered();
    session.handle(Event::ThoughtWanted);
    assert!(session.handle(Event::Toggled(Cause::Hotkey)).contains(&Effect::StopThinking));
}
