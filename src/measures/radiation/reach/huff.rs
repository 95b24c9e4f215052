//! Huff's shares: with what probability a city turns to each core.

use serde_json::json;

use super::pull::{Pulls, two_largest};
use super::setting::Setting;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::radiation::Distances;
use crate::measures::radiation::adapter::{each_mass, ids};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;

/// Huff's shares; see [`huff()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Huff {
    /// The cities that choose, ascending: all with a mass that are no cores.
    pub cities: Vec<usize>,
    /// Share of each core in each of them, city after city, cores in the order in which they came; NaN without a way to a core.
    pub shares: Vec<f64>,
    /// For each of all cities the core with the largest share; of a core, itself; `None` where there is none.
    pub primary: Vec<Option<usize>>,
    /// The share of that core; NaN at cores, which choose none.
    pub primary_share: Vec<f64>,
}

/// The shares in which the cities turn to the cores.
///
/// # Formula
///
/// P_ic = (m_c/d_ic^β) / Σ_k (m_k/d_ik^β) over the cores k.
///
/// `mass` has one entry a city, `cores` are places among the cities. Shares are 0 to 1 and add up to 1 over the cores. A core
/// counts as its own and has no shares: it is no distance away from itself. A city without a mass (NaN) takes no part; a core
/// without a known distance has no share in it. Of equal shares the earlier core's counts as largest. O(n·c) for c cores.
///
/// # Errors
///
/// `Undefined` without cores, for a core without a mass above 0, or a β that is not above 0.
///
/// # Source
///
/// Huff, D. L. (1964). Defining and estimating a trading area. Journal of Marketing 28, 34-38.
///
/// ```
/// use agglo::measures::radiation::{Distances, huff};
/// // A town 30 km from one core and 60 km from another that is eight times as large.
/// let distances = Distances::from_values(3, vec![0.0, 30.0, 60.0, 30.0, 0.0, 90.0, 60.0, 90.0, 0.0])?;
/// let result = huff(&[1.0, 10.0, 80.0], &distances, &[1, 2], 2.0)?;
/// assert!((result.shares[1] - 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!(result.primary, [Some(2), Some(1), Some(2)]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn huff(mass: &[f64], distances: &Distances, cores: &[usize], beta: f64) -> Result<Huff> {
    let pulls = Pulls::of(mass, distances, cores, beta)?;
    let cities = pulls.periphery();
    let mut primary = vec![None; pulls.n()];
    let mut primary_share = vec![f64::NAN; pulls.n()];
    cores.iter().for_each(|&core| primary[core] = Some(core));
    let mut shares = Vec::with_capacity(cities.len() * cores.len());
    for &i in &cities {
        let row = pulls.shares(i);
        if let [Some(c), _] = two_largest(&row) {
            (primary[i], primary_share[i]) = (Some(cores[c]), row[c]);
        }
        shares.extend(row);
    }
    Ok(Huff { cities, shares, primary, primary_share })
}

static ABOUT: About = About {
    name: "huff",
    family: Family::Radiation,
    needs: Needs::Cores,
    title: "Huff's shares",
    question: "In what shares do the cities turn to each core, and how much demand does each core draw?",
    formula: "P_ic = (m_c / d_ic^beta) / sum_k (m_k / d_ik^beta) over cores k; demand of c = sum_i w_i P_ic",
    symbols: &[
        ("P_ic", "share of core c in city i"),
        ("m_c", "mass of the core"),
        ("d_ic", "distance of the two"),
        ("beta", "exponent of the distance, 2 unless --beta says otherwise"),
        ("w_i", "population of city i where --population names it, else its mass"),
    ],
    reading: "0 to 1; the shares of a city add up to 1. Near 1: one core is without a rival; near 1 over the number of cores: nobody is. The demand of a core counts every city by its share, not only those that it is first in",
    variant: "Exponent of the mass 1. Cores are their own and draw no shares from each other. Distances count as 1 km at least, and as half the radius of a circle of the area of either city",
    reference: "Huff (1964), Journal of Marketing 28, 34-38",
    fields: &[
        Field::scalar("mean_share", "mean over the cities of the share of their first core; null with one core"),
        Field::scalar("n", "cities that turn to a core"),
        Field::annotated(
            "primary_core",
            "primary_core",
            "prim_core",
            "id of the core with the largest share; of a core, itself",
        ),
        Field::annotated("huff_share", "huff_share", "huff_share", "share of that core"),
        Field::table(
            "cores",
            "for each core its mass, the cities and the demand that it is first in, and the demand it draws",
        ),
        Field::matrix("shares", "share of each core in each city that is no core"),
    ],
    matches: &[("REAT", "huff(…, lambda = -2) gives shares and T_j, which is drawn")],
};

/// [`huff()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let setting = Setting::of(run, mass, outcome)?;
    let result = huff(mass, &setting.distances, &setting.cores, setting.beta)?;
    let known: Vec<f64> = result.primary_share.iter().copied().filter(|x| x.is_finite()).collect();
    let one_core = setting.one_core("mean share");
    let mean = if one_core.is_some() { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 };
    outcome.scalars.extend([("mean_share", mean), ("n", known.len() as f64)]);
    if let Some(note) = one_core {
        outcome.notes.push(note);
    } else if known.is_empty() {
        outcome.notes.push(Note::remark("undefined_number", "no mean share: no city that is no core turns to one"));
    }
    let (what, demand) = demand(run, mass, outcome.year);
    let (table, sentence) = cores(run, &setting, &result, &demand, what);
    outcome.notes.extend(sentence.map(finding));
    outcome.tables.push(("cores", table));
    if fits("the matrix of shares", result.cities.len(), setting.cores.len(), outcome) {
        let names = |which: &[usize]| which.iter().map(|&i| run.cities.ids[i].clone()).collect();
        let (rows, columns) = (names(&result.cities), names(&setting.cores));
        outcome.matrices.push(("shares", Matrix { rows, columns, values: result.shares }));
    }
    outcome.columns.push(("primary_core", ids(run, &result.primary)));
    outcome.columns.push(("huff_share", Values::Numbers(result.primary_share)));
    let variant = format!("Huff's shares, beta = {}, demand = {what} of the cities that are no cores", setting.beta);
    outcome.footer = Some(setting.footer(&variant));
    Ok(())
}

/// What a city brings to the core it turns to: its population where there is one, else its mass.
fn demand(run: &Run, mass: &[f64], year: Option<i32>) -> (&'static str, Vec<f64>) {
    match run.population_in(year) {
        Some(population) => ("population", population.values.clone()),
        None => ("mass", mass.to_vec()),
    }
}

fn cores(run: &Run, setting: &Setting, result: &Huff, demand: &[f64], what: &str) -> (TableOut, Option<String>) {
    let of = |i: usize| if demand[i].is_nan() { 0.0 } else { demand[i] };
    let drawing = |i: &&usize| result.primary_share[**i].is_finite();
    let total: f64 = result.cities.iter().filter(drawing).map(|&i| of(i)).sum();
    let count = setting.cores.len();
    let mut rows = Vec::with_capacity(count);
    let mut most: Option<(usize, f64, usize)> = None;
    for (c, &core) in setting.cores.iter().enumerate() {
        let (mut cities, mut first, mut drawn) = (0, 0.0, 0.0);
        for (at, &i) in result.cities.iter().enumerate() {
            if result.primary[i] == Some(core) {
                cities += 1;
                first += of(i);
            }
            let share = result.shares[at * count + c];
            drawn += if share.is_nan() { 0.0 } else { of(i) * share };
        }
        let numbers = [cell(first), cell(first / total), cell(drawn), cell(drawn / total)];
        rows.push(who(run, core).into_iter().chain([cell(setting.mass[core]), json!(cities)]).chain(numbers).collect());
        if total > 0.0 && most.is_none_or(|(_, share, _)| drawn / total > share) {
            most = Some((core, drawn / total, cities));
        }
    }
    let columns =
        vec!["core", "core_name", "mass", "cities", "demand_first", "demand_first_share", "drawn", "drawn_share"];
    let sentence = most.filter(|_| count > 1).map(|(core, share, cities)| {
        format!(
            "{} draws most: {} of the {what} of the {} cities that are no cores, and is first of {count} cores in {cities} of them (an equal part would be {})",
            run.cities.known_as(core),
            printed(share, 2),
            result.cities.len(),
            printed(1.0 / count as f64, 2)
        )
    });
    (TableOut { columns, rows }, sentence)
}
