//! Conditional permutation of local statistics without permuting.
//!
//! Under the conditional null a city keeps its value, and its neighbours' values are k draws without replacement
//! from the other n − 1 cities. So the reference distribution depends on k and on leaving the city out, on nothing
//! else about it, and a block of cities can share its draws: `P` samples of k_max + 1 distinct cities. A city that
//! occurs among the first k of a sample is replaced there by the spare (k+1)-th draw, which is again a uniform draw
//! without replacement from the others.
//!
//! Blocks are small, so that the Monte Carlo error of the map averages out, and of fixed size in the order of the
//! input, so that threads do not matter. Where the work is small anyway every city has draws of its own.

use rayon::prelude::*;

use super::{Counts, Inference, Stream};
use crate::weights::Weights;

/// Cities that share their draws. Part of the format version.
const BLOCK: usize = 256;

/// Draws (links × permutations) up to which every city has draws of its own. Part of the format version.
const INDEPENDENT_DRAWS: usize = 20_000_000;

/// A local statistic that is linear in the values of the neighbours: T_i = Σ_j w_ij Σ_f a_if·y_fj.
pub(crate) struct Linear<'a, A> {
    /// The values y_f of the n cities, one slice a field.
    pub(crate) fields: &'a [&'a [f64]],
    /// Writes the coefficients a_if of city i.
    pub(crate) coefficients: A,
}

/// For every city, how many of `inference.permutations` replicates of T_i reach the observed T_i from either side.
///
/// Values within 4(k + 4) ulp of the scale Σ_j |w_ij|·max|y| are ties: the same values summed in another order
/// differ in their last bits. A city without neighbours gets zeros.
///
/// Cost: one binary search a city for each replicate where there is one field and the weights of a row are equal;
/// P fused operations a city for equal weights and several fields; P·k for unequal weights, without a gather.
pub(crate) fn conditional_counts<A>(
    weights: &Weights,
    statistic: &Linear<A>,
    inference: &Inference,
    purpose: &str,
) -> Vec<Counts>
where
    A: Fn(usize, &mut [f64]) + Sync,
{
    let n = weights.n();
    let pooled = weights.links().saturating_mul(inference.permutations) > INDEPENDENT_DRAWS;
    let size = if pooled { BLOCK } else { 1 };
    let largest: Vec<f64> =
        statistic.fields.iter().map(|y| y.iter().fold(0.0, |most, y| f64::max(most, y.abs()))).collect();
    (0..n.div_ceil(size))
        .into_par_iter()
        .map_init(
            || (Block::new(n), Vec::new()),
            |(block, replicates), number| {
                let sites = number * size..((number + 1) * size).min(n);
                let stream = Stream::new(inference.seed, purpose, number as u64);
                block.draw(weights, sites.clone(), inference.permutations, stream);
                block.tabulate(weights, sites.clone(), statistic.fields);
                sites.map(|site| block.count(weights, statistic, &largest, site, replicates)).collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect()
}

/// The draws that a block of cities shares, and their sums. Kept from block to block to save allocations.
struct Block {
    n: usize,
    permutations: usize,
    /// Number of draws in a sample: the most neighbours in the block, and the spare.
    width: usize,
    /// `permutations × width` cities, sample after sample.
    samples: Vec<u32>,
    /// First city of the block.
    first: usize,
    /// For each city of the block, the (sample, place) where it occurs.
    occurrences: Vec<Vec<(u32, u32)>>,
    /// `values[field][place * permutations + sample]`, where a row of unequal weights is in the block.
    values: Vec<Vec<f64>>,
    /// Sums of the first k draws, for each k that a row of equal weights in the block has.
    sums: Vec<Sums>,
    /// Last sample in which a city was drawn, to draw it only once.
    drawn: Vec<u32>,
}

/// For one k: the sum of the first k draws of every sample, by field, and those of the first field sorted.
struct Sums {
    k: usize,
    fields: Vec<Vec<f64>>,
    sorted: Vec<f64>,
}

impl Block {
    fn new(n: usize) -> Self {
        Self {
            n,
            permutations: 0,
            width: 0,
            samples: Vec::new(),
            first: 0,
            occurrences: Vec::new(),
            values: Vec::new(),
            sums: Vec::new(),
            drawn: Vec::new(),
        }
    }

    fn sample(&self, sample: usize) -> &[u32] {
        &self.samples[sample * self.width..][..self.width]
    }

    /// Draws the samples and remembers where the block's own cities occur.
    fn draw(&mut self, weights: &Weights, sites: std::ops::Range<usize>, permutations: usize, mut stream: Stream) {
        let most = sites.clone().map(|site| weights.neighbours(site).len()).max().unwrap_or(0);
        self.permutations = permutations;
        self.width = (most + 1).min(self.n);
        self.samples.clear();
        self.drawn.clear();
        for sample in 0..permutations {
            self.draw_distinct(sample as u32, &mut stream);
        }
        self.first = sites.start;
        self.occurrences.clear();
        self.occurrences.resize(sites.len(), Vec::new());
        for (at, &city) in self.samples.iter().enumerate() {
            if sites.contains(&(city as usize)) {
                let place = ((at / self.width) as u32, (at % self.width) as u32);
                self.occurrences[city as usize - self.first].push(place);
            }
        }
    }

    /// Appends one sample of `width` distinct cities in random order.
    fn draw_distinct(&mut self, sample: u32, stream: &mut Stream) {
        const SHORT: usize = 24;
        let (n, start) = (self.n as u32, self.samples.len());
        if 2 * self.width > self.n {
            // Most cities are drawn: the head of a shuffled list.
            self.drawn.clear();
            self.drawn.extend(0..n);
            for place in 0..self.width {
                let other = place + stream.below(n - place as u32) as usize;
                self.drawn.swap(place, other);
            }
            self.samples.extend_from_slice(&self.drawn[..self.width]);
        } else if self.width <= SHORT {
            while self.samples.len() < start + self.width {
                let city = stream.below(n);
                if !self.samples[start..].contains(&city) {
                    self.samples.push(city);
                }
            }
        } else {
            self.drawn.resize(self.n, u32::MAX);
            while self.samples.len() < start + self.width {
                let city = stream.below(n);
                if self.drawn[city as usize] != sample {
                    self.drawn[city as usize] = sample;
                    self.samples.push(city);
                }
            }
        }
    }

    /// Fills the tables that the rows of this block need.
    fn tabulate(&mut self, weights: &Weights, sites: std::ops::Range<usize>, fields: &[&[f64]]) {
        let (equal, unequal): (Vec<usize>, Vec<usize>) = sites.partition(|&site| has_equal_weights(weights, site));
        let mut lengths: Vec<usize> = equal.iter().map(|&site| weights.neighbours(site).len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let sorted = fields.len() == 1 && equal.len() > 8;
        self.sums = lengths.iter().map(|&k| Sums { k, fields: Vec::new(), sorted: Vec::new() }).collect();
        for y in fields {
            self.sum_field(y);
        }
        for sums in self.sums.iter_mut().filter(|_| sorted) {
            sums.sorted.clone_from(&sums.fields[0]);
            sums.sorted.sort_unstable_by(f64::total_cmp);
        }
        self.values.clear();
        if unequal.iter().any(|&site| !weights.neighbours(site).is_empty()) {
            let (width, permutations) = (self.width, self.permutations);
            let by_place = |y: &&[f64]| {
                let at = |place, sample| y[self.samples[sample * width + place] as usize];
                (0..width)
                    .flat_map(|place| (0..permutations).map(move |sample| (place, sample)))
                    .map(|(p, s)| at(p, s))
                    .collect()
            };
            self.values = fields.iter().map(by_place).collect();
        }
    }

    /// Adds to every [`Sums`] the sums of one field.
    fn sum_field(&mut self, y: &[f64]) {
        let mut columns = vec![Vec::with_capacity(self.permutations); self.sums.len()];
        for sample in 0..self.permutations {
            let (mut sum, mut taken) = (0.0, 0);
            let draws = self.sample(sample);
            for (sums, column) in self.sums.iter().zip(&mut columns) {
                sum += draws[taken..sums.k].iter().map(|&city| y[city as usize]).sum::<f64>();
                taken = sums.k;
                column.push(sum);
            }
        }
        for (sums, column) in self.sums.iter_mut().zip(columns) {
            sums.fields.push(column);
        }
    }

    /// The counts of one city; `replicates` is room for its replicates.
    fn count<A>(
        &self,
        weights: &Weights,
        statistic: &Linear<A>,
        largest: &[f64],
        site: usize,
        replicates: &mut Vec<f64>,
    ) -> Counts
    where
        A: Fn(usize, &mut [f64]),
    {
        let k = weights.neighbours(site).len();
        if k == 0 || self.permutations == 0 {
            return Counts::default();
        }
        let mut a = vec![0.0; statistic.fields.len()];
        (statistic.coefficients)(site, &mut a);
        let value = |city: usize| -> f64 { a.iter().zip(statistic.fields).map(|(a, y)| a * y[city]).sum() };
        let reach: f64 = a.iter().zip(largest).map(|(a, most)| a.abs() * most).sum();
        let ulps = 4.0 * f64::EPSILON * (k + 4) as f64 * reach;
        if has_equal_weights(weights, site) {
            let observed = weights.neighbours(site).iter().map(|&j| value(j as usize)).sum();
            let target = Target { observed, tolerance: ulps * k as f64 };
            self.count_equal(k, &a, target, self.replaced(site, k, &value), replicates)
        } else {
            let row: Vec<f64> = weights.row(site).map(|(_, w)| w).collect();
            let observed = weights.row(site).map(|(j, w)| w * value(j)).sum();
            let target = Target { observed, tolerance: ulps * row.iter().map(|w| w.abs()).sum::<f64>() };
            self.count_unequal(&row, &a, target, self.replaced(site, k, &value), replicates)
        }
    }

    /// The samples that hold the city itself among their first k draws: sample, place, and what the spare draw there
    /// changes the value by.
    fn replaced<'a>(
        &'a self,
        site: usize,
        k: usize,
        value: &'a impl Fn(usize) -> f64,
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
        let occurrences =
            self.occurrences[site - self.first].iter().map(|&(sample, place)| (sample as usize, place as usize));
        occurrences.filter(move |&(_, place)| place < k).map(move |(sample, place)| {
            let spare = self.sample(sample)[k] as usize;
            (sample, place, value(spare) - value(site))
        })
    }

    /// A row of equal weights: the statistic orders as the plain sum of the neighbours' values.
    fn count_equal(
        &self,
        k: usize,
        a: &[f64],
        target: Target,
        replaced: impl Iterator<Item = (usize, usize, f64)>,
        replicates: &mut Vec<f64>,
    ) -> Counts {
        let sums = &self.sums[self.sums.partition_point(|sums| sums.k < k)];
        if !sums.sorted.is_empty() {
            let mut counts = target.search(&sums.sorted, a[0]);
            for (sample, _, change) in replaced {
                let before = a[0] * sums.fields[0][sample];
                counts.at_least -= usize::from(target.reached_by(before));
                counts.at_most -= usize::from(target.reaches(before));
                counts.at_least += usize::from(target.reached_by(before + change));
                counts.at_most += usize::from(target.reaches(before + change));
            }
            return counts;
        }
        replicates.clear();
        replicates.resize(self.permutations, 0.0);
        for (a, field) in a.iter().zip(&sums.fields) {
            replicates.iter_mut().zip(field).for_each(|(replicate, sum)| *replicate += a * sum);
        }
        replaced.for_each(|(sample, _, change)| replicates[sample] += change);
        Counts::of(replicates, target.observed, target.tolerance)
    }

    /// A row of unequal weights: one multiply-add a draw, over all samples at once.
    fn count_unequal(
        &self,
        row: &[f64],
        a: &[f64],
        target: Target,
        replaced: impl Iterator<Item = (usize, usize, f64)>,
        replicates: &mut Vec<f64>,
    ) -> Counts {
        replicates.clear();
        replicates.resize(self.permutations, 0.0);
        for (place, w) in row.iter().enumerate() {
            for (a, values) in a.iter().zip(&self.values) {
                let factor = w * a;
                let drawn = &values[place * self.permutations..][..self.permutations];
                replicates.iter_mut().zip(drawn).for_each(|(replicate, y)| *replicate += factor * y);
            }
        }
        replaced.for_each(|(sample, place, change)| replicates[sample] += row[place] * change);
        Counts::of(replicates, target.observed, target.tolerance)
    }
}

/// The observed value that replicates are held against, and how near counts as a tie.
#[derive(Clone, Copy)]
struct Target {
    observed: f64,
    tolerance: f64,
}

impl Target {
    fn reached_by(self, replicate: f64) -> bool {
        replicate >= self.observed - self.tolerance
    }

    fn reaches(self, replicate: f64) -> bool {
        replicate <= self.observed + self.tolerance
    }

    /// The counts among sums in ascending order, each times a positive factor.
    fn search(self, sorted: &[f64], factor: f64) -> Counts {
        let at_least = sorted.len() - sorted.partition_point(|sum| !self.reached_by(factor * sum));
        Counts { at_least, at_most: sorted.partition_point(|sum| self.reaches(factor * sum)) }
    }
}

/// Whether all neighbours of `site` have one positive weight.
fn has_equal_weights(weights: &Weights, site: usize) -> bool {
    let mut row = weights.raw_row(site).map(|(_, w)| w);
    weights.is_binary() || row.next().is_some_and(|first| first > 0.0 && row.all(|w| w == first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Alternative;
    use crate::weights::Transform;
    use proptest::prelude::*;

    /// Coefficients 1 for a statistic of one field.
    fn plain(_: usize, a: &mut [f64]) {
        a.fill(1.0);
    }

    fn statistic(weights: &Weights, y: &[f64], site: usize) -> f64 {
        weights.row(site).map(|(j, w)| w * y[j]).sum()
    }

    /// The plain method: shuffle the other cities for every site and replicate, and sum.
    fn reference(weights: &Weights, y: &[f64], permutations: usize) -> Vec<Counts> {
        (0..weights.n())
            .map(|site| {
                let mut stream = Stream::new(7, "reference", site as u64);
                let mut others: Vec<u32> = (0..weights.n() as u32).filter(|&j| j as usize != site).collect();
                let replicates: Vec<f64> = (0..permutations)
                    .map(|_| {
                        stream.shuffle(&mut others);
                        weights.row(site).zip(&others).map(|((_, w), &j)| w * y[j as usize]).sum()
                    })
                    .collect();
                Counts::of(&replicates, statistic(weights, y, site), 1e-12)
            })
            .collect()
    }

    /// Cities on a ring, linked to `reach` of them on either side, with the weights given by the distance.
    fn ring(n: usize, reach: usize, weight: impl Fn(usize) -> f64) -> Weights {
        let rows = (0..n).map(|i| {
            (1..=reach)
                .flat_map(|d| [((i + d) % n, d), ((i + n - d) % n, d)])
                .map(|(j, d)| (j as u32, weight(d)))
                .collect()
        });
        Weights::from_rows("ring", rows.collect()).transformed(Transform::Row)
    }

    fn values(n: usize) -> Vec<f64> {
        (0..n).map(|i| ((i * 7919) % 101) as f64 - 50.0 + (i as f64 / 9.0).sin() * 40.0).collect()
    }

    fn assert_agree(weights: &Weights, y: &[f64], permutations: usize, independent: bool) {
        let inference = Inference { permutations, ..Inference::default() };
        let pooled = weights.links() * permutations > INDEPENDENT_DRAWS;
        assert_ne!(pooled, independent);
        let fast = conditional_counts(weights, &Linear { fields: &[y], coefficients: plain }, &inference, "test");
        for (site, (fast, plain)) in fast.iter().zip(reference(weights, y, 9999)).enumerate() {
            let (a, b) = (fast.p(permutations, Alternative::Greater), plain.p(9999, Alternative::Greater));
            let error = (b * (1.0 - b) * (1.0 / permutations as f64 + 1.0 / 9999.0)).sqrt();
            assert!((a - b).abs() < 5.0 * error + 1e-4, "site {site}: {a} against {b}");
        }
    }

    #[test]
    fn independent_draws_agree_with_the_plain_method() {
        assert_agree(&ring(60, 2, |_| 1.0), &values(60), 4999, true);
        assert_agree(&ring(60, 3, |d| 1.0 / d as f64), &values(60), 4999, true);
        assert_agree(&ring(60, 20, |d| 1.0 / d as f64), &values(60), 4999, true);
    }

    #[test]
    fn pooled_draws_agree_with_the_plain_method() {
        let permutations = 90_000;
        assert_agree(&ring(60, 2, |_| 1.0), &values(60), permutations, false);
        assert_agree(&ring(60, 2, |d| 1.0 / d as f64), &values(60), permutations, false);
    }

    /// Twelve cities, one neighbour each: the p value is the rank of the neighbour among the other eleven.
    #[test]
    fn draws_are_uniform_over_the_others() {
        let rows = (0..12).map(|i| vec![((i + 1) % 12, 1.0)]).collect();
        let (weights, y) = (Weights::from_rows("next", rows), (0..12).map(f64::from).collect::<Vec<_>>());
        let inference = Inference { permutations: 99_999, ..Inference::default() };
        let counts = conditional_counts(&weights, &Linear { fields: &[&y], coefficients: plain }, &inference, "test");
        for (site, counts) in counts.into_iter().enumerate() {
            let next = (site + 1) % 12;
            let exact = (0..12).filter(|&j| j != site && j >= next).count() as f64 / 11.0;
            let got = counts.p(99_999, Alternative::Greater);
            assert!((got - exact).abs() < 5.0 * (exact * (1.0 - exact) / 1e5).sqrt() + 2e-5, "{site}: {got} {exact}");
        }
    }

    /// A complete graph: every arrangement gives the same sum, so every replicate is a tie, however it is summed.
    #[test]
    fn the_same_values_in_another_order_are_ties() {
        let n = 40;
        let rows = (0..n).map(|i| (0..n).filter(|&j| j != i).map(|j| (j as u32, 1.0)).collect()).collect();
        let y: Vec<f64> = (0..n).map(|i| 0.1 * i as f64 + 1.0 / 3.0).collect();
        let counts = conditional_counts(
            &Weights::from_rows("all", rows),
            &Linear { fields: &[&y], coefficients: plain },
            &Inference::default(),
            "test",
        );
        assert!(counts.iter().all(|&counts| counts == Counts { at_least: 999, at_most: 999 }));
    }

    #[test]
    fn several_fields_with_coefficients_of_the_city() {
        let (weights, y) = (ring(50, 2, |_| 1.0), values(50));
        let squares: Vec<f64> = y.iter().map(|y| y * y).collect();
        let linear = Linear {
            fields: &[&squares, &y],
            coefficients: |i: usize, a: &mut [f64]| a.copy_from_slice(&[1.0, -2.0 * y[i]]),
        };
        let inference = Inference { permutations: 9999, ..Inference::default() };
        let fast = conditional_counts(&weights, &linear, &inference, "test");
        for site in [0, 17, 49] {
            let g: Vec<f64> = y.iter().map(|other| other * other - 2.0 * y[site] * other).collect();
            let plain = reference(&weights, &g, 9999)[site];
            let (a, b) = (fast[site].p(9999, Alternative::Less), plain.p(9999, Alternative::Less));
            assert!((a - b).abs() < 5.0 * (2.0 * b * (1.0 - b) / 9999.0).sqrt() + 1e-4, "site {site}: {a} against {b}");
        }
    }

    #[test]
    fn threads_do_not_matter() {
        let n = 3000;
        let (weights, y) = (ring(n, 20, |_| 1.0), values(n));
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                conditional_counts(
                    &weights,
                    &Linear { fields: &[&y], coefficients: plain },
                    &Inference::default(),
                    "test",
                )
            })
        };
        assert!(weights.links() * 999 > INDEPENDENT_DRAWS);
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(16));
    }

    proptest! {
        /// With all but one city drawn the sum is known: total − own value − the one left out.
        #[test]
        fn dense_rows_draw_without_replacement(y in prop::collection::vec(-10.0..10.0f64, 6)) {
            let rows = (0..6).map(|i: usize| (0..6).filter(|&j| j != i && j != (i + 1) % 6).map(|j| (j as u32, 1.0)).collect());
            let weights = Weights::from_rows("dense", rows.collect());
            let inference = Inference { permutations: 4999, ..Inference::default() };
            let counts = conditional_counts(&weights, &Linear { fields: &[&y], coefficients: plain }, &inference, "test");
            for i in 0..6 {
                let left_out = y[(i + 1) % 6];
                let exact = (0..6).filter(|&j| j != i && y[j] <= left_out).count() as f64 / 5.0;
                prop_assert!((counts[i].p(4999, Alternative::Greater) - exact).abs() < 0.04);
            }
        }
    }
}
