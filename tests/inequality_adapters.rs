//! What the registry says of inequality: outcomes for each weighting and grouping, tables, and reasons for what is null.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::{Outcome, Run, Values, autocorrelation, measure};
use agglo::study::{Cities, Grouping, Metric, Shapes, Variable};

const MEASURES: [&str; 5] = ["generalised_entropy", "atkinson", "lorenz", "polarisation", "rank_size"];

/// The outcomes of a measure for cities of these values, weighted by these populations, in these groups.
fn outcomes(name: &str, x: &[f64], people: Option<&[f64]>, groups: Option<&[Option<&str>]>) -> Vec<Outcome> {
    let mut shapes = Shapes::default();
    x.iter().for_each(|_| shapes.push_missing());
    let ids: Vec<String> = (0..x.len()).map(|i| format!("C{i}")).collect();
    let names = (0..x.len()).map(|i| format!("City {i}")).collect();
    let cities = Cities { ids, names, shapes, points: vec![None; x.len()], metric: Metric::Planar, notes: Vec::new() };
    let features: Vec<usize> = (0..x.len()).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let variables = [Variable::new("income", x.to_vec())];
    let population: Vec<Variable> = people.iter().map(|people| Variable::new("pop", people.to_vec())).collect();
    let grouping = |groups: &[Option<&str>]| Grouping {
        name: "region".into(),
        groups: groups.iter().map(|group| group.map(str::to_owned)).collect(),
    };
    let groups: Vec<Grouping> = groups.into_iter().map(grouping).collect();
    let base = Run::of(&cities, &features, &inference, &options);
    let run = Run { variables: &variables, population: &population, groups: &groups, ..base };
    let outcomes = measure(name).unwrap().run(&run).unwrap();
    for outcome in &outcomes {
        assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
        for (number, _) in outcome.scalars.iter().filter(|(_, x)| x.is_nan()) {
            let said = outcome.notes.iter().any(|note| note.message.contains(number) || note.code == "undefined");
            assert!(said, "{name}: no reason for {number} in {:?}", outcome.notes);
        }
    }
    outcomes
}

fn says(outcome: &Outcome, part: &str) -> bool {
    outcome.notes.iter().any(|note| note.message.contains(part))
}

#[test]
fn every_null_has_a_reason() {
    let cases: [&[f64]; 8] = [
        &[0.0, 0.0],
        &[0.0, 5.0],
        &[5.0, 5.0, 5.0],
        &[0.0, 0.0, 0.0, 9.0],
        &[f64::NAN, 1.0, 2.0],
        &[1e-300, 1e300],
        &[1.0, 2.0, 3.0, 4.0, 5.0],
        &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0],
    ];
    for x in cases {
        let people: Vec<f64> = (0..x.len()).map(|i| 1.0 + i as f64).collect();
        for name in MEASURES {
            assert_eq!(outcomes(name, x, None, None).len(), 1);
            outcomes(name, x, Some(&people), None);
        }
    }
    assert!(says(&outcomes("atkinson", &[0.0, 5.0], None, None)[0], "C0"));
    let empty = &outcomes("rank_size", &[0.0, 5.0, 3.0], None, None)[0];
    assert!(empty.notes.iter().any(|note| note.code == "zero_size" && note.cities == ["C0"]));
}

#[test]
fn each_weighting_and_grouping_has_its_outcome() {
    let (x, people) = ([3.0, 1.0, 2.0, 8.0], [1.0, 2.0, 3.0, 4.0]);
    let groups = [Some("a"), Some("a"), None, Some("b")];
    for name in ["generalised_entropy", "atkinson", "lorenz"] {
        assert_eq!(outcomes(name, &x, Some(&people), Some(&groups)).len(), 2);
    }
    let polarised = outcomes("polarisation", &x, Some(&people), Some(&groups));
    assert_eq!(polarised.len(), 4);
    assert_eq!(polarised[1].options["group"], "region");
    assert!(polarised[1].notes.iter().any(|note| note.code == "missing_group" && note.cities == ["C2"]));
    // Sizes are those of the population where there is one, and of the value else.
    let sizes = outcomes("rank_size", &x, Some(&people), None);
    assert_eq!((sizes.len(), sizes[0].variable.as_deref()), (1, Some("pop")));
    assert_eq!(outcomes("rank_size", &x, None, None)[0].variable.as_deref(), Some("income"));
}

#[test]
fn the_parade_runs_from_the_poorest_and_the_sizes_from_the_largest() {
    let x = [3.0, f64::NAN, 1.0, 4.0];
    let lorenz = &outcomes("lorenz", &x, None, None)[0];
    let curve = &lorenz.tables[0].1;
    assert_eq!(curve.rows.iter().map(|row| row[0].as_str().unwrap()).collect::<Vec<_>>(), ["C2", "C0", "C3"]);
    assert_eq!(curve.rows[2][6], 1.0);
    assert_eq!(lorenz.column("rank"), Some(&Values::Counts(vec![Some(2), None, Some(1), Some(3)])));
    let sizes = &outcomes("rank_size", &x, None, None)[0];
    assert_eq!(sizes.tables[0].1.rows[0][0], "C3");
    assert!(says(sizes, "1.33 times") && says(sizes, "no primate city"));
}
