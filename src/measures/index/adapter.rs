//! What the adapters of this family share: one outcome a year, what is said of who takes part, names for people.

use serde_json::{Value, json};

use super::{Composite, Normalisation, Normalised, Weighting};
use crate::error::{Kind, Result};
use crate::measures::adapter::{filled, located, who};
use crate::measures::{About, Outcome, Run};
use crate::note::{Note, listed, listed_by};
use crate::study::Indicators;

/// One outcome for each year of the indicators: `make` gives what all years rest on, `fill` gets it, the place of the year,
/// and the outcome. Where the whole is undefined, so is every year.
pub(super) fn yearly<T>(
    run: &Run,
    about: &'static About,
    make: impl Fn(&Indicators) -> Result<T>,
    fill: impl Fn(&T, usize, &mut Outcome),
) -> Result<Vec<Outcome>> {
    let Some(indicators) = run.indicators else { return Ok(Vec::new()) };
    let made = undefined_or(run, make(indicators))?;
    let of_year = |(t, &year): (usize, &Option<i32>)| {
        let outcome = Outcome { measure: about.name, year, ..Outcome::default() };
        filled(run.cities.len(), about, outcome, |outcome| {
            fill(made.as_ref().map_err(Clone::clone)?, t, outcome);
            Ok(())
        })
    };
    indicators.years.iter().enumerate().map(of_year).collect()
}

/// One outcome for all years together.
pub(super) fn together<T>(
    run: &Run,
    about: &'static About,
    make: impl Fn(&Indicators) -> Result<T>,
    fill: impl FnOnce(&T, &mut Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let Some(indicators) = run.indicators else { return Ok(Vec::new()) };
    let outcome = Outcome { measure: about.name, ..Outcome::default() };
    let outcome = filled(run.cities.len(), about, outcome, |outcome| fill(&make(indicators)?, outcome));
    Ok(vec![outcome.map_err(|error| located(run, error))?])
}

/// What was made, or why it is undefined; any other error names its cities.
fn undefined_or<T>(run: &Run, made: Result<T>) -> Result<Result<T>> {
    match made {
        Err(error) if error.kind() != Kind::Undefined => Err(located(run, error)),
        made => Ok(made),
    }
}

/// Who takes no part in a year, with what they lack.
pub(super) fn left_out(run: &Run, normalised: &Normalised, year: usize) -> Option<Note> {
    let cities = normalised.z.cities;
    let missing: Vec<(usize, &[usize])> = normalised
        .missing
        .iter()
        .filter(|(unit, _)| unit / cities == year)
        .map(|(unit, lacks)| (unit % cities, lacks.as_slice()))
        .collect();
    let named = |(i, lacks): &(usize, &[usize])| {
        let lacks = listed_by(lacks, |&j| normalised.given[j].name.clone());
        format!("{} ({lacks})", run.cities.label(*i))
    };
    let year = normalised.z.years[year].map_or(String::new(), |year| format!(" in {year}"));
    let message = format!("left out{year}, for want of a number of these indicators: {}", listed_by(&missing, named));
    let note = || Note::warning("missing_indicator", message).about(missing.iter().map(|&(i, _)| &run.cities.ids[i]));
    (!missing.is_empty()).then(note)
}

/// The indicators that carry no information.
pub(super) fn constants(normalised: &Normalised) -> Option<Note> {
    let names: Vec<&str> = normalised.constant.iter().map(|&j| normalised.given[j].name.as_str()).collect();
    let among = if normalised.by_year { "in the cities of a year" } else { "in all cities" };
    let message = format!("{}: the same {among}, so that the indicator tells nothing and is left out", listed(&names));
    (!names.is_empty()).then(|| Note::warning("constant_indicator", message))
}

/// That the weights given do not sum to 1, and which sum they were divided by.
pub(super) fn sum_of_given(normalised: &Normalised) -> Option<Note> {
    let sum: f64 = normalised.z.list.iter().filter_map(|indicator| indicator.weight).sum();
    let message = format!("the weights given sum to {}: divided by that", crate::note::short(sum));
    ((sum - 1.0).abs() > 1e-9).then(|| Note::remark("weights_divided", message))
}

/// Who takes part and how numbers are made comparable, for the foot of a table.
pub(super) fn footer(normalised: &Normalised, how: &str) -> String {
    let (units, pool) = match (normalised.z.years.len(), normalised.by_year) {
        (1, _) => ("cities", ""),
        (_, true) => ("city-years", ", each year by itself"),
        (_, false) => ("city-years", ", all years together"),
    };
    format!(
        "n = {} {units} ({} left out), {} indicators; {how}{pool}",
        normalised.units.len(),
        normalised.missing.len(),
        normalised.indicators()
    )
}

/// Id, name and year: the first cells of a row about a unit.
pub(super) fn unit(run: &Run, normalised: &Normalised, unit: usize) -> Vec<Value> {
    let [id, name] = who(run, unit % normalised.z.cities);
    vec![id, name, json!(normalised.z.years[unit / normalised.z.cities])]
}

/// Ranks as whole numbers.
pub(super) fn whole(ranks: &[Option<usize>]) -> Vec<Option<i64>> {
    ranks.iter().map(|rank| rank.and_then(|rank| i64::try_from(rank).ok())).collect()
}

/// How the weights came about, after "weighted".
pub(super) fn weighted(weighting: Weighting) -> &'static str {
    match weighting {
        Weighting::Equal => "equally",
        Weighting::Entropy => "by entropy",
        Weighting::Critic => "by CRITIC",
        Weighting::CoefficientOfVariation => "by the coefficient of variation",
        Weighting::Given => "as given",
    }
}

/// What the numbers are called.
pub(super) fn numbers(normalisation: Normalisation) -> &'static str {
    match normalisation {
        Normalisation::MinMax => "min-max numbers",
        Normalisation::ZScore => "z scores",
        Normalisation::Rank => "ranks of 0 to 1",
        Normalisation::Vector => "vector numbers",
    }
}

/// What has to be said once of an index, whatever the year: indicators that tell nothing, given weights of another sum than 1.
pub(super) fn once(index: &Composite) -> impl Iterator<Item = Note> {
    let given = (index.weighting == Weighting::Given).then(|| sum_of_given(&index.normalised)).flatten();
    constants(&index.normalised).into_iter().chain(given)
}

/// The scores of one year in short.
pub(super) struct Summary {
    /// Cities that have one.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// The city with the lowest, the first of several.
    pub lowest: Option<usize>,
    /// The city with the highest, the first of several.
    pub highest: Option<usize>,
}

impl Summary {
    pub fn of(score: &[f64]) -> Self {
        let cities: Vec<usize> = (0..score.len()).filter(|&i| score[i].is_finite()).collect();
        let best = |better: fn(f64, f64) -> bool| {
            cities.iter().copied().reduce(|best, i| if better(score[i], score[best]) { i } else { best })
        };
        Self {
            n: cities.len(),
            mean: cities.iter().map(|&i| score[i]).sum::<f64>() / cities.len() as f64,
            lowest: best(|a, b| a < b),
            highest: best(|a, b| a > b),
        }
    }
}
