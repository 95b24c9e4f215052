//! The robustness of an index as the registry gives it: other weightings, an indicator less, random weights.

use serde_json::{Value, json};

use super::adapter::whole;
use super::basis::{footer, last_year, members, on_index, within};
use super::index_robustness::{LeftOut, RandomWeights, RankIntervals, leave_one_out, rank_intervals};
use super::{Composite, Options, Weighting, composite, kendall, spearman, topsis};
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding, who};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;

/// How often weights are drawn.
const DRAWS: usize = 1_000;

/// How far, as a share of each, weights near those chosen may lie from them.
const NEAR: f64 = 0.25;

/// The name of TOPSIS among the weightings.
const TOPSIS: &str = "topsis";

static ABOUT: About = About {
    name: "index_robustness",
    family: Family::Index,
    needs: Needs::Weighting,
    title: "Robustness of the ranks of an index",
    question: "How far do the ranks of the cities hang on the weights that were chosen, and on single indicators?",
    formula: "rank_i = 1 + #{j: S_j > S_i}, S_i = sum_k w_k z_ik, for random w; any weights: w_k = E_k/sum E with E_k = -ln(1 - u_k); near the chosen v: w_k = v_k (1 + 0.25 (2 u_k - 1)), scaled to the sum 1",
    symbols: &[
        ("z_ik", "normalised value of indicator k in city i"),
        ("u_k", "random number, uniform on [0, 1)"),
        ("v_k", "weight of indicator k by the weighting chosen"),
    ],
    reading: "rank_low to rank_high is where the city stands in nine of ten draws of any weights: a city whose interval is short owes its rank to its indicators, one whose interval is long to the weights. Two cities whose intervals overlap are not told apart by this index without an argument for its weights. near_low to near_high say the same for weights within a quarter of those chosen",
    variant: "1,000 draws each of any weights (uniform over all weights with the sum 1, Dirichlet(1, …, 1)) and of weights near those chosen (each between 75 and 125 % of it, then scaled), for the indicators of a weight above 0; quantiles of 5 and 95 % are ranks that occurred; equal scores share the best rank. top_tenth counts ranks up to a tenth of the cities, rounded up. Other weightings as indicator_weights defines them, with the same normalisation; one that is not defined here is left out with a note. Without an indicator, the others keep the proportion of their weights. All for the last year",
    reference: "Saisana, Saltelli and Tarantola (2005), Journal of the Royal Statistical Society A 168, 307-323; Becker et al. (2022), COINr, Journal of Open Source Software 7(78), 4567",
    fields: &[
        Field::annotated(
            "rank_low",
            "index_rank_low",
            "idx_rk_low",
            "rank that 5 % of the draws are better than, 1 the best",
        ),
        Field::column("rank_median", "rank in the middle draw"),
        Field::annotated("rank_high", "index_rank_high", "idx_rk_hig", "rank that 5 % of the draws are worse than"),
        Field::column("first", "share of the draws in which the city is first"),
        Field::column("top_tenth", "share of the draws in which it is among the first tenth"),
        Field::column("near_low", "as rank_low, with weights near those chosen"),
        Field::column("near_high", "as rank_high, with weights near those chosen"),
        Field::scalar("spearman_least", "least Spearman correlation of the weighting chosen with another one"),
        Field::scalar("mean_width", "mean of rank_high - rank_low over n - 1"),
        Field::scalar("near_width", "the same with weights near those chosen"),
        Field::scalar("draws", "number of draws of each kind"),
        Field::scalar("n", "cities that take part"),
        Field::table("cities", "for each city, by its rank, the ranks under random weights"),
        Field::table("leave_one_out", "for each indicator how the ranks are without it, and who moves most"),
        Field::matrix(
            "spearman",
            "rank correlations of the scores by each weighting, and of topsis with the weighting chosen",
        ),
        Field::matrix("kendall", "the same as Kendall's tau_b"),
    ],
    matches: &[],
};

/// [`rank_intervals()`] and [`leave_one_out()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_index(run, &ABOUT, |index, outcome| {
        let last = LastYear::of(run, index);
        outcome.footer = Some(footer(&format!("{DRAWS} draws of weights of each kind"), index));
        last.weightings(outcome)?;
        last.without_each(outcome)?;
        last.at_random(outcome)?;
        let n = last.members.len();
        outcome.scalars.extend([("draws", DRAWS as f64), ("n", n as f64)]);
        Ok(())
    })
}

/// The last year of the index.
struct LastYear<'a> {
    run: &'a Run<'a>,
    index: &'a Composite,
    year: usize,
    /// The cities that take part.
    members: Vec<usize>,
    /// The normalised values of the year, indicator after indicator.
    z: Vec<f64>,
}

impl<'a> LastYear<'a> {
    fn of(run: &'a Run, index: &'a Composite) -> Self {
        let year = last_year(index);
        Self { run, index, year, members: members(index, year), z: index.normalised_in(year) }
    }

    fn weights(&self) -> &'a [f64] {
        &self.index.weights[self.year]
    }

    fn rank(&self, city: usize) -> Option<usize> {
        self.index.of_year(&self.index.rank, self.year)[city]
    }

    /// How the ranks by other weightings, and by TOPSIS, agree with those by the one chosen.
    fn weightings(&self, outcome: &mut Outcome) -> Result<()> {
        let scores = self.scores(outcome)?;
        let names: Vec<String> = scores.iter().map(|(name, _)| (*name).to_owned()).collect();
        let matrix = |of: fn(&[f64], &[f64]) -> f64| {
            let values = scores.iter().flat_map(|(_, a)| scores.iter().map(move |(_, b)| of(a, b))).collect();
            Matrix { rows: names.clone(), columns: names.clone(), values }
        };
        let rho = matrix(spearman);
        let chosen = rho.values.iter().zip(&names).take(scores.len()).skip(1);
        let others = chosen.filter(|(r, name)| !r.is_nan() && *name != TOPSIS);
        let least = others.reduce(|least, other| if other.0 < least.0 { other } else { least });
        outcome.scalars.push(("spearman_least", least.map_or(f64::NAN, |(r, _)| *r)));
        outcome.notes.push(match least {
            Some((r, name)) => finding(format!(
                "of the other weightings {name} gives the ranks that differ most from those by {}: their correlation \
                 (Spearman) is {r:.2}{}",
                names[0],
                within(self.index, self.year)
            )),
            None => {
                let message = "no spearman_least: all scores are equal, fewer than two cities take part, or no other \
                               weighting is defined";
                Note::remark("undefined_number", message)
            }
        });
        outcome.matrices.extend([("spearman", rho), ("kendall", matrix(kendall))]);
        Ok(())
    }

    /// The scores of the year by every weighting that is defined, the one chosen first, and by TOPSIS with that one.
    fn scores(&self, outcome: &mut Outcome) -> Result<Vec<(&'static str, Vec<f64>)>> {
        let of_year = |units: &[f64]| self.index.of_year(units, self.year).to_vec();
        let mut scores = vec![(self.index.weighting.name(), of_year(&self.index.score))];
        for weighting in self.others() {
            let options = Options { weighting: Some(weighting), ..*self.run.index };
            let Some(indicators) = self.run.indicators else { continue };
            match composite(indicators, &options) {
                Ok(other) => scores.push((weighting.name(), of_year(&other.score))),
                Err(error) => {
                    let message = format!("weighting {} left out: {error}", weighting.name());
                    outcome.notes.push(Note::remark("not_run", message));
                }
            }
        }
        let topsis = topsis(&self.index.normalised, &self.index.weights)?;
        scores.push((TOPSIS, of_year(&topsis.closeness)));
        Ok(scores)
    }

    /// The weightings beside the one chosen; the one given only where somebody gave one.
    fn others(&self) -> Vec<Weighting> {
        let given = self.index.normalised.z.list.iter().any(|indicator| indicator.weight.is_some());
        Weighting::ALL.into_iter().filter(|&w| w != self.index.weighting && (given || w != Weighting::Given)).collect()
    }

    fn without_each(&self, outcome: &mut Outcome) -> Result<()> {
        let without = match leave_one_out(&self.z, self.weights()) {
            Err(error) if error.kind() == Kind::Undefined => {
                outcome.notes.push(Note::remark("not_run", format!("leave_one_out not run: {error}")));
                return Ok(());
            }
            without => without?,
        };
        let list = &self.index.normalised.z.list;
        let row = |of: &LeftOut| -> Vec<Value> {
            let indicator = &list[of.indicator];
            let head = [json!(indicator.name), json!(indicator.dimension), cell(self.weights()[of.indicator])];
            let moved = match of.unit {
                Some(city) => {
                    let [id, name] = who(self.run, city);
                    [json!(of.from.abs_diff(of.to)), id, name, json!(of.from), json!(of.to)]
                }
                None => [json!(0), Value::Null, Value::Null, Value::Null, Value::Null],
            };
            head.into_iter().chain([cell(of.spearman)]).chain(moved).collect()
        };
        let columns = vec!["indicator", "dimension", "weight", "spearman", "change", "city", "name", "from", "to"];
        outcome.tables.push(("leave_one_out", TableOut { columns, rows: without.iter().map(row).collect() }));
        let least = without.iter().filter(|of| of.unit.is_some() && !of.spearman.is_nan());
        let least = least.reduce(|least, of| if of.spearman < least.spearman { of } else { least });
        if let Some((of, city)) = least.and_then(|of| Some((of, of.unit?))) {
            outcome.notes.push(finding(format!(
                "the indicator on which the ranks hang most is {}: without it they correlate with those of all \
                 indicators at {:.3} (Spearman), and {} goes from rank {} to {}",
                list[of.indicator].name,
                of.spearman,
                self.run.cities.known_as(city),
                of.from,
                of.to
            )));
        }
        Ok(())
    }

    fn at_random(&self, outcome: &mut Outcome) -> Result<()> {
        let draw = |random| rank_intervals(&self.z, self.weights(), random, DRAWS, self.run.inference.seed);
        let (any, near) = match (draw(RandomWeights::Any), draw(RandomWeights::Near(NEAR))) {
            (Err(error), _) if error.kind() == Kind::TooLarge => {
                outcome.notes.push(Note::remark("not_run", format!("random weights not run: {error}")));
                return Ok(());
            }
            (any, near) => (any?, near?),
        };
        let counts = |ranks: &[Option<usize>]| Values::Counts(whole(ranks));
        outcome.columns.extend([
            ("rank_low", counts(&any.low)),
            ("rank_median", counts(&any.median)),
            ("rank_high", counts(&any.high)),
            ("first", Values::Numbers(any.first.clone())),
            ("top_tenth", Values::Numbers(any.top_share.clone())),
            ("near_low", counts(&near.low)),
            ("near_high", counts(&near.high)),
        ]);
        let widths = [mean_width(&any), mean_width(&near)];
        outcome.scalars.extend([("mean_width", widths[0]), ("near_width", widths[1])]);
        if self.members.len() < 2 {
            let message = "no mean_width and near_width, since one city alone takes part";
            outcome.notes.push(Note::remark("undefined_number", message));
        }
        outcome.tables.push(("cities", self.cities(&any, &near)));
        outcome.notes.extend(self.leader(&any, &near));
        Ok(())
    }

    fn cities(&self, any: &RankIntervals, near: &RankIntervals) -> TableOut {
        let mut order = self.members.clone();
        order.sort_by_key(|&i| self.rank(i));
        let row = |&i: &usize| -> Vec<Value> {
            let ranks = [self.rank(i), any.low[i], any.median[i], any.high[i]];
            let near = [near.low[i], near.median[i], near.high[i]];
            let shares = [cell(any.first[i]), cell(any.top_share[i])];
            let ranks = ranks.map(|rank| json!(rank)).into_iter().chain(shares);
            who(self.run, i).into_iter().chain(ranks).chain(near.map(|rank| json!(rank))).collect()
        };
        let columns = vec![
            "city",
            "name",
            "rank",
            "rank_low",
            "rank_median",
            "rank_high",
            "first",
            "top_tenth",
            "near_low",
            "near_median",
            "near_high",
        ];
        TableOut { columns, rows: order.iter().map(row).collect() }
    }

    /// How well the first place holds; nothing where it is shared, or nobody else takes part.
    fn leader(&self, any: &RankIntervals, near: &RankIntervals) -> Option<Note> {
        let firsts: Vec<usize> = self.members.iter().copied().filter(|&i| self.rank(i) == Some(1)).collect();
        let [first] = firsts[..] else { return None };
        let rival = self.members.iter().copied().filter(|&i| i != first);
        let rival = rival.reduce(|best, i| if any.first[i] > any.first[best] { i } else { best })?;
        let name = |i: usize| self.run.cities.known_as(i);
        let draws = |share: f64| (share * DRAWS as f64).round();
        let instead = match any.first[rival] > any.first[first] {
            true => format!("; {} is first more often, in {}", name(rival), draws(any.first[rival])),
            false => String::new(),
        };
        Some(finding(format!(
            "the first place of {}{} holds in {} of {DRAWS} random weightings, and in {} of {DRAWS} within 25% of the weights \
             chosen{instead}",
            name(first),
            within(self.index, self.year),
            draws(any.first[first]),
            draws(near.first[first])
        )))
    }
}

/// The mean length of the intervals, as a share of the longest that there can be.
fn mean_width(ranks: &RankIntervals) -> f64 {
    let widths = ranks.high.iter().zip(&ranks.low).filter_map(|(high, low)| Some((*high)? - (*low)?));
    widths.sum::<usize>() as f64 / (ranks.n as f64 * (ranks.n as f64 - 1.0))
}
