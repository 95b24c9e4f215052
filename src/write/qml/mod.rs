//! Styles for QGIS. `NAME.qml` beside `NAME.geojson` is loaded by itself, the map's and those of the layers of measures;
//! one style for each theme is there to choose from.
//!
//! The style that loads by itself colours the classes of the first class column, with every class it could have in the
//! legend and how many cities are in it, or without classes the communities of the last year; all columns get their label
//! as an alias.

mod breaks;
mod drawing;
mod layers;
mod renderer;
mod symbols;
mod themes;

use std::fmt::Write;

use super::Report;
use super::classes::legend;
use super::columns::NamedColumn;
use crate::measures::Values;
use crate::study::ShapeKind;
use renderer::{Legend, Renderer};
use symbols::Mark;

pub use layers::style_of_layer;
pub use themes::{ThemeMap, maps};

/// Column of the communities of cities by industry, which is drawn where there is no column of classes.
const COMMUNITIES: &str = "iso_group";

/// The style for these columns.
pub fn style(report: &Report, columns: &[NamedColumn]) -> String {
    let class_column = columns.iter().find(|c| c.stem == "lisa_cl").or_else(|| columns.iter().find(|c| c.is_class()));
    let groups = columns.iter().rfind(|column| column.stem == COMMUNITIES);
    let legend = match class_column.or(groups).map(|column| (column, column.values)) {
        Some((column, Values::Classes(values))) => drawing::of_classes(report, column, values, &legend(values)),
        Some((_, Values::Counts(values))) => drawing::of_communities(values, report.language),
        _ => Legend::Single,
    };
    let attribute = class_column.or(groups).map_or("", |column| column.name.as_str());
    document(&Renderer { attribute, mark: mark(report), legend }, Some(columns))
}

/// How cities are drawn.
fn mark(report: &Report) -> Mark {
    let shapes = &report.cities.shapes;
    if (0..shapes.len()).any(|i| shapes.kind(i) == ShapeKind::Point) { Mark::Point } else { Mark::Area }
}

/// A style: how features are drawn, and what columns are called in words. Without columns it leaves names alone.
fn document(renderer: &Renderer, columns: Option<&[NamedColumn]>) -> String {
    let categories = if columns.is_some() { "Symbology|Labeling|Fields" } else { "Symbology" };
    let mut xml = format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22\" styleCategories=\"{categories}\">\n"
    );
    renderer.write(&mut xml);
    if let Some(columns) = columns {
        xml.push_str("  <aliases>\n");
        for (index, column) in columns.iter().enumerate() {
            let (field, label) = (escaped(&column.name), escaped(&column.label));
            line(&mut xml, &format!("    <alias field=\"{field}\" index=\"{index}\" name=\"{label}\"/>"));
        }
        xml.push_str("  </aliases>\n");
    }
    xml.push_str("</qgis>\n");
    xml
}

fn line(xml: &mut String, text: &str) {
    xml.push_str(text);
    xml.push('\n');
}

/// Text as XML has it in attributes; characters that XML cannot have are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::columns::{Names, tests::columns};
    use super::super::report::tests::report;
    use super::*;

    #[test]
    fn all_seven_classes_are_in_the_legend_with_their_counts() {
        let report = report();
        let (columns, _) = columns(&report, Names::Long, "");
        let xml = style(&report, &columns);
        assert_eq!(xml.matches("<category ").count(), 7);
        assert_eq!(xml.matches("<symbol ").count(), 7);
        assert!(xml.contains("attr=\"lisa_cl\""));
        assert!(xml.contains("value=\"HH\" label=\"HH: high among high (1)\""));
        assert!(xml.contains("value=\"LH\" label=\"LH: low among high (0)\""));
        assert!(xml.contains("not significant at p ≤ 0.05, adjust none, 999 permutations, seed 42, queen (1)"));
        assert!(xml.contains("v=\"202,0,32,255\""));
        assert!(xml.contains("<alias field=\"lisa_i\" index=\"0\" name=\"Local Moran&apos;s I: "));
    }

    #[test]
    fn data_cannot_leave_an_attribute() {
        let mut report = report();
        report.outcomes[0].variable = Some("\"/><script>alert(1)</script>\u{1b}".into());
        let (columns, _) = columns(&report, Names::Long, "");
        let xml = style(&report, &columns);
        assert!(!xml.contains("<script") && !xml.contains('\u{1b}'));
    }

    #[test]
    fn without_classes_there_is_one_symbol() {
        let mut report = report();
        report.outcomes[0].columns.truncate(2);
        let (columns, _) = columns(&report, Names::Long, "");
        assert!(style(&report, &columns).contains("singleSymbol"));
    }
}
