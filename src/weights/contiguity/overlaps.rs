//! Cities that cover the same ground: a border of one that leads through the area of another.

use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::borders::{Borders, foot, length, ordered, shifts};
use super::shared::unwrapped;
use crate::study::{Cities, ShapeKind};

/// A point on the border of a city, and how deep it has to lie in another for an overlap.
struct Probe {
    segment: usize,
    point: [f64; 2],
    depth: f64,
}

/// Pairs of cities of which the borders cross or one has a border inside the area of the other, by pair.
///
/// A few edges tell: one of every ring, and those next to a point where borders touch. The others lie on the
/// same side as these, or borders cross. Where a ring does lead into another city, more of it is followed, since
/// it may lead on into a third.
pub(super) fn overlaps(cities: &Cities, borders: &Borders) -> Vec<(u32, u32)> {
    let city = |segment: usize| borders.segments[segment].city;
    let pair = |&(a, b): &(usize, usize)| ordered(city(a), city(b));
    let entries = contained(cities, borders, &borders.leads());

    let ring = |segment: usize| borders.segments[segment].ring;
    let crossing = borders.crossings.iter().flat_map(|&(a, b)| [ring(a), ring(b)]);
    let mut rings: Vec<u32> = entries.iter().map(|&(segment, _)| ring(segment)).chain(crossing).collect();
    rings.sort_unstable();
    rings.dedup();
    let further =
        contained(cities, borders, &rings.iter().flat_map(|&ring| samples(borders, ring)).collect::<Vec<_>>());

    let within = entries.into_iter().chain(further).map(|(segment, other)| ordered(city(segment), other));
    let mut pairs: Vec<_> = borders.crossings.iter().map(pair).chain(within).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// At most a hundred segments of a ring, evenly spaced.
fn samples(borders: &Borders, ring: u32) -> impl Iterator<Item = usize> {
    const MOST: usize = 100;
    let start = borders.segments.partition_point(|segment| segment.ring < ring);
    let count = borders.segments[start..].partition_point(|segment| segment.ring == ring);
    (start..start + count).step_by(count.div_ceil(MOST).max(1)).filter(|&i| !borders.alongside[i])
}

/// Those of some segments that lie inside another city, each with that city.
fn contained(cities: &Cities, borders: &Borders, segments: &[usize]) -> Vec<(usize, u32)> {
    if segments.is_empty() {
        return Vec::new();
    }
    let probe = |&segment: &usize| {
        let ends = borders.segments[segment].ends;
        Probe { segment, point: inner_point(ends), depth: borders.depth(length(ends)) }
    };
    let probes: Vec<Probe> = segments.iter().map(probe).collect();
    let tree = RTree::bulk_load(probes.iter().enumerate().map(|(i, p)| GeomWithData::new(p.point, i)).collect());
    let in_city = |i: usize| -> Vec<(usize, u32)> {
        let foreign = |found: usize| borders.segments[probes[found].segment].city != i as u32;
        let inside = inside(cities, i, &tree, foreign).into_iter();
        let deep = inside.filter(|&(found, point)| is_deep(cities, i, point, probes[found].depth));
        deep.map(|(found, _)| (probes[found].segment, i as u32)).collect()
    };
    (0..cities.len()).into_par_iter().flat_map_iter(in_city).collect()
}

/// A point within a segment; not its middle, where on regular maps the border of another city often runs.
fn inner_point([[ax, ay], [bx, by]]: [[f64; 2]; 2]) -> [f64; 2] {
    const PART: f64 = 0.381_966;
    [ax + PART * (bx - ax), ay + PART * (by - ay)]
}

/// The foreign probes inside city `i`, drawn where the city is: those that an odd number of its rings
/// goes round.
fn inside(
    cities: &Cities,
    i: usize,
    tree: &RTree<GeomWithData<[f64; 2], usize>>,
    foreign: impl Fn(usize) -> bool,
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
                if foreign(found.data) && goes_round(&ring, point) {
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
