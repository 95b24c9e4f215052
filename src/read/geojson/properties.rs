//! Properties to columns: typed cells, columns in the order of their first appearance.

use indexmap::IndexMap;
use rayon::prelude::*;

use crate::error::{Fault, Kind, Result};
use crate::read::geojson::members::{Member, each_member, unquoted};
use crate::study::{Cell, Column};

/// The columns of a run of features, cells only as far as the last feature that has one.
#[derive(Default)]
pub(super) struct Block {
    /// Index of the first feature.
    pub(super) first: usize,
    rows: usize,
    columns: IndexMap<String, Vec<Cell>>,
    /// Features in which a key appears more than once.
    pub(super) duplicates: Vec<(usize, String)>,
}

impl Block {
    pub(super) fn new(first: usize) -> Self {
        Self { first, ..Self::default() }
    }

    /// Adds the properties of the next feature; `None` where it has none. A value that cannot be read is handed
    /// to `broken`.
    pub(super) fn push<'a>(&mut self, properties: Option<&'a str>, mut broken: impl FnMut(&'a str)) {
        let row = self.rows;
        self.rows += 1;
        let mut place = 0;
        let read = each_member(properties.unwrap_or("{}"), |member| {
            match (member.name(), cell(member.value)) {
                (Ok(name), Ok(cell)) => {
                    if !self.set(row, place, &name, cell) {
                        self.duplicates.push((self.first + row, name.into_owned()));
                    }
                }
                (Err(_), _) => broken(member.key),
                (_, Err(_)) => broken(member.value),
            }
            place += 1;
        });
        debug_assert!(read.is_ok(), "the text was checked when it was cut into features");
    }

    /// Stores a cell; false if the row had one in that column.
    fn set(&mut self, row: usize, place: usize, name: &str, cell: Cell) -> bool {
        // Features mostly have their keys in one order, so that the column is where it is expected.
        let column = match self.columns.get_index(place) {
            Some((expected, _)) if expected == name => place,
            _ => match self.columns.get_index_of(name) {
                Some(column) => column,
                None => self.columns.insert_full(name.to_owned(), Vec::new()).0,
            },
        };
        let cells = &mut self.columns[column];
        let is_new = cells.len() <= row;
        if is_new {
            cells.resize(row, Cell::Missing);
            cells.push(cell);
        } else {
            cells[row] = cell;
        }
        is_new
    }
}

/// Most columns of a table.
const MOST_COLUMNS: usize = 16_384;

/// Cells that a table may have however few of them are filled.
const FREE_CELLS: usize = 10_000_000;

/// The columns of all blocks, in order of first appearance, each as long as there are features.
///
/// A filled cell takes several of the `bytes` of the text, so that only tables that are next to empty have more cells
/// than bytes; those are refused, since they could be larger than any memory.
pub(super) fn columns(blocks: Vec<Block>, rows: usize, bytes: usize) -> Result<Vec<Column>> {
    let mut pieces: IndexMap<String, Vec<(usize, Vec<Cell>)>> = IndexMap::new();
    for block in blocks {
        for (name, cells) in block.columns {
            pieces.entry(name).or_default().push((block.first, cells));
        }
    }
    if pieces.len() > MOST_COLUMNS || pieces.len().saturating_mul(rows) > bytes.max(FREE_CELLS) {
        let message = format!("{rows} features have {} different properties, which is too many", pieces.len());
        return Err(Fault::new(Kind::TooLarge, message).hint("keep those that are common to the features").into());
    }
    let pieces: Vec<_> = pieces.into_iter().collect();
    let columns = pieces
        .into_par_iter()
        .map(|(name, pieces)| {
            let mut cells = Vec::with_capacity(rows);
            for (first, piece) in pieces {
                cells.resize(first, Cell::Missing);
                cells.extend(piece);
            }
            cells.resize(rows, Cell::Missing);
            Column::new(name, cells)
        })
        .collect();
    Ok(columns)
}

/// The cell that a value is; an error if a text is no Unicode.
fn cell(value: &str) -> serde_json::Result<Cell> {
    Ok(match value.as_bytes()[0] {
        b'n' => Cell::Missing,
        b't' => Cell::Bool(true),
        b'f' => Cell::Bool(false),
        b'"' => Cell::Text(unquoted(value)?.into()),
        b'[' | b'{' => Cell::Nested(value.into()),
        _ => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => Cell::Number(number),
            _ => Cell::Overflow(value.into()),
        },
    })
}

/// One property as text, whole numbers as they are spelled, so that 9007199254740993 survives.
pub(super) fn exact_text(properties: &str, name: &str) -> Option<String> {
    let mut last: Option<Member<'_>> = None;
    each_member(properties, |member| {
        if member.is(name) {
            last = Some(member);
        }
    })
    .ok()?;
    let value = last?.value;
    let is_whole = value.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    if is_whole { Some(value.to_owned()) } else { Column::new(name, vec![cell(value).ok()?]).text(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_the_order_of_first_appearance() {
        let mut one = Block::new(0);
        one.push(Some(r#"{"b": 1, "a": "x"}"#), |_| panic!());
        one.push(None, |_| panic!());
        one.push(Some(r#"{"a": "y", "c": true, "c": false, "b": 1e999}"#), |_| panic!());
        let mut two = Block::new(3);
        two.push(Some(r#"{"d": [1], "b": null}"#), |_| panic!());
        assert_eq!(one.duplicates, [(2, "c".to_owned())]);
        let columns = columns(vec![one, two], 4, 0).unwrap();
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["b", "a", "c", "d"]);
        let b: Vec<_> = (0..4).map(|row| columns[0].cell(row)).collect();
        assert_eq!(b, [Cell::Number(1.0), Cell::Missing, Cell::Overflow("1e999".into()), Cell::Missing]);
        assert_eq!(columns[2].cell(2), Cell::Bool(false));
        assert_eq!(columns[3].cell(3), Cell::Nested("[1]".into()));
    }

    #[test]
    fn a_table_that_is_next_to_empty_is_refused() {
        let mut block = Block::new(0);
        (0..3000).for_each(|i| block.push(Some(&format!(r#"{{"k{i}": 1}}"#)), |_| panic!()));
        assert_eq!(columns(vec![block], 4000, 60_000).unwrap_err().kind(), Kind::TooLarge);
    }

    #[test]
    fn whole_numbers_keep_their_spelling() {
        let properties = r#"{"code": 1, "code": 9007199254740993, "x": 1.50, "t": "007"}"#;
        assert_eq!(exact_text(properties, "code").as_deref(), Some("9007199254740993"));
        assert_eq!(exact_text(properties, "x").as_deref(), Some("1.5"));
        assert_eq!(exact_text(properties, "t").as_deref(), Some("007"));
        assert_eq!(exact_text(properties, "none"), None);
    }
}
