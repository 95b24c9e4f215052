//! Draws of (coefficients, ρ) from the normal distribution of their estimates (LeSage and Pace 2009).

use rayon::prelude::*;

use super::determinant::LogDeterminant;
use super::linear::cholesky;
use super::model::Fit;
use crate::inference::{Stream, quantile};

/// Number of draws.
pub(super) const DRAWS: usize = 1_000;
/// Most attempts at one draw whose ρ lies in its range.
const ATTEMPTS: usize = 100;
/// Largest ρ times the largest eigenvalue of a draw, beyond which the rounds never end.
const MOST: f64 = 0.999;

/// The draws, each as long as the coefficients; `None` where the covariance is not one, or ρ lies at the end of its range.
pub(super) fn draws(fit: &Fit, determinant: &LogDeterminant, seed: u64) -> Option<Vec<Vec<f64>>> {
    let m = fit.estimates.len();
    let scales: Vec<f64> = (0..m).map(|i| fit.se(i)).collect();
    let correlation: Vec<f64> = (0..m * m).map(|at| fit.covariance[at] / (scales[at / m] * scales[at % m])).collect();
    let root = cholesky(&correlation, m)?;
    let purpose = format!("spillover_{}", fit.model);
    let (from, to) = determinant.range;
    let one = |index: usize| {
        let mut stream = Stream::new(seed, &purpose, index as u64);
        (0..ATTEMPTS).find_map(|_| {
            let normal: Vec<f64> = (0..m).map(|_| normal(&mut stream)).collect();
            let shift = |i: usize| (0..=i).map(|j| root[i * m + j] * normal[j]).sum::<f64>() * scales[i];
            let draw: Vec<f64> = (0..m).map(|i| fit.estimates[i] + shift(i)).collect();
            let rho = draw[m - 1];
            (rho > from && rho < to && (rho * determinant.radius).abs() <= MOST).then_some(draw)
        })
    };
    (0..DRAWS).into_par_iter().map(one).collect()
}

/// A standard normal number (Box and Muller 1958).
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - stream.unit())).sqrt();
    radius * libm::cos(2.0 * std::f64::consts::PI * stream.unit())
}

/// A standard error, and the ends of the 95 % interval that it gives.
pub(super) fn interval(value: f64, se: f64) -> [f64; 3] {
    [se, value - 1.959964 * se, value + 1.959964 * se]
}

/// Standard deviation and the quantiles that leave 2.5 % on either side (type 7), NaN without values.
pub(super) fn spread(mut values: Vec<f64>) -> [f64; 3] {
    let n = values.len();
    if n < 2 {
        return [f64::NAN; 3];
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1) as f64;
    values.sort_by(f64::total_cmp);
    [variance.sqrt(), quantile(&values, 0.025), quantile(&values, 0.975)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut stream = Stream::new(1, "test", 0);
        let values: Vec<f64> = (0..40_000).map(|_| normal(&mut stream)).collect();
        assert!((values.iter().sum::<f64>() / 40_000.0).abs() < 0.02);
        let [sd, low, high] = spread(values);
        assert!((sd - 1.0).abs() < 0.02 && (low + 1.96).abs() < 0.05 && (high - 1.96).abs() < 0.05);
        assert!(spread(vec![1.0])[0].is_nan());
    }
}
