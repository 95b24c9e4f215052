//! Accessibility: the mass that can be reached, and supply within reach against the demand for it.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::decay::{Decay, is_way};
use crate::error::{Fault, Kind, Result};

/// Hansen's potential A_i = Σ_{j≠i} m_j g(d_ij), with g(d) = d^−rate or exp(−rate·d); NaN of a city without a place.
///
/// `own` is the distance at which the mass of each city itself counts, as half the radius of a disc of its area; without
/// it a city's own mass does not count. Masses that are not known count as 0. The unit is that of the masses over that of
/// the distances: compare within one table. O(n²), rows in parallel.
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ.
///
/// # Source
///
/// Hansen, W. G. (1959). How accessibility shapes land use. Journal of the American Institute of Planners 25, 73-76.
///
/// ```
/// use agglo::measures::radiation::{Decay, Distances, potential};
/// let distances = Distances::from_values(2, vec![0.0, 10.0, 10.0, 0.0])?;
/// assert_eq!(potential(&[50.0, 20.0], &distances, Decay::Power, 1.0, None)?, [2.0, 5.0]);
/// assert_eq!(potential(&[50.0, 20.0], &distances, Decay::Power, 1.0, Some(&[5.0, 5.0]))?, [12.0, 9.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn potential(
    mass: &[f64],
    distances: &Distances,
    decay: Decay,
    rate: f64,
    own: Option<&[f64]>,
) -> Result<Vec<f64>> {
    let n = check(distances, &[mass], own)?;
    let of_city = |i: usize| {
        let row = distances.row(i);
        if n > 1 && !row.iter().enumerate().any(|(j, d)| j != i && is_way(*d)) {
            return f64::NAN;
        }
        let term = |(j, (&d, &m)): (usize, (&f64, &f64))| match own {
            _ if m.is_nan() => 0.0,
            Some(own) if j == i => m * decay.faded(own[i], rate),
            _ if j == i => 0.0,
            _ => m * decay.faded(d, rate),
        };
        row.iter().zip(mass).enumerate().map(term).sum()
    };
    Ok((0..n).into_par_iter().map(of_city).collect())
}

/// Supply within reach for each head of demand; see [`catchment`].
#[derive(Clone, Debug, PartialEq)]
pub struct Catchment {
    /// Accessibility A_i of each city, supply for each head of demand.
    pub access: Vec<f64>,
    /// R_j, supply over the demand within its reach; NaN where that is nothing.
    pub ratio: Vec<f64>,
    /// Supply that some demand is within reach of.
    pub reached: f64,
}

/// How supply fades within the catchment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fading {
    /// Not at all up to the limit, and to nothing beyond it: 2SFCA.
    None,
    /// Gaussian, from 1 at no distance to 0 at the limit: Gaussian 2SFCA.
    Gaussian,
}

impl Fading {
    fn weight(self, distance: f64, limit: f64) -> f64 {
        let part = distance / limit;
        match self {
            _ if part.is_nan() || part > 1.0 => 0.0,
            Self::None => 1.0,
            Self::Gaussian => (libm::exp(-0.5 * part * part) - libm::exp(-0.5)) / (1.0 - libm::exp(-0.5)),
        }
    }
}

/// Two-step floating catchment areas.
///
/// # Formula
///
/// R_j = S_j / Σ_k P_k G(d_kj), A_i = Σ_j R_j G(d_ij), over cities within the limit d₀, the city itself among them. G = 1 (2SFCA),
/// or G(d) = (exp(−½ (d/d₀)²) − exp(−½))/(1 − exp(−½)) (the Gaussian 2SFCA of
/// Dai, which fades continuously; the E2SFCA of Luo and Qi does in steps). Where all supply has some demand within reach,
/// Σ P_i A_i = Σ S_j: the mean of A weighted by demand is all supply over all demand.
///
/// `supply` S and `demand` P: NaN counts as 0. `limit` d₀ in the unit of the distances. O(n²).
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ, or the limit is not above zero.
///
/// # Source
///
/// Luo, W. and Wang, F. (2003). Measures of spatial accessibility to health care. Environment and Planning B 30, 865-884. Dai, D.
/// (2010). Black residential segregation, disparities in spatial access to health care facilities. Health & Place 16, 1038-1052.
pub fn catchment(
    supply: &[f64],
    demand: &[f64],
    distances: &Distances,
    limit: f64,
    fading: Fading,
) -> Result<Catchment> {
    let n = check(distances, &[supply, demand], None)?;
    if !(limit > 0.0 && limit.is_finite()) {
        return Err(
            Fault::new(Kind::Value, format!("{limit} is no limit of a catchment: it has to be above zero")).into()
        );
    }
    let known = |x: &f64| if *x > 0.0 { *x } else { 0.0 };
    let (supply, demand): (Vec<f64>, Vec<f64>) =
        (supply.iter().map(known).collect(), demand.iter().map(known).collect());
    let mut crowds = vec![0.0; n];
    for (k, people) in demand.iter().enumerate().filter(|(_, people)| **people > 0.0) {
        let row = distances.row(k).iter();
        crowds.iter_mut().zip(row).for_each(|(crowd, d)| *crowd += people * fading.weight(*d, limit));
    }
    let ratio: Vec<f64> =
        supply.iter().zip(&crowds).map(|(s, crowd)| if *crowd > 0.0 { s / crowd } else { f64::NAN }).collect();
    let of_city = |i: usize| {
        let within = distances.row(i).iter().zip(&ratio).filter(|(_, ratio)| !ratio.is_nan());
        within.map(|(d, ratio)| ratio * fading.weight(*d, limit)).sum()
    };
    let reached = supply.iter().zip(&crowds).filter(|(_, crowd)| **crowd > 0.0).map(|(s, _)| s).sum();
    Ok(Catchment { access: (0..n).into_par_iter().map(of_city).collect(), ratio, reached })
}

fn check(distances: &Distances, columns: &[&[f64]], own: Option<&[f64]>) -> Result<usize> {
    let n = distances.n();
    if columns.iter().chain(&own).any(|column| column.len() != n) {
        return Err(Fault::new(Kind::Value, format!("a column is not as long as there are cities, {n}")).into());
    }
    Ok(n)
}
