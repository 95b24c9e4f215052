//! What the columns of a study hold: numbers by year or without, and groups.

use std::collections::{BTreeMap, HashSet};

use crate::study::{Cells, Column, Study, Table, dated};

/// Most groups that a column of groups has.
const MOST_GROUPS: usize = 20;
/// Columns of these names tell cities apart or say where they lie, and measure nothing.
const NO_QUANTITIES: [&str; 27] = [
    "id",
    "fid",
    "objectid",
    "gid",
    "code",
    "adcode",
    "fips",
    "geoid",
    "nuts_id",
    "cbsa",
    "zip",
    "year",
    "lon",
    "lng",
    "long",
    "longitude",
    "lat",
    "latitude",
    "x",
    "y",
    "经度",
    "纬度",
    "年份",
    "年度",
    "年",
    "代码",
    "行政区划代码",
];
/// Parts of names, from the most telling one for a study of imbalance on.
const PER_HEAD: [&str; 5] = ["per_capita", "per_head", "percapita", "per_worker", "人均"];
const OUTPUT: [&str; 14] = [
    "gdp",
    "grp",
    "gva",
    "gross",
    "income",
    "wage",
    "output",
    "value_added",
    "product",
    "earnings",
    "生产总值",
    "收入",
    "工资",
    "产值",
];
const PEOPLE: [&str; 11] = [
    "pop",
    "resident",
    "inhabitant",
    "people",
    "persons",
    "households",
    "人口",
    "常住",
    "户籍",
    "einwohner",
    "habitantes",
];

/// What a quantity is, as far as its name tells; the order is that in which it is proposed as the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    PerHead,
    Output,
    Other,
    Population,
    /// Few whole numbers, which may be codes of groups.
    Code,
}

impl Kind {
    fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        match () {
            () if has(&PER_HEAD) => Self::PerHead,
            () if has(&OUTPUT) => Self::Output,
            () if has(&PEOPLE) => Self::Population,
            () => Self::Other,
        }
    }
}

/// A column of numbers, or several that are one quantity by year.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    /// As `--value` takes it: a column, or a pattern with the year in braces.
    pub(super) text: String,
    /// Its years, ascending; none where it has no years.
    pub(super) years: Vec<i32>,
    pub(super) kind: Kind,
}

/// A column that sorts the cities into few groups.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Groups {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// The columns of a study, each once, in the order of its files.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) quantities: Vec<Quantity>,
    pub(super) groups: Vec<Groups>,
}

impl Columns {
    pub(super) fn of(study: &Study) -> Self {
        let mut columns = Self::default();
        let ids: HashSet<&str> = study.cities().ids.iter().map(String::as_str).collect();
        columns.add(study.properties(), &ids, &[]);
        for joined in study.tables() {
            columns.add(joined.table(), &ids, &joined.years());
        }
        let mut seen = HashSet::new();
        columns.quantities.retain(|quantity| seen.insert(quantity.text.clone()));
        let mut seen = HashSet::new();
        columns.groups.retain(|groups| seen.insert(groups.name.clone()));
        columns
    }

    /// Adds the columns of a table; `years` are those of a panel.
    fn add(&mut self, table: &Table, ids: &HashSet<&str>, years: &[i32]) {
        let mut coded = HashSet::new();
        let useful = table.columns.iter().filter(|column| can_be_asked_for(&column.name) && !identifies(column, ids));
        let (mut plain, mut by_pattern) = (Vec::new(), BTreeMap::<String, Vec<(i32, &str)>>::new());
        for column in useful {
            let groups = groups(column);
            let codes = groups.is_some() && matches!(column.cells, Cells::Numbers(_));
            if let Some(groups) = groups.filter(|_| years.is_empty()) {
                self.groups.push(groups);
            }
            if !has_numbers(column) {
                continue;
            }
            if codes {
                coded.insert(column.name.clone());
            }
            match dated(&column.name).filter(|_| years.is_empty()) {
                Some((pattern, year)) => {
                    plain.push(pattern.clone());
                    by_pattern.entry(pattern).or_default().push((year, &column.name));
                }
                None => plain.push(column.name.clone()),
            }
        }
        let mut seen = HashSet::new();
        for text in plain.into_iter().filter(|text| seen.insert(text.clone())) {
            let mut series = by_pattern.remove(&text).unwrap_or_default();
            series.sort_unstable();
            // A year that stands alone is part of a name.
            let (text, years) = match series.as_slice() {
                [(_, only)] => ((*only).to_owned(), Vec::new()),
                [] => (text, years.to_vec()),
                several => (text, several.iter().map(|&(year, _)| year).collect()),
            };
            let kind = if coded.contains(&text) { Kind::Code } else { Kind::of(&text) };
            self.quantities.push(Quantity { text, years, kind });
        }
    }

    /// The quantities as values, the most sensible first.
    pub(super) fn values(&self) -> Vec<&Quantity> {
        let mut values: Vec<&Quantity> = self.quantities.iter().collect();
        values.sort_by_key(|quantity| quantity.kind);
        values
    }

    /// Output by people where both are there and nothing is per head, in the years that both have.
    pub(super) fn ratio(&self) -> Option<Quantity> {
        let first = |kind| self.quantities.iter().filter(move |quantity| quantity.kind == kind);
        if first(Kind::PerHead).next().is_some() {
            return None;
        }
        let both = |above: &Quantity, below: &Quantity| -> Option<Quantity> {
            let years: Vec<i32> = above.years.iter().copied().filter(|year| below.years.contains(year)).collect();
            let fits =
                above.years.is_empty() == below.years.is_empty() && (above.years.is_empty() || !years.is_empty());
            let text = format!("{}/{}", above.text, below.text);
            fits.then_some(Quantity { text, years, kind: Kind::PerHead })
        };
        first(Kind::Output).find_map(|above| first(Kind::Population).find_map(|below| both(above, below)))
    }
}

/// Whether a name comes through as it is: options are trimmed.
fn can_be_asked_for(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && !NO_QUANTITIES.contains(&name.to_lowercase().as_str())
}

/// Whether every cell of a column is the id of a city.
fn identifies(column: &Column, ids: &HashSet<&str>) -> bool {
    (0..column.len()).all(|row| column.text(row).is_some_and(|text| ids.contains(text.trim())))
}

/// Whether a column is of numbers that are not all the same.
fn has_numbers(column: &Column) -> bool {
    if matches!(column.cells, Cells::Bools(_)) {
        return false;
    }
    let Ok((numbers, _)) = column.numbers(|_, fault| fault) else { return false };
    let mut known = numbers.into_iter().filter(|x| !x.is_nan());
    known.next().is_some_and(|first| known.any(|x| x != first))
}

/// The groups of a column that has few, each of several cities on average.
fn groups(column: &Column) -> Option<Groups> {
    let whole = |x: &f64| x.is_nan() || x.fract() == 0.0 && x.abs() < 1000.0;
    let fits = match &column.cells {
        Cells::Numbers(numbers) => numbers.iter().all(whole),
        Cells::Bools(_) => true,
        Cells::Texts(_) => !has_numbers(column),
        Cells::Mixed(_) => false,
    };
    // Lists of groups are written with commas.
    if !fits || column.name.contains(',') {
        return None;
    }
    let mut values: Vec<String> = Vec::new();
    for value in (0..column.len()).filter_map(|row| column.text(row)).filter(|text| !text.trim().is_empty()) {
        if !values.contains(&value) {
            values.push(value);
        }
        if values.len() > MOST_GROUPS {
            return None;
        }
    }
    (values.len() >= 2 && 2 * values.len() <= column.len()).then(|| Groups { name: column.name.clone(), values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Cell, Cities, Metric, Shapes};

    fn column(name: &str, cells: &[&str]) -> Column {
        let cell = |text: &&str| text.parse().map_or_else(|_| Cell::Text((*text).into()), Cell::Number);
        Column::new(name, cells.iter().map(cell).collect())
    }

    fn columns(columns: Vec<Column>) -> Columns {
        let mut shapes = Shapes::default();
        (0..4).for_each(|i| shapes.push_point([f64::from(i), 0.0]));
        let ids: Vec<String> = ["11", "12", "13", "14"].map(String::from).to_vec();
        let (names, points) = (ids.clone(), vec![None; 4]);
        let cities = Cities { ids, names, shapes, points, metric: Metric::EARTH, notes: Vec::new() };
        Columns::of(&Study::new(cities, Table { columns, rows: 4, ..Table::default() }).unwrap())
    }

    #[test]
    fn columns_are_told_by_what_they_hold() {
        let found = columns(vec![
            column("adcode", &["11", "12", "13", "14"]),
            column("lon", &["1.5", "2.5", "3.5", "4.5"]),
            column("province", &["A", "A", "B", "B"]),
            column("macro_region", &["1", "1", "2", "2"]),
            column("pop_2010", &["1", "2", "3", "4"]),
            column("gdp_2020", &["1.5", "2", "3", "4"]),
            column("gdp_2010", &["1.5", "2", "3", "4"]),
            column("pop_2010_borders_2020", &["1", "2", "3", "4"]),
            column("share_2015", &["0.1", "0.2", "0.3", "0.4"]),
            column("constant", &["1.5", "1.5", "1.5", "1.5"]),
            column(" padded ", &["1.5", "2.5", "3.5", "4.5"]),
            column("note", &["w", "x", "y", "z"]),
        ]);
        let groups: Vec<&str> = found.groups.iter().map(|groups| groups.name.as_str()).collect();
        assert_eq!(groups, ["province", "macro_region"]);
        let told: Vec<(&str, &[i32])> =
            found.values().iter().map(|quantity| (quantity.text.as_str(), quantity.years.as_slice())).collect();
        assert_eq!(
            told,
            [
                ("gdp_{year}", &[2010, 2020][..]),
                ("share_2015", &[]),
                ("pop_2010", &[]),
                ("pop_2010_borders_2020", &[]),
                ("macro_region", &[]),
            ]
        );
        assert_eq!(found.ratio(), None, "people of one year, output of two");
    }

    #[test]
    fn a_ratio_takes_the_years_of_both() {
        let by = |name: &str| column(name, &["1.5", "2", "3", "4"]);
        let found = columns(["gdp_2000", "gdp_2010", "gdp_2020", "pop_2010", "pop_2020", "pop_2030"].map(by).to_vec());
        let ratio = found.ratio().unwrap();
        assert_eq!((ratio.text.as_str(), ratio.years), ("gdp_{year}/pop_{year}", vec![2010, 2020]));
        assert_eq!(columns(vec![by("gdp"), by("pop"), by("gdp_per_head")]).ratio(), None);
    }
}
