//! What the measures of industrial profiles report: names, sizes, notes, and tables that no measure is made for.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::autocorrelation::Options;
use agglo::measures::{FieldPlace, Outcome, Run, Values, measure};
use agglo::study::{Cities, Industry, IndustryYear, Metric, Plants, Shapes, Structure, ThreeSectors, Variable};
use serde_json::Value;

const MEASURES: [&str; 7] = [
    "location_quotient",
    "specialisation",
    "concentration",
    "coagglomeration",
    "complexity",
    "urban_flow",
    "functional_specialisation",
];

fn cities(n: usize) -> Cities {
    let mut shapes = Shapes::default();
    (0..n).for_each(|i| shapes.push_point([i as f64, 0.0]));
    Cities {
        ids: (0..n).map(|i| format!("C{i}")).collect(),
        names: (0..n).map(|i| format!("City {i}")).collect(),
        points: (0..n).map(|i| Some([i as f64, 0.0])).collect(),
        shapes,
        metric: Metric::Planar,
        notes: Vec::new(),
    }
}

fn industry(sectors: &[&str], levels: &[f64]) -> Industry {
    let structure = Structure::new(levels.to_vec(), sectors.len()).unwrap();
    Industry {
        value: "workers".into(),
        sectors: sectors.iter().map(|&sector| sector.into()).collect(),
        groups: None,
        broad: ThreeSectors::of_sectors(sectors),
        years: vec![IndustryYear { year: Some(2020), structure }],
        reference: None,
        percent: false,
        notes: Vec::new(),
    }
}

/// Beside the industry table: employment, plants, mass.
#[derive(Default)]
struct Beside<'a> {
    employment: Option<&'a Industry>,
    plants: Option<&'a Plants>,
    mass: &'a [Variable],
}

fn run(name: &str, industry: &Industry, beside: &Beside) -> Outcome {
    let cities = cities(industry.years[0].structure.cities());
    let features: Vec<usize> = (0..cities.len()).collect();
    let (inference, options) = (Inference::default(), Options::default());
    let run = Run {
        industry: Some(industry),
        employment: beside.employment,
        plants: beside.plants,
        mass: beside.mass,
        ..Run::of(&cities, &features, &inference, &options)
    };
    let outcomes = measure(name).unwrap().run(&run).unwrap();
    assert_eq!((outcomes.len(), outcomes[0].year), (1, Some(2020)), "{name}");
    outcomes.into_iter().next().unwrap()
}

fn numbers(outcome: &Outcome, column: &str) -> Vec<f64> {
    match outcome.column(column).unwrap() {
        Values::Numbers(numbers) => numbers.clone(),
        other => panic!("{column} is {other:?}"),
    }
}

fn said(outcome: &Outcome, words: &str) -> bool {
    outcome.notes.iter().any(|note| note.message.contains(words))
}

fn table<'a>(outcome: &'a Outcome, name: &str) -> &'a [Vec<Value>] {
    &outcome.tables.iter().find(|(other, _)| *other == name).unwrap().1.rows
}

/// Every name is one that `explain` knows, every column has one entry a city, and no row or matrix is short.
fn check(name: &str, outcome: &Outcome, n: usize) {
    let fields = measure(name).unwrap().about().fields;
    let knows = |wanted: &str, place: fn(&FieldPlace) -> bool| {
        assert!(fields.iter().any(|field| field.name == wanted && place(&field.place)), "{name}: {wanted}");
    };
    outcome.scalars.iter().for_each(|(x, _)| knows(x, |place| matches!(place, FieldPlace::Scalar)));
    for (column, values) in &outcome.columns {
        knows(column, |place| matches!(place, FieldPlace::Column(_)));
        let length = match values {
            Values::Numbers(x) => x.len(),
            Values::Counts(x) => x.len(),
            Values::Classes(x) => x.len(),
            Values::Texts(x) => x.len(),
        };
        assert_eq!(length, n, "{name}: {column}");
    }
    for (matrix, of) in &outcome.matrices {
        knows(matrix, |place| matches!(place, FieldPlace::Matrix));
        assert_eq!(of.values.len(), of.rows.len() * of.columns.len(), "{name}: {matrix}");
    }
    for (table, of) in &outcome.tables {
        knows(table, |place| matches!(place, FieldPlace::Table));
        assert!(of.rows.iter().all(|row| row.len() == of.columns.len()), "{name}: {table}");
    }
    assert!(outcome.footer.as_ref().unwrap().contains("2020"));
    assert!(outcome.variable.is_none() && outcome.weights.is_none());
}

const SECTORS: [&str; 4] = ["agriculture", "manufacturing", "trade", "finance"];
const LEVELS: [f64; 16] = [5.0, 30.0, 20.0, 9.0, 20.0, 60.0, 10.0, 2.0, 40.0, 5.0, 9.0, 1.0, 1.0, 10.0, 30.0, 20.0];

/// Tables that leave one measure or another without a number.
fn odd_tables() -> Vec<(&'static str, Industry)> {
    let zero_sector: Vec<f64> = LEVELS.iter().enumerate().map(|(at, x)| if at % 4 == 2 { 0.0 } else { *x }).collect();
    let absent: Vec<f64> = LEVELS
        .iter()
        .enumerate()
        .map(|(at, x)| if at / 4 == 1 { f64::NAN } else { x * f64::from(at / 4 != 2) })
        .collect();
    let percent = Industry { percent: true, ..industry(&SECTORS, &LEVELS) };
    let mut held = industry(&SECTORS, &LEVELS);
    held.reference = Some("nation".into());
    held.years[0].structure = held.years[0].structure.clone().with_reference(vec![50.0, 100.0, 90.0, 0.0]).unwrap();
    let groups = ["x", "production", "y", "Producer services"].map(Into::into).to_vec();
    let services = [0.0, 0.0, 3.0, 1.0, 2.0, 1.0, 1.0, 1.0];
    vec![
        ("plain", industry(&SECTORS, &LEVELS)),
        ("a sector that nobody has", industry(&SECTORS, &zero_sector)),
        ("cities that take no part", industry(&SECTORS, &absent)),
        ("nobody takes part", industry(&SECTORS, &[0.0; 16])),
        ("one city", industry(&SECTORS, &LEVELS[..4])),
        ("one sector", industry(&["trade"], &[1.0, 2.0, 3.0])),
        ("cities alike", industry(&SECTORS, &LEVELS[..4].repeat(3))),
        ("nothing in common", industry(&["trade", "finance"], &[1.0, 0.0, 0.0, 1.0, 2.0, 0.0])),
        ("sectors of unknown kind", industry(&["x1", "x2"], &[1.0, 2.0, 3.0, 1.0])),
        (
            "no manufacturing",
            industry(&["agriculture", "manufacturing", "trade", "finance"], &[&services[..], &LEVELS].concat()),
        ),
        ("agriculture alone", industry(&["agriculture", "forestry"], &[1.0, 2.0, 3.0, 1.0])),
        ("percentages", percent),
        ("a reference area that lacks a sector", held),
        ("groups", Industry { groups: Some(groups), ..industry(&SECTORS, &LEVELS) }),
    ]
}

#[test]
fn every_table_gives_numbers_or_says_why_not() {
    for (what, industry) in odd_tables() {
        let structure = &industry.years[0].structure;
        let n = structure.cities();
        let mass = [Variable::new("gdp", (1..=n).map(|i| i as f64).collect())];
        for name in MEASURES {
            let outcome = run(name, &industry, &Beside { mass: &mass, ..Beside::default() });
            check(name, &outcome, n);
            let undefined = |&i: &usize| {
                let empty = |(_, values): &&(_, Values)| matches!(values, Values::Numbers(x) if x[i].is_nan());
                outcome.columns.iter().find(empty).map(|(column, _)| *column)
            };
            for i in structure.members() {
                let column = undefined(i);
                let why = outcome.notes.iter().any(|note| matches!(note.code, "undefined" | "undefined_number"));
                assert!(
                    column.is_none() || why,
                    "{what}, {name}: {column:?} of city {i} is undefined and no note says why"
                );
            }
            let scalar = outcome.scalars.iter().any(|(_, x)| x.is_nan());
            assert!(!scalar || !outcome.notes.is_empty(), "{what}, {name}");
        }
    }
}

#[test]
fn sizes_that_are_not_known_are_said() {
    let percent = Industry { percent: true, ..industry(&SECTORS, &LEVELS) };
    for name in ["concentration", "coagglomeration"] {
        assert!(said(&run(name, &percent, &Beside::default()), "every city weighs the same"), "{name}");
    }
    let flow = run("urban_flow", &percent, &Beside::default());
    assert!(said(&flow, "urban flow needs levels") && numbers(&flow, "f").iter().all(|f| f.is_nan()));
}

#[test]
fn output_and_employment_give_urban_flow_and_functions() {
    let golden: Value = serde_json::from_str(include_str!("golden/toy_structure.json")).unwrap();
    let levels = |name: &str| -> Vec<f64> {
        let rows = golden["inputs"][name].as_array().unwrap().iter();
        rows.flat_map(|row| row.as_array().unwrap().iter().map(|x| x.as_f64().unwrap())).collect()
    };
    let sectors = ["primary", "secondary", "tertiary"];
    let (output, workers) = (industry(&sectors, &levels("output")), industry(&sectors, &levels("employment")));
    let beside = Beside { employment: Some(&workers), ..Beside::default() };
    let entry = |id: &str| golden["measures"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap();
    let close = |got: &[f64], want: &Value| {
        let want = want.as_array().unwrap().iter().map(|x| x.as_f64().unwrap());
        got.iter()
            .zip(want)
            .for_each(|(got, want)| assert!((got - want).abs() < 1e-9 * want.abs().max(1.0), "{got} {want}"));
    };
    let flow = run("urban_flow", &output, &beside);
    for (column, name) in [("e", "E"), ("n", "N"), ("f", "F"), ("k", "K")] {
        close(&numbers(&flow, column), &entry("urban_flow")["value"][name]);
    }
    assert_eq!(table(&flow, "cities")[0][0], "C3");
    assert_eq!(table(&flow, "sectors").len(), 2);
    assert!(flow.footer.unwrap().starts_with("secondary and tertiary sectors; output of all sectors from workers; "));
    let functions = run("functional_specialisation", &output, &beside);
    close(&numbers(&functions, "functional_specialisation"), &entry("functional_specialisation")["value"]);
    assert!(functions.footer.unwrap().starts_with("tertiary sectors against secondary sectors; "));
}

#[test]
fn plants_and_groups_add_what_needs_them() {
    let plain = industry(&SECTORS, &LEVELS);
    let plants = Plants { file: "plants.csv".into(), herfindahl: vec![0.1, 0.2, f64::NAN, 1.0] };
    let with = run("concentration", &plain, &Beside { plants: Some(&plants), ..Beside::default() });
    assert!(said(&with, "plants.csv does not have the sizes of several plants"));
    let columns = |outcome: &Outcome| outcome.tables[0].1.columns.len();
    assert_eq!(columns(&with), columns(&run("concentration", &plain, &Beside::default())) + 3);

    let without = run("specialisation", &plain, &Beside::default());
    assert!(without.column("related_variety").is_none() && said(&without, "--sector-groups"));
    let groups = Some(["a", "b", "b", "b"].map(Into::into).to_vec());
    let with = run("specialisation", &Industry { groups, ..plain }, &Beside::default());
    let [bits, related, unrelated] =
        ["entropy_bits", "related_variety", "unrelated_variety"].map(|name| numbers(&with, name));
    assert!((0..4).all(|i| (related[i] + unrelated[i] - bits[i]).abs() < 1e-12));
    assert!((0..4).all(|i| (bits[i] * 2.0_f64.ln() - numbers(&with, "entropy")[i]).abs() < 1e-12));
}

#[test]
fn groups_called_services_and_production_come_before_the_three_sectors() {
    let (_, grouped) = odd_tables().pop().unwrap();
    let outcome = run("functional_specialisation", &grouped, &Beside::default());
    let footer = outcome.footer.as_ref().unwrap();
    assert!(
        footer.starts_with("the sectors grouped as Producer services against the sectors grouped as production"),
        "{footer}"
    );
    let ratio = (9.0 + 2.0 + 1.0 + 20.0) / (30.0 + 60.0 + 5.0 + 10.0);
    assert!((outcome.scalar("ratio") - ratio).abs() < 1e-15);
    assert!((numbers(&outcome, "functional_specialisation")[0] - (0.3 / ratio - 1.0)).abs() < 1e-12);
}
