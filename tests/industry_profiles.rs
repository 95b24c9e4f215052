//! What each city and each sector is by itself: against other people's programs (`golden/industry_yangtze.json` and
//! `golden/toy_structure.json` name them), and the laws that hold for any table of industry.
#![allow(clippy::unwrap_used)]

use agglo::measures::isomorphism::*;
use agglo::study::Structure;
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(rows) => rows.iter().flat_map(numbers).collect(),
        Value::Null => vec![f64::NAN],
        number => vec![number.as_f64().unwrap()],
    }
}

#[track_caller]
fn same(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        let close = (got - want).abs() <= tolerance * want.abs().max(1.0) || (got.is_nan() && want.is_nan());
        assert!(close, "{what}, number {at}: {got} for {want}");
    }
}

fn structure(rows: &Value) -> Structure {
    let sectors = rows[0].as_array().unwrap().len();
    Structure::new(numbers(rows), sectors).unwrap()
}

/// `index` of the shares of every city.
fn of_shares(structure: &Structure, index: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    (0..structure.cities()).map(|i| index(structure.shares(i))).collect()
}

/// `of` every sector.
fn of_sectors(structure: &Structure, of: impl Fn(&Concentration) -> f64) -> Vec<f64> {
    concentration(structure).iter().map(of).collect()
}

/// Every entry of a file of reference numbers that is about these measures; panics where one is not there.
fn against_references(file: &str, prefix: &str, levels: &str, expected: usize) {
    let folder = std::env::var("AGGLO_GOLDEN").unwrap();
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(file)).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let s = structure(&golden["inputs"][levels]);
    let k = s.sectors();
    let lq = location_quotient(&s);
    let specialised = specialised_sectors(&s);
    let near = proximity(&specialised, k);
    let mut compared = 0;
    for entry in golden["measures"].as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        let value = &entry["value"];
        let tolerance = entry["tolerance"].as_f64().unwrap();
        let got = match id.strip_prefix(prefix).unwrap_or(id) {
            "lq" => lq.clone(),
            "slq_symmetric" => symmetric_quotient(&lq),
            "hhi" => of_shares(&s, herfindahl),
            "entropy_nats" => of_shares(&s, entropy),
            "entropy_normalised" => of_shares(&s, entropy_normalised),
            "krugman_spec_total" => krugman_specialisation(&s, Benchmark::Whole),
            "krugman_spec_mean_of_others" => krugman_specialisation(&s, Benchmark::Others),
            "krugman_spec_rest" => krugman_specialisation(&s, Benchmark::Rest),
            "hoover_specialisation" => hoover_specialisation(&s),
            "relative_diversity_duranton_puga" => relative_diversity(&s),
            "absolute_diversity" => of_shares(&s, |shares| 1.0 / herfindahl(shares)),
            "relative_specialisation" => relative_specialisation(&s),
            "hachman" => hachman(&s),
            "hoover_concentration" => of_sectors(&s, |sector| sector.hoover),
            "locational_gini_lorenz" => of_sectors(&s, |sector| sector.locational_gini),
            "locational_gini_lq" => of_sectors(&s, |sector| sector.gini_lq),
            "specialisation_gini_lq" => gini_of_quotients(&s),
            "coagglomeration_egk2010" => coagglomeration(&s).unwrap().egk,
            "mcp" => specialised.iter().map(|&has| f64::from(u8::from(has))).collect(),
            "eci" => complexity(&specialised, k).unwrap().eci,
            "pci_own_z" => complexity(&specialised, k).unwrap().pci,
            "pci_harvard" => complexity(&specialised, k).unwrap().pci_harvard,
            "proximity" => near.clone(),
            "density" => density(&specialised, &near, k, true),
            "density_no_diagonal" => density(&specialised, &near, k, false),
            "variety" => {
                let (places, groups) = places(&value["parents"]);
                let of = |part: fn(Variety) -> f64| of_shares(&s, |shares| part(variety(shares, &places, groups)));
                same(id, &of(|v| v.unrelated), &numbers(&value["unrelated"]), tolerance);
                same(id, &of(|v| v.related), &numbers(&value["related"]), tolerance);
                compared += 1;
                continue;
            }
            "variety_identity" => {
                let parents = golden["measures"].as_array().unwrap().iter().find(|other| other["id"] == "variety");
                let (places, groups) = places(&parents.unwrap()["value"]["parents"]);
                of_shares(&s, |shares| {
                    let of = variety(shares, &places, groups);
                    of.unrelated + of.related
                })
            }
            "urban_flow_intensity" => {
                let flow = urban_flow(&s, &numbers(&golden["inputs"]["pop"])).unwrap();
                compare_flow(id, &flow, value, tolerance);
                compared += 1;
                continue;
            }
            _ => continue,
        };
        same(id, &got, &numbers(value), tolerance);
        compared += 1;
    }
    assert_eq!(compared, expected, "entries of {file} that are about these measures");
}

fn places(parents: &Value) -> (Vec<usize>, usize) {
    let parents: Vec<&str> = parents.as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    let mut names = parents.clone();
    names.sort_unstable();
    names.dedup();
    (parents.iter().map(|parent| names.binary_search(parent).unwrap()).collect(), names.len())
}

fn compare_flow(what: &str, flow: &UrbanFlow, value: &Value, tolerance: f64) {
    let parts = [("E_ij", &flow.by_sector), ("E", &flow.e), ("N", &flow.n), ("F", &flow.f), ("K", &flow.k)];
    parts.iter().for_each(|(name, got)| same(&format!("{what} {name}"), got, &numbers(&value[name]), tolerance));
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn german_states_as_in_other_programs() {
    against_references("delaender_industry.json", "delaender.", "employment", 28);
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn three_sectors_of_nine_cities_as_in_other_programs() {
    against_references("jjj_three_sector_2014.json", "jjj3.", "shares", 18);
}

#[test]
fn four_invented_cities_by_their_formulas() {
    let golden: Value = serde_json::from_str(include_str!("golden/toy_structure.json")).unwrap();
    let entry = |id: &str| golden["measures"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap();
    let (output, workers) = (structure(&golden["inputs"]["output"]), structure(&golden["inputs"]["employment"]));
    let of = |k: usize| -> Vec<f64> { (0..4).map(|i| workers.levels(i)[k]).collect() };
    let got = functional_specialisation(&of(2), &of(1), None);
    let wanted = entry("functional_specialisation");
    same("functional specialisation", &got, &numbers(&wanted["value"]), wanted["tolerance"].as_f64().unwrap());

    let counted = Structure::new((0..4).flat_map(|i| workers.levels(i)[1..].to_vec()).collect(), 2).unwrap();
    let totals: Vec<f64> = (0..4).map(|i| output.total(i)).collect();
    let wanted = entry("urban_flow");
    let tolerance = wanted["tolerance"].as_f64().unwrap();
    compare_flow("urban flow", &urban_flow(&counted, &totals).unwrap(), &wanted["value"], tolerance);
}

/// The shipped census of 41 cities, year by year, city after city.
fn census(year: &str) -> Structure {
    let text = include_str!("../data/yangtze-delta/industry.csv");
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>()).filter(|cells| cells[2] == year);
    Structure::new(rows.map(|cells| cells[4].parse().unwrap()).collect(), 20).unwrap()
}

#[test]
fn forty_one_cities_as_in_python() {
    let golden: Value = serde_json::from_str(include_str!("golden/industry_yangtze.json")).unwrap();
    let s = census("2020");
    let lq = location_quotient(&s);
    let specialised = specialised_sectors(&s);
    let result = complexity(&specialised, 20).unwrap();
    let counts = |x: Vec<usize>| x.into_iter().map(|x| x as f64).collect::<Vec<f64>>();
    let last = |x: Vec<f64>| x[40 * 20..].to_vec();
    let near = proximity(&specialised, 20);
    for (name, got) in [
        ("lq_last_city", last(lq.clone())),
        ("standardised_last_city", last(standardised_quotient(&lq, 20))),
        ("diversity", counts(diversity(&specialised, 20))),
        ("ubiquity", counts(ubiquity(&specialised, 20))),
        ("eci", result.eci),
        ("pci", result.pci),
        ("pci_harvard", result.pci_harvard),
        ("density_last_city", last(density(&specialised, &near, 20, true))),
        ("entropy", of_shares(&s, entropy)),
        ("hhi", of_shares(&s, herfindahl)),
        ("krugman", krugman_specialisation(&s, Benchmark::Whole)),
        ("krugman_rest", krugman_specialisation(&s, Benchmark::Rest)),
        ("krugman_others", krugman_specialisation(&s, Benchmark::Others)),
        ("hachman", hachman(&s)),
        ("gini_lq", gini_of_quotients(&s)),
        ("hoover", of_sectors(&s, |sector| sector.hoover)),
        ("locational_gini", of_sectors(&s, |sector| sector.locational_gini)),
        ("egk_manufacturing", coagglomeration(&s).unwrap().egk[2 * 20..3 * 20].to_vec()),
    ] {
        same(name, &got, &numbers(&golden[name]), golden["tolerance"].as_f64().unwrap());
    }
}

/// Two sectors in three cities: s = (0.6, 0.3, 0.1), x = (0.5, 0.3, 0.2), H = 0.1, so that G = 0.02 and 1 − Σx² = 0.62.
#[test]
fn ellison_glaeser_by_hand() {
    let (s, x) = ([0.6, 0.3, 0.1], [0.5, 0.3, 0.2]);
    same("Ellison-Glaeser", &[ellison_glaeser(&s, &x, 0.1)], &[(0.02 - 0.062) / (0.62 * 0.9)], 1e-14);
    same("Maurel-Sedillot", &[maurel_sedillot(&s, &x, 0.1)], &[(0.08 / 0.62 - 0.1) / 0.9], 1e-14);
}

/// The same result on any number of threads.
#[test]
fn threads_do_not_change_a_bit() {
    let s = census("2010");
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let specialised = specialised_sectors(&s);
            let near = proximity(&specialised, 20);
            let bits = |x: Vec<f64>| x.into_iter().map(f64::to_bits).collect::<Vec<_>>();
            (bits(coagglomeration(&s).unwrap().egk), bits(density(&specialised, &near, 20, true)))
        })
    };
    assert!(run(1) == run(2) && run(1) == run(16));
}

/// Levels of 1 to 8 cities in 1 to 6 sectors, many of them 0 and some of them unknown.
fn tables() -> impl Strategy<Value = Structure> {
    let level = prop_oneof![3 => Just(0.0), 8 => 0.5..1000.0_f64, 1 => Just(f64::NAN)];
    (1_usize..7, 1_usize..9)
        .prop_flat_map(move |(k, n)| (Just(k), prop::collection::vec(level.clone(), k * n)))
        .prop_map(|(k, levels)| Structure::new(levels, k).unwrap())
}

proptest! {
    #[test]
    fn quotients_average_to_one_and_indices_keep_their_bounds(s in tables()) {
        let (k, lq) = (s.sectors(), location_quotient(&s));
        let reference = s.reference_shares();
        for &i in s.members() {
            let terms = reference.iter().zip(&lq[i * k..]).map(|(share, q)| if *share > 0.0 { share * q } else { 0.0 });
            prop_assert!((terms.sum::<f64>() - 1.0).abs() < 1e-12);
            let shares = s.shares(i);
            let h = herfindahl(shares);
            prop_assert!(h >= 1.0 / k as f64 - 1e-12 && h <= 1.0 + 1e-12);
            prop_assert!(entropy(shares) >= 0.0 && entropy(shares) <= (k as f64).ln() + 1e-12);
            let of = variety(shares, &(0..k).map(|k| k / 2).collect::<Vec<_>>(), k.div_ceil(2));
            prop_assert!((of.related + of.unrelated - entropy(shares) / 2.0_f64.ln()).abs() < 1e-12);
            prop_assert!(of.related >= 0.0 && of.unrelated >= -1e-15);
        }
        for x in [hoover_specialisation(&s), of_sectors(&s, |c| c.hoover), of_sectors(&s, |c| c.locational_gini)] {
            prop_assert!(x.iter().all(|x| x.is_nan() || (*x >= 0.0 && *x < 1.0)));
        }
        for benchmark in [Benchmark::Whole, Benchmark::Rest, Benchmark::Others] {
            let krugman = krugman_specialisation(&s, benchmark);
            prop_assert!(krugman.iter().all(|x| x.is_nan() || (*x >= 0.0 && *x <= 2.0 + 1e-12)));
        }
        prop_assert!(hachman(&s).iter().all(|x| x.is_nan() || (*x > 0.0 && *x <= 1.0 + 1e-12)));
        prop_assert!(symmetric_quotient(&lq).iter().all(|x| x.is_nan() || x.abs() <= 1.0));
    }

    /// The locational Gini is at least Hoover's coefficient, which is the largest gap of the same curve.
    #[test]
    fn the_curve_contains_its_largest_gap(s in tables()) {
        for sector in concentration(&s).iter().filter(|sector| sector.top_city.is_some()) {
            prop_assert!(sector.locational_gini >= sector.hoover - 1e-12);
            prop_assert!(sector.locational_gini <= 2.0 * sector.hoover + 1e-12);
        }
    }

    /// A table in ten times the unit; one city ten times as large, for what looks at shares alone.
    #[test]
    fn units_do_not_matter(s in tables(), which in 0_usize..8) {
        let k = s.sectors();
        let levels: Vec<f64> = (0..s.cities()).flat_map(|i| s.levels(i).to_vec()).collect();
        let scaled = Structure::new(levels.iter().map(|x| 10.0 * x).collect(), k).unwrap();
        let larger = |(at, x): (usize, &f64)| if at / k == which { 10.0 * x } else { *x };
        let grown = Structure::new(levels.iter().enumerate().map(larger).collect(), k).unwrap();
        same("lq", &location_quotient(&scaled), &location_quotient(&s), 1e-12);
        same("egk", &coagglomeration(&scaled).unwrap().egk, &coagglomeration(&s).unwrap().egk, 1e-9);
        same("gini", &of_sectors(&scaled, |c| c.locational_gini), &of_sectors(&s, |c| c.locational_gini), 1e-9);
        same("hhi", &of_shares(&grown, herfindahl), &of_shares(&s, herfindahl), 1e-12);
        same("entropy", &of_shares(&grown, entropy), &of_shares(&s, entropy), 1e-12);
        let others = |s: &Structure| krugman_specialisation(s, Benchmark::Others);
        same("krugman", &others(&grown), &others(&s), 1e-12);
    }

    /// Cities in the other order, and sectors in the other order.
    #[test]
    fn order_does_not_matter(s in tables()) {
        let (n, k) = (s.cities(), s.sectors());
        let levels = (0..n).rev().flat_map(|i| s.levels(i).iter().rev().copied().collect::<Vec<_>>()).collect();
        let turned = Structure::new(levels, k).unwrap();
        let back = |x: Vec<f64>| x.into_iter().rev().collect::<Vec<f64>>();
        same("lq", &back(location_quotient(&turned)), &location_quotient(&s), 1e-12);
        same("hachman", &back(hachman(&turned)), &hachman(&s), 1e-12);
        let rest = |s: &Structure| krugman_specialisation(s, Benchmark::Rest);
        same("krugman_rest", &back(rest(&turned)), &rest(&s), 1e-12);
        let gini = |s: &Structure| of_sectors(s, |c| c.locational_gini);
        same("locational_gini", &back(gini(&turned)), &gini(&s), 1e-9);
        let (m, turned_m) = (specialised_sectors(&s), specialised_sectors(&turned));
        prop_assert_eq!(m.iter().rev().collect::<Vec<_>>(), turned_m.iter().collect::<Vec<_>>());
        match (complexity(&m, k), complexity(&turned_m, k)) {
            (Ok(a), Ok(b)) if a.sign_known() => {
                same("eci", &back(b.eci), &a.eci, 1e-6);
                same("pci", &back(b.pci), &a.pci, 1e-6);
            }
            (a, b) => prop_assert_eq!(a.is_ok(), b.is_ok()),
        }
    }

    #[test]
    fn complexity_is_in_standard_form_and_rises_with_diversity(s in tables()) {
        let (k, m) = (s.sectors(), specialised_sectors(&s));
        if let Ok(result) = complexity(&m, k) {
            for x in [&result.eci, &result.pci] {
                let known: Vec<f64> = x.iter().copied().filter(|x| x.is_finite()).collect();
                let n = known.len() as f64;
                prop_assert!((known.iter().sum::<f64>() / n).abs() < 1e-9);
                prop_assert!((known.iter().map(|x| x * x).sum::<f64>() / n - 1.0).abs() < 1e-9);
            }
            let diverse = diversity(&m, k);
            let product: f64 = (0..diverse.len()).filter(|&i| diverse[i] > 0).map(|i| result.eci[i] * diverse[i] as f64).sum();
            prop_assert!(!result.sign_known() || product > 0.0);
            // On one scale a city's complexity is the mean of that of its sectors.
            for i in (0..diverse.len()).filter(|&i| diverse[i] > 0) {
                let sum: f64 = (0..k).filter(|&l| m[i * k + l]).map(|l| result.pci_harvard[l]).sum();
                prop_assert!((sum / diverse[i] as f64 - result.eci[i]).abs() < 1e-6);
            }
        }
        let near = proximity(&m, k);
        prop_assert!(near.iter().all(|x| x.is_nan() || (0.0..=1.0).contains(x)));
        for with_itself in [true, false] {
            let dense = density(&m, &near, k, with_itself);
            prop_assert!(dense.iter().all(|x| x.is_nan() || (0.0..=1.0 + 1e-12).contains(x)));
        }
    }

    /// What is worked for others is never more than there is, and none of it without a quotient above 1.
    #[test]
    fn urban_flow_is_a_part(s in tables()) {
        let flow = urban_flow(&s, &vec![1.0; s.cities()]).unwrap();
        let lq = location_quotient(&s);
        for &i in s.members() {
            prop_assert!(flow.k[i] >= 0.0 && flow.k[i] < 1.0);
            let half = hoover_specialisation(&s)[i];
            prop_assert!((flow.k[i] - half).abs() < 1e-9, "K is Hoover's coefficient of specialisation");
        }
        prop_assert!(flow.by_sector.iter().zip(&lq).all(|(e, q)| e.is_nan() || *e == 0.0 || *q > 1.0));
    }
}
