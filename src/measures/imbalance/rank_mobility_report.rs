//! What the registry reports of rank mobility: the order of the cities from year to year, and groups that move together.

use serde_json::{Value, json};

use super::adapter::without_group;
use super::panel::{Panel, each_panel};
use super::rank_mobility::{RankMobility, RankStep, Theta, ThetaStep, rank_mobility, theta};
use crate::error::{Kind, Result};
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, short};
use crate::study::Grouping;

static ABOUT: About = About {
    name: "rank_mobility",
    family: Family::Imbalance,
    needs: Needs::ValueYears,
    title: "Rank mobility (Kendall's tau, Rey's theta)",
    question: "Does the order of the cities change, who rose and who fell, and do the cities of a group rise and fall together?",
    formula: "tau = (C - D)/sqrt((N - Tx)(N - Ty)); theta = sum_g |sum_{i in g} d_i|/sum_i |d_i|",
    symbols: &[
        ("C, D", "pairs of cities that two years order alike, and the other way round"),
        ("N", "all pairs, n(n - 1)/2"),
        ("Tx, Ty", "pairs that are tied in the first, in the second year"),
        ("d_i", "ranks that city i rises by"),
        ("g", "groups of cities"),
    ],
    reading: "tau 1: the order is the same, 0: it says nothing of the later one, -1: it is turned over; without ties (1 - tau)/2 is the share of the pairs that changed places. theta 0: rises and falls cancel out within every group, 1: within no group does one city rise and another fall; it is large by chance alone if groups are small, so hold it against permutation_mean: above it groups move together, below it cities change places within their groups. rank_change > 0: the city rose",
    variant: "tau-b, with ties. Rank 1 for the greatest value, equal values at their mean rank; cities with a value in every year. Theta by each column of groups, over the cities that have a group, ranked among themselves; permutations shuffle the groups among the cities, the same shuffle for all years. From each of the years given to the next, and from the first to the last",
    reference: "Kendall (1945), Biometrika 33, 239-251, doi:10.1093/biomet/33.3.239; Rey (2004), in Getis, Mur and Zoller, Spatial Econometrics and Spatial Statistics, 194-213",
    fields: &[
        Field::scalar("tau", "Kendall's tau-b, first against last year"),
        Field::scalar("mean_tau", "mean of tau-b from each year to the next"),
        Field::scalar("mean_change", "mean ranks that a city rises or falls by, first to last year"),
        Field::scalar("steps", "steps from one year to the next"),
        Field::scalar("n", "cities that take part"),
        Field::column("rank_first", "rank in the first year, 1 the greatest value, ties at their mean rank"),
        Field::column("rank_last", "rank in the last year"),
        Field::annotated(
            "change",
            "rank_change",
            "rank_chg",
            "ranks that the city rose by from the first year to the last",
        ),
        Field::table(
            "tau",
            "from each year to the next, and from the first to the last: tau-b, the pairs behind it, mean ranks that a city rises or falls by",
        ),
        Field::table(
            "theta",
            "with groups, for each column of groups and the same steps: theta, its mean over the permutations, p",
        ),
    ],
    matches: &[
        ("PySAL giddy", "rank.Tau(y0, y1).tau; rank.Theta(y, regime, permutations=0).theta"),
        ("SciPy", "stats.kendalltau(y0, y1).statistic"),
    ],
};

/// Rank mobility in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_panel(run, &ABOUT, |panel, outcome| fill(run, panel, outcome))
}

fn fill(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let result = rank_mobility(&panel.levels())?;
    let taus: Vec<f64> = result.steps.iter().map(|step| step.pairs.tau()).collect();
    outcome.scalars.extend([
        ("tau", result.whole.pairs.tau()),
        ("mean_tau", taus.iter().sum::<f64>() / taus.len() as f64),
        ("mean_change", result.whole.mean_change),
        ("steps", taus.len() as f64),
        ("n", result.n as f64),
    ]);
    outcome.tables.push(("tau", table(&result)));
    outcome.footer = Some(format!(
        "n = {} cities with a value in all {} years; {} left out; tau-b, rank 1 for the greatest value, ties at their mean rank",
        result.n,
        panel.years.len(),
        result.left_out.len()
    ));
    outcome.notes.extend(panel.left_out(run, "without a value in every year", &result.left_out));
    outcome.notes.extend(undefined(panel, &result));
    outcome.notes.extend(order(panel, &result).map(finding));
    outcome.notes.extend(mover(run, panel, &result).map(finding));
    let change = result.first.iter().zip(&result.last).map(|(first, last)| first - last).collect();
    outcome.columns.push(("rank_first", Values::Numbers(result.first)));
    outcome.columns.push(("rank_last", Values::Numbers(result.last)));
    outcome.columns.push(("change", Values::Numbers(change)));
    if !run.groups.is_empty() {
        fill_theta(run, panel, outcome)?;
    }
    Ok(())
}

/// The steps of the table: from year to year, and the whole where that is another.
fn rows_of(result: &RankMobility) -> impl Iterator<Item = &RankStep> {
    result.steps.iter().chain((result.steps.len() > 1).then_some(&result.whole))
}

fn table(result: &RankMobility) -> TableOut {
    let row = |step: &RankStep| -> Vec<Value> {
        let pairs = &step.pairs;
        vec![
            json!(step.from),
            json!(step.to),
            cell(pairs.tau()),
            json!(pairs.concordant),
            json!(pairs.discordant),
            json!(pairs.tied()),
            cell(step.mean_change),
        ]
    };
    let columns = vec!["from", "to", "tau", "concordant", "discordant", "tied", "mean_change"];
    TableOut { columns, rows: rows_of(result).map(row).collect() }
}

/// Why numbers are null.
fn undefined(panel: &Panel, result: &RankMobility) -> Option<Note> {
    let constant = rows_of(result).any(|step| step.pairs.tau().is_nan());
    let message = format!("{}: no tau or mean_tau where all values of a year are equal", panel.name);
    constant.then(|| Note::remark("undefined_number", message))
}

/// How far the order changed.
fn order(panel: &Panel, result: &RankMobility) -> Option<String> {
    let ((from, to), pairs) = (panel.span(), &result.whole.pairs);
    pairs.tau().is_finite().then(|| {
        format!(
            "{} {from} to {to}: {} of {} pairs of cities ({} %) changed places, tau = {} (1: the same order, 0: the first says nothing of the last), a city moved by {} ranks on average, n = {}",
            panel.name,
            pairs.discordant,
            pairs.pairs,
            printed(100.0 * pairs.discordant as f64 / pairs.pairs as f64, 1),
            printed(pairs.tau(), 3),
            printed(result.whole.mean_change, 1),
            result.n
        )
    })
}

/// Who rose and who fell the most; the first of equals.
fn mover(run: &Run, panel: &Panel, result: &RankMobility) -> Option<String> {
    let (from, to) = panel.span();
    let most = |sign: f64| {
        let rise = |i: usize| sign * (result.first[i] - result.last[i]);
        let risen = (0..run.cities.len()).filter(|&i| rise(i) > 0.0);
        risen.fold(None, |best: Option<usize>, i| if best.is_some_and(|b| rise(b) >= rise(i)) { best } else { Some(i) })
    };
    let (up, down) = (most(1.0)?, most(-1.0)?);
    let part = |i: usize| {
        let (first, last) = (short(result.first[i]), short(result.last[i]));
        format!("{} (rank {first} to {last} of {})", run.cities.label(i), result.n)
    };
    Some(format!("{} {from} to {to}: {} rose the most, {} fell the most", panel.name, part(up), part(down)))
}

fn fill_theta(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut sentence = None;
    for grouping in run.groups {
        let result = match theta(&panel.levels(), &grouping.groups, run.inference) {
            Ok(result) => result,
            Err(error) if matches!(error.kind(), Kind::Undefined | Kind::TooFew) => {
                let message = format!("{}: no theta by {}: {error}", panel.name, grouping.name);
                outcome.notes.push(Note::remark("undefined_number", message));
                continue;
            }
            Err(error) => return Err(error),
        };
        let first = panel.years.first().map_or(&[][..], |(_, variable)| &variable.values);
        outcome.notes.extend(without_group(run, first, grouping, "left out of theta"));
        outcome.notes.extend(theta_notes(run, panel, grouping, &result));
        sentence = sentence.or_else(|| together(run, panel, grouping, &result));
        let row = |step: &ThetaStep| -> Vec<Value> {
            let head = [json!(grouping.name), json!(step.from), json!(step.to)];
            let numbers = [step.theta, step.permutation_mean, step.p].map(cell);
            head.into_iter().chain(numbers).chain([json!(result.groups), json!(result.n)]).collect()
        };
        rows.extend(result.steps.iter().map(row));
    }
    outcome.notes.extend(sentence.map(finding));
    let columns = vec!["by", "from", "to", "theta", "permutation_mean", "p", "groups", "n"];
    outcome.tables.push(("theta", TableOut { columns, rows }));
    Ok(())
}

/// Fewer permutations than asked for, and numbers that are null.
fn theta_notes(run: &Run, panel: &Panel, grouping: &Grouping, result: &Theta) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |code, message: String| {
        notes.push(Note::remark(code, format!("{}: theta by {}: {message}", panel.name, grouping.name)));
    };
    if result.permutations < run.inference.permutations {
        let (done, asked) = (result.permutations, run.inference.permutations);
        remark("fewer_permutations", format!("{done} permutations instead of {asked}, which would take too long"));
    }
    if result.steps.iter().any(|step| step.theta.is_nan()) {
        remark("undefined_number", "none where no city changes its rank".to_owned());
    }
    notes
}

/// Whether the cities of a group move together, from the first year to the last.
fn together(run: &Run, panel: &Panel, grouping: &Grouping, result: &Theta) -> Option<String> {
    let step = result.steps.last().filter(|step| step.theta.is_finite() && step.p.is_finite())?;
    let alpha = run.inference.alpha;
    let word = match (step.p <= alpha, step.theta > step.permutation_mean) {
        (true, true) => "rise and fall together more than by chance",
        (true, false) => "change places among themselves more than by chance",
        (false, _) => "are not told from any other groups of their size in how they rise and fall",
    };
    Some(format!(
        "{} {} to {}: cities of one {} {word} (theta = {}, by chance {}, p = {}, threshold {alpha}, {} groups, n = {})",
        panel.name,
        step.from,
        step.to,
        grouping.name,
        printed(step.theta, 3),
        printed(step.permutation_mean, 3),
        short(step.p),
        result.groups,
        result.n
    ))
}
