//! How the values of a column become a legend.

use super::breaks;
use super::renderer::{Category, Legend};
use crate::Language;
use crate::measures::Values;
use crate::study::Cities;
use crate::write::Report;
use crate::write::classes::{Class, NOT_SIGNIFICANT, colour_at, colour_of_kind};
use crate::write::columns::NamedColumn;

/// Colour of what has no value.
const NOTHING: &str = "#e6e6e6";

/// How a column is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Drawing {
    /// By these classes.
    Classes(&'static [Class]),
    /// By the number of the community.
    Communities,
    /// By the city that the column names, as the core of a hinterland.
    Cities,
    /// By the text, as a sector.
    Texts,
    /// From pale to dark.
    Rising,
    /// In two colours, below and above this number.
    Around(f64),
}

impl Drawing {
    /// The legend of a column; `None` where its values are of another type, or there are none.
    pub(super) fn legend(self, report: &Report, column: &NamedColumn) -> Option<Legend> {
        let legend = match (self, column.values) {
            (Self::Classes(classes), Values::Classes(values)) => of_classes(report, column, values, classes),
            (Self::Communities, Values::Counts(values)) => of_communities(values, report.language),
            (Self::Cities, Values::Texts(values)) => of_cities(values, &report.cities, report.language),
            (Self::Texts, Values::Texts(values)) => of_texts(values, report.language),
            (Self::Rising, Values::Numbers(values)) => Legend::Ranges(breaks::quantiles(values)),
            (Self::Around(middle), Values::Numbers(values)) => Legend::Ranges(breaks::around(middle, values)),
            _ => return None,
        };
        let empty = match &legend {
            Legend::Single => false,
            Legend::Categories(_, categories) => categories.is_empty(),
            Legend::Ranges(ranges) => ranges.is_empty(),
        };
        (!empty).then_some(legend)
    }
}

/// Every class that a column could have, with its meaning and how many cities are in it.
pub(super) fn of_classes(report: &Report, column: &NamedColumn, values: &[&'static str], classes: &[Class]) -> Legend {
    let category = |class: &Class| {
        let count = values.iter().filter(|value| **value == class.name).count();
        let mut label = class.label(report.language);
        if *class == NOT_SIGNIFICANT {
            label += &rule(report, column);
        }
        Category { value: class.name.to_owned(), label: format!("{label} ({count})"), colour: class.colour }
    };
    Legend::Categories("string", classes.iter().map(category).collect())
}

/// The communities by number.
pub(super) fn of_communities(values: &[Option<i64>], language: Language) -> Legend {
    let last = values.iter().flatten().copied().max().unwrap_or(0);
    let category = |number: i64| {
        let count = values.iter().filter(|value| **value == Some(number)).count();
        let word = language.choose("community ", "群组");
        let colour = colour_at(usize::try_from(number - 1).unwrap_or_default());
        Category { value: number.to_string(), label: format!("{word}{number} ({count})"), colour }
    };
    Legend::Categories("integer", (1..=last).map(category).collect())
}

/// The cities that are named, in the order of the cities, under their names.
fn of_cities(values: &[Option<String>], cities: &Cities, language: Language) -> Legend {
    let mut ids = distinct(values);
    ids.sort_by_key(|id| cities.position(id));
    kinds(values, &ids, |id| cities.position(id).map_or_else(|| id.to_owned(), |i| cities.known_as(i)), language)
}

/// The texts, in the order of the alphabet.
pub(super) fn of_texts(values: &[Option<String>], language: Language) -> Legend {
    let mut texts = distinct(values);
    texts.sort_unstable();
    kinds(values, &texts, str::to_owned, language)
}

fn distinct(values: &[Option<String>]) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    values.iter().flatten().map(String::as_str).filter(|text| seen.insert(*text)).collect()
}

fn kinds(values: &[Option<String>], kinds: &[&str], name: impl Fn(&str) -> String, language: Language) -> Legend {
    if kinds.is_empty() {
        return Legend::Categories("string", Vec::new());
    }
    let category = |(place, kind): (usize, &&str)| {
        let count = values.iter().flatten().filter(|value| value.as_str() == *kind).count();
        Category {
            value: (*kind).to_owned(),
            label: format!("{} ({count})", name(kind)),
            colour: colour_of_kind(place),
        }
    };
    let none = values.iter().filter(|value| value.is_none()).count();
    let label = format!("{} ({none})", language.choose("none", "无"));
    let rest = Category { value: String::new(), label, colour: NOTHING };
    Legend::Categories("string", kinds.iter().enumerate().map(category).chain([rest]).collect())
}

/// ` at p ≤ 0.05, adjust none, 999 permutations, seed 42, queen`
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

#[cfg(test)]
mod tests {
    use super::super::renderer::Renderer;
    use super::super::symbols::Mark;
    use super::*;
    use crate::write::fixture::cities;

    fn labels(legend: &Legend) -> Vec<&str> {
        let Legend::Categories(_, categories) = legend else { return Vec::new() };
        categories.iter().map(|category| category.label.as_str()).collect()
    }

    fn texts(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
    }

    #[test]
    fn communities_are_drawn_by_number() {
        let legend = of_communities(&[Some(2), None, Some(1), Some(2)], Language::English);
        assert_eq!(labels(&legend), ["community 1 (1)", "community 2 (2)"]);
        let mut xml = String::new();
        Renderer { attribute: "iso_group", mark: Mark::Area, legend }.write(&mut xml);
        assert!(xml.contains("attr=\"iso_group\"") && xml.contains("value=\"2\""), "{xml}");
    }

    #[test]
    fn cores_are_drawn_under_their_names_and_the_rest_as_none() {
        let legend = of_cities(&texts(&["C2", "C2", "C1", "", "gone"]), &cities(), Language::English);
        assert_eq!(labels(&legend), ["gone (1)", "=SUM(A1) (1)", "a|b & <c> (2)", "none (1)"]);
        let mut xml = String::new();
        Renderer { attribute: "hinterland", mark: Mark::Area, legend }.write(&mut xml);
        assert!(xml.contains("value=\"C2\" label=\"a|b &amp; &lt;c&gt; (2)\"") && xml.contains("value=\"\""), "{xml}");
    }

    #[test]
    fn texts_are_in_the_order_of_the_alphabet() {
        assert_eq!(labels(&of_texts(&texts(&["b", "a", "b"]), Language::Chinese)), ["a (1)", "b (2)", "无 (0)"]);
        assert!(labels(&of_texts(&texts(&["", ""]), Language::English)).is_empty());
    }
}
