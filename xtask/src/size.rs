//! `cargo xtask size`: how large what ships is, stripped and gzipped, and which crates that is.
//!
//! The sizes by crate are of the symbols of the same build before they are stripped; what has no symbol of its own (tables, strings,
//! unwinding) is the rest.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::{
    build::{self, Profile},
    node,
    program::{command, output, root, run as run_program, say},
    target::Measured,
};

/// Sizes of one program, in bytes.
struct Size {
    stripped: u64,
    gzipped: u64,
}

/// Prints the sizes, with the crates of the command line when `crates` is wanted.
pub(crate) fn run(crates: bool) -> Result<()> {
    for Measured { id, value, .. } in measured()? {
        say(&format!("{id:<22} {value:>8.2} MB"));
    }
    if crates {
        by_crate()?;
    }
    Ok(())
}

/// Builds what ships and measures it.
pub(crate) fn measured() -> Result<Vec<Measured>> {
    let mut found = Vec::new();
    build_line("cargo build --locked --release -p caro")?;
    found.extend(rows("caro", "size.cli")?);
    // Without the web view's packages there is no app to build; the command line still has its size.
    if node::check().is_ok()
        && build_line("cargo build --locked --release -p caro-desktop --features custom-protocol").is_ok()
    {
        found.extend(rows("caro-desktop", "size.desktop")?);
    }
    Ok(found)
}

fn rows(program: &str, id: &str) -> Result<[Measured; 2]> {
    let Size { stripped, gzipped } = sizes(&build::program(program, Profile::Release))?;
    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    let row =
        |id: String, bytes: u64| Measured { id, value: bytes as f64 / 1e6, note: format!("{bytes} bytes, fat LTO") };
    Ok([row(id.to_owned(), stripped), row(format!("{id}-gzip"), gzipped)])
}

fn build_line(line: &str) -> Result<()> {
    run_program(command("", line))
}

fn sizes(program: &Path) -> Result<Size> {
    let mut bytes = Vec::new();
    File::open(program).with_context(|| format!("{} was not built", program.display()))?.read_to_end(&mut bytes)?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&bytes)?;
    Ok(Size { stripped: bytes.len() as u64, gzipped: packed.finish()?.len() as u64 })
}

/// The command line once more with its symbols, summed up by crate.
fn by_crate() -> Result<()> {
    let folder = root().join("target/size");
    let mut with_symbols = command("", "cargo build --locked --release -p caro --config profile.release.strip=false");
    with_symbols.arg("--target-dir").arg(&folder);
    run_program(with_symbols)?;
    let program: PathBuf = folder.join("release").join(format!("caro{}", std::env::consts::EXE_SUFFIX));
    let mut nm = command("", "nm --print-size --size-sort --demangle");
    nm.arg(&program);
    let symbols = output(nm).context("`nm` cannot read the program")?;
    let mut crates: BTreeMap<String, u64> = BTreeMap::new();
    for (size, name) in symbols.lines().filter_map(symbol) {
        *crates.entry(crate_of(name)).or_default() += size;
    }
    if crates.is_empty() {
        bail!("the program has no symbols");
    }
    let named: u64 = crates.values().sum();
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    say(&format!(
        "\n{:>10}  crate (of {named} bytes with a name; the file has {})",
        "bytes",
        fs::metadata(&program)?.len()
    ));
    for (name, size) in crates.into_iter().take(40) {
        say(&format!("{size:>10}  {name}"));
    }
    Ok(())
}

/// `0000000000001000 0000000000000020 t name` as 32 and the name.
fn symbol(line: &str) -> Option<(u64, &str)> {
    let mut words = line.splitn(4, ' ');
    let (_, size, _, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    Some((u64::from_str_radix(size, 16).ok()?, name))
}

/// The crate a symbol belongs to: the first path in its name. C has none.
fn crate_of(name: &str) -> String {
    let name = name.trim_start_matches(['<', '&', '*', '[', '(']);
    let name = ["dyn ", "mut ", "impl "].iter().fold(name, |name, word| name.trim_start_matches(word));
    match name.split_once("::") {
        Some((first, _)) if first.chars().all(|c| c.is_alphanumeric() || c == '_') => first.to_owned(),
        // SQLite and the system's own.
        _ if name.starts_with("sqlite3") => "sqlite".to_owned(),
        _ => "(without a path)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_belongs_to_the_first_crate_in_its_name() {
        for (name, owner) in [
            ("caro::matcher::propose", "caro"),
            ("<alloc::vec::Vec<T> as core::clone::Clone>::clone", "alloc"),
            ("<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::x", "serde_json"),
            ("sqlite3VdbeExec", "sqlite"),
            ("main", "(without a path)"),
        ] {
            assert_eq!(crate_of(name), owner, "{name}");
        }
        let line = "0000000000001000 0000000000000020 t caro::x y";
        assert_eq!(symbol(line), Some((32, "caro::x y")));
    }
}
