//! Obstacle degrees as the registry gives them: what holds each city back, and what holds back most of them.

use serde_json::{Value, json};

use super::Composite;
use super::basis::{footer, members, not_from_0_to_1, on_index, within, years};
use super::obstacles::{Obstacles, obstacles};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, who};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, listed_by};

static ABOUT: About = About {
    name: "obstacles",
    family: Family::Index,
    needs: Needs::Weighting,
    title: "Obstacle degrees",
    question: "Which indicators hold each city back, and which hold back most of them?",
    formula: "O_k = w_k (1 - z_k)/sum_j w_j (1 - z_j)",
    symbols: &[
        ("z_k", "normalised value of indicator k in the city, 0 the worst and 1 the best"),
        ("w_k", "weight of indicator k"),
        ("O_k", "obstacle degree of indicator k"),
    ],
    reading: "The degrees of a city add up to 1: they say what its shortfall sum w (1 - z) is made of, not how large it is, so that a degree is read beside the shortfall. An indicator of a large weight is a large obstacle almost everywhere: compare its mean degree with its weight. That of a dimension is the sum over its indicators",
    variant: "The weights of the index and values by min-max or ranks; z scores and vector numbers are refused. A city that is the best in everything has no obstacle",
    reference: "common practice with additive indices in Chinese regional science (obstacle degree model, 障碍度模型)",
    fields: &[
        Field::annotated("first", "obstacle_first", "obst_first", "the indicator with the largest degree"),
        Field::column("first_degree", "its degree"),
        Field::column("shortfall", "what the score falls short of 1, sum w (1 - z)"),
        Field::scalar("without", "cities without an obstacle"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "summary",
            "for each year and indicator its mean degree, and the cities in which it is the largest",
        ),
        Field::table("dimensions", "the same for each dimension, whose degree is the sum of its indicators"),
        Field::table("obstacles", "for each city its three largest obstacles"),
        Field::matrix("degrees", "obstacle degrees, cities by indicators"),
        Field::matrix("dimension_degrees", "their sums, cities by dimensions"),
    ],
    matches: &[],
};

/// [`obstacles()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_index(run, &ABOUT, |index, outcome| match not_from_0_to_1("obstacles", index) {
        Some(note) => {
            outcome.notes.push(note);
            Ok(())
        }
        None => fill(run, index, outcome),
    })
}

/// The obstacles of one year.
struct Year<'a> {
    index: &'a Composite,
    year: usize,
    /// The cities that take part.
    cities: Vec<usize>,
    obstacles: Obstacles,
}

fn fill(run: &Run, index: &Composite, outcome: &mut Outcome) -> Result<()> {
    let years = years(index).into_iter().map(|year| Year::of(index, year)).collect::<Result<Vec<Year>>>()?;
    let Some(last) = years.last() else { return Ok(()) };
    outcome.footer = Some(footer("obstacle degrees, which sum to 1 in each city", index));
    last.columns(outcome);
    outcome.tables.extend([
        ("summary", summary(&years)),
        ("dimensions", dimensions(&years)),
        ("obstacles", last.largest(run)),
    ]);
    last.matrices(run, outcome);
    outcome.notes.extend(last.perfect(run));
    outcome.notes.extend(last.findings());
    Ok(())
}

impl<'a> Year<'a> {
    fn of(index: &'a Composite, year: usize) -> Result<Self> {
        let obstacles = obstacles(&index.normalised_in(year), &index.weights[year])?;
        Ok(Self { index, year, cities: members(index, year), obstacles })
    }

    fn indicators(&self) -> usize {
        self.index.weights[self.year].len()
    }

    fn name(&self, k: usize) -> &'a str {
        &self.index.normalised.z.list[k].name
    }

    fn dimension(&self, k: usize) -> Option<&'a str> {
        self.index.normalised.z.list[k].dimension.as_deref()
    }

    fn degree(&self, k: usize, city: usize) -> f64 {
        self.obstacles.degrees[k * self.obstacles.units + city]
    }

    /// The degrees of a group of indicators, summed, of every city.
    fn together(&self, indicators: &[usize]) -> Vec<f64> {
        let sum = |city: usize| indicators.iter().map(|&k| self.degree(k, city)).sum();
        (0..self.obstacles.units).map(sum).collect()
    }

    fn columns(&self, outcome: &mut Outcome) {
        let first: Vec<Option<(usize, f64)>> =
            (0..self.obstacles.units).map(|city| self.obstacles.ranked(city).first().copied()).collect();
        let without = self.cities.iter().filter(|&&i| first[i].is_none()).count();
        outcome.columns.extend([
            ("first", Values::Texts(first.iter().map(|of| of.map(|(k, _)| self.name(k).to_owned())).collect())),
            (
                "first_degree",
                Values::Numbers(first.iter().map(|of| of.map_or(f64::NAN, |(_, degree)| degree)).collect()),
            ),
            ("shortfall", Values::Numbers(self.obstacles.shortfall.clone())),
        ]);
        outcome.scalars.extend([("without", without as f64), ("n", self.cities.len() as f64)]);
    }

    fn matrices(&self, run: &Run, outcome: &mut Outcome) {
        let by_city = |columns: Vec<String>, of: &[Vec<f64>]| {
            let values = (0..self.obstacles.units).flat_map(|i| of.iter().map(move |column| column[i])).collect();
            Matrix { rows: run.cities.ids.clone(), columns, values }
        };
        let all: Vec<Vec<f64>> = (0..self.indicators()).map(|k| self.together(&[k])).collect();
        let names = (0..self.indicators()).map(|k| self.name(k).to_owned()).collect();
        outcome.matrices.push(("degrees", by_city(names, &all)));
        let dimensions = &self.index.dimensions;
        if !dimensions.is_empty() {
            let sums: Vec<Vec<f64>> = dimensions.iter().map(|of| self.together(&of.indicators)).collect();
            let names = dimensions.iter().map(|of| of.name.clone()).collect();
            outcome.matrices.push(("dimension_degrees", by_city(names, &sums)));
        }
    }

    fn largest(&self, run: &Run) -> TableOut {
        let columns = vec![
            "city",
            "name",
            "shortfall",
            "first",
            "first_degree",
            "second",
            "second_degree",
            "third",
            "third_degree",
        ];
        let row = |&i: &usize| -> Vec<Value> {
            let ranked = self.obstacles.ranked(i);
            let place = |at: usize| match ranked.get(at) {
                Some(&(k, degree)) => [json!(self.name(k)), cell(degree)],
                None => [Value::Null, Value::Null],
            };
            let head = who(run, i).into_iter().chain([cell(self.obstacles.shortfall[i])]);
            head.chain((0..3).flat_map(place)).collect()
        };
        TableOut { columns, rows: self.cities.iter().map(row).collect() }
    }

    /// Mean degree over the cities with an obstacle, and number of cities where it is the largest, of each of these
    /// columns; the first of equal ones is the largest.
    fn shares(&self, columns: &[Vec<f64>]) -> Vec<(f64, usize)> {
        let held: Vec<usize> = self.cities.iter().copied().filter(|&i| self.obstacles.shortfall[i] > 0.0).collect();
        let mut firsts = vec![0; columns.len()];
        for &i in &held {
            let larger = |best: usize, k: usize| if columns[k][i] > columns[best][i] { k } else { best };
            if let Some(first) = (0..columns.len()).reduce(larger) {
                firsts[first] += 1;
            }
        }
        let mean = |column: &Vec<f64>| held.iter().map(|&i| column[i]).sum::<f64>() / held.len() as f64;
        columns.iter().map(mean).zip(firsts).collect()
    }

    fn by_indicator(&self) -> Vec<(f64, usize)> {
        self.shares(&(0..self.indicators()).map(|k| self.together(&[k])).collect::<Vec<_>>())
    }

    fn by_dimension(&self) -> Vec<(f64, usize)> {
        let columns: Vec<Vec<f64>> = self.index.dimensions.iter().map(|of| self.together(&of.indicators)).collect();
        self.shares(&columns)
    }

    /// The note on cities that are the best in everything.
    fn perfect(&self, run: &Run) -> Option<Note> {
        let perfect: Vec<usize> = self.cities.iter().copied().filter(|&i| self.obstacles.shortfall[i] == 0.0).collect();
        (!perfect.is_empty()).then(|| {
            let cities = listed_by(&perfect, |&i| run.cities.label(i));
            let when = within(self.index, self.year);
            let message = format!("no obstacle{when}, since all that weighs is at its best in {cities}");
            Note::remark("undefined_number", message).about(perfect.iter().map(|&i| &run.cities.ids[i]))
        })
    }

    fn findings(&self) -> Vec<Note> {
        let when = within(self.index, self.year);
        let n = self.cities.len();
        let mut notes = Vec::new();
        let shares = self.by_indicator();
        let most = shares.iter().map(|of| of.1).max().unwrap_or(0);
        let first: Vec<usize> = (0..shares.len()).filter(|&k| shares[k].1 == most).collect();
        if let (true, [k]) = (most > 0, first.as_slice()) {
            let (degree, weight) = (100.0 * shares[*k].0, 100.0 * self.index.weights[self.year][*k]);
            notes.push(finding(format!(
                "the largest obstacle in most cities is {}: in {most} of {n}{when}; it makes up {degree:.0}% of the shortfall on \
                 average, at a weight of {weight:.0}%",
                self.name(*k)
            )));
        } else if most > 0 {
            let names: Vec<&str> = first.iter().map(|&k| self.name(k)).collect();
            notes.push(finding(format!(
                "no indicator alone is the largest obstacle most often: {} are in {most} of {n} cities each{when}",
                listed(&names)
            )));
        }
        let dimensions = self.by_dimension();
        let larger = |best: usize, d: usize| if dimensions[d].0 > dimensions[best].0 { d } else { best };
        if let Some(d) = (0..dimensions.len()).reduce(larger).filter(|_| dimensions.len() > 1 && most > 0) {
            notes.push(finding(format!(
                "of the dimensions, {} holds the cities back most: {:.0}% of the shortfall on average{when}",
                self.index.dimensions[d].name,
                100.0 * dimensions[d].0
            )));
        }
        notes
    }
}

fn summary(years: &[Year]) -> TableOut {
    let of_year = |year: &Year| {
        let row = |(k, (degree, first)): (usize, (f64, usize))| {
            vec![
                json!(year.index.years()[year.year]),
                json!(year.name(k)),
                json!(year.dimension(k)),
                cell(year.index.weights[year.year][k]),
                cell(degree),
                json!(first),
                cell(first as f64 / year.cities.len() as f64),
            ]
        };
        year.by_indicator().into_iter().enumerate().map(row).collect::<Vec<_>>()
    };
    let columns = vec!["year", "indicator", "dimension", "weight", "degree", "first", "first_share"];
    TableOut { columns, rows: years.iter().flat_map(of_year).collect() }
}

fn dimensions(years: &[Year]) -> TableOut {
    let of_year = |year: &Year| {
        let row = |(dimension, (degree, first)): (&super::Dimension, (f64, usize))| {
            let weight = dimension.indicators.iter().map(|&k| year.index.weights[year.year][k]).sum();
            vec![
                json!(year.index.years()[year.year]),
                json!(dimension.name),
                cell(weight),
                cell(degree),
                json!(first),
                cell(first as f64 / year.cities.len() as f64),
            ]
        };
        year.index.dimensions.iter().zip(year.by_dimension()).map(row).collect::<Vec<_>>()
    };
    let columns = vec!["year", "dimension", "weight", "degree", "first", "first_share"];
    TableOut { columns, rows: years.iter().flat_map(of_year).collect() }
}
