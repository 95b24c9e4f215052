//! Results that are held against no chance, as a planner reads them: inequality side by side, and who leads in the network.

use std::fmt::Write;

use serde_json::Value;

use super::diagnose::visible;
use super::present::{short, subject, table};
use crate::measures::{FieldPlace, MEASURES, Outcome, TableOut, Values};
use crate::note::listed;
use crate::write::Report;

/// Most groups of a table that are shown.
const MOST_GROUPS: usize = 12;
/// How many cities lead.
const LEADERS: usize = 5;
/// Columns of a table of groups that are shown.
const GROUP_COLUMNS: [&str; 10] =
    ["group", "n", "mean", "population_share", "value_share", "t", "t_within", "t_between", "gini", "contribution"];
/// Centralities of which the leaders are shown; the others are close to one of them, or have no leaders.
const LEADING: [&str; 6] = ["strength", "betweenness", "closeness", "eigenvector", "pagerank", "effective_size"];

/// Inequality: one row for each number, one column for each value and weighting.
pub fn inequality(outcomes: &[&Outcome]) -> String {
    let (mut columns, mut rows): (Vec<String>, Vec<Row>) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let column = place(&mut columns, whose(outcome));
        for &(name, number) in &outcome.scalars {
            let (order, label) = label(outcome, name);
            let known = rows.iter().position(|row| row.label == label);
            let row = known.unwrap_or_else(|| {
                rows.push(Row { order, label, numbers: Vec::new() });
                rows.len() - 1
            });
            let numbers = &mut rows[row].numbers;
            if numbers.len() <= column {
                numbers.resize(column + 1, f64::NAN);
                numbers[column] = number;
            }
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    rows.sort_by_key(|row| row.order);
    let header: Vec<&str> = std::iter::once("inequality").chain(columns.iter().map(String::as_str)).collect();
    let cells = |row: Row| {
        let number = |column: usize| row.numbers.get(column).map_or_else(String::new, |&x| short(x));
        let numbers: Vec<String> = (0..columns.len()).map(number).collect();
        [vec![row.label], numbers].concat()
    };
    let cells: Vec<Vec<String>> = rows.into_iter().map(cells).collect();
    let right: Vec<usize> = (1..header.len()).collect();
    format!("\n{}", table(&header, &cells, &right))
}

/// The groups of the last year.
pub fn groups(outcomes: &[&Outcome]) -> String {
    let last = outcomes.iter().filter_map(|outcome| outcome.year).max();
    let of_last = outcomes.iter().filter(|outcome| outcome.year.is_none() || outcome.year == last);
    let tables = of_last.flat_map(|outcome| outcome.tables.iter().map(move |(name, table)| (outcome, name, table)));
    tables.filter(|(_, name, _)| **name == "groups").map(|(outcome, _, table)| group_table(outcome, table)).collect()
}

/// One number of every column.
struct Row {
    /// Place of its measure and of its field in the registry; the number of cities comes first.
    order: (usize, usize),
    label: String,
    numbers: Vec<f64>,
}

/// The place of a text among others, after it was added if it was not there.
fn place(texts: &mut Vec<String>, text: String) -> usize {
    texts.iter().position(|known| *known == text).unwrap_or_else(|| {
        texts.push(text);
        texts.len() - 1
    })
}

/// What a result is of, and by what it is weighted.
fn whose(outcome: &Outcome) -> String {
    match outcome.options.get("population").and_then(Value::as_str) {
        Some(population) => format!("{} by {population}", subject(outcome)),
        None => subject(outcome),
    }
}

/// The place of a number in the registry, and what it is, with the groups that it is about.
fn label(outcome: &Outcome, name: &str) -> ((usize, usize), String) {
    let at = MEASURES.iter().position(|measure| measure.about().name == outcome.measure);
    let fields = at.map_or(&[][..], |at| MEASURES[at].about().fields);
    let field = fields.iter().position(|field| field.name == name && field.place == FieldPlace::Scalar);
    let meaning = field.map_or(name, |field| fields[field].meaning);
    let order = if name == "n" { (0, 0) } else { (at.map_or(0, |at| at + 1), field.unwrap_or_default()) };
    match outcome.options.get("group").and_then(Value::as_str) {
        Some(group) if name.contains("_between") || name.contains("_within") || outcome.measure == "dagum" => {
            (order, format!("{meaning}, by {group}"))
        }
        _ => (order, meaning.to_owned()),
    }
}

fn group_table(outcome: &Outcome, groups: &TableOut) -> String {
    let shown: Vec<usize> =
        GROUP_COLUMNS.iter().filter_map(|name| groups.columns.iter().position(|column| column == name)).collect();
    let cell = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.as_f64().map_or_else(String::new, short),
    };
    let rows: Vec<Vec<String>> =
        groups.rows.iter().take(MOST_GROUPS).map(|row| shown.iter().map(|&i| cell(&row[i])).collect()).collect();
    let header: Vec<&str> = shown.iter().map(|&i| groups.columns[i]).collect();
    let right: Vec<usize> = (1..header.len()).collect();
    let group = outcome.options.get("group").and_then(Value::as_str).unwrap_or_default();
    let mut text = format!("\n{}\n", visible(&format!("{}, by {group}", whose(outcome))));
    text += &table(&header, &rows, &right);
    if groups.rows.len() > MOST_GROUPS {
        let _ = writeln!(text, "and {} more", groups.rows.len() - MOST_GROUPS);
    }
    text
}

/// The cities that lead in each centrality, the first first.
pub fn leaders(report: &Report, outcome: &Outcome) -> String {
    let links = outcome.scalar("links");
    let noun = if links == 1.0 { "link" } else { "links" };
    let mut text = format!("\nNetwork of {} cities and {} {noun}; who leads\n", report.cities.len(), short(links));
    for (name, values) in &outcome.columns {
        let Values::Numbers(numbers) = values else { continue };
        let mut order: Vec<usize> = (0..numbers.len()).filter(|&i| numbers[i] > 0.0).collect();
        if !LEADING.contains(name) || order.is_empty() {
            continue;
        }
        order.sort_by(|&a, &b| numbers[b].total_cmp(&numbers[a]));
        order.truncate(LEADERS);
        let named: Vec<String> =
            order.iter().map(|&i| format!("{} ({})", report.cities.known_as(i), short(numbers[i]))).collect();
        let _ = writeln!(text, "  {}", visible(&format!("{name:<16}{}", listed(&named))));
    }
    text
}
