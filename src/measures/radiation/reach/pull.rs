//! The pull of the cores on the other cities, m_c/d_ic^β, and each core's share of it.

use crate::error::{Fault, Kind, Result};
use crate::measures::radiation::Distances;

/// What the pull of each core on each city is made of. Rows are made as they are asked for, so that nothing of the size
/// cities × cores is held.
pub(super) struct Pulls<'a> {
    mass: &'a [f64],
    distances: &'a Distances,
    cores: &'a [usize],
    is_core: Vec<bool>,
    beta: f64,
}

impl<'a> Pulls<'a> {
    /// Masses and distances of n cities, the places of the cores among them, and the exponent β of the distance.
    ///
    /// # Errors
    /// [`Kind::Value`] where lengths differ or a core is no city; [`Kind::Undefined`] without cores, for a core without a
    /// mass above 0, or a β that is not above 0.
    pub fn of(mass: &'a [f64], distances: &'a Distances, cores: &'a [usize], beta: f64) -> Result<Self> {
        let n = distances.n();
        let wrong = |kind, message: String| Err(Fault::new(kind, message).into());
        if mass.len() != n {
            return wrong(Kind::Value, format!("{} masses are given for {n} cities", mass.len()));
        }
        if let Some(core) = cores.iter().find(|&&core| core >= n) {
            return wrong(Kind::Value, format!("core {core} is none of {n} cities"));
        }
        if !(beta > 0.0 && beta.is_finite()) {
            return wrong(Kind::Undefined, format!("{beta} is no exponent of the distance: it has to be above 0"));
        }
        if cores.is_empty() {
            return wrong(Kind::Undefined, "there is no core with a mass above 0".into());
        }
        let has_mass = |core: &usize| mass[*core] > 0.0 && mass[*core].is_finite();
        if let Some(&core) = cores.iter().find(|core| !has_mass(core)) {
            let fault =
                Fault::new(Kind::Undefined, format!("{} is no mass of a core: it has to be above 0", mass[core]));
            return Err(fault.feature(core).into());
        }
        let mut is_core = vec![false; n];
        cores.iter().for_each(|&core| is_core[core] = true);
        Ok(Self { mass, distances, cores, is_core, beta })
    }

    /// Number of cities.
    pub fn n(&self) -> usize {
        self.mass.len()
    }

    /// Whether a city is a core, which no other core draws.
    pub fn is_core(&self, city: usize) -> bool {
        self.is_core[city]
    }

    /// The cities that cores draw: all with a mass that are no cores.
    pub fn periphery(&self) -> Vec<usize> {
        (0..self.n()).filter(|&i| !self.is_core[i] && !self.mass[i].is_nan()).collect()
    }

    /// The strength of the field of each core in a city, m_c/d_ic^β; NaN at cores, without a mass and without a way.
    pub fn field(&self, city: usize) -> Vec<f64> {
        let of = |(core, d): (usize, f64)| self.mass[core] / libm::pow(d, self.beta);
        self.ways(city).map(of).collect()
    }

    /// The share of each core in all pulls on a city; NaN as in [`field`](Self::field), adding up to 1 where any is known.
    ///
    /// Distances count relative to the nearest core, so that no power of them is too large or too small for a number.
    pub fn shares(&self, city: usize) -> Vec<f64> {
        let nearest = self.ways(city).map(|(_, d)| d).fold(f64::INFINITY, f64::min);
        let most = self.cores.iter().map(|&core| self.mass[core]).fold(0.0, f64::max);
        let of = |(core, d): (usize, f64)| self.mass[core] / most * libm::pow(nearest / d, self.beta);
        let mut shares: Vec<f64> = self.ways(city).map(of).collect();
        let sum: f64 = shares.iter().filter(|x| x.is_finite()).sum();
        shares.iter_mut().for_each(|x| *x /= sum);
        shares
    }

    /// Every core with its distance from a city.
    fn ways(&self, city: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let none = self.is_core[city] || self.mass[city].is_nan();
        self.cores.iter().map(move |&core| (core, if none { f64::NAN } else { self.distances.get(city, core) }))
    }
}

/// The places of the largest and of the second largest number, the earlier of equals; NaN is passed over.
pub(super) fn two_largest(row: &[f64]) -> [Option<usize>; 2] {
    let largest_but = |without: Option<usize>| {
        let candidates = (0..row.len()).filter(|&c| !row[c].is_nan() && Some(c) != without);
        candidates
            .fold(None, |best: Option<usize>, c| if best.is_some_and(|b| row[b] >= row[c]) { best } else { Some(c) })
    };
    let first = largest_but(None);
    [first, first.and_then(|first| largest_but(Some(first)))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_of_equals_comes_first() {
        assert_eq!(two_largest(&[f64::NAN, 0.25, 0.5, 0.25]), [Some(2), Some(1)]);
        assert_eq!(two_largest(&[f64::NAN, 1.0]), [Some(1), None]);
        assert_eq!(two_largest(&[]), [None, None]);
    }

    #[test]
    fn shares_hold_where_powers_do_not() {
        let distances = Distances::from_values(3, vec![0.0, 1e200, 2e200, 1e200, 0.0, 1.0, 2e200, 1.0, 0.0]).unwrap();
        let pulls = Pulls::of(&[1.0, 1.0, 4.0], &distances, &[1, 2], 2.0).unwrap();
        assert_eq!(pulls.shares(0), [0.5, 0.5]);
        assert_eq!(pulls.field(0), [0.0, 0.0]);
    }
}
