//! Which sectors are found in the same cities.

use rayon::prelude::*;
use serde_json::{Value, json};

use super::adapter::{cell, each_year, finding, fits};
use super::concentration::sector_shares;
use super::gaps::{LARGE, at_least, descending, mean, sizes_unknown, undefined_sectors};
use crate::error::{Fault, Kind, Result};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut};
use crate::study::{Industry, Structure};

/// Most products that are summed: as many as 1,000 sectors in 3,000 cities need.
const MOST_PRODUCTS: f64 = 3e9;
/// Denominators and variances below this are 0.
const ROUNDING: f64 = 1e-12;
/// Pairs shown at either end.
const SHOWN: usize = 10;

/// How far pairs of sectors share their cities; see [`coagglomeration`]. Both are K × K.
#[derive(Clone, Debug, PartialEq)]
pub struct Coagglomeration {
    /// The pairwise index of Ellison, Glaeser and Kerr.
    pub egk: Vec<f64>,
    /// Pearson correlation over the cities of their shares in both sectors.
    pub correlation: Vec<f64>,
}

/// The pairwise coagglomeration of all sectors.
///
/// # Formula
///
/// γ_ab = Σ_i (s_ia − x_i)(s_ib − x_i) / (1 − Σ_i x_i²)
///
/// where s_ia is the share of city i in sector a, and x_i the mean of its shares over all sectors that there are. Above 0:
/// the two sectors are found in the same cities, more than sectors are on average; below 0: they avoid each other. The diagonal is the sector
/// with itself and says how concentrated it is. NaN for a sector that no city has, and where one city has everything.
/// O(K² n).
///
/// # Errors
///
/// [`Kind::Undefined`] where more than 3·10⁹ products would have to be summed.
///
/// # Source
///
/// Ellison, G., Glaeser, E. L. and Kerr, W. R. (2010). What causes industry agglomeration? Evidence from coagglomeration
/// patterns. American Economic Review 100, 1195-1213.
///
/// ```
/// use agglo::measures::isomorphism::coagglomeration;
/// use agglo::study::Structure;
/// let apart = coagglomeration(&Structure::new(vec![1.0, 0.0, 0.0, 1.0], 2)?)?;
/// assert_eq!(apart.egk, [1.0, -1.0, -1.0, 1.0]);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn coagglomeration(structure: &Structure) -> Result<Coagglomeration> {
    let (n, sectors) = (structure.members().len(), structure.sectors());
    if (sectors * sectors) as f64 * n as f64 > MOST_PRODUCTS {
        let message = format!("all pairs of {sectors} sectors in {n} cities are too many to be compared");
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let totals = structure.aggregate();
    let shares: Vec<Vec<f64>> = (0..sectors).map(|k| sector_shares(structure, k, totals[k])).collect();
    let present: Vec<&Vec<f64>> = (0..sectors).filter(|&k| totals[k] > 0.0).map(|k| &shares[k]).collect();
    let mean = |at: usize| present.iter().map(|s| s[at]).sum::<f64>() / present.len() as f64;
    let x: Vec<f64> = (0..n).map(mean).collect();
    let room = 1.0 - dot(&x, &x);
    let room = if room > ROUNDING { room } else { f64::NAN };
    let apart: Vec<Vec<f64>> = shares.iter().map(|s| s.iter().zip(&x).map(|(s, x)| s - x).collect()).collect();
    let unit: Vec<Vec<f64>> = shares.iter().map(|s| in_unit_length(s)).collect();
    let of_pairs = |rows: &[Vec<f64>], divisor: f64| -> Vec<f64> {
        let row = |a: usize| rows.iter().map(move |b| dot(&rows[a], b) / divisor);
        (0..sectors).into_par_iter().flat_map_iter(row).collect()
    };
    Ok(Coagglomeration { egk: of_pairs(&apart, room), correlation: of_pairs(&unit, 1.0) })
}

/// Deviations from the mean, divided by their length; NaN where they do not vary.
fn in_unit_length(s: &[f64]) -> Vec<f64> {
    let mean = s.iter().sum::<f64>() / s.len() as f64;
    let deviations: Vec<f64> = s.iter().map(|s| s - mean).collect();
    let length = dot(&deviations, &deviations).sqrt();
    let length = if length > ROUNDING { length } else { f64::NAN };
    deviations.iter().map(|d| d / length).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

static ABOUT: About = About {
    name: "coagglomeration",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Coagglomeration of sectors",
    question: "Which sectors are found in the same cities, and which apart?",
    formula: "egk_ab = sum_i (s_ia - x_i)(s_ib - x_i)/(1 - sum_i x_i^2)",
    symbols: &[("s_ia", "share of city i in sector a"), ("x_i", "mean of the shares of city i over all sectors")],
    reading: "0: the two sectors are spread like the mean sector; above 0: both are found in the same cities more than that; below 0: they are found apart; the diagonal says how concentrated a sector is itself",
    variant: "The pairwise index, which needs no sizes of plants; sectors that no city has are left out of x",
    reference: "Ellison, Glaeser and Kerr (2010), American Economic Review 100, 1195-1213, doi:10.1257/aer.100.3.1195",
    fields: &[
        Field::matrix("egk", "coagglomeration of all pairs of sectors"),
        Field::table("pairs", "the pairs most and least found together, with the correlation of their shares"),
    ],
    matches: &[],
};

/// [`coagglomeration`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant =
        "pairwise coagglomeration of Ellison, Glaeser and Kerr, x_i the mean share of the city over the sectors";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(industry, &year.structure, outcome))
}

fn fill(industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 2)?;
    if structure.sectors() < 2 {
        return Err(Fault::new(Kind::Undefined, "a pair needs two sectors, and there is but one").into());
    }
    let result = coagglomeration(structure)?;
    let k = structure.sectors();
    let pairs: Vec<(usize, usize)> = (0..k).flat_map(|a| (a + 1..k).map(move |b| (a, b))).collect();
    let index: Vec<f64> = pairs.iter().map(|&(a, b)| result.egk[a * k + b]).collect();
    let known: Vec<usize> = descending(&index).into_iter().filter(|&at| index[at].is_finite()).collect();
    outcome.notes.extend(sizes_unknown(industry));
    let absent: Vec<usize> = (0..k).filter(|&a| !result.egk[a * k + a].is_finite()).collect();
    outcome.notes.extend(undefined_sectors(
        industry,
        "coagglomeration is",
        "no city has them, or one city has all",
        &absent,
    ));
    let shares = structure.aggregate_shares();
    let large = |at: &usize| shares[pairs[*at].0] >= LARGE && shares[pairs[*at].1] >= LARGE;
    if let [most, .., least] = known.iter().copied().filter(large).collect::<Vec<_>>()[..] {
        let name = |at: usize| format!("{} and {}", industry.sectors[pairs[at].0], industry.sectors[pairs[at].1]);
        outcome.notes.push(finding(format!(
            "among sectors of at least 1 per cent of all those most found in the same cities are {} ({:.4}), those most found \
             apart {} ({:.4}); 0: spread like the mean sector (mean of all pairs {:.4})",
            name(most),
            index[most],
            name(least),
            index[least],
            mean(index.iter().copied())
        )));
    }
    let ends = known.len().saturating_sub(SHOWN).max(SHOWN.min(known.len()));
    let row = |&at: &usize| -> Vec<Value> {
        let (a, b) = pairs[at];
        vec![
            json!(industry.sectors[a]),
            json!(industry.sectors[b]),
            cell(index[at]),
            cell(result.correlation[a * k + b]),
        ]
    };
    let shown = known[..SHOWN.min(known.len())].iter().chain(&known[ends..]);
    let rows = shown.map(row).collect();
    outcome.tables.push(("pairs", TableOut { columns: vec!["sector_a", "sector_b", "egk", "correlation"], rows }));
    let names = industry.sectors.clone();
    if fits("the matrix egk", k, k, outcome) {
        outcome.matrices.push(("egk", Matrix { rows: names.clone(), columns: names, values: result.egk }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_sectors_leave_the_others_alone() {
        let with = coagglomeration(&Structure::new(vec![1.0, 3.0, 0.0, 2.0, 1.0, 0.0], 3).unwrap()).unwrap();
        let without = coagglomeration(&Structure::new(vec![1.0, 3.0, 2.0, 1.0], 2).unwrap()).unwrap();
        assert_eq!((with.egk[0], with.egk[1]), (without.egk[0], without.egk[1]));
        assert!(with.egk[2].is_nan() && with.egk[8].is_nan() && with.correlation[2].is_nan());
    }

    #[test]
    fn one_city_with_everything_has_no_pairs() {
        let one = coagglomeration(&Structure::new(vec![1.0, 3.0], 2).unwrap()).unwrap();
        assert!(one.egk.iter().chain(&one.correlation).all(|x| x.is_nan()));
    }
}
