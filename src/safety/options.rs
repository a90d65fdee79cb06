//! The arguments of a program told apart the way `getopt_long` does: bundled and glued short flags, abbreviated long ones,
//! values in the next argument, operands anywhere, `--`.

use super::evaluate::Arg;

/// Options and operands of one command.
pub(crate) struct Options<'a> {
    shorts: Vec<(char, Option<&'a str>)>,
    longs: Vec<(&'a str, Option<&'a str>)>,
    /// What is not an option, in order.
    pub(crate) operands: Vec<&'a Arg>,
}

impl<'a> Options<'a> {
    /// Reads `args`; `valued` are the short options that take a value, `long_valued` the long ones.
    pub(crate) fn parse(args: &'a [Arg], valued: &str, long_valued: &[&str]) -> Self {
        let mut options = Self { shorts: Vec::new(), longs: Vec::new(), operands: Vec::new() };
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            let text = arg.text.as_str();
            if text == "--" {
                options.operands.extend(rest);
                break;
            }
            if let Some(long) = text.strip_prefix("--") {
                let (name, glued) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                let takes_next =
                    glued.is_none() && long_valued.iter().any(|valued| valued.trim_start_matches('-') == name);
                let value = if takes_next { rest.next().map(|next| next.text.as_str()) } else { glued };
                options.longs.push((name, value));
            } else if text.len() > 1 && text.starts_with('-') {
                options.bundle(&text[1..], valued, &mut rest);
            } else {
                options.operands.push(arg);
            }
        }
        options
    }

    fn bundle(&mut self, flags: &'a str, valued: &str, rest: &mut std::slice::Iter<'a, Arg>) {
        for (at, flag) in flags.char_indices() {
            if valued.contains(flag) {
                let glued = &flags[at + flag.len_utf8()..];
                let value = if glued.is_empty() { rest.next().map(|next| next.text.as_str()) } else { Some(glued) };
                self.shorts.push((flag, value));
                return;
            }
            self.shorts.push((flag, None));
        }
    }

    /// Whether the short option is given.
    pub(crate) fn short(&self, flag: char) -> bool {
        self.shorts.iter().any(|(given, _)| *given == flag)
    }

    /// Whether the long option is given, in full or abbreviated. `name` marks the shortest abbreviation that is not another
    /// option's: `f|orce` accepts `--f`, `--for`; without a mark only the full name counts.
    pub(crate) fn long(&self, name: &str) -> bool {
        self.longs.iter().any(|(given, _)| abbreviates(given, name))
    }

    /// Either of the two.
    pub(crate) fn any(&self, flags: &str, name: &str) -> bool {
        flags.chars().any(|flag| self.short(flag)) || self.long(name)
    }

    /// The value of an option, by its short or long name; the last one counts.
    pub(crate) fn value(&self, flag: char, name: &str) -> Option<&'a str> {
        let long = self.longs.iter().rev().find(|(given, _)| abbreviates(given, name)).and_then(|(_, value)| *value);
        long.or_else(|| self.shorts.iter().rev().find(|(given, _)| *given == flag).and_then(|(_, value)| *value))
    }

    /// Whether the user only asked for help or the version.
    pub(crate) fn asks_for_help(&self) -> bool {
        self.long("help") || self.long("version")
    }
}

fn abbreviates(given: &str, name: &str) -> bool {
    match name.split_once('|') {
        None => given == name,
        Some((least, rest)) => given.strip_prefix(least).is_some_and(|more| rest.starts_with(more)),
    }
}

/// Parameters of a PowerShell cmdlet: any case, any unambiguous abbreviation, `-Name:value`.
pub(crate) struct Parameters<'a> {
    given: Vec<String>,
    /// Arguments that are no parameter; the value of a parameter counts too, since which ones take a value is not known here.
    pub(crate) values: Vec<&'a Arg>,
}

impl<'a> Parameters<'a> {
    /// Reads `args`.
    pub(crate) fn parse(args: &'a [Arg]) -> Self {
        let mut given = Vec::new();
        let mut values = Vec::new();
        for arg in args {
            let name = arg
                .text
                .strip_prefix(['-', '\u{2013}', '\u{2014}'])
                .filter(|name| name.starts_with(char::is_alphabetic));
            if let Some(name) = name {
                given.push(name.to_ascii_lowercase());
            } else {
                values.push(arg);
            }
        }
        Self { given, values }
    }

    /// Whether the switch is given: `least|rest` marks the shortest abbreviation. `-Switch:$false` does not count.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|given| {
            let (given, value) = given.split_once(':').unwrap_or((given, ""));
            abbreviates(given, name) && value != "$false"
        })
    }
}
