//! [`core_periphery()`] in the registry.

use super::about::ABOUT;
use super::findings::{findings, notes};
use super::tables;
use super::{CorePeriphery, DiscreteCore, Tier, core_periphery};
use crate::error::Result;
use crate::measures::adapter::{filled, unsign};
use crate::measures::{Measure, Outcome, Run, Values};
use crate::study::{LinkMeaning, Linkage};

/// [`core_periphery()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let Some(links) = run.network else { return Ok(Vec::new()) };
    let empty = Outcome { measure: ABOUT.name, ..Outcome::default() };
    let mut outcome = filled(run.cities.len(), &ABOUT, empty, |outcome| fill(run, links, outcome))?;
    unsign(&mut outcome);
    Ok(vec![outcome])
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let result = core_periphery(links, run.inference)?;
    outcome.scalars = scalars(&result);
    outcome.columns = columns(&result);
    outcome.tables = vec![
        ("tiers", tables::tiers(run, links, &result)),
        ("methods", tables::methods(&result)),
        ("pairs", tables::pairs(&result)),
        ("disagreements", tables::disagreements(run, &result)),
    ];
    outcome.notes = notes(run, &result);
    outcome.notes.extend(findings(run, links, &result));
    outcome.footer = Some(footer(links, &result));
    Ok(())
}

fn footer(links: &Linkage, result: &CorePeriphery) -> String {
    let weights = match links.meaning() {
        LinkMeaning::Strength => "weights are strengths",
        LinkMeaning::Cost => "weights are costs, strength 1/w",
    };
    let tested = match &result.significance {
        Some(test) => format!("; (q,s)-test of KM-config on {} random networks", test.networks),
        None => String::new(),
    };
    let n = result.tiers().len() - result.unlinked.len();
    format!(
        "tiers by natural breaks of MINRES coreness on links without direction; {weights}; n = {n} cities with links{tested}"
    )
}

/// Number of cities in a core.
pub(super) fn size(core: &[bool]) -> f64 {
    core.iter().filter(|core| **core).count() as f64
}

fn scalars(result: &CorePeriphery) -> Vec<(&'static str, f64)> {
    let n = result.tiers().len();
    let of = |found: &Result<DiscreteCore>, f: fn(&DiscreteCore) -> f64| found.as_ref().map_or(f64::NAN, f);
    let correlation = |found: &DiscreteCore| found.correlation;
    let cities = |found: &DiscreteCore| size(&found.core);
    let disagreements = result.agreement.disagreeing.iter().filter(|&&count| count > 0).count();
    let significant = |p: &super::PairSignificance| p.significant.iter().filter(|is| **is).count() as f64;
    vec![
        ("n", n as f64),
        ("n_linked", (n - result.unlinked.len()) as f64),
        ("core_cities", result.tiers.cores().len() as f64),
        ("disagreements", disagreements as f64),
        ("minres_residual", result.tiers.minres.residual),
        ("minres_pre", result.tiers.minres.explained),
        ("be_correlation", of(&result.log1p, correlation)),
        ("be_core_size", of(&result.log1p, cities)),
        ("be_certified", of(&result.log1p, |found| f64::from(u8::from(found.certified)))),
        ("be_correlation_raw", of(&result.raw, correlation)),
        ("be_core_size_raw", of(&result.raw, cities)),
        ("be_correlation_binary", of(&result.binary, correlation)),
        ("be_core_size_binary", of(&result.binary, cities)),
        ("continuous_correlation", result.continuous.correlation),
        ("rossa_centralisation", result.rossa.as_ref().map_or(f64::NAN, |found| found.centralisation)),
        (
            "rossa_centralisation_directed",
            result.rossa_directed.as_ref().map_or(f64::NAN, |found| found.centralisation),
        ),
        ("km_q", result.pairs.as_ref().map_or(f64::NAN, |pairs| pairs.quality)),
        ("km_pairs", result.pairs.as_ref().map_or(f64::NAN, |pairs| pairs.sizes.len() as f64)),
        ("km_significant_pairs", result.significance.as_ref().map_or(f64::NAN, significant)),
        ("lip_errors", result.lip.as_ref().map_or(f64::NAN, |found| found.errors)),
        ("lip_core_size", result.lip.as_ref().map_or(f64::NAN, |found| size(&found.core))),
    ]
}

fn columns(result: &CorePeriphery) -> Vec<(&'static str, Values)> {
    let n = result.tiers().len();
    let names = |tiers: &[Tier]| Values::Classes(tiers.iter().map(|tier| tier.name()).collect());
    let none = || vec![f64::NAN; n];
    let rank = |at: usize| Values::Numbers(result.agreement.ranks.iter().map(|ranks| ranks[at]).collect());
    let discrete = match &result.log1p {
        Ok(found) => found.core.iter().map(|&core| Some(i64::from(core))).collect(),
        Err(_) => vec![None; n],
    };
    // Where pairs are not tested, all are shown.
    let shown = |pair: u32| result.significance.as_ref().is_none_or(|test| test.significant[pair as usize]);
    let pair = |i: usize| result.pairs.as_ref().and_then(|pairs| pairs.pair[i]).filter(|&pair| shown(pair));
    let role = |i: usize| pair(i).and_then(|_| result.pairs.as_ref().map(|pairs| i64::from(pairs.core[i])));
    let counts = result.agreement.disagreeing.iter().map(|&count| Some(count as i64)).collect();
    let flag = |i: usize| match (result.agreement.consensus[i], result.agreement.disagreeing[i]) {
        (Tier::Undefined, _) => "undefined",
        (_, 0) => "no",
        _ => "yes",
    };
    vec![
        ("tier", names(result.tiers())),
        ("coreness", Values::Numbers(result.tiers.coreness.clone())),
        ("disagreement", Values::Classes((0..n).map(flag).collect())),
        ("consensus", names(&result.agreement.consensus)),
        ("methods_disagree", Values::Counts(counts)),
        ("coreness_min", rank(0)),
        ("coreness_max", rank(1)),
        ("minres", Values::Numbers(result.tiers.minres.coreness.clone())),
        ("borgatti_everett", Values::Counts(discrete)),
        ("continuous", Values::Numbers(result.continuous.coreness.clone())),
        ("rossa", Values::Numbers(result.rossa.as_ref().map_or_else(none, |found| found.alpha.clone()))),
        ("km_pair", Values::Counts((0..n).map(|i| pair(i).map(|pair| i64::from(pair) + 1)).collect())),
        ("km_core", Values::Counts((0..n).map(role).collect())),
        ("k_core", Values::Numbers(result.k_core.clone().unwrap_or_else(none))),
        ("s_core", Values::Numbers(result.s_core.clone())),
    ]
}
