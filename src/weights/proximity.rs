//! Neighbourhood graphs of points: Delaunay, Gabriel, relative neighbourhood.
//!
//! They are planar: coordinates are taken as they are under [`Metric::Planar`], and on the sphere in an azimuthal
//! equidistant projection about the centre of the cities. Each graph contains the next: Delaunay ⊇ Gabriel ⊇ relative.
//! Cities at one location are neighbours of one another and share the neighbours of their location.

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use spade::{DelaunayTriangulation, Point2, Triangulation};

use super::distance::{at_least_two, coincident_note};
use super::index::{Index, SAME};
use super::places::Places;
use super::rows::{Built, gather};
use crate::error::{Fault, Kind, Result};
use crate::study::{Azimuthal, Cities, Metric, unit_vector};

/// Neighbours in the Delaunay triangulation: pairs through which a circle runs that encloses no other point.
///
/// Where four or more points lie on one empty circle, as on a grid, the triangulation is one of several. O(n log n).
///
/// # Errors
/// If fewer than two cities have a point, or if the cities spread over more than a hemisphere.
pub fn delaunay(cities: &Cities) -> Result<Built> {
    graph(cities, "delaunay", |sites| sites.edges().iter().map(|edge| edge.ends).collect())
}

/// Neighbours in the Gabriel graph: pairs whose closed disc, the one with the pair as diameter, holds no other
/// point, not on its circle either (Gabriel and Sokal 1969, Systematic Zoology 18, 259-278). O(n log n).
///
/// # Errors
/// As for [`delaunay`].
pub fn gabriel(cities: &Cities) -> Result<Built> {
    graph(cities, "gabriel", Sites::gabriel)
}

/// Neighbours in the relative neighbourhood graph: pairs to both of which no other point is nearer than they are
/// to each other, d_ij ≤ max(d_ic, d_jc) for all c (Toussaint 1980, Pattern Recognition 12, 261-268). O(n log n) for
/// usual data.
///
/// # Errors
/// As for [`delaunay`].
pub fn relative(cities: &Cities) -> Result<Built> {
    graph(cities, "relative", Sites::relative)
}

fn graph(cities: &Cities, label: &str, links: impl Fn(&Sites) -> Vec<[u32; 2]>) -> Result<Built> {
    let sites = Sites::new(cities)?;
    let mut beside: Vec<Vec<u32>> = vec![Vec::new(); sites.places.positions().len()];
    for [a, b] in links(&sites) {
        beside[a as usize].push(b);
        beside[b as usize].push(a);
    }
    let weights = gather(label, cities.len(), |i| {
        let Some(place) = sites.place_of[i] else { return Vec::new() };
        let near = std::iter::once(&place).chain(&beside[place as usize]);
        let others = near.flat_map(|&place| sites.places.at(place)).filter(|&&j| j as usize != i);
        others.map(|&j| (j, 1.0)).collect()
    })?;
    let shares = |i: &usize| sites.place_of[*i].is_some_and(|place| sites.places.at(place).len() > 1);
    let coincident: Vec<usize> = (0..cities.len()).filter(shares).collect();
    let consequence = "they are neighbours of one another and share all other neighbours";
    Ok(Built { weights, notes: Vec::from_iter(coincident_note(cities, &coincident, consequence)) })
}

/// The distinct places of the cities on a plane, no coordinate larger than 1.
struct Sites {
    places: Places<2>,
    place_of: Vec<Option<u32>>,
}

/// An edge of the triangulation, and the corners of the one or two triangles beside it.
struct Edge {
    ends: [u32; 2],
    apexes: [Option<u32>; 2],
}

impl Sites {
    fn new(cities: &Cities) -> Result<Self> {
        let index = Index::new(&cities.points, cities.metric);
        at_least_two(&index)?;
        let mut plane: Vec<Option<[f64; 2]>> = (0..cities.len()).map(|i| index.point(i)).collect();
        if let Metric::GreatCircle { radius } = cities.metric {
            project(cities, &mut plane, radius)?;
        }
        let exponent = plane.iter().flatten().flatten().map(|x| libm::frexp(*x).1).max().unwrap_or(0);
        let located =
            (0u32..).zip(&plane).filter_map(|(i, point)| Some((point.as_ref()?.map(|x| scaled(x, exponent)), i)));
        let places = Places::new(located);
        let mut place_of = vec![None; cities.len()];
        for place in 0..places.positions().len() as u32 {
            places.at(place).iter().for_each(|&i| place_of[i as usize] = Some(place));
        }
        Ok(Self { places, place_of })
    }

    fn position(&self, place: u32) -> [f64; 2] {
        self.places.positions()[place as usize]
    }

    /// The edges of the Delaunay triangulation.
    fn edges(&self) -> Vec<Edge> {
        let points = self.places.positions().iter().map(|&[x, y]| Point2::new(x, y)).collect();
        let triangulation: DelaunayTriangulation<Point2<f64>> = DelaunayTriangulation::bulk_load_stable(points)
            .expect("positions are distinct, finite and between 1e-40 and 1 in size, or 0");
        let edge = |edge: spade::handles::DirectedEdgeHandle<_, _, _, _>| Edge {
            ends: [edge.from(), edge.to()].map(|vertex| vertex.fix().index() as u32),
            apexes: [edge, edge.rev()].map(|side| Some(side.opposite_vertex()?.fix().index() as u32)),
        };
        triangulation.undirected_edges().map(|undirected| edge(undirected.as_directed())).collect()
    }

    /// A point in the closed disc over an edge makes an angle of 90° or more; of all points on its side, the corner
    /// of the Delaunay triangle makes the widest. So two corners decide.
    fn gabriel(&self) -> Vec<[u32; 2]> {
        let open = |edge: &Edge| edge.apexes.iter().flatten().all(|&apex| !self.blocks_disc(edge.ends, apex));
        self.edges().into_iter().filter(open).map(|edge| edge.ends).collect()
    }

    fn blocks_disc(&self, [a, b]: [u32; 2], c: u32) -> bool {
        let [a, b, c] = [a, b, c].map(|place| self.position(place));
        let (to_a, to_b) = ([a[0] - c[0], a[1] - c[1]], [b[0] - c[0], b[1] - c[1]]);
        let dot = to_a[0] * to_b[0] + to_a[1] * to_b[1];
        dot <= SAME * libm::hypot(to_a[0], to_a[1]) * libm::hypot(to_b[0], to_b[1])
    }

    /// Every pair of the relative neighbourhood graph is one of the Gabriel graph. The lune of a pair lies within
    /// √3/2 of its length from its middle.
    fn relative(&self) -> Vec<[u32; 2]> {
        let entries =
            (0u32..).zip(self.places.positions()).map(|(place, &position)| GeomWithData::new(position, place));
        let tree = RTree::bulk_load(entries.collect());
        let open = |&[a, b]: &[u32; 2]| {
            let [p, q] = [a, b].map(|place| self.position(place));
            let length = Metric::Planar.distance(p, q);
            let near = tree.locate_within_distance([(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0], 0.76 * length * length);
            let limit = length * (1.0 - SAME);
            let nearer = |c: [f64; 2]| Metric::Planar.distance(p, c).max(Metric::Planar.distance(q, c)) < limit;
            !near.into_iter().any(|entry| ![a, b].contains(&entry.data) && nearer(*entry.geom()))
        };
        self.gabriel().into_par_iter().filter(open).collect()
    }
}

/// x divided by 2^exponent, and sizes that vanish beside the others as 0.
fn scaled(x: f64, exponent: i32) -> f64 {
    const VANISHING: f64 = 1e-40;
    let x = libm::ldexp(x, -exponent);
    if x.abs() < VANISHING { 0.0 } else { x }
}

/// Azimuthal equidistant projection about the centre of the points, the direction of the sum of their unit vectors.
fn project(cities: &Cities, points: &mut [Option<[f64; 2]>], radius: f64) -> Result<()> {
    let mut sum = [0.0; 3];
    for vector in points.iter().flatten().map(|&point| unit_vector(point)) {
        (0..3).for_each(|axis| sum[axis] += vector[axis]);
    }
    let map = Azimuthal::about(sum, radius);
    let mut farthest = (0.0, 0);
    for (i, point) in points.iter_mut().enumerate() {
        let Some(vector) = point.map(unit_vector) else { continue };
        let (place, angle) = map.project(vector);
        if angle > farthest.0 {
            farthest = (angle, i);
        }
        *point = Some(place);
    }
    if farthest.0 <= std::f64::consts::FRAC_PI_2 {
        return Ok(());
    }
    let message = format!(
        "the cities spread over more than a hemisphere: {} lies {:.0} km from their centre",
        cities.label(farthest.1),
        radius * farthest.0
    );
    Err(Fault::new(Kind::Weights, message).hint("take weights that need no map, such as knn:4 or band:auto").into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::distance::tests::points;
    use super::*;
    use crate::weights::Weights;

    fn pairs(built: &Built) -> Vec<(usize, u32)> {
        (0..built.weights.n()).flat_map(|i| built.weights.neighbours(i).iter().map(move |&j| (i, j))).collect()
    }

    fn subset(small: &Weights, large: &Weights) -> bool {
        (0..small.n()).all(|i| small.neighbours(i).iter().all(|j| large.neighbours(i).contains(j)))
    }

    #[test]
    fn on_a_square_the_diagonals_are_blocked() {
        let cities = points(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]);
        assert_eq!(delaunay(&cities).unwrap().weights.links(), 10); // four sides and one of the diagonals
        let sides = [(0, 1), (0, 3), (1, 0), (1, 2), (2, 1), (2, 3), (3, 0), (3, 2)];
        assert_eq!(pairs(&gabriel(&cities).unwrap()), sides);
        assert_eq!(pairs(&relative(&cities).unwrap()), sides);
    }

    #[test]
    fn an_equilateral_triangle_keeps_all_sides() {
        let cities = points(&[[0.0, 0.0], [1.0, 0.0], [0.5, 0.75f64.sqrt()]]);
        assert_eq!(relative(&cities).unwrap().weights.links(), 6);
    }

    #[test]
    fn cities_on_a_line_form_a_chain() {
        let cities = points(&[[0.0, 0.0], [3.0, 3.0], [1.0, 1.0], [2.0, 2.0]]);
        let chain = [(0, 2), (1, 3), (2, 0), (2, 3), (3, 1), (3, 2)];
        for graph in [delaunay, gabriel, relative] {
            assert_eq!(pairs(&graph(&cities).unwrap()), chain);
        }
    }

    #[test]
    fn coincident_cities_share_their_neighbours() {
        let cities = points(&[[0.0, 0.0], [0.0, -0.0], [2.0, 0.0], [5.0, 0.0]]);
        let built = gabriel(&cities).unwrap();
        assert_eq!(pairs(&built), [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 3), (3, 2)]);
        assert_eq!(built.notes[0].cities, ["C01", "C02"]);
        assert_eq!(delaunay(&points(&[[1.0, 1.0]; 3])).unwrap().weights.links(), 6);
    }

    #[test]
    fn a_missing_point_is_an_isolate() {
        let mut cities = points(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.5]]);
        cities.points[1] = None;
        assert_eq!(delaunay(&cities).unwrap().weights.isolates(), [1]);
        cities.points[0] = None;
        assert_eq!(delaunay(&cities).unwrap_err().kind(), Kind::TooFew);
    }

    #[test]
    fn the_projection_keeps_distances_from_the_centre_and_refuses_the_far_side() {
        let mut cities = points(&[[179.0, 60.0], [-179.0, 60.0], [180.0, 61.0], [180.0, 59.0]]);
        cities.metric = Metric::EARTH;
        let mut plane = cities.points.clone();
        project(&cities, &mut plane, 6371.0088).unwrap();
        let [_, _, north, south] = plane[..] else { unreachable!("four cities") };
        let height = Metric::Planar.distance(north.unwrap(), south.unwrap());
        assert!((height - Metric::EARTH.distance([180.0, 61.0], [180.0, 59.0])).abs() < 1e-6);
        assert_eq!(gabriel(&cities).unwrap().weights.links(), 10); // four sides and the short diagonal
        cities.points = [[0.0, 0.0], [10.0, 0.0], [20.0, 0.0], [170.0, 10.0]].map(Some).to_vec();
        assert_eq!(
            delaunay(&cities).unwrap_err().to_string(),
            "the cities spread over more than a hemisphere: C04 lies 16371 km from their centre"
        );
    }

    #[test]
    fn coordinates_of_any_size_are_no_trouble() {
        let cities = points(&[[1e300, 0.0], [-1e300, 1e-300], [0.0, 1e299], [1e-200, 5e-300]]);
        assert!(delaunay(&cities).unwrap().weights.isolates().is_empty());
        let tiny = points(&[[1e-300, 0.0], [-1e-300, 1e-300], [0.0, 1e-305]]);
        assert_eq!(delaunay(&tiny).unwrap().weights.links(), 6);
    }

    proptest! {
        #[test]
        fn each_graph_contains_the_next(
            places in prop::collection::vec((-1.0..1.0, -1.0..1.0).prop_map(|(x, y)| [x, y]), 2..80),
            grid in prop::collection::vec((0i32..6, 0i32..6).prop_map(|(x, y)| [0.1 * f64::from(x), 0.1 * f64::from(y)]), 0..30),
        ) {
            let cities = points(&[places, grid].concat());
            let [wide, middle, narrow] = [delaunay, gabriel, relative].map(|graph| graph(&cities).unwrap().weights);
            prop_assert!(subset(&narrow, &middle) && subset(&middle, &wide));
            prop_assert!(wide.is_symmetric() && middle.is_symmetric() && narrow.is_symmetric());
            prop_assert_eq!(narrow.components().into_iter().max(), Some(0)); // it contains a minimum spanning tree
        }

        #[test]
        fn gabriel_and_relative_obey_their_definitions(
            places in prop::collection::vec((-1.0..1.0, -1.0..1.0).prop_map(|(x, y)| [x, y]), 2..40),
        ) {
            let cities = points(&places);
            let [disc, lune] = [gabriel, relative].map(|graph| graph(&cities).unwrap().weights);
            let d = |i: usize, j: usize| Metric::Planar.distance(places[i], places[j]);
            for i in 0..places.len() {
                for j in (0..places.len()).filter(|&j| j != i) {
                    let others = || (0..places.len()).filter(move |&c| c != i && c != j);
                    let in_disc = |c: usize| d(i, c).powi(2) + d(j, c).powi(2) <= d(i, j).powi(2);
                    prop_assert_eq!(disc.weight(i, j) == 1.0, !others().any(in_disc));
                    prop_assert_eq!(lune.weight(i, j) == 1.0, !others().any(|c| d(i, c).max(d(j, c)) < d(i, j)));
                }
            }
        }
    }
}
