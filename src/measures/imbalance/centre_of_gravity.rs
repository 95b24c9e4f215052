//! The centre of gravity of a value, and the path it takes over the years.

use super::centre::{bearing, fitting, mean_centre, no_negative, place, rounding};
use super::distribution::POPULATION;
use super::panel::enough;
use crate::error::{Fault, Kind, Result};
use crate::study::Metric;

/// No place.
const NOWHERE: [f64; 2] = [f64::NAN; 2];

/// The centre of gravity of a value in its years; see [`centre_of_gravity()`].
#[derive(Clone, Debug, PartialEq)]
pub struct CentreOfGravity {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// The centre of the cities where each counts once.
    pub cities: [f64; 2],
    /// Root mean square distance of the cities from that centre.
    pub standard_distance: f64,
    /// The years, in their order.
    pub years: Vec<Centre>,
    /// Length of the whole path, 0 for one year; NaN where a year has no centre.
    pub path_length: f64,
    /// Distance from the first centre to the last.
    pub straight_distance: f64,
    /// Bearing from the first centre to the last, in degrees clockwise from north; NaN where they are the same.
    pub bearing: f64,
    /// The cities left out, without a value in one of the years or without a place.
    pub left_out: Vec<usize>,
    /// The cities that take part and have no population in one of the years, for which there is no centre of the people.
    pub without_population: Vec<usize>,
}

/// The centre of one year. Distances are in kilometres, of planar coordinates in their unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// Longitude and latitude, or x and y; NaN where all values are 0 or the places cancel.
    pub point: [f64; 2],
    /// Sum of the values.
    pub total: f64,
    /// Distance from the centre of the year before; NaN for the first.
    pub distance: f64,
    /// Bearing from there, in degrees clockwise from north; NaN where it did not move.
    pub bearing: f64,
    /// Length of the path up to here.
    pub cumulative: f64,
    /// Distance from the centre of the cities.
    pub from_cities: f64,
    /// The centre of the people; NaN where it is not known.
    pub population: [f64; 2],
    /// Distance from the centre of the people.
    pub population_distance: f64,
}

/// The centre of gravity of a value over the years. `years` are ascending columns of one value ≥ 0 for every city, NaN
/// where there is none; `points` are the places of the cities; `population` has one column for each year.
///
/// # Formula
///
/// On the globe c = Σ_i y_i u_i, as the longitude and latitude of its direction, where u_i is the unit vector of city i;
/// of planar coordinates c = Σ_i y_i (x_i, y_i)/Σ_i y_i. The same with the population in place of y gives the centre of
/// the people: how far the two lie apart is how far the value is from where people live.
///
/// Only cities with a place and a value in every year take part, so that the centre moves because values do and not
/// because cities come or go. O(T n).
///
/// # Errors
///
/// Columns of different lengths, fewer than two cities, negative values or populations, each with the city's index as
/// the feature; [`Kind::Undefined`] where no year has a centre, as all values are 0 or the places cancel.
///
/// # Source
///
/// Lefever, D. W. (1926). Measuring geographic concentration by means of the standard deviational ellipse. American
/// Journal of Sociology 32, 88-94. doi:10.1086/214027. On the sphere: Mardia, K. V. and Jupp, P. E. (2000). Directional
/// Statistics. Chichester: Wiley, section 9.2.
///
/// ```
/// use agglo::{measures::imbalance::centre_of_gravity, study::Metric};
/// let places = [Some([179.0, 0.0]), Some([-179.0, 0.0])];
/// let moves = centre_of_gravity(&[&[1.0, 1.0], &[1.0, 3.0]], &places, Metric::EARTH, None)?;
/// assert_eq!(moves.years[0].point[0].abs(), 180.0);
/// assert!((moves.straight_distance - 55.6).abs() < 0.1 && moves.bearing == 90.0); // to the east
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn centre_of_gravity(
    years: &[&[f64]],
    points: &[Option<[f64; 2]>],
    metric: Metric,
    population: Option<&[&[f64]]>,
) -> Result<CentreOfGravity> {
    fitting(years.iter().chain(population.unwrap_or_default()).copied(), points.len())?;
    if population.is_some_and(|population| population.len() != years.len()) {
        return Err(Fault::new(Kind::Option, "a population is needed for every year").into());
    }
    let (cities, left_out) = with_place(years, points);
    enough(cities.len(), 2, if years.len() > 1 { "a place and a value in all years" } else { "a place and a value" })?;
    for column in years {
        no_negative(column, &cities, "a centre of gravity needs values of 0 or more", None)?;
    }
    for column in population.unwrap_or_default() {
        no_negative(column, &cities, "a population is 0 or more", Some(POPULATION))?;
    }
    let places: Vec<[f64; 2]> = cities.iter().filter_map(|&i| place(points, i)).collect();
    let centre = |weight: &dyn Fn(usize) -> f64| {
        let weighted: Vec<(f64, [f64; 2])> = cities.iter().map(|&i| weight(i)).zip(places.iter().copied()).collect();
        mean_centre(&weighted, metric).unwrap_or(NOWHERE)
    };
    let of_cities = centre(&|_| 1.0);
    let lacks = |&&i: &&usize| population.is_some_and(|all| all.iter().any(|column| !column[i].is_finite()));
    let without_population: Vec<usize> = cities.iter().filter(lacks).copied().collect();
    let people = population.filter(|_| without_population.is_empty());
    let way = Way { metric, rounding: rounding(places.iter().copied(), metric) };
    let mut path: Vec<Centre> = Vec::with_capacity(years.len());
    for (at, column) in years.iter().enumerate() {
        let point = centre(&|i| column[i]);
        let people = people.map_or(NOWHERE, |all| centre(&|i| all[at][i]));
        let (distance, bearing) = path.last().map_or((f64::NAN, f64::NAN), |before| way.from(before.point, point));
        path.push(Centre {
            point,
            total: cities.iter().map(|&i| column[i]).sum(),
            distance,
            bearing,
            cumulative: path.last().map_or(0.0, |before| before.cumulative + distance),
            from_cities: way.from(of_cities, point).0,
            population: people,
            population_distance: way.from(people, point).0,
        });
    }
    let (Some(first), Some(last)) = (path.first(), path.last()) else {
        return Err(Fault::new(Kind::Option, "a value of at least one year is needed").into());
    };
    if path.iter().all(|year| year.point[0].is_nan()) {
        let message = if path.iter().all(|year| year.total == 0.0) {
            "all values are 0, so that there is no centre"
        } else {
            "the cities lie all round the globe and cancel, so that there is no centre"
        };
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let (straight_distance, bearing) = way.from(first.point, last.point);
    let squares = places.iter().map(|&here| metric.distance(of_cities, here).powi(2)).sum::<f64>();
    Ok(CentreOfGravity {
        n: cities.len(),
        cities: of_cities,
        standard_distance: (squares / cities.len() as f64).sqrt(),
        path_length: last.cumulative,
        straight_distance,
        bearing,
        years: path,
        left_out,
        without_population,
    })
}

/// The cities with a place and a value in every year, and the others.
pub(super) fn with_place(years: &[&[f64]], points: &[Option<[f64; 2]>]) -> (Vec<usize>, Vec<usize>) {
    let takes_part = |&i: &usize| place(points, i).is_some() && years.iter().all(|column| column[i].is_finite());
    (0..points.len()).partition(takes_part)
}

/// How distances between centres are measured.
struct Way {
    metric: Metric,
    /// Distance up to which they are one.
    rounding: f64,
}

impl Way {
    /// Distance and bearing from one centre to another; both NaN where one is not there.
    fn from(&self, a: [f64; 2], b: [f64; 2]) -> (f64, f64) {
        if a[0].is_nan() || b[0].is_nan() {
            return (f64::NAN, f64::NAN);
        }
        let distance = self.metric.distance(a, b);
        if distance > self.rounding { (distance, bearing(a, b, self.metric)) } else { (0.0, f64::NAN) }
    }
}
