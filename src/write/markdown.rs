//! Tables as Markdown (GitHub's pipe tables), for people: numbers have four digits.

use std::io::{self, Write};

use super::sheet::{Sheet, SheetCell};
use super::{short, turns_text};

/// Writes a sheet under its title.
///
/// # Errors
/// Those of `out`.
pub fn write_sheet(sheet: &Sheet, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "### {}\n", escaped(&sheet.title))?;
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", row(sheet.headings().iter().map(|name| escaped(name)).collect()))?;
    let rule = sheet.columns.iter().map(|column| {
        let numeric = (0..column.len()).all(|i| !matches!(column.cell(i), SheetCell::Text(_)));
        if numeric { "---:".to_owned() } else { "---".to_owned() }
    });
    writeln!(out, "{}", row(rule.collect()))?;
    for i in 0..sheet.rows() {
        let cells = sheet.columns.iter().map(|column| match column.cell(i) {
            SheetCell::Empty => String::new(),
            SheetCell::Number(x) => short(x),
            SheetCell::Count(x) => x.to_string(),
            SheetCell::Text(text) => escaped(&text),
        });
        writeln!(out, "{}", row(cells.collect()))?;
    }
    match &sheet.footer {
        Some(footer) => writeln!(out, "\n{}", escaped(footer)),
        None => Ok(()),
    }
}

/// Text that Markdown shows as it is: no markup, no HTML, no control characters, one line.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c if turns_text(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::columns::{Names, tests::columns};
    use super::super::report::tests::report;
    use super::super::sheet::by_city;
    use super::*;

    #[test]
    fn markup_in_data_is_text() {
        let report = report();
        let (columns, _) = columns(&report, Names::Long, "");
        let mut out = Vec::new();
        write_sheet(&by_city(&report, &columns), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("| id | name | lisa\\_i |"));
        assert!(text.contains("| --- | --- | ---: | ---: | --- |"));
        assert!(text.contains("a\\|b &amp; &lt;c&gt; |  |  | undefined |"));
        assert!(!text.contains('\u{1b}'));
        assert_eq!(escaped("a\u{202e}b\nc"), "a\u{fffd}b c");
    }
}
