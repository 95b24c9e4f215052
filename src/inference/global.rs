//! Random permutations of a whole map, eight at a time.

use rayon::prelude::*;

use super::{Alternative, Counts, Inference, Stream};

/// How many permutations travel together: one cache line of doubles.
pub(crate) const LANES: usize = 8;

/// One value of a city under each of the permutations that travel together.
pub(crate) type Lanes = [f64; LANES];

/// Replicates of a global statistic under random permutation, with the observed value they are held against.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Replicates {
    pub(crate) observed: f64,
    pub(crate) values: Vec<f64>,
}

impl Replicates {
    /// The p value; replicates within a few ulp of the scale of the values are ties.
    pub(crate) fn p(&self, alternative: Alternative) -> f64 {
        let largest = self.values.iter().fold(self.observed.abs(), |most, x| most.max(x.abs()));
        Counts::of(&self.values, self.observed, 1e-13 * largest).p(self.values.len(), alternative)
    }

    /// Mean of the replicates; NaN without any.
    pub(crate) fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// Population variance of the replicates; NaN without any.
    pub(crate) fn variance(&self) -> f64 {
        let mean = self.mean();
        self.values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / self.values.len() as f64
    }

    /// The q quantile of the replicates (type 7); NaN without any.
    pub(crate) fn quantile(&self, q: f64) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, q)
    }
}

/// The q quantile (type 7) of numbers in ascending order; NaN without any.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q * last as f64;
    let (below, above) = (sorted[at as usize], sorted[(at as usize + 1).min(last)]);
    below + (at - at.floor()) * (above - below)
}

/// The statistic of `inference.permutations` random permutations of the cities.
///
/// `fields` are columns of n values that are permuted together; `statistic` gets them interleaved
/// (`fields[f][city][lane]`) and returns one value a lane. Each replicate has a stream of its own, keyed by
/// (seed, purpose, replicate), so the values do not depend on threads or lanes.
pub(crate) fn permuted<F>(fields: &[&[f64]], inference: &Inference, purpose: &str, statistic: F) -> Vec<f64>
where
    F: Fn(&[Vec<Lanes>]) -> Lanes + Sync,
{
    let n = fields.first().map_or(0, |field| field.len());
    let batches = inference.permutations.div_ceil(LANES);
    let workspace = || (vec![vec![[0.0; LANES]; n]; fields.len()], vec![0_u32; n]);
    let mut values: Vec<f64> = (0..batches)
        .into_par_iter()
        .map_init(workspace, |(lanes, order), batch| {
            for lane in 0..LANES {
                let replicate = (batch * LANES + lane) as u64;
                order.iter_mut().enumerate().for_each(|(i, place)| *place = i as u32);
                Stream::new(inference.seed, purpose, replicate).shuffle(order);
                for (field, lanes) in fields.iter().zip(lanes.iter_mut()) {
                    lanes.iter_mut().zip(&*order).for_each(|(city, &from)| city[lane] = field[from as usize]);
                }
            }
            statistic(lanes)
        })
        .flatten_iter()
        .collect();
    values.truncate(inference.permutations);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_value(threads: usize, permutations: usize) -> Vec<f64> {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let inference = Inference { permutations, ..Inference::default() };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| permuted(&[&x], &inference, "test", |fields| fields[0][7]))
    }

    #[test]
    fn replicates_differ_and_threads_do_not_matter() {
        let one = first_value(1, 99);
        let mut distinct = one.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        assert!(distinct.len() > 30, "{distinct:?}");
        assert_eq!(one, first_value(2, 99));
        assert_eq!(one, first_value(16, 99));
    }

    #[test]
    fn more_permutations_only_add() {
        assert_eq!(first_value(2, 99)[..20], first_value(2, 20)[..]);
    }

    #[test]
    fn fields_are_permuted_together() {
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 10.0 * x).collect();
        let sums = permuted(&[&x, &y], &Inference::default(), "test", |fields| {
            std::array::from_fn(|lane| fields[1][3][lane] - 10.0 * fields[0][3][lane])
        });
        assert!(sums.iter().all(|&difference| difference == 0.0));
    }

    #[test]
    fn quantiles_interpolate() {
        let replicates = Replicates { observed: 0.0, values: vec![4.0, 1.0, 3.0, 2.0] };
        assert_eq!((replicates.quantile(0.0), replicates.quantile(0.5), replicates.quantile(1.0)), (1.0, 2.5, 4.0));
        assert_eq!((replicates.mean(), replicates.variance()), (2.5, 1.25));
    }
}
