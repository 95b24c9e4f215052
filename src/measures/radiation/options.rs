//! Options of the models of reach, with the values that are usual.

/// How masses and distances make flows, and how far a core is said to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Exponent of the distance in gravity, breakpoints, Huff's shares and the strength of a field.
    pub beta: f64,
    /// Exponents of the masses of origin and destination in gravity.
    pub mass_exponents: [f64; 2],
    /// Strength of the field at which a core's reach ends; `None` to cover `coverage` of the periphery's mass.
    pub threshold: Option<f64>,
    /// Share of the periphery's mass that the reaches of all cores together cover.
    pub coverage: f64,
    /// Longest way to a service in accessibility, in the unit of distances; there is no default.
    pub catchment: Option<f64>,
    /// Resolution of communities: above 1 for more and smaller ones.
    pub resolution: f64,
    /// Exponent of the extended radiation model; `None` to fit it to the links.
    pub radiation_exponent: Option<f64>,
    /// Rate at which opportunities are taken in the model of intervening opportunities; `None` to fit it to the links.
    pub opportunity_rate: Option<f64>,
    /// Upper ends of the distance bands of the driving effect, ascending; empty for thirds of the pairs.
    pub bands: Vec<f64>,
}

/// The usual options.
pub static USUAL: Options = Options::USUAL;

impl Options {
    /// β = 2, both masses as they are, reaches that cover 80 % of the periphery's mass, resolution 1.
    pub const USUAL: Self = Self {
        beta: 2.0,
        mass_exponents: [1.0, 1.0],
        threshold: None,
        coverage: 0.8,
        catchment: None,
        resolution: 1.0,
        radiation_exponent: None,
        opportunity_rate: None,
        bands: Vec::new(),
    };
}

impl Default for Options {
    fn default() -> Self {
        Self::USUAL
    }
}
