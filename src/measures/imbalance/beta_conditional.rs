//! Conditional beta convergence: whether cities that start lower grow faster than others that are alike in covariates.

use super::beta_convergence::{BetaConvergence, beta_convergence, half_life, speed};
use super::distribution::spread;
use super::growth::{DroppedCovariate, Growth, INITIAL, taken, undefined};
use super::regression::mean;
use crate::error::Result;
use crate::inference::student_p;
use crate::measures::radiation::spillover::linear::{Basis, dot};

/// One term of a regression of growth.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthTerm {
    /// `constant`, `ln_initial`, or the covariate's name.
    pub term: String,
    /// Its coefficient, a year.
    pub estimate: f64,
    /// Classical standard error; NaN, as t and p are, where the regression leaves nothing over.
    pub se: f64,
    /// estimate/se.
    pub t: f64,
    /// Two-sided p by Student's t with n − k degrees of freedom.
    pub p: f64,
    /// Standard error HC3; NaN, as its p is, also where one city alone decides about a coefficient.
    pub se_robust: f64,
    /// Its p, by the same distribution.
    pub p_robust: f64,
    /// Standard deviations of growth for one of the term; NaN of the constant, and where all cities grow alike.
    pub standardised: f64,
    /// Variance inflation 1/(1 − R²) by the other terms, from 1 on; NaN of the constant.
    pub vif: f64,
}

/// Growth on the initial level and covariates; see [`beta_conditional()`].
#[derive(Clone, Debug, PartialEq)]
pub struct BetaConditional {
    /// Cities that take part.
    pub n: usize,
    /// The constant, the initial level, the covariates.
    pub terms: Vec<GrowthTerm>,
    /// Share of the variance of growth; NaN where all grow alike.
    pub r2: f64,
    /// The same, corrected for the number of terms.
    pub r2_adjusted: f64,
    /// Speed of convergence λ, a year; NaN where 1 + bT ≤ 0.
    pub speed: f64,
    /// Years in which half of the distance from a city's own path is made up; NaN where λ is not above 0.
    pub half_life: f64,
    /// Growth on the initial level alone, of the same cities.
    pub absolute: BetaConvergence,
    /// Yearly growth less what the terms explain, for every city; NaN for one that takes no part.
    pub residuals: Vec<f64>,
    /// The covariates that the regression does without.
    pub dropped: Vec<DroppedCovariate>,
    /// Cities left out, without a value above zero in one of the two years.
    pub left_out: Vec<usize>,
    /// Cities left out, without a value of a covariate.
    pub without_covariate: Vec<usize>,
}

impl BetaConditional {
    /// The term of the initial level.
    pub fn initial(&self) -> &GrowthTerm {
        &self.terms[1]
    }

    /// Names of the covariates.
    pub fn covariates(&self) -> Vec<String> {
        self.terms.iter().skip(2).map(|term| term.term.clone()).collect()
    }
}

/// Whether growth depends on the initial level among cities that are alike in covariates. `first` and `last` are a year
/// and the value of every city in it; `covariates` have one value a city, that of the start of the period, by name. NaN
/// where there is none.
///
/// # Formula
///
/// g_i = ln(y_iT/y_i0)/T = a + b ln y_i0 + Σ_k c_k x_ik by least squares; λ = −ln(1 + bT)/T; half-life = ln 2/λ
///
/// where T is the number of years between. b < 0 says that a city grows the faster the further it is below its own path,
/// which the covariates set, and not that cities approach each other. Standard errors are classical, √(s²(XᵀX)⁻¹_kk) with
/// s² = Σe²/(n − k), and HC3 (e_i over 1 − h_i). Covariates are taken as they are. Those that are constant or sums of
/// terms before them are dropped, which changes nothing for the others. O(n·k³) for k covariates.
///
/// # Errors
///
/// Years that do not ascend, columns of different lengths; [`Kind::Undefined`](crate::error::Kind::Undefined) with
/// fewer cities than terms and one more, where all start from the same value, or where no covariate is left.
///
/// # Source
///
/// Barro, R. J. and Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100, 223-251.
/// doi:10.1086/261816. Mankiw, N. G., Romer, D. and Weil, D. N. (1992). A contribution to the empirics of economic
/// growth. Quarterly Journal of Economics 107, 407-437. doi:10.2307/2118477
///
/// ```
/// use agglo::measures::imbalance::beta_conditional;
/// let schooling = [3.0, 1.0, 2.0, 5.0, 4.0, 6.0];
/// let first = (2000, &[1.0, 2.0, 4.0, 8.0, 3.0, 5.0][..]);
/// let last = (2010, &[3.1, 3.9, 6.0, 12.5, 5.9, 10.0][..]);
/// let beta = beta_conditional(first, last, &[("schooling", &schooling)])?;
/// assert!(beta.initial().estimate < beta.absolute.beta && beta.r2 > beta.absolute.r2);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn beta_conditional(
    first: (i32, &[f64]),
    last: (i32, &[f64]),
    covariates: &[(&str, &[f64])],
) -> Result<BetaConditional> {
    let mut growth = Growth::new(first, last, covariates)?;
    let (cities, without_covariate) = (growth.complete(), growth.without_covariate());
    let fewest = growth.covariates.len() + 3;
    if cities.len() < fewest {
        return Err(undefined(format!(
            "{} cities have a value above zero in both years and all covariates, and {fewest} are needed",
            cities.len()
        )));
    }
    growth.keep_independent(&cities)?;
    if growth.covariates.is_empty() {
        return Err(undefined(without_any(&growth.dropped)));
    }
    let columns: Vec<Vec<f64>> = std::iter::once(vec![1.0; cities.len()])
        .chain(
            std::iter::once(&growth.initial[..])
                .chain(growth.covariates.iter().map(|x| x.1))
                .map(|x| taken(x, &cities)),
        )
        .collect();
    let basis = Basis::new(&columns).map_err(|_| undefined("the terms are sums of each other"))?;
    let rates = taken(&growth.rates, &cities);
    let deviations = basis.residuals(&rates);
    // NaN where all cities grow alike, of which nothing is a share.
    let rate = mean(&rates);
    let total = if rates.iter().any(|g| (g - rate).abs() > growth.noise()) { squares(&rates) } else { f64::NAN };
    let (n, k) = (cities.len() as f64, columns.len() as f64);
    let r2 = 1.0 - dot(&deviations, &deviations) / total;
    let only = |level: &[f64]| spread(level.len(), &cities, taken(level, &cities));
    let (of_first, of_last) = (only(first.1), only(last.1));
    let terms = terms(&growth, &basis, &columns, (&rates, total), &deviations);
    let speed = speed(terms[1].estimate, growth.span);
    Ok(BetaConditional {
        n: cities.len(),
        r2,
        r2_adjusted: 1.0 - (1.0 - r2) * (n - 1.0) / (n - k),
        speed,
        half_life: half_life(speed),
        absolute: beta_convergence((first.0, &of_first), (last.0, &of_last))?,
        residuals: spread(growth.rates.len(), &cities, deviations),
        terms,
        dropped: growth.dropped,
        left_out: growth.left_out,
        without_covariate,
    })
}

/// Why no covariate is left.
fn without_any(dropped: &[DroppedCovariate]) -> String {
    let reasons: Vec<String> = dropped.iter().map(|x| format!("{} {}", x.name, x.reason)).collect();
    match reasons.as_slice() {
        [] => "no covariate is given".to_owned(),
        reasons => format!("no covariate is left: {}", reasons.join(", ")),
    }
}

fn terms(
    growth: &Growth,
    basis: &Basis,
    columns: &[Vec<f64>],
    (rates, total): (&[f64], f64),
    deviations: &[f64],
) -> Vec<GrowthTerm> {
    let (k, freedom) = (columns.len(), (rates.len() - columns.len()) as f64);
    let exact = deviations.iter().all(|e| e.abs() <= growth.noise());
    let s2 = if exact { f64::NAN } else { dot(deviations, deviations) / freedom };
    let (gram, robust) = (basis.inverse_gram(), basis.robust(deviations));
    let estimates = basis.coefficients(rates);
    let names = ["constant", INITIAL].into_iter().chain(growth.covariates.iter().map(|x| x.0));
    let term = |(at, name): (usize, &str)| {
        let (estimate, own) = (estimates[at], if at == 0 { f64::NAN } else { squares(&columns[at]) });
        let (se, t) = error(estimate, s2 * gram[at * k + at]);
        let (se_robust, t_robust) = error(estimate, if exact { f64::NAN } else { robust[at * k + at] });
        GrowthTerm {
            term: name.to_owned(),
            estimate,
            se,
            t,
            p: student_p(t, freedom),
            se_robust,
            p_robust: student_p(t_robust, freedom),
            standardised: estimate * own.sqrt() / total.sqrt(),
            vif: gram[at * k + at] * own,
        }
    };
    names.enumerate().map(term).collect()
}

/// Standard error and t of an estimate.
fn error(estimate: f64, variance: f64) -> (f64, f64) {
    let se = variance.sqrt();
    (se, estimate / se)
}

/// Sum of squared deviations from the mean.
fn squares(x: &[f64]) -> f64 {
    let mean = mean(x);
    x.iter().map(|x| (x - mean) * (x - mean)).sum()
}
