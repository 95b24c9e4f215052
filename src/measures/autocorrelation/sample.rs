//! Who takes part in a statistic, and the variable in standard form.

use std::borrow::Cow;

use super::classes::{ISOLATE, UNDEFINED};
use crate::error::{Error, Fault, Kind, Result};
use crate::weights::Weights;

/// Fewest cities that a measure of autocorrelation takes.
const FEWEST: usize = 3;

/// The cities that take part, and the weights among them.
///
/// Cities without a value leave first, then those left without a neighbour, until none is; the weights of those who
/// stay are transformed anew. Every statistic of the sample is that of a map without the others.
#[derive(Clone, Debug)]
pub(crate) struct Sample<'a> {
    pub(crate) weights: Cow<'a, Weights>,
    /// Cities that stay, ascending; `None` where all do.
    keep: Option<Vec<usize>>,
    /// Cities that have all values.
    defined: Vec<bool>,
}

impl<'a> Sample<'a> {
    /// The cities that have a number in every column of `columns` and a neighbour among themselves.
    ///
    /// # Errors
    /// Columns that are not as long as the weights; fewer than three cities left.
    pub(crate) fn new(columns: &[&[f64]], weights: &'a Weights) -> Result<Self> {
        let n = weights.n();
        if let Some(column) = columns.iter().find(|column| column.len() != n) {
            let message = format!("{} values for weights of {n} cities", column.len());
            return Err(Fault::new(Kind::Option, message)
                .hint("give one value for every city, NaN where there is none")
                .into());
        }
        let defined: Vec<bool> = (0..n).map(|i| columns.iter().all(|column| column[i].is_finite())).collect();
        let mut stay = defined.clone();
        loop {
            let alone: Vec<usize> =
                (0..n).filter(|&i| stay[i] && !weights.neighbours(i).iter().any(|&j| stay[j as usize])).collect();
            if alone.is_empty() {
                break;
            }
            alone.into_iter().for_each(|i| stay[i] = false);
        }
        let keep: Vec<usize> = (0..n).filter(|&i| stay[i]).collect();
        if keep.len() < FEWEST {
            return Err(too_few(n, &defined, keep.len()));
        }
        let (weights, keep) = match keep.len() == n {
            true => (Cow::Borrowed(weights), None),
            false => (Cow::Owned(weights.subset(&keep)), Some(keep)),
        };
        Ok(Self { weights, keep, defined })
    }

    /// Number of cities that take part.
    pub(crate) fn n(&self) -> usize {
        self.weights.n()
    }

    /// The places of those who take part among all cities, ascending.
    pub(crate) fn places(&self) -> Vec<usize> {
        self.keep.clone().unwrap_or_else(|| (0..self.n()).collect())
    }

    /// The values of those who take part.
    pub(crate) fn take<'b>(&self, column: &'b [f64]) -> Cow<'b, [f64]> {
        match &self.keep {
            None => Cow::Borrowed(column),
            Some(keep) => Cow::Owned(keep.iter().map(|&i| column[i]).collect()),
        }
    }

    /// One value for every city from those of the cities that take part; NaN for the others.
    pub(crate) fn spread(&self, values: Vec<f64>) -> Vec<f64> {
        self.place(values, |_| f64::NAN)
    }

    /// One class for every city from those of the cities that take part.
    pub(crate) fn spread_classes(&self, classes: Vec<&'static str>) -> Vec<&'static str> {
        self.place(classes, |i| if self.defined[i] { ISOLATE } else { UNDEFINED })
    }

    fn place<T: Copy>(&self, values: Vec<T>, absent: impl Fn(usize) -> T) -> Vec<T> {
        let Some(keep) = &self.keep else { return values };
        let mut all: Vec<T> = (0..self.defined.len()).map(absent).collect();
        keep.iter().zip(values).for_each(|(&i, value)| all[i] = value);
        all
    }
}

fn too_few(n: usize, defined: &[bool], left: usize) -> Error {
    let valued = defined.iter().filter(|&&has| has).count();
    let message = match (n, valued, left) {
        (n, _, _) if n < FEWEST => {
            format!("a statistic of neighbours needs at least {FEWEST} cities, and there are {n}")
        }
        (_, valued, _) if valued < FEWEST => {
            format!("a statistic of neighbours needs at least {FEWEST} cities with a value, and {valued} have one")
        }
        (_, _, 0) => "no city has a neighbour under these weights".to_owned(),
        _ => format!(
            "a statistic of neighbours needs at least {FEWEST} cities with a value and a neighbour, and only {left} have both"
        ),
    };
    let fault = Fault::new(Kind::TooFew, message);
    if valued < FEWEST { fault } else { fault.hint("choose weights that link more cities, as knn:4 or band:auto; links of one direction only need --undirected") }
        .into()
}

/// A variable in standard form: z_i = (x_i − mean)/sd with the population standard deviation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standardised {
    pub(crate) z: Vec<f64>,
    /// Σz² (n, but for rounding).
    pub(crate) squares: f64,
    /// Kurtosis n·Σz⁴/(Σz²)².
    pub(crate) kurtosis: f64,
}

impl Standardised {
    /// Standardises `x`, scaled by its largest value first so that nothing overflows.
    ///
    /// # Errors
    /// [`Kind::Undefined`] where `x` does not vary beyond rounding.
    pub(crate) fn new(x: &[f64]) -> Result<Self> {
        let n = x.len() as f64;
        let largest = x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let scale = if largest > 0.0 { largest } else { 1.0 };
        let scaled: Vec<f64> = x.iter().map(|x| x / scale).collect();
        let mean = scaled.iter().sum::<f64>() / n;
        let variance = scaled.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        if variance <= (64.0 * f64::EPSILON).powi(2) {
            return Err(
                Fault::new(Kind::Undefined, "the values are constant, so that the statistic is undefined").into()
            );
        }
        let z: Vec<f64> = scaled.iter().map(|x| (x - mean) / variance.sqrt()).collect();
        let squares = z.iter().map(|z| z * z).sum::<f64>();
        let kurtosis = n * z.iter().map(|z| z.powi(4)).sum::<f64>() / (squares * squares);
        Ok(Self { z, squares, kurtosis })
    }
}
