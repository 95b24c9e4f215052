//! Is my own array clustered? A global test without any file: neighbours and values from the program itself.

use agglo::Result;
use agglo::inference::{Alternative, Inference, monte_carlo_error};
use agglo::measures::autocorrelation::moran;
use agglo::weights::{Transform, Weights};

fn main() -> Result<()> {
    // Six towns along a river: each lists its neighbours with a weight of its own, here ships a day.
    let rows = vec![
        vec![(1, 12.0)],
        vec![(0, 12.0), (2, 9.0)],
        vec![(1, 9.0), (3, 4.0)],
        vec![(2, 4.0), (4, 7.0)],
        vec![(3, 7.0), (5, 5.0)],
        vec![(4, 5.0)],
    ];
    let weights = Weights::from_rows("ships", rows).transformed(Transform::Row);
    let wages = [31.0, 29.5, 27.0, 22.0, 18.5, f64::NAN]; // NaN: not known, and the town takes no part

    let inference = Inference { permutations: 9999, alternative: Alternative::Greater, ..Inference::default() };
    let result = moran(&wages, &weights, &inference)?;

    println!("Moran's I of {} towns: {:.3}, expected {:.3}", result.n, result.i, result.test.expected);
    let error = monte_carlo_error(result.test.p_permutation, inference.permutations, inference.alternative);
    println!("p = {:.4} with a Monte Carlo error of {error:.4}", result.test.p_permutation);
    println!("p = {:.4} by the normal approximation", result.test.p_randomisation);
    Ok(())
}
