//! Annotated GeoJSON: the input text with members spliced in, and the way back.
//!
//! Every result becomes a property of every feature; one member `agglo` of the collection says what they are. Nothing
//! of the input is written anew, so that [`strip`] gives it back byte by byte.

mod splice;
mod strip;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io::Write;
use std::ops::Range;

use rayon::prelude::*;
use serde_json::{Map, Value};

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::read::geojson::Document;
use splice::{End, Insertion, feature_insertion};

pub use strip::strip;

/// What to add to a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotation {
    /// The properties, in the order in which they are to stand.
    pub columns: Vec<AnnotatedColumn>,
    /// The collection's member `agglo`; its own member `columns` is completed by the names of the columns.
    pub member: Value,
    /// Whether columns of an earlier annotation may be replaced.
    pub replace: bool,
}

/// A property for every feature.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedColumn {
    /// Its name.
    pub name: String,
    /// One value for every feature.
    pub values: AnnotatedValues,
}

/// The values of a property, all of one type, so that GDAL gives the column one.
#[derive(Clone, Debug, PartialEq)]
pub enum AnnotatedValues {
    /// Numbers, always written with a point or an exponent; those that are not finite as null.
    Numbers(Vec<f64>),
    /// Texts.
    Texts(Vec<String>),
    /// Whole numbers, written without a point.
    Counts(Vec<Option<i64>>),
}

impl AnnotatedValues {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Texts(values) => values.len(),
            Self::Counts(values) => values.len(),
        }
    }

    /// Appends the value of feature `i` as JSON.
    fn write(&self, i: usize, out: &mut Vec<u8>) {
        let written = match self {
            // Adding zero turns -0.0 into 0.0.
            Self::Numbers(values) if values[i].is_finite() => serde_json::to_writer(out, &(values[i] + 0.0)),
            Self::Numbers(_) => serde_json::to_writer(out, &()),
            Self::Texts(values) => serde_json::to_writer(out, &values[i]),
            Self::Counts(values) => serde_json::to_writer(out, &values[i]),
        };
        debug_assert!(written.is_ok(), "a vector takes all bytes");
    }
}

/// Features whose text is put together as one piece of work.
const BLOCK: usize = 1024;

/// Pieces that are in memory together.
const PIECES: usize = 32;

/// Checks that columns of these names can be added.
///
/// # Errors
/// A column exists already: one fault for each, unless an earlier annotation made it and `replace` allows that.
pub fn check_columns<'a>(document: &Document, names: impl IntoIterator<Item = &'a str>, replace: bool) -> Result<()> {
    let made = strip::made_columns(document);
    let (mut faults, mut seen) = (Faults::default(), HashSet::new());
    for name in names {
        let taken = taken(document, name);
        let by_us = taken.is_some_and(|taken| made.iter().any(|other| other == taken));
        let (message, hint) = match taken {
            _ if !seen.insert(name.to_ascii_lowercase()) => {
                (format!("column {name} would be written twice"), "choose other names with `--prefix TEXT`")
            }
            None => continue,
            Some(_) if by_us && replace => continue,
            Some(_) if by_us => {
                (format!("column {name} exists already"), "an earlier run made it: `--replace` replaces it")
            }
            Some(taken) if taken == name => {
                (format!("column {name} exists already"), "choose other names with `--prefix TEXT`")
            }
            Some(taken) => (
                format!("column {name} differs from {} in case only", quoted(taken)),
                "databases take no notice of case: choose other names with `--prefix TEXT`",
            ),
        };
        faults.push(Fault::new(Kind::Output, message).file(document.file()).field(name).hint(hint));
    }
    faults.finish(())
}

/// The column of this name, in whatever case: a GeoPackage or a shapefile cannot hold two that differ in case only.
fn taken<'a>(document: &'a Document, name: &str) -> Option<&'a str> {
    let names = || document.properties().names();
    names().find(|&other| other == name).or_else(|| names().find(|other| other.eq_ignore_ascii_case(name)))
}

/// Writes the document with the annotation spliced in.
///
/// With `replace`, earlier annotations are stripped, the newest first, until none of the names collides.
///
/// # Errors
/// A column exists already (see [`check_columns`]), a column has not one value for every feature, or `out` fails.
///
/// ```
/// use agglo::read::geojson::Document;
/// use agglo::write::geojson::{AnnotatedColumn, AnnotatedValues, Annotation, annotate, strip};
/// let text = r#"{"type": "FeatureCollection", "features": [
///     {"type": "Feature", "properties": {"gdp": 1.50}, "geometry": null}]}"#;
/// let document = Document::parse(text.as_bytes().to_vec(), "cities.geojson")?;
/// let values = AnnotatedValues::Numbers(vec![2.0]);
/// let columns = vec![AnnotatedColumn { name: "lisa_i".into(), values }];
/// let mut out = Vec::new();
/// annotate(&document, &Annotation { columns, ..Annotation::default() }, &mut out)?;
/// let annotated = String::from_utf8(out).expect("the input was UTF-8");
/// assert!(annotated.contains(r#"{"gdp": 1.50,"lisa_i": 2.0}"#));
/// assert_eq!(strip(&annotated)?, text);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn annotate(document: &Document, annotation: &Annotation, out: &mut impl Write) -> Result<()> {
    let names = || annotation.columns.iter().map(|column| column.name.as_str());
    check_columns(document, names(), annotation.replace)?;
    check_lengths(document, annotation)?;
    if names().any(|name| taken(document, name).is_some()) {
        let stripped = Document::parse(strip::newest_stripped(document).into_bytes(), document.file())?;
        return annotate(&stripped, annotation, out);
    }
    write(document, annotation, out).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default();
        let fault = Fault::new(Kind::Output, format!("the annotated GeoJSON cannot be written: {reason}"));
        fault.hint("free some space, or write to another place").into()
    })
}

fn check_lengths(document: &Document, annotation: &Annotation) -> Result<()> {
    let mut faults = Faults::default();
    for column in annotation.columns.iter().filter(|column| column.values.len() != document.len()) {
        let message = format!("{} values for {} features", column.values.len(), document.len());
        faults.push(Fault::new(Kind::Output, message).field(&column.name));
    }
    faults.finish(())
}

fn write(document: &Document, annotation: &Annotation, out: &mut impl Write) -> std::io::Result<()> {
    let (text, features) = (document.text(), document.spans());
    let keys: Vec<String> =
        annotation.columns.iter().map(|column| Value::from(column.name.as_str()).to_string()).collect();
    let end = End::of_collection(document);
    let blocks = features.len().div_ceil(BLOCK);
    // A block is the text from its first feature to the first of the next one.
    let start_of = |block: usize| features.get(block * BLOCK).map_or(end.offset, |feature| feature.whole.start);
    out.write_all(&text.as_bytes()[..start_of(0)])?;
    for batch in (0..blocks).step_by(PIECES) {
        let pieces: Vec<Vec<u8>> = (batch..blocks.min(batch + PIECES))
            .into_par_iter()
            .map(|block| annotated_block(document, annotation, &keys, block, start_of(block)..start_of(block + 1)))
            .collect();
        pieces.iter().try_for_each(|piece| out.write_all(piece))?;
    }
    out.write_all(end.member(&strip::free_name(document), &described(annotation)).as_bytes())?;
    out.write_all(&text.as_bytes()[end.offset..])?;
    out.flush()
}

/// The part `text` of the document, which holds the features of a block, with their properties.
fn annotated_block(
    document: &Document,
    annotation: &Annotation,
    keys: &[String],
    block: usize,
    text: Range<usize>,
) -> Vec<u8> {
    let bytes = document.text().as_bytes();
    let mut piece = Vec::with_capacity(text.len() * 3 / 2);
    let mut cursor = text.start;
    let features = document.spans().iter().enumerate().skip(block * BLOCK).take(BLOCK);
    for (i, feature) in features.filter(|_| !keys.is_empty()) {
        let insertion = feature_insertion(document.text(), feature);
        piece.extend_from_slice(&bytes[cursor..insertion.offset]);
        cursor = insertion.offset;
        write_properties(&insertion, keys, annotation, i, &mut piece);
    }
    piece.extend_from_slice(&bytes[cursor..text.end]);
    piece
}

fn write_properties(insertion: &Insertion<'_>, keys: &[String], annotation: &Annotation, i: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(insertion.before.as_bytes());
    for (k, (key, column)) in keys.iter().zip(&annotation.columns).enumerate() {
        if k > 0 || insertion.follows {
            out.push(b',');
            out.extend_from_slice(insertion.gap.as_bytes());
        }
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(insertion.colon.as_bytes());
        column.values.write(i, out);
    }
    out.extend_from_slice(insertion.after.as_bytes());
}

/// The collection's member, with every column in its `columns`.
fn described(annotation: &Annotation) -> Value {
    let mut member = match &annotation.member {
        Value::Object(member) => member.clone(),
        _ => Map::new(),
    };
    let mut columns = match member.remove("columns") {
        Some(Value::Object(columns)) => columns,
        _ => Map::new(),
    };
    for column in &annotation.columns {
        columns.entry(&column.name).or_insert_with(|| Value::Object(Map::new()));
    }
    columns.retain(|name, _| annotation.columns.iter().any(|column| column.name == *name));
    member.insert("columns".to_owned(), Value::Object(columns));
    Value::Object(member)
}
