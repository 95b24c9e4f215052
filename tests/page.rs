//! The report of the whole study that is shipped: small, complete and alone.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use std::collections::BTreeSet;

use desk::{DELTA, Desk, err};
use serde_json::Value;

/// A page that is mailed: below this many bytes.
const LARGEST: usize = 400_000;

#[test]
fn the_report_of_every_family_is_small_complete_and_alone() {
    let desk = Desk::new();
    let study = format!("{DELTA}/study.toml");
    let output =
        desk.agglo(&["analyse", &study, "--permutations", "99", "--bootstrap", "99", "--out-dir", "out", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let page = desk.text("out/report.html");
    assert!(page.len() < LARGEST, "{} bytes", page.len());

    let alone = page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "");
    assert_eq!(
        alone.split_once("http").map(|(_, rest)| &rest[..40]),
        None,
        "the page points to something beside itself"
    );

    for family in ["autocorrelation", "imbalance", "radiation", "isomorphism", "structure", "index"] {
        assert!(page.contains(&format!("<section id=\"{family}\">")), "{family}");
    }
    let results: Value = serde_json::from_str(&desk.text("out/results.json")).unwrap();
    let measures: BTreeSet<&str> =
        results["results"].as_array().unwrap().iter().filter_map(|result| result["measure"].as_str()).collect();
    assert!(measures.len() > 60, "{} measures", measures.len());
    for name in results["cities"]["ids"].as_array().unwrap() {
        assert!(page.contains(&format!("id=\"city-{}\"", name.as_str().unwrap())), "{name} has no profile");
    }
}
