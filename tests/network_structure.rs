//! Structure, communities, backbone and polycentricity of networks: against networkx, leidenalg and R backbone
//! (`golden/network_*.json`), on networks that can be seen through, and the laws that they obey on any network.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::radiation::*;
use agglo::measures::{LayerShape, Measure, Outcome, Run, Values, autocorrelation, measure};
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes, Variable};
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Vec<(Value, Linkage)> {
    [include_str!("golden/network_karate.json"), include_str!("golden/network_us_air60.json")].map(read).into()
}

fn read(text: &str) -> (Value, Linkage) {
    let golden: Value = serde_json::from_str(text).unwrap();
    let edge =
        |edge: &Value| (edge[0].as_u64().unwrap() as u32, edge[1].as_u64().unwrap() as u32, edge[2].as_f64().unwrap());
    let arcs = golden["edges"].as_array().unwrap().iter().map(edge).collect();
    let links = Linkage::from_arcs(golden["nodes"].as_array().unwrap().len(), arcs, LinkMeaning::Strength).unwrap();
    let links = if golden["directed"] == true { links } else { links.undirected() };
    (golden, links)
}

fn near(got: f64, want: &Value, what: &str) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= 1e-8 * want.abs().max(1e-3), "{what}: {got} for {want}");
}

#[test]
fn structure_as_in_networkx() {
    for (golden, links) in golden() {
        let got = network_structure(&links).unwrap();
        for (name, want) in golden["structure"].as_object().unwrap() {
            let got = match name.as_str() {
                "density" => got.density,
                "reciprocity" => got.reciprocity,
                "reciprocity_weighted" => got.reciprocity_weighted,
                "assortativity" => got.assortativity,
                "assortativity_undirected" => got.assortativity_undirected,
                "efficiency" => got.efficiency,
                "efficiency_unweighted" => got.efficiency_unweighted,
                "path_length_unweighted" => got.path_length_unweighted,
                "transitivity" => got.transitivity,
                "clustering_mean" => got.clustering_mean,
                other => panic!("there is no {other}"),
            };
            near(got, want, name);
        }
        // networkx has every k, we only those between which phi changes.
        let clubs = rich_club(&links);
        for (k, want) in golden["rich_club"].as_object().unwrap() {
            let k: usize = k.parse().unwrap();
            near(clubs.iter().rfind(|club| club.k <= k).unwrap().phi, want, "rich club");
        }
    }
}

#[test]
fn hierarchy_by_its_formulae() {
    for (golden, links) in golden() {
        let strength = centrality(&links).unwrap().strength;
        let want = &golden["hierarchy"];
        near(green(&strength), &want["green"], "green");
        near(rank_size_slope(&strength), &want["hierarchy_slope"], "slope");
        near(rank_size_slope_gabaix(&strength), &want["hierarchy_slope_gabaix"], "Gabaix");
        let (index, slopes) = burger_meijers(&strength);
        near(index, &want["burger_meijers"], "Burger and Meijers");
        slopes.iter().zip(want["slopes"].as_array().unwrap()).for_each(|(got, want)| near(*got, want, "slope"));
    }
}

#[test]
fn communities_reach_the_best_of_leidenalg() {
    for (golden, links) in golden() {
        let want = &golden["communities"];
        let got = communities(&links, 1.0, false, 42).unwrap();
        assert!(got.modularity >= want["modularity"].as_f64().unwrap() - 1e-11, "{}", got.modularity);
        assert_eq!((got.restarts, got.count), (100, if golden["name"] == "karate" { 4 } else { 3 }));
        let theirs: Vec<Option<usize>> =
            want["membership"].as_array().unwrap().iter().map(|label| Some(label.as_u64().unwrap() as usize)).collect();
        near(modularity(&links, &theirs, 1.0, false), &want["modularity"], "modularity of their communities");
        if let Some(best) = want["modularity_directed"].as_f64() {
            let got = communities(&links, 1.0, true, 42).unwrap();
            assert!(got.modularity_directed >= best - 1e-11, "{}", got.modularity_directed);
        }
    }
}

#[test]
fn backbones_as_in_r_and_by_their_formulae() {
    for (golden, links) in golden() {
        let want = &golden["backbone"];
        for (alpha, kept) in want["kept"].as_object().unwrap() {
            let got = backbone(&links, alpha.parse().unwrap()).unwrap();
            let count = got.links.iter().filter(|link| link.disparity).count();
            assert_eq!(count as u64, kept.as_u64().unwrap(), "{} at {alpha}", golden["name"]);
        }
        let got = backbone(&links, 0.05).unwrap();
        for row in want["disparity"].as_array().unwrap() {
            let ends = (row[0].as_u64().unwrap() as usize, row[1].as_u64().unwrap() as usize);
            let link = got.links.iter().find(|link| (link.origin, link.destination) == ends).unwrap();
            near(link.p_out, &row[2], "p_out");
            near(link.p_in, &row[3], "p_in");
        }
        if let Some(dominant) = want["dominant"].as_array() {
            for (got, want) in got.dominant.dominant.iter().zip(dominant) {
                assert_eq!(got.map(|city| city as u64), want.as_u64());
            }
        }
    }
}

fn linkage(n: usize, arcs: &[(u32, u32, f64)]) -> Linkage {
    Linkage::from_arcs(n, arcs.to_vec(), LinkMeaning::Strength).unwrap()
}

/// All pairs of n cities, as strong as `strength` says.
fn complete(n: u32, strength: impl Fn(u32, u32) -> f64) -> Linkage {
    let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    linkage(n as usize, &pairs.map(|(i, j)| (i, j, strength(i, j))).collect::<Vec<_>>()).undirected()
}

#[test]
fn a_complete_network_of_equal_links_has_no_structure() {
    let links = complete(6, |_, _| 2.0);
    let got = network_structure(&links).unwrap();
    assert_eq!((got.density, got.reciprocity, got.reciprocity_weighted), (1.0, 1.0, 1.0));
    assert_eq!((got.transitivity, got.clustering_mean, got.efficiency), (1.0, 1.0, 2.0));
    assert!(got.assortativity.is_nan() && got.assortativity_undirected.is_nan());
    let found = communities(&links, 1.0, false, 42).unwrap();
    assert_eq!((found.count, found.reached, found.agreement), (1, 100, 1.0));
    assert!(found.modularity.abs() < 1e-12);
    let kept = backbone(&links, 0.05).unwrap();
    // No link is larger than chance; a tree, from the earliest pairs, remains.
    assert!(kept.links.iter().all(|link| !link.disparity));
    assert_eq!(
        kept.kept().map(|link| (link.origin, link.destination)).collect::<Vec<_>>(),
        [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)]
    );
    assert!(rich_club(&links).iter().all(|club| club.z.is_nan()));
    assert!(core_loss(&links, 3).unwrap().iter().all(|loss| loss.loss_of_others == 0.0 && loss.pairs_cut == 0));
}

#[test]
fn the_largest_flow_out_of_a_city_is_kept() {
    // City 0 receives more from 1 than it sends to 2, its largest outflow, which no other reason keeps.
    let links = linkage(3, &[(1, 0, 9.0), (0, 2, 2.0), (2, 1, 5.0), (0, 1, 1.0)]);
    let got = backbone(&links, 0.01).unwrap();
    let link = got.links.iter().find(|link| (link.origin, link.destination) == (0, 2)).unwrap();
    assert!(link.largest && !link.disparity && !link.tree);
    assert_eq!(got.kept().count(), 4 - usize::from(!got.links[0].kept()));
}

#[test]
fn two_cities_are_a_network() {
    let links = linkage(2, &[(0, 1, 3.0)]);
    let got = network_structure(&links).unwrap();
    assert_eq!((got.density, got.reciprocity, got.efficiency, got.path_length_unweighted), (0.5, 0.0, 3.0, 1.0));
    assert!(got.transitivity.is_nan());
    assert_eq!(communities(&links, 1.0, false, 1).unwrap().community, [Some(1), Some(1)]);
    assert_eq!(backbone(&links, 0.05).unwrap().degree, [1, 1]);
    let losses = core_loss(&links, 10).unwrap();
    assert!(losses.len() == 2 && losses[0].loss == 1.0 && losses[0].loss_of_others.is_nan());
}

#[test]
fn a_city_that_holds_two_parts_together_is_missed() {
    // Two triangles that meet in city 2.
    let links =
        linkage(5, &[(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0), (2, 4, 1.0)]).undirected();
    let losses = core_loss(&links, 2).unwrap();
    assert_eq!((losses[0].city, losses[0].pairs_cut), (2, 4));
    // 10 pairs: 6 at 1, 4 at 2, so 8 in all, 4 of them with city 2; without it two pairs at 1 are left.
    assert!((losses[0].loss - 0.75).abs() < 1e-12 && (losses[0].loss_of_others - 0.5).abs() < 1e-12);
}

#[test]
fn without_links_there_is_nothing_to_say() {
    let links = linkage(4, &[(0, 1, 1.0)]).subset(&[0, 2, 3]);
    assert_eq!(network_structure(&links).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(communities(&links, 1.0, false, 42).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(backbone(&links, 0.05).unwrap_err().kind(), Kind::Undefined);
    assert!(rich_club(&links).iter().all(|club| club.links == 0) && core_loss(&links, 10).unwrap().is_empty());
    for resolution in [-1.0, f64::NAN, f64::INFINITY] {
        let links = linkage(2, &[(0, 1, 1.0)]);
        assert_eq!(communities(&links, resolution, false, 42).unwrap_err().kind(), Kind::Option);
    }
}

#[test]
fn planted_communities_are_found_in_any_number_of_threads() {
    // Twenty blocks of thirty cities; three links of four within (the finaliser of SplitMix64).
    let draw = |key: u32, bound: u64| {
        let z = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound) as u32
    };
    let arc = |k: u32| {
        let origin = draw(3 * k, 600);
        let destination =
            if k.is_multiple_of(4) { draw(3 * k + 1, 600) } else { origin / 30 * 30 + draw(3 * k + 1, 30) };
        (origin, destination, 1.0 + f64::from(draw(3 * k + 2, 5)))
    };
    let arcs: Vec<(u32, u32, f64)> = (0..6000).map(arc).collect();
    let links = linkage(600, &arcs);
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let found = communities(&links, 1.0, false, 7).unwrap();
            format!("{found:?} {:?} {:?}", network_structure(&links).unwrap(), core_loss(&links, 3))
        })
    };
    assert_eq!(of(1), of(5));
    let found = communities(&links, 1.0, false, 7).unwrap();
    assert_eq!(found.count, 20);
    assert!((0..600).all(|i| found.community[i] == found.community[i / 30 * 30]));
}

/// Links that are strong by powers of two, so that sums are exact.
fn network() -> impl Strategy<Value = Linkage> {
    prop::collection::vec((0..12u32, 0..12u32, 0..4i32), 1..60).prop_filter_map("no links", |arcs| {
        let arcs = arcs.into_iter().map(|(i, j, power)| (i, j, 2.0_f64.powi(power))).collect();
        Linkage::from_arcs(12, arcs, LinkMeaning::Strength).ok()
    })
}

fn changed(links: &Linkage, with: impl Fn(u32, u32, f64) -> (u32, u32, f64)) -> Linkage {
    let arcs = links.arcs().map(|(i, j, w)| with(i as u32, j as u32, w)).collect();
    Linkage::from_arcs(links.n(), arcs, LinkMeaning::Strength).unwrap()
}

proptest! {
    #[test]
    fn the_unit_of_the_strengths_does_not_matter(links in network(), power in -20..20i32) {
        let unit = 2.0_f64.powi(power);
        let scaled = changed(&links, |i, j, w| (i, j, w * unit));
        let (a, b) = (network_structure(&links).unwrap(), network_structure(&scaled).unwrap());
        prop_assert!((a.efficiency * unit - b.efficiency).abs() <= 1e-9 * b.efficiency);
        prop_assert_eq!((a.reciprocity_weighted, a.transitivity.to_bits()), (b.reciprocity_weighted, b.transitivity.to_bits()));
        prop_assert_eq!(
            communities(&links, 1.0, false, 42).unwrap().community,
            communities(&scaled, 1.0, false, 42).unwrap().community
        );
        let (a, b) = (backbone(&links, 0.3).unwrap(), backbone(&scaled, 0.3).unwrap());
        prop_assert_eq!((&a.degree, &a.dominant), (&b.degree, &b.dominant));
    }

    #[test]
    fn names_do_not_matter(links in network()) {
        let other = changed(&links, |i, j, w| (11 - i, 11 - j, w));
        let (a, b) = (network_structure(&links).unwrap(), network_structure(&other).unwrap());
        for (a, b) in [
            (a.density, b.density),
            (a.reciprocity_weighted, b.reciprocity_weighted),
            (a.assortativity, b.assortativity),
            (a.efficiency, b.efficiency),
            (a.path_length_unweighted, b.path_length_unweighted),
            (a.transitivity, b.transitivity),
            (a.clustering_mean, b.clustering_mean),
        ] {
            prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0) || (a.is_nan() && b.is_nan()), "{} and {}", a, b);
        }
        prop_assert_eq!(&a.components, &b.components);
        prop_assert!((communities(&links, 1.0, false, 1).unwrap().modularity - communities(&other, 1.0, false, 1).unwrap().modularity).abs() < 1e-9);
    }

    #[test]
    fn no_single_move_betters_the_communities(links in network(), directed in any::<bool>(), resolution in 0.2..3.0f64) {
        let found = communities(&links, resolution, directed, 42).unwrap();
        let quality = modularity(&links, &found.community, resolution, directed);
        prop_assert!(quality < 1.0 + 1e-12 && quality >= modularity(&links, &[Some(1); 12], resolution, directed) - 1e-9);
        for city in (0..12).filter(|&city| found.community[city].is_some()) {
            for label in 1..=found.count + 1 {
                let mut moved = found.community.clone();
                moved[city] = Some(label);
                prop_assert!(modularity(&links, &moved, resolution, directed) <= quality + 1e-9);
            }
        }
        // Labels are 1, 2, … by size.
        let sizes: Vec<usize> = (1..=found.count).map(|label| found.community.iter().filter(|l| **l == Some(label)).count()).collect();
        prop_assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes.iter().all(|&size| size > 0));
        // No community falls apart.
        for label in 1..=found.count {
            let members: Vec<usize> = (0..12).filter(|&i| found.community[i] == Some(label)).collect();
            let inside = links.subset(&members).components();
            prop_assert!(members.len() == 1 || (inside.len() == 1 && inside[0].len() == members.len()));
        }
    }

    #[test]
    fn a_backbone_keeps_every_city_and_connection(links in network(), alpha in 0.01..0.9f64) {
        let found = backbone(&links, alpha).unwrap();
        let kept = found.linkage().unwrap();
        prop_assert_eq!(kept.components(), links.components());
        prop_assert_eq!(kept.unlinked(), links.unlinked());
        // A forest has a pair fewer than cities in each component.
        let mut tree: Vec<(usize, usize)> = found.links.iter().filter(|link| link.tree)
            .map(|link| (link.origin.min(link.destination), link.origin.max(link.destination))).collect();
        tree.sort_unstable();
        tree.dedup();
        prop_assert_eq!(tree.len(), links.components().iter().map(|cities| cities.len() - 1).sum::<usize>());
        for link in &found.links {
            prop_assert!((0.0..=1.0).contains(&link.p_out) && (0.0..=1.0).contains(&link.p_in));
            prop_assert!(kept.graph().edge_count() <= links.graph().edge_count());
            prop_assert!(link.kept() || !link.dominant, "{:?}", link);
        }
        let inflow = links.strength_in();
        for (i, j) in found.dominant.dominant.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))) {
            prop_assert!(inflow[j] > inflow[i]);
        }
    }

    #[test]
    fn losses_and_rich_clubs_stay_within_bounds(links in network()) {
        for loss in core_loss(&links, 10).unwrap() {
            prop_assert!((0.0..=1.0).contains(&loss.loss));
            prop_assert!(loss.loss_of_others.is_nan() || (0.0..=1.0).contains(&loss.loss_of_others));
        }
        let clubs = rich_club(&links);
        for club in &clubs {
            prop_assert!((0.0..=1.0).contains(&club.phi));
            prop_assert!(club.links == 0 || (club.phi_weighted > 0.0 && club.phi_weighted <= 1.0 && club.rho > 0.0));
        }
    }
}

/// Runs a measure on a network of cities at points along a line; the last has no place.
fn outcome(name: &str, links: &Linkage, mass: &[Variable]) -> (&'static Measure, Outcome) {
    let n = links.n();
    let ids: Vec<String> = (0..n).map(|i| format!("C{i}")).collect();
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let points = (0..n).map(|i| (i + 1 < n).then_some([i as f64, 30.0])).collect();
    let cities = Cities { names: ids.clone(), ids, shapes, points, metric: Metric::EARTH, notes: Vec::new() };
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let features: Vec<usize> = (0..n).collect();
    let run = Run { network: Some(links), mass, ..Run::of(&cities, &features, &inference, &options) };
    let found = measure(name).unwrap();
    let mut outcomes = found.run(&run).unwrap();
    assert_eq!(outcomes.len(), 1);
    (found, outcomes.remove(0))
}

const NAMES: [&str; 5] = ["centrality", "network_structure", "communities", "backbone", "polycentricity"];

#[test]
fn adapters_give_what_they_announce_and_no_more() {
    let links = linkage(6, &[(0, 1, 4.0), (1, 0, 2.0), (1, 2, 9.0), (2, 3, 1.0), (3, 5, 2.0), (5, 0, 1.0)]);
    let mass = [Variable { name: "people".into(), year: Some(2020), values: vec![9.0, 5.0, 4.0, 2.0, f64::NAN, 1.0] }];
    for links in
        [links.clone(), links.undirected(), linkage(3, &[(0, 2, 1.0)]), links.subset(&[0, 4]), links.subset(&[])]
    {
        for name in NAMES {
            let mass = if links.n() == 6 { &mass[..] } else { &[] };
            let (measure, got) = outcome(name, &links, mass);
            let announced = |name: &str| measure.about().fields.iter().any(|field| field.name == name);
            let given = got.scalars.iter().map(|x| x.0).chain(got.columns.iter().map(|x| x.0));
            let given = given.chain(got.tables.iter().map(|x| x.0)).chain(got.layers.iter().map(|x| x.0));
            given.for_each(|given| assert!(announced(given), "{name} gives {given}"));
            for (column, values) in &got.columns {
                let count = match values {
                    Values::Numbers(x) => x.len(),
                    Values::Counts(x) => x.len(),
                    Values::Classes(x) => x.len(),
                    Values::Texts(x) => x.len(),
                };
                assert_eq!(count, links.n(), "{name}: {column}");
            }
            for (_, table) in &got.tables {
                assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
            }
            let null = got.scalars.iter().any(|(_, x)| !x.is_finite());
            let reasons = ["undefined", "undefined_number", "not_run", "no_rich_club"];
            assert!(!null || got.notes.iter().any(|note| reasons.contains(&note.code)), "{name}: {:?}", got.scalars);
        }
    }
}

#[test]
fn links_of_a_city_without_a_place_are_not_drawn_and_named() {
    let (_, got) = outcome("backbone", &linkage(4, &[(0, 1, 4.0), (1, 2, 9.0), (2, 3, 1.0)]), &[]);
    let layer = &got.layers[0].1;
    assert_eq!((got.tables[0].1.rows.len(), layer.features.len()), (3, 2));
    assert_eq!(layer.features[1].shape, LayerShape::Lines(vec![vec![[1.0, 30.0], [2.0, 30.0]]]));
    let note = got.notes.iter().find(|note| note.code == "no_way").unwrap();
    assert_eq!(
        (note.message.as_str(), note.cities.as_slice()),
        ("1 link is not drawn for want of a place of C3", &["C3".to_owned()][..])
    );
}

#[test]
fn links_and_masses_stand_side_by_side() {
    let mass = [Variable { name: "people".into(), year: Some(2020), values: vec![8.0, 4.0, 2.0, 1.0] }];
    let (_, got) = outcome("polycentricity", &complete(4, |_, _| 1.0), &mass);
    let kinds: Vec<&str> = got.tables[0].1.rows.iter().map(|row| row[0].as_str().unwrap()).collect();
    assert_eq!(kinds, ["functional", "morphological"]);
    assert_eq!((got.scalar("green"), got.scalar("burger_meijers")), (1.0, 0.0));
    assert!(
        got.notes
            .iter()
            .any(|note| note.message.starts_with("the links are more polycentric than the cities' people in 2020"))
    );
}
