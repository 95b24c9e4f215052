//! How unequal the sizes of cities are, and how many centres they make: rank-size slopes and indices of polycentricity.
//!
//! All take sizes in any order, strengths or masses, and leave those out that are not finite.

/// Green's polycentricity, 0 (one city has everything but for its like) to 1 (all are equal).
///
/// # Formula
///
/// P = 1 − σ/σ_max, σ the population standard deviation of the sizes, σ_max = max/2 that of two cities with 0 and the
/// largest size
///
/// Cities of size 0 count. NaN where no size is above 0. Green's special polycentricity is P times the density of the network.
///
/// # Source
///
/// Green, N. (2007). Functional polycentricity: a formal definition in terms of social network analysis. Urban Studies
/// 44, 2077-2103.
///
/// ```
/// use agglo::measures::radiation::green;
/// assert_eq!(green(&[3.0, 3.0, 3.0]), 1.0);
/// assert_eq!(green(&[8.0, 0.0]), 0.0);
/// ```
pub fn green(sizes: &[f64]) -> f64 {
    let sizes: Vec<f64> = sizes.iter().copied().filter(|x| x.is_finite()).collect();
    let most = sizes.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return f64::NAN;
    }
    // In units of the largest, so that no square overflows.
    let n = sizes.len() as f64;
    let mean = sizes.iter().map(|x| x / most).sum::<f64>() / n;
    let variance = sizes.iter().map(|x| (x / most - mean) * (x / most - mean)).sum::<f64>() / n;
    (1.0 - 2.0 * variance.sqrt()).max(0.0)
}

/// Burger and Meijers' polycentricity: the mean of the slopes of ln size on ln rank among the two, three and four largest
/// cities; 0 where they are equal, the further below 0 the more the first prevails.
///
/// The slopes come with it, of the top two, three and four. NaN where one of the four has no size above 0.
///
/// # Source
///
/// Burger, M. and Meijers, E. (2012). Form follows function? Linking morphological and functional polycentricity. Urban
/// Studies 49, 1127-1149.
///
/// ```
/// use agglo::measures::radiation::burger_meijers;
/// let (index, slopes) = burger_meijers(&[12.0, 6.0, 4.0, 3.0]); // a city of rank r has 12/r
/// assert!((index + 1.0).abs() < 1e-12 && slopes.iter().all(|slope| (slope + 1.0).abs() < 1e-12));
/// ```
pub fn burger_meijers(sizes: &[f64]) -> (f64, [f64; 3]) {
    let ranked = ranked(sizes);
    let slopes = [2, 3, 4].map(|top| ranked.get(..top).map_or(f64::NAN, slope_of));
    (slopes.iter().sum::<f64>() / 3.0, slopes)
}

/// The slope of ln size on ln rank over all cities of a size above 0, by least squares: 0 where all are equal, −1 for Zipf's
/// rule. NaN for fewer than two cities.
///
/// ```
/// use agglo::measures::radiation::rank_size_slope;
/// assert!((rank_size_slope(&[12.0, 6.0, 4.0, 3.0]) + 1.0).abs() < 1e-12);
/// ```
pub fn rank_size_slope(sizes: &[f64]) -> f64 {
    slope_of(&ranked(sizes))
}

/// The slope of ln(rank − ½) on ln size over all cities of a size above 0: −1 for Zipf's rule, the further below 0 the more
/// equal they are. NaN for fewer than two cities and where all are equal.
///
/// # Source
///
/// Gabaix, X. and Ibragimov, R. (2011). Rank − 1/2: a simple way to improve the OLS estimation of tail exponents. Journal of
/// Business and Economic Statistics 29, 24-39.
///
/// ```
/// use agglo::measures::radiation::rank_size_slope_gabaix;
/// assert!(rank_size_slope_gabaix(&[5.0, 5.0]).is_nan());
/// assert!((rank_size_slope_gabaix(&[3.0, 1.0]) + 1.0).abs() < 1e-12); // ln(1.5/0.5) = ln 3
/// ```
pub fn rank_size_slope_gabaix(sizes: &[f64]) -> f64 {
    let ranked = ranked(sizes);
    let points = ranked.iter().enumerate().map(|(place, &x)| (libm::log(x), libm::log(place as f64 + 0.5)));
    slope(&points.collect::<Vec<_>>())
}

/// The two-city index of primacy: the largest size over the second. NaN where there is no second above 0.
///
/// # Source
///
/// Jefferson, M. (1939). The law of the primate city. Geographical Review 29, 226-232.
///
/// ```
/// use agglo::measures::radiation::primacy;
/// assert_eq!(primacy(&[2.0, 8.0, 4.0]), 2.0);
/// ```
pub fn primacy(sizes: &[f64]) -> f64 {
    match ranked(sizes)[..] {
        [first, second, ..] => first / second,
        _ => f64::NAN,
    }
}

/// The sizes above 0, the largest first.
pub(super) fn ranked(sizes: &[f64]) -> Vec<f64> {
    let mut ranked: Vec<f64> = sizes.iter().copied().filter(|&x| x > 0.0 && x.is_finite()).collect();
    ranked.sort_by(|a, b| b.total_cmp(a));
    ranked
}

fn slope_of(ranked: &[f64]) -> f64 {
    let points = ranked.iter().enumerate().map(|(place, &x)| (libm::log(place as f64 + 1.0), libm::log(x)));
    slope(&points.collect::<Vec<_>>())
}

/// The slope of y on x by least squares; NaN where all x are the same.
fn slope(points: &[(f64, f64)]) -> f64 {
    if points.iter().all(|point| point.0 == points[0].0) {
        return f64::NAN;
    }
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (xy, xx) = points.iter().fold((0.0, 0.0), |(xy, xx), point| {
        let across = point.0 - x;
        (xy + across * (point.1 - y), xx + across * across)
    });
    xy / xx
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn too_few_cities_have_no_slope() {
        assert!(green(&[]).is_nan() && green(&[0.0, f64::NAN]).is_nan());
        assert!(rank_size_slope(&[3.0]).is_nan() && rank_size_slope_gabaix(&[]).is_nan());
        assert!(burger_meijers(&[3.0, 2.0, 1.0, 0.0]).0.is_nan());
        assert!(burger_meijers(&[3.0, 2.0, 1.0]).1[1].is_finite());
        assert!(primacy(&[3.0, 0.0]).is_nan());
    }

    proptest! {
        #[test]
        fn neither_order_nor_unit_matters(sizes in prop::collection::vec(0.1..1e6f64, 4..30), power in -30..30i32) {
            let other: Vec<f64> = sizes.iter().rev().map(|x| x * 2.0_f64.powi(power)).collect();
            let all = |x: &[f64]| [green(x), burger_meijers(x).0, rank_size_slope(x), rank_size_slope_gabaix(x), primacy(x)];
            for (a, b) in all(&sizes).iter().zip(all(&other)) {
                prop_assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0) || (a.is_nan() && b.is_nan()));
            }
            prop_assert!((0.0..=1.0).contains(&green(&sizes)) && burger_meijers(&sizes).0 <= 0.0);
        }
    }
}
