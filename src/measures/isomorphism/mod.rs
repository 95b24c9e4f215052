//! Industrial isomorphism: which cities build the same industries, which complement each other.
//!
//! Measures take a [`Structure`](crate::study::Structure): X_ik, the level of sector k in city i, and s_ik = X_ik/X_i, its
//! share in the city. S_k is the share of sector k in the reference area, all cities together unless another is given.

pub(super) mod adapter;
mod benchmark;
mod chance;
pub(super) mod coagglomeration;
mod communities;
pub(super) mod complementarity;
mod complexity;
pub(super) mod complexity_report;
pub(super) mod concentration;
mod dendrogram;
mod division;
pub(super) mod division_of_labour;
mod eigen;
pub(super) mod explained;
pub(super) mod functional_specialisation;
mod gaps;
pub(super) mod isomorphism_null;
pub(super) mod location_quotient;
mod overlap;
pub(super) mod pairs;
mod relatedness;
pub(super) mod similarity;
pub(super) mod specialisation;
pub(super) mod urban_flow;
mod variety;

pub use benchmark::{
    Benchmark, gini_of_quotients, hachman, hoover_specialisation, krugman_specialisation, relative_diversity,
    relative_specialisation,
};
pub use chance::{ByChance, MeanByChance, Null, PairsByChance, similarity_by_chance};
pub use coagglomeration::{Coagglomeration, coagglomeration};
pub use communities::{Communities, industrial_communities, silhouette};
pub use complementarity::complementarity;
pub use complexity::{Complexity, complexity, diversity, specialised_sectors, ubiquity};
pub use concentration::{
    Concentration, concentration, ellison_glaeser, hoover_concentration, locational_gini, maurel_sedillot,
};
pub use dendrogram::{Dendrogram, Merge, average_linkage};
pub use division::{DivisionOfLabour, Relation, Thresholds, division_of_labour};
pub use explained::{Explained, Explanation, similarity_explained};
pub use functional_specialisation::functional_specialisation;
pub use location_quotient::{location_quotient, standardised_quotient, symmetric_quotient};
pub use overlap::{ExtremePairs, Overlap, Pair, extreme_pairs, overlap};
pub use relatedness::{density, proximity};
pub use similarity::{
    Coefficient, GroupMeans, Similarity, SimilaritySummary, mean_by_groups, similarity, similarity_matrix,
    similarity_summary, unido,
};
pub use urban_flow::{UrbanFlow, urban_flow};
pub use variety::{Variety, entropy, entropy_normalised, herfindahl, herfindahl_normalised, variety};
