//! Breakpoints, Huff's shares, field strength and hinterlands: against REAT, by their laws, and on the map.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::radiation::{
    Cores, Distances, Options as ReachOptions, Reach, USUAL, breakpoints, field_strength, hinterland, huff,
    linked_hinterland, reilly,
};
use agglo::measures::{Layer, LayerShape, Outcome, Run, TableOut, Values, autocorrelation, measure};
use agglo::note::Level;
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities};
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

/// What a run may hold beside masses and cores.
#[derive(Default)]
struct With<'a> {
    network: Option<&'a Linkage>,
    costs: Option<&'a Linkage>,
    options: Option<&'a ReachOptions>,
}

fn outcome_of(name: &str, cities: &Cities, mass: &[f64], cores: &[usize], with: With) -> Outcome {
    let features: Vec<usize> = (0..cities.len()).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let mass = [Variable::new("gdp", mass.to_vec())];
    let cores = Cores { places: cores.to_vec(), how: "named".into() };
    let run = Run {
        mass: &mass,
        cores: Some(&cores),
        network: with.network,
        costs: with.costs,
        reach: with.options.unwrap_or(&USUAL),
        ..Run::of(cities, &features, &inference, &options)
    };
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
    let outcome = outcome_of("huff", &cities, &mass, &cores, With::default());
    for (k, core) in list(&golden["reat_huff_totals"]["core"]).iter().enumerate() {
        let row = table(&outcome, "cores").rows.iter().find(|row| row[0] == *core).unwrap();
        assert!(near(number(&row[6]), number(&golden["reat_huff_totals"]["T_j"][k])), "{row:?}");
        assert!(near(number(&row[7]), number(&golden["reat_huff_totals"]["share"][k])));
    }
}

/// Masses above 0 and places on the plane, with the places of the cores among them.
fn anywhere() -> impl Strategy<Value = (Vec<f64>, Vec<[f64; 2]>, Vec<usize>)> {
    let city = (1.0..1e4_f64, 0.0..100.0_f64, 0.0..100.0_f64);
    (prop::collection::vec(city, 4..14), 1..4_usize).prop_map(|(cities, cores)| {
        let mass = cities.iter().map(|city| city.0).collect();
        let places = cities.iter().enumerate().map(|(i, city)| [city.1 + 1e-3 * i as f64, city.2]).collect();
        (mass, places, (0..cores).collect())
    })
}

proptest! {
    #[test]
    fn shares_add_up_to_one_and_do_not_depend_on_the_unit_of_mass((mass, places, cores) in anywhere(), beta in 0.2..4.0_f64) {
        let distances = Distances::between(&points(&places, Metric::Planar)).unwrap();
        let result = huff(&mass, &distances, &cores, beta).unwrap();
        for row in result.shares.chunks(cores.len()) {
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12 && row.iter().all(|x| (0.0..=1.0).contains(x)));
        }
        let scaled: Vec<f64> = mass.iter().map(|m| m * 1024.0).collect();
        let again = huff(&scaled, &distances, &cores, beta).unwrap();
        prop_assert_eq!((again.shares, again.primary), (result.shares, result.primary));
    }

    #[test]
    fn both_cores_pull_alike_at_a_breakpoint(masses in [1e-3..1e6_f64, 1e-3..1e6_f64], distance in 1.0..1e4_f64, beta in 0.5..4.0_f64) {
        let distances = Distances::from_values(2, vec![0.0, distance, distance, 0.0]).unwrap();
        let point = breakpoints(&masses, &distances, &[0, 1], beta).unwrap()[0];
        prop_assert!((point.from_a + point.from_b - distance).abs() <= 1e-12 * distance);
        prop_assert!((reilly(masses, [point.from_a, point.from_b], beta) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn other_labels_are_the_same_cities((mass, places, cores) in anywhere(), turn in 0..9_usize) {
        let n = mass.len();
        let order: Vec<usize> = (0..n).map(|i| (i + turn) % n).collect();
        let place = |old: usize| order.iter().position(|&other| other == old).unwrap();
        let moved_mass: Vec<f64> = order.iter().map(|&i| mass[i]).collect();
        let moved_places: Vec<[f64; 2]> = order.iter().map(|&i| places[i]).collect();
        let moved_cores: Vec<usize> = cores.iter().map(|&core| place(core)).collect();
        let distances = Distances::between(&points(&places, Metric::Planar)).unwrap();
        let moved = Distances::between(&points(&moved_places, Metric::Planar)).unwrap();
        let (a, b) = (hinterland(&mass, &distances, &cores, 2.0).unwrap(), hinterland(&moved_mass, &moved, &moved_cores, 2.0).unwrap());
        let reach = Reach::Coverage(0.6);
        let (e, f) = (field_strength(&mass, &distances, &cores, 2.0, reach).unwrap(), field_strength(&moved_mass, &moved, &moved_cores, 2.0, reach).unwrap());
        prop_assert_eq!(e.threshold.to_bits(), f.threshold.to_bits());
        for i in 0..n {
            prop_assert_eq!(a.core[i].map(place), b.core[place(i)]);
            prop_assert_eq!((a.share[i].to_bits(), a.class[i]), (b.share[place(i)].to_bits(), b.class[place(i)]));
            prop_assert_eq!(e.strongest[i].to_bits(), f.strongest[place(i)].to_bits());
        }
    }

    #[test]
    fn reach_covers_what_it_is_asked_to_and_no_city_too_many((mass, places, cores) in anywhere(), share in 0.05..1.0_f64) {
        let distances = Distances::between(&points(&places, Metric::Planar)).unwrap();
        let result = field_strength(&mass, &distances, &cores, 2.0, Reach::Coverage(share)).unwrap();
        let periphery: Vec<usize> = (0..mass.len()).filter(|i| !cores.contains(i)).collect();
        let held = |above: &dyn Fn(f64) -> bool| periphery.iter().filter(|&&i| above(result.strongest[i])).map(|&i| mass[i]).sum::<f64>();
        let total = held(&|_| true);
        prop_assert!(held(&|e| e >= result.threshold) >= share * total * (1.0 - 1e-9));
        prop_assert!(held(&|e| e > result.threshold) < share * total);
        // Within the distance is within the reach.
        for (c, &core) in cores.iter().enumerate() {
            for &i in &periphery {
                let inside = distances.get(i, core) <= result.radius[c] * (1.0 + 1e-12);
                prop_assert_eq!(inside, result.inside[c].contains(&i));
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn bands_and_areas_of_dominance_cover_the_grid((mass, places, cores) in anywhere()) {
        let cities = points(&places, Metric::Planar);
        let extent = |k: usize| {
            let all = || places.iter().map(|place| place[k]);
            all().fold(f64::MIN, f64::max) - all().fold(f64::MAX, f64::min)
        };
        let margin = 0.2 * extent(0).max(extent(1));
        let area = (extent(0) + margin) * (extent(1) + margin);
        let bands = outcome_of("field_strength", &cities, &mass, &cores, With::default());
        prop_assert!((checked_area(layer(&bands, "bands")) / area - 1.0).abs() < 1e-9);
        let dominance = outcome_of("hinterland", &cities, &mass, &cores, With::default());
        prop_assert!((checked_area(layer(&dominance, "dominance")) / area - 1.0).abs() < 1e-9);
    }

    #[test]
    fn hinterlands_have_the_area_of_their_cities(masses in prop::collection::vec(1.0..1e4_f64, 36), cores in 1..5_usize) {
        let cores: Vec<usize> = (0..cores).map(|c| c * 8).collect();
        let outcome = outcome_of("hinterland", &board(6, Metric::Planar), &masses, &cores, With::default());
        prop_assert_eq!(checked_area(layer(&outcome, "hinterlands")), 36.0);
        let both = |row: &Vec<Value>| row[5].as_f64().unwrap() + row[6].as_f64().unwrap();
        let areas: f64 = table(&outcome, "cores").rows.iter().map(both).sum();
        prop_assert_eq!(areas, 36.0);
    }
}

#[test]
fn a_map_across_the_date_line_is_cut_there() {
    let places = [[178.0, -17.0], [-179.0, -16.0], [177.0, -18.5], [-178.5, -20.0], [179.5, -19.0]];
    let cities = points(&places, Metric::EARTH);
    let mass = [5.0, 3.0, 1.0, 1.0, 1.0];
    for (name, which) in [("field_strength", "bands"), ("field_strength", "radii"), ("hinterland", "dominance")] {
        let outcome = outcome_of(name, &cities, &mass, &[0, 1], With::default());
        let layer = layer(&outcome, which);
        assert!(checked_area(layer) > 0.0);
        let mut longitudes = Vec::new();
        for feature in &layer.features {
            let LayerShape::Areas(parts) = &feature.shape else { panic!() };
            longitudes.extend(parts.iter().flatten().flatten().map(|point| point[0]));
        }
        // On both sides of the line, and nowhere near Greenwich.
        assert!(longitudes.iter().all(|x| (160.0..=180.0).contains(&x.abs())), "{name}");
        assert!(longitudes.contains(&180.0) && longitudes.contains(&-180.0), "{name}");
    }
}

#[test]
fn cores_are_their_own_and_who_has_no_mass_or_place_takes_no_part() {
    let mut cities = points(&[[0.0, 0.0], [10.0, 0.0], [4.0, 0.0], [6.0, 0.0], [5.0, 5.0], [5.0, 0.0]], Metric::Planar);
    cities.points[4] = None;
    let mass = [100.0, 100.0, 1.0, f64::NAN, 2.0, 0.0];
    let links =
        Linkage::from_arcs(6, vec![(2, 1, 3.0), (1, 2, 1.0), (2, 5, 4.0), (5, 2, 1.0)], LinkMeaning::Strength).unwrap();
    let outcome = outcome_of("hinterland", &cities, &mass, &[0, 1], With { network: Some(&links), ..With::default() });
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(texts(&outcome, "hinterland"), [some("C0"), some("C1"), some("C0"), None, None, some("C0")]);
    assert_eq!(texts(&outcome, "hinterland_linked"), [some("C0"), some("C1"), some("C1"), None, None, None]);
    let class = |name: &str| match outcome.column(name) {
        Some(Values::Classes(classes)) => classes.clone(),
        _ => panic!("{name}"),
    };
    assert_eq!(class("contested"), ["core", "core", "clear", "undefined", "undefined", "contested"]);
    assert_eq!(class("agree"), ["core", "core", "no", "undefined", "undefined", "undefined"]);
    let membership = numbers(&outcome, "membership");
    assert_eq!(membership[2], 4.0 / 9.0);
    assert!(membership[0].is_nan() && membership[5].is_nan());
    // Received 1 and sent 3.
    assert_eq!(table(&outcome, "cities").rows[2][13], -0.5);
    let codes: Vec<&str> = outcome.notes.iter().map(|note| note.code).collect();
    assert!(codes.contains(&"no_mass") && codes.contains(&"no_place"), "{codes:?}");
    assert!(outcome.notes.iter().all(|note| note.level == Level::Note));
    let found = outcome.notes.iter().filter(|note| note.code == "follows").count();
    assert_eq!(found, 3);

    let points = outcome_of("breakpoints", &cities, &mass, &[0, 1], With { network: Some(&links), ..With::default() });
    let row = &table(&points, "breakpoints").rows[0];
    assert_eq!(row[4..].iter().map(|cell| cell.as_f64().unwrap()).collect::<Vec<_>>(), [10.0, 0.0, 5.0, 5.0, 5.0, 0.0]);
    let own = numbers(&points, "breakpoint_distance");
    assert!((own[2] - 4.0 / 11.0).abs() < 1e-12 && own[5] == 0.0 && own[0].is_nan() && own[3].is_nan());
}

#[test]
fn without_a_core_that_has_a_mass_all_is_null_and_says_so() {
    let cities = points(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], Metric::EARTH);
    for name in ["breakpoints", "huff", "field_strength", "hinterland"] {
        for (mass, cores) in [([0.0, 1.0, 1.0], vec![0]), ([1.0; 3], vec![]), ([f64::NAN, 1.0, 1.0], vec![0])] {
            let outcome = outcome_of(name, &cities, &mass, &cores, With::default());
            assert!(outcome.notes.iter().any(|note| note.code == "undefined"), "{name} {mass:?}");
            assert!(outcome.tables.is_empty() && outcome.scalars.iter().all(|(_, x)| x.is_nan()));
        }
        let options = ReachOptions { beta: 0.0, ..ReachOptions::USUAL };
        let outcome = outcome_of(name, &cities, &[1.0; 3], &[0], With { options: Some(&options), ..With::default() });
        assert!(outcome.notes.iter().any(|note| note.message.contains("0 is no exponent")), "{name}");
    }
}

#[test]
fn few_cities_equal_masses_and_one_place_are_no_trouble() {
    for name in ["breakpoints", "huff", "field_strength", "hinterland"] {
        let alone = outcome_of(name, &points(&[[0.0, 0.0]], Metric::EARTH), &[1.0], &[0], With::default());
        assert!(alone.notes.iter().all(|note| note.code != "undefined"), "{name}: {:?}", alone.notes);
        let same = points(&[[7.0, 50.0]; 3], Metric::EARTH);
        let outcome = outcome_of(name, &same, &[1.0; 3], &[0, 1], With::default());
        assert!(
            outcome.notes.iter().any(|note| note.code == "near_pairs" && note.message.starts_with("3 pairs")),
            "{name}"
        );
        for (_, layer) in outcome.layers.iter().filter(|(name, _)| *name != "breakpoints") {
            checked_area(layer);
        }
        // All are cores.
        let all = outcome_of(name, &same, &[1.0; 3], &[0, 1, 2], With::default());
        assert!(!all.tables.is_empty(), "{name}");
        // Without masses outside the cores there is nothing to cover.
        let empty =
            outcome_of(name, &points(&[[7.0, 50.0], [8.0, 50.0]], Metric::EARTH), &[1.0, 0.0], &[0], With::default());
        assert!(empty.scalar("threshold").is_nan());
    }
}

#[test]
fn with_costs_for_distances_nothing_is_drawn_by_them() {
    let cities = points(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], Metric::EARTH);
    let costs = Linkage::from_arcs(4, vec![(2, 0, 30.0), (2, 1, 60.0), (0, 1, 45.0)], LinkMeaning::Cost).unwrap();
    let options = ReachOptions { threshold: Some(0.001), ..ReachOptions::USUAL };
    for name in ["breakpoints", "huff", "field_strength", "hinterland"] {
        let outcome = outcome_of(
            name,
            &cities,
            &[1.0, 1.0, 1.0, 1.0],
            &[0, 1],
            With { costs: Some(&costs), options: Some(&options), ..With::default() },
        );
        assert!(outcome.layers.is_empty(), "{name}");
        assert!(outcome.notes.iter().any(|note| note.message.contains("way to a core: C3")), "{name}");
        if name == "huff" {
            assert_eq!(outcome.matrices[0].1.values[..2], [0.8, 0.2]);
        }
    }
}

#[test]
fn the_larger_the_farther_and_the_unit_is_kilometres() {
    let cities = points(&[[121.0, 31.0], [119.0, 32.0], [120.0, 31.5], [118.0, 30.0]], Metric::EARTH);
    let options = ReachOptions { threshold: Some(0.01), ..ReachOptions::USUAL };
    let outcome = outcome_of(
        "field_strength",
        &cities,
        &[400.0, 100.0, 1.0, 1.0],
        &[0, 1],
        With { options: Some(&options), ..With::default() },
    );
    let radius: Vec<f64> = table(&outcome, "cores").rows.iter().map(|row| row[3].as_f64().unwrap()).collect();
    assert_eq!(radius, [200.0, 100.0]);
    let LayerShape::Areas(parts) = &layer(&outcome, "radii").features[0].shape else { panic!() };
    let metric = Metric::GreatCircle { radius: RADIUS };
    assert!(parts[0][0].iter().all(|&point| (metric.distance([121.0, 31.0], point) - 200.0).abs() < 1e-6));
}

#[test]
fn membership_is_the_part_of_all_links() {
    let arcs = vec![(0, 2, 2.0), (2, 0, 1.0), (2, 1, 3.0), (2, 3, 6.0), (3, 1, 5.0)];
    let links = Linkage::from_arcs(5, arcs, LinkMeaning::Strength).unwrap();
    let result = linked_hinterland(&links, &[0, 1]);
    // Three each: the earlier core.
    assert_eq!(result.core, [Some(0), Some(1), Some(0), Some(1), None]);
    assert_eq!((result.membership[2], result.membership[3]), (3.0 / 12.0, 5.0 / 11.0));
    assert_eq!(result.linkage, [3.0, 8.0]);
    assert_eq!(result.linkage_share, [3.0 / 23.0, 8.0 / 23.0]);
    // Over the three cities that are no cores: links of 3, 0, 0 and of 3, 5, 0.
    assert!((result.gini[0] - 2.0 / 3.0).abs() < 1e-12 && (result.gini[1] - 5.0 / 12.0).abs() < 1e-12);
}

#[test]
fn one_core_has_no_rival_and_no_share_to_speak_of() {
    let cities = points(&[[0.0, 0.0], [10.0, 0.0], [4.0, 0.0]], Metric::Planar);
    let links = Linkage::from_arcs(3, vec![(0, 1, 3.0), (0, 2, 1.0)], LinkMeaning::Strength).unwrap();
    let of =
        |name| outcome_of(name, &cities, &[9.0, 1.0, 1.0], &[0], With { network: Some(&links), ..With::default() });
    for (name, scalars) in [("huff", &["mean_share"][..]), ("hinterland", &["contested_share", "agree_share"])] {
        let outcome = of(name);
        assert!(scalars.iter().all(|scalar| outcome.scalar(scalar).is_nan()), "{name}");
        assert_eq!(outcome.scalar("n"), 2.0);
        let said = outcome.notes.iter().filter(|note| note.message.contains("there is one core only"));
        assert_eq!(said.map(|note| note.code).collect::<Vec<_>>(), ["undefined_number"], "{name}");
    }
    let field = of("field_strength");
    assert_eq!(table(&field, "cores").columns[6], "area_of_cities_inside");
    let sentence = &field.notes.iter().find(|note| note.code == "follows").unwrap().message;
    assert!(
        sentence.starts_with("C0 reaches 10 to the field") && sentence.contains("within its reach lie"),
        "{sentence}"
    );
}

#[test]
fn hinterlands_of_the_delta_join_along_shared_borders() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/yangtze-delta/cities.geojson");
    let document = Document::parse(std::fs::read(path).unwrap(), "cities.geojson").unwrap();
    let identity = Identity { id: Some("adcode".into()), name: Some("name".into()) };
    let all = cities(&document, &identity, &Ground::default()).unwrap();
    let gdp = "gdp_2020_100m_cny";
    let raw: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mass: Vec<f64> =
        raw["features"].as_array().unwrap().iter().map(|f| f["properties"][gdp].as_f64().unwrap()).collect();
    let cores = ["310100", "320100", "330100", "340100"].map(|id| all.position(id).unwrap());
    let outcome = outcome_of("hinterland", &all, &mass, &cores, With::default());
    // The area of the cities that a core dominates, and its own.
    assert_eq!(table(&outcome, "cores").columns[5..7], ["area_km2", "own_area_km2"]);
    let column = |row: &Vec<Value>| row[5].as_f64().unwrap() + row[6].as_f64().unwrap();
    let area: f64 = table(&outcome, "cores").rows.iter().map(column).sum();
    assert!((area - 359_182.0).abs() < 1.0, "{area} km2");
    let squared: f64 = (0..all.len())
        .flat_map(|i| all.shapes.rings(i))
        .map(|(role, ring)| {
            let area = geo::Area::unsigned_area(&geo::Polygon::new(geo::LineString::from(ring.to_vec()), Vec::new()));
            if role == RingRole::Hole { -area } else { area }
        })
        .sum();
    assert!((checked_area(layer(&outcome, "hinterlands")) / squared - 1.0).abs() < 1e-9);
    let alone = outcome_of(
        "hinterland",
        &all,
        &mass.iter().enumerate().map(|(i, m)| if i == cores[0] { *m } else { f64::NAN }).collect::<Vec<_>>(),
        &cores[..1],
        With::default(),
    );
    // As in an equal-area projection.
    let shanghai = column(&table(&alone, "cores").rows[0]);
    assert!((shanghai - 8_004.6).abs() < 0.1, "{shanghai} km2");
}

#[test]
fn a_map_of_the_whole_globe_has_bands_and_areas() {
    let places = [[-170.0, 80.0], [-60.0, -30.0], [20.0, 0.0], [100.0, 45.0], [175.0, -40.0], [-120.0, 89.0]];
    let globe = points(&places, Metric::EARTH);
    for (name, which) in [("field_strength", "bands"), ("hinterland", "dominance")] {
        let outcome = outcome_of(name, &globe, &[9.0, 5.0, 1.0, 1.0, 2.0, 1.0], &[0, 1, 4], With::default());
        assert!(checked_area(layer(&outcome, which)) > 300.0 * 120.0);
    }
}
