//! Converters of pictures, sound and documents: where each of them writes.

use super::overwrite::{replaced, target};
use super::{Arg, Invocation, Risk, Verdict};

/// How a program says what it writes.
enum Output {
    /// The last operand, of at least so many.
    Last(usize),
    /// The value of an option, glued or in the next argument.
    Option(&'static [&'static str]),
    /// Every operand.
    InPlace,
}

fn output(name: &str) -> Output {
    match name {
        "mogrify" | "jpegoptim" | "optipng" | "pngquant" | "advpng" | "mat2" => Output::InPlace,
        "gs" => Output::Option(&["-sOutputFile", "-o"]),
        "cwebp" | "dwebp" | "rsvg-convert" | "img2pdf" | "unoconv" | "iconv" => Output::Option(&["-o", "--output"]),
        "inkscape" => Output::Option(&["-o", "--export-filename", "--export-png", "--export-pdf"]),
        "jpegtran" => Output::Option(&["-outfile"]),
        "sips" => Output::Option(&["--out", "-o"]),
        "asciidoctor" => Output::Option(&["-o", "--out-file"]),
        "ffmpeg" => Output::Last(1),
        _ => Output::Last(2),
    }
}

/// Options with which a converter only looks.
const LOOKS: &[&str] = &[
    "--check",
    "--show-encryption",
    "--show-npages",
    "--show-pages",
    "--requires-password",
    "--is-encrypted",
    "-version",
    "--version",
    "--help",
    "-h",
    "-l",
    "--list",
    "-codecs",
    "-formats",
    "-encoders",
    "-decoders",
    "-filters",
    "-devices",
    "-g",
    "--getProperty",
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(LOOKS) {
        return verdict.harmless();
    }
    if invocation.name == "exiftool" {
        return exiftool(invocation, verdict);
    }
    let operands: Vec<&Arg> = invocation.args.iter().filter(|arg| !arg.is_option()).collect();
    if invocation.name == "qpdf" && invocation.has(&["--replace-input"]) {
        return changed(&operands, invocation, verdict);
    }
    match output(invocation.name) {
        Output::InPlace => changed(&operands, invocation, verdict),
        Output::Last(least) if operands.len() >= least => {
            written(operands.last().map(|file| (*file).clone()), invocation, verdict);
        }
        Output::Option(options) => written(named(options, invocation.args), invocation, verdict),
        Output::Last(_) if invocation.args.is_empty() => verdict.harmless(),
        Output::Last(_) => {
            verdict.report("program.changes", Risk::Caution, invocation.whole(), "writes a converted file");
        }
    }
}

fn named(options: &[&str], args: &[Arg]) -> Option<Arg> {
    args.iter().enumerate().find_map(|(at, arg)| {
        let option = options.iter().find(|option| arg.text.starts_with(**option))?;
        match arg.text[option.len()..].strip_prefix('=') {
            Some(glued) => Some(Arg { text: glued.to_owned(), ..arg.clone() }),
            None if arg.text == *option => args.get(at + 1).cloned(),
            None => None,
        }
    })
}

fn written(file: Option<Arg>, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match file.filter(|file| !matches!(file.text.as_str(), "-" | "null" | "/dev/null" | "null:" | "info:" | "-:")) {
        Some(file) => target(invocation.place(&file.text), &file, verdict),
        None => verdict.harmless(),
    }
}

fn changed(files: &[&Arg], invocation: &Invocation<'_>, verdict: &mut Verdict) {
    replaced(files, invocation, verdict);
    verdict.report("overwrite.in-place", Risk::Caution, invocation.whole(), "changes files in place");
}

/// `-TAG=value` sets a tag; without one it only reads.
fn exiftool(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let writes = invocation.args.iter().any(|arg| {
        arg.is_option()
            && (arg.text.contains('=') || arg.text.starts_with("-overwrite_original") || arg.text == "-TagsFromFile")
            && !arg.text.starts_with("-if")
    }) || invocation.has(&["-delete_original", "-delete_original!", "-restore_original", "-geotag"]);
    if !writes {
        return verdict.harmless();
    }
    let files: Vec<&Arg> = invocation.args.iter().filter(|arg| !arg.is_option()).collect();
    changed(&files, invocation, verdict);
}
