//! Tables of core and periphery.

use serde_json::{Value, json};

use super::adapter::size;
use super::tiers::{classed, over_largest};
use super::{CorePeriphery, DiscreteCore, Tier};
use crate::error::Result;
use crate::measures::adapter::{cell, who};
use crate::measures::radiation::network::Network;
use crate::measures::{Run, TableOut};
use crate::study::Linkage;

/// Share of a total that falls to the cities of a tier; NaN of nothing.
fn share(values: &[f64], tiers: &[Tier], tier: Tier) -> f64 {
    let known = || values.iter().zip(tiers).filter(|(x, _)| !x.is_nan());
    let total: f64 = known().map(|(x, _)| x).sum();
    known().filter(|(_, other)| **other == tier).map(|(x, _)| x).sum::<f64>() / total
}

/// The shares of strength that fall to the tiers, as they are printed.
pub(super) fn share_of_strength(links: &Linkage, result: &CorePeriphery, tier: Tier) -> f64 {
    share(&Network::undirected(links).sums(), result.tiers(), tier)
}

pub(super) fn tiers(run: &Run, links: &Linkage, result: &CorePeriphery) -> TableOut {
    let strengths = Network::undirected(links).sums();
    let mass = run.mass.iter().max_by_key(|mass| mass.year);
    let row = |&tier: &Tier| {
        let of_tier = || (0..strengths.len()).filter(|&i| result.tiers()[i] == tier).map(|i| result.tiers.coreness[i]);
        let mut row = vec![json!(tier.name()), json!(of_tier().count()), cell(share(&strengths, result.tiers(), tier))];
        row.extend(mass.map(|mass| cell(share(&mass.values, result.tiers(), tier))));
        row.extend([cell(of_tier().fold(f64::NAN, f64::min)), cell(of_tier().fold(f64::NAN, f64::max))]);
        row
    };
    let mut columns = vec!["tier", "cities", "share_of_strength"];
    columns.extend(mass.map(|_| "share_of_mass"));
    columns.extend(["coreness_least", "coreness_greatest"]);
    let undefined = result.tiers().contains(&Tier::Undefined);
    let tiers: &[Tier] = if undefined { &[Tier::Undefined] } else { &Tier::ALL };
    TableOut { columns, rows: tiers.iter().map(row).collect() }
}

pub(super) fn methods(result: &CorePeriphery) -> TableOut {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut row = |method: &str, objective: &str, value: f64, core: f64| {
        let core = if core.is_nan() { Value::Null } else { json!(core as usize) };
        rows.push(vec![json!(method), json!(objective), cell(value), core]);
    };
    let largest = |values: &[f64]| {
        // Cities without links have no value, or 0, and take no part.
        let linked = |i: &usize| result.unlinked.binary_search(i).is_err();
        let known: Vec<f64> = (0..values.len()).filter(linked).map(|i| values[i]).collect();
        classed(&over_largest(&known)).0.iter().filter(|tier| **tier == Tier::Core).count() as f64
    };
    row(
        "MINRES",
        "share of squared strengths explained",
        result.tiers.minres.explained,
        result.tiers.cores().len() as f64,
    );
    let discrete = |found: &Result<DiscreteCore>| {
        found.as_ref().map_or((f64::NAN, f64::NAN), |found| (found.correlation, size(&found.core)))
    };
    for (name, found) in [
        ("Borgatti-Everett, log(1 + s)", &result.log1p),
        ("Borgatti-Everett, s", &result.raw),
        ("Borgatti-Everett, linked or not", &result.binary),
    ] {
        let (correlation, core) = discrete(found);
        row(name, "correlation with the ideal", correlation, core);
    }
    let continuous = &result.continuous;
    row(
        "Borgatti-Everett, continuous",
        "correlation with products",
        continuous.correlation,
        largest(&continuous.coreness),
    );
    let rossa =
        result.rossa.as_ref().map_or((f64::NAN, f64::NAN), |found| (found.centralisation, largest(&found.alpha)));
    row("Rossa", "centralisation C", rossa.0, rossa.1);
    let pairs = result.pairs.as_ref().map_or((f64::NAN, f64::NAN), |pairs| (pairs.quality, size(&pairs.core)));
    row("KM-config", "quality Q of all pairs", pairs.0, pairs.1);
    let lip = result.lip.as_ref().map_or((f64::NAN, f64::NAN), |found| (found.errors, size(&found.core)));
    row("Lip", "pairs that do not fit", lip.0, lip.1);
    TableOut { columns: vec!["method", "objective", "value", "core_cities"], rows }
}

pub(super) fn pairs(result: &CorePeriphery) -> TableOut {
    let columns = vec!["pair", "cities", "core_cities", "quality", "p", "significant"];
    let Some(pairs) = &result.pairs else { return TableOut { columns, rows: Vec::new() } };
    let row = |k: usize| {
        let in_core = (0..pairs.pair.len()).filter(|&i| pairs.pair[i] == Some(k as u32) && pairs.core[i]).count();
        let p = result.significance.as_ref().map_or(f64::NAN, |test| test.p[k]);
        let significant = result.significance.as_ref().map_or(Value::Null, |test| json!(test.significant[k]));
        vec![json!(k + 1), json!(pairs.sizes[k]), json!(in_core), cell(pairs.qualities[k]), cell(p), significant]
    };
    TableOut { columns, rows: (0..pairs.sizes.len()).map(row).collect() }
}

pub(super) fn disagreements(run: &Run, result: &CorePeriphery) -> TableOut {
    let agreement = &result.agreement;
    let discrete = |i: usize| result.log1p.as_ref().map_or(Value::Null, |found| json!(u8::from(found.core[i])));
    let row = |i: usize| {
        let alpha = result.rossa.as_ref().map_or(f64::NAN, |found| found.alpha[i]);
        let [least, most] = agreement.ranks[i];
        let mut row = who(run, i).to_vec();
        row.extend([
            json!(result.tiers()[i].name()),
            json!(agreement.consensus[i].name()),
            json!(agreement.disagreeing[i]),
        ]);
        row.extend([cell(result.tiers.coreness[i]), discrete(i), cell(result.continuous.coreness[i]), cell(alpha)]);
        row.extend([cell(least), cell(most)]);
        row
    };
    TableOut {
        columns: vec![
            "city",
            "name",
            "tier",
            "consensus",
            "methods_disagree",
            "coreness",
            "borgatti_everett",
            "continuous",
            "rossa",
            "coreness_min",
            "coreness_max",
        ],
        rows: (0..run.cities.len()).filter(|&i| agreement.disagreeing[i] > 0).map(row).collect(),
    }
}
