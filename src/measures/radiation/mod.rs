//! The network of links: who is at its centre, and who at its edge.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.

mod adapter;
pub(super) mod centrality;
mod cores;
mod distances;
mod ego;
pub(super) mod models;
mod network;
mod options;
mod paths;
mod spectrum;

pub use centrality::{Centrality, centrality};
pub use cores::Cores;
pub use distances::Distances;
pub use models::{
    BalancedFlows, Catchment, Coefficient, Constraint, Decay, Fading, Gravity, GravityFit, Interlocking, RadiationForm,
    ShareFit, balanced_flows, catchment, gravity, gravity_fit, gravity_flows, gravity_network, interlocking,
    interlocking_network, intervening_opportunities, intervening_shares, opportunity_rate, potential,
    radiation_exponent, radiation_model, radiation_network, radiation_shares,
};
pub use options::{Options, USUAL};
