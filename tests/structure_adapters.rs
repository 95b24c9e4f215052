//! What the measures of structure give a run: complete outcomes, and a note for everything that is undefined.
#![allow(clippy::unwrap_used)]

use agglo::inference::Inference;
use agglo::measures::autocorrelation::Options;
use agglo::measures::{FieldPlace, Outcome, Run, Values, measure};
use agglo::note::Level;
use agglo::study::{Cities, Industry, IndustryYear, Metric, Shapes, Structure, ThreeSectors};
use agglo::weights::Weights;

const NAMES: [&str; 6] = [
    "structure_change",
    "upgrading",
    "rationalisation",
    "shift_share",
    "shift_share_spatial",
    "dynamic_location_quotient",
];

fn cities(n: usize) -> Cities {
    let points: Vec<[f64; 2]> = (0..n).map(|i| [i as f64, 0.0]).collect();
    let mut shapes = Shapes::default();
    points.iter().for_each(|&point| shapes.push_point(point));
    let ids: Vec<String> = (0..n).map(|i| format!("C{i}")).collect();
    let points = points.into_iter().map(Some).collect();
    Cities { names: ids.clone(), ids, shapes, points, metric: Metric::Planar, notes: Vec::new() }
}

fn industry(sectors: &[&str], years: &[(i32, &[f64])]) -> Industry {
    let year = |&(year, levels): &(i32, &[f64])| IndustryYear {
        year: Some(year),
        structure: Structure::new(levels.to_vec(), sectors.len()).unwrap(),
    };
    Industry {
        value: "output".into(),
        sectors: sectors.iter().map(|&sector| sector.to_owned()).collect(),
        groups: None,
        broad: ThreeSectors::of_sectors(sectors),
        years: years.iter().map(year).collect(),
        reference: None,
        percent: false,
        notes: Vec::new(),
    }
}

/// The outcomes of a measure. All of them have what their measure says, and one entry for each city.
fn outcomes(name: &str, industry: &Industry, employment: Option<&Industry>) -> Vec<Outcome> {
    let n = industry.years[0].structure.cities();
    let (cities, features): (Cities, Vec<usize>) = (cities(n), (0..n).collect());
    let pairs: Vec<(u32, u32)> = (1..n as u32).map(|i| (i - 1, i)).collect();
    let weights = [Weights::from_pairs("chain", n, &pairs)];
    let (inference, options) = (Inference::default(), Options::default());
    let run = Run {
        weights: &weights,
        industry: Some(industry),
        employment,
        ..Run::of(&cities, &features, &inference, &options)
    };
    let measure = measure(name).unwrap();
    let outcomes = measure.run(&run).unwrap();
    let said = |name: &str, place: fn(&FieldPlace) -> bool| {
        measure.about().fields.iter().any(|field| field.name == name && place(&field.place))
    };
    for outcome in &outcomes {
        assert!(outcome.scalars.iter().all(|(name, _)| said(name, |p| *p == FieldPlace::Scalar)));
        for (name, values) in &outcome.columns {
            assert!(said(name, |p| matches!(p, FieldPlace::Column(_))), "{name} is not among the fields");
            let entries = match values {
                Values::Numbers(x) => x.len(),
                Values::Classes(x) => x.len(),
                other => panic!("{other:?}"),
            };
            assert_eq!(entries, n);
        }
        for (name, table) in &outcome.tables {
            assert!(said(name, |p| *p == FieldPlace::Table), "{name} is not among the fields");
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{name} has rows of other lengths");
        }
        for (name, matrix) in &outcome.matrices {
            assert!(said(name, |p| *p == FieldPlace::Matrix), "{name} is not among the fields");
            assert_eq!(matrix.values.len(), matrix.rows.len() * matrix.columns.len());
        }
        assert!(outcome.notes.iter().all(|note| !note.message.ends_with('.')));
    }
    outcomes
}

#[track_caller]
fn noted(outcome: &Outcome, part: &str) {
    let messages: Vec<&str> = outcome.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains(part)), "{part} is not in {messages:?}");
}

fn numbers<'a>(outcome: &'a Outcome, name: &str) -> &'a [f64] {
    match outcome.column(name) {
        Some(Values::Numbers(numbers)) => numbers,
        other => panic!("{name}: {other:?}"),
    }
}

const THREE: [&str; 3] = ["primary", "secondary", "tertiary"];
const OLD: [f64; 9] = [5.0, 3.0, 2.0, 4.0, 4.0, 2.0, 1.0, 6.0, 3.0];
const NEW: [f64; 9] = [4.0, 5.0, 6.0, 3.0, 5.0, 4.0, 1.0, 7.0, 9.0];

#[test]
fn three_years_have_steps_and_a_city_may_lack_the_middle_one() {
    let mut middle = [4.0, 4.0, 4.0, 4.0, 4.0, 3.0, 1.0, 6.0, 6.0];
    middle[4] = f64::NAN;
    let industry = industry(&THREE, &[(2000, &OLD), (2010, &middle), (2020, &NEW)]);
    let [shift] = &outcomes("shift_share", &industry, None)[..] else { panic!() };
    noted(shift, "needs every year between the first and the last, of C1");
    assert!(numbers(shift, "rs_dynamic")[1].is_nan() && numbers(shift, "rs")[1].is_finite());
    assert!(numbers(shift, "rs_dynamic")[2].is_finite());
    assert_eq!((shift.scalar("im"), shift.scalar("rs")), (0.0, 0.0));
    let rows = |outcome: &Outcome, name: &str| {
        outcome.tables.iter().find(|(other, _)| *other == name).map_or(0, |(_, table)| table.rows.len())
    };
    assert_eq!((rows(shift, "dynamic"), rows(shift, "cities"), rows(shift, "sectors")), (2, 3, 3));
    let [change] = &outcomes("structure_change", &industry, None)[..] else { panic!() };
    assert_eq!((rows(change, "periods"), rows(change, "whole"), rows(change, "cities")), (2, 3, 3));
    let upgrading = outcomes("upgrading", &industry, None);
    let years: Vec<Option<i32>> = upgrading.iter().map(|outcome| outcome.year).collect();
    assert_eq!(years, [Some(2000), Some(2010), Some(2020), None]);
    assert_eq!((rows(&upgrading[3], "years"), rows(&upgrading[3], "change")), (3, 3));
    noted(&upgrading[3], "the tertiary share rose from 23.3 to 43.2 %");
}

#[test]
fn percentages_have_structure_and_no_growth() {
    let shares = Industry { percent: true, ..industry(&THREE, &[(2000, &OLD), (2020, &NEW)]) };
    for name in ["shift_share", "shift_share_spatial"] {
        let [outcome] = &outcomes(name, &shares, None)[..] else { panic!() };
        noted(outcome, "--mass COL");
        assert!(outcome.notes.iter().all(|note| note.level == Level::Note) && outcome.tables.is_empty());
    }
    for name in ["structure_change", "dynamic_location_quotient"] {
        let [outcome] = &outcomes(name, &shares, None)[..] else { panic!() };
        noted(outcome, "counts every city alike");
        assert!(!outcome.tables.is_empty());
    }
}

#[test]
fn sectors_that_are_not_known_are_named() {
    let unknown = industry(&["agriculture", "x1", "finance"], &[(2000, &OLD), (2020, &NEW)]);
    let upgrading = outcomes("upgrading", &unknown, None);
    assert_eq!(upgrading.len(), 2);
    upgrading
        .iter()
        .for_each(|outcome| noted(outcome, "whether x1 are primary, secondary or tertiary; --sector-groups FILE"));
    assert!(numbers(&upgrading[0], "w").iter().all(|w| w.is_nan()));
}

#[test]
fn employment_is_matched_by_name_else_by_the_three() {
    let output = industry(&THREE, &[(2000, &OLD), (2020, &NEW)]);
    let jobs = [2.0, 3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 6.0, 9.0];
    let own = industry(&THREE, &[(2000, &jobs), (2020, &jobs)]);
    let turned: Vec<f64> = jobs.chunks_exact(3).flat_map(|city| [city[2], city[0], city[1]]).collect();
    let turned = industry(&["tertiary", "primary", "secondary"], &[(2000, &turned), (2020, &turned)]);
    let finer: Vec<f64> =
        jobs.chunks_exact(3).flat_map(|city| [city[0], city[1] / 2.0, city[1] / 2.0, city[2]]).collect();
    let finer = industry(&["agriculture", "mining", "construction", "finance"], &[(2000, &finer), (2020, &finer)]);
    let want = outcomes("rationalisation", &output, Some(&own));
    assert_eq!(want.len(), 3);
    noted(&want[2], "(0 is best)");
    for employment in [turned, finer] {
        let got = outcomes("rationalisation", &output, Some(&employment));
        got.iter().zip(&want).for_each(|(got, want)| assert_eq!(got.columns, want.columns));
    }
    let later = industry(&THREE, &[(2005, &jobs)]);
    let [none] = &outcomes("rationalisation", &output, Some(&later))[..] else { panic!() };
    noted(none, "no year in common");
    let mut idle = jobs;
    idle[4] = 0.0;
    let idle = industry(&THREE, &[(2000, &idle)]);
    let [one] = &outcomes("rationalisation", &output, Some(&idle))[..] else { panic!() };
    noted(one, "a sector has output and no employment, in C1");
    assert!(one.footer.as_ref().unwrap().contains("0 is best"));
}

/// One city, no city, zeros everywhere: never a panic, and a note where there is no number.
#[test]
fn the_edges_are_undefined_with_a_note() {
    let none: &[f64] = &[f64::NAN, 1.0, 1.0, 0.0, 0.0, 0.0];
    let one: &[f64] = &[1.0, 2.0, 3.0];
    let alike: &[f64] = &[1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
    for name in NAMES {
        for levels in [none, one, alike] {
            let industry = industry(&THREE, &[(2000, levels), (2020, levels)]);
            for outcome in outcomes(name, &industry, Some(&industry)) {
                let nan = |values: &Values| matches!(values, Values::Numbers(x) if x.iter().any(|x| x.is_nan()));
                let undefined = outcome.columns.iter().any(|(_, values)| nan(values));
                assert!(!undefined || !outcome.notes.is_empty() || outcome.footer.is_some(), "{name}: {outcome:?}");
                if levels == none {
                    assert!(outcome.notes.iter().any(|note| note.code == "undefined"), "{name}: {outcome:?}");
                }
            }
        }
    }
}
