//! The hub model files come from, as the environment names it, and what its own tools have already downloaded.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::catalog::Entry;
use crate::net::{Proxy, Secret};

const USUAL: &str = "https://huggingface.co";

/// A hub, by the conventions of Hugging Face.
#[derive(Debug, Clone)]
pub struct Hub {
    /// Its address, without a slash at the end.
    pub endpoint: String,
    /// Says who asks.
    pub token: Option<Secret>,
    /// Where its own tools keep what they downloaded.
    pub cache: Option<PathBuf>,
    /// The way to it.
    pub proxy: Option<Proxy>,
}

/// A file another program downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cached {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, where the cache tells it.
    pub sha256: Option<String>,
}

impl Hub {
    /// What `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_CACHE`, `HF_HOME` and the proxy's variables name, and the usual places where they
    /// do not. `variable` reads one variable of the environment.
    pub fn of(variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).and_then(|value| value.into_string().ok());
        let below = |name: &str, rest: &str| set(name).map(|folder| Path::new(&folder).join(rest));
        let cache = set("HF_HUB_CACHE")
            .map(PathBuf::from)
            .or_else(|| below("HF_HOME", "hub"))
            .or_else(|| below("XDG_CACHE_HOME", "huggingface/hub"))
            .or_else(|| below("HOME", ".cache/huggingface/hub"))
            .or_else(|| below("USERPROFILE", ".cache/huggingface/hub"));
        Self {
            endpoint: text("HF_ENDPOINT").unwrap_or_else(|| USUAL.to_owned()).trim_end_matches('/').to_owned(),
            token: text("HF_TOKEN").and_then(|token| Secret::new(&token)),
            cache,
            proxy: Proxy::of(variable),
        }
    }

    /// Where a file of a model is.
    pub(super) fn address(&self, entry: &Entry) -> String {
        let Entry { repository, revision, file, .. } = entry;
        format!("{}/{repository}/resolve/{revision}/{file}", self.endpoint)
    }

    /// The file of a model when the hub's own tools have downloaded it.
    pub fn cached(&self, entry: &Entry) -> Option<Cached> {
        let repository = self.cache.as_ref()?.join(format!("models--{}", entry.repository.replace('/', "--")));
        let snapshots = repository.join("snapshots");
        let named = fs::read_to_string(repository.join("refs").join(&entry.revision)).ok();
        let known = [named.as_deref().map(str::trim), Some(entry.revision.as_str())].into_iter().flatten();
        let mut candidates: Vec<PathBuf> = known.map(|commit| snapshots.join(commit)).collect();
        // An older snapshot serves as well: what it is, its SHA-256 says.
        let mut others: Vec<PathBuf> =
            fs::read_dir(&snapshots).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        others.sort();
        candidates.append(&mut others);
        candidates.into_iter().map(|snapshot| snapshot.join(&entry.file)).find_map(|path| {
            let size = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?.len();
            // A snapshot links to a blob that is named by its hash.
            let blob = fs::read_link(&path).ok();
            let name = blob.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
            let sha256 = name.and_then(sha256_in);
            let fits = entry.sha256.is_none() || sha256.is_none() || entry.sha256 == sha256;
            (fits && size > 0).then_some(Cached { path, size, sha256 })
        })
    }
}

/// A SHA-256 as the hub writes it: in an `ETag`, or as the name of a blob.
pub(super) fn sha256_in(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("W/").trim_matches('"');
    (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Catalog;

    fn hub(pairs: &[(&'static str, &str)]) -> Hub {
        Hub::of(&|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn the_environment_names_the_hub() {
        let usual = hub(&[("HOME", "/home/me")]);
        assert_eq!(usual.endpoint, "https://huggingface.co");
        assert_eq!(usual.cache, Some(PathBuf::from("/home/me/.cache/huggingface/hub")));
        assert!(usual.token.is_none());
        let other =
            hub(&[("HF_ENDPOINT", "http://mirror/"), ("HF_HOME", "/hf"), ("HF_TOKEN", " hf_x \n"), ("HOME", "/")]);
        assert_eq!((other.endpoint.as_str(), other.cache), ("http://mirror", Some(PathBuf::from("/hf/hub"))));
        assert_eq!(other.token, Secret::new("hf_x"));
        assert_eq!(hub(&[("HF_HUB_CACHE", "/c"), ("HF_HOME", "/hf")]).cache, Some(PathBuf::from("/c")));
    }

    #[test]
    fn what_the_hubs_own_tools_downloaded_is_found() {
        let cache = tempfile::tempdir().unwrap();
        let hub = hub(&[("HF_HUB_CACHE", cache.path().to_str().unwrap())]);
        let entry = Catalog::embedded().entry("smollm2-360m").unwrap();
        assert_eq!(hub.cached(entry), None);
        let repository = cache.path().join("models--HuggingFaceTB--SmolLM2-360M-Instruct-GGUF");
        for (commit, content) in [("aaaa", "old"), ("bbbb", "newer")] {
            fs::create_dir_all(repository.join("snapshots").join(commit)).unwrap();
            fs::write(repository.join("snapshots").join(commit).join(&entry.file), content).unwrap();
        }
        fs::create_dir_all(repository.join("refs")).unwrap();
        fs::write(repository.join("refs/main"), "bbbb\n").unwrap();
        let found = hub.cached(entry).unwrap();
        assert_eq!((found.size, found.sha256), (5, None));
        assert!(found.path.ends_with(Path::new("bbbb").join(&entry.file)));
    }

    #[test]
    fn a_hash_is_told_from_other_tags() {
        let hash = "A1".repeat(32);
        assert_eq!(sha256_in(&format!("\"{hash}\"")), Some("a1".repeat(32)));
        assert_eq!(sha256_in("\"d41d8cd98f00b204e9800998ecf8427e\""), None);
        assert_eq!(sha256_in(&"g".repeat(64)), None);
    }
}
