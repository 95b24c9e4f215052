//! Who takes part in a measure of inequality, with which value and which share of the population.

use indexmap::IndexMap;

use crate::error::{Fault, Faults, Kind, Result};

/// Fewest cities that inequality is measured among.
const FEWEST: usize = 2;
/// The field of faults that are not of the value but of the population.
pub(super) const POPULATION: &str = "population";

/// The values of the cities that take part, and their shares of the population.
///
/// A city without a value takes no part, nor does one without a population where there is one at all: nobody lives
/// there who could be rich or poor. Values are over their largest, so that no sum overflows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Distribution {
    /// The cities, ascending.
    pub(super) cities: Vec<usize>,
    /// Their values, over `scale`.
    pub(super) x: Vec<f64>,
    /// Their shares p_i of the population, which add up to 1; without a population 1/n.
    pub(super) p: Vec<f64>,
    /// The mean Σ p_i x_i of `x`.
    pub(super) mean: f64,
    /// The largest absolute value.
    pub(super) scale: f64,
    /// Whether the shares are those of a population.
    pub(super) weighted: bool,
}

impl Distribution {
    /// The distribution of `x`, NaN where there is no value.
    ///
    /// # Errors
    /// Columns of different lengths; a negative population, or one that adds up to 0; fewer than two cities.
    pub(super) fn new(x: &[f64], population: Option<&[f64]>) -> Result<Self> {
        if let Some(other) = population.filter(|other| other.len() != x.len()) {
            let message = format!("{} values and populations of {} cities", x.len(), other.len());
            return Err(Fault::new(Kind::Option, message)
                .hint("give one of each for every city, NaN where there is none")
                .into());
        }
        if let Some(population) = population {
            check_population(population)?;
        }
        let people = |i: usize| population.map_or(1.0, |population| population[i]);
        let cities: Vec<usize> = (0..x.len()).filter(|&i| x[i].is_finite() && people(i) > 0.0).collect();
        if cities.len() < FEWEST {
            let what = if population.is_some() { "a value and a population" } else { "a value" };
            let message =
                format!("inequality needs at least {FEWEST} cities with {what}, and there are {}", cities.len());
            return Err(Fault::new(Kind::TooFew, message).into());
        }
        let most = cities.iter().fold(0.0_f64, |most, &i| most.max(people(i)));
        let total: f64 = cities.iter().map(|&i| people(i) / most).sum();
        let p: Vec<f64> = cities.iter().map(|&i| people(i) / most / total).collect();
        let largest = cities.iter().fold(0.0_f64, |most, &i| most.max(x[i].abs()));
        let scale = if largest > 0.0 { largest } else { 1.0 };
        let x: Vec<f64> = cities.iter().map(|&i| x[i] / scale).collect();
        let mean = mean(x.iter().copied().zip(p.iter().copied()));
        Ok(Self { cities, x, p, mean, scale, weighted: population.is_some() })
    }

    /// The same, of values of which none may be negative and not all zero.
    ///
    /// # Errors
    /// Those of [`new`](Self::new); one fault for each negative value; [`Kind::Undefined`] where all values are 0.
    pub(super) fn of_shares(x: &[f64], population: Option<&[f64]>) -> Result<Self> {
        let distribution = Self::new(x, population)?;
        let mut faults = Faults::default();
        for &i in distribution.cities.iter().filter(|&&i| x[i] < 0.0) {
            let message = format!("{} is negative, and shares of a total need values of 0 or more", x[i]);
            let hint =
                "leave such cities out with --where, or take --only variation, which gives what negative values allow";
            faults.push(Fault::new(Kind::Value, message).feature(i).hint(hint));
        }
        faults.finish(())?;
        if distribution.mean == 0.0 {
            return Err(Fault::new(Kind::Undefined, "all values are 0, so that nobody has a share").into());
        }
        Ok(distribution)
    }

    /// As [`of_shares`](Self::of_shares), of the cities that have a group, and the places of the cities of each group, in the
    /// order in which groups first appear.
    ///
    /// # Errors
    /// Those of [`of_shares`](Self::of_shares), and groups that are not as many as values.
    pub(super) fn in_groups<'g, G: AsRef<str>>(
        x: &[f64],
        population: Option<&[f64]>,
        groups: &'g [Option<G>],
    ) -> Result<(Self, IndexMap<&'g str, Vec<usize>>)> {
        if groups.len() != x.len() {
            let message = format!("{} values and groups of {} cities", x.len(), groups.len());
            return Err(Fault::new(Kind::Option, message).into());
        }
        let x: Vec<f64> = x.iter().zip(groups).map(|(&x, group)| if group.is_some() { x } else { f64::NAN }).collect();
        let distribution = Self::of_shares(&x, population)?;
        let mut members: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for (place, &city) in distribution.cities.iter().enumerate() {
            members.entry(groups[city].as_ref().map_or("", AsRef::as_ref)).or_default().push(place);
        }
        Ok((distribution, members))
    }

    /// Number of cities that take part.
    pub(super) fn n(&self) -> usize {
        self.cities.len()
    }

    /// The values over their mean, r_i = x_i/μ.
    pub(super) fn relative(&self) -> impl Iterator<Item = f64> + '_ {
        self.x.iter().map(|x| x / self.mean)
    }

    /// The cities whose value is 0.
    pub(super) fn zeros(&self) -> Vec<usize> {
        self.cities.iter().zip(&self.x).filter(|&(_, &x)| x == 0.0).map(|(&i, _)| i).collect()
    }

    /// The places of the cities from the least value to the largest.
    pub(super) fn ascending(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.n()).collect();
        order.sort_by(|&a, &b| self.x[a].total_cmp(&self.x[b]));
        order
    }

    /// One number for each of `n` cities from those of the cities that take part; NaN for the others.
    pub(super) fn spread(&self, n: usize, values: impl Iterator<Item = f64>) -> Vec<f64> {
        spread(n, &self.cities, values)
    }
}

/// One number for each of `n` cities from those of these cities; NaN for the others.
pub(super) fn spread(n: usize, cities: &[usize], values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut all = vec![f64::NAN; n];
    cities.iter().zip(values).for_each(|(&i, value)| all[i] = value);
    all
}

/// The mean of values with their weights, which add up to 1. Taken from the first value on, so that the mean of equal
/// values is that value to the last bit.
pub(super) fn mean(mut terms: impl Iterator<Item = (f64, f64)>) -> f64 {
    let Some((first, _)) = terms.next() else { return f64::NAN };
    first + terms.map(|(x, p)| p * (x - first)).sum::<f64>()
}

fn check_population(population: &[f64]) -> Result<()> {
    let mut faults = Faults::default();
    for (i, people) in population.iter().enumerate().filter(|(_, people)| **people < 0.0) {
        faults.push(
            Fault::new(Kind::Value, format!("{people} is negative, and a population is 0 or more"))
                .feature(i)
                .field(POPULATION),
        );
    }
    faults.finish(())?;
    if population.iter().all(|&people| people.is_nan() || people == 0.0) {
        let fault = Fault::new(Kind::Value, "the population adds up to 0").field(POPULATION);
        return Err(fault.hint("name the column of inhabitants with --population, or leave it out").into());
    }
    Ok(())
}
