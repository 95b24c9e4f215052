//! What a run found, in sentences, in each language.
//!
//! A sentence is computed from the numbers of an outcome. It carries them, the threshold by which its word was chosen,
//! and how uncertain they are; where the data do not bear a claim, it says so. Names of cities and columns stand in it
//! as they are: who writes a sentence into HTML or onto a terminal escapes it.

mod autocorrelation;
mod imbalance;
mod index;
mod isomorphism;
mod radiation;
mod structure;
mod told;

use std::collections::BTreeMap;

use crate::Language;
use crate::measures::{Family, Outcome, measure};
use crate::write::Report;
use told::Told;

/// Most findings that head a report.
const MOST_KEYS: usize = 6;

/// One sentence about what a run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The family of the measure.
    pub family: Family,
    /// The measure that it is about.
    pub measure: &'static str,
    /// One sentence without a full stop, in the language of the report.
    pub text: String,
    /// Whether it is among the few that head a report.
    pub key: bool,
    /// The number that stands for it at the head of a report; there for key findings only.
    pub figure: Option<Card>,
}

/// A number with the words that say what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The number, as in the sentence.
    pub number: String,
    /// What it is, in a few words.
    pub label: String,
}

/// What a measure says of one of its outcomes; `None` where its numbers are undefined.
type Teller = fn(&Told) -> Option<Vec<Finding>>;

/// Who speaks for the measures of a family, most general first.
fn tellers(family: Family) -> &'static [(&'static str, Teller)] {
    match family {
        Family::Autocorrelation => autocorrelation::TELLERS,
        Family::Imbalance => imbalance::TELLERS,
        Family::Radiation => radiation::TELLERS,
        Family::Isomorphism => isomorphism::TELLERS,
        Family::Structure => structure::TELLERS,
        Family::Index => index::TELLERS,
    }
}

/// What the run found, family by family, in each the most general first. Of several years the last one is told, and
/// the first beside it.
pub fn findings(report: &Report) -> Vec<Finding> {
    let mut found: Vec<Finding> = Family::ALL.iter().flat_map(|&family| of_family(report, family)).collect();
    choose_keys(&mut found);
    found
}

fn of_family(report: &Report, family: Family) -> Vec<Finding> {
    let told: Vec<&Outcome> = report
        .outcomes
        .iter()
        .filter(|outcome| measure(outcome.measure).is_some_and(|measure| measure.about().family == family))
        .filter(|outcome| !told::is_earlier(report, outcome) && !told::is_weighted_too(report, outcome))
        .collect();
    let spoken = tellers(family).iter().flat_map(|(name, teller)| {
        let outcomes = told.iter().filter(move |outcome| outcome.measure == *name);
        outcomes.flat_map(move |outcome| teller(&Told::of(report, outcome)).unwrap_or_default())
    });
    let silent = |outcome: &&&Outcome| tellers(family).iter().all(|(name, _)| *name != outcome.measure);
    spoken.chain(told.iter().filter(silent).flat_map(|outcome| quoted(report, family, outcome))).collect()
}

/// What a measure without a teller says itself, which is English.
fn quoted(report: &Report, family: Family, outcome: &Outcome) -> Vec<Finding> {
    if report.language != Language::English {
        return Vec::new();
    }
    let dated = |message: &str| match outcome.year.filter(|_| family != Family::Autocorrelation) {
        Some(year) if !message.contains(&year.to_string()) => format!("{year}: {message}"),
        _ => message.to_owned(),
    };
    let said = outcome.notes.iter().filter(|note| note.code == "follows");
    let text = said.map(|note| dated(&note.message));
    text.map(|text| Finding { family, measure: outcome.measure, text, key: false, figure: None }).collect()
}

/// Keeps the cards of a few findings: the first of every family, then the second, as far as there is room.
fn choose_keys(found: &mut [Finding]) {
    let mut of_family: BTreeMap<Family, usize> = BTreeMap::new();
    let mut ranked = Vec::new();
    for (i, finding) in found.iter().enumerate().filter(|(_, finding)| finding.figure.is_some()) {
        let turn = of_family.entry(finding.family).or_default();
        ranked.push((*turn, i));
        *turn += 1;
    }
    ranked.sort_unstable();
    ranked.iter().take(MOST_KEYS).for_each(|&(_, i)| found[i].key = true);
    found.iter_mut().filter(|finding| !finding.key).for_each(|finding| finding.figure = None);
}

#[cfg(test)]
mod tests;
