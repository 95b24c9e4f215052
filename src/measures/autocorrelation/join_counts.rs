//! Join counts: do cities that have a property lie beside each other.

use std::borrow::Cow;

use super::adapter::each_binary;
use super::moran::positive_sum;
use super::sample::Sample;
use super::{Binarise, Options};
use crate::error::{Fault, Kind, Result};
use crate::inference::{Inference, LANES, Lanes, Replicates, normal_p, permuted, z_value};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::{Pairs, WeightSums, Weights};

/// One of the three counts, with its moments and p values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoinCount {
    /// Sum of the weights of such joins, each pair once.
    pub count: f64,
    /// Its expectation.
    pub expected: f64,
    /// Its variance over all arrangements of the values; NaN for n = 3.
    pub variance: f64,
    /// (count − expected)/√variance.
    pub z: f64,
    /// p value of that z.
    pub p: f64,
    /// Permutation p value; NaN without permutations.
    pub p_permutation: f64,
}

/// The join counts of a 0/1 variable; see [`join_counts`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoinCounts {
    /// Cities that take part.
    pub n: usize,
    /// Cities that are 1.
    pub ones: usize,
    /// Joins between two cities that are 1.
    pub bb: JoinCount,
    /// Joins between two cities that are 0.
    pub ww: JoinCount,
    /// Joins between a 1 and a 0.
    pub bw: JoinCount,
}

/// Join counts of `x`, 0 or 1 for every city, NaN where there is none.
///
/// # Formula
///
/// BB = ½·Σ_i Σ_j w_ij x_i x_j, WW = ½·Σ_i Σ_j w_ij (1 − x_i)(1 − x_j), BW = ½·Σ_i Σ_j w_ij (x_i − x_j)²
///
/// so that with weights of 0 and 1 every pair of neighbours counts once. BB + WW + BW = S0/2. Expectations and
/// variances are those of sampling without replacement, over all arrangements of the ones.
///
/// # Errors
///
/// Too few cities; [`Kind::Value`] for a value that is not 0 or 1; [`Kind::Undefined`] if all values are equal.
///
/// # Source
///
/// Cliff, A. D. and Ord, J. K. (1981). Spatial Processes. Pion, pages 19-20 and 36-40.
pub fn join_counts(x: &[f64], weights: &Weights, inference: &Inference) -> Result<JoinCounts> {
    let sample = Sample::new(&[x], weights)?;
    let x = sample.take(x);
    let n = sample.n();
    let ones = count_ones(&x)?;
    let sums = positive_sum(&sample.weights)?;
    let pairs = Pairs::new(&sample.weights);
    let observed = [
        0.5 * pairs.sum(|i, j| x[i] * x[j]),
        0.5 * pairs.sum(|i, j| (1.0 - x[i]) * (1.0 - x[j])),
        0.5 * pairs.sum(|i, j| (x[i] - x[j]).powi(2)),
    ];
    // A replicate of BB and of BW; WW is what remains of S0/2.
    let bb = permuted(&[&x], inference, "join_counts", |fields| super::moran::products(&pairs, &fields[0], 0.5));
    let bw = permuted(&[&x], inference, "join_counts", |fields| unlike(&pairs, &fields[0]));
    let ww: Vec<f64> = bb.iter().zip(&bw).map(|(bb, bw)| sums.s0 / 2.0 - bb - bw).collect();
    let moments = moments(n as f64, ones as f64, &sums);
    let [bb, ww, bw] = [bb, ww, bw]
        .into_iter()
        .zip(observed)
        .zip(moments)
        .map(|((values, count), (expected, variance))| {
            let z = z_value(count, expected, variance);
            let p_permutation = Replicates { observed: count, values }.p(inference.alternative);
            JoinCount { count, expected, variance, z, p: normal_p(z, inference.alternative), p_permutation }
        })
        .collect::<Vec<_>>()[..]
    else {
        unreachable!("three counts in, three out")
    };
    Ok(JoinCounts { n, ones, bb, ww, bw })
}

/// How many values are 1.
///
/// # Errors
/// A value that is neither 0 nor 1; all values equal.
pub(super) fn count_ones(x: &[f64]) -> Result<usize> {
    if let Some(other) = x.iter().find(|&&x| x != 0.0 && x != 1.0) {
        let fault = Fault::new(Kind::Value, format!("join counts take values of 0 and 1, and one is {other}"));
        return Err(fault.hint("--binarise median, mean or a number makes 1 of what is above it").into());
    }
    let ones = x.iter().filter(|&&x| x == 1.0).count();
    if ones == 0 || ones == x.len() {
        return Err(Fault::new(Kind::Undefined, "the values are constant, so that join counts are undefined").into());
    }
    Ok(ones)
}

/// ½·Σ (w_ij + w_ji)·(x_i − x_j)² over the pairs, for each lane.
fn unlike(pairs: &Pairs, x: &[Lanes]) -> Lanes {
    let mut total = [0.0; LANES];
    for i in 0..pairs.n() {
        for (j, sum) in pairs.row(i) {
            for lane in 0..LANES {
                total[lane] += 0.5 * sum * (x[i][lane] - x[j][lane]).powi(2);
            }
        }
    }
    total
}

/// Expectation and variance of BB, WW and BW.
///
/// A count is ½Σ w_ij f(i, j), so its variance is ¼(S1·e₂ + (S2 − 2·S1)·e₃ + (S0² + S1 − S2)·e₄) − E², with e₂, e₃ and
/// e₄ the chance that f holds for one pair, for two pairs that share a city, and for two pairs that share none.
fn moments(n: f64, ones: f64, sums: &WeightSums) -> [(f64, f64); 3] {
    let zeros = n - ones;
    let falling = |m: f64, k: i32| (0..k).map(|step| m - f64::from(step)).product::<f64>();
    let chance = |b: i32, w: i32| falling(ones, b) * falling(zeros, w) / falling(n, b + w);
    [
        [chance(2, 0), chance(3, 0), chance(4, 0)],
        [chance(0, 2), chance(0, 3), chance(0, 4)],
        [2.0 * chance(1, 1), chance(1, 2) + chance(2, 1), 4.0 * chance(2, 2)],
    ]
    .map(|[e2, e3, e4]| {
        let WeightSums { s0, s1, s2 } = *sums;
        let expected = 0.5 * s0 * e2;
        let square = 0.25 * (s1 * e2 + (s2 - 2.0 * s1) * e3 + (s0 * s0 + s1 - s2) * e4);
        (expected, square - expected * expected)
    })
}

/// The values as 0 and 1: as they are, or 1 above a threshold. Also says how, for the outcome's options.
pub(super) fn binary<'a>(values: &'a [f64], options: &Options) -> (Cow<'a, [f64]>, Option<String>) {
    let Some(binarise) = options.binarise else { return (Cow::Borrowed(values), None) };
    let mut present: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    present.sort_by(f64::total_cmp);
    let middle = present.len() / 2;
    let threshold = match binarise {
        Binarise::Above(threshold) => threshold,
        _ if present.is_empty() => f64::NAN,
        Binarise::Mean => present.iter().map(|x| x / present.len() as f64).sum(),
        Binarise::Median if present.len() % 2 == 1 => present[middle],
        Binarise::Median => present[middle - 1] / 2.0 + present[middle] / 2.0,
    };
    let cut = values.iter().map(|&x| if x.is_finite() { f64::from(u8::from(x > threshold)) } else { f64::NAN });
    (Cow::Owned(cut.collect()), Some(format!("1 above {threshold}")))
}

/// Whether a variable can be counted: it is 0 and 1 already, or a threshold was given.
pub(in crate::measures) fn is_countable(values: &[f64], options: &Options) -> bool {
    options.binarise.is_some() || values.iter().all(|&x| !x.is_finite() || x == 0.0 || x == 1.0)
}

static ABOUT: About = About {
    name: "join_counts",
    family: Family::Autocorrelation,
    needs: Needs::BinaryValue,
    title: "Join counts",
    question: "Do cities that have a property lie beside each other?",
    formula: "BB = 1/2 sum_ij w_ij x_i x_j; WW = 1/2 sum_ij w_ij (1 - x_i)(1 - x_j); BW = 1/2 sum_ij w_ij (x_i - x_j)^2",
    symbols: &[
        ("x_i", "1 if city i has the property, else 0"),
        ("w_ij", "weight from city i to city j, before any transform"),
    ],
    reading: "BB above its expectation: cities with the property lie together; BW above it: they lie apart. BB + WW + BW = S0/2",
    variant: "Each pair once; weights before the transform unless --transform is given; 0/1 or boolean column, else --binarise; moments of sampling without replacement",
    reference: "Cliff and Ord (1981), Spatial Processes, Pion",
    fields: &[
        Field::scalar("bb", "joins between two ones"),
        Field::scalar("bb_expected", "its expectation"),
        Field::scalar("bb_variance", "its variance"),
        Field::scalar("bb_z", "(bb - expected)/sd"),
        Field::scalar("bb_p", "p value of bb_z"),
        Field::scalar("bb_p_permutation", "p value among random permutations"),
        Field::scalar("ww", "joins between two zeros"),
        Field::scalar("ww_expected", "its expectation"),
        Field::scalar("ww_variance", "its variance"),
        Field::scalar("ww_z", "(ww - expected)/sd"),
        Field::scalar("ww_p", "p value of ww_z"),
        Field::scalar("ww_p_permutation", "p value among random permutations"),
        Field::scalar("bw", "joins between a one and a zero"),
        Field::scalar("bw_expected", "its expectation"),
        Field::scalar("bw_variance", "its variance"),
        Field::scalar("bw_z", "(bw - expected)/sd"),
        Field::scalar("bw_p", "p value of bw_z"),
        Field::scalar("bw_p_permutation", "p value among random permutations"),
        Field::scalar("ones", "cities that are 1"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("esda", "Join_Counts(y, w) with binary weights: bb, ww, bw"),
        ("spdep", "joincount.test(factor(x), listw of style B, alternative='two.sided') for bb and ww"),
    ],
};

/// [`join_counts`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_binary(run, &ABOUT, |x, weights, outcome| {
        let result = join_counts(x, weights, run.inference)?;
        let names = [
            ["bb", "bb_expected", "bb_variance", "bb_z", "bb_p", "bb_p_permutation"],
            ["ww", "ww_expected", "ww_variance", "ww_z", "ww_p", "ww_p_permutation"],
            ["bw", "bw_expected", "bw_variance", "bw_z", "bw_p", "bw_p_permutation"],
        ];
        for (names, join) in names.iter().zip([result.bb, result.ww, result.bw]) {
            let values = [join.count, join.expected, join.variance, join.z, join.p, join.p_permutation];
            outcome.scalars.extend(names.iter().copied().zip(values));
        }
        outcome.scalars.extend([("ones", result.ones as f64), ("n", result.n as f64)]);
        Ok(())
    })
}
