//! Growth of the cities between the years, and what each periphery city is exposed to through its links with the cores.

use super::super::network::Network;
use crate::study::Linkage;

/// Annualised growth of every city in one period, the mean yearly change of the logarithm.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Period {
    pub from: i32,
    pub to: i32,
    pub growth: Vec<f64>,
    /// ln of the level at its beginning.
    pub initial: Vec<f64>,
}

impl Period {
    /// From one year to another; NaN where a level is missing or not above zero.
    pub fn new((from, first): (i32, &[f64]), (to, last): (i32, &[f64])) -> Self {
        let years = f64::from(to) - f64::from(from);
        let initial: Vec<f64> = first.iter().map(|&y| if y > 0.0 { libm::log(y) } else { f64::NAN }).collect();
        let of = |(start, &y): (&f64, &f64)| if y > 0.0 { (libm::log(y) - start) / years } else { f64::NAN };
        let growth = initial.iter().zip(last).map(of).map(|g: f64| if g.is_finite() { g } else { f64::NAN }).collect();
        Self { from, to, growth, initial }
    }
}

/// The strength of the links of every periphery city with each core; empty for cores and cities without such a link.
pub(super) struct Ties {
    /// (place among the cores, strength), by core.
    pub of: Vec<Vec<(usize, f64)>>,
    /// The largest sum of a city.
    pub most: f64,
}

impl Ties {
    pub fn new(links: &Linkage, cores: &[usize]) -> Self {
        let network = Network::undirected(links);
        let mut place = vec![usize::MAX; network.n()];
        cores.iter().enumerate().for_each(|(at, &core)| place[core] = at);
        let of_city = |i: usize| -> Vec<(usize, f64)> {
            let with = network.ties(i).filter(|(j, w)| place[i] == usize::MAX && place[*j] != usize::MAX && *w > 0.0);
            with.map(|(j, w)| (place[j], w)).collect()
        };
        let of: Vec<Vec<(usize, f64)>> = (0..network.n()).map(of_city).collect();
        let most = of.iter().map(|ties| ties.iter().map(|(_, w)| w).sum()).fold(0.0, f64::max);
        Self { of, most }
    }

    /// Mean growth of the cores weighted by the links with them, and the sum over the largest sum of links; `growth` is
    /// that of the cores. NaN without a link with a core that has a growth.
    pub fn exposure(&self, city: usize, growth: &[f64]) -> [f64; 2] {
        let known = self.of[city].iter().filter(|(core, _)| growth[*core].is_finite());
        let (sum, weights) = known.fold((0.0, 0.0), |(sum, weights), (core, w)| (sum + w * growth[*core], weights + w));
        if weights > 0.0 { [sum / weights, sum / self.most] } else { [f64::NAN; 2] }
    }

    /// The share of a core among the links of a city with all cores; NaN without such a link.
    pub fn share(&self, city: usize, core: usize) -> f64 {
        let ties = &self.of[city];
        let all: f64 = ties.iter().map(|(_, w)| w).sum();
        let one: f64 = ties.iter().filter(|(other, _)| *other == core).map(|(_, w)| w).sum();
        if all > 0.0 { one / all } else { f64::NAN }
    }
}

/// One periphery city in one period.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub city: usize,
    pub period: usize,
    pub growth: f64,
    pub initial: f64,
    pub mean_exposure: f64,
    pub intensity: f64,
}

/// The rows of all periphery cities with a growth and a link with a growing core, period by period.
pub(super) fn rows(periods: &[Period], ties: &Ties, cores: &[usize]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (period, of) in periods.iter().enumerate() {
        let of_cores: Vec<f64> = cores.iter().map(|&core| of.growth[core]).collect();
        for city in 0..of.growth.len() {
            let [mean_exposure, intensity] = ties.exposure(city, &of_cores);
            if of.growth[city].is_finite() && mean_exposure.is_finite() {
                let (growth, initial) = (of.growth[city], of.initial[city]);
                rows.push(Row { city, period, growth, initial, mean_exposure, intensity });
            }
        }
    }
    rows
}
