//! How flows fade with distance.

/// The form in which flows fade with distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decay {
    /// d^b: a distance ten times as long takes the same share of the flow everywhere.
    Power,
    /// exp(b·d): each kilometre more takes the same share of the flow.
    Exponential,
}

impl Decay {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Power, Self::Exponential];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Power => "power",
            Self::Exponential => "exponential",
        }
    }

    /// What the coefficient of distance multiplies: ln d, or d. NaN where no distance above zero is known.
    pub(super) fn impedance(self, distance: f64) -> f64 {
        if !is_way(distance) {
            return f64::NAN;
        }
        match self {
            Self::Power => libm::log(distance),
            Self::Exponential => distance,
        }
    }

    /// d^−rate or exp(−rate·d); 0 where no distance above zero is known.
    pub(super) fn faded(self, distance: f64, rate: f64) -> f64 {
        if !is_way(distance) {
            return 0.0;
        }
        match self {
            Self::Exponential => libm::exp(-rate * distance),
            // The usual exponents need no logarithm.
            Self::Power if rate == 2.0 => 1.0 / (distance * distance),
            Self::Power if rate == 1.0 => 1.0 / distance,
            Self::Power => libm::pow(distance, -rate),
        }
    }
}

/// Whether something can flow over this distance: it is known and above zero, as between two cities it is.
pub(super) fn is_way(distance: f64) -> bool {
    distance > 0.0 && distance < f64::INFINITY
}
