//! VIKOR, in the registry.

use serde_json::{Value, json};

use super::adapter::{footer, left_out, once, unit, weighted, whole, yearly};
use super::{Composite, Compromise, Normalisation, Options, Vikor, composite, vikor};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed_by};
use crate::study::Indicators;

static ABOUT: About = About {
    name: "vikor",
    family: Family::Index,
    needs: Needs::Weighting,
    title: "VIKOR, compromise ranking",
    question: "Which city is best as a compromise between all indicators together and the worst of them?",
    formula: "S_i = sum_j w_j (1 - z_ij); R_i = max_j w_j (1 - z_ij); Q_i = v (S_i - S*)/(S- - S*) + (1 - v)(R_i - R*)/(R- - R*), v = 0.5",
    symbols: &[
        ("z_ij", "min-max number of indicator j in city i, more is better"),
        ("w_j", "weight of indicator j, sum 1"),
        ("S*, R*", "the lowest S and R of all cities"),
        ("S-, R-", "the highest S and R of all cities"),
    ],
    reading: "Lower is better in all three: Q 0 is best in both, 1 worst in both. The first is the compromise alone if the second is at least 1/(n - 1) behind (acceptable advantage) and it is first by S or R too (stability); else the second, or all that are nearer than 1/(n - 1), belong to it",
    variant: "v = 0.5; on min-max numbers whatever the normalisation of the score. Lowest and highest of all years together unless each year is taken by itself; ranks and conditions within the year, n its cities. Where all S, or all R, are equal, the term is 0",
    reference: "Opricovic and Tzeng (2004), European Journal of Operational Research 156, 445-455, doi:10.1016/S0377-2217(03)00020-1",
    fields: &[
        Field::scalar("advantage", "how much higher the second Q is than the first"),
        Field::scalar("threshold", "the advantage from which it is acceptable, 1/(n - 1)"),
        Field::scalar("acceptable", "1 if the advantage is acceptable, else 0"),
        Field::scalar("stable", "1 if the first by Q is first by S or R too, else 0"),
        Field::scalar("solutions", "cities that are the compromise"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("q", "vikor_q", "vikor_q", "compromise Q, lower is better"),
        Field::annotated("rank", "vikor_rank", "vikor_rk", "rank by Q in the year, 1 the lowest"),
        Field::column("s", "weighted distance from the best in all indicators together, lower is better"),
        Field::column("r", "largest weighted distance from the best in one indicator, lower is better"),
        Field::table("ranking", "for each city and year S, R, Q and rank"),
        Field::table("compromise", "for each year the conditions, and the cities that are the compromise"),
    ],
    matches: &[
        ("pymcdm", "VIKOR()(x, w, types) is Q"),
        ("scikit-criteria", "VIKOR after NegateMinimize: s_k, r_k, q_k"),
    ],
};

/// [`vikor()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let make = |indicators: &Indicators| {
        let index = composite(indicators, &Options { normalisation: Normalisation::MinMax, ..*run.index })?;
        Ok((vikor(&index.normalised, &index.weights)?, index))
    };
    yearly(run, &ABOUT, make, |(result, index), year, outcome| fill(run, index, result, year, outcome))
}

fn fill(run: &Run, index: &Composite, result: &Vikor, year: usize, outcome: &mut Outcome) {
    let compromise = result.compromises[year].as_ref();
    let number = |of: &dyn Fn(&Compromise) -> f64| compromise.map_or(f64::NAN, of);
    outcome.scalars.extend([
        ("advantage", number(&|c| c.advantage)),
        ("threshold", number(&|c| c.threshold)),
        ("acceptable", number(&|c| f64::from(u8::from(c.acceptable)))),
        ("stable", number(&|c| f64::from(u8::from(c.stable)))),
        ("solutions", number(&|c| c.solutions as f64)),
        ("n", index.of_year(&result.q, year).iter().filter(|q| q.is_finite()).count() as f64),
    ]);
    let numbers = |of: &[f64]| Values::Numbers(index.of_year(of, year).to_vec());
    outcome.columns.extend([
        ("q", numbers(&result.q)),
        ("rank", Values::Counts(whole(index.of_year(&result.rank, year)))),
        ("s", numbers(&result.s)),
        ("r", numbers(&result.r)),
    ]);
    let how = format!("v = 0.5, min-max numbers, weighted {}; lower is better", weighted(index.weighting));
    outcome.footer = Some(footer(&index.normalised, &how));
    outcome.notes.extend(left_out(run, &index.normalised, year));
    if year + 1 == index.years().len() {
        if fits("the table of the compromise ranking", index.normalised.units.len(), RANKING.len(), outcome) {
            outcome.tables.push(("ranking", ranking(run, index, result)));
        }
        outcome.tables.push(("compromise", compromises(run, index, result)));
        outcome.notes.extend(once(index));
    }
    if compromise.is_none() {
        let message = "fewer than two cities take part in this year, so that there is no compromise between them";
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    outcome.notes.extend(compromise.map(|compromise| finding(sentence(run, index, compromise))));
}

const RANKING: [&str; 7] = ["city", "name", "year", "s", "r", "q", "rank"];

fn ranking(run: &Run, index: &Composite, result: &Vikor) -> TableOut {
    let row = |&place: &usize| -> Vec<Value> {
        let numbers = [result.s[place], result.r[place], result.q[place]].map(cell);
        let head = unit(run, &index.normalised, place);
        head.into_iter().chain(numbers).chain([json!(result.rank[place])]).collect()
    };
    TableOut { columns: RANKING.to_vec(), rows: index.normalised.units.iter().map(row).collect() }
}

fn compromises(run: &Run, index: &Composite, result: &Vikor) -> TableOut {
    let row = |(year, compromise): (&Option<i32>, &Option<Compromise>)| -> Option<Vec<Value>> {
        let c = compromise.as_ref()?;
        let [id, name] = who(run, *c.order.first()?);
        let solutions = listed_by(&c.order[..c.solutions], |&i| run.cities.label(i));
        let conditions = [cell(c.advantage), cell(c.threshold), json!(c.acceptable), json!(c.stable)];
        let tail = [json!(c.solutions), json!(solutions)];
        Some([json!(year), id, name].into_iter().chain(conditions).chain(tail).collect())
    };
    let columns = vec![
        "year",
        "first",
        "first_name",
        "advantage",
        "threshold",
        "acceptable",
        "stable",
        "solutions",
        "compromise",
    ];
    TableOut { columns, rows: index.years().iter().zip(&result.compromises).filter_map(row).collect() }
}

/// Who is the compromise, and by which conditions.
fn sentence(run: &Run, index: &Composite, compromise: &Compromise) -> String {
    let label = |&i: &usize| run.cities.label(i);
    let first = compromise.order.first().map_or(String::new(), label);
    let lead = format!(
        "Weighted {}, {first} is first by VIKOR, {} ahead of the second ({} is asked for with {} cities)",
        weighted(index.weighting),
        printed(compromise.advantage, 3),
        printed(compromise.threshold, 3),
        compromise.order.len()
    );
    let solutions = listed_by(&compromise.order[..compromise.solutions], label);
    match (compromise.acceptable, compromise.stable) {
        (true, true) => {
            format!("{lead} and first by the sum or the largest of the distances too: it alone is the compromise")
        }
        (true, false) => format!(
            "{lead}, but first by neither the sum nor the largest of the distances: the compromise is {solutions}"
        ),
        (false, _) => format!("{lead}: too little to stand alone, the compromise is {solutions}"),
    }
}
