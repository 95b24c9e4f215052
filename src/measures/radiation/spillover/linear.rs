//! The little dense algebra that regressions need, in one order of operations whatever the machine.

use rayon::prelude::*;

/// Part of a column's length that has to be left beside the columns before it, or it counts as their sum.
const COLLINEAR: f64 = 1e-9;
/// Most rows that are worked on in one thread.
const ALONE: usize = 256;

/// Columns as Q·R: Q with columns of length 1 at right angles, R triangular.
#[derive(Clone, Debug)]
pub(in crate::measures) struct Basis {
    /// The columns of Q.
    pub q: Vec<Vec<f64>>,
    /// R⁻¹, k × k, upper triangular.
    pub inverse: Vec<f64>,
}

impl Basis {
    /// Gram and Schmidt's way, twice over, so that the angles are right but for rounding. O(n·k²).
    ///
    /// # Errors
    /// The place of the first column that is a sum of those before it, or empty.
    pub fn new(columns: &[Vec<f64>]) -> Result<Self, usize> {
        let k = columns.len();
        let (mut q, mut r) = (Vec::<Vec<f64>>::with_capacity(k), vec![0.0; k * k]);
        for (j, column) in columns.iter().enumerate() {
            let mut rest = column.clone();
            for _ in 0..2 {
                for (i, unit) in q.iter().enumerate() {
                    let part = dot(unit, &rest);
                    r[i * k + j] += part;
                    rest.iter_mut().zip(unit).for_each(|(x, u)| *x -= part * u);
                }
            }
            let (left, length) = (dot(&rest, &rest).sqrt(), dot(column, column).sqrt());
            if left.is_nan() || left <= COLLINEAR * length || column.len() < k {
                return Err(j);
            }
            rest.iter_mut().for_each(|x| *x /= left);
            r[j * k + j] = left;
            q.push(rest);
        }
        Ok(Self { inverse: inverse_of_upper(&r, k), q })
    }

    /// Number of columns.
    pub fn k(&self) -> usize {
        self.q.len()
    }

    /// Qᵀx.
    pub fn parts(&self, x: &[f64]) -> Vec<f64> {
        self.q.iter().map(|unit| dot(unit, x)).collect()
    }

    /// The coefficients of the columns that come nearest to x, R⁻¹Qᵀx.
    pub fn coefficients(&self, x: &[f64]) -> Vec<f64> {
        let (k, parts) = (self.k(), self.parts(x));
        (0..k).map(|i| (i..k).map(|j| self.inverse[i * k + j] * parts[j]).sum()).collect()
    }

    /// What the columns leave of x, x − QQᵀx.
    pub fn residuals(&self, x: &[f64]) -> Vec<f64> {
        let mut rest = x.to_vec();
        for _ in 0..2 {
            for unit in &self.q {
                let part = dot(unit, &rest);
                rest.iter_mut().zip(unit).for_each(|(x, u)| *x -= part * u);
            }
        }
        rest
    }

    /// The leverage of each row, Σ_j q_ij².
    pub fn leverages(&self) -> Vec<f64> {
        let rows = self.q.first().map_or(0, Vec::len);
        (0..rows).map(|i| self.q.iter().map(|unit| unit[i] * unit[i]).sum()).collect()
    }

    /// R⁻¹ M R⁻ᵀ of a k × k matrix M: (XᵀX)⁻¹ where M is the identity.
    pub fn sandwich(&self, middle: &[f64]) -> Vec<f64> {
        let (k, r) = (self.k(), &self.inverse);
        let half: Vec<f64> = cells(k).map(|(i, j)| (i..k).map(|h| r[i * k + h] * middle[h * k + j]).sum()).collect();
        cells(k).map(|(i, j)| (j..k).map(|h| half[i * k + h] * r[j * k + h]).sum()).collect()
    }

    /// (XᵀX)⁻¹.
    pub fn inverse_gram(&self) -> Vec<f64> {
        self.sandwich(&cells(self.k()).map(|(i, j)| f64::from(u8::from(i == j))).collect::<Vec<_>>())
    }

    /// The covariance of coefficients that is right whatever the variances of the cities, HC3 (MacKinnon and White 1985).
    /// NaN where a row has a column to itself.
    pub fn robust(&self, residuals: &[f64]) -> Vec<f64> {
        let k = self.k();
        let weights: Vec<f64> = residuals
            .iter()
            .zip(self.leverages())
            .map(|(e, h)| (1.0 - h > 1e-12, (e / (1.0 - h)).powi(2)))
            .map(|(fit, w)| if fit { w } else { f64::NAN })
            .collect();
        let middle: Vec<f64> = cells(k)
            .map(|(i, j)| (0..weights.len()).map(|row| weights[row] * self.q[i][row] * self.q[j][row]).sum())
            .collect();
        self.sandwich(&middle)
    }

    /// The covariance of coefficients where rows of one group go together, with the factor G/(G − 1)·(N − 1)/(N − k).
    pub fn clustered(&self, residuals: &[f64], group: &[usize], groups: usize) -> Vec<f64> {
        let (k, rows) = (self.k(), residuals.len() as f64);
        let mut scores = vec![0.0; groups * k];
        for (row, (e, &g)) in residuals.iter().zip(group).enumerate() {
            (0..k).for_each(|j| scores[g * k + j] += e * self.q[j][row]);
        }
        let g = groups as f64;
        let factor = g / (g - 1.0) * (rows - 1.0) / (rows - k as f64);
        let product = |i: usize, j: usize| scores.chunks_exact(k).map(|s| s[i] * s[j]).sum::<f64>() * factor;
        self.sandwich(&cells(k).map(|(i, j)| product(i, j)).collect::<Vec<_>>())
    }
}

/// The places of a k × k matrix, row after row.
fn cells(k: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..k * k).map(move |at| (at / k, at % k))
}

/// Σ x_i y_i.
pub(in crate::measures) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn inverse_of_upper(r: &[f64], k: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; k * k];
    for j in 0..k {
        inverse[j * k + j] = 1.0 / r[j * k + j];
        for i in (0..j).rev() {
            let sum: f64 = (i + 1..=j).map(|h| r[i * k + h] * inverse[h * k + j]).sum();
            inverse[i * k + j] = -sum / r[i * k + i];
        }
    }
    inverse
}

/// The lower triangle L of A = L·Lᵀ; `None` where the m × m matrix A is not positive definite.
pub(super) fn cholesky(a: &[f64], m: usize) -> Option<Vec<f64>> {
    let mut l = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..=i {
            let rest = a[i * m + j] - dot(&l[i * m..i * m + j], &l[j * m..j * m + j]);
            l[i * m + j] = match i == j {
                true if rest > 0.0 && rest.is_finite() => rest.sqrt(),
                true => return None,
                false => rest / l[j * m + j],
            };
        }
    }
    Some(l)
}

/// The inverse of a positive definite matrix, brought to a diagonal of 1 first, so that units do not matter.
pub(super) fn inverse_of_positive(a: &[f64], m: usize) -> Option<Vec<f64>> {
    let scales: Vec<f64> = (0..m).map(|i| 1.0 / a[i * m + i].sqrt()).collect();
    let scaled: Vec<f64> = cells(m).map(|(i, j)| a[i * m + j] * scales[i] * scales[j]).collect();
    let l = cholesky(&scaled, m)?;
    let mut half = vec![0.0; m * m]; // L⁻¹
    for j in 0..m {
        half[j * m + j] = 1.0 / l[j * m + j];
        for i in j + 1..m {
            let sum: f64 = (j..i).map(|h| l[i * m + h] * half[h * m + j]).sum();
            half[i * m + j] = -sum / l[i * m + i];
        }
    }
    let inverse = |i: usize, j: usize| {
        (i.max(j)..m).map(|h| half[h * m + i] * half[h * m + j]).sum::<f64>() * scales[i] * scales[j]
    };
    Some(cells(m).map(|(i, j)| inverse(i, j)).collect())
}

/// A square matrix as L·U with its rows in another order.
#[derive(Clone, Debug)]
pub(super) struct Lu {
    n: usize,
    factors: Vec<f64>,
    order: Vec<usize>,
}

impl Lu {
    /// Gauss's elimination with the largest pivot of each column. O(n³). `None` where the matrix has no inverse.
    pub fn new(mut a: Vec<f64>, n: usize) -> Option<Self> {
        let mut order: Vec<usize> = (0..n).collect();
        for k in 0..n {
            let pivot = (k..n).fold(k, |best, i| if a[i * n + k].abs() > a[best * n + k].abs() { i } else { best });
            if !a[pivot * n + k].is_finite() || a[pivot * n + k] == 0.0 {
                return None;
            }
            order.swap(k, pivot);
            (0..n).filter(|_| pivot != k).for_each(|j| a.swap(k * n + j, pivot * n + j));
            let (head, tail) = a.split_at_mut((k + 1) * n);
            let top = &head[k * n..];
            let eliminate = |row: &mut [f64]| {
                if row[k] != 0.0 {
                    let factor = row[k] / top[k];
                    row[k] = factor;
                    row[k + 1..].iter_mut().zip(&top[k + 1..]).for_each(|(x, t)| *x -= factor * t);
                }
            };
            match n - k > ALONE {
                true => tail.par_chunks_mut(n).with_min_len(16).for_each(eliminate),
                false => tail.chunks_mut(n).for_each(eliminate),
            }
        }
        Some(Self { n, factors: a, order })
    }

    /// Solves A·X = B for `width` right sides; b holds them row after row.
    pub fn solve(&self, b: &[f64], width: usize) -> Vec<f64> {
        let (n, mut x) = (self.n, Vec::with_capacity(b.len()));
        self.order.iter().for_each(|&i| x.extend_from_slice(&b[i * width..(i + 1) * width]));
        for i in 0..n {
            let (before, row) = x.split_at_mut(i * width);
            take_off(&mut row[..width], &self.factors[i * n..i * n + i], before, width);
        }
        for i in (0..n).rev() {
            let (head, after) = x.split_at_mut((i + 1) * width);
            let row = &mut head[i * width..];
            take_off(row, &self.factors[i * n + i + 1..(i + 1) * n], after, width);
            row.iter_mut().for_each(|x| *x /= self.factors[i * n + i]);
        }
        x
    }
}

/// row −= Σ_j factor_j · rows_j.
fn take_off(row: &mut [f64], factors: &[f64], rows: &[f64], width: usize) {
    for (factor, other) in factors.iter().zip(rows.chunks_exact(width)).filter(|(factor, _)| **factor != 0.0) {
        row.iter_mut().zip(other).for_each(|(x, y)| *x -= factor * y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_through_three_points() {
        let basis = Basis::new(&[vec![1.0; 3], vec![0.0, 1.0, 2.0]]).unwrap();
        let coefficients = basis.coefficients(&[1.0, 2.0, 6.0]);
        assert!((coefficients[0] - 0.5).abs() < 1e-14 && (coefficients[1] - 2.5).abs() < 1e-14);
        let residuals = basis.residuals(&[1.0, 2.0, 6.0]);
        assert!((residuals[1] + 1.0).abs() < 1e-14 && dot(&residuals, &[1.0; 3]).abs() < 1e-14);
        assert_eq!(Basis::new(&[vec![1.0; 3], vec![2.0; 3]]).unwrap_err(), 1);
        assert_eq!(Basis::new(&[vec![1.0], vec![2.0]]).unwrap_err(), 0);
        assert_eq!(Basis::new(&[vec![0.0; 3]]).unwrap_err(), 0);
    }

    #[test]
    fn what_is_not_positive_or_has_no_inverse_is_none() {
        assert!(cholesky(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
        assert!(inverse_of_positive(&[f64::NAN], 1).is_none());
        assert!(Lu::new(vec![1.0, 2.0, 2.0, 4.0], 2).is_none());
        assert_eq!(Lu::new(vec![0.0, 2.0, 4.0, 0.0], 2).unwrap().solve(&[2.0, 4.0], 1), [1.0, 1.0]);
    }

    proptest! {
        #[test]
        fn inverses_and_solutions_fit(m in 1_usize..7, draws in prop::collection::vec(-1.0..1.0_f64, 49)) {
            let a: Vec<f64> = cells(m).map(|(i, j)| draws[i * 7 + j] + f64::from(u8::from(i == j)) * 3.0 * m as f64).collect();
            let gram: Vec<f64> = cells(m).map(|(i, j)| (0..m).map(|h| a[h * m + i] * a[h * m + j]).sum()).collect();
            let inverse = inverse_of_positive(&gram, m).unwrap();
            let solved = Lu::new(gram.clone(), m).unwrap().solve(&inverse, m);
            for (i, j) in cells(m) {
                let product: f64 = (0..m).map(|h| gram[i * m + h] * inverse[h * m + j]).sum();
                prop_assert!((product - f64::from(u8::from(i == j))).abs() < 1e-10);
                // A⁻¹A⁻¹, by solving and by multiplying.
                let square: f64 = (0..m).map(|h| inverse[i * m + h] * inverse[h * m + j]).sum();
                prop_assert!((solved[i * m + j] - square).abs() < 1e-10);
            }
            let columns: Vec<Vec<f64>> = (0..m).map(|j| (0..m).map(|i| a[i * m + j]).collect()).collect();
            let of_basis = Basis::new(&columns).unwrap().inverse_gram();
            prop_assert!(of_basis.iter().zip(&inverse).all(|(x, y)| (x - y).abs() < 1e-10));
        }
    }
}
