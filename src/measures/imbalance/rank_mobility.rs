//! Rank mobility: how far the order of the cities changes, and whether groups of cities move together.

use indexmap::IndexMap;
use rayon::prelude::*;

use super::distribution::spread;
use super::panel::{checked, complete, enough};
use crate::error::{Fault, Kind, Result};
use crate::inference::{Inference, Replicates, Stream, within_budget};
use crate::measures::ranks::{Concordance, concordance, ranks};

/// How far the order of the cities changes; see [`rank_mobility()`].
#[derive(Clone, Debug, PartialEq)]
pub struct RankMobility {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// From each year to the next.
    pub steps: Vec<RankStep>,
    /// From the first year to the last.
    pub whole: RankStep,
    /// Rank of every city in the first year, 1 the greatest value, ties at their mean rank; NaN for those left out.
    pub first: Vec<f64>,
    /// Rank of every city in the last year.
    pub last: Vec<f64>,
    /// The cities left out, without a value in one of the years.
    pub left_out: Vec<usize>,
}

/// The change of the order of the cities from one year to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankStep {
    /// The year it starts from.
    pub from: i32,
    /// The year it leads to.
    pub to: i32,
    /// How the two years order the pairs of cities.
    pub pairs: Concordance,
    /// Mean number of ranks that a city rises or falls by.
    pub mean_change: f64,
}

/// How far the order of the cities changes from year to year. `levels` are years, ascending, each with one value for every
/// city, NaN where there is none.
///
/// # Formula
///
/// τ_b = (C − D)/√((N − T_x)(N − T_y))
///
/// where C and D are the pairs of cities that two years order alike and the other way round, N all n(n − 1)/2 pairs, and T_x,
/// T_y those tied in the first and in the second year. 1: the order is the same, 0: it says nothing of the later one, −1: it
/// is turned over. Ranks are 1 for the greatest value, those of equal values their mean. Knight's algorithm, O(T n log n).
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than two cities with a value in all
/// years.
///
/// # Source
///
/// Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33, 239-251. doi:10.1093/biomet/33.3.239.
/// For regional incomes: Rey, S. J. (2004). Spatial dependence in the evolution of regional income distributions, in Getis,
/// A., Mur, J. and Zoller, H. G. (eds.), Spatial Econometrics and Spatial Statistics, 194-213. Basingstoke: Palgrave.
///
/// ```
/// use agglo::measures::imbalance::rank_mobility;
/// let levels: [(i32, &[f64]); 2] = [(2000, &[1.0, 2.0, 3.0]), (2010, &[1.0, 3.0, 2.0])];
/// let moves = rank_mobility(&levels)?;
/// assert_eq!(moves.whole.pairs.tau(), 1.0 / 3.0); // one pair of three changed its order
/// assert_eq!((moves.first, moves.last), (vec![3.0, 2.0, 1.0], vec![3.0, 1.0, 2.0]));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn rank_mobility(levels: &[(i32, &[f64])]) -> Result<RankMobility> {
    let all = checked(levels)?;
    let (cities, left_out) = complete(levels, f64::is_finite);
    enough(cities.len(), 2, "a value in all years")?;
    let values = of_cities(levels, &cities);
    let ranks: Vec<Vec<f64>> = values.iter().map(|values| ranks(values)).collect();
    let step = |a: usize, b: usize| RankStep {
        from: levels[a].0,
        to: levels[b].0,
        pairs: concordance(&values[a], &values[b]),
        mean_change: ranks[a].iter().zip(&ranks[b]).map(|(x, y)| (x - y).abs()).sum::<f64>() / cities.len() as f64,
    };
    let last = levels.len() - 1;
    let of_all = |ranks: &[f64]| spread(all, &cities, ranks.iter().copied());
    Ok(RankMobility {
        n: cities.len(),
        steps: (0..last).map(|t| step(t, t + 1)).collect(),
        whole: step(0, last),
        first: of_all(&ranks[0]),
        last: of_all(&ranks[last]),
        left_out,
    })
}

/// The values of some of the cities, year by year.
pub(super) fn of_cities(levels: &[(i32, &[f64])], cities: &[usize]) -> Vec<Vec<f64>> {
    levels.iter().map(|(_, y)| cities.iter().map(|&i| y[i]).collect()).collect()
}

/// Whether the cities of a group rise and fall together; see [`theta()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Theta {
    /// Cities that take part, with a group and a value in every year.
    pub n: usize,
    /// Number of groups.
    pub groups: usize,
    /// From each year to the next, and where that is not the same from the first year to the last.
    pub steps: Vec<ThetaStep>,
    /// Permutations behind the p values: those asked for, or as many as there is time for.
    pub permutations: usize,
}

/// θ from one year to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThetaStep {
    /// The year it starts from.
    pub from: i32,
    /// The year it leads to.
    pub to: i32,
    /// θ, 0 to 1; NaN where no rank changes.
    pub theta: f64,
    /// Mean of θ over the permutations; NaN without any.
    pub permutation_mean: f64,
    /// p value among the permutations; NaN without any.
    pub p: f64,
}

/// Rey's θ: how far rank changes go in the same direction within groups. `levels` are years, ascending, each with one value
/// for every city, NaN where there is none; `groups` the group of every city, `None` where it has none.
///
/// # Formula
///
/// θ = Σ_g |Σ_{i∈g} Δ_i|/Σ_i |Δ_i|
///
/// where Δ_i is by how many ranks city i rises, among the cities with a value in every year and a group. 0: rises and falls
/// cancel out within every group; 1: within no group does one city rise and another fall. Permutations shuffle the groups
/// among the cities, the same for all years; O(P T n), where P falls short of the permutations asked for if they would take
/// too long.
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than two cities that take part;
/// [`Kind::Undefined`] for fewer than two groups, since θ of one is always 0.
///
/// # Source
///
/// Rey, S. J. (2004). Spatial dependence in the evolution of regional income distributions, in Getis, A., Mur, J. and
/// Zoller, H. G. (eds.), Spatial Econometrics and Spatial Statistics, 194-213. Basingstoke: Palgrave.
///
/// ```
/// use agglo::inference::Inference;
/// use agglo::measures::imbalance::theta;
/// let levels: [(i32, &[f64]); 2] = [(2000, &[4.0, 3.0, 2.0, 1.0]), (2010, &[2.0, 1.0, 4.0, 3.0])];
/// let groups = [Some("a"), Some("a"), Some("b"), Some("b")];
/// assert_eq!(theta(&levels, &groups, &Inference::default())?.steps[0].theta, 1.0); // all of a fell, all of b rose
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn theta<S: AsRef<str>>(levels: &[(i32, &[f64])], groups: &[Option<S>], inference: &Inference) -> Result<Theta> {
    let n = checked(levels)?;
    if groups.len() != n {
        return Err(Fault::new(Kind::Option, format!("{} groups for {n} cities", groups.len())).into());
    }
    let mut cities = complete(levels, f64::is_finite).0;
    cities.retain(|&i| groups[i].is_some());
    enough(cities.len(), 2, "a group and a value in all years")?;
    let mut numbers: IndexMap<&str, u32> = IndexMap::new();
    let names = cities.iter().filter_map(|&i| groups[i].as_ref());
    let number = |name| {
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    };
    let members: Vec<u32> = names.map(S::as_ref).map(number).collect();
    if numbers.len() < 2 {
        let message = "all cities are of one group, within which rises and falls always cancel out";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let changes = Changes::new(levels, &cities);
    let years = changes.steps.len();
    let permutations = within_budget(cities.len() * years, inference.permutations);
    let observed = changes.theta(&members, numbers.len());
    let replicate = |shuffled: &mut Vec<u32>, replicate: usize| {
        shuffled.copy_from_slice(&members);
        Stream::new(inference.seed, "theta", replicate as u64).shuffle(shuffled);
        changes.theta(shuffled, numbers.len())
    };
    let replicates: Vec<Vec<f64>> = (0..permutations).into_par_iter().map_init(|| members.clone(), replicate).collect();
    let step = |(at, &(from, to)): (usize, &(i32, i32))| {
        let values = replicates.iter().map(|replicate| replicate[at]).collect();
        let replicates = Replicates { observed: observed[at], values };
        let p = if observed[at].is_nan() { f64::NAN } else { replicates.p(inference.alternative) };
        ThetaStep { from, to, theta: observed[at], permutation_mean: replicates.mean(), p }
    };
    let steps = changes.steps.iter().enumerate().map(step).collect();
    Ok(Theta { n: cities.len(), groups: numbers.len(), steps, permutations })
}

/// By how many ranks each city rises in each step.
struct Changes {
    /// The years that each step leads from and to.
    steps: Vec<(i32, i32)>,
    /// Ranks that a city rises by, all steps of one city after those of another.
    rises: Vec<f64>,
    /// Σ|Δ| of each step.
    totals: Vec<f64>,
}

impl Changes {
    fn new(levels: &[(i32, &[f64])], cities: &[usize]) -> Self {
        let ranks: Vec<Vec<f64>> = of_cities(levels, cities).iter().map(|values| ranks(values)).collect();
        let pairs = spans(levels.len());
        let rise = |i: usize, (a, b): (usize, usize)| ranks[a][i] - ranks[b][i];
        let total = |&pair: &(usize, usize)| (0..cities.len()).map(|i| rise(i, pair).abs()).sum();
        Self {
            totals: pairs.iter().map(total).collect(),
            rises: (0..cities.len())
                .flat_map(|i| pairs.iter().map(move |&pair| (i, pair)))
                .map(|(i, p)| rise(i, p))
                .collect(),
            steps: pairs.iter().map(|&(a, b)| (levels[a].0, levels[b].0)).collect(),
        }
    }

    /// θ of every step for cities in these groups. Ranks are whole or half, so that no sum depends on its order.
    fn theta(&self, members: &[u32], groups: usize) -> Vec<f64> {
        let steps = self.steps.len();
        let mut sums = vec![0.0; groups * steps];
        for (rises, &group) in self.rises.chunks(steps).zip(members) {
            let sums = &mut sums[group as usize * steps..][..steps];
            sums.iter_mut().zip(rises).for_each(|(sum, rise)| *sum += rise);
        }
        let together = |at: usize| sums.iter().skip(at).step_by(steps).map(|sum: &f64| sum.abs()).sum::<f64>();
        let theta = |(at, &total): (usize, &f64)| if total > 0.0 { together(at) / total } else { f64::NAN };
        self.totals.iter().enumerate().map(theta).collect()
    }
}

/// The steps between so many years, as places: from each to the next, and from the first to the last if there are more.
pub(super) fn spans(years: usize) -> Vec<(usize, usize)> {
    let whole = (years > 2).then(|| (0, years - 1));
    (1..years).map(|t| (t - 1, t)).chain(whole).collect()
}
