//! Centralities that a city has from the centrality of those linked to it: eigenvector, Katz, PageRank.

use rayon::prelude::*;

use super::network::Network;

/// Most steps of an iteration.
const STEPS: usize = 10_000;
/// Change of a step, against vectors of length 1, below which an iteration has arrived.
const ARRIVED: f64 = 1e-13;
/// Share of a city's rank that is passed on along its links.
const DAMPING: f64 = 0.85;

/// The largest eigenvalue of W with its left eigenvector: λ v_j = Σ_i v_i w_ij, v ≥ 0, ‖v‖ = 1.
pub(super) struct Eigen {
    pub(super) value: f64,
    pub(super) vector: Vec<f64>,
}

impl Eigen {
    /// By power iteration on W + λ/2, λ as far as it is known; the shift keeps networks of two sides from oscillating.
    ///
    /// `None` where the iteration does not arrive, as where no links form a cycle and the eigenvalue is 0.
    pub(super) fn new(incoming: &Network) -> Option<Self> {
        let n = incoming.n();
        let bound = incoming.sums().into_iter().fold(0.0, f64::max);
        let mut vector = vec![1.0 / (n as f64).sqrt(); n];
        for _ in 0..STEPS {
            let next = gathered(incoming, |i, w| vector[i] * (w / bound));
            let value = norm(&next);
            let shifted: Vec<f64> = next.iter().zip(&vector).map(|(next, v)| next + 0.5 * value * v).collect();
            let length = norm(&shifted);
            let shifted: Vec<f64> = shifted.iter().map(|v| v / length).collect();
            let change = shifted.iter().zip(&vector).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
            vector = shifted;
            if change < ARRIVED {
                return Some(Self { value: value * bound, vector });
            }
        }
        None
    }
}

/// Katz centrality x_j = α Σ_i x_i w_ij + 1, ‖x‖ = 1. It arrives for α below 1/λ.
pub(super) fn katz(incoming: &Network, alpha: f64) -> Option<Vec<f64>> {
    let mut x = vec![1.0; incoming.n()];
    for _ in 0..STEPS {
        let next: Vec<f64> = gathered(incoming, |i, w| alpha * w * x[i]).iter().map(|sum| sum + 1.0).collect();
        let length = norm(&next);
        let change = next.iter().zip(&x).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        x = next;
        if change < ARRIVED * length {
            return Some(x.iter().map(|x| x / length).collect());
        }
    }
    None
}

/// PageRank: the chance to be in a city after many steps along links, each taken as often as it is strong, with a jump to
/// any city at 15 of 100 steps and wherever no link leads on.
pub(super) fn page_rank(incoming: &Network, strength_out: &[f64]) -> Option<Vec<f64>> {
    let n = incoming.n() as f64;
    let mut rank = vec![1.0 / n; incoming.n()];
    for _ in 0..STEPS {
        let stuck: f64 = rank.iter().zip(strength_out).filter(|&(_, &out)| out == 0.0).map(|(rank, _)| rank).sum();
        let jump = (1.0 - DAMPING + DAMPING * stuck) / n;
        let passed = gathered(incoming, |i, w| rank[i] * (w / strength_out[i]));
        let next: Vec<f64> = passed.iter().map(|passed| jump + DAMPING * passed).collect();
        let change: f64 = next.iter().zip(&rank).map(|(a, b)| (a - b).abs()).sum();
        rank = next;
        if change < ARRIVED {
            return Some(rank);
        }
    }
    None
}

/// For every city the sum of `term` over the links that reach it.
fn gathered(incoming: &Network, term: impl Fn(usize, f64) -> f64 + Sync) -> Vec<f64> {
    let sum = |j| incoming.ties(j).map(|(i, w)| term(i, w)).sum();
    (0..incoming.n()).into_par_iter().with_min_len(1 << 10).map(sum).collect()
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}
