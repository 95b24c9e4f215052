//! `agglo index`, and inequality of years, zeros and tiers, as a user meets them.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use desk::{DELTA, Desk, err, out};
use serde_json::Value;

impl Desk {
    /// A command on the delta with its census years.
    fn delta(&self, command: &str, args: &[&str]) -> Output {
        let (cities, census) = (format!("{DELTA}/cities.geojson"), format!("{DELTA}/census.csv"));
        let given = [command, &cities, "--id", "adcode", "--table", &census];
        self.agglo(&[&given[..], args].concat())
    }
}

/// Result and messages of a run that ends well.
fn good(output: &Output) -> (String, String) {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    (out(output), err(output))
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&good(output).0).unwrap()
}

fn result<'a>(document: &'a Value, measure: &str) -> &'a Value {
    document["results"].as_array().unwrap().iter().find(|result| result["measure"] == measure).unwrap()
}

fn indicators() -> String {
    format!("{DELTA}/indicators.csv")
}

#[test]
fn a_weighting_has_to_be_chosen_for_a_score_and_for_nothing_else() {
    let desk = Desk::new();
    let table = indicators();
    let without = desk.delta("index", &["--indicators", &table, "--year", "2020", "--json"]);
    let document = json(&without);
    let measures: Vec<&Value> = document["results"].as_array().unwrap().iter().map(|r| &r["measure"]).collect();
    assert_eq!(measures, ["normalised", "indicator_weights"]);
    assert!(err(&without).contains("for want of a weighting of the indicators: score"), "{}", err(&without));
    let refused = desk.delta("index", &["--indicators", &table, "--year", "2020", "--only", "score"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("score cannot run: it needs a weighting of the indicators"), "{}", err(&refused));
}

#[test]
fn an_index_is_scored_ranked_and_coupled() {
    let desk = Desk::new();
    let table = indicators();
    let args = ["--indicators", &table, "--weighting", "entropy", "--years", "2010,2020", "--json"];
    let document = json(&desk.delta("index", &args));
    for measure in ["score", "topsis", "vikor", "coupling", "obstacles", "index_robustness"] {
        result(&document, measure);
    }
    let coupling = result(&document, "coupling");
    let (d, grade) = (&coupling["columns"]["d_modified"][0], &coupling["columns"]["grade"][0]);
    assert!(d.as_f64().unwrap() > 0.0 && grade.is_string());
}

#[test]
fn the_score_is_a_value_like_any_other() {
    let desk = Desk::new();
    let table = indicators();
    let given = ["--indicators", &table, "--weighting", "equal", "--year", "2020"];
    let only = ["--only", "score,moran,gini,core_periphery", "--links", &format!("{DELTA}/links.csv"), "--json"];
    let output = desk.delta("analyse", &[&given[..], &only, &["--out-dir", "o"]].concat());
    let document = json(&output);
    let moran = result(&document, "moran");
    assert_eq!((&moran["variable"], &moran["year"]), (&"index_score".into(), &2020.into()));
    let score = &result(&document, "score")["columns"]["score"];
    assert_eq!(score.as_array().unwrap().len(), 41);
    let by_name =
        desk.delta("autocorrelation", &[&given[..], &["--value", "index_score", "--only", "moran", "--json"]].concat());
    assert_eq!(result(&json(&by_name), "moran")["scalars"]["i"], moran["scalars"]["i"]);
    assert!(desk.text("o/cities.annotated.geojson").contains("\"index_score\""));
}

#[test]
fn everything_wrong_with_an_indicator_table_is_told_at_once() {
    let desk = Desk::new();
    desk.put("i.csv", "indicator,column,direction,dimension\na,gdp_100m_cny,up,x\nb,nothing,+,x\nb,residents,+,y\n");
    let refused = desk.delta("index", &["--indicators", "i.csv", "--weighting", "equal", "--year", "2020"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = err(&refused);
    assert!(said.contains("i.csv:2: direction: \"up\" is no direction"), "{said}");
    assert!(said.contains("i.csv:4: indicator: \"b\" is given twice, before in line 3"), "{said}");
    desk.put("i.csv", "indicator,direction\nnothing,+\nresidents,+\n");
    let said = err(&desk.delta("index", &["--indicators", "i.csv", "--weighting", "equal", "--year", "2020"]));
    assert!(said.contains("i.csv:2: \"nothing\": there is no column \"nothing\""), "{said}");
    desk.put("i.csv", "indicator,column\na,residents\n");
    let said = err(&desk.delta("index", &["--indicators", "i.csv", "--weighting", "equal", "--year", "2020"]));
    assert!(said.contains("there is no column \"direction\""), "{said}");
    let said = err(&desk.delta("check", &["--indicators", "i.csv", "--weighting", "equal", "--year", "2020"]));
    assert!(said.contains("there is no column \"direction\""), "{said}");
}

#[test]
fn templates_are_tables_of_indicators() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/indicators");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    assert_eq!(files.len(), 3);
    let desk = Desk::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        // Every column that a template names, for four cities.
        let mut columns: Vec<String> = Vec::new();
        for row in text.lines().skip(1) {
            for column in row.split(',').nth(1).unwrap().split('/') {
                if !columns.contains(&column.to_owned()) {
                    columns.push(column.to_owned());
                }
            }
        }
        let mut panel = format!("id,{}\n", columns.join(","));
        let mut features = Vec::new();
        for i in 0..4 {
            let cells: Vec<String> = (0..columns.len()).map(|k| ((i * 7 + k * 3) % 11 + 1).to_string()).collect();
            panel += &format!("c{i},{}\n", cells.join(","));
            features.push(format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"c{i}\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{i},{i}]}}}}"
            ));
        }
        desk.put("panel.csv", &panel);
        desk.put("c.geojson", &format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")));
        let indicators = file.to_str().unwrap();
        let args = ["index", "c.geojson", "--table", "panel.csv", "--indicators", indicators, "--weighting", "equal"];
        let (said, _) = good(&desk.agglo(&args));
        assert!(!said.is_empty());
    }
}

#[test]
fn inequality_of_years_has_tables_by_year() {
    let desk = Desk::new();
    let value = ["--value", "gdp_100m_cny/residents", "--population", "residents", "--years", "2010,2020"];
    let links = format!("{DELTA}/links.csv");
    let group = ["--group", "province,tier", "--links", &links, "--bootstrap", "0"];
    let only = ["--only", "gini,theil,dagum,variation"];
    let (said, _) = good(&desk.delta("imbalance", &[&value[..], &group, &only].concat()));
    for title in [
        "Inequality by year",
        "Inequality within and between groups by year",
        "Dagum's decomposition of the Gini coefficient by province",
        "Dagum's decomposition of the Gini coefficient by tier",
    ] {
        assert!(said.contains(title), "{said}");
    }
    assert!(said.contains("core - periphery") && said.contains("within Jiangsu"), "{said}");
    let tier = desk.delta("imbalance", &[&value[..], &["--group", "tier"]].concat());
    assert_eq!(tier.status.code(), Some(2));
    assert!(err(&tier).contains("no column is called tier, and there is no network"), "{}", err(&tier));
}

#[test]
fn zeros_are_kept_or_left_out_by_name() {
    let desk = Desk::new();
    let cities = fs::read_to_string(format!("{DELTA}/cities.geojson")).unwrap();
    desk.put("c.geojson", &cities.replacen("\"gdp_2020_100m_cny\":38701.0", "\"gdp_2020_100m_cny\":0", 1));
    let args = ["imbalance", "c.geojson", "--id", "adcode", "--value", "gdp_2020_100m_cny", "--bootstrap", "0"];
    let only = ["--only", "theil,gini", "--json"];
    let kept = desk.agglo(&[&args[..], &only].concat());
    let document = json(&kept);
    assert_eq!(
        (&result(&document, "theil")["scalars"]["l"], &result(&document, "gini")["scalars"]["n"]),
        (&Value::Null, &41.0.into())
    );
    assert!(err(&kept).contains("310100 (Shanghai)"), "{}", err(&kept));
    let dropped = desk.agglo(&[&args[..], &only, &["--zeros", "drop"]].concat());
    let document = json(&dropped);
    assert!(result(&document, "theil")["scalars"]["l"].is_number());
    assert_eq!(result(&document, "gini")["scalars"]["n"], 40.0);
    assert_eq!(result(&document, "gini")["options"]["zeros"], "drop");
    let said = "warning: gdp_2020_100m_cny: the value is 0 in 310100 (Shanghai), left out of inequality";
    assert!(err(&dropped).contains(said), "{}", err(&dropped));
}
