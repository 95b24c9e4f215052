//! Where the borders that no other city shares exactly meet all the same: a vertex on the edge of another city,
//! edges that lie on each other in part, edges that miss each other by a little, edges that cross.

use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::shared::{Places, Segment};
use crate::study::Metric;

type Tree = RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>;

/// How near is near, in coordinate units.
#[derive(Clone, Copy)]
pub(super) struct Tolerance {
    /// Up to this gap borders touch.
    pub snap: f64,
    /// Up to this gap they are looked at.
    pub reach: f64,
}

/// A gap between two borders: its width and its two banks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub width: f64,
    pub banks: [[f64; 2]; 2],
}

impl Gap {
    fn between(p: [f64; 2], q: [f64; 2]) -> Self {
        Self { width: length([p, q]), banks: [p, q] }
    }

    fn wider(self, other: Self) -> Self {
        if other.width > self.width { other } else { self }
    }
}

/// Two cities, the lower number first, whose borders come near, and the gap that has to be closed to join them.
pub(super) struct Contact {
    pub pair: (u32, u32),
    pub gap: Gap,
}

/// The border of `city` passes near `place`.
struct Touch {
    place: u32,
    city: u32,
    gap: Gap,
}

/// The borders of two cities run along each other for some length.
struct Run {
    pair: (u32, u32),
    gap: Gap,
    length: f64,
}

/// All that is found between the leftover edges of different cities.
pub(super) struct Borders<'a> {
    places: &'a Places,
    pub segments: &'a [Segment],
    tolerance: Tolerance,
    tree: Tree,
    shifts: Vec<f64>,
    /// One for each place and city, by place, then city.
    touches: Vec<Touch>,
    runs: Vec<Run>,
    /// Pairs of segments that cross.
    pub crossings: Vec<(usize, usize)>,
    /// Whether a segment runs along another city within the snap from end to end.
    pub alongside: Vec<bool>,
}

/// What a chunk of segments adds.
#[derive(Default)]
struct Found {
    touches: Vec<Touch>,
    runs: Vec<Run>,
    crossings: Vec<(usize, usize)>,
}

impl<'a> Borders<'a> {
    /// Compares every leftover edge with those of other cities within reach.
    pub fn compare(metric: Metric, places: &'a Places, segments: &'a [Segment], tolerance: Tolerance) -> Self {
        let boxed = |(i, segment): (usize, &Segment)| {
            GeomWithData::new(Rectangle::from_corners(segment.ends[0], segment.ends[1]), i as u32)
        };
        let tree = Tree::bulk_load(segments.iter().enumerate().map(boxed).collect());
        let shifts = shifts(metric);
        let (touches, runs, crossings, alongside) = Default::default();
        let mut borders = Self { places, segments, tolerance, tree, shifts, touches, runs, crossings, alongside };
        borders.compare_edges();
        borders.follow_edges();
        borders
    }

    fn compare_edges(&mut self) {
        const CHUNK: usize = 512;
        let chunk = |number: usize| {
            let mut found = Found::default();
            for first in number * CHUNK..self.segments.len().min((number + 1) * CHUNK) {
                for &shift in &self.shifts {
                    let e = shifted(self.segments[first].ends, shift);
                    for second in self.near(e).filter(|&second| second > first) {
                        self.meet(first, e, second, &mut found);
                    }
                }
            }
            keep_least(&mut found.touches);
            found
        };
        let found: Vec<Found> = (0..self.segments.len().div_ceil(CHUNK)).into_par_iter().map(chunk).collect();
        for part in found {
            self.touches.extend(part.touches);
            self.runs.extend(part.runs);
            self.crossings.extend(part.crossings);
        }
        keep_least(&mut self.touches);
    }

    /// Segments of which the box is within reach of that of `e`.
    fn near(&self, e: [[f64; 2]; 2]) -> impl Iterator<Item = usize> {
        let reach = self.tolerance.reach;
        let low = [e[0][0].min(e[1][0]) - reach, e[0][1].min(e[1][1]) - reach];
        let high = [e[0][0].max(e[1][0]) + reach, e[0][1].max(e[1][1]) + reach];
        self.tree.locate_in_envelope_intersecting(AABB::from_corners(low, high)).map(|found| found.data as usize)
    }

    /// Compares segment `first`, drawn as `e`, with segment `second`.
    fn meet(&self, first: usize, e: [[f64; 2]; 2], second: usize, found: &mut Found) {
        let (one, two) = (&self.segments[first], &self.segments[second]);
        if one.city == two.city {
            return;
        }
        let f = two.ends;
        let reach = self.tolerance.reach;
        let on_f = e.map(|p| Gap::between(p, foot(p, f)));
        let on_e = f.map(|p| Gap::between(p, foot(p, e)));
        for end in 0..2 {
            if on_f[end].width <= reach {
                found.touches.push(Touch { place: one.places[end], city: two.city, gap: on_f[end] });
            }
            if on_e[end].width <= reach {
                found.touches.push(Touch { place: two.places[end], city: one.city, gap: on_e[end] });
            }
            for other in 0..2 {
                let gap = Gap::between(e[end], f[other]);
                if gap.width <= reach {
                    self.meet_corners(one.places[end], two.places[other], gap, found);
                }
                // Ends that the snap makes one bound no stretch.
                if gap.width > self.tolerance.snap && on_f[end].width <= reach && on_e[other].width <= reach {
                    let run = Run {
                        pair: ordered(one.city, two.city),
                        gap: on_f[end].wider(on_e[other]),
                        length: length([e[end], f[other]]),
                    };
                    found.runs.push(run);
                }
            }
        }
        if self.cross(e, f, on_f, on_e) {
            found.crossings.push((first, second));
        }
    }

    /// Two vertices near each other bring all the cities together that meet there, also those whose own edges
    /// there are shared.
    fn meet_corners(&self, one: u32, two: u32, gap: Gap, found: &mut Found) {
        if one != two {
            found.touches.extend(self.places.cities_at(two).iter().map(|&city| Touch { place: one, city, gap }));
            found.touches.extend(self.places.cities_at(one).iter().map(|&city| Touch { place: two, city, gap }));
        }
    }

    /// Whether two edges cross deeper than is explained by the snap or by vertices rounded on their own.
    fn cross(&self, e: [[f64; 2]; 2], f: [[f64; 2]; 2], on_f: [Gap; 2], on_e: [Gap; 2]) -> bool {
        let apart = |[a, b]: [[f64; 2]; 2], [p, q]: [[f64; 2]; 2]| (turn(a, b, p) > 0.0) != (turn(a, b, q) > 0.0);
        let depth = self.depth(length(e).min(length(f)));
        on_f.iter().chain(&on_e).all(|gap| gap.width > depth) && apart(e, f) && apart(f, e)
    }

    /// How deep an edge of this length has to go into another city to count as an overlap.
    pub fn depth(&self, length: f64) -> f64 {
        const SLIVER: f64 = 0.01;
        self.tolerance.snap.max(self.tolerance.reach.min(SLIVER * length))
    }

    /// Finds the edges that follow the border of another city from end to end.
    fn follow_edges(&mut self) {
        let follow = |i: usize| -> Vec<Run> {
            let segment = &self.segments[i];
            let [at_start, at_end] = segment.places.map(|place| self.touches_at(place));
            let both = at_start.iter().filter(|touch| touch.city != segment.city).filter_map(|start| {
                let end = at_end.iter().find(|end| end.city == start.city)?;
                let middle = self.gap_to(midpoint(segment.ends), start.city)?;
                let gap = start.gap.wider(end.gap).wider(middle);
                Some(Run { pair: ordered(segment.city, start.city), gap, length: length(segment.ends) })
            });
            both.collect()
        };
        let runs: Vec<Vec<Run>> = (0..self.segments.len()).into_par_iter().map(follow).collect();
        let snap = self.tolerance.snap;
        self.alongside = runs.iter().map(|runs| runs.iter().any(|run| run.gap.width <= snap)).collect();
        self.runs.extend(runs.into_iter().flatten());
    }

    /// The gap from a point to the leftover border of a city, if that is within reach.
    fn gap_to(&self, point: [f64; 2], city: u32) -> Option<Gap> {
        let gaps = self.shifts.iter().flat_map(|&shift| {
            let [p, _] = shifted([point, point], shift);
            let of_city = self.near([p, p]).filter(|&i| self.segments[i].city == city);
            of_city.map(move |i| Gap::between(p, foot(p, self.segments[i].ends)))
        });
        gaps.filter(|gap| gap.width <= self.tolerance.reach).min_by(by_width)
    }

    fn touches_at(&self, place: u32) -> &[Touch] {
        let start = self.touches.partition_point(|touch| touch.place < place);
        let count = self.touches[start..].partition_point(|touch| touch.place == place);
        &self.touches[start..start + count]
    }

    /// For every pair whose vertices or edges come within reach, the least gap, by pair.
    pub fn point_contacts(&self) -> Vec<Contact> {
        let mut contacts: Vec<Contact> = Vec::new();
        for touch in &self.touches {
            let here = self.places.cities_at(touch.place);
            if here.binary_search(&touch.city).is_err() {
                contacts.extend(here.iter().map(|&city| Contact { pair: ordered(city, touch.city), gap: touch.gap }));
            }
        }
        contacts.par_sort_by(|a, b| a.pair.cmp(&b.pair).then(by_width(&a.gap, &b.gap)));
        contacts.dedup_by_key(|contact| contact.pair);
        contacts
    }

    /// For every pair whose borders run along each other, the least gap within which they do so for some
    /// length, by pair.
    ///
    /// Borders that meet in a point at a sharp angle lie within any tolerance of each other for a while. So a
    /// stretch counts from four times the gap and four times the snap; the factor is 8 because either border is
    /// followed.
    pub fn run_contacts(&self) -> Vec<Contact> {
        const LONG: f64 = 8.0;
        let mut runs: Vec<&Run> = self.runs.iter().collect();
        runs.par_sort_by(|a, b| a.pair.cmp(&b.pair).then(by_width(&a.gap, &b.gap)));
        let of_pair = |runs: &[&Run]| {
            let mut total = 0.0;
            let long_enough = |run: &&&Run| {
                total += run.length;
                total > LONG * run.gap.width.max(self.tolerance.snap)
            };
            runs.iter().find(long_enough).map(|run| Contact { pair: run.pair, gap: run.gap })
        };
        runs.chunk_by(|a, b| a.pair == b.pair).filter_map(of_pair).collect()
    }

    /// The segments that may lead into another city: the first of every ring, and those that leave a point
    /// where another city is touched.
    pub fn leads(&self) -> Vec<usize> {
        let touches = |place: u32, city: u32| {
            let near = |touch: &Touch| touch.city != city && touch.gap.width <= self.tolerance.snap;
            self.places.cities_at(place).len() > 1 || self.touches_at(place).iter().any(near)
        };
        let leads = |&i: &usize| {
            let segment = &self.segments[i];
            let first = i == 0 || self.segments[i - 1].ring != segment.ring;
            !self.alongside[i] && (first || segment.places.iter().any(|&place| touches(place, segment.city)))
        };
        (0..self.segments.len()).filter(leads).collect()
    }
}

/// Keeps the least gap for each place and city, in this order. The sort is stable, so that equal gaps do not depend on
/// threads.
fn keep_least(touches: &mut Vec<Touch>) {
    touches.par_sort_by(|a, b| (a.place, a.city).cmp(&(b.place, b.city)).then(by_width(&a.gap, &b.gap)));
    touches.dedup_by_key(|touch| (touch.place, touch.city));
}

/// By how much a longitude may be moved so that borders meet across ±180°.
pub(super) fn shifts(metric: Metric) -> Vec<f64> {
    if metric == Metric::Planar { vec![0.0] } else { vec![0.0, 360.0, -360.0] }
}

pub(super) fn shifted(segment: [[f64; 2]; 2], shift: f64) -> [[f64; 2]; 2] {
    segment.map(|[x, y]| [x + shift, y])
}

pub(super) fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

fn by_width(a: &Gap, b: &Gap) -> std::cmp::Ordering {
    a.width.total_cmp(&b.width)
}

pub(super) fn length([[ax, ay], [bx, by]]: [[f64; 2]; 2]) -> f64 {
    ((bx - ax).powi(2) + (by - ay).powi(2)).sqrt()
}

fn midpoint([[ax, ay], [bx, by]]: [[f64; 2]; 2]) -> [f64; 2] {
    [(ax + bx) / 2.0, (ay + by) / 2.0]
}

/// Twice the area of the triangle a, b, p: positive where p lies to the left of the way from a to b.
fn turn([ax, ay]: [f64; 2], [bx, by]: [f64; 2], [px, py]: [f64; 2]) -> f64 {
    (bx - ax) * (py - ay) - (px - ax) * (by - ay)
}

/// The point of a segment that is nearest to `p`.
pub(super) fn foot(p: [f64; 2], [a, b]: [[f64; 2]; 2]) -> [f64; 2] {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let along = (p[0] - a[0]) * dx + (p[1] - a[1]) * dy;
    let whole = dx * dx + dy * dy;
    if along <= 0.0 {
        a
    } else if along >= whole {
        b
    } else {
        let t = along / whole;
        [a[0] + t * dx, a[1] + t * dy]
    }
}
