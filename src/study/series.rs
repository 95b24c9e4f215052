//! Columns that are one quantity in several years, told by their names.

use super::column::Table;
use super::panel::parse_year;

/// What stands for the year in the name of a column.
pub(super) const YEAR: &str = "{year}";

/// Drops `{year}` with the underscore before it, or else the one after it; columns named by years alone are `value`.
pub(super) fn without_year(text: &str) -> String {
    match text.replace("_{year}", "").replace("{year}_", "").replace(YEAR, "") {
        name if name.is_empty() => "value".to_owned(),
        name => name,
    }
}

/// Year and place of the columns that a name with `{year}`, or `STEM` for `STEM_YYYY`, stands for; ascending.
pub(super) fn series(table: &Table, name: &str) -> Vec<(i32, usize)> {
    let pattern = match name {
        name if name.contains(YEAR) => name.to_owned(),
        stem if has_year(stem) => return Vec::new(),
        stem => format!("{stem}_{YEAR}"),
    };
    let columns = table.names().enumerate();
    let mut series: Vec<_> = columns.filter_map(|(place, column)| Some((year_in(&pattern, column)?, place))).collect();
    series.sort_unstable();
    series.dedup_by_key(|&mut (year, _)| year);
    series
}

/// The year for which a pattern gives this name, if there is one.
fn year_in(pattern: &str, name: &str) -> Option<i32> {
    let at = pattern.find(YEAR)?;
    let digits = name.get(at..at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    (pattern.replace(YEAR, digits) == name).then(|| parse_year(digits))?
}

/// Whether four digits stand somewhere in the name.
fn has_year(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4)
}

/// `gdp_{year}_100m_cny` and 2020 for `gdp_2020_100m_cny`; nothing where no year or more than one stands in the name.
#[cfg(feature = "cli")]
pub(crate) fn dated(name: &str) -> Option<(String, i32)> {
    let mut years = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let (digits, None) = (years.next()?, years.next()) else { return None };
    let (before, after) = name.split_once(digits)?;
    let year = parse_year(digits).filter(|year| (1000..3000).contains(year))?;
    (!name.contains(YEAR)).then(|| (format!("{before}{YEAR}{after}"), year))
}

/// `gdp_{year}_100m_cny` for the column `gdp_2020_100m_cny`, if `gdp` was asked for.
pub(super) fn pattern_of(asked: &str, column: &str) -> Option<String> {
    let rest = column.strip_prefix(asked)?.strip_prefix('_')?;
    let (digits, tail) = rest.split_at_checked(4)?;
    let a_year = digits.bytes().all(|b| b.is_ascii_digit()) && tail.starts_with('_');
    (a_year && !has_year(asked)).then(|| column.replace(digits, YEAR))
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::super::fixture::{numbers, table};
    use super::*;

    #[test]
    fn how_a_pattern_is_named() {
        for (pattern, name) in [
            ("gdp_{year}_100m_cny", "gdp_100m_cny"),
            ("{year}_gdp", "gdp"),
            ("pop{year}", "pop"),
            ("{year}", "value"),
            ("income_per_capita_{year}_usd", "income_per_capita_usd"),
            ("census_pop_{year}_divisions_{year}", "census_pop_divisions"),
            ("地区生产总值{year}（亿元）", "地区生产总值（亿元）"),
        ] {
            assert_eq!(without_year(pattern), name);
        }
    }

    #[test]
    fn one_year_in_a_name_dates_it() {
        for (name, pattern) in [
            ("gdp_2020_100m_cny", Some(("gdp_{year}_100m_cny", 2020))),
            ("pop2010", Some(("pop{year}", 2010))),
            ("地区生产总值2020（亿元）", Some(("地区生产总值{year}（亿元）", 2020))),
            ("census_pop_2010_divisions_2010", None),
            ("code_0310", None),
            ("zip_12345", None),
            ("gdp", None),
            ("a{year}_2010", None),
        ] {
            assert_eq!(dated(name), pattern.map(|(pattern, year)| (pattern.to_owned(), year)), "{name}");
        }
    }

    #[test]
    fn series_of_the_shipped_data() {
        let table =
            |names: &[&str]| table("t", names.iter().map(|name| numbers(name, &[1.0])).collect::<Vec<Column>>());
        let years = |names: &[&str], text: &str| -> Vec<i32> {
            series(&table(names), text).into_iter().map(|(year, _)| year).collect()
        };
        let mexico = ["gdp_per_capita_2000", "gdp_per_capita_1940", "gdp_per_capita"];
        assert_eq!(years(&mexico, "gdp_per_capita"), [1940, 2000]);
        let states = ["income_per_capita_1929_usd", "income_per_capita_2009_usd", "pop_2010"];
        assert_eq!(years(&states, "income_per_capita_{year}_usd"), [1929, 2009]);
        assert_eq!(years(&states, "income_per_capita"), [0; 0]);
        let delta = ["census_pop_2010", "census_pop_2020", "census_pop_2010_divisions_2010", "gdp_2020_100m_cny"];
        assert_eq!(years(&delta, "census_pop"), [2010, 2020]);
        assert_eq!(years(&delta, "census_pop_2010_divisions"), [0; 0], "two years in a name are never guessed");
        assert_eq!(years(&delta, "census_pop_{year}_divisions_{year}"), [2010]);
        assert_eq!(pattern_of("gdp", "gdp_2020_100m_cny").as_deref(), Some("gdp_{year}_100m_cny"));
        assert_eq!(pattern_of("census_pop_2010_divisions", "census_pop_2010_divisions_2010_x"), None);
        let counties = ["pop2000", "pop2010", "pop2017", "pop_2019", "pop_2019x"];
        assert_eq!(years(&counties, "pop{year}"), [2000, 2010, 2017]);
        assert_eq!(years(&counties, "pop"), [2019]);
        assert_eq!(years(&["市２０１０"], "市{year}"), [0; 0]);
    }
}
