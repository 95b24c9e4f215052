//! Markov chain of relative values: how cities move between classes from one year to the next.

use serde_json::{Value, json};

use super::chain::Chain;
use super::panel::{Panel, checked, complete, each_panel, enough};
use super::relative_classes::{class_of, cut_offs, fewer_classes, relative};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::autocorrelation::classes::UNDEFINED;
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, short};

/// The classes by their names, from the lowest; no more are formed.
const NAMES: [&str; 5] = ["1", "2", "3", "4", "5"];
/// Fewest steps from a class without a word about it.
const FEW: usize = 10;

/// Moves between classes of relative values; see [`markov()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Markov {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// The upper bounds of all classes but the last, as multiples of the mean; one fewer than classes.
    pub cut_offs: Vec<f64>,
    /// The classes of every city, 0 the lowest, in every year; `None` for a city that takes no part.
    pub classes: Vec<Option<Vec<usize>>>,
    /// Number of moves from class i (row) to class j (column), row after row.
    pub transitions: Vec<usize>,
    /// Share of the moves from i that lead to j, row after row; NaN for a class from which there is none.
    pub probabilities: Vec<f64>,
    /// Share of the cities in each class in the long run; NaN where that depends on where they start.
    pub steady: Vec<f64>,
    /// Mean number of steps from class i until class j is first entered, row after row, on the diagonal until it is
    /// entered again; NaN where j may never be entered.
    pub first_passage: Vec<f64>,
    /// Prais' and Shorrocks' index of mobility, 0 (nobody moves) to k/(k − 1); NaN where a class has no moves.
    pub prais: f64,
    /// The cities left out, without a value in one of the years.
    pub left_out: Vec<usize>,
}

impl Markov {
    /// Number of classes.
    pub fn k(&self) -> usize {
        self.cut_offs.len() + 1
    }

    /// Moves in all: cities times steps.
    pub fn moves(&self) -> usize {
        self.transitions.iter().sum()
    }
}

/// Moves of cities between `classes` classes of y_it/μ_t. `levels` are years, ascending, each with one value ≥ 0 for
/// every city, NaN where there is none.
///
/// # Formula
///
/// p_ij = n_ij/Σ_j n_ij; π = πP, Σ π_i = 1; m_ij = 1 + Σ_{l≠j} p_il m_lj; M = (k − tr P)/(k − 1)
///
/// where n_ij is how often a city is in class i in one year and in j in the next of those given, and μ_t the mean of
/// year t over the cities that have a value in all years. The classes are bounded by the quantiles (type 7) of the
/// relative values of all years together; a value equal to a bound is in the lower class, so that equal values never
/// part. Where many are equal and bounds coincide, there are fewer classes. The bounds are the same in every year: a
/// city moves only if its relative value does. O(T n log(T n) + k⁴).
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than two cities with a value in
/// all years, fewer than two classes asked for, negative values, each with the city's index as the feature;
/// [`Kind::Undefined`] where all relative values are equal, or all values of a year are 0.
///
/// # Source
///
/// Quah, D. (1993). Empirical cross-section dynamics in economic growth. European Economic Review 37, 426-434.
/// doi:10.1016/0014-2921(93)90031-5. Shorrocks, A. F. (1978). The measurement of mobility. Econometrica 46, 1013-1024.
/// doi:10.2307/1911433. First passage: Kemeny, J. G. and Snell, J. L. (1976). Finite Markov Chains. New York: Springer.
///
/// ```
/// use agglo::measures::imbalance::markov;
/// let levels: [(i32, &[f64]); 3] =
///     [(2000, &[1.0, 2.0, 3.0, 4.0]), (2010, &[1.0, 3.0, 2.0, 4.0]), (2020, &[2.0, 1.0, 3.0, 4.0])];
/// let moves = markov(&levels, 2)?;
/// assert_eq!(moves.transitions, [2, 2, 2, 2]); // between the two poorer and the two richer
/// assert_eq!(moves.prais, 1.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn markov(levels: &[(i32, &[f64])], classes: usize) -> Result<Markov> {
    let all = checked(levels)?;
    if classes < 2 {
        return Err(
            Fault::new(Kind::Option, format!("at least two classes are needed, and there are {classes}")).into()
        );
    }
    let (cities, left_out) = complete(levels, f64::is_finite);
    enough(cities.len(), 2, "a value in all years")?;
    let relative = relative(levels, &cities)?;
    let cut_offs = cut_offs(&relative, classes);
    if cut_offs.is_empty() {
        return Err(Fault::new(Kind::Undefined, "all relative values are equal, so that there is one class").into());
    }
    let class = |r: f64| class_of(&cut_offs, r);
    let mut of: Vec<Option<Vec<usize>>> = vec![None; all];
    for (place, &i) in cities.iter().enumerate() {
        of[i] = Some(relative.iter().map(|year| class(year[place])).collect());
    }
    let k = cut_offs.len() + 1;
    let mut transitions = vec![0_usize; k * k];
    for path in of.iter().flatten() {
        path.windows(2).for_each(|step| transitions[step[0] * k + step[1]] += 1);
    }
    let chain = Chain::of(&transitions, k);
    let trace: f64 = (0..k).map(|i| chain.p[i * k + i]).sum();
    Ok(Markov {
        n: cities.len(),
        cut_offs,
        classes: of,
        steady: chain.steady(),
        first_passage: chain.first_passage(),
        prais: (k as f64 - trace) / (k as f64 - 1.0),
        probabilities: chain.p,
        transitions,
        left_out,
    })
}

static ABOUT: About = About {
    name: "markov",
    family: Family::Imbalance,
    needs: Needs::ValueYears,
    title: "Markov chain of relative values",
    question: "Do poor cities stay poor and rich ones rich, and what would come of it in the long run?",
    formula: "p_ij = n_ij/sum_j n_ij; pi = pi P; m_ij = 1 + sum_{l != j} p_il m_lj; prais = (k - trace P)/(k - 1)",
    symbols: &[
        ("n_ij", "steps from one year to the next in which a city goes from class i to class j"),
        ("P, p_ij", "their shares among the steps from class i"),
        ("pi_i", "share of the cities in class i in the long run"),
        ("m_ij", "mean number of steps until class j is entered from class i"),
        ("k", "number of classes"),
    ],
    reading: "prais 0: no city leaves its class; 1: the next class does not depend on the present one; at most k/(k - 1). High shares at both ends of the diagonal of probabilities: poor and rich stay so. The long run supposes that cities go on to move as they did, and that where they go depends on their present class alone",
    variant: "Relative values y/mean of the year, over the cities with a value in every year. Five classes bounded by the quintiles (type 7) of all years together, the same in every year; a value equal to a bound is in the lower class, and bounds that coincide make one class. A step leads from one of the years given to the next, whatever lies between: take years at equal distances. Zeros are kept, negative values refused",
    reference: "Quah (1993), European Economic Review 37, 426-434, doi:10.1016/0014-2921(93)90031-5; Shorrocks (1978), Econometrica 46, 1013-1024, doi:10.2307/1911433; Kemeny and Snell (1976), Finite Markov Chains",
    fields: &[
        Field::scalar("prais", "mobility of Prais and Shorrocks"),
        Field::scalar("classes", "number of classes"),
        Field::scalar("steps", "steps from one year to the next"),
        Field::scalar("transitions", "steps of all cities"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("class", "markov_class", "mk_class", "class in the last year, 1 the lowest"),
        Field::table(
            "classes",
            "for each class its bounds as multiples of the mean, and the shares of the cities in the first and the last year and in the long run",
        ),
        Field::table("transitions", "how many steps lead from each class to each"),
        Field::matrix("probabilities", "share of the steps from the class of the row that lead to that of the column"),
        Field::matrix(
            "first_passage",
            "mean number of steps from the class of the row until that of the column is entered, on the diagonal until it is entered again",
        ),
    ],
    matches: &[(
        "PySAL giddy",
        "Markov(mapclassify.Quantiles((y / y.mean(axis=0)).flatten(), k=5).yb.reshape(y.shape)): transitions, p, steady_state; ergodic.mfpt(p); mobility.markov_mobility(p, measure=\"P\")",
    )],
};

/// [`markov()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_panel(run, &ABOUT, |panel, outcome| fill(run, panel, outcome))
}

fn fill(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let result = markov(&panel.levels(), NAMES.len())?;
    let k = result.k();
    outcome.scalars.extend([
        ("prais", result.prais),
        ("classes", k as f64),
        ("steps", panel.years.len() as f64 - 1.0),
        ("transitions", result.moves() as f64),
        ("n", result.n as f64),
    ]);
    let name = |path: &Option<Vec<usize>>| path.as_ref().and_then(|path| path.last()).map_or(UNDEFINED, |&c| NAMES[c]);
    outcome.columns.push(("class", Values::Classes(result.classes.iter().map(name).collect())));
    let shares = Ends::of(&result);
    outcome.tables.push(("classes", classes(&result, &shares)));
    outcome.tables.push(("transitions", transitions(&result)));
    let matrix = |values: &[f64]| {
        let names: Vec<String> = NAMES[..k].iter().map(|&name| name.to_owned()).collect();
        Matrix { rows: names.clone(), columns: names, values: values.to_vec() }
    };
    outcome.matrices.push(("probabilities", matrix(&result.probabilities)));
    outcome.matrices.push(("first_passage", matrix(&result.first_passage)));
    let bounds: Vec<String> = result.cut_offs.iter().map(|&bound| short(bound)).collect();
    outcome.footer = Some(format!(
        "n = {} cities with a value in all {} years, {} steps; classes by quintiles of value/mean of all years together, bounds {}",
        result.n,
        panel.years.len(),
        result.moves(),
        bounds.join(", ")
    ));
    outcome.notes.extend(panel.left_out(run, "without a value in every year", &result.left_out));
    outcome.notes.extend(remarks(panel, &result));
    outcome.notes.extend(sentences(panel, &result, &shares).into_iter().map(finding));
    Ok(())
}

/// The share of the cities in each class in the first and in the last year.
struct Ends {
    first: Vec<f64>,
    last: Vec<f64>,
}

impl Ends {
    fn of(result: &Markov) -> Self {
        let share = |at: fn(&Vec<usize>) -> Option<&usize>| -> Vec<f64> {
            let of = |class: usize| result.classes.iter().flatten().filter(|path| at(path) == Some(&class)).count();
            (0..result.k()).map(|class| of(class) as f64 / result.n as f64).collect()
        };
        Self { first: share(|path| path.first()), last: share(|path| path.last()) }
    }
}

fn classes(result: &Markov, shares: &Ends) -> TableOut {
    let k = result.k();
    let bound = |at: Option<usize>| cell(at.and_then(|at| result.cut_offs.get(at)).copied().unwrap_or(f64::NAN));
    let row = |c: usize| -> Vec<Value> {
        let shares = [shares.first[c], shares.last[c], result.steady[c], result.probabilities[c * k + c]];
        let bounds = [json!(NAMES[c]), bound(c.checked_sub(1)), bound(Some(c))];
        bounds.into_iter().chain(shares.map(cell)).collect()
    };
    let columns = vec!["class", "above", "up_to", "first", "last", "steady", "stay"];
    TableOut { columns, rows: (0..k).map(row).collect() }
}

fn transitions(result: &Markov) -> TableOut {
    let k = result.k();
    let to = ["to_1", "to_2", "to_3", "to_4", "to_5"];
    let row = |(from, counts): (usize, &[usize])| -> Vec<Value> {
        let all =
            counts.iter().chain(std::iter::once(&counts.iter().sum::<usize>())).map(|n| json!(n)).collect::<Vec<_>>();
        std::iter::once(json!(NAMES[from])).chain(all).collect()
    };
    let columns = std::iter::once("from").chain(to[..k].iter().copied()).chain(std::iter::once("total")).collect();
    TableOut { columns, rows: result.transitions.chunks(k).enumerate().map(row).collect() }
}

/// Number of steps from a class.
fn from_class(result: &Markov, class: usize) -> usize {
    result.transitions.iter().skip(class * result.k()).take(result.k()).sum()
}

/// What has to be known of the steps and classes, and why numbers are null.
fn remarks(panel: &Panel, result: &Markov) -> Vec<Note> {
    let k = result.k();
    let mut notes: Vec<Note> =
        fewer_classes(panel, "", k, NAMES.len()).into_iter().chain(panel.unequal_steps()).collect();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let from = |c: usize| from_class(result, c);
    let scarce: Vec<&str> = (0..k).filter(|&c| (1..FEW).contains(&from(c))).map(|c| NAMES[c]).collect();
    if !scarce.is_empty() {
        remark("few_steps", format!("fewer than {FEW} steps from class {}: their shares say little", listed(&scarce)));
    }
    let unknown: Vec<&str> = (0..k).filter(|&c| from(c) == 0).map(|c| NAMES[c]).collect();
    if !unknown.is_empty() {
        let classes = listed(&unknown);
        remark("undefined_number", format!("no step from class {classes}: no probabilities, mobility or long run"));
    } else if result.steady.iter().any(|share| share.is_nan()) {
        let message =
            "no shares in the long run, since they depend on where the cities start: some classes are never left";
        remark("undefined_number", message.to_owned());
    }
    if unknown.is_empty() && result.first_passage.iter().any(|m| m.is_nan()) {
        remark("undefined_number", "no first passage to a class that may never be entered".to_owned());
    }
    notes
}

/// The sentences to quote.
fn sentences(panel: &Panel, result: &Markov, shares: &Ends) -> Vec<String> {
    let (from, to) = panel.span();
    let (k, name) = (result.k(), panel.name);
    let percent = |share: f64| format!("{} %", printed(100.0 * share, 0));
    let (low, high) = (result.probabilities[0], result.probabilities[k * k - 1]);
    let mut sentences = Vec::new();
    if result.prais.is_finite() {
        sentences.push(format!(
            "{name} {from} to {to}: {} of the steps from the lowest of {k} classes (up to {} of the mean) end in it, and {} of those from the highest (above {}); mobility {} (0: no city leaves its class, 1: the next class does not depend on the present one), n = {} steps",
            percent(low),
            short(result.cut_offs[0]),
            percent(high),
            short(result.cut_offs[k - 2]),
            printed(result.prais, 3),
            result.moves()
        ));
    }
    // A long run that rests on a handful of steps is not worth a sentence.
    let scarce = (0..k).any(|c| from_class(result, c) < FEW);
    if !scarce && result.steady.iter().all(|share| share.is_finite()) {
        sentences.push(format!(
            "{name}: if cities went on to move as from {from} to {to}, {} would be in the lowest class in the long run and {} in the highest, after {} and {} in {to}",
            percent(result.steady[0]),
            percent(result.steady[k - 1]),
            percent(shares.last[0]),
            percent(shares.last[k - 1])
        ));
    }
    sentences
}
