//! Outcomes to speak of: one at least for every teller.

use serde_json::{Value, json};

use crate::measures::{Matrix, Outcome, TableOut, Values};

pub(super) fn outcome(measure: &'static str, scalars: &[(&'static str, f64)]) -> Outcome {
    let [variable, weights] = [Some("gdp".to_owned()), Some("queen".to_owned())];
    Outcome { measure, variable, weights, year: Some(2020), scalars: scalars.to_vec(), ..Outcome::default() }
}

/// Of all years together.
pub(super) fn of_years(measure: &'static str, scalars: &[(&'static str, f64)]) -> Outcome {
    let mut outcome = outcome(measure, scalars);
    outcome.year = None;
    outcome.options.extend([("from".to_owned(), json!(2010)), ("to".to_owned(), json!(2020))]);
    outcome
}

impl Outcome {
    pub(super) fn table_of(mut self, name: &'static str, columns: &[&'static str], rows: Value) -> Self {
        let rows = rows.as_array().unwrap().iter().map(|row| row.as_array().unwrap().clone()).collect();
        self.tables.push((name, TableOut { columns: columns.to_vec(), rows }));
        self
    }

    pub(super) fn column_of(mut self, name: &'static str, values: Values) -> Self {
        self.columns.push((name, values));
        self
    }

    pub(super) fn option(mut self, name: &str, value: &str) -> Self {
        self.options.insert(name.into(), json!(value));
        self
    }

    pub(super) fn with(mut self, name: &'static str, x: f64) -> Self {
        self.scalars.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, old)| *old = x);
        self
    }
}

pub(super) fn classes(classes: [&'static str; 3]) -> Values {
    Values::Classes(classes.to_vec())
}

pub(super) fn numbers(numbers: [f64; 3]) -> Values {
    Values::Numbers(numbers.to_vec())
}

pub(super) fn moran() -> Outcome {
    outcome("moran", &[("i", 0.4), ("expected", -0.5), ("p_permutation", 0.01), ("n", 3.0)])
}

pub(super) fn association() -> Outcome {
    let scalars = [("partial_distance", 0.2), ("p_distance", 0.01), ("partial_linkage", 0.1), ("p_linkage", 0.4)];
    outcome("association", &scalars)
}

pub(super) fn lisa() -> Outcome {
    outcome("local_moran", &[])
        .column_of("class", classes(["HH", "LL", "ns"]))
        .column_of("q", numbers([0.05, 0.051, 0.9]))
}

pub(super) fn intervals() -> Outcome {
    let columns = ["measure", "first", "last", "change", "low", "high"];
    of_years("inequality_intervals", &[]).table_of("changes", &columns, json!([["gini", 0.3, 0.2, -0.1, -0.15, -0.05]]))
}

pub(super) fn sigma() -> Outcome {
    of_years("sigma_convergence", &[("slope", -0.01), ("slope_p", 0.02), ("first", 0.5), ("last", 0.4), ("n", 41.0)])
}

pub(super) fn beta() -> Outcome {
    let scalars =
        [("beta", -0.03), ("beta_se", 0.003), ("p", 0.001), ("speed", 0.038), ("half_life", 17.89), ("n", 41.0)];
    of_years("beta_convergence", &scalars)
}

pub(super) fn beta_spatial() -> Outcome {
    let scalars = [
        ("beta", -0.04),
        ("p", 0.001),
        ("lm_lag_p", 0.7),
        ("lm_error_p", 0.02),
        ("half_life", 13.3),
        ("beta_ols", -0.03),
        ("n", 41.0),
    ];
    of_years("beta_spatial", &scalars).option("pointed", "sem")
}

pub(super) fn rank_size() -> Outcome {
    let ranks = json!([["C1", 1, 5.0], ["C2", 2, 2.0]]);
    outcome("rank_size", &[("zeta", 1.2), ("zeta_se", 0.28), ("primacy_2", 2.5), ("n", 41.0)]).table_of(
        "ranks",
        &["city", "rank", "size"],
        ranks,
    )
}

pub(super) fn markov() -> Outcome {
    of_years("markov", &[("prais", 0.55), ("transitions", 41.0)])
        .table_of("classes", &["above", "up_to", "stay"], json!([[null, 0.56, 0.33], [1.43, null, 0.6]]))
        .table_of("transitions", &["from", "total"], json!([["1", 12], ["2", 10]]))
}

pub(super) fn mobility() -> Outcome {
    of_years("rank_mobility", &[("tau", 0.76), ("mean_change", 3.4), ("n", 3.0)])
        .column_of("change", numbers([5.0, -2.0, f64::NAN]))
        .table_of("theta", &["by", "theta", "permutation_mean", "p"], json!([["province", 0.6, 0.28, 0.03]]))
}

pub(super) fn gravity_fit() -> Outcome {
    let columns = ["constraint", "decay", "distance_se", "distance_se_by_origin", "pseudo_r2", "d2"];
    outcome("gravity_fit", &[("distance", -0.5), ("pairs", 1640.0)])
        .option("decay", "power")
        .option("constraint", "doubly")
        .table_of("fits", &columns, json!([["doubly", "power", 0.1, 0.2, 0.745, null]]))
}

pub(super) fn driving() -> Outcome {
    of_years("driving_effect", &[("b", 0.5), ("se", 0.1), ("p", 0.01), ("cities", 23.0), ("cores", 6.0)]).table_of(
        "effects",
        &["span", "b", "p"],
        json!([["period", 0.5, 0.01], ["period", 0.2, 0.6]]),
    )
}

pub(super) fn spillover() -> Outcome {
    let columns = ["model", "term", "direct", "indirect", "indirect_low", "indirect_high"];
    outcome("spillover", &[("n", 41.0)])
        .option("best", "sdm")
        .table_of("diagnostics", &["test", "p"], json!([["lm_lag", 0.03], ["lm_error", 0.4]]))
        .table_of("impacts", &columns, json!([["sdm", "schooling", 2.5, 1.25, 0.5, 2.0]]))
}

pub(super) fn polycentricity() -> Outcome {
    let rows = json!([["functional", "strength", null, -0.12], ["morphological", "gdp", 2020, -0.82]]);
    outcome("polycentricity", &[]).table_of("polycentricity", &["kind", "of", "year", "burger_meijers"], rows)
}

pub(super) fn by_chance() -> Outcome {
    let scalars = [
        ("mean", 0.9),
        ("mean_expected_permutation", 0.8),
        ("p_mean_permutation", 0.002),
        ("z_mean_permutation", 4.25),
    ];
    outcome("isomorphism_null", &scalars)
}

pub(super) fn similarity() -> Outcome {
    let scalars =
        [("mean", 0.8), ("mean_three_sectors", 0.9), ("mean_within", 0.91), ("mean_between", 0.85), ("n", 3.0)];
    let mut similar = outcome("similarity", &scalars).option("group", "province");
    let ids = ["C1", "C2", "C3"].map(String::from).to_vec();
    let values = vec![1.0, 0.9, 0.7, 0.9, 1.0, 0.8, 0.7, 0.8, 1.0];
    similar.matrices.push(("unido", Matrix { rows: ids.clone(), columns: ids, values }));
    similar
}

pub(super) fn explained() -> Outcome {
    let scalars = [
        ("r2", 0.27),
        ("pairs", 820.0),
        ("partial_distance", -0.34),
        ("p_distance", 0.002),
        ("partial_size_gap", 0.1),
        ("p_size_gap", 0.2),
    ];
    outcome("isomorphism_explained", &scalars)
}

pub(super) fn upgrading() -> Outcome {
    let rows = json!([[2010, 0.3, 0.4, 0.3, 2.0], [2020, 0.1, 0.4, 0.5, 2.4]]);
    of_years("upgrading", &[]).table_of("years", &["year", "s1", "s2", "s3", "w"], rows)
}

pub(super) fn shift_share() -> Outcome {
    let rows = json!([["C1", 1.0, 2.0, 0.2], ["C2", 1.0, -1.0, -0.1], ["C3", -1.0, -1.0, -0.3]]);
    of_years("shift_share", &[("reference_growth", -0.015)]).table_of("cities", &["city", "im", "rs", "rs_share"], rows)
}

pub(super) fn robustness() -> Outcome {
    let rows = json!([["C1", 1, 0.9], ["C2", 2, 0.1]]);
    outcome("index_robustness", &[("draws", 1000.0), ("spearman_least", 0.97)]).table_of(
        "cities",
        &["city", "rank", "first"],
        rows,
    )
}

pub(super) fn coupling() -> Outcome {
    let grades = json!([
        [2020, "mild imbalance", "轻度失调", 0.3, 0.4, 1],
        [2020, "bare coordination", "勉强协调", 0.5, 0.6, 2]
    ]);
    outcome("coupling", &[])
        .table_of("summary", &["year", "n", "d_modified"], json!([[2010, 3, 0.3], [2020, 3, 0.52]]))
        .table_of("grades", &["year", "grade", "term", "from", "to", "n"], grades)
        .table_of(
            "balance",
            &["year", "subsystem", "lagging", "lagging_share"],
            json!([[2020, "innovation", 2, 0.667]]),
        )
}

/// One outcome at least for every teller.
pub(super) fn all() -> Vec<Outcome> {
    let core = |outcome: Outcome| {
        let columns = ["core", "cities", "radius", "drawn_share"];
        outcome.table_of("cores", &columns, json!([["C1", 14, 381.8, 0.3], ["C2", 19, 236.2, 0.2]]))
    };
    vec![
        moran(),
        Outcome { measure: "moran_rate", ..moran() },
        association(),
        lisa(),
        intervals(),
        outcome("gini", &[("gini", 0.23), ("n", 41.0)]),
        outcome("theil", &[("t", 0.08), ("t_between_share", 0.45)]).option("group", "province"),
        beta(),
        sigma(),
        beta_spatial(),
        outcome(
            "dagum",
            &[("gini", 0.23), ("within_share", 0.2), ("net_between_share", 0.6), ("transvariation_share", 0.2)],
        )
        .option("group", "province"),
        rank_size(),
        markov(),
        mobility(),
        of_years("centre_of_gravity", &[("straight_distance", 18.7), ("path_length", 20.1), ("n", 41.0)]).table_of(
            "years",
            &["year", "distance", "direction"],
            json!([[2010, null, null], [2020, 18.7, "NNW"]]),
        ),
        outcome("core_periphery", &[("n", 3.0)])
            .column_of("tier", classes(["core", "core", "periphery"]))
            .column_of("methods_disagree", Values::Counts(vec![Some(0), Some(2), None]))
            .table_of("tiers", &["tier", "coreness_least", "share_of_strength"], json!([["core", 0.57, 0.45]])),
        outcome("centrality", &[]).column_of("strength", Values::Numbers(vec![9.0, 5.0, 3.0, 1.0])),
        core(outcome("hinterland", &[("n", 35.0), ("contested_share", 0.457)]))
            .column_of("contested", classes(["core", "contested", "clear"])),
        gravity_fit(),
        driving(),
        spillover(),
        core(outcome("field_strength", &[("threshold", 0.2655), ("covered", 0.84)])),
        core(outcome("huff", &[("n", 35.0)])),
        polycentricity(),
        outcome("qap", &[("r2", 0.26), ("pairs", 1640.0)]).table_of(
            "predictors",
            &["predictor", "partial_correlation", "p_regression"],
            json!([["log_distance", -0.22, 0.004], ["same_province", 0.04, 0.25]]),
        ),
        similarity(),
        by_chance(),
        outcome(
            "division_of_labour",
            &[
                ("duplicating", 75.0),
                ("cooperating", 68.0),
                ("complementary", 256.0),
                ("communities", 4.0),
                ("silhouette", 0.61),
            ],
        )
        .table_of("classes", &["class", "pairs"], json!([["duplicating", 75], ["unrelated", 421]]))
        .table_of(
            "thresholds",
            &["name", "value"],
            json!([["similar", 0.94], ["near", 231.0], ["strongly_linked", 3.2]]),
        )
        .table_of("pairs", &["class", "a", "b", "s"], json!([["duplicating", "C1", "C2", 0.997]])),
        explained(),
        outcome("specialisation", &[]).table_of(
            "summary",
            &["measure", "mean", "max", "max_city", "min", "min_city"],
            json!([["krugman", 0.3, 0.63, "C1", 0.116, "C2"]]),
        ),
        outcome("concentration", &[]).table_of(
            "sectors",
            &["sector", "share", "locational_gini", "top_share", "top_city"],
            json!([["mining", 0.009, 0.9, 0.5, "C1"], ["farming", 0.1, 0.51, 0.08, "C2"]]),
        ),
        outcome("location_quotient", &[])
            .column_of("lq_max", numbers([2.0, 24.82, f64::NAN]))
            .column_of("lq_top", Values::Texts(vec![Some("farming".into()), Some("mining".into()), None])),
        upgrading(),
        of_years("structure_change", &[("moore_degrees", 23.3), ("nav", 0.197)])
            .table_of("whole", &["sector", "change_points"], json!([["building", 3.7], ["farming", -16.2]]))
            .table_of("cities", &["city", "moore_degrees"], json!([["C1", 44.1], ["C2", 6.6]])),
        shift_share(),
        outcome("rationalisation", &[("tl", 0.2)]),
        of_years("shift_share_spatial", &[]).table_of(
            "cities",
            &["city", "rm", "rm_share"],
            json!([["C1", 2.0, 0.473], ["C2", -1.0, -0.1]]),
        ),
        outcome("score", &[("mean", 0.38), ("n", 3.0)]).column_of("score", numbers([0.95, 0.19, f64::NAN])),
        robustness(),
        coupling(),
        outcome("obstacles", &[("n", 41.0)])
            .table_of(
                "summary",
                &["year", "indicator", "weight", "degree", "first"],
                json!([[2020, "patents", 0.19, 0.23, 36]]),
            )
            .table_of(
                "dimensions",
                &["year", "dimension", "degree"],
                json!([[2020, "innovation", 0.44], [2020, "economy", 0.1]]),
            ),
    ]
}
