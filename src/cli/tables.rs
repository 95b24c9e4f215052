//! The tables that a planner reads first, of the families that give tables: in words, with their footers.

use std::fmt::Write;

use serde_json::Value;

use super::diagnose::visible;
use super::present::{short, table};
use crate::measures::{Outcome, TableOut};
use crate::write::Report;
use crate::write::sheet::title;

/// Most rows of a table that are shown.
const MOST_ROWS: usize = 60;
/// Tables that are shown, in this order; the others are for programs and go to files.
const SHOWN: [(&str, &str); 0] = [];

/// The tables of the last year, then those over the years.
pub fn tables(report: &Report, outcomes: &[&Outcome]) -> String {
    let mut text = String::new();
    let last = outcomes.iter().filter_map(|outcome| outcome.year).max();
    for (measure, name) in SHOWN {
        let of_measure = outcomes.iter().filter(|outcome| outcome.measure == measure);
        for outcome in of_measure.filter(|outcome| outcome.year.is_none() || outcome.year == last) {
            if let Some((_, shown)) = outcome.tables.iter().find(|(other, _)| *other == name) {
                text += &one(report, outcome, name, shown);
            }
        }
    }
    let earlier: Vec<i32> = report.years().into_iter().filter(|&year| Some(year) != last).collect();
    if !text.is_empty() && !earlier.is_empty() {
        let years: Vec<String> = earlier.iter().map(i32::to_string).collect();
        let _ =
            writeln!(text, "\nTables of {}: --year, --format md, or --out-dir DIR for all of them", years.join(", "));
    }
    text
}

fn one(report: &Report, outcome: &Outcome, name: &str, shown: &TableOut) -> String {
    if shown.rows.is_empty() {
        return String::new();
    }
    let columns = Columns::of(shown);
    let header: Vec<String> = columns.0.iter().map(|&(at, _)| columns.label(shown, at)).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = shown.rows.iter().take(MOST_ROWS);
    let cells: Vec<Vec<String>> =
        rows.map(|row| columns.0.iter().map(|&(at, city)| cell(report, &row[at], city)).collect()).collect();
    let is_number = |at: usize| shown.rows.iter().all(|row| !row[at].is_string());
    let right: Vec<usize> = (0..columns.0.len()).filter(|&place| is_number(columns.0[place].0)).collect();
    let mut text = format!("\n{}\n{}", visible(&title(outcome, name)), table(&header, &cells, &right));
    if shown.rows.len() > MOST_ROWS {
        let _ = writeln!(text, "and {} more", shown.rows.len() - MOST_ROWS);
    }
    if let Some(footer) = &outcome.footer {
        let _ = writeln!(text, "{}", visible(footer));
    }
    text
}

/// Places of the columns that are shown, and whether they hold ids of cities; names beside ids are left out.
struct Columns(Vec<(usize, bool)>);

impl Columns {
    fn of(table: &TableOut) -> Self {
        let names = &table.columns;
        let is_id = |at: usize| {
            let name_of = format!("{}_name", names[at]);
            names.get(at + 1).is_some_and(|next| *next == name_of || (names[at] == "city" && *next == "name"))
        };
        let mut places = Vec::new();
        let mut at = 0;
        while at < names.len() {
            places.push((at, is_id(at)));
            at += 1 + usize::from(is_id(at));
        }
        Self(places)
    }

    fn label(&self, table: &TableOut, at: usize) -> String {
        table.columns[at].replace('_', " ")
    }
}

/// A cell for people; an id becomes the name of its city.
fn cell(report: &Report, value: &Value, is_city: bool) -> String {
    match value {
        Value::String(id) if is_city => report
            .cities
            .ids
            .iter()
            .position(|other| other == id)
            .map_or_else(|| id.clone(), |i| report.cities.known_as(i)),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.as_f64().map_or_else(String::new, short),
    }
}
