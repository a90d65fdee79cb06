//! Families of files people name by what is in them: `images`, `python files`.

use crate::normalize::{Concept, concept as c};

/// A family and the extensions of its members.
struct Family {
    concept: Concept,
    extensions: &'static [&'static str],
    /// Extensions that come in capitals too (cameras, Windows programs).
    any_case: bool,
    /// The word alone means the files (`images`); others need `files` beside them (`python files`).
    alone: bool,
}

const fn source(concept: Concept, extensions: &'static [&'static str]) -> Family {
    Family { concept, extensions, any_case: false, alone: false }
}

const fn media(concept: Concept, extensions: &'static [&'static str]) -> Family {
    Family { concept, extensions, any_case: true, alone: true }
}

// Also the name of something that is no file (`logs of a container`).
const fn noun(concept: Concept, extensions: &'static [&'static str]) -> Family {
    Family { concept, extensions, any_case: false, alone: false }
}

const fn plain(concept: Concept, extensions: &'static [&'static str]) -> Family {
    Family { concept, extensions, any_case: false, alone: true }
}

const FAMILIES: [Family; 38] = [
    media(c::IMAGE, &["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "svg", "heic"]),
    media(c::IMAGE_FILE, &["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "svg", "heic"]),
    media(c::VIDEO, &["mp4", "mkv", "avi", "mov", "webm", "m4v", "wmv", "flv"]),
    media(c::AUDIO, &["mp3", "flac", "wav", "ogg", "m4a", "aac", "opus", "wma"]),
    media(c::JPEG, &["jpg", "jpeg"]),
    media(c::PNG, &["png"]),
    media(c::GIF, &["gif"]),
    media(c::PDF, &["pdf"]),
    media(c::DOCUMENT, &["pdf", "doc", "docx", "odt", "rtf", "txt", "md"]),
    media(c::SPREADSHEET, &["xls", "xlsx", "ods"]),
    plain(c::CSV, &["csv"]),
    noun(c::LOG, &["log"]),
    plain(c::PLAINTEXT, &["txt"]),
    source(c::TEXT, &["txt"]),
    noun(c::SCRIPT, &["sh"]),
    noun(c::ARCHIVE, &["zip", "tar", "gz", "tgz", "bz2", "xz", "7z", "rar", "zst"]),
    plain(c::ZIP_FILE, &["zip"]),
    plain(c::TAR_FILE, &["tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"]),
    plain(c::BACKUP_FILE, &["bak"]),
    source(c::TMP, &["tmp"]),
    source(c::PYTHON, &["py"]),
    source(c::JAVASCRIPT, &["js"]),
    source(c::TYPESCRIPT, &["ts"]),
    source(c::RUST, &["rs"]),
    source(c::JAVA, &["java"]),
    source(c::CPP, &["cpp", "cc", "cxx", "hpp"]),
    source(c::GOLANG, &["go"]),
    source(c::RUBY, &["rb"]),
    source(c::PERL, &["pl"]),
    source(c::PHP, &["php"]),
    source(c::MARKDOWN, &["md"]),
    source(c::JSON, &["json"]),
    source(c::YAML, &["yaml", "yml"]),
    source(c::HTML, &["html"]),
    source(c::CSS, &["css"]),
    source(c::XML, &["xml"]),
    source(c::TOML, &["toml"]),
    source(c::CONFIG, &["conf", "cfg", "ini"]),
];

/// What a word says about the names of files.
pub(super) struct Extensions {
    pub(super) list: &'static [&'static str],
    pub(super) any_case: bool,
    pub(super) alone: bool,
}

/// The extensions of a family, by its name.
pub(super) fn extensions(concept: Concept) -> Option<Extensions> {
    let family = FAMILIES.iter().find(|family| family.concept == concept)?;
    Some(Extensions { list: family.extensions, any_case: family.any_case, alone: family.alone })
}

/// True for words that are the files themselves when something is done with them (`delete logs`).
pub(super) fn is_noun(concept: Option<Concept>) -> bool {
    concept.is_some_and(|concept| [c::LOG, c::ARCHIVE, c::SCRIPT, c::CONFIG, c::BACKUP_FILE].contains(&concept))
}

/// True for extensions that come in capitals too, from cameras and from Windows.
pub(super) fn is_media(extension: &str) -> bool {
    !matches!(extension, "txt" | "md")
        && FAMILIES.iter().any(|family| family.any_case && family.extensions.contains(&extension))
}

/// Extensions people say without a dot: `all xyz files`.
pub(super) fn is_extension(word: &str) -> bool {
    const KNOWN: [&str; 75] = [
        "7z", "aac", "avi", "bak", "bat", "bmp", "bz2", "cfg", "class", "conf", "cpp", "csv", "dat", "db", "deb",
        "dll", "doc", "docx", "eml", "epub", "exe", "flac", "flv", "gz", "heic", "htm", "ico", "ini", "ipynb", "iso",
        "jar", "jpg", "jsx", "lock", "m4a", "mkv", "mov", "mp3", "mp4", "odt", "ods", "ogg", "opus", "ppt", "pptx",
        "rar", "rpm", "rtf", "sh", "sql", "svg", "tar", "tex", "tgz", "tif", "tiff", "tsv", "tsx", "vue", "wav",
        "webm", "webp", "xlsx", "sqlite", "scala", "swift", "kt", "lua", "ps1", "pyc", "vcf", "mod", "jl", "dbf", "cs",
    ];
    KNOWN.contains(&word)
}
