//! LOSH, local spatial heteroscedasticity: where values scatter more around their local mean than elsewhere.

use super::adapter::each_variable;
use super::classes::NOT_SIGNIFICANT;
use super::local_join_count::side;
use super::local_moran::row_sums;
use super::local_test::significance;
use super::sample::{Sample, Standardised};
use crate::error::{Fault, Kind, Result};
use crate::inference::{Inference, Linear, chi_squared_p, conditional_counts};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::weights::Weights;

/// LOSH of every city; see [`losh`]. All lists have one entry a city, NaN for those that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct Losh {
    /// The statistic.
    pub h: Vec<f64>,
    /// Its variance.
    pub variance: Vec<f64>,
    /// 2h/variance, held against χ² with 2/variance degrees of freedom.
    pub z: Vec<f64>,
    /// Upper tail of that χ².
    pub p_chi2: Vec<f64>,
    /// p value of the conditional permutations; NaN without permutations.
    pub p_permutation: Vec<f64>,
    /// Benjamini-Hochberg value of `p_permutation` (of `p_chi2` without permutations).
    pub q: Vec<f64>,
    /// `high ns undefined isolate`, `low` for the alternative less.
    pub class: Vec<&'static str>,
}

/// Local spatial heteroscedasticity of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// H_i = Σ_j w_ij e_j / (h₁·Σ_j w_ij), e_j = |x_j − x̄_j|², x̄_j = Σ_k w_jk x_k / Σ_k w_jk, h₁ = mean of e
///
/// E\[H_i\] = 1; V_i = (mean(e²) − h₁²)·(n·Σ_j w_ij² − (Σ_j w_ij)²) / ((n − 1)·h₁²·(Σ_j w_ij)²). Large values: the
/// neighbourhood scatters more than the map does on average.
///
/// # Inference
///
/// 2H/V against χ² with 2/V degrees of freedom, and permutations that deal out the e of the others. One-sided (greater)
/// unless [`Alternative::Less`](crate::inference::Alternative::Less) is asked for.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`] where all values equal their local mean or do not vary.
///
/// # Source
///
/// Ord, J. K. and Getis, A. (2012). Local spatial heteroscedasticity (LOSH). The Annals of Regional Science 48,
/// 529-539. doi:10.1007/s00168-011-0492-y
pub fn losh(x: &[f64], weights: &Weights, inference: &Inference) -> Result<Losh> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    let (weights, n) = (&*sample.weights, sample.n());
    let residuals = squared_residuals(weights, &standard.z);
    let mean = residuals.iter().sum::<f64>() / n as f64;
    let spread = residuals.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n as f64;
    if mean <= f64::EPSILON {
        return Err(Fault::new(Kind::Undefined, "every value equals its local mean, so that LOSH is undefined").into());
    }
    let lag = weights.lag(&residuals);
    let h: Vec<f64> = (0..n).map(|i| lag[i] / (mean * weights.row_sum(i))).collect();
    let variance: Vec<f64> = (0..n)
        .map(|i| {
            let (sum, squares) = row_sums(weights, i);
            spread * (n as f64 * squares - sum * sum) / ((n as f64 - 1.0) * (mean * sum).powi(2))
        })
        .collect();
    let z: Vec<f64> = h.iter().zip(&variance).map(|(h, v)| if *v > 0.0 { 2.0 * h / v } else { f64::NAN }).collect();
    let one_sided = Inference { alternative: side(inference.alternative), ..*inference };
    let greater = one_sided.alternative == crate::inference::Alternative::Greater;
    let p_chi2: Vec<f64> = z
        .iter()
        .zip(&variance)
        .map(|(&z, v)| {
            let upper = chi_squared_p(z, 2.0 / v);
            if greater { upper } else { 1.0 - upper }
        })
        .collect();
    let linear = Linear { fields: &[&residuals], coefficients: |_: usize, a: &mut [f64]| a[0] = 1.0 };
    let counts = conditional_counts(weights, &linear, inference, "losh");
    let p: Vec<f64> = counts.iter().map(|counts| counts.p(inference.permutations, one_sided.alternative)).collect();
    let tested = if inference.permutations == 0 { &p_chi2 } else { &p };
    let (q, significant) = significance(tested, &z, &Inference { permutations: 1, ..one_sided });
    let class = significant.iter().map(|&yes| match (yes, greater) {
        (false, _) => NOT_SIGNIFICANT,
        (true, true) => "high",
        (true, false) => "low",
    });
    Ok(Losh {
        class: sample.spread_classes(class.collect()),
        q: sample.spread(q),
        h: sample.spread(h),
        variance: sample.spread(variance),
        z: sample.spread(z),
        p_chi2: sample.spread(p_chi2),
        p_permutation: sample.spread(p),
    })
}

/// (x_j − x̄_j)² with the weighted mean x̄_j of the neighbours.
fn squared_residuals(weights: &Weights, x: &[f64]) -> Vec<f64> {
    weights.lag(x).iter().enumerate().map(|(j, lag)| (x[j] - lag / weights.row_sum(j)).powi(2)).collect()
}

static ABOUT: About = About {
    name: "losh",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "LOSH, local spatial heteroscedasticity",
    question: "Where do neighbouring cities differ among themselves more than elsewhere?",
    formula: "H_i = sum_j w_ij e_j / (h1 sum_j w_ij), e_j = (x_j - local mean of j)^2, h1 = mean of e",
    symbols: &[
        ("x_j", "value of city j"),
        ("local mean of j", "weighted mean of the values of j's neighbours"),
        ("w_ij", "weight from city i to city j, after the transform"),
    ],
    reading: "1 on average; larger: a neighbourhood of contrasts, as at the edge of a cluster; smaller: a homogeneous one",
    variant: "Squared residuals (a = 2); chi-squared approximation with 2/V degrees of freedom and conditional permutations; one-sided (greater) unless --alternative less",
    reference: "Ord and Getis (2012), The Annals of Regional Science 48, 529-539, doi:10.1007/s00168-011-0492-y",
    fields: &[
        Field::annotated("h", "losh_h", "losh_h", "local heteroscedasticity, 1 on average"),
        Field::column("variance", "its variance"),
        Field::column("z", "2h/variance, chi-squared with 2/variance degrees of freedom"),
        Field::column("p_chi2", "upper tail of that chi-squared distribution"),
        Field::annotated("p_permutation", "losh_p", "losh_p", "p value among conditional permutations"),
        Field::annotated("q", "losh_q", "losh_q", "Benjamini-Hochberg value of p"),
        Field::annotated("class", "losh_cl", "losh_cl", "high (low) where significant, else ns; undefined or isolate"),
    ],
    matches: &[
        ("spdep", "LOSH.cs(x, listw): Hi, Var.Hi, Z.Hi, Pr()"),
        ("esda", "LOSH(connectivity=w, inference='chi-square')"),
    ],
};

/// [`losh`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        let result = losh(&variable.values, weights, run.inference)?;
        outcome.columns.extend([
            ("h", Values::Numbers(result.h)),
            ("variance", Values::Numbers(result.variance)),
            ("z", Values::Numbers(result.z)),
            ("p_chi2", Values::Numbers(result.p_chi2)),
            ("p_permutation", Values::Numbers(result.p_permutation)),
            ("q", Values::Numbers(result.q)),
            ("class", Values::Classes(result.class)),
        ]);
        Ok(())
    })
}
