//! Tables joined to the cities by id; a column of years makes a panel of one.

use std::collections::{HashMap, HashSet};

use super::column::{Cell, Column, Table};
use super::key::{Index, key_text};
use super::{Cities, Number};
use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed};

/// Names of columns that hold years.
pub(super) const YEAR_NAMES: [&str; 4] = ["year", "年份", "年度", "年"];

/// A table whose rows have been found for the cities of a study.
///
/// It consists of layers: one for every year of a panel, in ascending order, or a single one without a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    table: Table,
    layers: Vec<Layer>,
}

/// The rows of one year.
#[derive(Clone, Debug, PartialEq)]
struct Layer {
    year: Option<i32>,
    /// Places of a city and of its row, ascending by city.
    rows: Vec<(usize, usize)>,
}

impl Joined {
    /// The table as it was read, in the order of its file.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether the table has a column of years.
    pub fn is_panel(&self) -> bool {
        self.layers.iter().any(|layer| layer.year.is_some())
    }

    /// The years of a panel, ascending; empty for a table without years.
    pub fn years(&self) -> Vec<i32> {
        self.layers.iter().filter_map(|layer| layer.year).collect()
    }

    /// The row of each of `cities` cities in a layer, `None` where it has none.
    pub(super) fn rows(&self, layer: usize, cities: usize) -> Vec<Option<usize>> {
        let mut rows = vec![None; cities];
        for &(city, row) in &self.layers[layer].rows {
            rows[city] = Some(row);
        }
        rows
    }

    /// Whether a column has any value in a layer.
    pub(super) fn has_values(&self, column: usize, layer: usize) -> bool {
        self.layers[layer].rows.iter().any(|&(_, row)| is_value(&self.table.columns[column], row))
    }

    /// The same table for the cities at these places only.
    pub(super) fn subset(&self, places: &[usize]) -> Self {
        let new: HashMap<usize, usize> = places.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let layers = self.layers.iter().map(|layer| {
            let mut rows: Vec<_> = layer.rows.iter().filter_map(|&(city, row)| Some((*new.get(&city)?, row))).collect();
            rows.sort_unstable();
            Layer { year: layer.year, rows }
        });
        Self { table: self.table.clone(), layers: layers.collect() }
    }
}

/// Whether a cell is neither empty nor a mark for a missing value.
pub(super) fn is_value(column: &Column, row: usize) -> bool {
    match column.cell(row) {
        Cell::Missing => false,
        Cell::Text(text) => Number::parse(&text) != Number::Missing,
        _ => true,
    }
}

/// Joins `table` to the cities by its column `key`, or by the column that looks most like one of ids.
///
/// # Errors
/// All at once: no column of ids, no row of any city, cities with several rows (in one year), cells that are no years.
pub(super) fn join(
    table: Table,
    key: Option<&str>,
    cities: &Cities,
    properties: &Table,
) -> Result<(Joined, Vec<Note>)> {
    if table.rows == 0 {
        return Err(Fault::new(Kind::Structure, "the table has no rows").file(&table.file).into());
    }
    let index = Index::new(cities, properties);
    let key = index.key_column(&table, key)?;
    let year = table.place_of(&YEAR_NAMES);
    let mut faults = Faults::default();
    let mut left_out = LeftOut::default();
    let mut entries = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let id = key_text(&table.columns[key], row);
        match index.by_id.get(id.as_str()) {
            Some(&city) => match year.map(|column| year_of(&table, column, row)).transpose() {
                Ok(year) => entries.push((year, city, row)),
                Err(fault) => faults.push(*fault),
            },
            None => left_out.push(&table, row, id),
        }
    }
    if entries.is_empty() && faults.is_empty() {
        return Err(index.no_match(&table, key).into());
    }
    entries.sort_unstable();
    let same = |a: &(Option<i32>, usize, usize), b: &(Option<i32>, usize, usize)| (a.0, a.1) == (b.0, b.1);
    for doubled in entries.chunk_by(same).filter(|rows| rows.len() > 1) {
        faults.push(duplicate(&table, key, cities, doubled));
    }
    let layers = entries
        .chunk_by(|a, b| a.0 == b.0)
        .map(|rows| Layer { year: rows[0].0, rows: rows.iter().map(|&(_, city, row)| (city, row)).collect() })
        .collect();
    let mut notes = left_out.notes(&table, key, &index);
    let joined = faults.finish(Joined { table, layers })?;
    notes.extend(without_row(&joined, cities));
    notes.insert(0, joined_by(&joined, key));
    Ok((joined, notes))
}

/// Rows that belong to no city.
#[derive(Default)]
pub(super) struct LeftOut {
    blank: Vec<String>,
    unknown: Vec<(String, String)>,
}

impl LeftOut {
    pub(super) fn push(&mut self, table: &Table, row: usize, id: String) {
        let place = place_of(table, row);
        if id.is_empty() { self.blank.push(place) } else { self.unknown.push((id, place)) }
    }

    pub(super) fn notes(&self, table: &Table, key: usize, index: &Index) -> Vec<Note> {
        let (file, key) = (&table.file, &table.columns[key].name);
        let rows = |count: usize, is: &str, are: &str| {
            if count == 1 { format!("1 row {is}") } else { format!("{count} rows {are}") }
        };
        let mut notes = Vec::new();
        if !self.unknown.is_empty() {
            let named: Vec<_> = self.unknown.iter().map(|(id, place)| format!("{} ({place})", quoted(id))).collect();
            let hint = index.zeros_hint(self.unknown.iter().map(|(id, _)| id.as_str()));
            let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
            let count = rows(named.len(), "is of no city and is", "are of no city and are");
            notes.push(Note::warning("unknown_city", format!("{file}: {count} left out: {}{hint}", listed(&named))));
        }
        if !self.blank.is_empty() {
            let count = rows(self.blank.len(), "has", "have");
            let message = format!("{file}: {count} no {key}, left out: {}", listed(&self.blank));
            notes.push(Note::warning("missing_id", message));
        }
        notes
    }
}

/// Where a row is, in words.
pub(super) fn place_of(table: &Table, row: usize) -> String {
    table.lines.get(row).map_or_else(|| format!("row {}", row + 1), |line| format!("line {line}"))
}

/// The fault at a row of a table.
pub(super) fn at_row(table: &Table, row: usize, fault: Fault) -> Fault {
    let fault = fault.file(&table.file);
    if let Some(&line) = table.lines.get(row) { fault.line(line) } else { fault }
}

pub(super) fn year_of(table: &Table, column: usize, row: usize) -> Result<i32, Box<Fault>> {
    let column = &table.columns[column];
    let text = column.text(row).unwrap_or_default();
    parse_year(&text).ok_or_else(|| {
        let message = match text.trim() {
            "" => "the year is missing".to_owned(),
            text => format!("{} is not a year", quoted(text)),
        };
        let fault = Fault::new(Kind::Value, message).field(&column.name).hint("write a year as four digits");
        Box::new(at_row(table, row, fault))
    })
}

/// A year written as four digits: `2010`, `2010年`, full-width digits.
pub(super) fn parse_year(text: &str) -> Option<i32> {
    let digit = |c: char| c.to_digit(10).or_else(|| (c as u32).checked_sub('０' as u32).filter(|&digit| digit < 10));
    let text = text.trim();
    let digits: Vec<i32> = text
        .strip_suffix('年')
        .unwrap_or(text)
        .trim_end()
        .chars()
        .map(|c| digit(c).map(|d| d as i32))
        .collect::<Option<_>>()?;
    (digits.len() == 4).then(|| digits.iter().fold(0, |year, digit| 10 * year + digit))
}

fn duplicate(table: &Table, key: usize, cities: &Cities, doubled: &[(Option<i32>, usize, usize)]) -> Fault {
    let (year, city, _) = doubled[0];
    let places: Vec<_> = doubled.iter().map(|&(_, _, row)| place_of(table, row)).collect();
    let year = year.map_or_else(String::new, |year| format!(" in {year}"));
    let message = format!("{} rows for one city{year}: {}", doubled.len(), listed(&places));
    let fault = Fault::new(Kind::Identity, message).city(cities.ids[city].as_str()).field(&table.columns[key].name);
    at_row(table, doubled[1].2, fault).hint(
        "keep one row for a city, or for a city and a year; a table with a row for every sector is for --industry",
    )
}

/// The note by which column a table is joined, and what it holds.
fn joined_by(joined: &Joined, key: usize) -> Note {
    let key = &joined.table.columns[key].name;
    let cities: HashSet<usize> = joined.layers.iter().flat_map(|layer| &layer.rows).map(|&(city, _)| city).collect();
    let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let mut message = format!("{}: joined by {key}, {}", joined.table.file, plural(cities.len(), "city", "cities"));
    let years = joined.years();
    if !years.is_empty() {
        message += &format!(", {} ({})", plural(years.len(), "year", "years"), years_listed(&years));
    }
    Note::remark("table_key", message)
}

/// The warning that cities have no row in any year.
fn without_row(joined: &Joined, cities: &Cities) -> Option<Note> {
    let mut found = vec![false; cities.len()];
    joined.layers.iter().flat_map(|layer| &layer.rows).for_each(|&(city, _)| found[city] = true);
    let lacking: Vec<usize> = (0..cities.len()).filter(|&i| !found[i]).collect();
    if lacking.is_empty() {
        return None;
    }
    let labels: Vec<_> = lacking.iter().map(|&i| cities.label(i)).collect();
    let message = format!("{} has no row for {}", joined.table.file, listed(&labels));
    Some(Note::warning("missing_row", message).about(lacking.iter().map(|&i| cities.ids[i].as_str())))
}

/// Ascending years in words: `2000 to 2020` without a gap, else one by one.
pub(super) fn years_listed(years: &[i32]) -> String {
    match years {
        [first, .., last] if years.len() > 2 && years.windows(2).all(|pair| pair[1] == pair[0] + 1) => {
            format!("{first} to {last}")
        }
        _ => years.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Study;
    use super::super::fixture::{numbers, study, table, texts};
    use super::*;
    use crate::note::Level;

    fn faults(result: Result<Study>) -> Vec<String> {
        let error = result.unwrap_err();
        error.faults().iter().map(|f| format!("{f} [{}]", f.remedy().unwrap_or_default())).collect()
    }

    fn messages(study: &Study) -> Vec<&str> {
        study.notes().iter().map(|note| note.message.as_str()).collect()
    }

    /// Four cities with the ids of the Yangtze delta.
    fn delta() -> Study {
        study(vec![texts("adcode", &["310100", "320100", "320200", "330100"])])
    }

    #[test]
    fn a_panel_is_joined_by_the_id_property_and_says_so() {
        let ids = ["320100", "310100", "310100", "320100", "320200", "330100"];
        let years = numbers("year", &[2011.0, 2010.0, 2011.0, 2010.0, 2011.0, 2011.0]);
        let panel = table("yrd_panel.csv", vec![texts("adcode", &ids), years, numbers("gdp_100m_cny", &[1.0; 6])]);
        let study = delta().with_table(panel, None).unwrap();
        assert_eq!(messages(&study), ["yrd_panel.csv: joined by adcode, 4 cities, 2 years (2010, 2011)"]);
        assert_eq!(study.notes()[0].level, Level::Note);
        let joined = &study.tables()[0];
        assert_eq!(joined.years(), [2010, 2011]);
        assert_eq!(joined.rows(0, 4), [Some(1), Some(3), None, None]);
        assert_eq!(joined.rows(1, 4), [Some(2), Some(0), Some(4), Some(5)]);
    }

    #[test]
    fn keys_of_the_shipped_data_are_found() {
        for (ids, columns, key) in [
            (["01", "04", "05", "06"], vec!["state_fips", "name"], "state_fips"),
            (["11", "21", "22", "23"], vec!["name", "code"], "code"),
            (["10180", "10420", "10500", "10580"], vec!["naics", "cbsa"], "cbsa"),
            (["MX02", "MX03", "MX18", "MX14"], vec!["macro_region_hanson", "state_code"], "state_code"),
            (["a", "b", "c", "d"], vec!["sector_code", "Stadt"], "Stadt"),
            (["x", "q", "r", "s"], vec!["id", "fips"], "fips"),
        ] {
            let column = |name: &&str| texts(name, if *name == key { &ids } else { &["x", "y", "z", "w"] });
            let properties = vec![texts("some_id", &ids)];
            let joined =
                study(properties).with_table(table("t.csv", columns.iter().map(column).collect()), None).unwrap();
            assert_eq!(messages(&joined), [format!("t.csv: joined by {key}, 4 cities")]);
        }
    }

    #[test]
    fn the_key_asked_for_wins_or_is_a_fault() {
        let columns = || vec![texts("adcode", &["x", "y"]), texts("which", &["310100", "330100"])];
        let joined = delta().with_table(table("t.csv", columns()), Some("which")).unwrap();
        assert_eq!(messages(&joined)[0], "t.csv: joined by which, 2 cities");
        let faults = faults(delta().with_table(table("t.csv", columns()), Some("wich")));
        assert_eq!(faults, ["t.csv: there is no column \"wich\" [did you mean \"which\"? columns: adcode, which]"]);
    }

    #[test]
    fn rows_and_cities_without_each_other_are_named() {
        let ids = ["310100", "999999", "", " 320100 ", "320200"];
        let joined = delta().with_table(table("t.csv", vec![texts("adcode", &ids)]), None).unwrap();
        assert_eq!(
            messages(&joined),
            [
                "t.csv: joined by adcode, 3 cities",
                "t.csv: 1 row is of no city and is left out: \"999999\" (line 3)",
                "t.csv: 1 row has no adcode, left out: line 4",
                "t.csv has no row for 330100",
            ]
        );
        assert_eq!(joined.notes()[3].cities, ["330100"]);
        assert!(joined.notes()[1..].iter().all(|note| note.level == Level::Warning));
    }

    #[test]
    fn lost_leading_zeros_are_recognised() {
        let states = || study(vec![texts("state_fips", &["01", "04", "10", "11"])]);
        let some =
            states().with_table(table("t.csv", vec![numbers("state_fips", &[1.0, 4.0, 10.0, 11.0])]), None).unwrap();
        assert_eq!(
            messages(&some)[1],
            "t.csv: 2 rows are of no city and are left out: \"1\" (line 2) and \"4\" (line 3); \
             leading zeros differ: write \"01\" where the table has \"1\""
        );
        let none = faults(states().with_table(table("t.csv", vec![numbers("state_fips", &[1.0, 4.0])]), None));
        assert_eq!(
            none,
            ["t.csv: state_fips: no row is of a city: the column holds \"1\", ids of cities are \"01\" \
              [leading zeros differ: write \"01\" where the table has \"1\"]"]
        );
    }

    #[test]
    fn names_in_place_of_ids_are_recognised() {
        let zh = ["上海市", "南京市", "无锡市", "杭州市"];
        let with_names =
            || study(vec![texts("adcode", &["310100", "320100", "320200", "330100"]), texts("name_zh", &zh)]);
        let yearbook = table("panel_yearbook_style.csv", vec![texts("城市", &zh), texts("年份", &["2010"; 4])]);
        assert_eq!(
            faults(with_names().with_table(yearbook.clone(), None)),
            ["panel_yearbook_style.csv: no column holds the ids of the cities \
              [\"城市\" holds what the cities have in \"name_zh\": read them with --id \"name_zh\"]"]
        );
        let by_name = study(vec![texts("name_zh", &zh), texts("adcode", &["1", "2", "3", "4"])]);
        let joined = by_name.with_table(yearbook, None).unwrap();
        assert_eq!(messages(&joined), ["panel_yearbook_style.csv: joined by 城市, 4 cities, 1 year (2010)"]);
    }

    #[test]
    fn doubled_rows_and_bad_years_are_faults_all_at_once() {
        let ids = ["310100", "320100", "310100", "310100", "320100", "合计", "330100"];
        let years = ["2010", "2010", "2010年", "２０１０", "20l0", "total", ""];
        let panel = table("p.csv", vec![texts("adcode", &ids), texts("年份", &years)]);
        let faults = faults(delta().with_table(panel, None));
        assert_eq!(faults.len(), 3);
        assert_eq!(faults[0], "p.csv:6: 年份: \"20l0\" is not a year [write a year as four digits]");
        assert_eq!(faults[1], "p.csv:8: 年份: the year is missing [write a year as four digits]");
        assert!(
            faults[2].starts_with("p.csv:4: 310100: adcode: 3 rows for one city in 2010: line 2, line 4 and line 5")
        );
    }

    #[test]
    fn a_table_without_years_has_one_row_a_city() {
        let error = delta().with_table(table("i.csv", vec![texts("adcode", &["310100", "310100"])]), None).unwrap_err();
        assert_eq!(error.faults()[0].message(), "2 rows for one city: line 2 and line 3");
        assert!(error.faults()[0].remedy().unwrap().contains("--industry"));
    }

    #[test]
    fn an_empty_table_is_refused() {
        let faults = faults(delta().with_table(table("t.csv", vec![texts("adcode", &[])]), None));
        assert_eq!(faults, ["t.csv: the table has no rows []"]);
    }

    #[test]
    fn a_subset_finds_the_same_rows() {
        let ids = ["330100", "320200", "310100"];
        let joined = delta().with_table(table("t.csv", vec![texts("adcode", &ids)]), None).unwrap();
        assert_eq!(joined.tables()[0].subset(&[3, 0]).rows(0, 2), [Some(0), Some(2)]);
    }

    #[test]
    fn what_a_year_is() {
        for (text, year) in [
            ("2010", Some(2010)),
            (" 2010年 ", Some(2010)),
            ("２０１０", Some(2010)),
            ("10", None),
            ("2010/11", None),
            ("２０１０１", None),
            ("", None),
        ] {
            assert_eq!(parse_year(text), year, "{text}");
        }
        assert_eq!(years_listed(&[2010, 2011, 2012]), "2010 to 2012");
        assert_eq!(years_listed(&[2000, 2005, 2010]), "2000, 2005, 2010");
    }
}
