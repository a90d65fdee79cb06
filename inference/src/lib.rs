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
//! | [`model`] | a model file ready to answer | does two things at once |
//! | [`open`] | from a path to a model ready to answer | keeps what it cannot make again |
//! | [`transcript`] | a model and what it has read, so that nothing is read twice | knows what a token means |
//! | [`constraint`] | the tokens that may come next inside a JSON string | looks at a logit |
//! | [`generate`] | the likeliest text, held to its form, with guesses checked in bulk | depends on who guessed |
//! | [`tokenizer`] | text to tokens and back | makes a control token of what somebody typed |
//! | [`template`] | the conversation as the model wants it written | mixes its words with what was said |
//! | [`candle`] | a model computed by candle's tensors, on any device | is the fast way on a processor |
//! | [`device`] | where a model can be run | opens what nobody uses |
//! | [`forward`] | what a model in use can do: read tokens, go back, give logits | says which token comes next |
//!
//! Nothing here knows what the text is for.

pub mod bench;
pub mod candle;
pub mod constraint;
pub mod cpu;
pub mod device;
pub mod error;
pub mod forward;
pub mod generate;
pub mod gguf;
pub mod model;
pub mod open;
pub mod template;
pub mod tokenizer;
pub mod transcript;

pub use device::Device;
pub use error::Error;
pub use forward::{Forward, Rows};
pub use model::Model;
pub use template::Template;
pub use tokenizer::Tokenizer;
pub use transcript::Transcript;
