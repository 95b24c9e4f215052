//! Contiguity: cities are neighbours where their borders meet.

use super::Weights;
use crate::error::{Fault, Kind, Result};
use crate::note::Note;
use crate::study::Cities;

/// What two borders have to share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A point.
    Queen,
    /// A line.
    Rook,
}

/// Contiguity weights and what was found on the way.
#[derive(Clone, Debug)]
pub struct Contiguity {
    /// The weights.
    pub weights: Weights,
}

impl Contiguity {
    /// What there is to say about them.
    pub fn notes(&self, _cities: &Cities) -> Vec<Note> {
        Vec::new()
    }
}

/// Contiguity weights of the cities.
pub fn contiguity(_cities: &Cities, _rule: Rule, _snap: Option<f64>) -> Result<Contiguity> {
    Err(Fault::new(Kind::Weights, "contiguity is not built yet").into())
}
