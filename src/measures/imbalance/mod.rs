//! Inequality: how unequal is a value, city by city or person by person, and between whom.
//!
//! Every measure takes the value of each city and, if given, its population. Without a population each city counts
//! once; with one, each city counts as its share p_i of all people, as if everybody had the value of their city.

mod adapter;
pub(super) mod atkinson;
mod beta_conditional;
pub(super) mod beta_conditional_report;
pub(super) mod beta_convergence;
pub(super) mod beta_panel;
mod beta_spatial;
pub(super) mod beta_spatial_report;
mod chain;
mod dagum;
pub(super) mod dagum_report;
mod distribution;
pub(super) mod generalised_entropy;
pub(super) mod gini;
mod growth;
pub(super) mod lorenz;
pub(super) mod markov;
mod options;
mod panel;
pub(super) mod polarisation;
pub(super) mod rank_size;
mod regression;
pub(super) mod sigma_convergence;
pub(super) mod theil;
mod theil_nested;
pub(super) mod theil_nested_report;
pub(super) mod variation;

pub use atkinson::{Atkinson, atkinson};
pub use beta_conditional::{BetaConditional, GrowthTerm, beta_conditional};
pub use beta_convergence::{BetaConvergence, Club, beta_convergence, convergence_clubs};
pub use beta_panel::{BetaPanel, PanelConvergence, beta_panel};
pub use beta_spatial::{BetaSpatial, SpatialConvergence, beta_spatial};
pub use dagum::{Dagum, DagumGroup, dagum};
pub use generalised_entropy::{GeneralisedEntropy, generalised_entropy};
pub use gini::{Gini, gini};
pub use growth::DroppedCovariate;
pub use lorenz::{Lorenz, LorenzCity, lorenz};
pub use markov::{Markov, markov};
pub use options::{Options, USUAL};
pub use polarisation::{Polarisation, esteban_ray_groups, polarisation};
pub use rank_size::{RankSize, RankedCity, rank_size};
pub use sigma_convergence::{SigmaConvergence, SigmaYear, Trend, sigma_convergence};
pub use theil::{Theil, TheilGroup, TheilGroups, theil, theil_groups};
pub use theil_nested::{NestedGroup, NestedParts, TheilNested, theil_nested};
pub use variation::{Variation, variation};
