//! Spillover: how far a change in one city reaches the others, by regressions with neighbours in them.

mod adapter;
mod core_impacts;
mod determinant;
mod diagnostics;
mod draws;
mod hessenberg;
mod impacts;
mod likelihood;
pub(in crate::measures) mod linear;
mod model;
mod moments;
mod resolvent;
pub(in crate::measures) mod tables;
mod tridiagonal;

pub use core_impacts::CoreImpact;
pub use diagnostics::Diagnostic;
pub use impacts::Impact;
pub use model::Fit;

pub(in crate::measures) use adapter::MEASURE;

use self::determinant::LogDeterminant;
use self::model::{Data, undefined};
use crate::error::{Kind, Result};
use crate::measures::autocorrelation::sample::Sample;
use crate::note::Note;
use crate::weights::Weights;

/// Cities beyond the coefficients of the smallest model that there have to be.
const SPARE: usize = 5;
/// Fewest cities without a word about it.
const FEW: usize = 30;

/// The models, what they say about the impact of each covariate, and the tests between them; see [`spillover()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Spillover {
    /// The places of the cities that take part.
    pub places: Vec<usize>,
    /// The models that could be fitted, in the order `ols slx sar sdm sem`.
    pub fits: Vec<Fit>,
    /// Place in `fits` of the model with the least AIC.
    pub best: usize,
    /// The impacts, model by model, without those of `sem`, which are those of β alone.
    pub impacts: Vec<Impact>,
    /// The tests on the residuals of OLS, and the likelihood ratios between models.
    pub diagnostics: Vec<Diagnostic>,
    /// The columns of the cores in S(W), by the model with the least AIC among `slx sar sdm`.
    pub core_impacts: Vec<CoreImpact>,
    /// Sum of all weights over the number of cities, 1 for row-standardised weights.
    pub mean_row_sum: f64,
    /// How log |I − ρW| was taken; `None` where it was not.
    pub determinant: Option<&'static str>,
    /// The range of ρ; NaN where there is none.
    pub range: (f64, f64),
    /// Models that could not be fitted, with the reason; too few cities.
    pub notes: Vec<Note>,
}

impl Spillover {
    /// The fit of a model.
    pub fn fit(&self, model: &str) -> Option<&Fit> {
        self.fits.iter().find(|fit| fit.model == model)
    }
}

/// Regressions of y on covariates with neighbours in them, and the impacts that follow.
///
/// `covariates` are (name, one value a city); `cores` are places among the cities; `seed` is that of the draws. Cities
/// without a value take no part, nor do those left without a neighbour; the weights of the others are transformed anew.
/// Values are taken as they are: whoever wants elasticities takes logarithms before.
///
/// # Formula
///
/// * OLS y = Xβ + ε; SLX y = Xβ + WXθ + ε
/// * SAR y = ρWy + Xβ + ε; SDM y = ρWy + Xβ + WXθ + ε; SEM y = Xβ + u, u = λWu + ε
///
/// X has a column of ones first, which has no lag. OLS and SLX by least squares with standard errors HC3; the others by
/// maximum likelihood, ln L(ρ) = −n/2·(ln 2πσ²(ρ) + 1) + log |I − ρW|, with the log-determinant exact and standard errors
/// from Fisher's information. Impacts of covariate k are those of
///
/// S_k(W) = (I − ρW)⁻¹(β_k I + θ_k W): direct tr S_k/n, total 1ᵀS_k1/n, indirect the difference
///
/// (ρ = 0 in OLS and SLX, so that the indirect impact of SLX is θ_k·ΣW/n, which is θ_k for row-standardised weights only).
/// Their standard errors and 95 % intervals are those of 1,000 draws from the normal distribution of the estimates, of OLS
/// and SLX exactly.
///
/// The determinant takes O(n³) once, each ρ thereafter O(n), or O(n²) of weights that are not symmetric before their
/// transform; SAR, SDM and SEM are fitted for up to 3,000 cities. The same bits come from any number of threads.
///
/// # Errors
///
/// [`Kind::Undefined`] with fewer than k + 5 cities for k covariates and a constant, where covariates are constant or sums
/// of each other, or where y does not vary or is explained without any error. [`Kind::Option`] where columns are not as
/// long as the weights.
///
/// # Source
///
/// Ord, K. (1975). Estimation methods for models of spatial interaction. Journal of the American Statistical Association
/// 70, 120-126. Anselin, L. (1988). Spatial Econometrics. LeSage, J. and Pace, R. K. (2009). Introduction to Spatial
/// Econometrics.
///
/// ```
/// use agglo::measures::radiation::spillover;
/// use agglo::weights::{Transform, Weights};
/// // Ten cities along a road.
/// let pairs: Vec<(u32, u32)> = (0..9).map(|i| (i, i + 1)).collect();
/// let road = Weights::from_pairs("road", 10, &pairs).transformed(Transform::Row);
/// let rail = [0.0, 1.0, 4.0, 2.0, 0.0, 3.0, 5.0, 1.0, 2.0, 2.0];
/// let output = [2.0, 4.0, 8.0, 6.0, 3.0, 7.0, 9.0, 5.0, 4.0, 5.0];
/// let result = spillover(&output, &[("rail", &rail)], &road, &[], 42)?;
/// let sar = result.fit("sar").unwrap();
/// let impact = result.impacts.iter().find(|impact| impact.model == "sar").unwrap();
/// assert!((impact.total - sar.estimates[1] / (1.0 - sar.rho)).abs() < 1e-9);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn spillover(
    y: &[f64],
    covariates: &[(&str, &[f64])],
    weights: &Weights,
    cores: &[usize],
    seed: u64,
) -> Result<Spillover> {
    spillover_up_to(determinant::MOST, y, covariates, weights, cores, seed)
}

/// As [`spillover()`], with the models that need a determinant for at most this number of cities, and no more than there.
pub(in crate::measures) fn spillover_up_to(
    most: usize,
    y: &[f64],
    covariates: &[(&str, &[f64])],
    weights: &Weights,
    cores: &[usize],
    seed: u64,
) -> Result<Spillover> {
    let columns: Vec<&[f64]> = std::iter::once(y).chain(covariates.iter().map(|(_, x)| *x)).collect();
    let fewest = covariates.len() + 1 + SPARE;
    let too_few = |n: &str| undefined(format!("{n} cities have all values and a neighbour, and {fewest} are needed"));
    let sample = match Sample::new(&columns, weights) {
        Err(error) if error.kind() == Kind::TooFew => return Err(too_few("fewer than 3")),
        other => other?,
    };
    if sample.n() < fewest {
        return Err(too_few(&sample.n().to_string()));
    }
    let names = covariates.iter().map(|(name, _)| (*name).to_owned()).collect();
    let x = covariates.iter().map(|(_, x)| sample.take(x).into_owned()).collect();
    let data = Data::new(sample.take(y).into_owned(), names, x, &sample.weights);
    let places = sample.places();
    let cores: Vec<usize> = cores.iter().filter_map(|core| places.binary_search(core).ok()).collect();
    fitted(&data, places, &cores, y.len(), (most, seed))
}

fn fitted(
    data: &Data,
    places: Vec<usize>,
    cores: &[usize],
    all: usize,
    (most, seed): (usize, u64),
) -> Result<Spillover> {
    let ols = data.least_squares(false)?;
    let mut diagnostics = diagnostics::of_residuals(data, &ols)?;
    let mut notes = Vec::new();
    let mut tried = |model: &str, fit: Result<Fit>| match fit {
        Ok(fit) => Some(fit),
        Err(error) => {
            notes.push(Note::remark("not_run", format!("no {model}: {error}")));
            None
        }
    };
    let slx = tried("slx", data.least_squares(true));
    let determinant = LogDeterminant::up_to(most, data.weights);
    let fits: Vec<Fit> = match &determinant {
        Err(error) => {
            tried("sar, sdm and sem", Err(error.clone()));
            [Some(ols), slx].into_iter().flatten().collect()
        }
        Ok(determinant) => {
            let sar = tried("sar", likelihood::lag(data, determinant, false));
            let sdm = slx.as_ref().and_then(|_| tried("sdm", likelihood::lag(data, determinant, true)));
            let sem = tried("sem", likelihood::error(data, determinant));
            [Some(ols), slx, sar, sdm, sem].into_iter().flatten().collect()
        }
    };
    if data.n() < FEW {
        let message = format!(
            "{} cities are few: standard errors and tests hold for many, so that nothing of this is strong below {FEW}",
            data.n()
        );
        notes.push(Note::remark("few_cities", message));
    }
    diagnostics.extend(diagnostics::likelihood_ratios(&fits));
    let determinant = determinant.ok();
    let least = |among: &[&str]| {
        let candidates = fits.iter().enumerate().filter(|(_, fit)| among.contains(&fit.model));
        candidates.min_by(|a, b| a.1.aic.total_cmp(&b.1.aic)).map_or(0, |(at, _)| at)
    };
    let best = least(&["ols", "slx", "sar", "sdm", "sem"]);
    let reaching = &fits[least(&["slx", "sar", "sdm"])];
    let core_impacts = core_impacts::core_impacts(data, reaching, determinant.as_ref(), (cores, &places, all), seed)?;
    let mut impacts = Vec::new();
    for fit in &fits {
        match (fit.model, &determinant) {
            ("sar" | "sdm", Some(determinant)) => impacts.extend(impacts::multiplied(data, fit, determinant, seed)?),
            ("ols" | "slx", _) => impacts.extend(impacts::linear(data, fit)),
            _ => {}
        }
    }
    if fits.iter().any(|fit| fit.model != "sem" && fit.se(0).is_nan()) {
        let message = "no robust standard errors of ols or slx: one city alone decides about a coefficient";
        notes.push(Note::remark("undefined_number", message));
    }
    if impacts.iter().any(|impact| impact.model != "ols" && impact.model != "slx" && impact.errors[2][0].is_nan()) {
        let message = "no standard errors of impacts by draws: rho lies too near the end of its range";
        notes.push(Note::remark("undefined_number", message));
    }
    Ok(Spillover {
        places,
        best,
        impacts,
        diagnostics,
        core_impacts,
        mean_row_sum: data.weights.sums().s0 / data.n() as f64,
        determinant: determinant.as_ref().map(LogDeterminant::method),
        range: determinant.map_or((f64::NAN, f64::NAN), |determinant| determinant.range),
        notes,
        fits,
    })
}
