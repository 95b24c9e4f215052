//! Borders simplified for display so that neighbours still share them.
//!
//! Rings are cut into arcs where borders of more than two pieces meet. An arc that two cities share is simplified in one
//! direction whichever ring it is met on, so both get the same line and no gap opens between them.

use std::collections::{HashMap, HashSet};

type Point = [f64; 2];
type Key = [u64; 2];

/// Rings of a map with their shared arcs known.
pub struct Topology {
    junctions: HashSet<Key>,
}

impl Topology {
    /// Finds where arcs begin and end: at every point whose neighbours along the rings are not the same two everywhere.
    pub fn new<'a>(rings: impl Iterator<Item = &'a [Point]>) -> Self {
        let mut neighbours: HashMap<Key, [Key; 2]> = HashMap::new();
        let mut junctions = HashSet::new();
        for ring in rings {
            let ring = open(ring);
            for (i, &point) in ring.iter().enumerate() {
                let before = key(ring[(i + ring.len() - 1) % ring.len()]);
                let after = key(ring[(i + 1) % ring.len()]);
                let pair = if before <= after { [before, after] } else { [after, before] };
                if *neighbours.entry(key(point)).or_insert(pair) != pair {
                    junctions.insert(key(point));
                }
            }
        }
        Self { junctions }
    }

    /// A ring without the points that lie within `tolerance` of the line that remains; open, and empty where less than a
    /// triangle remains of it. `project` places its points on the map.
    pub fn simplified(&self, ring: &[Point], tolerance: f64, project: impl Fn(Point) -> Point) -> Vec<Point> {
        let mut ring = open(ring).to_vec();
        if ring.len() < 3 {
            return Vec::new();
        }
        // Begin at a junction, or where there is none at the same point however the ring is written.
        let is_junction = |point: &Point| self.junctions.contains(&key(*point));
        let start = ring.iter().position(is_junction).unwrap_or_else(|| least(&ring));
        ring.rotate_left(start);
        let mut cuts: Vec<usize> = (0..ring.len()).filter(|&i| i == 0 || is_junction(&ring[i])).collect();
        if cuts.len() == 1 {
            // A ring on its own: cut again at the point farthest from its beginning.
            cuts.push(farthest(&ring));
        }
        let mut line = Vec::new();
        for (k, &from) in cuts.iter().enumerate() {
            let to = cuts.get(k + 1).copied().unwrap_or(ring.len());
            let arc: Vec<Point> = (from..=to).map(|i| ring[i % ring.len()]).collect();
            let kept = simplified_arc(&arc, tolerance, &project);
            line.extend_from_slice(&kept[..kept.len() - 1]);
        }
        if line.len() < 3 { Vec::new() } else { line }
    }
}

/// A ring without its closing point and without points that repeat the one before.
fn open(ring: &[Point]) -> &[Point] {
    match ring {
        [rest @ .., last] if ring.len() > 1 && key(*last) == key(ring[0]) => rest,
        _ => ring,
    }
}

/// Coordinates as bits, −0 as 0.
fn key([x, y]: Point) -> Key {
    [(x + 0.0).to_bits(), (y + 0.0).to_bits()]
}

fn least(ring: &[Point]) -> usize {
    let smaller = |a: &Point, b: &Point| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    (0..ring.len()).min_by(|&a, &b| smaller(&ring[a], &ring[b])).unwrap_or(0)
}

fn farthest(ring: &[Point]) -> usize {
    let from = ring[0];
    let distance = |i: usize| libm::hypot(ring[i][0] - from[0], ring[i][1] - from[1]);
    // Of several as far away the one that comes first from the smaller side, whichever way the ring runs.
    (1..ring.len())
        .max_by(|&a, &b| distance(a).total_cmp(&distance(b)).then_with(|| key(ring[a]).cmp(&key(ring[b]))))
        .unwrap_or(0)
}

/// Douglas and Peucker's line through an arc, always taken from the same end; the projected points that remain.
pub fn simplified_arc(arc: &[Point], tolerance: f64, project: &impl Fn(Point) -> Point) -> Vec<Point> {
    let first_last = key(arc[0]).cmp(&key(arc[arc.len() - 1]));
    let inner = arc.len() > 3 && first_last.is_eq() && key(arc[1]) > key(arc[arc.len() - 2]);
    let backwards = first_last.is_gt() || inner;
    let mut points: Vec<Point> = arc.iter().map(|&point| project(point)).collect();
    if backwards {
        points.reverse();
    }
    let mut keep = vec![false; points.len()];
    (keep[0], keep[points.len() - 1]) = (true, true);
    let mut stretches = vec![(0, points.len() - 1)];
    while let Some((from, to)) = stretches.pop() {
        let worst = (from + 1..to).map(|i| (off(points[i], points[from], points[to]), i));
        let worst = worst.fold((tolerance, 0), |worst, found| if found.0 > worst.0 { found } else { worst });
        if worst.1 > 0 {
            keep[worst.1] = true;
            stretches.extend([(from, worst.1), (worst.1, to)]);
        }
    }
    let mut kept: Vec<Point> = points.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect();
    if backwards {
        kept.reverse();
    }
    kept
}

/// How far a point lies from the stretch between two others.
fn off(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    libm::hypot(point[0] - from[0] - along * dx, point[1] - from[1] - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two neighbours with a wavy border between them, the second ring begun anywhere and turned either way.
    fn neighbours(waves: &[f64], shift: usize, turn: bool) -> [Vec<Point>; 2] {
        let border: Vec<Point> = waves.iter().enumerate().map(|(i, x)| [*x, i as f64 + 1.0]).collect();
        let top = waves.len() as f64 + 1.0;
        let mut left = vec![[-9.0, 0.0], [0.0, 0.0]];
        left.extend(&border);
        left.extend([[0.0, top], [-9.0, top]]);
        let mut right = vec![[0.0, 0.0], [9.0, 0.0], [9.0, top], [0.0, top]];
        right.extend(border.iter().rev());
        let by = shift % right.len();
        right.rotate_left(by);
        if turn {
            right.reverse();
        }
        [left, right].map(|mut ring| {
            ring.push(ring[0]);
            ring
        })
    }

    proptest! {
        #[test]
        fn what_is_shared_stays_shared(
            waves in proptest::collection::vec(-2.0..2.0_f64, 1..30),
            shift in 0..40_usize,
            turn: bool,
            tolerance in 0.0..3.0_f64,
        ) {
            let rings = neighbours(&waves, shift, turn);
            let topology = Topology::new(rings.iter().map(Vec::as_slice));
            let [left, right] = rings.each_ref().map(|ring| topology.simplified(ring, tolerance, |point| point));
            let on_border = |ring: &[Point]| {
                let mut points: Vec<Key> = ring.iter().filter(|p| p[0].abs() < 3.0).map(|p| key(*p)).collect();
                points.sort_unstable();
                points
            };
            prop_assert_eq!(on_border(&left), on_border(&right));
        }

        #[test]
        fn nothing_moves_farther_than_the_tolerance(
            waves in proptest::collection::vec(-2.0..2.0_f64, 1..30),
            tolerance in 0.01..0.9_f64,
        ) {
            let [ring, _] = neighbours(&waves, 0, false);
            let topology = Topology::new([ring.as_slice()].into_iter());
            let line = topology.simplified(&ring, tolerance, |point| point);
            prop_assert!(line.len() >= 3);
            for point in &ring {
                let sides = (0..line.len()).map(|i| off(*point, line[i], line[(i + 1) % line.len()]));
                prop_assert!(sides.fold(f64::INFINITY, f64::min) <= tolerance + 1e-9);
            }
        }
    }

    #[test]
    fn a_ring_that_is_too_small_is_left_out() {
        let ring = [[0.0, 0.0], [0.01, 0.0], [0.01, 0.01], [0.0, 0.0]];
        let topology = Topology::new([&ring[..]].into_iter());
        assert!(topology.simplified(&ring, 0.3, |point| point).len() < 3);
        assert!(topology.simplified(&ring[..2], 0.3, |point| point).is_empty());
    }
}
