//! Equations of up to three unknowns, as regressions on masses and distance have.

/// A symmetric matrix of which the first k rows and columns are in use.
pub(super) type Small = [[f64; 3]; 3];

/// Part of a diagonal element below which what is left of it is rounding.
const SINGULAR: f64 = 1e-10;

/// The inverse of a positive definite matrix of k rows, by Gauss and Jordan; `None` where it has none.
pub(super) fn inverse(matrix: &Small, k: usize) -> Option<Small> {
    let mut left = *matrix;
    let mut right = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for p in 0..k {
        let pivot = left[p][p];
        // Written so that NaN is refused too.
        if !(pivot > SINGULAR * matrix[p][p] && pivot.is_finite()) {
            return None;
        }
        for c in 0..k {
            left[p][c] /= pivot;
            right[p][c] /= pivot;
        }
        for r in (0..k).filter(|&r| r != p) {
            let factor = left[r][p];
            for c in 0..k {
                left[r][c] -= factor * left[p][c];
                right[r][c] -= factor * right[p][c];
            }
        }
    }
    Some(right)
}

/// The product of two matrices of k rows.
pub(super) fn product(a: &Small, b: &Small, k: usize) -> Small {
    let mut out = [[0.0; 3]; 3];
    for r in 0..k {
        for c in 0..k {
            out[r][c] = (0..k).map(|m| a[r][m] * b[m][c]).sum();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_its_matrix_and_a_doubled_row_has_none() {
        let matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]];
        let unit = product(&matrix, &inverse(&matrix, 3).unwrap(), 3);
        for (r, row) in unit.iter().enumerate() {
            row.iter().enumerate().for_each(|(c, x)| assert!((x - f64::from(u8::from(r == c))).abs() < 1e-14));
        }
        assert!(inverse(&[[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0; 3]], 2).is_none());
        assert!(inverse(&[[f64::NAN; 3]; 3], 1).is_none());
    }
}
