//! The options and variables whose value is run, one a row.

/// How a value holds its command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It is a command.
    Script,
    /// `exec=command`.
    Exec,
    /// A command of an interactive program, which may escape to a shell: `!ls`.
    Escape,
    /// A text in the program's own language.
    Code,
}

pub(super) struct Carried {
    pub(super) programs: &'static [&'static str],
    pub(super) short: &'static str,
    /// Long options; found with one dash as well, for programs that write them so.
    pub(super) long: &'static [&'static str],
    pub(super) form: Form,
}

const fn row(
    programs: &'static [&'static str],
    short: &'static str,
    long: &'static [&'static str],
    form: Form,
) -> Carried {
    Carried { programs, short, long, form }
}

pub(super) const OPTIONS: &[Carried] = &[
    row(
        &["tar", "gtar", "bsdtar"],
        "IF",
        &["to-command", "use-compress-program", "info-script", "new-volume-script", "rsh-command", "rmt-command"],
        Form::Script,
    ),
    row(&["tar", "gtar"], "", &["checkpoint-action"], Form::Exec),
    row(&["rsync"], "e", &["rsh", "rsync-path"], Form::Script),
    row(&["scp", "sftp"], "S", &[], Form::Script),
    row(&["zip"], "", &["TT", "unzip-command"], Form::Script),
    row(&["sort", "gsort"], "", &["compress-program"], Form::Script),
    row(&["split", "csplit"], "", &["filter"], Form::Script),
    row(&["tcpdump"], "z", &[], Form::Script),
    row(&["man"], "PH", &["pager", "html"], Form::Script),
    row(&["make", "gmake"], "", &["eval"], Form::Script),
    row(&["gdb", "lldb"], "", &["ex", "eval-command", "iex", "o", "one-line"], Form::Escape),
    row(&["vim", "vi", "nvim", "view", "gvim", "ex"], "c", &["cmd"], Form::Escape),
    row(&["emacs", "emacsclient"], "", &["eval", "execute"], Form::Code),
    row(&["ghc", "swift"], "e", &[], Form::Code),
    row(&["erl"], "", &["eval", "run"], Form::Code),
    row(
        &[
            "octave", "sbcl", "ecl", "ccl", "clisp", "racket", "swipl", "raku", "crystal", "nim", "iex", "lein",
            "clojure", "clj", "bb", "kotlinc", "jshell", "maxima", "gnuplot", "scsh", "csi", "gsi", "janet", "nu",
            "xonsh", "elvish",
        ],
        "e",
        &["eval", "execute"],
        Form::Code,
    ),
    row(&["repo", "mr", "myrepos"], "c", &["command"], Form::Script),
    row(&["gcloud", "doctl"], "", &["command", "ssh-command"], Form::Script),
    row(&["fly", "flyctl"], "C", &["command"], Form::Script),
    row(&["compgen", "complete"], "C", &[], Form::Script),
    row(&["fc"], "e", &[], Form::Script),
    row(&["bind"], "x", &[], Form::Code),
    row(&["npm", "npx", "pnpm", "yarn"], "c", &["call"], Form::Script),
    row(&["git-difftool"], "x", &[], Form::Script),
    row(&["tclsh", "expect"], "c", &[], Form::Code),
    row(&["fzf"], "", &["preview"], Form::Script),
    row(
        &["git"],
        "",
        &[
            "upload-pack",
            "receive-pack",
            "extcmd",
            "open-files-in-pager",
            "tree-filter",
            "index-filter",
            "msg-filter",
            "commit-filter",
            "env-filter",
            "parent-filter",
            "tag-name-filter",
            "setup",
        ],
        Form::Script,
    ),
    row(&["wget"], "", &["use-askpass"], Form::Script),
    row(&["logrotate"], "m", &["mail"], Form::Script),
    row(&["flock", "sg", "newgrp", "runuser", "vagrant"], "c", &["command"], Form::Script),
];

/// Variables whose value some program runs.
pub(super) const HOOKS: &[&str] = &[
    "PAGER",
    "MANPAGER",
    "GIT_PAGER",
    "SYSTEMD_PAGER",
    "EDITOR",
    "VISUAL",
    "SUDO_EDITOR",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_PROXY_COMMAND",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "LESSOPEN",
    "LESSCLOSE",
    "BROWSER",
    "RSYNC_RSH",
    "CVS_RSH",
    "FZF_DEFAULT_COMMAND",
    "KUBE_EDITOR",
    "FCEDIT",
];
