//! What one unit more of a covariate in a core comes to in every other city: the core's column of S(W).

use super::determinant::LogDeterminant;
use super::draws::{draws, interval, spread};
use super::model::{Data, Fit};
use super::moments::Moments;
use super::resolvent::{Resolvent, lags};
use crate::error::Result;

/// The column of a core and a covariate in S(W).
#[derive(Clone, Debug, PartialEq)]
pub struct CoreImpact {
    /// The model.
    pub model: &'static str,
    /// The core's place among the cities.
    pub core: usize,
    /// The covariate.
    pub term: String,
    /// Effect on the value of every city, NaN of those that take no part.
    pub effects: Vec<f64>,
    /// Effect on the core itself.
    pub own: f64,
    /// Effect on all cities that are no cores together.
    pub periphery: f64,
    /// Standard error of `periphery`, and the ends of its 95 % interval.
    pub errors: [f64; 3],
}

/// Of each core at a place in the sample and each covariate; `places` has the places of the sample among all n cities.
pub(super) fn core_impacts(
    data: &Data,
    fit: &Fit,
    determinant: Option<&LogDeterminant>,
    (cores, places, all): (&[usize], &[usize], usize),
    seed: u64,
) -> Result<Vec<CoreImpact>> {
    let (n, k, width) = (data.n(), data.x.len(), cores.len());
    if width == 0 {
        return Ok(Vec::new());
    }
    let mut units = vec![0.0; n * width];
    cores.iter().enumerate().for_each(|(at, &core)| units[core * width + at] = 1.0);
    let lagged = lags(data.weights, &units, width);
    // OLS and SLX go one round only.
    let multiplier = determinant.filter(|_| matches!(fit.model, "sar" | "sdm"));
    let [own, other] = match multiplier {
        None => [units, lagged],
        Some(determinant) => {
            let resolvent = Resolvent::new(data.weights, fit.rho, determinant.radius, 2 * width)?;
            [units, lagged].map(|b| resolvent.solve(&b, width))
        }
    };
    let mut periphery = vec![1.0; n];
    cores.iter().for_each(|&core| periphery[core] = 0.0);
    let sums = multiplier.and_then(|determinant| Sums::new(data, fit, determinant, (&periphery, cores), seed));
    let mut impacts = Vec::with_capacity(width * k);
    for (at, &core) in cores.iter().enumerate() {
        for j in 0..k {
            let [beta, theta] = data.slopes(fit.lagged(), &fit.estimates, j);
            let effect = |i: usize| beta * own[i * width + at] + theta * other[i * width + at];
            let mut effects = vec![f64::NAN; all];
            places.iter().enumerate().for_each(|(i, &place)| effects[place] = effect(i));
            let sum: f64 = (0..n).filter(|&i| periphery[i] > 0.0).map(effect).sum();
            let errors = match (&sums, multiplier) {
                (Some(sums), _) => spread(sums.of(at, |draw| data.slopes(fit.lagged(), draw, j))),
                (None, Some(_)) => [f64::NAN; 3],
                (None, None) => {
                    let links: f64 = (0..n).map(|i| periphery[i] * other[i * width + at]).sum();
                    let se = if fit.lagged() { links.abs() * fit.se(1 + k + j) } else { 0.0 };
                    interval(sum, se)
                }
            };
            let term = data.names[j].clone();
            let own = effect(core);
            impacts.push(CoreImpact {
                model: fit.model,
                core: places[core],
                term,
                effects,
                own,
                periphery: sum,
                errors,
            });
        }
    }
    Ok(impacts)
}

/// The sums over the periphery, draw by draw.
struct Sums {
    drawn: Vec<Vec<f64>>,
    moments: Moments,
}

impl Sums {
    fn new(
        data: &Data,
        fit: &Fit,
        determinant: &LogDeterminant,
        (periphery, cores): (&[f64], &[usize]),
        seed: u64,
    ) -> Option<Self> {
        let drawn = draws(fit, determinant, seed)?;
        let most = drawn.iter().map(|draw| draw[draw.len() - 1].abs()).fold(0.0, f64::max);
        Some(Self { moments: Moments::new(data.weights, periphery.to_vec(), cores, (determinant.radius, most)), drawn })
    }

    fn of(&self, core: usize, slopes: impl Fn(&[f64]) -> [f64; 2]) -> Vec<f64> {
        let of_draw = |draw: &Vec<f64>| {
            let [beta, theta] = slopes(draw);
            let [own, other] = self.moments.at(draw[draw.len() - 1], core);
            beta * own + theta * other
        };
        self.drawn.iter().map(of_draw).collect()
    }
}
