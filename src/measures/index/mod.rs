//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod basis;
mod composite;
mod coupling;
pub(super) mod coupling_report;
mod index_robustness;
pub(super) mod index_robustness_report;
mod indicator_weights;
mod normalise;
mod obstacles;
pub(super) mod obstacles_report;
mod options;
mod ranks;

pub use composite::{Composite, Dimension, composite};
pub use coupling::{Coupling, GRADES, STAGES, coupling, grade, lagging, stage};
pub use index_robustness::{LeftOut, RandomWeights, RankIntervals, leave_one_out, rank_intervals};
pub use indicator_weights::{
    EntropyWeights, critic_weights, entropy_weights, given_weights, indicator_weights, variation_weights,
};
pub use normalise::{Normalised, normalise};
pub use obstacles::{Obstacles, obstacles};
pub use options::{Normalisation, Options, USUAL, Weighting};
pub use ranks::{kendall, spearman};
