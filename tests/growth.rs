//! Conditional and spatial beta convergence: against statsmodels and spreg on the states of the USA
//! (`golden/growth_us.json` names the calls), and the laws that hold on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::imbalance::*;
use agglo::measures::{Outcome, Run, autocorrelation, measure};
use agglo::study::{Cities, Metric, Shapes, Variable};
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn near(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{got} for {want}");
}

struct States {
    first: Vec<f64>,
    last: Vec<f64>,
    south: Vec<f64>,
    longitude: Vec<f64>,
    weights: Weights,
    golden: Value,
}

fn states() -> States {
    let income: Value = serde_json::from_str(include_str!("golden/dynamics_us.json")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/growth_us.json")).unwrap();
    let row = |row: &Value| row.as_array().unwrap().iter().map(|j| (j.as_u64().unwrap() as u32, 1.0)).collect();
    let rows = golden["neighbours"].as_array().unwrap().iter().map(row).collect();
    States {
        first: numbers(&income["income"][0]),
        last: numbers(&income["income"][8]),
        south: numbers(&golden["south"]),
        longitude: numbers(&golden["longitude"]),
        weights: Weights::from_rows("queen", rows).transformed(Transform::Row),
        golden,
    }
}

impl States {
    fn spatial(&self, covariates: &[(&str, &[f64])]) -> BetaSpatial {
        beta_spatial((1929, &self.first), (2009, &self.last), covariates, &self.weights, 42).unwrap()
    }

    fn conditional(&self, covariates: &[(&str, &[f64])]) -> agglo::Result<BetaConditional> {
        beta_conditional((1929, &self.first), (2009, &self.last), covariates)
    }
}

#[test]
fn conditional_convergence_of_the_states_as_in_statsmodels() {
    let s = states();
    let result = s.conditional(&[("south", &s.south), ("longitude", &s.longitude)]).unwrap();
    let want = &s.golden["conditional"];
    for (at, of) in result.terms.iter().enumerate() {
        let got = [of.estimate, of.se, of.t, of.p, of.se_robust, of.p_robust];
        for (name, got) in ["estimate", "se", "t", "p", "se_robust", "p_robust"].into_iter().zip(got) {
            near(got, want[name][at].as_f64().unwrap(), 1e-9);
        }
    }
    for (at, term) in result.terms.iter().skip(1).enumerate() {
        near(term.vif, want["vif"][at].as_f64().unwrap(), 1e-9);
        near(term.standardised, want["standardised"][at].as_f64().unwrap(), 1e-9);
    }
    near(result.r2, want["r2"].as_f64().unwrap(), 1e-9);
    near(result.r2_adjusted, want["r2_adjusted"].as_f64().unwrap(), 1e-9);
    assert_eq!(result.absolute, beta_convergence((1929, &s.first), (2009, &s.last)).unwrap());
    near(result.speed, -(1.0 + 80.0 * result.initial().estimate).ln() / 80.0, 1e-12);
    near(result.half_life, 2.0_f64.ln() / result.speed, 1e-15);
}

#[test]
fn spatial_convergence_of_the_states_as_in_spreg() {
    let s = states();
    for (want, covariates) in [("absolute_spatial", &[][..]), ("conditional_spatial", &[("south", &s.south[..])][..])] {
        let (result, want) = (s.spatial(covariates), &s.golden[want]);
        let moran = result.test("moran_residuals").unwrap();
        [moran.value, moran.statistic, moran.p]
            .iter()
            .zip(numbers(&want["moran"]))
            .for_each(|(a, b)| near(*a, b, 1e-9));
        for test in ["lm_lag", "lm_error", "lm_lag_robust", "lm_error_robust"] {
            let got = result.test(test).unwrap();
            [got.statistic, got.p].iter().zip(numbers(&want[test])).for_each(|(a, b)| near(*a, b, 1e-8));
        }
        for model in ["ols", "sar", "sem"] {
            let (fit, want) = (result.regression.fit(model).unwrap(), &want[model]);
            // Their search for rho stops some 1e-6 from where the likelihood is highest.
            fit.estimates.iter().zip(numbers(&want["b"])).for_each(|(got, want)| near(*got, want, 2e-5));
            for (at, want) in want.get("se").map(numbers).into_iter().flatten().enumerate() {
                near(fit.se(at), want, 2e-5);
            }
            near(fit.loglik, want["loglik"].as_f64().unwrap(), 1e-9);
            let of = result.model(model).unwrap();
            if let Some(root) = want.get("rho_at_the_root").or(want.get("lambda_at_the_root")) {
                near(of.rho, root.as_f64().unwrap(), 1e-9);
            }
            assert_eq!((of.beta, of.beta_se), (fit.estimates[1], fit.se(1)));
        }
        assert_eq!(result.pointed(0.05), "sem");
        assert_eq!(result.pointed(0.001), "ols");
    }
}

#[test]
fn the_total_impact_of_the_lag_is_beta_over_one_less_rho() {
    let s = states();
    let result = s.spatial(&[]);
    let [ols, slx, sar, sem] = ["ols", "slx", "sar", "sem"].map(|model| result.model(model).unwrap());
    near(sar.total, sar.beta / (1.0 - sar.rho), 1e-9);
    near(slx.total, slx.beta + result.regression.fit("slx").unwrap().estimates[2], 1e-9);
    assert_eq!((ols.total, sem.total), (ols.beta, sem.beta));
    assert!(ols.rho.is_nan() && ols.rho_se.is_nan() && ols.rho_p.is_nan());
    assert!(sar.speed_total > sar.speed && sar.half_life_total < sar.half_life);
    let alone = beta_convergence((1929, &s.first), (2009, &s.last)).unwrap();
    near(ols.beta, alone.beta, 1e-9);
    near(ols.beta_se, alone.beta_se, 1e-9);
}

#[test]
fn covariates_that_say_nothing_are_dropped_by_name() {
    let s = states();
    let north: Vec<f64> = s.south.iter().map(|x| 1.0 - x).collect();
    let log: Vec<f64> = s.first.iter().map(|y| 3.0 * y.ln()).collect();
    let (same, none) = (vec![7.0; 48], vec![f64::NAN; 48]);
    let covariates: [(&str, &[f64]); 5] =
        [("same", &same), ("south", &s.south), ("north", &north), ("log", &log), ("none", &none)];
    let result = s.conditional(&covariates).unwrap();
    let dropped: Vec<(&str, &str)> = result.dropped.iter().map(|x| (x.name.as_str(), x.reason)).collect();
    let sum = "is a sum of the terms before it";
    let want = [
        ("none", "has no value in any city that takes part"),
        ("same", "is the same in all cities that take part"),
        ("north", sum),
        ("log", sum),
    ];
    assert_eq!(dropped, want);
    let alone = s.conditional(&[("south", &s.south)]).unwrap();
    assert_eq!(format!("{:?}", result.terms), format!("{:?}", alone.terms));
    let spatial = s.spatial(&covariates);
    assert_eq!((spatial.dropped, spatial.covariates), (result.dropped, vec!["south".to_owned()]));
    let nothing = s.conditional(&[("same", &same)]).unwrap_err();
    assert_eq!(nothing.kind(), Kind::Undefined);
    assert!(nothing.to_string().contains("same is the same in all cities"), "{nothing}");
    assert!(s.spatial(&[("same", &same)]).covariates.is_empty());
}

#[test]
fn who_takes_part_is_said() {
    let mut s = states();
    s.first[3] = 0.0;
    s.last[5] = f64::NAN;
    s.south[7] = f64::NAN;
    let result = s.conditional(&[("south", &s.south)]).unwrap();
    assert_eq!((result.n, &result.left_out[..], &result.without_covariate[..]), (45, &[3, 5][..], &[7][..]));
    assert_eq!(result.absolute.n, 45);
    assert!([3, 5, 7].iter().all(|&i| result.residuals[i].is_nan()) && result.residuals[0].is_finite());
    // Maine has New Hampshire alone beside it.
    let only: Vec<Vec<u64>> = serde_json::from_value(s.golden["neighbours"].clone()).unwrap();
    let maine = only.iter().position(|row| row.len() == 1).unwrap();
    s.first[only[maine][0] as usize] = f64::NAN;
    let spatial = s.spatial(&[]);
    assert_eq!((spatial.isolates, spatial.regression.places.len()), (vec![maine], 44));
}

#[test]
fn refusals() {
    let s = states();
    let few = [1.0, 2.0, 4.0];
    let two = [2.0, 3.0, 5.0];
    let kind = |result: agglo::Result<BetaConditional>| result.unwrap_err().kind();
    assert_eq!(kind(beta_conditional((2000, &few), (2010, &two), &[("x", &[1.0, 0.0, 2.0])])), Kind::Undefined);
    assert_eq!(kind(beta_conditional((2000, &few), (2000, &two), &[])), Kind::Option);
    assert_eq!(kind(beta_conditional((2000, &few), (2010, &two), &[("x", &[1.0])])), Kind::Option);
    assert_eq!(kind(beta_conditional((2000, &[]), (2010, &[]), &[])), Kind::Undefined);
    assert_eq!(
        kind(beta_conditional((1929, &vec![5.0; 48]), (2009, &s.last), &[("south", &s.south)])),
        Kind::Undefined
    );
    let spatial = |first: &[f64], last: &[f64]| beta_spatial((1929, first), (2009, last), &[], &s.weights, 1);
    assert_eq!(spatial(&vec![5.0; 48], &s.last).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(spatial(&vec![f64::NAN; 48], &s.last).unwrap_err().kind(), Kind::Undefined);
    // All grow alike.
    let alike: Vec<f64> = s.first.iter().map(|y| 2.0 * y).collect();
    assert_eq!(spatial(&s.first, &alike).unwrap_err().kind(), Kind::Undefined);
    let alike = beta_conditional((1929, &s.first), (2009, &alike), &[("south", &s.south)]).unwrap();
    assert!(alike.r2.is_nan() && alike.initial().se.is_nan() && alike.initial().p_robust.is_nan());
    assert_eq!(spatial(&s.first[1..], &s.last[1..]).unwrap_err().kind(), Kind::Option);
}

fn variable(name: &str, year: Option<i32>, values: &[f64]) -> Variable {
    Variable { name: name.to_owned(), year, values: values.to_vec() }
}

/// Runs a measure on the states, with a year between that does not count.
fn outcomes(name: &str, s: &States, covariates: &[Variable], remark: Option<&str>) -> Vec<Outcome> {
    let n = s.first.len();
    let ids: Vec<String> = (0..n).map(|i| format!("S{i:02}")).collect();
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let cities =
        Cities { names: ids.clone(), ids, metric: Metric::Planar, points: vec![None; n], shapes, notes: Vec::new() };
    let features: Vec<usize> = (0..n).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let variables = [
        variable("income", Some(2009), &s.last),
        variable("income", Some(1960), &vec![f64::NAN; n]),
        variable("income", Some(1929), &s.first),
    ];
    let weights = [s.weights.clone(), s.weights.transformed(Transform::None)];
    let run = Run {
        variables: &variables,
        covariates,
        weights: &weights,
        remark,
        ..Run::of(&cities, &features, &inference, &options)
    };
    assert_eq!(run.provides(measure(name).unwrap().about().needs), !covariates.is_empty() || name == "beta_spatial");
    measure(name).unwrap().run(&run).unwrap()
}

#[test]
fn covariates_are_those_of_the_start() {
    let s = states();
    let covariates = [
        variable("south", Some(2009), &vec![9.0; 48]),
        variable("south", Some(1929), &s.south),
        variable("longitude", None, &s.longitude),
        variable("late", Some(2009), &s.last),
    ];
    let outcomes = outcomes("beta_conditional", &s, &covariates, Some("borders of 1929"));
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    near(outcome.scalar("beta"), s.golden["conditional"]["estimate"][1].as_f64().unwrap(), 1e-9);
    near(outcome.scalar("beta_se"), s.golden["conditional"]["se_robust"][1].as_f64().unwrap(), 1e-9);
    assert!(outcome.footer.as_ref().unwrap().ends_with("; borders of 1929"));
    let notes: Vec<&str> = outcome.notes.iter().map(|note| note.code).collect();
    assert_eq!(notes, ["no_covariate", "follows", "follows"]);
    assert_eq!(outcome.tables[0].1.rows.len(), 4);
    let without = outcomes_of_late(&s);
    let none = &without[0];
    assert!(none.scalar("beta").is_nan() && none.notes.iter().any(|note| note.code == "undefined"));
}

fn outcomes_of_late(s: &States) -> Vec<Outcome> {
    outcomes("beta_conditional", s, &[variable("late", Some(2009), &s.last)], None)
}

#[test]
fn spatial_outcomes_stand_for_each_set_of_weights() {
    let s = states();
    let outcomes = outcomes("beta_spatial", &s, &[], None);
    assert_eq!(outcomes.len(), 2);
    let outcome = &outcomes[0];
    assert_eq!(outcome.weights.as_deref(), Some("queen"));
    assert_eq!(outcome.options["pointed"], "sem");
    assert_eq!(outcome.scalar("beta"), outcome.scalar("beta_sem"));
    near(outcome.scalar("moran_residuals"), s.golden["absolute_spatial"]["moran"][0].as_f64().unwrap(), 1e-9);
    let named: Vec<&str> = outcome.tables.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, ["models", "diagnostics", "coefficients", "impacts"]);
    for (name, table) in &outcome.tables {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{name}");
    }
    let findings: Vec<&str> =
        outcome.notes.iter().filter(|note| note.code == "follows").map(|note| note.message.as_str()).collect();
    assert!(findings[1].contains("convergence remains once space is taken into account"), "{findings:?}");
    // Rows that do not sum alike: sem is no special case of sdm.
    let test = |at: usize| outcomes[at].tables[1].1.rows.iter().any(|row| row[0] == "lr_sdm_sem");
    assert!(test(0) && !test(1));
}

#[test]
fn panel_convergence_of_the_states_as_in_statsmodels() {
    let (s, income) = (states(), serde_json::from_str::<Value>(include_str!("golden/dynamics_us.json")).unwrap());
    let (years, values) = (numbers(&income["years"]), income["income"].as_array().unwrap());
    let values: Vec<Vec<f64>> = values.iter().map(numbers).collect();
    let levels: Vec<(i32, &[f64])> =
        years.iter().zip(&values).map(|(year, values)| (*year as i32, values.as_slice())).collect();
    let result = beta_panel(&levels).unwrap();
    assert_eq!((result.n, result.steps, result.step, result.lengths), (48, 8, 10.0, (10, 10)));
    for (got, want) in [(&result.pooled, "pooled"), (&result.within, "within")] {
        for (name, got) in [("beta", got.beta), ("se", got.beta_se), ("t", got.t), ("p", got.p)] {
            near(got, s.golden["panel"][want][name].as_f64().unwrap(), 1e-9);
        }
        near(got.half_life * got.speed, 2.0_f64.ln(), 1e-12);
    }
    near(result.within.beta, s.golden["panel"]["within"]["beta_by_dummies"].as_f64().unwrap(), 1e-9);
    // -3/(T + 1) and its variance for T = 8 steps and n = 48.
    near(result.wandering, -1.0 / 30.0, 1e-12);
    let z = (10.0 * result.within.beta + 1.0 / 3.0) / (3.0 * 945.0 / (5.0 * 7.0 * 729.0 * 48.0_f64)).sqrt();
    near(result.wandering_p, agglo::inference::normal_p(z, agglo::inference::Alternative::Less), 1e-12);
    assert_eq!(beta_panel(&levels[..2]).unwrap_err().kind(), Kind::Undefined);
    let stays: Vec<(i32, &[f64])> = years.iter().map(|year| (*year as i32, values[0].as_slice())).collect();
    assert_eq!(beta_panel(&stays).unwrap_err().kind(), Kind::Undefined);
}

#[test]
fn effects_take_up_what_is_common_to_a_step_or_a_city() {
    let start = [3.0, 5.0, 2.0, 8.0, 4.0];
    let wave = |t: usize, i: usize| start[i] * 1.3_f64.powi(t as i32) * (1.0 + 0.1 * ((3 * i + t * t) as f64).sin());
    let years: Vec<Vec<f64>> = (0..5).map(|t| (0..5).map(|i| wave(t, i)).collect()).collect();
    // Another path for each city, and another growth for each step.
    let moved: Vec<Vec<f64>> = years
        .iter()
        .enumerate()
        .map(|(t, row)| row.iter().enumerate().map(|(i, y)| y * (2.0 + i as f64) * (1.0 + t as f64)).collect())
        .collect();
    let panel = |years: &[Vec<f64>]| {
        let levels: Vec<(i32, &[f64])> =
            years.iter().enumerate().map(|(t, y)| (2000 + 2 * t as i32, y.as_slice())).collect();
        beta_panel(&levels).unwrap()
    };
    let (was, is) = (panel(&years), panel(&moved));
    near(is.within.beta, was.within.beta, 1e-9);
    near(is.within.beta_se, was.within.beta_se, 1e-9);
    assert!((is.pooled.beta - was.pooled.beta).abs() > 1e-3);
}

#[test]
fn what_cannot_be_fitted_is_said_in_the_finding() {
    // A ring of more cities than a determinant is made of here, whose growth goes in waves.
    let n = 3_001;
    let first: Vec<f64> = (0..n).map(|i| 10.0 + ((i * i) % 97) as f64).collect();
    let last: Vec<f64> = first.iter().enumerate().map(|(i, y)| y * (2.0 + (i as f64 / 20.0).sin())).collect();
    let weights = ring_weights(n);
    let result = beta_spatial((2000, &first), (2010, &last), &[], &weights, 1).unwrap();
    assert!(result.model("sem").is_none() && result.models.len() == 2);
    assert_eq!(result.pointed(0.05), "sem");
    let s = States { first, last, south: Vec::new(), longitude: Vec::new(), weights, golden: Value::Null };
    let outcomes = outcomes("beta_spatial", &s, &[], None);
    let said = |text: &str| outcomes[0].notes.iter().any(|note| note.message.contains(text));
    assert!(said("the data do not say whether convergence remains") && said("no sar, sdm and sem"));
    assert!(outcomes[0].scalar("beta").is_nan() && outcomes[0].scalar("beta_ols").is_finite());
}

/// Values above zero of two years and two covariates, of 12 to 30 cities in a ring.
fn ring() -> impl Strategy<Value = [Vec<f64>; 4]> {
    (12usize..30).prop_flat_map(|n| {
        let column = |range: std::ops::Range<f64>| proptest::collection::vec(range, n);
        (column(1.0..100.0), column(1.0..100.0), column(-5.0..5.0), column(0.0..1e4))
            .prop_map(|(a, b, c, d)| [a, b, c, d])
    })
}

fn ring_weights(n: usize) -> Weights {
    let pairs: Vec<(u32, u32)> = (0..n as u32).map(|i| (i, (i + 1) % n as u32)).collect();
    Weights::from_pairs("ring", n, &pairs).transformed(Transform::Row)
}

fn map(x: &[f64], f: impl Fn(f64) -> f64) -> Vec<f64> {
    x.iter().map(|&x| f(x)).collect()
}

#[track_caller]
fn alike(a: f64, b: f64) {
    assert!((a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-4), "{a} and {b}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn units_and_order_do_not_matter([a, b, c, d] in ring()) {
        let base = beta_conditional((2000, &a), (2010, &b), &[("c", &c), ("d", &d)]).unwrap();
        let (scaled_a, scaled_b) = (map(&a, |y| 7.0 * y), map(&b, |y| 7.0 * y));
        let (moved_c, scaled_d) = (map(&c, |x| x + 3.0), map(&d, |x| -x / 250.0));
        let units =
            beta_conditional((2000, &scaled_a), (2010, &scaled_b), &[("d", &scaled_d), ("c", &moved_c)]).unwrap();
        let back = |x: &[f64]| x.iter().rev().copied().collect::<Vec<f64>>();
        let (ra, rb, rc, rd) = (back(&a), back(&b), back(&c), back(&d));
        let order = beta_conditional((2000, &ra), (2010, &rb), &[("c", &rc), ("d", &rd)]).unwrap();
        for (other, c_at, d_at, sign) in [(&units, 3, 2, -1.0), (&order, 2, 3, 1.0)] {
            for (at, to, sign) in [(1, 1, 1.0), (2, c_at, 1.0), (3, d_at, sign)] {
                let (was, is) = (&base.terms[at], &other.terms[to]);
                alike(was.t, sign * is.t);
                alike(was.p, is.p);
                alike(was.p_robust, is.p_robust);
                alike(was.standardised, sign * is.standardised);
                alike(was.vif, is.vif);
                prop_assert!(is.vif >= 1.0 - 1e-9);
            }
            alike(base.r2, other.r2);
            alike(base.speed, other.speed);
        }
        prop_assert!(base.r2 >= base.absolute.r2 - 1e-12 && base.r2_adjusted <= base.r2);
        let sum: f64 = base.residuals.iter().sum();
        prop_assert!(sum.abs() < 1e-10);
    }

    #[test]
    fn models_with_neighbours_do_not_fit_worse([a, b, c, _] in ring()) {
        let weights = ring_weights(a.len());
        let result = beta_spatial((2000, &a), (2010, &b), &[("c", &c)], &weights, 1).unwrap();
        let loglik = |model: &str| result.regression.fit(model).map(|fit| fit.loglik);
        let ols = loglik("ols").unwrap();
        for model in ["slx", "sar", "sem"] {
            prop_assert!(loglik(model).is_none_or(|other| other >= ols - 1e-8), "{}", model);
        }
        let conditional = beta_conditional((2000, &a), (2010, &b), &[("c", &c)]).unwrap();
        alike(result.model("ols").unwrap().beta, conditional.initial().estimate);
        alike(result.model("ols").unwrap().beta_se, conditional.initial().se_robust);
        let scaled = beta_spatial((2000, &map(&a, |y| 9.0 * y)), (2010, &map(&b, |y| 9.0 * y)), &[("c", &c)], &weights, 1).unwrap();
        for (was, is) in result.models.iter().zip(&scaled.models) {
            alike(was.beta, is.beta);
            alike(was.rho, is.rho);
        }
        prop_assert_eq!(result.pointed(0.05), scaled.pointed(0.05));
    }
}
