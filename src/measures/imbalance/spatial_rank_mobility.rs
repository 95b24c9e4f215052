//! Spatial rank mobility: do neighbours change places with each other as often as cities that are far apart?

use rayon::prelude::*;
use serde_json::{Value, json};

use super::panel::Panel;
use super::panel_in_space::{Absent, each_in_space, sampled};
use super::rank_mobility::spans;
use crate::error::Result;
use crate::inference::{Inference, Replicates, Stream, within_budget};
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::ranks::{Concordance, concordance, dense_ranks};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, short};
use crate::weights::Weights;

/// Rank changes among neighbours and among all others; see [`spatial_rank_mobility()`].
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialRankMobility {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// From each year to the next, and where that is not the same from the first year to the last.
    pub steps: Vec<SpatialRankStep>,
    /// Permutations behind the p values: those asked for, or as many as there is time for.
    pub permutations: usize,
    /// The cities that take no part.
    pub absent: Absent,
}

/// Rank changes from one year to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpatialRankStep {
    /// The year it starts from.
    pub from: i32,
    /// The year it leads to.
    pub to: i32,
    /// All pairs of cities.
    pub all: Concordance,
    /// Pairs of neighbours.
    pub neighbours: Concordance,
    /// All other pairs.
    pub others: Concordance,
    /// Mean over the permutations of τ_b of the pairs of neighbours; NaN without any.
    pub permutation_mean: f64,
    /// Its population variance over the permutations; NaN without any.
    pub permutation_variance: f64,
    /// p value among the permutations; NaN without any.
    pub p: f64,
}

/// Rey's spatial τ: whether neighbours keep their order more or less than other pairs of cities. `levels` are years,
/// ascending, each with one value for every city, NaN where there is none; `weights` say who is a neighbour.
///
/// # Formula
///
/// τ = (C − D)/√((N − T_x)(N − T_y)) of the pairs of neighbours alone, and of all other pairs
///
/// where C and D are the pairs that two years order alike and the other way round, N all pairs, and T_x, T_y those tied in
/// the first and in the second year. Two cities are neighbours if either has a weight for the other; how large it is does not
/// matter. Permutations shuffle the cities, both years together, so that it is chance who is a neighbour: without ties the
/// mean of τ over them tends to that of all pairs. Knight's algorithm for all pairs, the links alone for neighbours:
/// O(T n log n + P T links), where P falls short of the permutations asked for if they would take too long.
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than three cities that take part.
///
/// # Source
///
/// Rey, S. J. (2014). Fast algorithms for a space-time concordance measure. Computational Statistics 29, 799-811.
/// doi:10.1007/s00180-013-0461-2.
///
/// ```
/// use agglo::inference::Inference;
/// use agglo::measures::imbalance::spatial_rank_mobility;
/// use agglo::weights::Weights;
/// let line = Weights::from_pairs("line", 4, &[(0, 1), (1, 2), (2, 3)]);
/// let levels: [(i32, &[f64]); 2] = [(2000, &[1.0, 2.0, 3.0, 4.0]), (2010, &[2.0, 1.0, 4.0, 3.0])];
/// let moves = spatial_rank_mobility(&levels, &line, &Inference::default())?;
/// assert_eq!(moves.steps[0].neighbours.tau(), -1.0 / 3.0); // two of three neighbours changed places
/// assert_eq!(moves.steps[0].others.tau(), 1.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn spatial_rank_mobility(
    levels: &[(i32, &[f64])],
    weights: &Weights,
    inference: &Inference,
) -> Result<SpatialRankMobility> {
    let (sample, absent) = sampled(levels, weights)?;
    let values: Vec<_> = levels.iter().map(|(_, y)| sample.take(y)).collect();
    let spans = spans(levels.len());
    let links = Links::new(&sample.weights, &values.iter().map(|y| dense_ranks(y)).collect::<Vec<_>>());
    let order: Vec<u32> = (0..sample.n() as u32).collect();
    let observed = links.concordances(&order, &spans);
    let permutations = within_budget(links.pairs.len() * (levels.len() + spans.len()), inference.permutations);
    let replicate = |shuffled: &mut Vec<u32>, replicate: usize| -> Vec<f64> {
        shuffled.copy_from_slice(&order);
        Stream::new(inference.seed, "spatial_rank_mobility", replicate as u64).shuffle(shuffled);
        links.concordances(shuffled, &spans).iter().map(Concordance::tau).collect()
    };
    let replicates: Vec<Vec<f64>> = (0..permutations).into_par_iter().map_init(|| order.clone(), replicate).collect();
    let step = |(at, &(a, b)): (usize, &(usize, usize))| {
        let (all, neighbours) = (concordance(&values[a], &values[b]), observed[at]);
        // Ties may leave the pairs of neighbours of a permutation without an order.
        let values = replicates.iter().map(|replicate| replicate[at]).filter(|tau| tau.is_finite()).collect();
        let replicates = Replicates { observed: neighbours.tau(), values };
        let p = if replicates.observed.is_nan() { f64::NAN } else { replicates.p(inference.alternative) };
        SpatialRankStep {
            from: levels[a].0,
            to: levels[b].0,
            others: all.without(&neighbours),
            all,
            neighbours,
            permutation_mean: replicates.mean(),
            permutation_variance: replicates.variance(),
            p,
        }
    };
    let steps = spans.iter().enumerate().map(step).collect();
    Ok(SpatialRankMobility { n: sample.n(), steps, permutations, absent })
}

/// The pairs of neighbours, and the ranks of the cities.
struct Links {
    /// Each pair once, the first before the second.
    pairs: Vec<(u32, u32)>,
    /// Ranks of equal values are equal; all years of one city after those of another.
    ranks: Vec<i32>,
    years: usize,
}

impl Links {
    fn new(weights: &Weights, by_year: &[Vec<i32>]) -> Self {
        let both = |i: usize| weights.neighbours(i).iter().map(move |&j| ((i as u32).min(j), (i as u32).max(j)));
        let mut pairs: Vec<(u32, u32)> = (0..weights.n()).flat_map(both).filter(|(i, j)| i != j).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let ranks = (0..weights.n()).flat_map(|i| by_year.iter().map(move |year| year[i])).collect();
        Self { pairs, ranks, years: by_year.len() }
    }

    /// How the two years of each span order the pairs, if `order` says whose values the cities have.
    fn concordances(&self, order: &[u32], spans: &[(usize, usize)]) -> Vec<Concordance> {
        let of = |i: u32| &self.ranks[order[i as usize] as usize * self.years..][..self.years];
        let mut found = vec![Concordance { pairs: self.pairs.len() as u64, ..Concordance::default() }; spans.len()];
        let mut signs = vec![0; self.years];
        for &(i, j) in &self.pairs {
            signs.iter_mut().zip(of(i)).zip(of(j)).for_each(|((sign, a), b)| *sign = (a - b).signum());
            for (found, &(from, to)) in found.iter_mut().zip(spans) {
                let (first, second) = (signs[from], signs[to]);
                found.concordant += u64::from(first * second > 0);
                found.discordant += u64::from(first * second < 0);
                found.untied_first += u64::from(first != 0);
                found.untied_second += u64::from(second != 0);
            }
        }
        found
    }
}

static ABOUT: About = About {
    name: "spatial_rank_mobility",
    family: Family::Imbalance,
    needs: Needs::ValueYearsInSpace,
    title: "Spatial rank mobility (Rey's spatial tau)",
    question: "Do neighbours change places with each other more, or less, than cities that are no neighbours?",
    formula: "tau = (C - D)/sqrt((N - Tx)(N - Ty)), of the pairs of neighbours (tau_spatial) and of all others (tau_others)",
    symbols: &[
        ("C, D", "pairs of cities that two years order alike, and the other way round"),
        ("N", "pairs in all"),
        ("Tx, Ty", "pairs that are tied in the first, in the second year"),
    ],
    reading: "tau_spatial below its permutation_mean: neighbours change places with each other more than cities that are drawn at random, as cities do whose values are close to each other; above it: the order among neighbours is the more rigid one",
    variant: "tau-b, with ties. Two cities are neighbours if either has a weight for the other, of whatever size; each pair counts once. Permutations shuffle the cities, all years together; p two-sided unless told otherwise (giddy gives the smaller side). Cities with a value in every year and a neighbour. From each of the years given to the next, and from the first to the last",
    reference: "Rey (2014), Computational Statistics 29, 799-811, doi:10.1007/s00180-013-0461-2",
    fields: &[
        Field::scalar("tau", "Kendall's tau-b of all pairs, first against last year"),
        Field::scalar("tau_spatial", "tau-b of the pairs of neighbours"),
        Field::scalar("tau_others", "tau-b of all other pairs"),
        Field::scalar("permutation_mean", "mean of tau_spatial over the permutations"),
        Field::scalar("permutation_variance", "its variance over the permutations"),
        Field::scalar("p_permutation", "p value of tau_spatial among the permutations"),
        Field::scalar("pairs_spatial", "pairs of neighbours"),
        Field::scalar("steps", "steps from one year to the next"),
        Field::scalar("n", "cities that take part"),
        Field::table(
            "tau",
            "the same from each year to the next, and from the first to the last, with the pairs behind it",
        ),
    ],
    matches: &[(
        "PySAL giddy",
        "rank.SpatialTau(y0, y1, w, permutations): tau, tau_spatial, pairs_spatial, concordant_spatial, discordant_spatial, taus.mean()",
    )],
};

/// [`spatial_rank_mobility()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_in_space(run, &ABOUT, |panel, weights, outcome| fill(run, panel, weights, outcome))
}

fn fill(run: &Run, panel: &Panel, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let result = spatial_rank_mobility(&panel.levels(), weights, run.inference)?;
    let steps = panel.years.len() - 1;
    if let Some(whole) = result.steps.last() {
        outcome.scalars.extend([
            ("tau", whole.all.tau()),
            ("tau_spatial", whole.neighbours.tau()),
            ("tau_others", whole.others.tau()),
            ("permutation_mean", whole.permutation_mean),
            ("permutation_variance", whole.permutation_variance),
            ("p_permutation", whole.p),
            ("pairs_spatial", whole.neighbours.pairs as f64),
            ("steps", steps as f64),
            ("n", result.n as f64),
        ]);
        outcome.notes.extend(sentence(panel, whole, result.n, run.inference.alpha).map(finding));
    }
    outcome.tables.push(("tau", table(&result)));
    outcome.footer = Some(format!(
        "weights {}; n = {} cities with a value in all {} years and a neighbour{}; tau-b, {} permutations",
        weights.label(),
        result.n,
        panel.years.len(),
        result.absent.footer(),
        result.permutations
    ));
    outcome.notes.extend(result.absent.notes(run, panel));
    outcome.notes.extend(remarks(run, panel, &result));
    Ok(())
}

fn table(result: &SpatialRankMobility) -> TableOut {
    let row = |step: &SpatialRankStep| -> Vec<Value> {
        let taus = [&step.all, &step.neighbours, &step.others].map(|pairs| cell(pairs.tau()));
        let pairs = [step.neighbours.pairs, step.neighbours.concordant, step.neighbours.discordant].map(|n| json!(n));
        let chance = [step.permutation_mean, step.p].map(cell);
        [json!(step.from), json!(step.to)].into_iter().chain(taus).chain(chance).chain(pairs).collect()
    };
    let columns = vec![
        "from",
        "to",
        "tau",
        "tau_spatial",
        "tau_others",
        "permutation_mean",
        "p",
        "pairs_spatial",
        "concordant_spatial",
        "discordant_spatial",
    ];
    TableOut { columns, rows: result.steps.iter().map(row).collect() }
}

/// Fewer permutations than asked for, and why numbers are null.
fn remarks(run: &Run, panel: &Panel, result: &SpatialRankMobility) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let (done, asked) = (result.permutations, run.inference.permutations);
    if done < asked {
        remark("fewer_permutations", format!("{done} permutations instead of {asked}, which would take too long"));
    }
    let none = |of: fn(&SpatialRankStep) -> &Concordance| result.steps.iter().any(|step| of(step).tau().is_nan());
    if none(|step| &step.all) {
        remark("undefined_number", "no tau where all values of a year are equal".to_owned());
    }
    if none(|step| &step.neighbours) {
        let why = "where all neighbours have equal values in a year";
        remark(
            "undefined_number",
            format!("no tau_spatial, permutation_mean, permutation_variance or p_permutation {why}"),
        );
    }
    if none(|step| &step.others) {
        let why = "where all cities are neighbours, or all others have equal values in a year";
        remark("undefined_number", format!("no tau_others {why}"));
    }
    if asked == 0 {
        let numbers = "permutation_mean, permutation_variance or p_permutation";
        remark("undefined_number", format!("no {numbers} without permutations"));
    }
    notes
}

/// Whether neighbours change places more often than others.
fn sentence(panel: &Panel, whole: &SpatialRankStep, n: usize, alpha: f64) -> Option<String> {
    let tau = whole.neighbours.tau();
    let word = match (whole.p <= alpha, tau < whole.permutation_mean) {
        (true, true) => "neighbours changed places with each other more than other cities did",
        (true, false) => "neighbours kept their order more than other cities did",
        (false, _) => "neighbours are not told from other cities in how they changed places",
    };
    (tau.is_finite() && whole.p.is_finite()).then(|| {
        format!(
            "{} {} to {}: {word} (tau = {} among {} pairs of neighbours, {} by chance, p = {}, threshold {alpha}; tau = {} of all pairs, n = {n})",
            panel.name,
            whole.from,
            whole.to,
            printed(tau, 3),
            whole.neighbours.pairs,
            printed(whole.permutation_mean, 3),
            short(whole.p),
            printed(whole.all.tau(), 3),
        )
    })
}
