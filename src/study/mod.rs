//! The checked model of a study: what is here need not be checked again downstream.
//!
//! A [`Study`] holds the [`Cities`], the properties of their features, and tables joined to them by id. From these
//! it resolves what a user asks for by name: a [`Variable`], a grouping, a mask of cities.

mod cities;
mod column;
mod filter;
mod firms;
#[cfg(test)]
mod fixture;
mod function;
mod gathered;
mod grouped_number;
mod indicators;
mod industry;
mod industry_columns;
mod industry_long;
mod industry_names;
mod industry_request;
mod industry_table;
mod industry_wide;
mod key;
mod limits;
mod linkage;
mod panel;
mod plants;
mod resolve;
mod sector_groups;
mod series;
mod sphere;
mod three_sectors;
mod totals;
mod variable;

pub use cities::{Cities, Metric, RingRole, ShapeKind, Shapes};
pub(crate) use column::Number;
pub use column::{Cell, Cells, Column, Table};
pub use firms::Firms;
pub use indicators::{Direction, Indicator, Indicators};
pub use industry::{Industry, IndustryYear, Plants, Structure};
pub use industry_request::{IndustryRequest, SectorPattern};
pub use limits::{
    MAX_PERMUTATIONS, check_alpha, check_coverage, check_ddof, check_lags, check_max_dense, check_permutations,
    check_positive, check_resamples, check_seed, check_snap, check_threads,
};
pub use linkage::{LinkCounts, LinkDirection, LinkMeaning, Linkage};
pub use panel::Joined;
pub use sector_groups::SectorGroups;
#[cfg(feature = "cli")]
pub(crate) use series::dated;
pub(crate) use sphere::{Azimuthal, longitude_latitude, unit_vector};
pub use three_sectors::ThreeSectors;
pub use variable::{Grouping, ValueRequest, Variable};

use std::borrow::Cow;

use crate::error::{Fault, Kind, Result, did_you_mean, quoted};
use crate::note::Note;

/// The cities and all that is known of them. A study does not change; `with_…` makes a new one of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    cities: Cities,
    /// Index of each city's feature in the input, for messages.
    features: Vec<usize>,
    properties: Table,
    tables: Vec<Joined>,
    variables: Vec<Variable>,
    notes: Vec<Note>,
}

impl Study {
    /// A study of these cities; `properties` has one row for every city, in the same order.
    ///
    /// # Errors
    /// The number of rows is not that of the cities.
    pub fn new(cities: Cities, properties: Table) -> Result<Self> {
        if properties.rows != cities.len() {
            let message = format!("{} cities have {} rows of properties", cities.len(), properties.rows);
            return Err(Fault::new(Kind::Structure, message).file(&properties.file).into());
        }
        let (features, notes) = ((0..cities.len()).collect(), cities.notes.clone());
        Ok(Self { cities, features, properties, tables: Vec::new(), variables: Vec::new(), notes })
    }

    /// The study with a table joined to the cities by id: by its column `key`, else by the one that is named as the
    /// id of the cities or as ids usually are, else by the one that holds most ids of cities.
    ///
    /// A column `year` (also `年份`, `年度`, `年`) makes it a panel: one row for every city and year. Rows of no city
    /// and cities without a row are reported in [`Study::notes`].
    ///
    /// # Errors
    /// All at once: no column of ids, no row of any city, several rows for one city (and year), bad years.
    pub fn with_table(mut self, table: Table, key: Option<&str>) -> Result<Self> {
        let (joined, notes) = panel::join(table, key, &self.cities, &self.properties)?;
        self.tables.push(joined);
        self.notes.extend(notes);
        Ok(self)
    }

    /// The study with a derived variable, found by its name before any column; one of the same name and year
    /// gives way to it.
    ///
    /// # Errors
    /// The number of values is not that of the cities.
    pub fn with_variable(mut self, variable: Variable) -> Result<Self> {
        if variable.values.len() != self.cities.len() {
            let count = variable.values.len();
            let message = format!("{} has {count} values for {} cities", variable.label(), self.cities.len());
            return Err(Fault::new(Kind::Structure, message).into());
        }
        self.variables.retain(|other| (&other.name, other.year) != (&variable.name, variable.year));
        self.variables.push(variable);
        Ok(self)
    }

    /// The cities, in the order of the input.
    pub fn cities(&self) -> &Cities {
        &self.cities
    }

    /// The index of each city's feature in the input.
    pub fn features(&self) -> &[usize] {
        &self.features
    }

    /// The properties of the features, one row a city.
    pub fn properties(&self) -> &Table {
        &self.properties
    }

    /// The tables joined to the cities, in the order in which they were joined.
    pub fn tables(&self) -> &[Joined] {
        &self.tables
    }

    /// What had to be repaired, left out or assumed while the cities were read and tables joined.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// A column by city: a derived variable, a property, or a column of a table without years.
    ///
    /// # Errors
    /// There is no such column, two tables have it, or it has years.
    pub fn column(&self, name: &str) -> Result<Cow<'_, Column>> {
        if let Some(variable) = self.variables.iter().find(|variable| variable.name == name) {
            return Ok(Cow::Owned(variable.to_column()));
        }
        if let Some(column) = self.properties.column(name) {
            return Ok(Cow::Borrowed(column));
        }
        let Some((table, column)) = self.joined_column(name)? else { return Err(self.no_column(name).into()) };
        let joined = &self.tables[table];
        if joined.is_panel() {
            let message =
                format!("{} has a value for every year; a column with one value a city is needed", quoted(name));
            let fault = Fault::new(Kind::Column, message).file(&joined.table().file);
            return Err(fault.hint("take a property of the cities or a column of a table without years").into());
        }
        Ok(Cow::Owned(joined.table().columns[column].select(joined.rows(0, self.cities.len()))))
    }

    /// The group of every city: the text in a column, `None` where it is missing.
    ///
    /// # Errors
    /// Those of [`Study::column`], and a column without any text.
    pub fn groups(&self, column: &str) -> Result<Vec<Option<String>>> {
        let found = self.column(column)?;
        let text = |row| found.text(row).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let groups: Vec<_> = (0..self.cities.len()).map(text).collect();
        if groups.iter().all(Option::is_none) {
            return Err(Fault::new(Kind::Column, format!("{column} has no values")).into());
        }
        Ok(groups)
    }

    /// The study of the cities for which `mask` is true, with their properties, tables and derived variables.
    ///
    /// # Errors
    /// `mask` is not as long as there are cities, or leaves none.
    pub fn restricted(&self, mask: &[bool]) -> Result<Self> {
        if mask.len() != self.cities.len() {
            let message = format!("{} cities have a mask of {}", self.cities.len(), mask.len());
            return Err(Fault::new(Kind::Structure, message).into());
        }
        let places: Vec<usize> = (0..mask.len()).filter(|&i| mask[i]).collect();
        if places.is_empty() {
            let message = format!("none of the {} cities is left", mask.len());
            return Err(Fault::new(Kind::TooFew, message)
                .hint("check the condition: a missing value never meets it")
                .into());
        }
        let pick = |variable: &Variable| Variable {
            values: places.iter().map(|&i| variable.values[i]).collect(),
            ..variable.clone()
        };
        Ok(Self {
            cities: self.cities.subset(&places),
            features: places.iter().map(|&i| self.features[i]).collect(),
            properties: self.properties.select(&places),
            tables: self.tables.iter().map(|joined| joined.subset(&places)).collect(),
            variables: self.variables.iter().map(pick).collect(),
            notes: self.notes.clone(),
        })
    }

    /// Table and place of the column of a joined table.
    fn joined_column(&self, name: &str) -> Result<Option<(usize, usize)>> {
        let place = |joined: &Joined| joined.table().columns.iter().position(|column| column.name == name);
        let found: Vec<_> =
            self.tables.iter().enumerate().filter_map(|(table, joined)| Some((table, place(joined)?))).collect();
        self.only_one(name, &found)
    }

    /// The one thing found in the tables, or the fault that it is in several.
    fn only_one<T: Clone>(&self, name: &str, found: &[(usize, T)]) -> Result<Option<(usize, T)>> {
        if found.len() < 2 {
            return Ok(found.first().cloned());
        }
        let files: Vec<_> = found.iter().map(|&(table, _)| self.tables[table].table().file.as_str()).collect();
        let message = format!("{} is a column of {}", quoted(name), files.join(" and of "));
        Err(Fault::new(Kind::Column, message).hint("rename it in one of them").into())
    }

    /// The fault that neither the cities nor a table has this column, with all there are.
    fn no_column(&self, name: &str) -> Fault {
        let derived = self.variables.iter().map(|variable| variable.name.as_str());
        let joined = self.tables.iter().flat_map(|joined| joined.table().names());
        let mut names: Vec<&str> = derived.chain(self.properties.names()).chain(joined).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        let patterns: Vec<String> = names.iter().filter_map(|column| series::pattern_of(name, column)).collect();
        let near = patterns.first().map(String::as_str).or_else(|| did_you_mean(name, names.iter().copied()));
        let meant = near.map_or_else(String::new, |near| format!("did you mean {}? ", quoted(near)));
        let message = match name.contains(series::YEAR) {
            true => format!("no column has the name {} with a year in place of {}", quoted(name), series::YEAR),
            false => format!("there is no column {}", quoted(name)),
        };
        let fault = Fault::new(Kind::Column, message);
        let fault = if self.tables.is_empty() { fault.file(&self.properties.file) } else { fault };
        fault.hint(format!("{meant}columns: {}", names.join(", ")))
    }
}
