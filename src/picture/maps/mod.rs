//! Maps of results: classes of local measures, tiers, hinterlands, the field of the cores, flows, centres of gravity.

mod centre;
mod classed;
mod field;
mod flows;
mod grades;
mod groups;
mod hinterlands;
mod kinds;
mod local;
mod tiers;
mod values;

use std::collections::HashMap;

use rayon::prelude::*;

use super::ground::Ground;
use super::legend::{Entry, Sign};
use super::svg::{Svg, tenths};
use super::{Figure, Stage};
use crate::measures::{LayerFeature, LayerShape};
use crate::note::{listed, short};

/// All maps of results, in the order of a report.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    const MAPS: [fn(&Stage) -> Vec<Figure>; 9] = [
        local::draw,
        tiers::draw,
        hinterlands::draw,
        field::draw,
        flows::draw,
        centre::draw,
        grades::draw,
        groups::draw,
        values::draw,
    ];
    MAPS.into_par_iter().flat_map_iter(|draw| draw(stage)).collect()
}

/// Outline of cities that are marked on top of their class; it is seen on light and on dark paper.
const MARK: &str = "#8250df";

/// Whether a page shows this year: the first and the last of those analysed.
pub(super) fn shown_year(stage: &Stage, year: Option<i32>) -> bool {
    let years = stage.report.years();
    year.is_none_or(|year| years.iter().min() == Some(&year) || years.iter().max() == Some(&year))
}

/// Whether this is the last year of those analysed, or no year.
fn last_year(stage: &Stage, year: Option<i32>) -> bool {
    year.is_none_or(|year| stage.report.years().iter().max() == Some(&year))
}

/// Whether a run has results of a measure.
fn has(stage: &Stage, measure: &'static str) -> bool {
    stage.of(measure).next().is_some()
}

/// The number that a shape of a layer has under this name; NaN where it has none.
fn number(feature: &LayerFeature, name: &str) -> f64 {
    let value = feature.properties.iter().find(|(other, _)| *other == name).and_then(|(_, value)| value.as_f64());
    value.unwrap_or(f64::NAN)
}

/// The text that a shape of a layer has under this name.
fn text<'a>(feature: &'a LayerFeature, name: &str) -> Option<&'a str> {
    feature.properties.iter().find(|(other, _)| *other == name).and_then(|(_, value)| value.as_str())
}

/// The place of each id among the cities.
fn places<'a>(stage: &Stage<'a>) -> HashMap<&'a str, usize> {
    stage.report.cities.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect()
}

/// Cities in the order in which their names matter: by mass, else by value, else by the strength of their links.
fn prominent(stage: &Stage) -> Vec<usize> {
    let n = stage.report.cities.len();
    let given = stage.report.mass.last().or(stage.report.values.last());
    let size: Vec<f64> = match (given, stage.network) {
        (Some(variable), _) => variable.values.clone(),
        (None, Some(network)) => network.strength_in().iter().zip(network.strength_out()).map(|(a, b)| a + b).collect(),
        (None, None) => vec![0.0; n],
    };
    let size = |i: usize| size.get(i).copied().filter(|x| x.is_finite()).unwrap_or(f64::NEG_INFINITY);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
    order
}

/// The cities of `order` that `keep` keeps.
fn only(order: Vec<usize>, keep: impl Fn(usize) -> bool) -> Vec<usize> {
    order.into_iter().filter(|&i| keep(i)).collect()
}

/// `Wuxi, Suzhou and 3 more`.
fn names(stage: &Stage, members: &[usize]) -> String {
    const MOST: usize = 10;
    let shown: Vec<String> = members.iter().take(MOST).map(|&i| stage.report.cities.known_as(i)).collect();
    let more = members.len() - shown.len();
    let english = if more == 0 { listed(&shown) } else { format!("{} and {more} more", shown.join(", ")) };
    let chinese = shown.join("、") + &if more == 0 { String::new() } else { format!("等 {} 个", members.len()) };
    stage.say(english, chinese)
}

/// Parts of a text that are there, with a space between sentences in English.
fn sentences(stage: &Stage, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let ended = |part: &String| capitalised(part) + stage.say(".", "。");
    parts.iter().map(ended).collect::<Vec<_>>().join(stage.say(" ", ""))
}

/// With a capital at its beginning, unless a symbol stands there, as p or n.
pub(super) fn capitalised(text: &str) -> String {
    let (first, second) = (text.chars().next(), text.chars().nth(1));
    match (first, second) {
        (Some(first), Some(second)) if second.is_ascii_lowercase() => {
            first.to_uppercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// The name of the projection, as the last sentence of a caption.
fn projection(stage: &Stage) -> String {
    stage.ground.projection().name(stage.language()).to_string()
}

/// `382 km`.
fn length(stage: &Stage, x: f64) -> String {
    format!("{} {}", short(x), stage.ground.unit()).trim_end().to_owned()
}

/// Outlines these cities above their fills.
fn outline(svg: &mut Svg, cities: &[usize], look: &str) {
    if !cities.is_empty() {
        svg.group(&format!(r#"fill="none" stroke-linejoin="round" pointer-events="none" {look}"#), |svg| {
            cities.iter().for_each(|i| svg.shared(&format!("c{i}"), ""));
        });
    }
}

/// The legend of what is outlined.
fn outlined_entry(text: String) -> Entry {
    Entry { sign: Sign::Outline(MARK.to_owned()), text }
}

/// Draws within a window of the picture; nothing is seen beyond its edges.
fn window(svg: &mut Svg, [x, y]: [f64; 2], [width, height]: [f64; 2], content: impl FnOnce(&mut Svg)) {
    let mut inside = Svg::default();
    content(&mut inside);
    let (x, y, width, height) = (tenths(x), tenths(y), tenths(width), tenths(height));
    svg.raw(&format!(r#"<svg x="{x}" y="{y}" width="{width}" height="{height}">{}</svg>"#, inside.into_body()));
}

/// The rings of areas or the lines of a layer's shape as one path on the map.
fn shape_path(ground: &Ground, shape: &LayerShape) -> String {
    let (parts, close): (Vec<&Vec<[f64; 2]>>, &str) = match shape {
        LayerShape::Areas(areas) => (areas.iter().flatten().collect(), "Z"),
        LayerShape::Lines(lines) => (lines.iter().collect(), ""),
        LayerShape::Point(_) => return String::new(),
    };
    let on_map = |part: &Vec<[f64; 2]>| {
        // Steps that are finer than the eye sees only make the file larger.
        let points = super::ground::simplified(&part.iter().map(|c| ground.place(*c)).collect::<Vec<_>>());
        super::svg::outline(&points.iter().map(|point| point.map(f64::round)).collect::<Vec<_>>())
    };
    let drawn = parts.into_iter().map(on_map).filter(|path| !path.is_empty());
    drawn.map(|path| path + close).collect()
}

#[cfg(test)]
mod tests;
