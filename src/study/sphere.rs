//! The globe as a sphere: places as unit vectors, and the map about a centre.

/// The point of the unit sphere at a longitude and latitude in degrees; one vector for each place,
/// whether the antimeridian is written as 180 or -180 and whatever the longitude of a pole.
pub(crate) fn unit_vector([longitude, latitude]: [f64; 2]) -> [f64; 3] {
    let pole = latitude.abs() == 90.0;
    let longitude = match longitude {
        _ if pole => 0.0,
        east if east >= 180.0 => east - 360.0,
        west if west < -180.0 => west + 360.0,
        other => other,
    };
    let (sin_lon, cos_lon) = libm::sincos(longitude.to_radians());
    let (sin_lat, cos_lat) = libm::sincos(latitude.to_radians());
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// Longitude and latitude in degrees of the direction of a vector that is not 0.
pub(crate) fn longitude_latitude([x, y, z]: [f64; 3]) -> [f64; 2] {
    [libm::atan2(y, x).to_degrees(), libm::atan2(z, libm::hypot(x, y)).to_degrees()]
}

/// Azimuthal equidistant map about a centre: a point at the angle c from it, in the direction (e, n) to its east and
/// north, lies at Rc(e, n)/|(e, n)|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Azimuthal {
    radius: f64,
    east: [f64; 3],
    north: [f64; 3],
    up: [f64; 3],
}

impl Azimuthal {
    /// The map about the direction of a vector.
    pub(crate) fn about(centre: [f64; 3], radius: f64) -> Self {
        let longitude = libm::atan2(centre[1], centre[0]);
        let latitude = libm::atan2(centre[2], libm::hypot(centre[0], centre[1]));
        let ((sin_lon, cos_lon), (sin_lat, cos_lat)) = (libm::sincos(longitude), libm::sincos(latitude));
        Self {
            radius,
            east: [-sin_lon, cos_lon, 0.0],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            up: [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
        }
    }

    /// Where a point of the unit sphere lies on the map, and its angle from the centre.
    pub(crate) fn project(&self, vector: [f64; 3]) -> ([f64; 2], f64) {
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let (e, n) = (dot(vector, self.east), dot(vector, self.north));
        let sine = libm::hypot(e, n);
        let angle = libm::atan2(sine, dot(vector, self.up));
        let stretch = if sine > 0.0 { self.radius * angle / sine } else { self.radius };
        ([stretch * e, stretch * n], angle)
    }

    /// Longitude and latitude of a point of the map.
    pub(crate) fn unproject(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (sine, cosine) = libm::sincos(libm::hypot(x, y) / self.radius);
        let length = libm::hypot(x, y);
        let (e, n) = if length > 0.0 { (sine * x / length, sine * y / length) } else { (0.0, 0.0) };
        longitude_latitude([0, 1, 2].map(|k| cosine * self.up[k] + e * self.east[k] + n * self.north[k]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Metric;

    #[test]
    fn a_place_on_the_map_is_as_far_from_the_centre_as_on_the_globe_and_comes_back() {
        for centre in [[120.0, 31.0], [179.5, -17.0], [0.0, 90.0]] {
            let map = Azimuthal::about(unit_vector(centre), 6371.0088);
            for place in [[121.4, 31.2], [-178.0, -16.0], [10.0, 80.0], centre] {
                let ([x, y], angle) = map.project(unit_vector(place));
                let distance = Metric::EARTH.distance(centre, place);
                assert!((libm::hypot(x, y) - distance).abs() < 1e-6 && (6371.0088 * angle - distance).abs() < 1e-6);
                assert!(Metric::EARTH.distance(map.unproject([x, y]), place) < 1e-6);
            }
        }
    }
}
