//! Spatial weights against reference numbers of libpysal and pygeoda (`tests/golden/weights_*.json`).

#![allow(clippy::unwrap_used)]

use agglo::study::{Cities, Metric, Shapes};
use agglo::weights::{Built, Sources, Spec, Weights, build, set_ops};
use serde_json::Value;

struct Golden(Value);

impl Golden {
    fn columbus() -> Self {
        Self(serde_json::from_str(include_str!("golden/weights_columbus.json")).unwrap())
    }

    fn us_income() -> Self {
        Self(serde_json::from_str(include_str!("golden/weights_us_income.json")).unwrap())
    }

    fn cities(&self, metric: Metric) -> Cities {
        let points: Vec<[f64; 2]> = serde_json::from_value(self.0["centroids"].clone()).unwrap();
        let mut shapes = Shapes::default();
        points.iter().for_each(|&point| shapes.push_point(point));
        let ids: Vec<String> = (0..points.len()).map(|row| row.to_string()).collect();
        let points = points.into_iter().map(Some).collect();
        Cities { names: ids.clone(), ids, shapes, points, metric, notes: Vec::new() }
    }

    fn number(&self, name: &str, member: &str) -> f64 {
        self.0["weights"][name][member].as_f64().unwrap()
    }

    fn neighbours(&self, name: &str) -> Vec<Vec<usize>> {
        serde_json::from_value(self.0["weights"][name]["neighbours"].clone()).unwrap()
    }

    /// The weights of every row, without the city itself, which some lists of libpysal hold.
    fn rows(&self, name: &str) -> Vec<Vec<(usize, f64)>> {
        let neighbours = self.neighbours(name);
        let weights: Vec<Vec<f64>> = match &self.0["weights"][name]["weights"] {
            Value::Null => neighbours.iter().map(|row| vec![1.0; row.len()]).collect(),
            weights => serde_json::from_value(weights.clone()).unwrap(),
        };
        let row =
            |(i, (j, w)): (usize, (Vec<usize>, Vec<f64>))| j.into_iter().zip(w).filter(|&(j, _)| j != i).collect();
        neighbours.into_iter().zip(weights).enumerate().map(row).collect()
    }

    fn weights(&self, name: &str) -> Weights {
        let link = |row: Vec<(usize, f64)>| row.into_iter().map(|(j, w)| (j as u32, w)).collect();
        Weights::from_rows(name, self.rows(name).into_iter().map(link).collect())
    }
}

fn made(spec: &str, cities: &Cities) -> Built {
    let sources = Sources {
        cities,
        snap: None,
        max_dense: 1000,
        links: None,
        block: &|_| unreachable!("no block weights here"),
        file: &|_| unreachable!("no file here"),
    };
    build(&spec.parse::<Spec>().unwrap(), &sources).unwrap()
}

/// The same links and the same weights.
fn assert_same(weights: &Weights, golden: &[Vec<(usize, f64)>]) {
    assert_eq!(weights.n(), golden.len());
    for (i, expected) in golden.iter().enumerate() {
        let row: Vec<(usize, f64)> = weights.row(i).collect();
        let cities = |row: &[(usize, f64)]| row.iter().map(|&(j, _)| j).collect::<Vec<_>>();
        assert_eq!(cities(&row), cities(expected), "neighbours of {i} in {}", weights.label());
        for (&(j, w), &(_, reference)) in row.iter().zip(expected) {
            let difference = (w - reference).abs();
            assert!(difference <= 1e-12 * w.abs().max(1.0), "{}: w({i}, {j}) = {w}, not {reference}", weights.label());
        }
    }
}

#[test]
fn nearest_neighbours_and_bands() {
    for golden in [Golden::columbus(), Golden::us_income()] {
        let cities = golden.cities(Metric::Planar);
        assert_same(&made("knn:4", &cities).weights, &golden.rows("knn4"));
        let threshold = golden.number("band", "threshold");
        assert_same(&made(&format!("band:{threshold}"), &cities).weights, &golden.rows("band"));
        let auto = made("band:auto", &cities);
        assert!(auto.weights.isolates().is_empty());
        let length = golden.number("band", "max_nn_distance");
        assert!(auto.notes[0].message.contains(&format!("{length:.6}")), "{}", auto.notes[0].message);
        assert_eq!(auto.weights.links(), made(&format!("band:{length}"), &cities).weights.links());
    }
}

#[test]
fn great_circle_nearest_neighbours_and_bands() {
    let golden = Golden::us_income();
    let cities = golden.cities(Metric::GreatCircle { radius: 6371.0 });
    assert_same(&made("knn:4", &cities).weights, &golden.rows("knn4_arc"));
    let band = made(&format!("band:{}", golden.number("band_arc", "threshold_km")), &cities).weights;
    assert_same(&band, &golden.rows("band_arc"));
    assert_eq!(band.label(), "band:536.249km");
}

#[test]
fn inverse_distance() {
    for (golden, powers) in [(Golden::columbus(), vec![1, 2]), (Golden::us_income(), vec![2])] {
        let cities = golden.cities(Metric::Planar);
        for power in powers {
            let name = format!("invdist{power}");
            let threshold = golden.number(&name, "threshold");
            let weights = made(&format!("inverse:{power}:{threshold}"), &cities).weights;
            assert_same(&weights, &golden.rows(&name));
        }
    }
}

#[test]
fn kernels() {
    let golden = Golden::columbus();
    let cities = golden.cities(Metric::Planar);
    for (kernel, name) in [
        ("uniform", "kernel_uniform"),
        ("triangular", "graphkernel_triangular"),
        ("epanechnikov", "graphkernel_parabolic"),
        ("quartic", "graphkernel_bisquare"),
        ("gaussian", "graphkernel_gaussian"),
        ("cosine", "graphkernel_cosine"),
    ] {
        let spec = format!("kernel:{kernel}:{}", golden.number(name, "bandwidth"));
        assert_same(&made(&spec, &cities).weights, &golden.rows(name));
    }
    let golden = Golden::us_income();
    let spec = format!("kernel:gaussian:{}", golden.number("graphkernel_gaussian", "bandwidth"));
    assert_same(&made(&spec, &golden.cities(Metric::Planar)).weights, &golden.rows("graphkernel_gaussian"));
}

/// The bandwidth is the distance to the fourth other city, which itself gets the weight 0 and no link.
#[test]
fn adaptive_kernels() {
    for golden in [Golden::columbus(), Golden::us_income()] {
        let weights = made("kernel:triangular:k4", &golden.cities(Metric::Planar)).weights;
        assert_same(&weights, &golden.rows("kernel_adaptive4_triangular"));
    }
}

#[test]
fn neighbourhood_graphs() {
    for golden in [Golden::columbus(), Golden::us_income()] {
        let cities = golden.cities(Metric::Planar);
        for (spec, name) in [("delaunay", "delaunay"), ("gabriel", "gabriel"), ("relative", "relative_neighborhood")] {
            assert_same(&made(spec, &cities).weights, &golden.rows(name));
        }
    }
}

#[test]
fn higher_orders() {
    for golden in [Golden::columbus(), Golden::us_income()] {
        let queen = golden.weights("queen");
        assert_same(&set_ops::order(&queen, 2, 2).unwrap(), &golden.rows("queen_order2"));
        assert_same(&set_ops::order(&queen, 1, 2).unwrap(), &golden.rows("queen_order2_incl"));
    }
}

/// The reference list is not numbered by row, but by region in the order of its first state, then by row.
#[test]
fn blocks() {
    let golden = Golden::us_income();
    let regions: Vec<String> = serde_json::from_value(golden.0["sub_region"].clone()).unwrap();
    let mut order: Vec<usize> = (0..regions.len()).collect();
    order.sort_by_key(|&i| regions.iter().position(|region| *region == regions[i]));
    let groups: Vec<Option<String>> = order.iter().map(|&i| Some(regions[i].clone())).collect();
    assert_same(&set_ops::block("block:SUB_REGION", &groups).unwrap(), &golden.rows("block"));
}

#[test]
fn weights_are_the_same_for_any_number_of_threads() {
    let spiral = |i: u32| {
        let turn = 2.4 * f64::from(i);
        [0.01 * f64::from(i) * turn.cos(), 0.01 * f64::from(i) * turn.sin()]
    };
    let places: Vec<Value> = (0..5000).map(|i| spiral(i).to_vec().into()).collect();
    let cities = Golden(serde_json::json!({ "centroids": places })).cities(Metric::EARTH);
    let threads = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| made("knn:6 + kernel:gaussian:k5 & band:auto + order:2:relative", &cities))
    };
    assert_eq!(threads(1), threads(4));
}
