//! Getis and Ord's general G: do high values, or low ones, lie together.

use super::adapter::{each_variable, untransformed};
use super::moran::{positive_sum, products};
use super::sample::{Sample, Standardised};
use crate::error::{Fault, Kind, Result, number};
use crate::inference::{Inference, Replicates, normal_p, permuted, z_value};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::{Pairs, WeightSums, Weights};

/// General G with its moments and p values; see [`getis_ord_g`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GetisOrdG {
    /// Cities that take part.
    pub n: usize,
    /// The statistic.
    pub g: f64,
    /// Its expectation S0/(n(n − 1)).
    pub expected: f64,
    /// Its variance over all arrangements of the values; NaN for n = 3.
    pub variance: f64,
    /// (G − E)/√variance.
    pub z: f64,
    /// p value of that z.
    pub p: f64,
    /// Permutation p value; NaN without permutations.
    pub p_permutation: f64,
}

/// General G of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// G = Σ_i Σ_j≠i w_ij x_i x_j / Σ_i Σ_j≠i x_i x_j
///
/// Above its expectation S0/(n(n − 1)) high values lie together, below it low values do. The weights are taken as
/// given; the statistic is meant for weights of 0 and 1.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`] for constant or negative values.
///
/// # Source
///
/// Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
/// Geographical Analysis 24, 189-206. doi:10.1111/j.1538-4632.1992.tb00261.x, with the correction of 1993 to the
/// coefficient of S0² in B1.
pub fn getis_ord_g(x: &[f64], weights: &Weights, inference: &Inference) -> Result<GetisOrdG> {
    let sample = Sample::new(&[x], weights)?;
    let x = sample.take(x);
    let (n, x) = (sample.n(), scaled_non_negative(&x)?.0);
    let sums = positive_sum(&sample.weights)?;
    let pairs = Pairs::new(&sample.weights);
    let powers = [1, 2, 3, 4].map(|power| x.iter().map(|x| x.powi(power)).sum::<f64>());
    let scale = 1.0 / (powers[0] * powers[0] - powers[1]);
    let g = scale * pairs.sum(|i, j| x[i] * x[j]);
    let values = permuted(&[&x], inference, "getis_ord_g", |fields| products(&pairs, &fields[0], scale));
    let expected = sums.s0 / (n as f64 * (n as f64 - 1.0));
    let variance = variance(n, &sums, powers) - expected * expected;
    let z = z_value(g, expected, variance);
    let p_permutation = Replicates { observed: g, values }.p(inference.alternative);
    Ok(GetisOrdG { n, g, expected, variance, z, p: normal_p(z, inference.alternative), p_permutation })
}

/// The values over their largest, which no statistic of this family notices, and in standard form.
///
/// # Errors
/// [`Kind::Undefined`] where a value is negative or they are constant.
pub(super) fn scaled_non_negative(x: &[f64]) -> Result<(Vec<f64>, Standardised)> {
    let standard = Standardised::new(x)?;
    if let Some(negative) = x.iter().find(|&&x| x < 0.0) {
        let message = format!("G is defined for values of 0 or more, and one is {}", number(*negative));
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let largest = x.iter().fold(0.0_f64, |most, &x| most.max(x));
    Ok((x.iter().map(|x| x / largest).collect(), standard))
}

/// E\[G²\] over all arrangements; `m` are the sums of the first four powers of x.
fn variance(n: usize, sums: &WeightSums, m: [f64; 4]) -> f64 {
    let (n, WeightSums { s0, s1, s2 }) = (n as f64, *sums);
    let s = s0 * s0;
    let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s;
    let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s);
    let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s);
    let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s;
    let b4 = s1 - s2 + s;
    let numerator = b0 * m[1] * m[1] + b1 * m[3] + b2 * m[0] * m[0] * m[1] + b3 * m[0] * m[2] + b4 * m[0].powi(4);
    numerator / ((m[0] * m[0] - m[1]).powi(2) * n * (n - 1.0) * (n - 2.0) * (n - 3.0))
}

static ABOUT: About = About {
    name: "getis_ord_g",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Getis-Ord general G",
    question: "Is it the high values that lie together, or the low ones?",
    formula: "G = sum_ij w_ij x_i x_j / sum_ij x_i x_j, j not i",
    symbols: &[("x_i", "value of city i, 0 or more"), ("w_ij", "weight from city i to city j, before any transform")],
    reading: "Above its expectation S0/(n(n - 1)): high values lie together; below it: low values do",
    variant: "Weights before the transform unless --transform is given; variance by randomisation with the corrected B1; null where a value is negative",
    reference: "Getis and Ord (1992), Geographical Analysis 24, 189-206, doi:10.1111/j.1538-4632.1992.tb00261.x",
    fields: &[
        Field::scalar("g", "general G"),
        Field::scalar("expected", "expectation where there is no autocorrelation"),
        Field::scalar("variance", "variance over all arrangements of the values"),
        Field::scalar("z", "(g - expected)/sd"),
        Field::scalar("p", "p value of z"),
        Field::scalar("p_permutation", "p value among random permutations"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[
        ("esda", "G(y, w) with binary weights"),
        ("spdep", "globalG.test(x, listw of style B, B1correct=TRUE, alternative='two.sided')"),
    ],
};

/// [`getis_ord_g`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| {
        let result = getis_ord_g(&variable.values, &untransformed(run, weights), run.inference)?;
        outcome.scalars.extend([
            ("g", result.g),
            ("expected", result.expected),
            ("variance", result.variance),
            ("z", result.z),
            ("p", result.p),
            ("p_permutation", result.p_permutation),
            ("n", result.n as f64),
        ]);
        Ok(())
    })
}
