//! The centre of gravity in the registry: its path as a table and on a map, and what it says.

use serde_json::{Value, json};

use super::centre::{bearing, compass};
use super::centre_of_gravity::{Centre, CentreOfGravity, centre_of_gravity};
use super::series::Series;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::radiation::ways::between;
use crate::measures::{About, Family, Field, Layer, LayerFeature, LayerShape, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::{Metric, Variable};

/// Share of the standard distance of the cities below which a centre hardly moved.
const HARDLY: f64 = 0.01;

static ABOUT: About = About {
    name: "centre_of_gravity",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Centre of gravity",
    question: "Where is the centre of a value, which way does it move, and how far is it from the centre of the people?",
    formula: "globe: direction of sum_i y_i u_i; plane: (sum_i y_i x_i, sum_i y_i z_i)/sum_i y_i",
    symbols: &[
        ("y_i", "value of city i, 0 or more"),
        ("u_i", "unit vector of the longitude and latitude of city i"),
        ("x_i, z_i", "planar coordinates of city i"),
    ],
    reading: "A centre moves towards where the value grows faster than elsewhere. Its distance from the centre of the cities says how one-sided the value is at all, that from the centre of the people how far it is from where they live; a centre can stay although much changes on all sides. Meant for totals, as GDP: of a value per head a small city weighs as much as a large one",
    variant: "Cities with a place and a value in every year, the same in all years. On the globe the spherical mean, so that no projection matters and the date line is no border; a mean of longitudes and latitudes lies elsewhere. With --planar the plain mean, distances in units of the coordinates. Bearings in degrees clockwise from north, of the great circle where it sets out",
    reference: "Lefever (1926), American Journal of Sociology 32, 88-94, doi:10.1086/214027; on the sphere: Mardia and Jupp (2000), Directional Statistics",
    fields: &[
        Field::scalar("x", "longitude, or x, of the centre in the last year"),
        Field::scalar("y", "latitude, or y, of the centre in the last year"),
        Field::scalar("path_length", "length of the path of the centre, in km or units of the coordinates"),
        Field::scalar("straight_distance", "distance from the first centre to the last"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "years",
            "for each year the centre, the total, how far and which way it moved, its distance from the centre of the cities and of the people",
        ),
        Field::layer("centres", "the centre of each year"),
        Field::layer("centre_path", "the steps from one centre to the next"),
    ],
    matches: &[("pointpats", "weighted_mean_center(points, y) with --planar")],
};

/// [`centre_of_gravity()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let of = |series: &Series| series.outcome(run, &ABOUT, |outcome| fill(run, series, outcome));
    Series::all(run).iter().map(of).collect()
}

fn fill(run: &Run, series: &Series, outcome: &mut Outcome) -> Result<()> {
    let population = series.population(run);
    let people: Option<Vec<&[f64]>> =
        population.as_ref().map(|years| years.iter().map(|year| year.values.as_slice()).collect());
    let metric = run.cities.metric;
    let result = centre_of_gravity(&series.columns(), &run.cities.points, metric, people.as_deref())?;
    let [x, y] = result.years.last().map_or([f64::NAN; 2], |last| last.point);
    outcome.scalars.extend([
        ("x", x),
        ("y", y),
        ("path_length", result.path_length),
        ("straight_distance", result.straight_distance),
        ("n", result.n as f64),
    ]);
    outcome.tables.push(("years", table(series, &result, population.is_some())));
    outcome.layers.push(("centres", centres(series, &result, population.is_some())));
    outcome.layers.push(("centre_path", path(series, &result, metric)));
    outcome.footer = Some(footer(series, &result, population.as_deref(), metric));
    let why =
        if series.years.len() > 1 { "without a value in every year or a place" } else { "without a value or a place" };
    outcome.notes.extend(series.left_out(run, why, &result.left_out));
    outcome.notes.extend(series.without_population(run));
    outcome.notes.extend(undefined(run, series, &result, population.is_some()));
    outcome.notes.extend(moved(series, &result, metric).map(finding));
    outcome.notes.extend(from_people(series, &result, metric).map(finding));
    Ok(())
}

const COLUMNS: [&str; 9] = ["year", "x", "y", "total", "distance", "bearing", "direction", "cumulative", "from_cities"];
const OF_PEOPLE: [&str; 3] = ["population_x", "population_y", "population_distance"];

fn columns(with_people: bool) -> Vec<&'static str> {
    COLUMNS.into_iter().chain(OF_PEOPLE.into_iter().filter(|_| with_people)).collect()
}

/// What is known of the centre of a year, in the order of [`columns`].
fn cells(year: &Variable, centre: &Centre, with_people: bool) -> Vec<Value> {
    let Centre { point, population, .. } = centre;
    let numbers = [point[0], point[1], centre.total, centre.distance, centre.bearing].map(cell);
    let rest = [cell(centre.cumulative), cell(centre.from_cities)];
    let people = [population[0], population[1], centre.population_distance].map(cell);
    let mut cells = vec![json!(year.year)];
    cells.extend(numbers);
    cells.push(json!(compass(centre.bearing)));
    cells.extend(rest);
    cells.extend(people.into_iter().filter(|_| with_people));
    cells
}

fn table(series: &Series, result: &CentreOfGravity, with_people: bool) -> TableOut {
    let rows = series.years.iter().zip(&result.years).map(|(year, centre)| cells(year, centre, with_people)).collect();
    TableOut { columns: columns(with_people), rows }
}

fn centres(series: &Series, result: &CentreOfGravity, with_people: bool) -> Layer {
    let feature = |(year, centre): (&&Variable, &Centre)| {
        let properties = columns(with_people).into_iter().zip(cells(year, centre, with_people)).collect();
        (!centre.point[0].is_nan()).then_some(LayerFeature { shape: LayerShape::Point(centre.point), properties })
    };
    Layer { features: series.years.iter().zip(&result.years).filter_map(feature).collect() }
}

/// The steps that lead anywhere, each with its two years.
fn path(series: &Series, result: &CentreOfGravity, metric: Metric) -> Layer {
    let steps = series.years.windows(2).zip(result.years.windows(2));
    let feature = |(years, centres): (&[&Variable], &[Centre])| {
        let to = centres.get(1).filter(|to| to.distance > 0.0)?;
        let lines = between(centres.first()?.point, to.point, metric)?;
        let properties = vec![
            ("from", json!(years.first()?.year)),
            ("to", json!(years.get(1)?.year)),
            ("distance", cell(to.distance)),
            ("bearing", cell(to.bearing)),
            ("direction", json!(compass(to.bearing))),
        ];
        Some(LayerFeature { shape: LayerShape::Lines(lines), properties })
    };
    Layer { features: steps.filter_map(feature).collect() }
}

fn footer(series: &Series, result: &CentreOfGravity, people: Option<&[&Variable]>, metric: Metric) -> String {
    let mean = match metric {
        Metric::Planar => "plain mean of planar coordinates, distances in their unit",
        Metric::GreatCircle { .. } => "mean on the sphere, great-circle distances in km",
    };
    let all = if series.years.len() > 1 { "a value in every year" } else { "a value" };
    let people = match people.and_then(|years| years.first()) {
        Some(population) => format!("; people: {}, the same cities", population.name),
        None => String::new(),
    };
    let [x, y] = result.cities.map(|x| printed(x, 3));
    format!("n = {} cities with {all} and a place; {mean}; centre of the cities {x}, {y}{people}", result.n)
}

/// Why numbers are null.
fn undefined(run: &Run, series: &Series, result: &CentreOfGravity, with_people: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |message: String| {
        notes.push(Note::remark("undefined_number", format!("{}: {message}", series.name)));
    };
    let years = |which: &dyn Fn(&Centre) -> bool| -> Vec<String> {
        let of = series.years.iter().zip(&result.years).filter(|(_, centre)| which(centre));
        of.map(|(year, _)| year.label()).collect()
    };
    let empty = years(&|centre| centre.point[0].is_nan() && centre.total == 0.0);
    let cancelled = years(&|centre| centre.point[0].is_nan() && centre.total != 0.0);
    for (these, why) in [(empty, "all values are 0"), (cancelled, "the places lie all round the globe and cancel")] {
        if !these.is_empty() {
            remark(format!(
                "no centre x, y of {}, since {why}, and no path_length or straight_distance over it",
                listed(&these)
            ));
        }
    }
    if result.cities[0].is_nan() {
        remark("no centre of the cities, since they lie all round the globe and cancel".to_owned());
    }
    if !result.without_population.is_empty() {
        let cities = listed_by(&result.without_population, |&i| run.cities.label(i));
        remark(format!("no centre of the people, since no population is known of {cities}"));
    } else if with_people && result.years.iter().any(|centre| centre.population[0].is_nan()) {
        remark("no centre of the people in a year in which nobody lives in the cities, or they cancel".to_owned());
    }
    notes
}

/// A length with its unit.
fn length(x: f64, metric: Metric) -> String {
    match metric.unit() {
        "" => format!("{} units", crate::note::short(x)),
        unit => format!("{} {unit}", printed(x, 1)),
    }
}

/// The sentence of where the centre moved; whether it did is held against the standard distance of the cities.
fn moved(series: &Series, result: &CentreOfGravity, metric: Metric) -> Option<String> {
    if series.years.len() < 2 || !result.straight_distance.is_finite() || !result.standard_distance.is_finite() {
        return None;
    }
    let straight = length(result.straight_distance, metric);
    let share = result.straight_distance / result.standard_distance;
    let spread = length(result.standard_distance, metric);
    let against = format!(
        "{} % of the standard distance of the cities from their centre ({spread}), threshold {} %",
        printed(100.0 * share, 1),
        100.0 * HARDLY
    );
    let to = compass(result.bearing).map_or_else(String::new, |word| format!(" to the {word}"));
    let moved = if share >= HARDLY { "the centre moved" } else { "the centre hardly moved," };
    let path = match result.path_length {
        path if path.is_finite() => {
            format!("; the path over {} years is {} long", series.years.len(), length(path, metric))
        }
        _ => String::new(),
    };
    Some(format!("{}: {moved} {straight}{to}, {against}{path}; n = {} cities", series.span(), result.n))
}

/// The sentence of how far the centre lies from that of the people.
fn from_people(series: &Series, result: &CentreOfGravity, metric: Metric) -> Option<String> {
    let (year, last) = (series.years.last()?, result.years.last()?);
    if !last.population_distance.is_finite() {
        return None;
    }
    let apart = length(last.population_distance, metric);
    let to = match last.population_distance > 0.0 {
        true => compass(bearing(last.population, last.point, metric)).map(|word| format!(" to the {word}")),
        false => None,
    };
    let before = result.years.first().filter(|first| series.years.len() > 1 && first.population_distance.is_finite());
    let before = before.zip(series.years.first()).map_or_else(String::new, |(first, year)| {
        let year = year.year.map_or_else(String::new, |year| format!(" in {year}"));
        format!(", after {}{year}", length(first.population_distance, metric))
    });
    Some(format!("{}: the centre lies {apart}{} of that of the people{before}", year.label(), to.unwrap_or_default()))
}
