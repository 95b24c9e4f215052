//! Communities of cities with one industrial profile: a tree of clusters, cut where it fits best.

use rayon::prelude::*;

use super::dendrogram::{Dendrogram, average_linkage};
use super::overlap::foremost;
use crate::error::{Fault, Kind, Result};

/// Most communities that are tried.
const MOST: usize = 12;

/// Distance below which structures are the same but for rounding.
const SAME: f64 = 1e-12;

/// Communities of cities; see [`industrial_communities`].
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The tree that they are cut from.
    pub dendrogram: Dendrogram,
    /// Number of communities and mean silhouette of every cut that was tried.
    pub cuts: Vec<(usize, f64)>,
    /// Number of communities, 1 where no cut could be tried or all structures are the same.
    pub count: usize,
    /// Community of every city, from 1, numbered by first appearance.
    pub community: Vec<usize>,
}

impl Communities {
    /// Mean silhouette of the cut that was chosen; NaN for one community.
    pub fn silhouette(&self) -> f64 {
        self.cuts.iter().find(|cut| cut.0 == self.count).map_or(f64::NAN, |cut| cut.1)
    }
}

/// Communities of n cities by a symmetric n × n matrix of similarities in [0, 1].
///
/// Average linkage on the distance 1 − S, cut into 2 to min(n − 1, 12) communities where the mean [`silhouette`] is
/// highest, of equals where the communities are fewest.
///
/// # Errors
///
/// Those of [`average_linkage`].
///
/// # Complexity
///
/// O(n²) time and memory.
pub fn industrial_communities(similarity: &[f64], n: usize) -> Result<Communities> {
    let distances: Vec<f64> = similarity.iter().map(|s| (1.0 - s).max(0.0)).collect();
    let dendrogram = average_linkage(&distances, n)?;
    let same = dendrogram.merges.last().is_none_or(|merge| merge.height < SAME);
    let tries = if same { 2..2 } else { 2..n.min(MOST + 1) };
    let cuts = tries.map(|count| Ok((count, silhouette(&distances, &dendrogram.cut(count))?)));
    let cuts: Vec<(usize, f64)> = cuts.collect::<Result<_>>()?;
    let count = foremost(cuts.iter().map(|&(count, fit)| (count, 0, fit)), 1).first().map_or(1, |best| best.0);
    Ok(Communities { community: dendrogram.cut(count), dendrogram, cuts, count })
}

/// Mean silhouette of a clustering, in [−1, 1].
///
/// # Formula
///
/// s_i = (b_i − a_i)/max(a_i, b_i)
///
/// where a_i is the mean distance of object i to the others of its cluster and b_i the least mean distance to another
/// cluster; 0 for an object alone in its cluster, and where both are 0. `clusters` are numbered from 1.
/// O(n²) time.
///
/// # Errors
///
/// Distances that are not n × n, fewer than two clusters, a cluster of number 0 or above n.
///
/// # Source
///
/// Rousseeuw, P. J. (1987). Silhouettes. Journal of Computational and Applied Mathematics 20, 53-65.
/// doi:10.1016/0377-0427(87)90125-7
///
/// ```
/// use agglo::measures::isomorphism::silhouette;
/// let distances = [0.0, 1.0, 4.0, 1.0, 0.0, 4.0, 4.0, 4.0, 0.0];
/// assert_eq!(silhouette(&distances, &[1, 1, 2])?, 0.5);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn silhouette(distances: &[f64], clusters: &[usize]) -> Result<f64> {
    let n = clusters.len();
    let count = clusters.iter().copied().max().unwrap_or(0);
    if distances.len() != n * n || count < 2 || count > n || clusters.contains(&0) {
        let message = "a silhouette takes an n x n matrix, and n numbers of at least two clusters from 1 up";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let mut sizes = vec![0; count];
    clusters.iter().for_each(|&cluster| sizes[cluster - 1] += 1);
    let of_object = |i: usize| {
        let mut sums = vec![0.0; count];
        let row = distances[i * n..(i + 1) * n].iter().zip(clusters).enumerate().filter(|(j, _)| *j != i);
        row.for_each(|(_, (d, cluster))| sums[cluster - 1] += d);
        let own = clusters[i] - 1;
        if sizes[own] == 1 {
            return 0.0;
        }
        let within = sums[own] / (sizes[own] - 1) as f64;
        let others = (0..count).filter(|&cluster| cluster != own && sizes[cluster] > 0);
        let between = others.map(|cluster| sums[cluster] / sizes[cluster] as f64).fold(f64::INFINITY, f64::min);
        let most = within.max(between);
        if most > 0.0 && between.is_finite() { (between - within) / most } else { 0.0 }
    };
    let each: Vec<f64> = (0..n).into_par_iter().map(of_object).collect();
    Ok(each.iter().sum::<f64>() / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_camps(n: usize) -> Vec<f64> {
        (0..n * n).map(|at| if (at / n) % 2 == (at % n) % 2 { 0.99 } else { 0.4 }).collect()
    }

    #[test]
    fn two_camps_are_two_communities() {
        let got = industrial_communities(&two_camps(7), 7).unwrap();
        assert_eq!((got.count, got.community.clone()), (2, vec![1, 2, 1, 2, 1, 2, 1]));
        assert_eq!(got.cuts.len(), 5);
        assert!((got.silhouette() - (0.6 - 0.01) / 0.6).abs() < 1e-12);
    }

    #[test]
    fn where_there_is_nothing_to_tell_apart_there_is_one_community() {
        for (similarity, n) in [(vec![1.0; 16], 4), (vec![1.0, 0.2, 0.2, 1.0], 2), (vec![1.0], 1)] {
            let got = industrial_communities(&similarity, n).unwrap();
            assert_eq!((got.count, got.community.clone()), (1, vec![1; n]));
            assert!(got.silhouette().is_nan() && got.cuts.is_empty());
        }
    }

    #[test]
    fn silhouettes_lie_within_bounds_and_the_impossible_is_refused() {
        let worst = silhouette(&two_camps(4).iter().map(|s| 1.0 - s).collect::<Vec<_>>(), &[1, 1, 2, 2]).unwrap();
        assert!((-1.0..0.0).contains(&worst), "{worst}");
        assert!(silhouette(&[0.0; 4], &[1, 1]).is_err() && silhouette(&[0.0; 3], &[1, 2]).is_err());
        assert!(silhouette(&[0.0; 4], &[0, 2]).is_err() && silhouette(&[], &[]).is_err());
    }
}
