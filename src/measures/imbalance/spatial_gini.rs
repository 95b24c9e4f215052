//! The Gini coefficient split into pairs of neighbours and the others.

use super::distribution::Distribution;
use super::gini::gini_of;
use crate::error::{Error, Fault, Faults, Kind, Result};
use crate::inference::{Inference, LANES, Lanes, Replicates, monte_carlo_error, permuted, z_value};
use crate::measures::adapter::{finding, located, printed};
use crate::measures::autocorrelation::adapter::each_variable;
use crate::measures::autocorrelation::sample::Sample;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::note::{Note, listed_by, short};
use crate::study::Variable;
use crate::weights::{Pairs, Transform, Weights};

/// Standard deviation of shares that are the same but for rounding.
const SAME: f64 = 1e-12;

/// The Gini coefficient split by neighbourhood, and its test; see [`spatial_gini()`].
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialGini {
    /// Cities that take part.
    pub n: usize,
    /// Links between them, each direction by itself.
    pub links: usize,
    /// The Gini coefficient of these cities.
    pub gini: f64,
    /// The part of it that comes of pairs of neighbours.
    pub neighbour: f64,
    /// The part that comes of all other pairs.
    pub other: f64,
    /// Share of neighbours in the coefficient, 0 to 1.
    pub neighbour_share: f64,
    /// Its expectation where values are independent of place, the share of neighbours among all pairs.
    pub expected: f64,
    /// How far pairs that are no neighbours differ on average, over how far neighbours do; NaN where all are neighbours,
    /// or neighbours do not differ.
    pub polarisation: f64,
    /// (neighbour_share − expected)/standard deviation of the replicates: negative where neighbours are alike; NaN
    /// without permutations.
    pub z: f64,
    /// Permutation p value of `neighbour_share`; NaN without permutations.
    pub p_permutation: f64,
    /// Monte Carlo standard error of that p value.
    pub monte_carlo_error: f64,
    /// Mean of the replicates of `neighbour_share`.
    pub permutation_mean: f64,
    /// Population variance of the replicates.
    pub permutation_variance: f64,
    /// Cities with a value that are left out for want of a neighbour.
    pub without_neighbour: Vec<usize>,
}

/// The Gini coefficient of `x` ≥ 0 split into pairs of neighbours and other pairs. `x` has one value for every city, NaN
/// where there is none.
///
/// # Formula
///
/// G = Σ_i Σ_j b_ij |x_i − x_j|/(2n²μ) + Σ_i Σ_{j≠i} (1 − b_ij) |x_i − x_j|/(2n²μ)
///
/// where b_ij is 1 if the weight of the link from i to j is not 0: strengths do not matter. A link of one direction counts
/// for that direction alone, half a pair. With neighbours that are all cities of the same group, the first part is
/// Dagum's part within groups.
///
/// # Inference
///
/// Null: the values are independent of place. The coefficient is the same under every permutation, so that one sum over
/// the links is all a replicate needs. Under the null the neighbours' share is that of their pairs among all,
/// Σ b_ij/(n(n − 1)); a smaller one means that neighbours are alike.
///
/// # Who takes part
///
/// Cities without a value leave first, then those left without a neighbour.
///
/// # Errors
///
/// Fewer than three cities; negative values, each with the city's index as the feature; [`Kind::Undefined`] where all
/// values are equal.
///
/// # Complexity
///
/// O(n log n + P·(n + links)).
///
/// # Source
///
/// Rey, S. J. and Smith, R. J. (2013). A spatial decomposition of the Gini coefficient. Letters in Spatial and Resource
/// Sciences 6, 55-70. doi:10.1007/s12076-012-0086-z
///
/// ```
/// use agglo::{inference::Inference, measures::imbalance::spatial_gini, weights::Weights};
/// let weights = Weights::from_pairs("pairs", 4, &[(0, 1), (2, 3)]);
/// let split = spatial_gini(&[1.0, 2.0, 5.0, 6.0], &weights, &Inference::default())?;
/// assert!((split.neighbour_share - 1.0 / 9.0).abs() < 1e-15); // 2 of 18, in a third of the pairs
/// assert!((split.polarisation - 4.0).abs() < 1e-12); // 16 among four pairs, 2 among two
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn spatial_gini(x: &[f64], weights: &Weights, inference: &Inference) -> Result<SpatialGini> {
    let sample = Sample::new(&[x], weights)?;
    let values = sample.spread(sample.take(x).into_owned());
    let without_neighbour = (0..x.len()).filter(|&i| x[i].is_finite() && values[i].is_nan()).collect();
    let distribution = Distribution::of_shares(&values, None)?;
    let gini = gini_of(&distribution, &distribution.ascending());
    if gini == 0.0 {
        let message = "all values are equal, so that there is no inequality to split";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let binary = sample.weights.transformed(Transform::Binary);
    let (pairs, x, n) = (Pairs::new(&binary), &distribution.x, distribution.n());
    let (links, all) = (binary.links(), n as f64 * (n as f64 - 1.0));
    // Over 2n²μ and the coefficient, so that a sum over the links is the share of neighbours.
    let scale = 1.0 / (2.0 * (n * n) as f64 * distribution.mean * gini);
    let neighbour_share = (scale * pairs.sum(|i, j| (x[i] - x[j]).abs())).min(1.0);
    let others = all - links as f64;
    let other_share = if others > 0.0 { 1.0 - neighbour_share } else { 0.0 };
    let expected = links as f64 / all;
    let polarisation = if others > 0.0 && neighbour_share > 0.0 {
        other_share / others / (neighbour_share / links as f64)
    } else {
        f64::NAN
    };
    let values = permuted(&[x], inference, "spatial_gini", |fields| differences(&pairs, &fields[0], scale));
    let replicates = Replicates { observed: neighbour_share, values };
    let p_permutation = replicates.p(inference.alternative);
    // Where all arrangements give the same share, what varies is rounding.
    let variance = if replicates.variance() > SAME * SAME { replicates.variance() } else { 0.0 };
    Ok(SpatialGini {
        n,
        links,
        gini,
        neighbour: neighbour_share * gini,
        other: other_share * gini,
        neighbour_share,
        expected,
        polarisation,
        z: z_value(neighbour_share, expected, variance),
        p_permutation,
        monte_carlo_error: monte_carlo_error(p_permutation, inference.permutations, inference.alternative),
        permutation_mean: replicates.mean(),
        permutation_variance: replicates.variance(),
        without_neighbour,
    })
}

/// `scale`·Σ b_ij |x_i − x_j| over the links, for each lane.
fn differences(pairs: &Pairs, x: &[Lanes], scale: f64) -> Lanes {
    let mut total = [0.0; LANES];
    for i in 0..pairs.n() {
        let here = x[i];
        for (j, directions) in pairs.row(i) {
            for lane in 0..LANES {
                total[lane] += directions * (here[lane] - x[j][lane]).abs();
            }
        }
    }
    total.map(|total| scale * total)
}

static ABOUT: About = About {
    name: "spatial_gini",
    family: Family::Imbalance,
    needs: Needs::Value,
    title: "Spatial Gini",
    question: "Does inequality lie between neighbours or between cities far apart, and more so than by chance?",
    formula: "G = sum_ij b_ij |x_i - x_j|/(2 n^2 mu) + sum_ij (1 - b_ij) |x_i - x_j|/(2 n^2 mu); polarisation = (mean |x_i - x_j| of others)/(mean |x_i - x_j| of neighbours)",
    symbols: &[
        ("x_i", "value of city i, 0 or more"),
        ("b_ij", "1 where the weight of the link from i to j is not 0, else 0"),
        ("mu", "mean of the values"),
        ("n", "cities with a value and a neighbour"),
    ],
    reading: "neighbour and other add up to the Gini coefficient. A neighbour_share below expected, the share of neighbours among all pairs, and a polarisation above 1: neighbours are more alike than cities in general. A small neighbour_share by itself says only that few pairs are neighbours. z is negative where neighbours are alike",
    variant: "Links count 1 whatever their weight, a link of one direction as half a pair. Each city counts once, the population does not matter. p by permutation of the values over the cities, two-sided unless --alternative says otherwise: greater means that neighbours differ more than by chance; z from the exact expectation and the variance of the replicates. neighbour_share is a share of G; wcg_share of PySAL is other, a part of G. With neighbours of the same group (block weights) neighbour is Dagum's within. Cities without a value or a neighbour take no part, so that gini can differ from that of all cities",
    reference: "Rey and Smith (2013), Letters in Spatial and Resource Sciences 6, 55-70, doi:10.1007/s12076-012-0086-z",
    fields: &[
        Field::scalar("gini", "Gini coefficient of the cities that take part"),
        Field::scalar("neighbour", "part of the Gini between neighbours"),
        Field::scalar("other", "part of the Gini between cities that are no neighbours"),
        Field::scalar("neighbour_share", "share of the Gini between neighbours"),
        Field::scalar("expected", "share of neighbours among all pairs, expectation of neighbour_share"),
        Field::scalar("polarisation", "mean difference of other pairs over that of neighbours"),
        Field::scalar("z", "(neighbour_share - expected)/sd of the permutations"),
        Field::scalar("p_permutation", "p value of neighbour_share among random permutations"),
        Field::scalar("monte_carlo_error", "standard error of p_permutation"),
        Field::scalar("permutation_mean", "mean of neighbour_share over the permutations"),
        Field::scalar("permutation_variance", "variance of neighbour_share over the permutations"),
        Field::scalar("n", "cities that take part"),
    ],
    matches: &[(
        "PySAL inequality",
        "Gini_Spatial(x, w) with binary w: g; other is wcg_share, polarisation is polarization; its z_wcg has the opposite sign, its p_sim is one-sided",
    )],
};

/// [`spatial_gini()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| fill(run, variable, weights, outcome))
        .map_err(|error| located(run, error))
}

fn fill(run: &Run, variable: &Variable, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let result = spatial_gini(&variable.values, weights, run.inference).map_err(|error| of(variable, error))?;
    outcome.scalars.extend([
        ("gini", result.gini),
        ("neighbour", result.neighbour),
        ("other", result.other),
        ("neighbour_share", result.neighbour_share),
        ("expected", result.expected),
        ("polarisation", result.polarisation),
        ("z", result.z),
        ("p_permutation", result.p_permutation),
        ("monte_carlo_error", result.monte_carlo_error),
        ("permutation_mean", result.permutation_mean),
        ("permutation_variance", result.permutation_variance),
        ("n", result.n as f64),
    ]);
    outcome.footer = Some(format!(
        "n = {} cities with a value and a neighbour, each counts once; {} links of {}, each counts 1; {} permutations of the values, {}",
        result.n,
        result.links,
        weights.label(),
        run.inference.permutations,
        run.inference.alternative.name()
    ));
    outcome.notes.extend(remarks(run, variable, weights, &result));
    outcome.notes.extend(sentence(run, variable, weights, &result).map(finding));
    Ok(())
}

/// The error with the value's name where it is about one of its cities.
fn of(variable: &Variable, error: Error) -> Error {
    let mut faults = Faults::default();
    for fault in error.faults().iter().cloned() {
        faults.push(if fault.place().feature.is_some() { fault.field(variable.label()) } else { fault });
    }
    faults.finish(()).err().unwrap_or(error)
}

/// Who is left out, and why numbers are null.
fn remarks(run: &Run, variable: &Variable, weights: &Weights, result: &SpatialGini) -> Vec<Note> {
    let (mut notes, label) = (Vec::new(), variable.label());
    let alone = &result.without_neighbour;
    if !alone.is_empty() {
        let cities = listed_by(alone, |&i| run.cities.label(i));
        let message = format!("{label}: without a neighbour by {}, left out: {cities}", weights.label());
        notes.push(Note::warning("left_out", message).about(alone.iter().map(|&i| &run.cities.ids[i])));
    }
    let mut remark = |message: &str| notes.push(Note::remark("undefined_number", format!("{label}: {message}")));
    if result.expected >= 1.0 {
        remark("no polarisation and no z, since all cities are neighbours");
    } else if result.polarisation.is_nan() {
        remark("no polarisation, since neighbours do not differ");
    }
    if run.inference.permutations == 0 {
        remark("no z, p_permutation, monte_carlo_error, permutation_mean, permutation_variance without permutations");
    } else if result.z.is_nan() && result.expected < 1.0 {
        remark("no z, since every permutation gives the same share");
    }
    notes
}

/// The sentence to quote; whether neighbours are alike is said by the p value and the threshold.
fn sentence(run: &Run, variable: &Variable, weights: &Weights, result: &SpatialGini) -> Option<String> {
    if result.p_permutation.is_nan() || result.polarisation.is_nan() {
        return None;
    }
    let alpha = run.inference.alpha;
    let word = match (result.p_permutation <= alpha, result.neighbour_share < result.expected) {
        (true, true) => "neighbours are more alike than by chance",
        (true, false) => "neighbours differ more than by chance",
        (false, _) => "whether they are neighbours makes no difference that is told from chance",
    };
    let percent = |share: f64| format!("{} %", printed(100.0 * share, 1));
    Some(format!(
        "{}, neighbours by {}: {} of all pairs are neighbours and carry {} of the Gini coefficient of {}; cities that are no neighbours differ {} times as much on average: {word} (p = {}, threshold {alpha}, n = {})",
        variable.label(),
        weights.label(),
        percent(result.expected),
        percent(result.neighbour_share),
        printed(result.gini, 3),
        printed(result.polarisation, 2),
        short(result.p_permutation),
        result.n
    ))
}
