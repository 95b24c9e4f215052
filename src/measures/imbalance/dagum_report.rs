//! Dagum's decomposition of the Gini coefficient as the registry gives it: its tables, and what it says.

use serde_json::{Value, json};

use super::adapter::{missing_group, outcome, weightings};
use super::dagum::{Dagum, DagumGroup, dagum};
use super::theil::{share, theil_groups};
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, listed, listed_by};
use crate::study::{Grouping, Variable};

static ABOUT: About = About {
    name: "dagum",
    family: Family::Imbalance,
    needs: Needs::Groups,
    title: "Dagum's decomposition of the Gini coefficient",
    question: "How much of the inequality of the cities lies within groups of them, how much between the groups, and how far do the groups overlap?",
    formula: "G = sum_j G_jj p_j s_j + sum_(j != h) G_jh p_j s_h D_jh + sum_(j != h) G_jh p_j s_h (1 - D_jh); G_jh = E|x - y|/(mu_j + mu_h); D_jh = (a_jh - b_jh)/(a_jh + b_jh)",
    symbols: &[
        ("G_jj, G_jh", "Gini coefficient within group j, between groups j and h; x is a city of j, y one of h"),
        ("D_jh", "relative economic affluence between j and h, the matrix d_jh"),
        ("a_jh", "gross affluence, E max(x - y, 0), where j has the larger mean; Dagum writes d_jh"),
        ("b_jh", "first-order moment of transvariation, E max(y - x, 0); Dagum writes p_jh"),
        ("p_j, s_j", "share of group j in the population, in the total; mu_j is its mean"),
    ],
    reading: "The three parts add up to the Gini coefficient. net_between is what would be left if every city had the mean of its group; transvariation is 0 where no city of a poorer group is richer than one of a richer group, and grows as groups overlap. The matrix d_jh is 0 between groups of equal means and 1 between groups that do not overlap",
    variant: "For each column of --group, once with equal weights and, with --population, once weighted by it; cities without a group take no part. Zeros are kept, a negative value is refused. d_jh is 0 on the diagonal by convention; a group of one city has a Gini coefficient of 0",
    reference: "Dagum (1997), Empirical Economics 22, 515-531, doi:10.1007/BF01205777",
    fields: &[
        Field::scalar("gini", "Gini coefficient of the cities in groups"),
        Field::scalar("within", "part of the Gini within groups"),
        Field::scalar("net_between", "net part of the Gini between groups"),
        Field::scalar("transvariation", "part of the Gini where groups overlap"),
        Field::scalar("within_share", "share of the Gini within groups"),
        Field::scalar("net_between_share", "share of the Gini net between groups"),
        Field::scalar("transvariation_share", "share of the Gini where groups overlap"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "groups",
            "for each group its cities, mean, shares, Gini coefficient, and what it adds to the part within groups",
        ),
        Field::matrix("g_jh", "Gini coefficients between groups, within them on the diagonal"),
        Field::matrix("d_jh", "relative economic affluence between groups, 0 on the diagonal by convention"),
    ],
    matches: &[("dineq", "gini_decomp(x, z): within; between is net_between; overlap is transvariation")],
};

/// [`dagum()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for grouping in run.groups {
        let first = outcomes.len();
        for (variable, population) in weightings(run) {
            let with_theil = outcomes.len() == first;
            let fill = |outcome: &mut Outcome| fill(run, variable, population, grouping, with_theil, outcome);
            outcomes.push(outcome(run, &ABOUT, variable, population, fill)?);
        }
    }
    Ok(outcomes)
}

fn fill(
    run: &Run,
    variable: &Variable,
    population: Option<&Variable>,
    grouping: &Grouping,
    with_theil: bool,
    outcome: &mut Outcome,
) -> Result<()> {
    outcome.options.insert("group".into(), grouping.name.as_str().into());
    let people = population.map(|p| p.values.as_slice());
    let result = match dagum(&variable.values, people, &grouping.groups) {
        Err(error) if error.kind() == Kind::TooLarge => {
            let message = format!("the Gini coefficient not split by {}: {error}", grouping.name);
            outcome.notes.push(Note::remark("not_run", message));
            return Ok(());
        }
        result => result?,
    };
    let [within, net_between, transvariation] =
        [result.within, result.net_between, result.transvariation].map(|part| share(part, result.gini));
    outcome.scalars.extend([
        ("gini", result.gini),
        ("within", result.within),
        ("net_between", result.net_between),
        ("transvariation", result.transvariation),
        ("within_share", within),
        ("net_between_share", net_between),
        ("transvariation_share", transvariation),
        ("n", result.n as f64),
    ]);
    let names: Vec<String> = result.groups.iter().map(|group| group.name.clone()).collect();
    let matrix = |values: &[f64]| Matrix { rows: names.clone(), columns: names.clone(), values: values.to_vec() };
    outcome.matrices.extend([("g_jh", matrix(&result.g_jh)), ("d_jh", matrix(&result.d_jh))]);
    outcome.tables.push(("groups", table(&result.groups)));
    outcome.footer = Some(footer(&result, grouping, population));
    outcome.notes.extend(missing_group(run, variable, grouping));
    outcome.notes.extend(undefined(variable, &result));
    if result.gini > 0.0 && result.groups.len() > 1 {
        outcome.notes.push(finding(sentence(variable, grouping, population, &result)));
        if with_theil {
            let theil = theil_groups(&variable.values, people, &grouping.groups)?;
            outcome.notes.push(beside_theil(variable, &result, share(theil.t_within, theil.t)));
        }
    }
    Ok(())
}

fn table(groups: &[DagumGroup]) -> TableOut {
    let columns = vec!["group", "n", "mean", "population_share", "value_share", "gini", "contribution"];
    let row = |g: &DagumGroup| -> Vec<Value> {
        let numbers = [g.mean, g.population_share, g.value_share, g.gini, g.contribution];
        [json!(g.name), json!(g.n)].into_iter().chain(numbers.map(cell)).collect()
    };
    TableOut { columns, rows: groups.iter().map(row).collect() }
}

fn footer(result: &Dagum, grouping: &Grouping, population: Option<&Variable>) -> String {
    let weighted = population.map_or_else(|| "all cities alike".to_owned(), |p| format!("weighted by {}", p.label()));
    let (n, k) = (result.n, result.groups.len());
    format!(
        "Dagum's decomposition, {weighted}; n = {n} cities in {k} groups of {}; d_jj is 0 by convention",
        grouping.name
    )
}

/// Why numbers are null, and what a single group or a group of a single city means.
fn undefined(variable: &Variable, result: &Dagum) -> Vec<Note> {
    let (mut notes, label, k) = (Vec::new(), variable.label(), result.groups.len());
    let mut remark = |message: String| notes.push(Note::remark("undefined_number", message));
    if result.gini == 0.0 {
        remark(format!("{label}: all values are equal, so that no part has a share of the Gini coefficient"));
    }
    let named = |these: Vec<&DagumGroup>| listed_by(&these, |group| group.name.clone());
    let nothing: Vec<&DagumGroup> = result.groups.iter().filter(|group| group.gini.is_nan()).collect();
    if !nothing.is_empty() {
        remark(format!("{label}: no Gini coefficient within or between groups that have nothing, {}", named(nothing)));
    }
    let same: Vec<String> = (0..k * k)
        .filter(|at| at / k < at % k && result.d_jh[*at].is_nan())
        .map(|at| format!("{} to {}", result.groups[at / k].name, result.groups[at % k].name))
        .collect();
    if !same.is_empty() {
        let message = format!("{label}: no d_jh of {}, since all their cities are equal", listed(&same));
        remark(message);
    }
    let single: Vec<&DagumGroup> = result.groups.iter().filter(|group| group.n == 1).collect();
    if !single.is_empty() && k > 1 {
        let message = format!("{label}: a group of one city has a Gini coefficient of 0 in itself: {}", named(single));
        notes.push(Note::remark("small_group", message));
    }
    if k == 1 {
        let message =
            format!("{label}: all cities are in one group, {}, so that all lies within", result.groups[0].name);
        notes.push(Note::remark("small_group", message));
    }
    notes
}

fn sentence(variable: &Variable, grouping: &Grouping, population: Option<&Variable>, result: &Dagum) -> String {
    let percent = |part: f64| format!("{:.1}%", 100.0 * part / result.gini);
    let by = population.map_or_else(String::new, |p| format!(" weighted by {}", p.label()));
    format!(
        "{}{by}: of the Gini coefficient of {:.3}, {} lies within the groups of {}, {} between their means, and {} comes \
         of groups that overlap, a city of a poorer group being the richer",
        variable.label(),
        result.gini,
        percent(result.within),
        grouping.name,
        percent(result.net_between),
        percent(result.transvariation)
    )
}

/// Why the shares within groups are not those of Theil's T.
fn beside_theil(variable: &Variable, result: &Dagum, theil: f64) -> Note {
    let message = format!(
        "{}: within groups lie {:.1}% of the Gini coefficient and {:.1}% of Theil's T, and both are right: the Gini counts \
         pairs of cities, of which {:.1}% are of one group, while T weights each group by its share of the total and \
         knows no overlap",
        variable.label(),
        100.0 * result.within / result.gini,
        100.0 * theil,
        100.0 * result.pairs_within
    );
    Note::remark("parts_differ", message)
}
