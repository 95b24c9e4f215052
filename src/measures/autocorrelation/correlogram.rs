//! Correlogram: how far autocorrelation reaches, by distance and by steps from neighbour to neighbour.

use serde_json::{Value, json};

use super::adapter::{each_variable, outcome};
use super::moran::moran_of;
use super::sample::{Sample, Standardised};
use crate::error::{Kind, Result};
use crate::inference::{Inference, benjamini_hochberg};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::Cities;
use crate::weights::{Transform, Weights, set_ops};

/// Most cities whose pairs are sorted into distance bands.
const MOST_BY_DISTANCE: usize = 4000;
/// Most cities for which steps from neighbour to neighbour are followed.
const MOST_BY_ORDER: usize = 50_000;
/// Distance bands unless told otherwise.
const BANDS: usize = 8;
/// Steps unless told otherwise.
const STEPS: usize = 4;

/// Moran's I of the pairs of one lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lag {
    /// Distances of the pairs are above this (the first band has its lower limit in); for steps, their number.
    pub lower: f64,
    /// Distances of the pairs are at most this; for steps, their number.
    pub upper: f64,
    /// Pairs of cities in the lag.
    pub pairs: usize,
    /// Cities that have a partner in the lag.
    pub n: usize,
    /// Moran's I; NaN, as all that follows, where fewer than three cities have a partner.
    pub i: f64,
    /// Its expectation.
    pub expected: f64,
    /// Its variance over all arrangements of the values.
    pub variance: f64,
    /// (I − E)/√variance.
    pub z: f64,
    /// Permutation p value.
    pub p_permutation: f64,
    /// Benjamini-Hochberg value of p over the lags.
    pub q: f64,
    /// Lower limit of the values that random permutations stay in with probability 1 − alpha.
    pub band_lower: f64,
    /// Upper limit of those values.
    pub band_upper: f64,
}

/// Moran's I of `x` by distance bands of equal width, `edges[0]` to `edges[1]` and so on; a band has its upper limit in.
///
/// Weights within a band are 1, row-standardised. The confidence band is pointwise: the alpha/2 and 1 − alpha/2 quantiles
/// of the permutations.
///
/// # Errors
///
/// [`Kind::Undefined`] for constant values.
///
/// # Source
///
/// Cliff, A. D. and Ord, J. K. (1981). Spatial Processes, chapter 5; Oden, N. L. (1984). Assessing the significance of a
/// spatial correlogram. Geographical Analysis 16, 1-16.
pub fn correlogram_by_distance(x: &[f64], cities: &Cities, edges: &[f64], inference: &Inference) -> Result<Vec<Lag>> {
    let bands = edges.len().saturating_sub(1);
    let mut pairs = vec![Vec::new(); bands];
    for (i, j, distance) in distances(cities) {
        // Band b holds edges[b] < distance ≤ edges[b + 1]; the first one holds its lower edge too.
        let band = edges.partition_point(|&edge| edge < distance).max(1);
        if band <= bands && distance >= edges[0] {
            pairs[band - 1].push((i, j));
        }
    }
    let lag = |(band, pairs): (usize, Vec<(u32, u32)>)| {
        let weights = Weights::from_pairs("band", cities.len(), &pairs).transformed(Transform::Row);
        moran_of_lag(x, &weights, edges[band], edges[band + 1], inference, &format!("correlogram/distance/{band}"))
    };
    Ok(with_q(pairs.into_iter().enumerate().map(lag).collect::<Result<_>>()?))
}

/// Moran's I of `x` among cities that are 1, 2, … `steps` links apart, each under the transform of `weights`.
///
/// Ends early where no pair is that far apart.
///
/// # Errors
///
/// [`Kind::Undefined`] for constant values; too many links at one step.
pub fn correlogram_by_order(x: &[f64], weights: &Weights, steps: usize, inference: &Inference) -> Result<Vec<Lag>> {
    let mut lags = Vec::new();
    for step in 1..=steps {
        let apart = set_ops::order(weights, step, step)?.transformed(weights.transform());
        if apart.links() == 0 {
            break;
        }
        let at = step as f64;
        lags.push(moran_of_lag(x, &apart, at, at, inference, &format!("correlogram/order/{step}"))?);
    }
    Ok(with_q(lags))
}

/// Equal bands from 0 to half of the largest distance: beyond it only the rim of the map has partners.
pub fn default_edges(cities: &Cities, bands: usize) -> Vec<f64> {
    let largest = distances(cities).map(|(_, _, distance)| distance).fold(0.0, f64::max);
    (0..=bands).map(|band| largest / 2.0 * band as f64 / bands as f64).collect()
}

/// The pairs of cities that have a point, with their distances.
fn distances(cities: &Cities) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
    let located: Vec<(u32, [f64; 2])> =
        (0..).zip(&cities.points).filter_map(|(i, point)| Some((i, (*point)?))).collect();
    (0..located.len()).flat_map(move |a| {
        let (i, from) = located[a];
        let rest = located[a + 1..].to_vec();
        rest.into_iter().map(move |(j, to)| (i, j, cities.metric.distance(from, to)))
    })
}

fn moran_of_lag(
    x: &[f64],
    weights: &Weights,
    lower: f64,
    upper: f64,
    inference: &Inference,
    purpose: &str,
) -> Result<Lag> {
    let empty = Lag {
        lower,
        upper,
        pairs: weights.links() / 2,
        n: 0,
        i: f64::NAN,
        expected: f64::NAN,
        variance: f64::NAN,
        z: f64::NAN,
        p_permutation: f64::NAN,
        q: f64::NAN,
        band_lower: f64::NAN,
        band_upper: f64::NAN,
    };
    let sample = match Sample::new(&[x], weights) {
        Ok(sample) => sample,
        Err(error) if error.kind() == Kind::TooFew => return Ok(empty),
        Err(error) => return Err(error),
    };
    let standard = match Standardised::new(&sample.take(x)) {
        Ok(standard) => standard,
        Err(_) => return Ok(Lag { n: sample.n(), ..empty }), // those few that have a partner have one value
    };
    let (moran, replicates) = moran_of(&sample, &standard, inference, purpose)?;
    Ok(Lag {
        pairs: sample.weights.links() / 2,
        n: moran.n,
        i: moran.i,
        expected: moran.test.expected,
        variance: moran.test.variance_randomisation,
        z: moran.test.z_randomisation,
        p_permutation: moran.test.p_permutation,
        band_lower: replicates.quantile(inference.alpha / 2.0),
        band_upper: replicates.quantile(1.0 - inference.alpha / 2.0),
        ..empty
    })
}

fn with_q(mut lags: Vec<Lag>) -> Vec<Lag> {
    let p: Vec<f64> = lags.iter().map(|lag| lag.p_permutation).collect();
    lags.iter_mut().zip(benjamini_hochberg(&p)).for_each(|(lag, q)| lag.q = q);
    lags
}

static ABOUT: About = About {
    name: "correlogram",
    family: Family::Autocorrelation,
    needs: Needs::Value,
    title: "Correlogram",
    question: "How far does the likeness of cities reach?",
    formula: "Moran's I among the pairs of cities whose distance lies in a band, or that are a number of steps apart",
    symbols: &[("band", "lower < distance <= upper"), ("step", "fewest links between two cities")],
    reading: "Where I leaves the confidence band and where it falls to its expectation tells how far autocorrelation reaches",
    variant: "8 bands of equal width up to half of the largest distance (to 4,000 cities), 4 steps (to 50,000 cities); row-standardised; pointwise confidence band of the permutations; q over the lags",
    reference: "Cliff and Ord (1981), Spatial Processes, chapter 5; Oden (1984), Geographical Analysis 16, 1-16",
    fields: &[
        Field::table("by_distance", "Moran's I by distance band, with confidence band"),
        Field::table("by_order", "Moran's I by number of steps, with confidence band"),
    ],
    matches: &[
        ("spdep", "sp.correlogram(nb, x, order, method='I', style='W') by order"),
        ("esda", "correlogram(y, geometry, support)"),
    ],
};

/// The correlogram in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes =
        each_variable(run, &ABOUT, |variable, weights, outcome| by_order(run, variable, weights, outcome))?;
    for variable in run.variables {
        let Some(space) = run.weights.first() else { continue };
        let mut by_distance =
            outcome(run, &ABOUT, variable, space, |outcome| by_distance(run, &variable.values, outcome))?;
        by_distance.weights = Some("distance".to_owned());
        outcomes.push(by_distance);
    }
    Ok(outcomes)
}

fn by_order(run: &Run, variable: &crate::study::Variable, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    if run.cities.len() > MOST_BY_ORDER {
        outcome.notes.push(not_run("steps", run.cities.len(), MOST_BY_ORDER));
        return Ok(());
    }
    Standardised::new(&Sample::new(&[&variable.values], weights)?.take(&variable.values))?;
    let lags = correlogram_by_order(&variable.values, weights, run.options.lags.unwrap_or(STEPS), run.inference)?;
    outcome.tables.push(("by_order", table(&lags)));
    Ok(())
}

fn by_distance(run: &Run, x: &[f64], outcome: &mut Outcome) -> Result<()> {
    let located = run.cities.points.iter().flatten().count();
    if located > MOST_BY_DISTANCE {
        outcome.notes.push(not_run("distance bands", located, MOST_BY_DISTANCE));
        return Ok(());
    }
    let edges = default_edges(run.cities, run.options.lags.unwrap_or(BANDS));
    let lags = correlogram_by_distance(x, run.cities, &edges, run.inference)?;
    outcome.tables.push(("by_distance", table(&lags)));
    Ok(())
}

fn not_run(what: &str, n: usize, most: usize) -> Note {
    Note::remark("not_run", format!("the correlogram by {what} was not run: {n} cities, and it takes at most {most}"))
}

fn table(lags: &[Lag]) -> TableOut {
    let columns = vec![
        "lag",
        "lower",
        "upper",
        "pairs",
        "n",
        "i",
        "expected",
        "variance",
        "z",
        "p_permutation",
        "q",
        "band_lower",
        "band_upper",
    ];
    let row = |(at, lag): (usize, &Lag)| -> Vec<Value> {
        vec![
            json!(at + 1),
            json!(lag.lower),
            json!(lag.upper),
            json!(lag.pairs),
            json!(lag.n),
            json!(lag.i),
            json!(lag.expected),
            json!(lag.variance),
            json!(lag.z),
            json!(lag.p_permutation),
            json!(lag.q),
            json!(lag.band_lower),
            json!(lag.band_upper),
        ]
    };
    TableOut { columns, rows: lags.iter().enumerate().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::autocorrelation::moran;
    use crate::study::{Metric, Shapes};

    fn line(n: usize) -> Cities {
        let ids: Vec<String> = (0..n).map(|i| i.to_string()).collect();
        let mut shapes = Shapes::default();
        (0..n).for_each(|i| shapes.push_point([i as f64, 0.0]));
        let points = (0..n).map(|i| Some([i as f64, 0.0])).collect();
        Cities { names: ids.clone(), ids, shapes, points, metric: Metric::Planar, notes: Vec::new() }
    }

    #[test]
    fn bands_hold_their_upper_limit_and_all_pairs_once() {
        let (cities, x) = (line(13), (0..13).map(|i| f64::from(i * i)).collect::<Vec<_>>());
        let edges = default_edges(&cities, 3);
        assert_eq!(edges, [0.0, 2.0, 4.0, 6.0]);
        let lags = correlogram_by_distance(&x, &cities, &edges, &Inference::default()).unwrap();
        assert_eq!(lags.iter().map(|lag| lag.pairs).collect::<Vec<_>>(), [12 + 11, 10 + 9, 8 + 7]);
        assert!(lags[0].i > lags[1].i && lags[1].i > lags[2].i);
        assert!(lags[0].i > lags[0].band_upper && lags[0].band_lower < lags[0].band_upper);
    }

    #[test]
    fn the_first_order_is_moran_itself() {
        let x: Vec<f64> = (0..13).map(|i| f64::from(i * i % 7)).collect();
        let chain: Vec<(u32, u32)> = (0..12).map(|i| (i, i + 1)).collect();
        let weights = Weights::from_pairs("chain", 13, &chain).transformed(Transform::Row);
        let lags = correlogram_by_order(&x, &weights, 20, &Inference::default()).unwrap();
        assert_eq!(lags.len(), 12, "no pair is further apart than twelve steps");
        assert_eq!(lags[0].i, moran(&x, &weights, &Inference::default()).unwrap().i);
        assert!(lags[11].i.is_nan() && lags[11].pairs == 1);
    }
}
