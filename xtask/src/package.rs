//! What a Linux machine must have from its distribution: one table, one row a need.
//!
//! On Debian and Ubuntu missing packages are installed; elsewhere their names are told. Other systems need none: macOS and
//! Windows bring their web view along.

use std::{
    env,
    io::{self, BufRead, IsTerminal, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::program::{output, run, say};

/// What a package is needed for. Testing needs building too, and measuring both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// To build and run the app.
    Build,
    /// To run it on the virtual desktop.
    Test,
    /// To measure it beside another launcher.
    Bench,
}

/// Whether packages may be installed without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Ask first.
    Ask,
    /// Said on the command line, or nobody is there to be asked.
    Given,
}

impl Consent {
    /// By the flag `--yes`, or because this is a CI machine.
    pub(crate) fn given(yes: bool) -> Self {
        if yes || env::var_os("CI").is_some() { Self::Given } else { Self::Ask }
    }
}

struct Package {
    need: Need,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
}

const fn row(need: Need, apt: &'static str, dnf: &'static str, pacman: &'static str) -> Package {
    Package { need, apt, dnf, pacman }
}

/// Recommended packages are not installed, so what is needed at run time stands here too.
const PACKAGES: [Package; 28] = [
    row(Need::Build, "build-essential", "gcc-c++", "base-devel"),
    row(Need::Build, "pkg-config", "pkgconf", "pkgconf"),
    row(Need::Build, "libgtk-3-dev", "gtk3-devel", "gtk3"),
    row(Need::Build, "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"),
    row(Need::Build, "libdbus-1-dev", "dbus-devel", "dbus"),
    row(Need::Build, "libayatana-appindicator3-1", "libayatana-appindicator-gtk3", "libayatana-appindicator"),
    row(Need::Build, "librsvg2-common", "librsvg2", "librsvg"),
    row(Need::Test, "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    row(Need::Test, "openbox", "openbox", "openbox"),
    row(Need::Test, "xfce4-panel", "xfce4-panel", "xfce4-panel"),
    row(Need::Test, "webkit2gtk-driver", "webkit2gtk4.1", "webkit2gtk-4.1"),
    row(Need::Test, "dbus", "dbus-daemon", "dbus"),
    row(Need::Test, "xterm", "xterm", "xterm"),
    row(Need::Test, "tmux", "tmux", "tmux"),
    row(Need::Test, "screen", "screen", "screen"),
    row(Need::Test, "kitty", "kitty", "kitty"),
    row(Need::Test, "xclip", "xclip", "xclip"),
    row(Need::Test, "zsh", "zsh", "zsh"),
    row(Need::Test, "fish", "fish", "fish"),
    row(Need::Test, "sway", "sway", "sway"),
    row(Need::Test, "wtype", "wtype", "wtype"),
    row(Need::Test, "grim", "grim", "grim"),
    row(Need::Test, "wl-clipboard", "wl-clipboard", "wl-clipboard"),
    row(Need::Test, "foot", "foot", "foot"),
    row(Need::Test, "fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu"),
    row(Need::Test, "adwaita-icon-theme", "adwaita-icon-theme", "adwaita-icon-theme"),
    row(Need::Bench, "rofi", "rofi", "rofi"),
    row(Need::Bench, "sxhkd", "sxhkd", "sxhkd"),
];

/// How a distribution says what is installed and how it installs.
struct Distribution {
    tool: &'static str,
    query: &'static [&'static str],
    name: fn(&Package) -> &'static str,
    install: &'static str,
}

const DISTRIBUTIONS: [Distribution; 3] = [
    Distribution {
        tool: "apt-get",
        query: &["dpkg-query", "--show", "--showformat=${db:Status-Status}"],
        name: |package| package.apt,
        install: "apt-get install --yes --no-install-recommends",
    },
    Distribution { tool: "dnf", query: &["rpm", "--query"], name: |package| package.dnf, install: "dnf install" },
    Distribution {
        tool: "pacman",
        query: &["pacman", "-Q"],
        name: |package| package.pacman,
        install: "pacman -S --needed",
    },
];

/// Makes sure that the packages for `need` are installed.
pub(crate) fn ensure(need: Need, consent: Consent) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let wanted = PACKAGES.iter().filter(|package| package.need <= need);
    let Some(distribution) = DISTRIBUTIONS.iter().find(|known| is_on_path(known.tool)) else {
        let names = wanted.map(|package| package.apt).collect::<Vec<_>>().join(" ");
        say(&format!("This distribution is not known here. If the build fails, install what Debian calls: {names}"));
        return Ok(());
    };
    let missing: Vec<_> = wanted.map(distribution.name).filter(|name| !is_installed(distribution, name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!("{} {}", distribution.install, missing.join(" "));
    if distribution.tool != "apt-get" {
        bail!("system packages are missing; install them with: {line}");
    }
    say(&format!("System packages are missing: {}", missing.join(" ")));
    if consent == Consent::Ask && !agreed()? {
        bail!("nothing was installed; install them with: {line}");
    }
    run(as_root("apt-get update --quiet=2")?)?;
    run(as_root(&line)?)
}

fn is_installed(distribution: &Distribution, name: &str) -> bool {
    let mut command = Command::new(distribution.query[0]);
    command.args(&distribution.query[1..]).arg(name);
    // dpkg-query also succeeds for a package that was removed and left its settings.
    output(command).is_some_and(|text| distribution.tool != "apt-get" || text == "installed")
}

fn agreed() -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("system packages are missing and nobody can be asked; say --yes to install them");
    }
    let mut out = io::stdout().lock();
    write!(out, "Install them now with apt-get? [Y/n] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

fn as_root(line: &str) -> Result<Command> {
    let mut id = Command::new("id");
    id.arg("-u");
    let mut command = if output(id).as_deref() == Some("0") {
        Command::new("env")
    } else if is_on_path("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("not root, and there is no sudo; run as root: {line}")
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").args(line.split(' ')).stdin(Stdio::null());
    Ok(command)
}

/// Whether `program` is found on the path.
pub(crate) fn is_on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder: std::path::PathBuf| Path::new(&folder).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::{Need, PACKAGES, is_on_path};

    #[test]
    fn every_package_has_a_name_everywhere() {
        for package in &PACKAGES {
            for name in [package.apt, package.dnf, package.pacman] {
                assert!(!name.is_empty() && !name.contains(' '), "{name:?} beside {}", package.apt);
            }
        }
        assert!(Need::Build < Need::Test && Need::Test < Need::Bench, "who tests also builds, who measures does both");
    }

    #[test]
    fn programs_are_looked_up_on_the_path() {
        assert!(is_on_path(if cfg!(windows) { "cargo.exe" } else { "cargo" }));
        assert!(!is_on_path("no-such-program"));
    }
}
