//! The gravity model fitted to flows, with its zero flows.

use super::super::distances::Distances;
use super::coefficient::Coefficient;
use super::conditional::{Problem, Regressor};
use super::constraint::Constraint;
use super::decay::Decay;
use super::doubly::doubly;
use super::fitted::{Cleared, Entered, Estimate, Fitted, Goodness, goodness};
use super::impedance::Impedance;
use super::normal_equations::{Small, product};
use super::observed::Observed;
use crate::error::{Fault, Kind, Result};
use crate::study::{LinkMeaning, Linkage};

/// A fitted gravity model; see [`gravity_fit`].
#[derive(Clone, Debug)]
pub struct GravityFit {
    /// Which sums it keeps.
    pub constraint: Constraint,
    /// How it fades with distance.
    pub decay: Decay,
    /// The constant k; NaN where cities have constants of their own.
    pub constant: f64,
    /// Exponent of the mass of the origin; of links without direction, of both masses.
    pub origin_mass: Coefficient,
    /// Exponent of the mass of the destination.
    pub destination_mass: Coefficient,
    /// Coefficient of ln d, or of d; below zero where flows fade with distance.
    pub distance: Coefficient,
    /// 2 Σ (y ln(y/μ) − y + μ).
    pub deviance: f64,
    /// Akaike's criterion; NaN where flows are not whole numbers and have no Poisson likelihood.
    pub aic: f64,
    /// McFadden's 1 − ln L/ln L₀; NaN as `aic` is.
    pub pseudo_r2: f64,
    /// Share of the deviance explained, 1 − deviance/deviance of the mean flow.
    pub d2: f64,
    /// Root of the mean squared error over the mean flow.
    pub srmse: f64,
    /// Common part of the flows, 2 Σ min(y, μ)/(Σ y + Σ μ), 0 to 1.
    pub cpc: f64,
    /// Mean over all pairs of 2 min(y, μ)/(y + μ), 0 to 1.
    pub ssi: f64,
    /// Mean distance of the flows observed.
    pub observed_mean_distance: f64,
    /// Mean distance of the flows modelled.
    pub mean_distance: f64,
    /// Pairs that entered the likelihood; those without direction once. Pairs of a city whose flows are all zero do not
    /// enter a model that keeps their sum: its flow is zero whatever the distance.
    pub pairs: usize,
    /// Those of them without a flow.
    pub zero_pairs: usize,
    /// Number of parameters, constants of cities among them.
    pub parameters: usize,
    /// Steps of the search.
    pub iterations: usize,
    /// Whether it arrived.
    pub converged: bool,
    /// Flow between pairs that could not enter.
    pub left_out: f64,
    /// What the model sends out of each city; 0 of cities that take no part.
    pub fitted_out: Vec<f64>,
    origin: Vec<f64>,
    destination: Vec<f64>,
}

impl GravityFit {
    /// The flow from i to j that the model expects at this distance; 0 where the pair took no part.
    pub fn expected(&self, i: usize, j: usize, distance: f64) -> f64 {
        let exponent = self.origin[i] + self.destination[j] + self.distance.value * self.decay.impedance(distance);
        if i == j || exponent.is_nan() { 0.0 } else { libm::exp(exponent) }
    }
}

/// Flows, impedances and masses of one decay, which the models of all constraints are fitted to.
pub(super) struct Sample<'a> {
    pub(super) observed: Observed,
    pub(super) impedance: Impedance,
    pub(super) distances: &'a Distances,
    pub(super) decay: Decay,
    log_mass: Vec<f64>,
    takes_part: Vec<bool>,
}

impl<'a> Sample<'a> {
    /// The pairs of cities with a mass above zero and a way between them.
    pub(super) fn new(links: &Linkage, mass: &[f64], distances: &'a Distances, decay: Decay) -> Result<Self> {
        let n = distances.n();
        if links.n() != n || mass.len() != n {
            let message = format!("links of {} cities, {} masses and distances of {n} cities", links.n(), mass.len());
            return Err(Fault::new(Kind::Value, message).into());
        }
        if links.meaning() == LinkMeaning::Cost {
            let message = "the links mean costs, and a gravity model is fitted to flows";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        let takes_part: Vec<bool> = mass.iter().map(|m| *m > 0.0 && m.is_finite()).collect();
        let impedance = Impedance::new(distances, decay, &takes_part);
        let observed = Observed::new(links, |i, j| !impedance.get(i, j).is_nan());
        if observed.count() == 0 {
            let message = "there is no flow between cities that have a mass and a place";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        let log_mass = mass.iter().zip(&takes_part).map(|(m, part)| if *part { libm::log(*m) } else { 0.0 }).collect();
        Ok(Self { observed, impedance, distances, decay, log_mass, takes_part })
    }

    /// Where the search for the coefficient of distance begins.
    fn start(&self) -> f64 {
        match self.decay {
            Decay::Power => -1.0,
            Decay::Exponential => {
                let of_city = |i: usize| self.observed.row(i).map(|(j, y)| y * self.impedance.get(i, j)).sum::<f64>();
                -self.observed.total / (0..self.observed.n()).map(of_city).sum::<f64>()
            }
        }
    }

    /// The model of this constraint.
    pub(super) fn fit(&self, constraint: Constraint) -> Result<GravityFit> {
        let start = self.start();
        let undirected = self.observed.undirected;
        let (estimate, which) = match constraint {
            Constraint::Doubly => (doubly(&self.observed, &self.impedance, start)?, [None, None, Some(0)]),
            Constraint::None if undirected => {
                let estimate = self.solve(&[[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [1.0, start, 0.0], false)?;
                (estimate, [Some(0), None, Some(1)])
            }
            Constraint::None => {
                let unit = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
                (self.solve(&unit, [1.0, 1.0, start], false)?, [Some(0), Some(1), Some(2)])
            }
            Constraint::Production | Constraint::Attraction if undirected => {
                let message = "links without direction have no origins to constrain a model at";
                return Err(Fault::new(Kind::Undefined, message).into());
            }
            Constraint::Production => {
                let estimate = self.solve(&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [1.0, start, 0.0], true)?;
                (estimate, [None, Some(0), Some(1)])
            }
            Constraint::Attraction => (self.attraction(start)?, [Some(0), None, Some(1)]),
        };
        Ok(self.described(constraint, estimate, which))
    }

    fn solve(&self, regressors: &[Regressor], start: [f64; 3], by_origin: bool) -> Result<Estimate> {
        let Self { observed, impedance, log_mass, .. } = self;
        Problem { observed, impedance, log_mass, regressors, by_origin }.solve(start)
    }

    /// Constrained at the destinations: constrained at the origins of the flows turned round.
    fn attraction(&self, start: f64) -> Result<Estimate> {
        let (observed, impedance) = (self.observed.transposed(), self.impedance.transposed());
        let regressors = &[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let problem = Problem {
            observed: &observed,
            impedance: &impedance,
            log_mass: &self.log_mass,
            regressors,
            by_origin: true,
        };
        let turned = problem.solve([1.0, start, 0.0])?;
        let Cleared { count, row, column, slope } = turned.cleared;
        let Fitted { origin, destination, exponent } = turned.fitted;
        Ok(Estimate {
            cleared: Cleared { count, row: column, column: row, slope },
            fitted: Fitted { origin: destination, destination: origin, exponent },
            ..turned
        })
    }

    /// The model with all that is said of it; `which` coefficient is that of the origin's mass, the destination's, distance.
    fn described(&self, constraint: Constraint, estimate: Estimate, which: [Option<usize>; 3]) -> GravityFit {
        let sums = goodness(&estimate.fitted, &estimate.cleared, &self.observed, &self.impedance, self.distances);
        let once = self.observed.once();
        let entered = self.entered(constraint);
        let [origin_mass, destination_mass, distance] = self.coefficients(&estimate, &sums, &entered, which);
        let pairs = entered.pairs;
        let total = once * self.observed.total;
        let parameters = self.parameters(constraint);
        let (count, mean) = (pairs as f64, total / pairs as f64);
        let null_deviance = once * self.entropy() * 2.0 - 2.0 * total * libm::log(mean);
        let factorials = match self.observed.is_whole() {
            true => once * self.each(|y| libm::lgamma(y + 1.0)),
            false => f64::NAN,
        };
        let likelihood = sums.kernel - factorials;
        let null_likelihood = total * libm::log(mean) - total - factorials;
        GravityFit {
            constraint,
            decay: self.decay,
            constant: estimate.constant,
            origin_mass,
            destination_mass,
            distance,
            deviance: sums.deviance,
            aic: 2.0 * parameters as f64 - 2.0 * likelihood,
            pseudo_r2: 1.0 - likelihood / null_likelihood,
            d2: 1.0 - sums.deviance / null_deviance,
            srmse: (sums.squares / count).sqrt() / mean,
            cpc: 2.0 * sums.common / (total + sums.fitted),
            ssi: sums.similar / count,
            observed_mean_distance: sums.observed_distance / total,
            mean_distance: sums.fitted_distance / sums.fitted,
            pairs,
            zero_pairs: pairs - self.linked(),
            parameters,
            iterations: estimate.iterations,
            converged: estimate.converged,
            left_out: self.observed.once() * self.observed.left_out,
            fitted_out: sums.out,
            origin: self.of_members(estimate.fitted.origin),
            destination: self.of_members(estimate.fitted.destination),
        }
    }

    /// All pairs, whatever a model keeps; those without direction once.
    pub(super) fn pairs(&self) -> usize {
        self.entered(Constraint::None).pairs
    }

    /// Pairs with a flow; those without direction once.
    pub(super) fn linked(&self) -> usize {
        self.observed.count() / if self.observed.undirected { 2 } else { 1 }
    }

    /// The pairs that the likelihood of a model depends on.
    fn entered(&self, constraint: Constraint) -> Entered {
        let above = |sums: &[f64], kept: bool| sums.iter().map(|sum| !kept || *sum > 0.0).collect::<Vec<bool>>();
        let origins = above(&self.observed.out, matches!(constraint, Constraint::Production | Constraint::Doubly));
        let destinations =
            above(&self.observed.into, matches!(constraint, Constraint::Attraction | Constraint::Doubly));
        let ordered = Entered::new(&self.impedance, &origins, &destinations);
        match self.observed.undirected {
            true => Entered { pairs: ordered.pairs / 2, ..ordered },
            false => ordered,
        }
    }

    fn coefficients(
        &self,
        estimate: &Estimate,
        sums: &Goodness,
        entered: &Entered,
        which: [Option<usize>; 3],
    ) -> [Coefficient; 3] {
        let k = estimate.cleared.count;
        let once = self.observed.once();
        // The information of the pairs once is `once` of that of all that were summed.
        let bread: Small = estimate.covariance.map(|row| row.map(|x| x / once));
        let sandwich = |meat: &Small| product(&product(&bread, meat, k), &bread, k);
        let [robust, by_origin, by_pair] = [&sums.spread, &sums.spread_by_origin, &sums.spread_by_pair].map(sandwich);
        let error = |variance: f64| if variance >= 0.0 { variance.sqrt() } else { f64::NAN };
        let clustered = |variance: f64, clusters: usize| match (self.observed.undirected, clusters as f64) {
            (false, g) if g > 1.0 => error(variance * g / (g - 1.0)),
            _ => f64::NAN,
        };
        which.map(|at| {
            at.map_or(Coefficient::NONE, |k| Coefficient {
                value: estimate.coefficients[k],
                se: error(robust[k][k]),
                se_by_origin: clustered(by_origin[k][k], entered.origins),
                se_by_pair: clustered(by_pair[k][k], entered.couples),
            })
        })
    }

    fn parameters(&self, constraint: Constraint) -> usize {
        let above = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count();
        let (out, into) = (above(&self.observed.out), above(&self.observed.into));
        match constraint {
            Constraint::None => 4 - usize::from(self.observed.undirected),
            Constraint::Production => out + 2,
            Constraint::Attraction => into + 2,
            Constraint::Doubly if self.observed.undirected => out + 1,
            Constraint::Doubly => out + into,
        }
    }

    /// Σ y ln y.
    fn entropy(&self) -> f64 {
        self.each(|y| y * libm::log(y))
    }

    fn each(&self, of: impl Fn(f64) -> f64) -> f64 {
        (0..self.observed.n()).map(|i| self.observed.row(i).map(|(_, y)| of(y)).sum::<f64>()).sum()
    }

    fn of_members(&self, logarithms: Vec<f64>) -> Vec<f64> {
        let member = |(x, part): (f64, &bool)| if *part { x } else { f64::NAN };
        logarithms.into_iter().zip(&self.takes_part).map(member).collect()
    }
}

/// The gravity model fitted to flows by Poisson pseudo-maximum likelihood.
///
/// # Formula
///
/// y_ij is the flow from i to j, 0 where no link is given, over all ordered pairs i ≠ j of cities with a mass above zero
/// and a way between them; of links without direction each pair once. Its expectation is
///
/// * without constraint μ_ij = k m_i^a m_j^b g(d_ij); of links without direction a = b
/// * production constrained μ_ij = A_i m_j^b g(d_ij), attraction constrained μ_ij = B_j m_i^a g(d_ij)
/// * doubly constrained μ_ij = A_i B_j g(d_ij)
///
/// with g(d) = d^c or exp(c d). The score Σ (y − μ) ∂ln μ = 0 is solved; it needs no Poisson and no whole numbers, only that
/// the expectation is right, and zero flows are data like others. Constants A, B are in closed form or by balancing
/// (relative error 10⁻¹³, at most 2,000 rounds for each of at most 60 values of c); that of the doubly constrained model is
/// the c at which the modelled mean of ln d, or of d, is that observed (Hyman's condition).
///
/// Standard errors are of the coefficients cleared of the constants: Huber-White's without a correction for few rows (HC0),
/// and of links with a direction those clustered by origin, and by pair (y_ij and y_ji together), with the factor G/(G − 1) of
/// G clusters. Measures of fit are over the pairs that the likelihood depends on: a city whose flows are all zero does not
/// enter where the model keeps their sum.
///
/// O(n²) a step, rows in parallel; the same bits for any number of threads.
///
/// # Errors
///
/// [`Kind::Undefined`] where no flow is left, where links mean costs, where masses and distances do not vary enough to be
/// told apart, and of models constrained at one side where links have no direction. [`Kind::Value`] where lengths differ.
///
/// # Source
///
/// Santos Silva, J. M. C. and Tenreyro, S. (2006). The log of gravity. Review of Economics and Statistics 88, 641-658. Wilson,
/// A. G. (1971). A family of spatial interaction models. Environment and Planning 3, 1-32. Hyman, G. M. (1969). The calibration
/// of trip distribution models. Environment and Planning 1, 105-112.
///
/// ```
/// use agglo::measures::radiation::{Constraint, Decay, Distances, gravity_fit};
/// use agglo::study::{LinkMeaning, Linkage};
/// let mass = [8.0, 4.0, 2.0, 1.0];
/// let at = [0.0_f64, 10.0, 25.0, 70.0];
/// let distances = (0..16).map(|k| (at[k / 4] - at[k % 4]).abs()).collect();
/// let distances = Distances::from_values(4, distances)?;
/// // Flows made by a law are found to obey it.
/// let law = |i: usize, j: usize| 5.0 * mass[i] * mass[j] / distances.get(i, j).powi(2);
/// let pairs = (0..16).map(|k| (k / 4, k % 4)).filter(|(i, j)| i != j);
/// let flows = pairs.map(|(i, j)| (i as u32, j as u32, law(i, j))).collect();
/// let links = Linkage::from_arcs(4, flows, LinkMeaning::Strength)?;
/// let fit = gravity_fit(&links, &mass, &distances, Constraint::None, Decay::Power)?;
/// assert!((fit.origin_mass.value - 1.0).abs() < 1e-9 && (fit.distance.value + 2.0).abs() < 1e-9);
/// assert!((fit.cpc - 1.0).abs() < 1e-9 && fit.zero_pairs == 0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn gravity_fit(
    links: &Linkage,
    mass: &[f64],
    distances: &Distances,
    constraint: Constraint,
    decay: Decay,
) -> Result<GravityFit> {
    Sample::new(links, mass, distances, decay)?.fit(constraint)
}
