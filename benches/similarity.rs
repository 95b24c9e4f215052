//! All nine coefficients of similarity for cities of a hundred sectors: the fastest of five runs, and the peak of memory where
//! the system tells it.

use std::hint::black_box;
use std::time::Instant;

use agglo::measures::isomorphism::{Coefficient, similarity, similarity_matrix};
use agglo::study::Structure;

const SECTORS: u32 = 100;

fn main() -> agglo::Result<()> {
    for cities in [300, 1_000, 3_000] {
        let structure = Structure::new(levels(cities), SECTORS as usize)?;
        println!(
            "{cities:>6} cities: {:8.1} ms",
            fastest(|| similarity(&structure).map(|result| drop(black_box(result))))?
        );
        if cities == 3_000 {
            for coefficient in Coefficient::ALL {
                let time = fastest(|| {
                    black_box(similarity_matrix(&structure, coefficient));
                    Ok(())
                })?;
                println!("{:>20}: {time:8.1} ms", coefficient.name());
            }
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

/// Milliseconds.
fn fastest(run: impl Fn() -> agglo::Result<()>) -> agglo::Result<f64> {
    let mut fastest = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        run()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    Ok(1000.0 * fastest)
}

/// Levels of a fixed kind (a multiplicative hash), one in eight of them 0.
fn levels(cities: u32) -> Vec<f64> {
    let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
    (0..cities * SECTORS).map(|i| if i % 8 == i / SECTORS % 8 { 0.0 } else { 1.0 + 1e4 * noise(i).powi(3) }).collect()
}
