//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod options;

pub use options::{Normalisation, Options, USUAL, Weighting};
