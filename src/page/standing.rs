//! Where each city stands: the values and every column of the last year, each with its place among the cities.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Page;
use crate::Language;
use crate::measures::{Family, FieldPlace, Values, chinese};
use crate::note::short;
use crate::write::columns::NamedColumn;

/// One value of every city.
pub struct Entry<'a> {
    /// What it is.
    pub label: Cow<'a, str>,
    /// The family of its measure; none for the values that were analysed.
    pub family: Option<Family>,
    /// The values.
    pub values: Cow<'a, Values>,
}

/// Columns whose numbers are names: no city is first in them.
const LABELS: [&str; 2] = ["community", "iso_group"];

/// A column of the table of cities: its stem, and how it is called in English and in Chinese.
type Heading = (&'static str, &'static str, &'static str);

/// The columns that say most of a city.
const HEADINGS: [Heading; 12] = [
    ("lisa_cl", "LISA", "LISA 类型"),
    ("growth", "growth", "增长"),
    ("tier", "tier", "层级"),
    ("coreness", "coreness", "核心度"),
    ("strength", "strength", "联系强度"),
    ("hinterland", "hinterland of", "所属腹地"),
    ("iso_mean", "mean similarity", "平均相似度"),
    ("iso_with", "most similar", "最相似城市"),
    ("lq_top", "top sector", "优势行业"),
    ("ss_quadrant", "shift-share", "偏离—份额"),
    ("index_score", "index", "综合指数"),
    ("coupling_grade", "coupling", "耦合协调"),
];

/// All entries, and which of them stand in the table of cities under which heading.
pub struct Standing<'a> {
    /// The entries, the values first.
    pub entries: Vec<Entry<'a>>,
    /// Columns of the table of cities: heading and entry.
    pub ranking: Vec<(String, usize)>,
    /// The cities, the largest value first.
    pub order: Vec<usize>,
    names: HashMap<&'a str, &'a str>,
}

impl<'a> Standing<'a> {
    /// The standing of the cities of a page.
    pub fn of(page: &Page<'a>) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut ranking = Vec::new();
        for value in &page.report.values {
            let latest =
                page.report.values.iter().filter(|other| other.name == value.name).filter_map(|v| v.year).max();
            if value.year == latest {
                ranking.push((value.label(), entries.len()));
                let values = Values::Numbers(value.values.clone());
                entries.push(Entry { label: value.label().into(), family: None, values: Cow::Owned(values) });
            }
        }
        let current: Vec<&NamedColumn> =
            page.columns.iter().filter(|column| is_current(page.columns, column) && is_principal(column)).collect();
        let first = entries.len();
        entries.extend(current.iter().map(|column| Entry {
            label: label(page, column).into(),
            family: Some(column.about.family),
            values: if LABELS.contains(&column.stem) { labels(column.values) } else { Cow::Borrowed(column.values) },
        }));
        for (stem, english, chinese) in HEADINGS {
            if let Some(at) = current.iter().position(|column| column.stem == stem) {
                ranking.push((page.say(english, chinese).to_owned(), first + at));
            }
        }
        let cities = &page.report.cities;
        let order = ordered(entries.first(), cities.len());
        let names = cities.ids.iter().map(String::as_str).zip(cities.names.iter().map(String::as_str)).collect();
        Self { entries, ranking, order, names }
    }

    /// The text of a city in an entry: a number in four digits, the name of a city that it points to; nothing where it is
    /// undefined.
    pub fn text(&self, entry: usize, city: usize) -> Cow<'_, str> {
        match &*self.entries[entry].values {
            Values::Numbers(v) => short(v[city]).into(),
            Values::Counts(v) => v[city].map_or_else(String::new, |x| x.to_string()).into(),
            Values::Classes(v) => v[city].into(),
            Values::Texts(v) => {
                let text = v[city].as_deref().unwrap_or_default();
                self.names.get(text).copied().unwrap_or(text).into()
            }
        }
    }

    /// Whether an entry is of numbers.
    pub fn is_number(&self, entry: usize) -> bool {
        matches!(&*self.entries[entry].values, Values::Numbers(_) | Values::Counts(_))
    }

    /// The place of a city among those that have a number, the largest first, and how many have one.
    pub fn rank(&self, entry: usize, city: usize) -> Option<(usize, usize)> {
        let values = number(&self.entries[entry].values)?;
        let own = values(city).filter(|x| x.is_finite())?;
        let others = || (0..self.order.len()).filter_map(&values).filter(|x| x.is_finite());
        Some((others().filter(|x| *x > own).count() + 1, others().count()))
    }
}

/// Numbers that are names, as texts; with a sign, so that none is taken for the id of a city.
fn labels(values: &Values) -> Cow<'_, Values> {
    match values {
        Values::Counts(v) => Cow::Owned(Values::Texts(v.iter().map(|x| x.map(|x| format!("#{x}"))).collect())),
        other => Cow::Borrowed(other),
    }
}

/// The numbers of an entry by city.
fn number(values: &Values) -> Option<Box<dyn Fn(usize) -> Option<f64> + '_>> {
    match values {
        Values::Numbers(v) => Some(Box::new(|i| Some(v[i]))),
        Values::Counts(v) => Some(Box::new(|i| v[i].map(|x| x as f64))),
        _ => None,
    }
}

/// What a column is: its measure and its meaning; of what, where more than one value was analysed.
fn label(page: &Page, column: &NamedColumn) -> String {
    if page.report.language == Language::Chinese {
        return format!("{}：{}", chinese::title(column.about.name), column.name);
    }
    let only = page.report.values.first().filter(|first| page.report.values.iter().all(|v| v.name == first.name));
    only.map_or_else(|| column.label.clone(), |value| column.label.replace(&format!(" of {}", value.name), ""))
}

/// Whether a column is what its measure says of a city before all else: its first one, its classes and names, and what
/// stands in the table of cities. The others are steps to it, and are read on the map or in a file.
fn is_principal(column: &NamedColumn) -> bool {
    let first = column.about.fields.iter().find_map(|field| match field.place {
        FieldPlace::Column(Some((stem, _))) => Some(stem),
        _ => None,
    });
    let numbers = matches!(column.values, Values::Numbers(_) | Values::Counts(_));
    first == Some(column.stem) || !numbers || HEADINGS.iter().any(|(stem, ..)| *stem == column.stem)
}

/// Whether a column is of the latest year that its measure has for the same variable and weights.
fn is_current(columns: &[NamedColumn], column: &NamedColumn) -> bool {
    let Some(year) = column.outcome.year else { return true };
    let same = |other: &&NamedColumn| other.stem == column.stem && other.outcome.variable == column.outcome.variable;
    columns.iter().filter(same).filter_map(|other| other.outcome.year).all(|other| other <= year)
}

/// The cities by an entry, the largest first, those without a number last; ties as in the input.
fn ordered(entry: Option<&Entry>, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    if let Some(Values::Numbers(values)) = entry.map(|entry| &*entry.values) {
        let key = |i: &usize| if values[*i].is_finite() { values[*i] } else { f64::NEG_INFINITY };
        order.sort_by(|a, b| key(b).total_cmp(&key(a)));
    }
    order
}
