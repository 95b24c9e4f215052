//! GeoJSON (RFC 7946): the text is kept, and every feature is known by its place in it.
//!
//! Nothing is written back from parsed values, so that an annotated file is the input with insertions.

mod checks;
mod collection;
mod feature;
mod geometry;
pub(crate) mod members;
mod properties;
mod syntax;

use rayon::prelude::*;

use crate::error::{Fault, Faults, Result, quoted, shortened};
use crate::note::{Note, listed};
use crate::study::{Shapes, Table};

pub use checks::{Finding, Flaw};
pub(crate) use feature::FeatureSpans;
use members::Span;

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
    /// The key of the collection's last member.
    last_key: Span,
    properties: Table,
    notes: Vec<Note>,
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
                feature::read_block(&text, first, &slices[first..slices.len().min(first + BLOCK)])
            })
            .collect();
        let (mut features, mut faults, mut tables) = (Vec::with_capacity(slices.len()), collection.faults, Vec::new());
        for (spans, block_faults, table) in blocks {
            features.extend(spans);
            block_faults.into_iter().for_each(|fault| faults.push(fault));
            tables.push(table);
        }
        let last_key = collection.last_key;
        let others = collection.others.into_iter().map(|(name, value)| NamedSpan { name, value }).collect();
        let rows = features.len();
        let duplicates: Vec<_> = tables.iter_mut().flat_map(|table| std::mem::take(&mut table.duplicates)).collect();
        let columns = match properties::columns(tables, rows, text.len()) {
            Ok(columns) => columns,
            Err(error) => {
                faults.extend(error);
                Vec::new()
            }
        };
        let properties = Table { file: file.to_owned(), columns, lines: Vec::new(), rows };
        let mut document =
            Self { file: file.to_owned(), text, features, others, last_key, properties, notes: Vec::new() };
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
        feature::id_text(self.features[i].id.of_text(&self.text))
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

    /// The key of the collection's last member.
    pub(crate) fn last_key(&self) -> Span {
        self.last_key
    }

    /// Where the features and their members lie.
    pub(crate) fn spans(&self) -> &[FeatureSpans] {
        &self.features
    }

    /// `feature 5 (C06)`, as it is named before ids are known.
    fn feature_name(&self, i: usize) -> String {
        self.feature_id(i).map_or(format!("feature {i}"), |id| format!("feature {i} ({})", shortened(&id)))
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

#[cfg(test)]
mod tests;
