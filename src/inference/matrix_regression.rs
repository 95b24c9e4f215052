//! Regression of one matrix of pairs on others, with permutation inference.
//!
//! The pairs of n cities are not independent, so ordinary standard errors are far too small; cities are permuted
//! instead, rows and columns together.

use rayon::prelude::*;

use super::{Inference, Replicates, Stream};
use crate::error::{Fault, Kind, Result};

/// A matrix of pairs of n cities, row after row, symmetric where pairs have no order; the diagonal is not used.
pub type PairMatrix = Vec<f64>;

/// What one predictor adds to the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partial {
    /// Correlation with the response over the pairs.
    pub correlation: f64,
    /// Correlation with the response, the other predictors held constant.
    pub partial_correlation: f64,
    /// Slope in standard deviations of the response for one of the predictor, the others held constant.
    pub standardised: f64,
    /// Slope in units of the response for one unit of the predictor.
    pub slope: f64,
    /// p value by double semi-partialling; NaN without permutations.
    pub p_permutation: f64,
}

/// Regression of the pairs of `response` on those of all `predictors`, one [`Partial`] for each.
///
/// # Method
///
/// Ordinary least squares over the n(n − 1)/2 pairs. The p value of a predictor comes from double semi-partialling: what
/// the other predictors leave of it is permuted, cities as wholes, and its partial correlation (which orders as its t
/// value does) is taken anew. Null: given the others, the predictor says nothing about the response.
///
/// # Errors
///
/// Matrices of unequal size, fewer than 4 cities; [`Kind::Undefined`] where a matrix is constant or follows from the others.
///
/// # Complexity
///
/// O(P·n²·predictors²) time.
///
/// # Source
///
/// Dekker, D., Krackhardt, D. and Snijders, T. A. B. (2007). Sensitivity of MRQAP tests to collinearity and
/// autocorrelation conditions. Psychometrika 72, 563-581. doi:10.1007/s11336-007-9016-1
pub fn matrix_regression(
    n: usize,
    response: &PairMatrix,
    predictors: &[PairMatrix],
    inference: &Inference,
    purpose: &str,
) -> Result<Vec<Partial>> {
    regression(n, Pairs::Once, response, predictors, inference, purpose)
}

/// As [`matrix_regression`] over the n(n − 1) ordered pairs of matrices that need not be symmetric: the direction counts.
///
/// # Errors
///
/// As [`matrix_regression`].
pub fn matrix_regression_ordered(
    n: usize,
    response: &PairMatrix,
    predictors: &[PairMatrix],
    inference: &Inference,
    purpose: &str,
) -> Result<Vec<Partial>> {
    regression(n, Pairs::Ordered, response, predictors, inference, purpose)
}

/// Operations that the permutations of one analysis may take.
const BUDGET: f64 = 5e9;
/// Fewest permutations that the budget leaves.
const FEWEST: usize = 99;

/// How many of the permutations asked for the budget leaves where one takes so many operations, in round numbers less one.
pub(crate) fn within_budget(operations: usize, asked: usize) -> usize {
    let most = (BUDGET / operations as f64) as usize;
    if asked <= most { asked } else { asked.min((most / 100 * 100).saturating_sub(1).max(FEWEST)) }
}

/// Whether the values of pairs differ by more than rounding.
pub(crate) fn vary(pairs: impl Iterator<Item = f64>) -> bool {
    let (least, most) = pairs.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    most - least > 1e-12 * most.abs().max(least.abs())
}

/// Which entries of a matrix are taken, row after row.
#[derive(Clone, Copy)]
enum Pairs {
    /// Those above the diagonal.
    Once,
    /// All beside the diagonal.
    Ordered,
}

fn regression(
    n: usize,
    which: Pairs,
    response: &PairMatrix,
    predictors: &[PairMatrix],
    inference: &Inference,
    purpose: &str,
) -> Result<Vec<Partial>> {
    if n < 4 || predictors.iter().chain([response]).any(|matrix| matrix.len() != n * n) {
        let message = format!("matrix regression takes n x n matrices of at least 4 cities, and n is {n}");
        return Err(Fault::new(Kind::TooFew, message).into());
    }
    let y = which.of(n, response);
    let columns: Vec<Vec<f64>> = predictors.iter().map(|matrix| which.of(n, matrix)).collect();
    (0..columns.len())
        .map(|k| {
            let others: Vec<&Vec<f64>> =
                (0..columns.len()).filter(|&other| other != k).map(|other| &columns[other]).collect();
            let purpose = format!("{purpose}/{k}");
            partial(n, which, &y, &columns[k], &others, inference, &purpose)
        })
        .collect()
}

impl Pairs {
    /// The entries of a matrix.
    fn of(self, n: usize, matrix: &[f64]) -> Vec<f64> {
        let above = |i: usize| matrix[i * n + i + 1..(i + 1) * n].iter().copied();
        match self {
            Self::Once => (0..n).flat_map(above).collect(),
            Self::Ordered => (0..n).flat_map(|i| matrix[i * n..i * n + i].iter().copied().chain(above(i))).collect(),
        }
    }

    /// The entries after the cities have been put in another order.
    fn permuted(self, n: usize, x: &[f64], order: &[u32]) -> Vec<f64> {
        let mut permuted = Vec::with_capacity(x.len());
        for i in 0..n {
            let a = order[i] as usize;
            match self {
                Self::Once => permuted.extend(order[i + 1..].iter().map(|&b| {
                    let (a, b) = (a.min(b as usize), a.max(b as usize));
                    x[a * (2 * n - a - 1) / 2 + b - a - 1]
                })),
                Self::Ordered => permuted.extend((0..n).filter(|&j| j != i).map(|j| {
                    let b = order[j] as usize;
                    x[a * (n - 1) + b - usize::from(b > a)]
                })),
            }
        }
        permuted
    }
}

fn partial(
    n: usize,
    which: Pairs,
    y: &[f64],
    x: &[f64],
    others: &[&Vec<f64>],
    inference: &Inference,
    purpose: &str,
) -> Result<Partial> {
    let centred = Basis::new(y.len(), &[])?;
    let basis = Basis::new(y.len(), others)?;
    let (y_left, x_left) = (basis.residual(y)?, basis.residual(x)?);
    let observed = dot(&x_left, &y_left) / (norm(&x_left) * norm(&y_left));
    let slope = dot(&x_left, &y_left) / dot(&x_left, &x_left);
    let (y_all, x_all) = (centred.residual(y)?, centred.residual(x)?);
    let values = (0..inference.permutations)
        .into_par_iter()
        .map(|replicate| {
            let mut order: Vec<u32> = (0..n as u32).collect();
            Stream::new(inference.seed, purpose, replicate as u64).shuffle(&mut order);
            let permuted = which.permuted(n, &x_left, &order);
            basis.correlation_left(&permuted, &y_left)
        })
        .collect();
    Ok(Partial {
        correlation: dot(&x_all, &y_all) / (norm(&x_all) * norm(&y_all)),
        partial_correlation: observed,
        standardised: slope * norm(&x_all) / norm(&y_all),
        slope,
        p_permutation: Replicates { observed, values }.p(inference.alternative),
    })
}

/// An orthonormal basis of the constant and some columns.
struct Basis(Vec<Vec<f64>>);

impl Basis {
    fn new(length: usize, columns: &[&Vec<f64>]) -> Result<Self> {
        let mut basis = Self(vec![vec![1.0 / (length as f64).sqrt(); length]]);
        for column in columns {
            let left = basis.residual(column)?;
            let length = norm(&left);
            basis.0.push(left.iter().map(|x| x / length).collect());
        }
        Ok(basis)
    }

    /// What is left of `x` beside the basis.
    ///
    /// # Errors
    /// [`Kind::Undefined`] where that is nothing but rounding.
    fn residual(&self, x: &[f64]) -> Result<Vec<f64>> {
        let mut left = x.to_vec();
        for _ in 0..2 {
            // Twice is enough for orthogonality to rounding.
            for q in &self.0 {
                let along = dot(q, &left);
                left.iter_mut().zip(q).for_each(|(x, q)| *x -= along * q);
            }
        }
        if norm(&left) > 1e-10 * norm(x) {
            return Ok(left);
        }
        let message = "a matrix of pairs is constant or follows from the others, so that the regression is undefined";
        Err(Fault::new(Kind::Undefined, message).into())
    }

    /// Correlation of what is left of `x` with `y`, of which only what is beside the basis is left already.
    fn correlation_left(&self, x: &[f64], y: &[f64]) -> f64 {
        let left = dot(x, x) - self.0.iter().map(|q| dot(q, x).powi(2)).sum::<f64>();
        dot(x, y) / (left.sqrt() * norm(y))
    }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn norm(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(n: usize, f: impl Fn(usize, usize) -> f64) -> PairMatrix {
        (0..n * n).map(|at| f((at / n).min(at % n), (at / n).max(at % n))).collect()
    }

    fn noise(n: usize, seed: u64) -> PairMatrix {
        let mut stream = Stream::new(seed, "noise", 0);
        let values: Vec<f64> = (0..n * n).map(|_| f64::from(stream.below(10_000)) / 1e4).collect();
        matrix(n, |i, j| values[i * n + j])
    }

    #[test]
    fn an_exact_relation_is_found_whole() {
        let n = 12;
        let (a, b) = (matrix(n, |i, j| (j - i) as f64), noise(n, 1));
        let y = a.iter().zip(&b).map(|(a, b)| 3.0 + 2.0 * a - 5.0 * b).collect();
        let got = matrix_regression(n, &y, &[a, b], &Inference { permutations: 199, ..Inference::default() }, "test")
            .unwrap();
        assert!((got[0].slope - 2.0).abs() < 1e-10 && (got[1].slope + 5.0).abs() < 1e-10);
        assert!((got[0].partial_correlation - 1.0).abs() < 1e-10 && (got[1].partial_correlation + 1.0).abs() < 1e-10);
        assert!(got.iter().all(|partial| partial.p_permutation == 0.01));
    }

    /// Under the null p is uniform: its mean over fifty runs lies within four standard errors of one half.
    #[test]
    fn what_has_nothing_to_do_with_it_has_a_uniform_p() {
        let n = 12;
        let inference = Inference { permutations: 199, ..Inference::default() };
        let ps: Vec<f64> = (0..50)
            .map(|seed| {
                let extra = noise(n, seed);
                let y = matrix(n, |i, j| (j - i) as f64 + 4.0 * extra[i * n + j]);
                let predictors = [matrix(n, |i, j| (j - i) as f64), noise(n, seed + 1000)];
                let got = matrix_regression(n, &y, &predictors, &inference, "test").unwrap();
                assert_eq!(got[0].p_permutation, 0.01);
                got[1].p_permutation
            })
            .collect();
        let mean = ps.iter().sum::<f64>() / 50.0;
        assert!((mean - 0.5).abs() < 4.0 * (1.0_f64 / 12.0 / 50.0).sqrt(), "{mean}");
    }

    #[test]
    fn permuting_pairs_moves_cities_as_wholes() {
        let n = 5;
        let x = Pairs::Once.of(n, &matrix(n, |i, j| (10 * i + j) as f64));
        let order = [3, 0, 4, 1, 2];
        let permuted = Pairs::Once.permuted(n, &x, &order);
        assert_eq!(permuted[0], 3.0); // cities 3 and 0
        assert_eq!(permuted[9], 12.0); // cities 1 and 2
        let x: Vec<f64> = (0..n * n).map(|at| (10 * (at / n) + at % n) as f64).collect();
        let permuted = Pairs::Ordered.permuted(n, &Pairs::Ordered.of(n, &x), &order);
        assert_eq!((permuted[0], permuted[4], permuted[19]), (30.0, 3.0, 21.0)); // 3 to 0, 0 to 3, 2 to 1
    }

    #[test]
    fn collinear_matrices_are_undefined() {
        let n = 6;
        let a = noise(n, 1);
        let twice = a.iter().map(|a| 2.0 * a).collect();
        let error = matrix_regression(n, &matrix(n, |i, j| (i + j) as f64), &[a, twice], &Inference::default(), "test");
        assert_eq!(error.unwrap_err().kind(), Kind::Undefined);
    }
}
