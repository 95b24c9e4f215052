//! Geary's C: how far neighbours differ.

use super::adapter::each_variable;
use super::global_test::{GlobalTest, global_fields};
use super::moran::positive_sum;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{
    Inference, LANES, Lanes, Replicates, geary_variance_normality, geary_variance_randomisation, permuted,
};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::{Pairs, Weights};

/// Geary's C with its tests; see [`geary`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geary {
    /// Cities that take part.
    pub n: usize,
    /// The statistic.
    pub c: f64,
    /// How it stands against chance; the expectation is 1, and z is negative for clustering.
    pub test: GlobalTest,
}

/// Geary's C of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// C = (n − 1)/(2·S0)·Σ_i Σ_j w_ij (x_i − x_j)² / Σ_i (x_i − mean)²
///
/// Range 0 upwards; 1 is expected without autocorrelation, less means that neighbours are alike. z keeps that sign:
/// **negative z is clustering** (as esda; spdep's z has the opposite sign), and the alternative `greater` is dispersion.
///
/// # Inference, who takes part, errors, complexity
///
/// As for [`moran`](super::moran()).
///
/// # Source
///
/// Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5, 115-145.
/// doi:10.2307/2986645. Moments: Cliff and Ord (1981).
///
/// ```
/// use agglo::{inference::Inference, measures::autocorrelation::geary, weights::Weights};
/// let chain: Vec<(u32, u32)> = (0..9).map(|i| (i, i + 1)).collect();
/// let x: Vec<f64> = (0..10).map(f64::from).collect();
/// let result = geary(&x, &Weights::from_pairs("chain", 10, &chain), &Inference::default())?;
/// assert!(result.c < 0.1 && result.test.z_randomisation < 0.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn geary(x: &[f64], weights: &Weights, inference: &Inference) -> Result<Geary> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    let (n, z) = (sample.n(), &standard.z);
    let sums = positive_sum(&sample.weights)?;
    let pairs = Pairs::new(&sample.weights);
    let scale = (n as f64 - 1.0) / (2.0 * sums.s0 * standard.squares);
    let c = scale * pairs.sum(|i, j| (z[i] - z[j]).powi(2));
    let values = permuted(&[z], inference, "geary", |fields| differences(&pairs, &fields[0], scale));
    let replicates = Replicates { observed: c, values };
    let normality = geary_variance_normality(n, &sums);
    let randomisation = geary_variance_randomisation(n, &sums, standard.kurtosis);
    Ok(Geary { n, c, test: GlobalTest::new(1.0, normality, randomisation, &replicates, inference) })
}

/// `scale`·Σ (w_ij + w_ji)·(z_i − z_j)² over the pairs, for each lane.
fn differences(pairs: &Pairs, z: &[Lanes], scale: f64) -> Lanes {
    let mut total = [0.0; LANES];
    for i in 0..pairs.n() {
        for (j, sum) in pairs.row(i) {
            for lane in 0..LANES {
                let difference = z[i][lane] - z[j][lane];
                total[lane] += sum * difference * difference;
            }
        }
    }
    total.map(|total| scale * total)
}

static ABOUT: About = About {
    name: "geary",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Geary's C",
    question: "How far do neighbouring cities differ?",
    formula: "C = (n - 1)/(2 S0) * sum_ij w_ij (x_i - x_j)^2 / sum_i (x_i - mean)^2",
    symbols: &[
        ("x_i", "value of city i"),
        ("w_ij", "weight from city i to city j, after the transform"),
        ("S0", "sum of all weights"),
        ("n", "cities with a value and a neighbour"),
    ],
    reading: "1 without autocorrelation; below 1: neighbours are alike; above 1: neighbours differ. More sensitive to local differences than Moran's I",
    variant: "z = (C - 1)/sd, negative for clustering; --alternative greater is dispersion. Row-standardised weights by default; two-sided p",
    reference: "Geary (1954), The Incorporated Statistician 5, 115-145, doi:10.2307/2986645; moments: Cliff and Ord (1981)",
    fields: global_fields!("c", "Geary's C"),
    matches: &[
        ("esda", "Geary(y, w): C, z_norm, z_rand; its p values are one-sided"),
        ("spdep", "geary.test(x, listw, alternative='two.sided'): the sign of its z is opposite"),
    ],
};

/// [`geary`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        let result = geary(&variable.values, weights, run.inference)?;
        result.test.fill("c", result.c, result.n, outcome);
        Ok(())
    })
}
