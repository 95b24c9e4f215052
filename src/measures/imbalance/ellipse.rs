//! Standard deviational ellipse: how far a value spreads, and in which direction.

use std::f64::consts::{FRAC_PI_2, PI};

use super::centre::{fitting, mean_centre, no_negative, place, rounding};
use super::panel::enough;
use crate::error::{Fault, Kind, Result};
use crate::study::{Azimuthal, Metric, unit_vector};

/// Fewest cities that an ellipse is laid through.
const FEWEST: usize = 3;
/// Relative size up to which a difference is rounding: of the two variances for a circle, of the axes for a line.
const ROUNDING: f64 = 1e-9;
/// What a place on the rim may exceed it by.
const ON_RIM: f64 = 1e-12;

/// A standard deviational ellipse; see [`ellipse()`]. Lengths are in kilometres, of planar coordinates in their unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Ellipse {
    /// Cities that take part.
    pub n: usize,
    /// Its centre, longitude and latitude, or x and y.
    pub centre: [f64; 2],
    /// Long semi-axis.
    pub long: f64,
    /// Short semi-axis; 0 where all lie on a line.
    pub short: f64,
    /// Direction of the long axis in degrees clockwise from north, 0 to 180; NaN for a circle.
    pub rotation: f64,
    /// Area, π times the two semi-axes.
    pub area: f64,
    /// Flattening 1 − short/long: 0 for a circle, 1 for a line.
    pub flattening: f64,
    /// Share of the weights inside.
    pub inside: f64,
    /// Long semi-axis as CrimeStat and pointpats give it, √(2n/(n − 2)) times as long.
    pub long_crimestat: f64,
    /// Short semi-axis as CrimeStat and pointpats give it.
    pub short_crimestat: f64,
    /// The map it lies on; `None` for planar coordinates.
    map: Option<Azimuthal>,
    /// Its centre on the map.
    middle: [f64; 2],
    /// Direction of the long axis on the map, in radians counterclockwise from east.
    angle: f64,
}

/// The standard deviational ellipse of places with weights `weights` ≥ 0, NaN where there is none.
///
/// # Formula
///
/// The semi-axes are the square roots of the eigenvalues of
/// C = Σ_i w_i (p_i − p̄)(p_i − p̄)ᵀ/Σ_i w_i with p̄ = Σ_i w_i p_i/Σ_i w_i
///
/// (one standard deviation), the axes its eigenvectors. p_i are planar coordinates, on the globe those of the azimuthal
/// equidistant projection about the weighted mean on the sphere. The centre is p̄, which on the globe is not quite that
/// mean: some kilometres apart for cities spread over a continent. Of a normal cloud 39 % lie inside. O(n).
///
/// # Errors
///
/// Columns of different lengths, fewer than three cities with a weight and a place, negative weights, each with the
/// city's index as the feature; [`Kind::Undefined`] where all weight lies in one place or is 0, or cities lie farther
/// than a quarter of the globe from their centre.
///
/// # Source
///
/// Lefever, D. W. (1926). Measuring geographic concentration by means of the standard deviational ellipse. American
/// Journal of Sociology 32, 88-94. doi:10.1086/214027. Yuill, R. S. (1971). The standard deviational ellipse: an updated
/// tool for spatial description. Geografiska Annaler B 53, 28-39. doi:10.2307/490885
///
/// ```
/// use agglo::{measures::imbalance::ellipse, study::Metric};
/// let places = [[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]].map(Some);
/// let spread = ellipse(&[1.0; 4], &places, Metric::Planar)?;
/// assert_eq!(spread.rotation, 90.0); // east to west
/// assert!((spread.long - 2.0_f64.sqrt()).abs() < 1e-15 && spread.flattening == 0.5);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn ellipse(weights: &[f64], points: &[Option<[f64; 2]>], metric: Metric) -> Result<Ellipse> {
    fitting([weights], points.len())?;
    let there = |i: usize| Some((weights[i], place(points, i)?)).filter(|(w, _)| w.is_finite());
    let cities: Vec<usize> = (0..points.len()).filter(|&i| there(i).is_some()).collect();
    enough(cities.len(), FEWEST, "a value and a place")?;
    no_negative(weights, &cities, "an ellipse needs values of 0 or more", None)?;
    let places: Vec<(f64, [f64; 2])> = cities.iter().filter_map(|&i| there(i)).collect();
    let undefined = |message: &str| Fault::new(Kind::Undefined, message.to_owned());
    let nowhere = match places.iter().all(|&(w, _)| w == 0.0) {
        true => "all values are 0, so that there is no ellipse",
        false => "the cities lie all round the globe and cancel, so that there is no ellipse",
    };
    let centre = mean_centre(&places, metric).ok_or_else(|| undefined(nowhere))?;
    let map = match metric {
        Metric::Planar => None,
        Metric::GreatCircle { radius } => Some(Azimuthal::about(unit_vector(centre), radius)),
    };
    let mapped = on_map(&places, map, metric)?;
    let middle = mean_centre(&mapped, Metric::Planar).ok_or_else(|| undefined(nowhere))?;
    let cloud = Cloud::about(middle, &mapped);
    let angle = cloud.angle();
    let [long, short] = cloud.axes(angle);
    if long <= rounding(mapped.iter().map(|&(_, p)| p), metric) {
        return Err(undefined("all of the value lies in one place, so that there is no ellipse").into());
    }
    let short = if short <= ROUNDING * long { 0.0 } else { short };
    let factor = (2.0 * cities.len() as f64 / (cities.len() as f64 - 2.0)).sqrt();
    Ok(Ellipse {
        n: cities.len(),
        centre: map.map_or(middle, |map| map.unproject(middle)),
        long,
        short,
        rotation: if cloud.is_round() { f64::NAN } else { north(angle) },
        area: PI * long * short,
        flattening: 1.0 - short / long,
        inside: cloud.inside(angle, long, short),
        long_crimestat: factor * long,
        short_crimestat: factor * short,
        map,
        middle,
        angle,
    })
}

/// The places on the map.
fn on_map(places: &[(f64, [f64; 2])], map: Option<Azimuthal>, metric: Metric) -> Result<Vec<(f64, [f64; 2])>> {
    let (Some(map), Metric::GreatCircle { radius }) = (map, metric) else { return Ok(places.to_vec()) };
    let mut farthest = 0.0_f64;
    let mut project = |place: [f64; 2]| {
        let (point, angle) = map.project(unit_vector(place));
        farthest = farthest.max(angle);
        point
    };
    let mapped = places.iter().map(|&(w, place)| (w, project(place))).collect();
    if farthest <= FRAC_PI_2 {
        return Ok(mapped);
    }
    let message = format!(
        "the cities spread over more than a hemisphere, the farthest {:.0} km from their centre, so that no map about it shows how",
        radius * farthest
    );
    Err(Fault::new(Kind::Undefined, message).into())
}

/// A direction counterclockwise from east as degrees clockwise from north, 0 to 180.
fn north(angle: f64) -> f64 {
    let degrees = 90.0 - angle.to_degrees();
    let turned = if degrees < 0.0 { degrees + 180.0 } else { degrees };
    if turned >= 180.0 { turned - 180.0 } else { turned }
}

/// Weighted places about their mean, the weights adding up to 1.
struct Cloud {
    points: Vec<(f64, [f64; 2])>,
    /// Variances and covariance of x and y.
    xx: f64,
    yy: f64,
    xy: f64,
}

impl Cloud {
    fn about(middle: [f64; 2], places: &[(f64, [f64; 2])]) -> Self {
        let largest = places.iter().fold(0.0_f64, |most, &(w, _)| most.max(w));
        let total: f64 = places.iter().map(|&(w, _)| w / largest).sum();
        let off = |&(w, p): &(f64, [f64; 2])| (w / largest / total, [p[0] - middle[0], p[1] - middle[1]]);
        let points: Vec<(f64, [f64; 2])> = places.iter().map(off).collect();
        let moment = |j: usize, k: usize| points.iter().map(|(w, p)| w * p[j] * p[k]).sum();
        Self { xx: moment(0, 0), yy: moment(1, 1), xy: moment(0, 1), points }
    }

    /// Direction of the long axis, counterclockwise from east in radians.
    fn angle(&self) -> f64 {
        libm::atan2(2.0 * self.xy, self.xx - self.yy) / 2.0
    }

    /// Whether no direction is longer than the others.
    fn is_round(&self) -> bool {
        libm::hypot(self.xx - self.yy, 2.0 * self.xy) <= ROUNDING * (self.xx + self.yy)
    }

    /// The places along the axes.
    fn turned(&self, angle: f64) -> impl Iterator<Item = (f64, [f64; 2])> + '_ {
        let (sine, cosine) = libm::sincos(angle);
        self.points.iter().map(move |&(w, [x, y])| (w, [cosine * x + sine * y, cosine * y - sine * x]))
    }

    /// The standard deviations along the axes. Taken from the places and not from the eigenvalues, whose smaller one is
    /// a difference that loses its digits where the cloud is thin.
    fn axes(&self, angle: f64) -> [f64; 2] {
        let deviation = |k: usize| self.turned(angle).map(|(w, p)| w * p[k] * p[k]).sum::<f64>().sqrt();
        let [a, b] = [deviation(0), deviation(1)];
        [a.max(b), a.min(b)]
    }

    /// Share of the weights inside the ellipse.
    fn inside(&self, angle: f64, long: f64, short: f64) -> f64 {
        let is_inside = |[u, v]: [f64; 2]| {
            let across = if short > 0.0 { v / short } else { 0.0 };
            (u / long).powi(2) + across.powi(2) <= 1.0 + ON_RIM
        };
        self.turned(angle).filter(|&(_, p)| is_inside(p)).map(|(w, _)| w).sum::<f64>().min(1.0)
    }
}

impl Ellipse {
    /// This many points on its rim, counterclockwise from an end of the long axis: longitude and latitude, or x and y.
    pub fn outline(&self, points: usize) -> Vec<[f64; 2]> {
        let (sine, cosine) = libm::sincos(self.angle);
        let point = |k: usize| {
            let (up, along) = libm::sincos(2.0 * PI * k as f64 / points as f64);
            let (u, v) = (self.long * along, self.short * up);
            let [x, y] = [self.middle[0] + cosine * u - sine * v, self.middle[1] + sine * u + cosine * v];
            self.map.map_or([x, y], |map| map.unproject([x, y]))
        };
        (0..points).map(point).collect()
    }
}
