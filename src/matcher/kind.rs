//! What kinds of values are like, whatever the value: the words for them, and how much one says.

use super::ending::Ending;
use super::slot::Kind;
use super::table::KINDS;
use crate::normalize::{Concept, Token, concept as c};

impl Kind {
    /// Whether leaving it blank takes a word for it in a question that says `said` words of the phrasing: nobody who says
    /// nothing of a machine means one, and a text goes without only where what is done tells enough (`create an issue`).
    pub(super) const fn has_to_be_named(self, said: u32) -> bool {
        match self {
            Self::Host | Self::Login | Self::Url => true,
            Self::Text | Self::Rest | Self::Quoted => said < 2,
            _ => false,
        }
    }

    /// Whether a token is a word for it.
    pub(super) fn is_noun(self, token: &Token) -> bool {
        let text = matches!(self, Self::Text | Self::Rest | Self::Quoted);
        token.concept.is_some_and(|noun| self.is_named_by(noun) || text && noun == c::TEXT)
            || text
                && matches!(
                    token.text.as_str(),
                    "string"
                        | "pattern"
                        | "phrase"
                        | "term"
                        | "keyword"
                        | "something"
                        | "message"
                        | "expression"
                        | "regex"
                )
    }

    /// Every kind a phrasing may ask for.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().copied()
    }

    /// A file or folder that may be named by any word.
    pub(super) const fn is_path(self) -> bool {
        matches!(self, Self::Path | Self::Paths | Self::File | Self::AnyFile | Self::Folder | Self::Archive)
    }

    /// True when the value tells its kind, as the end of a file name does: such a slot says more than any path.
    pub(super) const fn is_told_by_ending(self) -> bool {
        matches!(
            self,
            Self::Zip
                | Self::Tar
                | Self::PlainTar
                | Self::Gz
                | Self::Csv
                | Self::Json
                | Self::Installer
                | Self::Listing
                | Self::Ending(_)
                | Self::Endings(_)
                | Self::Format(_)
                | Self::Yaml
                | Self::Xml
                | Self::Cidr
                | Self::Certificate
                | Self::HostPort
                | Self::RemotePath
                | Self::RemoteFile
                | Self::Header
                | Self::Body
                | Self::Interface
                | Self::Device
                | Self::Assignment
                | Self::Schedule
        )
    }

    /// True for a noun that says what kind of file is meant, though none is named: `the video`, `a zip`.
    pub(super) fn is_told_by(self, noun: &Token) -> bool {
        const ANY: [Concept; 5] = [c::FILE, c::FOLDER, c::LINK, c::SCRIPT, c::DOCUMENT];
        noun.concept.is_some_and(|concept| !ANY.contains(&concept) && self.is_named_by(concept))
    }

    /// True when the value is one file or several.
    pub(super) const fn is_file(self) -> bool {
        self.is_path() || self.is_told_by_ending()
    }

    /// How much of a question such a value explains: a family of two says less.
    pub(super) const fn telling(self) -> f32 {
        match self {
            Self::Endings(_) => 2.0,
            Self::Ending(Ending::Recording | Ending::Markup | Ending::Published)
            | Self::Format(Ending::Recording | Ending::Published) => 0.97,
            _ => 1.0,
        }
    }

    /// True for a noun that only says what kind of value stands beside it: `the file notes.txt`.
    pub(super) fn is_named_by(self, noun: Concept) -> bool {
        match self {
            Self::File | Self::AnyFile => {
                [c::FILE, c::LINK, c::SCRIPT, c::DOCUMENT, c::ARCHIVE, c::TAR_FILE, c::ZIP_FILE].contains(&noun)
            }
            Self::Path
            | Self::Paths
            | Self::Folder
            | Self::Archive
            | Self::Zip
            | Self::Tar
            | Self::Gz
            | Self::Csv
            | Self::Json
            | Self::Yaml
            | Self::Xml => [c::FILE, c::FOLDER, c::LINK, c::SCRIPT, c::DOCUMENT, c::ARCHIVE, c::TAR_FILE, c::ZIP_FILE]
                .contains(&noun),
            Self::Extension | Self::Format(_) => [c::FILE, c::EXTENSION].contains(&noun),
            Self::Host | Self::Login | Self::Url => [c::HOST, c::COMPUTER, c::IP].contains(&noun),
            Self::Text => [c::WORD, c::LINE].contains(&noun),
            Self::Pid | Self::Pids => noun == c::PROCESS,
            Self::Name | Self::Key => [c::NAME, c::NAMED].contains(&noun),
            Self::Packages => [c::NAME, c::NAMED, c::PACKAGE].contains(&noun),
            Self::Ending(ending) | Self::Endings(ending) => ending.is_named_by(noun),
            Self::Ip | Self::Cidr => noun == c::IP,
            Self::Port | Self::Ports => noun == c::PORT,
            Self::HostPort => [c::HOST, c::COMPUTER].contains(&noun),
            Self::Certificate => noun == c::FILE,
            Self::RemotePath | Self::RemoteFile => [c::HOST, c::COMPUTER, c::FOLDER, c::FILE].contains(&noun),
            Self::Header => noun == c::HEADER,
            Self::Body => noun == c::JSON,
            Self::Interface => [c::INTERFACE, c::NETWORK].contains(&noun),
            Self::Device => [c::DISK, c::PARTITION, c::COMPUTER].contains(&noun),
            Self::Assignment => [c::VARIABLE, c::ENVIRONMENT].contains(&noun),
            Self::CommandLine | Self::Argv => [c::COMMAND, c::SCRIPT].contains(&noun),
            _ => false,
        }
    }
}
