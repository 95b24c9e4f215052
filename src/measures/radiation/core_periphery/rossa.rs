//! Della Rossa's profile: how long a random walk stays among the cities taken so far.

use super::linked::Linked;
use crate::measures::radiation::network::Network;
use crate::study::{LinkDirection, Linkage};

/// Most cities among which the profile is made; it takes O(n²).
pub(super) const MOST: usize = 20_000;
/// Most steps to the stationary distribution.
const STEPS: usize = 100_000;

/// A core-periphery profile; see [`rossa()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Rossa {
    /// Persistence α when the city is taken, 0 to 1; NaN of a city without links.
    pub alpha: Vec<f64>,
    /// The cities with links as they are taken.
    pub order: Vec<usize>,
    /// C = 1 − 2/(n − 2) Σ_{k<n} α_k: 1 in a star, 0 in a complete network of equal links; NaN below three cities.
    pub centralisation: f64,
}

/// The core-periphery profile of the links without direction, or, with `directed`, of a walk along their directions.
///
/// # Formula
///
/// A walker at i goes on to j with probability m_ij = s_ij/Σ_h s_ih and is at i a share π_i of the time. Starting with the
/// city where π is least, the city is added that makes the persistence α(P) = Σ_{i,j in P} π_i m_ij / Σ_{i in P} π_i of the
/// set P least; the first of those that are equal but for 10⁻¹⁴. α of the city is that of the set with it: near 0 in the
/// periphery, 1 for the last. Without direction π_i = s_i/Σs; along directions π is the stationary distribution.
///
/// Cities without links take no part. O(n² + m).
///
/// # Errors
///
/// `None` above 20,000 cities; and along directions where not every city can be reached from every other, so that the walk
/// has no stationary distribution of all, or where 100,000 steps do not bring it near.
///
/// # Source
///
/// Della Rossa, F., Dercole, F. and Piccardi, C. (2013). Profiling core-periphery network structure by random walkers.
/// Scientific Reports 3, 1467. doi:10.1038/srep01467
///
/// ```
/// use agglo::measures::radiation::rossa;
/// use agglo::study::{LinkMeaning, Linkage};
/// let star = Linkage::from_arcs(4, vec![(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], LinkMeaning::Strength)?.undirected();
/// let profile = rossa(&star, false).unwrap();
/// assert_eq!((profile.alpha, profile.centralisation), (vec![1.0, 0.0, 0.0, 0.0], 1.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rossa(links: &Linkage, directed: bool) -> Option<Rossa> {
    let linked = Linked::new(links);
    let found = match directed && links.direction() == LinkDirection::Directed {
        true => along(links, &linked),
        false => profile(&linked.ties, &linked.ties.sums()),
    }?;
    Some(of_all(&linked, found))
}

/// A profile of the cities with links as one of all.
pub(super) fn of_all(linked: &Linked, found: Rossa) -> Rossa {
    Rossa {
        alpha: linked.spread(&found.alpha, f64::NAN),
        order: found.order.iter().map(|&k| linked.places[k]).collect(),
        centralisation: found.centralisation,
    }
}

/// The profile of the walk along the directions of links that have one.
pub(super) fn along(links: &Linkage, linked: &Linked) -> Option<Rossa> {
    if linked.places.len() > MOST {
        return None;
    }
    let within = links.subset(&linked.places);
    let incoming = Network::incoming(&within);
    let leaving = within.strength_out();
    let pi = stationary(&within, &incoming, &leaving)?;
    // Flows both ways, which add up to twice the time in each city as strengths without direction do.
    let flow = |i: usize, w: f64| pi[i] * within.meaning().strength(w) / leaving[i] / 2.0;
    let mut flows: Vec<(u32, u32, f64)> =
        within.arcs().map(|(i, j, w)| (i.min(j) as u32, i.max(j) as u32, flow(i, w))).collect();
    flows.sort_by_key(|&(i, j, _)| (i, j));
    flows.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        if same {
            kept.2 += next.2;
        }
        same
    });
    profile(&Network::of_pairs(pi.len(), &flows), &pi)
}

/// The share of time that the walk spends in each city; `None` where cities cannot all be reached from each other.
fn stationary(links: &Linkage, incoming: &Network, leaving: &[f64]) -> Option<Vec<f64>> {
    if petgraph::algo::kosaraju_scc(links.graph()).len() != 1 {
        return None;
    }
    let n = leaving.len();
    let mut pi = vec![1.0 / n as f64; n];
    for _ in 0..STEPS {
        // A walker that stays half of the time has the same distribution, and does not go to and fro for ever.
        let step = |i: usize| 0.5 * pi[i] + 0.5 * incoming.ties(i).map(|(j, w)| pi[j] * w / leaving[j]).sum::<f64>();
        let next: Vec<f64> = (0..n).map(step).collect();
        let moved: f64 = next.iter().zip(&pi).map(|(a, b)| (a - b).abs()).sum();
        let total: f64 = next.iter().sum();
        pi = next.into_iter().map(|p| p / total).collect();
        if moved < 1e-14 {
            return Some(pi);
        }
    }
    None
}

/// The profile of cities where the walk spends `time`, in the unit of the strengths of their links.
pub(super) fn profile(ties: &Network, time: &[f64]) -> Option<Rossa> {
    let n = ties.n();
    if n > MOST {
        return None;
    }
    let (mut inside, mut taken) = (vec![0.0; n], vec![false; n]);
    let (mut within, mut spent) = (0.0, 0.0);
    let (mut alpha, mut order) = (vec![0.0; n], Vec::with_capacity(n));
    for step in 0..n {
        let value = |i: usize| if step == 0 { time[i] } else { (within + 2.0 * inside[i]) / (spent + time[i]) };
        let mut best: Option<(usize, f64)> = None;
        for i in (0..n).filter(|&i| !taken[i]) {
            let x = value(i);
            if best.is_none_or(|(_, least)| x < least - 1e-14 * least.abs()) {
                best = Some((i, x));
            }
        }
        let (i, _) = best?;
        (within, spent) = (within + 2.0 * inside[i], spent + time[i]);
        alpha[i] = (within / spent).min(1.0);
        taken[i] = true;
        order.push(i);
        ties.ties(i).for_each(|(j, s)| inside[j] += s);
    }
    let before_last: f64 = order.iter().take(n.saturating_sub(1)).map(|&i| alpha[i]).sum();
    let centralisation = if n > 2 { 1.0 - 2.0 * before_last / (n as f64 - 2.0) } else { f64::NAN };
    Some(Rossa { alpha, order, centralisation })
}
