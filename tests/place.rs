//! Where a value is and how it is spread: centre of gravity, ellipse, spatial Gini, density. Against other people's
//! programs (`golden/place_mexico.json` names them), and the laws that hold on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::{Alternative, Inference};
use agglo::measures::imbalance::*;
use agglo::measures::{LayerShape, Outcome, Run, autocorrelation, measure};
use agglo::study::{Cities, Metric, Shapes, Variable};
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;
use serde_json::Value;

type Place = Option<[f64; 2]>;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/place_mexico.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn points(golden: &Value) -> Vec<Place> {
    golden["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| Some([p[0].as_f64().unwrap(), p[1].as_f64().unwrap()]))
        .collect()
}

#[track_caller]
fn same(got: f64, want: &Value) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} for {want}");
}

#[track_caller]
fn near(a: f64, b: f64) {
    assert!((a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-8 * a.abs().max(b.abs()).max(1e-3), "{a} and {b}");
}

fn regions(golden: &Value) -> Weights {
    let region = golden["region"].as_array().unwrap();
    let mut pairs = Vec::new();
    for i in 0..region.len() {
        pairs.extend((0..i).filter(|&j| region[i] == region[j]).map(|j| (j as u32, i as u32)));
    }
    Weights::from_pairs("block:region", region.len(), &pairs)
}

fn no_permutations() -> Inference {
    Inference { permutations: 0, ..Inference::default() }
}

#[test]
fn spatial_gini_of_mexico_as_in_pysal() {
    let golden = golden();
    let weights = regions(&golden).transformed(Transform::Row);
    for year in ["1940", "2000"] {
        let split = spatial_gini(&numbers(&golden["income"][year]), &weights, &no_permutations()).unwrap();
        let want = &golden["spatial_gini"][year];
        same(split.gini, &want["gini"]);
        same(split.neighbour, &want["g_neighbour"]);
        same(split.other, &want["g_nonneighbour"]);
        same(split.neighbour_share, &want["share_neighbour"]);
        same(split.polarisation, &want["polarization"]);
        let groups: Vec<Option<&str>> =
            golden["region"].as_array().unwrap().iter().map(|region| region.as_str()).collect();
        let dagum = dagum(&numbers(&golden["income"][year]), None, &groups).unwrap();
        near(split.neighbour, dagum.within);
        near(split.expected, dagum.pairs_within);
    }
}

#[test]
fn links_of_one_direction_are_half_a_pair_as_in_pysal() {
    let golden = golden();
    let want = &golden["knn3_2000"];
    let rows: Vec<Vec<(u32, f64)>> = want["neighbours"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| numbers(row).iter().map(|&j| (j as u32, 0.25)).collect())
        .collect();
    let weights = Weights::from_rows("knn:3", rows);
    assert!(!weights.is_symmetric());
    let split = spatial_gini(&numbers(&golden["at_points"]["2000"]), &weights, &no_permutations()).unwrap();
    same(split.gini, &want["gini"]);
    same(split.other, &want["wcg_share"]);
    same(split.polarisation, &want["polarization"]);
}

#[test]
fn permutations_of_the_spatial_gini_as_in_pysal() {
    let golden = golden();
    let inference = Inference { permutations: 9999, ..Inference::default() };
    let x = numbers(&golden["income"]["1940"]);
    let split = spatial_gini(&x, &regions(&golden), &inference).unwrap();
    let want = &golden["inference_1940"];
    let sd = want["sd_share"].as_f64().unwrap();
    // Four standard errors of the difference of two Monte Carlo means, standard deviations and p values.
    let error = 4.0 * 2.0_f64.sqrt() / 100.0;
    assert!((1.0 - split.permutation_mean - want["e_share_other"].as_f64().unwrap()).abs() < error * sd);
    assert!((split.permutation_mean - split.expected).abs() < 4.0 / 100.0 * sd);
    assert!((split.permutation_variance.sqrt() / sd - 1.0).abs() < error);
    assert!((split.z + want["z_wcg"].as_f64().unwrap()).abs() < 0.2);
    let p = 2.0 * want["p_sim"].as_f64().unwrap();
    assert!(
        (split.p_permutation - p).abs() < 4.0 * 2.0_f64.sqrt() * split.monte_carlo_error,
        "{}",
        split.p_permutation
    );
    let less = Inference { alternative: Alternative::Less, ..inference };
    let one_sided = spatial_gini(&x, &regions(&golden), &less).unwrap().p_permutation;
    assert!((2.0 * one_sided - split.p_permutation).abs() < 1e-12);
}

#[test]
fn spatial_gini_of_what_cannot_be_split() {
    let pair = Weights::from_pairs("w", 4, &[(0, 1), (2, 3), (1, 2)]);
    let split = |x: &[f64; 4]| spatial_gini(x, &pair, &Inference::default());
    assert_eq!(split(&[5.0; 4]).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(split(&[0.0; 4]).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(split(&[1.0, f64::NAN, 1.0, 1.0]).unwrap_err().kind(), Kind::TooFew);
    let negative = split(&[1.0, 2.0, 3.0, -1.0]).unwrap_err();
    assert_eq!((negative.kind(), negative.faults()[0].place().feature), (Kind::Value, Some(3)));
    let all = Weights::from_pairs("all", 3, &[(0, 1), (0, 2), (1, 2)]);
    let everyone = spatial_gini(&[1.0, 2.0, 4.0], &all, &Inference::default()).unwrap();
    assert!((everyone.neighbour_share - 1.0).abs() < 1e-12 && everyone.other == 0.0);
    assert!(everyone.polarisation.is_nan() && everyone.z.is_nan() && everyone.p_permutation == 1.0);
    // City 4 has a value and no neighbour; without it the rest is as before.
    let with_island = Weights::from_pairs("w", 5, &[(0, 1), (2, 3), (1, 2)]);
    let island = spatial_gini(&[1.0, 2.0, 4.0, 9.0, 99.0], &with_island, &Inference::default()).unwrap();
    assert_eq!((island.n, island.without_neighbour.as_slice()), (4, &[4][..]));
    assert_eq!(SpatialGini { without_neighbour: Vec::new(), ..island }, split(&[1.0, 2.0, 4.0, 9.0]).unwrap());
}

#[test]
fn threads_do_not_matter() {
    let golden = golden();
    let x = numbers(&golden["income"]["2000"]);
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            (spatial_gini(&x, &regions(&golden), &Inference::default()).unwrap(), density(&[&x], None).unwrap())
        })
    };
    assert_eq!(of(1), of(16));
}

#[test]
fn centre_of_mexico_as_in_pointpats_and_proj() {
    let golden = golden();
    let years = ["1940", "2000"].map(|year| numbers(&golden["at_points"][year]));
    let columns: Vec<&[f64]> = years.iter().map(Vec::as_slice).collect();
    let plane = centre_of_gravity(&columns, &points(&golden), Metric::Planar, None).unwrap();
    let globe = centre_of_gravity(&columns, &points(&golden), Metric::EARTH, None).unwrap();
    for (at, year) in ["1940", "2000"].into_iter().enumerate() {
        for k in 0..2 {
            same(plane.years[at].point[k], &golden["planar"][year]["centre"][k]);
            same(globe.years[at].point[k], &golden["globe"][year]["centre"][k]);
        }
    }
    same(plane.standard_distance, &golden["unweighted_planar"]["standard_distance"]);
    same(globe.straight_distance, &golden["globe"]["distance"]);
    same(globe.bearing, &golden["globe"]["bearing"]);
    assert_eq!(globe.straight_distance, globe.path_length);
    assert_eq!((globe.years[0].distance.is_nan(), globe.years[0].cumulative), (true, 0.0));
}

#[test]
fn ellipse_of_mexico_as_in_pointpats_and_proj() {
    let golden = golden();
    let points = points(&golden);
    for year in ["1940", "2000"] {
        let income = numbers(&golden["at_points"][year]);
        let plane = ellipse(&income, &points, Metric::Planar).unwrap();
        let want = &golden["planar"][year];
        for (got, name) in [
            (plane.long, "long"),
            (plane.short, "short"),
            (plane.rotation, "rotation"),
            (plane.area, "area"),
            (plane.long_crimestat, "long_crimestat"),
            (plane.short_crimestat, "short_crimestat"),
        ] {
            same(got, &want[name]);
        }
        let globe = ellipse(&income, &points, Metric::EARTH).unwrap();
        let want = &golden["globe"][year];
        for (got, name) in
            [(globe.long, "long"), (globe.short, "short"), (globe.rotation, "rotation"), (globe.inside, "inside")]
        {
            same(got, &want[name]);
        }
        (0..2).for_each(|k| same(globe.centre[k], &want["ellipse_centre"][k]));
    }
    let alike = ellipse(&vec![1.0; points.len()], &points, Metric::Planar).unwrap();
    same(alike.long, &golden["unweighted_planar"]["long"]);
    same(alike.short, &golden["unweighted_planar"]["short"]);
}

#[test]
fn density_of_mexico_as_in_r_and_scipy() {
    let golden = golden();
    let want = &golden["density"];
    let income = numbers(&golden["income"]["2000"]);
    let shapes = density(&[&income], None).unwrap();
    let year = &shapes.years[0];
    same(year.bandwidth, &want["bandwidth"]);
    same(year.sd, &want["sd"]);
    same(year.skewness, &want["skewness"]);
    for (&x, f) in numbers(&want["grid"]).iter().zip(want["density"].as_array().unwrap()) {
        same(year.at(x), f);
    }
    for (&x, &f) in shapes.grid.iter().zip(&year.density) {
        assert_eq!(year.at(x), f);
    }
    let ends = numbers(&want["grid"]);
    assert_eq!(shapes.grid.len(), 128);
    // Three bandwidths beyond the values at both ends.
    let least = income.iter().copied().fold(f64::INFINITY, f64::min) * 32.0 / income.iter().sum::<f64>();
    assert!((shapes.grid[0] - (least - 3.0 * year.bandwidth)).abs() < 1e-12 && ends[0] > shapes.grid[0] - 1.0);
}

#[test]
fn centres_of_what_has_none() {
    let places = [Some([0.0, 0.0]), Some([180.0, 0.0]), None];
    let of = |years: &[&[f64]]| centre_of_gravity(years, &places, Metric::EARTH, None);
    assert_eq!(of(&[&[1.0, 1.0, 1.0]]).unwrap_err().kind(), Kind::Undefined); // they cancel
    assert_eq!(of(&[&[0.0, 0.0, 1.0]]).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(of(&[&[f64::NAN, 1.0, 1.0]]).unwrap_err().kind(), Kind::TooFew);
    assert_eq!(of(&[&[1.0, 1.0]]).unwrap_err().kind(), Kind::Option);
    assert_eq!(of(&[]).unwrap_err().kind(), Kind::Option);
    let refused = of(&[&[1.0, 2.0, 1.0], &[1.0, -2.0, -1.0]]).unwrap_err();
    assert_eq!(
        (refused.kind(), refused.faults().len(), refused.faults()[0].place().feature),
        (Kind::Value, 1, Some(1))
    );
    let partly = of(&[&[0.0, 0.0, 1.0], &[3.0, 1.0, 1.0]]).unwrap();
    assert!(partly.years[0].point[0].is_nan() && partly.path_length.is_nan() && partly.straight_distance.is_nan());
    assert!(partly.years[1].point.iter().all(|x| x.abs() < 1e-12) && partly.left_out == [2]);
    let people: [&[f64]; 1] = [&[1.0, f64::NAN, 1.0]];
    let unknown = centre_of_gravity(&[&[3.0, 1.0, 1.0]], &places, Metric::EARTH, Some(&people)).unwrap();
    assert_eq!(unknown.without_population, [1]);
    assert!(unknown.years[0].population_distance.is_nan());
}

#[test]
fn ellipses_of_what_has_none() {
    let line = [[0.0, 0.0], [1.0, 1.0], [3.0, 3.0], [4.0, 4.0]].map(Some);
    let thin = ellipse(&[1.0; 4], &line, Metric::Planar).unwrap();
    assert_eq!((thin.short, thin.flattening, thin.area, thin.rotation), (0.0, 1.0, 0.0, 45.0));
    let cross = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]].map(Some);
    let round = ellipse(&[2.0; 4], &cross, Metric::Planar).unwrap();
    assert!(round.rotation.is_nan() && round.flattening.abs() < 1e-12 && round.inside == 0.0);
    assert_eq!(ellipse(&[1.0, 0.0, 0.0, 0.0], &cross, Metric::EARTH).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(ellipse(&[0.0; 4], &cross, Metric::EARTH).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(ellipse(&[1.0, 1.0, f64::NAN, f64::NAN], &cross, Metric::EARTH).unwrap_err().kind(), Kind::TooFew);
    assert_eq!(ellipse(&[-1.0, 1.0, 1.0, 1.0], &cross, Metric::EARTH).unwrap_err().kind(), Kind::Value);
    let wide = [[0.0, 0.0], [60.0, 0.0], [175.0, 0.0]].map(Some);
    let refused = ellipse(&[1.0; 3], &wide, Metric::EARTH).unwrap_err();
    assert_eq!(refused.kind(), Kind::Undefined);
    assert!(refused.to_string().contains("more than a hemisphere"), "{refused}");
}

#[test]
fn densities_of_what_has_none() {
    let of = |x: &[f64]| density(&[x], None);
    assert_eq!(of(&[3.0, 3.0, 3.0]).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(of(&[0.0, 0.0]).unwrap_err().kind(), Kind::Undefined);
    for few in [&[][..], &[1.0], &[f64::NAN; 3]] {
        assert_eq!(of(few).unwrap_err().kind(), Kind::TooFew);
    }
    assert_eq!(density(&[], None).unwrap_err().kind(), Kind::TooFew);
    assert_eq!(of(&[1.0, -1.0, 2.0]).unwrap_err().faults()[0].place().feature, Some(1));
    // The quartiles are equal, and the standard deviation is taken alone.
    let x = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0];
    let year = &of(&x).unwrap().years[0];
    let (mean, sd) = (2.0, 8.0_f64.sqrt());
    near(year.bandwidth, 0.9 * sd / mean * 8.0_f64.powf(-0.2));
    let outlier = &of(&[1.0, 1.1, 1.2, 1.3, 1e12]).unwrap().years[0];
    assert!(!outlier.peaks.is_empty());
    let extremes = of(&[0.0, 1e-300, 1e300, 1e299]).unwrap();
    assert!(extremes.years[0].density.iter().all(|f| f.is_finite()));
}

/// Values of some cities in some years, and their places on less than a hemisphere.
fn scene() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<Place>)> {
    (1usize..4, 4usize..20).prop_flat_map(|(years, n)| {
        let values = proptest::collection::vec(proptest::collection::vec(1.0..1e4f64, n), years);
        let places = proptest::collection::vec(([-30.0..30.0f64, -35.0..35.0f64]).prop_map(Some), n);
        (values, places)
    })
}

fn reversed<T: Clone>(x: &[T]) -> Vec<T> {
    x.iter().rev().cloned().collect()
}

fn columns(values: &[Vec<f64>]) -> Vec<&[f64]> {
    values.iter().map(Vec::as_slice).collect()
}

/// Places turned about the axis of the globe.
fn turned(places: &[Place], by: f64) -> Vec<Place> {
    let wrap = |lon: f64| (lon + by + 180.0).rem_euclid(360.0) - 180.0;
    places.iter().map(|p| p.map(|[lon, lat]| [wrap(lon), lat])).collect()
}

proptest! {
    #[test]
    fn centres_do_not_mind_order_unit_or_the_date_line((values, places) in scene(), factor in 1e-3..1e3f64, by in -180.0..180.0f64) {
        let of = |values: &[Vec<f64>], places: &[Place], metric| {
            centre_of_gravity(&columns(values), places, metric, None).unwrap()
        };
        let scaled: Vec<Vec<f64>> = values.iter().map(|x| x.iter().map(|x| factor * x).collect()).collect();
        let back: Vec<Vec<f64>> = values.iter().map(|x| reversed(x)).collect();
        for metric in [Metric::Planar, Metric::EARTH] {
            let base = of(&values, &places, metric);
            for other in [of(&scaled, &places, metric), of(&back, &reversed(&places), metric)] {
                near(base.path_length, other.path_length);
                near(base.straight_distance, other.straight_distance);
                near(base.years[0].point[1], other.years[0].point[1]);
            }
            prop_assert!(base.straight_distance <= base.path_length * (1.0 + 1e-9) + 1e-9);
        }
        let (base, round) = (of(&values, &places, Metric::EARTH), of(&values, &turned(&places, by), Metric::EARTH));
        near(base.path_length, round.path_length);
        near(base.years[0].from_cities, round.years[0].from_cities);
        near(base.years[0].point[1], round.years[0].point[1]);
    }

    #[test]
    fn ellipses_do_not_mind_order_unit_copies_or_the_date_line((values, places) in scene(), factor in 1e-3..1e3f64, by in -180.0..180.0f64) {
        let x = &values[0];
        let scaled: Vec<f64> = x.iter().map(|x| factor * x).collect();
        let twice = |x: &[f64]| -> Vec<f64> { x.iter().chain(x).copied().collect() };
        let doubled: Vec<Place> = places.iter().chain(&places).copied().collect();
        for metric in [Metric::Planar, Metric::EARTH] {
            let base = ellipse(x, &places, metric).unwrap();
            for other in [
                ellipse(&scaled, &places, metric).unwrap(),
                ellipse(&reversed(x), &reversed(&places), metric).unwrap(),
                ellipse(&twice(x), &doubled, metric).unwrap(),
            ] {
                near(base.long, other.long);
                near(base.short, other.short);
            }
            prop_assert!((0.0..180.0).contains(&base.rotation) && (0.0..=1.0).contains(&base.flattening));
            prop_assert!(base.short <= base.long && (0.0..=1.0).contains(&base.inside));
            prop_assert!(base.long_crimestat > base.long);
        }
        let base = ellipse(x, &places, Metric::EARTH).unwrap();
        let round = ellipse(x, &turned(&places, by), Metric::EARTH).unwrap();
        near(base.long, round.long);
        near(base.short, round.short);
        near(base.centre[1], round.centre[1]);
        let rim = base.outline(72);
        let axis = Metric::EARTH.distance(rim[0], rim[36]);
        prop_assert!(axis <= 2.0 * base.long * (1.0 + 1e-9));
    }

    #[test]
    fn the_parts_of_the_spatial_gini_add_up(x in proptest::collection::vec(1.0..1e4f64, 5..20), seed in 0u64..1000, factor in 1e-3..1e3f64) {
        let n = x.len() as u32;
        let ring: Vec<(u32, u32)> = (0..n).map(|i| (i, (i + 1 + (seed % 2) as u32) % n)).collect();
        let weights = Weights::from_pairs("ring", x.len(), &ring);
        let inference = Inference { seed, permutations: 39, ..Inference::default() };
        let split = spatial_gini(&x, &weights, &inference).unwrap();
        near(split.gini, gini(&x, None).unwrap().gini);
        near(split.neighbour + split.other, split.gini);
        // The plain double sum.
        let mut sums = [0.0; 2];
        for i in 0..x.len() {
            for j in 0..x.len() {
                let linked = weights.neighbours(i).contains(&(j as u32));
                sums[usize::from(linked)] += (x[i] - x[j]).abs();
            }
        }
        near(split.neighbour_share, sums[1] / (sums[0] + sums[1]));
        let scaled: Vec<f64> = x.iter().map(|x| factor * x).collect();
        let other = spatial_gini(&scaled, &weights, &inference).unwrap();
        near(split.neighbour_share, other.neighbour_share);
        near(split.z, other.z);
        prop_assert_eq!(split.p_permutation, other.p_permutation);
    }

    #[test]
    fn densities_integrate_to_one_and_do_not_mind_order_or_unit(
        values in (2usize..40).prop_flat_map(|n| proptest::collection::vec(proptest::collection::vec(1.0..1e3f64, n), 2)),
        factor in 1e-3..1e3f64,
    ) {
        let base = density(&columns(&values), None).unwrap();
        let step = base.grid[1] - base.grid[0];
        for year in base.years.iter().filter(|year| year.bandwidth > 2.0 * step) {
            let area: f64 = year.density.iter().sum::<f64>() * step;
            prop_assert!((area - 1.0).abs() < 0.005, "{}", area);
            let share: f64 = year.peaks.iter().map(|peak| peak.share).sum();
            prop_assert!((share - 1.0).abs() < 1e-9 && !year.peaks.is_empty());
            let highest = year.peaks.iter().fold(0.0_f64, |most, peak| most.max(peak.height));
            prop_assert!(year.density.iter().all(|&f| f <= highest * 1.001));
        }
        let scaled: Vec<Vec<f64>> = values.iter().map(|x| x.iter().rev().map(|x| factor * x).collect()).collect();
        let ones = vec![vec![7.0; values[0].len()]; 2];
        let other = density(&columns(&scaled), None).unwrap();
        let people = density(&columns(&values), Some(&columns(&ones))).unwrap();
        for ((a, b), c) in base.years.iter().zip(&other.years).zip(&people.years) {
            near(a.bandwidth, b.bandwidth);
            a.density.iter().zip(&b.density).for_each(|(&a, &b)| near(a, b));
            near(a.sd, c.sd); // equal populations are none, but for the quartiles
        }
    }
}

fn run_measure(
    name: &str,
    variables: &[Variable],
    people: &[Variable],
    places: &[Place],
    metric: Metric,
) -> agglo::error::Result<Vec<Outcome>> {
    let mut shapes = Shapes::default();
    places.iter().for_each(|_| shapes.push_missing());
    let ids: Vec<String> = (0..places.len()).map(|i| format!("C{i}")).collect();
    let names = (0..places.len()).map(|i| format!("City {i}")).collect();
    let cities = Cities { ids, names, shapes, points: places.to_vec(), metric, notes: Vec::new() };
    let features: Vec<usize> = (0..places.len()).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let pairs: Vec<(u32, u32)> = (1..places.len() as u32).map(|i| (i - 1, i)).collect();
    let weights = [Weights::from_pairs("chain", places.len(), &pairs)];
    let base = Run::of(&cities, &features, &inference, &options);
    measure(name).unwrap().run(&Run { variables, population: people, weights: &weights, ..base })
}

fn run_all(name: &str, variables: &[Variable], people: &[Variable], places: &[Place], metric: Metric) -> Vec<Outcome> {
    let outcomes = run_measure(name, variables, people, places, metric).unwrap();
    for outcome in &outcomes {
        assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
        for (number, _) in outcome.scalars.iter().filter(|(_, x)| x.is_nan()) {
            let said = outcome.notes.iter().any(|note| note.message.contains(number) || note.code == "undefined");
            assert!(said, "{name}: no reason for {number} in {:?}", outcome.notes);
        }
    }
    outcomes
}

fn variable(name: &str, year: Option<i32>, values: &[f64]) -> Variable {
    Variable { name: name.into(), year, values: values.to_vec() }
}

const MEASURES: [&str; 4] = ["spatial_gini", "density", "centre_of_gravity", "ellipse"];

#[test]
fn every_null_has_a_reason() {
    let places = [[179.0, 0.0], [-179.5, 1.0], [178.0, 2.0], [-178.0, -1.0], [179.9, 5.0]].map(Some);
    let cases: [[[f64; 5]; 2]; 5] = [
        [[1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 3.0, 2.0, 9.0]],
        [[0.0; 5], [1.0, 2.0, 3.0, 4.0, 5.0]],
        [[0.0, 0.0, 0.0, 0.0, 7.0], [1.0, 2.0, 3.0, 4.0, 5.0]],
        [[1.0; 5], [2.0; 5]],
        [[1.0, f64::NAN, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0, 4.0]],
    ];
    for metric in [Metric::EARTH, Metric::Planar] {
        for [a, b] in &cases {
            let years = [variable("gdp", Some(2000), a), variable("gdp", Some(2010), b)];
            let people = [variable("pop", None, &[3.0, 4.0, 5.0, 6.0, 7.0])];
            for name in MEASURES {
                run_all(name, &years, &people, &places, metric);
                run_all(name, &years[..1], &[], &places, metric);
                run_all(name, &[variable("gdp", None, b)], &[], &places, metric);
            }
        }
    }
}

#[test]
fn maps_show_the_path_and_the_ellipses_across_180_degrees() {
    let places = [[179.0, 0.0], [-179.5, 1.0], [178.0, 2.0], [-178.0, -1.0], [179.9, 5.0]].map(Some);
    let years = [
        variable("gdp", Some(2000), &[9.0, 1.0, 9.0, 1.0, 5.0]),
        variable("gdp", Some(2010), &[1.0, 9.0, 1.0, 9.0, 5.0]),
    ];
    let people = [variable("pop", Some(2000), &[1.0; 5]), variable("pop", Some(2010), &[1.0; 5])];
    let centre = &run_all("centre_of_gravity", &years, &people, &places, Metric::EARTH)[0];
    let (centres, path) = (&centre.layers[0], &centre.layers[1]);
    assert_eq!((centres.0, centres.1.features.len(), path.0), ("centres", 2, "centre_path"));
    assert!(matches!(&path.1.features[0].shape, LayerShape::Lines(lines) if lines.len() == 2));
    let table = &centre.tables[0].1;
    assert_eq!(table.columns.last(), Some(&"population_distance"));
    assert!(
        centre.notes.iter().any(|note| note.message.contains("the centre moved") && note.message.contains("to the E"))
    );
    let ellipses = &run_all("ellipse", &years, &[], &places, Metric::EARTH)[0];
    assert_eq!(ellipses.layers[0].1.features.len(), 3);
    assert!(matches!(&ellipses.layers[0].1.features[2].shape, LayerShape::Areas(areas) if areas.len() == 2));
    assert_eq!(ellipses.tables[0].1.rows[2][1], "cities alike");
}

#[test]
fn a_negative_value_is_refused_with_its_city_and_column() {
    let places = [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 2.0]].map(Some);
    let years =
        [variable("gdp", Some(2000), &[1.0, 2.0, 3.0, 4.0]), variable("gdp", Some(2010), &[1.0, -1.0, 1.0, 2.0])];
    for name in MEASURES {
        let refused = run_measure(name, &years, &[], &places, Metric::EARTH).unwrap_err();
        let place = refused.faults()[0].place();
        assert_eq!(
            (refused.kind(), place.city.as_deref(), place.feature),
            (Kind::Value, Some("C1"), Some(1)),
            "{name}"
        );
        assert_eq!(place.field.as_deref(), Some("gdp 2010"), "{name}");
    }
    let people = [variable("pop", None, &[1.0, 1.0, -2.0, 1.0])];
    for name in ["centre_of_gravity", "density"] {
        let refused = run_measure(name, &years[..1], &people, &places, Metric::EARTH).unwrap_err();
        assert_eq!(refused.faults()[0].place().field.as_deref(), Some("pop"), "{name}");
    }
}

#[test]
fn more_than_can_be_done_is_refused() {
    let column = vec![1.0; 1_000_000];
    assert_eq!(density(&[column.as_slice(); 21], None).unwrap_err().kind(), Kind::TooLarge);
}
