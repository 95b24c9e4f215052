//! The Lorenz curve and Pen's parade: the cities in a row from the poorest to the richest.

use serde_json::{Value, json};

use super::adapter::{each_variable, null_note};
use super::distribution::Distribution;
use super::lorenz_band::{LorenzBand, lorenz_band};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::Variable;

/// The Lorenz curve; see [`lorenz()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Lorenz {
    /// Cities that take part.
    pub n: usize,
    /// The Gini coefficient, twice the area between the curve and the diagonal.
    pub gini: f64,
    /// Share of the total that the poorer half of the population has, 0 to 1/2.
    pub poorest_half: f64,
    /// Share of the total that the richest tenth of the population has, 1/10 to 1.
    pub richest_tenth: f64,
    /// Share of the richest fifth over that of the poorest fifth, 1 or more; NaN where those have nothing.
    pub s80_s20: f64,
    /// The cities from the poorest to the richest, those of equal value in the order given.
    pub parade: Vec<LorenzCity>,
    /// The cities whose value is 0.
    pub zeros: Vec<usize>,
}

/// A city's place on the Lorenz curve and in Pen's parade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LorenzCity {
    /// Its index.
    pub city: usize,
    /// Its place in the parade, 1 for the poorest.
    pub rank: usize,
    /// Its height in the parade: its value over the mean.
    pub height: f64,
    /// Share of the population of the cities up to this one.
    pub cumulative_population: f64,
    /// Share of the total that they have.
    pub cumulative_value: f64,
}

/// The Lorenz curve of `x` ≥ 0, one value for every city, NaN where there is none.
///
/// # Formula
///
/// With the values ascending the points (Σ_(j ≤ i) p_j, Σ_(j ≤ i) p_j x_j/μ), straight between them, from (0, 0), which is
/// not among the rows, to (1, 1); G = 1 − 2·(area below)
///
/// where p_i is the city's share of the population, 1/n where there is none, and μ = Σ p_i x_i. Pen's parade shows the same
/// cities by their height x_i/μ. O(n log n).
///
/// # Errors
///
/// A negative value or population, all at once, with the city's index as the feature; a population that adds up to 0;
/// fewer than two cities; [`Kind::Undefined`](crate::error::Kind::Undefined) where all values are 0.
///
/// # Source
///
/// Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American Statistical
/// Association 9, 209-219. Pen, J. (1971). Income Distribution. London: Allen Lane.
///
/// ```
/// use agglo::measures::imbalance::lorenz;
/// let curve = lorenz(&[6.0, 1.0, 1.0], None)?;
/// assert_eq!(curve.parade[2].city, 0);
/// assert!((curve.parade[1].cumulative_value - 0.25).abs() < 1e-15); // two of three have a quarter
/// assert!((curve.gini - 5.0 / 12.0).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn lorenz(x: &[f64], population: Option<&[f64]>) -> Result<Lorenz> {
    let all = Distribution::of_shares(x, population)?;
    let order = all.ascending();
    let curve = Curve::new(&all, &order);
    let city = |(place, (&i, point)): (usize, (&usize, &(f64, f64)))| LorenzCity {
        city: all.cities[i],
        rank: place + 1,
        height: all.x[i] / all.mean,
        cumulative_population: point.0,
        cumulative_value: point.1,
    };
    let poorest_fifth = curve.at(0.2);
    let richest = |share: f64| (1.0 - curve.at(1.0 - share)).max(0.0);
    Ok(Lorenz {
        n: all.n(),
        gini: curve.gini(),
        poorest_half: curve.at(0.5),
        richest_tenth: richest(0.1),
        s80_s20: if poorest_fifth > 0.0 { richest(0.2) / poorest_fifth } else { f64::NAN },
        parade: order.iter().zip(&curve.points[1..]).enumerate().map(city).collect(),
        zeros: all.zeros(),
    })
}

/// The points of the curve: share of the total that the poorest share of the population has.
pub(super) struct Curve {
    /// Both shares after each city, from (0, 0) to (1, 1).
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// The curve of a distribution whose places are in this ascending order.
    pub(super) fn new(all: &Distribution, order: &[usize]) -> Self {
        let mut points = vec![(0.0, 0.0)];
        let (mut people, mut total) = (0.0, 0.0);
        for &i in order {
            people += all.p[i];
            total += all.p[i] * all.x[i] / all.mean;
            points.push((people, total));
        }
        Self { points }
    }

    /// The share of the poorest `share`, straight between the cities.
    pub(super) fn at(&self, share: f64) -> f64 {
        let after = self.points.partition_point(|&(people, _)| people < share).clamp(1, self.points.len() - 1);
        let ((p0, l0), (p1, l1)) = (self.points[after - 1], self.points[after]);
        l0 + (l1 - l0) * (share - p0) / (p1 - p0)
    }

    /// Twice the area between the curve and the diagonal, summed over the triangles that neighbouring points span with
    /// (0, 0), so that equal cities leave nothing.
    fn gini(&self) -> f64 {
        let area = |pair: &[(f64, f64)]| pair[1].0 * pair[0].1 - pair[0].0 * pair[1].1;
        self.points.windows(2).map(|pair| -area(pair)).sum::<f64>().max(0.0)
    }
}

static ABOUT: About = About {
    name: "lorenz",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Lorenz curve and Pen's parade",
    question: "Which share of the total do the poorest cities have, and who stands where in the row?",
    formula: "points (sum_{j<=i} p_j, sum_{j<=i} p_j x_j/mu), x ascending; gini = 1 - 2 area below; s80_s20 = (1 - L(0.8))/L(0.2)",
    symbols: &[
        ("x_i", "value of city i, 0 or more"),
        ("p_i", "share of city i in the population, 1/n without one"),
        ("mu", "mean, sum_i p_i x_i"),
        ("L(q)", "share of the total that the poorest q have, straight between the cities"),
    ],
    reading: "The farther the curve lies below the diagonal, the more unequal; where two curves cross, inequality indices may disagree on which is more unequal. In the parade a height of 1 is the mean",
    variant: "Once with equal weights and, with --population, once weighted by it: persons then count with the value of their city. The table begins with the poorest city; the curve with (0, 0) before it. Equal values stay in the order of the file; zeros are kept, a negative value is refused",
    reference: "Lorenz (1905), Publications of the American Statistical Association 9, 209-219; Pen (1971), Income Distribution",
    fields: &[
        Field::scalar("gini", "Gini coefficient, as measured under the curve"),
        Field::scalar("poorest_half", "share of the total that the poorer half has"),
        Field::scalar("richest_tenth", "share of the total that the richest tenth has"),
        Field::scalar("s80_s20", "share of the richest fifth over that of the poorest fifth"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("rank", "parade_rank", "parade_rnk", "place in Pen's parade, 1 for the poorest"),
        Field::table(
            "curve",
            "for each city, from the poorest on, rank, value, value over the mean, cumulative shares",
        ),
        Field::table(
            "band",
            "pointwise bootstrap band of the curve with the level 1 - alpha, at 0, 0.05, ... 1 of the population; --bootstrap 0: none",
        ),
    ],
    matches: &[("ineq", "Lc(x, n = population): p and L, which have the (0, 0) before the first city")],
};

/// [`lorenz()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, population, outcome| {
        let result = lorenz(&variable.values, population.map(|p| p.values.as_slice()))?;
        outcome.scalars.extend([
            ("gini", result.gini),
            ("poorest_half", result.poorest_half),
            ("richest_tenth", result.richest_tenth),
            ("s80_s20", result.s80_s20),
            ("n", result.n as f64),
        ]);
        let mut ranks = vec![None; run.cities.len()];
        result.parade.iter().for_each(|city| ranks[city.city] = Some(city.rank as i64));
        outcome.columns.push(("rank", Values::Counts(ranks)));
        if fits("the Lorenz curve", result.n, CURVE.len(), outcome) {
            outcome.tables.push(("curve", table(run, variable, &result)));
        }
        let people = population.map(|p| p.values.as_slice());
        let (resamples, inference) = (run.imbalance.resamples, run.inference);
        match lorenz_band(&variable.values, people, resamples, inference.seed, inference.alpha) {
            Ok(band) if band.is_empty() => {}
            Ok(band) => outcome.tables.push(("band", band_table(&band))),
            Err(error) => outcome.notes.push(Note::remark("not_run", format!("no band of the Lorenz curve: {error}"))),
        }
        let whom = population.map_or("equal weights for all cities".to_owned(), |p| format!("weights {}", p.label()));
        outcome.footer = Some(format!("n = {}; {whom}; the curve begins at (0, 0); rank 1 is the poorest", result.n));
        if result.s80_s20.is_nan() {
            let note = null_note(run, &variable.label(), "s80_s20", "the value is 0", &result.zeros);
            outcome.notes.push(note);
        }
        outcome.notes.push(finding(sentence(variable, population, &result)));
        Ok(())
    })
}

fn sentence(variable: &Variable, population: Option<&Variable>, result: &Lorenz) -> String {
    let whom = match population {
        Some(population) => format!("by {}", population.label()),
        None => format!("of the {} cities, each counted once,", result.n),
    };
    format!(
        "The poorer half {whom} has {}% of the total of {} (50% if all were equal), the richest tenth {}% (10%)",
        printed(100.0 * result.poorest_half, 1),
        variable.label(),
        printed(100.0 * result.richest_tenth, 1)
    )
}

fn band_table(band: &[LorenzBand]) -> TableOut {
    let row = |place: &LorenzBand| [place.share, place.low, place.high].map(cell).to_vec();
    TableOut { columns: vec!["population_share", "low", "high"], rows: band.iter().map(row).collect() }
}

const CURVE: [&str; 7] =
    ["city", "name", "rank", "value", "height", "cumulative_population_share", "cumulative_value_share"];

fn table(run: &Run, variable: &Variable, result: &Lorenz) -> TableOut {
    let row = |city: &LorenzCity| -> Vec<Value> {
        let numbers =
            [variable.values[city.city], city.height, city.cumulative_population, city.cumulative_value].map(cell);
        who(run, city.city).into_iter().chain([json!(city.rank)]).chain(numbers).collect()
    };
    TableOut { columns: CURVE.to_vec(), rows: result.parade.iter().map(row).collect() }
}
