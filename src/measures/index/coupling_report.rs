//! Coupling coordination as the registry gives it: the dimensions of the index as subsystems, by city and year.

use serde_json::{Value, json};

use super::adapter::unit as city_in_year;
use super::basis::{footer, last_year, members, not_from_0_to_1, on_index, within, years};
use super::coupling::{Coupling, GRADES, STAGES, coupling, grade, lagging, stage};
use super::{Composite, Dimension};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, fits};
use crate::measures::autocorrelation::classes::UNDEFINED;
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, listed_by};

/// Most pairs of subsystems times units that are coupled one by one.
const MOST_PAIRS: usize = 20_000_000;

/// A degree of coupling from which it is called high, and of coordination from which a city is coordinated.
const HIGH: f64 = STAGES[3].1;
const COORDINATED: usize = 5;

static ABOUT: About = About {
    name: "coupling",
    family: Family::Index,
    needs: Needs::Subsystems,
    title: "Coupling coordination of subsystems",
    question: "Are the subsystems of a city, as its economy and its environment, both developed and in step, and which lags behind?",
    formula: "T = sum_i a_i U_i; D = sqrt(C T); classic C = m (prod_i U_i)^(1/m)/sum_i U_i; modified C = sqrt((1 - mean_(i<j) |U_i - U_j|) (prod_i U_i/max U)^(1/(m - 1)))",
    symbols: &[
        ("U_i", "index of subsystem i, a dimension of the indicators, in [0, 1]"),
        ("m", "number of subsystems"),
        ("a_i", "share of subsystem i in the level of development, 1/m"),
        ("T", "level of development, the mean of the U_i"),
        ("C", "degree of coupling, 1 where all U are equal and above 0"),
        ("D", "degree of coordination"),
    ],
    reading: "D in [0, 1]: near 1 where all subsystems are highly developed and in step. Grades of D, lower limit included: 0 extreme imbalance (极度失调), .1 severe imbalance (严重失调), .2 moderate imbalance (中度失调), .3 mild imbalance (轻度失调), .4 near imbalance (濒临失调), .5 bare coordination (勉强协调), .6 primary coordination (初级协调), .7 intermediate coordination (中级协调), .8 good coordination (良好协调), .9 to 1 quality coordination (优质协调). Stages of C: 0 low coupling (低水平耦合), .3 antagonism (拮抗), .5 running-in (磨合), .8 to 1 high coupling (高水平耦合). U, and so D, compare cities with the best and the worst of this study, so that values of different studies do not compare",
    variant: "Both forms side by side; grade from the modified D, stage from the modified C, since the classic C crowds near 1. Subsystems count alike in T. U is the weighted mean of the dimension's indicators by min-max or ranks; z scores and vector numbers are refused. One U of 0, the worst value of all in every indicator, makes C and D 0; where all U are 0, C is undefined and D is 0. lagging names all subsystems with the smallest U, joined by \"and\", and is balanced where all are equal",
    reference: "Wang Shujia, Kong Wei, Ren Liang, Zhi Dandan and Dai Binting (2021), Journal of Natural Resources 36(3), 793-810, doi:10.31497/zrzyxb.20210319",
    fields: &[
        Field::column("c_classic", "degree of coupling, classic"),
        Field::column("d_classic", "degree of coordination by it"),
        Field::column("c_modified", "degree of coupling, modified"),
        Field::annotated("d_modified", "coupling_d", "coupling_d", "degree of coordination by it"),
        Field::column("t", "level of development, the mean of the subsystems"),
        Field::annotated("grade", "coupling_grade", "cpl_grade", "one of ten steps of d_modified"),
        Field::column("stage", "one of four stages of c_modified"),
        Field::annotated("lagging", "coupling_lagging", "cpl_lag", "the subsystem with the smallest index"),
        Field::scalar("mean_d_classic", "mean of d_classic"),
        Field::scalar("mean_d_modified", "mean of d_modified"),
        Field::scalar("high_c_classic", "share of the cities whose c_classic is .8 or more"),
        Field::scalar("high_c_modified", "share of the cities whose c_modified is .8 or more"),
        Field::scalar("subsystems", "number of subsystems"),
        Field::scalar("n", "cities that take part"),
        Field::table("summary", "for each year the means, and the shares of the cities whose C is .8 or more"),
        Field::table("grades", "for each year and grade the cities in it"),
        Field::table("balance", "for each year and subsystem its mean index, and the cities in which it lags behind"),
        Field::table("pairs", "for each year and two subsystems the means of their own C and D"),
        Field::table("cities", "for each city and year all degrees, the grade and the lagging subsystem"),
        Field::table("levels", "for each city, year and subsystem its index"),
        Field::matrix("subsystems", "indices of the subsystems, cities by subsystems"),
    ],
    matches: &[],
};

/// [`coupling()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_index(run, &ABOUT, |index, outcome| match not_from_0_to_1("coupling", index) {
        Some(note) => {
            outcome.notes.push(note);
            Ok(())
        }
        None => fill(run, index, outcome),
    })
}

/// The degrees of all units beside the index that they come from.
struct Coupled<'a> {
    index: &'a Composite,
    subsystems: Vec<&'a Dimension>,
    degrees: Coupling,
}

fn fill(run: &Run, index: &Composite, outcome: &mut Outcome) -> Result<()> {
    let weightless = |dimension: &&Dimension| dimension.index.iter().all(|u| u.is_nan());
    let (without, subsystems): (Vec<&Dimension>, Vec<&Dimension>) = index.dimensions.iter().partition(weightless);
    if !without.is_empty() {
        let names = listed_by(&without, |dimension| dimension.name.clone());
        let message = format!("{names} left out of the subsystems: its indicators have no weight");
        outcome.notes.push(Note::remark("no_weight", message));
    }
    if subsystems.len() < 2 {
        let message = "fewer than two dimensions have indicators that vary and weigh something";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let indices: Vec<f64> = subsystems.iter().flat_map(|dimension| dimension.index.iter().copied()).collect();
    let degrees = coupling(&indices, subsystems.len(), None)?;
    let all = Coupled { index, subsystems, degrees };
    outcome.footer = Some(footer("grade by the modified degree of coordination", index));
    all.columns(outcome);
    all.tables(run, outcome);
    all.undefined(run, outcome);
    all.findings(outcome);
    Ok(())
}

impl Coupled<'_> {
    /// The indices of one unit.
    fn levels(&self, unit: usize) -> Vec<f64> {
        self.subsystems.iter().map(|dimension| dimension.index[unit]).collect()
    }

    /// What lags behind in one unit, in words; `None` for a unit that takes no part.
    fn lagging(&self, unit: usize) -> Option<String> {
        let levels = self.levels(unit);
        let names: Vec<&str> = lagging(&levels).into_iter().map(|k| self.subsystems[k].name.as_str()).collect();
        match levels.iter().any(|u| u.is_nan()) {
            true => None,
            false if names.is_empty() => Some("balanced".into()),
            false => Some(names.join(" and ")),
        }
    }

    fn grade(&self, unit: usize) -> &'static str {
        grade(self.degrees.d_modified[unit]).map_or(UNDEFINED, |step| GRADES[step].0)
    }

    fn stage(&self, unit: usize) -> &'static str {
        stage(self.degrees.c_modified[unit]).map_or(UNDEFINED, |step| STAGES[step].0)
    }

    /// The units of a year that take part.
    fn units(&self, year: usize) -> Vec<usize> {
        members(self.index, year).into_iter().map(|i| year * self.index.cities() + i).collect()
    }

    fn columns(&self, outcome: &mut Outcome) {
        let (last, cities) = (last_year(self.index), self.index.cities());
        let first = last * cities;
        let numbers = |column: &[f64]| Values::Numbers(self.index.of_year(column, last).to_vec());
        let classes = |of: &dyn Fn(usize) -> &'static str| Values::Classes((first..first + cities).map(of).collect());
        outcome.columns.extend([
            ("c_classic", numbers(&self.degrees.c_classic)),
            ("d_classic", numbers(&self.degrees.d_classic)),
            ("c_modified", numbers(&self.degrees.c_modified)),
            ("d_modified", numbers(&self.degrees.d_modified)),
            ("t", numbers(&self.degrees.t)),
            ("grade", classes(&|unit| self.grade(unit))),
            ("stage", classes(&|unit| self.stage(unit))),
            ("lagging", Values::Texts((first..first + cities).map(|unit| self.lagging(unit)).collect())),
        ]);
        let [_, d_classic, _, d_modified, _, high_classic, high_modified] = self.means(last);
        outcome.scalars.extend([
            ("mean_d_classic", d_classic),
            ("mean_d_modified", d_modified),
            ("high_c_classic", high_classic),
            ("high_c_modified", high_modified),
            ("subsystems", self.subsystems.len() as f64),
            ("n", members(self.index, last).len() as f64),
        ]);
    }

    /// Means over a year of C and D, classic and modified, and T, and the shares of high C. A C that is undefined has no part in its mean, and is not high.
    fn means(&self, year: usize) -> [f64; 7] {
        let (units, all) = (self.units(year), &self.degrees);
        let mean = |column: &[f64]| mean(units.iter().map(|&unit| column[unit]));
        let high = |column: &[f64]| share(units.iter().filter(|&&unit| column[unit] >= HIGH).count(), units.len());
        [
            mean(&all.c_classic),
            mean(&all.d_classic),
            mean(&all.c_modified),
            mean(&all.d_modified),
            mean(&all.t),
            high(&all.c_classic),
            high(&all.c_modified),
        ]
    }

    fn tables(&self, run: &Run, outcome: &mut Outcome) {
        let years = years(self.index);
        outcome.tables.extend([
            ("summary", self.summary(&years)),
            ("grades", self.grades(&years)),
            ("balance", self.balance(&years)),
        ]);
        let m = self.subsystems.len();
        let pairs = (m * (m - 1) / 2).saturating_mul(self.index.normalised.units.len());
        if pairs <= MOST_PAIRS {
            outcome.tables.push(("pairs", self.pairs(&years)));
        } else {
            let message = format!("table of pairs not run: {pairs} couplings, and the most are {MOST_PAIRS}");
            outcome.notes.push(Note::remark("not_run", message));
        }
        let units = self.index.normalised.units.len();
        if fits("the table of cities and years", units, 11, outcome) {
            outcome.tables.push(("cities", self.cities(run)));
        }
        if fits("the table of levels", units * m, 5, outcome) {
            outcome.tables.push(("levels", self.long(run)));
        }
        let (last, cities) = (last_year(self.index), self.index.cities());
        let values = (last * cities..(last + 1) * cities).flat_map(|unit| self.levels(unit)).collect();
        let columns = self.subsystems.iter().map(|dimension| dimension.name.clone()).collect();
        outcome.matrices.push(("subsystems", Matrix { rows: run.cities.ids.clone(), columns, values }));
    }

    fn summary(&self, years: &[usize]) -> TableOut {
        let columns = vec![
            "year",
            "n",
            "c_classic",
            "d_classic",
            "c_modified",
            "d_modified",
            "t",
            "high_c_classic",
            "high_c_modified",
        ];
        let row = |&year: &usize| -> Vec<Value> {
            let head = [json!(self.index.years()[year]), json!(self.units(year).len())];
            head.into_iter().chain(self.means(year).map(cell)).collect()
        };
        TableOut { columns, rows: years.iter().map(row).collect() }
    }

    fn grades(&self, years: &[usize]) -> TableOut {
        let mut rows = Vec::new();
        for &year in years {
            let units = self.units(year);
            for (step, (name, term)) in GRADES.iter().enumerate() {
                let within = |&&unit: &&usize| grade(self.degrees.d_modified[unit]) == Some(step);
                let n = units.iter().filter(within).count();
                let from = step as f64 / 10.0;
                rows.push(vec![
                    json!(self.index.years()[year]),
                    json!(name),
                    json!(term),
                    json!(from),
                    json!((step + 1) as f64 / 10.0),
                    json!(n),
                    cell(share(n, units.len())),
                ]);
            }
        }
        TableOut { columns: vec!["year", "grade", "term", "from", "to", "n", "share"], rows }
    }

    fn balance(&self, years: &[usize]) -> TableOut {
        let mut rows = Vec::new();
        for &year in years {
            let counts = self.behind(year);
            let units = self.units(year);
            for (dimension, n) in self.subsystems.iter().zip(counts) {
                let level = mean(units.iter().map(|&unit| dimension.index[unit]));
                rows.push(vec![
                    json!(self.index.years()[year]),
                    json!(dimension.name),
                    cell(level),
                    json!(n),
                    cell(share(n, units.len())),
                ]);
            }
        }
        TableOut { columns: vec!["year", "subsystem", "mean", "lagging", "lagging_share"], rows }
    }

    /// In how many cities of a year each subsystem lags behind, alone or with others.
    fn behind(&self, year: usize) -> Vec<usize> {
        let mut counts = vec![0; self.subsystems.len()];
        let behind = self.units(year).into_iter().flat_map(|unit| lagging(&self.levels(unit)));
        behind.for_each(|k| counts[k] += 1);
        counts
    }

    fn pairs(&self, years: &[usize]) -> TableOut {
        let mut rows = Vec::new();
        for &year in years {
            let units = self.units(year);
            let column = |dimension: &Dimension| units.iter().map(|&unit| dimension.index[unit]).collect::<Vec<f64>>();
            for (k, a) in self.subsystems.iter().enumerate() {
                for b in &self.subsystems[k + 1..] {
                    // Both columns were coupled with the others before, so that they can be coupled.
                    let Ok(pair) = coupling(&[column(a), column(b)].concat(), 2, None) else { continue };
                    let mean = |column: &[f64]| cell(mean(column.iter().copied()));
                    let means = [&pair.c_classic, &pair.d_classic, &pair.c_modified, &pair.d_modified].map(|c| mean(c));
                    let head = [json!(self.index.years()[year]), json!(a.name), json!(b.name)];
                    rows.push(head.into_iter().chain(means).collect());
                }
            }
        }
        let columns = vec!["year", "subsystem_a", "subsystem_b", "c_classic", "d_classic", "c_modified", "d_modified"];
        TableOut { columns, rows }
    }

    fn cities(&self, run: &Run) -> TableOut {
        let columns = vec![
            "city",
            "name",
            "year",
            "c_classic",
            "d_classic",
            "c_modified",
            "d_modified",
            "t",
            "grade",
            "stage",
            "lagging",
        ];
        let all = &self.degrees;
        let row = |&unit: &usize| -> Vec<Value> {
            let degrees = [&all.c_classic, &all.d_classic, &all.c_modified, &all.d_modified, &all.t];
            let words = [json!(self.grade(unit)), json!(self.stage(unit)), json!(self.lagging(unit))];
            city_in_year(run, &self.index.normalised, unit)
                .into_iter()
                .chain(degrees.map(|column| cell(column[unit])))
                .chain(words)
                .collect()
        };
        TableOut { columns, rows: self.index.normalised.units.iter().map(row).collect() }
    }

    fn long(&self, run: &Run) -> TableOut {
        let row = |unit: usize, dimension: &Dimension| -> Vec<Value> {
            let level = [json!(dimension.name), cell(dimension.index[unit])];
            city_in_year(run, &self.index.normalised, unit).into_iter().chain(level).collect()
        };
        let of_unit = |&unit: &usize| self.subsystems.iter().map(move |dimension| row(unit, dimension));
        let rows = self.index.normalised.units.iter().flat_map(of_unit).collect();
        TableOut { columns: vec!["city", "name", "year", "subsystem", "u"], rows }
    }

    /// Which numbers of the last year are null, and which are 0 by the form of the measure.
    fn undefined(&self, run: &Run, outcome: &mut Outcome) {
        let last = last_year(self.index);
        let unit = |&i: &usize| last * self.index.cities() + i;
        let zeros: Vec<usize> =
            members(self.index, last).into_iter().filter(|i| self.levels(unit(i)).contains(&0.0)).collect();
        let (none, some): (Vec<usize>, Vec<usize>) = zeros.into_iter().partition(|i| self.degrees.t[unit(i)] == 0.0);
        let mut remark = |code, cities: &[usize], message: &dyn Fn(String) -> String| {
            if !cities.is_empty() {
                let message = message(listed_by(cities, |&i| run.cities.label(i)));
                let note = Note::remark(code, message);
                outcome.notes.push(note.about(cities.iter().map(|&i| &run.cities.ids[i])));
            }
        };
        let when = within(self.index, last);
        remark("undefined_number", &none, &|cities| {
            format!("no c_classic and c_modified{when}, since all subsystems are 0 in {cities}; D is 0 there")
        });
        remark("zero_index", &some, &|cities| {
            format!(
                "C and D are 0{when}, since one subsystem has the worst value of all in every indicator, in {cities}; the \
                 fewer indicators a dimension has, the more often"
            )
        });
    }

    fn findings(&self, outcome: &mut Outcome) {
        let years = years(self.index);
        let (Some(&first), Some(&last)) = (years.first(), years.last()) else { return };
        let units = self.units(last);
        let (n, when) = (units.len(), within(self.index, last));
        let d = self.means(last)[3];
        let before = match first < last {
            true => format!(", after {:.3}{}", self.means(first)[3], within(self.index, first)),
            false => String::new(),
        };
        let well = |&&unit: &&usize| grade(self.degrees.d_modified[unit]).is_some_and(|step| step >= COORDINATED);
        let coordinated = units.iter().filter(well).count();
        outcome.notes.push(finding(format!(
            "the mean degree of coordination (modified) of {n} cities is {d:.3}{when}{before}; {coordinated} of them are \
             coordinated (D of 0.5 or more)"
        )));
        let [.., classic, modified] = self.means(last);
        let so = match classic >= 0.5 && classic > modified {
            true => ", so that the classic form hardly tells the cities apart (half of them or more are high)",
            false => "",
        };
        outcome.notes.push(finding(format!(
            "coupling is high (C of 0.8 or more) in {:.0}% of the cities by the classic form and in {:.0}% by the modified \
             one{when}{so}",
            100.0 * classic,
            100.0 * modified
        )));
        let counts = self.behind(last);
        let most = counts.iter().copied().max().unwrap_or(0);
        if most > 0 {
            let names: Vec<&str> =
                self.subsystems.iter().zip(&counts).filter(|(_, c)| **c == most).map(|(d, _)| &*d.name).collect();
            outcome.notes.push(finding(format!(
                "the subsystem that lags behind most often is {}, in {most} of {n} cities{when}",
                listed(&names)
            )));
        }
    }
}

/// The mean of what is defined.
fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = numbers.filter(|x| !x.is_nan()).fold((0.0, 0), |(sum, n), x| (sum + x, n + 1));
    if n == 0 { f64::NAN } else { sum / f64::from(n) }
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}
