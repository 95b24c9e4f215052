//! The classes that a map shows. They are words, never codes, and never empty.

/// Class of a city that has no value.
pub(crate) const UNDEFINED: &str = "undefined";
/// Class of a city that has no neighbour.
pub(crate) const ISOLATE: &str = "isolate";
/// Class of a city whose statistic is not significant.
pub(crate) const NOT_SIGNIFICANT: &str = "ns";

/// The quadrant of the Moran scatter: the city high or low, its neighbours high or low. Zero counts as low.
pub(crate) fn quadrant(z: f64, lag: f64) -> &'static str {
    match (z > 0.0, lag > 0.0) {
        (true, true) => "HH",
        (false, true) => "LH",
        (false, false) => "LL",
        (true, false) => "HL",
    }
}
