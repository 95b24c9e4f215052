//! The pulls of the cores on a grid over the cities, and its triangles, of which areas are made.

use rayon::prelude::*;

use super::dissolve::{Parts, dissolved};
use crate::measures::radiation::distances::{apart, in_space};
use crate::study::{Cities, Metric};

/// Cells on the longer side of the grid.
const CELLS: f64 = 200.0;
/// How much of the longer side is added around the cities.
const MARGIN: f64 = 0.1;
/// Most cores of which the pull is followed over a grid.
const MOST_CORES: usize = 2_000;

/// How near every core is in the nodes of a grid, by its own measure: d_ic/(m_c/max m)^(1/β). Where it is least, the pull is
/// largest; it is 0 at a core and grows evenly away from it, so that it may be interpolated between nodes as the pull may not.
pub(super) struct FieldOnGrid {
    /// One grid, or two where the map is cut at 180°.
    pub grids: Vec<Grid>,
    places: Vec<[f64; 3]>,
    sizes: Vec<f64>,
    /// Which of the cores each of those with a place is.
    pub cores: Vec<usize>,
    metric: Metric,
    /// The largest mass of a core.
    pub most: f64,
}

/// The nodes of a grid, rows from south to north.
pub(super) struct Grid {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl FieldOnGrid {
    /// That of cores with masses above 0, or the reason why there is none.
    pub fn of(cities: &Cities, mass: &[f64], cores: &[usize], beta: f64) -> Result<Self, String> {
        if cores.len() > MOST_CORES {
            return Err(format!("{} cores are too many for a grid: the most is {MOST_CORES}", cores.len()));
        }
        let most = cores.iter().map(|&core| mass[core]).fold(0.0, f64::max);
        let mut field = Self {
            grids: grids(cities),
            places: Vec::new(),
            sizes: Vec::new(),
            cores: Vec::new(),
            metric: cities.metric,
            most,
        };
        for (c, &core) in cores.iter().enumerate() {
            let Some(point) = cities.points[core] else { continue };
            field.places.push(in_space(point, cities.metric));
            field.sizes.push(libm::pow(mass[core] / most, 1.0 / beta));
            field.cores.push(c);
        }
        if field.cores.is_empty() || field.grids.is_empty() {
            return Err("no core has a place".into());
        }
        Ok(field)
    }

    /// How near a core (of those with a place) is to a point.
    pub fn nearness(&self, core: usize, point: [f64; 2]) -> f64 {
        self.near(core, in_space(point, self.metric))
    }

    fn near(&self, core: usize, place: [f64; 3]) -> f64 {
        apart(place, self.places[core], self.metric) / self.sizes[core]
    }

    /// For every node of a grid the core that is nearest by its own measure, the earlier of equals, and how near it is.
    pub fn foremost(&self, grid: &Grid) -> Vec<(usize, f64)> {
        let at = |node: usize| {
            let place = in_space(grid.node(node), self.metric);
            let ahead = |best: (usize, f64), core: usize| {
                let near = self.near(core, place);
                if near < best.1 { (core, near) } else { best }
            };
            (1..self.places.len()).fold((0, self.near(0, place)), ahead)
        };
        (0..grid.len()).into_par_iter().map(at).collect()
    }

    /// The union of pieces of the triangles of a grid, without the vertices that its outer border does not need.
    pub fn union(&self, pieces: &[Vec<[f64; 2]>]) -> Option<Parts> {
        let mut parts = dissolved(pieces, Metric::Planar)?;
        parts.iter_mut().flatten().for_each(straighten);
        Some(parts)
    }
}

impl Grid {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.x.len() * self.y.len()
    }

    /// A node's place.
    pub fn node(&self, at: usize) -> [f64; 2] {
        [self.x[at % self.x.len()], self.y[at / self.x.len()]]
    }

    /// The nodes of each triangle, anticlockwise. Every cell is two, with the diagonal now one way, now the other.
    pub fn triangles(&self) -> impl Iterator<Item = [usize; 3]> + '_ {
        let width = self.x.len();
        let cells = (0..self.y.len() - 1).flat_map(move |row| (0..width - 1).map(move |column| (row, column)));
        cells.flat_map(move |(row, column)| {
            let a = row * width + column;
            let (b, c, d) = (a + 1, a + width + 1, a + width);
            if (row + column) % 2 == 0 { [[a, b, c], [a, c, d]] } else { [[a, b, d], [b, c, d]] }
        })
    }

    /// The point between two nodes at which a value that is `at_a` in the one and `at_b` in the other is 0; the same to the
    /// bit from both sides, and never a node itself, so that no piece is without an area.
    pub fn crossing(&self, [a, b]: [usize; 2], [at_a, at_b]: [f64; 2]) -> [f64; 2] {
        if a > b {
            return self.crossing([b, a], [at_b, at_a]);
        }
        let part = at_a / (at_a - at_b);
        let part = if part.is_finite() { part.clamp(1e-6, 1.0 - 1e-6) } else { 0.5 };
        let (p, q) = (self.node(a), self.node(b));
        [0, 1].map(|k| p[k] + part * (q[k] - p[k]))
    }
}

/// A grid over all cities and a margin round them; on the globe cut at 180°, its longitudes within −180° and 180°.
fn grids(cities: &Cities) -> Vec<Grid> {
    let shapes = &cities.shapes;
    let all = || (0..cities.len()).flat_map(|i| shapes.coordinates(i)).chain(cities.points.iter().flatten());
    let globe = cities.metric != Metric::Planar;
    let ends = |values: &mut dyn Iterator<Item = f64>| {
        values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)])
    };
    let [south, north] = ends(&mut all().map(|point| point[1]));
    let [west, east] = if globe { narrowest(all().map(|p| p[0])) } else { ends(&mut all().map(|p| p[0])) };
    if !(south <= north && west <= east) {
        return Vec::new();
    }
    let longer = (north - south).max(east - west);
    let margin = if longer > 0.0 { longer * MARGIN } else { 1.0 };
    let cell = (longer + 2.0 * margin) / CELLS;
    let [mut south, mut north, mut west, mut east] = [south - margin, north + margin, west - margin, east + margin];
    if !globe {
        return vec![Grid { x: axis(west, east, cell), y: axis(south, north, cell) }];
    }
    (south, north) = (south.max(-90.0), north.min(90.0));
    if east - west >= 360.0 {
        (west, east) = (-180.0, 180.0);
    }
    let part = |turns: i32| {
        let middle = 360.0 * f64::from(turns);
        let (from, to) = ((west - middle).max(-180.0), (east - middle).min(180.0));
        (from < to).then(|| Grid { x: axis(from, to, cell), y: axis(south, north, cell) })
    };
    (-1..=1).filter_map(part).collect()
}

/// The shortest stretch of longitudes that holds all, eastwards from −180..180; it may end beyond 180.
fn narrowest(longitudes: impl Iterator<Item = f64>) -> [f64; 2] {
    let mut all: Vec<f64> = longitudes.map(|x| x - 360.0 * ((x + 180.0) / 360.0).floor()).collect();
    all.sort_unstable_by(f64::total_cmp);
    all.dedup();
    let (Some(&first), Some(&last)) = (all.first(), all.last()) else { return [f64::NAN; 2] };
    let (mut gap, mut ends) = (first + 360.0 - last, [first, last]);
    for pair in all.windows(2) {
        if pair[1] - pair[0] > gap {
            (gap, ends) = (pair[1] - pair[0], [pair[1], pair[0] + 360.0]);
        }
    }
    ends
}

/// Nodes from one end to the other, about a cell apart and at both ends exactly.
fn axis(from: f64, to: f64, cell: f64) -> Vec<f64> {
    let steps = ((to - from) / cell).round().clamp(1.0, CELLS) as usize;
    let at = |k: usize| if k == steps { to } else { from + (to - from) * (k as f64 / steps as f64) };
    (0..=steps).map(at).collect()
}

/// Takes out the vertices within straight runs along one axis.
fn straighten(ring: &mut Vec<[f64; 2]>) {
    ring.pop();
    let n = ring.len();
    let on_run = |i: usize| {
        let [before, here, after] = [ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]];
        (0..2).any(|k| before[k] == here[k] && here[k] == after[k])
    };
    let kept: Vec<[f64; 2]> = (0..n).filter(|&i| !on_run(i)).map(|i| ring[i]).collect();
    *ring = kept;
    ring.extend(ring.first().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_goes_the_short_way_round() {
        assert_eq!(narrowest([170.0, -170.0, 178.0].into_iter()), [170.0, 190.0]);
        assert_eq!(narrowest([-10.0, 20.0].into_iter()), [-10.0, 20.0]);
        assert_eq!(narrowest([5.0].into_iter()), [5.0, 5.0]);
        assert!(narrowest(std::iter::empty()).iter().all(|x| x.is_nan()));
    }

    #[test]
    fn a_straight_run_keeps_its_ends() {
        let mut ring = vec![[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 1.0], [0.0, 0.0]];
        straighten(&mut ring);
        assert_eq!(ring, [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]);
    }
}
