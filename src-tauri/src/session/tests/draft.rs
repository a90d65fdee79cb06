//! What the user makes of a command before taking it.

use super::*;

/// A shown popup with a command that has blanks.
fn incomplete() -> Session {
    let mut scp = suggestion("scp '<file>' '<host>':", Risk::Caution);
    scp.proposal.blanks = vec!["file".to_owned(), "host".to_owned()];
    scp.decision = Decision::Confirm;
    answered(vec![scp, suggestion("ls", Risk::Safe)])
}

fn fill(session: &mut Session, name: &str, value: &str, revision: u32) -> Vec<Effect> {
    session.handle(Event::BlankFilled { name: name.to_owned(), value: value.to_owned(), revision })
}

fn edit(session: &mut Session, command: &str, revision: u32) -> Vec<Effect> {
    session.handle(Event::CommandEdited { command: command.to_owned(), revision })
}

fn change(effects: &[Effect]) -> Option<&Change> {
    effects.iter().find_map(|effect| if let Effect::Judge { change, .. } = effect { Some(change) } else { None })
}

fn judge(session: &mut Session, command: &str, risk: Risk) -> Vec<Effect> {
    session.handle(Event::Judged { revision: session.revision(), suggestion: suggestion(command, risk) })
}

#[test]
fn a_command_with_blanks_is_never_taken_and_says_what_it_lacks() {
    let mut session = incomplete();
    for _ in 0..3 {
        assert_eq!(session.handle(Event::Accepted(How::Copy)), []);
        session.handle(Event::Released);
        assert_eq!((session.phase(), session.wanted()), (Phase::Editing, Some("file")));
    }
}

#[test]
fn values_are_judged_together_and_the_whole_command_is_taken() {
    let mut session = incomplete();
    fill(&mut session, "file", "a b", 2);
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [], "it is not judged yet");
    let effects = fill(&mut session, "host", "web", 3);
    let values = vec![("file".to_owned(), "a b".to_owned()), ("host".to_owned(), "web".to_owned())];
    assert_eq!(change(&effects), Some(&Change::Filled(values)));
    assert_eq!(judge(&mut session, "scp 'a b' web:", Risk::Caution), [Effect::AwaitSettled { revision: 3 }]);
    let effects = session.handle(Event::Accepted(How::Copy));
    let expected = suggestion("scp 'a b' web:", Risk::Caution);
    assert_eq!(effects, [Effect::Deliver { how: How::Copy, suggestion: Box::new(expected) }]);
}

#[test]
fn a_late_value_and_one_for_no_blank_change_nothing() {
    let mut session = incomplete();
    assert_eq!(fill(&mut session, "file", "x", 1), []);
    assert_eq!(fill(&mut session, "path", "x", 2), []);
    assert!(session.change().is_none());
    assert_eq!(session.revision(), 1);
}

#[test]
fn a_judgement_of_an_earlier_text_is_not_taken() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::EditBegun);
    edit(&mut session, "rm -r x", 2);
    edit(&mut session, "rm -rf /", 3);
    let late = suggestion("rm -r x", Risk::Safe);
    session.handle(Event::Judged { revision: 2, suggestion: late });
    assert_eq!(session.handle(Event::Accepted(How::Copy)), []);
    judge(&mut session, "rm -rf /", Risk::Blocked);
    session.handle(Event::Accepted(How::Copy));
    assert_eq!(session.receipt().map(|receipt| receipt.outcome), Some(Outcome::Refused));
}

#[test]
fn an_edited_command_is_judged_at_every_key_and_taken_as_it_stands() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    assert_eq!(session.handle(Event::EditBegun), [], "what is not changed is judged already");
    assert_eq!(session.edited(), Some("ls"));
    let effects = edit(&mut session, "ls -a", 2);
    assert_eq!(change(&effects), Some(&Change::Edited("ls -a".to_owned())));
    judge(&mut session, "ls -a", Risk::Safe);
    session.handle(Event::Accepted(How::Copy));
    let effects = session.handle(Event::Delivered(receipt(Outcome::Copied)));
    let kept = effects.iter().find_map(|effect| match effect {
        Effect::Remember { query, command, .. } => Some((query.as_str(), command.as_str())),
        _ => None,
    });
    assert_eq!(kept, Some(("a question", "ls -a")));
}

#[test]
fn an_edit_that_is_dangerous_takes_a_second_press_and_a_key_takes_it_back() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::EditBegun);
    edit(&mut session, "rm -r x", 2);
    judge(&mut session, "rm -r x", Risk::Dangerous);
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [Effect::AwaitRelease]);
    session.handle(Event::Released);
    edit(&mut session, "rm -r xy", 3);
    judge(&mut session, "rm -r xy", Risk::Dangerous);
    assert_eq!(session.phase(), Phase::Editing);
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [Effect::AwaitRelease]);
}

#[test]
fn escape_goes_back_to_what_was_proposed_and_then_clears() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::EditBegun);
    edit(&mut session, "ls -a", 2);
    judge(&mut session, "ls -a", Risk::Safe);
    session.handle(Event::Escaped);
    assert_eq!(session.chosen().unwrap().proposal.command, "ls");
    assert_eq!(session.query(), "a question");
    session.handle(Event::Escaped);
    assert_eq!(session.query(), "");
}

#[test]
fn another_choice_or_question_drops_what_was_made_of_the_first() {
    let leave: [fn(&mut Session); 3] = [
        |session| drop(session.handle(Event::Selected(1))),
        |session| drop(type_in(session, "something else", 9)),
        |session| drop(session.handle(Event::Recalled { query: "b".to_owned() })),
    ];
    for (index, leave) in leave.into_iter().enumerate() {
        let mut session = incomplete();
        fill(&mut session, "file", "x", 2);
        leave(&mut session);
        assert!(session.change().is_none(), "way {index}");
    }
}

#[test]
fn the_safer_command_takes_the_place_of_the_chosen_one() {
    let mut dangerous = suggestion("rm -r x", Risk::Dangerous);
    dangerous.report.safer = Some("gio trash x".to_owned());
    let mut session = answered(vec![dangerous]);
    let effects = session.handle(Event::SaferWanted);
    assert_eq!(change(&effects), Some(&Change::Safer("gio trash x".to_owned())));
    judge(&mut session, "gio trash x", Risk::Caution);
    assert!(is_delivery(&session.handle(Event::Accepted(How::Copy))));
    let mut without = answered(vec![suggestion("ls", Risk::Safe)]);
    assert_eq!(without.handle(Event::SaferWanted), []);
}

#[test]
fn files_are_counted_again_for_another_text_and_at_the_latest_with_the_first_press() {
    let touch = |path: &str| Touch {
        effect: TouchEffect::Delete,
        reach: Reach::Path(path.to_owned()),
        recursive: true,
        span: 0..2,
    };
    let touching = |path: &str| {
        let mut deletes = suggestion(&format!("rm -r {path}"), Risk::Dangerous);
        deletes.report.touches = vec![touch(path)];
        deletes
    };
    let mut session = answered(vec![touching("/x")]);
    session.handle(Event::Measured { revision: 1, sentences: vec![vec!["deletes 3 files".to_owned()]] });
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [Effect::AwaitRelease], "they are counted already");
    session.handle(Event::EditBegun);
    edit(&mut session, "rm -r /y", 2);
    session.handle(Event::Judged { revision: 2, suggestion: touching("/y") });
    assert!(session.answer().unwrap().measured.is_empty());
    let measure = Effect::Measure { revision: 2, touches: vec![vec![touch("/y")]] };
    assert_eq!(session.handle(Event::Accepted(How::Copy)), [Effect::AwaitRelease, measure]);
}

#[test]
fn a_hidden_popup_and_one_that_delivers_change_nothing() {
    let mut delivering = answered(vec![suggestion("ls", Risk::Safe)]);
    delivering.handle(Event::Accepted(How::Copy));
    let mut away = answered(vec![suggestion("ls", Risk::Safe)]);
    away.handle(Event::Toggled(Cause::Hotkey));
    for mut session in [delivering, away] {
        for event in [Event::EditBegun, Event::SaferWanted] {
            assert_eq!(session.handle(event), []);
        }
        assert_eq!(edit(&mut session, "x", 9), []);
        assert_eq!(fill(&mut session, "x", "y", 9), []);
        assert!(session.change().is_none());
    }
}

#[test]
fn the_explanation_stays_open_until_it_is_closed() {
    let mut session = answered(vec![suggestion("ls", Risk::Safe)]);
    session.handle(Event::ExplanationToggled);
    type_in(&mut session, "another", 2);
    assert!(session.is_explained());
    session.handle(Event::ExplanationToggled);
    assert!(!session.is_explained());
}
