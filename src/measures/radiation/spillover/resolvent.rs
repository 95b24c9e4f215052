//! (I − ρW)⁻¹, what a change in one city comes to after all rounds through its neighbours.

use rayon::prelude::*;

use super::linear::Lu;
use crate::error::{Fault, Kind, Result};
use crate::weights::Weights;

/// Largest ρ times the largest eigenvalue from which on the rounds are not added up one by one.
const SLOW: f64 = 0.99;
/// Columns that are worked on at a time.
const BLOCK: usize = 16;

/// (I − ρW)⁻¹ of one ρ: the sum of its rounds where that is less work, else a factorisation.
pub(super) struct Resolvent<'a> {
    weights: &'a Weights,
    rho: f64,
    rounds: usize,
    factors: Option<Lu>,
}

impl<'a> Resolvent<'a> {
    /// For a work of about so many `columns`.
    ///
    /// # Errors
    /// [`Kind::Undefined`] where I − ρW has no inverse.
    pub fn new(weights: &'a Weights, rho: f64, radius: f64, columns: usize) -> Result<Self> {
        let (n, pace) = (weights.n(), (rho * radius).abs());
        // Twice what a pure power takes, since the first rounds may grow.
        let rounds = if pace == 0.0 { 1 } else { (2.0 * libm::log(1e-17) / libm::log(pace)).ceil() as usize };
        let (size, width) = (n as f64, columns as f64);
        let in_rounds = weights.links() as f64 * rounds as f64 * width;
        if pace < SLOW && in_rounds < size * size * (size + 2.0 * width) {
            return Ok(Self { weights, rho, rounds, factors: None });
        }
        let mut dense = vec![0.0; n * n];
        for i in 0..n {
            dense[i * n + i] = 1.0;
            weights.row(i).for_each(|(j, w)| dense[i * n + j] -= rho * w);
        }
        let singular = || Fault::new(Kind::Undefined, format!("I - {rho} W has no inverse"));
        Ok(Self { weights, rho, rounds: 0, factors: Some(Lu::new(dense, n).ok_or_else(singular)?) })
    }

    /// (I − ρW)⁻¹B for `width` columns; b holds them row after row.
    pub fn solve(&self, b: &[f64], width: usize) -> Vec<f64> {
        if let Some(factors) = &self.factors {
            return factors.solve(b, width);
        }
        let (mut sum, mut last) = (b.to_vec(), b.to_vec());
        for _ in 0..self.rounds {
            last = lags(self.weights, &last, width);
            last.iter_mut().for_each(|x| *x *= self.rho);
            sum.iter_mut().zip(&last).for_each(|(sum, x)| *sum += x);
            let most = |x: &[f64]| x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            if most(&last) <= 1e-18 * most(&sum) {
                break;
            }
        }
        sum
    }

    /// Σ of all squared entries of G = W(I − ρW)⁻¹, the trace of GᵀG. O(n³), or O(n·links) a round.
    pub fn squares(&self) -> f64 {
        let n = self.weights.n();
        let of_block = |block: usize| {
            let (start, width) = (block * BLOCK, BLOCK.min(n - block * BLOCK));
            let mut unit = vec![0.0; n * width];
            (0..width).for_each(|at| unit[(start + at) * width + at] = 1.0);
            lags(self.weights, &self.solve(&unit, width), width).iter().map(|g| g * g).sum::<f64>()
        };
        let sums: Vec<f64> = (0..n.div_ceil(BLOCK)).into_par_iter().map(of_block).collect();
        sums.iter().sum()
    }
}

/// W·B for `width` columns; b holds them row after row.
pub(super) fn lags(weights: &Weights, b: &[f64], width: usize) -> Vec<f64> {
    let mut image = vec![0.0; b.len()];
    for (i, row) in image.chunks_exact_mut(width).enumerate() {
        for (j, w) in weights.row(i) {
            row.iter_mut().zip(&b[j * width..(j + 1) * width]).for_each(|(x, y)| *x += w * y);
        }
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Transform;

    #[test]
    fn rounds_and_factors_agree() {
        let n = 200;
        let pairs: Vec<(u32, u32)> = (0..n as u32 - 1).map(|i| (i, i + 1)).collect();
        let w = Weights::from_pairs("chain", n, &pairs).transformed(Transform::Row);
        let by_rounds = Resolvent::new(&w, 0.1, 1.0, n).unwrap();
        assert!(by_rounds.factors.is_none());
        let by_factors = Resolvent::new(&w, 0.1, 0.9999 / 0.1, n).unwrap();
        assert!(by_factors.factors.is_some());
        let b: Vec<f64> = (0..2 * n).map(|i| i as f64).collect();
        let (x, y) = (by_rounds.solve(&b, 2), by_factors.solve(&b, 2));
        assert!(x.iter().zip(&y).all(|(x, y)| (x - y).abs() < 1e-12 * (1.0 + y.abs())));
        assert!((by_rounds.squares() - by_factors.squares()).abs() < 1e-12);
    }
}
