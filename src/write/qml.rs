//! A style that QGIS loads by itself: `NAME.qml` beside `NAME.geojson`.
//!
//! The classes of the first class column are coloured, with every class it could have in the legend and how many cities
//! are in it, or without classes the communities of the last year; all columns get their label as an alias.

use std::fmt::Write;

use super::Report;
use super::columns::NamedColumn;
use crate::measures::Values;
use crate::study::ShapeKind;

/// A class with its colour, safe for the colour-blind, and what it means.
type Class = (&'static str, &'static str, &'static str);

const NOT_SIGNIFICANT: Class = ("ns", "#e6e6e6", "not significant");
const UNDEFINED: Class = ("undefined", "#464646", "no value");
const ISOLATE: Class = ("isolate", "#999999", "no neighbour");

/// Classes of a Moran scatter.
const MORAN: [Class; 7] = [
    ("HH", "#ca0020", "high among high"),
    ("LL", "#0571b0", "low among low"),
    ("LH", "#92c5de", "low among high"),
    ("HL", "#f4a582", "high among low"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of Getis and Ord's G.
const G: [Class; 5] = [
    ("hot", "#ca0020", "high values gather"),
    ("cold", "#0571b0", "low values gather"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of Geary's c.
const GEARY: [Class; 7] = [
    ("positive_high", "#ca0020", "alike and high"),
    ("positive_low", "#0571b0", "alike and low"),
    ("positive_other", "#f4a582", "alike"),
    ("negative", "#92c5de", "unlike"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Quadrants of shift-share.
const QUADRANTS: [Class; 5] = [
    ("IM+ RS+", "#008837", "favourable mix, gains beyond it"),
    ("IM- RS+", "#92c5de", "unfavourable mix, gains all the same"),
    ("IM+ RS-", "#f4a582", "favourable mix, loses beyond it"),
    ("IM- RS-", "#ca0020", "unfavourable mix, loses beyond it"),
    UNDEFINED,
];
/// Tiers of a network.
const TIERS: [Class; 4] = [
    ("core", "#b2182b", "densely linked with each other"),
    ("semi-periphery", "#fdae61", "between"),
    ("periphery", "#abd9e9", "linked with cores, if at all"),
    UNDEFINED,
];
/// Whether a second core draws a city nearly as much as its first.
const CONTESTED: [Class; 4] = [
    ("core", "#b2182b", "a core itself"),
    ("contested", "#fdae61", "a second core draws it nearly as much"),
    ("clear", "#abd9e9", "one core draws it most"),
    UNDEFINED,
];
/// Colours of classes that none of these lists has, and of communities.
const OTHERS: [&str; 6] = ["#ca0020", "#0571b0", "#f4a582", "#92c5de", "#7b3294", "#008837"];
/// Column of the communities of cities by industry, which is drawn where there is no column of classes.
const COMMUNITIES: &str = "iso_group";

/// The classes that a column can have, each with colour and meaning.
pub(crate) fn legend(values: &[&'static str]) -> Vec<Class> {
    let within = |set: &[Class]| values.iter().all(|value| set.iter().any(|(name, ..)| name == value));
    if let Some(set) =
        [&MORAN[..], &G[..], &GEARY[..], &QUADRANTS[..], &TIERS[..], &CONTESTED[..]].into_iter().find(|set| within(set))
    {
        return set.to_vec();
    }
    let mut found: Vec<Class> = Vec::new();
    for &value in values {
        let usual = [NOT_SIGNIFICANT, UNDEFINED, ISOLATE].into_iter().find(|(name, ..)| *name == value);
        if !found.iter().any(|(name, ..)| *name == value) {
            found.push(usual.unwrap_or((value, OTHERS[found.len() % OTHERS.len()], "")));
        }
    }
    found
}

/// The style for these columns.
pub fn style(report: &Report, columns: &[NamedColumn]) -> String {
    let points = (0..report.cities.len()).any(|i| report.cities.shapes.kind(i) == ShapeKind::Point);
    let class_column = columns.iter().find(|c| c.stem == "lisa_cl").or_else(|| columns.iter().find(|c| c.is_class()));
    let groups = columns.iter().rfind(|column| column.stem == COMMUNITIES);
    let mut xml = String::from(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22\" styleCategories=\"Symbology|Labeling|Fields\">\n",
    );
    match class_column.or(groups).map(|column| (column, column.values)) {
        Some((column, Values::Classes(values))) => {
            categorised(&mut xml, &column.name, "string", &of_classes(report, column, values), points);
        }
        Some((column, Values::Counts(values))) => {
            categorised(&mut xml, &column.name, "integer", &of_communities(values), points);
        }
        _ => {
            xml.push_str(
                "  <renderer-v2 type=\"singleSymbol\" forceraster=\"0\" enableorderby=\"0\">\n    <symbols>\n",
            );
            symbol(&mut xml, 0, "#92c5de", points);
            xml.push_str("    </symbols>\n  </renderer-v2>\n");
        }
    }
    xml.push_str("  <aliases>\n");
    for (index, column) in columns.iter().enumerate() {
        let (field, label) = (escaped(&column.name), escaped(&column.label));
        line(&mut xml, &format!("    <alias field=\"{field}\" index=\"{index}\" name=\"{label}\"/>"));
    }
    xml.push_str("  </aliases>\n</qgis>\n");
    xml
}

fn line(xml: &mut String, text: &str) {
    xml.push_str(text);
    xml.push('\n');
}

/// A value of a column with its label in the legend and its colour.
struct Category {
    value: String,
    label: String,
    colour: &'static str,
}

/// Every class that a column could have, with its meaning and how many cities are in it.
fn of_classes(report: &Report, column: &NamedColumn, values: &[&'static str]) -> Vec<Category> {
    let category = |(class, colour, meaning): Class| {
        let count = values.iter().filter(|value| **value == class).count();
        let mut label = if meaning.is_empty() { class.to_owned() } else { format!("{class}: {meaning}") };
        if class == NOT_SIGNIFICANT.0 {
            label += &rule(report, column);
        }
        Category { value: class.to_owned(), label: format!("{label} ({count})"), colour }
    };
    legend(values).into_iter().map(category).collect()
}

/// The communities by number.
fn of_communities(values: &[Option<i64>]) -> Vec<Category> {
    let last = values.iter().flatten().copied().max().unwrap_or(0);
    let category = |number: i64| Category {
        value: number.to_string(),
        label: format!("community {number} ({})", values.iter().filter(|value| **value == Some(number)).count()),
        colour: OTHERS[(number - 1) as usize % OTHERS.len()],
    };
    (1..=last).map(category).collect()
}

fn categorised(xml: &mut String, column: &str, kind: &str, categories: &[Category], points: bool) {
    let attribute = escaped(column);
    line(
        xml,
        &format!(
            "  <renderer-v2 type=\"categorizedSymbol\" attr=\"{attribute}\" forceraster=\"0\" enableorderby=\"0\">"
        ),
    );
    xml.push_str("    <categories>\n");
    for (symbol, Category { value, label, .. }) in categories.iter().enumerate() {
        let (value, label) = (escaped(value), escaped(label));
        line(
            xml,
            &format!(
                "      <category symbol=\"{symbol}\" value=\"{value}\" label=\"{label}\" render=\"true\" type=\"{kind}\"/>"
            ),
        );
    }
    xml.push_str("    </categories>\n    <symbols>\n");
    for (name, category) in categories.iter().enumerate() {
        symbol(xml, name, category.colour, points);
    }
    xml.push_str("    </symbols>\n  </renderer-v2>\n");
}

/// `, p > 0.05, adjust none, 999 permutations, seed 42, queen`
fn rule(report: &Report, column: &NamedColumn) -> String {
    let Some(inference) = &report.inference else { return String::new() };
    let weights = column.outcome.weights.as_deref().map_or_else(String::new, |weights| format!(", {weights}"));
    format!(
        " at p ≤ {}, adjust {}, {} permutations, seed {}{weights}",
        inference.alpha,
        inference.adjust.name(),
        inference.permutations,
        inference.seed
    )
}

/// A symbol in both the new and the old form of QGIS.
fn symbol(xml: &mut String, name: usize, colour: &str, points: bool) {
    let (kind, class) = if points { ("marker", "SimpleMarker") } else { ("fill", "SimpleFill") };
    let fill = rgba(colour);
    let mut properties = vec![("color", fill.as_str()), ("outline_color", "255,255,255,255"), ("outline_width", "0.2")];
    properties.extend([("outline_style", "solid"), ("outline_width_unit", "MM")]);
    properties.extend(if points {
        vec![("name", "circle"), ("size", "3"), ("size_unit", "MM")]
    } else {
        vec![("style", "solid")]
    });
    line(
        xml,
        &format!("      <symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">"),
    );
    line(
        xml,
        &format!(
            "        <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n          <Option type=\"Map\">"
        ),
    );
    for (key, value) in &properties {
        line(xml, &format!("            <Option type=\"QString\" name=\"{key}\" value=\"{value}\"/>"));
    }
    line(xml, "          </Option>");
    for (key, value) in &properties {
        line(xml, &format!("          <prop k=\"{key}\" v=\"{value}\"/>"));
    }
    xml.push_str("        </layer>\n      </symbol>\n");
}

/// `202,0,32,255` from `#ca0020`.
fn rgba(colour: &str) -> String {
    let part = |at: usize| colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    format!("{},{},{},255", part(1), part(3), part(5))
}

/// Text as XML has it in attributes; characters that XML cannot have are left out.
pub(super) fn escaped(text: &str) -> String {
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

    #[test]
    fn communities_are_drawn_by_number() {
        let categories = of_communities(&[Some(2), None, Some(1), Some(2)]);
        let labels: Vec<&str> = categories.iter().map(|category| category.label.as_str()).collect();
        assert_eq!(labels, ["community 1 (1)", "community 2 (2)"]);
        let mut xml = String::new();
        categorised(&mut xml, "iso_group", "integer", &categories, false);
        assert!(xml.contains("attr=\"iso_group\"") && xml.contains("value=\"2\""), "{xml}");
    }

    #[test]
    fn classes_of_other_measures_have_their_own_legend() {
        assert_eq!(legend(&["hot", "ns"]).len(), 5);
        assert_eq!(legend(&["negative", "positive_low"]).len(), 7);
        assert_eq!(legend(&["joined", "ns"]).len(), 2);
        assert_eq!(legend(&["IM- RS+", "undefined"]).len(), 5);
    }
}
