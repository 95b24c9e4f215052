//! Options of the measures of inequality, with the values that are usual.

/// What becomes of zeros, which standard deviation is taken, and how many resamples intervals rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether a city whose value is 0 takes no part; else it does, and what takes logarithms is null.
    pub drop_zeros: bool,
    /// Whether standard deviations divide by n − 1 in place of n.
    pub sample_sd: bool,
    /// Bootstrap resamples behind each interval; 0 for no intervals.
    pub resamples: usize,
}

/// The usual options.
pub static USUAL: Options = Options::USUAL;

impl Options {
    /// Zeros kept, population standard deviations, 1,000 resamples.
    pub const USUAL: Self = Self { drop_zeros: false, sample_sd: false, resamples: 1_000 };
}

impl Default for Options {
    fn default() -> Self {
        Self::USUAL
    }
}
