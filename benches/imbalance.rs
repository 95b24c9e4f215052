//! All measures of inequality through the registry: 3,000 cities in 30 years, in 30 provinces of 5 regions, with populations;
//! each timed once, and the peak of memory where the system tells it.

use std::time::Instant;

use agglo::inference::Inference;
use agglo::measures::{Family, MEASURES, Run, autocorrelation};
use agglo::study::{Cities, Grouping, Metric, Shapes, Variable};
use agglo::weights::Weights;

const CITIES: usize = 3_000;
const YEARS: i32 = 30;

fn main() -> agglo::Result<()> {
    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let (cities, features) = (cities(), (0..CITIES).collect::<Vec<usize>>());
    let variables: Vec<Variable> = (0..YEARS).map(|year| in_year("income", year, income)).collect();
    let population: Vec<Variable> = (0..YEARS).map(|year| in_year("people", year, people)).collect();
    let groups = [grouping("region", 5), grouping("province", 30)];
    let weights = [Weights::from_pairs("grid", CITIES, &neighbours())];
    let base = Run::of(&cities, &features, &inference, &options);
    let covariates = [Variable::new("coast", (0..CITIES as u64).map(|city| noise(city + 2_000_000)).collect())];
    let run = Run {
        variables: &variables,
        population: &population,
        groups: &groups,
        weights: &weights,
        covariates: &covariates,
        ..base
    };
    let mut total = 0.0;
    for measure in MEASURES.iter().filter(|measure| measure.about().family == Family::Imbalance) {
        if !run.provides(measure.about().needs) {
            println!("{:<28}       not run", measure.about().name);
            continue;
        }
        let start = Instant::now();
        let outcomes = measure.run(&run)?;
        let took = start.elapsed().as_secs_f64();
        total += took;
        println!("{:<28}{took:>9.3} s   {} results", measure.about().name, outcomes.len());
    }
    println!("{:<28}{total:>9.3} s", "all");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

/// A number in [0, 1) of a fixed kind (the finaliser of SplitMix64).
fn noise(key: u64) -> f64 {
    let z = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Income of a city that grows by its own rate, and more where it is low.
fn income(city: u64, year: i32) -> f64 {
    let first = (2.0 * noise(city)).exp();
    let rate = 0.02 + 0.01 * (1.0 - noise(city)) + 0.02 * noise(city << 8 | year as u64);
    1e4 * first * (rate * f64::from(year)).exp()
}

fn people(city: u64, year: i32) -> f64 {
    1e4 / (0.001 + noise(city + 1_000_000)) * (1.0 + 0.01 * f64::from(year))
}

fn in_year(name: &str, year: i32, value: fn(u64, i32) -> f64) -> Variable {
    let values = (0..CITIES as u64).map(|city| value(city, year)).collect();
    Variable { year: Some(1990 + year), ..Variable::new(name, values) }
}

fn grouping(name: &str, groups: usize) -> Grouping {
    let group = |city: usize| Some(format!("{name} {}", city * groups / CITIES));
    Grouping { name: name.into(), groups: (0..CITIES).map(group).collect() }
}

const WIDTH: usize = 60;

/// Cities on a grid.
fn cities() -> Cities {
    let mut shapes = Shapes::default();
    let at = |city: usize| [(city % WIDTH) as f64, (city / WIDTH) as f64];
    (0..CITIES).for_each(|city| shapes.push_point(at(city)));
    Cities {
        ids: (0..CITIES).map(|city| format!("C{city}")).collect(),
        names: (0..CITIES).map(|city| format!("City {city}")).collect(),
        shapes,
        points: (0..CITIES).map(|city| Some(at(city))).collect(),
        metric: Metric::Planar,
        notes: Vec::new(),
    }
}

/// Each city with the next one in its row and the next one in its column.
fn neighbours() -> Vec<(u32, u32)> {
    let (n, width) = (CITIES as u32, WIDTH as u32);
    let east = (0..n).filter(|city| city % width < width - 1).map(|city| (city, city + 1));
    east.chain((0..n - width).map(|city| (city, city + width))).collect()
}
