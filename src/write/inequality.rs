//! The tables of inequality that bring several measures together, one row a year: how unequal, between whom, and Dagum's
//! decomposition in the form in which papers print it.

use std::borrow::Cow;

use serde_json::Value;

use super::Report;
use super::sheet::{Sheet, SheetCell};
use crate::measures::{Matrix, Outcome};

/// Most groups whose pairs are columns of Dagum's table.
const MOST_GROUPS: usize = 8;

/// Heading, measure and scalar of the table by year.
const YEARS: [(&str, &str, &str); 14] = [
    ("n", "gini", "n"),
    ("mean", "variation", "mean"),
    ("gini", "gini", "gini"),
    ("theil_t", "theil", "t"),
    ("theil_l", "theil", "l"),
    ("atkinson_1", "atkinson", "a_1"),
    ("cv", "variation", "cv"),
    ("williamson", "variation", "williamson"),
    ("sd_log", "variation", "sd_log"),
    ("hoover", "variation", "hoover"),
    ("palma", "variation", "palma"),
    ("p90_p10", "variation", "p90_p10"),
    ("max_min", "variation", "max_min"),
    ("wolfson", "polarisation", "wolfson"),
];

/// The same for the table of groups.
const GROUPS: [(&str, &str, &str); 9] = [
    ("n", "dagum", "n"),
    ("gini", "dagum", "gini"),
    ("gini_within_share", "dagum", "within_share"),
    ("gini_net_between_share", "dagum", "net_between_share"),
    ("gini_transvariation_share", "dagum", "transvariation_share"),
    ("theil_t", "theil", "t"),
    ("theil_t_between_share", "theil", "t_between_share"),
    ("theil_l", "theil", "l"),
    ("theil_l_between_share", "theil", "l_between_share"),
];

/// The same for groups within groups.
const NESTED: [(&str, &str, &str); 8] = [
    ("n", "theil_nested", "n"),
    ("theil_t", "theil_nested", "t"),
    ("between_outer", "theil_nested", "t_between_outer"),
    ("between_inner", "theil_nested", "t_between_inner"),
    ("within", "theil_nested", "t_within"),
    ("between_outer_share", "theil_nested", "t_between_outer_share"),
    ("between_inner_share", "theil_nested", "t_between_inner_share"),
    ("within_share", "theil_nested", "t_within_share"),
];

/// What every number of the table by year is.
const OF_YEARS: &str = "Rows with weighted_by count each city by its population, the others once; Gini by 1/n^2; with zeros \
    Theil's L, Atkinson's index and the standard deviation of logarithms are not defined";
/// What the shares of the table of groups mean.
const OF_GROUPS: &str = "Rows with weighted_by count each city by its population; shares of the Gini count pairs of cities, \
    those of Theil's indices weight each group by its share (T) or its population (L), so that they differ and are both right";
const OF_NESTED: &str = "Rows with weighted_by count each city by its population; three parts that add up to T";

/// The tables, those that have rows.
pub fn of_inequality(report: &Report) -> Vec<Sheet<'_>> {
    let years = table(report, "gini", ("years", "Inequality by year", OF_YEARS), &YEARS);
    let groups = ("groups", "Inequality within and between groups by year", OF_GROUPS);
    let groups = table(report, "dagum", groups, &GROUPS);
    let nested = ("nested", "Theil's T within and between groups of groups", OF_NESTED);
    let nested = table(report, "theil_nested", nested, &NESTED);
    [years, groups, nested].into_iter().flatten().chain(dagum(report)).collect()
}

/// What tells the rows of a table apart: value, year, population, and the groups.
#[derive(PartialEq)]
struct Row<'a> {
    value: Option<&'a str>,
    year: Option<i32>,
    weighted_by: Option<&'a str>,
    groups: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let option = |name: &str| outcome.options.get(name).and_then(Value::as_str);
        Self {
            value: outcome.variable.as_deref(),
            year: outcome.year,
            weighted_by: option("population"),
            groups: option("group").or_else(|| option("groups")),
        }
    }

    /// The cells before the numbers.
    fn cells(&self, with_groups: bool) -> Vec<SheetCell<'a>> {
        let text = |text: Option<&'a str>| text.map_or(SheetCell::Empty, SheetCell::text);
        let year = self.year.map_or(SheetCell::Empty, |year| SheetCell::Count(year.into()));
        let cells = [text(self.value), year, text(self.weighted_by)];
        cells.into_iter().chain(with_groups.then(|| text(self.groups))).collect()
    }
}

/// One row for each result of `base`: its numbers, and those of other measures of the same value, year, weighting and groups.
fn table<'a>(
    report: &'a Report,
    base: &str,
    (name, title, says): (&str, &str, &str),
    numbers: &[(&'static str, &str, &str)],
) -> Option<Sheet<'a>> {
    let results: Vec<&Outcome> = report.outcomes.iter().filter(|outcome| outcome.measure == base).collect();
    let with_groups = base != "gini";
    let scalar = |row: &Row, measure: &str, name: &str| {
        let same = |outcome: &&Outcome| outcome.measure == measure && is_of(outcome, row);
        report.outcomes.iter().find(same).map_or(f64::NAN, |outcome| outcome.scalar(name))
    };
    let known: Vec<&(&str, &str, &str)> = numbers
        .iter()
        .filter(|(_, measure, name)| results.iter().any(|result| scalar(&Row::of(result), measure, name).is_finite()))
        .collect();
    if known.is_empty() {
        return None;
    }
    let row = |result: &&'a Outcome| {
        let row = Row::of(result);
        let numbers = known.iter().map(|&&(heading, measure, name)| match scalar(&row, measure, name) {
            n if heading == "n" && n.is_finite() => SheetCell::Count(n as i64),
            x => SheetCell::number(x),
        });
        let numbers: Vec<SheetCell> = numbers.collect();
        [row.cells(with_groups), numbers].concat()
    };
    let groups = with_groups.then_some("groups");
    let header: Vec<&str> = ["value", "year", "weighted_by"]
        .into_iter()
        .chain(groups)
        .chain(known.iter().map(|(name, ..)| *name))
        .collect();
    let sheet = Sheet::from_rows(&format!("inequality_{name}"), title, &header, results.iter().map(row).collect());
    Some(Sheet { key: format!("imbalance.{name}"), footer: footer(says, &results), in_words: true, ..sheet })
}

/// What a table says of its numbers, and what the last result in which each city counts once says of itself.
fn footer(says: &str, results: &[&Outcome]) -> Option<String> {
    let plain = results.iter().rfind(|outcome| Row::of(outcome).weighted_by.is_none()).or(results.last())?;
    let own = plain.footer.as_ref().map_or_else(String::new, |own| format!("; {own}"));
    Some(format!("{says}{own}"))
}

/// Whether a result is of this row; one that is split by no groups is of all of them.
fn is_of(outcome: &Outcome, row: &Row) -> bool {
    let own = Row::of(outcome);
    (own.value, own.year, own.weighted_by) == (row.value, row.year, row.weighted_by)
        && (own.groups == row.groups || row.groups.is_none())
}

/// Dagum's decomposition, a table for each column of groups: by year the total, the coefficient within each group and
/// between each two, and what each part contributes.
fn dagum(report: &Report) -> Vec<Sheet<'_>> {
    let results: Vec<&Outcome> = report.outcomes.iter().filter(|outcome| outcome.measure == "dagum").collect();
    let mut columns: Vec<&str> = results.iter().filter_map(|outcome| Row::of(outcome).groups).collect();
    columns.dedup();
    let of =
        |groups: &&str| results.iter().copied().filter(|outcome| Row::of(outcome).groups == Some(groups)).collect();
    columns.iter().filter_map(|groups| of_groups(groups, of(groups))).collect()
}

fn of_groups<'a>(groups: &'a str, results: Vec<&'a Outcome>) -> Option<Sheet<'a>> {
    let g_jh = |outcome: &'a Outcome| outcome.matrix("g_jh");
    let mut names: Vec<&str> = Vec::new();
    for name in results.iter().filter_map(|outcome| g_jh(outcome)).flat_map(|matrix| &matrix.rows) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let of_one = names.iter().enumerate().map(|(j, _)| (j, j));
    let of_two = (0..names.len()).flat_map(|j| (j + 1..names.len()).map(move |h| (j, h)));
    let pairs: Vec<(usize, usize)> =
        of_one.chain(of_two).filter(|(j, h)| j == h || names.len() <= MOST_GROUPS).collect();
    let heading = |&(j, h): &(usize, usize)| match j == h {
        true => format!("within {}", names[j]),
        false => format!("{} - {}", names[j], names[h]),
    };
    let parts = ["within_share", "net_between_share", "transvariation_share"];
    let header: Vec<Cow<str>> = ["value", "year", "weighted_by", "gini"]
        .into_iter()
        .map(Cow::from)
        .chain(pairs.iter().map(|pair| heading(pair).into()))
        .chain(parts.map(Cow::from))
        .collect();
    let row = |result: &&'a Outcome| {
        let between = pairs.iter().map(|&(j, h)| SheetCell::number(at(g_jh(result), names[j], names[h])));
        let shares = parts.map(|name| SheetCell::number(result.scalar(name)));
        let cells = Row::of(result).cells(false).into_iter();
        cells.chain([SheetCell::number(result.scalar("gini"))]).chain(between).chain(shares).collect()
    };
    let rows = results.iter().map(row).collect();
    let title = format!("Dagum's decomposition of the Gini coefficient by {groups}");
    let sheet = Sheet::from_rows("dagum_years", &title, &vec![""; header.len()], rows);
    let footer = footer("Rows with weighted_by count each city by its population", &results);
    Some(Sheet { key: "imbalance.dagum".to_owned(), footer, header, ..sheet }).filter(|_| !names.is_empty())
}

/// The coefficient of two groups, NaN where one of them is not among those of the matrix.
fn at(matrix: Option<&Matrix>, row: &str, column: &str) -> f64 {
    let find = |matrix: &Matrix| {
        let row = matrix.rows.iter().position(|name| name == row)?;
        let column = matrix.columns.iter().position(|name| name == column)?;
        matrix.values.get(row * matrix.columns.len() + column).copied()
    };
    matrix.and_then(find).unwrap_or(f64::NAN)
}
