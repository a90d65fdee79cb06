//! One app a user: a second start and the command line reach the one that runs.

use caro_stage::{
    app::{self, Program, program},
    wait_until,
};

use crate::desk::Desk;

#[test]
fn a_second_start_shows_the_first_and_ends() {
    let desk = Desk::new();
    let command = desk.stage.command(program(Program::Desktop).unwrap());
    let mut second = desk.stage.start("second", command).unwrap();
    assert!(second.wait().unwrap().success());
    desk.stage.screen().wait_active(app::POPUP).unwrap();
    desk.stage.screen().type_text("abc").unwrap();
    desk.wait_field("abc");
}

#[test]
fn toggle_shows_and_hides() {
    let desk = Desk::new();
    for _ in 0..3 {
        assert!(app::caro(&desk.stage, &["toggle"]).unwrap().status.success());
        desk.stage.screen().wait_active(app::POPUP).unwrap();
        assert!(app::caro(&desk.stage, &["toggle"]).unwrap().status.success());
        desk.wait_hidden();
    }
}

#[test]
fn toggle_without_the_app_says_so() {
    let stage = caro_stage::Stage::open().unwrap();
    let said = app::caro(&stage, &["toggle"]).unwrap();
    assert_eq!(said.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&said.stderr).contains("not running"), "{said:?}");
}

#[test]
fn an_app_that_was_killed_is_replaced() {
    let stage = caro_stage::Stage::open().unwrap();
    let command = || stage.command(program(Program::Desktop).unwrap());
    let first = stage.start("first", command()).unwrap();
    let is_up = || Ok(app::caro(&stage, &["toggle"])?.status.success().then_some(()));
    wait_until("the first to answer", is_up).unwrap();
    stage.screen().wait_shown(app::POPUP).unwrap();
    drop(first);
    stage.screen().wait_hidden(app::POPUP).unwrap();
    let _second = stage.start("second", command()).unwrap();
    wait_until("the second to answer", is_up).unwrap();
    stage.screen().wait_shown(app::POPUP).unwrap();
}
