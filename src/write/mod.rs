//! Outcomes to bytes: one file a format.

pub mod geojson;
