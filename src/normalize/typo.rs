//! Spelling: the known word a mistyped one stands for.
//!
//! Keyboard-aware: a wrong key counts less when it is next to the right one, and not at all as a correction when it is far
//! away, because real words differ by far keys too (`love` and `move`). Two candidates at the same distance are no answer.

// Rows of a QWERTY keyboard; neighbors are beside each other or half a key up or down.
const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

// Changed places is the commonest slip of all.
const SWAP: u32 = 3;
const DROPPED: u32 = 4;
const NEAR: u32 = 4;
const SOUND: u32 = 5;
const FAR: u32 = 9;

/// The known spelling nearest to `word`; `spellings` is sorted.
pub(super) fn correct(word: &str, spellings: &'static [&'static str]) -> Option<&'static str> {
    let letters = word.as_bytes();
    if letters.len() < 3 || letters.len() > 20 || !letters.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let budget = match letters.len() {
        // Three letters are mostly a name; without a vowel they are a word that lost one.
        3 if word.contains(['a', 'e', 'i', 'o', 'u', 'y']) => return None,
        3 => 4,
        4..=7 => 5,
        8..=10 => 8,
        _ => 10,
    };
    // One slip changes which letters a word has by two at most; most candidates fall here, without a distance.
    let changed = if budget < 8 { 2 } else { 4 };
    let mine = letter_set(letters);
    let mut best: Option<(u32, &'static str)> = None;
    let mut tied = false;
    // The first letter is rarely wrong; when it is, it mostly changed places with the second.
    for first in [letters[0], letters[1]] {
        let start = spellings.partition_point(|known| known.as_bytes()[0] < first);
        for known in spellings[start..].iter().take_while(|known| known.as_bytes()[0] == first) {
            let far = known.len().abs_diff(letters.len()) > 2 || known.len() < 4;
            if far || (mine ^ letter_set(known.as_bytes())).count_ones() > changed {
                continue;
            }
            let Some(cost) = distance(letters, known.as_bytes(), budget) else { continue };
            match best {
                Some((least, same)) if cost == least => tied |= same != *known,
                Some((least, _)) if cost > least => {}
                _ => {
                    best = Some((cost, known));
                    tied = false;
                }
            }
        }
    }
    best.filter(|_| !tied).map(|(_, known)| known)
}

fn letter_set(word: &[u8]) -> u32 {
    word.iter().fold(0, |set, letter| set | 1 << (letter & 31))
}

// Weighted Damerau-Levenshtein distance (optimal string alignment), `None` above the budget.
fn distance(typed: &[u8], known: &[u8], budget: u32) -> Option<u32> {
    const LONGEST: usize = 23;
    let width = known.len() + 1;
    if width > LONGEST {
        return None;
    }
    let mut before = [0_u32; LONGEST];
    let mut above = [0_u32; LONGEST];
    let mut row = [0_u32; LONGEST];
    for (at, cell) in above.iter_mut().enumerate().take(width).skip(1) {
        *cell = DROPPED * u32::try_from(at).unwrap_or(u32::MAX);
    }
    for i in 1..=typed.len() {
        row[0] = DROPPED * u32::try_from(i).unwrap_or(u32::MAX);
        let mut least = row[0];
        for j in 1..width {
            let (mine, theirs) = (typed[i - 1], known[j - 1]);
            let mut cost = above[j - 1] + substitution(mine, theirs);
            cost = cost.min(above[j] + DROPPED).min(row[j - 1] + DROPPED);
            if i > 1 && j > 1 && mine == known[j - 2] && typed[i - 2] == theirs && mine != theirs {
                cost = cost.min(before[j - 2] + SWAP);
            }
            row[j] = cost;
            least = least.min(cost);
        }
        if least > budget {
            return None;
        }
        before = above;
        above = row;
    }
    (above[width - 1] <= budget).then_some(above[width - 1])
}

fn substitution(typed: u8, meant: u8) -> u32 {
    if typed == meant {
        return 0;
    }
    if near(typed, meant) {
        return NEAR;
    }
    let sounds = [b"aeiou".as_slice(), b"ckq", b"szc", b"fv", b"iy"];
    if sounds.iter().any(|group| group.contains(&typed) && group.contains(&meant)) {
        return SOUND;
    }
    FAR
}

fn near(a: u8, b: u8) -> bool {
    let place = |key: u8| {
        ROWS.iter().enumerate().find_map(|(row, keys)| keys.iter().position(|k| *k == key).map(|at| (row, at)))
    };
    let (Some((row_a, at_a)), Some((row_b, at_b))) = (place(a), place(b)) else { return false };
    match row_a.cmp(&row_b) {
        std::cmp::Ordering::Equal => at_a.abs_diff(at_b) == 1,
        // Each row is shifted to the right by half a key: `s` touches `w` and `e`.
        std::cmp::Ordering::Less => row_b - row_a == 1 && (at_a == at_b || at_a == at_b + 1),
        std::cmp::Ordering::Greater => row_a - row_b == 1 && (at_b == at_a || at_b == at_a + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{correct, near};

    const KNOWN: &[&str] = &["branch", "directory", "file", "find", "folder", "process", "recursive"];

    #[test]
    fn slips_of_the_finger_are_corrected() {
        for (typed, meant) in [
            ("fodler", "folder"),
            ("foldr", "folder"),
            ("dirctory", "directory"),
            ("direktory", "directory"),
            ("bramch", "branch"),
            ("proccess", "process"),
            ("fiel", "file"),
            ("recusrive", "recursive"),
        ] {
            assert_eq!(correct(typed, KNOWN), Some(meant), "{typed}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for typed in ["fire", "mind", "french", "golden", "progress", "cursive", "abc"] {
            assert_eq!(correct(typed, KNOWN), None, "{typed}");
        }
    }

    #[test]
    fn neighbors_are_beside_or_half_a_key_away() {
        assert!(near(b's', b'a') && near(b's', b'w') && near(b's', b'e') && near(b's', b'z') && near(b's', b'x'));
        assert!(!near(b's', b'q') && !near(b's', b'p') && !near(b's', b'c'));
    }
}
