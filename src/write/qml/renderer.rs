//! Renderers: which feature is drawn by which symbol, and what the legend says of it.

use super::symbols::{Mark, symbol};
use super::{escaped, line};
use crate::write::number_text;

/// Colour of features that are all drawn alike.
const PLAIN: &str = "#92c5de";

/// How a layer is drawn.
pub(super) struct Renderer<'a> {
    /// The column that decides.
    pub(super) attribute: &'a str,
    /// What is drawn.
    pub(super) mark: Mark,
    /// By what.
    pub(super) legend: Legend,
}

/// What the values of a column are drawn by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Legend {
    /// Nothing: all features alike.
    Single,
    /// Values one by one, with the type that QGIS takes them for.
    Categories(&'static str, Vec<Category>),
    /// Ranges of numbers, ascending; a number on the border of two belongs to the lower one. A missing one is not drawn.
    Ranges(Vec<Range>),
}

/// A value of a column with its label in the legend and its colour.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Category {
    /// The value; an empty one stands for all that have no category, missing ones too.
    pub(super) value: String,
    pub(super) label: String,
    pub(super) colour: &'static str,
}

/// A range of numbers, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) label: String,
    pub(super) colour: &'static str,
}

impl Renderer<'_> {
    /// Writes the element.
    pub(super) fn write(&self, xml: &mut String) {
        let attribute = escaped(self.attribute);
        match &self.legend {
            Legend::Single => {
                line(xml, "  <renderer-v2 type=\"singleSymbol\" forceraster=\"0\" enableorderby=\"0\">");
                self.symbols(xml, [PLAIN]);
            }
            Legend::Categories(kind, categories) => {
                line(
                    xml,
                    &format!(
                        "  <renderer-v2 type=\"categorizedSymbol\" attr=\"{attribute}\" forceraster=\"0\" enableorderby=\"0\">"
                    ),
                );
                write_categories(xml, kind, categories);
                self.symbols(xml, categories.iter().map(|category| category.colour));
            }
            Legend::Ranges(ranges) => {
                line(
                    xml,
                    &format!(
                        "  <renderer-v2 type=\"graduatedSymbol\" attr=\"{attribute}\" graduatedMethod=\"GraduatedColor\" forceraster=\"0\" enableorderby=\"0\">"
                    ),
                );
                write_ranges(xml, ranges);
                self.symbols(xml, ranges.iter().map(|range| range.colour));
            }
        }
    }

    fn symbols(&self, xml: &mut String, colours: impl IntoIterator<Item = &'static str>) {
        line(xml, "    <symbols>");
        colours.into_iter().enumerate().for_each(|(name, colour)| symbol(xml, name, colour, self.mark));
        xml.push_str("    </symbols>\n  </renderer-v2>\n");
    }
}

fn write_categories(xml: &mut String, kind: &str, categories: &[Category]) {
    line(xml, "    <categories>");
    for (symbol, Category { value, label, .. }) in categories.iter().enumerate() {
        let (value, label) = (escaped(value), escaped(label));
        line(
            xml,
            &format!(
                "      <category symbol=\"{symbol}\" value=\"{value}\" label=\"{label}\" render=\"true\" type=\"{kind}\"/>"
            ),
        );
    }
    line(xml, "    </categories>");
}

fn write_ranges(xml: &mut String, ranges: &[Range]) {
    line(xml, "    <ranges>");
    for (symbol, Range { lower, upper, label, .. }) in ranges.iter().enumerate() {
        let (lower, upper, label) = (number_text(*lower), number_text(*upper), escaped(label));
        line(
            xml,
            &format!(
                "      <range symbol=\"{symbol}\" lower=\"{lower}\" upper=\"{upper}\" label=\"{label}\" render=\"true\"/>"
            ),
        );
    }
    line(xml, "    </ranges>");
}
