//! Every rule on both sides of its threshold, and both languages against each other.

mod sample;

use serde_json::json;

use super::*;
use crate::note::Note;
use crate::write::fixture;
use sample::*;

fn told(outcomes: Vec<Outcome>, language: Language) -> Vec<Finding> {
    findings(&Report { outcomes, language, ..fixture::report() })
}

fn text(outcome: Outcome) -> String {
    let found = told(vec![outcome], Language::English);
    found.iter().map(|finding| finding.text.as_str()).collect::<Vec<_>>().join("\n")
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
        of_years("inequality_intervals", &[]).table_of(
            "changes",
            &columns,
            json!([["gini", 0.3, 0.2, -0.1, low, high]]),
        )
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
