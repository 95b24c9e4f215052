//! The tails of Student's t and of chi-squared.

use libm::{exp, fabs, lgamma, log};

use super::{Alternative, normal_p};

/// Most terms of a series or a continued fraction; a few dozen are usual.
const TERMS: usize = 10_000;
/// Degrees of freedom from which on t is normal to all digits that a p value has.
const MANY: f64 = 1e8;
const TINY: f64 = 1e-300;

/// The two-sided p value of Student's t with `freedom` degrees of freedom; NaN for NaN or without freedom.
///
/// ```
/// use agglo::inference::student_p;
/// assert!((student_p(2.0, 10.0) - 0.0733880347707404).abs() < 1e-12);
/// ```
pub fn student_p(t: f64, freedom: f64) -> f64 {
    if t.is_nan() || freedom.is_nan() || freedom <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    if freedom > MANY {
        return normal_p(t, Alternative::TwoSided);
    }
    incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))
}

/// The p value of chi-squared with `freedom` degrees of freedom: how often it is larger; NaN for NaN or without freedom.
///
/// ```
/// use agglo::inference::chi_squared_p;
/// assert!((chi_squared_p(4.0, 2.0) - (-2.0_f64).exp()).abs() < 1e-14);
/// ```
pub fn chi_squared_p(x: f64, freedom: f64) -> f64 {
    if x.is_nan() || freedom.is_nan() || freedom <= 0.0 {
        return f64::NAN;
    }
    let (a, x) = (freedom / 2.0, x / 2.0);
    match x {
        ..=0.0 => 1.0,
        f64::INFINITY => 0.0,
        x if x < a + 1.0 => 1.0 - lower_gamma(a, x),
        x => upper_gamma(a, x),
    }
}

/// P(a, x) by its series.
fn lower_gamma(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut at) = (1.0 / a, 1.0 / a, a);
    for _ in 0..TERMS {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term <= sum * f64::EPSILON {
            break;
        }
    }
    sum * exp(a * log(x) - x - lgamma(a))
}

/// Q(a, x) by its continued fraction (Lentz).
fn upper_gamma(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / b);
    let mut value = d;
    for step in 1..TERMS {
        let i = step as f64;
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        value *= d * c;
        if fabs(d * c - 1.0) <= f64::EPSILON {
            break;
        }
    }
    value * exp(a * log(x) - x - lgamma(a))
}

/// I_x(a, b).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * libm::log1p(-x));
    match x < (a + 1.0) / (a + b + 2.0) {
        true => front * beta_fraction(a, b, x) / a,
        false => 1.0 - front * beta_fraction(b, a, 1.0 - x) / b,
    }
}

/// The continued fraction of the incomplete beta function (Lentz).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..TERMS {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut last = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            last = d * c;
            value *= last;
        }
        if fabs(last - 1.0) <= f64::EPSILON {
            break;
        }
    }
    value
}

fn away_from_zero(x: f64) -> f64 {
    if fabs(x) < TINY { TINY } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_that_have_a_closed_form() {
        for t in [0.0, 0.3, 1.0, 2.5, 40.0] {
            let cauchy = 1.0 - 2.0 / std::f64::consts::PI * libm::atan(t);
            assert!((student_p(t, 1.0) - cauchy).abs() < 1e-13);
            let two = 1.0 - t / (2.0 + t * t).sqrt();
            assert!((student_p(-t, 2.0) - two).abs() < 1e-13);
            let normal = normal_p(t, Alternative::TwoSided);
            assert!((chi_squared_p(t * t, 1.0) - normal).abs() < 1e-13);
            assert!((student_p(t, 1e9) - normal).abs() < 1e-15 && (student_p(t, 1e6) - normal).abs() < 1e-6);
            assert!((chi_squared_p(t, 4.0) - exp(-t / 2.0) * (1.0 + t / 2.0)).abs() < 1e-13);
        }
        assert!(student_p(1.0, 0.0).is_nan() && chi_squared_p(f64::NAN, 1.0).is_nan());
        assert_eq!((student_p(f64::INFINITY, 3.0), chi_squared_p(f64::INFINITY, 3.0)), (0.0, 0.0));
    }
}
