//! Coupling coordination, obstacle degrees and the robustness of ranks: printed values, laws, and what the registry says.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::index::{
    Normalisation, Options, RandomWeights, Weighting, coupling, grade, kendall, lagging, leave_one_out, obstacles,
    rank_intervals, spearman,
};
use agglo::measures::{Outcome, Run, Values, autocorrelation, measure};
use agglo::study::{Cities, Direction, Indicator, Indicators, Metric, Shapes};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance || a.is_nan() && b.is_nan()
}

/// Rows of one number for each column, column after column.
fn by_column(rows: &[Vec<f64>]) -> Vec<f64> {
    (0..rows[0].len()).flat_map(|k| rows.iter().map(move |row| row[k])).collect()
}

#[test]
fn both_forms_of_coupling_are_those_of_the_printed_table() {
    let golden: Value = serde_json::from_str(include_str!("golden/coupling_wang.json")).unwrap();
    let rows: Vec<Vec<f64>> = golden["u"].as_array().unwrap().iter().map(numbers).collect();
    assert_eq!(rows.len(), 13);
    let result = coupling(&by_column(&rows), 2, None).unwrap();
    let tolerance = golden["tolerance"].as_f64().unwrap();
    for (ours, theirs) in [(&result.c_classic, "c_classic"), (&result.c_modified, "c_modified")] {
        for (a, b) in ours.iter().zip(numbers(&golden[theirs])) {
            assert!(close(*a, b, tolerance), "{theirs}: {a} for {b}");
        }
    }
}

/// All of one reference study: three subsystems of two indicators each, weighted by entropy.
#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn coupling_and_obstacles_are_those_of_the_reference_numbers() {
    let folder = std::env::var("AGGLO_GOLDEN").unwrap();
    let text = std::fs::read_to_string(format!("{folder}/delaender_composite.json")).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let entry = |id: &str| golden["measures"].as_array().unwrap().iter().find(|m| m["id"] == id).unwrap();
    let matrix = |value: &Value| -> Vec<Vec<f64>> { value.as_array().unwrap().iter().map(numbers).collect() };

    let z = by_column(&matrix(&entry("minmax")["value"]));
    let weights = numbers(&entry("entropy_weights_minmax_0ln0")["value"]);
    let result = obstacles(&z, &weights).unwrap();
    let theirs = by_column(&matrix(&entry("obstacle_degree")["value"]));
    assert!(result.degrees.iter().zip(&theirs).all(|(a, b)| close(*a, *b, 1e-9)));

    let levels = by_column(&matrix(&entry("subsystem_scores")["value"]));
    let result = coupling(&levels, 3, None).unwrap();
    for (id, c, d) in [
        ("coupling_classic", &result.c_classic, &result.d_classic),
        ("coupling_wang2021", &result.c_modified, &result.d_modified),
    ] {
        for (key, ours) in [("C", c), ("T", &result.t), ("D", d)] {
            let Some(theirs) = entry(id)["value"].get(key) else { continue };
            assert!(ours.iter().zip(numbers(theirs)).all(|(a, b)| close(*a, b, 1e-9)), "{id} {key}");
        }
    }

    // The same through the registry, from the numbers as given.
    let x = matrix(&golden["inputs"]["X"]);
    let names = golden["inputs"]["indicators"].as_array().unwrap();
    let directions = numbers(&golden["inputs"]["direction"]);
    let subsystems = golden["inputs"]["subsystems"].as_object().unwrap();
    let list = names.iter().zip(directions).map(|(name, direction)| Indicator {
        name: name.as_str().unwrap().into(),
        column: String::new(),
        direction: if direction > 0.0 { Direction::Benefit } else { Direction::Cost },
        dimension: subsystems.iter().find(|(_, of)| of.as_array().unwrap().contains(name)).map(|(k, _)| k.clone()),
        weight: None,
        signed: false,
    });
    let indicators = Indicators { list: list.collect(), years: vec![None], cities: x.len(), values: by_column(&x) };
    let outcome = report("coupling", &indicators, of(Weighting::Entropy));
    let d = numbers(&entry("coupling_wang2021")["value"]["D"]);
    assert!(column(&outcome, "d_modified").iter().zip(d).all(|(a, b)| close(*a, b, 1e-9)));
    let outcome = report("obstacles", &indicators, of(Weighting::Entropy));
    let degrees = matrix(&entry("obstacle_degree")["value"]).concat();
    assert!(outcome.matrices[0].1.values.iter().zip(degrees).all(|(a, b)| close(*a, b, 1e-9)));
}

proptest! {
    #[test]
    fn coupling_lies_in_0_to_1_and_is_1_for_equals(rows in vec(vec(0.0..=1.0_f64, 4), 1..20), u in 1e-6..=1.0_f64) {
        let result = coupling(&by_column(&rows), 4, None).unwrap();
        for column in [&result.c_classic, &result.d_classic, &result.c_modified, &result.d_modified, &result.t] {
            prop_assert!(column.iter().all(|x| (0.0..=1.0).contains(x)));
        }
        for (i, row) in rows.iter().enumerate() {
            let alike = row.iter().all(|x| *x == row[0]);
            prop_assert!(alike || result.c_modified[i] < 1.0);
        }
        for m in 2..6 {
            let equal = coupling(&vec![u; m], m, None).unwrap();
            prop_assert_eq!((equal.c_classic[0], equal.c_modified[0]), (1.0, 1.0));
            prop_assert!(close(equal.d_modified[0], u.sqrt(), 1e-12));
        }
    }

    #[test]
    fn the_order_of_subsystems_and_units_is_irrelevant(rows in vec(vec(0.0..=1.0_f64, 3), 1..10)) {
        let turned: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[2], row[0], row[1]]).collect();
        let result = coupling(&by_column(&rows), 3, None).unwrap();
        prop_assert_eq!(&result, &coupling(&by_column(&turned), 3, None).unwrap());
        let back: Vec<Vec<f64>> = rows.iter().rev().cloned().collect();
        let reversed = coupling(&by_column(&back), 3, None).unwrap();
        prop_assert!(reversed.d_modified.iter().rev().eq(&result.d_modified));
    }

    /// The general forms written out for two and three subsystems; doubling all subsystems changes neither the classic C nor T.
    #[test]
    fn few_subsystems_have_their_plain_forms(a in 0.01..=1.0_f64, b in 0.01..=1.0_f64, c in 0.01..=1.0_f64) {
        let two = coupling(&[a, b], 2, None).unwrap();
        prop_assert!(close(two.c_classic[0], 2.0 * (a * b).sqrt() / (a + b), 1e-13));
        prop_assert!(close(two.c_modified[0], ((1.0 - (a - b).abs()) * a.min(b) / a.max(b)).sqrt(), 1e-13));
        // Of two, the modified form is never above the classic one; of more it can be.
        prop_assert!(two.c_modified[0] <= two.c_classic[0] + 1e-12);
        prop_assert!(close(two.d_classic[0], (two.c_classic[0] * (a + b) / 2.0).sqrt(), 1e-13));
        prop_assert!(close(two.d_modified[0], (two.c_modified[0] * (a + b) / 2.0).sqrt(), 1e-13));
        let three = coupling(&[a, b, c], 3, None).unwrap();
        let largest = a.max(b).max(c);
        let apart = ((a - b).abs() + (a - c).abs() + (b - c).abs()) / 3.0;
        let product = a / largest * (b / largest) * (c / largest);
        prop_assert!(close(three.c_classic[0], 3.0 * (a * b * c).cbrt() / (a + b + c), 1e-13));
        prop_assert!(close(three.c_modified[0], ((1.0 - apart) * product.sqrt()).sqrt(), 1e-13));
        let doubled = coupling(&[a, b, c, a, b, c], 6, None).unwrap();
        prop_assert!(close(doubled.c_classic[0], three.c_classic[0], 1e-13) && close(doubled.t[0], three.t[0], 1e-15));
        // A subsystem at 0 takes all away.
        prop_assert_eq!(coupling(&[a, b, 0.0], 3, None).unwrap().d_modified[0], 0.0);
        let equal_shares = coupling(&[a, b, c], 3, Some(&[1.0 / 3.0; 3])).unwrap();
        prop_assert!(close(equal_shares.d_modified[0], three.d_modified[0], 1e-13));
    }

    #[test]
    fn who_lags_behind_has_the_smallest_index(unit in vec(0.0..=1.0_f64, 2..6)) {
        let least = unit.iter().copied().fold(1.0, f64::min);
        let behind = lagging(&unit);
        prop_assert!(behind.iter().all(|&k| unit[k] <= least + 1e-12) && behind.len() < unit.len());
        prop_assert!(!behind.is_empty() || unit.iter().all(|u| u - least <= 1e-12));
    }

    #[test]
    fn obstacle_degrees_sum_to_1_whatever_the_size_of_weights(
        rows in vec(vec(0.0..=1.0_f64, 5), 1..20),
        weights in vec(0.01..1.0_f64, 5),
        factor in 0.1..10.0_f64,
    ) {
        let z = by_column(&rows);
        let result = obstacles(&z, &weights).unwrap();
        let scaled: Vec<f64> = weights.iter().map(|w| w * factor).collect();
        let other = obstacles(&z, &scaled).unwrap();
        for (i, row) in rows.iter().enumerate() {
            let degrees: Vec<f64> = (0..5).map(|k| result.degrees[k * rows.len() + i]).collect();
            prop_assert!(close(degrees.iter().sum::<f64>(), 1.0, 1e-12));
            let short: f64 = row.iter().zip(&weights).map(|(z, w)| w * (1.0 - z)).sum();
            prop_assert!(close(result.shortfall[i], short, 1e-12));
            for (k, degree) in degrees.iter().enumerate() {
                prop_assert!(close(*degree, other.degrees[k * rows.len() + i], 1e-12));
                prop_assert!(close(*degree, weights[k] * (1.0 - row[k]) / short, 1e-12));
            }
            let ranked = result.ranked(i);
            prop_assert!(ranked.windows(2).all(|pair| pair[0].1 >= pair[1].1));
        }
    }

    /// Against the definitions, pair by pair.
    #[test]
    fn rank_correlations_are_those_of_all_pairs(pairs in vec((0..6_i32, 0..6_i32), 2..40)) {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
        let (mut sum, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
        for i in 0..a.len() {
            for j in 0..i {
                let order = |x: &[f64]| if x[i] == x[j] { 0.0 } else { (x[i] - x[j]).signum() };
                sum += order(&a) * order(&b);
                of_a += order(&a).abs();
                of_b += order(&b).abs();
            }
        }
        prop_assert!(close(kendall(&a, &b), sum / (of_a * of_b).sqrt(), 1e-12));
        let rank = |x: &[f64]| -> Vec<f64> {
            let below = |v: f64| x.iter().filter(|o| **o < v).count() as f64;
            let equal = |v: f64| x.iter().filter(|o| **o == v).count() as f64;
            x.iter().map(|&v| below(v) + (equal(v) + 1.0) / 2.0).collect()
        };
        let (ra, rb) = (rank(&a), rank(&b));
        let mean = (a.len() as f64 + 1.0) / 2.0;
        let cov = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
        prop_assert!(close(spearman(&a, &b), cov(&ra, &rb) / (cov(&ra, &ra) * cov(&rb, &rb)).sqrt(), 1e-12));
        let turned: Vec<f64> = a.iter().map(|x| -3.0 * x).collect();
        prop_assert!(close(spearman(&turned, &b), -spearman(&a, &b), 1e-12));
        prop_assert!(close(kendall(&turned, &b), -kendall(&a, &b), 1e-12));
    }

    #[test]
    fn random_ranks_keep_their_laws(rows in vec(vec(0.0..=1.0_f64, 3), 2..15), seed in 0..1000_u64) {
        let (z, n) = (by_column(&rows), rows.len());
        let weights = [0.5, 0.3, 0.2];
        for random in [RandomWeights::Any, RandomWeights::Near(0.25)] {
            let ranks = rank_intervals(&z, &weights, random, 60, seed).unwrap();
            let of = |column: &[Option<usize>], i: usize| column[i].unwrap();
            for i in 0..n {
                let (low, median, high) = (of(&ranks.low, i), of(&ranks.median, i), of(&ranks.high, i));
                prop_assert!(1 <= low && low <= median && median <= high && high <= n);
                prop_assert!(ranks.first[i] <= ranks.top_share[i]);
                for j in 0..n {
                    let at_least = rows[i].iter().zip(&rows[j]).all(|(a, b)| a >= b);
                    if at_least {
                        prop_assert!(low <= of(&ranks.low, j) && high <= of(&ranks.high, j));
                        prop_assert!(ranks.first[i] >= ranks.first[j]);
                    }
                }
            }
            prop_assert!(ranks.first.iter().sum::<f64>() >= 1.0 - 1e-12);
            // Units in another order have the same numbers.
            let back: Vec<Vec<f64>> = rows.iter().rev().cloned().collect();
            let reversed = rank_intervals(&by_column(&back), &weights, random, 60, seed).unwrap();
            prop_assert!(reversed.low.iter().rev().eq(&ranks.low) && reversed.first.iter().rev().eq(&ranks.first));
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_ranks() {
    let z: Vec<f64> = (0..7 * 2500).map(|at| f64::from(at * 7919 % 1009) / 1009.0).collect();
    let weights = [0.1, 0.2, 0.1, 0.15, 0.05, 0.3, 0.1];
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let ranks = rank_intervals(&z, &weights, RandomWeights::Any, 50, 7).unwrap();
            (ranks, leave_one_out(&z, &weights).unwrap())
        })
    };
    let one = with(1);
    assert!(one == with(2) && one == with(16));
}

/// The outcome of a measure of the family for indicators of cities C0, C1, …
fn report(name: &str, indicators: &Indicators, options: Options) -> Outcome {
    attempt(name, indicators, options).unwrap()
}

fn attempt(name: &str, indicators: &Indicators, options: Options) -> agglo::Result<Outcome> {
    let n = indicators.cities;
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let ids: Vec<String> = (0..n).map(|i| format!("C{i}")).collect();
    let names = (0..n).map(|i| format!("City {i}")).collect();
    let cities = Cities { ids, names, shapes, points: vec![None; n], metric: Metric::Planar, notes: Vec::new() };
    let features: Vec<usize> = (0..n).collect();
    let (inference, of_clusters) = (Inference::default(), autocorrelation::Options::default());
    let base = Run::of(&cities, &features, &inference, &of_clusters);
    let run = Run { indicators: Some(indicators), index: &options, ..base };
    let measure = measure(name).unwrap();
    assert!(run.provides(measure.about().needs));
    let outcome = measure.run(&run)?.remove(0);
    let fields = measure.about().fields;
    let carried = outcome.columns.iter().map(|c| c.0).chain(outcome.scalars.iter().map(|s| s.0));
    let carried = carried.chain(outcome.tables.iter().map(|t| t.0)).chain(outcome.matrices.iter().map(|m| m.0));
    for name in carried {
        assert!(fields.iter().any(|field| field.name == name), "{name} is not among the fields");
    }
    for (name, table) in &outcome.tables {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{name}");
    }
    for (_, matrix) in &outcome.matrices {
        assert_eq!(matrix.values.len(), matrix.rows.len() * matrix.columns.len());
    }
    for (name, x) in &outcome.scalars {
        let said = outcome.notes.iter().any(|note| note.message.contains(name) || note.code == "undefined");
        assert!(!x.is_nan() || said, "no reason for {name} in {:?}", outcome.notes);
    }
    for (name, values) in &outcome.columns {
        let null = match values {
            Values::Numbers(x) => x.iter().any(|x| x.is_nan()),
            Values::Counts(x) => x.iter().any(Option::is_none),
            Values::Texts(x) => x.iter().any(Option::is_none),
            Values::Classes(_) => false,
        };
        let said = ["undefined", "undefined_number", "missing_indicator"];
        assert!(!null || outcome.notes.iter().any(|note| said.contains(&note.code)), "{name}: {:?}", outcome.notes);
    }
    Ok(outcome)
}

/// Indicators of two dimensions in these years; the values year after year in each.
fn panel(dimensions: &[&str], years: &[i32], columns: &[&[f64]]) -> Indicators {
    let of = |(k, dimension): (usize, &&str)| Indicator {
        name: format!("x{k}"),
        column: format!("x{k}"),
        direction: Direction::Benefit,
        dimension: Some((*dimension).into()),
        weight: None,
        signed: false,
    };
    Indicators {
        list: dimensions.iter().enumerate().map(of).collect(),
        years: years.iter().map(|&year| Some(year)).collect(),
        cities: columns[0].len() / years.len(),
        values: columns.concat(),
    }
}

fn of(weighting: Weighting) -> Options {
    Options { weighting: Some(weighting), ..Options::default() }
}

fn column<'a>(outcome: &'a Outcome, name: &str) -> &'a [f64] {
    match outcome.column(name).unwrap() {
        Values::Numbers(x) => x,
        other => panic!("{name} holds {other:?}"),
    }
}

fn says(outcome: &Outcome, part: &str) -> bool {
    outcome.notes.iter().any(|note| note.message.contains(part))
}

/// Four cities in two years: min-max over both together, so that the levels are tenths.
fn four_cities() -> Indicators {
    let economy = [0.0, 2.0, 4.0, 6.0, 2.0, 5.0, 8.0, 10.0];
    let nature = [10.0, 8.0, 6.0, 4.0, 6.0, 5.0, 0.0, f64::NAN];
    panel(&["economy", "nature"], &[2010, 2020], &[&economy, &nature])
}

#[test]
fn coupling_is_reported_for_the_last_year_and_for_all() {
    let outcome = report("coupling", &four_cities(), of(Weighting::Equal));
    // The city without nature in 2020 takes no part then, so that the economy of 8 is the best.
    let (a, b) = (0.25, 0.6);
    let c = ((1.0_f64 - (b - a)) * a / b).sqrt();
    assert!(close(column(&outcome, "c_modified")[0], c, 1e-12));
    assert!(close(column(&outcome, "d_modified")[0], (c * (a + b) / 2.0).sqrt(), 1e-12));
    assert_eq!(column(&outcome, "d_modified")[2], 0.0);
    assert!(column(&outcome, "d_modified")[3].is_nan());
    let Values::Classes(grades) = outcome.column("grade").unwrap() else { panic!() };
    assert_eq!((grades[2], grades[3]), ("extreme imbalance", "undefined"));
    let Values::Texts(lag) = outcome.column("lagging").unwrap() else { panic!() };
    assert_eq!(lag[..3], ["economy", "nature", "nature"].map(|name| Some(name.into())));
    assert_eq!(lag[3], None);
    let table = |name: &str| &outcome.tables.iter().find(|(other, _)| *other == name).unwrap().1;
    assert_eq!(table("cities").rows.len(), 7);
    assert_eq!(table("levels").rows.len(), 14);
    assert_eq!(table("grades").rows.len(), 20);
    assert_eq!(table("balance").rows[3][3], 2);
    assert_eq!(table("pairs").rows.len(), 2);
    // With two subsystems the only pair is the whole.
    assert_eq!(table("pairs").rows[1][6], table("summary").rows[1][5]);
    assert_eq!(outcome.scalar("n"), 3.0);
    assert!(
        says(&outcome, "left out in 2020, for want of a number of these indicators: C3 (City 3) (x1)")
            && says(&outcome, "C and D are 0 in 2020")
    );
    assert!(says(&outcome, "lags behind most often is nature, in 2 of 3 cities in 2020"));
    assert!(outcome.footer.as_deref().unwrap().contains("n = 3 cities of 4"));
}

#[test]
fn what_is_nowhere_developed_has_no_coupling_and_no_coordination() {
    let same = [0.0, 1.0, 2.0];
    let outcome = report("coupling", &panel(&["a", "b"], &[2020], &[&same, &same]), of(Weighting::Equal));
    assert!(column(&outcome, "c_modified")[0].is_nan());
    assert_eq!(column(&outcome, "d_modified"), [0.0, 0.5_f64.sqrt(), 1.0]);
    assert_eq!(outcome.column("lagging").unwrap(), &Values::Texts(vec![Some("balanced".into()); 3]));
    let Values::Classes(stages) = outcome.column("stage").unwrap() else { panic!() };
    assert_eq!(stages[..2], ["undefined", "high coupling"]);
    assert!(says(&outcome, "no c_classic and c_modified in 2020, since all subsystems are 0 in C0"));
    assert_eq!(grade(1.0), Some(9));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Few cities, ties, gaps, constants, any option: numbers, or a reason for none.
    #[test]
    fn every_null_has_a_reason(
        values in vec(prop_oneof![Just(0.0), Just(1.0), Just(2.0), Just(-1.0), Just(f64::NAN), 0.0..5.0_f64], 24),
        cities in 1..=4_usize,
        which in 0..40_usize,
    ) {
        let years: &[i32] = if which % 2 == 0 { &[2020] } else { &[2010, 2020] };
        let units = cities * years.len();
        let columns: Vec<&[f64]> = values.chunks(8).map(|column| &column[..units]).collect();
        let mut indicators = panel(&["a", "b", "a"], years, &columns);
        indicators.list.iter_mut().zip([0.5, 0.5, 0.0]).for_each(|(indicator, weight)| indicator.weight = Some(weight));
        let weighting = [
            Weighting::Equal,
            Weighting::Entropy,
            Weighting::Critic,
            Weighting::CoefficientOfVariation,
            Weighting::Given,
        ][which % 5];
        let normalisation = if which % 3 == 0 { Normalisation::Rank } else { Normalisation::MinMax };
        let options = Options { normalisation, by_year: which % 4 == 1, ..of(weighting) };
        for name in ["coupling", "obstacles", "index_robustness"] {
            let _ = attempt(name, &indicators, options);
        }
    }
}

#[test]
fn numbers_without_a_worst_and_a_best_are_refused() {
    for normalisation in [Normalisation::ZScore, Normalisation::Vector] {
        for name in ["coupling", "obstacles"] {
            let options = Options { normalisation, ..of(Weighting::Equal) };
            let outcome = report(name, &four_cities(), options);
            assert!(outcome.columns.is_empty() && outcome.notes.iter().any(|note| note.code == "not_run"));
        }
        let options = Options { normalisation, ..of(Weighting::Equal) };
        assert_eq!(report("index_robustness", &four_cities(), options).scalar("n"), 3.0);
    }
}

#[test]
fn a_dimension_of_constants_is_no_subsystem() {
    let indicators = panel(&["a", "b"], &[2020], &[&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]]);
    let outcome = report("coupling", &indicators, of(Weighting::Equal));
    assert!(outcome.notes.iter().any(|note| note.code == "undefined"));
    assert_eq!(outcome.column("grade").unwrap(), &Values::Classes(vec!["undefined"; 3]));
    // All the same there are obstacles, of the one indicator that is left.
    let outcome = report("obstacles", &indicators, of(Weighting::Equal));
    assert_eq!(column(&outcome, "first_degree")[..2], [1.0, 1.0]);
    assert!(column(&outcome, "first_degree")[2].is_nan() && says(&outcome, "no obstacle in 2020"));
    assert_eq!(outcome.scalar("without"), 1.0);
    let outcome = report("index_robustness", &indicators, of(Weighting::Equal));
    assert!(says(&outcome, "leave_one_out not run"));
    assert_eq!(outcome.scalar("mean_width"), 0.0);
}

#[test]
fn obstacles_are_reported_by_indicator_dimension_and_city() {
    let outcome = report("obstacles", &four_cities(), of(Weighting::Equal));
    let degrees = &outcome.matrices[0].1;
    assert!(close(degrees.values[0], 0.75 / 1.15, 1e-12) && close(degrees.values[1], 0.4 / 1.15, 1e-12));
    assert!(degrees.values[6].is_nan());
    let Values::Texts(first) = outcome.column("first").unwrap() else { panic!() };
    assert_eq!(first[..3], ["x0", "x1", "x1"].map(|name| Some(name.into())));
    assert_eq!(first[3], None);
    let summary = &outcome.tables[0].1;
    assert_eq!((summary.rows.len(), &summary.rows[3][5]), (4, &Value::from(2)));
    assert!(says(&outcome, "the largest obstacle in most cities is x1: in 2 of 3 in 2020"));
    let by_year = Options { by_year: true, ..of(Weighting::Entropy) };
    assert_eq!(report("obstacles", &four_cities(), by_year).scalar("n"), 3.0);
}

#[test]
fn robustness_says_how_far_the_first_place_holds() {
    let (a, b, c) = ([9.0, 5.0, 1.0, 2.0, 0.0], [9.0, 6.0, 7.0, 2.0, 0.0], [5.0, 2.0, 9.0, 3.0, 1.0]);
    let indicators = panel(&["a", "a", "b"], &[2020], &[&a, &b, &c]);
    let outcome = report("index_robustness", &indicators, of(Weighting::Equal));
    let first = column(&outcome, "first");
    // C2 is above C0 where w_c 4/8 > w_a + w_b 2/9, between a third and a quarter of the triangle of weights.
    assert!(first[0] > 0.5 && first[2] > 0.0 && close(first[0] + first[2], 1.0, 1e-12), "{first:?}");
    let Values::Counts(high) = outcome.column("rank_high").unwrap() else { panic!() };
    assert_eq!(high[4], Some(5));
    let rho = &outcome.matrices[0].1;
    assert_eq!(rho.rows, ["equal", "entropy", "critic", "cv", "topsis"]);
    assert!(rho.values.iter().all(|r| (-1.0..=1.0).contains(r)));
    assert_eq!(outcome.tables.iter().find(|(name, _)| *name == "cities").unwrap().1.rows[0][0], "C0");
    assert!(says(&outcome, "the first place of City 0 in 2020 holds in"));
    // Where no coefficient of variation is defined, that weighting is left out with a reason.
    let negative = panel(&["a", "b"], &[2020], &[&[-1.0, 0.0, 2.0], &[1.0, 3.0, 2.0]]);
    let outcome = report("index_robustness", &negative, of(Weighting::Equal));
    assert!(says(&outcome, "weighting cv left out") && !outcome.matrices[0].1.rows.contains(&"cv".into()));
}
