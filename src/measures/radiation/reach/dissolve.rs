//! One shape of many: borders that two of them share, vertex for vertex, cancel.

use std::collections::HashMap;

use super::super::area::turn;
use crate::study::Metric;

/// Parts of an area: each a closed shell anticlockwise, then its closed holes clockwise.
pub(super) type Parts = Vec<Vec<Vec<[f64; 2]>>>;

/// The union of rings that have their area on the left and overlap nowhere, as of neighbouring cities; they are closed.
///
/// Every edge that is walked in both directions vanishes; those that are left are joined at their ends to rings, which are cut
/// where they come back to a vertex, so that none touches itself. No coordinate is made or changed: areas add up.
/// O(e log e) for e edges. None where a hole lies in no shell, as when rings overlap.
pub(super) fn dissolved(rings: &[Vec<[f64; 2]>], metric: Metric) -> Option<Parts> {
    let (vertices, edges) = outline(rings);
    let mut shells: Vec<(f64, Vec<[f64; 2]>)> = Vec::new();
    let mut holes = Vec::new();
    for ring in joined(&vertices, &edges) {
        let ring: Vec<[f64; 2]> = ring.iter().chain(ring.first()).map(|&v| vertices[v]).collect();
        match turn(&ring, metric) {
            area if area > 0.0 => shells.push((area, ring)),
            area if area < 0.0 => holes.push(ring),
            _ => {}
        }
    }
    let mut parts: Parts = shells.iter().map(|(_, shell)| vec![shell.clone()]).collect();
    let boxes: Vec<[[f64; 2]; 2]> = shells.iter().map(|(_, shell)| bounds(shell)).collect();
    for hole in holes {
        // The middle of an edge lies within one shell only; vertices may lie on two.
        let middle = [0, 1].map(|k| (hole[0][k] + hole[1][k]) / 2.0);
        let around = |s: &usize| within(middle, boxes[*s]) && is_inside(middle, &shells[*s].1);
        let shell = (0..shells.len()).filter(around).min_by(|&a, &b| shells[a].0.total_cmp(&shells[b].0))?;
        parts[shell].push(hole);
    }
    Some(parts)
}

/// All vertices, and the edges from vertex to vertex that have no counterpart in the other direction.
fn outline(rings: &[Vec<[f64; 2]>]) -> (Vec<[f64; 2]>, Vec<(usize, usize)>) {
    let mut number: HashMap<[u64; 2], usize> = HashMap::new();
    let mut vertices = Vec::new();
    // The lower end, the upper end, and whether the edge goes up.
    let mut steps: Vec<(usize, usize, bool)> = Vec::new();
    for ring in rings {
        let mut before = None;
        for &point in ring {
            // Adding 0 makes −0 into 0.
            let key = point.map(|x| (x + 0.0).to_bits());
            let here = *number.entry(key).or_insert_with(|| {
                vertices.push(point);
                vertices.len() - 1
            });
            if let Some(before) = before.filter(|&before| before != here) {
                steps.push((here.min(before), here.max(before), before < here));
            }
            before = Some(here);
        }
    }
    steps.sort_unstable();
    let mut edges = Vec::new();
    for same in steps.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let up = same.iter().filter(|step| step.2).count();
        let (low, high, down) = (same[0].0, same[0].1, same.len() - up);
        edges.extend(std::iter::repeat_n((low, high), up.saturating_sub(down)));
        edges.extend(std::iter::repeat_n((high, low), down.saturating_sub(up)));
    }
    edges.sort_unstable();
    (vertices, edges)
}

/// The rings that edges make, each vertex once; where several ways go on, the one to the left, along the same area.
fn joined(vertices: &[[f64; 2]], edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut starts = vec![0; vertices.len() + 1];
    edges.iter().for_each(|edge| starts[edge.0 + 1] += 1);
    for v in 0..vertices.len() {
        starts[v + 1] += starts[v];
    }
    let mut used = vec![false; edges.len()];
    let mut place = vec![usize::MAX; vertices.len()];
    let mut rings = Vec::new();
    for first in 0..edges.len() {
        if used[first] {
            continue;
        }
        let mut ring: Vec<usize> = Vec::new();
        let mut edge = first;
        loop {
            used[edge] = true;
            let (from, here) = edges[edge];
            if place[from] == usize::MAX {
                place[from] = ring.len();
                ring.push(from);
            }
            if place[here] != usize::MAX {
                // Back at a vertex: what lies between is a ring of its own.
                let closed: Vec<usize> = ring.drain(place[here]..).collect();
                closed.iter().for_each(|&v| place[v] = usize::MAX);
                rings.push(closed);
            }
            let onward = (starts[here]..starts[here + 1]).filter(|&next| !used[next]);
            match onward.min_by(|&a, &b| bend(vertices, edges, edge, a).total_cmp(&bend(vertices, edges, edge, b))) {
                Some(next) => edge = next,
                None => break,
            }
        }
        ring.iter().for_each(|&v| place[v] = usize::MAX);
    }
    rings
}

/// The angle from where an edge came from, clockwise, to where another goes on: small for a sharp turn to the left.
fn bend(vertices: &[[f64; 2]], edges: &[(usize, usize)], came: usize, goes: usize) -> f64 {
    let here = vertices[edges[came].1];
    let angle = |to: [f64; 2]| libm::atan2(to[1] - here[1], to[0] - here[0]);
    let clockwise = angle(vertices[edges[came].0]) - angle(vertices[edges[goes].1]);
    if clockwise > 0.0 { clockwise } else { clockwise + std::f64::consts::TAU }
}

fn bounds(ring: &[[f64; 2]]) -> [[f64; 2]; 2] {
    let extreme = |k: usize, pick: fn(f64, f64) -> f64| ring.iter().map(|point| point[k]).fold(ring[0][k], pick);
    [[extreme(0, f64::min), extreme(1, f64::min)], [extreme(0, f64::max), extreme(1, f64::max)]]
}

fn within(point: [f64; 2], [low, high]: [[f64; 2]; 2]) -> bool {
    (0..2).all(|k| low[k] <= point[k] && point[k] <= high[k])
}

/// Whether a ray from the point to the east crosses the ring an odd number of times.
fn is_inside([x, y]: [f64; 2], ring: &[[f64; 2]]) -> bool {
    let crosses = |e: &[[f64; 2]]| {
        (e[0][1] > y) != (e[1][1] > y) && x < e[0][0] + (y - e[0][1]) / (e[1][1] - e[0][1]) * (e[1][0] - e[0][0])
    };
    ring.windows(2).filter(|edge| crosses(edge)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64) -> Vec<[f64; 2]> {
        vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]
    }

    fn area(parts: &Parts) -> f64 {
        parts.iter().flatten().map(|ring| turn(ring, Metric::Planar)).sum()
    }

    #[test]
    fn a_ring_of_squares_has_a_hole() {
        let all = (0..9).filter(|k| *k != 4).map(|k| square(f64::from(k % 3), f64::from(k / 3)));
        let parts = dissolved(&all.collect::<Vec<_>>(), Metric::Planar).unwrap();
        assert_eq!((parts.len(), parts[0].len(), area(&parts)), (1, 2, 8.0));
    }

    #[test]
    fn squares_that_touch_at_a_corner_stay_two() {
        let parts = dissolved(&[square(0.0, 0.0), square(1.0, 1.0)], Metric::Planar).unwrap();
        assert_eq!(parts.len(), 2);
        // Two holes that touch at a corner are two, and no ring of either kind comes back to a vertex.
        let all = (0..16).filter(|k| ![5, 10].contains(k)).map(|k| square(f64::from(k % 4), f64::from(k / 4)));
        let parts = dissolved(&all.collect::<Vec<_>>(), Metric::Planar).unwrap();
        assert_eq!((parts.len(), parts[0].len(), area(&parts)), (1, 3, 14.0));
    }

    #[test]
    fn an_island_in_a_hole_is_a_part_of_its_own() {
        let all = (0..25).filter(|k| !matches!(k, 6..=8 | 11 | 13 | 16..=18));
        let all: Vec<_> = all.map(|k| square(f64::from(k % 5), f64::from(k / 5))).collect();
        let parts = dissolved(&all, Metric::Planar).unwrap();
        assert_eq!((parts.len(), area(&parts)), (2, 17.0));
    }
}
