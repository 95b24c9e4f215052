//! The rich club: whether cities of many links are linked with each other, and by the strongest links.

use super::network::Network;
use crate::study::Linkage;

/// The cities of more than `k` links, and the links among them; see [`rich_club`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RichClub {
    /// Number of links that the cities of the club exceed.
    pub k: usize,
    /// Cities of the club.
    pub cities: usize,
    /// Links among them.
    pub links: usize,
    /// φ, their share in all that are possible, 0 to 1.
    pub phi: f64,
    /// φ_w, the strength of these links over that of as many of the strongest links of all, 0 to 1; NaN without links.
    pub phi_weighted: f64,
    /// φ_w over its mean where the strengths are dealt to the links anew; above 1 the club has the strong links. NaN without links.
    pub rho: f64,
    /// How many standard deviations of that reshuffling the strength lies from its mean; NaN where nothing can vary.
    pub z: f64,
}

/// The rich clubs of a network, for 0 and every number of links that a city has, as long as two cities have more.
///
/// # Formula
///
/// On S, with N cities of more than k links, E links among them and W their strength:
///
/// * φ = 2E/(N(N − 1))
/// * φ_w = W/(sum of the E strongest links of the network)
/// * ρ = W/(E s̄), z = (W − E s̄)/√(E σ² (M − E)/(M − 1)), with the mean s̄ and the population variance σ² of the strengths of
///   all M links
///
/// φ is not divided by that of random networks. ρ is φ_w over its mean when all strengths are dealt to the links at random; mean
/// and variance of that are known, so that nothing is drawn. Between two values of k that are listed φ does not change.
/// O(m log m).
///
/// # Source
///
/// Zhou, S. and Mondragón, R. J. (2004). The rich-club phenomenon in the Internet topology. IEEE Communications Letters 8,
/// 180-182. Opsahl, T., Colizza, V., Panzarasa, P. and Ramasco, J. J. (2008). Prominence and control: the weighted rich-club
/// effect. Physical Review Letters 101, 168702.
///
/// ```
/// use agglo::measures::radiation::rich_club;
/// use agglo::study::{LinkMeaning, Linkage};
/// // Three centres with strong links among them, and a suburb each.
/// let arcs = vec![(0, 1, 8.0), (1, 2, 8.0), (0, 2, 8.0), (0, 3, 1.0), (1, 4, 1.0), (2, 5, 1.0)];
/// let clubs = rich_club(&Linkage::from_arcs(6, arcs, LinkMeaning::Strength)?.undirected());
/// assert_eq!((clubs[1].k, clubs[1].cities, clubs[1].phi, clubs[1].phi_weighted), (1, 3, 1.0, 1.0));
/// assert!((clubs[1].rho - 24.0 / (3.0 * 4.5)).abs() < 1e-12);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rich_club(links: &Linkage) -> Vec<RichClub> {
    let network = Network::undirected(links);
    let mut degrees = network.degrees();
    // In parts of the strongest, so that no square overflows.
    let unit = network.strongest();
    // Each link once, by the lesser degree of its cities, up to which both belong.
    let mut shared: Vec<(usize, f64)> = network
        .arcs()
        .filter(|&(i, j, _)| i < j)
        .map(|(i, j, strength)| (degrees[i].min(degrees[j]), strength / unit))
        .collect();
    shared.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    let sums = |strengths: &mut dyn Iterator<Item = f64>| {
        let mut sums = vec![0.0];
        strengths.for_each(|strength| sums.push(sums[sums.len() - 1] + strength));
        sums
    };
    let strength_of_first = sums(&mut shared.iter().map(|link| link.1));
    let mut strongest: Vec<f64> = shared.iter().map(|link| link.1).collect();
    strongest.sort_by(|a, b| b.total_cmp(a));
    let strength_of_strongest = sums(&mut strongest.iter().copied());
    let all = Strengths::new(&strongest);
    degrees.sort_unstable();
    let mut levels = degrees.clone();
    levels.insert(0, 0);
    levels.dedup();
    let club = |k: usize| {
        let cities = degrees.len() - degrees.partition_point(|&degree| degree <= k);
        let count = shared.partition_point(|link| link.0 > k);
        let within = strength_of_first[count];
        RichClub {
            k,
            cities,
            links: count,
            phi: 2.0 * count as f64 / (cities as f64 * (cities as f64 - 1.0)),
            phi_weighted: if count > 0 { (within / strength_of_strongest[count]).min(1.0) } else { f64::NAN },
            rho: if count > 0 { within / (count as f64 * all.mean) } else { f64::NAN },
            z: all.z(within, count),
        }
    };
    levels.into_iter().map(club).take_while(|club| club.cities > 1).collect()
}

/// Number, mean and population variance of the strengths of all links.
struct Strengths {
    links: usize,
    mean: f64,
    variance: f64,
}

impl Strengths {
    fn new(strengths: &[f64]) -> Self {
        let n = strengths.len() as f64;
        let mean = strengths.iter().sum::<f64>() / n;
        let variance = strengths.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / n;
        Self { links: strengths.len(), mean, variance }
    }

    /// Standard deviations that the strength of so many links lies from what it would be at random.
    fn z(&self, strength: f64, count: usize) -> f64 {
        let (m, e) = (self.links as f64, count as f64);
        let deviation = (e * self.variance * (m - e) / (m - 1.0)).sqrt();
        // All strengths are the same but for rounding, or no link is left out.
        if count == 0 || count == self.links || self.variance.sqrt() <= 1e-12 * self.mean {
            return f64::NAN;
        }
        (strength - e * self.mean) / deviation
    }
}
