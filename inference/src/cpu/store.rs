//! The memory that packed weights lie in: [`Store`], made once and kept on disk for the next time.
//!
//! A kept file is used only if its header names the same model and layout, its length is right, and so is the checksum of all
//! of it; else it is made anew. Its bytes need no other check: any byte is a weight.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use memmap2::{Mmap, MmapMut};

/// Changes with the layout of tiles, or with what is packed in which order.
const LAYOUT: u64 = 1;
const MAGIC: u64 = u64::from_le_bytes(*b"CAROPACK");
/// Bytes before the weights; a page, so that they stay aligned.
const HEADER: usize = 4096;

/// Packed weights.
#[derive(Debug)]
pub(super) enum Store {
    /// In memory of this process.
    Made(MmapMut),
    /// In a file that is mapped.
    Kept(Mmap),
}

impl Store {
    /// Memory of `length` bytes to pack into.
    ///
    /// # Errors
    /// When there is not so much.
    pub(super) fn room(length: usize) -> io::Result<MmapMut> {
        let map = MmapMut::map_anon(length.max(1))?;
        // Weights are read from one end to the other, which crosses a page every 4 KB. A refusal only costs speed.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Ok(map)
    }

    /// What [`Store::keep`] wrote there for the same model, if it is whole.
    pub(super) fn kept(path: &Path, model: [u64; 2], length: usize) -> Option<Self> {
        let file = File::open(path).ok()?;
        // SAFETY: Caro replaces this file by renaming and never writes into one; see `gguf::File::open`.
        #[expect(unsafe_code, reason = "weights are not copied into memory to be read from there")]
        let map = unsafe { Mmap::map(&file) }.ok()?;
        let (header, weights) = map.split_at_checked(HEADER)?;
        if weights.len() != length || header[..48] != header_of(model, length, checksum(weights))[..48] {
            return None;
        }
        Some(Self::Kept(map))
    }

    /// Writes the weights to a file for the next time.
    ///
    /// # Errors
    /// When that fails; there is no such file then, or the one that was there.
    pub(super) fn keep(&self, path: &Path, model: [u64; 2]) -> io::Result<()> {
        let weights = self.bytes();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(&header_of(model, weights.len(), checksum(weights)))?;
            file.write_all(weights)?;
            file.sync_all()?;
            fs::rename(&part, path)
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&part);
        })
    }

    /// The weights.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Made(map) => map,
            Self::Kept(map) => &map[HEADER..],
        }
    }
}

fn header_of(model: [u64; 2], length: usize, sum: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let words = [MAGIC, LAYOUT, model[0], model[1], length as u64, sum];
    for (place, word) in header.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    header
}

/// A number that tells two byte strings apart, unless somebody chose them so that it does not. Reads as fast as memory does.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut lanes: [u64; 8] = std::array::from_fn(|lane| PRIME.wrapping_mul(lane as u64 + 1));
    let mut mix = |chunk: &[u8; 64]| {
        let (words, _) = chunk.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME).rotate_left(29);
        }
    };
    let (chunks, rest) = bytes.as_chunks::<64>();
    chunks.iter().for_each(&mut mix);
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    mix(&last);
    lanes.iter().fold(bytes.len() as u64, |sum, &lane| (sum ^ lane).wrapping_mul(PRIME).rotate_left(31))
}

#[cfg(test)]
mod tests {
    use super::{HEADER, Store, checksum};

    #[test]
    fn each_byte_counts() {
        let mut bytes: Vec<u8> = (0..200_u8).collect();
        let sum = checksum(&bytes);
        for at in 0..bytes.len() {
            bytes[at] ^= 4;
            assert_ne!(checksum(&bytes), sum, "byte {at}");
            bytes[at] ^= 4;
        }
        assert_ne!(checksum(&bytes[..199]), sum);
    }

    #[test]
    fn only_what_is_whole_and_of_the_same_model_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/kept.pack");
        let mut room = Store::room(5000).unwrap();
        room.iter_mut().enumerate().for_each(|(at, byte)| *byte = u8::try_from(at % 251).unwrap());
        let store = Store::Made(room);
        store.keep(&path, [1, 2]).unwrap();
        let kept = Store::kept(&path, [1, 2], 5000).expect("it was just written");
        assert_eq!(kept.bytes(), store.bytes());
        assert!(Store::kept(&path, [1, 3], 5000).is_none(), "another model");
        assert!(Store::kept(&path, [1, 2], 4999).is_none(), "another length");
        let whole = std::fs::read(&path).unwrap();
        for at in [0, 9, HEADER, HEADER + 4999] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, damaged).unwrap();
            assert!(Store::kept(&path, [1, 2], 5000).is_none(), "byte {at}");
        }
        std::fs::write(&path, &whole[..HEADER - 1]).unwrap();
        assert!(Store::kept(&path, [1, 2], 5000).is_none(), "cut");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left over");
    }
}
