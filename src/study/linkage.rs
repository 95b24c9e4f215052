//! The links between cities.

/// The links between cities.
#[derive(Clone, Debug, PartialEq)]
pub struct Linkage {}
