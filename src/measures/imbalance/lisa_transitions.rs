//! Moves between the quadrants of the Moran scatter: does a city leave its neighbours, or do all move together?

use serde_json::{Value, json};

use super::panel::Panel;
use super::panel_in_space::{Absent, each_in_space, sampled};
use super::spatial_markov::Transitions;
use crate::error::{Fault, Result};
use crate::inference::chi_squared_p;
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::autocorrelation::classes::quadrant;
use crate::measures::autocorrelation::sample::Standardised;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, short};
use crate::weights::Weights;

/// The quadrants, in the order of rows and columns.
pub const QUADRANTS: [&str; 4] = ["HH", "LH", "LL", "HL"];
/// Whether the city is high in each of [`QUADRANTS`], and whether its neighbours are.
const HIGH: [(bool, bool); 4] = [(true, true), (false, true), (false, false), (true, false)];
/// The types of moves of Rey (2001) with their words: 0, I, II, III A and III B.
pub const MOVES: [(&str, &str); 5] =
    [("0", "none"), ("I", "own"), ("II", "neighbours"), ("IIIA", "both_alike"), ("IIIB", "both_opposite")];
/// Fewest steps from a quadrant without a word about it.
const FEW: usize = 10;

/// Moves between the quadrants of the Moran scatter; see [`lisa_transitions()`].
#[derive(Clone, Debug, PartialEq)]
pub struct LisaTransitions {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// The quadrants, as places in [`QUADRANTS`], in every year of the cities that take part, in their order.
    pub quadrants: Vec<Vec<usize>>,
    /// Steps between the quadrants, in the order of [`QUADRANTS`].
    pub transitions: Transitions,
    /// Number of steps of each type, in the order of [`MOVES`].
    pub moves: [usize; 5],
    /// Steps expected if cities moved without regard to their neighbours, in the order of `transitions`.
    pub expected: Vec<f64>,
    /// χ² of the steps against those expected.
    pub chi2: f64,
    /// Its degrees of freedom.
    pub chi2_df: usize,
    /// Its p value; NaN without degrees of freedom.
    pub chi2_p: f64,
    /// The cities that take no part.
    pub absent: Absent,
}

/// Moves from year to year between the quadrants of the Moran scatter. `levels` are years, ascending, each with one value
/// for every city, NaN where there is none; `weights` say who is a neighbour.
///
/// # Formula
///
/// In every year z_i = (y_i − mean)/sd and its lag Σ_j w_ij z_j: HH, LH, LL or HL by z_i > 0 and lag > 0, where zero counts as
/// low. A step is of type 0 where neither changes side, I where only the city does, II where only its neighbours do, III A
/// where both do from the same to the same side (HH and LL), III B where they cross (LH and HL).
///
/// χ² = Σ (n_ab − e_ab)²/e_ab with e_ab = n_a· P(own side of a → of b) P(lag's side of a → of b)
///
/// holds the steps n_ab from quadrant a to b against those expected if the two sides moved independently of each other, P
/// being the shares of all steps. Degrees of freedom are the cells that can hold steps, less one for each quadrant from
/// which there are steps and one for each share that is estimated: 8 where everything happens. O(T (n + links)).
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than three cities that take part;
/// [`Kind::Undefined`](crate::error::Kind::Undefined) where all values of a year are equal.
///
/// # Source
///
/// Rey, S. J. (2001). Spatial empirics for economic growth and convergence. Geographical Analysis 33, 195-214.
/// doi:10.1111/j.1538-4632.2001.tb00444.x.
///
/// ```
/// use agglo::measures::imbalance::lisa_transitions;
/// use agglo::weights::{Transform, Weights};
/// let line = Weights::from_pairs("line", 4, &[(0, 1), (1, 2), (2, 3)]).transformed(Transform::Row);
/// let levels: [(i32, &[f64]); 2] = [(2000, &[1.0, 2.0, 5.0, 6.0]), (2010, &[5.0, 2.0, 5.0, 6.0])];
/// let moves = lisa_transitions(&levels, &line)?;
/// assert_eq!(moves.moves, [1, 1, 2, 0, 0]); // the first city rises, and the neighbours of two others change side
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn lisa_transitions(levels: &[(i32, &[f64])], weights: &Weights) -> Result<LisaTransitions> {
    let (sample, absent) = sampled(levels, weights)?;
    let mut quadrants = vec![Vec::with_capacity(levels.len()); sample.n()];
    for &(year, y) in levels {
        let own = Standardised::new(&sample.take(y)).map_err(|error| {
            let fault = |fault: &Fault| Fault::new(fault.kind(), format!("{year}: {}", fault.message()));
            error.faults().first().map_or(error.clone(), |first| fault(first).into())
        })?;
        let lag = sample.weights.lag(&own.z);
        for ((path, &z), &lag) in quadrants.iter_mut().zip(&own.z).zip(&lag) {
            path.push(QUADRANTS.iter().position(|&name| name == quadrant(z, lag)).unwrap_or_default());
        }
    }
    let (mut counts, mut moves) = (vec![0; 16], [0; 5]);
    for step in quadrants.iter().flat_map(|path: &Vec<usize>| path.windows(2)) {
        counts[step[0] * 4 + step[1]] += 1;
        moves[move_type(step[0], step[1])] += 1;
    }
    let (expected, shares) = independent(&counts);
    let cells = counts.iter().zip(&expected).filter(|&(_, &e)| e > 0.0);
    let chi2 = cells.clone().map(|(&n, e)| (n as f64 - e) * (n as f64 - e) / e).sum();
    let transitions = Transitions::new(counts.clone(), 4);
    let rows = (0..4).filter(|&i| transitions.from(i) > 0).count();
    let chi2_df = cells.count().saturating_sub(rows + shares);
    let chi2_p = chi_squared_p(chi2, chi2_df as f64);
    Ok(LisaTransitions { n: sample.n(), quadrants, transitions, moves, expected, chi2, chi2_df, chi2_p, absent })
}

/// The place in [`MOVES`] of a move between two quadrants.
fn move_type(from: usize, to: usize) -> usize {
    let ((own, around), (own_after, around_after)) = (HIGH[from], HIGH[to]);
    match (own != own_after, around != around_after) {
        (false, false) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (true, true) if own == around => 3,
        (true, true) => 4,
    }
}

/// The steps expected if the city's side and that of its neighbours moved independently of each other, and the number of
/// shares that are estimated for that: of each side that is sometimes kept and sometimes left.
fn independent(counts: &[usize]) -> (Vec<f64>, usize) {
    let own = Sides::new(counts, |quadrant| HIGH[quadrant].0);
    let around = Sides::new(counts, |quadrant| HIGH[quadrant].1);
    let from = |a: usize| counts[a * 4..a * 4 + 4].iter().sum::<usize>() as f64;
    let expected = |(a, b): (usize, usize)| from(a) * own.share(a, b) * around.share(a, b);
    ((0..16).map(|at| expected((at / 4, at % 4))).collect(), own.estimated() + around.estimated())
}

/// Steps between low and high, of the cities or of their neighbours.
struct Sides {
    high: fn(usize) -> bool,
    steps: [[usize; 2]; 2],
}

impl Sides {
    fn new(counts: &[usize], high: fn(usize) -> bool) -> Self {
        let mut steps = [[0; 2]; 2];
        for (at, &n) in counts.iter().enumerate() {
            steps[usize::from(high(at / 4))][usize::from(high(at % 4))] += n;
        }
        Self { high, steps }
    }

    /// The share of the steps from the side of quadrant a that lead to that of b.
    fn share(&self, a: usize, b: usize) -> f64 {
        let row = self.steps[usize::from((self.high)(a))];
        row[usize::from((self.high)(b))] as f64 / (row[0] + row[1]).max(1) as f64
    }

    /// The sides that are sometimes kept and sometimes left.
    fn estimated(&self) -> usize {
        self.steps.iter().filter(|row| row[0] > 0 && row[1] > 0).count()
    }
}

static ABOUT: About = About {
    name: "lisa_transitions",
    family: Family::Imbalance,
    needs: Needs::ValueYearsInSpace,
    title: "Moves between the quadrants of the Moran scatter",
    question: "Do cities and their neighbours rise and fall together, or do cities leave their neighbours behind?",
    formula: "quadrant by z > 0 and sum_j w_ij z_j > 0; p_ab = n_ab/sum_b n_ab; chi2 = sum (n_ab - e_ab)^2/e_ab with e_ab = n_a P_own(a, b) P_lag(a, b)",
    symbols: &[
        ("z", "value in standard form, in each year by itself"),
        ("n_ab", "steps from one year to the next in which a city goes from quadrant a to b"),
        ("P_own, P_lag", "share of the steps in which the city, or its lag, goes from its side in a to that in b"),
        ("e_ab", "steps expected if the two moved independently of each other"),
    ],
    reading: "HH, LH, LL, HL: the city high or low, its neighbours high or low. Types of moves: none (0), own (I: only the city changes side), neighbours (II: only they do), both_alike (III A: both, between HH and LL), both_opposite (III B: both, between LH and HL). Many steps of type 0: the pattern is frozen. Small chi2_p: cities and neighbours do not move independently of each other. That is in part of their making, as a city is among the neighbours of its neighbours, and steps of neighbours are not independent observations",
    variant: "Strict z > 0 and lag > 0, zero counts as low; whether the local Moran is significant does not matter. Cities with a value in every year and a neighbour, mean and sd of them. A step leads from one of the years given to the next. chi2 has the degrees of freedom of the cells that can hold steps less what is estimated, 8 where everything happens. chi_2 of giddy 2.3.8 is another number: it tells high from low by the mean of each city over the years where it means the mean of the year, and has 9",
    reference: "Rey (2001), Geographical Analysis 33, 195-214, doi:10.1111/j.1538-4632.2001.tb00444.x",
    fields: &[
        Field::scalar("stay", "share of the steps of type 0"),
        Field::scalar("chi2", "chi-squared of independent moves of cities and neighbours"),
        Field::scalar("chi2_df", "its degrees of freedom"),
        Field::scalar("chi2_p", "its p value"),
        Field::scalar("steps", "steps from one year to the next"),
        Field::scalar("transitions", "steps of all cities"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("class", "lisa_move", "lisa_move", "type of the move from the first year to the last"),
        Field::column("quadrant_first", "HH LH LL HL in the first year"),
        Field::column("quadrant_last", "HH LH LL HL in the last year"),
        Field::table(
            "transitions",
            "for each quadrant the steps to each quadrant (to_hh ...), their shares (p_hh ...), and its share of the cities in the long run",
        ),
        Field::table(
            "moves",
            "for each type of move the steps, their share, and the cities from the first year to the last",
        ),
        Field::table("expected", "for each quadrant the steps expected if cities and neighbours moved independently"),
    ],
    matches: &[("PySAL giddy", "LISA_Markov(y, w): transitions, p, steady_state; move_types counted")],
};

/// [`lisa_transitions()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_in_space(run, &ABOUT, |panel, weights, outcome| fill(run, panel, weights, outcome))
}

fn fill(run: &Run, panel: &Panel, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let result = lisa_transitions(&panel.levels(), weights)?;
    let steps = result.transitions.steps();
    outcome.scalars.extend([
        ("stay", result.moves[0] as f64 / steps as f64),
        ("chi2", result.chi2),
        ("chi2_df", result.chi2_df as f64),
        ("chi2_p", result.chi2_p),
        ("steps", panel.years.len() as f64 - 1.0),
        ("transitions", steps as f64),
        ("n", result.n as f64),
    ]);
    let ends: Vec<(usize, usize)> =
        result.quadrants.iter().filter_map(|path| Some((*path.first()?, *path.last()?))).collect();
    let column = |name: fn(&(usize, usize)) -> &'static str| {
        Values::Classes(result.absent.spread(run.cities.len(), &ends, name))
    };
    outcome.columns.push(("class", column(|&(from, to)| MOVES[move_type(from, to)].1)));
    outcome.columns.push(("quadrant_first", column(|&(from, _)| QUADRANTS[from])));
    outcome.columns.push(("quadrant_last", column(|&(_, to)| QUADRANTS[to])));
    outcome.tables.push(("transitions", transitions(&result.transitions)));
    outcome.tables.push(("moves", moves(&result, &ends)));
    outcome.tables.push(("expected", expected(&result)));
    outcome.footer = Some(format!(
        "weights {}; n = {} cities with a value in all {} years and a neighbour, {steps} steps{}; quadrants by z > 0 and lag > 0",
        weights.label(),
        result.n,
        panel.years.len(),
        result.absent.footer()
    ));
    outcome.notes.extend(result.absent.notes(run, panel));
    outcome.notes.extend(remarks(panel, &result));
    outcome.notes.extend(sentences(panel, &result, run.inference.alpha).into_iter().map(finding));
    Ok(())
}

fn transitions(chain: &Transitions) -> TableOut {
    let row = |from: usize| -> Vec<Value> {
        let at = from * 4..from * 4 + 4;
        let counts = chain.counts[at.clone()].iter().map(|&n| json!(n));
        let shares = chain.probabilities[at].iter().map(|&p| cell(p));
        let head = std::iter::once(json!(QUADRANTS[from]));
        head.chain(counts).chain([json!(chain.from(from))]).chain(shares).chain([cell(chain.steady[from])]).collect()
    };
    let columns = vec!["from", "to_hh", "to_lh", "to_ll", "to_hl", "total", "p_hh", "p_lh", "p_ll", "p_hl", "steady"];
    TableOut { columns, rows: (0..4).map(row).collect() }
}

fn moves(result: &LisaTransitions, ends: &[(usize, usize)]) -> TableOut {
    let row = |(at, (kind, word)): (usize, (&str, &str))| -> Vec<Value> {
        let share = result.moves[at] as f64 / result.transitions.steps() as f64;
        let cities = ends.iter().filter(|&&(from, to)| move_type(from, to) == at).count();
        vec![json!(kind), json!(word), json!(result.moves[at]), cell(share), json!(cities)]
    };
    let columns = vec!["type", "move", "steps", "share", "cities"];
    TableOut { columns, rows: MOVES.into_iter().enumerate().map(row).collect() }
}

fn expected(result: &LisaTransitions) -> TableOut {
    let row = |from: usize| -> Vec<Value> {
        let steps = result.expected[from * 4..from * 4 + 4].iter().map(|&e| cell(e));
        std::iter::once(json!(QUADRANTS[from])).chain(steps).collect()
    };
    TableOut { columns: vec!["from", "to_hh", "to_lh", "to_ll", "to_hl"], rows: (0..4).map(row).collect() }
}

/// What has to be known of the steps, and why numbers are null.
fn remarks(panel: &Panel, result: &LisaTransitions) -> Vec<Note> {
    let mut notes: Vec<Note> = panel.unequal_steps().into_iter().collect();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<&str> {
        (0..4).filter(|&i| wanted(result.transitions.from(i))).map(|i| QUADRANTS[i]).collect()
    };
    let scarce = of(&|n| (1..FEW).contains(&n));
    if !scarce.is_empty() {
        remark("few_steps", format!("fewer than {FEW} steps from {}: their shares say little", listed(&scarce)));
    }
    let unknown = of(&|n| n == 0);
    if !unknown.is_empty() {
        remark("undefined_number", format!("no step from {}: no shares or long run", listed(&unknown)));
    } else if result.transitions.steady.iter().any(|share| share.is_nan()) {
        let why = "since they depend on where the cities start: some quadrants are never left";
        remark("undefined_number", format!("no shares in the long run, {why}"));
    }
    if result.chi2_df == 0 {
        remark("undefined_number", "no chi2_p, since too few kinds of steps were seen for a test".to_owned());
    }
    notes
}

/// The sentences to quote.
fn sentences(panel: &Panel, result: &LisaTransitions, alpha: f64) -> Vec<String> {
    let ((from, to), name) = (panel.span(), panel.name);
    let steps = result.transitions.steps();
    let share = |at: usize| format!("{} %", printed(100.0 * result.moves[at] as f64 / steps as f64, 1));
    let mut sentences = vec![format!(
        "{name} {from} to {to}: neither city nor neighbours change side of the mean in {} of the steps; only the city does in {}, only the neighbours in {}, both between HH and LL in {} and between LH and HL in {}, n = {steps} steps",
        share(0),
        share(1),
        share(2),
        share(3),
        share(4)
    )];
    if result.chi2_df > 0 {
        // Joint moves in the same direction among those expected if each went its way.
        let together = |of: &dyn Fn(usize) -> f64| of(2) + of(8);
        let observed = together(&|at| result.transitions.counts[at] as f64);
        let expected = together(&|at| result.expected[at]);
        let word = if result.chi2_p <= alpha {
            "the moves of cities and of their neighbours are not independent of each other"
        } else {
            "no sign that cities and their neighbours move other than independently of each other"
        };
        sentences.push(format!(
            "{name} {from} to {to}: {word} (chi2 = {}, {} degrees of freedom, p = {}, threshold {alpha}): {observed} moves of both between HH and LL, and {} expected of independent ones",
            printed(result.chi2, 1),
            result.chi2_df,
            short(result.chi2_p),
            printed(expected, 1)
        ));
    }
    sentences
}
