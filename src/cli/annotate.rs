//! The annotated GeoJSON with its style beside it, or the GeoPackage that has both and the layers in one file.

use std::path::{Path, PathBuf};

use super::load::Loaded;
use super::output::{Outputs, Slot, base_name};
use super::settings::Columns;
use crate::error::{Fault, Kind, Result};
use crate::measures::Values;
use crate::write::Report;
use crate::write::columns::{NamedColumn, member, named_columns, too_long};
use crate::write::geojson::{AnnotatedColumn, AnnotatedValues, Annotation, annotate, check_columns};
use crate::write::qml;

/// Class of a feature that takes no part.
const NO_PART: &str = "undefined";

/// An annotated file that will be written, and its style.
pub struct Annotated {
    map: Slot,
    /// Whether it is a GeoPackage.
    packed: bool,
    /// Beside a file only, not beside a device or a pipe, nor beside a GeoPackage, which has its styles inside.
    style: Option<Slot>,
    names: Vec<String>,
}

impl Annotated {
    /// Opens `path` and the style beside it.
    ///
    /// # Errors
    /// Those of [`check_format`] and of [`Outputs::open`].
    pub fn open(outputs: &mut Outputs, path: &Path) -> Result<Self> {
        check_format(path)?;
        let (map, packed) = (outputs.open(path)?, is_geopackage(path));
        let beside = Some(style_path(path)).filter(|_| outputs.is_file(map) && !packed);
        let names = [Some(path), beside.as_deref()].into_iter().flatten().map(base_name).collect();
        Ok(Self { map, packed, style: beside.map(|path| outputs.open(&path)).transpose()?, names })
    }

    /// Writes both.
    ///
    /// # Errors
    /// A column that exists already; a file that cannot be written.
    pub fn write(
        self,
        outputs: &mut Outputs,
        report: &Report,
        loaded: &Loaded,
        columns: &[NamedColumn],
        replace: bool,
    ) -> Result<Vec<String>> {
        let annotation = annotation(report, loaded, columns, replace);
        if self.packed {
            let bytes = packed(report, loaded, columns, &annotation)?;
            outputs.write(self.map, |out| std::io::Write::write_all(out, &bytes))?;
            return Ok(self.names);
        }
        outputs.write_checked(self.map, |out| annotate(&loaded.document, &annotation, out))?;
        if let Some(slot) = self.style {
            let style = qml::style(report, columns);
            outputs.write(slot, |out| std::io::Write::write_all(out, style.as_bytes()))?;
        }
        Ok(self.names)
    }
}

/// Whether a file of this name is to be a GeoPackage.
fn is_geopackage(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gpkg"))
}

/// Checks that this program can write the format that the name of a file asks for.
///
/// # Errors
/// [`Kind::Option`] for a GeoPackage where it was built without the feature `gpkg`.
pub fn check_format(path: &Path) -> Result<()> {
    if cfg!(feature = "gpkg") || !is_geopackage(path) {
        return Ok(());
    }
    Err(not_built().into())
}

fn not_built() -> Fault {
    let message = "a GeoPackage cannot be written by this agglo, which was built without the feature gpkg";
    let hint = "install it with `cargo install agglo --features gpkg`, or name a .geojson";
    Fault::new(Kind::Option, message).field("output").hint(hint)
}

/// The GeoPackage as bytes.
#[cfg(feature = "gpkg")]
fn packed(report: &Report, loaded: &Loaded, columns: &[NamedColumn], annotation: &Annotation) -> Result<Vec<u8>> {
    let shapes = &loaded.all.as_ref().unwrap_or(&report.cities).shapes;
    crate::write::gpkg::package(report, &loaded.document, shapes, annotation, columns)
}

#[cfg(not(feature = "gpkg"))]
fn packed(_: &Report, _: &Loaded, _: &[NamedColumn], _: &Annotation) -> Result<Vec<u8>> {
    Err(not_built().into())
}

/// `NAME.qml` for `NAME.geojson`.
fn style_path(path: &Path) -> PathBuf {
    path.with_extension("qml")
}

/// Checks that the columns can be added, and notes which are left out.
///
/// # Errors
/// A column that exists already.
pub fn check(report: &mut Report, loaded: &Loaded, settings: &Columns) -> Result<()> {
    let (columns, mut notes) = named_columns(report, settings.names, &settings.prefix);
    notes.extend(too_long(&columns, settings.names));
    check_columns(&loaded.document, columns.iter().map(|column| column.name.as_str()), settings.replace)?;
    drop(columns);
    report.notes.extend(notes);
    Ok(())
}

/// The columns of a report under their names.
pub fn named<'a>(report: &'a Report, settings: &Columns) -> Vec<NamedColumn<'a>> {
    named_columns(report, settings.names, &settings.prefix).0
}

/// What is added to the document: one value for every feature, also for those that take no part.
pub fn annotation(report: &Report, loaded: &Loaded, columns: &[NamedColumn], replace: bool) -> Annotation {
    let n = loaded.document.len();
    let keep = loaded.keep.as_deref();
    let added = columns.iter().map(|column| AnnotatedColumn {
        name: column.name.clone(),
        values: match column.values {
            Values::Numbers(v) => AnnotatedValues::Numbers(spread(v, keep, n, f64::NAN)),
            Values::Counts(v) => AnnotatedValues::Counts(spread(v, keep, n, None)),
            Values::Classes(v) => {
                AnnotatedValues::Texts(spread(v, keep, n, NO_PART).into_iter().map(str::to_owned).collect())
            }
            Values::Texts(v) => {
                let texts = spread(v, keep, n, None);
                AnnotatedValues::Texts(texts.into_iter().map(Option::unwrap_or_default).collect())
            }
        },
    });
    Annotation { columns: added.collect(), member: member(report, columns), replace }
}

/// Values of the cities that take part as values of all features.
fn spread<T: Clone>(values: &[T], keep: Option<&[usize]>, n: usize, absent: T) -> Vec<T> {
    let Some(keep) = keep else { return values.to_vec() };
    let mut all = vec![absent; n];
    keep.iter().zip(values).for_each(|(&i, value)| all[i] = value.clone());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_that_take_no_part_have_no_value() {
        assert_eq!(spread(&["HH", "ns"], Some(&[0, 2]), 3, NO_PART), ["HH", "undefined", "ns"]);
        assert_eq!(spread(&[1, 2], None, 2, 0), [1, 2]);
    }

    #[test]
    fn the_name_of_the_file_tells_its_format() {
        assert!(is_geopackage(Path::new("a/b.GPKG")) && !is_geopackage(Path::new("gpkg")));
        assert!(check_format(Path::new("a.geojson")).is_ok());
        assert_eq!(check_format(Path::new("a.gpkg")).is_ok(), cfg!(feature = "gpkg"));
    }

    #[test]
    fn the_style_lies_beside_the_map() {
        assert_eq!(style_path(Path::new("a/b.annotated.geojson")), Path::new("a/b.annotated.qml"));
    }
}
