//! A local statistic held against chance, city by city.

use super::sample::Sample;
use crate::inference::{Inference, benjamini_hochberg, normal_p, z_value};
use crate::measures::{Outcome, Values};

/// A local statistic against its null. All lists have one entry a city, NaN for those that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalTest {
    /// Expectation under the null.
    pub expected: Vec<f64>,
    /// Variance under the null.
    pub variance: Vec<f64>,
    /// (statistic − expected)/√variance.
    pub z: Vec<f64>,
    /// p value of the conditional permutations; NaN without permutations.
    pub p_permutation: Vec<f64>,
    /// Benjamini-Hochberg value of p over the cities that have one.
    pub q: Vec<f64>,
}

impl LocalTest {
    /// The test of the cities in `sample`, spread over all, and which of the sample's cities are significant.
    pub(super) fn new(
        sample: &Sample,
        statistic: &[f64],
        (expected, variance): (Vec<f64>, Vec<f64>),
        p: Vec<f64>,
        inference: &Inference,
    ) -> (Self, Vec<bool>) {
        let z = standard_form(statistic, &expected, &variance);
        let (q, significant) = significance(&p, &z, inference);
        let test = Self {
            expected: sample.spread(expected),
            variance: sample.spread(variance),
            z: sample.spread(z),
            p_permutation: sample.spread(p),
            q: sample.spread(q),
        };
        (test, significant)
    }

    /// Writes the statistic `name`, its tests and the classes into an outcome.
    pub(super) fn fill(self, name: &'static str, statistic: Vec<f64>, class: Vec<&'static str>, outcome: &mut Outcome) {
        outcome.columns.extend([
            (name, Values::Numbers(statistic)),
            ("expected", Values::Numbers(self.expected)),
            ("variance", Values::Numbers(self.variance)),
            ("z", Values::Numbers(self.z)),
            ("p_permutation", Values::Numbers(self.p_permutation)),
            ("q", Values::Numbers(self.q)),
            ("class", Values::Classes(class)),
        ]);
    }
}

/// (statistic − expected)/√variance of every city.
pub(super) fn standard_form(statistic: &[f64], expected: &[f64], variance: &[f64]) -> Vec<f64> {
    (0..statistic.len()).map(|i| z_value(statistic[i], expected[i], variance[i])).collect()
}

/// Benjamini-Hochberg values, and whether p, corrected as asked for, is at most alpha. Where no permutations were made
/// the p values of `z` decide.
pub(super) fn significance(p: &[f64], z: &[f64], inference: &Inference) -> (Vec<f64>, Vec<bool>) {
    let p = match inference.permutations {
        0 => &z.iter().map(|&z| normal_p(z, inference.alternative)).collect::<Vec<_>>(),
        _ => p,
    };
    let significant = inference.adjust.apply(p).iter().map(|&p| p <= inference.alpha).collect();
    (benjamini_hochberg(p), significant)
}
