//! Every rule on both sides of its threshold, and both languages against each other.

use serde_json::{Value, json};

use super::*;
use crate::measures::{Matrix, TableOut, Values};
use crate::note::Note;
use crate::write::fixture;

fn outcome(measure: &'static str, scalars: &[(&'static str, f64)]) -> Outcome {
    let [variable, weights] = [Some("gdp".to_owned()), Some("queen".to_owned())];
    Outcome { measure, variable, weights, year: Some(2020), scalars: scalars.to_vec(), ..Outcome::default() }
}

/// Of all years together.
fn of_years(measure: &'static str, scalars: &[(&'static str, f64)]) -> Outcome {
    let mut outcome = outcome(measure, scalars);
    outcome.year = None;
    outcome.options.extend([("from".to_owned(), json!(2010)), ("to".to_owned(), json!(2020))]);
    outcome
}

impl Outcome {
    fn table(mut self, name: &'static str, columns: &[&'static str], rows: Value) -> Self {
        let rows = rows.as_array().unwrap().iter().map(|row| row.as_array().unwrap().clone()).collect();
        self.tables.push((name, TableOut { columns: columns.to_vec(), rows }));
        self
    }

    fn column_of(mut self, name: &'static str, values: Values) -> Self {
        self.columns.push((name, values));
        self
    }

    fn option(mut self, name: &str, value: &str) -> Self {
        self.options.insert(name.into(), json!(value));
        self
    }

    fn with(mut self, name: &'static str, x: f64) -> Self {
        self.scalars.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, old)| *old = x);
        self
    }
}

fn told(outcomes: Vec<Outcome>, language: Language) -> Vec<Finding> {
    findings(&Report { outcomes, language, ..fixture::report() })
}

fn text(outcome: Outcome) -> String {
    let found = told(vec![outcome], Language::English);
    found.iter().map(|finding| finding.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn classes(classes: [&'static str; 3]) -> Values {
    Values::Classes(classes.to_vec())
}

fn numbers(numbers: [f64; 3]) -> Values {
    Values::Numbers(numbers.to_vec())
}

fn moran() -> Outcome {
    outcome("moran", &[("i", 0.4), ("expected", -0.5), ("p_permutation", 0.01), ("n", 3.0)])
}

fn association() -> Outcome {
    let scalars = [("partial_distance", 0.2), ("p_distance", 0.01), ("partial_linkage", 0.1), ("p_linkage", 0.4)];
    outcome("association", &scalars)
}

fn lisa() -> Outcome {
    outcome("local_moran", &[])
        .column_of("class", classes(["HH", "LL", "ns"]))
        .column_of("q", numbers([0.05, 0.051, 0.9]))
}

fn intervals() -> Outcome {
    let columns = ["measure", "first", "last", "change", "low", "high"];
    of_years("inequality_intervals", &[]).table("changes", &columns, json!([["gini", 0.3, 0.2, -0.1, -0.15, -0.05]]))
}

fn sigma() -> Outcome {
    of_years("sigma_convergence", &[("slope", -0.01), ("slope_p", 0.02), ("first", 0.5), ("last", 0.4), ("n", 41.0)])
}

fn beta() -> Outcome {
    let scalars =
        [("beta", -0.03), ("beta_se", 0.003), ("p", 0.001), ("speed", 0.038), ("half_life", 17.89), ("n", 41.0)];
    of_years("beta_convergence", &scalars)
}

fn beta_spatial() -> Outcome {
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

fn rank_size() -> Outcome {
    let ranks = json!([["C1", 1, 5.0], ["C2", 2, 2.0]]);
    outcome("rank_size", &[("zeta", 1.2), ("zeta_se", 0.28), ("primacy_2", 2.5), ("n", 41.0)]).table(
        "ranks",
        &["city", "rank", "size"],
        ranks,
    )
}

fn markov() -> Outcome {
    of_years("markov", &[("prais", 0.55), ("transitions", 41.0)])
        .table("classes", &["above", "up_to", "stay"], json!([[null, 0.56, 0.33], [1.43, null, 0.6]]))
        .table("transitions", &["from", "total"], json!([["1", 12], ["2", 10]]))
}

fn mobility() -> Outcome {
    of_years("rank_mobility", &[("tau", 0.76), ("mean_change", 3.4), ("n", 3.0)])
        .column_of("change", numbers([5.0, -2.0, f64::NAN]))
        .table("theta", &["by", "theta", "permutation_mean", "p"], json!([["province", 0.6, 0.28, 0.03]]))
}

fn gravity_fit() -> Outcome {
    let columns = ["constraint", "decay", "distance_se", "distance_se_by_origin", "pseudo_r2", "d2"];
    outcome("gravity_fit", &[("distance", -0.5), ("pairs", 1640.0)])
        .option("decay", "power")
        .option("constraint", "doubly")
        .table("fits", &columns, json!([["doubly", "power", 0.1, 0.2, 0.745, null]]))
}

fn driving() -> Outcome {
    of_years("driving_effect", &[("b", 0.5), ("se", 0.1), ("p", 0.01), ("cities", 23.0), ("cores", 6.0)]).table(
        "effects",
        &["span", "b", "p"],
        json!([["period", 0.5, 0.01], ["period", 0.2, 0.6]]),
    )
}

fn spillover() -> Outcome {
    let columns = ["model", "term", "direct", "indirect", "indirect_low", "indirect_high"];
    outcome("spillover", &[("n", 41.0)])
        .option("best", "sdm")
        .table("diagnostics", &["test", "p"], json!([["lm_lag", 0.03], ["lm_error", 0.4]]))
        .table("impacts", &columns, json!([["sdm", "schooling", 2.5, 1.25, 0.5, 2.0]]))
}

fn polycentricity() -> Outcome {
    let rows = json!([["functional", "strength", null, -0.12], ["morphological", "gdp", 2020, -0.82]]);
    outcome("polycentricity", &[]).table("polycentricity", &["kind", "of", "year", "burger_meijers"], rows)
}

fn by_chance() -> Outcome {
    let scalars = [
        ("mean", 0.9),
        ("mean_expected_permutation", 0.8),
        ("p_mean_permutation", 0.002),
        ("z_mean_permutation", 4.25),
    ];
    outcome("isomorphism_null", &scalars)
}

fn similarity() -> Outcome {
    let scalars =
        [("mean", 0.8), ("mean_three_sectors", 0.9), ("mean_within", 0.91), ("mean_between", 0.85), ("n", 3.0)];
    let mut similar = outcome("similarity", &scalars).option("group", "province");
    let ids = ["C1", "C2", "C3"].map(String::from).to_vec();
    let values = vec![1.0, 0.9, 0.7, 0.9, 1.0, 0.8, 0.7, 0.8, 1.0];
    similar.matrices.push(("unido", Matrix { rows: ids.clone(), columns: ids, values }));
    similar
}

fn explained() -> Outcome {
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

fn upgrading() -> Outcome {
    let rows = json!([[2010, 0.3, 0.4, 0.3, 2.0], [2020, 0.1, 0.4, 0.5, 2.4]]);
    of_years("upgrading", &[]).table("years", &["year", "s1", "s2", "s3", "w"], rows)
}

fn shift_share() -> Outcome {
    let rows = json!([["C1", 1.0, 2.0, 0.2], ["C2", 1.0, -1.0, -0.1], ["C3", -1.0, -1.0, -0.3]]);
    of_years("shift_share", &[("reference_growth", -0.015)]).table("cities", &["city", "im", "rs", "rs_share"], rows)
}

fn robustness() -> Outcome {
    let rows = json!([["C1", 1, 0.9], ["C2", 2, 0.1]]);
    outcome("index_robustness", &[("draws", 1000.0), ("spearman_least", 0.97)]).table(
        "cities",
        &["city", "rank", "first"],
        rows,
    )
}

fn coupling() -> Outcome {
    let grades = json!([
        [2020, "mild imbalance", "轻度失调", 0.3, 0.4, 1],
        [2020, "bare coordination", "勉强协调", 0.5, 0.6, 2]
    ]);
    outcome("coupling", &[])
        .table("summary", &["year", "n", "d_modified"], json!([[2010, 3, 0.3], [2020, 3, 0.52]]))
        .table("grades", &["year", "grade", "term", "from", "to", "n"], grades)
        .table("balance", &["year", "subsystem", "lagging", "lagging_share"], json!([[2020, "innovation", 2, 0.667]]))
}

/// One outcome at least for every teller.
fn all() -> Vec<Outcome> {
    let core = |outcome: Outcome| {
        let columns = ["core", "cities", "radius", "drawn_share"];
        outcome.table("cores", &columns, json!([["C1", 14, 381.8, 0.3], ["C2", 19, 236.2, 0.2]]))
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
        of_years("centre_of_gravity", &[("straight_distance", 18.7), ("path_length", 20.1), ("n", 41.0)]).table(
            "years",
            &["year", "distance", "direction"],
            json!([[2010, null, null], [2020, 18.7, "NNW"]]),
        ),
        outcome("core_periphery", &[("n", 3.0)])
            .column_of("tier", classes(["core", "core", "periphery"]))
            .column_of("methods_disagree", Values::Counts(vec![Some(0), Some(2), None]))
            .table("tiers", &["tier", "coreness_least", "share_of_strength"], json!([["core", 0.57, 0.45]])),
        outcome("centrality", &[]).column_of("strength", Values::Numbers(vec![9.0, 5.0, 3.0, 1.0])),
        core(outcome("hinterland", &[("n", 35.0), ("contested_share", 0.457)]))
            .column_of("contested", classes(["core", "contested", "clear"])),
        gravity_fit(),
        driving(),
        spillover(),
        core(outcome("field_strength", &[("threshold", 0.2655), ("covered", 0.84)])),
        core(outcome("huff", &[("n", 35.0)])),
        polycentricity(),
        outcome("qap", &[("r2", 0.26), ("pairs", 1640.0)]).table(
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
        .table("classes", &["class", "pairs"], json!([["duplicating", 75], ["unrelated", 421]]))
        .table("thresholds", &["name", "value"], json!([["similar", 0.94], ["near", 231.0], ["strongly_linked", 3.2]]))
        .table("pairs", &["class", "a", "b", "s"], json!([["duplicating", "C1", "C2", 0.997]])),
        explained(),
        outcome("specialisation", &[]).table(
            "summary",
            &["measure", "mean", "max", "max_city", "min", "min_city"],
            json!([["krugman", 0.3, 0.63, "C1", 0.116, "C2"]]),
        ),
        outcome("concentration", &[]).table(
            "sectors",
            &["sector", "share", "locational_gini", "top_share", "top_city"],
            json!([["mining", 0.009, 0.9, 0.5, "C1"], ["farming", 0.1, 0.51, 0.08, "C2"]]),
        ),
        outcome("location_quotient", &[])
            .column_of("lq_max", numbers([2.0, 24.82, f64::NAN]))
            .column_of("lq_top", Values::Texts(vec![Some("farming".into()), Some("mining".into()), None])),
        upgrading(),
        of_years("structure_change", &[("moore_degrees", 23.3), ("nav", 0.197)])
            .table("whole", &["sector", "change_points"], json!([["building", 3.7], ["farming", -16.2]]))
            .table("cities", &["city", "moore_degrees"], json!([["C1", 44.1], ["C2", 6.6]])),
        shift_share(),
        outcome("rationalisation", &[("tl", 0.2)]),
        of_years("shift_share_spatial", &[]).table(
            "cities",
            &["city", "rm", "rm_share"],
            json!([["C1", 2.0, 0.473], ["C2", -1.0, -0.1]]),
        ),
        outcome("score", &[("mean", 0.38), ("n", 3.0)]).column_of("score", numbers([0.95, 0.19, f64::NAN])),
        robustness(),
        coupling(),
        outcome("obstacles", &[("n", 41.0)])
            .table(
                "summary",
                &["year", "indicator", "weight", "degree", "first"],
                json!([[2020, "patents", 0.19, 0.23, 36]]),
            )
            .table(
                "dimensions",
                &["year", "dimension", "degree"],
                json!([[2020, "innovation", 0.44], [2020, "economy", 0.1]]),
            ),
    ]
}

/// The numerals of a text, sorted.
fn numerals(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|part| part.trim_matches('.').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    found.sort();
    found
}

#[test]
fn every_teller_speaks_and_both_languages_carry_the_same_numbers() {
    let (english, chinese) = (told(all(), Language::English), told(all(), Language::Chinese));
    assert_eq!(english.len(), chinese.len());
    for (a, b) in english.iter().zip(&chinese) {
        assert_eq!((a.measure, a.key), (b.measure, b.key));
        let (in_a, in_b) = (numerals(&a.text), numerals(&b.text));
        assert!(
            !in_a.is_empty() && in_a.iter().all(|n| in_b.contains(n)),
            "{}\n{}\n{in_a:?}\n{in_b:?}",
            a.text,
            b.text
        );
        assert!(b.text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", b.text);
        assert!(!a.text.contains("NaN") && !a.text.contains("inf"), "{}", a.text);
        let number = |finding: &Finding| finding.figure.as_ref().map(|card| card.number.clone());
        assert_eq!(number(a), number(b));
    }
    for (name, _) in Family::ALL.iter().flat_map(|&family| tellers(family)) {
        let speaks = english.iter().any(|finding| finding.measure == *name);
        assert!(speaks || *name == "isomorphism_pairs", "{name} says nothing");
    }
}

#[test]
fn a_report_is_headed_by_a_few_of_every_family() {
    let found = told(all(), Language::English);
    let keys: Vec<&Finding> = found.iter().filter(|finding| finding.key).collect();
    assert_eq!(keys.len(), MOST_KEYS);
    assert!(Family::ALL.iter().all(|family| keys.iter().any(|key| key.family == *family)));
    assert!(found.iter().all(|finding| finding.key == finding.figure.is_some()));
}

#[test]
fn words_flip_at_the_threshold() {
    let of = |p: f64| moran().with("p_permutation", p);
    let row = |low: f64, high: f64| {
        let columns = ["measure", "first", "last", "change", "low", "high"];
        of_years("inequality_intervals", &[]).table("changes", &columns, json!([["gini", 0.3, 0.2, -0.1, low, high]]))
    };
    let theil = |share: f64| outcome("theil", &[("t", 0.1), ("t_between_share", share)]).option("group", "province");
    for (outcome, word) in [
        (of(0.05), "is clustered"),
        (of(0.051), "is not distinguishable from chance"),
        (of(0.01).with("i", -0.9), "is dispersed"),
        (of(0.01).with("i", -0.1), "is less dispersed"),
        (association(), "more alike than their links explain"),
        (association().with("p_distance", 0.051), "distance adds nothing"),
        (association().with("p_linkage", 0.05), "linked cities differ more"),
        (row(-0.2, -0.01), "inequality fell"),
        (row(-0.2, 0.01), "no change of inequality"),
        (row(0.01, 0.2), "inequality rose"),
        (theil(0.51), "mostly between"),
        (theil(0.49), "mostly within"),
        (sigma(), "the cities converge"),
        (sigma().with("slope", 0.01), "the cities diverge"),
        (sigma().with("slope_p", 0.06), "no convergence can be claimed"),
        (sigma().with("slope_p", f64::NAN), "cannot be tested"),
        (beta(), "started lower grew faster"),
        (beta().with("beta", 0.03), "started higher grew faster"),
        (beta().with("p", 0.0501), "no convergence can be claimed"),
        (beta_spatial().with("p", 0.06), "no convergence can be claimed"),
        (rank_size(), "a primate city by"),
        (rank_size().with("primacy_2", 2.0), "no primate city"),
        (rank_size().with("zeta_se", 0.05), "more even than Zipf"),
        (rank_size().with("zeta", 0.8).with("zeta_se", 0.05), "less even than Zipf"),
        (gravity_fit(), "fade with distance"),
        (gravity_fit().with("distance", -0.39), "told from none"),
        (driving(), "(spread)"),
        (driving().with("b", -0.5), "backwash is seen, but"),
        (driving().with("p", 0.06), "neither spread nor backwash"),
        (by_chance(), "higher than by chance"),
        (by_chance().with("p_mean_permutation", 0.06), "not distinguishable"),
        (by_chance().with("mean", 0.7), "not higher than by chance"),
        (similarity(), "artefact of coarse sectors"),
        (similarity().with("mean_between", 0.908), "about as alike as"),
        (explained(), "near cities are more alike"),
        (explained(), "size gap is not distinguishable from chance"),
        (upgrading(), "the secondary share stays at 40.0%"),
        (robustness(), "is firm"),
    ] {
        let said = text(outcome);
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(!text(similarity().with("mean_three_sectors", 0.804)).contains("artefact"));
    assert!(!text(beta().with("p", 0.2)).contains("half of a distance"));
    assert!(text(lisa()).contains("1 of the 2 remain"), "{}", text(lisa()));
}

#[test]
fn what_is_undefined_is_not_said() {
    for mut outcome in all() {
        outcome.scalars.iter_mut().for_each(|(_, x)| *x = f64::NAN);
        outcome.columns.clear();
        outcome.tables.clear();
        let name = outcome.measure;
        assert_eq!(text(outcome), "", "{name}");
    }
}

#[test]
fn the_first_year_stands_beside_the_last() {
    let first = Outcome { year: Some(2010), ..moran().with("i", 0.25) };
    let found = told(vec![first, moran()], Language::English);
    assert_eq!(found.len(), 1);
    assert!(found[0].text.contains("gdp 2020") && found[0].text.ends_with(", after 0.25 in 2010"), "{}", found[0].text);
}

#[test]
fn similarity_has_a_course() {
    for (before, word) in [(0.79, "it rose from 0.790 in 2010"), (0.798, "it hardly changed"), (0.9, "it fell")] {
        let first = Outcome { year: Some(2010), ..similarity().with("mean", before) };
        let said = &told(vec![first, similarity()], Language::English)[0].text;
        assert!(said.contains(word) && said.contains("2020: mean similarity 0.800"), "{word}: {said}");
    }
}

#[test]
fn weighted_inequality_is_told_beside_the_other() {
    let plain = outcome("gini", &[("gini", 0.23), ("n", 41.0)]);
    let weighted = plain.clone().with("gini", 0.21).option("population", "residents");
    let found = told(vec![plain, weighted.clone()], Language::English);
    assert!(found.len() == 1 && found[0].text.contains("0.210 weighted by population"), "{found:?}");
    assert_eq!(told(vec![weighted], Language::English).len(), 1);
}

#[test]
fn names_stay_as_they_are() {
    for language in [Language::English, Language::Chinese] {
        let found = told(vec![lisa()], language);
        assert!(found[0].text.contains("=SUM(A1)") && found[0].text.contains("a|b & <c>"), "{}", found[0].text);
    }
}

#[test]
fn a_measure_without_a_teller_is_quoted_in_english() {
    let silent = || Outcome { notes: vec![Note::remark("follows", "two peaks")], ..outcome("density", &[]) };
    assert_eq!(told(vec![silent()], Language::English)[0].text, "2020: two peaks");
    assert!(told(vec![silent()], Language::Chinese).is_empty());
}
