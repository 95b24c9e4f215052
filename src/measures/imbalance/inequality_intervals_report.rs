//! Bootstrap intervals of inequality as the registry gives them: by year, by group, and of the change over the years.

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::adapter::{missing_group, null_note, outcome};
use super::bootstrap::Interval;
use super::inequality_intervals::{INTERVAL_MEASURES, InequalityIntervals, inequality_intervals};
use super::panel::Panel;
use super::share_intervals::{INTERVAL_SHARES, ShareIntervals, share_intervals};
use super::variation::sample_factor;
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding, printed, signed, years_of};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, short};
use crate::study::{Grouping, Variable};

/// Cities below which an interval covers much less than it promises.
const FEW: usize = 30;
/// Fewest cities among which one stands out by its share of the total.
const SEVERAL: usize = 10;
/// Share of the total in one city from which on the intervals are said to hang on it.
const MUCH: f64 = 0.2;
/// Chance of a resample without anything that is worth a word.
const EMPTY: f64 = 1e-3;
/// The measures that are standard deviations.
const DEVIATIONS: [&str; 2] = ["cv", "sd_log"];

static ABOUT: About = About {
    name: "inequality_intervals",
    family: Family::Imbalance,
    needs: Needs::ValueAlone,
    title: "Intervals of inequality",
    question: "How far does the inequality found hang on which cities are looked at, and is its change over the years more than that?",
    formula: "low, high: quantiles of the measure over the resamples at Phi(z0 + (z0 + z)/(1 - a (z0 + z))), z = Phi^-1(alpha/2), Phi^-1(1 - alpha/2); change: the same of M_last - M_first",
    symbols: &[
        ("resample", "n cities drawn with replacement from the n, each with its values and populations of all years"),
        ("z0", "Phi^-1 of the share of resamples below the value, those equal to it counting half"),
        (
            "a",
            "acceleration, sum_i u_i^3/(6 (sum_i u_i^2)^1.5), u_i the mean of the measures without one city less that without i",
        ),
        ("M", "a measure: Gini, Theil, Atkinson, CV, standard deviation of logarithms, Hoover"),
    ],
    reading: "Cities that are all there are were not drawn from anywhere: an interval says how far the number hangs on which cities are looked at, as if they were drawn from many like them. An interval of a change that does not hold 0: the measure fell or rose. Few cities, neighbours that go together, and a city with much of the total make intervals too narrow. bias: mean of the resamples less the value; a resample repeats cities and is more equal",
    variant: "BCa (bias-corrected accelerated) with jackknife; quantiles of type 7; as many as --bootstrap says (1,000; 0: none), with the level 1 - alpha. Once with equal weights and, with --population, once weighted by it, where cv is Williamson's. Changes: cities with a value in the first and in the last year, the same draws in both. Shares by --group: drawn within each group, bias-corrected without acceleration, null where all resamples lie on one side. A negative value is refused",
    reference: "Efron (1987), Journal of the American Statistical Association 82, 171-185, doi:10.1080/01621459.1987.10478410; Mills and Zandvakili (1997), Journal of Applied Econometrics 12, 133-150; heavy tails: Davidson and Flachaire (2007), Journal of Econometrics 141, 141-166, doi:10.1016/j.jeconom.2007.01.009",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::table("measures", "for each measure its value, standard error, interval and bias"),
        Field::table("shares", "for each grouping the same of the shares of inequality within and between groups"),
        Field::table("changes", "for each measure its first and last value and the change, with its interval"),
    ],
    matches: &[],
};

/// [`inequality_intervals()`] and [`share_intervals()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

/// A value in one year or several, ascending, each with the population that weights it.
struct Series<'a> {
    columns: Vec<(&'a Variable, Option<&'a Variable>)>,
}

fn run(run: &Run) -> Result<Vec<Outcome>> {
    if run.imbalance.resamples == 0 {
        return Ok(run.variables.first().map(none_asked_for).into_iter().collect());
    }
    let mut outcomes = Vec::new();
    for series in Series::all(run) {
        outcomes.extend(series.outcomes(run)?);
    }
    Ok(outcomes)
}

fn none_asked_for(variable: &Variable) -> Outcome {
    let note = Note::remark("not_run", "no intervals of inequality, since no resamples were asked for");
    Outcome {
        measure: ABOUT.name,
        variable: Some(variable.name.clone()),
        year: variable.year,
        notes: vec![note],
        ..Outcome::default()
    }
}

impl<'a> Series<'a> {
    /// The values of the run, each with equal weights and then by population; values without a year stand alone.
    fn all(run: &'a Run) -> Vec<Self> {
        let names: IndexSet<&str> = run.variables.iter().map(|variable| variable.name.as_str()).collect();
        let mut all = Vec::new();
        for name in names {
            let dated: Vec<&Variable> =
                years_of(run.variables, name).into_iter().map(|(_, variable)| variable).collect();
            let undated = run.variables.iter().filter(|variable| variable.name == name && variable.year.is_none());
            for values in std::iter::once(dated).chain(undated.map(|variable| vec![variable])) {
                let weighted = values.iter().filter_map(|&x| Some((x, Some(run.population_of(x)?)))).collect();
                let plain = values.iter().map(|&x| (x, None)).collect();
                all.extend([plain, weighted].map(|columns| Self { columns }));
            }
        }
        all.retain(|series| !series.columns.is_empty());
        all
    }

    fn outcomes(&self, run: &Run) -> Result<Vec<Outcome>> {
        // One draw of cities serves all years where they have the same; else each year draws from its own.
        let together = match intervals(run, &self.columns) {
            Ok(result) => Some(result).filter(|result| result.left_out.is_empty()),
            Err(error) if error.kind() == Kind::TooLarge => {
                let note = Note::remark("not_run", format!("no intervals of inequality: {error}"));
                let (variable, population) = self.columns[0];
                let refused = |outcome: &mut Outcome| {
                    outcome.notes.push(note);
                    Ok(())
                };
                return Ok(vec![outcome(run, &ABOUT, variable, population, refused)?]);
            }
            Err(_) => None,
        };
        let mut outcomes = Vec::new();
        for (at, &(variable, population)) in self.columns.iter().enumerate() {
            let fill = |outcome: &mut Outcome| {
                let (n, measures) = match &together {
                    Some(result) => (result.n, result.columns[at]),
                    None => {
                        let result = intervals(run, &self.columns[at..=at])?;
                        (result.n, result.columns[0])
                    }
                };
                fill(run, variable, population, n, &measures, outcome)?;
                if self.columns.len() == 1 {
                    outcome.notes.push(finding(sentence(run, variable, population, n, &measures)));
                }
                Ok(())
            };
            outcomes.push(outcome(run, &ABOUT, variable, population, fill)?);
        }
        outcomes.extend(self.change(run, together)?);
        Ok(outcomes)
    }

    /// The change from the first to the last year; nothing with one year.
    fn change(&self, run: &Run, together: Option<InequalityIntervals>) -> Result<Option<Outcome>> {
        let [first, .., last] = self.columns[..] else { return Ok(None) };
        let years = [first, last].iter().filter_map(|&(variable, _)| Some((variable.year?, variable))).collect();
        let panel = Panel { name: &first.0.name, years };
        let fill = |outcome: &mut Outcome| {
            if let Some(population) = first.1 {
                outcome.options.insert("population".into(), population.name.as_str().into());
            }
            let result = match together {
                Some(result) => result,
                None => intervals(run, &[first, last])?,
            };
            let (Some(changes), [before, .., after]) = (&result.changes, &result.columns[..]) else { return Ok(()) };
            outcome.scalars.push(("n", result.n as f64));
            let [before, after, changes] = [before, after, changes].map(|all| as_reported(run, first.1, result.n, all));
            outcome.tables.push(("changes", change_table(&before, &after, &changes)));
            outcome.footer =
                Some(format!("{}; the same cities are drawn in both years", footer(run, first.1, result.n)));
            outcome.notes.extend(panel.left_out(run, "not in both years", &result.left_out));
            outcome.notes.extend(rough(panel.name, result.n));
            outcome.notes.extend(undefined(panel.name, "change of ", &INTERVAL_MEASURES, &changes));
            outcome.notes.push(finding(change_sentence(run, &panel, first.1, [&before, &after, &changes])));
            Ok(())
        };
        panel.outcome(run, &ABOUT, fill).map(Some)
    }
}

fn intervals(run: &Run, columns: &[(&Variable, Option<&Variable>)]) -> Result<InequalityIntervals> {
    let levels: Vec<&[f64]> = columns.iter().map(|(variable, _)| variable.values.as_slice()).collect();
    let people: Option<Vec<&[f64]>> = columns.iter().map(|(_, people)| people.map(|p| p.values.as_slice())).collect();
    let inference = run.inference;
    inequality_intervals(&levels, people.as_deref(), run.imbalance.resamples, inference.seed, inference.alpha)
}

fn fill(
    run: &Run,
    variable: &Variable,
    population: Option<&Variable>,
    n: usize,
    measures: &[Interval],
    outcome: &mut Outcome,
) -> Result<()> {
    let measures = as_reported(run, population, n, measures);
    outcome.scalars.push(("n", n as f64));
    outcome.tables.push(("measures", table(&INTERVAL_MEASURES, &measures)));
    outcome.footer = Some(footer(run, population, n));
    let label = variable.label();
    outcome.notes.extend(rough(&label, n));
    outcome.notes.extend(zeros(run, variable, population, &measures));
    outcome.notes.extend(undefined(&label, "", &INTERVAL_MEASURES, &measures));
    outcome.notes.extend(one_city(run, variable, population));
    let mut rows = Vec::new();
    for grouping in run.groups {
        let people = population.map(|p| p.values.as_slice());
        let (resamples, inference) = (run.imbalance.resamples, run.inference);
        let groups = &grouping.groups;
        match share_intervals(&variable.values, people, groups, resamples, inference.seed, inference.alpha) {
            Ok(result) => {
                rows.extend(rows_of(&INTERVAL_SHARES, &result.shares).map(|row| with_group(grouping, row)));
                outcome.notes.extend(of_shares(variable, grouping, &result));
                outcome.notes.extend(missing_group(run, variable, grouping));
            }
            Err(error) => {
                let message = format!("{label}: no intervals of shares by {}: {error}", grouping.name);
                outcome.notes.push(Note::remark("undefined_number", message));
            }
        }
    }
    if !rows.is_empty() {
        let columns = vec!["grouping", "share", "value", "se", "low", "high", "bias"];
        outcome.tables.push(("shares", TableOut { columns, rows }));
        if let Some(footer) = &mut outcome.footer {
            *footer += "; shares: drawn within groups, bias-corrected without acceleration";
        }
    }
    Ok(())
}

/// The intervals with the standard deviation that the run asks for; Williamson's coefficient has no other.
fn as_reported(run: &Run, population: Option<&Variable>, n: usize, measures: &[Interval]) -> Vec<Interval> {
    let sample = run.imbalance.sample_sd && population.is_none();
    let reported = |(name, interval): (&&str, &Interval)| {
        if sample && DEVIATIONS.contains(name) { interval.times(sample_factor(n)) } else { *interval }
    };
    INTERVAL_MEASURES.iter().zip(measures).map(reported).collect()
}

fn table(names: &[&'static str], intervals: &[Interval]) -> TableOut {
    let columns = vec!["measure", "value", "se", "low", "high", "bias"];
    TableOut { columns, rows: rows_of(names, intervals).collect() }
}

fn rows_of<'a>(names: &'a [&'static str], intervals: &'a [Interval]) -> impl Iterator<Item = Vec<Value>> + 'a {
    names.iter().zip(intervals).map(|(name, interval)| {
        let Interval { value, se, low, high, bias } = *interval;
        std::iter::once(json!(name)).chain([value, se, low, high, bias].map(cell)).collect()
    })
}

fn with_group(grouping: &Grouping, row: Vec<Value>) -> Vec<Value> {
    std::iter::once(json!(grouping.name)).chain(row).collect()
}

fn change_table(before: &[Interval], after: &[Interval], changes: &[Interval]) -> TableOut {
    let row = |(at, name): (usize, &&str)| -> Vec<Value> {
        let change = changes[at];
        let numbers = [before[at].value, after[at].value, change.value, change.se, change.low, change.high];
        std::iter::once(json!(name)).chain(numbers.map(cell)).collect()
    };
    let columns = vec!["measure", "first", "last", "change", "se", "low", "high"];
    TableOut { columns, rows: INTERVAL_MEASURES.iter().enumerate().map(row).collect() }
}

fn level(run: &Run) -> String {
    format!("{}%", short(100.0 - 100.0 * run.inference.alpha))
}

fn footer(run: &Run, population: Option<&Variable>, n: usize) -> String {
    let weighted =
        population.map_or_else(|| "each city counts once".to_owned(), |p| format!("weighted by {}", p.label()));
    let deviation = match population {
        None if run.imbalance.sample_sd => "; standard deviations divided by n - 1",
        _ => "",
    };
    format!(
        "BCa intervals of {}, {} resamples of n = {n} cities, {weighted}{deviation}; they hold as if the cities were drawn from many like them",
        level(run),
        run.imbalance.resamples
    )
}

/// What is known of intervals of few cities, from samples of lognormal distributions.
fn rough(label: &str, n: usize) -> Option<Note> {
    let message = format!(
        "{label}: intervals of {n} cities, fewer than {FEW}, are too narrow: of the Gini coefficient of 10 cities drawn from lognormal distributions, 95% intervals cover the true one in 65 to 75%, of 25 in 80 to 90%"
    );
    (n < FEW).then(|| Note::remark("few_cities", message))
}

/// What zeros leave undefined, and the resamples that hold nothing else.
fn zeros(run: &Run, variable: &Variable, population: Option<&Variable>, measures: &[Interval]) -> Vec<Note> {
    let takes_part = |i: usize| variable.values[i].is_finite() && population.is_none_or(|p| p.values[i] > 0.0);
    let cities: Vec<usize> = (0..run.cities.len()).filter(|&i| takes_part(i)).collect();
    let zeros: Vec<usize> = cities.iter().copied().filter(|&i| variable.values[i] == 0.0).collect();
    if zeros.is_empty() {
        return Vec::new();
    }
    let null = INTERVAL_MEASURES.iter().zip(measures).filter(|(_, interval)| interval.value.is_nan());
    let names: Vec<&str> = null.map(|(name, _)| *name).collect();
    let mut notes = vec![null_note(run, &variable.label(), &listed(&names), "the value is 0", &zeros)];
    let chance = libm::pow(zeros.len() as f64 / cities.len() as f64, cities.len() as f64);
    if chance > EMPTY {
        let message = format!(
            "{}: resamples in which all values are 0 define nothing and are left out, about {}% of them",
            variable.label(),
            printed(100.0 * chance, 1)
        );
        notes.push(Note::remark("empty_resamples", message));
    }
    notes
}

/// The note on numbers without an interval.
fn undefined(label: &str, of: &str, names: &[&str], intervals: &[Interval]) -> Option<Note> {
    let without =
        names.iter().zip(intervals).filter(|(_, interval)| interval.value.is_finite() && interval.low.is_nan());
    let without: Vec<&str> = without.map(|(name, _)| *name).collect();
    (!without.is_empty()).then(|| {
        let names = listed(&without);
        let message =
            format!("{label}: no interval of the {of}{names}, since all resamples lie on one side of the value");
        Note::remark("undefined_number", message)
    })
}

/// The note that one city has much of the total.
fn one_city(run: &Run, variable: &Variable, population: Option<&Variable>) -> Option<Note> {
    let amount = |i: usize| variable.values[i] * population.map_or(1.0, |p| p.values[i]);
    let amounts: Vec<(usize, f64)> =
        (0..run.cities.len()).map(|i| (i, amount(i))).filter(|(_, amount)| amount.is_finite()).collect();
    let total: f64 = amounts.iter().map(|(_, amount)| amount).sum();
    let &(city, amount) = amounts.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let message = || {
        format!(
            "{}: {} has {}% of the total (threshold {}%), so that the intervals hang on whether it is drawn and cover less than they promise",
            variable.label(),
            run.cities.label(city),
            printed(100.0 * amount / total, 1),
            100.0 * MUCH
        )
    };
    (amount > MUCH * total && amounts.len() >= SEVERAL)
        .then(|| Note::remark("one_city", message()).about([&run.cities.ids[city]]))
}

fn of_shares(variable: &Variable, grouping: &Grouping, result: &ShareIntervals) -> Vec<Note> {
    let label = format!("{} by {}", variable.label(), grouping.name);
    let mut notes = Vec::new();
    if result.alone > 0 {
        let message = format!(
            "{label}: {} of {} groups have one city, which every resample holds, so that the intervals of shares are too narrow",
            result.alone, result.groups
        );
        notes.push(Note::remark("small_group", message));
    }
    notes.extend(undefined(&label, "", &INTERVAL_SHARES, &result.shares));
    let null: Vec<&str> = INTERVAL_SHARES
        .iter()
        .zip(&result.shares)
        .filter(|(_, interval)| interval.value.is_nan())
        .map(|(name, _)| *name)
        .collect();
    if !null.is_empty() {
        let message = format!("{label}: no {}, since a value is 0 or all are equal", listed(&null));
        notes.push(Note::remark("undefined_number", message));
    }
    notes
}

fn weighted_by(population: Option<&Variable>) -> String {
    population.map_or_else(String::new, |p| format!(", weighted by {}", p.name))
}

fn sentence(run: &Run, variable: &Variable, population: Option<&Variable>, n: usize, measures: &[Interval]) -> String {
    let gini = measures[0];
    format!(
        "{}{}: the Gini coefficient is {}, its {} interval {} to {} ({} resamples of {n} cities, as if drawn from many like them)",
        variable.label(),
        weighted_by(population),
        printed(gini.value, 3),
        level(run),
        printed(gini.low, 3),
        printed(gini.high, 3),
        run.imbalance.resamples
    )
}

/// Whether inequality fell or rose; the word is chosen by whether the interval holds 0.
fn change_sentence(run: &Run, panel: &Panel, population: Option<&Variable>, intervals: [&[Interval]; 3]) -> String {
    let [before, after, changes] = intervals;
    let (from, to) = panel.span();
    let gini = changes[0];
    let word = match (gini.low > 0.0, gini.high < 0.0) {
        (true, _) => "inequality rose",
        (_, true) => "inequality fell",
        _ => "whether inequality fell or rose is not told",
    };
    let count = |says: fn(&Interval) -> bool| changes.iter().filter(|change| says(change)).count();
    let (fell, rose) = (count(|change| change.high < 0.0), count(|change| change.low > 0.0));
    let defined = count(|change| change.low.is_finite());
    format!(
        "{} {from} to {to}{}: {word}: the Gini coefficient went from {} to {}, by {}, and the {} interval of the change is {} to {}; of {defined} measures {fell} fell and {rose} rose by intervals without 0",
        panel.name,
        weighted_by(population),
        printed(before[0].value, 3),
        printed(after[0].value, 3),
        signed(gini.value, 3),
        level(run),
        signed(gini.low, 3),
        signed(gini.high, 3)
    )
}
