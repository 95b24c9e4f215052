//! The weights of the indicators under every weighting, in the registry.

use serde_json::{Value, json};

use super::adapter::{constants, footer, left_out, sum_of_given, together};
use super::indicator_weights::min_max;
use super::normalise::extremes;
use super::{EntropyWeights, Normalisation, Normalised, Weighting, entropy_weights, indicator_weights, normalise};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::Direction;

static ABOUT: About = About {
    name: "indicator_weights",
    family: Family::Index,
    needs: Needs::Indicators,
    title: "Weights of the indicators",
    question: "What would each indicator weigh, by each way to weigh them?",
    formula: "entropy: p = z/sum z, e = -sum p ln p/ln n, w = (1 - e)/sum(1 - e); CRITIC: C_j = sd_j sum_k(1 - r_jk), w = C/sum C; cv: V = sd/mean, w = V/sum V; equal: 1/k; given: over their sum",
    symbols: &[
        ("z", "min-max number, more is better"),
        ("n", "cities that take part, each year of a city once"),
        ("r_jk", "correlation of two indicators over the cities"),
        ("k", "number of indicators"),
    ],
    reading: "Entropy gives weight to what few cities have, not to what matters; CRITIC to what is spread widely and repeats no other indicator; cv to what varies much for its mean. No weighting says what is important: where the ways differ much, the ranking is a choice",
    variant: "Entropy and CRITIC on min-max numbers whatever the normalisation of the score, with 0 ln 0 = 0 and nothing added to z; cv on the numbers as given, undefined where one is below 0; the divisor of sd does not matter. Over all years together unless each year is taken by itself. A constant indicator is left out",
    reference: "Shannon (1948), Bell System Technical Journal 27, 379-423, doi:10.1002/j.1538-7305.1948.tb01338.x; Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22, 763-770, doi:10.1016/0305-0548(94)00059-H",
    fields: &[
        Field::scalar("n", "cities that take part, each year of a city once"),
        Field::scalar("indicators", "indicators that carry information"),
        Field::table(
            "weights",
            "for each indicator its range and mean, entropy e, redundancy d = 1 - e, and its weight by each weighting",
        ),
        Field::table("dimensions", "for each dimension its number of indicators and their weight by each weighting"),
    ],
    matches: &[
        (
            "pymcdm",
            "weights.critic_weights(z) on min-max numbers; its entropy_weights takes numbers above 0 as they are",
        ),
        ("scikit-criteria", "CRITIC(scale=True)"),
    ],
};

/// [`indicator_weights()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let make = |indicators: &_| {
        let normalised = normalise(indicators, Normalisation::MinMax, run.index.by_year)?;
        Ok(All { entropy: entropies(&normalised)?, weights: weights(&normalised), normalised })
    };
    together(run, &ABOUT, make, |all, outcome| {
        fill(run, all, outcome);
        Ok(())
    })
}

/// The weights by every weighting, and what they rest on.
struct All {
    normalised: Normalised,
    /// For each pool; `None` where nobody takes part.
    entropy: Vec<Option<EntropyWeights>>,
    /// For each weighting `[year][indicator]`, or why there are none.
    weights: [Result<Vec<Vec<f64>>>; Weighting::ALL.len()],
}

impl All {
    /// The years that have weights of their own: all, or the first for all.
    fn years(&self) -> usize {
        if self.normalised.by_year { self.normalised.z.years.len() } else { 1 }
    }

    /// The weight of these indicators in a year by each weighting.
    fn weight(&self, year: usize, indicators: &[usize]) -> [f64; Weighting::ALL.len()] {
        self.weights.each_ref().map(|weights| match weights {
            Ok(weights) => indicators.iter().map(|&j| weights[year][j]).sum(),
            Err(_) => f64::NAN,
        })
    }

    /// The year as a cell, null where the weights are those of all years.
    fn year(&self, year: usize) -> Value {
        if self.normalised.by_year { json!(self.normalised.z.years[year]) } else { Value::Null }
    }
}

fn entropies(normalised: &Normalised) -> Result<Vec<Option<EntropyWeights>>> {
    let z = min_max(normalised)?;
    let of = |pool: &[usize]| entropy_weights(&Normalised::columns(&z, pool));
    normalised.pools().into_iter().map(|pool| if pool.is_empty() { Ok(None) } else { of(pool).map(Some) }).collect()
}

fn weights(normalised: &Normalised) -> [Result<Vec<Vec<f64>>>; Weighting::ALL.len()] {
    Weighting::ALL.map(|weighting| indicator_weights(normalised, weighting))
}

fn fill(run: &Run, all: &All, outcome: &mut Outcome) {
    let normalised = &all.normalised;
    outcome.scalars.extend([("n", normalised.units.len() as f64), ("indicators", normalised.indicators() as f64)]);
    outcome.tables.push(("weights", table(all)));
    if !normalised.z.dimensions().is_empty() {
        outcome.tables.push(("dimensions", dimensions(all)));
    }
    let how = "entropy and CRITIC on min-max numbers, 0 ln 0 = 0, nothing added; cv on numbers as given";
    outcome.footer = Some(footer(normalised, how));
    outcome.notes.extend(constants(normalised));
    outcome.notes.extend((0..normalised.z.years.len()).filter_map(|year| left_out(run, normalised, year)));
    outcome.notes.extend(reasons(all));
    outcome.notes.extend(sentence(all).map(finding));
}

const COLUMNS: [&str; 14] = [
    "year",
    "indicator",
    "dimension",
    "direction",
    "min",
    "max",
    "mean",
    "e",
    "d",
    "equal",
    "entropy",
    "critic",
    "cv",
    "given",
];

fn table(all: &All) -> TableOut {
    let normalised = &all.normalised;
    let pools = normalised.pools();
    let row = |year: usize, j: usize| -> Vec<Value> {
        let (indicator, pool) = (&normalised.z.list[j], pools[normalised.pool_of(year)]);
        let direction = match indicator.direction {
            Direction::Benefit => "benefit",
            Direction::Cost => "cost",
        };
        let entropy = all.entropy[normalised.pool_of(year)].as_ref();
        let of_entropy = |of: fn(&EntropyWeights) -> &Vec<f64>| entropy.map_or(f64::NAN, |entropy| of(entropy)[j]);
        let numbers = described(normalised, j, pool)
            .into_iter()
            .chain([of_entropy(|of| &of.entropy), of_entropy(|of| &of.redundancy)])
            .chain(all.weight(year, &[j]));
        let head = [all.year(year), json!(indicator.name), json!(indicator.dimension), json!(direction)];
        head.into_iter().chain(numbers.map(cell)).collect()
    };
    let rows = (0..all.years()).flat_map(|year| (0..normalised.indicators()).map(move |j| (year, j)));
    TableOut { columns: COLUMNS.to_vec(), rows: rows.map(|(year, j)| row(year, j)).collect() }
}

/// Least, largest and mean number as given.
fn described(normalised: &Normalised, j: usize, pool: &[usize]) -> [f64; 3] {
    let x = normalised.raw.column(j);
    let (least, most) = extremes(pool.iter().map(|&unit| x[unit]));
    let mean = pool.iter().map(|&unit| x[unit] / pool.len() as f64).sum();
    [least, most, mean]
}

fn dimensions(all: &All) -> TableOut {
    let row = |year: usize, name: &str, indicators: &[usize]| -> Vec<Value> {
        let head = [all.year(year), json!(name), json!(indicators.len())];
        head.into_iter().chain(all.weight(year, indicators).map(cell)).collect()
    };
    let dimensions = all.normalised.z.dimensions();
    let rows = (0..all.years()).flat_map(|year| dimensions.iter().map(move |(name, places)| row(year, name, places)));
    let columns = ["year", "dimension", "indicators"].into_iter().chain(Weighting::ALL.map(Weighting::name)).collect();
    TableOut { columns, rows: rows.collect() }
}

/// Why there are no weights by a weighting; and that those given were divided.
fn reasons(all: &All) -> Vec<Note> {
    let mut notes = Vec::new();
    for (weighting, weights) in Weighting::ALL.into_iter().zip(&all.weights) {
        match weights {
            Err(error) => {
                notes.push(Note::remark("undefined_number", format!("no {}: {error}", weighting.name())));
            }
            Ok(_) if weighting == Weighting::Given => notes.extend(sum_of_given(&all.normalised)),
            Ok(_) => {}
        }
    }
    notes
}

/// What weighs most by each way.
fn sentence(all: &All) -> Option<String> {
    let (year, k) = (all.years() - 1, all.normalised.indicators());
    let heaviest = |place: usize, by: &str| {
        let weights = &all.weights[place].as_ref().ok()?[year];
        let most = (0..k).reduce(|most, j| if weights[j] > weights[most] { j } else { most })?;
        let name = &all.normalised.z.list[most].name;
        weights[most].is_finite().then(|| format!("{name} with {} % by {by}", printed(100.0 * weights[most], 1)))
    };
    let parts: Vec<String> = [(1, "entropy"), (2, "CRITIC"), (3, "the coefficient of variation")]
        .iter()
        .filter_map(|&(p, by)| heaviest(p, by))
        .collect();
    let equal = printed(100.0 / k as f64, 1);
    (k > 1 && !parts.is_empty())
        .then(|| format!("Of {k} indicators the heaviest is {} (equal weights: {equal} % each)", parts.join(", ")))
}
