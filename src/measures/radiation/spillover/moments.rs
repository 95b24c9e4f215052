//! Sums of the columns of (I − ρW)⁻¹ for many ρ: the sums of the powers of W are taken once.

use crate::weights::Weights;

/// What is left of a sum of rounds that is cut off.
const LEFT: f64 = 1e-13;

/// Σ_i p_i (Wᵐ)_ic/λᵐ for m = 0, 1, 2, … and some columns c, with the largest eigenvalue λ, so that nothing overflows.
pub(super) struct Moments {
    columns: usize,
    /// The largest eigenvalue of W.
    radius: f64,
    /// One row for each power.
    sums: Vec<f64>,
}

impl Moments {
    /// For every ρ up to `rho`, of which ρ times the largest eigenvalue, `radius`, is below 1. O(links) a power.
    pub fn new(weights: &Weights, p: Vec<f64>, columns: &[usize], (radius, rho): (f64, f64)) -> Self {
        let powers = powers(radius * rho);
        let (mut now, mut sums) = (p, Vec::with_capacity(powers * columns.len()));
        for _ in 0..powers {
            sums.extend(columns.iter().map(|&c| now[c]));
            now = back(weights, &now, radius);
        }
        Self { columns: columns.len(), radius, sums }
    }

    /// The means of all columns together: Σ_i Σ_c (Wᵐ)_ic / n.
    pub fn totals(weights: &Weights, (radius, rho): (f64, f64)) -> Self {
        let n = weights.n();
        let powers = powers(radius * rho);
        let (mut now, mut sums) = (vec![1.0 / n as f64; n], Vec::with_capacity(powers));
        for _ in 0..powers {
            sums.push(now.iter().sum());
            now = back(weights, &now, radius);
        }
        Self { columns: 1, radius, sums }
    }

    /// Σ_i p_i ((I − ρW)⁻¹)_ic and Σ_i p_i ((I − ρW)⁻¹W)_ic of the column at `place`.
    pub fn at(&self, rho: f64, place: usize) -> [f64; 2] {
        let powers = powers(rho.abs() * self.radius).min(self.sums.len() / self.columns) - 1;
        let moment = |m: usize| self.sums[m * self.columns + place];
        let pace = rho * self.radius;
        let sums = |sum: [f64; 2], m: usize| [sum[0] * pace + moment(m), sum[1] * pace + moment(m + 1)];
        let [own, lagged] = (0..powers).rev().fold([0.0; 2], sums);
        [own, lagged * self.radius]
    }
}

/// How many powers leave nothing that counts, two for the ends among them.
fn powers(pace: f64) -> usize {
    if pace == 0.0 { 3 } else { (libm::log(LEFT) / libm::log(pace)).ceil() as usize + 3 }
}

/// Wᵀp/λ.
fn back(weights: &Weights, p: &[f64], radius: f64) -> Vec<f64> {
    let mut image = vec![0.0; p.len()];
    for (i, p) in p.iter().enumerate().filter(|(_, p)| **p != 0.0) {
        weights.row(i).for_each(|(j, w)| image[j] += p * w / radius);
    }
    image
}
