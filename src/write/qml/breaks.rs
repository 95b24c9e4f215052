//! Classes of numbers with about as many cities in each.

use super::renderer::Range;
use crate::write::{number_text, short};

/// From pale to dark: PuBu of ColorBrewer without its palest steps, which lines could not be seen in.
const RISING: [&str; 5] = ["#d0d1e6", "#a6bddb", "#74a9cf", "#2b8cbe", "#045a8d"];
/// Below and above a middle, the strong colour at the far end.
const BELOW: [&str; 2] = ["#0571b0", "#92c5de"];
const ABOVE: [&str; 2] = ["#f4a582", "#ca0020"];

/// At most five ranges by quantiles. Equal values are never parted, so that there may be fewer.
pub(super) fn quantiles(values: &[f64]) -> Vec<Range> {
    let values = ascending(values);
    let Some(&lowest) = values.first() else { return Vec::new() };
    let cuts = cuts(&values, RISING.len());
    let colours = (0..cuts.len()).map(|class| RISING[spread(class, cuts.len(), RISING.len())]);
    ranges(&values, lowest, cuts.iter().copied().zip(colours))
}

/// At most two ranges at or below a middle, and two above it, each by quantiles. Where all values are on one side there is
/// no middle to show, and the ranges are quantiles.
pub(super) fn around(middle: f64, values: &[f64]) -> Vec<Range> {
    let sorted = ascending(values);
    let (below, above) = sorted.split_at(sorted.partition_point(|&x| x <= middle));
    let (mut low, high) = (cuts(below, BELOW.len()), cuts(above, ABOVE.len()));
    let (Some(&lowest), Some(last), false) = (below.first(), low.last_mut(), high.is_empty()) else {
        return quantiles(values);
    };
    *last = middle;
    let below = low.iter().copied().zip(BELOW);
    let above = high.iter().copied().zip(ABOVE.into_iter().skip(ABOVE.len() - high.len()));
    ranges(&sorted, lowest, below.chain(above))
}

/// The numbers that are defined, without a sign of zero.
fn ascending(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().filter(|x| x.is_finite()).map(|x| x + 0.0).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The upper ends of `count` classes of ascending values, each once.
fn cuts(values: &[f64], count: usize) -> Vec<f64> {
    let n = values.len();
    let mut cuts: Vec<f64> =
        (1..=count).filter_map(|k| values.get((k * n).div_ceil(count).max(1) - 1)).copied().collect();
    cuts.dedup();
    cuts
}

/// The place among `all` colours of a class among `classes`, so that the ends of the scale are used.
fn spread(class: usize, classes: usize, all: usize) -> usize {
    if classes < 2 { all / 2 } else { class * (all - 1) / (classes - 1) }
}

/// Ranges from the lowest value on, each up to its cut.
fn ranges(values: &[f64], lowest: f64, classes: impl Iterator<Item = (f64, &'static str)> + Clone) -> Vec<Range> {
    let text = texts(std::iter::once(lowest).chain(classes.clone().map(|class| class.0)));
    let mut lower = lowest;
    let mut counted = 0;
    let range = |(upper, colour)| {
        let upto = values.partition_point(|&x| x <= upper);
        let bounds = if lower == upper { text(upper) } else { format!("{} – {}", text(lower), text(upper)) };
        let range = Range { lower, upper, label: format!("{bounds} ({})", upto - counted), colour };
        (lower, counted) = (upper, upto);
        range
    };
    classes.map(range).collect()
}

/// How numbers are written: in short, unless that would make two of them look the same.
fn texts(numbers: impl Iterator<Item = f64>) -> fn(f64) -> String {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.dedup();
    let mut shortened: Vec<String> = numbers.iter().map(|&x| short(x)).collect();
    shortened.dedup();
    if shortened.len() == numbers.len() { short } else { number_text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ranges: &[Range]) -> Vec<&str> {
        ranges.iter().map(|range| range.label.as_str()).collect()
    }

    #[test]
    fn classes_are_of_about_one_size() {
        let values: Vec<f64> = (1..=10).map(f64::from).chain([f64::NAN]).collect();
        assert_eq!(labels(&quantiles(&values)), ["1 – 2 (2)", "2 – 4 (2)", "4 – 6 (2)", "6 – 8 (2)", "8 – 10 (2)"]);
    }

    #[test]
    fn equal_values_are_not_parted() {
        let ranges = quantiles(&[0.0, 0.0, -0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 2.0]);
        assert_eq!(labels(&ranges), ["0 (6)", "0 – 2 (3)"]);
        assert_eq!((ranges[0].colour, ranges[1].colour), (RISING[0], RISING[4]));
        assert_eq!(labels(&quantiles(&[7.0, 7.0])), ["7 (2)"]);
        assert!(quantiles(&[f64::NAN]).is_empty() && around(0.0, &[]).is_empty());
    }

    #[test]
    fn ranges_follow_each_other_and_count_all() {
        let values: Vec<f64> = (0..97).map(|i| f64::from(i * i % 31)).collect();
        let ranges = quantiles(&values);
        assert!(ranges.windows(2).all(|pair| pair[0].upper == pair[1].lower && pair[0].lower <= pair[0].upper));
        let first = |x: f64| ranges.iter().position(|range| range.lower <= x && x <= range.upper);
        for (class, range) in ranges.iter().enumerate() {
            let inside = values.iter().filter(|&&x| first(x) == Some(class)).count();
            assert!(range.label.ends_with(&format!("({inside})")), "{} has {inside}", range.label);
        }
    }

    #[test]
    fn sides_of_the_middle_have_their_own_colours() {
        let ranges = around(0.0, &[-3.0, -1.0, 0.0, 1.0, 5.0]);
        assert_eq!(labels(&ranges), ["-3 – -1 (2)", "-1 – 0 (1)", "0 – 1 (1)", "1 – 5 (1)"]);
        assert_eq!(ranges.iter().map(|range| range.colour).collect::<Vec<_>>(), [BELOW, ABOVE].concat());
        assert_eq!(labels(&around(0.0, &[0.0, 2.0, 2.0])), ["0 (1)", "0 – 2 (2)"]);
        assert_eq!(
            around(0.0, &[-1.0, 2.0]).iter().map(|range| range.colour).collect::<Vec<_>>(),
            [BELOW[0], ABOVE[1]]
        );
        assert_eq!(around(0.0, &[1.0, 2.0]), quantiles(&[1.0, 2.0]));
    }

    #[test]
    fn numbers_that_would_look_the_same_are_written_in_full() {
        assert_eq!(labels(&quantiles(&[1.0, 1.000001])), ["1.0 (1)", "1.0 – 1.000001 (1)"]);
    }
}
