//! Is a similarity of structures more than chance: two null hypotheses, simulated.

use rayon::prelude::*;

use super::overlap::check_pairs;
use super::unido;
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
    /// Every city has the ranks of its quotients among the cities, in random sectors.
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
/// [`Null::QuotientPermutation`]: the rank of a city's location quotient among the cities, sector by sector, is put in
/// random order over its sectors; in each it gets the share that has this rank there, and its shares are divided by
/// their sum. Every sector keeps the quotients that it has, every city the ranks that it has, and no two cities are
/// specialised for a common reason. It asks whether cities are specialised in the same sectors. Quotients themselves are
/// not exchanged between sectors: those of small sectors are far wider, and a sector of a few workers would be dealt
/// a quarter of a city. Tied quotients share the lower middle rank.
///
/// For pairs the test keeps its level: structures drawn independently were called at 5 % in 5 to 7 % of the pairs, in
/// simulations with the composition and the number of cities of the shipped data. For the mean it is cautious: since
/// shares add up to 1, z of the mean then lay between −4 and −1, so that a mean above the expected one is evidence and one
/// somewhat below it is not.
///
/// The statistic is z = (S − mean)/sd over the replicates, p by their number as in [`Counts`]; the mean over pairs likewise.
/// Replicates are keyed by (seed, purpose, replicate), and sums are made in their order, so that threads do not matter.
///
/// # Errors
///
/// No permutations, fewer than two cities that take part, more than 5,000, more than 10⁹ draws; multinomial, a
/// total that rounds to 0 or lies above 2⁵³.
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
    draw: Draw,
}

enum Draw {
    /// The total of every member, and the composition of all.
    Totals(Vec<u64>, Multinomial),
    /// The shares of every sector in ascending order, sector by sector, and the place of every member in them, city by city.
    Ranks { sorted: Vec<f64>, places: Vec<usize> },
}

impl<'a> Model<'a> {
    fn new(structure: &'a Structure, null: Null) -> Result<Self> {
        let members = structure.members();
        match null {
            Null::Multinomial => {
                let totals = members.iter().map(|&i| whole(structure.total(i), i)).collect::<Result<_>>()?;
                let draw = Draw::Totals(totals, Multinomial::new(&structure.aggregate_shares()));
                Ok(Self { members, sectors: structure.sectors(), draw })
            }
            Null::QuotientPermutation => {
                let (sorted, places) = ranked(structure);
                Ok(Self { members, sectors: structure.sectors(), draw: Draw::Ranks { sorted, places } })
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
            Draw::Ranks { sorted, places } => {
                let mut stream = Stream::new(seed, "isomorphism_null/quotients", replicate as u64);
                for (city, own) in values.chunks_exact_mut(self.sectors).zip(places.chunks_exact(self.sectors)) {
                    deal(&mut stream, sorted, own, city);
                }
            }
        }
        values.chunks_exact_mut(self.sectors).for_each(to_length_one);
        values
    }
}

/// The shares of every sector in ascending order, and the place of every member's share among them.
fn ranked(structure: &Structure) -> (Vec<f64>, Vec<usize>) {
    let (members, sectors) = (structure.members(), structure.sectors());
    let n = members.len();
    let (mut sorted, mut places) = (Vec::with_capacity(n * sectors), vec![0; n * sectors]);
    for k in 0..sectors {
        let shares: Vec<f64> = members.iter().map(|&i| structure.shares(i)[k]).collect();
        let mut ascending = shares.clone();
        ascending.sort_by(f64::total_cmp);
        for (i, share) in shares.iter().enumerate() {
            let (below, up_to) = (ascending.partition_point(|x| x < share), ascending.partition_point(|x| x <= share));
            places[i * sectors + k] = below + (up_to - below - 1) / 2;
        }
        sorted.extend(ascending);
    }
    (sorted, places)
}

/// Deals the places of a city out to its sectors anew. A deal that leaves it with nothing is made again; where even
/// many leave nothing, the city keeps its own.
fn deal(stream: &mut Stream, sorted: &[f64], own: &[usize], city: &mut [f64]) {
    const DEALS: usize = 100;
    let n = sorted.len() / own.len();
    let mut order: Vec<u32> = (0..own.len() as u32).collect();
    for _ in 0..DEALS {
        stream.shuffle(&mut order);
        city.iter_mut().enumerate().for_each(|(k, share)| *share = sorted[k * n + own[order[k] as usize]]);
        if city.iter().any(|share| *share > 0.0) {
            return;
        }
    }
    city.iter_mut().enumerate().for_each(|(k, share)| *share = sorted[k * n + own[k]]);
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

    /// Two camps of cities: those of one camp are more similar than by chance, those of two less.
    #[test]
    fn cities_specialised_alike_are_more_similar_than_permuted_quotients() {
        let levels = (0..12).flat_map(|i| {
            let special =
                if i % 2 == 0 { [30.0, 25.0, 28.0, 5.0, 6.0, 4.0] } else { [5.0, 4.0, 6.0, 31.0, 24.0, 27.0] };
            special.into_iter().enumerate().map(move |(k, level)| level + f64::from((7 * i + 3 * k as i32) % 5))
        });
        let structure = Structure::new(levels.collect(), 6).unwrap();
        let chance = similarity_by_chance(&structure, Null::QuotientPermutation, &Inference::default()).unwrap();
        let pairs = chance.pairs.unwrap();
        assert!(pairs.z[2] > 1.0, "{}", pairs.z[2]);
        assert!(pairs.z[1] < -1.0 && pairs.z[0].is_nan(), "{}", pairs.z[1]);
    }

    #[test]
    fn every_sector_keeps_its_shares_and_ties_share_a_place() {
        let structure = Structure::new(vec![0.0, 4.0, 0.0, 4.0, 1.0, 3.0, 2.0, 2.0], 2).unwrap();
        let (sorted, places) = ranked(&structure);
        assert_eq!(sorted, [0.0, 0.0, 0.25, 0.5, 0.5, 0.75, 1.0, 1.0]);
        assert_eq!(places, [0, 2, 0, 2, 2, 1, 3, 0]);
        let mut city = [0.0; 2];
        // Place 0 in both sectors: nothing in the first, one half in the second.
        deal(&mut Stream::new(1, "test", 0), &sorted, &[0, 0], &mut city);
        assert_eq!(city, [0.0, 0.5]);
    }

    /// Cities that are specialised independently: pairs are called at 5 % about as often as that.
    #[test]
    fn independent_structures_keep_the_level_of_pairs() {
        let composition = [0.3, 0.25, 0.15, 0.1, 0.08, 0.06, 0.04, 0.02];
        let called: usize = (0..12)
            .map(|seed| {
                let mut stream = Stream::new(seed, "independent structures", 0);
                let noise = |stream: &mut Stream| (0..4).map(|_| stream.unit()).sum::<f64>() - 2.0;
                let levels = (0..12 * 8).map(|at| composition[at % 8] * libm::exp(noise(&mut stream))).collect();
                let structure = Structure::new(levels, 8).unwrap();
                let pairs = similarity_by_chance(&structure, Null::QuotientPermutation, &few(seed)).unwrap().pairs;
                let p = pairs.unwrap().p;
                super::super::overlap::above_diagonal(12).filter(|&(i, j)| p[12 * i + j] <= 0.05).count()
            })
            .sum();
        let share = called as f64 / (12.0 * 66.0);
        assert!((0.01..0.11).contains(&share), "{share}");
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
        let one_sector = Structure::new(vec![5.0, 9.0, 7.0], 1).unwrap();
        let chance = similarity_by_chance(&one_sector, Null::Multinomial, &few(1)).unwrap();
        assert!(chance.mean.z.is_nan() && chance.mean.p == 1.0);
    }
}
