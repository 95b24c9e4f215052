//! Tables as comma- or tab-separated values.

use std::borrow::Cow;
use std::io::{self, Write};

use super::sheet::{Sheet, SheetCell};
use super::{number_text, turns_text};

/// Writes a sheet with its header.
///
/// With `safe`, a text cell that a spreadsheet would take for a formula gets a leading `'`: files that are opened in
/// one are written so, tables for programs are not. Numbers are never touched.
///
/// # Errors
/// Those of `out`.
pub fn write_sheet(sheet: &Sheet, delimiter: u8, safe: bool, out: impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    let guarded = |text: &str| if safe { formula_safe(&printable(text)) } else { printable(text).into_owned() };
    writer.write_record(sheet.header.iter().map(|name| guarded(name))).map_err(io_error)?;
    for row in 0..sheet.rows() {
        let cells = sheet.columns.iter().map(|column| match column.cell(row) {
            SheetCell::Empty => String::new(),
            SheetCell::Number(x) => number_text(x),
            SheetCell::Count(x) => x.to_string(),
            SheetCell::Text(text) => guarded(&text),
        });
        writer.write_record(cells).map_err(io_error)?;
    }
    writer.flush()
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Text without characters that would steer the terminal that shows it.
fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() || turns_text(c);
    if text.chars().any(steers) { text.replace(steers, "\u{fffd}").into() } else { text.into() }
}

/// Text that no spreadsheet evaluates.
fn formula_safe(text: &str) -> String {
    let first = text.trim_start_matches(' ').chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::{Names, tests::columns};
    use super::super::report::tests::report;
    use super::super::sheet::by_city;
    use super::*;

    fn text(delimiter: u8, safe: bool) -> String {
        let report = report();
        let (columns, _) = columns(&report, Names::Long, "");
        let mut out = Vec::new();
        write_sheet(&by_city(&report, &columns), delimiter, safe, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_read_back() {
        let lines: Vec<String> = text(b',', false).lines().map(String::from).collect();
        assert_eq!(lines[0], "id,name,lisa_i,lisa_p,lisa_cl");
        assert_eq!(lines[1], "C1,=SUM(A1),0.30000000000000004,0.002,HH");
        assert_eq!(lines[2], "C2,a|b & <c>,,,undefined");
        assert!(text(b'\t', false).starts_with("id\tname\t"));
    }

    #[test]
    fn formulas_are_defused_where_a_spreadsheet_may_open_the_file() {
        assert!(text(b',', true).contains("C1,'=SUM(A1),0.3"));
        assert_eq!(printable("a\u{1b}[31m\u{202e}b"), "a\u{fffd}[31m\u{fffd}b");
        for text in ["@x", "-1+2", "＝A1", "\tx", "  =1"] {
            assert!(formula_safe(text).starts_with('\''), "{text}");
        }
        assert_eq!(formula_safe("310100"), "310100");
    }
}
