//! What a GIS draws of hinterlands: the cities of each core as one shape, and the areas in which it draws most.

use serde_json::{Value, json};

use super::super::area::turn;
use super::dissolve::{Parts, dissolved};
use super::dominance::dominance;
use super::hinterland::Hinterlands;
use super::hinterland_tables::members;
use super::setting::Setting;
use crate::measures::adapter::{cell, who};
use crate::measures::{Layer, LayerFeature, LayerShape, Run};
use crate::note::{Note, listed_by};
use crate::study::{Cities, RingRole, ShapeKind};

/// The layers, and notes on what could not be drawn.
pub(super) fn layers(
    run: &Run,
    setting: &Setting,
    result: &Hinterlands,
    notes: &mut Vec<Note>,
) -> Vec<(&'static str, Layer)> {
    let mut layers = Vec::new();
    if (0..run.cities.len()).any(|i| run.cities.shapes.kind(i) == ShapeKind::Area) {
        layers.push(("hinterlands", hinterlands(run, setting, result, notes)));
    }
    if run.costs.is_some() {
        notes.push(Note::remark("not_run", "no areas of dominance are drawn, since distances are costs of ways"));
        return layers;
    }
    match dominance(setting.field_on_grid()) {
        Ok(areas) => layers.push(("dominance", areas_of_dominance(run, setting, areas))),
        Err(reason) => notes.push(Note::remark("not_run", format!("no areas of dominance: {reason}"))),
    }
    layers
}

fn hinterlands(run: &Run, setting: &Setting, result: &Hinterlands, notes: &mut Vec<Note>) -> Layer {
    let (mut features, mut undissolved) = (Vec::new(), Vec::new());
    for &core in &setting.cores {
        let mut ground = members(result, core);
        let numbers = [
            ("mass", cell(setting.mass[core])),
            ("cities", json!(ground.len())),
            ("mass_dominated", cell(ground.iter().map(|&i| setting.mass[i]).sum())),
        ];
        ground.push(core);
        ground.retain(|&i| run.cities.shapes.kind(i) == ShapeKind::Area);
        ground.sort_unstable();
        if ground.is_empty() {
            continue;
        }
        let rings: Vec<_> = ground.iter().flat_map(|&i| directed(run.cities, i)).collect();
        let parts = dissolved(&rings, run.cities.metric).unwrap_or_else(|| {
            undissolved.push(core);
            ground.iter().flat_map(|&i| as_they_are(run.cities, i)).collect()
        });
        let area = (setting.area_column(["area", "area_km2"]), cell(setting.area_of(&ground)));
        let properties = named(run, core).into_iter().chain(numbers).chain([area]).collect();
        features.push(LayerFeature { shape: LayerShape::Areas(parts), properties });
    }
    if !undissolved.is_empty() {
        let which = listed_by(&undissolved, |&i| run.cities.label(i));
        let message = format!(
            "the hinterlands of {which} are drawn city by city: their borders overlap, so that they do not join to one"
        );
        notes.push(Note::remark("not_run", message));
    }
    Layer { features }
}

fn named(run: &Run, core: usize) -> [(&'static str, Value); 2] {
    let [id, name] = who(run, core);
    [("core", id), ("core_name", name)]
}

/// The rings of a city, shells anticlockwise and holes clockwise.
fn directed(cities: &Cities, city: usize) -> Vec<Vec<[f64; 2]>> {
    let of_ring = |(role, ring): (RingRole, &[[f64; 2]])| {
        let mut ring = ring.to_vec();
        if (turn(&ring, cities.metric) > 0.0) != (role == RingRole::Shell) {
            ring.reverse();
        }
        ring
    };
    cities.shapes.rings(city).map(of_ring).collect()
}

/// The parts of a city as they came, in the directions that a layer has.
fn as_they_are(cities: &Cities, city: usize) -> Parts {
    let mut parts: Parts = Vec::new();
    for ((role, _), ring) in cities.shapes.rings(city).zip(directed(cities, city)) {
        match (role, parts.last_mut()) {
            (RingRole::Hole, Some(part)) => part.push(ring),
            _ => parts.push(vec![ring]),
        }
    }
    parts
}

fn areas_of_dominance(run: &Run, setting: &Setting, areas: Vec<(usize, Parts)>) -> Layer {
    let feature = |(c, parts): (usize, Parts)| {
        let core = setting.cores[c];
        let properties = named(run, core).into_iter().chain([("mass", cell(setting.mass[core]))]).collect();
        LayerFeature { shape: LayerShape::Areas(parts), properties }
    };
    Layer { features: areas.into_iter().map(feature).collect() }
}
