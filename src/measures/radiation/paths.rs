//! Shortest paths: betweenness, closeness and harmonic centrality from one search for each city.

use rayon::prelude::*;

use super::network::Network;
use super::search::{Search, Ways, is_dense};

/// Most steps, cities times links, that a search of all shortest paths may take, in sparse and in dense networks: in those
/// most links are never looked at, and what is looked at lies close together.
pub(super) const MOST_STEPS: [f64; 2] = [3e9, 3e10];
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

/// Whether the shortest paths between all cities can be searched within [`MOST_STEPS`], `times` over.
pub(super) fn affordable(network: &Network, times: usize) -> bool {
    let most = MOST_STEPS[usize::from(is_dense(network.n(), network.links()))];
    (times * network.n()) as f64 * network.links() as f64 <= most
}

impl Paths {
    /// Searches the shortest paths to every city by Dijkstra's algorithm and counts them by that of Brandes.
    ///
    /// O(n·m·log n). Blocks of cities are searched in parallel and added up in their order.
    pub(super) fn new(incoming: &Network) -> Self {
        let n = incoming.n();
        let ways = Ways::new(incoming);
        let block = n.div_ceil(BLOCKS).max(BLOCK);
        let blocks: Vec<Self> = (0..n.div_ceil(block))
            .into_par_iter()
            .map(|b| of_block(&ways, b * block..n.min((b + 1) * block)))
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
fn of_block(ways: &Ways, cities: std::ops::Range<usize>) -> Paths {
    let n = ways.n();
    let mut search = Search::new(n);
    let mut paths = Paths { betweenness: vec![0.0; n], closeness: Vec::new(), harmonic: Vec::new() };
    for city in cities {
        search.run(ways, city);
        let reaching = search.distances().count();
        let total: f64 = search.distances().sum();
        let share = reaching as f64 / (n.max(2) - 1) as f64;
        paths.closeness.push(if total > 0.0 { reaching as f64 / total * share } else { 0.0 });
        paths.harmonic.push(search.distances().map(|d| 1.0 / d).sum());
        search.count(&mut paths.betweenness);
    }
    paths
}

/// Σ of 1/distance over all cities that are reached from each city, as though the city `without` were not there.
///
/// The network has links without direction, of the lengths it states. O(n·m·log n).
pub(super) fn nearness(ways: &Ways, without: Option<usize>) -> Vec<f64> {
    let n = ways.n();
    let of_city = |search: &mut Search, city: usize| {
        if without == Some(city) {
            return 0.0;
        }
        search.run_without(ways, city, without);
        search.distances().map(|d| 1.0 / d).sum()
    };
    (0..n).into_par_iter().with_min_len(BLOCK).map_init(|| Search::new(n), of_city).collect()
}
