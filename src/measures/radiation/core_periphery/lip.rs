//! Lip's core: the fewest links missing in the core and present in the periphery.

use super::linked::Linked;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Lip's division; see [`lip()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Lip {
    /// Pairs of the core without a link and pairs of the periphery with one.
    pub errors: f64,
    /// Whether each city is in the core; among cores with equally few errors, the smallest.
    pub core: Vec<bool>,
}

/// The division with the fewest errors: pairs within the core without a link, and pairs within the periphery with one.
///
/// The cities are taken by number of links, the most first: Z_k = Z_{k−1} + (k − 1) − degree_k, Z_0 = m, and the least Z_k is
/// the optimum, exactly. Links count without direction and without strength. O(n·log n + m).
///
/// Lip, S. Z. W. (2011). A fast algorithm for the discrete core/periphery bipartitioning problem. arXiv:1102.5511
pub fn lip(links: &Linkage) -> Lip {
    of_linked(&Linked::new(links))
}

pub(super) fn of_linked(linked: &Linked) -> Lip {
    let found = divide(&linked.ties);
    Lip { core: linked.spread(&found.core, false), ..found }
}

fn divide(ties: &Network) -> Lip {
    let mut order: Vec<usize> = (0..ties.n()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(ties.degree(i)));
    let mut errors = ties.links() as f64 / 2.0;
    let mut best = (errors, 0);
    for (before, &i) in order.iter().enumerate() {
        errors += before as f64 - ties.degree(i) as f64;
        if errors < best.0 {
            best = (errors, before + 1);
        }
    }
    let mut core = vec![false; ties.n()];
    order[..best.1].iter().for_each(|&i| core[i] = true);
    Lip { errors: best.0, core }
}
