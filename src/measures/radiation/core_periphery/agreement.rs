//! Where the methods agree, and where they do not.

use super::tiers::Tier;

/// How far the methods agree on each city.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The median of the tiers by all methods.
    pub consensus: Vec<Tier>,
    /// How many methods put the city elsewhere.
    pub disagreeing: Vec<usize>,
    /// Least and greatest rank of the city over the methods that grade, among the cities with links, from 0 for the last to 1
    /// for the first; 0 without links.
    pub ranks: Vec<[f64; 2]>,
    /// How many methods took part.
    pub methods: usize,
}

/// A method's tiers, and whether it knows the semi-periphery.
pub(super) struct Vote {
    pub(super) tiers: Vec<Tier>,
    pub(super) graded: bool,
}

/// The agreement of methods on n cities. The median of the tiers; where the two in the middle differ, the one nearer to the
/// first method's. A method without a semi-periphery does not disagree with it. `values` are those of the methods that grade;
/// ranks are among the cities at `linked`, so that those without links are not above any.
pub(super) fn agreement(n: usize, linked: &[usize], votes: &[Vote], values: &[&[f64]]) -> Agreement {
    let votes: Vec<&Vote> = votes.iter().filter(|vote| !vote.tiers.contains(&Tier::Undefined)).collect();
    let consensus: Vec<Tier> = (0..n).map(|i| median(votes.iter().map(|vote| vote.tiers[i]).collect())).collect();
    let elsewhere =
        |i: usize, vote: &Vote| vote.tiers[i] != consensus[i] && (vote.graded || consensus[i] != Tier::SemiPeriphery);
    let disagreeing = (0..n).map(|i| votes.iter().filter(|vote| elsewhere(i, vote)).count()).collect();
    let of_linked = |values: &&[f64]| ranks(&linked.iter().map(|&i| values[i]).collect::<Vec<f64>>());
    let ranked: Vec<Vec<f64>> = values.iter().map(of_linked).collect();
    let mut range = vec![[if values.is_empty() { f64::NAN } else { 0.0 }; 2]; n];
    for (k, &i) in linked.iter().enumerate() {
        let of_city = || ranked.iter().map(|ranks| ranks[k]);
        range[i] = [of_city().fold(f64::NAN, f64::min), of_city().fold(f64::NAN, f64::max)];
    }
    Agreement { disagreeing, ranks: range, methods: votes.len(), consensus }
}

fn median(mut tiers: Vec<Tier>) -> Tier {
    let Some(&first) = tiers.first() else { return Tier::Undefined };
    tiers.sort_unstable();
    let (low, high) = (tiers[(tiers.len() - 1) / 2], tiers[tiers.len() / 2]);
    first.clamp(low, high)
}

/// The rank of each value from 0 for the least to 1 for the greatest, that of equal ones their mean; NaN for NaN.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| !values[i].is_nan()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let last = (order.len() as f64 - 1.0).max(1.0);
    let mut ranks = vec![f64::NAN; values.len()];
    let mut begin = 0;
    while begin < order.len() {
        let least = values[order[begin]];
        let tied = order[begin..].iter().take_while(|&&i| values[i] - least <= 1e-9 * least.abs()).count();
        let rank = (begin as f64 + (tied as f64 - 1.0) / 2.0) / last;
        order[begin..begin + tied].iter().for_each(|&i| ranks[i] = rank);
        begin += tied;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_tiers_decides() {
        use Tier::{Core, Periphery, SemiPeriphery};
        assert_eq!(median(vec![Core, Core, Periphery]), Core);
        assert_eq!(median(vec![SemiPeriphery, Core, Core, SemiPeriphery]), SemiPeriphery);
        assert_eq!(median(vec![Core, Periphery, SemiPeriphery, SemiPeriphery]), SemiPeriphery);
        assert_eq!(median(vec![]), Tier::Undefined);
        let vote = |tiers: [Tier; 2], graded| Vote { tiers: tiers.into(), graded };
        let votes =
            [vote([Core, SemiPeriphery], true), vote([Core, SemiPeriphery], true), vote([Periphery, Core], false)];
        let result = agreement(2, &[0, 1], &votes, &[&[3.0, 1.0], &[1.0, 2.0]]);
        assert_eq!((result.consensus, result.disagreeing), (vec![Core, SemiPeriphery], vec![1, 0]));
        assert_eq!(result.ranks, [[0.0, 1.0]; 2]);
    }

    #[test]
    fn a_city_without_links_ranks_above_none() {
        // The second city has no links; the third has some, and a coreness of 0 all the same.
        let result = agreement(4, &[0, 2, 3], &[], &[&[1.0, 0.0, 0.0, 0.0], &[3.0, f64::NAN, 1.0, 2.0]]);
        assert_eq!(result.ranks, [[1.0, 1.0], [0.0, 0.0], [0.0, 0.25], [0.25, 0.5]]);
        assert!(agreement(1, &[], &[], &[]).ranks[0][0].is_nan());
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 5.0])[..3], [0.5, 0.0, 0.5]);
        assert!(ranks(&[f64::NAN])[0].is_nan() && ranks(&[4.0]) == [0.0]);
    }
}
