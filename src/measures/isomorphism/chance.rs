//! Is a similarity of structures more than chance: two null hypotheses, simulated.

use rayon::prelude::*;

use super::overlap::check_pairs;
use super::{location_quotient, unido};
use crate::error::{Fault, Kind, Result};
use crate::inference::{Alternative, Counts, Inference, LANES, Lanes, Multinomial, Replicates, Stream};
use crate::study::Structure;

/// Operations (replicates × pairs × sectors) up to which every pair is tested.
const MOST_FOR_PAIRS: f64 = 2e11;

/// Draws (replicates × cities × sectors) up to which the mean is tested.
const MOST_DRAWS: f64 = 1e9;

/// Largest total of a city that is counted out: beyond it not every whole number is one.
const LARGEST_TOTAL: f64 = (1_u64 << 53) as f64;

/// Cities whose pairs are made together, so that their numbers stay near the processor.
const TILE: usize = 8;

/// What chance is; see [`similarity_by_chance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// Every city draws its total at random from the composition of all cities together.
    Multinomial,
    /// Every city has the quotients that it has, in random sectors.
    QuotientPermutation,
}

/// The similarity of pairs, and its mean, held against chance; see [`similarity_by_chance`].
#[derive(Clone, Debug, PartialEq)]
pub struct ByChance {
    /// The mean similarity over all pairs.
    pub mean: MeanByChance,
    /// Every pair; `None` where that would take more than 2·10¹¹ operations.
    pub pairs: Option<PairsByChance>,
}

/// The mean similarity over all pairs, held against chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanByChance {
    /// The mean that is.
    pub observed: f64,
    /// Mean of the replicates.
    pub expected: f64,
    /// Standard deviation of the replicates.
    pub sd: f64,
    /// `(observed − expected) / sd`; NaN where the replicates do not vary.
    pub z: f64,
    /// p value.
    pub p: f64,
}

/// Matrices n × n over all cities; NaN on the diagonal and where a city takes no part.
#[derive(Clone, Debug, PartialEq)]
pub struct PairsByChance {
    /// Mean of the replicates.
    pub expected: Vec<f64>,
    /// Observed less expected, in standard deviations of the replicates; NaN where these do not vary.
    pub z: Vec<f64>,
    /// p values.
    pub p: Vec<f64>,
}

/// UNIDO's similarity of all pairs of cities, and its mean, held against `inference.permutations` replicates of a null
/// hypothesis.
///
/// # Method
///
/// [`Null::Multinomial`]: the total X_i of every city, rounded, is drawn anew from the composition of all cities together,
/// city by city. It asks whether structures differ by more than small numbers make them. Totals of real cities are large,
/// so that nothing differs by chance and nearly every pair is *less* similar than expected.
///
/// [`Null::QuotientPermutation`]: the location quotients of every city are put in random order over the sectors,
/// multiplied by the shares S_k of the reference area, and divided by their sum. Cities stay as specialised as they are,
/// and no two of them for a common reason. It asks whether cities are specialised in the same sectors.
///
/// The statistic is z = (S − mean)/sd over the replicates, p by their number as in [`Counts`]; the mean over pairs likewise.
/// Replicates are keyed by (seed, purpose, replicate), and sums are made in their order, so that threads do not matter.
///
/// # Errors
///
/// No permutations, fewer than two cities that take part, more than 5,000, more than 10⁹ draws; multinomial, a
/// total that rounds to 0 or lies above 2⁵³; quotients, a sector that a city has and the reference area does not.
///
/// # Complexity
///
/// O(P·n²·K) time where pairs are tested, else O(P·n·K); O(n² + n·K) memory.
///
/// ```
/// use agglo::inference::Inference;
/// use agglo::measures::isomorphism::{Null, similarity_by_chance};
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![50.0, 30.0, 20.0, 48.0, 31.0, 21.0, 20.0, 30.0, 50.0], 3)?;
/// let chance = similarity_by_chance(&structure, Null::Multinomial, &Inference::default())?;
/// assert!(chance.mean.observed < chance.mean.expected && chance.mean.p < 0.01);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn similarity_by_chance(structure: &Structure, null: Null, inference: &Inference) -> Result<ByChance> {
    check_pairs(structure)?;
    let model = Model::new(structure, null)?;
    let (n, sectors, permutations) = (model.members.len(), model.sectors, inference.permutations);
    if permutations == 0 {
        return Err(Fault::new(Kind::Undefined, "not run, since no permutations were asked for").into());
    }
    let draws = permutations as f64 * (n * sectors) as f64;
    if draws > MOST_DRAWS {
        let message =
            format!("not run: {permutations} replicates of {n} cities take {draws:.0} draws, and the most is 1e9");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let observed = unido(structure);
    let with_pairs = draws * n as f64 / 2.0 <= MOST_FOR_PAIRS;
    let mut tallies = if with_pairs { Tally::of_pairs(structure, &observed) } else { Vec::new() };
    let mut means = Vec::with_capacity(permutations);
    for first in (0..permutations).step_by(LANES) {
        let count = LANES.min(permutations - first);
        let replicates: Vec<Vec<f64>> =
            (first..first + count).into_par_iter().map(|at| model.replicate(inference.seed, at)).collect();
        means.extend(replicates.iter().map(|directions| mean_similarity(directions, sectors)));
        if with_pairs {
            let lanes = interleaved(&replicates, n * sectors);
            tally(&mut tallies, &lanes, sectors, first, count);
        }
    }
    let replicates =
        Replicates { observed: mean_similarity(&directions(structure), structure.sectors()), values: means };
    let pairs = with_pairs.then(|| of_pairs(structure, &tallies, permutations, inference.alternative));
    Ok(ByChance { mean: of_mean(&replicates, inference.alternative), pairs })
}

/// What replicates are drawn from.
struct Model<'a> {
    members: &'a [usize],
    sectors: usize,
    shares: Vec<f64>,
    draw: Draw,
}

enum Draw {
    /// The total of every member, and the composition of all.
    Totals(Vec<u64>, Multinomial),
    /// The quotients of every member over the sectors that the reference area has.
    Quotients(Vec<f64>),
}

impl<'a> Model<'a> {
    fn new(structure: &'a Structure, null: Null) -> Result<Self> {
        let members = structure.members();
        match null {
            Null::Multinomial => {
                let totals = members.iter().map(|&i| whole(structure.total(i), i)).collect::<Result<_>>()?;
                let shares = structure.aggregate_shares();
                let draw = Draw::Totals(totals, Multinomial::new(&shares));
                Ok(Self { members, sectors: structure.sectors(), shares, draw })
            }
            Null::QuotientPermutation => {
                let reference = structure.reference_shares();
                let missing = |k: usize| reference[k] <= 0.0;
                if (0..reference.len()).any(|k| missing(k) && members.iter().any(|&i| structure.shares(i)[k] > 0.0)) {
                    let message =
                        "the reference area does not have a sector that a city has, so that its quotient is not known";
                    return Err(Fault::new(Kind::Undefined, message).into());
                }
                let present: Vec<usize> = (0..reference.len()).filter(|&k| !missing(k)).collect();
                let all = location_quotient(structure);
                let of_city =
                    |&i: &usize| -> Vec<f64> { present.iter().map(|k| all[i * reference.len() + k]).collect() };
                let quotients = members.iter().flat_map(of_city).collect();
                let shares: Vec<f64> = present.iter().map(|&k| reference[k]).collect();
                Ok(Self { members, sectors: shares.len(), shares, draw: Draw::Quotients(quotients) })
            }
        }
    }

    /// The structures of one replicate, each of length 1 (so that dot products are similarities), city by city.
    fn replicate(&self, seed: u64, replicate: usize) -> Vec<f64> {
        let mut values = vec![0.0; self.members.len() * self.sectors];
        match &self.draw {
            Draw::Totals(totals, composition) => {
                let mut stream = Stream::new(seed, "isomorphism_null/multinomial", replicate as u64);
                for (city, &total) in values.chunks_exact_mut(self.sectors).zip(totals) {
                    composition.draw(&mut stream, total, city);
                }
            }
            Draw::Quotients(quotients) => {
                let mut stream = Stream::new(seed, "isomorphism_null/quotients", replicate as u64);
                let mut order: Vec<u32> = (0..self.sectors as u32).collect();
                for (city, own) in values.chunks_exact_mut(self.sectors).zip(quotients.chunks_exact(self.sectors)) {
                    stream.shuffle(&mut order);
                    for ((value, &from), share) in city.iter_mut().zip(&order).zip(&self.shares) {
                        *value = own[from as usize] * share;
                    }
                }
            }
        }
        values.chunks_exact_mut(self.sectors).for_each(to_length_one);
        values
    }
}

/// The structures that are, in the form of a replicate.
fn directions(structure: &Structure) -> Vec<f64> {
    let mut values: Vec<f64> = structure.members().iter().flat_map(|&i| structure.shares(i)).copied().collect();
    values.chunks_exact_mut(structure.sectors()).for_each(to_length_one);
    values
}

/// The total of city `i` as a whole number.
fn whole(total: f64, i: usize) -> Result<u64> {
    let rounded = total.round();
    if (1.0..=LARGEST_TOTAL).contains(&rounded) {
        return Ok(rounded as u64);
    }
    let message = format!("the total {total} is not a number that can be counted out");
    Err(Fault::new(Kind::Undefined, message).feature(i).into())
}

fn to_length_one(city: &mut [f64]) {
    let largest = city.iter().fold(0.0, |most: f64, x| most.max(*x));
    city.iter_mut().for_each(|x| *x /= largest);
    let length = city.iter().map(|x| x * x).sum::<f64>().sqrt();
    city.iter_mut().for_each(|x| *x /= length);
}

/// Mean of the dot products of all pairs: (|Σ u|² − Σ|u|²)/(n(n − 1)), without looking at any pair.
fn mean_similarity(directions: &[f64], sectors: usize) -> f64 {
    let mut sum = vec![0.0; sectors];
    let mut own = 0.0;
    for city in directions.chunks_exact(sectors) {
        sum.iter_mut().zip(city).for_each(|(sum, x)| *sum += x);
        own += city.iter().map(|x| x * x).sum::<f64>();
    }
    let n = (directions.len() / sectors) as f64;
    (sum.iter().map(|x| x * x).sum::<f64>() - own) / (n * (n - 1.0))
}

/// The same number of several replicates side by side.
fn interleaved(replicates: &[Vec<f64>], length: usize) -> Vec<Lanes> {
    let of_lane = |at: usize, lane: usize| replicates.get(lane).map_or(0.0, |values| values[at]);
    (0..length).into_par_iter().map(|at| std::array::from_fn(|lane| of_lane(at, lane))).collect()
}

/// What is known of a pair's replicates so far.
#[derive(Clone, Copy)]
struct Tally {
    observed: f64,
    mean: f64,
    /// Sum of squared deviations from the mean, updated as by Welford: the plain sums of squares would lose all digits.
    squares: f64,
    at_least: u32,
    at_most: u32,
}

impl Tally {
    /// One row for each member: its pairs with those after it.
    fn of_pairs(structure: &Structure, observed: &[f64]) -> Vec<Vec<Self>> {
        let (n, members) = (structure.cities(), structure.members());
        let new = |observed| Self { observed, mean: 0.0, squares: 0.0, at_least: 0, at_most: 0 };
        let row = |(a, &i): (usize, &usize)| members[a + 1..].iter().map(|&j| new(observed[i * n + j])).collect();
        members.iter().enumerate().map(row).collect()
    }

    /// Takes in replicate number `count`.
    fn add(&mut self, value: f64, count: usize) {
        const TIE: f64 = 1e-13;
        let before = value - self.mean;
        self.mean += before / count as f64;
        self.squares += before * (value - self.mean);
        self.at_least += u32::from(value >= self.observed - TIE);
        self.at_most += u32::from(value <= self.observed + TIE);
    }
}

/// Adds `count` replicates, the first of them number `first`, to the tallies of all pairs.
fn tally(tallies: &mut [Vec<Tally>], lanes: &[Lanes], sectors: usize, first: usize, count: usize) {
    let of_city = |i: usize| &lanes[i * sectors..(i + 1) * sectors];
    let n = tallies.len();
    tallies.par_chunks_mut(TILE).enumerate().for_each(|(tile, rows)| {
        let start = tile * TILE;
        for j in start + 1..n {
            for (row, i) in rows.iter_mut().zip(start..j) {
                let mut dots = [0.0; LANES];
                for (a, b) in of_city(i).iter().zip(of_city(j)) {
                    (0..LANES).for_each(|lane| dots[lane] += a[lane] * b[lane]);
                }
                let pair = &mut row[j - i - 1];
                dots[..count].iter().zip(first + 1..).for_each(|(&value, number)| pair.add(value, number));
            }
        }
    });
}

fn z_of(observed: f64, expected: f64, sd: f64) -> f64 {
    // What varies by less than rounding does not vary.
    if sd > 1e-14 { (observed - expected) / sd } else { f64::NAN }
}

fn of_mean(replicates: &Replicates, alternative: Alternative) -> MeanByChance {
    let (expected, sd) = (replicates.mean(), replicates.variance().sqrt());
    let observed = replicates.observed;
    MeanByChance { observed, expected, sd, z: z_of(observed, expected, sd), p: replicates.p(alternative) }
}

fn of_pairs(structure: &Structure, tallies: &[Vec<Tally>], permutations: usize, by: Alternative) -> PairsByChance {
    let (n, members) = (structure.cities(), structure.members());
    let matrix = |of: &dyn Fn(&Tally) -> f64| {
        let mut values = vec![f64::NAN; n * n];
        for (a, row) in tallies.iter().enumerate() {
            for (pair, &j) in row.iter().zip(&members[a + 1..]) {
                values[members[a] * n + j] = of(pair);
                values[j * n + members[a]] = of(pair);
            }
        }
        values
    };
    let sd = |pair: &Tally| (pair.squares / permutations as f64).max(0.0).sqrt();
    let counts = |pair: &Tally| Counts { at_least: pair.at_least as usize, at_most: pair.at_most as usize };
    PairsByChance {
        expected: matrix(&|pair| pair.mean),
        z: matrix(&|pair| z_of(pair.observed, pair.mean, sd(pair))),
        p: matrix(&|pair| counts(pair).p(permutations, by)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few(seed: u64) -> Inference {
        Inference { permutations: 99, seed, ..Inference::default() }
    }

    /// A table of `n` cities drawn from one composition.
    fn by_chance(n: usize, seed: u64) -> Structure {
        let composition = Multinomial::new(&[0.4, 0.3, 0.15, 0.1, 0.05]);
        let mut stream = Stream::new(seed, "a table by chance", 0);
        let mut levels = vec![0.0; 5 * n];
        levels.chunks_exact_mut(5).for_each(|city| composition.draw(&mut stream, 400, city));
        Structure::new(levels, 5).unwrap()
    }

    /// Under the null p is uniform: its mean over forty tables lies within four standard errors of one half.
    #[test]
    fn a_table_by_chance_has_a_uniform_p() {
        let ps: Vec<ByChance> = (0..40)
            .map(|seed| similarity_by_chance(&by_chance(8, seed), Null::Multinomial, &few(seed)).unwrap())
            .collect();
        let mean = ps.iter().map(|chance| chance.mean.p).sum::<f64>() / 40.0;
        assert!((mean - 0.5).abs() < 4.0 * (1.0_f64 / 12.0 / 40.0).sqrt(), "{mean}");
        let of_pairs: Vec<f64> = ps.iter().map(|chance| chance.pairs.as_ref().unwrap().p[1]).collect();
        let mean = of_pairs.iter().sum::<f64>() / 40.0;
        assert!((mean - 0.5).abs() < 4.0 * (1.0_f64 / 12.0 / 40.0).sqrt(), "{mean}");
    }

    #[test]
    fn cities_specialised_alike_are_more_similar_than_permuted_quotients() {
        let levels = (0..6).flat_map(|i| {
            let special = if i < 5 { [30.0, 28.0, 1.0, 2.0] } else { [2.0, 3.0, 90.0, 80.0] };
            special.into_iter().chain([20.0 + f64::from(i), 15.0])
        });
        let structure = Structure::new(levels.collect(), 6).unwrap();
        let chance = similarity_by_chance(&structure, Null::QuotientPermutation, &Inference::default()).unwrap();
        let pairs = chance.pairs.unwrap();
        assert!(pairs.z[1] > 1.5 && pairs.p[1] < 0.1, "{} {}", pairs.z[1], pairs.p[1]);
        assert!(pairs.z[5] < 0.0 && pairs.z[0].is_nan());
    }

    #[test]
    fn threads_and_lanes_do_not_matter() {
        let structure = by_chance(21, 1);
        for null in [Null::Multinomial, Null::QuotientPermutation] {
            let with = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| format!("{:?}", similarity_by_chance(&structure, null, &few(3)).unwrap()))
            };
            assert_eq!(with(1), with(2));
        }
    }

    /// The mean without looking at pairs, tallies and expected values against a plain computation.
    #[test]
    fn agrees_with_a_plain_computation() {
        let structure = by_chance(5, 2);
        let model = Model::new(&structure, Null::QuotientPermutation).unwrap();
        let chance = similarity_by_chance(&structure, Null::QuotientPermutation, &few(9)).unwrap();
        let s_of = |u: &[f64], i: usize, j: usize| (0..5).map(|k| u[5 * i + k] * u[5 * j + k]).sum::<f64>();
        let values: Vec<f64> = (0..99).map(|at| s_of(&model.replicate(9, at), 1, 3)).collect();
        let plain = Replicates { observed: unido(&structure)[8], values };
        let pairs = chance.pairs.unwrap();
        assert!((pairs.expected[8] - plain.mean()).abs() < 1e-14);
        assert!((pairs.z[8] - (plain.observed - plain.mean()) / plain.variance().sqrt()).abs() < 1e-8);
        assert_eq!(pairs.p[8], plain.p(Alternative::TwoSided));
        let s = unido(&structure);
        let mean = super::super::overlap::above_diagonal(5).map(|(i, j)| s[5 * i + j]).sum::<f64>() / 10.0;
        assert!((chance.mean.observed - mean).abs() < 1e-14);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let undefined = |structure: &Structure, null, permutations| {
            let inference = Inference { permutations, ..Inference::default() };
            similarity_by_chance(structure, null, &inference).unwrap_err().to_string()
        };
        let small = Structure::new(vec![0.1, 0.2, 3.0, 4.0], 2).unwrap();
        assert!(undefined(&small, Null::Multinomial, 9).contains("counted out"));
        assert!(undefined(&small, Null::QuotientPermutation, 0).contains("no permutations"));
        assert!(undefined(&small, Null::QuotientPermutation, 1_000_000_000).contains("not run"));
        let other = small.with_reference(vec![0.0, 1.0]).unwrap();
        assert!(undefined(&other, Null::QuotientPermutation, 9).contains("does not have a sector"));
        let one_sector = Structure::new(vec![5.0, 9.0, 7.0], 1).unwrap();
        let chance = similarity_by_chance(&one_sector, Null::Multinomial, &few(1)).unwrap();
        assert!(chance.mean.z.is_nan() && chance.mean.p == 1.0);
    }
}
