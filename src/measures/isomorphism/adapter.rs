//! What the adapters of the families of industry share: one outcome for each year, the footer of its tables, names.

use serde_json::{Value, json};

use crate::error::{Error, Faults, Result};
use crate::measures::adapter::filled;
use crate::measures::{About, Matrix, Outcome, Run};
use crate::note::{Note, listed_by};
use crate::study::{Industry, IndustryYear, Structure};

/// One outcome for each year of the industry table; where the measure is undefined, one without numbers and with a note.
/// `variant` says in the footer what was computed; `fill` gets the year and the outcome.
pub(in crate::measures) fn each_year(
    run: &Run,
    about: &'static About,
    variant: &str,
    fill: impl Fn(&Industry, &IndustryYear, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some(industry) = run.industry else { return Ok(Vec::new()) };
    let of_year = |year: &IndustryYear| {
        let outcome = Outcome {
            measure: about.name,
            year: year.year,
            footer: Some(footer(run, industry, &[year], variant)),
            ..Outcome::default()
        };
        outcome_of(run, about, outcome, |outcome| fill(industry, year, outcome))
    };
    industry.years.iter().map(of_year).collect()
}

/// One outcome for the step from the first year of the industry table to the last. It carries no year; its options
/// are `from` and `to`.
pub(in crate::measures) fn over_the_years(
    run: &Run,
    about: &'static About,
    variant: &str,
    fill: impl FnOnce(&Industry, (&IndustryYear, &IndustryYear), &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some((industry, (first, last))) = run.industry.and_then(|industry| Some((industry, industry.span()?))) else {
        return Ok(Vec::new());
    };
    let mut outcome = Outcome {
        measure: about.name,
        footer: Some(footer(run, industry, &[first, last], variant)),
        ..Outcome::default()
    };
    outcome.options.insert("from".into(), json!(first.year));
    outcome.options.insert("to".into(), json!(last.year));
    Ok(vec![outcome_of(run, about, outcome, |outcome| fill(industry, (first, last), outcome))?])
}

/// `outcome` filled, faults with the city and the column where they name places among the levels.
pub(in crate::measures) fn outcome_of(
    run: &Run,
    about: &'static About,
    outcome: Outcome,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    filled(run.cities.len(), about, outcome, fill).map_err(|error| located(run, error))
}

fn located(run: &Run, error: Error) -> Error {
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

/// What stands under every table: variant, reference area, values, sectors, year, n, and who was left out.
pub(in crate::measures) fn footer(run: &Run, industry: &Industry, years: &[&IndustryYear], variant: &str) -> String {
    let n = run.cities.len();
    let takes_part = |i: usize| years.iter().all(|year| year.structure.has(i));
    let absent: Vec<usize> = (0..n).filter(|&i| !takes_part(i)).collect();
    let reference = match &industry.reference {
        Some(name) => format!("reference area: {name}"),
        None => format!("reference area: the {} cities together", n - absent.len()),
    };
    let mut when: Vec<String> = years.iter().filter_map(|year| year.year).map(|year| year.to_string()).collect();
    when.dedup();
    let when = if when.is_empty() { String::new() } else { format!(", {}", when.join(" and ")) };
    let left_out = match absent.as_slice() {
        [] => "left out: none".to_owned(),
        some => format!(
            "left out for want of a level above 0 or of a known one: {}",
            listed_by(some, |&i| run.cities.label(i))
        ),
    };
    let remark = run.remark.map_or_else(String::new, |remark| format!("; {remark}"));
    format!(
        "{variant}; {reference}; {} in {} sectors{when}; n = {} of {n} cities; {left_out}{remark}",
        industry.value,
        industry.sectors.len(),
        n - absent.len()
    )
}

/// A matrix of all pairs of cities, by their ids.
pub(in crate::measures) fn by_pairs(run: &Run, values: Vec<f64>) -> Matrix {
    Matrix { rows: run.cities.ids.clone(), columns: run.cities.ids.clone(), values }
}

/// A matrix of cities by sectors.
pub(in crate::measures) fn by_sector(run: &Run, industry: &Industry, values: Vec<f64>) -> Matrix {
    Matrix { rows: run.cities.ids.clone(), columns: industry.sectors.clone(), values }
}

/// Id and name of a city, the first two cells of a row about it.
pub(in crate::measures) fn who(run: &Run, i: usize) -> [Value; 2] {
    [json!(run.cities.ids[i]), json!(run.cities.names[i])]
}

/// A number as a cell; `null` where it is undefined.
pub(in crate::measures) fn cell(x: f64) -> Value {
    if x.is_finite() { json!(x) } else { Value::Null }
}

/// A sentence that a report can quote. Its words follow from numbers that stand in it.
pub(in crate::measures) fn finding(sentence: String) -> Note {
    Note::remark("follows", sentence)
}

/// Values of the members as values of all cities, NaN for those that take no part.
pub(in crate::measures) fn spread(structure: &Structure, of_members: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut all = vec![f64::NAN; structure.cities()];
    structure.members().iter().zip(of_members).for_each(|(&i, x)| all[i] = x);
    all
}
