//! The rank-size rule: how the sizes of cities fall from the first to the last, and how far the first stands out.

use serde_json::{Value, json};

use super::adapter::outcome;
use super::distribution::{Distribution, mean};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::radiation::{primacy, rank_size_slope_gabaix};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::Variable;

/// The rank-size rule among cities; see [`rank_size()`]. A number that the sizes do not define is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct RankSize {
    /// Cities of a size above 0.
    pub n: usize,
    /// Zipf's exponent ζ, above 0; NaN for fewer than two cities and where all are equal.
    pub zeta: f64,
    /// Its standard error ζ√(2/n).
    pub zeta_se: f64,
    /// Largest size over the second, 1 or more.
    pub primacy_2: f64,
    /// Largest size over the sum of the second to fourth, 1/3 or more; NaN for fewer than four cities.
    pub primacy_4: f64,
    /// Twice the largest size over the sum of the second to eleventh, 1/5 or more; NaN for fewer than eleven cities.
    pub primacy_11: f64,
    /// The cities from the largest to the least, those of equal size in the order given.
    pub cities: Vec<RankedCity>,
    /// The cities of size 0, which have no logarithm and are left out.
    pub zeros: Vec<usize>,
}

/// A city in the order of sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedCity {
    /// Its index.
    pub city: usize,
    /// Its rank, 1 for the largest; no two cities share one.
    pub rank: usize,
    /// The size on the fitted line at this rank, in the unit of the sizes; NaN where there is no line.
    pub fitted: f64,
}

/// Zipf's exponent and primacy of `sizes` ≥ 0, one for every city, NaN where there is none.
///
/// # Formula
///
/// ln(rank_i − ½) = a − ζ ln S_i by least squares, with the standard error ζ√(2/n); primacy S_1/S_2, S_1/(S_2 + S_3 + S_4)
/// and 2 S_1/(S_2 + … + S_11)
///
/// where S_1 ≥ S_2 ≥ … are the sizes and n counts those above 0. Zipf's rule is ζ = 1, under which primacy is 2, 12/13 and
/// 0.99; a larger ζ says that sizes are more equal. The half takes most of the bias of small samples away; the standard
/// error is that of Gabaix and Ibragimov, since that of least squares is far too small. O(n log n).
///
/// # Errors
///
/// A negative size, all at once, with the city's index as the feature; fewer than two cities with a size;
/// [`Kind::Undefined`](crate::error::Kind::Undefined) where all sizes are 0.
///
/// # Source
///
/// Gabaix, X. and Ibragimov, R. (2011). Rank − 1/2: a simple way to improve the OLS estimation of tail exponents. Journal of
/// Business and Economic Statistics 29, 24-39. doi:10.1198/jbes.2009.06157. Jefferson, M. (1939). The law of the primate
/// city. Geographical Review 29, 226-232.
///
/// ```
/// use agglo::measures::imbalance::rank_size;
/// let rule = rank_size(&[3.0, 12.0, 4.0, 6.0])?;
/// assert!((rule.primacy_2 - 2.0).abs() < 1e-15 && (rule.primacy_4 - 12.0 / 13.0).abs() < 1e-15);
/// assert!((rule.zeta_se - rule.zeta / 2.0_f64.sqrt()).abs() < 1e-15);
/// assert_eq!(rule.cities[1].city, 3);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rank_size(sizes: &[f64]) -> Result<RankSize> {
    let all = Distribution::of_shares(sizes, None)?;
    let mut order: Vec<usize> = (0..all.n()).filter(|&i| all.x[i] > 0.0).collect();
    order.sort_by(|&a, &b| all.x[b].total_cmp(&all.x[a]));
    let ranked: Vec<f64> = order.iter().map(|&i| all.x[i]).collect();
    let zeta = -rank_size_slope_gabaix(&ranked);
    let fitted = fitted(&ranked, zeta);
    let city = |(place, &i): (usize, &usize)| RankedCity {
        city: all.cities[i],
        rank: place + 1,
        fitted: fitted[place] * all.scale,
    };
    Ok(RankSize {
        n: ranked.len(),
        zeta,
        zeta_se: zeta * (2.0 / ranked.len() as f64).sqrt(),
        primacy_2: primacy(&ranked),
        primacy_4: over_next(&ranked, 4),
        primacy_11: 2.0 * over_next(&ranked, 11),
        cities: order.iter().enumerate().map(city).collect(),
        zeros: all.zeros(),
    })
}

/// The first of the `top` over the sum of the others.
fn over_next(ranked: &[f64], top: usize) -> f64 {
    ranked.get(..top).map_or(f64::NAN, |top| top[0] / top[1..].iter().sum::<f64>())
}

/// The sizes on the line of this slope through the means of both logarithms.
fn fitted(ranked: &[f64], zeta: f64) -> Vec<f64> {
    let each = 1.0 / ranked.len() as f64;
    let log_rank = |place: usize| libm::log(place as f64 + 0.5);
    let mean_size = mean(ranked.iter().map(|&x| (libm::log(x), each)));
    let mean_rank = mean((0..ranked.len()).map(|place| (log_rank(place), each)));
    (0..ranked.len()).map(|place| libm::exp(mean_size + (mean_rank - log_rank(place)) / zeta)).collect()
}

static ABOUT: About = About {
    name: "rank_size",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Rank-size rule and primacy",
    question: "Do the sizes of the cities follow Zipf's rule, and does the first stand out?",
    formula: "ln(rank_i - 1/2) = a - zeta ln S_i; se = zeta sqrt(2/n); primacy_2 = S_1/S_2, primacy_4 = S_1/(S_2 + S_3 + S_4), primacy_11 = 2 S_1/(S_2 + ... + S_11)",
    symbols: &[("S_i", "size of the city of rank i, S_1 the largest; above 0"), ("n", "cities of a size above 0")],
    reading: "zeta = 1: Zipf's rule; below 1: sizes more unequal than under it; above: more equal. Under Zipf's rule primacy_2 is 2 and primacy_4 and primacy_11 nearly 1; larger: a primate city. zeta lies within 2 standard errors of the estimate in about 95 of 100 samples",
    variant: "Of --population where there is one, since the value is then one per head, else of the value; each city once. Least squares of ln(rank - 1/2) on ln size with the standard error of Gabaix and Ibragimov; ordinal ranks; all cities given, so that a cut at a least size belongs into the data; a size of 0 is left out with a warning, a negative one refused",
    reference: "Gabaix and Ibragimov (2011), Journal of Business and Economic Statistics 29, 24-39, doi:10.1198/jbes.2009.06157; Jefferson (1939), Geographical Review 29, 226-232",
    fields: &[
        Field::scalar("zeta", "Zipf's exponent"),
        Field::scalar("zeta_se", "standard error of zeta"),
        Field::scalar("primacy_2", "size of the first city over that of the second"),
        Field::scalar("primacy_4", "size of the first city over that of the second to fourth"),
        Field::scalar("primacy_11", "twice the size of the first city over that of the second to eleventh"),
        Field::scalar("n", "cities of a size above 0"),
        Field::table(
            "ranks",
            "for each city, from the largest on, rank, size, size on the fitted line, and size over it",
        ),
    ],
    matches: &[("R", "-coef(lm(log(rank(-x) - 0.5) ~ log(x)))[2] is zeta where no two sizes are the same")],
};

/// [`rank_size()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut sizes: Vec<&Variable> = Vec::new();
    for variable in run.variables {
        let size = run.population_of(variable).unwrap_or(variable);
        if !sizes.iter().any(|known| (&known.name, known.year) == (&size.name, size.year)) {
            sizes.push(size);
        }
    }
    sizes.into_iter().map(|size| outcome(run, &ABOUT, size, None, |outcome| fill(run, size, outcome))).collect()
}

fn fill(run: &Run, size: &Variable, outcome: &mut Outcome) -> Result<()> {
    let result = rank_size(&size.values)?;
    outcome.scalars.extend([
        ("zeta", result.zeta),
        ("zeta_se", result.zeta_se),
        ("primacy_2", result.primacy_2),
        ("primacy_4", result.primacy_4),
        ("primacy_11", result.primacy_11),
        ("n", result.n as f64),
    ]);
    if fits("the order of sizes", result.n, RANKS.len(), outcome) {
        outcome.tables.push(("ranks", table(run, size, &result)));
    }
    outcome.footer = Some(format!(
        "n = {}; ln(rank - 1/2) on ln size, standard error zeta sqrt(2/n); every city of a size above 0, no least size",
        result.n
    ));
    outcome.notes.extend(notes(run, size, &result, &outcome.scalars));
    outcome.notes.extend(zipf_sentence(size, &result).map(finding));
    outcome.notes.extend(primacy_sentence(run, size, &result).map(finding));
    Ok(())
}

fn notes(run: &Run, size: &Variable, result: &RankSize, scalars: &[(&'static str, f64)]) -> Vec<Note> {
    let mut notes = Vec::new();
    if !result.zeros.is_empty() {
        let cities = listed_by(&result.zeros, |&i| run.cities.label(i));
        let message = format!("{}: the size is 0 in {cities}: left out of the order of sizes", size.label());
        notes.push(Note::warning("zero_size", message).about(result.zeros.iter().map(|&i| &run.cities.ids[i])));
    }
    let undefined = scalars.iter().filter(|(_, number)| number.is_nan()).map(|&(name, _)| name);
    let (of_line, of_first): (Vec<&str>, Vec<&str>) =
        undefined.partition(|name| result.n > 1 && name.starts_with("zeta"));
    let few = format!("it needs more cities of a size above 0 than {}", result.n);
    for (names, why) in [(of_line, "all cities are of the same size"), (of_first, few.as_str())] {
        if !names.is_empty() {
            let message = format!("{}: no {}, since {why}", size.label(), listed(&names));
            notes.push(Note::remark("undefined_number", message));
        }
    }
    notes
}

/// What the exponent says of Zipf's rule, by whether 1 lies within 1.96 standard errors.
fn zipf_sentence(size: &Variable, result: &RankSize) -> Option<String> {
    let (low, high) = (result.zeta - 1.96 * result.zeta_se, result.zeta + 1.96 * result.zeta_se);
    if result.zeta.is_nan() {
        return None;
    }
    let word = match () {
        () if low > 1.0 => "more equal than under Zipf's rule",
        () if high < 1.0 => "more unequal than under Zipf's rule",
        () => "not to be told from Zipf's rule",
    };
    Some(format!(
        "The sizes of {} cities by {} are {word}: zeta {} with a 95% interval of {} to {} (Zipf's rule: 1)",
        result.n,
        size.label(),
        printed(result.zeta, 2),
        printed(low, 2),
        printed(high, 2)
    ))
}

/// How far the first stands out, by whether it is more than twice the second.
fn primacy_sentence(run: &Run, size: &Variable, result: &RankSize) -> Option<String> {
    let [first, second, ..] = result.cities[..] else { return None };
    let word = if result.primacy_2 > 2.0 { "a primate city" } else { "no primate city" };
    Some(format!(
        "{} is {} times {} by {}: {word} by the rule that the first is more than twice the second",
        run.cities.label(first.city),
        printed(result.primacy_2, 2),
        run.cities.label(second.city),
        size.label()
    ))
}

const RANKS: [&str; 6] = ["city", "name", "rank", "size", "fitted_size", "size_over_fitted"];

fn table(run: &Run, size: &Variable, result: &RankSize) -> TableOut {
    let row = |city: &RankedCity| -> Vec<Value> {
        let own = size.values[city.city];
        let numbers = [own, city.fitted, own / city.fitted].map(cell);
        who(run, city.city).into_iter().chain([json!(city.rank)]).chain(numbers).collect()
    };
    TableOut { columns: RANKS.to_vec(), rows: result.cities.iter().map(row).collect() }
}
