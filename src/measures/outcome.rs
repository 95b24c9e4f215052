//! What every measure gives back: numbers by name, columns by city, matrices, tables, and notes.

use serde_json::{Map, Value};

use crate::note::Note;

/// The result of one measure for one variable under one set of weights.
///
/// An undefined number is NaN here and `null` in every output, always with a note that says why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Name of the measure in the registry.
    pub measure: &'static str,
    /// Name of the variable.
    pub variable: Option<String>,
    /// Label of the weights.
    pub weights: Option<String>,
    /// Year, where one of several was analysed.
    pub year: Option<i32>,
    /// Options that shaped this result and are not common to the run.
    pub options: Map<String, Value>,
    /// Numbers by name.
    pub scalars: Vec<(&'static str, f64)>,
    /// One value for every city, by name.
    pub columns: Vec<(&'static str, Values)>,
    /// Matrices by name.
    pub matrices: Vec<(&'static str, Matrix)>,
    /// Tables by name.
    pub tables: Vec<(&'static str, TableOut)>,
    /// Layers of shapes by name, for a GIS.
    pub layers: Vec<(&'static str, Layer)>,
    /// What stands under its tables and matrices: variant, reference area, sectors, n, and what was left out.
    pub footer: Option<String>,
    /// What has to be known about this result.
    pub notes: Vec<Note>,
}

impl Outcome {
    /// The scalar of this name, NaN where there is none.
    pub fn scalar(&self, name: &str) -> f64 {
        self.scalars.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |&(_, x)| x)
    }

    /// Whether it is of a measure that takes an industry table.
    pub fn is_of_industry(&self) -> bool {
        super::measure(self.measure).is_some_and(|measure| measure.about().needs.industry())
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        named(&self.columns, name)
    }

    /// The column of this name, where it is one of real numbers.
    pub fn numbers(&self, name: &str) -> Option<&[f64]> {
        match self.column(name)? {
            Values::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// The column of this name, where it is one of classes.
    pub fn classes(&self, name: &str) -> Option<&[&'static str]> {
        match self.column(name)? {
            Values::Classes(classes) => Some(classes),
            _ => None,
        }
    }

    /// The column of this name, where it is one of texts.
    pub fn texts(&self, name: &str) -> Option<&[Option<String>]> {
        match self.column(name)? {
            Values::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    /// The matrix of this name.
    pub fn matrix(&self, name: &str) -> Option<&Matrix> {
        named(&self.matrices, name)
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&TableOut> {
        named(&self.tables, name)
    }

    /// The layer of this name.
    pub fn layer(&self, name: &str) -> Option<&Layer> {
        named(&self.layers, name)
    }
}

fn named<'a, T>(items: &'a [(&'static str, T)], name: &str) -> Option<&'a T> {
    items.iter().find(|(other, _)| *other == name).map(|(_, item)| item)
}

/// One value for every city.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Real numbers; NaN where undefined.
    Numbers(Vec<f64>),
    /// Whole numbers; `None` where undefined.
    Counts(Vec<Option<i64>>),
    /// Classes; never empty, since a map draws nothing for a missing class.
    Classes(Vec<&'static str>),
    /// Texts, as the id of another city.
    Texts(Vec<Option<String>>),
}

/// A matrix with named rows and columns, stored row after row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Names of the rows, mostly ids of cities.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// `rows.len() × columns.len()` numbers; NaN where undefined.
    pub values: Vec<f64>,
}

/// A table for a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableOut {
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// Rows as long as `columns`; an undefined number is [`Value::Null`].
    pub rows: Vec<Vec<Value>>,
}

impl TableOut {
    fn cell(&self, row: usize, column: &str) -> Option<&Value> {
        self.rows.get(row)?.get(self.columns.iter().position(|other| *other == column)?)
    }

    /// A cell as a number; NaN where it is none.
    pub fn number(&self, row: usize, column: &str) -> f64 {
        self.cell(row, column).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    /// A cell as a whole number.
    pub fn whole(&self, row: usize, column: &str) -> Option<i64> {
        self.cell(row, column)?.as_i64()
    }

    /// A cell as a text; empty where it is none.
    pub fn text(&self, row: usize, column: &str) -> &str {
        self.cell(row, column).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A layer of shapes, each with its properties, that a GIS draws beside the cities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// The shapes, those drawn first first.
    pub features: Vec<LayerFeature>,
}

/// One shape of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerFeature {
    /// Its geometry, in the coordinates of the cities.
    pub shape: LayerShape,
    /// What is known of it; an undefined number is [`Value::Null`].
    pub properties: Vec<(&'static str, Value)>,
}

/// A geometry of a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerShape {
    /// One point.
    Point([f64; 2]),
    /// Lines of two points or more; several where a way crosses 180 degrees.
    Lines(Vec<Vec<[f64; 2]>>),
    /// Areas, each a closed shell counterclockwise followed by its closed holes clockwise.
    Areas(Vec<Vec<Vec<[f64; 2]>>>),
}
