//! Reads a question into a [`Query`].

use super::query::{Action, Key, Query, Target, Test};
use super::{
    access, action, chosen, content, depth, destination, each, exclusion, leftover, name, noun, order, owner, place,
    rights, size, time,
};
use crate::matcher::filename::is_packed;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Token, concept as c};

/// A question read, and how well.
pub(super) struct Reading {
    pub(super) query: Query,
    pub(super) explained: f32,
    pub(super) unexplained: f32,
    pub(super) doubt: f32,
}

/// Reads the tokens; `None` when they are no question about files.
pub(super) fn read(tokens: &[Token]) -> Option<Reading> {
    let mut scan = Scan::new(tokens);
    let mut query = Query::new();
    query.ignore_case = scan.take_word(c::CASE_INSENSITIVE).is_some();
    let seeks = scan.has(c::FIND);
    // What takes values with words of its own reads first; what takes any value reads last.
    depth::depth(&mut scan, &mut query);
    destination::destination(&mut scan, &mut query);
    rights::rights(&mut scan, &mut query);
    time::than_file(&mut scan, &mut query);
    time::times(&mut scan, &mut query);
    size::sizes(&mut scan, &mut query);
    access::modes(&mut scan, &mut query);
    owner::owners(&mut scan, &mut query);
    owner::links(&mut scan, &mut query);
    if packs(&scan) {
        return None;
    }
    if query.action == Action::List
        && let Some(run) = each::run(&mut scan)
    {
        query.action = run;
    }
    if query.action == Action::List
        && let Some(touch) = each::touch_in(&mut scan)
    {
        query.action = touch;
    }
    chosen::chosen(&mut scan, &mut query);
    exclusion::exclusions(&mut scan, &mut query);
    access::qualities(&mut scan, &mut query);
    if query.action == Action::List {
        content::contents(&mut scan, &mut query);
    }
    let named = name::names(&mut scan, &mut query, seeks);
    let placed = place::places(&mut scan, &mut query);
    let noun = noun::noun(&mut scan, &mut query, named);
    action::action(&mut scan, &mut query)?;
    if query.chosen.is_some() && query.target == Target::Any {
        query.target = Target::File;
    }
    order::limit(&mut scan, &mut query);
    if is_log_of_a_service(&scan, &query, seeks) || leaves_the_machine(&query.action) {
        return None;
    }
    // Whoever seeks, or looks below a folder, wants more than a list of one.
    let below = (0..tokens.len()).any(|at| scan.says(Some(at), &["under", "below", "beneath", "underneath"]));
    let folders = query.action == Action::List && query.target == Target::Folder;
    let recursive = folders && tokens.iter().any(|token| token.is(c::RECURSIVE));
    let below = !query.places.is_empty() && (below || recursive);
    if below && recursive {
        scan.take_any(&[c::RECURSIVE]);
    }
    let of_all = scan.has(c::ALL) && noun && is_looked_at(&query.action);
    if !of_all && !is_about_files(&query, seeks || below && folders, noun, named) {
        return None;
    }
    if noun && (seeks || below) {
        scan.explained += 0.3;
    }
    query.either(tokens);
    let unexplained = leftover::weigh(&mut scan, &query, placed);
    Some(Reading { query, explained: scan.explained, unexplained, doubt: scan.doubt })
}

// `zip the logs`: the verb, when nothing was found to pack them into, and not the ending of a name.
fn packs(scan: &Scan<'_>) -> bool {
    let Some(first) = scan.tokens.iter().position(|token| token.class > Class::Cue) else { return false };
    // `find the logs and zip them`
    let them = (first..scan.tokens.len()).any(|at| {
        scan.is_free(at)
            && matches!(scan.text(at), "zip" | "tar" | "rar" | "7z")
            && scan.says(scan.next(at), &["them", "it", "those", "these", "all"])
    });
    if them {
        return true;
    }
    let next = scan.after(first);
    scan.is_free(first)
        && matches!(scan.text(first), "zip" | "tar" | "rar" | "7z")
        && !scan.is_at(next, &[c::FILE, c::FOLDER, c::ARCHIVE, c::IN])
        && next != scan.next(first)
}

// `copy the photos to web1:/srv`: that is no folder here.
fn leaves_the_machine(action: &Action) -> bool {
    let (Action::MoveTo(target) | Action::CopyTo(target) | Action::CopyTreeTo(target)) = action else { return false };
    target.split_once(':').is_some_and(|(host, _)| host.len() > 1 && !host.contains('/'))
}

// `the log of nginx of the last hour`: entries, not files.
fn is_log_of_a_service(scan: &Scan<'_>, query: &Query, seeks: bool) -> bool {
    !seeks
        && query.action == Action::List
        && !scan.has(c::FILE)
        && query.any(|test| matches!(test, Test::Time(..)))
        && scan.tokens.windows(2).any(|two| two[0].raw == "log" && two[1].is(c::OF))
}

// `the first line of each file in conf`
const fn is_looked_at(action: &Action) -> bool {
    matches!(action, Action::Head(_) | Action::Tail(_) | Action::Checksum(_) | Action::FileType)
}

fn is_about_files(query: &Query, seeks: bool, said: bool, named: bool) -> bool {
    let narrowed = query.chosen.is_some() || query.is_filtered() || query.depth.is_some() || query.at_least.is_some();
    let noun = said || named;
    match &query.action {
        // Without a filter this is a plain listing, which has intents of its own.
        Action::List | Action::LongList | Action::BareNames | Action::SizesAndNames | Action::NullSeparated => {
            (query.is_filtered() && (noun || seeks))
                || (seeks && noun && (query.target != Target::Any || !query.places.is_empty()))
                || (narrowed || query.strict || query.limit.is_some()) && noun
                || said && matches!(query.target, Target::Link | Target::Socket | Target::Pipe)
                || matches!(query.action, Action::SizesAndNames | Action::BareNames) && noun && !query.places.is_empty()
                || query.action == Action::NullSeparated && noun
        }
        Action::Count => noun,
        Action::CountLines | Action::CountWords | Action::LinesOfEach | Action::TotalSize | Action::DiskUsage => {
            noun && (query.is_filtered() || query.target != Target::Any)
        }
        Action::Sort(order) => {
            noun && (query.is_filtered()
                || seeks
                || order.take.is_some()
                || order.by == Key::Size && !query.places.is_empty() && query.target == Target::File
                || query.target == Target::Folder && !query.places.is_empty())
        }
        // The text of a PDF is not in its bytes.
        Action::Containing(_) | Action::NotContaining(_) => {
            let packed = |test: &Test| matches!(test, Test::Name(name) if is_packed(&name.glob));
            noun && !query.clauses.iter().any(|clause| !clause.not && clause.any.iter().any(packed))
        }
        Action::Grep { .. } => query.is_filtered() || query.strict,
        Action::Replace { .. } => query.is_filtered(),
        Action::Delete | Action::DeleteAsking => query.is_filtered() && noun || query.chosen.is_some(),
        // Everything below a folder can be given a mode or a program, when the question says what it is about.
        Action::Chmod(_) | Action::Chown(_) | Action::Chgrp(_) => {
            noun && (query.is_filtered()
                || seeks
                || query.target == Target::Folder
                || query.strict
                || !query.places.is_empty())
        }
        Action::MoveTo(_)
        | Action::CopyTo(_)
        | Action::CopyTreeTo(_)
        | Action::JoinInto(_)
        | Action::ArchiveInto(_)
        | Action::LinkIn(_) => noun && (query.is_filtered() || query.strict || query.chosen.is_some()),
        // `gzip photos` names one file, `the last lines of the log of nginx` no files at all.
        Action::Run(_) | Action::Each(_) => said,
        Action::TouchIn(_) => query.target == Target::Folder,
        Action::Compress(_) | Action::Decompress | Action::Touch => {
            said && (query.is_filtered() || seeks || query.target == Target::Folder)
        }
        Action::Print
        | Action::Head(_)
        | Action::Tail(_)
        | Action::Checksum(_)
        | Action::FileType
        | Action::Parents => said && (query.is_filtered() || seeks),
    }
}
