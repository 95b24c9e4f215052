//! What the arguments of reach mean: cores, models, lengths.

use std::path::PathBuf;

use super::{Wanted, checked, option, request};
use crate::cli::args::{ReachArgs, ValueArgs};
use crate::error::{Faults, quoted};
use crate::measures::radiation;
use crate::study::{Metric, check_coverage, check_positive};
use crate::weights::Length;

/// Of what a network is built where no links are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkModel {
    /// Masses and distances.
    Gravity,
    /// Masses, and those on the way.
    Radiation,
    /// Offices of firms.
    Interlocking,
}

/// Cores, and the models of their reach.
#[derive(Clone, Debug)]
pub struct ReachSettings {
    /// Ids of the cores; none to find them.
    pub cores: Vec<String>,
    /// The model that was chosen.
    pub model: Option<LinkModel>,
    /// File of the offices of firms.
    pub firms: Option<PathBuf>,
    /// File of the length of ways.
    pub costs: Option<PathBuf>,
    /// By what flows are shared out between their directions.
    pub direction_by: Option<Wanted>,
    /// What a value is explained by.
    pub covariates: Vec<Wanted>,
    /// Exponents, thresholds and lengths.
    pub options: radiation::Options,
}

pub(super) fn reach(args: &ReachArgs, values: &ValueArgs, metric: Metric, faults: &mut Faults) -> ReachSettings {
    let usual = radiation::Options::USUAL;
    let mut above_zero =
        |name: &'static str, x: Option<f64>| x.and_then(|x| checked(name, check_positive(name)(x), faults));
    let beta = above_zero("beta", args.beta).unwrap_or(usual.beta);
    let threshold = above_zero("field", args.field);
    let resolution = above_zero("resolution", args.resolution).unwrap_or(usual.resolution);
    let radiation_exponent = above_zero("radiation-exponent", args.radiation_exponent);
    let opportunity_rate = above_zero("opportunity-rate", args.opportunity_rate);
    let catchment = args.catchment.as_ref().and_then(|text| length("catchment", text, metric, faults));
    let catchment = catchment.and_then(|x| checked("catchment", check_positive("catchment")(x), faults));
    let coverage = args.coverage.and_then(|share| checked("coverage", check_coverage(share), faults));
    let exponents = numbers("mass-exponents", &args.mass_exponents, faults);
    let mass_exponents = match exponents.as_slice() {
        [] => usual.mass_exponents,
        [origin, destination] => [*origin, *destination],
        _ => {
            faults.push(option("mass-exponents", "two exponents are needed").hint("write origin,destination, as 1,1"));
            usual.mass_exponents
        }
    };
    let bands: Vec<f64> = args.bands.iter().filter_map(|text| length("bands", text, metric, faults)).collect();
    if bands.windows(2).any(|pair| pair[0] >= pair[1]) || bands.first().is_some_and(|&first| first <= 0.0) {
        faults
            .push(option("bands", "the ends of bands do not ascend").hint("write lengths that ascend, as 100,200,400"));
    }
    let model = args.link_model.as_deref().map(|name| match name {
        "radiation" => LinkModel::Radiation,
        "interlocking" => LinkModel::Interlocking,
        _ => LinkModel::Gravity,
    });
    if model == Some(LinkModel::Interlocking) && args.firms.is_none() {
        faults.push(option("link-model", "interlocking needs the offices of firms").hint("give --firms FILE"));
    }
    ReachSettings {
        cores: args.cores.iter().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect(),
        model,
        firms: args.firms.clone(),
        costs: args.costs.clone(),
        direction_by: args.directed_share.as_deref().map(|text| request(text, None, values)),
        covariates: args.covariates.iter().map(|text| request(text, None, values)).collect(),
        options: radiation::Options {
            beta,
            mass_exponents,
            threshold,
            coverage: coverage.unwrap_or(usual.coverage),
            catchment,
            resolution,
            radiation_exponent,
            opportunity_rate,
            bands,
        },
    }
}

/// A number as it is, whatever its sign; what has a unit is a length under the metric.
fn length(field: &str, text: &str, metric: Metric, faults: &mut Faults) -> Option<f64> {
    match text.trim().parse::<f64>() {
        Ok(x) if x.is_finite() => Some(x),
        _ => checked(field, text.trim().parse::<Length>().and_then(|length| length.under(metric)), faults),
    }
}

/// The texts as finite numbers, a fault for each that is none.
fn numbers(field: &str, texts: &[String], faults: &mut Faults) -> Vec<f64> {
    let mut number = |text: &String| match text.trim().parse::<f64>() {
        Ok(x) if x.is_finite() => Some(x),
        _ => {
            faults.push(
                option(field, format!("{} is not a number", quoted(text))).hint("write numbers with commas between"),
            );
            None
        }
    };
    texts.iter().filter_map(&mut number).collect()
}
