//! Models that divide what leaves a city among the others: their flows, and how these agree with those observed.

use rayon::prelude::*;

use super::super::distances::Distances;
use super::observed::Observed;
use super::opportunities::Opportunities;
use crate::study::Linkage;

/// Width of the search in the logarithm of a parameter at which it ends.
const ARRIVED: f64 = 1e-10;

/// What a model makes of the flows that leave the cities.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareFit {
    /// Flow that leaves each city in the model, Σ_j O_i p_ij.
    pub expected_out: Vec<f64>,
    /// Flow that reaches each city in the model, Σ_i O_i p_ij.
    pub expected_in: Vec<f64>,
    /// Common part of the flows, 2 Σ min(y, T)/(Σ y + Σ T), 0 to 1; NaN without flows.
    pub cpc: f64,
    /// Root of the mean squared error over the mean flow; NaN without flows.
    pub srmse: f64,
    /// Mean distance of the flows of the model.
    pub mean_distance: f64,
    /// Mean distance of the flows observed; NaN without.
    pub observed_mean_distance: f64,
    /// The smallest and the largest Σ_j p_ij of the cities with a mass and a way.
    pub row_sums: [f64; 2],
}

/// The flows between pairs with a way.
pub(super) fn observed(links: &Linkage, opportunities: &Opportunities) -> Observed {
    Observed::new(links, |i, j| !opportunities.row(i)[j].is_nan())
}

/// Flows O_i p_ij of a model whose shares `of_row` writes; O is what leaves the cities, or without flows their mass.
pub(super) fn share_fit(
    opportunities: &Opportunities,
    distances: &Distances,
    seen: Option<&Observed>,
    of_row: impl Fn(usize, &mut [f64]) + Sync,
) -> ShareFit {
    let n = opportunities.n;
    let out = seen.map_or(&opportunities.mass, |seen| &seen.out);
    let mut sums = Sums::default();
    let (mut expected_out, mut expected_in, mut rows) =
        (vec![0.0; n], vec![0.0; n], [f64::INFINITY, f64::NEG_INFINITY]);
    // Blocks of rows are made in parallel and added up in order, so that no more than a block is held.
    for from in (0..n).step_by(64) {
        let of_city = |i: usize| {
            let (mut shares, mut flows) = (vec![0.0; n], vec![0.0; n]);
            of_row(i, &mut shares);
            flows.iter_mut().zip(&shares).for_each(|(flow, p)| *flow = out[i] * p);
            (Sums::of(i, &flows, seen, opportunities, distances), shares.iter().sum::<f64>(), flows)
        };
        let block: Vec<_> = (from..n.min(from + 64)).into_par_iter().map(of_city).collect();
        for (i, (part, row_sum, flows)) in (from..).zip(block) {
            sums.add(&part);
            expected_out[i] = part.fitted;
            expected_in.iter_mut().zip(&flows).for_each(|(sum, flow)| *sum += flow);
            if opportunities.mass[i] > 0.0 && opportunities.reachable[i] > opportunities.mass[i] {
                rows = [rows[0].min(row_sum), rows[1].max(row_sum)];
            }
        }
    }
    let total = seen.map_or(f64::NAN, |seen| seen.total);
    ShareFit {
        expected_out,
        expected_in,
        cpc: 2.0 * sums.common / (total + sums.fitted),
        srmse: (sums.squares / sums.pairs).sqrt() / (total / sums.pairs),
        mean_distance: sums.fitted_distance / sums.fitted,
        observed_mean_distance: sums.observed_distance / total,
        row_sums: rows.map(|x| if x.is_finite() { x } else { f64::NAN }),
    }
}

#[derive(Default)]
struct Sums {
    fitted: f64,
    common: f64,
    squares: f64,
    pairs: f64,
    fitted_distance: f64,
    observed_distance: f64,
}

impl Sums {
    fn of(i: usize, flows: &[f64], seen: Option<&Observed>, ways: &Opportunities, distances: &Distances) -> Self {
        let mut sums = Self::default();
        for (j, &flow) in flows.iter().enumerate().filter(|(j, _)| !ways.row(i)[*j].is_nan()) {
            sums.fitted += flow;
            sums.squares += flow * flow;
            sums.pairs += 1.0;
            sums.fitted_distance += flow * distances.get(i, j);
        }
        for (j, y) in seen.into_iter().flat_map(|seen| seen.row(i)) {
            sums.common += y.min(flows[j]);
            sums.squares += y * y - 2.0 * y * flows[j];
            sums.observed_distance += y * distances.get(i, j);
        }
        sums
    }

    fn add(&mut self, other: &Self) {
        self.fitted += other.fitted;
        self.common += other.common;
        self.squares += other.squares;
        self.pairs += other.pairs;
        self.fitted_distance += other.fitted_distance;
        self.observed_distance += other.observed_distance;
    }
}

/// What is known of a link for the likelihood of a destination: flow, s_ij, m_i, m_j, mass that can be reached.
pub(super) struct Choice {
    pub(super) flow: f64,
    pub(super) nearer: f64,
    pub(super) own: f64,
    pub(super) other: f64,
    pub(super) reachable: f64,
}

/// The links between cities of a mass above zero.
pub(super) fn choices(opportunities: &Opportunities, seen: &Observed) -> Vec<Choice> {
    let of_city = |i: usize| {
        seen.row(i).map(move |(j, flow)| Choice {
            flow,
            nearer: opportunities.row(i)[j],
            own: opportunities.mass[i],
            other: opportunities.mass[j],
            reachable: opportunities.reachable[i],
        })
    };
    (0..seen.n()).flat_map(of_city).filter(|choice| choice.own > 0.0 && choice.other > 0.0).collect()
}

/// Where a likelihood is largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Likeliest {
    /// At this parameter.
    At(f64),
    /// It grows to this bound of those that are tried.
    Bound(f64),
    /// Nothing has a chance above zero.
    Nowhere,
}

impl Likeliest {
    /// The parameter, if it is no bound.
    pub(super) fn inside(self) -> Option<f64> {
        if let Self::At(parameter) = self { Some(parameter) } else { None }
    }
}

/// The parameter between two bounds at which Σ y ln p is largest: the best of a grid of 61 in its logarithm, and from its
/// neighbours on by golden section.
pub(super) fn most_likely(bounds: [f64; 2], value: impl Fn(f64) -> f64) -> Likeliest {
    let [low, high] = bounds.map(libm::log);
    let at = |x: f64| {
        let value = value(libm::exp(x));
        if value.is_finite() { value } else { f64::NEG_INFINITY }
    };
    let grid: Vec<f64> = (0..=60).map(|k| low + (high - low) * f64::from(k) / 60.0).collect();
    let values: Vec<f64> = grid.iter().map(|&x| at(x)).collect();
    let best = (0..grid.len()).fold(0, |best, k| if values[k] > values[best] { k } else { best });
    if values[best] == f64::NEG_INFINITY {
        return Likeliest::Nowhere;
    }
    if best == 0 || best == 60 {
        return Likeliest::Bound(bounds[usize::from(best > 0)]);
    }
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (grid[best - 1], grid[best + 1]);
    let (mut c, mut d) = (b - golden * (b - a), a + golden * (b - a));
    let (mut of_c, mut of_d) = (at(c), at(d));
    while b - a > ARRIVED {
        if of_c >= of_d {
            (b, d, of_d) = (d, c, of_c);
            c = b - golden * (b - a);
            of_c = at(c);
        } else {
            (a, c, of_c) = (c, d, of_d);
            d = a + golden * (b - a);
            of_d = at(d);
        }
    }
    Likeliest::At(libm::exp((a + b) / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_hill_is_found_and_a_slope_has_none() {
        let found = most_likely([1e-3, 1e3], |x| -(libm::log(x) - 2.0) * (libm::log(x) - 2.0)).inside().unwrap();
        assert!((libm::log(found) - 2.0).abs() < 1e-6);
        assert_eq!(most_likely([1e-3, 1e3], |x| x), Likeliest::Bound(1e3));
        assert_eq!(most_likely([1e-3, 1e3], |x| -x), Likeliest::Bound(1e-3));
        assert_eq!(most_likely([1e-3, 1e3], |_| f64::NAN), Likeliest::Nowhere);
    }
}
