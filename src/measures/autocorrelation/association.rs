//! Space or links: which of the two does a value follow.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::adapter::outcome;
use super::moran::moran;
use super::sample::Standardised;
use crate::error::{Fault, Kind, Result};
use crate::inference::{Inference, PairMatrix, Partial, matrix_regression};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::Cities;
use crate::weights::Weights;

/// Most cities whose pairs are compared.
const MOST: usize = 3000;

/// How far the differences of a value between cities follow their distance and their links; see [`association`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Cities that take part.
    pub n: usize,
    /// What distance says, links held constant; positive where near cities are alike.
    pub distance: Partial,
    /// What links say, distance held constant; negative where linked cities are alike.
    pub linkage: Partial,
}

/// Matrix regression of |z_i − z_j| on distance and linkage over all pairs of cities that have a value and a point.
///
/// # Formula
///
/// |z_i − z_j| = a + b·d_ij + c·ln(1 + s_ij) + error
///
/// where z is `x` in standard form, d_ij the distance of the cities' points, and s_ij = w_ij + w_ji the strength of
/// their links before any transform. Partial correlations say what each adds to the other; p by double semi-partialling,
/// see [`matrix_regression`].
///
/// # Errors
///
/// Fewer than 4 or more than 3,000 cities; [`Kind::Undefined`] where the value does not vary.
pub fn association(x: &[f64], cities: &Cities, links: &Weights, inference: &Inference) -> Result<Association> {
    let keep: Vec<(usize, [f64; 2])> = cities
        .points
        .iter()
        .enumerate()
        .filter_map(|(i, point)| point.filter(|_| x[i].is_finite()).map(|point| (i, point)))
        .collect();
    let n = keep.len();
    if n > MOST {
        let message = format!("all pairs of {n} cities are too many; the comparison takes at most {MOST} cities");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let z = Standardised::new(&keep.iter().map(|&(i, _)| x[i]).collect::<Vec<_>>())?.z;
    let links = links.transformed(crate::weights::Transform::None);
    let of_pairs = |f: &dyn Fn(usize, usize) -> f64| -> PairMatrix { (0..n * n).map(|at| f(at / n, at % n)).collect() };
    let strength = |i: usize, j: usize| links.weight(keep[i].0, keep[j].0) + links.weight(keep[j].0, keep[i].0);
    let predictors =
        [of_pairs(&|i, j| cities.metric.distance(keep[i].1, keep[j].1)), of_pairs(&|i, j| libm::log1p(strength(i, j)))];
    let response = of_pairs(&|i, j| (z[i] - z[j]).abs());
    match matrix_regression(n, &response, &predictors, inference, "association")?[..] {
        [distance, linkage] => Ok(Association { n, distance, linkage }),
        _ => unreachable!("two predictors in, two results out"),
    }
}

static ABOUT: About = About {
    name: "association",
    family: Family::Autocorrelation,
    needs: Needs::Links,
    title: "Space or links",
    question: "Does the value follow nearness in space, or the links between cities?",
    formula: "|z_i - z_j| = a + b d_ij + c ln(1 + s_ij) + error, over all pairs",
    symbols: &[
        ("z_i", "value of city i in standard form"),
        ("d_ij", "distance between the cities' points"),
        ("s_ij", "strength of the links between the cities, both directions together"),
    ],
    reading: "Partial correlation with distance above 0: near cities are alike whatever their links; with linkage below 0: linked cities are alike whatever their distance",
    variant: "Matrix regression with double semi-partialling; both Moran's I beside it; 4 to 3,000 cities",
    reference: "Dekker, Krackhardt and Snijders (2007), Psychometrika 72, 563-581, doi:10.1007/s11336-007-9016-1",
    fields: &[
        Field::scalar("i_space", "Moran's I with the spatial weights"),
        Field::scalar("p_space", "its permutation p value"),
        Field::scalar("i_links", "Moran's I with the links as weights"),
        Field::scalar("p_links", "its permutation p value"),
        Field::scalar("partial_distance", "partial correlation of differences with distance"),
        Field::scalar("p_distance", "its permutation p value"),
        Field::scalar("partial_linkage", "partial correlation of differences with linkage"),
        Field::scalar("p_linkage", "its permutation p value"),
        Field::scalar("n", "cities that take part in the comparison of pairs"),
        Field::table("pairs", "correlation, partial correlation, slope and p of both predictors"),
    ],
    matches: &[("R", "sna::netlm(y, list(distance, linkage), nullhyp='qapspp')")],
};

/// [`association`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let [space, .., links] = run.weights else { return Ok(Vec::new()) };
    let compare = |variable| {
        outcome(run, &ABOUT, variable, links, |outcome| {
            outcome.weights = Some(format!("{} and {}", space.label(), links.label()));
            let in_space = moran(&variable.values, space, run.inference)?;
            let along_links = moran(&variable.values, links, run.inference)?;
            let result = association(&variable.values, run.cities, links, run.inference)?;
            outcome.scalars.extend([
                ("i_space", in_space.i),
                ("p_space", in_space.test.p_permutation),
                ("i_links", along_links.i),
                ("p_links", along_links.test.p_permutation),
                ("partial_distance", result.distance.partial_correlation),
                ("p_distance", result.distance.p_permutation),
                ("partial_linkage", result.linkage.partial_correlation),
                ("p_linkage", result.linkage.p_permutation),
                ("n", result.n as f64),
            ]);
            outcome.tables.push(("pairs", table(&result)));
            outcome.notes.push(Note::remark("follows", verdict(&variable.label(), &result, run.inference.alpha)));
            Ok(())
        })
    };
    run.variables.iter().map(compare).collect()
}

fn table(result: &Association) -> TableOut {
    let row = |name: &str, partial: &Partial| -> Vec<Value> {
        vec![
            json!(name),
            json!(partial.correlation),
            json!(partial.partial_correlation),
            json!(partial.standardised),
            json!(partial.p_permutation),
        ]
    };
    TableOut {
        columns: vec!["predictor", "correlation", "partial_correlation", "standardised_slope", "p_permutation"],
        rows: vec![row("distance", &result.distance), row("linkage", &result.linkage)],
    }
}

/// One sentence whose words come from alpha and the signs alone.
fn verdict(variable: &str, result: &Association, alpha: f64) -> String {
    let sign = |partial: &Partial| match partial.p_permutation <= alpha {
        true => partial.partial_correlation.total_cmp(&0.0),
        false => Ordering::Equal,
    };
    let near = match sign(&result.distance) {
        Ordering::Greater => "near cities are more alike than their links explain",
        Ordering::Less => "near cities differ more than their links explain",
        Ordering::Equal => "distance adds nothing to the links",
    };
    let linked = match sign(&result.linkage) {
        Ordering::Less => "linked cities are more alike than their distance explains",
        Ordering::Greater => "linked cities differ more than their distance explains",
        Ordering::Equal => "the links add nothing to distance",
    };
    format!(
        "{variable}: {near} (partial correlation of differences with distance {:.3}, p = {:.3}), and {linked} (with linkage {:.3}, \
         p = {:.3}); alpha = {alpha}",
        result.distance.partial_correlation,
        result.distance.p_permutation,
        result.linkage.partial_correlation,
        result.linkage.p_permutation
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Metric, Shapes};

    /// A row of cities linked end to end: values that follow the links leave nothing to distance, and the reverse.
    #[test]
    fn tells_space_from_links() {
        let n = 24;
        let mut shapes = Shapes::default();
        let points: Vec<[f64; 2]> = (0..n).map(|i| [(i % 6) as f64, (i / 6) as f64]).collect();
        points.iter().for_each(|&point| shapes.push_point(point));
        let ids: Vec<String> = (0..n).map(|i| format!("C{i:02}")).collect();
        let points = points.into_iter().map(Some).collect();
        let cities = Cities { names: ids.clone(), ids, shapes, points, metric: Metric::Planar, notes: Vec::new() };
        let club = |i: usize| (i * 7) % 4;
        let rows = (0..n).map(|i| (0..n).filter(|&j| j != i && club(j) == club(i)).map(|j| (j as u32, 9.0)).collect());
        let links = Weights::from_rows("links", rows.collect());
        let by_links: Vec<f64> = (0..n).map(|i| club(i) as f64 + 0.01 * ((i * 31) % 17) as f64).collect();
        let by_space: Vec<f64> = (0..n).map(|i| (i % 6) as f64 + 0.01 * ((i * 31) % 17) as f64).collect();
        let a = association(&by_links, &cities, &links, &Inference::default()).unwrap();
        let b = association(&by_space, &cities, &links, &Inference::default()).unwrap();
        assert!(a.linkage.p_permutation <= 0.01 && a.distance.p_permutation > 0.05, "{a:?}");
        assert!(b.distance.p_permutation <= 0.01 && b.linkage.p_permutation > 0.05, "{b:?}");
        let said = verdict("gdp", &a, 0.05);
        assert!(said.contains("distance adds nothing") && said.contains("linked cities are more alike"), "{said}");
    }
}
