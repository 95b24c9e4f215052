//! Breakpoints: where the pulls of two cities are equal.

use serde_json::{Value, json};

use super::circle::on_the_way;
use super::hinterland::hinterland;
use super::pull::Pulls;
use super::setting::Setting;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::radiation::Distances;
use crate::measures::radiation::adapter::{each_mass, ids};
use crate::measures::{
    About, Family, Field, Layer, LayerFeature, LayerShape, Measure, Needs, Outcome, Run, TableOut, Values,
};
use crate::note::Note;

/// The breakpoint of two cores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breakpoint {
    /// Place of the first core among the cities.
    pub a: usize,
    /// Place of the second.
    pub b: usize,
    /// How far they are apart.
    pub distance: f64,
    /// How far the breakpoint is from `a`.
    pub from_a: f64,
    /// How far it is from `b`.
    pub from_b: f64,
}

/// How far from a city of mass `mass_a` its pull equals that of one of mass `mass_b`, on the line between them.
///
/// # Formula
///
/// B_a = D/(1 + (P_b/P_a)^(1/β)): the point where P_a/B_a^β = P_b/(D − B_a)^β. With β = 2 it is Converse's. Between 0 and D,
/// in the unit of D; NaN where both masses are 0 or a number is NaN.
///
/// # Source
///
/// Reilly, W. J. (1931). The Law of Retail Gravitation. Converse, P. D. (1949). New laws of retail gravitation. Journal of
/// Marketing 14, 379-384.
///
/// ```
/// use agglo::measures::radiation::breakpoint;
/// // A city four times as large, 90 km away: at 30 km from the smaller one both draw alike.
/// assert_eq!(breakpoint(1.0, 4.0, 90.0, 2.0), 30.0);
/// ```
pub fn breakpoint(mass_a: f64, mass_b: f64, distance: f64, beta: f64) -> f64 {
    distance / (1.0 + libm::pow(mass_b / mass_a, 1.0 / beta))
}

/// Reilly's law: how the trade of a place divides between two cities, (P_a/P_b)·(D_b/D_a)^β; the part of `a` is r/(1 + r).
///
/// ```
/// use agglo::measures::radiation::reilly;
/// assert_eq!(reilly([4.0, 1.0], [60.0, 30.0], 2.0), 1.0); // the breakpoint
/// ```
pub fn reilly(masses: [f64; 2], distances: [f64; 2], beta: f64) -> f64 {
    masses[0] / masses[1] * libm::pow(distances[1] / distances[0], beta)
}

/// The breakpoint of every pair of cores, by first, then second core.
///
/// `mass` has one entry a city, `cores` are places among the cities. See [`breakpoint()`] for the formula. O(c²) for c cores.
///
/// # Errors
///
/// `Undefined` without cores, for a core without a mass above 0, or a β that is not above 0.
///
/// ```
/// use agglo::measures::radiation::{Distances, breakpoints};
/// let distances = Distances::from_values(2, vec![0.0, 90.0, 90.0, 0.0])?;
/// let points = breakpoints(&[1.0, 4.0], &distances, &[0, 1], 2.0)?;
/// assert_eq!((points[0].from_a, points[0].from_b), (30.0, 60.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn breakpoints(mass: &[f64], distances: &Distances, cores: &[usize], beta: f64) -> Result<Vec<Breakpoint>> {
    Pulls::of(mass, distances, cores, beta)?;
    let pair = |a: usize, b: usize| {
        let distance = distances.get(a, b);
        let from = |a: usize, b: usize| breakpoint(mass[a], mass[b], distance, beta);
        Breakpoint { a, b, distance, from_a: from(a, b), from_b: from(b, a) }
    };
    Ok(cores.iter().enumerate().flat_map(|(k, &a)| cores[k + 1..].iter().map(move |&b| pair(a, b))).collect())
}

static ABOUT: About = About {
    name: "breakpoints",
    family: Family::Radiation,
    needs: Needs::Cores,
    title: "Breakpoints",
    question: "Where between two cores do their pulls balance, and how far does each city hold its own against its core?",
    formula: "B_a = D_ab / (1 + (P_b/P_a)^(1/beta)); B_b = D_ab - B_a",
    symbols: &[
        ("B_a", "distance of the breakpoint from core a"),
        ("P_a", "mass of a"),
        ("D_ab", "distance of the two"),
        ("beta", "exponent of the distance, 2 unless --beta says otherwise"),
    ],
    reading: "Nearer to a than B_a, on the line between them, a draws more than b. Of a city: how far from it, towards its core, it still draws more than the core does; small where a small city lies near a large core",
    variant: "Reilly-Converse with any exponent. A city's core is the one that draws it most, m_c/d^beta. Locations lie on the great circle between the points of the two cores (on the straight line where coordinates are planar), and are left out where distances are costs. Linkage: strength of the links of the two cores, both directions together",
    reference: "Reilly (1931), The Law of Retail Gravitation; Converse (1949), Journal of Marketing 14, 379-384",
    fields: &[
        Field::scalar("pairs", "pairs of cores"),
        Field::scalar("n", "cities that take part"),
        Field::column("primary_core", "id of the core that draws the city most; of a core, itself"),
        Field::annotated(
            "breakpoint_distance",
            "breakpoint_distance",
            "break_dist",
            "distance from the city to the breakpoint between it and its core",
        ),
        Field::table(
            "breakpoints",
            "for each pair of cores the distance, the linkage, and the breakpoint with its place",
        ),
        Field::layer("breakpoints", "the breakpoints of the pairs of cores, as points"),
    ],
    matches: &[("REAT", "converse(P_a, P_b, D_ab) with beta 2")],
};

/// [`breakpoints()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_mass(run, &ABOUT, |mass, outcome| fill(run, mass, outcome))
}

fn fill(run: &Run, mass: &[f64], outcome: &mut Outcome) -> Result<()> {
    let setting = Setting::of(run, mass, outcome)?;
    let (cores, beta) = (&setting.cores, setting.beta);
    let periphery = setting.pulls()?.periphery();
    let primary = hinterland(mass, &setting.distances, cores, beta)?.core;
    let mut own = vec![f64::NAN; run.cities.len()];
    for &i in &periphery {
        own[i] = primary[i].map_or(f64::NAN, |c| breakpoint(mass[i], mass[c], setting.distances.get(i, c), beta));
    }
    let pairs = cores.len() * (cores.len() - 1) / 2;
    outcome.scalars.extend([("pairs", pairs as f64), ("n", (periphery.len() + cores.len()) as f64)]);
    outcome.columns.push(("primary_core", ids(run, &primary)));
    outcome.columns.push(("breakpoint_distance", Values::Numbers(own)));
    if fits("the table of breakpoints", pairs, COLUMNS.len(), outcome) {
        let found = located(run, &breakpoints(mass, &setting.distances, cores, beta)?);
        outcome.notes.extend(sentence(run, &setting, &found));
        outcome.layers.push(("breakpoints", layer(run, &found)));
        outcome.tables.push(("breakpoints", table(run, &found)));
        if run.costs.is_some() {
            let message = "breakpoints have no place on the map, since distances are costs of ways";
            outcome.notes.push(Note::remark("undefined_number", message));
        }
    }
    if cores.len() == 1 {
        outcome.notes.push(Note::remark("one_core", "there is one core only, so that no two cores have a breakpoint"));
    }
    outcome.layers.retain(|(_, layer)| !layer.features.is_empty());
    outcome.footer = Some(setting.footer(&format!("Reilly-Converse breakpoints, beta = {beta}")));
    Ok(())
}

/// The breakpoints with their places, where distances are those of the map.
fn located(run: &Run, found: &[Breakpoint]) -> Vec<(Breakpoint, Option<[f64; 2]>)> {
    let place = |point: &Breakpoint| {
        let ends = run.cities.points[point.a].zip(run.cities.points[point.b]).filter(|_| run.costs.is_none());
        ends.and_then(|(a, b)| on_the_way(run.cities.metric, a, b, point.from_a / point.distance))
    };
    found.iter().map(|point| (*point, place(point))).collect()
}

const COLUMNS: [&str; 10] = [
    "a",
    "a_name",
    "b",
    "b_name",
    "distance",
    "linkage",
    "distance_from_a",
    "distance_from_b",
    "longitude",
    "latitude",
];

fn table(run: &Run, found: &[(Breakpoint, Option<[f64; 2]>)]) -> TableOut {
    let links = run.network.map(|links| links.undirected());
    let linkage = |a: usize, b: usize| links.as_ref().map_or(f64::NAN, |links| links.strength_between(a, b));
    let row = |(point, place): &(Breakpoint, Option<[f64; 2]>)| -> Vec<Value> {
        let [x, y] = place.unwrap_or([f64::NAN; 2]);
        let numbers = [point.distance, linkage(point.a, point.b), point.from_a, point.from_b, x, y];
        who(run, point.a).into_iter().chain(who(run, point.b)).chain(numbers.map(cell)).collect()
    };
    TableOut { columns: COLUMNS.into(), rows: found.iter().map(row).collect() }
}

fn layer(run: &Run, found: &[(Breakpoint, Option<[f64; 2]>)]) -> Layer {
    let feature = |(point, place): &(Breakpoint, Option<[f64; 2]>)| {
        let ([a, a_name], [b, b_name]) = (who(run, point.a), who(run, point.b));
        let properties = vec![
            ("a", a),
            ("a_name", a_name),
            ("b", b),
            ("b_name", b_name),
            ("distance", json!(point.distance)),
            ("distance_from_a", json!(point.from_a)),
            ("distance_from_b", json!(point.from_b)),
        ];
        place.map(|place| LayerFeature { shape: LayerShape::Point(place), properties })
    };
    Layer { features: found.iter().filter_map(feature).collect() }
}

/// Which breakpoint is most off the middle: where one core outweighs the other most.
fn sentence(run: &Run, setting: &Setting, found: &[(Breakpoint, Option<[f64; 2]>)]) -> Option<Note> {
    let part = |p: &Breakpoint| p.from_a.min(p.from_b) / p.distance;
    let known = found.iter().map(|(point, _)| point).filter(|point| part(point).is_finite());
    let least = known.min_by(|p, q| part(p).total_cmp(&part(q)))?;
    let (small, large) = if least.from_a < least.from_b { (least.a, least.b) } else { (least.b, least.a) };
    let unit = setting.distances.unit;
    let measured = |x: f64| format!("{} {unit}", printed(x, 0)).trim_end().to_owned();
    Some(finding(format!(
        "Of all pairs of cores {} outweighs {} most: their breakpoint lies {} from {1}, {:.2} of the {} between them (0.50 would be the middle)",
        run.cities.known_as(large),
        run.cities.known_as(small),
        measured(least.from_a.min(least.from_b)),
        part(least),
        measured(least.distance)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakpoint_of_nothing_is_undefined() {
        assert!(breakpoint(0.0, 0.0, 9.0, 2.0).is_nan());
        assert_eq!((breakpoint(0.0, 1.0, 9.0, 2.0), breakpoint(1.0, 0.0, 9.0, 2.0)), (0.0, 9.0));
    }
}
