//! The indicators made comparable, in the registry.

use serde_json::{Value, json};

use super::adapter::{constants, footer, left_out, numbers, together, unit};
use super::{Normalised, normalise};
use crate::error::Result;
use crate::measures::adapter::{cell, fits};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut};

static ABOUT: About = About {
    name: "normalised",
    family: Family::Index,
    needs: Needs::Indicators,
    title: "Indicators made comparable",
    question: "Where does each city stand on each indicator, on one scale?",
    formula: "min-max: (x - min)/(max - min), less is better: (max - x)/(max - min); z: (x - mean)/sd, negated; rank: (r - 1)/(n - 1), 1 - that; vector: x/sqrt(sum x^2), 1 - that",
    symbols: &[
        ("x", "number of a city in a year"),
        ("min, max, mean, sd", "of all cities that take part, sd with the divisor n"),
        ("r", "rank, 1 for the least, ties their mean rank"),
        ("n", "cities that take part, each year of a city once"),
    ],
    reading: "More is better in every indicator, whichever way it counts. Min-max: 0 the worst, 1 the best that there is, so that one extreme city presses all others together. Over all years together a city that improves gains; each year by itself it gains only against the others. Money at current prices rises with prices alone: give it at constant ones before years are compared",
    variant: "Over all years together unless each year is taken by itself. A city without a number of every indicator takes no part in that year, and nothing is filled in; a constant indicator is left out with a warning, as is one that is constant in a year that is taken by itself. Infinite numbers are refused, by the vector form negative ones too",
    reference: "OECD and JRC (2008), Handbook on constructing composite indicators, doi:10.1787/9789264043466-en",
    fields: &[
        Field::scalar("n", "cities that take part, each year of a city once"),
        Field::scalar("indicators", "indicators that carry information"),
        Field::table("normalised", "for each city, year and indicator the number as given and on the common scale"),
        Field::table("left_out", "for each city and year that takes no part the indicators that it has no number of"),
        Field::matrix("last_year", "for each city and indicator the number on the common scale in the last year"),
    ],
    matches: &[("pymcdm", "normalizations.minmax_normalization(x, cost), vector_normalization(x, cost)")],
};

/// [`normalise()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let make = |indicators: &_| normalise(indicators, run.index.normalisation, run.index.by_year);
    together(run, &ABOUT, make, |normalised, outcome| {
        fill(run, normalised, outcome);
        Ok(())
    })
}

fn fill(run: &Run, normalised: &Normalised, outcome: &mut Outcome) {
    let (n, k) = (normalised.units.len(), normalised.indicators());
    outcome.scalars.extend([("n", n as f64), ("indicators", k as f64)]);
    if fits("the table of normalised numbers", n * k, NORMALISED.len(), outcome) {
        outcome.tables.push(("normalised", table(run, normalised)));
    }
    if !normalised.missing.is_empty() && fits("the table of who is left out", normalised.missing.len(), 4, outcome) {
        outcome.tables.push(("left_out", missing(run, normalised)));
    }
    if fits("the matrix of the last year", normalised.z.cities, k, outcome) {
        outcome.matrices.push(("last_year", last_year(run, normalised)));
    }
    outcome.footer = Some(footer(normalised, numbers(normalised.normalisation)));
    outcome.notes.extend(constants(normalised));
    outcome.notes.extend((0..normalised.z.years.len()).filter_map(|year| left_out(run, normalised, year)));
}

const NORMALISED: [&str; 6] = ["city", "name", "year", "indicator", "raw", "normalised"];

fn table(run: &Run, normalised: &Normalised) -> TableOut {
    let rows = normalised.units.iter().flat_map(|&place| {
        (0..normalised.indicators()).map(move |j| -> Vec<Value> {
            let numbers = [&normalised.raw, &normalised.z].map(|of| cell(of.column(j)[place]));
            let head = unit(run, normalised, place).into_iter().chain([json!(normalised.z.list[j].name)]);
            head.chain(numbers).collect()
        })
    });
    TableOut { columns: NORMALISED.to_vec(), rows: rows.collect() }
}

fn missing(run: &Run, normalised: &Normalised) -> TableOut {
    let row = |(place, lacks): &(usize, Vec<usize>)| -> Vec<Value> {
        let names: Vec<&str> = lacks.iter().map(|&j| normalised.given[j].name.as_str()).collect();
        unit(run, normalised, *place).into_iter().chain([json!(names.join(", "))]).collect()
    };
    TableOut { columns: vec!["city", "name", "year", "missing"], rows: normalised.missing.iter().map(row).collect() }
}

fn last_year(run: &Run, normalised: &Normalised) -> Matrix {
    let (cities, units) = (normalised.z.cities, normalised.z.units());
    let row = |i: usize| (0..normalised.indicators()).map(move |j| normalised.at(j, units - cities + i));
    Matrix {
        rows: run.cities.ids.clone(),
        columns: normalised.z.list.iter().map(|indicator| indicator.name.clone()).collect(),
        values: (0..cities).flat_map(row).collect(),
    }
}
