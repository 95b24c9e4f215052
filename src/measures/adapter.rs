//! What all adapters share: an outcome that is filled, or says why it cannot be.

use super::autocorrelation::classes::UNDEFINED;
use super::{About, FieldPlace, Outcome, Values};
use crate::error::{Error, Kind, Result};
use crate::note::Note;

/// `outcome` filled; where the statistic is undefined, without numbers and with a note. `n` is the number of cities.
pub(super) fn filled(
    n: usize,
    about: &'static About,
    mut outcome: Outcome,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    match fill(&mut outcome) {
        Ok(()) => Ok(outcome),
        Err(error) if error.kind() == Kind::Undefined => Ok(undefined(n, about, outcome, &error)),
        Err(error) => Err(error),
    }
}

/// The outcome of a statistic that these values do not define: every number null, every class `undefined`.
fn undefined(n: usize, about: &'static About, mut outcome: Outcome, error: &Error) -> Outcome {
    for field in about.fields {
        match field.place {
            FieldPlace::Scalar => outcome.scalars.push((field.name, f64::NAN)),
            FieldPlace::Column(_) if matches!(field.name, "class" | "quadrant") => {
                outcome.columns.push((field.name, Values::Classes(vec![UNDEFINED; n])));
            }
            FieldPlace::Column(_) => outcome.columns.push((field.name, Values::Numbers(vec![f64::NAN; n]))),
            FieldPlace::Table | FieldPlace::Matrix => {}
        }
    }
    let message = match &outcome.variable {
        Some(variable) => format!("{variable}: {error}"),
        None => error.to_string(),
    };
    outcome.notes.push(Note::warning("undefined", message));
    outcome
}
