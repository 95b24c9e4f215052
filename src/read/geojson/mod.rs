//! GeoJSON (RFC 7946): the text is kept, and every feature is known by its place in it.
//!
//! Nothing is written back from parsed values, so that an annotated file is the input with insertions.

mod checks;
mod collection;
mod geometry;
pub(crate) mod members;
mod properties;
mod syntax;

use rayon::prelude::*;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed};
use crate::study::{Shapes, Table};

pub use checks::{Finding, Flaw};
use members::{Member, Span, depth, each_member, kind_of, members, unquoted};

/// How many arrays and objects may lie in one another.
const DEEPEST: usize = 128;

/// Features that are read together, so that threads share the work of a small file of large features too.
const BLOCK: usize = 256;

/// A FeatureCollection: its text, where its features lie, their properties as columns.
///
/// ```
/// use agglo::read::geojson::Document;
/// let text = r#"{"type": "FeatureCollection", "features": [
///     {"type": "Feature", "id": 7, "properties": {"gdp": 1.5}, "geometry": null}]}"#;
/// let document = Document::parse(text.as_bytes().to_vec(), "cities.geojson")?;
/// assert_eq!(document.feature_id(0).as_deref(), Some("7"));
/// assert_eq!(document.properties().names().collect::<Vec<_>>(), ["gdp"]);
/// # Ok::<(), agglo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    file: String,
    text: String,
    features: Vec<FeatureSpans>,
    /// Members of the collection other than `features`, in order.
    others: Vec<NamedSpan>,
    properties: Table,
    notes: Vec<Note>,
}

/// Where a feature and its members lie in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FeatureSpans {
    pub(crate) whole: Span,
    pub(crate) id: Span,
    /// The value of `properties`: an object, `null`, or absent.
    pub(crate) properties: Span,
    geometry: Span,
}

/// A member of the collection.
#[derive(Clone, Debug)]
struct NamedSpan {
    name: String,
    value: Span,
}

impl Document {
    /// Reads a FeatureCollection; `file` is the base name for messages.
    ///
    /// Features without properties are taken as features whose cells are all missing; geometries are read by
    /// [`Document::shapes`].
    ///
    /// # Errors
    /// The text is no JSON in UTF-8 (one fault, with line and column and what it may be instead), it is no
    /// FeatureCollection or has no features, or some features are malformed (one fault each).
    pub fn parse(bytes: Vec<u8>, file: &str) -> Result<Self> {
        let text = syntax::decode(bytes).map_err(|error| error.in_file(file))?;
        Self::read(text, file).map_err(|error| error.in_file(file))
    }

    fn read(text: String, file: &str) -> Result<Self> {
        let collection = collection::read(&text)?;
        let slices = &collection.features;
        let blocks: Vec<_> = (0..slices.len().div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let first = block * BLOCK;
                read_block(&text, first, &slices[first..slices.len().min(first + BLOCK)])
            })
            .collect();
        let (mut features, mut faults, mut tables) = (Vec::with_capacity(slices.len()), collection.faults, Vec::new());
        for (spans, block_faults, table) in blocks {
            features.extend(spans);
            block_faults.into_iter().for_each(|fault| faults.push(fault));
            tables.push(table);
        }
        let others = collection.others.into_iter().map(|(name, value)| NamedSpan { name, value }).collect();
        let rows = features.len();
        let duplicates: Vec<_> = tables.iter_mut().flat_map(|table| std::mem::take(&mut table.duplicates)).collect();
        let columns = properties::columns(tables, rows);
        let properties = Table { file: file.to_owned(), columns, lines: Vec::new(), rows };
        let mut document = Self { file: file.to_owned(), text, features, others, properties, notes: Vec::new() };
        document.notes = document.duplicate_notes(duplicates);
        faults.finish(document)
    }

    /// One warning for every key that stands twice in the properties of a feature.
    fn duplicate_notes(&self, mut duplicates: Vec<(usize, String)>) -> Vec<Note> {
        duplicates.dedup();
        let mut by_key: indexmap::IndexMap<String, Vec<String>> = indexmap::IndexMap::new();
        for (feature, key) in duplicates {
            by_key.entry(key).or_default().push(self.feature_name(feature));
        }
        by_key
            .into_iter()
            .map(|(key, features)| {
                let message =
                    format!("{} appears twice in {}; the last value is used", quoted(&key), listed(&features));
                Note::warning("duplicate_key", message)
            })
            .collect()
    }

    /// Base name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there is no feature; a document that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The properties as columns, one row a feature.
    pub fn properties(&self) -> &Table {
        &self.properties
    }

    /// What was doubtful about the text.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The `id` of feature `i`, a number as it is spelled.
    pub fn feature_id(&self, i: usize) -> Option<String> {
        id_text(self.features[i].id.of_text(&self.text))
    }

    /// Whether feature `i` has a `properties` object, and not null or nothing.
    pub fn has_properties(&self, i: usize) -> bool {
        self.features[i].properties.of_text(&self.text).starts_with('{')
    }

    /// Property `name` of feature `i` as text, whole numbers as they are spelled (9007199254740993 survives).
    pub fn exact_text(&self, i: usize, name: &str) -> Option<String> {
        self.has_properties(i)
            .then(|| properties::exact_text(self.features[i].properties.of_text(&self.text), name))
            .flatten()
    }

    /// The value of a member of the collection as it is spelled, as of `crs` or `bbox`.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.others.iter().rfind(|member| member.name == name).map(|member| member.value.of_text(&self.text))
    }

    /// The names of the collection's members other than `features`, in order.
    pub(crate) fn member_names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.others.iter().map(|member| member.name.as_str())
    }

    /// Where the features and their members lie.
    pub(crate) fn spans(&self) -> &[FeatureSpans] {
        &self.features
    }

    /// `feature 5 (C06)`, as it is named before ids are known.
    fn feature_name(&self, i: usize) -> String {
        self.feature_id(i).map_or(format!("feature {i}"), |id| format!("feature {i} ({id})"))
    }

    /// The geometries of all features, and what is doubtful about them in the order of the features.
    ///
    /// Polygons, multipolygons and points are taken, and of geometry collections their polygons; the direction of
    /// rings does not matter; open rings are closed; a third coordinate is ignored.
    ///
    /// # Errors
    /// One fault for every feature whose geometry is of another type or malformed.
    pub fn shapes(&self) -> Result<(Shapes, Vec<Finding>)> {
        let (shapes, findings, found) = self.shapes_and_faults();
        let mut faults = Faults::default();
        found.into_iter().for_each(|fault| faults.push(fault));
        faults.finish((shapes, findings))
    }

    /// The same with the faults beside it: a feature at fault is there as one without a geometry.
    pub(crate) fn shapes_and_faults(&self) -> (Shapes, Vec<Finding>, Vec<Fault>) {
        let blocks: Vec<_> = self
            .features
            .par_chunks(BLOCK)
            .enumerate()
            .map(|(block, spans)| {
                let geometries = spans.iter().map(|spans| spans.geometry.of_text(&self.text));
                geometry::shapes(block * BLOCK, geometries)
            })
            .collect();
        let (mut shapes, mut findings, mut faults) = (Shapes::default(), Vec::new(), Vec::new());
        for (block, block_findings, block_faults) in blocks {
            shapes.append(&block);
            findings.extend(block_findings);
            faults.extend(block_faults.into_iter().map(|fault| fault.file(&self.file)));
        }
        (shapes, findings, faults)
    }
}

/// Reads a run of features: their places, their faults, their properties.
fn read_block(text: &str, first: usize, slices: &[&str]) -> (Vec<FeatureSpans>, Vec<Fault>, properties::Block) {
    let (mut spans, mut faults, mut table) =
        (Vec::with_capacity(slices.len()), Vec::new(), properties::Block::new(first));
    for (i, slice) in slices.iter().enumerate() {
        let mut feature = Feature { index: first + i, text, spans: FeatureSpans::default(), faults: &mut faults };
        feature.spans.whole = Span::of(slice, text);
        feature.read(slice);
        let found = feature.spans;
        let properties = found.properties.of_text(text);
        table.push(properties.starts_with('{').then_some(properties), |broken| {
            let (line, column) = syntax::position(text, Span::of(broken, text).start);
            let message = format!("{} is not Unicode: half of a surrogate pair", quoted(broken));
            faults.push(Fault::new(Kind::Syntax, message).at(line, column).feature(first + i));
        });
        spans.push(found);
    }
    (spans, faults, table)
}

/// One feature while it is taken apart.
struct Feature<'a> {
    index: usize,
    text: &'a str,
    spans: FeatureSpans,
    faults: &'a mut Vec<Fault>,
}

impl Feature<'_> {
    fn fault(&mut self, message: impl Into<String>, hint: &str) {
        let fault = Fault::new(Kind::Structure, message).feature(self.index).hint(hint);
        self.faults.push(match id_text(self.spans.id.of_text(self.text)) {
            Some(id) => fault.city(id),
            None => fault,
        });
    }

    fn read(&mut self, slice: &str) {
        if !slice.starts_with('{') {
            return self.fault(
                format!("expected a feature, found {}", kind_of(slice)),
                "every entry of features is an object",
            );
        }
        let (mut kind, mut twice) = (None, None);
        let read = each_member(slice, |member| {
            let span = Span::of(member.value, self.text);
            let (name, place) = match member.key {
                "\"type\"" => {
                    twice = twice.or(kind.replace(member.value).map(|_| "type"));
                    return;
                }
                "\"id\"" => ("id", &mut self.spans.id),
                "\"properties\"" => ("properties", &mut self.spans.properties),
                "\"geometry\"" => ("geometry", &mut self.spans.geometry),
                _ => return,
            };
            if !place.is_absent() {
                twice = twice.or(Some(name));
            }
            *place = span;
        });
        debug_assert!(read.is_ok(), "the text was checked when it was cut into features");
        if let Some(name) = twice {
            self.fault(format!("the feature has two members {}", quoted(name)), "keep one of them");
        }
        self.check_type(kind);
        self.check_members(slice);
    }

    fn check_type(&mut self, kind: Option<&str>) {
        match kind {
            Some("\"Feature\"") => {}
            Some(other) if other.starts_with('"') => self.fault(
                format!("type is {}, not \"Feature\"", quoted(&other[1..other.len() - 1])),
                "write \"type\": \"Feature\"; the spelling matters",
            ),
            Some(other) => self.fault(format!("type is {}", kind_of(other)), "write \"type\": \"Feature\""),
            None => self.fault("the feature has no type", "write \"type\": \"Feature\""),
        }
    }

    fn check_members(&mut self, slice: &str) {
        let (id, properties, geometry) = (self.spans.id, self.spans.properties, self.spans.geometry);
        let id = id.of_text(self.text);
        if id.starts_with(['{', '[', 't', 'f']) {
            self.fault(format!("id is {}", kind_of(id)), "an id is a text or a number");
        }
        for (name, span) in [("properties", properties), ("geometry", geometry)] {
            let value = span.of_text(self.text);
            if !span.is_absent() && !value.starts_with(['{', 'n']) {
                self.fault(format!("{name} is {}", kind_of(value)), "write an object or null");
            }
        }
        // A geometry is read by a parser with a limit of its own.
        let outside: Vec<Member<'_>> = members(slice).into_iter().filter(|m| m.key != "\"geometry\"").collect();
        if outside.iter().any(|member| member.value.starts_with(['{', '[']) && depth(member.value) + 3 > DEEPEST) {
            self.fault(
                format!("arrays and objects are nested deeper than {DEEPEST}"),
                "remove the nested value; nothing here needs it",
            );
        }
    }
}

/// The id that a value is, a number as it is spelled; nothing for null, an absent one, or another type.
fn id_text(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => unquoted(value).ok().map(Into::into),
        b'-' | b'0'..=b'9' => Some(value.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
