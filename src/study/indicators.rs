//! Indicators of a composite index: what each is, which way it counts, and its numbers.

use std::collections::{BTreeSet, HashMap};

use super::column::{Number, Table};
use super::panel::at_row;
use super::{Study, ValueRequest, Variable};
use crate::error::{Fault, Faults, Kind, Result, number, quoted};
use crate::note::{Note, listed};

/// Usual names of the columns of an indicator table.
const INDICATOR: [&str; 5] = ["indicator", "name", "指标", "指标名称", "三级指标"];
const COLUMN: [&str; 5] = ["column", "variable", "变量", "列", "字段"];
const DIRECTION: [&str; 6] = ["direction", "sign", "方向", "属性", "指标方向", "指标属性"];
const DIMENSION: [&str; 8] = ["dimension", "subsystem", "维度", "子系统", "准则层", "一级指标", "二级指标", "目标层"];
const WEIGHT: [&str; 3] = ["weight", "权重", "指标权重"];
const SIGNED: [&str; 2] = ["signed", "可为负"];
/// How the two directions are written.
const BENEFIT: [&str; 9] = ["+", "1", "+1", "benefit", "positive", "max", "正", "正向", "＋"];
const COST: [&str; 11] = ["-", "−", "-1", "cost", "negative", "min", "负", "负向", "逆", "逆向", "－"];
const YES: [&str; 5] = ["yes", "true", "1", "y", "是"];
const NO: [&str; 6] = ["", "no", "false", "0", "n", "否"];

/// Which way an indicator counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Benefit,
    /// Less is better.
    Cost,
}

/// One row of an indicator table.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Its name in outputs.
    pub name: String,
    /// The column, ratio or pattern that it is read from.
    pub column: String,
    /// Which way it counts.
    pub direction: Direction,
    /// The dimension, or subsystem, that it belongs to.
    pub dimension: Option<String>,
    /// Its weight as given; `None` where there is none.
    pub weight: Option<f64>,
    /// Whether it may be below zero, as rates of growth are; else a negative number is a fault.
    pub signed: bool,
}

/// The indicators of all cities in all years. A unit is a city in a year; year after year, in each the cities in their
/// order.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicators {
    /// The indicators, in the order of their table.
    pub list: Vec<Indicator>,
    /// The years, ascending; one `None` where no year was asked for.
    pub years: Vec<Option<i32>>,
    /// Number of cities.
    pub cities: usize,
    /// One number for every indicator and unit, indicator after indicator; NaN where there is none.
    pub values: Vec<f64>,
}

impl Indicators {
    /// Number of units: cities times years.
    pub fn units(&self) -> usize {
        self.cities * self.years.len()
    }

    /// The numbers of one indicator, unit after unit.
    ///
    /// # Panics
    /// If there is no such indicator.
    pub fn column(&self, indicator: usize) -> &[f64] {
        &self.values[indicator * self.units()..][..self.units()]
    }

    /// The dimensions in the order in which they first appear, each with the places of its indicators. Indicators without
    /// one belong to none of them.
    pub fn dimensions(&self) -> Vec<(&str, Vec<usize>)> {
        let mut dimensions: Vec<(&str, Vec<usize>)> = Vec::new();
        for (place, indicator) in self.list.iter().enumerate() {
            let Some(name) = indicator.dimension.as_deref() else { continue };
            match dimensions.iter_mut().find(|(other, _)| *other == name) {
                Some((_, places)) => places.push(place),
                None => dimensions.push((name, vec![place])),
            }
        }
        dimensions
    }
}

impl Study {
    /// The indicators of a table `indicator, column, direction, dimension, weight, signed`, one row each, in these years.
    ///
    /// `column` is all that [`Study::variables`] takes, and where there is none the indicator's own name; `direction` is `+`
    /// or `-` (also `benefit` and `cost`, 正 and 负); `dimension`, `weight` and `signed` may be missing. Without `years` it is
    /// the latest year of each indicator, with a warning where these differ. What has no years is the same in all of them.
    ///
    /// # Errors
    /// All at once: no column of indicators or of directions, no rows, an indicator without a name or given twice,
    /// directions and weights that are none, what cannot be resolved, and numbers below zero of an indicator that is not
    /// `signed`.
    pub fn indicators(&self, table: &Table, years: &[i32]) -> Result<(Indicators, Vec<Note>)> {
        let list = listed_in(table)?;
        let (mut faults, mut notes) = (Faults::default(), Vec::new());
        let mut resolved: Vec<Vec<Variable>> = Vec::with_capacity(list.len());
        for (row, indicator) in list.iter().enumerate() {
            let request = ValueRequest { text: &indicator.column, label: Some(&indicator.name), years };
            match self.variables(&request) {
                Ok((variables, more)) => {
                    notes.extend(more);
                    resolved.push(variables);
                }
                Err(error) => {
                    error.faults().iter().for_each(|fault| faults.push(in_table(table, row, indicator, fault)))
                }
            }
        }
        faults.finish(())?;
        let (years, note) = common_years(&resolved, years);
        notes.extend(note);
        let cities = self.cities.len();
        let mut values = Vec::with_capacity(list.len() * years.len() * cities);
        let mut faults = Faults::default();
        for (indicator, variables) in list.iter().zip(&resolved) {
            for &year in &years {
                let of_year = variables.iter().find(|variable| variable.year == year).or(variables.first());
                values.extend(of_year.map_or(&[][..], |variable| &variable.values));
            }
            if !indicator.signed {
                variables.iter().for_each(|variable| self.refuse_negative(variable, &mut faults));
            }
        }
        faults.finish((Indicators { list, years, cities, values }, notes))
    }

    fn refuse_negative(&self, variable: &Variable, faults: &mut Faults) {
        for i in (0..self.cities.len()).filter(|&i| variable.values[i] < 0.0) {
            let message = format!("{} is below zero", number(variable.values[i]));
            let fault = Fault::new(Kind::Value, message).file(&self.properties.file).feature(self.features[i]);
            let hint = "correct it, or write yes in a column signed of the indicator table if it is meant, as a rate of growth";
            faults.push(fault.city(self.cities.ids[i].as_str()).field(variable.label()).hint(hint));
        }
    }
}

/// The fault of an indicator that cannot be resolved, at its row.
fn in_table(table: &Table, row: usize, indicator: &Indicator, fault: &Fault) -> Fault {
    // A fault of a cell is where the cell is.
    if fault.place().city.is_some() {
        return fault.clone();
    }
    let message = format!("{}: {}", quoted(&indicator.name), fault.message());
    let hint = fault.remedy().map_or_else(String::new, |hint| format!("; {hint}"));
    at_row(table, row, Fault::new(fault.kind(), message))
        .hint(format!("name the column, ratio or pattern that holds it, or leave the row out{hint}"))
}

/// The years of all indicators: those asked for; else the one that all of them are of.
fn common_years(resolved: &[Vec<Variable>], asked: &[i32]) -> (Vec<Option<i32>>, Option<Note>) {
    let there: BTreeSet<i32> = resolved.iter().flatten().filter_map(|variable| variable.year).collect();
    match (asked, there.len()) {
        (_, 0) => (vec![None], None),
        ([], 1) | ([_, ..], _) => (there.into_iter().map(Some).collect(), None),
        ([], _) => {
            let of = |variable: &Variable| Some(format!("{} {}", variable.name, variable.year?));
            let each: Vec<String> = resolved.iter().flatten().filter_map(of).collect();
            let message = format!("indicators are of different years: {}; --year takes the same of all", listed(&each));
            (vec![None], Some(Note::warning("year", message)))
        }
    }
}

/// The rows of an indicator table.
fn listed_in(table: &Table) -> Result<Vec<Indicator>> {
    let missing = |name: &str, hint: &str| {
        Fault::new(Kind::Column, format!("there is no column {}", quoted(name))).file(&table.file).hint(hint)
    };
    let mut faults = Faults::default();
    let header = "write the header indicator,column,direction,dimension,weight";
    let Some(named) = table.place_of(&INDICATOR) else { return Err(missing("indicator", header).into()) };
    let Some(directed) = table.place_of(&DIRECTION) else {
        return Err(missing("direction", "write + where more is better and - where less is").into());
    };
    if table.rows == 0 {
        return Err(Fault::new(Kind::TooFew, "there is no indicator")
            .file(&table.file)
            .hint("write one row for each")
            .into());
    }
    let place = |names: &[&str]| table.place_of(names).filter(|&place| place != named);
    let (column, dimension) = (place(&COLUMN), place(&DIMENSION));
    let (weight, signed) = (place(&WEIGHT), place(&SIGNED));
    let mut list: Vec<Indicator> = Vec::with_capacity(table.rows);
    let mut rows: HashMap<String, usize> = HashMap::new();
    for row in 0..table.rows {
        let text =
            |column: Option<usize>| column.and_then(|column| table.columns[column].text(row)).unwrap_or_default();
        let text = |column: Option<usize>| text(column).trim().to_owned();
        let mut refuse = |column: usize, message: String, hint: &str| {
            let fault = Fault::new(Kind::Value, message).field(&table.columns[column].name).hint(hint);
            faults.push(at_row(table, row, fault));
        };
        let name = text(Some(named));
        if name.is_empty() {
            refuse(named, "there is no name".to_owned(), "give every indicator a name");
        } else if let Some(before) = rows.insert(name.clone(), row) {
            let message =
                format!("{} is given twice, before in {}", quoted(&name), super::panel::place_of(table, before));
            refuse(named, message, "give every indicator a name of its own");
        }
        let direction = direction_of(&text(Some(directed)));
        if direction.is_none() {
            let message = format!("{} is no direction", quoted(&text(Some(directed))));
            refuse(directed, message, "write + where more is better and - where less is");
        }
        let share = weight_of(&text(weight));
        if let (Err(message), Some(weight)) = (&share, weight) {
            refuse(weight, message.clone(), "write a number of 0 or more, or leave the column empty");
        }
        let below = text(signed).to_lowercase();
        if let Some(signed) = signed.filter(|_| !YES.contains(&&*below) && !NO.contains(&&*below)) {
            refuse(signed, format!("{} is neither yes nor no", quoted(&below)), "write yes or no");
        }
        list.push(Indicator {
            column: Some(text(column)).filter(|text| !text.is_empty()).unwrap_or_else(|| name.clone()),
            name,
            direction: direction.unwrap_or(Direction::Benefit),
            dimension: Some(text(dimension)).filter(|text| !text.is_empty()),
            weight: share.unwrap_or_default(),
            signed: YES.contains(&&*below),
        });
    }
    faults.finish(list)
}

fn direction_of(text: &str) -> Option<Direction> {
    let text = text.to_lowercase();
    match () {
        () if BENEFIT.contains(&&*text) => Some(Direction::Benefit),
        () if COST.contains(&&*text) => Some(Direction::Cost),
        () => None,
    }
}

fn weight_of(text: &str) -> Result<Option<f64>, String> {
    match Number::parse(text) {
        Number::Missing => Ok(None),
        Number::Finite(weight) if weight >= 0.0 => Ok(Some(weight)),
        Number::Finite(_) => Err(format!("{text} is below zero")),
        _ => Err(format!("{} is not a number", quoted(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};
    use super::*;

    fn delta() -> Study {
        study(vec![
            texts("id", &["a", "b", "c"]),
            numbers("gdp_2010", &[1.0, 2.0, 3.0]),
            numbers("gdp_2020", &[4.0, 5.0, 6.0]),
            numbers("pop_2020", &[2.0, 2.0, f64::NAN]),
            numbers("growth", &[0.1, -0.2, 0.3]),
        ])
    }

    fn faults(columns: Vec<crate::study::Column>) -> Vec<String> {
        let error = delta().indicators(&table("i.csv", columns), &[]).unwrap_err();
        error.faults().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn indicators_of_two_years_lie_year_after_year() {
        let columns = vec![
            texts("indicator", &["output", "growth"]),
            texts("column", &["gdp", ""]),
            texts("direction", &["+", "负"]),
            texts("dimension", &["economy", ""]),
            texts("weight", &["0.5", ""]),
            texts("signed", &["", "yes"]),
        ];
        let (found, notes) = delta().indicators(&table("i.csv", columns), &[2010, 2020]).unwrap();
        assert_eq!((found.years.clone(), found.units()), (vec![Some(2010), Some(2020)], 6));
        assert_eq!(found.column(0), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(found.column(1), [0.1, -0.2, 0.3, 0.1, -0.2, 0.3], "what has no years is the same in all");
        assert_eq!((found.list[0].weight, found.list[1].weight), (Some(0.5), None));
        assert_eq!(found.list[1].direction, Direction::Cost);
        assert_eq!(found.dimensions(), [("economy", vec![0])]);
        assert_eq!(notes[0].message, "growth has no years and is taken as it is");
    }

    #[test]
    fn the_latest_year_is_taken_and_different_ones_are_named() {
        let of = |columns: [&str; 2]| {
            let columns =
                vec![texts("indicator", &["a", "b"]), texts("column", &columns), texts("direction", &["+", "+"])];
            delta().indicators(&table("i.csv", columns), &[]).unwrap()
        };
        assert_eq!(of(["gdp", "pop"]).0.years, [Some(2020)]);
        let (found, notes) = of(["gdp", "gdp_2010"]);
        assert_eq!(found.years, [Some(2020)], "a column by its whole name has no years");
        assert!(notes.iter().all(|note| note.code == "year" && note.message.contains("a: 2020 taken")), "{notes:?}");
    }

    #[test]
    fn everything_wrong_with_the_table_is_told_at_once() {
        let wrong = faults(vec![
            texts("indicator", &["output", "output", ""]),
            texts("direction", &["up", "+", "-"]),
            texts("weight", &["-1", "x", ""]),
        ]);
        assert_eq!(wrong.len(), 5, "{wrong:?}");
        assert!(wrong[0].starts_with("i.csv:2: direction: \"up\" is no direction"), "{wrong:?}");
        assert!(wrong[2].contains("\"output\" is given twice, before in line 2"), "{wrong:?}");
        let none = faults(vec![texts("indicator", &["output"])]);
        assert_eq!(none, ["i.csv: there is no column \"direction\""]);
        let unknown = faults(vec![texts("indicator", &["jobs", "cars"]), texts("direction", &["+", "+"])]);
        assert!(unknown[0].starts_with("i.csv:2: \"jobs\": there is no column \"jobs\""), "{unknown:?}");
        assert_eq!(unknown.len(), 2);
    }

    #[test]
    fn numbers_below_zero_are_refused_unless_they_are_meant() {
        let below = faults(vec![texts("indicator", &["growth"]), texts("direction", &["+"])]);
        assert_eq!(below, ["cities.geojson: feature 1 (b): growth: -0.2 is below zero"]);
    }
}
