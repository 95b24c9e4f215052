//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod adapter;
mod basis;
mod composite;
pub(super) mod composite_report;
mod coupling;
pub(super) mod coupling_report;
mod index_robustness;
pub(super) mod index_robustness_report;
mod indicator_weights;
pub(super) mod indicator_weights_report;
mod normalise;
pub(super) mod normalise_report;
mod obstacles;
pub(super) mod obstacles_report;
mod options;
mod ranks;
mod topsis;
pub(super) mod topsis_report;
mod vikor;
pub(super) mod vikor_report;

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
pub use topsis::{Topsis, topsis};
pub use vikor::{Compromise, Vikor, vikor};
