//! What the adapters of this family share: from a run to one outcome for each variable and set of weights.

use crate::error::Result;
use crate::inference::Inference;
use crate::measures::adapter::filled;
use crate::measures::{About, Outcome, Run};
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

/// p, q and significance of the cities of a local statistic.
pub(super) struct Significance {
    /// Benjamini-Hochberg values of the p values.
    pub(super) q: Vec<f64>,
    /// Whether p, corrected as asked for, is at most alpha.
    pub(super) significant: Vec<bool>,
}

impl Significance {
    /// From permutation p values, or from those of `z` where no permutations were made.
    pub(super) fn new(p: &[f64], z: &[f64], inference: &Inference) -> Self {
        let analytic: Vec<f64>;
        let p = if inference.permutations == 0 {
            analytic = z.iter().map(|&z| crate::inference::normal_p(z, inference.alternative)).collect();
            &analytic
        } else {
            p
        };
        let significant = inference.adjust.apply(p).iter().map(|&p| p <= inference.alpha).collect();
        Self { q: crate::inference::benjamini_hochberg(p), significant }
    }
}
