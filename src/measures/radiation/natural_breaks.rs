//! Natural breaks: the classes of a value that differ least within themselves.

/// The least value of every class but the lowest, ascending, of the division of `values` into `classes` classes that has the
/// least sum of squared differences from the means of the classes. NaN takes no part.
///
/// # Formula
///
/// min Σ_c Σ_{i in c} (x_i − x̄_c)² over all divisions of the ordered values. Equal values are in one class, so that there
/// are fewer classes where there are fewer different values; among divisions that are equally good, the one whose upper
/// classes begin lowest. The optimum is exact, by dynamic programming over the k classes and m different values, O(k·m·log m).
///
/// # Source
///
/// Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical Association 53, 789-798.
/// Jenks, G. F. (1967). The data model concept in statistical mapping. International Yearbook of Cartography 7, 186-190.
///
/// ```
/// use agglo::measures::radiation::natural_breaks;
/// assert_eq!(natural_breaks(&[1.0, 9.0, 2.0, 10.0, 5.0, 1.5], 3), [5.0, 9.0]);
/// ```
pub fn natural_breaks(values: &[f64], classes: usize) -> Vec<f64> {
    let runs = Runs::new(values);
    let m = runs.distinct.len();
    let mut costs: Vec<f64> = (0..=m).map(|end| runs.within(0, end)).collect();
    let mut beginnings = Vec::new();
    for class in 1..classes.min(m) {
        let mut layer =
            Layer { runs: &runs, before: &costs, costs: vec![f64::INFINITY; m + 1], begins: vec![0; m + 1] };
        layer.fill((class + 1, m), (class, m - 1));
        let Layer { costs: next, begins, .. } = layer;
        beginnings.push(begins);
        costs = next;
    }
    let mut end = m;
    let cut = |begins: &Vec<usize>| {
        end = begins[end];
        runs.distinct[end]
    };
    let mut cuts: Vec<f64> = beginnings.iter().rev().map(cut).collect();
    cuts.reverse();
    cuts
}

/// The different values, ascending, with running sums over them.
struct Runs {
    distinct: Vec<f64>,
    /// How many values, their sum and that of their squares, about their mean, before each different value.
    before: Vec<[f64; 3]>,
}

impl Runs {
    fn new(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        let (mut distinct, mut before, mut sums) = (Vec::new(), Vec::new(), [0.0; 3]);
        for x in sorted {
            if distinct.last() != Some(&x) {
                distinct.push(x);
                before.push(sums);
            }
            let from_mean = x - mean;
            sums = [sums[0] + 1.0, sums[1] + from_mean, sums[2] + from_mean * from_mean];
        }
        before.push(sums);
        Self { distinct, before }
    }

    /// The squared differences from their mean of the values from one different value up to before another.
    fn within(&self, begin: usize, end: usize) -> f64 {
        if end <= begin + 1 {
            return 0.0;
        }
        let [count, sum, squares] = [0, 1, 2].map(|k| self.before[end][k] - self.before[begin][k]);
        (squares - sum * sum / count).max(0.0)
    }
}

/// The best divisions of all beginnings of the values into one class more than `before` has.
struct Layer<'a> {
    runs: &'a Runs,
    before: &'a [f64],
    costs: Vec<f64>,
    begins: Vec<usize>,
}

impl Layer<'_> {
    /// For ends from `ends.0` to `ends.1`, of which the last class is known to begin from `begins.0` to `begins.1`: the
    /// later the end, the later it begins.
    fn fill(&mut self, ends: (usize, usize), begins: (usize, usize)) {
        if ends.0 > ends.1 {
            return;
        }
        let end = ends.0.midpoint(ends.1);
        for begin in begins.0..=begins.1.min(end - 1) {
            let cost = self.before[begin] + self.runs.within(begin, end);
            if cost < self.costs[end] {
                (self.costs[end], self.begins[end]) = (cost, begin);
            }
        }
        let at = self.begins[end];
        self.fill((ends.0, end - 1), (begins.0, at));
        self.fill((end + 1, ends.1), (at, begins.1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_values_have_few_classes() {
        assert!(natural_breaks(&[], 3).is_empty() && natural_breaks(&[2.0; 9], 3).is_empty());
        assert_eq!(natural_breaks(&[1.0, 1.0, f64::NAN, 4.0], 3), [4.0]);
        assert_eq!(natural_breaks(&[1.0, 2.0, 4.0], 3), [2.0, 4.0]);
        assert!(natural_breaks(&[1.0, 2.0], 1).is_empty() && natural_breaks(&[1.0, 2.0], 0).is_empty());
    }

    proptest! {
        #[test]
        fn no_division_is_better(values in prop::collection::vec(0..30u8, 3..14)) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let cost = |cuts: &[f64]| -> f64 {
                let class = |x: f64| cuts.iter().filter(|&&cut| x >= cut).count();
                let of = |c| values.iter().copied().filter(|&x| class(x) == c).collect::<Vec<f64>>();
                let within = |xs: Vec<f64>| {
                    let mean = xs.iter().sum::<f64>() / xs.len().max(1) as f64;
                    xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
                };
                (0..=cuts.len()).map(|c| within(of(c))).sum()
            };
            let found = cost(&natural_breaks(&values, 3));
            for a in &values {
                for b in values.iter().filter(|b| *b > a) {
                    prop_assert!(found <= cost(&[*a, *b]) + 1e-9);
                }
            }
        }
    }
}
