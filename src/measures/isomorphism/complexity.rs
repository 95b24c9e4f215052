//! Economic complexity: which cities have what few others have, and which sectors only such cities have.

use super::eigen::symmetric;
use super::location_quotient::{is_specialised, location_quotient};
use crate::error::{Fault, Kind, Result};
use crate::study::Structure;

/// Largest matrix whose eigenvectors are computed.
const MOST: usize = 1000;
/// Eigenvalues, and correlations, that differ by less than this are the same.
const ROUNDING: f64 = 1e-9;

/// M: whether each city is specialised in each sector, n × K, by a location quotient of 1 or more. Never for a city that
/// takes no part.
pub fn specialised_sectors(structure: &Structure) -> Vec<bool> {
    location_quotient(structure).into_iter().map(is_specialised).collect()
}

/// Number of sectors in which each city is specialised. `specialised` is n × K with K = `sectors`.
pub fn diversity(specialised: &[bool], sectors: usize) -> Vec<usize> {
    specialised.chunks_exact(sectors).map(|city| city.iter().filter(|&&has| has).count()).collect()
}

/// Number of cities that are specialised in each sector. `specialised` is n × K with K = `sectors`.
pub fn ubiquity(specialised: &[bool], sectors: usize) -> Vec<usize> {
    (0..sectors).map(|k| specialised.iter().skip(k).step_by(sectors).filter(|&&has| has).count()).collect()
}

/// Economic complexity of cities and sectors; see [`complexity`].
#[derive(Clone, Debug, PartialEq)]
pub struct Complexity {
    /// The index of every city, mean 0 and population sd 1; NaN for a city that is specialised in nothing.
    pub eci: Vec<f64>,
    /// The index of every sector, mean 0 and population sd 1; NaN for a sector in which no city is specialised.
    pub pci: Vec<f64>,
    /// The same on the scale of the cities, so that a city's index is the mean of those of its sectors.
    pub pci_harvard: Vec<f64>,
    /// The second eigenvalue, 0 to 1.
    pub eigenvalue: f64,
    /// Correlation of `eci` with diversity, by which the sign is chosen, 0 to 1; NaN where all cities are equally diverse.
    pub diversity_correlation: f64,
}

impl Complexity {
    /// Whether diversity says which end is complex. Else the sign is that which makes the first city with a large index
    /// positive.
    pub fn sign_known(&self) -> bool {
        self.diversity_correlation > ROUNDING
    }
}

/// Economic complexity of n cities and K = `sectors` sectors, from whether each city is specialised in each sector.
///
/// # Formula
///
/// ECI is the second right eigenvector of D⁻¹ M U⁻¹ M′, PCI that of U⁻¹ M′ D⁻¹ M
///
/// where M is `specialised`, n × K, D has the diversities d_i = Σ_k M_ik and U the ubiquities u_k = Σ_i M_ik on its diagonal.
/// Both in standard form with the population sd; the sign is that by which ECI rises with diversity. With few coarse
/// sectors the upper end need not be the more demanding one: the index then tells two kinds of structure apart, no more. Cities and sectors of
/// 0 are left out, and NaN. Solved on the smaller of the two symmetric forms, O(min(n, K)³).
///
/// # Errors
///
/// [`Kind::Undefined`] where fewer than two cities or sectors are left, where the second eigenvalue is 0 (all cities are
/// specialised in the same), 1 (there are cities that share nothing with the rest, so that there is no one order) or that
/// of another vector as well, and where both n and K exceed 1,000.
///
/// # Source
///
/// Hidalgo, C. A. and Hausmann, R. (2009). The building blocks of economic complexity. PNAS 106, 10570-10575; as
/// eigenvector: Mealy, P., Farmer, J. D. and Teytelboym, A. (2019). Interpreting economic complexity. Science Advances 5.
///
/// ```
/// use agglo::measures::isomorphism::complexity;
/// let nested = [true, true, true, true, true, false, true, false, false]; // three cities, three sectors
/// let result = complexity(&nested, 3)?;
/// assert!(result.eci[0] > result.eci[1] && result.eci[1] > result.eci[2]);
/// assert!(result.pci[2] > result.pci[1] && result.pci[1] > result.pci[0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn complexity(specialised: &[bool], sectors: usize) -> Result<Complexity> {
    let diverse = diversity(specialised, sectors);
    let cities: Vec<usize> = (0..diverse.len()).filter(|&i| diverse[i] > 0).collect();
    let ubiquitous = ubiquity(specialised, sectors);
    let kept: Vec<usize> = (0..sectors).filter(|&k| ubiquitous[k] > 0).collect();
    let has = |i: usize, k: usize| specialised[cities[i] * sectors + kept[k]];
    let (n, m) = (cities.len(), kept.len());
    let of_city: Vec<Vec<usize>> = (0..n).map(|i| (0..m).filter(|&k| has(i, k)).collect()).collect();
    let of_sector: Vec<Vec<usize>> = (0..m).map(|k| (0..n).filter(|&i| has(i, k)).collect()).collect();
    if n.min(m) < 2 {
        return Err(undefined("complexity needs two cities that are specialised in at least two sectors"));
    }
    let (eigenvalue, of_sectors) = if m <= n {
        second(&of_city, &of_sector)?
    } else {
        let (value, of_cities) = second(&of_sector, &of_city)?;
        (value, means(&of_sector, &of_cities))
    };
    let of_cities = means(&of_city, &of_sectors);
    let (sign, diversity_correlation) = direction(&of_cities, &of_city);
    let (eci_scale, pci_scale) = (Scale::of(&of_cities), Scale::of(&of_sectors));
    let spread = |n: usize, places: &[usize], x: &[f64], scale: &Scale| {
        let mut all = vec![f64::NAN; n];
        places.iter().zip(x).for_each(|(&place, x)| all[place] = sign * (x - scale.mean) / scale.sd);
        all
    };
    Ok(Complexity {
        eci: spread(diverse.len(), &cities, &of_cities, &eci_scale),
        pci: spread(sectors, &kept, &of_sectors, &pci_scale),
        pci_harvard: spread(sectors, &kept, &of_sectors, &eci_scale),
        eigenvalue,
        diversity_correlation,
    })
}

fn undefined(message: impl Into<String>) -> crate::error::Error {
    Fault::new(Kind::Undefined, message).into()
}

/// The second eigenvalue and its right vector for the side whose members `lists` holds, one list for each of the other
/// side; `members` is the same seen from the side itself.
fn second(lists: &[Vec<usize>], members: &[Vec<usize>]) -> Result<(f64, Vec<f64>)> {
    let m = members.len();
    if m > MOST {
        return Err(undefined(format!(
            "complexity is computed for at most {MOST} cities or sectors, whichever are fewer"
        )));
    }
    let root: Vec<f64> = members.iter().map(|list| (list.len() as f64).sqrt()).collect();
    let mut matrix = vec![0.0; m * m];
    for list in lists {
        let weight = 1.0 / list.len() as f64;
        for &a in list {
            list.iter().for_each(|&b| matrix[a * m + b] += weight);
        }
    }
    matrix.iter_mut().enumerate().for_each(|(at, x)| *x /= root[at / m] * root[at % m]);
    let solved = symmetric(matrix, m).ok_or_else(|| undefined("the eigenvalues of complexity were not found"))?;
    let (values, vectors) = solved;
    let third = values.get(2).copied().unwrap_or(0.0);
    if values[1] > 1.0 - ROUNDING {
        return Err(undefined("complexity has no one order: some cities share no specialisation with the rest"));
    }
    if values[1] < ROUNDING {
        return Err(undefined("complexity has no order: all cities are specialised in the same sectors"));
    }
    if values[1] - third < ROUNDING {
        return Err(undefined("complexity has no one order: two eigenvectors belong to the second eigenvalue"));
    }
    Ok((values[1], vectors[m..2 * m].iter().zip(&root).map(|(x, root)| x / root).collect()))
}

/// Mean of `x` over each list.
fn means(lists: &[Vec<usize>], x: &[f64]) -> Vec<f64> {
    lists.iter().map(|list| list.iter().map(|&at| x[at]).sum::<f64>() / list.len() as f64).collect()
}

/// The sign by which the numbers rise with diversity, and how closely they do.
fn direction(x: &[f64], lists: &[Vec<usize>]) -> (f64, f64) {
    let diverse: Vec<f64> = lists.iter().map(|list| list.len() as f64).collect();
    let (a, b) = (Scale::of(x), Scale::of(&diverse));
    let products = x.iter().zip(&diverse).map(|(x, d)| (x - a.mean) * (d - b.mean));
    let correlation = products.sum::<f64>() / (x.len() as f64 * a.sd * b.sd);
    if correlation.abs() > ROUNDING {
        return (correlation.signum(), correlation.abs());
    }
    let large = x.iter().map(|x| (x - a.mean) / a.sd).find(|z| z.abs() > 0.5);
    (large.map_or(1.0, f64::signum), correlation.abs())
}

struct Scale {
    mean: f64,
    sd: f64,
}

impl Scale {
    /// Mean and population sd.
    fn of(x: &[f64]) -> Self {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        Self { mean, sd: (x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / x.len() as f64).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&str]) -> (Vec<bool>, usize) {
        (rows.iter().flat_map(|row| row.chars().map(|c| c == '1')).collect(), rows[0].len())
    }

    #[test]
    fn no_order_is_said_and_not_made_up() {
        for (rows, why) in [
            (vec!["1100", "1100", "0011", "0011"], "share no specialisation"),
            (vec!["111", "111"], "same sectors"),
            (vec!["110", "011", "101"], "two eigenvectors"),
            (vec!["111"], "two cities"),
            (vec!["000", "000"], "two cities"),
        ] {
            let (m, sectors) = matrix(&rows);
            let error = complexity(&m, sectors).unwrap_err();
            assert_eq!(error.kind(), Kind::Undefined);
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn cities_and_sectors_of_none_are_left_out_and_null() {
        let (with, without) = (matrix(&["1110", "0000", "1100", "1000"]), matrix(&["111", "110", "100"]));
        let (a, b) = (complexity(&with.0, with.1).unwrap(), complexity(&without.0, without.1).unwrap());
        assert!(a.eci[1].is_nan() && a.pci[3].is_nan());
        assert_eq!(([a.eci[0], a.eci[2], a.eci[3]], &a.pci[..3]), ([b.eci[0], b.eci[1], b.eci[2]], &b.pci[..]));
    }

    #[test]
    fn both_symmetric_forms_give_the_same() {
        let (tall, sectors) = matrix(&["111", "110", "101", "100", "010"]);
        let (n, tall) = (5, complexity(&tall, sectors).map(|c| (c, tall)).unwrap());
        // The cities of the transposed matrix are the sectors of the other; only the sign may differ.
        let wide: Vec<bool> = (0..n * sectors).map(|at| tall.1[(at % n) * sectors + at / n]).collect();
        let wide = complexity(&wide, n).unwrap();
        let sign = (wide.pci[0] * tall.0.eci[0]).signum();
        assert!(wide.pci.iter().zip(&tall.0.eci).all(|(a, b)| (a - sign * b).abs() < 1e-12));
        assert!(wide.eci.iter().zip(&tall.0.pci).all(|(a, b)| (a - sign * b).abs() < 1e-12));
        assert!((wide.eigenvalue - tall.0.eigenvalue).abs() < 1e-12);
    }
}
