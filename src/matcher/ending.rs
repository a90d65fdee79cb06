//! Files told by the end of their name: pictures, films, databases.

use crate::normalize::{Concept, Shape, Token, concept as c};

/// A family of formats that one program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Picture,
    Video,
    Audio,
    /// Video or audio.
    Recording,
    Pdf,
    /// What an office program writes.
    Office,
    /// A SQLite database.
    Database,
    Sql,
    SevenZip,
    Rar,
    Bzip,
    Xz,
    Zstd,
    Subtitle,
    /// An image of a disk.
    DiskImage,
    Yaml,
    /// What pandoc reads.
    Markup,
    /// What pandoc writes.
    Published,
}

const VIDEO: &[&str] = &["mp4", "mkv", "mov", "avi", "webm", "m4v", "wmv", "flv", "mpg", "mpeg", "3gp", "ogv", "gif"];
const AUDIO: &[&str] = &["mp3", "wav", "flac", "ogg", "m4a", "aac", "opus", "wma", "aiff", "aif", "m4b"];

/// True for the ending of a file that has no lines of text.
pub(super) fn is_binary(ending: &str) -> bool {
    const FAMILIES: [Ending; 5] = [Ending::Picture, Ending::Recording, Ending::Pdf, Ending::Office, Ending::Database];
    ending == "iso" || !matches!(ending, "svg" | "ppm" | "rtf") && FAMILIES.iter().any(|family| family.has(ending))
}

impl Ending {
    const fn list(self) -> &'static [&'static str] {
        match self {
            Self::Picture => &[
                "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif", "ico", "svg", "ppm",
                "psd", "cr2", "nef", "dng",
            ],
            Self::Video | Self::Recording => VIDEO,
            Self::Audio => AUDIO,
            Self::Pdf => &["pdf"],
            Self::Office => &["docx", "doc", "odt", "rtf", "xlsx", "xls", "ods", "pptx", "ppt", "odp"],
            Self::Database => &["db", "sqlite", "sqlite3", "db3"],
            Self::Sql => &["sql"],
            Self::SevenZip => &["7z"],
            Self::Rar => &["rar"],
            Self::Bzip => &["bz2"],
            Self::Xz => &["xz"],
            Self::Zstd => &["zst"],
            Self::Markup => &["md", "markdown", "html", "htm", "rst", "tex", "org", "docx", "odt", "epub"],
            Self::Published => &["pdf", "html", "docx", "odt", "epub", "md", "markdown", "tex", "rst", "rtf", "txt"],
            Self::DiskImage => &["dmg", "iso", "img", "vhd", "vhdx", "sparseimage"],
            Self::Yaml => &["yml", "yaml"],
            Self::Subtitle => &["srt", "ass", "vtt", "ssa"],
        }
    }

    fn has(self, ending: &str) -> bool {
        self.list().contains(&ending) || self == Self::Recording && AUDIO.contains(&ending)
    }

    /// True for the name of such a file.
    pub(super) fn is_file(self, token: &Token) -> bool {
        let is_name = matches!(token.shape, Shape::FileName | Shape::Path | Shape::Quoted);
        let name = token.raw.to_ascii_lowercase();
        let Some((stem, ending)) = name.rsplit_once('.').filter(|(stem, _)| is_name && !stem.is_empty()) else {
            return false;
        };
        // A packed archive is no compressed file.
        stem.rsplit('.').next() != Some("tar") && self.has(ending)
    }

    /// The format a word names: `mp3`, `.PNG`.
    pub(super) fn format(self, token: &Token) -> Option<String> {
        let word = token.raw.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
        let word = word.strip_suffix('s').filter(|one| self.has(one)).map_or(word.clone(), str::to_owned);
        let is_word = matches!(token.shape, Shape::Word | Shape::Extension | Shape::Glob);
        (is_word && self.has(&word)).then_some(word)
    }

    /// True for a noun that only says what kind of file stands beside it.
    pub(super) fn is_named_by(self, noun: Concept) -> bool {
        let own: &[Concept] = match self {
            Self::Picture => &[c::IMAGE, c::IMAGE_FILE, c::PNG, c::JPEG, c::GIF],
            Self::Video => &[c::VIDEO],
            Self::Audio => &[c::AUDIO],
            Self::Recording => &[c::VIDEO, c::AUDIO],
            Self::DiskImage => &[c::IMAGE, c::DISK],
            Self::Yaml => &[c::YAML],
            Self::Pdf => &[c::PDF, c::DOCUMENT],
            Self::Office => &[c::DOCUMENT, c::SPREADSHEET],
            Self::Markup | Self::Published => &[c::DOCUMENT, c::MARKDOWN],
            Self::SevenZip | Self::Rar => &[c::ARCHIVE],
            Self::Database | Self::Sql => &[c::SCRIPT],
            Self::Bzip | Self::Xz | Self::Zstd | Self::Subtitle => &[],
        };
        noun == c::FILE || own.contains(&noun)
    }
}
