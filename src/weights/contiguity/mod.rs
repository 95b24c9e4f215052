//! Contiguity: cities whose borders meet are neighbours.
//!
//! Almost all borders are drawn from the same vertices on both sides, so sorting finds them, without any geometry
//! (`shared`). The edges that only one city has are then compared with those of other cities nearby: a vertex may
//! lie on an edge of the other city, borders may miss each other by a little, or cross (`borders`, `overlaps`).

mod borders;
mod notes;
mod overlaps;
mod shared;

use super::Weights;
use crate::error::{Fault, Faults, Kind, Result};
use crate::study::{Cities, Metric, ShapeKind};
use borders::{Borders, Contact, Tolerance};
use shared::Places;

/// Which meeting of two borders makes their cities neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A common point is enough.
    Queen,
    /// A common stretch of positive length.
    Rook,
}

impl Rule {
    /// `queen` or `rook`, as in a specification of weights.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queen => "queen",
            Self::Rook => "rook",
        }
    }
}

/// Two cities whose borders come near each other without meeting; `a` < `b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearMiss {
    /// Place of the one city.
    pub a: usize,
    /// Place of the other city.
    pub b: usize,
    /// Width of the gap in the unit of the metric: kilometres, or coordinate units.
    pub gap: f64,
    /// Width of the gap in coordinate units (degrees on a sphere): the least snap that joins the two.
    pub degrees: f64,
}

/// Contiguity weights, and what was found where borders do not fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Contiguity {
    /// Symmetric weights of 1, named `queen` or `rook`.
    pub weights: Weights,
    /// Pairs that are neighbours only because of the snap, by pair; a vertex that lies on the edge of the other
    /// city but for rounding is not such a repair.
    pub joined: Vec<NearMiss>,
    /// Pairs that are no neighbours although their borders come within a thousandth of the size of a city
    /// (the median of √area) or within twice the snap, by pair.
    pub near_misses: Vec<NearMiss>,
    /// Pairs that cover the same ground, by pair. They are not neighbours by that alone.
    pub overlaps: Vec<(usize, usize)>,
    /// The snap in use, in coordinate units.
    pub snap: f64,
}

/// The cities whose borders meet: in a point ([`Rule::Queen`]) or along a stretch ([`Rule::Rook`]).
///
/// Borders that lie within `snap` of each other meet; `snap` is in coordinate units, so in degrees on a sphere.
/// `None` allows for rounding only: 10⁻⁸ degrees (about a millimetre), or 10⁻¹⁰ of the diagonal of the map where
/// coordinates are planar. Borders need not have the same vertices: one of one city may lie anywhere on an edge of
/// the other. Where vertices differ, a stretch counts for [`Rule::Rook`] if it is longer than four times the snap
/// and the gap. On a sphere the longitudes −180° and 180° are one, and a pole is one point.
///
/// A city without a geometry has no neighbours. Time O(v log v) for v vertices.
///
/// # Errors
/// [`Kind::Geometry`] for every city that is a point; [`Kind::Option`] if `snap` is negative or not finite;
/// [`Kind::TooLarge`] from 2³² vertices.
///
/// ```
/// use agglo::study::{Cities, Metric, RingRole, Shapes};
/// use agglo::weights::contiguity::{Rule, contiguity};
///
/// let mut shapes = Shapes::default();
/// for (x, y) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)] {
///     shapes.push_area([(RingRole::Shell, [[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]])]);
/// }
/// let ids: Vec<String> = ["A", "B", "C"].map(String::from).to_vec();
/// let names = ids.clone();
/// let cities = Cities { ids, names, shapes, points: vec![None; 3], metric: Metric::Planar, notes: vec![] };
///
/// assert_eq!(contiguity(&cities, Rule::Queen, None)?.weights.neighbours(0), [1, 2]);
/// assert_eq!(contiguity(&cities, Rule::Rook, None)?.weights.neighbours(0), [1]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn contiguity(cities: &Cities, rule: Rule, snap: Option<f64>) -> Result<Contiguity> {
    refuse_points(cities)?;
    refuse_too_many_vertices(cities)?;
    let rounding = rounding(cities);
    let tolerance = tolerance(cities, snap, rounding)?;
    let places = Places::of(cities);
    let mut shared = places.shared_edges();
    let mut pairs = match rule {
        Rule::Queen => places.pairs(),
        Rule::Rook => std::mem::take(&mut shared.pairs),
    };
    let exact = Weights::from_pairs(rule.name(), cities.len(), &pairs);

    let segments = places.leftover(cities, &shared);
    let borders = Borders::compare(cities.metric, &places, &segments, tolerance);
    let mut contacts = match rule {
        Rule::Queen => borders.point_contacts(),
        Rule::Rook => borders.run_contacts(),
    };
    contacts.retain(|contact| exact.weight(contact.pair.0 as usize, contact.pair.1 as usize) == 0.0);
    let (meeting, near): (Vec<_>, Vec<_>) = contacts.into_iter().partition(|c| c.gap.width <= tolerance.snap);
    let weights = if meeting.is_empty() {
        exact
    } else {
        pairs.extend(meeting.iter().map(|contact| contact.pair));
        Weights::from_pairs(rule.name(), cities.len(), &pairs)
    };

    let mut overlaps = std::mem::take(&mut shared.same_side);
    overlaps.extend(overlaps::overlaps(cities, &borders));
    overlaps.sort_unstable();
    overlaps.dedup();

    let measured = |contact: &Contact| {
        let [p, q] = contact.gap.banks;
        let (a, b) = contact.pair;
        NearMiss { a: a as usize, b: b as usize, gap: cities.metric.distance(p, q), degrees: contact.gap.width }
    };
    let repaired = |contact: &&Contact| contact.gap.width > NO_REPAIR * rounding;
    Ok(Contiguity {
        weights,
        joined: meeting.iter().filter(repaired).map(measured).collect(),
        near_misses: near.iter().map(measured).collect(),
        overlaps: overlaps.into_iter().map(|(a, b)| (a as usize, b as usize)).collect(),
        snap: tolerance.snap,
    })
}

/// The part of the default snap up to which a gap that is closed is not called a repair.
const NO_REPAIR: f64 = 0.01;

/// Refuses a map on which some cities are points, naming all of them.
fn refuse_points(cities: &Cities) -> Result<()> {
    let mut faults = Faults::default();
    for i in (0..cities.len()).filter(|&i| cities.shapes.kind(i) == ShapeKind::Point) {
        let fault = Fault::new(Kind::Geometry, "contiguity needs a polygon, but this city is a point");
        faults.push(fault.feature(i).city(&*cities.ids[i]).hint("neighbours of points: --weights knn:4"));
    }
    faults.finish(())
}

fn refuse_too_many_vertices(cities: &Cities) -> Result<()> {
    let count = cities.shapes.coordinate_count();
    if u32::try_from(count).is_ok() {
        return Ok(());
    }
    let fault = Fault::new(Kind::TooLarge, format!("{count} vertices are more than contiguity can number"));
    Err(fault.hint("simplify the borders").into())
}

/// The gap that rounding alone may make between borders that meet: the default snap.
fn rounding(cities: &Cities) -> f64 {
    const DEGREES: f64 = 1e-8;
    const OF_DIAGONAL: f64 = 1e-10;
    match cities.metric {
        Metric::GreatCircle { .. } => DEGREES,
        Metric::Planar => OF_DIAGONAL * diagonal(cities),
    }
}

/// What touching and near mean on this map.
fn tolerance(cities: &Cities, snap: Option<f64>, rounding: f64) -> Result<Tolerance> {
    const OF_SIZE: f64 = 0.001;
    let snap = snap.unwrap_or(rounding);
    if !(0.0..f64::INFINITY).contains(&snap) {
        let fault = Fault::new(Kind::Option, format!("a snap of {snap} is no distance"));
        return Err(fault.field("--snap").hint("give a positive number in the unit of the coordinates").into());
    }
    let reach = (OF_SIZE * shared::median_size(&cities.shapes)).max(2.0 * snap);
    Ok(Tolerance { snap, reach })
}

/// Diagonal of the smallest box round the map.
fn diagonal(cities: &Cities) -> f64 {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for &point in (0..cities.len()).flat_map(|i| cities.shapes.coordinates(i)) {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    if low[0] <= high[0] { borders::length([low, high]) } else { 0.0 }
}
