//! Hinterlands by links: the core with which a city is linked most.

use crate::measures::imbalance::gini;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Whom each city is linked with most among the cores; see [`linked_hinterland`].
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedHinterlands {
    /// The core that a city is linked with most; of a core, itself; `None` where it is linked with none.
    pub core: Vec<Option<usize>>,
    /// Degree of membership: the share of that core in all links of the city; NaN at cores and without a core.
    pub membership: Vec<f64>,
    /// For each core the strength of its links with cities that are no cores.
    pub linkage: Vec<f64>,
    /// For each core its share in all links of the cities that are no cores; NaN where they have none.
    pub linkage_share: Vec<f64>,
    /// For each core the Gini coefficient of its links with the cities that are no cores, 0 where there is no link; NaN where
    /// none of them has a link with it.
    pub gini: Vec<f64>,
}

/// Whom each city is linked with most among the cores.
///
/// # Formula
///
/// F_ic = S_ic / Σ_j S_ij with S = W + Wᵀ (S = W where links have no direction), over all cities j: the degree of membership of
/// city i in the hinterland of core c. The city belongs to the core with the largest. F is 0 to 1.
///
/// `cores` are places among the cities of the links. Of equally strong links that with the earlier core counts. O(m + c·n log n)
/// for m links and c cores.
///
/// ```
/// use agglo::measures::radiation::linked_hinterland;
/// use agglo::study::{LinkMeaning, Linkage};
/// // City 0 sends 6 trains to core 1, 2 to core 2 and 4 to city 3.
/// let links = Linkage::from_arcs(4, vec![(0, 1, 6.0), (0, 2, 2.0), (0, 3, 4.0)], LinkMeaning::Strength)?;
/// let result = linked_hinterland(&links, &[1, 2]);
/// assert_eq!((result.core[0], result.membership[0]), (Some(1), 0.5));
/// assert_eq!(result.core[3], None);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn linked_hinterland(links: &Linkage, cores: &[usize]) -> LinkedHinterlands {
    let network = Network::undirected(links);
    let n = network.n();
    let mut rank = vec![None; n];
    cores.iter().enumerate().filter(|(_, core)| **core < n).for_each(|(c, &core)| rank[core] = Some(c));
    let sums = network.sums();
    let (mut core, mut membership) = (vec![None; n], vec![f64::NAN; n]);
    let (mut linkage, mut all) = (vec![0.0; cores.len()], 0.0);
    for i in 0..n {
        if rank[i].is_some() {
            core[i] = Some(i);
            continue;
        }
        all += sums[i];
        let mut most = 0.0;
        for (other, strength) in network.ties(i) {
            let Some(c) = rank[other] else { continue };
            linkage[c] += strength;
            if strength > most {
                (most, core[i], membership[i]) = (strength, Some(other), strength / sums[i]);
            }
        }
    }
    let spread = |&core: &usize| {
        let mut row = vec![0.0; n];
        network.ties(core).for_each(|(other, strength)| row[other] = strength);
        let row: Vec<f64> = (0..n).filter(|&i| rank[i].is_none()).map(|i| row[i]).collect();
        gini(&row, None).map_or(f64::NAN, |result| result.gini)
    };
    let share = |x: &f64| if all > 0.0 { x / all } else { f64::NAN };
    LinkedHinterlands {
        linkage_share: linkage.iter().map(share).collect(),
        gini: cores.iter().map(spread).collect(),
        core,
        membership,
        linkage,
    }
}
