//! Models of flows: against numpy, spint and TDLM (`golden/flows_us_air60.json`), on cases that can be seen through, and the
//! laws that they obey.
#![allow(clippy::unwrap_used)]

use agglo::measures::radiation::*;
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/flows_us_air60.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Masses, distances and observed flows of the sixty airports.
fn airports() -> (Vec<f64>, Distances, Linkage) {
    let golden = golden();
    let nodes: Vec<Vec<f64>> = golden["nodes"].as_array().unwrap().iter().map(numbers).collect();
    let mut shapes = Shapes::default();
    nodes.iter().for_each(|node| shapes.push_point([node[0], node[1]]));
    let ids: Vec<String> = (0..nodes.len()).map(|i| i.to_string()).collect();
    let cities = Cities {
        names: ids.clone(),
        ids,
        shapes,
        points: nodes.iter().map(|node| Some([node[0], node[1]])).collect(),
        metric: Metric::GreatCircle { radius: 6371.0 },
        notes: Vec::new(),
    };
    let network: Value = serde_json::from_str(include_str!("golden/network_us_air60.json")).unwrap();
    let arc =
        |edge: &Value| (edge[0].as_u64().unwrap() as u32, edge[1].as_u64().unwrap() as u32, edge[2].as_f64().unwrap());
    let arcs = network["edges"].as_array().unwrap().iter().map(arc).collect();
    let links = Linkage::from_arcs(nodes.len(), arcs, LinkMeaning::Strength).unwrap();
    (nodes.iter().map(|node| node[2]).collect(), Distances::between(&cities).unwrap(), links)
}

#[track_caller]
fn near(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{what}: {got} for {want}");
}

#[test]
fn fits_as_in_spint() {
    let (mass, distances, links) = airports();
    let golden = golden();
    for decay in Decay::ALL {
        for constraint in Constraint::ALL {
            let fit = gravity_fit(&links, &mass, &distances, constraint, decay).unwrap();
            let family = if constraint == Constraint::None { "gravity" } else { constraint.name() };
            let name = format!("{family}_{}", if decay == Decay::Power { "pow" } else { "exp" });
            let want = &golden["fits"][&name];
            assert!(fit.converged, "{name}");
            let coefficients = [fit.constant, fit.origin_mass.value, fit.destination_mass.value, fit.distance.value];
            let coefficients: Vec<f64> = coefficients.into_iter().filter(|x| !x.is_nan()).collect();
            for (got, want) in coefficients.iter().zip(numbers(&want["key_params"])) {
                near(*got, want, 1e-5, &name);
            }
            assert_eq!(
                (coefficients.len(), fit.parameters as u64),
                (want["key_params"].as_array().unwrap().len(), want["n_params"].as_u64().unwrap())
            );
            for (key, got) in [
                ("deviance", fit.deviance),
                ("AIC", fit.aic),
                ("pseudoR2", fit.pseudo_r2),
                ("D2", fit.d2),
                ("SRMSE", fit.srmse),
                ("SSI", fit.ssi),
                ("cpc", fit.cpc),
            ] {
                // spint stops its exponential fits with sums of flows that are off by 3e-6.
                near(got, want[key].as_f64().unwrap(), 1e-5, &format!("{name} {key}"));
            }
            for (j, want) in numbers(&want["fitted_first10"]).into_iter().enumerate() {
                near(fit.expected(0, j + 1, distances.get(0, j + 1)), want, 1e-4, &name);
            }
            near(fit.observed_mean_distance, golden["observed_mean_trip_length"].as_f64().unwrap(), 1e-8, "mean");
        }
    }
}

#[test]
fn balances_as_furness() {
    let (_, distances, links) = airports();
    let golden = golden();
    for (name, decay, coefficient) in [("pow_b1", Decay::Power, -1.0), ("exp_b001", Decay::Exponential, -0.01)] {
        let (out, into) = (links.strength_out(), links.strength_in());
        let got = balanced_flows(&out, &into, &distances, decay, coefficient).unwrap();
        assert!(got.balanced, "{name} {}", got.rounds);
        println!("{name} {}", got.rounds);
        for check in golden["ipf"][name]["checks"].as_array().unwrap() {
            let (i, j) = (check[0].as_u64().unwrap() as usize, check[1].as_u64().unwrap() as usize);
            near(got.flows[60 * i + j], check[2].as_f64().unwrap(), 1e-8, name);
        }
        let total: f64 = out.iter().sum();
        let common: f64 = links.arcs().map(|(i, j, y)| y.min(got.flows[60 * i + j])).sum();
        near(common / total, golden["ipf"][name]["cpc"].as_f64().unwrap(), 1e-8, name);
        let length: f64 = (0..3600).map(|at| got.flows[at] * distances.get(at / 60, at % 60)).sum();
        near(length / total, golden["ipf"][name]["mean_trip_length"].as_f64().unwrap(), 1e-8, name);
    }
}
