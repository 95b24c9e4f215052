//! Weights from weights: unions, intersections, higher orders, blocks, and islands attached.
//!
//! All work on the weights before their transform and give weights without one, unless said otherwise.

use std::collections::HashMap;

use super::index::Index;
use super::rows::{Rows, gather};
use super::{Transform, Weights};
use crate::error::{Fault, Kind, Result};
use crate::study::Cities;

/// The links of either; where both have one, the larger weight.
///
/// ```
/// use agglo::weights::{Weights, set_ops::union};
/// let a = Weights::from_pairs("a", 3, &[(0, 1)]);
/// let b = Weights::from_pairs("b", 3, &[(1, 2)]);
/// assert_eq!(union(&a, &b).neighbours(1), [0, 2]);
/// ```
///
/// # Panics
/// If the two are not over the same number of cities.
pub fn union(a: &Weights, b: &Weights) -> Weights {
    merge(a, b, format!("{}+{}", a.label(), b.label()), |one, other| match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    })
}

/// The links of both, with the smaller weight.
///
/// # Panics
/// If the two are not over the same number of cities.
pub fn intersection(a: &Weights, b: &Weights) -> Weights {
    merge(a, b, format!("{}&{}", a.label(), b.label()), |one, other| Some(one?.min(other?)))
}

/// Walks through both rows at once; `join` sees the weights of a link in the one and in the other.
fn merge(a: &Weights, b: &Weights, label: String, join: impl Fn(Option<f64>, Option<f64>) -> Option<f64>) -> Weights {
    assert_eq!(a.n(), b.n(), "weights over different cities");
    let mut rows = Rows::default();
    for i in 0..a.n() {
        let (mut ones, mut others) = (a.raw_row(i).peekable(), b.raw_row(i).peekable());
        while let Some(j) = [ones.peek(), others.peek()].into_iter().flatten().map(|&(j, _)| j).min() {
            let one = ones.next_if(|&(at, _)| at == j).map(|(_, w)| w);
            let other = others.next_if(|&(at, _)| at == j).map(|(_, w)| w);
            if let Some(w) = join(one, other) {
                rows.push(j as u32, w);
            }
        }
        rows.close();
    }
    rows.named(label)
}

/// Neighbours of neighbours: the cities that are from `from` to `to` links away along the shortest way, each with
/// weight 1; `order:2:queen`, `order:1-2:queen`.
///
/// ```
/// use agglo::weights::{Weights, set_ops::order};
/// let chain = Weights::from_pairs("chain", 4, &[(0, 1), (1, 2), (2, 3)]);
/// assert_eq!(order(&chain, 2, 2)?.neighbours(0), [2]);
/// assert_eq!(order(&chain, 1, 2)?.neighbours(0), [1, 2]);
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// # Errors
/// If `from` is 0 or above `to`, or if there would be too many links.
pub fn order(weights: &Weights, from: usize, to: usize) -> Result<Weights> {
    if from == 0 || from > to {
        let message = format!("orders from {from} to {to}: the first is at least 1 and the second not below it");
        return Err(Fault::new(Kind::Option, message).field("weights").into());
    }
    let steps = if from == to { from.to_string() } else { format!("{from}-{to}") };
    let label = format!("order:{steps}:{}", weights.label());
    gather(&label, weights.n(), |i| rings(weights, i, from, to).into_iter().map(|j| (j, 1.0)).collect())
}

/// The cities whose shortest way from `i` has from `from` to `to` links.
fn rings(weights: &Weights, i: usize, from: usize, to: usize) -> Vec<u32> {
    let mut reached = vec![i as u32]; // ascending
    let mut ring = reached.clone();
    let mut wanted = Vec::new();
    for step in 1..=to {
        let mut next: Vec<u32> = ring.iter().flat_map(|&j| weights.neighbours(j as usize)).copied().collect();
        next.sort_unstable();
        next.dedup();
        next.retain(|j| reached.binary_search(j).is_err());
        if next.is_empty() {
            break;
        }
        if step >= from {
            wanted.extend_from_slice(&next);
        }
        reached.extend_from_slice(&next);
        reached.sort_unstable();
        ring = next;
    }
    wanted
}

/// All cities of one group are neighbours, with weight 1; a city without a group is an isolate; `block:province`.
///
/// # Errors
/// If there would be too many links.
pub fn block(label: &str, groups: &[Option<String>]) -> Result<Weights> {
    let mut members: HashMap<&str, Vec<u32>> = HashMap::new();
    for (i, group) in (0u32..).zip(groups) {
        if let Some(group) = group {
            members.entry(group).or_default().push(i);
        }
    }
    gather(label, groups.len(), |i| {
        let group = groups[i].as_deref().and_then(|group| members.get(group));
        group.into_iter().flatten().filter(|&&j| j as usize != i).map(|&j| (j, 1.0)).collect()
    })
}

/// Links each isolate with its nearest city in both directions, and tells which with which; `--islands nearest`.
///
/// The new links have weight 1, or the smallest weight there is where weights differ. Label and transform stay. An
/// isolate without a point, or with no other city to go to, remains one.
///
/// # Panics
/// If the weights are not over these cities.
pub fn attach_islands(weights: &Weights, cities: &Cities) -> (Weights, Vec<(usize, usize)>) {
    assert_eq!(weights.n(), cities.len(), "weights over different cities");
    let isolates = weights.isolates();
    if isolates.is_empty() {
        return (weights.clone(), Vec::new());
    }
    let index = Index::new(&cities.points, cities.metric);
    let nearest = |&i: &usize| Some((i, index.nearest(i, 1).neighbours.first()?.city as usize));
    let bridges: Vec<(usize, usize)> = isolates.iter().filter_map(nearest).collect();
    let raw = weights.transformed(Transform::None);
    let smallest = (0..raw.n()).flat_map(|i| raw.raw_row(i)).map(|(_, w)| w).fold(f64::INFINITY, f64::min);
    let weight = if smallest.is_finite() { smallest } else { 1.0 };
    let mut links: Vec<(usize, usize)> = bridges.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    links.sort_unstable();
    links.dedup();
    let mut rows = Rows::default();
    let mut links = links.into_iter().peekable();
    for i in 0..raw.n() {
        while let Some((_, j)) = links.next_if(|&(a, _)| a == i) {
            rows.push(j as u32, weight);
        }
        rows.close();
    }
    let attached = union(&raw, &rows.named("islands")).named(weights.label());
    (attached.transformed(weights.transform()), bridges)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::distance::tests::points;
    use super::super::distance::{Band, band};
    use super::*;

    fn weights(n: u32) -> impl Strategy<Value = Weights> {
        let link = (0..n, prop_oneof![Just(1.0), 0.1..5.0]);
        let row = prop::collection::btree_map(0..n, link.prop_map(|(_, w)| w), 0..6);
        prop::collection::vec(row.prop_map(|row| row.into_iter().collect::<Vec<_>>()), n as usize)
            .prop_map(|rows| Weights::from_rows("w", rows))
    }

    proptest! {
        #[test]
        fn unions_and_intersections_obey_their_laws(a in weights(12), b in weights(12), c in weights(12)) {
            let same = |x: Weights, y: Weights| x.named("") == y.named("");
            prop_assert!(same(union(&a, &a), a.clone()) && same(intersection(&a, &a), a.clone()));
            prop_assert!(same(union(&a, &b), union(&b, &a)));
            prop_assert!(same(union(&union(&a, &b), &c), union(&a, &union(&b, &c))));
            let left = intersection(&a, &union(&b, &c));
            let right = union(&intersection(&a, &b), &intersection(&a, &c));
            for i in 0..12 {
                prop_assert_eq!(left.row(i).collect::<Vec<_>>(), right.row(i).collect::<Vec<_>>());
                for j in 0..12 {
                    prop_assert_eq!(union(&a, &b).weight(i, j), a.weight(i, j).max(b.weight(i, j)));
                    prop_assert_eq!(intersection(&a, &b).weight(i, j), a.weight(i, j).min(b.weight(i, j)));
                }
            }
        }

        #[test]
        fn orders_are_steps_of_the_shortest_way(w in weights(12)) {
            let binary = w.transformed(Transform::Binary).transformed(Transform::None);
            prop_assert_eq!(order(&w, 1, 1).unwrap().named("w"), binary);
            let mut steps = vec![vec![usize::MAX; 12]; 12];
            for (i, row) in steps.iter_mut().enumerate() {
                row[i] = 0;
                w.neighbours(i).iter().for_each(|&j| row[j as usize] = 1);
            }
            for via in 0..12 {
                let onward = steps[via].clone();
                for row in &mut steps {
                    let so_far = row[via];
                    row.iter_mut().zip(&onward).for_each(|(steps, more)| *steps = (*steps).min(so_far.saturating_add(*more)));
                }
            }
            let upper = order(&w, 2, 3).unwrap();
            for (i, steps) in steps.iter().enumerate() {
                let expected: Vec<u32> = (0..12).filter(|&j| (2..=3).contains(&steps[j as usize])).collect();
                prop_assert_eq!(upper.neighbours(i), expected);
            }
        }

        #[test]
        fn attached_islands_leave_no_isolate(
            places in prop::collection::vec((-1.0..1.0, -1.0..1.0).prop_map(|(x, y)| [x, y]), 2..40), reach in 0.01..0.5,
        ) {
            let cities = points(&places);
            let apart = band(&cities, Band::Length(reach)).unwrap().weights.transformed(Transform::Row);
            let (attached, bridges) = attach_islands(&apart, &cities);
            prop_assert!(attached.isolates().is_empty());
            prop_assert!(attached.is_symmetric() && attached.is_binary());
            prop_assert_eq!(bridges.len(), apart.isolates().len());
            prop_assert_eq!((attached.label(), attached.transform()), (apart.label(), Transform::Row));
        }
    }

    #[test]
    fn an_island_gets_the_smallest_weight_there_is() {
        let cities = points(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 0.0], [10.0, 0.0]]);
        let w = Weights::from_rows("w", vec![vec![(1, 0.5)], vec![(0, 0.5), (2, 0.2)], vec![(1, 0.2)], vec![], vec![]]);
        let (attached, bridges) = attach_islands(&w, &cities);
        assert_eq!(bridges, [(3, 4), (4, 3)]);
        assert_eq!(attached.row(3).collect::<Vec<_>>(), [(4, 0.2)]);
    }

    #[test]
    fn blocks_link_all_of_a_group() {
        let groups = ["a", "b", "a", "", "a"].map(|g| (!g.is_empty()).then(|| g.to_owned()));
        let w = block("block:province", &groups).unwrap();
        assert_eq!(w.neighbours(2), [0, 4]);
        assert_eq!(w.isolates(), [1, 3]);
    }

    #[test]
    fn impossible_orders_are_refused() {
        let w = Weights::from_pairs("w", 2, &[(0, 1)]);
        assert!(order(&w, 0, 1).is_err() && order(&w, 3, 2).is_err());
        assert_eq!(order(&w, 5, usize::MAX).unwrap().links(), 0);
    }
}
