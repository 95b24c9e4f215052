//! What one unit more of a covariate comes to: in the city itself, in all others, in all together.

use super::determinant::LogDeterminant;
use super::draws::{draws, interval, spread};
use super::model::{Data, Fit};
use super::moments::Moments;
use super::resolvent::Resolvent;
use crate::error::Result;

/// The mean impact of one unit more of a covariate in one city, over all cities.
#[derive(Clone, Debug, PartialEq)]
pub struct Impact {
    /// The model.
    pub model: &'static str,
    /// The covariate.
    pub term: String,
    /// On the city itself: the mean diagonal of S(W).
    pub direct: f64,
    /// On all other cities together: total − direct.
    pub indirect: f64,
    /// On all cities together: the mean column sum of S(W).
    pub total: f64,
    /// Standard errors of the three, and the ends of their 95 % intervals.
    pub errors: [[f64; 3]; 3],
}

/// The four sums of which impacts are made: mean diagonal and mean total of (I − ρW)⁻¹, and of (I − ρW)⁻¹W.
struct Parts {
    diagonal: [f64; 2],
    total: [f64; 2],
}

impl Parts {
    fn of(&self, [beta, theta]: [f64; 2]) -> [f64; 3] {
        let direct = beta * self.diagonal[0] + theta * self.diagonal[1];
        let total = beta * self.total[0] + theta * self.total[1];
        [direct, total - direct, total]
    }
}

/// Mean diagonals: tr (I − ρW)⁻¹ = n + ρ tr G, with tr G the slope of −log |I − ρW|.
fn diagonals(trace: f64, rho: f64, n: f64) -> [f64; 2] {
    [1.0 + rho * trace / n, trace / n]
}

/// The impacts of every covariate in a model that least squares fit; their errors follow from those of β and θ.
pub(super) fn linear(data: &Data, fit: &Fit) -> Vec<Impact> {
    let (k, m) = (data.x.len(), fit.estimates.len());
    let share = if fit.lagged() { data.weights.sums().s0 / data.n() as f64 } else { 0.0 };
    let impact = |j: usize| {
        let (own, other) = (1 + j, if fit.lagged() { 1 + k + j } else { 1 + j });
        let (direct, indirect) = (fit.estimates[own], share * fit.estimates[other]);
        let covariance = |a: usize, b: usize| fit.covariance[a * m + b];
        let both = covariance(own, own) + share * (2.0 * covariance(own, other) + share * covariance(other, other));
        Impact {
            model: fit.model,
            term: data.names[j].clone(),
            direct,
            indirect,
            total: direct + indirect,
            errors: [
                interval(direct, fit.se(own)),
                interval(indirect, share.abs() * fit.se(other)),
                interval(direct + indirect, both.sqrt()),
            ],
        }
    };
    (0..k).map(impact).collect()
}

/// The impacts of every covariate in SAR or SDM; their errors from draws, NaN where there are none.
pub(super) fn multiplied(data: &Data, fit: &Fit, determinant: &LogDeterminant, seed: u64) -> Result<Vec<Impact>> {
    let (n, k) = (data.n(), data.x.len());
    let resolvent = Resolvent::new(data.weights, fit.rho, determinant.radius, 2)?;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n as f64;
    let ones = vec![1.0; n];
    let total = [mean(&resolvent.solve(&ones, 1)), mean(&resolvent.solve(&data.weights.lag(&ones), 1))];
    let parts = Parts { diagonal: diagonals(-determinant.at(fit.rho)[1], fit.rho, n as f64), total };
    let drawn = draws(fit, determinant, seed).unwrap_or_default();
    let of_draws = parts_of_draws(data, determinant, &drawn);
    let impact = |j: usize| {
        let of = |parts: &Parts, coefficients: &[f64]| parts.of(data.slopes(fit.lagged(), coefficients, j));
        let [direct, indirect, total] = of(&parts, &fit.estimates);
        let simulated: Vec<[f64; 3]> = drawn.iter().zip(&of_draws).map(|(draw, parts)| of(parts, draw)).collect();
        let errors = [0, 1, 2].map(|which| spread(simulated.iter().map(|of| of[which]).collect()));
        Impact { model: fit.model, term: data.names[j].clone(), direct, indirect, total, errors }
    };
    Ok((0..k).map(impact).collect())
}

fn parts_of_draws(data: &Data, determinant: &LogDeterminant, drawn: &[Vec<f64>]) -> Vec<Parts> {
    let n = data.n();
    let rhos: Vec<f64> = drawn.iter().map(|draw| draw[draw.len() - 1]).collect();
    let row_standardised = (0..n).all(|i| (data.weights.row_sum(i) - 1.0).abs() < 1e-12);
    let moments = (!row_standardised).then(|| {
        let most = rhos.iter().map(|rho| rho.abs()).fold(0.0, f64::max);
        Moments::totals(data.weights, (determinant.radius, most))
    });
    let of_draw = |(&rho, trace): (&f64, f64)| {
        let total = match &moments {
            None => [1.0 / (1.0 - rho); 2],
            Some(moments) => moments.at(rho, 0),
        };
        Parts { diagonal: diagonals(trace, rho, n as f64), total }
    };
    rhos.iter().zip(determinant.traces(&rhos)).map(of_draw).collect()
}
