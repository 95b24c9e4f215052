//! Composite indices: reference numbers, laws, and what is said of data that cannot be compared.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::index::{
    Composite, Normalisation, Options, Weighting, composite, entropy_weights, indicator_weights, normalise, topsis,
    vikor,
};
use agglo::measures::{Outcome, Run, TableOut, Values, autocorrelation, measure};
use agglo::study::{Cities, Direction, Indicator, Indicators, Metric, Shapes};
use proptest::prelude::*;
use serde_json::Value;

const WEIGHTINGS: [Weighting; 5] =
    [Weighting::Equal, Weighting::Entropy, Weighting::Critic, Weighting::CoefficientOfVariation, Weighting::Given];
const NORMALISATIONS: [Normalisation; 4] =
    [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank, Normalisation::Vector];

/// Indicators a, b, c … of these columns, a minus before a name meaning that less is better; all years after each other.
fn indicators(names: &[&str], years: usize, columns: &[Vec<f64>]) -> Indicators {
    let indicator = |name: &&str| Indicator {
        name: name.trim_start_matches('-').to_owned(),
        column: String::new(),
        direction: if name.starts_with('-') { Direction::Cost } else { Direction::Benefit },
        dimension: None,
        weight: None,
    };
    Indicators {
        list: names.iter().map(indicator).collect(),
        years: if years == 1 { vec![None] } else { (0..years).map(|t| Some(2000 + t as i32)).collect() },
        cities: columns.first().map_or(0, Vec::len) / years,
        values: columns.concat(),
    }
}

fn given(mut indicators: Indicators, weights: &[f64]) -> Indicators {
    indicators.list.iter_mut().zip(weights).for_each(|(indicator, &w)| indicator.weight = Some(w));
    indicators
}

fn options(weighting: Weighting, normalisation: Normalisation) -> Options {
    Options { weighting: Some(weighting), normalisation, by_year: false }
}

fn close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0) || (a.is_nan() && b.is_nan()), "{a} is not {b}");
    }
}

/// Five cities, four indicators, of which the second and the fourth count against a city.
fn five() -> Indicators {
    let columns = [
        vec![12.0, 30.0, 18.5, 44.0, 25.0],
        vec![0.31, 0.22, 0.45, 0.38, 0.15],
        vec![5.2, 7.9, 3.1, 6.4, 9.8],
        vec![140.0, 95.0, 180.0, 60.0, 120.0],
    ];
    given(indicators(&["a", "-b", "c", "-d"], 1, &columns), &[0.4, 0.3, 0.2, 0.1])
}

/// pymcdm 1.4.0: critic_weights(z) on minmax_normalization, vector_normalization(x, cost=True),
/// TOPSIS(minmax_normalization), TOPSIS(vector_normalization) and VIKOR() of (x, [.4, .3, .2, .1], [1, -1, 1, -1]).
/// Entropy: numpy 2.4.6, p = z/z.sum(0), with 0 ln 0 = 0.
#[test]
fn numbers_of_pymcdm() {
    let five = five();
    let of = |weighting| composite(&five, &options(weighting, Normalisation::MinMax)).unwrap();
    let critic = [0.2922871704205318, 0.3081078972750333, 0.1907822539142861, 0.20882267839014887];
    close(&of(Weighting::Critic).weights[0], &critic, 1e-12);
    let entropy = [0.27896247110639266, 0.25987410547712686, 0.2332351815400317, 0.22792824187644878];
    close(&of(Weighting::Entropy).weights[0], &entropy, 1e-12);
    let index = of(Weighting::Given);
    let result = topsis(&index.normalised, &index.weights).unwrap();
    let minmax = [0.2556453747155495, 0.6435643105942581, 0.14185206491583302, 0.6308692634853985, 0.6215620457849903];
    close(&result.closeness, &minmax, 1e-12);
    let vector = normalise(&five, Normalisation::Vector, false).unwrap();
    let cost = [0.5675634588373566, 0.6931095514329627, 0.3722695370219692, 0.46991649792966284, 0.7907565123406564];
    close(vector.z.column(1), &cost, 1e-12);
    let closeness =
        [0.22774818378144665, 0.627756664626109, 0.15417079736234385, 0.6694469512818887, 0.5877676521675416];
    close(&topsis(&vector, &index.weights).unwrap().closeness, &closeness, 1e-12);
    let q = [0.8774099798039505, 0.03436283926900152, 0.8194444444444444, 0.15706779633187196, 0.1388888888888889];
    let compromise = vikor(&index.normalised, &index.weights).unwrap();
    close(&compromise.q, &q, 1e-12);
    // scikit-criteria 0.10: NegateMinimize and VIKOR give these s_k and r_k, and the compromise_set [1, 3, 4].
    close(&compromise.s, &[0.7639801, 0.33088308, 0.91875, 0.33149254, 0.2875], 1e-8);
    close(&compromise.r, &[0.4, 0.175, 0.31875, 0.23, 0.2375], 1e-12);
    // 0.139 − 0.034 is less than 1/4, and so is 0.157 − 0.034.
    let year = compromise.compromises[0].as_ref().unwrap();
    assert_eq!((year.order[0], year.acceptable, year.solutions), (1, false, 3));
    assert_eq!(compromise.rank, [Some(5), Some(1), Some(4), Some(3), Some(2)]);
}

/// Two years of two cities, by hand.
#[test]
fn years_are_compared_together_or_each_by_itself() {
    let panel = indicators(&["a", "-b"], 2, &[vec![0.0, 2.0, 4.0, 8.0], vec![5.0, 4.0, 3.0, 1.0]]);
    let together = composite(&panel, &options(Weighting::Equal, Normalisation::MinMax)).unwrap();
    assert_eq!(together.score, [0.0, 0.25, 0.5, 1.0]);
    assert_eq!(together.rank, [Some(2), Some(1), Some(2), Some(1)]);
    let alone = Options { by_year: true, ..options(Weighting::Equal, Normalisation::MinMax) };
    assert_eq!(composite(&panel, &alone).unwrap().score, [0.0, 1.0, 0.0, 1.0]);
    let scores = together.score_variables();
    assert_eq!((scores[1].label().as_str(), scores[1].values.as_slice()), ("score 2001", &[0.5, 1.0][..]));
    // The weights are those of the year: in the first b alone has a city in the middle, in the second a alone.
    let panel = indicators(&["a", "b"], 2, &[vec![0., 0., 1., 0., 1., 2.], vec![0., 1., 2., 0., 0., 1.]]);
    let alone = Options { by_year: true, ..options(Weighting::Entropy, Normalisation::MinMax) };
    let weights = composite(&panel, &alone).unwrap().weights;
    close(&weights[0], &[weights[1][1], weights[1][0]], 1e-15);
    let e = -(2.0 / 3.0 * (2.0_f64 / 3.0).ln() + (1.0_f64 / 3.0).ln() / 3.0) / 3.0_f64.ln();
    close(&weights[0], &[1.0 / (2.0 - e), (1.0 - e) / (2.0 - e)], 1e-14);
}

#[test]
fn ties_share_their_mean_rank_and_scores_the_best() {
    let tied = indicators(&["a"], 1, &[vec![1.0, 3.0, 3.0, 9.0]]);
    let index = composite(&tied, &options(Weighting::Critic, Normalisation::Rank)).unwrap();
    assert_eq!(index.score, [0.0, 0.5, 0.5, 1.0]);
    assert_eq!(index.rank, [Some(4), Some(2), Some(2), Some(1)]);
    let cost = indicators(&["-a"], 1, &[vec![1.0, 3.0, 3.0, 9.0]]);
    assert_eq!(normalise(&cost, Normalisation::Rank, false).unwrap().z.column(0), [1.0, 0.5, 0.5, 0.0]);
}

#[test]
fn who_lacks_a_number_takes_no_part() {
    let nan = f64::NAN;
    let some = indicators(&["a", "b"], 1, &[vec![1.0, 2.0, 9.0, nan], vec![3.0, 1.0, nan, nan]]);
    let index = composite(&some, &options(Weighting::Equal, Normalisation::MinMax)).unwrap();
    close(&index.score, &[0.5, 0.5, nan, nan], 0.0);
    assert_eq!(index.normalised.units, [0, 1]);
    assert_eq!(index.normalised.missing, [(2, vec![1]), (3, vec![0, 1])]);
    assert!(index.normalised.raw.column(0)[2].is_nan());
}

#[test]
fn constants_are_left_out_even_where_rounding_hides_them() {
    let columns = [vec![0.1 + 0.2, 0.3, 0.3], vec![1.0, 2.0, 4.0], vec![7.0; 3]];
    let index = composite(
        &indicators(&["noise", "b", "seven"], 1, &columns),
        &options(Weighting::Entropy, Normalisation::ZScore),
    )
    .unwrap();
    assert_eq!(index.normalised.constant, [0, 2]);
    assert_eq!((index.normalised.z.list.len(), index.weights[0].as_slice()), (1, &[1.0][..]));
    // Constant in one year, and each year by itself: out of all, so that years are made of the same.
    let panel = indicators(&["a", "b"], 2, &[vec![1.0, 1.0, 4.0, 8.0], vec![5.0, 4.0, 3.0, 1.0]]);
    assert_eq!(normalise(&panel, Normalisation::MinMax, true).unwrap().constant, [0]);
    assert!(normalise(&panel, Normalisation::MinMax, false).unwrap().constant.is_empty());
    let all = indicators(&["a"], 1, &[vec![2.0; 4]]);
    assert_eq!(normalise(&all, Normalisation::MinMax, false).unwrap_err().kind(), Kind::Undefined);
}

#[test]
fn what_cannot_be_compared_is_refused_by_name() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let error = |columns: &[Vec<f64>], normalisation, by_year| {
        normalise(&indicators(&["a", "-dust"], columns[0].len() / 2, columns), normalisation, by_year).unwrap_err()
    };
    let infinite = error(&[vec![1.0, 2.0, 3.0, 4.0], vec![1.0, inf, 3.0, -inf]], Normalisation::MinMax, false);
    assert_eq!((infinite.faults().len(), infinite.faults()[1].place().feature), (2, Some(1)));
    assert!(infinite.to_string().contains("dust") && infinite.to_string().contains("2001"), "{infinite}");
    let below = error(&[vec![1.0, 2.0, 3.0, 4.0], vec![1.0, -2.0, 3.0, 4.0]], Normalisation::Vector, false);
    assert!(below.to_string().contains("dust"), "{below}");
    let empty = error(&[vec![1.0, 2.0, 3.0, 4.0], vec![nan; 4]], Normalisation::MinMax, false);
    assert!(empty.kind() == Kind::Column && empty.to_string().contains("dust"), "{empty}");
    let few = error(&[vec![1.0, nan, nan, 4.0], vec![nan, 1.0, nan, 4.0]], Normalisation::MinMax, false);
    assert_eq!(few.kind(), Kind::TooFew);
    let lone = error(&[vec![1.0, nan, 3.0, 4.0], vec![1.0, 2.0, 3.0, 4.0]], Normalisation::MinMax, true);
    assert!(lone.kind() == Kind::TooFew && lone.to_string().contains("2000"), "{lone}");
    let unchosen = composite(&five(), &Options::default()).unwrap_err();
    assert!(unchosen.kind() == Kind::Option && unchosen.faults()[0].remedy().unwrap().contains("entropy"));
}

#[test]
fn a_weighting_that_is_undefined_names_the_indicator() {
    let growth = indicators(&["a", "growth"], 1, &[vec![1.0, 2.0, 3.0], vec![-1.0, 2.0, 0.5]]);
    let cv = composite(&growth, &options(Weighting::CoefficientOfVariation, Normalisation::MinMax)).unwrap_err();
    assert!(cv.kind() == Kind::Undefined && cv.to_string().contains("growth"), "{cv}");
    let alike = indicators(&["a", "b"], 1, &[vec![1.0, 2.0, 4.0], vec![10.0, 20.0, 40.0]]);
    let critic = composite(&alike, &options(Weighting::Critic, Normalisation::MinMax)).unwrap_err();
    assert_eq!(critic.kind(), Kind::Undefined);
    let unweighted = composite(&growth, &options(Weighting::Given, Normalisation::MinMax)).unwrap_err();
    assert!(unweighted.to_string().contains("any indicator"), "{unweighted}");
    for (weights, word) in
        [([0.0, 0.0], "0"), ([1.0, -1.0], "growth"), ([f64::NAN, 1.0], "a"), ([1.0, f64::INFINITY], "growth")]
    {
        let error = composite(&given(growth.clone(), &weights), &options(Weighting::Given, Normalisation::MinMax));
        assert!(error.unwrap_err().to_string().contains(word));
    }
}

#[test]
fn numbers_at_the_ends_of_the_range_are_compared() {
    let ends = indicators(&["a", "-b"], 1, &[vec![f64::MIN, 0.0, f64::MAX], vec![5e-324, 1e-323, 0.0]]);
    for normalisation in &NORMALISATIONS[..3] {
        let index = composite(&ends, &options(Weighting::Entropy, *normalisation)).unwrap();
        assert!(index.score.iter().all(|s| s.is_finite()), "{normalisation:?}: {:?}", index.score);
    }
    let z = normalise(&ends, Normalisation::MinMax, false).unwrap();
    assert_eq!((z.z.column(0), z.z.column(1)), (&[0.0, 0.5, 1.0][..], &[0.5, 0.0, 1.0][..]));
}

#[test]
fn dimensions_add_up() {
    let mut five = five();
    for (indicator, dimension) in five.list.iter_mut().zip(["wealth", "nature", "wealth", "nature"]) {
        indicator.dimension = Some(dimension.into());
    }
    let index = composite(&five, &options(Weighting::Given, Normalisation::MinMax)).unwrap();
    let [wealth, nature] = &index.dimensions[..] else { panic!("two dimensions") };
    for i in 0..5 {
        assert!((wealth.score[i] + nature.score[i] - index.score[i]).abs() < 1e-15);
        assert!((wealth.score[i] / 0.6 - wealth.index[i]).abs() < 1e-15);
    }
    assert_eq!(wealth.indicators, [0, 2]);
    close(&[index.variance_shares()[0].iter().sum()], &[1.0], 1e-14);
}

/// Where the regrets in the worst indicator are all equal, they tell no city from another.
#[test]
fn a_range_of_nothing_takes_no_part_in_vikor() {
    let opposed =
        given(indicators(&["a", "b", "c"], 1, &[vec![0.0, 1.0], vec![1.0, 0.0], vec![1.0, 0.0]]), &[0.4, 0.4, 0.2]);
    let index = composite(&opposed, &options(Weighting::Given, Normalisation::MinMax)).unwrap();
    let result = vikor(&index.normalised, &index.weights).unwrap();
    close(&result.q, &[0.0, 0.5], 1e-15);
    assert!(result.compromises[0].as_ref().unwrap().stable);
}

// Laws.

/// Columns of positive numbers with some ties, none of them constant, and which way each counts.
fn tables() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<bool>, Vec<f64>)> {
    (2_usize..5, 3_usize..9).prop_flat_map(|(k, n)| {
        let number = prop_oneof![4 => 1.0..100.0_f64, 1 => Just(7.0)];
        let column = proptest::collection::vec(number, n).prop_filter("constant", |c| {
            let (least, most) = c.iter().fold((f64::MAX, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
            most - least > 0.5
        });
        (
            proptest::collection::vec(column, k),
            proptest::collection::vec(any::<bool>(), k),
            proptest::collection::vec(0.1..5.0_f64, k),
        )
    })
}

fn made((columns, costs, weights): &(Vec<Vec<f64>>, Vec<bool>, Vec<f64>)) -> Indicators {
    let names: Vec<String> =
        costs.iter().enumerate().map(|(j, cost)| format!("{}x{j}", if *cost { "-" } else { "" })).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    given(indicators(&names, 1, columns), weights)
}

fn every(indicators: &Indicators) -> Vec<Composite> {
    let all = NORMALISATIONS.iter().flat_map(|&n| WEIGHTINGS.map(|w| options(w, n)));
    // CRITIC is undefined where all indicators happen to be perfectly correlated.
    all.filter_map(|options| composite(indicators, &options).ok()).collect()
}

proptest! {
    #[test]
    fn weights_sum_to_one_and_contributions_to_the_score(table in tables()) {
        for index in every(&made(&table)) {
            prop_assert!((index.weights[0].iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(index.weights[0].iter().all(|w| *w >= 0.0));
            for (i, score) in index.score.iter().enumerate() {
                let sum: f64 = (0..index.normalised.indicators()).map(|j| index.contribution(j, i)).sum();
                prop_assert!((sum - score).abs() < 1e-12);
                let bounded = index.normalised.normalisation != Normalisation::ZScore;
                prop_assert!(!bounded || (-1e-12..=1.0 + 1e-12).contains(score));
            }
            let result = topsis(&index.normalised, &index.weights).unwrap();
            prop_assert!(result.closeness.iter().all(|c| (0.0..=1.0).contains(c)));
            let result = vikor(&index.normalised, &index.weights).unwrap();
            prop_assert!([result.s, result.r, result.q].concat().iter().all(|x| (-1e-12..=1.0 + 1e-12).contains(x)));
        }
    }

    #[test]
    fn the_unit_of_an_indicator_does_not_matter(table in tables(), factor in 0.01..100.0_f64, shift in 0.0..50.0_f64) {
        let indicators = made(&table);
        let (mut scaled, mut moved) = (indicators.clone(), indicators.clone());
        let n = indicators.cities;
        scaled.values[..n].iter_mut().for_each(|x| *x *= factor);
        moved.values[..n].iter_mut().for_each(|x| *x = *x * factor + shift);
        for (own, other) in every(&indicators).iter().zip(every(&scaled)) {
            close(&own.score, &other.score, 1e-9);
            close(&own.weights[0], &other.weights[0], 1e-9);
            close(&topsis(&own.normalised, &own.weights).unwrap().closeness, &topsis(&other.normalised, &other.weights).unwrap().closeness, 1e-9);
        }
        for (own, other) in every(&indicators).iter().zip(every(&moved)) {
            let affine = own.normalised.normalisation != Normalisation::Vector
                && own.weighting != Weighting::CoefficientOfVariation;
            if affine {
                close(&own.score, &other.score, 1e-9);
                close(&own.weights[0], &other.weights[0], 1e-9);
            }
        }
    }

    #[test]
    fn the_order_of_cities_and_indicators_does_not_matter(table in tables()) {
        let (columns, costs, weights) = &table;
        let turned: Vec<Vec<f64>> = columns.iter().rev().map(|column| column.iter().rev().copied().collect()).collect();
        let other = made(&(turned, costs.iter().rev().copied().collect(), weights.iter().rev().copied().collect()));
        for (own, other) in every(&made(&table)).iter().zip(every(&other)) {
            let back: Vec<f64> = other.score.iter().rev().copied().collect();
            close(&own.score, &back, 1e-9);
            let q = |index: &Composite| vikor(&index.normalised, &index.weights).unwrap().q;
            close(&q(own), &q(&other).into_iter().rev().collect::<Vec<_>>(), 1e-9);
        }
    }

    #[test]
    fn an_indicator_twice_at_half_the_weight_is_once(table in tables()) {
        let (mut columns, mut costs, mut weights) = table.clone();
        weights[0] /= 2.0;
        columns.push(columns[0].clone());
        costs.push(costs[0]);
        weights.push(weights[0]);
        for normalisation in NORMALISATIONS {
            let of = |indicators: &Indicators| composite(indicators, &options(Weighting::Given, normalisation)).unwrap().score;
            close(&of(&made(&table)), &of(&made(&(columns.clone(), costs.clone(), weights.clone()))), 1e-9);
        }
    }

    #[test]
    fn who_is_better_in_all_scores_higher(table in tables()) {
        let (mut columns, costs, weights) = table;
        // A city better than the first in everything.
        for (column, cost) in columns.iter_mut().zip(&costs) {
            column.push(if *cost { column[0] * 0.9 } else { column[0] * 1.1 });
        }
        for index in every(&made(&(columns, costs, weights))) {
            let last = index.score.len() - 1;
            prop_assert!(index.score[last] >= index.score[0] - 1e-12);
            prop_assert!(index.rank[last] <= index.rank[0]);
            let closeness = topsis(&index.normalised, &index.weights).unwrap().closeness;
            prop_assert!(closeness[last] >= closeness[0] - 1e-12);
            let q = vikor(&index.normalised, &index.weights).unwrap().q;
            prop_assert!(q[last] <= q[0] + 1e-12);
        }
    }

    #[test]
    fn a_cost_is_the_benefit_of_its_negative(table in tables()) {
        let (columns, _, weights) = table;
        let negative: Vec<Vec<f64>> = columns.iter().map(|column| column.iter().map(|x| -x).collect()).collect();
        let costs = made(&(columns.clone(), vec![true; columns.len()], weights.clone()));
        let benefits = made(&(negative, vec![false; columns.len()], weights));
        for normalisation in &NORMALISATIONS[..3] {
            for weighting in [Weighting::Equal, Weighting::Entropy, Weighting::Given] {
                let of = |of: &Indicators| composite(of, &options(weighting, *normalisation)).unwrap();
                let (a, b) = (of(&costs), of(&benefits));
                close(&a.score, &b.score, 1e-12);
                close(&a.weights[0], &b.weights[0], 1e-12);
            }
        }
    }

    /// A panel of the same year twice says of each year what one says of itself.
    #[test]
    fn replication_changes_no_score(table in tables()) {
        let (columns, costs, weights) = table;
        let twice: Vec<Vec<f64>> = columns.iter().map(|column| [column.clone(), column.clone()].concat()).collect();
        let once = made(&(columns, costs.clone(), weights.clone()));
        let mut panel = made(&(twice, costs, weights));
        (panel.years, panel.cities) = (vec![Some(1), Some(2)], once.cities);
        for normalisation in &NORMALISATIONS[..2] {
            for by_year in [false, true] {
                // Entropy is relative to ln n, so that its weights hold under replication by year alone.
                let weightings: &[Weighting] = if by_year { &WEIGHTINGS } else { &[Weighting::Equal, Weighting::Given] };
                for &weighting in weightings {
                    let options = Options { by_year, ..options(weighting, *normalisation) };
                    let Ok(own) = composite(&once, &options) else { continue };
                    let other = composite(&panel, &options).unwrap();
                    close(&[own.score.clone(), own.score].concat(), &other.score, 1e-9);
                }
            }
        }
    }

    /// The redundancy by Theil's T is that of the definition.
    #[test]
    fn entropy_is_that_of_its_definition(z in proptest::collection::vec(0.0..1.0_f64, 2..20)) {
        prop_assume!(z.iter().sum::<f64>() > 0.0);
        let sum: f64 = z.iter().sum();
        let terms = z.iter().map(|z| z / sum).filter(|p| *p > 0.0);
        let e = -terms.map(|p| p * p.ln()).sum::<f64>() / (z.len() as f64).ln();
        let Ok(result) = entropy_weights(std::slice::from_ref(&z)) else { return Ok(()) };
        prop_assert!((result.entropy[0] - e).abs() < 1e-12);
    }
}

// The registry.

fn reported(name: &str, indicators: &Indicators, options: &Options) -> Vec<Outcome> {
    let n = indicators.cities;
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let cities = Cities {
        ids: (0..n).map(|i| format!("C{i}")).collect(),
        names: (0..n).map(|i| format!("City {i}")).collect(),
        shapes,
        points: vec![None; n],
        metric: Metric::Planar,
        notes: Vec::new(),
    };
    let features: Vec<usize> = (0..n).collect();
    let (inference, of_weights) = (Inference::default(), autocorrelation::Options::default());
    let base = Run::of(&cities, &features, &inference, &of_weights);
    let outcomes = measure(name).unwrap().run(&Run { indicators: Some(indicators), index: options, ..base }).unwrap();
    let fields = measure(name).unwrap().about().fields;
    let named = |name: &str| fields.iter().any(|field| field.name == name);
    for outcome in &outcomes {
        assert!(outcome.scalars.iter().all(|scalar| named(scalar.0)));
        assert!(outcome.columns.iter().all(|column| named(column.0)));
        assert!(outcome.tables.iter().all(|table| named(table.0)));
        assert!(outcome.matrices.iter().all(|matrix| named(matrix.0)));
        assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
        let null = outcome.scalars.iter().any(|scalar| scalar.1.is_nan());
        assert!(!null || !outcome.notes.is_empty(), "{name}: no reason for {:?}", outcome.scalars);
    }
    outcomes
}

fn table<'a>(outcome: &'a Outcome, name: &str) -> &'a TableOut {
    &outcome.tables.iter().find(|(other, _)| *other == name).unwrap().1
}

fn says(outcome: &Outcome, part: &str) -> bool {
    outcome.notes.iter().any(|note| note.message.contains(part))
}

const MEASURES: [&str; 5] = ["normalised", "indicator_weights", "score", "topsis", "vikor"];

#[test]
fn every_measure_says_who_takes_no_part() {
    let nan = f64::NAN;
    let columns = [vec![1.0, 2.0, nan, 5.0, 3.0, 8.0], vec![4.0, 1.0, 2.0, nan, nan, 1.0], vec![3.0; 6]];
    let mut panel = indicators(&["a", "-b", "same"], 2, &columns);
    panel.list[0].dimension = Some("wealth".into());
    let options = options(Weighting::Entropy, Normalisation::MinMax);
    for name in MEASURES {
        let outcomes = reported(name, &panel, &options);
        let last = outcomes.last().unwrap();
        assert!(says(last, "C1 (City 1) (b)") && says(last, "same: the same"), "{name}: {:?}", last.notes);
    }
    let scores = reported("score", &panel, &options);
    assert_eq!((scores.len(), scores[0].year, scores[1].scalar("n")), (2, Some(2000), 1.0));
    assert!(says(&scores[0], "C2 (City 2) (a)") && !says(&scores[0], "C1 (City 1) ("));
    assert_eq!(scores[1].column("rank"), Some(&Values::Counts(vec![None, None, Some(1)])));
    // City 2 has no rank in the first year.
    let rows = &table(&scores[1], "scores").rows;
    assert_eq!((rows.len(), &rows[2][0], &rows[2][5]), (3, &Value::from("C2"), &Value::Null));
    assert_eq!(table(&scores[1], "dimensions").rows.len(), 3);
}

#[test]
fn nothing_to_tell_is_an_outcome_without_numbers() {
    let same = given(indicators(&["a", "b"], 1, &[vec![2.0; 3], vec![3.0; 3]]), &[1.0, 1.0]);
    for name in MEASURES {
        for weighting in WEIGHTINGS {
            let outcomes = reported(name, &same, &options(weighting, Normalisation::MinMax));
            assert!(outcomes.len() == 1 && outcomes[0].notes.iter().any(|note| note.code == "undefined"), "{name}");
        }
    }
}

#[test]
fn measures_run_on_anything_that_can_be_compared() {
    let cases: [&[Vec<f64>]; 4] = [
        &[vec![0.0, 1.0]],
        &[vec![0.0, 1.0], vec![1.0, 0.0]],
        &[vec![-1.0, 0.0, 1.0], vec![5.0, 5.0, 4.0]],
        &[vec![1.0, 1.0, 2.0], vec![2.0, 2.0, 1.0]],
    ];
    for columns in cases {
        let weights = vec![1.0, 0.0];
        let some = given(indicators(&["a", "b"][..columns.len()], 1, columns), &weights);
        for weighting in WEIGHTINGS {
            for normalisation in &NORMALISATIONS[..3] {
                for name in MEASURES {
                    reported(name, &some, &options(weighting, *normalisation));
                }
            }
        }
    }
}

#[test]
fn weights_are_told_apart_and_reasons_given() {
    let weights = &reported("indicator_weights", &five(), &Options::default())[0];
    let rows = table(weights, "weights");
    let at = |name: &str| rows.columns.iter().position(|column| *column == name).unwrap();
    assert!((rows.rows[1][at("critic")].as_f64().unwrap() - 0.3081078972750333).abs() < 1e-12);
    assert_eq!(rows.rows[3][at("given")], Value::from(0.1));
    let growth = indicators(&["a", "growth"], 1, &[vec![1.0, 2.0, 3.0], vec![-1.0, 2.0, 0.5]]);
    let weights = &reported("indicator_weights", &growth, &Options::default())[0];
    assert!(says(weights, "no cv: ") && says(weights, "no given: no weight is given for any indicator"));
    assert_eq!(table(weights, "weights").rows[0][at("cv")], Value::Null);
    let heavy = given(indicators(&["a", "b"], 1, &[vec![1.0, 2.0, 3.0], vec![3.0, 2.0, 0.5]]), &[30.0, 10.0]);
    let score = &reported("score", &heavy, &options(Weighting::Given, Normalisation::MinMax))[0];
    assert!(says(score, "sum to 40") && says(score, "more than half of the weight"), "{:?}", score.notes);
}

#[test]
fn a_growth_below_nought_has_no_vector_number() {
    let growth = indicators(&["a", "growth"], 1, &[vec![1.0, 2.0, 3.0], vec![-1.0, 2.0, 0.5]]);
    let outcome = &reported("topsis", &growth, &options(Weighting::Equal, Normalisation::Vector))[0];
    assert!(says(outcome, "growth") && says(outcome, "closeness_vector"));
    assert!(matches!(outcome.column("closeness"), Some(Values::Numbers(c)) if c.iter().all(|c| c.is_finite())));
}

// The reference numbers that are not part of the project.

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
#[ignore = "needs the reference numbers: set AGGLO_GOLDEN to their folder"]
fn german_states() {
    let folder = std::env::var("AGGLO_GOLDEN").unwrap();
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("delaender_composite.json")).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let inputs = &golden["inputs"];
    let rows: Vec<Vec<f64>> = inputs["X"].as_array().unwrap().iter().map(numbers).collect();
    let columns: Vec<Vec<f64>> = (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
    let names: Vec<String> = inputs["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .zip(numbers(&inputs["direction"]))
        .map(|(name, direction)| format!("{}{}", if direction < 0.0 { "-" } else { "" }, name.as_str().unwrap()))
        .collect();
    let mut states = indicators(&names.iter().map(String::as_str).collect::<Vec<_>>(), 1, &columns);
    for (dimension, members) in inputs["subsystems"].as_object().unwrap() {
        for member in members.as_array().unwrap() {
            let indicator =
                states.list.iter_mut().find(|indicator| indicator.name == member.as_str().unwrap()).unwrap();
            indicator.dimension = Some(dimension.clone());
        }
    }
    let index = composite(&states, &options(Weighting::Entropy, Normalisation::MinMax)).unwrap();
    let z: Vec<Vec<f64>> = (0..6).map(|j| index.normalised.z.column(j).to_vec()).collect();
    let weights = |weighting| indicator_weights(&index.normalised, weighting).unwrap()[0].clone();
    let by_rows = |column: &dyn Fn(usize, usize) -> f64, k: usize| -> Vec<f64> {
        (0..rows.len()).flat_map(|i| (0..k).map(move |j| column(j, i)).collect::<Vec<_>>()).collect()
    };
    let flat = |value: &Value| value.as_array().unwrap().iter().flat_map(numbers).collect::<Vec<f64>>();
    let mut compared = 0;
    for measure in golden["measures"].as_array().unwrap() {
        let (id, value) = (measure["id"].as_str().unwrap(), &measure["value"]);
        let tolerance = measure["tolerance"].as_f64().or_else(|| measure["tolerance"].as_str()?.parse().ok()).unwrap();
        compared += 1;
        match id {
            "minmax" => close(&by_rows(&|j, i| z[j][i], 6), &flat(value), tolerance),
            "zscore_population" => {
                let z = normalise(&states, Normalisation::ZScore, false).unwrap();
                // Theirs leaves a cost as it is.
                let sign = |j: usize| if names[j].starts_with('-') { -1.0 } else { 1.0 };
                close(&by_rows(&|j, i| sign(j) * z.at(j, i), 6), &flat(value), tolerance);
            }
            "entropy_weights_minmax_0ln0" => close(&index.weights[0], &numbers(value), tolerance),
            "entropy_values" => close(&entropy_weights(&z).unwrap().entropy, &numbers(value), tolerance),
            "critic_weights" => close(&weights(Weighting::Critic), &numbers(value), tolerance),
            "cv_weights" => close(&weights(Weighting::CoefficientOfVariation), &numbers(value), tolerance),
            "entropy_weights_raw" | "entropy_weights_skcriteria" => {
                close(&entropy_weights(&columns).unwrap().weights, &numbers(value), tolerance);
            }
            id if id.starts_with("entropy_weights_shift_") => {
                let shift: f64 = id["entropy_weights_shift_".len()..].parse().unwrap();
                let shifted: Vec<Vec<f64>> = z.iter().map(|z| z.iter().map(|z| z + shift).collect()).collect();
                close(&entropy_weights(&shifted).unwrap().weights, &numbers(value), tolerance);
            }
            "topsis_minmax_entropy" => {
                close(&topsis(&index.normalised, &index.weights).unwrap().closeness, &numbers(value), tolerance);
            }
            "topsis_vector_entropy" => {
                let vector = normalise(&states, Normalisation::Vector, false).unwrap();
                close(&topsis(&vector, &index.weights).unwrap().closeness, &numbers(value), tolerance);
            }
            "vikor" => {
                let result = vikor(&index.normalised, &index.weights).unwrap();
                close(&result.s, &numbers(&value["S"]), tolerance);
                close(&result.r, &numbers(&value["R"]), tolerance);
                close(&result.q, &numbers(&value["Q"]), tolerance);
            }
            "vikor_Q" => {
                close(&vikor(&index.normalised, &index.weights).unwrap().q, &numbers(value), tolerance);
            }
            "linear_score_entropy" => close(&index.score, &numbers(value), tolerance),
            "subsystem_scores" => {
                let of = |j: usize, i: usize| {
                    let name = ["economy", "innovation", "structure"][j];
                    index.dimensions.iter().find(|dimension| dimension.name == name).unwrap().index[i]
                };
                close(&by_rows(&of, 3), &flat(value), tolerance);
            }
            _ => {
                compared -= 1;
                println!("not of these measures: {id}");
            }
        }
    }
    assert_eq!(compared, 17);
}
