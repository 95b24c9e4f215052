//! Columns of a table: one type each, and names that SQLite takes for different ones.

use std::borrow::Cow;
use std::collections::HashSet;

use rusqlite::types::{Null, ToSql, ToSqlOutput};

use crate::read::geojson::Document;
use crate::read::geojson::members::{members, unquoted};
use crate::write::geojson::{AnnotatedColumn, AnnotatedValues};

/// Names that the key and the geometry of a table and of its views have.
pub(super) const RESERVED: [&str; 3] = ["fid", "geom", "ogc_fid"];

/// A column with one cell for every row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) cells: Cells,
}

/// The cells of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cells {
    Integers(Vec<Option<i64>>),
    /// NaN where there is none.
    Reals(Vec<f64>),
    Booleans(Vec<Option<bool>>),
    Texts(Vec<Option<String>>),
}

impl Cells {
    /// The type as GeoPackage names it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Integers(_) => "INTEGER",
            Self::Reals(_) => "DOUBLE",
            Self::Booleans(_) => "BOOLEAN",
            Self::Texts(_) => "TEXT",
        }
    }

    /// One cell as SQLite takes it.
    pub(super) fn cell(&self, row: usize) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Integers(cells) => cells[row].to_sql(),
            Self::Reals(cells) if cells[row].is_finite() => Ok((cells[row] + 0.0).into()),
            Self::Reals(_) => Ok(Null.into()),
            Self::Booleans(cells) => cells[row].to_sql(),
            Self::Texts(cells) => cells[row].to_sql(),
        }
    }

    /// Cells that are spelled in JSON, in the narrowest type that holds all of them; what is neither a number, a truth
    /// value nor a text stays as it is spelled.
    pub(super) fn of_json(spelled: &[Option<Cow<str>>]) -> Self {
        let known: Vec<Option<&str>> =
            spelled.iter().map(|cell| cell.as_deref().filter(|&text| text != "null")).collect();
        let all = |fits: fn(&str) -> bool| known.iter().flatten().all(|text| fits(text));
        if known.iter().all(Option::is_none) || all(|text| text.starts_with('"')) {
            return Self::Texts(known.iter().map(|cell| cell.map(plain)).collect());
        }
        if all(|text| integer(text).is_some()) {
            return Self::Integers(known.iter().map(|cell| cell.and_then(integer)).collect());
        }
        if all(|text| real(text).is_some()) {
            return Self::Reals(known.iter().map(|cell| cell.and_then(real).unwrap_or(f64::NAN)).collect());
        }
        if all(|text| matches!(text, "true" | "false")) {
            return Self::Booleans(known.iter().map(|cell| cell.map(|text| text == "true")).collect());
        }
        Self::Texts(known.iter().map(|cell| cell.map(plain)).collect())
    }
}

fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn real(text: &str) -> Option<f64> {
    let number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    text.parse().ok().filter(|x: &f64| number && x.is_finite())
}

/// A text without its quotes; anything else as it is spelled.
fn plain(text: &str) -> String {
    match text.starts_with('"') {
        true => unquoted(text).map_or_else(|_| text.to_owned(), Cow::into_owned),
        false => text.to_owned(),
    }
}

/// The properties of all features but those that `columns` replace, and then the columns.
pub(super) fn of_cities(document: &Document, columns: &[AnnotatedColumn]) -> Vec<Field> {
    let results: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let names: Vec<&str> = document.properties().names().filter(|name| !results.contains(name)).collect();
    let places: std::collections::HashMap<&str, usize> =
        names.iter().enumerate().map(|(place, &name)| (name, place)).collect();
    let mut spelled: Vec<Vec<Option<Cow<str>>>> = vec![vec![None; document.len()]; names.len()];
    for (row, spans) in document.spans().iter().enumerate() {
        for member in members(spans.properties.of_text(document.text())) {
            // Of a key that is there twice the last one counts.
            if let Some(&place) = member.name().ok().and_then(|name| places.get(name.as_ref())) {
                spelled[place][row] = Some(Cow::Borrowed(member.value));
            }
        }
    }
    let mut taken: HashSet<String> = RESERVED.into_iter().chain(results).map(str::to_lowercase).collect();
    let given = names.iter().zip(&spelled);
    let given = given.map(|(name, cells)| Field { name: unique(name, &mut taken), cells: Cells::of_json(cells) });
    given.collect::<Vec<_>>().into_iter().chain(columns.iter().map(of_results)).collect()
}

fn of_results(column: &AnnotatedColumn) -> Field {
    let cells = match &column.values {
        AnnotatedValues::Numbers(values) => Cells::Reals(values.clone()),
        AnnotatedValues::Counts(values) => Cells::Integers(values.clone()),
        AnnotatedValues::Texts(values) => {
            Cells::Texts(values.iter().map(|text| Some(text.clone()).filter(|text| !text.is_empty())).collect())
        }
    };
    Field { name: column.name.clone(), cells }
}

/// `name` without control characters, with the first number that makes it unique among those that are taken.
pub(super) fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    let name = if name.trim().is_empty() { "column".to_owned() } else { name };
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(spelled: &[&str]) -> Cells {
        Cells::of_json(&spelled.iter().map(|text| Some(Cow::Borrowed(*text))).collect::<Vec<_>>())
    }

    #[test]
    fn a_column_has_the_narrowest_type() {
        assert_eq!(
            cells(&["1", "null", "9007199254740993"]),
            Cells::Integers(vec![Some(1), None, Some(9007199254740993)])
        );
        assert_eq!(cells(&["1", "2.50"]), Cells::Reals(vec![1.0, 2.5]));
        assert_eq!(cells(&["true", "null"]), Cells::Booleans(vec![Some(true), None]));
        let texts = |texts: &[&str]| Cells::Texts(texts.iter().map(|text| Some((*text).to_owned())).collect());
        assert_eq!(cells(&[r#""a\u0022b""#, r#""""#]), texts(&["a\"b", ""]));
        assert_eq!(cells(&["1.10", "\"x\"", "true", "[1, {}]"]), texts(&["1.10", "x", "true", "[1, {}]"]));
        assert_eq!(cells(&["1e999"]), texts(&["1e999"]));
        assert_eq!(cells(&["null"]), Cells::Texts(vec![None]));
    }

    #[test]
    fn names_differ_whatever_their_case() {
        let mut taken = RESERVED.map(str::to_owned).into_iter().collect();
        let names = ["FID", "a", "A", "geom", "", "a_2", "人口"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["FID_2", "a", "A_2", "geom_2", "column", "a_2_2", "人口"]);
    }

    #[test]
    fn properties_come_first_and_give_way_to_results() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"fid": 7, "lisa_p": 1, "LISA_I": "x"}, "geometry": null},
            {"type": "Feature", "properties": null, "geometry": null}]}"#;
        let document = Document::parse(text.into(), "a.geojson").unwrap();
        let column = |name: &str, values| AnnotatedColumn { name: name.into(), values };
        let results = [
            column("lisa_p", AnnotatedValues::Numbers(vec![0.5, f64::NAN])),
            column("lisa_i", AnnotatedValues::Texts(vec!["".into(), "b".into()])),
        ];
        let fields = of_cities(&document, &results);
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["fid_2", "LISA_I_2", "lisa_p", "lisa_i"]);
        assert_eq!(fields[0].cells, Cells::Integers(vec![Some(7), None]));
        assert_eq!(fields[3].cells, Cells::Texts(vec![None, Some("b".into())]));
    }
}
