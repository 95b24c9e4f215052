//! A report as one JSON document, schema 1: the face of the program for other programs.
//!
//! The order of members is fixed, an empty member is left out, an undefined number is `null`, and every number reads
//! back to the same bits. Each result stands on a line of its own.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Serialize, Serialize as Json};
use serde_json::Value;

use super::Report;
use crate::measures::{Matrix, Outcome, TableOut, Values};
use crate::note::{Level, Note};
use crate::weights::Weights;

/// Writes the document and a line feed.
///
/// # Errors
/// Those of `out`.
pub fn write_report(report: &Report, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{{\n  \"schema\": 1,\n  \"agglo\": ")?;
    write_value(out, &Program(report))?;
    if !report.inputs.is_empty() {
        write_member(out, "inputs", &Seq(report.inputs.iter().map(InputJson)))?;
    }
    let cities = &report.cities;
    write_member(out, "cities", &CitiesJson { n: cities.len(), ids: &cities.ids, names: &cities.names })?;
    let ids = &report.cities.ids;
    write_list(out, "weights", report.weights.iter().map(|weights| WeightsJson { weights, ids }))?;
    write_list(out, "results", report.outcomes.iter().map(OutcomeJson))?;
    let notes: Vec<&Note> = report.all_notes();
    write_list(out, "notes", notes.into_iter().map(NoteJson))?;
    out.write_all(b"\n}\n")
}

fn write_value(out: &mut impl Write, value: &impl Json) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

fn write_member(out: &mut impl Write, name: &str, value: &impl Json) -> io::Result<()> {
    write!(out, ",\n  \"{name}\": ")?;
    write_value(out, value)
}

/// A member that is an array with each item on its line; nothing if it is empty.
fn write_list<T: Json>(out: &mut impl Write, name: &str, items: impl Iterator<Item = T>) -> io::Result<()> {
    let mut any = false;
    for item in items {
        let open = if any { ",\n    ".to_owned() } else { format!(",\n  \"{name}\": [\n    ") };
        out.write_all(open.as_bytes())?;
        write_value(out, &item)?;
        any = true;
    }
    if any { out.write_all(b"\n  ]") } else { Ok(()) }
}

/// An iterator as an array.
struct Seq<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Seq<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// Pairs as an object.
struct Members<I>(I);

impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)> + Clone> Serialize for Members<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}

/// A number; `null` where it is undefined, 0 without a sign.
#[derive(Clone, Copy)]
struct Finite(f64);

impl Serialize for Finite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() { serializer.serialize_f64(self.0 + 0.0) } else { serializer.serialize_none() }
    }
}

struct Program<'a>(&'a Report);

impl Serialize for Program<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", env!("CARGO_PKG_VERSION"))?;
        map.serialize_entry("command", &self.0.command)?;
        if let Some(inference) = &self.0.inference {
            map.serialize_entry("seed", &inference.seed)?;
            map.serialize_entry("permutations", &inference.permutations)?;
            map.serialize_entry("alternative", inference.alternative.name())?;
            map.serialize_entry("alpha", &inference.alpha)?;
            map.serialize_entry("adjust", inference.adjust.name())?;
        }
        map.end()
    }
}

struct InputJson<'a>(&'a super::InputFile);

impl Serialize for InputJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("role", self.0.role)?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("sha256", &self.0.sha256)?;
        if let Some(rows) = self.0.rows {
            map.serialize_entry("rows", &rows)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct CitiesJson<'a> {
    n: usize,
    ids: &'a [String],
    names: &'a [String],
}

struct WeightsJson<'a> {
    weights: &'a Weights,
    ids: &'a [String],
}

impl Serialize for WeightsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let weights = self.weights;
        let sums = weights.sums();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", weights.label())?;
        map.serialize_entry("spec", weights.label())?;
        map.serialize_entry("transform", weights.transform().name())?;
        map.serialize_entry("n", &weights.n())?;
        map.serialize_entry("links", &weights.links())?;
        map.serialize_entry("isolates", &Seq(weights.isolates().iter().map(|&i| &self.ids[i])))?;
        map.serialize_entry("components", &weights.component_sizes().len())?;
        map.serialize_entry("symmetric", &weights.is_symmetric())?;
        map.serialize_entry("mean_neighbours", &Finite(weights.mean_neighbours()))?;
        map.serialize_entry("neighbour_histogram", &weights.neighbour_histogram())?;
        map.serialize_entry("s0", &Finite(sums.s0))?;
        map.serialize_entry("s1", &Finite(sums.s1))?;
        map.serialize_entry("s2", &Finite(sums.s2))?;
        map.end()
    }
}

struct OutcomeJson<'a>(&'a Outcome);

impl Serialize for OutcomeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outcome = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("measure", outcome.measure)?;
        if let Some(variable) = &outcome.variable {
            map.serialize_entry("variable", variable)?;
        }
        if let Some(weights) = &outcome.weights {
            map.serialize_entry("weights", weights)?;
        }
        if let Some(year) = outcome.year {
            map.serialize_entry("year", &year)?;
        }
        if !outcome.options.is_empty() {
            map.serialize_entry("options", &outcome.options)?;
        }
        if !outcome.scalars.is_empty() {
            let scalars = outcome.scalars.iter().map(|&(name, value)| (name, Finite(value)));
            map.serialize_entry("scalars", &Members(scalars))?;
        }
        if !outcome.columns.is_empty() {
            let columns = outcome.columns.iter().map(|(name, values)| (*name, ValuesJson(values)));
            map.serialize_entry("columns", &Members(columns))?;
        }
        if !outcome.matrices.is_empty() {
            let matrices = outcome.matrices.iter().map(|(name, matrix)| (*name, MatrixJson(matrix)));
            map.serialize_entry("matrices", &Members(matrices))?;
        }
        if !outcome.tables.is_empty() {
            let tables = outcome.tables.iter().map(|(name, table)| (*name, TableJson(table)));
            map.serialize_entry("tables", &Members(tables))?;
        }
        if let Some(footer) = &outcome.footer {
            map.serialize_entry("footer", footer)?;
        }
        if !outcome.notes.is_empty() {
            map.serialize_entry("notes", &Seq(outcome.notes.iter().map(NoteJson)))?;
        }
        map.end()
    }
}

struct ValuesJson<'a>(&'a Values);

impl Serialize for ValuesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Values::Numbers(v) => serializer.collect_seq(v.iter().map(|&x| Finite(x))),
            Values::Counts(v) => serializer.collect_seq(v),
            Values::Classes(v) => serializer.collect_seq(v),
            Values::Texts(v) => serializer.collect_seq(v),
        }
    }
}

struct MatrixJson<'a>(&'a Matrix);

impl Serialize for MatrixJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("rows", &self.0.rows)?;
        map.serialize_entry("columns", &self.0.columns)?;
        map.serialize_entry("values", &Rows(self.0))?;
        map.end()
    }
}

/// The numbers of a matrix, row by row.
struct Rows<'a>(&'a Matrix);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let width = self.0.columns.len();
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in 0..self.0.rows.len() {
            let values = &self.0.values[row * width..(row + 1) * width];
            rows.serialize_element(&Seq(values.iter().map(|&x| Finite(x))))?;
        }
        rows.end()
    }
}

struct TableJson<'a>(&'a TableOut);

impl Serialize for TableJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("columns", &self.0.columns)?;
        let rows: &Vec<Vec<Value>> = &self.0.rows;
        map.serialize_entry("rows", rows)?;
        map.end()
    }
}

struct NoteJson<'a>(&'a Note);

impl Serialize for NoteJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.0.code)?;
        let level = if self.0.level == Level::Warning { "warning" } else { "note" };
        map.serialize_entry("level", level)?;
        map.serialize_entry("message", &self.0.message)?;
        if !self.0.cities.is_empty() {
            map.serialize_entry("cities", &self.0.cities)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    fn text(report: &Report) -> String {
        let mut out = Vec::new();
        write_report(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_document_has_the_agreed_members_in_order() {
        let mut report = report();
        report.outcomes[0].matrices =
            vec![("g", Matrix { rows: vec!["r".into()], columns: vec!["c".into()], values: vec![f64::INFINITY] })];
        let text = text(&report);
        let value: Value = serde_json::from_str(&text).unwrap();
        let members: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(members, ["schema", "agglo", "inputs", "cities", "weights", "results", "notes"]);
        let result = &value["results"][0];
        assert_eq!(result["columns"]["i"], serde_json::json!([0.1 + 0.2, null, 0.0]));
        assert_eq!(result["matrices"]["g"]["values"], serde_json::json!([[null]]));
        assert_eq!(result.get("tables"), None);
        assert_eq!(value["weights"][0]["mean_neighbours"], 4.0 / 3.0);
        assert_eq!(value["notes"][0]["code"], "isolate");
        assert!(text.contains("0.30000000000000004") && !text.contains("-0.0"));
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let report = Report { outcomes: vec![], notes: vec![], weights: vec![], inference: None, ..report() };
        let value: Value = serde_json::from_str(&text(&report)).unwrap();
        let members: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(members, ["schema", "agglo", "inputs", "cities"]);
    }
}
