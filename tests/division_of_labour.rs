//! Pairs of cities by their industries: against SciPy and NumPy on the cities of the Yangtze delta
//! (`golden/dendrogram.json` names versions and calls), and what the measures do with awkward data.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::autocorrelation::Options;
use agglo::measures::isomorphism::*;
use agglo::measures::{Outcome, Run, Values, measure};
use agglo::study::{Cities, Grouping, Industry, IndustryYear, LinkMeaning, Linkage, Metric, Shapes, Structure};
use serde_json::Value;

const MEASURES: [&str; 5] =
    ["isomorphism_pairs", "complementarity", "isomorphism_null", "isomorphism_explained", "division_of_labour"];

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/dendrogram.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn same(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} for {want}");
}

/// The cities of the Yangtze delta in 2020, in the order of their file.
fn delta() -> Structure {
    let text = include_str!("../data/yangtze-delta/industry.csv");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let rows: Vec<&Vec<&str>> = rows.iter().filter(|row| row[2] == "2020").collect();
    let (mut cities, mut sectors) = (Vec::new(), Vec::new());
    for row in &rows {
        if !cities.contains(&row[0]) {
            cities.push(row[0]);
        }
        if !sectors.contains(&row[3]) {
            sectors.push(row[3]);
        }
    }
    let mut levels = vec![0.0; cities.len() * sectors.len()];
    let place = |names: &[&str], name: &str| names.iter().position(|other| *other == name).unwrap();
    rows.iter().for_each(|row| {
        levels[place(&cities, row[0]) * sectors.len() + place(&sectors, row[3])] = row[4].parse().unwrap();
    });
    Structure::new(levels, sectors.len()).unwrap()
}

#[test]
fn the_tree_its_leaves_and_its_cuts_are_those_of_scipy() {
    let (golden, structure) = (golden(), delta());
    let n = structure.cities();
    let got = industrial_communities(&unido(&structure), n).unwrap();
    let merges = golden["linkage"].as_array().unwrap();
    assert_eq!((got.dendrogram.merges.len(), merges.len()), (40, 40));
    for (merge, want) in got.dendrogram.merges.iter().zip(merges) {
        let want = numbers(want);
        assert_eq!([merge.left, merge.right, merge.size].map(|x| x as f64), [want[0], want[1], want[3]]);
        same(merge.height, want[2]);
    }
    let leaves: Vec<f64> = got.dendrogram.leaf_order().into_iter().map(|i| i as f64).collect();
    assert_eq!(leaves, numbers(&golden["leaves"]));
    for ((count, fit), want) in got.cuts.iter().zip(golden["cuts"].as_array().unwrap()) {
        assert_eq!(*count as u64, want["clusters"].as_u64().unwrap());
        same(*fit, want["silhouette"].as_f64().unwrap());
        let labels: Vec<f64> = got.dendrogram.cut(*count).into_iter().map(|label| label as f64).collect();
        assert_eq!(labels, numbers(&want["labels"]));
    }
    assert_eq!((got.cuts.len(), got.count), (11, 4));
}

#[test]
fn extremes_complementarity_and_thresholds_are_those_of_numpy() {
    let (golden, structure) = (golden(), delta());
    let n = structure.cities();
    let extreme = extreme_pairs(&unido(&structure), n, 10);
    for (pairs, name) in [(&extreme.most, "most"), (&extreme.least, "least")] {
        for (pair, want) in pairs.iter().zip(golden["similarity"][name].as_array().unwrap()) {
            let want = numbers(want);
            assert_eq!((pair.0 as f64, pair.1 as f64), (want[0], want[1]));
            same(pair.2, want[2]);
        }
    }
    let values = complementarity(&structure);
    values.iter().zip(numbers(&golden["complementarity"]["row_0"])).for_each(|(got, want)| same(*got, want));
    let division = division_of_labour(&structure, None, None, None).unwrap();
    same(division.thresholds.similar, golden["similarity"]["quantile_2_3"].as_f64().unwrap());
    same(division.thresholds.complementary, golden["complementarity_quantile_2_3"].as_f64().unwrap());
    let outcome = &run_of("complementarity", &study(delta()), &Inference::default())[0];
    same(outcome.scalar("mean"), golden["complementarity"]["mean"].as_f64().unwrap());
    same(outcome.scalar("weighted_mean"), golden["complementarity"]["weighted_mean"].as_f64().unwrap());
}

/// Means and deviations of two independent simulations agree within four standard errors of their difference.
#[test]
fn chance_is_that_of_an_independent_simulation() {
    let (golden, structure) = (golden(), delta());
    let inference = Inference::default();
    for (null, name) in [(Null::QuotientPermutation, "permutation"), (Null::Multinomial, "multinomial")] {
        let chance = similarity_by_chance(&structure, null, &inference).unwrap();
        let want = &golden["chance"][name];
        let (mean, sd) = (want["mean"].as_f64().unwrap(), want["sd"].as_f64().unwrap());
        let replicates = 1.0 / 999.0 + 1.0 / want["replicates"].as_f64().unwrap();
        assert!((chance.mean.expected - mean).abs() < 4.0 * sd * replicates.sqrt(), "{name}: {:?}", chance.mean);
        assert!((chance.mean.sd / sd - 1.0).abs() < 4.0 * (replicates / 2.0).sqrt() * 1.5, "{name}: {:?}", chance.mean);
        same(chance.mean.observed, golden["similarity"]["mean"].as_f64().unwrap());
        if null == Null::QuotientPermutation {
            let want = &golden["chance"]["permutation_pair_0_1"];
            let got = chance.pairs.unwrap().expected[1];
            let error = 4.0 * want["sd"].as_f64().unwrap() * replicates.sqrt();
            assert!((got - want["mean"].as_f64().unwrap()).abs() < error, "{got}");
        }
    }
}

#[test]
fn one_predictor_is_a_plain_regression() {
    let (golden, structure) = (golden(), delta());
    let n = structure.cities();
    let x: Vec<f64> = (0..n).map(|i| structure.total(i).ln()).collect();
    let gap = Explanation { name: "size_gap", values: (0..n * n).map(|at| (x[at / n] - x[at % n]).abs()).collect() };
    let inference = Inference { permutations: 99, ..Inference::default() };
    let got = similarity_explained(&unido(&structure), n, vec![gap], &inference).unwrap();
    let r = golden["size_gap"]["correlation"].as_f64().unwrap();
    same(got.predictors[0].1.correlation, r);
    same(got.predictors[0].1.slope, golden["size_gap"]["slope"].as_f64().unwrap());
    same(got.r2, r * r);
}

/// A study for the adapters: cities in a row, a hundred kilometres or so apart.
struct Small {
    cities: Cities,
    industry: Industry,
    links: Option<Linkage>,
    groups: Vec<Grouping>,
}

fn study(structure: Structure) -> Small {
    let (n, sectors) = (structure.cities(), structure.sectors());
    let ids: Vec<String> = (0..n).map(|i| format!("C{i:02}")).collect();
    let mut shapes = Shapes::default();
    ids.iter().for_each(|_| shapes.push_missing());
    let points = (0..n).map(|i| Some([110.0 + i as f64 * i as f64 / 9.0, 30.0])).collect();
    let industry = Industry {
        value: "employees".into(),
        sectors: (0..sectors).map(|k| format!("sector {k}")).collect(),
        groups: None,
        broad: None,
        years: vec![IndustryYear { year: None, structure }],
        reference: None,
        percent: false,
        notes: Vec::new(),
    };
    let cities = Cities { names: ids.clone(), ids, shapes, points, metric: Metric::EARTH, notes: Vec::new() };
    Small { cities, industry, links: None, groups: Vec::new() }
}

fn run_of(name: &str, study: &Small, inference: &Inference) -> Vec<Outcome> {
    let features: Vec<usize> = (0..study.cities.len()).collect();
    let options = Options::default();
    let run = Run {
        groups: &study.groups,
        links: study.links.as_ref(),
        industry: Some(&study.industry),
        ..Run::of(&study.cities, &features, inference, &options)
    };
    measure(name).unwrap().run(&run).unwrap()
}

fn said(outcome: &Outcome) -> String {
    outcome.notes.iter().map(|note| format!("{}: {}\n", note.code, note.message)).collect()
}

/// Every field that a measure promises is there, and no other; of tables and matrices those that could be made.
fn keeps_its_promise(name: &str, outcome: &Outcome) {
    let about = measure(name).unwrap().about();
    let promised = |found: &str| about.fields.iter().any(|field| field.name == found);
    let names = outcome.scalars.iter().map(|x| x.0).chain(outcome.columns.iter().map(|x| x.0));
    let names = names.chain(outcome.tables.iter().map(|x| x.0)).chain(outcome.matrices.iter().map(|x| x.0));
    names.for_each(|found| assert!(promised(found), "{name} does not promise {found}"));
    for (table, rows) in outcome.tables.iter().map(|(table, out)| (table, out)) {
        assert!(rows.rows.iter().all(|row| row.len() == rows.columns.len()), "{name}.{table}");
    }
    let undefined = outcome.scalars.iter().any(|scalar| scalar.1.is_nan());
    assert!(!undefined || !outcome.notes.is_empty(), "{name}: a number is null and no note says why");
}

#[test]
fn all_of_a_whole_study_is_there() {
    let mut whole = study(delta());
    let n = whole.cities.len() as u32;
    let arcs =
        (0..n).flat_map(|i| (0..n).filter(move |j| (i * 7 + j * 3) % 5 == 0).map(move |j| (i, j, f64::from(i + 1))));
    whole.links = Some(Linkage::from_arcs(n as usize, arcs.collect(), LinkMeaning::Strength).unwrap());
    let groups = (0..n).map(|i| (i > 0).then(|| format!("P{}", i % 4))).collect();
    whole.groups.push(Grouping { name: "province".into(), groups });
    for name in MEASURES {
        let outcomes = run_of(name, &whole, &Inference { permutations: 99, ..Inference::default() });
        let about = measure(name).unwrap().about();
        assert_eq!(outcomes.len(), 1);
        keeps_its_promise(name, &outcomes[0]);
        let found = outcomes[0].scalars.len()
            + outcomes[0].columns.len()
            + outcomes[0].tables.len()
            + outcomes[0].matrices.len();
        assert_eq!(found, about.fields.len(), "{name}");
        assert!(outcomes[0].scalars.iter().all(|scalar| scalar.1.is_finite()), "{name}: {:?}", outcomes[0].scalars);
        assert!(outcomes[0].notes.iter().any(|note| note.code == "follows"), "{name} has no finding");
    }
    let explained =
        &run_of("isomorphism_explained", &whole, &Inference { permutations: 99, ..Inference::default() })[0];
    assert!(said(explained).contains("no province is known of C00"), "{}", said(explained));
    assert_eq!(explained.tables[0].1.rows.len(), 4);
}

#[test]
fn percentages_do_not_say_how_large_cities_are() {
    let mut small = study(Structure::new(delta().levels(0).repeat(2), 10).unwrap());
    small.industry.percent = true;
    let inference = Inference { permutations: 99, ..Inference::default() };
    let null = &run_of("isomorphism_null", &small, &inference)[0];
    assert!(null.scalar("z_mean_multinomial").is_nan() && null.scalar("mean_expected_permutation").is_finite());
    assert!(said(null).contains("percentages"), "{}", said(null));
    let complement = &run_of("complementarity", &small, &inference)[0];
    assert!(complement.scalar("weighted_mean").is_nan() && complement.scalar("mean").is_finite());
    let explained = &run_of("isomorphism_explained", &small, &inference)[0];
    assert!(said(explained).contains("not available: linkage, size_gap and same_group"), "{}", said(explained));
}

#[test]
fn what_is_not_run_says_so() {
    let inference = Inference { permutations: 0, ..Inference::default() };
    let null = &run_of("isomorphism_null", &study(delta()), &inference)[0];
    assert!(null.scalar("mean").is_finite() && null.matrices.is_empty());
    assert_eq!(null.notes.iter().filter(|note| note.code == "not_run").count(), 2, "{}", said(null));
    let value_added = Structure::new(vec![10.5, 20.25, 30.0, 8.0, 9.5, 1.0], 2).unwrap();
    let null = &run_of("isomorphism_null", &study(value_added), &Inference::default())[0];
    assert!(said(null).contains("depends on the unit"), "{}", said(null));
    let tiny = Structure::new(vec![0.1, 0.2, 3.0, 4.0], 2).unwrap();
    let null = &run_of("isomorphism_null", &study(tiny), &Inference::default())[0];
    assert!(said(null).contains("in C00"), "{}", said(null));
}

#[test]
fn one_city_twins_and_cities_without_industry_are_taken_as_they_are() {
    let inference = Inference { permutations: 19, ..Inference::default() };
    let none = vec![0.0, 0.0, f64::NAN, 1.0];
    for levels in [vec![1.0, 2.0], [vec![1.0, 2.0], none.clone()].concat(), none.clone(), Vec::new()] {
        for name in MEASURES {
            let outcome = &run_of(name, &study(Structure::new(levels.clone(), 2).unwrap()), &inference)[0];
            keeps_its_promise(name, outcome);
            assert!(outcome.scalars.iter().all(|scalar| scalar.1.is_nan()), "{name}: {:?}", outcome.scalars);
            assert!(outcome.notes.iter().any(|note| note.code == "undefined"), "{name}");
        }
    }
    let twins = [[1.0, 2.0].repeat(5), none].concat();
    for name in MEASURES {
        let outcome = &run_of(name, &study(Structure::new(twins.clone(), 2).unwrap()), &inference)[0];
        keeps_its_promise(name, outcome);
    }
    let division = &run_of("division_of_labour", &study(Structure::new(twins, 2).unwrap()), &inference)[0];
    assert_eq!(division.scalar("communities"), 1.0);
    let Some(Values::Counts(community)) = division.column("community") else { panic!("no communities") };
    assert_eq!(community[..], [Some(1), Some(1), Some(1), Some(1), Some(1), None, None]);
}

#[test]
fn threads_do_not_matter() {
    let whole = study(delta());
    let inference = Inference { permutations: 49, ..Inference::default() };
    for name in MEASURES {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| format!("{:?}", run_of(name, &whole, &inference)))
        };
        assert_eq!(with(1), with(2), "{name}");
    }
}

/// The terms of every pair add up to the similarity of the reference numbers, and half the gaps to Krugman's index halved.
#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn terms_add_up_to_the_reference_numbers() {
    let folder = std::env::var("AGGLO_GOLDEN").unwrap();
    for (file, prefix, levels) in
        [("delaender_industry", "delaender", "employment"), ("jjj_three_sector_2014", "jjj3", "shares")]
    {
        let text = std::fs::read_to_string(format!("{folder}/{file}.json")).unwrap();
        let golden: Value = serde_json::from_str(&text).unwrap();
        let rows: Vec<Vec<f64>> = golden["inputs"][levels].as_array().unwrap().iter().map(numbers).collect();
        let first = &golden["measures"].as_array().unwrap()[0];
        assert!(first["id"].as_str().unwrap().ends_with("lq"));
        let n = first["value"].as_array().unwrap().len();
        // Some tables come by sector, some by city.
        let by_city: Vec<f64> = match rows.len() == n {
            true => rows.concat(),
            false => (0..n).flat_map(|i| rows.iter().map(move |row| row[i])).collect(),
        };
        let structure = Structure::new(by_city.clone(), by_city.len() / n).unwrap();
        let reference = structure.reference_shares();
        for (id, of_term) in [
            ("unido_similarity", &(|term: &Overlap| term.term) as &dyn Fn(&Overlap) -> f64),
            ("krugman_pair", &|term| (term.share_a - term.share_b).abs()),
        ] {
            let id = format!("{prefix}.{id}");
            let entry = golden["measures"].as_array().unwrap().iter().find(|entry| entry["id"] == id.as_str()).unwrap();
            let tolerance = entry["tolerance"].as_f64().unwrap();
            let matrix: Vec<Vec<f64>> = entry["value"].as_array().unwrap().iter().map(numbers).collect();
            assert_eq!(matrix.len(), n);
            for (i, row) in matrix.iter().enumerate() {
                for (j, want) in row.iter().enumerate() {
                    let sum: f64 = overlap(&structure, i, j, &reference).iter().map(of_term).sum();
                    assert!((sum - want).abs() <= tolerance, "{id}: {sum} for {want}");
                }
            }
        }
    }
}

#[test]
fn sentences_give_the_rules_and_two_cities_have_none() {
    let inference = Inference { permutations: 19, ..Inference::default() };
    let division = &run_of("division_of_labour", &study(delta()), &inference)[0];
    let text = said(division);
    assert!(text.contains("are classed as duplicating (similar, near, weakly linked"), "{text}");
    assert!(text.contains("all pairs count as weakly linked for want of links"), "{text}");
    assert!(text.contains("in the words of Kaufman and Rousseeuw"), "{text}");
    let footer = division.footer.as_ref().unwrap();
    assert!(footer.contains("the quantile 1/3 of all pairs but at most 300 km"), "{footer}");
    let near = &division.tables.iter().find(|table| table.0 == "thresholds").unwrap().1.rows[1][1];
    assert!(near.as_f64().unwrap() <= 300.0, "{near}");
    let two = Structure::new(vec![1.0, 2.0, 3.0, 2.0], 2).unwrap();
    for name in MEASURES {
        let outcome = &run_of(name, &study(two.clone()), &inference)[0];
        assert!(outcome.notes.iter().all(|note| note.code != "follows"), "{name}: {}", said(outcome));
    }
}

#[test]
fn what_does_not_vary_has_no_z_in_words() {
    let twins = Structure::new([1.0, 2.0].repeat(5), 2).unwrap();
    let text = said(&run_of("isomorphism_null", &study(twins.clone()), &Inference::default())[0]);
    assert!(text.contains("since nothing varies in 999 permutations") && !text.contains("NaN"), "{text}");
    let text = said(&run_of("isomorphism_pairs", &study(twins), &Inference::default())[0]);
    assert!(text.contains("all 10 pairs are equally similar"), "{text}");
}
