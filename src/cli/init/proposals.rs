//! What goes into a study file: what was typed, and what the inputs suggest for the rest.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ArgMatches;

use super::columns::{Columns, Kind, Quantity};
use super::identity;
use super::keys::Key;
use super::page::{Entries, Entry};
use super::paths::{from_folder, weights_from_folder};
use super::text::{listed, text, texts};
use crate::cli::load::Loaded;
use crate::read::recognised_columns;
use crate::study::LinkMeaning;

/// Most years that are all proposed; of more, the first and the last.
const MOST_YEARS: usize = 10;
/// Most quantities that are tried as the value.
const MOST_TRIED: usize = 6;
/// Most other values that are listed at a key.
const MOST_OTHERS: usize = 12;

/// The keys that were typed, with paths from the folder of the study file.
pub(super) fn typed(keys: &[Key], matches: &ArgMatches, folder: &Path) -> Entries {
    let mut entries = Entries::new();
    for key in keys {
        let Some(values) = key.given(matches) else { continue };
        let place = |value: String| match key.name {
            "weights" => weights_from_folder(&value, folder),
            // A pattern of columns is no path.
            _ if key.is_path() && !value.contains('*') => from_folder(Path::new(&value), folder),
            _ => value,
        };
        let value = key.toml(values.into_iter().map(place).collect());
        entries.insert(key.name, Entry { value: Some(value), ..Entry::default() });
    }
    entries
}

/// What the inputs say of the keys that were not typed, the value and its years aside.
pub(super) fn suggested(entries: &mut Entries, loaded: &Loaded, columns: &Columns, links: Option<&[u8]>) {
    let cities = loaded.all.as_ref().unwrap_or_else(|| loaded.study.cities());
    let properties = loaded.document.properties();
    let identity = [("id", identity::id(cities, properties)), ("name", identity::name(cities, properties))];
    for (key, entry) in identity {
        if let Some(entry) = entry.filter(|_| !entries.contains_key(key)) {
            entries.insert(key, entry);
        }
    }
    let mut offer = |key: &'static str, others: Vec<(String, String)>| {
        if !others.is_empty() {
            entries.entry(key).or_insert_with(|| Entry { others, ..Entry::default() });
        }
    };
    let groups = columns.groups.iter().take(MOST_OTHERS);
    offer(
        "group",
        groups
            .map(|groups| (texts([&groups.name]), format!("{} groups: {}", groups.values.len(), first(&groups.values))))
            .collect(),
    );
    let named = |kind: Kind| columns.quantities.iter().filter(move |quantity| quantity.kind == kind).take(MOST_OTHERS);
    let offered = |quantity: &Quantity| (text(&quantity.text), when(&quantity.years));
    offer("population", named(Kind::Population).map(offered).collect());
    offer(
        "mass",
        [Kind::Output, Kind::Population].into_iter().flat_map(named).map(offered).take(MOST_OTHERS).collect(),
    );
    let meaning = match entries.get("link_meaning").and_then(|entry| entry.value.as_deref()) {
        Some("\"cost\"") => LinkMeaning::Cost,
        _ => LinkMeaning::Strength,
    };
    if let Some(columns) = links.and_then(|bytes| recognised_columns(bytes, "links", meaning)) {
        let others = vec![(texts(&columns), "recognised by their names".to_owned())];
        entries.entry("link_columns").or_insert_with(|| Entry { others, ..Entry::default() });
    }
    say_what_was_read(entries, loaded);
}

fn say_what_was_read(entries: &mut Entries, loaded: &Loaded) {
    if let (Some(entry), Some(linkage)) = (entries.get_mut("links"), &loaded.linkage) {
        entry.said.push(format!("{} links between {} cities", linkage.arcs().count(), linkage.n()));
    }
    let form = loaded.industry().map(|industry| {
        let years: Vec<i32> = industry.years.iter().filter_map(|year| year.year).collect();
        let when = if years.is_empty() { String::new() } else { format!(", {}", when(&years)) };
        format!("{} in {} sectors{when}: {}", text(&industry.value), industry.sectors.len(), first(&industry.sectors))
    });
    let key = if entries.contains_key("industry") { "industry" } else { "sectors" };
    if let (Some(entry), Some(form)) = (entries.get_mut(key), form) {
        entry.said.push(form);
    }
    if let (Some(entry), Some(indicators)) = (entries.get_mut("indicators"), &loaded.indicators) {
        let names: Vec<&str> = indicators.list.iter().map(|indicator| indicator.name.as_str()).collect();
        entry.said.push(format!("{} indicators: {}", names.len(), first(&names)));
    }
}

/// Entries of a value and its years, the most sensible first, and last those without a value.
pub(super) fn values(entries: &Entries, loaded: &Loaded, columns: &Columns) -> Vec<Entries> {
    let has = |key: &str| entries.contains_key(key);
    if has("value") || has("indicators") {
        return vec![Entries::new()];
    }
    let candidates = columns.values();
    let ratio = columns.ratio();
    let listed_others = |active: Option<&Quantity>| {
        let others = ratio.iter().chain(candidates.iter().copied()).filter(|other| Some(*other) != active);
        let why = |other: &Quantity| match other.kind {
            Kind::PerHead if other.text.contains('/') => format!("per head; {}", when(&other.years)),
            _ => when(&other.years),
        };
        others.take(MOST_OTHERS).map(|other| (text(&other.text), why(other))).collect::<Vec<_>>()
    };
    let of_industry: Vec<i32> =
        loaded.industry().iter().flat_map(|industry| &industry.years).filter_map(|year| year.year).collect();
    let mut ways = Vec::new();
    for quantity in candidates.iter().copied().take(MOST_TRIED) {
        let others = listed_others(Some(quantity));
        let value = Entry { others, ..Entry::set(text(&quantity.text), reason(quantity)) };
        let mut way = BTreeMap::from([("value", value)]);
        if let Some(years) = years(quantity, &of_industry).filter(|_| !has("years")) {
            way.insert("years", years);
        }
        ways.push(way);
    }
    let none = Entry {
        others: listed_others(None),
        said: vec!["no value was found that a run could take as it is".into()],
        value: None,
    };
    ways.push(BTreeMap::from([("value", none)]));
    ways
}

/// Why a quantity is proposed.
fn reason(quantity: &Quantity) -> String {
    match quantity.kind {
        Kind::PerHead => "the first that is per head by its name",
        Kind::Output => {
            "the first of output or income by its name; a level grows with the size of a city, a ratio does not"
        }
        Kind::Other | Kind::Code => "the first column of numbers",
        Kind::Population => "the first column of numbers; all are of population by their names",
    }
    .to_owned()
}

/// The years of a quantity as far as its industry has them.
fn years(quantity: &Quantity, of_industry: &[i32]) -> Option<Entry> {
    let years: Vec<i32> =
        quantity.years.iter().copied().filter(|year| of_industry.is_empty() || of_industry.contains(year)).collect();
    let all = when(&quantity.years);
    let (taken, why) = match years.as_slice() {
        [] => return None,
        [first, .., last] if years.len() > MOST_YEARS => {
            (vec![*first, *last], format!("the first and the last of the years of the value: {all}"))
        }
        _ if years.len() < quantity.years.len() => (years, format!("those of the value ({all}) that industry has too")),
        _ => (years, "all years of the value".to_owned()),
    };
    Some(Entry::set(listed(taken.iter().map(ToString::to_string)), why))
}

/// The years in words: all, or from when to when.
pub(super) fn when(years: &[i32]) -> String {
    match years {
        [first, .., last] if years.len() > MOST_YEARS => format!("{} years, {first} to {last}", years.len()),
        _ => years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// The first of many names.
pub(super) fn first<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<String> = names.iter().take(6).map(|name| text(name.as_ref())).collect();
    let more = if names.len() > shown.len() { " …" } else { "" };
    shown.join(", ") + more
}
