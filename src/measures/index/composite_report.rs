//! The score of the cities, in the registry.

use serde_json::{Value, json};

use super::adapter::{Summary, footer, left_out, numbers, once, unit, weighted, whole, yearly};
use super::{Composite, composite};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed};

/// The weight from which one indicator is said to be most of the score.
const MOST: f64 = 0.5;

static ABOUT: About = About {
    name: "score",
    family: Family::Index,
    needs: Needs::Weighting,
    title: "Composite score",
    question: "How far is each city developed, all things together, and in which dimension?",
    formula: "s_i = sum_j w_j z_ij; of a dimension: score sum_(j in D) w_j z_ij, index score/sum_(j in D) w_j",
    symbols: &[
        ("z_ij", "number of indicator j in city i on the common scale, more is better"),
        ("w_j", "weight of indicator j, sum 1"),
        ("D", "the indicators of a dimension"),
    ],
    reading: "With min-max numbers 0: the worst there is in every indicator, 1: the best in every one. The difference of two scores is the sum of the differences in their contributions. A weight is not an influence: variance_share says what share of the variance of the scores each indicator makes, w_j cov(z_j, s)/var(s). A city with a weak point makes up for it elsewhere; topsis and vikor let it less",
    variant: "Linear, with the weighting that was chosen; there is no default. Over all years together, so that scores of different years compare, unless each year is taken by itself. Ranks within the year, 1 the highest score, equal scores share the best of their ranks. A city without a number of every indicator has no score. Tables over all years stand with the last year",
    reference: "OECD and JRC (2008), Handbook on constructing composite indicators, doi:10.1787/9789264043466-en",
    fields: &[
        Field::scalar("mean", "mean score of the cities"),
        Field::scalar("min", "lowest score"),
        Field::scalar("max", "highest score"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("score", "index_score", "idx_score", "composite score"),
        Field::annotated("rank", "index_rank", "idx_rank", "rank by the score in the year, 1 the highest"),
        Field::table(
            "scores",
            "for each city and year score, rank, and how many ranks it rose since the first year, fell below 0",
        ),
        Field::table(
            "dimensions",
            "for each city, year and dimension what it adds to the score, its own index, and rank",
        ),
        Field::table("years", "for each year mean, lowest and highest score, and the cities that have them"),
        Field::table("weights", "for each indicator its weight, and its share of the variance of the scores"),
        Field::table("contributions", "for each city, year and indicator what it adds to the score"),
    ],
    matches: &[("numpy", "z @ w")],
};

/// [`composite()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let make = |indicators: &_| composite(indicators, run.index).map(|index| (index.variance_shares(), index));
    yearly(run, &ABOUT, make, |(shares, index), year, outcome| fill(run, index, shares, year, outcome))
}

fn fill(run: &Run, index: &Composite, shares: &[Vec<f64>], year: usize, outcome: &mut Outcome) {
    let score = index.of_year(&index.score, year);
    let of_year = Summary::of(score);
    outcome.scalars.extend([
        ("mean", of_year.mean),
        ("min", of_year.lowest.map_or(f64::NAN, |i| score[i])),
        ("max", of_year.highest.map_or(f64::NAN, |i| score[i])),
        ("n", of_year.n as f64),
    ]);
    outcome.columns.push(("score", Values::Numbers(score.to_vec())));
    outcome.columns.push(("rank", Values::Counts(whole(index.of_year(&index.rank, year)))));
    let how = format!("{}, weighted {}", numbers(index.normalised.normalisation), weighted(index.weighting));
    outcome.footer = Some(footer(&index.normalised, &how));
    outcome.notes.extend(left_out(run, &index.normalised, year));
    if year + 1 == index.years().len() {
        tables(run, index, shares, outcome);
        outcome.notes.extend(once(index));
        outcome.notes.extend(weightless(index));
        if shares.iter().flatten().any(|share| share.is_nan()) {
            let message = "no variance_share where all scores are equal, or no city takes part";
            outcome.notes.push(Note::remark("undefined_number", message));
        }
    }
    outcome.notes.extend(ends(run, index, year, &of_year).map(finding));
    outcome.notes.extend(heaviest(index, &shares[year], year).map(finding));
}

fn tables(run: &Run, index: &Composite, shares: &[Vec<f64>], outcome: &mut Outcome) {
    let (n, k) = (index.normalised.units.len(), index.normalised.indicators());
    if fits("the table of scores", n, SCORES.len(), outcome) {
        outcome.tables.push(("scores", scores(run, index)));
    }
    if !index.dimensions.is_empty() && fits("the table of dimensions", n * index.dimensions.len(), 7, outcome) {
        outcome.tables.push(("dimensions", dimensions(run, index)));
    }
    outcome.tables.push(("years", years(run, index)));
    outcome.tables.push(("weights", weights(index, shares)));
    if fits("the table of contributions", n * k, 5, outcome) {
        outcome.tables.push(("contributions", contributions(run, index)));
    }
}

const SCORES: [&str; 6] = ["city", "name", "year", "score", "rank", "ranks_risen"];

fn scores(run: &Run, index: &Composite) -> TableOut {
    let row = |&place: &usize| -> Vec<Value> {
        let (first, now) = (index.rank[place % index.cities()], index.rank[place]);
        let rose = first.zip(now).map(|(first, now)| first as i64 - now as i64);
        let numbers = [cell(index.score[place]), json!(now), json!(rose)];
        unit(run, &index.normalised, place).into_iter().chain(numbers).collect()
    };
    TableOut { columns: SCORES.to_vec(), rows: index.normalised.units.iter().map(row).collect() }
}

fn dimensions(run: &Run, index: &Composite) -> TableOut {
    let rows = index.normalised.units.iter().flat_map(|&place| {
        index.dimensions.iter().map(move |dimension| -> Vec<Value> {
            let numbers = [cell(dimension.score[place]), cell(dimension.index[place]), json!(dimension.rank[place])];
            let head = unit(run, &index.normalised, place).into_iter().chain([json!(dimension.name)]);
            head.chain(numbers).collect()
        })
    });
    let columns = vec!["city", "name", "year", "dimension", "score", "index", "rank"];
    TableOut { columns, rows: rows.collect() }
}

fn years(run: &Run, index: &Composite) -> TableOut {
    let row = |(t, year): (usize, &Option<i32>)| -> Vec<Value> {
        let score = index.of_year(&index.score, t);
        let of_year = Summary::of(score);
        let end = |city: Option<usize>| match city {
            Some(i) => who(run, i).into_iter().chain([cell(score[i])]).collect(),
            None => vec![Value::Null; 3],
        };
        let head = vec![json!(year), json!(of_year.n), cell(of_year.mean)];
        head.into_iter().chain(end(of_year.highest)).chain(end(of_year.lowest)).collect()
    };
    let columns = vec!["year", "n", "mean", "top", "top_name", "max", "bottom", "bottom_name", "min"];
    TableOut { columns, rows: index.years().iter().enumerate().map(row).collect() }
}

fn weights(index: &Composite, shares: &[Vec<f64>]) -> TableOut {
    let by_year = index.normalised.by_year;
    let row = |year: usize, j: usize| -> Vec<Value> {
        let indicator = &index.normalised.z.list[j];
        let year_cell = if by_year { json!(index.years()[year]) } else { Value::Null };
        let numbers = [index.weights[year][j], shares[year][j]].map(cell);
        let head = [year_cell, json!(indicator.name), json!(indicator.dimension)];
        head.into_iter().chain(numbers).collect()
    };
    let own = if by_year { index.years().len() } else { 1 };
    let rows = (0..own).flat_map(|year| (0..index.normalised.indicators()).map(move |j| (year, j)));
    let columns = vec!["year", "indicator", "dimension", "weight", "variance_share"];
    TableOut { columns, rows: rows.map(|(year, j)| row(year, j)).collect() }
}

fn contributions(run: &Run, index: &Composite) -> TableOut {
    let rows = index.normalised.units.iter().flat_map(|&place| {
        (0..index.normalised.indicators()).map(move |j| -> Vec<Value> {
            let of = [json!(index.normalised.z.list[j].name), cell(index.contribution(j, place))];
            unit(run, &index.normalised, place).into_iter().chain(of).collect()
        })
    });
    TableOut { columns: vec!["city", "name", "year", "indicator", "contribution"], rows: rows.collect() }
}

/// The dimensions that weigh nothing, and so have no index, in some year.
fn weightless(index: &Composite) -> Option<Note> {
    let weighs_nothing = |w: &Vec<f64>, places: &[usize]| places.iter().all(|&j| w[j] == 0.0);
    let names: Vec<&str> = index
        .dimensions
        .iter()
        .filter(|dimension| index.weights.iter().any(|w| weighs_nothing(w, &dimension.indicators)))
        .map(|dimension| dimension.name.as_str())
        .collect();
    let message = format!("no index of the dimension {}, since its indicators weigh nothing", listed(&names));
    (!names.is_empty()).then(|| Note::remark("undefined_number", message))
}

/// Who is first and who last.
fn ends(run: &Run, index: &Composite, year: usize, of_year: &Summary) -> Option<String> {
    let (top, bottom) = (of_year.highest?, of_year.lowest?);
    let score = index.of_year(&index.score, year);
    let first = format!(
        "{} indicators weighted {}{}: of {} cities",
        index.normalised.indicators(),
        weighted(index.weighting),
        index.years()[year].map_or(String::new(), |year| format!(", {year}")),
        of_year.n,
    );
    if index.of_year(&index.rank, year).iter().flatten().all(|&rank| rank == 1) {
        return Some(format!("{first} none scores higher than another ({})", printed(score[top], 3)));
    }
    Some(format!(
        "{first} {} scores highest ({}) and {} lowest ({}), with a mean of {}",
        run.cities.label(top),
        printed(score[top], 3),
        run.cities.label(bottom),
        printed(score[bottom], 3),
        printed(of_year.mean, 3)
    ))
}

/// How much one indicator carries, the heaviest or, where none is, that which sets the cities apart most; in words of
/// warning where it is more than half of the weight.
fn heaviest(index: &Composite, shares: &[f64], year: usize) -> Option<String> {
    let weights = &index.weights[year];
    let k = index.normalised.indicators();
    let largest = |of: &[f64]| (0..k).reduce(|most, j| if of[j] > of[most] { j } else { most });
    let alike = weights.iter().all(|w| (w - weights[0]).abs() <= 1e-12);
    let most = largest(if alike { shares } else { weights })?;
    if k == 1 || !shares[most].is_finite() {
        return None;
    }
    let name = &index.normalised.z.list[most].name;
    let [weight, share] = [weights[most], shares[most]].map(|share| printed(100.0 * share, 1));
    let so = if weights[most] > MOST {
        "; with more than half of the weight the ranking is mainly one by this indicator"
    } else {
        ""
    };
    Some(if alike {
        format!(
            "{name} makes most of the variance of the scores, {share} %, with {weight} % of the weight as every indicator has it"
        )
    } else {
        format!(
            "{name} weighs most of {k} indicators: {weight} % of the weight and {share} % of the variance of the scores{so}"
        )
    })
}
