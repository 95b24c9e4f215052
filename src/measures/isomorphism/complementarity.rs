//! Complementarity: how much of the economy lies in sectors that one city is specialised in and the other is not.

use rayon::prelude::*;
use serde_json::json;

use super::adapter::{by_pairs, cell, each_year, finding, spread, who};
use super::location_quotient;
use super::overlap::{Overlap, above_diagonal, check_pairs, foremost, mean_of_pairs, overlap, side};
use super::pairs::{NAMED, quotients};
use crate::error::Result;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

/// Complementarity of every pair of cities, n × n, in [0, 1]; NaN where a city takes no part.
///
/// # Formula
///
/// C_ij = Σ_k S_k [(LQ_ik − 1)(LQ_jk − 1) < 0]
///
/// where LQ_ik = s_ik/S_k is the location quotient of sector k in city i and S_k the share of the sector in the reference
/// area. A quotient that is 1 but for rounding, or of a sector that the reference area does not have, counts as neither.
/// C_ii = 0, and C is symmetric. O(n²·K) time.
///
/// # Source
///
/// Our definition. It builds on the location quotient, and on nothing but the side of 1 on which it lies.
///
/// ```
/// use agglo::measures::isomorphism::complementarity;
/// use agglo::study::Structure;
/// let structure = Structure::new(vec![3.0, 1.0, 1.0, 3.0], 2)?;
/// assert_eq!(complementarity(&structure), [0.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn complementarity(structure: &Structure) -> Vec<f64> {
    let (n, sectors) = (structure.cities(), structure.sectors());
    let sides: Vec<f64> = location_quotient(structure).into_iter().map(side).collect();
    let of_city = |i: usize| &sides[i * sectors..(i + 1) * sectors];
    let reference = structure.reference_shares();
    let mut values = vec![f64::NAN; n * n];
    values.par_chunks_mut(n.max(1)).enumerate().filter(|(i, _)| structure.has(*i)).for_each(|(i, row)| {
        for &j in structure.members() {
            let opposed = of_city(i).iter().zip(of_city(j)).zip(&reference).filter(|((a, b), _)| *a * *b < 0.0);
            row[j] = opposed.map(|(_, share)| share).sum::<f64>().min(1.0) + 0.0;
        }
    });
    values
}

static ABOUT: About = About {
    name: "complementarity",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Complementarity",
    question: "Which cities have specialised in different sectors, so that they could serve each other?",
    formula: "C_ij = sum_k S_k [(LQ_ik - 1)(LQ_jk - 1) < 0]",
    symbols: &[
        ("S_k", "share of sector k in the reference area"),
        ("LQ_ik", "location quotient of sector k in city i, its share in the city over S_k"),
        ("[ ]", "1 where the condition holds, else 0"),
    ],
    reading: "Share of the reference structure that lies in sectors in which one city is specialised and the other is not. 0: specialised in the same sectors; 1: in all the others. It says nothing about trade between them",
    variant: "By the side of 1 on which the quotients lie, not by how far; a quotient of 1 counts as neither. Weighted mean: pairs weighted by the product of the cities' totals. At most 5,000 cities",
    reference: "Our definition; it builds on the location quotient as in Isard (1960), Methods of Regional Analysis, and on nothing else",
    fields: &[
        Field::scalar("mean", "mean over all pairs of cities"),
        Field::scalar("weighted_mean", "mean over all pairs weighted by the product of the cities' totals"),
        Field::scalar("n", "cities that take part"),
        Field::annotated("mean", "compl_mean", "compl_mean", "mean complementarity with the other cities"),
        Field::annotated("partner", "compl_with", "compl_with", "id of the city it complements most"),
        Field::table("partners", "for each city the one it complements most, and the largest sectors that make it so"),
        Field::matrix("complementarity", "complementarity of each pair, 0 of a city with itself"),
    ],
    matches: &[],
};

/// [`complementarity()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant = "complementarity C by the side of 1 of the location quotients";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    check_pairs(structure)?;
    let (n, members) = (structure.cities(), structure.members());
    let values = complementarity(structure);
    let partners: Vec<usize> = members.iter().map(|&i| partner(&values[i * n..(i + 1) * n], i)).collect();
    let of_city = |&i: &usize| members.iter().map(|&j| values[i * n + j]).sum::<f64>() / (members.len() - 1) as f64;
    let mean = mean_of_pairs(structure, &values, |_| 1.0);
    let weighted_mean = match industry.percent {
        false => mean_of_pairs(structure, &values, |i| structure.total(i)),
        true => f64::NAN,
    };
    outcome.scalars.extend([("mean", mean), ("weighted_mean", weighted_mean), ("n", members.len() as f64)]);
    if industry.percent {
        let message = "no weighted mean, since percentages do not say how large the cities are";
        outcome.notes.push(Note::remark("undefined_number", message));
    }
    outcome.columns.push(("mean", Values::Numbers(spread(structure, members.iter().map(of_city)))));
    let mut ids = vec![None; n];
    members.iter().zip(&partners).for_each(|(&i, &j)| ids[i] = Some(run.cities.ids[j].clone()));
    outcome.columns.push(("partner", Values::Texts(ids)));
    outcome.tables.push(("partners", table(run, industry, structure, &values, &partners)));
    outcome.notes.extend(sentence(run, &values, mean).map(finding));
    outcome.matrices.push(("complementarity", by_pairs(run, values)));
    Ok(())
}

/// The city that city `i` complements most, the earlier of equals; `row` has its values.
fn partner(row: &[f64], i: usize) -> usize {
    foremost((0..row.len()).filter(|&j| j != i && row[j].is_finite()).map(|j| (i, j, row[j])), 1)
        .first()
        .map_or(i, |pair| pair.1)
}

fn table(run: &Run, industry: &Industry, structure: &Structure, values: &[f64], partners: &[usize]) -> TableOut {
    let reference = structure.reference_shares();
    let row = |(&i, &j): (&usize, &usize)| {
        let mut opposed = overlap(structure, i, j, &reference);
        opposed.retain(Overlap::complementary);
        opposed.sort_by(|a, b| reference[b.sector].total_cmp(&reference[a.sector]));
        let named = |term: &Overlap| {
            format!("{} {:.2} ({})", industry.sectors[term.sector], reference[term.sector], quotients(term))
        };
        let sectors: Vec<String> = opposed.iter().take(NAMED).map(named).collect();
        let value = values[i * structure.cities() + j];
        who(run, i).into_iter().chain(who(run, j)).chain([cell(value), json!(sectors.join(", "))]).collect()
    };
    TableOut {
        columns: vec!["city", "name", "partner", "partner_name", "complementarity", "sectors"],
        rows: structure.members().iter().zip(partners).map(row).collect(),
    }
}

fn sentence(run: &Run, values: &[f64], mean: f64) -> Option<String> {
    let n = run.cities.len();
    let pairs = above_diagonal(n).map(|(i, j)| (i, j, values[i * n + j])).filter(|pair| pair.2.is_finite());
    let &(i, j, most) = foremost(pairs, 1).first()?;
    let (a, b) = (run.cities.known_as(i), run.cities.known_as(j));
    Some(format!(
        "{a} and {b} complement each other most: their location quotients lie on different sides of 1 in sectors that make up \
         {most:.2} of the reference structure (signs only, which says nothing about trade; mean of all pairs {mean:.2})"
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_structures_of_unequal_size_do_not_complement_each_other() {
        let structure = Structure::new(vec![1.0, 2.0, 3.0, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0], 3).unwrap();
        let got = complementarity(&structure);
        assert_eq!((got[0], got[1], got[3], got[4]), (0.0, 0.0, 0.0, 0.0));
        assert!([2, 5, 6, 7, 8].iter().all(|&at| got[at].is_nan()));
    }

    #[test]
    fn the_earlier_of_equal_partners_is_named() {
        assert_eq!(partner(&[0.5, 0.0, 0.5, f64::NAN], 1), 0);
        assert_eq!(partner(&[0.0, 0.0, 0.5, f64::NAN], 0), 2);
    }

    proptest! {
        #[test]
        fn is_symmetric_within_bounds_and_agrees_with_its_formula(levels in prop::collection::vec(0.0..9.0f64, 20)) {
            let structure = Structure::new(levels, 5).unwrap();
            prop_assume!(structure.members().len() == 4);
            let (got, reference) = (complementarity(&structure), structure.reference_shares());
            for i in 0..4 {
                prop_assert_eq!(got[5 * i], 0.0);
                for j in 0..4 {
                    prop_assert!(got[4 * i + j] == got[4 * j + i] && (0.0..=1.0).contains(&got[4 * i + j]));
                    let plain: f64 = overlap(&structure, i, j, &reference)
                        .iter()
                        .filter(|term| term.complementary())
                        .map(|term| reference[term.sector])
                        .sum();
                    prop_assert!((got[4 * i + j] - plain).abs() < 1e-14);
                }
            }
        }
    }
}
