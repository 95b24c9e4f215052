//! Shells of a network: k-core by number, s-core by strength.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::linked::Linked;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// The k-core number of every city: the largest k such that it is in a group of cities each of which is linked with k
/// others in the group. Links count without direction; a city without links has 0. O(m·log n).
///
/// Seidman, S. B. (1983). Network structure and minimum degree. Social Networks 5, 269-287.
pub fn k_core(links: &Linkage) -> Vec<f64> {
    by_number(&Linked::new(links))
}

/// The s-core level of every city: the largest s such that it is in a group of cities whose links within the group have a
/// strength of s or more each. As the city of least strength is taken away again and again, it is the greatest of the
/// least strengths met so far. Links count without direction; a city without links has 0. O(m·log n).
///
/// Eidsaa, M. and Almaas, E. (2013). s-core network decomposition. Physical Review E 88, 062819.
///
/// ```
/// use agglo::measures::radiation::s_core;
/// use agglo::study::{LinkMeaning, Linkage};
/// let triangle_and_tail = vec![(0, 1, 2.0), (1, 2, 2.0), (0, 2, 2.0), (2, 3, 1.0)];
/// let links = Linkage::from_arcs(4, triangle_and_tail, LinkMeaning::Strength)?.undirected();
/// assert_eq!(s_core(&links), [4.0, 4.0, 4.0, 1.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn s_core(links: &Linkage) -> Vec<f64> {
    by_strength(&Linked::new(links))
}

pub(super) fn by_number(linked: &Linked) -> Vec<f64> {
    linked.spread(&peel(&linked.ties.mapped(|_| 1.0)), 0.0)
}

pub(super) fn by_strength(linked: &Linked) -> Vec<f64> {
    linked.spread(&peel(&linked.ties), 0.0)
}

/// The greatest of the least strengths met until each city is taken away.
fn peel(ties: &Network) -> Vec<f64> {
    // Strengths are zero or above, and such numbers order as their bits.
    let entry = |strength: f64, i: usize| Reverse((strength.max(0.0).to_bits(), i));
    let mut strengths = ties.sums();
    let mut queue: BinaryHeap<_> = strengths.iter().enumerate().map(|(i, &s)| entry(s, i)).collect();
    let (mut levels, mut taken, mut level) = (vec![0.0; ties.n()], vec![false; ties.n()], 0.0_f64);
    while let Some(Reverse((bits, i))) = queue.pop() {
        if taken[i] || bits != strengths[i].max(0.0).to_bits() {
            continue;
        }
        taken[i] = true;
        level = level.max(strengths[i]);
        levels[i] = level;
        for (j, s) in ties.ties(i).filter(|&(j, _)| !taken[j]) {
            strengths[j] -= s;
            queue.push(entry(strengths[j], j));
        }
    }
    levels
}
