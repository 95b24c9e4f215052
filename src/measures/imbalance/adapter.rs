//! What the adapters of this family share: one outcome for each variable with equal weights, and one by population.

use super::distribution::POPULATION;
use crate::error::{Error, Faults, Kind, Result};
use crate::measures::adapter::{filled, remark};
use crate::measures::{About, Outcome, Run};
use crate::note::{Note, listed, listed_by};
use crate::study::{Grouping, Variable};

/// One outcome for each variable with equal weights and, where there is a population, one weighted by it; `fill` gets
/// the values, the population, and the outcome.
pub(super) fn each_weighting(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&[f64], Option<&[f64]>, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    each_variable(run, about, |variable, population, outcome| {
        fill(&variable.values, population.map(|p| p.values.as_slice()), outcome)
    })
}

/// As [`each_weighting`], for measures whose notes name the variable or the cities: `fill` gets the variables themselves.
pub(super) fn each_variable(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&Variable, Option<&Variable>, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let of = |(variable, population)| {
        outcome(run, about, variable, population, |outcome| fill(variable, population, outcome))
    };
    weightings(run).map(of).collect()
}

/// As [`each_weighting`], for a family of indices of which one is reported for each of these parameters, under its name;
/// `index` gets the values, the population and the parameter, and gives the index, the cities that take part and those
/// whose value is 0.
pub(super) fn each_parameter(
    run: &Run,
    about: &'static About,
    parameters: &[(&'static str, f64)],
    index: impl Fn(&[f64], Option<&[f64]>, f64) -> Result<(f64, usize, Vec<usize>)>,
) -> Result<Vec<Outcome>> {
    each_variable(run, about, |variable, population, outcome| {
        let (mut n, mut zeros) = (0, Vec::new());
        for &(name, parameter) in parameters {
            let people = population.map(|p| p.values.as_slice());
            let (number, cities, empty) = index(&variable.values, people, parameter)?;
            outcome.scalars.push((name, number));
            (n, zeros) = (cities, empty);
        }
        outcome.scalars.push(("n", n as f64));
        undefined_note(run, variable, outcome, &zeros);
        Ok(())
    })
}

/// Each variable with equal weights and, where there is a population, once more with that.
pub(super) fn weightings<'a>(run: &'a Run) -> impl Iterator<Item = (&'a Variable, Option<&'a Variable>)> {
    run.variables.iter().flat_map(move |variable| {
        let populations = std::iter::once(None).chain(run.population_of(variable).map(Some));
        populations.map(move |population| (variable, population))
    })
}

/// One outcome for `variable`; where the measure is undefined, one without numbers and with a note.
pub(super) fn outcome(
    run: &Run,
    about: &'static About,
    variable: &Variable,
    population: Option<&Variable>,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = Outcome {
        measure: about.name,
        variable: Some(variable.name.clone()),
        year: variable.year,
        ..Outcome::default()
    };
    if let Some(population) = population {
        outcome.options.insert("population".into(), population.name.as_str().into());
    }
    let mut outcome =
        filled(run.cities.len(), about, outcome, fill).map_err(|error| located(run, variable, population, &error))?;
    outcome.footer = Some(footer(run, variable, population, outcome.footer.take()));
    Ok(outcome)
}

/// How the cities count, who takes part, what becomes of zeros, and what has to be said under every table.
fn footer(run: &Run, variable: &Variable, population: Option<&Variable>, own: Option<String>) -> String {
    let counted = || {
        let people = |i: usize| population.is_none_or(|population| population.values[i] > 0.0);
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..run.cities.len()).partition(|&i| variable.values[i].is_finite() && people(i));
        let weights = match population {
            Some(population) => format!("cities weighted by {}", population.label()),
            None => "each city counted once".to_owned(),
        };
        let left_out = match outside.as_slice() {
            [] => String::new(),
            outside => format!("; left out: {}", listed_by(outside, |&i| run.cities.label(i))),
        };
        let zeros = if run.imbalance.drop_zeros { "cities with a value of 0 left out" } else { "zeros kept" };
        format!("{weights}; {zeros}; n = {} of {} cities{left_out}", inside.len(), run.cities.len())
    };
    own.unwrap_or_else(counted) + &remark(run)
}

/// The same faults with the city and the column where they name a place among the values.
fn located(run: &Run, variable: &Variable, population: Option<&Variable>, error: &Error) -> Error {
    let mut faults = Faults::default();
    for fault in error.faults() {
        let of_population = fault.place().field.as_deref() == Some(POPULATION);
        let column = population.filter(|_| of_population).unwrap_or(variable).label();
        let fault = fault.clone();
        faults.push(match fault.place().feature {
            Some(i) => fault.feature(run.features[i]).city(run.cities.ids[i].as_str()).field(column),
            None if fault.kind() == Kind::Undefined => fault,
            None => fault.field(column),
        });
    }
    faults.finish(()).err().unwrap_or_else(|| error.clone())
}

/// The note that a number is null because of the values of some cities.
pub(super) fn null_note(run: &Run, variable: &str, names: &str, why: &str, cities: &[usize]) -> Note {
    let message = format!("{variable}: no {names}, since {why} in {}", listed_by(cities, |&i| run.cities.label(i)));
    Note::remark("undefined_number", message).about(cities.iter().map(|&i| &run.cities.ids[i]))
}

/// The note that cities with a value are left out of a split, since they have no group.
pub(super) fn missing_group(run: &Run, variable: &Variable, grouping: &Grouping) -> Option<Note> {
    without_group(run, &variable.values, grouping, "left out of the split by it")
}

/// The note of what comes of it that cities with a value have no group.
pub(super) fn without_group(run: &Run, values: &[f64], grouping: &Grouping, so: &str) -> Option<Note> {
    let without = |&i: &usize| grouping.groups[i].is_none() && values[i].is_finite();
    let without: Vec<usize> = (0..run.cities.len()).filter(without).collect();
    (!without.is_empty()).then(|| {
        let cities = listed_by(&without, |&i| run.cities.label(i));
        let message = format!("no {} is known of {cities}: {so}", grouping.name);
        Note::warning("missing_group", message).about(without.iter().map(|&i| &run.cities.ids[i]))
    })
}

/// The note on the scalars that are NaN: because of cities whose value is 0, or because values lie too far apart.
fn undefined_note(run: &Run, variable: &Variable, outcome: &mut Outcome, zeros: &[usize]) {
    let undefined = outcome.scalars.iter().filter(|(_, number)| number.is_nan());
    let names: Vec<&str> = undefined.map(|&(name, _)| name).collect();
    if names.is_empty() {
        return;
    }
    let names = listed(&names);
    outcome.notes.push(match zeros {
        [] => {
            let message = format!("{}: no {names}, since the values lie too far apart", variable.label());
            Note::remark("undefined_number", message)
        }
        zeros => null_note(run, &variable.label(), &names, "the value is 0", zeros),
    });
}
