//! How inequality moves over the years: against other people's programs (`golden/dynamics_us.json` names them), and the
//! laws that hold on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::measures::imbalance::*;
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/dynamics_us.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn same(got: f64, want: &Value) {
    let Some(want) = want.as_f64() else {
        assert!(got.is_nan(), "{got} for null");
        return;
    };
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} for {want}");
}

/// The years, and the income of every state in each.
fn income(golden: &Value) -> (Vec<i32>, Vec<Vec<f64>>) {
    let years = numbers(&golden["years"]).iter().map(|&year| year as i32).collect();
    (years, golden["income"].as_array().unwrap().iter().map(numbers).collect())
}

fn levels<'a>(years: &[i32], values: &'a [Vec<f64>]) -> Vec<(i32, &'a [f64])> {
    years.iter().copied().zip(values.iter().map(Vec::as_slice)).collect()
}

/// Values above zero of some cities in some years.
fn panel() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2usize..6, 4usize..20)
        .prop_flat_map(|(years, n)| proptest::collection::vec(proptest::collection::vec(1.0..1e4f64, n), years))
}

fn scaled(values: &[Vec<f64>], factor: f64) -> Vec<Vec<f64>> {
    values.iter().map(|x| x.iter().map(|x| x * factor).collect()).collect()
}

fn reversed(values: &[Vec<f64>]) -> Vec<Vec<f64>> {
    values.iter().map(|x| x.iter().rev().copied().collect()).collect()
}

fn years_of(values: &[Vec<f64>]) -> Vec<i32> {
    (0..values.len() as i32).map(|t| 2000 + 3 * t + t * t).collect()
}

#[track_caller]
fn near(a: f64, b: f64) {
    assert!((a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-8 * a.abs().max(b.abs()).max(1e-3), "{a} and {b}");
}

#[test]
fn sigma_convergence_of_the_states_as_in_statsmodels() {
    let golden = golden();
    let (years, values) = income(&golden);
    let sigma = sigma_convergence(&levels(&years, &values), None).unwrap();
    let want = &golden["sigma"];
    for (at, year) in sigma.years.iter().enumerate() {
        same(year.sd_log, &want["sd_log"][at]);
        same(year.cv, &want["cv"][at]);
    }
    for (got, want) in [(&sigma.trend, &want["trend"]), (&sigma.log_cv_trend, &want["log_cv_trend"])] {
        same(got.slope, &want["slope"]);
        same(got.se, &want["se"]);
        same(got.t, &want["t"]);
        same(got.p, &want["p"]);
        same(got.durbin_watson, &want["durbin_watson"]);
    }
}

#[test]
fn sigma_takes_the_same_cities_in_every_year() {
    let people = [[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]];
    let levels: [(i32, &[f64]); 2] = [(2000, &[0.0, 2.0, 8.0, 4.0]), (2010, &[1.0, 2.0, 4.0, 4.0])];
    let plain = sigma_convergence(&levels, None).unwrap();
    assert_eq!((plain.n, plain.left_out.as_slice()), (3, &[0][..]));
    assert!(plain.trend.slope < 0.0 && plain.trend.se.is_nan() && plain.trend.p.is_nan());
    let weighted = sigma_convergence(&levels, Some(&[&people[0], &people[1]])).unwrap();
    assert_eq!((weighted.n, weighted.left_out.as_slice()), (2, &[0, 3][..]));
    let refused = sigma_convergence(&levels, Some(&[&[1.0, -1.0, 1.0, 1.0], &people[1]])).unwrap_err();
    assert_eq!((refused.kind(), refused.faults()[0].place().feature), (Kind::Value, Some(1)));
    for few in [&[][..], &[0.0, 1.0], &[f64::NAN; 3]] {
        assert_eq!(sigma_convergence(&[(2000, few), (2010, few)], None).unwrap_err().kind(), Kind::TooFew);
    }
    assert_eq!(sigma_convergence(&levels[..1], None).unwrap_err().kind(), Kind::Option);
    assert_eq!(sigma_convergence(&[levels[1], levels[0]], None).unwrap_err().kind(), Kind::Option);
    let equal = sigma_convergence(&[(1, &[2.0; 3]), (2, &[3.0; 3]), (4, &[0.1; 3])], None).unwrap();
    assert!(equal.trend.slope == 0.0 && equal.trend.p.is_nan() && equal.log_cv_trend.slope.is_nan());
}

#[track_caller]
fn same_beta(got: &BetaConvergence, want: &Value) {
    assert_eq!(got.n as u64, want["n"].as_u64().unwrap());
    same(got.alpha, &want["alpha"]);
    same(got.beta, &want["beta"]);
    same(got.beta_se, &want["se"]);
    same(got.t, &want["t"]);
    same(got.p, &want["p"]);
    same(got.r2, &want["r2"]);
    same(got.speed, &want["speed"]);
    same(got.half_life, &want["half_life"]);
}

#[test]
fn beta_convergence_of_the_states_as_in_statsmodels() {
    let golden = golden();
    let (years, values) = income(&golden);
    let (first, last) = ((years[0], values[0].as_slice()), (years[8], values[8].as_slice()));
    same_beta(&beta_convergence(first, last).unwrap(), &golden["beta"]);
    let regions: Vec<Option<&str>> = golden["regions"].as_array().unwrap().iter().map(Value::as_str).collect();
    let clubs = convergence_clubs(first, last, &regions).unwrap();
    assert_eq!(clubs.len(), golden["clubs"].as_object().unwrap().len());
    for club in &clubs {
        same_beta(club.convergence.as_ref().unwrap(), &golden["clubs"][&club.name]);
    }
}

#[test]
fn the_mexican_states_as_in_reat() {
    // REAT 3.0.3 betaconv.ols for a and b; lambda by its formula with annualised growth, which that program leaves out.
    let golden: Value = serde_json::from_str(include_str!("golden/imbalance.json")).unwrap();
    let (first, last) = (numbers(&golden["values"][0]), numbers(&golden["values"][6]));
    let beta = beta_convergence((1940, &first), (2000, &last)).unwrap();
    same(beta.alpha, &0.0822892747359693.into());
    same(beta.beta, &(-0.00725480267783852).into());
    same(beta.speed, &0.009523994947084533.into());
    same(beta.half_life, &72.7790369914182.into());
    same(beta.r2, &0.4736107983434904.into());
}

#[test]
fn beta_is_null_where_it_means_nothing() {
    let beta = |first: &[f64], last: &[f64]| beta_convergence((2000, first), (2010, last));
    // The order of the cities turns over: 1 + bT = -1.
    let turned = beta(&[1.0, 2.0, 4.0, 3.0], &[4.0, 2.0, 1.0, 1.5]).unwrap();
    assert!(turned.speed.is_nan() && turned.half_life.is_nan() && turned.beta < 0.0);
    let apart = beta(&[1.0, 2.0, 4.0, 3.0], &[1.0, 4.0, 16.0, 10.0]).unwrap();
    assert!(apart.speed < 0.0 && apart.half_life.is_nan());
    let alike = beta(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    assert!(alike.r2.is_nan() && alike.p.is_nan() && alike.beta.abs() < 1e-15);
    assert_eq!(beta(&[2.0; 4], &[1.0, 2.0, 3.0, 4.0]).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(beta(&[1.0, 0.0, 3.0], &[1.0, 2.0, 3.0]).unwrap_err().kind(), Kind::TooFew);
    let left = beta(&[1.0, -1.0, 3.0, 5.0, 2.0], &[1.0, 2.0, f64::NAN, 3.0, 2.5]).unwrap();
    assert_eq!((left.n, left.left_out.as_slice()), (3, &[1, 2][..]));
    assert!(left.growth[1].is_nan() && left.growth[0] == 0.0);
    let clubs = convergence_clubs((1, &[1.0, 2.0, 3.0]), (2, &[1.0, 2.0, 3.0]), &[Some("a"), None, Some("a")]).unwrap();
    assert!(clubs.len() == 1 && clubs[0].n == 2 && clubs[0].convergence.is_none());
}

#[test]
fn markov_chain_of_the_states_as_in_giddy() {
    let golden = golden();
    let (years, values) = income(&golden);
    let chain = markov(&levels(&years, &values), 5).unwrap();
    let want = &golden["markov"];
    let list = |got: &[f64], want: Vec<f64>| {
        assert_eq!(got.len(), want.len());
        got.iter().zip(want).for_each(|(&got, want)| same(got, &want.into()));
    };
    let flat = |value: &Value| value.as_array().unwrap().iter().flat_map(numbers).collect::<Vec<f64>>();
    // The last of mapclassify's bounds is the largest value.
    list(&chain.cut_offs, numbers(&want["cut_offs"])[..4].to_vec());
    assert_eq!(chain.transitions.iter().map(|&n| n as f64).collect::<Vec<f64>>(), flat(&want["transitions"]));
    list(&chain.probabilities, flat(&want["p"]));
    list(&chain.steady, numbers(&want["steady"]));
    list(&chain.first_passage, flat(&want["first_passage"]));
    same(chain.prais, &want["prais"]);
}

#[test]
fn equal_relative_values_never_part() {
    // All grow alike: nobody moves, although 1.1 is not a binary fraction.
    let start: Vec<f64> = (1..=20).map(|i| f64::from(i) * 0.7).collect();
    let values: Vec<Vec<f64>> = (0..5).map(|t| start.iter().map(|x| x * 1.1f64.powi(t)).collect()).collect();
    let chain = markov(&levels(&[1, 2, 3, 4, 5], &values), 5).unwrap();
    assert_eq!((chain.k(), chain.prais), (5, 0.0));
    assert!(chain.steady.iter().all(|share| share.is_nan()));
    // Ties collapse the bounds, and every class that is left has somebody in it.
    let tied = [vec![0.0, 0.0, 0.0, 0.0, 1.0, 9.0], vec![0.0, 0.0, 0.0, 0.0, 2.0, 8.0]];
    let chain = markov(&levels(&[1, 2], &tied), 5).unwrap();
    assert_eq!((chain.k(), chain.moves()), (3, 6));
    assert_eq!(chain.cut_offs[0], 0.0);
}

#[test]
fn what_no_chain_can_be_made_of() {
    let refused = |values: &[Vec<f64>]| markov(&levels(&[1, 2], values), 5).unwrap_err();
    assert_eq!(refused(&[vec![2.0; 3], vec![3.0; 3]]).kind(), Kind::Undefined);
    assert_eq!(refused(&[vec![0.0; 3], vec![1.0, 2.0, 3.0]]).kind(), Kind::Undefined);
    assert_eq!(refused(&[vec![], vec![]]).kind(), Kind::TooFew);
    assert_eq!(refused(&[vec![f64::NAN, 1.0], vec![1.0, 1.0]]).kind(), Kind::TooFew);
    let negative = refused(&[vec![1.0, 2.0, -3.0], vec![1.0, 2.0, 3.0]]);
    assert_eq!((negative.kind(), negative.faults()[0].place().feature), (Kind::Value, Some(2)));
    assert_eq!(markov(&[(1, &[1.0, 2.0]), (2, &[1.0, 2.0])], 1).unwrap_err().kind(), Kind::Option);
    let left = markov(&[(1, &[1.0, f64::NAN, 2.0]), (2, &[1.0, 2.0, 2.0])], 2).unwrap();
    assert_eq!((left.n, left.left_out.as_slice(), left.classes[1].is_none()), (2, &[1][..], true));
}

proptest! {
    #[test]
    fn a_chain_obeys_its_equations(values in panel(), factor in 0.01..100.0f64, asked in 2usize..6) {
        let years = years_of(&values);
        let of = |values: &[Vec<f64>]| markov(&levels(&years, values), asked).unwrap();
        let chain = of(&values);
        let k = chain.k();
        prop_assert!(k >= 2 && k <= asked && chain.moves() == chain.n * (years.len() - 1));
        prop_assert!(chain.prais.is_nan() || (0.0..=k as f64 / (k as f64 - 1.0) + 1e-12).contains(&chain.prais));
        for other in [of(&scaled(&values, factor)), of(&reversed(&values))] {
            prop_assert_eq!(&other.transitions, &chain.transitions);
        }
        // Every class has somebody in it in some year.
        prop_assert!((0..k).all(|class| chain.classes.iter().flatten().any(|path| path.contains(&class))));
        let p = |i: usize, j: usize| chain.probabilities[i * k + j];
        for i in 0..k {
            let row: f64 = (0..k).map(|j| p(i, j)).sum();
            prop_assert!(row.is_nan() || (row - 1.0).abs() < 1e-12);
            let flow: f64 = (0..k).map(|l| chain.steady[l] * p(l, i)).sum();
            prop_assert!(chain.steady[i].is_nan() || (flow - chain.steady[i]).abs() < 1e-12);
            for j in 0..k {
                let m = |l: usize| chain.first_passage[l * k + j];
                let want = 1.0 + (0..k).filter(|&l| l != j && p(i, l) > 0.0).map(|l| p(i, l) * m(l)).sum::<f64>();
                prop_assert!(m(i).is_nan() || (m(i) - want).abs() <= 1e-9 * want);
            }
            // Who comes back after m steps in the mean is there a share 1/m of the time.
            let back = chain.first_passage[i * k + i];
            if back.is_finite() && chain.steady[i].is_finite() {
                prop_assert!((chain.steady[i] * back - 1.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn beta_knows_neither_order_nor_unit(values in panel(), factor in 0.01..100.0f64) {
        let of = |values: &[Vec<f64>]| beta_convergence((2000, &values[0]), (2013, &values[1])).unwrap();
        let beta = of(&values);
        for other in [of(&scaled(&values, factor)), of(&reversed(&values))] {
            near(other.beta, beta.beta);
            near(other.beta_se, beta.beta_se);
            near(other.r2, beta.r2);
        }
        prop_assert!((-1e-12..=1.0 + 1e-12).contains(&beta.r2));
        // All in one club are all.
        let club = convergence_clubs((2000, &values[0]), (2013, &values[1]), &vec![Some("all"); values[0].len()]).unwrap();
        prop_assert!(club[0].convergence.as_ref().unwrap().beta == beta.beta);
        // The standard error of a slope that is measured in years scales with the years.
        let slow = beta_convergence((2000, &values[0]), (2026, &values[1])).unwrap();
        near(slow.beta * 2.0, beta.beta);
    }

    #[test]
    fn sigma_knows_neither_order_nor_unit(values in panel(), factor in 0.01..100.0f64) {
        let years = years_of(&values);
        let of = |values: &[Vec<f64>], population: Option<&[&[f64]]>| {
            sigma_convergence(&levels(&years, values), population).unwrap()
        };
        let sigma = of(&values, None);
        for other in [of(&scaled(&values, factor), None), of(&reversed(&values), None)] {
            near(other.trend.slope, sigma.trend.slope);
            near(other.log_cv_trend.slope, sigma.log_cv_trend.slope);
            near(other.trend.p, sigma.trend.p);
        }
        // Equal populations weigh nothing.
        let people = vec![7.0; values[0].len()];
        let weighted = of(&values, Some(&vec![people.as_slice(); years.len()]));
        near(weighted.trend.slope, sigma.trend.slope);
        prop_assert!(sigma.trend.p.is_nan() || (0.0..=1.0).contains(&sigma.trend.p));
        prop_assert!(sigma.trend.durbin_watson.is_nan() || (0.0..=4.0 + 1e-12).contains(&sigma.trend.durbin_watson));
    }
}
