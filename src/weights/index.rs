//! Who lies near a city: an exact index over the cities' points.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::places::Places;
use crate::study::{Metric, unit_vector};

/// Two distances that differ by less than this part of themselves count as equal, so that ties on a
/// grid are ties although rounding tells them apart.
pub(super) const SAME: f64 = 1e-10;

/// A city found near another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Place of the city in the input.
    pub city: u32,
    /// Its distance by the metric of the index; exactly 0 for cities that coincide.
    pub distance: f64,
}

/// The nearest cities of one city.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nearest {
    /// The neighbours from near to far; cities at one distance in the order of the input.
    pub neighbours: Vec<Neighbour>,
    /// Whether a city at the distance of the last one was left out, because it comes later in the input.
    pub tied: bool,
}

/// An exact spatial index over points: on the sphere by unit vectors in space, so that neither the
/// antimeridian nor the poles are special, on the plane by the coordinates themselves.
///
/// The trees only propose candidates, with a margin for their rounding; [`Metric::distance`] decides.
/// Points that are missing or not finite take no part.
///
/// ```
/// use agglo::study::Metric;
/// use agglo::weights::index::Index;
/// let points = [Some([179.9, 0.0]), Some([-179.9, 0.0]), Some([0.0, 89.0]), None];
/// let index = Index::new(&points, Metric::EARTH);
/// assert_eq!(index.nearest(0, 1).neighbours[0].city, 1); // 22 km across the antimeridian
/// assert_eq!(index.within(0, 30.0).len(), 1);
/// ```
pub struct Index<'a> {
    points: &'a [Option<[f64; 2]>],
    metric: Metric,
    tree: Tree,
}

/// A tree over the distinct places of the cities; its entries are numbers of places.
struct PlaceTree<const D: usize> {
    tree: RTree<GeomWithData<[f64; D], u32>>,
    places: Places<D>,
}

enum Tree {
    Sphere {
        tree: PlaceTree<3>,
        radius: f64,
    },
    /// Coordinates are moved and scaled into the unit square, where rounding has a known size.
    Plane {
        tree: PlaceTree<2>,
        frame: Frame,
    },
}

impl<'a> Index<'a> {
    /// An index over one point for each city; O(n log n).
    pub fn new(points: &'a [Option<[f64; 2]>], metric: Metric) -> Self {
        let present = || (0u32..).zip(points).filter_map(|(i, &point)| Some((finite(point)?, i)));
        let tree = match metric {
            Metric::GreatCircle { radius } => {
                let places = Places::new(present().map(|(point, i)| (unit_vector(point), i)));
                Tree::Sphere { tree: PlaceTree::new(places, |vector| vector), radius }
            }
            Metric::Planar => {
                let frame = Frame::around(present().map(|(point, _)| point));
                Tree::Plane { tree: PlaceTree::new(Places::new(present()), |point| frame.place(point)), frame }
            }
        };
        Self { points, metric, tree }
    }

    /// Number of cities, with a point or without.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no city.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Number of cities with a point.
    pub fn located(&self) -> usize {
        match &self.tree {
            Tree::Sphere { tree, .. } => tree.places.members().len(),
            Tree::Plane { tree, .. } => tree.places.members().len(),
        }
    }

    /// The point of city `i`, if it takes part.
    pub fn point(&self, i: usize) -> Option<[f64; 2]> {
        finite(self.points[i])
    }

    /// The distance between two cities; `None` where one has no point, exactly 0 where they coincide.
    pub fn distance(&self, i: usize, j: usize) -> Option<f64> {
        Some(self.apart(self.point(i)?, self.point(j)?))
    }

    /// The `k` cities nearest to city `i`, fewer where there are fewer.
    ///
    /// Among cities at the distance of the k-th the earlier in the input come first.
    pub fn nearest(&self, i: usize, k: usize) -> Nearest {
        let Some(here) = self.point(i).filter(|_| k > 0) else { return Nearest::default() };
        let k = k.min(self.located());
        let candidates = match &self.tree {
            Tree::Sphere { tree, .. } => tree.nearest(unit_vector(here), i as u32, k),
            Tree::Plane { tree, frame } => tree.nearest(frame.place(here), i as u32, k),
        };
        let mut found: Vec<Neighbour> = candidates.into_iter().filter_map(|j| self.neighbour(here, j)).collect();
        found.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance).then(a.city.cmp(&b.city)));
        let mut tied = false;
        if let Some(&Neighbour { distance: last, .. }) = found.get(k - 1) {
            let nearer = found.partition_point(|f| f.distance < last * (1.0 - SAME));
            let reached = found.partition_point(|f| f.distance <= last * (1.0 + SAME));
            tied = reached > k;
            found[nearer..reached].sort_unstable_by_key(|f| f.city);
            found.truncate(k);
        }
        Nearest { neighbours: found, tied }
    }

    /// The distance from city `i` to its nearest, `None` where there is none.
    pub fn nearest_distance(&self, i: usize) -> Option<f64> {
        self.nearest(i, 1).neighbours.first().map(|nearest| nearest.distance)
    }

    /// All other cities within `length` of city `i`, the limit included, in the order of the input.
    pub fn within(&self, i: usize, length: f64) -> Vec<Neighbour> {
        let Some(here) = self.point(i) else { return Vec::new() };
        let mut found = Vec::new();
        self.visit_within(here, length, |cities| {
            let others = cities.iter().filter(|&&j| j as usize != i);
            let near = others.filter_map(|&j| self.neighbour(here, j));
            found.extend(near.filter(|f| f.distance <= length * (1.0 + SAME)));
        });
        found.sort_unstable_by_key(|f| f.city);
        found
    }

    /// How many others lie within `length` of city `i`; may count one that lies beyond it by a rounding error.
    pub(super) fn count_within(&self, i: usize, length: f64) -> usize {
        let Some(here) = self.point(i) else { return 0 };
        let mut count = 0;
        self.visit_within(here, length, |cities| count += cities.len());
        count.saturating_sub(1) // the city itself
    }

    /// Shows the cities of every place that may lie within `length`.
    fn visit_within(&self, here: [f64; 2], length: f64, visit: impl FnMut(&[u32])) {
        match &self.tree {
            Tree::Plane { tree, frame } => tree.within(frame.place(here), frame.length(length), visit),
            Tree::Sphere { tree, radius } => {
                let half_angle = (length / (2.0 * radius)).min(std::f64::consts::FRAC_PI_2);
                tree.within(unit_vector(here), 2.0 * libm::sin(half_angle), visit);
            }
        }
    }

    fn neighbour(&self, here: [f64; 2], city: u32) -> Option<Neighbour> {
        Some(Neighbour { city, distance: self.apart(here, self.point(city as usize)?) })
    }

    /// Distance by the metric; on the sphere, a few micrometres (in Earth's radii) and less are none.
    fn apart(&self, a: [f64; 2], b: [f64; 2]) -> f64 {
        let distance = self.metric.distance(a, b);
        match self.metric {
            Metric::GreatCircle { radius } if distance <= 1e-12 * radius => 0.0,
            _ => distance,
        }
    }
}

impl<const D: usize> PlaceTree<D> {
    fn new(places: Places<D>, in_tree: impl Fn([f64; D]) -> [f64; D]) -> Self {
        let entry = |(place, &position)| GeomWithData::new(in_tree(position), place);
        let entries = (0u32..).zip(places.positions()).map(entry);
        Self { tree: RTree::bulk_load(entries.collect()), places }
    }

    /// The `k` nearest cities and all others that may be as near as the last of them, of one place at most one more
    /// than could be taken.
    fn nearest(&self, here: [f64; D], me: u32, k: usize) -> Vec<u32> {
        let mut found = Vec::with_capacity(k + 1);
        let mut limit = f64::INFINITY;
        for (entry, squared) in self.tree.nearest_neighbor_iter_with_distance_2(here) {
            if squared > limit {
                break;
            }
            found.extend(self.places.at(entry.data).iter().filter(|&&j| j != me).take(k + 1));
            if found.len() >= k && limit == f64::INFINITY {
                let reach = widened(squared.sqrt());
                limit = reach * reach;
            }
        }
        found
    }

    fn within(&self, here: [f64; D], length: f64, mut visit: impl FnMut(&[u32])) {
        let reach = widened(length);
        self.tree.locate_within_distance(here, reach * reach).for_each(|entry| visit(self.places.at(entry.data)));
    }
}

/// A distance in a tree, where all coordinates are at most 1, with a margin for ties and rounding.
fn widened(reach: f64) -> f64 {
    reach * (1.0 + 10.0 * SAME) + 1e-14
}

fn finite(point: Option<[f64; 2]>) -> Option<[f64; 2]> {
    point.filter(|p| p[0].is_finite() && p[1].is_finite())
}

/// A square that becomes the unit square. All is kept in halves, so that no difference overflows.
struct Frame {
    half_corner: [f64; 2],
    half_side: f64,
}

impl Frame {
    /// The square with the lower left corner of the points and the longer side of their box (2 if that is 0).
    fn around(points: impl Iterator<Item = [f64; 2]>) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in points {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis] / 2.0);
                high[axis] = high[axis].max(point[axis] / 2.0);
            }
        }
        let side = (high[0] - low[0]).max(high[1] - low[1]);
        Self { half_corner: low, half_side: if side > 0.0 { side } else { 1.0 } }
    }

    fn place(&self, point: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (point[axis] / 2.0 - self.half_corner[axis]) / self.half_side)
    }

    fn length(&self, length: f64) -> f64 {
        length / 2.0 / self.half_side
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Points of the whole sphere, many of them at the poles and the antimeridian, some twice.
    fn sphere() -> impl Strategy<Value = Vec<Option<[f64; 2]>>> {
        let anywhere = (-180.0..=180.0, -90.0..=90.0).prop_map(|(x, y)| [x, y]);
        let lattice = (-6i32..=6, -3i32..=3).prop_map(|(x, y)| [30.0 * f64::from(x), 30.0 * f64::from(y)]);
        let seam = (-1i32..=1, -90.0..=90.0).prop_map(|(x, y)| [180.0 * f64::from(x), y]);
        let polar = (-180.0..=180.0, 89.9..=90.0).prop_map(|(x, y)| [x, y]);
        let point = prop_oneof![anywhere, lattice, seam, polar];
        prop::collection::vec(prop::option::weighted(0.9, point), 2..60)
    }

    fn plane() -> impl Strategy<Value = Vec<Option<[f64; 2]>>> {
        let grid = (0i32..8, 0i32..8).prop_map(|(x, y)| [400_000.1 + 0.1 * f64::from(x), 0.1 * f64::from(y)]);
        prop::collection::vec(prop::option::weighted(0.9, grid), 2..60)
    }

    /// All other cities with their distances, from near to far, by no index.
    fn sorted_others(index: &Index, i: usize) -> Vec<Neighbour> {
        let mut all: Vec<Neighbour> = (0..index.len())
            .filter(|&j| j != i)
            .filter_map(|j| Some(Neighbour { city: j as u32, distance: index.distance(i, j)? }))
            .collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.city.cmp(&b.city)));
        all
    }

    fn check(points: &[Option<[f64; 2]>], metric: Metric, k: usize, length: f64) {
        let index = Index::new(points, metric);
        for i in 0..points.len() {
            let all = sorted_others(&index, i);
            let found = index.nearest(i, k);
            assert_eq!(found.neighbours.len(), k.min(all.len()));
            if let Some(last) = all.get(k - 1).map(|f| f.distance) {
                let sure = all.iter().filter(|f| f.distance < last * (1.0 - SAME)).map(|f| f.city);
                let mut as_far: Vec<u32> =
                    all.iter().filter(|f| (f.distance - last).abs() <= last * SAME).map(|f| f.city).collect();
                as_far.sort_unstable();
                let expected: Vec<u32> = sure.chain(as_far.iter().copied()).take(k).collect();
                let mut cities: Vec<u32> = found.neighbours.iter().map(|f| f.city).collect();
                let mut expected_set = expected.clone();
                cities.sort_unstable();
                expected_set.sort_unstable();
                assert_eq!(cities, expected_set);
                assert_eq!(found.tied, all.iter().filter(|f| f.distance <= last * (1.0 + SAME)).count() > k);
            }
            let mut near: Vec<Neighbour> = all.into_iter().filter(|f| f.distance <= length * (1.0 + SAME)).collect();
            near.sort_by_key(|f| f.city);
            assert_eq!(index.within(i, length), near);
            assert!(index.count_within(i, length) >= near.len());
        }
    }

    proptest! {
        #[test]
        fn on_the_sphere_the_index_finds_what_brute_force_finds(
            points in sphere(), k in 1usize..9, length in 0.0..21_000.0,
        ) {
            check(&points, Metric::EARTH, k, length);
        }

        #[test]
        fn on_a_grid_the_index_finds_what_brute_force_finds(points in plane(), k in 1usize..9, steps in 0i32..9) {
            check(&points, Metric::Planar, k, 0.1 * f64::from(steps));
        }
    }

    #[test]
    fn ties_go_to_the_earlier_city_and_are_told() {
        let cross = [[0.0, 0.0], [0.1, 0.0], [-0.1, 0.0], [0.0, 0.1], [0.0, -0.1]].map(|p| Some([p[0] + 7.3, p[1]]));
        let index = Index::new(&cross, Metric::Planar);
        let found = index.nearest(0, 2);
        assert_eq!(found.neighbours.iter().map(|f| f.city).collect::<Vec<_>>(), [1, 2]);
        assert!(found.tied);
        assert!(!index.nearest(0, 4).tied);
    }

    #[test]
    fn one_place_written_in_two_ways_is_one_place() {
        let points =
            [[180.0, 10.0], [-180.0, 10.0], [20.0, 90.0], [-70.0, 90.0], [190.0, 0.0], [-170.0, 0.0]].map(Some);
        let index = Index::new(&points, Metric::EARTH);
        for pair in [0, 2, 4] {
            assert_eq!(index.nearest_distance(pair), Some(0.0));
            assert_eq!(unit_vector(points[pair].unwrap()), unit_vector(points[pair + 1].unwrap()));
        }
    }

    #[test]
    fn many_at_one_place_cost_no_more_than_one() {
        let mut points = vec![Some([0.0, 0.0]); 200_000];
        points.push(Some([1.0, 1.0]));
        let index = Index::new(&points, Metric::EARTH);
        let last = points.len() - 1;
        for i in (0..last).rev().take(100_000) {
            assert_eq!(index.nearest(i, 2).neighbours[1].city, 1); // would not end in time otherwise
        }
        assert_eq!((index.count_within(last, 10.0), index.count_within(last, 200.0)), (0, 200_000));
    }

    #[test]
    fn coordinates_of_any_size_are_no_trouble() {
        let points = [Some([1.7e308, 0.0]), Some([-1.7e308, 1.0]), Some([f64::NAN, 0.0]), None, Some([0.0, 1e-300])];
        let index = Index::new(&points, Metric::Planar);
        assert_eq!(index.located(), 3);
        assert_eq!(index.nearest(0, 1).neighbours[0].city, 4);
        assert!(index.within(2, 1.0).is_empty());
        assert_eq!(index.nearest(0, usize::MAX).neighbours.len(), 2);
        let mut close = vec![Some([-1.0, 0.0]), Some([1.0, 0.0])];
        close.extend((0..9).rev().map(|i| Some([f64::from(i) * 1e-20, 0.0])));
        let index = Index::new(&close, Metric::Planar);
        assert_eq!(index.nearest(10, 2).neighbours.iter().map(|f| f.city).collect::<Vec<_>>(), [9, 8]);
    }
}
