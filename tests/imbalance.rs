//! The measures of inequality: against other people's programs (`golden/imbalance.json` names them), and the laws that
//! they obey on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::measures::imbalance::*;
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/imbalance.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} for {want}");
}

#[track_caller]
fn same(got: f64, want: f64) {
    close(got, want, 1e-9);
}

#[test]
fn mexican_states_as_in_other_programs() {
    let golden = golden();
    let regions: Vec<Option<&str>> = golden["region"].as_array().unwrap().iter().map(Value::as_str).collect();
    let mut compared = 0;
    for (year, x) in [("1940", 0), ("2000", 6)].map(|(year, at)| (year, numbers(&golden["values"][at]))) {
        let (gini, theil, spread) = (gini(&x, None).unwrap(), theil(&x, None).unwrap(), variation(&x, None).unwrap());
        let split = theil_groups(&x, None, &regions).unwrap();
        for measure in golden["measures"].as_array().unwrap() {
            let tolerance = measure["tolerance"].as_f64().unwrap();
            let id = measure["id"].as_str().unwrap();
            let Some(name) = id.strip_prefix(&format!("mexico{year}.")) else { continue };
            let value = &measure["value"];
            let got = match name {
                "gini" => vec![gini.gini],
                "gini_unbiased" => vec![gini.gini_unbiased],
                "theil_t" => vec![theil.t],
                "theil_l" => vec![theil.l],
                "hoover" => vec![spread.hoover],
                "cv_population" => vec![spread.cv],
                "var_logs_population" => vec![spread.sd_log.powi(2)],
                "palma" => vec![spread.palma],
                "p90_p10" => vec![spread.p90_p10],
                "theil_t_decomposition" => vec![split.t, split.t_within, split.t_between],
                "theil_l_decomposition" => vec![split.l, split.l_within, split.l_between],
                "theil_t_decomposition_groups" => {
                    for group in &split.groups {
                        let want = &value[&group.name];
                        let got = [
                            group.n as f64,
                            group.population_share,
                            group.value_share,
                            group.mean,
                            group.t,
                            group.t_within,
                        ];
                        let names = ["n", "pop_share", "income_share", "mean", "index", "contribution_within"];
                        got.iter()
                            .zip(names)
                            .for_each(|(&got, name)| close(got, want[name].as_f64().unwrap(), tolerance));
                    }
                    assert_eq!(split.groups.len(), value.as_object().unwrap().len());
                    compared += 1;
                    continue;
                }
                other => panic!("{other} is not compared"),
            };
            let want = if value.is_array() { numbers(value) } else { vec![value.as_f64().unwrap()] };
            got.iter().zip(&want).for_each(|(&got, &want)| close(got, want, tolerance));
            compared += 1;
        }
    }
    assert_eq!(compared, 24);
}

#[test]
fn the_series_of_mexico_as_in_other_programs() {
    let golden = golden();
    let regions: Vec<Option<&str>> = golden["region"].as_array().unwrap().iter().map(Value::as_str).collect();
    let of = |id: &str| {
        golden["measures"].as_array().unwrap().iter().find(|measure| measure["id"] == id).unwrap()["value"].clone()
    };
    let (decomposition, cv) = (of("theil_decomposition_by_year"), numbers(&of("sigma_series_cv")));
    for (at, values) in golden["values"].as_array().unwrap().iter().enumerate() {
        let x = numbers(values);
        let split = theil_groups(&x, None, &regions).unwrap();
        for (got, row) in [split.t, split.t_between, split.t_within].iter().zip(decomposition.as_array().unwrap()) {
            same(*got, numbers(row)[at]);
        }
        same(variation(&x, None).unwrap().cv, cv[at]);
    }
}

#[test]
fn values_that_are_all_equal_are_exactly_equal() {
    let (x, people) = ([0.1; 7], [3.0, 1.0, 0.7, 5.0, 0.1, 2.0, 9.0]);
    for population in [None, Some(&people[..])] {
        assert_eq!(gini(&x, population).unwrap().gini, 0.0);
        let theil = theil(&x, population).unwrap();
        assert_eq!((theil.t, theil.l), (0.0, 0.0));
        let spread = variation(&x, population).unwrap();
        assert_eq!(
            (spread.cv, spread.sd_log, spread.max_min, spread.p90_p10, spread.hoover),
            (0.0, 0.0, 1.0, 1.0, 0.0)
        );
        same(spread.palma, 0.25);
    }
    let split = theil_groups(&x, None, &[Some("a"), Some("b"), Some("a"), None, None, Some("b"), Some("c")]).unwrap();
    assert_eq!((split.n, split.t, split.t_between, split.t_within), (5, 0.0, 0.0, 0.0));
    assert!(split.t_between_share.is_nan());
}

#[test]
fn zeros_are_kept_where_there_is_a_limit() {
    let x = [0.0, 0.0, 0.0, 10.0, 10.0, 10.0];
    let theil = theil(&x, None).unwrap();
    same(theil.t, 2.0_f64.ln());
    assert!(theil.l.is_nan());
    assert_eq!(theil.zeros, [0, 1, 2]);
    same(gini(&x, None).unwrap().gini, 0.5);
    let spread = variation(&x, None).unwrap();
    same(spread.cv, 1.0);
    assert!(spread.sd_log.is_nan() && spread.max_min.is_nan() && spread.palma.is_nan() && spread.p90_p10.is_nan());
    same(spread.hoover, 0.5);
    let split = theil_groups(&x, None, &["a", "a", "a", "b", "b", "b"].map(Some)).unwrap();
    same(split.t_between, 2.0_f64.ln());
    assert_eq!((split.t_within, split.t_between_share), (0.0, 1.0));
    assert!(split.l_within.is_nan() && split.l_between.is_nan() && split.groups[0].t.is_nan());
}

#[test]
fn what_is_no_share_of_a_total_is_refused_with_its_places() {
    let error = gini(&[-1.0, 2.0, -3.0, 4.0], None).unwrap_err();
    let places: Vec<_> = error.faults().iter().map(|fault| fault.place().feature).collect();
    assert_eq!((error.kind(), places), (Kind::Value, vec![Some(0), Some(2)]));
    assert!(error.to_string().contains("negative"));
    let spread = variation(&[-1.0, 2.0, 3.0, 4.0], None).unwrap();
    same(spread.cv, 3.5_f64.sqrt() / 2.0);
    assert_eq!(spread.not_positive, [0]);
    assert!([spread.sd_log, spread.max_min, spread.p90_p10, spread.palma, spread.hoover].iter().all(|x| x.is_nan()));
    let kind = |x: &[f64], population: Option<&[f64]>| theil(x, population).unwrap_err().kind();
    assert_eq!(kind(&[0.0, 0.0], None), Kind::Undefined);
    assert_eq!(kind(&[1.0, f64::NAN], None), Kind::TooFew);
    assert_eq!(kind(&[1.0, 2.0], Some(&[0.0, 0.0])), Kind::Value);
    assert_eq!(kind(&[1.0, 2.0], Some(&[2.0, -1.0])), Kind::Value);
    assert_eq!(kind(&[1.0, 2.0], Some(&[2.0])), Kind::Option);
}

#[test]
fn the_largest_and_the_least_numbers_do_not_overflow() {
    for scale in [f64::MAX / 4.0, f64::MIN_POSITIVE] {
        let x = [1.0, 2.0, 4.0].map(|x| x * scale);
        same(gini(&x, Some(&[f64::MAX / 2.0; 3])).unwrap().gini, gini(&[1.0, 2.0, 4.0], None).unwrap().gini);
        same(variation(&x, None).unwrap().cv, variation(&[1.0, 2.0, 4.0], None).unwrap().cv);
    }
}

/// All numbers that do not depend on the unit of the values.
fn all(x: &[f64], population: Option<&[f64]>) -> Vec<f64> {
    let (theil, spread) = (theil(x, population).unwrap(), variation(x, population).unwrap());
    vec![
        gini(x, population).unwrap().gini,
        theil.t,
        theil.l,
        spread.cv,
        spread.sd_log,
        spread.max_min,
        spread.palma,
        spread.hoover,
    ]
}

#[track_caller]
fn all_same(a: &[f64], b: &[f64]) {
    a.iter().zip(b).for_each(|(&a, &b)| same(a, b));
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.5..1e4f64, 2..30)
}

proptest! {
    #[test]
    fn the_unit_of_the_values_does_not_matter(x in values(), unit in 1e-6..1e6f64) {
        let scaled: Vec<f64> = x.iter().map(|x| x * unit).collect();
        all_same(&all(&x, None), &all(&scaled, None));
        same(variation(&x, None).unwrap().p90_p10, variation(&scaled, None).unwrap().p90_p10);
    }

    #[test]
    fn the_unit_of_the_population_does_not_matter(x in values(), unit in 1e-6..1e6f64) {
        let people: Vec<f64> = (0..x.len()).map(|i| 1.0 + (i * 7 % 11) as f64).collect();
        let scaled: Vec<f64> = people.iter().map(|people| people * unit).collect();
        all_same(&all(&x, Some(&people)), &all(&x, Some(&scaled)));
        let [a, b] = [people, scaled].map(|people| variation(&x, Some(&people)).unwrap().p90_p10);
        same(a, b);
    }

    #[test]
    fn every_city_twice_changes_nothing(x in values()) {
        let twice: Vec<f64> = x.iter().chain(&x).copied().collect();
        all_same(&all(&x, None), &all(&twice, None));
    }

    #[test]
    fn a_population_counts_a_city_once_for_each_of_its_people(x in prop::collection::vec((0.5..1e4f64, 0..6usize), 3..20)) {
        prop_assume!(x.iter().filter(|(_, people)| *people > 0).count() > 1);
        let (values, people): (Vec<f64>, Vec<f64>) = x.iter().map(|&(x, people)| (x, people as f64)).unzip();
        let one_by_one: Vec<f64> = x.iter().flat_map(|&(x, people)| std::iter::repeat_n(x, people)).collect();
        all_same(&all(&values, Some(&people)), &all(&one_by_one, None));
        let ones = vec![1.0; one_by_one.len()];
        let p90_p10 = |x: &[f64], people: &[f64]| variation(x, Some(people)).unwrap().p90_p10;
        same(p90_p10(&values, &people), p90_p10(&one_by_one, &ones));
    }

    #[test]
    fn what_the_rich_give_the_poor_makes_all_more_equal(x in values(), share in 0.01..0.49f64) {
        let poor = (0..x.len()).min_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
        let rich = (0..x.len()).max_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
        prop_assume!(x[rich] > x[poor] + 1.0);
        let mut after = x.clone();
        after[rich] -= share * (x[rich] - x[poor]);
        after[poor] += share * (x[rich] - x[poor]);
        let (before, after) = (all(&x, None), all(&after, None));
        for strict in 0..4 {
            prop_assert!(after[strict] < before[strict], "{strict}: {} to {}", before[strict], after[strict]);
        }
        prop_assert!(after[7] <= before[7] + 1e-12);
    }

    #[test]
    fn parts_within_and_between_are_the_whole(x in prop::collection::vec((0.0..1e4f64, 1.0..9.0f64, 0..4u8), 3..30)) {
        prop_assume!(x.iter().any(|(x, ..)| *x > 0.0));
        let (values, people): (Vec<f64>, Vec<f64>) = x.iter().map(|&(x, people, _)| (x, people)).unzip();
        let groups: Vec<Option<String>> = x.iter().map(|(_, _, group)| Some(group.to_string())).collect();
        for population in [None, Some(&people[..])] {
            let split = theil_groups(&values, population, &groups).unwrap();
            let whole = theil(&values, population).unwrap();
            same(split.t_within + split.t_between, whole.t);
            same(split.t, whole.t);
            same(split.groups.iter().map(|group| group.t_between).sum(), split.t_between);
            same(split.groups.iter().map(|group| group.population_share).sum(), 1.0);
            same(split.groups.iter().map(|group| group.value_share).sum(), 1.0);
            same(whole.part.iter().sum(), whole.t);
            if whole.zeros.is_empty() {
                same(split.l_within + split.l_between, whole.l);
                same(split.groups.iter().map(|group| group.l_between).sum(), split.l_between);
            }
            prop_assert!(split.t_between >= 0.0 && split.t_within >= -1e-12);
        }
    }

    #[test]
    fn bounds_hold(x in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e4f64], 2..30)) {
        prop_assume!(x.iter().any(|x| *x > 0.0));
        let n = x.len() as f64;
        let (gini, theil, spread) = (gini(&x, None).unwrap(), theil(&x, None).unwrap(), variation(&x, None).unwrap());
        prop_assert!(gini.gini >= 0.0 && gini.gini <= 1.0 - 1.0 / n + 1e-12 && gini.gini_unbiased <= 1.0 + 1e-12);
        prop_assert!(theil.t >= 0.0 && theil.t <= n.ln() + 1e-12 && (theil.l >= 0.0 || theil.l.is_nan()));
        prop_assert!(spread.cv >= 0.0 && spread.cv <= (n - 1.0).sqrt() + 1e-12);
        prop_assert!(spread.hoover >= 0.0 && spread.hoover <= 1.0 - 1.0 / n + 1e-12);
        prop_assert!(spread.hoover <= gini.gini + 1e-12);
        prop_assert!(spread.max_min >= 1.0 || spread.max_min.is_nan());
        prop_assert!(spread.palma >= 0.25 - 1e-12 || spread.palma.is_nan());
    }
}
