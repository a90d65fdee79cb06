//! Writing over files: redirections, `tee`, `truncate`, `cp`, `mv`, `dd of=`, in-place editors, `-o FILE`.

use super::delete::shown;
use super::{Arg, Invocation, Place, Risk, Rule, Verdict, rule};
use crate::context::Context;
use crate::safety::evaluate::Feed;
use crate::shell::syntax::RedirectKind;

pub(super) const RULES: &[Rule] = &[
    rule("overwrite.disk", "raw bytes written to a disk or partition"),
    rule("overwrite.vital-file", "a file the system cannot run without, emptied or replaced"),
    rule("overwrite.system-file", "a file of the system, emptied or replaced"),
    rule("overwrite.startup-file", "a file that is run by itself at log-in or start-up"),
    rule("overwrite.secret", "keys or passwords, overwritten"),
    rule("overwrite.file", "a file that is emptied or replaced"),
    rule("overwrite.emptied", "a file emptied on purpose"),
    rule("overwrite.endless", "bytes without end written to a file, until the disk is full"),
    rule("overwrite.in-place", "files edited in place"),
];

/// A redirection to `target`.
pub(crate) fn redirect(kind: RedirectKind, target: &Arg, cwd: Option<&str>, context: &Context, verdict: &mut Verdict) {
    let place = Place::of(&target.text, cwd, context);
    if target.text.starts_with("/dev/tcp/") || target.text.starts_with("/dev/udp/") {
        verdict.report(
            "exposure.socket",
            Risk::Dangerous,
            target.span.clone(),
            format!("opens a connection to {}", shown(&target.text[9..])),
        );
        return;
    }
    match kind {
        RedirectKind::Write | RedirectKind::ReadWrite => self::target(place, target, verdict),
        RedirectKind::Append => append(place, target, verdict),
        _ => {}
    }
}

/// A file emptied on purpose.
pub(crate) fn emptied(target: &Arg, cwd: Option<&str>, context: &Context, verdict: &mut Verdict) {
    let place = Place::of(&target.text, cwd, context);
    if !matches!(place, Place::Sink | Place::Temporary) {
        verdict.report(
            "overwrite.emptied",
            Risk::Dangerous,
            target.span.clone(),
            format!("empties {}", shown(&target.text)),
        );
    }
}

/// A file that something without end is written to.
pub(crate) fn filled(file: &Arg, cwd: Option<&str>, context: &Context, verdict: &mut Verdict) {
    if !matches!(Place::of(&file.text, cwd, context), Place::Sink | Place::Disk) {
        let message = format!("writes to {} without end, until the disk is full", shown(&file.text));
        verdict.report("overwrite.endless", Risk::Dangerous, file.span.clone(), message);
    }
}

/// The settings of a project, with its passwords: private, and yet everybody's to make from a template.
fn is_project_settings(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name == ".env" || name.starts_with(".env.")
}

/// A file about to be emptied or replaced.
pub(super) fn target(place: Place, target: &Arg, verdict: &mut Verdict) {
    let text = shown(&target.text);
    let span = target.span.clone();
    let (rule, risk, message) = match place {
        Place::Sink => return,
        Place::Disk => ("overwrite.disk", Risk::Blocked, format!("writes over the disk {text}")),
        Place::Vital => ("overwrite.vital-file", Risk::Blocked, format!("replaces {text}, which the system needs")),
        Place::Root | Place::System | Place::SystemFile | Place::Log => {
            ("overwrite.system-file", Risk::Dangerous, format!("replaces {text}, which belongs to the system"))
        }
        Place::Startup => ("overwrite.startup-file", Risk::Dangerous, format!("replaces {text}, which runs by itself")),
        Place::Secret => {
            let risk = if is_project_settings(&target.text) { Risk::Caution } else { Risk::Dangerous };
            ("overwrite.secret", risk, format!("replaces {text}, which holds keys or passwords"))
        }
        _ => ("overwrite.file", Risk::Caution, format!("writes {text}, over what may be there")),
    };
    verdict.report(rule, risk, span, message);
}

fn append(place: Place, target: &Arg, verdict: &mut Verdict) {
    let text = shown(&target.text);
    let span = target.span.clone();
    let (rule, risk, message) = match place {
        Place::Sink => return,
        Place::Disk => ("overwrite.disk", Risk::Blocked, format!("writes to the disk {text}")),
        Place::Vital | Place::System | Place::SystemFile => {
            ("overwrite.system-file", Risk::Dangerous, format!("changes {text}, which belongs to the system"))
        }
        Place::Startup => ("overwrite.startup-file", Risk::Dangerous, format!("changes {text}, which runs by itself")),
        Place::Secret => {
            let risk = if is_project_settings(&target.text) { Risk::Caution } else { Risk::Dangerous };
            ("overwrite.secret", risk, format!("changes {text}, which holds keys or passwords"))
        }
        _ => ("overwrite.file", Risk::Caution, format!("adds to {text}")),
    };
    verdict.report(rule, risk, span, message);
}

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "tee" | "sponge" => {
            let options = invocation.options("", &[]);
            let adds = options.any("a", "append");
            if let Feed::Text(text, _) = invocation.feed
                && text.is_empty()
                && !adds
            {
                for file in &options.operands {
                    emptied(file, invocation.cwd, invocation.context, verdict);
                }
            }
            for file in &options.operands {
                let place = invocation.place(&file.text);
                if *invocation.feed == Feed::Endless {
                    filled(file, invocation.cwd, invocation.context, verdict);
                }
                if adds { append(place, file, verdict) } else { target(place, file, verdict) }
            }
            verdict.harmless();
        }
        "truncate" => truncate(invocation, verdict),
        "tar" | "gtar" | "bsdtar" | "unzip" => extract(invocation, verdict),
        "vim" | "vi" | "ex" | "nvim" | "emacs"
            if invocation
                .args
                .iter()
                .any(|arg| arg.text.starts_with("-e") || arg.text == "-s" || arg.text == "--batch") =>
        {
            for file in invocation.args.iter().filter(|arg| arg.text.contains('/')) {
                edited(file, invocation.cwd, invocation.context, verdict);
            }
        }
        "cp" | "mv" | "install" | "ln" | "gcp" | "rsync" | "scp" => copy(invocation, verdict),
        "sed" | "gsed" | "perl" | "ruby" | "ex" | "ed" | "awk" | "gawk" => edit(invocation, verdict),
        "sort" | "curl" | "wget" | "gcc" | "cc" | "clang" | "openssl" | "gpg" | "yq" | "jq" | "xmllint" | "pandoc"
        | "shuf" => output_option(invocation, verdict),
        "gzip" | "bzip2" | "xz" | "lzma" | "compress" | "pigz" | "zstd" | "gunzip" | "bunzip2" | "unxz" => {
            let keeps = invocation.options("bS0123456789", &[]);
            let asks = keeps.any("ckltV", "stdout") || keeps.long("keep") || keeps.long("list") || keeps.long("test");
            if !asks && (invocation.name != "zstd" || keeps.long("rm")) {
                replaced(&keeps.operands, invocation, verdict);
            }
        }
        "strip" | "objcopy" | "upx" | "patchelf" | "install_name_tool" | "dos2unix" | "unix2dos" | "recode" => {
            replaced(&invocation.options("", &[]).operands, invocation, verdict);
        }
        "zip" | "7z" | "7za" | "rar" | "uniq" => packed(invocation, verdict),
        "exiftool" | "mogrify" | "ffmpeg" | "convert" | "magick" | "pdftotext" | "pdftoppm" | "pdftocairo"
        | "pdfunite" | "pdftohtml" | "qpdf" | "gs" | "ps2pdf" | "lame" | "sox" | "montage" | "composite" | "cwebp"
        | "dwebp" | "wkhtmltopdf" | "weasyprint" | "rsvg-convert" | "inkscape" | "iconv" | "jpegtran" | "img2pdf"
        | "unoconv" | "asciidoctor" | "sips" | "jpegoptim" | "optipng" | "pngquant" | "advpng" | "mat2" => {
            super::convert::judge(invocation, verdict);
        }
        "patch" if invocation.has(&["--dry-run"]) => verdict.harmless(),
        "patch" => {
            verdict.report(
                "overwrite.in-place",
                Risk::Caution,
                invocation.whole(),
                "changes the files the patch names",
            );
        }
        "fallocate" if invocation.has(&["-p", "--punch-hole", "-c", "--collapse-range", "-z", "--zero-range"]) => {
            verdict.report("overwrite.emptied", Risk::Dangerous, invocation.whole(), "throws part of a file away");
        }
        "fallocate" | "mkfile" => {
            if let Some(file) = invocation.args.last() {
                target(invocation.place(&file.text), file, verdict);
            }
        }
        _ => {}
    }
}

fn truncate(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("sr", &["--size", "--reference"]);
    let size = options.value('s', "s|ize").unwrap_or_default();
    for file in &options.operands {
        let place = invocation.place(&file.text);
        if matches!(place, Place::Ordinary | Place::Temporary | Place::Personal | Place::Unknown | Place::Here)
            && !size.starts_with(['+', '>'])
        {
            let risk =
                if size.trim_start_matches(['-', '<']).starts_with('0') { Risk::Dangerous } else { Risk::Caution };
            verdict.report("overwrite.emptied", risk, file.span.clone(), format!("cuts {} off", shown(&file.text)));
        } else {
            target(place, file, verdict);
        }
    }
}

fn copy(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options =
        invocation.options("tSmogePi", &["--target-directory", "--suffix", "--mode", "--owner", "--group", "--rsh"]);
    if options.asks_for_help() || invocation.name == "rsync" && options.any("n", "dry-run") {
        return verdict.harmless();
    }
    let symbolic = invocation.name == "ln";
    let destination =
        options.operands.last().filter(|_| options.operands.len() > 1 && !options.any("t", "target-directory"));
    if let Some(file) = destination {
        let place = invocation.place(&file.text);
        // Into a folder of the system is not over it: a program put into /usr/local/bin, a site into /etc/nginx.
        if spills(invocation, &options, file, place) {
            let message = format!("puts everything into {}, over what is there", shown(&file.text));
            return verdict.report("overwrite.system-file", Risk::Dangerous, file.span.clone(), message);
        }
        // A file put into a folder of such files is one of them.
        let first = options.operands.first().map_or("", |source| source.text.rsplit('/').next().unwrap_or_default());
        let within = invocation.place(&[file.text.trim_end_matches('/'), "/", first].concat());
        if within == Place::Startup && place != Place::Startup && !symbolic {
            target(within, file, verdict);
        }
        let risky = matches!(place, Place::Disk | Place::Vital | Place::Startup | Place::SystemFile | Place::Secret)
            && !symbolic
            || matches!(place, Place::Vital | Place::Disk | Place::Startup)
            || symbolic
                && options.any("f", "force")
                && (place == Place::System || place == Place::SystemFile && is_program_of_system(&file.text));
        let into = file.text.ends_with('/')
            || file.text.starts_with("/usr/local/")
            || file.text.starts_with("/etc/") && matches!(place, Place::SystemFile);
        if risky && !(into && place == Place::SystemFile) {
            target(place, file, verdict);
        }
    }
    let hollow = options.operands.first().is_some_and(|source| source.text == "/dev/null")
        && !matches!(invocation.name, "mv" | "rsync");
    let endless = options.operands.first().is_some_and(|source| crate::safety::evaluate::endless(&source.text));
    if let Some(file) = destination.filter(|_| endless && matches!(invocation.name, "cp" | "gcp" | "install")) {
        filled(file, invocation.cwd, invocation.context, verdict);
    }
    if let Some(file) = destination.filter(|_| hollow) {
        emptied(file, invocation.cwd, invocation.context, verdict);
    }
    let name = invocation.name;
    let message = match name {
        "mv" => "moves or renames files",
        "ln" => "makes a link",
        _ => "copies files, over those of the same name",
    };
    verdict.report("overwrite.file", Risk::Caution, invocation.whole(), message);
}

/// A folder with all it holds, copied over a folder of the system.
fn spills(invocation: &Invocation<'_>, options: &super::Options<'_>, to: &Arg, place: Place) -> bool {
    let recursive = match invocation.name {
        "cp" | "gcp" => options.any("rRa", "r|ecursive"),
        "rsync" => options.any("ra", "r|ecursive"),
        _ => false,
    };
    recursive && is_of_the_system(place, &to.text)
}

/// A program or library every user may run.
fn is_program_of_system(path: &str) -> bool {
    ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/lib/", "/lib64/", "/usr/lib/"]
        .iter()
        .any(|at| path.starts_with(at))
}

fn is_of_the_system(place: Place, path: &str) -> bool {
    let own = [
        "/opt",
        "/srv",
        "/mnt",
        "/media",
        "/home",
        "/usr/local",
        "/var/www",
        "/Applications",
        "/Volumes",
        "/Users",
        "/var",
        "/run",
    ];
    matches!(place, Place::Root | Place::System) && !own.contains(&path.trim_end_matches('/'))
}

/// `tar -x -C /`, `unzip -d /`: what comes out lies over what is there.
fn extract(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let tar = matches!(invocation.name, "tar" | "gtar" | "bsdtar");
    let extracts = !tar
        || invocation
            .args
            .first()
            .is_some_and(|arg| arg.text.trim_start_matches('-').contains('x') && !arg.text.starts_with("--"))
        || invocation.args.iter().any(|arg| {
            matches!(arg.text.as_str(), "--extract" | "--get")
                || arg.is_option() && !arg.text.starts_with("--") && arg.text.contains('x')
        });
    let target = invocation.args.iter().enumerate().find_map(|(at, arg)| match arg.text.as_str() {
        "-C" | "--directory" if tar => invocation.args.get(at + 1),
        "-d" if !tar => invocation.args.get(at + 1),
        _ => None,
    });
    if tar && invocation.has(&["--remove-files"]) {
        for file in invocation.args.iter().filter(|arg| !arg.is_option() && arg.text.contains('/')) {
            super::delete::removal(invocation, file, super::delete::Whole::Folder, verdict);
        }
    }
    if let Some(target) =
        target.filter(|target| extracts && is_of_the_system(invocation.place(&target.text), &target.text))
    {
        let message = format!("unpacks into {}, over what is there", shown(&target.text));
        verdict.report("overwrite.system-file", Risk::Dangerous, target.span.clone(), message);
    }
}

/// Files that are there no more once the program is through with them.
pub(super) fn replaced(files: &[&Arg], invocation: &Invocation<'_>, verdict: &mut Verdict) {
    for file in files {
        edited(file, invocation.cwd, invocation.context, verdict);
    }
}

/// Archives that swallow their files (`zip -m`), and a second operand that is written (`uniq a b`).
fn packed(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let swallows = invocation.name != "uniq" && invocation.has(&["-m", "-mr", "-rm", "--move", "-sdel", "-df"]);
    let skipped = if invocation.name == "7z" || invocation.name == "7za" { 2 } else { 1 };
    let options = invocation.options("", &[]);
    if swallows {
        for file in options.operands.iter().skip(skipped) {
            super::delete::removal(invocation, file, super::delete::Whole::Folder, verdict);
        }
    }
    if let (true, Some(file)) = (invocation.name == "uniq", options.operands.get(1)) {
        target(invocation.place(&file.text), file, verdict);
    }
}

/// A file changed in place, by whatever program.
pub(crate) fn edited(file: &Arg, cwd: Option<&str>, context: &Context, verdict: &mut Verdict) {
    let place = Place::of(&file.text, cwd, context);
    let own = place == Place::Secret && is_project_settings(&file.text);
    let grave =
        matches!(place, Place::Vital | Place::SystemFile | Place::Startup | Place::Secret | Place::Disk | Place::Log);
    if grave && !own {
        let risk = if place == Place::Disk { Risk::Blocked } else { Risk::Dangerous };
        let message = format!("changes {} in place", shown(&file.text));
        verdict.report("overwrite.system-file", risk, file.span.clone(), message);
    }
}

/// In-place editing: `sed -i`, `perl -i`, `awk -i inplace`, `ex -c wq`.
fn edit(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    let sed = matches!(name, "sed" | "gsed");
    let options = invocation.options(if sed { "efl" } else { "eFfvM" }, &["--expression", "--file"]);
    let in_place = match name {
        "awk" | "gawk" => invocation.args.windows(2).any(|pair| pair[0].text == "-i" && pair[1].text == "inplace"),
        "ex" | "ed" => true,
        _ => options.short('i') || options.long("in-place"),
    };
    if sed {
        sed_script(invocation, verdict);
    }
    if matches!(name, "awk" | "gawk") {
        super::code::awk(invocation, verdict);
    }
    if !in_place {
        if sed {
            verdict.harmless();
        }
        return;
    }
    let files = options.operands.iter().skip(usize::from(sed && !options.short('e') && !options.short('f')));
    for file in files {
        edited(file, invocation.cwd, invocation.context, verdict);
    }
    verdict.report("overwrite.in-place", Risk::Caution, invocation.whole(), "changes files in place");
}

/// sed itself can write files and run programs: `w FILE`, `s/…/…/e`, `1e cmd`.
fn sed_script(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    for arg in invocation.args.iter().filter(|arg| !arg.text.starts_with("--")) {
        let text = arg.text.trim_start_matches("-e").trim();
        let after = text.rsplit_once('/').map_or(text, |(_, flags)| flags);
        let writes = text.strip_prefix("w ").or_else(|| after.split_once("w ").map(|(_, file)| file));
        if let Some(file) = writes
            .map(str::trim)
            .filter(|file| !file.is_empty())
            .map(|_| text.split_once("w ").map_or("", |(_, file)| file).trim())
        {
            let place = invocation.place(file);
            let written = Arg { text: file.to_owned(), ..arg.clone() };
            target(place, &written, verdict);
        }
        let substitutes = text.starts_with("s/") && text.matches('/').count() >= 3;
        if substitutes
            && !after.is_empty()
            && after.len() <= 3
            && after.contains('e')
            && after.chars().all(|c| matches!(c, 'e' | 'g' | 'p' | 'I'))
        {
            verdict.report(
                "shell.unknown-code",
                Risk::Dangerous,
                arg.span.clone(),
                "sed runs what the substitution makes",
            );
        }
        let command = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '$' | ',' | ' '));
        if command.starts_with("e ") {
            verdict.report("shell.unknown-code", Risk::Dangerous, arg.span.clone(), "sed runs a program");
        }
    }
}

/// `-o FILE` and its like.
fn output_option(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let (short, long): (char, &str) = match invocation.name {
        "wget" => ('O', "output-document"),
        "openssl" => ('\0', "out"),
        "jq" | "uniq" => return,
        "yq" if invocation.has(&["-i", "--inplace"]) => {
            return verdict.report("overwrite.in-place", Risk::Caution, invocation.whole(), "changes files in place");
        }
        _ => ('o', "output"),
    };
    let options = invocation.options(&short.to_string(), &[&format!("--{long}"), "--output-document"]);
    let mut file = options.value(short, long).map(str::to_owned);
    if invocation.name == "openssl" {
        file = invocation.args.windows(2).find(|pair| pair[0].text == "-out").map(|pair| pair[1].text.clone());
    }
    let Some(file) = file.filter(|file| file != "-") else { return };
    let at =
        invocation.args.iter().find(|arg| arg.text.ends_with(&file)).map_or(invocation.whole(), |arg| arg.span.clone());
    if let Some(arg) = invocation.args.first() {
        target(invocation.place(&file), &Arg { text: file, span: at, ..arg.clone() }, verdict);
    }
}
