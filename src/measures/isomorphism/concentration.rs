//! How concentrated each sector is on few cities.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, who};
use super::gaps::{LARGE, at_least, cells, descending, mean, sizes_unknown, undefined_sectors};
use super::location_quotient::{is_specialised, location_quotient};
use crate::error::Result;
use crate::measures::imbalance::gini;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{Industry, Plants, Structure};

/// Denominators below this are 0.
const ROUNDING: f64 = 1e-12;

/// Hoover's coefficient of concentration ½ Σ_i |s_i − x_i|, where `s` holds the cities' shares of the sector and `x` those
/// of all sectors: 0 (as spread as everything) up to below 1.
///
/// ```
/// use agglo::measures::isomorphism::hoover_concentration;
/// assert_eq!(hoover_concentration(&[0.75, 0.25], &[0.5, 0.5]), 0.25);
/// ```
pub fn hoover_concentration(s: &[f64], x: &[f64]) -> f64 {
    s.iter().zip(x).map(|(s, x)| (s - x).abs()).sum::<f64>() / 2.0
}

/// The locational Gini coefficient in its Lorenz form, 0 up to below 1.
///
/// # Formula
///
/// G = 1 − Σ_i (X_i − X_{i−1}) (Y_i + Y_{i−1})
///
/// over the cities in the order of s_i/x_i, where X and Y are the shares `x` of all sectors and `s` of the sector,
/// summed up. Twice the area between the curve and the diagonal. O(n log n). The Gini coefficient of the quotients
/// s_i/x_i, in which a small city counts as much as a large one, is another quantity under the same name. NaN where
/// no city has the sector.
///
/// # Source
///
/// Krugman, P. (1991). Geography and Trade. Cambridge: MIT Press.
///
/// ```
/// use agglo::measures::isomorphism::locational_gini;
/// assert_eq!(locational_gini(&[0.75, 0.25], &[0.5, 0.5]), 0.25);
/// ```
pub fn locational_gini(s: &[f64], x: &[f64]) -> f64 {
    let quotient = |i: usize| if x[i] > 0.0 { s[i] / x[i] } else { f64::INFINITY };
    let mut order: Vec<usize> = (0..s.len().min(x.len())).collect();
    order.sort_by(|&a, &b| quotient(a).total_cmp(&quotient(b)));
    let (mut below, mut twice_area) = (0.0, 0.0);
    for i in order {
        twice_area += x[i] * (2.0 * below + s[i]);
        below += s[i];
    }
    match below {
        0.0 => f64::NAN,
        // Undefined shares stay so; rounding does not make the coefficient negative.
        _ if twice_area > 1.0 => 0.0,
        _ => 1.0 - twice_area,
    }
}

/// Ellison and Glaeser's index of one sector: whether it is more concentrated than the sizes of its plants explain.
///
/// # Formula
///
/// γ = (G − (1 − Σ_i x_i²) H) / ((1 − Σ_i x_i²)(1 − H)), with G = Σ_i (s_i − x_i)²
///
/// where `s` holds the cities' shares of the sector, `x` those of all sectors, and `plants` is the Herfindahl index H of
/// the sizes of the sector's plants. 0 where plants choose cities at random; above 0.05 it is called strong, below 0.02 weak. NaN
/// where one city has everything, or the sector has but one plant. O(n).
///
/// # Source
///
/// Ellison, G. and Glaeser, E. L. (1997). Geographic concentration in U.S. manufacturing industries: a dartboard approach.
/// Journal of Political Economy 105, 889-927.
///
/// ```
/// use agglo::measures::isomorphism::ellison_glaeser;
/// let gamma = ellison_glaeser(&[0.75, 0.25], &[0.5, 0.5], 0.1); // G = 0.125, 1 - sum x² = 0.5
/// assert!((gamma - (0.125 - 0.05) / 0.45).abs() < 1e-15);
/// ```
pub fn ellison_glaeser(s: &[f64], x: &[f64], plants: f64) -> f64 {
    let raw: f64 = s.iter().zip(x).map(|(s, x)| (s - x) * (s - x)).sum();
    dartboard(raw, x, plants)
}

/// Maurel and Sédillot's index: as [`ellison_glaeser`], with G = Σ_i s_i² − Σ_i x_i².
///
/// # Source
///
/// Maurel, F. and Sédillot, B. (1999). A measure of the geographic concentration in French manufacturing industries.
/// Regional Science and Urban Economics 29, 575-604.
pub fn maurel_sedillot(s: &[f64], x: &[f64], plants: f64) -> f64 {
    dartboard(sum_of_squares(s) - sum_of_squares(x), x, plants)
}

fn dartboard(raw: f64, x: &[f64], plants: f64) -> f64 {
    let room = 1.0 - sum_of_squares(x);
    let defined = room > ROUNDING && 1.0 - plants > ROUNDING;
    if defined { (raw / room - plants) / (1.0 - plants) } else { f64::NAN }
}

fn sum_of_squares(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

/// How concentrated a sector is; see [`concentration`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// Its level in all cities together.
    pub total: f64,
    /// Its share of all sectors.
    pub share: f64,
    /// [`hoover_concentration`].
    pub hoover: f64,
    /// [`locational_gini`].
    pub locational_gini: f64,
    /// Gini coefficient (divisor n²) of its location quotients, each city counting the same.
    pub gini_lq: f64,
    /// The city with the largest share of it, the first of equal ones; `None` where no city has the sector.
    pub top_city: Option<usize>,
    /// That share.
    pub top_share: f64,
    /// Cities with a location quotient of 1 or more.
    pub specialised: usize,
}

/// How concentrated every sector is on few cities. Numbers are NaN for a sector that no city has. O(K n log n).
pub fn concentration(structure: &Structure) -> Vec<Concentration> {
    let sectors = structure.sectors();
    let (x, totals, shares) = (city_shares(structure), structure.aggregate(), structure.aggregate_shares());
    let quotients = location_quotient(structure);
    let of_sector = |k: usize| {
        let s = sector_shares(structure, k, totals[k]);
        let relative: Vec<f64> = s.iter().zip(&x).map(|(s, x)| s / x).collect();
        let top = (0..s.len()).filter(|&at| s[at] > 0.0).reduce(|best, at| if s[at] > s[best] { at } else { best });
        let of_members = structure.members().iter().map(|&i| quotients[i * sectors + k]);
        Concentration {
            total: totals[k],
            share: shares[k],
            hoover: top.map_or(f64::NAN, |_| hoover_concentration(&s, &x)),
            locational_gini: locational_gini(&s, &x),
            gini_lq: gini(&relative, None).map_or(f64::NAN, |result| result.gini),
            top_city: top.map(|at| structure.members()[at]),
            top_share: top.map_or(f64::NAN, |at| s[at]),
            specialised: of_members.filter(|&q| is_specialised(q)).count(),
        }
    };
    (0..sectors).map(of_sector).collect()
}

/// Shares x_i of the cities that take part in all sectors together.
pub(super) fn city_shares(structure: &Structure) -> Vec<f64> {
    let whole: f64 = structure.members().iter().map(|&i| structure.total(i)).sum();
    structure.members().iter().map(|&i| structure.total(i) / whole).collect()
}

/// Shares s_i of the cities that take part in sector `k`, whose total is given; NaN where that is 0.
pub(super) fn sector_shares(structure: &Structure, k: usize, total: f64) -> Vec<f64> {
    structure.members().iter().map(|&i| structure.levels(i)[k] / total).collect()
}

static ABOUT: About = About {
    name: "concentration",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Concentration of sectors",
    question: "Which sectors are concentrated on few cities?",
    formula: "hoover = 1/2 sum_i |s_i - x_i|; locational Gini = 1 - sum_i (X_i - X_i-1)(Y_i + Y_i-1); Ellison-Glaeser = (G - (1 - sum_i x_i^2) H)/((1 - sum_i x_i^2)(1 - H)), G = sum_i (s_i - x_i)^2",
    symbols: &[
        ("s_i", "share of city i in the sector"),
        ("x_i", "share of city i in all sectors together"),
        ("X_i, Y_i", "x and s summed up over the cities in the order of s_i/x_i"),
        ("H", "Herfindahl index of the sizes of the sector's plants"),
    ],
    reading: "0: the sector is spread as everything is; towards 1: it is where little else is. Ellison-Glaeser and Maurel-Sedillot take out the concentration that comes from few large plants: 0 is chance, above 0.05 strong, below 0.02 weak",
    variant: "Shares of all cities of the file, also where quotients are held against another area; locational Gini as twice the area under the Lorenz curve's diagonal, beside it the unweighted Gini of the quotients (gini_lq); the two indices by plants with plant sizes only (--plants)",
    reference: "Hoover (1936), Review of Economic Statistics 18, 162-171; Krugman (1991), Geography and Trade, MIT Press; Ellison and Glaeser (1997), Journal of Political Economy 105, 889-927, doi:10.1086/262098; Maurel and Sedillot (1999), Regional Science and Urban Economics 29, 575-604",
    fields: &[
        Field::scalar("mean_hoover", "mean of Hoover's coefficient over the sectors"),
        Field::scalar("mean_locational_gini", "mean of the locational Gini coefficient over the sectors"),
        Field::scalar("mean_gini_lq", "mean of the Gini coefficient of the quotients over the sectors"),
        Field::scalar("mean_top_share", "mean over the sectors of the largest share of a city"),
        Field::table(
            "sectors",
            "for each sector its size, concentration, largest city, and the cities specialised in it; the most concentrated first",
        ),
    ],
    matches: &[
        ("REAT", "hoover with ref is hoover; gini.conc is gini_lq; ellison.a is ellison_glaeser"),
        ("EconGeo", "twice locational.Gini(mat) is locational_gini; Hoover.index(mat) is hoover in per cent, rounded"),
    ],
};

/// [`concentration`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant =
        "shares of the cities in each sector against those in all sectors; locational Gini in the Lorenz form";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 2)?;
    let sectors = concentration(structure);
    let mean_of = |of: fn(&Concentration) -> f64| mean(sectors.iter().map(of));
    outcome.scalars.extend([
        ("mean_hoover", mean_of(|s| s.hoover)),
        ("mean_locational_gini", mean_of(|s| s.locational_gini)),
        ("mean_gini_lq", mean_of(|s| s.gini_lq)),
        ("mean_top_share", mean_of(|s| s.top_share)),
    ]);
    let by_plants = run.plants.map(|plants| (plants, by_plants(structure, &sectors, plants)));
    outcome.notes.extend(sizes_unknown(industry));
    let absent: Vec<usize> = (0..sectors.len()).filter(|&k| sectors[k].top_city.is_none()).collect();
    outcome.notes.extend(undefined_sectors(industry, "concentration is", "no city has them", &absent));
    outcome.notes.extend(by_plants.as_ref().and_then(|(plants, indices)| plants_note(industry, plants, indices)));
    outcome.notes.extend(most_concentrated(run, industry, &sectors));
    outcome.tables.push(("sectors", table(run, industry, &sectors, by_plants.as_ref().map(|(p, i)| (*p, &i[..])))));
    Ok(())
}

/// Ellison-Glaeser and Maurel-Sédillot of every sector.
fn by_plants(structure: &Structure, sectors: &[Concentration], plants: &Plants) -> Vec<[f64; 2]> {
    let x = city_shares(structure);
    let of = |(k, sector): (usize, &Concentration)| {
        let s = sector_shares(structure, k, sector.total);
        let h = plants.herfindahl.get(k).copied().unwrap_or(f64::NAN);
        [ellison_glaeser(&s, &x, h), maurel_sedillot(&s, &x, h)]
    };
    sectors.iter().enumerate().map(of).collect()
}

fn plants_note(industry: &Industry, plants: &Plants, indices: &[[f64; 2]]) -> Option<Note> {
    let unknown: Vec<usize> = (0..indices.len()).filter(|&k| !indices[k][0].is_finite()).collect();
    let why = format!("{} does not have the sizes of several plants, or no city has the sector", plants.file);
    undefined_sectors(industry, "Ellison-Glaeser and Maurel-Sedillot are", &why, &unknown)
}

/// The most concentrated of the sectors that are not small; none where percentages do not say what a city has of it.
fn most_concentrated(run: &Run, industry: &Industry, sectors: &[Concentration]) -> Option<Note> {
    if industry.percent {
        return None;
    }
    let order = descending(&sectors.iter().map(|s| s.locational_gini).collect::<Vec<_>>());
    let k = order.into_iter().find(|&k| sectors[k].share >= LARGE)?;
    let sector = &sectors[k];
    let city = sector.top_city?;
    Some(finding(format!(
        "the most concentrated among sectors of at least 1 per cent of all is {} (locational Gini {:.3}; {:.1} per cent of all): {} has {:.1} per cent of it",
        industry.sectors[k],
        sector.locational_gini,
        100.0 * sector.share,
        run.cities.known_as(city),
        100.0 * sector.top_share
    )))
}

fn table(
    run: &Run,
    industry: &Industry,
    sectors: &[Concentration],
    by_plants: Option<(&Plants, &[[f64; 2]])>,
) -> TableOut {
    let mut columns = vec!["sector", "total", "share", "hoover", "locational_gini", "gini_lq", "top_share", "top_city"];
    columns.extend(["top_name", "cities_specialised"]);
    if by_plants.is_some() {
        columns.extend(["plant_hhi", "ellison_glaeser", "maurel_sedillot"]);
    }
    let row = |k: usize| -> Vec<Value> {
        let s = &sectors[k];
        let numbers = cells([s.total, s.share, s.hoover, s.locational_gini, s.gini_lq, s.top_share]);
        let top = s.top_city.map_or([Value::Null, Value::Null], |i| who(run, i));
        let row = [json!(industry.sectors[k])].into_iter().chain(numbers).chain(top).chain([json!(s.specialised)]);
        let plants = by_plants
            .map(|(plants, of)| [plants.herfindahl.get(k).copied().unwrap_or(f64::NAN), of[k][0], of[k][1]].map(cell));
        row.chain(plants.into_iter().flatten()).collect()
    };
    let order = descending(&sectors.iter().map(|s| s.locational_gini).collect::<Vec<_>>());
    TableOut { columns, rows: order.into_iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_of_one_plant_or_in_one_city_alone_has_no_index() {
        assert!(ellison_glaeser(&[1.0, 0.0], &[0.5, 0.5], 1.0).is_nan());
        assert!(
            maurel_sedillot(&[1.0], &[1.0], 0.2).is_nan()
                && ellison_glaeser(&[0.5, 0.5], &[0.5, 0.5], f64::NAN).is_nan()
        );
    }

    #[test]
    fn a_sector_that_no_city_has() {
        let of = concentration(&Structure::new(vec![1.0, 0.0, 3.0, 0.0], 2).unwrap());
        assert_eq!((of[1].top_city, of[1].total, of[1].specialised), (None, 0.0, 0));
        assert!(of[1].hoover.is_nan() && of[1].locational_gini.is_nan() && of[1].gini_lq.is_nan());
        assert_eq!((of[0].hoover, of[0].locational_gini, of[0].top_city), (0.0, 0.0, Some(1)));
    }
}
