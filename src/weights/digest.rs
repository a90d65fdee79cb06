//! The SHA-256 of a file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use super::error::Error;
use crate::net::Fault;

// Large enough that the system reads ahead, small enough that a cancel is felt at once.
const PIECE: usize = 1 << 20;

/// Reads the whole file. `progress` hears how many bytes have been read.
///
/// # Errors
/// When it cannot be read, or somebody cancels.
pub(super) fn sha256_of(path: &Path, cancel: &AtomicBool, progress: &mut dyn FnMut(u64)) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::file(path))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(Fault::Cancelled.into());
        }
        let read = file.read(&mut piece).map_err(Error::file(path))?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        done += read as u64;
        progress(done);
    }
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_standards() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        let mut seen = 0;
        let hash = sha256_of(file.path(), &AtomicBool::new(false), &mut |done| seen = done).unwrap();
        // FIPS 180-4, the example of one block.
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(seen, 3);
        let cancelled = sha256_of(file.path(), &AtomicBool::new(true), &mut |_| {});
        assert!(matches!(cancelled, Err(Error::Hub(Fault::Cancelled))));
    }
}
