//! Generalised entropy, Atkinson's index, polarisation and the Lorenz curve: against other people's programs
//! (`golden/inequality_mexico.json` names them), and the laws that they obey on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::measures::imbalance::*;
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/inequality_mexico.json")).unwrap()
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

fn entropy(x: &[f64], population: Option<&[f64]>, alpha: f64) -> f64 {
    generalised_entropy(x, population, alpha).unwrap().index
}

fn cost(x: &[f64], population: Option<&[f64]>, epsilon: f64) -> f64 {
    atkinson(x, population, epsilon).unwrap().index
}

/// All that depends neither on the unit of the values nor on how often the whole is repeated; of these, all but the last
/// two fall strictly with a transfer from rich to poor.
fn all(x: &[f64], population: Option<&[f64]>) -> Vec<f64> {
    let mut all: Vec<f64> = [-1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0].map(|alpha| entropy(x, population, alpha)).to_vec();
    all.extend([0.5, 1.0, 2.0, 3.0].map(|epsilon| cost(x, population, epsilon)));
    all
}

#[test]
fn mexican_states_as_in_other_programs() {
    let golden = golden();
    let regions: Vec<Option<&str>> = golden["region"].as_array().unwrap().iter().map(Value::as_str).collect();
    let mut compared = 0;
    for year in ["1940", "2000"] {
        let x = numbers(&golden["values"][year]);
        for measure in golden["measures"].as_array().unwrap() {
            let tolerance = measure["tolerance"].as_f64().unwrap();
            let id = measure["id"].as_str().unwrap();
            let Some(name) = id.strip_prefix(&format!("mexico{year}.")) else { continue };
            let got = match name {
                "ge2" => entropy(&x, None, 2.0),
                "atkinson_0.5" => cost(&x, None, 0.5),
                "atkinson_1" => cost(&x, None, 1.0),
                "atkinson_2" => cost(&x, None, 2.0),
                "wolfson_1994" => polarisation(&x, None).unwrap().wolfson,
                "esteban_ray_1.3" => esteban_ray_groups(&x, None, &regions).unwrap(),
                "der_0.5" => polarisation(&x, None).unwrap().duclos_esteban_ray,
                "gini" => lorenz(&x, None).unwrap().gini,
                "s80s20" => lorenz(&x, None).unwrap().s80_s20,
                "lorenz" => {
                    let curve = lorenz(&x, None).unwrap().parade;
                    let (people, total) = (numbers(&measure["value"][0]), numbers(&measure["value"][1]));
                    assert_eq!((people.len(), people[0], total[0]), (curve.len() + 1, 0.0, 0.0));
                    for (i, city) in curve.iter().enumerate() {
                        close(city.cumulative_population, people[i + 1], tolerance);
                        close(city.cumulative_value, total[i + 1], tolerance);
                    }
                    compared += 1;
                    continue;
                }
                other => panic!("{other} is not compared"),
            };
            close(got, measure["value"].as_f64().unwrap(), tolerance);
            compared += 1;
        }
    }
    assert_eq!(compared, 20);
}

#[test]
fn values_that_are_all_equal_are_exactly_equal() {
    let (x, people) = ([0.1; 7], [3.0, 1.0, 0.7, 5.0, 0.1, 2.0, 9.0]);
    for population in [None, Some(&people[..])] {
        assert!(all(&x, population).iter().all(|&index| index == 0.0 && index.is_sign_positive()));
    }
}

#[test]
fn zeros_are_kept_where_there_is_a_limit() {
    let x = [0.0, 0.0, 0.0, 12.0];
    same(entropy(&x, None, 2.0), 1.5);
    same(entropy(&x, None, 1.0), 4.0_f64.ln());
    same(cost(&x, None, 0.5), 0.75); // one of n has everything: 1 − 1/n
    for alpha in [0.0, -1.0] {
        let result = generalised_entropy(&x, None, alpha).unwrap();
        assert!(result.index.is_nan());
        assert_eq!(result.zeros, [0, 1, 2]);
    }
    assert!(cost(&x, None, 1.0).is_nan() && cost(&x, None, 2.0).is_nan());
}

#[test]
fn polarisation_sees_camps_where_inequality_does_not() {
    // A transfer inside each half makes incomes more equal and the camps more uniform.
    let (before, after) = ([1.0, 3.0, 7.0, 9.0], [2.0, 2.0, 8.0, 8.0]);
    assert!(gini(&after, None).unwrap().gini < gini(&before, None).unwrap().gini);
    let [before, after] = [before, after].map(|x| polarisation(&x.repeat(25), None).unwrap());
    assert!(after.wolfson > before.wolfson && after.duclos_esteban_ray > before.duclos_esteban_ray);
    same(before.tsui_wang, (2.0 * 0.8_f64.sqrt() + 2.0 * 0.4_f64.sqrt()) / 4.0);
    let equal = polarisation(&[0.1; 7], Some(&[3.0, 1.0, 0.7, 5.0, 0.1, 2.0, 9.0])).unwrap();
    assert_eq!((equal.wolfson, equal.esteban_ray, equal.tsui_wang), (0.0, 0.0, 0.0));
    assert!(equal.duclos_esteban_ray.is_nan());
    same(lorenz(&[0.1; 7], None).unwrap().s80_s20, 1.0);
    let empty = polarisation(&[0.0, 0.0, 0.0, 5.0], None).unwrap();
    assert!(empty.wolfson.is_nan() && empty.tsui_wang.is_nan() && empty.esteban_ray > 0.0);
}

#[test]
fn one_and_many_threads_give_the_same_bits() {
    let x: Vec<f64> = (0..500).map(|i| 1.0 + f64::from(i * 7919 % 1009)).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| polarisation(&x, None).unwrap().duclos_esteban_ray.to_bits())
    };
    assert!(with(1) == with(2) && with(1) == with(16));
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let kind = |x: &[f64]| atkinson(x, None, 0.5).unwrap_err().kind();
    assert_eq!(
        [kind(&[1.0, -2.0]), kind(&[0.0, 0.0]), kind(&[1.0, f64::NAN]), kind(&[])],
        [Kind::Value, Kind::Undefined, Kind::TooFew, Kind::TooFew]
    );
    assert_eq!(atkinson(&[1.0, 2.0], None, -0.5).unwrap_err().kind(), Kind::Option);
    assert_eq!(generalised_entropy(&[1.0, 2.0], None, f64::NAN).unwrap_err().kind(), Kind::Option);
    assert!(entropy(&[1e-300, 1e300], None, -1.0).is_nan());
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.5..1e4f64, 2..30)
}

/// Compared by their size, as an index of order 3 may be large.
#[track_caller]
fn all_same(a: &[f64], b: &[f64]) {
    a.iter().zip(b).for_each(|(&a, &b)| same(a, b));
}

proptest! {
    #[test]
    fn neither_unit_nor_order_matters(x in values(), unit in 1e-6..1e6f64) {
        let people: Vec<f64> = (0..x.len()).map(|i| 1.0 + (i * 7 % 11) as f64).collect();
        let scaled: Vec<f64> = x.iter().rev().map(|x| x * unit).collect();
        let reversed: Vec<f64> = people.iter().rev().map(|people| people * unit).collect();
        all_same(&all(&x, None), &all(&scaled, None));
        all_same(&all(&x, Some(&people)), &all(&scaled, Some(&reversed)));
    }

    #[test]
    fn a_population_counts_a_city_once_for_each_of_its_people(x in prop::collection::vec((0.5..1e4f64, 0..6usize), 3..20)) {
        prop_assume!(x.iter().filter(|(_, people)| *people > 0).count() > 1);
        let (values, people): (Vec<f64>, Vec<f64>) = x.iter().map(|&(x, people)| (x, people as f64)).unzip();
        let one_by_one: Vec<f64> = x.iter().flat_map(|&(x, people)| std::iter::repeat_n(x, people)).collect();
        all_same(&all(&values, Some(&people)), &all(&one_by_one, None));
    }

    #[test]
    fn what_the_rich_give_the_poor_makes_all_more_equal(x in values(), share in 0.01..0.49f64) {
        let poor = (0..x.len()).min_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
        let rich = (0..x.len()).max_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
        prop_assume!(x[rich] > x[poor] + 1.0);
        let mut after = x.clone();
        after[rich] -= share * (x[rich] - x[poor]);
        after[poor] += share * (x[rich] - x[poor]);
        for (before, after) in all(&x, None).iter().zip(all(&after, None)) {
            prop_assert!(after < *before, "{before} to {after}");
        }
    }

    #[test]
    fn the_family_holds_the_known_indices(x in values(), weighted in any::<bool>()) {
        let people: Vec<f64> = (0..x.len()).map(|i| 1.0 + (i * 5 % 7) as f64).collect();
        let population = weighted.then_some(&people[..]);
        let (theil, spread) = (theil(&x, population).unwrap(), variation(&x, population).unwrap());
        same(entropy(&x, population, 1.0), theil.t);
        same(entropy(&x, population, 0.0), theil.l);
        same(entropy(&x, population, 2.0), spread.cv * spread.cv / 2.0);
        same(cost(&x, population, 1.0), 1.0 - (-theil.l).exp());
        // Near its two limits the general formula has to meet them.
        for limit in [0.0, 1.0] {
            close(entropy(&x, population, limit + 1e-6), entropy(&x, population, limit), 1e-3);
        }
        same(entropy(&x, population, 2.0 + 1e-13), entropy(&x, population, 2.0));
        close(entropy(&x, population, -1.0 + 1e-13), entropy(&x, population, -1.0), 1e-6);
    }

    #[test]
    fn polarisation_as_by_its_definition(x in prop::collection::vec((0.5..1e4f64, 1..6usize), 2..20), unit in 1e-3..1e3f64) {
        let (values, people): (Vec<f64>, Vec<f64>) = x.iter().map(|&(x, people)| (x, people as f64)).unzip();
        let got = polarisation(&values, Some(&people)).unwrap();
        let total: f64 = people.iter().sum();
        let mean = values.iter().zip(&people).map(|(x, p)| x * p / total).sum::<f64>();
        let pairs = values.iter().zip(&people).flat_map(|a| values.iter().zip(&people).map(move |b| (a, b)));
        let esteban_ray = |((a, pa), (b, pb)): ((&f64, &f64), (&f64, &f64))| (pa / total).powf(2.3) * pb / total * (a - b).abs() / mean;
        same(got.esteban_ray, pairs.map(esteban_ray).sum());
        let names: Vec<Option<String>> = (0..values.len()).map(|i| Some(i.to_string())).collect();
        same(got.esteban_ray, esteban_ray_groups(&values, Some(&people), &names).unwrap());
        // Wolfson's index from the Lorenz curve of all people one by one.
        let mut each: Vec<f64> = x.iter().flat_map(|&(x, people)| std::iter::repeat_n(x, people)).collect();
        each.sort_by(f64::total_cmp);
        let n = each.len();
        let median = (each[(n - 1) / 2] + each[n / 2]) / 2.0;
        let middle = if n % 2 == 1 { each[n / 2] / 2.0 } else { 0.0 };
        let half = (each[..n / 2].iter().sum::<f64>() + middle) / each.iter().sum::<f64>();
        let gini = gini(&values, Some(&people)).unwrap().gini;
        same(got.wolfson, 2.0 * (1.0 - 2.0 * half - gini) * mean / median);
        same(got.wolfson, polarisation(&each, None).unwrap().wolfson);
        prop_assert!(got.wolfson >= -1e-12 && got.tsui_wang >= 0.0);
        let scaled: Vec<f64> = values.iter().map(|x| x * unit).collect();
        let other = polarisation(&scaled, Some(&people)).unwrap();
        same(got.wolfson, other.wolfson);
        same(got.esteban_ray, other.esteban_ray);
        same(got.tsui_wang, other.tsui_wang);
        let one_size = vec![7.0; values.len()];
        let [a, b] = [Some(&one_size[..]), None].map(|people| polarisation(&values, people).unwrap());
        same(a.tsui_wang, b.tsui_wang);
        if b.duclos_esteban_ray.is_finite() {
            same(a.duclos_esteban_ray, b.duclos_esteban_ray);
        }
    }

    #[test]
    fn the_curve_is_convex_and_spans_gini(x in prop::collection::vec((0.0..1e4f64, 0.1..9.0f64), 2..30), weighted in any::<bool>()) {
        prop_assume!(x.iter().any(|(x, _)| *x > 0.0));
        let (values, people): (Vec<f64>, Vec<f64>) = x.into_iter().unzip();
        let population = weighted.then_some(&people[..]);
        let curve = lorenz(&values, population).unwrap();
        same(curve.gini, gini(&values, population).unwrap().gini);
        let last = curve.parade.last().unwrap();
        same(last.cumulative_population, 1.0);
        same(last.cumulative_value, 1.0);
        for (i, pair) in curve.parade.windows(2).enumerate() {
            prop_assert!(values[pair[0].city] <= values[pair[1].city] && pair[0].height <= pair[1].height);
            prop_assert!(pair[0].cumulative_value <= pair[0].cumulative_population + 1e-12);
            prop_assert_eq!(pair[0].rank, i + 1);
        }
        prop_assert!((0.0..=0.5 + 1e-12).contains(&curve.poorest_half) && curve.richest_tenth >= 0.1 - 1e-12);
        prop_assert!(curve.s80_s20 >= 1.0 - 1e-12 || curve.s80_s20.is_nan());
    }

    #[test]
    fn bounds_hold(x in prop::collection::vec(prop_oneof![Just(0.0), 0.1..1e4f64], 2..30)) {
        prop_assume!(x.iter().any(|x| *x > 0.0));
        let n = x.len() as f64;
        prop_assert!(entropy(&x, None, 2.0) <= (n - 1.0) / 2.0 + 1e-12);
        prop_assert!(cost(&x, None, 0.5) <= 1.0 - 1.0 / n + 1e-12);
        let costs = [0.0, 0.5, 1.0, 2.0, 4.0].map(|epsilon| cost(&x, None, epsilon));
        prop_assert_eq!(costs[0], 0.0);
        for pair in costs.windows(2).filter(|pair| !pair[1].is_nan()) {
            prop_assert!((0.0..=1.0).contains(&pair[1]) && pair[0] <= pair[1] + 1e-12, "{:?}", costs);
        }
        for alpha in [-1.0, 0.0, 1.0, 2.0, 0.3] {
            let index = entropy(&x, None, alpha);
            prop_assert!(index >= -1e-15 || (index.is_nan() && alpha <= 0.0 && x.contains(&0.0)));
        }
    }
}

/// Sizes on the very line: ln(rank − ½) = a − ζ ln S.
fn on_the_line(n: usize, zeta: f64) -> Vec<f64> {
    (0..n).map(|place| 1e6 * (place as f64 + 0.5).powf(-1.0 / zeta)).collect()
}

#[test]
fn the_rank_size_rule_of_sizes_on_the_line() {
    for zeta in [0.7, 1.0, 2.5] {
        let rule = rank_size(&on_the_line(50, zeta)).unwrap();
        same(rule.zeta, zeta);
        same(rule.zeta_se, zeta / 5.0);
        same(rule.primacy_2, 3.0_f64.powf(1.0 / zeta));
        rule.cities.iter().zip(on_the_line(50, zeta)).for_each(|(city, size)| same(city.fitted / size, 1.0));
    }
    let zipf: Vec<f64> = (1..=11).map(|rank| 1.0 / f64::from(rank)).collect();
    let rule = rank_size(&zipf).unwrap();
    same(rule.primacy_2, 2.0);
    same(rule.primacy_4, 12.0 / 13.0);
    same(rule.primacy_11, 2.0 / zipf[1..].iter().sum::<f64>());
}

#[test]
fn few_equal_and_empty_cities_have_no_exponent() {
    let equal = rank_size(&[5.0, 5.0, 5.0]).unwrap();
    assert!(equal.zeta.is_nan() && equal.zeta_se.is_nan() && equal.primacy_4.is_nan() && equal.primacy_11.is_nan());
    assert_eq!(equal.primacy_2, 1.0);
    let one = rank_size(&[5.0, 0.0, f64::NAN]).unwrap();
    assert_eq!((one.n, &one.zeros[..]), (1, &[1][..]));
    assert!(one.zeta.is_nan() && one.primacy_2.is_nan() && one.cities[0].fitted.is_nan());
    let kind = |sizes: &[f64]| rank_size(sizes).unwrap_err().kind();
    assert_eq!([kind(&[]), kind(&[0.0, 0.0]), kind(&[1.0, -1.0])], [Kind::TooFew, Kind::Undefined, Kind::Value]);
}

proptest! {
    #[test]
    fn neither_unit_nor_order_of_sizes_matters(sizes in prop::collection::vec(0.1..1e6f64, 2..40), unit in 1e-3..1e3f64) {
        let (rule, n) = (rank_size(&sizes).unwrap(), sizes.len());
        let other: Vec<f64> = sizes.iter().rev().map(|size| size * unit).collect();
        let other = rank_size(&other).unwrap();
        for (a, b) in [(rule.zeta, other.zeta), (rule.zeta_se, other.zeta_se), (rule.primacy_2, other.primacy_2)] {
            prop_assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0));
        }
        prop_assert!(rule.zeta > 0.0 && rule.primacy_2 >= 1.0);
        prop_assert!(rule.primacy_4.is_nan() == (n < 4) && rule.primacy_11.is_nan() == (n < 11));
        prop_assert!(n < 4 || rule.primacy_4 >= 1.0 / 3.0 - 1e-12);
        prop_assert!(n < 11 || rule.primacy_11 >= 0.2 - 1e-12);
        for (a, b) in rule.cities.iter().zip(&other.cities) {
            prop_assert!(sizes[a.city] == sizes[n - 1 - b.city]);
            prop_assert!((a.fitted * unit / b.fitted - 1.0).abs() < 1e-6);
        }
        for pair in rule.cities.windows(2) {
            prop_assert!(sizes[pair[0].city] >= sizes[pair[1].city] && pair[0].fitted >= pair[1].fitted);
        }
    }
}
