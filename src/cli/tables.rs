//! The tables that a planner reads first, of the families that give tables: in words, with their footers.

use std::fmt::Write;

use serde_json::Value;

use super::diagnose::visible;
use super::present::{short, table};
use crate::measures::{Outcome, TableOut};
use crate::write::Report;
use crate::write::sheet::{Sheet, SheetCell, heading, title};
use crate::write::{index_cities, inequality, profile};

/// Most rows of a table that are shown.
const MOST_ROWS: usize = 60;
/// Tables that stand in for one that is there in a run over several years only.
const INSTEAD: [(&str, &str, &str); 1] = [("upgrading", "cities", "change")];
/// Tables that are shown, in this order; the others are for programs and go to files.
const SHOWN: [(&str, &str); 50] = [
    ("inequality_intervals", "measures"),
    ("inequality_intervals", "shares"),
    ("inequality_intervals", "changes"),
    ("sigma_convergence", "years"),
    ("beta_convergence", "clubs"),
    ("beta_conditional", "coefficients"),
    ("beta_panel", "models"),
    ("beta_spatial", "models"),
    ("markov", "classes"),
    ("spatial_markov", "tests"),
    ("rank_mobility", "tau"),
    ("density", "years"),
    ("centre_of_gravity", "years"),
    ("ellipse", "years"),
    ("indicator_weights", "weights"),
    ("coupling", "summary"),
    ("coupling", "grades"),
    ("core_periphery", "methods"),
    ("communities", "communities"),
    ("polycentricity", "polycentricity"),
    ("breakpoints", "breakpoints"),
    ("gravity_fit", "fits"),
    ("radiation_model", "fit"),
    ("spillover", "models"),
    ("spillover", "impacts"),
    ("driving_effect", "effects"),
    ("driving_effect", "bands"),
    ("qap", "predictors"),
    ("similarity", "summary"),
    ("similarity", "sensitivity"),
    ("similarity", "years"),
    ("similarity", "cities"),
    ("isomorphism_pairs", "pairs"),
    ("isomorphism_null", "summary"),
    ("isomorphism_explained", "predictors"),
    ("division_of_labour", "classes"),
    ("division_of_labour", "thresholds"),
    ("division_of_labour", "communities"),
    ("specialisation", "summary"),
    ("concentration", "sectors"),
    ("urban_flow", "cities"),
    ("upgrading", "years"),
    ("upgrading", "change"),
    ("upgrading", "cities"),
    ("structure_change", "whole"),
    ("structure_change", "cities"),
    ("rationalisation", "cities"),
    ("shift_share", "sectors"),
    ("shift_share", "cities"),
    ("shift_share_spatial", "cities"),
];

/// Tables of which only some columns fit on a terminal.
const ONLY: [(&str, &str, &[&str]); 2] = [
    (
        "gravity_fit",
        "fits",
        &["constraint", "decay", "origin_mass", "destination_mass", "distance", "distance_se", "d2", "srmse", "cpc"],
    ),
    (
        "spillover",
        "impacts",
        &["model", "term", "direct", "indirect", "indirect_low", "indirect_high", "total", "total_low", "total_high"],
    ),
];

/// The tables of the last year, then those over the years.
pub fn tables(report: &Report, outcomes: &[&Outcome]) -> String {
    let mut text = String::new();
    let last = outcomes.iter().filter_map(|outcome| outcome.year).max();
    let has = |measure: &str, name: &str| {
        outcomes.iter().any(|o| o.measure == measure && o.tables.iter().any(|(other, _)| *other == name))
    };
    let idle = |measure: &str, name: &str| {
        INSTEAD.iter().any(|&(of, instead, table)| of == measure && instead == name && has(measure, table))
    };
    for (measure, name) in SHOWN.into_iter().filter(|&(measure, name)| !idle(measure, name)) {
        let of_measure = outcomes.iter().filter(|outcome| outcome.measure == measure);
        for outcome in of_measure.filter(|outcome| outcome.year.is_none() || outcome.year == last) {
            if let Some(shown) = outcome.table(name) {
                text += &one(report, outcome, name, shown);
            }
        }
    }
    let shown = outcomes.iter().filter(|outcome| SHOWN.iter().any(|(measure, _)| *measure == outcome.measure));
    let mut earlier: Vec<i32> = shown.filter_map(|outcome| outcome.year).filter(|&year| Some(year) != last).collect();
    earlier.sort_unstable();
    earlier.dedup();
    if !text.is_empty() && !earlier.is_empty() {
        let years: Vec<String> = earlier.iter().map(i32::to_string).collect();
        let _ =
            writeln!(text, "\nTables of {}: --year, --format md, or --out-dir DIR for all of them", years.join(", "));
    }
    text
}

/// The tables of inequality by year.
pub fn inequality(report: &Report) -> String {
    inequality::of_inequality(report).iter().map(|sheet| of_sheet(report, sheet)).collect()
}

/// The table of an index by city, the highest score first.
pub fn index(report: &Report) -> String {
    index_cities::of_index(report).iter().map(|sheet| of_sheet(report, sheet)).collect()
}

/// The tables of reach by city, the nearest to the core first, and by core.
pub fn reach(report: &Report) -> String {
    profile::of_reach(report).iter().map(|sheet| of_sheet(report, sheet)).collect()
}

fn of_sheet(report: &Report, sheet: &Sheet) -> String {
    let mut order: Vec<usize> = (0..sheet.rows()).collect();
    if let Some(leading) = sheet.header.iter().position(|name| name == "coreness" || name == "score") {
        let by = |row: usize| match sheet.columns[leading].cell(row) {
            SheetCell::Number(x) => x,
            _ => f64::NEG_INFINITY,
        };
        order.sort_by(|&a, &b| by(b).total_cmp(&by(a)));
    }
    // Names beside ids are left out, since ids are shown as names, and so are columns without any value.
    let has_values = |at: usize| (0..sheet.rows()).any(|row| sheet.columns[at].cell(row) != SheetCell::Empty);
    let is_name = |at: usize| at > 0 && is_name_of(&sheet.header[at], &sheet.header[at - 1]);
    let shown: Vec<usize> = (0..sheet.header.len()).filter(|&at| !is_name(at) && has_values(at)).collect();
    let is_city = |at: usize| matches!(&*sheet.header[at], "city" | "core" | "hinterland");
    let cells: Vec<Vec<String>> = order
        .iter()
        .take(MOST_ROWS)
        .map(|&row| shown.iter().map(|&at| sheet_cell(report, &sheet.columns[at].cell(row), is_city(at))).collect())
        .collect();
    let header: Vec<String> = shown.iter().map(|&at| heading(&sheet.header[at])).collect();
    let is_number = |at: usize| !(0..sheet.rows()).any(|row| matches!(sheet.columns[at].cell(row), SheetCell::Text(_)));
    let right: Vec<usize> = (0..shown.len()).filter(|&place| is_number(shown[place])).collect();
    framed(&sheet.title, &table_of(&header, &cells, &right), sheet.rows(), sheet.footer.as_deref())
}

fn table_of(header: &[String], cells: &[Vec<String>], right: &[usize]) -> String {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    table(&header, cells, right)
}

/// A table of the first of `rows` rows with its title above, and below it how many more there are, and its footer.
fn framed(title: &str, table: &str, rows: usize, footer: Option<&str>) -> String {
    let mut text = format!("\n{}\n{table}", visible(title));
    if rows > MOST_ROWS {
        let _ = writeln!(text, "and {} more", rows - MOST_ROWS);
    }
    if let Some(footer) = footer {
        let _ = writeln!(text, "{}", visible(footer));
    }
    text
}

fn sheet_cell(report: &Report, cell: &SheetCell, is_city: bool) -> String {
    match cell {
        SheetCell::Empty => String::new(),
        SheetCell::Number(x) => short(*x),
        SheetCell::Count(count) => count.to_string(),
        SheetCell::Text(id) if is_city => known_as(report, id),
        SheetCell::Text(text) => text.to_string(),
    }
}

fn known_as(report: &Report, id: &str) -> String {
    report.cities.position(id).map_or_else(|| id.to_owned(), |i| report.cities.known_as(i))
}

fn one(report: &Report, outcome: &Outcome, name: &str, shown: &TableOut) -> String {
    if shown.rows.is_empty() {
        return String::new();
    }
    let columns =
        Columns::of(shown, ONLY.iter().find(|only| (only.0, only.1) == (outcome.measure, name)).map(|only| only.2));
    let header: Vec<String> = columns.0.iter().map(|&(at, _)| heading(shown.columns[at])).collect();
    let rows = shown.rows.iter().take(MOST_ROWS);
    let cells: Vec<Vec<String>> =
        rows.map(|row| columns.0.iter().map(|&(at, city)| cell(report, &row[at], city)).collect()).collect();
    let is_number = |at: usize| shown.rows.iter().all(|row| !row[at].is_string());
    let right: Vec<usize> = (0..columns.0.len()).filter(|&place| is_number(columns.0[place].0)).collect();
    framed(&title(outcome, name), &table_of(&header, &cells, &right), shown.rows.len(), outcome.footer.as_deref())
}

/// Places of the columns that are shown, and whether they hold ids of cities. Names beside ids are left out, since ids are
/// shown as names, and so are columns without any value.
struct Columns(Vec<(usize, bool)>);

impl Columns {
    fn of(table: &TableOut, only: Option<&[&str]>) -> Self {
        let names = &table.columns;
        let is_id = |at: usize| names.get(at + 1).is_some_and(|next| is_name_of(next, names[at]));
        let is_name = |at: usize| at > 0 && is_id(at - 1);
        let has_values = |at: usize| table.rows.iter().any(|row| !row[at].is_null());
        let wanted = |at: usize| only.is_none_or(|only| only.contains(&names[at]));
        let shown = (0..names.len()).filter(|&at| !is_name(at) && has_values(at) && wanted(at));
        Self(shown.map(|at| (at, is_id(at))).collect())
    }
}

/// Whether a column holds the names of the cities whose ids another holds: `name` of `city`, `a_name` of `a`.
fn is_name_of(name: &str, id: &str) -> bool {
    let stem = id.strip_suffix("city").unwrap_or(id);
    match name.strip_suffix("name") {
        Some(rest) if id.ends_with("city") => rest == stem,
        Some(rest) => rest.strip_suffix('_') == Some(id),
        None => false,
    }
}

/// A cell for people; an id becomes the name of its city.
fn cell(report: &Report, value: &Value, is_city: bool) -> String {
    match value {
        Value::String(id) if is_city => known_as(report, id),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.as_f64().map_or_else(String::new, short),
    }
}
