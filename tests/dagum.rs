//! The Gini coefficient by groups: against other people's numbers, and the laws that it obeys on any data.
#![allow(clippy::unwrap_used)]

#[path = "common/by_groups.rs"]
mod by_groups;

use agglo::error::Kind;
use agglo::measures::imbalance::*;
use by_groups::{reported, said};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap()],
    }
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} for {want}");
}

#[test]
fn mexican_states_as_in_dineq_and_numpy() {
    let states: Value = serde_json::from_str(include_str!("golden/imbalance.json")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/inequality_dagum.json")).unwrap();
    let regions: Vec<Option<&str>> = states["region"].as_array().unwrap().iter().map(Value::as_str).collect();
    let mut compared = 0;
    for measure in golden["measures"].as_array().unwrap() {
        let (year, name) = measure["id"].as_str().unwrap().split_once('.').unwrap();
        let x = numbers(&states["values"][if year == "mexico1940" { 0 } else { 6 }]);
        let split = dagum(&x, None, &regions).unwrap();
        let (value, tolerance) = (&measure["value"], measure["tolerance"].as_f64().unwrap());
        let parts = [split.within, split.net_between, split.transvariation];
        let at =
            |name: &Value| split.groups.iter().position(|group| Some(group.name.as_str()) == name.as_str()).unwrap();
        let k = split.groups.len();
        let in_order = |matrix: &[f64]| -> Vec<f64> {
            let order: Vec<usize> = measure["groups"].as_array().unwrap().iter().map(at).collect();
            order.iter().flat_map(|&j| order.iter().map(move |&h| matrix[j * k + h])).collect()
        };
        let (got, want) = match name {
            "dagum" => {
                let names = ["G", "Gw", "Gnb", "Gt", "Gb_gross", "share_w", "share_nb", "share_t"];
                let gross = split.net_between + split.transvariation;
                let got = [&[split.gini][..], &parts, &[gross], &parts.map(|part| part / split.gini)].concat();
                (got, names.map(|name| value[name].as_f64().unwrap()).to_vec())
            }
            "dagum_triplet" => (parts.to_vec(), numbers(value)),
            "dagum_G_jh" => (in_order(&split.g_jh), numbers(value)),
            "dagum_D_jh" => (in_order(&split.d_jh), numbers(value)),
            other => panic!("{other} is not compared"),
        };
        assert_eq!(got.len(), want.len());
        got.iter().zip(&want).for_each(|(&got, &want)| close(got, want, tolerance));
        compared += got.len();
    }
    assert_eq!(compared, 2 * (8 + 3 + 25 + 25));
    let x = numbers(&states["values"][6]);
    close(dagum(&x, None, &regions).unwrap().pairs_within, 206.0 / 992.0, 1e-12);
}

#[test]
fn groups_apart_do_not_overlap_and_equal_groups_have_no_affluence() {
    let groups = ["a", "a", "b", "b", "c"].map(Some);
    let apart = dagum(&[1.0, 2.0, 2.0, 5.0, 9.0], None, &groups).unwrap();
    assert_eq!((apart.transvariation, apart.d_jh), (0.0, vec![0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0]));
    assert_eq!(apart.groups[2].gini, 0.0);
    let alike = dagum(&[1.0, 5.0, 1.0, 5.0, 3.0], None, &groups).unwrap();
    assert!(alike.net_between < 1e-15 && alike.d_jh.iter().all(|&d| d < 1e-15));
}

#[test]
fn zeros_equal_values_single_groups_and_missing_cities() {
    let groups = ["a", "a", "b", "c"].map(Some);
    let zeros = dagum(&[0.0, 0.0, 0.0, 8.0], None, &groups).unwrap();
    assert!(zeros.groups[0].gini.is_nan() && zeros.g_jh[1].is_nan() && zeros.d_jh[1].is_nan());
    assert_eq!((zeros.within, zeros.net_between, zeros.d_jh[2]), (0.0, 0.75, 1.0));
    let equal = dagum(&[0.1; 4], Some(&[1.0, 0.7, 3.0, 0.1]), &groups).unwrap();
    assert_eq!((equal.gini, equal.within, equal.net_between, equal.transvariation), (0.0, 0.0, 0.0, 0.0));
    assert!(equal.g_jh.iter().all(|&g| g == 0.0) && equal.d_jh[1].is_nan());
    let one = dagum(&[1.0, 2.0, 7.0], None, &[Some("a"); 3]).unwrap();
    close(one.within, one.gini, 1e-15);
    assert_eq!((one.net_between, one.transvariation, one.pairs_within), (0.0, 0.0, 1.0));
    let missing = dagum(&[1.0, f64::NAN, 3.0, 4.0], None, &[Some("a"), Some("b"), None, Some("a")]).unwrap();
    assert_eq!((missing.n, missing.groups.len()), (2, 1));
    let kind = |x: &[f64], groups: &[Option<&str>]| dagum(x, None, groups).unwrap_err().kind();
    assert_eq!(kind(&[1.0], &[Some("a")]), Kind::TooFew);
    assert_eq!(kind(&[], &[]), Kind::TooFew);
    assert_eq!(kind(&[1.0, 2.0], &[Some("a")]), Kind::Option);
    assert_eq!(kind(&[1.0, -2.0], &[Some("a"); 2]), Kind::Value);
    assert_eq!(kind(&[0.0, 0.0], &[Some("a"); 2]), Kind::Undefined);
    let many: Vec<Option<String>> = (0..2_001).map(|i| Some(i.to_string())).collect();
    assert_eq!(dagum(&[1.0; 2_001], None, &many).unwrap_err().kind(), Kind::TooLarge);
}

#[test]
fn the_registry_gives_an_outcome_for_each_grouping_and_weighting() {
    let (x, people) = ([1.0, 3.0, 2.0, 6.0, 9.0, 4.0], [1.0, 2.0, 1.0, 3.0, 1.0, 1.0]);
    let province = [Some("a"), Some("a"), Some("b"), Some("b"), Some("c"), None];
    let outcomes = reported("dagum", &x, &people, &[("province", &province), ("all", &[Some("one"); 6])]);
    assert_eq!(outcomes.len(), 4);
    let first = &outcomes[0];
    assert_eq!((first.options["group"].as_str(), first.scalar("n")), (Some("province"), 5.0));
    let shares = ["within_share", "net_between_share", "transvariation_share"].map(|name| first.scalar(name));
    close(shares.iter().sum(), 1.0, 1e-12);
    assert_eq!(first.matrices[1].1.rows, ["a", "b", "c"]);
    assert_eq!(first.tables[0].1.rows.len(), 3);
    let text = said(first);
    assert!(text.contains("no province is known of C5") && text.contains("in itself: c"), "{text}");
    assert!(text.contains("follows: income: of the Gini") && text.contains("parts_differ"), "{text}");
    assert_eq!(outcomes[1].options["population"].as_str(), Some("people"));
    assert!(!said(&outcomes[1]).contains("parts_differ"));
    assert!(said(&outcomes[2]).contains("all cities are in one group, one"));
    assert_eq!(reported("dagum", &x, &people, &[]).len(), 0);
    let names: Vec<String> = (0..2_001).map(|i| i.to_string()).collect();
    let many: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
    let refused = &reported("dagum", &[1.0; 2_001], &[1.0; 2_001], &[("city", &many)])[0];
    assert!(
        refused.scalars.is_empty() && said(refused).contains("not_run: the Gini coefficient not split by city: 2001")
    );
    let nothing = reported("dagum", &[0.0, 0.0, 0.0, 8.0], &[1.0; 4], &[("g", &["a", "a", "b", "c"].map(Some))]);
    let text = said(&nothing[0]);
    assert!(text.contains("that have nothing, a and b") && text.contains("no d_jh of a to b"), "{text}");
}

/// D by its definition, pair of cities by pair.
fn plain_d(x: &[(f64, f64)], y: &[(f64, f64)]) -> f64 {
    let mean = |x: &[(f64, f64)]| x.iter().map(|(x, p)| x * p).sum::<f64>() / x.iter().map(|(_, p)| p).sum::<f64>();
    let (x, y) = if mean(x) >= mean(y) { (x, y) } else { (y, x) };
    let moment = |sign: f64| -> f64 {
        x.iter().flat_map(|(x, p)| y.iter().map(move |(y, q)| p * q * (sign * (x - y)).max(0.0))).sum()
    };
    (moment(1.0) - moment(-1.0)) / (moment(1.0) + moment(-1.0))
}

type Sample = Vec<(f64, usize, u8)>;

fn cities() -> impl Strategy<Value = Sample> {
    prop::collection::vec((prop_oneof![0.5..1e4f64, (1..5u8).prop_map(f64::from)], 1..6usize, 0..4u8), 2..30)
}

fn columns(cities: &Sample) -> (Vec<f64>, Vec<f64>, Vec<Option<String>>) {
    let groups = cities.iter().map(|(_, _, group)| Some(group.to_string())).collect();
    (cities.iter().map(|city| city.0).collect(), cities.iter().map(|city| city.1 as f64).collect(), groups)
}

/// All numbers that do not depend on the unit of the values.
fn all(x: &[f64], population: Option<&[f64]>, groups: &[Option<String>]) -> Vec<f64> {
    let split = dagum(x, population, groups).unwrap();
    let of_groups = split.groups.iter().flat_map(|g| [g.population_share, g.value_share, g.gini, g.contribution]);
    let parts = [split.gini, split.within, split.net_between, split.transvariation];
    parts.into_iter().chain(of_groups).chain(split.g_jh).chain(split.d_jh).collect()
}

#[track_caller]
fn all_same(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).for_each(|(&a, &b)| assert!((a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-9, "{a} for {b}"));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let x: Vec<f64> = (0..500).map(|i| 1.0 / f64::from(1 + i * 7919 % 503)).collect();
    let groups: Vec<Option<String>> = (0..500).map(|i| Some((i % 23).to_string())).collect();
    let under = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| dagum(&x, None, &groups).unwrap())
    };
    let one = under(1);
    assert!([2, 16].iter().all(|&threads| under(threads) == one));
}

proptest! {
    #[test]
    fn the_parts_add_up_and_each_is_what_it_is_called(cities in cities()) {
        let (x, people, groups) = columns(&cities);
        for population in [None, Some(&people[..])] {
            let split = dagum(&x, population, &groups).unwrap();
            close(split.within + split.net_between + split.transvariation, split.gini, 1e-12);
            close(split.gini, gini(&x, population).unwrap().gini, 1e-12);
            prop_assert!(split.within >= 0.0 && split.net_between >= 0.0 && split.transvariation >= 0.0);
            // Bhattacharya and Mahalanobis: the Gini coefficient if every city had the mean of its group.
            let mean = |group: &Option<String>| split.groups.iter().find(|g| Some(&g.name) == group.as_ref()).unwrap().mean;
            let means: Vec<f64> = groups.iter().map(mean).collect();
            close(split.net_between, gini(&means, population).unwrap().gini, 1e-12);
            close(split.groups.iter().map(|group| group.value_share).sum(), 1.0, 1e-12);
        }
    }

    #[test]
    fn affluence_is_that_of_its_definition(cities in cities()) {
        let (x, people, groups) = columns(&cities);
        for population in [None, Some(&people[..])] {
            let split = dagum(&x, population, &groups).unwrap();
            let k = split.groups.len();
            let of = |j: usize| -> Vec<(f64, f64)> {
                let members = (0..x.len()).filter(|&i| groups[i].as_ref() == Some(&split.groups[j].name));
                members.map(|i| (x[i], population.map_or(1.0, |people| people[i]))).collect()
            };
            for (j, h) in (0..k).flat_map(|j| (0..k).map(move |h| (j, h))) {
                let (d, g) = (split.d_jh[j * k + h], split.g_jh[j * k + h]);
                prop_assert!(d.is_nan() || (0.0..=1.0).contains(&d));
                prop_assert!((0.0..=1.0).contains(&g) && g == split.g_jh[h * k + j]);
                let (plain, difference) = (plain_d(&of(j), &of(h)), g * (split.groups[j].mean + split.groups[h].mean));
                prop_assert!(j == h || plain.is_nan() || difference < 1e-6 || (d - plain).abs() < 1e-9, "{d} for {plain}");
            }
        }
    }

    #[test]
    fn unit_replication_and_order_do_not_matter(cities in cities(), unit in 1e-6..1e6f64) {
        let (x, people, groups) = columns(&cities);
        let scaled: Vec<f64> = x.iter().map(|x| x * unit).collect();
        let once = all(&x, Some(&people), &groups);
        all_same(&all(&scaled, Some(&people), &groups), &once);
        let (twice, both) = ([&x[..], &x].concat(), [&groups[..], &groups].concat());
        all_same(&all(&twice, Some(&[&people[..], &people].concat()), &both), &once);
        all_same(&all(&twice, None, &both), &all(&x, None, &groups));
        let (from_behind, of_them): (Vec<f64>, Vec<_>) = x.iter().zip(&groups).rev().map(|(x, g)| (x, g.clone())).unzip();
        let back = dagum(&from_behind, None, &of_them).unwrap();
        let split = dagum(&x, None, &groups).unwrap();
        close(back.net_between, split.net_between, 1e-12);
        close(back.transvariation, split.transvariation, 1e-12);
    }

    #[test]
    fn a_population_counts_a_city_once_for_each_of_its_people(cities in cities()) {
        let (x, people, groups) = columns(&cities);
        let each: Vec<usize> = cities.iter().enumerate().flat_map(|(i, city)| std::iter::repeat_n(i, city.1)).collect();
        let one_by_one: Vec<f64> = each.iter().map(|&i| x[i]).collect();
        let of_each: Vec<Option<String>> = each.iter().map(|&i| groups[i].clone()).collect();
        all_same(&all(&x, Some(&people), &groups), &all(&one_by_one, None, &of_each));
    }
}
