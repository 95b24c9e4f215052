//! The local Moran test with 999 conditional permutations on square grids with queen weights.

use agglo::inference::Inference;
use agglo::measures::autocorrelation::local_moran;
use agglo::weights::{Transform, Weights};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 10)]
fn queen_grid(bencher: Bencher, cells: u32) {
    let (weights, values) = (grid(cells), values(cells));
    bencher.bench(|| local_moran(black_box(&values), &weights, &Inference::default()).expect("a grid has neighbours"));
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
