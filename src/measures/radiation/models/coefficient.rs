//! A coefficient of a fitted gravity model, and how well it is known.

/// A coefficient and its standard errors; NaN where the model has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub value: f64,
    /// Standard error that is robust against any variance of the flows (Huber and White).
    pub se: f64,
    /// Standard error clustered by origin; NaN of links without direction.
    pub se_by_origin: f64,
    /// Standard error clustered by pair, both directions of it together; NaN of links without direction.
    pub se_by_pair: f64,
}

impl Coefficient {
    pub(super) const NONE: Self = Self { value: f64::NAN, se: f64::NAN, se_by_origin: f64::NAN, se_by_pair: f64::NAN };

    /// The largest of its standard errors, and what kind it is of.
    pub fn largest_se(&self) -> (f64, &'static str) {
        let kinds =
            [(self.se, "robust"), (self.se_by_origin, "clustered by origin"), (self.se_by_pair, "clustered by pair")];
        // A comparison with NaN is false, so that errors which are not defined are passed over.
        kinds.into_iter().fold(kinds[0], |most, next| if next.0 > most.0 { next } else { most })
    }
}
