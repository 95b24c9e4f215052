//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod composite;
mod indicator_weights;
mod normalise;
mod options;

pub use composite::{Composite, Dimension, composite};
pub use indicator_weights::{
    EntropyWeights, critic_weights, entropy_weights, given_weights, indicator_weights, variation_weights,
};
pub use normalise::{Normalised, normalise};
pub use options::{Normalisation, Options, USUAL, Weighting};
