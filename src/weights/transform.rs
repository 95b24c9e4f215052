//! What is done to raw weights before a statistic uses them.

use super::Weights;

/// A transform of spatial weights. Each is one factor a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transform {
    /// Weights as they are.
    #[default]
    None,
    /// Every link counts 1, whatever its weight.
    Binary,
    /// Row-standardised: w_ij / Σ_j w_ij, every row sums to 1 (W of spdep, R of libpysal).
    Row,
    /// Doubly standardised: w_ij / Σ_i Σ_j w_ij, all weights sum to 1 (U of spdep, D of libpysal).
    Double,
    /// Variance-stabilising: w_ij / √(Σ_j w_ij²), then scaled so that all weights sum to n
    /// (S of spdep, V of libpysal; Tiefelsdorf, Griffith and Boots 1999, Environment and Planning A 31, 165-180).
    Variance,
}

impl Transform {
    /// The transform's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Binary => "binary",
            Self::Row => "row",
            Self::Double => "double",
            Self::Variance => "variance",
        }
    }

    /// The transform of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Binary, Self::Row, Self::Double, Self::Variance].into_iter().find(|t| t.name() == name)
    }
}

impl Weights {
    /// The transform that these weights carry.
    pub fn transform(&self) -> Transform {
        self.transform
    }

    /// The same links under another transform, always from the raw weights.
    ///
    /// Rows without a neighbour stay empty under every transform. [`Transform::Binary`] forgets the raw weights.
    pub fn transformed(&self, transform: Transform) -> Self {
        let mut out = Self { transform, factors: None, ..self.clone() };
        if transform == Transform::Binary {
            out.raw = None;
        }
        let sum = |i: usize, power: i32| out.raw_row(i).map(|(_, w)| w.powi(power)).sum::<f64>();
        let inverse = |x: f64| if x == 0.0 { 0.0 } else { 1.0 / x };
        let n = out.n();
        out.factors = match transform {
            Transform::None | Transform::Binary => None,
            Transform::Row => Some((0..n).map(|i| inverse(sum(i, 1))).collect()),
            Transform::Double => Some(vec![inverse((0..n).map(|i| sum(i, 1)).sum()); n]),
            Transform::Variance => {
                let norms: Vec<f64> = (0..n).map(|i| inverse(sum(i, 2).sqrt())).collect();
                let total: f64 = (0..n).map(|i| sum(i, 1) * norms[i]).sum();
                Some(norms.iter().map(|norm| norm * n as f64 * inverse(total)).collect())
            }
        };
        out
    }
}
