//! Upgrading: from primary to secondary to tertiary.

use serde_json::{Value, json};

use super::span::{Span, about_cities, percent_note, sums};
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::{cell, each_year, finding, over_the_years, together, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed};
use crate::study::{Industry, IndustryYear, Structure, ThreeSectors};

/// How far an area is on its way to services; see [`upgrading()`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upgrading {
    /// Shares of the primary, secondary and tertiary sector.
    pub shares: [f64; 3],
    /// W = s_1 + 2 s_2 + 3 s_3, 1 to 3.
    pub w: f64,
    /// Tertiary over secondary; NaN without a secondary sector.
    pub ts: f64,
    /// Fu's index of angles 3θ_1 + 2θ_2 + θ_3 in radians, 3π/2 for primary alone to 5π/2 for tertiary alone.
    pub fu: f64,
}

/// The three usual indices of upgrading of the levels of an area's primary, secondary and tertiary sector.
///
/// # Formula
///
/// W = s_1 + 2 s_2 + 3 s_3; TS = s_3/s_2; Fu = 3θ_1 + 2θ_2 + θ_3 with θ_j = arccos(s_j/‖s‖)
///
/// where s_j is the share of sector j. θ_j is the angle in radians between the structure and the axis of sector j. Where
/// papers write W as a sum over k of a sum over j ≤ k of θ_j, that is Fu. The three are not the same and may disagree on
/// the order of cities. O(1).
///
/// # Errors
///
/// Levels that are negative or infinite; [`Kind::Undefined`] where one is not known or all are 0.
///
/// # Source
///
/// Gan, C., Zheng, R. and Yu, D. (2011). Economic Research Journal 46(5), 4-16 (in Chinese), for TS. Fu, L. (2010).
/// Statistical Research 27(8), 79-81 (in Chinese), for the angles.
///
/// ```
/// use agglo::measures::structure::upgrading;
/// let city = upgrading([0.0, 50.0, 50.0])?;
/// assert_eq!((city.w, city.ts), (2.5, 1.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn upgrading(levels: [f64; 3]) -> Result<Upgrading> {
    let structure = Structure::new(levels.to_vec(), 3)?;
    let &[s1, s2, s3] = structure.shares(0) else { unreachable!("three levels have three shares") };
    if !structure.has(0) {
        let message = "upgrading needs known levels of the three sectors, and more than 0 in one";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let norm = (s1 * s1 + s2 * s2 + s3 * s3).sqrt();
    let angle = |s: f64| libm::acos((s / norm).min(1.0));
    Ok(Upgrading {
        shares: [s1, s2, s3],
        w: s1 + 2.0 * s2 + 3.0 * s3,
        ts: if s2 > 0.0 { s3 / s2 } else { f64::NAN },
        fu: 3.0 * angle(s1) + 2.0 * angle(s2) + angle(s3),
    })
}

const VARIANT: &str = "sectors merged to primary, secondary, tertiary; W = s1 + 2 s2 + 3 s3, TS = tertiary over secondary, \
                       Fu = 3 theta_1 + 2 theta_2 + theta_3 in radians; values, prices and borders as given";

static ABOUT: About = About {
    name: "upgrading",
    family: Family::Structure,
    needs: Needs::Industry,
    title: "Upgrading",
    question: "How far is each city on its way from agriculture through industry to services?",
    formula: "w = s_1 + 2 s_2 + 3 s_3; ts = s_3/s_2; fu = 3 theta_1 + 2 theta_2 + theta_3, theta_j = arccos(s_j/|s|)",
    symbols: &[
        ("s_1, s_2, s_3", "shares of the primary, secondary and tertiary sector"),
        ("theta_j", "angle between the structure and the axis of sector j, in radians"),
    ],
    reading: "W from 1 (primary alone) to 3 (tertiary alone); TS above 1: more services than industry; fu from 4.71 (primary alone) through 6.28 (secondary alone) to 7.85 (tertiary alone). A larger number says more services, not a better economy; the three need not rank cities alike",
    variant: "Sectors are merged to three by their names or codes, mining, utilities and construction being secondary; --sector-groups decides where they are not known. With several years one more result compares the first with the last. The whole is the sum of the cities",
    reference: "TS: Gan, Zheng and Yu (2011), Economic Research Journal 46(5), 4-16; fu: Fu (2010), Statistical Research 27(8), 79-81; W: as usual in reports, levels 1 to 3 weighted by shares",
    fields: &[
        Field::column("s1", "share of the primary sector"),
        Field::column("s2", "share of the secondary sector"),
        Field::column("s3", "share of the tertiary sector"),
        Field::annotated("w", "upgrade_w", "upgrade_w", "s1 + 2 s2 + 3 s3, 1 to 3"),
        Field::annotated("ts", "upgrade_ts", "upgrade_ts", "tertiary over secondary"),
        Field::annotated("fu", "upgrade_fu", "upgrade_fu", "Fu's index of angles, in radians"),
        Field::scalar("s1", "share of the primary sector in all cities together"),
        Field::scalar("s2", "share of the secondary sector in all cities together"),
        Field::scalar("s3", "share of the tertiary sector in all cities together"),
        Field::scalar("w", "W of all cities together"),
        Field::scalar("ts", "tertiary over secondary in all cities together"),
        Field::scalar("fu", "Fu's index of all cities together"),
        Field::table("cities", "for each city its three shares and indices"),
        Field::table("change", "for each city the same in the first and the last year; changes in percentage points"),
        Field::table("years", "for each year the same of all cities that take part in the first and the last year"),
    ],
    matches: &[],
};

/// [`upgrading()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let fill = |industry: &Industry, year: &IndustryYear, outcome: &mut Outcome| fill(run, industry, year, outcome);
    let mut outcomes = each_year(run, &ABOUT, VARIANT, fill)?;
    if run.industry.is_some_and(|industry| industry.broad.is_some()) {
        outcomes.extend(over_the_years(run, &ABOUT, VARIANT, |industry, (first, last), outcome| {
            fill_change(run, industry, first, last, outcome)
        })?);
    }
    Ok(outcomes)
}

type Number = (&'static str, fn(&Upgrading) -> f64);

const NUMBERS: [Number; 6] = [
    ("s1", |u| u.shares[0]),
    ("s2", |u| u.shares[1]),
    ("s3", |u| u.shares[2]),
    ("w", |u| u.w),
    ("ts", |u| u.ts),
    ("fu", |u| u.fu),
];

fn numbers(upgrading: &Upgrading) -> impl Iterator<Item = Value> {
    NUMBERS.iter().map(|(_, get)| cell(get(upgrading)))
}

fn in_three(industry: &Industry, year: &IndustryYear) -> Result<Structure> {
    industry.in_three(&year.structure).ok_or_else(|| unknown_sectors(industry).into())
}

/// The refusal that names the sectors whose place among the three is not known.
pub(super) fn unknown_sectors(industry: &Industry) -> Fault {
    let unknown = ThreeSectors::unknown(&industry.sectors);
    let which = if unknown.is_empty() { "all sectors together".to_owned() } else { listed(&unknown) };
    let message =
        format!("it is not known whether {which} are primary, secondary or tertiary; --sector-groups FILE says so");
    Fault::new(Kind::Undefined, message)
}

/// Upgrading of the city at place `i` of a structure of three sectors.
fn of_city(three: &Structure, i: usize) -> Result<Upgrading> {
    of_levels(three.levels(i))
}

fn of_levels(levels: &[f64]) -> Result<Upgrading> {
    match *levels {
        [primary, secondary, tertiary] => upgrading([primary, secondary, tertiary]),
        _ => Err(Fault::new(Kind::Structure, format!("{} sectors where three are needed", levels.len())).into()),
    }
}

fn fill(run: &Run, industry: &Industry, year: &IndustryYear, outcome: &mut Outcome) -> Result<()> {
    let three = in_three(industry, year)?;
    let whole = of_levels(&three.aggregate())?;
    let cities: Vec<(usize, Upgrading)> =
        three.members().iter().map(|&i| Ok((i, of_city(&three, i)?))).collect::<Result<_>>()?;
    for (name, get) in NUMBERS {
        let mut column = vec![f64::NAN; three.cities()];
        cities.iter().for_each(|(i, city)| column[*i] = get(city));
        outcome.scalars.push((name, get(&whole)));
        outcome.columns.push((name, Values::Numbers(column)));
    }
    let row = |(i, city): &(usize, Upgrading)| who(run, *i).into_iter().chain(numbers(city)).collect();
    let columns = vec!["city", "name", "s1", "s2", "s3", "w", "ts", "fu"];
    outcome.tables.push(("cities", TableOut { columns, rows: cities.iter().map(row).collect() }));
    let without: Vec<usize> = cities.iter().filter(|(_, city)| city.ts.is_nan()).map(|(i, _)| *i).collect();
    outcome.notes.extend(about_cities(run, "undefined_number", &without, |names| {
        format!("no tertiary over secondary, since there is no secondary sector, in {names}")
    }));
    outcome.notes.extend(percent_note(industry));
    Ok(())
}

fn fill_change(
    run: &Run,
    industry: &Industry,
    first: &IndustryYear,
    last: &IndustryYear,
    outcome: &mut Outcome,
) -> Result<()> {
    let (from, to) = (in_three(industry, first)?, in_three(industry, last)?);
    let span = Span::new(&[&from, &to])?;
    let row = |&i: &usize| -> Result<Vec<Value>> {
        let cells = change_cells(&of_city(&from, i)?, &of_city(&to, i)?);
        Ok(who(run, i).into_iter().chain(cells).collect())
    };
    let rows = span.members.iter().map(row).collect::<Result<_>>()?;
    outcome.tables.push(("change", TableOut { columns: CHANGE.to_vec(), rows }));
    outcome.tables.push(("years", years_table(industry, &span.members)?));
    outcome.notes.extend(percent_note(industry));
    let (whole_from, whole_to) = (of_levels(&span.whole(0))?, of_levels(&span.whole(1))?);
    outcome.notes.push(said(industry, first, last, &whole_from, &whole_to));
    Ok(())
}

const CHANGE: [&str; 17] = [
    "city",
    "name",
    "s1_from",
    "s1_to",
    "s1_points",
    "s2_from",
    "s2_to",
    "s2_points",
    "s3_from",
    "s3_to",
    "s3_points",
    "w_from",
    "w_to",
    "ts_from",
    "ts_to",
    "fu_from",
    "fu_to",
];

fn change_cells(from: &Upgrading, to: &Upgrading) -> Vec<Value> {
    let shares = from.shares.iter().zip(to.shares).flat_map(|(&s0, s1)| [s0, s1, 100.0 * (s1 - s0)]);
    shares.chain([from.w, to.w, from.ts, to.ts, from.fu, to.fu]).map(cell).collect()
}

/// The whole in every year, of those `members` that take part in it; in the first and the last year that is all.
fn years_table(industry: &Industry, members: &[usize]) -> Result<TableOut> {
    let columns = vec!["year", "s1", "s2", "s3", "w", "ts", "fu", "n"];
    let row = |year: &IndustryYear| -> Result<Vec<Value>> {
        let three = in_three(industry, year)?;
        let members: Vec<usize> = members.iter().copied().filter(|&i| three.has(i)).collect();
        let cells: Vec<Value> = match members.as_slice() {
            [] => vec![Value::Null; NUMBERS.len()],
            some => numbers(&of_levels(&sums(&three, some))?).collect(),
        };
        Ok([json!(year.year)].into_iter().chain(cells).chain([json!(members.len())]).collect())
    };
    Ok(TableOut { columns, rows: industry.years.iter().map(row).collect::<Result<_>>()? })
}

fn said(industry: &Industry, first: &IndustryYear, last: &IndustryYear, from: &Upgrading, to: &Upgrading) -> Note {
    let when = match (first.year, last.year) {
        (Some(from), Some(to)) => format!("from {from} to {to} "),
        _ => String::new(),
    };
    let moved = |sector: ThreeSectors| {
        let (a, b) = (100.0 * from.shares[sector as usize], 100.0 * to.shares[sector as usize]);
        // The word follows the printed numbers: what does not show at one decimal has not changed.
        let word = match (b * 10.0).round().total_cmp(&(a * 10.0).round()) {
            std::cmp::Ordering::Greater => "rose",
            std::cmp::Ordering::Less => "fell",
            std::cmp::Ordering::Equal => return format!("the {} share stayed at {b:.1} %", sector.name()),
        };
        format!("the {} share {word} from {a:.1} to {b:.1} %", sector.name())
    };
    let moved: Vec<String> = ThreeSectors::ALL.into_iter().map(moved).collect();
    finding(format!("{when}{} in {}; W went from {:.3} to {:.3}", moved.join(", "), together(industry), from.w, to.w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_ends_of_the_way() {
        let ends = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|levels| upgrading(levels).unwrap());
        assert_eq!(ends.map(|end| end.w), [1.0, 2.0, 3.0]);
        for (end, fu) in ends.iter().zip([1.5 * PI, 2.0 * PI, 2.5 * PI]) {
            assert!((end.fu - fu).abs() < 1e-14, "{} for {fu}", end.fu);
        }
        assert!(ends[0].ts.is_nan() && ends[2].ts.is_nan() && ends[1].ts == 0.0);
    }

    #[test]
    fn unknown_and_empty_are_undefined_and_negative_is_refused() {
        assert_eq!(upgrading([0.0; 3]).unwrap_err().kind(), Kind::Undefined);
        assert_eq!(upgrading([1.0, f64::NAN, 1.0]).unwrap_err().kind(), Kind::Undefined);
        assert_eq!(upgrading([1.0, -1.0, 1.0]).unwrap_err().kind(), Kind::Value);
    }
}
