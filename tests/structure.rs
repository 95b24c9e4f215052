//! The measures of structural change: against other people's numbers, and the laws that they obey on any data.
#![allow(clippy::unwrap_used)]

use agglo::measures::structure::*;
use agglo::study::Structure;
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn rows(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().flat_map(numbers).collect()
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} for {want}");
}

#[track_caller]
fn all_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).for_each(|(&got, &want)| close(got, want, tolerance));
}

fn structure(levels: &[f64], sectors: usize) -> Structure {
    Structure::new(levels.to_vec(), sectors).unwrap()
}

// Reference numbers that always run.

#[test]
fn toy_table_as_in_numpy_and_scipy() {
    let golden: Value = serde_json::from_str(include_str!("golden/toy_upgrading.json")).unwrap();
    let (output, employment) = (rows(&golden["output"]), rows(&golden["employment"]));
    let tolerance = golden["tolerance"].as_f64().unwrap();
    let mut compared = 0;
    for measure in golden["measures"].as_array().unwrap() {
        for (i, want) in measure["value"].as_array().unwrap().iter().enumerate() {
            let city = &output[3 * i..3 * i + 3];
            let up = upgrading([city[0], city[1], city[2]]).unwrap();
            let ration = rationalisation(city, &employment[3 * i..3 * i + 3]).unwrap();
            match measure["id"].as_str().unwrap() {
                "upgrade" => {
                    all_close(&[up.w, up.ts], &[&want["W"], &want["ts"]].map(|x| x.as_f64().unwrap()), tolerance)
                }
                "ais_angle" => close(up.fu, want["W"].as_f64().unwrap(), tolerance),
                "rationalisation" => {
                    all_close(
                        &[ration.tl, ration.e],
                        &[&want["TL"], &want["E"]].map(|x| x.as_f64().unwrap()),
                        tolerance,
                    );
                }
                "rationalisation_TL" => close(ration.tl, want.as_f64().unwrap(), tolerance),
                other => panic!("{other} is not compared"),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 16);
}

#[test]
fn yangtze_delta_as_in_numpy_and_scipy() {
    let golden: Value = serde_json::from_str(include_str!("golden/structure.json")).unwrap();
    let (from, to) = (rows(&golden["from"]), rows(&golden["to"]));
    let tolerance = golden["tolerance"].as_f64().unwrap();
    let (s0, s1) = (structure(&from, 3), structure(&to, 3));
    let n = s0.cities();
    let want = |name: &str| numbers(&golden[name]);
    let changes: Vec<StructureChange> = (0..n).map(|i| structure_change(s0.levels(i), s1.levels(i)).unwrap()).collect();
    let of = |get: fn(&StructureChange) -> f64| changes.iter().map(get).collect::<Vec<f64>>();
    all_close(&of(|c| c.moore_degrees), &want("moore_degrees"), tolerance);
    all_close(&of(|c| c.nav), &want("nav"), tolerance);
    all_close(&of(|c| c.lilien), &want("lilien"), tolerance);
    all_close(&of(|c| c.lilien_modified), &want("lilien_modified"), tolerance);
    let shift = shift_share(&s0, &s1).unwrap();
    let of = |get: fn(&CityShift) -> f64| shift.cities.iter().map(get).collect::<Vec<f64>>();
    all_close(&of(|c| c.ns), &want("ns"), tolerance);
    all_close(&of(|c| c.im), &want("im"), tolerance);
    all_close(&of(|c| c.rs), &want("rs"), tolerance);
    all_close(&of(|c| c.homothetic), &want("homothetic"), tolerance);
    all_close(&dynamic_location_quotient(&s0, &s1).unwrap().ratio, &rows(&golden["dlq"]), tolerance);
    // Each city's neighbours are the next three of the file, around its end, with weights 1, 2, 3.
    let around = |i: usize| (1..4).map(|step| (((i + step) % n) as u32, step as f64)).collect();
    let weights = Weights::from_rows("ring", (0..n).map(around).collect());
    let spatial = shift_share_spatial(&s0, &s1, &weights).unwrap();
    all_close(&spatial.nm, &want("nm"), tolerance);
    all_close(&spatial.rm, &want("rm"), tolerance);
    all_close(&spatial.nm_net, &want("nm_net"), tolerance);
}

// The reference numbers that are not part of the project.

fn shared(name: &str) -> Value {
    let folder = std::env::var("AGGLO_GOLDEN").expect("AGGLO_GOLDEN names the folder of the reference numbers");
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn freiburg_and_goettingen() {
    let golden = shared("freiburg_goettingen_change.json");
    let inputs = &golden["inputs"];
    let by_year = |of: &str| -> Vec<Vec<f64>> {
        let table = inputs["goettingen"][of].as_array().unwrap().iter().map(numbers).collect::<Vec<_>>();
        (0..table[0].len()).map(|t| table.iter().map(|sector| sector[t]).collect()).collect()
    };
    let with = |city: &[f64], nation: &[f64]| structure(city, city.len()).with_reference(nation.to_vec()).unwrap();
    let freiburg = ["r0", "r1", "n0", "n1"].map(|name| numbers(&inputs["freiburg"][name]));
    let (city, nation) = (by_year("city"), by_year("nation"));
    let years: Vec<Structure> = city.iter().zip(&nation).map(|(city, nation)| with(city, nation)).collect();
    let [r0, r1, n0, n1] = &freiburg;
    let ends = |place: &str| match place {
        "freiburg" => (with(r0, n0), with(r1, n1)),
        _ => (years[0].clone(), years[years.len() - 1].clone()),
    };
    let mut compared = 0;
    for measure in golden["measures"].as_array().unwrap() {
        let (id, value) = (measure["id"].as_str().unwrap(), &measure["value"]);
        let tolerance = measure["tolerance"].as_f64().unwrap();
        let (place, name) = id.strip_prefix("shift_").unwrap_or(id).split_once('.').unwrap_or(("", id));
        let (from, to) = ends(place);
        let shift = shift_share(&from, &to).unwrap();
        let city = shift.cities[0];
        let change = structure_change(from.levels(0), to.levels(0)).unwrap();
        match name {
            "totals" => all_close(&[city.growth, city.ns, city.im, city.rs], &numbers(value), tolerance),
            "esteban_marquillas" => all_close(
                &[city.growth, city.ns, city.im, city.homothetic, city.allocation],
                &numbers(value),
                tolerance,
            ),
            "by_industry" => {
                let growth: Vec<f64> = to.levels(0).iter().zip(from.levels(0)).map(|(x1, x0)| x1 - x0).collect();
                let got = [&shift.ns, &shift.im, &shift.rs, &shift.homothetic, &shift.allocation, &growth];
                for (got, name) in got.iter().zip(["NS", "IM", "RS", "EM_competitive", "EM_allocation", "total"]) {
                    all_close(got, &numbers(&value[name]), tolerance);
                }
            }
            "nav" => close(change.nav, value.as_f64().unwrap(), tolerance),
            "moore" => {
                close(change.moore_cosine, value["cosine"].as_f64().unwrap(), tolerance);
                close(change.moore_degrees, value["angle_deg"].as_f64().unwrap(), tolerance);
                close(change.moore_degrees.to_radians(), value["angle_rad"].as_f64().unwrap(), tolerance);
            }
            "lilien" => close(change.lilien, value.as_f64().unwrap(), tolerance),
            "lilien_modified" => close(change.lilien_modified, value.as_f64().unwrap(), tolerance),
            "lilien_nick_cox" => {
                let change = structure_change(&[10.0; 5], &[12.0, 14.0, 16.0, 18.0, 20.0]).unwrap();
                close(change.lilien, value.as_f64().unwrap(), tolerance);
            }
            "dynamic_shift_share_goettingen" => {
                let result = shift_share_dynamic(&years.iter().collect::<Vec<_>>()).unwrap();
                let of = |get: fn(&ShiftShareStep) -> f64| result.steps.iter().map(get).collect::<Vec<f64>>();
                all_close(&of(|step| step.ns), &numbers(&value["NS"]), tolerance);
                all_close(&of(|step| step.im), &numbers(&value["IM"]), tolerance);
                all_close(&of(|step| step.rs), &numbers(&value["RS"]), tolerance);
                all_close(&of(|step| step.growth), &numbers(&value["total"]), tolerance);
            }
            "dlq_freiburg" => {
                let two = |city: &[f64], nation: &[f64]| {
                    let rest = nation.iter().zip(city).map(|(nation, city)| nation - city);
                    structure(&city.iter().copied().chain(rest).collect::<Vec<_>>(), city.len())
                };
                let result = dynamic_location_quotient(&two(r0, n0), &two(r1, n1)).unwrap();
                all_close(&result.ratio, &rows(value), tolerance);
            }
            other => panic!("{other} is not compared"),
        }
        compared += 1;
    }
    assert_eq!(compared, 17);
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn upgrading_of_nine_cities() {
    let golden = shared("jjj_three_sector_2014.json");
    let shares = rows(&golden["inputs"]["shares"]);
    let mut compared = 0;
    for measure in golden["measures"].as_array().unwrap() {
        let tolerance = measure["tolerance"].as_f64().unwrap();
        let id = measure["id"].as_str().unwrap();
        if !["upgrade", "ais_angle"].contains(&id) {
            continue;
        }
        for (city, want) in shares.chunks_exact(3).zip(measure["value"].as_array().unwrap()) {
            let got = upgrading([city[0], city[1], city[2]]).unwrap();
            if id == "upgrade" {
                close(got.w, want["W"].as_f64().unwrap(), tolerance);
                close(got.ts, want["ts"].as_f64().unwrap(), tolerance);
            } else {
                close(got.fu, want["W"].as_f64().unwrap(), tolerance);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
}

// Laws.

/// Two years of up to 6 cities and 5 sectors with zeros among the levels, and every city above 0.
fn two_years() -> impl Strategy<Value = (usize, Vec<f64>, Vec<f64>)> {
    (1..7_usize, 1..6_usize).prop_flat_map(|(n, sectors)| {
        let level = prop_oneof![1 => Just(0.0), 5 => 0.01..1000.0];
        let year = prop::collection::vec(level, n * sectors).prop_map(move |mut levels: Vec<f64>| {
            levels
                .chunks_exact_mut(sectors)
                .filter(|city| city.iter().sum::<f64>() == 0.0)
                .for_each(|city| city[0] = 1.0);
            levels
        });
        (Just(sectors), year.clone(), year)
    })
}

/// A structure of levels above 0 for one area in two years.
fn one_area() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (1..8_usize).prop_flat_map(|k| (prop::collection::vec(0.01..100.0, k), prop::collection::vec(0.01..100.0, k)))
}

fn ring(n: usize) -> Weights {
    Weights::from_rows("ring", (0..n).map(|i| vec![(((i + 1) % n) as u32, 2.0), (((i + 2) % n) as u32, 1.0)]).collect())
}

proptest! {
    #[test]
    fn parts_add_up_in_every_cell_city_and_sector((sectors, from, to) in two_years()) {
        let (s0, s1) = (structure(&from, sectors), structure(&to, sectors));
        let result = shift_share(&s0, &s1).unwrap();
        let size = from.iter().chain(&to).sum::<f64>();
        for at in 0..from.len() {
            let growth = to[at] - from[at];
            prop_assert!((result.ns[at] + result.im[at] + result.rs[at] - growth).abs() < 1e-9 * size);
            prop_assert!((result.homothetic[at] + result.allocation[at] - result.rs[at]).abs() < 1e-9 * (size + result.homothetic[at].abs()));
        }
        for (i, city) in result.cities.iter().enumerate() {
            let growth = s1.total(i) - s0.total(i);
            prop_assert!((city.growth - growth).abs() < 1e-9 * size);
            prop_assert!((city.ns + city.im + city.rs - growth).abs() < 1e-9 * size);
            prop_assert!((city.homothetic + city.allocation - city.rs).abs() < 1e-9 * (size + city.homothetic.abs()));
        }
        // Against the sum of the cities the regional parts of a sector cancel, unless it is new; then they are all it grew to.
        // The industrial mixes cancel over all sectors, but for the new ones.
        let mut new = 0.0;
        for k in 0..sectors {
            let cells = || (k..from.len()).step_by(sectors);
            let (base, end): (f64, f64) = (cells().map(|at| from[at]).sum(), cells().map(|at| to[at]).sum());
            let rs: f64 = cells().map(|at| result.rs[at]).sum();
            let wanted = if base == 0.0 { end } else { 0.0 };
            new += wanted;
            prop_assert!((rs - wanted).abs() < 1e-9 * size);
        }
        prop_assert!((result.im.iter().sum::<f64>() + new).abs() < 1e-9 * size);
    }

    #[test]
    fn two_years_are_their_own_dynamics((sectors, from, to) in two_years()) {
        let (s0, s1) = (structure(&from, sectors), structure(&to, sectors));
        prop_assert_eq!(shift_share_dynamic(&[&s0, &s1]).unwrap().cities, shift_share(&s0, &s1).unwrap().cities);
        let back_and_forth = shift_share_dynamic(&[&s0, &s1, &s0]).unwrap();
        for city in &back_and_forth.cities {
            prop_assert!(city.growth.abs() < 1e-9);
            prop_assert!((city.ns + city.im + city.rs).abs() < 1e-8 * (1.0 + city.base + city.ns.abs() + city.im.abs()));
        }
    }

    #[test]
    fn the_unit_does_not_matter((sectors, from, to) in two_years(), power in -20..20_i32) {
        let unit = 2.0_f64.powi(power);
        let scaled = |levels: &[f64]| structure(&levels.iter().map(|x| x * unit).collect::<Vec<_>>(), sectors);
        let (a, b) = (shift_share(&structure(&from, sectors), &structure(&to, sectors)).unwrap(), shift_share(&scaled(&from), &scaled(&to)).unwrap());
        for (a, b) in a.cities.iter().zip(&b.cities) {
            prop_assert_eq!((a.ns * unit, a.im * unit, a.rs * unit), (b.ns, b.im, b.rs));
            prop_assert_eq!(a.quadrant(), b.quadrant());
        }
    }

    #[test]
    fn the_order_of_the_cities_does_not_matter((sectors, from, to) in two_years()) {
        let turned = |levels: &[f64]| -> Vec<f64> { levels.chunks_exact(sectors).rev().flatten().copied().collect() };
        let a = shift_share(&structure(&from, sectors), &structure(&to, sectors)).unwrap();
        let b = shift_share(&structure(&turned(&from), sectors), &structure(&turned(&to), sectors)).unwrap();
        let size = from.iter().chain(&to).sum::<f64>();
        for (a, b) in a.cities.iter().zip(b.cities.iter().rev()) {
            for (a, b) in [(a.ns, b.ns), (a.im, b.im), (a.rs, b.rs)] {
                prop_assert!((a - b).abs() <= 1e-11 * size);
            }
        }
    }

    #[test]
    fn spatial_parts_add_up_and_row_standardisation_cancels((sectors, from, to) in two_years()) {
        let (s0, s1) = (structure(&from, sectors), structure(&to, sectors));
        let weights = ring(s0.cities());
        let result = shift_share_spatial(&s0, &s1, &weights).unwrap();
        let standardised = shift_share_spatial(&s0, &s1, &weights.transformed(Transform::Row)).unwrap();
        let size = from.iter().chain(&to).sum::<f64>();
        for i in 0..s0.cities() {
            let parts = result.ns[i] + result.nm[i] + result.rm[i];
            let wild = size + result.nm[i].abs();
            prop_assert!(parts.is_nan() || (parts - result.growth[i]).abs() < 1e-9 * wild);
            let mixed = result.im[i] + result.nm_net[i];
            prop_assert!(mixed.is_nan() || (mixed - result.nm[i]).abs() < 1e-9 * wild);
            prop_assert!(result.nm[i].to_bits() == standardised.nm[i].to_bits());
            prop_assert_eq!(result.rm[i].is_nan(), result.isolates.contains(&i));
        }
    }

    /// Where the neighbours grow as the city does, nothing is left for the city; where they grow as the reference area, it is Dunn's.
    #[test]
    fn spatial_collapses(levels in prop::collection::vec(0.1..100.0, 3), rates in prop::collection::vec(0.5..2.0, 3)) {
        let grown: Vec<f64> = levels.iter().zip(&rates).map(|(x, rate)| x * rate).collect();
        let twice = |levels: &[f64]| structure(&[levels, levels].concat(), 3);
        let pair = Weights::from_pairs("pair", 2, &[(0, 1)]);
        let (s0, s1) = (twice(&levels), twice(&grown));
        let spatial = shift_share_spatial(&s0, &s1, &pair).unwrap();
        let dunn = shift_share(&s0, &s1).unwrap();
        prop_assert!(spatial.rm[0].abs() < 1e-10 && spatial.nm_net[0].abs() < 1e-10);
        prop_assert!((spatial.nm[0] - dunn.cities[0].im).abs() < 1e-10);
    }

    #[test]
    fn change_has_its_bounds((from, to) in one_area(), factor in 0.01..100.0) {
        let change = structure_change(&from, &to).unwrap();
        prop_assert!((0.0..=1.0).contains(&change.nav) && (0.0..=90.0).contains(&change.moore_degrees));
        prop_assert!(change.lilien >= 0.0 && change.lilien_modified >= 0.0);
        prop_assert!((libm::cos(change.moore_degrees.to_radians()) - change.moore_cosine).abs() < 1e-12);
        let grown: Vec<f64> = from.iter().map(|x| x * factor).collect();
        let proportional = structure_change(&from, &grown).unwrap();
        prop_assert!(proportional.moore_degrees < 1e-12 && proportional.nav < 1e-14 && proportional.lilien < 1e-13);
        let zeros = vec![0.0; from.len()];
        let disjoint = structure_change(&[&from[..], &zeros].concat(), &[&zeros[..], &to].concat()).unwrap();
        prop_assert!((disjoint.nav - 1.0).abs() < 1e-14 && (disjoint.moore_degrees - 90.0).abs() < 1e-12);
        prop_assert!(disjoint.lilien.is_nan() && disjoint.moore_cosine == 0.0);
        let back = structure_change(&to, &from).unwrap();
        prop_assert!((back.moore_degrees - change.moore_degrees).abs() < 1e-12 && (back.lilien_modified - change.lilien_modified).abs() < 1e-12);
    }

    #[test]
    fn upgrading_has_its_bounds_and_rises_with_services(levels in prop::array::uniform3(0.0..100.0_f64), more in 0.01..50.0) {
        prop_assume!(levels.iter().sum::<f64>() > 0.0);
        let up = upgrading(levels).unwrap();
        prop_assert!((1.0..=3.0 + 1e-15).contains(&up.w));
        prop_assert!((1.5 * std::f64::consts::PI - 1e-12..=2.5 * std::f64::consts::PI + 1e-12).contains(&up.fu));
        let further = upgrading([levels[0], levels[1], levels[2] + more]).unwrap();
        prop_assert!(further.w >= up.w - 1e-14 && (up.ts.is_nan() || further.ts >= up.ts));
        let scaled = upgrading(levels.map(|x| x * 8.0)).unwrap();
        prop_assert_eq!((scaled.w, scaled.fu), (up.w, up.fu));
    }

    #[test]
    fn rationalisation_is_zero_for_equal_productivity_alone((output, employment) in one_area(), factor in 0.01..100.0) {
        let apart = rationalisation(&output, &employment).unwrap();
        prop_assert!(apart.tl >= 0.0 && apart.e >= 0.0);
        let even = rationalisation(&employment.iter().map(|x| x * factor).collect::<Vec<_>>(), &employment).unwrap();
        prop_assert!(even.tl < 1e-14 && even.e < 1e-13);
        // By Pinsker's inequality TL is at least half the squared sum of absolute differences of shares.
        let nav = structure_change(&output, &employment).unwrap().nav;
        prop_assert!(apart.tl >= 2.0 * nav * nav - 1e-14);
    }

    #[test]
    fn quotients_do_not_feel_a_common_growth_and_turn_with_time((sectors, from, to) in two_years(), rise in 0.1..10.0) {
        let (s0, s1) = (structure(&from, sectors), structure(&to, sectors));
        let there = dynamic_location_quotient(&s0, &s1).unwrap().ratio;
        let back = dynamic_location_quotient(&s1, &s0).unwrap().ratio;
        let dearer = structure(&to.iter().map(|x| x * rise).collect::<Vec<_>>(), sectors);
        let inflated = dynamic_location_quotient(&s0, &dearer).unwrap().ratio;
        for at in 0..there.len() {
            prop_assert_eq!(there[at].is_nan(), from[at] == 0.0 || to[at] == 0.0);
            prop_assert!(there[at].is_nan() || (there[at] * back[at] - 1.0).abs() < 1e-12);
            prop_assert!(there[at].is_nan() || (there[at] / inflated[at] - 1.0).abs() < 1e-12);
        }
    }
}

/// Cities that take part in one year only are in no sum.
#[test]
fn a_city_without_one_of_the_years_is_left_out() {
    let (from, to) = ([1.0, 2.0, f64::NAN, 5.0, 3.0, 4.0], [2.0, 2.0, 7.0, 5.0, 0.0, 0.0]);
    let alone = shift_share(&structure(&from[..2], 2), &structure(&to[..2], 2)).unwrap();
    let among = shift_share(&structure(&from, 2), &structure(&to, 2)).unwrap();
    assert_eq!(among.cities[0], alone.cities[0]);
    assert!(among.cities[1].base.is_nan() && among.cities[2].quadrant() == "undefined");
    let nobody = shift_share(&structure(&from[2..4], 2), &structure(&to[2..4], 2)).unwrap_err();
    assert_eq!(nobody.kind(), agglo::error::Kind::Undefined);
}
