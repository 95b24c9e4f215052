//! What two cities are to each other: duplicating, cooperating, complementary, or none of these.

use super::overlap::{above_diagonal, check_pairs};
use super::{complementarity, location_quotient, unido};
use crate::error::{Fault, Kind, Result};
use crate::study::Structure;

/// Share of the specialities of the less specialised city that both must have to be specialised alike.
const SAME_SECTORS: f64 = 0.5;

/// How far a value may miss a threshold by rounding.
const ROUNDING: f64 = 1e-12;

/// What two cities are to each other; see [`division_of_labour`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Similar, near, weakly linked and specialised in the same sectors.
    Duplicating,
    /// Similar and strongly linked.
    Cooperating,
    /// Specialised in different sectors, and not similar.
    Complementary,
    /// None of these.
    Unrelated,
}

impl Relation {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Duplicating, Self::Cooperating, Self::Complementary, Self::Unrelated];

    /// Its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicating => "duplicating",
            Self::Cooperating => "cooperating",
            Self::Complementary => "complementary",
            Self::Unrelated => "unrelated",
        }
    }
}

/// From where on pairs are called what they are; taken from the pairs themselves but for the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Similar: S at least this, the upper third of all pairs.
    pub similar: f64,
    /// Complementary: C at least this, the upper third of all pairs, and above 0.
    pub complementary: f64,
    /// Near: distance at most this, the quantile 1/3 of all pairs or the cap, whichever is less; `None` without distances.
    pub near: Option<f64>,
    /// Strongly linked: linkage at least this, the median of the pairs that are linked at all; `None` where none is.
    pub linked: Option<f64>,
    /// Specialised in the same sectors: at least this share of the specialities of the less specialised city is common.
    pub same_sectors: f64,
}

/// The relations of all pairs of cities; see [`division_of_labour`].
#[derive(Clone, Debug, PartialEq)]
pub struct DivisionOfLabour {
    /// Number of cities.
    pub n: usize,
    /// The thresholds.
    pub thresholds: Thresholds,
    /// UNIDO's similarity, n × n.
    pub similarity: Vec<f64>,
    /// Complementarity, n × n.
    pub complementarity: Vec<f64>,
    relations: Vec<Option<Relation>>,
    specialities: Specialities,
}

impl DivisionOfLabour {
    /// What cities `i` and `j` are to each other; `None` of a city with itself and where one takes no part.
    pub fn relation(&self, i: usize, j: usize) -> Option<Relation> {
        self.relations[i * self.n + j]
    }

    /// The sectors in which both cities are specialised, LQ ≥ 1.
    pub fn shared(&self, i: usize, j: usize) -> Vec<usize> {
        self.specialities.shared(i, j)
    }

    /// The pairs of one relation, the earlier city first.
    pub fn pairs(&self, relation: Relation) -> impl Iterator<Item = (usize, usize)> + '_ {
        above_diagonal(self.n).filter(move |&(i, j)| self.relation(i, j) == Some(relation))
    }
}

/// What every two cities are to each other, by their industries, their distance and their links.
///
/// # Rules
///
/// * similar: S_ij at or above the quantile 2/3 of all pairs
/// * near: distance at or below the quantile 1/3 of all pairs, and at or below `cap` where one is given
/// * strongly linked: linkage at or above the median of the pairs that are linked at all (linkage above 0); else weakly
///   linked
/// * specialised in the same sectors: |A ∩ B| ≥ ½ min(|A|, |B|), with A and B the sectors of LQ ≥ 1
///
/// A pair is *cooperating* if similar and strongly linked; *duplicating* if similar, near, weakly linked and specialised in
/// the same sectors; *complementary* if not similar and C_ij above 0 and at or above the quantile 2/3 of all pairs; else
/// *unrelated*. Each pair is exactly one of these. Quantiles of type 7.
///
/// `distance` and `linkage` are symmetric n × n matrices, `cap` is in the unit of the distance. Without the one nearness is not asked for, without the other
/// no pair is cooperating and all count as weakly linked. A pair without a distance is not near.
///
/// # Errors
///
/// [`Kind::Undefined`] with fewer than two cities that take part or more than 5,000; matrices of another size.
///
/// # Complexity
///
/// O(n²·K) time, O(n²) memory.
///
/// # Source
///
/// Our definition.
///
/// ```
/// use agglo::measures::isomorphism::{Relation, division_of_labour};
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![6.0, 2.0, 2.0, 6.0, 2.0, 2.0, 1.0, 8.0, 1.0], 3)?;
/// let division = division_of_labour(&structure, None, None, None)?;
/// assert_eq!(division.relation(0, 1), Some(Relation::Duplicating));
/// assert_eq!(division.relation(0, 2), Some(Relation::Complementary));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn division_of_labour(
    structure: &Structure,
    distance: Option<&[f64]>,
    cap: Option<f64>,
    linkage: Option<&[f64]>,
) -> Result<DivisionOfLabour> {
    check_pairs(structure)?;
    let n = structure.cities();
    if distance.iter().chain(&linkage).any(|matrix| matrix.len() != n * n) {
        return Err(Fault::new(Kind::Structure, format!("a matrix of pairs is not {n} x {n}")).into());
    }
    let (similarity, complementarity) = (unido(structure), complementarity(structure));
    let at = |values: &[f64], q| quantile(structure, values, q, |x| x.is_finite());
    let thresholds = Thresholds {
        similar: at(&similarity, 2.0 / 3.0),
        complementary: at(&complementarity, 2.0 / 3.0),
        near: distance
            .map(|values| at(values, 1.0 / 3.0))
            .filter(|near| near.is_finite())
            .map(|near| near.min(cap.unwrap_or(f64::INFINITY))),
        linked: linkage.map(|values| quantile(structure, values, 0.5, |x| x > 0.0)).filter(|linked| linked.is_finite()),
        same_sectors: SAME_SECTORS,
    };
    let specialities = Specialities::new(structure);
    let relation = |i: usize, j: usize| {
        let cell = i * n + j;
        let similar = reaches(similarity[cell], thresholds.similar);
        let value = |matrix: Option<&[f64]>| matrix.map_or(f64::NAN, |values| values[cell]);
        let near = thresholds.near.is_none_or(|near| reaches(-value(distance), -near));
        let strong = thresholds.linked.is_some_and(|linked| value(linkage) > 0.0 && reaches(value(linkage), linked));
        let complements = complementarity[cell] > 0.0 && reaches(complementarity[cell], thresholds.complementary);
        match () {
            () if similar && strong => Relation::Cooperating,
            () if similar && near && specialities.alike(i, j) => Relation::Duplicating,
            () if !similar && complements => Relation::Complementary,
            () => Relation::Unrelated,
        }
    };
    let mut relations = vec![None; n * n];
    for (i, j) in above_diagonal(n).filter(|&(i, j)| structure.has(i) && structure.has(j)) {
        relations[i * n + j] = Some(relation(i, j));
        relations[j * n + i] = relations[i * n + j];
    }
    Ok(DivisionOfLabour { n, thresholds, similarity, complementarity, relations, specialities })
}

/// Whether `x` is at least `threshold`, but for rounding; NaN is not.
fn reaches(x: f64, threshold: f64) -> bool {
    x >= threshold - ROUNDING * threshold.abs().max(1.0)
}

/// The q quantile (type 7) over the pairs of cities whose value `counts`; NaN without any.
fn quantile(structure: &Structure, values: &[f64], q: f64, counts: impl Fn(f64) -> bool) -> f64 {
    let (n, members) = (structure.cities(), structure.members());
    let of_pair = |(a, b): (usize, usize)| values[members[a] * n + members[b]];
    let mut known: Vec<f64> = above_diagonal(members.len()).map(of_pair).filter(|x| counts(*x)).collect();
    let Some(last) = known.len().checked_sub(1) else { return f64::NAN };
    let at = q * last as f64;
    let (_, &mut below, above) = known.select_nth_unstable_by(at as usize, f64::total_cmp);
    let next = above.iter().copied().fold(f64::INFINITY, f64::min);
    if next.is_finite() { below + (at - at.floor()) * (next - below) } else { below }
}

/// The sectors in which each city is specialised, one bit each.
#[derive(Clone, Debug, PartialEq)]
struct Specialities {
    words: usize,
    bits: Vec<u64>,
}

impl Specialities {
    fn new(structure: &Structure) -> Self {
        let words = structure.sectors().div_ceil(64);
        let mut bits = vec![0; structure.cities() * words];
        for (i, city) in location_quotient(structure).chunks_exact(structure.sectors()).enumerate() {
            let special = city.iter().enumerate().filter(|(_, quotient)| reaches(**quotient, 1.0));
            special.for_each(|(k, _)| bits[i * words + k / 64] |= 1 << (k % 64));
        }
        Self { words, bits }
    }

    fn of(&self, i: usize) -> &[u64] {
        &self.bits[i * self.words..(i + 1) * self.words]
    }

    fn alike(&self, i: usize, j: usize) -> bool {
        let count = |words: &mut dyn Iterator<Item = u64>| words.map(u64::count_ones).sum::<u32>();
        let both = count(&mut self.of(i).iter().zip(self.of(j)).map(|(a, b)| a & b));
        let [a, b] = [i, j].map(|city| count(&mut self.of(city).iter().copied()));
        both > 0 && f64::from(both) >= SAME_SECTORS * f64::from(a.min(b))
    }

    fn shared(&self, i: usize, j: usize) -> Vec<usize> {
        let has = |city: usize, k: usize| self.of(city)[k / 64] >> (k % 64) & 1 == 1;
        (0..64 * self.words).filter(|&k| has(i, k) && has(j, k)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Two towns alike, two of another kind, one of neither.
    fn five() -> Structure {
        let levels = [[8.0, 1.0, 1.0], [8.0, 1.0, 1.1], [1.0, 8.0, 1.0], [1.0, 8.0, 1.1], [3.0, 3.0, 9.0]];
        Structure::new(levels.concat(), 3).unwrap()
    }

    #[test]
    fn links_turn_duplication_into_cooperation() {
        let mut linkage = vec![0.0; 25];
        (linkage[1], linkage[5]) = (2.0, 2.0);
        let with = division_of_labour(&five(), None, None, Some(&linkage)).unwrap();
        assert_eq!(
            (with.relation(0, 1), with.relation(2, 3)),
            (Some(Relation::Cooperating), Some(Relation::Duplicating))
        );
        let without = division_of_labour(&five(), None, None, None).unwrap();
        assert_eq!(without.relation(0, 1), Some(Relation::Duplicating));
        assert_eq!(without.relation(1, 2), Some(Relation::Complementary));
        assert_eq!((without.shared(0, 1), without.thresholds.linked), (vec![0], None));
        let no_links = division_of_labour(&five(), None, None, Some(&[0.0; 25])).unwrap();
        assert_eq!(no_links.relation(0, 1), Some(Relation::Duplicating));
    }

    #[test]
    fn who_is_far_does_not_duplicate() {
        let distance: Vec<f64> = (0..25).map(|at| if at == 1 || at == 5 { 9.0 } else { 1.0 }).collect();
        let got = division_of_labour(&five(), Some(&distance), None, None).unwrap();
        assert_eq!((got.relation(0, 1), got.relation(2, 3)), (Some(Relation::Unrelated), Some(Relation::Duplicating)));
        assert_eq!(got.thresholds.near, Some(1.0));
        let capped = division_of_labour(&five(), Some(&distance), Some(0.5), None).unwrap();
        assert_eq!((capped.thresholds.near, capped.pairs(Relation::Duplicating).count()), (Some(0.5), 0));
        let unknown = division_of_labour(&five(), Some(&[f64::NAN; 25]), None, None).unwrap();
        assert_eq!((unknown.thresholds.near, unknown.relation(0, 1)), (None, Some(Relation::Duplicating)));
    }

    #[test]
    fn identical_cities_are_never_complementary() {
        let got = division_of_labour(&Structure::new([1.0, 2.0].repeat(4), 2).unwrap(), None, None, None).unwrap();
        assert_eq!(got.pairs(Relation::Duplicating).count(), 6);
    }

    #[test]
    fn quantiles_interpolate_over_pairs() {
        let structure = Structure::new(vec![1.0; 3], 1).unwrap();
        let values = [0.0, 1.0, 2.0, 1.0, 0.0, 4.0, 2.0, 4.0, 0.0];
        assert_eq!(
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&structure, &values, q, |_| true)),
            [1.0, 1.5, 2.0, 3.0, 4.0]
        );
        assert_eq!(quantile(&structure, &values, 0.5, |x| x > 1.0), 3.0);
    }

    proptest! {
        #[test]
        fn classes_partition_all_pairs(levels in prop::collection::vec(0..9u8, 24), ties in 0..3u8) {
            let structure = Structure::new(levels.iter().map(|&x| f64::from(x)).collect(), 4).unwrap();
            let m = structure.members().len();
            prop_assume!(m >= 2);
            let linkage: Vec<f64> = (0..36).map(|at| f64::from((at / 6 + at % 6) as u8 * ties % 4)).collect();
            let got = division_of_labour(&structure, Some(&linkage), None, Some(&linkage)).unwrap();
            let counts: usize = Relation::ALL.iter().map(|&relation| got.pairs(relation).count()).sum();
            prop_assert_eq!(counts, m * (m - 1) / 2);
            for (i, j) in above_diagonal(6) {
                prop_assert_eq!(got.relation(i, j), got.relation(j, i));
                prop_assert_eq!(got.relation(i, j).is_some(), structure.has(i) && structure.has(j));
            }
        }
    }
}
