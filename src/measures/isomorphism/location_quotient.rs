//! Location quotients: in which sectors a city is specialised.

use serde_json::json;

use super::adapter::{by_sector, cell, each_year, finding, printed, who};
use super::gaps::{at_least, undefined_sectors};
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

/// Most rows of the table of cities by sectors.
const MOST_ROWS: usize = 200_000;
/// A quotient that differs from 1 by less than this is 1: equal structures summed in another order differ in the last bits.
const ROUNDING: f64 = 1e-12;

/// Location quotients q_ik of every city and sector, n × K, one city after the other.
///
/// # Formula
///
/// q_ik = s_ik / S_k
///
/// where s_ik is the share of sector k in city i and S_k that in the reference area. 0 or more; 1 where the city has as
/// much of the sector as the reference area. NaN for a city that takes no part and for a sector that the reference area
/// does not have. The same as Balassa's revealed comparative advantage. O(nK).
///
/// # Source
///
/// Hoover, E. M. (1936). The measurement of industrial localization. Review of Economic Statistics 18, 162-171.
///
/// ```
/// use agglo::measures::isomorphism::location_quotient;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?;
/// assert_eq!(location_quotient(&structure), [1.5, 0.5, 0.5, 1.5]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn location_quotient(structure: &Structure) -> Vec<f64> {
    let reference = structure.reference_shares();
    let quotient = |(share, reference): (&f64, &f64)| if *reference > 0.0 { share / reference } else { f64::NAN };
    (0..structure.cities()).flat_map(|i| structure.shares(i).iter().zip(&reference).map(quotient)).collect()
}

/// Quotients on a scale from −1 to 1 with 0 for none or the same: (q − 1)/(q + 1).
///
/// # Source
///
/// Laursen, K. (2015, first 1998). Revealed comparative advantage and the alternatives as measures of international
/// specialization. Eurasian Business Review 5, 99-115.
///
/// ```
/// use agglo::measures::isomorphism::symmetric_quotient;
/// assert_eq!(symmetric_quotient(&[0.0, 1.0, 3.0]), [-1.0, 0.0, 0.5]);
/// ```
pub fn symmetric_quotient(quotients: &[f64]) -> Vec<f64> {
    quotients.iter().map(|q| (q - 1.0) / (q + 1.0)).collect()
}

/// Quotients standardised over the cities, sector by sector: (q_ik − mean_k)/sd_k, with the sd of a sample (n − 1).
///
/// `quotients` are those of whole cities, one after the other, NaN where undefined. NaN for a sector whose quotients do
/// not vary, or that fewer than two cities have. O(nK).
///
/// # Source
///
/// O'Donoghue, D. and Gleave, B. (2004). A note on methods for measuring industrial agglomeration. Regional Studies 38,
/// 419-427. The critical values of normal or bootstrapped quotients are not part of this.
///
/// ```
/// use agglo::measures::isomorphism::standardised_quotient;
/// assert_eq!(standardised_quotient(&[1.5, 1.0, 0.5], 1), [1.0, 0.0, -1.0]);
/// ```
pub fn standardised_quotient(quotients: &[f64], sectors: usize) -> Vec<f64> {
    let mut standardised = vec![f64::NAN; quotients.len()];
    for k in 0..sectors {
        let known = || quotients.iter().skip(k).step_by(sectors).filter(|q| q.is_finite());
        let n = known().count() as f64;
        let mean = known().sum::<f64>() / n;
        let sd = (known().map(|q| (q - mean) * (q - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        if sd > ROUNDING * mean {
            (k..quotients.len()).step_by(sectors).for_each(|at| standardised[at] = (quotients[at] - mean) / sd);
        }
    }
    standardised
}

/// Whether a city is specialised in a sector of this quotient: 1 or more.
pub(super) fn is_specialised(quotient: f64) -> bool {
    quotient >= 1.0 - ROUNDING
}

/// Whether a city has more of a sector than the reference area: above 1.
pub(super) fn exceeds(quotient: f64) -> bool {
    quotient > 1.0 + ROUNDING
}

static ABOUT: About = About {
    name: "location_quotient",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Location quotients",
    question: "In which sectors is each city specialised?",
    formula: "q_ik = s_ik/S_k; symmetric (q - 1)/(q + 1); standardised (q_ik - mean_k)/sd_k",
    symbols: &[
        ("s_ik", "share of sector k in city i"),
        ("S_k", "share of sector k in the reference area"),
        ("mean_k, sd_k", "mean and sd (n - 1) of the quotients of sector k over the cities"),
    ],
    reading: "Above 1: the city has more of the sector than the reference area, and is said to be specialised in it; the symmetric form lies in [-1, 1] with 0 for neither more nor less. Large quotients of small sectors rest on few workers",
    variant: "Reference area: all cities of the file together unless a row of the table is named; a city is specialised in a sector from a quotient of 1 on; no critical value is computed for the standardised form",
    reference: "Hoover (1936), Review of Economic Statistics 18, 162-171; Laursen (2015), Eurasian Business Review 5, 99-115; O'Donoghue and Gleave (2004), Regional Studies 38, 419-427",
    fields: &[
        Field::annotated("lq_top", "lq_top", "lq_top", "the sector with the largest quotient"),
        Field::annotated("lq_max", "lq_max", "lq_max", "its quotient"),
        Field::annotated("lq_count", "lq_count", "lq_count", "sectors with a quotient of 1 or more"),
        Field::matrix("lq", "location quotients, cities by sectors"),
        Field::matrix("symmetric", "the same as (q - 1)/(q + 1)"),
        Field::matrix("standardised", "the same in standard form over the cities"),
        Field::table("profile", "for each city and sector its level, share, and quotient"),
    ],
    matches: &[
        ("REAT", "locq and locq2 give lq; locq2 with LQ.norm = 'OG' divides by the sd of another dimension"),
        ("EconGeo", "RCA(mat), rounded to two places there"),
    ],
};

/// [`location_quotient`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant = "location quotient s_ik/S_k, specialised from 1 on";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 1)?;
    let lq = location_quotient(structure);
    let symmetric = symmetric_quotient(&lq);
    let standardised = standardised_quotient(&lq, structure.sectors());
    let top = top_sectors(&lq, structure.sectors());
    outcome.notes.extend(largest(run, industry, &top));
    outcome.notes.extend(notes(industry, structure, &standardised));
    let name = |top: &Option<(usize, f64)>| top.map(|(k, _)| industry.sectors[k].clone());
    outcome.columns.extend([
        ("lq_top", Values::Texts(top.iter().map(name).collect())),
        ("lq_max", Values::Numbers(top.iter().map(|top| top.map_or(f64::NAN, |(_, q)| q)).collect())),
        ("lq_count", Values::Counts(counts(structure, &lq))),
    ]);
    if lq.len() <= MOST_ROWS {
        outcome.tables.push(("profile", profile(run, industry, structure, &lq, &symmetric)));
    } else {
        let message = format!(
            "the table of {} cities by {} sectors is left out: it would have more than {MOST_ROWS} rows; the matrices have the same numbers",
            structure.cities(),
            structure.sectors()
        );
        outcome.notes.push(Note::remark("not_run", message));
    }
    let matrix = |values| by_sector(run, industry, values);
    let matrices = [("lq", lq), ("symmetric", symmetric), ("standardised", standardised)];
    outcome.matrices.extend(matrices.map(|(name, values)| (name, matrix(values))));
    Ok(())
}

/// Each city's sector with the largest quotient, the first of equal ones.
fn top_sectors(lq: &[f64], sectors: usize) -> Vec<Option<(usize, f64)>> {
    let larger = |best: Option<(usize, f64)>, (k, &q): (usize, &f64)| match best {
        Some((_, most)) if q <= most => best,
        _ => Some((k, q)),
    };
    lq.chunks_exact(sectors)
        .map(|city| city.iter().enumerate().filter(|(_, q)| q.is_finite()).fold(None, larger))
        .collect()
}

fn counts(structure: &Structure, lq: &[f64]) -> Vec<Option<i64>> {
    let count = |city: &[f64]| city.iter().filter(|&&q| is_specialised(q)).count() as i64;
    let counts = lq.chunks_exact(structure.sectors()).enumerate();
    counts.map(|(i, city)| structure.has(i).then(|| count(city))).collect()
}

/// What the reference area lacks, and what does not vary.
fn notes(industry: &Industry, structure: &Structure, standardised: &[f64]) -> Vec<Note> {
    let reference = structure.reference();
    let (absent, present): (Vec<usize>, Vec<usize>) = (0..reference.len()).partition(|&k| reference[k] == 0.0);
    let constant = |&k: &usize| standardised.iter().skip(k).step_by(reference.len()).all(|z| z.is_nan());
    let constant: Vec<usize> = present.into_iter().filter(constant).collect();
    let lacking =
        undefined_sectors(industry, "location quotients are", "the reference area does not have them", &absent);
    let why = "their quotients are the same in all cities";
    lacking.into_iter().chain(undefined_sectors(industry, "standardised quotients are", why, &constant)).collect()
}

/// The strongest specialisation of all.
fn largest(run: &Run, industry: &Industry, top: &[Option<(usize, f64)>]) -> Option<Note> {
    let cities = top.iter().enumerate().filter_map(|(i, top)| top.map(|(k, q)| (i, k, q)));
    let (i, k, q) = cities.reduce(|best, city| if city.2 > best.2 { city } else { best })?;
    Some(finding(format!(
        "the strongest specialisation is that of {} in {}: its share there is {} times that of the reference area",
        run.cities.known_as(i),
        industry.sectors[k],
        printed(q, 2)
    )))
}

fn profile(run: &Run, industry: &Industry, structure: &Structure, lq: &[f64], symmetric: &[f64]) -> TableOut {
    let reference = structure.reference_shares();
    let sectors = structure.sectors();
    let row = |at: usize| {
        let (i, k) = (at / sectors, at % sectors);
        let numbers = [structure.levels(i)[k], structure.shares(i)[k], reference[k], lq[at], symmetric[at]];
        let names = who(run, i).into_iter().chain([json!(industry.sectors[k])]);
        names.chain(numbers.map(cell)).collect()
    };
    TableOut {
        columns: vec!["city", "name", "sector", "level", "share", "reference_share", "lq", "symmetric"],
        rows: (0..lq.len()).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reference_area_lacks_is_undefined() {
        let structure = Structure::new(vec![1.0, 1.0, 2.0, 0.0], 2).unwrap().with_reference(vec![1.0, 0.0]).unwrap();
        let lq = location_quotient(&structure);
        assert_eq!((lq[0], lq[2]), (0.5, 1.0));
        assert!(lq[1].is_nan() && lq[3].is_nan());
        assert_eq!(top_sectors(&lq, 2), [Some((0, 0.5)), Some((0, 1.0))]);
        assert_eq!(top_sectors(&[f64::NAN, 2.0, 2.0], 3), [Some((1, 2.0))]);
    }

    #[test]
    fn sectors_alike_in_all_cities_have_no_standard_form() {
        let lq = location_quotient(&Structure::new(vec![0.1, 0.7, 0.2, 0.3, 2.1, 0.6], 3).unwrap());
        assert!(lq.iter().all(|&q| is_specialised(q) && !exceeds(q)));
        assert!(standardised_quotient(&lq, 3).iter().all(|z| z.is_nan()));
    }
}
