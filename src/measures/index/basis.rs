//! What the measures that rest on a composite index share: the index, its last year, and what stands under their tables.

use super::adapter::{left_out, numbers, together, weighted};
use super::{Composite, Normalisation, composite};
use crate::error::Result;
use crate::measures::{About, Outcome, Run};
use crate::note::Note;

/// One outcome about the index of the run; where either is undefined, one without numbers and with a note.
pub(super) fn on_index(
    run: &Run,
    about: &'static About,
    fill: impl FnOnce(&Composite, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    together(
        run,
        about,
        |indicators| composite(indicators, run.index),
        |index, outcome| {
            outcome.notes.extend(left_out(run, &index.normalised, last_year(index)));
            fill(index, outcome)
        },
    )
}

/// Why a measure that needs 0 for the worst and 1 for the best is not run; `None` where the index has them.
pub(super) fn not_from_0_to_1(what: &str, index: &Composite) -> Option<Note> {
    let form = match index.normalised.normalisation {
        Normalisation::MinMax | Normalisation::Rank => return None,
        Normalisation::ZScore => "z scores have neither a worst nor a best value",
        Normalisation::Vector => "vector numbers do not reach from 0 for the worst to 1 for the best",
    };
    Some(Note::remark("not_run", format!("{what} not run: {form}; choose minmax or rank")))
}

/// The place of the last year in which a city takes part.
pub(super) fn last_year(index: &Composite) -> usize {
    index.normalised.units.last().map_or(0, |unit| unit / index.cities())
}

/// The places of the years in which a city takes part, ascending.
pub(super) fn years(index: &Composite) -> Vec<usize> {
    let mut years: Vec<usize> = index.normalised.units.iter().map(|unit| unit / index.cities()).collect();
    years.dedup();
    years
}

/// ` in 2020`, or nothing where there are no years.
pub(super) fn within(index: &Composite, year: usize) -> String {
    index.years()[year].map_or_else(String::new, |year| format!(" in {year}"))
}

/// The cities that take part in a year, ascending.
pub(super) fn members(index: &Composite, year: usize) -> Vec<usize> {
    let (units, cities) = (&index.normalised.units, index.cities());
    let begin = |year: usize| units.partition_point(|&unit| unit < year * cities);
    units[begin(year)..begin(year + 1)].iter().map(|unit| unit - year * cities).collect()
}

/// What stands under the tables: `variant`, how the index was made, and which cities are meant.
pub(super) fn footer(variant: &str, index: &Composite) -> String {
    let pool = match (index.years().len(), index.normalised.by_year) {
        (1, _) => "",
        (_, true) => " of each year by itself",
        (_, false) => " over all years together",
    };
    let (last, all) = (last_year(index), index.cities());
    let n = members(index, last).len();
    let year = index.years()[last].map_or_else(String::new, |year| format!("columns and matrices of {year}; "));
    let out = if n < all { format!(" of {all}, the others without all indicators") } else { String::new() };
    let (form, weighted) = (numbers(index.normalised.normalisation), weighted(index.weighting));
    format!("{variant}; {form}{pool}, weighted {weighted}; {year}n = {n} cities{out}")
}
