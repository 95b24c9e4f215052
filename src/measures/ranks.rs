//! Ranks with ties, and Kendall's rank correlation in O(n log n).

/// Pairs of cities by whether two values order them alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concordance {
    /// Pairs that both values order alike.
    pub concordant: u64,
    /// Pairs that they order the other way round.
    pub discordant: u64,
    /// Pairs that differ in the first value.
    pub untied_first: u64,
    /// Pairs that differ in the second value.
    pub untied_second: u64,
    /// All pairs.
    pub pairs: u64,
}

impl Concordance {
    /// Kendall's τ_b = (C − D)/√(pairs that differ in x · pairs that differ in y), from −1 to 1; NaN where there are none.
    pub fn tau(&self) -> f64 {
        let untied = (self.untied_first as f64 * self.untied_second as f64).sqrt();
        (self.concordant as f64 - self.discordant as f64) / if untied > 0.0 { untied } else { f64::NAN }
    }

    /// Pairs that are tied in either value.
    pub fn tied(&self) -> u64 {
        self.pairs - self.concordant - self.discordant
    }

    /// What is left of these pairs without some of them.
    pub(in crate::measures) fn without(&self, some: &Self) -> Self {
        Self {
            concordant: self.concordant - some.concordant,
            discordant: self.discordant - some.discordant,
            untied_first: self.untied_first - some.untied_first,
            untied_second: self.untied_second - some.untied_second,
            pairs: self.pairs - some.pairs,
        }
    }
}

/// How two values order all pairs of cities; both without NaN, and equally long. Knight's algorithm, O(n log n).
///
/// Knight, W. R. (1966). A computer method for calculating Kendall's tau with ungrouped data. Journal of the American
/// Statistical Association 61, 436-439. doi:10.1080/01621459.1966.10480879.
pub(in crate::measures) fn concordance(x: &[f64], y: &[f64]) -> Concordance {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| compare(x[a], x[b]).then(compare(y[a], y[b])));
    let tied = |same: &dyn Fn(usize, usize) -> bool, order: &[usize]| -> u64 {
        order.chunk_by(|&a, &b| same(a, b)).map(|tied| pairs_of(tied.len())).sum()
    };
    let tied_first = tied(&|a, b| x[a] == x[b], &order);
    let tied_both = tied(&|a, b| x[a] == x[b] && y[a] == y[b], &order);
    // What has to change places until y ascends as well is discordant.
    let mut values: Vec<f64> = order.iter().map(|&i| y[i]).collect();
    let discordant = inversions(&mut values);
    let tied_second: u64 = values.chunk_by(|a, b| a == b).map(|tied| pairs_of(tied.len())).sum();
    let pairs = pairs_of(x.len());
    Concordance {
        concordant: pairs + tied_both - tied_first - tied_second - discordant,
        discordant,
        untied_first: pairs - tied_first,
        untied_second: pairs - tied_second,
        pairs,
    }
}

fn pairs_of(n: usize) -> u64 {
    let n = n as u64;
    n * n.saturating_sub(1) / 2
}

/// Order of two numbers in which −0 equals 0.
fn compare(a: f64, b: f64) -> std::cmp::Ordering {
    (a + 0.0).total_cmp(&(b + 0.0))
}

/// Sorts `values` by merging, and counts the pairs of which the greater one came first.
fn inversions(values: &mut [f64]) -> u64 {
    let n = values.len();
    let mut merged = values.to_vec();
    let (mut count, mut width) = (0, 1);
    while width < n {
        for start in (0..n).step_by(2 * width) {
            let (middle, end) = ((start + width).min(n), (start + 2 * width).min(n));
            let (mut left, mut right) = (start, middle);
            for place in &mut merged[start..end] {
                let from_left = left < middle && (right == end || values[left] <= values[right]);
                *place = if from_left { values[left] } else { values[right] };
                if from_left {
                    left += 1;
                } else {
                    // It passes all that are left of the first half.
                    count += (middle - left) as u64;
                    right += 1;
                }
            }
        }
        values.copy_from_slice(&merged);
        width *= 2;
    }
    count
}

/// The places of the values from the least, 0, with equal values at the same place: 0 0 1 for 5 5 7.
pub(in crate::measures) fn dense_ranks(values: &[f64]) -> Vec<i32> {
    let mut ranks = vec![0; values.len()];
    ascending(values, |tied, group, _| tied.iter().for_each(|&i| ranks[i] = group as i32));
    ranks
}

/// Ranks from 1 for the least value, equal ones at their mean rank.
pub(in crate::measures) fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; values.len()];
    ascending(values, |tied, _, before| {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
    });
    ranks
}

/// Ranks from 1 for the greatest value, equal ones at their mean rank.
pub(in crate::measures) fn ranks(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    mean_ranks(values).into_iter().map(|rank| n + 1.0 - rank).collect()
}

/// Calls `each` for the groups of equal values from the least, with the number of the group and how many come before it.
fn ascending(values: &[f64], mut each: impl FnMut(&[usize], usize, usize)) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| compare(values[a], values[b]));
    let mut before = 0;
    for (group, tied) in order.chunk_by(|&a, &b| values[a] == values[b]).enumerate() {
        each(tied, group, before);
        before += tied.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by looking at every pair.
    fn plain(x: &[f64], y: &[f64]) -> Concordance {
        let mut all = Concordance::default();
        for i in 0..x.len() {
            for j in 0..i {
                let (dx, dy) = (x[i] - x[j], y[i] - y[j]);
                all.concordant += u64::from(dx * dy > 0.0);
                all.discordant += u64::from(dx * dy < 0.0);
                all.untied_first += u64::from(dx != 0.0);
                all.untied_second += u64::from(dy != 0.0);
                all.pairs += 1;
            }
        }
        all
    }

    proptest! {
        #[test]
        fn knight_counts_as_all_pairs_do(pairs in proptest::collection::vec((0..9i8, -4..5i8), 0..60)) {
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
            prop_assert_eq!(concordance(&x, &y), plain(&x, &y));
            let some = plain(&x[..x.len() / 2], &y[..x.len() / 2]);
            prop_assert_eq!(concordance(&x, &y).without(&some).tied() + some.tied(), plain(&x, &y).tied());
        }
    }

    #[test]
    fn ranks_from_zero_too() {
        let from_zero: Vec<f64> = mean_ranks(&[5.0, 1.0, 5.0, 9.0, 0.0]).iter().map(|rank| rank - 1.0).collect();
        assert_eq!(from_zero, [2.5, 1.0, 2.5, 4.0, 0.0]);
    }

    #[test]
    fn ties_share_their_rank_and_zero_has_no_sign() {
        assert_eq!(ranks(&[5.0, -0.0, 0.0, 7.0]), [2.0, 3.5, 3.5, 1.0]);
        assert_eq!(mean_ranks(&[0.2, 0.1, 0.2, 0.5, 0.0]), [3.5, 2.0, 3.5, 5.0, 1.0]);
        assert_eq!(dense_ranks(&[5.0, -0.0, 0.0, 7.0]), [1, 0, 0, 2]);
        assert!(concordance(&[1.0, 1.0], &[1.0, 2.0]).tau().is_nan());
        assert_eq!(concordance(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).tau(), 1.0 / 3.0);
    }
}
