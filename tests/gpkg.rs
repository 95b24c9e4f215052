//! The GeoPackage as another program reads it: its tables, its views, its styles, its geometries.
#![cfg(all(feature = "cli", feature = "gpkg"))]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use std::fs;

use desk::{DELTA, Desk, err, out};
use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, Params};

/// Six squares in a row; the names of their properties try everything, the third has no properties, the last no value.
fn hostile_cities() -> String {
    let feature = |i: usize| {
        let x = i as f64;
        let ring = format!("[[{x},0],[{},0],[{},1],[{x},1],[{x},0]]", x + 1.0, x + 1.0);
        let value = if i == 5 { "null".to_owned() } else { (i * i).to_string() };
        let properties = format!(
            r#"{{"code": "c{i}", "gdp": {value}, "fid": {}, "GEOM": "g", "Name": "a\"; DROP TABLE cities; --", "name": {}.50,
                "人口": {i}, "x\"y'z;": true, "": 1, "tags": ["a", {{"b": null}}], "select": 9007199254740993, "ogc_fid": null,
                "mixed": {}}}"#,
            i * 10,
            i,
            if i.is_multiple_of(2) { "1.10" } else { "\"text\"" }
        );
        format!(
            r#"{{"type": "Feature", "properties": {properties}, "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}"#
        )
    };
    let features: Vec<String> = (0..6).map(feature).collect();
    format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(",\n"))
}

fn open(desk: &Desk, name: &str) -> Connection {
    Connection::open(desk.path(name)).unwrap()
}

fn one<T: FromSql>(connection: &Connection, query: &str) -> T {
    connection.query_row(query, [], |row| row.get(0)).unwrap()
}

fn texts(connection: &Connection, query: &str, params: impl Params) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    statement.query_map(params, |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Names and types of the columns of a table or a view.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    texts(connection, "SELECT name || ' ' || type FROM pragma_table_info(?1)", [table])
}

fn hostile(desk: &Desk, more: &[&str]) -> Connection {
    desk.put("cities.geojson", &hostile_cities());
    let args = ["autocorrelation", "cities.geojson", "--id", "code", "--value", "gdp", "--permutations", "99"];
    let output = desk.agglo(&[&args[..], &["--only", "local_moran,local_g_star", "-o", "map.gpkg"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("Wrote map.gpkg; "), "{}", out(&output));
    open(desk, "map.gpkg")
}

#[test]
fn it_says_that_it_is_a_geopackage_and_lists_what_it_holds() {
    let desk = Desk::new();
    let map = hostile(&desk, &[]);
    assert_eq!(one::<i64>(&map, "PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(one::<i64>(&map, "PRAGMA user_version"), 10300);
    assert_eq!(one::<String>(&map, "PRAGMA integrity_check"), "ok");
    assert_eq!(one::<i64>(&map, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let systems = texts(&map, "SELECT CAST(srs_id AS TEXT) FROM gpkg_spatial_ref_sys ORDER BY srs_id", []);
    assert_eq!(systems, ["-1", "0", "4326"]);
    let listed = texts(&map, "SELECT table_name || ' ' || data_type FROM gpkg_contents ORDER BY rowid", []);
    let want = ["cities features", "lisa features", "hot_spots features", "agglo_columns attributes"];
    assert_eq!(listed, [&want[..], &["layer_styles attributes"]].concat());
    let there = texts(&map, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')", []);
    assert!(listed.iter().all(|line| there.iter().any(|name| line.starts_with(name))), "{there:?}");
    let geometries =
        texts(&map, "SELECT table_name || ' ' || geometry_type_name || ' ' || srs_id FROM gpkg_geometry_columns", []);
    assert_eq!(geometries, ["cities", "lisa", "hot_spots"].map(|name| format!("{name} MULTIPOLYGON 4326")));
    let box_ =
        "SELECT min_x || ' ' || min_y || ' ' || max_x || ' ' || max_y FROM gpkg_contents WHERE table_name = 'lisa'";
    assert_eq!(one::<String>(&map, box_), "0.0 0.0 6.0 1.0");
    assert!(!desk.path("map.qml").exists(), "the styles are inside");
}

#[test]
fn properties_keep_their_types_and_hostile_names_are_names() {
    let desk = Desk::new();
    let map = hostile(&desk, &[]);
    let cities = columns(&map, "cities");
    let want = [
        "fid INTEGER",
        "geom MULTIPOLYGON",
        "code TEXT",
        "gdp INTEGER",
        "fid_2 INTEGER",
        "GEOM_2 TEXT",
        "Name TEXT",
        "name_2 DOUBLE",
        "人口 INTEGER",
        "x\"y'z; BOOLEAN",
        "column INTEGER",
        "tags TEXT",
        "select INTEGER",
        "ogc_fid_2 TEXT",
        "mixed TEXT",
    ];
    assert_eq!(cities[..want.len()], want);
    let results = cities[want.len()..].join(", ");
    assert!(results.starts_with("lisa_i DOUBLE, lisa_p DOUBLE, lisa_q DOUBLE, lisa_cl TEXT, "), "{results}");
    let row = |query: &str| one::<Value>(&map, &format!("SELECT {query} FROM cities WHERE code = 'c2'"));
    assert_eq!(row("\"Name\""), Value::Text("a\"; DROP TABLE cities; --".into()));
    assert_eq!(row("name_2"), Value::Real(2.5));
    assert_eq!(row("\"x\"\"y'z;\""), Value::Integer(1));
    assert_eq!(row("tags"), Value::Text(r#"["a", {"b": null}]"#.into()));
    assert_eq!(row("mixed"), Value::Text("1.10".into()));
    assert_eq!(row("\"select\""), Value::Integer(9_007_199_254_740_993));
    let last = |query: &str| one::<Value>(&map, &format!("SELECT {query} FROM cities WHERE code = 'c5'"));
    assert_eq!(
        (last("gdp"), last("lisa_i"), last("lisa_cl")),
        (Value::Null, Value::Null, Value::Text("undefined".into()))
    );
}

#[test]
fn each_map_is_a_view_of_all_cities_with_a_style_that_is_xml() {
    let desk = Desk::new();
    let map = hostile(&desk, &[]);
    for (view, attribute, other) in [("lisa", "lisa_cl", "gstar_cl"), ("hot_spots", "gstar_cl", "lisa_cl")] {
        let names = columns(&map, view);
        assert!(names[0].starts_with("OGC_FID ") && names[1].starts_with("geom "), "{names:?}");
        let has = |column: &str| names.iter().any(|name| name.starts_with(column));
        assert!(has(attribute) && has("人口") && !has(other), "{names:?}");
        assert_eq!(one::<i64>(&map, &format!("SELECT count(*) FROM {view} v JOIN cities c ON v.OGC_FID = c.fid")), 6);
        let style = format!("SELECT styleQML FROM layer_styles WHERE f_table_name = '{view}' AND useAsDefault");
        let style: String = one(&map, &style);
        let xml = style.split_once('\n').unwrap().1;
        let xml = roxmltree::Document::parse(xml).unwrap();
        let renderer = xml.descendants().find(|node| node.has_tag_name("renderer-v2")).unwrap();
        assert_eq!(renderer.attribute("attr"), Some(attribute));
        let aliases = xml.descendants().filter(|node| node.has_tag_name("alias"));
        assert!(aliases.map(|alias| alias.attribute("field").unwrap()).all(has));
    }
    let labels = texts(&map, "SELECT label FROM agglo_columns WHERE \"column\" = 'lisa_p'", []);
    assert!(labels[0].starts_with("Local Moran's I: "), "{labels:?}");
}

#[test]
fn geometries_are_well_known_binary_with_an_envelope() {
    let desk = Desk::new();
    let map = hostile(&desk, &[]);
    let blob: Vec<u8> = one(&map, "SELECT geom FROM cities WHERE code = 'c3'");
    let mut want = b"GP\x00\x03\xe6\x10\x00\x00".to_vec();
    let numbers = |want: &mut Vec<u8>, numbers: &[f64]| numbers.iter().for_each(|x| want.extend(x.to_le_bytes()));
    numbers(&mut want, &[3.0, 4.0, 0.0, 1.0]);
    want.extend([1, 6, 0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]);
    numbers(&mut want, &[3.0, 0.0, 4.0, 0.0, 4.0, 1.0, 3.0, 1.0, 3.0, 0.0]);
    assert_eq!(blob, want);
    let planar = hostile(&desk, &["--planar"]);
    let blob: Vec<u8> = one(&planar, "SELECT geom FROM cities WHERE code = 'c3'");
    assert_eq!(blob[4..8], (-1_i32).to_le_bytes());
    assert_eq!(one::<i64>(&planar, "SELECT DISTINCT srs_id FROM gpkg_geometry_columns"), -1);
}

#[test]
fn cities_that_take_no_part_are_there_without_results() {
    let desk = Desk::new();
    let map = hostile(&desk, &["--where", "gdp < 16"]);
    assert_eq!(one::<i64>(&map, "SELECT count(*) FROM cities"), 6);
    assert_eq!(one::<i64>(&map, "SELECT count(*) FROM cities WHERE geom IS NOT NULL AND lisa_cl = 'undefined'"), 2);
}

#[test]
fn a_second_run_on_its_own_output_of_geojson_replaces_the_columns() {
    let desk = Desk::new();
    desk.put("cities.geojson", &hostile_cities());
    let args = ["autocorrelation", "--id", "code", "--value", "gdp", "--only", "local_moran", "--permutations", "9"];
    let run = |more: &[&str]| desk.agglo(&[&args[..1], &more[..1], &args[1..], &more[1..]].concat()).status.code();
    assert_eq!(run(&["cities.geojson", "-o", "first.geojson"]), Some(0));
    assert_eq!(run(&["first.geojson", "-o", "second.gpkg"]), Some(3));
    assert_eq!(run(&["first.geojson", "--replace", "-o", "second.gpkg"]), Some(0));
    assert_eq!(columns(&open(&desk, "second.gpkg"), "cities").iter().filter(|name| name.contains("lisa_i")).count(), 1);
}

#[test]
fn an_analysis_packs_its_layers_and_any_number_of_threads_gives_the_same_bytes() {
    let desk = Desk::new();
    let study = format!(
        "[input]\ncities = '{DELTA}/cities.geojson'\nlinks = '{DELTA}/links.csv'\nid = 'adcode'\n[analysis]\nmass = \
         'gdp_2020_100m_cny'\ncores = ['310100', '320100']\nonly = ['centrality', 'backbone', 'hinterland']\n\
         [output]\nannotated = 'map.gpkg'\n"
    );
    desk.put("study.toml", &study);
    let run = |threads: &str| {
        let output = desk.agglo(&["analyse", "study.toml", "--threads", threads]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        fs::read(desk.path("map.gpkg")).unwrap()
    };
    let (once, again) = (run("1"), run("3"));
    assert!(once == again, "the bytes differ");
    let map = open(&desk, "map.gpkg");
    let styled = "SELECT f_table_name FROM layer_styles JOIN gpkg_contents ON f_table_name = table_name ORDER BY id";
    let styled = texts(&map, styled, []);
    for layer in
        ["cities", "strength", "betweenness", "hinterlands", "contested", "backbone_links", "hinterland_hinterlands"]
    {
        assert!(styled.iter().any(|name| name == layer), "no {layer} in {styled:?}");
    }
    let kind = |layer: &str| {
        let query = "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?1";
        texts(&map, query, [layer]).concat()
    };
    assert_eq!(
        (kind("backbone_links"), kind("hinterland_hinterlands")),
        ("MULTILINESTRING".into(), "MULTIPOLYGON".into())
    );
    let flows: f64 = one(&map, "SELECT sum(weight) FROM backbone_flows");
    assert!(flows > 0.0);
    assert_eq!(one::<i64>(&map, "SELECT count(DISTINCT last_change) FROM gpkg_contents"), 1);
    let styles = fs::read_dir(desk.path("agglo-out/styles")).unwrap().count();
    let themes = "SELECT count(*) FROM sqlite_schema WHERE type = 'view'";
    assert_eq!(i64::try_from(styles).unwrap(), one::<i64>(&map, themes), "each map has a style in the folder as well");
}
