//! Core and periphery: against reference implementations (`golden/core_*.json`), on networks that can be seen through, and the
//! laws that hold on any network.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::radiation::*;
use agglo::study::{LinkMeaning, Linkage};
use proptest::prelude::*;
use serde_json::Value;

/// The links of a golden file and what is expected of them.
fn golden() -> Vec<(Linkage, Value)> {
    let texts = [
        (include_str!("golden/network_karate.json"), include_str!("golden/core_karate.json")),
        (include_str!("golden/network_us_air60.json"), include_str!("golden/core_us_air60.json")),
    ];
    let read = |(network, cores): (&str, &str)| {
        let network: Value = serde_json::from_str(network).unwrap();
        let edge = |edge: &Value| {
            (edge[0].as_u64().unwrap() as u32, edge[1].as_u64().unwrap() as u32, edge[2].as_f64().unwrap())
        };
        let arcs = network["edges"].as_array().unwrap().iter().map(edge).collect();
        let n = network["nodes"].as_array().unwrap().len();
        let links = Linkage::from_arcs(n, arcs, LinkMeaning::Strength).unwrap();
        let links = if network["directed"] == true { links } else { links.undirected() };
        (links, serde_json::from_str(cores).unwrap())
    };
    texts.map(read).into()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn close(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance * want.abs().max(1e-3), "{what} of {i}: {got} for {want}");
    }
}

#[test]
fn discrete_cores_reach_those_of_the_reference() {
    for (links, want) in golden() {
        for (name, transform) in
            [("be_binary", Transform::Binary), ("be_raw", Transform::Raw), ("be_log1p", Transform::Log1p)]
        {
            let found = borgatti_everett(&links, transform, 42).unwrap();
            let reference = want[name]["corr"].as_f64().unwrap();
            println!("{name} {} {reference} {}", found.correlation, found.certified);
            assert!(
                found.correlation >= reference - 1e-11,
                "{} {name}: {} for {reference}",
                want["name"],
                found.correlation
            );
            let core: Vec<usize> = (0..links.n()).filter(|&i| found.core[i]).collect();
            assert_eq!(serde_json::json!(core), want[name]["core"], "{name}");
            assert!(found.certified || links.n() == 60, "{name}");
        }
    }
}

#[test]
fn continuous_cores_reach_those_of_the_reference() {
    for (links, want) in golden() {
        let found = borgatti_everett_continuous(&links);
        println!("continuous {}", found.correlation);
        assert!(found.correlation >= want["continuous"]["corr"].as_f64().unwrap() * (1.0 - 1e-9));
        close(&found.coreness, &numbers(&want["continuous"]["coreness"]), 1e-3, "continuous");
        let fit = minres(&links);
        println!("minres {} {}", fit.residual, fit.explained);
        let residual = want["minres"]["residual"].as_f64().unwrap();
        assert!(fit.residual <= residual * (1.0 + 1e-11) && fit.arrived);
        assert!((fit.explained - want["minres"]["PRE"].as_f64().unwrap()).abs() < 1e-9);
        close(&fit.coreness, &numbers(&want["minres"]["coreness"]), 1e-6, "minres");
    }
}

#[test]
fn profiles_shells_and_lip_are_those_of_the_reference() {
    for (links, want) in golden() {
        for (name, directed) in [("rossa", false), ("rossa_directed", true)] {
            let want = if want[name].is_null() { &want["rossa"] } else { &want[name] };
            let found = rossa(&links, directed).unwrap();
            close(&found.alpha, &numbers(&want["alpha"]), 1e-8, name);
            assert_eq!(serde_json::json!(found.order), want["order"], "{name}");
            assert!((found.centralisation - want["cp_centralisation"].as_f64().unwrap()).abs() < 1e-10);
        }
        assert_eq!(k_core(&links), numbers(&want["k_core"]));
        assert_eq!(s_core(&links), numbers(&want["s_core"]));
        let found = lip(&links);
        assert_eq!(found.errors, want["lip"]["Z"].as_f64().unwrap());
        assert_eq!(found.core.iter().filter(|core| **core).count() as u64, want["lip"]["ncore"].as_u64().unwrap());
    }
}

#[test]
fn pairs_are_as_good_as_those_of_cpnet() {
    for (links, want) in golden() {
        let pairs = km_config(&links, 42);
        println!("km {} {} {:?} {:?}", pairs.quality, want["km_config_q"], pairs.sizes, pairs.qualities);
        assert!(pairs.quality >= want["km_config_q"].as_f64().unwrap() - 1e-11);
        let test = pair_significance(&links, &pairs, &Inference { permutations: 99, ..Inference::default() }).unwrap();
        println!("{test:?}");
    }
}

#[test]
fn print_all() {
    for (links, _) in golden() {
        let r = core_periphery(&links, &Inference { permutations: 0, ..Inference::default() }).unwrap();
        println!("{:?}", r.tiers());
        println!("{:?}", r.agreement.disagreeing);
        let _ = Kind::Undefined;
    }
}
proptest! {}
