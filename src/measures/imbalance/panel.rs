//! What the measures over several years share: the years of a value, the cities that have it in all of them, and one
//! outcome for each name.

use indexmap::IndexSet;

use crate::error::{Error, Fault, Faults, Kind, Result};
use crate::measures::adapter::{filled, located, remark, years_of};
use crate::measures::{About, Outcome, Run};
use crate::note::{Note, listed_by};
use crate::study::Variable;

/// One value in its years, ascending.
pub(super) struct Panel<'a> {
    pub(super) name: &'a str,
    pub(super) years: Vec<(i32, &'a Variable)>,
}

impl<'a> Panel<'a> {
    /// The values that the run holds in at least two years, in the order in which they first appear.
    pub(super) fn all(run: &Run<'a>) -> Vec<Self> {
        let in_years = run.variables.iter().filter(|variable| variable.year.is_some());
        let names: IndexSet<&str> = in_years.map(|variable| variable.name.as_str()).collect();
        let panels = names.into_iter().map(|name| Self { name, years: years_of(run.variables, name) });
        panels.filter(|panel| panel.years.len() > 1).collect()
    }

    /// The values by year.
    pub(super) fn levels(&self) -> Vec<(i32, &'a [f64])> {
        self.years.iter().map(|&(year, variable)| (year, variable.values.as_slice())).collect()
    }

    /// The first and the last year.
    pub(super) fn span(&self) -> (i32, i32) {
        let year = |entry: Option<&(i32, &Variable)>| entry.map_or(0, |(year, _)| *year);
        (year(self.years.first()), year(self.years.last()))
    }

    /// The remark that the steps from year to year are not equally long.
    pub(super) fn unequal_steps(&self) -> Option<Note> {
        let steps = || self.years.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0));
        let (least, most) = (steps().min()?, steps().max()?);
        let message = format!("{}: steps of {least} to {most} years are taken as one and the same", self.name);
        (least != most).then(|| Note::remark("unequal_steps", message))
    }

    /// The outcome of a measure for all years of the value.
    pub(super) fn outcome(
        &self,
        run: &Run,
        about: &'static About,
        fill: impl FnOnce(&mut Outcome) -> Result<()>,
    ) -> Result<Outcome> {
        let mut outcome = Outcome { measure: about.name, variable: Some(self.name.to_owned()), ..Outcome::default() };
        let (from, to) = self.span();
        outcome.options.insert("from".into(), from.into());
        outcome.options.insert("to".into(), to.into());
        let mut outcome = filled(run.cities.len(), about, outcome, fill).map_err(|error| self.located(run, error))?;
        if let Some(footer) = &mut outcome.footer {
            *footer += &remark(run);
        }
        Ok(outcome)
    }

    /// The error with its cities, and with the value's name where it is about one of them.
    fn located(&self, run: &Run, error: Error) -> Error {
        let mut faults = Faults::default();
        for fault in located(run, error.clone()).faults() {
            let named = fault.place().field.is_some() || fault.place().feature.is_none();
            faults.push(if named { fault.clone() } else { fault.clone().field(self.name) });
        }
        faults.finish(()).err().unwrap_or(error)
    }

    /// The warning that cities were left out, and why.
    pub(super) fn left_out(&self, run: &Run, why: &str, cities: &[usize]) -> Option<Note> {
        left_out(run, self.name, why, cities)
    }
}

/// The warning that cities were left out of what is measured of a value, and why.
pub(super) fn left_out(run: &Run, name: &str, why: &str, cities: &[usize]) -> Option<Note> {
    let message = || format!("{name}: {why}, left out: {}", listed_by(cities, |&i| run.cities.label(i)));
    let note = || Note::warning("left_out", message()).about(cities.iter().map(|&i| &run.cities.ids[i]));
    (!cities.is_empty()).then(note)
}

/// One outcome for each value in its years.
pub(super) fn each_panel(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&Panel, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let of = |panel: &Panel| panel.outcome(run, about, |outcome| fill(panel, outcome));
    Panel::all(run).iter().map(of).collect()
}

/// Number of cities of the columns of all years.
///
/// # Errors
/// Fewer than two years, years that do not ascend, columns of different lengths.
pub(super) fn checked(levels: &[(i32, &[f64])]) -> Result<usize> {
    let fault = |message: String| Err(Fault::new(Kind::Option, message).into());
    let [(_, first), _, ..] = levels else {
        return fault(format!("a value in at least two years is needed, and there are {}", levels.len()));
    };
    if let Some(pair) = levels.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        return fault(format!("years have to ascend, and {} comes before {}", pair[0].0, pair[1].0));
    }
    match levels.iter().find(|(_, x)| x.len() != first.len()) {
        Some((year, x)) => fault(format!("{} values in the first year and {} in {year}", first.len(), x.len())),
        None => Ok(first.len()),
    }
}

/// The cities of which `takes_part` is true of every year's value, and those of which it is not.
pub(super) fn complete(levels: &[(i32, &[f64])], takes_part: impl Fn(f64) -> bool) -> (Vec<usize>, Vec<usize>) {
    let n = levels.first().map_or(0, |(_, x)| x.len());
    (0..n).partition(|&i| levels.iter().all(|(_, x)| takes_part(x[i])))
}

/// The fault of fewer than `fewest` cities that take part.
///
/// # Errors
/// Where `n` is below `fewest`.
pub(super) fn enough(n: usize, fewest: usize, what: &str) -> Result<()> {
    let message = || format!("at least {fewest} cities with {what} are needed, and there are {n}");
    if n < fewest { Err(Fault::new(Kind::TooFew, message()).into()) } else { Ok(()) }
}
