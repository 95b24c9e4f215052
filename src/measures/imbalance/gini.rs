//! The Gini coefficient.

use super::adapter::each_weighting;
use super::distribution::Distribution;
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};

/// The Gini coefficient; see [`gini()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Gini {
    /// Cities that take part.
    pub n: usize,
    /// The coefficient, 0 to 1 − 1/n.
    pub gini: f64,
    /// The coefficient over the largest that these cities can have, 0 to 1.
    pub gini_unbiased: f64,
    /// Each city's part c_i of G; NaN where it takes no part.
    pub part: Vec<f64>,
}

/// The Gini coefficient of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// G = Σ_i c_i with c_i = p_i Σ_j p_j |x_i − x_j| / (2μ), and G / (1 − Σ p_i²)
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. Without a population the
/// second is G·n/(n − 1). 0 where all values are equal; zeros are kept.
///
/// The part c_i of a city is never negative, and large for cities far from the others, poor or rich: each pair of cities
/// gives half of what it adds to both.
///
/// It takes O(n log n): with the values ascending and P_k the share of the first k cities,
/// G = Σ_k P_k (1 − P_k)(x_(k+1) − x_(k)) / μ.
///
/// # Errors
///
/// A negative value or population, all at once, with the city's index as the feature; a population that adds up to 0;
/// fewer than two cities; [`Kind::Undefined`](crate::error::Kind::Undefined) where all values are 0.
///
/// # Source
///
/// Gini, C. (1912). Variabilità e mutabilità. Bologna: Cuppini. The factor n/(n − 1): Deltas, G. (2003). The small-sample
/// bias of the Gini coefficient. Review of Economics and Statistics 85, 226-234. doi:10.1162/rest.2003.85.1.226
///
/// ```
/// use agglo::measures::imbalance::gini;
/// let income = [1.0, 1.0, 4.0];
/// assert!((gini(&income, None)?.gini - 1.0 / 3.0).abs() < 1e-15);
/// let people = [1.0, 1.0, 0.0]; // nobody lives in the rich city
/// assert_eq!(gini(&income, Some(&people))?.gini, 0.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn gini(x: &[f64], population: Option<&[f64]>) -> Result<Gini> {
    let distribution = Distribution::of_shares(x, population)?;
    let order = distribution.ascending();
    let gini = gini_of(&distribution, &order);
    let largest = 1.0 - distribution.p.iter().map(|p| p * p).sum::<f64>();
    let mut part = vec![0.0; distribution.n()];
    for (&i, difference) in order.iter().zip(differences(&distribution, &order)) {
        part[i] = distribution.p[i] * difference / (2.0 * distribution.mean);
    }
    let part = distribution.spread(x.len(), part.into_iter());
    Ok(Gini { n: distribution.n(), gini, gini_unbiased: gini / largest, part })
}

/// Σ_j p_j |x_i − x_j| for each city in ascending `order`; sums of terms that are never negative.
pub(super) fn differences(distribution: &Distribution, order: &[usize]) -> Vec<f64> {
    let mut all = vec![0.0; order.len()];
    let (mut people, mut difference) = (0.0, 0.0);
    for (place, pair) in order.windows(2).enumerate() {
        people += distribution.p[pair[0]];
        difference += people * (distribution.x[pair[1]] - distribution.x[pair[0]]);
        all[place + 1] = difference;
    }
    (people, difference) = (0.0, 0.0);
    for (place, pair) in order.windows(2).enumerate().rev() {
        people += distribution.p[pair[1]];
        difference += people * (distribution.x[pair[1]] - distribution.x[pair[0]]);
        all[place] += difference;
    }
    all
}

/// G of a distribution whose mean is above 0, with its cities in ascending `order`.
pub(super) fn gini_of(distribution: &Distribution, order: &[usize]) -> f64 {
    let (mut below, mut sum) = (0.0, 0.0);
    for pair in order.windows(2) {
        below += distribution.p[pair[0]];
        sum += below * (1.0 - below) * (distribution.x[pair[1]] - distribution.x[pair[0]]);
    }
    sum / distribution.mean
}

static ABOUT: About = About {
    name: "gini",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Gini coefficient",
    question: "How unequal are the cities?",
    formula: "G = sum_i c_i; c_i = p_i sum_j p_j |x_i - x_j| / (2 mu); unbiased: G / (1 - sum_i p_i^2)",
    symbols: &[
        ("x_i", "value of city i, 0 or more"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("mu", "mean, sum_i p_i x_i"),
        ("c_i", "part of city i: half of what its pairs with all cities add"),
    ],
    reading: "0: all are equal; 1 - 1/n: one city has everything (unbiased: 1). Half the mean difference between two cities, or two people of different cities, over the mean",
    variant: "Once with equal weights and, with --population, once weighted by it; zeros are kept, a negative value is refused. Unbiased without a population is G n/(n - 1)",
    reference: "Gini (1912), Variabilita e mutabilita; Deltas (2003), Review of Economics and Statistics 85, 226-234, doi:10.1162/rest.2003.85.1.226",
    fields: &[
        Field::scalar("gini", "Gini coefficient"),
        Field::scalar("gini_unbiased", "Gini coefficient over the largest possible"),
        Field::scalar("n", "cities that take part"),
        Field::annotated(
            "part",
            "gini_part",
            "gini_part",
            "the city's part of the Gini coefficient, 0 or more: large where it is far from the others, poor or rich",
        ),
    ],
    matches: &[
        ("PySAL inequality", "Gini(x).g"),
        ("ineq", "Gini(x); gini_unbiased: Gini(x, corr=TRUE)"),
        ("DescTools", "Gini(x, unbiased=FALSE); gini_unbiased: Gini(x, weights); its default is unbiased"),
        ("dineq", "gini.wtd(x, weights)"),
    ],
};

/// [`gini()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_weighting(run, &ABOUT, |x, population, outcome| {
        let result = gini(x, population)?;
        outcome.scalars.extend([
            ("gini", result.gini),
            ("gini_unbiased", result.gini_unbiased),
            ("n", result.n as f64),
        ]);
        outcome.columns.push(("part", Values::Numbers(result.part)));
        Ok(())
    })
}
