//! What the network loses with one of its strongest cities.

use super::network::Network;
use super::paths::{affordable, nearness};
use super::search::Ways;
use crate::study::Linkage;

/// What the network would lose with a city; see [`core_loss`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoreLoss {
    /// The city.
    pub city: usize,
    /// Its strength, of all links.
    pub strength: f64,
    /// Share of the efficiency of the whole network that goes with it, its own connections included, 0 to 1.
    pub loss: f64,
    /// Share of the efficiency between the other cities that goes with it: what they owe to it as a go-between, 0 to 1. NaN
    /// where they have none.
    pub loss_of_others: f64,
    /// Pairs of other cities that are connected with it and not without it.
    pub pairs_cut: usize,
}

/// What the network loses with each of the `most` strongest cities, the strongest first, of equals the earliest.
///
/// # Formula
///
/// With d_st the length of the shortest path between s and t over links without direction, 1/s_ij long, and d_st(i) that of
/// those not over i:
///
/// * loss 1 − Σ_{s,t≠i} 1/d_st(i) / Σ_{s,t} 1/d_st
/// * loss_of_others 1 − Σ_{s,t≠i} 1/d_st(i) / Σ_{s,t≠i} 1/d_st
///
/// `None` where the searches would take more than 3·10⁹ steps, or 3·10¹⁰ with 32 links a city and more: cities times links for each city. O(n·m·log n) each.
///
/// # Source
///
/// Latora, V. and Marchiori, M. (2005). Vulnerability and protection of infrastructure networks. Physical Review E 71, 015103,
/// for `loss`; `loss_of_others` is our definition.
///
/// ```
/// use agglo::measures::radiation::core_loss;
/// use agglo::study::{LinkMeaning, Linkage};
/// // A capital between two towns: each town is 1 away from it, and 2 from the other.
/// let links = Linkage::from_arcs(3, vec![(0, 1, 1.0), (0, 2, 1.0)], LinkMeaning::Strength)?.undirected();
/// let losses = core_loss(&links, 2).unwrap();
/// assert_eq!((losses[0].city, losses[0].loss, losses[0].loss_of_others, losses[0].pairs_cut), (0, 1.0, 1.0, 1));
/// assert_eq!((losses[1].city, losses[1].loss, losses[1].loss_of_others), (1, 0.6, 0.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn core_loss(links: &Linkage, most: usize) -> Option<Vec<CoreLoss>> {
    let network = Network::undirected(links);
    let sums = network.sums();
    let mut strongest: Vec<usize> = (0..network.n()).filter(|&i| sums[i] > 0.0).collect();
    strongest.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
    strongest.truncate(most);
    if !affordable(&network, strongest.len() + 1) {
        return None;
    }
    let ways = Ways::new(&network);
    let near = nearness(&ways, None);
    let all: f64 = near.iter().sum();
    let connected = connected_pairs(&network, None);
    let of_city = |&city: &usize| {
        let left: f64 = nearness(&ways, Some(city)).iter().sum();
        // Sums of the same numbers in another order may differ by rounding.
        let share = |before: f64| if before > 1e-12 * all { (1.0 - left / before).clamp(0.0, 1.0) } else { f64::NAN };
        let rounded = |loss: f64| if loss < 1e-12 { 0.0 } else { loss };
        CoreLoss {
            city,
            strength: sums[city],
            loss: share(all),
            loss_of_others: rounded(share(all - 2.0 * near[city])),
            pairs_cut: connected - near_pairs(&network, city) - connected_pairs(&network, Some(city)),
        }
    };
    Some(strongest.iter().map(of_city).collect())
}

/// Pairs of cities that are connected, without one of them.
fn connected_pairs(network: &Network, without: Option<usize>) -> usize {
    let mut met = vec![false; network.n()];
    if let Some(city) = without {
        met[city] = true;
    }
    let mut pairs = 0;
    for city in 0..network.n() {
        if !met[city] {
            let size = reached(network, city, &mut met);
            pairs += size * (size - 1) / 2;
        }
    }
    pairs
}

/// Pairs that one city makes with those it is connected with.
fn near_pairs(network: &Network, city: usize) -> usize {
    let mut met = vec![false; network.n()];
    reached(network, city, &mut met) - 1
}

/// How many cities not met before are reached from one, itself among them.
fn reached(network: &Network, city: usize, met: &mut [bool]) -> usize {
    let (mut stack, mut count) = (vec![city], 1);
    met[city] = true;
    while let Some(city) = stack.pop() {
        for (other, _) in network.ties(city) {
            if !std::mem::replace(&mut met[other], true) {
                count += 1;
                stack.push(other);
            }
        }
    }
    count
}
