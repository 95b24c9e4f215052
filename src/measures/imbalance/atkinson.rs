//! Atkinson's index: the share of the total that could be given up if the rest were spread equally.

use super::adapter::each_parameter;
use super::generalised_entropy::generalised_entropy;
use crate::error::{Fault, Kind, Result};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};

/// Atkinson's index; see [`atkinson()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Atkinson {
    /// Cities that take part.
    pub n: usize,
    /// The index, 0 to 1; NaN where e ≥ 1 and a value is 0.
    pub index: f64,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// Atkinson's index of `x` ≥ 0 with aversion to inequality `epsilon` ≥ 0, one value for every city, NaN where there is
/// none.
///
/// # Formula
///
/// A(e) = 1 − (Σ_i p_i r_i^(1−e))^(1/(1−e)), with r_i = x_i/μ; A(1) = 1 − Π_i r_i^p_i
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. An index of 0.1 says that
/// a tenth of the total could be lost without loss of welfare if the rest were shared equally; how welfare counts the poor
/// is what e says. A(0) = 0, and A grows with e. Zeros are kept where e < 1. O(n).
///
/// It is taken from [generalised entropy](generalised_entropy()) of the order α = 1 − e, of which it is a function:
/// A = 1 − (1 + α(α − 1) GE(α))^(1/α), and A(1) = 1 − exp(−L) with Theil's L.
///
/// # Errors
///
/// An `epsilon` below 0 or not finite; a negative value or population, all at once, with the city's index as the feature;
/// a population that adds up to 0; fewer than two cities; [`Kind::Undefined`] where all values are 0.
///
/// # Source
///
/// Atkinson, A. B. (1970). On the measurement of inequality. Journal of Economic Theory 2, 244-263.
/// doi:10.1016/0022-0531(70)90039-6
///
/// ```
/// use agglo::measures::imbalance::atkinson;
/// let income = [1.0, 4.0];
/// assert!((atkinson(&income, None, 0.5)?.index - 0.1).abs() < 1e-15); // 2.25 each would do, of 2.5
/// assert!((atkinson(&income, None, 1.0)?.index - 0.2).abs() < 1e-15); // the geometric mean is 2
/// assert!((atkinson(&income, None, 2.0)?.index - 0.36).abs() < 1e-15); // the harmonic mean is 1.6
/// assert!(atkinson(&[0.0, 1.0], None, 2.0)?.index.is_nan());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn atkinson(x: &[f64], population: Option<&[f64]>, epsilon: f64) -> Result<Atkinson> {
    if !(epsilon.is_finite() && epsilon >= 0.0) {
        let message = format!("the aversion to inequality is {epsilon}, and has to be 0 or more");
        return Err(Fault::new(Kind::Option, message).into());
    }
    let alpha = 1.0 - epsilon;
    let entropy = generalised_entropy(x, population, alpha)?;
    let log_of_equal =
        if alpha == 0.0 { -entropy.index } else { libm::log1p(alpha * (alpha - 1.0) * entropy.index) / alpha };
    // 0 − … rather than −…, so that equality is 0 without a sign.
    Ok(Atkinson { n: entropy.n, index: 0.0 - libm::expm1(log_of_equal), zeros: entropy.zeros })
}

/// The aversions that are reported, each under its name.
const AVERSIONS: [(&str, f64); 3] = [("a_05", 0.5), ("a_1", 1.0), ("a_2", 2.0)];

static ABOUT: About = About {
    name: "atkinson",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Atkinson's index",
    question: "What does inequality cost: how much of the total could be given up if the rest were shared equally?",
    formula: "A(e) = 1 - (sum_i p_i r_i^(1-e))^(1/(1-e)); A(1) = 1 - prod_i r_i^p_i",
    symbols: &[
        ("r_i", "value of city i over the mean, sum_i p_i x_i"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("e", "aversion to inequality: the larger, the more the poorest cities count; 0.5, 1 and 2 are reported"),
    ],
    reading: "0: all are equal; 0.1: a tenth of the total could be given up without loss of welfare if the rest were shared equally; at most 1. It grows with e, so that only the same e compares",
    variant: "Once with equal weights and, with --population, once weighted by it. a_1 is 1 - exp(-L) with Theil's L; zeros are kept by a_05 and leave a_1 and a_2 null; a negative value is refused",
    reference: "Atkinson (1970), Journal of Economic Theory 2, 244-263, doi:10.1016/0022-0531(70)90039-6",
    fields: &[
        Field::scalar("a_05", "Atkinson's index with e = 0.5"),
        Field::scalar("a_1", "Atkinson's index with e = 1"),
        Field::scalar("a_2", "Atkinson's index with e = 2"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("PySAL inequality", "Atkinson(x, 0.5).A; it refuses zeros"),
        ("ineq", "Atkinson(x, parameter=0.5); with zeros and e of 1 or more it gives 1"),
    ],
};

/// [`atkinson()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_parameter(run, &ABOUT, &AVERSIONS, |x, population, epsilon| {
        let result = atkinson(x, population, epsilon)?;
        Ok((result.index, result.n, result.zeros))
    })
}
