//! The interlocking network: cities linked by the firms that have offices in both.

use serde_json::json;

use super::super::adapter::{note, once};
use super::rows::all_rows;
use super::strongest::{LISTED, Pair, pair_row, strongest};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{by_pairs, cell, finding, fits, who};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;

/// Most products of service values that are summed for the pairs of cities.
const MOST: usize = 20_000_000_000;

/// Connectivity of the cities by the firms they share; see [`interlocking()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Interlocking {
    /// Connectivity a_a = Σ_{b≠a} r_ab.
    pub connectivity: Vec<f64>,
    /// Over the highest, 0 to 1; NaN where no city is connected.
    pub share: Vec<f64>,
    /// Site service status Σ_j v_aj.
    pub status: Vec<f64>,
    /// Number of firms with an office in the city.
    pub firms: Vec<usize>,
    /// Σ_a a_a.
    pub total: f64,
}

/// Taylor's interlocking network model.
///
/// # Formula
///
/// r_ab = Σ_j v_aj v_bj for a ≠ b; a_a = Σ_b r_ab = Σ_j v_aj (Σ_b v_bj − v_aj); status Σ_j v_aj.
///
/// `firms` holds the service value v_aj of firm j in city a: cities in rows, firms in columns; usually 0 (no office) to 5
/// (headquarters), any number of zero or more. NaN counts as 0, no office. O(n·firms).
///
/// # Errors
///
/// [`Kind::Value`] for a value below zero or infinite, or a matrix that is not rows times columns.
///
/// # Source
///
/// Taylor, P. J. (2001). Specification of the world city network. Geographical Analysis 33, 181-194.
///
/// ```
/// use agglo::measures::{Matrix, radiation::interlocking};
/// let values = vec![5.0, 3.0, 2.0, 0.0, 2.0, 0.0];
/// let names = |n: usize| (0..n).map(|i| i.to_string()).collect();
/// let network = interlocking(&Matrix { rows: names(3), columns: names(2), values })?;
/// assert_eq!(network.connectivity, [20.0, 14.0, 14.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn interlocking(firms: &Matrix) -> Result<Interlocking> {
    let values = service_values(firms)?;
    let (n, count) = (firms.rows.len(), firms.columns.len());
    let row = |a: usize| &values[a * count..(a + 1) * count];
    let mut totals = vec![0.0; count];
    (0..n).for_each(|a| totals.iter_mut().zip(row(a)).for_each(|(sum, v)| *sum += v));
    // Firm by firm, so that a firm with one office adds exactly nothing.
    let elsewhere = |(v, total): (&f64, &f64)| if *v == *total { 0.0 } else { v * (total - v) };
    let connectivity: Vec<f64> = (0..n).map(|a| row(a).iter().zip(&totals).map(elsewhere).sum()).collect();
    let most = connectivity.iter().fold(0.0, |most: f64, &x| most.max(x));
    let share = |x: &f64| if most > 0.0 { x / most } else { f64::NAN };
    Ok(Interlocking {
        share: connectivity.iter().map(share).collect(),
        status: (0..n).map(|a| row(a).iter().sum()).collect(),
        firms: (0..n).map(|a| row(a).iter().filter(|v| **v > 0.0).count()).collect(),
        total: connectivity.iter().sum(),
        connectivity,
    })
}

/// The service values, 0 for NaN.
pub(super) fn service_values(firms: &Matrix) -> Result<Vec<f64>> {
    let (n, count) = (firms.rows.len(), firms.columns.len());
    if firms.values.len() != n * count {
        let message = format!("{} service values for {n} cities and {count} firms", firms.values.len());
        return Err(Fault::new(Kind::Value, message).into());
    }
    if let Some(at) = firms.values.iter().position(|v| *v < 0.0 || v.is_infinite()) {
        let fault = Fault::new(Kind::Value, format!("{} is no service value", firms.values[at])).feature(at / count);
        return Err(fault.field(firms.columns[at % count].as_str()).hint("give zero or more").into());
    }
    Ok(firms.values.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect())
}

/// r_ab of one city with all others.
pub(super) fn link_row(values: &[f64], count: usize, a: usize, row: &mut [f64]) {
    let own = &values[a * count..(a + 1) * count];
    for (b, (link, other)) in row.iter_mut().zip(values.chunks_exact(count.max(1))).enumerate() {
        *link = if a == b { 0.0 } else { own.iter().zip(other).map(|(x, y)| x * y).sum() };
    }
}

/// Whether the links of all pairs can be summed.
pub(super) fn can_pair(n: usize, firms: usize) -> bool {
    n.saturating_mul(n).saturating_mul(firms) <= MOST
}

static ABOUT: About = About {
    name: "interlocking",
    family: Family::Radiation,
    needs: Needs::Firms,
    title: "Interlocking network",
    question: "Which cities are tied together by the offices of firms, and how central is each in that network?",
    formula: "r_ab = sum_j v_aj v_bj (a != b); a_a = sum_b r_ab; status_a = sum_j v_aj",
    symbols: &[
        ("v_aj", "service value of firm j in city a, 0 (no office) to 5 (headquarters)"),
        ("r_ab", "link between two cities"),
        ("a_a", "nodal connectivity of city a"),
    ],
    reading: "A potential for flows inside firms, not flows. Only the shares of the highest connectivity compare between studies, and only with the same set of firms and scale of values. A large status with a small connectivity: firms that are nowhere else",
    variant: "Products of service values, no self-links, empty cells count as no office, share of the highest connectivity",
    reference: "Taylor (2001), Geographical Analysis 33, 181-194; Taylor and Derudder (2016), World City Network",
    fields: &[
        Field::annotated("connectivity", "connectivity", "connectiv", "nodal connectivity a_a"),
        Field::annotated(
            "connectivity_share",
            "connectivity_share",
            "conn_share",
            "connectivity over the highest, 0 to 1",
        ),
        Field::column("status", "site service status, the sum of its service values"),
        Field::column("firms", "number of firms with an office"),
        Field::scalar("total", "sum of all connectivities, sum over firms of (sum v)^2 - sum v^2"),
        Field::scalar("firms", "number of firms"),
        Field::scalar("n", "number of cities"),
        Field::table("cities", "for each city its connectivity, share of the highest, status and number of firms"),
        Field::table("pairs", "the 50 strongest pairs"),
        Field::matrix("links", "r_ab of all pairs"),
    ],
    matches: &[],
};

/// [`interlocking()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let Some(firms) = run.firms else { return Ok(Vec::new()) };
    once(run, &ABOUT, |outcome| fill(run, firms, outcome))
}

fn fill(run: &Run, firms: &Matrix, outcome: &mut Outcome) -> Result<()> {
    let (n, count) = (run.cities.len(), firms.columns.len());
    if firms.rows.len() != n {
        let message = format!("{} cities in the table of firms, and {n} in the study", firms.rows.len());
        return Err(Fault::new(Kind::Value, message).into());
    }
    let result = interlocking(firms)?;
    outcome.scalars.extend([("total", result.total), ("firms", count as f64), ("n", n as f64)]);
    let without: Vec<usize> = (0..n).filter(|&a| result.firms[a] == 0).collect();
    note(run, "no_firms", "no firm has an office in", &without, outcome);
    let single = (0..count).filter(|j| (0..n).filter(|a| firms.values[a * count + j] > 0.0).count() == 1).count();
    if single > 0 {
        let message = format!("{single} of {count} firms have offices in one city only, which link nothing");
        outcome.notes.push(Note::remark("single_office", message));
    }
    outcome.tables.push(("cities", cities(run, &result)));
    let values = service_values(firms)?;
    if can_pair(n, count) {
        let pairs = strongest(n, LISTED, |a, row| {
            link_row(&values, count, a, row);
            row[..=a].fill(0.0);
        });
        outcome.tables.push(("pairs", pair_table(run, &result, &pairs)));
        if fits("the matrix of links", n, n, outcome) {
            let links = all_rows(n, |a, row| link_row(&values, count, a, row));
            outcome.matrices.push(("links", by_pairs(run, links)));
        }
    } else {
        let message = format!("links of the pairs of {n} cities by {count} firms are too many to sum");
        outcome.notes.push(Note::remark("not_run", message));
    }
    outcome.notes.extend(sentence(run, &result, count).map(finding));
    outcome.footer = Some(format!("sum of products of service values over {count} firms; n = {n}"));
    let firms = result.firms.iter().map(|&count| Some(count as i64)).collect();
    outcome.columns = vec![
        ("connectivity", Values::Numbers(result.connectivity)),
        ("connectivity_share", Values::Numbers(result.share)),
        ("status", Values::Numbers(result.status)),
        ("firms", Values::Counts(firms)),
    ];
    Ok(())
}

fn cities(run: &Run, result: &Interlocking) -> TableOut {
    let row = |a: usize| {
        let numbers = [result.connectivity[a], result.share[a], result.status[a]].map(cell);
        who(run, a).into_iter().chain(numbers).chain([json!(result.firms[a])]).collect()
    };
    TableOut {
        columns: vec!["city", "name", "connectivity", "share", "status", "firms"],
        rows: (0..run.cities.len()).map(row).collect(),
    }
}

fn pair_table(run: &Run, result: &Interlocking, pairs: &[Pair]) -> TableOut {
    let row = |&(a, b, link): &Pair| pair_row(run, a, b, [cell(link), cell(2.0 * link / result.total)]);
    TableOut { columns: vec!["a", "a_name", "b", "b_name", "link", "share"], rows: pairs.iter().map(row).collect() }
}

fn sentence(run: &Run, result: &Interlocking, firms: usize) -> Option<String> {
    let top = result.share.iter().position(|share| *share == 1.0)?;
    let half = result.share.iter().filter(|share| **share >= 0.5).count();
    Some(format!(
        "{} is the best connected by {firms} firms; {half} of {} cities reach half of its connectivity",
        run.cities.known_as(top),
        result.share.len()
    ))
}
