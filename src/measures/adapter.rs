//! What all adapters share: an outcome that is filled, or says why it cannot be; the cells of tables; sentences.

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::autocorrelation::classes::UNDEFINED;
use super::{About, FieldPlace, Matrix, Outcome, Run, Values};
use crate::error::{Error, Faults, Kind, Result};
use crate::note::Note;
use crate::study::Variable;

/// `outcome` filled; where the statistic is undefined, without numbers and with a note. `n` is the number of cities.
pub(super) fn filled(
    n: usize,
    about: &'static About,
    mut outcome: Outcome,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    match fill(&mut outcome) {
        Ok(()) => Ok(outcome),
        Err(error) if error.kind() == Kind::Undefined => Ok(undefined(n, about, outcome, &error)),
        Err(error) => Err(error),
    }
}

/// Columns of classes, which are never null.
const CLASSES: [&str; 13] = [
    "agree",
    "class",
    "consensus",
    "contested",
    "disagreement",
    "grade",
    "inside",
    "lag_class",
    "quadrant",
    "quadrant_first",
    "quadrant_last",
    "stage",
    "tier",
];

/// The outcome of a statistic that these values do not define: every number null, every class `undefined`.
fn undefined(n: usize, about: &'static About, mut outcome: Outcome, error: &Error) -> Outcome {
    for field in about.fields {
        match field.place {
            FieldPlace::Scalar => outcome.scalars.push((field.name, f64::NAN)),
            FieldPlace::Column(_) if CLASSES.contains(&field.name) => {
                outcome.columns.push((field.name, Values::Classes(vec![UNDEFINED; n])));
            }
            FieldPlace::Column(_) => outcome.columns.push((field.name, Values::Numbers(vec![f64::NAN; n]))),
            FieldPlace::Table | FieldPlace::Matrix | FieldPlace::Layer => {}
        }
    }
    let message = match &outcome.variable {
        Some(variable) => format!("{variable}: {error}"),
        None => error.to_string(),
    };
    outcome.notes.push(Note::warning("undefined", message));
    outcome
}

/// Puts 0 for −0, which an empty sum gives.
pub(super) fn unsign(outcome: &mut Outcome) {
    outcome.scalars.iter_mut().for_each(|(_, x)| *x += 0.0);
    outcome.matrices.iter_mut().flat_map(|(_, matrix)| &mut matrix.values).for_each(|x| *x += 0.0);
    for (_, values) in &mut outcome.columns {
        if let Values::Numbers(values) = values {
            values.iter_mut().for_each(|x| *x += 0.0);
        }
    }
}

/// The error with the features and ids of the cities that its places stand for.
pub(super) fn located(run: &Run, error: Error) -> Error {
    let mut faults = Faults::default();
    for fault in error.faults() {
        let fault = fault.clone();
        faults.push(match fault.place().feature {
            Some(i) if i < run.cities.len() => fault.feature(run.features[i]).city(run.cities.ids[i].as_str()),
            _ => fault,
        });
    }
    faults.finish(()).err().unwrap_or(error)
}

/// The value of this name in its years, ascending, each year once.
pub(super) fn years_of<'a>(variables: &'a [Variable], name: &str) -> Vec<(i32, &'a Variable)> {
    let of_name = variables.iter().filter(|variable| variable.name == name);
    let mut years: Vec<(i32, &Variable)> = of_name.filter_map(|variable| Some((variable.year?, variable))).collect();
    years.sort_by_key(|&(year, _)| year);
    years.dedup_by_key(|(year, _)| *year);
    years
}

/// The covariates in the year of the value, else those without a year; a warning names those that have neither.
pub(super) fn covariates_of<'a>(run: &Run<'a>, variable: &Variable, outcome: &mut Outcome) -> Vec<&'a Variable> {
    let names: IndexSet<&str> = run.covariates.iter().map(|x| x.name.as_str()).collect();
    let of = |name: &str, year| run.covariates.iter().find(|x| x.name == name && x.year == year);
    let mut found = Vec::new();
    for name in names {
        match of(name, variable.year).or_else(|| of(name, None)) {
            Some(x) => found.push(x),
            None => outcome.notes.push(Note::warning(
                "no_covariate",
                format!("{name} has no values in the year of {}", variable.label()),
            )),
        }
    }
    found
}

/// What has to be said under every table of growth or of industry, as the end of a footer; nothing where there is nothing.
pub(super) fn remark(run: &Run) -> String {
    run.remark.map_or_else(String::new, |remark| format!("; {remark}"))
}

/// Id and name of a city, the first two cells of a row about it.
pub(super) fn who(run: &Run, i: usize) -> [Value; 2] {
    [json!(run.cities.ids[i]), json!(run.cities.names[i])]
}

/// A number as a cell, 0 without a sign; `null` where it is undefined.
pub(super) fn cell(x: f64) -> Value {
    if x.is_finite() { json!(x + 0.0) } else { Value::Null }
}

/// A matrix of all pairs of cities, by their ids.
pub(super) fn by_pairs(run: &Run, values: Vec<f64>) -> Matrix {
    Matrix { rows: run.cities.ids.clone(), columns: run.cities.ids.clone(), values }
}

/// The code of sentences that a report can quote.
pub(super) const FINDING: &str = "follows";

/// A sentence that a report can quote. Its words follow from numbers that stand in it.
pub(super) fn finding(sentence: String) -> Note {
    Note::remark(FINDING, sentence)
}

/// A number in a sentence: with this many decimals, with an exponent from a thousand million on.
pub(super) fn printed(x: f64, decimals: usize) -> String {
    if x.abs() >= 1e9 {
        return format!("{x:.2e}");
    }
    let text = format!("{:.decimals$}", x + 0.0);
    // What rounds to zero has no sign.
    if text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) { text.replace('-', "") } else { text }
}

/// As [`printed`], with its sign.
pub(super) fn signed(x: f64, decimals: usize) -> String {
    format!("{}{}", if x >= 0.0 { "+" } else { "" }, printed(x, decimals))
}

/// Most cells of a matrix or a long table that is written.
const MOST_CELLS: usize = 4_000_000;

/// Whether `what` of this size can be written; else a remark says why it is left out.
pub(super) fn fits(what: &str, rows: usize, columns: usize, outcome: &mut Outcome) -> bool {
    let fits = rows.saturating_mul(columns) <= MOST_CELLS;
    if !fits {
        let message = format!("{what} ({rows} by {columns}) left out: the most is {MOST_CELLS} cells");
        outcome.notes.push(Note::remark("not_run", message));
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_sentences_are_short() {
        assert_eq!(
            [printed(-0.0, 1), printed(-1e-9, 2), printed(1e300, 2), signed(2.0, 1), signed(-1e12, 1)],
            ["0.0", "0.00", "1.00e300", "+2.0", "-1.00e12"]
        );
        assert_eq!(cell(-0.0).to_string(), "0.0");
    }
}
