//! agglo measures regional imbalance across city networks.
#![forbid(unsafe_code)]

pub mod error;
pub mod inference;
pub mod measures;
pub mod note;
pub mod read;
pub mod study;
pub mod weights;
pub mod write;

pub use error::{Error, Result};
