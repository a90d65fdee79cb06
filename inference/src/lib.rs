//! Small language models in GGUF files, run on this machine.
//!
//! # Map
//!
//! ```text
//! GGUF file -> gguf::File -> Weights (packed for this processor) -> Session (KV cache) -> logits
//!                         -> Tokenizer, Template                  -> generate (constrained) -> text
//! ```
//!
//! | module | is | never |
//! |---|---|---|
//! | [`mod@bench`] | how fast a model is on this machine | says whether that is enough |
//! | [`cpu`] | a model computed by the processor: kernels, key-value cache | reads the environment |
//! | [`gguf`] | a model file, mapped into memory and read with candle | trusts a length in it |
//! | [`forward`] | what a model in use can do: read tokens, go back, give logits | says which token comes next |
//!
//! Nothing here knows what the text is for.

pub mod bench;
pub mod cpu;
pub mod error;
pub mod forward;
pub mod gguf;

pub use error::Error;
pub use forward::{Forward, Rows};
