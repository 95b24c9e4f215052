//! Rows of numbers side by side, sums over pairs of rows, and square matrices of all pairs.

use rayon::prelude::*;

/// Sums run in this many partial sums, which the compiler puts into vector registers.
const LANES: usize = 8;
/// Rows of a matrix that are worked on together, so that the profiles that they need stay in the nearest cache.
const BAND: usize = 16;

/// Rows of equal width, filled up with zeros to whole blocks.
pub(super) struct Rows {
    blocks: usize,
    values: Vec<[f64; LANES]>,
}

impl Rows {
    /// `rows` rows of `width` numbers, each as `row` gives it.
    pub(super) fn new<R: IntoIterator<Item = f64>>(rows: usize, width: usize, row: impl Fn(usize) -> R) -> Self {
        let blocks = width.div_ceil(LANES);
        let mut values = vec![[0.0; LANES]; rows * blocks];
        for (i, out) in values.chunks_exact_mut(blocks.max(1)).enumerate() {
            out.as_flattened_mut().iter_mut().zip(row(i)).for_each(|(out, x)| *out = x);
        }
        Self { blocks, values }
    }

    #[inline(always)]
    pub(super) fn row(&self, i: usize) -> &[[f64; LANES]] {
        &self.values[i * self.blocks..(i + 1) * self.blocks]
    }

    /// Σ_k term(a_k, b_k) over the rows `i` and `j`, where term(0, 0) = 0; in a fixed order.
    #[inline(always)]
    pub(super) fn sum(&self, i: usize, j: usize, term: impl Fn(f64, f64) -> f64) -> f64 {
        let mut lanes = [0.0; LANES];
        for (a, b) in self.row(i).iter().zip(self.row(j)) {
            for lane in 0..LANES {
                lanes[lane] += term(a[lane], b[lane]);
            }
        }
        let [a, b, c, d, e, f, g, h] = lanes;
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    }

    /// Σ_k a_k b_k over the rows `i` and `j`.
    #[inline(always)]
    pub(super) fn dot(&self, i: usize, j: usize) -> f64 {
        self.sum(i, j, |a, b| a * b)
    }
}

/// The symmetric n × n matrix of `pair(i, j)`, i ≤ j, each computed once; the same for any number of threads.
pub(super) fn symmetric(n: usize, pair: impl Fn(usize, usize) -> f64 + Sync) -> Vec<f64> {
    let mut matrix = vec![0.0; n * n];
    matrix.par_chunks_mut((BAND * n).max(1)).enumerate().for_each(|(band, rows)| {
        let first = band * BAND;
        for start in (first..n).step_by(BAND) {
            for (i, row) in (first..).zip(rows.chunks_exact_mut(n)) {
                (start.max(i)..n.min(start + BAND)).for_each(|j| row[j] = pair(i, j));
            }
        }
    });
    mirror(&mut matrix, n, 0);
    matrix
}

/// Copies what is above the diagonal to below it, in the rows from `first` on and the columns of the same numbers.
fn mirror(rows: &mut [f64], n: usize, first: usize) {
    let many = rows.len() / n.max(1);
    if many <= BAND {
        for (i, j) in (0..many).flat_map(|i| (0..i).map(move |j| (i, j))) {
            rows[i * n + first + j] = rows[j * n + first + i];
        }
        return;
    }
    let half = (many / 2).next_multiple_of(BAND);
    let (upper, lower) = rows.split_at_mut(half * n);
    lower.par_chunks_mut(BAND * n).enumerate().for_each(|(band, rows)| {
        let column = first + half + band * BAND;
        for start in (0..half).step_by(BAND) {
            for (i, row) in rows.chunks_exact_mut(n).enumerate() {
                (start..start + BAND).for_each(|j| row[first + j] = upper[j * n + column + i]);
            }
        }
    });
    rayon::join(|| mirror(upper, n, first), || mirror(lower, n, first + half));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_computed_and_mirrored() {
        for n in [0, 1, 2, 15, 16, 17, 33, 100] {
            let matrix = symmetric(n, |i, j| (1000 * i + j) as f64);
            let want = |i: usize, j: usize| (1000 * i.min(j) + i.max(j)) as f64;
            assert!((0..n * n).all(|at| matrix[at] == want(at / n, at % n)), "{n}");
        }
    }

    #[test]
    fn padding_adds_nothing() {
        let rows = Rows::new(2, 11, |i| (0..11).map(move |k| (i + k) as f64));
        assert_eq!(rows.dot(0, 1), (0..11).map(|k| (k * (k + 1)) as f64).sum::<f64>());
    }
}
