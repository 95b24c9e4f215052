//! The driving effect: against statsmodels on the Yangtze delta (`golden/driving_delta.json`), and its laws.
#![allow(clippy::unwrap_used)]

use agglo::error::Kind;
use agglo::inference::Inference;
use agglo::measures::autocorrelation;
use agglo::measures::radiation::*;
use agglo::measures::{Run, measure};
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes, Variable};
use proptest::prelude::*;
use serde_json::Value;

fn near(got: f64, want: f64, tolerance: f64) -> bool {
    (got - want).abs() <= tolerance * want.abs().max(1e-3)
}

struct Delta {
    ids: Vec<String>,
    map: Value,
    links: Linkage,
    golden: Value,
}

impl Delta {
    fn read() -> Self {
        let map: Value = serde_json::from_str(include_str!("../data/yangtze-delta/cities.geojson")).unwrap();
        let id = |feature: &Value| feature["properties"]["adcode"].as_str().unwrap().to_owned();
        let ids: Vec<String> = map["features"].as_array().unwrap().iter().map(id).collect();
        let place = |id: &str| ids.iter().position(|other| other == id).unwrap() as u32;
        let arc = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            (place(cells[0]), place(cells[1]), cells[4].trim().parse().unwrap())
        };
        let arcs = include_str!("../data/yangtze-delta/links.csv").lines().skip(1).map(arc).collect();
        let links = Linkage::from_arcs(ids.len(), arcs, LinkMeaning::Strength).unwrap();
        let golden = serde_json::from_str(include_str!("golden/driving_delta.json")).unwrap();
        Self { ids, map, links, golden }
    }

    fn gdp(&self, year: i64) -> Vec<f64> {
        let name = format!("gdp_{year}_100m_cny");
        self.map["features"].as_array().unwrap().iter().map(|f| f["properties"][&name].as_f64().unwrap()).collect()
    }

    fn cores(&self) -> Vec<usize> {
        let id = |id: &Value| self.ids.iter().position(|other| other == id.as_str().unwrap()).unwrap();
        let mut cores: Vec<usize> = self.golden["cores"].as_array().unwrap().iter().map(id).collect();
        cores.sort_unstable();
        cores
    }
}

fn agrees(effect: &Effect, want: &[Value], what: &str) {
    for (got, want) in [effect.b, effect.se, effect.p].into_iter().zip(want) {
        assert!(near(got, want.as_f64().unwrap(), 1e-8), "{what}: {effect:?} for {want:?}");
    }
}

#[test]
fn slopes_and_errors_as_in_statsmodels() {
    let delta = Delta::read();
    let cores = delta.cores();
    for case in delta.golden["cases"].as_array().unwrap() {
        let years: Vec<i64> = case["years"].as_array().unwrap().iter().map(|y| y.as_i64().unwrap()).collect();
        let gdp: Vec<Vec<f64>> = years.iter().map(|&year| delta.gdp(year)).collect();
        let levels: Vec<(i32, &[f64])> = years.iter().zip(&gdp).map(|(y, x)| (*y as i32, x.as_slice())).collect();
        let distances = vec![f64::NAN; delta.ids.len()];
        let result = driving_effect(&levels, &delta.links, &cores, &distances, &[], 0.05).unwrap();
        assert!(result.bands.is_empty());
        for (form, want) in result.forms.iter().zip(case["effects"].as_array().unwrap()) {
            let want = want.as_array().unwrap();
            assert_eq!((form.form, form.control), (want[0].as_str().unwrap(), want[1].as_bool().unwrap()));
            assert_eq!(form.effect.rows as u64, case["rows"].as_u64().unwrap());
            agrees(&form.effect, &want[2..], form.form);
        }
        // The golden cores are in the order of their ids, as the cities of the map.
        for (core, want) in result.cores.iter().zip(case["cores"].as_array().unwrap()) {
            agrees(&core.effect, want.as_array().unwrap(), "core");
        }
        let leads = case.get("lead_lag").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        assert_eq!(result.leads.len(), leads.len());
        for (lead, want) in result.leads.iter().zip(leads) {
            assert_eq!(lead.direction, want[0].as_str().unwrap());
            agrees(&lead.effect, &want.as_array().unwrap()[1..], lead.direction);
        }
    }
}

#[test]
fn with_one_core_the_mean_exposure_tells_nothing_and_intensity_does() {
    let delta = Delta::read();
    let (before, after) = (delta.gdp(2010), delta.gdp(2020));
    let distances = vec![1.0; delta.ids.len()];
    let levels: [(i32, &[f64]); 2] = [(2010, &before), (2020, &after)];
    let result = driving_effect(&levels, &delta.links, &delta.cores()[..1], &distances, &[], 0.05).unwrap();
    assert_eq!(result.forms[0].effect.reason.as_deref(), Some("the mean_exposure is the same in all cities"));
    assert_eq!(result.foremost().form, "intensity");
    assert!(result.foremost().effect.b.is_finite());
    // All cities are as far: one band, and its exposure does not vary.
    assert_eq!((result.bands.len(), result.bands[0].effect.label), (1, "undefined"));
}

#[test]
fn without_years_cores_or_links_it_is_undefined() {
    let links = Linkage::from_arcs(4, vec![(2, 3, 1.0)], LinkMeaning::Strength).unwrap();
    let (a, b) = ([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 5.0]);
    let run = |levels: &[(i32, &[f64])], cores: &[usize]| {
        driving_effect(levels, &links, cores, &[f64::NAN; 4], &[], 0.05).unwrap_err()
    };
    for error in [run(&[(2000, &a)], &[0]), run(&[(2000, &a), (2010, &b)], &[]), run(&[(2000, &a), (2010, &b)], &[0])] {
        assert_eq!(error.kind(), Kind::Undefined);
    }
    assert_eq!(run(&[(2000, &a), (2000, &b)], &[0]).kind(), Kind::Option);
    // One city alone is too few, and says so.
    let result = driving_effect(&[(2000, &a), (2010, &b)], &links, &[2], &[f64::NAN; 4], &[], 0.05).unwrap();
    assert!(result.foremost().effect.reason.as_deref().unwrap().contains("too few"));
}

#[test]
fn the_registry_gives_tables_columns_and_sentences() {
    let delta = Delta::read();
    let n = delta.ids.len();
    let mut shapes = Shapes::default();
    (0..n).for_each(|_| shapes.push_missing());
    let cities = Cities {
        ids: delta.ids.clone(),
        names: delta.ids.clone(),
        points: (0..n).map(|i| Some([(i % 7) as f64, (i / 7) as f64])).collect(),
        shapes,
        metric: Metric::Planar,
        notes: Vec::new(),
    };
    let years = [2000, 2005, 2010, 2015, 2020, 2023];
    let variable = |&year: &i32| Variable { year: Some(year), ..Variable::new("gdp", delta.gdp(i64::from(year))) };
    let mut variables: Vec<Variable> = years.iter().map(variable).collect();
    variables[0].values[20] = 0.0;
    let features: Vec<usize> = (0..n).collect();
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let cores = Cores { places: delta.cores(), how: "named by --cores".into() };
    let run = Run {
        variables: &variables,
        network: Some(&delta.links),
        cores: Some(&cores),
        ..Run::of(&cities, &features, &inference, &options)
    };
    let outcome = &measure("driving_effect").unwrap().run(&run).unwrap()[0];
    let names: Vec<&str> = outcome.tables.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["effects", "bands", "cores", "lead_lag"]);
    assert!(outcome.tables.iter().all(|(_, table)| table.rows.iter().all(|row| row.len() == table.columns.len())));
    assert!(outcome.notes.iter().any(|note| note.code == "no_growth" && note.cities == [delta.ids[20].clone()]));
    assert_eq!(outcome.scalar("cores"), 4.0);
    if std::env::var("SHOW").is_ok() {
        println!("{:#?}", outcome.notes.iter().map(|n| &n.message).collect::<Vec<_>>());
        println!("{:?} {:?}", outcome.footer, outcome.scalars);
        for (name, table) in &outcome.tables {
            println!("{name} {:?}", table.columns);
            table.rows.iter().for_each(|row| println!("  {}", serde_json::to_string(row).unwrap()));
        }
    }
}

#[test]
fn a_slope_that_hangs_on_one_city_is_undefined() {
    let arcs = (2..9).flat_map(|i| [(0, i, 1.0), (1, i, if i == 5 { 3.0 } else { 1.0 })]).collect();
    let links = Linkage::from_arcs(9, arcs, LinkMeaning::Strength).unwrap();
    let before = [10.0; 9];
    let after = [20.0, 15.0, 11.0, 12.0, 13.5, 14.0, 12.5, 13.0, 11.5];
    let result =
        driving_effect(&[(2000, &before), (2010, &after)], &links, &[0, 1], &[f64::NAN; 9], &[], 0.05).unwrap();
    assert_eq!(result.forms[0].effect.reason.as_deref(), Some("it hangs on one city alone"));
    assert_eq!(result.forms[1].effect.reason.as_deref(), Some("the initial level follows from the other terms"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn order_and_units_do_not_matter(
        draws in prop::collection::vec((0.1..9.0_f64, 1.0..9.0_f64, 1.0..9.0_f64, 1.0..9.0_f64), 14), factor in 0.01..100.0_f64
    ) {
        let n = draws.len();
        let arcs: Vec<(u32, u32, f64)> =
            (2..n).flat_map(|i| [(0, i as u32, draws[i].0), (i as u32, 1, draws[i].1)]).collect();
        let links = Linkage::from_arcs(n, arcs.clone(), LinkMeaning::Strength).unwrap();
        let (a, b): (Vec<f64>, Vec<f64>) = draws.iter().map(|draw| (draw.2, draw.3)).unzip();
        let far: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let result = driving_effect(&[(2000, &a), (2007, &b)], &links, &[0, 1], &far, &[], 0.05).unwrap();
        // Every city takes part in one band.
        prop_assert_eq!(result.bands.iter().map(|band| band.effect.cities).sum::<usize>(), n - 2);
        let turn = |i: usize| n - 1 - i;
        let turned_arcs = arcs.iter().map(|&(i, j, w)| (turn(i as usize) as u32, turn(j as usize) as u32, w * factor)).collect();
        let turned_links = Linkage::from_arcs(n, turned_arcs, LinkMeaning::Strength).unwrap();
        let turned = |x: &[f64]| (0..n).map(|i| x[turn(i)] * factor).collect::<Vec<f64>>();
        let far: Vec<f64> = turned(&far);
        let other =
            driving_effect(&[(2000, &turned(&a)), (2007, &turned(&b))], &turned_links, &[n - 2, n - 1], &far, &[], 0.05).unwrap();
        for (x, y) in result.forms.iter().zip(&other.forms) {
            prop_assert!(near(x.effect.b, y.effect.b, 1e-6) && near(x.effect.p, y.effect.p, 1e-6), "{:?} {:?}", x, y);
        }
        // Shares in two cores are each other's rest.
        let [first, second] = [&result.cores[0].effect, &result.cores[1].effect];
        prop_assert!(near(first.b, -second.b, 1e-6) && near(first.se, second.se, 1e-6));
    }
}
