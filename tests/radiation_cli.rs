//! `agglo radiation` as a user meets it: what it reads, prints and writes, and what it refuses.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use std::path::Path;
use std::process::Output;

use desk::{DELTA, Desk, err, out};
use serde_json::Value;

const MASS: [&str; 2] = ["--mass", "gdp_2020_100m_cny"];
const CORES: [&str; 2] = ["--cores", "310100,320100,330100,340100"];

impl Desk {
    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// `agglo radiation` on the delta.
    fn run(&self, args: &[&str]) -> Output {
        let cities = format!("{DELTA}/cities.geojson");
        self.agglo(&[&["radiation", &cities, "--id", "adcode"], args].concat())
    }

    /// The result and the messages of a run that ends well.
    fn good(&self, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        (out(&output), err(&output))
    }

    /// The messages of a run that is refused.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_ne!(output.status.code(), Some(0), "{}", out(&output));
        err(&output)
    }
}

fn trains() -> String {
    format!("{DELTA}/links.csv")
}

/// The results of one measure.
fn results<'a>(document: &'a Value, measure: &str) -> Vec<&'a Value> {
    document["results"].as_array().unwrap().iter().filter(|result| result["measure"] == measure).collect()
}

#[test]
fn the_folder_holds_layers_the_network_and_the_tables_of_reach() {
    let desk = Desk::new();
    let trains = trains();
    let args =
        [&["--links", &trains, "--out-dir", "out", "-o", "map.geojson", "--only"][..], &["radiation"], &MASS, &CORES];
    desk.good(&args.concat());
    for layer in [
        "backbone_links",
        "backbone_flows",
        "breakpoints_breakpoints",
        "field_strength_bands",
        "field_strength_radii",
        "hinterland_hinterlands",
        "hinterland_dominance",
    ] {
        let layer = desk.json(&format!("out/layers/{layer}.geojson"));
        assert!(!layer["features"].as_array().unwrap().is_empty() && layer["agglo"]["meaning"].is_string());
    }
    for (layer, drawn) in [("backbone_links", "SimpleLine"), ("breakpoints_breakpoints", "SimpleMarker")] {
        assert!(desk.text(&format!("out/layers/{layer}.qml")).contains(drawn));
    }
    let hinterlands = desk.json("out/layers/hinterland_hinterlands.geojson");
    assert_eq!(hinterlands["features"].as_array().unwrap().len(), 4);
    let cities = desk.text("out/tables/radiation_cities.csv");
    assert!(cities.starts_with("city,name,tier,coreness,rank_min,rank_max,strength_in,strength_out,balance,"));
    assert_eq!(cities.lines().count(), 42);
    let cores = desk.text("out/tables/radiation_cores.csv");
    assert!(cores.starts_with("core,core_name,mass,radius,cities_inside,mass_inside,cities_dominated,"), "{cores}");
    assert!(cores.lines().next().unwrap().ends_with("linkage_share,gini_of_links"), "{cores}");
    assert_eq!(cores.lines().count(), 5);
    assert_eq!(desk.text("out/network/links.csv").lines().count(), 639);
    let map = desk.json("map.geojson");
    let of = |place: usize, column: &str| map["features"][place]["properties"][column].clone();
    assert_eq!((of(0, "tier"), of(0, "hinterland")), ("core".into(), "310100".into()));
    assert!(Path::new(&desk.path("map.qml")).exists());
    for (column, renderer, label) in [
        ("hinterland", "categorizedSymbol", "Nanjing ("),
        ("hinterland_contested", "categorizedSymbol", "contested: a second core draws it nearly as much ("),
        ("tier", "categorizedSymbol", "core: densely linked with each other ("),
        ("strength", "graduatedSymbol", "0 (11)"),
    ] {
        let style = desk.text(&format!("out/styles/{column}.qml"));
        let xml = roxmltree::Document::parse(style.split_once('\n').unwrap().1).unwrap();
        let drawn = xml.descendants().find(|node| node.has_tag_name("renderer-v2")).unwrap();
        assert_eq!((drawn.attribute("type"), drawn.attribute("attr")), (Some(renderer), Some(column)));
        let labels: Vec<&str> = xml.descendants().filter_map(|node| node.attribute("label")).collect();
        assert!(labels.iter().any(|text| text.starts_with(label)), "{column}: {labels:?}");
    }
}

#[test]
fn the_network_comes_back_from_graphml_and_from_the_edge_list() {
    let desk = Desk::new();
    let trains = trains();
    let only = ["--only", "centrality,network_structure", "--json"];
    let (first, _) = desk.good(&[&["--links", &trains, "--out-dir", "out"][..], &only].concat());
    for file in ["out/network/links.graphml", "out/network/links.csv"] {
        let (again, _) = desk.good(&[&["--links", file][..], &only].concat());
        let [first, again]: [Value; 2] = [&first, &again].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(first["results"], again["results"], "{file}");
    }
}

#[test]
fn a_network_is_built_where_no_links_are_given() {
    let desk = Desk::new();
    let (text, notes) = desk.good(&[&["--only", "core_periphery,gravity,centrality", "--json"][..], &MASS].concat());
    assert!(notes.contains("no links are given, and the network is built of gdp_2020_100m_cny by gravity"), "{notes}");
    let document: Value = serde_json::from_str(&text).unwrap();
    let strength = &results(&document, "centrality")[0]["columns"]["strength"][0];
    let total = &results(&document, "gravity")[0]["columns"]["gravity_total"][0];
    let relative = strength.as_f64().unwrap() / total.as_f64().unwrap();
    assert!((relative - 1.0).abs() < 1e-9, "{relative}");

    desk.put(
        "firms.csv",
        "adcode,firm,value\n310100,Acme,5\n320100,Acme,3\n330100,Acme,1\n320100,Bolt,2\n330100,Bolt,2\n",
    );
    let (text, notes) = desk.good(&["--firms", "firms.csv", "--only", "interlocking,centrality", "--json"]);
    assert!(notes.contains("the network is that of the offices of 2 firms"), "{notes}");
    let document: Value = serde_json::from_str(&text).unwrap();
    let connectivity = &results(&document, "interlocking")[0]["columns"]["connectivity"];
    assert_eq!((connectivity[0].as_f64(), connectivity[1].as_f64()), (Some(20.0), Some(22.0)));
}

#[test]
fn masses_of_several_years_are_several_results() {
    let desk = Desk::new();
    let mass = ["--mass", "gdp_{year}_100m_cny", "--years", "2010,2020", "--only", "hinterland,huff", "--json"];
    let (text, _) = desk.good(&[&mass[..], &CORES].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    let years: Vec<i64> = results(&document, "huff").iter().map(|result| result["year"].as_i64().unwrap()).collect();
    assert_eq!(years, [2010, 2020]);
    for result in results(&document, "huff") {
        for row in result["matrices"]["shares"]["values"].as_array().unwrap() {
            let shares: Vec<f64> = row.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
            assert!(shares.is_empty() || (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn travel_times_stand_in_for_distances() {
    let desk = Desk::new();
    desk.put(
        "hours.csv",
        "origin,destination,weight\n310100,320100,2\n320100,310100,2\n310100,330100,1\n330100,310100,1\n",
    );
    let args = ["--costs", "hours.csv", "--cores", "310100", "--only", "field_strength", "--json"];
    let (text, _) = desk.good(&[&args[..], &MASS].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    let field = results(&document, "field_strength")[0]["columns"]["field"].clone();
    let (shanghai, nanjing, hangzhou) =
        (0, 1, document["cities"]["ids"].as_array().unwrap().iter().position(|id| id == "330100").unwrap());
    assert!(field[shanghai].is_null());
    assert!((field[hangzhou].as_f64().unwrap() / field[nanjing].as_f64().unwrap() - 4.0).abs() < 1e-9);
}

#[test]
fn logarithms_and_geometric_means_are_asked_for_by_name() {
    let desk = Desk::new();
    let (_, notes) = desk.good(&["--mass", "sqrt(gdp_2020_100m_cny*census_pop_2020)", "--only", "gravity"]);
    assert!(notes.contains("built of sqrt_gdp_2020_100m_cny_census_pop_2020 by gravity"), "{notes}");
    let trains = trains();
    let value = ["--value", "ln(gdp_2020_100m_cny/census_pop_2020)", "--covariates", "ln(census_pop_2020)"];
    let only = ["--only", "spillover", "--links", &trains, "--json"];
    let (text, _) = desk.good(&[&value[..], &only].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    let weights: Vec<&Value> = results(&document, "spillover").iter().map(|result| &result["weights"]).collect();
    assert_eq!(weights, ["queen", "links"]);
}

#[test]
fn impossible_options_of_reach_are_named_at_once() {
    let desk = Desk::new();
    let all =
        ["--beta", "0", "--coverage", "2", "--bands", "200,100", "--link-model", "interlocking", "--catchment", "0"];
    let message = desk.refused(&[&all[..], &MASS].concat());
    for words in [
        "beta = 0 is not above 0",
        "coverage = 2 is not above 0 and at most 1",
        "the ends of bands do not ascend",
        "interlocking needs the offices of firms",
        "catchment = 0 is not above 0",
    ] {
        assert!(message.contains(words), "{words} is not in {message}");
    }
    let message = desk.refused(&[&["--cores", "310100,Shanghai,999"][..], &MASS].concat());
    assert!(message.contains("\"Shanghai\" is the id of no city that takes part"), "{message}");
    assert!(
        message.contains("did you mean \"310100\"?") && message.contains("\"999\" is the id of no city"),
        "{message}"
    );
    let planar = ["--planar", "--catchment", "150km", "--bands", "100,x"];
    let message = desk.refused(&[&planar[..], &MASS].concat());
    assert!(message.contains("catchment: 150km has a unit, but planar coordinates have none"), "{message}");
    assert!(message.contains("bands: \"x\" is not a length"), "{message}");
    let message = desk.refused(&["--only", "hinterland"]);
    assert!(message.contains("hinterland cannot run: it needs a mass, and cores"), "{message}");
}

#[test]
fn results_are_the_same_bytes_for_any_number_of_threads() {
    let desk = Desk::new();
    let trains = trains();
    let value = ["--value", "gdp_{year}_100m_cny", "--years", "2010,2020", "--population", "census_pop_2020"];
    let rest = ["--links", &trains, "--catchment", "150", "--permutations", "99", "--json"];
    let of = |threads| desk.good(&[&value[..], &rest, &MASS, &["--threads", threads]].concat()).0;
    assert!(of("1") == of("3"), "the number of threads changes the results");
}

/// What no chosen measure needs is neither computed nor told.
#[test]
fn no_network_is_built_for_other_families() {
    let desk = Desk::new();
    let cities = format!("{DELTA}/cities.geojson");
    let args = ["analyse", &cities, "--id", "adcode", "--value", "census_pop_2020", "--only", "gini"];
    let output = desk.agglo(&[&args[..], &MASS].concat());
    let notes = err(&output);
    assert_eq!(output.status.code(), Some(0), "{notes}");
    assert!(!notes.contains("network") && !notes.contains("core"), "{notes}");
    assert!(!desk.path("agglo-out/network").exists());
}
