//! Beta convergence step by step: the growth of every city from each year to the next on the level it starts from.

use serde_json::{Value, json};

use super::beta_convergence::{NOISE, half_life, speed};
use super::growth::undefined;
use super::panel::{Panel, checked, complete, each_panel};
use crate::error::Result;
use crate::inference::{Alternative, normal_p, student_p};
use crate::measures::adapter::{cell, finding, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, short};

/// Fewest cities, and fewest steps, that effects of both leave something of.
const FEWEST: (usize, usize) = (3, 2);

/// Growth on the level at the start of each step, with one set of effects.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelConvergence {
    /// The slope b, a year.
    pub beta: f64,
    /// Its standard error, clustered by city; NaN, as t and p are, where the regression leaves nothing over.
    pub beta_se: f64,
    /// Its t statistic.
    pub t: f64,
    /// Its two-sided p by Student's t with n − 1 degrees of freedom.
    pub p: f64,
    /// Share of the variance that growth has beside the effects; NaN where it has none.
    pub r2: f64,
    /// −ln(1 + bτ)/τ by the mean length τ of a step; NaN where 1 + bτ ≤ 0.
    pub speed: f64,
    /// ln 2/speed; NaN where the speed is not above 0.
    pub half_life: f64,
}

/// Convergence step by step; see [`beta_panel()`].
#[derive(Clone, Debug, PartialEq)]
pub struct BetaPanel {
    /// Cities that take part.
    pub n: usize,
    /// Steps from a year to the next.
    pub steps: usize,
    /// Their mean length in years.
    pub step: f64,
    /// Length of the shortest and the longest step.
    pub lengths: (i32, i32),
    /// With an effect of each step: all cities on one path.
    pub pooled: PanelConvergence,
    /// With an effect of each city beside it: every city on a path of its own.
    pub within: PanelConvergence,
    /// What b within comes to where levels wander and no city returns to a path; NaN where steps differ in length.
    pub wandering: f64,
    /// p value of b within being below that, one-sided; NaN where steps differ in length.
    pub wandering_p: f64,
    /// The cities left out, without a value above zero in every year.
    pub left_out: Vec<usize>,
}

/// Whether growth from each year to the next depends on the level at its start. `levels` are years and the value of
/// every city in each; cities without a value above zero in all of them take no part.
///
/// # Formula
///
/// ln(y_i,t+1/y_it)/τ_t = d_t + b ln y_it + e_it (pooled), = a_i + d_t + b ln y_it + e_it (within)
///
/// by least squares; τ_t is the number of years from t to the next. Standard errors are clustered by city, with the
/// factor n/(n − 1)·(N − 1)/(N − k) for N = n·steps rows and k = steps + 1 terms; the effects of cities, each within one
/// cluster, do not count among them.
///
/// Within, few steps pull b below 0 (Nickell 1981): where levels wander, ln y_i,t+1 = ln y_it + d_t + e_it, it comes to
/// −3/(τ(T + 1)) for T steps of one length, and τb varies about that with 3(17T² − 20T + 17)/(5(T − 1)(T + 1)³n) for
/// normal e_it independent of each other (Harris and Tzavalis 1999). O(n·steps).
///
/// # Errors
///
/// Years that do not ascend, columns of different lengths; [`Kind::Undefined`](crate::error::Kind::Undefined) with fewer
/// than three years or three cities, or where levels do not differ beside the effects.
///
/// # Source
///
/// Islam, N. (1995). Growth empirics: a panel data approach. Quarterly Journal of Economics 110, 1127-1170.
/// doi:10.2307/2946651. Nickell, S. (1981). Biases in dynamic models with fixed effects. Econometrica 49, 1417-1426.
/// doi:10.2307/1911408. Harris, R. D. F. and Tzavalis, E. (1999). Inference for unit roots in dynamic panels where the
/// time dimension is fixed. Journal of Econometrics 91, 201-226. doi:10.1016/S0304-4076(98)00076-1
///
/// ```
/// use agglo::measures::imbalance::beta_panel;
/// let years = [[1.0, 2.0, 4.0, 8.0], [2.1, 3.4, 6.1, 9.0], [4.0, 5.2, 7.9, 12.0]];
/// let beta = beta_panel(&[(2000, &years[0]), (2005, &years[1]), (2010, &years[2])])?;
/// assert!(beta.pooled.beta < 0.0 && beta.steps == 2 && beta.step == 5.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn beta_panel(levels: &[(i32, &[f64])]) -> Result<BetaPanel> {
    checked(levels)?;
    let (cities, left_out) = complete(levels, |y| y.is_finite() && y > 0.0);
    let (n, steps) = (cities.len(), levels.len() - 1);
    if n < FEWEST.0 || steps < FEWEST.1 {
        return Err(undefined(format!(
            "at least {} cities with a value above zero in every year and {} steps are needed, and there are {n} and {steps}",
            FEWEST.0, FEWEST.1
        )));
    }
    let lengths: Vec<i32> = levels.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let logs: Vec<Vec<f64>> = levels.iter().map(|(_, y)| cities.iter().map(|&i| libm::log(y[i])).collect()).collect();
    let rate = |t: usize, i: usize| (logs[t + 1][i] - logs[t][i]) / f64::from(lengths[t]);
    let mut growth: Vec<Vec<f64>> = (0..steps).map(|t| (0..n).map(|i| rate(t, i)).collect()).collect();
    let mut start = logs[..steps].to_vec();
    let span = levels[steps].0.abs_diff(levels[0].0);
    let step = f64::from(span) / steps as f64;
    [&mut growth, &mut start].into_iter().for_each(|rows| without_steps(rows));
    let pooled = convergence(&start, &growth, step)?;
    [&mut growth, &mut start].into_iter().for_each(|rows| without_cities(rows));
    let within = convergence(&start, &growth, step)?;
    let shortest = lengths.iter().copied().min().unwrap_or(0);
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let (wandering, wandering_p) =
        if shortest == longest { against_wandering(within.beta, n, steps, step) } else { (f64::NAN, f64::NAN) };
    Ok(BetaPanel { n, steps, step, lengths: (shortest, longest), pooled, within, wandering, wandering_p, left_out })
}

/// What b within comes to where levels wander, and how often it is lower by chance (Harris and Tzavalis).
fn against_wandering(beta: f64, n: usize, steps: usize, step: f64) -> (f64, f64) {
    let (n, t) = (n as f64, steps as f64);
    let expected = -3.0 / (t + 1.0);
    let variance = 3.0 * (17.0 * t * t - 20.0 * t + 17.0) / (5.0 * (t - 1.0) * (t + 1.0).powi(3) * n);
    (expected / step, normal_p((beta * step - expected) / variance.sqrt(), Alternative::Less))
}

/// Takes the mean of its step off every value.
fn without_steps(rows: &mut [Vec<f64>]) {
    for row in rows {
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        row.iter_mut().for_each(|x| *x -= mean);
    }
}

/// Takes the mean of its city off every value; means of steps that are 0 stay so.
fn without_cities(rows: &mut [Vec<f64>]) {
    for i in 0..rows.first().map_or(0, Vec::len) {
        let mean = rows.iter().map(|row| row[i]).sum::<f64>() / rows.len() as f64;
        rows.iter_mut().for_each(|row| row[i] -= mean);
    }
}

/// The slope of growth on the start, both without their effects.
fn convergence(start: &[Vec<f64>], growth: &[Vec<f64>], step: f64) -> Result<PanelConvergence> {
    let product =
        |a: &[Vec<f64>], b: &[Vec<f64>]| a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum::<f64>();
    if start.iter().flatten().all(|x| x.abs() <= NOISE) {
        return Err(undefined("levels do not differ beside the effects of steps and cities"));
    }
    let (squares, noise) = (product(start, start), NOISE / step);
    let beta = product(start, growth) / squares;
    let deviation = |t: usize, i: usize| growth[t][i] - beta * start[t][i];
    let (steps, n) = (start.len(), start[0].len());
    let exact = (0..steps).all(|t| (0..n).all(|i| deviation(t, i).abs() <= noise));
    let score = |i: usize| (0..steps).map(|t| start[t][i] * deviation(t, i)).sum::<f64>();
    let (rows, cities) = ((n * steps) as f64, n as f64);
    let factor = cities / (cities - 1.0) * (rows - 1.0) / (rows - steps as f64 - 1.0);
    let variance = factor * (0..n).map(|i| score(i) * score(i)).sum::<f64>() / (squares * squares);
    let beta_se = if exact { f64::NAN } else { variance.sqrt() };
    let total = product(growth, growth);
    let left: f64 = (0..steps).map(|t| (0..n).map(|i| deviation(t, i) * deviation(t, i)).sum::<f64>()).sum();
    let varies = growth.iter().flatten().any(|g| g.abs() > noise);
    let (t, speed) = (beta / beta_se, speed(beta, step));
    Ok(PanelConvergence {
        beta,
        beta_se,
        t,
        p: student_p(t, cities - 1.0),
        r2: if varies { 1.0 - left / total } else { f64::NAN },
        speed,
        half_life: half_life(speed),
    })
}

static ABOUT: About = About {
    name: "beta_panel",
    family: Family::Imbalance,
    needs: Needs::ValueYears,
    title: "Beta convergence step by step",
    question: "From each year to the next, do cities that start lower grow faster: all on one path, or each towards its own?",
    formula: "pooled: ln(y_i,t+1/y_it)/tau_t = d_t + beta ln y_it; within: = a_i + d_t + beta ln y_it; speed = -ln(1 + beta tau)/tau; half_life = ln 2/speed",
    symbols: &[
        ("y_it", "value of city i in year t, above zero"),
        ("tau_t, tau", "years from t to the next year of the data, and their mean"),
        ("d_t", "effect of the step, the same for all cities"),
        ("a_i", "effect of the city, the same in all steps"),
    ],
    reading: "pooled below 0 with p up to the threshold: cities that start a step lower grow faster in it. within asks the same of each city against its own mean: it converges to its own path, whatever the others do. Few steps pull within below 0 even where levels wander and no city returns to a path (Nickell): wandering is what it comes to then, and only where wandering_p is up to the threshold do cities return to paths",
    variant: "Three years or more; with two it is not run. Cities without a value above zero in every year are left out, so that all steps have the same cities. Standard errors clustered by city, p by Student's t with n - 1 degrees of freedom. No covariates. Steps of different length count alike, speed is by their mean, and wandering is null. wandering = -3/(tau (steps + 1)), its p one-sided by the normal distribution (Harris and Tzavalis), for shocks that are normal and independent of each other. speed is null where 1 + beta tau <= 0, half_life where speed is not above 0",
    reference: "Islam (1995), Quarterly Journal of Economics 110, 1127-1170, doi:10.2307/2946651; Nickell (1981), Econometrica 49, 1417-1426, doi:10.2307/1911408; Harris and Tzavalis (1999), Journal of Econometrics 91, 201-226, doi:10.1016/S0304-4076(98)00076-1",
    fields: &[
        Field::scalar("beta_pooled", "slope of growth on the level at the start of each step, with effects of steps"),
        Field::scalar("beta_pooled_se", "standard error of beta_pooled, clustered by city"),
        Field::scalar("beta_pooled_p", "p value of beta_pooled"),
        Field::scalar("beta_within", "the slope with effects of cities too"),
        Field::scalar("beta_within_se", "standard error of beta_within, clustered by city"),
        Field::scalar("beta_within_p", "p value of beta_within"),
        Field::scalar("wandering", "what beta_within comes to with so few steps where no city returns to a path"),
        Field::scalar("wandering_p", "p value of beta_within being below wandering"),
        Field::scalar("n", "cities that take part"),
        Field::scalar("steps", "steps from a year to the next"),
        Field::scalar("step_years", "mean length of a step in years"),
        Field::table("models", "slope, standard error, speed and half-life with effects of steps, and of cities too"),
    ],
    matches: &[(
        "statsmodels",
        "pooled: OLS(g, [x, step dummies]).fit(cov_type='cluster', cov_kwds={'groups': city}, use_t=True); within: the same of values less the mean of the city",
    )],
};

/// [`beta_panel()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_panel(run, &ABOUT, |panel, outcome| fill(run, panel, outcome))
}

fn fill(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let levels = panel.levels();
    if levels.len() <= FEWEST.1 {
        let message = format!("{}: no steps to compare, since three years are needed and there are two", panel.name);
        outcome.notes.push(Note::remark("not_run", message));
        return Ok(());
    }
    let (_, left_out) = complete(&levels, |y| y.is_finite() && y > 0.0);
    outcome.notes.extend(panel.left_out(run, "without a value above zero in every year", &left_out));
    let result = beta_panel(&levels)?;
    outcome.scalars = vec![
        ("beta_pooled", result.pooled.beta),
        ("beta_pooled_se", result.pooled.beta_se),
        ("beta_pooled_p", result.pooled.p),
        ("beta_within", result.within.beta),
        ("beta_within_se", result.within.beta_se),
        ("beta_within_p", result.within.p),
        ("wandering", result.wandering),
        ("wandering_p", result.wandering_p),
        ("n", result.n as f64),
        ("steps", result.steps as f64),
        ("step_years", result.step),
    ];
    let row = |(name, effects, of): (&str, &str, &PanelConvergence)| -> Vec<Value> {
        let numbers = [of.beta, of.beta_se, of.t, of.p, of.r2, of.speed, of.half_life].map(cell);
        [json!(name), json!(effects)].into_iter().chain(numbers).collect()
    };
    let models = [("pooled", "steps", &result.pooled), ("within", "steps and cities", &result.within)];
    outcome.tables.push((
        "models",
        TableOut {
            columns: vec!["model", "effects", "beta", "se", "t", "p", "r2", "speed", "half_life"],
            rows: models.map(row).into(),
        },
    ));
    outcome.notes.extend(notes(panel, &result));
    outcome.notes.push(finding(sentence(panel, &result, run.inference.alpha)));
    let (from, to) = panel.span();
    outcome.footer = Some(format!(
        "n = {} cities with a value above zero in all {} years from {from} to {to}; errors clustered by city, Student's t with {} degrees of freedom",
        result.n,
        levels.len(),
        result.n - 1,
    ));
    Ok(())
}

/// Why numbers are null, and what makes others weak.
fn notes(panel: &Panel, result: &BetaPanel) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |code, message: &str| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let models = [("pooled", &result.pooled), ("within", &result.within)];
    for (name, _) in models.iter().filter(|(_, of)| of.beta_se.is_nan()) {
        remark("undefined_number", &format!("no standard error or p value of {name}: it leaves nothing over"));
    }
    for (name, of) in models.iter().filter(|(_, of)| of.half_life.is_nan()) {
        let message = match of.speed.is_nan() {
            true => format!("no speed or half-life of {name}, since 1 + beta tau is not above 0"),
            false => format!("no half-life of {name}, since its speed is not above 0"),
        };
        remark("undefined_number", &message);
    }
    let (shortest, longest) = result.lengths;
    if shortest != longest {
        remark(
            "unequal_steps",
            &format!("steps of {shortest} to {longest} years count alike, speeds by their mean, no wandering"),
        );
    }
    notes
}

/// The sentence to quote; its words are chosen by the p values and the threshold.
fn sentence(panel: &Panel, result: &BetaPanel, alpha: f64) -> String {
    let (from, to) = panel.span();
    let word = |of: &PanelConvergence| match (of.p <= alpha, of.beta < 0.0) {
        (true, true) => "grew faster",
        (true, false) => "grew slower",
        (false, _) => "are not told to grow differently",
    };
    let p = |p: f64| if p.is_nan() { "none".to_owned() } else { short(p) };
    let (pooled, within) = (&result.pooled, &result.within);
    let few = format!("what so few steps give where no city returns to a path ({}", signed(result.wandering, 4));
    let so = match (result.wandering_p.is_nan(), result.wandering_p <= alpha) {
        (true, _) => "steps of different length leave open how much of the latter is for want of steps".to_owned(),
        (_, true) => {
            format!("the latter is below {few}, p {}): cities return to paths of their own", p(result.wandering_p))
        }
        (_, false) => format!("the latter is not told from {few}, p {})", p(result.wandering_p)),
    };
    format!(
        "{} {from} to {to}, {} steps: cities that started a step lower {} in it (beta {}, p {}), and cities below their own mean {} (beta {}, p {}; threshold {alpha}, n = {}); {so}",
        panel.name,
        result.steps,
        word(pooled),
        signed(pooled.beta, 4),
        p(pooled.p),
        word(within),
        signed(within.beta, 4),
        p(within.p),
        result.n,
    )
}
