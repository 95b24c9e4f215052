//! Weights from distances: nearest neighbours, bands and inverse distance.

use rayon::prelude::*;

use super::index::{Index, Nearest, Neighbour};
use super::rows::{Built, MOST_LINKS, gather, too_many_links};
use crate::error::{Fault, Faults, Kind, Result};
use crate::note::{Note, listed};
use crate::study::Cities;

/// How far a distance band reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Band {
    /// The largest distance of a city to its nearest, so that nobody is an isolate.
    Auto,
    /// A length in the unit of the metric: kilometres on the sphere.
    Length(f64),
}

/// Each city's `k` nearest others, every link with weight 1; `knn:4`.
///
/// Not symmetric in general. Among cities at the distance of the k-th the earlier in the input is taken, and a
/// note says so; coincident cities are warned of. Cities without a point are isolates. O(n k log n).
///
/// ```
/// use agglo::study::{Cities, Metric, Shapes};
/// let mut shapes = Shapes::default();
/// let places = [[121.47, 31.23], [118.78, 32.06], [120.15, 30.28]];
/// places.iter().for_each(|&p| shapes.push_point(p));
/// let ids: Vec<String> = ["Shanghai", "Nanjing", "Hangzhou"].map(String::from).to_vec();
/// let cities = Cities {
///     names: ids.clone(), ids, shapes, points: places.map(Some).to_vec(), metric: Metric::EARTH, notes: vec![],
/// };
/// let nearest = agglo::weights::distance::knn(&cities, 1)?.weights;
/// assert_eq!(nearest.neighbours(0), [2]); // Shanghai's nearest is Hangzhou
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// # Errors
/// If `k` is 0, or not below the number of cities with a point.
pub fn knn(cities: &Cities, k: usize) -> Result<Built> {
    let index = Index::new(&cities.points, cities.metric);
    enough_for(&index, k)?;
    let nearest: Vec<Nearest> = (0..cities.len()).into_par_iter().map(|i| index.nearest(i, k)).collect();
    let label = format!("knn:{k}");
    let weights = gather(&label, cities.len(), |i| nearest[i].neighbours.iter().map(|f| (f.city, 1.0)).collect())?;
    let which = |test: fn(&Nearest) -> bool| (0..nearest.len()).filter(|&i| test(&nearest[i])).collect::<Vec<_>>();
    let coincident = which(|found| found.neighbours.first().is_some_and(|f| f.distance == 0.0));
    let mut notes = Vec::from_iter(coincident_note(cities, &coincident, "ties go to the earlier city"));
    notes.extend(tie_note(cities, &which(|found| found.tied), k));
    Ok(Built { weights, notes })
}

/// All cities within a length of one another, the limit included, every link with weight 1; `band:150km`.
///
/// Cities without a point are isolates. O(n log n + links).
///
/// # Errors
/// If the length is not above 0, if there are fewer than two cities with a point for [`Band::Auto`], or if more than
/// [`MOST_LINKS`] links would be made.
pub fn band(cities: &Cities, band: Band) -> Result<Built> {
    let index = Index::new(&cities.points, cities.metric);
    let unit = cities.metric.unit();
    let (label, length, notes) = match band {
        Band::Length(length) => (format!("band:{length}{unit}"), positive(length)?, Vec::new()),
        Band::Auto => {
            let (length, farthest) = largest_nearest_distance(&index)?;
            ("band:auto".to_owned(), length, vec![length_note(cities, "band:auto", length, farthest)])
        }
    };
    refuse_too_many(&index, &label, length)?;
    let weights = gather(&label, cities.len(), |i| index.within(i, length).iter().map(|f| (f.city, 1.0)).collect())?;
    Ok(Built { weights, notes })
}

/// w_ij = d_ij^(−power) for all pairs of cities, or for those within `length`; `inverse:1`, `inverse:2:300km`.
///
/// Without a length every pair is linked, which is refused above `max_dense` cities. Cities without a point are
/// isolates.
///
/// # Errors
/// If cities coincide, since their weight would be infinite; if power or length is not above 0; if there would be
/// too many links; if a weight is too large to be a number.
pub fn inverse_distance(cities: &Cities, power: f64, length: Option<f64>, max_dense: usize) -> Result<Built> {
    positive(power)?;
    let index = Index::new(&cities.points, cities.metric);
    let label = match length {
        Some(length) => format!("inverse:{power}:{}{}", positive(length)?, cities.metric.unit()),
        None => format!("inverse:{power}"),
    };
    match length {
        Some(length) => refuse_too_many(&index, &label, length)?,
        None => refuse_dense(cities, &index, &label, max_dense)?,
    }
    let weight = |distance: f64| if power == 1.0 { 1.0 / distance } else { libm::pow(distance, -power) };
    let within = |i: usize| match length {
        Some(length) => index.within(i, length),
        None => all_others(&index, i),
    };
    refuse_coincident(cities, &index)?;
    let weights = gather(&label, cities.len(), |i| within(i).iter().map(|f| (f.city, weight(f.distance))).collect())?;
    let endless = |i: &usize| weights.raw_row(*i).any(|(_, w)| w.is_infinite());
    if let Some(i) = (0..weights.n()).find(endless) {
        let message = format!("{label} is too large to be a number for the nearest neighbours of {}", cities.label(i));
        return Err(Fault::new(Kind::Weights, message).hint("take a smaller power").into());
    }
    Ok(Built { weights, notes: Vec::new() })
}

fn all_others(index: &Index, i: usize) -> Vec<Neighbour> {
    let to = |j: usize| Some(Neighbour { city: j as u32, distance: index.distance(i, j)? });
    (0..index.len()).filter(|&j| j != i).filter_map(to).collect()
}

/// Refuses `k` nearest neighbours where there are not as many.
pub(super) fn enough_for(index: &Index, k: usize) -> Result<()> {
    at_least_two(index)?;
    let n = index.located();
    if (1..n).contains(&k) {
        return Ok(());
    }
    let those = if n == index.len() { "" } else { " with a point" };
    let neighbours = if n == 2 { "neighbour" } else { "neighbours" };
    let message = format!("k = {k}, but {n} cities{those} have at most {} {neighbours}", n - 1);
    Err(Fault::new(Kind::Weights, message).hint(format!("choose a k from 1 to {}", n - 1)).into())
}

pub(super) fn at_least_two(index: &Index) -> Result<()> {
    match index.located() {
        0 => Err(Fault::new(Kind::TooFew, "no city has a point, and distances need at least 2").into()),
        1 => Err(Fault::new(Kind::TooFew, "only 1 city has a point, and distances need at least 2").into()),
        _ => Ok(()),
    }
}

/// A length or a power that is a number above 0.
pub(super) fn positive(value: f64) -> Result<f64> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(Fault::new(Kind::Option, format!("{value} is not a number above 0")).field("weights").into())
}

/// The largest distance of a city to its nearest, and the first city where it is found.
pub(super) fn largest_nearest_distance(index: &Index) -> Result<(f64, usize)> {
    at_least_two(index)?;
    let nearest: Vec<Option<f64>> = (0..index.len()).into_par_iter().map(|i| index.nearest_distance(i)).collect();
    let mut largest = (0.0, 0);
    for (i, distance) in nearest.into_iter().enumerate() {
        if let Some(distance) = distance.filter(|&d| d > largest.0) {
            largest = (distance, i);
        }
    }
    Ok(largest)
}

/// Counts the links before they are stored, where there could be too many.
pub(super) fn refuse_too_many(index: &Index, label: &str, length: f64) -> Result<()> {
    let n = index.located();
    if n.saturating_mul(n.saturating_sub(1)) <= MOST_LINKS {
        return Ok(());
    }
    let total = std::sync::atomic::AtomicUsize::new(0);
    (0..index.len()).into_par_iter().try_for_each(|i| {
        let count = index.count_within(i, length);
        let before = total.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
        if before + count > MOST_LINKS { Err(too_many_links(label)) } else { Ok(()) }
    })
}

fn refuse_dense(cities: &Cities, index: &Index, label: &str, max_dense: usize) -> Result<()> {
    let (n, most) = (index.located(), max_dense.min(MOST_LINKS.isqrt()));
    if n <= most {
        return Ok(());
    }
    let message = format!("{label} links all pairs of {n} cities, more than the {most} allowed");
    let hint =
        format!("give it a length, as {label}:300{}, or take nearest neighbours, as knn:8", cities.metric.unit());
    Err(Fault::new(Kind::TooLarge, message).hint(hint).into())
}

/// Refuses cities at distance 0, each named with the first of those it coincides with.
fn refuse_coincident(cities: &Cities, index: &Index) -> Result<()> {
    const MOST: usize = 10;
    let twin = |i: usize| {
        let first = index.nearest(i, 1).neighbours.first().filter(|f| f.distance == 0.0)?.city as usize;
        Some((i.min(first), i.max(first)))
    };
    let mut pairs: Vec<(usize, usize)> = (0..cities.len()).into_par_iter().filter_map(twin).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let hint = "an inverse distance would be infinite; move or merge them, or take knn:4, band:auto or kernel:gaussian";
    let fault = |message: String| Fault::new(Kind::Weights, message).hint(hint);
    let mut faults = Faults::default();
    for &(i, j) in pairs.iter().take(MOST) {
        faults.push(fault(format!("{} and {} coincide: distance 0", cities.label(i), cities.label(j))));
    }
    if pairs.len() > MOST {
        faults.push(fault(format!("{} more pairs of cities coincide", pairs.len() - MOST)));
    }
    faults.finish(())
}

/// A warning that these cities share a location with another, if there are any.
pub(super) fn coincident_note(cities: &Cities, coincident: &[usize], consequence: &str) -> Option<Note> {
    let names: Vec<String> = coincident.iter().map(|&i| cities.label(i)).collect();
    let message =
        || format!("{} cities share a location with another ({}); {consequence}", names.len(), listed(&names));
    let ids = || coincident.iter().map(|&i| cities.ids[i].clone());
    (!coincident.is_empty()).then(|| Note::warning("coincident", message()).about(ids()))
}

fn tie_note(cities: &Cities, tied: &[usize], k: usize) -> Option<Note> {
    let names: Vec<String> = tied.iter().map(|&i| cities.label(i)).collect();
    let have = if names.len() == 1 { "city has" } else { "cities have" };
    let message = || {
        format!(
            "{} {have} more than one candidate at the distance of neighbour {k} ({}); the earlier in the input is taken",
            names.len(),
            listed(&names)
        )
    };
    (!tied.is_empty()).then(|| Note::remark("tie", message()).about(tied.iter().map(|&i| cities.ids[i].clone())))
}

/// Says which length was chosen, and whose distance it is.
pub(super) fn length_note(cities: &Cities, label: &str, length: f64, farthest: usize) -> Note {
    let unit = cities.metric.unit();
    let space = if unit.is_empty() { "" } else { " " };
    let whose = cities.label(farthest);
    let message =
        format!("{label} is {length:.6}{space}{unit}, the largest distance to a nearest city (that of {whose})");
    Note::remark("length", message).about([cities.ids[farthest].clone()])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::study::{Metric, Shapes};

    /// Planar cities C01, C02, … at these places.
    pub fn points(places: &[[f64; 2]]) -> Cities {
        let ids: Vec<String> = (1..=places.len()).map(|i| format!("C{i:02}")).collect();
        let mut shapes = Shapes::default();
        places.iter().for_each(|&place| shapes.push_point(place));
        let points = places.iter().copied().map(Some).collect();
        Cities { names: ids.clone(), ids, shapes, points, metric: Metric::Planar, notes: Vec::new() }
    }

    fn message(result: Result<Built>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn too_many_neighbours_are_refused_with_the_numbers() {
        let cities = points(&[[0.0, 0.0]; 12]);
        assert_eq!(message(knn(&cities, 12)), "k = 12, but 12 cities have at most 11 neighbours");
        let mut one_missing = points(&[[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]);
        one_missing.points[1] = None;
        assert_eq!(message(knn(&one_missing, 2)), "k = 2, but 2 cities with a point have at most 1 neighbour");
        assert_eq!(knn(&one_missing, 1).unwrap().weights.isolates(), [1]);
        assert_eq!(knn(&points(&[[0.0, 0.0]]), 1).unwrap_err().kind(), Kind::TooFew);
    }

    #[test]
    fn coincident_cities_and_ties_are_told() {
        let cities = points(&[[0.0, 0.0], [0.0, 0.0], [5.0, 0.0], [-5.0, 0.0]]);
        let built = knn(&cities, 2).unwrap();
        assert_eq!(built.weights.neighbours(0), [1, 2]);
        let codes: Vec<_> = built.notes.iter().map(|note| (note.code, note.cities.clone())).collect();
        let ids = |ids: &[&str]| ids.iter().map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(codes, [("coincident", ids(&["C01", "C02"])), ("tie", ids(&["C01", "C02"]))]);
        assert!(built.notes[0].message.starts_with("2 cities share a location with another (C01 and C02)"));
    }

    #[test]
    fn a_band_includes_its_limit() {
        let cities = points(&[[0.0, 0.0], [0.1, 0.0], [0.3, 0.0]]);
        let built = band(&cities, Band::Length(0.2)).unwrap(); // 0.3 - 0.1 is a little less, 0.1 + 0.2 a little more
        assert_eq!(built.weights.neighbours(2), [1]);
        let auto = band(&cities, Band::Auto).unwrap();
        assert!(auto.weights.isolates().is_empty());
        assert_eq!(
            auto.notes[0].message,
            "band:auto is 0.200000, the largest distance to a nearest city (that of C03)"
        );
        assert!(band(&cities, Band::Length(0.0)).is_err() && band(&cities, Band::Length(f64::NAN)).is_err());
    }

    #[test]
    fn inverse_distance_refuses_what_it_cannot_weigh() {
        let cities = points(&[[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]);
        let error = message(inverse_distance(&cities, 1.0, None, 100));
        assert_eq!(error, "C01 and C03 coincide: distance 0");
        let apart = points(&[[0.0, 0.0], [3.0, 4.0], [0.0, 10.0]]);
        assert_eq!(inverse_distance(&apart, 2.0, None, 3).unwrap().weights.weight(0, 1), 0.04);
        assert_eq!(inverse_distance(&apart, 2.0, None, 2).unwrap_err().kind(), Kind::TooLarge);
        assert_eq!(inverse_distance(&apart, 1.0, Some(5.0), 2).unwrap().weights.isolates(), [2]);
        let many = points(&[[0.0, 0.0]; 30]);
        let all = inverse_distance(&many, 1.0, Some(1.0), 9).unwrap_err();
        assert_eq!(all.faults()[9].message(), "C01 and C11 coincide: distance 0");
        assert_eq!(all.faults()[10].message(), "19 more pairs of cities coincide");
        let close = points(&[[0.0, 0.0], [1e-9, 0.0]]);
        assert!(message(inverse_distance(&close, 40.0, None, 9)).contains("too large to be a number"));
    }

    #[test]
    fn bands_wider_than_memory_are_refused_before_they_are_stored() {
        let line: Vec<[f64; 2]> = (0..20_000).map(|i| [f64::from(i), 0.0]).collect();
        assert_eq!(band(&points(&line), Band::Length(1e6)).unwrap_err().kind(), Kind::TooLarge);
    }
}
