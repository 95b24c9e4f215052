//! A measure that splits by groups, run as the registry runs it.

use agglo::inference::Inference;
use agglo::measures::autocorrelation;
use agglo::measures::{Outcome, Run, measure};
use agglo::study::{Cities, Grouping, Metric, Shapes, Variable};

/// What a measure says of these values by these groups, with and without a population.
pub fn reported(name: &str, x: &[f64], people: &[f64], groups: &[(&str, &[Option<&str>])]) -> Vec<Outcome> {
    let n = x.len();
    let mut shapes = Shapes::default();
    (0..n).for_each(|i| shapes.push_point([i as f64, 0.0]));
    let cities = Cities {
        ids: (0..n).map(|i| format!("C{i}")).collect(),
        names: (0..n).map(|i| format!("City {i}")).collect(),
        points: (0..n).map(|i| Some([i as f64, 0.0])).collect(),
        shapes,
        metric: Metric::Planar,
        notes: Vec::new(),
    };
    let owned = |groups: &[Option<&str>]| groups.iter().map(|group| group.map(str::to_owned)).collect();
    let groups: Vec<Grouping> =
        groups.iter().map(|(name, groups)| Grouping { name: (*name).into(), groups: owned(groups) }).collect();
    let (variables, population) = ([Variable::new("income", x.to_vec())], [Variable::new("people", people.to_vec())]);
    let (features, inference, options) =
        ((0..n).collect::<Vec<_>>(), Inference::default(), autocorrelation::Options::default());
    let run = Run {
        variables: &variables,
        population: &population,
        groups: &groups,
        ..Run::of(&cities, &features, &inference, &options)
    };
    let outcomes = measure(name).unwrap().run(&run).unwrap();
    let about = measure(name).unwrap().about();
    for outcome in &outcomes {
        let named = |name: &str| about.fields.iter().any(|field| field.name == name);
        assert!(outcome.scalars.iter().all(|scalar| named(scalar.0)));
        assert!(outcome.tables.iter().all(|table| named(table.0)));
        assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
        assert!(outcome.scalars.iter().all(|scalar| scalar.1.is_finite()) || !outcome.notes.is_empty());
    }
    outcomes
}

pub fn said(outcome: &Outcome) -> String {
    outcome.notes.iter().map(|note| format!("{}: {}\n", note.code, note.message)).collect()
}
