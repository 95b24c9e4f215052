//! Composite indices: indicators made comparable, weighted and added up, and how well their dimensions go together.

mod coupling;
mod index_robustness;
mod obstacles;
mod options;
mod ranks;

pub use coupling::{Coupling, GRADES, STAGES, coupling, grade, lagging, stage};
pub use index_robustness::{LeftOut, RandomWeights, RankIntervals, leave_one_out, rank_intervals};
pub use obstacles::{Obstacles, obstacles};
pub use options::{Normalisation, Options, USUAL, Weighting};
pub use ranks::{kendall, spearman};
