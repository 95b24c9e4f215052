//! Indicators made comparable: who takes part, and each number on a scale that all indicators share.

use super::Normalisation;
use crate::error::{Error, Fault, Faults, Kind, Result};
use crate::measures::ranks::mean_ranks;
use crate::note::listed;
use crate::study::{Direction, Indicator, Indicators};

/// Indicators made comparable; see [`normalise()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Normalised {
    /// How they were made comparable.
    pub normalisation: Normalisation,
    /// Whether each year was taken by itself.
    pub by_year: bool,
    /// The indicators that carry information, with their normalised numbers, of which more is better in all; NaN in all
    /// indicators of a unit that takes no part.
    pub z: Indicators,
    /// The same indicators with their numbers as given; NaN in all indicators of a unit that takes no part.
    pub raw: Indicators,
    /// The units that take part, ascending; unit t·c + i is city i of c in the year t.
    pub units: Vec<usize>,
    /// The units that take no part, ascending, each with the places in `given` of the indicators that it has no number of.
    pub missing: Vec<(usize, Vec<usize>)>,
    /// The indicators as given, constant ones among them.
    pub given: Vec<Indicator>,
    /// The places in `given` of the constant indicators, which are left out.
    pub constant: Vec<usize>,
}

impl Normalised {
    /// Number of indicators that carry information.
    pub fn indicators(&self) -> usize {
        self.z.list.len()
    }

    /// The normalised number of an indicator in a unit.
    ///
    /// # Panics
    /// If there is no such indicator or unit.
    pub fn at(&self, indicator: usize, unit: usize) -> f64 {
        self.z.column(indicator)[unit]
    }

    /// The units that are compared with each other: all that take part, or those of each year; for every year in turn the
    /// place of its pool among them is [`pool_of`](Self::pool_of).
    pub(super) fn pools(&self) -> Vec<&[usize]> {
        pools(&self.units, self.z.cities, self.by_year.then_some(self.z.years.len()))
    }

    /// The place of the pool of a year among the pools.
    pub(super) fn pool_of(&self, year: usize) -> usize {
        if self.by_year { year } else { 0 }
    }

    /// The numbers of each indicator in these units.
    pub(super) fn columns(of: &Indicators, units: &[usize]) -> Vec<Vec<f64>> {
        let column = |j: usize| units.iter().map(|&unit| of.column(j)[unit]).collect();
        (0..of.list.len()).map(column).collect()
    }
}

/// Makes `indicators` comparable.
///
/// # Formula
///
/// | | more is better | less is better |
/// |---|---|---|
/// | min-max | (x − min)/(max − min) | (max − x)/(max − min) |
/// | z | (x − mean)/sd | −(x − mean)/sd |
/// | rank | (r − 1)/(n − 1) | 1 − (r − 1)/(n − 1) |
/// | vector | x/√Σx² | 1 − x/√Σx² |
///
/// where min, max, mean, sd (of the population, divisor n), rank r (1 for the least, ties their mean rank) and the sum are
/// over the n units that take part: those of all years, or with `by_year` those of the same year. A unit is a city in a
/// year. Min-max and rank lie in 0 to 1, vector too; z has mean 0 and sd 1. The vector form of a cost is that of pymcdm and
/// scikit-criteria: any indicator has the same distances between units as its raw numbers over their length.
///
/// # Who takes part
///
/// A unit that has a number of every indicator; one that misses a number takes no part at all, and nothing is filled in.
/// An indicator that is constant among these units carries no information and is left out, as is one that with `by_year`
/// is constant in any year, so that the index is made of the same indicators in all years; constant means that max − min
/// is at most 10⁻¹² of the largest size. O(k n), for ranks O(k n log n), with k indicators.
///
/// # Errors
///
/// An infinite number, and with the vector form a negative one, all at once, with the city's index as the feature; an
/// indicator without any number; fewer than two units that take part, with `by_year` in a year that has one;
/// [`Kind::Undefined`] where all indicators are constant.
///
/// # Source
///
/// OECD and JRC (2008). Handbook on constructing composite indicators. Paris: OECD. doi:10.1787/9789264043466-en. Vector:
/// Hwang, C.-L. and Yoon, K. (1981). Multiple attribute decision making. Berlin: Springer. doi:10.1007/978-3-642-48318-9
///
/// ```
/// use agglo::measures::index::{Normalisation, normalise};
/// use agglo::study::{Direction, Indicator, Indicators};
/// let of = |name: &str, direction| Indicator {
///     name: name.into(), column: name.into(), direction, dimension: None, weight: None, signed: false,
/// };
/// let indicators = Indicators {
///     list: vec![of("income", Direction::Benefit), of("dust", Direction::Cost)],
///     years: vec![None],
///     cities: 3,
///     values: vec![10.0, 20.0, 50.0, 8.0, 4.0, 6.0],
/// };
/// let normalised = normalise(&indicators, Normalisation::MinMax, false)?;
/// assert_eq!(normalised.z.column(0), [0.0, 0.25, 1.0]);
/// assert_eq!(normalised.z.column(1), [0.0, 1.0, 0.5]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn normalise(indicators: &Indicators, normalisation: Normalisation, by_year: bool) -> Result<Normalised> {
    checked(indicators, normalisation)?;
    let (units, missing) = parted(indicators);
    enough(indicators, &units, by_year)?;
    let pools = pools(&units, indicators.cities, by_year.then_some(indicators.years.len()));
    let is_constant = |&j: &usize| pools.iter().any(|pool| !pool.is_empty() && constant(indicators.column(j), pool));
    let (constant, kept): (Vec<usize>, Vec<usize>) = (0..indicators.list.len()).partition(is_constant);
    if kept.is_empty() {
        return Err(
            Fault::new(Kind::Undefined, "all indicators are constant, so that there is nothing to add up").into()
        );
    }
    let column = |j: usize, number: &dyn Fn(&[f64], Direction) -> Vec<f64>| {
        let mut column = vec![f64::NAN; indicators.units()];
        for pool in &pools {
            let x: Vec<f64> = pool.iter().map(|&unit| indicators.column(j)[unit]).collect();
            let numbers = number(&x, indicators.list[j].direction);
            pool.iter().zip(numbers).for_each(|(&unit, z)| column[unit] = z);
        }
        column
    };
    let of = |number: &dyn Fn(&[f64], Direction) -> Vec<f64>| Indicators {
        list: kept.iter().map(|&j| indicators.list[j].clone()).collect(),
        values: kept.iter().flat_map(|&j| column(j, number)).collect(),
        years: indicators.years.clone(),
        cities: indicators.cities,
    };
    let (z, raw) = (of(&|x, direction| comparable(x, direction, normalisation)), of(&|x, _| x.to_vec()));
    Ok(Normalised { normalisation, by_year, z, raw, units, missing, given: indicators.list.clone(), constant })
}

/// That every number can be compared.
fn checked(indicators: &Indicators, normalisation: Normalisation) -> Result<()> {
    let mut faults = Faults::default();
    if indicators.list.is_empty() {
        faults.push(Fault::new(Kind::Column, "there is no indicator"));
    }
    for (j, indicator) in indicators.list.iter().enumerate() {
        let column = indicators.column(j);
        for (unit, &x) in column.iter().enumerate() {
            let wrong = match () {
                () if x.is_infinite() => "is infinite, and cannot be compared with other numbers",
                () if x < 0.0 && normalisation == Normalisation::Vector => {
                    "is below 0, where a vector's share is asked for"
                }
                () => continue,
            };
            let year = indicators.years[unit / indicators.cities].map_or(String::new(), |year| format!(" in {year}"));
            let message = format!("\"{x}\"{year} {wrong}");
            faults.push(Fault::new(Kind::Value, message).feature(unit % indicators.cities).field(&*indicator.name));
        }
        if column.iter().all(|x| x.is_nan()) {
            let fault = Fault::new(Kind::Column, "the indicator has no number in any city").field(&*indicator.name);
            faults.push(fault.hint("leave it out of the table of indicators"));
        }
    }
    faults.finish(())
}

/// The units that have a number of every indicator, and the others with the indicators that they lack.
fn parted(indicators: &Indicators) -> (Vec<usize>, Vec<(usize, Vec<usize>)>) {
    let (mut units, mut missing) = (Vec::new(), Vec::new());
    for unit in 0..indicators.units() {
        let lacks: Vec<usize> = (0..indicators.list.len()).filter(|&j| indicators.column(j)[unit].is_nan()).collect();
        if lacks.is_empty() { units.push(unit) } else { missing.push((unit, lacks)) }
    }
    (units, missing)
}

/// That there is something to compare with.
fn enough(indicators: &Indicators, units: &[usize], by_year: bool) -> Result<()> {
    let few = |message: String| -> Error { Fault::new(Kind::TooFew, message).into() };
    if units.len() < 2 {
        let names: Vec<&str> = indicators.list.iter().map(|indicator| indicator.name.as_str()).collect();
        return Err(few(format!("fewer than two cities have a number of every indicator ({})", listed(&names))));
    }
    let years = if by_year { Some(indicators.years.len()) } else { None };
    let alone = pools(units, indicators.cities, years).iter().position(|pool| pool.len() == 1);
    alone.map_or(Ok(()), |year| {
        let year = indicators.years[year].map_or("one year".into(), |year| year.to_string());
        let message =
            format!("in {year} one city alone has a number of every indicator, so that it compares with none");
        Err(Fault::new(Kind::TooFew, message).hint("compare over all years together, or leave the year out").into())
    })
}

/// The units by year, or all in one.
fn pools(units: &[usize], cities: usize, years: Option<usize>) -> Vec<&[usize]> {
    let Some(years) = years else { return vec![units] };
    let begin = |year: usize| units.partition_point(|&unit| unit < year * cities);
    (0..years).map(|year| &units[begin(year)..begin(year + 1)]).collect()
}

/// Whether the numbers of these units are the same to twelve digits.
fn constant(column: &[f64], pool: &[usize]) -> bool {
    let (least, most) = extremes(pool.iter().map(|&unit| column[unit]));
    // Halves, since the difference of two large numbers can be infinite.
    most / 2.0 - least / 2.0 <= 1e-12 * (least.abs().max(most.abs()) / 2.0)
}

pub(super) fn extremes(x: impl Iterator<Item = f64>) -> (f64, f64) {
    x.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (x.min(least), x.max(most)))
}

/// The numbers of one pool on their common scale.
fn comparable(x: &[f64], direction: Direction, normalisation: Normalisation) -> Vec<f64> {
    let (x, cost) = (scaled(x), direction == Direction::Cost);
    match normalisation {
        Normalisation::MinMax => {
            let (least, most) = extremes(x.iter().copied());
            x.iter().map(|x| if cost { most - x } else { x - least } / (most - least)).collect()
        }
        Normalisation::ZScore => {
            let (mean, sd) = moments(&x);
            x.iter().map(|x| if cost { mean - x } else { x - mean } / sd).collect()
        }
        Normalisation::Rank => {
            let last = x.len() as f64 - 1.0;
            mean_ranks(&x).iter().map(|rank| if cost { last + 1.0 - rank } else { rank - 1.0 } / last).collect()
        }
        Normalisation::Vector => {
            let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
            x.iter().map(|x| if cost { 1.0 - x / length } else { x / length }).collect()
        }
    }
}

/// The numbers over a power of two that brings the largest size below 1: exact, and no sum of squares leaves the range.
pub(super) fn scaled(x: &[f64]) -> Vec<f64> {
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let (_, exponent) = libm::frexp(largest);
    x.iter().map(|&x| libm::ldexp(x, -exponent)).collect()
}

/// Mean and standard deviation of the population.
pub(super) fn moments(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    (mean, (x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_two_takes_no_digit() {
        assert_eq!(scaled(&[0.3, -1.1, 0.0]), [0.15, -0.55, 0.0]);
        assert_eq!(scaled(&[f64::MAX, -f64::MAX / 2.0])[1], -scaled(&[f64::MAX])[0] / 2.0);
        assert_eq!(scaled(&[5e-324]), [0.5]);
        assert_eq!(scaled(&[0.0]), [0.0]);
    }

    #[test]
    fn years_are_pools_of_their_own() {
        let units = [0, 2, 7, 8];
        assert_eq!(pools(&units, 3, Some(3)), [&units[..2], &[], &units[2..]]);
        assert_eq!(pools(&units, 3, None), [&units[..]]);
    }
}
