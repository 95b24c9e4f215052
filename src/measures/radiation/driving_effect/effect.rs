//! The slope of growth on exposure, with an error that allows for cities of unequal variance or seen several times.

use super::super::spillover::linear::{Basis, dot};
use super::growth::Row;
use crate::inference::student_p;

/// Fewest rows, and fewest cities seen several times, beyond the coefficients.
const SPARE: usize = 3;

/// A slope.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The slope b; NaN where it is undefined.
    pub b: f64,
    /// Its standard error: HC3 for one period, clustered by city for several.
    pub se: f64,
    /// b/se.
    pub t: f64,
    /// Two-sided p value by Student's t.
    pub p: f64,
    /// Degrees of freedom of it: rows less coefficients, or clusters less one.
    pub freedom: f64,
    /// Rows: cities times periods.
    pub rows: usize,
    /// Cities.
    pub cities: usize,
    /// `spread` (b > 0), `backwash` (b < 0), `ns` (not told from chance) or `undefined`.
    pub label: &'static str,
    /// Why it is undefined.
    pub reason: Option<String>,
}

impl Effect {
    fn undefined(rows: usize, cities: usize, reason: impl Into<String>) -> Self {
        let nan = f64::NAN;
        let reason = Some(reason.into());
        Self { b: nan, se: nan, t: nan, p: nan, freedom: nan, rows, cities, label: "undefined", reason }
    }

    fn new(b: f64, se: f64, freedom: f64, (rows, cities): (usize, usize), alpha: f64) -> Self {
        if se.is_nan() {
            return Self::undefined(rows, cities, "it hangs on one city alone");
        }
        if se == 0.0 {
            return Self::undefined(rows, cities, "the growth is explained without any error");
        }
        let t = b / se;
        let p = student_p(t, freedom);
        let label = match p <= alpha {
            true if b > 0.0 => "spread",
            true => "backwash",
            false => "ns",
        };
        Self { b, se, t, p, freedom, rows, cities, label, reason: None }
    }
}

/// The cities of the rows, numbered from the first of the list of cities on.
fn groups(rows: &[Row]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = rows.iter().map(|row| row.city).collect();
    order.sort_unstable();
    order.dedup();
    let group = |row: &Row| order.partition_point(|&city| city < row.city);
    (rows.iter().map(group).collect(), order.len())
}

/// A column of ones, and one for each period but the first that rows have.
fn periods(rows: &[Row]) -> Vec<Vec<f64>> {
    let mut seen: Vec<usize> = rows.iter().map(|row| row.period).collect();
    seen.sort_unstable();
    seen.dedup();
    let dummy = |&period: &usize| rows.iter().map(|row| f64::from(u8::from(row.period == period))).collect();
    std::iter::once(vec![1.0; rows.len()]).chain(seen.iter().skip(1).map(dummy)).collect()
}

/// The slope of growth on `x`, over all rows, with an effect of each period, and with the initial level where `control`.
pub(super) fn slope(rows: &[Row], x: &[f64], what: &str, control: bool, alpha: f64) -> Effect {
    let (group, cities) = groups(rows);
    let mut columns = periods(rows);
    let (several, at) = (columns.len() > 1, columns.len());
    columns.push(x.to_vec());
    if control {
        columns.push(rows.iter().map(|row| row.initial).collect());
    }
    let k = columns.len();
    if rows.len() < k + SPARE || cities < 1 + SPARE {
        let reason = format!("{} rows of {cities} cities are too few for {k} coefficients", rows.len());
        return Effect::undefined(rows.len(), cities, reason);
    }
    let basis = match Basis::new(&columns) {
        Ok(basis) => basis,
        Err(column) if column == at => {
            return Effect::undefined(rows.len(), cities, format!("{what} is the same in all cities"));
        }
        Err(_) => return Effect::undefined(rows.len(), cities, "the initial level follows from the other terms"),
    };
    let growth: Vec<f64> = rows.iter().map(|row| row.growth).collect();
    let residuals = basis.residuals(&growth);
    let (covariance, freedom) = match several {
        true => (basis.clustered(&residuals, &group, cities), cities - 1),
        false => (basis.robust(&residuals), rows.len() - k),
    };
    let (b, se) = (basis.coefficients(&growth)[at], covariance[at * k + at].sqrt());
    Effect::new(b, se, freedom as f64, (rows.len(), cities), alpha)
}

/// The slope of y on x within cities, with an effect of each period; `rows` say which city and period.
pub(super) fn within(rows: &[Row], y: &[f64], x: &[f64], what: &str, alpha: f64) -> Effect {
    let (group, cities) = groups(rows);
    let mut columns: Vec<Vec<f64>> = periods(rows).into_iter().skip(1).collect();
    columns.push(x.to_vec());
    let demeaned = |column: &[f64]| -> Vec<f64> {
        let (mut sums, mut counts) = (vec![0.0; cities], vec![0.0; cities]);
        for (&g, x) in group.iter().zip(column) {
            sums[g] += x;
            counts[g] += 1.0;
        }
        group.iter().zip(column).map(|(&g, x)| x - sums[g] / counts[g]).collect()
    };
    let k = columns.len();
    if rows.len() < k + cities + SPARE || cities < 1 + SPARE {
        let reason = format!("{} rows are too few for {k} coefficients and {cities} cities", rows.len());
        return Effect::undefined(rows.len(), cities, reason);
    }
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| demeaned(column)).collect();
    // What is left of a column that is the same in all cities is rounding, which its own length does not show.
    let flat = dot(&columns[k - 1], &columns[k - 1]).sqrt() <= 1e-9 * dot(x, x).sqrt();
    let (basis, y) = match Basis::new(&columns) {
        Ok(basis) if !flat => (basis, demeaned(y)),
        _ => return Effect::undefined(rows.len(), cities, format!("{what} moves alike in all cities")),
    };
    let residuals = basis.residuals(&y);
    let covariance = basis.clustered(&residuals, &group, cities);
    let (b, se) = (basis.coefficients(&y)[k - 1], covariance[k * k - 1].sqrt());
    Effect::new(b, se, cities as f64 - 1.0, (rows.len(), cities), alpha)
}

/// Pearson's correlation, NaN where one does not vary.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let ones = vec![1.0; x.len()];
    let Ok(basis) = Basis::new(&[ones]) else { return f64::NAN };
    let (a, b) = (basis.residuals(x), basis.residuals(y));
    let (aa, bb) = (dot(&a, &a), dot(&b, &b));
    match aa > 1e-24 * dot(x, x) && bb > 1e-24 * dot(y, y) {
        true => dot(&a, &b) / (aa * bb).sqrt(),
        false => f64::NAN,
    }
}
