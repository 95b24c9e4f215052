//! Random streams, keyed by what they are drawn for and never by thread.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A stream of random numbers: xoshiro256++ (Blackman and Vigna 2021) seeded through SplitMix64 from
/// (seed, purpose, index). The generator and this keying are part of the format version: the same seed gives the
/// same p values in every later release of it.
pub(crate) struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of one purpose (as `local_moran`) and one index (a block of sites, a replicate).
    pub(crate) fn new(seed: u64, purpose: &str, index: u64) -> Self {
        let purpose = purpose.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3) // FNV-1a
        });
        let key = split_mix(split_mix(split_mix(seed) ^ purpose) ^ index);
        Self(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// A whole number below `bound`, all equally likely: the high half of a product, redrawn where it would favour
    /// some (Lemire 2019, ACM Transactions on Modeling and Computer Simulation 29, 3).
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        debug_assert!(bound > 0);
        loop {
            let product = (self.0.next_u64() >> 32) * u64::from(bound);
            let low = product as u32;
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return (product >> 32) as u32;
            }
        }
    }

    /// A number in [0, 1), one of 2⁵³ equally spaced ones.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Puts `items` in random order, all orders equally likely (Fisher-Yates).
    pub(crate) fn shuffle(&mut self, items: &mut [u32]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// The finaliser of SplitMix64: near keys become far ones.
fn split_mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_in_seed_purpose_and_index() {
        let first = |seed, purpose, index| Stream::new(seed, purpose, index).below(u32::MAX);
        let base = first(42, "moran", 0);
        assert_eq!(base, first(42, "moran", 0));
        for other in [first(43, "moran", 0), first(42, "geary", 0), first(42, "moran", 1)] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn unit_fills_its_interval_evenly() {
        let mut stream = Stream::new(1, "test", 0);
        let mut counts = [0_u32; 10];
        for _ in 0..100_000 {
            let x = stream.unit();
            assert!((0.0..1.0).contains(&x));
            counts[(x * 10.0) as usize] += 1;
        }
        assert!(counts.iter().all(|&c| c.abs_diff(10_000) < 500), "{counts:?}");
    }

    #[test]
    fn every_number_and_every_order_is_equally_likely() {
        let mut stream = Stream::new(1, "test", 0);
        let mut counts = [0_u32; 6];
        (0..60_000).for_each(|_| counts[stream.below(6) as usize] += 1);
        assert!(counts.iter().all(|&c| c.abs_diff(10_000) < 500), "{counts:?}");

        let mut orders = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut items = [0, 1, 2, 3];
            stream.shuffle(&mut items);
            *orders.entry(items).or_insert(0_u32) += 1;
        }
        assert_eq!(orders.len(), 24);
        assert!(orders.values().all(|&c| c.abs_diff(1000) < 160), "{orders:?}");
    }
}
