//! [`beta_conditional()`] in the registry.

use serde_json::{Value, json};

use super::beta_conditional::{BetaConditional, beta_conditional};
use super::beta_convergence::no_speed;
use super::growth::{INITIAL, dropped_notes, given, undefined};
use super::panel::{Panel, each_panel};
use crate::error::Result;
use crate::measures::adapter::{cell, covariates_of, finding, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed, short};

/// Cities for each slope below which little is told.
const FEW: usize = 10;
/// Variance inflation from which on terms are hard to tell apart.
const INFLATED: f64 = 10.0;

static ABOUT: About = About {
    name: "beta_conditional",
    family: Family::Imbalance,
    needs: Needs::GrowthCovariates,
    title: "Conditional beta convergence",
    question: "Among cities alike in schooling, industry or whatever else is given, do those that start poorer grow faster?",
    formula: "ln(y_iT/y_i0)/T = alpha + beta ln y_i0 + sum_k c_k x_ik; speed = -ln(1 + beta T)/T; half_life = ln 2/speed; vif = 1/(1 - R2 by the other terms)",
    symbols: &[
        ("y_i0, y_iT", "value of city i in the first and the last year, above zero"),
        ("T", "years between them"),
        ("x_ik", "covariate k of city i at the start of the period, as it is"),
        (
            "beta",
            "by how much yearly growth is higher where the initial level is higher by 1 in logarithms, the covariates alike",
        ),
        ("c_k", "by how much yearly growth is higher where covariate k is higher by 1, all else alike"),
    ],
    reading: "beta below 0 with p up to the threshold: a city grows the faster the further it is below its own path, which the covariates set; paths may stay apart, so that this does not say that cities approach each other. beta_absolute beside it is without covariates, on the same cities: where only beta tells, cities converge to paths of their own. A vif above 10: the term can hardly be told from the others. Without an experiment no coefficient shows a cause",
    variant: "From the first to the last year; covariates of the first year, else those without a year, as they are: take logarithms before where wanted. Yearly growth as a difference of logarithms. beta_se, t and p of the scalars are HC3, as those of beta_convergence; the table has classical ones beside them; p by Student's t with n - k degrees of freedom. Covariates that are constant or sums of terms before them are left out and named. Cities without a value above zero in both years or without a covariate are left out. speed is null where 1 + beta T <= 0, half_life where speed is not above 0",
    reference: "Barro and Sala-i-Martin (1992), Journal of Political Economy 100, 223-251, doi:10.1086/261816; Mankiw, Romer and Weil (1992), Quarterly Journal of Economics 107, 407-437, doi:10.2307/2118477; MacKinnon and White (1985), Journal of Econometrics 29, 305-325, doi:10.1016/0304-4076(85)90158-7",
    fields: &[
        Field::scalar("alpha", "constant"),
        Field::scalar("beta", "slope of yearly growth on the logarithm of the initial level, given the covariates"),
        Field::scalar("beta_se", "standard error of beta (HC3)"),
        Field::scalar("t", "t statistic of beta"),
        Field::scalar("p", "p value of beta"),
        Field::scalar("r2", "share of the variance of growth"),
        Field::scalar("r2_adjusted", "share of the variance of growth, corrected for the number of terms"),
        Field::scalar("speed", "speed of convergence a year"),
        Field::scalar("half_life", "years in which half of the distance from a city's own path is made up"),
        Field::scalar("n", "cities that take part"),
        Field::scalar("beta_absolute", "beta without covariates, of the same cities"),
        Field::scalar("beta_absolute_se", "standard error of beta without covariates (HC3)"),
        Field::scalar("p_absolute", "p value of beta without covariates"),
        Field::scalar("r2_absolute", "share of the variance of growth without covariates"),
        Field::scalar("speed_absolute", "speed of convergence without covariates"),
        Field::annotated(
            "residual",
            "growth_unexplained",
            "grow_resid",
            "yearly growth less what initial level and covariates explain",
        ),
        Field::table(
            "coefficients",
            "each term with classical and HC3 standard errors, standardised coefficient and variance inflation",
        ),
    ],
    matches: &[
        (
            "statsmodels",
            "OLS(log(y_T/y_0)/T, add_constant([log(y_0), x])).fit() for se, t, p; .fit(cov_type='HC3', use_t=True) for se_robust, p_robust; variance_inflation_factor",
        ),
        ("R", "lm(log(yT/y0)/T ~ log(y0) + x); sandwich::vcovHC(type = 'HC3'); car::vif"),
    ],
};

/// [`beta_conditional()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_panel(run, &ABOUT, |panel, outcome| fill(run, panel, outcome))
}

fn fill(run: &Run, panel: &Panel, outcome: &mut Outcome) -> Result<()> {
    let levels = panel.levels();
    let ([first, .., last], Some((_, start))) = (levels.as_slice(), panel.years.first()) else { return Ok(()) };
    let covariates = covariates_of(run, start, outcome);
    if covariates.is_empty() {
        return Err(undefined(format!("no covariate has values in {} or without a year", first.0)));
    }
    let named: Vec<(&str, &[f64])> = covariates.iter().map(|x| (x.name.as_str(), x.values.as_slice())).collect();
    let result = beta_conditional(*first, *last, &named)?;
    let used = result.covariates();
    outcome.options.insert("covariates".into(), used.iter().map(|name| Value::from(name.as_str())).collect());
    outcome.scalars = scalars(&result);
    outcome.notes.extend(panel.left_out(
        run,
        "without a value above zero in the first and the last year",
        &result.left_out,
    ));
    outcome.notes.extend(panel.left_out(run, "without a value of a covariate", &result.without_covariate));
    dropped_notes(panel, &result.dropped, outcome);
    outcome.notes.extend(notes(panel, &result));
    outcome.notes.extend(findings(panel, &result, run.inference.alpha).into_iter().map(finding));
    outcome.tables.push(("coefficients", coefficients(&result)));
    outcome.footer = Some(format!(
        "n = {} cities with a value above zero in {} and {} and all covariates; covariates of {} as they are; classical and HC3 standard errors, Student's t with {} degrees of freedom",
        result.n,
        first.0,
        last.0,
        first.0,
        result.n - result.terms.len(),
    ));
    outcome.columns.push(("residual", Values::Numbers(result.residuals)));
    Ok(())
}

fn scalars(result: &BetaConditional) -> Vec<(&'static str, f64)> {
    let (beta, absolute) = (result.initial(), &result.absolute);
    vec![
        ("alpha", result.terms[0].estimate),
        ("beta", beta.estimate),
        ("beta_se", beta.se_robust),
        ("t", beta.estimate / beta.se_robust),
        ("p", beta.p_robust),
        ("r2", result.r2),
        ("r2_adjusted", result.r2_adjusted),
        ("speed", result.speed),
        ("half_life", result.half_life),
        ("n", result.n as f64),
        ("beta_absolute", absolute.beta),
        ("beta_absolute_se", absolute.beta_se),
        ("p_absolute", absolute.p),
        ("r2_absolute", absolute.r2),
        ("speed_absolute", absolute.speed),
    ]
}

fn coefficients(result: &BetaConditional) -> TableOut {
    let row = |of: &super::GrowthTerm| -> Vec<Value> {
        let numbers = [of.estimate, of.se, of.t, of.p, of.se_robust, of.p_robust, of.standardised, of.vif];
        std::iter::once(json!(of.term)).chain(numbers.map(cell)).collect()
    };
    TableOut {
        columns: vec!["term", "estimate", "se", "t", "p", "se_robust", "p_robust", "standardised", "vif"],
        rows: result.terms.iter().map(row).collect(),
    }
}

/// Why numbers are null, and what makes others weak.
fn notes(panel: &Panel, result: &BetaConditional) -> Vec<Note> {
    let mut notes: Vec<Note> = no_speed(panel.name, result.speed, result.half_life).into_iter().collect();
    let mut remark = |code, message: String| notes.push(Note::remark(code, format!("{}: {message}", panel.name)));
    let (slopes, beta) = (result.terms.len() - 1, result.initial());
    if beta.se.is_nan() {
        remark("undefined_number", "no standard errors or p values: the regression leaves nothing over".to_owned());
    } else if beta.se_robust.is_nan() {
        let message = "no robust standard errors: one city alone decides about a coefficient";
        remark("undefined_number", message.to_owned());
    }
    if result.r2.is_nan() {
        remark("undefined_number", "no R2, since all cities grow alike".to_owned());
    }
    if result.absolute.beta_se.is_nan() {
        remark("undefined_number", "no standard error of beta without covariates".to_owned());
    }
    if result.absolute.speed.is_nan() && !result.speed.is_nan() {
        remark("undefined_number", "no speed without covariates, since 1 + beta T is not above 0".to_owned());
    }
    if result.n < FEW * slopes {
        let message =
            format!("{} cities for {slopes} slopes: with fewer than {FEW} for each, little is told", result.n);
        remark("few_cities", message);
    }
    let inflated = result.terms.iter().filter(|term| term.vif > INFLATED);
    let inflated: Vec<String> = inflated.map(|term| format!("{} ({})", term.term, short(term.vif))).collect();
    if !inflated.is_empty() {
        let message =
            format!("variance inflation above {INFLATED}, hard to tell from the other terms: {}", listed(&inflated));
        remark("collinear", message);
    }
    notes
}

/// The sentences to quote; their words are chosen by the p values and the threshold.
fn findings(panel: &Panel, result: &BetaConditional, alpha: f64) -> Vec<String> {
    let (from, to) = panel.span();
    let (beta, absolute, names) = (result.initial(), &result.absolute, result.covariates());
    let word = match (beta.p_robust <= alpha, beta.estimate < 0.0) {
        (true, true) => "cities that started lower grew faster",
        (true, false) => "cities that started higher grew faster",
        (false, _) => "growth is not told from independent of the initial level",
    };
    let half_life = match beta.p_robust <= alpha && result.half_life.is_finite() {
        true => format!(", half of the distance from the own path made up in {} years", short(result.half_life)),
        false => String::new(),
    };
    let mut sentences = vec![format!(
        "{} {from} to {to}{}: {word} (beta {}, {}, threshold {alpha}, n = {}){half_life}; without covariates beta is {} ({}) on the same cities",
        panel.name,
        given(&names),
        signed(beta.estimate, 4),
        p_of(beta.p_robust),
        result.n,
        signed(absolute.beta, 4),
        p_of(absolute.p)
    )];
    let told = result.terms.iter().skip(2).filter(|term| term.p_robust <= alpha);
    let told: Vec<String> = told
        .map(|term| {
            format!("{} ({} standard deviations, {})", term.term, signed(term.standardised, 2), p_of(term.p_robust))
        })
        .collect();
    if !beta.p_robust.is_nan() {
        sentences.push(match told.as_slice() {
            [] => format!(
                "{} {from} to {to}: no covariate tells of growth beside {INITIAL} ({} tried, threshold {alpha})",
                panel.name,
                listed(&names)
            ),
            told => format!(
                "{} {from} to {to}: where it is higher by one standard deviation, all else alike, yearly growth differs with {} (threshold {alpha})",
                panel.name,
                listed(told)
            ),
        });
    }
    sentences
}

fn p_of(p: f64) -> String {
    if p.is_nan() { "no p".to_owned() } else { format!("p = {}", short(p)) }
}
