//! What numbers an option may have: one rule for the flags of the command line and the keys of a study file.

use crate::error::{Fault, Kind, Result};

/// The most permutations that a run may ask for.
pub const MAX_PERMUTATIONS: usize = 10_000_000;

/// The number of permutations: 0 (no permutation test) to [`MAX_PERMUTATIONS`].
///
/// # Errors
/// `count` is negative or larger.
///
/// ```
/// use agglo::study::check_permutations;
/// assert_eq!(check_permutations(999).unwrap(), 999);
/// assert!(check_permutations(-1).is_err());
/// ```
pub fn check_permutations(count: i64) -> Result<usize> {
    usize::try_from(count).ok().filter(|&count| count <= MAX_PERMUTATIONS).ok_or_else(|| {
        let message = format!("permutations = {count} is not between 0 and {MAX_PERMUTATIONS}");
        option(message, "999 is usual; 9999 gives finer p values")
    })
}

/// The number of bootstrap resamples: 0 (no intervals) to [`MAX_PERMUTATIONS`].
///
/// # Errors
/// `count` is negative or larger.
pub fn check_resamples(count: i64) -> Result<usize> {
    usize::try_from(count).ok().filter(|&count| count <= MAX_PERMUTATIONS).ok_or_else(|| {
        let message = format!("bootstrap = {count} is not between 0 and {MAX_PERMUTATIONS}");
        option(message, "1000 is usual; 0 leaves the intervals out")
    })
}

/// What a standard deviation divides by: n (0) or n − 1 (1).
///
/// # Errors
/// `ddof` is neither.
pub fn check_ddof(ddof: i64) -> Result<usize> {
    let known = usize::try_from(ddof).ok().filter(|&ddof| ddof <= 1);
    known.ok_or_else(|| option(format!("ddof = {ddof} is neither 0 nor 1"), "write 0 to divide by n, 1 for n - 1"))
}

/// The seed of all random numbers: 0 or more.
///
/// # Errors
/// `seed` is negative.
pub fn check_seed(seed: i64) -> Result<u64> {
    u64::try_from(seed).map_err(|_| option(format!("seed = {seed} is negative"), "any whole number from 0 up will do"))
}

/// The level of significance: more than 0 and less than 1.
///
/// # Errors
/// `alpha` is not.
pub fn check_alpha(alpha: f64) -> Result<f64> {
    let ok = alpha > 0.0 && alpha < 1.0;
    if ok { Ok(alpha) } else { Err(option(format!("alpha = {alpha} is not between 0 and 1"), "0.05 is usual")) }
}

/// The distance, in units of the coordinates, within which borders are joined: 0 or more.
///
/// # Errors
/// `snap` is negative or not finite.
pub fn check_snap(snap: f64) -> Result<f64> {
    let ok = snap >= 0.0 && snap.is_finite();
    if ok { Ok(snap) } else { Err(option(format!("snap = {snap} is not a distance"), "write 0 or more, as 0.0001")) }
}

/// A number above 0, as an exponent or a length, of the option `name`.
///
/// # Errors
/// The number is not, or not finite.
pub fn check_positive(name: &'static str) -> impl Fn(f64) -> Result<f64> {
    move |x| {
        let ok = x > 0.0 && x.is_finite();
        if ok { Ok(x) } else { Err(option(format!("{name} = {x} is not above 0"), "write a number above 0")) }
    }
}

/// The share of the periphery's mass that reaches cover: above 0, at most 1.
///
/// # Errors
/// `share` is not.
pub fn check_coverage(share: f64) -> Result<f64> {
    let ok = share > 0.0 && share <= 1.0;
    let message = format!("coverage = {share} is not above 0 and at most 1");
    if ok { Ok(share) } else { Err(option(message, "0.8 covers four fifths of the periphery")) }
}

/// The number of threads: at least 1.
///
/// # Errors
/// `count` is less.
pub fn check_threads(count: i64) -> Result<usize> {
    let threads = usize::try_from(count).ok().filter(|&threads| threads > 0);
    threads.ok_or_else(|| option(format!("threads = {count} is less than 1"), "leave it out to use all processors"))
}

/// The number of lags of a correlogram: at least 1.
///
/// # Errors
/// `count` is less.
pub fn check_lags(count: i64) -> Result<usize> {
    let lags = usize::try_from(count).ok().filter(|&lags| lags > 0);
    lags.ok_or_else(|| option(format!("lags = {count} is less than 1"), "leave it out for a choice from the data"))
}

/// The number of cities from which on weights of all pairs are refused: 0 or more.
///
/// # Errors
/// `count` is negative.
pub fn check_max_dense(count: i64) -> Result<usize> {
    usize::try_from(count)
        .map_err(|_| option(format!("max_dense = {count} is negative"), "20000 is usual; all pairs of them take 6 GB"))
}

fn option(message: String, hint: &str) -> crate::Error {
    Fault::new(Kind::Option, message).hint(hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_belong_to_the_range_or_not() {
        assert_eq!(check_permutations(0).unwrap(), 0);
        assert_eq!(check_permutations(10_000_000).unwrap(), MAX_PERMUTATIONS);
        assert!(check_permutations(10_000_001).is_err());
        assert!(check_alpha(0.0).is_err() && check_alpha(1.0).is_err() && check_alpha(f64::NAN).is_err());
        assert_eq!(check_alpha(0.05).unwrap(), 0.05);
        assert!(check_seed(-1).is_err() && check_threads(0).is_err() && check_snap(-0.1).is_err());
        assert!(check_lags(0).is_err() && check_max_dense(-1).is_err());
        assert_eq!((check_lags(1).unwrap(), check_max_dense(0).unwrap()), (1, 0));
        assert_eq!((check_seed(0).unwrap(), check_threads(1).unwrap(), check_snap(0.0).unwrap()), (0, 1, 0.0));
    }

    #[test]
    fn a_fault_has_the_option_and_the_value() {
        assert_eq!(check_alpha(1.5).unwrap_err().to_string(), "alpha = 1.5 is not between 0 and 1");
        let text = check_permutations(1_000_000_000_000).unwrap_err().to_string();
        assert_eq!(text, "permutations = 1000000000000 is not between 0 and 10000000");
    }
}
