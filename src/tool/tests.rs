//! Over a folder of programs that is all a machine has.

use std::collections::BTreeSet;

use super::*;
use crate::context::{Os, Programs, programs};

/// A machine with these programs and no others.
struct Machine {
    folder: tempfile::TempDir,
    context: Context,
}

fn machine(programs: &str) -> Machine {
    let folder = tempfile::tempdir().unwrap();
    for name in programs.split_whitespace() {
        programs::make(folder.path(), name);
    }
    let programs = Some(Programs::of([folder.path().to_owned()]));
    let context = Context { programs, local: true, ..Context::new(Shell::Bash, Os::Linux) };
    Machine { folder, context }
}

impl Machine {
    fn lacks(&self, command: &str) -> String {
        missing(command, &self.context).into_iter().map(|missing| missing.program).collect::<Vec<_>>().join(" ")
    }

    fn instead(&self, command: &str) -> Option<String> {
        instead(command, &self.context)
    }
}

#[test]
fn what_a_command_needs_is_looked_for() {
    let machine = machine("ls grep sudo ssh docker find xargs sh env");
    for (command, lacks) in [
        ("ls -l | grep x", ""),
        ("jq . a.json", "jq"),
        ("sudo jq . a.json | grep x", "jq"),
        ("find . -name x | xargs -n 1 jq . && jq . b", "jq"),
        ("find . -exec frob {} \\; ; blub", "frob blub"),
        ("sh -c 'jq . x'", "jq"),
        ("env A=1 frob", "frob"),
        ("ls $(frob)", "frob"),
        // What the shell does itself, or finds elsewhere.
        ("cd x && echo a; export A=1; type jq; [ -f x ] && exit", ""),
        ("./frob; /opt/frob/frob; ~/bin/frob; $EDITOR x", ""),
        ("frob() { echo a; ls; }; frob", ""),
        ("ssh host jq . x", ""),
        ("docker run --rm image jq . x", ""),
        ("docker exec -it web frob", ""),
        ("", ""),
    ] {
        assert_eq!(machine.lacks(command), lacks, "{command}");
    }
}

#[test]
fn another_machine_lacks_nothing() {
    let context = Context::new(Shell::Bash, Os::Linux);
    assert_eq!(missing("jq . x", &context), []);
    assert_eq!(instead("jq . x", &context), None);
}

#[test]
fn the_package_manager_that_is_there_installs_it() {
    let install = |programs: &str, os: Os, elevated: bool, command: &str| {
        let machine = machine(programs);
        let context = Context { os, elevated, ..machine.context.clone() };
        missing(command, &context).into_iter().next().and_then(|missing| missing.install)
    };
    for (programs, os, elevated, command, wanted) in [
        ("apt", Os::Linux, false, "jq . x", Some("sudo apt install jq")),
        ("apt brew", Os::Linux, false, "jq . x", Some("sudo apt install jq")),
        ("apt", Os::Linux, true, "jq . x", Some("apt install jq")),
        ("apt brew", Os::Linux, false, "helm list", Some("brew install helm")),
        ("dnf", Os::Linux, false, "rg x", Some("sudo dnf install ripgrep")),
        ("pacman", Os::Linux, false, "dig x", Some("sudo pacman -S bind")),
        ("zypper", Os::Linux, false, "fd x", Some("sudo zypper install fd")),
        ("apk", Os::Linux, false, "xz x", Some("sudo apk add xz")),
        ("brew", Os::MacOs, false, "wget x", Some("brew install wget")),
        ("apt", Os::MacOs, false, "wget x", None),
        ("winget scoop", Os::Windows, false, "jq . x", Some("winget install jqlang.jq")),
        ("scoop", Os::Windows, false, "jq . x", Some("scoop install jq")),
        ("apt", Os::Linux, false, "frob", None),
        ("", Os::Linux, false, "jq . x", None),
    ] {
        assert_eq!(install(programs, os, elevated, command).as_deref(), wanted, "{programs}: {command}");
    }
}

#[test]
fn what_is_there_is_offered_instead() {
    for (programs, command, instead) in [
        ("netstat", "ss -tulpn", Some("netstat -tulpn")),
        ("netstat grep sudo", "sudo ss -tulpn | grep 22", Some("sudo netstat -tulpn | grep 22")),
        ("nslookup", "dig +short example.com", Some("nslookup example.com")),
        ("nslookup host", "dig +short example.com MX", Some("host -t MX example.com")),
        ("python3 less", "jq . 'a b.json' | less", Some("python3 -m json.tool 'a b.json' | less")),
        ("batcat", "bat a b", Some("batcat a b")),
        ("cat", "bat a b", Some("cat a b")),
        ("podman", "docker ps -a", Some("podman ps -a")),
        ("ps", "pstree -p", Some("ps axf")),
        // Nothing else is there, or nothing that does this.
        ("", "ss -tulpn", None),
        ("netstat", "ss -o state established", None),
        ("python3", "jq .name a.json", None),
        ("netstat", "ss -tulpn | frob", None),
        ("ls", "ls", None),
    ] {
        assert_eq!(machine(programs).instead(command).as_deref(), instead, "{programs}: {command}");
    }
}

#[test]
fn a_powershell_command_needs_no_program_for_cmdlets_and_aliases() {
    let machine = machine("git");
    let context = Context { shell: Shell::PowerShell, ..machine.context.clone() };
    assert!(machine.folder.path().exists());
    for command in
        ["Get-ChildItem | Where-Object Length -gt 1MB", "ls | sort Length", "git log", "iwr https://example.com"]
    {
        assert_eq!(missing(command, &context), [], "{command}");
    }
    assert_eq!(missing("ffmpeg -i a b", &context).len(), 1);
}

#[test]
fn the_table_is_sound() {
    let mut wrong = BTreeSet::new();
    for (program, row) in table::rows() {
        for [from, to] in &row.instead {
            let places = |text: &str| {
                text.split(' ').filter(|word| word.starts_with('{')).map(str::to_owned).collect::<BTreeSet<_>>()
            };
            let given = places(from);
            let unknown = ["{1}", "{2}", "{*}"].iter().any(|place| to.contains(place) && !given.contains(*place));
            let by_itself = to.split(' ').next() == Some(program.as_str());
            if from.split(' ').next() != Some(program.as_str()) || unknown || by_itself {
                wrong.insert(format!("{program}: {from} -> {to}"));
            }
        }
        if row.also.contains(program) {
            wrong.insert(format!("{program} is also itself"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
