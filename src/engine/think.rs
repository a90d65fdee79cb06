//! What happens when nobody knows the answer by rule: the language models are asked, in the order the user chose.
//!
//! Invariant: a model that fails costs the others nothing, and what is said about the failure is all that comes of it.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use super::{Engine, asked};
use crate::llm::{self, Ask, Backend, Draft, Shot, Watch};
use crate::normalize::normalize;
use crate::proposal::{Proposal, Request};
use crate::suggestion::{Answer, Suggestion};
use crate::timing::Spent;

// More examples are read longer than they help; the nearest alone is one that a model copies.
const SHOTS: usize = 2;

/// The language models, in the order they are asked.
#[derive(Clone, Default)]
pub struct Models {
    /// Who is asked.
    pub backends: Vec<Arc<dyn Backend>>,
    /// Below this confidence an answer is none, 0 to 1.
    pub least_confidence: f32,
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.backends.iter().map(|backend| backend.name()).collect();
        f.debug_struct("Models").field("backends", &names).field("least_confidence", &self.least_confidence).finish()
    }
}

/// An answer somebody thought about.
#[derive(Debug)]
pub struct Thought {
    /// The answer, judged like any other.
    pub answer: Answer,
    /// The model that gave it, when one did.
    pub by: Option<String>,
    /// Those that could not, and why.
    pub failures: Vec<(String, llm::Error)>,
}

impl Engine {
    /// Asks these models from now on.
    pub fn set_models(&self, models: Models) {
        *self.models.write().unwrap_or_else(PoisonError::into_inner) = models;
    }

    /// The models that are asked.
    pub fn models(&self) -> Models {
        self.models.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers a question, by a language model when nobody else knows. Takes as long as the model does; `watch` is told how
    /// far it is.
    ///
    /// # Errors
    /// [`llm::Error::Cancelled`] soon after `cancel` was set, and nothing else.
    pub fn think(&self, request: &Request, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Thought, llm::Error> {
        let answer = self.suggest(request);
        let mut failures = Vec::new();
        let models = self.models();
        if answer.best().is_some() || models.backends.is_empty() || request.query.trim().is_empty() {
            return Ok(Thought { answer, by: None, failures });
        }
        let shots = self.shots(&answer, request);
        let ask = Ask { question: &request.query, context: &request.context, shots: &shots };
        for backend in &models.backends {
            match backend.answer(&ask, watch, cancel) {
                Ok(drafts) => {
                    let (model, judging) = (backend.written(), Instant::now());
                    let sure = drafts.into_iter().filter(|draft| draft.confidence >= models.least_confidence);
                    let asked = asked(&normalize(&request.query), &request.query);
                    let proposals = sure.map(|draft| proposal(draft, &**backend));
                    let suggestions: Vec<Suggestion> =
                        proposals.map(|proposal| self.judged(proposal, asked.as_ref(), &request.context)).collect();
                    if !suggestions.is_empty() {
                        let spent = Spent { judge: answer.spent.judge + judging.elapsed(), model, ..answer.spent };
                        let (nearest, tier) = (answer.nearest, backend.tier());
                        let answer = Answer { suggestions, nearest, asked, tier, spent };
                        return Ok(Thought { answer, by: Some(backend.name()), failures });
                    }
                }
                Err(llm::Error::Cancelled) => return Err(llm::Error::Cancelled),
                Err(error) => failures.push((backend.name(), error)),
            }
        }
        Ok(Thought { answer, by: None, failures })
    }

    /// Lets the first model read a question while it is still being typed.
    pub fn prepare(&self, request: &Request, cancel: &AtomicBool) {
        let answer = self.suggest(request);
        if answer.best().is_some() || request.query.trim().is_empty() {
            return;
        }
        if let Some(first) = self.models().backends.first() {
            let shots = self.shots(&answer, request);
            first.prepare(&Ask { question: &request.query, context: &request.context, shots: &shots }, cancel);
        }
    }

    /// The nearest known questions with the commands they get, the nearest last.
    fn shots(&self, answer: &Answer, request: &Request) -> Vec<Shot> {
        let known = |near: &crate::proposal::NearIntent| {
            let request = Request { query: near.example.clone(), context: request.context.clone() };
            let command = self.suggest(&request).suggestions.into_iter().next()?.proposal.command;
            Some(Shot { question: near.example.clone(), command })
        };
        let mut shots: Vec<Shot> = answer.nearest.iter().take(SHOTS).filter_map(known).collect();
        shots.reverse();
        shots
    }
}

fn proposal(draft: Draft, backend: &dyn Backend) -> Proposal {
    let Draft { command, confidence, blanks } = draft;
    Proposal {
        command,
        explanation: format!("Written by {}, a language model. Check it before you use it.", backend.name()),
        intent: Cow::Borrowed("model.written"),
        tier: backend.tier(),
        confidence,
        blanks,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::context::{Context, Os};
    use crate::llm::Progress;
    use crate::proposal::Tier;
    use crate::safety::{Decision, Risk};
    use crate::shell::Shell;

    /// Writes the same reply to everything, and keeps what it was asked.
    #[derive(Default)]
    struct Parrot {
        replies: Vec<(&'static str, f32)>,
        fails: bool,
        asked: Mutex<Vec<Vec<Shot>>>,
    }

    impl Backend for Parrot {
        fn tier(&self) -> Tier {
            Tier::Embedded
        }

        fn name(&self) -> String {
            "parrot".to_owned()
        }

        fn answer(&self, ask: &Ask<'_>, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Vec<Draft>, llm::Error> {
            self.asked.lock().expect("no test panics with it").push(ask.shots.to_vec());
            watch(Progress::Writing("l"));
            if cancel.load(Ordering::Relaxed) {
                return Err(llm::Error::Cancelled);
            }
            if self.fails {
                return Err(caro_inference::Error::ContextFull { tokens: 2, context: 1 }.into());
            }
            let reply = |(text, sure): &(&str, f32)| llm::draft(text, *sure, ask.context).ok();
            Ok(self.replies.iter().filter_map(reply).collect())
        }
    }

    fn engine(backends: Vec<Arc<dyn Backend>>) -> Engine {
        let engine = Engine::new();
        engine.set_models(Models { backends, least_confidence: 0.5 });
        engine
    }

    fn think(engine: &Engine, query: &str) -> Thought {
        let request = Request { query: query.to_owned(), context: Context::new(Shell::Bash, Os::Linux) };
        engine.think(&request, &mut |_| (), &AtomicBool::new(false)).expect("nobody cancels")
    }

    const UNKNOWN: &str = "frobnicate the quux of my gizmo";

    #[test]
    fn a_model_is_asked_only_when_nobody_else_knows() {
        let parrot = Arc::new(Parrot { replies: vec![(r#"{"command": "ls -la"}"#, 0.9)], ..Parrot::default() });
        let engine = engine(vec![parrot.clone()]);
        assert_eq!(think(&engine, "show disk usage").answer.tier, Tier::Rules);
        assert!(parrot.asked.lock().expect("whole").is_empty());
        let thought = think(&engine, UNKNOWN);
        assert_eq!((thought.answer.tier, thought.by.as_deref()), (Tier::Embedded, Some("parrot")));
        assert_eq!(thought.answer.best().map(|best| best.proposal.command.as_str()), Some("ls -la"));
        assert_eq!(think(&engine, "  ").answer.tier, Tier::None);
    }

    #[test]
    fn what_a_model_writes_is_judged_and_what_changes_something_takes_two_keys() {
        for (reply, risk, decision) in [
            (r#"{"command": "ls"}"#, Risk::Safe, Decision::Allow),
            (r#"{"command": "mkdir x"}"#, Risk::Caution, Decision::Confirm),
            (r#"{"command": "rm -rf /"}"#, Risk::Blocked, Decision::Refuse),
        ] {
            let parrot = Parrot { replies: vec![(reply, 0.9)], ..Parrot::default() };
            let thought = think(&engine(vec![Arc::new(parrot)]), UNKNOWN);
            let best = thought.answer.best().expect(reply);
            assert_eq!((best.report.risk, best.decision), (risk, decision), "{reply}");
        }
    }

    #[test]
    fn who_fails_or_is_not_sure_leaves_it_to_the_next() {
        let broken = Arc::new(Parrot { fails: true, ..Parrot::default() });
        let unsure = Arc::new(Parrot { replies: vec![(r#"{"command": "ls"}"#, 0.4)], ..Parrot::default() });
        let rude = Arc::new(Parrot { replies: vec![("Sure! ls", 0.9)], ..Parrot::default() });
        let last = Arc::new(Parrot { replies: vec![(r#"{"command": "df"}"#, 0.6)], ..Parrot::default() });
        let thought = think(&engine(vec![broken.clone(), unsure, rude, last]), UNKNOWN);
        assert_eq!(thought.answer.best().map(|best| best.proposal.command.as_str()), Some("df"));
        assert_eq!(thought.failures.len(), 1);
        let alone = think(&engine(vec![broken]), UNKNOWN);
        assert!(alone.answer.best().is_none() && alone.failures.len() == 1);
    }

    #[test]
    fn a_model_is_shown_the_nearest_known_questions() {
        let parrot = Arc::new(Parrot::default());
        let engine = engine(vec![parrot.clone()]);
        think(&engine, "frobnicate the disk usage of gizmo quuxes");
        let asked = parrot.asked.lock().expect("whole");
        let [shots] = asked.as_slice() else { panic!("asked once: {asked:?}") };
        assert!(!shots.is_empty() && shots.len() <= SHOTS, "{shots:?}");
        assert!(shots.iter().all(|shot| !shot.command.is_empty()));
    }

    #[test]
    fn nothing_comes_of_what_is_cancelled() {
        let engine =
            engine(vec![Arc::new(Parrot { replies: vec![(r#"{"command": "ls"}"#, 0.9)], ..Parrot::default() })]);
        let request = Request { query: UNKNOWN.to_owned(), context: Context::new(Shell::Bash, Os::Linux) };
        let thought = engine.think(&request, &mut |_| (), &AtomicBool::new(true));
        assert!(matches!(thought, Err(llm::Error::Cancelled)));
    }
}
