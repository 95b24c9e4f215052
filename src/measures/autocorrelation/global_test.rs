//! A global statistic held against chance in three ways.

use crate::inference::{Inference, Replicates, normal_p, z_value};
use crate::measures::Outcome;

/// A global statistic against its null: by normality, by randomisation, by permutation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobalTest {
    /// Expectation where there is no autocorrelation.
    pub expected: f64,
    /// Variance if the values are draws from one normal distribution.
    pub variance_normality: f64,
    /// (statistic − expected)/√variance under normality.
    pub z_normality: f64,
    /// p value of that z.
    pub p_normality: f64,
    /// Variance over all arrangements of the values; NaN for n = 3.
    pub variance_randomisation: f64,
    /// (statistic − expected)/√variance under randomisation.
    pub z_randomisation: f64,
    /// p value of that z.
    pub p_randomisation: f64,
    /// Permutation p value; NaN without permutations.
    pub p_permutation: f64,
    /// Mean of the replicates; NaN without permutations.
    pub permutation_mean: f64,
    /// Population variance of the replicates; NaN without permutations.
    pub permutation_variance: f64,
}

impl GlobalTest {
    /// From the two variances, and the replicates with the observed value.
    pub(super) fn new(
        expected: f64,
        normality: f64,
        randomisation: f64,
        replicates: &Replicates,
        inference: &Inference,
    ) -> Self {
        let z_normality = z_value(replicates.observed, expected, normality);
        let z_randomisation = z_value(replicates.observed, expected, randomisation);
        Self {
            expected,
            variance_normality: normality,
            z_normality,
            p_normality: normal_p(z_normality, inference.alternative),
            variance_randomisation: randomisation,
            z_randomisation,
            p_randomisation: normal_p(z_randomisation, inference.alternative),
            p_permutation: replicates.p(inference.alternative),
            permutation_mean: replicates.mean(),
            permutation_variance: replicates.variance(),
        }
    }

    /// Writes the statistic `name` and its tests into an outcome.
    pub(super) fn fill(&self, name: &'static str, statistic: f64, n: usize, outcome: &mut Outcome) {
        outcome.scalars.extend([
            (name, statistic),
            ("expected", self.expected),
            ("variance_normality", self.variance_normality),
            ("z_normality", self.z_normality),
            ("p_normality", self.p_normality),
            ("variance_randomisation", self.variance_randomisation),
            ("z_randomisation", self.z_randomisation),
            ("p_randomisation", self.p_randomisation),
            ("p_permutation", self.p_permutation),
            ("permutation_mean", self.permutation_mean),
            ("permutation_variance", self.permutation_variance),
            ("n", n as f64),
        ]);
    }
}

/// The fields that [`GlobalTest::fill`] writes, and more.
macro_rules! global_fields {
    ($statistic:literal, $meaning:literal $(, $more:expr)*) => {
        &[
            Field::scalar($statistic, $meaning),
            Field::scalar("expected", "expectation where there is no autocorrelation"),
            Field::scalar("variance_normality", "variance if the values are draws from one normal distribution"),
            Field::scalar("z_normality", "(statistic - expected)/sd under normality"),
            Field::scalar("p_normality", "p value of z_normality"),
            Field::scalar("variance_randomisation", "variance over all arrangements of the values"),
            Field::scalar("z_randomisation", "(statistic - expected)/sd under randomisation"),
            Field::scalar("p_randomisation", "p value of z_randomisation"),
            Field::scalar("p_permutation", "p value among random permutations"),
            Field::scalar("permutation_mean", "mean over the permutations"),
            Field::scalar("permutation_variance", "variance over the permutations"),
            Field::scalar("n", "cities that take part")
            $(, $more)*
        ]
    };
}
pub(super) use global_fields;
