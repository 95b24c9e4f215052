//! The measures of autocorrelation against other people's programs: `golden/autocorrelation.json` names them.
//!
//! Where peers differ the comparison is with the variant that agglo chose, or scaled to it as the comment says.
#![allow(clippy::unwrap_used)]

use agglo::inference::{Alternative, Inference, monte_carlo_error};
use agglo::measures::autocorrelation::*;
use agglo::weights::{Transform, Weights};
use serde_json::Value;

const PERMUTATIONS: usize = 9999;

struct Golden(Value);

impl Golden {
    fn load() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/autocorrelation.json");
        Self(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    }

    /// Every (data set, item) with the variable's values and the weights under the item's transform.
    fn each(&self, mut check: impl FnMut(&Value, &Value, &[f64], &Weights)) {
        for set in self.0["sets"].as_array().unwrap() {
            for item in set["items"].as_array().unwrap() {
                let x = numbers(&set["values"][item["variable"].as_str().unwrap()]);
                let transform = if item["transform"] == "R" { Transform::Row } else { Transform::None };
                check(set, item, &x, &weights(set, item["weights"].as_str().unwrap()).transformed(transform));
            }
        }
    }
}

fn weights(set: &Value, name: &str) -> Weights {
    let golden = &set["weights"][name];
    let rows = golden["neighbors"].as_array().unwrap().iter().enumerate().map(|(i, row)| {
        let row = row.as_array().unwrap().iter().enumerate();
        row.map(|(at, j)| {
            let w = golden.get("weights").map_or(1.0, |all| all[i][at].as_f64().unwrap());
            (j.as_u64().unwrap() as u32, w)
        })
        .collect()
    });
    Weights::from_rows(name, rows.collect())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

#[track_caller]
fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} for {want}");
}

#[track_caller]
fn all_close(got: &[f64], want: &[f64]) {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).for_each(|(&got, &want)| close(got, want));
}

/// Within four standard errors of the difference of two permutation p values.
#[track_caller]
fn p_close(got: f64, golden: &Value, at: Option<usize>) {
    let permutations = golden["permutations"].as_f64().unwrap();
    let want = at.map_or(&golden["p_two_sided"], |i| &golden["p_two_sided"][i]).as_f64().unwrap();
    let p = (got + want) / 2.0;
    let error = |permutations| monte_carlo_error(p, permutations, Alternative::TwoSided);
    let difference = error(PERMUTATIONS).hypot(error(permutations as usize));
    assert!((got - want).abs() <= 4.0 * difference + 2.0 / permutations, "p {got} for {want}");
}

fn inference() -> Inference {
    Inference { permutations: PERMUTATIONS, ..Inference::default() }
}

#[test]
fn weights_have_the_sums_of_libpysal() {
    Golden::load().each(|set, item, _, weights| {
        let summary = &set["weights"][item["weights"].as_str().unwrap()]["summary"];
        let want = if weights.transform() == Transform::Row { &summary["row"] } else { &summary["raw"] };
        let sums = weights.sums();
        for (got, name) in [(sums.s0, "s0"), (sums.s1, "s1"), (sums.s2, "s2")] {
            assert!((got / want[name].as_f64().unwrap() - 1.0).abs() < 1e-12);
        }
        assert_eq!(weights.is_symmetric(), summary["symmetric"].as_bool().unwrap());
        assert_eq!(weights.components().iter().max().unwrap() + 1, summary["components"].as_u64().unwrap() as usize);
    });
}

#[test]
fn moran_agrees_with_esda() {
    Golden::load().each(|_, item, x, weights| {
        let (got, want) = (moran(x, weights, &inference()).unwrap(), &item["moran"]);
        for (got, name) in [
            (got.i, "I"),
            (got.test.expected, "EI"),
            (got.test.variance_normality, "VI_norm"),
            (got.test.variance_randomisation, "VI_rand"),
            (got.test.z_normality, "z_norm"),
            (got.test.z_randomisation, "z_rand"),
            (got.test.p_normality, "p_norm_two_sided"),
            (got.test.p_randomisation, "p_rand_two_sided"),
        ] {
            close(got, want[name].as_f64().unwrap());
        }
        p_close(got.test.p_permutation, &want["perm"], None);
        assert!((got.test.permutation_variance / got.test.variance_randomisation - 1.0).abs() < 0.1);
    });
}

#[test]
fn geary_agrees_with_esda() {
    Golden::load().each(|_, item, x, weights| {
        let (got, want) = (geary(x, weights, &inference()).unwrap(), &item["geary"]);
        for (got, name) in [
            (got.c, "C"),
            (got.test.expected, "EC"),
            (got.test.variance_normality, "VC_norm"),
            (got.test.variance_randomisation, "VC_rand"),
            (got.test.z_normality, "z_norm"),
            (got.test.z_randomisation, "z_rand"),
        ] {
            close(got, want[name].as_f64().unwrap());
        }
        p_close(got.test.p_permutation, &want["perm"], None);
    });
}

#[test]
fn general_g_and_join_counts_agree_with_esda() {
    let mut checked = 0;
    Golden::load().each(|_, item, x, weights| {
        let Some(want) = item.get("getisord_G") else { return };
        let got = getis_ord_g(x, weights, &inference()).unwrap();
        for (got, name) in [(got.g, "G"), (got.expected, "EG"), (got.variance, "VG"), (got.z, "z_norm")] {
            close(got, want[name].as_f64().unwrap());
        }
        p_close(got.p_permutation, &want["perm"], None);

        let want = &item["join_counts"];
        let got = join_counts(&numbers(&want["x"]), weights, &inference()).unwrap();
        for (got, name) in [(got.bb.count, "bb"), (got.ww.count, "ww"), (got.bw.count, "bw")] {
            close(got, want[name].as_f64().unwrap());
        }
        p_close(got.bb.p_permutation, &want["perm_bb"], None);
        let mean = want["perm_bb"]["mean"].as_f64().unwrap();
        assert!((got.bb.expected - mean).abs() < 4.0 * (got.bb.variance / 999.0).sqrt());
        checked += 1;
    });
    assert_eq!(checked, 6);
}

/// esda's conditional moments are on the scale of n, its statistic on that of n − 1.
#[test]
fn local_moran_agrees_with_esda_and_spdep() {
    Golden::load().each(|set, item, x, weights| {
        let got = local_moran(x, weights, &inference()).unwrap();
        let want = &item["local_moran"];
        let scale = 1.0 - 1.0 / set["n"].as_f64().unwrap();
        all_close(&got.i, &numbers(&want["Is"]));
        let scaled = |name: &str, power: i32| -> Vec<f64> {
            numbers(&want[name]).iter().map(|x| x * scale.powi(power)).collect()
        };
        all_close(&got.test.expected, &scaled("EI_conditional", 1));
        all_close(&got.test.variance, &scaled("VI_conditional", 2));
        all_close(&got.test.z, &numbers(&item["spdep_localmoran_cond_z"]));
        let total = local_moran_total(x, weights).unwrap();
        all_close(&total.expected, &scaled("EI_total", 1));
        all_close(&total.variance, &scaled("VI_total", 2));
        let quadrants = ["", "HH", "LH", "LL", "HL"];
        for (i, code) in want["quadrant_pysal(1HH,2LH,3LL,4HL)"].as_array().unwrap().iter().enumerate() {
            assert_eq!(got.quadrant[i], quadrants[code.as_u64().unwrap() as usize]);
            p_close(got.test.p_permutation[i], &want["perm"], Some(i));
        }
    });
}

#[test]
fn local_geary_agrees_with_spdep() {
    Golden::load().each(|_, item, x, weights| {
        let got = local_geary(x, weights, &inference()).unwrap();
        all_close(&got.c, &numbers(&item["spdep_localC"]));
        if weights.transform() == Transform::Row {
            // esda row-standardises whatever it is given.
            (0..x.len()).for_each(|i| p_close(got.test.p_permutation[i], &item["local_geary_perm"], Some(i)));
        }
    });
}

/// G, E, V and z; for G* they are those of total randomisation.
#[test]
fn local_g_agrees_with_spdep() {
    Golden::load().each(|_, item, x, weights| {
        for (got, name) in [
            (local_g(x, weights, &inference()).unwrap(), "spdep_localG_raw"),
            (local_g_star(x, weights, &inference()).unwrap(), "spdep_localGstar_raw"),
        ] {
            if name.contains("star") && !weights.is_binary() {
                continue; // the self-weight of other weights is a choice
            }
            for (got, at) in [(&got.g, 0), (&got.test.expected, 1), (&got.test.variance, 2), (&got.test.z, 3)] {
                all_close(got, &numbers(&item[name][at]));
            }
            if let Some(want) = item.get("local_g_perm").filter(|want| want["p_two_sided"].is_array()) {
                (0..x.len()).for_each(|i| p_close(got.test.p_permutation[i], want, Some(i)));
            }
        }
    });
}

#[test]
fn losh_agrees_with_spdep() {
    Golden::load().each(|_, item, x, weights| {
        let Some(want) = item.get("spdep_LOSH_cs") else { return };
        let got = losh(x, weights, &inference()).unwrap();
        for (got, name) in [(&got.h, "Hi"), (&got.variance, "Var.Hi"), (&got.z, "Z.Hi"), (&got.p_chi2, "Pr()")] {
            all_close(got, &numbers(&want[name]));
        }
    });
}

#[test]
fn statistics_of_two_and_more_variables_agree() {
    for set in Golden::load().0["sets"].as_array().unwrap() {
        let extras = &set["extras"];
        let weights = weights(set, "queen").transformed(Transform::Row);
        let value = |name: &Value| numbers(&set["values"][name.as_str().unwrap()]);
        let (x, y) = (value(&extras["moran_bv"]["x"]), value(&extras["moran_bv"]["y"]));

        let got = bivariate_moran(&x, &y, &weights, &inference()).unwrap();
        close(got.statistic, extras["moran_bv"]["I"].as_f64().unwrap());
        p_close(got.p_permutation, &extras["moran_bv"]["perm"], None);

        let (got, local) = lee(&x, &y, &weights, &inference()).unwrap();
        close(got.statistic, extras["lee"]["matrix[xx,xy;yx,yy]"][0][1].as_f64().unwrap());
        all_close(&local, &numbers(&extras["lee_local"]["values"]));

        let got = local_moran_bivariate(&x, &y, &weights, &inference()).unwrap();
        all_close(&got.i, &numbers(&extras["local_moran_bv"]["Is"]));
        // spdep's moments are those of 9999 simulations, ours are exact.
        for (i, &simulated) in numbers(&extras["spdep_localmoran_bv"]["E.Ibvi"]).iter().enumerate() {
            assert!((got.test.expected[i] - simulated).abs() < 4.5 * (got.test.variance[i] / 9999.0).sqrt());
        }

        let columns: Vec<Vec<f64>> = extras["local_geary_mv_vars"].as_array().unwrap().iter().map(value).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let got = local_geary_multivariate(&columns, &weights, &inference()).unwrap();
        all_close(&got.c, &numbers(&extras["spdep_localC_mv"]));

        let golden = &extras["local_join_count"];
        let got =
            local_join_count(&numbers(&golden["x"]), &weights.transformed(Transform::None), &inference()).unwrap();
        all_close(&got.bb, &numbers(&golden["LJC"]));
    }
}

#[test]
fn the_correlogram_by_order_agrees_with_spdep() {
    let mut checked = 0;
    Golden::load().each(|_, item, x, weights| {
        let Some(want) = item.get("correlogram_I_order4").filter(|_| weights.transform() == Transform::Row) else {
            return;
        };
        let got = correlogram_by_order(x, weights, 4, &Inference::default()).unwrap();
        for (at, lag) in got.iter().enumerate() {
            close(lag.i, want["I"][at].as_f64().unwrap());
            close(lag.expected, want["E"][at].as_f64().unwrap());
            close(lag.variance, want["V"][at].as_f64().unwrap());
        }
        checked += 1;
    });
    assert!(checked >= 6, "{checked}");
}
