//! What the adapters of this family share: from a run to one outcome for each variable and set of weights.

use serde_json::Value;

use super::join_counts::{binary, is_countable};
use super::rate;
use crate::error::Result;
use crate::measures::adapter::filled;
use crate::measures::{About, Outcome, Run};
use crate::study::Variable;
use crate::weights::{Transform, Weights};

/// One outcome for each variable under each set of weights.
pub(in crate::measures) fn each_variable(
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

/// As [`each_variable`], with the second variable, which is named among the options.
pub(super) fn each_pair(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&Variable, &Variable, &Weights, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some(second) = run.second else { return Ok(Vec::new()) };
    each_variable(run, about, |variable, weights, outcome| {
        outcome.options.insert("with".to_owned(), Value::from(second.label()));
        fill(variable, second, weights, outcome)
    })
}

/// One outcome for the rate of events in the population at risk under each set of weights; `fill` gets both.
pub(super) fn each_rate(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&[f64], &[f64], &Weights, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some((events, at_risk)) = run.rate else { return Ok(Vec::new()) };
    rate::check(run.cities, events, at_risk)?;
    let name = format!("{}_per_{}", events.name, at_risk.name);
    let rate = Variable { name, year: events.year, values: Vec::new() };
    let fill = |weights, outcome: &mut Outcome| fill(&events.values, &at_risk.values, weights, outcome);
    run.weights.iter().map(|weights| outcome(run, about, &rate, weights, |outcome| fill(weights, outcome))).collect()
}

/// One outcome for each variable that can be counted, as 0 and 1, under each set of weights before their transform.
pub(super) fn each_binary(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&[f64], &Weights, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let countable = |variable: &&Variable| is_countable(&variable.values, run.options);
    let countable: Vec<Variable> = run.variables.iter().filter(countable).cloned().collect();
    each_variable(&Run { variables: &countable, ..*run }, about, |variable, weights, outcome| {
        let (x, how) = binary(&variable.values, run.options);
        outcome.options.extend(how.map(|how| ("binarise".to_owned(), Value::from(how))));
        fill(&x, &untransformed(run, weights), outcome)
    })
}

/// One outcome for `variable` under `weights`; where the statistic is undefined, one without numbers and with a note.
pub(super) fn outcome(
    run: &Run,
    about: &'static About,
    variable: &Variable,
    weights: &Weights,
    fill: impl FnOnce(&mut Outcome) -> Result<()>,
) -> Result<Outcome> {
    let outcome = Outcome {
        measure: about.name,
        variable: Some(variable.name.clone()),
        weights: Some(weights.label().to_owned()),
        year: variable.year,
        ..Outcome::default()
    };
    filled(run.cities.len(), about, outcome, fill)
}

/// The weights before their transform, unless a transform was asked for.
pub(super) fn untransformed(run: &Run, weights: &Weights) -> Weights {
    if run.options.transform_given { weights.clone() } else { weights.transformed(Transform::None) }
}
