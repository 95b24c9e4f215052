//! [`gravity()`](super::gravity::gravity) in the registry.

use serde_json::Value;

use super::super::adapter::{each_mass, ids, note};
use super::super::distances::Distances;
use super::super::options::USUAL;
use super::gravity::{Gravity, Pull, gravity};
use super::rows::all_rows;
use super::strongest::{LISTED, Pair, pair_row, strongest};
use super::ways;
use crate::error::Result;
use crate::measures::adapter::{by_pairs, cell, finding, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};

static ABOUT: About = About {
    name: "gravity",
    family: Family::Radiation,
    needs: Needs::Mass,
    title: "Gravity linkage",
    question: "How strongly are the cities linked if links follow size and distance, and with whom most?",
    formula: "R_ij = k_ij m_i^a m_j^b / d_ij^beta, k_ij = G_i/(G_i + G_j) or 1; R_i = sum_j R_ij; F_ij = R_ij/R_i",
    symbols: &[
        ("m_i", "mass of city i, as GDP, population or the root of their product"),
        ("d_ij", "distance between i and j"),
        ("a, b", "exponents of the masses of origin and destination (1 and 1)"),
        ("beta", "exponent of distance (2)"),
        ("k_ij", "share of i in the linkage of two cities, by the size G (--directed-share); 1 without"),
        ("R_i", "linkage intensity of city i"),
        ("F_ij", "membership degree of i to j"),
    ],
    reading: "An assumption about links, not a measurement: large and near cities are linked strongly by definition. The unit means nothing by itself; compare cities within one table. F_ij near 1: the city depends on one partner",
    variant: "Pairs i != j, no own flow; beta 2; distances of 1 km at least, and of half the radius of a circle of the area of either city; the earlier of equal partners",
    reference: "Stewart (1948), Sociometry 11, 31-58; Zipf (1946), American Sociological Review 11, 677-686",
    fields: &[
        Field::annotated("gravity_total", "gravity", "gravity", "linkage intensity R_i"),
        Field::column("partner", "id of the city with the strongest linkage"),
        Field::column("partner_share", "membership degree to it, 0 to 1"),
        Field::scalar("sum", "sum of all linkages, both directions"),
        Field::scalar("n", "number of cities with a mass"),
        Field::table(
            "cities",
            "for each city its linkage intensity, share of all, strongest partner and membership degree",
        ),
        Field::table(
            "strongest",
            "the 50 strongest pairs: linkage in both directions, distance, share of all linkages",
        ),
        Field::table("membership", "for each city and core the linkage and the membership degree"),
        Field::matrix("flows", "R_ij of all pairs, up to 500 cities"),
    ],
    matches: &[],
};

/// [`gravity()`](super::gravity::gravity) in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let Some(distances) = ways::distances(run, outcome)? else { return Ok(()) };
    let direction_by = run.direction_by.map(|variable| &variable.values[..]);
    let result = gravity(mass, &distances, run.reach, direction_by)?;
    let pull = Pull::new(mass, &distances, run.reach, direction_by)?;
    notes(run, mass, &distances, outcome);
    let members = mass.iter().filter(|m| !m.is_nan()).count();
    outcome.scalars.extend([("sum", result.sum), ("n", members as f64)]);
    outcome.tables.push(("cities", cities(run, &result)));
    let pairs = strongest_pairs(&pull);
    outcome.tables.push(("strongest", pair_table(run, &pull, &distances, result.sum, &pairs)));
    if let Some(cores) = run.cores {
        outcome.tables.push(("membership", membership(run, &pull, &result, &cores.places)));
    }
    let n = run.cities.len();
    if ways::gives_matrix("the matrix of linkages", n, outcome) {
        outcome.matrices.push(("flows", by_pairs(run, all_rows(n, |i, row| pull.row(i, row)))));
    }
    outcome.notes.extend(sentences(run, &result).into_iter().map(finding));
    outcome.footer = Some(footer(run, members));
    outcome.columns = vec![
        ("gravity_total", Values::Numbers(result.total)),
        ("partner", ids(run, &result.partner)),
        ("partner_share", Values::Numbers(result.partner_share)),
    ];
    let [a, b] = run.reach.mass_exponents;
    ways::option(outcome, "beta", run.reach.beta, USUAL.beta);
    ways::option(outcome, "origin_mass_exponent", a, 1.0);
    ways::option(outcome, "destination_mass_exponent", b, 1.0);
    if let Some(size) = run.direction_by {
        outcome.options.insert("direction_by".into(), size.label().into());
    }
    Ok(())
}

fn notes(run: &Run, mass: &[f64], distances: &Distances, outcome: &mut Outcome) {
    ways::note_without_way(run, mass, distances, outcome);
    ways::note_zero_mass(run, mass, "so that there is no linkage", outcome);
    if let Some(size) = run.direction_by {
        let unknown = |&i: &usize| (size.values[i].is_nan() || size.values[i] < 0.0) && !mass[i].is_nan();
        let without: Vec<usize> = (0..mass.len()).filter(unknown).collect();
        let says = format!("no linkage for want of {}:", size.label());
        note(run, "no_direction", &says, &without, outcome);
    }
}

fn cities(run: &Run, result: &Gravity) -> TableOut {
    let row = |i: usize| {
        let partner = result.partner[i].map_or([Value::Null, Value::Null], |j| who(run, j));
        let cells = [cell(result.total[i]), cell(result.total[i] / result.sum)];
        let share = [cell(result.partner_share[i])];
        who(run, i).into_iter().chain(cells).chain(partner).chain(share).collect()
    };
    TableOut {
        columns: vec!["city", "name", "linkage", "share", "partner", "partner_name", "partner_share"],
        rows: (0..run.cities.len()).map(row).collect(),
    }
}

/// Pairs i < j by R_ij + R_ji.
fn strongest_pairs(pull: &Pull) -> Vec<Pair> {
    let n = pull.n();
    if pull.is_symmetric() {
        return strongest(n, LISTED, |i, row| {
            pull.row(i, row);
            row[..=i].fill(0.0);
        });
    }
    // A pair is among the strongest by its sum; the other direction is made element by element.
    strongest(n, LISTED, |i, row| {
        pull.row(i, row);
        row[..=i].fill(0.0);
        (i + 1..n).for_each(|j| row[j] += pull.between(j, i));
    })
}

fn pair_table(run: &Run, pull: &Pull, distances: &Distances, sum: f64, pairs: &[Pair]) -> TableOut {
    let row = |&(i, j, _): &Pair| {
        let (there, back) = (pull.between(i, j), pull.between(j, i));
        let cells = [cell(there), cell(back), cell(distances.get(i, j)), cell((there + back) / sum)];
        pair_row(run, i, j, cells)
    };
    TableOut {
        columns: vec!["a", "a_name", "b", "b_name", "linkage", "linkage_back", "distance", "share"],
        rows: pairs.iter().map(row).collect(),
    }
}

fn membership(run: &Run, pull: &Pull, result: &Gravity, cores: &[usize]) -> TableOut {
    let pairs = (0..run.cities.len()).flat_map(|i| cores.iter().map(move |&core| (i, core)));
    let row = |(i, core): (usize, usize)| {
        let flow = pull.between(i, core);
        pair_row(run, i, core, [cell(flow), cell(flow / result.total[i])])
    };
    TableOut {
        columns: vec!["city", "name", "core", "core_name", "linkage", "membership"],
        rows: pairs.filter(|(i, core)| i != core).map(row).collect(),
    }
}

fn sentences(run: &Run, result: &Gravity) -> Vec<String> {
    let known = |i: usize| run.cities.known_as(i);
    let larger = |best: Option<usize>, i: usize| match best {
        Some(best) if result.total[best] >= result.total[i] => Some(best),
        _ if result.total[i] > 0.0 => Some(i),
        best => best,
    };
    let Some(top) = (0..result.total.len()).fold(None, larger) else { return Vec::new() };
    let mut sentences = vec![format!(
        "by mass and distance {} has the largest linkage intensity, {:.2} of that of all cities",
        known(top),
        result.total[top] / result.sum
    )];
    let followers = |&i: &usize| result.partner[i] == Some(top);
    let count = (0..result.total.len()).filter(followers).count();
    let others = result.partner.iter().flatten().count();
    sentences.push(format!(
        "{} is the strongest partner of {count} of the {others} cities that have one by mass and distance",
        known(top)
    ));
    sentences
}

fn footer(run: &Run, members: usize) -> String {
    let [a, b] = run.reach.mass_exponents.map(ways::plain);
    let direction =
        run.direction_by.map_or_else(String::new, |size| format!("; divided by direction by {}", size.label()));
    let beta = ways::plain(run.reach.beta);
    format!("m_i^{a} m_j^{b} / d^{beta}{direction}; {}; n = {members}", ways::definition(run))
}
