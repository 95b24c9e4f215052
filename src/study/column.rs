//! Columns of attributes as they were read, and the one rule by which a cell becomes a number.

use crate::error::{Error, Fault, Faults, Kind, did_you_mean, quoted};
use crate::note::{Note, listed};

/// One value as it was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Absent, null or blank.
    Missing,
    /// A truth value.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// Text, numbers written as text included.
    Text(Box<str>),
    /// A number too large for a double, as it is spelled.
    Overflow(Box<str>),
    /// An array or object, as it is spelled.
    Nested(Box<str>),
}

/// The values of a column, packed by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Numbers; NaN stands for a missing one.
    Numbers(Vec<f64>),
    /// Truth values.
    Bools(Vec<Option<bool>>),
    /// Texts.
    Texts(Vec<Option<Box<str>>>),
    /// Anything else: columns that mix types.
    Mixed(Vec<Cell>),
}

/// A named column with one cell for every row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the input.
    pub name: String,
    /// Its values.
    pub cells: Cells,
}

impl Column {
    /// A column of these cells, packed if they are all of one type.
    pub fn new(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        let all = |fits: fn(&Cell) -> bool| cells.iter().all(|cell| matches!(cell, Cell::Missing) || fits(cell));
        let cells = if all(|cell| matches!(cell, Cell::Number(_))) {
            Cells::Numbers(cells.iter().map(|cell| if let Cell::Number(x) = cell { *x } else { f64::NAN }).collect())
        } else if all(|cell| matches!(cell, Cell::Bool(_))) {
            Cells::Bools(cells.iter().map(|cell| if let Cell::Bool(b) = cell { Some(*b) } else { None }).collect())
        } else if all(|cell| matches!(cell, Cell::Text(_))) {
            Cells::Texts(cells.into_iter().map(|cell| if let Cell::Text(t) = cell { Some(t) } else { None }).collect())
        } else {
            Cells::Mixed(cells)
        };
        Self { name: name.into(), cells }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers(v) => v.len(),
            Cells::Bools(v) => v.len(),
            Cells::Texts(v) => v.len(),
            Cells::Mixed(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of one row.
    pub fn cell(&self, row: usize) -> Cell {
        match &self.cells {
            Cells::Numbers(v) if v[row].is_nan() => Cell::Missing,
            Cells::Numbers(v) => Cell::Number(v[row]),
            Cells::Bools(v) => v[row].map_or(Cell::Missing, Cell::Bool),
            Cells::Texts(v) => v[row].clone().map_or(Cell::Missing, Cell::Text),
            Cells::Mixed(v) => v[row].clone(),
        }
    }

    /// The cells of these rows, in this order; `None` stands for a row that is missing.
    pub fn select(&self, rows: impl IntoIterator<Item = Option<usize>>) -> Self {
        let rows = rows.into_iter();
        let cells = match &self.cells {
            Cells::Numbers(v) => Cells::Numbers(rows.map(|row| row.map_or(f64::NAN, |row| v[row])).collect()),
            Cells::Bools(v) => Cells::Bools(rows.map(|row| v[row?]).collect()),
            Cells::Texts(v) => Cells::Texts(rows.map(|row| v[row?].clone()).collect()),
            Cells::Mixed(v) => Cells::Mixed(rows.map(|row| row.map_or(Cell::Missing, |row| v[row].clone())).collect()),
        };
        Self { name: self.name.clone(), cells }
    }

    /// One row as text, for ids, names and groups; `None` where it is missing. Whole numbers have no point.
    pub fn text(&self, row: usize) -> Option<String> {
        match self.cell(row) {
            Cell::Missing => None,
            Cell::Bool(b) => Some(b.to_string()),
            Cell::Number(x) => Some(x.to_string()),
            Cell::Text(t) | Cell::Overflow(t) | Cell::Nested(t) => Some(t.into()),
        }
    }

    /// The column as numbers, NaN where missing, with what had to be assumed.
    ///
    /// The rule: numbers are taken as they are, truth values as 1 and 0 in a column that has nothing else; text counts if it is a plain number
    /// (`12`, `-1.5`, `1e3`), said in a note; a blank and the usual marks for a missing value (`NA`, `N/A`,
    /// `null`, `-`, `…`, `..`) are missing, said in a note; anything else is a fault.
    ///
    /// `place` names a row in a fault: file, line or feature, city.
    pub fn numbers(&self, place: impl Fn(usize, Fault) -> Fault) -> Result<(Vec<f64>, Vec<Note>), Error> {
        if let Cells::Numbers(values) = &self.cells {
            return Ok((values.clone(), Vec::new()));
        }
        let mut faults = Faults::default();
        let (mut from_text, mut marks) = (0, Vec::new());
        let all_bools = matches!(self.cells, Cells::Bools(_));
        let values = (0..self.len())
            .map(|row| match self.cell(row) {
                Cell::Missing => f64::NAN,
                Cell::Number(x) => x,
                Cell::Bool(b) if all_bools => f64::from(u8::from(b)),
                Cell::Bool(b) => {
                    let message = format!("{b} is not a number but a truth value among other values");
                    let fault = Fault::new(Kind::Value, message).field(&self.name);
                    faults.push(place(row, fault.hint("write a number, or null if it is not known")));
                    f64::NAN
                }
                Cell::Text(text) => match Number::parse(&text) {
                    Number::Finite(x) => {
                        from_text += 1;
                        x
                    }
                    Number::Missing => {
                        if !text.trim().is_empty() {
                            marks.push(quoted(&text));
                        }
                        f64::NAN
                    }
                    Number::Not => {
                        faults.push(place(row, self.not_a_number(&text)));
                        f64::NAN
                    }
                },
                Cell::Overflow(text) => {
                    let message =
                        format!("{} is too large for a number: it is out of the range of a double", quoted(&text));
                    let fault = Fault::new(Kind::Value, message).field(&self.name);
                    faults.push(place(row, fault.hint("correct it, or express the column in a larger unit")));
                    f64::NAN
                }
                Cell::Nested(text) => {
                    let message = format!("{} is not a number but an array or object", quoted(&text));
                    let fault = Fault::new(Kind::Value, message).field(&self.name);
                    faults.push(place(row, fault.hint("write a number, or null if it is not known")));
                    f64::NAN
                }
            })
            .collect();
        let mut notes = Vec::new();
        if from_text > 0 {
            let message = format!(
                "{}: {from_text} of {} values are text that reads as a number; used as numbers",
                self.name,
                self.len()
            );
            notes.push(Note::warning("number_as_text", message));
        }
        if !marks.is_empty() {
            let count = marks.len();
            marks.sort();
            marks.dedup();
            notes.push(Note::warning(
                "missing_mark",
                format!(
                    "{}: {count} {} taken as missing: {}",
                    self.name,
                    if count == 1 { "value" } else { "values" },
                    listed(&marks)
                ),
            ));
        }
        faults.finish((values, notes))
    }

    fn not_a_number(&self, text: &str) -> Fault {
        let fault = Fault::new(Kind::Value, format!("{} is not a number", quoted(text))).field(&self.name);
        let plain = text.replace([',', ' ', '\u{a0}', '\u{2009}'], "");
        match Number::parse(&plain) {
            Number::Finite(_) if text.contains(',') => {
                fault.hint("write it without thousands separators and with a decimal point")
            }
            _ => fault.hint("write a plain number, or leave the cell empty (null in GeoJSON) if it is not known"),
        }
    }
}

/// What a piece of text is as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A finite number.
    Finite(f64),
    /// Blank, or one of the usual marks for a missing value.
    Missing,
    /// Neither.
    Not,
}

impl Number {
    /// Reads `text` by the rule of [`Column::numbers`]. `NaN` and `inf` are no numbers, though `f64` would take them.
    pub(crate) fn parse(text: &str) -> Self {
        const MARKS: [&str; 12] = ["", "na", "n/a", "null", "none", "-", "--", "–", "—", "…", "..", "..."];
        let text = text.trim();
        if MARKS.contains(&text.to_lowercase().as_str()) {
            return Self::Missing;
        }
        let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
        match text.parse::<f64>() {
            Ok(x) if plain && x.is_finite() => Self::Finite(x),
            _ => Self::Not,
        }
    }
}

/// A table of columns of equal length: the properties of the features, or a file of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Base name of the file it came from.
    pub file: String,
    /// Its columns in the order of the file.
    pub columns: Vec<Column>,
    /// Line of each row in the file; empty where rows are features.
    pub lines: Vec<usize>,
    /// Number of rows.
    pub rows: usize,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The place of the first column that has one of these names, small letters, white space around it aside.
    pub(super) fn place_of(&self, names: &[&str]) -> Option<usize> {
        self.columns.iter().position(|column| names.contains(&column.name.trim().to_lowercase().as_str()))
    }

    /// Names of all columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The table of these rows, in this order.
    pub fn select(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| column.select(rows.iter().copied().map(Some))).collect();
        let lines = rows.iter().filter_map(|&row| self.lines.get(row).copied()).collect();
        Self { file: self.file.clone(), columns, lines, rows: rows.len() }
    }

    /// The fault that this table has no column `name`, with the nearest one and all there are.
    pub(crate) fn no_column(&self, name: &str) -> Fault {
        let meant =
            did_you_mean(name, self.names()).map_or(String::new(), |near| format!("did you mean {}? ", quoted(near)));
        let names: Vec<&str> = self.names().collect();
        let message = format!("there is no column {}", quoted(name));
        Fault::new(Kind::Column, message).file(&self.file).hint(format!("{meant}columns: {}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_a_number() {
        for (text, want) in [
            ("12", Number::Finite(12.0)),
            (" -1.5e3 ", Number::Finite(-1500.0)),
            ("", Number::Missing),
            ("N/A", Number::Missing),
            ("…", Number::Missing),
            ("NaN", Number::Not),
            ("inf", Number::Not),
            ("1e999", Number::Not),
            ("1,234.5", Number::Not),
            ("１２", Number::Not),
        ] {
            assert_eq!(Number::parse(text), want, "{text}");
        }
    }

    #[test]
    fn selected_rows_keep_their_type() {
        let column = Column::new("name", vec![Cell::Text("a".into()), Cell::Missing, Cell::Text("c".into())]);
        let picked = column.select([Some(2), None, Some(0)]);
        assert_eq!(picked.cells, Cells::Texts(vec![Some("c".into()), None, Some("a".into())]));
    }

    #[test]
    fn a_truth_value_is_a_number_only_among_its_like() {
        let bools = Column::new("hub", vec![Cell::Bool(true), Cell::Missing, Cell::Bool(false)]);
        let (values, _) = bools.numbers(|_, fault| fault).unwrap();
        assert!(values[0] == 1.0 && values[1].is_nan() && values[2] == 0.0);
        let mixed = Column::new("gdp", vec![Cell::Number(3.0), Cell::Bool(true)]);
        let error = mixed.numbers(|row, fault| fault.feature(row)).unwrap_err();
        assert_eq!(error.to_string(), "feature 1: gdp: true is not a number but a truth value among other values");
    }

    #[test]
    fn every_bad_cell_is_named() {
        let cells = ["1", "1,234.5", "", "x"].map(|t| Cell::Text(t.into())).to_vec();
        let error = Column::new("gdp", cells).numbers(|row, fault| fault.feature(row)).unwrap_err();
        let rows: Vec<_> = error.faults().iter().map(|fault| fault.place().feature).collect();
        assert_eq!(rows, [Some(1), Some(3)]);
    }
}
