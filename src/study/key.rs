//! By which column a table is joined to the cities, and what to say if none fits.

use std::collections::{HashMap, HashSet};

use super::column::{Column, Table};
use super::{Cities, Number};
use crate::error::{Fault, Kind, Result, quoted};

/// Names of columns that hold ids, in the order of preference; a longer name may end in one (`state_fips`).
const ID_NAMES: [&str; 7] = ["id", "code", "adcode", "fips", "geoid", "nuts_id", "cbsa"];

/// What is known of the cities when a key is looked for.
pub(super) struct Index<'a> {
    cities: &'a Cities,
    properties: &'a Table,
    /// Place of a city by its id.
    pub(super) by_id: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    pub(super) fn new(cities: &'a Cities, properties: &'a Table) -> Self {
        let by_id = cities.ids.iter().enumerate().map(|(i, id)| (id.trim(), i)).collect();
        Self { cities, properties, by_id }
    }

    /// The column of ids: the one asked for; else, of those that are named like one, the one with most ids of cities;
    /// else that of all columns; else the first that is named like one.
    pub(super) fn key_column(&self, table: &Table, asked: Option<&str>) -> Result<usize> {
        if let Some(name) = asked {
            let place = table.columns.iter().position(|column| column.name == name);
            return place.ok_or_else(|| table.no_column(name).into());
        }
        let matches = |place: usize| {
            let column = &table.columns[place];
            (0..table.rows).filter(|&row| self.by_id.contains_key(key_text(column, row).as_str())).count()
        };
        let best = |places: &mut dyn Iterator<Item = usize>| {
            let counts = places.map(|place| (matches(place), place)).filter(|&(count, _)| count > 0);
            counts.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, place)| place)
        };
        let named = self.named_like_ids(table);
        let found = best(&mut named.iter().copied()).or_else(|| best(&mut (0..table.columns.len())));
        found.or_else(|| named.first().copied()).ok_or_else(|| {
            let fault = Fault::new(Kind::Identity, "no column holds the ids of the cities").file(&table.file);
            let other = (0..table.columns.len()).find_map(|column| self.other_name(table, column));
            fault.hint(other.unwrap_or_else(|| "name the column of ids with --table-key".to_owned())).into()
        })
    }

    /// Columns named as the property that is the id of the cities, then as ids are usually named.
    fn named_like_ids(&self, table: &Table) -> Vec<usize> {
        let is_id = |column: &Column| {
            (0..column.len()).all(|row| column.text(row).is_some_and(|t| t.trim() == self.cities.ids[row].trim()))
        };
        let id_properties = self.properties.columns.iter().filter(|column| is_id(column));
        let id_names: HashSet<String> = id_properties.map(|column| column.name.to_lowercase()).collect();
        let rank = |name: &str| {
            let name = name.trim().to_lowercase();
            let ends_in = |id: &str| name.strip_suffix(id).is_some_and(|stem| stem.ends_with('_'));
            if id_names.contains(&name) {
                return Some(0);
            }
            ID_NAMES
                .iter()
                .position(|id| name == *id)
                .map(|place| 1 + place)
                .or_else(|| ID_NAMES.iter().position(|id| ends_in(id)).map(|place| 1 + ID_NAMES.len() + place))
        };
        let mut named: Vec<_> =
            table.names().enumerate().filter_map(|(place, name)| Some((rank(name)?, place))).collect();
        named.sort_unstable();
        named.into_iter().map(|(_, place)| place).collect()
    }

    /// The fault that no row of the table belongs to a city.
    pub(super) fn no_match(&self, table: &Table, key: usize) -> Fault {
        let column = &table.columns[key];
        let first = (0..table.rows).map(|row| key_text(column, row)).find(|text| !text.is_empty()).unwrap_or_default();
        let city = self.cities.ids.first().map_or("", String::as_str);
        let message =
            format!("no row is of a city: the column holds {}, ids of cities are {}", quoted(&first), quoted(city));
        let hint = self.zeros_hint([first.as_str()]).or_else(|| self.other_name(table, key));
        let hint = hint.unwrap_or_else(|| "name another column of ids with --table-key".to_owned());
        Fault::new(Kind::Identity, message).file(&table.file).field(&column.name).hint(hint)
    }

    /// What to do if the column holds another property of the cities, as their names.
    fn other_name(&self, table: &Table, key: usize) -> Option<String> {
        let column = &table.columns[key];
        let held: HashSet<String> =
            (0..table.rows).map(|row| key_text(column, row)).filter(|t| !t.is_empty()).collect();
        if held.iter().all(|text| Number::parse(text) != Number::Not) {
            return None;
        }
        let most = |property: &&Column| {
            2 * (0..property.len()).filter(|&row| held.contains(&key_text(property, row))).count() > held.len()
        };
        let name = quoted(&column.name);
        if let Some(property) = self.properties.columns.iter().find(most) {
            let property = quoted(&property.name);
            return Some(format!("{name} holds what the cities have in {property}: read them with --id {property}"));
        }
        let by_name = self.cities.names.iter().any(|name| held.contains(name.trim()));
        by_name.then(|| format!("{name} holds names of cities: add a column with their ids"))
    }

    /// What to do if ids differ from those of the cities in leading zeros only.
    pub(super) fn zeros_hint<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Option<String> {
        fn bare(id: &str) -> &str {
            id.trim().trim_start_matches('0')
        }
        let by_bare: HashMap<&str, &str> = self.cities.ids.iter().map(|id| (bare(id), id.trim())).collect();
        let (id, city) = ids.into_iter().find_map(|id| Some((id, *by_bare.get(bare(id))?)))?;
        Some(format!("leading zeros differ: write {} where the table has {}", quoted(city), quoted(id)))
    }
}

/// A cell of the key column as it is compared: the spaces about an id do not count.
pub(super) fn key_text(column: &Column, row: usize) -> String {
    column.text(row).map_or_else(String::new, |text| text.trim().to_owned())
}
