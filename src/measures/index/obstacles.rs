//! Obstacle degrees: which indicators hold a city back.

use crate::error::{Fault, Faults, Kind, Result};

/// Rounding by which a normalised value may leave [0, 1].
const ROUNDING: f64 = 1e-12;

/// Obstacle degrees of units; see [`obstacles()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacles {
    /// Number of units.
    pub units: usize,
    /// Degree of every indicator in every unit, indicator after indicator, in [0, 1] with the sum 1 in each unit; NaN in a
    /// unit without a number, or without an obstacle.
    pub degrees: Vec<f64>,
    /// What each unit falls short of the best, Σ w (1 − z); NaN in a unit without a number.
    pub shortfall: Vec<f64>,
}

/// Obstacle degrees of normalised indicators.
///
/// `normalised` are the values z in [0, 1], indicator after indicator, in each one for every unit, NaN where there is none;
/// 1 is the best. `weights` are those of the indicators, 0 or more, as large as they like to be. An indicator of weight 0
/// takes no part: its degree is 0, whatever its values. A unit without the value of another indicator has no degrees.
///
/// # Formula
///
/// O_k = w_k (1 − z_k) / Σ_j w_j (1 − z_j)
///
/// The degrees of a unit add up to 1: they say what its shortfall is made of, not how large it is. A unit that is the best in
/// everything has no obstacle: its shortfall is 0 and its degrees are NaN. O(units × indicators).
///
/// # Errors
///
/// Values that are not whole columns; a value outside [0, 1], all at once, with the unit's index as the feature; a weight that
/// is negative or not finite; [`Kind::Undefined`] where no weight is above 0.
///
/// # Source
///
/// Common practice of Chinese regional science (障碍度模型) with additive indices; O = F·I/Σ F·I with the factor
/// contribution F = w and the deviation I = 1 − z.
///
/// ```
/// use agglo::measures::index::obstacles;
/// let result = obstacles(&[0.5, 1.0, 0.0, 1.0], &[0.5, 0.5])?; // two units: (0.5, 0) and (1, 1)
/// assert_eq!((result.degrees[0], result.degrees[2]), (0.25 / 0.75, 0.5 / 0.75));
/// assert_eq!(result.shortfall, [0.75, 0.0]);
/// assert!(result.degrees[1].is_nan()); // the best in everything
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn obstacles(normalised: &[f64], weights: &[f64]) -> Result<Obstacles> {
    let units = check(normalised, weights)?;
    let mut degrees = vec![0.0; normalised.len()];
    let mut shortfall = vec![0.0; units];
    for (k, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        let places = k * units..(k + 1) * units;
        for ((degree, total), z) in degrees[places.clone()].iter_mut().zip(&mut shortfall).zip(&normalised[places]) {
            *degree = weight * (1.0 - z).clamp(0.0, 1.0);
            *total += *degree;
        }
    }
    for of_indicator in degrees.chunks_exact_mut(units.max(1)) {
        // 0/0 is NaN, for the units without an obstacle.
        of_indicator.iter_mut().zip(&shortfall).for_each(|(degree, total)| *degree /= total);
    }
    Ok(Obstacles { units, degrees, shortfall })
}

/// The number of units, once everything can be counted on.
fn check(normalised: &[f64], weights: &[f64]) -> Result<usize> {
    if weights.is_empty() || !normalised.len().is_multiple_of(weights.len()) {
        let message =
            format!("{} values are not one for each unit and each of {} indicators", normalised.len(), weights.len());
        return Err(Fault::new(Kind::Structure, message).into());
    }
    if let Some(weight) = weights.iter().find(|weight| !(0.0..f64::INFINITY).contains(*weight)) {
        return Err(Fault::new(Kind::Value, format!("a weight of {weight} is not a number of 0 or more")).into());
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return Err(Fault::new(Kind::Undefined, "no indicator has a weight above 0").into());
    }
    let units = normalised.len() / weights.len();
    let mut faults = Faults::default();
    for (at, z) in normalised.iter().enumerate() {
        if weights[at / units] > 0.0 && (*z < -ROUNDING || *z > 1.0 + ROUNDING) {
            let message = format!("a normalised value of {z} is not between 0 and 1");
            faults.push(Fault::new(Kind::Value, message).feature(at % units));
        }
    }
    faults.finish(units)
}

impl Obstacles {
    /// The indicators that hold a unit back, the largest obstacle first, equal ones in their order; each with its degree.
    /// None where the unit has no degrees.
    pub fn ranked(&self, unit: usize) -> Vec<(usize, f64)> {
        let of_unit = self.degrees.iter().skip(unit).step_by(self.units.max(1)).copied().enumerate();
        let mut ranked: Vec<(usize, f64)> = of_unit.filter(|&(_, degree)| degree > 0.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_obstacle_comes_first() {
        let result = obstacles(&[0.5, 0.2, f64::NAN, 0.9, 0.0, 0.7, 0.5, 0.6, f64::NAN], &[2.0, 1.0, 0.0]).unwrap();
        assert_eq!(result.ranked(0).iter().map(|at| at.0).collect::<Vec<_>>(), [0, 1]);
        assert!(result.ranked(2).is_empty() && result.shortfall[2].is_nan());
        assert_eq!(result.degrees[6], 0.0);
    }

    #[test]
    fn what_has_no_degree_is_refused() {
        let kind = |z: &[f64], w: &[f64]| obstacles(z, w).unwrap_err().kind();
        assert_eq!(kind(&[0.5; 3], &[1.0; 2]), Kind::Structure);
        assert_eq!(kind(&[], &[]), Kind::Structure);
        assert_eq!(kind(&[0.5; 2], &[1.0, f64::NAN]), Kind::Value);
        assert_eq!(kind(&[0.5; 2], &[0.0, 0.0]), Kind::Undefined);
        assert_eq!(kind(&[-0.1, 0.5], &[1.0, 1.0]), Kind::Value);
        assert!(obstacles(&[], &[1.0]).unwrap().shortfall.is_empty());
    }
}
