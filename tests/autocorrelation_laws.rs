//! Laws that the measures of autocorrelation obey on any data: invariances, bounds, and identities between them.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::{Adjust, Alternative, Inference};
use agglo::measures::autocorrelation::*;
use agglo::weights::{Transform, Weights};
use proptest::prelude::*;

/// A ring of cities, so that nobody is alone, with random links on top.
fn weights(n: usize) -> impl Strategy<Value = Weights> {
    prop::collection::vec((0..n as u32, 0..n as u32), 0..2 * n).prop_map(move |mut pairs| {
        pairs.extend((0..n as u32).map(|i| (i, (i + 1) % n as u32)));
        Weights::from_pairs("random", n, &pairs)
    })
}

fn values(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..100.0f64, n)
}

fn inference() -> Inference {
    Inference { permutations: 99, ..Inference::default() }
}

#[track_caller]
fn same(a: &[f64], b: &[f64]) {
    let scale = a.iter().chain(b).filter(|x| x.is_finite()).fold(1.0_f64, |most, x| most.max(x.abs()));
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-9 * scale || (a.is_nan() && b.is_nan())), "{a:?}\n{b:?}");
}

proptest! {
    #[test]
    fn a_linear_change_of_the_values_changes_nothing(x in values(20), w in weights(20), a in 0.1..50.0f64, b in -1e3..1e3f64) {
        let w = w.transformed(Transform::Row);
        let y: Vec<f64> = x.iter().map(|x| a * x + b).collect();
        same(&[moran(&x, &w, &inference()).unwrap().i], &[moran(&y, &w, &inference()).unwrap().i]);
        same(&[geary(&x, &w, &inference()).unwrap().c], &[geary(&y, &w, &inference()).unwrap().c]);
        let (lisa, other) = (local_moran(&x, &w, &inference()).unwrap(), local_moran(&y, &w, &inference()).unwrap());
        same(&lisa.i, &other.i);
        same(&lisa.test.p_permutation, &other.test.p_permutation);
        prop_assert_eq!(lisa.class, other.class);
        same(&local_geary(&x, &w, &inference()).unwrap().c, &local_geary(&y, &w, &inference()).unwrap().c);
        same(&losh(&x, &w, &inference()).unwrap().h, &losh(&y, &w, &inference()).unwrap().h);
    }

    #[test]
    fn a_change_of_sign_turns_high_into_low(x in values(20), w in weights(20)) {
        let y: Vec<f64> = x.iter().map(|x| -x).collect();
        let (a, b) = (local_moran(&x, &w, &inference()).unwrap(), local_moran(&y, &w, &inference()).unwrap());
        same(&a.i, &b.i);
        let turned = |class| match class { "HH" => "LL", "LL" => "HH", "HL" => "LH", "LH" => "HL", other => other };
        for i in 0..20 {
            prop_assert!(a.lag[i] == 0.0 || a.quadrant[i] == turned(b.quadrant[i]));
        }
    }

    #[test]
    fn local_statistics_add_up_to_the_global_ones(x in values(20), w in weights(20)) {
        for w in [w.clone(), w.transformed(Transform::Row), w.transformed(Transform::Variance)] {
            let s0 = w.sums().s0;
            let local = local_moran(&x, &w, &inference()).unwrap();
            let mean = local.i.iter().sum::<f64>() / s0;
            same(&[mean * 20.0 / 19.0], &[moran(&x, &w, &inference()).unwrap().i]);
            let local = local_geary(&x, &w, &inference()).unwrap();
            same(&[local.c.iter().sum::<f64>() / (2.0 * s0)], &[geary(&x, &w, &inference()).unwrap().c]);
        }
    }

    /// Local Moran and local G standardise the same sum, so their z agree but for the sign of the city itself.
    #[test]
    fn local_moran_and_local_g_see_the_same_sum(x in values(20), w in weights(20)) {
        let (lisa, g) = (local_moran(&x, &w, &inference()).unwrap(), local_g(&x, &w, &inference()).unwrap());
        let sign: Vec<f64> = lisa.quadrant.iter().map(|q| if q.starts_with('H') { 1.0 } else { -1.0 }).collect();
        same(&lisa.test.z, &g.test.z.iter().zip(sign).map(|(z, sign)| z * sign).collect::<Vec<_>>());
        same(&g.test.p_permutation, &local_g_star(&x, &w, &inference()).unwrap().test.p_permutation);
    }

    #[test]
    fn joins_are_counted_once_each(x in values(20), w in weights(20)) {
        let mut x: Vec<f64> = x.iter().map(|&x| f64::from(u8::from(x > 50.0))).collect();
        (x[0], x[1]) = (0.0, 1.0);
        let got = join_counts(&x, &w, &inference()).unwrap();
        same(&[got.bb.count + got.ww.count + got.bw.count], &[w.links() as f64 / 2.0]);
        same(&[got.bb.expected + got.ww.expected + got.bw.expected], &[w.links() as f64 / 2.0]);
        let local = local_join_count(&x, &w, &inference()).unwrap();
        same(&[local.bb.iter().sum::<f64>() / 2.0], &[got.bb.count]);
        let other: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
        same(&[join_counts(&other, &w, &inference()).unwrap().ww.variance], &[got.bb.variance]);
    }

    #[test]
    fn two_variables_meet_in_one(x in values(20), y in values(20), w in weights(20)) {
        let w = w.transformed(Transform::Row);
        let i = moran(&x, &w, &inference()).unwrap().i;
        same(&[bivariate_moran(&x, &x, &w, &inference()).unwrap().statistic], &[i]);
        same(&local_moran_bivariate(&x, &x, &w, &inference()).unwrap().i, &local_moran(&x, &w, &inference()).unwrap().i);
        let (l, local) = lee(&x, &y, &w, &inference()).unwrap();
        same(&[l.statistic], &[lee(&y, &x, &w, &inference()).unwrap().0.statistic]);
        prop_assert!(l.statistic.abs() <= 1.0 + 1e-12);
        same(&[local.iter().sum::<f64>() / 20.0], &[l.statistic]);
        let alone = local_geary(&x, &w, &inference()).unwrap();
        let twice = local_geary_multivariate(&[&x, &x], &w, &inference()).unwrap();
        same(&alone.c, &twice.c);
        same(&alone.test.variance, &twice.test.variance);
    }

    /// Cities without a value or a neighbour: everything is as on the map without them.
    #[test]
    fn who_takes_no_part_changes_nothing(x in values(20), w in weights(20), gone in prop::collection::btree_set(0..20_usize, 0..6)) {
        let w = w.transformed(Transform::Row);
        let (mut holed, keep): (Vec<f64>, Vec<usize>) = (x.clone(), (0..20).filter(|i| !gone.contains(i)).collect());
        gone.iter().for_each(|&i| holed[i] = f64::NAN);
        let without: Vec<f64> = keep.iter().map(|&i| x[i]).collect();
        let (part, whole) = (w.subset(&keep), local_moran(&holed, &w, &inference()));
        let alone = local_moran(&without, &part, &inference());
        match (whole, alone) {
            (Ok(whole), Ok(alone)) => {
                same(&keep.iter().map(|&i| whole.i[i]).collect::<Vec<_>>(), &alone.i);
                same(&keep.iter().map(|&i| whole.test.q[i]).collect::<Vec<_>>(), &alone.test.q);
                prop_assert!(gone.iter().all(|&i| whole.class[i] == "undefined" && whole.i[i].is_nan()));
                same(&[moran(&holed, &w, &inference()).unwrap().test.p_permutation], &[moran(&without, &part, &inference()).unwrap().test.p_permutation]);
            }
            (whole, alone) => prop_assert_eq!(whole.is_err(), alone.is_err()),
        }
    }

    #[test]
    fn exact_moments_are_those_of_the_permutations(x in values(16), w in weights(16)) {
        let many = Inference { permutations: 4999, ..Inference::default() };
        let w = w.transformed(Transform::Row);
        let got = moran(&x, &w, &many).unwrap();
        prop_assert!((got.test.permutation_mean - got.test.expected).abs() < 5.0 * (got.test.variance_randomisation / 4999.0).sqrt());
        prop_assert!((got.test.permutation_variance / got.test.variance_randomisation - 1.0).abs() < 0.25);
        let got = geary(&x, &w, &many).unwrap();
        prop_assert!((got.test.permutation_mean - 1.0).abs() < 5.0 * (got.test.variance_randomisation / 4999.0).sqrt());
        prop_assert!((got.test.permutation_variance / got.test.variance_randomisation - 1.0).abs() < 0.25);
    }
}

fn chain(n: usize) -> Weights {
    let pairs: Vec<(u32, u32)> = (1..n as u32).map(|i| (i - 1, i)).collect();
    Weights::from_pairs("chain", n, &pairs).transformed(Transform::Row)
}

#[test]
fn a_constant_is_undefined_everywhere() {
    let (x, w, i) = (vec![0.1 + 0.2; 12], chain(12), inference());
    let kinds = [
        moran(&x, &w, &i).unwrap_err(),
        geary(&x, &w, &i).unwrap_err(),
        getis_ord_g(&x, &w, &i).unwrap_err(),
        local_moran(&x, &w, &i).unwrap_err(),
        local_geary(&x, &w, &i).unwrap_err(),
        local_g(&x, &w, &i).unwrap_err(),
        losh(&x, &w, &i).unwrap_err(),
    ];
    assert!(kinds.iter().all(|error| error.kind() == Kind::Undefined));
}

#[test]
fn values_near_the_end_of_the_range_do_not_overflow() {
    let x: Vec<f64> = (0..12).map(|i| 1e308 * (1.0 - f64::from(i * i % 7) / 10.0)).collect();
    let small: Vec<f64> = x.iter().map(|x| x / 1e308).collect();
    let (w, i) = (chain(12), inference());
    same(&local_moran(&x, &w, &i).unwrap().i, &local_moran(&small, &w, &i).unwrap().i);
    same(&local_g(&x, &w, &i).unwrap().test.z, &local_g(&small, &w, &i).unwrap().test.z);
    same(&[getis_ord_g(&x, &w, &i).unwrap().g], &[getis_ord_g(&small, &w, &i).unwrap().g]);
}

#[test]
fn negative_values_leave_g_undefined() {
    let x: Vec<f64> = (0..12).map(|i| f64::from(i) - 3.0).collect();
    assert_eq!(local_g(&x, &chain(12), &inference()).unwrap_err().kind(), Kind::Undefined);
    assert!(local_moran(&x, &chain(12), &inference()).is_ok());
}

#[test]
fn too_few_cities_are_an_error() {
    let error = moran(&[1.0, 2.0], &chain(2), &inference()).unwrap_err();
    assert_eq!(error.kind(), Kind::TooFew);
    assert!(error.to_string().contains("at least 3"));
    let alone = Weights::from_pairs("none", 5, &[]);
    assert!(
        moran(&[1.0, 2.0, 3.0, 4.0, 5.0], &alone, &inference())
            .unwrap_err()
            .to_string()
            .contains("no city has a neighbour")
    );
}

#[test]
fn corrections_and_alternatives_reach_the_classes() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i / 10) + f64::from(i % 3) / 10.0).collect();
    let count = |adjust, alternative| {
        let inference = Inference { adjust, alternative, ..Inference::default() };
        local_moran(&x, &chain(60), &inference).unwrap().class.iter().filter(|&&class| class != "ns").count()
    };
    let plain = count(Adjust::None, Alternative::TwoSided);
    assert!(plain > 0 && count(Adjust::Fdr, Alternative::TwoSided) <= plain);
    assert!(count(Adjust::Bonferroni, Alternative::TwoSided) <= count(Adjust::Holm, Alternative::TwoSided));
    assert!(count(Adjust::None, Alternative::Greater) >= plain);
    assert_eq!(count(Adjust::None, Alternative::Less), 0);
}

#[test]
fn without_permutations_the_classes_come_from_the_moments() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i / 10)).collect();
    let none = Inference { permutations: 0, ..Inference::default() };
    let got = local_moran(&x, &chain(60), &none).unwrap();
    assert!(got.test.p_permutation.iter().all(|p| p.is_nan()));
    assert!(got.class.contains(&"HH") && got.class.contains(&"LL"));
    assert!(moran(&x, &chain(60), &none).unwrap().test.p_permutation.is_nan());
}

#[test]
fn rates_fall_back_where_they_vary_less_than_chance() {
    let population: Vec<f64> = (0..12).map(|i| if i % 3 == 0 { 100.0 } else { 20_000.0 }).collect();
    let events: Vec<f64> = population.iter().enumerate().map(|(i, p)| p / 10.0 + (i % 2) as f64).collect();
    let (_, notes) = moran_rate(&events, &population, &chain(12), &inference()).unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!(moran_rate(&events, &[0.0; 12], &chain(12), &inference()).unwrap_err().kind(), Kind::Value);
}
