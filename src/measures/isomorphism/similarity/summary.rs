//! What the pairs say together: of the agglomeration, of each city, within and between groups.

use super::profiles::Profiles;
use super::{Coefficient, enough, matrix};
use crate::error::{Fault, Kind, Result};
use crate::study::Structure;

/// UNIDO's coefficient S_ij over all pairs of cities; see [`similarity_summary`].
#[derive(Clone, Debug, PartialEq)]
pub struct SimilaritySummary {
    /// Cities that take part.
    pub n: usize,
    /// Pairs of them, n(n − 1)/2.
    pub pairs: usize,
    /// Mean S_ij over the pairs.
    pub mean: f64,
    /// Mean S_ij weighted by X_i X_j, the product of the cities' totals.
    pub mean_weighted: f64,
    /// Mean K_ij/2 over the pairs, half of Krugman's index.
    pub mean_krugman_half: f64,
    /// The least S_ij.
    pub min: f64,
    /// The pair that has it, the first of several.
    pub min_pair: (usize, usize),
    /// The greatest S_ij.
    pub max: f64,
    /// The pair that has it, the first of several.
    pub max_pair: (usize, usize),
    /// For each city its mean S_ij with the others; NaN where it takes no part, as below.
    pub city_mean: Vec<f64>,
    /// For each city its greatest S_ij.
    pub city_max: Vec<f64>,
    /// For each city the one that it is most similar to, the first of several.
    pub city_with: Vec<Option<usize>>,
    /// For each city S_i, its similarity to all cities together.
    pub city_total: Vec<f64>,
    /// Rank of each city by its mean, 1 for the highest; equal means share the better rank.
    pub city_rank: Vec<Option<usize>>,
}

/// Mean, extremes and cities of UNIDO's coefficient.
///
/// # Formula
///
/// S̄ = Σ_{i<j} S_ij / (n(n − 1)/2), weighted Σ_{i<j} X_i X_j S_ij / Σ_{i<j} X_i X_j, and for a city
/// S̄_i = Σ_{j≠i} S_ij/(n − 1), with X_i the city's total. O(n² K).
///
/// # Errors
///
/// Those of [`similarity`](super::similarity()).
///
/// ```
/// use agglo::measures::isomorphism::similarity_summary;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 30.0, 10.0, 0.0, 5.0], 2)?;
/// let summary = similarity_summary(&structure)?;
/// assert_eq!((summary.max, summary.max_pair), (1.0, (0, 1)));
/// assert_eq!(summary.city_with[2], Some(0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn similarity_summary(structure: &Structure) -> Result<SimilaritySummary> {
    enough(structure)?;
    let profiles = Profiles::new(structure);
    let of = |coefficient| matrix(&profiles, coefficient);
    Ok(summarised(structure, &of(Coefficient::Unido), &of(Coefficient::Krugman), profiles.unido_total()))
}

/// The summary of matrices that are there already. At least two cities take part.
pub(super) fn summarised(structure: &Structure, unido: &[f64], krugman: &[f64], total: Vec<f64>) -> SimilaritySummary {
    let (n, members) = (structure.cities(), structure.members());
    let size = relative_totals(structure);
    let mut city_mean = vec![f64::NAN; n];
    let mut city_max = vec![f64::NAN; n];
    let mut city_with = vec![None; n];
    let (mut sum, mut weighted, mut weights, mut halves) = (0.0, 0.0, 0.0, 0.0);
    let (mut min, mut max) = ((f64::INFINITY, (0, 0)), (f64::NEG_INFINITY, (0, 0)));
    for (place, &i) in members.iter().enumerate() {
        let row = &unido[i * n..(i + 1) * n];
        let others = members.iter().copied().filter(|&j| j != i);
        city_mean[i] = others.clone().map(|j| row[j]).sum::<f64>() / (members.len() - 1) as f64;
        for j in others {
            if city_with[i].is_none() || row[j] > city_max[i] {
                (city_max[i], city_with[i]) = (row[j], Some(j));
            }
        }
        for &j in &members[place + 1..] {
            let (s, weight) = (row[j], size[i] * size[j]);
            sum += s;
            weighted += weight * s;
            weights += weight;
            halves += krugman[i * n + j] / 2.0;
            min = if s < min.0 { (s, (i, j)) } else { min };
            max = if s > max.0 { (s, (i, j)) } else { max };
        }
    }
    let pairs = members.len() * (members.len() - 1) / 2;
    SimilaritySummary {
        n: members.len(),
        pairs,
        mean: sum / pairs as f64,
        mean_weighted: weighted / weights,
        mean_krugman_half: halves / pairs as f64,
        min: min.0,
        min_pair: min.1,
        max: max.0,
        max_pair: max.1,
        city_rank: ranks(structure, &city_mean),
        city_mean,
        city_max,
        city_with,
        city_total: total,
    }
}

/// Totals in units of the largest, so that no product of two is too large to be added.
fn relative_totals(structure: &Structure) -> Vec<f64> {
    let largest = structure.members().iter().map(|&i| structure.total(i)).fold(0.0, f64::max);
    (0..structure.cities()).map(|i| structure.total(i) / largest).collect()
}

fn ranks(structure: &Structure, means: &[f64]) -> Vec<Option<usize>> {
    let mut order = structure.members().to_vec();
    order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    let mut ranks = vec![None; means.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&a, &b| means[a] == means[b]) {
        tied.iter().for_each(|&i| ranks[i] = Some(before + 1));
        before += tied.len();
    }
    ranks
}

/// Mean similarity within and between groups of cities; see [`mean_by_groups`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupMeans {
    /// Mean over the pairs of one group; NaN where there is none.
    pub within: f64,
    /// Mean over the pairs of two groups; NaN where there is none.
    pub between: f64,
    /// Pairs of one group.
    pub pairs_within: usize,
    /// Pairs of two groups.
    pub pairs_between: usize,
}

/// Means of `matrix`, n × n, over the pairs of cities of the same group and over those of different groups. Only pairs
/// that have a number, and cities that have a group, are counted. O(n²).
///
/// # Errors
///
/// A matrix that is not n × n for n groups.
///
/// ```
/// use agglo::measures::isomorphism::mean_by_groups;
/// let s = [1.0, 0.9, 0.5, 0.9, 1.0, 0.7, 0.5, 0.7, 1.0];
/// let means = mean_by_groups(&s, &[Some("north"), Some("north"), Some("south")])?;
/// assert_eq!((means.within, means.between, means.pairs_between), (0.9, 0.6, 2));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn mean_by_groups<G: AsRef<str>>(matrix: &[f64], groups: &[Option<G>]) -> Result<GroupMeans> {
    let n = groups.len();
    if matrix.len() != n * n {
        return Err(
            Fault::new(Kind::Option, format!("groups of {n} cities for a matrix of {} pairs", matrix.len())).into()
        );
    }
    // Numbers instead of names, since every pair is compared.
    let mut places = std::collections::HashMap::new();
    let of: Vec<Option<usize>> = groups
        .iter()
        .map(|group| {
            let next = places.len();
            group.as_ref().map(|group| *places.entry(group.as_ref()).or_insert(next))
        })
        .collect();
    let mut sums = [(0.0, 0); 2];
    for i in 0..n {
        for j in i + 1..n {
            if let (Some(a), Some(b), s) = (of[i], of[j], matrix[i * n + j])
                && !s.is_nan()
            {
                let (sum, pairs) = &mut sums[usize::from(a != b)];
                *sum += s;
                *pairs += 1;
            }
        }
    }
    let [(within, pairs_within), (between, pairs_between)] = sums;
    let mean = |sum: f64, pairs: usize| sum / pairs as f64;
    Ok(GroupMeans {
        within: mean(within, pairs_within),
        between: mean(between, pairs_between),
        pairs_within,
        pairs_between,
    })
}
