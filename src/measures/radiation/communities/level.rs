//! A network whose nodes are cities, or groups of cities that move as one.

use crate::measures::radiation::network::Network;
use crate::study::{LinkDirection, Linkage};

/// Links between nodes in flat lists by node, with what modularity needs to know of each node.
///
/// With γ the resolution, the quality of a partition is Σ over ordered pairs of nodes in one community of
/// b_ij − f·(o_i p_j + o_j p_i), where b are the `links`, (o, p) the `mass` of a node and f the `expected` factor. For links
/// without direction b = S, o = p = s and f = γ/2, all in parts of 2m = Σ s; for those with a direction b = W + Wᵀ, o the
/// strength that leaves, p that which arrives, and f = γ, in parts of m = Σ w.
pub(super) struct Level {
    starts: Vec<usize>,
    links: Vec<(u32, f64)>,
    /// Strength that leaves and strength that arrives.
    pub(super) mass: Vec<[f64; 2]>,
    /// How much of the products of masses is expected in a link.
    pub(super) expected: f64,
}

impl Level {
    /// The cities with their links, without direction or with it; S stays as it is where links have none.
    pub(super) fn of_cities(links: &Linkage, undirected: &Network, directed: bool, resolution: f64) -> Self {
        let n = links.n();
        let directed = directed && links.direction() == LinkDirection::Directed;
        let (mut starts, mut ties) = (vec![0], Vec::new());
        for city in 0..n {
            ties.extend(undirected.ties(city).map(|(other, s)| (other as u32, s)));
            starts.push(ties.len());
        }
        let (mass, factor): (Vec<[f64; 2]>, f64) = if directed {
            (links.strength_out().into_iter().zip(links.strength_in()).map(|(o, p)| [o, p]).collect(), 1.0)
        } else {
            (undirected.sums().into_iter().map(|s| [s, s]).collect(), 0.5)
        };
        // In parts of the whole, so that no product overflows.
        let total: f64 = mass.iter().map(|m| m[0]).sum();
        ties.iter_mut().for_each(|tie| tie.1 /= total);
        let mass = mass.into_iter().map(|[o, p]| [o / total, p / total]).collect();
        Self { starts, links: ties, mass, expected: factor * resolution }
    }

    /// Number of nodes.
    pub(super) fn n(&self) -> usize {
        self.mass.len()
    }

    /// The other nodes that a node is linked with, and how strongly.
    pub(super) fn ties(&self, node: usize) -> &[(u32, f64)] {
        &self.links[self.starts[node]..self.starts[node + 1]]
    }

    /// What is expected between two masses.
    pub(super) fn expectation(&self, a: [f64; 2], b: [f64; 2]) -> f64 {
        self.expected * (a[0] * b[1] + a[1] * b[0])
    }

    /// The network whose nodes are the groups of this one. Links within a group are left out: they move with it.
    pub(super) fn grouped(&self, group: &[u32], groups: usize) -> Self {
        let members = Members::new(group, groups);
        let (mut starts, mut links) = (Vec::with_capacity(groups + 1), Vec::with_capacity(self.links.len() / 2));
        starts.push(0);
        let mut mass = vec![[0.0; 2]; groups];
        let mut sums = Sums::new(groups);
        for (one, mass) in mass.iter_mut().enumerate() {
            for &node in members.of(one) {
                let node = node as usize;
                *mass = plus(*mass, self.mass[node]);
                for &(other, strength) in self.ties(node) {
                    let other = group[other as usize];
                    if other as usize != one {
                        sums.add(other, strength);
                    }
                }
            }
            links.extend(sums.drain());
            starts.push(links.len());
        }
        Self { starts, links, mass, expected: self.expected }
    }
}

/// The sum of two masses.
pub(super) fn plus(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

/// The difference of two masses.
pub(super) fn minus(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

/// The members of each group, ascending.
pub(super) struct Members {
    starts: Vec<usize>,
    nodes: Vec<u32>,
}

impl Members {
    pub(super) fn new(group: &[u32], groups: usize) -> Self {
        let mut starts = vec![0; groups + 1];
        group.iter().for_each(|&g| starts[g as usize + 1] += 1);
        (0..groups).for_each(|g| starts[g + 1] += starts[g]);
        let (mut next, mut nodes) = (starts.clone(), vec![0; group.len()]);
        for (node, &g) in group.iter().enumerate() {
            nodes[next[g as usize]] = node as u32;
            next[g as usize] += 1;
        }
        Self { starts, nodes }
    }

    pub(super) fn of(&self, group: usize) -> &[u32] {
        &self.nodes[self.starts[group]..self.starts[group + 1]]
    }
}

/// Sums by group, of which only those met are looked at and cleared.
pub(super) struct Sums {
    /// NaN where nothing was added.
    sums: Vec<f64>,
    met: Vec<u32>,
}

impl Sums {
    pub(super) fn new(groups: usize) -> Self {
        Self { sums: vec![f64::NAN; groups], met: Vec::new() }
    }

    pub(super) fn add(&mut self, group: u32, x: f64) {
        let sum = &mut self.sums[group as usize];
        if sum.is_nan() {
            *sum = x;
            self.met.push(group);
        } else {
            *sum += x;
        }
    }

    /// The groups met, in the order of their meeting, with their sums.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.met.iter().map(|&group| (group, self.sums[group as usize]))
    }

    /// The sum of a group, 0 where it was not met.
    pub(super) fn get(&self, group: u32) -> f64 {
        let sum = self.sums[group as usize];
        if sum.is_nan() { 0.0 } else { sum }
    }

    pub(super) fn clear(&mut self) {
        self.met.drain(..).for_each(|group| self.sums[group as usize] = f64::NAN);
    }

    /// As [`iter`](Self::iter), and all is cleared.
    fn drain(&mut self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let sums = &mut self.sums;
        self.met.drain(..).map(|group| (group, std::mem::replace(&mut sums[group as usize], f64::NAN)))
    }
}
