//! Who the cities are: the property that tells them apart, and the one that names them.

use std::collections::HashMap;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::listed;
use crate::read::geojson::Document;
use crate::study::{Cell, Cells, Column};

/// Which properties hold the ids and the names of the cities.
///
/// The default id is the feature `id` where it is present and unique in all features, else the first of
/// `id code adcode fips geoid nuts_id cbsa name` (in any case of letters) that is; the default name is `name`, else
/// `name_en`, else the id. Ids compare as text, so that 7 and "7" are one id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The property with the ids (`--id`).
    pub id: Option<String>,
    /// The property with the names (`--name`).
    pub name: Option<String>,
}

/// Properties that are tried for the id, in this order.
const ID_PROPERTIES: [&str; 8] = ["id", "code", "adcode", "fips", "geoid", "nuts_id", "cbsa", "name"];

/// Properties that are tried for the name, in this order.
const NAME_PROPERTIES: [&str; 2] = ["name", "name_en"];

/// Whole numbers from here on have neighbours that a double cannot tell apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The unique ids of all features.
///
/// # Errors
/// Features without an id, ids that appear twice, no property that could be the id, or no property of the name
/// that was asked for.
pub(super) fn ids(document: &Document, identity: &Identity) -> Result<Vec<String>> {
    let features = || (0..document.len()).map(|i| document.feature_id(i)).collect::<Vec<_>>();
    match &identity.id {
        Some(name) => match document.properties().column(name) {
            Some(column) => unique(document, texts(document, column), name),
            None if name == "id" && document.feature_id(0).is_some() => unique(document, features(), "id"),
            None => Err(document.properties().no_column(name).into()),
        },
        None => {
            let candidates = ID_PROPERTIES.iter().filter_map(|name| column_in_any_case(document, name));
            let from_properties = candidates.map(|column| (column.name.clone(), texts(document, column)));
            let mut tried = Vec::new();
            for (name, ids) in std::iter::once(("feature id".to_owned(), features())).chain(from_properties) {
                match unique(document, ids.clone(), &name) {
                    Ok(ids) => return Ok(ids),
                    Err(_) => tried.push((name, ids)),
                }
            }
            Err(no_id(document, &tried).into())
        }
    }
}

/// The names of all features, the id where there is none.
///
/// # Errors
/// There is no property of the name that was asked for.
pub(super) fn names(document: &Document, identity: &Identity, ids: &[String]) -> Result<Vec<String>> {
    let column = match &identity.name {
        Some(name) => match document.properties().column(name) {
            Some(column) => Some(column),
            None => return Err(document.properties().no_column(name).into()),
        },
        None => NAME_PROPERTIES.iter().find_map(|name| column_in_any_case(document, name)),
    };
    let Some(column) = column else { return Ok(ids.to_vec()) };
    let named = texts(document, column).into_iter().zip(ids);
    Ok(named.map(|(name, id)| name.unwrap_or_else(|| id.clone())).collect())
}

fn column_in_any_case<'a>(document: &'a Document, name: &str) -> Option<&'a Column> {
    let columns = &document.properties().columns;
    columns
        .iter()
        .find(|column| column.name == name)
        .or_else(|| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
}

/// A column as texts, blanks missing and large whole numbers as they are spelled.
fn texts(document: &Document, column: &Column) -> Vec<Option<String>> {
    let numbers = matches!(column.cells, Cells::Numbers(_) | Cells::Mixed(_));
    (0..document.len())
        .map(|row| match numbers.then(|| column.cell(row)) {
            Some(Cell::Number(x)) if x.abs() >= EXACT => document.exact_text(row, &column.name),
            Some(Cell::Nested(_)) => None,
            _ => column.text(row).filter(|text| !text.trim().is_empty()),
        })
        .collect()
}

/// The ids, if every feature has one of its own.
fn unique(document: &Document, ids: Vec<Option<String>>, name: &str) -> Result<Vec<String>> {
    let mut faults = Faults::default();
    for (i, _) in ids.iter().enumerate().filter(|(_, id)| id.is_none()) {
        faults.push(missing_id(document, i, name));
    }
    for (id, features) in repeated(&ids) {
        let indices: Vec<String> = features.iter().map(usize::to_string).collect();
        let times = if features.len() == 2 { "twice".to_owned() } else { format!("{} times", features.len()) };
        let message = format!("{} appears {times}, in features {}; ids are unique", quoted(id), listed(&indices));
        faults.push(
            Fault::new(Kind::Identity, message)
                .file(document.file())
                .feature(features[1])
                .city(id)
                .field(name)
                .hint("give each city an id of its own, or choose another property with `--id`"),
        );
    }
    faults.finish(ids.into_iter().flatten().collect())
}

/// Ids that more than one feature has, with those features, in order of first appearance.
fn repeated(ids: &[Option<String>]) -> Vec<(&str, Vec<usize>)> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(ids.len());
    let mut more: indexmap::IndexMap<&str, Vec<usize>> = indexmap::IndexMap::new();
    for (i, id) in ids.iter().enumerate() {
        let Some(id) = id.as_deref() else { continue };
        match first.get(id) {
            Some(&earlier) => more.entry(id).or_insert_with(|| vec![earlier]).push(i),
            None => {
                first.insert(id, i);
            }
        }
    }
    more.sort_by_cached_key(|_, features| features[0]);
    more.into_iter().collect()
}

fn missing_id(document: &Document, i: usize, name: &str) -> Fault {
    let message = if document.has_properties(i) {
        format!("the feature has no {}, which is the id", quoted(name))
    } else {
        format!("the feature has no properties, so no {} as its id", quoted(name))
    };
    let fault = Fault::new(Kind::Identity, message)
        .file(document.file())
        .feature(i)
        .hint("give the feature the property, remove the feature, or choose another property with `--id`");
    match document.feature_id(i) {
        Some(id) => fault.city(id),
        None => fault,
    }
}

/// The fault that nothing tells the cities apart, with the reason for each candidate.
fn no_id(document: &Document, tried: &[(String, Vec<Option<String>>)]) -> Fault {
    let reasons: Vec<String> = tried.iter().filter_map(|(name, ids)| why_not(name, ids)).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    let columns: Vec<&str> = document.properties().names().collect();
    Fault::new(Kind::Identity, format!("nothing tells the cities apart{reasons}"))
        .file(document.file())
        .hint(format!("name a property that is present and unique with `--id`; properties: {}", columns.join(", ")))
}

fn why_not(name: &str, ids: &[Option<String>]) -> Option<String> {
    let missing = ids.iter().filter(|id| id.is_none()).count();
    let doubled: Vec<String> = repeated(ids)
        .iter()
        .map(|(id, features)| {
            let indices: Vec<String> = features.iter().map(usize::to_string).collect();
            format!("{} in features {}", quoted(id), listed(&indices))
        })
        .collect();
    if missing == ids.len() {
        None
    } else if doubled.is_empty() {
        Some(format!("{name} is missing in {missing} of {} features", ids.len()))
    } else {
        Some(format!("{name} has duplicates, {}", listed(&doubled)))
    }
}
