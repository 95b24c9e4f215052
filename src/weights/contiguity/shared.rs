//! What borders share exactly, found by sorting: vertices at one place, edges between the same two places.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::study::{Cities, Metric, RingRole, Shapes};

/// The ring vertices of all cities, one after the other, without the repeats that close the rings.
///
/// Two vertices have the same *place* if and only if their coordinates are the same.
pub(super) struct Places {
    /// Place of every vertex.
    place: Vec<u32>,
    /// City of every vertex.
    city: Vec<u32>,
    /// +1 if the area of the city lies to the left of the edge that starts at a vertex, −1 if to the right,
    /// 0 where the ring bounds no area.
    side: Vec<i8>,
    /// Where the vertices of each ring end.
    ring_ends: Vec<u32>,
    /// The cities at every place, ascending, and where those of each place end.
    cities_at: Vec<u32>,
    cities_at_ends: Vec<u32>,
}

/// What the edges of all cities say, compared as pairs of places.
#[derive(Default)]
pub(super) struct SharedEdges {
    /// Pairs of cities that share an edge; a pair comes once for every edge.
    pub pairs: Vec<(u32, u32)>,
    /// Pairs that share an edge and lie on the same side of it.
    pub same_side: Vec<(u32, u32)>,
    /// First vertices of the edges that a single city has, ascending.
    leftover: Vec<u32>,
}

/// An edge of a single city.
pub(super) struct Segment {
    pub city: u32,
    /// Number of its ring among the rings of all cities.
    pub ring: u32,
    /// The places of its ends.
    pub places: [u32; 2],
    /// Its ends; on a sphere the second may lie beyond ±180° so that the edge takes the short way.
    pub ends: [[f64; 2]; 2],
}

impl Places {
    /// Numbers the places: O(v log v) for v vertices, of which there are less than 2³².
    pub fn of(cities: &Cities) -> Self {
        let shapes = &cities.shapes;
        let most = shapes.coordinate_count();
        let mut city = Vec::with_capacity(most);
        let mut side = Vec::with_capacity(most);
        let mut ring_ends = Vec::new();
        let mut keys = Vec::with_capacity(most);
        for i in 0..shapes.len() {
            for (role, ring) in shapes.rings(i) {
                let inward = inward(role, &unwrapped(cities.metric, ring));
                let ring = &ring[..ring.len().saturating_sub(1)];
                for &point in ring {
                    let (x, y) = key(cities.metric, point);
                    keys.push((x, y, keys.len() as u32));
                    city.push(i as u32);
                    side.push(inward);
                }
                ring_ends.push(keys.len() as u32);
            }
        }
        keys.par_sort_unstable();

        let mut place = vec![0; keys.len()];
        let (mut cities_at, mut cities_at_ends) = (Vec::with_capacity(keys.len() / 2), Vec::new());
        for same in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let start = cities_at.len();
            for &(_, _, vertex) in same {
                place[vertex as usize] = cities_at_ends.len() as u32;
                let here = city[vertex as usize];
                if cities_at.len() == start || cities_at.last() != Some(&here) {
                    cities_at.push(here);
                }
            }
            cities_at_ends.push(cities_at.len() as u32);
        }
        Self { place, city, side, ring_ends, cities_at, cities_at_ends }
    }

    /// The cities that have a vertex at a place, ascending.
    pub fn cities_at(&self, place: u32) -> &[u32] {
        let start = if place == 0 { 0 } else { self.cities_at_ends[place as usize - 1] };
        &self.cities_at[start as usize..self.cities_at_ends[place as usize] as usize]
    }

    /// Pairs of cities that share a vertex; a pair comes once for every vertex.
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for place in 0..self.cities_at_ends.len() {
            push_pairs(self.cities_at(place as u32), &mut pairs);
        }
        pairs
    }

    /// Compares the edges; one whose ends are at the same place is none.
    pub fn shared_edges(&self) -> SharedEdges {
        let mut edges = Vec::with_capacity(self.place.len());
        let mut start = 0;
        for &end in &self.ring_ends {
            for vertex in start..end {
                let next = if vertex + 1 == end { start } else { vertex + 1 };
                let (a, b) = (self.place[vertex as usize], self.place[next as usize]);
                if a != b {
                    edges.push((a.min(b), a.max(b), vertex));
                }
            }
            start = end;
        }
        edges.par_sort_unstable();

        let mut shared = SharedEdges::default();
        let mut here = Vec::new();
        for same in edges.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            here.clear();
            here.extend(same.iter().map(|&(_, _, vertex)| self.city[vertex as usize]));
            here.dedup();
            if here.len() == 1 {
                shared.leftover.push(same[0].2);
                continue;
            }
            push_pairs(&here, &mut shared.pairs);
            self.push_same_side(same, &mut shared.same_side);
        }
        shared.leftover.par_sort_unstable();
        shared
    }

    /// Pairs of cities whose areas lie on the same side of an edge that they share.
    fn push_same_side(&self, same: &[(u32, u32, u32)], pairs: &mut Vec<(u32, u32)>) {
        let city = |edge: &(u32, u32, u32)| self.city[edge.2 as usize];
        let side = |&(low, _, vertex): &(u32, u32, u32)| {
            let direction = if self.place[vertex as usize] == low { 1 } else { -1 };
            self.side[vertex as usize] * direction
        };
        // A seam between two parts of a city, or of its shell and a hole, has the city on both sides, so on none.
        let net = |edges: &[(u32, u32, u32)]| (city(&edges[0]), edges.iter().map(side).fold(0, i8::saturating_add));
        let sides = || same.chunk_by(|a, b| city(a) == city(b)).map(net);
        for (i, (first, one)) in sides().enumerate() {
            let others = sides().skip(i + 1).filter(|&(_, other)| one != 0 && one.signum() == other.signum());
            pairs.extend(others.map(|(second, _)| (first, second)));
        }
    }

    /// The edges that a single city has, with their coordinates.
    pub fn leftover(&self, cities: &Cities, shared: &SharedEdges) -> Vec<Segment> {
        let mut segments = Vec::with_capacity(shared.leftover.len());
        let mut rest = shared.leftover.iter().peekable();
        let (mut ring_number, mut start) = (0, 0);
        for i in 0..cities.len() {
            for (_, ring) in cities.shapes.rings(i) {
                let end = self.ring_ends[ring_number];
                let mut drawn = None;
                while let Some(&vertex) = rest.next_if(|&&vertex| vertex < end) {
                    let drawn = drawn.get_or_insert_with(|| unwrapped(cities.metric, ring));
                    let at = (vertex - start) as usize;
                    let next = if vertex + 1 == end { start } else { vertex + 1 };
                    segments.push(Segment {
                        city: i as u32,
                        ring: ring_number as u32,
                        places: [self.place[vertex as usize], self.place[next as usize]],
                        ends: [drawn[at], drawn[at + 1]],
                    });
                }
                ring_number += 1;
                start = end;
            }
        }
        segments
    }
}

/// Adds all pairs of an ascending list.
fn push_pairs(ascending: &[u32], pairs: &mut Vec<(u32, u32)>) {
    for (i, &a) in ascending.iter().enumerate() {
        pairs.extend(ascending[i + 1..].iter().map(|&b| (a, b)));
    }
}

/// The bits of a coordinate, the same for all ways to write one place: 180° is −180°, at a pole every longitude is 0.
fn key(metric: Metric, [x, y]: [f64; 2]) -> (u64, u64) {
    let x = match metric {
        Metric::Planar => x,
        Metric::GreatCircle { .. } if y.abs() == 90.0 => 0.0,
        Metric::GreatCircle { .. } if x >= 180.0 => x - 360.0,
        Metric::GreatCircle { .. } => x,
    };
    // Adding 0 makes −0 into 0.
    ((x + 0.0).to_bits(), (y + 0.0).to_bits())
}

/// The side of its edges on which a ring has the area: +1 left, −1 right, 0 if it bounds none.
fn inward(role: RingRole, ring: &[[f64; 2]]) -> i8 {
    let area = signed_area(ring);
    let left = i8::from(area > 0.0) - i8::from(area < 0.0);
    if role == RingRole::Hole { -left } else { left }
}

/// Area of a ring in squared coordinate units, positive where it runs anticlockwise (shoelace formula
/// about the first vertex).
fn signed_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    ring.windows(2).map(|e| (e[0][0] - x0) * (e[1][1] - y0) - (e[1][0] - x0) * (e[0][1] - y0)).sum::<f64>() / 2.0
}

/// Median over the cities of the square root of their area, in coordinate units; 0 if no city has an area.
pub(super) fn median_size(shapes: &Shapes) -> f64 {
    let size = |i| {
        let part = |(role, ring)| if role == RingRole::Hole { -1.0 } else { 1.0 } * f64::abs(signed_area(ring));
        f64::max(shapes.rings(i).map(part).sum(), 0.0).sqrt()
    };
    let mut sizes: Vec<f64> = (0..shapes.len()).into_par_iter().map(size).filter(|&size| size > 0.0).collect();
    if sizes.is_empty() {
        return 0.0;
    }
    let middle = sizes.len() / 2;
    *sizes.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// A closed ring whose longitudes do not jump at ±180°: an edge never spans more than half the globe.
///
/// A ring round a pole cannot be drawn so; it stays as it came.
pub(super) fn unwrapped(metric: Metric, ring: &[[f64; 2]]) -> Cow<'_, [[f64; 2]]> {
    let jumps = |e: &[[f64; 2]]| (e[1][0] - e[0][0]).abs() > 180.0;
    if metric == Metric::Planar || !ring.windows(2).any(jumps) {
        return Cow::Borrowed(ring);
    }
    let mut turns = 0.0;
    let mut drawn = vec![ring[0]];
    for edge in ring.windows(2) {
        if jumps(edge) {
            turns -= 360.0 * (edge[1][0] - edge[0][0]).signum();
        }
        drawn.push([edge[1][0] + turns, edge[1][1]]);
    }
    if turns == 0.0 { Cow::Owned(drawn) } else { Cow::Borrowed(ring) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_key() {
        let earth = Metric::EARTH;
        assert_eq!(key(earth, [180.0, 10.0]), key(earth, [-180.0, 10.0]));
        assert_eq!(key(earth, [17.0, -90.0]), key(earth, [-60.0, -90.0]));
        assert_eq!(key(earth, [-0.0, 0.0]), key(earth, [0.0, -0.0]));
        assert_ne!(key(Metric::Planar, [180.0, 10.0]), key(Metric::Planar, [-180.0, 10.0]));
        assert_ne!(key(Metric::Planar, [1.0, 90.0]), key(Metric::Planar, [2.0, 90.0]));
    }

    #[test]
    fn rings_across_the_date_line_are_drawn_in_one_piece() {
        let ring = [[179.0, 0.0], [-179.0, 0.0], [-179.0, 1.0], [179.0, 1.0], [179.0, 0.0]];
        let drawn = unwrapped(Metric::EARTH, &ring);
        assert_eq!(*drawn, [[179.0, 0.0], [181.0, 0.0], [181.0, 1.0], [179.0, 1.0], [179.0, 0.0]]);
        assert_eq!(*unwrapped(Metric::Planar, &ring), ring);
        let polar = [[-180.0, -80.0], [-180.0, -90.0], [180.0, -90.0], [180.0, -80.0], [0.0, -70.0], [-180.0, -80.0]];
        assert_eq!(*unwrapped(Metric::EARTH, &polar), polar);
    }

    #[test]
    fn size_counts_holes_out() {
        let mut shapes = Shapes::default();
        let square = |s: f64| vec![[0.0, 0.0], [s, 0.0], [s, s], [0.0, s], [0.0, 0.0]];
        shapes.push_area([(RingRole::Shell, square(5.0)), (RingRole::Hole, square(4.0))]);
        shapes.push_missing();
        assert_eq!(median_size(&shapes), 3.0);
    }
}
