//! Characters that look alike become alike: width, spaces, invisible marks.
//!
//! Only what turns up in typed and pasted questions; full NFKC would need tables of a megabyte and would rewrite values.

/// Folds one text. Idempotent; the result has no control, zero-width or direction-changing character and no outer space.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4096));
    for character in text.chars() {
        match character {
            // Zero-width and direction marks hide text from the reader: what is not seen is not asked.
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}' => {}
            // Full-width forms, as an East Asian keyboard types them.
            '\u{FF01}'..='\u{FF5E}' => folded.extend(char::from_u32(u32::from(character) - 0xFEE0)),
            '\u{2010}'..='\u{2013}' | '\u{2212}' => folded.push('-'),
            _ if character.is_whitespace() || character.is_control() => folded.push(' '),
            _ => folded.push(character),
        }
    }
    folded.trim().to_owned()
}
