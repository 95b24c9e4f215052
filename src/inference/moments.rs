//! Exact moments of statistics under their null hypotheses.

use crate::weights::WeightSums;

/// Mean and variance of Σ_j w_ij·y_j when the y of the other cities are dealt out to them at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ConditionalMoments {
    pub(crate) expected: f64,
    pub(crate) variance: f64,
}

/// The moments for one city of n: `weight` is Σ_j w_ij, `squares` Σ_j w_ij², and `sum` and `sum_squares` are
/// Σ_j y_j and Σ_j y_j² over the n − 1 other cities.
///
/// E = w·ȳ and V = v·(Σw² − w²/(n−1))·(n−1)/(n−2), with ȳ and v the mean and population variance of those n − 1
/// values: the variance of a linear rank statistic (Sokal, Oden and Thomson 1998, Geographical Analysis 30, 331-354).
pub(crate) fn conditional_moments(
    n: usize,
    weight: f64,
    squares: f64,
    sum: f64,
    sum_squares: f64,
) -> ConditionalMoments {
    let others = (n - 1) as f64;
    let mean = sum / others;
    let spread = (sum_squares / others - mean * mean).max(0.0);
    let variance = spread * (squares - weight * weight / others).max(0.0) * others / (others - 1.0);
    ConditionalMoments { expected: weight * mean, variance }
}

/// Variance of Moran's I where the values are independent draws from one normal distribution:
/// (n²·S1 − n·S2 + 3·S0²) / ((n² − 1)·S0²) − 1/(n − 1)² (Cliff and Ord 1981, Spatial Processes, page 44).
pub(crate) fn moran_variance_normality(n: usize, sums: &WeightSums) -> f64 {
    let (n, WeightSums { s0, s1, s2 }) = (n as f64, *sums);
    (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n * n - 1.0) * s0 * s0) - (n - 1.0).powi(-2)
}

/// Variance of Moran's I over all n! arrangements of the values; `kurtosis` is n·Σz⁴/(Σz²)². NaN for n = 3
/// (Cliff and Ord 1981, page 46).
pub(crate) fn moran_variance_randomisation(n: usize, sums: &WeightSums, kurtosis: f64) -> f64 {
    let (n, WeightSums { s0, s1, s2 }) = (n as f64, *sums);
    let plain = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    let peaked = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    (plain - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - (n - 1.0).powi(-2)
}

/// Variance of Geary's C under normality:
/// ((2·S1 + S2)(n − 1) − 4·S0²) / (2(n + 1)·S0²) (Cliff and Ord 1981, page 45).
pub(crate) fn geary_variance_normality(n: usize, sums: &WeightSums) -> f64 {
    let (n, WeightSums { s0, s1, s2 }) = (n as f64, *sums);
    ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0)
}

/// Variance of Geary's C over all arrangements of the values; NaN for n = 3 (Cliff and Ord 1981, page 47).
pub(crate) fn geary_variance_randomisation(n: usize, sums: &WeightSums, kurtosis: f64) -> f64 {
    let (n, WeightSums { s0, s1, s2 }, b) = (n as f64, *sums, kurtosis);
    let first = (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * b);
    let second = (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * b) / 4.0;
    let third = s0 * s0 * (n * n - 3.0 - (n - 1.0).powi(2) * b);
    (first - second + third) / (n * (n - 2.0) * (n - 3.0) * s0 * s0)
}

/// A statistic in standard form, (observed − expected)/√variance; NaN where the variance is not positive.
pub(crate) fn z_value(observed: f64, expected: f64, variance: f64) -> f64 {
    if variance > 0.0 { (observed - expected) / variance.sqrt() } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways to deal four values to the two neighbours of a city, weights 1 and 2.
    #[test]
    fn moments_equal_those_of_all_arrangements() {
        let y = [1.0, 4.0, -2.0, 0.5];
        let mut sums = Vec::new();
        for a in 0..4 {
            for b in (0..4).filter(|&b| b != a) {
                sums.push(y[a] + 2.0 * y[b]);
            }
        }
        let mean = sums.iter().sum::<f64>() / 12.0;
        let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 12.0;
        let got = conditional_moments(5, 3.0, 5.0, y.iter().sum(), y.iter().map(|y| y * y).sum());
        assert!((got.expected - mean).abs() < 1e-12 && (got.variance - variance).abs() < 1e-12);
    }
}
