//! Spatial weights: who is whose neighbour, and how strongly.
//!
//! A [`Weights`] never changes: a transform, a subset or a union gives a new one. Isolates are first-class.

pub mod build;
pub mod contiguity;
pub mod distance;
pub mod index;
pub mod kernel;
mod linkage;
mod pairs;
mod places;
pub mod proximity;
mod rows;
pub mod set_ops;
pub mod spec;
mod transform;

pub use build::{FromFile, Sources, build};
pub(crate) use pairs::Pairs;
pub use rows::{Built, MOST_LINKS};
pub use spec::{Length, Spec, Unit};
pub use transform::Transform;

/// Spatial weights w_ij of n cities as an immutable sparse matrix in rows (CSR).
///
/// Row i lists the neighbours of city i in ascending order, without i itself and without zero weights.
/// Weights that are all 1 before the transform (contiguity, bands, nearest neighbours) store no numbers;
/// every transform is one factor a row, so that raw and transformed weights are both at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    label: String,
    row_ends: Vec<usize>,
    neighbours: Vec<u32>,
    /// Weights before the transform; `None` where all are 1.
    raw: Option<Vec<f64>>,
    transform: Transform,
    /// What the transform multiplies each row with; `None` where that is 1 for all.
    factors: Option<Vec<f64>>,
}

/// Sums of the weights that the moments of global statistics are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSums {
    /// S0 = Σ_i Σ_j w_ij.
    pub s0: f64,
    /// S1 = ½ Σ_i Σ_j (w_ij + w_ji)².
    pub s1: f64,
    /// S2 = Σ_i (Σ_j w_ij + Σ_j w_ji)².
    pub s2: f64,
}

impl Weights {
    /// Weights from a list of (neighbour, weight) for each city; [`Transform::None`].
    ///
    /// Entries of a row may come in any order; zero weights and links of a city to itself are left out,
    /// repeated ones are summed. `label` is the specification that names them, as `queen`.
    ///
    /// ```
    /// use agglo::weights::Weights;
    /// let w = Weights::from_rows("toy", vec![vec![(1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0)]]);
    /// assert_eq!(w.neighbours(1), [0, 2]);
    /// assert!(w.is_binary() && w.is_symmetric());
    /// ```
    ///
    /// # Panics
    /// If a neighbour is not below the number of rows: such a list is a fault of the caller, not of data.
    pub fn from_rows(label: impl Into<String>, rows: Vec<Vec<(u32, f64)>>) -> Self {
        let n = rows.len();
        let mut row_ends = Vec::with_capacity(n);
        let (mut neighbours, mut raw) = (Vec::<u32>::new(), Vec::<f64>::new());
        for (i, mut row) in rows.into_iter().enumerate() {
            let start = neighbours.len();
            row.retain(|&(j, w)| j as usize != i && w != 0.0);
            row.sort_by_key(|&(j, _)| j);
            for (j, w) in row {
                assert!((j as usize) < n, "neighbour {j} of {n} cities");
                if neighbours.len() > start && neighbours.last() == Some(&j) {
                    *raw.last_mut().expect("as long as neighbours") += w;
                } else {
                    neighbours.push(j);
                    raw.push(w);
                }
            }
            row_ends.push(neighbours.len());
        }
        let raw = raw.iter().any(|&w| w != 1.0).then_some(raw);
        Self { label: label.into(), row_ends, neighbours, raw, transform: Transform::None, factors: None }
    }

    /// Symmetric weights of 1 from pairs of cities, each pair given once or more, in any order.
    ///
    /// # Panics
    /// If a city is not below `n`.
    pub fn from_pairs(label: impl Into<String>, n: usize, pairs: &[(u32, u32)]) -> Self {
        let mut both: Vec<(u32, u32)> =
            pairs.iter().filter(|(a, b)| a != b).flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        rayon::slice::ParallelSliceMut::par_sort_unstable(both.as_mut_slice());
        both.dedup();
        assert!(both.last().is_none_or(|&(a, _)| (a as usize) < n), "more cities in pairs than {n}");
        let mut row_ends = vec![0; n];
        for &(a, _) in &both {
            row_ends[a as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut row_ends {
            sum += *end;
            *end = sum;
        }
        let neighbours = both.into_iter().map(|(_, b)| b).collect();
        Self { label: label.into(), row_ends, neighbours, raw: None, transform: Transform::None, factors: None }
    }

    /// The specification that names these weights, as `queen` or `knn:4`.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The same weights under another name.
    pub fn named(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Number of cities.
    pub fn n(&self) -> usize {
        self.row_ends.len()
    }

    /// Number of non-zero weights.
    pub fn links(&self) -> usize {
        self.neighbours.len()
    }

    fn range(&self, i: usize) -> std::ops::Range<usize> {
        let start = if i == 0 { 0 } else { self.row_ends[i - 1] };
        start..self.row_ends[i]
    }

    /// The neighbours of city `i`, ascending.
    pub fn neighbours(&self, i: usize) -> &[u32] {
        &self.neighbours[self.range(i)]
    }

    /// The neighbours of city `i` with their weights after the transform.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + Clone {
        let factor = self.factor(i);
        self.raw_row(i).map(move |(j, w)| (j, w * factor))
    }

    /// The neighbours of city `i` with their weights before the transform.
    pub fn raw_row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + Clone {
        let range = self.range(i);
        let raw = self.raw.as_ref().map(|raw| &raw[range.clone()]);
        let neighbours = &self.neighbours[range];
        (0..neighbours.len()).map(move |at| (neighbours[at] as usize, raw.map_or(1.0, |raw| raw[at])))
    }

    /// What the transform multiplies row `i` with.
    pub fn factor(&self, i: usize) -> f64 {
        self.factors.as_ref().map_or(1.0, |factors| factors[i])
    }

    /// The weight from `i` to `j` after the transform; 0 where they are not linked.
    pub fn weight(&self, i: usize, j: usize) -> f64 {
        self.raw_weight(i, j) * self.factor(i)
    }

    /// The weight from `i` to `j` before the transform; 0 where they are not linked.
    fn raw_weight(&self, i: usize, j: usize) -> f64 {
        let range = self.range(i);
        match self.neighbours[range.clone()].binary_search(&(j as u32)) {
            Ok(at) => self.raw.as_ref().map_or(1.0, |raw| raw[range.start + at]),
            Err(_) => 0.0,
        }
    }

    /// Sum of row `i` after the transform.
    pub fn row_sum(&self, i: usize) -> f64 {
        self.row(i).map(|(_, w)| w).sum()
    }

    /// Whether all weights before the transform are 1.
    pub fn is_binary(&self) -> bool {
        self.raw.is_none()
    }

    /// Whether, before the transform, w_ij = w_ji for all pairs.
    pub fn is_symmetric(&self) -> bool {
        self.asymmetric_pairs().next().is_none()
    }

    /// Pairs (i, j) whose weight before the transform is not that of (j, i), from the side that is linked or stronger.
    pub fn asymmetric_pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n()).flat_map(move |i| {
            self.raw_row(i).filter(move |&(j, w)| w > self.raw_weight(j, i)).map(move |(j, _)| (i, j))
        })
    }

    /// Cities without a neighbour, ascending.
    pub fn isolates(&self) -> Vec<usize> {
        (0..self.n()).filter(|&i| self.neighbours(i).is_empty()).collect()
    }

    /// For every city the number of its connected component, links taken without direction; the component
    /// of the first city is 0, the next one met is 1, and so on.
    pub fn components(&self) -> Vec<usize> {
        let n = self.n();
        let mut sets = petgraph::unionfind::UnionFind::<u32>::new(n);
        for i in 0..n {
            for &j in self.neighbours(i) {
                sets.union(i as u32, j);
            }
        }
        let mut numbers = vec![usize::MAX; n];
        let mut next = 0;
        (0..n)
            .map(|i| {
                let root = sets.find(i as u32) as usize;
                if numbers[root] == usize::MAX {
                    numbers[root] = next;
                    next += 1;
                }
                numbers[root]
            })
            .collect()
    }

    /// How many cities each connected component has, in the order of [`Weights::components`].
    pub fn component_sizes(&self) -> Vec<usize> {
        let mut sizes = Vec::new();
        for number in self.components() {
            if number == sizes.len() {
                sizes.push(0);
            }
            sizes[number] += 1;
        }
        sizes
    }

    /// How many cities have 0, 1, 2, … neighbours.
    pub fn neighbour_histogram(&self) -> Vec<usize> {
        let mut counts = Vec::new();
        for i in 0..self.n() {
            let k = self.neighbours(i).len();
            if counts.len() <= k {
                counts.resize(k + 1, 0);
            }
            counts[k] += 1;
        }
        counts
    }

    /// Mean number of neighbours.
    pub fn mean_neighbours(&self) -> f64 {
        if self.n() == 0 { 0.0 } else { self.links() as f64 / self.n() as f64 }
    }

    /// S0, S1 and S2 after the transform.
    pub fn sums(&self) -> WeightSums {
        let mut columns = vec![0.0; self.n()];
        let (mut s0, mut squares, mut products) = (0.0, 0.0, 0.0);
        for i in 0..self.n() {
            for (j, w) in self.row(i) {
                columns[j] += w;
                s0 += w;
                squares += w * w;
                products += w * self.weight(j, i);
            }
        }
        let s2 = columns.iter().enumerate().map(|(i, &column)| (self.row_sum(i) + column).powi(2)).sum();
        WeightSums { s0, s1: squares + products, s2 }
    }

    /// The spatial lag Σ_j w_ij x_j of every city.
    ///
    /// # Panics
    /// If `x` is shorter than the number of cities.
    pub fn lag(&self, x: &[f64]) -> Vec<f64> {
        use rayon::prelude::*;
        (0..self.n()).into_par_iter().map(|i| self.row(i).map(|(j, w)| w * x[j]).sum()).collect()
    }

    /// The weights among the cities `keep` (ascending) alone, transformed anew.
    ///
    /// ```
    /// use agglo::weights::{Transform, Weights};
    /// let chain = Weights::from_pairs("toy", 3, &[(0, 1), (1, 2)]).transformed(Transform::Row);
    /// let part = chain.subset(&[0, 1]);
    /// assert_eq!(part.weight(1, 0), 1.0); // it was 1/2 among three
    /// ```
    pub fn subset(&self, keep: &[usize]) -> Self {
        let mut place = vec![u32::MAX; self.n()];
        for (new, &old) in keep.iter().enumerate() {
            place[old] = new as u32;
        }
        let mut row_ends = Vec::with_capacity(keep.len());
        let (mut neighbours, mut raw) = (Vec::new(), self.raw.as_ref().map(|_| Vec::new()));
        for &old in keep {
            for (j, w) in self.raw_row(old).filter(|&(j, _)| place[j] != u32::MAX) {
                neighbours.push(place[j]);
                if let Some(raw) = &mut raw {
                    raw.push(w);
                }
            }
            row_ends.push(neighbours.len());
        }
        let among =
            Self { label: self.label.clone(), row_ends, neighbours, raw, transform: Transform::None, factors: None };
        among.transformed(self.transform)
    }
}
