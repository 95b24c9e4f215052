//! What the registry reports of [`spatial_markov()`]: the chains by lag class, their tests, and what they say.

use serde_json::{Value, json};

use super::panel::Panel;
use super::panel_in_space::each_in_space;
use super::relative_classes::fewer_classes;
use super::spatial_markov::{Homogeneity, SpatialMarkov, Transitions, spatial_markov};
use crate::error::Result;
use crate::inference::fisher_p;
use crate::measures::adapter::{cell, finding, printed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, short};
use crate::weights::Weights;

/// The classes by their names, from the lowest, own and of the lag; no more are formed.
const NAMES: [&str; 4] = ["1", "2", "3", "4"];
/// The row of all lag classes together.
const ALL: &str = "all";
/// Fewest steps from a class without a word about it.
const FEW: usize = 10;

static ABOUT: About = About {
    name: "spatial_markov",
    family: Family::Imbalance,
    needs: Needs::ValueYearsInSpace,
    title: "Spatial Markov chain of relative values",
    question: "Does a poor city rise more often if its neighbours are rich, and does a rich one fall more often if they are poor?",
    formula: "p_ij|m = n_ij|m/sum_j n_ij|m; Q = sum n_i|m (p_ij|m - p_ij)^2/p_ij; LR = 2 sum n_ij|m ln(p_ij|m/p_ij); df = sum_i (a_i - 1)(b_i - 1)",
    symbols: &[
        (
            "n_ij|m",
            "steps from one year to the next in which a city goes from class i to class j, its neighbours in class m at the start",
        ),
        ("p_ij|m", "their shares among the steps from class i with neighbours in class m"),
        ("p_ij", "the same shares, whatever the neighbours"),
        ("a_i", "classes that are entered from class i"),
        ("b_i", "lag classes with steps from class i"),
    ],
    reading: "Small q_p and lr_p: how a city moves depends on its neighbours. Where the two differ much, many cells hold few steps, and neither says much. In conditional, compare the rows of one from among the lag classes. The tests suppose that steps are independent of each other, which steps of neighbours in the same years are not quite: take a p near the threshold for nothing. The long run of a lag class supposes that the neighbours stay in it",
    variant: "Relative values y/mean of the year, over the cities with a value in every year and a neighbour. The lag is sum_j w_ij r_j with the weights of the run at the start of the step. Four own classes and four lag classes (markov has five), each bounded by its quartiles (type 7) of all years together, the same in every year; a value equal to a bound is in the lower class, nothing is drawn, and bounds that coincide make one class. Tests against the chain of all steps; degrees of freedom leave out what never happens. In tests, what a lag class adds to Q and LR has df = sum_i (a_i - 1) over the classes it has steps from, as if p_ij was known, which errs on the careful side (giddy takes (k - 1)^2). Zeros are kept, negative values refused",
    reference: "Rey (2001), Geographical Analysis 33, 195-214, doi:10.1111/j.1538-4632.2001.tb00444.x; Bickenbach and Bode (2003), International Regional Science Review 26, 363-392, doi:10.1177/0160017603253789",
    fields: &[
        Field::scalar("q", "Pearson's Q of one chain for all lag classes"),
        Field::scalar("q_df", "its degrees of freedom"),
        Field::scalar("q_p", "its p value by chi-squared"),
        Field::scalar("lr", "likelihood ratio of one chain for all lag classes"),
        Field::scalar("lr_df", "its degrees of freedom"),
        Field::scalar("lr_p", "its p value by chi-squared"),
        Field::scalar("classes", "number of own classes"),
        Field::scalar("lag_classes", "number of lag classes"),
        Field::scalar("steps", "steps from one year to the next"),
        Field::scalar("transitions", "steps of all cities"),
        Field::scalar("n", "cities that take part"),
        Field::column("class", "own class in the last year, 1 the lowest"),
        Field::column("lag_class", "class of the neighbours in the last year, 1 the lowest"),
        Field::table(
            "conditional",
            "for each lag class and class the steps to each class (to_1 ...), and their shares (p_1 ...)",
        ),
        Field::table("steady", "for each lag class the shares of the cities in each class in the long run"),
        Field::table("tests", "for each lag class what it adds to Q and LR, with p values; all: the sums"),
        Field::table("bounds", "bounds of the own and of the lag classes as multiples of the mean"),
    ],
    matches: &[(
        "PySAL giddy",
        "Spatial_Markov(y / y.mean(axis=0), w, k=4, m=4, fixed=True): T, P, S, Q, LR, dof_hom; chi2 has the q of tests",
    )],
};

/// [`spatial_markov()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_in_space(run, &ABOUT, |panel, weights, outcome| fill(run, panel, weights, outcome))
}

fn fill(run: &Run, panel: &Panel, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let result = spatial_markov(&panel.levels(), weights, NAMES.len(), NAMES.len())?;
    let test = &result.homogeneity;
    outcome.scalars.extend([
        ("q", test.q),
        ("q_df", test.df as f64),
        ("q_p", test.q_p),
        ("lr", test.lr),
        ("lr_df", test.df as f64),
        ("lr_p", test.lr_p),
        ("classes", result.k() as f64),
        ("lag_classes", result.m() as f64),
        ("steps", panel.years.len() as f64 - 1.0),
        ("transitions", result.pooled.steps() as f64),
        ("n", result.n as f64),
    ]);
    let last = |path: &Vec<usize>| path.last().map_or("", |&class| NAMES[class]);
    let column = |paths: &[Vec<usize>]| Values::Classes(result.absent.spread(run.cities.len(), paths, last));
    outcome.columns.push(("class", column(&result.classes)));
    outcome.columns.push(("lag_class", column(&result.lag_classes)));
    outcome.tables.extend([
        ("conditional", conditional(&result)),
        ("steady", steady(&result)),
        ("tests", tests(&result)),
        ("bounds", bounds(&result)),
    ]);
    let list = |bounds: &[f64]| bounds.iter().map(|&bound| short(bound)).collect::<Vec<_>>().join(", ");
    outcome.footer = Some(format!(
        "weights {}; n = {} cities with a value in all {} years and a neighbour, {} steps{}; classes by quartiles of all years together: value/mean, bounds {}; its mean among the neighbours at the start of the step, bounds {}",
        weights.label(),
        result.n,
        panel.years.len(),
        result.pooled.steps(),
        result.absent.footer(),
        list(&result.cut_offs),
        list(&result.lag_cut_offs),
    ));
    outcome.notes.extend(result.absent.notes(run, panel));
    outcome.notes.extend(remarks(panel, &result));
    let sentences = [matters(panel, &result, run.inference.alpha), rising(panel, &result, run.inference.alpha)];
    outcome.notes.extend(sentences.into_iter().flatten().map(finding));
    Ok(())
}

/// The chains by the names of their lag classes, and the chain of all.
fn chains(result: &SpatialMarkov) -> impl Iterator<Item = (&'static str, &Transitions)> {
    NAMES.into_iter().zip(&result.conditional).chain(std::iter::once((ALL, &result.pooled)))
}

fn conditional(result: &SpatialMarkov) -> TableOut {
    let k = result.k();
    let row = |lag: &'static str, chain: &Transitions, from: usize| -> Vec<Value> {
        let counts = chain.counts[from * k..(from + 1) * k].iter().map(|&n| json!(n));
        let shares = chain.probabilities[from * k..(from + 1) * k].iter().map(|&p| cell(p));
        let head = [json!(lag), json!(NAMES[from])];
        head.into_iter().chain(counts).chain([json!(chain.from(from))]).chain(shares).collect()
    };
    let columns = [
        &["lag_class", "from"][..],
        &["to_1", "to_2", "to_3", "to_4"][..k],
        &["total"],
        &["p_1", "p_2", "p_3", "p_4"][..k],
    ];
    let rows = chains(result).flat_map(|(lag, chain)| (0..k).map(move |from| row(lag, chain, from)));
    TableOut { columns: columns.concat(), rows: rows.collect() }
}

fn steady(result: &SpatialMarkov) -> TableOut {
    let row = |(lag, chain): (&'static str, &Transitions)| -> Vec<Value> {
        let head = [json!(lag), json!(chain.steps())];
        head.into_iter().chain(chain.steady.iter().map(|&share| cell(share))).collect()
    };
    let columns = [&["lag_class", "steps"][..], &["class_1", "class_2", "class_3", "class_4"][..result.k()]];
    TableOut { columns: columns.concat(), rows: chains(result).map(row).collect() }
}

fn tests(result: &SpatialMarkov) -> TableOut {
    let row = |((lag, chain), test): ((&'static str, &Transitions), &Homogeneity)| -> Vec<Value> {
        let numbers = [test.q, test.q_p, test.lr, test.lr_p].map(cell);
        [json!(lag), json!(chain.steps()), json!(test.df)].into_iter().chain(numbers).collect()
    };
    let each = result.by_lag.iter().chain(std::iter::once(&result.homogeneity));
    let columns = vec!["lag_class", "steps", "df", "q", "q_p", "lr", "lr_p"];
    TableOut { columns, rows: chains(result).zip(each).map(row).collect() }
}

fn bounds(result: &SpatialMarkov) -> TableOut {
    let rows = |of: &'static str, bounds: &[f64]| -> Vec<Vec<Value>> {
        let bound = |at: Option<usize>| cell(at.and_then(|at| bounds.get(at)).copied().unwrap_or(f64::NAN));
        let row = |c: usize| vec![json!(of), json!(NAMES[c]), bound(c.checked_sub(1)), bound(Some(c))];
        (0..=bounds.len()).map(row).collect()
    };
    let rows = [rows("own", &result.cut_offs), rows("lag", &result.lag_cut_offs)].concat();
    TableOut { columns: vec!["of", "class", "above", "up_to"], rows }
}

/// What has to be known of the steps and classes, and why numbers are null.
fn remarks(panel: &Panel, result: &SpatialMarkov) -> Vec<Note> {
    let own = fewer_classes(panel, "", result.k(), NAMES.len());
    let lag = fewer_classes(panel, " of the neighbours", result.m(), NAMES.len());
    let mut notes: Vec<Note> = own.into_iter().chain(lag).chain(panel.unequal_steps()).collect();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let rows = |wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
        let of = |(lag, chain): (&str, &Transitions)| -> Vec<String> {
            let from = (0..result.k()).filter(|&i| wanted(chain.from(i)));
            from.map(|i| format!("{} with neighbours of class {lag}", NAMES[i])).collect()
        };
        chains(result).filter(|&(lag, _)| lag != ALL).flat_map(of).collect()
    };
    let scarce = rows(&|n| (1..FEW).contains(&n));
    if !scarce.is_empty() {
        remark(
            "few_steps",
            format!(
                "fewer than {FEW} steps from class {}: their shares, and a long run that rests on them, say little",
                listed(&scarce)
            ),
        );
    }
    let unknown = rows(&|n| n == 0);
    if !unknown.is_empty() {
        remark("undefined_number", format!("no step from class {}: no shares or long run", listed(&unknown)));
    }
    let bound = |(_, chain): &(&str, &Transitions)| {
        (0..result.k()).all(|i| chain.from(i) > 0) && chain.steady.iter().any(|share| share.is_nan())
    };
    let parted: Vec<&str> = chains(result).filter(bound).map(|(lag, _)| lag).collect();
    if !parted.is_empty() {
        let lags = listed(&parted);
        let why = "since they depend on where the cities start: some classes are never left";
        remark("undefined_number", format!("no shares in the long run with neighbours of class {lags}, {why}"));
    }
    if result.homogeneity.df == 0 {
        let why = "since no class has steps to several classes in several lag classes";
        remark("undefined_number", format!("no q_p or lr_p, {why}"));
    }
    notes
}

/// Whether the neighbourhood matters.
fn matters(panel: &Panel, result: &SpatialMarkov, alpha: f64) -> Option<String> {
    let test = &result.homogeneity;
    let word = match (test.q_p <= alpha, test.lr_p <= alpha) {
        (true, true) => "how cities move between classes differs with the class of their neighbours",
        (false, false) => "no sign that how cities move between classes depends on their neighbours",
        _ => "the tests disagree on whether how cities move between classes depends on their neighbours",
    };
    let (from, to) = panel.span();
    (test.df > 0).then(|| {
        format!(
            "{} {from} to {to}: {word} (Q = {}, p = {}; LR = {}, p = {}; {} degrees of freedom, threshold {alpha}, n = {} steps)",
            panel.name,
            printed(test.q, 1),
            short(test.q_p),
            printed(test.lr, 1),
            short(test.lr_p),
            test.df,
            result.pooled.steps()
        )
    })
}

/// How often cities of the lowest class rise with the poorest and with the richest neighbours that are not too rare.
fn rising(panel: &Panel, result: &SpatialMarkov, alpha: f64) -> Option<String> {
    let known: Vec<usize> = (0..result.m()).filter(|&lag| result.conditional[lag].from(0) >= FEW).collect();
    let (from, to) = panel.span();
    let start = format!(
        "{} {from} to {to}: cities of the lowest of {} classes (up to {} of the mean)",
        panel.name,
        result.k(),
        short(result.cut_offs[0])
    );
    let &[low, .., high] = known.as_slice() else {
        return Some(format!(
            "{start} have {FEW} steps or more in fewer than two lag classes, too few to say how often they rise with poor and with rich neighbours"
        ));
    };
    let rises = |lag: usize| {
        let chain = &result.conditional[lag];
        (chain.from(0) - chain.counts[0], chain.from(0))
    };
    let part = |lag: usize| {
        let (rises, steps) = rises(lag);
        format!("{rises} of {steps} steps ({} %)", printed(100.0 * rises as f64 / steps as f64, 1))
    };
    let p = fisher_p(rises(low), rises(high));
    let word = match p {
        p if p <= alpha => {
            format!("the two differ by more than chance (Fisher's exact p = {}, threshold {alpha})", short(p))
        }
        p => format!("the two are not told apart from chance (Fisher's exact p = {}, threshold {alpha})", short(p)),
    };
    Some(format!(
        "{start} rose in {} with neighbours of lag class {} ({}), and in {} with neighbours of lag class {} ({}): {word}",
        part(low),
        NAMES[low],
        span(&result.lag_cut_offs, low),
        part(high),
        NAMES[high],
        span(&result.lag_cut_offs, high),
    ))
}

/// What a lag class holds, in words.
fn span(bounds: &[f64], class: usize) -> String {
    match (class.checked_sub(1).and_then(|below| bounds.get(below)), bounds.get(class)) {
        (None, Some(&bound)) => format!("up to {} of the mean", short(bound)),
        (Some(&bound), None) => format!("above {}", short(bound)),
        (Some(&below), Some(&bound)) => format!("above {}, up to {}", short(below), short(bound)),
        (None, None) => "all".to_owned(),
    }
}
