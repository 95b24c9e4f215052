//! Structural change: how far the shares of the sectors moved between two years.

use serde_json::{Value, json};

use super::span::{Span, about_cities, percent_note};
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::{cell, finding, over_the_years, together, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, IndustryYear, Structure};

/// How far the structure of one area moved; see [`structure_change()`].
#[derive(Clone, Debug, PartialEq)]
pub struct StructureChange {
    /// Moore's angle between the two structures in degrees, 0 to 90.
    pub moore_degrees: f64,
    /// Its cosine.
    pub moore_cosine: f64,
    /// Half the sum of the absolute changes of shares, 0 to 1.
    pub nav: f64,
    /// Lilien's index with the shares of the second year; NaN where no sector is there in both years.
    pub lilien: f64,
    /// Lilien's index with the mean of the shares of both years.
    pub lilien_modified: f64,
    /// Change of each sector's share, as a fraction.
    pub changes: Vec<f64>,
    /// The sectors that are 0 in one of the years only, which Lilien's indices leave out.
    pub left_out: Vec<usize>,
}

/// Moore's angle, the norm of absolute values (NAV) and Lilien's index between the levels `from` and `to` of the sectors
/// of one area in two years, each 0 or more, in one unit.
///
/// # Formula
///
/// Moore = arccos(Σ_k s_k0 s_k1 / (‖s_0‖ ‖s_1‖)); NAV = ½ Σ_k |s_k1 − s_k0|;
/// Lilien = √(Σ_k w_k (Δln x_k − Δln X)²)
///
/// where s_kt is the share of sector k in year t, X the sum of the levels x_k, and w_k = s_k1, or (s_k0 + s_k1)/2 in the
/// modified index. All depend on the shares alone: Δln x_k − Δln X = Δln s_k, so that a change of all prices changes nothing.
/// The angle is computed from the sum and the difference of the unit vectors, which does not lose small ones.
///
/// The growth of a sector that is 0 in one year has no logarithm. Lilien's indices are then those of the other
/// sectors alone, their shares and X without it; a sector that is 0 in both years changes nothing. O(K).
///
/// # Errors
///
/// Levels that are negative or infinite, no sectors, or not as many in both years; [`Kind::Undefined`] where one is
/// not known or all are 0.
///
/// # Source
///
/// Moore, J. H. (1978). A measure of structural change in output. Review of Income and Wealth 24, 105-118.
/// doi:10.1111/j.1475-4991.1978.tb00034.x. Lilien, D. M. (1982). Sectoral shifts and cyclical unemployment. Journal of
/// Political Economy 90, 777-793. doi:10.1086/261088
///
/// ```
/// use agglo::measures::structure::structure_change;
/// let change = structure_change(&[1.0, 1.0, 0.0], &[0.0, 1.0, 1.0])?;
/// assert!((change.moore_degrees - 60.0).abs() < 1e-12);
/// assert_eq!(change.nav, 0.5);
/// assert_eq!(change.left_out, [0, 2]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn structure_change(from: &[f64], to: &[f64]) -> Result<StructureChange> {
    if from.len() != to.len() {
        let message = format!("{} sectors in one year and {} in the other", from.len(), to.len());
        return Err(Fault::new(Kind::Structure, message).into());
    }
    let (s0, s1) = (shares(from)?, shares(to)?);
    let (moore_degrees, moore_cosine) = moore(&s0, &s1);
    let changes: Vec<f64> = s0.iter().zip(&s1).map(|(s0, s1)| s1 - s0).collect();
    let (lilien, lilien_modified) = lilien(&s0, &s1);
    Ok(StructureChange {
        moore_degrees,
        moore_cosine,
        nav: (changes.iter().map(|change| change.abs()).sum::<f64>() / 2.0).min(1.0),
        lilien,
        lilien_modified,
        changes,
        left_out: (0..s0.len()).filter(|&k| (s0[k] > 0.0) != (s1[k] > 0.0)).collect(),
    })
}

fn shares(levels: &[f64]) -> Result<Vec<f64>> {
    let structure = Structure::new(levels.to_vec(), levels.len())?;
    if !structure.has(0) {
        let message = "shares need a known level in every sector, and more than 0 in one";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    Ok(structure.shares(0).to_vec())
}

/// The angle between two vectors in degrees, at most a right one, since neither has a negative part; and its cosine.
fn moore(a: &[f64], b: &[f64]) -> (f64, f64) {
    let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    let (of_a, of_b) = (norm(a), norm(b));
    let units = || a.iter().zip(b).map(|(a, b)| (a / of_a, b / of_b));
    let apart = units().map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    let together = units().map(|(a, b)| (a + b) * (a + b)).sum::<f64>().sqrt();
    let cosine = units().map(|(a, b)| a * b).sum::<f64>().min(1.0);
    ((2.0 * libm::atan2(apart, together)).to_degrees().min(90.0), cosine)
}

/// Lilien's index and the modified one, of the sectors that are there in both years.
fn lilien(s0: &[f64], s1: &[f64]) -> (f64, f64) {
    let both: Vec<(f64, f64)> =
        s0.iter().copied().zip(s1.iter().copied()).filter(|(a, b)| *a > 0.0 && *b > 0.0).collect();
    if both.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    let (x0, x1) = both.iter().fold((0.0, 0.0), |(x0, x1), (a, b)| (x0 + a, x1 + b));
    let index = |weight: &dyn Fn(f64, f64) -> f64| -> f64 {
        let term = |&(a, b): &(f64, f64)| {
            let (a, b) = (a / x0, b / x1);
            weight(a, b) * (libm::log(b) - libm::log(a)).powi(2)
        };
        both.iter().map(term).sum::<f64>().sqrt()
    };
    (index(&|_, b| b), index(&|a, b| (a + b) / 2.0))
}

const VARIANT: &str = "Moore's angle in degrees, NAV (half the sum of absolute changes of shares), Lilien with the shares of the \
                       last year and, modified, with the mean of both years; values, prices and borders as given";

static ABOUT: About = About {
    name: "structure_change",
    family: Family::Structure,
    needs: Needs::IndustryYears,
    title: "Structural change",
    question: "How far did the industrial structure of each city move, and towards which sector?",
    formula: "moore = arccos(sum_k s_k0 s_k1/(|s_0| |s_1|)); nav = 1/2 sum_k |s_k1 - s_k0|; lilien = sqrt(sum_k s_k1 (dln x_k - dln X)^2)",
    symbols: &[
        ("s_kt", "share of sector k in year t"),
        ("x_k, X", "level of sector k, and of all sectors"),
        ("dln", "change of the natural logarithm from the first year to the last"),
    ],
    reading: "0: the structure is as it was; Moore 90 degrees and NAV 1: no sector of the first year is left. NAV is the share of the whole that would have to be in another sector; Lilien weighs relative changes and so sees small sectors more",
    variant: "From the first to the last year. Lilien with the shares of the last year; lilien_modified with the mean of both. Sectors that are 0 in one of the years are left out of Lilien's indices and counted in the notes. The whole is the sum of the cities that take part in both years",
    reference: "Moore (1978), Review of Income and Wealth 24, 105-118, doi:10.1111/j.1475-4991.1978.tb00034.x; Lilien (1982), Journal of Political Economy 90, 777-793, doi:10.1086/261088; Ansari, Mussida and Pastore (2014), Stata Journal 14, 398-406",
    fields: &[
        Field::annotated(
            "moore_degrees",
            "moore",
            "moore",
            "Moore's angle in degrees; as a scalar that of all cities together",
        ),
        Field::column("moore_cosine", "its cosine"),
        Field::annotated("nav", "nav", "nav", "half the sum of the absolute changes of shares"),
        Field::annotated("lilien", "lilien", "lilien", "Lilien's index with the shares of the last year"),
        Field::column("lilien_modified", "Lilien's index with the mean of the shares of both years"),
        Field::scalar("moore_degrees", "Moore's angle of all cities together, in degrees"),
        Field::scalar("moore_cosine", "its cosine"),
        Field::scalar("nav", "half the sum of the absolute changes of shares of all cities together"),
        Field::scalar("lilien", "Lilien's index of all cities together"),
        Field::scalar("lilien_modified", "the modified index of all cities together"),
        Field::table(
            "cities",
            "for each city all of it, with the sectors that gained and lost most, in percentage points",
        ),
        Field::table(
            "whole",
            "for each sector its shares in all cities together, and their change in percentage points",
        ),
        Field::table("periods", "the whole from year to year, where there are more than two"),
    ],
    matches: &[("Stata", "lilien (SSC): Lilien's index with current shares")],
};

/// [`structure_change()`] in the registry.
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
    let span = Span::new(&[&first.structure, &last.structure])?;
    let whole = structure_change(&span.whole(0), &span.whole(1))?;
    let mut of_city: Vec<Option<StructureChange>> = vec![None; span.cities()];
    for &i in &span.members {
        of_city[i] = Some(structure_change(first.structure.levels(i), last.structure.levels(i))?);
    }
    for (name, get) in NUMBERS {
        outcome.scalars.push((name, get(&whole)));
        let column = of_city.iter().map(|change| change.as_ref().map_or(f64::NAN, get)).collect();
        outcome.columns.push((name, Values::Numbers(column)));
    }
    outcome.tables.push(("cities", cities_table(run, industry, &of_city)));
    outcome.tables.push(("whole", whole_table(industry, &span)));
    if industry.years.len() > 2 {
        outcome.tables.push(("periods", periods_table(industry)?));
    }
    outcome.notes.extend(zero_notes(run, &of_city));
    outcome.notes.extend(percent_note(industry));
    outcome.notes.push(said(run, industry, first, last, &whole, &of_city));
    Ok(())
}

type Number = (&'static str, fn(&StructureChange) -> f64);

/// The numbers that a city and the whole have alike.
const NUMBERS: [Number; 5] = [
    ("moore_degrees", |change| change.moore_degrees),
    ("moore_cosine", |change| change.moore_cosine),
    ("nav", |change| change.nav),
    ("lilien", |change| change.lilien),
    ("lilien_modified", |change| change.lilien_modified),
];

/// The sectors that gained and that lost most share; none where no share changed by more than rounding.
fn extremes(changes: &[f64]) -> [Option<usize>; 2] {
    let most = |sign: f64| {
        let better = |best: Option<usize>, k: usize| match best {
            Some(best) if sign * changes[best] >= sign * changes[k] => Some(best),
            _ => Some(k),
        };
        (0..changes.len()).fold(None, better).filter(|&k| sign * changes[k] > 1e-12)
    };
    [most(1.0), most(-1.0)]
}

fn cities_table(run: &Run, industry: &Industry, of_city: &[Option<StructureChange>]) -> TableOut {
    let columns = vec![
        "city",
        "name",
        "moore_degrees",
        "moore_cosine",
        "nav",
        "lilien",
        "lilien_modified",
        "gained",
        "gained_points",
        "lost",
        "lost_points",
    ];
    let row = |(i, change): (usize, &StructureChange)| -> Vec<Value> {
        let numbers = NUMBERS.iter().map(|(_, get)| cell(get(change)));
        let extremes = extremes(&change.changes).into_iter().flat_map(|sector| match sector {
            Some(k) => [json!(industry.sectors[k]), cell(100.0 * change.changes[k])],
            None => [Value::Null, Value::Null],
        });
        who(run, i).into_iter().chain(numbers).chain(extremes).collect()
    };
    let known = of_city.iter().enumerate().filter_map(|(i, change)| Some((i, change.as_ref()?)));
    TableOut { columns, rows: known.map(row).collect() }
}

fn whole_table(industry: &Industry, span: &Span) -> TableOut {
    let (from, to) = (span.whole(0), span.whole(1));
    let (x0, x1): (f64, f64) = (from.iter().sum(), to.iter().sum());
    let row = |(k, name): (usize, &String)| -> Vec<Value> {
        let (s0, s1) = (from[k] / x0, to[k] / x1);
        vec![json!(name), cell(s0), cell(s1), cell(100.0 * (s1 - s0))]
    };
    let columns = vec!["sector", "share_from", "share_to", "change_points"];
    TableOut { columns, rows: industry.sectors.iter().enumerate().map(row).collect() }
}

/// The whole from year to year, each time of the cities that take part in both; a period without any has no numbers.
fn periods_table(industry: &Industry) -> Result<TableOut> {
    let columns = vec!["from", "to", "moore_degrees", "nav", "lilien", "lilien_modified", "n"];
    let row = |pair: &[IndustryYear]| -> Result<Vec<Value>> {
        let change = match Span::new(&[&pair[0].structure, &pair[1].structure]) {
            Ok(span) => Some((structure_change(&span.whole(0), &span.whole(1))?, span.members.len())),
            Err(error) if error.kind() == Kind::Undefined => None,
            Err(error) => return Err(error),
        };
        let numbers =
            change.as_ref().map_or([f64::NAN; 4], |(c, _)| [c.moore_degrees, c.nav, c.lilien, c.lilien_modified]);
        let years = [json!(pair[0].year), json!(pair[1].year)];
        let n = json!(change.map_or(0, |(_, n)| n));
        Ok(years.into_iter().chain(numbers.map(cell)).chain([n]).collect())
    };
    Ok(TableOut { columns, rows: industry.years.windows(2).map(row).collect::<Result<_>>()? })
}

fn zero_notes(run: &Run, of_city: &[Option<StructureChange>]) -> Vec<Note> {
    let known = || of_city.iter().enumerate().filter_map(|(i, change)| Some((i, change.as_ref()?)));
    let some: Vec<usize> = known().filter(|(_, change)| !change.left_out.is_empty()).map(|(i, _)| i).collect();
    let cases: usize = known().map(|(_, change)| change.left_out.len()).sum();
    let none: Vec<usize> = known().filter(|(_, change)| change.lilien.is_nan()).map(|(i, _)| i).collect();
    let left_out = about_cities(run, "zero_sector", &some, |names| {
        format!(
            "Lilien's indices leave out {cases} {} of city and sector that are 0 in one of the years, in {names}",
            if cases == 1 { "pair" } else { "pairs" }
        )
    });
    let undefined = about_cities(run, "undefined_number", &none, |names| {
        format!("no Lilien's index, since no sector is there in both years, in {names}")
    });
    left_out.into_iter().chain(undefined).collect()
}

fn said(
    run: &Run,
    industry: &Industry,
    first: &IndustryYear,
    last: &IndustryYear,
    whole: &StructureChange,
    of_city: &[Option<StructureChange>],
) -> Note {
    let when = match (first.year, last.year) {
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
        _ => String::new(),
    };
    let sector = |k: Option<usize>, word: &str| match k {
        Some(k) => format!("{word} {} ({:+.1} points)", industry.sectors[k], 100.0 * whole.changes[k]),
        None => format!("{word} none"),
    };
    let [gained, lost] = extremes(&whole.changes);
    let moore = |i: &usize| of_city[*i].as_ref().map_or(f64::NAN, |change| change.moore_degrees);
    let known: Vec<usize> = (0..of_city.len()).filter(|&i| of_city[i].is_some()).collect();
    let by_angle = |a: &&usize, b: &&usize| moore(a).total_cmp(&moore(b));
    let ends = match (known.iter().rev().max_by(by_angle), known.iter().min_by(by_angle)) {
        (Some(most), Some(least)) if most != least => format!(
            "; most in {} ({:.1} degrees), least in {} ({:.1})",
            run.cities.known_as(*most),
            moore(most),
            run.cities.known_as(*least),
            moore(least)
        ),
        _ => String::new(),
    };
    finding(format!(
        "the structure of {} turned by {:.1} degrees{when}, and {:.1} points of share changed sector; {}, {}{ends}",
        together(industry),
        whole.moore_degrees,
        100.0 * whole.nav,
        sector(gained, "most gained by"),
        sector(lost, "most lost by")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N. Cox's example of Lilien's index, as printed.
    #[test]
    fn lilien_as_printed() {
        let change = structure_change(&[10.0; 5], &[12.0, 14.0, 16.0, 18.0, 20.0]).unwrap();
        assert!((change.lilien - 0.1763637091).abs() < 5e-11, "{}", change.lilien);
    }

    #[test]
    fn a_sector_that_comes_or_goes_is_left_out_of_lilien_alone() {
        let change = structure_change(&[2.0, 3.0, 0.0, 0.0], &[4.0, 6.0, 5.0, 0.0]).unwrap();
        assert!(change.left_out == [2] && change.lilien < 1e-15);
        assert!(change.nav > 0.3 && change.moore_degrees > 30.0);
        assert!(structure_change(&[1.0, 0.0], &[0.0, 1.0]).unwrap().lilien.is_nan());
    }

    #[test]
    fn what_has_no_shares_is_refused() {
        assert_eq!(structure_change(&[0.0, 0.0], &[1.0, 1.0]).unwrap_err().kind(), Kind::Undefined);
        assert_eq!(structure_change(&[1.0, f64::NAN], &[1.0, 1.0]).unwrap_err().kind(), Kind::Undefined);
        assert_eq!(structure_change(&[1.0, -1.0], &[1.0, 1.0]).unwrap_err().kind(), Kind::Value);
        assert!(structure_change(&[1.0], &[1.0, 1.0]).is_err() && structure_change(&[], &[]).is_err());
    }
}
