//! A city among those it is linked with: clustering, constraint, effective size; all on S, links without direction.

use rayon::prelude::*;

use super::network::Network;

/// Most steps, links of neighbours, in which neighbourhoods are looked at.
const MOST_STEPS: f64 = 1e10;

/// What its neighbourhood says of a city.
#[derive(Clone, Copy)]
pub(super) struct Ego {
    /// Onnela's clustering: the mean intensity (ŝ_ij ŝ_jh ŝ_hi)^⅓ over pairs of neighbours, ŝ = s/max s.
    pub(super) onnela: f64,
    /// Barrat's clustering: the share of its strength, pair by pair of neighbours, that closes triangles.
    pub(super) barrat: f64,
    /// Burt's constraint; NaN without neighbours.
    pub(super) constraint: f64,
    /// Burt's effective size; NaN without neighbours.
    pub(super) effective_size: f64,
}

/// Every city among its neighbours; `None` where that takes more than [`MOST_STEPS`]. O(Σ k²) for k neighbours.
pub(super) fn egos(links: &Network) -> Option<Vec<Ego>> {
    if links.two_steps() > MOST_STEPS {
        return None;
    }
    let (sums, strongest) = (links.sums(), links.strongest());
    let share = links.arcs().map(|(i, _, s)| s / sums[i]).collect();
    let root = links.arcs().map(|(_, _, s)| libm::cbrt(s / strongest)).collect();
    let shares = Shares { share, root };
    let largest: Vec<f64> = (0..links.n()).map(|i| links.ties(i).fold(0.0_f64, |most, (_, s)| most.max(s))).collect();
    let fresh = || Neighbourhood { place: vec![u32::MAX; links.n()], indirect: Vec::new() };
    // How much stronger a city is than its strongest link.
    let spread: Vec<f64> = sums.iter().zip(&largest).map(|(sum, largest)| sum / largest).collect();
    let ego = |near: &mut Neighbourhood, i| near.of(i, links, &shares, &spread);
    Some((0..links.n()).into_par_iter().with_min_len(16).map_init(fresh, ego).collect())
}

/// What is asked of links again and again, in their order.
struct Shares {
    /// p_ij = s_ij/Σ_k s_ik, the share of the link in its city's strength.
    share: Vec<f64>,
    /// ŝ_ij^⅓.
    root: Vec<f64>,
}

/// The neighbours of one city, with working memory for all.
struct Neighbourhood {
    /// The place of a city among the neighbours; `u32::MAX` where it is none.
    place: Vec<u32>,
    /// Σ_h p_ih p_hj, what the city spends on each neighbour j by way of the others.
    indirect: Vec<f64>,
}

impl Neighbourhood {
    fn of(&mut self, i: usize, links: &Network, shares: &Shares, spread: &[f64]) -> Ego {
        let degree = links.degree(i);
        if degree == 0 {
            return Ego { onnela: 0.0, barrat: 0.0, constraint: f64::NAN, effective_size: f64::NAN };
        }
        let range = links.first(i)..links.first(i) + degree;
        let (share, root) = (&shares.share[range.clone()], &shares.root[range]);
        links.ties(i).enumerate().for_each(|(place, (j, _))| self.place[j] = place as u32);
        self.indirect.clear();
        self.indirect.resize(degree, 0.0);
        let (mut onnela, mut barrat, mut redundancy) = (0.0, 0.0, 0.0);
        for (place, (j, _)) in links.ties(i).enumerate() {
            let theirs = links.first(j)..links.first(j) + links.degree(j);
            let (mut closed, mut redundant) = (0.0, 0.0);
            let both = shares.share[theirs.clone()].iter().zip(&shares.root[theirs]);
            for ((h, _), (p_jh, root_jh)) in links.ties(j).zip(both) {
                let at = self.place[h] as usize;
                if at >= degree {
                    continue;
                }
                closed += root_jh * root[at];
                barrat += (share[place] + share[at]) / 2.0;
                self.indirect[at] += share[place] * p_jh;
                redundant += share[at] * p_jh;
            }
            onnela += root[place] * closed;
            redundancy += redundant * spread[j];
        }
        links.ties(i).for_each(|(j, _)| self.place[j] = u32::MAX);
        let pairs = degree as f64 * (degree as f64 - 1.0);
        let of_pairs = |sum: f64, all: f64| if degree > 1 { sum / all } else { 0.0 };
        Ego {
            onnela: of_pairs(onnela, pairs),
            barrat: of_pairs(barrat, degree as f64 - 1.0),
            constraint: share.iter().zip(&self.indirect).map(|(p, q)| (p + q) * (p + q)).sum(),
            effective_size: degree as f64 - redundancy,
        }
    }
}
