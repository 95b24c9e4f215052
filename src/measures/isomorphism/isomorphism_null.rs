//! Whether the structures of cities are more, or less, similar than chance makes them.

use serde_json::{Value, json};

use super::adapter::{by_pairs, cell, each_year, finding};
use super::chance::{ByChance, MeanByChance, Null, PairsByChance, similarity_by_chance};
use super::overlap::{above_diagonal, check_pairs, mean_of_pairs};
use super::unido;
use crate::error::{Error, Kind, Result};
use crate::inference::{Counts, Inference, benjamini_hochberg};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{Industry, Structure};

static ABOUT: About = About {
    name: "isomorphism_null",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Similarity against chance",
    question: "Are the structures more alike than chance makes them, given the composition of the whole and the size of each city?",
    formula: "z_ij = (S_ij - mean_r S_ij^r)/sd_r S_ij^r over replicates r; multinomial: X_i drawn from S_k; permutation: s_ik^r proportional to the share whose rank in sector k is that of LQ_i,pi(k) in sector pi(k), pi a random order of the sectors",
    symbols: &[
        ("S_ij", "UNIDO's similarity of cities i and j"),
        ("X_i", "total of city i, rounded"),
        ("S_k", "share of sector k in all cities together"),
        ("LQ_ik", "location quotient s_ik/S_k"),
    ],
    reading: "Permutation: cities keep the ranks of their quotients, in random sectors, and sectors the quotients that they have; z above 0 means that cities are specialised in the same sectors. For pairs the level is kept; of the mean only a value above the expected one is evidence, since shares add up to 1 and independent structures already give a z between about -4 and -1. Multinomial: z below 0 means that structures differ by more than small numbers make them; in real sizes hardly anything varies by chance, so that this null is nearly always rejected and says little but for small counts",
    variant: "UNIDO's coefficient on shares; p counts the observed among the replicates; z with the standard deviation of the replicates. Every pair up to 2e11 operations (replicates x pairs x sectors), above that the mean alone; nothing above 1e9 draws (replicates x cities x sectors) or 5,000 cities. Pairs counted at alpha, and after Benjamini and Hochberg",
    reference: "Our tests; binomial draws by Hormann (1993), Journal of Statistical Computation and Simulation 46, 101-110; p as in Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.2; Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300",
    fields: &[
        Field::scalar("mean", "mean similarity over all pairs"),
        Field::scalar("mean_expected_permutation", "its mean under permuted quotients"),
        Field::scalar("sd_mean_permutation", "its standard deviation under permuted quotients"),
        Field::scalar("z_mean_permutation", "its z value under permuted quotients"),
        Field::scalar("p_mean_permutation", "its p value under permuted quotients"),
        Field::scalar("pairs_higher_permutation", "pairs more similar than expected with p up to alpha"),
        Field::scalar("pairs_lower_permutation", "pairs less similar than expected with p up to alpha"),
        Field::scalar("pairs_bh_permutation", "pairs with p up to alpha after Benjamini and Hochberg"),
        Field::scalar("mean_expected_multinomial", "mean similarity under multinomial draws"),
        Field::scalar("sd_mean_multinomial", "its standard deviation under multinomial draws"),
        Field::scalar("z_mean_multinomial", "its z value under multinomial draws"),
        Field::scalar("p_mean_multinomial", "its p value under multinomial draws"),
        Field::scalar("pairs_higher_multinomial", "pairs more similar than expected with p up to alpha"),
        Field::scalar("pairs_lower_multinomial", "pairs less similar than expected with p up to alpha"),
        Field::scalar("pairs_bh_multinomial", "pairs with p up to alpha after Benjamini and Hochberg"),
        Field::table("summary", "for each null hypothesis the mean, what was expected, z, p, pairs, and what it says"),
        Field::matrix("expected_permutation", "mean similarity of each pair under permuted quotients"),
        Field::matrix("z_permutation", "z value of each pair under permuted quotients"),
        Field::matrix("p_permutation", "p value of each pair under permuted quotients"),
        Field::matrix("expected_multinomial", "mean similarity of each pair under multinomial draws"),
        Field::matrix("z_multinomial", "z value of each pair under multinomial draws"),
        Field::matrix("p_multinomial", "p value of each pair under multinomial draws"),
    ],
    matches: &[],
};

/// What a null hypothesis is called, and where its results go.
struct Names {
    null: Null,
    name: &'static str,
    /// Read after "than", and after "under".
    words: &'static str,
    /// Of one try.
    tries: &'static str,
    scalars: [&'static str; 7],
    matrices: [&'static str; 3],
}

const NULLS: [Names; 2] = [
    Names {
        null: Null::QuotientPermutation,
        name: "permutation",
        words: "permuted quotients",
        tries: "permutations",
        scalars: [
            "mean_expected_permutation",
            "sd_mean_permutation",
            "z_mean_permutation",
            "p_mean_permutation",
            "pairs_higher_permutation",
            "pairs_lower_permutation",
            "pairs_bh_permutation",
        ],
        matrices: ["expected_permutation", "z_permutation", "p_permutation"],
    },
    Names {
        null: Null::Multinomial,
        name: "multinomial",
        words: "multinomial draws",
        tries: "draws",
        scalars: [
            "mean_expected_multinomial",
            "sd_mean_multinomial",
            "z_mean_multinomial",
            "p_mean_multinomial",
            "pairs_higher_multinomial",
            "pairs_lower_multinomial",
            "pairs_bh_multinomial",
        ],
        matrices: ["expected_multinomial", "z_multinomial", "p_multinomial"],
    },
];

/// [`similarity_by_chance`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let Inference { permutations, alternative, .. } = run.inference;
    let variant = format!(
        "UNIDO similarity against permuted quotients and multinomial draws, {permutations} replicates, p {}",
        alternative.name()
    );
    each_year(run, &ABOUT, &variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    check_pairs(structure)?;
    outcome.scalars.push(("mean", mean_of_pairs(structure, &unido(structure), |_| 1.0)));
    let mut rows = Vec::new();
    for names in &NULLS {
        if names.null == Null::Multinomial && industry.percent {
            let message = "not run under multinomial draws, since percentages do not say how large the cities are";
            not_run(names, message.into(), outcome);
            continue;
        }
        match similarity_by_chance(structure, names.null, run.inference) {
            Ok(chance) => rows.push(fill_null(run, names, chance, outcome)),
            Err(error) if error.kind() == Kind::Undefined => {
                not_run(names, format!("under {}: {}", names.words, located(run, &error)), outcome);
            }
            Err(error) => return Err(error),
        }
    }
    outcome.notes.extend((!industry.percent).then(|| unit_note(industry, structure)).flatten());
    if !rows.is_empty() {
        outcome.notes.push(many_tests_note(structure, run.inference));
        outcome.tables.push(("summary", TableOut { columns: SUMMARY.to_vec(), rows }));
    }
    Ok(())
}

/// Numbers of a null hypothesis that was not run, and why.
fn not_run(names: &Names, message: String, outcome: &mut Outcome) {
    outcome.scalars.extend(names.scalars.map(|name| (name, f64::NAN)));
    outcome.notes.push(Note::remark("not_run", message));
}

/// The message of an error, with the city where it is about one.
fn located(run: &Run, error: &Error) -> String {
    match error.faults().first().and_then(|fault| fault.place().feature) {
        Some(i) if i < run.cities.len() => format!("not run, since in {} {error}", run.cities.label(i)),
        _ => error.to_string(),
    }
}

/// That draws of levels which are no counts depend on their unit.
fn unit_note(industry: &Industry, structure: &Structure) -> Option<Note> {
    let whole = |&i: &usize| structure.levels(i).iter().all(|x| x.fract() == 0.0);
    let message = format!(
        "{} is not in whole numbers: multinomial draws take one unit of it as one object, and totals rounded, so that their \
         result depends on the unit",
        industry.value
    );
    (!structure.members().iter().all(whole)).then(|| Note::remark("unit", message))
}

/// That some of many pairs are called by chance, and how few permutations can leave any after a correction.
fn many_tests_note(structure: &Structure, inference: &Inference) -> Note {
    let n = structure.members().len();
    let (pairs, alpha) = (n * (n - 1) / 2, inference.alpha);
    let least = Counts::default().p(inference.permutations, inference.alternative);
    let needed = (least * pairs as f64 / alpha).ceil();
    let grid = match needed > 1.0 {
        true => {
            format!("; no p lies below {least}, so that at least {needed} pairs have to reach it for any to be left")
        }
        false => String::new(),
    };
    let message = format!(
        "each of {pairs} pairs is a test: at alpha = {alpha} about {:.0} would be called by chance alone; pairs_bh counts those \
         that are left when the share of false ones is kept at alpha (Benjamini and Hochberg){grid}",
        alpha * pairs as f64
    );
    Note::remark("many_tests", message)
}

const SUMMARY: [&str; 10] =
    ["null", "observed", "expected", "sd", "z", "p", "pairs_higher", "pairs_lower", "pairs_bh", "says"];

/// The results under one null hypothesis; gives its row of the summary.
fn fill_null(run: &Run, names: &Names, chance: ByChance, outcome: &mut Outcome) -> Vec<Value> {
    let mean = chance.mean;
    let [higher, lower, after] = chance
        .pairs
        .as_ref()
        .map_or([f64::NAN; 3], |pairs| count(pairs, run.cities.len(), run.inference.alpha).map(|count| count as f64));
    let numbers = [mean.expected, mean.sd, mean.z, mean.p, higher, lower, after];
    outcome.scalars.extend(names.scalars.into_iter().zip(numbers));
    if mean.z.is_nan() {
        let message = format!("{}: the replicates do not vary, so that there is no z", names.words);
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    match chance.pairs {
        Some(pairs) => {
            let matrices = [pairs.expected, pairs.z, pairs.p].map(|values| by_pairs(run, values));
            outcome.matrices.extend(names.matrices.into_iter().zip(matrices));
        }
        None => {
            let message = format!("{}: the mean alone; single pairs would take more than 2e11 operations", names.words);
            outcome.notes.push(Note::remark("not_run", message));
        }
    }
    let said = sentence(names, &mean, run.inference);
    // In real sizes hardly anything varies by multinomial chance, so that this says little.
    if names.null == Null::QuotientPermutation {
        outcome.notes.push(finding(said.clone()));
    }
    let cells = [mean.observed, mean.expected, mean.sd, mean.z, mean.p, higher, lower, after].map(cell);
    std::iter::once(json!(names.name)).chain(cells).chain([json!(said)]).collect()
}

/// Pairs called more similar, less similar, and called at all after Benjamini and Hochberg.
fn count(pairs: &PairsByChance, n: usize, alpha: f64) -> [usize; 3] {
    let places: Vec<usize> = above_diagonal(n).map(|(i, j)| i * n + j).filter(|&at| !pairs.p[at].is_nan()).collect();
    let p: Vec<f64> = places.iter().map(|&at| pairs.p[at]).collect();
    let called = |higher: bool| {
        places.iter().filter(|&&at| pairs.p[at] <= alpha && (pairs.z[at] > 0.0) == higher && pairs.z[at] != 0.0).count()
    };
    [called(true), called(false), benjamini_hochberg(&p).iter().filter(|&&q| q <= alpha).count()]
}

fn sentence(names: &Names, mean: &MeanByChance, inference: &Inference) -> String {
    if mean.z.is_nan() {
        return format!(
            "mean similarity {:.4} cannot be held against {}, since nothing varies in {} {}",
            mean.observed, names.words, inference.permutations, names.tries
        );
    }
    let verdict = match (mean.p <= inference.alpha, mean.observed > mean.expected) {
        (true, true) => format!("is higher than {} would make it", names.words),
        (true, false) if names.null == Null::Multinomial => format!("is lower than {} would make it", names.words),
        _ => format!("is not higher than {} would make it", names.words),
    };
    let small = names.null == Null::Multinomial && mean.p <= inference.alpha && mean.observed < mean.expected;
    let below = names.null == Null::QuotientPermutation && mean.p <= inference.alpha && mean.observed < mean.expected;
    let why = match (small, below) {
        (true, _) => format!("; totals of this size hardly vary by chance, sd {:.1e}", mean.sd),
        (_, true) => "; a mean below the expected one is no evidence here, since shares add up to 1".to_owned(),
        _ => String::new(),
    };
    format!(
        "mean similarity {:.4} {verdict} ({:.4} expected, z = {:.2}, p = {:.3} {}, {} {}; alpha = {}{why})",
        mean.observed,
        mean.expected,
        mean.z,
        mean.p,
        inference.alternative.name(),
        inference.permutations,
        names.tries,
        inference.alpha
    )
}
