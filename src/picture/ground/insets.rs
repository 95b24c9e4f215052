//! Which cities lie so far off that a map of them all would show little of most: they are drawn in insets.

use crate::study::Cities;

/// Cities farther apart than this share of the whole extent belong to different groups,
const FAR: f64 = 0.08;
/// and than this many times the usual distance of a city from its nearest.
const USUAL: f64 = 5.0;
/// Largest share of the cities that are drawn in insets.
const FEW: f64 = 0.12;
/// Most insets.
const MOST: usize = 4;
/// Insets are made where the extent of the others is at most this share of that of all.
const GAIN: f64 = 0.6;
/// From how many cities on there is a main group to speak of.
const LEAST: usize = 12;

/// The group of each city: 0 for the main map, 1 and above for insets in the order of their first cities.
pub fn groups(cities: &Cities, project: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<usize> {
    let n = cities.len();
    let none = vec![0; n];
    let points: Vec<(usize, [f64; 2])> =
        (0..n).filter_map(|i| cities.points[i].map(|point| (i, project(point)))).collect();
    if points.len() < LEAST {
        return none;
    }
    let reach = reach(&points);
    let parts = parts(&points, reach);
    let sizes = sizes(&parts);
    let main = (0..sizes.len()).max_by_key(|&part| (sizes[part], usize::MAX - part)).unwrap_or(0);
    let outside = points.len() - sizes[main];
    if sizes.len() - 1 > MOST || outside == 0 || outside as f64 > FEW * points.len() as f64 {
        return none;
    }
    let all = area(cities, &project, |_| true);
    let mut of = none.clone();
    for (k, &(i, _)) in points.iter().enumerate() {
        of[i] = if parts[k] == main { 0 } else { parts[k] + usize::from(parts[k] < main) };
    }
    if area(cities, &project, |i| of[i] == 0) <= GAIN * all { of } else { none }
}

/// The distance from which on cities are of different groups.
fn reach(points: &[(usize, [f64; 2])]) -> f64 {
    let ([west, east], [south, north]) = bounds(points.iter().map(|(_, point)| *point));
    let index = rstar::RTree::bulk_load(points.iter().map(|(_, point)| *point).collect());
    let mut nearest: Vec<f64> = points
        .iter()
        .map(|(_, point)| index.nearest_neighbor_iter_with_distance_2(*point).nth(1).map_or(0.0, |(_, d2)| d2.sqrt()))
        .collect();
    nearest.sort_unstable_by(f64::total_cmp);
    (FAR * libm::hypot(east - west, north - south)).max(USUAL * nearest[nearest.len() / 2])
}

/// The part of each point: those that steps no longer than `reach` join, numbered by their first points.
fn parts(points: &[(usize, [f64; 2])], reach: f64) -> Vec<usize> {
    use rstar::primitives::GeomWithData;
    let items = points.iter().enumerate().map(|(k, (_, point))| GeomWithData::new(*point, k));
    let index = rstar::RTree::bulk_load(items.collect());
    let mut parts = vec![usize::MAX; points.len()];
    let mut count = 0;
    for start in 0..points.len() {
        if parts[start] != usize::MAX {
            continue;
        }
        parts[start] = count;
        let mut open = vec![start];
        while let Some(k) = open.pop() {
            for near in index.locate_within_distance(points[k].1, reach * reach) {
                if parts[near.data] == usize::MAX {
                    parts[near.data] = count;
                    open.push(near.data);
                }
            }
        }
        count += 1;
    }
    parts
}

fn sizes(parts: &[usize]) -> Vec<usize> {
    let mut sizes = vec![0; parts.iter().max().map_or(0, |last| last + 1)];
    parts.iter().for_each(|&part| sizes[part] += 1);
    sizes
}

/// The area of the rectangle about the shapes of some cities.
fn area(cities: &Cities, project: &impl Fn([f64; 2]) -> [f64; 2], of: impl Fn(usize) -> bool) -> f64 {
    let shapes = (0..cities.len()).filter(|i| of(*i)).flat_map(|i| cities.shapes.coordinates(i));
    let ([west, east], [south, north]) = bounds(shapes.map(|c| project(*c)));
    (east - west) * (north - south)
}

fn bounds(points: impl Iterator<Item = [f64; 2]>) -> ([f64; 2], [f64; 2]) {
    let none = [f64::INFINITY, f64::NEG_INFINITY];
    points.fold((none, none), |(x, y), point| {
        ([x[0].min(point[0]), x[1].max(point[0])], [y[0].min(point[1]), y[1].max(point[1])])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Shapes;

    fn cities(points: &[[f64; 2]]) -> Cities {
        let mut shapes = Shapes::default();
        points.iter().for_each(|point| shapes.push_point(*point));
        let texts: Vec<String> = (0..points.len()).map(|i| i.to_string()).collect();
        let points = points.iter().copied().map(Some).collect();
        Cities { ids: texts.clone(), names: texts, shapes, points, ..crate::write::fixture::cities() }
    }

    fn block() -> Vec<[f64; 2]> {
        (0..36).map(|i| [f64::from(i % 6), f64::from(i / 6)]).collect()
    }

    #[test]
    fn a_far_island_is_an_inset_and_a_near_one_is_not() {
        let far = [block(), vec![[60.0, 40.0], [60.5, 40.0]]].concat();
        let of = groups(&cities(&far), |point| point);
        assert!(of[..36].iter().all(|group| *group == 0) && of[36..] == [1, 1], "{of:?}");
        let near = [block(), vec![[7.0, 3.0]]].concat();
        assert_eq!(groups(&cities(&near), |point| point), vec![0; 37]);
    }

    #[test]
    fn two_halves_are_no_main_map_and_inset() {
        let halves = [block(), block().into_iter().map(|[x, y]| [x + 60.0, y]).collect()].concat();
        assert_eq!(groups(&cities(&halves), |point| point), vec![0; 72]);
    }
}
