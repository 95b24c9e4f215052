//! CSV files of attributes: one named column of texts for every field.

use crate::error::Result;
use crate::note::Note;
use crate::study::{Cell, Column, Table};

use super::grid::Grid;

/// Reads a CSV file with a header.
///
/// Cells are text without white space around them, so that an id as `001` stays what it is; a blank one is missing.
/// Where `;` separates the fields, a column of numbers with decimal commas is given decimal points. Delimiter
/// (`,` `;` tab `|`) and encoding (UTF-8, UTF-16 with a mark, GB18030) are recognised; what is not usual is said in
/// the notes. Blank lines and rows of empty cells are skipped. `file` is the base name for messages.
///
/// # Errors
/// All at once: columns without a name or with the name of another, rows with too few or too many fields (each with
/// its line). Alone: no text file, an unclosed quote, no rows, a field over 1 MiB, more than 16,384 columns.
///
/// ```
/// let (table, notes) = agglo::read::read_table(b"id,gdp\n001,5.5\n002,\n", "gdp.csv")?;
/// assert_eq!((table.rows, &table.lines[..]), (2, &[2, 3][..]));
/// assert_eq!(table.column("id").and_then(|ids| ids.text(0)).as_deref(), Some("001"));
/// assert!(notes.is_empty());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn read_table(bytes: &[u8], file: &str) -> Result<(Table, Vec<Note>)> {
    let (mut grid, mut faults) = Grid::read(bytes, file)?;
    grid.name_faults().for_each(|fault| faults.push(fault));
    let mut with_commas = Vec::new();
    let columns = (0..grid.names.len())
        .map(|column| {
            let comma = grid.has_decimal_comma(column);
            if comma {
                with_commas.push(grid.names[column].as_str());
            }
            let cell = |row| match grid.cell(row, column) {
                "" => Cell::Missing,
                number if comma => Cell::Text(number.replacen(',', ".", 1).into()),
                text => Cell::Text(text.into()),
            };
            Column::new(&grid.names[column], (0..grid.rows()).map(cell).collect())
        })
        .collect();
    if !with_commas.is_empty() {
        let note = Grid::decimal_comma_note(&with_commas);
        grid.notes.push(note);
    }
    let (rows, notes) = (grid.rows(), grid.notes);
    faults.finish((Table { file: file.to_owned(), columns, lines: grid.lines, rows }, notes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Cells;

    #[test]
    fn cells_are_text_or_missing() {
        let (table, _) = read_table("id, x\n001, \n2,N/A\n".as_bytes(), "t.csv").unwrap();
        assert_eq!(table.columns[0].cells, Cells::Texts(vec![Some("001".into()), Some("2".into())]));
        assert_eq!(table.columns[1].cells, Cells::Texts(vec![None, Some("N/A".into())]));
        assert_eq!(table.columns[1].name, "x");
    }

    #[test]
    fn decimal_commas_become_points() {
        let (table, notes) = read_table(b"id;x;y\na;1,5;1,2,3\nb;;4\n", "t.csv").unwrap();
        assert_eq!(table.columns[1].text(0).as_deref(), Some("1.5"));
        assert_eq!(table.columns[2].text(0).as_deref(), Some("1,2,3"));
        let said: Vec<_> = notes.iter().map(|note| note.code).collect();
        assert_eq!(said, ["delimiter", "decimal_comma"]);
        assert_eq!(notes[1].message, "numbers are written with a decimal comma in x");
    }

    #[test]
    fn faults_of_header_and_rows_come_together() {
        let error = read_table(b"id,id\n1,2\n3\n", "t.csv").unwrap_err();
        let expected = "t.csv:3: 1 field, expected 2\nt.csv: columns 1 and 2 are both named \"id\"";
        assert_eq!(error.to_string(), expected);
    }
}
