//! The commands of industry as a user meets them: what they print, what they write, and what they refuse.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const DELTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/yangtze-delta");

/// A folder with six cities, their industry in two years, long and wide, and columns of value added.
struct Desk(tempfile::TempDir);

const SECTORS: [&str; 4] = ["agriculture", "metal", "food", "finance"];

/// The level of a sector in a city and year.
fn level(city: usize, sector: usize, year: usize) -> usize {
    10 + 7 * ((city * (sector + 2) + 3 * sector + year) % 11) + if sector == city % 4 { 40 } else { 0 }
}

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        let feature = |i: usize| {
            let (x, y) = (110 + i % 3, 30 + i / 3);
            let values = (0..3).flat_map(|k| [2010, 2020].map(|year| (k, year)));
            let names = ["primary", "secondary", "tertiary"];
            let values: String = values
                .map(|(k, year)| format!(r#", "va_{}_{year}": {}"#, names[k], level(i, k, usize::from(year == 2020))))
                .collect();
            format!(
                r#"{{"type": "Feature", "properties": {{"code": "C{i}", "name": "City {i}", "province": "P{}"{values}}},
 "geometry": {{"type": "Polygon", "coordinates": [[[{x}, {y}], [{}, {y}], [{}, {}], [{x}, {}], [{x}, {y}]]]}}}}"#,
                i / 3,
                x + 1,
                x + 1,
                y + 1,
                y + 1
            )
        };
        let features: Vec<String> = (0..6).map(feature).collect();
        desk.put(
            "cities.geojson",
            &format!("{{\"type\": \"FeatureCollection\", \"features\": [\n{}\n]}}\n", features.join(",\n")),
        );
        let mut long = "code,year,sector,jobs\n".to_owned();
        for (y, year) in [2010, 2020].into_iter().enumerate() {
            for city in 0..6 {
                for (k, sector) in SECTORS.iter().enumerate() {
                    long += &format!("C{city},{year},{sector},{}\n", level(city, k, y));
                }
            }
        }
        desk.put("long.csv", &long);
        let rows: String = (0..6)
            .map(|city| {
                format!("C{city},{}\n", (0..4).map(|k| level(city, k, 0).to_string()).collect::<Vec<_>>().join(","))
            })
            .collect();
        desk.put("wide.csv", &format!("code,{}\n{rows}", SECTORS.join(",")));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agglo"));
        command.current_dir(self.0.path()).args(args).stdin(Stdio::null()).output().unwrap()
    }

    /// Standard output and error of a run that ends well.
    fn good(&self, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.good(&[args, &["--json"]].concat()).0).unwrap()
    }

    /// Standard error of a run that ends with 1 or 2.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}", output.status);
        String::from_utf8(output.stderr).unwrap()
    }
}

fn result<'a>(report: &'a Value, measure: &str, year: Option<i64>) -> &'a Value {
    let results = report["results"].as_array().unwrap();
    let found = results.iter().find(|r| r["measure"] == measure && r.get("year").and_then(Value::as_i64) == year);
    found.unwrap_or_else(|| panic!("{measure} {year:?} is not among the results"))
}

fn rows(result: &Value, table: &str) -> usize {
    result["tables"][table]["rows"].as_array().unwrap_or_else(|| panic!("{table} is no table")).len()
}

#[test]
fn the_delta_is_measured_in_both_censuses() {
    let desk = Desk::new();
    let (cities, industry) = (format!("{DELTA}/cities.geojson"), format!("{DELTA}/industry.csv"));
    let groups = format!("{DELTA}/sectors.csv");
    let args = ["isomorphism", &cities, "--id", "adcode", "--industry", &industry, "--sector-groups", &groups];
    let args = [&args[..], &["--permutations", "99"]].concat();
    let report = desk.json(&args);
    for year in [2010, 2020] {
        let similarity = result(&report, "similarity", Some(year));
        assert_eq!(similarity["scalars"]["pairs"], 820.0);
        assert_eq!((rows(similarity, "cities"), rows(similarity, "sensitivity")), (41, 3));
        for name in [
            "unido",
            "krugman",
            "finger_kreinin",
            "bray_curtis",
            "jensen_shannon",
            "hellinger",
            "pearson",
            "spearman",
            "grey",
        ] {
            assert_eq!(similarity["matrices"][name]["values"].as_array().unwrap().len(), 41, "{name}");
        }
        let footer = similarity["footer"].as_str().unwrap();
        for part in ["UNIDO", "reference area", "20 sectors", &year.to_string(), "n = 41 of 41", "left out: none"] {
            assert!(footer.contains(part), "{part} is not in {footer}");
        }
        assert_eq!(rows(result(&report, "concentration", Some(year)), "sectors"), 20);
        assert_eq!(rows(result(&report, "isomorphism_pairs", Some(year)), "pairs"), 20);
        assert_eq!(rows(result(&report, "division_of_labour", Some(year)), "classes"), 4);
    }
    assert_eq!(rows(result(&report, "similarity", None), "years"), 2);
    let (text, _) = desk.good(&args);
    for words in [
        "2020: mean similarity 0.866 (UNIDO, 0 to 1, 41 cities, 20 sectors)",
        "merged to three sectors it would be 0.951",
        "it rose from 0.789 in 2010",
        "mean similarity within groups by province",
        "highest pair Wuxi and Suzhou",
        "locational Gini",
        "n = 41 of 41 cities; left out: none",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn the_structure_of_the_delta_moved_towards_services() {
    let desk = Desk::new();
    let cities = format!("{DELTA}/cities.geojson");
    let args = ["structure", &cities, "--id", "adcode", "--sectors", "va_*_{year}_100m_cny", "--years", "2010,2020"];
    let (text, notes) = desk.good(&args);
    assert!(text.contains("the secondary share retreats by 11.2 points (51.0% to 39.8%)"), "{text}");
    assert!(
        text.contains("Shift-share: for each city growth and its parts")
            && text.contains("prices and borders as given")
    );
    assert!(notes.contains("for want of output and employment by sector: rationalisation"), "{notes}");
    let industry = format!("{DELTA}/industry.csv");
    let report = desk.json(&[&args[..], &["--employment", &industry]].concat());
    let tl = result(&report, "rationalisation", Some(2020))["scalars"]["tl"].as_f64().unwrap();
    assert!((tl - 0.027).abs() < 0.001, "{tl}");
    let study = format!("{DELTA}/structure.toml");
    let (text, _) = desk.good(&["analyse", &study, "--out-dir", "out"]);
    assert!(text.contains("Chaohu was divided"), "{text}");
    assert!(desk.path("out/tables/shift_share_cities.tex").exists());
}

#[test]
fn long_wide_and_columns_agree() {
    let desk = Desk::new();
    let long = desk.json(&["isomorphism", "cities.geojson", "--industry", "long.csv", "--year", "2010"]);
    let wide = desk.json(&["isomorphism", "cities.geojson", "--industry", "wide.csv"]);
    let unido = |report: &Value, year| result(report, "similarity", year)["matrices"]["unido"].clone();
    assert_eq!(unido(&long, Some(2010)), unido(&wide, None));
    let some = desk.json(&[
        "isomorphism",
        "cities.geojson",
        "--industry",
        "wide.csv",
        "--sectors",
        "f*",
        "--only",
        "similarity",
    ]);
    assert_eq!(result(&some, "similarity", None)["tables"]["sensitivity"]["rows"][0][1], 2);
    let columns = desk.json(&["structure", "cities.geojson", "--sectors", "va_*_{year}"]);
    assert_eq!(rows(result(&columns, "shift_share", None), "cities"), 6);
}

#[test]
fn three_sectors_are_warned_of() {
    let desk = Desk::new();
    let args = ["isomorphism", "cities.geojson", "--sectors", "va_*_2020", "--only", "similarity"];
    let (_, said) = desk.good(&args);
    assert!(said.contains("warning:") && said.contains("coarse sectors"), "{said}");
    assert!(desk.refused(&[&args[..], &["--strict"]].concat()).contains("--strict"));
}

#[test]
fn results_go_to_columns_and_a_folder() {
    let desk = Desk::new();
    let input = fs::read_to_string(desk.path("cities.geojson")).unwrap();
    let args = ["isomorphism", "cities.geojson", "--industry", "long.csv", "-o", "map.geojson", "--out-dir", "out"];
    desk.good(&[&args[..], &["--order", "dendrogram", "--triangle", "lower"]].concat());
    let map: Value = serde_json::from_str(&fs::read_to_string(desk.path("map.geojson")).unwrap()).unwrap();
    let properties = &map["features"][0]["properties"];
    for column in
        ["iso_mean_2020", "iso_max_2010", "iso_with_2020", "hhi_2010", "krugman_2020", "lq_top_2020", "iso_group_2020"]
    {
        assert!(!properties[column].is_null(), "{column} is not in {properties}");
    }
    let stem = |extension: &str| format!("out/tables/similarity_unido_2020.{extension}");
    let text = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    assert!(text(&stem("csv")).starts_with("city,name,") && text(&stem("tsv")).starts_with("city\tname\t"));
    assert!(text(&stem("tex")).contains("\\toprule") && text(&stem("tex")).contains("UNIDO"));
    assert!(text(&stem("md")).contains("reference area: the 6 cities together"));
    let last: Vec<String> = text(&stem("csv")).lines().nth(1).unwrap().split(',').map(str::to_owned).collect();
    assert!(last[2] == "1.0" && last[3..].iter().all(String::is_empty), "{last:?}");
    assert!(text("out/tables/similarity_unido_and_krugman_2020.csv").contains("City 0"));
    assert!(desk.path("out/results.json").exists() && desk.path("out/columns.csv").exists());
    assert_eq!(fs::read_to_string(desk.path("cities.geojson")).unwrap(), input);
}

#[test]
fn one_table_can_be_printed() {
    let desk = Desk::new();
    let args = ["isomorphism", "cities.geojson", "--industry", "long.csv", "--format", "csv", "--show"];
    let (text, _) =
        desk.good(&[&args[..], &["similarity.unido", "--year", "2020", "--matrix-labels", "name"]].concat());
    assert!(text.starts_with("name,City 0,City 1,") && text.lines().count() == 7, "{text}");
    assert!(desk.refused(&[&args[..], &["similarity.unido"]].concat()).contains("choose one with --year"));
    assert!(desk.refused(&[&args[..], &["similarity.unida"]].concat()).contains("did you mean \"similarity.unido\"?"));
}

#[test]
fn threads_do_not_matter() {
    let desk = Desk::new();
    let of = |threads: &str| {
        desk.good(&["isomorphism", "cities.geojson", "--industry", "long.csv", "--json", "--threads", threads]).0
    };
    assert!(of("1") == of("2"));
}

#[test]
fn check_reads_industry_too() {
    let desk = Desk::new();
    let (text, _) = desk.good(&["check", "cities.geojson", "--industry", "long.csv"]);
    assert!(text.contains("jobs, 4 sectors, 2010, 2020") && text.contains("isomorphism_null"), "{text}");
    desk.put("bad.csv", "code,a,b\nC0,-1,x\nC1,1,1\n");
    let said = desk.refused(&["check", "cities.geojson", "--industry", "bad.csv"]);
    assert!(
        said.contains("bad.csv:2") && said.contains("-1 is negative") && said.contains("\"x\" is not a number"),
        "{said}"
    );
}

#[test]
fn what_is_missing_is_asked_for() {
    let desk = Desk::new();
    assert!(desk.refused(&["isomorphism", "cities.geojson"]).contains("--industry FILE"));
    let (_, said) = desk.good(&["structure", "cities.geojson", "--industry", "wide.csv"]);
    assert!(
        said.contains("for want of an industry table of at least two years: structure_change, shift_share"),
        "{said}"
    );
    assert!(desk.refused(&["isomorphism", "cities.geojson", "--blank", "zero"]).contains("there is none"));
    let said = desk.refused(&["isomorphism", "cities.geojson", "--sectors", "va_*"]);
    assert!(said.contains("{year}"), "{said}");
}

#[test]
fn text_from_data_is_defused_in_tables() {
    let desk = Desk::new();
    desk.put("evil.csv", "code,=cmd(),\\input{x}&<b>\nC0,1,2\nC1,3,1\nC2,2,2\n");
    desk.good(&["isomorphism", "cities.geojson", "--industry", "evil.csv", "--out-dir", "out"]);
    for entry in fs::read_dir(desk.path("out/tables")).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "csv" | "tsv" => {
                let cells = text.lines().flat_map(|line| line.split([',', '\t']));
                assert!(
                    !cells.map(|cell| cell.trim_matches('"')).any(|cell| cell.starts_with('=')),
                    "{}",
                    path.display()
                );
            }
            "tex" => assert!(!text.contains("\\input"), "{}", path.display()),
            _ => assert!(!text.contains("<b>"), "{}", path.display()),
        }
    }
    assert!(Path::new(&desk.path("out/results.json")).exists());
}
