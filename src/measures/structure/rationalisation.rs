//! Rationalisation: whether people work where the output comes from.

use serde_json::{Value, json};

use super::span::{about_cities, percent_note, sums};
use super::upgrading::unknown_sectors;
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::{cell, finding, footer, outcome_of, together, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, IndustryYear, Structure};

/// How far the structures of output and employment lie apart; see [`rationalisation()`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rationalisation {
    /// Theil's form, 0 or more; NaN where a sector has output and no employment.
    pub tl: f64,
    /// Structural deviation, 0 or more; NaN in the same cases.
    pub e: f64,
}

/// Theil's form and the structural deviation of one area's `output` and `employment` by sector, each 0 or more.
///
/// # Formula
///
/// TL = Σ_k (Y_k/Y) ln((Y_k/L_k)/(Y/L)); E = Σ_k |(Y_k/L_k)/(Y/L) − 1|
///
/// where Y_k is the output of sector k and L_k its employment. (Y_k/L_k)/(Y/L) is the productivity of the sector over that
/// of the area, which is its share of output over its share of employment: units do not matter. TL is the
/// Kullback-Leibler divergence of output from employment, in nats, summed as y ln(y/l) − y + l, whose terms are never
/// negative. **0 is best**, all sectors being equally productive; some papers use 1/TL instead. A sector without output adds
/// nothing to TL (0·ln 0 = 0) and 1 to E; one without output and employment adds nothing to either. O(K).
///
/// # Errors
///
/// Levels that are negative or infinite, no sectors, or not as many in both; [`Kind::Undefined`] where a level is not
/// known or all are 0.
///
/// # Source
///
/// Gan, C., Zheng, R. and Yu, D. (2011). Economic Research Journal 46(5), 4-16 (in Chinese).
///
/// ```
/// use agglo::measures::structure::rationalisation;
/// let even = rationalisation(&[10.0, 20.0], &[1.0, 2.0])?;
/// assert_eq!((even.tl, even.e), (0.0, 0.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rationalisation(output: &[f64], employment: &[f64]) -> Result<Rationalisation> {
    if output.len() != employment.len() {
        let message = format!("output of {} sectors and employment of {}", output.len(), employment.len());
        return Err(Fault::new(Kind::Structure, message).into());
    }
    let of = |levels: &[f64]| Structure::new(levels.to_vec(), levels.len());
    let (output, employment) = (of(output)?, of(employment)?);
    if !output.has(0) || !employment.has(0) {
        let message = "rationalisation needs output and employment that are known in every sector and above 0 in one";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let shares = || output.shares(0).iter().zip(employment.shares(0));
    let tl = shares().map(|(&y, &l)| if y > 0.0 { y * libm::log(y / l) - y + l } else { l }).sum::<f64>();
    let e = shares().filter(|&(&y, &l)| y > 0.0 || l > 0.0).map(|(y, l)| (y / l - 1.0).abs()).sum::<f64>();
    // Equal shares leave rounding of the last bits, to either side of 0.
    let number = |x: f64| if x.is_finite() { x.max(0.0) } else { f64::NAN };
    Ok(Rationalisation { tl: number(tl), e: number(e) })
}

static ABOUT: About = About {
    name: "rationalisation",
    family: Family::Structure,
    needs: Needs::OutputAndEmployment,
    title: "Rationalisation",
    question: "Do people work where the output comes from, or are sectors unequally productive?",
    formula: "tl = sum_k (Y_k/Y) ln((Y_k/L_k)/(Y/L)); e = sum_k |(Y_k/L_k)/(Y/L) - 1|",
    symbols: &[
        ("Y_k, Y", "output of sector k, and of all sectors"),
        ("L_k, L", "employment in sector k, and in all sectors"),
    ],
    reading: "0 is best: all sectors are equally productive; larger: output and employment lie further apart. Some papers use 1/TL, where larger is better. E weighs all sectors alike, so that a small unproductive one counts as much as a large one",
    variant: "Natural logarithms, 0 ln 0 = 0, for each year that both tables have. By the sectors of both tables where these are the same, else merged to primary, secondary and tertiary. A city with output and without employment in a sector is null. With several years one more result compares the first with the last",
    reference: "Gan, Zheng and Yu (2011), Economic Research Journal 46(5), 4-16",
    fields: &[
        Field::annotated("tl", "ration_tl", "ration_tl", "Theil's form, 0 is best"),
        Field::annotated("e", "ration_e", "ration_e", "structural deviation, 0 is best"),
        Field::scalar("tl", "Theil's form of all cities together, 0 is best"),
        Field::scalar("e", "structural deviation of all cities together, 0 is best"),
        Field::table("cities", "for each city both"),
        Field::table("change", "for each city both in the first and the last year that the two tables have in common"),
    ],
    matches: &[("scipy", "stats.entropy(Y, L) is TL")],
};

/// [`rationalisation()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let (Some(output), Some(employment)) = (run.industry, run.employment) else { return Ok(Vec::new()) };
    let years: Vec<(Option<i32>, Result<Matched>)> = output
        .years
        .iter()
        .filter_map(|year| {
            let other = employment.years.iter().find(|other| other.year == year.year)?;
            Some((year.year, matched((output, year), (employment, other))))
        })
        .collect();
    if years.is_empty() {
        let outcome = Outcome { measure: ABOUT.name, ..Outcome::default() };
        let none = Fault::new(Kind::Undefined, "output and employment have no year in common");
        return Ok(vec![outcome_of(run, &ABOUT, outcome, |_| Err(none.into()))?]);
    }
    let mut outcomes = Vec::new();
    for (year, matched) in &years {
        let outcome = Outcome { measure: ABOUT.name, year: *year, ..Outcome::default() };
        outcomes.push(outcome_of(run, &ABOUT, outcome, |outcome| {
            fill(run, matched.as_ref().map_err(Clone::clone)?, outcome)
        })?);
    }
    if let [(from, Ok(first)), .., (to, Ok(last))] = years.as_slice() {
        let mut outcome = Outcome { measure: ABOUT.name, ..Outcome::default() };
        outcome.options.insert("from".into(), json!(from));
        outcome.options.insert("to".into(), json!(to));
        outcomes.push(outcome_of(run, &ABOUT, outcome, |outcome| fill_change(run, first, last, outcome))?);
    }
    Ok(outcomes)
}

/// Output and employment of one year by the same sectors.
struct Matched<'a> {
    output: Structure,
    employment: Structure,
    /// What was compared, and of which cities; for the footer.
    industry: &'a Industry,
    years: [&'a IndustryYear; 2],
    variant: String,
}

/// Both tables by their own sectors where these are the same in any order, else by the three.
fn matched<'a>(
    (industry, output): (&'a Industry, &'a IndustryYear),
    (other, employment): (&'a Industry, &'a IndustryYear),
) -> Result<Matched<'a>> {
    let place = |sector: &String| industry.sectors.iter().position(|own| own == sector);
    let places: Option<Vec<usize>> = other.sectors.iter().map(place).collect();
    let sectors = industry.sectors.len();
    let (of_output, of_employment, by) = match places.filter(|places| places.len() == sectors) {
        Some(places) => (output.structure.clone(), employment.structure.merged(&places, sectors)?, "their sectors"),
        None => {
            let three = |industry: &Industry, year: &IndustryYear| -> Result<Structure> {
                industry.in_three(&year.structure).ok_or_else(|| unknown_sectors(industry).into())
            };
            (three(industry, output)?, three(other, employment)?, "primary, secondary and tertiary")
        }
    };
    let variant = format!(
        "TL (Theil, natural logarithms) and E (structural deviation), 0 is best; {} against {} by {by}; values, prices and borders as given",
        industry.value, other.value
    );
    Ok(Matched { output: of_output, employment: of_employment, industry, years: [output, employment], variant })
}

impl Matched<'_> {
    /// The cities that have both output and employment.
    fn members(&self) -> Vec<usize> {
        (0..self.output.cities()).filter(|&i| self.output.has(i) && self.employment.has(i)).collect()
    }

    fn of_city(&self, i: usize) -> Result<Rationalisation> {
        rationalisation(self.output.levels(i), self.employment.levels(i))
    }

    fn of_all(&self, members: &[usize]) -> Result<Rationalisation> {
        rationalisation(&sums(&self.output, members), &sums(&self.employment, members))
    }
}

fn fill(run: &Run, matched: &Matched, outcome: &mut Outcome) -> Result<()> {
    outcome.footer = Some(footer(run, matched.industry, ABOUT.name, &matched.years, &matched.variant));
    let members = some(matched.members())?;
    let whole = matched.of_all(&members)?;
    let cities: Vec<(usize, Rationalisation)> =
        members.iter().map(|&i| Ok((i, matched.of_city(i)?))).collect::<Result<_>>()?;
    let column = |get: fn(&Rationalisation) -> f64| {
        let mut column = vec![f64::NAN; run.cities.len()];
        cities.iter().for_each(|(i, city)| column[*i] = get(city));
        Values::Numbers(column)
    };
    outcome.scalars.extend([("tl", whole.tl), ("e", whole.e)]);
    outcome.columns.extend([("tl", column(|city| city.tl)), ("e", column(|city| city.e))]);
    let row =
        |(i, city): &(usize, Rationalisation)| who(run, *i).into_iter().chain([cell(city.tl), cell(city.e)]).collect();
    let columns = vec!["city", "name", "tl", "e"];
    outcome.tables.push(("cities", TableOut { columns, rows: cities.iter().map(row).collect() }));
    let without: Vec<usize> = cities.iter().filter(|(_, city)| city.tl.is_nan()).map(|(i, _)| *i).collect();
    outcome.notes.extend(about_cities(run, "undefined_number", &without, |names| {
        format!("no TL and no E, since a sector has output and no employment, in {names}")
    }));
    outcome.notes.extend(percent_note(matched.industry));
    Ok(())
}

fn fill_change(run: &Run, first: &Matched, last: &Matched, outcome: &mut Outcome) -> Result<()> {
    let years: Vec<&IndustryYear> = first.years.iter().chain(&last.years).copied().collect();
    outcome.footer = Some(footer(run, first.industry, ABOUT.name, &years, &first.variant));
    let of_last = last.members();
    let members = some(first.members().into_iter().filter(|i| of_last.binary_search(i).is_ok()).collect())?;
    let cells = |from: &Rationalisation, to: &Rationalisation| [from.tl, to.tl, from.e, to.e].map(cell);
    let row = |&i: &usize| -> Result<Vec<Value>> {
        Ok(who(run, i).into_iter().chain(cells(&first.of_city(i)?, &last.of_city(i)?)).collect())
    };
    let columns = vec!["city", "name", "tl_from", "tl_to", "e_from", "e_to"];
    outcome.tables.push(("change", TableOut { columns, rows: members.iter().map(row).collect::<Result<_>>()? }));
    outcome.notes.extend(percent_note(first.industry));
    outcome.notes.extend(said(first, last, &first.of_all(&members)?, &last.of_all(&members)?));
    Ok(())
}

fn some(members: Vec<usize>) -> Result<Vec<usize>> {
    if members.is_empty() {
        let message = "no city has both output and employment that are known in every sector and above 0 in one";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    Ok(members)
}

fn said(first: &Matched, last: &Matched, from: &Rationalisation, to: &Rationalisation) -> Option<Note> {
    let (from_year, to_year) = (first.years[0].year?, last.years[0].year?);
    // The word follows the printed numbers.
    let printed = |x: f64| (x * 1000.0).round();
    let word = match printed(to.tl).partial_cmp(&printed(from.tl))? {
        std::cmp::Ordering::Less => "nearer to each other",
        std::cmp::Ordering::Greater => "further apart",
        std::cmp::Ordering::Equal => "as far apart as before",
    };
    Some(finding(format!(
        "output and employment of {} lie {word}: TL {:.3} in {from_year} and {:.3} in {to_year} (0 is best)",
        together(first.industry),
        from.tl,
        to.tl
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_on_either_side() {
        let idle = rationalisation(&[0.0, 4.0], &[1.0, 1.0]).unwrap();
        assert!((idle.tl - 2.0_f64.ln()).abs() < 1e-15 && idle.e == 2.0, "{idle:?}");
        let absent = rationalisation(&[0.0, 2.0, 2.0], &[0.0, 1.0, 1.0]).unwrap();
        assert_eq!((absent.tl, absent.e), (0.0, 0.0));
        let impossible = rationalisation(&[1.0, 1.0], &[0.0, 1.0]).unwrap();
        assert!(impossible.tl.is_nan() && impossible.e.is_nan());
    }

    #[test]
    fn what_has_no_shares_is_refused() {
        assert_eq!(rationalisation(&[0.0], &[1.0]).unwrap_err().kind(), Kind::Undefined);
        assert_eq!(rationalisation(&[-1.0], &[1.0]).unwrap_err().kind(), Kind::Value);
        assert!(rationalisation(&[1.0, 2.0], &[1.0]).is_err() && rationalisation(&[], &[]).is_err());
    }
}
