//! Fisher's exact test of two shares.

use libm::{exp, lgamma};

/// Relative difference up to which two probabilities are equal: rounding of logarithms of factorials.
const EQUAL: f64 = 1e-7;

/// The two-sided p value of Fisher's exact test: how likely the first share is as far from the second as `a` of `n` from
/// `b` of `m`, or less likely still, if the a + b are spread among the n + m at random; NaN without any of either, or if more
/// are counted than there are. O(a + b).
///
/// ```
/// use agglo::inference::fisher_p;
/// assert!((fisher_p((3, 4), (1, 4)) - 34.0 / 70.0).abs() < 1e-12); // the lady tasting tea
/// ```
pub fn fisher_p((a, n): (usize, usize), (b, m): (usize, usize)) -> f64 {
    if n == 0 || m == 0 || a > n || b > m {
        return f64::NAN;
    }
    let all = a + b;
    let factorial = |k: usize| lgamma(k as f64 + 1.0);
    let ways = |n: usize, k: usize| factorial(n) - factorial(k) - factorial(n - k);
    let probability = |k: usize| exp(ways(n, k) + ways(m, all - k) - ways(n + m, all));
    let observed = probability(a) * (1.0 + EQUAL);
    let tables = all.saturating_sub(m)..=all.min(n);
    tables.map(probability).filter(|&p| p <= observed).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_scipy() {
        // scipy.stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue of SciPy
        let cases = [
            ((23, 585), (6, 14), 1.7384781687064786e-5),
            ((4, 87), (4, 36), 0.23066171292427795),
            ((300, 1000), (35, 100), 0.30638176178341886),
        ];
        for (first, second, want) in cases {
            let (p, other) = (fisher_p(first, second), fisher_p(second, first));
            assert!((p - want).abs() < 1e-9 * want && (other - want).abs() < 1e-9 * want, "{p} for {want}");
        }
        assert_eq!(fisher_p((0, 5), (0, 9)), 1.0);
        assert!(fisher_p((0, 0), (1, 2)).is_nan() && fisher_p((3, 2), (1, 2)).is_nan());
    }
}
