//! [`spillover()`] in the registry.

use serde_json::Value;

use super::{Spillover, spillover, tables};
use crate::error::Result;
use crate::inference::{Alternative, normal_p};
use crate::measures::adapter::{covariates_of, finding, fits, printed};
use crate::measures::autocorrelation::adapter::each_variable;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run};
use crate::note::{Note, listed_by, short};
use crate::study::Variable;
use crate::weights::Weights;

static ABOUT: About = About {
    name: "spillover",
    family: Family::Radiation,
    needs: Needs::Covariates,
    title: "Spillover",
    question: "If a covariate rises by one unit in one city, what does that come to there, in all other cities, and in each of them?",
    formula: "ols: y = Xb + e; slx: y = Xb + WXt + e; sar: y = rho Wy + Xb + e; sdm: y = rho Wy + Xb + WXt + e; sem: y = Xb + u, u = lambda Wu + e; S_k(W) = (I - rho W)^-1 (b_k I + t_k W); direct = tr S_k/n; total = 1'S_k 1/n; indirect = total - direct",
    symbols: &[
        ("y", "the value"),
        ("X", "a constant and the covariates; the constant has no lag"),
        ("W", "weights of the neighbours, from space or from links"),
        ("rho, lambda", "how strongly the value, or what is not explained, follows that of the neighbours"),
        ("b_k, t_k", "coefficients of covariate k, and of the same among the neighbours"),
        ("S_k(W)", "n x n: effect of one unit of covariate k in the column's city on the value of the row's city"),
        ("n", "number of cities that take part"),
    ],
    reading: "direct: mean effect on the city itself, with what comes back to it; indirect: on all others together (the spillover); total: both. A coefficient of sar or sdm is none of them. Models are compared by AIC (less is better) and by the tests of diagnostics; where neither lm_lag nor lm_error is significant, there is no sign that neighbours matter. Without an experiment none of this shows a cause",
    variant: "Values as they are: for elasticities take logarithms before. Cities without a value, or then without a neighbour, take no part, and weights are transformed anew. ols and slx with standard errors HC3, the others by maximum likelihood with exact log-determinant (up to 3,000 cities) and Fisher's information; p from the normal distribution. rho within the inverse eigenvalues of W, or of weights not symmetric before their transform within +-1/largest eigenvalue. AIC counts sigma2. Direct impacts by the full trace, not by b alone. Indirect impact of slx: t sum(W)/n. Standard errors of impacts by 1,000 draws, exactly in ols and slx",
    reference: "Ord (1975), Journal of the American Statistical Association 70, 120-126; Anselin (1988), Spatial Econometrics; Anselin, Bera, Florax and Yoon (1996), Regional Science and Urban Economics 26, 77-104; LeSage and Pace (2009), Introduction to Spatial Econometrics",
    fields: &[
        Field::scalar("n", "cities that take part"),
        Field::scalar("rho", "rho of sar"),
        Field::scalar("rho_se", "its standard error"),
        Field::scalar("rho_p", "p value of the likelihood ratio of sar against ols, rho = 0"),
        Field::scalar("loglik_ols", "log-likelihood of ols"),
        Field::scalar("loglik_slx", "log-likelihood of slx"),
        Field::scalar("loglik_sar", "log-likelihood of sar"),
        Field::scalar("loglik_sdm", "log-likelihood of sdm"),
        Field::scalar("loglik_sem", "log-likelihood of sem"),
        Field::scalar("lr_sdm_sar", "likelihood ratio of sdm against sar"),
        Field::scalar("lr_sdm_sar_p", "its p value"),
        Field::scalar("lr_sdm_slx", "likelihood ratio of sdm against slx"),
        Field::scalar("lr_sdm_slx_p", "its p value"),
        Field::scalar("lr_sdm_sem", "likelihood ratio of sdm against sem, the common factor"),
        Field::scalar("lr_sdm_sem_p", "its p value"),
        Field::scalar("moran_residuals", "Moran's I of the residuals of ols"),
        Field::scalar("moran_residuals_p", "its p value"),
        Field::table("models", "each model with rho or lambda, log-likelihood, AIC, sigma2, pseudo R2"),
        Field::table("coefficients", "each coefficient with standard error, z and p"),
        Field::table("impacts", "direct, indirect and total impact of each covariate with errors and 95 % intervals"),
        Field::table("diagnostics", "Moran's I of residuals, Lagrange multipliers, likelihood ratios"),
        Field::table(
            "core_impacts",
            "what one unit more in a core comes to there and in the periphery together, and who receives most",
        ),
        Field::matrix(
            "spill",
            "effect of one unit more of the first covariate in each core (columns) on each city (rows)",
        ),
    ],
    matches: &[
        (
            "spatialreg",
            "lagsarlm(f, listw=lw, method='eigen', Durbin=TRUE for sdm), errorsarlm, lmSLX; impacts(fit, listw=lw); lm.RStests",
        ),
        (
            "spreg",
            "ML_Lag(y, x, w, slx_lags=1 for sdm, method='full'), ML_Error, OLS(slx_lags=1 for slx; spat_diag=True, moran=True); spat_impacts='full' of sar (of sdm it leaves theta out of the direct impact)",
        ),
    ],
};

/// [`spillover()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_variable(run, &ABOUT, |variable, weights, outcome| fill(run, variable, weights, outcome))
}

fn fill(run: &Run, variable: &Variable, weights: &Weights, outcome: &mut Outcome) -> Result<()> {
    let covariates = covariates_of(run, variable, outcome);
    if covariates.is_empty() {
        return Err(super::undefined("no covariate has values in this year"));
    }
    let named: Vec<(&str, &[f64])> = covariates.iter().map(|x| (x.name.as_str(), x.values.as_slice())).collect();
    let cores = run.cores.map_or(&[][..], |cores| &cores.places);
    let result = spillover(&variable.values, &named, weights, cores, run.inference.seed)?;
    outcome.options.insert("covariates".into(), named.iter().map(|(name, _)| Value::from(*name)).collect());
    outcome.options.insert("best".into(), Value::from(result.fits[result.best].model));
    outcome.scalars = scalars(&result);
    outcome.tables = vec![
        ("models", tables::models(&result)),
        ("coefficients", tables::coefficients(&result)),
        ("impacts", tables::impacts(&result)),
        ("diagnostics", tables::diagnostics(&result)),
    ];
    outcome.notes.extend(left_out(run, &result));
    outcome.notes.extend(result.notes.iter().cloned());
    if !result.core_impacts.is_empty() {
        outcome.tables.push(("core_impacts", tables::core_impacts(run, &result)));
        if fits("the spill of the cores", run.cities.len(), cores.len(), outcome) {
            outcome.matrices.push(("spill", tables::spill(run, &result, named[0].0)));
        }
    }
    outcome.notes.extend(findings(run, variable, &result).into_iter().map(finding));
    outcome.footer = Some(footer(run, weights, &result));
    Ok(())
}

fn scalars(result: &Spillover) -> Vec<(&'static str, f64)> {
    let loglik = |model: &str| result.fit(model).map_or(f64::NAN, |fit| fit.loglik);
    let test = |name: &str| result.diagnostics.iter().find(|test| test.test == name);
    let statistic = |name: &str| test(name).map_or(f64::NAN, |test| test.statistic);
    let p = |name: &str| test(name).map_or(f64::NAN, |test| test.p);
    let sar = result.fit("sar");
    vec![
        ("n", result.places.len() as f64),
        ("rho", sar.map_or(f64::NAN, |fit| fit.rho)),
        ("rho_se", sar.map_or(f64::NAN, super::Fit::rho_se)),
        ("rho_p", p("lr_sar_ols")),
        ("loglik_ols", loglik("ols")),
        ("loglik_slx", loglik("slx")),
        ("loglik_sar", loglik("sar")),
        ("loglik_sdm", loglik("sdm")),
        ("loglik_sem", loglik("sem")),
        ("lr_sdm_sar", statistic("lr_sdm_sar")),
        ("lr_sdm_sar_p", p("lr_sdm_sar")),
        ("lr_sdm_slx", statistic("lr_sdm_slx")),
        ("lr_sdm_slx_p", p("lr_sdm_slx")),
        ("lr_sdm_sem", statistic("lr_sdm_sem")),
        ("lr_sdm_sem_p", p("lr_sdm_sem")),
        ("moran_residuals", test("moran_residuals").map_or(f64::NAN, |test| test.value)),
        ("moran_residuals_p", p("moran_residuals")),
    ]
}

fn left_out(run: &Run, result: &Spillover) -> Option<Note> {
    let out: Vec<usize> = (0..run.cities.len()).filter(|i| result.places.binary_search(i).is_err()).collect();
    let message = format!(
        "left out for want of a value, a covariate or a neighbour: {}",
        listed_by(&out, |&i| run.cities.label(i))
    );
    let note = || Note::warning("left_out", message).about(out.iter().map(|&i| &run.cities.ids[i]));
    (!out.is_empty()).then(note)
}

fn findings(run: &Run, variable: &Variable, result: &Spillover) -> Vec<String> {
    let (alpha, n, best) = (run.inference.alpha, result.places.len(), &result.fits[result.best]);
    let p = |name: &str| result.diagnostics.iter().find(|test| test.test == name).map_or(f64::NAN, |test| test.p);
    let (lag, error) = (p("lm_lag"), p("lm_error"));
    let weights = run.weights.first().map_or("", |weights| weights.label());
    let told = lag <= alpha || error <= alpha;
    let sign = match told {
        true => "there are signs that neighbours matter",
        false => "there is no sign that neighbours matter, and an impact on them should not be quoted",
    };
    let mut sentences = vec![format!(
        "{sign} for {} ({weights}): p {lag:.3} (lm_lag) and {error:.3} (lm_error) of the residuals of ols, threshold {alpha}; the least AIC has {} ({}, {n} cities)",
        variable.label(),
        best.model,
        printed(best.aic, 1)
    )];
    let spilling = |impact: &&super::Impact| told && impact.model == best.model && impact.model != "ols";
    sentences.extend(result.impacts.iter().filter(spilling).take(2).map(|impact| {
        let [_, [_, low, high], _] = impact.errors;
        let says = match low > 0.0 || high < 0.0 {
            true => "a spillover that is told from none",
            false => "not told from none",
        };
        format!(
            "one unit more of {} goes with {} of {} in the city itself and {} in all others together (95 % from {} to {}: {says}; model {}, {weights})",
            impact.term,
            short(impact.direct),
            variable.label(),
            short(impact.indirect),
            short(low),
            short(high),
            impact.model
        )
    }));
    let sums_to_one = (result.mean_row_sum - 1.0).abs() <= 1e-9;
    if told && sums_to_one && !best.rho_se().is_nan() && best.model != "sem" {
        let p = normal_p(best.rho / best.rho_se(), Alternative::TwoSided);
        sentences.push(format!(
            "rho of {} ({weights}) is {:.3} (standard error {:.3}, p {p:.3}): a change is multiplied by {:.2} where rows of the weights sum to 1",
            best.model,
            best.rho,
            best.rho_se(),
            1.0 / (1.0 - best.rho)
        ));
    }
    sentences
}

fn footer(run: &Run, weights: &Weights, result: &Spillover) -> String {
    let determinant = match result.determinant {
        Some(how) => {
            format!("; log |I - rho W| exact {how}, rho between {:.3} and {:.3}", result.range.0, result.range.1)
        }
        None => String::new(),
    };
    let sums = match (result.mean_row_sum - 1.0).abs() < 1e-9 {
        true => "rows of the weights sum to 1".to_owned(),
        false => format!(
            "rows of the weights sum to {} on average, by which the indirect impact of slx is multiplied",
            printed(result.mean_row_sum, 4)
        ),
    };
    let cores = run.cores.map_or(String::new(), |cores| format!("; cores: {}", cores.how));
    format!(
        "n = {}, weights {} ({}); {sums}{determinant}; values as they are; impacts by the full trace, errors by 1,000 draws (seed {}){cores}",
        result.places.len(),
        weights.label(),
        weights.transform().name(),
        run.inference.seed
    )
}
