//! Files that tell a build tool what to run, when they come out of a pipe or from an address: `make -f -`, `cmake -P <(…)`.

use super::{Arg, Evaluator, Feed, Frame, Origin, Scope};
use crate::safety::rules::code::{self, Language};
use crate::shell::Shell;

/// Options that name such a file: programs, the options, and whether its lines are commands of a shell.
const FILES: &[(&[&str], &[&str], bool)] = &[
    (&["make", "gmake", "bmake", "mk"], &["-f", "--file", "--makefile"], true),
    (&["just"], &["-f", "--justfile"], true),
    (&["task", "go-task"], &["-t", "--taskfile"], true),
    (&["ninja", "samu"], &["-f"], true),
    (&["rake"], &["-f", "--rakefile"], false),
    (&["cmake", "ctest"], &["-P", "-C", "-S"], false),
    (&["gradle", "gradlew"], &["-I", "--init-script", "-b", "--build-file", "-c", "--settings-file"], false),
    (&["mvn", "mvnw"], &["-f", "--file", "-s", "--settings"], false),
    (&["ant"], &["-f", "-file", "-buildfile"], false),
    (&["scons"], &["-f", "--file", "--sconstruct"], false),
    (&["invoke", "inv", "fab"], &["-c", "-f", "--collection"], false),
    (&["doit", "waf", "meson", "bazel", "buck"], &["-f", "--file"], false),
    (&["nix", "nix-build", "nix-shell", "nix-env"], &["-f", "--file"], false),
    (&["packer", "dagger", "earthly", "skaffold", "tilt"], &["-f", "--file", "-var-file"], false),
];

impl Evaluator<'_> {
    pub(super) fn build_file(&mut self, name: &str, args: &[Arg], scope: &mut Scope, feed: &Feed) {
        let Some((_, options, is_shell)) = FILES.iter().find(|(programs, ..)| programs.contains(&name)) else { return };
        for (at, arg) in args.iter().enumerate() {
            let (option, glued) = arg.text.split_once('=').unwrap_or((arg.text.as_str(), ""));
            let short = options.iter().find(|option| option.len() == 2 && arg.text.starts_with(*option));
            let (file, value) = if options.contains(&option) {
                match args.get(at + 1) {
                    Some(next) if glued.is_empty() => (next, next.text.as_str()),
                    _ => (arg, glued),
                }
            } else if let Some(short) = short.filter(|_| !arg.text.starts_with("--")) {
                (arg, &arg.text[short.len()..])
            } else {
                continue;
            };
            let known = match value {
                "-" | "/dev/stdin" | "/dev/fd/0" => feed.clone(),
                _ if value.contains("://") => Feed::Network,
                _ if file.feed != Feed::Nothing => file.feed.clone(),
                _ => scope.file(value),
            };
            match known {
                Feed::Text(text, origin) if *is_shell => self.recipes(&text, &origin, scope),
                Feed::Text(text, _) => {
                    code::judge(Language::Other, &[], &text, file.span.clone(), &mut self.verdict);
                    self.embedded(Language::Other, &text, &file.span, scope);
                }
                Feed::File | Feed::Nothing => {}
                other => self.runs_unknown(&other, &file.span),
            }
        }
    }

    /// Indented lines of a makefile are commands.
    fn recipes(&mut self, text: &str, origin: &Origin, scope: &mut Scope) {
        let frame = Frame { shell: Shell::Bash, origin: Origin::Fixed(origin.span(&(0..text.len()))) };
        for line in text.lines() {
            let command = line.strip_prefix(['\t', ' ']).or_else(|| line.split_once(';').map(|(_, command)| command));
            if let Some(command) = command {
                let command = command.trim_start().trim_start_matches(['@', '-', '+']);
                drop(self.text(command, &frame, &mut scope.clone(), &Feed::Nothing));
            }
        }
    }
}
