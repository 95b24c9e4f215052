//! Ranks of scores, and how far two orders agree.

/// Scores closer than this, relative to the largest size, are equal: sums in another order would give either first.
const EQUAL: f64 = 1e-12;

/// The rank of each score, 1 for the highest; equal ones share the mean of their ranks. NaN for NaN.
fn mean_ranks(scores: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).filter(|&i| !scores[i].is_nan()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let alike = EQUAL * order.iter().fold(0.0, |size: f64, &i| size.max(scores[i].abs()));
    let (mut ranks, mut before) = (vec![f64::NAN; scores.len()], 0);
    for tied in order.chunk_by(|&a, &b| scores[a] - scores[b] <= alike) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
        before += tied.len();
    }
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
    let mut order: Vec<usize> = (0..a.len()).collect();
    order.sort_by(|&i, &j| a[i].total_cmp(&a[j]).then(b[i].total_cmp(&b[j])));
    let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
    let tied_a: f64 = order.chunk_by(|&i, &j| a[i] == a[j]).map(|tied| pairs(tied.len())).sum();
    let tied_both: f64 = order.chunk_by(|&i, &j| a[i] == a[j] && b[i] == b[j]).map(|tied| pairs(tied.len())).sum();
    let mut sorted: Vec<f64> = order.iter().map(|&i| b[i]).collect();
    let opposite = exchanges(&mut sorted) as f64;
    let tied_b: f64 = sorted.chunk_by(|x, y| x == y).map(|tied| pairs(tied.len())).sum();
    let all = pairs(a.len());
    let same = all - tied_a - tied_b + tied_both - opposite;
    ((same - opposite) / ((all - tied_a) * (all - tied_b)).sqrt()).clamp(-1.0, 1.0)
}

/// The ranks of two series over the places where both have a number.
fn both(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    assert_eq!(a.len(), b.len(), "a rank correlation is between series of one length");
    let known: Vec<usize> = (0..a.len()).filter(|&i| !a[i].is_nan() && !b[i].is_nan()).collect();
    let of = |series: &[f64]| mean_ranks(&known.iter().map(|&i| series[i]).collect::<Vec<f64>>());
    (of(a), of(b))
}

/// Sorts `values` and counts the pairs that were in descending order.
fn exchanges(values: &mut [f64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = exchanges(left) + exchanges(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if right[j] < left[i] {
            count += (left.len() - i) as u64;
            merged.push(right[j]);
            j += 1;
        } else {
            merged.push(left[i]);
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    values.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

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
