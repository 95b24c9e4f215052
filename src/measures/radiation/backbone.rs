//! The backbone of a network: the links that are more than their cities' strengths would have them, each city's largest, and
//! a tree that keeps it together.

use std::collections::HashSet;

use petgraph::unionfind::UnionFind;

use super::dominant_flows::{DominantFlows, dominant_flows};
use super::network::Network;
use crate::error::{Fault, Kind, Result};
use crate::study::{LinkDirection, LinkMeaning, Linkage, check_alpha};

/// One link, and why it is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackboneLink {
    /// The city that it leaves; of a link without direction the earlier one.
    pub origin: usize,
    /// The city that it reaches.
    pub destination: usize,
    /// Weight as it was given.
    pub weight: f64,
    /// Strength w: the weight, or 1/weight of a cost.
    pub strength: f64,
    /// p value of the disparity filter among the links that leave the origin.
    pub p_out: f64,
    /// p value of the disparity filter among the links that reach the destination.
    pub p_in: f64,
    /// Whether the lesser p value is below the threshold.
    pub disparity: bool,
    /// Whether it is the dominant flow of a city.
    pub dominant: bool,
    /// Whether it lies on the maximum spanning tree.
    pub tree: bool,
    /// Whether it is the largest link of one of its cities, or the largest that leaves its origin.
    pub largest: bool,
}

impl BackboneLink {
    /// Whether it is kept: by the disparity filter, as a city's largest, or for the tree.
    pub fn kept(&self) -> bool {
        self.disparity || self.largest || self.tree
    }

    /// Its cities, the earlier one first.
    fn ends(&self) -> (usize, usize) {
        (self.origin.min(self.destination), self.origin.max(self.destination))
    }
}

/// All links, those of the backbone marked; see [`backbone()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Backbone {
    /// All links by origin, then destination; one without direction once, from the earlier city.
    pub links: Vec<BackboneLink>,
    /// Number of other cities that each city is linked with in the backbone, in either direction.
    pub degree: Vec<usize>,
    /// The hierarchy of cities by their largest flows.
    pub dominant: DominantFlows,
    direction: LinkDirection,
    meaning: LinkMeaning,
}

impl Backbone {
    /// The links of the backbone.
    pub fn kept(&self) -> impl Iterator<Item = &BackboneLink> {
        self.links.iter().filter(|link| link.kept())
    }

    /// The links of the backbone as a network of all the cities, with their weights, direction and meaning.
    ///
    /// # Errors
    /// [`Kind::Links`] where nothing is kept, which cannot be where there are links.
    pub fn linkage(&self) -> Result<Linkage> {
        let arcs = self.kept().map(|link| (link.origin as u32, link.destination as u32, link.weight)).collect();
        let links = Linkage::from_arcs(self.degree.len(), arcs, self.meaning)?;
        Ok(if self.direction == LinkDirection::Undirected { links.undirected() } else { links })
    }
}

/// The backbone of a network.
///
/// # Formula
///
/// A link from i to j of strength w_ij is kept where one of three holds:
///
/// * disparity: min(p_out, p_in) < `alpha`, p_out = (1 − w_ij/Σ_k w_ik)^(k_i − 1) among the k_i links that leave i, p_in the
///   same among those that reach j. p is the chance of a share as large where the strength of a city is divided
///   at random; where there is but one link it is 1. Of links without direction both ends are those of S.
/// * largest: no link of i, or none of j, is stronger, in either direction, or none that leaves i is; of equals the earliest
///   counts.
/// * tree: i and j are linked on the maximum spanning tree of S, a forest where the network falls apart; of equals
///   the earliest pair counts.
///
/// Each city with a link thus keeps one, and who reaches whom, direction aside, stays. Beside it, `dominant` marks the
/// [`dominant_flows`], all of which are kept as the largest that leave their cities. O(m log m).
///
/// # Errors
///
/// [`Kind::Option`] where `alpha` is not above 0 and below 1; [`Kind::Undefined`] without links.
///
/// # Source
///
/// Serrano, M. Á., Boguñá, M. and Vespignani, A. (2009). Extracting the multiscale backbone of complex weighted networks.
/// PNAS 106, 6483-6488. Kruskal, J. B. (1956). Proceedings of the American Mathematical Society 7, 48-50.
///
/// ```
/// use agglo::measures::radiation::backbone;
/// use agglo::study::{LinkMeaning, Linkage};
/// let arcs = vec![(0, 1, 98.0), (0, 2, 1.0), (0, 3, 1.0), (1, 2, 2.0), (1, 3, 1.0), (2, 3, 1.0)];
/// let backbone = backbone(&Linkage::from_arcs(4, arcs, LinkMeaning::Strength)?.undirected(), 0.05)?;
/// let first = backbone.links[0];
/// assert!(first.disparity && (first.p_out - 0.02_f64.powi(2)).abs() < 1e-15);
/// assert_eq!(backbone.degree, [2, 2, 1, 1]);
/// assert_eq!(backbone.linkage()?.components().len(), 1);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn backbone(links: &Linkage, alpha: f64) -> Result<Backbone> {
    check_alpha(alpha)?;
    if links.graph().edge_count() == 0 {
        let message = "no link is left between the cities that take part, so that there is no backbone";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let mut all = disparity(links, alpha);
    let flows = dominant_flows(links);
    let undirected = links.direction() == LinkDirection::Undirected;
    mark_largest(&mut all, links.n(), |link| [link.origin, link.destination]);
    if !undirected {
        mark_largest(&mut all, links.n(), |link| [link.origin]);
    }
    mark_tree(&mut all, &Network::undirected(links));
    let dominates = |from: usize, to: usize| flows.dominant[from] == Some(to);
    for link in &mut all {
        let (i, j) = (link.origin, link.destination);
        link.dominant = dominates(i, j) || (undirected && dominates(j, i));
    }
    let degree = degrees(all.iter().filter(|link| link.kept()), links.n());
    Ok(Backbone { links: all, degree, dominant: flows, direction: links.direction(), meaning: links.meaning() })
}

/// All links with the p values of the disparity filter.
fn disparity(links: &Linkage, alpha: f64) -> Vec<BackboneLink> {
    let undirected = links.direction() == LinkDirection::Undirected;
    let (out, into) = (links.strength_out(), links.strength_in());
    let (mut leaving, mut reaching) = (vec![0_usize; links.n()], vec![0_usize; links.n()]);
    for (i, j, _) in links.arcs() {
        leaving[i] += 1;
        reaching[j] += 1;
    }
    let of_link = |(origin, destination, weight): (usize, usize, f64)| {
        let strength = links.meaning().strength(weight);
        let p_out = p_value(strength, out[origin], leaving[origin]);
        let p_in = p_value(strength, into[destination], reaching[destination]);
        let disparity = p_out.min(p_in) < alpha;
        let (dominant, tree, largest) = (false, false, false);
        BackboneLink { origin, destination, weight, strength, p_out, p_in, disparity, dominant, tree, largest }
    };
    links.arcs().filter(|&(i, j, _)| !undirected || i < j).map(of_link).collect()
}

fn p_value(strength: f64, sum: f64, degree: usize) -> f64 {
    if degree < 2 { 1.0 } else { libm::pow((1.0 - strength / sum).max(0.0), degree as f64 - 1.0) }
}

/// Marks the largest link of every city among those that are said to be its own.
fn mark_largest<const K: usize>(links: &mut [BackboneLink], n: usize, cities: fn(&BackboneLink) -> [usize; K]) {
    let mut largest: Vec<Option<usize>> = vec![None; n];
    for (at, link) in links.iter().enumerate() {
        for city in cities(link) {
            if largest[city].is_none_or(|most| links[most].strength < link.strength) {
                largest[city] = Some(at);
            }
        }
    }
    largest.into_iter().flatten().for_each(|at| links[at].largest = true);
}

/// Marks the maximum spanning tree of S, by Kruskal's algorithm.
fn mark_tree(links: &mut [BackboneLink], undirected: &Network) {
    let mut pairs: Vec<(usize, usize, f64)> = undirected.arcs().filter(|&(i, j, _)| i < j).collect();
    // Stable, so that of equals the earliest pair comes first.
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    let mut sets = UnionFind::<u32>::new(undirected.n());
    pairs.retain(|&(i, j, _)| sets.union(i as u32, j as u32));
    let tree: HashSet<(usize, usize)> = pairs.into_iter().map(|(i, j, _)| (i, j)).collect();
    links.iter_mut().for_each(|link| link.tree = tree.contains(&link.ends()));
}

/// Number of cities at the other end of each city's links.
fn degrees<'a>(links: impl Iterator<Item = &'a BackboneLink>, n: usize) -> Vec<usize> {
    let mut pairs: Vec<(usize, usize)> = links.map(BackboneLink::ends).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut degree = vec![0; n];
    pairs.iter().flat_map(|&(i, j)| [i, j]).for_each(|city| degree[city] += 1);
    degree
}
