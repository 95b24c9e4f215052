//! Theil's indices over two levels of groups: against other numbers, and the laws that they obey on any data.
#![allow(clippy::unwrap_used)]

#[path = "common/by_groups.rs"]
mod by_groups;

use agglo::error::Kind;
use agglo::measures::imbalance::*;
use by_groups::{reported, said};
use proptest::prelude::*;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} for {want}");
}

fn parts(parts: NestedParts) -> [f64; 4] {
    [parts.total, parts.between_outer, parts.between_inner, parts.within]
}

/// The part of Mexico that a region of Hanson lies in.
fn part_of_mexico(region: &str) -> &'static str {
    match region {
        "1" | "2" => "N",
        "3" | "4" => "C",
        _ => "S",
    }
}

#[test]
fn mexican_states_by_definition_and_as_the_split_by_regions() {
    let states: Value = serde_json::from_str(include_str!("golden/imbalance.json")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/inequality_nested.json")).unwrap();
    let region: Vec<Option<&str>> = states["region"].as_array().unwrap().iter().map(Value::as_str).collect();
    let outer: Vec<Option<&str>> = region.iter().map(|region| region.map(part_of_mexico)).collect();
    let one_to_32: Vec<f64> = (1..=32).map(f64::from).collect();
    for measure in golden["measures"].as_array().unwrap() {
        let (year, name) = measure["id"].as_str().unwrap().split_once('.').unwrap();
        let x = numbers(&states["values"][if year == "mexico1940" { 0 } else { 6 }]);
        let population = (measure["weights"] == "1_to_32").then_some(&one_to_32[..]);
        let nested = theil_nested(&x, population, &outer, &region).unwrap();
        let got = parts(if name == "t" { nested.t } else { nested.l });
        got.iter().zip(numbers(&measure["value"])).for_each(|(&got, want)| close(got, want, 1e-12));
    }
    // PySAL's and dineq's split by the regions alone has the same part within.
    let x = numbers(&states["values"][6]);
    let nested = theil_nested(&x, None, &outer, &region).unwrap();
    let split = states["measures"].as_array().unwrap().iter().find(|m| m["id"] == "mexico2000.theil_t_decomposition");
    let split = numbers(&split.unwrap()["value"]);
    close(nested.t.within, split[1], 1e-9);
    close(nested.t.between_outer + nested.t.between_inner, split[2], 1e-9);
}

#[test]
fn groups_that_are_not_nested_are_named() {
    let (outer, inner) = (["N", "N", "S", "S"].map(Some), ["a", "b", "b", "c"].map(Some));
    let x = [1.0, 2.0, 3.0, 4.0];
    let error = theil_nested(&x, None, &outer, &inner).unwrap_err();
    assert_eq!(error.kind(), Kind::Undefined);
    assert!(error.to_string().contains("not nested: b lies in N and S"), "{error}");
    // Whether the cities have a value does not matter, so that all years are judged alike.
    assert!(theil_nested(&[1.0, f64::NAN, 3.0, 4.0], None, &outer, &inner).is_err());
    // A city without its outer group tears nothing.
    let known = theil_nested(&x, None, &[Some("N"), None, Some("S"), Some("S")], &inner).unwrap();
    assert_eq!((known.n, known.outer_of), (3, vec![0, 1, 1]));
    assert_eq!(theil_nested(&x, None, &outer[..3], &inner).unwrap_err().kind(), Kind::Option);
    assert_eq!(theil_nested(&[], None, &outer[..0], &inner[..0]).unwrap_err().kind(), Kind::TooFew);
    assert_eq!(theil_nested(&x, None, &[None::<&str>; 4], &inner).unwrap_err().kind(), Kind::TooFew);
}

#[test]
fn zeros_and_equal_values() {
    let (outer, inner) = (["N", "N", "S", "S"].map(Some), ["a", "a", "b", "c"].map(Some));
    let zeros = theil_nested(&[0.0, 0.0, 2.0, 6.0], None, &outer, &inner).unwrap();
    close(zeros.t.between_outer, 2.0_f64.ln(), 1e-15);
    close(zeros.t.between_outer + zeros.t.between_inner, zeros.t.total, 1e-15);
    assert_eq!((zeros.t.within, zeros.zeros), (0.0, vec![0, 1]));
    assert!(parts(zeros.l).iter().all(|l| l.is_nan()) && zeros.inner[0].t.is_nan());
    let equal = theil_nested(&[0.1; 4], Some(&[0.7, 3.0, 0.1, 2.0]), &outer, &inner).unwrap();
    assert!(parts(equal.t).iter().chain(&parts(equal.l)).all(|part| part.abs() < 1e-15));
}

#[test]
fn the_registry_gives_both_levels_or_says_why_not() {
    let (x, people) = ([1.0, 3.0, 2.0, 6.0, 9.0], [1.0, 2.0, 1.0, 3.0, 1.0]);
    let region: &[_] = &["N", "N", "N", "S", "S"].map(Some);
    let province: &[_] = &[Some("a"), Some("a"), Some("b"), Some("c"), None];
    let outcomes = reported("theil_nested", &x, &people, &[("region", region), ("province", province)]);
    assert_eq!(outcomes.len(), 2);
    let first = &outcomes[0];
    assert_eq!((first.options["group"].as_str(), first.scalar("n")), (Some("province in region"), 4.0));
    let shares = ["t_between_outer_share", "t_between_inner_share", "t_within_share"].map(|name| first.scalar(name));
    close(shares.iter().sum(), 1.0, 1e-12);
    let sizes: Vec<(&str, usize)> = first.tables.iter().map(|(name, table)| (*name, table.rows.len())).collect();
    assert_eq!(sizes, [("outer_groups", 2), ("inner_groups", 3)]);
    assert!(
        said(first).contains("no province is known of C4") && said(first).contains("follows: income: of Theil's T")
    );
    let torn = reported("theil_nested", &x, &people, &[("province", province), ("region", region)]);
    assert_eq!((torn.len(), torn[0].scalars.len(), torn[0].notes[0].code), (1, 0, "not_run"));
    assert!(said(&torn[0]).contains("N lies in a and b"), "{}", said(&torn[0]));
    assert_eq!(reported("theil_nested", &x, &people, &[("region", region)]).len(), 0);
}

proptest! {
    #[test]
    fn parts_add_up_and_agree_with_the_split_by_each_level(
        cities in prop::collection::vec((prop_oneof![0.5..1e4f64, Just(3.0)], 1..6usize, 0..6u8), 2..30),
        unit in 1e-6..1e6f64,
    ) {
        let x: Vec<f64> = cities.iter().map(|city| city.0).collect();
        let people: Vec<f64> = cities.iter().map(|city| city.1 as f64).collect();
        let inner: Vec<Option<String>> = cities.iter().map(|city| Some(city.2.to_string())).collect();
        let outer: Vec<Option<String>> = cities.iter().map(|city| Some((city.2 / 2).to_string())).collect();
        for population in [None, Some(&people[..])] {
            let nested = theil_nested(&x, population, &outer, &inner).unwrap();
            let [by_outer, by_inner] = [&outer, &inner].map(|groups| theil_groups(&x, population, groups).unwrap());
            for [total, between_outer, between_inner, within] in [nested.t, nested.l].map(parts) {
                close(between_outer + between_inner + within, total, 1e-12);
                prop_assert!(between_outer >= -1e-15 && between_inner >= -1e-15 && within >= -1e-15);
            }
            for (got, want) in [
                (nested.t.total, by_outer.t),
                (nested.t.between_outer, by_outer.t_between),
                (nested.t.between_inner + nested.t.within, by_outer.t_within),
                (nested.t.within, by_inner.t_within),
                (nested.t.between_outer + nested.t.between_inner, by_inner.t_between),
                (nested.l.total, by_outer.l),
                (nested.l.between_outer, by_outer.l_between),
                (nested.l.within, by_inner.l_within),
                (nested.inner.iter().map(|h| h.t_between).sum(), nested.t.between_inner),
                (nested.inner.iter().map(|h| h.l_between).sum(), nested.l.between_inner),
                (nested.outer.iter().map(|g| g.t_between).sum(), nested.t.between_outer),
                (nested.outer.iter().map(|g| g.t_within).sum(), nested.t.between_inner + nested.t.within),
            ] {
                close(got, want, 1e-12);
            }
            let scaled: Vec<f64> = x.iter().map(|x| x * unit).collect();
            let scaled = theil_nested(&scaled, population, &outer, &inner).unwrap();
            parts(scaled.t).iter().zip(parts(nested.t)).for_each(|(&a, b)| close(a, b, 1e-12));
        }
        let each: Vec<usize> = cities.iter().enumerate().flat_map(|(i, city)| std::iter::repeat_n(i, city.1)).collect();
        let of = |groups: &[Option<String>]| -> Vec<Option<String>> { each.iter().map(|&i| groups[i].clone()).collect() };
        let one_by_one: Vec<f64> = each.iter().map(|&i| x[i]).collect();
        let replicated = theil_nested(&one_by_one, None, &of(&outer), &of(&inner)).unwrap();
        let weighted = theil_nested(&x, Some(&people), &outer, &inner).unwrap();
        parts(replicated.l).iter().zip(parts(weighted.l)).for_each(|(&a, b)| close(a, b, 1e-12));
        parts(replicated.t).iter().zip(parts(weighted.t)).for_each(|(&a, b)| close(a, b, 1e-12));
        let back = |groups: &[Option<String>]| -> Vec<Option<String>> { groups.iter().rev().cloned().collect() };
        let from_behind: Vec<f64> = x.iter().rev().copied().collect();
        let reversed = theil_nested(&from_behind, None, &back(&outer), &back(&inner)).unwrap();
        let nested = theil_nested(&x, None, &outer, &inner).unwrap();
        parts(reversed.t).iter().zip(parts(nested.t)).for_each(|(&a, b)| close(a, b, 1e-12));
    }
}
