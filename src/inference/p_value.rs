//! From counts of replicates, or from a z value, to a p value.

use libm::erfc;

/// Which side of the reference distribution counts as evidence against the null hypothesis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alternative {
    /// The statistic is larger or smaller than under the null.
    #[default]
    TwoSided,
    /// The statistic is larger than under the null.
    Greater,
    /// The statistic is smaller than under the null.
    Less,
}

impl Alternative {
    /// The alternative's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoSided => "two-sided",
            Self::Greater => "greater",
            Self::Less => "less",
        }
    }

    /// The alternative of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::TwoSided, Self::Greater, Self::Less].into_iter().find(|alternative| alternative.name() == name)
    }
}

/// How many of the replicates reach the observed value from either side; a tie counts on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Replicates at or above the observed value.
    pub at_least: usize,
    /// Replicates at or below the observed value.
    pub at_most: usize,
}

impl Counts {
    /// Holds every replicate against the observed value; values within `tolerance` are ties.
    pub fn of(replicates: &[f64], observed: f64, tolerance: f64) -> Self {
        Self {
            at_least: replicates.iter().filter(|&&x| x >= observed - tolerance).count(),
            at_most: replicates.iter().filter(|&&x| x <= observed + tolerance).count(),
        }
    }

    /// The p value among `permutations` replicates; NaN without any.
    ///
    /// p_greater = (#{replicate ≥ observed} + 1) / (P + 1), p_less with ≤, two-sided min(1, 2·min). The observed
    /// value counts as one of its own replicates, so p is never 0 (Davison and Hinkley 1997, section 4.2).
    ///
    /// ```
    /// use agglo::inference::{Alternative, Counts};
    /// let counts = Counts { at_least: 4, at_most: 995 };
    /// assert_eq!(counts.p(999, Alternative::Greater), 0.005);
    /// assert_eq!(counts.p(999, Alternative::TwoSided), 0.01);
    /// ```
    pub fn p(self, permutations: usize, alternative: Alternative) -> f64 {
        if permutations == 0 {
            return f64::NAN;
        }
        let share = |count: usize| (count + 1) as f64 / (permutations + 1) as f64;
        match alternative {
            Alternative::Greater => share(self.at_least),
            Alternative::Less => share(self.at_most),
            Alternative::TwoSided => (2.0 * share(self.at_least.min(self.at_most))).min(1.0),
        }
    }
}

/// Monte Carlo standard error of a permutation p value: √(p(1−p)/(P+1)), for a two-sided p twice that of its smaller side.
pub fn monte_carlo_error(p: f64, permutations: usize, alternative: Alternative) -> f64 {
    let (side, times) = if alternative == Alternative::TwoSided { (p / 2.0, 2.0) } else { (p, 1.0) };
    times * (side * (1.0 - side) / (permutations + 1) as f64).sqrt()
}

/// The p value of a standard normal deviate; NaN for NaN.
pub fn normal_p(z: f64, alternative: Alternative) -> f64 {
    let upper = |z: f64| 0.5 * erfc(z / std::f64::consts::SQRT_2);
    match alternative {
        _ if z.is_nan() => f64::NAN,
        Alternative::Greater => upper(z),
        Alternative::Less => upper(-z),
        Alternative::TwoSided => 2.0 * upper(z.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_on_both_sides() {
        let counts = Counts::of(&[1.0, 2.0, 2.0 + 1e-16, 3.0], 2.0, 1e-12);
        assert_eq!(counts, Counts { at_least: 3, at_most: 3 });
        assert_eq!(counts.p(4, Alternative::TwoSided), 1.0);
    }

    #[test]
    fn the_smallest_p_is_that_of_the_grid() {
        let none = Counts { at_least: 0, at_most: 999 };
        assert_eq!(none.p(999, Alternative::Greater), 0.001);
        assert_eq!(none.p(999, Alternative::TwoSided), 0.002);
        assert!(none.p(0, Alternative::Greater).is_nan());
    }

    #[test]
    fn normal_tails() {
        assert!((normal_p(1.959963984540054, Alternative::TwoSided) - 0.05).abs() < 1e-12);
        assert!((normal_p(1.0, Alternative::Greater) + normal_p(1.0, Alternative::Less) - 1.0).abs() < 1e-15);
    }
}
