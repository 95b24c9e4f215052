//! Bytes to records: the only place that knows file formats of inputs.

mod grid;
mod table;
mod text;

pub use table::read_table;
