//! The tables of spillover.

use serde_json::{Value, json};

use super::{CoreImpact, Spillover};
use crate::inference::{Alternative, normal_p};
use crate::measures::adapter::{cell, who};
use crate::measures::{Matrix, Run, TableOut};

/// Every coefficient of every model.
pub(in crate::measures) fn coefficients(result: &Spillover) -> TableOut {
    let mut rows = Vec::new();
    for fit in &result.fits {
        for (at, term) in fit.terms.iter().enumerate() {
            let (estimate, se) = (fit.estimates[at], fit.se(at));
            let z = estimate / se;
            let numbers = [estimate, se, z, normal_p(z, Alternative::TwoSided)].map(cell);
            rows.push([json!(fit.model), json!(term)].into_iter().chain(numbers).collect());
        }
    }
    TableOut { columns: vec!["model", "term", "estimate", "se", "z", "p"], rows }
}

/// How the models compare.
pub(super) fn models(result: &Spillover) -> TableOut {
    let least = result.fits[result.best].aic;
    let row = |fit: &super::Fit| {
        let rho = if fit.rho_se().is_nan() { f64::NAN } else { fit.rho };
        let numbers = [rho, fit.rho_se(), fit.loglik, fit.aic, fit.aic - least, fit.sigma2, fit.pseudo_r2].map(cell);
        [json!(fit.model), json!(fit.estimates.len() + 1)].into_iter().chain(numbers).collect()
    };
    TableOut {
        columns: vec!["model", "parameters", "rho", "rho_se", "loglik", "aic", "aic_above_best", "sigma2", "pseudo_r2"],
        rows: result.fits.iter().map(row).collect(),
    }
}

/// The impacts of every covariate in every model.
pub(in crate::measures) fn impacts(result: &Spillover) -> TableOut {
    let row = |impact: &super::Impact| -> Vec<Value> {
        let numbers = [impact.direct, impact.indirect, impact.total].into_iter().chain(impact.errors.concat());
        [json!(impact.model), json!(impact.term)].into_iter().chain(numbers.map(cell)).collect()
    };
    TableOut {
        columns: vec![
            "model",
            "term",
            "direct",
            "indirect",
            "total",
            "direct_se",
            "direct_low",
            "direct_high",
            "indirect_se",
            "indirect_low",
            "indirect_high",
            "total_se",
            "total_low",
            "total_high",
        ],
        rows: result.impacts.iter().map(row).collect(),
    }
}

/// The tests.
pub(in crate::measures) fn diagnostics(result: &Spillover) -> TableOut {
    let row = |test: &super::Diagnostic| {
        let numbers = [test.value, test.statistic, test.freedom, test.p].map(cell);
        [json!(test.test), json!(test.against)].into_iter().chain(numbers).collect()
    };
    TableOut {
        columns: vec!["test", "against", "value", "statistic", "df", "p"],
        rows: result.diagnostics.iter().map(row).collect(),
    }
}

/// What each core does to the others.
pub(super) fn core_impacts(run: &Run, result: &Spillover) -> TableOut {
    let row = |impact: &CoreImpact| -> Vec<Value> {
        let receiver = receiver(impact);
        let [id, name] = receiver.map_or([Value::Null, Value::Null], |i| who(run, i));
        let numbers = [impact.own, impact.periphery].into_iter().chain(impact.errors).map(cell);
        let most = cell(receiver.map_or(f64::NAN, |i| impact.effects[i]));
        let head = who(run, impact.core).into_iter().chain([json!(impact.model), json!(impact.term)]);
        head.chain(numbers).chain([id, name, most]).collect()
    };
    TableOut {
        columns: vec![
            "core",
            "core_name",
            "model",
            "term",
            "own",
            "periphery",
            "periphery_se",
            "periphery_low",
            "periphery_high",
            "receiver",
            "receiver_name",
            "receiver_effect",
        ],
        rows: result.core_impacts.iter().map(row).collect(),
    }
}

/// The other city that is moved most, the earlier of equals; `None` where none is.
fn receiver(impact: &CoreImpact) -> Option<usize> {
    let moved = impact.effects.iter().enumerate().filter(|(i, x)| *i != impact.core && x.abs() > 0.0);
    moved
        .fold(
            None,
            |best: Option<(usize, f64)>, (i, x)| {
                if best.is_none_or(|(_, most)| x.abs() > most) { Some((i, x.abs())) } else { best }
            },
        )
        .map(|(i, _)| i)
}

/// The columns of the cores for one covariate, cities in rows.
pub(super) fn spill(run: &Run, result: &Spillover, term: &str) -> Matrix {
    let columns: Vec<&CoreImpact> = result.core_impacts.iter().filter(|impact| impact.term == term).collect();
    let values = (0..run.cities.len()).flat_map(|i| columns.iter().map(move |impact| impact.effects[i])).collect();
    Matrix {
        rows: run.cities.ids.clone(),
        columns: columns.iter().map(|impact| run.cities.ids[impact.core].clone()).collect(),
        values,
    }
}
