//! Mean centres of places, and the way from one to the next.

use crate::error::{Fault, Faults, Kind, Result};
use crate::study::{Metric, longitude_latitude, unit_vector};

/// Share of the weights below which the length of a sum of unit vectors is rounding, and its direction no centre.
const CANCELLED: f64 = 1e-9;
/// Share of the radius, or of the largest coordinate, up to which a distance is rounding.
const ROUNDING: f64 = 1e-12;

/// The mean centre of places, each with its weight ≥ 0; `None` where no weight is above 0 or the places cancel.
///
/// On the sphere it is the direction of Σ w_i u_i of unit vectors, on the plane Σ w_i (x_i, y_i)/Σ w_i.
pub(super) fn mean_centre(places: &[(f64, [f64; 2])], metric: Metric) -> Option<[f64; 2]> {
    // Over the largest, so that no sum overflows.
    let largest = places.iter().fold(0.0_f64, |most, &(w, _)| most.max(w));
    let first = places.iter().find(|&&(w, _)| w > 0.0)?.1;
    let total: f64 = places.iter().map(|&(w, _)| w / largest).sum();
    let sum = |of: &dyn Fn([f64; 2]) -> f64| -> f64 { places.iter().map(|&(w, place)| w / largest * of(place)).sum() };
    match metric {
        // From the first place on: the mean of equal places is that place to the last bit.
        Metric::Planar => Some([0, 1].map(|k| first[k] + sum(&|place| place[k] - first[k]) / total)),
        Metric::GreatCircle { .. } => {
            let mut vector = [0.0; 3];
            for &(w, place) in places {
                let unit = unit_vector(place);
                (0..3).for_each(|k| vector[k] += w / largest * unit[k]);
            }
            let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
            (length > CANCELLED * total).then(|| longitude_latitude(vector))
        }
    }
}

/// The distance up to which two centres of these places are one, but for rounding.
pub(super) fn rounding(places: impl Iterator<Item = [f64; 2]>, metric: Metric) -> f64 {
    ROUNDING
        * match metric {
            Metric::GreatCircle { radius } => radius,
            Metric::Planar => places.flatten().fold(0.0, |most: f64, x| most.max(x.abs())),
        }
}

/// The bearing from one place to another in degrees clockwise from north, 0 to 360; on the sphere that with which the
/// great circle sets out.
pub(super) fn bearing(from: [f64; 2], to: [f64; 2], metric: Metric) -> f64 {
    let (east, north) = match metric {
        Metric::Planar => (to[0] - from[0], to[1] - from[1]),
        Metric::GreatCircle { .. } => {
            let (sin_east, cos_east) = libm::sincos((to[0] - from[0]).to_radians());
            let ((sin_a, cos_a), (sin_b, cos_b)) =
                (libm::sincos(from[1].to_radians()), libm::sincos(to[1].to_radians()));
            (sin_east * cos_b, cos_a * sin_b - sin_a * cos_b * cos_east)
        }
    };
    let degrees = libm::atan2(east, north).to_degrees();
    let turned = if degrees < 0.0 { degrees + 360.0 } else { degrees };
    if turned >= 360.0 { 0.0 } else { turned + 0.0 }
}

/// The word of the compass for a bearing, the nearest of sixteen; `None` where there is no bearing.
pub(super) fn compass(bearing: f64) -> Option<&'static str> {
    const POINTS: [&str; 16] =
        ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];
    bearing.is_finite().then(|| POINTS[(bearing / 22.5 + 0.5) as usize % 16])
}

/// The place of a city, where it has one.
pub(super) fn place(points: &[Option<[f64; 2]>], i: usize) -> Option<[f64; 2]> {
    points.get(i).copied().flatten().filter(|point| point.iter().all(|x| x.is_finite()))
}

/// Checks that columns have one value for every city.
///
/// # Errors
/// A column of another length.
pub(super) fn fitting<'a>(columns: impl IntoIterator<Item = &'a [f64]>, cities: usize) -> Result<()> {
    match columns.into_iter().find(|column| column.len() != cities) {
        None => Ok(()),
        Some(column) => {
            let message = format!("{} values and places of {cities} cities", column.len());
            Err(Fault::new(Kind::Option, message).hint("give one of each for every city").into())
        }
    }
}

/// Refuses negative weights of the cities that take part.
///
/// # Errors
/// One fault for each, with the city as its feature and the field where one is named.
pub(super) fn no_negative(column: &[f64], cities: &[usize], what: &str, field: Option<&str>) -> Result<()> {
    let mut faults = Faults::default();
    for &i in cities.iter().filter(|&&i| column[i] < 0.0) {
        let fault = Fault::new(Kind::Value, format!("{} is negative, and {what}", column[i])).feature(i);
        let hint = "leave such cities out with --where";
        faults.push(field.map_or_else(|| fault.clone(), |field| fault.clone().field(field)).hint(hint));
    }
    faults.finish(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_across_180_degrees_lies_there() {
        let centre = mean_centre(&[(1.0, [179.0, 0.0]), (1.0, [-177.0, 0.0])], Metric::EARTH).unwrap();
        assert!((centre[0] + 179.0).abs() < 1e-12 && centre[1] == 0.0);
        assert_eq!(mean_centre(&[(1.0, [0.0, 0.0]), (1.0, [180.0, 0.0])], Metric::EARTH), None);
        assert_eq!(mean_centre(&[(0.0, [0.0, 0.0])], Metric::Planar), None);
        assert_eq!(
            mean_centre(&[(1e308, [1.0, 2.0]), (1e308, [3.0, 2.0]), (0.0, [9.0, 9.0])], Metric::Planar),
            Some([2.0, 2.0])
        );
    }

    #[test]
    fn bearings_are_named_by_the_nearest_point() {
        let words: Vec<_> =
            [0.0, 11.2, 11.3, 90.0, 225.0, 348.7, 348.8, 359.9].map(compass).into_iter().flatten().collect();
        assert_eq!(words, ["N", "N", "NNE", "E", "SW", "NNW", "N", "N"]);
        assert_eq!(compass(f64::NAN), None);
        assert_eq!(bearing([0.0, 0.0], [0.0, -1.0], Metric::EARTH), 180.0);
        assert_eq!(bearing([0.0, 0.0], [-1.0, 1.0], Metric::Planar), 315.0);
        assert!((bearing([179.5, 0.0], [-179.5, 0.0], Metric::EARTH) - 90.0).abs() < 1e-9);
    }
}
