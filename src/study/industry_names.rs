//! What the columns of an industry table are, told by their names and by what they hold.

use std::collections::HashMap;

use super::Number;
use super::column::{Column, Table};
use super::grouped_number::without_groups;

/// Names of the column of sectors in a long table.
const SECTOR_NAMES: [&str; 18] = [
    "sector",
    "industry",
    "section",
    "branch",
    "activity",
    "sector_name",
    "industry_name",
    "行业",
    "产业",
    "部门",
    "门类",
    "行业门类",
    "naics",
    "nace",
    "isic",
    "sector_code",
    "industry_code",
    "行业代码",
];
/// Those of them that may hold codes written as numbers.
const CODE_NAMES: [&str; 7] = ["sector", "naics", "nace", "isic", "sector_code", "industry_code", "行业代码"];
/// Usual names of levels.
const LEVEL_NAMES: [&str; 20] = [
    "value",
    "level",
    "employees",
    "employment",
    "jobs",
    "workers",
    "persons",
    "output",
    "value_added",
    "va",
    "gva",
    "gdp",
    "sales",
    "revenue",
    "就业",
    "从业人员",
    "产值",
    "增加值",
    "营业收入",
    "就业人数",
];
/// Names of columns that count or rank rows.
const COUNTERS: [&str; 9] = ["idx", "index", "rank", "id", "no", "fid", "objectid", "lon", "lat"];
/// Beginnings of names of parts of a whole, which are taken as levels only where there is nothing else.
const PARTS: [&str; 4] = ["share", "pct", "percent", "ratio"];
/// Names of columns of a wide table that are no sectors though they hold numbers.
const OTHERS: [&str; 34] = [
    "pop",
    "population",
    "area",
    "lon",
    "lat",
    "longitude",
    "latitude",
    "lng",
    "x",
    "y",
    "id",
    "fid",
    "objectid",
    "idx",
    "index",
    "rank",
    "no",
    "year",
    "density",
    "code",
    "adcode",
    "geoid",
    "fips",
    "name",
    "city",
    "province",
    "date",
    "month",
    "quarter",
    "人口",
    "常住人口",
    "面积",
    "经度",
    "纬度",
];
/// Beginnings of such names.
const OTHER_BEGINNINGS: [&str; 8] =
    ["area_", "land_area", "name_", "pop_", "population_", "population density", "note", "remark"];

fn bare(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The column of sectors of a table with several rows a city: one of text, else one of codes.
pub(super) fn sector_column(table: &Table, free: impl Fn(usize) -> bool) -> Option<usize> {
    let of = |names: &[&str], fits: &dyn Fn(usize) -> bool| {
        let named = |name: &&str| (0..table.columns.len()).find(|&c| free(c) && bare(&table.columns[c].name) == **name);
        names.iter().filter_map(named).find(|&column| fits(column))
    };
    let text = |column: usize| !mostly_numbers(&table.columns[column], table.rows);
    of(&SECTOR_NAMES, &text).or_else(|| of(&CODE_NAMES, &|_| true))
}

/// Whether levels are usually called so.
pub(super) fn is_level_name(name: &str) -> bool {
    let name = bare(name);
    LEVEL_NAMES.contains(&name.as_str()) || name.starts_with("employed")
}

/// Whether a column of this name counts or ranks rows, or places them.
pub(super) fn is_counter_name(name: &str) -> bool {
    COUNTERS.contains(&bare(name).as_str())
}

/// Whether a column of this name holds parts of a whole.
pub(super) fn is_part_name(name: &str) -> bool {
    let name = bare(name);
    PARTS.iter().any(|start| name.starts_with(start))
}

/// Whether a column of this name is something else than a sector.
pub(super) fn is_no_sector_name(name: &str) -> bool {
    let name = bare(name);
    OTHERS.contains(&name.as_str()) || OTHER_BEGINNINGS.iter().any(|start| name.starts_with(start))
}

/// The four digits in a name that are a year of our age.
pub(super) fn year_part(name: &str) -> Option<&str> {
    name.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 4 && matches!(&digits[..2], "19" | "20"))
}

/// Whether most of these names have a year, and one sector is among them with several: `metal_2010`, `metal_2020`.
pub(super) fn several_years<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let names: Vec<&str> = names.into_iter().collect();
    let dated: Vec<(&str, &str)> = names.iter().filter_map(|name| Some((*name, year_part(name)?))).collect();
    let mut years: HashMap<String, &str> = HashMap::new();
    // Of many numbered sectors some are numbered as years are.
    2 * dated.len() > names.len()
        && dated.iter().any(|&(name, year)| *years.entry(name.replacen(year, "", 1)).or_insert(year) != year)
}

/// Whether at least half of the cells of a column that are not blank are numbers.
pub(super) fn mostly_numbers(column: &Column, rows: usize) -> bool {
    let (mut numbers, mut others) = (0, 0);
    for text in (0..rows).filter_map(|row| column.text(row)) {
        match Number::parse(&text) {
            Number::Finite(_) => numbers += 1,
            Number::Not if without_groups(&text).is_some() => numbers += 1,
            Number::Not => others += 1,
            Number::Missing => {}
        }
    }
    numbers > 0 && numbers >= others
}

/// Whether a cell of a column begins as a number does, so that the others should be numbers as well.
pub(super) fn has_digits(column: &Column, rows: usize) -> bool {
    let begins = |text: String| {
        let text = text.trim();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
        let mut letters = text.chars();
        match letters.next() {
            Some('-' | '−' | '－') => digit(letters.next()),
            first => digit(first),
        }
    };
    (0..rows).filter_map(|row| column.text(row)).any(begins)
}

/// Whether a column says the same in all rows that agree in `by`, of which some do.
pub(super) fn follows_from(table: &Table, by: usize, column: usize) -> bool {
    let mut known: HashMap<String, String> = HashMap::new();
    let mut repeated = false;
    for row in 0..table.rows {
        let text = |column: usize| table.columns[column].text(row).unwrap_or_default();
        match known.get(&text(by)) {
            Some(other) if *other != text(column) => return false,
            Some(_) => repeated = true,
            None => _ = known.insert(text(by), text(column)),
        }
    }
    repeated
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{table, texts};
    use super::*;

    #[test]
    fn a_column_of_sectors_holds_text_or_is_named_for_codes() {
        let of = |name: &str, cells: &[&str]| sector_column(&table("i.csv", vec![texts(name, cells)]), |_| true);
        assert_eq!(of("industry", &["1", "2"]), None);
        assert_eq!(of("industry", &["metal", "food"]), Some(0));
        assert_eq!(of("naics", &["11", "31-33"]), Some(0));
    }

    #[test]
    fn names_with_several_years_are_not_several_sectors() {
        assert!(several_years(["metal_2010", "metal_2020"]));
        assert!(!several_years(["metal_2010", "food_2010", "naics_1111"]));
        assert!(!several_years(["sector_1998", "sector_1999", "sector_2", "sector_3"]));
    }
}
