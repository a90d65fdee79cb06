//! Tokenizers and chat templates, read from small files made here.

#[path = "text/gguf.rs"]
mod gguf;
#[path = "text/template.rs"]
mod template;
#[path = "text/tokenizer.rs"]
mod tokenizer;
