//! What has to be known of a division into core and periphery, and what a report can quote.

use super::borgatti_everett::MOST as MOST_DIVIDED;
use super::rossa::MOST as MOST_PROFILED;
use super::tables::share_of_strength;
use super::{CorePeriphery, MOST_LINKS, Tier};
use crate::measures::Run;
use crate::measures::adapter::{finding, printed};
use crate::note::{Note, listed_by};
use crate::study::Linkage;

/// One note for each reason why a number is missing or a tier is doubtful.
pub(super) fn notes(run: &Run, result: &CorePeriphery) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut undefined = |message: &str| notes.push(Note::remark("undefined_number", message));
    if result.tiers().contains(&Tier::Undefined) {
        undefined("no tiers: all cities with links are alike, so that none is core and none periphery");
    }
    if result.complete {
        undefined(
            "no binary Borgatti-Everett, no Lip and no k_core: in a complete network every city is linked with every other; take a backbone",
        );
    }
    if result.continuous.correlation.is_nan() {
        undefined("no continuous core and no Borgatti-Everett core: all pairs of cities are linked alike");
    }
    let few = run.cities.len() - result.unlinked.len() < 3;
    if few {
        undefined("no rossa_centralisation: there are fewer than three cities with links");
    }
    notes.extend(not_run(run, result));
    if !result.tiers.minres.arrived {
        let message = "coreness has not come to rest when its search was stopped, as in a network that is nearly a star; its order is sound, its distances are not";
        notes.push(Note::remark("not_arrived", message));
    }
    if !result.unlinked.is_empty() {
        let named = listed_by(&result.unlinked, |&i| run.cities.label(i));
        let message = format!("periphery for want of any link, and without rossa and km_pair: {named}");
        notes.push(Note::remark("no_links", message).about(result.unlinked.iter().map(|&i| &run.cities.ids[i])));
    }
    notes
}

/// What was left out because it would take too long, or cannot be made.
fn not_run(run: &Run, result: &CorePeriphery) -> Vec<Note> {
    let mut said = Vec::new();
    if run.cities.len() - result.unlinked.len() > MOST_DIVIDED {
        said.push(format!("no Borgatti-Everett core: it is searched among up to {MOST_DIVIDED} cities"));
    }
    if result.rossa.is_none() {
        said.push(format!("no rossa: the profile is made of up to {MOST_PROFILED} cities"));
    } else if result.rossa_directed.is_none() {
        said.push("no rossa_centralisation_directed: along the directions of the links not every city is reached from every other".into());
    }
    match (&result.pairs, &result.significance) {
        (None, _) => said.push(format!("no KM-config: pairs are searched among up to {MOST_LINKS} links")),
        (_, None) if run.inference.permutations == 0 => {
            said.push("the pairs of KM-config are not tested without permutations; all are shown".into());
        }
        (_, None) => said.push(
            "the pairs of KM-config are not tested: random networks of this size would take too long; all are shown"
                .into(),
        ),
        _ => {}
    }
    said.into_iter().map(|message| Note::remark("not_run", message)).collect()
}

/// At most four sentences, the first two for those who read no more: the core, and which of it is disputed; how core-like the
/// network is; pairs beside each other, or parts.
pub(super) fn findings(run: &Run, links: &Linkage, result: &CorePeriphery) -> Vec<Note> {
    let said =
        [core(run, links, result), disputed(run, result), likeness(run, result), several(run, result), apart(links)];
    said.into_iter().flatten().take(4).map(finding).collect()
}

fn core(run: &Run, links: &Linkage, result: &CorePeriphery) -> Option<String> {
    let coreness = &result.tiers.coreness;
    let cores = foremost_first(result.tiers.cores(), coreness);
    let cities = run.cities.len();
    let strength = printed(100.0 * share_of_strength(links, result, Tier::Core), 0);
    if let [alone] = cores[..] {
        let next = (0..cities).filter(|&i| i != alone).map(|i| coreness[i]).fold(0.0, f64::max);
        return Some(format!(
            "the core is {} alone of {cities} cities, with {strength} % of the strength of all links; no other city has more than {} of its coreness",
            run.cities.known_as(alone),
            printed(next, 2)
        ));
    }
    let cut = result.tiers.cuts.last().copied().unwrap_or(f64::NAN);
    (!cores.is_empty()).then(|| {
        format!(
            "the core are {} of {cities} cities, with a coreness of {} or more and {strength} % of the strength of all links: {}",
            cores.len(),
            printed(cut, 2),
            listed_by(&cores, |&i| run.cities.known_as(i))
        )
    })
}

fn foremost_first(mut cities: Vec<usize>, coreness: &[f64]) -> Vec<usize> {
    cities.sort_by(|&a, &b| coreness[b].total_cmp(&coreness[a]));
    cities
}

/// A core that a method places elsewhere disagrees with the consensus, or the consensus with its tier: both are counted.
fn disputed(run: &Run, result: &CorePeriphery) -> Option<String> {
    let (agreement, methods, tiers) = (&result.agreement, result.agreement.methods, result.tiers());
    if methods < 2 {
        return None;
    }
    let which = |core: bool| {
        let cities = (0..tiers.len()).filter(|&i| agreement.disagreeing[i] > 0 && (tiers[i] == Tier::Core) == core);
        foremost_first(cities.collect(), &result.tiers.coreness)
    };
    let (of_core, of_others) = (which(true), which(false));
    if of_core.is_empty() && of_others.is_empty() {
        return Some(format!("all {methods} methods agree on the tier of every city"));
    }
    let named = |cities: &[usize]| listed_by(cities, |&i| run.cities.known_as(i));
    let cores = result.tiers.cores().len();
    let whole = if cores == 1 { "the one core".to_owned() } else { format!("the {cores} cores") };
    let count = match of_others.len() {
        0 => "none is".to_owned(),
        1 => "1 is".to_owned(),
        some => format!("{some} are"),
    };
    let others = format!(
        "of the other {} cities {count} put into another tier than the consensus by at least one",
        tiers.len() - cores
    );
    let whom = match (cores, of_core.len()) {
        (_, 0) => {
            return Some(format!("all {methods} methods put {whole} into the core; {others}: {}", named(&of_others)));
        }
        (1, _) => format!("{whole} is"),
        (_, 1) => format!("of {whole} 1 is"),
        (_, some) => format!("of {whole} {some} are"),
    };
    Some(format!("{whom} placed elsewhere by at least one of {methods} methods: {}; {others}", named(&of_core)))
}

/// Together with the pairs of KM-config where none of them is told from chance, since a correlation is not tested.
fn likeness(run: &Run, result: &CorePeriphery) -> Option<String> {
    let found = result.log1p.as_ref().ok()?;
    let word = match found.correlation {
        ..0.3 => "weakly",
        0.3..0.5 => "clearly",
        _ => "strongly",
    };
    let correlates = format!(
        "the network correlates {word}, by {}, with an ideal one of core and periphery (Borgatti-Everett on log(1 + s), not tested; clearly from 0.3, strongly from 0.5)",
        printed(found.correlation, 2)
    );
    let (count, significant) = significant_pairs(result).unwrap_or((0, vec![0]));
    if !significant.is_empty() {
        return Some(correlates);
    }
    let none = match count {
        1 => "the one pair of core and periphery that KM-config finds is not".to_owned(),
        _ => format!("none of the {count} pairs of core and periphery that KM-config finds is"),
    };
    Some(format!(
        "{correlates}; the strengths of the cities alone may account for it, since {none} told from chance at {} where cities keep their strengths",
        run.inference.alpha
    ))
}

/// How many pairs KM-config finds, and those that are told from chance; `None` without pairs or a test.
fn significant_pairs(result: &CorePeriphery) -> Option<(usize, Vec<usize>)> {
    let (pairs, test) = (result.pairs.as_ref()?, result.significance.as_ref()?);
    let count = pairs.sizes.len();
    (count > 0).then(|| (count, (0..count).filter(|&k| test.significant[k]).collect()))
}

fn several(run: &Run, result: &CorePeriphery) -> Option<String> {
    let pairs = result.pairs.as_ref()?;
    let (count, significant) = significant_pairs(result)?;
    if significant.is_empty() {
        // Said with the correlation, where there is one.
        let alone = result.log1p.is_err();
        return alone.then(|| {
            let alpha = run.inference.alpha;
            format!("none of {count} pairs of core and periphery (KM-config) is told from chance at {alpha}")
        });
    }
    let foremost = |&k: &usize| {
        let members = (0..pairs.pair.len()).filter(|&i| pairs.pair[i] == Some(k as u32) && pairs.core[i]);
        let first = foremost_first(members.collect(), &result.tiers.coreness);
        let around = first.first().map_or_else(String::new, |&i| run.cities.known_as(i));
        format!("{} cities around {around}", pairs.sizes[k])
    };
    Some(format!(
        "of {count} {} of core and periphery (KM-config) {} {} told from chance at {}: {}",
        if count == 1 { "pair" } else { "pairs" },
        significant.len(),
        if significant.len() == 1 { "is" } else { "are" },
        run.inference.alpha,
        listed_by(&significant, foremost)
    ))
}

/// One coreness follows one centre.
fn apart(links: &Linkage) -> Option<String> {
    let components = links.components();
    let sentence = format!(
        "the network falls into {} parts that no link joins; coreness follows one centre, so that the tiers are those of the part with the strongest links",
        components.len()
    );
    (components.len() > 1).then_some(sentence)
}
