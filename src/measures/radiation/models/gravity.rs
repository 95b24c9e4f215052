//! Gravity: the linkage between cities that masses and distances suggest.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::super::options::Options;
use super::decay::{Decay, is_way};
use super::rows::all_rows;
use crate::error::{Fault, Kind, Result};

/// The linkage of every city with all others; see [`gravity()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Gravity {
    /// Linkage intensity Σ_j R_ij; NaN without a mass.
    pub total: Vec<f64>,
    /// The city with which the linkage is strongest, the earlier of equals; `None` where there is none.
    pub partner: Vec<Option<usize>>,
    /// Its membership degree R_ij/R_i, 0 to 1; NaN where there is no linkage.
    pub partner_share: Vec<f64>,
    /// Σ_i Σ_j R_ij.
    pub sum: f64,
}

/// The linkages of a city with all others, made row after row so that n × n of them need not be held.
pub(super) struct Pull<'a> {
    distances: &'a Distances,
    beta: f64,
    /// m_i^a and m_j^b; 0 without a mass.
    from: Vec<f64>,
    to: Vec<f64>,
    direction_by: Option<&'a [f64]>,
}

impl<'a> Pull<'a> {
    pub(super) fn new(
        mass: &[f64],
        distances: &'a Distances,
        options: &Options,
        direction_by: Option<&'a [f64]>,
    ) -> Result<Self> {
        let n = distances.n();
        if mass.len() != n || direction_by.is_some_and(|sizes| sizes.len() != n) {
            let message = format!("{} masses and distances of {n} cities", mass.len());
            return Err(Fault::new(Kind::Value, message).into());
        }
        let power = |exponent: f64| -> Vec<f64> {
            let of = |m: f64| if exponent == 1.0 { m } else { libm::pow(m, exponent) };
            mass.iter().map(|&m| if m > 0.0 { of(m) } else { 0.0 }).collect()
        };
        let [from, to] = options.mass_exponents.map(power);
        Ok(Self { distances, beta: options.beta, from, to, direction_by })
    }

    pub(super) fn n(&self) -> usize {
        self.from.len()
    }

    /// Whether R_ij = R_ji by definition.
    pub(super) fn is_symmetric(&self) -> bool {
        self.direction_by.is_none() && self.from == self.to
    }

    /// R_ij for all j; 0 where a mass or the distance is not known.
    pub(super) fn row(&self, i: usize, row: &mut [f64]) {
        for ((flow, &d), to) in row.iter_mut().zip(self.distances.row(i)).zip(&self.to) {
            *flow = self.from[i] * to * Decay::Power.faded(d, self.beta);
        }
        if let Some(sizes) = self.direction_by {
            row.iter_mut().zip(sizes).for_each(|(flow, size)| *flow *= share(sizes[i], *size));
        }
        row[i] = 0.0;
    }

    /// R_ij.
    pub(super) fn between(&self, i: usize, j: usize) -> f64 {
        let direction = self.direction_by.map_or(1.0, |sizes| share(sizes[i], sizes[j]));
        let flow = self.from[i] * self.to[j] * Decay::Power.faded(self.distances.get(i, j), self.beta) * direction;
        if i == j { 0.0 } else { flow }
    }
}

/// k_ij = G_i/(G_i + G_j); half between two of no size, 0 where a size is not known.
fn share(own: f64, other: f64) -> f64 {
    match own + other {
        sum if sum > 0.0 && own >= 0.0 && other >= 0.0 => own / sum,
        0.0 => 0.5,
        _ => 0.0,
    }
}

/// Linkages by gravity, and how they divide among partners.
///
/// # Formula
///
/// R_ij = m_i^a m_j^b / d_ij^β, with a direction R_ij = k_ij m_i^a m_j^b / d_ij^β, k_ij = G_i/(G_i + G_j); R_i = Σ_{j≠i} R_ij;
/// membership degree F_ij = R_ij/R_i.
///
/// `mass` m, `direction_by` G (sizes by which the linkage of two cities is divided between its directions, as GDP), a, b and β
/// from `options`. Cities without a mass, and pairs without a distance above zero, have no linkage. The unit is that of
/// the masses over that of the distances, and means nothing by itself: compare within one table. O(n²), rows in parallel.
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ; [`Kind::Undefined`] where a linkage is more than a number can hold.
///
/// # Source
///
/// Stewart, J. Q. (1948). Demographic gravitation: evidence and applications. Sociometry 11, 31-58. Membership degrees and
/// directed shares: as in Chinese studies of urban agglomerations since the 1990s.
///
/// ```
/// use agglo::measures::radiation::{Distances, USUAL, gravity};
/// let distances = Distances::from_values(3, vec![0.0, 10.0, 20.0, 10.0, 0.0, 10.0, 20.0, 10.0, 0.0])?;
/// let linkage = gravity(&[100.0, 20.0, 10.0], &distances, &USUAL, None)?;
/// assert_eq!(linkage.total, [22.5, 22.0, 4.5]);
/// assert_eq!(linkage.partner, [Some(1), Some(0), Some(0)]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn gravity(
    mass: &[f64],
    distances: &Distances,
    options: &Options,
    direction_by: Option<&[f64]>,
) -> Result<Gravity> {
    let pull = Pull::new(mass, distances, options, direction_by)?;
    let n = pull.n();
    let of_row = |row: &mut Vec<f64>, i: usize| {
        pull.row(i, row);
        let (mut sum, mut most, mut partner) = (0.0, 0.0, None);
        for (j, &flow) in row.iter().enumerate() {
            sum += flow;
            if flow > most {
                (most, partner) = (flow, Some(j));
            }
        }
        (sum, partner, most / sum)
    };
    let rows: Vec<_> = (0..n).into_par_iter().map_init(|| vec![0.0; n], of_row).collect();
    let sum: f64 = rows.iter().map(|row| row.0).sum();
    if !sum.is_finite() {
        let message = "linkages add up to more than a number can hold";
        return Err(Fault::new(Kind::Undefined, message).hint("give the masses in a larger unit").into());
    }
    Ok(Gravity {
        total: rows.iter().zip(mass).map(|(row, m)| if m.is_nan() { f64::NAN } else { row.0 }).collect(),
        partner: rows.iter().map(|row| row.1).collect(),
        partner_share: rows.iter().map(|row| row.2).collect(),
        sum,
    })
}

/// All linkages R_ij as in [`gravity()`], n × n row after row, 0 on the diagonal.
///
/// # Errors
/// As [`gravity()`].
pub fn gravity_flows(
    mass: &[f64],
    distances: &Distances,
    options: &Options,
    direction_by: Option<&[f64]>,
) -> Result<Vec<f64>> {
    let pull = Pull::new(mass, distances, options, direction_by)?;
    Ok(all_rows(pull.n(), |i, row| pull.row(i, row)))
}

/// Cities with a mass that no way leads from to another one that has a mass.
pub(super) fn without_way(mass: &[f64], distances: &Distances) -> Vec<usize> {
    let known = |i: usize| !mass[i].is_nan();
    let alone = |&i: &usize| {
        let mut ways = distances.row(i).iter().enumerate();
        known(i) && !ways.any(|(j, d)| j != i && known(j) && is_way(*d))
    };
    (0..mass.len()).filter(alone).collect()
}
