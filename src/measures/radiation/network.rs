//! Links as flat compressed sparse rows, the form that all measures of this family run on.

use crate::study::Linkage;

/// The links of every city in one flat list, by city.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Network {
    /// Where the links of each city begin; one more than there are cities.
    starts: Vec<usize>,
    /// The city at the other end, ascending within each city.
    others: Vec<u32>,
    /// Strength of each link.
    strengths: Vec<f64>,
    /// Length of each link, 1/strength.
    lengths: Vec<f64>,
}

impl Network {
    /// The links that reach each city.
    pub(super) fn incoming(links: &Linkage) -> Self {
        Self::gathered(links, |(origin, destination)| (destination, origin))
    }

    /// The links of each city without direction, S.
    pub(super) fn undirected(links: &Linkage) -> Self {
        Self::gathered(&links.undirected(), |(origin, destination)| (origin, destination))
    }

    /// Links without direction among n cities, each pair once in any order and with a strength above zero.
    pub(super) fn of_pairs(n: usize, pairs: &[(u32, u32, f64)]) -> Self {
        let mut both: Vec<(u32, u32, f64)> = pairs.iter().flat_map(|&(i, j, s)| [(i, j, s), (j, i, s)]).collect();
        both.sort_unstable_by_key(|&(i, j, _)| (i, j));
        let mut starts = vec![0; n + 1];
        both.iter().for_each(|&(i, ..)| starts[i as usize + 1] += 1);
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let others = both.iter().map(|&(_, j, _)| j).collect();
        let strengths: Vec<f64> = both.iter().map(|&(.., s)| s).collect();
        let lengths = strengths.iter().map(|s| 1.0 / s).collect();
        Self { starts, others, strengths, lengths }
    }

    /// The same links, `f` of each strength in its place.
    pub(super) fn mapped(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { strengths: self.strengths.iter().map(|&s| f(s)).collect(), ..self.clone() }
    }

    /// Every link in the list of the first of the two cities that `ends` gives.
    fn gathered(links: &Linkage, ends: impl Fn((usize, usize)) -> (usize, usize)) -> Self {
        let mut starts = vec![0; links.n() + 1];
        links.arcs().for_each(|(i, j, _)| starts[ends((i, j)).0 + 1] += 1);
        for i in 0..links.n() {
            starts[i + 1] += starts[i];
        }
        let count = starts[links.n()];
        let (mut next, mut others) = (starts.clone(), vec![0; count]);
        let (mut strengths, mut lengths) = (vec![0.0; count], vec![0.0; count]);
        // Arcs come by origin, then destination, so that each list is filled in ascending order.
        for (i, j, weight) in links.arcs() {
            let (city, other) = ends((i, j));
            let at = next[city];
            next[city] += 1;
            others[at] = other as u32;
            strengths[at] = links.meaning().strength(weight);
            lengths[at] = links.meaning().length(weight);
        }
        Self { starts, others, strengths, lengths }
    }

    /// Number of cities.
    pub(super) fn n(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of links, one without direction counted from both of its cities.
    pub(super) fn links(&self) -> usize {
        self.others.len()
    }

    /// Strength of the link of a city with another, 0 where there is none.
    pub(super) fn strength(&self, city: usize, other: usize) -> f64 {
        let range = self.starts[city]..self.starts[city + 1];
        self.others[range.clone()].binary_search(&(other as u32)).map_or(0.0, |at| self.strengths[range.start + at])
    }

    /// Place of a city's first link among all.
    pub(super) fn first(&self, city: usize) -> usize {
        self.starts[city]
    }

    /// Pairs of a link of every city and a link of the city at its other end: the steps that looking for triangles takes.
    pub(super) fn two_steps(&self) -> f64 {
        self.others.iter().map(|&other| self.degree(other as usize) as f64).sum()
    }

    /// Number of links of a city.
    pub(super) fn degree(&self, city: usize) -> usize {
        self.starts[city + 1] - self.starts[city]
    }

    /// Number of links of every city.
    pub(super) fn degrees(&self) -> Vec<usize> {
        (0..self.n()).map(|i| self.degree(i)).collect()
    }

    /// The cities linked with a city, with the strength of each link.
    pub(super) fn ties(&self, city: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let range = self.starts[city]..self.starts[city + 1];
        self.others[range.clone()].iter().map(|&other| other as usize).zip(self.strengths[range].iter().copied())
    }

    /// The cities linked with a city, with the length of each link.
    pub(super) fn ways(&self, city: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let range = self.starts[city]..self.starts[city + 1];
        self.others[range.clone()].iter().map(|&other| other as usize).zip(self.lengths[range].iter().copied())
    }

    /// All links with their strength, by city; those without direction from both ends.
    pub(super) fn arcs(&self) -> impl Iterator<Item = (usize, usize, f64)> + Clone + '_ {
        (0..self.n()).flat_map(|i| self.ties(i).map(move |(j, strength)| (i, j, strength)))
    }

    /// The sum of the strengths of each city's links.
    pub(super) fn sums(&self) -> Vec<f64> {
        (0..self.n()).map(|i| self.ties(i).map(|(_, w)| w).sum()).collect()
    }

    /// The strongest link of all, 0 where there is none.
    pub(super) fn strongest(&self) -> f64 {
        self.strengths.iter().fold(0.0, |most, &w| most.max(w))
    }
}
