//! Ranks of scores, and how far two orders agree.

use crate::measures::ranks::concordance;

/// Scores closer than this, relative to the largest size, are equal: sums in another order would give either first.
const EQUAL: f64 = 1e-12;

/// Calls `each` for the groups of equal scores among these places from the highest, with how many come before it.
fn descending(scores: &[f64], mut places: Vec<usize>, mut each: impl FnMut(&[usize], usize)) {
    places.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let alike = EQUAL * places.iter().fold(0.0, |size: f64, &i| size.max(scores[i].abs()));
    let mut before = 0;
    for tied in places.chunk_by(|&a, &b| scores[a] - scores[b] <= alike) {
        each(tied, before);
        before += tied.len();
    }
}

/// The rank of each score, 1 for the highest; equal ones share the mean of their ranks. NaN for NaN.
fn mean_ranks(scores: &[f64]) -> Vec<f64> {
    let mut ranks = vec![f64::NAN; scores.len()];
    descending(scores, (0..scores.len()).filter(|&i| !scores[i].is_nan()).collect(), |tied, before| {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
    });
    ranks
}

/// The rank of every unit in its year, 1 for the largest number.
pub(super) fn ranks_by_year(units: &[f64], cities: usize) -> Vec<Option<usize>> {
    units.chunks(cities.max(1)).flat_map(ranks).collect()
}

/// The rank of each score, 1 for the highest; equal ones share the best of their ranks.
pub(super) fn ranks(scores: &[f64]) -> Vec<Option<usize>> {
    let mut ranks = vec![None; scores.len()];
    descending(scores, (0..scores.len()).filter(|&i| scores[i].is_finite()).collect(), |tied, before| {
        tied.iter().for_each(|&i| ranks[i] = Some(before + 1));
    });
    ranks
}

/// Spearman's rank correlation of two series, in [−1, 1]: Pearson's correlation of the ranks, equal numbers at the mean of
/// theirs. Over the places where both have a number; NaN for fewer than two of them, and where all of one series are equal. Numbers
/// that differ by no more than 10⁻¹² of the largest size are equal. O(n log n).
///
/// # Panics
/// If the two have different lengths.
///
/// ```
/// use agglo::measures::index::spearman;
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[1.0, 4.0, 9.0]), 1.0);
/// assert_eq!(spearman(&[1.0, 2.0, 3.0, f64::NAN], &[2.0, 3.0, 1.0, 0.0]), -0.5);
/// ```
pub fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = both(a, b);
    let mean = (a.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    (product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()).clamp(-1.0, 1.0)
}

/// Kendall's rank correlation τ_b of two series, in [−1, 1]: pairs in the same order less pairs in opposite order, over the
/// geometric mean of the pairs that differ in one and in the other. Places, equal numbers and NaN as in [`spearman`].
/// O(n log n), by counting what a merge sort exchanges (Knight 1966, Journal of the American Statistical Association 61).
///
/// # Panics
/// If the two have different lengths.
///
/// ```
/// use agglo::measures::index::kendall;
/// assert_eq!(kendall(&[1.0, 2.0, 3.0], &[2.0, 3.0, 1.0]), -1.0 / 3.0);
/// ```
pub fn kendall(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = both(a, b);
    concordance(&a, &b).tau()
}

/// The ranks of two series over the places where both have a number.
fn both(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    assert_eq!(a.len(), b.len(), "a rank correlation is between series of one length");
    let known: Vec<usize> = (0..a.len()).filter(|&i| !a[i].is_nan() && !b[i].is_nan()).collect();
    let of = |series: &[f64]| mean_ranks(&known.iter().map(|&i| series[i]).collect::<Vec<f64>>());
    (of(a), of(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_by_rounding_shares_a_rank() {
        let x = [0.1 + 0.2, f64::NAN, 0.3, 0.5, 0.1];
        assert_eq!(ranks(&x), [Some(2), None, Some(2), Some(1), Some(4)]);
        assert_eq!(ranks_by_year(&x[2..4], 1), [Some(1), Some(1)]);
        assert_eq!(ranks_by_year(&[], 0), []);
    }

    #[test]
    fn equal_scores_share_a_rank() {
        let scores = [0.1 + 0.2, 0.3, f64::NAN, 1.0, 0.0];
        assert_eq!(mean_ranks(&scores)[..2], [2.5, 2.5]);
        assert!(mean_ranks(&scores)[2].is_nan());
    }

    #[test]
    fn orders_without_a_difference_have_no_correlation() {
        for (a, b) in
            [(&[][..], &[][..]), (&[1.0], &[1.0]), (&[1.0, 1.0], &[1.0, 2.0]), (&[1.0, f64::NAN], &[1.0, 2.0])]
        {
            assert!(spearman(a, b).is_nan() && kendall(a, b).is_nan());
        }
    }

    /// scipy 1.17.1: spearmanr and kendalltau of the same lists.
    #[test]
    fn ties_count_as_in_scipy() {
        let (a, b) = ([1.0, 2.0, 2.0, 3.0, 5.0, 4.0, 4.0], [2.0, 1.0, 3.0, 3.0, 4.0, 7.0, 3.0]);
        assert!((spearman(&a, &b) - SPEARMAN).abs() < 1e-12);
        assert!((kendall(&a, &b) - KENDALL).abs() < 1e-12);
    }
    const SPEARMAN: f64 = 0.7925939239012171;
    const KENDALL: f64 = 0.6488856845230501;
}
