//! Moran's I of rates: the same question where small populations make rates noisy.

use super::adapter::each_rate;
use super::global_test::global_fields;
use super::moran::{Moran, fill, moran_of};
use super::rate::standardised_rates;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::Inference;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::note::Note;
use crate::weights::Weights;

/// Moran's I of the rates events/at_risk with the standardisation of Assunção and Reis.
///
/// # Formula
///
/// b = Σe/Σp, s² = Σ p_i(r_i − b)²/Σp, a = s² − b/(Σp/n), v_i = a + b/p_i (b/p_i where that is ≤ 0, said in a note),
/// z_i = (r_i − b)/√v_i; then [`moran`](super::moran()) of z.
///
/// # Errors
///
/// Too few cities; a population at risk that is not positive or negative events;
/// [`Kind::Undefined`](crate::error::Kind::Undefined) without events.
///
/// # Source
///
/// Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density. Statistics in
/// Medicine 18, 2147-2162.
pub fn moran_rate(
    events: &[f64],
    at_risk: &[f64],
    weights: &Weights,
    inference: &Inference,
) -> Result<(Moran, Vec<Note>)> {
    let sample = Sample::new(&[events, at_risk], weights)?;
    let (z, notes) = standardised_rates(events, at_risk, &sample)?;
    Ok((moran_of(&sample, &Standardised::new(&z)?, inference, "moran_rate")?.0, notes))
}

static ABOUT: About = About {
    name: "moran_rate",
    family: Family::Autocorrelation,
    needs: Needs::Rate,
    title: "Moran's I of rates",
    question: "Do neighbouring cities have similar rates, small populations allowed for?",
    formula: "Moran's I of z_i = (r_i - b)/sqrt(v_i), r_i = e_i/p_i, b = sum e/sum p, v_i = a + b/p_i",
    symbols: &[
        ("e_i", "events of city i"),
        ("p_i", "population at risk of city i"),
        ("a", "sum p_i (r_i - b)^2 / sum p - b/(sum p/n); b/p_i alone where v_i would not be positive"),
    ],
    reading: "As Moran's I",
    variant: "Empirical Bayes standardisation of Assunção and Reis; inference as for Moran's I",
    reference: "Assunção and Reis (1999), Statistics in Medicine 18, 2147-2162",
    fields: global_fields!(
        "i",
        "Moran's I of the standardised rates",
        Field::annotated("z", "rate_z", "rate_z", "standardised rate in standard form"),
        Field::annotated("lag", "rate_lag", "rate_lag", "weighted sum of the neighbours' standardised rates")
    ),
    matches: &[
        ("esda", "Moran_Rate(e, b, w)"),
        ("spdep", "EBImoran.mc(n, x, listw, subtract_mean_in_numerator=TRUE)"),
        ("GeoDa", "Moran scatter with EB rate"),
    ],
};

/// [`moran_rate`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_rate(run, &ABOUT, |events, at_risk, weights, outcome| {
        let (result, notes) = moran_rate(events, at_risk, weights, run.inference)?;
        outcome.notes = notes;
        fill(outcome, result);
        Ok(())
    })
}
