//! What each part of a command does: the words a person gets, and that nothing is left out or made up.

use caro::context::{Context, Os};
use caro::explain::explain;
use caro::shell::Shell;
use proptest::prelude::*;

fn check(shell: Shell, command: &str, expected: &[(&str, &str, u8)]) {
    let parts = explain(command, &Context::new(shell, Os::Linux));
    let found: Vec<_> = parts.iter().map(|part| (part.text.as_str(), part.meaning.as_str(), part.depth)).collect();
    assert_eq!(found, expected, "{command:?}");
}

#[test]
fn bundled_flags_are_explained_one_by_one() {
    check(
        Shell::Bash,
        "tar xzf a.tgz",
        &[
            ("tar", "packs and unpacks archives", 0),
            ("x", "takes files out of the archive", 1),
            ("z", "packed with gzip", 1),
            ("f a.tgz", "the archive is a.tgz", 1),
        ],
    );
    check(
        Shell::Bash,
        "ls -lh",
        &[
            ("ls", "lists files", 0),
            ("-l", "with permissions, owner, size and date", 1),
            ("-h", "with sizes people can read", 1),
        ],
    );
}

#[test]
fn letters_behind_a_dash_are_no_bundle() {
    check(
        Shell::Bash,
        "tar -czf a.tgz notes",
        &[
            ("tar", "packs and unpacks archives", 0),
            ("-c", "makes an archive", 1),
            ("-z", "packed with gzip", 1),
            ("-f a.tgz", "the archive is a.tgz", 1),
            ("notes", "what to pack or unpack", 1),
        ],
    );
}

#[test]
fn the_same_letter_differs_by_subcommand() {
    check(
        Shell::Bash,
        "kubectl logs -f web",
        &[
            ("kubectl", "looks after a cluster", 0),
            ("logs", "shows what a pod has printed", 1),
            ("-f", "and what it prints from now on", 1),
            ("web", "the pod", 1),
        ],
    );
}

#[test]
fn pipes_wrappers_and_redirections_have_words_too() {
    check(
        Shell::Bash,
        "sudo du -sh /var | sort -k 2 > out.txt 2>/dev/null",
        &[
            ("sudo", "runs what follows with all rights", 0),
            ("du", "says how much space files take", 0),
            ("-s", "one total for each", 1),
            ("-h", "in units people can read", 1),
            ("/var", "the folder or file", 1),
            ("|", "hands what it prints to the next command", 0),
            ("sort", "sorts lines", 0),
            ("-k 2", "by column 2", 1),
            ("> out.txt", "writes what it prints into out.txt, over what is there", 1),
            ("2>/dev/null", "throws error messages away", 1),
        ],
    );
}

#[test]
fn subcommands_know_their_own_options() {
    check(
        Shell::Bash,
        "git commit --amend -m 'better words'",
        &[
            ("git", "keeps versions of files", 0),
            ("commit", "records the noted changes", 1),
            ("--amend", "in place of the last commit", 1),
            ("-m 'better words'", "with the message 'better words'", 1),
        ],
    );
}

#[test]
fn nested_commands_are_explained_below() {
    check(
        Shell::Bash,
        "bash -c 'ls -a'",
        &[
            ("bash", "runs a script in bash", 0),
            ("-c", "the next argument is the script", 1),
            ("'ls -a'", "a script", 1),
            ("ls", "lists files", 2),
            ("-a", "hidden ones too", 3),
        ],
    );
}

#[test]
fn the_unknown_is_said_to_be_unknown() {
    check(
        Shell::Bash,
        "frobnicate --fast x && ls --sparkle",
        &[
            ("frobnicate", "a program that is not known here", 0),
            ("--fast", "an option that is not known here", 1),
            ("x", "an argument", 1),
            ("&&", "and if that worked", 0),
            ("ls", "lists files", 0),
            ("--sparkle", "an option that is not known here", 1),
        ],
    );
}

#[test]
fn powershell_names_are_known_in_any_case() {
    check(
        Shell::PowerShell,
        "get-childitem -Recurse | Sort-Object Length",
        &[
            ("get-childitem", "lists files", 0),
            ("-Recurse", "with everything in the folders below", 1),
            ("|", "hands what it prints to the next command", 0),
            ("Sort-Object", "sorts", 0),
            ("Length", "by this", 1),
        ],
    );
}

proptest! {
    // A case that failed becomes a row, not a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_explained(text in "\\PC{0,60}") {
        for shell in [Shell::Bash, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
            for part in explain(&text, &Context::new(shell, Os::Linux)) {
                prop_assert!(!part.meaning.is_empty(), "{:?}", part);
            }
        }
    }
}
