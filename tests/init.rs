//! `agglo init`: the file it writes says everything, and runs as it is.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use agglo::read::StudyFile;
use desk::{DELTA, Desk, err, out};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

/// The file that these arguments give, after it was checked: it has every key, and `check` finds no fault in it.
fn written(desk: &Desk, args: &[&str]) -> StudyFile {
    let output = desk.agglo(&[&["init"], args, &["-o", "s.toml", "--replace"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    assert_eq!(out(&output), "s.toml written; run it with: agglo analyse s.toml\n");
    let text = desk.text("s.toml");
    for (_, names) in StudyFile::keys() {
        let stands = |line: &str| line.trim_start_matches('#').starts_with(&format!("{} = ", names[0]));
        assert!(text.lines().any(stands), "{} is not in the file of {args:?}", names[0]);
    }
    let checked = desk.agglo(&["check", "s.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{args:?}: {}\n{text}", err(&checked));
    StudyFile::parse(&text, "s.toml").unwrap()
}

/// The same, and it was run, with few random numbers.
fn run(desk: &Desk, args: &[&str]) -> StudyFile {
    let study = written(desk, args);
    let few = ["--permutations", "9", "--bootstrap", "0", "--out-dir", "out", "--quiet"];
    let analysed = desk.agglo(&[&["analyse", "s.toml"], &few[..]].concat());
    assert_eq!(analysed.status.code(), Some(0), "{args:?}: {}", err(&analysed));
    assert!(desk.path("out/results.json").exists());
    study
}

fn one(text: &str) -> Option<Vec<String>> {
    Some(vec![text.to_owned()])
}

/// Points with these properties, each given the number of its city.
fn points(count: usize, properties: impl Fn(usize) -> String) -> String {
    let feature = |i: usize| {
        let place = format!(r#"{{"type": "Point", "coordinates": [{}, {}]}}"#, 110 + i % 5, 30 + i / 5);
        format!(r#"{{"type": "Feature", "properties": {{{}}}, "geometry": {place}}}"#, properties(i))
    };
    let features: Vec<String> = (0..count).map(feature).collect();
    format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(", "))
}

#[test]
fn the_delta_is_proposed_by_what_it_holds() {
    let desk = Desk::new();
    let cities = format!("{DELTA}/cities.geojson");
    let study = run(&desk, &[&cities]);
    assert_eq!(study.input.id.as_deref(), Some("adcode"));
    assert_eq!(study.input.name.as_deref(), Some("name"));
    assert_eq!(study.input.years, Some(vec![2000, 2005, 2010, 2015, 2020, 2023]));
    assert_eq!(study.analysis.value, one("gdp_{year}_100m_cny"));
    assert_eq!(study.analysis.weights.as_deref(), Some("queen"));
    let text = desk.text("s.toml");
    for line in [
        "# -> unique in all 41 features\nid = \"adcode\"\n",
        "#value = \"gdp_{year}_100m_cny/census_pop_{year}\"  # per head; 2010, 2020\n",
        "#group = [\"province\"]  # 4 groups: \"Shanghai\", \"Jiangsu\", \"Zhejiang\", \"Anhui\"\n",
        "# Random permutations, 0 for none [default: 999]\n#permutations = 999\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn flags_become_keys_and_files_say_what_was_recognised() {
    let desk = Desk::new();
    let of = |name: &str| format!("{DELTA}/{name}");
    let study = run(
        &desk,
        &[
            &of("cities.geojson"),
            "--links",
            &of("links.csv"),
            "--industry",
            &of("industry.csv"),
            "--table",
            &of("census.csv"),
            "--group",
            "province,core27",
            "--permutations",
            "99",
            "--where",
            "core27 = true and province in (Jiangsu, 'Zhejiang')",
            "--undirected",
        ],
    );
    assert_eq!(study.input.undirected, Some(true));
    assert_eq!(study.input.years, Some(vec![2010, 2020]), "those that industry has too");
    assert_eq!(study.analysis.permutations, Some(99));
    assert_eq!(study.analysis.group, Some(vec!["province".to_owned(), "core27".to_owned()]));
    assert_eq!(study.analysis.condition.unwrap(), "core27 = true and province in (Jiangsu, 'Zhejiang')");
    assert!(study.input.links.unwrap().ends_with("/data/yangtze-delta/links.csv"));
    assert_eq!((study.output.replace, study.output.annotated), (None, None), "these are of init");
    let text = desk.text("s.toml");
    assert!(text.contains("#link_columns = [\"origin\", \"destination\", \"weight\"]  # recognised by their names\n"));
    assert!(text.contains("# -> \"employed_10pct_sample\" in 20 sectors, 2010, 2020: \"agriculture\""), "{text}");
}

#[test]
fn an_index_needs_no_value() {
    let desk = Desk::new();
    let of = |name: &str| format!("{DELTA}/{name}");
    let (cities, census, indicators) = (of("cities.geojson"), of("census.csv"), of("indicators.csv"));
    let args =
        [&cities, "--table", &census, "--indicators", &indicators, "--weighting", "entropy", "--years", "2010,2020"];
    let study = written(&desk, &args);
    assert_eq!((study.analysis.value, study.input.years), (None, Some(vec![2010, 2020])));
    assert_eq!(study.analysis.weighting.as_deref(), Some("entropy"));
}

#[test]
fn series_panels_and_what_has_no_numbers() {
    let desk = Desk::new();
    let mexico = run(&desk, &[&format!("{DATA}/mexico/states.geojson")]);
    assert_eq!(mexico.analysis.value, one("gdp_per_capita_{year}"));
    assert_eq!(mexico.input.years, Some(vec![1940, 1950, 1960, 1970, 1980, 1990, 2000]));
    let (states, income) = (format!("{DATA}/us-states/states.geojson"), format!("{DATA}/us-states/income.csv"));
    let panel = run(&desk, &[&states, "--table", &income]);
    assert_eq!(panel.analysis.value, one("income_per_capita_usd"));
    assert_eq!(panel.input.years, Some(vec![1929, 2009]), "the first and the last of 81");
    let typed = written(&desk, &[&states, "--table", &income, "--value", "income_per_capita_usd", "--year", "1940"]);
    assert_eq!(typed.input.years, Some(vec![1940]));
    assert_eq!(written(&desk, &[&states]).analysis.value, None);
    assert!(desk.text("s.toml").contains("# -> no value was found"));
}

#[test]
fn points_have_nearest_neighbours_and_shared_names_are_told() {
    let desk = Desk::new();
    let name = |i: usize| if i.is_multiple_of(6) { "苏州".to_owned() } else { format!("City {i}") };
    desk.put("p.geojson", &points(12, |i| format!(r#""code": "C{i}", "name": "{}", "gdp": {}.5"#, name(i), i * i)));
    let study = run(&desk, &["p.geojson"]);
    assert_eq!(study.analysis.weights.as_deref(), Some("knn:4"));
    assert_eq!((study.input.cities.as_str(), study.analysis.value), ("p.geojson", one("gdp")));
    assert!(desk.text("s.toml").contains("# -> unique in all 12 features; names are not: two are called \"苏州\"\n"));
}

#[test]
fn areas_that_do_not_touch_have_nearest_neighbours() {
    let desk = Desk::new();
    let feature = |i: usize| {
        let (x, y) = (110 + 2 * (i % 4), 30 + 2 * (i / 4));
        let ring = format!("[[{x}, {y}], [{}, {y}], [{}, {}], [{x}, {y}]]", x + 1, x + 1, y + 1);
        let geometry = format!(r#"{{"type": "Polygon", "coordinates": [{ring}]}}"#);
        format!(
            r#"{{"type": "Feature", "properties": {{"code": "C{i}", "gdp": {}.5}}, "geometry": {geometry}}}"#,
            i * i
        )
    };
    let features: Vec<String> = (0..8).map(feature).collect();
    desk.put("a.geojson", &format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(", ")));
    assert_eq!(run(&desk, &["a.geojson"]).analysis.weights.as_deref(), Some("knn:4"));
    assert!(
        desk.text("s.toml").contains("# -> no city has a neighbour under queen, so that each has its nearest ones")
    );
}

#[test]
fn names_that_would_break_out_stay_within_their_quotes() {
    let desk = Desk::new();
    let hostile = [
        r#"say \"hi\""#,
        r"two\nlines",
        r"x\nvalue = 1\n[output]\ndir",
        r#"\"\"\""#,
        "'''",
        "地区生产总值（亿元）",
        "# no comment",
        r"back\\slash",
        r"tab\there\u0007",
        "a = b",
    ];
    for (number, name) in hostile.into_iter().enumerate() {
        let group = format!("{}{name}", ["A", "B"][number % 2]);
        let city = |i: usize| {
            let others: Vec<String> = hostile.iter().map(|other| format!(r#""{other} {i} of": null"#)).collect();
            let (region, other) = (if i.is_multiple_of(2) { &group } else { "West" }, &others[number]);
            format!(r#""code": "{name}{i}", "name": "{name}", "{name}": {}.5, "g{name}": "{region}", {other}"#, i * i)
        };
        desk.put("h.geojson", &points(8, city));
        let study = run(&desk, &["h.geojson"]);
        let spelled: String = serde_json::from_str(&format!("\"{name}\"")).unwrap();
        assert_eq!(study.analysis.value, one(&spelled), "{name}");
        assert_eq!(study.output.dir, None);
    }
}

#[test]
fn paths_lead_from_the_study_file_and_names_may_be_odd() {
    let desk = Desk::new();
    for folder in ["da ta", "studies", "studies/a"] {
        std::fs::create_dir(desk.path(folder)).unwrap();
    }
    desk.put("da ta/市's.geojson", &points(8, |i| format!(r#""code": "C{i}", "gdp": {}.5"#, i * i)));
    desk.put("da ta/w.gal", "0 2 w code\nC0 1\nC1\nC1 1\nC0\n");
    let made = desk.agglo(&["init", "da ta/市's.geojson", "--weights", "file:da ta/w.gal", "-o", "studies/a/s.toml"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let study = StudyFile::parse(&desk.text("studies/a/s.toml"), "s.toml").unwrap();
    assert_eq!(study.input.cities, "../../da ta/市's.geojson");
    assert_eq!(study.analysis.weights.as_deref(), Some("file:../../da ta/w.gal"));
    assert_eq!(desk.agglo(&["check", "studies/a/s.toml"]).status.code(), Some(0));
    let shown = desk.agglo(&["init", "da ta/市's.geojson", "-o", "-"]);
    assert!(out(&shown).contains("\ncities = \"da ta/市's.geojson\"\n"));
    assert_eq!(out(&shown), out(&desk.agglo(&["init", "da ta/市's.geojson", "--output", "-"])));
}

#[test]
fn nothing_is_overwritten_that_was_not_meant() {
    let desk = Desk::new();
    desk.put("c.geojson", &points(8, |i| format!(r#""code": "C{i}", "gdp": {}.5"#, i * i)));
    desk.put("study.toml", "mine");
    let again = desk.agglo(&["init", "c.geojson"]);
    assert_eq!(again.status.code(), Some(3));
    assert!(err(&again).contains("is there already") && err(&again).contains("--replace"), "{}", err(&again));
    assert_eq!(desk.text("study.toml"), "mine");
    assert_eq!(desk.agglo(&["init", "c.geojson", "--replace"]).status.code(), Some(0));
    assert!(desk.text("study.toml").contains("cities = \"c.geojson\""));

    desk.put("t.toml", &points(8, |i| format!(r#""code": "C{i}", "gdp": {}.5"#, i * i)));
    let own = desk.agglo(&["init", "t.toml", "-o", "t.toml", "--replace"]);
    assert_eq!(own.status.code(), Some(3), "{}", err(&own));
    assert!(err(&own).contains("is an input"), "{}", err(&own));
    for (args, part) in [
        (&["init", "-"][..], "standard input has no name"),
        (&["init", "c.geojson", "-o", "study.json"], "end the name in .toml"),
    ] {
        let refused = desk.agglo(args);
        assert_eq!(refused.status.code(), Some(2));
        assert!(err(&refused).contains(part), "{}", err(&refused));
    }
}

#[test]
fn wrong_inputs_are_reported_as_check_does() {
    let desk = Desk::new();
    desk.put("c.geojson", &points(8, |i| format!(r#""code": "C{i}", "gdp": {}.5"#, i * i)));
    desk.put("l.csv", "origin,destination,weight\nC0,C1,x\nC0,C9,1\n");
    let faults = |command: &str| {
        let output = desk.agglo(&[command, "c.geojson", "--links", "l.csv", "--value", "gpd"]);
        assert_eq!(output.status.code(), Some(1));
        err(&output)
    };
    assert_eq!(faults("init"), faults("check"));
    assert!(!desk.path("study.toml").exists());
}
