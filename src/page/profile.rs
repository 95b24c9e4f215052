//! The cities one by one: each with its place in what says most, and one in full, which the script changes for that
//! which a reader picks.

use super::html::Html;
use super::standing::Standing;
use super::{Page, anchor, families};
use crate::measures::Family;

/// Up to how many cities each has a section of its own.
const MOST: usize = 60;
/// Most neighbours that are named.
pub const MOST_NEIGHBOURS: usize = 12;

/// The profiles.
pub fn write(html: &mut Html, page: &Page, standing: &Standing) {
    let Some(&first) = standing.order.first() else { return };
    let each = standing.order.len() <= MOST;
    // Where every city has its section, the one in full is the script's alone.
    let chosen = if each { String::new() } else { first.to_string() };
    html.within("article", &[("id", "profile"), ("data-city", &chosen)], |html| {
        if !each {
            full(html, page, standing, first);
        }
    });
    let shown = if each { &standing.order[..] } else { &standing.order[..1] };
    html.within("div", &[("class", "profiles")], |html| {
        shown.iter().for_each(|&i| short(html, page, standing, i));
    });
}

/// A city in every column, family by family.
fn full(html: &mut Html, page: &Page, standing: &Standing, i: usize) {
    let title = &page.report.cities.names[i];
    html.element("h3", &[], title);
    html.open("div", &[("class", "scroll tall")]).open("table", &[("class", "facts")]);
    for family in std::iter::once(None).chain(Family::ALL.iter().copied().map(Some)) {
        let of_family: Vec<usize> =
            (0..standing.entries.len()).filter(|&entry| standing.entries[entry].family == family).collect();
        if of_family.is_empty() {
            continue;
        }
        let heading =
            family.map_or(page.say("Values", "指标值"), |family| families::words(family, page.report.language).0);
        html.open("tbody", &[]).open("tr", &[]).element("th", &[("colspan", "4"), ("scope", "rowgroup")], heading);
        html.close("tr");
        of_family.into_iter().for_each(|entry| line(html, standing, entry, i));
        html.close("tbody");
    }
    html.close("table").close("div");
}

fn line(html: &mut Html, standing: &Standing, entry: usize, i: usize) {
    html.open("tr", &[]).open("td", &[("class", "t")]).text(&standing.entries[entry].label);
    html.open("td", &[]).text(&standing.text(entry, i));
    let Some((rank, n)) = standing.rank(entry, i) else {
        html.raw("<td><td>");
        return;
    };
    let above = if n > 1 { (n - rank) as f64 / (n - 1) as f64 } else { 1.0 };
    html.open("td", &[]).text(&format!("{rank}/{n}")).open("td", &[]);
    html.open("meter", &[("value", &crate::note::short(above))]).close("meter");
}

/// A city in a few lines.
fn short(html: &mut Html, page: &Page, standing: &Standing, i: usize) {
    let cities = &page.report.cities;
    html.open("section", &[("id", &anchor(&cities.ids[i])), ("data-c", &i.to_string())]);
    html.element("h3", &[], &cities.names[i]).open("dl", &[]);
    for (heading, entry) in &standing.ranking {
        let text = standing.text(*entry, i);
        if text.is_empty() {
            continue;
        }
        html.open("dt", &[]).text(heading).open("dd", &[]).text(&text);
        if let Some((rank, n)) = standing.rank(*entry, i) {
            html.text(&format!(" ({rank}/{n})"));
        }
    }
    let neighbours = neighbours(page, i);
    if !neighbours.is_empty() {
        html.open("dt", &[]).text(page.say("neighbours", "相邻城市")).open("dd", &[]);
        for (k, &j) in neighbours.iter().enumerate() {
            let comma = if k > 0 { page.report.language.comma() } else { "" };
            html.text(comma).text(&cities.names[j as usize]);
        }
    }
    html.close("dl").close("section").raw("\n");
}

/// The neighbours of a city under the first weights.
pub fn neighbours<'a>(page: &Page<'a>, i: usize) -> &'a [u32] {
    let first = page.report.weights.first().filter(|weights| weights.n() == page.report.cities.len());
    let all = first.map_or(&[][..], |weights| weights.neighbours(i));
    &all[..all.len().min(MOST_NEIGHBOURS)]
}
