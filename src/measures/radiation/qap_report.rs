//! [`qap()`] in the registry.

use serde_json::{Value, json};

use super::adapter::on_network;
use super::distances::Distances;
use super::qap::{MOST, Predicted, Predictor, Qap, qap};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, printed, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::{LinkDirection, Linkage, Variable};

static ABOUT: About = About {
    name: "qap",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "What goes with links (QAP)",
    question: "Are cities linked because they are near, large, under one government, or alike?",
    formula: "log(1 + s_ij) = a + b log d_ij + c log(m_i m_j) + e g_ij + f |x_i - x_j| + error, over all pairs",
    symbols: &[
        (
            "s_ij",
            "strength of the link of cities i and j, from i to j where links have a direction; 0 where there is none",
        ),
        ("d_ij", "distance of the cities, or the cost of the way between them"),
        ("m_i", "mass of city i"),
        ("g_ij", "1 where both cities are in the same group, else 0; one for each column of --group"),
        ("x_i", "value of city i; one for each value"),
    ],
    reading: "correlation: alone; partial_correlation: the other predictors held constant. With distance below 0: near cities are linked more, whatever the rest. slope of log_distance: per cent by which 1 + s changes for one per cent of distance. r2 is the share of the variance that all explain together. A correlation of pairs, no proof of a cause",
    variant: "Ordinary least squares over pairs, ordered ones where links have a direction; p of a correlation by permuting cities (QAP), p of a slope by double semi-partialling (MRQAP); cities without place or mass above 0 or a value are left out; of several years the latest; 4 to 3,000 cities, permutations lowered, to 99 at the least, where they would take more than 5e9 operations",
    reference: "Krackhardt (1988), Social Networks 10, 359-381; Dekker, Krackhardt and Snijders (2007), Psychometrika 72, 563-581, doi:10.1007/s11336-007-9016-1",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("pairs", "pairs of them, ordered ones where links have a direction"),
        Field::scalar("r2", "share of the variance of log(1 + s) that the predictors explain together"),
        Field::scalar("constant", "constant of the regression"),
        Field::table("predictors", "correlation, partial correlation, slopes and p of every predictor"),
    ],
    matches: &[("R", "sna::gcor, and sna::netlm(y, list(...), nullhyp='qapspp'), mode='digraph' for directed links")],
};

/// [`qap()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    if run.network.is_some() && run.links.is_none() && run.firms.is_none() {
        return Ok(vec![circular()]);
    }
    on_network(run, &ABOUT, fill)
}

/// The outcome where the links were made of the predictors.
fn circular() -> Outcome {
    let message = "no qap: the network is built of masses and distances, which it would find again";
    let notes = vec![Note::remark("not_run", message)];
    Outcome { measure: ABOUT.name, notes, ..Outcome::default() }
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let n = run.cities.len();
    if n > MOST {
        let message = format!("not run: all pairs of {n} cities are too many, and the most is {MOST}");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let directed = links.direction() == LinkDirection::Directed;
    let distances = Distances::of(run).map_err(|error| Fault::new(Kind::Undefined, error.to_string()))?;
    outcome.notes.extend(distances.near_pairs(run.cities));
    let (mass, values) = (latest(run.mass).pop(), latest(run.variables));
    let known = |i: usize| {
        let placed = (0..n).any(|j| j != i && distances.get(i, j).is_finite());
        placed && mass.is_none_or(|mass| mass.values[i] > 0.0) && values.iter().all(|value| value.values[i].is_finite())
    };
    let (keep, without): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| known(i));
    outcome.notes.extend(left_out(run, &without));
    let predictors = predictors(run, &keep, &distances, mass, &values);
    check(&predictors, keep.len())?;
    let result = qap(keep.len(), &response(links, &keep), predictors, directed, run.inference)?;
    outcome.scalars.extend([
        ("n", result.n as f64),
        ("pairs", result.pairs as f64),
        ("r2", result.r2),
        ("constant", result.constant),
    ]);
    outcome.notes.extend(notes(&result, run));
    outcome.notes.extend(sentences(&result, run.inference.alpha).into_iter().map(finding));
    outcome.tables.push(("predictors", table(&result)));
    outcome.footer = Some(footer(run, &result, directed, distances.unit, mass));
    Ok(())
}

/// Each value in its latest year.
fn latest(variables: &[Variable]) -> Vec<&Variable> {
    let is_last =
        |variable: &&Variable| variables.iter().all(|other| other.name != variable.name || other.year <= variable.year);
    variables.iter().filter(is_last).collect()
}

/// ln(1 + s) of the links among the cities at `keep`.
fn response(links: &Linkage, keep: &[usize]) -> Vec<f64> {
    let n = keep.len();
    let mut values = vec![0.0; n * n];
    for (i, j, weight) in links.subset(keep).arcs() {
        values[i * n + j] = libm::log1p(links.meaning().strength(weight));
    }
    values
}

/// The matrices that can be made for the cities at `keep`.
fn predictors(
    run: &Run,
    keep: &[usize],
    distances: &Distances,
    mass: Option<&Variable>,
    values: &[&Variable],
) -> Vec<Predictor> {
    let n = keep.len();
    let of_pairs = |name: String, f: &dyn Fn(usize, usize) -> f64| {
        let value = |at: usize| if at / n == at % n { 0.0 } else { f(keep[at / n], keep[at % n]) };
        Predictor { name, values: (0..n * n).map(value).collect() }
    };
    let mut found = vec![of_pairs("log_distance".into(), &|i, j| libm::log(distances.get(i, j)))];
    if let Some(mass) = mass {
        let logs: Vec<f64> = mass.values.iter().map(|&m| libm::log(m)).collect();
        found.push(of_pairs("log_mass_product".into(), &|i, j| logs[i] + logs[j]));
    }
    for grouping in run.groups {
        let same = |i: usize, j: usize| grouping.groups[i].is_some() && grouping.groups[i] == grouping.groups[j];
        found.push(of_pairs(format!("same_{}", grouping.name), &|i, j| f64::from(u8::from(same(i, j)))));
    }
    for value in values {
        let gap = |i: usize, j: usize| (value.values[i] - value.values[j]).abs();
        found.push(of_pairs(format!("difference_{}", value.name), &gap));
    }
    found
}

/// Costs may leave out a pair, and a regression has to know all.
fn check(predictors: &[Predictor], n: usize) -> Result<()> {
    let holes = |predictor: &Predictor| (0..n * n).any(|at| !predictor.values[at].is_finite());
    match predictors.iter().find(|predictor| holes(predictor)) {
        None => Ok(()),
        Some(predictor) => {
            let message =
                format!("{} is not known for all pairs of cities, so that nothing is compared", predictor.name);
            Err(Fault::new(Kind::Undefined, message).into())
        }
    }
}

fn left_out(run: &Run, without: &[usize]) -> Option<Note> {
    let named = listed_by(without, |&i| run.cities.label(i));
    let message = format!("left out for want of a place, a mass above 0 or a value: {named}");
    let note = || Note::remark("missing_value", message).about(without.iter().map(|&i| &run.cities.ids[i]));
    (!without.is_empty()).then(note)
}

fn notes(result: &Qap, run: &Run) -> Vec<Note> {
    let mut notes = Vec::new();
    if !result.left_out.is_empty() {
        let message = format!(
            "left out, being the same for all pairs or following from the others: {}",
            listed(&result.left_out)
        );
        notes.push(Note::remark("predictor_left_out", message));
    }
    if result.permutations < run.inference.permutations {
        let message = format!(
            "{} permutations instead of {}: more would take too long for {} pairs",
            result.permutations, run.inference.permutations, result.pairs
        );
        notes.push(Note::remark("permutations_lowered", message));
    }
    if result.permutations == 0 {
        notes.push(Note::remark("undefined_number", "no p values without permutations"));
    }
    notes
}

fn footer(run: &Run, result: &Qap, directed: bool, unit: &str, mass: Option<&Variable>) -> String {
    let pairs = if directed { "log(1 + w) over ordered pairs" } else { "log(1 + s) over pairs" };
    let distance = match (run.costs, unit) {
        (Some(_), _) => "costs of ways".to_owned(),
        (None, "") => "straight distances".to_owned(),
        (None, unit) => format!("distances as the crow flies in {unit}"),
    };
    let mass = mass.map_or_else(String::new, |mass| format!("; mass: {}", mass.label()));
    format!(
        "least squares of {pairs}; {distance}{mass}; {} permutations, {}; n = {}",
        result.permutations,
        run.inference.alternative.name(),
        result.n
    )
}

fn table(result: &Qap) -> TableOut {
    let row = |found: &Predicted| -> Vec<Value> {
        let partial = &found.partial;
        let numbers = [
            partial.correlation,
            found.p,
            partial.partial_correlation,
            partial.standardised,
            partial.slope,
            partial.p_permutation,
        ];
        [json!(found.name)].into_iter().chain(numbers.map(cell)).collect()
    };
    TableOut {
        columns: vec!["predictor", "correlation", "p", "partial_correlation", "standardised", "slope", "p_regression"],
        rows: result.predictors.iter().map(row).collect(),
    }
}

/// One sentence for all together, one for those that alpha tells from chance, one for those that it does not.
fn sentences(result: &Qap, alpha: f64) -> Vec<String> {
    let names: Vec<&str> = result.predictors.iter().map(|found| found.name.as_str()).collect();
    let mut said = vec![format!(
        "{} % of the variance of the logarithms of the links over {} pairs goes with {}",
        printed(100.0 * result.r2, 0),
        result.pairs,
        listed(&names)
    )];
    let told = |found: &&Predicted| found.partial.p_permutation <= alpha;
    let with: Vec<&Predicted> = result.predictors.iter().filter(told).collect();
    let described = |found: &&Predicted| {
        format!(
            "{} (partial correlation {}, p = {})",
            found.name,
            signed(found.partial.partial_correlation, 2),
            printed(found.partial.p_permutation, 3)
        )
    };
    if !with.is_empty() {
        said.push(format!("told from chance at {alpha}, the others held constant: {}", listed_by(&with, described)));
    }
    let without: Vec<&Predicted> =
        result.predictors.iter().filter(|found| found.partial.p_permutation > alpha).collect();
    if !without.is_empty() {
        said.push(format!("not told from chance at {alpha}: {}", listed_by(&without, described)));
    }
    said
}
