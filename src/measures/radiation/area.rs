//! The area of polygons, on the globe and on the plane.

use std::f64::consts::{PI, TAU};

use crate::study::{Metric, RingRole, Shapes};

/// The area of a city's polygons, holes taken out: km² on the globe, squared units of the coordinates on the plane.
pub(super) fn of_city(shapes: &Shapes, city: usize, metric: Metric) -> f64 {
    let signed = |(role, ring)| if role == RingRole::Hole { -of_ring(ring, metric) } else { of_ring(ring, metric) };
    shapes.rings(city).map(signed).sum()
}

/// The area within a closed ring, whatever its direction.
///
/// On the globe its edges are arcs of great circles: the area is R² times the spherical excess, summed over the triangles
/// that the edges make with a pole: tan(E/2) = tan(Δλ/2)·(tan(φ₁/2) + tan(φ₂/2))/(1 + tan(φ₁/2)·tan(φ₂/2)). A ring round a
/// pole is taken to hold it.
pub(super) fn of_ring(ring: &[[f64; 2]], metric: Metric) -> f64 {
    let Metric::GreatCircle { radius } = metric else { return turn(ring, metric).abs() };
    let (mut excess, mut round) = (0.0, 0.0);
    for edge in ring.windows(2) {
        let step = step(edge, metric).to_radians();
        let [a, b] = [0, 1].map(|k| libm::tan(edge[k][1].to_radians() / 2.0));
        let half = libm::tan(step / 2.0);
        excess += 2.0 * libm::atan2(half * (a + b), 1.0 + a * b);
        round += step;
    }
    let excess = if f64::abs(round) > PI { TAU - f64::abs(excess) } else { f64::abs(excess) };
    radius * radius * excess
}

/// Area of a ring in squared units of the coordinates, above 0 where it runs anticlockwise. Longitudes go the short way.
pub(super) fn turn(ring: &[[f64; 2]], metric: Metric) -> f64 {
    let Some(&[_, y0]) = ring.first() else { return 0.0 };
    let (mut x, mut sum) = (0.0, 0.0);
    for edge in ring.windows(2) {
        let next = x + step(edge, metric);
        sum += x * (edge[1][1] - y0) - next * (edge[0][1] - y0);
        x = next;
    }
    sum / 2.0
}

/// How far an edge goes eastwards.
fn step(edge: &[[f64; 2]], metric: Metric) -> f64 {
    let east = edge[1][0] - edge[0][0];
    match metric {
        Metric::GreatCircle { .. } if east > 180.0 => east - 360.0,
        Metric::GreatCircle { .. } if east < -180.0 => east + 360.0,
        _ => east,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Metric = Metric::GreatCircle { radius: 1.0 };

    #[test]
    fn an_octant_is_an_eighth_of_the_sphere() {
        let octant = [[0.0, 0.0], [90.0, 0.0], [90.0, 90.0], [0.0, 90.0], [0.0, 0.0]];
        assert!((of_ring(&octant, UNIT) - PI / 2.0).abs() < 1e-14);
        let back: Vec<[f64; 2]> = octant.iter().rev().copied().collect();
        assert!((of_ring(&back, UNIT) - PI / 2.0).abs() < 1e-14);
        assert_eq!(of_ring(&octant, Metric::Planar), 8100.0);
    }

    #[test]
    fn rings_across_the_date_line_and_round_a_pole() {
        let here = [[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, 0.0]];
        let there = here.map(|[x, y]| [if x < 0.0 { 179.0 } else { -179.0 }, y]);
        assert!((of_ring(&here, UNIT) - of_ring(&there, UNIT)).abs() < 1e-14);
        assert!(turn(&there, UNIT) > 0.0);
        let hemisphere: Vec<[f64; 2]> = [0.0, 90.0, 180.0, -90.0, 0.0].map(|x| [x, 0.0]).into();
        assert!((of_ring(&hemisphere, UNIT) - TAU).abs() < 1e-14);
    }
}
