//! The one error of the crate: every fault of an input at once, each with its place and a remedy.

use std::borrow::Cow;
use std::fmt;

/// What every fallible function of the crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an input cannot be analysed: one or more [`Fault`]s, in the order of the input.
///
/// A reader does not stop at the first fault it meets, so that a user repairs a file once.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    faults: Vec<Fault>,
}

impl Error {
    /// All faults, in the order in which they were found; there is at least one.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The kind of the first fault.
    pub fn kind(&self) -> Kind {
        self.faults[0].kind
    }

    /// The same error with `file` as the place of every fault that names none yet.
    pub fn in_file(mut self, file: &str) -> Self {
        for fault in &mut self.faults {
            fault.place.file.get_or_insert_with(|| file.to_owned());
        }
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// One thing that is wrong: what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    kind: Kind,
    message: String,
    place: Place,
    hint: Option<String>,
}

impl Fault {
    /// A fault without a place; `message` is one sentence without a full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: Place::default(), hint: None }
    }

    /// Names the file, by its base name.
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.place.file = Some(file.into());
        self
    }

    /// Names the line, counted from 1.
    pub fn line(mut self, line: usize) -> Self {
        self.place.line = Some(line);
        self
    }

    /// Names the line and the column, both counted from 1.
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.place.line = Some(line);
        self.place.column = Some(column);
        self
    }

    /// Names the feature by its index, counted from 0.
    pub fn feature(mut self, index: usize) -> Self {
        self.place.feature = Some(index);
        self
    }

    /// Names the city by its id.
    pub fn city(mut self, id: impl Into<String>) -> Self {
        self.place.city = Some(id.into());
        self
    }

    /// Names the field: a property, a column or an option.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.place.field = Some(field.into());
        self
    }

    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What sort of fault it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What is wrong, without its place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is wrong.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.to_string();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Where a fault is; a member is empty where it does not apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Base name of the file.
    pub file: Option<String>,
    /// Line, counted from 1.
    pub line: Option<usize>,
    /// Column in characters, counted from 1.
    pub column: Option<usize>,
    /// Index of the feature, counted from 0.
    pub feature: Option<usize>,
    /// Id of the city.
    pub city: Option<String>,
    /// Property, column or option.
    pub field: Option<String>,
}

impl fmt::Display for Place {
    /// `cities.geojson:3:17: feature 5 (C06): gdp`, as much of it as is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let position = match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            (Some(line), None) => format!("{line}"),
            _ => String::new(),
        };
        match (&self.file, position.is_empty()) {
            (Some(file), true) => parts.push(file.clone()),
            (Some(file), false) => parts.push(format!("{file}:{position}")),
            (None, false) => parts.push(format!("line {position}")),
            (None, true) => {}
        }
        match (self.feature, &self.city) {
            (Some(index), Some(id)) => parts.push(format!("feature {index} ({})", shortened(id))),
            (Some(index), None) => parts.push(format!("feature {index}")),
            (None, Some(id)) => parts.push(shortened(id).into_owned()),
            (None, None) => {}
        }
        parts.extend(self.field.as_deref().map(|field| shortened(field).into_owned()));
        f.write_str(&parts.join(": "))
    }
}

/// The sorts of fault, for programs that treat them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A file cannot be read.
    Read,
    /// The text does not obey its format: JSON, CSV, GAL, TOML.
    Syntax,
    /// The format is obeyed, but it is not what is expected, as TopoJSON for GeoJSON.
    Structure,
    /// A geometry cannot be used.
    Geometry,
    /// Coordinates are not longitude and latitude in degrees.
    Coordinates,
    /// An id is missing, doubled or unknown.
    Identity,
    /// A column does not exist or has no values.
    Column,
    /// A value is not what its column needs.
    Value,
    /// The links between cities cannot be used.
    Links,
    /// The spatial weights cannot be built or used.
    Weights,
    /// An option has an impossible value.
    Option,
    /// A statistic is not defined for these values, as for a constant; not a fault of the input.
    Undefined,
    /// There are too few cities for the measure.
    TooFew,
    /// A stated limit is passed.
    TooLarge,
    /// An output cannot be written.
    Output,
}

/// Collects faults while a reader goes on, and ends in an [`Error`] if there were any.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn extend(&mut self, error: Error) {
        self.0.extend(error.faults);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or nothing and its faults among the others.
    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.extend(error)).ok()
    }

    /// `value`, unless a fault was met.
    pub(crate) fn finish<T>(self, value: T) -> Result<T> {
        if self.0.is_empty() { Ok(value) } else { Err(Error { faults: self.0 }) }
    }
}

/// Text from data as it appears in a message: in quotes and cut to 60 characters.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

/// Text as it stands in a message: its first 60 characters, and an ellipsis if there are more.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]).into(),
        None => text.into(),
    }
}

/// A number of the data as it stands in a message: with an exponent where it would be long without.
pub(crate) fn number(x: f64) -> String {
    match x.abs() {
        size if size == 0.0 || (1e-6..1e15).contains(&size) => x.to_string(),
        _ => format!("{x:e}"),
    }
}

/// The candidate nearest to a mistyped `word`, if one is near enough to be meant.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + word.chars().count() / 4;
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment).
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let at = |i: usize, j: usize| i * width + j;
            table[at(i, j)] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut best =
                    (table[at(i - 1, j)] + 1).min(table[at(i, j - 1)] + 1).min(table[at(i - 1, j - 1)] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[at(i - 2, j - 2)] + 1);
                }
                best
            };
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_of_the_data_are_cut_in_messages() {
        let long = "é".repeat(10_000);
        let fault = Fault::new(Kind::Identity, "appears twice").feature(1).city(&long).field(&long);
        assert!(fault.to_string().chars().count() < 200, "{fault}");
        assert_eq!(quoted(&long), format!("\"{}…\"", "é".repeat(60)));
    }

    #[test]
    fn numbers_in_messages_are_short() {
        let texts = [0.0, -5.0, 1234.5, 1e-5, 1.69e308, -5e-324].map(number);
        assert_eq!(texts, ["0", "-5", "1234.5", "0.00001", "1.69e308", "-5e-324"]);
    }

    #[test]
    fn a_fault_reads_from_the_outside_in() {
        let fault = Fault::new(Kind::Value, "\"1,234.5\" is not a number")
            .file("c.geojson")
            .feature(5)
            .city("C06")
            .field("gdp");
        assert_eq!(fault.to_string(), "c.geojson: feature 5 (C06): gdp: \"1,234.5\" is not a number");
    }

    #[test]
    fn swapped_letters_are_one_slip() {
        assert_eq!(did_you_mean("gpd", ["name", "gdp", "pop"]), Some("gdp"));
        assert_eq!(did_you_mean("population", ["name", "gdp"]), None);
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(quoted(&"市".repeat(70)).chars().count(), 63);
    }
}
