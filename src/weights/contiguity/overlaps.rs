//! Cities that cover the same ground: a border of one that leads through the area of another.

use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::borders::{Borders, foot, length, midpoint, ordered, shifts};
use super::shared::unwrapped;
use crate::study::{Cities, ShapeKind};

/// A point on the border of a city, and how deep it has to lie in another for an overlap.
struct Probe {
    city: u32,
    point: [f64; 2],
    depth: f64,
}

/// Pairs of cities of which one has a border inside the area of the other, each perhaps more than once.
///
/// Only the middles of a few edges are tested: one of every ring, and those next to a touching point. All
/// others lie on the same side as these, or their borders cross.
pub(super) fn contained(cities: &Cities, borders: &Borders) -> Vec<(u32, u32)> {
    let probe = |i: usize| {
        let segment = &borders.segments[i];
        Probe { city: segment.city, point: midpoint(segment.ends), depth: borders.depth(length(segment.ends)) }
    };
    let probes: Vec<Probe> = borders.leads().into_iter().map(probe).collect();
    if probes.is_empty() {
        return Vec::new();
    }
    let tree = RTree::bulk_load(probes.iter().enumerate().map(|(i, p)| GeomWithData::new(p.point, i)).collect());
    let in_city = |i: usize| -> Vec<(u32, u32)> {
        let inside = inside(cities, i, &probes, &tree);
        let deep = inside.into_iter().filter(|&(p, point)| is_deep(cities, i, point, probes[p].depth));
        deep.map(|(p, _)| ordered(probes[p].city, i as u32)).collect()
    };
    (0..cities.len()).into_par_iter().flat_map_iter(in_city).collect()
}

/// The probes of other cities inside city `i`, drawn where the city is: those that an odd number of its rings
/// goes round.
fn inside(
    cities: &Cities,
    i: usize,
    probes: &[Probe],
    tree: &RTree<GeomWithData<[f64; 2], usize>>,
) -> Vec<(usize, [f64; 2])> {
    if cities.shapes.kind(i) != ShapeKind::Area {
        return Vec::new();
    }
    let mut within = Vec::new();
    for (_, ring) in cities.shapes.rings(i) {
        let ring = unwrapped(cities.metric, ring);
        for shift in shifts(cities.metric) {
            let bounds = ring.iter().fold(None, |bounds: Option<[[f64; 2]; 2]>, &[x, y]| {
                let [low, high] = bounds.unwrap_or([[x, y]; 2]);
                Some([[low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]])
            });
            let Some([low, high]) = bounds else { continue };
            let moved = |[x, y]: [f64; 2]| [x - shift, y];
            for found in tree.locate_in_envelope(AABB::from_corners(moved(low), moved(high))) {
                let point = [found.geom()[0] + shift, found.geom()[1]];
                if probes[found.data].city != i as u32 && goes_round(&ring, point) {
                    within.push((found.data, point));
                }
            }
        }
    }
    within.sort_by_key(|&(probe, _)| probe);
    within.chunk_by(|a, b| a.0 == b.0).filter(|rings| rings.len() % 2 == 1).map(|rings| rings[0]).collect()
}

/// Whether a closed ring goes round a point (even-odd rule).
fn goes_round(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crosses = |e: &&[[f64; 2]]| {
        let [[ax, ay], [bx, by]] = [e[0], e[1]];
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

/// Whether a point is farther than `depth` from the border of city `i`.
fn is_deep(cities: &Cities, i: usize, point: [f64; 2], depth: f64) -> bool {
    cities.shapes.rings(i).all(|(_, ring)| {
        let ring = unwrapped(cities.metric, ring);
        ring.windows(2).all(|e| length([point, foot(point, [e[0], e[1]])]) > depth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_odd() {
        let ring = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]];
        assert!(goes_round(&ring, [1.0, 1.0]));
        assert!(!goes_round(&ring, [3.0, 1.0]));
        assert!(!goes_round(&ring, [-1.0, 1.0]));
        assert!(!goes_round(&ring, [1.0, 3.0]));
    }
}
