//! Models of flows between 3,000 cities, all pairs of them: the fastest of five runs, and the peak of memory where the system
//! tells it.

use std::hint::black_box;
use std::time::Instant;

use agglo::measures::radiation::*;
use agglo::study::{Cities, LinkMeaning, Linkage, Metric, Shapes};

const CITIES: u32 = 3_000;

fn main() -> agglo::Result<()> {
    let (cities, mass) = cities();
    let distances = Distances::between(&cities)?;
    let links = links(&mass, &distances)?;
    report("distances", || Distances::between(&cities).map(|result| drop(black_box(result))))?;
    report("gravity with distances", || {
        let distances = Distances::between(&cities)?;
        gravity(&mass, &distances, &USUAL, None).map(|result| drop(black_box(result)))
    })?;
    report("radiation", || {
        radiation_shares(&mass, &distances, RadiationForm::Finite).map(|result| drop(black_box(result)))
    })?;
    report("radiation against links", || {
        radiation_model(&mass, &distances, RadiationForm::Finite, Some(&links)).map(|result| drop(black_box(result)))
    })?;
    for decay in Decay::ALL {
        for constraint in Constraint::ALL {
            let name = format!("{} {}", constraint.name(), decay.name());
            let fit = gravity_fit(&links, &mass, &distances, constraint, decay)?;
            println!("{:>40}: {:.6}, {} steps, {}", "distance", fit.distance.value, fit.iterations, fit.converged);
            report(&name, || {
                gravity_fit(&links, &mass, &distances, constraint, decay).map(|result| drop(black_box(result)))
            })?;
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

/// Prints the milliseconds of the fastest run.
fn report(name: &str, run: impl Fn() -> agglo::Result<()>) -> agglo::Result<()> {
    let mut fastest = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        run()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    println!("{name:>40}: {:8.1} ms", 1000.0 * fastest);
    Ok(())
}

/// Noise of a fixed kind (a multiplicative hash), 0 to 1.
fn noise(i: u32) -> f64 {
    f64::from(i.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX)
}

/// Cities of very unequal mass on a part of the globe.
fn cities() -> (Cities, Vec<f64>) {
    let points: Vec<[f64; 2]> =
        (0..CITIES).map(|i| [100.0 + 20.0 * noise(2 * i + 1), 25.0 + 15.0 * noise(7 * i + 3)]).collect();
    let mut shapes = Shapes::default();
    points.iter().for_each(|&point| shapes.push_point(point));
    let ids: Vec<String> = (0..CITIES).map(|i| i.to_string()).collect();
    let points = points.into_iter().map(Some).collect();
    let cities = Cities { names: ids.clone(), ids, shapes, points, metric: Metric::EARTH, notes: Vec::new() };
    (cities, (0..CITIES).map(|i| 1.0 / (noise(5 * i + 2) + 0.003)).collect())
}

/// Flows of a law with noise, whole numbers, most of them zero.
fn links(mass: &[f64], distances: &Distances) -> agglo::Result<Linkage> {
    let n = CITIES as usize;
    let flow = |k: usize| {
        let (i, j) = (k / n, k % n);
        let law = 30.0 * mass[i] * mass[j] / distances.get(i, j).max(1.0).powf(1.3);
        (i as u32, j as u32, (2.0 * law * noise(k as u32)).floor())
    };
    let arcs = (0..n * n).map(flow).filter(|arc| arc.0 != arc.1 && arc.2 > 0.0).collect();
    Linkage::from_arcs(n, arcs, LinkMeaning::Strength)
}
