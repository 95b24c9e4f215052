//! KM-config: several cores, each with a periphery of its own.

use rayon::prelude::*;

use super::linked::Linked;
use crate::inference::Stream;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Starts of the search, and of that in every random network that it is held against.
const RUNS: u64 = 50;
/// Most sweeps of one start.
const SWEEPS: usize = 100;
/// Visits to links that all starts may take.
const BUDGET: usize = 1_000_000_000;

/// Pairs of a core and a periphery; see [`km_config()`].
#[derive(Clone, Debug, PartialEq)]
pub struct CorePairs {
    /// The pair of every city, the pair with most cities first; `None` of a city without links.
    pub pair: Vec<Option<u32>>,
    /// Whether it is in the core of its pair.
    pub core: Vec<bool>,
    /// Q of all pairs together.
    pub quality: f64,
    /// What each pair adds to Q.
    pub qualities: Vec<f64>,
    /// Number of cities of each pair.
    pub sizes: Vec<usize>,
}

/// Pairs of core and periphery by the algorithm KM-config, on the strengths of the links without direction.
///
/// # Formula
///
/// Q = 1/2M Σ_ij (s_ij − s_i s_j/2M)(x_i + x_j − x_i x_j) [c_i = c_j]
///
/// over all ordered pairs and i = j, s_i = Σ_j s_ij, 2M = Σ s_i; c_i is the pair of city i, and x_i is 1 in its core.
///
/// # Method
///
/// Every city begins as a core of its own. In random order, each moves to the core or periphery of a linked city's pair where
/// Q gains most, until none gains; whole pairs are joined where that gains, and cities move again. Of 50 starts, keyed by `seed`, the best Q is kept, of equal ones that with the
/// fewest cities in cores. O(m) a sweep. Fewer starts are made
/// where 50 would take more than 10⁹ visits to links.
///
/// # Source
///
/// Kojaku, S. and Masuda, N. (2018). Core-periphery structure requires something else in the network. New Journal of Physics
/// 20, 043012. doi:10.1088/1367-2630/aab547
///
/// ```
/// use agglo::measures::radiation::km_config;
/// use agglo::study::{LinkMeaning, Linkage};
/// // Two stars that one thread ties.
/// let arcs = vec![(0, 1, 5.0), (0, 2, 5.0), (0, 3, 5.0), (4, 5, 5.0), (4, 6, 5.0), (4, 7, 5.0), (3, 7, 1.0)];
/// let links = Linkage::from_arcs(8, arcs, LinkMeaning::Strength)?.undirected();
/// let pairs = km_config(&links, 42);
/// assert_eq!(pairs.sizes, [4, 4]);
/// assert!(pairs.core[0] && pairs.core[4]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn km_config(links: &Linkage, seed: u64) -> CorePairs {
    let linked = Linked::new(links);
    of_all(&linked, search(&linked.ties, seed, "km_config", RUNS))
}

/// Pairs of the cities with links as those of all.
pub(super) fn of_all(linked: &Linked, found: CorePairs) -> CorePairs {
    CorePairs { pair: linked.spread(&found.pair, None), core: linked.spread(&found.core, false), ..found }
}

/// How many starts the budget leaves, taking ten sweeps for each; one at least.
pub(super) fn starts(ties: &Network) -> u64 {
    RUNS.min((BUDGET / (10 * ties.links()).max(1)) as u64).max(1)
}

/// The best of `runs` starts.
pub(super) fn search(ties: &Network, seed: u64, purpose: &str, runs: u64) -> CorePairs {
    let labels: Vec<Labels> = (0..runs)
        .into_par_iter()
        .map(|run| {
            let mut labels = Labels::new(ties);
            let mut stream = Stream::new(seed, purpose, run);
            labels.settle(&mut stream);
            while labels.merge() {
                labels.settle(&mut stream);
            }
            labels
        })
        .collect();
    let mut best: Option<(f64, usize, &Labels)> = None;
    for labels in &labels {
        let quality = labels.qualities().iter().sum::<f64>();
        let cores = labels.core.iter().filter(|core| **core).count();
        // A star is as good with its rim as the core as with its hub: of equals, the one with fewer cities in cores.
        let better = |(most, fewest, _): (f64, usize, &Labels)| {
            quality > most + 1e-12 || quality > most - 1e-12 && cores < fewest
        };
        if best.is_none_or(better) {
            best = Some((quality, cores, labels));
        }
    }
    let none =
        CorePairs { pair: Vec::new(), core: Vec::new(), quality: f64::NAN, qualities: Vec::new(), sizes: Vec::new() };
    best.map_or(none, |(_, _, labels)| labels.pairs())
}

/// The pair and role of every city while they are searched.
struct Labels<'a> {
    ties: &'a Network,
    strengths: Vec<f64>,
    /// 2M.
    total: f64,
    pair: Vec<usize>,
    core: Vec<bool>,
    /// Strength of the periphery and of the core of each pair.
    sums: Vec<[f64; 2]>,
}

impl<'a> Labels<'a> {
    fn new(ties: &'a Network) -> Self {
        let n = ties.n();
        let strengths = ties.sums();
        let sums = strengths.iter().map(|&s| [0.0, s]).collect();
        Self { ties, total: strengths.iter().sum(), strengths, pair: (0..n).collect(), core: vec![true; n], sums }
    }

    /// Moves cities until none gains.
    fn settle(&mut self, stream: &mut Stream) {
        let n = self.ties.n();
        let mut order: Vec<u32> = (0..n as u32).collect();
        let (mut near, mut met) = (vec![[0.0; 2]; n], Vec::new());
        for _ in 0..SWEEPS {
            stream.shuffle(&mut order);
            let moved = order.iter().filter(|&&i| self.place(i as usize, &mut near, &mut met)).count();
            if moved == 0 {
                break;
            }
        }
    }

    /// Puts a city where Q gains most; whether it moved. `near` are its links with periphery and core of each pair `met`.
    fn place(&mut self, i: usize, near: &mut [[f64; 2]], met: &mut Vec<usize>) -> bool {
        let (s, now) = (self.strengths[i], (self.pair[i], self.core[i]));
        met.clear();
        met.push(now.0);
        for (j, strength) in self.ties.ties(i) {
            let pair = self.pair[j];
            if near[pair] == [0.0; 2] {
                met.push(pair);
            }
            near[pair][usize::from(self.core[j])] += strength;
        }
        self.sums[now.0][usize::from(now.1)] -= s;
        // Half of what Q gains, times 2M.
        let gain = |(pair, core): (usize, bool)| {
            let ([to_periphery, to_core], [periphery, core_sum]) = (near[pair], self.sums[pair]);
            match core {
                true => to_core + to_periphery - s * (core_sum + periphery) / self.total - s * s / self.total / 2.0,
                false => to_core - s * core_sum / self.total,
            }
        };
        let mut best = (now, gain(now) + 1e-12 * s);
        for choice in met.iter().flat_map(|&pair| [(pair, true), (pair, false)]) {
            let value = gain(choice);
            if value > best.1 {
                best = (choice, value);
            }
        }
        met.iter().for_each(|&pair| near[pair] = [0.0; 2]);
        let (pair, core) = best.0;
        self.sums[pair][usize::from(core)] += s;
        (self.pair[i], self.core[i]) = (pair, core);
        best.0 != now
    }

    /// Joins each pair with the one that Q gains most by, if it gains; whether any were joined.
    fn merge(&mut self) -> bool {
        let n = self.pair.len();
        let mut members = vec![Vec::new(); n];
        (0..n).for_each(|i| members[self.pair[i]].push(i));
        let (mut near, mut any) = (vec![0.0; n], false);
        for pair in 0..n {
            let mut met = Vec::new();
            for &i in &members[pair] {
                for (j, s) in self.ties.ties(i).filter(|&(j, _)| self.pair[j] != pair && (self.core[i] || self.core[j]))
                {
                    if near[self.pair[j]] == 0.0 {
                        met.push(self.pair[j]);
                    }
                    near[self.pair[j]] += s;
                }
            }
            let [periphery, core] = self.sums[pair];
            let gain = |other: usize| {
                let [other_periphery, other_core] = self.sums[other];
                near[other] - (core * (other_core + other_periphery) + periphery * other_core) / self.total
            };
            let mut best = (pair, 1e-12 * (core + periphery));
            for &other in &met {
                let value = gain(other);
                if value > best.1 {
                    best = (other, value);
                }
            }
            met.into_iter().for_each(|other| near[other] = 0.0);
            if best.0 != pair {
                let moved = std::mem::take(&mut members[pair]);
                moved.iter().for_each(|&i| self.pair[i] = best.0);
                members[best.0].extend(moved);
                self.sums[best.0] = [self.sums[best.0][0] + periphery, self.sums[best.0][1] + core];
                self.sums[pair] = [0.0; 2];
                any = true;
            }
        }
        any
    }

    /// What every pair adds to Q.
    fn qualities(&self) -> Vec<f64> {
        let mut linked = vec![0.0; self.pair.len()];
        let mut sums = vec![[0.0; 2]; self.pair.len()];
        for i in 0..self.pair.len() {
            let with = |&(j, _): &(usize, f64)| self.pair[j] == self.pair[i] && (self.core[i] || self.core[j]);
            linked[self.pair[i]] += self.ties.ties(i).filter(with).map(|(_, s)| s).sum::<f64>();
            sums[self.pair[i]][usize::from(self.core[i])] += self.strengths[i];
        }
        let expected = |[periphery, core]: [f64; 2]| core * (core + 2.0 * periphery) / self.total;
        linked.iter().zip(sums).map(|(linked, sums)| (linked - expected(sums)) / self.total).collect()
    }

    /// The pairs in the order of their size; of equal ones first that of the first city.
    fn pairs(&self) -> CorePairs {
        let n = self.pair.len();
        let mut members = vec![0_usize; n];
        let mut first = vec![n; n];
        for i in 0..n {
            members[self.pair[i]] += 1;
            first[self.pair[i]] = first[self.pair[i]].min(i);
        }
        let mut order: Vec<usize> = (0..n).filter(|&pair| members[pair] > 0).collect();
        order.sort_by_key(|&pair| (std::cmp::Reverse(members[pair]), first[pair]));
        let mut rank = vec![0_u32; n];
        order.iter().enumerate().for_each(|(at, &pair)| rank[pair] = at as u32);
        let qualities = self.qualities();
        CorePairs {
            pair: self.pair.iter().map(|&pair| Some(rank[pair])).collect(),
            core: self.core.clone(),
            quality: order.iter().map(|&pair| qualities[pair]).sum(),
            qualities: order.iter().map(|&pair| qualities[pair]).collect(),
            sizes: order.iter().map(|&pair| members[pair]).collect(),
        }
    }
}
