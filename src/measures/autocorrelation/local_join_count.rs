//! Local join counts: which cities that have a property have neighbours with it.

use super::adapter::each_binary;
use super::classes::NOT_SIGNIFICANT;
use super::join_counts::count_ones;
use super::local_test::significance;
use super::sample::Sample;
use crate::error::Result;
use crate::inference::{Alternative, Inference, Linear, conditional_counts};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::weights::Weights;

/// The local join count of every city; see [`local_join_count`]. All lists have one entry a city.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalJoinCount {
    /// Weighted number of neighbours that are 1 as well; 0 for a city that is 0, NaN for one that takes no part.
    pub bb: Vec<f64>,
    /// p value of the conditional permutations, for cities that are 1; NaN for the others.
    pub p_permutation: Vec<f64>,
    /// Benjamini-Hochberg value of p over the cities that have one.
    pub q: Vec<f64>,
    /// `cluster ns undefined isolate`.
    pub class: Vec<&'static str>,
}

/// Local join counts of `x`, 0 or 1 for every city, NaN where there is none.
///
/// # Formula
///
/// BB_i = x_i·Σ_j w_ij x_j
///
/// # Inference
///
/// For the cities that are 1: the others' values are dealt out at random over the other places. One-sided (greater)
/// unless [`Alternative::Less`] is asked for: a two-sided question has no meaning for a city that is 0 by definition.
///
/// # Errors
///
/// Too few cities; [`Kind::Value`](crate::error::Kind::Value) for a value that is not 0 or 1;
/// [`Kind::Undefined`](crate::error::Kind::Undefined) if all values are equal.
///
/// # Source
///
/// Anselin, L. and Li, X. (2019). Operational local join count statistics for cluster detection. Journal of
/// Geographical Systems 21, 189-210. doi:10.1007/s10109-019-00299-x
pub fn local_join_count(x: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalJoinCount> {
    let sample = Sample::new(&[x], weights)?;
    let x = sample.take(x);
    count_ones(&x)?;
    let bb: Vec<f64> = sample.weights.lag(&x).iter().zip(x.iter()).map(|(lag, x)| x * lag).collect();
    let linear = Linear { fields: &[&x], coefficients: |_: usize, a: &mut [f64]| a[0] = 1.0 };
    let counts = conditional_counts(&sample.weights, &linear, inference, "local_join_count");
    let one_sided = Inference { alternative: side(inference.alternative), ..*inference };
    let p: Vec<f64> = counts
        .iter()
        .zip(x.iter())
        .map(|(counts, &x)| if x == 1.0 { counts.p(inference.permutations, one_sided.alternative) } else { f64::NAN })
        .collect();
    let (q, significant) = significance(&p, &vec![f64::NAN; p.len()], &one_sided);
    let class = significant.into_iter().map(|yes| if yes { "cluster" } else { NOT_SIGNIFICANT });
    Ok(LocalJoinCount {
        class: sample.spread_classes(class.collect()),
        bb: sample.spread(bb),
        p_permutation: sample.spread(p),
        q: sample.spread(q),
    })
}

/// One-sided unless told otherwise.
pub(super) fn side(alternative: Alternative) -> Alternative {
    if alternative == Alternative::Less { Alternative::Less } else { Alternative::Greater }
}

static ABOUT: About = About {
    name: "local_join_count",
    family: Family::Autocorrelation,
    needs: Needs::BinaryValue,
    title: "Local join count",
    question: "Which cities that have a property have neighbours with it?",
    formula: "BB_i = x_i sum_j w_ij x_j",
    symbols: &[
        ("x_i", "1 if city i has the property, else 0"),
        ("w_ij", "weight from city i to city j, before any transform"),
    ],
    reading: "Number of neighbours that have the property as well; 0 for cities that have it not",
    variant: "One-sided (greater) unless --alternative less; weights before the transform unless --transform is given; 0/1 or boolean column, else --binarise",
    reference: "Anselin and Li (2019), Journal of Geographical Systems 21, 189-210, doi:10.1007/s10109-019-00299-x",
    fields: &[
        Field::annotated("bb", "ljc_bb", "ljc_bb", "neighbours that are 1 as well"),
        Field::annotated(
            "p_permutation",
            "ljc_p",
            "ljc_p",
            "p value among conditional permutations, for cities that are 1",
        ),
        Field::annotated("q", "ljc_q", "ljc_q", "Benjamini-Hochberg value of p"),
        Field::annotated("class", "ljc_cl", "ljc_cl", "cluster where significant, else ns; undefined or isolate"),
    ],
    matches: &[
        ("esda", "Join_Counts_Local(connectivity=w): LJC"),
        ("spdep", "local_joincount_uni(fx, chosen, listw): BB"),
        ("GeoDa", "Univariate Local Join Count"),
    ],
};

/// [`local_join_count`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_binary(run, &ABOUT, |x, weights, outcome| {
        let result = local_join_count(x, weights, run.inference)?;
        outcome.columns.extend([
            ("bb", Values::Numbers(result.bb)),
            ("p_permutation", Values::Numbers(result.p_permutation)),
            ("q", Values::Numbers(result.q)),
            ("class", Values::Classes(result.class)),
        ]);
        Ok(())
    })
}
