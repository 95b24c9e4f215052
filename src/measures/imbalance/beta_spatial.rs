//! Beta convergence with neighbours: whether cities that start lower grow faster once growth may spill over.

use super::beta_convergence::{half_life, speed};
use super::distribution::spread;
use super::growth::{DroppedCovariate, Growth, INITIAL, undefined};
use crate::error::{Kind, Result};
use crate::inference::{Alternative, normal_p};
use crate::measures::autocorrelation::sample::Sample;
use crate::measures::radiation::spillover::spillover_up_to;
use crate::measures::radiation::{Diagnostic, Fit, Spillover};
use crate::note::Note;
use crate::weights::Weights;

/// The test of `sdm` against `sem`.
/// Most cities whose growth is fitted to that of neighbours, since the time grows with their cube.
const MOST: usize = 1_000;
const COMMON_FACTOR: &str = "lr_sdm_sem";

/// What one model says about convergence.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialConvergence {
    /// `ols slx sar sdm sem`.
    pub model: &'static str,
    /// The coefficient of the initial level, a year.
    pub beta: f64,
    /// Its standard error: HC3 of `ols` and `slx`, by Fisher's information of the others.
    pub beta_se: f64,
    /// Its two-sided p by the normal distribution.
    pub p: f64,
    /// ρ of `sar` and `sdm`, λ of `sem`; NaN of the others, as the next two are.
    pub rho: f64,
    /// Its standard error.
    pub rho_se: f64,
    /// Its two-sided p by the normal distribution.
    pub rho_p: f64,
    /// −ln(1 + bT)/T of the coefficient; NaN where 1 + bT ≤ 0.
    pub speed: f64,
    /// ln 2/speed; NaN where the speed is not above 0.
    pub half_life: f64,
    /// Mean total impact of the initial level: with what goes through the neighbours and comes back.
    pub total: f64,
    /// Speed by the total impact.
    pub speed_total: f64,
    /// Half-life by the total impact.
    pub half_life_total: f64,
}

/// Growth on the initial level with neighbours; see [`beta_spatial()`].
#[derive(Clone, Debug, PartialEq)]
pub struct BetaSpatial {
    /// Convergence by each model that could be fitted, in the order `ols slx sar sdm sem`.
    pub models: Vec<SpatialConvergence>,
    /// The models themselves, their impacts, and the tests between them; its `places` are the cities that take part.
    pub regression: Spillover,
    /// Names of the covariates.
    pub covariates: Vec<String>,
    /// The covariates that the regressions do without.
    pub dropped: Vec<DroppedCovariate>,
    /// Cities left out, without a value above zero in one of the two years.
    pub left_out: Vec<usize>,
    /// Cities left out, without a value of a covariate.
    pub without_covariate: Vec<usize>,
    /// Cities left out, without a neighbour among the others.
    pub isolates: Vec<usize>,
}

impl BetaSpatial {
    /// What a model says.
    pub fn model(&self, model: &str) -> Option<&SpatialConvergence> {
        self.models.iter().find(|of| of.model == model)
    }

    /// A test on the residuals of OLS, or between models.
    pub fn test(&self, test: &str) -> Option<&Diagnostic> {
        self.regression.diagnostics.iter().find(|of| of.test == test)
    }

    /// The model that the Lagrange multipliers point to, by Anselin's rule: `ols` where neither test is significant at
    /// `alpha`; where one is, its model (`sar` for the lag, `sem` for the error); where both are, that of the robust test
    /// which alone is significant, or else of the larger one.
    pub fn pointed(&self, alpha: f64) -> &'static str {
        let of = |name: &str| self.test(name).map_or([f64::NAN; 2], |test| [test.statistic, test.p]);
        rule(["lm_lag", "lm_error", "lm_lag_robust", "lm_error_robust"].map(of), alpha)
    }
}

/// Anselin's rule by statistic and p of the tests for lag and error, and of their robust forms.
fn rule([lag, error, lag_robust, error_robust]: [[f64; 2]; 4], alpha: f64) -> &'static str {
    let told = |[_, p]: [f64; 2]| p <= alpha;
    match (told(lag), told(error)) {
        (false, false) => "ols",
        (true, false) => "sar",
        (false, true) => "sem",
        (true, true) => match (told(lag_robust), told(error_robust)) {
            (true, false) => "sar",
            (false, true) => "sem",
            _ if lag_robust[0] >= error_robust[0] => "sar",
            _ => "sem",
        },
    }
}

/// Whether growth depends on the initial level once growth, or what is left of it, may follow that of the neighbours.
/// `first` and `last` are a year and the value of every city in it; `covariates`, which may be none, have one value a
/// city, that of the start of the period, by name; NaN where there is none. `seed` is that of the draws behind the errors
/// of impacts. Weights of which rows sum to 1 make ρ and λ comparable.
///
/// # Formula
///
/// g = ln(y_T/y_0)/T is regressed on X, a constant, ln y_0 and the covariates:
///
/// * `ols` g = Xβ + ε; `slx` g = Xβ + WXθ + ε (cross-regressive)
/// * `sar` g = ρWg + Xβ + ε (spatial lag); `sdm` the same with WXθ (Durbin)
/// * `sem` g = Xβ + u, u = λWu + ε (spatial error)
///
/// by [`spillover()`](crate::measures::radiation::spillover()), so by maximum likelihood with the log-determinant exact; speed = −ln(1 + bT)/T by the coefficient b
/// of ln y_0, and beside it by its mean total impact, in `sar` b/(1 − ρ) where rows of W sum to 1. Tests on the residuals
/// of `ols`: Moran's I under normality, Lagrange multipliers for lag and error, plain and robust. Time as [`spillover()`](crate::measures::radiation::spillover());
/// `sar`, `sdm` and `sem` are fitted for up to 1,000 cities.
///
/// # Errors
///
/// Years that do not ascend, columns that are not as long as the weights; [`Kind::Undefined`] with fewer than k + 7
/// cities for k covariates, where all start from the same value or where growth is explained without any error.
///
/// # Source
///
/// Rey, S. J. and Montouri, B. D. (1999). US regional income convergence: a spatial econometric perspective. Regional
/// Studies 33, 143-156. doi:10.1080/00343409950122945. Anselin, L., Bera, A. K., Florax, R. and Yoon, M. J. (1996).
/// Simple diagnostic tests for spatial dependence. Regional Science and Urban Economics 26, 77-104.
///
/// ```
/// use agglo::measures::imbalance::{beta_convergence, beta_spatial};
/// use agglo::weights::{Transform, Weights};
/// // Ten cities along a road.
/// let pairs: Vec<(u32, u32)> = (0..9).map(|i| (i, i + 1)).collect();
/// let road = Weights::from_pairs("road", 10, &pairs).transformed(Transform::Row);
/// let first = (2000, &[1.0, 2.0, 4.0, 8.0, 3.0, 5.0, 2.5, 1.5, 6.0, 7.0][..]);
/// let last = (2010, &[3.1, 3.9, 6.0, 12.5, 5.9, 8.0, 4.0, 3.6, 9.0, 9.5][..]);
/// let beta = beta_spatial(first, last, &[], &road, 42)?;
/// let ols = beta.model("ols").unwrap();
/// assert!((ols.beta - beta_convergence(first, last)?.beta).abs() < 1e-12);
/// let sar = beta.model("sar").unwrap();
/// assert!((sar.total - sar.beta / (1.0 - sar.rho)).abs() < 1e-9);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn beta_spatial(
    first: (i32, &[f64]),
    last: (i32, &[f64]),
    covariates: &[(&str, &[f64])],
    weights: &Weights,
    seed: u64,
) -> Result<BetaSpatial> {
    let mut growth = Growth::new(first, last, covariates)?;
    let (complete, without_covariate) = (growth.complete(), growth.without_covariate());
    let columns: Vec<&[f64]> =
        std::iter::once(&growth.rates[..]).chain(growth.covariates.iter().map(|x| x.1)).collect();
    let (places, even) = match Sample::new(&columns, weights) {
        Err(error) if error.kind() == Kind::TooFew => (Vec::new(), true),
        sample => sample.map(|sample| (sample.places(), even(&sample.weights)))?,
    };
    let fewest = growth.covariates.len() + 7;
    if places.len() < fewest {
        return Err(undefined(format!(
            "{} cities have a value above zero in both years{} and a neighbour, and {fewest} are needed",
            places.len(),
            if covariates.is_empty() { "" } else { ", all covariates" }
        )));
    }
    growth.keep_independent(&places)?;
    let isolates = complete.into_iter().filter(|i| places.binary_search(i).is_err()).collect();
    // A city that lacks only a covariate which was dropped stays out, as it did while that was tried.
    let rates = spread(growth.rates.len(), &places, places.iter().map(|&i| growth.rates[i]));
    let terms: Vec<(&str, &[f64])> =
        std::iter::once((INITIAL, &growth.initial[..])).chain(growth.covariates.iter().copied()).collect();
    let mut regression = spillover_up_to(MOST, &rates, &terms, weights, &[], seed)?;
    if !even && regression.diagnostics.iter().any(|test| test.test == COMMON_FACTOR) {
        regression.diagnostics.retain(|test| test.test != COMMON_FACTOR);
        let message = "no likelihood ratio of sdm against sem: where rows of the weights do not sum alike, sem is no special case of sdm";
        regression.notes.push(Note::remark("undefined_number", message));
    }
    Ok(BetaSpatial {
        models: regression.fits.iter().map(|fit| convergence(fit, &regression, growth.span)).collect(),
        covariates: growth.covariates.iter().map(|(name, _)| (*name).to_owned()).collect(),
        regression,
        dropped: growth.dropped,
        left_out: growth.left_out,
        without_covariate,
        isolates,
    })
}

/// Whether all rows of the weights sum alike. Only then is the lag of a constant a constant, which `sdm` has anyhow.
fn even(weights: &Weights) -> bool {
    let first = weights.row_sum(0);
    (1..weights.n()).all(|i| (weights.row_sum(i) - first).abs() <= 1e-9 * first.abs())
}

fn convergence(fit: &Fit, regression: &Spillover, span: f64) -> SpatialConvergence {
    // The initial level follows the constant.
    let (beta, beta_se, rho_se) = (fit.estimates[1], fit.se(1), fit.rho_se());
    let rho = if rho_se.is_nan() { f64::NAN } else { fit.rho };
    let of_initial = regression.impacts.iter().find(|impact| impact.model == fit.model && impact.term == INITIAL);
    // Without an impact of its own, as in sem, nothing goes through the neighbours.
    let total = of_initial.map_or(beta, |impact| impact.total);
    let [own, all] = [beta, total].map(|b| speed(b, span));
    SpatialConvergence {
        model: fit.model,
        beta,
        beta_se,
        p: normal_p(beta / beta_se, Alternative::TwoSided),
        rho,
        rho_se,
        rho_p: normal_p(rho / rho_se, Alternative::TwoSided),
        speed: own,
        half_life: half_life(own),
        total,
        speed_total: all,
        half_life_total: half_life(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_asks_the_robust_tests_only_where_both_others_tell() {
        let (yes, no, more) = ([5.0, 0.03], [1.0, 0.3], [9.0, 0.003]);
        assert_eq!(rule([no, no, yes, yes], 0.05), "ols");
        assert_eq!(rule([yes, no, no, yes], 0.05), "sar");
        assert_eq!(rule([no, yes, yes, no], 0.05), "sem");
        assert_eq!(rule([yes, yes, yes, no], 0.05), "sar");
        assert_eq!(rule([yes, yes, no, yes], 0.05), "sem");
        assert_eq!(rule([yes, yes, more, yes], 0.05), "sar");
        assert_eq!(rule([yes, yes, no, [2.0, 0.2]], 0.05), "sem");
        assert_eq!(rule([yes, yes, yes, yes], 0.01), "ols");
        assert_eq!(rule([[f64::NAN; 2]; 4], 0.05), "ols");
    }
}
