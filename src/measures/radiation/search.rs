//! Dijkstra's search of shortest paths from one city, and Brandes' count of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::network::Network;

/// Paths whose lengths differ by no more than this part are of one length: the same links summed in another order.
const SAME: f64 = 1e-12;
/// How many times a search looks how far the farthest city can be at most.
const LOOKS: usize = 16;
/// Links a city from which on looking is worth its time.
const DENSE: usize = 2 * LOOKS;

/// Whether a network has so many links a city that most of them are passed over in a search.
pub(super) fn is_dense(cities: usize, links: usize) -> bool {
    links >= DENSE * cities
}

/// The links of every city by length, the shortest first.
pub(super) struct Ways {
    starts: Vec<usize>,
    links: Vec<(f64, u32)>,
}

impl Ways {
    pub(super) fn new(network: &Network) -> Self {
        let (mut starts, mut links) = (vec![0], Vec::with_capacity(network.links()));
        for city in 0..network.n() {
            let from = links.len();
            links.extend(network.ways(city).map(|(other, length)| (length, other as u32)));
            links[from..].sort_by(|a: &(f64, u32), b| a.0.total_cmp(&b.0));
            starts.push(links.len());
        }
        Self { starts, links }
    }

    pub(super) fn n(&self) -> usize {
        self.starts.len() - 1
    }

    fn of(&self, city: usize) -> &[(f64, u32)] {
        &self.links[self.starts[city]..self.starts[city + 1]]
    }
}

/// A search from one city against the direction of the links, with its working memory.
pub(super) struct Search {
    distance: Vec<f64>,
    /// Number of shortest paths.
    paths: Vec<f64>,
    /// The next cities on the shortest paths to the city searched from.
    next: Vec<Vec<u32>>,
    done: Vec<bool>,
    /// Number of cities with a distance.
    found: usize,
    /// The cities found, the nearest first; the first is the city searched from.
    order: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    /// What each city passes on, in [`count`](Self::count).
    flow: Vec<f64>,
}

impl Search {
    pub(super) fn new(n: usize) -> Self {
        Self {
            distance: vec![f64::INFINITY; n],
            paths: vec![0.0; n],
            next: vec![Vec::new(); n],
            done: vec![false; n],
            found: 0,
            order: Vec::new(),
            heap: BinaryHeap::new(),
            flow: vec![0.0; n],
        }
    }

    /// The distances of the cities found, the nearest first, without the city searched from.
    pub(super) fn distances(&self) -> impl Iterator<Item = f64> + '_ {
        self.order[1..].iter().map(|&city| self.distance[city as usize])
    }

    /// Searches the ways of all cities to the target.
    pub(super) fn run(&mut self, ways: &Ways, target: usize) {
        self.run_without(ways, target, None);
    }

    /// As [`run`](Self::run), with no way over the city `without`.
    pub(super) fn run_without(&mut self, ways: &Ways, target: usize, without: Option<usize>) {
        self.clear();
        if let Some(city) = without {
            self.done[city] = true;
        }
        let all = ways.n() - usize::from(without.is_some());
        (self.distance[target], self.paths[target], self.found) = (0.0, 1.0, 1);
        self.heap.push(Reverse((0, target as u32)));
        // Once all cities are found, a way longer than that to the farthest leads nowhere.
        let mut farthest = f64::INFINITY;
        let dense = is_dense(ways.n(), ways.links.len());
        let (mut look, step) = (1, (all / LOOKS).max(16));
        while let Some(Reverse((_, city))) = self.heap.pop() {
            let at = city as usize;
            if std::mem::replace(&mut self.done[at], true) {
                continue;
            }
            self.order.push(city);
            if dense && self.found == all && self.order.len() >= look {
                farthest = self.farthest();
                look = self.order.len() + step;
            }
            let distance = self.distance[at];
            for &(length, other) in ways.of(at) {
                let length = distance + length;
                if length > farthest {
                    break;
                }
                if !self.done[other as usize] {
                    self.relax(city, other as usize, length);
                }
            }
        }
        if let Some(city) = without {
            self.done[city] = false;
        }
    }

    /// Forgets the search before.
    fn clear(&mut self) {
        for &city in &self.order {
            let city = city as usize;
            (self.distance[city], self.paths[city], self.done[city]) = (f64::INFINITY, 0.0, false);
            self.next[city].clear();
        }
        self.order.clear();
    }

    /// The longest way known to a city that is not done, and a little more, for rounding.
    fn farthest(&self) -> f64 {
        let open = self.distance.iter().zip(&self.done).filter(|&(_, &done)| !done);
        open.map(|(&d, _)| d).fold(0.0, f64::max) * (1.0 + 2.0 * SAME)
    }

    /// Notes that `other` reaches the target over `city` by a path of this length.
    fn relax(&mut self, city: u32, other: usize, length: f64) {
        let known = self.distance[other];
        if known.is_finite() && (length - known).abs() <= SAME * known {
            self.paths[other] += self.paths[city as usize];
            self.next[other].push(city);
        } else if length < known {
            self.found += usize::from(known.is_infinite());
            (self.distance[other], self.paths[other]) = (length, self.paths[city as usize]);
            self.next[other].clear();
            self.next[other].push(city);
            // Bits of numbers that are not negative have the order of the numbers.
            self.heap.push(Reverse((length.to_bits(), other as u32)));
        }
    }

    /// Adds to each city the share of the shortest paths to the target that lead through it, the farthest first.
    pub(super) fn count(&mut self, betweenness: &mut [f64]) {
        for &city in &self.order {
            self.flow[city as usize] = 0.0;
        }
        for &city in self.order.iter().skip(1).rev() {
            let at = city as usize;
            let share = (1.0 + self.flow[at]) / self.paths[at];
            for &next in &self.next[at] {
                self.flow[next as usize] += self.paths[next as usize] * share;
            }
            betweenness[at] += self.flow[at];
        }
    }
}
