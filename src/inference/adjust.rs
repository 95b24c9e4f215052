//! Corrections for testing many cities at once. A NaN p value takes no part and stays NaN.

/// How p values are corrected before a city is called significant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjust {
    /// Not at all.
    #[default]
    None,
    /// False discovery rate: [`benjamini_hochberg`].
    Fdr,
    /// Family-wise error: [`bonferroni`].
    Bonferroni,
    /// Family-wise error, stepwise: [`holm`].
    Holm,
}

impl Adjust {
    /// The correction's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fdr => "fdr",
            Self::Bonferroni => "bonferroni",
            Self::Holm => "holm",
        }
    }

    /// The correction of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Fdr, Self::Bonferroni, Self::Holm].into_iter().find(|adjust| adjust.name() == name)
    }

    /// The corrected p values.
    pub fn apply(self, p: &[f64]) -> Vec<f64> {
        match self {
            Self::None => p.to_vec(),
            Self::Fdr => benjamini_hochberg(p),
            Self::Bonferroni => bonferroni(p),
            Self::Holm => holm(p),
        }
    }
}

/// Benjamini-Hochberg q values: q_(r) = min over s ≥ r of p_(s)·m/s, at most 1.
///
/// Rejecting where q ≤ a keeps the expected share of false discoveries at or below a
/// (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, 289-300).
///
/// ```
/// use agglo::inference::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5]), [0.04, 0.04 * 4.0 / 3.0, 0.04 * 4.0 / 3.0, 0.5]);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let m = order.len() as f64;
    let mut q = vec![f64::NAN; p.len()];
    let mut least = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(p[i] * m / (rank + 1) as f64);
        q[i] = least;
    }
    q
}

/// Bonferroni: p·m, at most 1.
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    let m = ascending(p).len() as f64;
    p.iter().map(|p| if p.is_nan() { f64::NAN } else { (p * m).min(1.0) }).collect()
}

/// Holm's step-down values: max over s ≤ r of p_(s)·(m − s + 1), at most 1
/// (Holm 1979, Scandinavian Journal of Statistics 6, 65-70).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let m = order.len();
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut most = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        most = most.max((p[i] * (m - rank) as f64).min(1.0));
        adjusted[i] = most;
    }
    adjusted
}

/// Places of the p values in ascending order, those that are NaN left out.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn missing_p_values_take_no_part() {
        let q = benjamini_hochberg(&[0.02, f64::NAN, 0.04]);
        assert_eq!((q[0], q[2]), (0.04, 0.04));
        assert!(q[1].is_nan() && bonferroni(&[f64::NAN])[0].is_nan() && holm(&[f64::NAN])[0].is_nan());
    }

    proptest! {
        #[test]
        fn corrections_keep_order_and_their_own_order(p in prop::collection::vec(0.0..1.0f64, 1..40)) {
            let (q, h, b) = (benjamini_hochberg(&p), holm(&p), bonferroni(&p));
            for i in 0..p.len() {
                prop_assert!(p[i] <= q[i] + 1e-15 && q[i] <= h[i] + 1e-15 && h[i] <= b[i] + 1e-15 && b[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || (q[i] <= q[j] && h[i] <= h[j]));
                }
            }
        }
    }
}
