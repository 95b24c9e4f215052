//! What each indicator weighs: alike, by its entropy, by CRITIC, by its variation, or as given.

use std::borrow::Cow;

use super::normalise::{Normalised, moments, scaled};
use super::{Normalisation, Weighting, normalise};
use crate::error::{Fault, Kind, Result};
use crate::note::listed;
use crate::study::{Indicator, Indicators};

/// The weights by entropy; see [`entropy_weights`].
#[derive(Clone, Debug, PartialEq)]
pub struct EntropyWeights {
    /// The entropy of each indicator, 0 to 1.
    pub entropy: Vec<f64>,
    /// The redundancy of each indicator, 1 − e, 0 to 1.
    pub redundancy: Vec<f64>,
    /// The weights, which sum to 1.
    pub weights: Vec<f64>,
}

/// The weights by entropy of indicators, each given by its numbers `z` ≥ 0 in the units that take part, the same units in
/// all.
///
/// # Formula
///
/// p_ij = z_ij / Σ_i z_ij, e_j = −Σ_i p_ij ln p_ij / ln n, w_j = (1 − e_j) / Σ_j (1 − e_j)
///
/// with 0 · ln 0 = 0 and n units. An indicator that few cities have much of weighs more. Nothing is added to z: a shift
/// of 0.01 moves weights by up to 0.015, one of 1 by up to 0.23. The redundancy 1 − e_j is computed as Theil's T of z over
/// ln n, which keeps its digits where e_j is near 1. O(k n).
///
/// # Errors
///
/// A number that is negative or none; fewer than two units; [`Kind::Undefined`] where an indicator is 0 throughout, and
/// where every indicator is constant.
///
/// # Source
///
/// Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal 27, 379-423.
/// doi:10.1002/j.1538-7305.1948.tb01338.x
///
/// ```
/// use agglo::measures::index::entropy_weights;
/// // One city of four has all of the first indicator, all but one have the second.
/// let result = entropy_weights(&[vec![0.0, 0.0, 0.0, 1.0], vec![1.0, 1.0, 0.0, 1.0]])?;
/// assert_eq!(result.entropy[0], 0.0);
/// assert!((result.entropy[1] - 3.0_f64.ln() / 4.0_f64.ln()).abs() < 1e-15);
/// assert!((result.weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn entropy_weights(z: &[Vec<f64>]) -> Result<EntropyWeights> {
    let n = comparable(z)?;
    let redundancy = z.iter().map(|z| redundancy(z, n)).collect::<Result<Vec<f64>>>()?;
    let weights = shares(&redundancy, "every indicator is constant, so that none has a weight by entropy")?;
    Ok(EntropyWeights { entropy: redundancy.iter().map(|d| 1.0 - d).collect(), redundancy, weights })
}

/// Σ p ln(n p) / ln n, from terms none of which is negative.
fn redundancy(z: &[f64], n: usize) -> Result<f64> {
    if z.iter().any(|&z| z < 0.0) {
        return Err(Fault::new(Kind::Value, "a negative number has no share, so that there is no entropy").into());
    }
    let z = scaled(z);
    let (n, sum) = (n as f64, z.iter().sum::<f64>());
    if sum == 0.0 {
        return Err(Fault::new(Kind::Undefined, "an indicator is 0 in all cities, so that it has no entropy").into());
    }
    let term = |&z: &f64| {
        let r = n * z / sum;
        (if r == 0.0 { 0.0 } else { r * libm::log(r) }) - (r - 1.0)
    };
    Ok((z.iter().map(term).sum::<f64>() / n / libm::log(n)).clamp(0.0, 1.0))
}

/// The weights by CRITIC (criteria importance through intercriteria correlation) of indicators, each given by its numbers
/// `z` in the units that take part, on a scale on which more is better.
///
/// # Formula
///
/// C_j = sd_j Σ_k (1 − r_jk), w_j = C_j / Σ_k C_k
///
/// where r_jk is the correlation of two indicators. An indicator weighs more if it is spread widely and does not repeat the
/// others. Whether the sd has the divisor n or n − 1 does not matter. A single indicator weighs 1. O(k² n).
///
/// # Errors
///
/// Numbers that are none; fewer than two units; [`Kind::Undefined`] where an indicator is constant, and where all are
/// perfectly correlated.
///
/// # Source
///
/// Diakoulaki, D., Mavrotas, G. and Papayannakis, L. (1995). Determining objective weights in multiple criteria problems:
/// the CRITIC method. Computers & Operations Research 22, 763-770. doi:10.1016/0305-0548(94)00059-H
///
/// ```
/// use agglo::measures::index::critic_weights;
/// let repeated = vec![0.0, 0.5, 1.0];
/// let weights = critic_weights(&[repeated.clone(), repeated, vec![1.0, 0.0, 1.0]])?;
/// assert!(weights[2] > 0.5 && (weights[0] - weights[1]).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn critic_weights(z: &[Vec<f64>]) -> Result<Vec<f64>> {
    comparable(z)?;
    let z: Vec<(f64, Vec<f64>)> = z.iter().map(|z| standardised(z)).collect();
    if z.iter().any(|(sd, _)| *sd == 0.0) {
        return Err(Fault::new(Kind::Undefined, "a constant indicator is correlated with none").into());
    }
    if z.len() == 1 {
        return Ok(vec![1.0]);
    }
    let r = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64;
    // What is left of 1 − r by rounding alone says nothing.
    let apart = |a: &[f64], b: &[f64]| Some((1.0 - r(a, b)).min(2.0)).filter(|&d| d > 1e-12).unwrap_or(0.0);
    let conflict =
        |j: usize| -> f64 { (0..z.len()).filter(|&k| k != j).map(|k| apart(&z[j.min(k)].1, &z[j.max(k)].1)).sum() };
    let information: Vec<f64> = z.iter().enumerate().map(|(j, (sd, _))| sd * conflict(j)).collect();
    shares(&information, "all indicators are perfectly correlated, so that CRITIC tells none from another")
}

/// The standard deviation of numbers, and them over it with mean 0.
fn standardised(z: &[f64]) -> (f64, Vec<f64>) {
    let (mean, sd) = moments(z);
    (sd, z.iter().map(|z| (z - mean) / sd).collect())
}

/// The weights by the coefficient of variation of indicators, each given by its raw numbers `x` ≥ 0 in the units that take
/// part.
///
/// # Formula
///
/// V_j = sd_j / mean_j, w_j = V_j / Σ_k V_k
///
/// Whether the sd has the divisor n or n − 1 does not matter. It presumes a true zero: a temperature weighs otherwise in
/// degrees Celsius than in Fahrenheit. O(k n).
///
/// # Errors
///
/// Numbers that are none; fewer than two units; [`Kind::Undefined`] where an indicator has a negative number, since its mean
/// may then be anything; where one is 0 throughout; and where all are constant.
///
/// # Source
///
/// Pearson, K. (1896). Mathematical contributions to the theory of evolution III. Philosophical Transactions of the Royal
/// Society A 187, 253-318. doi:10.1098/rsta.1896.0007
///
/// ```
/// use agglo::measures::index::variation_weights;
/// let weights = variation_weights(&[vec![1.0, 3.0], vec![30.0, 50.0]])?; // sd/mean is 1/2 and 1/4
/// assert!((weights[0] - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn variation_weights(x: &[Vec<f64>]) -> Result<Vec<f64>> {
    comparable(x)?;
    let variation = |x: &Vec<f64>| {
        let (mean, sd) = moments(&scaled(x));
        if x.iter().any(|&x| x < 0.0) || mean == 0.0 {
            return Err(Fault::new(Kind::Undefined, "numbers below 0 have no coefficient of variation").into());
        }
        Ok(sd / mean)
    };
    let variation = x.iter().map(variation).collect::<Result<Vec<f64>>>()?;
    shares(&variation, "all indicators are constant, so that none varies")
}

/// The weights that were given with `indicators`, over their sum.
///
/// # Errors
///
/// An indicator without a weight, and one whose weight is negative or no number, all by name; weights that are all 0.
///
/// ```
/// use agglo::measures::index::given_weights;
/// use agglo::study::{Direction, Indicator};
/// let of = |name: &str, weight| Indicator {
///     name: name.into(), column: name.into(), direction: Direction::Benefit, dimension: None, weight, signed: false,
/// };
/// assert_eq!(given_weights(&[of("income", Some(3.0)), of("schools", Some(1.0))])?, [0.75, 0.25]);
/// assert!(given_weights(&[of("income", Some(3.0)), of("schools", None)]).unwrap_err().to_string().contains("schools"));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn given_weights(indicators: &[Indicator]) -> Result<Vec<f64>> {
    let of = |is: &dyn Fn(Option<f64>) -> bool| -> Vec<&str> {
        indicators.iter().filter(|i| is(i.weight)).map(|i| i.name.as_str()).collect()
    };
    let without = of(&|weight| weight.is_none());
    if !without.is_empty() {
        let names = if without.len() == indicators.len() { "any indicator".into() } else { listed(&without) };
        let fault = Fault::new(Kind::Value, format!("no weight is given for {names}"));
        return Err(fault.hint("give every indicator a weight, 0 to leave it out, or choose another weighting").into());
    }
    let wrong = of(&|weight| !weight.is_some_and(|w| w >= 0.0 && w.is_finite()));
    if !wrong.is_empty() {
        let message = format!("the weight of {} is not a number of 0 or more", listed(&wrong));
        return Err(Fault::new(Kind::Value, message).into());
    }
    let weights: Vec<f64> = indicators.iter().filter_map(|i| i.weight).collect();
    if weights.iter().all(|&w| w == 0.0) {
        return Err(Fault::new(Kind::Value, "the weights that are given are 0 for every indicator that is used").into());
    }
    if (weights.iter().sum::<f64>() - 1.0).abs() <= 1e-12 {
        return Ok(weights); // as they were written, without the rounding of a division by nearly 1
    }
    shares(&scaled(&weights), "the weights that are given are 0 for every indicator that is used")
}

/// The weights of the indicators of `normalised` in every year: `weights[year][indicator]`, each year of sum 1; NaN in a
/// year of which no unit takes part while each year is taken by itself.
///
/// Entropy and CRITIC rest on min-max numbers whatever the normalisation; the coefficient of variation on the raw ones.
/// Equal and given weights are those of all years.
///
/// # Errors
///
/// As [`entropy_weights`], [`critic_weights`], [`variation_weights`] and [`given_weights`]; those of variation name the
/// indicators that are below 0 somewhere.
pub fn indicator_weights(normalised: &Normalised, weighting: Weighting) -> Result<Vec<Vec<f64>>> {
    let minmax = match weighting {
        Weighting::Entropy | Weighting::Critic => min_max(normalised)?,
        _ => Cow::Borrowed(&normalised.z),
    };
    let k = normalised.indicators();
    let of_pool = |pool: &[usize]| -> Result<Vec<f64>> {
        match weighting {
            Weighting::Equal => Ok(vec![1.0 / k as f64; k]),
            Weighting::Given => given_weights(&normalised.z.list),
            _ if pool.is_empty() => Ok(vec![f64::NAN; k]),
            Weighting::Entropy => Ok(entropy_weights(&Normalised::columns(&minmax, pool))?.weights),
            Weighting::Critic => critic_weights(&Normalised::columns(&minmax, pool)),
            Weighting::CoefficientOfVariation => {
                above_zero(&normalised.raw)?;
                variation_weights(&Normalised::columns(&normalised.raw, pool))
            }
        }
    };
    let of_pools = normalised.pools().into_iter().map(of_pool).collect::<Result<Vec<_>>>()?;
    Ok((0..normalised.z.years.len()).map(|year| of_pools[normalised.pool_of(year)].clone()).collect())
}

/// The min-max numbers of the same units and indicators.
pub(super) fn min_max(normalised: &Normalised) -> Result<Cow<'_, Indicators>> {
    if normalised.normalisation == Normalisation::MinMax {
        return Ok(Cow::Borrowed(&normalised.z));
    }
    Ok(Cow::Owned(normalise(&normalised.raw, Normalisation::MinMax, normalised.by_year)?.z))
}

/// That there is a weight of every indicator in every year.
pub(super) fn fitting(normalised: &Normalised, weights: &[Vec<f64>]) -> Result<()> {
    let (years, k) = (normalised.z.years.len(), normalised.indicators());
    if weights.len() == years && weights.iter().all(|weights| weights.len() == k) {
        return Ok(());
    }
    let message = format!("weights of {years} years and {k} indicators are needed, one for each");
    Err(Fault::new(Kind::Option, message).into())
}

fn above_zero(raw: &Indicators) -> Result<()> {
    let below = |&j: &usize| raw.column(j).iter().any(|&x| x < 0.0);
    let names: Vec<&str> = (0..raw.list.len()).filter(below).map(|j| raw.list[j].name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let message = format!("there is no coefficient of variation of {}, which is below 0 somewhere", listed(&names));
    Err(Fault::new(Kind::Undefined, message).hint("choose another weighting").into())
}

/// The number of units, of which every indicator has one number.
fn comparable(columns: &[Vec<f64>]) -> Result<usize> {
    let n = columns.first().map_or(0, Vec::len);
    if n < 2 {
        return Err(Fault::new(Kind::TooFew, "weights need an indicator of at least two cities").into());
    }
    if columns.iter().any(|column| column.len() != n || column.iter().any(|x| !x.is_finite())) {
        return Err(Fault::new(Kind::Value, "every indicator needs a number of every city that takes part").into());
    }
    Ok(n)
}

fn shares(parts: &[f64], none: &str) -> Result<Vec<f64>> {
    let sum: f64 = parts.iter().sum();
    if sum > 0.0 {
        Ok(parts.iter().map(|part| part / sum).collect())
    } else {
        Err(Fault::new(Kind::Undefined, none).into())
    }
}
