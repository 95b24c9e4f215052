//! Binomial and multinomial numbers, drawn exactly.

use super::Stream;

/// Expected number up to which a draw is found by adding up probabilities.
const BY_INVERSION: f64 = 10.0;

/// How many of `n` independent trials succeed, each with probability `p`.
///
/// Where few are expected, by inversion: probabilities are added up until they pass a uniform number. Else by BTRS,
/// transformed rejection with a squeeze, which takes the same time for any `n`
/// (Hörmann 1993, Journal of Statistical Computation and Simulation 46, 101-110).
/// `n` at most 2⁵³.
pub(crate) fn binomial(stream: &mut Stream, n: u64, p: f64) -> u64 {
    if n == 0 || p <= 0.0 {
        0
    } else if p >= 1.0 {
        n
    } else if p > 0.5 {
        n - binomial(stream, n, 1.0 - p)
    } else if n as f64 * p < BY_INVERSION {
        by_inversion(stream, n, p)
    } else {
        by_rejection(stream, n as f64, p) as u64
    }
}

fn by_inversion(stream: &mut Stream, n: u64, p: f64) -> u64 {
    let odds = p / (1.0 - p);
    let none = libm::exp(n as f64 * libm::log1p(-p));
    loop {
        let (mut left, mut probability) = (stream.unit(), none);
        for k in 0..=n {
            if left < probability {
                return k;
            }
            left -= probability;
            probability *= odds * (n - k) as f64 / (k + 1) as f64;
            if probability == 0.0 {
                break;
            }
        }
        // What rounding leaves beside the sum of all probabilities is drawn anew.
    }
}

/// BTRS for p ≤ 1/2 and n·p ≥ 10.
fn by_rejection(stream: &mut Stream, n: f64, p: f64) -> f64 {
    let spread = (n * p * (1.0 - p)).sqrt();
    let b = 1.15 + 2.53 * spread;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let centre = n * p + 0.5;
    let squeeze = 0.92 - 4.2 / b;
    let alpha = (2.83 + 5.1 / b) * spread;
    let mode = ((n + 1.0) * p).floor();
    loop {
        let u = stream.unit() - 0.5;
        let v = stream.unit();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + centre).floor();
        if us >= 0.07 && v <= squeeze {
            return k;
        }
        if (0.0..=n).contains(&k)
            && libm::log(v * alpha / (a / (us * us) + b)) <= relative_log_probability(n, p, mode, k)
        {
            return k;
        }
    }
}

/// ln of the probability of k successes over that of the mode, by Stirling's formula with its remainder: differences of
/// lgamma would lose all digits where n is large.
fn relative_log_probability(n: f64, p: f64, mode: f64, k: f64) -> f64 {
    let odds = p / (1.0 - p);
    (mode + 0.5) * libm::log((mode + 1.0) / (odds * (n - mode + 1.0)))
        + (n + 1.0) * libm::log1p((k - mode) / (n - k + 1.0))
        + (k + 0.5) * libm::log(odds * (n - k + 1.0) / (k + 1.0))
        + remainder(mode)
        + remainder(n - mode)
        - remainder(k)
        - remainder(n - k)
}

/// ln k! − [½ ln 2π + (k + ½) ln(k + 1) − (k + 1)].
fn remainder(k: f64) -> f64 {
    const FIRST: [f64; 10] = [
        0.081_061_466_795_327_26,
        0.041_340_695_955_409_3,
        0.027_677_925_684_998_34,
        0.020_790_672_103_765_09,
        0.016_644_691_189_821_19,
        0.013_876_128_823_070_75,
        0.011_896_709_945_891_77,
        0.010_411_265_261_972_1,
        0.009_255_462_182_712_733,
        0.008_330_563_433_362_87,
    ];
    match FIRST.get(k as usize) {
        Some(&remainder) => remainder,
        None => {
            let after = 1.0 / (k + 1.0);
            let square = after * after;
            (1.0 / 12.0 - (1.0 / 360.0 - square / 1260.0) * square) * after
        }
    }
}

/// A multinomial distribution over classes of given shares, drawn as one binomial after the other, each given those
/// before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Multinomial {
    /// Probability of each class among those from it on.
    conditional: Vec<f64>,
}

impl Multinomial {
    /// Classes of these shares, which are 0 or more and not all 0; they need not add up to 1.
    pub(crate) fn new(shares: &[f64]) -> Self {
        let mut rest = 0.0;
        let mut conditional: Vec<f64> = Vec::with_capacity(shares.len());
        for &share in shares.iter().rev() {
            rest += share;
            conditional.push(if rest > 0.0 { share / rest } else { 0.0 });
        }
        conditional.reverse();
        Self { conditional }
    }

    /// `n` objects over the classes; `n` at most 2⁵³.
    pub(crate) fn draw(&self, stream: &mut Stream, n: u64, counts: &mut [f64]) {
        let mut left = n;
        for (count, &p) in counts.iter_mut().zip(&self.conditional) {
            let drawn = binomial(stream, left, p);
            *count = drawn as f64;
            left -= drawn;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 40_000;

    fn draws(n: u64, p: f64) -> Vec<u64> {
        let mut stream = Stream::new(7, "binomial", n);
        (0..DRAWS).map(|_| binomial(&mut stream, n, p)).collect()
    }

    fn log_probability(n: u64, p: f64, k: u64) -> f64 {
        let [n, k] = [n as f64, k as f64];
        libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
            + k * libm::log(p)
            + (n - k) * libm::log1p(-p)
    }

    /// Both ways, both sides of one half, and numbers far beyond any table: mean and variance within five standard errors.
    #[test]
    fn mean_and_variance_are_those_of_the_distribution() {
        for (n, p) in [
            (1, 0.3),
            (12, 0.04),
            (50, 0.5),
            (30, 0.9),
            (1000, 0.009),
            (1000, 0.0101),
            (400, 0.37),
            (90_000, 0.81),
            (1 << 50, 0.2),
        ] {
            let drawn = draws(n, p);
            assert!(drawn.iter().all(|&k| k <= n));
            let (expected, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
            let z = |k: u64| (k as f64 - expected) / variance.sqrt();
            let mean = drawn.iter().map(|&k| z(k)).sum::<f64>() / DRAWS as f64;
            let square = drawn.iter().map(|&k| z(k).powi(2)).sum::<f64>() / DRAWS as f64;
            // Var z² = 2 + (1 − 6pq)/(npq), from the fourth moment.
            let of_square = 2.0 + (1.0 - 6.0 * p * (1.0 - p)) / variance;
            assert!(mean.abs() < 5.0 / (DRAWS as f64).sqrt(), "n = {n}, p = {p}: mean {mean}");
            assert!((square - 1.0).abs() < 5.0 * (of_square / DRAWS as f64).sqrt(), "n = {n}, p = {p}: {square}");
        }
    }

    /// Frequencies against probabilities: chi-square of the classes with at least 20 expected, within five of its standard
    /// deviations.
    #[test]
    fn frequencies_are_those_of_the_distribution() {
        for (n, p) in [(12, 0.3), (900, 0.01), (40, 0.5), (25, 0.42), (300, 0.07), (2000, 0.6)] {
            let mut seen = std::collections::BTreeMap::new();
            draws(n, p).into_iter().for_each(|k| *seen.entry(k).or_insert(0.0) += 1.0);
            let expected = |k: u64| DRAWS as f64 * libm::exp(log_probability(n, p, k));
            let classes: Vec<u64> = (0..=n).filter(|&k| expected(k) >= 20.0).collect();
            let chi_square: f64 =
                classes.iter().map(|k| (seen.get(k).unwrap_or(&0.0) - expected(*k)).powi(2) / expected(*k)).sum();
            let degrees = classes.len() as f64 - 1.0;
            assert!(chi_square < degrees + 5.0 * (2.0 * degrees).sqrt(), "n = {n}, p = {p}: {chi_square} of {degrees}");
        }
    }

    #[test]
    fn probabilities_are_those_of_lgamma() {
        let (n, p, mode) = (500.0, 0.3, 150.0);
        for k in [0, 5, 90, 149, 150, 300, 499, 500] {
            let expected = log_probability(500, p, k) - log_probability(500, p, 150);
            let got = relative_log_probability(n, p, mode, k as f64);
            assert!((got - expected).abs() < 1e-8, "{k}: {got} for {expected}");
        }
    }

    #[test]
    fn the_classes_of_a_multinomial_add_up() {
        let distribution = Multinomial::new(&[0.0, 3.0, 1.0, 0.0]);
        let mut stream = Stream::new(7, "multinomial", 0);
        let (mut counts, mut second) = ([0.0; 4], 0.0);
        for n in (0..4000).map(|n| n % 40) {
            distribution.draw(&mut stream, n, &mut counts);
            assert_eq!((counts.iter().sum::<f64>(), counts[0], counts[3]), (n as f64, 0.0, 0.0));
            second += counts[1];
        }
        let trials = 100.0 * (0..40).sum::<u64>() as f64;
        assert!((second / trials - 0.75).abs() < 5.0 * (0.1875 / trials).sqrt());
    }
}
