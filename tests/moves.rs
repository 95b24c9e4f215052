//! How cities move among each other over the years: against giddy (`golden/moves.json` names its calls), and the laws that
//! hold on any data.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::{Inference, monte_carlo_error};
use agglo::measures::imbalance::*;
use agglo::measures::{Outcome, Run, Values, autocorrelation, measure};
use agglo::study::{Cities, Grouping, Metric, Shapes, Variable};
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;
use serde_json::Value;

const MEASURES: [&str; 4] = ["spatial_markov", "lisa_transitions", "rank_mobility", "spatial_rank_mobility"];

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/moves.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn counts(value: &Value) -> Vec<usize> {
    numbers(value).iter().map(|&x| x as usize).collect()
}

#[track_caller]
fn same(got: f64, want: &Value) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-6), "{got} for {want}");
}

#[track_caller]
fn all_same(got: &[f64], want: &Value) {
    let want = want.as_array().unwrap();
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).for_each(|(&got, want)| same(got, want));
}

/// Income per head of the 48 states in all 81 years, states in the order of their codes.
fn states() -> (Vec<i32>, Vec<Vec<f64>>) {
    let mut years: std::collections::BTreeMap<i32, Vec<(String, f64)>> = std::collections::BTreeMap::new();
    for line in include_str!("../data/us-states/income.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        years.entry(cells[2].parse().unwrap()).or_default().push((cells[0].into(), cells[3].parse().unwrap()));
    }
    years.values_mut().for_each(|of| of.sort_by(|a, b| a.0.cmp(&b.0)));
    let values = years.values().map(|of| of.iter().map(|(_, y)| *y).collect()).collect();
    (years.keys().copied().collect(), values)
}

fn neighbours(golden: &Value) -> Weights {
    let lists = golden["neighbours"].as_array().unwrap().iter().map(counts).enumerate();
    let pairs: Vec<(u32, u32)> = lists.flat_map(|(i, to)| to.into_iter().map(move |j| (i as u32, j as u32))).collect();
    Weights::from_pairs("states48", 48, &pairs).transformed(Transform::Row)
}

fn levels<'a>(years: &[i32], values: &'a [Vec<f64>]) -> Vec<(i32, &'a [f64])> {
    years.iter().copied().zip(values.iter().map(Vec::as_slice)).collect()
}

/// The pairs of cities of one group.
fn block(groups: &[usize]) -> Weights {
    let n = groups.len() as u32;
    let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    let alike: Vec<(u32, u32)> = pairs.filter(|&(i, j)| groups[i as usize] == groups[j as usize]).collect();
    Weights::from_pairs("block", groups.len(), &alike)
}

#[test]
fn spatial_markov_of_the_states_as_in_giddy() {
    let golden = golden();
    let (years, values) = states();
    for want in golden["spatial_markov"]["runs"].as_array().unwrap() {
        let (k, m) = (want["k"].as_u64().unwrap() as usize, want["m"].as_u64().unwrap() as usize);
        let got = spatial_markov(&levels(&years, &values), &neighbours(&golden), k, m).unwrap();
        assert_eq!((got.n, got.k(), got.m()), (48, k, m));
        all_same(&got.cut_offs, &want["cut_offs"]);
        all_same(&got.lag_cut_offs, &want["lag_cut_offs"]);
        assert_eq!(got.pooled.counts, counts(&want["pooled"]));
        all_same(&got.pooled.steady, &want["pooled_steady"]);
        for (lag, chain) in got.conditional.iter().enumerate() {
            assert_eq!(chain.counts, counts(&want["transitions"][lag]));
            all_same(&chain.probabilities, &want["p"][lag]);
            all_same(&chain.steady, &want["steady"][lag]);
            same(got.by_lag[lag].q, &want["chi2"][lag]);
            same(got.by_lag[lag].lr, &want["lr_by"][lag]);
        }
        same(got.homogeneity.q, &want["q"]);
        same(got.homogeneity.lr, &want["lr"]);
        assert_eq!(got.homogeneity.df as u64, want["df"].as_u64().unwrap());
        // giddy takes p from 1 less the other tail, which leaves digits only down to 1e-16.
        assert!((got.homogeneity.q_p - want["q_p"].as_f64().unwrap()).abs() < 1e-14);
        assert!((got.homogeneity.lr_p - want["lr_p"].as_f64().unwrap()).abs() < 1e-14);
    }
}

#[test]
fn lisa_transitions_of_the_states_as_in_giddy() {
    let golden = golden();
    let (years, values) = states();
    let got = lisa_transitions(&levels(&years, &values), &neighbours(&golden)).unwrap();
    let want = &golden["lisa_transitions"];
    assert_eq!(got.transitions.counts, counts(&want["transitions"]));
    all_same(&got.transitions.steady, &want["steady"]);
    all_same(&got.expected, &want["expected"]);
    same(got.chi2, &want["chi2"]);
    assert_eq!(got.chi2_df as u64, want["chi2_df"].as_u64().unwrap());
    same(got.chi2_p, &want["chi2_p"]);
    for (at, (_, word)) in MOVES.iter().enumerate() {
        assert_eq!(got.moves[at] as u64, want["moves"][word].as_u64().unwrap(), "{word}");
    }
    for (path, (first, last)) in
        got.quadrants.iter().zip(want["first"].as_array().unwrap().iter().zip(want["last"].as_array().unwrap()))
    {
        assert_eq!((QUADRANTS[path[0]], QUADRANTS[path[80]]), (first.as_str().unwrap(), last.as_str().unwrap()));
    }
}

/// Within four standard errors of the difference of two means or p values from so many permutations.
#[track_caller]
fn near(got: f64, want: f64, error: f64) {
    assert!((got - want).abs() <= 4.0 * error, "{got} for {want}, standard error {error}");
}

#[test]
fn taus_and_thetas_of_mexico_as_in_giddy() {
    let golden = golden();
    let mexico = &golden["mexico"];
    let years: Vec<i32> = counts(&mexico["years"]).iter().map(|&year| year as i32).collect();
    let values: Vec<Vec<f64>> = mexico["values"].as_array().unwrap().iter().map(numbers).collect();
    let regimes = counts(&mexico["regimes"]);
    let inference = Inference { permutations: 9_999, ..Inference::default() };
    let at = |x: &Value, name: &str| x[name].as_f64().unwrap();
    let error = |sd: f64| sd * (2.0 / 1e4_f64).sqrt();
    let p_error = |p: f64| {
        let one = monte_carlo_error(p, 9_999, inference.alternative);
        (2.0 * one * one).sqrt() + 1e-4
    };

    let plain = rank_mobility(&levels(&years, &values)).unwrap();
    let got = spatial_rank_mobility(&levels(&years, &values), &block(&regimes), &inference).unwrap();
    let wanted = mexico["spatial_tau"].as_array().unwrap();
    assert_eq!((got.steps.len(), wanted.len(), got.permutations), (7, 7, 9_999));
    for ((step, want), tau) in got.steps.iter().zip(wanted).zip(plain.steps.iter().chain([&plain.whole])) {
        assert_eq!(tau.pairs, step.all);
        same(step.all.tau(), &want["tau"]);
        same(step.neighbours.tau(), &want["tau_spatial"]);
        let counted =
            [step.all.concordant, step.all.discordant, step.neighbours.concordant, step.neighbours.discordant];
        let names = ["concordant", "discordant", "concordant_spatial", "discordant_spatial"];
        counted.iter().zip(names).for_each(|(&n, name)| same(n as f64, &want[name]));
        same(step.neighbours.pairs as f64, &want["pairs"]);
        near(step.permutation_mean, at(want, "mean"), error(at(want, "sd")));
        near(step.permutation_variance.sqrt(), at(want, "sd"), error(at(want, "sd")));
        near(step.p, at(want, "p"), p_error(at(want, "p")));
    }

    let names: Vec<Option<String>> = regimes.iter().map(|regime| Some(regime.to_string())).collect();
    let got = theta(&levels(&years, &values), &names, &inference).unwrap();
    assert_eq!((got.n, got.groups, got.steps.len()), (32, 7, 7));
    for (step, want) in got.steps.iter().zip(mexico["theta"].as_array().unwrap()) {
        same(step.theta, &want["theta"]);
        near(step.permutation_mean, at(want, "mean"), error(at(want, "sd")));
        near(step.p, at(want, "p"), p_error(at(want, "p")));
    }
    // Σ|Δ| is n times the mean change.
    for (step, want) in plain.steps.iter().chain([&plain.whole]).zip(mexico["theta"].as_array().unwrap()) {
        same(step.mean_change * 32.0, &want["total"]);
    }
}

#[test]
fn taus_of_the_states_and_of_ties() {
    let golden = golden();
    let (years, values) = states();
    let ends = [(years[0], values[0].as_slice()), (years[80], values[80].as_slice())];
    let none = Inference { permutations: 0, ..Inference::default() };
    let got = spatial_rank_mobility(&ends, &neighbours(&golden), &none).unwrap();
    let (step, want) = (&got.steps[0], &golden["us_tau"]);
    assert!(got.steps.len() == 1 && step.p.is_nan() && step.permutation_mean.is_nan());
    same(step.all.tau(), &want["tau"]);
    same(step.neighbours.tau(), &want["tau_spatial"]);
    same(step.all.concordant as f64, &want["concordant"]);
    same(step.neighbours.concordant as f64, &want["concordant_spatial"]);
    same(step.neighbours.pairs as f64, &want["pairs"]);
    let (x, y) = (numbers(&golden["ties"]["x"]), numbers(&golden["ties"]["y"]));
    same(rank_mobility(&[(1, &x), (2, &y)]).unwrap().whole.pairs.tau(), &golden["ties"]["tau"]);
}

/// Values above zero of some cities in some years, tied now and then, and a ring of neighbours with a few links more.
fn panel() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<(u32, u32)>)> {
    (2usize..5, 4usize..16).prop_flat_map(|(years, n)| {
        let value = (1..200u16).prop_map(f64::from);
        let values = proptest::collection::vec(proptest::collection::vec(value, n), years);
        let more = proptest::collection::vec((0..n as u32, 0..n as u32), 0..n);
        (values, more).prop_map(move |(values, more)| {
            let ring = (0..n as u32).map(move |i| (i, (i + 1) % n as u32));
            (values, ring.chain(more.into_iter().filter(|(i, j)| i != j)).collect())
        })
    })
}

fn years_of(values: &[Vec<f64>]) -> Vec<i32> {
    (0..values.len() as i32).map(|t| 2000 + t).collect()
}

#[track_caller]
fn close(a: f64, b: f64) {
    assert!((a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0), "{a} and {b}");
}

fn row(pairs: &[(u32, u32)], n: usize) -> Weights {
    Weights::from_pairs("ring", n, pairs).transformed(Transform::Row)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn spatial_markov_keeps_its_laws((values, pairs) in panel()) {
        let (n, years) = (values[0].len(), years_of(&values));
        let Ok(got) = spatial_markov(&levels(&years, &values), &row(&pairs, n), 4, 4) else { return Ok(()) };
        // Without neighbours it is the chain of markov, whatever the classes of the neighbours.
        let plain = markov(&levels(&years, &values), 4).unwrap();
        prop_assert_eq!(&got.pooled.counts, &plain.transitions);
        prop_assert_eq!(&got.cut_offs, &plain.cut_offs);
        prop_assert_eq!(got.pooled.steps(), n * (years.len() - 1));
        close(got.homogeneity.q, got.by_lag.iter().map(|lag| lag.q).sum());
        prop_assert!(got.homogeneity.q >= 0.0 && got.homogeneity.lr >= -1e-9);
        // Each year in another unit, cities in another order.
        let turned: Vec<Vec<f64>> = values.iter().enumerate()
            .map(|(t, y)| y.iter().rev().map(|y| y * 4.0_f64.powi(t as i32)).collect()).collect();
        let last = n as u32 - 1;
        let other: Vec<(u32, u32)> = pairs.iter().map(|&(i, j)| (last - i, last - j)).collect();
        let again = spatial_markov(&levels(&years, &turned), &row(&other, n), 4, 4).unwrap();
        for (a, b) in got.conditional.iter().zip(&again.conditional) {
            prop_assert_eq!(&a.counts, &b.counts);
        }
        close(got.homogeneity.lr, again.homogeneity.lr);
        prop_assert_eq!(got.homogeneity.df, again.homogeneity.df);
    }

    #[test]
    fn lisa_transitions_keep_their_laws((values, pairs) in panel()) {
        let (n, years) = (values[0].len(), years_of(&values));
        let Ok(got) = lisa_transitions(&levels(&years, &values), &row(&pairs, n)) else { return Ok(()) };
        let steps = n * (years.len() - 1);
        prop_assert_eq!(got.moves.iter().sum::<usize>(), steps);
        prop_assert_eq!(got.transitions.steps(), steps);
        close(got.expected.iter().sum(), steps as f64);
        let diagonal: usize = (0..4).map(|i| got.transitions.counts[i * 5]).sum();
        prop_assert_eq!(diagonal, got.moves[0]);
        // Another zero and unit in each year; powers of two and whole numbers are exact but for the mean.
        let moved: Vec<Vec<f64>> = values.iter().enumerate()
            .map(|(t, y)| y.iter().map(|y| y * 2.0_f64.powi(t as i32 + 1)).collect()).collect();
        let again = lisa_transitions(&levels(&years, &moved), &row(&pairs, n)).unwrap();
        prop_assert_eq!(got.quadrants, again.quadrants);
    }

    #[test]
    fn rank_mobility_keeps_its_laws((values, pairs) in panel()) {
        let (n, years) = (values[0].len(), years_of(&values));
        let got = rank_mobility(&levels(&years, &values)).unwrap();
        prop_assert!((got.first.iter().sum::<f64>() - (n * (n + 1)) as f64 / 2.0).abs() < 1e-9);
        // Ranks know no unit: any growing function leaves them as they are.
        let grown: Vec<Vec<f64>> = values.iter().map(|y| y.iter().map(|y| y * y + 1.0).collect()).collect();
        prop_assert_eq!(&rank_mobility(&levels(&years, &grown)).unwrap(), &got);
        for step in &got.steps {
            let tau = step.pairs.tau();
            prop_assert!(tau.is_nan() || tau.abs() <= 1.0 + 1e-12);
        }
        let inference = Inference { permutations: 19, ..Inference::default() };
        let weights = Weights::from_pairs("ring", n, &pairs);
        let spatial = spatial_rank_mobility(&levels(&years, &values), &weights, &inference).unwrap();
        for (step, plain) in spatial.steps.iter().zip(&got.steps) {
            prop_assert_eq!(step.all, plain.pairs);
            prop_assert_eq!(step.neighbours.pairs + step.others.pairs, step.all.pairs);
            prop_assert_eq!(step.neighbours.concordant + step.others.concordant, step.all.concordant);
        }
        let groups: Vec<Option<&str>> = (0..n).map(|i| Some(["a", "b", "c"][i % 3])).collect();
        for step in theta(&levels(&years, &values), &groups, &inference).unwrap().steps {
            prop_assert!(step.theta.is_nan() || (0.0..=1.0).contains(&step.theta));
        }
        let own: Vec<Option<String>> = (0..n).map(|i| Some(i.to_string())).collect();
        for step in theta(&levels(&years, &values), &own, &inference).unwrap().steps {
            prop_assert!(step.theta.is_nan() || step.theta == 1.0 && step.p == 1.0);
        }
    }
}

#[test]
fn equal_values_are_never_parted() {
    // The neighbours of the first three have the same mean, summed in another order.
    let pairs = [(0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)];
    let years: [(i32, &[f64]); 2] = [(1, &[0.1, 0.2, 0.3, 0.7, 0.1, 0.2]), (2, &[0.3, 0.1, 0.2, 0.2, 0.7, 0.1])];
    let got = spatial_markov(&years, &row(&pairs, 6), 4, 4).unwrap();
    for t in 0..2 {
        assert!(got.lag_classes[..3].iter().all(|path| path[t] == got.lag_classes[0][t]), "{:?}", got.lag_classes);
    }
    assert!(got.m() < 4);
}

#[test]
fn who_takes_part_and_what_is_refused() {
    let nan = f64::NAN;
    // City 4 has no value in the second year, which leaves 5 without a neighbour.
    let line = row(&[(0, 1), (1, 2), (2, 3), (4, 5)], 6);
    let years: [(i32, &[f64]); 2] = [(1, &[1.0, 2.0, 3.0, 4.0, 9.0, 9.0]), (2, &[2.0, 1.0, 4.0, 3.0, nan, 9.0])];
    let absent = Absent { without_value: vec![4], isolates: vec![5] };
    let markov = spatial_markov(&years, &line, 2, 2).unwrap();
    assert_eq!((markov.n, &markov.absent), (4, &absent));
    assert_eq!(lisa_transitions(&years, &line).unwrap().absent, absent);
    let spatial = spatial_rank_mobility(&years, &line, &Inference::default()).unwrap();
    assert_eq!((spatial.n, &spatial.absent, spatial.steps[0].neighbours.pairs), (4, &absent, 3));
    // Those who stay are as on a map of their own.
    let alone: [(i32, &[f64]); 2] = [(1, &years[0].1[..4]), (2, &years[1].1[..4])];
    let part = row(&[(0, 1), (1, 2), (2, 3)], 4);
    let counts = |markov: SpatialMarkov| markov.conditional.into_iter().map(|chain| chain.counts).collect::<Vec<_>>();
    assert_eq!(counts(spatial_markov(&alone, &part, 2, 2).unwrap()), counts(markov));
    assert_eq!(spatial_rank_mobility(&alone, &part, &Inference::default()).unwrap().steps, spatial.steps);
    assert_eq!(rank_mobility(&years).unwrap().left_out, [4]);

    let negative: [(i32, &[f64]); 2] = [(1, &[1.0, -2.0, 3.0, 4.0]), (2, &[2.0, 1.0, 4.0, 3.0])];
    let refused = spatial_markov(&negative, &part, 2, 2).unwrap_err();
    assert_eq!((refused.kind(), refused.faults()[0].place().feature), (Kind::Value, Some(1)));
    assert!(lisa_transitions(&negative, &part).is_ok());
    let kind = |levels: &[(i32, &[f64])], weights: &Weights| {
        [
            spatial_markov(levels, weights, 4, 4).map(|_| ()),
            lisa_transitions(levels, weights).map(|_| ()),
            spatial_rank_mobility(levels, weights, &Inference::default()).map(|_| ()),
        ]
        .map(|result| result.map_err(|error| error.kind()).err())
    };
    assert_eq!(kind(&[(1, &[]), (2, &[])], &row(&[], 0)), [Some(Kind::TooFew); 3]);
    assert_eq!(kind(&[(1, &[1.0, 2.0]), (2, &[1.0, 2.0])], &row(&[(0, 1)], 2)), [Some(Kind::TooFew); 3]);
    assert_eq!(kind(&years[..1], &line), [Some(Kind::Option); 3]);
    assert_eq!(kind(&[years[1], years[0]], &line), [Some(Kind::Option); 3]);
    assert_eq!(spatial_markov(&years, &line, 1, 4).unwrap_err().kind(), Kind::Option);
    let equal: [(i32, &[f64]); 2] = [(1, &[2.0; 4]), (2, &[2.0; 4])];
    assert_eq!(kind(&equal, &part), [Some(Kind::Undefined), Some(Kind::Undefined), None]);
    let one: [Option<&str>; 6] = [Some("a"); 6];
    assert_eq!(theta(&years, &one, &Inference::default()).unwrap_err().kind(), Kind::Undefined);
    assert_eq!(theta(&years, &one[..2], &Inference::default()).unwrap_err().kind(), Kind::Option);
}

/// The outcomes of a measure for cities of these values in two years, neighbours in a line.
fn outcomes(name: &str, years: &[&[f64]], inference: &Inference) -> Result<Vec<Outcome>, agglo::Error> {
    let n = years[0].len();
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let ids: Vec<String> = (0..n).map(|i| format!("C{i}")).collect();
    let names = (0..n).map(|i| format!("City {i}")).collect();
    let cities = Cities { ids, names, shapes, points: vec![None; n], metric: Metric::Planar, notes: Vec::new() };
    let features: Vec<usize> = (0..n).collect();
    let options = autocorrelation::Options::default();
    let of = |(t, y): (usize, &&[f64])| Variable { year: Some(2000 + t as i32), ..Variable::new("income", y.to_vec()) };
    let variables: Vec<Variable> = years.iter().enumerate().map(of).collect();
    let group = |i: usize| (i != 1).then(|| if i.is_multiple_of(2) { "even".to_owned() } else { "odd".to_owned() });
    let groups = [Grouping { name: "region".into(), groups: (0..n).map(group).collect() }];
    let line: Vec<(u32, u32)> = (1..n as u32).map(|i| (i - 1, i)).collect();
    let weights = [row(&line, n)];
    let base = Run::of(&cities, &features, inference, &options);
    let outcomes =
        measure(name).unwrap().run(&Run { variables: &variables, groups: &groups, weights: &weights, ..base })?;
    for outcome in &outcomes {
        assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
        for (number, _) in outcome.scalars.iter().filter(|(_, x)| x.is_nan()) {
            let said = outcome.notes.iter().any(|note| note.message.contains(number) || note.code == "undefined");
            assert!(said, "{name}: no reason for {number} in {:?}", outcome.notes);
        }
        for (_, values) in &outcome.columns {
            let Values::Classes(classes) = values else { continue };
            assert!(classes.len() == n && classes.iter().all(|class| !class.is_empty()));
        }
    }
    Ok(outcomes)
}

#[test]
fn every_null_has_a_reason_and_every_class_a_word() {
    let nan = f64::NAN;
    let cases: [[&[f64]; 2]; 7] = [
        [&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 5.0, 3.0, 4.0]],
        [&[1.0, 1.0, 1.0, 1.0], &[1.0, 1.0, 1.0, 1.0]],
        [&[0.0, 0.0, 0.0, 0.0], &[1.0, 2.0, 3.0, 4.0]],
        [&[1.0, 2.0, nan, 4.0, 5.0, 6.0], &[1.0, 2.0, 3.0, 4.0, 5.0, nan]],
        [&[1.0, 1.0, 1.0, 9.0], &[1.0, 1.0, 1.0, 9.0]],
        [&[1e-300, 1e300, 1.0, 2.0], &[1e300, 1e-300, 1.0, 2.0]],
        [&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]],
    ];
    let none = Inference { permutations: 0, ..Inference::default() };
    for case in &cases {
        for name in MEASURES {
            for inference in [&none, &Inference::default()] {
                let outcomes = outcomes(name, case, inference).unwrap();
                assert_eq!(outcomes.len(), 1);
                assert_eq!(outcomes[0].weights.is_some(), name != "rank_mobility");
            }
        }
    }
    let pairs = [[1.0, 2.0], [2.0, 1.0]];
    for name in MEASURES {
        let few = outcomes(name, &[&pairs[0], &pairs[1]], &none).map_err(|error| error.kind()).err();
        assert_eq!(few, (name != "rank_mobility").then_some(Kind::TooFew));
    }
}

#[test]
fn threads_do_not_matter() {
    let (years, values) = states();
    let levels = levels(&years[70..], &values[70..]);
    let weights = neighbours(&golden());
    let groups: Vec<Option<String>> = (0..48).map(|i| Some((i % 5).to_string())).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let inference = Inference::default();
            let spatial = spatial_rank_mobility(&levels, &weights, &inference).unwrap();
            (spatial, theta(&levels, &groups, &inference).unwrap())
        })
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(16));
}
