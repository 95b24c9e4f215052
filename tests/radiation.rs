//! The centralities: against networkx and igraph (`golden/network_*.json`), on networks that can be seen through, and the
//! laws that they obey on any network.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::measures::radiation::*;
use agglo::study::{LinkMeaning, Linkage};
use proptest::prelude::*;
use serde_json::Value;

/// The columns by the names they have in the golden files.
fn column<'a>(result: &'a Centrality, name: &str) -> &'a [f64] {
    match name {
        "strength_in" => &result.strength_in,
        "strength_out" => &result.strength_out,
        "betweenness" => &result.betweenness,
        "betweenness_share" => &result.betweenness_share,
        "closeness" => &result.closeness,
        "harmonic" => &result.harmonic,
        "eigenvector" => &result.eigenvector,
        "katz" => &result.katz,
        "pagerank" => &result.pagerank,
        "clustering_onnela" => &result.clustering_onnela,
        "clustering_barrat" => &result.clustering_barrat,
        "constraint" => &result.constraint,
        "effective_size" => &result.effective_size,
        "alternative_centrality" => &result.alternative_centrality,
        "alternative_power" => &result.alternative_power,
        other => panic!("there is no {other}"),
    }
}

#[test]
fn centralities_as_in_networkx_and_igraph() {
    for text in [include_str!("golden/network_karate.json"), include_str!("golden/network_us_air60.json")] {
        let golden: Value = serde_json::from_str(text).unwrap();
        let edge = |edge: &Value| {
            (edge[0].as_u64().unwrap() as u32, edge[1].as_u64().unwrap() as u32, edge[2].as_f64().unwrap())
        };
        let arcs = golden["edges"].as_array().unwrap().iter().map(edge).collect();
        let links = Linkage::from_arcs(golden["nodes"].as_array().unwrap().len(), arcs, LinkMeaning::Strength).unwrap();
        let links = if golden["directed"] == true { links } else { links.undirected() };
        let result = centrality(&links).unwrap();
        for (name, want) in golden["columns"].as_object().unwrap() {
            let tolerance = if matches!(name.as_str(), "eigenvector" | "katz") { 1e-6 } else { 1e-8 };
            let want = want.as_array().unwrap();
            let got = column(&result, name);
            assert_eq!(got.len(), want.len());
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                let want = want.as_f64().unwrap();
                let near = (got - want).abs() <= tolerance * want.abs().max(1e-3);
                assert!(near, "{} {name} of {i}: {got} for {want}", golden["name"]);
            }
        }
        let alpha = golden["katz_alpha"].as_f64().unwrap();
        assert!((0.5 / result.eigenvalue - alpha).abs() <= 1e-8 * alpha);
    }
}

fn linkage(n: usize, arcs: &[(u32, u32, f64)]) -> Linkage {
    Linkage::from_arcs(n, arcs.to_vec(), LinkMeaning::Strength).unwrap()
}

#[test]
fn a_one_way_road_is_counted_in_its_direction() {
    let result = centrality(&linkage(4, &[(0, 1, 2.0), (1, 2, 1.0)])).unwrap();
    assert_eq!(result.betweenness, [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(result.betweenness_share, [0.0, 1.0 / 6.0, 0.0, 0.0]);
    // City 2 is reached from 1 at 1 and from 0 at 1.5; city 3 from nowhere.
    assert_eq!(result.harmonic, [0.0, 2.0, 1.0 + 1.0 / 1.5, 0.0]);
    assert_eq!(result.closeness, [0.0, 2.0 / 3.0, 2.0 / 2.5 * 2.0 / 3.0, 0.0]);
    assert_eq!((result.strength, result.links), (vec![2.0, 3.0, 1.0, 0.0], 2));
    // Nothing comes back, so that no city keeps a centrality of its own.
    assert!(result.eigenvalue.is_nan() && result.eigenvector[1].is_nan() && result.katz[1].is_nan());
    assert!((result.pagerank.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(result.constraint[3].is_nan() && result.effective_size[3].is_nan());
}

#[test]
fn costs_are_lengths_and_their_inverse_is_strength() {
    let arcs = [(0, 1, 0.5), (1, 2, 0.25), (2, 0, 4.0)];
    let strengths = linkage(3, &arcs.map(|(i, j, cost)| (i, j, 1.0 / cost)));
    let costs = Linkage::from_arcs(3, arcs.to_vec(), LinkMeaning::Cost).unwrap();
    assert_eq!(centrality(&strengths).unwrap(), centrality(&costs).unwrap());
}

#[test]
fn ways_of_the_same_length_share_their_paths_whatever_the_rounding() {
    // From 0 to 4 over 1 and 2, or over 3: 1/3 + 1/5 + 1/7 either way, the second time summed in another order.
    let length = 1.0 / 7.0 + 1.0 / 5.0;
    let arcs = [(0, 1, 3.0), (1, 2, 5.0), (2, 4, 7.0), (0, 3, 1.0 / length), (3, 4, 3.0)];
    let result = centrality(&linkage(5, &arcs)).unwrap();
    assert_eq!(result.betweenness[3], 0.5);
}

/// The network of Burt's figure with weights; effective sizes as UCINET has them, to the digits given in
/// https://github.com/networkx/networkx/pull/8906.
#[test]
fn effective_sizes_as_in_ucinet() {
    let links =
        [(0, 1, 2.0), (0, 5, 3.0), (0, 6, 5.0), (0, 4, 2.0), (4, 6, 8.0), (5, 6, 3.0), (1, 6, 4.0), (1, 3, 1.0)];
    let links = linkage(7, &[&links[..], &[(3, 6, 3.0), (6, 2, 10.0)]].concat()).undirected();
    let sizes = centrality(&links).unwrap().effective_size;
    for (i, want) in [(0, 2.475), (1, 1.6714), (6, 5.4717)] {
        assert!((sizes[i] - want).abs() < 5e-5, "{} for {want}", sizes[i]);
    }
}

#[test]
fn two_sides_that_only_trade_with_each_other_have_an_eigenvector() {
    let star: Vec<(u32, u32, f64)> = (1..10_000).map(|i| (0, i, 1.0)).collect();
    let result = centrality(&linkage(10_000, &star).undirected()).unwrap();
    assert!((result.eigenvalue - 9_999.0_f64.sqrt()).abs() < 1e-9);
    assert!((result.eigenvector[0] - 0.5_f64.sqrt()).abs() < 1e-9);
    assert_eq!(result.betweenness[0], 9_999.0 * 9_998.0 / 2.0);
}

#[test]
fn without_links_nobody_is_central() {
    let links = linkage(4, &[(0, 1, 1.0)]).subset(&[0, 2, 3]);
    assert_eq!(centrality(&links).unwrap_err().kind(), Kind::Undefined);
}

#[test]
fn the_same_bits_come_from_any_number_of_threads() {
    let arcs: Vec<(u32, u32, f64)> = (0..3000u32)
        .map(|k| (k * 7919 % 500, k * 104_729 % 499 + u32::from(k % 3 == 0), 1.0 + f64::from(k % 13)))
        .filter(|(i, j, _)| i != j)
        .collect();
    let links = linkage(500, &arcs);
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", centrality(&links).unwrap()))
    };
    assert_eq!(of(1), of(5));
}

/// Links that are strong by powers of two, so that lengths are exact.
fn network() -> impl Strategy<Value = Linkage> {
    prop::collection::vec((0..12u32, 0..12u32, 0..4i32), 1..60).prop_filter_map("no links", |arcs| {
        let arcs = arcs.into_iter().map(|(i, j, power)| (i, j, 2.0_f64.powi(power))).collect();
        Linkage::from_arcs(12, arcs, LinkMeaning::Strength).ok()
    })
}

/// Distances between all cities by the algorithm of Floyd and Warshall.
fn distances(links: &Linkage) -> Vec<Vec<f64>> {
    let n = links.n();
    let mut d = vec![vec![f64::INFINITY; n]; n];
    links.arcs().for_each(|(i, j, w)| d[i][j] = 1.0 / w);
    (0..n).for_each(|i| d[i][i] = 0.0);
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                d[i][j] = d[i][j].min(d[i][k] + d[k][j]);
            }
        }
    }
    d
}

proptest! {
    #[test]
    fn distances_are_those_of_all_pairs(links in network()) {
        let (result, d) = (centrality(&links).unwrap(), distances(&links));
        for j in 0..links.n() {
            let reaching: Vec<f64> = (0..links.n()).filter(|&i| i != j && d[i][j].is_finite()).map(|i| d[i][j]).collect();
            let harmonic: f64 = reaching.iter().map(|d| 1.0 / d).sum();
            prop_assert!((result.harmonic[j] - harmonic).abs() <= 1e-9 * harmonic.max(1.0));
            let (r, total) = (reaching.len() as f64, reaching.iter().sum::<f64>());
            let closeness = if r == 0.0 { 0.0 } else { r * r / (11.0 * total) };
            prop_assert!((result.closeness[j] - closeness).abs() <= 1e-9 * closeness.max(1.0));
        }
        // Each path from s to t passes as many cities as it has links, less one.
        prop_assert!(result.betweenness.iter().all(|&b| (0.0..=110.0 + 1e-9).contains(&b)));
    }

    #[test]
    fn the_unit_of_the_strengths_does_not_matter(links in network(), power in -20..20i32) {
        let unit = 2.0_f64.powi(power);
        let arcs = links.arcs().map(|(i, j, w)| (i as u32, j as u32, w * unit)).collect();
        let scaled = centrality(&Linkage::from_arcs(12, arcs, LinkMeaning::Strength).unwrap()).unwrap();
        let result = centrality(&links).unwrap();
        for name in ["betweenness", "eigenvector", "katz", "pagerank", "clustering_onnela", "clustering_barrat", "constraint", "effective_size"] {
            for (a, b) in column(&result, name).iter().zip(column(&scaled, name)) {
                prop_assert!((a - b).abs() <= 1e-9 || (a.is_nan() && b.is_nan()), "{name}: {a} and {b}");
            }
        }
        for (a, b) in result.harmonic.iter().zip(&scaled.harmonic) {
            prop_assert!((a * unit - b).abs() <= 1e-9 * b.abs());
        }
    }

    #[test]
    fn centralities_keep_their_equations(links in network()) {
        let result = centrality(&links).unwrap();
        prop_assert!((result.pagerank.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!((result.strength_in.iter().sum::<f64>() - result.strength_out.iter().sum::<f64>()).abs() < 1e-9);
        prop_assert!(result.clustering_onnela.iter().all(|&c| (0.0..=1.0 + 1e-12).contains(&c)));
        prop_assert!(result.clustering_barrat.iter().all(|&c| (0.0..=1.0 + 1e-12).contains(&c)));
        if result.eigenvalue.is_finite() {
            let mut sums = [0.0; 12];
            links.arcs().for_each(|(i, j, w)| sums[j] += result.eigenvector[i] * w);
            for (sum, v) in sums.iter().zip(&result.eigenvector) {
                prop_assert!((sum - result.eigenvalue * v).abs() <= 1e-7 * result.eigenvalue);
            }
        }
    }
}
