//! What makes two structures similar, sector by sector, and which pairs are most and least so.

use crate::error::{Fault, Kind, Result};
use crate::study::Structure;

/// Most cities whose pairs are held at once: a matrix of them takes 200 MB.
pub(super) const MOST: usize = 5000;

/// How far from 1 a location quotient may lie and still be 1: more than rounding, less than any data.
const ONE: f64 = 1e-12;

/// What one sector adds to the similarity of two cities; see [`overlap`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Place of the sector.
    pub sector: usize,
    /// Its share s_ik in the first city.
    pub share_a: f64,
    /// Its share s_jk in the second.
    pub share_b: f64,
    /// Its term of the similarity, in [0, 1].
    pub term: f64,
    /// Location quotient of the first city; NaN where the reference area does not have the sector.
    pub lq_a: f64,
    /// Location quotient of the second.
    pub lq_b: f64,
}

impl Overlap {
    /// Whether one of the cities is specialised in the sector, LQ above 1, and the other is not, LQ below 1.
    pub fn complementary(&self) -> bool {
        side(self.lq_a) * side(self.lq_b) < 0.0
    }
}

/// The terms of UNIDO's similarity of cities `a` and `b`, one for each sector; they add up to it.
///
/// # Formula
///
/// S_ij = Σ_k t_k with t_k = s_ik s_jk / (|s_i| |s_j|)
///
/// where s_ik is the share of sector k in city i and |s_i| the Euclidean length of its shares. All is NaN where one of
/// the cities takes no part. O(K) beside `reference`, the shares of the reference area.
///
/// # Panics
/// If `a` or `b` is not below the number of cities.
///
/// ```
/// use agglo::measures::isomorphism::overlap;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 4.0, 4.0, 3.0], 2)?;
/// let terms = overlap(&structure, 0, 1, &structure.reference_shares());
/// assert!((terms[0].term - 12.0 / 25.0).abs() < 1e-15);
/// assert!(terms[0].complementary());
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn overlap(structure: &Structure, a: usize, b: usize, reference: &[f64]) -> Vec<Overlap> {
    let (of_a, of_b) = (structure.shares(a), structure.shares(b));
    let dot = |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| x * y).sum() };
    let lengths = (dot(of_a, of_a) * dot(of_b, of_b)).sqrt();
    let quotient = |share: f64, reference: f64| if reference > 0.0 { share / reference } else { f64::NAN };
    let of_sector = |sector: usize| {
        let (share_a, share_b) = (of_a[sector], of_b[sector]);
        let [lq_a, lq_b] = [share_a, share_b].map(|share| quotient(share, reference[sector]));
        Overlap { sector, share_a, share_b, term: share_a * share_b / lengths, lq_a, lq_b }
    };
    (0..structure.sectors()).map(of_sector).collect()
}

/// 1 where a city is specialised, LQ > 1, −1 where it is the reverse, 0 where LQ is 1 but for rounding or not known.
pub(super) fn side(quotient: f64) -> f64 {
    match quotient - 1.0 {
        above if above > ONE => 1.0,
        below if below < -ONE => -1.0,
        _ => 0.0,
    }
}

/// A pair of cities, the earlier first, and its value.
pub type Pair = (usize, usize, f64);

/// The most and the least similar pairs; see [`extreme_pairs`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtremePairs {
    /// Number of pairs that have a value.
    pub pairs: usize,
    /// The pairs of the highest values, the highest first.
    pub most: Vec<Pair>,
    /// The pairs of the lowest values among the others, the lowest last.
    pub least: Vec<Pair>,
}

/// The `count` pairs of the highest and the `count` of the lowest values of a symmetric n × n matrix, no pair twice; ties,
/// to twelve decimals, go to the pair of the earlier city. NaN takes no part. O(n²) time, O(`count`) memory.
pub fn extreme_pairs(values: &[f64], n: usize, count: usize) -> ExtremePairs {
    let all = || above_diagonal(n).map(|(i, j)| (i, j, values[i * n + j])).filter(|pair| pair.2.is_finite());
    let most = foremost(all(), count);
    let others = all().filter(|pair| !most.contains(pair)).map(|(i, j, x)| (i, j, -x));
    let least = foremost(others, count).into_iter().rev().map(|(i, j, x)| (i, j, -x)).collect();
    ExtremePairs { pairs: all().count(), most, least }
}

/// The `count` pairs of the highest values, the highest first, of equal ones the earliest.
pub(super) fn foremost(pairs: impl Iterator<Item = Pair>, count: usize) -> Vec<Pair> {
    let graded = |pair: &Pair| (pair.2 * 1e12).round();
    let mut kept: Vec<Pair> = Vec::with_capacity(count + 1);
    for pair in pairs {
        if kept.len() < count || kept.last().is_some_and(|last| graded(&pair) > graded(last)) {
            let place = kept.partition_point(|other| graded(other) >= graded(&pair));
            kept.insert(place, pair);
            kept.truncate(count);
        }
    }
    kept
}

/// All pairs of `n` cities, the earlier city first.
pub(super) fn above_diagonal(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)))
}

/// # Errors
/// [`Kind::Undefined`] where fewer than two cities take part or there are more than [`MOST`] of them.
pub(super) fn check_pairs(structure: &Structure) -> Result<()> {
    let n = structure.members().len();
    if n < 2 {
        let message = format!("pairs need at least two cities that have an industry, and there are {n}");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    if structure.cities() > MOST {
        let message =
            format!("not run: all pairs of {} cities are too many, and the most is {MOST}", structure.cities());
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    Ok(())
}

/// Mean over the pairs of cities, each weighted by the product of the `size` of the two.
pub(super) fn mean_of_pairs(structure: &Structure, values: &[f64], size: impl Fn(usize) -> f64) -> f64 {
    let (n, members) = (structure.cities(), structure.members());
    let largest = members.iter().fold(0.0, |most: f64, &i| most.max(size(i)));
    let (mut sum, mut weights) = (0.0, 0.0);
    for (a, b) in above_diagonal(members.len()) {
        let (i, j) = (members[a], members[b]);
        let weight = size(i) / largest * (size(j) / largest);
        sum += weight * values[i * n + j];
        weights += weight;
    }
    sum / weights
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measures::isomorphism::unido;

    #[test]
    fn ties_go_to_the_earlier_pair_and_no_pair_comes_twice() {
        let all_equal = extreme_pairs(&[1.0; 36], 6, 2);
        assert_eq!(all_equal.most, [(0, 1, 1.0), (0, 2, 1.0)]);
        assert_eq!(all_equal.least, [(0, 4, 1.0), (0, 3, 1.0)]);
        let few = extreme_pairs(&[1.0; 9], 3, 10);
        assert_eq!((few.pairs, few.most.len(), few.least.len()), (3, 3, 0));
    }

    #[test]
    fn a_sector_that_all_have_alike_is_nobodys_speciality() {
        let structure = Structure::new(vec![1.0, 2.0, 3.0, 0.1, 0.2, 0.3], 3).unwrap();
        let terms = overlap(&structure, 0, 1, &structure.reference_shares());
        assert!(terms.iter().all(|term| !term.complementary()));
        assert!((terms.iter().map(|term| term.term).sum::<f64>() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn quotients_of_a_sector_that_the_reference_lacks_are_not_known() {
        let structure = Structure::new(vec![1.0, 2.0, 3.0, 1.0], 2).unwrap().with_reference(vec![0.0, 1.0]).unwrap();
        let terms = overlap(&structure, 0, 1, &structure.reference_shares());
        assert!(terms[0].lq_a.is_nan() && !terms[0].complementary() && terms[0].term > 0.0);
    }

    proptest! {
        #[test]
        fn terms_add_up_to_the_similarity_and_scale_does_not_matter(
            levels in prop::collection::vec(0.0..1e3f64, 12), factor in 1e-3..1e3f64,
        ) {
            let structure = Structure::new(levels.clone(), 4).unwrap();
            prop_assume!(structure.members().len() == 3);
            let scaled = levels.iter().enumerate().map(|(at, x)| if at < 4 { factor * x } else { *x }).collect();
            let scaled = unido(&Structure::new(scaled, 4).unwrap());
            let (s, reference) = (unido(&structure), structure.reference_shares());
            for (i, j) in above_diagonal(3) {
                let sum: f64 = overlap(&structure, i, j, &reference).iter().map(|term| term.term).sum();
                prop_assert!((sum - s[3 * i + j]).abs() < 1e-12);
                prop_assert!((scaled[3 * i + j] - s[3 * i + j]).abs() < 1e-12);
            }
        }

        #[test]
        fn extremes_are_those_of_a_full_sort(values in prop::collection::vec(0..20u8, 64), count in 1..15usize) {
            let n = 8;
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let mut all: Vec<Pair> = above_diagonal(n).map(|(i, j)| (i, j, values[i * n + j])).collect();
            all.sort_by(|a, b| b.2.total_cmp(&a.2));
            let got = extreme_pairs(&values, n, count);
            prop_assert_eq!(&got.most[..], &all[..count]);
            let lowest: Vec<f64> = all[28 - count.min(28 - count)..].iter().map(|pair| pair.2).collect();
            prop_assert_eq!(got.least.iter().map(|pair| pair.2).collect::<Vec<_>>(), lowest);
        }
    }
}
