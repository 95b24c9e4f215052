//! Coupling coordination: how far the subsystems of a city are developed, and how far they keep step.

use crate::error::{Fault, Faults, Kind, Result};

/// Rounding by which an index may leave [0, 1], and within which two are equal.
const ROUNDING: f64 = 1e-12;

/// Coupling coordination of units; see [`coupling()`]. One number for every unit, in [0, 1]; NaN where undefined.
#[derive(Clone, Debug, PartialEq)]
pub struct Coupling {
    /// Degree of coupling, the geometric over the arithmetic mean; NaN where all indices are 0.
    pub c_classic: Vec<f64>,
    /// Degree of coordination by it.
    pub d_classic: Vec<f64>,
    /// Degree of coupling as modified; NaN where all indices are 0.
    pub c_modified: Vec<f64>,
    /// Degree of coordination by it.
    pub d_modified: Vec<f64>,
    /// Level of development, the mean of the indices.
    pub t: Vec<f64>,
}

/// Coupling coordination of m ≥ 2 subsystems.
///
/// `indices` are the indices U of the subsystems in [0, 1], subsystem after subsystem, in each one for every unit (a city, or
/// a city in a year), NaN where there is none: as in [`Indicators`]. `shares` are what each subsystem counts in the level of
/// development, above 0 with the sum 1; without them all count alike.
///
/// # Formula
///
/// T = Σ_i a_i U_i; D = √(C T)
///
/// classic: C = m (Π_i U_i)^(1/m) / Σ_i U_i
///
/// modified: C = √((1 − Σ_{i<j} |U_i − U_j| / (m(m − 1)/2)) · (Π_i U_i/max U)^(1/(m − 1)))
///
/// where a_i is the share of subsystem i. Both C are 1 if and only if all U are equal and above 0, and 0 if one of several is 0. For
/// m = 2 they are 2√(U_1 U_2)/(U_1 + U_2) and √((1 − |U_1 − U_2|) min U/max U). The classic C crowds near 1, the modified
/// one uses its range: for m = 2 it is never the larger, for more it can be where one index is far below the others. Where all U are 0, no C is defined, and D is 0, since C ≤ 1 and T = 0. A unit without one of its
/// indices has no number. O(n m log m).
///
/// # Errors
///
/// Fewer than two subsystems, or indices that do not make whole columns; an index outside [0, 1], all at once, with the
/// unit's index as the feature; shares that are not one for each subsystem, above 0 with the sum 1.
///
/// # Source
///
/// Wang Shujia, Kong Wei, Ren Liang, Zhi Dandan and Dai Binting (2021). Research on misuses and modification of coupling
/// coordination degree model in China. Journal of Natural Resources 36(3), 793-810. doi:10.31497/zrzyxb.20210319.
///
/// ```
/// use agglo::measures::index::coupling;
/// let result = coupling(&[0.5, 0.2, 0.5, 0.8], 2, None)?; // two units: (0.5, 0.5) and (0.2, 0.8)
/// assert_eq!((result.c_classic[0], result.c_modified[0]), (1.0, 1.0));
/// assert!((result.c_classic[1] - 0.8).abs() < 1e-15);
/// assert!((result.c_modified[1] - (0.4_f64 * 0.25).sqrt()).abs() < 1e-15);
/// assert!((result.d_classic[1] - (0.8_f64 * 0.5).sqrt()).abs() < 1e-15);
/// # Ok::<(), agglo::Error>(())
/// ```
///
/// [`Indicators`]: crate::study::Indicators
pub fn coupling(indices: &[f64], subsystems: usize, shares: Option<&[f64]>) -> Result<Coupling> {
    check(indices, subsystems, shares)?;
    let n = indices.len() / subsystems;
    let column = || Vec::with_capacity(n);
    let mut all =
        Coupling { c_classic: column(), d_classic: column(), c_modified: column(), d_modified: column(), t: column() };
    let mut unit = vec![0.0; subsystems];
    for i in 0..n {
        unit.iter_mut().enumerate().for_each(|(k, u)| *u = indices[k * n + i].clamp(0.0, 1.0));
        let t = level(&unit, shares);
        unit.sort_unstable_by(f64::total_cmp);
        let (classic, modified) = (classic(&unit), modified(&unit));
        let coordination = |c: f64| if t == 0.0 { 0.0 } else { (c * t).sqrt() };
        all.c_classic.push(classic);
        all.d_classic.push(coordination(classic));
        all.c_modified.push(modified);
        all.d_modified.push(coordination(modified));
        all.t.push(t);
    }
    Ok(all)
}

/// T of one unit. Without shares the sum is that of the sorted indices, so that it does not hang on their order.
fn level(unit: &[f64], shares: Option<&[f64]>) -> f64 {
    let sum = match shares {
        Some(shares) => unit.iter().zip(shares).map(|(u, share)| u * share).sum::<f64>(),
        None => {
            let mut sorted = unit.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted.iter().sum::<f64>() / unit.len() as f64
        }
    };
    sum.clamp(0.0, 1.0)
}

/// The classic C of ascending indices: all are taken over the largest, so that none is lost to underflow.
fn classic(ascending: &[f64]) -> f64 {
    let (m, Some(&largest)) = (ascending.len() as f64, ascending.last()) else { return f64::NAN };
    let mean = ascending.iter().map(|u| u / largest).sum::<f64>() / m;
    (product_root(ascending, largest, m) / mean).clamp(0.0, 1.0)
}

/// The modified C of ascending indices. The gap between one index and the next counts in each pair that lies across it.
fn modified(ascending: &[f64]) -> f64 {
    let (m, Some(&largest)) = (ascending.len(), ascending.last()) else { return f64::NAN };
    let gap = |(below, pair): (usize, &[f64])| (pair[1] - pair[0]) * ((below + 1) * (m - 1 - below)) as f64;
    let pairs = (m * (m - 1)) as f64 / 2.0;
    let apart = ascending.windows(2).enumerate().map(gap).sum::<f64>() / pairs;
    ((1.0 - apart) * product_root(ascending, largest, m as f64 - 1.0)).clamp(0.0, 1.0).sqrt()
}

/// (Π U_i/max U)^(1/root).
fn product_root(indices: &[f64], largest: f64, root: f64) -> f64 {
    libm::exp(indices.iter().map(|u| libm::log(u / largest)).sum::<f64>() / root)
}

fn check(indices: &[f64], subsystems: usize, shares: Option<&[f64]>) -> Result<()> {
    if subsystems < 2 {
        let message = format!("{subsystems} subsystems, and coupling is between two or more");
        return Err(Fault::new(Kind::TooFew, message).into());
    }
    if !indices.len().is_multiple_of(subsystems) {
        let message =
            format!("{} indices are not one for each unit and each of {subsystems} subsystems", indices.len());
        return Err(Fault::new(Kind::Structure, message).into());
    }
    if let Some(shares) = shares {
        let sum: f64 = shares.iter().sum();
        let positive = shares.iter().all(|share| *share > 0.0);
        if shares.len() != subsystems || !positive || (sum - 1.0).abs() > 1e-9 {
            let message = format!("{subsystems} shares above 0 with the sum 1 are needed, one for each subsystem");
            return Err(Fault::new(Kind::Option, message).into());
        }
    }
    let n = indices.len() / subsystems;
    let mut faults = Faults::default();
    for (at, u) in indices.iter().enumerate().filter(|(_, u)| **u < -ROUNDING || **u > 1.0 + ROUNDING) {
        faults.push(Fault::new(Kind::Value, format!("an index of {u} is not between 0 and 1")).feature(at % n));
    }
    faults.finish(())
}

/// The subsystems that lag behind in one unit: those with the smallest index, in their order; none where all are equal, or
/// one has no index.
///
/// ```
/// use agglo::measures::index::lagging;
/// assert_eq!(lagging(&[0.4, 0.2, 0.2]), [1, 2]);
/// assert!(lagging(&[0.2, 0.2]).is_empty());
/// ```
pub fn lagging(unit: &[f64]) -> Vec<usize> {
    let least = unit.iter().copied().fold(f64::INFINITY, f64::min);
    let lowest = |u: f64| u <= least + ROUNDING;
    if unit.iter().any(|u| u.is_nan()) || unit.iter().all(|&u| lowest(u)) {
        return Vec::new();
    }
    (0..unit.len()).filter(|&k| lowest(unit[k])).collect()
}

/// The ten steps of coordination, from the lowest: their names, and the Chinese terms that they stand for.
pub const GRADES: [(&str, &str); 10] = [
    ("extreme imbalance", "极度失调"),
    ("severe imbalance", "严重失调"),
    ("moderate imbalance", "中度失调"),
    ("mild imbalance", "轻度失调"),
    ("near imbalance", "濒临失调"),
    ("bare coordination", "勉强协调"),
    ("primary coordination", "初级协调"),
    ("intermediate coordination", "中级协调"),
    ("good coordination", "良好协调"),
    ("quality coordination", "优质协调"),
];

/// The step of a degree of coordination in [0, 1], 0 to 9: [0, 0.1), [0.1, 0.2), … [0.9, 1]. `None` for NaN.
///
/// ```
/// use agglo::measures::index::{GRADES, grade};
/// assert_eq!(grade(0.3).map(|step| GRADES[step].0), Some("mild imbalance"));
/// ```
pub fn grade(d: f64) -> Option<usize> {
    // What rounding has put just below a limit is on it.
    (!d.is_nan()).then(|| ((10.0 * d + ROUNDING) as usize).min(9))
}

/// The four stages of coupling, each with its lower limit, and the Chinese terms that they stand for.
pub const STAGES: [(&str, f64, &str); 4] = [
    ("low coupling", 0.0, "低水平耦合"),
    ("antagonism", 0.3, "拮抗"),
    ("running-in", 0.5, "磨合"),
    ("high coupling", 0.8, "高水平耦合"),
];

/// The stage of a degree of coupling in [0, 1], 0 to 3: [0, 0.3), [0.3, 0.5), [0.5, 0.8), [0.8, 1]. `None` for NaN.
///
/// ```
/// use agglo::measures::index::{STAGES, stage};
/// assert_eq!(stage(0.5).map(|step| STAGES[step].0), Some("running-in"));
/// ```
pub fn stage(c: f64) -> Option<usize> {
    STAGES.iter().rposition(|&(_, from, _)| c >= from - ROUNDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_belong_to_the_step_above() {
        assert_eq!([0.0, 0.1, 0.3, 0.1 + 0.2, 0.7, 0.95, 1.0].map(grade), [0, 1, 3, 3, 7, 9, 9].map(Some));
        assert_eq!([0.0, 0.3, 0.5, 0.79, 0.8, 1.0].map(stage), [0, 1, 2, 2, 3, 3].map(Some));
        assert_eq!((grade(f64::NAN), stage(f64::NAN)), (None, None));
        assert_eq!(grade(0.7 - 1e-16), Some(7));
    }

    #[test]
    fn nothing_developed_is_not_coordinated() {
        let result = coupling(&[0.0, 0.0, 0.0, 0.4], 2, None).unwrap();
        assert!(result.c_classic[0].is_nan() && result.c_modified[0].is_nan());
        assert_eq!((result.t[0], result.d_classic[0], result.d_modified[0]), (0.0, 0.0, 0.0));
        assert_eq!(
            (result.c_classic[1], result.c_modified[1], result.d_modified[1], result.t[1]),
            (0.0, 0.0, 0.0, 0.2)
        );
    }

    #[test]
    fn a_unit_without_an_index_has_no_number() {
        let result = coupling(&[f64::NAN, 1.0, 0.4, 1.0], 2, None).unwrap();
        for column in [&result.c_classic, &result.d_classic, &result.c_modified, &result.d_modified, &result.t] {
            assert!(column[0].is_nan());
            assert_eq!(column[1], 1.0);
        }
        assert!(lagging(&[f64::NAN, 0.4]).is_empty());
    }

    #[test]
    fn what_cannot_be_coupled_is_refused() {
        let kind = |result: Result<Coupling>| result.unwrap_err().kind();
        assert_eq!(kind(coupling(&[0.5], 1, None)), Kind::TooFew);
        assert_eq!(kind(coupling(&[0.5; 3], 2, None)), Kind::Structure);
        assert_eq!(kind(coupling(&[0.5, 1.5], 2, None)), Kind::Value);
        assert_eq!(kind(coupling(&[0.5, 0.5], 2, Some(&[0.5, 0.6]))), Kind::Option);
        assert_eq!(kind(coupling(&[0.5, 0.5], 2, Some(&[1.0]))), Kind::Option);
        assert!(coupling(&[], 2, None).unwrap().t.is_empty());
        assert_eq!(coupling(&[0.2, 0.6], 2, Some(&[0.75, 0.25])).unwrap().t, [0.2 * 0.75 + 0.6 * 0.25]);
    }
}
