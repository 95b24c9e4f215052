//! The program as a user meets it: what it prints, what it writes, what it refuses, and how it ends.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder with a map of 5 × 4 square cities, a value that falls from west to east, and links to the first of a row.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.put("cities.geojson", &map(|i| format!("{}", 100 - 17 * (i % 5) - i / 5)));
        let links: String = (0..20)
            .filter(|i| i % 5 > 0)
            .map(|i| format!("C{i:02},C{:02},{i}\nC{:02},C{i:02},3\n", i / 5 * 5, i / 5 * 5))
            .collect();
        desk.put("links.csv", &format!("from,to,trains\n{links}").replace("trains", "weight"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agglo"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Names of all files and folders.
    fn entries(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                found.push(entry.strip_prefix(self.folder.path()).unwrap().to_string_lossy().replace('\\', "/"));
                if entry.is_dir() {
                    folders.push(entry);
                }
            }
        }
        found.sort();
        found
    }
}

/// Twenty square cities in four rows, each with the value of `value` as JSON.
fn map(value: impl Fn(usize) -> String) -> String {
    let feature = |i: usize| {
        let (x, y) = (110 + i % 5, 30 + i / 5);
        format!(
            r#"{{"type": "Feature", "properties": {{"code": "C{i:02}", "name": "City {i}", "gdp": {}}},
 "geometry": {{"type": "Polygon", "coordinates": [[[{x}, {y}], [{}, {y}], [{}, {}], [{x}, {}], [{x}, {y}]]]}}}}"#,
            value(i),
            x + 1,
            x + 1,
            y + 1,
            y + 1
        )
    };
    let features: Vec<String> = (0..20).map(feature).collect();
    format!("{{\"type\": \"FeatureCollection\", \"features\": [\n{}\n]}}\n", features.join(",\n"))
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stdout(output)))
}

const GDP: [&str; 4] = ["autocorrelation", "cities.geojson", "--value", "gdp"];

fn gdp<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&GDP[..], more].concat()
}

#[test]
fn a_summary_says_what_is_clustered_where_and_by_which_rule() {
    let desk = Desk::new();
    let output = desk.run(&gdp(&["--only", "moran,local_moran"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    insta::assert_snapshot!(stdout(&output), @r"
    queen: 20 cities, 110 links, 5.5 neighbours on average, transform row

    Findings
    * gdp is clustered in space (queen): Moran's I is 0.7464, -0.0526 expected by chance, p = 0.002 <= 0.05, 999 permutations (n = 20)
    * gdp in space (queen): 6 high among high (City 0, City 1, City 5, City 6, City 10 and City 11), 6 low among low (City 8, City 9, City 13, City 14, City 18 and City 19); 8 of the 12 remain after correction for many tests (q <= 0.05)

    statistic  of   weights   value  expected      z      p  reading
    Moran's I  gdp  queen    0.7464   -0.0526  6.588  0.002  clustered

    city by city     of   weights  tested  significant  after FDR  classes
    Local Moran's I  gdp  queen        20           12          8  HH 6, LL 6

    Called significant: p <= 0.05, two-sided, no correction for testing many cities; 999 permutations, seed 42, which leave a p of 0.05 uncertain by 0.009874
    Nothing written; 20 of 20 cities used; seed 42
    ");
}

#[test]
fn json_is_one_document_with_the_agreed_members() {
    let desk = Desk::new();
    let output = desk.run(&gdp(&["--json", "--links", "links.csv", "--permutations", "99"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!(document["schema"], 1);
    let command: Vec<&str> =
        document["agglo"]["command"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(
        command.join(" "),
        "agglo autocorrelation cities.geojson --value gdp --links links.csv --permutations 99"
    );
    assert_eq!(document["cities"]["n"], 20);
    assert_eq!(document["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(document["weights"][0]["name"], "queen");
    assert_eq!(document["weights"][1]["name"], "links");
    let morans: Vec<&Value> =
        document["results"].as_array().unwrap().iter().filter(|result| result["measure"] == "moran").collect();
    assert_eq!([&morans[0]["weights"], &morans[1]["weights"]], ["queen", "links"]);
    assert_eq!(morans[0]["columns"]["lag"].as_array().unwrap().len(), 20);
    let question = |result: &Value| ["measure", "variable", "weights"].map(|key| result[key].to_string());
    let mut questions: Vec<_> = document["results"].as_array().unwrap().iter().map(question).collect();
    let all = questions.len();
    questions.sort();
    questions.dedup();
    assert_eq!(questions.len(), all, "a result is there twice");
}

#[test]
fn the_map_is_annotated_and_has_its_style_beside_it() {
    let desk = Desk::new();
    let output = desk.run(&gdp(&["-o", "out.geojson", "--links", "links.csv"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let made: Value = serde_json::from_str(&desk.text("out.geojson")).unwrap();
    let properties = &made["features"][0]["properties"];
    for column in ["lisa_i", "lisa_p", "lisa_cl", "moran_z", "moran_lag", "gstar_cl", "net_lisa_cl"] {
        assert!(properties.get(column).is_some(), "no {column} in {properties}");
    }
    assert!(made["agglo"]["columns"]["net_lisa_p"]["label"].as_str().unwrap().ends_with("of gdp (links)"));
    let style = desk.text("out.qml");
    assert!(style.contains("attr=\"lisa_cl\"") && style.contains("value=\"isolate\""));
    assert!(stdout(&output).contains("Wrote out.geojson and out.qml; 20 of 20 cities used; seed 42\n"));
    // A second annotation is refused, unless it may replace the first.
    let again = ["autocorrelation", "out.geojson", "--value", "gdp", "-o", "again.geojson", "--links", "links.csv"];
    let refused = desk.run(&again);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("lisa_i exists already") && stderr(&refused).contains("--replace"));
    assert!(!desk.entries().iter().any(|name| name.starts_with("again") || name.starts_with(".agglo")));
    assert_eq!(desk.run(&[&again[..], &["--replace"]].concat()).status.code(), Some(0));
    assert_eq!(desk.text("again.geojson").matches("\"lisa_i\"").count(), 21);
}

#[test]
fn names_of_columns_can_be_chosen() {
    let desk = Desk::new();
    let only = ["--only", "local_moran", "-o", "-", "--permutations", "9"];
    let columns = |more: &[&str]| -> Vec<String> {
        let made = json(&desk.run(&gdp(&[&only[..], more].concat())));
        made["agglo"]["columns"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(columns(&[]), ["lisa_i", "lisa_p", "lisa_q", "lisa_cl"]);
    assert_eq!(columns(&["--names", "geoda"]), ["LISA_I", "LISA_P", "lisa_q", "LISA_CL"]);
    assert_eq!(columns(&["--prefix", "y20_"])[0], "y20_lisa_i");
    assert_eq!(columns(&["--value", "gdp", "--label", "a", "--label", "b"])[4], "b_lisa_i");
}

#[test]
fn an_analysis_fills_a_folder_and_the_same_bytes_come_from_any_number_of_threads() {
    let desk = Desk::new();
    desk.put(
        "study.toml",
        "[input]\ncities = 'cities.geojson'\nlinks = 'links.csv'\n[analysis]\nvalue = 'gdp'\npermutations = 199\n[output]\ndir = 'results'\n",
    );
    let output = desk.run(&["analyse", "study.toml", "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let made: Vec<String> = desk.entries().into_iter().filter(|name| name.starts_with("results/")).collect();
    for name in [
        "cities.annotated.geojson",
        "cities.annotated.qml",
        "columns.csv",
        "results.json",
        "tables/cities.csv",
        "tables/statistics.csv",
    ] {
        assert!(made.contains(&format!("results/{name}")), "no {name} in {made:?}");
    }
    for threads in ["2", "16"] {
        let folder = format!("with{threads}");
        let again = desk.run(&["analyse", "study.toml", "--threads", threads, "--out-dir", &folder]);
        assert_eq!(again.status.code(), Some(0));
        for name in made.iter().filter(|name| desk.path(name).is_file()) {
            assert_eq!(
                desk.text(name),
                desk.text(&name.replacen("results", &folder, 1)),
                "{name} with {threads} threads"
            );
        }
    }
}

#[test]
fn a_flag_wins_over_the_study_file() {
    let desk = Desk::new();
    desk.put(
        "study.toml",
        "[input]\ncities = 'cities.geojson'\n[analysis]\nvalue = 'gdp'\nseed = 7\npermutations = 9\n",
    );
    let document = json(&desk.run(&["analyse", "study.toml", "--seed", "8", "--json", "--only", "moran"]));
    assert_eq!((&document["agglo"]["seed"], &document["agglo"]["permutations"]), (&8.into(), &9.into()));
}

#[cfg(not(feature = "gpkg"))]
#[test]
fn a_geopackage_is_refused_with_the_remedy_where_none_can_be_written() {
    let desk = Desk::new();
    for args in [
        &["autocorrelation", "cities.geojson", "--value", "gdp", "-o", "map.gpkg"][..],
        &["check", "cities.geojson", "--value", "gdp", "-o", "map.gpkg"],
    ] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains("without the feature gpkg") && told.contains("--features gpkg"), "{told}");
        assert!(!desk.path("map.gpkg").exists());
    }
}

#[test]
fn a_run_that_fails_leaves_nothing_behind() {
    let desk = Desk::new();
    desk.put("bad.geojson", &map(|i| if i % 7 == 3 { "\"1,234.5\"".into() } else { "1".into() }));
    let before = desk.entries();
    for args in [
        &["autocorrelation", "bad.geojson", "--value", "gdp", "-o", "out.geojson"][..],
        &["analyse", "bad.geojson", "--value", "gdp", "--out-dir", "new/deep"],
        &["analyse", "cities.geojson", "--value", "gpd"],
        &["weights", "bad.geojson", "--weights", "file:none.gal", "-o", "w.gal"],
    ] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert_eq!((desk.entries(), stdout(&output)), (before.clone(), String::new()), "{args:?}");
    }
    let faults = stderr(&desk.run(&["autocorrelation", "bad.geojson", "--value", "gdp"]));
    assert_eq!(faults.matches("\"1,234.5\" is not a number").count(), 3, "{faults}");
    assert!(faults.contains("C03") && faults.contains("hint: "), "{faults}");
}

#[test]
fn a_closed_pipe_ends_the_run_silently() {
    let desk = Desk::new();
    for args in [gdp(&["--json"]), vec!["explain"], vec!["man"], vec!["completions", "bash"], vec!["--help"]] {
        let mut child = desk.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked") && !stderr(&output).contains("error"), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_takes_the_map_without_a_style_and_a_limit_of_size_is_exit_code_3() {
    let desk = Desk::new();
    let before = desk.entries();
    std::os::unix::fs::symlink("/dev/null", desk.path("null.geojson")).unwrap();
    let output = desk.run(&gdp(&["-o", "null.geojson"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!Path::new("/dev/null.qml").exists());
    fs::remove_file(desk.path("null.geojson")).unwrap();
    let args = gdp(&["-o", "out.geojson"]).join(" ");
    let limited = format!("ulimit -f 1; exec {} {args}", env!("CARGO_BIN_EXE_agglo"));
    let output = Command::new("bash").current_dir(desk.folder.path()).args(["-c", &limited]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(desk.entries(), before);
}

#[test]
fn links_all_to_one_city_are_one_part() {
    let desk = Desk::new();
    let inward: String = (0..18).map(|i| format!("C{i:02},C19,{}\nC19,C00,1\n", i + 1)).collect();
    let rows: std::collections::BTreeSet<&str> = inward.lines().collect();
    let rows: Vec<&str> = rows.into_iter().collect();
    desk.put(
        "in.csv",
        &format!("from,to,weight\nC00,C18,1\nC01,C17,1\n{}\n", rows.join("\n").replace("C17,C19,18\n", "")),
    );
    let output = desk.run(&gdp(&["--links", "in.csv", "--weights", "links"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("panicked") && !stderr(&output).contains("parts"), "{}", stderr(&output));
}

#[test]
fn a_table_that_cannot_be_joined_is_the_only_fault() {
    let desk = Desk::new();
    desk.put("t.csv", "code,year,x\nC00,20l0,1\nC01,2010,2\n");
    let output = desk.run(&["autocorrelation", "cities.geojson", "--table", "t.csv", "--value", "x"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output).matches("error: ").count(), 1, "{}", stderr(&output));
}

#[test]
fn weights_that_a_file_cannot_hold_are_said_to_be_left_out() {
    let desk = Desk::new();
    let written = |spec: &str, name: &str| {
        stderr(&desk.run(&["weights", "cities.geojson", "--weights", spec, "-o", name])).contains("are left out")
    };
    assert!(written("inverse:1", "w.gal"));
    assert!(!written("inverse:1", "w.gwt") && !written("queen", "q.gal"));
}

#[test]
fn values_of_one_name_are_refused() {
    let desk = Desk::new();
    desk.put("two.geojson", &map(|i| format!("{}, \"pop\": {}", i, i * i)));
    for more in [&["--value", "gdp"][..], &["--value", "pop", "--label", "x", "--label", "x"]] {
        let output = desk.run(&[&["autocorrelation", "two.geojson", "--value", "gdp"][..], more].concat());
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(stderr(&output).contains("several values have the name"), "{}", stderr(&output));
    }
}

#[test]
fn a_map_of_islands_is_told_how_near_its_borders_are() {
    let desk = Desk::new();
    // Each city ends short of the next column; rows are two degrees apart.
    let text = map(|i| format!("{i}"));
    let value: Value = serde_json::from_str(&text).unwrap();
    let features = value["features"].as_array().unwrap().iter().enumerate().map(|(i, feature)| {
        let (x, y) = (110 + i % 5, 30 + 2 * (i / 5));
        let mut feature = feature.clone();
        let (e, n) = (f64::from(x as u32) + 0.9999, y + 1);
        feature["geometry"]["coordinates"] = serde_json::json!([[[x, y], [e, y], [e, n], [x, n], [x, y]]]);
        feature
    });
    let features: Vec<Value> = features.collect();
    desk.put("apart.geojson", &serde_json::json!({"type": "FeatureCollection", "features": features}).to_string());
    let run = |more: &[&str]| desk.run(&[&["autocorrelation", "apart.geojson", "--value", "gdp"][..], more].concat());
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no city has a neighbour under queen"), "{}", stderr(&output));
    assert!(stderr(&output).contains("--snap 0.0001"), "{}", stderr(&output));
    assert_eq!(run(&["--snap", "0.00011"]).status.code(), Some(0));
    let two = run(&["--where", "gdp < 2"]);
    assert!(stderr(&two).contains("needs at least 3 cities"), "{}", stderr(&two));
}

#[test]
fn too_few_permutations_for_alpha_are_noted() {
    let desk = Desk::new();
    let output = desk.run(&gdp(&["--permutations", "99", "--alpha", "0.01"]));
    assert!(stderr(&output).contains("no p value below 0.02"), "{}", stderr(&output));
    assert!(!stderr(&desk.run(&gdp(&["--permutations", "0"]))).contains("no p value"));
}

#[test]
fn points_are_named_as_features_of_the_file() {
    let desk = Desk::new();
    let text = map(|i| format!("{i}"));
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["features"][7]["geometry"] = serde_json::json!({"type": "Point", "coordinates": [112.5, 31.5]});
    desk.put("mixed.geojson", &value.to_string());
    let args = ["autocorrelation", "mixed.geojson", "--value", "gdp", "--weights", "queen", "--where", "gdp > 4"];
    assert!(stderr(&desk.run(&args)).contains("mixed.geojson: feature 7 (C07): "));
}

#[test]
fn standard_input_is_not_read_twice() {
    let desk = Desk::new();
    let output = desk.run(&["autocorrelation", "cities.geojson", "--value", "gdp", "--links", "-", "--table", "-"]);
    assert!(stderr(&output).contains("standard input can be read once only"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_exit_code_3_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let before = desk.entries();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output =
        desk.command(&gdp(&["--json", "-o", "out.geojson"])).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("standard output cannot be written"));
    assert_eq!(desk.entries(), before);
    let output = desk.run(&["weights", "cities.geojson", "-o", "none/w.gal"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("its folder does not exist"));
}

#[cfg(unix)]
#[test]
fn an_input_is_not_overwritten_under_any_name() {
    let desk = Desk::new();
    let before = desk.text("cities.geojson");
    std::os::unix::fs::symlink(desk.path("cities.geojson"), desk.path("soft.geojson")).unwrap();
    fs::hard_link(desk.path("cities.geojson"), desk.path("hard.geojson")).unwrap();
    for name in ["cities.geojson", "./cities.geojson", "soft.geojson", "hard.geojson"] {
        let output = desk.run(&gdp(&["-o", name]));
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert!(stderr(&output).contains("is an input"), "{name}: {}", stderr(&output));
        assert_eq!(desk.text("cities.geojson"), before);
    }
    desk.put("w.gal", "20\n");
    let output = desk.run(&["weights", "cities.geojson", "--weights", "file:w.gal", "-o", "w.gal"]);
    assert!(!output.status.success());
    assert_eq!(desk.text("w.gal"), "20\n");
}

#[test]
fn usage_is_exit_code_2_and_names_the_option() {
    let desk = Desk::new();
    for (args, said) in [
        (gdp(&["--alpha", "1.5"]), "alpha"),
        (gdp(&["--weights", "quen"]), "queen"),
        (gdp(&["--only", "locl_moran"]), "local_moran"),
        (gdp(&["--only", "lee"]), "--with"),
        (gdp(&["--permutations", "100000000000"]), "permutations"),
        (gdp(&["--sead", "1"]), "--seed"),
        (gdp(&["--undirected"]), "--links"),
        (vec!["autocorrelation", "cities.geojson"], "--value"),
        (vec!["explain", "lisa_pp"], "lisa_p"),
        (vec!["anlyse"], "analyse"),
    ] {
        let output = desk.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn strict_makes_errors_of_warnings_and_writes_nothing() {
    let desk = Desk::new();
    desk.put("gap.geojson", &map(|i| if i == 6 { "null".into() } else { i.to_string() }));
    let args = ["autocorrelation", "gap.geojson", "--value", "gdp", "-o", "out.geojson", "--permutations", "9"];
    let strict = desk.run(&[&args[..], &["--strict"]].concat());
    assert_eq!(strict.status.code(), Some(1));
    assert!(stderr(&strict).contains("warning: ") && stderr(&strict).contains("C06"), "{}", stderr(&strict));
    assert!(!desk.path("out.geojson").exists());
    let lenient = desk.run(&[&args[..], &["--quiet"]].concat());
    assert_eq!((lenient.status.code(), stdout(&lenient)), (Some(0), String::new()));
    assert!(stderr(&lenient).contains("warning: ") && !stderr(&lenient).contains("note: "));
    assert_eq!(desk.run(&[&args[..], &["--missing", "error"]].concat()).status.code(), Some(1));
}

#[test]
fn a_condition_restricts_the_cities_and_every_feature_keeps_its_columns() {
    let desk = Desk::new();
    let output = desk.run(&gdp(&["--where", "gdp<90", "-o", "out.geojson", "--json", "--only", "local_moran"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let n = json(&output)["cities"]["n"].as_u64().unwrap();
    assert!(n < 20);
    let made: Value = serde_json::from_str(&desk.text("out.geojson")).unwrap();
    let classes: Vec<&str> =
        made["features"].as_array().unwrap().iter().map(|f| f["properties"]["lisa_cl"].as_str().unwrap()).collect();
    assert_eq!(classes.iter().filter(|class| **class == "undefined").count() as u64, 20 - n);
}

#[test]
fn weights_are_described_and_written_and_read_again() {
    let desk = Desk::new();
    let output = desk.run(&["weights", "cities.geojson", "--weights", "rook", "-o", "w.gal"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output), @r"
    weights                         rook
    transform                       row
    cities                          20
    links                           62 (16.32 % of all pairs)
    neighbours on average           3.1
    without a neighbour             none
    components                      1
    symmetric before the transform  yes
    s0, s1, s2                      20, 13.37, 80.64

    neighbours  cities
             2       4  ################
             3      10  ########################################
             4       6  ########################

    Wrote w.gal; 20 of 20 cities used
    ");
    assert!(desk.text("w.gal").starts_with("0 20 cities id\nC00 2\nC01 C05\n"));
    let again = json(&desk.run(&["weights", "cities.geojson", "--weights", "file:w.gal", "--json"]));
    assert_eq!(again["weights"][0]["name"], "file:w.gal");
    assert_eq!(again["weights"][0]["links"], 62);
    assert_eq!(again["inputs"][1]["role"], "weights");
    assert_eq!(desk.run(&["weights", "cities.geojson", "-o", "w.txt"]).status.code(), Some(2));
}

#[test]
fn a_check_reports_every_fault_and_writes_nothing() {
    let desk = Desk::new();
    desk.put("bad.geojson", &map(|i| if i == 3 { "\"n.a\"".into() } else { i.to_string() }));
    desk.put("bad.csv", "from,to,weight\nC01,C99,1\n");
    let before = desk.entries();
    let output = desk.run(&["check", "bad.geojson", "--value", "gdp", "--links", "bad.csv", "--weights", "knn:99"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("C99") && told.contains("n.a"), "{told}");
    let output = desk.run(&["check", "cities.geojson", "--value", "gdp"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output), @r"
    cities        cities.geojson, 20 cities
    value         gdp, 20 of 20 cities have one
    weights       queen, 110 links
    runs          moran, geary, getis_ord_g, correlogram, local_moran, local_geary, local_g, local_g_star, losh, gini, theil, generalised_entropy, atkinson, lorenz, polarisation, rank_size, variation, inequality_intervals, spatial_gini, density, centre_of_gravity, ellipse
    No fault found; nothing was computed or written
    ");
    let document = json(&desk.run(&["check", "cities.geojson", "--value", "gdp", "--json"]));
    assert_eq!((&document["inputs"][0]["rows"], document.get("results")), (&20.into(), None));
    assert_eq!(desk.entries(), before);
}

#[test]
fn tables_come_in_four_forms() {
    let desk = Desk::new();
    let of =
        |form: &str| stdout(&desk.run(&gdp(&["--only", "moran,local_moran", "--permutations", "9", "--format", form])));
    assert!(of("csv").starts_with("id,name,moran_z,moran_lag,lisa_i,lisa_p,lisa_q,lisa_cl\nC00,City 0,"));
    assert!(of("tsv").starts_with("id\tname\tmoran_z\t"));
    assert!(of("md").starts_with("### Statistics\n\n| measure | variable |"));
    assert!(of("tex").starts_with("\\begin{table}\n\\caption{Statistics}"));
    assert_eq!(of("csv").lines().count(), 21);
}

#[test]
fn control_characters_of_data_never_reach_a_pipe() {
    let desk = Desk::new();
    desk.put("evil.geojson", &map(|i| i.to_string()).replace("City 3\"", "\\u001b[31mred\\u202e\""));
    let output = desk.run(&["autocorrelation", "evil.geojson", "--value", "gdp", "--alpha", "0.9"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for text in [stdout(&output), stderr(&output)] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
    let bad = stderr(&desk.run(&["autocorrelation", "evil.geojson", "--value", "\u{1b}[2J"]));
    assert!(bad.contains("\\u{1b}[2J") && !bad.contains('\u{1b}'), "{bad}");
}

#[test]
fn standard_input_is_read() {
    let desk = Desk::new();
    let map = fs::File::open(desk.path("cities.geojson")).unwrap();
    let output = desk
        .command(&["autocorrelation", "-", "--value", "gdp", "--json", "--only", "moran"])
        .stdin(map)
        .output()
        .unwrap();
    assert_eq!(json(&output)["inputs"][0]["name"], "-");
}

#[cfg(unix)]
#[test]
fn a_termination_removes_unfinished_files() {
    let desk = Desk::new();
    let before = desk.entries();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let child = desk
            .command(&[
                "autocorrelation",
                "cities.geojson",
                "--value",
                "gdp",
                "--permutations",
                "10000000",
                "-o",
                "out.geojson",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut child = child;
        while desk.entries() == before {
            assert_eq!(child.try_wait().unwrap(), None, "it was over before it could be stopped");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(desk.entries(), before);
    }
}

#[test]
fn links_that_form_no_cycle_do_not_keep_the_map_from_being_analysed() {
    let desk = Desk::new();
    let one_way: String = (1..20).map(|i| format!("C{:02},C{i:02},1\n", i - 1)).collect();
    desk.put("links.csv", &format!("from,to,weight\n{one_way}"));
    let output = desk.run(&gdp(&["--links", "links.csv", "--json", "--only", "moran"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!(document["results"][0]["weights"], "queen");
    assert_eq!(document["results"].as_array().unwrap().len(), 1);
    assert!(stderr(&output).contains("not run under links: moran"), "{}", stderr(&output));
}

/// The map with a population, a province and a change, the latter below 0 in one city.
fn with_people(desk: &Desk) {
    let more = |i: usize| {
        format!("{}, \"pop\": {}, \"province\": \"P{}\", \"change\": {}", 100 - i, 1 + i % 3, i % 2, i as f64 - 0.5)
    };
    desk.put("people.geojson", &map(more));
}

#[test]
fn inequality_is_told_with_and_without_population_and_between_groups() {
    let desk = Desk::new();
    with_people(&desk);
    let only = ["--only", "gini,theil,variation"];
    let args = ["imbalance", "people.geojson", "--value", "gdp", "--population", "pop", "--group", "province"];
    let args = [&args[..], &only].concat();
    let output = desk.run(&args);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    insta::assert_snapshot!(stdout(&output), @r"
    Findings
    * gdp: the Gini coefficient is 0.037 (0: all alike, 1: one has all; n = 20); 0.036 weighted by population
    * gdp: inequality lies mostly within the groups of province: 99.2% of Theil's T of 0.002 within them, 0.8% between them (threshold 50%)

    inequality                                       gdp  gdp by pop
    cities that take part                             20          20
    Gini coefficient                              0.0367      0.0358
    Gini coefficient over the largest possible    0.0387      0.0381
    Theil's T                                   0.002032    0.001937
    part of T between groups, by province       1.526e-5    3.248e-5
    part of T within groups, by province        0.002017    0.001905
    share of T between groups, by province       0.00751      0.0168
    Theil's L                                   0.002037    0.001942
    part of L between groups, by province       1.526e-5    3.247e-5
    part of L within groups, by province        0.002022    0.001909
    share of L between groups, by province      0.007491      0.0167
    coefficient of variation                      0.0637      0.0622
    Williamson's coefficient                                  0.0622
    standard deviation of logarithms              0.0639      0.0624
    largest over least value                       1.235       1.235
    90th over 10th percentile                      1.183       1.181
    Palma ratio                                   0.2944      0.2927
    Hoover index                                  0.0276       0.027
    mean                                            90.5       90.41
    standard deviation                             5.766       5.624

    gdp, by province
    group   n  mean  population_share  value_share         t  t_within  t_between
    P0     10    91               0.5       0.5028  0.001995  0.001003    0.00277
    P1     10    90               0.5       0.4972   0.00204  0.001014  -0.002755

    gdp by pop, by province
    group   n   mean  population_share  value_share         t   t_within  t_between
    P0     10  91.16            0.4872       0.4912  0.001758  0.0008638   0.004045
    P1     10   89.7            0.5128       0.5088  0.002046   0.001041  -0.004013

    Nothing written; 20 of 20 cities used
    ");
    let document = json(&desk.run(&[&args[..], &["--json", "-o", "out.geojson"]].concat()));
    let results = document["results"].as_array().unwrap();
    let asked: Vec<_> = results.iter().map(|result| (&result["measure"], &result["options"]["population"])).collect();
    for measure in ["gini", "theil", "variation"] {
        assert!(asked.contains(&(&measure.into(), &Value::Null)) && asked.contains(&(&measure.into(), &"pop".into())));
    }
    let theil = results.iter().find(|result| result["measure"] == "theil").unwrap();
    assert_eq!(theil["options"]["group"], "province");
    let [t, between, within] = ["t", "t_between", "t_within"].map(|name| theil["scalars"][name].as_f64().unwrap());
    assert!((between + within - t).abs() < 1e-15 && t > 0.0);
    assert_eq!(theil["tables"]["groups"]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(document.get("weights"), None);
    let made: Value = serde_json::from_str(&desk.text("out.geojson")).unwrap();
    let properties = &made["features"][0]["properties"];
    assert!(properties["theil_part"].is_f64() && properties["pop_theil_part"].is_f64(), "{properties}");
}

#[test]
fn inequality_needs_no_ground() {
    let desk = Desk::new();
    let area = r#"{"type": "Polygon", "coordinates": [[[110, 30], [111, 30], [111, 31], [110, 30]]]}"#;
    let feature = |(i, geometry): (usize, &str)| {
        format!(r#"{{"type": "Feature", "properties": {{"code": "C{i}", "gdp": {i}}}, "geometry": {geometry}}}"#)
    };
    let features: Vec<String> = [area, r#"{"type": "Point", "coordinates": [112, 30]}"#, "null", area]
        .into_iter()
        .enumerate()
        .map(feature)
        .collect();
    desk.put("mixed.geojson", &format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(",")));
    let document = json(&desk.run(&["imbalance", "mixed.geojson", "--value", "gdp", "--json"]));
    let scalar = |measure: &str, name: &str| {
        let results = document["results"].as_array().unwrap();
        results.iter().find(|result| result["measure"] == measure).unwrap()["scalars"][name].clone()
    };
    assert_eq!(scalar("gini", "n"), 4.0);
    // A value of 0 is kept where there is a limit, and named where there is none.
    assert_eq!((scalar("theil", "l"), scalar("variation", "max_min")), (Value::Null, Value::Null));
    assert!(document["results"][1]["notes"][0]["message"].as_str().unwrap().contains("C0"));
}

#[test]
fn a_negative_value_has_no_share_and_is_refused_with_its_place() {
    let desk = Desk::new();
    with_people(&desk);
    let args = ["imbalance", "people.geojson", "--value", "change"];
    let refused = desk.run(&args);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("feature 0 (C00): change: -0.5 is negative"), "{}", stderr(&refused));
    let output = desk.run(&[&args[..], &["--only", "variation", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let scalars = &json(&output)["results"][0]["scalars"];
    assert!(scalars["cv"].is_f64() && scalars["sd"].is_f64() && scalars["hoover"].is_null(), "{scalars}");
    // Among other families it is said, and they run.
    let output = desk.run(&["analyse", "people.geojson", "--value", "change", "--permutations", "9"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("polarisation, rank_size, inequality_intervals, density: feature 0 (C00): change"),
        "{}",
        stderr(&output)
    );
    // A population that is none is refused under its own name.
    let of = |population: &str| {
        stderr(&desk.run(&["imbalance", "people.geojson", "--value", "gdp", "--population", population]))
    };
    assert!(of("change").contains("feature 0 (C00): change: -0.5 is negative, and a population"), "{}", of("change"));
    assert!(of("pip").contains("did you mean \"pop\"?"), "{}", of("pip"));
}

#[test]
fn the_population_is_that_of_the_year() {
    let desk = Desk::new();
    let rows = |i: usize| format!("C{i:02},2010,{},1\nC{i:02},2020,{},{}\n", i + 1, 2 * i + 1, 1 + i % 4);
    desk.put("panel.csv", &format!("code,year,income,people\n{}", (0..20).map(rows).collect::<String>()));
    let args = ["imbalance", "cities.geojson", "--table", "panel.csv", "--value", "income", "--population", "people"];
    let document = json(&desk.run(&[&args[..], &["--years", "2010,2020", "--only", "gini", "--json"]].concat()));
    let gini = |at: usize| document["results"][at]["scalars"]["gini"].as_f64().unwrap();
    let year = |at: usize| document["results"][at]["year"].as_i64().unwrap();
    assert_eq!([year(0), year(1), year(2), year(3)], [2010, 2010, 2020, 2020]);
    assert!((gini(0) - gini(1)).abs() < 1e-15, "all cities had one inhabitant in 2010");
    assert!((gini(2) - gini(3)).abs() > 1e-3);
}

#[test]
fn the_centre_of_the_network_is_told() {
    let desk = Desk::new();
    let args = ["radiation", "cities.geojson", "--links", "links.csv", "--undirected", "--only", "centrality"];
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output), @r"
    Findings
    * the 3 strongest cities of the network are City 15, City 10 and City 5, with 44.7% of the strength of all (15.0% if all were equal)

    Network of 20 cities and 32 links; who leads
      strength        City 15 (82), City 10 (62), City 5 (42), City 0 (22) and City 19 (22)
      betweenness     City 0 (6), City 5 (6), City 10 (6) and City 15 (6)
      closeness       City 15 (4.303), City 10 (3.246), City 19 (2.536), City 18 (2.487) and City 17 (2.436)
      eigenvector     City 15 (0.7071), City 19 (0.3789), City 18 (0.3616), City 17 (0.3444) and City 16 (0.3272)
      pagerank        City 5 (0.1189), City 10 (0.1189), City 15 (0.1189), City 0 (0.1189) and City 4 (0.0397)
      effective_size  City 0 (4), City 5 (4), City 10 (4), City 15 (4) and City 1 (1)

    Nothing written; 20 of 20 cities used
    ");
    let output = desk.run(&[&args[..], &["--mass", "gdp", "--json", "-o", "out.geojson", "--names", "short"]].concat());
    let columns = json(&output)["results"][0]["columns"].clone();
    for name in ["strength_in", "betweenness_share", "katz", "constraint", "effective_size"] {
        assert_eq!(columns[name].as_array().unwrap().len(), 20, "{name}");
    }
    let made: Value = serde_json::from_str(&desk.text("out.geojson")).unwrap();
    for name in made["agglo"]["columns"].as_object().unwrap().keys() {
        assert!(name.len() <= 10 && made["features"][7]["properties"].get(name).is_some(), "{name}");
    }
    assert_eq!(desk.run(&[&args[..], &["--mass", "gdq"]].concat()).status.code(), Some(1));
    // Of the cities that are left only the links among them count.
    let part = desk.run(&[&args[..], &["--where", "gdp>=98", "--json"]].concat());
    let part = json(&part);
    assert_eq!((&part["cities"]["n"], part["results"][0]["scalars"].get("links")), (&3.into(), Some(&Value::Null)));
    assert_eq!(part["results"][0]["notes"][0]["code"], "undefined");
}

#[test]
fn a_family_says_what_it_lacks_and_what_it_does_not_use() {
    let desk = Desk::new();
    for (args, said) in [
        (&["imbalance", "cities.geojson"][..], "--value"),
        (&["radiation", "cities.geojson"], "--links"),
        (&["imbalance", "cities.geojson", "--value", "gdp", "--only", "moran"], "gini, theil, theil_nested, dagum"),
    ] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
    }
    let output = desk.run(&["autocorrelation", "cities.geojson", "--value", "gdp", "--mass", "gdp", "--zeros", "drop"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("no measure of this run makes use of mass and zeros"), "{}", stderr(&output));
    let output = desk.run(&gdp(&["--population", "gdp", "--only", "moran"]));
    assert!(stderr(&output).contains("no measure of this run makes use of population"), "{}", stderr(&output));
}

#[test]
fn every_study_that_is_shipped_has_no_fault() {
    let (desk, mut studies) = (Desk::new(), 0);
    for folder in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).unwrap() {
        let folder = folder.unwrap().path();
        for study in fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            if study.extension().is_some_and(|extension| extension == "toml") {
                let output = desk.run(&["check", study.to_str().unwrap()]);
                assert_eq!(output.status.code(), Some(0), "{}: {}", study.display(), stderr(&output));
                studies += 1;
            }
        }
    }
    assert_eq!(studies, 7);
}

#[test]
fn every_measure_and_column_can_be_explained() {
    let desk = Desk::new();
    let list = stdout(&desk.run(&["explain"]));
    for name in list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        assert_eq!(desk.run(&["explain", name]).status.code(), Some(0), "{name}");
    }
    assert!(stdout(&desk.run(&["explain", "gdp_net_lisa_p_2020"])).starts_with("lisa_p: "));
    assert!(stdout(&desk.run(&["explain", "--format", "md"])).contains("| to match | esda | GeoDa | R | spdep |"));
}

#[test]
fn help_completions_and_manual_are_there() {
    let desk = Desk::new();
    assert!(stdout(&desk.run(&["--help"])).contains("autocorrelation"));
    assert!(stdout(&desk.run(&["autocorrelation", "--help"])).contains("[default: 999]"));
    assert!(stdout(&desk.run(&["completions", "zsh"])).contains("#compdef agglo"));
    assert!(stdout(&desk.run(&["man"])).contains(".TH agglo"));
    assert!(stdout(&desk.run(&["--version"])).starts_with("agglo "));
}

#[test]
fn no_folder_of_this_machine_is_in_any_output() {
    let desk = Desk::new();
    let map = desk.path("cities.geojson");
    let map = map.to_str().unwrap();
    let out = desk.path("out");
    let output =
        desk.run(&["analyse", map, "--value", "gdp", "--out-dir", out.to_str().unwrap(), "--permutations", "9"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = Path::new(map).parent().unwrap().to_str().unwrap();
    for name in desk.entries().iter().filter(|name| desk.path(name).is_file()) {
        assert!(!desk.text(name).contains(folder), "{name}");
    }
    assert!(!(stdout(&output) + &stderr(&output)).contains(folder));
}

/// `agglo explain --format md > docs/measures.md` makes the page anew.
#[test]
fn the_page_of_measures_is_what_explain_prints() {
    let page = include_str!("../docs/measures.md");
    let printed = Desk::new().run(&["explain", "--format", "md"]);
    assert!(printed.stdout == page.as_bytes(), "docs/measures.md is not what explain --format md prints");
}

/// A city that is only linked to has no neighbour and yet belongs to a part.
#[test]
fn one_way_links_make_no_nonsense_of_the_parts() {
    let desk = Desk::new();
    desk.put("links.csv", "from,to,weight\nC00,C01,2\nC01,C02,2\nC02,C00,2\nC00,C03,1\nC05,C06,1\nC06,C05,1\n");
    let output = desk.run(&gdp(&["--links", "links.csv", "--only", "moran"]));
    assert!(
        stderr(&output).contains("the cities fall into 2 parts that no neighbour of links joins"),
        "{}",
        stderr(&output)
    );
}
