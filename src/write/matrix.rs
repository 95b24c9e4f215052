//! Matrices as tables: which half of them, in which order of the cities, under which labels.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Report;
use super::sheet::{SheetCell, SheetColumn};
use crate::measures::{Matrix, Outcome, Values};

/// Half of a symmetric matrix that a table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Triangle {
    /// All of it.
    #[default]
    Full,
    /// What lies on and below the diagonal.
    Lower,
    /// What lies on and above the diagonal.
    Upper,
}

/// Order of the cities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// That of the input.
    #[default]
    Input,
    /// By id.
    Id,
    /// By the dendrogram of their industries, alike beside alike; that of the input where there is none.
    Dendrogram,
}

/// What names the cities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// Their ids.
    Id,
    /// Their names.
    Name,
    /// Ids, and names beside those of the rows.
    #[default]
    Both,
}

/// How matrices of cities are laid out in tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatrixLayout {
    /// Half that is shown.
    pub triangle: Triangle,
    /// Order of rows and columns.
    pub order: Order,
    /// Labels of rows and columns.
    pub labels: Labels,
}

impl MatrixLayout {
    /// The places of the cities in the order of a table of `outcome`.
    fn order(&self, report: &Report, outcome: &Outcome) -> Vec<usize> {
        let ids = &report.cities.ids;
        let mut order: Vec<usize> = (0..ids.len()).collect();
        match self.order {
            Order::Input => {}
            Order::Id => order.sort_by(|&a, &b| ids[a].cmp(&ids[b])),
            Order::Dendrogram => {
                if let Some(places) = dendrogram_places(report, outcome) {
                    // Cities without a place in the dendrogram come last.
                    order.sort_by_key(|&i| places[i].unwrap_or(i64::MAX));
                }
            }
        }
        order
    }
}

/// The place of each city in the dendrogram of the year of a result, else in that of any year.
fn dendrogram_places<'a>(report: &'a Report, outcome: &Outcome) -> Option<&'a [Option<i64>]> {
    let places = |other: &'a Outcome| match other.column("dendrogram_order") {
        Some(Values::Counts(places)) => Some(places.as_slice()),
        _ => None,
    };
    let of_year = report.outcomes.iter().filter(|other| other.year == outcome.year).find_map(places);
    of_year.or_else(|| report.outcomes.iter().rev().find_map(places))
}

/// Header and columns of a table.
pub(super) type Columns<'a> = (Vec<Cow<'a, str>>, Vec<SheetColumn<'a>>);

/// Header and columns of a matrix.
pub(super) fn columns<'a>(
    report: &'a Report,
    outcome: &Outcome,
    matrix: &'a Matrix,
    layout: &MatrixLayout,
) -> Columns<'a> {
    let width = matrix.columns.len();
    laid_out(report, outcome, matrix, layout, move |r, c, _| matrix.values[r * width + c])
}

/// Two symmetric matrices of the cities in one: `lower` below the diagonal, half of `upper` above it, nothing on it.
pub(super) fn paired<'a>(
    report: &'a Report,
    outcome: &Outcome,
    lower: &'a Matrix,
    upper: &'a Matrix,
    layout: &MatrixLayout,
) -> Columns<'a> {
    let n = lower.rows.len();
    let layout = MatrixLayout { triangle: Triangle::Full, ..*layout };
    laid_out(report, outcome, lower, &layout, move |r, c, side| match side {
        Ordering::Less => lower.values[r * n + c],
        Ordering::Greater => upper.values[r * n + c] / 2.0,
        Ordering::Equal => f64::NAN,
    })
}

/// The cells of a matrix by row, column, and on which side of the diagonal of the table they come to lie.
fn laid_out<'a>(
    report: &'a Report,
    outcome: &Outcome,
    matrix: &'a Matrix,
    layout: &MatrixLayout,
    value: impl Fn(usize, usize, Ordering) -> f64 + 'a,
) -> Columns<'a> {
    let ids = &report.cities.ids;
    let (by_city, pairs) = (matrix.rows == *ids, matrix.columns == *ids);
    let order = layout.order(report, outcome);
    let rows: Vec<usize> = if by_city { order.clone() } else { (0..matrix.rows.len()).collect() };
    let across: Vec<usize> = if pairs { order } else { (0..matrix.columns.len()).collect() };
    let triangle = if by_city && pairs { layout.triangle } else { Triangle::Full };
    let (mut header, mut columns) = labels(report, matrix, &rows, by_city, layout.labels);
    for &c in &across {
        let name = if pairs && layout.labels == Labels::Name { &report.cities.names[c] } else { &matrix.columns[c] };
        header.push(Cow::Borrowed(name.as_str()));
    }
    // Cells are made when they are written: those of all matrices of large studies would not fit into memory together.
    let (count, width) = (rows.len(), across.len());
    let cell = move |row: usize, column: usize| match (triangle, column.cmp(&row)) {
        (Triangle::Lower, Ordering::Greater) | (Triangle::Upper, Ordering::Less) => SheetCell::Empty,
        (_, side) => SheetCell::number(value(rows[row], across[column], side)),
    };
    columns.extend(SheetColumn::computed(count, width, cell));
    (header, columns)
}

/// The columns that name the rows.
fn labels<'a>(report: &'a Report, matrix: &'a Matrix, rows: &[usize], by_city: bool, labels: Labels) -> Columns<'a> {
    let texts = |of: &'a [String]| SheetColumn::Cells(rows.iter().map(|&r| SheetCell::text(of[r].as_str())).collect());
    let (ids, names) = (texts(&matrix.rows), || texts(&report.cities.names));
    match labels {
        _ if !by_city => (vec!["".into()], vec![ids]),
        Labels::Id => (vec!["city".into()], vec![ids]),
        Labels::Name => (vec!["name".into()], vec![names()]),
        Labels::Both => (vec!["city".into(), "name".into()], vec![ids, names()]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    fn cells(layout: &MatrixLayout) -> (Vec<String>, Vec<Vec<SheetCell<'static>>>) {
        let mut report = report();
        report.cities.ids = ["C3", "C1", "C2"].map(String::from).to_vec();
        let ids = report.cities.ids.clone();
        let matrix = Matrix { rows: ids.clone(), columns: ids, values: (0..9).map(f64::from).collect() };
        let order = Values::Counts(vec![Some(2), None, Some(1)]);
        report.outcomes = vec![Outcome { columns: vec![("dendrogram_order", order)], ..Outcome::default() }];
        let (header, columns) = columns(&report, &report.outcomes[0], &matrix, layout);
        let owned = |cell: SheetCell| match cell {
            SheetCell::Empty => SheetCell::Empty,
            SheetCell::Number(x) => SheetCell::Number(x),
            SheetCell::Count(x) => SheetCell::Count(x),
            SheetCell::Text(text) => SheetCell::Text(text.into_owned().into()),
        };
        let rows = (0..3).map(|row| columns.iter().map(|column| owned(column.cell(row))).collect()).collect();
        (header.into_iter().map(Cow::into_owned).collect(), rows)
    }

    #[test]
    fn cities_are_ordered_and_labelled_as_asked() {
        let by_id = MatrixLayout { order: Order::Id, labels: Labels::Id, ..MatrixLayout::default() };
        let (header, rows) = cells(&by_id);
        assert_eq!(header, ["city", "C1", "C2", "C3"]);
        assert_eq!(
            rows[0],
            [SheetCell::text("C1"), SheetCell::Number(4.0), SheetCell::Number(5.0), SheetCell::Number(3.0)]
        );
        let tree = MatrixLayout { order: Order::Dendrogram, ..MatrixLayout::default() };
        let (header, rows) = cells(&tree);
        assert_eq!(header, ["city", "name", "C2", "C3", "C1"]);
        assert_eq!(rows[2][0], SheetCell::text("C1"));
    }

    #[test]
    fn half_a_matrix_leaves_the_other_empty() {
        let lower = MatrixLayout { triangle: Triangle::Lower, labels: Labels::Name, ..MatrixLayout::default() };
        let (_, rows) = cells(&lower);
        assert_eq!(rows[0][1..], [SheetCell::Number(0.0), SheetCell::Empty, SheetCell::Empty]);
        let upper = MatrixLayout { triangle: Triangle::Upper, labels: Labels::Id, ..MatrixLayout::default() };
        assert_eq!(cells(&upper).1[2][1..], [SheetCell::Empty, SheetCell::Empty, SheetCell::Number(8.0)]);
    }
}
