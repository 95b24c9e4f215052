//! Inequality: how unequal is a value, city by city or person by person, and between whom.
//!
//! Every measure takes the value of each city and, if given, its population. Without a population each city counts
//! once; with one, each city counts as its share p_i of all people, as if everybody had the value of their city.

mod adapter;
pub(super) mod atkinson;
pub(super) mod beta_convergence;
mod bootstrap;
mod chain;
mod dagum;
pub(super) mod dagum_report;
mod distribution;
pub(super) mod generalised_entropy;
pub(super) mod gini;
mod inequality_intervals;
pub(super) mod inequality_intervals_report;
pub(super) mod lorenz;
pub(super) mod markov;
mod options;
mod panel;
pub(super) mod polarisation;
pub(super) mod rank_size;
mod regression;
mod share_intervals;
pub(super) mod sigma_convergence;
pub(super) mod theil;
mod theil_nested;
pub(super) mod theil_nested_report;
pub(super) mod variation;

pub use atkinson::{Atkinson, atkinson};
pub use beta_convergence::{BetaConvergence, Club, beta_convergence, convergence_clubs};
pub use bootstrap::Interval;
pub use dagum::{Dagum, DagumGroup, dagum};
pub use generalised_entropy::{GeneralisedEntropy, generalised_entropy};
pub use gini::{Gini, gini};
pub use inequality_intervals::{INTERVAL_MEASURES, InequalityIntervals, inequality_intervals};
pub use lorenz::{Lorenz, LorenzCity, lorenz};
pub use markov::{Markov, markov};
pub use options::{Options, USUAL};
pub use polarisation::{Polarisation, esteban_ray_groups, polarisation};
pub use rank_size::{RankSize, RankedCity, rank_size};
pub use share_intervals::{INTERVAL_SHARES, ShareIntervals, share_intervals};
pub use sigma_convergence::{SigmaConvergence, SigmaYear, Trend, sigma_convergence};
pub use theil::{Theil, TheilGroup, TheilGroups, theil, theil_groups};
pub use theil_nested::{NestedGroup, NestedParts, TheilNested, theil_nested};
pub use variation::{Variation, variation};
