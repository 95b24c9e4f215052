//! The cities that have links, which alone take part.

use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// The links without direction among the cities that have any.
pub(super) struct Linked {
    /// Places of these cities among all.
    pub(super) places: Vec<usize>,
    /// Their links; city k is the one at `places[k]`.
    pub(super) ties: Network,
    /// Number of all cities.
    n: usize,
}

impl Linked {
    pub(super) fn new(links: &Linkage) -> Self {
        let n = links.n();
        let mut has = vec![true; n];
        links.unlinked().into_iter().for_each(|i| has[i] = false);
        let places: Vec<usize> = (0..n).filter(|&i| has[i]).collect();
        let ties = match places.len() == n {
            true => Network::undirected(links),
            false => Network::undirected(&links.subset(&places)),
        };
        Self { places, ties, n }
    }

    /// Whether every city is linked with every other.
    pub(super) fn complete(&self) -> bool {
        let n = self.places.len();
        self.ties.links() == n * n.saturating_sub(1)
    }

    /// Values of the cities with links among those of all, `none` for the others.
    pub(super) fn spread<T: Copy>(&self, values: &[T], none: T) -> Vec<T> {
        let mut all = vec![none; self.n];
        self.places.iter().zip(values).for_each(|(&i, &value)| all[i] = value);
        all
    }

    /// The values of the cities with links from those of all.
    pub(super) fn gathered(&self, values: &[f64]) -> Vec<f64> {
        self.places.iter().map(|&i| values[i]).collect()
    }
}
