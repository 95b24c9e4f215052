//! Beta convergence: whether cities that start poorer grow faster, all together and within clubs.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::adapter::without_group;
use super::distribution::spread;
use super::panel::{Panel, checked, complete, each_panel, enough};
use super::regression::{Errors, line};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, short};

/// Fewest cities that a line with a standard error goes through.
const FEWEST: usize = 3;
/// Differences of logarithms that are rounding.
pub(super) const NOISE: f64 = 1e-13;

/// Growth on the initial level; see [`beta_convergence()`].
#[derive(Clone, Debug, PartialEq)]
pub struct BetaConvergence {
    /// Cities that take part.
    pub n: usize,
    /// The constant a.
    pub alpha: f64,
    /// The slope b, a year; below 0 where cities that start lower grow faster.
    pub beta: f64,
    /// Standard error of b (HC3); NaN, as t and p are, where a city determines the line or the line leaves nothing over.
    pub beta_se: f64,
    /// Its t statistic.
    pub t: f64,
    /// Its two-sided p value by Student's t with n − 2 degrees of freedom.
    pub p: f64,
    /// Share of the variance of growth; NaN where all grow alike.
    pub r2: f64,
    /// Speed of convergence λ, a year; NaN where 1 + bT ≤ 0.
    pub speed: f64,
    /// Years in which half of a distance is made up, ln 2/λ; NaN where λ is not above 0.
    pub half_life: f64,
    /// Yearly growth of every city, as a difference of logarithms; NaN for a city that takes no part.
    pub growth: Vec<f64>,
    /// The cities left out, without a value above zero in one of the two years.
    pub left_out: Vec<usize>,
}

/// Whether growth depends on the initial level. `first` and `last` are a year and the value of every city in it, NaN
/// where there is none.
///
/// # Formula
///
/// g_i = ln(y_iT/y_i0)/T = a + b ln y_i0 by least squares; λ = −ln(1 + bT)/T; half-life = ln 2/λ
///
/// where T is the number of years between. b < 0 is convergence: who starts lower grows faster. The standard error is
/// HC3 (deviations e_i over 1 − h_i), which does not take all cities to vary alike. Where 1 + bT ≤ 0 the order of the
/// cities turns over within T and no speed is defined. O(n).
///
/// # Errors
///
/// Years that do not ascend, columns of different lengths, fewer than three cities with a value above zero in both
/// years; [`Kind::Undefined`] where all of them start from the same value.
///
/// # Source
///
/// Barro, R. J. and Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100, 223-251.
/// doi:10.1086/261816. HC3: MacKinnon, J. G. and White, H. (1985). Some heteroskedasticity-consistent covariance matrix
/// estimators with improved finite sample properties. Journal of Econometrics 29, 305-325.
/// doi:10.1016/0304-4076(85)90158-7
///
/// ```
/// use agglo::measures::imbalance::beta_convergence;
/// let beta = beta_convergence((2000, &[1.0, 2.0, 4.0, 8.0]), (2010, &[4.0, 6.0, 9.0, 12.0]))?;
/// assert!(beta.beta < 0.0 && beta.speed > 0.0);
/// assert!((beta.half_life * beta.speed - 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn beta_convergence(first: (i32, &[f64]), last: (i32, &[f64])) -> Result<BetaConvergence> {
    let levels = [first, last];
    let n = checked(&levels)?;
    let (cities, left_out) = complete(&levels, |y| y.is_finite() && y > 0.0);
    enough(cities.len(), FEWEST, "a value above zero in the first and the last year")?;
    let span = f64::from(last.0) - f64::from(first.0);
    let initial: Vec<f64> = cities.iter().map(|&i| libm::log(first.1[i])).collect();
    let rates: Vec<f64> = cities.iter().zip(&initial).map(|(&i, x)| (libm::log(last.1[i]) - x) / span).collect();
    let Some(line) = line(&initial, &rates, NOISE / span, Errors::Hc3) else {
        return Err(Fault::new(Kind::Undefined, "all cities start from the same value").into());
    };
    let speed = speed(line.slope, span);
    let growth = spread(n, &cities, rates);
    Ok(BetaConvergence {
        n: cities.len(),
        alpha: line.intercept,
        beta: line.slope,
        beta_se: line.se,
        t: line.t,
        p: line.p,
        r2: line.r2,
        speed,
        half_life: half_life(speed),
        growth,
        left_out,
    })
}

/// λ = −ln(1 + bT)/T; NaN where 1 + bT ≤ 0.
pub(super) fn speed(beta: f64, span: f64) -> f64 {
    if 1.0 + beta * span > 0.0 { -libm::log1p(beta * span) / span } else { f64::NAN }
}

/// ln 2/λ; NaN where λ is not above 0.
pub(super) fn half_life(speed: f64) -> f64 {
    if speed > 0.0 { std::f64::consts::LN_2 / speed } else { f64::NAN }
}

/// One club of cities.
#[derive(Clone, Debug, PartialEq)]
pub struct Club {
    /// The group's name.
    pub name: String,
    /// Its cities that take part.
    pub n: usize,
    /// Its convergence; `None` where fewer than three cities take part or all start from the same value.
    pub convergence: Option<BetaConvergence>,
}

/// [`beta_convergence()`] within each group, in the order in which they first appear. A city without a group is in no club.
/// The growth of each club has one entry for every city. O(groups · n).
///
/// # Errors
///
/// Years that do not ascend, columns and groups of different lengths.
///
/// # Source
///
/// Baumol, W. J. (1986). Productivity growth, convergence, and welfare. American Economic Review 76, 1072-1085.
pub fn convergence_clubs<G: AsRef<str>>(
    first: (i32, &[f64]),
    last: (i32, &[f64]),
    groups: &[Option<G>],
) -> Result<Vec<Club>> {
    let n = checked(&[first, last])?;
    if groups.len() != n {
        return Err(Fault::new(Kind::Option, format!("{n} values and groups of {} cities", groups.len())).into());
    }
    let mut members: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for (i, group) in groups.iter().enumerate() {
        if let Some(group) = group {
            members.entry(group.as_ref()).or_default().push(i);
        }
    }
    let club = |(name, cities): (&str, Vec<usize>)| {
        let of = |y: &[f64]| -> Vec<f64> { cities.iter().map(|&i| y[i]).collect() };
        let (y_0, y_t) = (of(first.1), of(last.1));
        let n = complete(&[(first.0, &y_0), (last.0, &y_t)], |y| y.is_finite() && y > 0.0).0.len();
        Club { name: name.to_owned(), n, convergence: beta_convergence((first.0, &y_0), (last.0, &y_t)).ok() }
    };
    Ok(members.into_iter().map(club).collect())
}

static ABOUT: About = About {
    name: "beta_convergence",
    family: Family::Imbalance,
    needs: Needs::ValueYears,
    title: "Beta convergence",
    question: "Do cities that start poorer grow faster, and how fast do they catch up?",
    formula: "ln(y_iT/y_i0)/T = alpha + beta ln y_i0; speed = -ln(1 + beta T)/T; half_life = ln 2/speed",
    symbols: &[
        ("y_i0, y_iT", "value of city i in the first and the last year, above zero"),
        ("T", "years between them"),
        ("beta", "by how much yearly growth is higher where the initial level is higher by 1 in logarithms"),
    ],
    reading: "beta below 0 with p up to the threshold: cities that start lower grow faster; above 0: those that start higher do; else not told from none. It does not say that the spread shrinks: chance alone makes who was low by accident grow faster (see sigma_convergence). half_life: years in which half of a distance is made up",
    variant: "Absolute convergence from the first to the last year; the years between are not used. Yearly growth as a difference of logarithms. HC3 standard errors, p by Student's t with n - 2 degrees of freedom. speed is null where 1 + beta T <= 0, half_life where speed is not above 0. Cities without a value above zero in both years are left out. With --group also within each group (clubs), of three cities or more",
    reference: "Barro and Sala-i-Martin (1992), Journal of Political Economy 100, 223-251, doi:10.1086/261816; Baumol (1986), American Economic Review 76, 1072-1085; MacKinnon and White (1985), Journal of Econometrics 29, 305-325, doi:10.1016/0304-4076(85)90158-7",
    fields: &[
        Field::scalar("alpha", "constant"),
        Field::scalar("beta", "slope of yearly growth on the logarithm of the initial level"),
        Field::scalar("beta_se", "standard error of beta (HC3)"),
        Field::scalar("t", "t statistic of beta"),
        Field::scalar("p", "p value of beta"),
        Field::scalar("r2", "share of the variance of growth"),
        Field::scalar("speed", "speed of convergence a year"),
        Field::scalar("half_life", "years in which half of a distance is made up"),
        Field::scalar("n", "cities that take part"),
        Field::annotated(
            "growth",
            "yearly_growth",
            "year_grow",
            "yearly growth from the first to the last year, as a difference of logarithms",
        ),
        Field::table("clubs", "for each group its cities, and growth on the initial level within it"),
    ],
    matches: &[
        (
            "statsmodels",
            "OLS(log(y_T/y_0)/T, add_constant(log(y_0))).fit(cov_type='HC3', use_t=True): params, bse, pvalues, rsquared",
        ),
        (
            "REAT",
            "betaconv.ols(y0, t0, yT, tT) for alpha and beta; its lambda is -ln(1 + beta)/T, too small by about T",
        ),
    ],
};

/// [`beta_convergence()`] and [`convergence_clubs`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_panel(run, &ABOUT, |panel, outcome| fill(run, panel, outcome))
}

fn fill(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let levels = panel.levels();
    let [first, .., last] = levels.as_slice() else { return Ok(()) };
    let (cities, left_out) = complete(&[*first, *last], |y| y.is_finite() && y > 0.0);
    outcome.notes.extend(panel.left_out(run, "without a value above zero in the first and the last year", &left_out));
    outcome.footer = Some(format!(
        "n = {} cities with a value above zero in {} and {}; HC3 standard errors, Student's t with n - 2 degrees of freedom",
        cities.len(),
        first.0,
        last.0
    ));
    let result = beta_convergence(*first, *last)?;
    let numbers = [
        ("alpha", result.alpha),
        ("beta", result.beta),
        ("beta_se", result.beta_se),
        ("t", result.t),
        ("p", result.p),
        ("r2", result.r2),
        ("speed", result.speed),
        ("half_life", result.half_life),
        ("n", result.n as f64),
    ];
    outcome.scalars.extend(numbers);
    outcome.notes.extend(undefined(panel.name, &result));
    outcome.notes.push(finding(sentence(panel, &result, run.inference.alpha)));
    outcome.columns.push(("growth", Values::Numbers(result.growth)));
    if !run.groups.is_empty() {
        fill_clubs(run, panel.name, (*first, *last), outcome)?;
    }
    Ok(())
}

/// Why numbers are null.
/// The remark that there is no speed or half-life of a model of growth.
pub(super) fn no_speed(name: &str, speed: f64, half_life: f64) -> Option<Note> {
    let message = match (speed.is_nan(), half_life.is_nan()) {
        (true, _) => "no speed or half-life, since 1 + beta T is not above 0: the order of the cities turns over",
        (_, true) => "no half-life, since the speed of convergence is not above 0",
        _ => return None,
    };
    Some(Note::remark("undefined_number", format!("{name}: {message}")))
}

fn undefined(name: &str, result: &BetaConvergence) -> Vec<Note> {
    let mut notes: Vec<Note> = no_speed(name, result.speed, result.half_life).into_iter().collect();
    let mut remark = |message: &str| notes.push(Note::remark("undefined_number", format!("{name}: {message}")));
    if result.beta_se.is_nan() {
        remark("no standard error or p value: the line leaves nothing over, or a single city determines it");
    }
    if result.r2.is_nan() {
        remark("no R2, since all cities grow alike");
    }
    notes
}

/// The sentence to quote; its word is chosen by the p value and the threshold.
fn sentence(panel: &Panel, result: &BetaConvergence, alpha: f64) -> String {
    let (from, to) = panel.span();
    let word = match (result.p <= alpha, result.beta < 0.0) {
        (true, true) => "cities that started lower grew faster",
        (true, false) => "cities that started higher grew faster",
        (false, _) => "growth is not told from independent of the initial level",
    };
    let p = if result.p.is_nan() { "no p".to_owned() } else { format!("p = {}", short(result.p)) };
    let told = result.p <= alpha && result.half_life.is_finite();
    let half_life =
        if told { format!(", half of a distance made up in {} years", short(result.half_life)) } else { String::new() };
    format!(
        "{} {from} to {to}: {word} (beta {}, {p}, threshold {alpha}, n = {}){half_life}",
        panel.name,
        signed(result.beta, 4),
        result.n
    )
}

/// A year, and the value of every city in it.
type Level<'a> = (i32, &'a [f64]);

fn fill_clubs(run: &Run, name: &str, (first, last): (Level, Level), outcome: &mut Outcome) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut small: Vec<String> = Vec::new();
    for grouping in run.groups {
        for club in convergence_clubs(first, last, &grouping.groups)? {
            if club.convergence.is_none() {
                small.push(club.name.clone());
            }
            let of = |number: fn(&BetaConvergence) -> f64| cell(club.convergence.as_ref().map_or(f64::NAN, number));
            rows.push(vec![
                json!(grouping.name),
                json!(club.name),
                json!(club.n),
                of(|c| c.beta),
                of(|c| c.beta_se),
                of(|c| c.p),
                of(|c| c.speed),
            ]);
        }
        outcome.notes.extend(without_group(run, first.1, grouping, "in no club"));
    }
    if !small.is_empty() {
        let clubs = listed(&small);
        let message =
            format!("{name}: no line within {clubs}: fewer than {FEWEST} cities, or all start from the same value");
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    if rows.iter().any(|row| row[6].is_null() && !row[3].is_null()) {
        let message = format!("{name}: no speed within clubs where 1 + beta T is not above 0");
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    let columns = vec!["by", "group", "n", "beta", "se", "p", "speed"];
    outcome.tables.push(("clubs", TableOut { columns, rows }));
    Ok(())
}
