//! The network of links: who is at its centre, and who at its edge.
//!
//! Measures take the [`Linkage`](crate::study::Linkage) itself: W, the strengths of the directed links, and
//! S = W + Wᵀ, those without direction (S = W where links have none to begin with). A link of strength w is 1/w long.

mod adapter;
pub(super) mod centrality;
mod cores;
mod distances;
mod ego;
mod network;
mod options;
mod paths;
pub(super) mod reach;
mod spectrum;

pub use centrality::{Centrality, centrality};
pub use cores::Cores;
pub use distances::Distances;
pub use options::{Options, USUAL};
pub use reach::{
    Breakpoint, FieldStrength, Hinterlands, Huff, LinkedHinterlands, Reach, breakpoint, breakpoints, field_strength,
    hinterland, huff, linked_hinterland, reilly,
};
