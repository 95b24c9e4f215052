//! Industrial isomorphism: which cities build the same industries, which complement each other.
//!
//! Measures take a [`Structure`](crate::study::Structure): X_ik, the level of sector k in city i, and s_ik = X_ik/X_i, its
//! share in the city. S_k is the share of sector k in the reference area, all cities together unless another is given.

pub(super) mod adapter;
mod chance;
mod communities;
pub(super) mod complementarity;
mod dendrogram;
mod division;
pub(super) mod division_of_labour;
pub(super) mod explained;
pub(super) mod isomorphism_null;
pub(super) mod location_quotient;
mod overlap;
pub(super) mod pairs;
pub(super) mod similarity;

pub use chance::{ByChance, MeanByChance, Null, PairsByChance, similarity_by_chance};
pub use communities::{Communities, industrial_communities, silhouette};
pub use complementarity::complementarity;
pub use dendrogram::{Dendrogram, Merge, average_linkage};
pub use division::{DivisionOfLabour, Relation, Thresholds, division_of_labour};
pub use explained::{Explained, Explanation, similarity_explained};
pub use location_quotient::location_quotient;
pub use overlap::{ExtremePairs, Overlap, Pair, extreme_pairs, overlap};
pub use similarity::unido;
