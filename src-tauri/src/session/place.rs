//! Where the user was when the popup was asked for: the name an insertion goes by, and the folder a question is about.

use std::path::PathBuf;

use crate::session::{Effect, Session, Stage};

impl Session {
    /// What was answered before is answered again, since the files of another folder may count. Not what a model thought
    /// about: that took seconds.
    pub(super) fn located(&mut self, target: String, cwd: Option<PathBuf>) -> Vec<Effect> {
        self.target = Some(target.clone());
        let mut effects = vec![Effect::WorkIn { target, cwd }];
        let quick = self.answer.as_ref().is_some_and(|answered| !answered.thought) && self.thinking.is_none();
        if quick && self.stage == Stage::Editing {
            effects.push(self.asking());
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use caro::proposal::Tier;
    use caro::suggestion::Answer;
    use caro::timing::Spent;

    use super::*;
    use crate::report;
    use crate::session::{Cause, Event};

    fn shown() -> Session {
        let settings = caro::config::Settings::defaults(caro::context::Os::Linux);
        let mut session = Session::new(report::preferences(&settings));
        session.handle(Event::Toggled(Cause::Hotkey));
        let effects = session.handle(Event::Shown { target: Some("xterm".to_owned()) });
        assert!(effects.contains(&Effect::Locate { showing: 1 }), "{effects:?}");
        session
    }

    fn located(showing: u32) -> Event {
        Event::Located { showing, target: "tmux: ~/src".to_owned(), cwd: Some("/home/u/src".into()) }
    }

    fn work() -> Effect {
        Effect::WorkIn { target: "tmux: ~/src".to_owned(), cwd: Some("/home/u/src".into()) }
    }

    #[test]
    fn a_place_is_named_and_worked_in() {
        let mut session = shown();
        assert_eq!(session.handle(located(1)), [work()]);
        assert_eq!(session.target(), Some("tmux: ~/src"));
    }

    #[test]
    fn a_question_answered_before_the_place_was_known_is_asked_again() {
        let mut session = shown();
        session.handle(Event::QueryChanged { query: "list files".to_owned(), revision: 1 });
        let answer = Answer {
            suggestions: Vec::new(),
            nearest: Vec::new(),
            asked: None,
            tier: Tier::None,
            spent: Spent::default(),
        };
        session.handle(Event::Answered { revision: 1, answer, latency: Duration::from_micros(80) });
        assert_eq!(
            session.handle(located(1)),
            [work(), Effect::Ask { revision: 1, query: "list files".to_owned(), earlier: None }]
        );
    }

    #[test]
    fn the_place_of_an_earlier_showing_is_none_of_this_one_s() {
        let mut session = shown();
        session.handle(Event::Shown { target: Some("kitty".to_owned()) });
        assert_eq!(session.handle(located(1)), []);
        assert_eq!(session.target(), Some("kitty"));
    }
}
