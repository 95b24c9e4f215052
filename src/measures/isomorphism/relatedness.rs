//! The space of sectors: how near two sectors are to each other, and how near a city is to each.

use rayon::prelude::*;

use super::complexity::ubiquity;

/// Proximity of all pairs of sectors, K × K with K = `sectors`, from whether each city is specialised in each sector.
///
/// # Formula
///
/// φ_kl = min(P(k|l), P(l|k)) = Σ_i M_ik M_il / max(u_k, u_l)
///
/// where M is `specialised`, n × K, and u_k = Σ_i M_ik. 0 (no city has both) to 1, which is on the diagonal. NaN for a sector
/// in which no city is specialised. O(K² + Σ_i d_i²) with d_i the number of a city's sectors.
///
/// # Source
///
/// Hidalgo, C. A., Klinger, B., Barabasi, A.-L. and Hausmann, R. (2007). The product space conditions the development of
/// nations. Science 317, 482-487.
///
/// ```
/// use agglo::measures::isomorphism::proximity;
/// assert_eq!(proximity(&[true, true, true, false], 2), [1.0, 0.5, 0.5, 1.0]);
/// ```
pub fn proximity(specialised: &[bool], sectors: usize) -> Vec<f64> {
    let ubiquity = ubiquity(specialised, sectors);
    let mut both = vec![0.0; sectors * sectors];
    for list in lists(specialised, sectors) {
        for &a in &list {
            list.iter().for_each(|&b| both[a * sectors + b] += 1.0);
        }
    }
    let divided = |(at, both): (usize, f64)| {
        let (a, b) = (ubiquity[at / sectors], ubiquity[at % sectors]);
        if a == 0 || b == 0 { f64::NAN } else { both / a.max(b) as f64 }
    };
    both.into_iter().enumerate().map(divided).collect()
}

/// Density of relatedness of every city around every sector, n × K with K = `sectors`.
///
/// # Formula
///
/// ω_ik = Σ_l M_il φ_lk / Σ_l φ_lk
///
/// over the sectors that some city is specialised in, where M is `specialised` and φ their [`proximity`], the diagonal of
/// which counts as 1 `with_itself` and as 0 without. 0 (the city has nothing that is near to the sector) to 1 (it has
/// everything). NaN for a sector that is near to none. O(K Σ_i d_i).
///
/// With itself, a city's own sectors weigh in their own density, which makes that of sectors it has the larger.
///
/// ```
/// use agglo::measures::isomorphism::{density, proximity};
/// let has = [true, true, true, false];
/// let near = proximity(&has, 2);
/// assert_eq!(density(&has, &near, 2, true), [1.0, 1.0, 2.0 / 3.0, 1.0 / 3.0]);
/// assert_eq!(density(&has, &near, 2, false), [1.0, 1.0, 0.0, 1.0]);
/// ```
pub fn density(specialised: &[bool], proximity: &[f64], sectors: usize, with_itself: bool) -> Vec<f64> {
    let near = |l: usize, k: usize| match proximity[l * sectors + k] {
        x if x.is_nan() || (l == k && !with_itself) => 0.0,
        x => x,
    };
    let all: Vec<f64> = (0..sectors).map(|k| (0..sectors).map(|l| near(l, k)).sum()).collect();
    let of_city = |list: Vec<usize>| -> Vec<f64> {
        let mut sums = vec![0.0; sectors];
        for l in list {
            sums.iter_mut().enumerate().for_each(|(k, sum)| *sum += near(l, k));
        }
        sums.iter().zip(&all).map(|(sum, all)| if *all > 0.0 { sum / all } else { f64::NAN }).collect()
    };
    lists(specialised, sectors).collect::<Vec<_>>().into_par_iter().flat_map_iter(of_city).collect()
}

/// The sectors of each city.
fn lists(specialised: &[bool], sectors: usize) -> impl Iterator<Item = Vec<usize>> {
    specialised.chunks_exact(sectors).map(|city| (0..city.len()).filter(|&k| city[k]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_of_no_city_is_near_to_none() {
        let near = proximity(&[true, false, true, false], 2);
        assert_eq!(near[0], 1.0);
        assert!(near[1..].iter().all(|x| x.is_nan()));
        let with = density(&[true, false, true, false], &near, 2, true);
        assert_eq!((with[0], with[1].is_nan()), (1.0, true));
        assert!(density(&[true, false, true, false], &near, 2, false).iter().all(|x| x.is_nan()));
    }
}
