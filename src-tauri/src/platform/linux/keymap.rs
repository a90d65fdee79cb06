//! Which key makes which character, and where there is room for characters no key makes. Pure.

use std::ops::Range;

use crate::platform::Obstacle;

/// A key press, with or without Shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) keycode: u8,
    pub(super) level: Level,
}

/// Which of the two characters on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Plain,
    Shifted,
}

/// Strokes, and what has to be bound to unused keys while they are typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Passage {
    pub(super) bindings: Vec<(u8, u32)>,
    pub(super) strokes: Vec<Stroke>,
}

/// The server's keyboard mapping.
#[derive(Debug)]
pub(super) struct Keymap {
    first: u8,
    width: usize,
    keysyms: Vec<u32>,
    group: usize,
}

impl Keymap {
    /// `keysyms` holds `width` symbols a key, from key `first` on. `group` is the layout in force, 0 or 1.
    pub(super) const fn new(first: u8, width: u8, keysyms: Vec<u32>, group: usize) -> Self {
        Self { first, width: width as usize, keysyms, group }
    }

    /// The key whose plain symbol is `keysym`.
    pub(super) fn key(&self, keysym: u32) -> Option<u8> {
        self.rows().find(|(_, row)| row.first() == Some(&keysym)).map(|(keycode, _)| keycode)
    }

    /// How to type `text`, split where the unused keys run out.
    pub(super) fn passages(&self, text: &str) -> Result<Vec<Passage>, Obstacle> {
        let spare: Vec<u8> = self.spare().collect();
        let mut passages = vec![Passage::default()];
        for character in text.chars() {
            let keysym = keysym(character);
            let last = passages.last_mut().expect("there is one from the start");
            if let Some(stroke) = self.stroke(keysym) {
                last.strokes.push(stroke);
            } else if let Some(&(keycode, _)) = last.bindings.iter().find(|(_, bound)| *bound == keysym) {
                last.strokes.push(Stroke { keycode, level: Level::Plain });
            } else {
                if last.bindings.len() == spare.len() {
                    passages.push(Passage::default());
                }
                let last = passages.last_mut().expect("there is one from the start");
                let keycode = *spare.get(last.bindings.len()).ok_or(Obstacle::NoKeyFor(character))?;
                last.bindings.push((keycode, keysym));
                last.strokes.push(Stroke { keycode, level: Level::Plain });
            }
        }
        Ok(passages)
    }

    fn stroke(&self, keysym: u32) -> Option<Stroke> {
        self.rows().find_map(|(keycode, row)| {
            let columns = self.columns(row);
            let level = match row[columns].iter().position(|symbol| *symbol == keysym)? {
                0 => Level::Plain,
                _ => Level::Shifted,
            };
            Some(Stroke { keycode, level })
        })
    }

    /// A key without symbols in the second layout works as in the first.
    fn columns(&self, row: &[u32]) -> Range<usize> {
        let start = self.group * 2;
        if self.group > 0 && row.get(start).is_some_and(|symbol| *symbol != 0) {
            start..row.len().min(start + 2)
        } else {
            0..row.len().min(2)
        }
    }

    fn spare(&self) -> impl Iterator<Item = u8> {
        self.rows().filter(|(_, row)| row.iter().all(|symbol| *symbol == 0)).map(|(keycode, _)| keycode)
    }

    fn rows(&self) -> impl Iterator<Item = (u8, &[u32])> {
        (self.first..=u8::MAX).zip(self.keysyms.chunks_exact(self.width.max(1)))
    }
}

/// X11 protocol, appendix A: Latin-1 is itself, all else is its code point above `0x0100_0000`.
const fn keysym(character: char) -> u32 {
    let code = character as u32;
    match code {
        0x20..=0x7e | 0xa0..=0xff => code,
        _ => 0x0100_0000 | code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Keys 8 to 11: a/A, 1/!, nothing, nothing; the second layout has a Greek alpha on the first key.
    fn keymap(group: usize) -> Keymap {
        let keysyms = vec![0x61, 0x41, 0x0100_03b1, 0x0100_0391, 0x31, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Keymap::new(8, 4, keysyms, group)
    }

    fn plain(keycode: u8) -> Stroke {
        Stroke { keycode, level: Level::Plain }
    }

    fn shifted(keycode: u8) -> Stroke {
        Stroke { keycode, level: Level::Shifted }
    }

    #[test]
    fn both_levels_are_found() {
        let passages = keymap(0).passages("aA1!").unwrap();
        assert_eq!(passages, [Passage { bindings: vec![], strokes: vec![plain(8), shifted(8), plain(9), shifted(9)] }]);
    }

    #[test]
    fn the_layout_in_force_is_used() {
        let passages = keymap(1).passages("αa1").unwrap();
        assert_eq!(passages, [Passage { bindings: vec![(10, 0x61)], strokes: vec![plain(8), plain(10), plain(9)] }]);
    }

    #[test]
    fn other_characters_borrow_a_spare_key_and_keep_it() {
        let passages = keymap(0).passages("é→é").unwrap();
        assert_eq!(
            passages,
            [Passage { bindings: vec![(10, 0xe9), (11, 0x0100_2192)], strokes: vec![plain(10), plain(11), plain(10)] }]
        );
    }

    #[test]
    fn a_passage_ends_where_the_spare_keys_do() {
        let passages = keymap(0).passages("éü→").unwrap();
        assert_eq!(passages.len(), 2);
        assert_eq!(passages[1], Passage { bindings: vec![(10, 0x0100_2192)], strokes: vec![plain(10)] });
    }

    #[test]
    fn a_full_keyboard_says_for_which_character() {
        let full = Keymap::new(8, 2, vec![0x61, 0x41], 0);
        assert_eq!(full.passages("aé"), Err(Obstacle::NoKeyFor('é')));
    }
}
