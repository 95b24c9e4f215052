//! Classes of a choropleth map: quantiles, natural breaks, equal intervals, box map.

use crate::inference::quantile;

/// A way to cut values into classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// As many cities in each class as ties allow.
    Quantiles,
    /// Classes with the least sum of squares within them (Fisher 1958; Jenks 1977), found exactly.
    NaturalBreaks,
    /// Intervals of one width.
    EqualIntervals,
    /// Quartiles, with the outliers beyond 1.5 interquartile ranges from them as classes of their own (Tukey 1977; Anselin 1994).
    BoxMap,
}

/// Values cut into classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// Upper bounds of all classes but the last, ascending: class k holds x with `cuts[k - 1] < x ≤ cuts[k]`.
    pub cuts: Vec<f64>,
    /// The least value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
}

impl Classes {
    /// Cuts the finite ones among `values` into at most `count` classes (six for a box map); `None` where there are none.
    ///
    /// Equal values are never parted, and a class that would be empty is left out, except from a box map.
    pub fn of(values: &[f64], method: Method, count: usize) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (&low, &high) = (sorted.first()?, sorted.last()?);
        let mut cuts = match method {
            Method::Quantiles => (1..count).map(|k| quantile(&sorted, k as f64 / count as f64)).collect(),
            Method::EqualIntervals => (1..count).map(|k| low + (high - low) * k as f64 / count as f64).collect(),
            Method::NaturalBreaks => natural_breaks(&sorted, count),
            Method::BoxMap => return Some(Self { cuts: hinges(&sorted), low, high }),
        };
        // A cut at the largest value would leave nothing above it.
        cuts.dedup();
        cuts.retain(|cut| *cut < high);
        let holds = |from: f64, to: f64| sorted.iter().any(|x| *x > from && *x <= to);
        let mut kept: Vec<f64> = Vec::new();
        for cut in cuts {
            if holds(kept.last().copied().unwrap_or(f64::NEG_INFINITY), cut) {
                kept.push(cut);
            }
        }
        if kept.last().is_some_and(|last| !holds(*last, high)) {
            kept.pop();
        }
        Some(Self { cuts: kept, low, high })
    }

    /// The class of a value; `None` where it is undefined.
    pub fn class(&self, x: f64) -> Option<usize> {
        x.is_finite().then(|| self.cuts.partition_point(|cut| *cut < x))
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        self.cuts.len() + 1
    }

    /// Never: there is at least one class.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The bounds of class `k`: that of the class below, and its own.
    pub fn bounds(&self, k: usize) -> (f64, f64) {
        let lower = if k == 0 { self.low } else { self.cuts[k - 1] };
        (lower, self.cuts.get(k).copied().unwrap_or(self.high))
    }
}

/// Lower fence, quartiles and upper fence.
fn hinges(sorted: &[f64]) -> Vec<f64> {
    let [q1, q2, q3] = [0.25, 0.5, 0.75].map(|p| quantile(sorted, p));
    let fence = 1.5 * (q3 - q1);
    // A value on the lower fence is no outlier.
    let below = sorted.iter().copied().filter(|x| *x < q1 - fence).fold(f64::NEG_INFINITY, f64::max);
    vec![if below.is_finite() { below } else { (q1 - fence).next_down() }, q1, q2, q3, q3 + fence]
}

/// Upper bounds of the classes with the least sum of squares within them, by dynamic programming in O(k n log n): the best
/// beginning of the last class moves only upwards with the number of values.
fn natural_breaks(sorted: &[f64], count: usize) -> Vec<f64> {
    let n = sorted.len();
    let count = count.min(n);
    let shift = sorted[n / 2];
    let mut sums = vec![(0.0, 0.0); n + 1];
    for (i, x) in sorted.iter().enumerate() {
        let x = x - shift;
        sums[i + 1] = (sums[i].0 + x, sums[i].1 + x * x);
    }
    // Sum of squares about their mean of the values from `a` up to, without, `b`.
    let within = |a: usize, b: usize| {
        let (sum, squares) = (sums[b].0 - sums[a].0, sums[b].1 - sums[a].1);
        (squares - sum * sum / (b - a) as f64).max(0.0)
    };
    let mut cost: Vec<f64> = (0..=n).map(|b| if b == 0 { 0.0 } else { within(0, b) }).collect();
    let mut starts: Vec<Vec<usize>> = Vec::new();
    for classes in 2..=count {
        let (mut next, mut start) = (vec![f64::INFINITY; n + 1], vec![0; n + 1]);
        let mut spans = vec![(classes, n, classes - 1, n)];
        while let Some((from, to, least, most)) = spans.pop() {
            if from > to {
                continue;
            }
            let b = from.midpoint(to);
            let totals = (least..=most.min(b - 1)).map(|a| (cost[a] + within(a, b), a));
            if let Some(best) = totals.min_by(|one, other| one.0.total_cmp(&other.0)) {
                (next[b], start[b]) = best;
            }
            spans.push((from, b - 1, least, start[b].max(least)));
            spans.push((b + 1, to, start[b].max(least), most));
        }
        cost = next;
        starts.push(start);
    }
    let mut cuts = Vec::new();
    let mut end = n;
    for start in starts.iter().rev() {
        end = start[end];
        if end == 0 {
            break;
        }
        cuts.push(sorted[end - 1]);
    }
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VALUES: [f64; 10] = [1.0, 2.0, 2.0, 3.0, 10.0, 11.0, 12.0, 50.0, 51.0, f64::NAN];

    #[test]
    fn natural_breaks_fall_into_the_gaps() {
        let classes = Classes::of(&VALUES, Method::NaturalBreaks, 3).unwrap();
        assert_eq!(classes.cuts, [3.0, 12.0]);
        assert_eq!((classes.class(12.0), classes.class(12.5), classes.class(f64::NAN)), (Some(1), Some(2), None));
    }

    #[test]
    fn a_box_map_has_six_classes_and_outliers() {
        let values: Vec<f64> = (1..=20).map(f64::from).chain([100.0]).collect();
        let classes = Classes::of(&values, Method::BoxMap, 6).unwrap();
        assert_eq!(classes.len(), 6);
        assert_eq!((classes.class(100.0), classes.class(1.0), classes.class(11.0)), (Some(5), Some(1), Some(2)));
        let low: Vec<f64> = values.iter().map(|x| -x).collect();
        assert_eq!(Classes::of(&low, Method::BoxMap, 6).unwrap().class(-100.0), Some(0));
    }

    #[test]
    fn one_value_is_one_class() {
        for method in [Method::Quantiles, Method::NaturalBreaks, Method::EqualIntervals] {
            assert_eq!(Classes::of(&[3.0; 5], method, 5).unwrap().len(), 1, "{method:?}");
            assert_eq!(Classes::of(&[f64::NAN], method, 5), None);
        }
        assert_eq!(Classes::of(&[3.0; 5], Method::BoxMap, 6).unwrap().class(3.0), Some(1));
    }

    proptest! {
        #[test]
        fn no_class_is_empty_and_all_values_have_one(values in proptest::collection::vec(-100..100_i32, 1..60), count in 2..7_usize) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            for method in [Method::Quantiles, Method::NaturalBreaks, Method::EqualIntervals] {
                let classes = Classes::of(&values, method, count).unwrap();
                prop_assert!(classes.len() <= count);
                let of: Vec<usize> = values.iter().map(|x| classes.class(*x).unwrap()).collect();
                prop_assert!((0..classes.len()).all(|k| of.contains(&k)), "{:?} {:?}", method, classes);
            }
        }

        #[test]
        fn natural_breaks_are_the_best_of_all(values in proptest::collection::vec(-50..50_i32, 3..12)) {
            let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
            values.sort_unstable_by(f64::total_cmp);
            let squares = |part: &[f64]| {
                let mean = part.iter().sum::<f64>() / part.len().max(1) as f64;
                part.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
            };
            let classes = Classes::of(&values, Method::NaturalBreaks, 3).unwrap();
            let parts: f64 = (0..classes.len())
                .map(|k| squares(&values.iter().copied().filter(|x| classes.class(*x) == Some(k)).collect::<Vec<_>>()))
                .sum();
            let n = values.len();
            let best = (1..n - 1)
                .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
                .map(|(a, b)| squares(&values[..a]) + squares(&values[a..b]) + squares(&values[b..]))
                .fold(f64::INFINITY, f64::min);
            prop_assert!(parts <= best + 1e-6, "{} > {}", parts, best);
        }
    }
}
