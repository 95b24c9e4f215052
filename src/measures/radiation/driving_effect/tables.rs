//! The tables of the driving effect.

use serde_json::{Value, json};

use super::{DrivingEffect, Effect};
use crate::measures::adapter::{cell, who};
use crate::measures::{Run, TableOut};

/// b, se, t, p and label.
fn cells(effect: &Effect) -> impl Iterator<Item = Value> {
    [effect.b, effect.se, effect.t, effect.p].map(cell).into_iter().chain([json!(effect.label)])
}

/// Every form over every span.
pub(super) fn effects(result: &DrivingEffect) -> TableOut {
    let row = |form: &super::FormEffect| -> Vec<Value> {
        let control = if form.control { "initial_level" } else { "none" };
        let (from, to) = form.years;
        let head = [json!(form.form), json!(control), json!(form.span), json!(from), json!(to)];
        let counts = [json!(form.effect.rows), json!(form.effect.cities)];
        head.into_iter().chain(counts).chain(cells(&form.effect)).chain([json!(form.effect.reason)]).collect()
    };
    TableOut {
        columns: vec![
            "form", "control", "span", "from", "to", "rows", "cities", "b", "se", "t", "p", "label", "reason",
        ],
        rows: result.forms.iter().map(row).collect(),
    }
}

/// By distance from the nearest core.
pub(super) fn bands(result: &DrivingEffect) -> TableOut {
    let row = |(at, band): (usize, &super::BandEffect)| -> Vec<Value> {
        let numbers = [band.from, band.to].map(cell);
        let means = [band.growth, band.exposure, band.growth - band.exposure, band.correlation].map(cell);
        let head = [json!(at + 1)].into_iter().chain(numbers).chain([json!(band.effect.cities)]);
        head.chain(means).chain(cells(&band.effect)).collect()
    };
    TableOut {
        columns: vec![
            "band",
            "from",
            "to",
            "cities",
            "growth_mean",
            "growth_core_weighted",
            "growth_above_cores",
            "correlation",
            "b",
            "se",
            "t",
            "p",
            "label",
        ],
        rows: result.bands.iter().enumerate().map(row).collect(),
    }
}

/// By core.
pub(super) fn cores(run: &Run, result: &DrivingEffect) -> TableOut {
    let row = |core: &super::CoreEffect| -> Vec<Value> {
        let head = who(run, core.core).into_iter().chain([cell(core.growth), json!(core.linked)]);
        head.chain(cells(&core.effect)).collect()
    };
    TableOut {
        columns: vec!["core", "core_name", "growth", "linked", "b", "se", "t", "p", "label"],
        rows: result.cores.iter().map(row).collect(),
    }
}

/// Who leads.
pub(super) fn leads(result: &DrivingEffect) -> TableOut {
    let row = |lead: &super::LeadEffect| -> Vec<Value> {
        let head = [json!(lead.direction), json!(lead.lag), json!(lead.effect.rows), json!(lead.effect.cities)];
        head.into_iter().chain(cells(&lead.effect)).chain([json!(lead.effect.reason)]).collect()
    };
    TableOut {
        columns: vec!["direction", "lag", "rows", "cities", "b", "se", "t", "p", "label", "reason"],
        rows: result.leads.iter().map(row).collect(),
    }
}
