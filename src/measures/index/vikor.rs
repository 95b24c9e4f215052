//! VIKOR: a compromise between the good of all indicators together and the regret in the worst of them.

use super::Normalised;
use super::indicator_weights::{fitting, min_max};
use super::normalise::extremes;
use super::ranks::ranks_by_year;
use crate::error::Result;

/// How much the good of all indicators together counts against the largest regret.
const V: f64 = 0.5;

/// What is left of a difference by rounding alone.
const EQUAL: f64 = 1e-12;

/// The compromise ranking; see [`vikor()`]. Numbers have one entry for every unit, NaN or `None` where it takes no part.
#[derive(Clone, Debug, PartialEq)]
pub struct Vikor {
    /// S, the weighted distance from the best in all indicators together, 0 to 1; lower is better.
    pub s: Vec<f64>,
    /// R, the largest weighted distance from the best in one indicator, 0 to 1; lower is better.
    pub r: Vec<f64>,
    /// Q, the compromise of both, 0 to 1; lower is better.
    pub q: Vec<f64>,
    /// The rank by Q in the year, 1 for the lowest; equal ones share the best of their ranks.
    pub rank: Vec<Option<usize>>,
    /// What the compromise is in each year; `None` where fewer than two units take part.
    pub compromises: Vec<Option<Compromise>>,
}

/// The compromise of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct Compromise {
    /// The cities by Q, the best first, those of equal Q in the order given.
    pub order: Vec<usize>,
    /// How much larger the second Q is than the first.
    pub advantage: f64,
    /// The advantage from which it is acceptable, 1/(n − 1) with n cities that take part.
    pub threshold: f64,
    /// Whether the advantage is acceptable.
    pub acceptable: bool,
    /// Whether the first by Q is first by S or by R too.
    pub stable: bool,
    /// How many of the order are the compromise: 1 where the advantage is acceptable and the first stable, 2 where it is
    /// not stable, else all whose Q is less than the threshold above the first.
    pub solutions: usize,
}

/// VIKOR (multicriteria optimisation and compromise solution) with the weights `weights[year][indicator]` and v = 0.5.
///
/// # Formula
///
/// S_i = Σ_j w_j (1 − z_ij), R_i = max_j w_j (1 − z_ij), Q_i = v (S_i − S*)/(S⁻ − S*) + (1 − v)(R_i − R*)/(R⁻ − R*)
///
/// where z are the min-max numbers, whatever the normalisation of `normalised`, and S*, R* the least, S⁻, R⁻ the largest of
/// all units that take part, or with [`by_year`](Normalised::by_year) of those of the year. Where all S are equal, or all R,
/// the term tells no unit from another and is 0. The conditions of the compromise are those of the cities of each year.
/// O(k n + n log n).
///
/// # Errors
///
/// Weights that are not one for each indicator in each year of `normalised`.
///
/// # Source
///
/// Opricovic, S. and Tzeng, G.-H. (2004). Compromise solution by MCDM methods: a comparative analysis of VIKOR and TOPSIS.
/// European Journal of Operational Research 156, 445-455. doi:10.1016/S0377-2217(03)00020-1
///
/// ```
/// use agglo::measures::index::{Normalisation, normalise, vikor};
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
/// let result = vikor(&normalised, &[vec![0.75, 0.25]])?;
/// assert_eq!(result.s, [0.75, 0.5, 0.25]);
/// assert_eq!(result.r, [0.75, 0.375, 0.25]);
/// assert_eq!(result.q, [1.0, 0.375, 0.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
#[allow(clippy::needless_range_loop, reason = "an indicator has a column and a weight in each year")]
pub fn vikor(normalised: &Normalised, weights: &[Vec<f64>]) -> Result<Vikor> {
    fitting(normalised, weights)?;
    let z = min_max(normalised)?;
    let none = vec![f64::NAN; z.units()];
    let (mut s, mut r, mut q) = (none.clone(), none.clone(), none);
    normalised.units.iter().for_each(|&unit| (s[unit], r[unit]) = (0.0, 0.0));
    let of = |unit: usize| &weights[unit / z.cities];
    for j in 0..z.list.len() {
        let column = z.column(j);
        for &unit in &normalised.units {
            let regret = of(unit)[j] * (1.0 - column[unit]);
            s[unit] += regret;
            r[unit] = r[unit].max(regret);
        }
    }
    for pool in normalised.pools() {
        let (of_s, of_r) = (position(&s, pool), position(&r, pool));
        pool.iter().enumerate().for_each(|(place, &unit)| q[unit] = V * of_s[place] + (1.0 - V) * of_r[place]);
    }
    let upside_down: Vec<f64> = q.iter().map(|q| -q).collect();
    let rank = ranks_by_year(&upside_down, z.cities);
    let year = |t: usize| t * z.cities..(t + 1) * z.cities;
    let compromises = (0..z.years.len()).map(|t| compromise(&s[year(t)], &r[year(t)], &q[year(t)])).collect();
    Ok(Vikor { s, r, q, rank, compromises })
}

/// Where each unit of the pool lies between the least and the largest, 0 where all are equal.
fn position(x: &[f64], pool: &[usize]) -> Vec<f64> {
    let (least, most) = extremes(pool.iter().map(|&unit| x[unit]));
    let of = |x: f64| if most - least > EQUAL { (x - least) / (most - least) } else { 0.0 };
    pool.iter().map(|&unit| of(x[unit])).collect()
}

/// The compromise among the cities of one year.
fn compromise(s: &[f64], r: &[f64], q: &[f64]) -> Option<Compromise> {
    let mut order: Vec<usize> = (0..q.len()).filter(|&i| q[i].is_finite()).collect();
    order.sort_by(|&a, &b| q[a].total_cmp(&q[b]));
    let [first, second, ..] = order[..] else { return None };
    let threshold = 1.0 / (order.len() as f64 - 1.0);
    let advantage = q[second] - q[first];
    let acceptable = advantage >= threshold - EQUAL;
    let is_first = |x: &[f64]| order.iter().all(|&i| x[first] <= x[i] + EQUAL);
    let stable = is_first(s) || is_first(r);
    let solutions = match (acceptable, stable) {
        (true, true) => 1,
        (true, false) => 2,
        (false, _) => order.iter().filter(|&&i| q[i] - q[first] < threshold - EQUAL).count(),
    };
    Some(Compromise { order, advantage, threshold, acceptable, stable, solutions })
}
