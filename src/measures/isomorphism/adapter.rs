//! What the adapters of the families of industry share: one outcome for each year, the footer of its tables, names.

use serde_json::json;

use crate::error::Result;
use crate::measures::adapter::{FINDING, filled, located, remark, unsign};
pub(in crate::measures) use crate::measures::adapter::{by_pairs, cell, finding, fits, printed, signed, who};
use crate::measures::{About, Matrix, Outcome, Run};
use crate::note::{Level, listed_by};
use crate::study::{Industry, IndustryYear, Structure};

/// Fewest cities of which a sentence says something: with two, both are the most and the least of everything.
const TELLING: usize = 3;

/// Measures of the cities alone, whatever quotients are held against.
const OF_THE_CITIES: [&str; 8] = [
    "similarity",
    "isomorphism_null",
    "isomorphism_explained",
    "concentration",
    "coagglomeration",
    "structure_change",
    "upgrading",
    "rationalisation",
];

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
            footer: Some(footer(run, industry, about.name, &[year], variant)),
            ..Outcome::default()
        };
        let mut outcome = outcome_of(run, about, outcome, |outcome| fill(industry, year, outcome))?;
        if year.structure.members().len() < TELLING {
            outcome.notes.retain(|note| note.code != FINDING);
        }
        Ok(outcome)
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
        footer: Some(footer(run, industry, about.name, &[first, last], &with_borders(variant))),
        ..Outcome::default()
    };
    outcome.options.insert("from".into(), json!(first.year));
    outcome.options.insert("to".into(), json!(last.year));
    Ok(vec![outcome_of(run, about, outcome, |outcome| fill(industry, (first, last), outcome))?])
}

/// `variant`, with the borders where it does not name them: between years they may have moved.
fn with_borders(variant: &str) -> String {
    if variant.contains("borders") { variant.to_owned() } else { format!("{variant}; borders as given in each year") }
}

/// `outcome` filled, faults with the city and the column where they name places among the levels. What is undefined is a
/// remark, since nothing is wrong with the data.
pub(in crate::measures) fn outcome_of(
    run: &Run,
    about: &'static About,
    outcome: Outcome,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = filled(run.cities.len(), about, outcome, fill).map_err(|error| located(run, error))?;
    unsign(&mut outcome);
    let undefined = outcome.notes.iter_mut().filter(|note| note.code == "undefined");
    undefined.for_each(|note| note.level = Level::Note);
    Ok(outcome)
}

/// What stands under every table of a measure: variant, reference area, values, sectors, year, n, and who was left out.
pub(in crate::measures) fn footer(
    run: &Run,
    industry: &Industry,
    measure: &str,
    years: &[&IndustryYear],
    variant: &str,
) -> String {
    let n = run.cities.len();
    let takes_part = |i: usize| years.iter().all(|year| year.structure.has(i));
    let absent: Vec<usize> = (0..n).filter(|&i| !takes_part(i)).collect();
    let reference = held_against(industry, measure, n - absent.len());
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
    format!(
        "{variant}; {reference}; {} in {} sectors{when}; n = {} of {n} cities; {left_out}{}",
        industry.value,
        industry.sectors.len(),
        n - absent.len(),
        remark(run)
    )
}

/// What the `n` cities that take part are held against, or are taken together as.
fn held_against(industry: &Industry, measure: &str, n: usize) -> String {
    let together = match industry.percent {
        true => format!("the unweighted mean of the shares of the {n} cities"),
        false => format!("the {n} cities together"),
    };
    match &industry.reference {
        Some(name) if measure == "similarity" => {
            format!("all: {together}; reference area of the quotients and of krugman in the table of cities: {name}")
        }
        Some(_) if OF_THE_CITIES.contains(&measure) => format!("all: {together}"),
        Some(name) => format!("reference area: {name}"),
        None => format!("reference area: {together}"),
    }
}

/// `all cities together`, or what stands for them where percentages leave their sizes unknown.
pub(in crate::measures) fn together(industry: &Industry) -> &'static str {
    if industry.percent { "the mean of the cities" } else { "all cities together" }
}

/// A matrix of cities by sectors.
pub(in crate::measures) fn by_sector(run: &Run, industry: &Industry, values: Vec<f64>) -> Matrix {
    Matrix { rows: run.cities.ids.clone(), columns: industry.sectors.clone(), values }
}

/// Values of the members as values of all cities, NaN for those that take no part.
pub(in crate::measures) fn spread(structure: &Structure, of_members: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut all = vec![f64::NAN; structure.cities()];
    structure.members().iter().zip(of_members).for_each(|(&i, x)| all[i] = x);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_all_is_true() {
        let mut industry = Industry {
            value: "workers".into(),
            sectors: Vec::new(),
            groups: None,
            broad: None,
            years: Vec::new(),
            reference: Some("nation".into()),
            percent: false,
            notes: Vec::new(),
        };
        assert_eq!(held_against(&industry, "location_quotient", 6), "reference area: nation");
        assert_eq!(held_against(&industry, "upgrading", 6), "all: the 6 cities together");
        assert!(held_against(&industry, "similarity", 6).ends_with("in the table of cities: nation"));
        industry.percent = true;
        assert_eq!(held_against(&industry, "upgrading", 6), "all: the unweighted mean of the shares of the 6 cities");
        industry.reference = None;
        let mean = "reference area: the unweighted mean of the shares of the 6 cities";
        assert_eq!(held_against(&industry, "location_quotient", 6), mean);
    }
}
