//! Core and periphery: against reference implementations (`golden/core_*.json`), on networks that can be seen through, and the
//! laws that hold on any network.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::radiation::*;
use agglo::measures::{Outcome, Run, autocorrelation, measure};
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes};
use proptest::prelude::*;
use serde_json::Value;

/// The links of a golden file and what is expected of them.
fn golden() -> Vec<(Linkage, Value)> {
    let texts = [
        (include_str!("golden/network_karate.json"), include_str!("golden/core_karate.json")),
        (include_str!("golden/network_us_air60.json"), include_str!("golden/core_us_air60.json")),
    ];
    let read = |(network, cores): (&str, &str)| {
        let network: Value = serde_json::from_str(network).unwrap();
        let edge = |edge: &Value| {
            (edge[0].as_u64().unwrap() as u32, edge[1].as_u64().unwrap() as u32, edge[2].as_f64().unwrap())
        };
        let arcs = network["edges"].as_array().unwrap().iter().map(edge).collect();
        let n = network["nodes"].as_array().unwrap().len();
        let links = Linkage::from_arcs(n, arcs, LinkMeaning::Strength).unwrap();
        let links = if network["directed"] == true { links } else { links.undirected() };
        (links, serde_json::from_str(cores).unwrap())
    };
    texts.map(read).into()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn close(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance * want.abs().max(1e-3), "{what} of {i}: {got} for {want}");
    }
}

#[test]
fn discrete_cores_reach_those_of_the_reference() {
    for (links, want) in golden() {
        for (name, transform) in
            [("be_binary", Transform::Binary), ("be_raw", Transform::Raw), ("be_log1p", Transform::Log1p)]
        {
            let found = borgatti_everett(&links, transform, 42).unwrap();
            let reference = want[name]["corr"].as_f64().unwrap();
            assert!(
                found.correlation >= reference - 1e-11,
                "{} {name}: {} for {reference}",
                want["name"],
                found.correlation
            );
            let core: Vec<usize> = (0..links.n()).filter(|&i| found.core[i]).collect();
            assert_eq!(serde_json::json!(core), want[name]["core"], "{name}");
            assert!(found.certified || links.n() == 60, "{name}");
        }
    }
}

#[test]
fn continuous_cores_reach_those_of_the_reference() {
    for (links, want) in golden() {
        let found = borgatti_everett_continuous(&links);
        assert!(found.correlation >= want["continuous"]["corr"].as_f64().unwrap() * (1.0 - 1e-9));
        close(&found.coreness, &numbers(&want["continuous"]["coreness"]), 1e-3, "continuous");
        let fit = minres(&links);
        let residual = want["minres"]["residual"].as_f64().unwrap();
        assert!(fit.residual <= residual * (1.0 + 1e-11) && fit.arrived);
        assert!((fit.explained - want["minres"]["PRE"].as_f64().unwrap()).abs() < 1e-9);
        close(&fit.coreness, &numbers(&want["minres"]["coreness"]), 1e-6, "minres");
    }
}

#[test]
fn profiles_shells_and_lip_are_those_of_the_reference() {
    for (links, want) in golden() {
        for (name, directed) in [("rossa", false), ("rossa_directed", true)] {
            let want = if want[name].is_null() { &want["rossa"] } else { &want[name] };
            let found = rossa(&links, directed).unwrap();
            close(&found.alpha, &numbers(&want["alpha"]), 1e-8, name);
            assert_eq!(serde_json::json!(found.order), want["order"], "{name}");
            assert!((found.centralisation - want["cp_centralisation"].as_f64().unwrap()).abs() < 1e-10);
        }
        assert_eq!(k_core(&links), numbers(&want["k_core"]));
        assert_eq!(s_core(&links), numbers(&want["s_core"]));
        let found = lip(&links);
        assert_eq!(found.errors, want["lip"]["Z"].as_f64().unwrap());
        assert_eq!(found.core.iter().filter(|core| **core).count() as u64, want["lip"]["ncore"].as_u64().unwrap());
    }
}

#[test]
fn pairs_are_as_good_as_those_of_cpnet() {
    for (links, want) in golden() {
        let pairs = km_config(&links, 42);
        assert!(pairs.quality >= want["km_config_q"].as_f64().unwrap() - 1e-11);
        let test = pair_significance(&links, &pairs, &few()).unwrap();
        assert_eq!(test.networks, 50);
        assert!(
            test.significant
                .iter()
                .zip(&test.p)
                .all(|(is, p)| *is == (*p <= 1.0 - 0.95_f64.powf(1.0 / test.p.len() as f64)))
        );
    }
}

fn linkage(n: usize, arcs: &[(u32, u32, f64)]) -> Linkage {
    Linkage::from_arcs(n, arcs.to_vec(), LinkMeaning::Strength).unwrap().undirected()
}

fn complete(n: u32, strength: impl Fn(u32, u32) -> f64) -> Linkage {
    let arcs: Vec<_> =
        (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).map(|(i, j)| (i, j, strength(i, j))).collect();
    linkage(n as usize, &arcs)
}

fn few() -> Inference {
    Inference { permutations: 50, ..Inference::default() }
}

#[test]
fn a_complete_network_is_refused_where_strength_does_not_count() {
    let links = complete(8, |i, j| 100.0 / f64::from((i + 1) * (j + 1)));
    let error = borgatti_everett(&links, Transform::Binary, 42).unwrap_err();
    assert_eq!(error.kind(), Kind::Undefined);
    assert!(error.to_string().contains("complete network"), "{error}");
    assert_eq!(error.faults()[0].remedy(), Some("take a backbone of the network"));
    let result = core_periphery(&links, &few()).unwrap();
    assert!(result.complete && result.k_core.is_none() && result.lip.is_none() && result.log1p.unwrap().certified);
    assert_eq!(result.tiers.tiers[0], Tier::Core);
    assert!(result.tiers.minres.explained > 1.0 - 1e-9, "strengths are products");
}

#[test]
fn equal_links_have_no_core() {
    for links in [complete(5, |_, _| 3.0), complete(2, |_, _| 1.0), complete(12, |_, _| 0.1)] {
        let result = core_periphery(&links, &few()).unwrap();
        assert!(result.tiers().iter().all(|tier| *tier == Tier::Undefined));
        assert!(result.tiers.cores().is_empty() && result.log1p.is_err() && result.continuous.correlation.is_nan());
        assert!(result.agreement.consensus.iter().all(|tier| *tier == Tier::Undefined));
    }
    // A ring is no complete network, and has no core either.
    let ring = linkage(6, &[(0, 1, 2.0), (1, 2, 2.0), (2, 3, 2.0), (3, 4, 2.0), (4, 5, 2.0), (0, 5, 2.0)]);
    assert!(tiers(&ring).unwrap().tiers.iter().all(|tier| *tier == Tier::Undefined));
}

#[test]
fn a_star_has_one_core() {
    let star = linkage(6, &[(0, 1, 5.0), (0, 2, 5.0), (0, 3, 5.0), (0, 4, 5.0)]);
    let result = core_periphery(&star, &few()).unwrap();
    assert_eq!(result.tiers.cores(), [0]);
    assert_eq!((result.unlinked.as_slice(), result.tiers()[5]), ([5].as_slice(), Tier::Periphery));
    let profile = result.rossa.unwrap();
    assert_eq!((profile.centralisation, profile.alpha[0]), (1.0, 1.0));
    assert!(profile.alpha[5].is_nan() && (result.binary.unwrap().correlation - 1.0).abs() < 1e-12);
    assert_eq!((result.lip.unwrap().errors, result.k_core.unwrap()), (0.0, vec![1.0, 1.0, 1.0, 1.0, 1.0, 0.0]));
    assert!(result.agreement.disagreeing.iter().all(|&count| count == 0));
}

/// A capital and its neighbour, whose link is far stronger than all others, and a province that looks to both.
fn capital() -> Linkage {
    complete(9, |i, j| match (i, j) {
        (0, 1) => 60.0,
        (0, _) => 10.0 - f64::from(j) / 2.0,
        (1, _) => 7.0 - f64::from(j) / 2.0,
        _ => 1.0,
    })
}

#[test]
fn two_cities_with_one_very_strong_link_share_the_core_and_a_hub_does_not() {
    let found = tiers(&capital()).unwrap();
    // Three classes would leave the capital alone, though its neighbour comes near it.
    let upper = natural_breaks(&found.coreness, 3)[1];
    assert_eq!(found.coreness.iter().filter(|&&x| x >= upper).count(), 1);
    assert!(found.coreness[1] >= 0.5);
    assert_eq!(found.cores(), [0, 1]);
    // Round a hub none comes near it, whether its links are alike or not.
    for strengths in [[5.0; 5], [5.0, 4.0, 3.0, 2.0, 1.0]] {
        let arcs: Vec<(u32, u32, f64)> = strengths.iter().zip(1..).map(|(&s, j)| (0, j, s)).collect();
        assert_eq!(tiers(&linkage(6, &arcs)).unwrap().cores(), [0], "{strengths:?}");
    }
}

/// What the registry says of a network.
fn outcome(links: &Linkage) -> Outcome {
    let mut shapes = Shapes::default();
    (0..links.n()).for_each(|i| shapes.push_point([i as f64, 0.0]));
    let ids: Vec<String> = (0..links.n()).map(|i| format!("{i}")).collect();
    let names = (0..links.n()).map(|i| format!("City {i}")).collect();
    let points = (0..links.n()).map(|i| Some([i as f64, 0.0])).collect();
    let cities = Cities { ids, names, shapes, points, metric: Metric::Planar, notes: Vec::new() };
    let features: Vec<usize> = (0..links.n()).collect();
    let (inference, options) = (few(), autocorrelation::Options::default());
    let run = Run { network: Some(links), ..Run::of(&cities, &features, &inference, &options) };
    measure("core_periphery").unwrap().run(&run).unwrap().pop().unwrap()
}

fn said(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.code == "follows").map(|note| note.message.as_str()).collect()
}

#[test]
fn sentences_name_the_core_then_who_is_disputed() {
    let star = outcome(&linkage(6, &[(0, 1, 5.0), (0, 2, 5.0), (0, 3, 5.0), (0, 4, 5.0)]));
    let of_star = said(&star);
    assert!(of_star[0].starts_with("the core is City 0 alone of 6 cities, with 50 % of the strength"), "{of_star:?}");
    assert_eq!(of_star[1], "all 4 methods agree on the tier of every city");
    assert!(
        of_star[2].contains("correlates strongly, by 1.00, with an ideal one") && of_star[2].contains("not tested")
    );
    let capital = outcome(&capital());
    let of_capital = said(&capital);
    assert!(of_capital[0].starts_with("the core are 2 of 9 cities"), "{of_capital:?}");
    assert!(of_capital[0].ends_with(": City 0 and City 1"), "{of_capital:?}");
    assert!(of_capital[1].contains("2 cores") && of_capital[1].contains("4 methods"), "{of_capital:?}");
    // A correlation and pairs that are not told from chance are spoken of together.
    let none = |sentence: &&&str| sentence.contains("told from chance");
    assert!(of_capital.iter().filter(none).count() <= 1, "{of_capital:?}");
}

#[test]
fn a_city_without_links_ranks_above_none() {
    let result =
        core_periphery(&linkage(6, &[(0, 1, 5.0), (0, 2, 4.0), (1, 2, 3.0), (0, 3, 2.0), (1, 4, 1.0)]), &few());
    let ranks = result.unwrap().agreement.ranks;
    assert_eq!(ranks[5], [0.0, 0.0]);
    assert!(ranks[..5].iter().all(|[least, most]| *least >= 0.0 && most > least || *most > 0.0), "{ranks:?}");
}

#[test]
fn two_parts_are_two_pairs() {
    let arcs = [(0, 1, 9.0), (0, 2, 9.0), (0, 3, 9.0), (4, 5, 4.0), (4, 6, 4.0), (4, 7, 4.0)];
    let links = linkage(9, &arcs);
    let pairs = km_config(&links, 42);
    assert_eq!((pairs.sizes.as_slice(), pairs.pair[8]), ([4, 4].as_slice(), None));
    assert!(pairs.core[0] && pairs.core[4] && !pairs.core[1]);
    // One coreness follows one centre, that of the stronger links.
    assert_eq!(tiers(&links).unwrap().cores(), [0]);
}

#[test]
fn a_walk_with_dead_ends_has_no_profile_along_directions() {
    let dead = Linkage::from_arcs(3, vec![(0, 1, 1.0), (1, 0, 1.0), (0, 2, 1.0)], LinkMeaning::Strength).unwrap();
    assert!(rossa(&dead, true).is_none() && rossa(&dead, false).is_some());
    // To and fro for ever between two.
    let cycle = Linkage::from_arcs(3, vec![(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)], LinkMeaning::Strength).unwrap();
    assert!((rossa(&cycle, true).unwrap().centralisation - 0.0).abs() < 1e-9);
}

#[test]
fn the_threads_do_not_matter() {
    let (links, _) = golden().remove(0);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| core_periphery(&links, &few()).unwrap())
    };
    let one = run(1);
    for threads in [2, 16] {
        let other = run(threads);
        assert_eq!((&one.pairs, &one.significance, &one.tiers), (&other.pairs, &other.significance, &other.tiers));
        assert_eq!(one.log1p, other.log1p);
    }
}

/// Q as its definition has it.
fn quality(links: &Linkage, pairs: &CorePairs) -> f64 {
    let n = links.n();
    let mut s = vec![0.0; n * n];
    links.arcs().for_each(|(i, j, w)| s[i * n + j] += w);
    if links.direction() == agglo::study::LinkDirection::Directed {
        links.arcs().for_each(|(i, j, w)| s[j * n + i] += w);
    }
    let sums: Vec<f64> = (0..n).map(|i| s[i * n..(i + 1) * n].iter().sum()).collect();
    let total: f64 = sums.iter().sum();
    let term = |(i, j): (usize, usize)| match pairs.pair[i].is_some()
        && pairs.pair[i] == pairs.pair[j]
        && (pairs.core[i] || pairs.core[j])
    {
        true => (s[i * n + j] - sums[i] * sums[j] / total) / total,
        false => 0.0,
    };
    (0..n * n).map(|at| term((at / n, at % n))).sum()
}

#[test]
fn quality_is_that_of_its_definition() {
    for (links, _) in golden() {
        let pairs = km_config(&links, 1);
        assert!((pairs.quality - quality(&links, &pairs)).abs() < 1e-12);
    }
}

/// Networks of ten cities, some without links, whose strengths are whole numbers.
fn network() -> impl Strategy<Value = Linkage> {
    let arcs = prop::collection::vec((0..10u32, 0..10u32, 1..50u32), 4..40);
    arcs.prop_filter_map("no links", |arcs| {
        let arcs = arcs.into_iter().filter(|(i, j, _)| i != j).map(|(i, j, w)| (i, j, f64::from(w))).collect();
        Linkage::from_arcs(10, arcs, LinkMeaning::Strength).ok().map(|links| links.undirected())
    })
}

fn correlation(links: &Linkage, x: &[bool]) -> f64 {
    let linked: Vec<usize> = (0..10).filter(|i| !links.unlinked().contains(i)).collect();
    let mut s = [[0.0; 10]; 10];
    links.arcs().for_each(|(i, j, w)| s[i][j] = w);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for (k, &i) in linked.iter().enumerate() {
        for &j in &linked[k + 1..] {
            a.push(s[i][j]);
            b.push(f64::from(u8::from(x[i] || x[j])));
        }
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (ma, mb) = (mean(&a), mean(&b));
    let of = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(&b).map(|(a, b)| f(a - ma, b - mb)).sum::<f64>();
    of(&|a, b| a * b) / (of(&|a, _| a * a) * of(&|_, b| b * b)).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_discrete_core_is_better(links in network()) {
        let Ok(found) = borgatti_everett(&links, Transform::Raw, 42) else { return Ok(()) };
        prop_assert!(found.certified && (correlation(&links, &found.core) - found.correlation).abs() < 1e-9);
        let linked: Vec<usize> = (0..10).filter(|i| !links.unlinked().contains(i)).collect();
        for bits in 0..1_u32 << linked.len() {
            let mut x = [false; 10];
            linked.iter().enumerate().for_each(|(k, &i)| x[i] = bits >> k & 1 == 1);
            let other = correlation(&links, &x);
            prop_assert!(other.is_nan() || other <= found.correlation + 1e-9, "{x:?}: {other} over {}", found.correlation);
        }
    }

    #[test]
    fn nothing_depends_on_the_unit(links in network(), power in -10..10i32) {
        let unit = 4.0_f64.powi(power);
        let arcs: Vec<_> = links.arcs().map(|(i, j, w)| (i as u32, j as u32, w * unit)).collect();
        let scaled = Linkage::from_arcs(10, arcs, LinkMeaning::Strength).unwrap();
        let scaled = Linkage::from_arcs(10, scaled.arcs().filter(|(i, j, _)| i < j).map(|(i, j, w)| (i as u32, j as u32, w)).collect(), LinkMeaning::Strength).unwrap().undirected();
        let (a, b) = (tiers(&links).unwrap(), tiers(&scaled).unwrap());
        prop_assert_eq!(a.tiers, b.tiers);
        prop_assert!(a.coreness.iter().zip(&b.coreness).all(|(a, b)| (a - b).abs() < 1e-9));
        let (a, b) = (rossa(&links, false).unwrap(), rossa(&scaled, false).unwrap());
        prop_assert_eq!(a.order, b.order);
        prop_assert!(s_core(&links).iter().zip(s_core(&scaled)).all(|(a, b)| a * unit == b));
        prop_assert_eq!(km_config(&links, 1).pair, km_config(&scaled, 1).pair);
    }

    #[test]
    fn numbers_keep_their_bounds(links in network()) {
        let result = core_periphery(&links, &Inference { permutations: 0, ..Inference::default() }).unwrap();
        prop_assert!(result.tiers.coreness.iter().all(|c| (0.0..=1.0).contains(c)));
        prop_assert!((-1e-9..=1.0).contains(&result.tiers.minres.explained));
        let profile = result.rossa.unwrap();
        prop_assert!(profile.order.windows(2).all(|pair| profile.alpha[pair[0]] <= profile.alpha[pair[1]] + 1e-9));
        prop_assert!(profile.order.len() < 3 || (-1e-9..=1.0 + 1e-9).contains(&profile.centralisation));
        let pairs = result.pairs.unwrap();
        prop_assert!((pairs.quality - quality(&links, &pairs)).abs() < 1e-9 && pairs.quality < 1.0);
        prop_assert_eq!(pairs.sizes.iter().sum::<usize>() + result.unlinked.len(), 10);
        for (i, tier) in result.tiers.tiers.iter().enumerate() {
            prop_assert!(!result.unlinked.contains(&i) || matches!(tier, Tier::Periphery | Tier::Undefined));
        }
        // The first city of every shell has as many links within it as its number says.
        let shells = s_core(&links);
        for i in 0..10 {
            let within: f64 = links.arcs().filter(|&(a, b, _)| a == i && shells[b] >= shells[i]).map(|(.., w)| w).sum();
            prop_assert!(within >= shells[i]);
        }
    }

    #[test]
    fn the_order_of_the_cities_does_not_matter(links in network(), turn in 1..10usize) {
        let moved = |i: usize| ((i + turn) % 10) as u32;
        let arcs = links.arcs().filter(|(i, j, _)| i < j).map(|(i, j, w)| (moved(i), moved(j), w)).collect();
        let other = Linkage::from_arcs(10, arcs, LinkMeaning::Strength).unwrap().undirected();
        let (a, b) = (s_core(&links), s_core(&other));
        prop_assert!((0..10).all(|i| a[i] == b[moved(i) as usize]));
        prop_assert_eq!(lip(&links).errors, lip(&other).errors);
        let (a, b) = (borgatti_everett(&links, Transform::Log1p, 1), borgatti_everett(&other, Transform::Log1p, 1));
        prop_assert!(a.is_err() == b.is_err() && a.ok().zip(b.ok()).is_none_or(|(a, b)| (a.correlation - b.correlation).abs() < 1e-9));
    }
}

/// Cities without links take no part in any method: with twelve of them the table of methods says the same.
#[test]
fn cities_without_links_do_not_move_the_core_of_a_method() {
    let arcs = [
        (0, 3, 18.0),
        (0, 4, 15.0),
        (0, 5, 1.0),
        (0, 6, 16.0),
        (0, 7, 6.0),
        (1, 2, 1.0),
        (1, 3, 11.0),
        (1, 4, 18.0),
        (1, 5, 7.0),
        (1, 6, 7.0),
        (2, 4, 8.0),
        (2, 6, 3.0),
        (2, 7, 1.0),
        (3, 4, 9.0),
        (4, 6, 19.0),
        (4, 7, 19.0),
        (5, 6, 6.0),
    ];
    let of = |n: usize| {
        let found = outcome(&linkage(n, &arcs).undirected());
        found.tables.iter().find(|(name, _)| *name == "methods").unwrap().1.clone()
    };
    assert_eq!(of(8), of(20));
}
