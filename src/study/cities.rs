//! The cities: who they are, what ground they cover, and how far apart they lie.

use crate::error::shortened;
use crate::note::Note;

/// How distances are measured.
///
/// The radius is a member of the value, so that numbers computed with another radius can be reproduced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// Great-circle distance by the haversine formula on a sphere; coordinates are longitude and latitude in degrees.
    GreatCircle {
        /// Radius of the sphere, which sets the unit of the distance.
        radius: f64,
    },
    /// Straight-line distance in the unit of the coordinates.
    Planar,
}

impl Metric {
    /// Great-circle kilometres with the mean radius of the IUGG, 6371.0088 km.
    pub const EARTH: Self = Self::GreatCircle { radius: 6371.0088 };

    /// The distance between two points, `[longitude, latitude]` or `[x, y]`.
    ///
    /// ```
    /// use agglo::study::Metric;
    /// let (shanghai, nanjing) = ([121.47, 31.23], [118.78, 32.06]);
    /// assert!((Metric::EARTH.distance(shanghai, nanjing) - 271.0).abs() < 1.0);
    /// assert_eq!(Metric::Planar.distance([0.0, 0.0], [3.0, 4.0]), 5.0);
    /// ```
    pub fn distance(self, a: [f64; 2], b: [f64; 2]) -> f64 {
        match self {
            Self::Planar => libm::hypot(a[0] - b[0], a[1] - b[1]),
            Self::GreatCircle { radius } => {
                let half_sine = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
                let (up, across) = (half_sine(b[1] - a[1]), half_sine(b[0] - a[0]));
                let cosines = libm::cos(a[1].to_radians()) * libm::cos(b[1].to_radians());
                let h = up * up + cosines * across * across;
                2.0 * radius * libm::asin(h.clamp(0.0, 1.0).sqrt())
            }
        }
    }

    /// `km`, or nothing where the unit is that of the coordinates.
    pub fn unit(self) -> &'static str {
        match self {
            Self::GreatCircle { .. } => "km",
            Self::Planar => "",
        }
    }
}

/// Whether a ring bounds an area from outside or cuts a hole into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingRole {
    /// The outer boundary of one part.
    Shell,
    /// A hole in the part whose shell came last before it.
    Hole,
}

/// What kind of geometry a city has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// No geometry, or an empty one.
    Missing,
    /// A single point.
    Point,
    /// One or more polygons.
    Area,
}

/// The geometries of all cities in flat arrays: coordinates, cut into rings, cut into cities.
///
/// Rings are closed (the last coordinate repeats the first) and keep the direction in which they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shapes {
    coordinates: Vec<[f64; 2]>,
    ring_ends: Vec<usize>,
    roles: Vec<RingRole>,
    kinds: Vec<ShapeKind>,
    city_ends: Vec<usize>,
}

impl Shapes {
    /// Adds a city without a geometry.
    pub fn push_missing(&mut self) {
        self.close_city(ShapeKind::Missing);
    }

    /// Adds a city that is a point.
    pub fn push_point(&mut self, point: [f64; 2]) {
        self.coordinates.push(point);
        self.ring_ends.push(self.coordinates.len());
        self.roles.push(RingRole::Shell);
        self.close_city(ShapeKind::Point);
    }

    /// Adds a city of one or more parts; every part is a shell followed by its holes. Open rings are closed.
    pub fn push_area<R: AsRef<[[f64; 2]]>>(&mut self, rings: impl IntoIterator<Item = (RingRole, R)>) {
        for (role, ring) in rings {
            let ring = ring.as_ref();
            self.coordinates.extend_from_slice(ring);
            if ring.first() != ring.last() {
                self.coordinates.extend(ring.first());
            }
            self.ring_ends.push(self.coordinates.len());
            self.roles.push(role);
        }
        self.close_city(ShapeKind::Area);
    }

    /// Adds all cities of `other` after those here.
    pub fn append(&mut self, other: &Self) {
        let (coordinates, rings) = (self.coordinates.len(), self.ring_ends.len());
        self.coordinates.extend_from_slice(&other.coordinates);
        self.ring_ends.extend(other.ring_ends.iter().map(|end| end + coordinates));
        self.city_ends.extend(other.city_ends.iter().map(|end| end + rings));
        self.roles.extend_from_slice(&other.roles);
        self.kinds.extend_from_slice(&other.kinds);
    }

    fn close_city(&mut self, kind: ShapeKind) {
        self.kinds.push(kind);
        self.city_ends.push(self.ring_ends.len());
    }

    /// Number of cities.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there is no city.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What kind of geometry city `i` has.
    pub fn kind(&self, i: usize) -> ShapeKind {
        self.kinds[i]
    }

    /// The rings of city `i`; a point is one ring of one coordinate.
    pub fn rings(&self, i: usize) -> impl Iterator<Item = (RingRole, &[[f64; 2]])> {
        let from = if i == 0 { 0 } else { self.city_ends[i - 1] };
        (from..self.city_ends[i]).map(|ring| {
            let start = if ring == 0 { 0 } else { self.ring_ends[ring - 1] };
            (self.roles[ring], &self.coordinates[start..self.ring_ends[ring]])
        })
    }

    /// All coordinates of city `i`, ring after ring.
    pub fn coordinates(&self, i: usize) -> &[[f64; 2]] {
        let ring_start = |ring: usize| if ring == 0 { 0 } else { self.ring_ends[ring - 1] };
        let from = if i == 0 { 0 } else { self.city_ends[i - 1] };
        &self.coordinates[ring_start(from)..ring_start(self.city_ends[i])]
    }

    /// Number of coordinates of all cities together.
    pub fn coordinate_count(&self) -> usize {
        self.coordinates.len()
    }

    /// The shapes of the cities at these places, in this order.
    pub fn subset(&self, places: &[usize]) -> Self {
        let mut subset = Self::default();
        for &i in places {
            match self.kind(i) {
                ShapeKind::Missing => subset.push_missing(),
                ShapeKind::Point => subset.push_point(self.coordinates(i)[0]),
                ShapeKind::Area => subset.push_area(self.rings(i)),
            }
        }
        subset
    }
}

/// The cities of a study, in the order of the input. All lists have one entry for every city.
#[derive(Clone, Debug, PartialEq)]
pub struct Cities {
    /// Unique ids, compared as text.
    pub ids: Vec<String>,
    /// Names for people; not always unique.
    pub names: Vec<String>,
    /// The ground they cover.
    pub shapes: Shapes,
    /// The point that stands for a city in every distance: the area centroid over all its parts, holes
    /// subtracted, unless another was chosen; `None` where there is no geometry.
    pub points: Vec<Option<[f64; 2]>>,
    /// How distances between those points are measured.
    pub metric: Metric,
    /// What had to be repaired or left out while reading.
    pub notes: Vec<Note>,
}

impl Cities {
    /// Number of cities.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no city.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Place of the city with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|other| other == id)
    }

    /// The cities at these places, in this order, with the notes of all.
    pub fn subset(&self, places: &[usize]) -> Self {
        Self {
            ids: places.iter().map(|&i| self.ids[i].clone()).collect(),
            names: places.iter().map(|&i| self.names[i].clone()).collect(),
            shapes: self.shapes.subset(places),
            points: places.iter().map(|&i| self.points[i]).collect(),
            metric: self.metric,
            notes: self.notes.clone(),
        }
    }

    /// How a city is named to people: by its name, with its id where another city has the same name.
    pub fn known_as(&self, i: usize) -> String {
        let namesakes = self.names.iter().filter(|name| **name == self.names[i]).count();
        if namesakes == 1 { shortened(&self.names[i]).into_owned() } else { self.label(i) }
    }

    /// How a city is named in a message: `C05`, or `310100 (Shanghai)` where the name says more; a long one is cut.
    pub fn label(&self, i: usize) -> String {
        let (id, name) = (shortened(&self.ids[i]), shortened(&self.names[i]));
        if self.names[i] == self.ids[i] { id.into_owned() } else { format!("{id} ({name})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subset_keeps_every_shape_as_it_was() {
        let square = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]];
        let hole = [[1.0, 1.0], [1.0, 2.0], [2.0, 2.0], [1.0, 1.0]];
        let mut all = Shapes::default();
        all.push_point([9.0, 9.0]);
        all.push_area([(RingRole::Shell, &square[..]), (RingRole::Hole, &hole[..])]);
        all.push_missing();
        let subset = all.subset(&[2, 1]);
        assert_eq!([subset.kind(0), subset.kind(1)], [ShapeKind::Missing, ShapeKind::Area]);
        assert!(subset.rings(1).eq(all.rings(1)));
        assert_eq!(all.subset(&[0, 1, 2]), all);
    }
}
