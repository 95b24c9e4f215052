//! What the arguments of a composite index mean.

use std::path::PathBuf;

use crate::cli::args::IndexArgs;
use crate::measures::index::{Normalisation, Options, Weighting};

/// A composite index: its indicators, and how it is made of them.
#[derive(Clone, Debug, Default)]
pub struct IndexSettings {
    /// File of the indicators.
    pub indicators: Option<PathBuf>,
    /// The years asked for.
    pub years: Vec<i32>,
    /// How the index is made.
    pub options: Options,
}

pub(super) fn index(args: &IndexArgs, years: Vec<i32>) -> IndexSettings {
    // Other names than these do not come past the command line or the study file.
    let weighting = args.weighting.as_deref().and_then(Weighting::from_name);
    let normalisation = args.normalisation.as_deref().and_then(Normalisation::from_name).unwrap_or_default();
    let options = Options { weighting, normalisation, by_year: args.pooling.as_deref() == Some("year") };
    IndexSettings { indicators: args.indicators.clone(), years, options }
}
