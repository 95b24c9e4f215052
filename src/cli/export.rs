//! What goes to standard output, and the command as it is written into results.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;

use super::args::{Cli, CommonArgs, Format};
use super::output::base_name;
use super::{Failure, print_with};
use crate::error::{Fault, Kind, Result, did_you_mean, quoted};
use crate::write::columns::NamedColumn;
use crate::write::matrix::MatrixLayout;
use crate::write::sheet::Sheet;
use crate::write::{Report, csv, json, latex, markdown, sheet};

/// Flags that change where results go and not what they are.
const NOT_PART: [&str; 7] = ["threads", "out-dir", "output", "report", "quiet", "json", "help"];
/// Flags whose value is a file.
const FILES: [&str; 9] =
    ["table", "links", "industry", "employment", "sector-groups", "plants", "firms", "costs", "indicators"];

/// The command in normal form: base names of files, without what does not shape the results.
pub fn normalised(argv: &[OsString]) -> Vec<String> {
    let text: Vec<String> = argv.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let mut command = vec!["agglo".to_owned()];
    let Some((name, rest)) = text.split_first() else { return command };
    command.push(name.clone());
    let cli = Cli::command();
    let Some(subcommand) = cli.find_subcommand(name) else { return command };
    let mut rest = rest.iter();
    while let Some(arg) = rest.next() {
        let (flag, attached) = match arg.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (arg.clone(), None),
        };
        let known = subcommand.get_arguments().find(|known| {
            let long = known.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
            long || known
                .get_short()
                .is_some_and(|short| !flag.starts_with("--") && flag.starts_with(&format!("-{short}")))
        });
        let Some(known) = known else {
            command.push(if arg.starts_with('-') { arg.clone() } else { base_name(Path::new(arg)) });
            continue;
        };
        let long = known.get_long().unwrap_or_default();
        let joined = !flag.starts_with("--") && flag.len() > 2;
        let value = match attached {
            Some(value) => Some(value),
            None if known.get_action().takes_values() && !joined => rest.next().cloned(),
            None => None,
        };
        if NOT_PART.contains(&long) {
            continue;
        }
        command.push(format!("--{long}"));
        command.extend(value.map(|value| public_value(long, &value)));
    }
    command
}

fn public_value(flag: &str, value: &str) -> String {
    match flag {
        _ if FILES.contains(&flag) => base_name(Path::new(value)),
        "weights" => public_weights(value),
        _ => value.to_owned(),
    }
}

/// A specification of weights with base names of files.
pub fn public_weights(spec: &str) -> String {
    let mut text = String::new();
    let mut rest = spec;
    while let Some(at) = rest.find("file:") {
        let (before, path) = rest.split_at(at + "file:".len());
        text.push_str(before);
        let quoted = path.starts_with('"');
        let end = match quoted {
            true => path[1..].find('"').map_or(path.len(), |end| end + 2),
            false => path.find(['+', '&', ')']).unwrap_or(path.len()),
        };
        let (path, after) = path.split_at(end);
        let name = base_name(Path::new(path.trim().trim_matches('"')));
        text.push_str(&if quoted { format!("\"{name}\"") } else { name });
        rest = after;
    }
    text + rest
}

/// Prints the result: JSON, tables, or the text of `summary`.
pub fn print_result(
    report: &Report,
    columns: &[NamedColumn],
    common: &CommonArgs,
    layout: &MatrixLayout,
    summary: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if let (Some(format), Some(key)) = (common.format, &common.show) {
        let sheets = shown(report, key, format, layout)?;
        return print_with(|mut out| sheets.iter().try_for_each(|sheet| write_sheet(sheet, format, false, &mut out)));
    }
    print_with(|mut out| match common.format {
        _ if common.json => json::write_report(report, &mut out),
        Some(format) => tables(report, columns, format, layout, &mut out),
        None if common.quiet => Ok(()),
        None => out.write_all(summary().as_bytes()),
    })
}

/// The tables of one name; a table for programs stands alone.
fn shown<'a>(report: &'a Report, key: &str, format: Format, layout: &MatrixLayout) -> Result<Vec<Sheet<'a>>> {
    let all = sheet::of_measures(report, layout);
    let mut keys: Vec<String> = all.iter().map(|sheet| sheet.key.clone()).collect();
    keys.dedup();
    let found: Vec<Sheet> = all.into_iter().filter(|sheet| sheet.key == key).collect();
    let fault = |message: String| Fault::new(Kind::Option, message).field("show");
    match found.len() {
        0 => {
            let meant = did_you_mean(key, keys.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |near| format!("did you mean {}? ", quoted(near)));
            let hint = match keys.is_empty() {
                true => "this run makes no tables".to_owned(),
                false => format!("{meant}tables: {}", keys.join(", ")),
            };
            Err(fault(format!("there is no table {}", quoted(key))).hint(hint).into())
        }
        several if several > 1 && matches!(format, Format::Csv | Format::Tsv) => {
            let message = format!("{several} tables are called {}, and one can be printed so", quoted(key));
            Err(fault(message).hint("choose one with --year, or write all with --out-dir").into())
        }
        _ => Ok(found),
    }
}

/// CSV and TSV: the cities with their results, or the statistics where no result is by city. Markdown and LaTeX: all.
fn tables(
    report: &Report,
    columns: &[NamedColumn],
    format: Format,
    layout: &MatrixLayout,
    mut out: &mut dyn Write,
) -> io::Result<()> {
    let by_city = sheet::by_city(report, columns);
    let statistics = sheet::statistics(report);
    if matches!(format, Format::Csv | Format::Tsv) {
        let single = if columns.is_empty() { &statistics } else { &by_city };
        return write_sheet(single, format, false, &mut out);
    }
    let mut sheets = vec![statistics, by_city];
    sheets.extend(sheet::of_measures(report, layout));
    for (i, sheet) in sheets.iter().filter(|sheet| sheet.rows() > 0).enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        write_sheet(sheet, format, false, &mut out)?;
    }
    Ok(())
}

/// Writes a table; `safe` defuses what a spreadsheet would take for a formula.
pub fn write_sheet(sheet: &Sheet, format: Format, safe: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Csv => csv::write_sheet(sheet, b',', safe, out),
        Format::Tsv => csv::write_sheet(sheet, b'\t', safe, out),
        Format::Md => markdown::write_sheet(sheet, out),
        Format::Tex => latex::write_sheet(sheet, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(args: &[&str]) -> String {
        normalised(&args.iter().map(OsString::from).collect::<Vec<_>>()).join(" ")
    }

    #[test]
    fn commands_show_no_folders_and_no_destinations() {
        let command = of(&[
            "/usr/bin/agglo",
            "autocorrelation",
            "/home/a/c.geojson",
            "--value",
            "gdp/pop",
            "--links=x/l.csv",
            "-o",
            "out/a.geojson",
            "--threads",
            "4",
            "--json",
            "-q",
            "--weights",
            "file:/w/a.gal+knn:2",
            "--seed=7",
        ]);
        assert_eq!(
            command,
            "agglo autocorrelation c.geojson --value gdp/pop --links l.csv --weights file:a.gal+knn:2 --seed 7"
        );
        assert_eq!(of(&["agglo", "analyse", "dir/s.toml", "--out-dir", "x", "-oy"]), "agglo analyse s.toml -oy");
        assert_eq!(of(&["agglo", "weights", "c.geojson", "-ow.gal"]), "agglo weights c.geojson");
    }

    #[test]
    fn files_in_weights_are_named_without_folders() {
        assert_eq!(
            public_weights("queen&(file:\"/a/b c+d.gal\"+file:/x/y.gwt)"),
            "queen&(file:\"b c+d.gal\"+file:y.gwt)"
        );
        assert_eq!(public_weights("knn:4"), "knn:4");
    }
}
