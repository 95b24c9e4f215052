//! Spatial autocorrelation: is a value clustered in space, or along the links between cities, and where.

pub(super) mod adapter;
pub(super) mod association;
pub(super) mod bivariate_moran;
pub(super) mod classes;
pub(super) mod correlogram;
pub(super) mod geary;
pub(super) mod getis_ord_g;
mod global_test;
pub(super) mod join_counts;
pub(super) mod lee;
pub(super) mod local_g;
pub(super) mod local_geary;
pub(super) mod local_join_count;
pub(super) mod local_moran;
pub(super) mod local_moran_bivariate;
pub(super) mod local_moran_rate;
mod local_test;
pub(super) mod losh;
pub(super) mod moran;
pub(super) mod moran_rate;
mod rate;
pub(super) mod sample;

pub use association::{Association, association};
pub use bivariate_moran::{Bivariate, bivariate_moran};
pub use correlogram::{Lag, correlogram_by_distance, correlogram_by_order, default_edges};
pub use geary::{Geary, geary};
pub use getis_ord_g::{GetisOrdG, getis_ord_g};
pub use global_test::GlobalTest;
pub use join_counts::{JoinCount, JoinCounts, join_counts};
pub use lee::lee;
pub use local_g::{LocalG, local_g, local_g_star};
pub use local_geary::{LocalGeary, local_geary, local_geary_multivariate};
pub use local_join_count::{LocalJoinCount, local_join_count};
pub use local_moran::{LocalMoran, TotalMoments, local_moran, local_moran_total};
pub use local_moran_bivariate::local_moran_bivariate;
pub use local_moran_rate::local_moran_rate;
pub use local_test::LocalTest;
pub use losh::{Losh, losh};
pub use moran::{Moran, moran};
pub use moran_rate::moran_rate;

/// Options of the family beside those of every run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// How a value is made 0 or 1 for join counts; `None` takes only columns that are so already.
    pub binarise: Option<Binarise>,
    /// Whether the transform was chosen, and not the default of each measure.
    pub transform_given: bool,
    /// Number of lags of the correlogram; `None` for a choice from the data.
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
