//! The natural logarithm in a form that the compiler can turn into vector instructions.

const MANTISSA: u64 = (1 << 52) - 1;
/// The bits of 1 and of √½.
const ONE: u64 = 0x3FF0_0000_0000_0000;
const ROOT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
/// ln 2 in two parts, the first so short that its product with an exponent is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// ln x of a positive, normal, finite `x`, to about 1e-15 relative; no branch, no table, the same bits on every platform.
///
/// x = 2^e z with z in [√½, √2), and ln z = 2 artanh t = 2 (t + t³/3 + t⁵/5 + …) with t = (z − 1)/(z + 1), |t| < 0.172;
/// what is left out after t¹⁹ is below 3e-17 of the sum.
#[inline(always)]
pub(super) fn ln(x: f64) -> f64 {
    let shifted = x.to_bits().wrapping_add(ONE - ROOT_HALF);
    let z = f64::from_bits((shifted & MANTISSA) + ROOT_HALF);
    // The exponent as the last digits of 2^52: vector units of most processors do not convert whole numbers of 64 bits.
    let exponent = f64::from_bits((shifted >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
    let t = (z - 1.0) / (z + 1.0);
    let (square, fourth) = (t * t, (t * t) * (t * t));
    // Every other term, so that the two halves of the series do not wait for each other.
    let one = (((1.0 / 19.0 * fourth + 1.0 / 15.0) * fourth + 1.0 / 11.0) * fourth + 1.0 / 7.0) * fourth + 1.0 / 3.0;
    let other = ((1.0 / 17.0 * fourth + 1.0 / 13.0) * fourth + 1.0 / 9.0) * fourth + 1.0 / 5.0;
    let series = one + other * square;
    let twice = t + t;
    exponent * LN_2_HIGH + (twice + (twice * (square * series) + exponent * LN_2_LOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn close(x: f64) {
        let want = libm::log(x);
        assert!((ln(x) - want).abs() <= 1e-15 * want.abs(), "ln {x:e}: {} for {want}", ln(x));
    }

    #[test]
    fn ends_and_middle() {
        assert_eq!(ln(1.0), 0.0);
        for x in
            [f64::MIN_POSITIVE, 1e-300, 0.1, 0.5, 0.707, 0.7072, 1.0 - f64::EPSILON, 1.0 + f64::EPSILON, 1.5, f64::MAX]
        {
            close(x);
        }
        (1..100_000).for_each(|i| close(f64::from(i) / 100_000.0));
    }

    proptest! {
        #[test]
        fn agrees_with_libm(x in f64::MIN_POSITIVE..=1.0, exponent in -700.0..700.0) {
            close(x);
            close(libm::exp(exponent));
        }
    }
}
