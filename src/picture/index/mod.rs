//! Charts of composite indices: what they are made of, how sure their ranks are, and what holds the cities back.

pub(super) mod coupling;
pub(super) mod indicators;
pub(super) mod robustness;
