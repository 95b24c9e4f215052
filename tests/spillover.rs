//! Spillover: against spreg and statsmodels on Columbus (`golden/spillover_columbus.json`), and the laws of impacts.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::autocorrelation;
use agglo::measures::radiation::*;
use agglo::measures::{Outcome, Run, measure};
use agglo::study::{Cities, Metric, Shapes, Variable};
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn near(got: f64, want: f64, tolerance: f64) -> bool {
    (got - want).abs() <= tolerance * want.abs().max(1e-3)
}

struct Columbus {
    crime: Vec<f64>,
    income: Vec<f64>,
    value: Vec<f64>,
    weights: Weights,
    golden: Value,
}

fn columbus() -> Columbus {
    let map: Value = serde_json::from_str(include_str!("golden/columbus.geojson")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/spillover_columbus.json")).unwrap();
    let column = |name: &str| -> Vec<f64> {
        map["features"].as_array().unwrap().iter().map(|f| f["properties"][name].as_f64().unwrap()).collect()
    };
    let row = |row: &Value| row.as_array().unwrap().iter().map(|j| (j.as_u64().unwrap() as u32, 1.0)).collect();
    let rows = golden["neighbours"].as_array().unwrap().iter().map(row).collect();
    Columbus {
        crime: column("CRIME"),
        income: column("INC"),
        value: column("HOVAL"),
        weights: Weights::from_rows("queen", rows).transformed(Transform::Row),
        golden,
    }
}

fn of_columbus(c: &Columbus) -> Spillover {
    spillover(&c.crime, &[("INC", &c.income), ("HOVAL", &c.value)], &c.weights, &[0, 20], 42).unwrap()
}

#[test]
fn models_and_impacts_as_in_spreg() {
    let c = columbus();
    let result = of_columbus(&c);
    for (model, want) in ["ols", "slx", "sar", "sdm", "sem"].map(|model| (model, &c.golden[model])) {
        let fit = result.fit(model).unwrap();
        // Their search for rho stops within 1e-8 of it.
        for (at, want) in numbers(&want["b"]).into_iter().enumerate() {
            assert!(near(fit.estimates[at], want, 1e-6), "{model} {}: {} for {want}", fit.terms[at], fit.estimates[at]);
        }
        let errors = want.get("se_hc3").or(want.get("se")).unwrap();
        for (at, want) in numbers(errors).into_iter().enumerate() {
            assert!(near(fit.se(at), want, 1e-6), "{model} {}: {} for {want}", fit.terms[at], fit.se(at));
        }
        assert!(near(fit.loglik, want["loglik"].as_f64().unwrap(), 1e-10));
        if let Some(sigma2) = want.get("sigma2") {
            assert!(near(fit.sigma2, sigma2.as_f64().unwrap(), 1e-6));
        }
        if let Some(r2) = want.get("r2").or(want.get("pr2")) {
            assert!(near(fit.pseudo_r2, r2.as_f64().unwrap(), 1e-6), "{model}: {}", fit.pseudo_r2);
        }
        for (impact, want) in
            result.impacts.iter().filter(|i| i.model == model).zip(want["impacts"].as_array().into_iter().flatten())
        {
            for (got, want) in [impact.direct, impact.indirect, impact.total].into_iter().zip(numbers(want)) {
                assert!(near(got, want, 1e-6), "{model} {}: {got} for {want}", impact.term);
            }
        }
    }
    for (test, name) in
        [("lm_error", "lm_error"), ("lm_lag", "lm_lag"), ("lm_error_robust", "rlm_error"), ("lm_lag_robust", "rlm_lag")]
    {
        let got = result.diagnostics.iter().find(|d| d.test == test).unwrap();
        let want = numbers(&c.golden["ols"][name]);
        assert!(near(got.statistic, want[0], 1e-9) && near(got.p, want[1], 1e-9), "{test}: {got:?} for {want:?}");
    }
    let (moran, want) = (&result.diagnostics[0], numbers(&c.golden["ols"]["moran_res"]));
    assert!(near(moran.value, want[0], 1e-9) && near(moran.statistic, want[1], 1e-9), "{moran:?} for {want:?}");
}

#[test]
fn the_column_of_a_core_is_that_of_the_multiplier() {
    let c = columbus();
    let result = of_columbus(&c);
    let impact = &result.core_impacts[0];
    assert_eq!((impact.core, impact.term.as_str()), (0, "INC"));
    let want = numbers(&c.golden[impact.model]["column_of_city_0_first_term"]);
    assert!(
        impact.effects.iter().zip(&want).all(|(got, want)| near(*got, *want, 1e-6)),
        "{:?} {want:?}",
        impact.effects
    );
    let periphery: f64 = (0..49).filter(|i| ![0, 20].contains(i)).map(|i| impact.effects[i]).sum();
    assert!(near(impact.periphery, periphery, 1e-12) && near(impact.own, impact.effects[0], 1e-12));
    let [se, low, high] = impact.errors;
    assert!(se > 0.0 && low < impact.periphery && impact.periphery < high);
}

#[test]
fn simulated_errors_agree_with_the_delta_method() {
    let c = columbus();
    let result = of_columbus(&c);
    let fit = result.fit("sar").unwrap();
    let impact = result.impacts.iter().find(|i| i.model == "sar").unwrap();
    // total = b/(1 - rho).
    let m = fit.estimates.len();
    let (b, d) = (fit.estimates[1], 1.0 - fit.rho);
    let gradient = [1.0 / d, b / (d * d)];
    let covariance = |i: usize, j: usize| fit.covariance[i * m + j];
    let variance = gradient[0].powi(2) * covariance(1, 1)
        + gradient[1].powi(2) * covariance(m - 1, m - 1)
        + 2.0 * gradient[0] * gradient[1] * covariance(1, m - 1);
    assert!(near(impact.errors[2][0], variance.sqrt(), 0.25), "{:?} {}", impact.errors[2], variance.sqrt());
}

/// A ring of n cities with chords, and values with a wave in them.
fn ring(n: usize, chords: bool) -> Weights {
    let mut pairs: Vec<(u32, u32)> = (0..n as u32).map(|i| (i, (i + 1) % n as u32)).collect();
    pairs.extend((0..n as u32).step_by(3).filter(|_| chords).map(|i| (i, (i * 7 + 3) % n as u32)));
    Weights::from_pairs("ring", n, &pairs)
}

fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..n).map(|_| next() + next() + next()).collect()
}

#[test]
fn few_cities_and_collinear_covariates_are_undefined_with_a_reason() {
    let w = ring(6, false);
    let error = spillover(&noise(6, 1), &[("x", &noise(6, 2))], &w, &[], 1).unwrap_err();
    assert_eq!(error.kind(), Kind::Undefined);
    assert_eq!(error.to_string(), "6 cities have all values and a neighbour, and 7 are needed");
    let w = ring(20, true);
    let (x, constant) = (noise(20, 2), vec![3.0; 20]);
    let twice: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    for (name, other) in [("flat", &constant), ("twice", &twice)] {
        let error = spillover(&noise(20, 1), &[("x", &x), (name, other)], &w, &[], 1).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{name} does not vary by itself")), "{error}");
    }
    assert_eq!(spillover(&twice, &[("x", &x)], &w, &[], 1).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(spillover(&constant, &[("x", &x)], &w, &[], 1).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(spillover(&x, &[], &w, &[], 1).map(|r| r.impacts.len()), Ok(0));
}

#[test]
fn cities_without_values_are_left_out_and_weights_made_anew() {
    let (n, w) = (30, ring(30, true).transformed(Transform::Row));
    let (mut y, mut x) = (noise(n, 1), noise(n, 2));
    (y[4], x[9]) = (f64::NAN, f64::NAN);
    let result = spillover(&y, &[("x", &x)], &w, &[4, 5], 1).unwrap();
    assert_eq!(result.places.len(), 28);
    let keep = result.places.clone();
    let take = |x: &[f64]| keep.iter().map(|&i| x[i]).collect::<Vec<f64>>();
    let part = spillover(&take(&y), &[("x", &take(&x))], &w.subset(&keep), &[], 1).unwrap();
    assert_eq!(result.fits, part.fits);
    // The core without a value has no column.
    assert_eq!(result.core_impacts.len(), 1);
    assert!(result.core_impacts[0].effects[4].is_nan());
    assert!(result.notes.iter().any(|note| note.code == "few_cities"));
}

#[test]
fn weights_that_do_not_sum_to_one_multiply_the_lag_by_their_mean_row_sum() {
    let w = ring(40, true);
    let x = noise(40, 5);
    let result = spillover(&noise(40, 3), &[("x", &x)], &w, &[], 1).unwrap();
    let (slx, sar) = (result.fit("slx").unwrap(), result.fit("sar").unwrap());
    let impact = |model: &str| result.impacts.iter().find(|i| i.model == model).unwrap();
    let share = w.links() as f64 / 40.0;
    assert!(near(impact("slx").indirect, share * slx.estimates[2], 1e-12) && near(result.mean_row_sum, share, 1e-12));
    // The total by rounds, 1'(I + ρW + ρ²W² + …)1 β/n.
    let (mut round, mut sum) = (vec![1.0; 40], 0.0);
    for _ in 0..20_000 {
        sum += round.iter().sum::<f64>() / 40.0;
        round = w.lag(&round).iter().map(|x| x * sar.rho).collect();
    }
    assert!(near(impact("sar").total, sum * sar.estimates[1], 1e-9));
    assert!(impact("sar").errors[2][0] > 0.0);
}

#[test]
fn too_many_cities_for_the_determinant_keep_what_needs_none() {
    let n = 3_001;
    let w = ring(n, false).transformed(Transform::Row);
    let result = spillover(&noise(n, 1), &[("x", &noise(n, 2))], &w, &[7], 1).unwrap();
    let models: Vec<&str> = result.fits.iter().map(|fit| fit.model).collect();
    assert_eq!(models, ["ols", "slx"]);
    assert!(result.notes[0].message.contains("at most 3000 cities"), "{:?}", result.notes);
    assert_eq!(result.core_impacts[0].model, "slx");
}

#[test]
fn what_cannot_be_told_apart_is_a_note() {
    // With equal weights of all pairs the lag of a value is a multiple of it and of the mean.
    let n = 12;
    let rows = (0..n).map(|_| (0..n as u32).map(|j| (j, 1.0)).collect()).collect();
    let all = Weights::from_rows("all", rows).transformed(Transform::Row);
    let result = spillover(&noise(n, 1), &[("x", &noise(n, 2))], &all, &[0], 1).unwrap();
    assert_eq!(result.fits.iter().map(|fit| fit.model).collect::<Vec<_>>(), ["ols"]);
    let said = |words: &str| result.notes.iter().any(|note| note.message.contains(words));
    assert!(said("no slx: W_x does not vary by itself") && said("no sar: the values of the neighbours follow"));
    assert!(said("no sem: the likelihood has no maximum"), "{:?}", result.notes);
    assert_eq!(result.core_impacts[0].periphery, 0.0);
    // A covariate that one city has alone.
    let alone: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i == 3))).collect();
    let result = spillover(&noise(n, 1), &[("x", &alone)], &ring(n, true), &[], 1).unwrap();
    assert!(result.fits[0].se(1).is_nan() && result.notes.iter().any(|note| note.message.contains("one city alone")));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let n = 300;
    let (w, x, y) = (ring(n, true).transformed(Transform::Row), noise(n, 2), noise(n, 1));
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let result = pool.install(|| spillover(&y, &[("x", &x)], &w, &[0], 7).unwrap());
        format!("{result:?}")
    };
    assert_eq!(run(1), run(3));
}

fn cities(n: usize) -> Cities {
    let mut shapes = Shapes::default();
    (0..n).for_each(|i| shapes.push_point([i as f64, 0.0]));
    Cities {
        ids: (0..n).map(|i| format!("C{i:02}")).collect(),
        names: (0..n).map(|i| format!("City {i}")).collect(),
        points: (0..n).map(|i| Some([i as f64, 0.0])).collect(),
        shapes,
        metric: Metric::Planar,
        notes: Vec::new(),
    }
}

#[test]
fn the_registry_gives_tables_and_a_matrix() {
    let c = columbus();
    let (cities, features) = (cities(49), (0..49).collect::<Vec<_>>());
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let variables = [Variable { year: Some(1980), ..Variable::new("CRIME", c.crime.clone()) }];
    let other = Variable { year: Some(1990), ..Variable::new("OTHER", c.income.clone()) };
    let covariates = [Variable::new("INC", c.income.clone()), Variable::new("HOVAL", c.value.clone()), other];
    let cores = Cores { places: vec![0, 20], how: "named by --cores".into() };
    let weights = [c.weights.clone()];
    let run = Run {
        variables: &variables,
        covariates: &covariates,
        cores: Some(&cores),
        weights: &weights,
        ..Run::of(&cities, &features, &inference, &options)
    };
    let outcomes: Vec<Outcome> = measure("spillover").unwrap().run(&run).unwrap();
    let outcome = &outcomes[0];
    assert!(near(outcome.scalar("rho"), 0.4233254173534828, 1e-6) && outcome.scalar("n") == 49.0);
    let names: Vec<&str> = outcome.tables.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["models", "coefficients", "impacts", "diagnostics", "core_impacts"]);
    assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
    let (name, spill) = &outcome.matrices[0];
    assert_eq!(
        (*name, spill.rows.len(), spill.columns.as_slice()),
        ("spill", 49, ["C00".to_owned(), "C20".to_owned()].as_slice())
    );
    assert!(outcome.notes.iter().any(|note| note.code == "no_covariate" && note.message.contains("OTHER")));
    assert!(outcome.notes.iter().any(|note| note.message.starts_with("there are signs that neighbours matter")));
    if std::env::var("SHOW").is_ok() {
        println!("{:#?}", outcome.notes.iter().map(|n| &n.message).collect::<Vec<_>>());
        println!("{:?}", outcome.footer);
        for (name, table) in &outcome.tables {
            println!("{name} {:?}", table.columns);
            table.rows.iter().for_each(|row| println!("  {}", serde_json::to_string(row).unwrap()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn laws_of_impacts(seed in 1_u64..1000, row in any::<bool>(), factor in 0.01..100.0_f64, directed in any::<bool>()) {
        let n = 36;
        let w = match directed {
            false => ring(n, true),
            // The three cities ahead, of unequal weight.
            true => Weights::from_rows("ahead", (0..n as u32).map(|i| (1..4).map(|s| ((i * 5 + s) % n as u32, f64::from(s))).collect()).collect()),
        };
        let w = if row { w.transformed(Transform::Row) } else { w };
        let (x, z) = (noise(n, seed), noise(n, seed + 1000));
        let y: Vec<f64> = (0..n).map(|i| x[i] - 0.5 * z[i]).zip(noise(n, seed + 2000)).map(|(y, e)| y + e).collect();
        let y: Vec<f64> = y.iter().zip(w.lag(&y)).map(|(y, lag)| y + 0.3 * lag).collect();
        let result = spillover(&y, &[("x", &x), ("z", &z)], &w, &[1, 2], 42).unwrap();
        for impact in &result.impacts {
            prop_assert!(near(impact.direct + impact.indirect, impact.total, 1e-9));
        }
        if row {
            let sdm = result.fit("sdm").unwrap();
            let total = result.impacts.iter().find(|i| i.model == "sdm" && i.term == "z").unwrap().total;
            prop_assert!(near(total, (sdm.estimates[2] + sdm.estimates[4]) / (1.0 - sdm.rho), 1e-9));
        }
        // The mean of column sums of S(W) is the total.
        let all: Vec<usize> = (0..n).collect();
        let columns = spillover(&y, &[("x", &x), ("z", &z)], &w, &all, 42).unwrap().core_impacts;
        let model = columns[0].model;
        let sum: f64 = columns.iter().filter(|c| c.term == "x").map(|c| c.effects.iter().sum::<f64>()).sum();
        let impact = result.impacts.iter().find(|i| i.model == model && i.term == "x").unwrap();
        prop_assert!(near(sum / n as f64, impact.total, 1e-9));
        let trace: f64 = columns.iter().filter(|c| c.term == "x").map(|c| c.own).sum();
        prop_assert!(near(trace / n as f64, impact.direct, 1e-9));
        // Other units of y and x, and other names of the cities.
        let order: Vec<usize> = (0..n).map(|i| (i * 7 + 3) % n).collect();
        let place = |old: usize| order.iter().position(|&o| o == old).unwrap() as u32;
        let rows = order.iter().map(|&i| w.raw_row(i).map(|(j, w)| (place(j), w)).collect()).collect();
        let turned = Weights::from_rows("turned", rows).transformed(w.transform());
        let take = |x: &[f64], factor: f64| order.iter().map(|&i| x[i] * factor).collect::<Vec<f64>>();
        let other = spillover(&take(&y, 10.0), &[("x", &take(&x, factor)), ("z", &take(&z, 1.0))], &turned, &[], 42).unwrap();
        prop_assert_eq!(other.fits.len(), result.fits.len());
        for (a, b) in result.impacts.iter().zip(&other.impacts) {
            let unit = if a.term == "x" { 10.0 / factor } else { 10.0 };
            prop_assert!(near(b.total, a.total * unit, 1e-6) && near(b.direct, a.direct * unit, 1e-6), "{:?} {:?}", a, b);
        }
        for (a, b) in result.fits.iter().zip(&other.fits) {
            prop_assert!(near(b.rho, a.rho, 1e-6) && near(b.pseudo_r2, a.pseudo_r2, 1e-6));
        }
        // ρ makes the likelihood no smaller.
        for (large, small) in [("sar", "ols"), ("sem", "ols"), ("sdm", "slx"), ("sdm", "sar"), ("slx", "ols")] {
            prop_assert!(result.fit(large).unwrap().loglik >= result.fit(small).unwrap().loglik - 1e-9);
        }
    }
}
