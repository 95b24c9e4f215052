//! Tables as LaTeX (booktabs), for people: numbers have four digits.

use std::io::{self, Write};

use super::sheet::{Sheet, SheetCell};
use super::{short, turns_text};

/// Columns from which on a table is made to fit the width of the page, by `graphicx`.
const WIDE: usize = 9;

/// Writes a sheet as a `table` of `booktabs` with its title as the caption and its footer below.
///
/// # Errors
/// Those of `out`.
pub fn write_sheet(sheet: &Sheet, out: &mut impl Write) -> io::Result<()> {
    let alignment: String = sheet
        .columns
        .iter()
        .map(|column| if (0..column.len()).all(|i| !matches!(column.cell(i), SheetCell::Text(_))) { 'r' } else { 'l' })
        .collect();
    let row = |cells: Vec<String>| format!("{} \\\\", cells.join(" & "));
    let wide = alignment.len() > WIDE;
    let (open, close) = if wide { ("\\resizebox{\\textwidth}{!}{%\n", "}") } else { ("", "") };
    writeln!(
        out,
        "\\begin{{table}}\n\\caption{{{}}}\n{open}\\begin{{tabular}}{{{alignment}}}\n\\toprule",
        escaped(&sheet.title)
    )?;
    writeln!(out, "{}\n\\midrule", row(sheet.headings().iter().map(|name| escaped(name)).collect()))?;
    for i in 0..sheet.rows() {
        let cells = sheet.columns.iter().map(|column| match column.cell(i) {
            SheetCell::Empty => String::new(),
            SheetCell::Number(x) => format!("${}$", scientific(x)),
            SheetCell::Count(x) => format!("${x}$"),
            SheetCell::Text(text) => escaped(&text),
        });
        writeln!(out, "{}", row(cells.collect()))?;
    }
    writeln!(out, "\\bottomrule\n\\end{{tabular}}{close}")?;
    if let Some(footer) = &sheet.footer {
        writeln!(out, "\n\\footnotesize {}", escaped(footer))?;
    }
    writeln!(out, "\\end{{table}}")
}

fn scientific(x: f64) -> String {
    let text = short(x);
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits} \\times 10^{{{}}}", exponent.trim_start_matches('+')),
        None => text,
    }
}

/// Text that LaTeX sets as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            c if c.is_control() => out.push(' '),
            c if turns_text(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::super::sheet::{SheetColumn, statistics};
    use super::*;

    #[test]
    fn every_special_character_is_set_as_itself() {
        assert_eq!(
            escaped(r"\input{x} 50% & $a_b^~#"),
            r"\textbackslash{}input\{x\} 50\% \& \$a\_b\textasciicircum{}\textasciitilde{}\#"
        );
        assert_eq!(escaped("a\u{202e}b\nc"), "a\u{fffd}b c");
    }

    #[test]
    fn numbers_are_in_mathematics() {
        let report = report();
        let mut sheet = statistics(&report);
        sheet.columns[6] = SheetColumn::Cells(vec![SheetCell::Number(-1.5e-30)]);
        let mut out = Vec::new();
        write_sheet(&sheet, &mut out).unwrap();
        assert!(
            String::from_utf8(out)
                .unwrap()
                .contains(r"local\_moran & gdp & queen &  &  & significant & $-1.5 \times 10^{-30}$ \\")
        );
    }
}
