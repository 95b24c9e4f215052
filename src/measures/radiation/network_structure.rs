//! The structure of the network as a whole: how dense, mutual, clustered, near and hierarchical it is.

use super::network::Network;
use super::paths::{affordable, nearness};
use super::search::Ways;
use super::steps::pairs_by_steps;
use super::triangles::triangles;
use crate::error::{Fault, Kind, Result};
use crate::study::Linkage;

/// Numbers for a whole network; see [`network_structure()`].
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkStructure {
    /// Number of links, one without direction counted from both of its cities.
    pub links: usize,
    /// Links over possible links, 0 to 1; NaN for one city.
    pub density: f64,
    /// Share of links that have one back.
    pub reciprocity: f64,
    /// Share of the strength that has as much back.
    pub reciprocity_weighted: f64,
    /// Correlation of the links that leave a link's origin with those that reach its destination; NaN where all are equal.
    pub assortativity: f64,
    /// Correlation of the number of neighbours of linked cities, without direction; NaN where all are equal.
    pub assortativity_undirected: f64,
    /// Mean of 1/distance over ordered pairs of cities on S, 0 for those not connected; NaN where not searched.
    pub efficiency: f64,
    /// The same where every link is 1 long.
    pub efficiency_unweighted: f64,
    /// Mean number of steps between connected pairs; NaN where not searched.
    pub path_length_unweighted: f64,
    /// Whether the paths of `efficiency`, and of the two after it, were searched.
    pub paths: bool,
    /// Three times the triangles over the paths of two links; NaN where there are no such paths, or where not counted.
    pub transitivity: f64,
    /// Mean over cities of the share of their pairs of neighbours that are linked, 0 with fewer than two.
    pub clustering_mean: f64,
    /// Whether triangles were counted.
    pub triangles: bool,
    /// The number of cities in each connected component of two or more, the largest first.
    pub components: Vec<usize>,
    /// Cities without links.
    pub unlinked: usize,
}

/// The structure of the network as a whole.
///
/// # Formula
///
/// Of n cities and m links with direction (those without are two), strengths w:
///
/// * density m/(n(n − 1)); reciprocity #{(i,j): w_ij > 0, w_ji > 0}/m; weighted Σ min(w_ij, w_ji)/Σ w_ij
/// * assortativity: Pearson's correlation over links of the out-degree of the origin and the in-degree of the destination;
///   undirected: of the degrees of the two cities on S, each link from both ends
/// * efficiency Σ_{s≠t} 1/d_st/(n(n − 1)) on S, links 1/s_ij long, or 1 long; path length: mean steps of connected pairs
/// * transitivity 3 triangles/paths of two links; clustering_mean the mean of 2 t_i/(k_i(k_i − 1)), 0 for k_i < 2
///
/// Efficiency is not divided by that of an ideal network. Paths are searched where n·m is up to 3·10⁹, or 3·10¹⁰ with 32 links a city and more, and triangles counted
/// in up to 10¹⁰ steps; else these are NaN. O(n·m·log n).
///
/// # Errors
///
/// [`Kind::Undefined`] without links.
///
/// # Source
///
/// Squartini, T. et al. (2013). Reciprocity of weighted networks. Scientific Reports 3, 2729. Newman, M. E. J. (2003). Mixing
/// patterns in networks. Physical Review E 67, 026126. Latora, V. and Marchiori, M. (2001). Efficient behavior of
/// small-world networks. Physical Review Letters 87, 198701. Watts, D. J. and Strogatz, S. H. (1998). Nature 393, 440-442.
///
/// ```
/// use agglo::measures::radiation::network_structure;
/// use agglo::study::{LinkMeaning, Linkage};
/// let links = Linkage::from_arcs(3, vec![(0, 1, 4.0), (1, 0, 2.0), (1, 2, 2.0)], LinkMeaning::Strength)?;
/// let result = network_structure(&links)?;
/// assert_eq!((result.density, result.reciprocity, result.reciprocity_weighted), (0.5, 2.0 / 3.0, 0.5));
/// assert_eq!((result.transitivity, result.path_length_unweighted), (0.0, 4.0 / 3.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn network_structure(links: &Linkage) -> Result<NetworkStructure> {
    let count = links.graph().edge_count();
    if count == 0 {
        let message = "no link is left between the cities that take part, so that there is no network";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let (incoming, undirected) = (Network::incoming(links), Network::undirected(links));
    let (mutual, mutual_strength, total) = mutual(&incoming);
    let (out, into) = (degrees(incoming.n(), incoming.arcs().map(|(_, origin, _)| origin)), incoming.degrees());
    let all = undirected.degrees();
    let paths = affordable(&undirected, 1);
    let near = paths.then(|| Near::new(&undirected));
    let counts = triangles(&undirected);
    let (transitivity, clustering_mean) = counts.as_ref().map_or((f64::NAN, f64::NAN), |t| clustering(t, &all));
    let of_paths = |of: fn(&Near) -> f64| near.as_ref().map_or(f64::NAN, of);
    Ok(NetworkStructure {
        links: count,
        density: density(links),
        reciprocity: mutual as f64 / count as f64,
        reciprocity_weighted: mutual_strength / total,
        assortativity: correlation(incoming.arcs().map(|(j, i, _)| (out[i], into[j]))),
        assortativity_undirected: correlation(undirected.arcs().map(|(i, j, _)| (all[i], all[j]))),
        efficiency: of_paths(|near| near.efficiency),
        efficiency_unweighted: of_paths(|near| near.efficiency_unweighted),
        path_length_unweighted: of_paths(|near| near.path_length),
        paths,
        transitivity,
        clustering_mean,
        triangles: counts.is_some(),
        components: links.components().iter().map(Vec::len).collect(),
        unlinked: links.unlinked().len(),
    })
}

/// Links over possible links, where one without direction is two; NaN for one city.
pub(super) fn density(links: &Linkage) -> f64 {
    let n = links.n() as f64;
    if links.n() < 2 { f64::NAN } else { links.graph().edge_count() as f64 / (n * (n - 1.0)) }
}

/// Links that have one back, the strength that has as much back, and the strength of all.
fn mutual(incoming: &Network) -> (usize, f64, f64) {
    incoming.arcs().fold((0, 0.0, 0.0), |(count, mutual, total), (j, i, strength)| {
        let back = incoming.strength(i, j);
        (count + usize::from(back > 0.0), mutual + strength.min(back), total + strength)
    })
}

fn degrees(n: usize, ends: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut degrees = vec![0; n];
    ends.for_each(|city| degrees[city] += 1);
    degrees
}

/// Pearson's correlation of pairs of whole numbers; NaN where one side is constant.
fn correlation(pairs: impl Iterator<Item = (usize, usize)> + Clone) -> f64 {
    let (sum_x, sum_y, count) = pairs.clone().fold((0, 0, 0), |(x, y, n), pair| (x + pair.0, y + pair.1, n + 1));
    let (mean_x, mean_y) = (sum_x as f64 / count as f64, sum_y as f64 / count as f64);
    let (xx, yy, xy) = pairs.clone().fold((0.0, 0.0, 0.0), |(xx, yy, xy), (x, y)| {
        let (x, y) = (x as f64 - mean_x, y as f64 - mean_y);
        (xx + x * x, yy + y * y, xy + x * y)
    });
    let constant =
        pairs.clone().all(|pair| pair.0 * count == sum_x) || pairs.clone().all(|pair| pair.1 * count == sum_y);
    if constant { f64::NAN } else { (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0) }
}

/// Transitivity, and the mean clustering of the cities.
fn clustering(triangles: &[u64], degrees: &[usize]) -> (f64, f64) {
    let pairs = |k: usize| k as f64 * (k as f64 - 1.0) / 2.0;
    let paths: f64 = degrees.iter().map(|&k| pairs(k)).sum();
    let closed: u64 = triangles.iter().sum();
    let of_city = |(&t, &k): (&u64, &usize)| if k < 2 { 0.0 } else { t as f64 / pairs(k) };
    let mean = triangles.iter().zip(degrees).map(of_city).sum::<f64>() / degrees.len() as f64;
    (if paths > 0.0 { closed as f64 / paths } else { f64::NAN }, mean)
}

/// How near cities are to each other.
struct Near {
    efficiency: f64,
    efficiency_unweighted: f64,
    path_length: f64,
}

impl Near {
    fn new(undirected: &Network) -> Self {
        let n = undirected.n() as f64;
        let pairs = n * (n - 1.0);
        let by_steps = pairs_by_steps(undirected);
        let numbered = || by_steps.iter().enumerate().map(|(at, &count)| (at as f64 + 1.0, count as f64));
        Self {
            efficiency: nearness(&Ways::new(undirected), None).iter().sum::<f64>() / pairs,
            efficiency_unweighted: numbered().map(|(steps, count)| count / steps).sum::<f64>() / pairs,
            path_length: numbered().map(|(steps, count)| count * steps).sum::<f64>()
                / by_steps.iter().sum::<u64>() as f64,
        }
    }
}
