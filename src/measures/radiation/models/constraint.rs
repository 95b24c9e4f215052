//! What a gravity model leaves as it is observed.

/// Which sums of the flows a model keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// The total of all flows; masses explain the rest.
    None,
    /// What leaves each city.
    Production,
    /// What reaches each city.
    Attraction,
    /// Both; masses have no part in it.
    Doubly,
}

impl Constraint {
    /// All four.
    pub const ALL: [Self; 4] = [Self::None, Self::Production, Self::Attraction, Self::Doubly];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Production => "production",
            Self::Attraction => "attraction",
            Self::Doubly => "doubly",
        }
    }
}
