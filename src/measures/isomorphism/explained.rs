//! What goes with similar structures: nearness, links, size, or a common province.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding};
use super::unido;
use crate::error::{Fault, Kind, Result};
use crate::inference::{Inference, PairMatrix, Partial, matrix_regression, vary, within_budget};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::{Grouping, Industry, Linkage, Metric, Structure};

/// Most cities whose pairs are compared.
const MOST: usize = 3000;

/// A matrix of all pairs that may explain similarity.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What it is called.
    pub name: &'static str,
    /// Its values, n × n; the diagonal is not used.
    pub values: PairMatrix,
}

/// What explains the similarity of structures; see [`similarity_explained`].
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Cities that take part.
    pub n: usize,
    /// Share of the variance of the similarity that all predictors explain together.
    pub r2: f64,
    /// What each predictor adds to the others, by name.
    pub predictors: Vec<(&'static str, Partial)>,
    /// Names of the predictors that do not vary and were left out.
    pub constant: Vec<&'static str>,
    /// Permutations made; fewer than asked for where these would take too long.
    pub permutations: usize,
}

/// Matrix regression of UNIDO's similarity of n cities on matrices of the same pairs.
///
/// # Formula
///
/// S_ij = a + Σ_m b_m x_m,ij + error over all pairs i < j; R² = Σ_m β_m r_m
///
/// where β_m is the standardised slope and r_m the correlation of predictor m with the similarity. p by double
/// semi-partialling, see [`matrix_regression`]. Predictors that do not vary are left out. Permutations are made fewer,
/// but never fewer than 99, where they would take more than 5·10⁹ operations.
///
/// # Errors
///
/// Fewer than 4 or more than 3,000 cities, matrices of another size; [`Kind::Undefined`] where no predictor varies, one
/// follows from the others, or the similarity does not vary.
///
/// # Complexity
///
/// O(P·n²·predictors²) time, O(n²·predictors) memory.
///
/// # Source
///
/// Dekker, D., Krackhardt, D. and Snijders, T. A. B. (2007), Psychometrika 72, 563-581. doi:10.1007/s11336-007-9016-1
pub fn similarity_explained(
    similarity: &PairMatrix,
    n: usize,
    mut predictors: Vec<Explanation>,
    inference: &Inference,
) -> Result<Explained> {
    if !(4..=MOST).contains(&n) {
        let message =
            format!("matrix regression takes 4 to {MOST} cities with an industry and a point, and there are {n}");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let constant = predictors.iter().filter(|p| !varies(n, &p.values)).map(|p| p.name).collect();
    predictors.retain(|p| varies(n, &p.values));
    if predictors.is_empty() {
        return Err(Fault::new(Kind::Undefined, "there is nothing that may explain the similarity").into());
    }
    let permutations = affordable(n, predictors.len(), inference.permutations);
    let inference = Inference { permutations, ..*inference };
    let (names, values): (Vec<_>, Vec<_>) = predictors.into_iter().map(|p| (p.name, p.values)).unzip();
    let partials = matrix_regression(n, similarity, &values, &inference, "isomorphism_explained")?;
    let r2 = partials.iter().map(|partial| partial.standardised * partial.correlation).sum();
    Ok(Explained { n, r2, predictors: names.into_iter().zip(partials).collect(), constant, permutations })
}

/// How many of the permutations the budget leaves.
fn affordable(n: usize, predictors: usize, asked: usize) -> usize {
    // Three more for putting the pairs in another order, which is slow.
    within_budget(n * (n - 1) / 2 * predictors * (predictors + 3), asked)
}

/// Whether the pairs of a matrix differ by more than rounding.
fn varies(n: usize, values: &[f64]) -> bool {
    vary((0..n).flat_map(|i| values.iter().skip(i * n + i + 1).take(n - i - 1)).copied())
}

static ABOUT: About = About {
    name: "isomorphism_explained",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "What goes with similar structures",
    question: "Are cities alike in industry because they are near, linked, of one size, or under one government?",
    formula: "S_ij = a + b d_ij + c ln(1 + s_ij) + e |ln X_i - ln X_j| + f g_ij + error, over all pairs",
    symbols: &[
        ("S_ij", "UNIDO's similarity of cities i and j"),
        ("d_ij", "distance of the cities' points in 100 km, in units of the coordinates where these are planar"),
        ("s_ij", "strength of the links between the cities, both directions together"),
        ("X_i", "total of city i"),
        ("g_ij", "1 where both cities are in the same group, else 0"),
    ],
    reading: "Partial correlation with distance below 0: near cities are alike whatever the rest; with linkage above 0: linked cities are alike whatever their distance. r2 is the share of the variance of similarity that all explain together. A correlation of pairs, no proof of a cause",
    variant: "Ordinary least squares over pairs, p by double semi-partialling; predictors that are not given or do not vary are left out; groups: the first column of --group, a city without one shares none; 4 to 3,000 cities, permutations lowered, to 99 at the least, where they would take more than 5e9 operations",
    reference: "Dekker, Krackhardt and Snijders (2007), Psychometrika 72, 563-581, doi:10.1007/s11336-007-9016-1",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("pairs", "pairs of them"),
        Field::scalar("r2", "share of the variance of similarity that the predictors explain together"),
        Field::scalar("partial_distance", "partial correlation of similarity with distance"),
        Field::scalar("p_distance", "its permutation p value"),
        Field::scalar("partial_linkage", "partial correlation of similarity with linkage"),
        Field::scalar("p_linkage", "its permutation p value"),
        Field::scalar("partial_size_gap", "partial correlation of similarity with the gap in size"),
        Field::scalar("p_size_gap", "its permutation p value"),
        Field::scalar("partial_same_group", "partial correlation of similarity with being in the same group"),
        Field::scalar("p_same_group", "its permutation p value"),
        Field::table("predictors", "correlation, partial correlation, slopes and p of every predictor"),
    ],
    matches: &[("R", "sna::netlm(y, list(...), nullhyp='qapspp')")],
};

/// Names of the predictors, of their scalars, and what is said of pairs that are alike where it is low, and high,
/// GROUP being the column of the groups.
const PREDICTORS: [(&str, [&str; 2], [&str; 2]); 4] = [
    ("distance", ["partial_distance", "p_distance"], ["near cities", "distant cities"]),
    ("linkage", ["partial_linkage", "p_linkage"], ["weakly linked cities", "strongly linked cities"]),
    ("size_gap", ["partial_size_gap", "p_size_gap"], ["cities of one size", "cities of unequal size"]),
    (
        "same_group",
        ["partial_same_group", "p_same_group"],
        ["cities with a different GROUP", "cities with the same GROUP"],
    ),
];

/// [`similarity_explained`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant = format!(
        "least squares of UNIDO similarity over pairs of cities, p by double semi-partialling, {}",
        run.inference.alternative.name()
    );
    each_year(run, &ABOUT, &variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    let (keep, without): (Vec<usize>, Vec<usize>) =
        structure.members().iter().partition(|&&i| run.cities.points[i].is_some());
    if keep.len() > MOST {
        let message = format!("not run: all pairs of {} cities are too many, and the most is {MOST}", keep.len());
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    outcome.notes.extend(left_out_note(run, &without));
    let (similarity, n) = (unido(&structure.subset(&keep)), keep.len());
    let predictors = explanations(run, industry, structure, &keep);
    let missing: Vec<&str> =
        PREDICTORS.iter().map(|(name, ..)| *name).filter(|name| predictors.iter().all(|p| p.name != *name)).collect();
    let result = similarity_explained(&similarity, n, predictors, run.inference)?;
    outcome.scalars.extend([("n", n as f64), ("pairs", (n * (n - 1) / 2) as f64), ("r2", result.r2)]);
    for (name, [partial, p], _) in PREDICTORS {
        let found = result.predictors.iter().find(|(other, _)| *other == name).map(|(_, partial)| partial);
        outcome.scalars.push((partial, found.map_or(f64::NAN, |found| found.partial_correlation)));
        outcome.scalars.push((p, found.map_or(f64::NAN, |found| found.p_permutation)));
    }
    let group = run.groups.first().map_or("group", |grouping| grouping.name.as_str());
    outcome.notes.extend(sentences(&result, group, run.inference.alpha).into_iter().map(finding));
    outcome.footer = outcome.footer.take().map(|before| {
        let used = listed(&names(&result.predictors, group));
        format!("{before}; predictors: {used}; {} permutations", result.permutations)
    });
    outcome.notes.extend(missing_note(&missing, "not available"));
    outcome.notes.extend(missing_note(&result.constant, "the same for all pairs"));
    outcome.notes.extend(permutations_note(&result, run.inference));
    outcome.notes.extend(run.groups.first().and_then(|grouping| ungrouped_note(run, grouping, &keep)));
    outcome.tables.push(("predictors", table(&result, run.cities.metric, run.groups.first())));
    Ok(())
}

/// The matrices that can be made for the cities at `keep`.
fn explanations(run: &Run, industry: &Industry, structure: &Structure, keep: &[usize]) -> Vec<Explanation> {
    let n = keep.len();
    let of_pairs = |f: &dyn Fn(usize, usize) -> f64| -> PairMatrix {
        (0..n * n).map(|at| f(keep[at / n], keep[at % n])).collect()
    };
    let (cities, scale) = (run.cities, if run.cities.metric.unit() == "km" { 100.0 } else { 1.0 });
    let distance = |i: usize, j: usize| match (cities.points[i], cities.points[j]) {
        (Some(a), Some(b)) => cities.metric.distance(a, b) / scale,
        _ => f64::NAN,
    };
    let sizes: Vec<f64> = (0..structure.cities()).map(|i| libm::log(structure.total(i))).collect();
    let mut found = vec![Explanation { name: "distance", values: of_pairs(&distance) }];
    if let Some(links) = run.links {
        found.push(Explanation { name: "linkage", values: linkage(links, keep) });
    }
    if !industry.percent {
        found.push(Explanation { name: "size_gap", values: of_pairs(&|i, j| (sizes[i] - sizes[j]).abs()) });
    }
    if let Some(grouping) = run.groups.first() {
        let same = |i: usize, j: usize| grouping.groups[i].is_some() && grouping.groups[i] == grouping.groups[j];
        found.push(Explanation { name: "same_group", values: of_pairs(&|i, j| f64::from(u8::from(same(i, j)))) });
    }
    found
}

/// ln(1 + s_ij) of the cities at `keep`, s_ij the strength of their links without direction.
pub(super) fn linkage(links: &Linkage, keep: &[usize]) -> PairMatrix {
    let n = keep.len();
    let mut place = vec![None; links.n()];
    keep.iter().enumerate().for_each(|(new, &old)| place[old] = Some(new));
    let mut values = vec![0.0; n * n];
    for (i, j, weight) in links.undirected().arcs() {
        if let (Some(a), Some(b)) = (place[i], place[j]) {
            values[a * n + b] = libm::log1p(links.meaning().strength(weight));
        }
    }
    values
}

/// Names of predictors as they stand in sentences; `group` is that of the column of the groups.
fn names(predictors: &[(&'static str, Partial)], group: &str) -> Vec<String> {
    predictors.iter().map(|(name, _)| spoken(name, group)).collect()
}

fn spoken(name: &str, group: &str) -> String {
    if name == "same_group" { format!("same {group}") } else { name.replace('_', " ") }
}

/// One sentence for all predictors together, one for each that alpha tells from chance, and one for all that it does not.
fn sentences(result: &Explained, group: &str, alpha: f64) -> Vec<String> {
    let all = listed(&names(&result.predictors, group));
    let mut said = vec![format!("r2 = {:.3} of the variance of similarity over the pairs goes with {all}", result.r2)];
    let (told, untold): (Vec<_>, Vec<_>) =
        result.predictors.iter().copied().partition(|(_, partial)| partial.p_permutation <= alpha);
    said.extend(told.iter().map(|(name, partial)| sentence(name, group, partial, alpha)));
    if !untold.is_empty() {
        let names = listed(&names(&untold, group));
        let numbers: Vec<String> = untold.iter().map(|(_, partial)| numbers(partial)).collect();
        let numbers = numbers.join("; ");
        said.push(format!(
            "{names} cannot be told from chance, the rest held constant (partial correlation with similarity {numbers}; \
             alpha = {alpha})"
        ));
    }
    said
}

fn sentence(name: &str, group: &str, partial: &Partial, alpha: f64) -> String {
    let alike = PREDICTORS.iter().find(|(other, ..)| *other == name).map_or(["", ""], |&(_, _, alike)| alike);
    let who = if partial.partial_correlation > 0.0 { alike[1] } else { alike[0] }.replace("GROUP", group);
    let (name, numbers) = (spoken(name, group), numbers(partial));
    format!(
        "{who} are more alike in industry than the rest explains (partial correlation of similarity with {name} {numbers}; \
         alpha = {alpha})"
    )
}

fn numbers(partial: &Partial) -> String {
    let p = partial.p_permutation;
    let p = if p.is_nan() { "no permutations".to_owned() } else { format!("p = {p:.3}") };
    let r = partial.partial_correlation;
    if r.is_nan() { "undefined".to_owned() } else { format!("{r:.3}, {p}") }
}

fn left_out_note(run: &Run, without: &[usize]) -> Option<Note> {
    let message = format!("{}: left out, since no point is known", listed_by(without, |&i| run.cities.label(i)));
    let note = || Note::warning("no_point", message).about(without.iter().map(|&i| &run.cities.ids[i]));
    (!without.is_empty()).then(note)
}

fn missing_note(names: &[&str], why: &str) -> Option<Note> {
    (!names.is_empty()).then(|| Note::remark("predictor_left_out", format!("left out, since {why}: {}", listed(names))))
}

fn permutations_note(result: &Explained, inference: &Inference) -> Option<Note> {
    let (made, asked) = (result.permutations, inference.permutations);
    let message =
        format!("{made} permutations instead of {asked}, since with {} cities more would take too long", result.n);
    (made < asked).then(|| Note::remark("fewer_permutations", message))
}

fn ungrouped_note(run: &Run, grouping: &Grouping, keep: &[usize]) -> Option<Note> {
    let without: Vec<usize> = keep.iter().copied().filter(|&i| grouping.groups[i].is_none()).collect();
    let cities = listed_by(&without, |&i| run.cities.label(i));
    let message = format!("no {} is known of {cities}: taken to share it with no other city", grouping.name);
    let note = || Note::warning("missing_group", message).about(without.iter().map(|&i| &run.cities.ids[i]));
    (!without.is_empty()).then(note)
}

fn table(result: &Explained, metric: Metric, grouping: Option<&Grouping>) -> TableOut {
    let unit = |name: &str| match name {
        "distance" if metric.unit() == "km" => "100 km".to_owned(),
        "distance" => "unit of the coordinates".to_owned(),
        "same_group" => grouping.map_or(String::new(), |grouping| format!("1 in the same {}, else 0", grouping.name)),
        "linkage" => "ln(1 + strength)".to_owned(),
        _ => "difference of logarithms".to_owned(),
    };
    let row = |(name, partial): &(&str, Partial)| -> Vec<Value> {
        let numbers = [
            partial.correlation,
            partial.partial_correlation,
            partial.slope,
            partial.standardised,
            partial.p_permutation,
        ];
        std::iter::once(json!(name)).chain(numbers.map(cell)).chain([json!(unit(name))]).collect()
    };
    TableOut {
        columns: vec![
            "predictor",
            "correlation",
            "partial_correlation",
            "slope",
            "standardised_slope",
            "p_permutation",
            "unit",
        ],
        rows: result.predictors.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Similarities made of two predictors: both slopes and the explained share come out.
    #[test]
    fn what_explains_all_is_found_and_what_is_constant_left_out() {
        let n = 9;
        let of_pairs = |f: &dyn Fn(f64, f64) -> f64| -> PairMatrix {
            (0..n * n).map(|at| f((at / n) as f64, (at % n) as f64)).collect()
        };
        let distance = of_pairs(&|i, j| (i - j).abs());
        let size = of_pairs(&|i, j| ((i * i) % 7.0 - (j * j) % 7.0).abs());
        let s = distance.iter().zip(&size).map(|(d, x)| 0.9 - 0.05 * d - 0.02 * x).collect();
        let predictors = vec![
            Explanation { name: "distance", values: distance },
            Explanation { name: "same_group", values: vec![1.0; n * n] },
            Explanation { name: "size_gap", values: size },
        ];
        let inference = Inference { permutations: 199, ..Inference::default() };
        let got = similarity_explained(&s, n, predictors, &inference).unwrap();
        assert!((got.r2 - 1.0).abs() < 1e-12);
        assert_eq!(got.constant, ["same_group"]);
        assert!((got.predictors[0].1.slope + 0.05).abs() < 1e-12 && (got.predictors[1].1.slope + 0.02).abs() < 1e-12);
        let said = sentences(&got, "province", 0.05);
        assert!(said[0].starts_with("r2 = 1.000") && said[0].ends_with("distance and size gap"), "{said:?}");
        assert!(said[1].starts_with("near cities are more alike"), "{said:?}");
        let same =
            sentence("same_group", "province", &Partial { partial_correlation: 0.3, ..got.predictors[0].1 }, 0.05);
        assert!(same.starts_with("cities with the same province are more alike"), "{same}");
        let none = Partial { p_permutation: 0.5, ..got.predictors[0].1 };
        let untold = Explained { predictors: vec![("distance", none), ("size_gap", none)], ..got };
        let said = sentences(&untold, "province", 0.05);
        assert!(said.len() == 2 && said[1].starts_with("distance and size gap cannot be told from chance"), "{said:?}");
    }

    #[test]
    fn permutations_fit_the_budget() {
        assert_eq!(affordable(41, 4, 9999), 9999);
        assert_eq!(affordable(1000, 4, 999), 299);
        assert_eq!(affordable(3000, 4, 999), 99);
        assert_eq!(affordable(3000, 4, 9), 9);
        assert_eq!(affordable(1000, 1, 999), 999);
    }

    #[test]
    fn nothing_to_explain_with_is_undefined() {
        let got = similarity_explained(&vec![1.0; 25], 5, Vec::new(), &Inference::default());
        assert_eq!(got.unwrap_err().kind(), Kind::Undefined);
        assert!(similarity_explained(&vec![1.0; 9], 3, Vec::new(), &Inference::default()).is_err());
    }
}
