//! Reading outcomes: columns of cities, and columns of tables, as plain numbers and texts.

use serde_json::Value;

use crate::measures::{Matrix, Outcome, TableOut, Values};

/// A column of cities as numbers; NaN where undefined, nothing where there is no such column.
pub fn numbers(outcome: &Outcome, column: &str) -> Option<Vec<f64>> {
    match outcome.column(column)? {
        Values::Numbers(values) => Some(values.clone()),
        Values::Counts(values) => Some(values.iter().map(|x| x.map_or(f64::NAN, |x| x as f64)).collect()),
        _ => None,
    }
}

/// A column of cities as classes.
pub fn classes<'a>(outcome: &'a Outcome, column: &str) -> Option<&'a [&'static str]> {
    match outcome.column(column)? {
        Values::Classes(classes) => Some(classes),
        _ => None,
    }
}

/// A table by its name, where it has rows.
pub fn table<'a>(outcome: &'a Outcome, name: &str) -> Option<Cells<'a>> {
    let (_, table) = outcome.tables.iter().find(|(other, _)| *other == name)?;
    (!table.rows.is_empty()).then_some(Cells(table))
}

/// A matrix by its name.
pub fn matrix<'a>(outcome: &'a Outcome, name: &str) -> Option<&'a Matrix> {
    outcome.matrices.iter().find(|(other, _)| *other == name).map(|(_, matrix)| matrix)
}

/// A table by the names of its columns.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a>(&'a TableOut);

impl Cells<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.0.rows.len()
    }

    /// A cell, where there is one.
    pub fn cell(&self, row: usize, column: &str) -> Option<&Value> {
        let at = self.0.columns.iter().position(|other| *other == column)?;
        self.0.rows.get(row)?.get(at)
    }

    /// A cell as a number; NaN where it is none.
    pub fn number(&self, row: usize, column: &str) -> f64 {
        self.cell(row, column).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    /// A cell as a text; nothing where it is undefined.
    pub fn text(&self, row: usize, column: &str) -> String {
        match self.cell(row, column) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    /// The first row with this text in a column.
    pub fn find(&self, column: &str, text: &str) -> Option<usize> {
        (0..self.rows()).find(|&row| self.text(row, column) == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_undefined_is_missing() {
        let rows = vec![vec![json!("a"), json!(null)], vec![json!("b"), json!(2)]];
        let mut outcome =
            Outcome { tables: vec![("t", TableOut { columns: vec!["k", "x"], rows })], ..Outcome::default() };
        outcome.columns.push(("n", Values::Counts(vec![Some(3), None])));
        let cells = table(&outcome, "t").unwrap();
        assert!(cells.number(0, "x").is_nan() && cells.number(1, "no").is_nan() && cells.number(9, "x").is_nan());
        assert_eq!((cells.number(1, "x"), cells.text(0, "x"), cells.find("k", "b")), (2.0, String::new(), Some(1)));
        assert!(numbers(&outcome, "n").unwrap()[1].is_nan() && numbers(&outcome, "m").is_none());
        assert!(table(&outcome, "other").is_none());
    }
}
