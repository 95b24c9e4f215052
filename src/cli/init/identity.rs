//! Which properties are the ids and the names of the cities that were read, and why.

use super::page::Entry;
use super::text::text;
use crate::note::listed;
use crate::study::{Cities, Column, Table};

/// The property of the ids, if one holds just them.
pub(super) fn id(cities: &Cities, properties: &Table) -> Option<Entry> {
    let holds = |column: &&Column| (0..column.len()).all(|row| column.text(row).as_deref() == Some(&cities.ids[row]));
    let of_feature = || properties.column("id").is_none().then(|| "id".to_owned());
    let property = properties.columns.iter().find(holds).map(|column| column.name.clone());
    let feature = property.is_none();
    let name = property.or_else(of_feature)?;
    let whose = if feature { "the id of the features, " } else { "" };
    let unique = format!("{whose}unique in all {} features", cities.len());
    Some(Entry::set(text(&name), [Some(unique), repeated(cities)].into_iter().flatten().collect::<Vec<_>>().join("; ")))
}

/// The property of the names, if there is one beside that of the ids.
pub(super) fn name(cities: &Cities, properties: &Table) -> Option<Entry> {
    let named = |column: &Column, row: usize| column.text(row).filter(|text| !text.trim().is_empty());
    let holds = |column: &&Column| {
        (0..column.len()).all(|row| named(column, row).as_ref().unwrap_or(&cities.ids[row]) == &cities.names[row])
    };
    if cities.names == cities.ids {
        return None;
    }
    // The reader prefers properties of these names, and another may hold the same.
    let usual = |column: &&Column| ["name", "name_en"].contains(&column.name.to_lowercase().as_str());
    let columns = &properties.columns;
    let column = columns.iter().filter(usual).find(holds).or_else(|| columns.iter().find(holds))?;
    Some(Entry::set(text(&column.name), "names the cities in tables and findings"))
}

/// That names do not identify, where several cities share one.
fn repeated(cities: &Cities) -> Option<String> {
    let mut counts = indexmap::IndexMap::<&str, usize>::new();
    cities.names.iter().for_each(|name| *counts.entry(name).or_default() += 1);
    let shared: Vec<String> = counts
        .into_iter()
        .filter(|&(_, count)| count > 1)
        .map(|(name, count)| format!("{} are called {}", number(count), text(name)))
        .collect();
    (!shared.is_empty()).then(|| format!("names are not: {}", listed(&shared)))
}

fn number(count: usize) -> String {
    if count == 2 { "two".to_owned() } else { count.to_string() }
}
