//! Local Moran's I of rates.

use super::adapter::each_rate;
use super::local_moran::{LocalMoran, fill, local_moran_fields, local_moran_of};
use super::rate::standardised_rates;
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::Inference;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::note::Note;
use crate::weights::Weights;

/// [`local_moran`](super::local_moran()) of the rates events/at_risk, standardised as in [`moran_rate`](super::moran_rate()).
///
/// # Errors
///
/// As [`moran_rate`](super::moran_rate()).
pub fn local_moran_rate(
    events: &[f64],
    at_risk: &[f64],
    weights: &Weights,
    inference: &Inference,
) -> Result<(LocalMoran, Vec<Note>)> {
    let sample = Sample::new(&[events, at_risk], weights)?;
    let (z, notes) = standardised_rates(events, at_risk, &sample)?;
    let standard = Standardised::new(&z)?;
    Ok((local_moran_of(&sample, &standard, &standard, inference, "local_moran_rate"), notes))
}

static ABOUT: About = About {
    name: "local_moran_rate",
    family: Family::Autocorrelation,
    needs: Needs::Rate,
    title: "Local Moran's I of rates",
    question: "Which cities form clusters of high or low rates, small populations allowed for?",
    formula: "local Moran's I of z_i = (r_i - b)/sqrt(v_i); see moran_rate",
    symbols: &[("z_i", "standardised rate of city i"), ("w_ij", "weight from city i to city j, after the transform")],
    reading: "As local Moran's I",
    variant: "Empirical Bayes standardisation of Assunção and Reis; inference as for local Moran's I",
    reference: "Assunção and Reis (1999), Statistics in Medicine 18, 2147-2162; Anselin (1995)",
    fields: local_moran_fields!("rlisa_i", "rlisa_p", "rlisa_q", "rlisa_cl"),
    matches: &[("esda", "Moran_Local_Rate(e, b, w)"), ("GeoDa", "Local Moran's I with EB rate")],
};

/// [`local_moran_rate`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_rate(run, &ABOUT, |events, at_risk, weights, outcome| {
        let (result, notes) = local_moran_rate(events, at_risk, weights, run.inference)?;
        outcome.notes = notes;
        fill(outcome, result);
        Ok(())
    })
}
