//! The standard deviational ellipse in the registry: by year, as a table and on a map, and what it says.

use serde_json::{Value, json};

use super::centre::place;
use super::centre_of_gravity::with_place;
use super::distribution;
use super::ellipse::{Ellipse, ellipse};
use super::panel::enough;
use super::series::Series;
use crate::error::{Error, Kind, Result};
use crate::measures::adapter::{cell, finding, printed, signed};
use crate::measures::{About, Family, Field, Layer, LayerFeature, LayerShape, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, short};
use crate::study::{Metric, Variable};

/// Points of an ellipse on the map.
const POINTS: usize = 72;
/// Relative change of the area below which an ellipse hardly changed.
const HARDLY: f64 = 0.05;

static ABOUT: About = About {
    name: "ellipse",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Standard deviational ellipse",
    question: "How far does a value spread, along which axis, and does it draw together?",
    formula: "long, short: square roots of the eigenvalues of C = sum_i w_i (p_i - p)(p_i - p)'/sum_i w_i, p = sum_i w_i p_i/sum_i w_i",
    symbols: &[
        ("w_i", "value of city i, 0 or more; 1 in the row where all cities count alike"),
        (
            "p_i",
            "place of city i in km on an azimuthal equidistant map about the centre of gravity, or its planar coordinates",
        ),
    ],
    reading: "The axis along which the value lies, and the spread along and across it; a growing area is a value that spreads out. The row of the cities alike is what their places alone make of it. Of a normal cloud 39 % lie inside. Meant for totals, as GDP: of a value per head a small city weighs as much as a large one",
    variant: "One standard deviation, divided by the sum of the weights; semi-axes. CrimeStat and pointpats make both axes sqrt(2n/(n - 2)) times as long, given beside; other programs take 2 or 3 standard deviations. Cities with a place and a value in every year, the same in all years. On the globe an azimuthal equidistant map about each year's centre of gravity: longitudes and latitudes are not taken for lengths, and the date line is no border; cities over more than a hemisphere are refused. The centre is the mean on that map, some kilometres off the centre of gravity where cities spread over a continent",
    reference: "Lefever (1926), American Journal of Sociology 32, 88-94, doi:10.1086/214027; Yuill (1971), Geografiska Annaler B 53, 28-39, doi:10.2307/490885",
    fields: &[
        Field::scalar("long", "long semi-axis in the last year, in km or units of the coordinates"),
        Field::scalar("short", "short semi-axis in the last year"),
        Field::scalar(
            "rotation",
            "direction of the long axis in the last year, degrees clockwise from north, 0 to 180",
        ),
        Field::scalar("area", "area in the last year, pi times both semi-axes"),
        Field::scalar("flattening", "1 - short/long in the last year: 0 for a circle, 1 for a line"),
        Field::scalar("inside", "share of the value inside in the last year"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "years",
            "for each year the centre, the semi-axes, their direction, the area, flattening and share inside, and the semi-axes as CrimeStat gives them; then the same of the cities alike",
        ),
        Field::layer("ellipses", "the ellipse of each year, and that of the cities alike"),
    ],
    matches: &[(
        "pointpats",
        "ellipse(points, weights=y, method=\"yuill\", crimestatCorr=False, degfreedCorr=False) with --planar; its default is long_crimestat, short_crimestat; its angle is counterclockwise from the x axis",
    )],
};

/// [`ellipse()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let of = |series: &Series| series.outcome(run, &ABOUT, |outcome| fill(run, series, outcome));
    Series::all(run).iter().map(of).collect()
}

/// One row: the ellipse of a year, or without one that of the cities alike.
struct Entry<'a> {
    year: Option<&'a Variable>,
    ellipse: Result<Ellipse>,
}

fn fill(run: &Run, series: &Series, outcome: &mut Outcome) -> Result<()> {
    let (points, metric) = (&run.cities.points, run.cities.metric);
    let (cities, left_out) = with_place(&series.columns(), points);
    let in_years = series.years.len() > 1;
    enough(cities.len(), 3, if in_years { "a place and a value in all years" } else { "a place and a value" })?;
    let among = |weight: &dyn Fn(usize) -> f64| {
        ellipse(&distribution::spread(points.len(), &cities, cities.iter().map(|&i| weight(i))), points, metric)
    };
    let rows = series.years.iter().map(|&year| Some(year)).chain([None]);
    let weight = |year: Option<&Variable>, i: usize| year.map_or(1.0, |year| year.values[i]);
    let entries: Vec<Entry> = rows.map(|year| Entry { year, ellipse: among(&|i| weight(year, i)) }).collect();
    refuse(&entries)?;
    let last = series.years.len().checked_sub(1).and_then(|at| entries[at].ellipse.as_ref().ok());
    let of_last = |of: fn(&Ellipse) -> f64| last.map_or(f64::NAN, of);
    outcome.scalars.extend([
        ("long", of_last(|e| e.long)),
        ("short", of_last(|e| e.short)),
        ("rotation", of_last(|e| e.rotation)),
        ("area", of_last(|e| e.area)),
        ("flattening", of_last(|e| e.flattening)),
        ("inside", of_last(|e| e.inside)),
        ("n", cities.len() as f64),
    ]);
    outcome.tables.push(("years", TableOut { columns: COLUMNS.to_vec(), rows: entries.iter().map(cells).collect() }));
    let layer = layer(&entries, metric, outcome);
    outcome.layers.push(("ellipses", layer));
    let units = match metric {
        Metric::Planar => "planar coordinates, lengths in their unit",
        Metric::GreatCircle { .. } => "azimuthal equidistant map about each centre of gravity, lengths in km",
    };
    outcome.footer = Some(format!(
        "n = {} cities with a value{} and a place; semi-axes of one standard deviation, divisor sum of weights; {units}",
        cities.len(),
        if in_years { " in every year" } else { "" }
    ));
    let why = if in_years { "without a value in every year or a place" } else { "without a value or a place" };
    outcome.notes.extend(series.left_out(run, why, &left_out));
    outcome.notes.extend(undefined(series, &entries, last));
    if cities.iter().filter_map(|&i| place(points, i)).all(|p| p[0].abs() <= 180.0 && p[1].abs() <= 90.0)
        && metric == Metric::Planar
    {
        let message = "places look like longitudes and latitudes, of which planar axes and directions are distorted";
        outcome.notes.push(Note::remark("degrees_as_planar", format!("{}: {message}", series.name)));
    }
    outcome.notes.extend(spread(series, &entries, metric).map(finding));
    Ok(())
}

/// Refuses what no year survives: an error of another kind than undefined, or years that are all undefined.
fn refuse(entries: &[Entry]) -> Result<()> {
    let errors = || entries.iter().filter_map(|entry| entry.ellipse.as_ref().err());
    let of_years = entries.iter().filter(|entry| entry.year.is_some());
    let first: Option<&Error> = errors().find(|error| error.kind() != Kind::Undefined);
    let none = of_years.clone().all(|entry| entry.ellipse.is_err());
    match first.or_else(|| errors().next().filter(|_| none)) {
        Some(error) => Err(error.clone()),
        None => Ok(()),
    }
}

const COLUMNS: [&str; 13] = [
    "year",
    "weighting",
    "n",
    "x",
    "y",
    "long",
    "short",
    "rotation",
    "area",
    "flattening",
    "inside",
    "long_crimestat",
    "short_crimestat",
];

/// What is known of an ellipse, in the order of [`COLUMNS`].
fn cells(entry: &Entry) -> Vec<Value> {
    let Entry { year, ellipse } = entry;
    let weighting = year.map_or("cities alike", |year| year.name.as_str());
    let head = [json!(year.and_then(|year| year.year)), json!(weighting)];
    let numbers = ellipse.as_ref().map_or([f64::NAN; 10], |e| {
        let [x, y] = e.centre;
        [x, y, e.long, e.short, e.rotation, e.area, e.flattening, e.inside, e.long_crimestat, e.short_crimestat]
    });
    let n = ellipse.as_ref().map_or(Value::Null, |e| json!(e.n));
    head.into_iter().chain([n]).chain(numbers.map(cell)).collect()
}

fn layer(entries: &[Entry], metric: Metric, outcome: &mut Outcome) -> Layer {
    let mut features = Vec::new();
    for entry in entries {
        let Ok(ellipse) = &entry.ellipse else { continue };
        let drawn = (ellipse.short > 0.0).then(|| areas(ellipse.outline(POINTS), metric)).flatten();
        match drawn {
            Some(areas) => features.push(LayerFeature {
                shape: LayerShape::Areas(areas),
                properties: COLUMNS.into_iter().zip(cells(entry)).collect(),
            }),
            None => {
                let whose = entry.year.map_or_else(|| "the cities alike".to_owned(), Variable::label);
                let why = if ellipse.short > 0.0 { "it goes round a pole" } else { "it is a line" };
                outcome.notes.push(Note::remark("no_way", format!("the ellipse of {whose} is not drawn: {why}")));
            }
        }
    }
    Layer { features }
}

/// A ring as closed areas, in two parts where it crosses 180 degrees; `None` where it goes round a pole.
fn areas(ring: Vec<[f64; 2]>, metric: Metric) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    let first = *ring.first()?;
    if metric == Metric::Planar {
        return Some(vec![vec![closed(ring)]]);
    }
    // Longitudes that go on beyond 180 degrees instead of jumping.
    let step = |from: f64, to: f64| {
        let east = (to - from).rem_euclid(360.0);
        if east > 180.0 { east - 360.0 } else { east }
    };
    let mut unwrapped = vec![first];
    for pair in ring.windows(2) {
        let before = unwrapped.last().map_or(first[0], |last| last[0]);
        unwrapped.push([before + step(pair[0][0], pair[1][0]), pair[1][1]]);
    }
    let last = unwrapped.last().map_or(first[0], |last| last[0]);
    if (last + step(last, first[0]) - first[0]).abs() > 180.0 {
        return None;
    }
    let part = |side: f64, beyond: bool| {
        let inner = |x: f64| if beyond { side * x >= 180.0 } else { side * x <= 180.0 };
        let shift = if beyond { -360.0 * side } else { 0.0 };
        let cut: Vec<[f64; 2]> = clipped(&unwrapped, 180.0 * side, inner);
        closed(cut.into_iter().map(|[x, y]| [x + shift, y]).collect())
    };
    for side in [1.0, -1.0] {
        if unwrapped.iter().any(|p| side * p[0] > 180.0) {
            return Some(vec![vec![part(side, false)], vec![part(side, true)]]);
        }
    }
    Some(vec![vec![closed(unwrapped)]])
}

/// The part of a ring whose longitudes are `inner`, cut along the meridian `edge`.
fn clipped(ring: &[[f64; 2]], edge: f64, inner: impl Fn(f64) -> bool) -> Vec<[f64; 2]> {
    let mut part = Vec::new();
    for (k, &b) in ring.iter().enumerate() {
        let a = ring[(k + ring.len() - 1) % ring.len()];
        if inner(a[0]) != inner(b[0]) {
            let t = (edge - a[0]) / (b[0] - a[0]);
            part.push([edge, a[1] + t * (b[1] - a[1])]);
        }
        if inner(b[0]) {
            part.push(b);
        }
    }
    part
}

fn closed(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    ring.extend(ring.first().copied());
    ring
}

/// Why numbers are null.
fn undefined(series: &Series, entries: &[Entry], last: Option<&Ellipse>) -> Vec<Note> {
    let mut notes = Vec::new();
    for entry in entries {
        let whose = entry.year.map_or_else(|| format!("{}, cities alike", series.name), Variable::label);
        let reason = match &entry.ellipse {
            Err(error) => format!("{whose}: {error}"),
            Ok(ellipse) if ellipse.rotation.is_nan() => format!("{whose}: no rotation, since the ellipse is a circle"),
            Ok(_) => continue,
        };
        notes.push(Note::remark("undefined_number", reason));
    }
    if last.is_none() {
        let message = format!("{}: no long, short, rotation, area, flattening, inside of the last year", series.name);
        notes.push(Note::remark("undefined_number", message));
    }
    notes
}

/// The sentence of how the spread changed, or without years of what it is.
fn spread(series: &Series, entries: &[Entry], metric: Metric) -> Option<String> {
    let years: Vec<(&Variable, &Ellipse)> =
        entries.iter().filter_map(|entry| Some((entry.year?, entry.ellipse.as_ref().ok()?))).collect();
    let ((first_year, first), (year, last)) = (*years.first()?, *years.last()?);
    let unit = if metric.unit().is_empty() { String::new() } else { format!(" {}", metric.unit()) };
    let size = |x: f64| if unit.is_empty() { short(x) } else { printed(x, 0) };
    let axis = |e: &Ellipse| match e.rotation.is_nan() {
        true => "a circle".to_owned(),
        false => format!("long axis at {} degrees from north", printed(e.rotation, 0)),
    };
    let shape = |e: &Ellipse| format!("{} by {}{unit} ({})", size(e.long), size(e.short), axis(e));
    if series.years.len() < 2 || years.len() < 2 {
        let share = printed(100.0 * last.inside, 0);
        return Some(format!("{}: semi-axes of {}, {share} % of the value inside", year.label(), shape(last)));
    }
    let change = last.area / first.area - 1.0;
    let word = match change {
        change if !change.is_finite() => return None,
        change if change >= HARDLY => "the value spread out",
        change if change <= -HARDLY => "the value drew together",
        _ => "its spread hardly changed",
    };
    Some(format!(
        "{}: {word}, the area of the ellipse by {} % (threshold {} %), from semi-axes of {} in {} to {}; n = {} cities",
        series.span(),
        signed(100.0 * change, 1),
        100.0 * HARDLY,
        shape(first),
        first_year.year.map_or_else(String::new, |year| year.to_string()),
        shape(last),
        last.n
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_across_180_degrees_is_in_two_parts_and_one_round_a_pole_is_not_drawn() {
        let ring = vec![[179.0, 0.0], [-179.0, 0.0], [-179.0, 2.0], [179.0, 2.0]];
        let parts = areas(ring, Metric::EARTH).unwrap();
        assert_eq!(parts.len(), 2);
        for (part, side) in parts.iter().zip([1.0, -1.0]) {
            let ring = &part[0];
            assert_eq!((ring.len(), ring[0]), (5, ring[4]));
            assert!(ring.iter().all(|p| p[0] == 180.0 * side || p[0] == 179.0 * side), "{ring:?}");
            let doubled: f64 = ring.windows(2).map(|p| p[0][0] * p[1][1] - p[1][0] * p[0][1]).sum();
            assert!((doubled - 4.0).abs() < 1e-9); // counterclockwise
        }
        let polar = [0.0, 90.0, 180.0, -90.0].map(|lon| [lon, 80.0]).to_vec();
        assert_eq!(areas(polar, Metric::EARTH), None);
        let near = areas(vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], Metric::EARTH).unwrap();
        assert_eq!(near, [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]]);
    }
}
