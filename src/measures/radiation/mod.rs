//! The network of links: who is at its centre, and who at its edge.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.

mod adapter;
pub(super) mod centrality;
pub(super) mod core_periphery;
mod cores;
mod distances;
mod ego;
mod natural_breaks;
mod network;
mod options;
mod paths;
mod qap;
pub(super) mod qap_report;
mod spectrum;

pub use centrality::{Centrality, centrality};
pub use core_periphery::{
    Agreement, ContinuousCore, CorePairs, CorePeriphery, DiscreteCore, Lip, Minres, PairSignificance, Rossa, Tier,
    Tiers, Transform, borgatti_everett, borgatti_everett_continuous, core_periphery, k_core, km_config, lip, minres,
    pair_significance, rossa, s_core, tiers,
};
pub use cores::Cores;
pub use distances::Distances;
pub use natural_breaks::natural_breaks;
pub use options::{Options, USUAL};
pub use qap::{Predicted, Predictor, Qap, qap};
