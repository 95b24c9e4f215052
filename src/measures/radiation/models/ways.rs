//! The distances that a model runs on, and what has to be said of them.

use std::borrow::Cow;

use serde_json::json;

use super::super::adapter::note;
use super::super::distances::Distances;
use super::gravity::without_way;
use crate::error::{Kind, Result};
use crate::measures::adapter::printed;
use crate::measures::{Outcome, Run};
use crate::note::Note;

/// Most cities whose whole matrix of flows is given.
const MATRIX: usize = 500;

/// The distances of a run; `None`, with a note, where there are too many cities.
pub(super) fn distances<'a>(run: &Run<'a>, outcome: &mut Outcome) -> Result<Option<Cow<'a, Distances>>> {
    match Distances::of(run) {
        Ok(distances) => {
            outcome.notes.extend(distances.near_pairs(run.cities));
            Ok(Some(distances))
        }
        Err(error) if error.kind() == Kind::TooLarge => {
            outcome.notes.push(Note::remark("not_run", error.to_string()));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// How far cities are apart, for a footer.
pub(super) fn definition(run: &Run) -> &'static str {
    use crate::study::Metric;
    match (run.costs, run.cities.metric) {
        (Some(_), _) => "distances: costs of links",
        (None, Metric::GreatCircle { .. }) => "distances: great circles, km",
        (None, Metric::Planar) => "distances: straight lines in the unit of the coordinates",
    }
}

/// Names the cities with a mass that no way leads from to another one.
pub(super) fn note_without_way(run: &Run, mass: &[f64], distances: &Distances, outcome: &mut Outcome) {
    let without = without_way(mass, distances);
    note(run, "no_way", "no distance to any other city, so that nothing flows, has", &without, outcome);
}

/// Names the cities whose mass is zero.
pub(super) fn note_zero_mass(run: &Run, mass: &[f64], what: &str, outcome: &mut Outcome) {
    let zero: Vec<usize> = (0..mass.len()).filter(|&i| mass[i] == 0.0).collect();
    note(run, "zero_mass", &format!("mass of zero, {what}:"), &zero, outcome);
}

/// Whether the whole matrix is given; else a remark says why not.
pub(super) fn gives_matrix(what: &str, n: usize, outcome: &mut Outcome) -> bool {
    if n > MATRIX {
        let message = format!("{what} ({n} by {n}) left out: it is given for up to {MATRIX} cities");
        outcome.notes.push(Note::remark("not_run", message));
    }
    n <= MATRIX
}

/// Puts an option of this name into the outcome if it is not usual.
pub(super) fn option(outcome: &mut Outcome, name: &str, value: f64, usual: f64) {
    if value != usual {
        outcome.options.insert(name.into(), json!(value));
    }
}

/// An exponent or a rate in a footer.
pub(super) fn plain(x: f64) -> String {
    if x != 0.0 && (x.abs() < 1e-3 || x.abs() >= 1e6) {
        format!("{x:.4e}")
    } else {
        printed(x, 4).trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}
