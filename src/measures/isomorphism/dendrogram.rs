//! Agglomerative clustering with average linkage.

use crate::error::{Fault, Kind, Result};

/// Most objects that are clustered: their distances take 200 MB.
const MOST: usize = 5000;

/// One merge of two clusters. The n objects are clusters 0 to n − 1; merge number r, from 0, makes cluster n + r.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merge {
    /// The cluster of the lower number.
    pub left: usize,
    /// The other.
    pub right: usize,
    /// Their distance, never less than that of an earlier merge.
    pub height: f64,
    /// Objects in the new cluster.
    pub size: usize,
}

/// A tree of clusters; see [`average_linkage`].
#[derive(Clone, Debug, PartialEq)]
pub struct Dendrogram {
    /// Number of objects.
    pub n: usize,
    /// The n − 1 merges by height, as SciPy's linkage matrix has them.
    pub merges: Vec<Merge>,
}

/// Clusters n objects by average linkage (UPGMA): the distance of two clusters is the mean of those of their objects.
///
/// By the nearest-neighbour chain: each object leads to its nearest until two are nearest to each other and are merged.
/// Ties go to the earlier object, so that the tree depends on nothing but the distances and their order.
///
/// `distances` is a symmetric n × n matrix, its diagonal not used.
///
/// # Errors
///
/// No objects or more than 5,000, another number of distances, one that is negative or not finite.
///
/// # Complexity
///
/// O(n²) time and memory.
///
/// # Source
///
/// Sokal, R. R. and Michener, C. D. (1958). A statistical method for evaluating systematic relationships. University of
/// Kansas Science Bulletin 38, 1409-1438. Chain: Murtagh, F. (1983). The Computer Journal 26, 354-359.
///
/// ```
/// use agglo::measures::isomorphism::average_linkage;
/// let tree = average_linkage(&[0.0, 5.0, 1.0, 5.0, 0.0, 7.0, 1.0, 7.0, 0.0], 3)?;
/// assert_eq!((tree.merges[0].left, tree.merges[0].right, tree.merges[1].height), (0, 2, 6.0));
/// assert_eq!(tree.cut(2), [1, 2, 1]);
/// assert_eq!(tree.leaf_order(), [1, 0, 2]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn average_linkage(distances: &[f64], n: usize) -> Result<Dendrogram> {
    if n == 0 || n > MOST || distances.len() != n * n {
        let message = format!("clustering takes an n x n matrix of 1 to {MOST} objects, and n is {n}");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    if distances.iter().enumerate().any(|(at, d)| at / n != at % n && !(0.0..f64::INFINITY).contains(d)) {
        return Err(Fault::new(Kind::Undefined, "clustering takes distances that are finite and not negative").into());
    }
    let mut clusters = Clusters { n, distances: distances.to_vec(), size: vec![1; n], height: vec![0.0; n] };
    let mut chain: Vec<usize> = Vec::with_capacity(n);
    let mut found = Vec::with_capacity(n - 1);
    while found.len() + 1 < n {
        if chain.is_empty() {
            chain.extend(clusters.size.iter().position(|&size| size > 0));
        }
        let Some(&last) = chain.last() else { break };
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let nearest = clusters.nearest(last, before);
        if Some(nearest) == before {
            chain.truncate(chain.len() - 2);
            found.push(clusters.merge(last.min(nearest), last.max(nearest)));
        } else {
            chain.push(nearest);
        }
    }
    Ok(Dendrogram { n, merges: numbered(found, n) })
}

/// Clusters while they are merged; each lies at the place of its earliest object, and one that is gone has size 0.
struct Clusters {
    n: usize,
    distances: Vec<f64>,
    size: Vec<usize>,
    height: Vec<f64>,
}

impl Clusters {
    /// The cluster nearest to `x`: of equals that before it in the chain, then the earliest.
    fn nearest(&self, x: usize, before: Option<usize>) -> usize {
        let row = &self.distances[x * self.n..(x + 1) * self.n];
        let start = before.map_or((x, f64::INFINITY), |before| (before, row[before]));
        let others = row.iter().enumerate().filter(|&(i, _)| i != x && self.size[i] > 0);
        others.fold(start, |(nearest, least), (i, &d)| if d < least { (i, d) } else { (nearest, least) }).0
    }

    /// Merges `b` into the earlier `a`; gives both places and the height.
    fn merge(&mut self, a: usize, b: usize) -> (usize, usize, f64) {
        let n = self.n;
        // Means of equal distances may differ in the last bit, and no merge lies below those that it is made of.
        let height = self.distances[a * n + b].max(self.height[a]).max(self.height[b]);
        let (of_a, of_b) = (self.size[a] as f64, self.size[b] as f64);
        for i in (0..n).filter(|&i| i != a && i != b) {
            if self.size[i] > 0 {
                let mean = (of_a * self.distances[i * n + a] + of_b * self.distances[i * n + b]) / (of_a + of_b);
                self.distances[i * n + a] = mean;
                self.distances[a * n + i] = mean;
            }
        }
        self.size[a] += self.size[b];
        self.size[b] = 0;
        self.height[a] = height;
        (a, b, height)
    }
}

/// Merges in the order of their heights, with the numbers of the clusters they join.
fn numbered(mut found: Vec<(usize, usize, f64)>, n: usize) -> Vec<Merge> {
    // Stable: what a merge is made of was found before it.
    found.sort_by(|x, y| x.2.total_cmp(&y.2));
    // Of each object the one that stands for its cluster; of that, the cluster's number and size.
    let mut stands: Vec<usize> = (0..n).collect();
    let (mut number, mut size): (Vec<usize>, Vec<usize>) = ((0..n).collect(), vec![1; n]);
    let merge = |(new, (a, b, height)): (usize, (usize, usize, f64))| {
        let (a, b) = (head(&mut stands, a), head(&mut stands, b));
        let (left, right) = (number[a].min(number[b]), number[a].max(number[b]));
        stands[b] = a;
        number[a] = n + new;
        size[a] += size[b];
        Merge { left, right, height, size: size[a] }
    };
    found.into_iter().enumerate().map(merge).collect()
}

/// Which object stands for the cluster of `i`; paths are halved on the way.
fn head(stands: &mut [usize], mut i: usize) -> usize {
    while stands[i] != i {
        stands[i] = stands[stands[i]];
        i = stands[i];
    }
    i
}

impl Dendrogram {
    /// The objects in the order in which a drawing of the tree has them: each cluster in one piece, left before right.
    pub fn leaf_order(&self) -> Vec<usize> {
        if self.merges.is_empty() {
            return (0..self.n).collect();
        }
        let mut order = Vec::with_capacity(self.n);
        let mut left_to_visit = vec![self.n + self.merges.len() - 1];
        while let Some(cluster) = left_to_visit.pop() {
            match cluster.checked_sub(self.n) {
                Some(merge) => left_to_visit.extend([self.merges[merge].right, self.merges[merge].left]),
                None => order.push(cluster),
            }
        }
        order
    }

    /// The cluster of every object when the tree is cut into `clusters`, 1 to n of them; numbered from 1 by first
    /// appearance.
    pub fn cut(&self, clusters: usize) -> Vec<usize> {
        let merges = self.n - clusters.clamp(1, self.n.max(1)).min(self.n);
        let mut whole: Vec<usize> = (0..self.n + merges).collect();
        for (new, merge) in self.merges[..merges].iter().enumerate().rev() {
            whole[merge.left] = whole[self.n + new];
            whole[merge.right] = whole[self.n + new];
        }
        let mut numbers = vec![0; self.n + merges];
        let mut last = 0;
        (0..self.n)
            .map(|i| {
                if numbers[whole[i]] == 0 {
                    last += 1;
                    numbers[whole[i]] = last;
                }
                numbers[whole[i]]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matrix(n: usize, values: &[u8]) -> Vec<f64> {
        let at = |i: usize, j: usize| f64::from(values[i.min(j) * n + i.max(j)]) / 3.0;
        (0..n * n).map(|cell| if cell / n == cell % n { 0.0 } else { at(cell / n, cell % n) }).collect()
    }

    /// Merges by looking for the nearest two clusters among all, means taken over all pairs of objects.
    fn plain_heights(distances: &[f64], n: usize) -> Vec<f64> {
        let mut clusters: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
        let mut heights = Vec::new();
        while clusters.len() > 1 {
            let mean = |a: &[usize], b: &[usize]| {
                let pairs = a.iter().flat_map(|i| b.iter().map(move |j| distances[i * n + j]));
                pairs.sum::<f64>() / (a.len() * b.len()) as f64
            };
            let pairs = (0..clusters.len()).flat_map(|a| (a + 1..clusters.len()).map(move |b| (a, b)));
            let (a, b) = pairs
                .min_by(|x, y| mean(&clusters[x.0], &clusters[x.1]).total_cmp(&mean(&clusters[y.0], &clusters[y.1])))
                .unwrap();
            heights.push(mean(&clusters[a], &clusters[b]));
            let gone = clusters.remove(b);
            clusters[a].extend(gone);
        }
        heights
    }

    #[test]
    fn equal_objects_make_a_tree_of_height_zero() {
        let tree = average_linkage(&[0.0; 25], 5).unwrap();
        assert!(tree.merges.iter().all(|merge| merge.height == 0.0));
        assert_eq!(tree.cut(1), [1; 5]);
        let one = average_linkage(&[0.0], 1).unwrap();
        assert_eq!((one.leaf_order(), one.cut(1)), (vec![0], vec![1]));
    }

    #[test]
    fn what_is_no_distance_is_refused() {
        assert!(average_linkage(&[], 0).is_err() && average_linkage(&[0.0; 3], 2).is_err());
        assert!(average_linkage(&[0.0, -1.0, -1.0, 0.0], 2).is_err());
        assert!(average_linkage(&[0.0, f64::NAN, f64::NAN, 0.0], 2).is_err());
    }

    proptest! {
        #[test]
        fn trees_are_whole(n in 2..12usize, values in prop::collection::vec(0..40u8, 144)) {
            let tree = average_linkage(&matrix(n, &values), n).unwrap();
            prop_assert_eq!(tree.merges.len(), n - 1);
            prop_assert!(tree.merges.windows(2).all(|two| two[0].height <= two[1].height));
            prop_assert!(tree.merges.iter().enumerate().all(|(r, m)| m.left < m.right && m.right < n + r));
            prop_assert_eq!(tree.merges[n - 2].size, n);
            let mut order = tree.leaf_order();
            order.sort_unstable();
            prop_assert_eq!(order, (0..n).collect::<Vec<_>>());
            for clusters in 1..=n {
                let labels = tree.cut(clusters);
                prop_assert_eq!(labels.iter().max(), Some(&clusters));
                prop_assert_eq!(labels[0], 1);
                // Each cluster lies in one piece of the drawing.
                let drawn: Vec<usize> = tree.leaf_order().iter().map(|&i| labels[i]).collect();
                prop_assert_eq!(drawn.windows(2).filter(|two| two[0] != two[1]).count(), clusters - 1);
            }
        }

        #[test]
        fn heights_are_those_of_the_plain_way(n in 2..10usize, noise in prop::collection::vec(0.0..1.0f64, 100)) {
            let at = |i: usize, j: usize| if i == j { 0.0 } else { noise[i.min(j) * n + i.max(j)] };
            let distances: Vec<f64> = (0..n * n).map(|cell| at(cell / n, cell % n)).collect();
            let tree = average_linkage(&distances, n).unwrap();
            for (merge, height) in tree.merges.iter().zip(plain_heights(&distances, n)) {
                prop_assert!((merge.height - height).abs() < 1e-12);
            }
        }
    }
}
