//! A model file, mapped into memory.
//!
//! Invariant: no length in the file is trusted. candle's reader checks those of the header against the size of the file, and
//! [`File::tensor`] those of a tensor, so a file from anywhere can be opened.

use std::fs;
use std::io::Cursor;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{Content, Value};
use memmap2::Mmap;

use crate::error::Error;

/// A GGUF file.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    map: Mmap,
    content: Content,
}

/// A tensor as it lies in the file.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    /// How the numbers are written.
    pub dtype: GgmlDType,
    /// How many rows there are; 1 for a vector.
    pub rows: usize,
    /// How many numbers a row has.
    pub columns: usize,
    /// `rows` times the bytes of a row.
    pub bytes: &'a [u8],
}

impl File {
    /// Maps the file and reads its header.
    ///
    /// # Errors
    /// When it cannot be opened, or its header is none of a GGUF file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        let file = fs::File::open(path).map_err(failed)?;
        // SAFETY: the mapping is read only. Another process could still cut the file, which ends this one with a signal, as it
        // does with every program that maps files; Caro replaces model files by renaming, and never writes into one.
        #[expect(unsafe_code, reason = "a gigabyte is not copied into memory to be read once")]
        let map = unsafe { Mmap::map(&file) }.map_err(failed)?;
        let malformed = |reason: String| Error::Malformed { path: path.to_owned(), reason };
        // candle 0.11 divides by `general.alignment`, which a file can say is 0. Its panic says nothing about the state of this
        // process: the reader keeps nothing.
        let content = catch_unwind(|| Content::read(&mut Cursor::new(&map[..])))
            .map_err(|_| malformed("its header makes no sense".to_owned()))?
            .map_err(|error| malformed(error.to_string()))?;
        Ok(Self { path: path.to_owned(), map, content })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.map.len() as u64
    }

    /// `general.architecture`: `llama`, `qwen2`.
    ///
    /// # Errors
    /// When it has none.
    pub fn architecture(&self) -> Result<&str, Error> {
        self.text("general.architecture")?.ok_or_else(|| self.malformed("it names no architecture"))
    }

    /// A value of the metadata.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.content.metadata.get(key)
    }

    /// A text of the metadata.
    ///
    /// # Errors
    /// When it is there and no text.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Error> {
        self.value(key)
            .map(|value| {
                value.to_string().map(String::as_str).map_err(|_| self.malformed(&format!("{key} is no text")))
            })
            .transpose()
    }

    /// A whole number of the metadata, whatever width it is written in.
    ///
    /// # Errors
    /// When it is there and no number from 0 up.
    pub fn number(&self, key: &str) -> Result<Option<usize>, Error> {
        let number = |value: &Value| match *value {
            Value::U8(n) => Some(usize::from(n)),
            Value::U16(n) => Some(usize::from(n)),
            Value::U32(n) => usize::try_from(n).ok(),
            Value::U64(n) => usize::try_from(n).ok(),
            Value::I32(n) => usize::try_from(n).ok(),
            Value::I64(n) => usize::try_from(n).ok(),
            Value::Bool(n) => Some(usize::from(n)),
            _ => None,
        };
        self.value(key)
            .map(|value| number(value).ok_or_else(|| self.malformed(&format!("{key} is no whole number"))))
            .transpose()
    }

    /// A real number of the metadata.
    ///
    /// # Errors
    /// When it is there and no number.
    pub fn real(&self, key: &str) -> Result<Option<f32>, Error> {
        self.value(key)
            .map(|value| value.to_f32().map_err(|_| self.malformed(&format!("{key} is no real number"))))
            .transpose()
    }

    /// Whether there is such a tensor.
    pub fn has_tensor(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// A tensor of one or two dimensions.
    ///
    /// # Errors
    /// When there is none of that name, or it does not lie inside the file.
    pub fn tensor(&self, name: &str) -> Result<Raw<'_>, Error> {
        let wrong = |what: &str| self.malformed(&format!("the tensor {name} {what}"));
        let tensor = self.content.tensor_infos.get(name).ok_or_else(|| wrong("is missing"))?;
        let (rows, columns) = match *tensor.shape.dims() {
            [columns] => (1, columns),
            [rows, columns] => (rows, columns),
            _ => return Err(wrong("has neither one nor two dimensions")),
        };
        let block = tensor.ggml_dtype.block_size();
        if columns == 0 || rows == 0 || columns % block != 0 {
            return Err(wrong("has rows that are no whole blocks"));
        }
        let length = (columns / block).checked_mul(tensor.ggml_dtype.type_size()).and_then(|row| row.checked_mul(rows));
        let start = self.content.tensor_data_offset.checked_add(tensor.offset).and_then(|at| usize::try_from(at).ok());
        let bytes = start
            .zip(length)
            .and_then(|(start, length)| self.map.get(start..start.checked_add(length)?))
            .ok_or_else(|| wrong("does not lie inside the file"))?;
        Ok(Raw { dtype: tensor.ggml_dtype, rows, columns, bytes })
    }

    /// The header, as candle reads it.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// That something is wrong with this file.
    pub fn malformed(&self, reason: &str) -> Error {
        Error::Malformed { path: self.path.clone(), reason: reason.to_owned() }
    }

    /// That this file asks for what is not built in.
    pub fn unsupported(&self, what: &str) -> Error {
        Error::Unsupported { path: self.path.clone(), what: what.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_makes_no_sense_is_an_error_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("odd.gguf");
        // GGUF 3, no tensors, one value: `general.alignment`, a number, 0.
        let key = b"general.alignment";
        let numbers = [&3_u32.to_le_bytes()[..], &0_u64.to_le_bytes(), &1_u64.to_le_bytes(), &17_u64.to_le_bytes()];
        let whole = [&b"GGUF"[..], &numbers.concat(), key, &4_u32.to_le_bytes(), &0_u32.to_le_bytes()].concat();
        for length in 0..=whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(matches!(File::open(&path), Err(Error::Malformed { .. } | Error::File { .. })), "{length} bytes");
        }
    }
}
