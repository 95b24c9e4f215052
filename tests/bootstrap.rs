//! Bootstrap intervals of inequality, what each city adds to it, and standard deviations of a sample.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::imbalance::{
    INTERVAL_MEASURES, INTERVAL_SHARES, InequalityIntervals, Interval, Options, gini, inequality_intervals,
    share_intervals, sigma_convergence, theil, variation,
};
use agglo::measures::{Outcome, Run, autocorrelation, measure};
use agglo::study::{Cities, Grouping, Metric, Shapes, Variable};
use proptest::prelude::*;

const X: [f64; 15] = [12.0, 15.5, 9.8, 22.1, 31.4, 18.0, 11.2, 14.9, 45.3, 27.6, 16.4, 10.1, 19.9, 24.5, 13.3];
const Y: [f64; 15] = [15.0, 17.5, 13.8, 24.1, 30.4, 19.0, 14.2, 16.9, 41.3, 27.9, 18.4, 13.1, 21.9, 25.5, 16.3];
const PEOPLE: [f64; 15] = [3.0, 1.2, 0.8, 5.5, 10.0, 2.2, 1.9, 0.7, 8.1, 4.0, 1.0, 2.5, 3.3, 0.9, 1.4];

fn of(x: &[f64], population: Option<&[f64]>, resamples: usize) -> InequalityIntervals {
    let population = population.map(|p| [p]);
    inequality_intervals(&[x], population.as_ref().map(|p| p.as_slice()), resamples, 42, 0.05).unwrap()
}

fn at(name: &str) -> usize {
    INTERVAL_MEASURES.iter().position(|other| *other == name).unwrap()
}

/// `scipy.stats.bootstrap(data, statistic, method="BCa", paired=True, n_resamples=50000)` of SciPy 1.17.1: the number, its
/// standard error, low and high. Its draws are others, so that the ends agree to a few thousandths of their distance.
#[test]
fn agrees_with_scipy() {
    let expected = [
        ("gini", [0.24986301369863015, 0.040566432685207016, 0.1897863675360458, 0.3346007212300261]),
        ("theil_t", [0.10147828187098906, 0.0319248522681118, 0.053187729077156104, 0.19111135502904145]),
        ("cv", [0.4781930632518267, 0.0880401546558572, 0.3337316523350749, 0.6764255053814567]),
        ("sd_log", [0.42720384874700634, 0.06892851933296737, 0.3214466292737201, 0.6000705180195233]),
        ("hoover", [0.18493150684931509, 0.034628507925775244, 0.13202487064225374, 0.2745271829368305]),
        ("atkinson_05", [0.048550335782735154, 0.014897235332099568, 0.026315134639632923, 0.09085929141482832]),
    ];
    let plain = of(&X, None, 50_000);
    for (name, expected) in expected {
        agrees(plain.columns[0][at(name)], expected, name);
    }
    let weighted = of(&X, Some(&PEOPLE), 50_000).columns[0];
    let gini = [0.2492005106046229, 0.045160965666455374, 0.18568854568676418, 0.3368550292572681];
    agrees(weighted[at("gini")], gini, "weighted gini");
    let theil = [0.09871985570894344, 0.03295802636732692, 0.05114152932705345, 0.1950846780485459];
    agrees(weighted[at("theil_t")], theil, "weighted theil_t");
    let both = inequality_intervals(&[&X, &Y], None, 50_000, 42, 0.05).unwrap();
    let change = [-0.06278192690298579, 0.010850231554125577, -0.0883140712197292, -0.047009624659918134];
    agrees(both.changes.unwrap()[at("gini")], change, "change");
}

fn agrees(interval: Interval, [value, se, low, high]: [f64; 4], name: &str) {
    assert!((interval.value - value).abs() < 1e-12, "{name}: {interval:?}");
    assert!((interval.se / se - 1.0).abs() < 0.02, "{name}: {interval:?}");
    let within = 0.03 * (high - low);
    assert!((interval.low - low).abs() < within && (interval.high - high).abs() < within, "{name}: {interval:?}");
}

#[test]
fn values_are_those_of_the_measures() {
    let plain = of(&X, Some(&PEOPLE), 10).columns[0];
    assert!((plain[at("gini")].value - gini(&X, Some(&PEOPLE)).unwrap().gini).abs() < 1e-14);
    assert!((plain[at("theil_l")].value - theil(&X, Some(&PEOPLE)).unwrap().l).abs() < 1e-14);
    assert!((plain[at("cv")].value - variation(&X, Some(&PEOPLE)).unwrap().cv).abs() < 1e-14);
}

#[test]
fn the_same_bits_for_any_number_of_threads() {
    let bits = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let groups: Vec<Option<String>> = (0..15).map(|i| Some(format!("g{}", i % 4))).collect();
        pool.install(|| {
            let intervals = inequality_intervals(&[&X, &Y], Some(&[&PEOPLE, &PEOPLE]), 203, 1, 0.1).unwrap();
            let shares = share_intervals(&X, None, &groups, 203, 1, 0.1).unwrap();
            let all = intervals.columns.concat().into_iter().chain(intervals.changes.unwrap()).chain(shares.shares);
            all.flat_map(|i| [i.value, i.se, i.low, i.high, i.bias].map(f64::to_bits)).collect::<Vec<u64>>()
        })
    };
    assert_eq!(bits(1), bits(4));
}

/// Samples of 25 from a lognormal distribution, whose Gini coefficient is erf(σ/2).
#[test]
fn intervals_cover_what_the_sample_was_drawn_from() {
    let sigma = 0.6;
    let truth = libm::erf(sigma / 2.0);
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    let mut unit = || {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        (noise >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut covered, samples) = (0, 200);
    for _ in 0..samples {
        let x: Vec<f64> = (0..25)
            .map(|_| {
                let normal = (-2.0 * libm::log(1.0 - unit())).sqrt() * libm::cos(std::f64::consts::TAU * unit());
                libm::exp(sigma * normal)
            })
            .collect();
        let gini = of(&x, None, 400).columns[0][0];
        covered += usize::from(gini.low <= truth && truth <= gini.high);
    }
    let coverage = covered as f64 / f64::from(samples);
    assert!((0.86..0.98).contains(&coverage), "{coverage}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn laws(x in prop::collection::vec(0.1..100.0_f64, 4..30), factor in 0.001..1000.0_f64) {
        let scaled: Vec<f64> = x.iter().map(|x| x * factor).collect();
        let (a, b) = (of(&x, None, 100).columns[0], of(&scaled, None, 100).columns[0]);
        let tolerance: f64 = 1e-7; // where a resample ties with the value, rounding decides
        for (a, b) in a.iter().zip(&b) {
            prop_assert!((a.value - b.value).abs() < 1e-9 && (a.se - b.se).abs() < 1e-9);
            prop_assert!(a.low.is_nan() == b.low.is_nan());
            prop_assert!(a.low.is_nan() || (a.low <= a.high && a.low >= -1e-12 && a.se >= 0.0));
            prop_assert!(a.low.is_nan() || (a.low - b.low).abs() < tolerance.max(a.se / 2.0));
        }
        // Weights that are all the same weigh nothing; a column that stays does not change.
        let same = of(&x, Some(&vec![3.0; x.len()]), 100).columns[0];
        prop_assert!(a.iter().zip(&same).all(|(a, b)| (a.se - b.se).abs() < 1e-9));
        let still = inequality_intervals(&[&x, &x], None, 50, 1, 0.05).unwrap().changes.unwrap();
        prop_assert!(still.iter().all(|c| (c.value, c.se, c.low, c.high) == (0.0, 0.0, 0.0, 0.0)));
    }

    #[test]
    fn parts_of_cities_add_up(x in prop::collection::vec((0.0..100.0_f64, 0.1..9.0_f64), 2..40), rot in 0..40_usize) {
        prop_assume!(x.iter().any(|(x, _)| *x > 0.0));
        let (x, people): (Vec<f64>, Vec<f64>) = x.into_iter().unzip();
        for population in [None, Some(people.as_slice())] {
            let result = gini(&x, population).unwrap();
            prop_assert!((result.part.iter().sum::<f64>() - result.gini).abs() < 1e-12);
            prop_assert!(result.part.iter().all(|&c| c >= 0.0));
            let total: f64 = people.iter().sum();
            let p = |i: usize| population.map_or(1.0 / x.len() as f64, |people| people[i] / total);
            let mean: f64 = (0..x.len()).map(|i| p(i) * x[i]).sum();
            let i = rot % x.len();
            let plain: f64 = (0..x.len()).map(|j| p(i) * p(j) * (x[i] - x[j]).abs()).sum::<f64>() / (2.0 * mean);
            prop_assert!((result.part[i] - plain).abs() < 1e-12);
            let indices = theil(&x, population).unwrap();
            let l: f64 = indices.part_l.iter().sum();
            prop_assert!((l - indices.l).abs() < 1e-10 * (1.0 + l.abs()) || l.is_nan() && indices.l.is_nan());
        }
    }
}

/// In another order the same draws pick other cities, so that only the distribution stays.
#[test]
fn another_order_of_cities_gives_about_the_same() {
    let turned: Vec<f64> = X.iter().rev().copied().collect();
    let (a, b) = (of(&X, None, 20_000).columns[0], of(&turned, None, 20_000).columns[0]);
    for (a, b) in a.iter().zip(&b) {
        assert!((a.low - b.low).abs() < 0.1 * a.se && (a.high - b.high).abs() < 0.1 * a.se, "{a:?} {b:?}");
    }
}

#[test]
fn few_cities_zeros_and_faults() {
    let two = of(&[1.0, 3.0], None, 500).columns[0][0];
    assert!(two.low == 0.0 && (two.high - 0.25).abs() < 1e-15, "{two:?}");
    let equal = of(&[5.0; 12], None, 100).columns[0];
    assert!(equal.iter().all(|i| (i.value, i.se, i.low, i.high) == (0.0, 0.0, 0.0, 0.0)), "{equal:?}");
    let zero = of(&[0.0, 1.0, 2.0, 4.0], None, 100).columns[0];
    for name in ["theil_l", "atkinson_1", "sd_log"] {
        assert!(zero[at(name)].value.is_nan() && zero[at(name)].low.is_nan());
    }
    assert!(zero[at("gini")].high.is_finite() && zero[at("hoover")].high.is_finite());
    let one_has_all = of(&[0.0, 0.0, 0.0, 9.0], None, 500).columns[0][0];
    assert!(one_has_all.value == 0.75 && one_has_all.high <= 0.75 + 1e-12, "{one_has_all:?}");
    of(&[1e-300, 1e300, 1.0], None, 50);

    let refused =
        |levels: &[&[f64]], resamples, alpha| inequality_intervals(levels, None, resamples, 1, alpha).is_err();
    assert!(refused(&[&[1.0, -2.0, 3.0]], 9, 0.05));
    assert!(refused(&[], 9, 0.05) && refused(&[&[1.0, 2.0]], 9, 0.0) && refused(&[&[1.0, 2.0], &[1.0]], 9, 0.05));
    assert!(refused(&[&[1.0, f64::NAN]], 9, 0.05) && refused(&[&[0.0, 0.0]], 9, 0.05));
    assert!(refused(&[&[1.0, 2.0]], usize::MAX, 0.05));
    let some =
        inequality_intervals(&[&[1.0, f64::NAN, 2.0, 5.0], &[1.0, 2.0, 3.0, f64::NAN]], None, 9, 1, 0.05).unwrap();
    assert_eq!((some.n, some.left_out), (2, vec![1, 3]));
    // Resamples of none say nothing, and do not fail.
    assert!(of(&X, None, 0).columns[0][0].low.is_nan());
}

#[test]
fn shares_of_groups_move_together() {
    let groups: Vec<Option<&str>> = (0..15).map(|i| Some(["a", "b", "c"][i % 3])).collect();
    let result = share_intervals(&X, None, &groups, 2_000, 42, 0.05).unwrap();
    assert_eq!((result.n, result.groups, result.alone), (15, 3, 0));
    let share = |name: &str| result.shares[INTERVAL_SHARES.iter().position(|other| *other == name).unwrap()];
    let dagum = ["dagum_within", "dagum_net_between", "dagum_transvariation"].map(share);
    assert!((dagum.iter().map(|i| i.value).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(dagum.iter().map(|i| i.bias).sum::<f64>().abs() < 1e-12);
    assert!(share("theil_t_between").bias > 0.0, "a resample is more equal within groups");
    // Each city its own group: nothing is left to draw.
    let own: Vec<Option<String>> = (0..15).map(|i| Some(i.to_string())).collect();
    let alone = share_intervals(&X, None, &own, 50, 42, 0.05).unwrap();
    assert_eq!(alone.alone, 15);
    assert_eq!((alone.shares[0].value, alone.shares[0].low, alone.shares[0].se), (1.0, 1.0, 0.0));
}

fn outcomes(
    name: &str,
    years: &[(Option<i32>, &[f64])],
    people: Option<&[f64]>,
    groups: Option<&[Option<&str>]>,
    imbalance: Options,
) -> Vec<Outcome> {
    let n = years[0].1.len();
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let ids: Vec<String> = (0..n).map(|i| format!("C{i}")).collect();
    let names = (0..n).map(|i| format!("City {i}")).collect();
    let cities = Cities { ids, names, shapes, points: vec![None; n], metric: Metric::Planar, notes: Vec::new() };
    let features: Vec<usize> = (0..n).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let variables: Vec<Variable> =
        years.iter().map(|&(year, x)| Variable { year, ..Variable::new("income", x.to_vec()) }).collect();
    let population: Vec<Variable> = people.iter().map(|people| Variable::new("pop", people.to_vec())).collect();
    let grouping = |groups: &[Option<&str>]| Grouping {
        name: "region".into(),
        groups: groups.iter().map(|group| group.map(str::to_owned)).collect(),
    };
    let groups: Vec<Grouping> = groups.into_iter().map(grouping).collect();
    let base = Run::of(&cities, &features, &inference, &options);
    let run = Run { variables: &variables, population: &population, groups: &groups, imbalance: &imbalance, ..base };
    let outcomes = measure(name).unwrap().run(&run).unwrap();
    for (_, table) in outcomes.iter().flat_map(|outcome| &outcome.tables) {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    }
    outcomes
}

fn intervals(
    years: &[(Option<i32>, &[f64])],
    people: Option<&[f64]>,
    groups: Option<&[Option<&str>]>,
    imbalance: Options,
) -> Vec<Outcome> {
    outcomes("inequality_intervals", years, people, groups, imbalance)
}

fn noted(outcome: &Outcome, code: &str, part: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code && note.message.contains(part))
}

#[test]
fn each_year_and_the_change_have_their_outcome() {
    let few = Options { resamples: 200, ..Options::USUAL };
    let years: [(Option<i32>, &[f64]); 2] = [(Some(2000), &X), (Some(2020), &Y)];
    let groups: Vec<Option<&str>> = (0..15).map(|i| (i != 4).then_some(["a", "b"][i % 2])).collect();
    let all = intervals(&years, Some(&PEOPLE), Some(&groups), few);
    assert_eq!(
        all.iter().map(|o| o.year).collect::<Vec<_>>(),
        [2000, 2020, 0, 2000, 2020, 0].map(|y| (y > 0).then_some(y))
    );
    assert!(all[..3].iter().all(|o| !o.options.contains_key("population")));
    assert!(all[3..].iter().all(|o| o.options["population"] == "pop"));
    assert_eq!(all[0].tables.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["measures", "shares"]);
    assert_eq!(all[0].tables[1].1.rows.len(), INTERVAL_SHARES.len());
    assert!(noted(&all[0], "missing_group", "C4"));
    let (name, changes) = &all[2].tables[0];
    assert_eq!((*name, changes.rows.len()), ("changes", INTERVAL_MEASURES.len()));
    assert!(noted(&all[2], "follows", "inequality fell"), "{:?}", all[2].notes);
    assert!(noted(&all[2], "follows", "of 8 measures 8 fell and 0 rose"), "{:?}", all[2].notes);
    assert_eq!((all[2].options["from"].as_i64(), all[2].options["to"].as_i64()), (Some(2000), Some(2020)));
    // The number of a year does not depend on the other years, where the cities are the same.
    let alone = intervals(&[(Some(2000), &X)], None, None, few);
    assert_eq!(alone[0].tables[0], all[0].tables[0]);
    assert!(noted(&alone[0], "follows", "the Gini coefficient is 0.250"));

    let still = intervals(&[(Some(2000), &X), (Some(2020), &X)], None, None, few);
    assert!(noted(&still[2], "follows", "is not told"), "{:?}", still[2].notes);
}

#[test]
fn years_with_other_cities_are_drawn_by_themselves() {
    let few = Options { resamples: 100, ..Options::USUAL };
    let mut gap = Y;
    gap[3] = f64::NAN;
    let years: [(Option<i32>, &[f64]); 3] = [(Some(2000), &X), (Some(2010), &gap), (Some(2020), &Y)];
    let all = intervals(&years, None, None, few);
    assert_eq!(all.iter().map(|o| o.scalar("n")).collect::<Vec<_>>(), [15.0, 14.0, 15.0, 15.0]);
    let ends = intervals(&[(Some(2000), &X), (Some(2010), &gap)], None, None, few);
    assert!(ends[2].scalar("n") == 14.0 && noted(&ends[2], "left_out", "C3"));
    // A year in which nobody has anything is without numbers, and the others are not.
    let nothing = intervals(&[(Some(2000), &X), (Some(2010), &[0.0; 15])], None, None, few);
    assert!(nothing[0].scalar("n") == 15.0 && noted(&nothing[1], "undefined", "all values are 0"));
    assert!(noted(&nothing[2], "undefined", "all values are 0"));
}

#[test]
fn what_is_not_there_is_said() {
    let none = intervals(&[(None, &X)], None, None, Options { resamples: 0, ..Options::USUAL });
    assert!(none.len() == 1 && none[0].tables.is_empty() && noted(&none[0], "not_run", "no resamples"));
    let few = Options { resamples: 100, ..Options::USUAL };
    let zeros = intervals(&[(None, &[0.0, 0.0, 0.0, 9.0])], None, None, few);
    assert!(noted(&zeros[0], "undefined_number", "theil_l, atkinson_1 and sd_log"), "{:?}", zeros[0].notes);
    assert!(noted(&zeros[0], "empty_resamples", "31.6%") && noted(&zeros[0], "few_cities", "4 cities"));
    let groups: Vec<Option<&str>> = (0..15).map(|i| Some(if i == 8 { "alone" } else { "others" })).collect();
    let shares = intervals(&[(None, &X)], None, Some(&groups), few);
    assert!(noted(&shares[0], "small_group", "1 of 2 groups have one city"));
    let mut giant = X;
    giant[2] = 1e3;
    assert!(noted(&intervals(&[(None, &giant)], None, None, few)[0], "one_city", "C2"));
    let huge = intervals(&[(None, &X)], None, None, Options { resamples: usize::MAX, ..Options::USUAL });
    assert!(noted(&huge[0], "not_run", "most that are made") && huge[0].tables.is_empty());
}

#[test]
fn standard_deviations_of_a_sample() {
    let sample = Options { sample_sd: true, resamples: 50, ..Options::USUAL };
    let usual = Options { resamples: 50, ..Options::USUAL };
    let years: [(Option<i32>, &[f64]); 2] = [(Some(2000), &X), (Some(2020), &Y)];
    let factor = (15.0_f64 / 14.0).sqrt();
    let of = |name: &str, options: Options| outcomes(name, &years, Some(&PEOPLE), None, options);
    let (spread, plain) = (of("variation", sample), of("variation", usual));
    let mean = X.iter().sum::<f64>() / 15.0;
    let sd = (X.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 14.0).sqrt();
    assert!((spread[0].scalar("sd") - sd).abs() < 1e-12 && (spread[0].scalar("cv") - sd / mean).abs() < 1e-12);
    for name in ["sd", "cv", "sd_log"] {
        assert!((spread[0].scalar(name) / plain[0].scalar(name) - factor).abs() < 1e-12);
        assert_eq!(spread[1].scalar(name), plain[1].scalar(name), "weighted by population it stays");
    }
    assert_eq!(spread[0].scalar("hoover"), plain[0].scalar("hoover"));
    assert!(spread[0].options["ddof"] == 1 && !plain[0].options.contains_key("ddof"));

    let (sigma, before) = (of("sigma_convergence", sample), of("sigma_convergence", usual));
    for name in ["slope", "first", "last"] {
        assert!((sigma[0].scalar(name) / before[0].scalar(name) - factor).abs() < 1e-12);
        assert_eq!(sigma[1].scalar(name), before[1].scalar(name));
    }
    assert_eq!(sigma[0].scalar("cv_slope"), before[0].scalar("cv_slope"));
    assert!(sigma[0].footer.as_ref().unwrap().contains("n - 1"));
    let by_hand = sigma_convergence(&[(2000, &X), (2020, &Y)], None).unwrap().with_sample_sd();
    assert_eq!(by_hand.years[0].sd_log, variation(&X, None).unwrap().with_sample_sd().sd_log);

    let cv = |options: Options| intervals(&years, None, None, options)[0].tables[0].1.rows[5][1].as_f64().unwrap();
    assert!((cv(sample) / cv(usual) - factor).abs() < 1e-12);
}
