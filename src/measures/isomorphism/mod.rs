//! Industrial isomorphism: which cities build the same industries, which complement each other.
//!
//! Measures take a [`Structure`](crate::study::Structure): X_ik, the level of sector k in city i, and s_ik = X_ik/X_i, its
//! share in the city. S_k is the share of sector k in the reference area, all cities together unless another is given.

pub(super) mod adapter;
pub(super) mod location_quotient;
pub(super) mod similarity;

pub use location_quotient::location_quotient;
pub use similarity::{
    Coefficient, GroupMeans, Similarity, SimilaritySummary, mean_by_groups, similarity, similarity_matrix,
    similarity_summary, unido,
};
