//! Scales: from numbers to places along an axis, with round ticks.

use crate::note::short;

/// How numbers are laid along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Scale {
    /// A linear scale that holds all finite numbers, with a little room on both sides.
    pub fn linear(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let room = if high > low { (high - low) * 0.04 } else { low.abs().max(1.0) * 0.5 };
        Self { low: low - room, high: high + room, logarithmic: false }
    }

    /// A linear scale from exactly `low` to `high`.
    pub fn exact(low: f64, high: f64) -> Self {
        Self { low, high: if high > low { high } else { low + 1.0 }, logarithmic: false }
    }

    /// A linear scale that begins at 0, or ends there where all numbers are below it.
    pub fn from_zero(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let (low, high) = (low.min(0.0), high.max(0.0));
        let room = if high > low { (high - low) * 0.04 } else { 1.0 };
        let low = if low < 0.0 { low - room } else { 0.0 };
        Self { low, high: if high > 0.0 || low == 0.0 { high + room } else { 0.0 }, logarithmic: false }
    }

    /// A logarithmic scale that holds all numbers above 0.
    pub fn logarithmic(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = extent(values.into_iter().filter(|x| *x > 0.0)).unwrap_or((1.0, 10.0));
        let ratio = libm::pow(high / low, 0.04).max(1.02);
        Self { low: low / ratio, high: high * ratio, logarithmic: true }
    }

    /// Where a number lies between the ends, 0 to 1; NaN where it has no place.
    pub fn share(&self, x: f64) -> f64 {
        if self.logarithmic {
            libm::log(x / self.low) / libm::log(self.high / self.low)
        } else {
            (x - self.low) / (self.high - self.low)
        }
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether a number lies on it.
    pub fn holds(&self, x: f64) -> bool {
        (-1e-9..=1.0 + 1e-9).contains(&self.share(x))
    }

    /// Round numbers along it, about `count` of them, each with its text.
    pub fn ticks(&self, count: usize) -> Vec<(f64, String)> {
        let decades = if self.logarithmic { self.decades() } else { Vec::new() };
        // A short piece of a logarithmic scale may hold no round decade.
        let values = if decades.len() < 2 { self.steps(count) } else { decades };
        let exact = |x: &f64| (*x, short(*x));
        let mut ticks: Vec<(f64, String)> = values.iter().map(exact).collect();
        // Years and the like read better without a fraction; numbers too alike for four digits need more of them.
        if ticks.windows(2).any(|pair| pair[0].1 == pair[1].1) {
            ticks = values.iter().map(|x| (*x, format!("{x:.6}"))).collect();
        }
        ticks
    }

    fn steps(&self, count: usize) -> Vec<f64> {
        let rough = (self.high - self.low) / count.max(1) as f64;
        if !(rough.is_finite() && rough > 0.0) {
            return Vec::new();
        }
        let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(power * 10.0);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        // Through a division by a whole number, so that 0.3 is 0.3 and not 0.30000000000000004.
        let whole = |k: i64| if step < 1.0 { k as f64 / (1.0 / step) } else { k as f64 * step };
        (first..=last.min(first + 50)).map(whole).collect()
    }

    fn decades(&self) -> Vec<f64> {
        let (from, to) = (libm::floor(libm::log10(self.low)) as i32, libm::ceil(libm::log10(self.high)) as i32);
        let ratio = self.high / self.low;
        let within: &[f64] = match ratio {
            r if r < 4.0 => &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0],
            r if r < 100.0 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let every = ((to - from) / 6).max(1);
        (from..=to)
            .step_by(every as usize)
            .flat_map(|decade| within.iter().map(move |m| m * libm::pow(10.0, f64::from(decade))))
            .filter(|x| self.holds(*x))
            .collect()
    }
}

/// The least and the largest finite number.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|x| x.is_finite())
        .fold(None, |found, x| Some(found.map_or((x, x), |(low, high): (f64, f64)| (low.min(x), high.max(x)))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let texts = |scale: Scale| scale.ticks(5).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(Scale::exact(0.0, 1.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(texts(Scale::exact(2010.0, 2020.0)), ["2010", "2012", "2014", "2016", "2018", "2020"]);
        assert_eq!(texts(Scale::logarithmic([1.0, 1000.0])), ["1", "10", "100", "1000"]);
        assert_eq!(texts(Scale::linear([f64::NAN])), texts(Scale::linear([0.0, 1.0])));
    }

    proptest! {
        #[test]
        fn every_number_has_a_place(values in proptest::collection::vec(-1e9..1e9_f64, 1..20)) {
            let scale = Scale::linear(values.clone());
            prop_assert!(values.iter().all(|x| scale.holds(*x)));
            prop_assert!(scale.ticks(5).iter().all(|(x, _)| scale.holds(*x)));
            prop_assert!((1..=12).contains(&scale.ticks(5).len()));
        }

        #[test]
        fn ticks_differ(low in -1e6..1e6_f64, width in 1e-6..1e6_f64) {
            let ticks = Scale::exact(low, low + width).ticks(5);
            let distinct: std::collections::HashSet<_> = ticks.iter().map(|(_, text)| text).collect();
            prop_assert_eq!(distinct.len(), ticks.len());
        }
    }
}
