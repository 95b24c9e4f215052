//! The annotated cities and the layers of a run as one GeoPackage, each map of it a layer with a style of its own.
//!
//! QGIS loads by itself only one style of a layer, so each theme is a view of the table `cities`, with the properties of
//! the cities and the columns of the result that is drawn. The same run gives the same bytes.

mod fields;
mod geometry;
mod package;
mod schema;

use std::collections::HashSet;

use self::fields::{Cells, Field, RESERVED, unique};
use self::package::Package;
use super::columns::NamedColumn;
use super::geojson::Annotation;
use super::layers::{NamedLayer, named_layers};
use super::{Report, qml};
use crate::error::{Error, Fault, Kind, Result};
use crate::read::geojson::Document;
use crate::study::{Metric, Shapes};

/// Most columns of a table that SQLite takes.
const MOST_COLUMNS: usize = 2000;

/// A GeoPackage of all features of `document`, whose geometries are `shapes`: the table `cities` with their properties and
/// with the columns of `annotation`, a view with its style for each theme that `columns` can be drawn by, the layers of the
/// measures with theirs, and the table `agglo_columns` that says what each column is.
///
/// # Errors
/// More than 2,000 columns; what SQLite says.
pub fn package(
    report: &Report,
    document: &Document,
    shapes: &Shapes,
    annotation: &Annotation,
    columns: &[NamedColumn],
) -> Result<Vec<u8>> {
    let fields = fields::of_cities(document, &annotation.columns);
    let all = fields.len() + RESERVED.len();
    if all > MOST_COLUMNS {
        let message = format!("{} columns are more than the {MOST_COLUMNS} that a GeoPackage takes", fields.len());
        return Err(Fault::new(Kind::TooLarge, message)
            .hint("write a .geojson, or choose measures with --only")
            .into());
    }
    fill(report, shapes, &fields, columns).map_err(|error| not_made(&error))
}

fn not_made(error: &rusqlite::Error) -> Error {
    Fault::new(Kind::Output, format!("the GeoPackage cannot be made: {error}")).into()
}

fn fill(report: &Report, shapes: &Shapes, fields: &[Field], columns: &[NamedColumn]) -> rusqlite::Result<Vec<u8>> {
    let srs = if report.cities.metric == Metric::Planar { schema::PLANAR } else { schema::WGS_84 };
    let mut package = Package::new(srs)?;
    let cities = package.table_name("cities");
    let about = format!("agglo {}: {}", env!("CARGO_PKG_VERSION"), report.command.join(" "));
    let geometries: Vec<_> = (0..shapes.len()).map(|i| geometry::of_city(shapes, i, srs)).collect();
    let ground = package.features(&cities, &about, &geometries, fields)?;
    package.style(&cities, &about, &qml::style(report, columns))?;
    let results: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    for map in qml::maps(report, columns) {
        let (view, title) = (package.table_name(&map.layer_name()), map.title());
        let own: Vec<NamedColumn> =
            columns.iter().filter(|column| std::ptr::eq(column.outcome, map.column.outcome)).cloned().collect();
        let given = fields.iter().map(|field| field.name.as_str()).filter(|name| !results.contains(name));
        let shown = given.chain(own.iter().map(|column| column.name.as_str()));
        package.view(&view, &title, &cities, ground, shown)?;
        package.style(&view, &title, &map.style(Some(&own)))?;
    }
    for layer in &named_layers(report) {
        add_layer(&mut package, report, layer, srs)?;
    }
    let table = package.table_name("agglo_columns");
    package.attributes(&table, "what each column is", columns.len(), &dictionary(columns))?;
    package.bytes()
}

/// A layer of a measure as a table of its own.
fn add_layer(package: &mut Package, report: &Report, layer: &NamedLayer, srs: i32) -> rusqlite::Result<()> {
    let features = &layer.layer.features;
    let table = package.table_name(&layer.name);
    let mut names: Vec<&'static str> = Vec::new();
    for (name, _) in features.iter().flat_map(|feature| &feature.properties) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut taken: HashSet<String> = RESERVED.map(str::to_owned).into();
    let field = |name: &&'static str| {
        let value = |properties: &[(&'static str, serde_json::Value)]| {
            properties.iter().find(|(other, _)| other == name).map(|(_, value)| value.to_string().into())
        };
        let spelled: Vec<_> = features.iter().map(|feature| value(&feature.properties)).collect();
        Field { name: unique(name, &mut taken), cells: Cells::of_json(&spelled) }
    };
    let fields: Vec<Field> = names.iter().map(field).collect();
    let geometries: Vec<_> = features.iter().map(|feature| Some(geometry::of_layer(&feature.shape, srs))).collect();
    package.features(&table, layer.meaning, &geometries, &fields)?;
    package.style(&table, layer.meaning, &qml::style_of_layer(layer.layer, report.language))
}

/// What each column is.
fn dictionary(columns: &[NamedColumn]) -> Vec<Field> {
    let field = |name: &str, text: fn(&NamedColumn) -> String| Field {
        name: name.to_owned(),
        cells: Cells::Texts(columns.iter().map(|column| Some(text(column))).collect()),
    };
    vec![
        field("column", |column| column.name.clone()),
        field("label", |column| column.label.clone()),
        field("unit", |column| column.unit().to_owned()),
        field("measure", |column| column.about.name.to_owned()),
        field("formula", |column| column.about.formula.to_owned()),
        field("reference", |column| column.about.reference.to_owned()),
    ]
}
