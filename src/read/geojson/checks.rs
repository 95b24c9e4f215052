//! What is doubtful about a border without making it unusable.

use geo::algorithm::kernels::{Kernel, Orientation, RobustKernel};
use geo::coord;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// A doubt about the geometry of one feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Index of the feature.
    pub feature: usize,
    /// What is doubtful.
    pub flaw: Flaw,
}

/// What can be doubtful about a geometry; it is repaired or left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// `geometry` is null or absent.
    NoGeometry,
    /// The coordinates are empty.
    Empty,
    /// A ring does not end where it begins.
    OpenRing,
    /// A border crosses itself.
    SelfIntersection,
    /// A ring encloses no area.
    NoArea,
    /// A border runs out and back on the same line.
    Spike,
    /// A hole lies outside its shell.
    HoleOutside,
    /// A geometry collection, of which only the polygons count.
    Collection,
    /// Positions of more than three numbers.
    LongPosition,
}

impl Flaw {
    /// All flaws, in the order in which they are reported.
    pub const ALL: [Self; 9] = [
        Self::NoGeometry,
        Self::Empty,
        Self::OpenRing,
        Self::SelfIntersection,
        Self::NoArea,
        Self::Spike,
        Self::HoleOutside,
        Self::Collection,
        Self::LongPosition,
    ];

    /// Stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoGeometry => "no_geometry",
            Self::Empty => "empty_geometry",
            Self::OpenRing => "open_ring",
            Self::SelfIntersection => "self_intersection",
            Self::NoArea => "no_area",
            Self::Spike => "spike",
            Self::HoleOutside => "hole_outside",
            Self::Collection => "geometry_collection",
            Self::LongPosition => "long_position",
        }
    }

    /// What to say after the names of the cities and a colon.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoGeometry => "no geometry; kept, but takes no part where a geometry is needed",
            Self::Empty => "empty geometry; kept, but takes no part where a geometry is needed",
            Self::OpenRing => "a ring is not closed; closed for the computation",
            Self::SelfIntersection => "a ring intersects itself; area and centroid are doubtful (QGIS: Fix geometries)",
            Self::NoArea => "a ring encloses no area (QGIS: Fix geometries)",
            Self::Spike => "a ring has a spike, out and back on the same line (QGIS: Fix geometries)",
            Self::HoleOutside => "a hole lies outside its shell (QGIS: Fix geometries)",
            Self::Collection => "the geometry is a GeometryCollection, of which only the polygons are used",
            Self::LongPosition => "positions have more than 3 numbers; the first two are used",
        }
    }
}

type Point = [f64; 2];

/// Rings up to this many segments are checked pair by pair, longer ones through an index.
const FEW_SEGMENTS: usize = 32;

/// Below this share of its bounding box the area of a ring is rounding.
const NO_AREA: f64 = 1e-12;

/// What is doubtful about a closed ring.
pub(super) fn ring_flaws(ring: &[Point], mut found: impl FnMut(Flaw)) {
    let mut path = ring.to_vec();
    path.dedup();
    if self_intersects(&path) {
        found(Flaw::SelfIntersection);
    }
    if has_spike(&path) {
        found(Flaw::Spike);
    }
    let (low, high) = bounds(&path);
    if doubled_area(&path).abs() <= 2.0 * NO_AREA * (high[0] - low[0]) * (high[1] - low[1]) {
        found(Flaw::NoArea);
    }
}

/// Twice the signed area of a closed ring, relative to its first vertex.
fn doubled_area(ring: &[Point]) -> f64 {
    let [x, y] = ring[0];
    ring.windows(2).map(|s| (s[0][0] - x) * (s[1][1] - y) - (s[1][0] - x) * (s[0][1] - y)).sum()
}

fn bounds(points: &[Point]) -> (Point, Point) {
    points.iter().fold(([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    })
}

/// Whether two segments of a closed path without repeated neighbours cross at a point inside both.
fn self_intersects(path: &[Point]) -> bool {
    let segments: Vec<[Point; 2]> = path.windows(2).map(|s| [s[0], s[1]]).collect();
    if segments.len() <= FEW_SEGMENTS {
        return segments.iter().enumerate().any(|(i, a)| segments[i + 1..].iter().any(|b| cross(a, b)));
    }
    let boxes = segments.iter().enumerate().map(|(i, s)| GeomWithData::new(Rectangle::from_corners(s[0], s[1]), i));
    let tree = RTree::bulk_load(boxes.collect());
    segments.iter().enumerate().any(|(i, a)| {
        tree.locate_in_envelope_intersecting(AABB::from_corners(a[0], a[1]))
            .any(|other| other.data > i && cross(a, &segments[other.data]))
    })
}

/// Whether the ends of each segment lie strictly on both sides of the other.
fn cross([a, b]: &[Point; 2], [c, d]: &[Point; 2]) -> bool {
    let apart = |k: usize| a[k].max(b[k]) < c[k].min(d[k]) || c[k].max(d[k]) < a[k].min(b[k]);
    let divides = |a, b, c, d| {
        let (one, other) = (turn(a, b, c), turn(a, b, d));
        one != other && one != Orientation::Collinear && other != Orientation::Collinear
    };
    !apart(0) && !apart(1) && divides(a, b, c, d) && divides(c, d, a, b)
}

fn turn(a: &Point, b: &Point, c: &Point) -> Orientation {
    let at = |p: &Point| coord! { x: p[0], y: p[1] };
    RobustKernel::orient2d(at(a), at(b), at(c))
}

/// Whether a closed path turns back on itself at a vertex.
fn has_spike(path: &[Point]) -> bool {
    let corners = path.windows(3).map(|p| (p[0], p[1], p[2]));
    let seam = (path.len() > 2).then(|| (path[path.len() - 2], path[0], path[1]));
    corners.chain(seam).any(|(a, b, c)| {
        let ahead = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]);
        ahead > 0.0 && turn(&a, &b, &c) == Orientation::Collinear
    })
}

/// Whether a hole lies outside its shell: by its bounding box, and by its first vertex that is not on the border.
pub(super) fn hole_outside(shell: &[Point], hole: &[Point]) -> bool {
    let ((low, high), (hole_low, hole_high)) = (bounds(shell), bounds(hole));
    let sticks_out = (0..2).any(|k| hole_low[k] < low[k] || hole_high[k] > high[k]);
    sticks_out || hole.iter().find_map(|&vertex| inside(shell, vertex)) == Some(false)
}

/// Whether a point lies inside a closed ring; `None` on its border.
fn inside(ring: &[Point], point: Point) -> Option<bool> {
    let mut is_inside = false;
    for side in ring.windows(2) {
        let (a, b) = (side[0], side[1]);
        let in_box = (0..2).all(|k| a[k].min(b[k]) <= point[k] && point[k] <= a[k].max(b[k]));
        let turn = turn(&a, &b, &point);
        if in_box && turn == Orientation::Collinear {
            return None;
        }
        if (a[1] > point[1]) != (b[1] > point[1]) {
            // The ray to the right meets a side if the point is left of the side seen upwards.
            let left = if b[1] > a[1] { Orientation::CounterClockwise } else { Orientation::Clockwise };
            is_inside ^= turn == left;
        }
    }
    Some(is_inside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flaws(ring: &[Point]) -> Vec<Flaw> {
        let mut all = Vec::new();
        ring_flaws(ring, |flaw| all.push(flaw));
        all
    }

    #[test]
    fn a_square_in_either_direction_is_sound() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        assert_eq!(flaws(&square), []);
        let reversed: Vec<_> = square.iter().rev().copied().collect();
        assert_eq!(flaws(&reversed), []);
    }

    #[test]
    fn a_bow_tie_crosses_itself() {
        let bow_tie = [[2.0, 0.0], [3.0, 1.0], [3.0, 0.0], [2.0, 1.0], [2.0, 0.0]];
        assert_eq!(flaws(&bow_tie), [Flaw::SelfIntersection, Flaw::NoArea]);
    }

    #[test]
    fn a_spike_is_found_also_at_the_seam() {
        let spike = [[6.0, 0.0], [7.0, 0.0], [7.0, 0.5], [9.0, 0.5], [7.0, 0.5], [7.0, 1.0], [6.0, 1.0], [6.0, 0.0]];
        assert_eq!(flaws(&spike), [Flaw::Spike]);
        let seam = [[9.0, 0.5], [7.0, 0.5], [7.0, 1.0], [6.0, 1.0], [6.0, 0.0], [7.0, 0.0], [7.0, 0.5], [9.0, 0.5]];
        assert_eq!(flaws(&seam), [Flaw::Spike]);
    }

    #[test]
    fn a_line_encloses_nothing() {
        assert_eq!(flaws(&[[3.0, 1.0], [4.0, 1.0], [3.5, 1.0], [3.0, 1.0]]), [Flaw::Spike, Flaw::NoArea]);
        assert_eq!(flaws(&[[3.0, 1.0]; 4]), [Flaw::NoArea]);
    }

    #[test]
    fn holes_inside_outside_and_touching() {
        let shell = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]];
        assert!(!hole_outside(&shell, &[[1.0, 1.5], [1.4, 1.3], [1.4, 1.7], [1.0, 1.5]]));
        assert!(!hole_outside(&shell, &shell));
        assert!(hole_outside(&shell, &[[5.0, 5.0], [5.2, 5.0], [5.2, 5.2], [5.0, 5.0]]));
        let dent = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0], [0.0, 0.0]];
        assert!(hole_outside(&dent, &[[1.9, 3.0], [2.1, 3.0], [2.0, 3.2], [1.9, 3.0]]));
    }

    proptest! {
        #[test]
        fn the_index_finds_what_pairs_find(points in prop::collection::vec((0..30_i32, 0..30_i32), 40..60)) {
            let mut path: Vec<Point> = points.iter().map(|&(x, y)| [f64::from(x), f64::from(y)]).collect();
            path.push(path[0]);
            path.dedup();
            let pairs = path.windows(2).enumerate().any(|(i, a)| {
                path.windows(2).skip(i + 1).any(|b| cross(&[a[0], a[1]], &[b[0], b[1]]))
            });
            prop_assert_eq!(self_intersects(&path), pairs);
        }

        #[test]
        fn a_star_about_a_centre_never_crosses_itself(radii in prop::collection::vec(0.5..2.0_f64, 3..80)) {
            let n = radii.len() as f64;
            let mut ring: Vec<Point> = radii.iter().enumerate().map(|(i, r)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                [r * libm::cos(angle), r * libm::sin(angle)]
            }).collect();
            ring.push(ring[0]);
            prop_assert!(!self_intersects(&ring));
        }
    }
}
