//! Shortest paths: betweenness, closeness and harmonic centrality from one search for each city.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::network::Network;

/// Paths whose lengths differ by no more than this part are of one length: the same links summed in another order.
const SAME: f64 = 1e-12;
/// Into how many blocks the cities are divided at most; fixed, so that sums do not depend on the number of threads.
const BLOCKS: usize = 64;
/// Fewest cities of a block.
const BLOCK: usize = 16;

/// What shortest paths say of every city.
pub(super) struct Paths {
    /// Σ over ordered pairs of other cities of the share of their shortest paths that lead through the city.
    pub(super) betweenness: Vec<f64>,
    /// Wasserman and Faust's closeness over incoming distances.
    pub(super) closeness: Vec<f64>,
    /// Σ of 1/distance over incoming distances.
    pub(super) harmonic: Vec<f64>,
}

impl Paths {
    /// Searches the shortest paths to every city by Dijkstra's algorithm and counts them by that of Brandes.
    ///
    /// O(n·m·log n). Blocks of cities are searched in parallel and added up in their order.
    pub(super) fn new(incoming: &Network) -> Self {
        let n = incoming.n();
        let block = n.div_ceil(BLOCKS).max(BLOCK);
        let blocks: Vec<Self> = (0..n.div_ceil(block))
            .into_par_iter()
            .map(|b| of_block(incoming, b * block..n.min((b + 1) * block)))
            .collect();
        let mut betweenness = vec![0.0; n];
        for part in &blocks {
            betweenness.iter_mut().zip(&part.betweenness).for_each(|(sum, part)| *sum += part);
        }
        let joined = |of: fn(&Self) -> &Vec<f64>| blocks.iter().flat_map(|part| of(part).iter().copied()).collect();
        Self { betweenness, closeness: joined(|part| &part.closeness), harmonic: joined(|part| &part.harmonic) }
    }
}

/// The sums of betweenness from the searches of a block, and the other two for its cities.
fn of_block(incoming: &Network, cities: std::ops::Range<usize>) -> Paths {
    let n = incoming.n();
    let mut search = Search::new(n);
    let mut paths = Paths { betweenness: vec![0.0; n], closeness: Vec::new(), harmonic: Vec::new() };
    for city in cities {
        search.run(incoming, city);
        let reaching = search.order.len() - 1;
        let distances = || search.order[1..].iter().map(|&i| search.distance[i as usize]);
        let total: f64 = distances().sum();
        let share = reaching as f64 / (n.max(2) - 1) as f64;
        paths.closeness.push(if total > 0.0 { reaching as f64 / total * share } else { 0.0 });
        paths.harmonic.push(distances().map(|d| 1.0 / d).sum());
        search.count(&mut paths.betweenness);
    }
    paths
}

/// A search from one city against the direction of the links, with its working memory.
struct Search {
    distance: Vec<f64>,
    /// Number of shortest paths.
    paths: Vec<f64>,
    /// The next cities on the shortest paths to the city searched from.
    next: Vec<Vec<u32>>,
    done: Vec<bool>,
    /// The cities found, the nearest first; the first is the city searched from.
    order: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    /// What each city passes on, in [`count`](Self::count).
    flow: Vec<f64>,
}

impl Search {
    fn new(n: usize) -> Self {
        Self {
            distance: vec![f64::INFINITY; n],
            paths: vec![0.0; n],
            next: vec![Vec::new(); n],
            done: vec![false; n],
            order: Vec::new(),
            heap: BinaryHeap::new(),
            flow: vec![0.0; n],
        }
    }

    fn run(&mut self, incoming: &Network, target: usize) {
        for &city in &self.order {
            let city = city as usize;
            (self.distance[city], self.paths[city], self.done[city]) = (f64::INFINITY, 0.0, false);
            self.next[city].clear();
        }
        self.order.clear();
        (self.distance[target], self.paths[target]) = (0.0, 1.0);
        self.heap.push(Reverse((0, target as u32)));
        while let Some(Reverse((_, city))) = self.heap.pop() {
            let at = city as usize;
            if std::mem::replace(&mut self.done[at], true) {
                continue;
            }
            self.order.push(city);
            for (other, length) in incoming.ways(at) {
                if !self.done[other] {
                    self.relax(city, other, self.distance[at] + length);
                }
            }
        }
    }

    /// Notes that `other` reaches the target over `city` by a path of this length.
    fn relax(&mut self, city: u32, other: usize, length: f64) {
        let known = self.distance[other];
        if known.is_finite() && (length - known).abs() <= SAME * known {
            self.paths[other] += self.paths[city as usize];
            self.next[other].push(city);
        } else if length < known {
            (self.distance[other], self.paths[other]) = (length, self.paths[city as usize]);
            self.next[other].clear();
            self.next[other].push(city);
            // Bits of numbers that are not negative have the order of the numbers.
            self.heap.push(Reverse((length.to_bits(), other as u32)));
        }
    }

    /// Adds to each city the share of the shortest paths to the target that lead through it, the farthest first.
    fn count(&mut self, betweenness: &mut [f64]) {
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
