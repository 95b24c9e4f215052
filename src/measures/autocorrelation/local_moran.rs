//! Local Moran's I: which cities form clusters, and which stand out from their neighbours.

use super::adapter::each_variable;
use super::classes::{NOT_SIGNIFICANT, quadrant};
use super::local_test::{LocalTest, standard_form};
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{Counts, Inference, Linear, conditional_counts, conditional_moments};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::weights::Weights;

/// Local Moran's I of every city; see [`local_moran`]. All lists have one entry a city, NaN for those that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalMoran {
    /// The statistic.
    pub i: Vec<f64>,
    /// Σ_j w_ij z_j, with z in standard form by the population sd.
    pub lag: Vec<f64>,
    /// How it stands against chance; the moments are those of conditional randomisation.
    pub test: LocalTest,
    /// `HH LH LL HL`, or `undefined`, `isolate`.
    pub quadrant: Vec<&'static str>,
    /// The quadrant where significant, else `ns`; or `undefined`, `isolate`.
    pub class: Vec<&'static str>,
}

/// Local Moran's I of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// i_i = (n − 1)·z_i·Σ_j w_ij z_j / Σ_j z_j²
///
/// where z_i = x_i − mean(x). With row-standardised weights the mean of i_i is (n − 1)/n times Moran's I. This is the
/// scale of esda and GeoDa; spdep's default is n/(n − 1) times as large.
///
/// # Inference
///
/// Null: the city keeps its value, the others' values are dealt out at random over the other places. `expected` and
/// `variance` are the exact moments of that null (Sokal, Oden and Thomson 1998); `p_permutation` comes from
/// `inference.permutations` draws without replacement. Classes: p ≤ alpha, corrected as `inference.adjust` says; from
/// the normal p of `z` where no permutations are made.
///
/// # Who takes part
///
/// Cities without a value are `undefined`; cities left without a neighbour are `isolate`; n, mean and weights are
/// those of the others.
///
/// # Errors
///
/// Too few cities (fewer than 3); [`Kind::Undefined`](crate::error::Kind::Undefined) for constant values.
///
/// # Complexity
///
/// About n·log P with weights of 0 and 1 or row-standardised ones, links·P otherwise.
///
/// # Source
///
/// Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27, 93-115.
/// doi:10.1111/j.1538-4632.1995.tb00338.x
///
/// # Example
///
/// ```
/// use agglo::{inference::Inference, measures::autocorrelation::local_moran, weights::{Transform, Weights}};
/// let chain: Vec<(u32, u32)> = (0..39).map(|i| (i, i + 1)).collect();
/// let weights = Weights::from_pairs("chain", 40, &chain).transformed(Transform::Row);
/// let mut x = vec![1.0; 40];
/// x[..4].fill(9.0);
/// x[39] = f64::NAN;
/// let result = local_moran(&x, &weights, &Inference::default())?;
/// assert_eq!((result.class[1], result.class[39]), ("HH", "undefined"));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn local_moran(x: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalMoran> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    Ok(local_moran_of(&sample, &standard, &standard, inference, "local_moran"))
}

/// Moments of local Moran's I over all arrangements of the values; see [`local_moran_total`].
#[derive(Clone, Debug, PartialEq)]
pub struct TotalMoments {
    /// Expectation −(Σ_j w_ij)/n of every city; NaN for those that take no part.
    pub expected: Vec<f64>,
    /// Variance of every city.
    pub variance: Vec<f64>,
}

/// Expectation and variance of [`local_moran`] under total randomisation, where the city's own value is dealt out as well.
///
/// On the scale of [`local_moran`], with b the kurtosis n·Σz⁴/(Σz²)², w_i = Σ_j w_ij and s = (n − 1)/n:
/// E = −s·w_i/(n − 1) and V = s²·(Σ_j w_ij²·(n − b)/(n − 1) + (w_i² − Σ_j w_ij²)(2b − n)/((n − 1)(n − 2)) − w_i²/(n − 1)²)
/// (Anselin 1995, appendix A).
///
/// # Errors
///
/// As [`local_moran`].
pub fn local_moran_total(x: &[f64], weights: &Weights) -> Result<TotalMoments> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    let (n, b) = (sample.n() as f64, standard.kurtosis);
    let scale = (n - 1.0) / n;
    let (expected, variance) = (0..sample.n())
        .map(|i| {
            let (sum, squares) = row_sums(&sample.weights, i);
            let alone = squares * (n - b) / (n - 1.0);
            let crossed = (sum * sum - squares) * (2.0 * b - n) / ((n - 1.0) * (n - 2.0));
            let variance = alone + crossed - (sum / (n - 1.0)).powi(2);
            (scale * -sum / (n - 1.0), scale * scale * variance)
        })
        .unzip();
    Ok(TotalMoments { expected: sample.spread(expected), variance: sample.spread(variance) })
}

/// Local Moran of `own` with the neighbours' `other`, which is the same for the univariate statistic.
pub(super) fn local_moran_of(
    sample: &Sample,
    own: &Standardised,
    other: &Standardised,
    inference: &Inference,
    purpose: &str,
) -> LocalMoran {
    let (weights, n) = (&*sample.weights, sample.n());
    let lag = weights.lag(&other.z);
    let factor: Vec<f64> = own.z.iter().map(|z| (n as f64 - 1.0) * z / own.squares).collect();
    let i: Vec<f64> = factor.iter().zip(&lag).map(|(factor, lag)| factor * lag).collect();
    let linear = Linear { fields: &[&other.z], coefficients: |_: usize, a: &mut [f64]| a[0] = 1.0 };
    let counts = conditional_counts(weights, &linear, inference, purpose);
    let p: Vec<f64> = counts
        .into_iter()
        .zip(&factor)
        .map(|(counts, &factor)| {
            signed(counts, factor, inference.permutations).p(inference.permutations, inference.alternative)
        })
        .collect();
    let (test, significant) = LocalTest::new(sample, &i, conditional(weights, &factor, other), p, inference);
    let quadrants: Vec<_> = own.z.iter().zip(&lag).map(|(&z, &lag)| quadrant(z, lag)).collect();
    let classes =
        quadrants.iter().zip(significant).map(|(&quadrant, yes)| if yes { quadrant } else { NOT_SIGNIFICANT });
    LocalMoran {
        class: sample.spread_classes(classes.collect()),
        quadrant: sample.spread_classes(quadrants),
        i: sample.spread(i),
        lag: sample.spread(lag),
        test,
    }
}

/// The counts of `factor` times a sum, from those of the sum.
fn signed(counts: Counts, factor: f64, permutations: usize) -> Counts {
    if factor > 0.0 {
        counts
    } else if factor < 0.0 {
        Counts { at_least: counts.at_most, at_most: counts.at_least }
    } else {
        Counts { at_least: permutations, at_most: permutations } // all replicates are 0
    }
}

/// Moments where the city keeps its value and the `other` of the rest is dealt out at random.
fn conditional(weights: &Weights, factor: &[f64], other: &Standardised) -> (Vec<f64>, Vec<f64>) {
    let total: f64 = other.z.iter().sum();
    (0..weights.n())
        .map(|i| {
            let (sum, squares) = row_sums(weights, i);
            let z = other.z[i];
            let moments = conditional_moments(weights.n(), sum, squares, total - z, other.squares - z * z);
            (factor[i] * moments.expected, factor[i] * factor[i] * moments.variance)
        })
        .unzip()
}

/// Σ_j w_ij and Σ_j w_ij².
pub(super) fn row_sums(weights: &Weights, i: usize) -> (f64, f64) {
    weights.row(i).fold((0.0, 0.0), |(sum, squares), (_, w)| (sum + w, squares + w * w))
}

/// The fields of every local Moran, with their names in the annotated GeoJSON.
macro_rules! local_moran_fields {
    ($i:literal, $p:literal, $q:literal, $class:literal $(, $more:expr)*) => {
        &[
            Field::annotated("i", $i, $i, "local Moran's I"),
            Field::column("lag", "weighted sum of the neighbours' standardised values"),
            Field::column("expected", "expectation under conditional randomisation"),
            Field::column("variance", "variance under conditional randomisation"),
            Field::column("z", "(i - expected)/sd"),
            Field::annotated("p_permutation", $p, $p, "p value among conditional permutations"),
            Field::annotated("q", $q, $q, "Benjamini-Hochberg value of p"),
            Field::column("quadrant", "HH LH LL HL: the city and its neighbours high or low, whether significant or not"),
            Field::annotated("class", $class, $class, "HH LL LH HL where significant, else ns; undefined or isolate")
            $(, $more)*
        ]
    };
}
pub(super) use local_moran_fields;

static ABOUT: About = About {
    name: "local_moran",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Local Moran's I",
    question: "Which cities form clusters of high or low values, and which stand out from their neighbours?",
    formula: "i_i = (n - 1) z_i sum_j w_ij z_j / sum_j z_j^2",
    symbols: &[
        ("z_i", "value of city i less the mean"),
        ("w_ij", "weight from city i to city j, after the transform"),
        ("n", "cities with a value and a neighbour"),
    ],
    reading: "Positive: the city is like its neighbours (HH, LL); negative: unlike (HL, LH). Classes where p is at most alpha",
    variant: "Scale n - 1 (esda, GeoDa); conditional permutations without replacement; moments of conditional randomisation, those of total randomisation beside them; zero counts as low",
    reference: "Anselin (1995), Geographical Analysis 27, 93-115, doi:10.1111/j.1538-4632.1995.tb00338.x; moments: Sokal, Oden and Thomson (1998), Geographical Analysis 30, 331-354",
    fields: local_moran_fields!(
        "lisa_i",
        "lisa_p",
        "lisa_q",
        "lisa_cl",
        Field::column("expected_total", "expectation under total randomisation"),
        Field::column("variance_total", "variance under total randomisation"),
        Field::column("z_total", "(i - expected_total)/sd_total")
    ),
    matches: &[
        ("esda", "Moran_Local(y, w): Is; its p_sim is one-sided (folded)"),
        ("GeoDa", "Univariate Local Moran's I: LISA_I; its pseudo p is one-sided (folded)"),
        ("spdep", "localmoran(x, listw, mlvar=FALSE): Ii; z is that of localmoran(x, listw, conditional=TRUE)"),
    ],
};

/// [`local_moran`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        let result = local_moran(&variable.values, weights, run.inference)?;
        let total = local_moran_total(&variable.values, weights)?;
        let z_total = standard_form(&result.i, &total.expected, &total.variance);
        fill(outcome, result);
        outcome.columns.extend([
            ("expected_total", Values::Numbers(total.expected)),
            ("variance_total", Values::Numbers(total.variance)),
            ("z_total", Values::Numbers(z_total)),
        ]);
        Ok(())
    })
}

/// Writes the result into an outcome.
pub(super) fn fill(outcome: &mut Outcome, result: LocalMoran) {
    result.test.fill("i", result.i, result.class, outcome);
    outcome.columns.extend([("lag", Values::Numbers(result.lag)), ("quadrant", Values::Classes(result.quadrant))]);
}
