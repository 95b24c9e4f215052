//! Bytes to records: the only place that knows file formats of inputs.

pub mod geojson;
