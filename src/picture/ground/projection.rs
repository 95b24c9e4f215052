//! From longitude and latitude to the plane, fitted to what is shown.

use crate::Language;

/// Widest extent, in degrees, of a map that is drawn with the parallels and meridians at right angles.
const NARROW: f64 = 15.0;
/// Extent of longitudes, in degrees, from which on the globe is shown whole.
const WORLD: f64 = 200.0;

/// A map projection on the unit sphere, about a central meridian.
///
/// Source of the formulas: Snyder, J. P. (1987). Map Projections: A Working Manual. U.S. Geological Survey Professional
/// Paper 1395; Šavrič, B., Patterson, T. & Jenny, B. (2019). The Equal Earth map projection. International Journal of
/// Geographical Information Science 33, 454-465.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Projection {
    /// Coordinates as they are.
    Planar,
    /// Plate carrée, shrunk from east to west by the cosine of the middle latitude.
    Equirectangular {
        /// Central meridian in degrees.
        centre: f64,
        /// Cosine of the middle latitude.
        cosine: f64,
    },
    /// Albers' equal-area conic with two standard parallels.
    Albers {
        /// Central meridian in degrees.
        centre: f64,
        /// Constant of the cone.
        n: f64,
        /// Constant of the radius.
        c: f64,
        /// Radius at the middle latitude.
        rho: f64,
    },
    /// Lambert's equal-area cylinder, for what straddles the equator.
    Cylindrical {
        /// Central meridian in degrees.
        centre: f64,
        /// Cosine of the standard parallel.
        cosine: f64,
    },
    /// Equal Earth.
    EqualEarth {
        /// Central meridian in degrees.
        centre: f64,
    },
}

impl Projection {
    /// The projection for these longitudes and latitudes.
    pub fn fitted<'a>(coordinates: impl Iterator<Item = &'a [f64; 2]> + Clone) -> Self {
        let centre = middle_meridian(coordinates.clone());
        let mut west_east = (f64::INFINITY, f64::NEG_INFINITY);
        let mut south_north = west_east;
        for &[longitude, latitude] in coordinates {
            let x = from_meridian(longitude, centre);
            west_east = (west_east.0.min(x), west_east.1.max(x));
            south_north = (south_north.0.min(latitude), south_north.1.max(latitude));
        }
        let (width, height) = (west_east.1 - west_east.0, south_north.1 - south_north.0);
        if !(width.is_finite() && height.is_finite()) {
            return Self::Equirectangular { centre: 0.0, cosine: 1.0 };
        }
        let middle = (south_north.0 + south_north.1) / 2.0;
        if width <= NARROW && height <= NARROW {
            return Self::Equirectangular { centre, cosine: libm::cos(middle.to_radians()).max(0.01) };
        }
        if width > WORLD {
            return Self::EqualEarth { centre };
        }
        // A sixth of the height inside the edges, as is usual for the standard parallels.
        let sine = |latitude: f64| libm::sin(latitude.to_radians());
        let (first, second) = (south_north.0 + height / 6.0, south_north.1 - height / 6.0);
        let n = (sine(first) + sine(second)) / 2.0;
        if n.abs() < 0.15 {
            return Self::Cylindrical { centre, cosine: libm::cos((height / 4.0).to_radians()) };
        }
        let c = libm::cos(first.to_radians()) * libm::cos(first.to_radians()) + 2.0 * n * sine(first);
        Self::Albers { centre, n, c, rho: (c - 2.0 * n * sine(middle)).max(0.0).sqrt() / n }
    }

    /// Where a place lies on the plane, east and north; on the unit sphere, except for planar coordinates.
    pub fn project(&self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        let phi = latitude.to_radians();
        let lambda = |centre: f64| from_meridian(longitude, centre).to_radians();
        match *self {
            Self::Planar => [longitude, latitude],
            Self::Equirectangular { centre, cosine } => [lambda(centre) * cosine, phi],
            Self::Cylindrical { centre, cosine } => [lambda(centre) * cosine, libm::sin(phi) / cosine],
            Self::Albers { centre, n, c, rho } => {
                let radius = (c - 2.0 * n * libm::sin(phi)).max(0.0).sqrt() / n;
                let (sine, cosine) = libm::sincos(n * lambda(centre));
                [radius * sine, rho - radius * cosine]
            }
            Self::EqualEarth { centre } => equal_earth(lambda(centre), phi),
        }
    }

    /// Whether one scale bar can stand for the whole map.
    pub fn has_scale(&self) -> bool {
        !matches!(self, Self::EqualEarth { .. })
    }

    /// Its name, for a caption; nothing for planar coordinates.
    pub fn name(&self, language: Language) -> &'static str {
        match self {
            Self::Planar => "",
            Self::Equirectangular { .. } => language.choose("equirectangular projection", "等距圆柱投影"),
            Self::Cylindrical { .. } => language.choose("equal-area cylindrical projection", "等积圆柱投影"),
            Self::Albers { .. } => language.choose("Albers equal-area conic projection", "阿尔伯斯等积圆锥投影"),
            Self::EqualEarth { .. } => language.choose("Equal Earth projection", "Equal Earth 等积投影"),
        }
    }
}

/// Equal Earth, by its polynomial of the auxiliary latitude θ, sin θ = (√3/2) sin φ.
fn equal_earth(lambda: f64, phi: f64) -> [f64; 2] {
    const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];
    let root = 3.0_f64.sqrt();
    let theta = libm::asin((root / 2.0 * libm::sin(phi)).clamp(-1.0, 1.0));
    let (t2, t6) = (theta * theta, libm::pow(theta, 6.0));
    let slope = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
    let x = 2.0 * root * lambda * libm::cos(theta) / (3.0 * slope);
    [x, theta * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))]
}

/// Degrees east of a meridian, −180 to 180.
fn from_meridian(longitude: f64, centre: f64) -> f64 {
    let x = longitude - centre;
    if (-180.0..=180.0).contains(&x) { x } else { x - 360.0 * ((x + 180.0) / 360.0).floor() }
}

/// The meridian opposite to the widest stretch of longitudes that nothing lies in, so that what straddles 180 degrees
/// stays together.
fn middle_meridian<'a>(coordinates: impl Iterator<Item = &'a [f64; 2]> + Clone) -> f64 {
    let bin = |longitude: f64| ((longitude + 180.0).rem_euclid(360.0) as usize).min(359);
    let mut taken = [false; 360];
    coordinates.clone().filter(|c| c[0].is_finite()).for_each(|c| taken[bin(c[0])] = true);
    let Some(first) = taken.iter().position(|taken| *taken) else { return 0.0 };
    let (mut widest, mut start, mut run) = (0, first, 0);
    for step in 1..=360 {
        let place = (first + step) % 360;
        if taken[place] {
            if run > widest {
                (widest, start) = (run, place);
            }
            run = 0;
        } else {
            run += 1;
        }
    }
    // Everything lies within 360 − widest degrees, from `start` eastwards.
    let west = start as f64 - 180.0;
    let (low, high) = coordinates.filter(|c| c[0].is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |found, c| {
        let x = (c[0] - west).rem_euclid(360.0);
        (found.0.min(x), found.1.max(x))
    });
    from_meridian(west + (low + high) / 2.0, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coordinates: &[[f64; 2]]) -> Projection {
        Projection::fitted(coordinates.iter())
    }

    #[test]
    fn the_extent_chooses_the_projection() {
        assert!(matches!(of(&[[116.0, 28.0], [122.0, 35.0]]), Projection::Equirectangular { .. }));
        assert!(matches!(of(&[[-124.0, 25.0], [-67.0, 49.0]]), Projection::Albers { .. }));
        assert!(matches!(of(&[[10.0, -20.0], [40.0, 20.0]]), Projection::Cylindrical { .. }));
        assert!(matches!(
            of(&[[-170.0, -50.0], [-60.0, 40.0], [30.0, 50.0], [150.0, -30.0]]),
            Projection::EqualEarth { .. }
        ));
    }

    #[test]
    fn what_straddles_the_antimeridian_stays_together() {
        let fiji = [[177.0, -18.0], [-179.0, -17.0]];
        let projection = of(&fiji);
        let [a, b] = fiji.map(|place| projection.project(place));
        assert!((b[0] - a[0]).abs() < 0.1 && b[0] > a[0], "{a:?} {b:?}");
    }

    #[test]
    fn equal_area_projections_keep_areas() {
        // A small cell's area on the map over that on the sphere is the same everywhere.
        let ratio = |projection: Projection, longitude: f64, latitude: f64| {
            let d = 1e-4;
            let [o, e, n] = [[0.0, 0.0], [d, 0.0], [0.0, d]]
                .map(|[x, y]: [f64; 2]| projection.project([longitude + x, latitude + y]));
            let cross = (e[0] - o[0]) * (n[1] - o[1]) - (e[1] - o[1]) * (n[0] - o[0]);
            cross / (d.to_radians() * d.to_radians() * libm::cos(latitude.to_radians()))
        };
        let us = of(&[[-124.0, 25.0], [-67.0, 49.0]]);
        let africa = of(&[[10.0, -20.0], [40.0, 20.0]]);
        let world = Projection::EqualEarth { centre: 0.0 };
        for (projection, places) in [
            (us, [[-120.0, 30.0], [-80.0, 45.0]]),
            (africa, [[12.0, -15.0], [35.0, 19.0]]),
            (world, [[-100.0, 60.0], [20.0, -5.0]]),
        ] {
            let [a, b] = places.map(|[x, y]| ratio(projection, x, y));
            assert!((a / b - 1.0).abs() < 1e-3, "{projection:?}: {a} {b}");
        }
    }
}
