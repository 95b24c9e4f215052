//! How far a city's structure lies from a benchmark: Krugman's index and its kin.

use super::location_quotient::location_quotient;
use crate::measures::imbalance::gini;
use crate::study::Structure;

/// Structures that differ by less than this are the same: sums in another order differ in the last bits.
const ROUNDING: f64 = 1e-12;

/// What a city's structure is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// The reference area: all cities together, the city among them, unless the structure has another.
    Whole,
    /// All other cities together.
    Rest,
    /// The mean of the other cities' shares, each city counting the same.
    Others,
}

/// Krugman's index of specialisation of every city.
///
/// # Formula
///
/// K_i = Σ_k |s_ik − b_k|
///
/// where b_k is the share of sector k in the benchmark. 0 (the same structure) to 2 (no sector in common); half of it is
/// the share of the city's activity that would have to change sectors. NaN for a city that takes no part and, but for
/// [`Benchmark::Whole`], for one that is alone. O(nK).
///
/// The three benchmarks are all in use under this name, and give different numbers for the same city.
///
/// # Source
///
/// Krugman, P. (1991). Geography and Trade. Cambridge: MIT Press.
///
/// ```
/// use agglo::measures::isomorphism::{Benchmark, krugman_specialisation};
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?;
/// assert_eq!(krugman_specialisation(&structure, Benchmark::Whole), [0.5, 0.5]);
/// assert_eq!(krugman_specialisation(&structure, Benchmark::Rest), [1.0, 1.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn krugman_specialisation(structure: &Structure, benchmark: Benchmark) -> Vec<f64> {
    let members = structure.members();
    let benchmarks = match benchmark {
        Benchmark::Whole => structure.reference().repeat(members.len()),
        Benchmark::Rest => sums_without(members.iter().map(|&i| structure.levels(i)).collect(), structure.sectors()),
        Benchmark::Others => sums_without(members.iter().map(|&i| structure.shares(i)).collect(), structure.sectors()),
    };
    let mut all = vec![f64::NAN; structure.cities()];
    for (&i, benchmark) in members.iter().zip(benchmarks.chunks_exact(structure.sectors())) {
        let total: f64 = benchmark.iter().sum();
        all[i] = structure.shares(i).iter().zip(benchmark).map(|(s, b)| (s - b / total).abs()).sum();
    }
    all
}

/// For each row the sums over all other rows: those before and those after it, so that nothing cancels.
fn sums_without(rows: Vec<&[f64]>, sectors: usize) -> Vec<f64> {
    let mut sums = vec![0.0; rows.len() * sectors];
    let mut add = |order: &mut dyn Iterator<Item = usize>| {
        let mut running = vec![0.0; sectors];
        for row in order {
            let place = &mut sums[row * sectors..(row + 1) * sectors];
            place.iter_mut().zip(&running).for_each(|(sum, so_far)| *sum += so_far);
            running.iter_mut().zip(rows[row]).for_each(|(so_far, x)| *so_far += x);
        }
    };
    add(&mut (0..rows.len()));
    add(&mut (0..rows.len()).rev());
    sums
}

/// Hoover's coefficient of specialisation of every city, ½ Σ_k |s_ik − S_k|: 0 up to below 1, half of Krugman's index
/// against the reference area.
pub fn hoover_specialisation(structure: &Structure) -> Vec<f64> {
    krugman_specialisation(structure, Benchmark::Whole).iter().map(|krugman| krugman / 2.0).collect()
}

/// Relative diversity of every city, 1/Σ_k |s_ik − S_k|: the larger, the more the city is like the reference area; NaN
/// where it has the same structure.
///
/// # Source
///
/// Duranton, G. and Puga, D. (2000). Diversity and specialisation in cities: why, where and when does it matter? Urban
/// Studies 37, 533-555.
pub fn relative_diversity(structure: &Structure) -> Vec<f64> {
    let krugman = krugman_specialisation(structure, Benchmark::Whole);
    krugman.iter().map(|&k| if k > ROUNDING { 1.0 / k } else { f64::NAN }).collect()
}

/// Relative specialisation of every city, max_k q_ik: its largest location quotient, of the sectors that the reference
/// area has. Duranton and Puga (2000).
pub fn relative_specialisation(structure: &Structure) -> Vec<f64> {
    let quotients = location_quotient(structure);
    quotients.chunks_exact(structure.sectors()).map(|city| city.iter().copied().fold(f64::NAN, f64::max)).collect()
}

/// Hachman's index of every city, 1/Σ_k s_ik q_ik: above 0 up to 1, where the city has the structure of the reference area.
/// NaN for a city with a sector that the reference area does not have.
///
/// ```
/// use agglo::measures::isomorphism::hachman;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?;
/// assert_eq!(hachman(&structure), [0.8, 0.8]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn hachman(structure: &Structure) -> Vec<f64> {
    let quotients = location_quotient(structure);
    let of_city = |(i, quotients): (usize, &[f64])| {
        let terms = structure.shares(i).iter().zip(quotients);
        1.0 / terms.map(|(&s, q)| if s == 0.0 { 0.0 } else { s * q }).sum::<f64>()
    };
    quotients.chunks_exact(structure.sectors()).enumerate().map(of_city).collect()
}

/// Gini coefficient (divisor K²) of the location quotients of every city, each sector counting the same. NaN where the
/// reference area has fewer than two sectors.
pub fn gini_of_quotients(structure: &Structure) -> Vec<f64> {
    let quotients = location_quotient(structure);
    let of_city = |city: &[f64]| gini(city, None).map_or(f64::NAN, |result| result.gini);
    quotients.chunks_exact(structure.sectors()).map(of_city).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_alone_has_no_other_to_be_held_against() {
        let one = Structure::new(vec![2.0, 1.0, 0.0, 0.0], 2).unwrap();
        assert_eq!(krugman_specialisation(&one, Benchmark::Whole)[0], 0.0);
        for benchmark in [Benchmark::Rest, Benchmark::Others] {
            assert!(krugman_specialisation(&one, benchmark).iter().all(|k| k.is_nan()));
        }
        assert!(relative_diversity(&one)[0].is_nan() && hachman(&one)[1].is_nan());
        assert_eq!((hachman(&one)[0], relative_specialisation(&one)[0]), (1.0, 1.0));
    }

    #[test]
    fn a_sector_that_the_reference_area_lacks() {
        let structure = Structure::new(vec![1.0, 1.0, 2.0, 0.0], 2).unwrap().with_reference(vec![1.0, 0.0]).unwrap();
        assert!(hachman(&structure)[0].is_nan());
        assert_eq!(hachman(&structure)[1], 1.0);
        assert_eq!(krugman_specialisation(&structure, Benchmark::Whole), [1.0, 0.0]);
        assert!(gini_of_quotients(&structure)[0].is_nan());
    }

    #[test]
    fn a_giant_does_not_drown_the_rest() {
        let structure = Structure::new(vec![1e17, 1e17, 1.0, 3.0], 2).unwrap();
        assert_eq!(krugman_specialisation(&structure, Benchmark::Rest), [0.5, 0.5]);
    }
}
