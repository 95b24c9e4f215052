//! Dagum's decomposition of the Gini coefficient: within groups, between their means, and where groups overlap.

use rayon::prelude::*;

use super::distribution::{Distribution, mean};
use super::gini::gini_of;
use crate::error::{Fault, Kind, Result};

/// Most groups, whose matrices are written in full.
const MOST_GROUPS: usize = 2_000;

/// Dagum's decomposition; see [`dagum()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Dagum {
    /// Cities that take part.
    pub n: usize,
    /// The Gini coefficient of these cities, that of [`gini()`](super::gini()).
    pub gini: f64,
    /// The part within groups.
    pub within: f64,
    /// The net part between groups: the Gini coefficient if every city had the mean of its group.
    pub net_between: f64,
    /// The part of transvariation: pairs of cities in which the one of the poorer group is the richer.
    pub transvariation: f64,
    /// The groups, in the order in which they first appear.
    pub groups: Vec<DagumGroup>,
    /// Gini coefficients between groups, row after row, those of the groups themselves on the diagonal; NaN where both
    /// groups have nothing.
    pub g_jh: Vec<f64>,
    /// Relative economic affluence between groups, 0 to 1, row after row; 0 on the diagonal by convention, NaN where all
    /// cities of both groups are equal.
    pub d_jh: Vec<f64>,
    /// Share of the pairs of two cities that lie in one group, 0 to 1; with a population, of its people in two cities.
    pub pairs_within: f64,
}

/// What a group has to do with Dagum's decomposition.
#[derive(Clone, Debug, PartialEq)]
pub struct DagumGroup {
    /// Its name.
    pub name: String,
    /// Its cities that take part.
    pub n: usize,
    /// Its mean μ_j, in the unit of the values.
    pub mean: f64,
    /// Its share p_j of the population.
    pub population_share: f64,
    /// Its share s_j = p_j μ_j/μ of the total.
    pub value_share: f64,
    /// Its Gini coefficient G_jj; 0 for a single city, NaN where all its values are 0.
    pub gini: f64,
    /// What it adds to the part within groups, p_j s_j G_jj.
    pub contribution: f64,
}

/// The Gini coefficient of `x` ≥ 0 split by Dagum within groups, net between them, and transvariation. One value and one
/// group for every city; a city without a group (`None`), a value (NaN) or, where there is one, a population takes no part.
///
/// # Formula
///
/// G = G_w + G_nb + G_t with G_w = Σ_j G_jj p_j s_j, G_nb = Σ_(j≠h) G_jh p_j s_h D_jh, G_t = Σ_(j≠h) G_jh p_j s_h (1 − D_jh)
///
/// where G_jh = E|x − y|/(μ_j + μ_h) for x of group j and y of group h, D_jh = (a_jh − b_jh)/(a_jh + b_jh), and, with j
/// the group of the larger mean, a_jh = E max(x − y, 0) is the gross affluence and b_jh = E max(y − x, 0) the first-order
/// moment of transvariation (Dagum's d_jh and p_jh; `d_jh` here is D_jh). p_j is the group's share of the population,
/// s_j = p_j μ_j/μ its share of the total. Expected values weight each city by its share in the population of its group,
/// all cities alike without a population.
///
/// The three parts add up to G for *any* D, so that their sum is no check of D. G_nb is the Gini coefficient of the means
/// of the groups (Bhattacharya and Mahalanobis), G_t what is left of it where groups overlap; it is 0 where no city of a
/// poorer group is richer than one of a richer group. D is 0 between groups of equal means, 1 between groups that do not
/// overlap.
///
/// Both moments are integrals of the shares F below a value, ∫ F_h (1 − F_j) and ∫ F_j (1 − F_h), whose terms are never
/// negative. O(n log n + n·k) for k groups, without a matrix of cities.
///
/// # Errors
///
/// Those of [`gini()`](super::gini()), groups that are not as many as values, and more than 2,000 groups.
///
/// # Source
///
/// Dagum, C. (1997). A new approach to the decomposition of the Gini income inequality ratio. Empirical Economics 22,
/// 515-531. doi:10.1007/BF01205777
///
/// ```
/// use agglo::measures::imbalance::dagum;
/// let split = dagum(&[1.0, 3.0, 2.0, 6.0], None, &["a", "a", "b", "b"].map(Some))?;
/// // Of the four pairs a-b, in one the city of the poorer group is the richer, by 1; in the others it is poorer by 1, 5, 3.
/// assert!((split.d_jh[1] - (9.0 - 1.0) / (9.0 + 1.0)).abs() < 1e-15);
/// assert!((split.within + split.net_between + split.transvariation - split.gini).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn dagum<G: AsRef<str>>(x: &[f64], population: Option<&[f64]>, groups: &[Option<G>]) -> Result<Dagum> {
    let (all, mut members) = Distribution::in_groups(x, population, groups)?;
    if members.len() > MOST_GROUPS {
        let message = format!("{} groups, and the most are {MOST_GROUPS}", members.len());
        return Err(Fault::new(Kind::TooLarge, message).into());
    }
    members.values_mut().for_each(|places| places.sort_by(|&a, &b| all.x[a].total_cmp(&all.x[b])));
    let groups: Vec<Members> = members.iter().map(|(name, places)| Members::new(&all, name, places)).collect();
    Ok(split(&all, &groups))
}

/// The cities of a group from the least value to the largest.
struct Members<'a> {
    name: &'a str,
    x: Vec<f64>,
    /// Share of the group's population up to each city, that at the end exactly 1.
    up_to: Vec<f64>,
    mean: f64,
    share: f64,
}

impl<'a> Members<'a> {
    fn new(all: &Distribution, name: &'a str, places: &[usize]) -> Self {
        let share: f64 = places.iter().map(|&i| all.p[i]).sum();
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = places
            .iter()
            .map(|&i| {
                sum += all.p[i] / share;
                sum.min(1.0)
            })
            .collect();
        up_to.iter_mut().rev().take(1).for_each(|last| *last = 1.0);
        let mean = mean(places.iter().map(|&i| (all.x[i], all.p[i] / share)));
        Self { name, x: places.iter().map(|&i| all.x[i]).collect(), up_to, mean, share }
    }
}

/// What two groups have to do with each other: gross affluence a, and the moment of transvariation b ≤ a.
struct Pair {
    affluence: f64,
    transvariation: f64,
}

impl Pair {
    /// Both moments, from one walk along the values of both groups.
    fn new(a: &Members, b: &Members) -> Self {
        let (mut above, mut below) = (0.0, 0.0);
        let (mut i, mut k, mut of_a, mut of_b) = (0, 0, 0.0, 0.0);
        let mut at = f64::NAN;
        loop {
            let a_is_next = match (a.x.get(i), b.x.get(k)) {
                (Some(x), Some(y)) => x <= y,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            let next = if a_is_next { a.x[i] } else { b.x[k] };
            if next > at {
                above += (next - at) * of_b * (1.0 - of_a);
                below += (next - at) * of_a * (1.0 - of_b);
            }
            at = next;
            if a_is_next {
                of_a = a.up_to[i];
                i += 1;
            } else {
                of_b = b.up_to[k];
                k += 1;
            }
        }
        // The group of the larger mean is that of the larger moment; this way equal means cannot round to less than 0.
        Self { affluence: f64::max(above, below), transvariation: f64::min(above, below) }
    }

    /// E|x − y|.
    fn difference(&self) -> f64 {
        self.affluence + self.transvariation
    }

    /// D, NaN where there is no difference.
    fn relative_affluence(&self) -> f64 {
        (self.affluence - self.transvariation) / self.difference()
    }
}

fn split(all: &Distribution, groups: &[Members]) -> Dagum {
    let k = groups.len();
    let row = |j: usize| groups[..=j].iter().map(|other| Pair::new(&groups[j], other)).collect();
    let pairs: Vec<Vec<Pair>> = (0..k).into_par_iter().map(row).collect();
    let (mut net_between, mut transvariation) = (0.0, 0.0);
    let (mut g_jh, mut d_jh) = (vec![0.0; k * k], vec![0.0; k * k]);
    for (j, h, pair) in
        pairs.iter().enumerate().flat_map(|(j, row)| row.iter().enumerate().map(move |(h, p)| (j, h, p)))
    {
        let (a, b) = (&groups[j], &groups[h]);
        let g = pair.difference() / (a.mean + b.mean);
        (g_jh[j * k + h], g_jh[h * k + j]) = (g, g);
        if j != h {
            let d = pair.relative_affluence();
            (d_jh[j * k + h], d_jh[h * k + j]) = (d, d);
            // G_jh (p_j s_h + p_h s_j) is p_j p_h E|x − y|/μ, and E|x − y| times D and 1 − D is a − b and 2b.
            net_between += a.share * b.share * (pair.affluence - pair.transvariation) / all.mean;
            transvariation += a.share * b.share * 2.0 * pair.transvariation / all.mean;
        }
    }
    let groups: Vec<DagumGroup> =
        groups.iter().zip(&pairs).map(|(group, row)| of_group(all, group, row[row.len() - 1].difference())).collect();
    let squares: f64 = all.p.iter().map(|p| p * p).sum();
    let of_groups: f64 = groups.iter().map(|group| group.population_share * group.population_share).sum();
    Dagum {
        n: all.n(),
        gini: gini_of(all, &all.ascending()),
        within: groups.iter().map(|group| group.contribution).sum(),
        net_between,
        transvariation,
        groups,
        g_jh,
        d_jh,
        pairs_within: ((of_groups - squares) / (1.0 - squares)).clamp(0.0, 1.0),
    }
}

fn of_group(all: &Distribution, group: &Members, difference: f64) -> DagumGroup {
    DagumGroup {
        name: group.name.to_owned(),
        n: group.x.len(),
        mean: group.mean * all.scale,
        population_share: group.share,
        value_share: group.share * group.mean / all.mean,
        gini: difference / (2.0 * group.mean),
        contribution: group.share * group.share * difference / (2.0 * all.mean),
    }
}
