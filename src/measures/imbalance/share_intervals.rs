//! Bootstrap intervals of how inequality is split by groups, with cities drawn within each group.

use super::bootstrap::{Interval, resampled};
use super::distribution::Distribution;
use super::inequality_intervals::within_budget;
use crate::error::{Fault, Kind, Result};
use crate::inference::{LANES, Lanes, Stream};

/// The shares that get intervals, in the order of the intervals.
pub const INTERVAL_SHARES: [&str; COUNT] =
    ["theil_t_between", "theil_l_between", "dagum_within", "dagum_net_between", "dagum_transvariation"];
const COUNT: usize = 5;
const PURPOSE: &str = "share_intervals";

/// Intervals of shares of inequality; see [`share_intervals()`].
#[derive(Clone, Debug, PartialEq)]
pub struct ShareIntervals {
    /// Cities that take part.
    pub n: usize,
    /// Their groups.
    pub groups: usize,
    /// Cities that are alone in their group, so that every resample holds them.
    pub alone: usize,
    /// The intervals of [`INTERVAL_SHARES`]; NaN where a share is not defined.
    pub shares: [Interval; COUNT],
}

/// Bootstrap intervals of the shares of inequality within and between groups. One value ≥ 0 and one group for every city;
/// a city without a value, a group or, where there is one, a population takes no part.
///
/// # Formula
///
/// T_b/T, L_b/L and, of Dagum's decomposition, G_w/G, G_nb/G, G_t/G: those of [`theil_groups`](super::theil_groups()) and
/// [`dagum()`](super::dagum()). Each of `resamples` draws with replacement from the cities of each group as many as it
/// has, so that every group stays there with its number of cities; a city keeps its population. The interval with the
/// level 1 − `alpha` is the bias-corrected one (BCa without acceleration). A small group drawn with replacement is more
/// equal inside than the group itself, so that shares between groups are too large in the resamples; the correction takes
/// this back as far as it can, and where all resamples lie on one side of the share there is no interval.
///
/// O(n log n), then O(n + k log k) for each resample with k groups, 5·(resamples) numbers of memory. The draws of each
/// resample have a stream of their own, so that the numbers do not depend on threads.
///
/// # Errors
///
/// Those of [`dagum()`](super::dagum()) but for the number of groups; an `alpha` that is not between 0 and 1;
/// [`Kind::TooLarge`] for more than 5·10¹⁰ cities times resamples.
///
/// # Source
///
/// Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap. New York: Chapman and Hall. Of Theil's split:
/// Mills, J. A. and Zandvakili, S. (1997). Statistical inference via bootstrapping for measures of inequality. Journal of
/// Applied Econometrics 12, 133-150.
///
/// ```
/// use agglo::measures::imbalance::{INTERVAL_SHARES, share_intervals};
/// let groups = ["a", "a", "a", "b", "b", "b"].map(Some);
/// let intervals = share_intervals(&[1.0, 2.0, 3.0, 4.0, 6.0, 9.0], None, &groups, 1_000, 42, 0.05)?;
/// assert_eq!(INTERVAL_SHARES[0], "theil_t_between");
/// let between = intervals.shares[0];
/// assert!(0.0 <= between.low && between.low < between.value);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn share_intervals<G: AsRef<str>>(
    x: &[f64],
    population: Option<&[f64]>,
    groups: &[Option<G>],
    resamples: usize,
    seed: u64,
    alpha: f64,
) -> Result<ShareIntervals> {
    if !(alpha > 0.0 && alpha < 1.0) {
        let message = format!("the level of an interval lies between 0 and 1, and 1 - {alpha} does not");
        return Err(Fault::new(Kind::Option, message).into());
    }
    let (all, members) = Distribution::in_groups(x, population, groups)?;
    within_budget(all.n(), resamples, 1)?;
    let members: Vec<Vec<usize>> = members.into_values().collect();
    let split = Split::new(&all, members);
    let value = split.shares(&vec![[1.0; LANES]; all.n()])[0];
    let replicates: Vec<[f64; COUNT]> = resampled(all.n(), resamples, |counts, batch| {
        split.draw(counts, seed, batch);
        split.shares(counts)
    });
    let interval = |m: usize| Interval::accelerated(value[m], replicates.iter().map(|row| row[m]), 0.0, alpha);
    Ok(ShareIntervals {
        n: all.n(),
        groups: split.groups.len(),
        alone: split.groups.iter().filter(|group| group.members.len() == 1).count(),
        shares: std::array::from_fn(interval),
    })
}

/// The cities in ascending order, all together and by group.
struct Split {
    groups: Vec<Group>,
    all: Vec<Step>,
}

struct Group {
    /// Its cities as they come in the file.
    members: Vec<usize>,
    terms: Vec<Term>,
}

/// A city, its share p_i, and the step from its r_i = x_i/μ to the next larger one.
struct Step {
    place: usize,
    share: f64,
    step: f64,
}

/// The same, the step being that within its group, and what it adds to the sums of Theil's indices.
struct Term {
    step: Step,
    /// p_i (r_i − 1).
    mean: f64,
    /// p_i (r_i ln r_i − (r_i − 1)).
    theil_t: f64,
    /// p_i (r_i − 1 − ln r_i); NaN where r_i is 0.
    theil_l: f64,
}

/// Sums over the cities of a group: of p_i, of p_i (r_i − 1), of p_i p_j |r_i − r_j| for each pair.
struct OfGroup {
    share: Lanes,
    mean: Lanes,
    difference: Lanes,
}

impl Split {
    fn new(all: &Distribution, members: Vec<Vec<usize>>) -> Self {
        let steps = |order: &[usize]| -> Vec<Step> {
            let step = |(at, &i): (usize, &usize)| Step {
                place: i,
                share: all.p[i],
                step: order.get(at + 1).map_or(0.0, |&next| (all.x[next] - all.x[i]) / all.mean),
            };
            order.iter().enumerate().map(step).collect()
        };
        let term = |step: Step| {
            let (p, r) = (step.share, all.x[step.place] / all.mean);
            let d = (all.x[step.place] - all.mean) / all.mean;
            let log = if r > 0.0 { libm::log1p(d) } else { f64::NAN };
            let theil_t = if log.is_nan() { -p * d } else { p * (r * log - d) };
            Term { step, mean: p * d, theil_t, theil_l: p * (d - log) }
        };
        let group = |members: Vec<usize>| {
            let mut order = members.clone();
            order.sort_by(|&a, &b| all.x[a].total_cmp(&all.x[b]));
            Group { members, terms: steps(&order).into_iter().map(term).collect() }
        };
        Self { groups: members.into_iter().map(group).collect(), all: steps(&all.ascending()) }
    }

    /// How often each city is drawn within its group in the resamples of a batch.
    #[allow(clippy::needless_range_loop, reason = "a lane is the number of a stream too")]
    fn draw(&self, counts: &mut [Lanes], seed: u64, batch: usize) {
        counts.fill([0.0; LANES]);
        for lane in 0..LANES {
            let mut stream = Stream::new(seed, PURPOSE, (batch * LANES + lane) as u64);
            for group in &self.groups {
                let n = group.members.len() as u32;
                (0..n).for_each(|_| counts[group.members[stream.below(n) as usize]][lane] += 1.0);
            }
        }
    }

    /// The shares in the resamples in which each city comes as often as `counts` says.
    fn shares(&self, counts: &[Lanes]) -> [[f64; COUNT]; LANES] {
        let (mut theil_t, mut theil_l) = ([0.0; LANES], [0.0; LANES]);
        let groups: Vec<OfGroup> =
            self.groups.iter().map(|group| group.sums(counts, &mut theil_t, &mut theil_l)).collect();
        let (_, difference) = pairs(self.all.iter(), counts);
        let mut means: Vec<(f64, f64)> = Vec::with_capacity(groups.len());
        std::array::from_fn(|lane| {
            let of = |sum: fn(&OfGroup) -> &Lanes| groups.iter().map(|group| sum(group)[lane]).sum::<f64>();
            let share = of(|group| &group.share);
            let d = of(|group| &group.mean) / share;
            let mean = 1.0 + d;
            if mean <= f64::EPSILON {
                return [f64::NAN; COUNT];
            }
            let t = (theil_t[lane] / share + d) / mean - libm::log1p(d);
            let l = theil_l[lane] / share - d + libm::log1p(d);
            means.clear();
            means.extend(groups.iter().map(|group| {
                (group.share[lane] / share, (1.0 + group.mean[lane] / group.share[lane]).max(0.0) / mean)
            }));
            let (t_between, l_between) = super::theil::indices(means.iter().copied());
            means.sort_by(|a, b| a.1.total_cmp(&b.1));
            let gini = difference[lane] / (share * share) / mean;
            let within = of(|group| &group.difference) / (share * share) / mean;
            let between = gini_of_means(&means);
            let part = |part: f64, whole: f64| if whole > NOISE { (part / whole).clamp(0.0, 1.0) } else { f64::NAN };
            [
                part(t_between, t),
                part(l_between, l),
                part(within, gini),
                part(between, gini),
                part(gini - within - between, gini),
            ]
        })
    }
}

/// Inequality that is rounding.
const NOISE: f64 = 1e-15;

impl Group {
    fn sums(&self, counts: &[Lanes], theil_t: &mut Lanes, theil_l: &mut Lanes) -> OfGroup {
        let mut mean = [0.0; LANES];
        for term in &self.terms {
            let count = &counts[term.step.place];
            for lane in 0..LANES {
                mean[lane] += count[lane] * term.mean;
                theil_t[lane] += count[lane] * term.theil_t;
                theil_l[lane] += count[lane] * term.theil_l;
            }
        }
        let (share, difference) = pairs(self.terms.iter().map(|term| &term.step), counts);
        OfGroup { share, mean, difference }
    }
}

/// Σ p_i, and Σ p_i p_j |r_i − r_j| with each pair once, over cities in ascending order: Σ_k P_k (P − P_k) step_k.
fn pairs<'a>(steps: impl Iterator<Item = &'a Step>, counts: &[Lanes]) -> (Lanes, Lanes) {
    let (mut below, mut linear, mut squared) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for step in steps {
        let count = &counts[step.place];
        for lane in 0..LANES {
            below[lane] += count[lane] * step.share;
            let term = below[lane] * step.step;
            linear[lane] += term;
            squared[lane] += term * below[lane];
        }
    }
    let difference = std::array::from_fn(|lane| f64::max(linear[lane] * below[lane] - squared[lane], 0.0));
    (below, difference)
}

/// The Gini coefficient of shares and means of groups, from the least mean to the largest.
fn gini_of_means(groups: &[(f64, f64)]) -> f64 {
    let mut below = 0.0;
    let steps = groups.windows(2).map(|pair| {
        below += pair[0].0;
        below * (1.0 - below) * (pair[1].1 - pair[0].1)
    });
    f64::max(steps.sum(), 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::{dagum, theil_groups};
    use super::*;

    #[test]
    fn every_resample_is_that_of_the_measures_themselves() {
        for zeros in [false, true] {
            let unit = |key: u64| Stream::new(7, "test", key).unit();
            let n = 40;
            let x: Vec<f64> = (0..n).map(|i| if zeros && i == 3 { 0.0 } else { libm::exp(2.0 * unit(i)) }).collect();
            let people: Vec<f64> = (0..n).map(|i| 1.0 + 50.0 * unit(100 + i)).collect();
            let names: Vec<Option<String>> = (0..n).map(|i| (i != 9).then(|| format!("g{}", i * i % 7))).collect();
            for population in [None, Some(people.as_slice())] {
                let (all, members) = Distribution::in_groups(&x, population, &names).unwrap();
                let split = Split::new(&all, members.into_values().collect());
                let mut counts = vec![[0.0; LANES]; all.n()];
                split.draw(&mut counts, 42, 1);
                for (lane, shares) in split.shares(&counts).into_iter().enumerate() {
                    let often = |place: usize| counts[place][lane] as usize;
                    let drawn: Vec<usize> =
                        (0..all.n()).flat_map(|place| std::iter::repeat_n(all.cities[place], often(place))).collect();
                    assert_eq!(drawn.len(), all.n());
                    let y: Vec<f64> = drawn.iter().map(|&i| x[i]).collect();
                    let of_y: Vec<f64> = drawn.iter().map(|&i| people[i]).collect();
                    let population = population.map(|_| of_y.as_slice());
                    let groups: Vec<Option<&str>> = drawn.iter().map(|&i| names[i].as_deref()).collect();
                    let (theil, gini) =
                        (theil_groups(&y, population, &groups).unwrap(), dagum(&y, population, &groups).unwrap());
                    let parts = [gini.within, gini.net_between, gini.transvariation].map(|part| part / gini.gini);
                    let expected = [theil.t_between_share, theil.l_between_share, parts[0], parts[1], parts[2]];
                    for (share, expected) in shares.into_iter().zip(expected) {
                        assert!((share - expected).abs() < 1e-12 || zeros && share.is_nan(), "{share} {expected}");
                    }
                }
            }
        }
    }
}
