//! log |I − ρW|, exactly, with its derivatives, for every ρ after one reduction of W.

use rayon::prelude::*;

use super::hessenberg::Hessenberg;
use super::tridiagonal::eigenvalues;
use crate::error::{Fault, Kind, Result};
use crate::weights::Weights;

/// Most cities of which the determinant is taken.
pub(super) const MOST: usize = 3_000;
/// Most steps towards the largest eigenvalue.
const STEPS: usize = 1_000;

/// Nodes of a polynomial in ρ.
const NODES: usize = 48;

/// log |I − ρW| as a function of ρ.
#[derive(Clone, Debug)]
pub(super) struct LogDeterminant {
    how: How,
    /// The ρ between which the determinant is positive, both ends excluded.
    pub range: (f64, f64),
    /// The largest absolute eigenvalue of W, or a bound of it.
    pub radius: f64,
}

#[derive(Clone, Debug)]
enum How {
    /// W is similar to a symmetric matrix, of which these are the eigenvalues.
    Eigenvalues(Vec<f64>),
    /// It is not.
    Reduced(Hessenberg),
}

impl LogDeterminant {
    /// Reduces W. Rows times factors of symmetric weights are similar to a symmetric matrix, F·A ~ √F·A·√F; others are
    /// not, and of them ρ is kept within the inverse of the largest eigenvalue, as most programs do. O(n³).
    ///
    /// # Errors
    /// [`Kind::Undefined`] above 3,000 cities, or where W has no eigenvalue but 0 to hold ρ in bounds.
    #[cfg(test)]
    pub fn new(weights: &Weights) -> Result<Self> {
        Self::up_to(MOST, weights)
    }

    /// The same for at most `most` cities.
    pub fn up_to(most: usize, weights: &Weights) -> Result<Self> {
        let (n, most) = (weights.n(), most.min(MOST));
        if n > most {
            let message = format!("log |I - rho W| is taken exactly of at most {most} cities, and {n} take part");
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        let similar = (0..n).all(|i| weights.factor(i) > 0.0) && weights.is_symmetric();
        let mut dense = vec![0.0; n * n];
        for i in 0..n {
            for (j, w) in weights.raw_row(i) {
                let factor = if similar { (weights.factor(i) * weights.factor(j)).sqrt() } else { weights.factor(i) };
                dense[i * n + j] = w * factor;
            }
        }
        let result = match similar {
            true => {
                let no_values = || Fault::new(Kind::Undefined, "the eigenvalues of the weights are not found");
                let values = eigenvalues(dense, n).ok_or_else(no_values)?;
                let (least, most) = (values[0], values[n - 1]);
                Self { how: How::Eigenvalues(values), range: (1.0 / least, 1.0 / most), radius: most.max(-least) }
            }
            false => {
                let radius = radius(weights);
                let how = How::Reduced(Hessenberg::new(dense, n));
                Self { how, range: (-1.0 / radius, 1.0 / radius), radius }
            }
        };
        let (least, most) = result.range;
        match least.is_finite() && most.is_finite() && least < 0.0 && most > 0.0 {
            true => Ok(result),
            false => Err(Fault::new(Kind::Undefined, "nothing in the weights holds rho in bounds").into()),
        }
    }

    /// log |I − ρW| with its first and second derivative by ρ: −tr G and −tr G² with G = W(I − ρW)⁻¹.
    pub fn at(&self, rho: f64) -> [f64; 3] {
        match &self.how {
            How::Reduced(matrix) => matrix.log_determinant(rho),
            How::Eigenvalues(values) => values.iter().fold([0.0; 3], |sum, value| {
                let g = value / (1.0 - rho * value);
                [sum[0] + libm::log1p(-rho * value), sum[1] - g, sum[2] - g * g]
            }),
        }
    }

    /// tr G at many ρ. Where each takes O(n²), they are read off a polynomial through some of them (Chebyshev's nodes) times
    /// 1/(1 − ρλ), which is right to about nine digits: enough for draws.
    pub fn traces(&self, rhos: &[f64]) -> Vec<f64> {
        let least = rhos.iter().copied().fold(f64::INFINITY, f64::min);
        let most = rhos.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if matches!(self.how, How::Eigenvalues(_)) || rhos.len() <= NODES || least >= most {
            return rhos.par_iter().map(|&rho| -self.at(rho)[1]).collect();
        }
        let (middle, half) = ((most + least) / 2.0, (most - least) / 2.0);
        let angle = |node: usize| std::f64::consts::PI * (node as f64 + 0.5) / NODES as f64;
        let nodes: Vec<f64> = (0..NODES).map(|node| middle + half * libm::cos(angle(node))).collect();
        let pole = |rho: f64| 1.0 - rho * self.radius;
        let values: Vec<f64> = nodes.par_iter().map(|&rho| -self.at(rho)[1] * pole(rho)).collect();
        let between = |rho: f64| {
            let (mut above, mut below) = (0.0, 0.0);
            for (node, (at, value)) in nodes.iter().zip(&values).enumerate() {
                if rho == *at {
                    return value / pole(rho);
                }
                let weight = libm::sin(angle(node)) * if node % 2 == 0 { 1.0 } else { -1.0 } / (rho - at);
                (above, below) = (above + weight * value, below + weight);
            }
            above / below / pole(rho)
        };
        rhos.iter().map(|&rho| between(rho)).collect()
    }

    /// How it was taken, for a footer.
    pub fn method(&self) -> &'static str {
        match self.how {
            How::Eigenvalues(_) => "by eigenvalues",
            How::Reduced(_) => "by elimination",
        }
    }
}

/// The largest eigenvalue of weights of which none is negative, from above (Collatz and Wielandt); of others a bound.
fn radius(weights: &Weights) -> f64 {
    let n = weights.n();
    let bound = (0..n).map(|i| weights.row(i).map(|(_, w)| w.abs()).sum::<f64>()).fold(0.0, f64::max);
    if (0..n).any(|i| weights.row(i).any(|(_, w)| w < 0.0)) {
        return bound;
    }
    let (mut least, mut x) = (bound, vec![1.0; n]);
    for _ in 0..STEPS {
        // A share of x itself stays, so that networks of two sides do not swing.
        let image: Vec<f64> = weights.lag(&x);
        let ratio = image.iter().zip(&x).map(|(y, x)| y / x).fold(0.0, f64::max);
        let arrived = ratio >= least * (1.0 - 1e-15) && least < bound;
        least = least.min(ratio);
        let next: Vec<f64> = image.iter().zip(&x).map(|(y, x)| y + least * x).collect();
        let largest = next.iter().copied().fold(0.0, f64::max);
        x = next.into_iter().map(|y| (y / largest).max(1e-200)).collect();
        if arrived || bound == 0.0 {
            break;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Transform;
    use proptest::prelude::*;

    #[test]
    fn two_cities_by_hand() {
        // |I − ρW| = 1 − ρ².
        let w = Weights::from_pairs("toy", 2, &[(0, 1)]);
        let got = LogDeterminant::new(&w).unwrap();
        assert!((got.range.0 + 1.0).abs() < 1e-14 && (got.range.1 - 1.0).abs() < 1e-14);
        let [value, first, second] = got.at(0.5);
        assert!((value - 0.75_f64.ln()).abs() < 1e-14 && (first + 4.0 / 3.0).abs() < 1e-13);
        assert!((second + 40.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn one_way_weights_without_a_way_back_hold_nothing_in_bounds() {
        let chain = Weights::from_rows("toy", vec![vec![(1, 1.0)], vec![(2, 1.0)], vec![]]);
        assert!(LogDeterminant::new(&chain).is_ok(), "the bound of row sums holds");
    }

    proptest! {
        #[test]
        fn both_ways_agree(n in 2_usize..9, draws in prop::collection::vec(0.1..2.0_f64, 81), rho in -0.9..0.9_f64) {
            let rows = |symmetric: bool| -> Vec<Vec<(u32, f64)>> {
                let w = |i: usize, j: usize| if symmetric { draws[i.min(j) * 9 + i.max(j)] } else { draws[i * 9 + j] };
                (0..n).map(|i| (0..n).map(|j| (j as u32, w(i, j))).collect()).collect()
            };
            let w = Weights::from_rows("toy", rows(true)).transformed(Transform::Row);
            let by_values = LogDeterminant::new(&w).unwrap();
            prop_assert_eq!(by_values.method(), "by eigenvalues");
            let dense = (0..n * n).map(|at| w.weight(at / n, at % n)).collect();
            let reduced = Hessenberg::new(dense, n).log_determinant(rho);
            for (a, b) in by_values.at(rho).iter().zip(reduced) {
                prop_assert!((a - b).abs() < 1e-9 * (1.0 + b.abs()), "{a} {b}");
            }
            // Derivatives against differences, on weights that are not symmetric.
            let w = Weights::from_rows("toy", rows(false));
            let other = LogDeterminant::new(&w).unwrap();
            let many: Vec<f64> = (0..100).map(|at| (-0.5 + 0.014 * f64::from(at)) / other.radius).collect();
            for (rho, trace) in many.iter().zip(other.traces(&many)) {
                let want = -other.at(*rho)[1];
                prop_assert!((trace - want).abs() < 1e-7 * (1.0 + want.abs()), "{trace} {want}");
            }
            let (rho, h) = (rho / other.radius, 1e-5 / other.radius);
            let [[lower, before, _], [_, first, second], [upper, after, _]] = [rho - h, rho, rho + h].map(|rho| other.at(rho));
            prop_assert!(((upper - lower) / (2.0 * h) - first).abs() < 1e-5 * (1.0 + first.abs()) * n as f64);
            prop_assert!(((after - before) / (2.0 * h) - second).abs() < 1e-5 * (1.0 + second.abs()) * n as f64);
        }
    }
}
