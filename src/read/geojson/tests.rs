use proptest::prelude::*;

use super::*;
use crate::Error;
use crate::write::geojson::{AnnotatedColumn, AnnotatedValues, Annotation, annotate, strip};

fn parse(text: impl AsRef<[u8]>) -> Result<Document> {
    Document::parse(text.as_ref().to_vec(), "c.geojson")
}

fn only(error: &Error) -> &Fault {
    assert_eq!(error.faults().len(), 1, "{error}");
    assert_eq!(error.faults()[0].place().file.as_deref(), Some("c.geojson"));
    &error.faults()[0]
}

fn collection(features: &str) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{features}]}}"#)
}

const GOOD: &str = r#"{"type": "Feature", "id": "C01", "properties": {"gdp": 1.5}, "geometry": null}"#;

#[test]
fn broken_json_is_placed_and_explained() {
    for (text, place, words, remedy) in [
        ("{\"a\": 1,\n \"武\": [1, ]}", (2, 9), "comma after the last", "QGIS tolerates this"),
        ("{\"a\": 1, }", (1, 8), "comma after the last", "ogr2ogr -f GeoJSON"),
        (
            "{\"type\": \"FeatureCollection\",\n\"features\": [{\"p\": {\"gdp\": NaN}}]}",
            (2, 28),
            "NaN is not JSON",
            "null",
        ),
        ("{\"x\": -Infinity}", (1, 7), "-Infinity is not JSON", "finite"),
        ("{\"x\": nan}", (1, 7), "nan is not JSON", "null"),
        ("{\"x\": True}", (1, 7), "True is not JSON", "lower case"),
        ("{'x': 1}", (1, 2), "single quote", "double quotes"),
        ("{\"x\": 1 // one\n}", (1, 9), "comment", "remove"),
        ("{\"x\": \"\\q\"}", (1, 9), "invalid escape", ""),
        ("{\"x\": \"NaN\t\"}", (1, 11), "control character", ""),
        ("{\"x\": true true}", (1, 12), "expected `,` or `}`", ""),
        ("{\"x\": 01}", (1, 8), "invalid number", ""),
        ("{\"type\": \"FeatureCollection\", \"features\": [{\"ty", (1, 48), "ends too early", "cut"),
        ("{}\n{}", (2, 1), "data after the end", "one FeatureCollection"),
    ] {
        let error = parse(text).unwrap_err();
        let fault = only(&error);
        assert_eq!((fault.place().line, fault.place().column), (Some(place.0), Some(place.1)), "{text}: {fault}");
        assert!(fault.message().contains(words), "{text}: {fault}");
        assert!(fault.remedy().unwrap_or_default().contains(remedy), "{text}: {:?}", fault.remedy());
    }
    let error = parse(r#"{"features": [{"properties": {"gdp": NaN}}]}"#).unwrap_err();
    assert_eq!(only(&error).place().field.as_deref(), Some("gdp"));
}

#[test]
fn other_formats_are_named() {
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "ZIP"),
        (&utf16, "UTF-16"),
        (b"{\"name\": \"\xce\xe4\xba\xba\"}", "not UTF-8: byte 206 at offset 10"),
        (b"\x89abc\0\0", "binary"),
        (b"<!DOCTYPE html><p>", "HTML"),
        (b"<?xml version=\"1.0\"?><kml/>", "KML"),
        (b"\x1e{\"type\": \"Feature\"}\n", "RFC 8142"),
        (b"{\"type\": \"Feature\"}\n{\"type\": \"Feature\"}\n", "newline-delimited"),
        (b"[{\"type\": \"Feature\"}]", "expected a FeatureCollection, found an array"),
        (b"3", "found a number"),
        (b"{\"type\": \"Topology\", \"objects\": {}}", "TopoJSON"),
        (b"{\"geometryType\": \"esriGeometryPolygon\", \"features\": []}", "Esri JSON"),
        (b"{\"type\": \"Feature\", \"geometry\": null}", "a single Feature"),
        (b"{\"type\": \"Polygon\", \"coordinates\": []}", "a bare Polygon"),
        (b"{\"type\": \"FeatureCollection\"}", "no member \"features\""),
        (b"{\"type\": \"FeatureCollection\", \"features\": []}", "no features"),
        (b"{\"type\": \"FeatureCollection\", \"features\": {}}", "features is an object"),
    ] {
        let error = parse(bytes).unwrap_err();
        assert!(only(&error).message().contains(words), "{error}");
    }
    let error = parse(b"{\"name\": \"\xce\xe4\xba\xba\"}").unwrap_err();
    assert_eq!(only(&error).remedy(), Some("if the encoding is GB18030: iconv -f GB18030 -t UTF-8"));
}

#[test]
fn misspelled_types_are_guessed() {
    let text = r#"{"type": "featureCollection", "features": [{"type": "feature", "id": 3, "properties": {}}]}"#;
    let error = parse(text).unwrap_err();
    let texts: Vec<_> = error.faults().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            r#"c.geojson: type is "featureCollection", not "FeatureCollection""#,
            r#"c.geojson: feature 0 (3): type is "feature", not "Feature""#,
        ]
    );
    assert!(error.faults()[0].remedy().unwrap().contains("did you mean"));
}

#[test]
fn every_malformed_feature_is_reported() {
    let nested = format!(r#"{{"type": "Feature", "properties": {{"a": {}{}}}}}"#, "[".repeat(200), "]".repeat(200));
    let bad = [
        (r#"5"#, "expected a feature, found a number"),
        (r#"{"properties": {}}"#, "no type"),
        (r#"{"type": 1}"#, "type is a number"),
        (r#"{"type": "Feature", "id": [1]}"#, "id is an array"),
        (r#"{"type": "Feature", "properties": []}"#, "properties is an array"),
        (r#"{"type": "Feature", "geometry": "POINT(1 2)"}"#, "geometry is a text"),
        (r#"{"type": "Feature", "properties": {}, "properties": {}}"#, "two members \"properties\""),
        (r#"{"type": "Feature", "properties": {"a": "\ud800"}}"#, "not Unicode"),
        (nested.as_str(), "deeper than 128"),
    ];
    let features: Vec<&str> = [GOOD].into_iter().chain(bad.iter().map(|(feature, _)| *feature)).collect();
    let error = parse(collection(&features.join(","))).unwrap_err();
    assert_eq!(error.faults().len(), bad.len(), "{error}");
    for (i, (fault, (_, words))) in error.faults().iter().zip(bad).enumerate() {
        assert_eq!(fault.place().feature, Some(i + 1));
        assert!(fault.message().contains(words), "{fault}");
    }
}

#[test]
fn ids_keep_their_spelling() {
    let features = ["9007199254740993", "1.0", "\"\\u0037\"", "null"]
        .map(|id| format!(r#"{{"type": "Feature", "id": {id}, "properties": null, "geometry": null}}"#));
    let document = parse(collection(&features.join(","))).unwrap();
    let ids: Vec<_> = (0..4).map(|i| document.feature_id(i)).collect();
    assert_eq!(ids, [Some("9007199254740993".into()), Some("1.0".into()), Some("7".into()), None]);
    assert!((0..4).all(|i| !document.has_properties(i)));
}

#[test]
fn a_doubled_key_is_a_warning_and_the_last_value_counts() {
    let text =
        collection(r#"{"\u0074ype": "Feature", "id": "C02", "properties": {"gdp": 1, "gdp": 2}, "geometry": null}"#);
    let document = parse(text).unwrap();
    assert_eq!(document.notes()[0].message, "\"gdp\" appears twice in feature 0 (C02); the last value is used");
    assert_eq!(document.properties().column("gdp").unwrap().text(0).as_deref(), Some("2"));
}

#[test]
fn a_byte_order_mark_is_dropped_and_other_members_are_kept() {
    let text = format!(
        "\u{feff}{{\"crs\": null, \"type\": \"FeatureCollection\",\r\n\"features\": [{GOOD}], \"bbox\": [1, 2]}}\r\n"
    );
    let document = parse(&text).unwrap();
    assert_eq!(document.text(), &text[3..]);
    assert_eq!((document.member("bbox"), document.member("crs")), (Some("[1, 2]"), Some("null")));
}

#[test]
fn many_features_stay_in_order() {
    let features: Vec<String> = (0..3 * BLOCK + 5)
        .map(|i| format!(r#"{{"type": "Feature", "properties": {{"i": {i}}}, "geometry": {{"type": "Point", "coordinates": [{i}, 0]}}}}"#))
        .collect();
    let document = parse(collection(&features.join(","))).unwrap();
    let (shapes, findings) = document.shapes().unwrap();
    assert!(findings.is_empty());
    for i in 0..features.len() {
        assert_eq!(document.properties().columns[0].cell(i), crate::study::Cell::Number(i as f64));
        assert_eq!(shapes.coordinates(i), [[i as f64, 0.0]]);
    }
}

/// A document with all that a reader meets, to be damaged.
const WHOLE: &str = r#"{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:4326"}}, "features": [
 {"type": "Feature", "id": 1, "properties": {"code": "A", "gdp": 1.5e3, "name": "\u6b66汉"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]}},
 {"type": "Feature", "id": "2", "properties": null, "geometry": {"type": "MultiPolygon", "coordinates": [[[[178, 0], [180, 0], [180, 1], [178, 0]]], [[[-180, 0], [-179, 0], [-179, 1], [-180, 0]]]]}},
 {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2, 3]}]}}
], "agglo": {"columns": {"gdp": {}}}}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn damaged_bytes_never_panic(
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:0e-n\\".to_vec())], 0..4),
        gone in 0..4_usize,
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut damaged = WHOLE.as_bytes().to_vec();
        let at = at.index(damaged.len());
        damaged.splice(at..damaged.len().min(at + gone), bytes);
        if let Some(cut) = cut {
            damaged.truncate(cut.index(damaged.len()));
        }
        if let Ok(document) = parse(damaged) {
            let ground = crate::read::Ground::default();
            let _ = crate::read::cities(&document, &crate::read::Identity::default(), &ground);
            let values = AnnotatedValues::Counts(vec![Some(1); document.len()]);
            let columns = vec![AnnotatedColumn { name: "new".to_owned(), values }];
            let mut out = Vec::new();
            annotate(&document, &Annotation { columns, ..Annotation::default() }, &mut out).unwrap();
            let stripped = strip(std::str::from_utf8(&out).unwrap()).unwrap();
            prop_assert_eq!(stripped, document.text());
        }
    }
}
