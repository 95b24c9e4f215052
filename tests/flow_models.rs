//! Models of flows: against numpy, spint and TDLM (`golden/flows_us_air60.json`), on cases that can be seen through, and the
//! laws that they obey.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::measures::radiation::*;
use agglo::measures::{Matrix, Outcome, Run, Values, measure};
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes, Variable};
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/flows_us_air60.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Masses, distances and observed flows of the sixty airports.
fn airports() -> (Vec<f64>, Distances, Linkage) {
    let (mass, cities, links) = airport_cities();
    (mass, Distances::between(&cities).unwrap(), links)
}

fn airport_cities() -> (Vec<f64>, Cities, Linkage) {
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
    (nodes.iter().map(|node| node[2]).collect(), cities, links)
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

fn checks(value: &Value) -> Vec<(usize, usize, f64)> {
    let check = |c: &Value| (c[0].as_u64().unwrap() as usize, c[1].as_u64().unwrap() as usize, c[2].as_f64().unwrap());
    value.as_array().unwrap().iter().map(check).collect()
}

#[test]
fn gravity_as_by_its_formula() {
    let (mass, distances, links) = airports();
    let golden = golden();
    let result = gravity(&mass, &distances, &USUAL, None).unwrap();
    let flows = gravity_flows(&mass, &distances, &USUAL, None).unwrap();
    near(result.sum, golden["gravity"]["total"].as_f64().unwrap(), 1e-8, "total");
    let core = golden["share_of_core"]["core"].as_u64().unwrap() as usize;
    for i in 0..60 {
        near(result.total[i], golden["gravity"]["row_sums"][i].as_f64().unwrap(), 1e-8, "row");
        near(result.total[i], golden["share_of_core"]["total"][i].as_f64().unwrap(), 1e-8, "row");
        near(
            flows[60 * i + core] / result.total[i],
            golden["share_of_core"]["share"][i].as_f64().unwrap(),
            1e-8,
            "share",
        );
    }
    for (i, j, want) in checks(&golden["gravity"]["checks"]) {
        near(flows[60 * i + j], want, 1e-8, "gravity");
    }
    // What leaves each city divided by gravity is the production constrained model with exponents that are given.
    let out = links.strength_out();
    let mut common = 0.0;
    for (i, j, y) in links.arcs() {
        common += y.min(out[i] * flows[60 * i + j] / result.total[i]);
    }
    for (i, j, want) in checks(&golden["gravity_production"]["checks"]) {
        near(out[i] * flows[60 * i + j] / result.total[i], want, 1e-8, "production");
    }
    near(common / out.iter().sum::<f64>(), golden["gravity_production"]["cpc"].as_f64().unwrap(), 1e-8, "cpc");
}

#[test]
fn radiation_as_by_its_formula_and_in_tdlm() {
    let (mass, distances, links) = airports();
    let golden = golden();
    let total: f64 = mass.iter().sum();
    for (name, form) in [("radiation", RadiationForm::Simini), ("radiation_finite", RadiationForm::Finite)] {
        let shares = radiation_shares(&mass, &distances, form).unwrap();
        for i in 0..60 {
            let sum = shares[60 * i..60 * (i + 1)].iter().sum();
            near(sum, golden[name]["row_sums"][i].as_f64().unwrap(), 1e-8, name);
        }
        for (i, j, want) in checks(&golden[name]["checks"]) {
            near(shares[60 * i + j], want, 1e-8, name);
        }
    }
    let fit = radiation_model(&mass, &distances, RadiationForm::Finite, Some(&links)).unwrap();
    near(fit.cpc, golden["radiation_finite"]["cpc"].as_f64().unwrap(), 1e-8, "cpc");
    near(fit.observed_mean_distance, golden["observed_mean_trip_length"].as_f64().unwrap(), 1e-8, "mean");
    let schneider = intervening_shares(&mass, &distances, 1e-6).unwrap();
    let finite = radiation_shares(&mass, &distances, RadiationForm::Finite).unwrap();
    let extended = radiation_shares(&mass, &distances, RadiationForm::Extended(0.5)).unwrap();
    for (name, shares) in [("Schneider", schneider), ("Rad", finite), ("RadExt", extended)] {
        for (j, want) in numbers(&golden["tdlm"][name]).into_iter().enumerate() {
            near(shares[j] * mass[0] / total, want, 1e-8, name);
        }
    }
}

#[test]
fn potentials_as_by_their_formulas() {
    let (mass, distances, _) = airports();
    let golden = golden();
    let power = potential(&mass, &distances, Decay::Power, 1.0, None).unwrap();
    let exponential = potential(&mass, &distances, Decay::Exponential, 0.01, None).unwrap();
    for i in 0..60 {
        near(power[i], golden["potential_b1"][i].as_f64().unwrap(), 1e-8, "potential");
        near(exponential[i], golden["hansen_exp_b001"][i].as_f64().unwrap(), 1e-8, "exponential");
    }
}

#[test]
fn a_robust_error_is_that_of_the_plain_sandwich() {
    // Against (X'MX)^-1 X' diag(e^2) X (X'MX)^-1 of the whole design with its dummies, by elimination.
    let (mass, distances, links) = small();
    for constraint in [Constraint::Production, Constraint::Attraction, Constraint::Doubly] {
        let fit = gravity_fit(&links, &mass, &distances, constraint, Decay::Power).unwrap();
        let n = mass.len();
        let mut rows = Vec::new();
        let flow = |i: usize, j: usize| links.arcs().find(|a| (a.0, a.1) == (i, j)).map_or(0.0, |a| a.2);
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                let d = distances.get(i, j);
                let mut x = vec![d.ln()];
                match constraint {
                    Constraint::Production => x.push(mass[j].ln()),
                    Constraint::Attraction => x.push(mass[i].ln()),
                    _ => (),
                }
                let one = |is: bool| f64::from(u8::from(is));
                if constraint != Constraint::Attraction {
                    x.extend((0..n).map(|k| one(k == i)));
                }
                if constraint != Constraint::Production {
                    let from = usize::from(constraint == Constraint::Doubly);
                    x.extend((from..n).map(|k| one(k == j)));
                }
                rows.push((x, fit.expected(i, j, d), flow(i, j), [i, j]));
            }
        }
        let k = rows[0].0.len();
        let sum = |weight: &dyn Fn(f64, f64) -> f64| -> Vec<Vec<f64>> {
            let of = |a: usize, b: usize| rows.iter().map(|(x, mu, y, _)| weight(*mu, *y) * x[a] * x[b]).sum();
            (0..k).map(|a| (0..k).map(|b| of(a, b)).collect()).collect()
        };
        let (bread, meat) = (sum(&|mu, _| mu), sum(&|mu, y| (y - mu) * (y - mu)));
        // The first row of the inverse.
        let first = solved(bread, (0..k).map(|a| f64::from(u8::from(a == 0))).collect());
        let variance: f64 = (0..k).map(|a| (0..k).map(|b| first[a] * meat[a][b] * first[b]).sum::<f64>()).sum();
        near(fit.distance.se, variance.sqrt(), 1e-6, constraint.name());
        // Those of clusters are made of sums of scores.
        let clustered = |cluster: &dyn Fn([usize; 2]) -> [usize; 2]| -> f64 {
            let mut sums = std::collections::BTreeMap::<[usize; 2], f64>::new();
            for (x, mu, y, pair) in &rows {
                let score: f64 = (0..k).map(|a| first[a] * x[a]).sum();
                *sums.entry(cluster(*pair)).or_default() += (y - mu) * score;
            }
            let g = sums.len() as f64;
            (sums.values().map(|sum| sum * sum).sum::<f64>() * g / (g - 1.0)).sqrt()
        };
        near(fit.distance.se_by_origin, clustered(&|[i, _]| [i, i]), 1e-6, "by origin");
        near(fit.distance.se_by_pair, clustered(&|[i, j]| [i.min(j), i.max(j)]), 1e-6, "by pair");
        let largest = fit.distance.se.max(fit.distance.se_by_origin).max(fit.distance.se_by_pair);
        assert_eq!(fit.distance.largest_se().0, largest);
    }
}

#[test]
fn cities_without_any_flow_do_not_flatter_a_model_that_keeps_their_sums() {
    // A sixth city sends and receives nothing: the doubly constrained model says 0 of it by construction.
    let (mass, distances, links) = small();
    let n = mass.len();
    let d = |at: usize| match (at / (n + 1), at % (n + 1)) {
        (i, j) if i < n && j < n => distances.get(i, j),
        (i, j) => {
            if i == j {
                0.0
            } else {
                77.0
            }
        }
    };
    let wider = Distances::from_values(n + 1, (0..(n + 1) * (n + 1)).map(d).collect()).unwrap();
    let arcs: Vec<(u32, u32, f64)> = links.arcs().map(|(i, j, y)| (i as u32, j as u32, y)).collect();
    let more_links = Linkage::from_arcs(n + 1, arcs, LinkMeaning::Strength).unwrap();
    let more_mass: Vec<f64> = mass.iter().copied().chain([3.0]).collect();
    let fits = |constraint| {
        [(&links, &mass, &distances), (&more_links, &more_mass, &wider)]
            .map(|(links, mass, distances)| gravity_fit(links, mass, distances, constraint, Decay::Power).unwrap())
    };
    let [alone, beside] = fits(Constraint::Doubly);
    assert_eq!((beside.pairs, beside.zero_pairs), (alone.pairs, alone.zero_pairs));
    for (a, b) in [(alone.pseudo_r2, beside.pseudo_r2), (alone.d2, beside.d2), (alone.srmse, beside.srmse)] {
        near(a, b, 1e-9, "fit");
    }
    near(alone.ssi, beside.ssi, 1e-9, "ssi");
    near(alone.cpc, beside.cpc, 1e-9, "cpc");
    near(alone.distance.se_by_pair, beside.distance.se_by_pair, 1e-6, "error");
    let [alone, beside] = fits(Constraint::Production);
    assert_eq!(beside.pairs, alone.pairs + n); // ways to the sixth city could have a flow, those from it not
    let [alone, beside] = fits(Constraint::None);
    assert_eq!(beside.pairs, alone.pairs + 2 * n);
}

fn solved(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let k = b.len();
    for p in 0..k {
        for r in (0..k).filter(|&r| r != p) {
            let (factor, pivot) = (a[r][p] / a[p][p], a[p].clone());
            a[r].iter_mut().zip(&pivot).for_each(|(x, y)| *x -= factor * y);
            b[r] -= factor * b[p];
        }
    }
    (0..k).map(|p| b[p] / a[p][p]).collect()
}

/// Seven cities with flows that obey no law, some of them zero.
fn small() -> (Vec<f64>, Distances, Linkage) {
    let at: [[f64; 2]; 7] = [[0.0, 0.0], [3.0, 1.0], [5.0, 7.0], [1.0, 6.0], [9.0, 2.0], [8.0, 8.0], [4.0, 3.0]];
    let apart = |k: usize| (at[k / 7][0] - at[k % 7][0]).hypot(at[k / 7][1] - at[k % 7][1]);
    let distances = Distances::from_values(7, (0..49).map(apart).collect()).unwrap();
    let flow = |k: usize| ((k / 7) as u32, (k % 7) as u32, ((k * 37 + k * k * 11) % 23) as f64);
    let links = Linkage::from_arcs(7, (0..49).map(flow).collect(), LinkMeaning::Strength).unwrap();
    (vec![9.0, 2.0, 4.0, 1.0, 7.0, 3.0, 5.0], distances, links)
}

#[test]
fn constrained_models_keep_their_sums_and_the_mean_distance() {
    let (mass, distances, links) = airports();
    let (out, into) = (links.strength_out(), links.strength_in());
    for decay in Decay::ALL {
        let fit = gravity_fit(&links, &mass, &distances, Constraint::Doubly, decay).unwrap();
        for i in 0..60 {
            let row: f64 = (0..60).map(|j| fit.expected(i, j, distances.get(i, j))).sum();
            let column: f64 = (0..60).map(|j| fit.expected(j, i, distances.get(j, i))).sum();
            near(row, out[i], 1e-11, "row");
            near(column, into[i], 1e-11, "column");
        }
        if decay == Decay::Exponential {
            near(fit.mean_distance, fit.observed_mean_distance, 1e-9, "Hyman's condition");
        }
    }
}

#[test]
fn links_without_direction_count_once() {
    let (mass, distances, links) = airports();
    let undirected = links.undirected();
    let fit = gravity_fit(&undirected, &mass, &distances, Constraint::None, Decay::Power).unwrap();
    assert_eq!((fit.pairs, fit.parameters), (1770, 3));
    assert!(fit.destination_mass.value.is_nan() && fit.origin_mass.se > 0.0 && fit.distance.se_by_origin.is_nan());
    // The same pairs twice, with two exponents: the same estimates by symmetry.
    let twice: Vec<_> = undirected.arcs().map(|(i, j, y)| (i as u32, j as u32, y)).collect();
    let twice = Linkage::from_arcs(60, twice, LinkMeaning::Strength).unwrap();
    let both = gravity_fit(&twice, &mass, &distances, Constraint::None, Decay::Power).unwrap();
    near(both.origin_mass.value, fit.origin_mass.value, 1e-8, "mass");
    near(both.distance.value, fit.distance.value, 1e-8, "distance");
    near(both.deviance, 2.0 * fit.deviance, 1e-9, "deviance");
    let doubly = gravity_fit(&undirected, &mass, &distances, Constraint::Doubly, Decay::Power).unwrap();
    assert!(doubly.converged && doubly.deviance < fit.deviance);
    let production = gravity_fit(&undirected, &mass, &distances, Constraint::Production, Decay::Power);
    assert_eq!(production.unwrap_err().kind(), Kind::Undefined);
}

#[test]
fn what_cannot_be_told_apart_is_undefined_and_never_a_hang() {
    let distances =
        |n: usize| Distances::from_values(n, (0..n * n).map(|k| (k / n).abs_diff(k % n) as f64).collect()).unwrap();
    let links =
        |n: usize, arcs: &[(u32, u32, f64)]| Linkage::from_arcs(n, arcs.to_vec(), LinkMeaning::Strength).unwrap();
    for constraint in Constraint::ALL {
        for decay in Decay::ALL {
            let fit = |n: usize, mass: &[f64], arcs: &[(u32, u32, f64)]| {
                gravity_fit(&links(n, arcs), mass, &distances(n), constraint, decay)
            };
            // Two cities; equal masses; a star; one flow.
            assert!(fit(2, &[1.0, 2.0], &[(0, 1, 3.0)]).is_err());
            let equal = fit(4, &[1.0; 4], &[(0, 1, 3.0), (1, 2, 3.0), (2, 3, 1.0), (3, 0, 2.0)]);
            assert_eq!(equal.is_err(), constraint != Constraint::Doubly, "{constraint:?}");
            let star = [(0, 1, 3.0), (0, 2, 3.0), (0, 3, 1.0), (1, 0, 1.0), (2, 0, 2.0), (3, 0, 4.0)];
            if let Ok(fit) = fit(4, &[1.0, 2.0, 3.0, 4.0], &star) {
                assert!(fit.deviance >= -1e-9 && (fit.deviance.is_finite() || !fit.converged), "{fit:?}");
            }
            _ = fit(4, &[1.0, 2.0, 3.0, 4.0], &[(0, 3, 3.0)]).map(|fit| assert!(!fit.deviance.is_nan()));
            assert!(fit(3, &[f64::NAN, 0.0, 1.0], &[(0, 1, 3.0)]).is_err());
        }
    }
}

#[test]
fn flows_need_not_be_whole_numbers_and_have_no_aic_then() {
    let (mass, distances, links) = small();
    let scaled: Vec<_> = links.arcs().map(|(i, j, y)| (i as u32, j as u32, y * 0.37)).collect();
    let scaled = Linkage::from_arcs(7, scaled, LinkMeaning::Strength).unwrap();
    for constraint in Constraint::ALL {
        let whole = gravity_fit(&links, &mass, &distances, constraint, Decay::Exponential).unwrap();
        let part = gravity_fit(&scaled, &mass, &distances, constraint, Decay::Exponential).unwrap();
        assert!(whole.aic.is_finite() && part.aic.is_nan() && part.pseudo_r2.is_nan());
        near(part.distance.value, whole.distance.value, 1e-7, "coefficient");
        near(part.distance.se, whole.distance.se, 1e-6, "robust error");
        near(part.deviance, 0.37 * whole.deviance, 1e-8, "deviance");
        near(part.d2, whole.d2, 1e-8, "d2");
        near(part.cpc, whole.cpc, 1e-8, "cpc");
    }
}

#[test]
fn a_known_exponent_and_a_known_rate_are_found_again() {
    let (mass, distances, _) = airports();
    let flows = |shares: Vec<f64>| {
        let arcs = (0..3600).map(|k| ((k / 60) as u32, (k % 60) as u32, 1e6 * shares[k])).collect();
        Linkage::from_arcs(60, arcs, LinkMeaning::Strength).unwrap()
    };
    let links = flows(radiation_shares(&mass, &distances, RadiationForm::Extended(0.7)).unwrap());
    near(radiation_exponent(&mass, &distances, &links).unwrap().unwrap(), 0.7, 1e-5, "exponent");
    let links = flows(intervening_shares(&mass, &distances, 2e-6).unwrap());
    near(opportunity_rate(&mass, &distances, &links).unwrap().unwrap(), 2e-6, 1e-5, "rate");
    let fit = intervening_opportunities(&mass, &distances, 2e-6, Some(&links)).unwrap();
    near(fit.cpc, 1.0, 1e-9, "cpc");
    assert!(fit.srmse < 1e-6);
}

#[test]
fn supply_over_demand_is_the_mean_access() {
    let (mass, distances, _) = airports();
    let demand: Vec<f64> = (0..60).map(|i| f64::from(i % 7) * 100.0).collect();
    for fading in [Fading::None, Fading::Gaussian] {
        for limit in [500.0, 2000.0, 20_000.0] {
            let got = catchment(&mass, &demand, &distances, limit, fading).unwrap();
            let sum: f64 = got.access.iter().zip(&demand).map(|(a, p)| a * p).sum();
            near(sum, got.reached, 1e-12, "supply");
        }
    }
    let all = catchment(&mass, &demand, &distances, 20_000.0, Fading::None).unwrap();
    let mean = mass.iter().sum::<f64>() / demand.iter().sum::<f64>();
    all.access.iter().for_each(|access| near(*access, mean, 1e-12, "all within reach"));
    assert_eq!(catchment(&mass, &demand, &distances, 0.0, Fading::None).unwrap_err().kind(), Kind::Value);
}

#[test]
fn networks_of_models_carry_their_linkages() {
    let (mass, distances, _) = airports();
    let flows = gravity_flows(&mass, &distances, &USUAL, None).unwrap();
    let links = gravity_network(&mass, &distances, &USUAL, None).unwrap();
    assert_eq!(links.graph().edge_count(), 60 * 59);
    links.arcs().for_each(|(i, j, w)| assert_eq!(w, flows[60 * i + j]));
    let directed = gravity_network(&mass, &distances, &USUAL, Some(&mass)).unwrap();
    let shares = gravity_flows(&mass, &distances, &USUAL, Some(&mass)).unwrap();
    directed.arcs().for_each(|(i, j, w)| assert_eq!(w, shares[60 * i + j]));
    // The two directions of a pair divide its linkage.
    near(shares[1] + shares[60], flows[1], 1e-12, "shares");
    let radiation = radiation_network(&mass, &distances).unwrap();
    radiation.strength_out().iter().zip(&mass).for_each(|(out, m)| near(*out, *m, 1e-9, "radiation"));
    let names = |n: usize| (0..n).map(|i| i.to_string()).collect();
    let firms = Matrix { rows: names(3), columns: names(2), values: vec![5.0, 3.0, 2.0, 0.0, f64::NAN, 1.0] };
    let links = interlocking_network(&firms).unwrap();
    assert_eq!(links.strength_out(), interlocking(&firms).unwrap().connectivity);
}

fn run_all(run: &Run, name: &str) -> Outcome {
    let mut outcomes = measure(name).unwrap().run(run).unwrap();
    assert_eq!(outcomes.len(), 1);
    let outcome = outcomes.remove(0);
    let about = measure(name).unwrap().about();
    for (column, values) in &outcome.columns {
        assert!(about.fields.iter().any(|field| field.name == *column), "{name} {column}");
        let count = match values {
            Values::Numbers(x) => x.len(),
            Values::Counts(x) => x.len(),
            Values::Classes(x) => x.len(),
            Values::Texts(x) => x.len(),
        };
        assert_eq!(count, run.cities.len(), "{name} {column}");
    }
    let named = outcome
        .scalars
        .iter()
        .map(|x| x.0)
        .chain(outcome.tables.iter().map(|x| x.0))
        .chain(outcome.matrices.iter().map(|x| x.0));
    named.for_each(|name| assert!(about.fields.iter().any(|field| field.name == name), "{} {name}", about.name));
    for (table, rows) in &outcome.tables {
        assert!(rows.rows.iter().all(|row| row.len() == rows.columns.len()), "{name} {table}");
    }
    outcome
}

const ALL: [&str; 5] = ["gravity", "gravity_fit", "radiation_model", "intervening_opportunities", "accessibility"];

#[test]
fn in_the_registry() {
    let (mass, cities, links) = airport_cities();
    let features: Vec<usize> = (0..60).collect();
    let (inference, options) = (Default::default(), Default::default());
    let masses = [Variable::new("mass", mass.clone())];
    let cores = Cores { places: vec![1, 41], how: "named".into() };
    let reach = Options { catchment: Some(800.0), ..USUAL.clone() };
    let base = Run::of(&cities, &features, &inference, &options);
    let run = Run {
        mass: &masses,
        population: &masses,
        links: Some(&links),
        network: Some(&links),
        cores: Some(&cores),
        reach: &reach,
        ..base
    };
    for name in ALL {
        let outcome = run_all(&run, name);
        assert!(!outcome.scalars.is_empty() && outcome.footer.is_some(), "{name}");
    }
    let fit = run_all(&run, "gravity_fit");
    let [fits, outliers] = [0, 1].map(|k| fit.tables[k].1.rows.len());
    assert_eq!((fits, outliers), (8, 60));
    // The sentence, the scalar and the options tell of one fit.
    let (decay, constraint) = (fit.options["decay"].as_str().unwrap(), fit.options["constraint"].as_str().unwrap());
    assert_eq!(fit.scalar("distance"), fit.scalar(&format!("distance_{decay}")));
    let told = fit.notes.iter().find(|note| note.message.starts_with("flows fade with distance")).unwrap();
    assert!(told.message.contains(&format!("the {constraint} constrained model with {decay} decay")), "{told:?}");
    assert!(told.message.contains("clustered by"), "{told:?}");
    assert_eq!(run_all(&run, "gravity").tables.last().unwrap().1.rows.len(), 2 * 60 - 2);
    // Half of the cities without a mass, one of them with none at all.
    let mut holes = mass;
    (0..30).for_each(|i| holes[2 * i] = f64::NAN);
    holes[1] = 0.0;
    let masses = [Variable::new("mass", holes)];
    let run = Run { mass: &masses, ..run };
    for name in ALL {
        let outcome = run_all(&run, name);
        assert!(outcome.notes.iter().any(|note| note.code == "no_mass"), "{name}");
    }
    let run = Run { links: None, population: &[], reach: &USUAL, ..run };
    let outcome = run_all(&run, "accessibility");
    assert!(outcome.notes.iter().any(|note| note.message.contains("--catchment")));
    assert!(run_all(&run, "intervening_opportunities").notes.iter().any(|note| note.code == "not_run"));
}

#[test]
fn an_exponent_at_its_bound_is_told_from_one_that_was_found() {
    // Masses without an end and flows that all go to the farthest city: the flattest of the extended models is likeliest.
    let (mass, cities, _) = airport_cities();
    let distances = Distances::between(&cities).unwrap();
    let farthest = |i: usize| (0..60).max_by(|&a, &b| distances.get(i, a).total_cmp(&distances.get(i, b))).unwrap();
    let arcs = (0..60).map(|i| (i as u32, farthest(i) as u32, 5.0)).collect();
    let links = Linkage::from_arcs(60, arcs, LinkMeaning::Strength).unwrap();
    let features: Vec<usize> = (0..60).collect();
    let (inference, options) = (Default::default(), Default::default());
    let masses = [Variable::new("mass", mass)];
    let base = Run::of(&cities, &features, &inference, &options);
    let run = Run { mass: &masses, links: Some(&links), network: Some(&links), ..base };
    let outcome = run_all(&run, "radiation_model");
    let note = outcome.notes.iter().find(|note| note.code == "not_run").unwrap();
    assert!(note.message.contains("grows to the bound 0.01"), "{note:?}");
    assert!(outcome.scalar("exponent").is_nan());
}

#[test]
fn few_cities() {
    for n in 0..3 {
        let (mass, cities, _) = airport_cities();
        let cities = cities.subset(&(0..n).collect::<Vec<_>>());
        let features: Vec<usize> = (0..n).collect();
        let (inference, options) = (Default::default(), Default::default());
        for mass in [mass[..n].to_vec(), vec![0.0; n], vec![f64::NAN; n]] {
            let masses = [Variable::new("mass", mass)];
            let reach = Options { catchment: Some(9.0), opportunity_rate: Some(1e-6), ..USUAL.clone() };
            let base = Run::of(&cities, &features, &inference, &options);
            let run = Run { mass: &masses, population: &masses, reach: &reach, ..base };
            for name in ["gravity", "radiation_model", "intervening_opportunities", "accessibility"] {
                run_all(&run, name);
            }
        }
    }
}

proptest! {
    #[test]
    fn firms_add_up(values in prop::collection::vec(0..6_u32, 24)) {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect();
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let got = interlocking(&Matrix { rows: names(6), columns: names(4), values: values.clone() }).unwrap();
        let of_firm = |j: usize| {
            let column = || (0..6).map(move |a| a * 4 + j);
            let sum: f64 = column().map(|at| values[at]).sum();
            sum * sum - column().map(|at| values[at] * values[at]).sum::<f64>()
        };
        prop_assert_eq!(got.total, (0..4).map(of_firm).sum::<f64>());
        prop_assert!(got.share.iter().all(|s| s.is_nan() || (0.0..=1.0).contains(s)));
    }

    #[test]
    fn models_do_not_depend_on_the_order_of_cities(turn in 1..7_usize) {
        let (mass, distances, links) = small();
        let to = |i: usize| (i + turn) % 7;
        let mut turned = vec![0.0; 7];
        (0..7).for_each(|i| turned[to(i)] = mass[i]);
        let mut values = vec![0.0; 49];
        (0..49).for_each(|k| values[7 * to(k / 7) + to(k % 7)] = distances.get(k / 7, k % 7));
        let apart = Distances::from_values(7, values).unwrap();
        let arcs = links.arcs().map(|(i, j, y)| (to(i) as u32, to(j) as u32, y)).collect();
        let moved = Linkage::from_arcs(7, arcs, LinkMeaning::Strength).unwrap();
        for constraint in Constraint::ALL {
            for decay in Decay::ALL {
                let one = gravity_fit(&links, &mass, &distances, constraint, decay).unwrap();
                let other = gravity_fit(&moved, &turned, &apart, constraint, decay).unwrap();
                prop_assert!(one.converged && other.converged);
                prop_assert!((one.distance.value - other.distance.value).abs() < 1e-8);
                prop_assert!((one.distance.se - other.distance.se).abs() < 1e-7);
            }
        }
        let one = radiation_shares(&mass, &distances, RadiationForm::Finite).unwrap();
        let other = radiation_shares(&turned, &apart, RadiationForm::Finite).unwrap();
        for k in 0..49 {
            prop_assert!((one[k] - other[7 * to(k / 7) + to(k % 7)]).abs() < 1e-14);
        }
        let totals = [(&mass, &distances), (&turned, &apart)].map(|(m, d)| gravity(m, d, &USUAL, None).unwrap());
        for i in 0..7 {
            prop_assert!((totals[0].total[i] - totals[1].total[to(i)]).abs() < 1e-9 * totals[0].total[i]);
        }
    }

    #[test]
    fn shares_are_chances_and_radiation_knows_no_unit(
        mass in prop::collection::vec(0.0..100.0_f64, 6),
        at in prop::collection::vec(0.0..100.0_f64, 6),
        factor in 1e-3..1e3_f64,
    ) {
        let values = (0..36).map(|k| (at[k / 6] - at[k % 6]).abs()).collect();
        let distances = Distances::from_values(6, values).unwrap();
        let scaled: Vec<f64> = mass.iter().map(|m| m * factor).collect();
        let finite = radiation_shares(&mass, &distances, RadiationForm::Finite).unwrap();
        let same = radiation_shares(&scaled, &distances, RadiationForm::Finite).unwrap();
        let schneider = intervening_shares(&mass, &distances, 0.03).unwrap();
        for i in 0..6 {
            let row = 6 * i..6 * i + 6;
            prop_assert!(finite[row.clone()].iter().all(|p| (0.0..=1.0 + 1e-9).contains(p)));
            if mass[i] > 0.0 && mass.iter().filter(|m| **m > 0.0).count() > 1 {
                prop_assert!((finite[row.clone()].iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!((schneider[row].iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
        for (a, b) in finite.iter().zip(&same) {
            prop_assert!((a - b).abs() < 1e-9);
        }
    }
}
