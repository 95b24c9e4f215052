//! What the adapters of radiation share: one outcome for each year of the mass, checked masses.

use crate::error::{Fault, Faults, Kind, Result};
use crate::measures::adapter::{filled, located, unsign};
use crate::measures::{About, Outcome, Run, Values};
use crate::note::{Level, Note, listed_by};
use crate::study::{Linkage, Variable};

/// One outcome, filled; where the measure is undefined, one without numbers and with a note.
pub(super) fn once(
    run: &Run,
    about: &'static About,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    Ok(vec![outcome(run, about, Outcome { measure: about.name, ..Outcome::default() }, fill)?])
}

/// As [`once`], of the network; none without one.
pub(super) fn on_network(
    run: &Run,
    about: &'static About,
    fill: impl FnOnce(&Run, &Linkage, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some(links) = run.network else { return Ok(Vec::new()) };
    once(run, about, |outcome| fill(run, links, outcome))
}

/// One outcome for each year of the mass, which is in `options` by name.
pub(super) fn each_mass(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&[f64], &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let of_year = |mass: &Variable| {
        let mut empty = Outcome { measure: about.name, year: mass.year, ..Outcome::default() };
        empty.options.insert("mass".into(), mass.name.clone().into());
        outcome(run, about, empty, |outcome| {
            outcome.notes.extend(without_mass(run, mass));
            fill(&checked(mass)?, outcome)
        })
    };
    run.mass.iter().map(of_year).collect()
}

fn outcome(
    run: &Run,
    about: &'static About,
    empty: Outcome,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = filled(run.cities.len(), about, empty, fill).map_err(|error| located(run, error))?;
    unsign(&mut outcome);
    outcome.notes.iter_mut().filter(|note| note.code == "undefined").for_each(|note| note.level = Level::Note);
    Ok(outcome)
}

/// The masses of a year: above or at zero, NaN where there is none.
pub(super) fn checked(mass: &Variable) -> Result<Vec<f64>> {
    let mut faults = Faults::default();
    for (i, m) in mass.values.iter().enumerate().filter(|(_, m)| **m < 0.0) {
        let fault = Fault::new(Kind::Value, format!("{m} is a mass below zero")).feature(i);
        faults.push(fault.field(mass.label()).hint("a mass is zero or more"));
    }
    faults.finish(mass.values.clone())
}

/// The note that some cities have no mass, and take no part.
pub(super) fn without_mass(run: &Run, mass: &Variable) -> Option<Note> {
    let without: Vec<usize> = (0..run.cities.len()).filter(|&i| mass.values[i].is_nan()).collect();
    let message = format!("left out for want of {}: {}", mass.label(), listed_by(&without, |&i| run.cities.label(i)));
    let note = || Note::remark("no_mass", message).about(without.iter().map(|&i| &run.cities.ids[i]));
    (!without.is_empty()).then(note)
}

/// `the 11 cities without links`, which the network's own note names.
pub(super) fn cities_without_links(count: usize) -> String {
    if count == 1 { "the city without links".to_owned() } else { format!("the {count} cities without links") }
}

/// A remark that ends with the cities it is about, where there are some.
pub(super) fn note(run: &Run, code: &'static str, says: &str, which: &[usize], outcome: &mut Outcome) {
    if !which.is_empty() {
        let message = format!("{says} {}", listed_by(which, |&i| run.cities.label(i)));
        outcome.notes.push(Note::remark(code, message).about(which.iter().map(|&i| &run.cities.ids[i])));
    }
}

/// A column of ids of cities by place.
pub(super) fn ids(run: &Run, places: &[Option<usize>]) -> Values {
    Values::Texts(places.iter().map(|at| at.map(|i| run.cities.ids[i].clone())).collect())
}
