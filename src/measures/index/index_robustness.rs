//! How far the ranks of a composite index hang on its weights and on single indicators.

use rayon::prelude::*;

use super::ranks::ranks as places;
use super::spearman;
use crate::error::{Fault, Kind, Result};
use crate::inference::Stream;

/// Most ranks that are held: units times draws.
const MOST_RANKS: usize = 100_000_000;

/// Scores are summed for this many units at a time, so that they stay near.
const BLOCK: usize = 1024;

/// Which weights are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RandomWeights {
    /// Any: uniform over all weights of 0 or more with the sum 1, that is Dirichlet(1, …, 1).
    Any,
    /// Each weight between 1 − x and 1 + x times the one given, uniformly and independently, then scaled to the sum 1; x is
    /// above 0 and at most 1.
    Near(f64),
}

/// Ranks under random weights; see [`rank_intervals()`]. One entry for every unit.
#[derive(Clone, Debug, PartialEq)]
pub struct RankIntervals {
    /// Number of draws.
    pub draws: usize,
    /// Units that take part.
    pub n: usize,
    /// Rank 1 to `top` counts as top: the first tenth of the units, one at least.
    pub top: usize,
    /// Rank of which at most 5 % of the draws are better, 1 the best; `None` for a unit without a number.
    pub low: Vec<Option<usize>>,
    /// Rank of the middle draw.
    pub median: Vec<Option<usize>>,
    /// Rank of which at most 5 % of the draws are worse.
    pub high: Vec<Option<usize>>,
    /// Share of the draws in which the unit is first; NaN for a unit without a number.
    pub first: Vec<f64>,
    /// Share of the draws in which it is among the first tenth.
    pub top_share: Vec<f64>,
}

/// Ranks of units under random weights of their indicators.
///
/// `normalised` are the values z of the indicators, more is better, indicator after indicator, in each one for every unit, NaN
/// where there is none. `weights` are those given, 0 or more; an indicator of weight 0 takes no part, and a unit without the
/// value of another one has no rank.
///
/// # Formula
///
/// S_i = Σ_k w_k z_ik; rank_i = 1 + #{j: S_j > S_i}
///
/// for each of `draws` random w. Any weights: w_k = E_k/Σ E with E_k = −ln(1 − u_k), u uniform on [0, 1). Near those given:
/// w_k = v_k(1 + x(2u_k − 1)) over their sum, where v are the weights given. The quantiles are ranks that occurred: the one
/// at place ⌈q·draws⌉ in ascending order. Draw b has the stream keyed by (seed, `index_robustness`, b), so that the numbers
/// are the same for any number of threads. O(draws · units · (indicators + log units)).
///
/// # Errors
///
/// As [`obstacles`](super::obstacles()) for shapes and weights; no draws; x not in (0, 1]; [`Kind::TooLarge`] for more than
/// 10⁸ ranks.
///
/// # Source
///
/// Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as tools for the quality
/// assessment of composite indicators. Journal of the Royal Statistical Society A 168, 307-323. Weights near those given as in
/// Becker, W. et al. (2022). COINr: an R package for developing composite indicators. Journal of Open Source Software 7(78),
/// 4567 (`get_noisy_weights`).
///
/// ```
/// use agglo::measures::index::{RandomWeights, rank_intervals};
/// // The first unit is better than the second in everything, and the third is best in one thing and worst in the other.
/// let z = [0.8, 0.6, 1.0, 0.7, 0.5, 0.0];
/// let ranks = rank_intervals(&z, &[0.5, 0.5], RandomWeights::Any, 1000, 42)?;
/// assert_eq!((ranks.low[0], ranks.high[0]), (Some(1), Some(2)));
/// assert_eq!((ranks.low[1], ranks.high[1]), (Some(2), Some(3)));
/// assert_eq!((ranks.low[2], ranks.high[2]), (Some(1), Some(3)));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rank_intervals(
    normalised: &[f64],
    weights: &[f64],
    random: RandomWeights,
    draws: usize,
    seed: u64,
) -> Result<RankIntervals> {
    let table = Table::of(normalised, weights)?;
    if let RandomWeights::Near(x) = random
        && !(x > 0.0 && x <= 1.0)
    {
        let message = format!("weights within {x} of those given: above 0 and at most 1 is needed");
        return Err(Fault::new(Kind::Option, message).into());
    }
    if draws == 0 {
        return Err(Fault::new(Kind::Option, "at least one draw is needed").into());
    }
    let n = table.units.len();
    if n.saturating_mul(draws) > MOST_RANKS {
        let message = format!("{n} units in {draws} draws, and at most {MOST_RANKS} ranks are held");
        return Err(Fault::new(Kind::TooLarge, message).into());
    }
    let mut ranks = vec![0_u32; n * draws];
    ranks.par_chunks_mut(n.max(1)).enumerate().for_each_init(
        || (vec![0.0; n], Vec::with_capacity(n)),
        |(scores, order), (draw, ranks)| {
            let mut stream = Stream::new(seed, "index_robustness", draw as u64);
            table.scores(&table.drawn(random, &mut stream), scores);
            rank(scores, order, ranks);
        },
    );
    Ok(intervals(&table, &ranks, draws))
}

/// The indicators and units that take part.
struct Table {
    /// Values of one indicator after the other, over the units that take part.
    columns: Vec<Vec<f64>>,
    /// The indicators of a weight above 0.
    indicators: Vec<usize>,
    weights: Vec<f64>,
    /// The units that have all values.
    units: Vec<usize>,
    of: usize,
}

impl Table {
    fn of(normalised: &[f64], weights: &[f64]) -> Result<Self> {
        if weights.is_empty() || !normalised.len().is_multiple_of(weights.len()) {
            let (values, k) = (normalised.len(), weights.len());
            let message = format!("{values} values are not one for each unit and each of {k} indicators");
            return Err(Fault::new(Kind::Structure, message).into());
        }
        if let Some(weight) = weights.iter().find(|weight| !(0.0..f64::INFINITY).contains(*weight)) {
            return Err(Fault::new(Kind::Value, format!("a weight of {weight} is not a number of 0 or more")).into());
        }
        let indicators: Vec<usize> = (0..weights.len()).filter(|&k| weights[k] > 0.0).collect();
        if indicators.is_empty() {
            return Err(Fault::new(Kind::Undefined, "no indicator has a weight above 0").into());
        }
        let of = normalised.len() / weights.len();
        let column = |k: usize| &normalised[k * of..(k + 1) * of];
        let units: Vec<usize> = (0..of).filter(|&i| indicators.iter().all(|&k| column(k)[i].is_finite())).collect();
        let columns = indicators.iter().map(|&k| units.iter().map(|&i| column(k)[i]).collect()).collect();
        let weights = indicators.iter().map(|&k| weights[k]).collect();
        Ok(Self { columns, indicators, weights, units, of })
    }

    /// Σ_k w_k z_k of every unit.
    fn scores(&self, weights: &[f64], scores: &mut [f64]) {
        scores.fill(0.0);
        for (block, scores) in scores.chunks_mut(BLOCK).enumerate() {
            for (column, weight) in self.columns.iter().zip(weights) {
                scores.iter_mut().zip(&column[block * BLOCK..]).for_each(|(score, z)| *score += weight * z);
            }
        }
    }

    /// Random weights. They need not be scaled, since no rank hangs on their sum.
    fn drawn(&self, random: RandomWeights, stream: &mut Stream) -> Vec<f64> {
        let draw = |&weight: &f64| match random {
            RandomWeights::Any => -libm::log(1.0 - stream.unit()),
            RandomWeights::Near(x) => weight * (1.0 + x * (2.0 * stream.unit() - 1.0)),
        };
        self.weights.iter().map(draw).collect()
    }

    /// One entry for every unit, from those of the units that take part.
    fn spread<T: Clone>(&self, values: impl Iterator<Item = T>, missing: T) -> Vec<T> {
        let mut spread = vec![missing; self.of];
        self.units.iter().zip(values).for_each(|(&i, value)| spread[i] = value);
        spread
    }
}

/// The rank of every score, 1 for the highest; units with the same values have the same score, and share the best rank.
fn rank(scores: &[f64], order: &mut Vec<(f64, u32)>, ranks: &mut [u32]) {
    order.clear();
    order.extend(scores.iter().zip(0..).map(|(&score, i)| (score, i)));
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut place, mut last) = (1, f64::NAN);
    for (before, &(score, i)) in (0..).zip(order.iter()) {
        if score != last {
            (place, last) = (before + 1, score);
        }
        ranks[i as usize] = place;
    }
}

/// Quantiles and shares of the ranks of every unit; `ranks` are those of one draw after the other.
fn intervals(table: &Table, ranks: &[u32], draws: usize) -> RankIntervals {
    let n = table.units.len();
    let top = n.div_ceil(10).max(1);
    let place = |percent: usize| (percent * draws).div_ceil(100).max(1) - 1;
    let of_unit = |i: usize| {
        let mut of_unit: Vec<u32> = ranks.iter().skip(i).step_by(n).copied().collect();
        of_unit.sort_unstable();
        let share = |up_to: usize| of_unit.partition_point(|&rank| rank as usize <= up_to) as f64 / draws as f64;
        ([5, 50, 95].map(|percent| of_unit[place(percent)] as usize), share(1), share(top))
    };
    let all: Vec<([usize; 3], f64, f64)> = (0..n).into_par_iter().map(of_unit).collect();
    let quantile = |q: usize| table.spread(all.iter().map(|unit| Some(unit.0[q])), None);
    RankIntervals {
        draws,
        n,
        top,
        low: quantile(0),
        median: quantile(1),
        high: quantile(2),
        first: table.spread(all.iter().map(|unit| unit.1), f64::NAN),
        top_share: table.spread(all.iter().map(|unit| unit.2), f64::NAN),
    }
}

/// What becomes of the ranks without one indicator; see [`leave_one_out()`].
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The indicator left out.
    pub indicator: usize,
    /// Spearman's correlation of the scores without it with those of all; NaN where either are all equal.
    pub spearman: f64,
    /// The unit whose rank changes most, the first of several; `None` where no rank changes.
    pub unit: Option<usize>,
    /// Its rank with all indicators, 0 where no rank changes.
    pub from: usize,
    /// Its rank without this one, 0 where no rank changes.
    pub to: usize,
}

/// The ranks without each indicator in turn, the weights of the others kept in proportion.
///
/// `normalised` and `weights` as for [`rank_intervals()`]. One entry for each indicator of a weight above 0, in their order.
/// O(indicators · units · (indicators + log units)).
///
/// # Errors
///
/// As [`rank_intervals()`]; [`Kind::Undefined`] where fewer than two indicators have a weight above 0.
///
/// ```
/// use agglo::measures::index::leave_one_out;
/// // Without the second indicator the second unit comes first.
/// let without = leave_one_out(&[0.5, 0.6, 0.0, 1.0, 0.2, 0.3], &[1.0, 1.0])?;
/// assert_eq!((without[0].spearman, without[0].unit), (0.5, Some(1)));
/// assert_eq!((without[1].unit, without[1].from, without[1].to), (Some(0), 1, 2));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn leave_one_out(normalised: &[f64], weights: &[f64]) -> Result<Vec<LeftOut>> {
    let table = Table::of(normalised, weights)?;
    if table.indicators.len() < 2 {
        return Err(Fault::new(Kind::Undefined, "one indicator alone has a weight above 0").into());
    }
    let scores = |weights: &[f64]| {
        let mut scores = vec![0.0; table.units.len()];
        table.scores(weights, &mut scores);
        scores
    };
    let full = scores(&table.weights);
    let ranks = places(&full);
    let without = |k: usize| {
        let mut weights = table.weights.clone();
        weights[k] = 0.0;
        let rest = scores(&weights);
        let change = |(i, (from, to)): (usize, (&Option<usize>, &Option<usize>))| Some((i, (*from)?, (*to)?));
        let now = places(&rest);
        let changes = ranks.iter().zip(&now).enumerate().filter_map(change);
        let most = changes.fold((None, 0, 0), |most: (Option<usize>, usize, usize), (i, from, to)| {
            if from.abs_diff(to) > most.1.abs_diff(most.2) { (Some(i), from, to) } else { most }
        });
        LeftOut {
            indicator: table.indicators[k],
            spearman: spearman(&full, &rest),
            unit: most.0.map(|i| table.units[i]),
            from: most.1,
            to: most.2,
        }
    };
    Ok((0..table.indicators.len()).into_par_iter().map(without).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_weights_are_uniform_over_their_triangle() {
        // Of three indicators, the unit that has the first alone is first where w_1 > 1/2: a quarter of the triangle.
        let z = [1.0, 0.5, 0.0, 0.5, 0.0, 0.5];
        let ranks = rank_intervals(&z, &[1.0; 3], RandomWeights::Any, 20_000, 1).unwrap();
        assert!((ranks.first[0] - 0.25).abs() < 4.0 * (0.25 * 0.75 / 20_000.0_f64).sqrt(), "{}", ranks.first[0]);
        assert_eq!(ranks.first[0], ranks.top_share[0]);
        assert_eq!((ranks.low[0], ranks.median[0], ranks.high[0]), (Some(1), Some(2), Some(2)));
    }

    #[test]
    fn a_unit_without_a_number_has_no_rank() {
        let z = [0.5, f64::NAN, 0.7, 0.1, 0.2, 0.3];
        let ranks = rank_intervals(&z, &[1.0, 1.0], RandomWeights::Near(0.25), 10, 1).unwrap();
        assert_eq!((ranks.n, ranks.low[1], ranks.high[0], ranks.low[2]), (2, None, Some(2), Some(1)));
        assert!(ranks.first[1].is_nan());
        let alone = rank_intervals(&z, &[0.0, 1.0], RandomWeights::Any, 10, 1).unwrap();
        assert_eq!((alone.n, alone.median), (3, vec![Some(3), Some(2), Some(1)]));
        let none = rank_intervals(&[f64::NAN], &[1.0], RandomWeights::Any, 10, 1).unwrap();
        assert_eq!((none.n, none.low), (0, vec![None]));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let kind = |w: &[f64], random, draws| rank_intervals(&[0.5; 4], w, random, draws, 1).unwrap_err().kind();
        assert_eq!(kind(&[1.0; 3], RandomWeights::Any, 10), Kind::Structure);
        assert_eq!(kind(&[0.0; 2], RandomWeights::Any, 10), Kind::Undefined);
        assert_eq!(kind(&[1.0; 2], RandomWeights::Any, 0), Kind::Option);
        assert_eq!(kind(&[1.0; 2], RandomWeights::Near(1.5), 10), Kind::Option);
        assert_eq!(kind(&[1.0; 2], RandomWeights::Any, usize::MAX), Kind::TooLarge);
        assert_eq!(leave_one_out(&[0.5; 4], &[1.0, 0.0]).unwrap_err().kind(), Kind::Undefined);
    }
}
