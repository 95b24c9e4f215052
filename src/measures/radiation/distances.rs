//! How far all cities lie from each other.

use rayon::prelude::*;

use crate::error::{Fault, Kind, Result};
use crate::measures::Run;
use crate::study::{Cities, Linkage, Metric};

/// Most cities of which the distances of all pairs are held.
const MOST: usize = 6_000;
/// Shortest distance between two cities on the globe, in kilometres: nearer ones, as of points in one place, count as
/// this far, so that no flow is infinite.
pub(super) const FLOOR: f64 = 1.0;

/// The distances between all pairs of n cities, row after row; NaN where a city has no place, 0 on the diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    n: usize,
    values: Vec<f64>,
    /// Pairs nearer than the floor, which were put at it.
    pub floored: usize,
    /// `km`, the unit of planar coordinates (empty), or that of the costs.
    pub unit: &'static str,
}

impl Distances {
    /// Those of a run: its costs where there are some, else between the points of its cities.
    ///
    /// # Errors
    /// As [`between`](Self::between).
    pub(super) fn of(run: &Run) -> Result<Self> {
        match run.costs {
            Some(costs) => Self::along(costs),
            None => Self::between(run.cities),
        }
    }

    /// Between the points of the cities: great circles, or straight lines where coordinates are planar.
    ///
    /// On the globe d = 2R·asin(c/2) with the chord c of two points of the unit sphere, which keeps its precision for near
    /// points. Distances below 1 km count as 1 km. O(n²).
    ///
    /// # Errors
    /// [`Kind::TooLarge`] above 6,000 cities; [`Kind::Undefined`] where planar cities share one place.
    pub fn between(cities: &Cities) -> Result<Self> {
        let n = cities.len();
        let mut distances = Self::empty(n, cities.metric.unit())?;
        let nowhere = [f64::NAN; 3];
        let places: Vec<[f64; 3]> = match cities.metric {
            Metric::Planar => cities.points.iter().map(|p| p.map_or(nowhere, |[x, y]| [x, y, 0.0])).collect(),
            Metric::GreatCircle { .. } => cities.points.iter().map(|p| p.map_or(nowhere, on_sphere)).collect(),
        };
        let metric = cities.metric;
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
            distances.raise(FLOOR);
        }
        Ok(distances)
    }

    /// The weights of links that mean costs, as travel times; NaN where there is no link.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] above 6,000 cities.
    pub fn along(costs: &Linkage) -> Result<Self> {
        let n = costs.n();
        let mut distances = Self::empty(n, "")?;
        distances.values.fill(f64::NAN);
        (0..n).for_each(|i| distances.values[i * n + i] = 0.0);
        costs.arcs().for_each(|(i, j, w)| distances.values[i * n + j] = costs.meaning().length(w));
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
        Ok(Self { n, values, floored: 0, unit: "" })
    }

    fn empty(n: usize, unit: &'static str) -> Result<Self> {
        if n > MOST {
            let message = format!("the distances of all pairs of {n} cities are too many: the most is {MOST} cities");
            return Err(Fault::new(Kind::TooLarge, message).hint("choose cities with --where").into());
        }
        Ok(Self { n, values: vec![0.0; n * n], floored: 0, unit })
    }

    fn raise(&mut self, floor: f64) {
        let n = self.n;
        for (at, d) in self.values.iter_mut().enumerate().filter(|(_, d)| **d < floor) {
            if at / n != at % n {
                self.floored += usize::from(at / n < at % n);
                *d = floor;
            }
        }
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

/// A point of the unit sphere.
pub(super) fn on_sphere([lon, lat]: [f64; 2]) -> [f64; 3] {
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [libm::cos(lat) * libm::cos(lon), libm::cos(lat) * libm::sin(lon), libm::sin(lat)]
}

/// How far two points lie apart: points of the unit sphere, or of the plane with 0 as their third coordinate.
pub(super) fn apart(a: [f64; 3], b: [f64; 3], metric: Metric) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|k| a[k] - b[k]);
    let straight = (x * x + y * y + z * z).sqrt();
    match metric {
        Metric::Planar => straight,
        Metric::GreatCircle { radius } => 2.0 * radius * libm::asin((straight / 2.0).min(1.0)),
    }
}
