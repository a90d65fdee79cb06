//! Expressions of PowerShell that are constant: strings put together, characters by their number, `-join`, `-f`, `.Replace`.

/// The text an expression stands for, when every part of it is known; `variable` knows those that are set.
#[must_use]
pub fn constant(source: &str, variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if source.len() > 4096 {
        return None;
    }
    let mut reader = Reader { rest: source.trim(), variable, depth: 0 };
    let value = reader.list()?;
    reader.rest.trim().is_empty().then(|| value.join(" "))
}

struct Reader<'a> {
    rest: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
    depth: u32,
}

impl Reader<'_> {
    fn skip(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if found {
            self.rest = &rest[word.len()..];
        }
        found
    }

    /// Items with `,` between them, then `-join` or `-f`.
    fn list(&mut self) -> Option<Vec<String>> {
        self.depth += 1;
        if self.depth > 16 {
            return None;
        }
        let joined_first = self.skip("-join");
        let mut items = self.sum()?;
        while self.skip(",") {
            items.extend(self.sum()?);
        }
        if joined_first {
            items = vec![items.concat()];
        } else if self.skip("-join") {
            let sign = self.sum()?.concat();
            items = vec![items.join(&sign)];
        } else if self.skip("-f") {
            let mut values = self.sum()?;
            while self.skip(",") {
                values.extend(self.sum()?);
            }
            let format = items.concat();
            let filled =
                values.iter().enumerate().fold(format, |text, (at, value)| text.replace(&format!("{{{at}}}"), value));
            items = vec![filled];
        }
        self.depth -= 1;
        Some(items)
    }

    fn sum(&mut self) -> Option<Vec<String>> {
        let mut value = self.item()?;
        while self.skip("+") {
            let next = self.item()?;
            value = vec![value.concat() + &next.concat()];
        }
        Some(value)
    }

    fn item(&mut self) -> Option<Vec<String>> {
        let mut value = self.plain()?;
        while self.skip(".replace(") {
            let from = self.sum()?.concat();
            let to = if self.skip(",") { self.sum()?.concat() } else { return None };
            if from.is_empty() || !self.skip(")") {
                return None;
            }
            value = vec![value.concat().replace(&from, &to)];
        }
        Some(value)
    }

    fn plain(&mut self) -> Option<Vec<String>> {
        if self.skip("[char[]]") {
            return self.list_in_brackets().map(|items| items.iter().filter_map(|item| character(item)).collect());
        }
        if self.skip("[char]") {
            let number = self.number()?;
            return character(&number).map(|c| vec![c]);
        }
        if self.skip("[string]") {
            return self.plain();
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '(' | '@' => self.list_in_brackets(),
            quote @ ('\'' | '"') => {
                let end = self.rest[1..].find(quote)? + 1;
                let text = &self.rest[1..end];
                if quote == '"' && text.contains(['$', '`']) {
                    return None;
                }
                self.rest = &self.rest[end + 1..];
                Some(vec![text.to_owned()])
            }
            '$' => {
                let name = &self.rest[1..];
                let length =
                    name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(name.len());
                self.rest = &name[length..];
                (self.variable)(&name[..length]).map(|value| vec![value])
            }
            '0'..='9' => self.number().map(|number| vec![number]),
            _ => None,
        }
    }

    fn list_in_brackets(&mut self) -> Option<Vec<String>> {
        self.skip("@");
        if !self.skip("(") {
            return None;
        }
        let items = self.list()?;
        self.skip(")").then_some(items)
    }

    fn number(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let length = self.rest.find(|c: char| !(c.is_ascii_hexdigit() || c == 'x')).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest;
        (!number.is_empty()).then(|| number.to_owned())
    }
}

fn character(number: &str) -> Option<String> {
    let code = match number.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).map(String::from)
}
