//! A city among those it is linked with: clustering, constraint, effective size; all on S, links without direction.

use rayon::prelude::*;

use super::network::Network;

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

/// Every city among its neighbours. O(Σ k²) for k neighbours.
pub(super) fn egos(links: &Network) -> Vec<Ego> {
    let (sums, strongest) = (links.sums(), links.strongest());
    let largest: Vec<f64> = (0..links.n()).map(|i| links.ties(i).fold(0.0_f64, |most, (_, s)| most.max(s))).collect();
    let fresh = || Neighbourhood { place: vec![u32::MAX; links.n()], share: Vec::new(), indirect: Vec::new() };
    let ego = |near: &mut Neighbourhood, i| near.of(i, links, &sums, &largest, strongest);
    (0..links.n()).into_par_iter().with_min_len(256).map_init(fresh, ego).collect()
}

/// The neighbours of one city, with working memory for all.
struct Neighbourhood {
    /// The place of a city among the neighbours; `u32::MAX` where it is none.
    place: Vec<u32>,
    /// Each neighbour's share p_ij = s_ij/Σ_k s_ik of the city's strength.
    share: Vec<f64>,
    /// Σ_h p_ih p_hj, what the city spends on each neighbour j by way of the others.
    indirect: Vec<f64>,
}

impl Neighbourhood {
    fn of(&mut self, i: usize, links: &Network, sums: &[f64], largest: &[f64], strongest: f64) -> Ego {
        let degree = links.degree(i);
        if degree == 0 {
            return Ego { onnela: 0.0, barrat: 0.0, constraint: f64::NAN, effective_size: f64::NAN };
        }
        self.share.clear();
        for (place, (j, s)) in links.ties(i).enumerate() {
            self.place[j] = place as u32;
            self.share.push(s / sums[i]);
        }
        self.indirect.clear();
        self.indirect.resize(degree, 0.0);
        let (mut onnela, mut barrat, mut redundancy) = (0.0, 0.0, 0.0);
        for (place, (j, s_ij)) in links.ties(i).enumerate() {
            for (h, s_jh) in links.ties(j) {
                let at = self.place[h] as usize;
                if at >= degree {
                    continue;
                }
                let s_ih = self.share[at] * sums[i];
                onnela += libm::cbrt(s_ij / strongest * (s_jh / strongest) * (s_ih / strongest));
                barrat += (self.share[place] + self.share[at]) / 2.0;
                self.indirect[at] += self.share[place] * (s_jh / sums[j]);
                redundancy += self.share[at] * (s_jh / largest[j]);
            }
        }
        links.ties(i).for_each(|(j, _)| self.place[j] = u32::MAX);
        let pairs = degree as f64 * (degree as f64 - 1.0);
        let of_pairs = |sum: f64, all: f64| if degree > 1 { sum / all } else { 0.0 };
        Ego {
            onnela: of_pairs(onnela, pairs),
            barrat: of_pairs(barrat, degree as f64 - 1.0),
            constraint: self.share.iter().zip(&self.indirect).map(|(p, q)| (p + q) * (p + q)).sum(),
            effective_size: degree as f64 - redundancy,
        }
    }
}
