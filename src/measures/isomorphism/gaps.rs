//! What tables of cities and sectors share: notes on undefined numbers, on sizes that are not known, and the order of rows.

use super::adapter::cell;
use crate::error::{Fault, Kind, Result};
use crate::measures::Run;
use crate::note::{Note, listed, listed_by};
use crate::study::{Industry, Structure};
use serde_json::Value;

/// Share of all from which on a sector is large enough for a sentence.
pub(super) const LARGE: f64 = 0.01;

/// A note on the cities that take part and whose number is undefined nonetheless; `None` where there are none.
pub(super) fn undefined_cities(run: &Run, structure: &Structure, what: &str, why: &str, x: &[f64]) -> Option<Note> {
    let cities: Vec<usize> = structure.members().iter().copied().filter(|&i| !x[i].is_finite()).collect();
    let named = match cities.len() {
        all if all > 1 && all == structure.members().len() => format!("all {all} cities"),
        _ => listed_by(&cities, |&i| run.cities.label(i)),
    };
    let message = format!("{what} is undefined for {named}: {why}");
    (!cities.is_empty())
        .then(|| Note::remark("undefined_number", message).about(cities.iter().map(|&i| run.cities.ids[i].as_str())))
}

/// A note on the sectors for which `what` is undefined; `None` where there are none.
pub(super) fn undefined_sectors(industry: &Industry, what: &str, why: &str, sectors: &[usize]) -> Option<Note> {
    let names: Vec<&str> = sectors.iter().map(|&k| industry.sectors[k].as_str()).collect();
    let message = format!("{what} undefined for {}: {why}", listed(&names));
    (!sectors.is_empty()).then(|| Note::remark("undefined_number", message))
}

/// Says that cities weigh the same where the table holds percentages, so that their sizes are not known.
pub(super) fn sizes_unknown(industry: &Industry) -> Option<Note> {
    let message = format!(
        "{} holds percentages, not levels: the sizes of the cities are not known and every city weighs the same",
        industry.value
    );
    industry.percent.then(|| Note::remark("sizes_unknown", message))
}

/// At least `least` cities take part.
pub(super) fn at_least(structure: &Structure, least: usize) -> Result<()> {
    let n = structure.members().len();
    if n >= least {
        return Ok(());
    }
    let message = format!("{n} of {} cities have a level above 0, and {least} are needed", structure.cities());
    Err(Fault::new(Kind::Undefined, message).into())
}

/// Places of the numbers from the largest to the smallest; equal ones in their order, undefined ones last.
pub(super) fn descending(x: &[f64]) -> Vec<usize> {
    let key = |i: usize| if x[i].is_nan() { f64::NEG_INFINITY } else { x[i] };
    let mut places: Vec<usize> = (0..x.len()).collect();
    places.sort_by(|&a, &b| key(b).total_cmp(&key(a)));
    places
}

/// Numbers as cells.
pub(super) fn cells<const N: usize>(x: [f64; N]) -> [Value; N] {
    x.map(cell)
}

/// Mean of the numbers that are defined, NaN where none is.
pub(super) fn mean(x: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = x.into_iter().filter(|x| x.is_finite()).fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
    sum / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_numbers_come_last_and_equal_ones_keep_their_order() {
        assert_eq!(descending(&[1.0, f64::NAN, 3.0, 1.0]), [2, 0, 3, 1]);
        assert_eq!(mean([1.0, f64::NAN, 3.0]), 2.0);
        assert!(mean([]).is_nan());
    }
}
