//! GeoJSON lines to rows of their properties: a line is a link, its shape does not matter.

use super::super::geojson::Document;
use super::super::grid::Grid;
use crate::error::Result;

/// One row for each feature, a column for each property.
///
/// Ids and weights are spelled as they are in the file, so that 007 and 9007199254740993 survive.
pub(super) fn properties(bytes: &[u8], file: &str) -> Result<Grid> {
    let document = Document::parse(bytes.to_vec(), file)?;
    let table = document.properties();
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let mut grid = Grid::empty(file, names, document.notes().to_vec());
    let text = document.text().as_bytes();
    let (mut line, mut counted) = (1, 0);
    for (row, spans) in document.spans().iter().enumerate() {
        let at = spans.whole.start;
        line += text[counted..at].iter().filter(|&&b| b == b'\n').count();
        counted = at;
        let cells: Vec<String> = table
            .columns
            .iter()
            .map(|column| document.exact_text(row, &column.name).or_else(|| column.text(row)).unwrap_or_default())
            .collect();
        grid.push_row(line, cells.iter().map(String::as_str));
    }
    Ok(grid)
}
