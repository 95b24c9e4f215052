//! The normal distribution: how much lies below a value, and below which value a share lies.

use libm::erfc;

/// Halvings after which an interval of doubles does not shrink any more.
const HALVINGS: usize = 80;
/// Beyond this nothing is left in doubles.
const FARTHEST: f64 = 40.0;

/// The share of the standard normal distribution below `z`.
pub(crate) fn normal_below(z: f64) -> f64 {
    erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// The value below which the share `p` of the standard normal distribution lies: infinite for 0 and 1, NaN outside.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    match p {
        0.0 => return f64::NEG_INFINITY,
        1.0 => return f64::INFINITY,
        p if !(0.0..=1.0).contains(&p) => return f64::NAN,
        // The lower tail is the one whose shares have all their digits.
        p if p > 0.5 => return 0.0 - normal_quantile(1.0 - p),
        _ => {}
    }
    let (mut low, mut high) = (-FARTHEST, 0.0);
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if normal_below(middle) < p { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_as_tabulated() {
        // R 4.3: qnorm(c(0.5, 0.975, 0.9, 1e-10)).
        let table = [(0.5, 0.0), (0.975, 1.959963984540054), (0.9, 1.2815515655446004), (1e-10, -6.361340902404056)];
        for (p, z) in table {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
            assert!((normal_below(z) - p).abs() < 1e-14);
        }
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }
}
