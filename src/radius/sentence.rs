//! Extents in words: `deletes 347 files, 12.4 MB, 3 of them not in git`.

use super::Extent;
use crate::safety::Effect;

/// One sentence for each effect, the gravest first; lower case, no final stop.
#[must_use]
pub fn sentences(extents: &[Extent]) -> Vec<String> {
    [Effect::Delete, Effect::Overwrite, Effect::Move, Effect::Permissions]
        .into_iter()
        .filter_map(|effect| {
            let mut of_effect = extents.iter().filter(|extent| extent.effect == effect);
            let first = of_effect.next()?.clone();
            sentence(&of_effect.fold(first, added))
        })
        .collect()
}

fn added(all: Extent, more: &Extent) -> Extent {
    Extent {
        files: all.files + more.files,
        folders: all.folders + more.folders,
        bytes: all.bytes + more.bytes,
        untracked: all.untracked + more.untracked,
        complete: all.complete && more.complete,
        ..all
    }
}

fn sentence(extent: &Extent) -> Option<String> {
    let verb = match extent.effect {
        Effect::Delete => "deletes",
        Effect::Overwrite => "overwrites",
        Effect::Move => "moves",
        Effect::Permissions => "changes the permissions of",
    };
    let &Extent { effect, files, folders, bytes, complete, .. } = extent;
    if files + folders == 0 {
        // A new file is what a redirection is for; that there is nothing to delete is news.
        let is_news = complete && effect != Effect::Overwrite;
        return is_news.then(|| format!("{verb} nothing that is there now"));
    }
    let least = if complete { "" } else { "at least " };
    let things = match (files, folders) {
        (0, folders) => counted(folders, "folder"),
        (files, folders) if effect == Effect::Permissions && folders > 0 => {
            format!("{} and {}", counted(files, "file"), counted(folders, "folder"))
        }
        (files, _) => counted(files, "file"),
    };
    let size = if files > 0 && effect != Effect::Permissions { format!(", {}", sized(bytes)) } else { String::new() };
    Some(format!("{verb} {least}{things}{size}{}", unknown(extent)))
}

// What git cannot bring back. What it can is not said: it may have been changed since.
fn unknown(extent: &Extent) -> String {
    match (extent.untracked, extent.files) {
        (0, _) => String::new(),
        (1, 1) => ", not in git".to_owned(),
        (some, all) if some == all => ", none of them in git".to_owned(),
        (some, _) => format!(", {some} of them not in git"),
    }
}

fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// Bytes as file managers show them, in powers of ten.
fn sized(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    let mut tenths = bytes / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    // From a hundred on the fraction says nothing.
    let (whole, tenth) = (tenths / 10, tenths % 10);
    if whole >= 100 || tenth == 0 {
        format!("{whole} {}", UNITS[unit])
    } else {
        format!("{whole}.{tenth} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(effect: Effect, files: u64, folders: u64, bytes: u64, complete: bool) -> Extent {
        Extent { effect, span: 0..1, files, folders, bytes, untracked: 0, complete }
    }

    #[test]
    fn extents_read_as_sentences() {
        for (extents, expected) in [
            (vec![extent(Effect::Delete, 347, 12, 12_400_000, true)], vec!["deletes 347 files, 12.4 MB"]),
            (vec![extent(Effect::Delete, 1, 0, 1, true)], vec!["deletes 1 file, 1 byte"]),
            (vec![extent(Effect::Delete, 0, 2, 0, true)], vec!["deletes 2 folders"]),
            (vec![extent(Effect::Delete, 0, 0, 0, true)], vec!["deletes nothing that is there now"]),
            (vec![extent(Effect::Delete, 0, 0, 0, false)], vec![]),
            (vec![extent(Effect::Overwrite, 0, 0, 0, true)], vec![]),
            (vec![extent(Effect::Delete, 99_999, 1, 5_000_000_000, false)], vec!["deletes at least 99999 files, 5 GB"]),
            (
                vec![extent(Effect::Permissions, 3, 2, 99, true)],
                vec!["changes the permissions of 3 files and 2 folders"],
            ),
            (
                vec![
                    extent(Effect::Move, 2, 0, 999, true),
                    extent(Effect::Overwrite, 1, 0, 1_000, true),
                    extent(Effect::Move, 1, 0, 1, true),
                ],
                vec!["overwrites 1 file, 1 kB", "moves 3 files, 1 kB"],
            ),
        ] {
            assert_eq!(sentences(&extents), expected);
        }
    }

    #[test]
    fn what_git_does_not_know_is_said() {
        for (files, untracked, expected) in [
            (347, 3, "deletes 347 files, 9 bytes, 3 of them not in git"),
            (2, 2, "deletes 2 files, 9 bytes, none of them in git"),
            (1, 1, "deletes 1 file, 9 bytes, not in git"),
            (2, 0, "deletes 2 files, 9 bytes"),
        ] {
            let extent = Extent { untracked, ..extent(Effect::Delete, files, 1, 9, true) };
            assert_eq!(sentences(&[extent]), [expected]);
        }
    }

    #[test]
    fn sizes_have_few_digits() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_550, "1.5 kB"),
            (999_900, "999 kB"),
            (1_000_000, "1 MB"),
            (123_456_789, "123 MB"),
            (u64::MAX, "18446 PB"),
        ] {
            assert_eq!(sized(bytes), text);
        }
    }
}
