//! TOPSIS: how near a city is to the best that there is, and how far from the worst.

use super::Normalised;
use super::indicator_weights::fitting;
use super::ranks::ranks_by_year;
use crate::error::Result;

/// Closeness to the ideal; see [`topsis()`]. All have one entry for every unit, NaN or `None` where it takes no part.
#[derive(Clone, Debug, PartialEq)]
pub struct Topsis {
    /// d⁻/(d⁺ + d⁻), 0 to 1.
    pub closeness: Vec<f64>,
    /// The rank in the year, 1 for the nearest to the ideal; equal ones share the best of their ranks.
    pub rank: Vec<Option<usize>>,
    /// d⁺, the distance to the ideal.
    pub to_ideal: Vec<f64>,
    /// d⁻, the distance to the anti-ideal.
    pub to_anti_ideal: Vec<f64>,
}

impl Topsis {
    /// Of units of which no one takes part.
    pub(super) fn none(units: usize) -> Self {
        let none = vec![f64::NAN; units];
        Self { closeness: none.clone(), rank: vec![None; units], to_ideal: none.clone(), to_anti_ideal: none }
    }
}

/// TOPSIS (technique for order of preference by similarity to ideal solution) with the weights `weights[year][indicator]`.
///
/// # Formula
///
/// C_i = d⁻_i / (d⁺_i + d⁻_i), d⁺_i = √Σ_j w_j² (z_ij − max_i z_ij)², d⁻_i = √Σ_j w_j² (z_ij − min_i z_ij)²
///
/// where the ideal and the anti-ideal are the largest and least of all units that take part, or with
/// [`by_year`](Normalised::by_year) of those of the year. With min-max numbers they are 1 and 0 in every indicator. Vector
/// numbers give the C of Hwang and Yoon: a cost enters as 1 − x/√Σx², which leaves all distances as they are. NaN where
/// the weights are 0 or none. O(k n).
///
/// # Errors
///
/// Weights that are not one for each indicator in each year of `normalised`.
///
/// # Source
///
/// Hwang, C.-L. and Yoon, K. (1981). Multiple attribute decision making. Berlin: Springer. doi:10.1007/978-3-642-48318-9
///
/// ```
/// use agglo::measures::index::{Normalisation, normalise, topsis};
/// use agglo::study::{Direction, Indicator, Indicators};
/// let of = |name: &str| Indicator {
///     name: name.into(), column: name.into(), direction: Direction::Benefit, dimension: None, weight: None, signed: false,
/// };
/// let indicators = Indicators {
///     list: vec![of("income"), of("schools")],
///     years: vec![None],
///     cities: 3,
///     values: vec![0.0, 5.0, 10.0, 3.0, 2.0, 1.0],
/// };
/// let normalised = normalise(&indicators, Normalisation::MinMax, false)?;
/// let result = topsis(&normalised, &[vec![0.75, 0.25]])?;
/// assert_eq!(result.closeness, [0.25, 0.5, 0.75]);
/// assert_eq!(result.rank, [Some(3), Some(2), Some(1)]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn topsis(normalised: &Normalised, weights: &[Vec<f64>]) -> Result<Topsis> {
    fitting(normalised, weights)?;
    let (to_ideal, to_anti_ideal) =
        (distances(normalised, weights, f64::max), distances(normalised, weights, f64::min));
    let closeness: Vec<f64> = to_ideal.iter().zip(&to_anti_ideal).map(|(plus, minus)| minus / (plus + minus)).collect();
    Ok(Topsis { rank: ranks_by_year(&closeness, normalised.z.cities), closeness, to_ideal, to_anti_ideal })
}

/// The distance of every unit from the point that has the extreme of each indicator.
#[allow(clippy::needless_range_loop, reason = "an indicator has a column and a weight in each year")]
fn distances(normalised: &Normalised, weights: &[Vec<f64>], extreme: fn(f64, f64) -> f64) -> Vec<f64> {
    let cities = normalised.z.cities;
    let mut squares = vec![f64::NAN; normalised.z.units()];
    normalised.units.iter().for_each(|&unit| squares[unit] = 0.0);
    let of = |unit: usize| &weights[unit / cities];
    for pool in normalised.pools() {
        for j in 0..normalised.indicators() {
            let z = normalised.z.column(j);
            // The maximum and the minimum of NaN and a number are the number.
            let end = pool.iter().fold(f64::NAN, |end, &unit| extreme(end, z[unit]));
            for &unit in pool {
                let apart = of(unit)[j] * (z[unit] - end);
                squares[unit] += apart * apart;
            }
        }
    }
    squares.iter().map(|square| square.sqrt()).collect()
}
