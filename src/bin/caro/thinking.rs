//! An answer that may take a while: how far a language model is, on one line that renews itself for a person at a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use caro::ErrorCode;
use caro::engine::{Engine, Thought};
use caro::llm::Progress;
use caro::notice::Notice;
use caro::proposal::Request;
use caro::suggestion::Answer;

use crate::render::Console;
use crate::render::text::printable;

/// Often enough to see that it lives, seldom enough to be read.
const RENEWED: Duration = Duration::from_millis(50);

/// Longer text would wrap, and a line that wrapped cannot be renewed.
const SHOWN: usize = 60;

/// Answers a question that may be about the one before.
pub(crate) fn answer_after(engine: &Engine, request: &Request, before: Option<&str>, console: &mut Console) -> Answer {
    let earlier = before.and_then(|query| {
        let request = Request { query: query.to_owned(), context: request.context.clone() };
        engine.suggest(&request).suggestions.into_iter().next()
    });
    let after = engine.suggest_after(request, earlier.as_ref().map(|earlier| &earlier.proposal));
    if after.best().is_some() { after } else { answer(engine, request, console) }
}

/// Answers a question, by the language model when nobody else knows and one is in use. What failed is said.
fn answer(engine: &Engine, request: &Request, console: &mut Console) -> Answer {
    if engine.models().backends.is_empty() {
        return engine.suggest(request);
    }
    let live = io::stderr().is_terminal();
    let (steps, seen) = mpsc::channel();
    // The streams belong to this thread, and progress comes from any.
    let thought = thread::scope(|scope| {
        let never = AtomicBool::new(false);
        let thinking = scope.spawn(move || {
            let mut told: Option<Instant> = None;
            let mut watch = |progress: Progress<'_>| {
                if live && told.is_none_or(|told| told.elapsed() >= RENEWED) {
                    told = Some(Instant::now());
                    let _ = steps.send(line(progress));
                }
            };
            engine.think(request, &mut watch, &never)
        });
        let mut shown = false;
        for step in seen {
            shown = true;
            let _ = write!(console.err, "\r\x1b[K{}", printable(&step));
            let _ = console.err.flush();
        }
        if shown {
            let _ = write!(console.err, "\r\x1b[K");
        }
        thinking.join()
    });
    // A model that panicked costs the rules nothing.
    let Ok(Ok(Thought { answer, failures, .. })) = thought else { return engine.suggest(request) };
    for (name, error) in failures {
        console.notice(&Notice::new(ErrorCode::ModelFailed, format!("{name} could not answer: {error}")));
    }
    answer
}

fn line(progress: Progress<'_>) -> String {
    match progress {
        Progress::Loading { permille } => format!("loading the model: {} %", permille / 10),
        Progress::Reading { permille } => format!("reading: {} %", permille / 10),
        Progress::Writing(text) => {
            let start = text.char_indices().rev().nth(SHOWN).map_or(0, |(at, _)| at);
            text[start..].to_owned()
        }
    }
}
