//! Are there neighbours in what a regression without them leaves: Moran's I of residuals and the Lagrange multipliers.

use super::linear::dot;
use super::model::{Data, Fit};
use crate::error::Result;
use crate::inference::{Alternative, chi_squared_p, normal_p};

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// `moran_residuals lm_lag lm_error lm_lag_robust lm_error_robust lr_sar_ols …`.
    pub test: &'static str,
    /// What is tested, in words.
    pub against: &'static str,
    /// The statistic: z of Moran's I, else χ².
    pub statistic: f64,
    /// Degrees of freedom of χ², NaN of z.
    pub freedom: f64,
    /// p value, of Moran's I two-sided.
    pub p: f64,
    /// Moran's I itself, NaN of the others.
    pub value: f64,
}

fn chi_squared(test: &'static str, against: &'static str, statistic: f64, freedom: f64) -> Diagnostic {
    let p = chi_squared_p(statistic, freedom);
    Diagnostic { test, against, statistic, freedom, p, value: f64::NAN }
}

/// The tests on the residuals of OLS (Anselin 1988; Anselin, Bera, Florax and Yoon 1996; Cliff and Ord 1981).
///
/// # Errors
/// As those of OLS.
pub(super) fn of_residuals(data: &Data, ols: &Fit) -> Result<Vec<Diagnostic>> {
    let (n, weights, basis) = (data.n() as f64, data.weights, data.basis(false)?);
    let (k, e) = (basis.k() as f64, basis.residuals(&data.y));
    let sums = weights.sums();
    let (error, lag) = (dot(&e, &weights.lag(&e)) / ols.sigma2, dot(&e, &data.wy) / ols.sigma2);
    // T = tr(WᵀW + WW), which is S1.
    let predicted: Vec<f64> = data.y.iter().zip(&e).map(|(y, e)| y - e).collect();
    let spread = basis.residuals(&weights.lag(&predicted));
    let (t, j) = (sums.s1, sums.s1 + dot(&spread, &spread) / ols.sigma2);
    let moran = n / sums.s0 * error * ols.sigma2 / dot(&e, &e);
    let (expected, variance) = moran_moments(data, &basis.q, n - k);
    let z = (moran - expected) / variance.sqrt();
    let p = normal_p(z, Alternative::TwoSided);
    let against = "neighbours in the residuals of OLS";
    Ok(vec![
        Diagnostic { test: "moran_residuals", against, statistic: z, freedom: f64::NAN, p, value: moran },
        chi_squared("lm_lag", "SAR against OLS", lag * lag / j, 1.0),
        chi_squared("lm_error", "SEM against OLS", error * error / t, 1.0),
        chi_squared("lm_lag_robust", "SAR against OLS, errors allowed for", (lag - error).powi(2) / (j - t), 1.0),
        chi_squared(
            "lm_error_robust",
            "SEM against OLS, a lag allowed for",
            (error - t / j * lag).powi(2) / (t * (1.0 - t / j)),
            1.0,
        ),
    ])
}

/// Expectation and variance of Moran's I of residuals; `q` spans the covariates, M = I − QQᵀ.
fn moran_moments(data: &Data, q: &[Vec<f64>], freedom: f64) -> (f64, f64) {
    let (n, weights, k) = (data.n(), data.weights, q.len());
    let forward: Vec<Vec<f64>> = q.iter().map(|unit| weights.lag(unit)).collect();
    let backward: Vec<Vec<f64>> = q.iter().map(|unit| back(data, unit)).collect();
    let inner: Vec<f64> = (0..k * k).map(|at| dot(&q[at / k], &forward[at % k])).collect();
    let (mut squares, mut products) = (0.0, 0.0);
    for i in 0..n {
        for (j, w) in weights.row(i) {
            squares += w * w;
            products += w * weights.weight(j, i);
        }
    }
    let of_pairs = |a: &[Vec<f64>], b: &[Vec<f64>]| a.iter().zip(b).map(|(a, b)| dot(a, b)).sum::<f64>();
    let trace: f64 = -(0..k).map(|i| inner[i * k + i]).sum::<f64>();
    let crossed: f64 = (0..k * k).map(|at| inner[at] * inner[at % k * k + at / k]).sum();
    // tr(MWMW) and tr(MWMWᵀ).
    let same = products - 2.0 * of_pairs(&backward, &forward) + crossed;
    let turned = squares - of_pairs(&backward, &backward) - of_pairs(&forward, &forward) + dot(&inner, &inner);
    let scale = n as f64 / weights.sums().s0;
    let expected = scale * trace / freedom;
    let second = scale * scale * (turned + same + trace * trace) / (freedom * (freedom + 2.0));
    (expected, second - expected * expected)
}

/// Wᵀx.
fn back(data: &Data, x: &[f64]) -> Vec<f64> {
    let mut image = vec![0.0; data.n()];
    for (i, x) in x.iter().enumerate() {
        data.weights.row(i).for_each(|(j, w)| image[j] += w * x);
    }
    image
}

/// Likelihood ratios between the models that were fitted.
pub(super) fn likelihood_ratios(fits: &[Fit]) -> Vec<Diagnostic> {
    let pairs = [
        ("lr_slx_ols", "SLX against OLS", "slx", "ols"),
        ("lr_sar_ols", "SAR against OLS: rho = 0", "sar", "ols"),
        ("lr_sem_ols", "SEM against OLS: lambda = 0", "sem", "ols"),
        ("lr_sdm_slx", "SDM against SLX: rho = 0", "sdm", "slx"),
        ("lr_sdm_sar", "SDM against SAR: theta = 0", "sdm", "sar"),
        ("lr_sdm_sem", "SDM against SEM, the common factor: theta = -rho beta", "sdm", "sem"),
    ];
    let find = |model: &str| fits.iter().find(|fit| fit.model == model);
    let ratio = |(test, against, large, small): (&'static str, &'static str, &str, &str)| {
        let (large, small) = (find(large)?, find(small)?);
        let freedom = large.estimates.len() - small.estimates.len();
        // A ratio just below 0 is rounding.
        Some(chi_squared(test, against, (2.0 * (large.loglik - small.loglik)).max(0.0), freedom as f64))
    };
    pairs.into_iter().filter_map(ratio).collect()
}
