//! Model files on this machine: what can be had, what is here, and how it gets here.
//!
//! Invariants: a file is in its place only when its SHA-256 is the one the hub named; what is deleted is what Caro downloaded, and
//! nothing else; the environment is read by whoever calls [`Hub::of`]. What is not here: what a model computes, and which one is in
//! use, which is a setting.

mod catalog;
mod digest;
mod download;
mod error;
mod header;
mod hub;
mod store;

pub use catalog::{Catalog, Entry, Template};
pub use download::{Pull, Step};
pub use error::Error;
pub use hub::{Cached, Hub};
pub use store::{Installed, Origin, Removed, Speed, Store};
