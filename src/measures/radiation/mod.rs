//! The network of links: who is at its centre, and who at its edge.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.

pub(super) mod centrality;
mod ego;
mod network;
mod paths;
mod spectrum;

pub use centrality::{Centrality, centrality};
