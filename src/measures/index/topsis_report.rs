//! TOPSIS, in the registry.

use serde_json::{Value, json};

use super::adapter::{Summary, footer, left_out, once, unit, weighted, whole, yearly};
use super::{Composite, Normalisation, Options, Topsis, composite, normalise, topsis};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed};
use crate::study::Indicators;

static ABOUT: About = About {
    name: "topsis",
    family: Family::Index,
    needs: Needs::Weighting,
    title: "TOPSIS, closeness to the ideal",
    question: "How near is each city to the best there is in every indicator, and how far from the worst?",
    formula: "C = d-/(d+ + d-); d+ = sqrt(sum_j w_j^2 (z_ij - max_i z_ij)^2), d- = sqrt(sum_j w_j^2 (z_ij - min_i z_ij)^2)",
    symbols: &[
        ("z_ij", "number of indicator j in city i on the common scale, more is better"),
        ("w_j", "weight of indicator j, sum 1"),
        ("d+, d-", "distance to the ideal, which is the best in every indicator, and to the worst"),
    ],
    reading: "1: the best there is in every indicator; 0: the worst in every one. Squares make a far outlier in one indicator count more than in the score",
    variant: "closeness on min-max numbers, as is usual in China; closeness_vector beside it on x/sqrt(sum x^2), as Hwang and Yoon have it and other programs by default; whatever the normalisation of the score. The same weights in both. Ideal and worst of all years together unless each year is taken by itself. Ranks within the year, equal ones share the best",
    reference: "Hwang and Yoon (1981), Multiple Attribute Decision Making, doi:10.1007/978-3-642-48318-9",
    fields: &[
        Field::scalar("mean", "mean closeness of the cities"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("closeness", "topsis", "topsis", "closeness to the ideal, min-max numbers"),
        Field::annotated(
            "rank",
            "topsis_rank",
            "topsis_rk",
            "rank by closeness in the year, 1 the nearest to the ideal",
        ),
        Field::column("closeness_vector", "closeness to the ideal, vector numbers"),
        Field::column("rank_vector", "rank by closeness_vector in the year"),
        Field::column("d_plus", "distance to the ideal, min-max numbers"),
        Field::column("d_minus", "distance to the worst, min-max numbers"),
        Field::table("closeness", "for each city and year all of these"),
    ],
    matches: &[
        ("pymcdm", "TOPSIS(minmax_normalization)(x, w, types); closeness_vector: TOPSIS(vector_normalization)"),
        ("scikit-criteria", "closeness_vector: TOPSIS after VectorScaler, costs inverted by NegateMinimize"),
    ],
};

/// [`topsis()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let make = |indicators: &_| Both::of(indicators, run.index);
    yearly(run, &ABOUT, make, |both, year, outcome| fill(run, both, year, outcome))
}

/// Closeness by min-max and by vector numbers.
struct Both {
    index: Composite,
    minmax: Topsis,
    vector: Topsis,
    /// The indicators that have numbers below 0, for which there are no vector numbers.
    below: Vec<String>,
}

impl Both {
    fn of(indicators: &Indicators, options: &Options) -> Result<Self> {
        let index = composite(indicators, &Options { normalisation: Normalisation::MinMax, ..*options })?;
        let is_below = |&j: &usize| index.normalised.raw.column(j).iter().any(|&x| x < 0.0);
        let raw = &index.normalised.raw;
        let below: Vec<String> = (0..raw.list.len()).filter(is_below).map(|j| raw.list[j].name.clone()).collect();
        let minmax = topsis(&index.normalised, &index.weights)?;
        let vector = if below.is_empty() {
            topsis(&normalise(raw, Normalisation::Vector, options.by_year)?, &index.weights)?
        } else {
            Topsis::none(raw.units())
        };
        Ok(Self { index, minmax, vector, below })
    }
}

fn fill(run: &Run, both: &Both, year: usize, outcome: &mut Outcome) {
    let index = &both.index;
    let closeness = Summary::of(index.of_year(&both.minmax.closeness, year));
    outcome.scalars.extend([("mean", closeness.mean), ("n", closeness.n as f64)]);
    let numbers = |of: &[f64]| Values::Numbers(index.of_year(of, year).to_vec());
    let ranks = |of: &Topsis| Values::Counts(whole(index.of_year(&of.rank, year)));
    outcome.columns.extend([
        ("closeness", numbers(&both.minmax.closeness)),
        ("rank", ranks(&both.minmax)),
        ("closeness_vector", numbers(&both.vector.closeness)),
        ("rank_vector", ranks(&both.vector)),
        ("d_plus", numbers(&both.minmax.to_ideal)),
        ("d_minus", numbers(&both.minmax.to_anti_ideal)),
    ]);
    let how = format!("min-max numbers, vector numbers beside them, weighted {}", weighted(index.weighting));
    outcome.footer = Some(footer(&index.normalised, &how));
    outcome.notes.extend(left_out(run, &index.normalised, year));
    if !both.below.is_empty() {
        let message = format!(
            "no closeness_vector and rank_vector, since these indicators are below 0 somewhere: {}",
            listed(&both.below)
        );
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    if year + 1 == index.years().len() {
        if fits("the table of closeness", index.normalised.units.len(), CLOSENESS.len(), outcome) {
            outcome.tables.push(("closeness", table(run, both)));
        }
        outcome.notes.extend(once(index));
    }
    outcome.notes.extend(sentence(run, both, &closeness, year).map(finding));
}

const CLOSENESS: [&str; 9] =
    ["city", "name", "year", "closeness", "rank", "closeness_vector", "rank_vector", "d_plus", "d_minus"];

fn table(run: &Run, both: &Both) -> TableOut {
    let (minmax, vector) = (&both.minmax, &both.vector);
    let row = |&place: &usize| -> Vec<Value> {
        let head = unit(run, &both.index.normalised, place);
        let numbers = [
            cell(minmax.closeness[place]),
            json!(minmax.rank[place]),
            cell(vector.closeness[place]),
            json!(vector.rank[place]),
            cell(minmax.to_ideal[place]),
            cell(minmax.to_anti_ideal[place]),
        ];
        head.into_iter().chain(numbers).collect()
    };
    TableOut { columns: CLOSENESS.to_vec(), rows: both.index.normalised.units.iter().map(row).collect() }
}

/// Who is nearest and who farthest.
fn sentence(run: &Run, both: &Both, of_year: &Summary, year: usize) -> Option<String> {
    let closeness = both.index.of_year(&both.minmax.closeness, year);
    let (top, bottom) = (of_year.highest?, of_year.lowest?);
    let ranks = [&both.minmax, &both.vector].map(|of| both.index.of_year(&of.rank, year));
    let moved = (0..closeness.len()).filter(|&i| closeness[i].is_finite() && ranks[0][i] != ranks[1][i]).count();
    let vector = if both.below.is_empty() {
        format!("; {moved} of {} cities have another rank with vector numbers", of_year.n)
    } else {
        String::new()
    };
    Some(format!(
        "Weighted {}, {} is nearest to the ideal (closeness {}, 1: the best in every indicator) and {} farthest from it ({}){vector}",
        weighted(both.index.weighting),
        run.cities.label(top),
        printed(closeness[top], 3),
        run.cities.label(bottom),
        printed(closeness[bottom], 3)
    ))
}
