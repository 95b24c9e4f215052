//! Charts of spatial autocorrelation.

pub(super) mod correlogram;
pub(super) mod permutations;
