//! Pages of tldr: a title, and examples of a sentence and a command in backticks with `{{blanks}}`.

use super::draft::{Draft, Piece};

/// The examples of a page; `windows` when it is about programs of Windows.
pub(super) fn from_tldr(page: &str, windows: bool) -> Vec<Draft> {
    let mut title = None;
    let mut says: Option<String> = None;
    let mut drafts = Vec::new();
    for line in page.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("# ") {
            title = Some(name.trim().to_owned());
        } else if let Some(sentence) = line.strip_prefix("- ") {
            says = Some(without_marks(sentence.trim_end_matches(':')));
        } else if let Some(command) = line.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'))
            && let Some(says) = says.take()
        {
            drafts.push(Draft { about: title.iter().cloned().collect(), says, pieces: pieces(command), windows });
        }
    }
    drafts
}

// `[c]reate` marks the letter of a flag.
fn without_marks(sentence: &str) -> String {
    sentence.replace(['[', ']', '`'], "")
}

fn pieces(command: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = command;
    while let Some(open) = rest.find("{{") {
        let Some(length) = rest[open..].find("}}") else { break };
        // `}}}` ends a blank that ends in a brace.
        let mut close = open + length;
        while rest[close + 1..].starts_with("}}") {
            close += 1;
        }
        text(&mut pieces, &rest[..open]);
        pieces.push(blank(&rest[open + 2..close]));
        rest = &rest[close + 2..];
    }
    text(&mut pieces, rest);
    whole_quotes(&mut pieces);
    pieces
}

fn text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

// `[-f|--force]` are spellings of one flag.
fn blank(inside: &str) -> Piece {
    let flags = inside.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match flags.and_then(|flags| flags.split('|').next()) {
        Some(flag) => Piece::Text(flag.to_owned()),
        None => Piece::Blank(inside.to_owned()),
    }
}

// Quotes right around a blank are the author's: a value brings its own.
fn whole_quotes(pieces: &mut [Piece]) {
    for at in 1..pieces.len().saturating_sub(1) {
        let [before, Piece::Blank(_), after] = &mut pieces[at - 1..=at + 1] else { continue };
        let (Piece::Text(before), Piece::Text(after)) = (before, after) else { continue };
        for quote in ['"', '\''] {
            if before.ends_with(quote) && after.starts_with(quote) {
                before.pop();
                after.remove(0);
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_a_sentence_and_a_command() {
        let page = "# frob\n\n> Frobs things.\n> More information: <https://example.com>.\n\n- [C]reate a frob from a file:\n\n`frob {{[-c|--create]}} \"{{path/to/file}}\" --size {{10}}`\n\n- No command\n";
        let drafts = from_tldr(page, false);
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].says, "Create a frob from a file");
        assert_eq!(drafts[0].about, ["frob"]);
        let text = |text: &str| Piece::Text(text.to_owned());
        let blank = |name: &str| Piece::Blank(name.to_owned());
        assert_eq!(
            drafts[0].pieces,
            [text("frob "), text("-c"), text(" "), blank("path/to/file"), text(" --size "), blank("10")]
        );
    }

    #[test]
    fn any_page_is_read() {
        for page in ["", "`", "- x\n``", "- x\n`{{`", "- x\n`{{}}}`", "- x\n`a {{b}} c}}`", "# \n- \n` `"] {
            from_tldr(page, false);
        }
    }
}
