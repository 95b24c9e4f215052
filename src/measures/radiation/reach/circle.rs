//! Points on the way between two places, and circles round one.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use crate::study::{Metric, unit_vector};

/// Vertices of a circle.
const VERTICES: usize = 128;

/// The point at this part of the way from a to b: on the great circle, or on the straight line where coordinates are planar;
/// none between opposite points of the globe, which no one way joins.
pub(super) fn on_the_way(metric: Metric, a: [f64; 2], b: [f64; 2], part: f64) -> Option<[f64; 2]> {
    if metric == Metric::Planar {
        return Some([0, 1].map(|k| a[k] + part * (b[k] - a[k])));
    }
    let (p, q) = (unit_vector(a), unit_vector(b));
    let chord = (0..3).map(|k| (p[k] - q[k]) * (p[k] - q[k])).sum::<f64>().sqrt();
    let angle = 2.0 * libm::asin((chord / 2.0).min(1.0));
    if angle == 0.0 {
        return Some(a);
    }
    let sine = libm::sin(angle);
    if sine < 1e-9 && angle > 1.0 {
        return None;
    }
    let weights = [libm::sin((1.0 - part) * angle) / sine, libm::sin(part * angle) / sine];
    let [x, y, z] = [0, 1, 2].map(|k| weights[0] * p[k] + weights[1] * q[k]);
    Some([libm::atan2(y, x).to_degrees(), libm::atan2(z, libm::hypot(x, y)).to_degrees()])
}

/// The area within this distance of a place, cut at ±180°; none where it holds both poles, and for no distance.
pub(super) fn circle(metric: Metric, centre: [f64; 2], distance: f64) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    if !(distance > 0.0 && distance.is_finite()) {
        return None;
    }
    let Metric::GreatCircle { radius } = metric else {
        let at = |k: usize| {
            let angle = TAU * (k % VERTICES) as f64 / VERTICES as f64;
            [centre[0] + distance * libm::cos(angle), centre[1] + distance * libm::sin(angle)]
        };
        return Some(vec![vec![(0..=VERTICES).map(at).collect()]]);
    };
    let (angle, latitude) = (distance / radius, centre[1].to_radians());
    let (north, south) = (angle >= FRAC_PI_2 - latitude, angle >= FRAC_PI_2 + latitude);
    if angle >= PI || (north && south) {
        return None;
    }
    let mut ring = rim(centre, angle);
    if north || south {
        // From one end of the rim, which went once round the globe, over the pole to its other end.
        let pole = if north { 90.0 } else { -90.0 };
        let [first, last] = [ring[0], ring[VERTICES]];
        ring.extend([[last[0], pole], [first[0], pole], first]);
    }
    Some(cut(&ring))
}

/// The rim of a circle anticlockwise, closed, its longitudes without a jump.
fn rim([longitude, latitude]: [f64; 2], angle: f64) -> Vec<[f64; 2]> {
    let (sine, cosine) = (libm::sin(latitude.to_radians()), libm::cos(latitude.to_radians()));
    let (sine_of, cosine_of) = (libm::sin(angle), libm::cos(angle));
    let mut ring: Vec<[f64; 2]> = Vec::with_capacity(VERTICES + 4);
    for k in 0..=VERTICES {
        // Bearings fall, from north over west.
        let bearing = -TAU * (k % VERTICES) as f64 / VERTICES as f64;
        let height = (sine * cosine_of + cosine * sine_of * libm::cos(bearing)).clamp(-1.0, 1.0);
        let ahead = cosine * cosine_of - sine * sine_of * libm::cos(bearing);
        let east = libm::atan2(libm::sin(bearing) * sine_of, ahead);
        let mut x = longitude + east.to_degrees();
        if let Some(&[before, _]) = ring.last() {
            x -= 360.0 * ((x - before) / 360.0).round();
        }
        ring.push([x, libm::asin(height).to_degrees()]);
    }
    ring
}

/// A ring in longitudes beyond ±180° as parts within them.
fn cut(ring: &[[f64; 2]]) -> Vec<Vec<Vec<[f64; 2]>>> {
    let part = |turns: i32| {
        let middle = 360.0 * f64::from(turns);
        let east = clipped(ring, middle - 180.0, 1.0);
        let mut part = clipped(&east, middle + 180.0, -1.0);
        part.iter_mut().for_each(|point| point[0] -= middle);
        part.extend(part.first().copied().filter(|first| Some(first) != part.last()));
        (part.len() > 3).then_some(vec![part])
    };
    (-2..=2).filter_map(part).collect()
}

/// What of a ring lies at or beyond a meridian in this direction (Sutherland and Hodgman).
fn clipped(ring: &[[f64; 2]], meridian: f64, direction: f64) -> Vec<[f64; 2]> {
    let inside = |point: &[f64; 2]| (point[0] - meridian) * direction >= 0.0;
    if ring.iter().all(inside) {
        return ring.to_vec();
    }
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for edge in ring.windows(2) {
        if inside(&edge[0]) != inside(&edge[1]) {
            let part = (meridian - edge[0][0]) / (edge[1][0] - edge[0][0]);
            kept.push([meridian, edge[0][1] + part * (edge[1][1] - edge[0][1])]);
        }
        if inside(&edge[1]) {
            kept.push(edge[1]);
        }
    }
    kept.dedup();
    kept.extend(kept.first().copied().filter(|first| Some(first) != kept.last()));
    // What only touches the meridian is no area.
    if kept.iter().all(|point| point[0] == meridian) { Vec::new() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::super::super::area::of_ring;
    use super::*;

    #[test]
    fn circles_have_their_distance_and_area_wherever_they_lie() {
        for centre in [[121.0, 31.0], [179.5, -17.0], [-180.0, 0.0], [20.0, 88.0], [-30.0, -89.5], [0.0, 90.0]] {
            let parts = circle(Metric::EARTH, centre, 500.0).unwrap();
            let area: f64 = parts.iter().map(|rings| of_ring(&rings[0], Metric::EARTH)).sum();
            let cap = TAU * 6371.0088_f64.powi(2) * (1.0 - (500.0_f64 / 6371.0088).cos());
            assert!((area / cap - 1.0).abs() < 2e-3, "{centre:?}: {area} for {cap} in {} parts", parts.len());
            for ring in parts.iter().flatten() {
                assert_eq!(ring.first(), ring.last());
                assert!(ring.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0));
                assert!(super::super::super::area::turn(ring, Metric::Planar) > 0.0);
            }
        }
        assert!(circle(Metric::EARTH, [0.0, 0.0], 11_000.0).is_none());
    }

    #[test]
    fn half_the_way_is_the_middle() {
        let middle = on_the_way(Metric::EARTH, [179.0, 0.0], [-179.0, 0.0], 0.5).unwrap();
        assert!((middle[0].abs() - 180.0).abs() < 1e-12 && middle[1].abs() < 1e-12);
        assert_eq!(on_the_way(Metric::EARTH, [0.0, 0.0], [180.0, 0.0], 0.5), None);
        assert_eq!(on_the_way(Metric::Planar, [0.0, 0.0], [4.0, 2.0], 0.25), Some([1.0, 0.5]));
    }
}
