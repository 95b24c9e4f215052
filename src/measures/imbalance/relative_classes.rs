//! Classes of relative values: values over the mean of their year, cut by quantiles of all years together.

use super::panel::Panel;
use crate::error::{Fault, Faults, Kind, Result};
use crate::note::Note;

/// Relative difference up to which two relative values are equal: what is left over when a year is over its mean.
const EQUAL: f64 = 1e-12;

/// The values of the cities over the mean of their year, year by year.
pub(super) fn relative(levels: &[(i32, &[f64])], cities: &[usize]) -> Result<Vec<Vec<f64>>> {
    let mut faults = Faults::default();
    for &(year, y) in levels {
        for &i in cities.iter().filter(|&&i| y[i] < 0.0) {
            let message = format!("{} in {year} is negative, and relative values need values of 0 or more", y[i]);
            faults.push(Fault::new(Kind::Value, message).feature(i).hint("leave such cities out with --where"));
        }
    }
    faults.finish(())?;
    let of_year = |&(year, y): &(i32, &[f64])| {
        let largest = cities.iter().fold(0.0_f64, |most, &i| most.max(y[i]));
        if largest == 0.0 {
            let message = format!("all values of {year} are 0, so that there are no relative values");
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        // Over the largest first, so that no sum overflows.
        let mean = cities.iter().map(|&i| y[i] / largest).sum::<f64>() / cities.len() as f64;
        Ok(cities.iter().map(|&i| y[i] / largest / mean).collect())
    };
    levels.iter().map(of_year).collect()
}

/// The quantiles (type 7) of the values of all years together, without those between or above which there is no value.
pub(super) fn cut_offs(values: &[Vec<f64>], classes: usize) -> Vec<f64> {
    let mut pooled: Vec<f64> = values.concat();
    pooled.sort_by(f64::total_cmp);
    let steps = pooled.len() - 1;
    let quantile = |q: usize| {
        let (low, rest) = (q * steps / classes, q * steps % classes);
        let x = pooled[low];
        if rest == 0 { x } else { x + rest as f64 / classes as f64 * (pooled[low + 1] - x) }
    };
    let upto = |bound: f64| pooled.partition_point(|&r| !exceeds(r, bound));
    let mut cut_offs: Vec<f64> = (1..classes).map(quantile).filter(|&bound| upto(bound) < pooled.len()).collect();
    cut_offs.dedup_by_key(|bound| upto(*bound));
    cut_offs
}

/// The class of a value among these bounds, 0 the lowest; a value equal to a bound is in the class below it.
pub(super) fn class_of(cut_offs: &[f64], r: f64) -> usize {
    cut_offs.partition_point(|&bound| exceeds(r, bound))
}

/// Whether a relative value is above another one by more than rounding.
fn exceeds(r: f64, other: f64) -> bool {
    r > other + EQUAL * other.abs()
}

/// The remark that there are fewer classes of relative values, or of something else `of` them, than asked for.
pub(super) fn fewer_classes(panel: &Panel, of: &str, classes: usize, asked: usize) -> Option<Note> {
    let message =
        format!("{}: {classes} classes{of} instead of {asked}, since many relative values are equal", panel.name);
    (classes < asked).then(|| Note::remark("fewer_classes", message))
}
