//! How many-sided a structure is by itself: concentration on few sectors, entropy, related and unrelated variety.

/// The Herfindahl-Hirschman index H = Σ_k s_k² of shares that add up to 1: 1/K where all sectors are equal, 1 where there
/// is but one. 1/H is the number of equal sectors that would give the same index.
///
/// ```
/// use agglo::measures::isomorphism::herfindahl;
/// assert_eq!(herfindahl(&[0.5, 0.5, 0.0]), 0.5);
/// ```
pub fn herfindahl(shares: &[f64]) -> f64 {
    shares.iter().map(|s| s * s).sum()
}

/// The same index between 0 (all K sectors are equal) and 1 (there is but one): (H − 1/K)/(1 − 1/K). NaN for K = 1.
pub fn herfindahl_normalised(shares: &[f64]) -> f64 {
    let equal = 1.0 / shares.len() as f64;
    if shares.len() < 2 { f64::NAN } else { (herfindahl(shares) - equal) / (1.0 - equal) }
}

/// Entropy −Σ_k s_k ln s_k of shares that add up to 1, in nats, with 0·ln 0 = 0: 0 where there is one sector, ln K where all
/// are equal.
///
/// ```
/// use agglo::measures::isomorphism::entropy;
/// assert!((entropy(&[0.5, 0.5, 0.0]) - 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn entropy(shares: &[f64]) -> f64 {
    0.0 - shares.iter().map(|&s| if s == 0.0 { 0.0 } else { s * libm::log(s) }).sum::<f64>()
}

/// Entropy over ln K, 0 to 1, where K counts all sectors, those without a level as well. NaN for K = 1.
pub fn entropy_normalised(shares: &[f64]) -> f64 {
    if shares.len() < 2 { f64::NAN } else { entropy(shares) / libm::log(shares.len() as f64) }
}

/// Variety of a structure in bits; see [`variety`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variety {
    /// Entropy of the groups: how many fields the city is active in.
    pub unrelated: f64,
    /// Entropy within the groups, weighted by their shares: how many related sectors it has in its fields.
    pub related: f64,
}

/// Unrelated and related variety of `shares`, where `group_of` has the group, below `groups`, of each sector.
///
/// # Formula
///
/// UV = −Σ_g P_g log2 P_g and RV = Σ_g P_g H_g, with H_g = −Σ_{k in g} (s_k/P_g) log2 (s_k/P_g)
///
/// where P_g is the share of group g. UV + RV is the entropy of the sectors in bits. O(K). A sector with a group that is
/// not below `groups` makes both NaN.
///
/// # Source
///
/// Frenken, K., van Oort, F. and Verburg, T. (2007). Related variety, unrelated variety and regional economic growth.
/// Regional Studies 41, 685-697.
///
/// ```
/// use agglo::measures::isomorphism::variety;
/// let two_fields_of_two = variety(&[0.25; 4], &[0, 0, 1, 1], 2);
/// assert_eq!((two_fields_of_two.unrelated, two_fields_of_two.related), (1.0, 1.0));
/// ```
pub fn variety(shares: &[f64], group_of: &[usize], groups: usize) -> Variety {
    if shares.len() != group_of.len() || group_of.iter().any(|&group| group >= groups) {
        return Variety { unrelated: f64::NAN, related: f64::NAN };
    }
    let mut of_group = vec![0.0; groups];
    shares.iter().zip(group_of).for_each(|(share, &group)| of_group[group] += share);
    let bits = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part * libm::log2(whole / part) };
    Variety {
        unrelated: of_group.iter().map(|&share| bits(share, 1.0)).sum(),
        related: shares.iter().zip(group_of).map(|(&share, &group)| bits(share, of_group[group])).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sector_alone() {
        assert_eq!((herfindahl(&[1.0]), entropy(&[1.0])), (1.0, 0.0));
        assert!(herfindahl_normalised(&[1.0]).is_nan() && entropy_normalised(&[1.0]).is_nan());
        assert_eq!((herfindahl_normalised(&[0.0, 1.0]), entropy_normalised(&[0.5, 0.5])), (1.0, 1.0));
        assert!(entropy(&[0.0, 1.0]).is_sign_positive());
    }

    #[test]
    fn unknown_shares_stay_unknown() {
        let unknown = [f64::NAN, f64::NAN];
        assert!(herfindahl(&unknown).is_nan() && entropy(&unknown).is_nan());
        assert!(variety(&unknown, &[0, 0], 1).related.is_nan() && variety(&[1.0], &[1], 1).related.is_nan());
    }
}
