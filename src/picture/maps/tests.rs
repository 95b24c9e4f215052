#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::Language;
use crate::measures::{Layer, LayerFeature, Outcome, TableOut, Values};
use crate::picture::{Figure, palette};
use crate::study::{LinkMeaning, Linkage, Variable};
use crate::write::{Report, fixture};

/// Draws what `draw` makes of a report of these outcomes, each figure with its file.
fn drawn(report: &Report, network: Option<&Linkage>, draw: fn(&Stage) -> Vec<Figure>) -> Vec<(Figure, String)> {
    let ground = Ground::new(&report.cities);
    let figures = draw(&Stage { report, ground: &ground, network });
    figures
        .into_iter()
        .map(|figure| {
            let text = figure.standalone(&ground);
            (figure, text)
        })
        .collect()
}

fn of(outcomes: Vec<Outcome>) -> Report {
    Report { outcomes, ..fixture::report() }
}

fn outcome(measure: &'static str, columns: Vec<(&'static str, Values)>) -> Outcome {
    Outcome { measure, columns, ..Outcome::default() }
}

fn texts(ids: [Option<&str>; 3]) -> Values {
    Values::Texts(ids.map(|id| id.map(String::from)).to_vec())
}

/// The fill of the shape of a city: that of the group its `<use>` stands in.
fn fill_of(text: &str, city: usize) -> String {
    let document = roxmltree::Document::parse(text).unwrap();
    let id = format!("#c{city}");
    let shape = document.descendants().find(|node| node.attribute("href") == Some(id.as_str())).unwrap();
    shape.parent().unwrap().attribute("fill").unwrap().to_owned()
}

fn marks(text: &str) -> usize {
    let document = roxmltree::Document::parse(text).unwrap();
    document.descendants().filter(|node| node.has_attribute("data-c")).count()
}

#[test]
fn colours_of_clusters_are_those_of_their_class() {
    let drawn = drawn(&fixture::report(), None, local::draw);
    let (figure, text) = &drawn[0];
    assert_eq!(figure.name, "map_lisa");
    assert!(figure.title.ends_with("gdp (queen), HH 1"), "{}", figure.title);
    assert_eq!([0, 1, 2].map(|i| fill_of(text, i)), ["#ca0020", palette::NO_VALUE, "#e6e6e6"]);
    for class in ["HH high among high (1)", "LL low among low (0)", "isolate: no neighbour (0)"] {
        assert!(text.contains(class), "no legend of {class}");
    }
    assert!(figure.caption.contains("999 permutations, seed 42") && figure.summary.contains("no value: 1"));
    assert!(!text.contains('\u{1b}') && !text.contains("<c>"));
}

#[test]
fn levels_of_significance_are_those_that_permutations_can_tell() {
    let mut report = fixture::report();
    let (figure, text) = drawn(&report, None, local::draw).remove(1);
    assert_eq!(figure.name, "map_lisa_significance");
    // 999 permutations on both sides give no p below 0.002.
    assert!(text.contains("p ≤ 0.01 (1)") && !text.contains("p ≤ 0.001"), "{text}");
    report.inference.as_mut().unwrap().permutations = 9999;
    let (_, text) = drawn(&report, None, local::draw).remove(1);
    assert!(text.contains("p ≤ 0.001 (0)"), "{text}");
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let empty = [
        outcome("local_moran", vec![("class", Values::Classes(vec!["undefined"; 3]))]),
        outcome("core_periphery", vec![("tier", Values::Classes(vec!["undefined"; 3]))]),
        outcome(
            "hinterland",
            vec![("hinterland", texts([None; 3])), ("contested", Values::Classes(vec!["undefined"; 3]))],
        ),
        outcome("field_strength", Vec::new()),
        outcome("centre_of_gravity", Vec::new()),
        outcome("communities", vec![("community", Values::Counts(vec![None; 3]))]),
        outcome("location_quotient", vec![("lq_top", texts([None; 3]))]),
        outcome("score", vec![("score", Values::Numbers(vec![f64::NAN; 3]))]),
    ];
    for measure in empty {
        assert!(drawn(&of(vec![measure.clone()]), None, draw).is_empty(), "{}", measure.measure);
    }
}

#[test]
fn tiers_outline_what_methods_disagree_on() {
    let tiers = outcome(
        "core_periphery",
        vec![
            ("tier", Values::Classes(vec!["core", "periphery", "semi-periphery"])),
            ("disagreement", Values::Classes(vec!["no", "no", "yes"])),
        ],
    );
    let mut report = of(vec![tiers]);
    let (_, text) = drawn(&report, None, draw).remove(0);
    assert_eq!(text.matches("#c2\"").count(), 2, "filled and outlined");
    assert_eq!(text.matches("#c0\"").count(), 1);
    assert!(text.contains("methods disagree (1)"));
    report.language = Language::Chinese;
    let (figure, text) = drawn(&report, None, draw).remove(0);
    assert!(figure.title.contains("网络层级") && text.contains("核心：彼此联系紧密"), "{}", figure.title);
}

#[test]
fn hinterlands_have_the_colour_of_their_core_and_stripes_where_contested() {
    let hinterland = outcome(
        "hinterland",
        vec![
            ("hinterland", texts([Some("C1"), Some("C1"), Some("C3")])),
            ("contested", Values::Classes(vec!["core", "contested", "core"])),
        ],
    );
    let (figure, text) = drawn(&of(vec![hinterland]), None, draw).remove(0);
    assert_eq!(fill_of(&text, 0), fill_of(&text, 1));
    assert_ne!(fill_of(&text, 0), fill_of(&text, 2));
    assert!(text.contains("contested (1)"));
    assert!(figure.title.starts_with("Hinterlands: 2 cores, 1 of 1 other cities contested"), "{}", figure.title);
}

#[test]
fn flows_bend_to_the_right_of_their_direction() {
    let links = Linkage::from_arcs(3, vec![(0, 2, 8.0), (2, 0, 2.0)], LinkMeaning::Strength).unwrap();
    let (figure, text) = drawn(&of(Vec::new()), Some(&links), draw).remove(0);
    assert!(figure.title.contains("strongest 2 of 2 links"), "{}", figure.title);
    assert_eq!(marks(&text), 2, "a city without links has no mark");
    let report = of(Vec::new());
    let ground = Ground::new(&report.cities);
    let (from, to) = (ground.city(0).unwrap(), ground.city(2).unwrap());
    // Eastwards, the right hand is the south, where y is larger.
    let bend = |path: &str| path.split('Q').nth(1).unwrap().split(' ').nth(1).unwrap().parse::<f64>().unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let paths: Vec<&str> =
        document.descendants().filter_map(|node| node.attribute("d")).filter(|d| d.contains('Q')).collect();
    let eastwards = |d: &&&str| d.starts_with(&format!("M{}", tenths(from[0])));
    let east = paths.iter().find(eastwards).unwrap();
    assert!(bend(east) > from[1] && to[0] > from[0], "{east}");
    assert!(paths.iter().any(|d| bend(d) < from[1]), "the way back bends to the other side");
}

#[test]
fn the_field_has_its_bands_and_no_more_than_the_map() {
    let square = |from: f64, to: f64| {
        LayerShape::Areas(vec![vec![vec![[from, from], [to, from], [to, to], [from, to], [from, from]]]])
    };
    let band = |from: f64, to: Option<f64>| LayerFeature {
        shape: square(-5.0, 5.0),
        properties: vec![("from", json!(from)), ("to", json!(to))],
    };
    let radius =
        LayerFeature { shape: square(0.0, 1.0), properties: vec![("core", json!("C2")), ("radius", json!(120.0))] };
    let mut field = outcome("field_strength", Vec::new());
    field.scalars = vec![("threshold", 2.0), ("covered", 0.8)];
    field.layers = vec![
        ("bands", Layer { features: vec![band(1.0, Some(4.0)), band(4.0, None)] }),
        ("radii", Layer { features: vec![radius] }),
    ];
    let (figure, text) = drawn(&of(vec![field]), None, draw).remove(0);
    assert!(text.contains("≥ 4</text>") && text.contains("1–4</text>"));
    assert!(figure.title.contains("reaches 120 km"), "{}", figure.title);
    assert_eq!(marks(&text), 1);
    assert!(text.contains(r#"<svg x="0" y="0" width="360""#), "bands are cut at the edge of the map");
}

#[test]
fn the_way_of_the_centre_has_its_years() {
    let mut centre = outcome("centre_of_gravity", Vec::new());
    centre.variable = Some("gdp".into());
    centre.scalars = vec![("path_length", 30.0), ("straight_distance", 25.0)];
    let row = |year: i32, x: f64| vec![json!(year), json!(x), json!(0.5), json!(null), json!(null)];
    let columns = vec!["year", "x", "y", "population_x", "population_y"];
    centre.tables = vec![("years", TableOut { columns, rows: vec![row(2000, 1.0), row(2010, 1.1), row(2020, 1.2)] })];
    let (figure, text) = drawn(&of(vec![centre]), None, draw).remove(0);
    assert!(figure.title.contains("2000–2020: moved 25 km"), "{}", figure.title);
    for year in [2000, 2010, 2020] {
        assert!(text.contains(&format!(">{year}</text>")));
    }
    assert!(!text.contains("centre of the population"));
}

#[test]
fn kinds_beyond_the_most_frequent_are_others() {
    let mut report = of(Vec::new());
    let sectors = ["steel & <b>", "textiles", "steel & <b>"];
    report.outcomes = vec![outcome(
        "location_quotient",
        vec![("lq_top", Values::Texts(sectors.map(|s| Some(s.to_owned())).to_vec()))],
    )];
    let (figure, text) = drawn(&report, None, draw).remove(0);
    assert_eq!(fill_of(&text, 0), fill_of(&text, 2));
    assert!(
        text.contains("A steel &amp; &lt;b&gt; (2)") && figure.title.ends_with("steel & <b> in 2 cities"),
        "{}",
        figure.title
    );
}

#[test]
fn a_page_shows_the_first_and_the_last_year() {
    let mut report = fixture::report();
    report.outcomes = [2000, 2010, 2020].map(|year| fixture::outcome("gdp", "queen", Some(year))).to_vec();
    report.values = vec![Variable::new("gdp", vec![3.0, 1.0, f64::NAN])];
    let drawn = drawn(&report, None, local::draw);
    let shown: Vec<&str> =
        drawn.iter().filter(|(figure, _)| figure.on_page).map(|(figure, _)| figure.name.as_str()).collect();
    assert_eq!(shown, ["map_lisa_2000", "map_lisa_2020", "map_lisa_significance_2020"]);
    assert_eq!(drawn.len(), 6);
}

#[test]
fn letters_of_points_stand_beside_them() {
    let mut report = fixture::report();
    report.cities.shapes = crate::study::Shapes::default();
    [0.5, 1.5, 2.5].into_iter().for_each(|x| report.cities.shapes.push_point([x, 0.5]));
    let (_, text) = drawn(&report, None, local::draw).remove(0);
    let document = roxmltree::Document::parse(&text).unwrap();
    let number = |node: roxmltree::Node, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let letter = document.descendants().find(|node| node.is_element() && node.text() == Some("HH")).unwrap();
    let point = document.descendants().find(|node| node.attribute("id") == Some("c0")).unwrap();
    assert!(number(letter, "x") > number(point, "cx") + number(point, "r"));
}
