//! Spatial autocorrelation: is a value clustered in space, or along the links between cities, and where.

mod classes;
mod sample;

/// Options of the family beside those of every run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How a value is made 0 or 1 for join counts; `None` takes only columns that are so already.
    pub binarise: Option<Binarise>,
    /// Whether the transform was chosen, and not the default of each measure.
    pub transform_given: bool,
    /// Distance bands of the correlogram; `None` for a choice from the data.
    pub lags: Option<usize>,
}

/// How a value becomes 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Binarise {
    /// 1 above the median.
    Median,
    /// 1 above the mean.
    Mean,
    /// 1 above this number.
    Above(f64),
}
