//! The package managers, and the command by which each installs a package.

use super::table::row;
use crate::context::{Context, Os};

struct Installer {
    program: &'static str,
    os: &'static [Os],
    install: &'static str,
    /// Whether it takes all rights.
    rights: bool,
}

// In the order they are asked: a machine with two of them was set up with the first.
const INSTALLERS: &[Installer] = &[
    Installer { program: "apt", os: &[Os::Linux], install: "install", rights: true },
    Installer { program: "dnf", os: &[Os::Linux], install: "install", rights: true },
    Installer { program: "pacman", os: &[Os::Linux], install: "-S", rights: true },
    Installer { program: "zypper", os: &[Os::Linux], install: "install", rights: true },
    Installer { program: "apk", os: &[Os::Linux], install: "add", rights: true },
    Installer { program: "brew", os: &[Os::Linux, Os::MacOs], install: "install", rights: false },
    Installer { program: "winget", os: &[Os::Windows], install: "install", rights: false },
    Installer { program: "choco", os: &[Os::Windows], install: "install", rights: false },
    Installer { program: "scoop", os: &[Os::Windows], install: "install", rights: false },
];

/// The command that installs a program on the machine of `context`, when a package with it is known to a manager that is there.
pub(super) fn install(program: &str, context: &Context) -> Option<String> {
    let row = row(program)?;
    INSTALLERS.iter().filter(|installer| installer.os.contains(&context.os)).find_map(|installer| {
        let Installer { program: name, install, rights, .. } = installer;
        let package = row.package(name, program).filter(|_| !context.lacks(name))?;
        let sudo = if *rights && !context.elevated { "sudo " } else { "" };
        Some(format!("{sudo}{name} {install} {package}"))
    })
}
