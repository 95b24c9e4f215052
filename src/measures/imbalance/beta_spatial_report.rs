//! [`beta_spatial()`] in the registry.

use serde_json::{Value, json};

use super::beta_convergence::no_speed;
use super::beta_spatial::{BetaSpatial, SpatialConvergence, beta_spatial};
use super::growth::{dropped_notes, given};
use super::panel::Panel;
use super::panel_in_space::each_in_space;
use crate::error::Result;
use crate::measures::adapter::{cell, covariates_of, finding, printed, signed};
use crate::measures::radiation::spillover::tables;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::{Note, short};
use crate::weights::Weights;

static ABOUT: About = About {
    name: "beta_spatial",
    family: Family::Imbalance,
    needs: Needs::ValueYearsInSpace,
    title: "Beta convergence with neighbours",
    question: "Do cities that start poorer still grow faster once it is allowed for that neighbours grow alike?",
    formula: "g = ln(y_T/y_0)/T; ols: g = Xb + e; slx: g = Xb + WXt + e; sar: g = rho Wg + Xb + e; sdm: g = rho Wg + Xb + WXt + e; sem: g = Xb + u, u = lambda Wu + e; speed = -ln(1 + beta T)/T; half_life = ln 2/speed; speed_total = the same of the mean total impact, in sar beta/(1 - rho)",
    symbols: &[
        ("y_0, y_T", "value of each city in the first and the last year, above zero"),
        ("T", "years between them"),
        ("X", "a constant, ln y_0 and the covariates at the start of the period, where some are given"),
        ("W", "weights of the neighbours"),
        ("beta", "coefficient of ln y_0"),
        ("rho, lambda", "how strongly growth, or what is left of it, follows that of the neighbours"),
    ],
    reading: "diagnostics first: where neither lm_lag nor lm_error is significant, the residuals of ols show no sign of neighbours and its beta stands. lm_error (sem): beta of ols is right, its standard error is not; shocks run through neighbours. lm_lag (sar): growth itself spills over, beta of ols is biased, and beta of sar is the first round only: total is with what comes back. beta, p, speed, half_life of the scalars are those of the model pointed to",
    variant: "From the first to the last year, with the covariates of the first year, else those without a year, as they are. sar, sdm and sem by maximum likelihood with exact log-determinant (up to 1,000 cities; above that ols and slx alone, and the tests), standard errors by Fisher's information; ols and slx with HC3; p from the normal distribution, in ols too (beta_convergence takes Student's t). Moran's I of residuals with its moments under normality. The model pointed to: ols where neither of lm_lag and lm_error is significant, that of the one that is, and where both are that of the robust one that is, else of the larger (Anselin). AIC counts sigma2. Weights as in the run: rows that sum to 1 unless told. Cities without a value above zero in both years, without a covariate or then without a neighbour are left out, and weights transformed anew",
    reference: "Rey and Montouri (1999), Regional Studies 33, 143-156, doi:10.1080/00343409950122945; Anselin, Bera, Florax and Yoon (1996), Regional Science and Urban Economics 26, 77-104; Anselin (1988), Spatial Econometrics; Cliff and Ord (1981), Spatial Processes; LeSage and Pace (2009), Introduction to Spatial Econometrics",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("beta", "coefficient of ln y_0 in the model that the tests point to"),
        Field::scalar("beta_se", "standard error of beta in that model"),
        Field::scalar("p", "p value of beta in that model"),
        Field::scalar("speed", "speed of convergence a year by that model"),
        Field::scalar("half_life", "years in which half of a distance is made up by that model"),
        Field::scalar("beta_ols", "coefficient of ln y_0 without neighbours"),
        Field::scalar("beta_sar", "coefficient of ln y_0 with a spatial lag of growth"),
        Field::scalar("beta_sem", "coefficient of ln y_0 with a spatial error"),
        Field::scalar("rho", "rho of sar"),
        Field::scalar("rho_se", "standard error of rho"),
        Field::scalar("rho_p", "p value of rho"),
        Field::scalar("lambda_error", "lambda of sem"),
        Field::scalar("lambda_error_se", "standard error of lambda"),
        Field::scalar("lambda_error_p", "p value of lambda"),
        Field::scalar("moran_residuals", "Moran's I of the residuals of ols"),
        Field::scalar("moran_residuals_z", "z of Moran's I of the residuals under normality"),
        Field::scalar("moran_residuals_p", "two-sided p value of Moran's I of the residuals"),
        Field::scalar("lm_lag", "Lagrange multiplier of sar against ols"),
        Field::scalar("lm_lag_p", "p value of lm_lag"),
        Field::scalar("lm_error", "Lagrange multiplier of sem against ols"),
        Field::scalar("lm_error_p", "p value of lm_error"),
        Field::scalar("lm_lag_robust", "Lagrange multiplier of sar against ols, errors allowed for"),
        Field::scalar("lm_lag_robust_p", "p value of lm_lag_robust"),
        Field::scalar("lm_error_robust", "Lagrange multiplier of sem against ols, a lag allowed for"),
        Field::scalar("lm_error_robust_p", "p value of lm_error_robust"),
        Field::table(
            "models",
            "each model with beta, rho or lambda, log-likelihood, AIC, speed and half-life, by the total impact too",
        ),
        Field::table("diagnostics", "Moran's I of residuals, Lagrange multipliers, likelihood ratios"),
        Field::table("coefficients", "each coefficient of each model with standard error, z and p"),
        Field::table("impacts", "direct, indirect and total impact of each term with errors and 95 % intervals"),
    ],
    matches: &[
        (
            "spreg",
            "OLS(g, [ln y_0, x], w=w, spat_diag=True, moran=True): moran_res, lm_lag, lm_error, rlm_lag, rlm_error; ML_Lag and ML_Error(g, [ln y_0, x], w=w, method='full'), rho and lambda last among betas",
        ),
        (
            "spdep, spatialreg",
            "lm.morantest(alternative='two.sided'), lm.RStests; lagsarlm, errorsarlm(method='eigen')",
        ),
    ],
};

/// [`beta_spatial()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_in_space(run, &ABOUT, |panel, weights, outcome| fill(run, panel, weights, outcome))
}

fn fill(run: &Run, panel: &Panel, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let levels = panel.levels();
    let ([first, .., last], Some((_, start))) = (levels.as_slice(), panel.years.first()) else { return Ok(()) };
    let covariates = covariates_of(run, start, outcome);
    let named: Vec<(&str, &[f64])> = covariates.iter().map(|x| (x.name.as_str(), x.values.as_slice())).collect();
    let result = beta_spatial(*first, *last, &named, weights, run.inference.seed)?;
    let pointed = result.pointed(run.inference.alpha);
    if !result.covariates.is_empty() {
        let names = result.covariates.iter().map(|name| Value::from(name.as_str()));
        outcome.options.insert("covariates".into(), names.collect());
    }
    outcome.options.insert("pointed".into(), pointed.into());
    outcome.scalars = scalars(&result, pointed);
    outcome.tables = vec![
        ("models", models(&result)),
        ("diagnostics", tables::diagnostics(&result.regression)),
        ("coefficients", tables::coefficients(&result.regression)),
        ("impacts", tables::impacts(&result.regression)),
    ];
    for (why, cities) in [
        ("without a value above zero in the first and the last year", &result.left_out),
        ("without a value of a covariate", &result.without_covariate),
        ("without a neighbour that takes part", &result.isolates),
    ] {
        outcome.notes.extend(panel.left_out(run, why, cities));
    }
    dropped_notes(panel, &result.dropped, outcome);
    outcome.notes.extend(result.regression.notes.iter().cloned());
    outcome.notes.extend(undefined_numbers(panel, &result, pointed));
    outcome.notes.push(finding(diagnosis(panel, &result, weights, run.inference.alpha)));
    outcome.notes.push(finding(verdict(panel, &result, weights, run.inference.alpha)));
    outcome.footer = Some(footer(run, panel, &result, weights));
    Ok(())
}

fn scalars(result: &BetaSpatial, pointed: &str) -> Vec<(&'static str, f64)> {
    let of = |model: &str, number: fn(&SpatialConvergence) -> f64| result.model(model).map_or(f64::NAN, number);
    let test = |name: &str| result.test(name).map_or([f64::NAN; 3], |test| [test.value, test.statistic, test.p]);
    let [moran, z, moran_p] = test("moran_residuals");
    let [[_, lag, lag_p], [_, error, error_p]] = ["lm_lag", "lm_error"].map(test);
    let [[_, lag_robust, lag_robust_p], [_, error_robust, error_robust_p]] =
        ["lm_lag_robust", "lm_error_robust"].map(test);
    vec![
        ("n", result.regression.places.len() as f64),
        ("beta", of(pointed, |of| of.beta)),
        ("beta_se", of(pointed, |of| of.beta_se)),
        ("p", of(pointed, |of| of.p)),
        ("speed", of(pointed, |of| of.speed)),
        ("half_life", of(pointed, |of| of.half_life)),
        ("beta_ols", of("ols", |of| of.beta)),
        ("beta_sar", of("sar", |of| of.beta)),
        ("beta_sem", of("sem", |of| of.beta)),
        ("rho", of("sar", |of| of.rho)),
        ("rho_se", of("sar", |of| of.rho_se)),
        ("rho_p", of("sar", |of| of.rho_p)),
        ("lambda_error", of("sem", |of| of.rho)),
        ("lambda_error_se", of("sem", |of| of.rho_se)),
        ("lambda_error_p", of("sem", |of| of.rho_p)),
        ("moran_residuals", moran),
        ("moran_residuals_z", z),
        ("moran_residuals_p", moran_p),
        ("lm_lag", lag),
        ("lm_lag_p", lag_p),
        ("lm_error", error),
        ("lm_error_p", error_p),
        ("lm_lag_robust", lag_robust),
        ("lm_lag_robust_p", lag_robust_p),
        ("lm_error_robust", error_robust),
        ("lm_error_robust_p", error_robust_p),
    ]
}

fn models(result: &BetaSpatial) -> TableOut {
    let row = |(of, fit): (&SpatialConvergence, &crate::measures::radiation::Fit)| -> Vec<Value> {
        let numbers = [
            of.beta,
            of.beta_se,
            of.p,
            of.rho,
            of.rho_se,
            of.rho_p,
            fit.loglik,
            fit.aic,
            of.speed,
            of.half_life,
            of.total,
            of.speed_total,
            of.half_life_total,
        ];
        std::iter::once(json!(of.model)).chain(numbers.map(cell)).collect()
    };
    TableOut {
        columns: vec![
            "model",
            "beta",
            "beta_se",
            "p",
            "rho_or_lambda",
            "rho_or_lambda_se",
            "rho_or_lambda_p",
            "loglik",
            "aic",
            "speed",
            "half_life",
            "beta_total",
            "speed_total",
            "half_life_total",
        ],
        rows: result.models.iter().zip(&result.regression.fits).map(row).collect(),
    }
}

/// Why numbers of the model pointed to, or cells of the table, are null.
fn undefined_numbers(panel: &Panel, result: &BetaSpatial, pointed: &str) -> Vec<Note> {
    let remark = |message: String| Note::remark("undefined_number", format!("{}: {message}", panel.name));
    let Some(of) = result.model(pointed) else {
        let message =
            format!("no beta, p, speed or half_life, since the tests point to {pointed}, which is not fitted");
        return vec![remark(message)];
    };
    let mut notes: Vec<Note> = no_speed(panel.name, of.speed, of.half_life).into_iter().collect();
    let others = result.models.iter().filter(|other| other.model != pointed || !other.half_life.is_nan());
    let turned: Vec<&str> =
        others.filter(|of| of.half_life.is_nan() || of.half_life_total.is_nan()).map(|of| of.model).collect();
    if !turned.is_empty() {
        let message = "no half-life where the speed is not above 0, and no speed where 1 + beta T is not above 0";
        notes.push(remark(format!("{message}, by beta or by beta_total: {}", turned.join(", "))));
    }
    notes
}

/// Which model the tests point to, with the numbers of the rule.
fn diagnosis(panel: &Panel, result: &BetaSpatial, weights: &Weights, alpha: f64) -> String {
    let (from, to) = panel.span();
    let p = |name: &str| result.test(name).map_or(f64::NAN, |test| test.p);
    let [lag, error, lag_robust, error_robust] = ["lm_lag", "lm_error", "lm_lag_robust", "lm_error_robust"].map(p);
    let moran = result.test("moran_residuals");
    let (value, z, moran_p) = moran.map_or((f64::NAN, f64::NAN, f64::NAN), |of| (of.value, of.statistic, of.p));
    let word = match (moran_p <= alpha, z > 0.0) {
        (true, true) => "is clustered in space",
        (true, false) => "alternates in space",
        (false, _) => "is not told from random in space",
    };
    let robust = match lag <= alpha && error <= alpha {
        true => format!(", robust {} and {}", p_of(lag_robust), p_of(error_robust)),
        false => String::new(),
    };
    let model = match result.pointed(alpha) {
        "sar" => "the tests point to a spatial lag of growth (sar)",
        "sem" => "the tests point to a spatial error (sem)",
        _ => "the tests point to no model with neighbours (ols stands)",
    };
    let best = &result.regression.fits[result.regression.best];
    format!(
        "{} {from} to {to} ({}): growth that the initial level leaves over {word} (Moran's I of the residuals of ols {}, p {}); {model}: p {} (lm_lag) and {} (lm_error){robust}, threshold {alpha}; the least AIC has {} ({})",
        panel.name,
        weights.label(),
        signed(value, 3),
        p_of(moran_p),
        p_of(lag),
        p_of(error),
        best.model,
        printed(best.aic, 1)
    )
}

/// Whether convergence remains once neighbours are allowed for.
fn verdict(panel: &Panel, result: &BetaSpatial, weights: &Weights, alpha: f64) -> String {
    let (from, to) = panel.span();
    let head = format!("{} {from} to {to} ({}){}", panel.name, weights.label(), given(&result.covariates));
    let numbers = |of: &SpatialConvergence| {
        let half_life = match of.half_life.is_finite() && of.p <= alpha {
            true => format!(", half of a distance made up in {} years", short(of.half_life)),
            false => String::new(),
        };
        format!("beta {} in {} (p {}{half_life})", signed(of.beta, 4), of.model, p_of(of.p))
    };
    let tail = format!("threshold {alpha}, n = {}", result.regression.places.len());
    let converges = |of: &SpatialConvergence| of.beta < 0.0 && of.p <= alpha;
    let Some(ols) = result.model("ols") else { return head };
    let pointed = result.pointed(alpha);
    match result.model(pointed) {
        None => format!(
            "{head}: the data do not say whether convergence remains once space is taken into account, since {pointed} is not fitted; {}; {tail}",
            numbers(ols)
        ),
        Some(of) if of.model == "ols" => {
            let word = if converges(ols) { "convergence stands" } else { "no convergence is told" };
            format!("{head}: {word}, and neighbours give no reason for another model: {}; {tail}", numbers(ols))
        }
        Some(of) => {
            let word = match (converges(ols), converges(of)) {
                (true, true) => "convergence remains once space is taken into account",
                (true, false) => "convergence is no longer told once space is taken into account",
                (false, true) => "convergence is told only once space is taken into account",
                (false, false) => "no convergence is told, with space taken into account or without",
            };
            format!("{head}: {word}: {}, {}; {tail}", numbers(ols), numbers(of))
        }
    }
}

fn p_of(p: f64) -> String {
    if p.is_nan() { "undefined".to_owned() } else { short(p) }
}

fn footer(run: &Run, panel: &Panel, result: &BetaSpatial, weights: &Weights) -> String {
    let (from, to) = panel.span();
    let (n, sum) = (result.regression.places.len(), result.regression.mean_row_sum);
    let sums = match (sum - 1.0).abs() < 1e-9 {
        true => "rows sum to 1".to_owned(),
        false => format!("rows sum to {} on average", printed(sum, 4)),
    };
    let determinant = match result.regression.determinant {
        Some(how) => format!("; log |I - rho W| exact {how}"),
        None => String::new(),
    };
    format!(
        "n = {n} cities with a value above zero in {from} and {to} and a neighbour; weights {} ({}), {sums}{determinant}; ols and slx with HC3, the others by maximum likelihood, p from the normal distribution; errors of impacts by 1,000 draws (seed {})",
        weights.label(),
        weights.transform().name(),
        run.inference.seed,
    )
}
