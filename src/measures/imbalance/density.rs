//! Kernel density of relative values: the shape of a distribution, year by year on one grid.

use std::f64::consts::{PI, SQRT_2};

use rayon::prelude::*;

use super::centre::fitting;
use super::distribution::{Distribution, mean, spread};
use super::panel::enough;
use super::variation::quantile;
use crate::error::{Fault, Kind, Result};

/// Points of the grid that all years share.
const POINTS: usize = 128;
/// Bandwidths that the grid goes beyond the least and the largest value.
const BEYOND: f64 = 3.0;
/// Least prominence of a peak, as a share of the height of the highest.
pub(super) const PROMINENCE: f64 = 0.05;
/// Steps of a bandwidth in which peaks are looked for, and the most steps in all.
const STEPS: f64 = 8.0;
const MOST_STEPS: usize = 4096;
/// Bandwidths beyond which a kernel is 0 in double precision, and those beyond which it does not matter for a peak.
const VANISHED: f64 = 39.0;
const NEAR: f64 = 8.0;
/// Most values of all years: each takes some 250 terms, so that this is half a minute to a minute of work.
const MOST_VALUES: usize = 20_000_000;
/// Standard deviation of relative values that are all equal but for rounding.
const EQUAL: f64 = 1e-12;

/// The distribution of relative values in several years; see [`density()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// Where the densities are given, as multiples of the mean: 128 points at equal distances.
    pub grid: Vec<f64>,
    /// The years, in their order.
    pub years: Vec<DensityYear>,
    /// The cities left out, without a value, or a population, in one of the years.
    pub left_out: Vec<usize>,
}

/// The distribution of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityYear {
    /// Bandwidth of the kernel, in multiples of the mean.
    pub bandwidth: f64,
    /// The density at the points of the grid.
    pub density: Vec<f64>,
    /// The peaks whose prominence is at least 5 % of the height of the highest, from the left.
    pub peaks: Vec<Peak>,
    /// Population standard deviation of the relative values, their CV.
    pub sd: f64,
    /// Skewness m₃/m₂^1.5.
    pub skewness: f64,
    /// Share below half the mean.
    pub below_half: f64,
    /// Share above twice the mean.
    pub above_twice: f64,
    /// Share of the density below 0, where there are no values: what the kernel spreads over the border.
    pub below_zero: f64,
    /// Whether the year is too widely spread for its bandwidth, so that narrow peaks can be missed.
    pub coarse: bool,
    /// The relative values, ascending, with their shares.
    sorted: Vec<(f64, f64)>,
}

/// A peak of a density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Where it is, in multiples of the mean.
    pub x: f64,
    /// The density there.
    pub height: f64,
    /// How far one has to go down before a higher peak is reached.
    pub prominence: f64,
    /// Share of the cities, or of the population, between the valleys on both sides.
    pub share: f64,
    /// Cities between the valleys on both sides.
    pub cities: usize,
}

/// The density of the relative values y/μ of every year by a gaussian kernel. `years` are columns of one value ≥ 0 for
/// every city, NaN where there is none; `population` has one column for each year.
///
/// # Formula
///
/// f(x) = Σ_i p_i φ((x − r_i)/h)/h with r_i = y_i/μ, μ = Σ_i p_i y_i,
/// h = 0.9·min(s, IQR/1.34)·m^(−1/5), and s alone where the IQR is 0
///
/// where φ is the standard normal density, p_i the share of the population, 1/n without one, s² = Σ p_i (r_i − 1)²/(1 −
/// Σ p_i²) the sample variance, IQR the difference of the quartiles (type 7; of a population the least values that reach
/// them), and m = 1/Σ p_i², which is n without a population. Each year has its bandwidth; the grid is common to all years,
/// from three bandwidths below the least value to three above the largest. It is not cut at 0.
///
/// Peaks are looked for in steps of h/8. One counts if the density falls by 5 % of the highest peak or more on the way to
/// any higher one. Only cities with a value in every year take part. O(T·n·grid).
///
/// # Errors
///
/// Columns of different lengths, a population not given for every year, fewer than two cities, negative values or
/// populations, each with the city's index as the feature; [`Kind::Undefined`] where all values of a year are equal or 0;
/// [`Kind::TooLarge`] above 20,000,000 values of all years.
///
/// # Source
///
/// Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis. London: Chapman and Hall, section 3.4.2.
/// Quah, D. T. (1997). Empirics for growth and distribution: stratification, polarization, and convergence clubs. Journal
/// of Economic Growth 2, 27-59. doi:10.1023/A:1009781613339
///
/// ```
/// use agglo::measures::imbalance::density;
/// let poor_and_rich = [1.0, 1.1, 1.2, 1.3, 5.0, 5.1, 5.2, 5.3];
/// let alike = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7];
/// let shapes = density(&[&poor_and_rich, &alike], None)?;
/// assert_eq!((shapes.years[0].peaks.len(), shapes.years[1].peaks.len()), (2, 1));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn density(years: &[&[f64]], population: Option<&[&[f64]]>) -> Result<Density> {
    let cities = years.first().map_or(0, |column| column.len());
    fitting(years.iter().chain(population.unwrap_or_default()).copied(), cities)?;
    if population.is_some_and(|population| population.len() != years.len()) {
        return Err(Fault::new(Kind::Option, "a population is needed for every year").into());
    }
    if cities.saturating_mul(years.len()) > MOST_VALUES {
        let message = format!("{} years of {cities} cities, and the most are {MOST_VALUES} values", years.len());
        return Err(Fault::new(Kind::TooLarge, message).into());
    }
    let has_value = |i: usize| years.iter().all(|column| column[i].is_finite());
    // A negative population stays, for it to be refused with its city.
    let people = |i: usize| population.is_none_or(|all| all.iter().all(|p| p[i].is_finite() && p[i] != 0.0));
    let (takes_part, left_out): (Vec<usize>, Vec<usize>) = (0..cities).partition(|&i| has_value(i) && people(i));
    let what = if population.is_some() { "a value and a population" } else { "a value" };
    enough(takes_part.len(), 2, &format!("{what}{}", if years.len() > 1 { " in all years" } else { "" }))?;
    let of_year = |(at, column): (usize, &&[f64])| {
        let values = spread(cities, &takes_part, takes_part.iter().map(|&i| column[i]));
        DensityYear::new(&Distribution::of_shares(&values, population.map(|all| all[at]))?)
    };
    let mut all = years.iter().enumerate().map(of_year).collect::<Result<Vec<DensityYear>>>()?;
    let [low, high] = all.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], year| {
        let [least, most] = year.range();
        [low.min(least), high.max(most)]
    });
    let step = (high - low) / (POINTS - 1) as f64;
    let grid: Vec<f64> = (0..POINTS).map(|k| low + step * k as f64).collect();
    for year in &mut all {
        year.density = grid.par_iter().map(|&x| year.at(x)).collect();
    }
    Ok(Density { n: takes_part.len(), grid, years: all, left_out })
}

impl DensityYear {
    fn new(all: &Distribution) -> Result<Self> {
        let relative: Vec<f64> = all.relative().collect();
        let order = all.ascending();
        let moment = |power: i32| mean(relative.iter().map(|r| (r - 1.0).powi(power)).zip(all.p.iter().copied()));
        let concentration: f64 = all.p.iter().map(|p| p * p).sum();
        let variance = moment(2);
        let sample_sd = (variance / (1.0 - concentration)).sqrt();
        if sample_sd.is_nan() || sample_sd <= EQUAL {
            let message = "all values of a year are equal, so that there is no density";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        let range = (quantile(all, &order, 0.75) - quantile(all, &order, 0.25)) / all.mean / 1.34;
        let spread = if range > EQUAL { sample_sd.min(range) } else { sample_sd };
        let share = |of: &dyn Fn(f64) -> bool| -> f64 {
            relative.iter().zip(&all.p).filter(|&(&r, _)| of(r)).map(|(_, p)| p).sum()
        };
        let mut year = Self {
            bandwidth: 0.9 * spread * libm::pow(concentration, 0.2),
            density: Vec::new(),
            peaks: Vec::new(),
            sd: variance.sqrt(),
            skewness: moment(3) / (variance * variance.sqrt()),
            below_half: share(&|r| r < 0.5),
            above_twice: share(&|r| r > 2.0),
            below_zero: 0.0,
            coarse: false,
            sorted: order.iter().map(|&i| (relative[i], all.p[i])).collect(),
        };
        year.below_zero = year.sorted.iter().map(|(r, p)| p * libm::erfc(r / year.bandwidth / SQRT_2) / 2.0).sum();
        year.find_peaks();
        Ok(year)
    }

    /// The density at `x`, a multiple of the mean.
    pub fn at(&self, x: f64) -> f64 {
        self.within(x, VANISHED)
    }

    /// The density at `x` of the values up to this many bandwidths away.
    fn within(&self, x: f64, bandwidths: f64) -> f64 {
        let h = self.bandwidth;
        let from = self.sorted.partition_point(|&(r, _)| r < x - bandwidths * h);
        let near = self.sorted[from..].iter().take_while(|&&(r, _)| r <= x + bandwidths * h);
        let sum: f64 = near.map(|&(r, p)| p * libm::exp(-0.5 * ((x - r) / h) * ((x - r) / h))).sum();
        sum / (h * (2.0 * PI).sqrt())
    }

    /// Where the density of this year is above that of its tails.
    fn range(&self) -> [f64; 2] {
        let (least, most) = (self.sorted.first().map_or(0.0, |v| v.0), self.sorted.last().map_or(0.0, |v| v.0));
        [least - BEYOND * self.bandwidth, most + BEYOND * self.bandwidth]
    }

    fn find_peaks(&mut self) {
        let [low, high] = self.range();
        let wanted = (STEPS * (high - low) / self.bandwidth).ceil();
        let steps = if wanted <= MOST_STEPS as f64 { wanted as usize } else { MOST_STEPS };
        let step = (high - low) / steps as f64;
        // Two steps of a bandwidth are the fewest that show a peak of one kernel.
        self.coarse = step > self.bandwidth / 2.0;
        let f: Vec<f64> = (0..=steps).into_par_iter().map(|k| self.within(low + step * k as f64, NEAR)).collect();
        let all = summits(&f);
        let highest = f.iter().fold(0.0_f64, |most, &x| most.max(x));
        let kept: Vec<(usize, f64)> = all.into_iter().filter(|&(_, p)| p >= PROMINENCE * highest).collect();
        let valley = |pair: &[(usize, f64)]| {
            let (a, b) = (pair[0].0, pair[1].0);
            (a..=b).min_by(|&i, &j| f[i].total_cmp(&f[j])).map_or(low, |k| low + step * k as f64)
        };
        let valleys: Vec<f64> = kept.windows(2).map(valley).collect();
        let peak = |(at, &(k, prominence)): (usize, &(usize, f64))| {
            let x = low + step * (k as f64 + vertex(f[k - 1], f[k], f[k + 1]));
            let left = at.checked_sub(1).map_or(f64::NEG_INFINITY, |at| valleys[at]);
            let right = valleys.get(at).copied().unwrap_or(f64::INFINITY);
            let inside = self.sorted.iter().filter(|&&(r, _)| r > left && r <= right);
            let (cities, share) = inside.fold((0, 0.0), |(cities, share), (_, p)| (cities + 1, share + p));
            Peak { x, height: self.within(x, NEAR), prominence, share, cities }
        };
        self.peaks = kept.iter().enumerate().map(peak).collect();
    }
}

/// The places of all peaks of a curve, with their prominence. Of a level top the first place, of equal peaks the first is
/// taken as the higher.
fn summits(f: &[f64]) -> Vec<(usize, f64)> {
    let mut peaks = Vec::new();
    for k in 1..f.len().saturating_sub(1) {
        let after = f[k..].iter().find(|&&x| x != f[k]);
        if f[k] > f[k - 1] && after.is_some_and(|&x| x < f[k]) {
            let left = f[..k].iter().rev().take_while(|&&x| x < f[k]);
            let right = f[k + 1..].iter().take_while(|&&x| x <= f[k]);
            let reaches = [left.clone().count() == k, right.clone().count() == f.len() - k - 1];
            let lowest = [left.fold(f[k], |least, &x| least.min(x)), right.fold(f[k], |least, &x| least.min(x))];
            // A side without a higher peak leads down to 0.
            let [a, b] = [0, 1].map(|side| if reaches[side] { 0.0 } else { lowest[side] });
            peaks.push((k, f[k] - a.max(b)));
        }
    }
    peaks
}

/// Where between −½ and ½ the parabola through three points has its top.
fn vertex(before: f64, here: f64, after: f64) -> f64 {
    let curve = before - 2.0 * here + after;
    if curve < 0.0 { ((before - after) / (2.0 * curve)).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prominence_is_the_way_down_to_a_higher_peak() {
        let f = [0.0, 3.0, 1.0, 5.0, 4.0, 4.5, 0.0];
        assert_eq!(summits(&f), [(1, 2.0), (3, 5.0), (5, 0.5)]);
        assert_eq!(summits(&[0.0, 2.0, 2.0, 1.0, 2.0, 0.0]), [(1, 2.0), (4, 1.0)]);
        assert!(summits(&[0.0, 1.0]).is_empty() && summits(&[]).is_empty());
        assert_eq!(vertex(1.0, 2.0, 1.0), 0.0);
    }
}
