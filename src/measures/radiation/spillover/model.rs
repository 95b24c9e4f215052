//! A regression with neighbours in it: what all models share, and those that least squares fit, OLS and SLX.

use super::linear::{Basis, dot};
use crate::error::{Error, Fault, Kind, Result};
use crate::weights::Weights;

/// One model fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// `ols slx sar sdm sem`.
    pub model: &'static str,
    /// Names of the coefficients: `constant`, the covariates, `W_` before those of the neighbours, `rho` or `lambda`.
    pub terms: Vec<String>,
    /// The coefficients.
    pub estimates: Vec<f64>,
    /// Their covariance, row after row.
    pub covariance: Vec<f64>,
    /// ρ of `sar` and `sdm`, λ of `sem`, 0 of the others.
    pub rho: f64,
    /// Log-likelihood under normal errors.
    pub loglik: f64,
    /// Akaike's criterion 2m − 2·loglik, m being the coefficients and σ².
    pub aic: f64,
    /// Variance of the errors by maximum likelihood, Σe²/n.
    pub sigma2: f64,
    /// Squared correlation of y with its prediction.
    pub pseudo_r2: f64,
}

impl Fit {
    /// Standard error of a coefficient.
    pub fn se(&self, at: usize) -> f64 {
        self.covariance[at * self.estimates.len() + at].sqrt()
    }

    /// Standard error of ρ or λ, NaN where there is none.
    pub fn rho_se(&self) -> f64 {
        match self.model {
            "sar" | "sdm" | "sem" => self.se(self.estimates.len() - 1),
            _ => f64::NAN,
        }
    }

    /// Whether the covariates of the neighbours are in it.
    pub fn lagged(&self) -> bool {
        matches!(self.model, "slx" | "sdm")
    }
}

/// The values of the cities that take part.
pub(super) struct Data<'a> {
    pub y: Vec<f64>,
    pub wy: Vec<f64>,
    pub names: Vec<String>,
    /// The covariates.
    pub x: Vec<Vec<f64>>,
    /// Those of the neighbours.
    pub wx: Vec<Vec<f64>>,
    pub weights: &'a Weights,
}

impl<'a> Data<'a> {
    pub fn new(y: Vec<f64>, names: Vec<String>, x: Vec<Vec<f64>>, weights: &'a Weights) -> Self {
        let wx = x.iter().map(|x| weights.lag(x)).collect();
        Self { wy: weights.lag(&y), y, names, x, wx, weights }
    }

    pub fn n(&self) -> usize {
        self.y.len()
    }

    /// A column of ones, the covariates and, where `lagged`, those of the neighbours.
    pub fn columns(&self, lagged: bool) -> Vec<Vec<f64>> {
        let neighbours = if lagged { self.wx.as_slice() } else { &[] };
        std::iter::once(vec![1.0; self.n()]).chain(self.x.iter().cloned()).chain(neighbours.iter().cloned()).collect()
    }

    /// Names of these columns.
    pub fn terms(&self, lagged: bool) -> Vec<String> {
        let neighbours = self.names.iter().filter(|_| lagged).map(|name| format!("W_{name}"));
        std::iter::once("constant".to_owned()).chain(self.names.iter().cloned()).chain(neighbours).collect()
    }

    /// β and θ of covariate j among the coefficients of a model, θ = 0 where its neighbours are not `lagged`.
    pub fn slopes(&self, lagged: bool, coefficients: &[f64], j: usize) -> [f64; 2] {
        [coefficients[1 + j], if lagged { coefficients[1 + self.x.len() + j] } else { 0.0 }]
    }

    /// The basis of these columns.
    ///
    /// # Errors
    /// [`Kind::Undefined`], with the name of the column that is a sum of others.
    pub fn basis(&self, lagged: bool) -> Result<Basis> {
        Basis::new(&self.columns(lagged)).map_err(|at| {
            let term = &self.terms(lagged)[at];
            undefined(format!("{term} does not vary by itself: it is constant or a sum of other terms"))
        })
    }

    /// A fit of these coefficients; `predicted` is what it makes of y.
    pub fn fit(&self, model: &'static str, found: Found, predicted: &[f64]) -> Fit {
        let Found { terms, estimates, covariance, rho, loglik, sigma2 } = found;
        let aic = 2.0 * (estimates.len() + 1) as f64 - 2.0 * loglik;
        let pseudo_r2 = squared_correlation(&self.y, predicted);
        Fit { model, terms, estimates, covariance, rho, loglik, aic, sigma2, pseudo_r2 }
    }

    /// OLS, or SLX where `lagged`.
    ///
    /// # Errors
    /// As [`basis`](Self::basis); where nothing is left to explain.
    pub fn least_squares(&self, lagged: bool) -> Result<Fit> {
        let basis = self.basis(lagged)?;
        let residuals = basis.residuals(&self.y);
        let sigma2 = dot(&residuals, &residuals) / self.n() as f64;
        self.check_errors(sigma2)?;
        let predicted: Vec<f64> = self.y.iter().zip(&residuals).map(|(y, e)| y - e).collect();
        let found = Found {
            terms: self.terms(lagged),
            estimates: basis.coefficients(&self.y),
            covariance: basis.robust(&residuals),
            rho: 0.0,
            loglik: log_likelihood(self.n(), sigma2),
            sigma2,
        };
        Ok(self.fit(if lagged { "slx" } else { "ols" }, found, &predicted))
    }

    /// An error where the values are fitted without one, or do not vary.
    pub fn check_errors(&self, sigma2: f64) -> Result<()> {
        let n = self.n() as f64;
        let mean = self.y.iter().sum::<f64>() / n;
        let variance = self.y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
        match sigma2 > 1e-18 * variance && variance > 1e-24 * (mean * mean) {
            true => Ok(()),
            false => Err(undefined(
                "the values are constant, or explained without any error, so that there is no likelihood",
            )),
        }
    }
}

/// What an estimator finds.
pub(super) struct Found {
    pub terms: Vec<String>,
    pub estimates: Vec<f64>,
    pub covariance: Vec<f64>,
    pub rho: f64,
    pub loglik: f64,
    pub sigma2: f64,
}

/// −n/2·(ln 2πσ² + 1).
pub(super) fn log_likelihood(n: usize, sigma2: f64) -> f64 {
    -0.5 * n as f64 * (libm::log(2.0 * std::f64::consts::PI * sigma2) + 1.0)
}

pub(super) fn undefined(message: impl Into<String>) -> Error {
    Fault::new(Kind::Undefined, message.into()).into()
}

fn squared_correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (a, b) = (mean(x), mean(y));
    let product = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - a, y - b)).sum::<f64>();
    let (xy, xx, yy) = (product(&|x, y| x * y), product(&|x, _| x * x), product(&|_, y| y * y));
    if yy > 1e-24 * xx { xy * xy / (xx * yy) } else { f64::NAN }
}
