//! The only place where random numbers and p values are made.

mod adjust;
mod binomial;
mod conditional;
mod fisher;
mod global;
mod matrix_regression;
mod moments;
mod normal;
mod p_value;
mod stream;
mod tails;

pub use adjust::{Adjust, benjamini_hochberg, bonferroni, holm};
pub(crate) use binomial::Multinomial;
pub(crate) use conditional::{Linear, conditional_counts};
pub use fisher::fisher_p;
pub(crate) use global::{LANES, Lanes, Replicates, permuted, quantile};
pub use matrix_regression::{PairMatrix, Partial, matrix_regression, matrix_regression_ordered};
pub(crate) use matrix_regression::{vary, within_budget};
pub(crate) use moments::{
    conditional_moments, geary_variance_normality, geary_variance_randomisation, moran_variance_normality,
    moran_variance_randomisation, z_value,
};
pub(crate) use normal::{normal_below, normal_quantile};
pub use p_value::{Alternative, Counts, monte_carlo_error, normal_p};
pub(crate) use stream::Stream;
pub use tails::{chi_squared_p, student_p};

/// How a statistic is held against chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inference {
    /// Number of random permutations; 0 for none.
    pub permutations: usize,
    /// Seed of all random numbers of the run.
    pub seed: u64,
    /// Which side counts as evidence.
    pub alternative: Alternative,
    /// Significance level of the classes.
    pub alpha: f64,
    /// Correction for testing many cities.
    pub adjust: Adjust,
}

impl Default for Inference {
    /// 999 permutations, seed 42, two-sided, 5 %, no correction.
    fn default() -> Self {
        Self { permutations: 999, seed: 42, alternative: Alternative::TwoSided, alpha: 0.05, adjust: Adjust::None }
    }
}
