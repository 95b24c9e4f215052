//! What the regressions of growth share: initial level and growth of each city, and the covariates that can stand there.

use super::beta_convergence::NOISE;
use super::panel::{Panel, checked, complete};
use crate::error::{Error, Fault, Kind, Result};
use crate::measures::Outcome;
use crate::measures::radiation::spillover::linear::Basis;
use crate::note::{Note, listed_by};

/// Name of the initial level among the terms.
pub(super) const INITIAL: &str = "ln_initial";

/// A covariate that a regression had to do without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedCovariate {
    /// Its name.
    pub name: String,
    /// Why, as the end of a sentence about it.
    pub reason: &'static str,
}

/// A year, and the value of every city in it.
type Level<'a> = (i32, &'a [f64]);

/// Growth of all cities and what it is explained by; NaN where a city has no value above zero in one of the years.
pub(super) struct Growth<'a> {
    /// Years between.
    pub(super) span: f64,
    /// ln y_0.
    pub(super) initial: Vec<f64>,
    /// Yearly growth, as a difference of logarithms.
    pub(super) rates: Vec<f64>,
    /// The covariates that are left, by name.
    pub(super) covariates: Vec<(&'a str, &'a [f64])>,
    pub(super) dropped: Vec<DroppedCovariate>,
    /// Cities without a value above zero in both years.
    pub(super) left_out: Vec<usize>,
}

impl<'a> Growth<'a> {
    /// Growth from the first to the last year; covariates that no city has a value of are dropped.
    ///
    /// # Errors
    /// Years that do not ascend, columns of different lengths.
    pub(super) fn new(first: Level, last: Level, covariates: &[(&'a str, &'a [f64])]) -> Result<Self> {
        let n = checked(&[first, last])?;
        if let Some((name, x)) = covariates.iter().find(|(_, x)| x.len() != n) {
            let message = format!("{} values of {name} and {n} cities", x.len());
            return Err(Fault::new(Kind::Option, message).into());
        }
        let (cities, left_out) = complete(&[first, last], |y| y.is_finite() && y > 0.0);
        let span = f64::from(last.0) - f64::from(first.0);
        let (mut initial, mut rates) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        for &i in &cities {
            initial[i] = libm::log(first.1[i]);
            rates[i] = (libm::log(last.1[i]) - initial[i]) / span;
        }
        let mut growth = Self { span, initial, rates, covariates: Vec::new(), dropped: Vec::new(), left_out };
        for &(name, x) in covariates {
            match cities.iter().any(|&i| x[i].is_finite()) {
                true => growth.covariates.push((name, x)),
                false => growth.drop(name, "has no value in any city that takes part"),
            }
        }
        Ok(growth)
    }

    fn drop(&mut self, name: &str, reason: &'static str) {
        self.dropped.push(DroppedCovariate { name: name.to_owned(), reason });
    }

    /// The cities that have everything.
    pub(super) fn complete(&self) -> Vec<usize> {
        let has_all = |&i: &usize| self.rates[i].is_finite() && self.covariates.iter().all(|(_, x)| x[i].is_finite());
        (0..self.rates.len()).filter(has_all).collect()
    }

    /// Drops every covariate that is constant, or a sum of terms before it, among these cities. The others explain
    /// just as much without it. O(n·k³) for k covariates.
    ///
    /// # Errors
    /// [`Kind::Undefined`] where all these cities start from the same value.
    pub(super) fn keep_independent(&mut self, cities: &[usize]) -> Result<()> {
        let mut columns = vec![vec![1.0; cities.len()], taken(&self.initial, cities)];
        if Basis::new(&columns).is_err() {
            return Err(undefined("all cities start from the same value"));
        }
        for (name, x) in std::mem::take(&mut self.covariates) {
            let x_taken = taken(x, cities);
            let constant = Basis::new(&[vec![1.0; cities.len()], x_taken.clone()]).is_err();
            columns.push(x_taken);
            match Basis::new(&columns) {
                Ok(_) => {
                    self.covariates.push((name, x));
                    continue;
                }
                Err(_) if constant => self.drop(name, "is the same in all cities that take part"),
                Err(_) => self.drop(name, "is a sum of the terms before it"),
            }
            columns.pop();
        }
        Ok(())
    }

    /// Deviations up to here are rounding.
    pub(super) fn noise(&self) -> f64 {
        NOISE / self.span
    }

    /// Cities with values above zero, but not with all covariates.
    pub(super) fn without_covariate(&self) -> Vec<usize> {
        let missing = |&i: &usize| self.rates[i].is_finite() && self.covariates.iter().any(|(_, x)| !x[i].is_finite());
        (0..self.rates.len()).filter(missing).collect()
    }
}

/// The values at these places.
pub(super) fn taken(x: &[f64], places: &[usize]) -> Vec<f64> {
    places.iter().map(|&i| x[i]).collect()
}

pub(super) fn undefined(message: impl Into<String>) -> Error {
    Fault::new(Kind::Undefined, message.into()).into()
}

/// The warnings about covariates that were dropped.
pub(super) fn dropped_notes(panel: &Panel, dropped: &[DroppedCovariate], outcome: &mut Outcome) {
    outcome.notes.extend(dropped.iter().map(|covariate| {
        let message = format!("{}: {} {}, left out of the regression", panel.name, covariate.name, covariate.reason);
        Note::warning("dropped_covariate", message)
    }));
}

/// Names of covariates for a sentence, or how the regression without any is called.
pub(super) fn given(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(", given {}", listed_by(names, String::clone)),
    }
}
