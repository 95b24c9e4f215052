//! Similarity of industrial structures, pair by pair.

use crate::study::Structure;

/// UNIDO's coefficient of every pair of cities, n × n; NaN where a city takes no part.
pub fn unido(structure: &Structure) -> Vec<f64> {
    let n = structure.cities();
    let dot =
        |i: usize, j: usize| -> f64 { structure.shares(i).iter().zip(structure.shares(j)).map(|(a, b)| a * b).sum() };
    (0..n * n).map(|at| (at / n, at % n)).map(|(i, j)| dot(i, j) / (dot(i, i) * dot(j, j)).sqrt()).collect()
}
