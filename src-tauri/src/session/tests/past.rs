//! Follow-ups, earlier questions, and what is forgotten when.

use caro::engine::FOLLOW_UP;

use super::*;
use crate::view::Step;

/// Asks, and stops to look at the answer.
fn look(session: &mut Session, query: &str, suggestions: Vec<Suggestion>) -> Option<String> {
    let revision = session.revision() + 1;
    let effects = type_in(session, query, revision);
    let earlier = effects.iter().find_map(|effect| match effect {
        Effect::Ask { earlier, .. } => earlier.as_ref().map(|earlier| earlier.command.clone()),
        _ => None,
    });
    session.handle(Event::Answered { revision, answer: answer(suggestions), latency: LATENCY });
    session.handle(Event::Settled { revision });
    earlier
}

fn followed(command: &str) -> Suggestion {
    let mut made = suggestion(command, Risk::Safe);
    made.proposal.intent = Cow::Borrowed(FOLLOW_UP);
    made
}

#[test]
fn a_new_question_may_be_about_the_command_before() {
    let mut session = shown();
    assert_eq!(look(&mut session, "list files", vec![suggestion("ls", Risk::Safe)]), None);
    assert_eq!(look(&mut session, "a", Vec::new()).as_deref(), Some("ls"));
    assert_eq!(look(&mut session, "as root", vec![followed("sudo ls")]).as_deref(), Some("ls"));
    // Typing on is the same question still, though its answer was looked at.
    assert_eq!(look(&mut session, "as root please", vec![followed("sudo ls")]).as_deref(), Some("ls"));
    assert_eq!(session.earlier().unwrap().query, "list files");
    assert_eq!(look(&mut session, "only the last 5", Vec::new()).as_deref(), Some("sudo ls"));
    assert_eq!(session.earlier().unwrap().query, "list files, as root please");
}

#[test]
fn what_nobody_looked_at_is_not_what_is_meant() {
    let mut session = shown();
    look(&mut session, "list files", vec![suggestion("ls", Risk::Safe)]);
    type_in(&mut session, "x", 7);
    session.handle(Event::Answered {
        revision: 7,
        answer: answer(vec![suggestion("x", Risk::Safe)]),
        latency: LATENCY,
    });
    type_in(&mut session, "as root", 8);
    assert_eq!(session.earlier().unwrap().proposal.command, "ls");
}

#[test]
fn a_taken_and_a_cleared_command_can_be_followed_up() {
    let leave: [fn(&mut Session); 2] = [
        |session| {
            session.handle(Event::Accepted(How::Copy));
            session.handle(Event::Delivered(receipt(Outcome::Copied)));
            session.handle(Event::Toggled(Cause::Hotkey));
        },
        |session| drop(session.handle(Event::Escaped)),
    ];
    for (way, leave) in leave.into_iter().enumerate() {
        let mut session = shown();
        type_in(&mut session, "list files", 1);
        let files = answer(vec![suggestion("ls", Risk::Safe)]);
        session.handle(Event::Answered { revision: 1, answer: files, latency: LATENCY });
        leave(&mut session);
        type_in(&mut session, "as root", 9);
        assert_eq!(session.earlier().map(|earlier| earlier.query.as_str()), Some("list files"), "way {way}");
    }
}

#[test]
fn what_is_kept_of_a_follow_up_says_what_it_follows() {
    let mut session = shown();
    look(&mut session, "list files", vec![suggestion("ls", Risk::Safe)]);
    look(&mut session, "as root", vec![followed("sudo ls")]);
    session.handle(Event::Accepted(How::Copy));
    let effects = session.handle(Event::Delivered(receipt(Outcome::Copied)));
    let kept =
        effects.iter().find_map(|effect| if let Effect::Remember { query, .. } = effect { Some(query) } else { None });
    assert_eq!(kept.map(String::as_str), Some("list files, as root"));
}

#[test]
fn the_arrow_keys_go_through_earlier_questions_and_back_to_none() {
    let mut session = shown();
    look(&mut session, "list files", vec![suggestion("ls", Risk::Safe)]);
    look(&mut session, "disk usage", vec![suggestion("df", Risk::Safe)]);
    session.handle(Event::Escaped);
    assert_eq!(session.handle(Event::RecallWanted(Step::Newer)), []);
    assert_eq!(session.handle(Event::RecallWanted(Step::Older)), [Effect::Recollect]);
    session.handle(Event::Recollected(vec!["list files".to_owned(), "who am i".to_owned()]));
    let mut seen = vec![session.query().to_owned()];
    let steps = [Step::Older, Step::Older, Step::Older, Step::Newer, Step::Newer, Step::Newer];
    for step in steps {
        session.handle(Event::RecallWanted(step));
        seen.push(session.query().to_owned());
    }
    let expected = ["disk usage", "list files", "who am i", "who am i", "list files", "disk usage", ""];
    assert_eq!(seen, expected);
    assert!(!session.is_recalled());
}

#[test]
fn a_question_that_is_typed_is_not_replaced_by_an_earlier_one() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    assert_eq!(session.handle(Event::RecallWanted(Step::Older)), []);
    assert_eq!(session.handle(Event::Recollected(vec!["x".to_owned()])), []);
    assert_eq!(session.query(), "a question");
    session.handle(Event::Escaped);
    session.handle(Event::RecallWanted(Step::Older));
    session.handle(Event::Recollected(vec!["x".to_owned()]));
    let revision = session.revision() + 1;
    type_in(&mut session, "xy", revision);
    assert_eq!(session.handle(Event::RecallWanted(Step::Older)), [], "it was changed");
}

#[test]
fn without_an_earlier_question_nothing_is_recalled() {
    let mut session = shown();
    session.handle(Event::RecallWanted(Step::Older));
    assert_eq!(session.handle(Event::Recollected(Vec::new())), []);
    assert_eq!(session.query(), "");
}

#[test]
fn a_question_is_forgotten_a_while_after_the_popup_went() {
    let mut session = shown();
    look(&mut session, "list files", vec![suggestion("ls", Risk::Safe)]);
    let effects = session.handle(Event::Toggled(Cause::Hotkey));
    assert!(effects.contains(&Effect::AwaitForgetting(KEPT)), "{effects:?}");
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Forgotten);
    assert_eq!(session.query(), "list files", "it is looked at");
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::Forgotten);
    assert_eq!(session.query(), "");
    type_in(&mut session, "as root", 9);
    assert!(session.earlier().is_none());
}

#[test]
fn only_a_popup_that_is_there_is_dragged() {
    assert_eq!(shown().handle(Event::DragBegun), [Effect::Drag]);
    assert_eq!(hidden().handle(Event::DragBegun), []);
}

#[test]
fn a_pinned_popup_stays_when_the_focus_goes_and_after_a_delivery() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::PinToggled);
    assert_eq!(session.handle(Event::FocusLost), []);
    session.handle(Event::Accepted(How::Copy));
    let effects = session.handle(Event::Delivered(receipt(Outcome::Copied)));
    assert!(effects.contains(&Effect::Show(Cause::Request)) && !effects.contains(&Effect::Hide), "{effects:?}");
    assert_eq!((session.phase(), session.query()), (Phase::Editing, "a question"));
    session.handle(Event::Escaped);
    assert_eq!(session.handle(Event::Escaped).first(), Some(&Effect::Hide), "who wants it gone has it gone");
    session.handle(Event::Toggled(Cause::Hotkey));
    session.handle(Event::PinToggled);
    assert_eq!(session.handle(Event::FocusLost), [Effect::AwaitGrace]);
}
