//! How far all cities lie from each other.

use std::borrow::Cow;
use std::f64::consts::PI;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::area::of_city;
use crate::error::{Fault, Kind, Result};
use crate::measures::Run;
use crate::measures::adapter::printed;
use crate::note::{Note, listed_by};
use crate::study::{Cities, Linkage, Metric, ShapeKind, unit_vector};

/// Most cities of which the distances of all pairs are held.
const MOST: usize = 6_000;
/// Shortest distance between two cities on the globe, in kilometres: nearer ones, as of points in one place, count as
/// this far, so that no flow is infinite.
const FLOOR: f64 = 1.0;
/// Pairs raised to the floor that a note names.
const NAMED: usize = 3;

/// The distances between all pairs of n cities, row after row; NaN where a city has no place, 0 on the diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    n: usize,
    values: Vec<f64>,
    /// Pairs nearer than their floor, which were put at it.
    pub floored: usize,
    /// Those of them that were raised most, by ratio.
    raised: Vec<Raised>,
    /// `km`, the unit of planar coordinates (empty), or that of the costs.
    pub unit: &'static str,
}

/// A pair that lay nearer than its floor.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Raised {
    pair: [usize; 2],
    from: f64,
    to: f64,
}

impl Distances {
    /// Those of a run, made once where it has a place to hold them.
    ///
    /// # Errors
    /// As [`between`](Self::between).
    pub(super) fn of<'a>(run: &Run<'a>) -> Result<Cow<'a, Self>> {
        match run.distances {
            Some(place) => Self::held(place, run.costs, run.cities).map(Cow::Borrowed),
            None => Self::given(run.costs, run.cities).map(Cow::Owned),
        }
    }

    /// Those that are held in a place, else as [`given`](Self::given) and held there from now on.
    pub(crate) fn held<'a>(place: &'a OnceLock<Self>, costs: Option<&Linkage>, cities: &Cities) -> Result<&'a Self> {
        if let Some(distances) = place.get() {
            return Ok(distances);
        }
        let distances = Self::given(costs, cities)?;
        Ok(place.get_or_init(|| distances))
    }

    /// The costs where there are some, else between the points of the cities.
    fn given(costs: Option<&Linkage>, cities: &Cities) -> Result<Self> {
        match costs {
            Some(costs) => Self::along(costs),
            None => Self::between(cities),
        }
    }

    /// Between the points of the cities: great circles, or straight lines where coordinates are planar.
    ///
    /// On the globe d = 2R·asin(c/2) with the chord c of two points of the unit sphere, which keeps its precision for near
    /// points. A distance is never below 1 km, nor below half the radius of a circle of the area of either city,
    /// ½ √(A/π), where cities are polygons: the point of one city may lie within another, and what flows between them does
    /// not start and end at two points. O(n²).
    ///
    /// # Errors
    /// [`Kind::TooLarge`] above 6,000 cities; [`Kind::Undefined`] where planar cities share one place, or none has one.
    pub fn between(cities: &Cities) -> Result<Self> {
        let n = cities.len();
        if n > 0 && cities.points.iter().all(Option::is_none) {
            let message = "no city has a geometry, so that there are no distances";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        let mut distances = Self::empty(n, cities.metric.unit())?;
        let nowhere = [f64::NAN; 3];
        let metric = cities.metric;
        let place = |point: &Option<[f64; 2]>| point.map_or(nowhere, |point| in_space(point, metric));
        let places: Vec<[f64; 3]> = cities.points.iter().map(place).collect();
        distances.values.par_chunks_mut(n.max(1)).enumerate().for_each(|(i, row)| {
            for (j, d) in row.iter_mut().enumerate() {
                // One order of subtraction for both directions, so that the matrix is symmetric to the bit.
                *d = if i == j { 0.0 } else { apart(places[i.min(j)], places[i.max(j)], metric) };
            }
        });
        if metric == Metric::Planar {
            let same = (0..n * n).find(|&at| distances.values[at] == 0.0 && at / n != at % n);
            if let Some(at) = same {
                let (a, b) = (cities.label(at / n), cities.label(at % n));
                let message = format!("{a} and {b} are in the same place, so that what flows between them is infinite");
                return Err(Fault::new(Kind::Undefined, message).into());
            }
        } else {
            distances.raise(&floors(cities));
        }
        Ok(distances)
    }

    /// The weights of links that mean costs, as travel times; one that is given in one direction counts in both, NaN where
    /// there is none.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] above 6,000 cities.
    pub fn along(costs: &Linkage) -> Result<Self> {
        let n = costs.n();
        let mut distances = Self::empty(n, "")?;
        distances.values.fill(f64::NAN);
        (0..n).for_each(|i| distances.values[i * n + i] = 0.0);
        costs.arcs().for_each(|(i, j, w)| distances.values[i * n + j] = costs.meaning().length(w));
        for i in 0..n {
            for j in i + 1..n {
                let (there, back) = (distances.values[i * n + j], distances.values[j * n + i]);
                if there.is_nan() {
                    distances.values[i * n + j] = back;
                } else if back.is_nan() {
                    distances.values[j * n + i] = there;
                }
            }
        }
        Ok(distances)
    }

    /// n × n distances row after row, as they are.
    ///
    /// # Errors
    /// [`Kind::Value`] where there are not n × n of them.
    pub fn from_values(n: usize, values: Vec<f64>) -> Result<Self> {
        if values.len() != n * n {
            let message = format!("{} distances are given, and {n} cities have {}", values.len(), n * n);
            return Err(Fault::new(Kind::Value, message).into());
        }
        Ok(Self { n, values, floored: 0, raised: Vec::new(), unit: "" })
    }

    fn empty(n: usize, unit: &'static str) -> Result<Self> {
        if n > MOST {
            let message = format!("the distances of all pairs of {n} cities are too many: the most is {MOST} cities");
            return Err(Fault::new(Kind::TooLarge, message).hint("choose cities with --where").into());
        }
        Ok(Self { n, values: vec![0.0; n * n], floored: 0, raised: Vec::new(), unit })
    }

    /// Puts each pair at the larger floor of its two cities, where it is nearer.
    fn raise(&mut self, floors: &[f64]) {
        let n = self.n;
        for i in 0..n {
            for j in i + 1..n {
                let (from, to) = (self.values[i * n + j], floors[i].max(floors[j]));
                if from < to {
                    (self.values[i * n + j], self.values[j * n + i]) = (to, to);
                    self.floored += 1;
                    self.remember(Raised { pair: [i, j], from, to });
                }
            }
        }
    }

    /// Keeps a pair if it is among those raised most; the earlier of equals.
    fn remember(&mut self, pair: Raised) {
        let before = self.raised.partition_point(|other| other.to * pair.from >= pair.to * other.from);
        self.raised.insert(before, pair);
        self.raised.truncate(NAMED);
    }

    /// How many pairs were put at their floor, and which above all.
    pub(super) fn near_pairs(&self, cities: &Cities) -> Option<Note> {
        if self.raised.is_empty() {
            return None;
        }
        let known = |i: usize| cities.known_as(i);
        let named = listed_by(&self.raised, |Raised { pair: [a, b], from, to }| {
            format!("{} and {} ({} km as {})", known(*a), known(*b), printed(*from, 1), printed(*to, 1))
        });
        let count =
            if self.floored == 1 { "1 pair of cities".to_owned() } else { format!("{} pairs of cities", self.floored) };
        let (near, count_as) = if self.floored == 1 { ("lies", "counts") } else { ("lie", "count") };
        let among = if self.floored > NAMED { ", above all" } else { ":" };
        let floor = match self.raised.iter().all(|pair| pair.to == FLOOR) {
            true => "1 km",
            false => "half the radius of a circle of the area of the larger city, or 1 km,",
        };
        let message =
            format!("{count} {near} nearer to each other than {floor} and {count_as} as that far apart{among} {named}");
        let about = self.raised.iter().flat_map(|pair| pair.pair).map(|i| &cities.ids[i]);
        Some(Note::remark("near_pairs", message).about(about))
    }

    /// Number of cities.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The distance from i to j.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.n + j]
    }

    /// The distances from i to all cities.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.n..(i + 1) * self.n]
    }
}

/// How near another city may come to each one on the globe: half the radius of a circle of its area, at least 1 km.
fn floors(cities: &Cities) -> Vec<f64> {
    let shapes = &cities.shapes;
    let of = |i: usize| match i < shapes.len() && shapes.kind(i) == ShapeKind::Area {
        true => f64::max(FLOOR, 0.5 * (of_city(shapes, i, cities.metric) / PI).sqrt()),
        false => FLOOR,
    };
    (0..cities.len()).into_par_iter().map(of).collect()
}

/// A point where [`apart`] wants it: on the unit sphere, or on the plane with 0 as its third coordinate.
pub(super) fn in_space([x, y]: [f64; 2], metric: Metric) -> [f64; 3] {
    if metric == Metric::Planar { [x, y, 0.0] } else { unit_vector([x, y]) }
}

/// How far two points lie apart that are [`in_space`].
pub(super) fn apart(a: [f64; 3], b: [f64; 3], metric: Metric) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|k| a[k] - b[k]);
    let straight = (x * x + y * y + z * z).sqrt();
    match metric {
        Metric::Planar => straight,
        Metric::GreatCircle { radius } => {
            // `min` would make 1 of the NaN of a city without a place.
            let half = straight / 2.0;
            2.0 * radius * libm::asin(if half > 1.0 { 1.0 } else { half })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{RingRole, Shapes};

    /// A square of one degree at the equator with its point in the middle, and points near to it.
    fn cities(points: &[[f64; 2]]) -> Cities {
        let mut shapes = Shapes::default();
        let square = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]];
        shapes.push_area([(RingRole::Shell, &square[..])]);
        points.iter().for_each(|point| shapes.push_point(*point));
        let ids: Vec<String> = (0..=points.len()).map(|i| format!("C{i}")).collect();
        let points = std::iter::once([0.0, 0.0]).chain(points.iter().copied()).map(Some).collect();
        let metric = Metric::GreatCircle { radius: 6371.0 };
        Cities { names: ids.clone(), ids, shapes, points, metric, notes: Vec::new() }
    }

    #[test]
    fn a_city_within_another_is_half_the_radius_of_a_circle_of_its_area_away() {
        let cities = cities(&[[0.1, 0.0], [0.9, 0.0], [0.1001, 0.0]]);
        let distances = Distances::between(&cities).unwrap();
        let degree = 6371.0_f64.to_radians();
        let floor = 0.5 * degree / PI.sqrt();
        for j in [1, 3] {
            assert!((distances.get(0, j) / floor - 1.0).abs() < 1e-4 && distances.get(0, j) == distances.get(j, 0));
        }
        assert!((distances.get(0, 2) / (0.9 * degree) - 1.0).abs() < 1e-12);
        assert!(distances.get(1, 3) == 1.0 && distances.floored == 3);
        let note = distances.near_pairs(&cities).unwrap();
        assert_eq!(
            note.message,
            "3 pairs of cities lie nearer to each other than half the radius of a circle of the area of the larger city, or 1 km, and count as that far apart: C1 and C3 (0.0 km as 1.0), C0 and C1 (11.1 km as 31.4) and C0 and C3 (11.1 km as 31.4)"
        );
    }

    #[test]
    fn points_are_at_least_a_kilometre_apart_and_no_note_says_nothing() {
        let mut cities = cities(&[[2.0, 0.0], [2.001, 0.0]]);
        let distances = Distances::between(&cities).unwrap();
        assert_eq!(
            distances.near_pairs(&cities).unwrap().message,
            "1 pair of cities lies nearer to each other than 1 km and counts as that far apart: C1 and C2 (0.1 km as 1.0)"
        );
        cities.points[2] = Some([3.0, 0.0]);
        assert!(Distances::between(&cities).unwrap().near_pairs(&cities).is_none());
    }

    #[test]
    fn a_run_with_a_place_for_them_makes_them_once() {
        let mut cities = cities(&[[2.0, 0.0]]);
        cities.points.fill(None);
        let (inference, options, place) = (Default::default(), Default::default(), OnceLock::new());
        let run = Run { distances: Some(&place), ..Run::of(&cities, &[0, 1], &inference, &options) };
        assert!(Distances::of(&run).is_err() && place.get().is_none());
        let costs = Linkage::from_arcs(2, vec![(0, 1, 30.0)], crate::study::LinkMeaning::Cost).unwrap();
        let run = Run { costs: Some(&costs), ..run };
        let (first, second) = (Distances::of(&run).unwrap(), Distances::of(&run).unwrap());
        assert!(std::ptr::eq(&*first, &*second) && first.get(1, 0) == 30.0);
    }

    #[test]
    fn a_city_without_a_place_is_no_distance_away() {
        let mut cities = cities(&[[2.0, 0.0], [3.0, 0.0]]);
        cities.points[1] = None;
        let distances = Distances::between(&cities).unwrap();
        assert!(distances.get(0, 1).is_nan() && distances.get(2, 1).is_nan() && distances.get(0, 2) > 300.0);
        cities.points.fill(None);
        assert_eq!(Distances::between(&cities).unwrap_err().kind(), Kind::Undefined);
    }

    #[test]
    fn a_way_given_once_counts_in_both_directions() {
        let arcs = vec![(0, 1, 30.0), (1, 2, 20.0), (2, 1, 25.0)];
        let costs = Linkage::from_arcs(3, arcs, crate::study::LinkMeaning::Cost).unwrap();
        let ways = Distances::along(&costs).unwrap();
        assert_eq!([ways.get(1, 0), ways.get(1, 2), ways.get(2, 1)], [30.0, 20.0, 25.0]);
        assert!(ways.get(0, 2).is_nan());
    }
}
