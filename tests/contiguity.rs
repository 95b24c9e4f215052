//! Contiguity against published neighbour lists, against brute force on lattices, and case by case.

#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::study::{Cities, Metric, RingRole, Shapes};
use agglo::weights::Weights;
use agglo::weights::contiguity::{Contiguity, NearMiss, Rule, contiguity};
use proptest::prelude::*;
use serde_json::Value;

type Ring = Vec<[f64; 2]>;

/// One city for each list of rings: the first one its shell, a ring inside another of its rings a hole.
fn cities(metric: Metric, parts: &[Vec<(RingRole, Ring)>]) -> Cities {
    let mut shapes = Shapes::default();
    for rings in parts {
        if rings.is_empty() { shapes.push_missing() } else { shapes.push_area(rings.iter().cloned()) }
    }
    let ids: Vec<String> = (0..parts.len()).map(|i| format!("C{i}")).collect();
    Cities { names: ids.clone(), ids, shapes, points: vec![None; parts.len()], metric, notes: vec![] }
}

/// Cities of one shell each.
fn shells<const N: usize>(metric: Metric, rings: [&[[f64; 2]]; N]) -> Cities {
    cities(metric, &rings.map(|ring| vec![(RingRole::Shell, ring.to_vec())]))
}

fn rectangle([x, y]: [f64; 2], [w, h]: [f64; 2]) -> Ring {
    vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]
}

fn pairs(weights: &Weights) -> Vec<(usize, usize)> {
    let upper = |i: usize| weights.neighbours(i).iter().map(move |&j| (i, j as usize)).filter(|&(i, j)| i < j);
    (0..weights.n()).flat_map(upper).collect()
}

fn both(cities: &Cities, snap: Option<f64>) -> [Contiguity; 2] {
    [Rule::Queen, Rule::Rook].map(|rule| contiguity(cities, rule, snap).unwrap())
}

fn fits(found: &Contiguity) -> bool {
    found.joined.is_empty() && found.near_misses.is_empty() && found.overlaps.is_empty()
}

mod golden {
    use super::*;

    fn read(text: &str, metric: Metric) -> Cities {
        let ring = |ring: &Value| -> Ring { serde_json::from_value(ring.clone()).unwrap() };
        let part = |part: &Value| -> Vec<(RingRole, Ring)> {
            let roles = std::iter::once(RingRole::Shell).chain(std::iter::repeat(RingRole::Hole));
            roles.zip(part.as_array().unwrap().iter().map(ring)).collect()
        };
        let file: Value = serde_json::from_str(text).unwrap();
        let rings = |feature: &Value| {
            let coordinates = &feature["geometry"]["coordinates"];
            match feature["geometry"]["type"].as_str().unwrap() {
                "Polygon" => part(coordinates),
                _ => coordinates.as_array().unwrap().iter().flat_map(part).collect(),
            }
        };
        cities(metric, &file["features"].as_array().unwrap().iter().map(rings).collect::<Vec<_>>())
    }

    fn compare(name: &str, text: &str, metric: Metric) {
        let golden: Value = serde_json::from_str(include_str!("golden/neighbours.json")).unwrap();
        let cities = read(text, metric);
        for rule in [Rule::Queen, Rule::Rook] {
            let found = contiguity(&cities, rule, None).unwrap();
            let expected: Vec<Vec<u32>> = serde_json::from_value(golden[name][rule.name()].clone()).unwrap();
            let got: Vec<&[u32]> = (0..cities.len()).map(|i| found.weights.neighbours(i)).collect();
            assert_eq!(got, expected, "{name} {}", rule.name());
            assert_eq!(found.weights.label(), rule.name());
        }
    }

    #[test]
    fn columbus() {
        compare("columbus", include_str!("golden/columbus.geojson"), Metric::Planar);
    }

    #[test]
    fn us_states() {
        compare("us_states_48", include_str!("golden/us_states_48.geojson"), Metric::EARTH);
    }
}

mod borders_that_fit {
    use super::*;

    #[test]
    fn vertices_need_not_be_shared() {
        // Left and right share x = 1, where only left has a vertex at y = 1; above lies on half of right.
        let left = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [0.0, 2.0]];
        let cities =
            shells(Metric::Planar, [&left, &rectangle([1.0, 0.0], [1.0, 2.0]), &rectangle([0.0, 2.0], [1.5, 1.0])]);
        for found in both(&cities, None) {
            assert_eq!(pairs(&found.weights), [(0, 1), (0, 2), (1, 2)]);
            assert!(fits(&found));
        }
    }

    #[test]
    fn edges_may_lie_on_each_other_in_part() {
        let cities = shells(Metric::Planar, [&rectangle([0.0, 0.0], [2.0, 1.0]), &rectangle([1.3, 1.0], [2.0, 1.0])]);
        for found in both(&cities, None) {
            assert_eq!(pairs(&found.weights), [(0, 1)]);
        }
    }

    #[test]
    fn a_corner_on_an_edge_is_queen_only_at_any_angle() {
        for slope in [0.01, 0.1, 1.0, 10.0] {
            let wedge = [[1.0, 1.0], [1.4, 1.0 + 0.4 * slope], [0.8, 1.0 + 0.9 * slope]];
            let cities = shells(Metric::Planar, [&rectangle([0.0, 0.0], [2.0, 1.0]), &wedge]);
            let [queen, rook] = both(&cities, None);
            assert_eq!(pairs(&queen.weights), [(0, 1)], "slope {slope}");
            assert_eq!(pairs(&rook.weights), [], "slope {slope}");
            assert!(rook.near_misses.is_empty());
        }
    }

    #[test]
    fn a_city_that_only_touches_with_a_corner_between_two_others_is_found() {
        // C3 reaches the long edge of C0 with its corner alone; its edges there belong to C1 and C2 as well.
        let cities = shells(
            Metric::Planar,
            [
                &rectangle([0.0, 0.0], [4.0, 1.0]),
                &[[0.0, 1.0], [2.0, 1.0], [1.0, 2.0], [0.0, 2.0]],
                &[[2.0, 1.0], [4.0, 1.0], [4.0, 2.0], [3.0, 2.0]],
                &[[2.0, 1.0], [3.0, 2.0], [1.0, 2.0]],
            ],
        );
        let [queen, rook] = both(&cities, None);
        assert_eq!(pairs(&queen.weights), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
        assert_eq!(pairs(&rook.weights), [(0, 1), (0, 2), (1, 3), (2, 3)]);
    }

    #[test]
    fn two_corners_on_a_bay_make_no_common_border() {
        // The straight side of C1 closes the bay of C0, which holds water.
        let bay = [[0.0, 0.0], [3.0, 0.0], [3.0, 1.0], [2.0, 0.5], [1.0, 0.5], [0.0, 1.0]];
        let cities = shells(Metric::Planar, [&bay, &[[0.0, 1.0], [3.0, 1.0], [3.0, 2.0], [0.0, 2.0]]]);
        let [queen, rook] = both(&cities, None);
        assert_eq!(pairs(&queen.weights), [(0, 1)]);
        assert_eq!(pairs(&rook.weights), []);
        assert!(fits(&queen) && fits(&rook));
    }

    #[test]
    fn an_enclave_is_a_neighbour_and_no_overlap() {
        let town = rectangle([1.0, 1.0], [1.0, 1.0]);
        let county = vec![(RingRole::Shell, rectangle([0.0, 0.0], [3.0, 3.0])), (RingRole::Hole, town.clone())];
        for found in both(&cities(Metric::Planar, &[county, vec![(RingRole::Shell, town)]]), None) {
            assert_eq!(pairs(&found.weights), [(0, 1)]);
            assert!(fits(&found));
        }
    }

    #[test]
    fn the_date_line_is_one_line_and_a_pole_one_point() {
        let west = rectangle([170.0, 60.0], [10.0, 10.0]);
        let east = rectangle([-180.0, 60.0], [10.0, 10.0]);
        let beside = rectangle([-180.0, 65.0], [5.0, 15.0]);
        for other in [&east, &beside] {
            for found in both(&shells(Metric::EARTH, [&west, other]), None) {
                assert_eq!(pairs(&found.weights), [(0, 1)]);
                assert!(fits(&found));
            }
            assert!(pairs(&both(&shells(Metric::Planar, [&west, other]), None)[0].weights).is_empty());
        }
        let slices = [&[[0.0, 90.0], [10.0, 80.0], [20.0, 80.0]][..], &[[90.0, 90.0], [80.0, 80.0], [90.0, 80.0]]];
        assert_eq!(pairs(&both(&shells(Metric::EARTH, slices), None)[0].weights), [(0, 1)]);
    }

    #[test]
    fn a_city_across_the_date_line_does_not_span_the_globe() {
        let across = [[179.0, 0.0], [-179.0, 0.0], [-179.0, 2.0], [179.0, 2.0]];
        let far = rectangle([0.0, 0.5], [1.0, 1.0]);
        let beside = rectangle([-179.0, 0.5], [1.0, 1.0]);
        let within = rectangle([-179.8, 0.5], [0.5, 1.0]);
        let [queen, _] = both(&shells(Metric::EARTH, [&across, &far, &beside, &within]), None);
        assert_eq!(pairs(&queen.weights), [(0, 2)]);
        assert_eq!(queen.overlaps, [(0, 3)]);
    }
}

mod borders_that_do_not_fit {
    use super::*;

    /// Two squares of one degree at the equator, `gap` degrees apart.
    fn apart(gap: f64) -> Cities {
        shells(Metric::EARTH, [&rectangle([0.0, 0.0], [1.0, 1.0]), &rectangle([1.0 + gap, 0.25], [1.0, 1.0])])
    }

    #[test]
    fn a_near_miss_is_measured_and_its_snap_joins() {
        let cities = apart(0.0004);
        for rule in [Rule::Queen, Rule::Rook] {
            let found = contiguity(&cities, rule, None).unwrap();
            assert!(pairs(&found.weights).is_empty());
            let [NearMiss { a: 0, b: 1, gap, degrees }] = found.near_misses[..] else { panic!("{found:?}") };
            assert!((degrees - 0.0004).abs() < 1e-12);
            assert!((gap - 0.0444).abs() < 1e-4, "{gap} km");

            let joined = contiguity(&cities, rule, Some(0.0004001)).unwrap();
            assert_eq!(pairs(&joined.weights), [(0, 1)]);
            assert_eq!(joined.joined, found.near_misses);
            assert!(joined.near_misses.is_empty());
        }
    }

    #[test]
    fn detailed_borders_join_though_their_gap_is_wider_than_their_steps() {
        let wave = |x: f64| 0.3 * (9.0 * x).sin() + 0.02 * (400.0 * x).sin();
        let side = |lift: f64, shift: f64| {
            (0..2000).map(move |i| f64::from(i) / 2000.0 + shift).map(move |x| [x, wave(x) + lift])
        };
        let below: Ring = side(0.0, 0.0).chain([[1.0, -2.0], [0.0, -2.0]]).collect();
        let above: Ring = side(0.002, 0.0001).chain([[1.0, 2.0], [0.0, 2.0]]).collect();
        let cities = shells(Metric::Planar, [&below, &above]);
        let misses = both(&cities, None).map(|found| {
            assert!(pairs(&found.weights).is_empty());
            found.near_misses[0].degrees
        });
        assert!(misses[0] <= misses[1] && misses[1] <= 0.002, "{misses:?}");
        for found in both(&cities, Some(0.0021)) {
            assert_eq!(pairs(&found.weights), [(0, 1)]);
            assert!(found.overlaps.is_empty());
        }
    }

    #[test]
    fn far_is_no_near_miss() {
        assert!(fits(&both(&apart(0.01), None)[0]));
    }

    #[test]
    fn rounding_is_no_repair() {
        let found = &both(&apart(1e-13), None)[1];
        assert_eq!(pairs(&found.weights), [(0, 1)]);
        assert!(fits(found));
    }

    #[test]
    fn all_notes_say_who_how_far_and_what_to_do() {
        let cities = shells(
            Metric::EARTH,
            [
                &rectangle([0.0, 0.0], [1.0, 1.0]),
                &rectangle([1.0004, 0.0], [1.0, 1.0]),
                &rectangle([2.0006, 0.0], [1.0, 1.0]),
                &rectangle([2.5, 0.5], [1.0, 1.0]),
            ],
        );
        let texts = |snap| -> Vec<(&str, String, Vec<String>)> {
            let notes = contiguity(&cities, Rule::Queen, snap).unwrap().notes(&cities);
            notes.into_iter().map(|note| (note.code, note.message, note.cities)).collect()
        };
        let ids = |numbers: &[usize]| -> Vec<String> { numbers.iter().map(|i| format!("C{i}")).collect() };
        let overlap = "areas of 1 pair of cities overlap, which alone does not make them neighbours: C2 with C3";
        let near = "borders of 2 pairs of cities miss each other by a little, so they are not neighbours: \
                    C1 with C2 (22 m) and C0 with C1 (44 m); --snap 0.0004 would join them";
        assert_eq!(
            texts(None),
            [("near_miss", near.into(), ids(&[0, 1, 2])), ("overlap", overlap.into(), ids(&[2, 3]))]
        );
        let snap = "borders of 2 pairs of cities miss each other and are joined by the snap of 0.0004: \
                    C1 with C2 (22 m) and C0 with C1 (44 m)";
        assert_eq!(
            texts(Some(0.0004)),
            [("snap", snap.into(), ids(&[0, 1, 2])), ("overlap", overlap.into(), ids(&[2, 3]))]
        );
    }

    #[test]
    fn cities_that_overlap_are_named() {
        let square = rectangle([0.0, 0.0], [4.0, 4.0]);
        let overlaps = |other: Ring| both(&shells(Metric::Planar, [&square, &other]), None)[0].overlaps.clone();
        for (case, other) in [
            ("crossing", rectangle([2.0, 2.0], [4.0, 4.0])),
            ("inside", rectangle([1.0, 1.0], [1.0, 1.0])),
            ("the same", square.clone()),
            ("inside, in a corner", rectangle([0.0, 0.0], [1.0, 1.0])),
            ("between touching points", rectangle([1.0, 0.0], [6.0, 4.0])),
        ] {
            assert_eq!(overlaps(other.clone()), [(0, 1)], "{case}");
            let mut reversed = other;
            reversed.reverse();
            assert_eq!(overlaps(reversed), [(0, 1)], "{case}, reversed");
        }
        assert!(overlaps(rectangle([4.0, 1.0], [1.0, 1.0])).is_empty());
        assert!(overlaps(rectangle([4.0, 4.0], [1.0, 1.0])).is_empty());
    }

    #[test]
    fn areas_beside_one_that_passes_180_degrees_do_not_overlap_it() {
        let wrapped = |x: f64| -> Ring {
            let wrap = |x: f64| if x > 180.0 { x - 360.0 } else { x };
            rectangle([x, 0.0], [1.0, 1.0]).into_iter().map(|[x, y]| [wrap(x), y]).collect()
        };
        for west in [178.0, 178.5] {
            let rings = [0.0, 1.0, 2.0, 3.0].map(|step| wrapped(west + step));
            let row = shells(Metric::EARTH, rings.each_ref().map(Vec::as_slice));
            for found in both(&row, None) {
                assert_eq!(pairs(&found.weights), [(0, 1), (1, 2), (2, 3)]);
                assert!(fits(&found), "{found:?}");
            }
        }
    }

    #[test]
    fn a_border_over_shared_borders_overlaps_all_of_them() {
        let quarter = |x, y| rectangle([x, y], [1.0, 1.0]);
        let (a, b, c, d) = (quarter(0.0, 0.0), quarter(1.0, 0.0), quarter(0.0, 1.0), quarter(1.0, 1.0));
        let over = rectangle([0.5, 0.5], [1.0, 1.0]);
        let found = &both(&shells(Metric::Planar, [&a, &b, &c, &d, &over]), None)[0];
        assert_eq!(found.overlaps, [(0, 4), (1, 4), (2, 4), (3, 4)]);
    }
}

#[test]
fn points_are_refused_all_at_once_and_gaps_are_isolates() {
    let mut shapes = Shapes::default();
    shapes.push_point([0.0, 0.0]);
    shapes.push_missing();
    shapes.push_point([1.0, 0.0]);
    let ids: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
    let names = ids.clone();
    let mixed = Cities { ids, names, shapes, points: vec![None; 3], metric: Metric::EARTH, notes: vec![] };
    let error = contiguity(&mixed, Rule::Queen, None).unwrap_err();
    assert_eq!(error.kind(), Kind::Geometry);
    let places: Vec<_> = error.faults().iter().map(|fault| fault.place().to_string()).collect();
    assert_eq!(places, ["feature 0 (a)", "feature 2 (c)"]);
    assert!(error.faults()[0].remedy().unwrap().contains("--weights knn:4"));

    let square = vec![(RingRole::Shell, rectangle([0.0, 0.0], [1.0, 1.0]))];
    let found = contiguity(&cities(Metric::EARTH, &[square, vec![]]), Rule::Queen, None).unwrap();
    assert_eq!(found.weights.isolates(), [0, 1]);
    assert_eq!(contiguity(&cities(Metric::EARTH, &[]), Rule::Queen, None).unwrap().weights.n(), 0);
}

#[test]
fn a_snap_has_to_be_a_distance() {
    let cities = cities(Metric::EARTH, &[]);
    for snap in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(contiguity(&cities, Rule::Rook, Some(snap)).unwrap_err().kind(), Kind::Option);
    }
    assert!(contiguity(&cities, Rule::Rook, Some(0.0)).is_ok());
}

/// Maps of unit cells, each cell given to a city or to none.
mod lattice {
    use super::*;

    /// How many cities a map has; a cell of this number belongs to none.
    const CITIES: usize = 6;

    #[derive(Clone, Debug)]
    struct Map {
        width: usize,
        owner: Vec<usize>,
    }

    impl Map {
        fn cells(&self) -> impl Iterator<Item = ([usize; 2], usize)> {
            self.owner.iter().enumerate().map(|(i, &owner)| ([i % self.width, i / self.width], owner))
        }

        /// The plain definition: two cities with cells that share a corner, or a side.
        fn reference(&self, rule: Rule) -> Vec<(usize, usize)> {
            let mut pairs = Vec::new();
            for (p, a) in self.cells() {
                for (q, b) in self.cells() {
                    let (dx, dy) = (p[0].abs_diff(q[0]), p[1].abs_diff(q[1]));
                    let touch = match rule {
                        Rule::Queen => dx <= 1 && dy <= 1,
                        Rule::Rook => dx + dy <= 1,
                    };
                    if touch && a < b && b < CITIES {
                        pairs.push((a, b));
                    }
                }
            }
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        }

        /// Every city as the rectangles that its runs of cells in a row make, so that corners meet sides.
        fn parts(&self) -> Vec<Vec<Ring>> {
            let mut parts = vec![Vec::new(); CITIES + 1];
            for (y, row) in self.owner.chunks(self.width).enumerate() {
                let mut x = 0;
                for run in row.chunk_by(|a, b| a == b) {
                    parts[run[0]].push(rectangle([x as f64, y as f64], [run.len() as f64, 1.0]));
                    x += run.len();
                }
            }
            parts.truncate(CITIES);
            parts
        }
    }

    prop_compose! {
        fn maps()(width in 1usize..7, height in 1usize..7)
            (width in Just(width), owner in prop::collection::vec(0..=CITIES, width * height)) -> Map {
            Map { width, owner }
        }
    }

    /// A stream of numbers in −1..1 (SplitMix64).
    fn noise(mut state: u64) -> impl FnMut() -> f64 {
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        }
    }

    /// Draws every ring otherwise: turned by an angle, from another vertex, the other way round, with vertices
    /// added on its sides, the parts in another order.
    fn redrawn(parts: &[Vec<Ring>], angle: f64, seed: u64) -> Vec<Vec<Ring>> {
        let (sin, cos) = angle.sin_cos();
        let mut noise = noise(seed);
        let turned = |[x, y]: [f64; 2]| [3.0 * (cos * x - sin * y) + 100.0, 3.0 * (sin * x + cos * y) + 40.0];
        let mut ring = |ring: &Ring| {
            let mut open = Vec::new();
            for side in ring.windows(2) {
                open.push(turned(side[0]));
                if noise() > 0.0 {
                    let t = 0.5 + 0.45 * noise();
                    let between = |axis: usize| side[0][axis] + t * (side[1][axis] - side[0][axis]);
                    open.push(turned([between(0), between(1)]));
                }
            }
            let first = (noise().abs() * open.len() as f64) as usize;
            open.rotate_left(first);
            if noise() > 0.0 {
                open.reverse();
            }
            open.push(open[0]);
            open
        };
        let parts = parts.iter().map(|rings| rings.iter().rev().map(&mut ring).collect());
        parts.collect()
    }

    fn as_cities(parts: &[Vec<Ring>], metric: Metric) -> Cities {
        let with_roles = |rings: &Vec<Ring>| rings.iter().map(|ring| (RingRole::Shell, ring.clone())).collect();
        cities(metric, &parts.iter().map(with_roles).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn agrees_with_brute_force(map in maps()) {
            for metric in [Metric::Planar, Metric::EARTH] {
                let cities = as_cities(&map.parts(), metric);
                for rule in [Rule::Queen, Rule::Rook] {
                    let found = contiguity(&cities, rule, None).unwrap();
                    prop_assert_eq!(pairs(&found.weights), map.reference(rule));
                    prop_assert!(found.weights.is_symmetric() && found.weights.is_binary());
                    prop_assert!(fits(&found), "{:?}", found);
                }
            }
        }

        #[test]
        fn does_not_depend_on_how_rings_are_drawn(map in maps(), angle in 0.0..6.3, seed: u64) {
            let cities = as_cities(&redrawn(&map.parts(), angle, seed), Metric::Planar);
            for rule in [Rule::Queen, Rule::Rook] {
                let found = contiguity(&cities, rule, None).unwrap();
                prop_assert_eq!(pairs(&found.weights), map.reference(rule));
                prop_assert!(fits(&found), "{:?}", found);
            }
        }

        #[test]
        fn jitter_below_the_snap_changes_nothing(map in maps(), angle in 0.0..6.3, seed: u64) {
            let mut parts = redrawn(&map.parts(), angle, seed);
            let mut noise = noise(!seed);
            let snap = 0.003;
            for point in parts.iter_mut().flatten().flatten() {
                // Either border moves in both directions, at most 0.3·√2·2 of the snap apart; so do the first
                // vertex of a ring and its repeat.
                *point = point.map(|c| c + 0.3 * snap * noise());
            }
            for rule in [Rule::Queen, Rule::Rook] {
                let found = contiguity(&as_cities(&parts, Metric::Planar), rule, Some(snap)).unwrap();
                prop_assert_eq!(pairs(&found.weights), map.reference(rule));
                prop_assert!(found.near_misses.is_empty() && found.overlaps.is_empty(), "{:?}", found);
            }
        }

        #[test]
        fn threads_change_no_bit(map in maps(), seed: u64) {
            let parts = redrawn(&map.parts(), 1.0, seed);
            let mut noise = noise(!seed);
            let jittered: Vec<Vec<Ring>> = parts
                .iter()
                .map(|rings| rings.iter().map(|ring| ring.iter().map(|p| p.map(|c| c + 1e-4 * noise())).collect()).collect())
                .collect();
            let cities = as_cities(&jittered, Metric::EARTH);
            let found = [1, 4].map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| contiguity(&cities, Rule::Queen, Some(1e-4)).unwrap())
            });
            prop_assert_eq!(&found[0], &found[1]);
        }

        #[test]
        fn other_order_of_cities_permutes_the_weights(
            map in maps(),
            order in Just((0..CITIES).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let parts = map.parts();
            let shuffled: Vec<_> = order.iter().map(|&i| parts[i].clone()).collect();
            for rule in [Rule::Queen, Rule::Rook] {
                let found = contiguity(&as_cities(&shuffled, Metric::Planar), rule, None).unwrap();
                let mut back: Vec<_> = pairs(&found.weights)
                    .into_iter()
                    .map(|(i, j)| (order[i].min(order[j]), order[i].max(order[j])))
                    .collect();
                back.sort_unstable();
                prop_assert_eq!(back, map.reference(rule));
            }
        }

        #[test]
        fn nothing_panics_and_rook_is_within_queen(
            rings in prop::collection::vec(prop::collection::vec(prop::array::uniform2(-3i32..4), 0..7), 0..6),
            metric in prop::sample::select(vec![Metric::Planar, Metric::EARTH]),
            snap in prop::option::of(0.0..2.0),
        ) {
            let parts: Vec<Vec<Ring>> = rings
                .iter()
                .map(|ring| vec![ring.iter().map(|p| p.map(|c| f64::from(c) * 60.0)).collect()])
                .collect();
            let cities = as_cities(&parts, metric);
            let [queen, rook] = both(&cities, snap);
            let queen_pairs = pairs(&queen.weights);
            prop_assert!(pairs(&rook.weights).iter().all(|pair| queen_pairs.contains(pair)));
            queen.notes(&cities);
        }
    }
}
