//! Where the cities lie: whether coordinates are longitude and latitude, and the point that stands for a city.

use geo::algorithm::InteriorPoint;
use geo::{LineString, MultiPolygon, Polygon};
use serde_json::Value;

use crate::error::{Fault, Faults, Kind, Result, quoted};
use crate::note::{Note, listed};
use crate::read::geojson::Document;
use crate::study::{Cities, RingRole, ShapeKind, Shapes};

/// How coordinates are taken, and which point stands for a city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Coordinates are planar units of any size (`--planar`), not longitude and latitude in degrees.
    pub planar: bool,
    /// Which point stands for a city (`--points`).
    pub points: PointChoice,
}

/// Which point stands for a city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PointChoice {
    /// The area centroid over all parts, holes subtracted; it can lie outside.
    #[default]
    Centroid,
    /// A point on the surface, near the middle.
    Inside,
    /// Two properties, longitude and latitude (or x and y).
    Columns(String, String),
}

type Point = [f64; 2];
type Rings = Vec<(RingRole, Vec<Point>)>;

/// Checks the reference system of a file that has the member `crs` of older GeoJSON.
pub(super) fn check_reference_system(document: &Document) -> Result<Vec<Note>> {
    let Some(raw) = document.member("crs").filter(|raw| *raw != "null") else { return Ok(Vec::new()) };
    let name = reference_system(raw).unwrap_or_else(|| raw.to_owned());
    let code = name.rsplit([':', '/', '#']).next().unwrap_or_default().to_ascii_uppercase();
    match code.as_str() {
        "CRS84" | "CRS84H" | "4326" | "4979" => Ok(Vec::new()),
        "4490" => Ok(vec![Note::warning(
            "crs",
            format!("crs is CGCS2000 ({}); taken as WGS 84, from which it differs by less than 1 m", quoted(&name)),
        )]),
        _ => Err(Fault::new(
            Kind::Coordinates,
            format!("coordinates are in {}, not in longitude and latitude", quoted(&name)),
        )
        .file(document.file())
        .field("crs")
        .hint(format!("{}, or take them as they are with `--planar`", reproject("", document.file())))
        .into()),
    }
}

/// The line that turns a file into longitude and latitude.
fn reproject(source: &str, file: &str) -> String {
    format!("reproject: `ogr2ogr {source}-t_srs EPSG:4326 -lco RFC7946=YES wgs84.geojson {file}`")
}

/// The name in a `crs` member: `{"type": "name", "properties": {"name": …}}`, or the older `{"code": 4326}`.
fn reference_system(raw: &str) -> Option<String> {
    let value: Value = serde_json::from_str(raw).ok()?;
    let properties = value.get("properties")?;
    match (properties.get("name"), properties.get("code")) {
        (Some(Value::String(name)), _) => Some(name.clone()),
        (_, Some(code)) => Some(format!("EPSG:{}", code.as_str().map_or_else(|| code.to_string(), str::to_owned))),
        _ => None,
    }
}

/// How far the coordinates of one city reach.
struct Reach {
    city: usize,
    low: Point,
    high: Point,
}

impl Reach {
    fn of(shapes: &Shapes, city: usize) -> Option<Self> {
        let coordinates = shapes.coordinates(city);
        let start = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        let (low, high) = coordinates.iter().fold(start, |(low, high), p| {
            ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
        });
        (!coordinates.is_empty()).then_some(Self { city, low, high })
    }

    /// The value on axis `k` that is farthest from 0.
    fn farthest(&self, k: usize) -> f64 {
        if self.low[k].abs() > self.high[k].abs() { self.low[k] } else { self.high[k] }
    }

    fn is_geographic(&self) -> bool {
        self.farthest(0).abs() <= 360.0 && self.farthest(1).abs() <= 90.0
    }

    fn is_geographic_swapped(&self) -> bool {
        self.farthest(1).abs() <= 180.0 && self.farthest(0).abs() <= 90.0
    }

    fn is_beyond_degrees(&self) -> bool {
        self.farthest(0).abs() > 360.0 || self.farthest(1).abs() > 360.0
    }
}

/// Checks that all coordinates are longitude and latitude in degrees.
///
/// # Errors
/// One fault for the file if its coordinates look projected or swapped, else one for every city out of range.
pub(super) fn check_degrees(document: &Document, shapes: &Shapes, ids: &[String]) -> Result<Vec<Note>> {
    let all: Vec<Reach> = (0..shapes.len()).filter_map(|city| Reach::of(shapes, city)).collect();
    let wrong: Vec<&Reach> = all.iter().filter(|reach| !reach.is_geographic()).collect();
    let Some(first) = wrong.first() else { return Ok(range_notes(&all, ids)) };
    let (x, y) = (first.farthest(0), first.farthest(1));
    let whole_file = |message: String, hint: String| {
        Err(Fault::new(Kind::Coordinates, message).file(document.file()).hint(hint).into())
    };
    if all.iter().all(Reach::is_beyond_degrees) {
        let message = format!(
            "coordinates are projected, not longitude and latitude in degrees: {} lies at x {x}, y {y}",
            ids[first.city]
        );
        let line = reproject("-s_srs EPSG:CODE ", document.file());
        return whole_file(message, format!("{line}, or take them as they are with `--planar`"));
    }
    if all.iter().all(Reach::is_geographic_swapped) && (wrong.len() > 1 || all.len() == 1) {
        let message = format!(
            "latitude {y} of {} is outside -90..90; the file looks like latitude, longitude order ({} of {} cities are out of range, none if swapped)",
            ids[first.city],
            wrong.len(),
            all.len()
        );
        return whole_file(message, "GeoJSON has longitude first: swap the two numbers of every position".to_owned());
    }
    let mut faults = Faults::default();
    for reach in wrong {
        let (axis, value, limit) = match reach.farthest(1) {
            latitude if latitude.abs() > 90.0 => ("latitude", latitude, 90),
            _ => ("longitude", reach.farthest(0), 360),
        };
        faults.push(
            Fault::new(Kind::Coordinates, format!("{axis} {value} is outside -{limit}..{limit}"))
                .file(document.file())
                .feature(reach.city)
                .city(&ids[reach.city])
                .hint("correct the coordinate; a position is [longitude, latitude] in degrees"),
        );
    }
    faults.finish(Vec::new())
}

fn range_notes(all: &[Reach], ids: &[String]) -> Vec<Note> {
    let beyond: Vec<&str> =
        all.iter().filter(|reach| reach.farthest(0).abs() > 180.0).map(|reach| ids[reach.city].as_str()).collect();
    if beyond.is_empty() {
        return Vec::new();
    }
    let message = format!("{}: longitudes are outside -180..180; taken as they are", listed(&beyond));
    vec![Note::warning("longitude_range", message).about(beyond)]
}

/// The point that stands for each city, and what is to be said about cities that cross 180°.
pub(super) fn points(cities: &Cities, ground: &Ground) -> (Vec<Option<Point>>, Vec<Note>) {
    let shapes = &cities.shapes;
    let mut crossing = Vec::new();
    let points = (0..shapes.len())
        .map(|city| match shapes.kind(city) {
            ShapeKind::Missing => None,
            ShapeKind::Point => Some(shapes.coordinates(city)[0]),
            ShapeKind::Area => {
                if ground.planar || !is_wide(shapes.coordinates(city)) {
                    let rings: Vec<_> = shapes.rings(city).collect();
                    return Some(point_of(&rings, &ground.points));
                }
                if shapes.rings(city).any(|(_, ring)| is_wide(ring)) {
                    crossing.push(city);
                }
                let rings = unwrapped(shapes.rings(city));
                let rings: Vec<_> = rings.iter().map(|(role, ring)| (*role, ring.as_slice())).collect();
                let [longitude, latitude] = point_of(&rings, &ground.points);
                Some([wrapped(longitude), latitude])
            }
        })
        .collect();
    (points, crossing_note(cities, &crossing).into_iter().collect())
}

fn crossing_note(cities: &Cities, crossing: &[usize]) -> Option<Note> {
    let labels: Vec<String> = crossing.iter().map(|&city| cities.label(city)).collect();
    let message = format!(
        "{}: the border passes 180°; taken the short way round, and written back as it came (cut it: `ogr2ogr -wrapdateline -datelineoffset 10`)",
        listed(&labels)
    );
    let ids = crossing.iter().map(|&city| cities.ids[city].as_str());
    (!crossing.is_empty()).then(|| Note::warning("antimeridian", message).about(ids))
}

/// The points that two properties give.
///
/// # Errors
/// A column that does not exist, cities without a value, values that are no numbers or out of range.
pub(super) fn points_from_columns(
    document: &Document,
    ids: &[String],
    names: [&str; 2],
    planar: bool,
) -> Result<(Vec<Option<Point>>, Vec<Note>)> {
    let place = |city: usize, fault: Fault| fault.file(document.file()).feature(city).city(&ids[city]);
    let mut faults = Faults::default();
    let (mut axes, mut notes) = ([Vec::new(), Vec::new()], Vec::new());
    for ((axis, name), limit) in axes.iter_mut().zip(names).zip([360.0, 90.0]) {
        let Some(column) = document.properties().column(name) else {
            faults.push(document.properties().no_column(name));
            continue;
        };
        match column.numbers(place) {
            Ok((values, more)) => {
                notes.extend(more);
                for (city, value) in values.iter().enumerate() {
                    let message = match value {
                        x if x.is_nan() => "the city has no value, so no point".to_owned(),
                        x if !planar && x.abs() > limit => format!("{x} is outside -{limit}..{limit} degrees"),
                        _ => continue,
                    };
                    faults.push(place(city, Fault::new(Kind::Coordinates, message).field(name)));
                }
                *axis = values;
            }
            Err(error) => faults.extend(error),
        }
    }
    let [xs, ys] = axes;
    faults.finish((xs.into_iter().zip(ys).map(|(x, y)| Some([x, y])).collect(), notes))
}

/// Whether coordinates span more than half of the globe, as they do on both sides of 180°.
fn is_wide(coordinates: &[Point]) -> bool {
    let (west, east) =
        coordinates.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(w, e), p| (w.min(p[0]), e.max(p[0])));
    east - west > 180.0
}

/// Rings whose longitudes run on across 180°, all on one side of the globe.
fn unwrapped<'a>(rings: impl Iterator<Item = (RingRole, &'a [Point])>) -> Rings {
    let mut anchor = None;
    rings
        .map(|(role, ring)| {
            let mut last = *anchor.get_or_insert(ring[0][0]);
            let ring = ring
                .iter()
                .map(|&[longitude, latitude]| {
                    last = longitude + 360.0 * ((last - longitude) / 360.0).round();
                    [last, latitude]
                })
                .collect();
            (role, ring)
        })
        .collect()
}

/// A longitude within -180..180.
fn wrapped(longitude: f64) -> f64 {
    match longitude {
        beyond if beyond > 180.0 => beyond - 360.0,
        beyond if beyond < -180.0 => beyond + 360.0,
        within => within,
    }
}

fn point_of(rings: &[(RingRole, &[Point])], choice: &PointChoice) -> Point {
    let inside = match choice {
        PointChoice::Inside => interior_point(rings),
        PointChoice::Centroid | PointChoice::Columns(..) => None,
    };
    inside.unwrap_or_else(|| centroid(rings))
}

/// A point on the surface, by `geo`; `None` where that finds none.
fn interior_point(rings: &[(RingRole, &[Point])]) -> Option<Point> {
    let line = |ring: &[Point]| LineString::from(ring.to_vec());
    let mut parts: Vec<(LineString, Vec<LineString>)> = Vec::new();
    for (role, ring) in rings {
        match (role, parts.last_mut()) {
            (RingRole::Hole, Some((_, holes))) => holes.push(line(ring)),
            _ => parts.push((line(ring), Vec::new())),
        }
    }
    let polygons = parts.into_iter().map(|(shell, holes)| Polygon::new(shell, holes)).collect();
    MultiPolygon::new(polygons).interior_point().map(Into::into).filter(is_finite)
}

fn is_finite(point: &Point) -> bool {
    point.iter().all(|x| x.is_finite())
}

/// The area centroid of closed rings in coordinate space: the mean of the rings' centroids, each weighted by its
/// area, positive for shells and negative for holes, whatever their direction.
///
/// With the origin at a ring's first vertex, a_i = x_i·y_{i+1} − x_{i+1}·y_i, the ring's area is A = Σa_i/2 and its
/// centroid Σ(p_i + p_{i+1})·a_i/(6A). Where nothing is enclosed it is the mean of the vertices.
fn centroid(rings: &[(RingRole, &[Point])]) -> Point {
    let origin = rings[0].1[0];
    let (mut total, mut moment) = (0.0, [0.0; 2]);
    for (role, ring) in rings {
        let (area, ring_moment) = area_and_moment(ring, origin);
        let sign = if (area < 0.0) == (*role == RingRole::Shell) { -1.0 } else { 1.0 };
        total += sign * area;
        moment = [moment[0] + sign * ring_moment[0], moment[1] + sign * ring_moment[1]];
    }
    let point = [origin[0] + moment[0] / total, origin[1] + moment[1] / total];
    if total > 0.0 && is_finite(&point) { point } else { vertex_mean(rings) }
}

/// Signed area of a ring, and its first moments about `origin`.
fn area_and_moment(ring: &[Point], origin: Point) -> (f64, Point) {
    let [x0, y0] = ring[0];
    let (mut doubled, mut sixfold) = (0.0, [0.0; 2]);
    for side in ring.windows(2) {
        let (a, b) = ([side[0][0] - x0, side[0][1] - y0], [side[1][0] - x0, side[1][1] - y0]);
        let cross = a[0] * b[1] - b[0] * a[1];
        doubled += cross;
        sixfold = [sixfold[0] + (a[0] + b[0]) * cross, sixfold[1] + (a[1] + b[1]) * cross];
    }
    let area = doubled / 2.0;
    (area, [sixfold[0] / 6.0 + area * (x0 - origin[0]), sixfold[1] / 6.0 + area * (y0 - origin[1])])
}

fn vertex_mean(rings: &[(RingRole, &[Point])]) -> Point {
    let vertices: Vec<Point> = rings
        .iter()
        .filter(|(role, _)| *role == RingRole::Shell)
        .flat_map(|(_, ring)| ring[..ring.len() - 1].iter().copied())
        .collect();
    let n = vertices.len() as f64;
    vertices.iter().fold([0.0; 2], |mean, p| [mean[0] + p[0] / n, mean[1] + p[1] / n])
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;
    use proptest::prelude::*;

    use super::*;
    use crate::study::Metric;

    fn square(x: f64, y: f64, side: f64) -> Vec<Point> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    }

    #[test]
    fn holes_are_subtracted_whatever_their_direction() {
        let shell = square(0.0, 0.0, 4.0);
        for hole in [square(2.0, 0.0, 2.0), square(2.0, 0.0, 2.0).into_iter().rev().collect()] {
            let [x, y] = centroid(&[(RingRole::Shell, &shell), (RingRole::Hole, &hole)]);
            // (16·2 − 4·3)/12 and (16·2 − 4·1)/12
            assert_abs_diff_eq!(x, 20.0 / 12.0, epsilon = 1e-15);
            assert_abs_diff_eq!(y, 28.0 / 12.0, epsilon = 1e-15);
        }
    }

    #[test]
    fn nothing_enclosed_is_the_mean_of_the_vertices() {
        let line = [[0.0, 0.0], [3.0, 0.0], [6.0, 0.0], [0.0, 0.0]];
        assert_eq!(centroid(&[(RingRole::Shell, &line)]), [3.0, 0.0]);
    }

    #[test]
    fn parts_on_both_sides_of_the_antimeridian_meet_there() {
        let mut shapes = Shapes::default();
        shapes.push_area([(RingRole::Shell, square(178.0, -1.0, 2.0)), (RingRole::Shell, square(-180.0, -1.0, 2.0))]);
        shapes.push_area([(RingRole::Shell, [[179.0, 0.0], [-179.0, 0.0], [-179.0, 1.0], [179.0, 1.0], [179.0, 0.0]])]);
        let ids = vec!["A".to_owned(), "B".to_owned()];
        let cities =
            Cities { names: ids.clone(), ids, shapes, points: Vec::new(), metric: Metric::EARTH, notes: Vec::new() };
        let (points, notes) = points(&cities, &Ground::default());
        assert_eq!(points, [Some([180.0, 0.0]), Some([180.0, 0.5])]);
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].cities, ["B"]);
    }

    #[test]
    fn a_point_inside_a_horseshoe_lies_on_it() {
        let horseshoe = [
            [0.0, 0.0],
            [10.0, 0.0],
            [10.0, 10.0],
            [9.0, 10.0],
            [9.0, 1.0],
            [1.0, 1.0],
            [1.0, 10.0],
            [0.0, 10.0],
            [0.0, 0.0],
        ];
        let [x, y] = interior_point(&[(RingRole::Shell, &horseshoe)]).unwrap();
        assert!((0.0..=10.0).contains(&x) && (0.0..=10.0).contains(&y));
        assert!(x <= 1.0 || x >= 9.0 || y <= 1.0);
    }

    proptest! {
        #[test]
        fn centroids_move_with_their_ring(dx in -170.0..170.0_f64, dy in -80.0..80.0_f64, side in 1e-3..5.0_f64) {
            let [x, y] = centroid(&[(RingRole::Shell, &square(dx, dy, side))]);
            prop_assert!((x - dx - side / 2.0).abs() < 1e-11);
            prop_assert!((y - dy - side / 2.0).abs() < 1e-11);
        }
    }
}
