//! Dynamic location quotient: in which sectors a city became more, or less, specialised.

use serde_json::{Value, json};

use super::span::{Span, percent_note};
use crate::error::Result;
use crate::measures::isomorphism::adapter::{by_sector, cell, finding, over_the_years, printed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{Industry, IndustryYear, Structure};

/// Location quotients of two years and their ratio, each n·K, one city after the other, NaN where undefined; see
/// [`dynamic_location_quotient()`].
#[derive(Clone, Debug, PartialEq)]
pub struct QuotientChange {
    /// Quotients of the first year.
    pub from: Vec<f64>,
    /// Quotients of the last year.
    pub to: Vec<f64>,
    /// The last over the first; NaN where one of them is 0 or undefined.
    pub ratio: Vec<f64>,
}

/// The location quotients of the last year over those of the first.
///
/// # Formula
///
/// DLQ_ik = q_ik,1/q_ik,0 = [(x_ik,1/x_ik,0)/(X_i,1/X_i,0)] / [(R_k,1/R_k,0)/(R_1/R_0)] with q_ik = s_ik/S_k
///
/// where x_ik is the level of sector k in city i, X_i and s_ik its total and its share, R_k, R and S_k the same of the reference
/// area, which is the one that the structures carry, else the sum of the cities that take part in both years. In (0, ∞);
/// NaN where one of the quotients is 0. Growth of all prices cancels. O(n·K).
///
/// # Errors
///
/// Years of different cities or sectors, or a reference area in one of them only;
/// [`Kind::Undefined`](crate::error::Kind::Undefined) where no city takes part in both.
///
/// ```
/// use agglo::measures::structure::dynamic_location_quotient;
/// use agglo::study::Structure;
/// let (from, to) = (Structure::new(vec![1.0, 1.0, 1.0, 1.0], 2)?, Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?);
/// assert_eq!(dynamic_location_quotient(&from, &to)?.ratio, [1.5, 0.5, 0.5, 1.5]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn dynamic_location_quotient(from: &Structure, to: &Structure) -> Result<QuotientChange> {
    let span = Span::new(&[from, to])?;
    let (from, to) = (quotients(&span, 0), quotients(&span, 1));
    let ratio = |(&from, &to): (&f64, &f64)| if from > 0.0 && to > 0.0 { to / from } else { f64::NAN };
    let ratio = from.iter().zip(&to).map(ratio).collect();
    Ok(QuotientChange { from, to, ratio })
}

/// Location quotients of the cities of the span in the year at this place.
fn quotients(span: &Span, year: usize) -> Vec<f64> {
    let (structure, reference, sectors) = (span.years[year], span.reference(year), span.sectors());
    let total: f64 = reference.iter().sum();
    let mut quotients = vec![f64::NAN; span.cities() * sectors];
    for &i in &span.members {
        for k in (0..sectors).filter(|&k| reference[k] > 0.0) {
            quotients[i * sectors + k] = structure.shares(i)[k] / (reference[k] / total);
        }
    }
    quotients
}

const VARIANT: &str = "location quotient of the last year over that of the first; null where one of them is 0; values, prices and borders as given";

/// Rows of the table of movers, for rises and for falls.
const MOST: usize = 20;

static ABOUT: About = About {
    name: "dynamic_location_quotient",
    family: Family::Structure,
    needs: Needs::IndustryYears,
    title: "Dynamic location quotient",
    question: "In which sectors did each city become more specialised, and in which less?",
    formula: "dlq_ik = q_ik1/q_ik0, q_ik = s_ik/S_k",
    symbols: &[
        ("q_ik", "location quotient of sector k in city i, in the last and in the first year"),
        ("s_ik, S_k", "share of sector k in city i, in the reference area"),
    ],
    reading: "Above 1: the sector gained weight in the city faster than in the reference area; below 1: slower. It says where specialisation moves, not how strong it is: small sectors move most, so read it beside the quotients",
    variant: "From the first to the last year. The reference area is the sum of the cities that take part in both years unless a reference row is given. Null where a quotient is 0. Other authors compound annual growth rates plus 1, which is the same over the whole period only",
    reference: "Haig (1928) and Hoover (1936) for the quotient; the ratio of two years is common usage",
    fields: &[
        Field::matrix("dlq", "quotient of the last year over that of the first, by city and sector"),
        Field::table("movers", "the 20 strongest rises and the 20 strongest falls, with both quotients"),
    ],
    matches: &[],
};

/// [`dynamic_location_quotient()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    over_the_years(run, &ABOUT, VARIANT, |industry, (first, last), outcome| fill(run, industry, first, last, outcome))
}

fn fill(
    run: &Run,
    industry: &Industry,
    first: &IndustryYear,
    last: &IndustryYear,
    outcome: &mut Outcome,
) -> Result<()> {
    let result = dynamic_location_quotient(&first.structure, &last.structure)?;
    let [rises, falls] = movers(&result.ratio);
    outcome.notes.extend(zero_note(&result));
    outcome.notes.extend(percent_note(industry));
    outcome.notes.extend(said(run, industry, &result, &rises, &falls));
    outcome.tables.push(("movers", movers_table(run, industry, &result, rises.iter().chain(&falls))));
    outcome.matrices.push(("dlq", by_sector(run, industry, result.ratio)));
    Ok(())
}

/// Cells of the strongest rises and of the strongest falls, the strongest first, ties in the order of the cells. What moved
/// by no more than rounding is neither.
fn movers(ratio: &[f64]) -> [Vec<usize>; 2] {
    let strongest = |sign: f64| {
        let strength = |&at: &usize| sign * libm::log(ratio[at]);
        let mut cells: Vec<usize> = (0..ratio.len()).filter(|at| strength(at) > 1e-12).collect();
        cells.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
        cells.truncate(MOST);
        cells
    };
    [strongest(1.0), strongest(-1.0)]
}

fn movers_table<'a>(
    run: &Run,
    industry: &Industry,
    result: &QuotientChange,
    cells: impl Iterator<Item = &'a usize>,
) -> TableOut {
    let sectors = industry.sectors.len();
    let row = |&at: &usize| -> Vec<Value> {
        let numbers = [result.from[at], result.to[at], result.ratio[at]].map(cell);
        who(run, at / sectors).into_iter().chain([json!(industry.sectors[at % sectors])]).chain(numbers).collect()
    };
    TableOut { columns: vec!["city", "name", "sector", "lq_from", "lq_to", "dlq"], rows: cells.map(row).collect() }
}

fn zero_note(result: &QuotientChange) -> Option<Note> {
    let known = |at: &usize| !result.from[*at].is_nan() || !result.to[*at].is_nan();
    let count = (0..result.ratio.len()).filter(known).filter(|&at| result.ratio[at].is_nan()).count();
    (count > 0).then(|| {
        let pairs = if count == 1 { "1 pair".to_owned() } else { format!("{count} pairs") };
        let message =
            format!("no dynamic quotient of {pairs} of city and sector, whose quotient is 0 in one of the years");
        Note::remark("undefined_number", message)
    })
}

fn said(run: &Run, industry: &Industry, result: &QuotientChange, rises: &[usize], falls: &[usize]) -> Option<Note> {
    let sectors = industry.sectors.len();
    let phrase = |at: &usize| {
        format!(
            "{} in {} ({} to {})",
            industry.sectors[at % sectors],
            run.cities.known_as(at / sectors),
            printed(result.from[*at], 2),
            printed(result.to[*at], 2)
        )
    };
    Some(finding(format!(
        "the location quotient rose most, by ratio, of {}, and fell most of {}",
        phrase(rises.first()?),
        phrase(falls.first()?)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_have_no_ratio_and_movers_come_by_strength() {
        let from = Structure::new(vec![1.0, 1.0, 2.0, 0.0], 2).unwrap();
        let to = Structure::new(vec![1.0, 3.0, 1.0, 1.0], 2).unwrap();
        let result = dynamic_location_quotient(&from, &to).unwrap();
        assert!(result.ratio[3].is_nan() && result.to[3] > 0.0);
        assert_eq!(movers(&[1.0, 2.0, 0.1, f64::NAN, 2.0, 3.0]), [vec![5, 1, 4], vec![2]]);
        assert!(zero_note(&result).unwrap().message.contains("1 pair"));
    }
}
