//! Moran's I: do neighbours have similar values.

use super::adapter::each_variable;
use super::global_test::{GlobalTest, global_fields};
use super::sample::{Sample, Standardised};
use crate::error::{Fault, Kind, Result};
use crate::inference::{
    Inference, LANES, Lanes, Replicates, moran_variance_normality, moran_variance_randomisation, permuted,
};
use crate::measures::adapter::cell;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::weights::{Pairs, Weights};

/// Moran's I with its tests; see [`moran`].
#[derive(Clone, Debug, PartialEq)]
pub struct Moran {
    /// Cities that take part.
    pub n: usize,
    /// The statistic.
    pub i: f64,
    /// How it stands against chance; the expectation is −1/(n − 1).
    pub test: GlobalTest,
    /// z_i = (x_i − mean)/sd with the population sd, for every city; NaN for those that take no part.
    pub z: Vec<f64>,
    /// Σ_j w_ij z_j for every city; NaN for those that take no part. The slope of `lag` on `z` is I (row-standardised weights).
    pub lag: Vec<f64>,
}

/// Moran's I of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// I = (n/S0)·Σ_i Σ_j w_ij z_i z_j / Σ_i z_i²
///
/// where z_i = x_i − mean(x), w_ij are the weights after their transform, and S0 is their sum. Under no
/// autocorrelation E\[I\] = −1/(n − 1); above it neighbours are alike, below it they differ.
///
/// # Inference
///
/// Null: the values are independent of place. z and p by normality and by randomisation (exact variances), and by
/// `inference.permutations` random permutations of the values. Two-sided unless told; the smallest permutation p is 2/(P + 1).
///
/// # Who takes part
///
/// Cities without a value leave first, then those left without a neighbour; all of n, mean, variance and weights are
/// those of the others.
///
/// # Errors
///
/// Too few cities (fewer than 3); [`Kind::Undefined`] for constant values.
///
/// # Complexity
///
/// O(P·(n + links)) time, O(8·n) memory a thread.
///
/// # Source
///
/// Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23. doi:10.1093/biomet/37.1-2.17.
/// Moments: Cliff, A. D. and Ord, J. K. (1981). Spatial Processes. Pion.
///
/// # Example
///
/// ```
/// use agglo::{inference::Inference, measures::autocorrelation::moran, weights::{Transform, Weights}};
/// let chain: Vec<(u32, u32)> = (0..9).map(|i| (i, i + 1)).collect();
/// let weights = Weights::from_pairs("chain", 10, &chain).transformed(Transform::Row);
/// let x: Vec<f64> = (0..10).map(f64::from).collect();
/// let result = moran(&x, &weights, &Inference::default())?;
/// assert!(result.i > 0.7 && result.test.p_permutation <= 0.01);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn moran(x: &[f64], weights: &Weights, inference: &Inference) -> Result<Moran> {
    Ok(with_replicates(x, weights, inference)?.0)
}

fn with_replicates(x: &[f64], weights: &Weights, inference: &Inference) -> Result<(Moran, Replicates)> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    moran_of(&sample, &standard, inference, "moran")
}

/// Moran's I of values in standard form, and its replicates; `purpose` keys the permutations.
pub(super) fn moran_of(
    sample: &Sample,
    standard: &Standardised,
    inference: &Inference,
    purpose: &str,
) -> Result<(Moran, Replicates)> {
    let (weights, n, z) = (&*sample.weights, sample.n(), &standard.z);
    let sums = positive_sum(weights)?;
    let pairs = Pairs::new(weights);
    let scale = n as f64 / (sums.s0 * standard.squares);
    let i = scale * pairs.sum(|i, j| z[i] * z[j]);
    let values = permuted(&[z], inference, purpose, |fields| products(&pairs, &fields[0], scale));
    let replicates = Replicates { observed: i, values };
    let normality = moran_variance_normality(n, &sums);
    let randomisation = moran_variance_randomisation(n, &sums, standard.kurtosis);
    let test = GlobalTest::new(-1.0 / (n as f64 - 1.0), normality, randomisation, &replicates, inference);
    let (z, lag) = (sample.spread(z.clone()), sample.spread(weights.lag(z)));
    Ok((Moran { n, i, test, z, lag }, replicates))
}

/// S0, S1 and S2, unless negative weights make S0 vanish.
pub(super) fn positive_sum(weights: &Weights) -> Result<crate::weights::WeightSums> {
    let sums = weights.sums();
    if sums.s0 > 0.0 {
        return Ok(sums);
    }
    Err(Fault::new(Kind::Undefined, format!("the weights sum to {}, so that the statistic is undefined", sums.s0))
        .into())
}

/// `scale`·Σ (w_ij + w_ji)·z_i·z_j over the pairs, for each lane.
pub(super) fn products(pairs: &Pairs, z: &[Lanes], scale: f64) -> Lanes {
    let mut total = [0.0; LANES];
    for i in 0..pairs.n() {
        let mut lag = [0.0; LANES];
        for (j, sum) in pairs.row(i) {
            for lane in 0..LANES {
                lag[lane] += sum * z[j][lane];
            }
        }
        for lane in 0..LANES {
            total[lane] += z[i][lane] * lag[lane];
        }
    }
    total.map(|total| scale * total)
}

static ABOUT: About = About {
    name: "moran",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Moran's I",
    question: "Do neighbouring cities have similar values?",
    formula: "I = (n/S0) * sum_ij w_ij z_i z_j / sum_i z_i^2",
    symbols: &[
        ("z_i", "value of city i less the mean"),
        ("w_ij", "weight from city i to city j, after the transform"),
        ("S0", "sum of all weights"),
        ("n", "cities with a value and a neighbour"),
    ],
    reading: "Expected -1/(n - 1) without autocorrelation; larger: neighbours are alike; smaller: neighbours differ. Near 1 at most for row-standardised weights",
    variant: "Row-standardised weights by default; two-sided p by normality, randomisation and permutation, p = min(1, 2*min(p_greater, p_less)); cities without a value or a neighbour take no part",
    reference: "Moran (1950), Biometrika 37, 17-23, doi:10.1093/biomet/37.1-2.17; moments: Cliff and Ord (1981), Spatial Processes",
    fields: global_fields!(
        "i",
        "Moran's I",
        Field::annotated("z", "moran_z", "moran_z", "value in standard form, (x - mean)/population sd"),
        Field::annotated("lag", "moran_lag", "moran_lag", "weighted sum of the neighbours' standardised values"),
        Field::table(
            "permutations",
            "how many permutations give an I in each of equal intervals, from (included) and to (excluded but in the last)"
        )
    ),
    matches: &[
        (
            "esda",
            "Moran(y, w, two_tailed=True): I, z_norm, z_rand; p_sim is one-sided, agglo --alternative greater or less",
        ),
        ("spdep", "moran.test(x, listw, alternative='two.sided', randomisation=TRUE or FALSE); moran.mc is one-sided"),
        ("GeoDa", "Moran scatter plot; its pseudo p is one-sided"),
    ],
};

/// [`moran`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        let (result, replicates) = with_replicates(&variable.values, weights, run.inference)?;
        fill(outcome, result);
        outcome.tables.extend(histogram(&replicates.values).map(|table| ("permutations", table)));
        Ok(())
    })
}

/// Writes the result into an outcome.
pub(super) fn fill(outcome: &mut Outcome, result: Moran) {
    result.test.fill("i", result.i, result.n, outcome);
    outcome.columns.extend([("z", Values::Numbers(result.z)), ("lag", Values::Numbers(result.lag))]);
}

/// Most intervals of a histogram.
const MOST_BINS: usize = 40;

/// How many numbers lie in each of equal intervals, about as many as the root of their number; `None` without numbers.
fn histogram(values: &[f64]) -> Option<TableOut> {
    let low = values.iter().copied().reduce(f64::min)?;
    let high = values.iter().copied().reduce(f64::max)?;
    let bins = if high > low { (values.len() as f64).sqrt().ceil().min(MOST_BINS as f64) as usize } else { 1 };
    let edge = |bin: usize| if bin == bins { high } else { low + (high - low) * bin as f64 / bins as f64 };
    let edges: Vec<f64> = (0..=bins).map(edge).collect();
    let mut counts = vec![0_usize; bins];
    for value in values {
        counts[edges[1..bins].partition_point(|edge| edge <= value)] += 1;
    }
    let row = |bin: usize| vec![cell(edges[bin]), cell(edges[bin + 1]), counts[bin].into()];
    Some(TableOut { columns: vec!["from", "to", "count"], rows: (0..bins).map(row).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_every_replicate_once() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i % 10)).collect();
        let table = histogram(&values).unwrap();
        let column = |at: usize| table.rows.iter().map(move |row| row[at].as_f64().unwrap());
        assert_eq!((table.rows.len(), column(2).sum::<f64>()), (10, 100.0));
        assert_eq!((column(0).next(), column(1).next_back()), (Some(0.0), Some(9.0)));
        assert_eq!(histogram(&[2.0; 3]).unwrap().rows.len(), 1);
        assert_eq!(histogram(&[]), None);
    }
}
