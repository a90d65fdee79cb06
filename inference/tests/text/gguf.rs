//! GGUF files with a few tokens and no tensors.

use candle_core::quantized::gguf_file::{self, Value};
use caro_inference::gguf::File;

/// Metadata by name; a name can be set again.
pub(crate) struct Metadata(Vec<(String, Value)>);

/// Kinds of tokens.
pub(crate) const NORMAL: i32 = 1;
pub(crate) const CONTROL: i32 = 3;
pub(crate) const USER_DEFINED: i32 = 4;

impl Metadata {
    /// A byte-level tokenizer of 256 letters, some merges and the marks of ChatML; tokens 0 to 2 are the marks.
    pub(crate) fn bytes(pre: &str) -> Self {
        let mut tokens: Vec<String> = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"].map(str::to_owned).to_vec();
        let mut types = vec![CONTROL; 3];
        tokens.extend((0..=255).map(|byte| letter(byte).to_string()));
        let merges = ["l i", "li s", "lis t", "Ġ f", "i l", "il e", "Ġf ile", "1 2", "Ġ Ġ"];
        tokens.extend(merges.map(|merge| merge.replace(' ', "")));
        tokens.push("<think>".to_owned());
        types.resize(tokens.len() - 1, NORMAL);
        types.push(USER_DEFINED);
        let mut metadata = Self(Vec::new());
        metadata
            .set("tokenizer.ggml.model", Value::String("gpt2".to_owned()))
            .set("tokenizer.ggml.pre", Value::String(pre.to_owned()))
            .set("tokenizer.ggml.tokens", texts(&tokens))
            .set("tokenizer.ggml.token_type", kinds(&types))
            .set("tokenizer.ggml.merges", texts(&merges))
            .set("tokenizer.ggml.bos_token_id", Value::U32(1))
            .set("tokenizer.ggml.eos_token_id", Value::U32(2));
        metadata
    }

    /// A tokenizer that merges by score, with all bytes to fall back to.
    pub(crate) fn sentences() -> Self {
        let words = ["<unk>", "<s>", "</s>", "\u{2581}", "a", "b", "c", "ab", "bc", "\u{2581}ab", "\u{2581}a"];
        let mut tokens: Vec<String> = words.map(str::to_owned).to_vec();
        let mut types = vec![2, CONTROL, CONTROL];
        types.resize(tokens.len(), NORMAL);
        tokens.extend((0..=255).map(|byte: u8| format!("<0x{byte:02X}>")));
        types.resize(tokens.len(), 6);
        // Of "ab" and "bc" the second is the better one.
        let mut scores = vec![0.0, 0.0, 0.0, -9.0, -9.0, -9.0, -9.0, -2.0, -1.0, -3.0, -4.0];
        scores.resize(tokens.len(), 0.0);
        let mut metadata = Self(Vec::new());
        metadata
            .set("tokenizer.ggml.model", Value::String("llama".to_owned()))
            .set("tokenizer.ggml.tokens", texts(&tokens))
            .set("tokenizer.ggml.token_type", kinds(&types))
            .set("tokenizer.ggml.scores", Value::Array(scores.into_iter().map(Value::F32).collect()))
            .set("tokenizer.ggml.bos_token_id", Value::U32(1))
            .set("tokenizer.ggml.eos_token_id", Value::U32(2));
        metadata
    }

    pub(crate) fn set(&mut self, key: &str, value: Value) -> &mut Self {
        self.0.retain(|(name, _)| name != key);
        self.0.push((key.to_owned(), value));
        self
    }

    pub(crate) fn remove(&mut self, key: &str) -> &mut Self {
        self.0.retain(|(name, _)| name != key);
        self
    }

    /// The file with this metadata.
    pub(crate) fn file(&self) -> File {
        let metadata: Vec<(&str, &Value)> = self.0.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        gguf_file::write(&mut file, &metadata, &[]).expect("a file can be written");
        // Mapped: on Windows it cannot be removed while it is in use, so it is left to the system there.
        let (_, path) = file.keep().expect("a file can be kept");
        let opened = File::open(&path).expect("what was just written");
        let _ = std::fs::remove_file(&path);
        opened
    }
}

pub(crate) fn texts<T: AsRef<str>>(texts: &[T]) -> Value {
    Value::Array(texts.iter().map(|text| Value::String(text.as_ref().to_owned())).collect())
}

pub(crate) fn kinds(kinds: &[i32]) -> Value {
    Value::Array(kinds.iter().map(|&kind| Value::I32(kind)).collect())
}

/// The letter that a byte-level vocabulary writes a byte as.
fn letter(byte: u8) -> char {
    let printed = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if printed(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|other| !printed(other)).count();
    u32::try_from(before).ok().and_then(|before| char::from_u32(256 + before)).expect("there are 68 such bytes")
}
