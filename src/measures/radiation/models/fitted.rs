//! A fitted gravity model of any kind, and how well it reproduces the flows.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::impedance::Impedance;
use super::normal_equations::Small;
use super::observed::Observed;

/// μ_ij = exp(α_i + β_j + b f_ij): all eight models are of this form.
pub(super) struct Fitted {
    /// α_i; −∞ where nothing leaves a city.
    pub(super) origin: Vec<f64>,
    /// β_j; −∞ where nothing reaches a city.
    pub(super) destination: Vec<f64>,
    /// The coefficient of distance.
    pub(super) exponent: f64,
}

impl Fitted {
    /// The flows from i to all cities into `row`; 0 to those that do not take part.
    pub(super) fn row(&self, impedance: &Impedance, i: usize, row: &mut [f64]) {
        for ((flow, &f), to) in row.iter_mut().zip(impedance.row(i)).zip(&self.destination) {
            *flow = if f.is_nan() { 0.0 } else { libm::exp(self.origin[i] + to + self.exponent * f) };
        }
    }
}

/// The coefficients as regressors cleared of all that the other parameters explain:
/// x_k = row_ik + column_jk + slope_k f_ij.
pub(super) struct Cleared {
    /// Number of coefficients.
    pub(super) count: usize,
    pub(super) row: Vec<[f64; 3]>,
    pub(super) column: Vec<[f64; 3]>,
    pub(super) slope: [f64; 3],
}

impl Cleared {
    /// x of the pair from i to j.
    fn of(&self, i: usize, j: usize, f: f64) -> [f64; 3] {
        std::array::from_fn(|k| self.row[i][k] + self.column[j][k] + self.slope[k] * f)
    }
}

/// The coefficients of a model, one for each regressor, and what follows from them.
pub(super) struct Estimate {
    pub(super) coefficients: [f64; 3],
    /// The constant of all pairs; NaN where cities have constants of their own.
    pub(super) constant: f64,
    pub(super) fitted: Fitted,
    pub(super) cleared: Cleared,
    /// Inverse of the information matrix of the pairs as they are summed.
    pub(super) covariance: Small,
    /// Steps of the search, or values that were tried.
    pub(super) iterations: usize,
    pub(super) converged: bool,
}

/// How many pairs enter a likelihood, and in how many clusters.
pub(super) struct Entered {
    /// Ordered pairs.
    pub(super) pairs: usize,
    /// Origins of at least one of them.
    pub(super) origins: usize,
    /// Pairs of which at least one direction enters.
    pub(super) couples: usize,
}

impl Entered {
    /// The pairs with a way between these origins and destinations.
    pub(super) fn new(impedance: &Impedance, origins: &[bool], destinations: &[bool]) -> Self {
        let enters = |i: usize, j: usize| origins[i] && destinations[j] && !impedance.get(i, j).is_nan();
        let of_row = |i: usize| {
            let pairs = (0..impedance.n).filter(|&j| enters(i, j)).count();
            (pairs, usize::from(pairs > 0), (0..i).filter(|&j| enters(i, j) || enters(j, i)).count())
        };
        let add = |a: (usize, usize, usize), b: (usize, usize, usize)| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        let (pairs, origins, couples) = (0..impedance.n).into_par_iter().map(of_row).reduce(|| (0, 0, 0), add);
        Self { pairs, origins, couples }
    }
}

/// Sums over the pairs, each once, that tell how well a model fits.
#[derive(Clone, Debug, Default)]
pub(super) struct Goodness {
    pub(super) deviance: f64,
    /// Σ y ln μ − μ, without the part that no model changes.
    pub(super) kernel: f64,
    /// Σ (y − μ)².
    pub(super) squares: f64,
    /// Σ min(y, μ).
    pub(super) common: f64,
    /// Σ 2 min(y, μ)/(y + μ).
    pub(super) similar: f64,
    pub(super) fitted: f64,
    /// Σ μ d and Σ y d.
    pub(super) fitted_distance: f64,
    pub(super) observed_distance: f64,
    /// Σ (y − μ)² x x′, and the same of sums over origins and over both directions of a pair.
    pub(super) spread: Small,
    pub(super) spread_by_origin: Small,
    pub(super) spread_by_pair: Small,
    /// What the model sends out of each city.
    pub(super) out: Vec<f64>,
}

/// The sums of all pairs; rows in parallel, added up in their order.
pub(super) fn goodness(
    fitted: &Fitted,
    cleared: &Cleared,
    observed: &Observed,
    impedance: &Impedance,
    distances: &Distances,
) -> Goodness {
    let n = impedance.n;
    let turned = (!observed.undirected).then(|| observed.transposed());
    let of_row = |buffers: &mut [Vec<f64>; 3], i: usize| {
        let [flows, seen, back] = buffers;
        fitted.row(impedance, i, flows);
        observed.row(i).for_each(|(j, y)| seen[j] = y);
        let mut sums = row_sums(i, flows, seen, cleared, impedance.row(i), distances.row(i));
        if let Some(turned) = &turned {
            turned.row(i).for_each(|(j, y)| back[j] = y);
            sums.spread_by_pair = both_ways(i, [flows, seen, back], fitted, cleared, impedance);
            turned.row(i).for_each(|(j, _)| back[j] = 0.0);
        }
        observed.row(i).for_each(|(j, _)| seen[j] = 0.0);
        sums
    };
    let empty = || [0; 3].map(|_| vec![0.0; n]);
    let rows: Vec<Goodness> = (0..n).into_par_iter().map_init(empty, of_row).collect();
    let mut all = Goodness { out: rows.iter().map(|row| row.fitted).collect(), ..Goodness::default() };
    let once = observed.once();
    let add = |sum: &mut f64, x: f64| *sum += once * x;
    for row in &rows {
        add(&mut all.deviance, row.deviance);
        add(&mut all.kernel, row.kernel);
        add(&mut all.squares, row.squares);
        add(&mut all.common, row.common);
        add(&mut all.similar, row.similar);
        add(&mut all.fitted, row.fitted);
        add(&mut all.fitted_distance, row.fitted_distance);
        add(&mut all.observed_distance, row.observed_distance);
        for a in 0..cleared.count {
            for b in 0..cleared.count {
                add(&mut all.spread[a][b], row.spread[a][b]);
                add(&mut all.spread_by_origin[a][b], row.spread_by_origin[a][b]);
                add(&mut all.spread_by_pair[a][b], row.spread[a][b] + row.spread_by_pair[a][b]);
            }
        }
    }
    all
}

fn row_sums(i: usize, flows: &[f64], seen: &[f64], cleared: &Cleared, f: &[f64], d: &[f64]) -> Goodness {
    let mut sums = Goodness::default();
    let mut score = [0.0; 3];
    for j in (0..flows.len()).filter(|&j| !f[j].is_nan()) {
        let (mu, y) = (flows[j], seen[j]);
        sums.fitted += mu;
        sums.fitted_distance += mu * d[j];
        if y > 0.0 {
            sums.deviance += deviance(y, mu);
            sums.kernel += y * libm::log(mu) - mu;
            sums.common += y.min(mu);
            sums.similar += 2.0 * y.min(mu) / (y + mu);
            sums.observed_distance += y * d[j];
        } else {
            sums.deviance += 2.0 * mu;
            sums.kernel -= mu;
        }
        let error = y - mu;
        sums.squares += error * error;
        let x = cleared.of(i, j, f[j]);
        for a in 0..cleared.count {
            score[a] += error * x[a];
            for b in 0..cleared.count {
                sums.spread[a][b] += error * error * x[a] * x[b];
            }
        }
    }
    for a in 0..cleared.count {
        (0..cleared.count).for_each(|b| sums.spread_by_origin[a][b] = score[a] * score[b]);
    }
    sums
}

/// Σ over j > i of s_ij s_ji′ + s_ji s_ij′ with the scores s = (y − μ) x of both directions: what sums over pairs have beside
/// those over directions.
fn both_ways(
    i: usize,
    [flows, seen, back]: [&[f64]; 3],
    fitted: &Fitted,
    cleared: &Cleared,
    impedance: &Impedance,
) -> Small {
    let mut sums = [[0.0; 3]; 3];
    for j in i + 1..flows.len() {
        let (there, here) = (impedance.get(i, j), impedance.get(j, i));
        if there.is_nan() || here.is_nan() {
            continue;
        }
        let mu = libm::exp(fitted.origin[j] + fitted.destination[i] + fitted.exponent * here);
        let errors = (seen[j] - flows[j]) * (back[j] - mu);
        let (x, z) = (cleared.of(i, j, there), cleared.of(j, i, here));
        for a in 0..cleared.count {
            (0..cleared.count).for_each(|b| sums[a][b] += errors * (x[a] * z[b] + z[a] * x[b]));
        }
    }
    sums
}

/// What a pair adds to the deviance: 2 (y ln(y/μ) − y + μ), of which the first term is 0 for y = 0.
pub(super) fn deviance(y: f64, mu: f64) -> f64 {
    let term = if y > 0.0 { y * libm::log(y / mu) } else { 0.0 };
    2.0 * (term - y + mu)
}
