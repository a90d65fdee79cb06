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
//! | [`gguf`] | a model file, mapped into memory and read with candle | trusts a length in it |
//! | [`tokenizer`] | text to tokens and back | makes a control token of what somebody typed |
//! | [`template`] | the conversation as the model wants it written | mixes its words with what was said |
//! | [`forward`] | what a model in use can do: read tokens, go back, give logits | says which token comes next |
//!
//! Nothing here knows what the text is for.

pub mod error;
pub mod forward;
pub mod gguf;
pub mod template;
pub mod tokenizer;

pub use error::Error;
pub use forward::{Forward, Rows};
pub use template::Template;
pub use tokenizer::Tokenizer;
