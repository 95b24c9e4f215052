//! What the adapters of this family share: from a run to one outcome for each variable and set of weights.

use super::classes::UNDEFINED;
use crate::error::{Error, Kind, Result};
use crate::measures::{About, FieldPlace, Outcome, Run, Values};
use crate::note::Note;
use crate::study::Variable;
use crate::weights::{Transform, Weights};

/// One outcome for each variable under each set of weights.
pub(super) fn each_variable(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&Variable, &Weights, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for variable in run.variables {
        for weights in run.weights {
            outcomes.push(outcome(run, about, variable, weights, |outcome| fill(variable, weights, outcome))?);
        }
    }
    Ok(outcomes)
}

/// One outcome for `variable` under `weights`; where the statistic is undefined, one without numbers and with a note.
pub(super) fn outcome(
    run: &Run,
    about: &'static About,
    variable: &Variable,
    weights: &Weights,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = Outcome {
        measure: about.name,
        variable: Some(variable.name.clone()),
        weights: Some(weights.label().to_owned()),
        year: variable.year,
        ..Outcome::default()
    };
    match fill(&mut outcome) {
        Ok(()) => Ok(outcome),
        Err(error) if error.kind() == Kind::Undefined => Ok(undefined(run.cities.len(), about, outcome, &error)),
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
    let variable = outcome.variable.as_deref().unwrap_or_default();
    outcome.notes.push(Note::warning("undefined", format!("{variable}: {error}")));
    outcome
}

/// The weights before their transform, unless a transform was asked for.
pub(super) fn untransformed(run: &Run, weights: &Weights) -> Weights {
    if run.options.transform_given { weights.clone() } else { weights.transformed(Transform::None) }
}
