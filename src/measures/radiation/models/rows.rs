//! Matrices of all pairs, from models that make one row after the other.

use rayon::prelude::*;

/// n × n numbers row after row, each row as `of_row` writes it over zeros; rows in parallel.
pub(super) fn all_rows(n: usize, of_row: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
    let mut values = vec![0.0; n * n];
    values.par_chunks_mut(n.max(1)).enumerate().for_each(|(i, row)| of_row(i, row));
    values
}
