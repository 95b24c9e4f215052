//! The profiles of the cities, prepared once, and each coefficient as a function of two of them.

use std::f64::consts::LN_2;

use super::Coefficient;
use super::logarithm::ln;
use super::rows::Rows;
use crate::measures::ranks::mean_ranks;
use crate::study::Structure;

/// Deng's distinguishing coefficient ρ.
const RHO: f64 = 0.5;
/// A divergence below this is summed term by term, since a difference of entropies has lost its digits.
const ALIKE: f64 = 1e-4;

/// Shares of the cities, and after them those of all cities together, as city number n.
pub(super) struct Profiles<'a> {
    structure: &'a Structure,
    whole: Vec<f64>,
    shares: Rows,
}

/// A coefficient of the cities i and j.
pub(super) type Pair<'a> = Box<dyn Fn(usize, usize) -> f64 + Sync + 'a>;

impl<'a> Profiles<'a> {
    pub(super) fn new(structure: &'a Structure) -> Self {
        let whole = structure.aggregate_shares();
        let n = structure.cities();
        let share = |i: usize| if i < n { structure.shares(i) } else { whole.as_slice() }.iter().copied();
        let shares = Rows::new(n + 1, structure.sectors(), share);
        Self { structure, whole, shares }
    }

    pub(super) fn cities(&self) -> usize {
        self.structure.cities()
    }

    /// The coefficient of two cities: NaN where one takes no part, exact where both are alike, and within its range.
    pub(super) fn of(&self, coefficient: Coefficient) -> Pair<'_> {
        let shares = &self.shares;
        match coefficient {
            Coefficient::Unido => {
                let unit = self.rows(|shares| scaled(shares.to_vec()));
                self.guarded(coefficient, move |i, j| unit.dot(i, j))
            }
            Coefficient::Krugman => self.guarded(coefficient, |i, j| shares.sum(i, j, |a, b| (a - b).abs())),
            Coefficient::BrayCurtis => self.guarded(coefficient, |i, j| shares.sum(i, j, |a, b| (a - b).abs()) / 2.0),
            Coefficient::FingerKreinin => {
                self.guarded(coefficient, |i, j| shares.sum(i, j, |a, b| if a < b { a } else { b }))
            }
            Coefficient::JensenShannon => {
                let own: Vec<f64> = (0..=self.cities()).map(|i| shares.sum(i, i, information)).collect();
                self.guarded(coefficient, move |i, j| {
                    let divergence = (0.5 * (own[i] + own[j]) - shares.sum(i, j, information)) / LN_2;
                    if divergence < ALIKE { shares.sum(i, j, divergence_term) / LN_2 } else { divergence }
                })
            }
            Coefficient::Hellinger => {
                let roots = self.rows(|shares| shares.iter().map(|s| s.sqrt()).collect());
                self.guarded(coefficient, move |i, j| (0.5 * roots.sum(i, j, |a, b| (a - b) * (a - b))).sqrt())
            }
            Coefficient::Pearson => self.correlation(coefficient, |shares| shares.to_vec()),
            Coefficient::Spearman => self.correlation(coefficient, mean_ranks),
            Coefficient::Grey => {
                let most = RHO * self.greatest_difference();
                let sectors = self.structure.sectors() as f64;
                let term = move |a: f64, b: f64| (a - b).abs() / ((a - b).abs() + most);
                self.guarded(coefficient, move |i, j| 1.0 - shares.sum(i, j, term) / sectors)
            }
        }
    }

    /// UNIDO's coefficient of each city and all cities together.
    pub(super) fn unido_total(&self) -> Vec<f64> {
        let pair = self.of(Coefficient::Unido);
        (0..self.cities()).map(|i| pair(i, self.cities())).collect()
    }

    /// Grey relational degree of each city and all cities together.
    pub(super) fn grey_total(&self) -> Vec<f64> {
        let differences =
            |i: usize| self.structure.shares(i).iter().zip(&self.whole).map(|(s, whole)| (s - whole).abs());
        let all = || self.structure.members().iter().flat_map(|&i| differences(i));
        let (least, most) = (all().fold(f64::INFINITY, f64::min), RHO * all().fold(0.0, f64::max));
        let sectors = self.structure.sectors() as f64;
        let degree = |i: usize| match (self.takes_part(i), self.identical(i, self.cities())) {
            (false, _) => f64::NAN,
            // All differences of this city are 0, the least of all.
            (true, true) => 1.0,
            (true, false) => differences(i).map(|d| (least + most) / (d + most)).sum::<f64>() / sectors,
        };
        (0..self.cities()).map(degree).collect()
    }

    /// Whether all shares of a city are equal but for rounding.
    pub(super) fn is_constant(&self, i: usize) -> bool {
        let (least, most) = extremes(self.profile(i));
        most - least <= self.rounding() * most
    }

    /// The correlation of profiles after a change; NaN with a city whose shares are all equal.
    fn correlation(&self, coefficient: Coefficient, change: fn(&[f64]) -> Vec<f64>) -> Pair<'_> {
        let constant: Vec<bool> = (0..=self.cities()).map(|i| self.is_constant(i)).collect();
        let centred = self.rows(|shares| {
            let values = change(shares);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            scaled(values.iter().map(|x| x - mean).collect())
        });
        let pair = self.guarded(coefficient, move |i, j| centred.dot(i, j));
        Box::new(move |i, j| if constant[i] || constant[j] { f64::NAN } else { pair(i, j) })
    }

    fn guarded<'b>(&'b self, coefficient: Coefficient, raw: impl Fn(usize, usize) -> f64 + Sync + 'b) -> Pair<'b> {
        let (least, most) = coefficient.range();
        Box::new(move |i, j| {
            if !(self.takes_part(i) && self.takes_part(j)) {
                f64::NAN
            } else if self.identical(i, j) {
                coefficient.of_identical()
            } else {
                raw(i, j).clamp(least, most)
            }
        })
    }

    fn takes_part(&self, i: usize) -> bool {
        i >= self.cities() || self.structure.has(i)
    }

    fn profile(&self, i: usize) -> &[f64] {
        if i < self.cities() { self.structure.shares(i) } else { &self.whole }
    }

    /// All profiles, changed.
    fn rows(&self, change: impl Fn(&[f64]) -> Vec<f64>) -> Rows {
        Rows::new(self.cities() + 1, self.structure.sectors(), |i| change(self.profile(i)))
    }

    /// Whether two profiles are equal but for rounding.
    fn identical(&self, i: usize, j: usize) -> bool {
        let rounding = self.rounding();
        let equal = |a: f64, b: f64| (a - b).abs() <= rounding * if a > b { a } else { b };
        let (a, b) = (self.shares.row(i).as_flattened(), self.shares.row(j).as_flattened());
        a.iter().zip(b).all(|(&a, &b)| equal(a, b))
    }

    /// How far a share may be off, relatively: its total is a sum of as many levels as there are sectors.
    fn rounding(&self) -> f64 {
        (self.structure.sectors() as f64 + 2.0) * f64::EPSILON
    }

    /// The greatest |s_ik − s_jk| of any pair of cities and any sector.
    fn greatest_difference(&self) -> f64 {
        let range = |k: usize| {
            let shares = self.structure.members().iter().map(|&i| self.structure.shares(i)[k]);
            let (least, most) = shares.fold((f64::INFINITY, 0.0), |(least, most), s| (s.min(least), s.max(most)));
            most - least
        };
        (0..self.structure.sectors()).map(range).fold(0.0, f64::max)
    }
}

/// m ln m of the mean m of two shares, 0 at 0.
#[inline(always)]
fn information(a: f64, b: f64) -> f64 {
    let m = 0.5 * (a + b);
    m * ln(if m > f64::MIN_POSITIVE { m } else { f64::MIN_POSITIVE })
}

/// What a sector adds to the divergence, in nats: m ((1 + t) ln(1 + t) + (1 − t) ln(1 − t))/2 with t = |a − b|/(a + b), for
/// small t as m (t²/2 + t⁴/12 + … + t^2r/(2r (2r − 1)) + …).
fn divergence_term(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.0;
    }
    let (m, t) = (0.5 * (a + b), (a - b).abs() / (a + b));
    let square = t * t;
    m * if t < 0.5 {
        (1..=24).rev().map(f64::from).fold(0.0, |sum, r| (sum + 1.0 / (2.0 * r * (2.0 * r - 1.0))) * square)
    } else if t < 1.0 {
        0.5 * ((1.0 + t) * libm::log1p(t) + (1.0 - t) * libm::log1p(-t))
    } else {
        LN_2
    }
}

/// The same vector with length 1.
fn scaled(mut values: Vec<f64>) -> Vec<f64> {
    let length = values.iter().map(|x| x * x).sum::<f64>().sqrt();
    values.iter_mut().for_each(|x| *x /= length);
    values
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, 0.0), |(least, most), &x| (x.min(least), x.max(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two ways to the divergence agree where both have their digits.
    #[test]
    fn a_divergence_is_the_same_term_by_term() {
        for (p, q) in [(0.3, 0.31), (0.2, 0.6), (0.0, 0.9), (1.0, 0.0), (0.5, 0.1)] {
            let (p, q) = ([p, 1.0 - p], [q, 1.0 - q]);
            let by_terms: f64 = (0..2).map(|k| divergence_term(p[k], q[k])).sum();
            let of = |a: f64, b: f64| information(a, b);
            let entropies: f64 = (0..2).map(|k| 0.5 * (of(p[k], p[k]) + of(q[k], q[k])) - of(p[k], q[k])).sum();
            assert!((by_terms - entropies).abs() < 1e-15, "{p:?} {q:?}: {by_terms} {entropies}");
        }
    }
}
