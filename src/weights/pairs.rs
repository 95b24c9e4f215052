//! Weights without direction, for statistics that are sums over pairs of cities.

use super::Weights;

/// The linked pairs i < j with w_ij + w_ji each: Σ_i Σ_j w_ij f(i, j) for a symmetric f is one pass over them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pairs {
    row_ends: Vec<usize>,
    others: Vec<u32>,
    sums: Vec<f64>,
}

impl Pairs {
    /// The pairs of `weights`, after their transform.
    pub(crate) fn new(weights: &Weights) -> Self {
        let mut backward = Vec::new(); // links j → i < j that have no counterpart i → j
        for j in 0..weights.n() {
            let below = weights.row(j).take_while(|&(i, _)| i < j);
            let alone = below.filter(|&(i, _)| weights.neighbours(i).binary_search(&(j as u32)).is_err());
            backward.extend(alone.map(|(i, w)| (i as u32, j as u32, w)));
        }
        backward.sort_by_key(|&(i, j, _)| (i, j));
        let mut backward = backward.into_iter().peekable();
        let mut pairs = Self { row_ends: Vec::with_capacity(weights.n()), others: Vec::new(), sums: Vec::new() };
        for i in 0..weights.n() {
            for (j, w) in weights.row(i).skip_while(|&(j, _)| j < i) {
                while let Some((_, other, w)) = backward.next_if(|&(a, b, _)| a as usize == i && (b as usize) < j) {
                    pairs.push(other, w);
                }
                pairs.push(j as u32, w + weights.weight(j, i));
            }
            while let Some((_, other, w)) = backward.next_if(|&(a, _, _)| a as usize == i) {
                pairs.push(other, w);
            }
            pairs.row_ends.push(pairs.others.len());
        }
        pairs
    }

    fn push(&mut self, other: u32, sum: f64) {
        self.others.push(other);
        self.sums.push(sum);
    }

    /// Number of cities.
    pub(crate) fn n(&self) -> usize {
        self.row_ends.len()
    }

    /// The pairs (i, j) with j > i, and w_ij + w_ji.
    pub(crate) fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = if i == 0 { 0 } else { self.row_ends[i - 1] }..self.row_ends[i];
        self.others[range.clone()].iter().zip(&self.sums[range]).map(|(&j, &sum)| (j as usize, sum))
    }

    /// Σ over all pairs of (w_ij + w_ji)·f(i, j).
    pub(crate) fn sum(&self, f: impl Fn(usize, usize) -> f64) -> f64 {
        (0..self.n()).flat_map(|i| self.row(i).map(move |(j, sum)| (i, j, sum))).map(|(i, j, sum)| sum * f(i, j)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pairs_sum_what_the_rows_sum(rows in prop::collection::vec(prop::collection::vec((0..8_u32, 0.5..2.0f64), 0..6), 8)) {
            let weights = Weights::from_rows("random", rows);
            let f = |i: usize, j: usize| (i * j) as f64 + (i as f64 - j as f64).powi(2);
            let plain: f64 = (0..8).flat_map(|i| weights.row(i).map(move |(j, w)| w * f(i, j))).sum();
            prop_assert!((Pairs::new(&weights).sum(f) - plain).abs() < 1e-9);
        }
    }
}
