//! How much mass lies nearer to a city than each other one: what radiation and intervening opportunities are made of.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::decay::is_way;
use crate::error::{Fault, Kind, Result};

/// Distances that differ by no more than this part of them are the same.
const SAME: f64 = 1e-12;

/// s_ij: the mass strictly nearer to i than j, without that of i and of j.
pub(super) struct Opportunities {
    pub(super) n: usize,
    /// Masses; 0 where there is none.
    pub(super) mass: Vec<f64>,
    /// Mass of all cities that can be reached from each, with its own.
    pub(super) reachable: Vec<f64>,
    /// Row after row; NaN where there is no way.
    nearer: Vec<f64>,
    /// Destinations as far from their origin as another one.
    pub(super) tied: usize,
}

impl Opportunities {
    /// Sorts the others of each city by distance; those equally far do not come before each other. O(n² log n).
    ///
    /// # Errors
    /// [`Kind::Value`] where lengths differ.
    pub(super) fn new(mass: &[f64], distances: &Distances) -> Result<Self> {
        let n = distances.n();
        if mass.len() != n {
            let message = format!("{} masses and distances of {n} cities", mass.len());
            return Err(Fault::new(Kind::Value, message).into());
        }
        let known: Vec<f64> = mass.iter().map(|&m| if m > 0.0 && m.is_finite() { m } else { 0.0 }).collect();
        let mut nearer = vec![f64::NAN; n * n];
        let of_row = |order: &mut Vec<(u64, u32)>, (i, row): (usize, &mut [f64])| {
            order.clear();
            let others = distances.row(i).iter().enumerate();
            let others = others.filter(|&(j, &d)| j != i && is_way(d) && !mass[j].is_nan() && !mass[i].is_nan());
            // Bits of numbers that are not negative have the order of the numbers.
            order.extend(others.map(|(j, d)| (d.to_bits(), j as u32)));
            order.sort_unstable();
            sum_up(order, &known, row, known[i])
        };
        let rows: Vec<(f64, usize)> =
            nearer.par_chunks_mut(n.max(1)).enumerate().map_init(|| Vec::with_capacity(n), of_row).collect();
        let tied = rows.iter().map(|row| row.1).sum();
        Ok(Self { n, mass: known, reachable: rows.into_iter().map(|row| row.0).collect(), nearer, tied })
    }

    /// s_ij for all j.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.nearer[i * self.n..(i + 1) * self.n]
    }
}

/// Writes s into the row; the mass of all with that of the city itself, and the number of those tied.
fn sum_up(order: &[(u64, u32)], mass: &[f64], row: &mut [f64], own: f64) -> (f64, usize) {
    let (mut sum, mut tied, mut at) = (0.0, 0, 0);
    while at < order.len() {
        let first = f64::from_bits(order[at].0);
        let group = order[at..].iter().take_while(|(d, _)| f64::from_bits(*d) - first <= SAME * first).count();
        let members = &order[at..at + group];
        members.iter().for_each(|&(_, j)| row[j as usize] = sum);
        sum += members.iter().map(|&(_, j)| mass[j as usize]).sum::<f64>();
        tied += if group > 1 { group } else { 0 };
        at += group;
    }
    (sum + own, tied)
}
