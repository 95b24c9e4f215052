//! The network of links: who is at its centre, and who at its edge.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.

mod adapter;
pub(super) mod centrality;
mod cores;
mod distances;
pub(super) mod driving_effect;
mod ego;
mod network;
mod options;
mod paths;
mod spectrum;
pub(super) mod spillover;

pub use centrality::{Centrality, centrality};
pub use cores::Cores;
pub use distances::Distances;
pub use driving_effect::{BandEffect, CoreEffect, DrivingEffect, Effect, FormEffect, LeadEffect, driving_effect};
pub use options::{Options, USUAL};
pub use spillover::{CoreImpact, Diagnostic, Fit, Impact, Spillover, spillover};
