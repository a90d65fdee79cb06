//! A language model in the popup: chosen on the command line while the app runs, asked by Enter, stopped by Escape.

use caro_stage::{Stage, app, app::root, wait_until};

use crate::desk::{Desk, SAFE};

/// What no rule knows.
const UNKNOWN: &str = "frobnicate zork";

/// The small trained model of the repository, which knows a handful of questions and answers everything.
fn use_tiny(stage: &Stage) {
    let file = root().join("inference/tests/data/tiny.gguf");
    for arguments in [
        &["models", "add", file.to_str().unwrap()][..],
        &["models", "use", "tiny"],
        &["config", "set", "model_confidence", "0"],
    ] {
        let output = app::caro(stage, arguments).unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }
}

#[test]
fn a_model_chosen_while_the_app_runs_answers_what_nobody_knows() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    // Without a model Enter does nothing.
    desk.app.summon(&desk.stage).unwrap();
    assert_eq!(desk.app.ask(&desk.stage, UNKNOWN).unwrap(), None);
    desk.press("Escape");
    desk.press("Escape");
    desk.wait_hidden();

    use_tiny(&desk.stage);
    desk.app.summon(&desk.stage).unwrap();
    assert_eq!(desk.app.ask(&desk.stage, UNKNOWN).unwrap(), None);
    desk.app.page().wait_element("#ask-model").unwrap();
    assert!(desk.app.page().text("#ask-model").unwrap().unwrap_or_default().contains("tiny"));
    desk.press("Enter");
    desk.app.page().wait_element("#origin [data-tier=embedded]").unwrap();
    let command = wait_until("the model's command", || desk.app.selected()).unwrap();
    assert!(!command.is_empty());

    // What a model wrote and what changes something takes a second press.
    if desk.risk() != "safe" {
        desk.press("Enter");
        desk.app.page().wait_element(".confirm").unwrap();
        assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"));
    }
    desk.press("Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    desk.wait_hidden();

    // The rules are as quick as before, and first.
    desk.assert_works();
}

#[test]
fn a_model_given_up_while_the_app_runs_is_asked_no_more() {
    let desk = Desk::prepared(caro_stage::Setup::default(), &caro_stage::Start::default(), use_tiny);
    desk.app.summon(&desk.stage).unwrap();
    desk.app.ask(&desk.stage, UNKNOWN).unwrap();
    desk.app.page().wait_element("#ask-model").unwrap();
    desk.press("Escape");
    desk.press("Escape");
    desk.wait_hidden();
    assert!(app::caro(&desk.stage, &["models", "use", "none"]).unwrap().status.success());
    desk.app.summon(&desk.stage).unwrap();
    desk.app.ask(&desk.stage, UNKNOWN).unwrap();
    let offered = || desk.app.page().script("return document.querySelector('#ask-model') !== null", &[]);
    wait_until("the offer to be gone", || Ok((offered()? == false).then_some(()))).unwrap();
    desk.press("Escape");
    // Keys are quicker here than any person's: they would be typed behind the old question.
    desk.wait_field("");
    let known = desk.app.ask(&desk.stage, SAFE).unwrap();
    assert!(known.is_some_and(|command| command.starts_with("find ")));
}
