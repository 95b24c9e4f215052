//! Similarity of industrial structures: against other people's programs (`golden/similarity_yangtze.json` names them), and
//! the laws that it obeys on any data.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use agglo::error::Kind;
use agglo::measures::isomorphism::*;
use agglo::study::Structure;
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn flat(value: &Value) -> Vec<f64> {
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

fn of(similarity: &Similarity, coefficient: Coefficient) -> &[f64] {
    match coefficient {
        Coefficient::Unido => &similarity.unido,
        Coefficient::Krugman => &similarity.krugman,
        Coefficient::FingerKreinin => &similarity.finger_kreinin,
        Coefficient::BrayCurtis => &similarity.bray_curtis,
        Coefficient::JensenShannon => &similarity.jensen_shannon,
        Coefficient::Hellinger => &similarity.hellinger,
        Coefficient::Pearson => &similarity.pearson,
        Coefficient::Spearman => &similarity.spearman,
        Coefficient::Grey => &similarity.grey,
    }
}

/// Employment in the Yangtze River Delta in a year.
fn yangtze(year: &str) -> (Vec<String>, Vec<String>, Structure) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/yangtze-delta/industry.csv");
    let mut table = csv::Reader::from_path(path).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).filter(|row| &row[2] == year).collect();
    let mut names: [Vec<String>; 2] = Default::default();
    for (names, at) in names.iter_mut().zip([0, 3]) {
        for row in &rows {
            if !names.iter().any(|name| name == &row[at]) {
                names.push(row[at].to_owned());
            }
        }
    }
    let [cities, sectors] = names;
    let mut levels = vec![f64::NAN; cities.len() * sectors.len()];
    for row in &rows {
        let place = |names: &[String], at: usize| names.iter().position(|name| name == &row[at]).unwrap();
        levels[place(&cities, 0) * sectors.len() + place(&sectors, 3)] = row[4].parse().unwrap();
    }
    let structure = Structure::new(levels, sectors.len()).unwrap();
    (cities, sectors, structure)
}

#[test]
fn yangtze_delta_as_in_scipy() {
    let golden: Value = serde_json::from_str(include_str!("golden/similarity_yangtze.json")).unwrap();
    let (cities, _, structure) = yangtze("2020");
    let n = cities.len();
    assert_eq!(golden["cities"], serde_json::json!(cities));
    let result = similarity(&structure).unwrap();
    for coefficient in Coefficient::ALL {
        let matrix = of(&result, coefficient);
        for (row, want) in
            numbers(&golden["row_numbers"]).iter().zip(golden["rows"][coefficient.name()].as_array().unwrap())
        {
            let row = *row as usize;
            all_close(&matrix[row * n..(row + 1) * n], &numbers(want), 1e-12);
        }
        let sum: f64 = (0..n).flat_map(|i| (i + 1..n).map(move |j| matrix[i * n + j])).sum();
        close(sum, golden["sums"][coefficient.name()].as_f64().unwrap(), 1e-12);
    }
    all_close(&result.unido_total, &numbers(&golden["unido_total"]), 1e-12);
    all_close(&result.grey_total, &numbers(&golden["grey_total"]), 1e-12);
    let summary = similarity_summary(&structure).unwrap();
    close(summary.mean, golden["mean"].as_f64().unwrap(), 1e-12);
    close(summary.mean_weighted, golden["mean_weighted"].as_f64().unwrap(), 1e-12);
    close(summary.mean_krugman_half, golden["mean_krugman_half"].as_f64().unwrap(), 1e-12);
    all_close(&summary.city_mean, &numbers(&golden["city_mean"]), 1e-12);
    let mut three = [2; 20];
    three[..5].copy_from_slice(&[0, 1, 1, 1, 1]);
    let merged = similarity_summary(&structure.merged(&three, 3).unwrap()).unwrap();
    close(merged.mean, golden["mean_three_sectors"].as_f64().unwrap(), 1e-12);
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn german_states_and_beijing_tianjin_hebei_as_in_other_programs() {
    let folder = std::env::var("AGGLO_GOLDEN").unwrap();
    let names = [
        "unido_similarity",
        "krugman_pair",
        "finger_kreinin",
        "bray_curtis_shares",
        "jensen_shannon_divergence_base2",
        "hellinger",
        "pearson_shares",
        "spearman_shares",
        "grey_relational_vs_mean",
        "unido_mean_pair",
        "unido_mean_pair_weighted",
        "unido_mean_by_region",
        "unido_vs_total",
    ];
    let files = [("delaender_industry", "delaender", "employment"), ("jjj_three_sector_2014", "jjj3", "shares")];
    for (file, dataset, levels) in files {
        let text = std::fs::read_to_string(Path::new(&folder).join(format!("{file}.json"))).unwrap();
        let golden: Value = serde_json::from_str(&text).unwrap();
        let levels = &golden["inputs"][levels];
        let structure = Structure::new(flat(levels), levels[0].as_array().unwrap().len()).unwrap();
        let (result, summary) = (similarity(&structure).unwrap(), similarity_summary(&structure).unwrap());
        for name in names {
            let id = format!("{dataset}.{name}");
            let measures = golden["measures"].as_array().unwrap();
            let measure =
                measures.iter().find(|measure| measure["id"] == id.as_str()).unwrap_or_else(|| panic!("no {id}"));
            let got = match name {
                "unido_similarity" => result.unido.clone(),
                "krugman_pair" => result.krugman.clone(),
                "finger_kreinin" => result.finger_kreinin.clone(),
                "bray_curtis_shares" => result.bray_curtis.clone(),
                "jensen_shannon_divergence_base2" => result.jensen_shannon.clone(),
                "hellinger" => result.hellinger.clone(),
                "pearson_shares" => result.pearson.clone(),
                "spearman_shares" => result.spearman.clone(),
                "grey_relational_vs_mean" => result.grey_total.clone(),
                "unido_mean_pair" => vec![summary.mean],
                "unido_mean_pair_weighted" => vec![summary.mean_weighted],
                "unido_mean_by_region" => summary.city_mean.clone(),
                "unido_vs_total" => result.unido_total.clone(),
                other => panic!("{other} is not compared"),
            };
            let value = &measure["value"];
            let want = match value {
                Value::Number(x) => vec![x.as_f64().unwrap()],
                rows if rows[0].is_array() => flat(rows),
                row => numbers(row),
            };
            all_close(&got, &want, measure["tolerance"].as_f64().unwrap());
        }
    }
}

/// Each coefficient from its definition, one pair at a time.
fn plainly(structure: &Structure, coefficient: Coefficient, i: usize, j: usize) -> f64 {
    let (a, b) = (structure.shares(i), structure.shares(j));
    let pairs = || a.iter().copied().zip(b.iter().copied());
    let k = a.len() as f64;
    match coefficient {
        Coefficient::Unido => {
            let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
            dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
        }
        Coefficient::Krugman => pairs().map(|(a, b)| (a - b).abs()).sum(),
        Coefficient::FingerKreinin => pairs().map(|(a, b)| a.min(b)).sum(),
        Coefficient::BrayCurtis => {
            pairs().map(|(a, b)| (a - b).abs()).sum::<f64>() / pairs().map(|(a, b)| a + b).sum::<f64>()
        }
        Coefficient::JensenShannon => {
            let relative = |p: f64, m: f64| if p == 0.0 { 0.0 } else { p * libm::log2(p / m) };
            pairs().map(|(a, b)| 0.5 * (relative(a, 0.5 * (a + b)) + relative(b, 0.5 * (a + b)))).sum()
        }
        Coefficient::Hellinger => (0.5 * pairs().map(|(a, b)| (a.sqrt() - b.sqrt()).powi(2)).sum::<f64>()).sqrt(),
        Coefficient::Pearson => correlation(a, b),
        Coefficient::Spearman => correlation(&ranks(a), &ranks(b)),
        Coefficient::Grey => {
            let members = structure.members();
            let differences = members
                .iter()
                .flat_map(|&i| members.iter().map(move |&j| (i, j)))
                .flat_map(|(i, j)| structure.shares(i).iter().zip(structure.shares(j)).map(|(a, b)| (a - b).abs()));
            let most = 0.5 * differences.fold(0.0, f64::max);
            pairs().map(|(a, b)| most / ((a - b).abs() + most)).sum::<f64>() / k
        }
    }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (p, q) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(&a, &b)| f(a - p, b - q)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

fn ranks(x: &[f64]) -> Vec<f64> {
    let count = |f: &dyn Fn(f64) -> bool| x.iter().filter(|&&y| f(y)).count() as f64;
    x.iter().map(|&x| count(&|y| y < x) + (count(&|y| y == x) + 1.0) / 2.0).collect()
}

/// Cities of two to thirty sectors, many of them 0; every city has something, and none the same in all sectors.
fn structures() -> impl Strategy<Value = (usize, Vec<f64>)> {
    let level = prop_oneof![3 => 0.1..1e4, 1 => Just(0.0)];
    (2..40_usize, 2..30_usize).prop_flat_map(move |(n, k)| {
        let city = proptest::collection::vec(level.clone(), k).prop_map(|mut city| {
            city[0] = 1e4 + 1.0;
            city
        });
        proptest::collection::vec(city, n).prop_map(move |cities| (k, cities.concat()))
    })
}

/// Rounding in the sums of a profile, and what it becomes where shares are nearly equal.
fn slack(coefficient: Coefficient) -> f64 {
    match coefficient {
        Coefficient::Pearson | Coefficient::Spearman => 1e-9,
        _ => 1e-13,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_defined_symmetric_bounded_and_one_kernel((k, levels) in structures()) {
        let structure = Structure::new(levels, k).unwrap();
        let n = structure.cities();
        let result = similarity(&structure).unwrap();
        for coefficient in Coefficient::ALL {
            let matrix = of(&result, coefficient);
            prop_assert_eq!(matrix, similarity_matrix(&structure, coefficient));
            let (least, most) = coefficient.range();
            for (i, j) in (0..n * n).map(|at| (at / n, at % n)) {
                let x = matrix[i * n + j];
                prop_assert_eq!(x.to_bits(), matrix[j * n + i].to_bits());
                prop_assert!((least..=most).contains(&x), "{} {}", coefficient.name(), x);
                let want = plainly(&structure, coefficient, i, j);
                prop_assert!((x - want).abs() < slack(coefficient), "{} {} {}", coefficient.name(), x, want);
                prop_assert!(i != j || x == coefficient.of_identical());
            }
        }
        prop_assert_eq!(&result.unido, &unido(&structure));
    }

    #[test]
    fn coefficients_hang_together((k, levels) in structures()) {
        let result = similarity(&Structure::new(levels, k).unwrap()).unwrap();
        for at in 0..result.unido.len() {
            let (k, h2, js) = (result.krugman[at], result.hellinger[at].powi(2), result.jensen_shannon[at]);
            prop_assert!((k - (2.0 - 2.0 * result.finger_kreinin[at])).abs() < 1e-13);
            prop_assert_eq!(k / 2.0, result.bray_curtis[at]);
            // h(p) ≤ 2√(p(1 − p)) for the entropy h in bits gives H² ≤ JS; JS in bits is at most half of K (Lin 1991).
            prop_assert!(h2 <= js + 1e-14 && js <= 2.0 * h2 + 1e-14, "{} {}", h2, js);
            prop_assert!(js <= k / 2.0 + 1e-14, "{} {}", js, k);
        }
    }

    #[test]
    fn sizes_and_orders_do_not_matter((k, levels) in structures(), factor in 1e-3..1e3) {
        let structure = Structure::new(levels.clone(), k).unwrap();
        let n = structure.cities();
        let base = similarity(&structure).unwrap();
        let scaled: Vec<f64> = levels.iter().enumerate().map(|(at, x)| if at / k % 2 == 0 { x * factor } else { *x }).collect();
        let scaled = similarity(&Structure::new(scaled, k).unwrap()).unwrap();
        let backwards: Vec<f64> = levels.chunks(k).rev().flatten().copied().collect();
        let backwards = similarity(&Structure::new(backwards, k).unwrap()).unwrap();
        let sectors: Vec<f64> = levels.chunks(k).flat_map(|city| city.iter().rev()).copied().collect();
        let sectors = similarity(&Structure::new(sectors, k).unwrap()).unwrap();
        for coefficient in Coefficient::ALL {
            let base = of(&base, coefficient);
            for (i, j) in (0..n * n).map(|at| (at / n, at % n)) {
                let at = i * n + j;
                // Levels that differ in their last digits may tie after scaling: only ranks mind.
                if coefficient != Coefficient::Spearman {
                    prop_assert!((of(&scaled, coefficient)[at] - base[at]).abs() < slack(coefficient));
                }
                let other = of(&backwards, coefficient)[(n - 1 - i) * n + n - 1 - j];
                prop_assert_eq!(other.to_bits(), base[at].to_bits());
                prop_assert!((of(&sectors, coefficient)[at] - base[at]).abs() < slack(coefficient));
            }
        }
    }

    #[test]
    fn multiples_of_one_structure_are_exactly_alike(
        city in proptest::collection::vec(0.1..1e4, 3..100),
        factors in proptest::collection::vec(1e-6..1e6, 2..6),
    ) {
        let levels = factors.iter().flat_map(|f| city.iter().map(move |x| x * f)).collect();
        let structure = Structure::new(levels, city.len()).unwrap();
        let result = similarity(&structure).unwrap();
        for coefficient in Coefficient::ALL {
            prop_assert!(of(&result, coefficient).iter().all(|&x| x == coefficient.of_identical()), "{}", coefficient.name());
        }
        prop_assert!(result.unido_total.iter().chain(&result.grey_total).all(|&x| x == 1.0));
    }

    /// Structures that differ in the eighth digit keep the digits of their divergence, which entropies would lose.
    #[test]
    fn near_structures_keep_their_digits(city in proptest::collection::vec(1.0..100.0, 2..40), by in 1e-8..1e-3) {
        let near = city.iter().enumerate().map(|(k, x)| if k == 0 { x * (1.0 + by) } else { *x });
        let structure = Structure::new(city.iter().copied().chain(near).collect(), city.len()).unwrap();
        let js = similarity_matrix(&structure, Coefficient::JensenShannon)[1];
        let h = similarity_matrix(&structure, Coefficient::Hellinger)[1];
        // For near structures JS in nats is H² but for terms of higher order.
        let ratio = js * std::f64::consts::LN_2 / (h * h);
        prop_assert!((ratio - 1.0).abs() < 1e-6, "{}", ratio);
    }
}

#[test]
fn the_same_bits_for_any_number_of_threads() {
    let (_, _, structure) = yangtze("2010");
    let many: Vec<usize> = (0..5).flat_map(|_| 0..structure.cities()).collect();
    let structure = structure.subset(&many);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| similarity(&structure).unwrap())
    };
    let one = with(1);
    for threads in [2, 16] {
        let other = with(threads);
        for coefficient in Coefficient::ALL {
            let bits =
                |result: &Similarity| -> Vec<u64> { of(result, coefficient).iter().map(|x| x.to_bits()).collect() };
            assert_eq!(bits(&one), bits(&other));
        }
        assert_eq!((&one.unido_total, &one.grey_total), (&other.unido_total, &other.grey_total));
    }
}

#[test]
fn cities_without_a_structure_take_no_part() {
    let levels = vec![1.0, 3.0, 2.0, 0.0, 0.0, 0.0, 5.0, f64::NAN, 1.0, 2.0, 2.0, 2.0, 4.0, 4.0, 4.0];
    let structure = Structure::new(levels, 3).unwrap();
    let result = similarity(&structure).unwrap();
    for coefficient in Coefficient::ALL {
        let matrix = of(&result, coefficient);
        for (i, j) in (0..25).map(|at| (at / 5, at % 5)) {
            let outside = [1, 2].contains(&i) || [1, 2].contains(&j);
            let correlation = matches!(coefficient, Coefficient::Pearson | Coefficient::Spearman);
            let constant = correlation && (i > 2 || j > 2);
            assert_eq!(matrix[i * 5 + j].is_nan(), outside || constant, "{} {i} {j}", coefficient.name());
        }
    }
    assert_eq!(result.constant, [3, 4]);
    assert_eq!(result.unido[3 * 5 + 4], 1.0);
    let summary = similarity_summary(&structure).unwrap();
    assert_eq!((summary.n, summary.pairs, summary.max_pair), (3, 3, (3, 4)));
    assert_eq!(summary.city_rank, [Some(3), None, None, Some(1), Some(1)]);
    assert_eq!(summary.city_with, [Some(3), None, None, Some(4), Some(3)]);
    assert!(summary.city_mean[1].is_nan() && summary.city_total[2].is_nan());
}

#[test]
fn nothing_in_common_is_the_end_of_every_scale() {
    let structure = Structure::new(vec![3.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0, 7.0], 4).unwrap();
    let result = similarity(&structure).unwrap();
    let ends =
        [result.unido[1], result.krugman[1], result.finger_kreinin[1], result.jensen_shannon[1], result.hellinger[1]];
    all_close(&ends, &[0.0, 2.0, 0.0, 1.0, 1.0], 1e-15);
}

#[test]
fn too_little_is_refused() {
    let one_sector = similarity(&Structure::new(vec![1.0, 2.0, 3.0], 1).unwrap()).unwrap_err();
    assert_eq!(one_sector.kind(), Kind::TooFew);
    let message = one_sector.to_string();
    assert!(message.contains("one sector") && message.contains("at least two are needed"), "{message}");
    let one_city = similarity_summary(&Structure::new(vec![1.0, 2.0, 0.0, 0.0], 2).unwrap()).unwrap_err();
    assert_eq!(one_city.kind(), Kind::TooFew);
    assert_eq!(similarity(&Structure::new(Vec::new(), 2).unwrap()).unwrap_err().kind(), Kind::TooFew);
    assert!(mean_by_groups(&[1.0; 4], &[Some("a")]).is_err());
}

#[test]
fn means_within_and_between() {
    let s = [1.0, 0.9, 0.5, f64::NAN, 0.9, 1.0, 0.7, 0.1, 0.5, 0.7, 1.0, 0.2, f64::NAN, 0.1, 0.2, 1.0];
    let means = mean_by_groups(&s, &[Some("a"), Some("a"), Some("b"), None]).unwrap();
    assert_eq!((means.within, means.between), (0.9, 0.6));
    assert_eq!((means.pairs_within, means.pairs_between), (1, 2));
    assert!(mean_by_groups(&s, &[Some("a"); 4]).unwrap().between.is_nan());
}

mod in_the_registry {
    use super::*;
    use agglo::inference::Inference;
    use agglo::measures::{Outcome, Run, Values, measure};
    use agglo::study::{Cities, Grouping, Industry, IndustryYear, Metric, Shapes, ThreeSectors};

    fn industry(sectors: &[&str], years: Vec<(i32, Structure)>) -> Industry {
        Industry {
            value: "employees".into(),
            sectors: sectors.iter().map(|&sector| sector.to_owned()).collect(),
            groups: None,
            broad: ThreeSectors::of_sectors(sectors),
            years: years.into_iter().map(|(year, structure)| IndustryYear { year: Some(year), structure }).collect(),
            reference: None,
            percent: false,
            notes: Vec::new(),
        }
    }

    fn run(ids: &[String], industry: &Industry, groups: &[Grouping]) -> agglo::Result<Vec<Outcome>> {
        let n = ids.len();
        let mut shapes = Shapes::default();
        (0..n).for_each(|i| shapes.push_point([i as f64, 0.0]));
        let cities = Cities {
            ids: ids.to_vec(),
            names: ids.to_vec(),
            shapes,
            points: vec![None; n],
            metric: Metric::Planar,
            notes: Vec::new(),
        };
        let features: Vec<usize> = (0..n).collect();
        let (inference, options) = (Inference::default(), Default::default());
        let run = Run { groups, industry: Some(industry), ..Run::of(&cities, &features, &inference, &options) };
        measure("similarity").unwrap().run(&run)
    }

    fn named(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("C{i}")).collect()
    }

    fn said(outcome: &Outcome) -> String {
        outcome.notes.iter().map(|note| format!("{}: {}\n", note.code, note.message)).collect()
    }

    #[test]
    fn every_year_and_the_trend() {
        let years = ["2010", "2020"].map(yangtze);
        let ids = years[0].0.clone();
        let sectors: Vec<&str> = years[0].1.iter().map(String::as_str).collect();
        let provinces = ids.iter().map(|id| Some(id[..2].to_owned())).collect();
        let provinces = [Grouping { name: "province".into(), groups: provinces }];
        let structures = years.iter().map(|year| year.2.clone());
        let mut industry = industry(&sectors, [2010, 2020].into_iter().zip(structures).collect());
        industry.groups = Some((0..sectors.len()).map(|k| format!("group {}", k / 4)).collect());
        let outcomes = run(&ids, &industry, &provinces).unwrap();
        let [_, latest, over] = outcomes.as_slice() else { panic!("{} outcomes", outcomes.len()) };
        close(latest.scalar("mean"), 0.8656109117526779, 1e-12);
        close(latest.scalar("mean_three_sectors"), 0.951030917098717, 1e-12);
        let names = ["mean_weighted", "mean_within", "mean_between", "mean_krugman_half", "min", "max", "mean_groups"];
        assert!(names.iter().all(|name| latest.scalar(name) > 0.0), "{:?}", latest.scalars);
        assert_eq!(latest.matrices.len(), 9);
        let Some(Values::Texts(with)) = latest.column("with") else { panic!("no texts") };
        assert!(with.iter().all(|id| ids.contains(id.as_ref().unwrap())));
        let tables: Vec<(&str, usize)> = latest.tables.iter().map(|(name, table)| (*name, table.rows.len())).collect();
        assert_eq!((tables[0], tables[1].0, tables[2]), (("cities", 41), "summary", ("sensitivity", 3)));
        let text = said(latest);
        assert!(text.contains("Mean similarity 0.866 (41 cities, 20 sectors, 2020); highest pair "), "{text}");
        assert!(text.contains("merged to three sectors it would be 0.951, so similarity near 1"), "{text}");
        assert!(text.contains("Cities of the same province are more alike than"), "{text}");
        assert_eq!((over.year, &over.options["from"]), (None, &serde_json::json!(2010)));
        assert_eq!(over.tables[0].1.rows.len(), 2);
        let slope = (latest.scalar("mean") - outcomes[0].scalar("mean")) / 10.0;
        close(over.scalar("slope_mean"), slope, 1e-12);
        assert!(said(over).contains("in 2010 to 0.866 in 2020;"), "{}", said(over));
        for (_, table) in outcomes.iter().flat_map(|outcome| &outcome.tables) {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
    }

    #[test]
    fn coarse_and_unknown_sectors_are_told() {
        let structure = || Structure::new(vec![1.0, 2.0, 3.0, 2.0, 2.0, 2.0], 3).unwrap();
        let three = industry(&["primary", "secondary", "tertiary"], vec![(2020, structure())]);
        let text = said(&run(&named(2), &three, &[]).unwrap()[0]);
        assert!(text.contains("coarse_sectors: the structures have 3 sectors only"), "{text}");
        assert!(text.contains("no correlations (pearson, spearman) with C1"), "{text}");
        assert!(!text.contains("merged"), "{text}");
        let mut unknown = industry(&["agriculture", "x1", "y2"], vec![(2020, structure())]);
        unknown.percent = true;
        let outcome = &run(&named(2), &unknown, &[]).unwrap()[0];
        let text = said(outcome);
        assert!(text.contains("whether x1 and y2 belong") && text.contains("--sector-groups FILE"), "{text}");
        assert!(text.contains("sizes_unknown") && outcome.scalar("mean_weighted").is_nan(), "{text}");
    }

    #[test]
    fn one_sector_is_an_error_and_a_city_without_a_group_is_named() {
        let one = industry(&["all"], vec![(2020, Structure::new(vec![1.0, 2.0], 1).unwrap())]);
        let message = run(&named(2), &one, &[]).unwrap_err().to_string();
        assert!(message.contains("sector") && message.contains("at least"), "{message}");
        let structure = Structure::new(vec![1.0, 2.0, 2.0, 1.0, 0.0, 0.0, 4.0, 4.0], 2).unwrap();
        let two = industry(&["steel", "banks"], vec![(2020, structure)]);
        let groups = ["a", "a", "a", ""].map(|name| (!name.is_empty()).then(|| name.to_owned())).to_vec();
        let outcome = &run(&named(4), &two, &[Grouping { name: "club".into(), groups }]).unwrap()[0];
        let text = said(outcome);
        assert!(
            text.contains("no club is known of C3") && text.contains("no two cities are of different club"),
            "{text}"
        );
        assert!(outcome.footer.as_ref().unwrap().contains("C2"), "{:?}", outcome.footer);
        assert_eq!(outcome.tables[0].1.rows[2][3], Value::Null);
    }
}
