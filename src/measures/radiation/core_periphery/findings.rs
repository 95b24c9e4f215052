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

/// At most four sentences: the core, how core-like the network is, who is disputed, and pairs beside each other.
pub(super) fn findings(run: &Run, links: &Linkage, result: &CorePeriphery) -> Vec<Note> {
    let said = [core(run, links, result), likeness(result), disputed(run, result), several(run, result), apart(links)];
    said.into_iter().flatten().take(4).map(finding).collect()
}

fn core(run: &Run, links: &Linkage, result: &CorePeriphery) -> Option<String> {
    let mut cores = result.tiers.cores();
    if cores.is_empty() {
        return None;
    }
    cores.sort_by(|&a, &b| result.tiers.coreness[b].total_cmp(&result.tiers.coreness[a]));
    let cut = result.tiers.cuts.last().copied().unwrap_or(f64::NAN);
    Some(format!(
        "the core are {} of {} cities, with a coreness of {} or more and {} % of the strength of all links: {}",
        cores.len(),
        run.cities.len(),
        printed(cut, 2),
        printed(100.0 * share_of_strength(links, result, Tier::Core), 0),
        listed_by(&cores, |&i| run.cities.label(i))
    ))
}

fn likeness(result: &CorePeriphery) -> Option<String> {
    let found = result.log1p.as_ref().ok()?;
    let word = match found.correlation {
        ..0.3 => "hardly one of",
        0.3..0.5 => "only in part one of",
        _ => "much like one of",
    };
    Some(format!(
        "the network is {word} core and periphery: its links correlate by {} with an ideal one (Borgatti-Everett on log(1 + s); in part from 0.3, much from 0.5)",
        printed(found.correlation, 2)
    ))
}

fn disputed(run: &Run, result: &CorePeriphery) -> Option<String> {
    let agreement = &result.agreement;
    let cities: Vec<usize> = (0..run.cities.len()).filter(|&i| agreement.disagreeing[i] > 0).collect();
    let methods = agreement.methods;
    if methods < 2 {
        return None;
    }
    if cities.is_empty() {
        return Some(format!("all {methods} methods agree on the tier of every city"));
    }
    let named = listed_by(&cities, |&i| run.cities.label(i));
    Some(format!(
        "{} of {} cities are put into another tier than the consensus by at least one of {methods} methods: {named}",
        cities.len(),
        run.cities.len()
    ))
}

fn several(run: &Run, result: &CorePeriphery) -> Option<String> {
    let (pairs, test) = (result.pairs.as_ref()?, result.significance.as_ref()?);
    let significant: Vec<usize> = (0..pairs.sizes.len()).filter(|&k| test.significant[k]).collect();
    let alpha = run.inference.alpha;
    if significant.is_empty() {
        return Some(format!(
            "none of {} pairs of core and periphery (KM-config) is told from chance at {alpha}",
            pairs.sizes.len()
        ));
    }
    let foremost = |&k: &usize| {
        let members = (0..pairs.pair.len()).filter(|&i| pairs.pair[i] == Some(k as u32) && pairs.core[i]);
        let first =
            members.max_by(|&a, &b| result.tiers.coreness[a].total_cmp(&result.tiers.coreness[b]).then(b.cmp(&a)));
        format!("{} cities around {}", pairs.sizes[k], first.map_or_else(String::new, |i| run.cities.label(i)))
    };
    Some(format!(
        "{} of {} pairs of core and periphery (KM-config) are told from chance at {alpha}: {}",
        significant.len(),
        pairs.sizes.len(),
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
