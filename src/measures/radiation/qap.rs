//! What goes with links: distance, size, common groups, alike values; tested by permuting cities.

use crate::error::{Fault, Kind, Result};
use crate::inference::{
    Inference, PairMatrix, Partial, matrix_regression, matrix_regression_ordered, vary, within_budget,
};

/// Most cities whose pairs are compared.
pub(super) const MOST: usize = 3000;

/// A matrix of pairs of cities that links may go with.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictor {
    /// What it is called.
    pub name: String,
    /// Its values, n × n; the diagonal is not used.
    pub values: PairMatrix,
}

/// What a predictor has to do with the links.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicted {
    /// The predictor's name.
    pub name: String,
    /// p value of its correlation by itself (QAP).
    pub p: f64,
    /// Its correlation, and what it adds to the others, with the p value by double semi-partialling (MRQAP).
    pub partial: Partial,
}

/// Links against other matrices of the same pairs; see [`qap()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Qap {
    /// Number of cities.
    pub n: usize,
    /// Number of pairs, ordered ones where direction counts.
    pub pairs: usize,
    /// Share of the variance of the links that all predictors explain together.
    pub r2: f64,
    /// Constant of the regression.
    pub constant: f64,
    /// One for each predictor that takes part, in their order.
    pub predictors: Vec<Predicted>,
    /// Names of predictors that were left out: the same for all pairs, or following from those before them.
    pub left_out: Vec<String>,
    /// Permutations made; fewer than asked for where these would take too long.
    pub permutations: usize,
}

/// Correlation of a matrix of links with other matrices of the same pairs, and its regression on all of them.
///
/// # Formula
///
/// y_ij = a + Σ_m b_m x_m,ij + error over pairs i < j, or over ordered pairs i ≠ j where `directed`; R² = Σ_m β_m r_m
///
/// with the standardised slope β_m and the correlation r_m. A predictor's p by itself comes from permuting its cities, rows
/// and columns together (QAP); that of its slope from double semi-partialling (MRQAP, see [`matrix_regression`]).
/// `response` and predictors are n × n row after row, without NaN beside the diagonal. A predictor that does not vary, or that
/// follows from those before it, is left out. Permutations are made fewer, but never fewer than 99, where they would take
/// more than 5·10⁹ operations.
///
/// # Errors
///
/// [`Kind::Undefined`] for fewer than 4 or more than 3,000 cities, links that do not vary, or no predictor that varies;
/// [`Kind::TooFew`] for matrices of another size.
///
/// # Complexity
///
/// O(P·n²·predictors²) time, O(n²·predictors) memory.
///
/// # Source
///
/// Krackhardt, D. (1988). Predicting with networks. Social Networks 10, 359-381. Dekker, D., Krackhardt, D. and Snijders, T. A. B.
/// (2007). Sensitivity of MRQAP tests to collinearity and autocorrelation conditions. Psychometrika 72, 563-581.
///
/// ```
/// use agglo::inference::Inference;
/// use agglo::measures::radiation::{Predictor, qap};
/// let of_pairs = |f: fn(f64, f64) -> f64| (0..36).map(|at| f((at / 6) as f64, (at % 6) as f64)).collect::<Vec<f64>>();
/// let distance = Predictor { name: "distance".into(), values: of_pairs(|i, j| (i - j).abs()) };
/// let links = of_pairs(|i, j| 10.0 - 2.0 * (i - j).abs());
/// let result = qap(6, &links, vec![distance], false, &Inference::default())?;
/// assert!((result.predictors[0].partial.slope + 2.0).abs() < 1e-12 && (result.constant - 10.0).abs() < 1e-12);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn qap(
    n: usize,
    response: &PairMatrix,
    predictors: Vec<Predictor>,
    directed: bool,
    inference: &Inference,
) -> Result<Qap> {
    if !(4..=MOST).contains(&n) {
        let message = format!("pairs are compared among 4 to {MOST} cities, and {n} take part");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    if response.len() != n * n {
        let message = format!("the links of {n} cities are {} numbers, and {} are given", n * n, response.len());
        return Err(Fault::new(Kind::TooFew, message).into());
    }
    let regression = if directed { matrix_regression_ordered } else { matrix_regression };
    let quick = Inference { permutations: 0, ..*inference };
    if !vary(entries(n, response, true)) {
        return Err(Fault::new(Kind::Undefined, "the links are the same for all pairs of cities").into());
    }
    let (mut names, mut values, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for Predictor { name, values: next } in predictors {
        values.push(next);
        let found = regression(n, response, &values, &quick, "qap");
        match found {
            Ok(_) => names.push(name),
            Err(error) if error.kind() == Kind::Undefined => {
                values.pop();
                left_out.push(name);
            }
            Err(error) => return Err(error),
        }
    }
    if names.is_empty() {
        let message = "there is nothing that differs between pairs of cities and could go with their links";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let pairs = if directed { n * (n - 1) } else { n * (n - 1) / 2 };
    // Four more for putting the pairs in another order twice, which is slow.
    let operations = pairs * names.len() * (names.len() + 4);
    let permutations = within_budget(operations, inference.permutations);
    let inference = Inference { permutations, ..*inference };
    let partials = regression(n, response, &values, &inference, "qap/regression")?;
    let alone = |k: usize| regression(n, response, &values[k..=k], &inference, &format!("qap/alone/{k}"));
    let p: Vec<f64> = (0..names.len()).map(|k| alone(k).map(|found| found[0].p_permutation)).collect::<Result<_>>()?;
    let mean = |matrix: &[f64]| entries(n, matrix, directed).sum::<f64>() / pairs as f64;
    let slopes = partials.iter().zip(&values).map(|(partial, x)| partial.slope * mean(x)).sum::<f64>();
    Ok(Qap {
        n,
        pairs,
        r2: partials.iter().map(|partial| partial.standardised * partial.correlation).sum(),
        constant: mean(response) - slopes,
        predictors: names
            .into_iter()
            .zip(p)
            .zip(partials)
            .map(|((name, p), partial)| Predicted { name, p, partial })
            .collect(),
        left_out,
        permutations,
    })
}

/// The entries that count: above the diagonal, or all beside it.
fn entries(n: usize, matrix: &[f64], directed: bool) -> impl Iterator<Item = f64> {
    (0..n * n).filter(move |at| if directed { at / n != at % n } else { at / n < at % n }).map(|at| matrix[at])
}
