//! The doubly constrained model: the decay at which the modelled mean of ln d, or of d, is the observed one.

use super::balance::{BALANCED, Balance};
use super::fitted::{Cleared, Estimate, Fitted};
use super::impedance::Impedance;
use super::observed::Observed;
use crate::error::{Fault, Kind, Result};

/// Most values of the coefficient that are tried.
const STEPS: usize = 60;
/// Step of the coefficient, in standard deviations of the logarithm of the flow, that is none.
const ARRIVED: f64 = 1e-10;
/// Part of the variation of f that has to be left beside the factors of rows and columns.
const LEAST: f64 = 1e-9;

/// Maximises the likelihood, which is concave in the coefficient once the flows are balanced: its slope is the observed
/// sum of f less the modelled one, and Newton's method needs no more than a few steps.
///
/// # Errors
/// [`Kind::Undefined`] where the sums of rows and columns leave nothing for distance to explain.
pub(super) fn doubly(observed: &Observed, impedance: &Impedance, start: f64) -> Result<Estimate> {
    let of_city = |i: usize| observed.row(i).map(|(j, y)| y * impedance.get(i, j)).sum::<f64>();
    let want: f64 = (0..observed.n()).map(of_city).sum();
    let spread = deviation(observed, impedance, want / observed.total);
    let mut at = start;
    let mut balance = Balance::new(impedance, at, &observed.out, &observed.into);
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut tolerance, mut converged, mut iterations) = (1e-3, false, 0);
    let mut explained;
    loop {
        iterations += 1;
        let balanced = balance.run(tolerance);
        explained = balance.explained(impedance);
        if explained.variation.is_nan() || explained.variation <= LEAST * spread * spread * observed.total {
            let message = "the sums of the flows of all cities leave nothing that distance could explain";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        if converged || !balanced || iterations == STEPS {
            converged &= balanced;
            break;
        }
        let slope = want - explained.total;
        (low, high) = if slope > 0.0 { (low.max(at), high) } else { (low, high.min(at)) };
        let most = 2.0 / spread;
        let mut step = (slope / explained.variation).clamp(-most, most);
        // Slopes of flows that are balanced roughly are rough, and so are the bounds that they give.
        if tolerance > BALANCED {
            (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        } else if !(at + step > low && at + step < high) && low.is_finite() && high.is_finite() {
            step = (low + high) / 2.0 - at;
        }
        let size = step.abs() * (explained.variation / observed.total).sqrt();
        converged = size < ARRIVED && tolerance <= BALANCED;
        tolerance = (1e-3 * size * size).clamp(BALANCED, tolerance);
        at += step;
        balance.set(impedance, at);
        balance.shift(explained.column.iter().map(|v| v * step));
    }
    let (origin, destination) = balance.logarithms();
    let only = |x: &Vec<f64>| x.iter().map(|&x| [x, 0.0, 0.0]).collect();
    Ok(Estimate {
        coefficients: [at, 0.0, 0.0],
        constant: f64::NAN,
        covariance: [[1.0 / explained.variation, 0.0, 0.0], [0.0; 3], [0.0; 3]],
        cleared: Cleared {
            count: 1,
            row: only(&explained.row),
            column: only(&explained.column),
            slope: [1.0, 0.0, 0.0],
        },
        fitted: Fitted { origin, destination, exponent: at },
        iterations,
        converged,
    })
}

/// Standard deviation of f over the pairs, each as often as it counts in the flows of its origin.
fn deviation(observed: &Observed, impedance: &Impedance, mean: f64) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for i in 0..observed.n() {
        for f in impedance.row(i).iter().filter(|f| !f.is_nan()) {
            sum += (f - mean) * (f - mean);
            count += 1.0;
        }
    }
    (sum / f64::max(count, 1.0)).sqrt()
}
