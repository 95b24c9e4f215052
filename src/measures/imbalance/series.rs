//! What the measures share that take a value in one year or in many: its years, and one outcome for each name.

use indexmap::IndexSet;

use super::distribution::POPULATION;
use super::panel::left_out;
use crate::error::{Error, Faults, Kind, Result};
use crate::measures::adapter::{filled, remark, years_of};
use crate::measures::{About, Outcome, Run};
use crate::note::{Note, listed};
use crate::study::Variable;

/// One value in its years, ascending, or once without a year.
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    pub(super) years: Vec<&'a Variable>,
}

impl<'a> Series<'a> {
    /// The values of the run, in the order in which they first appear.
    pub(super) fn all(run: &Run<'a>) -> Vec<Self> {
        let names: IndexSet<(&str, bool)> = run.variables.iter().map(|v| (v.name.as_str(), v.year.is_some())).collect();
        let of = |(name, in_years): (&'a str, bool)| {
            let years = match in_years {
                true => years_of(run.variables, name).into_iter().map(|(_, variable)| variable).collect(),
                false => run.variables.iter().find(|v| v.name == name && v.year.is_none()).into_iter().collect(),
            };
            Self { name, years }
        };
        names.into_iter().map(of).collect()
    }

    /// The values by year.
    pub(super) fn columns(&self) -> Vec<&'a [f64]> {
        self.years.iter().map(|variable| variable.values.as_slice()).collect()
    }

    /// The population in each of the years.
    pub(super) fn population(&self, run: &Run<'a>) -> Option<Vec<&'a Variable>> {
        self.years.iter().map(|variable| run.population_of(variable)).collect()
    }

    /// The remark that there is a population, but not of every year.
    pub(super) fn without_population(&self, run: &Run) -> Option<Note> {
        let without = self.years.iter().filter(|variable| run.population_of(variable).is_none());
        let without: Vec<String> = without.map(|variable| variable.label()).collect();
        let message = || format!("{}: no population is known for {}", self.name, listed(&without));
        (!without.is_empty() && !run.population.is_empty()).then(|| Note::remark("not_run", message()))
    }

    /// The years in words, `2000 to 2020`, or the name of the only one.
    pub(super) fn span(&self) -> String {
        let year = |variable: Option<&&Variable>| variable.and_then(|variable| variable.year);
        match (year(self.years.first()), year(self.years.last())) {
            (Some(from), Some(to)) if from != to => format!("{} {from} to {to}", self.name),
            (Some(year), _) => format!("{} {year}", self.name),
            _ => self.name.to_owned(),
        }
    }

    /// The outcome of a measure for all years of the value.
    pub(super) fn outcome(
        &self,
        run: &Run,
        about: &'static About,
        fill: impl FnOnce(&mut Outcome) -> Result<()>,
    ) -> Result<Outcome> {
        let mut outcome = Outcome { measure: about.name, variable: Some(self.name.to_owned()), ..Outcome::default() };
        match self.years.as_slice() {
            [only] => outcome.year = only.year,
            years => {
                let ends = [("from", years.first()), ("to", years.last())];
                let year = |variable: Option<&&Variable>| variable.and_then(|variable| variable.year);
                outcome.options.extend(ends.map(|(end, variable)| (end.to_owned(), year(variable).into())));
            }
        }
        let mut outcome = filled(run.cities.len(), about, outcome, fill).map_err(|error| self.located(run, error))?;
        if let Some(footer) = &mut outcome.footer {
            *footer += &remark(run);
        }
        Ok(outcome)
    }

    /// The error with its cities, and with the column whose value it is about.
    fn located(&self, run: &Run<'_>, error: Error) -> Error {
        let mut faults = Faults::default();
        for fault in error.faults() {
            let fault = fault.clone();
            let of_population = fault.place().field.as_deref() == Some(POPULATION);
            faults.push(match fault.place().feature {
                Some(i) if i < run.cities.len() => {
                    let negative = |columns: &[&Variable]| {
                        columns.iter().find(|v| v.values.get(i).is_some_and(|x| *x < 0.0)).map(|v| v.label())
                    };
                    let people = || run.population.iter().collect::<Vec<_>>();
                    let column = if of_population { negative(&people()) } else { negative(&self.years) };
                    let fault = fault.feature(run.features[i]).city(run.cities.ids[i].as_str());
                    fault.field(column.unwrap_or_else(|| self.name.to_owned()))
                }
                None if fault.kind() == Kind::Undefined || of_population => fault,
                _ => fault.field(self.name),
            });
        }
        faults.finish(()).err().unwrap_or(error)
    }

    /// The warning that cities were left out, and why.
    pub(super) fn left_out(&self, run: &Run, why: &str, cities: &[usize]) -> Option<Note> {
        left_out(run, self.name, why, cities)
    }
}
