//! Lee's L: do two values vary together across the map.

use super::adapter::each_pair;
use super::bivariate_moran::Bivariate;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{Inference, LANES, Lanes, Replicates, permuted};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::weights::Weights;

/// Lee's L of `x` and `y`, one value each for every city, NaN where there is none, and each city's part of it.
///
/// # Formula
///
/// L = n/Σ_i(Σ_j w_ij)² · Σ_i (Σ_j w_ij zx_j)(Σ_j w_ij zy_j) / √(Σ zx²·Σ zy²)
///
/// the correlation of both variables after spatial smoothing, times how much smoothing keeps of them; in −1..1 for
/// row-standardised weights. The parts of the cities, n times their summand, have L as their mean where rows sum to 1.
///
/// # Inference
///
/// Null: the pairs (x, y) are dealt out to the cities at random, each pair staying together.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`](crate::error::Kind::Undefined) if x or y is constant.
///
/// # Source
///
/// Lee, S.-I. (2001). Developing a bivariate spatial association measure. Journal of Geographical Systems 3, 369-385.
/// doi:10.1007/s101090100064
pub fn lee(x: &[f64], y: &[f64], weights: &Weights, inference: &Inference) -> Result<(Bivariate, Vec<f64>)> {
    let sample = Sample::new(&[x, y], weights)?;
    let (zx, zy) = (Standardised::new(&sample.take(x))?, Standardised::new(&sample.take(y))?);
    let (weights, n) = (&*sample.weights, sample.n());
    let rows: f64 = (0..n).map(|i| weights.row_sum(i).powi(2)).sum();
    let scale = n as f64 / (rows * (zx.squares * zy.squares).sqrt());
    let parts: Vec<f64> = weights.lag(&zx.z).iter().zip(weights.lag(&zy.z)).map(|(x, y)| scale * x * y).collect();
    let observed = parts.iter().sum();
    let values = permuted(&[&zx.z, &zy.z], inference, "lee", |fields| smoothed(weights, &fields[0], &fields[1], scale));
    let result = Bivariate::new(n, &Replicates { observed, values }, inference);
    Ok((result, sample.spread(parts.into_iter().map(|part| n as f64 * part).collect())))
}

/// `scale`·Σ_i lag(x)_i·lag(y)_i for each lane.
fn smoothed(weights: &Weights, x: &[Lanes], y: &[Lanes], scale: f64) -> Lanes {
    let mut total = [0.0; LANES];
    for i in 0..weights.n() {
        let (mut lag_x, mut lag_y) = ([0.0; LANES], [0.0; LANES]);
        for (j, w) in weights.row(i) {
            for lane in 0..LANES {
                lag_x[lane] += w * x[j][lane];
                lag_y[lane] += w * y[j][lane];
            }
        }
        (0..LANES).for_each(|lane| total[lane] += lag_x[lane] * lag_y[lane]);
    }
    total.map(|total| scale * total)
}

static ABOUT: About = About {
    name: "lee",
    family: Family::Autocorrelation,
    needs: Needs::SecondVariable,
    title: "Lee's L",
    question: "Do two values vary together across the map?",
    formula: "L = n / sum_i (sum_j w_ij)^2 * sum_i (sum_j w_ij zx_j)(sum_j w_ij zy_j) / sqrt(sum zx^2 sum zy^2)",
    symbols: &[
        ("zx_j, zy_j", "both variables of city j in standard form (population sd)"),
        ("w_ij", "weight from city i to city j, after the transform"),
    ],
    reading: "-1..1 for row-standardised weights: the correlation of the smoothed variables times what smoothing keeps of them",
    variant: "Permutes the pairs, which stay together; weights without the city itself",
    reference: "Lee (2001), Journal of Geographical Systems 3, 369-385, doi:10.1007/s101090100064",
    fields: &[
        Field::scalar("l", "Lee's L"),
        Field::scalar("p_permutation", "p value among random permutations of the pairs"),
        Field::scalar("permutation_mean", "mean over the permutations"),
        Field::scalar("permutation_variance", "variance over the permutations"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("local", "lee_local", "lee_local", "the city's part of L, times n"),
    ],
    matches: &[
        ("esda", "Spatial_Pearson with row-standardised weights"),
        ("spdep", "lee(x, y, listw, n): L and localL"),
    ],
};

/// [`lee`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_pair(run, &ABOUT, |variable, second, weights, outcome| {
        let (result, local) = lee(&variable.values, &second.values, weights, run.inference)?;
        result.fill("l", outcome);
        outcome.columns.push(("local", Values::Numbers(local)));
        Ok(())
    })
}
