//! `agglo explain`: what there is to say about a measure, or about the column of an annotated file; all from the registry.

use std::fmt::Write;

use super::args::{Explain, ExplainFormat};
use super::diagnose::visible;
use super::{Failure, print};
use crate::error::{Error, Fault, Kind, did_you_mean, quoted};
use crate::measures::{About, Family, Field, FieldPlace, MEASURES};
use crate::write::markdown::escaped;

/// Width that running text is broken at.
const WIDTH: usize = 100;

pub(super) fn run(args: &Explain) -> Result<(), Failure> {
    let all: Vec<&'static About> = MEASURES.iter().map(|measure| measure.about()).collect();
    let text = match (&args.subject, args.format) {
        (None, None) => list(&all),
        (None, Some(ExplainFormat::Md)) => page_markdown(&all),
        (Some(subject), format) => {
            let (about, field) = find(&all, subject)?;
            match format {
                None => measure_text(about, field),
                Some(ExplainFormat::Md) => measure_markdown(about),
            }
        }
    };
    print(text.as_bytes())
}

/// The measure of a name, or of a column's name with or without what `--prefix`, variables, links and years add.
fn find(all: &[&'static About], subject: &str) -> Result<(&'static About, Option<&'static Field>), Error> {
    if let Some(about) = all.iter().find(|about| about.name == subject) {
        return Ok((about, None));
    }
    let columns = || all.iter().flat_map(|about| about.fields.iter().map(move |field| (*about, field)));
    let name = subject.to_lowercase();
    let year_off = name.rsplit_once('_').filter(|(_, year)| year.len() == 4 && year.parse::<u16>().is_ok());
    let stem = year_off.map_or(name.as_str(), |(stem, _)| stem);
    let named = columns().filter_map(|(about, field)| match field.place {
        FieldPlace::Column(Some((long, short))) => Some((about, field, long, short)),
        _ => None,
    });
    let whole = named.clone().find(|(_, _, long, short)| [*long, *short].contains(&stem));
    let longest = named
        .filter(|(_, _, long, short)| [long, short].iter().any(|column| stem.ends_with(&format!("_{column}"))))
        .max_by_key(|(_, _, long, _)| long.len());
    if let Some((about, field, ..)) = whole.or(longest) {
        return Ok((about, Some(field)));
    }
    let dotted = subject.split_once('.');
    if let Some((about, field)) =
        dotted.and_then(|(measure, name)| columns().find(|(about, field)| about.name == measure && field.name == name))
    {
        return Ok((about, Some(field)));
    }
    let known: Vec<&str> = all
        .iter()
        .map(|about| about.name)
        .chain(columns().filter_map(|(_, field)| match field.place {
            FieldPlace::Column(Some((long, _))) => Some(long),
            _ => None,
        }))
        .collect();
    let hint = match did_you_mean(subject, known) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => "agglo explain lists all measures".to_owned(),
    };
    Err(Fault::new(Kind::Option, format!("{} is neither a measure nor a column", quoted(subject))).hint(hint).into())
}

/// All measures with their questions.
fn list(all: &[&About]) -> String {
    let mut text = String::new();
    let width = all.iter().map(|about| about.name.len()).max().unwrap_or(0) + 2;
    let mut family = None;
    for about in all {
        if family.replace(about.family) != Some(about.family) {
            let _ = writeln!(text, "{}", about.family.name());
        }
        let _ = writeln!(text, "  {:<width$}{}", about.name, about.question);
    }
    text + "\nagglo explain MEASURE tells formula, variant, reference and columns of one; a column's name will do as well\n"
}

/// Everything about a measure, with the column that was asked for marked.
fn measure_text(about: &About, asked: Option<&Field>) -> String {
    let mut text = String::new();
    if let Some(field) = asked {
        let _ = writeln!(text, "{}: {}\n", column_name(field), field.meaning);
    }
    let _ = writeln!(text, "{} ({}): {}\n", about.name, about.title, about.question);
    let _ = writeln!(text, "  {}", about.formula);
    let symbols = about.symbols.iter().map(|&(symbol, meaning)| (symbol.to_owned(), meaning.to_owned()));
    definitions(&mut text, symbols.collect());
    for (title, body) in [("How to read it", about.reading), ("Variant", about.variant), ("Reference", about.reference)]
    {
        let _ = writeln!(text, "\n{title}\n{}", wrapped(body, 2));
    }
    for (title, wanted) in [("Numbers", 0), ("Columns", 1), ("Tables and matrices", 2)] {
        let fields = about.fields.iter().filter(|field| place(field) == wanted);
        let rows: Vec<(String, String)> = fields.map(|field| (full_name(field), field.meaning.to_owned())).collect();
        if !rows.is_empty() {
            let _ = writeln!(text, "\n{title}");
            definitions(&mut text, rows);
        }
    }
    if !about.matches.is_empty() {
        text.push_str("\nThe same numbers elsewhere\n");
        definitions(&mut text, about.matches.iter().map(|&(who, how)| (who.to_owned(), how.to_owned())).collect());
    }
    visible_lines(&text)
}

fn place(field: &Field) -> u8 {
    match field.place {
        FieldPlace::Scalar => 0,
        FieldPlace::Column(_) => 1,
        FieldPlace::Table | FieldPlace::Matrix | FieldPlace::Layer => 2,
    }
}

fn column_name(field: &Field) -> &'static str {
    match field.place {
        FieldPlace::Column(Some((long, _))) => long,
        _ => field.name,
    }
}

/// The name in the JSON, and the one on the map where it is there.
fn full_name(field: &Field) -> String {
    match field.place {
        FieldPlace::Column(Some((long, short))) if long != short => format!("{} ({long}, {short})", field.name),
        FieldPlace::Column(Some((long, _))) => format!("{} ({long})", field.name),
        _ => field.name.to_owned(),
    }
}

/// Names with their meanings beside them.
fn definitions(text: &mut String, rows: Vec<(String, String)>) {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(32) + 2;
    for (name, meaning) in rows {
        let body = wrapped(&meaning, width + 4);
        let gap = " ".repeat((width + 4).saturating_sub(name.chars().count() + 4).max(2));
        let _ = writeln!(text, "    {name}{gap}{}", body.trim_start());
    }
}

/// Text broken into lines that begin at `indent`.
fn wrapped(body: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines = vec![margin.clone()];
    for word in body.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        if line.chars().count() + word.chars().count() > WIDTH && line.trim() != "" {
            lines.push(format!("{margin}{word} "));
        } else {
            line.push_str(word);
            line.push(' ');
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn visible_lines(text: &str) -> String {
    text.lines().map(|line| visible(line.trim_end()) + "\n").collect()
}

fn measure_markdown(about: &About) -> String {
    let mut text = format!("### {}: `{}`\n\n{}\n\n", escaped(about.title), about.name, escaped(about.question));
    let _ = writeln!(text, "```text\n{}\n```\n", about.formula);
    for (symbol, meaning) in about.symbols {
        let _ = writeln!(text, "* `{symbol}` {}", escaped(meaning));
    }
    let _ = writeln!(text, "\n{}.\n", escaped(about.reading));
    let _ =
        writeln!(text, "**Variant.** {}.\n\n**Reference.** {}.\n", escaped(about.variant), escaped(about.reference));
    text.push_str("| name | on the map | what |\n| --- | --- | --- |\n");
    for field in about.fields {
        let map = match field.place {
            FieldPlace::Column(Some((long, _))) => format!("`{long}`"),
            _ => String::new(),
        };
        let _ = writeln!(text, "| `{}` | {map} | {} |", field.name, escaped(field.meaning));
    }
    text
}

/// The page of the documentation: what is measured, how to get the numbers of other programs, and each measure.
fn page_markdown(all: &[&About]) -> String {
    let mut text = format!("# Measures\n\n{}", tables_markdown(all));
    for about in all {
        let _ = write!(text, "\n{}", measure_markdown(about));
    }
    text
}

/// The tables of the documentation: what is measured, and for each family how to get the numbers of other programs.
fn tables_markdown(all: &[&About]) -> String {
    let mut text = String::from("| measure | question | reference |\n| --- | --- | --- |\n");
    for about in all {
        let _ = writeln!(text, "| `{}` | {} | {} |", about.name, escaped(about.question), escaped(about.reference));
    }
    for family in Family::ALL {
        let of_family: Vec<&About> = all.iter().copied().filter(|about| about.family == *family).collect();
        text += &matches_markdown(&of_family);
    }
    text
}

/// How to get the numbers of other programs, one column for each of them.
fn matches_markdown(all: &[&About]) -> String {
    let mut programs: Vec<&str> = Vec::new();
    for (program, _) in all.iter().flat_map(|about| about.matches) {
        if !programs.contains(program) {
            programs.push(program);
        }
    }
    if programs.is_empty() {
        return String::new();
    }
    programs.sort_unstable_by_key(|program| program.to_lowercase());
    let mut text = format!("\n| to match | {} |\n", programs.join(" | "));
    let _ = writeln!(text, "| --- |{}", " --- |".repeat(programs.len()));
    for about in all.iter().filter(|about| !about.matches.is_empty()) {
        let cells = programs.iter().map(|program| {
            let how: Vec<String> =
                about.matches.iter().filter(|(who, _)| who == program).map(|(_, how)| escaped(how)).collect();
            how.join("; ")
        });
        let _ = writeln!(text, "| `{}` | {} |", about.name, cells.collect::<Vec<_>>().join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::fixture::ABOUT;

    #[test]
    fn a_column_finds_its_measure() {
        for name in ["lisa_p", "LISA_P", "gdp_net_lisa_p_2020", "local_moran.p_permutation"] {
            let (about, field) = find(&[&ABOUT], name).unwrap();
            assert_eq!((about.name, field.unwrap().name), ("local_moran", "p_permutation"), "{name}");
        }
        assert!(find(&[&ABOUT], "local_moran").unwrap().1.is_none());
    }

    #[test]
    fn a_slip_is_met_with_what_was_meant() {
        let error = find(&[&ABOUT], "local_morna").unwrap_err();
        assert_eq!(error.faults()[0].remedy(), Some("did you mean \"local_moran\"?"));
    }

    #[test]
    fn everything_known_is_told() {
        let text = measure_text(&ABOUT, ABOUT.fields.iter().find(|field| field.name == "i"));
        for part in [
            "lisa_i: local Moran's I",
            ABOUT.formula,
            "Conditional permutation",
            "Anselin 1995",
            "class (lisa_cl)",
            "Moran_Local(y, w)",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn every_measure_of_the_registry_can_be_explained_in_both_forms() {
        let all: Vec<&About> = MEASURES.iter().map(|measure| measure.about()).collect();
        let tables = tables_markdown(&all);
        for about in &all {
            assert!(measure_text(about, None).contains(about.formula), "{}", about.name);
            assert!(tables.contains(&format!("| `{}` |", about.name)) && list(&all).contains(about.question));
        }
    }
}
