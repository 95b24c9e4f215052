//! The local Moran test with 999 conditional permutations on square grids with queen weights: the fastest of ten runs.

use std::hint::black_box;
use std::time::Instant;

use agglo::inference::Inference;
use agglo::measures::autocorrelation::local_moran;
use agglo::weights::{Transform, Weights};

fn main() -> agglo::Result<()> {
    for cells in [10_000, 99_856, 1_000_000] {
        let (weights, values) = (grid(cells), values(cells));
        let mut fastest = f64::INFINITY;
        for _ in 0..10 {
            let start = Instant::now();
            black_box(local_moran(black_box(&values), &weights, &Inference::default())?);
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        println!("{cells:>9} cells: {:8.1} ms", 1000.0 * fastest);
    }
    Ok(())
}

/// Queen weights of a square grid.
fn grid(cells: u32) -> Weights {
    let width = cells.isqrt();
    let mut pairs = Vec::new();
    for (row, column) in (0..width).flat_map(|row| (0..width).map(move |column| (row, column))) {
        let here = row * width + column;
        let east = column + 1 < width;
        if east {
            pairs.push((here, here + 1));
        }
        if row + 1 < width {
            pairs.push((here, here + width));
            if east {
                pairs.push((here, here + width + 1));
                pairs.push((here + 1, here + width));
            }
        }
    }
    Weights::from_pairs("queen", cells as usize, &pairs).transformed(Transform::Row)
}

/// Values that are smooth in space but for noise of a fixed kind (a multiplicative hash).
fn values(cells: u32) -> Vec<f64> {
    let width = cells.isqrt();
    let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
    (0..cells).map(|i| f64::from((i / width / 20 + i % width / 20) % 5) + noise(i)).collect()
}
