//! Geometries to flat rings, through the `geojson` crate; what that crate refuses is diagnosed here.

use geojson::{Geometry, GeometryValue, Position};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Fault, Kind, did_you_mean, quoted};
use crate::read::geojson::checks::{Finding, Flaw, hole_outside, ring_flaws};
use crate::read::geojson::members::{kind_of, members, unquoted};
use crate::study::{RingRole, Shapes};

type Ring = (RingRole, Vec<[f64; 2]>);

/// The shapes of consecutive features, the first of which has index `first`, from the texts of their geometries
/// (empty where there is none).
pub(super) fn shapes<'a>(
    first: usize,
    geometries: impl Iterator<Item = &'a str>,
) -> (Shapes, Vec<Finding>, Vec<Fault>) {
    let mut reader = Reader::default();
    for (i, text) in geometries.enumerate() {
        reader.feature = first + i;
        reader.read(text);
    }
    (reader.shapes, reader.findings, reader.faults)
}

#[derive(Default)]
struct Reader {
    feature: usize,
    shapes: Shapes,
    findings: Vec<Finding>,
    faults: Vec<Fault>,
    /// Rings of the feature at hand.
    rings: Vec<Ring>,
}

/// What a geometry comes to.
enum Form {
    Missing,
    Point([f64; 2]),
    /// The rings are in the reader.
    Area,
}

impl Reader {
    fn found(&mut self, flaw: Flaw) {
        let finding = Finding { feature: self.feature, flaw };
        let of_feature = self.findings.iter().rev().take_while(|other| other.feature == finding.feature);
        if !of_feature.into_iter().any(|other| *other == finding) {
            self.findings.push(finding);
        }
    }

    fn fault(&mut self, message: impl Into<String>, hint: &str) {
        let fault = Fault::new(Kind::Geometry, message).feature(self.feature);
        self.faults.push(if hint.is_empty() { fault } else { fault.hint(hint) });
    }

    fn read(&mut self, text: &str) {
        self.rings.clear();
        let form = if text.starts_with('{') {
            match serde_json::from_str::<Geometry>(text) {
                Ok(geometry) => self.geometry(&geometry.value),
                Err(error) => self.refused(text, &error),
            }
        } else {
            self.found(Flaw::NoGeometry);
            Form::Missing
        };
        match form {
            Form::Missing => self.shapes.push_missing(),
            Form::Point(point) => self.shapes.push_point(point),
            Form::Area => self.shapes.push_area(self.rings.iter().map(|(role, ring)| (*role, ring))),
        }
    }

    fn geometry(&mut self, value: &GeometryValue) -> Form {
        match value {
            GeometryValue::Point { coordinates } if coordinates.is_empty() => self.empty(),
            GeometryValue::Point { coordinates } => self.point(coordinates),
            GeometryValue::MultiPoint { coordinates } => match coordinates.as_slice() {
                [] => self.empty(),
                [one] => self.point(one),
                more => self.wrong_type(&format!("MultiPoint of {} points", more.len())),
            },
            GeometryValue::Polygon { coordinates } => {
                self.polygon(coordinates, "");
                self.area()
            }
            GeometryValue::MultiPolygon { coordinates } => {
                for (i, polygon) in coordinates.iter().enumerate() {
                    self.polygon(polygon, &format!("part {i}, "));
                }
                self.area()
            }
            GeometryValue::GeometryCollection { geometries } if geometries.is_empty() => self.empty(),
            GeometryValue::GeometryCollection { geometries } => {
                if !has_polygon(value) {
                    return self.wrong_type("GeometryCollection without a polygon");
                }
                self.found(Flaw::Collection);
                self.collection(geometries);
                self.area()
            }
            GeometryValue::LineString { coordinates } if coordinates.is_empty() => self.empty(),
            other => self.wrong_type(other.type_name()),
        }
    }

    fn collection(&mut self, geometries: &[Geometry]) {
        for geometry in geometries {
            match &geometry.value {
                GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. } => {
                    self.geometry(&geometry.value);
                }
                GeometryValue::GeometryCollection { geometries } => self.collection(geometries),
                _ => {}
            }
        }
    }

    fn wrong_type(&mut self, what: &str) -> Form {
        self.fault(
            format!("the geometry is a {what}; a city is a Polygon, MultiPolygon or Point"),
            "give the city its border, or a point and weights of distance such as `--weights knn:4`",
        );
        Form::Missing
    }

    fn empty(&mut self) -> Form {
        self.found(Flaw::Empty);
        Form::Missing
    }

    fn area(&mut self) -> Form {
        if self.rings.is_empty() { self.empty() } else { Form::Area }
    }

    fn point(&mut self, position: &Position) -> Form {
        self.position(position, "the point").map_or(Form::Missing, Form::Point)
    }

    /// The first two numbers of a position; a fault if there are fewer.
    fn position(&mut self, position: &Position, place: &str) -> Option<[f64; 2]> {
        if position.len() > 3 {
            self.found(Flaw::LongPosition);
        }
        match position.as_slice() {
            [x, y, ..] => Some([*x, *y]),
            short => {
                self.fault(
                    format!("a position of {place} has {} number, not 2", short.len()),
                    "write [longitude, latitude]",
                );
                None
            }
        }
    }

    /// Adds the rings of a polygon; one without a shell is passed over.
    fn polygon(&mut self, rings: &[Vec<Position>], part: &str) {
        if rings.first().is_none_or(Vec::is_empty) {
            return;
        }
        let shell = self.rings.len();
        for (i, positions) in rings.iter().enumerate().filter(|(_, positions)| !positions.is_empty()) {
            let Some(ring) = self.ring(positions, &format!("{part}ring {i}")) else { continue };
            ring_flaws(&ring, |flaw| self.found(flaw));
            let role = if i == 0 { RingRole::Shell } else { RingRole::Hole };
            if role == RingRole::Hole && self.rings.get(shell).is_some_and(|(_, shell)| hole_outside(shell, &ring)) {
                self.found(Flaw::HoleOutside);
            }
            self.rings.push((role, ring));
        }
    }

    /// A closed ring; a fault if it has too few positions.
    fn ring(&mut self, positions: &[Position], place: &str) -> Option<Vec<[f64; 2]>> {
        let mut ring = Vec::with_capacity(positions.len() + 1);
        for position in positions {
            ring.push(self.position(position, place)?);
        }
        if ring.first() != ring.last() {
            self.found(Flaw::OpenRing);
            ring.push(ring[0]);
        }
        if ring.len() < 4 {
            let message = format!("{place} has {} positions, a closed ring needs at least 4", ring.len());
            self.fault(message, "draw the border again, or set the geometry to null");
            return None;
        }
        Some(ring)
    }

    /// What to make of a geometry that the crate refuses.
    fn refused(&mut self, text: &str, error: &serde_json::Error) -> Form {
        match diagnosis(text) {
            Diagnosis::Empty => self.empty(),
            Diagnosis::Parts(geometries) => self.geometry(&GeometryValue::GeometryCollection { geometries }),
            Diagnosis::Wrong(message, hint) => {
                self.fault(message, &hint);
                Form::Missing
            }
            Diagnosis::Unknown => {
                let reason = error.to_string();
                let reason = reason.split(" at line").next().unwrap_or_default();
                self.fault(format!("the geometry is malformed: {reason}"), "");
                Form::Missing
            }
        }
    }
}

fn has_polygon(value: &GeometryValue) -> bool {
    match value {
        GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. } => true,
        GeometryValue::GeometryCollection { geometries } => geometries.iter().any(|one| has_polygon(&one.value)),
        _ => false,
    }
}

/// Why a geometry is refused.
enum Diagnosis {
    /// It has no coordinates, in one of the spellings that the crate does not take.
    Empty,
    /// A collection in which some parts are empty; the others.
    Parts(Vec<Geometry>),
    /// What is wrong, and what to do.
    Wrong(String, String),
    Unknown,
}

/// The types of geometry, with how deep their positions lie in `coordinates`.
const TYPES: [(&str, usize); 6] =
    [("Point", 0), ("MultiPoint", 1), ("LineString", 1), ("MultiLineString", 2), ("Polygon", 2), ("MultiPolygon", 3)];

fn diagnosis(geometry: &str) -> Diagnosis {
    let all = members(geometry);
    let value_of = |name: &str| all.iter().rfind(|member| member.is(name)).map(|member| member.value);
    let wrong = |message: String| Diagnosis::Wrong(message, "see RFC 7946, section 3.1".to_owned());
    let kind = match value_of("type") {
        None => return wrong("the geometry has no type".to_owned()),
        Some(kind) if !kind.starts_with('"') => return wrong(format!("the geometry's type is {}", kind_of(kind))),
        Some(kind) => unquoted(kind).unwrap_or_default(),
    };
    if kind == "GeometryCollection" {
        return match value_of("geometries") {
            None | Some("null") => Diagnosis::Empty,
            Some(parts) => parts_diagnosis(parts),
        };
    }
    let Some(&(kind, level)) = TYPES.iter().find(|(name, _)| *name == kind) else {
        let names = TYPES.iter().map(|(name, _)| *name).chain(["GeometryCollection"]);
        let near = did_you_mean(&kind, names).map_or(String::new(), |name| format!("did you mean {}?", quoted(name)));
        return Diagnosis::Wrong(format!("{} is not a type of geometry", quoted(&kind)), near);
    };
    match value_of("coordinates").map(serde_json::from_str::<Value>) {
        None | Some(Ok(Value::Null)) => Diagnosis::Empty,
        Some(Ok(coordinates)) if holds_nothing(&coordinates) => Diagnosis::Empty,
        Some(Ok(coordinates)) => misfit(&coordinates, level, "coordinates").map_or(Diagnosis::Unknown, |misfit| {
            Diagnosis::Wrong(
                format!("the coordinates do not fit a {kind}: {misfit}"),
                "compare the number of brackets with the type; some programs read this without a word".to_owned(),
            )
        }),
        Some(Err(_)) => Diagnosis::Unknown,
    }
}

/// The first trouble among the parts of a geometry collection, or those that are not empty.
fn parts_diagnosis(parts: &str) -> Diagnosis {
    let Ok(parts) = serde_json::from_str::<Vec<&RawValue>>(parts) else {
        return Diagnosis::Wrong(format!("geometries is {}, not an array", kind_of(parts)), String::new());
    };
    let mut sound = Vec::new();
    for part in parts {
        match serde_json::from_str::<Geometry>(part.get()) {
            Ok(geometry) => sound.push(geometry),
            Err(_) if !part.get().starts_with('{') => {
                let message = format!("a part of the GeometryCollection is {}", kind_of(part.get()));
                return Diagnosis::Wrong(message, String::new());
            }
            Err(_) => match diagnosis(part.get()) {
                Diagnosis::Empty => {}
                Diagnosis::Parts(parts) => sound.extend(parts),
                trouble => return trouble,
            },
        }
    }
    if sound.is_empty() { Diagnosis::Empty } else { Diagnosis::Parts(sound) }
}

fn holds_nothing(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(holds_nothing))
}

/// Where coordinates with positions `level` arrays deep go wrong.
fn misfit(value: &Value, level: usize, path: &str) -> Option<String> {
    let Some(items) = value.as_array() else {
        let expected = if level == 0 { "a position" } else { "an array" };
        return Some(format!("{path} is {}, expected {expected}", described(value)));
    };
    let inside = |(i, item): (usize, &Value)| misfit(item, level - 1, &format!("{path}[{i}]"));
    if level > 0 {
        return items.iter().enumerate().find_map(inside);
    }
    match items.iter().position(|item| !item.is_number()) {
        Some(i) => Some(format!("{path}[{i}] is {}, expected a number", described(&items[i]))),
        None if items.len() < 2 => Some(format!("{path} has {} numbers, expected 2", items.len())),
        None => None,
    }
}

fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text {}", quoted(text)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
