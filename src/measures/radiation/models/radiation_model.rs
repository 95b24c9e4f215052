//! The radiation model: a trip ends in the nearest city that offers more than home does.

use super::super::distances::Distances;
use super::opportunities::Opportunities;
use super::rows::all_rows;
use super::share_model::{Choice, Likeliest, ShareFit, choices, most_likely, observed, share_fit};
use crate::error::{Fault, Kind, Result};
use crate::study::Linkage;

/// Exponents among which the extended model is fitted.
const EXPONENTS: [f64; 2] = [1e-2, 1e1];

/// The form of the radiation model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RadiationForm {
    /// Simini et al.: shares add up to 1 − m_i/M.
    Simini,
    /// Divided by 1 − m_i/M, so that all that leaves a city arrives in a finite country.
    Finite,
    /// Yang et al. with this exponent, divided likewise. It depends on the unit of the masses.
    Extended(f64),
}

impl RadiationForm {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simini => "simini",
            Self::Finite => "finite",
            Self::Extended(_) => "extended",
        }
    }

    /// Its exponent; NaN where it has none.
    pub fn parameter(self) -> f64 {
        if let Self::Extended(exponent) = self { exponent } else { f64::NAN }
    }

    /// p_ij from s_ij, m_i, m_j and the mass that can be reached from i.
    fn share(self, nearer: f64, own: f64, other: f64, reachable: f64) -> f64 {
        if own == 0.0 || other == 0.0 {
            return 0.0;
        }
        let near = own + nearer;
        match self {
            Self::Simini => own / near * (other / (near + other)),
            Self::Finite => own / near * (other / (near + other)) / ((reachable - own) / reachable),
            Self::Extended(exponent) => {
                let power = |x: f64| libm::pow(x, exponent);
                let (own, near, far, all) = (power(own), power(near), power(near + other), power(reachable));
                (far - near) * (own + 1.0) / ((near + 1.0) * (far + 1.0)) / ((all - own) / (all + 1.0))
            }
        }
    }
}

/// The shares of a city's flow that go to all others, made when they are asked for.
pub(super) struct Radiation {
    pub(super) opportunities: Opportunities,
}

impl Radiation {
    pub(super) fn new(mass: &[f64], distances: &Distances) -> Result<Self> {
        Ok(Self { opportunities: Opportunities::new(mass, distances)? })
    }

    /// p_ij for all j; 0 where there is no way.
    pub(super) fn row(&self, form: RadiationForm, i: usize, row: &mut [f64]) {
        let (mass, reachable) = (&self.opportunities.mass, self.opportunities.reachable[i]);
        for ((share, &nearer), &other) in row.iter_mut().zip(self.opportunities.row(i)).zip(mass) {
            *share = if nearer.is_nan() { 0.0 } else { form.share(nearer, mass[i], other, reachable) };
        }
    }

    /// The exponent of the extended model under which the destinations of the flows are likeliest.
    pub(super) fn exponent(&self, links: &Linkage) -> Likeliest {
        let choices = choices(&self.opportunities, &observed(links, &self.opportunities));
        most_likely(EXPONENTS, |exponent| {
            let form = RadiationForm::Extended(exponent);
            let term = |c: &Choice| c.flow * libm::log(form.share(c.nearer, c.own, c.other, c.reachable));
            choices.iter().map(term).sum()
        })
    }

    pub(super) fn fit(&self, form: RadiationForm, distances: &Distances, links: Option<&Linkage>) -> ShareFit {
        let seen = links.map(|links| observed(links, &self.opportunities));
        share_fit(&self.opportunities, distances, seen.as_ref(), |i, row| self.row(form, i, row))
    }
}

/// The shares p_ij of what leaves i that go to j, n × n row after row.
///
/// # Formula
///
/// With s_ij the mass of all cities strictly nearer to i than j, without i and j, and M all mass that can be reached from i,
/// its own included:
///
/// * Simini: p_ij = m_i m_j / ((m_i + s_ij)(m_i + m_j + s_ij)), with Σ_j p_ij = 1 − m_i/M
/// * finite: the same over 1 − m_i/M
/// * extended: ((m_i + s_ij + m_j)^α − (m_i + s_ij)^α)(m_i^α + 1) / (((m_i + s_ij)^α + 1)((m_i + s_ij + m_j)^α + 1)), over
///   1 − (m_i^α + 1)/(M^α + 1)
///
/// Cities at one distance (within 10⁻¹² of it) do not come before each other, so that the order of the cities is of no
/// matter; rows with such ties add up to more. There is no parameter but α. O(n² log n), rows in parallel, 8n² bytes.
///
/// # Errors
///
/// [`Kind::Value`] where lengths differ or α is not above zero.
///
/// # Source
///
/// Simini, F. et al. (2012). A universal model for mobility and migration patterns. Nature 484, 96-100. Masucci, A. P. et al.
/// (2013). Gravity versus radiation models. Physical Review E 88, 022812. Yang, Y. et al. (2014). Limits of predictability in
/// commuting flows in the absence of data for calibration. Scientific Reports 4, 5662.
///
/// ```
/// use agglo::measures::radiation::{Distances, RadiationForm, radiation_shares};
/// let distances = Distances::from_values(3, vec![0.0, 1.0, 2.0, 1.0, 0.0, 3.0, 2.0, 3.0, 0.0])?;
/// let shares = radiation_shares(&[2.0, 2.0, 4.0], &distances, RadiationForm::Simini)?;
/// assert_eq!(shares[..3], [0.0, 0.5, 0.25]); // 1 − 2/8 arrives
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn radiation_shares(mass: &[f64], distances: &Distances, form: RadiationForm) -> Result<Vec<f64>> {
    check(form)?;
    let radiation = Radiation::new(mass, distances)?;
    Ok(all_rows(distances.n(), |i, row| radiation.row(form, i, row)))
}

/// What the radiation model makes of the flows that leave the cities (or of their mass, without links), against the links.
///
/// Links without direction count both ways. See [`radiation_shares`] for the model, [`ShareFit`] for the numbers.
///
/// # Errors
/// As [`radiation_shares`].
pub fn radiation_model(
    mass: &[f64],
    distances: &Distances,
    form: RadiationForm,
    links: Option<&Linkage>,
) -> Result<ShareFit> {
    check(form)?;
    Ok(Radiation::new(mass, distances)?.fit(form, distances, links))
}

/// The exponent of the extended radiation model under which the destinations of the flows, given their origins, are
/// likeliest (multinomial likelihood, 0.01 to 10); `None` where the likelihood has no top in between.
///
/// # Errors
/// As [`radiation_shares`].
pub fn radiation_exponent(mass: &[f64], distances: &Distances, links: &Linkage) -> Result<Option<f64>> {
    Ok(Radiation::new(mass, distances)?.exponent(links).inside())
}

fn check(form: RadiationForm) -> Result<()> {
    match form {
        RadiationForm::Extended(exponent) if !(exponent > 0.0 && exponent.is_finite()) => {
            let message = format!("{exponent} is no exponent of the extended radiation model: it has to be above zero");
            Err(Fault::new(Kind::Value, message).into())
        }
        _ => Ok(()),
    }
}
