//! Compiles the knowledge (`src/normalize/words.toml`, `intents/*.toml`) into tables that are read in place, so that start-up parses nothing.
//!
//! A mistake in the knowledge ends the build with `file:line: what is wrong`.

#[path = "build/emit.rs"]
mod emit;
#[path = "build/intent.rs"]
mod intent;
#[path = "build/layout.rs"]
mod layout;
#[path = "build/lexicon.rs"]
mod lexicon;
#[path = "build/pack.rs"]
mod pack;
#[path = "build/pattern.rs"]
mod pattern;
#[path = "build/source.rs"]
mod source;
#[path = "src/normalize/stem.rs"]
mod stem;
#[path = "build/template.rs"]
mod template;
#[path = "build/words.rs"]
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use source::{Mistake, Source};

fn main() -> ExitCode {
    for path in [
        "build.rs",
        "build",
        "intents",
        "src/normalize/words.toml",
        "src/normalize/common.txt",
        "src/normalize/names.txt",
        "src/normalize/stem.rs",
    ] {
        writeln_cargo(&format!("rerun-if-changed={path}"));
    }
    match compile() {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            for mistake in mistakes {
                writeln_cargo(&format!("error={mistake}"));
            }
            ExitCode::FAILURE
        }
    }
}

fn writeln_cargo(instruction: &str) {
    println!("cargo::{instruction}");
}

fn compile() -> Result<(), Vec<Mistake>> {
    let words = read(Path::new("src/normalize/words.toml"))?;
    let common = read(Path::new("src/normalize/common.txt"))?;
    let names = read(Path::new("src/normalize/names.txt"))?;
    let mut lexicon = lexicon::Lexicon::from_toml(&words, &common, &names)?;
    let mut intents = Vec::new();
    let mut mistakes = Vec::new();
    for path in intent_files()? {
        match read(&path).and_then(|source| intent::read(&source, &mut lexicon)) {
            Ok(read) => intents.extend(read),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    mistakes.extend(intent::duplicates(&intents));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let packed = pack::pack(&intents, lexicon.concepts.len()).map_err(|mistake| vec![mistake])?;
    emit::write(&out.join("lexicon.rs"), emit::lexicon(&lexicon))?;
    emit::write(&out.join("knowledge.rs"), emit::knowledge())?;
    emit::write(&out.join("knowledge.bin"), packed.bytes)?;
    emit::write(&out.join("knowledge.txt"), packed.text)
}

fn read(path: &Path) -> Result<Source, Vec<Mistake>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![emit::of_file(path, &error)])?;
    Ok(Source { name: path.display().to_string(), text })
}

fn intent_files() -> Result<Vec<PathBuf>, Vec<Mistake>> {
    let folder = Path::new("intents");
    let entries = std::fs::read_dir(folder).map_err(|error| vec![emit::of_file(folder, &error)])?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    Ok(files)
}
