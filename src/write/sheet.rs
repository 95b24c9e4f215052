//! Tables of a report in one neutral form that every text format is written from.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use super::Report;
use super::columns::{NamedColumn, file_part};
use super::matrix::MatrixLayout;
use crate::measures::{Outcome, Values, measure};
use crate::study::{Cities, LinkDirection, Linkage};

/// A table column by column; all columns are of one length.
#[derive(Clone, Debug, Default)]
pub struct Sheet<'a> {
    /// Its name as a file, without an extension.
    pub name: String,
    /// The measure and the table or matrix that it shows, as `similarity.unido`.
    pub key: String,
    /// What it is, for people.
    pub title: String,
    /// What stands under it.
    pub footer: Option<String>,
    /// Whether the names of the columns are those of a measure, which pages write in words.
    pub in_words: bool,
    /// Names of the columns.
    pub header: Vec<Cow<'a, str>>,
    /// The columns.
    pub columns: Vec<SheetColumn<'a>>,
}

/// One column of a [`Sheet`].
#[derive(Clone, Debug)]
pub enum SheetColumn<'a> {
    /// Results of a measure.
    Values(&'a Values),
    /// Texts that are there for every row, as ids.
    Texts(&'a [String]),
    /// Cells that are made when they are asked for, as those of a matrix.
    Computed(Computed<'a>),
    /// Anything else.
    Cells(Vec<SheetCell<'a>>),
}

/// One column of cells that are made by row and column when they are asked for.
#[derive(Clone)]
pub struct Computed<'a> {
    rows: usize,
    column: usize,
    cell: Rc<dyn Fn(usize, usize) -> SheetCell<'static> + 'a>,
}

impl fmt::Debug for Computed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Computed").field("rows", &self.rows).field("column", &self.column).finish_non_exhaustive()
    }
}

/// One cell of a [`Sheet`].
#[derive(Clone, Debug, PartialEq)]
pub enum SheetCell<'a> {
    /// Undefined.
    Empty,
    /// A finite number.
    Number(f64),
    /// A whole number.
    Count(i64),
    /// A text.
    Text(Cow<'a, str>),
}

impl<'a> SheetCell<'a> {
    pub(super) fn number(x: f64) -> Self {
        // Adding zero takes the sign off −0.
        if x.is_finite() { Self::Number(x + 0.0) } else { Self::Empty }
    }

    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    pub(super) fn json(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Empty,
            Value::Number(x) => x.as_i64().map_or_else(|| Self::number(x.as_f64().unwrap_or(f64::NAN)), Self::Count),
            Value::String(text) => Self::text(text.as_str()),
            other => Self::text(other.to_string()),
        }
    }
}

impl<'a> SheetColumn<'a> {
    /// Columns whose cells are made by row and column when they are asked for.
    pub(super) fn computed(
        rows: usize,
        columns: usize,
        cell: impl Fn(usize, usize) -> SheetCell<'static> + 'a,
    ) -> impl Iterator<Item = Self> {
        let cell: Rc<dyn Fn(usize, usize) -> SheetCell<'static> + 'a> = Rc::new(cell);
        (0..columns).map(move |column| Self::Computed(Computed { rows, column, cell: Rc::clone(&cell) }))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Values(Values::Numbers(v)) => v.len(),
            Self::Values(Values::Counts(v)) => v.len(),
            Self::Values(Values::Classes(v)) => v.len(),
            Self::Values(Values::Texts(v)) => v.len(),
            Self::Texts(v) => v.len(),
            Self::Computed(v) => v.rows,
            Self::Cells(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of one row.
    pub fn cell(&self, row: usize) -> SheetCell<'_> {
        match self {
            Self::Values(Values::Numbers(v)) => SheetCell::number(v[row]),
            Self::Values(Values::Counts(v)) => v[row].map_or(SheetCell::Empty, SheetCell::Count),
            Self::Values(Values::Classes(v)) => SheetCell::text(v[row]),
            Self::Values(Values::Texts(v)) => SheetCell::optional(v[row].as_deref()),
            Self::Texts(v) => SheetCell::text(v[row].as_str()),
            Self::Computed(v) => (v.cell)(row, v.column),
            Self::Cells(v) => v[row].clone(),
        }
    }
}

impl<'a> Sheet<'a> {
    /// Names of the columns as a page has them.
    pub fn headings(&self) -> Vec<Cow<'_, str>> {
        let name =
            |name: &'_ Cow<'a, str>| if self.in_words { heading(name).into() } else { Cow::Owned(name.to_string()) };
        self.header.iter().map(name).collect()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, SheetColumn::len)
    }

    /// A sheet of cells row by row.
    pub fn from_rows(name: &str, title: &str, header: &[&'a str], rows: Vec<Vec<SheetCell<'a>>>) -> Self {
        let mut columns = vec![Vec::with_capacity(rows.len()); header.len()];
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            header: header.iter().map(|&name| name.into()).collect(),
            columns: columns.into_iter().map(SheetColumn::Cells).collect(),
            ..Self::default()
        }
    }
}

/// The name of a column in words, with the capitals of names and of symbols.
pub fn heading(name: &str) -> String {
    let word = |word: &str| match word {
        "s" | "w" | "ts" | "hhi" | "lq" | "rs" | "im" | "ns" | "nm" | "rm" | "nav" => word.to_uppercase(),
        "krugman" | "moore" | "lilien" | "fu" | "hoover" | "gini" => word[..1].to_uppercase() + &word[1..],
        _ => word.to_owned(),
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// The links of a network, one a row, an undirected one once: an edge list that can be read again.
pub fn edges<'a>(cities: &'a Cities, links: &Linkage) -> Sheet<'a> {
    let undirected = links.direction() == LinkDirection::Undirected;
    let arcs = links.arcs().filter(|&(i, j, _)| !undirected || i < j);
    let city = |i: usize| [SheetCell::text(cities.ids[i].as_str()), SheetCell::text(cities.names[i].as_str())];
    let rows = arcs.map(|(i, j, w)| {
        let ([origin, origin_name], [destination, destination_name]) = (city(i), city(j));
        vec![origin, destination, origin_name, destination_name, SheetCell::Number(links.meaning().strength(w))]
    });
    let header = ["origin", "destination", "origin_name", "destination_name", "weight"];
    Sheet::from_rows("links", "Links", &header, rows.collect())
}

/// All numbers that are not by city, one a row: `measure variable weights year options name value`.
pub fn statistics(report: &Report) -> Sheet<'_> {
    let rows = report.outcomes.iter().flat_map(|outcome| {
        outcome.scalars.iter().map(|&(name, value)| {
            let mut row = whose(outcome).to_vec();
            row.extend([SheetCell::text(name), SheetCell::number(value)]);
            row
        })
    });
    let header = ["measure", "variable", "weights", "year", "options", "name", "value"];
    Sheet::from_rows("statistics", "Statistics", &header, rows.collect())
}

fn whose(outcome: &Outcome) -> [SheetCell<'_>; 5] {
    [
        SheetCell::text(outcome.measure),
        SheetCell::optional(outcome.variable.as_deref()),
        SheetCell::optional(outcome.weights.as_deref()),
        outcome.year.map_or(SheetCell::Empty, |year| SheetCell::Count(year.into())),
        match options(outcome) {
            options if options.is_empty() => SheetCell::Empty,
            options => SheetCell::text(options),
        },
    ]
}

/// `population=pop group=province`
fn options(outcome: &Outcome) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs: Vec<String> = outcome.options.iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
    pairs.join(" ")
}

/// The cities with their results: `id name` and the columns of the annotated file.
pub fn by_city<'a>(report: &'a Report, columns: &[NamedColumn<'a>]) -> Sheet<'a> {
    let mut header: Vec<Cow<'a, str>> = vec!["id".into(), "name".into()];
    header.extend(columns.iter().map(|column| Cow::Owned(column.name.clone())));
    let mut cells = vec![SheetColumn::Texts(&report.cities.ids), SheetColumn::Texts(&report.cities.names)];
    cells.extend(columns.iter().map(|column| SheetColumn::Values(column.values)));
    Sheet { name: "cities".into(), title: "Cities".into(), header, columns: cells, ..Sheet::default() }
}

/// What each column of the annotated file is: the data dictionary.
pub fn dictionary<'a>(columns: &'a [NamedColumn<'a>]) -> Sheet<'a> {
    let header = [
        "column",
        "label",
        "unit",
        "measure",
        "variable",
        "weights",
        "year",
        "options",
        "undefined",
        "formula",
        "reference",
    ];
    let rows = columns.iter().map(|column| {
        let [measure, variable, weights, year, options] = whose(column.outcome);
        vec![
            SheetCell::text(column.name.as_str()),
            SheetCell::text(column.label.as_str()),
            SheetCell::text(column.unit()),
            measure,
            variable,
            weights,
            year,
            options,
            SheetCell::Count(column.undefined() as i64),
            SheetCell::text(column.about.formula),
            SheetCell::text(column.about.reference),
        ]
    });
    Sheet::from_rows("columns", "Columns", &header, rows.collect())
}

/// The tables and matrices of the measures, each under a name of its own.
pub fn of_measures<'a>(report: &'a Report, layout: &MatrixLayout) -> Vec<Sheet<'a>> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for outcome in &report.outcomes {
        for (name, table) in &outcome.tables {
            let rows = table.rows.iter().map(|row| row.iter().map(SheetCell::json).collect()).collect();
            let sheet = Sheet::from_rows(&file_name(outcome, name), &title(outcome, name), &table.columns, rows);
            sheets.push(Sheet { key: key(outcome, name), footer: outcome.footer.clone(), in_words: true, ..sheet });
        }
        for (name, matrix) in &outcome.matrices {
            let columns = super::matrix::columns(report, outcome, matrix, layout);
            sheets.push(of_matrix(outcome, name, columns));
        }
        sheets.extend(both_similarities(report, outcome, layout));
    }
    sheets.extend(super::inequality::of_inequality(report));
    sheets.extend(super::profile::of_reach(report));
    sheets.extend(super::index_cities::of_index(report));
    super::tell_apart(&mut sheets, |sheet| &mut sheet.name);
    sheets
}

/// The table that reports print: similarity below the diagonal, half of Krugman's index above it.
fn both_similarities<'a>(report: &'a Report, outcome: &'a Outcome, layout: &MatrixLayout) -> Option<Sheet<'a>> {
    let (lower, upper) = (outcome.matrix("unido")?, outcome.matrix("krugman")?);
    let columns = super::matrix::paired(report, outcome, lower, upper, layout);
    let sheet = of_matrix(outcome, "unido_and_krugman", columns);
    let year = outcome.year.map_or_else(String::new, |year| format!(", {year}"));
    let title = format!("UNIDO similarity below the diagonal, half of Krugman's index above it{year}");
    Some(Sheet { title, ..sheet })
}

fn of_matrix<'a>(outcome: &'a Outcome, name: &str, (header, columns): super::matrix::Columns<'a>) -> Sheet<'a> {
    Sheet {
        name: file_name(outcome, name),
        key: key(outcome, name),
        title: title(outcome, name),
        footer: outcome.footer.clone(),
        in_words: false,
        header,
        columns,
    }
}

fn key(outcome: &Outcome, table: &str) -> String {
    format!("{}.{table}", outcome.measure)
}

/// A name made of the program's own words and of plain letters from the data, never longer than 100 characters.
fn file_name(outcome: &Outcome, table: &str) -> String {
    let mut name = format!("{}_{table}", outcome.measure);
    let by_options = !outcome.is_of_industry();
    // What a measure found is no part of the name, which would change with the data.
    let asked = outcome.options.iter().filter(|(name, _)| !matches!(name.as_str(), "decay" | "constraint"));
    let options = asked.filter_map(|(_, value)| value.as_str()).filter(|_| by_options);
    let parts = [outcome.variable.as_deref(), outcome.weights.as_deref()];
    for part in parts.into_iter().flatten().chain(options) {
        name += &format!("_{}", file_part(part));
    }
    if let Some(year) = outcome.year {
        name += &format!("_{year}");
    }
    name.chars().take(100).collect()
}

/// The title of a table, in the words of the registry.
pub fn title(outcome: &Outcome, table: &str) -> String {
    let about = measure(outcome.measure).map(|measure| measure.about());
    let field = about.and_then(|about| about.fields.iter().find(|field| field.name == table && field.is_tabular()));
    let what = match (about, field) {
        (Some(about), Some(field)) => format!("{}: {}", about.title, field.meaning),
        _ => format!("{}, {table}", outcome.measure),
    };
    let parts = [Some(what.as_str()), outcome.variable.as_deref(), outcome.weights.as_deref()];
    let mut title = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(year) = outcome.year {
        title += &format!(", {year}");
    }
    let span = ["from", "to"].map(|name| outcome.options.get(name).and_then(Value::as_i64));
    match (span, outcome.is_of_industry()) {
        ([Some(from), Some(to)], _) => title += &format!(", {from} to {to}"),
        // Results of industry differ in their years alone.
        (_, false) if !outcome.options.is_empty() => title += &format!(", {}", options(outcome)),
        _ => {}
    }
    title
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;
    use crate::measures::{Matrix, TableOut};

    #[test]
    fn undefined_numbers_are_empty_cells() {
        let report = report();
        let (columns, _) = super::super::columns::tests::columns(&report, super::super::columns::Names::Long, "");
        let sheet = by_city(&report, &columns);
        assert_eq!(sheet.header, ["id", "name", "lisa_i", "lisa_p", "lisa_cl"]);
        assert_eq!(sheet.columns[2].cell(1), SheetCell::Empty);
        assert_eq!(sheet.columns[4].cell(1), SheetCell::Text("undefined".into()));
        assert_eq!(statistics(&report).rows(), 1);
    }

    #[test]
    fn names_of_files_never_come_from_data_as_they_are() {
        let mut report = report();
        report.outcomes[0].variable = Some("../../etc/passwd".into());
        let table = TableOut { columns: vec!["a"], rows: vec![vec![Value::Null]] };
        let matrix = Matrix { rows: vec!["r".into()], columns: vec!["c".into()], values: vec![1.0] };
        report.outcomes[0].tables = vec![("pairs", table.clone()), ("pairs", table)];
        report.outcomes[0].matrices = vec![("g", matrix)];
        let names: Vec<String> =
            of_measures(&report, &MatrixLayout::default()).into_iter().map(|sheet| sheet.name).collect();
        assert_eq!(
            names,
            [
                "local_moran_pairs_etc_passwd_queen",
                "local_moran_pairs_etc_passwd_queen_2",
                "local_moran_g_etc_passwd_queen"
            ]
        );
    }
    #[test]
    fn names_of_files_do_not_depend_on_what_was_found() {
        let mut outcome = Outcome { measure: "gravity_fit", ..Outcome::default() };
        outcome.options.insert("mass".into(), "gdp".into());
        let before = file_name(&outcome, "fits");
        outcome.options.insert("decay".into(), "power".into());
        outcome.options.insert("constraint".into(), "doubly".into());
        assert_eq!((file_name(&outcome, "fits"), before.as_str()), (before.clone(), "gravity_fit_fits_gdp"));
        assert!(title(&outcome, "fits").contains("decay=power"));
    }
}
