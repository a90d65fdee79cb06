//! Models computed by the processor, with kernels of our own.
//!
//! # Map
//!
//! ```text
//! gguf::File -> Geometry, pack -> Store of panels (tile) -> Weights -> Session
//!                                                           product, ops, attention: kernels, compiled for each Isa
//! ```
//!
//! # Invariants
//!
//! - The same tokens give the same bits, however many are read at once, on however many threads, on whatever processor.
//! - A file cannot make anything here panic or read out of bounds: shapes are checked once, in [`Weights::load`], and any
//!   byte is a valid weight.
//! - Nothing reads the environment.

mod attention;
mod cache;
mod geometry;
mod isa;
mod lanes;
mod ops;
mod pack;
mod pool;
mod prefix;
mod product;
mod scratch;
mod session;
mod store;
mod tile;
mod weights;

pub use geometry::Geometry;
pub use isa::{Isa, peak};
pub use session::{Memory, Session};
pub use weights::{LoadOptions, Weights, default_threads};

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
