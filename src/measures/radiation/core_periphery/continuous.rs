//! Borgatti and Everett's continuous coreness: products that go up and down with the strengths of the links.

use super::linked::Linked;
use super::minres;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Most sweeps of one ascent.
const SWEEPS: usize = 3_000;
/// Visits to links that all ascents of one fit may take.
const BUDGET: usize = 1_000_000_000;
/// An ascent has arrived when a sweep raises the correlation by less than this.
const STILL: f64 = 1e-13;

/// Continuous coreness; see [`borgatti_everett_continuous()`].
#[derive(Clone, Debug, PartialEq)]
pub struct ContinuousCore {
    /// The correlation that was reached; NaN where all pairs are alike.
    pub correlation: f64,
    /// Coreness c of every city, 0 or more, ‖c‖ = 1; 0 of a city without links, NaN where all pairs are alike.
    pub coreness: Vec<f64>,
}

/// Coreness c ≥ 0, ‖c‖ = 1, that makes the correlation of s_ij with c_i c_j over the pairs i < j greatest.
///
/// # Method
///
/// Each c_i in turn is put at its best, which has a closed form, until a sweep of O(m) gains less than 10⁻¹³; from the
/// coreness by [`minres()`](super::minres()) and the links of the strongest cities, the best kept. The function has several
/// tops, and no proof that the highest was found. Where the correlation is that of two or three strong links, so is the core.
///
/// # Source
///
/// Borgatti, S. P. and Everett, M. G. (2000). Models of core/periphery structures. Social Networks 21, 375-395.
///
/// ```
/// use agglo::measures::radiation::borgatti_everett_continuous;
/// use agglo::study::{LinkMeaning, Linkage};
/// let links = Linkage::from_arcs(3, vec![(0, 1, 6.0), (0, 2, 3.0), (1, 2, 2.0)], LinkMeaning::Strength)?.undirected();
/// assert!(borgatti_everett_continuous(&links).correlation > 0.999999);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn borgatti_everett_continuous(links: &Linkage) -> ContinuousCore {
    let linked = Linked::new(links);
    let coreness = minres::descend_all(&linked.ties).coreness;
    of_linked(&linked, coreness)
}

/// From the coreness by MINRES of the cities with links.
pub(super) fn of_linked(linked: &Linked, first: Vec<f64>) -> ContinuousCore {
    let found = ascend_all(&linked.ties, first);
    let none = if found.correlation.is_nan() { f64::NAN } else { 0.0 };
    ContinuousCore { coreness: linked.spread(&found.coreness, none), ..found }
}

/// The best of the ascents from `first` and the starts of MINRES.
fn ascend_all(ties: &Network, first: Vec<f64>) -> ContinuousCore {
    let n = ties.n();
    let mut best = ContinuousCore { correlation: f64::NAN, coreness: vec![f64::NAN; n] };
    let Some(pairs) = Pairs::new(ties) else { return best };
    let mut left = BUDGET;
    for start in [first].into_iter().chain(minres::starts(ties)) {
        let found = pairs.ascend(start, &mut left);
        let better = best.correlation.is_nan() || found.correlation > best.correlation + 1e-9;
        if found.correlation.is_finite() && better {
            best = found;
        }
        if left == 0 {
            break;
        }
    }
    best
}

/// The pairs of cities whose strengths are held against products.
struct Pairs<'a> {
    ties: &'a Network,
    /// Number of pairs.
    count: f64,
    /// Mean strength of a pair.
    mean: f64,
    /// Root of the sum of squared differences from it.
    spread: f64,
}

/// What the correlation is made of at a coreness: sums over pairs of s·c·c, c·c and its square.
#[derive(Clone, Copy)]
struct Sums {
    weighted: f64,
    products: f64,
    squares: f64,
    /// Σ c and Σ c².
    first: f64,
    second: f64,
}

impl<'a> Pairs<'a> {
    /// `None` where the pairs do not differ.
    fn new(ties: &'a Network) -> Option<Self> {
        let n = ties.n() as f64;
        let count = n * (n - 1.0) / 2.0;
        let strengths = || ties.arcs().map(|(_, _, s)| s);
        let mean = strengths().sum::<f64>() / 2.0 / count;
        let absent = count - ties.links() as f64 / 2.0;
        let spread = (strengths().map(|s| (s - mean).powi(2)).sum::<f64>() / 2.0 + absent * mean * mean).sqrt();
        (spread > 1e-12 * mean * count.sqrt()).then_some(Self { ties, count, mean, spread })
    }

    fn sums(&self, c: &[f64]) -> Sums {
        let (first, second) = (c.iter().sum::<f64>(), c.iter().map(|c| c * c).sum::<f64>());
        let fourth: f64 = c.iter().map(|c| c.powi(4)).sum();
        let weighted = (0..c.len()).map(|i| c[i] * self.tied(c, i)).sum::<f64>() / 2.0;
        let (products, squares) = ((first * first - second) / 2.0, (second * second - fourth) / 2.0);
        Sums { weighted, products, squares, first, second }
    }

    /// Σ_j s_ij c_j.
    fn tied(&self, c: &[f64], i: usize) -> f64 {
        self.ties.ties(i).map(|(j, s)| s * c[j]).sum()
    }

    /// The correlation at these sums; −∞ where all products are alike.
    fn correlation(&self, sums: &Sums) -> f64 {
        let varied = sums.squares - sums.products * sums.products / self.count;
        if varied <= 1e-12 * sums.squares {
            return f64::NEG_INFINITY;
        }
        (sums.weighted - self.mean * sums.products) / (varied.sqrt() * self.spread)
    }

    fn ascend(&self, mut c: Vec<f64>, left: &mut usize) -> ContinuousCore {
        let mut before = f64::NEG_INFINITY;
        for _ in 0..SWEEPS {
            let length = c.iter().map(|c| c * c).sum::<f64>().sqrt();
            c.iter_mut().for_each(|c| *c /= length);
            let correlation = self.sweep(&mut c);
            *left = left.saturating_sub(2 * self.ties.links());
            if correlation - before < STILL || *left == 0 {
                break;
            }
            before = correlation;
        }
        let length = c.iter().map(|c| c * c).sum::<f64>().sqrt();
        c.iter_mut().for_each(|c| *c /= length);
        ContinuousCore { correlation: self.correlation(&self.sums(&c)), coreness: c }
    }

    /// Puts every coreness at its best, those of the others being as they are; the correlation then.
    fn sweep(&self, c: &mut [f64]) -> f64 {
        let mut sums = self.sums(c);
        for i in 0..c.len() {
            let tied = self.tied(c, i);
            let (others, other_squares) = (sums.first - c[i], sums.second - c[i] * c[i]);
            let at = |t: f64| Sums {
                weighted: sums.weighted + (t - c[i]) * tied,
                products: sums.products + (t - c[i]) * others,
                squares: sums.squares + (t * t - c[i] * c[i]) * other_squares,
                first: others + t,
                second: other_squares + t * t,
            };
            // (α + βt)/√(γ + 2δt + εt²) has its one turning point at (βγ − αδ)/(αε − βδ).
            let zero = at(0.0);
            let (alpha, beta) = (zero.weighted - self.mean * zero.products, tied - self.mean * others);
            let gamma = zero.squares - zero.products * zero.products / self.count;
            let delta = -zero.products * others / self.count;
            let epsilon = other_squares - others * others / self.count;
            let turn = (beta * gamma - alpha * delta) / (alpha * epsilon - beta * delta);
            // Where it rises for ever, far out is as good as anywhere farther.
            let far = 1e3 * other_squares.sqrt();
            let choices = [c[i], 0.0, if turn.is_finite() { turn.clamp(0.0, far) } else { far }, far];
            let mut best = (self.correlation(&sums), c[i]);
            for t in choices {
                let correlation = self.correlation(&at(t));
                if correlation > best.0 {
                    best = (correlation, t);
                }
            }
            sums = at(best.1);
            c[i] = best.1;
        }
        self.correlation(&sums)
    }
}
