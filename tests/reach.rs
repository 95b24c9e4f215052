//! Breakpoints, Huff's shares, field strength and hinterlands: against REAT, by their laws, and on the map.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::radiation::{
    Cores, Distances, Options as ReachOptions, Reach, breakpoints, field_strength, hinterland, huff, linked_hinterland,
    reilly,
};
use agglo::measures::{Layer, LayerShape, Outcome, Run, TableOut, Values, autocorrelation, measure};
use agglo::note::Level;
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, RingRole, Shapes, Variable};
use geo::Validation;
use proptest::prelude::*;
use serde_json::Value;

const RADIUS: f64 = 6371.0088;

fn points(points: &[[f64; 2]], metric: Metric) -> Cities {
    let mut shapes = Shapes::default();
    points.iter().for_each(|&point| shapes.push_point(point));
    let ids: Vec<String> = (0..points.len()).map(|i| format!("C{i}")).collect();
    let points = points.iter().copied().map(Some).collect();
    Cities { names: ids.clone(), ids, shapes, points, metric, notes: Vec::new() }
}

/// Squares of side 1 on a square board.
fn board(side: usize, metric: Metric) -> Cities {
    let mut shapes = Shapes::default();
    let mut middles = Vec::new();
    for k in 0..side * side {
        let [x, y] = [(k % side) as f64, (k / side) as f64];
        // Every second one clockwise.
        let mut ring = vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]];
        if k % 2 == 1 {
            ring.reverse();
        }
        shapes.push_area([(RingRole::Shell, ring)]);
        middles.push([x + 0.5, y + 0.5]);
    }
    Cities { shapes, ..points(&middles, metric) }
}

fn outcome_of(name: &str, cities: &Cities, mass: &[f64], cores: &[usize], with: impl Fn(&mut Run)) -> Outcome {
    let features: Vec<usize> = (0..cities.len()).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let mass = [Variable::new("gdp", mass.to_vec())];
    let cores = Cores { places: cores.to_vec(), how: "named".into() };
    let mut run = Run { mass: &mass, cores: Some(&cores), ..Run::of(cities, &features, &inference, &options) };
    with(&mut run);
    let mut outcomes = measure(name).unwrap().run(&run).unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes.pop().unwrap()
}

fn table<'a>(outcome: &'a Outcome, name: &str) -> &'a TableOut {
    &outcome.tables.iter().find(|(other, _)| *other == name).unwrap().1
}

fn layer<'a>(outcome: &'a Outcome, name: &str) -> &'a Layer {
    &outcome.layers.iter().find(|(other, _)| *other == name).unwrap().1
}

fn texts(outcome: &Outcome, name: &str) -> Vec<Option<String>> {
    let Some(Values::Texts(texts)) = outcome.column(name) else { panic!("{name}") };
    texts.clone()
}

fn numbers(outcome: &Outcome, name: &str) -> Vec<f64> {
    let Some(Values::Numbers(numbers)) = outcome.column(name) else { panic!("{name}") };
    numbers.clone()
}

fn near(got: f64, want: f64) -> bool {
    (got - want).abs() <= 1e-8 * want.abs()
}

/// The area of all parts in squared units; every ring has to be closed, simple and in its direction.
fn checked_area(layer: &Layer) -> f64 {
    let mut sum = 0.0;
    for feature in &layer.features {
        let LayerShape::Areas(parts) = &feature.shape else { panic!("no area") };
        let mut polygons = Vec::new();
        for rings in parts {
            for (k, ring) in rings.iter().enumerate() {
                assert_eq!(ring.first(), ring.last());
                let area: f64 = ring
                    .windows(2)
                    .map(|e| {
                        (e[0][0] - rings[0][0][0]) * (e[1][1] - rings[0][0][1])
                            - (e[1][0] - rings[0][0][0]) * (e[0][1] - rings[0][0][1])
                    })
                    .sum::<f64>()
                    / 2.0;
                assert_eq!(area > 0.0, k == 0, "ring {k} of {:?} is {area}", feature.properties);
                sum += area;
            }
            let line = |ring: &Vec<[f64; 2]>| geo::LineString::from(ring.clone());
            polygons.push(geo::Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect()));
        }
        let polygons = geo::MultiPolygon::new(polygons);
        assert!(polygons.is_valid(), "{:?}: {:?}", feature.properties, polygons.check_validation());
    }
    sum
}

#[test]
fn agrees_with_reat_and_the_formulas_computed_apart() {
    let golden: Value = serde_json::from_str(include_str!("golden/reach_us_air60.json")).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let number = |value: &Value| value.as_f64().unwrap();
    let ids: Vec<String> = list(&golden["nodes"]).iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    let at = |id: &Value| ids.iter().position(|other| other == id.as_str().unwrap()).unwrap();
    let places: Vec<[f64; 2]> = list(&golden["points"]).iter().map(|p| [number(&p[0]), number(&p[1])]).collect();
    let mass: Vec<f64> = list(&golden["mass"]).iter().map(number).collect();
    let metric = Metric::GreatCircle { radius: golden["radius"].as_f64().unwrap() };
    let distances = Distances::between(&points(&places, metric)).unwrap();

    for want in list(&golden["breakpoints"]) {
        let got = breakpoints(&mass, &distances, &[at(&want[0]), at(&want[1])], 2.0).unwrap()[0];
        assert!(near(got.from_a, number(&want[2])) && near(got.from_b, number(&want[3])), "{want}: {got:?}");
    }
    let (a, b) = (at(&golden["reat_converse"]["a"]), at(&golden["reat_converse"]["b"]));
    let got = breakpoints(&mass, &distances, &[a, b], 2.0).unwrap()[0];
    assert!(near(got.from_a, number(&golden["reat_converse"]["BP_A"])));
    assert!(near(got.from_b, number(&golden["reat_converse"]["BP_B"])));
    let want = &golden["reat_reilly"];
    let town = at(&want["town"]);
    let got = reilly([mass[a], mass[b]], [distances.get(town, a), distances.get(town, b)], 2.0);
    assert!(near(got, number(&want["relation_AB"])) && near(got / (1.0 + got), number(&want["prop_A"])));

    let cores: Vec<usize> = list(&golden["cores"]).iter().map(at).collect();
    for beta in [1.0, 2.0] {
        let key = format!("{beta:.1}");
        let got = huff(&mass, &distances, &cores, beta).unwrap();
        let row = |city: usize| {
            let k = got.cities.iter().position(|&other| other == city).unwrap();
            &got.shares[3 * k..3 * k + 3]
        };
        let want = &golden["huff"][&key];
        for (id, shares) in want["rows"].as_object().unwrap() {
            let city = ids.iter().position(|other| other == id).unwrap();
            assert!((0..3).all(|c| near(row(city)[c], number(&shares[c]))), "{id}");
        }
        let column = |c: usize| got.shares.iter().skip(c).step_by(3).sum::<f64>();
        assert!((0..3).all(|c| near(column(c), number(&want["column_sums"][c]))));
        let assigned: Vec<usize> = got.cities.iter().map(|&i| got.primary[i].unwrap()).collect();
        assert_eq!(assigned, list(&want["assigned"]).iter().map(at).collect::<Vec<_>>());
        for want in list(&golden["reat_huff"][&key]) {
            let c = cores.iter().position(|&core| core == at(&want[1])).unwrap();
            assert!(near(row(at(&want[0]))[c], number(&want[2])), "{want}");
        }
    }

    let field = &golden["field"];
    let threshold = number(&field["radius_at_E"]["E0"]);
    let got = field_strength(&mass, &distances, &cores, 2.0, Reach::Threshold(threshold)).unwrap();
    for (c, want) in list(&field["radius_at_E"]["radius_km"]).iter().enumerate() {
        assert!(near(got.radius[c], number(want)));
    }
    for (id, row) in field["rows"].as_object().unwrap() {
        let city = ids.iter().position(|other| other == id).unwrap();
        let row: Vec<f64> = list(row).iter().map(number).collect();
        assert!(near(got.strongest[city], row.iter().copied().fold(0.0, f64::max)));
        assert!(near(got.total[city], row.iter().sum()));
    }
    let sums: f64 = list(&field["column_sums"]).iter().map(number).sum();
    assert!(near(got.total.iter().filter(|x| x.is_finite()).sum(), sums));
    let periphery = (0..60).filter(|i| !cores.contains(i));
    let strongest: Vec<usize> = periphery.clone().map(|i| got.core[i].unwrap()).collect();
    assert_eq!(strongest, list(&field["max_core"]).iter().map(at).collect::<Vec<_>>());

    // The demand that REAT's huff() gives the cores, through the adapter.
    let mut cities = points(&places, metric);
    cities.ids = ids.clone();
    let outcome = outcome_of("huff", &cities, &mass, &cores, |_| {});
    for (k, core) in list(&golden["reat_huff_totals"]["core"]).iter().enumerate() {
        let row = table(&outcome, "cores").rows.iter().find(|row| row[0] == *core).unwrap();
        assert!(near(number(&row[6]), number(&golden["reat_huff_totals"]["T_j"][k])), "{row:?}");
        assert!(near(number(&row[7]), number(&golden["reat_huff_totals"]["share"][k])));
    }
}
