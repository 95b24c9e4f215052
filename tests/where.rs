//! `--where`: a group of cities cut out of a larger file is analysed as if the file held no others.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use desk::{DELTA, Desk, err, out};
use serde_json::Value;

const CORE: &str = "core27 = true";

fn results(desk: &Desk, args: &[&str]) -> Value {
    let output = desk.agglo(&[args, &["--permutations", "99", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    serde_json::from_str::<Value>(&out(&output)).unwrap()["results"].clone()
}

fn of(name: &str) -> String {
    format!("{DELTA}/{name}")
}

/// A desk with a file of the core cities alone, and the links between them.
fn cut() -> Desk {
    let desk = Desk::new();
    let mut map: Value = serde_json::from_str(&std::fs::read_to_string(of("cities.geojson")).unwrap()).unwrap();
    map["features"].as_array_mut().unwrap().retain(|feature| feature["properties"]["core27"] == true);
    assert_eq!(map["features"].as_array().unwrap().len(), 27);
    let inside = |id: &str| map["features"].as_array().unwrap().iter().any(|feature| feature["id"] == id);
    let links = std::fs::read_to_string(of("links.csv")).unwrap();
    let kept = |(row, line): &(usize, &str)| *row == 0 || line.split(',').take(2).all(inside);
    let links: String = links.lines().enumerate().filter(kept).map(|(_, line)| format!("{line}\n")).collect();
    desk.put("core.csv", &links);
    desk.put("core.geojson", &map.to_string());
    desk
}

#[test]
fn ratios_tables_and_links_are_those_of_the_cities_that_are_left() {
    let desk = cut();
    let (census, all_links) = (of("census.csv"), of("links.csv"));
    let run = |cities: &str, links: &str, more: &[&str]| {
        let value = ["--value", "gdp_100m_cny/residents", "--table", &census, "--year", "2020"];
        let only = ["--only", "moran,local_moran", "--links", links];
        results(&desk, &[&["autocorrelation", cities], &value[..], &only, more].concat())
    };
    let alone = run("core.geojson", "core.csv", &[]);
    assert_eq!(alone.as_array().unwrap().len(), 4, "two measures, in space and along the links");
    assert_eq!(run(&of("cities.geojson"), &all_links, &["--where", CORE]), alone);
    assert_eq!(run(&of("cities.geojson"), &all_links, &["--where", "core27"]), alone);
}

#[test]
fn industry_is_that_of_the_cities_that_are_left() {
    let desk = cut();
    let industry = of("industry.csv");
    let run = |cities: &str, industry: &str, more: &[&str]| {
        let only = ["--only", "similarity,location_quotient", "--year", "2020"];
        results(&desk, &[&["isomorphism", cities, "--industry", industry], &only[..], more].concat())
    };
    let map: Value = serde_json::from_str(&desk.text("core.geojson")).unwrap();
    let inside = |line: &str| {
        let id = line.split(',').next().unwrap();
        map["features"].as_array().unwrap().iter().any(|feature| feature["id"] == id)
    };
    let text = std::fs::read_to_string(&industry).unwrap();
    let kept: String =
        text.lines().filter(|line| line.starts_with("adcode") || inside(line)).map(|l| format!("{l}\n")).collect();
    desk.put("core_industry.csv", &kept);
    assert_eq!(
        run(&of("cities.geojson"), &industry, &["--where", CORE]),
        run("core.geojson", "core_industry.csv", &[])
    );
}

#[test]
fn weights_of_a_file_are_cut_with_the_cities() {
    let desk = Desk::new();
    let cities = of("cities.geojson");
    assert_eq!(desk.agglo(&["weights", &cities, "-o", "w.gal", "-q"]).status.code(), Some(0));
    let moran = |weights: &str| {
        let value = ["--value", "gdp_2020_100m_cny", "--only", "moran", "--weights", weights, "--where", CORE];
        results(&desk, &[&["autocorrelation", &cities], &value[..]].concat())[0]["scalars"].clone()
    };
    assert!(moran("queen")["i"].is_number());
    assert_eq!(moran("file:w.gal"), moran("queen"));
}

#[test]
fn conditions_of_every_kind_choose_the_cities_that_are_meant() {
    let desk = Desk::new();
    let cities = of("cities.geojson");
    for (condition, count) in [
        ("core27 = true", 27),
        ("core27 != true", 14),
        ("core27 and province = Jiangsu", 9),
        ("province not in (Anhui, Zhejiang)", 14),
        ("name = 'Taizhou (Jiangsu)'", 1),
        ("province_zh = 上海市 or name = Ma'anshan", 2),
        ("census_pop_2020 >= 10000000 and gdp_2020_100m_cny < 20000", 1),
        ("adcode in (310100, 320500, 320600)", 3),
    ] {
        let output = desk.agglo(&["check", &cities, "--where", condition]);
        assert_eq!(output.status.code(), Some(0), "{condition}: {}", err(&output));
        let said = format!("{count} of 41 cities take part: {condition}");
        assert!(err(&output).contains(&said), "{condition}: {}", err(&output));
    }
}
