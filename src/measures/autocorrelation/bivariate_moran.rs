//! Bivariate Moran's I: is a value here related to another value in the neighbourhood.

use super::adapter::each_pair;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{Inference, LANES, Replicates, permuted};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::Weights;

/// A statistic of two variables with its permutation inference; see [`bivariate_moran`] and [`lee`](super::lee()).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bivariate {
    /// Cities that take part.
    pub n: usize,
    /// The statistic.
    pub statistic: f64,
    /// Permutation p value; NaN without permutations.
    pub p_permutation: f64,
    /// Mean of the replicates.
    pub permutation_mean: f64,
    /// Population variance of the replicates.
    pub permutation_variance: f64,
}

impl Bivariate {
    pub(super) fn new(n: usize, replicates: &Replicates, inference: &Inference) -> Self {
        Self {
            n,
            statistic: replicates.observed,
            p_permutation: replicates.p(inference.alternative),
            permutation_mean: replicates.mean(),
            permutation_variance: replicates.variance(),
        }
    }

    /// Writes the statistic `name` and its test into an outcome.
    pub(super) fn fill(self, name: &'static str, outcome: &mut Outcome) {
        outcome.scalars.extend([
            (name, self.statistic),
            ("p_permutation", self.p_permutation),
            ("permutation_mean", self.permutation_mean),
            ("permutation_variance", self.permutation_variance),
            ("n", self.n as f64),
        ]);
    }
}

/// Bivariate Moran's I of `x` with the neighbours' `y`, one value each for every city, NaN where there is none.
///
/// # Formula
///
/// I_xy = Σ_i zx_i·(Σ_j w_ij zy_j) / Σ_i zx_i²
///
/// with both variables in standard form (population sd). It confounds the correlation of x and y in one place with
/// that across places: read it beside [`lee`](super::lee()).
///
/// # Inference
///
/// Null: the y are dealt out to the cities at random; x stays where it is.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`](crate::error::Kind::Undefined) if x or y is constant.
///
/// # Source
///
/// Wartenberg, D. (1985). Multivariate spatial correlation. Geographical Analysis 17, 263-283.
/// doi:10.1111/j.1538-4632.1985.tb00849.x; Anselin, L., Syabri, I. and Smirnov, O. (2002).
pub fn bivariate_moran(x: &[f64], y: &[f64], weights: &Weights, inference: &Inference) -> Result<Bivariate> {
    let sample = Sample::new(&[x, y], weights)?;
    let (zx, zy) = (Standardised::new(&sample.take(x))?, Standardised::new(&sample.take(y))?);
    // What each city's y is multiplied with: Σ_i w_ij zx_i / Σ zx².
    let mut influence = vec![0.0; sample.n()];
    for i in 0..sample.n() {
        sample.weights.row(i).for_each(|(j, w)| influence[j] += w * zx.z[i] / zx.squares);
    }
    let observed = influence.iter().zip(&zy.z).map(|(a, y)| a * y).sum();
    let values = permuted(&[&zy.z], inference, "bivariate_moran", |fields| {
        let mut total = [0.0; LANES];
        for (a, y) in influence.iter().zip(&fields[0]) {
            (0..LANES).for_each(|lane| total[lane] += a * y[lane]);
        }
        total
    });
    Ok(Bivariate::new(sample.n(), &Replicates { observed, values }, inference))
}

static ABOUT: About = About {
    name: "bivariate_moran",
    family: Family::Autocorrelation,
    needs: Needs::SecondVariable,
    title: "Bivariate Moran's I",
    question: "Are cities with a high value surrounded by cities that are high in another?",
    formula: "I_xy = sum_i zx_i sum_j w_ij zy_j / sum_i zx_i^2",
    symbols: &[
        ("zx_i", "value of city i in standard form (population sd)"),
        ("zy_j", "second variable of city j in standard form"),
        ("w_ij", "weight from city i to city j, after the transform"),
    ],
    reading: "0 without association across places; it also holds the correlation of both variables in one place, so read it beside Lee's L",
    variant: "Permutes the second variable only",
    reference: "Wartenberg (1985), Geographical Analysis 17, 263-283, doi:10.1111/j.1538-4632.1985.tb00849.x",
    fields: &[
        Field::scalar("i", "bivariate Moran's I"),
        Field::scalar("p_permutation", "p value among random permutations of the second variable"),
        Field::scalar("permutation_mean", "mean over the permutations"),
        Field::scalar("permutation_variance", "variance over the permutations"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("esda", "Moran_BV(x, y, w): I; its p is one-sided"),
        ("spdep", "moran_bv(x, y, listw): t0"),
        ("GeoDa", "bivariate Moran scatter plot"),
    ],
};

/// [`bivariate_moran`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_pair(run, &ABOUT, |variable, second, weights, outcome| {
        let result = bivariate_moran(&variable.values, &second.values, weights, run.inference)?;
        result.fill("i", outcome);
        Ok(())
    })
}
