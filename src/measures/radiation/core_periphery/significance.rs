//! The (q, s)-test: whether a pair of core and periphery is better than pairs of its size in random networks.

use libm::{erfc, exp, log};
use rayon::prelude::*;

use super::km_config::{CorePairs, search, starts};
use super::linked::Linked;
use crate::inference::{Inference, Stream};
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Most random networks.
const NETWORKS: usize = 300;
/// Fewest random networks that tell anything.
const FEWEST: usize = 50;
/// Visits to links that the search in all random networks may take, ten sweeps a start.
const BUDGET: usize = 4_000_000_000;

/// p values of pairs; see [`pair_significance()`].
#[derive(Clone, Debug, PartialEq)]
pub struct PairSignificance {
    /// p value of each pair, 1/(networks + 1) at the least.
    pub p: Vec<f64>,
    /// Whether p is at or below the level of the run, corrected after Šidák for the number of pairs.
    pub significant: Vec<bool>,
    /// Number of random networks.
    pub networks: usize,
}

/// The (q, s)-test of the pairs that [`km_config()`](super::km_config()) found in these links.
///
/// # Method
///
/// Random networks keep, in expectation, the number of links and the strength of every city: i and j are linked with
/// probability p_ij = k_i k_j/2m, at most 1, and the link has the strength s_i s_j/(2M p_ij) times a factor drawn from those
/// of the observed links, scaled to a mean of 1 (the continuous configuration model of Palowitch et al.). The pairs found in them give
/// a joint density of quality q and number of cities s (Gaussian kernels of width N^(−1/6), N pairs); p is the part of
/// the density at the size of the pair that lies at or above its quality. A pair is significant where p ≤ 1 − (1 − α)^(1/C), of C pairs.
///
/// As many networks as there are permutations, but at most 300, and fewer where the search in them would take more than
/// 4·10⁹ visits to links; `None` where that leaves fewer than 50, or without permutations.
///
/// # Source
///
/// Kojaku, S. and Masuda, N. (2018). A generalised significance test for individual communities in networks. Scientific Reports
/// 8, 7351. Palowitch, J., Bhamidi, S. and Nobel, A. B. (2018). Significance-based community detection in weighted networks.
/// Journal of Machine Learning Research 18, 1-48.
pub fn pair_significance(links: &Linkage, pairs: &CorePairs, inference: &Inference) -> Option<PairSignificance> {
    test(&Linked::new(links).ties, pairs, inference)
}

/// How many random networks the budget leaves.
fn affordable(ties: &Network, asked: usize) -> usize {
    let of_one = (10 * starts(ties) as usize * ties.links()).max(1);
    asked.min(NETWORKS).min(BUDGET / of_one)
}

pub(super) fn test(ties: &Network, pairs: &CorePairs, inference: &Inference) -> Option<PairSignificance> {
    let networks = affordable(ties, inference.permutations);
    if networks < FEWEST.min(inference.permutations.max(1)) {
        return None;
    }
    let null = Null::new(ties);
    let runs = starts(ties);
    let found: Vec<Vec<(f64, f64)>> = (0..networks as u64)
        .into_par_iter()
        .map(|network| {
            let random = null.draw(&mut Stream::new(inference.seed, "km_config/network", network));
            let found = search(&random, inference.seed, &format!("km_config/{network}"), runs);
            found.qualities.iter().zip(&found.sizes).map(|(&q, &s)| (q, s as f64)).collect()
        })
        .collect();
    let density = Density::new(found.into_iter().flatten().collect());
    let floor = 1.0 / (networks as f64 + 1.0);
    let count = pairs.sizes.len() as f64;
    let level = 1.0 - libm::pow(1.0 - inference.alpha, 1.0 / count);
    let p: Vec<f64> =
        pairs.qualities.iter().zip(&pairs.sizes).map(|(&q, &s)| density.above(q, s as f64).max(floor)).collect();
    Some(PairSignificance { significant: p.iter().map(|&p| p <= level).collect(), p, networks })
}

/// Random networks that keep numbers of links and strengths in expectation.
struct Null {
    /// Cities by number of links, the most first.
    order: Vec<u32>,
    degrees: Vec<f64>,
    strengths: Vec<f64>,
    /// Twice the number of links and the sum of strengths.
    ends: f64,
    total: f64,
    /// Observed strengths over those expected, with a mean of 1.
    factors: Vec<f64>,
}

impl Null {
    fn new(ties: &Network) -> Self {
        let n = ties.n();
        let degrees: Vec<f64> = (0..n).map(|i| ties.degree(i) as f64).collect();
        let strengths = ties.sums();
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_by(|&a, &b| degrees[b as usize].total_cmp(&degrees[a as usize]));
        let (ends, total) = (ties.links() as f64, strengths.iter().sum());
        let mut null = Self { order, degrees, strengths, ends, total, factors: Vec::new() };
        let pairs = ties.arcs().filter(|&(i, j, _)| i < j);
        let mut factors: Vec<f64> = pairs.map(|(i, j, s)| s / null.expected(i, j)).collect();
        let mean = factors.iter().sum::<f64>() / factors.len() as f64;
        factors.iter_mut().for_each(|factor| *factor /= mean);
        null.factors = factors;
        null
    }

    /// Probability of a link.
    fn probability(&self, i: usize, j: usize) -> f64 {
        (self.degrees[i] * self.degrees[j] / self.ends).min(1.0)
    }

    /// Strength of a link, should there be one.
    fn expected(&self, i: usize, j: usize) -> f64 {
        self.strengths[i] * self.strengths[j] / self.total / self.probability(i, j)
    }

    /// A random network of the same cities, in O(n + m): pairs that are not linked are leapt over (Miller and Hagberg 2011).
    fn draw(&self, stream: &mut Stream) -> Network {
        let n = self.order.len();
        let mut pairs = Vec::with_capacity(self.factors.len());
        for from in 0..n.saturating_sub(1) {
            let i = self.order[from] as usize;
            let mut to = from + 1;
            let mut bound = self.probability(i, self.order[to] as usize);
            while to < n {
                if bound < 1.0 {
                    let leap = (log(1.0 - stream.unit()) / libm::log1p(-bound)).floor();
                    if leap >= (n - to) as f64 {
                        break;
                    }
                    to += leap as usize;
                }
                let j = self.order[to] as usize;
                let probability = self.probability(i, j);
                if stream.unit() * bound < probability {
                    let factor = self.factors[stream.below(self.factors.len() as u32) as usize];
                    pairs.push((i as u32, j as u32, self.expected(i, j) * factor));
                }
                bound = probability;
                to += 1;
            }
        }
        Network::of_pairs(n, &pairs)
    }
}

/// The joint density of quality and size of the pairs in random networks.
struct Density {
    sample: Vec<(f64, f64)>,
    spread: (f64, f64),
    correlation: f64,
    width: f64,
}

impl Density {
    fn new(sample: Vec<(f64, f64)>) -> Self {
        let count = sample.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| sample.iter().map(of).sum::<f64>() / count;
        let (mean_q, mean_s) = (mean(|x| x.0), mean(|x| x.1));
        let product = |f: &dyn Fn(&(f64, f64)) -> f64| sample.iter().map(f).sum::<f64>() / (count - 1.0);
        let q = product(&|x| (x.0 - mean_q).powi(2)).sqrt();
        let s = product(&|x| (x.1 - mean_s).powi(2)).sqrt();
        let both = product(&|x| (x.0 - mean_q) * (x.1 - mean_s));
        // Without any spread in one of them there is no correlation, and the kernels of that one are narrow.
        let correlation = if q > 0.0 && s > 0.0 { (both / (q * s)).clamp(-0.999_999, 0.999_999) } else { 0.0 };
        let spread = (q.max(1e-12), s.max(1e-12));
        Self { sample, spread, correlation, width: libm::pow(count, -1.0 / 6.0) }
    }

    /// The part of the density at this size that lies above this quality; 1 where no pair has nearly this size.
    fn above(&self, q: f64, s: f64) -> f64 {
        let (mut part, mut whole) = (0.0, 0.0);
        for &(other_q, other_s) in &self.sample {
            let (by_q, by_s) =
                ((q - other_q) / (self.width * self.spread.0), (s - other_s) / (self.width * self.spread.1));
            let weight = exp(-by_s * by_s / 2.0);
            let z = (by_q - self.correlation * by_s) / (1.0 - self.correlation * self.correlation).sqrt();
            part += weight * erfc(z / std::f64::consts::SQRT_2) / 2.0;
            whole += weight;
        }
        if whole > 1e-30 { part / whole } else { 1.0 }
    }
}
