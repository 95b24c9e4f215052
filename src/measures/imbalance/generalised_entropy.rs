//! The generalised entropy indices: one family in which Theil's two indices and half the squared CV are three members.

use super::adapter::each_parameter;
use super::distribution::Distribution;
use crate::error::{Fault, Kind, Result};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};

/// A generalised entropy index; see [`generalised_entropy()`].
#[derive(Clone, Debug, PartialEq)]
pub struct GeneralisedEntropy {
    /// Cities that take part.
    pub n: usize,
    /// The index, 0 or more; NaN where α ≤ 0 and a value is 0, or where it is too large for a number.
    pub index: f64,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// The generalised entropy index of order `alpha` of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// GE(α) = (Σ_i p_i r_i^α − 1) / (α(α − 1)), with r_i = x_i/μ; GE(1) = Σ p_i r_i ln r_i; GE(0) = −Σ p_i ln r_i
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. GE(1) is Theil's T, GE(0)
/// Theil's L, GE(2) half the squared coefficient of variation. The smaller α, the more the gaps among the poorest cities
/// count; the larger, the more those among the richest. Zeros are kept where α > 0. Without unit. O(n).
///
/// It is summed as p_i (r_i^α − 1 − α(r_i − 1)) / (α(α − 1)), whose terms are never negative and whose sum is the same, so
/// that little inequality does not drown in rounding.
///
/// # Errors
///
/// An `alpha` that is not finite; a negative value or population, all at once, with the city's index as the feature; a
/// population that adds up to 0; fewer than two cities; [`Kind::Undefined`] where all values are 0.
///
/// # Source
///
/// Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48, 613-625.
/// doi:10.2307/1913126
///
/// ```
/// use agglo::measures::imbalance::{generalised_entropy, theil};
/// let income = [1.0, 2.0, 6.0];
/// assert!((generalised_entropy(&income, None, 1.0)?.index - theil(&income, None)?.t).abs() < 1e-15);
/// assert!((generalised_entropy(&income, None, 2.0)?.index - 7.0 / 27.0).abs() < 1e-15); // CV² = 14/27
/// assert!(generalised_entropy(&[0.0, 1.0], None, -1.0)?.index.is_nan());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn generalised_entropy(x: &[f64], population: Option<&[f64]>, alpha: f64) -> Result<GeneralisedEntropy> {
    if !alpha.is_finite() {
        return Err(Fault::new(Kind::Option, format!("the order of entropy is {alpha}, and has to be finite")).into());
    }
    let distribution = Distribution::of_shares(x, population)?;
    let index: f64 = distribution.relative().zip(&distribution.p).map(|(r, p)| p * term(r, alpha)).sum();
    Ok(GeneralisedEntropy {
        n: distribution.n(),
        // + 0 takes the sign off a 0.
        index: if index.is_finite() { index + 0.0 } else { f64::NAN },
        zeros: distribution.zeros(),
    })
}

/// What a city of relative value r adds for each of its share.
fn term(r: f64, alpha: f64) -> f64 {
    let gap = r - 1.0;
    if r == 0.0 {
        return if alpha > 0.0 { 1.0 / alpha } else { f64::NAN };
    }
    if alpha == 0.0 {
        gap - libm::log(r)
    } else if alpha == 1.0 {
        r * libm::log(r) - gap
    } else if alpha == 2.0 {
        gap * gap / 2.0
    } else if alpha == -1.0 {
        gap * gap / r / 2.0
    } else {
        (libm::expm1(alpha * libm::log(r)) - alpha * gap) / (alpha * (alpha - 1.0))
    }
}

/// The orders that are reported, each under its name.
const ORDERS: [(&str, f64); 4] = [("ge_minus1", -1.0), ("ge_0", 0.0), ("ge_1", 1.0), ("ge_2", 2.0)];

static ABOUT: About = About {
    name: "generalised_entropy",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Generalised entropy",
    question: "How unequal are the cities, and is it at the bottom or at the top?",
    formula: "GE(a) = (sum_i p_i r_i^a - 1)/(a (a - 1)); GE(1) = sum_i p_i r_i ln r_i; GE(0) = -sum_i p_i ln r_i",
    symbols: &[
        ("r_i", "value of city i over the mean, sum_i p_i x_i"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("a", "order: the smaller, the more the gaps among the poorest count; -1, 0, 1 and 2 are reported"),
    ],
    reading: "0: all are equal; larger: more unequal. Compare the same order between years: where ge_minus1 rises and ge_2 falls, the poorest fall behind while the richest close up",
    variant: "Once with equal weights and, with --population, once weighted by it. ge_1 is Theil's T, ge_0 Theil's L, ge_2 half the squared coefficient of variation; zeros are kept by ge_1 and ge_2 and leave ge_0 and ge_minus1 null; a negative value is refused",
    reference: "Shorrocks (1980), Econometrica 48, 613-625, doi:10.2307/1913126",
    fields: &[
        Field::scalar("ge_minus1", "generalised entropy of order -1"),
        Field::scalar("ge_0", "generalised entropy of order 0, Theil's L"),
        Field::scalar("ge_1", "generalised entropy of order 1, Theil's T"),
        Field::scalar("ge_2", "generalised entropy of order 2, half the squared coefficient of variation"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[("ineq", "entropy(x, parameter=2) is ge_2; zeros are dropped there")],
};

/// [`generalised_entropy()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_parameter(run, &ABOUT, &ORDERS, |x, population, alpha| {
        let result = generalised_entropy(x, population, alpha)?;
        Ok((result.index, result.n, result.zeros))
    })
}
