//! Geometries as GeoPackage stores them: a header with the envelope, then well-known binary, both little-endian.

use crate::measures::LayerShape;
use crate::study::{RingRole, ShapeKind, Shapes};

/// Well-known codes of the types.
const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const LINES: u32 = 5;
const POLYGONS: u32 = 6;

/// The smallest box around coordinates: west, east, south, north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Envelope(pub(super) [f64; 4]);

impl Envelope {
    /// A box around nothing.
    pub(super) const EMPTY: Self = Self([f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY]);

    fn around<'a>(points: impl IntoIterator<Item = &'a [f64; 2]>) -> Self {
        points.into_iter().fold(Self::EMPTY, |Self([west, east, south, north]), &[x, y]| {
            Self([west.min(x), east.max(x), south.min(y), north.max(y)])
        })
    }

    /// The smallest box around both.
    pub(super) fn with(self, other: Self) -> Self {
        let ([west, east, south, north], [w, e, s, n]) = (self.0, other.0);
        Self([west.min(w), east.max(e), south.min(s), north.max(n)])
    }
}

/// A geometry with its type as GeoPackage names it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Geometry {
    pub(super) kind: &'static str,
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// The geometry of a city; all areas are multipolygons, since a layer has one type. `None` where there is none.
pub(super) fn of_city(shapes: &Shapes, i: usize, srs: i32) -> Option<Geometry> {
    match shapes.kind(i) {
        ShapeKind::Missing => None,
        ShapeKind::Point => shapes.coordinates(i).first().map(|point| of_point(point, srs)),
        ShapeKind::Area => {
            let mut areas: Vec<Vec<&[[f64; 2]]>> = Vec::new();
            for (role, ring) in shapes.rings(i) {
                match areas.last_mut() {
                    Some(area) if role == RingRole::Hole => area.push(ring),
                    _ => areas.push(vec![ring]),
                }
            }
            Some(of_areas(&areas, srs))
        }
    }
}

/// The geometry of a feature of a layer.
pub(super) fn of_layer(shape: &LayerShape, srs: i32) -> Geometry {
    match shape {
        LayerShape::Point(point) => of_point(point, srs),
        LayerShape::Lines(lines) => {
            let (mut bytes, envelope) = header(lines.iter().flatten(), srs);
            start(&mut bytes, LINES, Some(lines.len()));
            for line in lines {
                start(&mut bytes, LINE, None);
                sequence(&mut bytes, line);
            }
            Geometry { kind: "MULTILINESTRING", envelope, bytes }
        }
        LayerShape::Areas(areas) => of_areas(areas, srs),
    }
}

fn of_point(point: &[f64; 2], srs: i32) -> Geometry {
    let (mut bytes, envelope) = header([point], srs);
    start(&mut bytes, POINT, None);
    position(&mut bytes, point);
    Geometry { kind: "POINT", envelope, bytes }
}

/// Areas, each a shell and its holes.
fn of_areas<R: AsRef<[[f64; 2]]>>(areas: &[Vec<R>], srs: i32) -> Geometry {
    let (mut bytes, envelope) = header(areas.iter().flatten().flat_map(AsRef::as_ref), srs);
    start(&mut bytes, POLYGONS, Some(areas.len()));
    for rings in areas {
        start(&mut bytes, POLYGON, Some(rings.len()));
        rings.iter().for_each(|ring| sequence(&mut bytes, ring.as_ref()));
    }
    Geometry { kind: "MULTIPOLYGON", envelope, bytes }
}

/// `GP`, version 1 (written as 0), flags (little-endian, envelope of two dimensions), reference system, envelope.
fn header<'a>(points: impl IntoIterator<Item = &'a [f64; 2]>, srs: i32) -> (Vec<u8>, Envelope) {
    let envelope = Envelope::around(points);
    let mut bytes = b"GP\x00\x03".to_vec();
    bytes.extend(srs.to_le_bytes());
    envelope.0.iter().for_each(|side| bytes.extend(side.to_le_bytes()));
    (bytes, envelope)
}

/// The byte order, the type, and the number of parts where it has parts.
fn start(bytes: &mut Vec<u8>, kind: u32, parts: Option<usize>) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
    if let Some(parts) = parts {
        count(bytes, parts);
    }
}

fn sequence(bytes: &mut Vec<u8>, points: &[[f64; 2]]) {
    count(bytes, points.len());
    points.iter().for_each(|point| position(bytes, point));
}

fn position(bytes: &mut Vec<u8>, point: &[f64; 2]) {
    point.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_spelled_out() {
        let point = of_layer(&LayerShape::Point([1.0, 2.0]), 4326);
        let mut want = b"GP\x00\x03".to_vec();
        want.extend(4326_i32.to_le_bytes());
        [1.0_f64, 1.0, 2.0, 2.0].iter().for_each(|x| want.extend(x.to_le_bytes()));
        want.extend([1, 1, 0, 0, 0]);
        [1.0_f64, 2.0].iter().for_each(|x| want.extend(x.to_le_bytes()));
        assert_eq!(point, Geometry { kind: "POINT", envelope: Envelope([1.0, 1.0, 2.0, 2.0]), bytes: want });
    }

    #[test]
    fn holes_stay_with_their_shell() {
        let ring = |x: f64| [[x, 0.0], [x + 1.0, 0.0], [x, 1.0], [x, 0.0]];
        let mut shapes = Shapes::default();
        let roles = [RingRole::Shell, RingRole::Hole, RingRole::Shell];
        shapes.push_area(roles.into_iter().zip([ring(0.0), ring(0.1), ring(5.0)]));
        shapes.push_missing();
        let area = of_city(&shapes, 0, -1).unwrap();
        assert_eq!(area.envelope, Envelope([0.0, 6.0, 0.0, 1.0]));
        let body = &area.bytes[40..];
        assert_eq!(body[..9], [1, 6, 0, 0, 0, 2, 0, 0, 0]);
        assert_eq!(body[9..22], [1, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0], "the first polygon has two rings");
        let second = 9 + 9 + 2 * (4 + 4 * 16);
        assert_eq!(body[second..second + 13], [1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0]);
        assert_eq!(body.len(), second + 9 + 4 + 4 * 16);
        assert_eq!(of_city(&shapes, 1, -1), None);
    }
}
