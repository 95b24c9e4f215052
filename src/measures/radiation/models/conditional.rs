//! The gravity models whose constants follow from sums of flows: unconstrained, and constrained at the origins.
//!
//! Given the coefficients, the Poisson constant of a group of pairs (all, or those of one origin) is the observed sum over
//! the modelled one. What is left to maximise is concave in at most three coefficients, which Newton's method finds in a
//! few steps for any number of cities.

use rayon::prelude::*;

use super::fitted::{Cleared, Estimate, Fitted};
use super::impedance::Impedance;
use super::normal_equations::{Small, inverse};
use super::observed::Observed;
use crate::error::{Fault, Kind, Result};

/// Most steps.
const STEPS: usize = 100;
/// Step, in standard deviations of the logarithm of the flow, below which the coefficients have arrived.
const ARRIVED: f64 = 1e-10;

/// A regressor as a combination of the logarithm of the origin's mass, that of the destination's, and f_ij.
pub(super) type Regressor = [f64; 3];

/// What is fitted.
pub(super) struct Problem<'a> {
    pub(super) observed: &'a Observed,
    pub(super) impedance: &'a Impedance,
    /// Logarithms of the masses; anything finite where a city does not take part.
    pub(super) log_mass: &'a [f64],
    pub(super) regressors: &'a [Regressor],
    /// Whether each origin has a constant of its own.
    pub(super) by_origin: bool,
}

/// Of z = (ln m_i, ln m_j, f_ij) over a group, weighted by the model: logarithm of the total, mean, mean of z z′.
#[derive(Clone, Copy)]
struct Moments {
    log_total: f64,
    mean: [f64; 3],
    second: Small,
}

const NOTHING: Moments = Moments { log_total: f64::NEG_INFINITY, mean: [0.0; 3], second: [[0.0; 3]; 3] };

impl Problem<'_> {
    /// Maximises the likelihood from coefficients to begin with.
    ///
    /// # Errors
    /// [`Kind::Undefined`] where the regressors do not vary enough to tell their effects apart.
    pub(super) fn solve(&self, start: [f64; 3]) -> Result<Estimate> {
        let k = self.regressors.len();
        let observed = self.observed_sums();
        let mut at = start;
        let (mut rows, mut best) = self.evaluate(at, &observed);
        let (mut converged, mut iterations) = (false, 0);
        while !converged && iterations < STEPS {
            iterations += 1;
            let (gradient, hessian) = self.slopes(&rows, &observed);
            let inverse = inverse(&hessian, k).ok_or_else(indistinct)?;
            let mut step: [f64; 3] = std::array::from_fn(|r| (0..k).map(|c| inverse[r][c] * gradient[c]).sum());
            let size = |r: usize| (step[r] * (hessian[r][r] / self.observed.total).sqrt()).abs();
            let size = (0..k).map(size).fold(0.0, f64::max);
            converged = size < ARRIVED;
            // Near the maximum values differ by rounding only.
            let slack = if size < 1e-4 { 1e-12 * best.abs() } else { 0.0 };
            // Far from it a whole step may lead past it.
            for _ in 0..40 {
                let next = std::array::from_fn(|r| at[r] + step[r]);
                let (moments, value) = self.evaluate(next, &observed);
                if value >= best - slack {
                    (at, rows, best) = (next, moments, value);
                    break;
                }
                step = step.map(|x| x / 2.0);
            }
        }
        self.estimate(at, &rows, &observed, iterations, converged)
    }

    fn estimate(
        &self,
        coefficients: [f64; 3],
        rows: &[Moments],
        observed: &[f64; 3],
        iterations: usize,
        converged: bool,
    ) -> Result<Estimate> {
        let (_, hessian) = self.slopes(rows, observed);
        let covariance = inverse(&hessian, self.regressors.len()).ok_or_else(indistinct)?;
        let theta = self.theta(coefficients);
        let total = together(rows);
        let constant = if self.by_origin { f64::NAN } else { libm::log(self.observed.total) - total.log_total };
        let origin = |i: usize| match self.by_origin {
            true => libm::log(self.observed.out[i]) - rows[i].log_total + theta[0] * self.log_mass[i],
            false => constant + theta[0] * self.log_mass[i],
        };
        let n = self.impedance.n;
        let centre = |i: usize| self.through(if self.by_origin { rows[i].mean } else { total.mean });
        let part = |i: usize, of: usize| std::array::from_fn(|k| self.regressor(k)[of] * self.log_mass[i]);
        let row = |i: usize| {
            let (own, centre): ([f64; 3], _) = (part(i, 0), centre(i));
            std::array::from_fn(|k| own[k] - centre[k])
        };
        let cleared = Cleared {
            count: self.regressors.len(),
            row: (0..n).map(row).collect(),
            column: (0..n).map(|j| part(j, 1)).collect(),
            slope: std::array::from_fn(|k| self.regressor(k)[2]),
        };
        let fitted = Fitted {
            origin: (0..n).map(origin).collect(),
            destination: self.log_mass.iter().map(|m| theta[1] * m).collect(),
            exponent: theta[2],
        };
        Ok(Estimate { coefficients, constant, fitted, cleared, covariance, iterations, converged })
    }

    fn regressor(&self, k: usize) -> Regressor {
        self.regressors.get(k).copied().unwrap_or_default()
    }

    /// What the coefficients make of ln m_i, ln m_j and f_ij.
    fn theta(&self, coefficients: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|z| (0..3).map(|k| coefficients[k] * self.regressor(k)[z]).sum())
    }

    /// The regressors of a z.
    fn through(&self, z: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|k| (0..3).map(|m| self.regressor(k)[m] * z[m]).sum())
    }

    /// Σ y z.
    fn observed_sums(&self) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for i in 0..self.impedance.n {
            for (j, y) in self.observed.row(i) {
                sums[0] += y * self.log_mass[i];
                sums[1] += y * self.log_mass[j];
                sums[2] += y * self.impedance.get(i, j);
            }
        }
        sums
    }

    /// The moments of every row, and the logarithm of the likelihood but for what no coefficient changes.
    fn evaluate(&self, coefficients: [f64; 3], observed: &[f64; 3]) -> (Vec<Moments>, f64) {
        let (n, theta) = (self.impedance.n, self.theta(coefficients));
        let of_row = |buffer: &mut Vec<f64>, i: usize| self.row(theta, i, buffer);
        let rows: Vec<Moments> = (0..n).into_par_iter().map_init(|| vec![0.0; n], of_row).collect();
        let linear: f64 = (0..3).map(|z| theta[z] * observed[z]).sum();
        let constants: f64 = match self.by_origin {
            true => {
                (0..n).filter(|&i| self.observed.out[i] > 0.0).map(|i| self.observed.out[i] * rows[i].log_total).sum()
            }
            false => self.observed.total * together(&rows).log_total,
        };
        (rows, linear - constants)
    }

    fn row(&self, theta: [f64; 3], i: usize, exponents: &mut [f64]) -> Moments {
        let f = self.impedance.row(i);
        let mut most = f64::NEG_INFINITY;
        for j in 0..f.len() {
            let exponent = theta[1] * self.log_mass[j] + theta[2] * f[j];
            exponents[j] = exponent;
            most = most.max(exponent); // which passes over NaN
        }
        if most == f64::NEG_INFINITY {
            return NOTHING;
        }
        let (mut s, mut g, mut h, mut gg, mut gh, mut hh) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for j in 0..f.len() {
            if exponents[j].is_nan() {
                continue;
            }
            let weight = libm::exp(exponents[j] - most);
            let (m, f) = (self.log_mass[j], f[j]);
            let (of_mass, of_way) = (weight * m, weight * f);
            (s, g, h) = (s + weight, g + of_mass, h + of_way);
            (gg, gh, hh) = (gg + of_mass * m, gh + of_mass * f, hh + of_way * f);
        }
        let own = self.log_mass[i];
        let [g, h, gg, gh, hh] = [g, h, gg, gh, hh].map(|sum| sum / s);
        Moments {
            log_total: theta[0] * own + most + libm::log(s),
            mean: [own, g, h],
            second: [[own * own, own * g, own * h], [own * g, gg, gh], [own * h, gh, hh]],
        }
    }

    /// Gradient and negative Hessian of the logarithm of the likelihood by the coefficients.
    fn slopes(&self, rows: &[Moments], observed: &[f64; 3]) -> ([f64; 3], Small) {
        let mut expected = [0.0; 3];
        let mut spread = [[0.0; 3]; 3];
        let mut add = |sum: f64, moments: &Moments| {
            for (a, of_a) in spread.iter_mut().enumerate() {
                expected[a] += sum * moments.mean[a];
                for (b, x) in of_a.iter_mut().enumerate() {
                    *x += sum * (moments.second[a][b] - moments.mean[a] * moments.mean[b]);
                }
            }
        };
        match self.by_origin {
            true => {
                rows.iter().zip(&self.observed.out).filter(|(_, out)| **out > 0.0).for_each(|(m, out)| add(*out, m))
            }
            false => add(self.observed.total, &together(rows)),
        }
        let gradient = self.through(std::array::from_fn(|z| observed[z] - expected[z]));
        let half: [[f64; 3]; 3] = std::array::from_fn(|z| self.through(spread[z]));
        let hessian = std::array::from_fn(|k| self.through(std::array::from_fn(|z| half[z][k])));
        (gradient, hessian)
    }
}

/// The moments of all rows as of one group.
fn together(rows: &[Moments]) -> Moments {
    let most = rows.iter().fold(f64::NEG_INFINITY, |most, row| most.max(row.log_total));
    if most == f64::NEG_INFINITY {
        return NOTHING;
    }
    let mut all = Moments { log_total: 0.0, ..NOTHING };
    let mut sum = 0.0;
    for row in rows {
        let weight = libm::exp(row.log_total - most);
        sum += weight;
        for a in 0..3 {
            all.mean[a] += weight * row.mean[a];
            (0..3).for_each(|b| all.second[a][b] += weight * row.second[a][b]);
        }
    }
    all.mean = all.mean.map(|x| x / sum);
    all.second = all.second.map(|row| row.map(|x| x / sum));
    all.log_total = most + libm::log(sum);
    all
}

fn indistinct() -> crate::error::Error {
    let message = "masses and distances do not vary enough among the flows to tell their effects apart";
    Fault::new(Kind::Undefined, message).into()
}
