//! A composite index: weighted indicators added up to one score, and to one for each dimension.

use super::ranks::ranks_by_year;
use super::{Normalised, Options, Weighting, indicator_weights, normalise};
use crate::error::{Fault, Kind, Result};
use crate::study::{Indicators, Variable};

/// A composite index; see [`composite()`]. What belongs to a unit, a city in a year, stands at t·c + i for city i of c in
/// the year t, and is NaN or `None` where the unit takes no part.
#[derive(Clone, Debug, PartialEq)]
pub struct Composite {
    /// The indicators that it is made of, normalised, and who takes part.
    pub normalised: Normalised,
    /// How the weights came about.
    pub weighting: Weighting,
    /// `weights[year][indicator]`, of sum 1 in each year; alike in all years unless each was taken by itself.
    pub weights: Vec<Vec<f64>>,
    /// The score of every unit.
    pub score: Vec<f64>,
    /// The rank of every unit in its year, 1 for the largest score; equal scores share the best of their ranks.
    pub rank: Vec<Option<usize>>,
    /// The dimensions, in the order in which they first appear among the indicators that carry information.
    pub dimensions: Vec<Dimension>,
}

/// One dimension of a [`Composite`].
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// The places of its indicators.
    pub indicators: Vec<usize>,
    /// What it adds to the score of every unit.
    pub score: Vec<f64>,
    /// Its own index in every unit: its score over the weight of its indicators; NaN where they weigh nothing.
    pub index: Vec<f64>,
    /// The rank of every unit in its year by the index, 1 for the largest; equal ones share the best of their ranks.
    pub rank: Vec<Option<usize>>,
}

impl Composite {
    /// Number of cities.
    pub fn cities(&self) -> usize {
        self.normalised.z.cities
    }

    /// The years, as of the indicators.
    pub fn years(&self) -> &[Option<i32>] {
        &self.normalised.z.years
    }

    /// What an indicator adds to the score of a unit, w z; NaN where the unit takes no part.
    ///
    /// # Panics
    /// If there is no such indicator or unit.
    pub fn contribution(&self, indicator: usize, unit: usize) -> f64 {
        self.weights[unit / self.cities()][indicator] * self.normalised.at(indicator, unit)
    }

    /// The numbers of one year, one for each city, out of one for every unit.
    ///
    /// # Panics
    /// If there is no such year.
    pub fn of_year<'a, T>(&self, units: &'a [T], year: usize) -> &'a [T] {
        &units[year * self.cities()..][..self.cities()]
    }

    /// The normalised numbers of all indicators in one year, indicator after indicator, one for each city.
    ///
    /// # Panics
    /// If there is no such year.
    pub fn normalised_in(&self, year: usize) -> Vec<f64> {
        let z = &self.normalised.z;
        (0..z.list.len()).flat_map(|j| self.of_year(z.column(j), year)).copied().collect()
    }

    /// What share of the variance of the scores each indicator makes, w_j cov(z_j, s)/var(s): `[year][indicator]`, of sum 1
    /// in each year; below 0 for an indicator that runs against the score. Over the units of all years together unless each
    /// was taken by itself; NaN where all scores are equal.
    pub fn variance_shares(&self) -> Vec<Vec<f64>> {
        let of_pool = |(pool, w): (&[usize], &Vec<f64>)| -> Vec<f64> {
            let mean = |x: &[f64]| pool.iter().map(|&unit| x[unit]).sum::<f64>() / pool.len() as f64;
            let score: Vec<f64> = {
                let mean = mean(&self.score);
                pool.iter().map(|&unit| self.score[unit] - mean).collect()
            };
            let variance: f64 = score.iter().map(|s| s * s).sum();
            let share = |(j, w): (usize, &f64)| {
                let (z, mean) = (self.normalised.z.column(j), mean(self.normalised.z.column(j)));
                w * pool.iter().zip(&score).map(|(&unit, s)| (z[unit] - mean) * s).sum::<f64>() / variance
            };
            w.iter().enumerate().map(share).collect()
        };
        let of_pools: Vec<Vec<f64>> = self.normalised.pools().into_iter().zip(&self.weights).map(of_pool).collect();
        (0..self.years().len()).map(|year| of_pools[self.normalised.pool_of(year)].clone()).collect()
    }

    /// The scores as values of the cities, named `score`: one for each year.
    pub fn score_variables(&self) -> Vec<Variable> {
        self.variables("score", &self.score)
    }

    /// One number for every unit as values of the cities under this name: one for each year.
    pub fn variables(&self, name: &str, units: &[f64]) -> Vec<Variable> {
        let of_year = |(t, &year): (usize, &Option<i32>)| Variable {
            name: name.to_owned(),
            year,
            values: self.of_year(units, t).to_vec(),
        };
        self.years().iter().enumerate().map(of_year).collect()
    }
}

/// A composite index of `indicators`.
///
/// # Formula
///
/// s_i = Σ_j w_j z_ij; of a dimension D: Σ_{j in D} w_j z_ij, and its own index Σ_{j in D} w_j z_ij / Σ_{j in D} w_j
///
/// where z are the indicators made comparable as [`normalise()`] does it, and w their weights of sum 1 as
/// [`indicator_weights()`] gives them: by default over all years together, so that scores of different years compare. With
/// min-max, rank and vector numbers a score lies in 0 to 1, and with z scores around 0. Scores that differ by no more than
/// 10⁻¹² of the largest size share a rank. O(k n + n log n) with k indicators and n units.
///
/// # Errors
///
/// As [`normalise()`] and [`indicator_weights()`]; [`Kind::Option`] where no weighting is chosen, since there is no weighting
/// that would go without saying.
///
/// # Source
///
/// OECD and JRC (2008). Handbook on constructing composite indicators. Paris: OECD. doi:10.1787/9789264043466-en
///
/// ```
/// use agglo::measures::index::{Options, Weighting, composite};
/// use agglo::study::{Direction, Indicator, Indicators};
/// let of = |name: &str, direction| Indicator {
///     name: name.into(), column: name.into(), direction, dimension: Some(name.into()), weight: None, signed: false
/// };
/// let indicators = Indicators {
///     list: vec![of("income", Direction::Benefit), of("dust", Direction::Cost)],
///     years: vec![None],
///     cities: 3,
///     values: vec![10.0, 20.0, 50.0, 8.0, 4.0, 6.0],
/// };
/// let options = Options { weighting: Some(Weighting::Equal), ..Options::default() };
/// let index = composite(&indicators, &options)?;
/// assert_eq!(index.score, [0.0, 0.625, 0.75]);
/// assert_eq!(index.rank, [Some(3), Some(2), Some(1)]);
/// assert_eq!(index.dimensions[1].index, [0.0, 1.0, 0.5]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn composite(indicators: &Indicators, options: &Options) -> Result<Composite> {
    let Some(weighting) = options.weighting else {
        let fault = Fault::new(Kind::Option, "no weighting is chosen, and a score depends on it").field("--weighting");
        return Err(fault.hint("choose equal, entropy, critic, cv or given").into());
    };
    let normalised = normalise(indicators, options.normalisation, options.by_year)?;
    let weights = indicator_weights(&normalised, weighting)?;
    let all: Vec<usize> = (0..normalised.indicators()).collect();
    let score = weighted_sum(&normalised, &weights, &all);
    let dimensions = normalised.z.dimensions().into_iter();
    let dimensions = dimensions.map(|(name, indicators)| dimension(&normalised, &weights, name, indicators)).collect();
    let rank = ranks_by_year(&score, indicators.cities);
    Ok(Composite { normalised, weighting, weights, score, rank, dimensions })
}

fn dimension(normalised: &Normalised, weights: &[Vec<f64>], name: &str, indicators: Vec<usize>) -> Dimension {
    let score = weighted_sum(normalised, weights, &indicators);
    let weight: Vec<f64> = weights.iter().map(|w| indicators.iter().map(|&j| w[j]).sum()).collect();
    let index = |(unit, score): (usize, &f64)| score / weight[unit / normalised.z.cities];
    let index: Vec<f64> = score.iter().enumerate().map(index).collect();
    Dimension { name: name.to_owned(), rank: ranks_by_year(&index, normalised.z.cities), indicators, score, index }
}

/// Σ w z over these indicators for every unit.
fn weighted_sum(normalised: &Normalised, weights: &[Vec<f64>], indicators: &[usize]) -> Vec<f64> {
    let mut sum = vec![f64::NAN; normalised.z.units()];
    normalised.units.iter().for_each(|&unit| sum[unit] = 0.0);
    for &j in indicators {
        let column = normalised.z.column(j);
        for &unit in &normalised.units {
            sum[unit] += weights[unit / normalised.z.cities][j] * column[unit];
        }
    }
    sum
}
