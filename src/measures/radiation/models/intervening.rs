//! Intervening opportunities: each unit of mass on the way is taken with the same chance.

use super::super::distances::Distances;
use super::opportunities::Opportunities;
use super::rows::all_rows;
use super::share_model::{Choice, Likeliest, ShareFit, choices, most_likely, observed, share_fit};
use crate::error::{Fault, Kind, Result};
use crate::study::Linkage;

/// Rates, in chances over all mass, among which the rate is fitted.
const RATES: [f64; 2] = [1e-4, 1e4];

/// Schneider's model of one map, with shares made when they are asked for.
pub(super) struct Intervening {
    pub(super) opportunities: Opportunities,
}

impl Intervening {
    pub(super) fn new(mass: &[f64], distances: &Distances) -> Result<Self> {
        Ok(Self { opportunities: Opportunities::new(mass, distances)? })
    }

    /// p_ij for all j; 0 where there is no way.
    pub(super) fn row(&self, rate: f64, i: usize, row: &mut [f64]) {
        let mass = &self.opportunities.mass;
        let others = self.opportunities.reachable[i] - mass[i];
        for ((share, &nearer), &other) in row.iter_mut().zip(self.opportunities.row(i)).zip(mass) {
            let nothing = nearer.is_nan() || other == 0.0;
            *share = if nothing { 0.0 } else { libm::exp(logarithm(rate, nearer, other, others)) };
        }
    }

    /// The rate under which the destinations of the flows are likeliest.
    pub(super) fn rate(&self, links: &Linkage) -> Likeliest {
        let choices = choices(&self.opportunities, &observed(links, &self.opportunities));
        let all = self.opportunities.reachable.iter().fold(0.0, |most: f64, &m| most.max(m));
        most_likely(RATES.map(|rate| rate / all), |rate| {
            let term = |c: &Choice| c.flow * logarithm(rate, c.nearer, c.other, c.reachable - c.own);
            choices.iter().map(term).sum()
        })
    }

    pub(super) fn fit(&self, rate: f64, distances: &Distances, links: Option<&Linkage>) -> ShareFit {
        let seen = links.map(|links| observed(links, &self.opportunities));
        share_fit(&self.opportunities, distances, seen.as_ref(), |i, row| self.row(rate, i, row))
    }
}

/// ln p_ij, exact for small rates too.
fn logarithm(rate: f64, nearer: f64, other: f64, others: f64) -> f64 {
    -rate * nearer + libm::log(-libm::expm1(-rate * other)) - libm::log(-libm::expm1(-rate * others))
}

/// What intervening opportunities make of the flows that leave the cities (or of their mass, without links).
///
/// # Formula
///
/// p_ij = (exp(−L s_ij) − exp(−L (s_ij + m_j))) / (1 − exp(−L (M − m_i))), T_ij = O_i p_ij: a traveller who passes a unit of
/// mass stays with chance L. s_ij is the mass strictly nearer to i than j, without i and j, M all mass that can be reached
/// from i. Rows add up to 1 but for ties of distance. `rate` L is in 1/unit of mass. O(n² log n).
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ or the rate is not above zero.
///
/// # Source
///
/// Stouffer, S. A. (1940). Intervening opportunities. American Sociological Review 5, 845-867. Schneider, M. (1959). Gravity
/// models and trip distribution theory. Papers of the Regional Science Association 5, 51-56.
///
/// ```
/// use agglo::measures::radiation::{Distances, intervening_opportunities};
/// let distances = Distances::from_values(3, vec![0.0, 1.0, 2.0, 1.0, 0.0, 3.0, 2.0, 3.0, 0.0])?;
/// let model = intervening_opportunities(&[2.0, 2.0, 4.0], &distances, 0.1, None)?;
/// assert!((model.row_sums[0] - 1.0).abs() < 1e-12 && (model.row_sums[1] - 1.0).abs() < 1e-12);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn intervening_opportunities(
    mass: &[f64],
    distances: &Distances,
    rate: f64,
    links: Option<&Linkage>,
) -> Result<ShareFit> {
    check(rate)?;
    Ok(Intervening::new(mass, distances)?.fit(rate, distances, links))
}

/// The shares p_ij of [`intervening_opportunities`], n × n row after row.
///
/// # Errors
/// As [`intervening_opportunities`].
pub fn intervening_shares(mass: &[f64], distances: &Distances, rate: f64) -> Result<Vec<f64>> {
    check(rate)?;
    let model = Intervening::new(mass, distances)?;
    Ok(all_rows(distances.n(), |i, row| model.row(rate, i, row)))
}

/// The rate under which the destinations of the flows, given their origins, are likeliest (multinomial likelihood, 10⁻⁴ to
/// 10⁴ over all mass); `None` where the likelihood has no top in between.
///
/// # Errors
/// As [`intervening_opportunities`].
pub fn opportunity_rate(mass: &[f64], distances: &Distances, links: &Linkage) -> Result<Option<f64>> {
    Ok(Intervening::new(mass, distances)?.rate(links).inside())
}

fn check(rate: f64) -> Result<()> {
    if rate > 0.0 && rate.is_finite() {
        return Ok(());
    }
    Err(Fault::new(Kind::Value, format!("{rate} is no rate of opportunities: it has to be above zero")).into())
}
