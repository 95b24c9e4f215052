//! The most and the least similar pairs of cities, and the sectors that make them so.

use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, printed, who};
use super::overlap::{Overlap, Pair, check_pairs, extreme_pairs, overlap};
use super::unido;
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::listed_by;
use crate::study::{Industry, Structure};

/// Pairs listed at either end.
const COUNT: usize = 10;

/// Similarities that differ by less are the same but for rounding.
const ALIKE: f64 = 1e-12;

/// Sectors named for a pair.
pub(super) const NAMED: usize = 3;

static ABOUT: About = About {
    name: "isomorphism_pairs",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Most and least similar pairs",
    question: "Which cities have built the same industries, which have not, and which sectors make it so?",
    formula: "S_ij = sum_k t_k with t_k = s_ik s_jk / (|s_i| |s_j|); K_ij/2 = sum_k |s_ik - s_jk| / 2; sector k is complementary where (LQ_ik - 1)(LQ_jk - 1) < 0",
    symbols: &[
        ("s_ik", "share of sector k in city i"),
        ("|s_i|", "Euclidean length of the shares of city i"),
        ("t_k", "what sector k adds to the similarity"),
        ("LQ_ik", "location quotient of sector k in city i, s_ik/S_k"),
        ("S_k", "share of sector k in the reference area"),
    ],
    reading: "S of 1: the same structure; 0: no sector in common. The sectors named add most to S; a large sector adds much wherever it is, so look at its quotients. Similarity rises as sectors are merged: compare values of the same sectors only",
    variant: "UNIDO's coefficient on shares; the 10 most and the 10 least similar pairs, all where there are fewer; ties go to the earlier city; at most 5,000 cities",
    reference: "UNIDO (1979), World Industry since 1960: Progress and Prospects; Krugman (1991), Geography and Trade",
    fields: &[
        Field::scalar("pairs", "number of pairs of cities"),
        Field::scalar("highest", "highest similarity of a pair"),
        Field::scalar("lowest", "lowest similarity of a pair"),
        Field::table(
            "pairs",
            "for each of these pairs its rank, similarity s, Krugman's index halved, the three sectors that add most to the similarity, and the complementary ones",
        ),
        Field::table(
            "terms",
            "for each of these pairs and each sector both shares, the term of the similarity, both quotients",
        ),
    ],
    matches: &[("SciPy", "1 - scipy.spatial.distance.cosine(a, b); cityblock(s_a, s_b)/2")],
};

/// [`extreme_pairs`] and [`overlap`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    each_year(run, &ABOUT, "UNIDO similarity S of shares, Krugman's index halved", |industry, year, outcome| {
        fill(run, industry, &year.structure, outcome)
    })
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    check_pairs(structure)?;
    let extreme = extreme_pairs(&unido(structure), structure.cities(), COUNT);
    let last_rank = extreme.pairs + 1 - extreme.least.len();
    let ranked: Vec<(usize, Pair)> = (1..).zip(extreme.most).chain((last_rank..).zip(extreme.least)).collect();
    let reference = structure.reference_shares();
    let mut pairs = TableOut { columns: PAIRS.to_vec(), rows: Vec::new() };
    let mut terms = TableOut { columns: TERMS.to_vec(), rows: Vec::new() };
    for &(rank, (i, j, s)) in &ranked {
        let of_sectors = overlap(structure, i, j, &reference);
        let ids = [&run.cities.ids[i], &run.cities.ids[j]];
        terms.rows.extend(of_sectors.iter().map(|term| term_row(industry, ids, term)));
        let half = of_sectors.iter().map(|term| (term.share_a - term.share_b).abs()).sum::<f64>() / 2.0;
        let texts = [strongest(industry, &of_sectors), complementary(industry, &of_sectors, &reference)];
        let row = std::iter::once(json!(rank)).chain(who(run, i)).chain(who(run, j));
        pairs.rows.push(row.chain([json!(s), json!(half)]).chain(texts.map(Value::from)).collect());
    }
    let value_at = |at: Option<&(usize, Pair)>| at.map_or(f64::NAN, |(_, pair)| pair.2);
    outcome.scalars.extend([
        ("pairs", extreme.pairs as f64),
        ("highest", value_at(ranked.first())),
        ("lowest", value_at(ranked.last())),
    ]);
    if let (Some(&(_, first)), Some(&(_, last))) = (ranked.first(), ranked.last()) {
        outcome.notes.push(finding(sentence(run, extreme.pairs, first, last)));
    }
    outcome.tables.extend([("pairs", pairs), ("terms", terms)]);
    Ok(())
}

const PAIRS: [&str; 9] =
    ["rank", "a", "a_name", "b", "b_name", "s", "krugman_half", "sectors", "complementary_sectors"];

const TERMS: [&str; 9] = ["a", "b", "sector", "share_a", "share_b", "term", "lq_a", "lq_b", "complementary"];

fn term_row(industry: &Industry, ids: [&String; 2], term: &Overlap) -> Vec<Value> {
    let numbers = [term.share_a, term.share_b, term.term, term.lq_a, term.lq_b].map(cell);
    let names = [ids[0], ids[1], &industry.sectors[term.sector]].map(|name| json!(name));
    names.into_iter().chain(numbers).chain([json!(term.complementary())]).collect()
}

/// `manufacturing 0.61 (LQ 1.2 and 0.9)`, the sectors that add most to the similarity.
fn strongest(industry: &Industry, terms: &[Overlap]) -> String {
    let mut present: Vec<&Overlap> = terms.iter().filter(|term| term.term > 0.0).collect();
    present.sort_by(|a, b| b.term.total_cmp(&a.term));
    present.truncate(NAMED);
    let named = |term: &&Overlap| format!("{} {:.2} ({})", industry.sectors[term.sector], term.term, quotients(term));
    present.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// `LQ 1.2 and 0.9`.
pub(super) fn quotients(term: &Overlap) -> String {
    if term.lq_a.is_finite() && term.lq_b.is_finite() {
        format!("LQ {} and {}", printed(term.lq_a, 1), printed(term.lq_b, 1))
    } else {
        "no LQ".to_owned()
    }
}

/// The sectors in which one city is specialised and the other is not, those first that are largest in the reference area.
fn complementary(industry: &Industry, terms: &[Overlap], reference: &[f64]) -> String {
    let mut some: Vec<usize> = terms.iter().filter(|term| term.complementary()).map(|term| term.sector).collect();
    some.sort_by(|&a, &b| reference[b].total_cmp(&reference[a]));
    listed_by(&some, |&sector| industry.sectors[sector].clone())
}

fn sentence(run: &Run, pairs: usize, first: Pair, last: Pair) -> String {
    let named = |(i, j, s): Pair| format!("{} and {} (S = {s:.4})", run.cities.known_as(i), run.cities.known_as(j));
    match pairs {
        1 => format!("the one pair of cities is {}", named(first)),
        _ if first.2 - last.2 < ALIKE => format!("all {pairs} pairs are equally similar (S = {:.4})", first.2),
        _ => format!("of {pairs} pairs the most similar is {}, the least similar {}", named(first), named(last)),
    }
}
