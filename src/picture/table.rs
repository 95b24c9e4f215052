//! Reading columns and tables of results for a picture, and bringing the results of several years together.

use serde_json::Value;

use super::Stage;
use crate::measures::{Outcome, TableOut, Values};

/// A table of a result.
#[derive(Clone, Copy)]
pub struct Rows<'a>(&'a TableOut);

impl<'a> Rows<'a> {
    /// The table of this name, unless it is empty.
    pub fn of(outcome: &'a Outcome, name: &str) -> Option<Self> {
        outcome.table(name).filter(|table| !table.rows.is_empty()).map(Self)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.rows.len()
    }

    /// Never: a table without rows is none.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// A number; NaN where there is none.
    pub fn number(&self, row: usize, column: &str) -> f64 {
        self.0.number(row, column)
    }

    /// A text; empty where there is none.
    pub fn text(&self, row: usize, column: &str) -> &'a str {
        self.0.text(row, column)
    }

    /// The first row with this text in a column.
    pub fn find(&self, column: &str, text: &str) -> Option<usize> {
        (0..self.len()).find(|&row| self.text(row, column) == text)
    }

    /// A column of numbers.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        (0..self.len()).map(|row| self.number(row, column)).collect()
    }

    /// The years of the column `year`, ascending; none where the table has none.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = (0..self.len()).filter_map(|row| self.year(row)).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The year of a row.
    pub fn year(&self, row: usize) -> Option<i32> {
        self.0.whole(row, "year").and_then(|year| i32::try_from(year).ok())
    }

    /// The rows of a year; all where the table has no years.
    pub fn in_year(&self, year: Option<i32>) -> Vec<usize> {
        (0..self.len()).filter(|&row| self.year(row) == year).collect()
    }

    /// The city of each row, by its id in the column `city`.
    pub fn cities(&self, stage: &Stage) -> Vec<Option<usize>> {
        let ids = &stage.report.cities.ids;
        let place: std::collections::HashMap<&str, usize> =
            ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
        (0..self.len()).map(|row| place.get(self.text(row, "city")).copied()).collect()
    }
}

/// A column of cities as numbers; NaN where undefined, nothing where there is no such column.
pub fn numbers(outcome: &Outcome, column: &str) -> Option<Vec<f64>> {
    match outcome.column(column)? {
        Values::Numbers(values) => Some(values.clone()),
        Values::Counts(values) => Some(values.iter().map(|x| x.map_or(f64::NAN, |x| x as f64)).collect()),
        _ => None,
    }
}

/// The results of a measure, those that differ by nothing but their year together, by year.
pub fn by_year<'a>(stage: &Stage<'a>, measure: &'static str) -> Vec<Vec<&'a Outcome>> {
    let mut all: Vec<Vec<&Outcome>> = Vec::new();
    for outcome in stage.of(measure) {
        let same = |others: &&mut Vec<&Outcome>| others[0].variable == outcome.variable && alike(others[0], outcome);
        match all.iter_mut().find(same) {
            Some(others) => others.push(outcome),
            None => all.push(vec![outcome]),
        }
    }
    all.iter_mut().for_each(|outcomes| outcomes.sort_by_key(|outcome| outcome.year));
    all
}

/// Whether two results have the same weights and options.
pub fn alike(one: &Outcome, other: &Outcome) -> bool {
    one.weights == other.weights && one.options == other.options
}

/// What results of several years have in common, with the year where there is one only.
pub fn head(outcomes: &[&Outcome]) -> Outcome {
    let Some(first) = outcomes.first() else { return Outcome::default() };
    Outcome {
        measure: first.measure,
        variable: first.variable.clone(),
        weights: first.weights.clone(),
        year: first.year.filter(|_| outcomes.len() == 1),
        options: first.options.clone(),
        ..Outcome::default()
    }
}

/// At most `most` of some things, evenly from the first to the last.
pub fn evenly<T: Clone>(all: &[T], most: usize) -> Vec<T> {
    if all.len() <= most || most < 2 {
        return all.to_vec();
    }
    (0..most).map(|k| all[k * (all.len() - 1) / (most - 1)].clone()).collect()
}

/// What a result is about, with its population, its groups and its span of years.
pub fn subject(stage: &Stage, outcome: &Outcome) -> String {
    let option = |key: &str| outcome.options.get(key).and_then(Value::as_str).map(crate::error::shortened);
    let year = |key: &str| outcome.options.get(key).and_then(Value::as_i64);
    let mut text = stage.subject(outcome);
    if let (Some(from), Some(to)) = (year("from"), year("to")) {
        text += &format!(" {from}–{to}");
    }
    if let Some(population) = option("population") {
        text += &stage.say(format!(", weighted by {population}"), format!("，以 {population} 加权"));
    }
    if let Some(group) = option("group") {
        text += &stage.say(format!(", by {group}"), format!("，按 {group} 分组"));
    }
    text.trim_start().to_owned()
}

/// A text with how the result was made.
pub fn with_footer(stage: &Stage, text: &str, outcome: &Outcome) -> String {
    match stage.footer(outcome) {
        footer if footer.is_empty() => text.to_owned(),
        footer => format!("{text}; {footer}"),
    }
}

/// Whether each city counts once in a result; a page shows those, and leaves those weighted by a population to files.
pub fn unweighted(outcome: &Outcome) -> bool {
    !outcome.options.contains_key("population")
}

/// Where a mark of one of `count` cities is drawn: among very many a whole unit will do, and keeps the picture light.
pub fn mark(place: [f64; 2], count: usize) -> [f64; 2] {
    if count > 1_000 { place.map(f64::round) } else { place }
}

/// A share as `25.6 %`.
pub fn per_cent(share: f64) -> String {
    if share.is_finite() { format!("{:.1} %", 100.0 * share + 0.0) } else { "–".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_one_value_come_together() {
        let mut report = crate::write::fixture::report();
        report.outcomes = vec![
            crate::write::fixture::outcome("gdp", "queen", Some(2020)),
            crate::write::fixture::outcome("gdp", "links", Some(2020)),
            crate::write::fixture::outcome("gdp", "queen", Some(2010)),
        ];
        let ground = super::super::Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let together = by_year(&stage, "local_moran");
        assert_eq!(together.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((together[0][0].year, head(&together[0]).year), (Some(2010), None));
        assert_eq!(evenly(&[1, 2, 3, 4, 5], 3), [1, 3, 5]);
    }

    #[test]
    fn a_table_without_a_column_has_no_numbers() {
        let table = TableOut { columns: vec!["a"], rows: vec![vec![Value::Null]] };
        let outcome = Outcome { tables: vec![("t", table)], ..Outcome::default() };
        let rows = Rows::of(&outcome, "t").unwrap();
        assert!(rows.number(0, "a").is_nan() && rows.number(0, "b").is_nan() && rows.number(7, "a").is_nan());
        assert!(Rows::of(&outcome, "u").is_none());
    }
}
