//! Dominant flows after Nystuen and Dacey: the hierarchy of cities by their largest flows.

use crate::study::Linkage;

/// Which city each city is dominated by; see [`dominant_flows`].
#[derive(Clone, Debug, PartialEq)]
pub struct DominantFlows {
    /// The city that receives a city's largest flow, where it is the larger one; `None` of a terminal city, and of one that
    /// no flow leaves.
    pub dominant: Vec<Option<usize>>,
    /// The city at the head of each city's hierarchy, itself where it is terminal; `None` without links.
    pub terminal: Vec<Option<usize>>,
    /// Steps up to the terminal city, 0 where it is terminal; `None` without links.
    pub order: Vec<Option<usize>>,
}

/// The hierarchy of cities by their largest flows.
///
/// # Formula
///
/// City i is dominated by the j of its largest flow w_ij, the earliest of equal ones, where D_j > D_i with D the flow that
/// reaches a city, Σ_i w_ij; else it is terminal. Of links without direction w and D are those of S. Since D grows with
/// every step, there are no circles. A city that no flow leaves is terminal. O(m).
///
/// # Source
///
/// Nystuen, J. D. and Dacey, M. F. (1961). A graph theory interpretation of nodal regions. Papers of the Regional Science
/// Association 7, 29-42.
///
/// ```
/// use agglo::measures::radiation::dominant_flows;
/// use agglo::study::{LinkMeaning, Linkage};
/// let commuters = vec![(0, 1, 1.0), (1, 0, 5.0), (2, 1, 3.0), (2, 0, 2.0)];
/// let flows = dominant_flows(&Linkage::from_arcs(4, commuters, LinkMeaning::Strength)?);
/// assert_eq!(flows.dominant, [None, Some(0), Some(1), None]);
/// assert_eq!(flows.terminal, [Some(0), Some(0), Some(0), None]);
/// assert_eq!(flows.order, [Some(0), Some(1), Some(2), None]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn dominant_flows(links: &Linkage) -> DominantFlows {
    let n = links.n();
    let reaching = links.strength_in();
    let mut largest: Vec<Option<(usize, f64)>> = vec![None; n];
    for (i, j, weight) in links.arcs() {
        let strength = links.meaning().strength(weight);
        if largest[i].is_none_or(|(_, most)| strength > most) {
            largest[i] = Some((j, strength));
        }
    }
    let dominant: Vec<Option<usize>> =
        (0..n).map(|i| largest[i].map(|(j, _)| j).filter(|&j| reaching[j] > reaching[i])).collect();
    let linked = |i: usize| largest[i].is_some() || reaching[i] > 0.0;
    let (mut terminal, mut order) = (vec![None; n], vec![None; n]);
    // From the city that most reaches downwards, so that whoever dominates has been placed.
    let mut places: Vec<usize> = (0..n).filter(|&i| linked(i)).collect();
    places.sort_by(|&a, &b| reaching[b].total_cmp(&reaching[a]));
    for i in places {
        (terminal[i], order[i]) = match dominant[i] {
            None => (Some(i), Some(0)),
            Some(j) => (terminal[j], order[j].map(|steps: usize| steps + 1)),
        };
    }
    DominantFlows { dominant, terminal, order }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::LinkMeaning;

    #[test]
    fn equals_do_not_dominate_each_other() {
        let links = Linkage::from_arcs(2, vec![(0, 1, 3.0), (1, 0, 3.0)], LinkMeaning::Strength).unwrap();
        assert_eq!(dominant_flows(&links).dominant, [None, None]);
        assert_eq!(dominant_flows(&links).terminal, [Some(0), Some(1)]);
    }

    #[test]
    fn the_earliest_of_equal_flows_counts() {
        let links = Linkage::from_arcs(3, vec![(2, 0, 1.0), (2, 1, 1.0)], LinkMeaning::Strength).unwrap();
        assert_eq!(dominant_flows(&links).dominant, [None, None, Some(0)]);
    }
}
