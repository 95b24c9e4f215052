//! Bivariate local Moran's I: where a value goes with another value of the neighbours.

use super::adapter::each_pair;
use super::local_moran::{LocalMoran, fill, local_moran_fields, local_moran_of};
use super::sample::{Sample, Standardised};
use crate::error::Result;
use crate::inference::Inference;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::weights::Weights;

/// Bivariate local Moran's I of `x` with the neighbours' `y`, one value each for every city, NaN where there is none.
///
/// # Formula
///
/// i_i = (n − 1)/n·zx_i·Σ_j w_ij zy_j, both in standard form by the population sd.
///
/// # Inference
///
/// Null: the city keeps both its values, the y of the others are dealt out at random. Classes and moments as for
/// [`local_moran`](super::local_moran()); `HL` is a city high in x among neighbours low in y.
///
/// # Errors
///
/// Too few cities; [`Kind::Undefined`](crate::error::Kind::Undefined) if x or y is constant.
///
/// # Source
///
/// Anselin, L., Syabri, I. and Smirnov, O. (2002). Visualizing multivariate spatial correlation with dynamically linked
/// windows. CSISS workshop, Santa Barbara.
pub fn local_moran_bivariate(x: &[f64], y: &[f64], weights: &Weights, inference: &Inference) -> Result<LocalMoran> {
    let sample = Sample::new(&[x, y], weights)?;
    let (zx, zy) = (Standardised::new(&sample.take(x))?, Standardised::new(&sample.take(y))?);
    Ok(local_moran_of(&sample, &zx, &zy, inference, "local_moran_bivariate"))
}

static ABOUT: About = About {
    name: "local_moran_bivariate",
    family: Family::Autocorrelation,
    needs: Needs::SecondVariable,
    title: "Bivariate local Moran's I",
    question: "Where does a high value go with neighbours that are high in another?",
    formula: "i_i = (n - 1)/n zx_i sum_j w_ij zy_j",
    symbols: &[
        ("zx_i", "value of city i in standard form (population sd)"),
        ("zy_j", "second variable of city j in standard form"),
        ("w_ij", "weight from city i to city j, after the transform"),
    ],
    reading: "Positive: the city's value and its neighbours' second variable are both high or both low",
    variant: "Permutes the second variable of the other cities; classes as for local Moran",
    reference: "Anselin, Syabri and Smirnov (2002), CSISS workshop, Santa Barbara",
    fields: local_moran_fields!("bv_i", "bv_p", "bv_q", "bv_cl"),
    matches: &[
        ("esda", "Moran_Local_BV(x, y, w): Is"),
        ("GeoDa", "Bivariate Local Moran's I"),
        ("spdep", "localmoran_bv(x, y, listw, nsim): Ibvi"),
    ],
};

/// [`local_moran_bivariate`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_pair(run, &ABOUT, |variable, second, weights, outcome| {
        fill(outcome, local_moran_bivariate(&variable.values, &second.values, weights, run.inference)?);
        Ok(())
    })
}
