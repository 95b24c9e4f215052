//! Outcomes to bytes: one file a format.

mod gal;
pub mod geojson;

pub use gal::{write_gal, write_gwt};
