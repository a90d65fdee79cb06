//! The language model in this process.
//!
//! Loaded when it is first needed and given back when it was not used for a while. What is the same for every question stays
//! read; while a question is typed it is read along, so that Enter finds only the last words unread.

use std::cell::RefCell;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufReader;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use caro_inference::generate::{Guess, Limits, Lookup, Smaller, Text};
use caro_inference::model::Job;
use caro_inference::template::Message;
use caro_inference::{Model, open};
use lru::LruCache;

use super::prompt::{self, BEFORE, messages};
use super::{Ask, Backend, Draft, Error, Progress, Watch, draft};
use crate::proposal::Tier;
use crate::storage::replace;
use crate::timing::Written;

/// Which model, and how it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// The GGUF file.
    pub file: PathBuf,
    /// A smaller model that guesses ahead for it.
    pub draft: Option<PathBuf>,
    /// The folder for what loading makes of the file.
    pub cache: Option<PathBuf>,
    /// Threads that compute; as many as cores if `None`.
    pub threads: Option<usize>,
    /// Given back when not used for so long.
    pub idle: Duration,
}

/// An [`Embedded`] model, loaded or not.
#[derive(Debug)]
pub struct Resident {
    choice: Embedded,
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    loaded: Option<Loaded>,
    used: Option<Instant>,
    written: Option<Written>,
}

#[derive(Debug)]
struct Loaded {
    model: Model,
    draft: Option<Model>,
    // Where what was read of the fixed part is kept from one start to the next.
    cache: Option<PathBuf>,
    // By the whole prompt: everything that matters to an answer is in it, but for the model, which is this one.
    answers: LruCache<Vec<u32>, Vec<Draft>>,
    // What the last answer took; none for one that was there already.
    written: Option<Written>,
}

// Enough for a prompt with every example and the longest question, and an answer; its cache of a model of 1.5B is 115 MB.
const CONTEXT: usize = 2_048;

// Other readings worth looking at. Each takes as long as an answer.
const OTHERS: usize = 2;

// An answer surer than this is shown at once: whoever waits would wait three times as long for readings they hardly look at.
const SURE: f32 = 0.6;

// A model that says nothing about itself gets all the examples there are.
const ALL_SHOTS: usize = usize::MAX;

const WORTH_KEEPING: usize = 64;

const ANSWERS: NonZeroUsize = NonZeroUsize::new(128).expect("128 is not zero");

impl Resident {
    /// A model that is not loaded yet.
    pub fn new(choice: Embedded) -> Self {
        let name = choice.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self { choice, name, state: Mutex::default() }
    }

    /// What was chosen.
    pub fn choice(&self) -> &Embedded {
        &self.choice
    }

    /// Whether it is in memory.
    pub fn is_loaded(&self) -> bool {
        self.lock().loaded.is_some()
    }

    /// How much of it is in memory: its file, packed, or nothing. Who is busy answering is not waited for.
    pub fn bytes(&self) -> u64 {
        let is_loaded = match self.state.try_lock() {
            Ok(state) => state.loaded.is_some(),
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Poisoned(_)) => false,
        };
        if is_loaded { fs::metadata(&self.choice.file).map_or(0, |file| file.len()) } else { 0 }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it was held leaves a model whose cache may be behind its tokens: it is loaded anew.
        self.state.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            let mut state = poisoned.into_inner();
            state.loaded = None;
            self.state.clear_poison();
            state
        })
    }

    fn load<'a>(
        &self,
        state: &'a mut State,
        watch: &mut Watch<'_>,
        cancel: &AtomicBool,
    ) -> Result<&'a mut Loaded, Error> {
        if state.loaded.is_none() {
            let watch = Mutex::new(watch);
            let loading = |share: f32| {
                let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 1,000")]
                (**watch)(Progress::Loading { permille: (share.clamp(0.0, 1.0) * 1_000.0) as u16 });
            };
            loading(0.0);
            let open = |file: &PathBuf, progress: &(dyn Fn(f32) + Sync)| {
                let options = open::Options {
                    device: None,
                    context: CONTEXT,
                    threads: self.choice.threads,
                    cache: self.choice.cache.as_deref(),
                    progress: Some(progress),
                    cancel: Some(cancel),
                };
                open::open(file, &options)
            };
            let model = open(&self.choice.file, &loading)?;
            // A model that guesses is a luxury: without it answers are the same, later.
            let draft = self.choice.draft.as_ref().and_then(|file| open(file, &|_| ()).ok());
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            state.loaded = Some(Loaded {
                model,
                draft,
                cache: self.choice.cache.clone(),
                answers: LruCache::new(ANSWERS),
                written: None,
            });
        }
        state.used = Some(Instant::now());
        Ok(state.loaded.as_mut().expect("loaded above"))
    }
}

impl Backend for Resident {
    fn tier(&self) -> Tier {
        Tier::Embedded
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn answer(&self, ask: &Ask<'_>, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Vec<Draft>, Error> {
        let mut state = self.lock();
        let loaded = self.load(&mut state, watch, cancel)?;
        let answer = loaded.answer(ask, watch, cancel);
        let written = loaded.written.take();
        state.used = Some(Instant::now());
        state.written = written;
        answer
    }

    fn written(&self) -> Option<Written> {
        self.lock().written
    }

    fn prepare(&self, ask: &Ask<'_>, cancel: &AtomicBool) {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            // Busy with an answer, which goes first.
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Poisoned(_)) => self.lock(),
        };
        // What goes wrong here goes wrong again when it is asked, and is said then.
        if let Ok(loaded) = self.load(&mut state, &mut |_| (), cancel) {
            drop(loaded.read(ask, cancel));
        }
    }

    fn rest(&self) -> bool {
        // Who is busy does not rest.
        let Ok(mut state) = self.state.try_lock() else { return false };
        if state.used.is_some_and(|used| used.elapsed() >= self.choice.idle) {
            *state = State::default();
        }
        state.loaded.is_none()
    }
}

impl Loaded {
    fn answer(&mut self, ask: &Ask<'_>, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Vec<Draft>, Error> {
        let begun = Instant::now();
        let tokens = tokens(&self.model, ask)?;
        self.written = None;
        if let Some(known) = self.answers.get(&tokens) {
            return Ok(known.clone());
        }
        // The user's question and the examples like it; what is the same in every prompt is about other things.
        let fixed = self.fixed(ask)?;
        self.begin(&fixed, cancel)?;
        let mut lookup = Lookup { from: fixed.len() };
        let of_draft = self.draft.as_ref().map(|draft| self::tokens(draft, ask)).transpose()?;
        let tokenizer = Arc::clone(self.model.tokenizer());
        let mut smaller = self.draft.as_mut().zip(of_draft.as_ref()).map(|(model, prompt)| Smaller {
            model,
            prompt,
            tokenizer: &tokenizer,
        });
        let guess: &mut dyn Guess = match &mut smaller {
            Some(smaller) => smaller,
            None => &mut lookup,
        };
        let known_tokens = self.model.transcript().common(&tokens);
        let (prompted, mut first) = (Instant::now(), None);
        let watch = RefCell::new(watch);
        let text = self.model.write(Job {
            prompt: &tokens,
            limits: Limits::default(),
            guess,
            cancel,
            progress: &mut |read, of| (watch.borrow_mut())(Progress::Reading { permille: permille(read, of) }),
            on_text: &mut |text| {
                first.get_or_insert_with(Instant::now);
                (watch.borrow_mut())(Progress::Writing(&shown(text)));
            },
        })?;
        let first = first.unwrap_or_else(Instant::now);
        let decode = first.elapsed();
        let mut drafts: Vec<Draft> = usable(&text, ask).into_iter().collect();
        if drafts.first().is_none_or(|draft| draft.confidence < SURE) {
            let job = Job {
                prompt: &tokens,
                limits: Limits::default(),
                guess: &mut lookup,
                cancel,
                progress: &mut |_, _| (),
                on_text: &mut |_| (),
            };
            for other in self.model.others(job, &text, OTHERS)? {
                let other = usable(&other, ask);
                drafts.extend(other.filter(|other| drafts.iter().all(|known| known.command != other.command)));
            }
        }
        let count = |tokens: usize| u32::try_from(tokens).unwrap_or(u32::MAX);
        self.written = Some(Written {
            prompt: prompted - begun,
            prefill: first - prompted,
            decode,
            known_tokens: count(known_tokens),
            read_tokens: count(tokens.len() - known_tokens),
            written_tokens: count(text.counts.tokens),
        });
        self.answers.put(tokens, drafts.clone());
        Ok(drafts)
    }

    fn read(&mut self, ask: &Ask<'_>, cancel: &AtomicBool) -> Result<(), Error> {
        let tokens = tokens(&self.model, ask)?;
        self.begin(&self.fixed(ask)?, cancel)?;
        self.model.read(&tokens, cancel, &mut |_, _| ())?;
        if let Some(draft) = &mut self.draft {
            let tokens = self::tokens(draft, ask)?;
            draft.read(&tokens, cancel, &mut |_, _| ())?;
        }
        Ok(())
    }

    /// Of a model that has read nothing yet: knows the fixed part of the prompt, from the last time if it is kept.
    fn begin(&mut self, fixed: &[u32], cancel: &AtomicBool) -> Result<(), Error> {
        let Some(folder) = self.cache.as_ref().filter(|_| self.model.transcript().tokens().is_empty()) else {
            return Ok(());
        };
        // Fewer are read sooner than a file.
        if fixed.len() < WORTH_KEEPING {
            return Ok(());
        }
        let mut hasher = DefaultHasher::new();
        (self.model.name(), fixed).hash(&mut hasher);
        let path = folder.join(format!("{:016x}.prefix", hasher.finish()));
        if let Ok(file) = fs::File::open(&path)
            && self.model.transcript_mut().recall(fixed, &mut BufReader::new(file))
        {
            return Ok(());
        }
        self.model.read(fixed, cancel, &mut |_, _| ())?;
        let mut kept = Vec::new();
        // What cannot be kept is read again next time.
        if self.model.transcript().keep(fixed, &mut kept).unwrap_or(false) {
            drop(replace(&path, &kept));
        }
        Ok(())
    }

    /// The tokens that every prompt in this context begins with.
    fn fixed(&self, ask: &Ask<'_>) -> Result<Vec<u32>, Error> {
        let of = |question| tokens(&self.model, &Ask { question, shots: &[], ..*ask });
        let (one, other) = (of("a")?, of("0")?);
        Ok(one.iter().zip(&other).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect())
    }
}

fn tokens(model: &Model, ask: &Ask<'_>) -> Result<Vec<u32>, Error> {
    let shots = model.shots();
    // One that needs no examples was trained without any, and would be led astray by some.
    let ask = if shots == Some(0) { Ask { shots: &[], ..*ask } } else { *ask };
    let turns = messages(&ask, shots.unwrap_or(ALL_SHOTS));
    let turns: Vec<Message<'_>> =
        turns.iter().map(|prompt::Message { role, text }| Message { role: *role, content: text }).collect();
    Ok(model.prompt(&turns, BEFORE)?)
}

/// What a text comes to, when it can be a command here.
fn usable(text: &Text, ask: &Ask<'_>) -> Option<Draft> {
    // One that was cut off is half a command.
    let whole = text.is_whole.then(|| format!("{BEFORE}{}\"}}", text.json))?;
    draft(&whole, confidence(text.probability), ask.context).ok()
}

/// From how sure a model is of its words to how likely the command is right. A model is surer than it is right, and no answer of
/// one is as sure as one by rule.
fn confidence(probability: f32) -> f32 {
    (MOST_SURE * probability * probability.sqrt()).clamp(0.0, MOST_SURE)
}

const MOST_SURE: f32 = 0.9;

/// The inside of a JSON string as it is to be read; the last backslash of a half-written one is not shown yet.
fn shown(json: &str) -> String {
    json.replace("\\\\", "\u{0}").replace('\\', "").replace('\u{0}', "\\")
}

fn permille(done: usize, of: usize) -> u16 {
    u16::try_from(done * 1_000 / of.max(1)).unwrap_or(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_while_it_is_written_is_the_text_and_not_its_spelling() {
        for (json, text) in [(r#"echo \"a\""#, r#"echo "a""#), (r"a\\b", r"a\b"), (r"a\", "a"), (r"\\\\", r"\\")] {
            assert_eq!(shown(json), text);
        }
    }

    #[test]
    fn confidence_never_exceeds_that_of_a_rule_and_grows_with_probability() {
        let all: Vec<f32> = [0.0, 0.1, 0.5, 0.9, 1.0].map(confidence).to_vec();
        assert!(all.is_sorted() && all[0] == 0.0 && all[4] <= MOST_SURE, "{all:?}");
    }
}
