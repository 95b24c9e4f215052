//! A column of numbers that a measure takes.

use super::{Cells, Column};

/// A value of every city, ready for analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name in outputs: the column, `gdp_per_pop` for a ratio, or a label given.
    pub name: String,
    /// Its year, where one of several was picked.
    pub year: Option<i32>,
    /// One number for every city; NaN where there is none.
    pub values: Vec<f64>,
}

impl Variable {
    /// A variable without a year.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), year: None, values }
    }

    /// How it is called in a message: its name, and its year where it has one.
    pub fn label(&self) -> String {
        self.year.map_or_else(|| self.name.clone(), |year| format!("{} {year}", self.name))
    }

    /// The variable as a column.
    pub(super) fn to_column(&self) -> Column {
        Column { name: self.name.clone(), cells: Cells::Numbers(self.values.clone()) }
    }
}

/// A division of the cities into groups, as provinces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Its name in outputs: that of the column.
    pub name: String,
    /// The group of every city; `None` where there is none.
    pub groups: Vec<Option<String>>,
}

/// A value as a user asks for it, resolved by [`Study::variables`](super::Study::variables).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueRequest<'a> {
    /// A column, a ratio of two (`gdp/pop`), with the year in braces where it is in the name (`gdp_{year}`).
    pub text: &'a str,
    /// A name that replaces the one made from `text`.
    pub label: Option<&'a str>,
    /// The years asked for; if empty, the latest is taken.
    pub years: &'a [i32],
}

impl<'a> ValueRequest<'a> {
    /// A request without a label and for no particular year.
    pub fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}
