//! How far the Lorenz curve depends on which cities are looked at.

use super::bootstrap::resampled;
use super::distribution::Distribution;
use super::inequality_intervals::{draw, within_budget};
use crate::error::Result;
use crate::inference::{Lanes, quantile};

/// Steps from no one to everybody that the band is known at.
const STEPS: usize = 20;

/// The band of the Lorenz curve at one share of the population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LorenzBand {
    /// The poorest share of the population.
    pub share: f64,
    /// Lower end of what it has of the total.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A pointwise bootstrap band of the Lorenz curve of `x`, at 0, 0.05, … 1 of the population.
///
/// # Formula
///
/// The draws are those of [`inequality_intervals()`](super::inequality_intervals()): n of the n cities with replacement,
/// each with its value and its population, `resamples` times. Of each draw the curve is taken, and at each share the band
/// goes from the quantile (type 7) α/2 of the curves to that of 1 − α/2. It holds for one share at a time, and not for the
/// whole curve at once. O(n) a resample; nothing without resamples.
///
/// # Errors
///
/// Those of [`lorenz()`](super::lorenz()); [`Kind::TooLarge`](crate::error::Kind::TooLarge) for too many draws.
///
/// # Source
///
/// Mills, J. A. and Zandvakili, S. (1997). Statistical inference via bootstrapping for measures of inequality. Journal of
/// Applied Econometrics 12, 133-150.
///
/// ```
/// use agglo::measures::imbalance::lorenz_band;
/// let band = lorenz_band(&[1.0, 2.0, 3.0, 4.0, 9.0], None, 200, 42, 0.05)?;
/// assert_eq!((band[0].low, band[20].high), (0.0, 1.0));
/// assert!(band[10].low < band[10].high && band[10].high <= 0.5);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn lorenz_band(
    x: &[f64],
    population: Option<&[f64]>,
    resamples: usize,
    seed: u64,
    alpha: f64,
) -> Result<Vec<LorenzBand>> {
    let all = Distribution::of_shares(x, population)?;
    within_budget(all.n(), resamples, 1)?;
    if resamples == 0 {
        return Ok(Vec::new());
    }
    let order = all.ascending();
    let curves = resampled(all.n(), resamples, |counts, batch| {
        draw(counts, seed, batch);
        std::array::from_fn(|lane| heights(&all, &order, counts, lane))
    });
    let at = |step: usize| {
        let mut sorted: Vec<f64> = curves.iter().map(|curve| curve[step]).filter(|x| x.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let share = step as f64 / STEPS as f64;
        LorenzBand { share, low: quantile(&sorted, alpha / 2.0), high: quantile(&sorted, 1.0 - alpha / 2.0) }
    };
    Ok((0..=STEPS).map(at).collect())
}

/// The height of the curve of one draw at every step; NaN where nobody who was drawn has anything.
fn heights(all: &Distribution, order: &[usize], counts: &[Lanes], lane: usize) -> [f64; STEPS + 1] {
    let people = |i: usize| counts[i][lane] * all.p[i];
    let everybody: f64 = order.iter().map(|&i| people(i)).sum();
    let total: f64 = order.iter().map(|&i| people(i) * all.x[i]).sum();
    let mut curve = [f64::NAN; STEPS + 1];
    if everybody <= 0.0 || total <= 0.0 {
        return curve;
    }
    (curve[0], curve[STEPS]) = (0.0, 1.0);
    let (mut below, mut has, mut step) = (0.0, 0.0, 1);
    for &i in order {
        let (next, more) = (below + people(i), has + people(i) * all.x[i]);
        while step < STEPS && next >= everybody * step as f64 / STEPS as f64 {
            let within = everybody * step as f64 / STEPS as f64 - below;
            curve[step] = (has + within * all.x[i]) / total;
            step += 1;
        }
        (below, has) = (next, more);
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cities_have_no_band() {
        for place in lorenz_band(&[2.0; 6], None, 100, 1, 0.05).unwrap() {
            assert!((place.low - place.share).abs() < 1e-12 && (place.high - place.share).abs() < 1e-12, "{place:?}");
        }
    }

    #[test]
    fn the_band_is_about_the_curve() {
        let x: Vec<f64> = (1..40).map(|i| f64::from(i * i)).collect();
        let curve = super::super::lorenz(&x, None).unwrap();
        let band = lorenz_band(&x, None, 500, 42, 0.05).unwrap();
        let half = band[10];
        assert!(half.low < curve.poorest_half && curve.poorest_half < half.high, "{half:?}");
        assert!(band.windows(2).all(|pair| pair[0].low <= pair[1].low && pair[0].high <= pair[1].high));
        assert!(lorenz_band(&x, None, 0, 42, 0.05).unwrap().is_empty());
    }
}
