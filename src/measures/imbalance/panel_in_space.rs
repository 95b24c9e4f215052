//! What the measures over several years and neighbours share: who takes part, and one outcome for each value and set of
//! weights.

use super::panel::{Panel, checked};
use crate::error::Result;
use crate::measures::autocorrelation::classes::{ISOLATE, UNDEFINED};
use crate::measures::autocorrelation::sample::Sample;
use crate::measures::{About, Outcome, Run};
use crate::note::Note;
use crate::weights::Weights;

/// One outcome for each value in its years under each set of weights.
pub(super) fn each_in_space(
    run: &Run,
    about: &'static About,
    fill: impl Fn(&Panel, &Weights, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for panel in Panel::all(run) {
        for weights in run.weights {
            let outcome = panel.outcome(run, about, |outcome| fill(&panel, weights, outcome))?;
            outcomes.push(Outcome { weights: Some(weights.label().to_owned()), ..outcome });
        }
    }
    Ok(outcomes)
}

/// Who takes no part, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Cities without a value in one of the years.
    pub without_value: Vec<usize>,
    /// Cities with a value in every year and without a neighbour that takes part.
    pub isolates: Vec<usize>,
}

impl Absent {
    /// The class of every city from those of the cities that take part.
    pub(super) fn spread<T>(&self, n: usize, classes: &[T], name: impl Fn(&T) -> &'static str) -> Vec<&'static str> {
        let mut all = vec![""; n];
        self.without_value.iter().for_each(|&i| all[i] = UNDEFINED);
        self.isolates.iter().for_each(|&i| all[i] = ISOLATE);
        all.iter_mut().filter(|class| class.is_empty()).zip(classes).for_each(|(class, of)| *class = name(of));
        all
    }

    /// The warnings that cities were left out.
    pub(super) fn notes(&self, run: &Run, panel: &Panel) -> Vec<Note> {
        let without_value = panel.left_out(run, "without a value in every year", &self.without_value);
        let isolates = panel.left_out(run, "without a neighbour that takes part", &self.isolates);
        without_value.into_iter().chain(isolates).collect()
    }

    /// What the line under the tables says of it.
    pub(super) fn footer(&self) -> String {
        let part = |cities: &[usize], why: &str| match cities.len() {
            0 => String::new(),
            n => format!("; {n} left out without {why}"),
        };
        part(&self.without_value, "a value in every year") + &part(&self.isolates, "a neighbour")
    }
}

/// The cities with a value in every year and a neighbour among themselves, and the weights between them.
///
/// # Errors
/// Fewer than two years, years that do not ascend, columns of different lengths or not as long as the weights, fewer
/// than three cities left.
pub(super) fn sampled<'a>(levels: &[(i32, &[f64])], weights: &'a Weights) -> Result<(Sample<'a>, Absent)> {
    let n = checked(levels)?;
    let columns: Vec<&[f64]> = levels.iter().map(|&(_, x)| x).collect();
    let sample = Sample::new(&columns, weights)?;
    let mut takes_part = vec![false; n];
    sample.places().into_iter().for_each(|i| takes_part[i] = true);
    let absent = (0..n).filter(|&i| !takes_part[i]);
    let (isolates, without_value) = absent.partition(|&i| columns.iter().all(|x| x[i].is_finite()));
    Ok((sample, Absent { without_value, isolates }))
}
