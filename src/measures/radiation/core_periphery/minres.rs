//! MINRES: the coreness whose products are nearest to the strengths of the links.

use super::linked::Linked;
use crate::measures::radiation::network::Network;
use crate::study::Linkage;

/// Most sweeps over all links of one descent.
const SWEEPS: usize = 2_000;
/// Visits to links that all descents of one fit may take.
const BUDGET: usize = 3_000_000_000;
/// A descent has arrived when no coreness moves by more than this part of the largest.
const STILL: f64 = 1e-10;

/// Coreness by MINRES; see [`minres()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Minres {
    /// Coreness w of every city, in the root of the unit of the strengths; 0 of one without links.
    pub coreness: Vec<f64>,
    /// Σ_{i≠j} (s_ij − w_i w_j)² over ordered pairs.
    pub residual: f64,
    /// Part of Σ_{i≠j} s_ij² that w explains, 0 to 1; NaN without links.
    pub explained: f64,
    /// Whether the descent came to rest; else it was stopped, after 2,000 sweeps or 3·10⁹ visits to links.
    pub arrived: bool,
}

/// Coreness w ≥ 0 that makes Σ_{i≠j} (s_ij − w_i w_j)² least, s_ij being the strength of the links without direction.
///
/// # Method
///
/// Each w_i in turn is put at its best, Σ_j s_ij w_j / Σ_{j≠i} w_j², until none moves by more than 10⁻¹⁰ of the largest; from
/// the strengths and from the links of the strongest cities, the best kept. Links that are not there count as 0, so that
/// a sweep takes O(m). One number a city can only follow one centre: in a network of two equal parts it follows one of
/// them. In a star the residual falls for ever as the coreness of the centre rises, and the descent is stopped.
///
/// # Source
///
/// Boyd, J. P., Fitzgerald, W. J., Mahutga, M. C. and Smith, D. A. (2010). Computing continuous core/periphery structures
/// for social relations data with MINRES/SVD. Social Networks 32, 125-137.
///
/// ```
/// use agglo::measures::radiation::minres;
/// use agglo::study::{LinkMeaning, Linkage};
/// // Strengths that are products of 3, 2 and 1.
/// let links = Linkage::from_arcs(3, vec![(0, 1, 6.0), (0, 2, 3.0), (1, 2, 2.0)], LinkMeaning::Strength)?.undirected();
/// let result = minres(&links);
/// assert!((result.coreness[0] - 3.0).abs() < 1e-6 && result.residual < 1e-9);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn minres(links: &Linkage) -> Minres {
    let linked = Linked::new(links);
    let found = descend_all(&linked.ties);
    Minres { coreness: linked.spread(&found.coreness, 0.0), ..found }
}

/// The best of the descents from all starts.
pub(super) fn descend_all(ties: &Network) -> Minres {
    let squares: f64 = ties.arcs().map(|(_, _, s)| s * s).sum();
    let mut left = BUDGET;
    let mut best: Option<Minres> = None;
    for start in starts(ties) {
        let found = descend(ties, start, squares, &mut left);
        // Rounding must not choose between descents that end in the same place.
        if best.as_ref().is_none_or(|best| found.residual < best.residual - 1e-9 * squares) {
            best = Some(found);
        }
        if left == 0 {
            break;
        }
    }
    let none = Minres { coreness: Vec::new(), residual: 0.0, explained: f64::NAN, arrived: true };
    best.filter(|_| squares > 0.0).unwrap_or(none)
}

/// The strengths, as if every link followed from them, and the links of the strongest cities.
pub(super) fn starts(ties: &Network) -> Vec<Vec<f64>> {
    let sums = ties.sums();
    let total: f64 = sums.iter().sum();
    let mut starts = vec![sums.iter().map(|s| s / total.sqrt()).collect()];
    let count = match ties.links() {
        ..=100_000 => 16,
        100_001..=2_000_000 => 3,
        _ => 0,
    };
    let mut strongest: Vec<usize> = (0..ties.n()).collect();
    strongest.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
    starts.extend(strongest.into_iter().take(count).map(|i| {
        let most = ties.ties(i).fold(0.0_f64, |most, (_, s)| most.max(s)).sqrt();
        let mut start = vec![0.0; ties.n()];
        ties.ties(i).for_each(|(j, s)| start[j] = s / most);
        start[i] = most;
        start
    }));
    starts
}

fn descend(ties: &Network, mut w: Vec<f64>, squares: f64, left: &mut usize) -> Minres {
    let mut arrived = false;
    // At its best size to begin with, or one of two cities alone would have what the other lacks.
    let (products, all) = fit(ties, &w);
    if all > 0.0 {
        w.iter_mut().for_each(|w| *w *= (products / all).sqrt());
    }
    for _ in 0..SWEEPS {
        let (moved, largest) = sweep(ties, &mut w);
        *left = left.saturating_sub(ties.links());
        arrived = moved <= STILL * largest;
        if arrived || *left == 0 {
            break;
        }
    }
    let (products, all) = fit(ties, &w);
    let residual = (squares - 2.0 * products + all).max(0.0);
    Minres { coreness: w, residual, explained: 1.0 - residual / squares, arrived }
}

/// Σ s_ij w_i w_j and Σ (w_i w_j)² over ordered pairs.
fn fit(ties: &Network, w: &[f64]) -> (f64, f64) {
    let tied = |i: usize| ties.ties(i).map(|(j, s)| s * w[j]).sum::<f64>();
    let (second, fourth) = (w.iter().map(|w| w * w).sum::<f64>(), w.iter().map(|w| w.powi(4)).sum::<f64>());
    ((0..w.len()).map(|i| w[i] * tied(i)).sum(), second * second - fourth)
}

/// Puts every coreness at its best, those of the others being as they are; how far one moved at most, and the largest.
fn sweep(ties: &Network, w: &mut [f64]) -> (f64, f64) {
    let mut squares: f64 = w.iter().map(|w| w * w).sum();
    let (mut moved, mut largest) = (0.0_f64, 0.0_f64);
    for i in 0..w.len() {
        let others = squares - w[i] * w[i];
        // Where all others are at zero their products say nothing of this one.
        if others > 1e-14 * squares {
            let best = ties.ties(i).map(|(j, s)| s * w[j]).sum::<f64>() / others;
            moved = moved.max((best - w[i]).abs());
            w[i] = best;
            squares = others + best * best;
        }
        largest = largest.max(w[i]);
    }
    (moved, largest)
}
