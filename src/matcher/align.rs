//! Lays one phrasing over a question: which token each word and each slot takes, and what is left over.
//!
//! Words may stand anywhere, because people order them as they like; which value belongs to which slot is decided by what
//! the value looks like and by the words beside it. What no part of the phrasing explains counts against it.

use std::cell::OnceCell;

use super::TOLERATED;
use super::knowledge::{Element, Pattern, information};
use super::question::{Question, Seen};
use super::slot::{Found, Kind, Trust};
use super::value::Value;
use crate::normalize::{Class, Concept, Token, concept as c};

/// Tokens, as bits; a question has at most 120.
pub(super) type Mask = u128;

/// A phrasing laid over a question.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) values: Vec<Option<Value>>,
    /// How much of the question it explains: the more, the more specific it is.
    pub(super) explained: f32,
    /// The weight of what it does not explain.
    pub(super) unexplained: f32,
    /// What is doubtful about it: corrected words, values that only their place made values, words out of order.
    pub(super) doubt: f32,
    /// How much the words of the phrasing that the question has not would have said.
    pub(super) missing: f32,
    /// Which tokens it explains.
    pub(super) used: Mask,
    /// How many words that say what is wanted the phrasing itself has.
    pub(super) said: u32,
    /// How many values look like what they are for.
    pub(super) typed: u32,
}

/// What a question may leave out of a phrasing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Leave {
    Nothing,
    /// Words that say no more than this together.
    Words(f32),
    /// Values.
    Blanks,
}

/// Lays a phrasing over the tokens; `None` when more of it is missing than may be.
pub(super) fn fit(pattern: Pattern, slots: usize, question: &Question<'_>, leave: Leave) -> Option<Fit> {
    let tokens = question.tokens();
    let forgiven = if let Leave::Words(forgiven) = leave { forgiven } else { 0.0 };
    let mut used: Mask = 0;
    let mut explained = 0.0;
    let mut doubt = 0.0;
    let mut missing = 0.0;
    let mut said = 0;
    let mut typed = 0;
    // Words that must be there choose first: `split [file] {path} into files`.
    for must in [true, false] {
        let mut last = 0;
        for any in pattern.words(must) {
            let takes = |at: usize| {
                used & (1 << at) == 0
                    && tokens[at].concept.is_some_and(|concept| any.contains(concept))
                    && (must || !is_proper_name(&tokens[at]))
            };
            let first =
                if question.speaks_of(any) { (last..tokens.len()).chain(0..last).find(|at| takes(*at)) } else { None };
            match first {
                // `spaces by tabs` is not what `tabs to spaces` is.
                Some(at) if must && at < last && turns(tokens, at, last) => return None,
                Some(at) => {
                    used |= 1 << at;
                    said += u32::from(tokens[at].class == Class::Content);
                    explained += tokens[at].class.weight();
                    doubt += if tokens[at].corrected { 0.04 } else { 0.0 } + if at < last { 0.02 } else { 0.0 };
                    last = at;
                }
                None if must => {
                    missing += any.iter().map(information).fold(f32::INFINITY, f32::min);
                    if missing > forgiven {
                        return None;
                    }
                }
                None => {}
            }
        }
    }
    if leave != Leave::Blanks && lacks_a_value(pattern, question) {
        return None;
    }
    if !matches!(leave, Leave::Words(_)) && is_hopeless(pattern, question, used) {
        return None;
    }
    let (cues, directions) = cue_score(pattern, tokens);
    explained += cues;
    let mut values = vec![None; slots];
    let mut unsaid = directions;
    let mut cut_short: Mask = 0;
    let mut held: Mask = 0;
    // Slots whose value is told by its ending choose first, those that must be there before the others; then those with a
    // preposition of their own: `copy to {target} {source}`.
    let places: Vec<Place> = Place::all(pattern).collect();
    for turn in 0..8 {
        for Place { slot, kind, required, beside, .. } in places.iter().filter(|place| place.own == turn) {
            let (kind, required) = (*kind, *required);
            let by_ending = kind.is_told_by_ending();
            let seen = question.seen_as(kind);
            // Where a value may be missing, a word that is none of itself is none.
            let found = best(kind, &seen, beside, tokens, used, held).filter(|(at, found, _)| {
                leave != Leave::Blanks || found.trust > Trust::Placed && !tokens[*at].is_everyday()
            });
            let Some((at, found, near)) = found else {
                // `replace text in a file` asks for no archive: the kind of file has to be named.
                let nameless = (by_ending && !tokens.iter().any(|token| kind.is_told_by(token)))
                    || kind.has_to_be_named(said) && !tokens.iter().any(|token| kind.is_noun(token));
                if required && (leave != Leave::Blanks || nameless) {
                    return None;
                }
                continue;
            };
            for taken in at..at + found.length {
                used |= 1 << taken;
                held |= 1 << taken;
            }
            used |= nouns_beside(&seen, tokens, at, found.length);
            typed += u32::from(found.trust == Trust::Typed);
            let odd = kind.is_odd(&tokens[at]);
            explained += match found.trust {
                Trust::Typed if kind.is_told_by_ending() => kind.telling(),
                Trust::Typed => 0.9,
                Trust::Bare => 0.7,
                Trust::Placed => 0.3,
            } - if odd { 0.06 } else { 0.0 };
            doubt += match found.trust {
                Trust::Typed if near > 0 => 0.0,
                Trust::Typed => 0.02,
                Trust::Bare if near > 3 => 0.03,
                Trust::Bare => 0.06,
                Trust::Placed => 0.15,
            };
            // A known word is a value only for want of a better reading; a value of two words without quotes is cut short.
            unsaid += if found.trust == Trust::Placed { 0.2 } else { 0.0 };
            if found.trust < Trust::Typed && tokens.get(at + found.length).is_some_and(|next| is_noun_like(next, kind))
            {
                cut_short |= 1 << (at + found.length);
            }
            values[usize::from(*slot)] = Some(found.value);
        }
    }
    if cut_short & !used != 0 {
        unsaid += 1.0;
    }
    Some(Fit { values, explained, unexplained: unexplained(tokens, used) + unsaid, doubt, missing, used, said, typed })
}

// Whether what becomes of one thing was read as the thing itself: between two words the wrong way round stands what turns the
// one into the other.
fn turns(tokens: &[Token], first: usize, last: usize) -> bool {
    const VERBS: [Concept; 3] = [c::REPLACE, c::CONVERT, c::CHANGE];
    let verb = |token: &Token| VERBS.iter().any(|verb| token.is(*verb));
    let cue = |token: &Token| [c::TO, c::BY, c::WITH, c::AS].iter().any(|cue| token.is(*cue));
    let content = |token: &Token| token.class == Class::Content && !verb(token);
    tokens[..first].iter().any(verb)
        && content(&tokens[first])
        && content(&tokens[last])
        && tokens[first + 1..last].iter().any(cue)
}

// `Music` inside a sentence is the name of something, not the noun of a phrasing that can do without it.
fn is_proper_name(token: &Token) -> bool {
    let mut letters = token.raw.chars();
    token.span.start > 0 && letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

fn is_noun_like(token: &Token, kind: Kind) -> bool {
    token.class > Class::Weak && !token.concept.is_some_and(|concept| kind.is_named_by(concept))
}

// Whether more stays unexplained than an answer may leave, whichever values the slots take: each can take one token, and the
// nouns that name it. Looking for the values is what costs, and most phrasings that share some words with a long question
// fail by this.
fn is_hopeless(pattern: Pattern, question: &Question<'_>, used: Mask) -> bool {
    let left = unexplained(question, used);
    if left <= TOLERATED {
        return false;
    }
    let mut taken = 0.0;
    let mut nouns = 0;
    for kind in pattern.values().map(|(kind, _)| kind) {
        if kind.spans() {
            return false;
        }
        taken += Class::HEAVIEST;
        nouns |= question.nouns_of(kind);
    }
    left - taken > TOLERATED && unexplained(question, used | nouns) - taken > TOLERATED
}

// Whether nothing in the question can be a value that the phrasing must have.
fn lacks_a_value(pattern: Pattern, question: &Question<'_>) -> bool {
    pattern.values().any(|(kind, required)| required && !question.has_any(kind))
}

/// The weight of the tokens nobody took.
pub(super) fn unexplained(tokens: &[Token], used: Mask) -> f32 {
    let mut free = !used;
    let mut weight = 0.0;
    for token in tokens {
        if free & 1 != 0 {
            weight += token.class.weight();
        }
        free >>= 1;
    }
    weight
}

// Prepositions that tell directions apart: having the ones of the phrasing is for it, having others is against it, and
// `from off to on` asks for more than a phrasing without either.
fn cue_score(pattern: Pattern, tokens: &[Token]) -> (f32, f32) {
    const TELLING: [Concept; 7] = [c::TO, c::FROM, c::WITH, c::BY, c::AS, c::NAMED, c::BETWEEN];
    let mut score = 0.0;
    let mut from = false;
    for token in tokens.iter().filter(|token| token.class == Class::Cue) {
        let Some(cue) = token.concept else { continue };
        let has = pattern.cues().any(|any| any.contains(cue));
        if has {
            score += 0.02;
        } else if TELLING.contains(&cue) {
            score -= 0.08;
            from |= cue == c::FROM;
        }
    }
    let both = from && tokens.iter().any(|token| token.is(c::TO));
    (score, if both { 0.5 } else { 0.0 })
}

// A slot in its phrasing.
struct Place {
    slot: u8,
    kind: Kind,
    required: bool,
    // When it chooses: the less, the earlier.
    own: usize,
    beside: Surroundings,
}

impl Place {
    fn all(pattern: Pattern) -> impl Iterator<Item = Self> {
        let mut cued = false;
        (0..).zip(pattern.elements()).filter_map(move |(place, element)| match element {
            Element::Cue(any) => {
                cued |= any.iter().len() > 0;
                None
            }
            Element::Word { required, .. } => {
                cued &= !required;
                None
            }
            Element::Slot { slot, kind, required } => {
                let by_ending = kind.is_told_by_ending();
                let own = usize::from(!cued) + 2 * usize::from(!required) + if by_ending { 0 } else { 4 };
                let beside = Surroundings { pattern, place, cued, read: OnceCell::new() };
                cued = false;
                Some(Self { slot, kind, required, own, beside })
            }
        })
    }
}

// What stands beside a slot, read when there is a value for it: mostly there is none.
struct Surroundings {
    pattern: Pattern,
    place: usize,
    // It has a preposition of its own.
    cued: bool,
    read: OnceCell<Beside>,
}

impl Surroundings {
    fn read(&self) -> &Beside {
        self.read.get_or_init(|| Beside::of(self.pattern, self.place))
    }
}

// What stands beside a slot in its phrasing.
struct Beside {
    before: Vec<Concept>,
    cues: Vec<Concept>,
    after: Vec<Concept>,
    // Another value stands right before it: `git push {remote} {branch}`.
    follows_value: bool,
    // Another file is asked for earlier in the phrasing.
    follows_file: bool,
    // The phrasing has a word for files.
    among_files: bool,
}

impl Beside {
    fn of(pattern: Pattern, place: usize) -> Self {
        let mut beside = Self {
            before: Vec::new(),
            cues: Vec::new(),
            after: Vec::new(),
            follows_value: false,
            follows_file: false,
            among_files: false,
        };
        beside.among_files = pattern
            .elements()
            .any(|element| matches!(element, Element::Word { any, required: true } if any.contains(c::FILE)));
        beside.follows_file = pattern
            .elements()
            .take(place)
            .any(|element| matches!(element, Element::Slot { kind, .. } if kind.is_file()));
        for element in pattern.elements().take(place).rev() {
            match element {
                Element::Cue(any) => beside.cues.extend(any.iter()),
                Element::Word { any, required } => {
                    beside.before.extend(any.iter());
                    if required {
                        break;
                    }
                }
                Element::Slot { .. } => {
                    beside.follows_value = beside.cues.is_empty();
                    break;
                }
            }
        }
        for element in pattern.elements().skip(place + 1) {
            match element {
                Element::Word { any, required } => {
                    beside.after.extend(any.iter());
                    if required {
                        break;
                    }
                }
                Element::Cue(_) | Element::Slot { .. } => break,
            }
        }
        beside
    }

    // A preposition of the slot's own stands somewhere before it, or it needs none.
    fn is_announced(&self, before: &[Token]) -> bool {
        let has = |token: &Token| token.concept.is_some_and(|concept| self.cues.contains(&concept));
        self.cues.is_empty() || before.iter().any(has) || before.last().is_some_and(|last| last.text == "and")
    }

    // How well the place of a token fits: 0 says nothing for it, `None` speaks against it.
    fn nearness(&self, kind: Kind, tokens: &[Token], at: usize, length: usize, held: Mask) -> Option<u32> {
        let previous = (0..at).rev().find(|before| tokens[*before].class != Class::Stop);
        if self.follows_value && previous.is_some_and(|before| held & (1 << before) != 0) {
            return Some(3);
        }
        let before = self.after_words(kind, tokens, at)?;
        Some(before.max(self.before_words(tokens, at + length)))
    }

    fn after_words(&self, kind: Kind, tokens: &[Token], at: usize) -> Option<u32> {
        let mut met: Option<Concept> = None;
        for (place, token) in tokens[..at].iter().enumerate().rev() {
            match token.concept {
                // `in all files in src`: that is where the files are, not which.
                Some(concept) if concept == c::IN && kind.is_path() && self.speaks_of_no_files(&tokens[..place]) => {
                    return None;
                }
                Some(concept) if self.cues.contains(&concept) => return Some(if met.is_none() { 4 } else { 0 }),
                // `files in src`: that is where the files are, not which.
                Some(concept) if met == Some(c::IN) && kind.is_named_by(concept) => return None,
                Some(concept) if self.before.contains(&concept) => {
                    return Some(match (met, self.cues.is_empty()) {
                        (None, true) => 4,
                        // `port 8080 to port 80`: of two behind the same word, the preposition tells them apart.
                        (None, false) if is_twice(concept, tokens) && self.is_cued(tokens, place) => 4,
                        (None, false) => 3,
                        // `size of x` for `size {path}`: the preposition says nothing else.
                        (Some(met), _) if is_loose(met, c::IN) => 2,
                        (Some(_), _) => 0,
                    });
                }
                Some(concept) if token.class == Class::Cue => {
                    if met.is_some() {
                        return Some(0);
                    }
                    if self.cues.iter().any(|cue| is_loose(*cue, concept)) {
                        return Some(2);
                    }
                    // `from x` is no value for `to {target}`.
                    if !self.cues.is_empty() {
                        return None;
                    }
                    met = Some(concept);
                }
                // `zip up src`: the particle belongs to its verb.
                Some(concept) if token.class == Class::Stop || concept == c::UP || kind.is_named_by(concept) => {}
                _ => return Some(0),
            }
        }
        Some(0)
    }

    // Files stand right before this, and the phrasing has none.
    fn speaks_of_no_files(&self, before: &[Token]) -> bool {
        let last = before.iter().rev().find(|token| token.class != Class::Stop && !token.is(c::ALL));
        !self.among_files && last.is_some_and(|last| last.is(c::FILE) && last.raw.ends_with('s'))
    }

    fn is_cued(&self, tokens: &[Token], at: usize) -> bool {
        let before = tokens[..at].iter().rev().find(|token| token.class != Class::Stop);
        before.and_then(|token| token.concept).is_some_and(|concept| self.cues.contains(&concept))
    }

    fn before_words(&self, tokens: &[Token], end: usize) -> u32 {
        for token in tokens.get(end..).unwrap_or_default() {
            match token.concept {
                Some(concept) if self.after.contains(&concept) => return 3,
                Some(_) if token.class == Class::Stop => {}
                _ => return 0,
            }
        }
        0
    }
}

// What is to be done comes first: `set permissions to 644` is about no file called `set`, `uploads should be writable` is.
fn is_request(tokens: &[Token], at: usize) -> bool {
    tokens[..at].iter().all(|token| token.class <= Class::Cue)
        && !tokens.iter().any(|token| matches!(token.text.as_str(), "should" | "must" | "shall"))
}

// `all folders in src` are not `src`.
fn is_where_folders_are(before: &[Token]) -> bool {
    let mut words = before.iter().rev().filter(|token| token.class != Class::Stop).peekable();
    words.peek().is_some_and(|word| word.is(c::IN) || word.is(c::RECURSIVE))
        && words
            .find(|word| !word.is(c::IN) && !word.is(c::RECURSIVE))
            .is_some_and(|word| word.is(c::FOLDER) && word.raw.ends_with('s'))
}

fn is_twice(concept: Concept, tokens: &[Token]) -> bool {
    tokens.iter().filter(|token| token.is(concept)).count() > 1
}

// Prepositions people use for one another.
fn is_loose(a: Concept, b: Concept) -> bool {
    const PLACES: [Concept; 5] = [c::IN, c::OF, c::FOR, c::ON, c::AT];
    const SOURCES: [Concept; 3] = [c::IN, c::OF, c::FROM];
    PLACES.contains(&a) && PLACES.contains(&b) || SOURCES.contains(&a) && SOURCES.contains(&b)
}

fn best(
    kind: Kind,
    seen: &Seen,
    place: &Surroundings,
    tokens: &[Token],
    used: Mask,
    held: Mask,
) -> Option<(usize, Found, u32)> {
    let mut best: Option<(u32, usize, &Found, u32)> = None;
    for at in 0..tokens.len() {
        if used & (1 << at) != 0 {
            continue;
        }
        // `all files in ~/old` are not `~/old`.
        if kind == Kind::Paths && !place.cued && at > 0 && tokens[at - 1].is(c::IN)
            || kind.is_path() && !place.cued && is_where_folders_are(&tokens[..at])
        {
            continue;
        }
        let Some(found) = seen.found(tokens, at) else { continue };
        if kind.is_path() && found.trust == Trust::Placed && is_request(tokens, at) {
            continue;
        }
        if (at..at + found.length).any(|taken| used & (1 << taken) != 0) {
            continue;
        }
        let beside = place.read();
        // Of three files in a row none is the target without a word that says so.
        if kind.is_file() && beside.follows_file && !beside.is_announced(&tokens[..at]) {
            continue;
        }
        let Some(near) = beside.nearness(kind, tokens, at, found.length, held) else { continue };
        let enough = match found.trust {
            // Words up to the end are a value only behind the very word that announces them.
            _ if kind == Kind::Rest => {
                if found.trust < Trust::Typed {
                    4
                } else {
                    2
                }
            }
            Trust::Typed => 0,
            Trust::Bare => 2,
            Trust::Placed => 3,
        };
        if near < enough {
            continue;
        }
        // `the internet` is no file for being behind a verb; `the docker service` is told by its noun.
        let article = at > 0 && tokens[at - 1].class == Class::Stop;
        let noun =
            tokens.get(at + found.length).and_then(|next| next.concept).is_some_and(|noun| kind.is_named_by(noun));
        if found.trust == Trust::Placed && article && !noun && beside.before_words(tokens, at + found.length) == 0 {
            continue;
        }
        let score = 2 * (near + 2 * found.trust as u32) + u32::from(!kind.is_odd(&tokens[at]));
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, at, found, near));
        }
    }
    best.map(|(_, at, found, near)| (at, found.clone(), near))
}

// `the file notes.txt`, `port 80`: the noun is explained by the value.
fn nouns_beside(seen: &Seen, tokens: &[Token], at: usize, length: usize) -> Mask {
    let is_noun = |at: usize| seen.nouns & (1 << at) != 0;
    let mut mask = 0;
    for (before, token) in tokens[..at].iter().enumerate().rev() {
        if is_noun(before) {
            mask |= 1 << before;
        } else if token.class != Class::Stop {
            break;
        }
    }
    if at + length < tokens.len() && is_noun(at + length) {
        mask |= 1 << (at + length);
    }
    mask
}
