//! What resampling says of a number: its standard error, its bias, and an interval.

use rayon::prelude::*;

use crate::inference::{LANES, Lanes, normal_below, normal_quantile, quantile};

/// One entry for each of `resamples` resamples of `n` cities. They are made in batches of [`LANES`]: `batch` gets the place of
/// a batch and room for how often each city is drawn in its resamples, and gives their entries.
pub(super) fn resampled<T: Send>(
    n: usize,
    resamples: usize,
    batch: impl Fn(&mut [Lanes], usize) -> [T; LANES] + Sync,
) -> Vec<T> {
    let batches = (0..resamples.div_ceil(LANES)).into_par_iter();
    let mut all: Vec<T> =
        batches.map_init(|| vec![[0.0; LANES]; n], |counts, at| batch(counts, at)).flatten_iter().collect();
    all.truncate(resamples);
    all
}

/// A number and what resampling says of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The number, of the data themselves.
    pub value: f64,
    /// Standard deviation of the resamples, divided by their number less one.
    pub se: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Mean of the resamples less the number.
    pub bias: f64,
}

impl Interval {
    /// The interval of a number that has none, since it is not defined or its resamples do not allow one.
    const UNKNOWN: Self = Self { value: f64::NAN, se: f64::NAN, low: f64::NAN, high: f64::NAN, bias: f64::NAN };

    /// Efron's bias-corrected accelerated interval with the level 1 − `alpha`. Its ends are the quantiles (type 7) of the
    /// replicates at Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))) for z = Φ⁻¹(α/2) and Φ⁻¹(1 − α/2), where Φ(z₀) is the share of
    /// replicates below the value, those equal to it counting half, and a is the acceleration.
    ///
    /// Replicates that are not defined are left out. Without two of them all is NaN but the value; so are the ends where
    /// all replicates lie on one side of it.
    pub(super) fn accelerated(
        value: f64,
        replicates: impl Iterator<Item = f64>,
        acceleration: f64,
        alpha: f64,
    ) -> Self {
        let mut sorted: Vec<f64> = replicates.filter(|x| x.is_finite()).collect();
        if !value.is_finite() || sorted.len() < 2 {
            return Self { value, ..Self::UNKNOWN };
        }
        let m = sorted.len() as f64;
        // Taken from the value on, so that resamples that all give it have no error.
        let bias = sorted.iter().map(|x| x - value).sum::<f64>() / m;
        let squares: f64 = sorted.iter().map(|x| (x - value - bias) * (x - value - bias)).sum();
        sorted.sort_by(f64::total_cmp);
        let below = sorted.partition_point(|&x| x < value);
        let up_to = sorted.partition_point(|&x| x <= value);
        let centre = normal_quantile((below + up_to) as f64 / (2.0 * m));
        let end = |level: f64| {
            let from = centre + normal_quantile(level);
            let stretch = 1.0 - acceleration * from;
            let at =
                if stretch > 0.0 { normal_below(centre + from / stretch) } else { f64::from(u8::from(from > 0.0)) };
            if centre.is_finite() { quantile(&sorted, at) } else { f64::NAN }
        };
        Self { value, se: (squares / (m - 1.0)).sqrt(), low: end(alpha / 2.0), high: end(1.0 - alpha / 2.0), bias }
    }

    /// The same for the number times a positive factor.
    pub(super) fn times(self, factor: f64) -> Self {
        let [value, se, low, high, bias] =
            [self.value, self.se, self.low, self.high, self.bias].map(|number| number * factor);
        Self { value, se, low, high, bias }
    }
}

/// Efron's acceleration from the values of the statistic without each of the observations in turn:
/// a = Σ u³/(6 (Σ u²)^(3/2)), u the mean of these values less each of them; 0 where they are all equal.
pub(super) fn acceleration(without_each: impl Iterator<Item = f64>) -> f64 {
    let defined: Vec<f64> = without_each.filter(|x| x.is_finite()).collect();
    let mean = super::distribution::mean(defined.iter().map(|&x| (x, 1.0 / defined.len() as f64)));
    let largest = defined.iter().fold(0.0_f64, |most, x| most.max((mean - x).abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let (squares, cubes) = defined
        .iter()
        .map(|x| (mean - x) / largest)
        .fold((0.0, 0.0), |(squares, cubes), u| (squares + u * u, cubes + u * u * u));
    cubes / (6.0 * squares * f64::sqrt(squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_bias_and_acceleration_it_is_the_percentile_interval() {
        let replicates = (0..=1000).map(|i| f64::from(i) / 1000.0);
        let interval = Interval::accelerated(0.5, replicates, 0.0, 0.05);
        assert!((interval.low - 0.025).abs() < 1e-12 && (interval.high - 0.975).abs() < 1e-12, "{interval:?}");
        assert!(interval.bias.abs() < 1e-15 && (interval.se - (1.0 / 12.0_f64).sqrt()).abs() < 1e-3);
    }

    #[test]
    fn a_biased_statistic_is_moved_back() {
        let replicates = || (0..=1000).map(|i| f64::from(i) / 1000.0);
        let corrected = Interval::accelerated(0.7, replicates(), 0.0, 0.05);
        // Φ(2·Φ⁻¹(0.7) ± 1.96)
        let level = |z: f64| normal_below(2.0 * normal_quantile(0.7) + z);
        assert!((corrected.low - level(-1.959963984540054)).abs() < 1e-3);
        assert!((corrected.high - level(1.959963984540054)).abs() < 1e-3);
        let accelerated = Interval::accelerated(0.7, replicates(), 0.1, 0.05);
        assert!(accelerated.low > corrected.low && accelerated.high > corrected.high);
    }

    #[test]
    fn nothing_to_go_by() {
        let one = Interval::accelerated(1.0, [0.5].into_iter(), 0.0, 0.05);
        assert!(one.value == 1.0 && one.se.is_nan() && one.low.is_nan());
        let aside = Interval::accelerated(1.0, [0.5, 0.6, f64::NAN].into_iter(), 0.0, 0.05);
        assert!(aside.low.is_nan() && aside.high.is_nan() && aside.se > 0.0);
        let same = Interval::accelerated(1.0, [1.0; 10].into_iter(), 0.0, 0.05);
        assert_eq!((same.low, same.high, same.se, same.bias), (1.0, 1.0, 0.0, 0.0));
        assert_eq!(acceleration([2.0, 2.0].into_iter()), 0.0);
        assert_eq!(acceleration(std::iter::empty()), 0.0);
        assert!(acceleration([0.0, 0.0, 0.0, -1.0].into_iter()) > 0.0);
    }
}
