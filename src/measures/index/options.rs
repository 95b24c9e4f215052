//! How a composite index is made of indicators.

/// How an indicator becomes a number that can be added to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Normalisation {
    /// (x − min)/(max − min), 0 to 1.
    #[default]
    MinMax,
    /// (x − mean)/sd with the population standard deviation.
    ZScore,
    /// (rank − 1)/(n − 1), ties share their mean rank, 0 to 1.
    Rank,
    /// x/√Σx².
    Vector,
}

impl Normalisation {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::MinMax => "minmax",
            Self::ZScore => "z",
            Self::Rank => "rank",
            Self::Vector => "vector",
        }
    }

    /// The normalisation of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::MinMax, Self::ZScore, Self::Rank, Self::Vector].into_iter().find(|how| how.name() == name)
    }
}

/// How the weights of indicators come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// All alike.
    Equal,
    /// By how unevenly an indicator is spread (Shannon).
    Entropy,
    /// By spread and by how little an indicator repeats the others.
    Critic,
    /// By the coefficient of variation.
    CoefficientOfVariation,
    /// As the indicator table says.
    Given,
}

impl Weighting {
    /// All weightings, in the order in which they stand beside each other.
    pub const ALL: [Self; 5] = [Self::Equal, Self::Entropy, Self::Critic, Self::CoefficientOfVariation, Self::Given];

    /// Its name on the command line and in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Entropy => "entropy",
            Self::Critic => "critic",
            Self::CoefficientOfVariation => "cv",
            Self::Given => "given",
        }
    }

    /// The weighting of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|weighting| weighting.name() == name)
    }
}

/// How a composite index is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How indicators are weighted; there is no default.
    pub weighting: Option<Weighting>,
    /// How indicators are made comparable.
    pub normalisation: Normalisation,
    /// Whether least and largest values, means and weights are those of each year by itself; else those of all years
    /// together, which makes years comparable.
    pub by_year: bool,
}

/// The usual options: no weighting, min-max over all years together.
pub static USUAL: Options = Options { weighting: None, normalisation: Normalisation::MinMax, by_year: false };
