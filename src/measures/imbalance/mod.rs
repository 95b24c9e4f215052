//! Inequality: how unequal is a value, city by city or person by person, and between whom.
//!
//! Every measure takes the value of each city and, if given, its population. Without a population each city counts
//! once; with one, each city counts as its share p_i of all people, as if everybody had the value of their city.

mod adapter;
mod distribution;
pub(super) mod gini;
pub(super) mod theil;
pub(super) mod variation;

pub use gini::{Gini, gini};
pub use theil::{Theil, TheilGroup, TheilGroups, theil, theil_groups};
pub use variation::{Variation, variation};
