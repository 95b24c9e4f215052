//! Local Geary's c, of one variable or of several: how far a city differs from its neighbours.

use super::adapter::{each_variable, outcome};
use super::classes::NOT_SIGNIFICANT;
use super::local_moran::row_sums;
use super::local_test::LocalTest;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::{Inference, Linear, conditional_counts, conditional_moments};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::study::Variable;
use crate::weights::Weights;

/// Local Geary's c of every city; see [`local_geary`]. All lists have one entry a city, NaN for those that take no part.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalGeary {
    /// The statistic.
    pub c: Vec<f64>,
    /// How it stands against chance; the moments are those of conditional randomisation, and z is negative where the
    /// city is like its neighbours.
    pub test: LocalTest,
    /// `positive_high positive_low positive_other negative ns undefined isolate`; of several variables `positive negative ns …`.
    pub class: Vec<&'static str>,
}

/// Local Geary's c of `x`, one value for every city, NaN where there is none.
///
/// # Formula
///
/// c_i = Σ_j w_ij (x_i − x_j)² / s², with s² the sample variance (n − 1)
///
/// Weights as given (esda row-standardises always and divides by the population variance, so its values are n/(n − 1)
/// times these). Small values: the city is like its neighbours; large: unlike.
///
/// # Inference
///
/// As [`local_moran`](super::local_moran()). A significant city with c below its expectation is `positive`: `_high` or
/// `_low` if it and its neighbours' mean are on one side of the mean, else `_other`; above it `negative`.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`](crate::error::Kind::Undefined) for constant values.
///
/// # Source
///
/// Anselin, L. (1995), as [`local_moran`](super::local_moran()); Anselin, L. (2019). A local indicator of multivariate
/// spatial association: extending Geary's c. Geographical Analysis 51, 133-150. doi:10.1111/gean.12164
pub fn local_geary(x: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalGeary> {
    let sample = Sample::new(&[x], weights)?;
    let standard = Standardised::new(&sample.take(x))?;
    let lag = sample.weights.lag(&standard.z);
    let like = |i: usize| match (standard.z[i] > 0.0, lag[i] > 0.0) {
        (true, true) => "positive_high",
        (false, false) => "positive_low",
        _ => "positive_other",
    };
    Ok(local_geary_of(&sample, &[&standard.z], like, inference, "local_geary"))
}

/// Multivariate local Geary's c of `columns`: the mean of [`local_geary`] over the variables, tested with the values
/// of a city staying together. Classes `positive negative ns undefined isolate`.
///
/// # Errors
///
/// Too few cities with all values; [`Kind::Undefined`](crate::error::Kind::Undefined) if a variable is constant.
///
/// # Source
///
/// Anselin, L. (2019). doi:10.1111/gean.12164
pub fn local_geary_multivariate(columns: &[&[f64]], weights: &Weights, inference: &Inference) -> Result<LocalGeary> {
    let sample = Sample::new(columns, weights)?;
    let standard = columns.iter().map(|x| Standardised::new(&sample.take(x))).collect::<Result<Vec<_>>>()?;
    let z: Vec<&[f64]> = standard.iter().map(|standard| standard.z.as_slice()).collect();
    Ok(local_geary_of(&sample, &z, |_| "positive", inference, "local_geary_multivariate"))
}

/// The statistic of one or more variables in standard form; `like` is the class of a city that is like its neighbours.
fn local_geary_of(
    sample: &Sample,
    z: &[&[f64]],
    like: impl Fn(usize) -> &'static str,
    inference: &Inference,
    purpose: &str,
) -> LocalGeary {
    let (weights, n) = (&*sample.weights, sample.n());
    // From squared differences of z (population sd) to those of x over the sample variance, as a mean of the variables.
    let scale = (n as f64 - 1.0) / (n as f64 * z.len() as f64);
    let distance = |i: usize, j: usize| z.iter().map(|z| (z[i] - z[j]).powi(2)).sum::<f64>();
    let c: Vec<f64> = (0..n).map(|i| scale * weights.row(i).map(|(j, w)| w * distance(i, j)).sum::<f64>()).collect();
    let sums = Sums::new(z);
    let moments: (Vec<f64>, Vec<f64>) = (0..n)
        .map(|i| {
            let (sum, squares) = row_sums(weights, i);
            let (first, second) = sums.of_distances(z, i);
            let moments = conditional_moments(n, sum, squares, first, second);
            (scale * moments.expected, scale * scale * moments.variance)
        })
        .unzip();
    // Σ_j w_ij Σ_v (z_vi − z_vj)² is linear in the neighbours' Σ_v z_v² and z_v, but for what is fixed for the city.
    let squares: Vec<f64> = (0..n).map(|j| z.iter().map(|z| z[j] * z[j]).sum()).collect();
    let fields: Vec<&[f64]> = std::iter::once(squares.as_slice()).chain(z.iter().copied()).collect();
    let coefficients = |i: usize, a: &mut [f64]| {
        a[0] = 1.0;
        a[1..].iter_mut().zip(z).for_each(|(a, z)| *a = -2.0 * z[i]);
    };
    let counts = conditional_counts(weights, &Linear { fields: &fields, coefficients }, inference, purpose);
    let p: Vec<f64> = counts.iter().map(|counts| counts.p(inference.permutations, inference.alternative)).collect();
    let expected = moments.0.clone();
    let (test, significant) = LocalTest::new(sample, &c, moments, p, inference);
    let class = (0..n).map(|i| match (significant[i], c[i] < expected[i]) {
        (false, _) => NOT_SIGNIFICANT,
        (true, true) => like(i),
        (true, false) => "negative",
    });
    LocalGeary { class: sample.spread_classes(class.collect()), c: sample.spread(c), test }
}

/// Sums over all cities from which those of (Σ_v (z_vi − z_vj)²) and its square over j follow for any i.
///
/// With a_j = Σ_v z_vj² and b_ij = Σ_v z_vi z_vj the squared distance is a_i + a_j − 2·b_ij.
struct Sums {
    n: f64,
    /// Σ_j a_j and Σ_j a_j².
    a: [f64; 2],
    /// Σ_j z_vj and Σ_j a_j z_vj by variable.
    z: Vec<[f64; 2]>,
    /// Σ_j z_uj z_vj by pair of variables.
    products: Vec<Vec<f64>>,
}

impl Sums {
    fn new(z: &[&[f64]]) -> Self {
        let n = z[0].len();
        let a: Vec<f64> = (0..n).map(|j| z.iter().map(|z| z[j] * z[j]).sum()).collect();
        let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        Self {
            n: n as f64,
            a: [a.iter().sum(), product(&a, &a)],
            z: z.iter().map(|z| [z.iter().sum(), product(&a, z)]).collect(),
            products: z.iter().map(|u| z.iter().map(|v| product(u, v)).collect()).collect(),
        }
    }

    /// Σ_j d_ij² and Σ_j d_ij⁴ over all j (that of i itself is 0).
    fn of_distances(&self, z: &[&[f64]], i: usize) -> (f64, f64) {
        let own: f64 = z.iter().map(|z| z[i] * z[i]).sum();
        let b: f64 = z.iter().zip(&self.z).map(|(z, sums)| z[i] * sums[0]).sum();
        let ab: f64 = z.iter().zip(&self.z).map(|(z, sums)| z[i] * sums[1]).sum();
        let bb: f64 = z
            .iter()
            .zip(&self.products)
            .map(|(u, row)| u[i] * z.iter().zip(row).map(|(v, p)| v[i] * p).sum::<f64>())
            .sum();
        let first = self.n * own + self.a[0] - 2.0 * b;
        let second = self.n * own * own + self.a[1] + 4.0 * bb + 2.0 * own * self.a[0] - 4.0 * own * b - 4.0 * ab;
        (first, second.max(0.0))
    }
}

macro_rules! local_geary_fields {
    ($c:literal, $p:literal, $q:literal, $class:literal, $classes:literal) => {
        &[
            Field::annotated("c", $c, $c, "local Geary's c"),
            Field::column("expected", "expectation under conditional randomisation"),
            Field::column("variance", "variance under conditional randomisation"),
            Field::column("z", "(c - expected)/sd; negative where the city is like its neighbours"),
            Field::annotated("p_permutation", $p, $p, "p value among conditional permutations"),
            Field::annotated("q", $q, $q, "Benjamini-Hochberg value of p"),
            Field::annotated("class", $class, $class, $classes),
        ]
    };
}

static ABOUT: About = About {
    name: "local_geary",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Local Geary's c",
    question: "Which cities are like their neighbours, and which differ from them?",
    formula: "c_i = sum_j w_ij (x_i - x_j)^2 / s^2",
    symbols: &[
        ("x_i", "value of city i"),
        ("w_ij", "weight from city i to city j, after the transform"),
        ("s^2", "sample variance of x, with n - 1"),
    ],
    reading: "Below its expectation: the city is like its neighbours; above: unlike",
    variant: "Sample variance and weights as given (spdep, GeoDa); conditional permutations without replacement; z negative for likeness",
    reference: "Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x; Anselin (2019), Geographical Analysis 51, 133-150, doi:10.1111/gean.12164",
    fields: local_geary_fields!(
        "geary_c",
        "geary_p",
        "geary_q",
        "geary_cl",
        "positive_high positive_low positive_other negative where significant, else ns; undefined or isolate"
    ),
    matches: &[
        ("spdep", "localC(x, listw)"),
        ("GeoDa", "Univariate Local Geary"),
        ("esda", "Geary_Local(connectivity=w): localG times (n - 1)/n, row-standardised weights only"),
    ],
};

/// [`local_geary`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        fill(outcome, local_geary(&variable.values, weights, run.inference)?);
        Ok(())
    })
}

fn fill(outcome: &mut Outcome, result: LocalGeary) {
    result.test.fill("c", result.c, result.class, outcome);
}

static ABOUT_MULTIVARIATE: About = About {
    name: "local_geary_multivariate",
    needs: Needs::SeveralValues,
    title: "Multivariate local Geary's c",
    question: "Which cities are like their neighbours in all values taken together?",
    formula: "c_i = 1/m sum_v sum_j w_ij (x_vi - x_vj)^2 / s_v^2",
    symbols: &[
        ("x_vi", "value v of city i"),
        ("m", "number of variables"),
        ("w_ij", "weight from city i to city j, after the transform"),
        ("s_v^2", "sample variance of x_v, with n - 1"),
    ],
    variant: "Mean over the variables; the values of a city stay together in the permutations; else as local Geary's c",
    reference: "Anselin (2019), Geographical Analysis 51, 133-150, doi:10.1111/gean.12164",
    fields: local_geary_fields!(
        "gearym_c",
        "gearym_p",
        "gearym_q",
        "gearym_cl",
        "positive negative where significant, else ns; undefined or isolate"
    ),
    matches: &[
        ("spdep", "localC(list of variables, listw)"),
        ("GeoDa", "Multivariate Local Geary"),
        ("esda", "Geary_Local_MV(connectivity=w): localG times (n - 1)/n"),
    ],
    ..ABOUT
};

/// [`local_geary_multivariate`] in the registry.
pub(in crate::measures) static MULTIVARIATE_MEASURE: Measure = Measure::new(&ABOUT_MULTIVARIATE, run_multivariate);

fn run_multivariate(run: &Run) -> Result<Vec<Outcome>> {
    let mut years: Vec<Option<i32>> = run.variables.iter().map(|variable| variable.year).collect();
    years.sort();
    years.dedup();
    let mut outcomes = Vec::new();
    for year in years {
        let together: Vec<&Variable> = run.variables.iter().filter(|variable| variable.year == year).collect();
        if together.len() < 2 {
            continue;
        }
        let columns: Vec<&[f64]> = together.iter().map(|variable| variable.values.as_slice()).collect();
        let names: Vec<&str> = together.iter().map(|variable| variable.name.as_str()).collect();
        let variable = Variable { name: names.join("+"), year, values: Vec::new() };
        for weights in run.weights {
            outcomes.push(outcome(run, &ABOUT_MULTIVARIATE, &variable, weights, |outcome| {
                fill(outcome, local_geary_multivariate(&columns, weights, run.inference)?);
                Ok(())
            })?);
        }
    }
    Ok(outcomes)
}
