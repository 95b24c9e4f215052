//! Exact moments of local statistics under conditional randomisation.

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
