//! Links against distance and size: against sna (`golden/core_us_air60.json`), and laws.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::radiation::*;
use agglo::study::{Cities, Metric, Shapes};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn predictor(name: &str, values: Vec<f64>) -> Predictor {
    Predictor { name: name.into(), values }
}

#[test]
fn flights_go_with_distance_and_size_as_in_sna() {
    let network: Value = serde_json::from_str(include_str!("golden/network_us_air60.json")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/core_us_air60.json")).unwrap();
    let (want, n) = (&golden["qap"], 60);
    let mut flights = vec![0.0; n * n];
    for edge in network["edges"].as_array().unwrap() {
        flights[(edge[0].as_u64().unwrap() as usize) * n + edge[1].as_u64().unwrap() as usize] +=
            edge[2].as_f64().unwrap();
    }
    let points = want["lon_lat"].as_array().unwrap().iter().map(numbers).map(|p| Some([p[0], p[1]])).collect();
    let ids: Vec<String> = (0..n).map(|i| i.to_string()).collect();
    let mut shapes = Shapes::default();
    ids.iter().for_each(|_| shapes.push_missing());
    let metric = Metric::GreatCircle { radius: 6371.0 };
    let distances =
        Distances::between(&Cities { names: ids.clone(), ids, shapes, points, metric, notes: Vec::new() }).unwrap();
    let of_pairs = |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        (0..n * n).map(|at| if at / n == at % n { 0.0 } else { f(at / n, at % n) }).collect()
    };
    let inference = Inference { permutations: 99, ..Inference::default() };
    let inverse = predictor("inverse", of_pairs(&|i, j| 1.0 / distances.get(i, j)));
    let found = qap(n, &flights, vec![inverse], true, &inference).unwrap();
    let gcor = want["gcor"].as_f64().unwrap();
    assert!((found.predictors[0].partial.correlation - gcor).abs() <= 1e-8 * gcor);
    assert!(found.predictors[0].p > 0.5, "sna: 0.472 of its replicates are greater");

    let mass = numbers(&want["mass"]);
    let logs = flights.iter().map(|w| w.ln_1p()).collect();
    let predictors = vec![
        predictor("mass", of_pairs(&|i, j| (mass[i] * mass[j]).ln())),
        predictor("distance", of_pairs(&|i, j| distances.get(i, j).ln())),
    ];
    let found = qap(n, &logs, predictors, true, &inference).unwrap();
    let got = [found.constant, found.predictors[0].partial.slope, found.predictors[1].partial.slope];
    for (got, want) in got.iter().zip(numbers(&want["coefficients"])) {
        assert!((got - want).abs() <= 1e-8 * want.abs(), "{got} for {want}");
    }
    assert!(found.predictors.iter().all(|found| found.partial.p_permutation == 0.02 && found.p <= 0.1));
    assert_eq!((found.pairs, found.permutations), (3540, 99));
}

#[test]
fn what_says_nothing_new_is_left_out() {
    let n = 6;
    let distance: Vec<f64> = (0..n * n).map(|at| ((at / n) as f64 - (at % n) as f64).abs().powi(2)).collect();
    let twice = distance.iter().map(|d| 2.0 * d + 1.0).collect();
    let links: Vec<f64> = distance.iter().map(|d| (1.0 + d).ln()).collect();
    let predictors = vec![predictor("one", vec![1.0; 36]), predictor("distance", distance), predictor("twice", twice)];
    let inference = Inference { permutations: 9, ..Inference::default() };
    let found = qap(n, &links, predictors, false, &inference).unwrap();
    assert_eq!((found.left_out, found.predictors.len()), (vec!["one".to_owned(), "twice".to_owned()], 1));
    for (n, links) in [(6, vec![1.0; 36]), (3, links[..9].to_vec()), (0, vec![])] {
        let error = qap(n, &links, vec![predictor("a", vec![0.0; n * n])], false, &inference).unwrap_err();
        assert_eq!(error.kind(), Kind::Undefined);
    }
}

#[test]
fn matrices_of_another_size_are_refused() {
    let (small, right) = (vec![1.0; 9], (0..16).map(f64::from).collect::<Vec<f64>>());
    let refused = |response: &Vec<f64>, x: &Vec<f64>| {
        qap(4, response, vec![predictor("x", x.clone())], false, &Inference::default()).unwrap_err().kind()
    };
    assert_eq!((refused(&small, &right), refused(&right, &small)), (Kind::TooFew, Kind::TooFew));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Symmetric matrices say the same by ordered pairs as by pairs, and units of links and predictors change slopes alone.
    #[test]
    fn pairs_and_units_do_not_matter(values in prop::collection::vec(0.0..1.0f64, 128), unit in 0.1..10.0f64) {
        let n = 8;
        let symmetric = |values: &[f64]| -> Vec<f64> {
            (0..64).map(|at| values[(at / n).min(at % n) * n + (at / n).max(at % n)]).collect()
        };
        let (links, x) = (symmetric(&values[..64]), symmetric(&values[64..]));
        let inference = Inference { permutations: 19, ..Inference::default() };
        let run = |scale: f64, directed| {
            let links: Vec<f64> = links.iter().map(|y| y * scale).collect();
            qap(n, &links, vec![predictor("x", x.clone())], directed, &inference).unwrap()
        };
        let (once, scaled, ordered) = (run(1.0, false), run(unit, false), run(1.0, true));
        let (a, b, c) = (&once.predictors[0], &scaled.predictors[0], &ordered.predictors[0]);
        prop_assert!((a.partial.slope * unit - b.partial.slope).abs() < 1e-9 && (a.partial.slope - c.partial.slope).abs() < 1e-9);
        prop_assert!((a.partial.correlation - b.partial.correlation).abs() < 1e-9);
        prop_assert_eq!(a.p, b.p);
        prop_assert_eq!(a.p, c.p);
        prop_assert!((0.0..=1.0).contains(&once.r2) && (once.r2 - a.partial.correlation.powi(2)).abs() < 1e-9);
    }
}
