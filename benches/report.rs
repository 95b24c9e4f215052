//! The report page and its pictures: 41 and 3,025 square cities, with local measures and inequality of one value; how long
//! the ground, the pictures, the findings and the page take, and how large the page is.

use std::time::Instant;

use agglo::finding::findings;
use agglo::inference::Inference;
use agglo::measures::{Family, MEASURES, Run, autocorrelation};
use agglo::page::Page;
use agglo::picture::{Ground, Stage, draw_all};
use agglo::study::{Cities, Metric, RingRole, Shapes, Variable};
use agglo::weights::Transform;
use agglo::weights::contiguity::{Rule, contiguity};
use agglo::write::Report;
use agglo::write::columns::{Names, named_columns};
use agglo::write::matrix::MatrixLayout;
use agglo::write::sheet::of_measures;

fn main() -> agglo::Result<()> {
    for n in [41, 3_025] {
        let report = report(n)?;
        let mut clock = Instant::now();
        let mut lap = |what: &str| {
            println!("{n:>5} cities  {what:<10}{:>9.3} s", clock.elapsed().as_secs_f64());
            clock = Instant::now();
        };
        let ground = Ground::new(&report.cities);
        lap("ground");
        let figures = draw_all(&Stage { report: &report, ground: &ground, network: None });
        lap("pictures");
        let found = findings(&report);
        lap("findings");
        let (columns, _) = named_columns(&report, Names::Long, "");
        let (layout, mut text) = (MatrixLayout::default(), Vec::new());
        let sheets = of_measures(&report, &layout);
        let page = Page {
            report: &report,
            columns: &columns,
            sheets: &sheets,
            figures: &figures,
            ground: Some(&ground),
            findings: &found,
            files: &[],
        };
        page.write(&mut text).expect("memory can be written to");
        lap("page");
        println!("{n:>5} cities  {} pictures, a page of {} kB", figures.len(), text.len() / 1000);
    }
    Ok(())
}

/// All local and global measures, and all of inequality, of one value.
fn report(n: usize) -> agglo::Result<Report> {
    let inference = Inference { permutations: 99, ..Inference::default() };
    let options = autocorrelation::Options::default();
    let cities = squares(n);
    let queen = contiguity(&cities, Rule::Queen, None)?.weights.transformed(Transform::Row);
    let value = (0..n as u64).map(|i| 10.0 + (i % 60) as f64 / 6.0 + noise(i)).collect();
    let mut report = Report {
        inference: Some(inference),
        values: vec![Variable::new("income", value)],
        weights: vec![queen],
        ..Report::of(cities)
    };
    let features: Vec<usize> = (0..n).collect();
    let run = Run {
        variables: &report.values,
        weights: &report.weights,
        ..Run::of(&report.cities, &features, &inference, &options)
    };
    let wanted = |family| matches!(family, Family::Autocorrelation | Family::Imbalance);
    let mut outcomes = Vec::new();
    for measure in MEASURES.iter().filter(|m| wanted(m.about().family) && run.provides(m.about().needs)) {
        outcomes.extend(measure.run(&run)?);
    }
    report.outcomes = outcomes;
    Ok(report)
}

/// Cities on a grid, each a square of 0.2 degrees with 40 vertices.
fn squares(n: usize) -> Cities {
    let side = (n as f64).sqrt().ceil() as usize;
    let mut shapes = Shapes::default();
    let corner = |i: usize| [100.0 + 0.2 * (i % side) as f64, 20.0 + 0.2 * (i / side) as f64];
    for i in 0..n {
        let [x, y] = corner(i);
        let along = |step: usize| 0.02 * step as f64;
        let south = (0..10).map(|k| [x + along(k), y]);
        let east = (0..10).map(|k| [x + 0.2, y + along(k)]);
        let north = (0..10).map(|k| [x + 0.2 - along(k), y + 0.2]);
        let west = (0..10).map(|k| [x, y + 0.2 - along(k)]);
        let ring: Vec<[f64; 2]> = south.chain(east).chain(north).chain(west).collect();
        shapes.push_area([(RingRole::Shell, ring)]);
    }
    let points = (0..n).map(|i| Some(corner(i).map(|x| x + 0.1))).collect();
    let names: Vec<String> = (0..n).map(|i| format!("City {i}")).collect();
    let ids = (0..n).map(|i| format!("C{i:05}")).collect();
    Cities { ids, names, shapes, points, metric: Metric::EARTH, notes: Vec::new() }
}

/// A number in [0, 1) of a fixed kind (the finaliser of SplitMix64).
fn noise(key: u64) -> f64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
