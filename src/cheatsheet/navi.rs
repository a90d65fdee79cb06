//! Cheat sheets of navi: `% tags`, `# what it does`, then the command with `<blanks>`. What suggests values (`$ name: command`) would
//! run something and is left out.

use super::draft::{Draft, Piece};

/// The commands of a sheet that are one line.
pub(super) fn from_navi(sheet: &str) -> Vec<Draft> {
    let mut about: Vec<String> = Vec::new();
    let mut says: Option<String> = None;
    let mut command: Vec<&str> = Vec::new();
    let mut drafts = Vec::new();
    for line in sheet.lines().chain(["#"]) {
        let line = line.trim_end();
        match line.chars().next() {
            Some('%' | '#' | '$' | '@' | ';') | None => {
                if let ([only], Some(says)) = (command.as_slice(), &says) {
                    let pieces = pieces(only);
                    drafts.push(Draft { about: about.clone(), says: says.clone(), pieces, windows: false });
                }
                command.clear();
                if let Some(tags) = line.strip_prefix('%') {
                    about = tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
                } else if let Some(sentence) = line.strip_prefix('#') {
                    says = Some(sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty());
                }
            }
            Some(_) => command.push(line),
        }
    }
    drafts
}

fn pieces(command: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = command;
    while let Some(next) = rest.chars().next() {
        let blank = rest.strip_prefix('<').and_then(|after| after.split_once('>')).filter(|(name, _)| is_name(name));
        if let Some((name, after)) = blank {
            // Quotes right around a blank are the author's: a value brings its own.
            let quote = text.chars().next_back().filter(|c| matches!(c, '"' | '\'') && after.starts_with(*c));
            if quote.is_some() {
                text.pop();
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Blank(name.to_owned()));
            rest = &after[quote.map_or(0, char::len_utf8)..];
        } else {
            text.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_its_comment_and_tags() {
        let sheet = "% frob, tools\n\n# Frob a file\nfrob \"<file>\" > <out_file>\n\n$ file: ls\n\n# Two lines\na\nb\n; note\n# Last\nfrob --all\n";
        let drafts = from_navi(sheet);
        let says: Vec<&str> = drafts.iter().map(|draft| draft.says.as_str()).collect();
        assert_eq!(says, ["Frob a file", "Last"]);
        assert_eq!(drafts[0].about, ["frob", "tools"]);
        let text = |text: &str| Piece::Text(text.to_owned());
        let blank = |name: &str| Piece::Blank(name.to_owned());
        assert_eq!(drafts[0].pieces, [text("frob "), blank("file"), text(" > "), blank("out_file")]);
    }

    #[test]
    fn any_sheet_is_read() {
        for sheet in ["", "%", "#\n<", "# a\n<>", "# a\n'<b>", "\u{0}", "# é\nx <é> \"<y>"] {
            from_navi(sheet);
        }
    }
}
