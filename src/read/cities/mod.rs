//! From a document to cities: identity, geometry and geography checked together, all faults at once.

mod geography;
mod identity;

pub use geography::{Ground, PointChoice};
pub use identity::Identity;

use geography::{check_degrees, check_reference_system, points, points_from_columns};
use identity::{ids, names};

use crate::error::{Faults, Result};
use crate::note::{Note, listed};
use crate::read::geojson::{Document, Finding, Flaw};
use crate::study::{Cities, Metric};

/// The cities of a document, in its order.
///
/// Their notes say what was doubtful: open or crossing rings, missing geometries, doubled keys, a border across 180°.
///
/// # Errors
/// Ids that are missing or doubled, geometries that cannot be used, coordinates that are not longitude and latitude
/// (unless they are taken as planar): every fault of the file, each with its feature and its city.
///
/// ```
/// use agglo::read::{Ground, Identity, cities, geojson::Document};
/// let text = r#"{"type": "FeatureCollection", "features": [
///     {"type": "Feature", "properties": {"code": 310100, "name": "Shanghai"},
///      "geometry": {"type": "Point", "coordinates": [121.47, 31.23]}}]}"#;
/// let document = Document::parse(text.as_bytes().to_vec(), "cities.geojson")?;
/// let cities = cities(&document, &Identity::default(), &Ground::default())?;
/// assert_eq!(cities.label(0), "310100 (Shanghai)");
/// assert_eq!(cities.points[0], Some([121.47, 31.23]));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn cities(document: &Document, identity: &Identity, ground: &Ground) -> Result<Cities> {
    let mut faults = Faults::default();
    let known = faults.keep(ids(document, identity));
    let (shapes, findings, shape_faults) = document.shapes_and_faults();
    for fault in shape_faults {
        let id_of = |i: usize| known.as_ref().map(|ids| ids[i].clone()).or_else(|| document.feature_id(i));
        faults.push(match fault.place().feature.and_then(id_of) {
            Some(id) => fault.city(id),
            None => fault,
        });
    }
    // Where ids are at fault, feature ids or indices name the cities in further faults.
    let ids = known.unwrap_or_else(|| (0..document.len()).map(|i| provisional_id(document, i)).collect());
    let names = faults.keep(names(document, identity, &ids)).unwrap_or_else(|| ids.clone());
    let mut notes = document.notes().to_vec();
    if !ground.planar {
        match check_reference_system(document) {
            Ok(more) => {
                notes.extend(more);
                notes.extend(faults.keep(check_degrees(document, &shapes, &ids)).unwrap_or_default());
            }
            Err(error) => faults.extend(error),
        }
    }
    let metric = if ground.planar { Metric::Planar } else { Metric::EARTH };
    let mut cities = Cities { ids, names, shapes, points: Vec::new(), metric, notes };
    cities.notes.extend(flaw_notes(&cities, &findings));
    let (points, more) = match &ground.points {
        PointChoice::Columns(x, y) => {
            faults.keep(points_from_columns(document, &cities.ids, [x, y], ground.planar)).unwrap_or_default()
        }
        PointChoice::Centroid | PointChoice::Inside => points(&cities, ground),
    };
    cities.points = points;
    cities.notes.extend(more);
    faults.finish(cities)
}

fn provisional_id(document: &Document, i: usize) -> String {
    document.feature_id(i).unwrap_or_else(|| format!("feature {i}"))
}

/// One warning for every flaw, with the cities that have it.
fn flaw_notes(cities: &Cities, findings: &[Finding]) -> Vec<Note> {
    Flaw::ALL
        .into_iter()
        .filter_map(|flaw| {
            let with: Vec<usize> =
                findings.iter().filter(|found| found.flaw == flaw).map(|found| found.feature).collect();
            let labels: Vec<String> = with.iter().map(|&i| cities.label(i)).collect();
            (!with.is_empty()).then(|| {
                Note::warning(flaw.code(), format!("{}: {}", listed(&labels), flaw.says()))
                    .about(with.iter().map(|&i| cities.ids[i].as_str()))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn feature(id: &str, properties: &str, geometry: &str) -> String {
        format!(r#"{{"type":"Feature"{id},"properties":{properties},"geometry":{geometry}}}"#)
    }

    fn square(x: f64, y: f64) -> String {
        let (right, top) = (x + 1.0, y + 1.0);
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]}}"#
        )
    }

    fn document(features: &[String]) -> Document {
        with_members("", features)
    }

    fn with_members(members: &str, features: &[String]) -> Document {
        let text = format!(r#"{{"type":"FeatureCollection"{members},"features":[{}]}}"#, features.join(","));
        Document::parse(text.into_bytes(), "c.geojson").unwrap()
    }

    fn settle(features: &[String]) -> Result<Cities> {
        cities(&document(features), &Identity::default(), &Ground::default())
    }

    fn by(id: &str) -> Identity {
        Identity { id: Some(id.to_owned()), name: None }
    }

    fn only(error: &Error) -> &crate::error::Fault {
        assert_eq!(error.faults().len(), 1, "{error}");
        &error.faults()[0]
    }

    /// Cities `C00`, `C01`, … in a row of squares, the geometry of one replaced.
    fn row_with(i: usize, geometry: &str) -> Vec<String> {
        (0..4)
            .map(|k| {
                let own = if k == i { geometry.to_owned() } else { square(112.0 + k as f64, 29.0) };
                feature("", &format!(r#"{{"code":"C{k:02}"}}"#), &own)
            })
            .collect()
    }

    #[test]
    fn ids_come_from_the_features_first_then_from_properties() {
        let both =
            [feature(r#","id":7"#, r#"{"code":"A"}"#, "null"), feature(r#","id":"8""#, r#"{"code":"B"}"#, "null")];
        assert_eq!(settle(&both).unwrap().ids, ["7", "8"]);
        let one = [feature(r#","id":7"#, r#"{"Code":"A","NAME":"a"}"#, "null"), feature("", r#"{"Code":"B"}"#, "null")];
        let cities = settle(&one).unwrap();
        assert_eq!((cities.ids, cities.names), (vec!["A".into(), "B".into()], vec!["a".into(), "B".into()]));
    }

    #[test]
    fn seven_and_its_text_are_one_id() {
        let features = [feature("", r#"{"code":7}"#, "null"), feature("", r#"{"code":"7"}"#, "null")];
        let error = cities(&document(&features), &by("code"), &Ground::default()).unwrap_err();
        assert_eq!(
            only(&error).to_string(),
            r#"c.geojson: feature 1 (7): code: "7" appears twice, in features 0 and 1; ids are unique"#
        );
    }

    #[test]
    fn large_whole_ids_keep_every_digit() {
        let features =
            [9007199254740992_u64, 9007199254740993].map(|id| feature("", &format!(r#"{{"code":{id}}}"#), "null"));
        assert_eq!(settle(&features).unwrap().ids, ["9007199254740992", "9007199254740993"]);
    }

    #[test]
    fn missing_ids_and_bad_borders_are_reported_together() {
        let mut features = row_with(3, r#"{"type":"LineString","coordinates":[[112,29],[113,30]]}"#);
        features.push(feature(r#","id":"C06""#, "null", "null"));
        let error = cities(&document(&features), &by("code"), &Ground::default()).unwrap_err();
        let texts: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 2, "{error}");
        assert!(texts[0].contains("feature 4 (C06)") && texts[0].contains("no properties"), "{}", texts[0]);
        assert!(texts[1].contains("feature 3") && texts[1].contains("LineString"), "{}", texts[1]);
    }

    #[test]
    fn duplicates_are_listed_where_nothing_tells_cities_apart() {
        let features = ["Suzhou", "Wuxi", "Suzhou"].map(|name| feature("", &format!(r#"{{"name":"{name}"}}"#), "null"));
        let error = settle(&features).unwrap_err();
        let fault = only(&error);
        assert!(fault.message().contains(r#"name has duplicates, "Suzhou" in features 0 and 2"#), "{fault}");
        assert!(fault.remedy().unwrap().contains("--id"));
    }

    #[test]
    fn a_mistyped_id_is_guessed() {
        let error = cities(&document(&row_with(9, "")), &by("cod"), &Ground::default()).unwrap_err();
        assert!(only(&error).remedy().unwrap().contains("did you mean \"code\"?"));
    }

    #[test]
    fn every_fault_of_a_geometry_names_its_city() {
        for (geometry, words) in [
            (r#"{"type":"LineString","coordinates":[[112,29],[113,30]]}"#, "LineString"),
            (r#"{"type":"MultiPoint","coordinates":[[112,29],[113,30]]}"#, "MultiPoint of 2 points"),
            (r#"{"type":"Polygon","coordinates":[[[115,29],[116,29],[115,29]]]}"#, "ring 0 has 3 positions"),
            (r#"{"type":"Polygon","coordinates":[[[115],[116,29],[115,29],[115,30]]]}"#, "has 1 number"),
            (
                r#"{"type":"MultiPolygon","coordinates":[[[115,30],[116,30],[116,31],[115,30]]]}"#,
                "coordinates[0][0][0] is the number 115",
            ),
            (r#"{"type":"Polygon","coordinates":[[[[115,30],[116,30],[116,31],[115,30]]]]}"#, "expected a number"),
            (r#"{"type":"Polygon","coordinates":[[[115,"30"],[116,30],[116,31],[115,30]]]}"#, "the text \"30\""),
            (r#"{"type":"Polygon","coordinates":[[[1e999,30],[116,30],[116,31],[115,30]]]}"#, "out of range"),
            (r#"{"type":"polygon","coordinates":[]}"#, "not a type of geometry"),
            (r#"{"coordinates":[]}"#, "no type"),
            (
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
                "without a polygon",
            ),
            (r#"{"type":"GeometryCollection","geometries":[1]}"#, "is a number"),
        ] {
            let error = settle(&row_with(2, geometry)).unwrap_err();
            let fault = only(&error);
            assert_eq!(fault.place().city.as_deref(), Some("C02"), "{fault}");
            assert!(fault.message().contains(words), "{fault}");
        }
    }

    #[test]
    fn every_doubt_about_a_geometry_names_its_city() {
        let ring = |positions: &str| format!(r#"{{"type":"Polygon","coordinates":[[{positions}]]}}"#);
        for (geometry, code) in [
            ("null".to_owned(), "no_geometry"),
            (r#"{"type":"Polygon","coordinates":[]}"#.to_owned(), "empty_geometry"),
            (r#"{"type":"MultiPolygon","coordinates":[[[]]]}"#.to_owned(), "empty_geometry"),
            (r#"{"type":"Point","coordinates":null}"#.to_owned(), "empty_geometry"),
            (r#"{"type":"Point"}"#.to_owned(), "empty_geometry"),
            (r#"{"type":"GeometryCollection","geometries":[]}"#.to_owned(), "empty_geometry"),
            (ring("[115,29],[116,29],[116,30],[115,30]"), "open_ring"),
            (ring("[115,29],[116,30],[116,29],[115,29.5],[115,29]"), "self_intersection"),
            (ring("[115,29,1,2],[116,29],[116,30],[115,29]"), "long_position"),
            (
                format!(
                    r#"{{"type":"GeometryCollection","geometries":[{{"type":"Point","coordinates":[]}},{}]}}"#,
                    square(115.0, 29.0)
                ),
                "geometry_collection",
            ),
        ] {
            let cities = settle(&row_with(1, &geometry)).unwrap();
            let codes: Vec<_> = cities.notes.iter().map(|note| note.code).collect();
            assert_eq!(codes, [code], "{geometry}");
            assert_eq!(cities.notes[0].cities, ["C01"]);
            assert!(cities.notes[0].message.starts_with("C01: "));
        }
    }

    #[test]
    fn points_and_altitudes_are_taken_without_a_word() {
        for geometry in
            [r#"{"type":"Point","coordinates":[115,29,40]}"#, r#"{"type":"MultiPoint","coordinates":[[115,29]]}"#]
        {
            let cities = settle(&row_with(1, geometry)).unwrap();
            assert_eq!((cities.points[1], cities.notes.len()), (Some([115.0, 29.0]), 0));
        }
    }

    #[test]
    fn coordinates_that_are_no_degrees() {
        let point = |x: f64, y: f64| format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#);
        let all = |at: fn(f64) -> (f64, f64)| -> Vec<String> {
            (0..4)
                .map(|k| {
                    let (x, y) = at(f64::from(k));
                    feature("", &format!(r#"{{"code":"C0{k}"}}"#), &point(x, y))
                })
                .collect()
        };
        let error = settle(&row_with(2, &point(113.0, 95.0))).unwrap_err();
        assert_eq!(only(&error).to_string(), "c.geojson: feature 2 (C02): latitude 95 is outside -90..90");
        let error = settle(&all(|k| (29.0 + k, 112.0 + k))).unwrap_err();
        assert!(only(&error).message().contains("latitude, longitude order"), "{error}");
        let metres = all(|k| (500_000.0 + k, 3_400_000.0));
        let error = settle(&metres).unwrap_err();
        assert!(only(&error).remedy().unwrap().contains("-t_srs EPSG:4326"), "{error}");
        let planar = Ground { planar: true, points: PointChoice::Centroid };
        let cities = cities(&document(&metres), &Identity::default(), &planar).unwrap();
        assert_eq!((cities.metric, cities.points[1]), (Metric::Planar, Some([500_001.0, 3_400_000.0])));
        let east = settle(&row_with(1, &point(190.0, 29.0))).unwrap();
        assert_eq!((east.notes[0].code, east.points[1]), ("longitude_range", Some([190.0, 29.0])));
    }

    #[test]
    fn reference_systems_by_name() {
        let settle = |name: &str| {
            let member = format!(r#","crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
            cities(&with_members(&member, &row_with(9, "")), &Identity::default(), &Ground::default())
        };
        for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
            assert!(settle(name).unwrap().notes.is_empty());
        }
        assert_eq!(settle("urn:ogc:def:crs:EPSG::4490").unwrap().notes[0].code, "crs");
        let error = settle("urn:ogc:def:crs:EPSG::3857").unwrap_err();
        assert!(only(&error).message().contains("EPSG::3857"));
        assert!(only(&error).remedy().unwrap().contains("ogr2ogr"));
    }

    #[test]
    fn centroids_agree_with_the_reference() {
        let text = include_bytes!("../../../tests/golden/centroids.geojson").to_vec();
        let document = Document::parse(text, "centroids.geojson").unwrap();
        let cities = cities(&document, &Identity::default(), &Ground::default()).unwrap();
        for (i, point) in cities.points.iter().enumerate() {
            for (k, name) in ["x", "y"].into_iter().enumerate() {
                let expected = document.properties().column(name).unwrap().cell(i);
                let crate::study::Cell::Number(expected) = expected else { panic!("{name} of {i}") };
                assert!((point.unwrap()[k] - expected).abs() < 1e-9, "{}", cities.ids[i]);
            }
        }
    }

    #[test]
    fn points_inside_lie_within_the_border() {
        let ground = Ground { planar: false, points: PointChoice::Inside };
        let cities = cities(&document(&row_with(9, "")), &Identity::default(), &ground).unwrap();
        let [x, y] = cities.points[2].unwrap();
        assert!(114.0 < x && x < 115.0 && 29.0 < y && y < 30.0);
    }

    #[test]
    fn points_from_two_columns() {
        let features = [
            feature("", r#"{"code":"A","lon":120.5,"lat":"31"}"#, "null"),
            feature("", r#"{"code":"B","lon":121.5}"#, "null"),
        ];
        let ground = Ground { planar: false, points: PointChoice::Columns("lon".into(), "lat".into()) };
        let error = cities(&document(&features), &Identity::default(), &ground).unwrap_err();
        assert_eq!(only(&error).to_string(), "c.geojson: feature 1 (B): lat: the city has no value, so no point");
        let one = cities(&document(&features[..1]), &Identity::default(), &ground).unwrap();
        assert_eq!(one.points, [Some([120.5, 31.0])]);
    }
}
