//! Inequality: how unequal is a value, city by city or person by person, and between whom.
//!
//! Every measure takes the value of each city and, if given, its population. Without a population each city counts
//! once; with one, each city counts as its share p_i of all people, as if everybody had the value of their city.

mod adapter;
pub(super) mod atkinson;
pub(super) mod beta_convergence;
mod centre;
mod centre_of_gravity;
pub(super) mod centre_of_gravity_report;
mod chain;
mod dagum;
pub(super) mod dagum_report;
mod density;
pub(super) mod density_report;
mod distribution;
mod ellipse;
pub(super) mod ellipse_report;
pub(super) mod generalised_entropy;
pub(super) mod gini;
mod kendall;
pub(super) mod lisa_transitions;
pub(super) mod lorenz;
pub(super) mod markov;
mod options;
mod panel;
mod panel_in_space;
pub(super) mod polarisation;
mod rank_mobility;
pub(super) mod rank_mobility_report;
pub(super) mod rank_size;
mod regression;
mod relative_classes;
pub(super) mod sigma_convergence;
mod spatial_markov;
pub(super) mod spatial_markov_report;
pub(super) mod spatial_rank_mobility;
mod series;
pub(super) mod spatial_gini;
pub(super) mod theil;
mod theil_nested;
pub(super) mod theil_nested_report;
pub(super) mod variation;

pub use atkinson::{Atkinson, atkinson};
pub use beta_convergence::{BetaConvergence, Club, beta_convergence, convergence_clubs};
pub use centre_of_gravity::{Centre, CentreOfGravity, centre_of_gravity};
pub use dagum::{Dagum, DagumGroup, dagum};
pub use density::{Density, DensityYear, Peak, density};
pub use ellipse::{Ellipse, ellipse};
pub use generalised_entropy::{GeneralisedEntropy, generalised_entropy};
pub use gini::{Gini, gini};
pub use kendall::Concordance;
pub use lisa_transitions::{LisaTransitions, MOVES, QUADRANTS, lisa_transitions};
pub use lorenz::{Lorenz, LorenzCity, lorenz};
pub use markov::{Markov, markov};
pub use options::{Options, USUAL};
pub use panel_in_space::Absent;
pub use polarisation::{Polarisation, esteban_ray_groups, polarisation};
pub use rank_mobility::{RankMobility, RankStep, Theta, ThetaStep, rank_mobility, theta};
pub use rank_size::{RankSize, RankedCity, rank_size};
pub use sigma_convergence::{SigmaConvergence, SigmaYear, Trend, sigma_convergence};
pub use spatial_markov::{Homogeneity, SpatialMarkov, Transitions, spatial_markov};
pub use spatial_rank_mobility::{SpatialRankMobility, SpatialRankStep, spatial_rank_mobility};
pub use spatial_gini::{SpatialGini, spatial_gini};
pub use theil::{Theil, TheilGroup, TheilGroups, theil, theil_groups};
pub use theil_nested::{NestedGroup, NestedParts, TheilNested, theil_nested};
pub use variation::{Variation, variation};
