//! An outcome that is told of, and what all sentences have in common: how they name numbers, years, cities and chance.

use serde_json::Value;

use super::{Card, Finding};
use crate::Language;
use crate::measures::{Family, Outcome, TableOut, measure};
use crate::note::listed_by;
use crate::write::{Report, short};

/// Most cities that a sentence names.
const MOST_NAMED: usize = 10;

/// An outcome with its run, and the same result in the first year.
pub(super) struct Told<'a> {
    pub report: &'a Report,
    pub outcome: &'a Outcome,
    first: Option<&'a Outcome>,
}

/// The options that tell results of one measure apart.
const OPTIONS: [&str; 3] = ["group", "population", "mass"];

/// Whether two outcomes are one result, but for the year and, where asked, for a weighting by population.
fn same(a: &Outcome, b: &Outcome, whatever_weighting: bool) -> bool {
    let alike = |name: &&str| a.options.get(*name) == b.options.get(*name);
    let compared = OPTIONS.iter().filter(|name| !(whatever_weighting && **name == "population"));
    (a.measure, &a.variable, &a.weights) == (b.measure, &b.variable, &b.weights) && compared.into_iter().all(alike)
}

/// Whether the same result is there for a later year.
pub(super) fn is_earlier(report: &Report, outcome: &Outcome) -> bool {
    let later = |other: &Outcome| other.year > outcome.year && same(outcome, other, false);
    outcome.year.is_some() && report.outcomes.iter().any(later)
}

/// Whether the result is weighted by population, and stands beside the one that is not.
pub(super) fn is_weighted_too(report: &Report, outcome: &Outcome) -> bool {
    let weighted = |outcome: &Outcome| outcome.options.contains_key("population");
    let beside = |other: &Outcome| !weighted(other) && other.year == outcome.year && same(outcome, other, true);
    weighted(outcome) && report.outcomes.iter().any(beside)
}

impl<'a> Told<'a> {
    pub fn of(report: &'a Report, outcome: &'a Outcome) -> Self {
        let earlier = report.outcomes.iter().filter(|other| outcome.year > other.year && other.year.is_some());
        let first = earlier.filter(|other| same(outcome, other, false)).min_by_key(|other| other.year);
        Self { report, outcome, first }
    }

    pub fn language(&self) -> Language {
        self.report.language
    }

    /// The text in the language of the report.
    pub fn choose<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        self.language().choose(english, chinese)
    }

    /// A result of another measure about the same variable.
    pub fn beside(&self, measure: &str) -> Option<&'a Outcome> {
        let about = |other: &&Outcome| other.measure == measure && other.variable == self.outcome.variable;
        self.report.outcomes.iter().find(about)
    }

    /// A result of another measure about the same variable in the same year, weighted alike.
    pub fn beside_in_year(&self, measure: &str) -> Option<Told<'a>> {
        let alike = |other: &&Outcome| {
            (other.measure, &other.variable, other.year) == (measure, &self.outcome.variable, self.outcome.year)
                && other.options.get("population") == self.outcome.options.get("population")
        };
        self.report.outcomes.iter().find(alike).map(|other| Told::of(self.report, other))
    }

    /// A number of the outcome; NaN where there is none.
    pub fn x(&self, name: &str) -> f64 {
        self.outcome.scalar(name)
    }

    /// A number of the outcome where it is defined.
    pub fn known(&self, name: &str) -> Option<f64> {
        Some(self.x(name)).filter(|x| x.is_finite())
    }

    /// The same result weighted by population, where this one is not.
    pub fn weighted(&self) -> Option<&'a Outcome> {
        let weighted = |other: &&Outcome| other.options.contains_key("population") && other.year == self.outcome.year;
        let found = self.report.outcomes.iter().find(|other| weighted(other) && same(self.outcome, other, true));
        found.filter(|_| !self.outcome.options.contains_key("population"))
    }

    /// The year of the first such result and its number.
    pub fn before(&self, name: &str) -> Option<(i32, f64)> {
        let first = self.first?;
        Some((first.year?, Some(first.scalar(name)).filter(|x| x.is_finite())?))
    }

    pub fn alpha(&self) -> f64 {
        self.report.inference.map_or(0.05, |inference| inference.alpha)
    }

    /// An option of the outcome that is a text.
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.outcome.options.get(name)?.as_str()
    }

    /// The value and its year.
    pub fn subject(&self) -> String {
        let variable = self.outcome.variable.as_deref().unwrap_or_default();
        let with = |year: String| if variable.is_empty() { year } else { format!("{variable} {year}") };
        let years = |name: &str| self.outcome.options.get(name).and_then(Value::as_i64);
        match (self.outcome.year, years("from"), years("to")) {
            (Some(year), ..) => with(self.year(year.into())),
            (None, Some(from), Some(to)) => {
                with(self.language().choose(format!("{from} to {to}"), format!("{from}—{to}年")))
            }
            _ => variable.to_owned(),
        }
    }

    /// The subject at the head of a sentence: `gdp 2020: `; nothing where there is none.
    pub fn head(&self) -> String {
        match self.subject() {
            subject if subject.is_empty() => subject,
            subject => subject + self.choose(": ", "："),
        }
    }

    /// `2020`, as the language has it.
    pub fn year(&self, year: i64) -> String {
        self.language().choose(year.to_string(), format!("{year}年"))
    }

    /// `, after 0.470 in 2010`; nothing where there is no earlier year.
    pub fn after(&self, name: &str, printed: fn(f64) -> String) -> String {
        self.before(name).map_or_else(String::new, |(year, x)| {
            let x = printed(x);
            self.language().choose(format!(", after {x} in {year}"), format!("，{year}年为{x}"))
        })
    }

    /// Where neighbours are: in space under some weights, or along the links.
    pub fn place(&self) -> String {
        match self.outcome.weights.as_deref() {
            Some("links") => self.choose("along the links", "沿联系网络").to_owned(),
            Some(weights) => self.language().choose(format!("in space ({weights})"), format!("在空间上（{weights}）")),
            None => String::new(),
        }
    }

    /// The label of the weights.
    pub fn weights(&self) -> &'a str {
        self.outcome.weights.as_deref().unwrap_or_default()
    }

    /// `p = 0.21 > 0.05`: a p value beside the threshold that decides.
    pub fn p(&self, p: f64) -> String {
        let (sign, alpha) = (if p <= self.alpha() { "<=" } else { ">" }, self.alpha());
        format!("p = {} {sign} {alpha}", short(p))
    }

    /// `, 999 permutations`; nothing where none were drawn.
    pub fn permutations(&self) -> String {
        let count = self.report.inference.map_or(0, |inference| inference.permutations);
        match count {
            0 => String::new(),
            _ => self.language().choose(format!(", {count} permutations"), format!("，{count}次置换")),
        }
    }

    /// The number of cities that took part: `n = 41`.
    pub fn n(&self) -> String {
        format!("n = {}", short(self.x("n")))
    }

    /// Names, ten of them at most.
    pub fn list<T>(&self, items: &[T], mut name: impl FnMut(&T) -> String) -> String {
        if self.language() == Language::English {
            return listed_by(items, name);
        }
        let shown: Vec<String> = items.iter().take(MOST_NAMED).map(&mut name).collect();
        match items.len().saturating_sub(MOST_NAMED) {
            0 => shown.join("、"),
            more => format!("{}等另有{more}个", shown.join("、")),
        }
    }

    /// The cities at these places by name.
    pub fn cities(&self, places: &[usize]) -> String {
        self.list(places, |&i| self.report.cities.known_as(i))
    }

    /// The name of the city of this id; the id itself where it is none.
    pub fn city(&self, id: &str) -> String {
        self.report.cities.position(id).map_or_else(|| id.to_owned(), |i| self.report.cities.known_as(i))
    }

    /// Where a column of classes has this class.
    pub fn places(&self, column: &str, class: &str) -> Vec<usize> {
        let classes = self.outcome.classes(column).unwrap_or_default();
        (0..classes.len()).filter(|&i| classes[i] == class).collect()
    }

    /// A column of numbers, or none.
    pub fn numbers(&self, column: &str) -> Option<&'a [f64]> {
        self.outcome.numbers(column)
    }

    /// The rows of a table; none where there is no such table.
    pub fn rows(&self, table: &str) -> Vec<Row<'a>> {
        let of = |table: &'a TableOut| (0..table.rows.len()).map(|row| Row { table, row }).collect();
        self.outcome.table(table).map_or_else(Vec::new, of)
    }

    /// The row of a table with this text in this column.
    pub fn row(&self, table: &str, column: &str, text: &str) -> Option<Row<'a>> {
        self.rows(table).into_iter().find(|row| row.text(column) == text)
    }

    /// A finding of this outcome in the language of the report.
    pub fn say(&self, english: String, chinese: String) -> Finding {
        Finding {
            family: measure(self.outcome.measure).map_or(Family::Autocorrelation, |measure| measure.about().family),
            measure: self.outcome.measure,
            text: self.language().choose(english, chinese),
            key: false,
            figure: None,
        }
    }
}

impl Finding {
    /// With a number for the head of a report.
    pub(super) fn card(mut self, number: String, label: String) -> Self {
        self.figure = Some(Card { number, label });
        self
    }
}

/// A row of a table of an outcome.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a TableOut,
    row: usize,
}

impl<'a> Row<'a> {
    /// A number; NaN where there is none.
    pub fn number(&self, column: &str) -> f64 {
        self.table.number(self.row, column)
    }

    /// A text; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        self.table.text(self.row, column)
    }
}

/// The row with the largest number in a column; the first of equal ones.
pub(super) fn largest<'a>(rows: &[Row<'a>], column: &str) -> Option<Row<'a>> {
    let defined = rows.iter().filter(|row| row.number(column).is_finite());
    defined.copied().reduce(|best, row| if row.number(column) > best.number(column) { row } else { best })
}

/// A share as per cent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", fixed(100.0 * share, 1))
}

/// A number with this many decimals; what rounds to zero has no sign.
pub(super) fn fixed(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x + 0.0);
    if text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) { text.replace('-', "") } else { text }
}

/// As [`fixed`], with a plus where it is above 0.
pub(super) fn signed(x: f64, decimals: usize) -> String {
    let text = fixed(x, decimals);
    if x > 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) { format!("+{text}") } else { text }
}

/// Three decimals.
pub(super) fn three(x: f64) -> String {
    fixed(x, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(
            [fixed(-0.0001, 2), signed(0.001, 2), signed(0.5, 1), signed(-0.5, 1)],
            ["0.00", "0.00", "+0.5", "-0.5"]
        );
        assert_eq!(percent(0.447), "44.7%");
    }
}
