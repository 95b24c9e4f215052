//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod adapter;
mod composite;
pub(super) mod composite_report;
mod indicator_weights;
pub(super) mod indicator_weights_report;
mod normalise;
pub(super) mod normalise_report;
mod options;
mod topsis;
pub(super) mod topsis_report;
mod vikor;
pub(super) mod vikor_report;

pub use composite::{Composite, Dimension, composite};
pub use indicator_weights::{
    EntropyWeights, critic_weights, entropy_weights, given_weights, indicator_weights, variation_weights,
};
pub use normalise::{Normalised, normalise};
pub use options::{Normalisation, Options, USUAL, Weighting};
pub use topsis::{Topsis, topsis};
pub use vikor::{Compromise, Vikor, vikor};
