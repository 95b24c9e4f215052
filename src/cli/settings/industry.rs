//! What the arguments of industry mean.

use std::path::PathBuf;

use super::{checked, option};
use crate::cli::args::IndustryArgs;
use crate::error::Faults;
use crate::study::SectorPattern;

/// Where levels by sector come from.
#[derive(Clone, Debug)]
pub enum LevelSource {
    /// A table; with a pattern, those of its columns, or of its sectors, that fit.
    File(PathBuf, Option<SectorPattern>),
    /// Columns of the cities.
    Columns(SectorPattern),
}

/// Output and employment by sector, and how they are read.
#[derive(Clone, Debug, Default)]
pub struct IndustrySettings {
    /// Output, or whatever there is.
    pub levels: Option<LevelSource>,
    /// Employment beside it.
    pub employment: Option<LevelSource>,
    /// Column of the levels in a long table.
    pub value: Option<String>,
    /// File of the groups of sectors.
    pub groups: Option<PathBuf>,
    /// Id of the reference area.
    pub reference: Option<String>,
    /// File of the plants.
    pub plants: Option<PathBuf>,
    /// Whether a blank cell means 0.
    pub blank_is_zero: bool,
    /// What has to be said under every table.
    pub remark: Option<String>,
    /// The years asked for.
    pub years: Vec<i32>,
}

pub(super) fn industry(args: &IndustryArgs, years: Vec<i32>, faults: &mut Faults) -> IndustrySettings {
    let pattern = |field: &str, text: &str, faults: &mut Faults| checked(field, SectorPattern::parse(text), faults);
    let sectors = args.sectors.as_deref().and_then(|text| pattern("sectors", text, faults));
    let levels = match (&args.industry, sectors) {
        (Some(path), sectors) => Some(LevelSource::File(path.clone(), sectors)),
        (None, sectors) => sectors.map(LevelSource::Columns),
    };
    let employment = args.employment.as_ref().and_then(|path| match path.to_str().filter(|text| text.contains('*')) {
        Some(text) => pattern("employment", text, faults).map(LevelSource::Columns),
        None => Some(LevelSource::File(path.clone(), None)),
    });
    let idle = [
        ("industry-value", args.industry_value.is_some()),
        ("sector-groups", args.sector_groups.is_some()),
        ("reference", args.reference.is_some()),
        ("employment", args.employment.is_some()),
        ("plants", args.plants.is_some()),
        ("blank", args.blank.is_some()),
    ];
    if args.industry.is_none() && args.sectors.is_none() {
        for (name, _) in idle.into_iter().filter(|(_, given)| *given) {
            let fault = option(name, "it says how industry is read, and there is none");
            faults.push(fault.hint("give --industry FILE or --sectors PATTERN"));
        }
    }
    IndustrySettings {
        levels,
        employment,
        value: args.industry_value.clone(),
        groups: args.sector_groups.clone(),
        reference: args.reference.clone(),
        plants: args.plants.clone(),
        blank_is_zero: args.blank.as_deref() == Some("zero"),
        remark: args.remark.clone(),
        years,
    }
}
