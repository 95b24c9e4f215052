//! Outcomes to bytes: one file a format.

mod gal;

pub use gal::{write_gal, write_gwt};
