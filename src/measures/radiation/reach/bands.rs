//! Bands of equal strength of the strongest field, as areas.

use serde_json::json;

use super::dissolve::Parts;
use super::grid::{FieldOnGrid, Grid};
use crate::measures::adapter::cell;
use crate::measures::{Layer, LayerFeature, LayerShape};

/// Bands inside and outside of the strength at which reach ends, each half as far from the core as the next.
const STEPS: i32 = 3;

/// The bands of a field, the weakest first, or the reason why there are none.
///
/// Their borders are E₀ and what the field is at 1/8, 1/4, 1/2, 2, 4 and 8 times the distance of E₀. Within the triangles of
/// the grid the distance to the nearest core by its own measure is interpolated linearly, so that bands fit each other
/// exactly and cover the grid.
pub(super) fn bands(field: Result<FieldOnGrid, String>, threshold: f64, beta: f64) -> Result<Layer, String> {
    let field = field?;
    let values: Vec<Vec<f64>> =
        field.grids.iter().map(|grid| field.foremost(grid).into_iter().map(|(_, near)| near).collect()).collect();
    let edge = if threshold > 0.0 { libm::pow(threshold / field.most, -1.0 / beta) } else { median(&values) };
    let levels: Vec<f64> = (-STEPS..=STEPS).map(|k| edge * 2.0_f64.powi(k)).collect();
    if !levels.iter().all(|level| level.is_finite() && *level > 0.0) {
        return Err("the strength at which reach ends is out of the range of numbers".into());
    }
    let strength = |near: f64| field.most * libm::pow(near, -beta);
    let mut features = Vec::new();
    for band in (0..=levels.len()).rev() {
        let parts = parts(&field, &values, &levels, band).ok_or("the bands do not close")?;
        if parts.is_empty() {
            continue;
        }
        let from = levels.get(band).map_or(0.0, |&far| strength(far));
        let to = if band == 0 { f64::NAN } else { strength(levels[band - 1]) };
        let properties = vec![("from", cell(from)), ("to", cell(to)), ("level", json!(features.len() + 1))];
        features.push(LayerFeature { shape: LayerShape::Areas(parts), properties });
    }
    Ok(Layer { features })
}

/// The area of a band, band 0 being the nearest; none where it does not close.
fn parts(field: &FieldOnGrid, values: &[Vec<f64>], levels: &[f64], band: usize) -> Option<Parts> {
    let mut parts = Vec::new();
    for (grid, values) in field.grids.iter().zip(values) {
        let pieces: Vec<_> = grid.triangles().filter_map(|nodes| piece(grid, values, levels, band, nodes)).collect();
        parts.extend(field.union(&pieces)?);
    }
    Some(parts)
}

/// What of a triangle lies in a band.
fn piece(grid: &Grid, values: &[f64], levels: &[f64], band: usize, nodes: [usize; 3]) -> Option<Vec<[f64; 2]>> {
    let band_of = |node: usize| levels.partition_point(|level| *level <= values[node]);
    let bands = nodes.map(band_of);
    if bands.iter().all(|&b| b < band) || bands.iter().all(|&b| b > band) {
        return None;
    }
    let mut ring = Vec::with_capacity(7);
    for k in 0..3 {
        let (a, b) = (nodes[k], nodes[(k + 1) % 3]);
        let (from, to) = (bands[k], bands[(k + 1) % 3]);
        if from == band {
            ring.push(grid.node(a));
        }
        let mut cross = |level: usize| {
            if from.min(to) <= level && level < from.max(to) {
                ring.push(grid.crossing([a, b], [a, b].map(|node| values[node] - levels[level])));
            }
        };
        // Level b lies between bands b and b + 1. The lower border of the band comes first where the edge leads outwards.
        let borders = [band.checked_sub(1), (band < levels.len()).then_some(band)];
        let ordered = if from < to { borders } else { [borders[1], borders[0]] };
        ordered.into_iter().flatten().for_each(&mut cross);
    }
    ring.extend(ring.first().copied());
    Some(ring)
}

fn median(values: &[Vec<f64>]) -> f64 {
    let mut all: Vec<f64> = values.iter().flatten().copied().collect();
    let middle = all.len() / 2;
    *all.select_nth_unstable_by(middle, f64::total_cmp).1
}
