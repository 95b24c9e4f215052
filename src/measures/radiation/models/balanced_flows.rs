//! Flows whose sums by city are given.

use super::super::distances::Distances;
use super::balance::{BALANCED, Balance};
use super::decay::Decay;
use super::fitted::Fitted;
use super::impedance::Impedance;
use super::rows::all_rows;
use crate::error::{Fault, Kind, Result};

/// Flows A_i B_j g(d_ij) whose sums are given: n × n row after row, 0 where there is no way. See [`balanced_flows`].
#[derive(Clone, Debug, PartialEq)]
pub struct BalancedFlows {
    /// The flows.
    pub flows: Vec<f64>,
    /// Rounds of balancing.
    pub rounds: usize,
    /// Whether all sums are met within a relative 10⁻¹³, or to rounding.
    pub balanced: bool,
}

/// Flows of the doubly constrained model with a given coefficient: T_ij = A_i B_j d_ij^c or A_i B_j exp(c d_ij), with
/// Σ_j T_ij = out_i and Σ_i T_ij = into_j.
///
/// Furness' method with Newton steps, at most 2,000 rounds; sums that no such flows have, as those of a city that sends more
/// than all others receive, end unbalanced. O(n²) a round.
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ, a sum is below zero or not finite, or the two totals differ by more than 10⁻⁹.
pub fn balanced_flows(
    out: &[f64],
    into: &[f64],
    distances: &Distances,
    decay: Decay,
    coefficient: f64,
) -> Result<BalancedFlows> {
    let n = distances.n();
    let totals = [out, into].map(|sums| sums.iter().sum::<f64>());
    let fit = out.len() == n && into.len() == n && out.iter().chain(into).all(|sum| *sum >= 0.0 && sum.is_finite());
    if !fit || (totals[0] - totals[1]).abs() > 1e-9 * totals[0] || !coefficient.is_finite() {
        let message = "sums of rows and columns are numbers of zero or more, one for each city, with one total";
        return Err(Fault::new(Kind::Value, message).into());
    }
    let impedance = Impedance::new(distances, decay, &vec![true; n]);
    let mut balance = Balance::new(&impedance, coefficient, out, into);
    let balanced = balance.run(BALANCED);
    let (origin, destination) = balance.logarithms();
    let fitted = Fitted { origin, destination, exponent: coefficient };
    let flows = all_rows(n, |i, row| fitted.row(&impedance, i, row));
    Ok(BalancedFlows { flows, rounds: balance.rounds, balanced })
}
