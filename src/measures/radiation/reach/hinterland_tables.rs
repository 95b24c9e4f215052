//! The tables of hinterlands, by core and by city, and the sentences that follow from them.

use serde_json::{Value, json};

use super::hinterland::{CONTESTED, Hinterlands};
use super::linked::LinkedHinterlands;
use super::setting::Setting;
use crate::measures::adapter::{cell, finding, printed, who};
use crate::measures::{Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::LinkDirection;

/// A row for each core.
pub(super) fn cores(
    run: &Run,
    setting: &Setting,
    result: &Hinterlands,
    linked: Option<&LinkedHinterlands>,
) -> TableOut {
    let row = |(c, &core): (usize, &usize)| -> Vec<Value> {
        let members = members(result, core);
        let mass: f64 = members.iter().map(|&i| setting.mass[i]).sum();
        let contested = members.iter().filter(|&&i| result.class[i] == "contested").count();
        let by_links =
            linked.map(|linked| (0..run.cities.len()).filter(|&i| i != core && linked.core[i] == Some(core)));
        let area = [cell(setting.area_of(&members)), cell(setting.area_of(&[core]))];
        let own = [cell(setting.mass[core]), json!(members.len()), cell(mass)].into_iter().chain(area);
        let links = [
            by_links.map_or(Value::Null, |cities| json!(cities.count())),
            linked.map_or(Value::Null, |linked| cell(linked.linkage[c])),
            linked.map_or(Value::Null, |linked| cell(linked.linkage_share[c])),
            linked.map_or(Value::Null, |linked| cell(linked.gini[c])),
        ];
        who(run, core).into_iter().chain(own).chain([json!(contested)]).chain(links).collect()
    };
    TableOut {
        columns: vec![
            "core",
            "core_name",
            "mass",
            "cities",
            "mass_dominated",
            setting.area_column(["area", "area_km2"]),
            setting.area_column(["own_area", "own_area_km2"]),
            "contested",
            "cities_linked",
            "linkage",
            "linkage_share",
            "links_gini",
        ],
        rows: setting.cores.iter().enumerate().map(row).collect(),
    }
}

/// The cities that a core dominates, without itself.
pub(super) fn members(result: &Hinterlands, core: usize) -> Vec<usize> {
    (0..result.core.len()).filter(|&i| i != core && result.core[i] == Some(core)).collect()
}

/// A row for each city.
pub(super) fn cities(run: &Run, result: &Hinterlands, linked: Option<&LinkedHinterlands>, agree: &[&str]) -> TableOut {
    let named = |city: Option<usize>| city.map_or([Value::Null, Value::Null], |i| who(run, i));
    let row = |i: usize| -> Vec<Value> {
        let by_links = linked.and_then(|linked| linked.core[i]);
        let membership = linked.map_or(f64::NAN, |linked| linked.membership[i]);
        let balance = by_links.filter(|&core| core != i).map_or(f64::NAN, |core| balance(run, i, core));
        let ahead = named(result.core[i]).into_iter().chain([cell(result.share[i])]);
        let rival = named(result.second[i]).into_iter().chain([cell(result.second_share[i]), json!(result.class[i])]);
        let links = named(by_links).into_iter().chain([cell(membership), json!(agree[i]), cell(balance)]);
        who(run, i).into_iter().chain(ahead).chain(rival).chain(links).collect()
    };
    TableOut {
        columns: vec![
            "city",
            "name",
            "hinterland",
            "hinterland_name",
            "share",
            "second",
            "second_name",
            "second_share",
            "contested",
            "linked",
            "linked_name",
            "membership",
            "agree",
            "balance",
        ],
        rows: (0..run.cities.len()).map(row).collect(),
    }
}

/// What reaches the city from the core less what leaves it for there, over both; NaN where links have no direction.
fn balance(run: &Run, city: usize, core: usize) -> f64 {
    let Some(links) = run.network.filter(|links| links.direction() == LinkDirection::Directed) else { return f64::NAN };
    let (received, sent) = (links.strength_between(core, city), links.strength_between(city, core));
    (received - sent) / (received + sent)
}

/// Who dominates what, which cities are contested, and where links and distance disagree.
pub(super) fn sentences(
    run: &Run,
    setting: &Setting,
    result: &Hinterlands,
    linked: Option<&LinkedHinterlands>,
    agree: &[&str],
) -> Vec<Note> {
    let drawn: Vec<usize> = (0..run.cities.len()).filter(|&i| result.share[i].is_finite()).collect();
    if drawn.is_empty() || setting.cores.len() < 2 {
        return Vec::new();
    }
    let known = |i: &usize| run.cities.known_as(*i);
    let mut found = vec![dominated(run, setting, result, &drawn)];
    let contested: Vec<usize> = drawn.iter().copied().filter(|&i| result.class[i] == "contested").collect();
    let bound = format!("the second core has at least {CONTESTED:.2} of the share of the first");
    found.push(match contested.len() {
        0 => format!("None of {} cities is contested in the sense that {bound}", drawn.len()),
        some => {
            format!("{some} of {} cities are contested, in that {bound}: {}", drawn.len(), listed_by(&contested, known))
        }
    });
    if let Some(linked) = linked {
        let both = drawn.iter().filter(|&&i| agree[i] != "undefined").count();
        let apart: Vec<usize> = drawn.iter().copied().filter(|&i| agree[i] == "no").collect();
        let named = |i: &usize| {
            let of = |core: Option<usize>| core.map_or(String::new(), |core| run.cities.known_as(core));
            format!("{} ({} by distance, {} by links)", known(i), of(result.core[*i]), of(linked.core[*i]))
        };
        let rest = if apart.is_empty() { String::new() } else { format!(": {}", listed_by(&apart, named)) };
        if both > 0 {
            found.push(format!(
                "Links and distance name different cores in {} of the {both} cities that are linked with a core{rest}",
                apart.len()
            ));
        }
    }
    found.into_iter().map(finding).collect()
}

fn dominated(run: &Run, setting: &Setting, result: &Hinterlands, drawn: &[usize]) -> String {
    let total: f64 = drawn.iter().map(|&i| setting.mass[i]).sum();
    let of_core = |&core: &usize| {
        let members = members(result, core);
        let mass: f64 = members.iter().map(|&i| setting.mass[i]).sum();
        (core, members.len(), mass)
    };
    let mut parts: Vec<_> = setting.cores.iter().map(of_core).filter(|(_, count, _)| *count > 0).collect();
    parts.sort_by(|a, b| b.2.total_cmp(&a.2));
    let part = |&(core, count, mass): &(usize, usize, f64)| {
        let share = if total > 0.0 { format!(" with {} of the mass", printed(mass / total, 2)) } else { String::new() };
        format!("{} dominates {count}{share}", run.cities.known_as(core))
    };
    let said: Vec<String> = parts.iter().take(4).map(part).collect();
    let more = if parts.len() > 4 {
        format!(" (the foremost 4 of {} cores with a hinterland)", parts.len())
    } else {
        String::new()
    };
    format!("Of {} cities that are no cores {}{more}", drawn.len(), listed(&said))
}
