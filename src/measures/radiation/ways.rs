//! The way between two cities as lines on a map.

use crate::study::{Cities, Metric, unit_vector};

/// Ways from this length on, in kilometres, are drawn along the great circle; on shorter ones it cannot be told from a line.
const LONG: f64 = 200.0;
/// Length of the pieces of a long way, in kilometres.
const PIECE: f64 = 100.0;

/// The way from one city to another: a straight line of planar coordinates; on the globe the great circle in pieces of about
/// 100 km, in two parts where it crosses 180 degrees.
///
/// `None` where a city has no point, or both have the same.
pub(super) fn way(cities: &Cities, i: usize, j: usize) -> Option<Vec<Vec<[f64; 2]>>> {
    between(cities.points[i]?, cities.points[j]?, cities.metric)
}

/// As [`way`], from one place to another.
pub(in crate::measures) fn between(a: [f64; 2], b: [f64; 2], metric: Metric) -> Option<Vec<Vec<[f64; 2]>>> {
    if a == b {
        return None;
    }
    match metric {
        Metric::Planar => Some(vec![vec![a, b]]),
        Metric::GreatCircle { .. } => {
            let length = metric.distance(a, b);
            let pieces = if length > LONG { (length / PIECE).ceil() as usize } else { 1 };
            Some(split(&great_circle(a, b, pieces)))
        }
    }
}

/// Points on the great circle, the first and the last as they were given.
fn great_circle(a: [f64; 2], b: [f64; 2], pieces: usize) -> Vec<[f64; 2]> {
    let (from, to) = (unit_vector(a), unit_vector(b));
    let [x, y, z] = [0, 1, 2].map(|k| from[k] - to[k]);
    let half = libm::asin((libm::sqrt(x * x + y * y + z * z) / 2.0).min(1.0));
    let sine = libm::sin(2.0 * half);
    let mut points = vec![a];
    for piece in 1..pieces {
        let t = piece as f64 / pieces as f64;
        // Between opposite points every great circle is as short; a straight line of coordinates does.
        points.push(if sine < 1e-9 {
            [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
        } else {
            let part = |share: f64| libm::sin(2.0 * half * share) / sine;
            let (p, q) = (part(1.0 - t), part(t));
            on_map([0, 1, 2].map(|k| p * from[k] + q * to[k]))
        });
    }
    points.push(b);
    points
}

fn on_map([x, y, z]: [f64; 3]) -> [f64; 2] {
    [libm::atan2(y, x).to_degrees(), libm::atan2(z, libm::sqrt(x * x + y * y)).to_degrees()]
}

/// The points in parts that end at 180 degrees and go on at −180, or the other way.
fn split(points: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let mut parts = vec![vec![points[0]]];
    for pair in points.windows(2) {
        let ([lon, lat], next) = (pair[0], pair[1]);
        let step = next[0] - lon;
        if step.abs() > 180.0 {
            // Where the short way leaves the map, going east (+1) or west (−1).
            let side = if step < 0.0 { 1.0 } else { -1.0 };
            let across = step + 360.0 * side;
            let t = if across == 0.0 { 0.5 } else { ((180.0 * side - lon) / across).clamp(0.0, 1.0) };
            let edge = lat + t * (next[1] - lat);
            extend(&mut parts, [180.0 * side, edge]);
            parts.push(vec![[-180.0 * side, edge]]);
        }
        extend(&mut parts, next);
    }
    // A city on 180 degrees leaves a part of one point on the other side.
    parts.retain(|part| part.len() > 1);
    parts
}

/// Adds a point to the last part, unless it ends there.
fn extend(parts: &mut [Vec<[f64; 2]>], point: [f64; 2]) {
    if let Some(part) = parts.last_mut()
        && part.last() != Some(&point)
    {
        part.push(point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Shapes;

    fn cities(points: &[Option<[f64; 2]>], metric: Metric) -> Cities {
        let ids: Vec<String> = (0..points.len()).map(|i| i.to_string()).collect();
        let mut shapes = Shapes::default();
        points.iter().for_each(|_| shapes.push_missing());
        Cities { names: ids.clone(), ids, shapes, points: points.to_vec(), metric, notes: Vec::new() }
    }

    fn globe(a: [f64; 2], b: [f64; 2]) -> Vec<Vec<[f64; 2]>> {
        way(&cities(&[Some(a), Some(b)], Metric::EARTH), 0, 1).unwrap()
    }

    #[test]
    fn a_short_way_is_a_line_and_a_long_one_follows_the_globe() {
        assert_eq!(globe([121.0, 31.0], [120.0, 31.0]), [[[121.0, 31.0], [120.0, 31.0]]]);
        let (paris, vancouver) = ([2.0, 49.0], [-123.0, 49.0]);
        let long = &globe(paris, vancouver)[0];
        let length: f64 = long.windows(2).map(|pair| Metric::EARTH.distance(pair[0], pair[1])).sum();
        assert!((length - Metric::EARTH.distance(paris, vancouver)).abs() < 1e-6);
        assert!(long.iter().any(|point| point[1] > 65.0) && long.len() == (length / 100.0).ceil() as usize + 1);
        assert_eq!((long[0], long[long.len() - 1]), (paris, vancouver));
    }

    #[test]
    fn a_way_across_180_degrees_is_in_two_parts() {
        for (a, b) in [([179.0, 10.0], [-179.0, 12.0]), ([-179.0, 12.0], [179.0, 10.0])] {
            let parts = globe(a, b);
            let side = a[0].signum() * 180.0;
            assert_eq!((parts.len(), parts[0][0], parts[1][parts[1].len() - 1]), (2, a, b));
            assert_eq!(parts[0][parts[0].len() - 1][0], side);
            assert_eq!(parts[1][0], [-side, parts[0][parts[0].len() - 1][1]]);
        }
        assert_eq!(globe([180.0, 0.0], [-179.0, 0.0]), [[[-180.0, 0.0], [-179.0, 0.0]]]);
        let pacific = globe([140.0, 35.0], [-122.0, 37.0]);
        assert_eq!(pacific.len(), 2);
        assert!(pacific.iter().flatten().all(|point| point[0].abs() <= 180.0));
    }

    #[test]
    fn there_is_no_way_without_two_places() {
        let here = Some([1.0, 2.0]);
        assert_eq!(way(&cities(&[here, None, here], Metric::EARTH), 0, 1), None);
        assert_eq!(way(&cities(&[here, None, here], Metric::EARTH), 0, 2), None);
        assert_eq!(
            way(&cities(&[here, Some([9.0, 2.0])], Metric::Planar), 0, 1),
            Some(vec![vec![[1.0, 2.0], [9.0, 2.0]]])
        );
        assert_eq!(globe([0.0, 0.0], [180.0, 0.0]).len(), 1); // opposite points
    }
}
