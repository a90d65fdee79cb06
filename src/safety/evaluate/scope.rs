//! What a shell would remember from one command to the next.

use std::rc::Rc;

use super::{Feed, Frame};
use crate::context::Context;
use crate::safety::place::{HOLE, resolve};
use crate::shell::syntax::Script;

/// A function defined in the line.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) body: Rc<Script>,
    pub(crate) frame: Frame,
}

/// Variables, functions, aliases, the folder, files written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    // A line sets a handful of variables: a scan from the back beats hashing. Shared, since every subshell and wrapper
    // starts with a copy, and few of them change it.
    variables: Rc<Vec<(String, Vec<String>)>>,
    pub(crate) functions: Vec<Function>,
    pub(crate) aliases: Vec<(String, String)>,
    /// `$1`, `$2`, …; `None` until they are known.
    pub(crate) positional: Option<Vec<String>>,
    cwd: Option<String>,
    /// Whether commands run on this machine, with its files: not so behind `ssh`, in a container, in another terminal.
    here: bool,
    files: Rc<Vec<(String, Feed)>>,
    /// Whether an archive from the network was unpacked: then no file here is known to be one's own.
    unpacked: bool,
}

impl Scope {
    /// What is known before the line starts.
    pub(crate) fn new(context: &Context) -> Self {
        let cwd = context.cwd.as_ref().and_then(|cwd| cwd.to_str()).map(|cwd| resolve(cwd, None, context));
        Self { cwd, here: true, ..Self::default() }
    }

    /// Whether paths are those of this machine.
    pub(crate) fn is_here(&self) -> bool {
        self.here
    }

    /// The same knowledge, for a command that runs where other files are, or whose files are told by its carrier.
    pub(crate) fn elsewhere(&self) -> Self {
        Self { here: false, ..self.clone() }
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        put(&mut self.variables, name, vec![value]);
    }

    pub(crate) fn set_list(&mut self, name: &str, values: Vec<String>) {
        put(&mut self.variables, name, values);
    }

    /// The values of a variable: one, or those of an array.
    pub(crate) fn get(&self, name: &str) -> Option<&[String]> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }

    pub(crate) fn cwd(&self) -> Option<&str> {
        self.cwd.as_deref()
    }

    /// `cd`.
    pub(crate) fn enter(&mut self, folder: &str, context: &Context) {
        let known = self.cwd.is_some() || folder.starts_with(['/', '~', '\\']) || folder.get(1..2) == Some(":");
        let next = if known {
            resolve(folder, self.cwd(), context)
        } else {
            format!("{HOLE}/{}", resolve(folder, None, context))
        };
        // A folder below an unknown one is as unknown as any, and needs no path.
        self.cwd = if next.starts_with(HOLE) { None } else { Some(next) };
    }

    /// What a file holds, as far as this line has written it.
    pub(crate) fn file(&self, path: &str) -> Feed {
        let name = path.trim_start_matches("./").trim_start_matches(".\\");
        let known = self.files.iter().rev().find(|(known, _)| known == name);
        match known {
            Some((_, feed)) => feed.clone(),
            None if self.unpacked && path.contains('/') && !path.starts_with(['/', '~', '-']) => Feed::Network,
            None => Feed::File,
        }
    }

    /// What came from the network lies here as files now.
    pub(crate) fn unpack(&mut self) {
        self.unpacked = true;
    }

    pub(crate) fn write_file(&mut self, path: &str, feed: Feed) {
        put(&mut self.files, path.trim_start_matches("./").trim_start_matches(".\\"), feed);
    }
}

/// Gives a name its value, in place of the one it had.
fn put<T: Clone>(known: &mut Rc<Vec<(String, T)>>, name: &str, value: T) {
    let known = Rc::make_mut(known);
    match known.iter_mut().rev().find(|(given, _)| given == name) {
        Some((_, old)) => *old = value,
        None => known.push((name.to_owned(), value)),
    }
}
