//! Maximum likelihood of the models in which ρ is to be found: SAR, SDM and SEM.

use rayon::prelude::*;

use super::determinant::LogDeterminant;
use super::linear::{Basis, dot, inverse_of_positive};
use super::model::{Data, Fit, Found, log_likelihood, undefined};
use super::resolvent::Resolvent;
use crate::error::Result;

/// Values of ρ from which the search for the largest likelihood starts.
const GRID: usize = 41;
/// Halvings of the stretch that is left: enough for the last bit.
const HALVINGS: usize = 70;

/// SAR, y = ρWy + Xβ + ε, or SDM with WXθ beside it where `lagged`.
///
/// # Errors
/// Where columns are sums of others, nothing is left to explain, or the likelihood has no maximum.
pub(super) fn lag(data: &Data, determinant: &LogDeterminant, lagged: bool) -> Result<Fit> {
    let (n, basis) = (data.n(), data.basis(lagged)?);
    let (own, spread) = (basis.residuals(&data.y), basis.residuals(&data.wy));
    let (aa, ab, bb) = (dot(&own, &own), dot(&own, &spread), dot(&spread, &spread));
    data.check_errors(aa / n as f64)?;
    if aa * bb - ab * ab <= 1e-18 * aa * bb {
        return Err(undefined(
            "the values of the neighbours follow from those of the city itself, so that rho is not told",
        ));
    }
    let sigma2 = |rho: f64| (aa - 2.0 * rho * ab + rho * rho * bb) / n as f64;
    let likelihood = |rho: f64| {
        let [log, slope, _] = determinant.at(rho);
        let steep = (rho * bb - ab) / sigma2(rho);
        Some((log_likelihood(n, sigma2(rho)) + log, slope - steep))
    };
    let rho = highest(likelihood, determinant.range)?;
    let sigma2 = sigma2(rho);
    let filtered: Vec<f64> = data.y.iter().zip(&data.wy).map(|(y, wy)| y - rho * wy).collect();
    let mut estimates = basis.coefficients(&filtered);
    let errors = basis.residuals(&filtered);
    let covariance = lag_covariance(data, determinant, lagged, &estimates, (rho, sigma2))?;
    estimates.push(rho);
    let mut terms = data.terms(lagged);
    terms.push("rho".to_owned());
    let loglik = log_likelihood(n, sigma2) + determinant.at(rho)[0];
    let predicted: Vec<f64> = data.y.iter().zip(&errors).map(|(y, e)| y - e).collect();
    let found = Found { terms, estimates, covariance, rho, loglik, sigma2 };
    Ok(data.fit(if lagged { "sdm" } else { "sar" }, found, &predicted))
}

/// The covariance of (β, ρ): the inverse of Fisher's information of (β, ρ, σ²), without its last row.
fn lag_covariance(
    data: &Data,
    determinant: &LogDeterminant,
    lagged: bool,
    beta: &[f64],
    (rho, sigma2): (f64, f64),
) -> Result<Vec<f64>> {
    let (n, columns) = (data.n(), data.columns(lagged));
    let (k, m) = (columns.len(), columns.len() + 2);
    let resolvent = Resolvent::new(data.weights, rho, determinant.radius, n)?;
    let systematic: Vec<f64> = (0..n).map(|i| (0..k).map(|j| columns[j][i] * beta[j]).sum()).collect();
    let spread = data.weights.lag(&resolvent.solve(&systematic, 1));
    let [_, slope, curve] = determinant.at(rho);
    let mut information = vec![0.0; m * m];
    for i in 0..k {
        for j in 0..k {
            information[i * m + j] = dot(&columns[i], &columns[j]) / sigma2;
        }
        information[i * m + k] = dot(&columns[i], &spread) / sigma2;
        information[k * m + i] = information[i * m + k];
    }
    information[k * m + k] = resolvent.squares() - curve + dot(&spread, &spread) / sigma2;
    information[k * m + k + 1] = -slope / sigma2;
    information[(k + 1) * m + k] = -slope / sigma2;
    information[(k + 1) * m + k + 1] = n as f64 / (2.0 * sigma2 * sigma2);
    let covariance = inverse_of_positive(&information, m);
    let covariance =
        covariance.ok_or_else(|| undefined("the information on the coefficients is too thin for errors"))?;
    Ok((0..=k).flat_map(|i| covariance[i * m..=i * m + k].to_vec()).collect())
}

/// SEM, y = Xβ + u with u = λWu + ε.
///
/// # Errors
/// Where terms are sums of others once the neighbours are taken off, or the likelihood has no maximum. That something is
/// left to explain, OLS has seen to.
pub(super) fn error(data: &Data, determinant: &LogDeterminant) -> Result<Fit> {
    let (n, columns) = (data.n(), data.columns(false));
    let lags: Vec<Vec<f64>> = columns.iter().map(|column| data.weights.lag(column)).collect();
    let without = |x: &[f64], wx: &[f64], lambda: f64| x.iter().zip(wx).map(|(x, wx)| x - lambda * wx).collect();
    let fitted = |lambda: f64| {
        let filtered: Vec<Vec<f64>> = columns.iter().zip(&lags).map(|(x, wx)| without(x, wx, lambda)).collect();
        let (basis, y): (Basis, Vec<f64>) = (Basis::new(&filtered).ok()?, without(&data.y, &data.wy, lambda));
        let (beta, errors) = (basis.coefficients(&y), basis.residuals(&y));
        Some((basis, beta, errors))
    };
    let rest = |beta: &[f64]| -> Vec<f64> {
        (0..n).map(|i| data.y[i] - (0..beta.len()).map(|j| beta[j] * columns[j][i]).sum::<f64>()).collect()
    };
    let likelihood = |lambda: f64| {
        let (_, beta, errors) = fitted(lambda)?;
        let sigma2 = dot(&errors, &errors) / n as f64;
        let [log, slope, _] = determinant.at(lambda);
        // β is the best for λ, so that its own change does not move the likelihood.
        let steep = dot(&errors, &data.weights.lag(&rest(&beta))) / sigma2;
        Some((log_likelihood(n, sigma2) + log, slope + steep))
    };
    let lambda = highest(likelihood, determinant.range)?;
    let collinear = || undefined("the terms are sums of each other once the neighbours are taken off");
    let (basis, mut estimates, errors) = fitted(lambda).ok_or_else(collinear)?;
    let sigma2 = dot(&errors, &errors) / n as f64;
    let [log, slope, curve] = determinant.at(lambda);
    let (k, gram) = (estimates.len(), basis.inverse_gram());
    let squares = Resolvent::new(data.weights, lambda, determinant.radius, n)?.squares();
    let mut covariance = vec![0.0; (k + 1) * (k + 1)];
    (0..k * k).for_each(|at| covariance[at / k * (k + 1) + at % k] = gram[at] * sigma2);
    covariance[(k + 1) * (k + 1) - 1] = 1.0 / (squares - curve - 2.0 * slope * slope / n as f64);
    let predicted: Vec<f64> = data.y.iter().zip(rest(&estimates)).map(|(y, u)| y - u).collect();
    estimates.push(lambda);
    let mut terms = data.terms(false);
    terms.push("lambda".to_owned());
    let found = Found { terms, estimates, covariance, rho: lambda, loglik: log_likelihood(n, sigma2) + log, sigma2 };
    Ok(data.fit("sem", found, &predicted))
}

/// Where a likelihood, given with its slope, is highest within a range: the best of a grid, then halving by the slope.
fn highest(likelihood: impl Fn(f64) -> Option<(f64, f64)> + Sync, (from, to): (f64, f64)) -> Result<f64> {
    let at = |step: usize| from + (to - from) * (step as f64 + 0.5) / GRID as f64;
    let values: Vec<Option<(f64, f64)>> = (0..GRID).into_par_iter().map(|step| likelihood(at(step))).collect();
    let mut best = None;
    for (step, value) in values.iter().enumerate() {
        let value = value.map_or(f64::NEG_INFINITY, |(value, _)| value);
        if value.is_finite() && best.is_none_or(|(_, most)| value > most) {
            best = Some((step, value));
        }
    }
    let (step, _) = best.ok_or_else(|| undefined("the likelihood is not defined for any rho"))?;
    let mut low = if step == 0 { from } else { at(step - 1) };
    let mut high = if step + 1 == GRID { to } else { at(step + 1) };
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        match likelihood(middle) {
            Some((_, slope)) if slope > 0.0 => low = middle,
            Some((_, slope)) if slope <= 0.0 => high = middle,
            _ => return Err(undefined("the likelihood has no maximum within the range of rho")),
        }
    }
    let rho = low + (high - low) / 2.0;
    match (rho - from) > 1e-9 * (to - from) && (to - rho) > 1e-9 * (to - from) {
        true => Ok(rho),
        false => Err(undefined("the likelihood has no maximum within the range of rho")),
    }
}
