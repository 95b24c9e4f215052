//! Sigma convergence: whether the spread of a value among the cities shrinks over the years.

use serde_json::{Value, json};

use super::panel::{Panel, checked, complete, enough};
use super::regression::{Errors, Line, line};
use super::variation::{sample_factor, variation};
use crate::error::{Fault, Kind, Result};
use crate::measures::adapter::{cell, finding, printed, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, short};

/// Differences of a standard deviation of logarithms that are rounding.
const NOISE: f64 = 1e-13;
/// Durbin-Watson below which a trend's p value is said to be too small.
const BOUND_TOGETHER: f64 = 1.0;

/// How the spread moved; see [`sigma_convergence()`].
#[derive(Clone, Debug, PartialEq)]
pub struct SigmaConvergence {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// Each year, ascending.
    pub years: Vec<SigmaYear>,
    /// The trend of the standard deviation of logarithms, in its unit a year.
    pub trend: Trend,
    /// The trend of ln CV a year: the yearly relative change of the coefficient of variation; NaN where a CV is 0.
    pub log_cv_trend: Trend,
    /// The cities left out: without a value above zero, or without a population, in one of the years.
    pub left_out: Vec<usize>,
}

/// The spread in one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SigmaYear {
    /// The year.
    pub year: i32,
    /// The mean, in the unit of the values.
    pub mean: f64,
    /// Population standard deviation of the natural logarithms.
    pub sd_log: f64,
    /// Coefficient of variation, with the population standard deviation.
    pub cv: f64,
}

/// A straight line through the years by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Change a year.
    pub slope: f64,
    /// Its standard error; NaN, as t and p are, with two years or where the line leaves nothing over.
    pub se: f64,
    /// Its t statistic.
    pub t: f64,
    /// Its two-sided p value by Student's t with years less two degrees of freedom.
    pub p: f64,
    /// Durbin-Watson of the deviations in the order of the years, 0 to 4: 2 where successive ones do not go together.
    pub durbin_watson: f64,
}

/// The spread of a value among cities by year, and its trend. `levels` are years, ascending, each with one value for
/// every city, NaN where there is none; `population` has one column for each of them.
///
/// # Formula
///
/// σ_t = √(Σ_i p_i (ln y_it − Σ_j p_j ln y_jt)²), CV_t = √(Σ_i p_i (y_it − μ_t)²)/μ_t;
/// σ_t = a + b·t and ln CV_t = a′ + b′·t by least squares
///
/// where p_i is the city's share of the population in year t, 1/n without one. b < 0 is convergence. Only cities with a
/// value above zero in every year take part, so that no change of the spread comes from cities that come or go. The
/// standard error is the classical one; it takes the deviations of the years from the trend as independent, which
/// `durbin_watson` puts to the test. O(T n log n).
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, a negative population, fewer than two
/// cities.
///
/// # Source
///
/// Barro, R. J. and Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100, 223-251.
/// doi:10.1086/261816
///
/// ```
/// use agglo::measures::imbalance::sigma_convergence;
/// let levels: [(i32, &[f64]); 3] = [(2000, &[1.0, 4.0]), (2010, &[2.0, 4.0]), (2020, &[4.0, 5.0])];
/// let sigma = sigma_convergence(&levels, None)?;
/// assert!((sigma.years[0].sd_log - 2.0_f64.ln()).abs() < 1e-15);
/// assert!(sigma.trend.slope < 0.0);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn sigma_convergence(levels: &[(i32, &[f64])], population: Option<&[&[f64]]>) -> Result<SigmaConvergence> {
    let cities = checked(levels)?;
    let fits = |all: &[&[f64]]| all.len() == levels.len() && all.iter().all(|column| column.len() == cities);
    if !population.is_none_or(fits) {
        let message = "a population is needed for every year and city";
        return Err(Fault::new(Kind::Option, message).hint("give NaN where there is none").into());
    }
    let (with_value, _) = complete(levels, |y| y.is_finite() && y > 0.0);
    // A negative population stays, for it to be refused with its city.
    let people =
        |i: usize| population.is_none_or(|all| all.iter().all(|column| !column[i].is_nan() && column[i] != 0.0));
    let mut takes_part = vec![false; cities];
    with_value.into_iter().filter(|&i| people(i)).for_each(|i| takes_part[i] = true);
    let n = takes_part.iter().filter(|&&yes| yes).count();
    let what = if population.is_some() { "a value above zero and a population" } else { "a value above zero" };
    enough(n, 2, &format!("{what} in all years"))?;
    let year = |(at, &(year, y)): (usize, &(i32, &[f64]))| -> Result<SigmaYear> {
        let y: Vec<f64> = y.iter().zip(&takes_part).map(|(&y, &yes)| if yes { y } else { f64::NAN }).collect();
        let spread = variation(&y, population.map(|all| all[at]))?;
        Ok(SigmaYear { year, mean: spread.mean, sd_log: spread.sd_log, cv: spread.cv })
    };
    let years = levels.iter().enumerate().map(year).collect::<Result<Vec<SigmaYear>>>()?;
    let left_out = (0..cities).filter(|&i| !takes_part[i]).collect();
    let trend = Trend::through(&years, |year| year.sd_log);
    let log_cv_trend = Trend::through(&years, |year| libm::log(year.cv));
    Ok(SigmaConvergence { n, years, trend, log_cv_trend, left_out })
}

impl SigmaConvergence {
    /// The same with standard deviations that divide by n − 1 in place of n: those of the years, and the trend of sd_log with
    /// its error, times √(n/(n − 1)). t, p and the trend of ln CV stay. For cities that all count alike.
    #[must_use]
    pub fn with_sample_sd(mut self) -> Self {
        let factor = sample_factor(self.n);
        self.years.iter_mut().for_each(|year| (year.sd_log, year.cv) = (factor * year.sd_log, factor * year.cv));
        (self.trend.slope, self.trend.se) = (factor * self.trend.slope, factor * self.trend.se);
        self
    }
}

impl Trend {
    /// The trend of what `y` gives for each year; NaN where it is not finite in one of them.
    fn through(years: &[SigmaYear], y: impl Fn(&SigmaYear) -> f64) -> Self {
        let x: Vec<f64> = years.iter().map(|year| f64::from(year.year)).collect();
        let y: Vec<f64> = years.iter().map(y).collect();
        let defined = y.iter().all(|y| y.is_finite());
        match line(&x, &y, NOISE, Errors::Classical).filter(|_| defined) {
            Some(line) => Self {
                slope: line.slope,
                se: line.se,
                t: line.t,
                p: line.p,
                durbin_watson: if line.se.is_nan() { f64::NAN } else { durbin_watson(&line) },
            },
            None => Self { slope: f64::NAN, se: f64::NAN, t: f64::NAN, p: f64::NAN, durbin_watson: f64::NAN },
        }
    }
}

fn durbin_watson(line: &Line) -> f64 {
    let steps: f64 = line.deviations.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    steps / line.deviations.iter().map(|e| e * e).sum::<f64>()
}

static ABOUT: About = About {
    name: "sigma_convergence",
    family: Family::Imbalance,
    needs: Needs::ValueYears,
    title: "Sigma convergence",
    question: "Do the cities become more alike over the years?",
    formula: "sd_log_t = sqrt(sum_i p_i (ln y_it - sum_j p_j ln y_jt)^2); CV_t = sqrt(sum_i p_i (y_it - mu_t)^2)/mu_t; sd_log_t = a + slope t; ln CV_t = a' + cv_slope t",
    symbols: &[
        ("y_it", "value of city i in year t, above zero"),
        ("p_i", "share of city i in the population of the year; equal for all cities without one"),
        ("mu_t", "mean of year t, sum_i p_i y_it"),
        ("t", "the year"),
    ],
    reading: "slope below 0 with p up to the threshold: the cities converge; above 0: they diverge; else not told from no trend. cv_slope is the yearly relative change of the CV: -0.01 is one per cent less a year",
    variant: "Cities with a value above zero in every year, the same in all years. Population standard deviation, with --ddof 1 that of a sample where cities count alike; natural logarithms. Least squares on the year with the classical standard error, p by Student's t with years less two degrees of freedom: no p with two years. Successive years tend to go together; durbin_watson (2: they do not) says so, and the p value is then too small. Once with equal weights and, with --population, once weighted by the population of each year",
    reference: "Barro and Sala-i-Martin (1992), Journal of Political Economy 100, 223-251, doi:10.1086/261816; Durbin and Watson (1950), Biometrika 37, 409-428, doi:10.1093/biomet/37.3-4.409",
    fields: &[
        Field::scalar("slope", "change of the standard deviation of logarithms a year"),
        Field::scalar("slope_se", "of the slope of sd_log: standard error"),
        Field::scalar("slope_t", "of the slope of sd_log: t statistic"),
        Field::scalar("slope_p", "of the slope of sd_log: p value"),
        Field::scalar("durbin_watson", "Durbin-Watson of the deviations from the trend"),
        Field::scalar("cv_slope", "change of ln CV a year"),
        Field::scalar("cv_slope_se", "of the slope of ln CV: standard error"),
        Field::scalar("cv_slope_t", "of the slope of ln CV: t statistic"),
        Field::scalar("cv_slope_p", "of the slope of ln CV: p value"),
        Field::scalar("first", "standard deviation of logarithms in the first year"),
        Field::scalar("last", "standard deviation of logarithms in the last year"),
        Field::scalar("n", "cities that take part"),
        Field::table("years", "for each year the cities, mean, standard deviation of logarithms and CV"),
    ],
    matches: &[
        ("REAT", "sigmaconv(y1, t1, y2, t2, sigma.measure=\"sd\", sigma.log=TRUE) for first and last"),
        ("statsmodels", "OLS(sd_log, add_constant(year)).fit(); stats.stattools.durbin_watson(fit.resid)"),
    ],
};

/// [`sigma_convergence()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for panel in Panel::all(run) {
        let mut plain = panel.outcome(run, &ABOUT, |outcome| fill(run, &panel, None, outcome))?;
        let people: Vec<Option<&[f64]>> =
            panel.years.iter().map(|(_, y)| run.population_of(y).map(|p| p.values.as_slice())).collect();
        let without: Vec<String> = panel
            .years
            .iter()
            .zip(&people)
            .filter(|(_, p)| p.is_none())
            .map(|((year, _), _)| year.to_string())
            .collect();
        if !without.is_empty() && !run.population.is_empty() {
            let years = crate::note::listed(&without);
            let message = format!("{}: not weighted by population, which is not known of {years}", panel.name);
            plain.notes.push(Note::remark("not_run", message));
        }
        outcomes.push(plain);
        if let Some(people) = people.into_iter().collect::<Option<Vec<&[f64]>>>() {
            outcomes.push(panel.outcome(run, &ABOUT, |outcome| fill(run, &panel, Some(&people), outcome))?);
        }
    }
    Ok(outcomes)
}

fn fill(run: &Run, panel: &Panel, population: Option<&[&[f64]]>, outcome: &mut Outcome) -> Result<()> {
    if let (Some(_), Some(population)) = (population, run.population.first()) {
        outcome.options.insert("population".into(), population.name.as_str().into());
    }
    let mut result = sigma_convergence(&panel.levels(), population)?;
    let sample = run.imbalance.sample_sd && population.is_none();
    if sample {
        result = result.with_sample_sd();
        outcome.options.insert("ddof".into(), 1.into());
    }
    let end = |year: Option<&SigmaYear>| year.map_or(f64::NAN, |year| year.sd_log);
    let (first, last) = (end(result.years.first()), end(result.years.last()));
    outcome.scalars.extend([
        ("slope", result.trend.slope),
        ("slope_se", result.trend.se),
        ("slope_t", result.trend.t),
        ("slope_p", result.trend.p),
        ("durbin_watson", result.trend.durbin_watson),
        ("cv_slope", result.log_cv_trend.slope),
        ("cv_slope_se", result.log_cv_trend.se),
        ("cv_slope_t", result.log_cv_trend.t),
        ("cv_slope_p", result.log_cv_trend.p),
        ("first", first),
        ("last", last),
        ("n", result.n as f64),
    ]);
    outcome.tables.push(("years", table(&result)));
    let weights = if population.is_some() { "weighted by population" } else { "each city counts once" };
    let deviation = if sample { "standard deviation of a sample (n - 1)" } else { "population standard deviation" };
    outcome.footer = Some(format!(
        "n = {} cities with a value above zero in all years, {weights}; {deviation}, natural logarithms",
        result.n
    ));
    let what = if population.is_some() { "a value above zero and a population" } else { "a value above zero" };
    outcome.notes.extend(panel.left_out(run, &format!("without {what} in every year"), &result.left_out));
    outcome.notes.extend(undefined(panel.name, &result));
    outcome.notes.push(finding(sentence(panel, population.is_some(), &result, run.inference.alpha)));
    Ok(())
}

/// Why numbers are null, and when a p value is too small.
fn undefined(name: &str, result: &SigmaConvergence) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{name}: {message}")));
    if result.years.len() == 2 {
        remark("undefined_number", "two years give a slope, and no standard error or p value of it".to_owned());
    } else if result.trend.se.is_nan() {
        remark(
            "undefined_number",
            "the trend leaves nothing over, so that it has no standard error or p value".to_owned(),
        );
    }
    if result.log_cv_trend.slope.is_nan() {
        remark("undefined_number", "no trend of ln CV, since all cities are equal in one of the years".to_owned());
    }
    if result.trend.durbin_watson < BOUND_TOGETHER {
        let dw = printed(result.trend.durbin_watson, 2);
        remark(
            "bound_together",
            format!(
                "deviations from the trend go together in successive years (Durbin-Watson {dw}, below {BOUND_TOGETHER}), so that its p value is too small"
            ),
        );
    }
    notes
}

/// The sentence to quote; its word is chosen by the p value of the slope and the threshold.
fn sentence(panel: &Panel, weighted: bool, result: &SigmaConvergence, alpha: f64) -> String {
    let (from, to) = panel.span();
    let trend = &result.trend;
    let word = |trend: &Trend| match (trend.p <= alpha, trend.slope < 0.0) {
        _ if trend.p.is_nan() => "whether the cities converge or diverge cannot be tested",
        (true, true) => "the cities converge",
        (true, false) => "the cities diverge",
        (false, _) => "a trend is not told from none",
    };
    let cv = &result.log_cv_trend;
    let differs = !cv.p.is_nan() && word(cv) != word(trend);
    let of_cv = if differs { format!("; by the CV {} (p = {})", word(cv), short(cv.p)) } else { String::new() };
    let by = if weighted { ", weighted by population" } else { "" };
    let p = if trend.p.is_nan() { "no p".to_owned() } else { format!("p = {}", short(trend.p)) };
    let ends = [result.years.first(), result.years.last()].map(|year| year.map_or(f64::NAN, |year| year.sd_log));
    format!(
        "{} {from} to {to}{by}: {}: the standard deviation of logarithms changes by {} a year ({p}, threshold {alpha}), from {} to {}, n = {}{of_cv}",
        panel.name,
        word(trend),
        signed(trend.slope, 4),
        printed(ends[0], 3),
        printed(ends[1], 3),
        result.n
    )
}

fn table(result: &SigmaConvergence) -> TableOut {
    let row = |year: &SigmaYear| -> Vec<Value> {
        vec![json!(year.year), json!(result.n), cell(year.mean), cell(year.sd_log), cell(year.cv)]
    };
    TableOut { columns: vec!["year", "n", "mean", "sd_log", "cv"], rows: result.years.iter().map(row).collect() }
}
