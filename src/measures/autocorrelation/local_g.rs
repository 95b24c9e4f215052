//! Getis and Ord's local G and G*: hot spots and cold spots.

use super::adapter::each_variable;
use super::classes::NOT_SIGNIFICANT;
use super::getis_ord_g::scaled_non_negative;
use super::local_moran::row_sums;
use super::local_test::LocalTest;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{Inference, Linear, conditional_counts, conditional_moments};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::{Transform, Weights};

/// Local G or G* of every city; see [`local_g`]. All lists have one entry a city, NaN for those that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalG {
    /// The statistic.
    pub g: Vec<f64>,
    /// How it stands against chance; z is positive where high values lie together.
    pub test: LocalTest,
    /// `hot cold ns undefined isolate`.
    pub class: Vec<&'static str>,
}

/// Local G of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// G_i = Σ_j≠i w_ij x_j / Σ_j≠i x_j
///
/// # Inference
///
/// Null: the others' values are dealt out at random over the other places; exact moments (with Σ_j w_ij², so right for
/// any weights) and conditional permutations as [`local_moran`](super::local_moran()). Significant cities are `hot`
/// where G is above its expectation, else `cold`.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`](crate::error::Kind::Undefined) for constant or negative values.
///
/// # Source
///
/// Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x; Ord, J. K. and Getis, A. (1995). Local spatial
/// autocorrelation statistics. Geographical Analysis 27, 286-306. doi:10.1111/j.1538-4632.1995.tb00912.x
pub fn local_g(x: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalG> {
    let sample = Sample::new(&[x], weights)?;
    let (x, standard) = scaled_non_negative(&sample.take(x))?;
    let (weights, n) = (&*sample.weights, sample.n());
    let (total, total_squares) = (x.iter().sum::<f64>(), x.iter().map(|x| x * x).sum::<f64>());
    let lag = weights.lag(&x);
    let g = (0..n).map(|i| lag[i] / (total - x[i])).collect();
    let moments = (0..n)
        .map(|i| {
            let (sum, squares) = row_sums(weights, i);
            let others = total - x[i];
            let moments = conditional_moments(n, sum, squares, others, total_squares - x[i] * x[i]);
            (moments.expected / others, moments.variance / (others * others))
        })
        .unzip();
    Ok(local_g_of(&sample, &standard, g, moments, inference))
}

/// Local G* of `x` ≥ 0: as [`local_g`], the city itself among its neighbours.
///
/// # Formula
///
/// G*_i = Σ_j w_ij x_j / Σ_j x_j, with w_ii the largest weight of row i before the transform (1 for weights of 0 and 1)
///
/// # Inference
///
/// `expected`, `variance` and `z` are those of total randomisation, as in the source. The permutations keep the city
/// where it is, so that p(G*) = p(G): all peers do so, and their z and p differ for that reason.
///
/// # Errors
///
/// As [`local_g`].
pub fn local_g_star(x: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalG> {
    let sample = Sample::new(&[x], weights)?;
    let (x, standard) = scaled_non_negative(&sample.take(x))?;
    let (weights, n) = (&*sample.weights, sample.n() as f64);
    let total = x.iter().sum::<f64>();
    let mean = total / n;
    let spread = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let own: Vec<f64> = (0..sample.n()).map(|i| weights.raw_row(i).map(|(_, w)| w).fold(0.0, f64::max)).collect();
    let own: Vec<f64> = if weights.transform() == Transform::Binary { vec![1.0; own.len()] } else { own };
    let factors = factors_with_self(weights, &own);
    let g = (0..sample.n()).map(|i| {
        let sum: f64 = weights.raw_row(i).map(|(j, w)| w * x[j]).sum();
        factors[i] * (sum + own[i] * x[i]) / total
    });
    let moments = (0..sample.n())
        .map(|i| {
            let (sum, squares) =
                weights.raw_row(i).fold((own[i], own[i] * own[i]), |(s, q), (_, w)| (s + w, q + w * w));
            let (sum, squares) = (factors[i] * sum, factors[i] * factors[i] * squares);
            let variance = spread * (n * squares - sum * sum) / ((n - 1.0) * total * total);
            (sum / n, variance)
        })
        .unzip();
    Ok(local_g_of(&sample, &standard, g.collect(), moments, inference))
}

/// What the transform multiplies each row with once the city itself is in it.
fn factors_with_self(weights: &Weights, own: &[f64]) -> Vec<f64> {
    let sum = |i: usize, power: i32| weights.raw_row(i).map(|(_, w)| w.powi(power)).sum::<f64>() + own[i].powi(power);
    let n = weights.n();
    match weights.transform() {
        Transform::None | Transform::Binary => vec![1.0; n],
        Transform::Row => (0..n).map(|i| 1.0 / sum(i, 1)).collect(),
        Transform::Double => vec![1.0 / (0..n).map(|i| sum(i, 1)).sum::<f64>(); n],
        Transform::Variance => {
            let norms: Vec<f64> = (0..n).map(|i| 1.0 / sum(i, 2).sqrt()).collect();
            let total: f64 = (0..n).map(|i| sum(i, 1) * norms[i]).sum();
            norms.iter().map(|norm| norm * n as f64 / total).collect()
        }
    }
}

/// Inference and classes from the statistic and its moments. G and G* are both monotone in the neighbours' sum, so
/// they share draws, and with them their p.
fn local_g_of(
    sample: &Sample,
    standard: &Standardised,
    g: Vec<f64>,
    moments: (Vec<f64>, Vec<f64>),
    inference: &Inference,
) -> LocalG {
    let linear = Linear { fields: &[&standard.z], coefficients: |_: usize, a: &mut [f64]| a[0] = 1.0 };
    let counts = conditional_counts(&sample.weights, &linear, inference, "local_g");
    let p: Vec<f64> = counts.iter().map(|counts| counts.p(inference.permutations, inference.alternative)).collect();
    let expected = moments.0.clone();
    let (test, significant) = LocalTest::new(sample, &g, moments, p, inference);
    // The side is that of the permutations; for G* the moments are of another null.
    let hot = |i: usize| match inference.permutations {
        0 => g[i] > expected[i],
        _ => counts[i].at_least < counts[i].at_most,
    };
    let class = (0..g.len()).map(|i| match (significant[i], hot(i)) {
        (false, _) => NOT_SIGNIFICANT,
        (true, true) => "hot",
        (true, false) => "cold",
    });
    LocalG { class: sample.spread_classes(class.collect()), g: sample.spread(g), test }
}

macro_rules! local_g_fields {
    ($g:literal, $z:literal, $p:literal, $q:literal, $class:literal) => {
        &[
            Field::annotated("g", $g, $g, "share of the neighbours, weighted, in the sum of all values"),
            Field::column("expected", "its expectation"),
            Field::column("variance", "its variance"),
            Field::annotated("z", $z, $z, "(g - expected)/sd; positive where high values lie together"),
            Field::annotated("p_permutation", $p, $p, "p value among conditional permutations"),
            Field::annotated("q", $q, $q, "Benjamini-Hochberg value of p"),
            Field::annotated("class", $class, $class, "hot or cold where significant, else ns; undefined or isolate"),
        ]
    };
}

static ABOUT: About = About {
    name: "local_g",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Getis-Ord local G",
    question: "Around which cities do high values lie together (hot spots), around which low ones (cold spots)?",
    formula: "G_i = sum_j w_ij x_j / sum_j x_j, j not i",
    symbols: &[("x_j", "value of city j, 0 or more"), ("w_ij", "weight from city i to city j, after the transform")],
    reading: "Above its expectation: a hot spot around the city; below: a cold spot",
    variant: "Leaves the city itself out; moments with the sum of squared weights, right for any weights; conditional permutations without replacement; null where a value is negative",
    reference: "Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis (1995), Geographical Analysis 27, 286-306, doi:10.1111/j.1538-4632.1995.tb00912.x",
    fields: local_g_fields!("g_g", "g_z", "g_p", "g_q", "g_cl"),
    matches: &[
        ("spdep", "localG(x, listw): z, with G and its moments in attr(, 'internals')"),
        ("esda", "G_Local(y, w, star=False): Gs; its Zs are wrong for row-standardised weights"),
        ("GeoDa", "Local G"),
    ],
};

static ABOUT_STAR: About = About {
    name: "local_g_star",
    title: "Getis-Ord local G*",
    question: "Which cities are the middle of a hot spot or a cold spot?",
    formula: "G*_i = sum_j w_ij x_j / sum_j x_j, i among the j",
    symbols: &[
        ("x_j", "value of city j, 0 or more"),
        ("w_ij", "weight from city i to city j, after the transform; w_ii is the largest of its row before it"),
    ],
    variant: "Has the city itself in, with the largest weight of its row (1 for weights of 0 and 1) before the transform; z of total randomisation; permutations keep the city, so p is that of G",
    fields: local_g_fields!("gstar_g", "gstar_z", "gstar_p", "gstar_q", "gstar_cl"),
    matches: &[
        ("spdep", "localG(x, nb2listw(include.self(nb)))"),
        ("esda", "G_Local(y, w, star=True): Gs; its Zs are wrong for row-standardised weights"),
        ("GeoDa", "Local G*"),
    ],
    ..ABOUT
};

/// [`local_g`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        fill(outcome, local_g(&variable.values, weights, run.inference)?);
        Ok(())
    })
}

/// [`local_g_star`] in the registry.
pub(in crate::measures) static STAR_MEASURE: Measure = Measure::new(&ABOUT_STAR, run_star);

fn run_star(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT_STAR, |variable, weights, outcome| {
        fill(outcome, local_g_star(&variable.values, weights, run.inference)?);
        Ok(())
    })
}

fn fill(outcome: &mut Outcome, result: LocalG) {
    result.test.fill("g", result.g, result.class, outcome);
}
