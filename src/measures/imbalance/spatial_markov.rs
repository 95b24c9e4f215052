//! Spatial Markov chain: how cities move between classes of relative values, by the class of their neighbours.

use super::chain::Chain;
use super::panel_in_space::{Absent, sampled};
use super::relative_classes::{class_of, cut_offs, relative};
use crate::error::{Fault, Kind, Result};
use crate::inference::chi_squared_p;
use crate::weights::Weights;

/// Moves between classes of relative values by the class of the neighbours; see [`spatial_markov()`].
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialMarkov {
    /// Cities that take part, the same in every year.
    pub n: usize,
    /// The upper bounds of all own classes but the last, as multiples of the mean.
    pub cut_offs: Vec<f64>,
    /// The upper bounds of all lag classes but the last, as multiples of the mean.
    pub lag_cut_offs: Vec<f64>,
    /// The own classes in every year, 0 the lowest, of the cities that take part, in their order.
    pub classes: Vec<Vec<usize>>,
    /// The lag classes in every year, 0 the lowest, of the cities that take part, in their order.
    pub lag_classes: Vec<Vec<usize>>,
    /// The chain of the steps that start in each lag class, from the lowest.
    pub conditional: Vec<Transitions>,
    /// The chain of all steps.
    pub pooled: Transitions,
    /// Whether the chains of the lag classes are one.
    pub homogeneity: Homogeneity,
    /// What each lag class adds to that; see [`Homogeneity`].
    pub by_lag: Vec<Homogeneity>,
    /// The cities that take no part.
    pub absent: Absent,
}

impl SpatialMarkov {
    /// Number of own classes.
    pub fn k(&self) -> usize {
        self.cut_offs.len() + 1
    }

    /// Number of lag classes.
    pub fn m(&self) -> usize {
        self.lag_cut_offs.len() + 1
    }
}

/// Steps between k classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Transitions {
    /// Number of steps from class i (row) to class j (column), row after row.
    pub counts: Vec<usize>,
    /// Share of the steps from i that lead to j, row after row; NaN for a class from which there is none.
    pub probabilities: Vec<f64>,
    /// Share of the cities in each class in the long run; NaN where that depends on where they start, or is unknown.
    pub steady: Vec<f64>,
}

impl Transitions {
    pub(super) fn new(counts: Vec<usize>, k: usize) -> Self {
        let chain = Chain::of(&counts, k);
        Self { steady: chain.steady(), probabilities: chain.p, counts }
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Steps from class i.
    pub fn from(&self, i: usize) -> usize {
        let k = self.steady.len();
        self.counts.iter().skip(i * k).take(k).sum()
    }
}

/// Tests of whether the steps of several groups follow one and the same chain, that of all steps together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homogeneity {
    /// Pearson's Q = Σ n_i (p_ij − p̄_ij)²/p̄_ij.
    pub q: f64,
    /// p value of Q by chi-squared; NaN without degrees of freedom.
    pub q_p: f64,
    /// Likelihood ratio 2 Σ n_ij ln(p_ij/p̄_ij).
    pub lr: f64,
    /// p value of the likelihood ratio by chi-squared; NaN without degrees of freedom.
    pub lr_p: f64,
    /// Degrees of freedom of both.
    pub df: usize,
}

impl Homogeneity {
    fn new(q: f64, lr: f64, df: usize) -> Self {
        let p = |x: f64| chi_squared_p(x, df as f64);
        Self { q, q_p: p(q), lr, lr_p: p(lr), df }
    }
}

/// Moves of cities between `classes` classes of y_it/μ_t, separately for `lag_classes` classes of what their neighbours
/// have at the start of the step. `levels` are years, ascending, each with one value ≥ 0 for every city, NaN where there is
/// none; `weights` say who is a neighbour.
///
/// # Formula
///
/// p_ij|m = n_ij|m/Σ_j n_ij|m, where n_ij|m is how often a city is in class i, its neighbours in class m, and in the next of
/// the years given the city in class j. The own value is r_it = y_it/μ_t with the mean μ_t of the cities that take part, the
/// neighbours' is Σ_j w_ij r_jt. Both are bounded by the quantiles (type 7) of all years together, each by its own; a value
/// equal to a bound is in the lower class, so that equal values never part and nothing is drawn. Where bounds coincide,
/// there are fewer classes.
///
/// Whether the neighbours matter is tested against p̄_ij, the shares of all steps:
///
/// Q = Σ_m Σ_i Σ_j n_i|m (p_ij|m − p̄_ij)²/p̄_ij, LR = 2 Σ_m Σ_i Σ_j n_ij|m ln(p_ij|m/p̄_ij), df = Σ_i (a_i − 1)(b_i − 1)
///
/// with a_i the classes j that are entered from i at all, and b_i the lag classes with a step from i. What one lag class adds
/// to either is [`SpatialMarkov::by_lag`], with df = Σ_i (a_i − 1) over the classes from which it has steps: as if p̄ was
/// known, so that its p value errs on the careful side. Both tests suppose that the steps are independent of each other.
///
/// Cities without a value in every year leave first, then those left without a neighbour. O(T (n log(T n) + links)).
///
/// # Errors
///
/// Fewer than two years, years that do not ascend, columns of different lengths, fewer than three cities that take part,
/// fewer than two classes asked for, negative values, each with the city's index as the feature; [`Kind::Undefined`] where
/// all relative values are equal, or all of the neighbours, or all values of a year are 0.
///
/// # Source
///
/// Rey, S. J. (2001). Spatial empirics for economic growth and convergence. Geographical Analysis 33, 195-214.
/// doi:10.1111/j.1538-4632.2001.tb00444.x. Tests: Bickenbach, F. and Bode, E. (2003). Evaluating the Markov property in
/// studies of economic convergence. International Regional Science Review 26, 363-392. doi:10.1177/0160017603253789.
///
/// ```
/// use agglo::measures::imbalance::spatial_markov;
/// use agglo::weights::{Transform, Weights};
/// let line = Weights::from_pairs("line", 4, &[(0, 1), (1, 2), (2, 3)]).transformed(Transform::Row);
/// let levels: [(i32, &[f64]); 3] =
///     [(2000, &[1.0, 2.0, 3.0, 4.0]), (2010, &[1.0, 3.0, 2.0, 4.0]), (2020, &[2.0, 1.0, 3.0, 4.0])];
/// let moves = spatial_markov(&levels, &line, 2, 2)?;
/// assert_eq!(moves.pooled.counts, [2, 2, 2, 2]); // as without neighbours
/// assert_eq!(moves.conditional[0].counts, [1, 1, 1, 1]); // with neighbours of the poorer half
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn spatial_markov(
    levels: &[(i32, &[f64])],
    weights: &Weights,
    classes: usize,
    lag_classes: usize,
) -> Result<SpatialMarkov> {
    if classes < 2 || lag_classes < 2 {
        let message = format!("at least two classes are needed, and there are {}", classes.min(lag_classes));
        return Err(Fault::new(Kind::Option, message).into());
    }
    let (sample, absent) = sampled(levels, weights)?;
    let relative = relative(levels, &sample.places())?;
    let lags: Vec<Vec<f64>> = relative.iter().map(|r| sample.weights.lag(r)).collect();
    let cut_offs = bounded(&relative, classes, "relative values are equal")?;
    let lag_cut_offs = bounded(&lags, lag_classes, "neighbourhoods have equal relative values")?;
    let (own, around) = (paths(&relative, &cut_offs), paths(&lags, &lag_cut_offs));
    let (k, m) = (cut_offs.len() + 1, lag_cut_offs.len() + 1);
    let mut counts = vec![vec![0; k * k]; m];
    for (own, around) in own.iter().zip(&around) {
        own.windows(2).zip(around).for_each(|(step, &lag)| counts[lag][step[0] * k + step[1]] += 1);
    }
    let pooled = (0..k * k).map(|at| counts.iter().map(|counts| counts[at]).sum()).collect();
    let pooled = Transitions::new(pooled, k);
    let conditional: Vec<Transitions> = counts.into_iter().map(|counts| Transitions::new(counts, k)).collect();
    let by_lag: Vec<Homogeneity> = conditional.iter().map(|chain| against(chain, &pooled)).collect();
    let sum = |of: fn(&Homogeneity) -> f64| by_lag.iter().map(of).sum();
    Ok(SpatialMarkov {
        n: sample.n(),
        homogeneity: Homogeneity::new(sum(|lag| lag.q), sum(|lag| lag.lr), freedom(&conditional, &pooled)),
        cut_offs,
        lag_cut_offs,
        classes: own,
        lag_classes: around,
        conditional,
        pooled,
        by_lag,
        absent,
    })
}

/// The bounds of the classes, of which there have to be two.
fn bounded(values: &[Vec<f64>], classes: usize, what: &str) -> Result<Vec<f64>> {
    let cut_offs = cut_offs(values, classes);
    let none = || Fault::new(Kind::Undefined, format!("all {what}, so that there is one class"));
    if cut_offs.is_empty() { Err(none().into()) } else { Ok(cut_offs) }
}

/// The classes of each city from year to year.
fn paths(values: &[Vec<f64>], cut_offs: &[f64]) -> Vec<Vec<usize>> {
    let n = values.first().map_or(0, Vec::len);
    (0..n).map(|i| values.iter().map(|year| class_of(cut_offs, year[i])).collect()).collect()
}

/// The classes that are entered from each class.
fn entered(chain: &Transitions) -> Vec<usize> {
    chain.counts.chunks(chain.steady.len()).map(|row| row.iter().filter(|&&n| n > 0).count()).collect()
}

/// What the steps of one group add to the tests of all.
fn against(chain: &Transitions, pooled: &Transitions) -> Homogeneity {
    let k = pooled.steady.len();
    let (mut q, mut lr) = (0.0, 0.0);
    for at in (0..k * k).filter(|&at| pooled.counts[at] > 0 && chain.from(at / k) > 0) {
        let (p, all) = (chain.probabilities[at], pooled.probabilities[at]);
        q += chain.from(at / k) as f64 * (p - all) * (p - all) / all;
        if chain.counts[at] > 0 {
            lr += 2.0 * chain.counts[at] as f64 * libm::log(p / all);
        }
    }
    let rows = entered(pooled).into_iter().enumerate().filter(|&(i, _)| chain.from(i) > 0);
    Homogeneity::new(q, lr, rows.map(|(_, entered)| entered - 1).sum())
}

/// Σ_i (a_i − 1)(b_i − 1) over the classes from which there are steps.
fn freedom(conditional: &[Transitions], pooled: &Transitions) -> usize {
    let groups = |i: usize| conditional.iter().filter(|chain| chain.from(i) > 0).count();
    let rows = entered(pooled).into_iter().enumerate().filter(|&(_, entered)| entered > 0);
    rows.map(|(i, entered)| (entered - 1) * (groups(i) - 1)).sum()
}
