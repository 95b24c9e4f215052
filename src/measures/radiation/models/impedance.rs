//! What the coefficient of distance multiplies, for all pairs that take part.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::decay::Decay;

/// ln d or d of every pair, row after row; NaN where a pair does not take part.
pub(super) struct Impedance {
    pub(super) n: usize,
    values: Vec<f64>,
}

impl Impedance {
    /// Of the pairs of cities that take part and between which there is a way.
    pub(super) fn new(distances: &Distances, decay: Decay, takes_part: &[bool]) -> Self {
        let n = distances.n();
        let mut values = vec![f64::NAN; n * n];
        values.par_chunks_mut(n.max(1)).enumerate().filter(|(i, _)| takes_part[*i]).for_each(|(i, row)| {
            for (j, (value, &d)) in row.iter_mut().zip(distances.row(i)).enumerate() {
                if j != i && takes_part[j] {
                    *value = decay.impedance(d);
                }
            }
        });
        Self { n, values }
    }

    /// From destination to origin.
    pub(super) fn transposed(&self) -> Self {
        let n = self.n;
        let mut values = vec![f64::NAN; n * n];
        values.par_chunks_mut(n.max(1)).enumerate().for_each(|(j, row)| {
            row.iter_mut().enumerate().for_each(|(i, value)| *value = self.values[i * n + j]);
        });
        Self { n, values }
    }

    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.n..(i + 1) * self.n]
    }

    pub(super) fn get(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.n + j]
    }
}
