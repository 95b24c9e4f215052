//! Spatial shift-share: growth held against that of the neighbours.

use serde_json::Value;

use super::shift_share::{CityShift, Reference, rate};
use super::shift_share_tables::of_cells;
use super::span::{Span, about_cities, refuse_percent};
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::{by_sector, cell, finding, over_the_years, signed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed};
use crate::study::{Industry, IndustryYear, Structure};
use crate::weights::Weights;

/// Growth of n cities in K sectors and its parts by the neighbours; see [`shift_share_spatial()`]. Arrays by cell are n·K,
/// one city after the other; those by city are sums over its sectors. All are in the unit of the levels, NaN where undefined.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialShiftShare {
    /// Growth rate g of the reference area.
    pub reference_growth: f64,
    /// Neighbourhood-nation mix by cell, x (v − g).
    pub nm_cells: Vec<f64>,
    /// Neighbourhood-region effect by cell, x (g_ik − v).
    pub rm_cells: Vec<f64>,
    /// Level in the first year by city.
    pub base: Vec<f64>,
    /// Growth by city.
    pub growth: Vec<f64>,
    /// National part by city.
    pub ns: Vec<f64>,
    /// Neighbourhood-nation mix by city.
    pub nm: Vec<f64>,
    /// Neighbourhood-region effect by city.
    pub rm: Vec<f64>,
    /// Industrial mix by city, x (g_k − g).
    pub im: Vec<f64>,
    /// What is left of the neighbourhood-nation mix without the industrial mix, x (v − g_k).
    pub nm_net: Vec<f64>,
    /// The cities that take part and have no neighbour that does.
    pub isolates: Vec<usize>,
    /// The cells (city, sector) of other cities that are not 0 in the first year where all their neighbours are; for v_ik
    /// they have the growth of the reference area.
    pub without_neighbour: Vec<(usize, usize)>,
}

/// Nazara and Hewings' decomposition of the growth of every city and sector by that of its neighbourhood.
///
/// # Formula
///
/// x_ik,1 − x_ik,0 = NS + NM + RM with NS = x g, NM = x (v_ik − g), RM = x (g_ik − v_ik), and NM = x (g_k − g) + x (v_ik − g_k)
///
/// where x = x_ik,0 and g, g_k, g_ik are as in [`shift_share`](super::shift_share()), and
/// v_ik = (Σ_j w_ij x_jk,1 − Σ_j w_ij x_jk,0)/Σ_j w_ij x_jk,0 is the growth rate of sector k in the neighbourhood of city i,
/// of levels added by weight. A factor of a whole row of weights, as row standardisation has it, cancels. Neighbours are the
/// cities that take part in both years.
///
/// A cell that is 0 in the first year grows to what is RM. For a cell that is not 0
/// where all neighbours are, v_ik is g_k, or g where the reference area lacks the sector too. Growth is in the unit of the levels as given, not deflated. O(links·K).
///
/// # Errors
///
/// Those of [`shift_share`](super::shift_share()); weights of another number of cities.
///
/// # Source
///
/// Nazara, S. and Hewings, G. J. D. (2004). Spatial structure and taxonomy of decomposition in shift-share analysis. Growth
/// and Change 35, 476-490. doi:10.1111/j.1468-2257.2004.00258.x
pub fn shift_share_spatial(from: &Structure, to: &Structure, weights: &Weights) -> Result<SpatialShiftShare> {
    let span = Span::new(&[from, to])?;
    if weights.n() != span.cities() {
        let message = format!("weights of {} cities and levels of {}", weights.n(), span.cities());
        return Err(Fault::new(Kind::Weights, message).into());
    }
    let reference = Reference::new(&span, 0)?;
    let (n, sectors) = (span.cities(), span.sectors());
    let empty = || vec![f64::NAN; n];
    let mut out = SpatialShiftShare {
        reference_growth: reference.growth,
        nm_cells: vec![f64::NAN; n * sectors],
        rm_cells: vec![f64::NAN; n * sectors],
        base: empty(),
        growth: empty(),
        ns: empty(),
        nm: empty(),
        rm: empty(),
        im: empty(),
        nm_net: empty(),
        isolates: Vec::new(),
        without_neighbour: Vec::new(),
    };
    for &i in &span.members {
        out.city(i, &span, &reference, weights);
    }
    Ok(out)
}

impl SpatialShiftShare {
    fn city(&mut self, i: usize, span: &Span, reference: &Reference, weights: &Weights) {
        let (from, to, sectors) = (span.years[0], span.years[1], span.sectors());
        self.base[i] = from.total(i);
        self.growth[i] = to.total(i) - from.total(i);
        self.ns[i] = from.total(i) * reference.growth;
        let Some([around_from, around_to]) = neighbourhood(i, span, weights) else {
            self.isolates.push(i);
            return;
        };
        let mut sums = [0.0; 4];
        for k in 0..sectors {
            let (x0, x1) = (from.levels(i)[k], to.levels(i)[k]);
            let of_cell = if x0 == 0.0 {
                [0.0, x1, 0.0, 0.0]
            } else {
                let (g, g_k, mut v) = (reference.growth, reference.by_sector[k], rate(around_from[k], around_to[k]));
                if v.is_nan() {
                    self.without_neighbour.push((i, k));
                    v = if g_k.is_nan() { g } else { g_k };
                }
                [x0 * (v - g), x1 - x0 * (1.0 + v), x0 * (g_k - g), x0 * (v - g_k)]
            };
            self.nm_cells[i * sectors + k] = of_cell[0];
            self.rm_cells[i * sectors + k] = of_cell[1];
            sums.iter_mut().zip(of_cell).for_each(|(sum, x)| *sum += x);
        }
        [self.nm[i], self.rm[i], self.im[i], self.nm_net[i]] = sums;
    }
}

/// Levels by sector around city `i` in both years, added by weight; `None` where no neighbour takes part.
fn neighbourhood(i: usize, span: &Span, weights: &Weights) -> Option<[Vec<f64>; 2]> {
    let mut around = [vec![0.0; span.sectors()], vec![0.0; span.sectors()]];
    let mut any = false;
    for (j, w) in weights.raw_row(i).filter(|(j, _)| span.members.binary_search(j).is_ok()) {
        any = true;
        for (sums, year) in around.iter_mut().zip(&span.years) {
            sums.iter_mut().zip(year.levels(j)).for_each(|(sum, level)| *sum += w * level);
        }
    }
    any.then_some(around)
}

const VARIANT: &str = "Nazara and Hewings: NS = x g, NM = x (v - g), RM = x (g_ik - v) with v the growth of the neighbours' levels \
                       added by weight; growth in the unit of the values, prices and borders as given";

static ABOUT: About = About {
    name: "shift_share_spatial",
    family: Family::Structure,
    needs: Needs::IndustryYearsInSpace,
    title: "Spatial shift-share",
    question: "Did each city grow with its neighbourhood, or apart from it?",
    formula: "ns = sum_k x_ik g; nm = sum_k x_ik (v_ik - g); rm = sum_k x_ik (g_ik - v_ik); growth = ns + nm + rm; im = sum_k x_ik (g_k - g); nm_net = sum_k x_ik (v_ik - g_k); nm = im + nm_net",
    symbols: &[
        ("x_ik", "level of sector k in city i in the first year"),
        ("g, g_k", "growth rate of the reference area, of sector k there"),
        ("g_ik", "growth rate of sector k in city i"),
        ("v_ik", "growth rate of sector k around city i: of the levels of its neighbours, added by their weights"),
    ],
    reading: "NM above 0: the sectors of the city grow faster around it than the reference area does; RM above 0: they grow faster in the city than around it. nm_net is NM without what the mix of sectors explains anywhere (im)",
    variant: "For each set of weights, with links too; a factor of a row of weights cancels, so that row-standardised weights give the same as weights as they are. Neighbours are cities that take part in both years. A city without a neighbour is null; for a sector that no neighbour has in the first year the growth of the reference area stands for that around the city, with a remark. A sector that the city itself does not have in the first year counts in RM with all it grows to. Not for percentages. Not deflated",
    reference: "Nazara and Hewings (2004), Growth and Change 35, 476-490, doi:10.1111/j.1468-2257.2004.00258.x",
    fields: &[
        Field::column("growth", "growth of the city, in the unit of the values"),
        Field::column("ns", "national part of growth, in the unit of the values"),
        Field::annotated("nm", "sss_nm", "sss_nm", "neighbourhood-nation mix, in the unit of the values"),
        Field::annotated("rm", "sss_rm", "sss_rm", "neighbourhood-region effect, in the unit of the values"),
        Field::column("im", "industrial mix, the part of nm that the sectors' growth in the reference area explains"),
        Field::column("nm_net", "the rest of nm"),
        Field::scalar("reference_growth", "growth rate of the reference area, as a fraction"),
        Field::matrix("nm", "neighbourhood-nation mix by city and sector"),
        Field::matrix("rm", "neighbourhood-region effect by city and sector"),
        Field::table(
            "cities",
            "for each city growth and its parts, in the unit of the values and as fractions of the first year",
        ),
    ],
    matches: &[],
};

/// [`shift_share_spatial()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for weights in run.weights {
        outcomes.extend(over_the_years(run, &ABOUT, VARIANT, |industry, (first, last), outcome| {
            outcome.weights = Some(weights.label().to_owned());
            if let Some(footer) = &mut outcome.footer {
                footer.push_str(&format!("; neighbours: {}", weights.label()));
            }
            fill(run, industry, first, last, weights, outcome)
        })?);
    }
    Ok(outcomes)
}

fn fill(
    run: &Run,
    industry: &Industry,
    first: &IndustryYear,
    last: &IndustryYear,
    weights: &Weights,
    outcome: &mut Outcome,
) -> Result<()> {
    refuse_percent(industry)?;
    let result = shift_share_spatial(&first.structure, &last.structure, weights)?;
    outcome.scalars.push(("reference_growth", result.reference_growth));
    outcome.tables.push(("cities", cities_table(run, &result)));
    outcome.notes.extend(notes(run, industry, weights, &result));
    outcome.notes.extend(said(run, weights, &result));
    outcome.columns.extend(
        [
            ("growth", result.growth),
            ("ns", result.ns),
            ("nm", result.nm),
            ("rm", result.rm),
            ("im", result.im),
            ("nm_net", result.nm_net),
        ]
        .map(|(name, column)| (name, Values::Numbers(column))),
    );
    outcome.matrices.push(("nm", by_sector(run, industry, result.nm_cells)));
    outcome.matrices.push(("rm", by_sector(run, industry, result.rm_cells)));
    Ok(())
}

fn cities_table(run: &Run, result: &SpatialShiftShare) -> TableOut {
    let columns = vec![
        "city",
        "name",
        "base",
        "growth",
        "ns",
        "nm",
        "rm",
        "im",
        "nm_net",
        "growth_share",
        "ns_share",
        "nm_share",
        "rm_share",
    ];
    let row = |i: usize| -> Vec<Value> {
        let base = result.base[i];
        let parts = [result.growth[i], result.ns[i], result.nm[i], result.rm[i]];
        let levels = [base].into_iter().chain(parts).chain([result.im[i], result.nm_net[i]]);
        who(run, i).into_iter().chain(levels.chain(parts.map(|part| part / base)).map(cell)).collect()
    };
    let members = (0..result.base.len()).filter(|&i| !result.base[i].is_nan());
    TableOut { columns, rows: members.map(row).collect() }
}

fn notes(run: &Run, industry: &Industry, weights: &Weights, result: &SpatialShiftShare) -> Vec<Note> {
    let isolates = about_cities(run, "isolate", &result.isolates, |names| {
        format!("no parts by the neighbourhood, since there is no neighbour under {}, in {names}", weights.label())
    });
    let (cities, sectors) = of_cells(industry, &result.without_neighbour);
    let without = about_cities(run, "reference_growth", &cities, |names| {
        format!(
            "no neighbour under {} has the sector in the first year in {} of city and sector, for which the growth of the sector in \
             the reference area is taken: {} in {names}",
            weights.label(),
            match result.without_neighbour.len() {
                1 => "1 pair".to_owned(),
                count => format!("{count} pairs"),
            },
            listed(&sectors)
        )
    });
    let unmixed: Vec<usize> =
        (0..result.im.len()).filter(|&i| result.im[i].is_nan() && !result.rm[i].is_nan()).collect();
    let unreferenced = about_cities(run, "undefined_number", &unmixed, |names| {
        format!("no industrial mix, since the reference area lacks a sector in the first year, in {names}")
    });
    isolates.into_iter().chain(without).chain(unreferenced).collect()
}

fn said(run: &Run, weights: &Weights, result: &SpatialShiftShare) -> Option<Note> {
    let share = |i: &usize| result.rm[*i] / result.base[*i];
    let known: Vec<usize> = (0..result.rm.len()).filter(|i| share(i).is_finite()).collect();
    let apart = known.iter().filter(|&&i| result.rm[i] > CityShift::rounding(result.base[i], result.growth[i])).count();
    let most = known.iter().rev().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let least = known.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    Some(finding(format!(
        "{apart} of {} cities grew faster than the same sectors around them (RM above 0, neighbours by {}); most {} ({} % of the \
         first year), least {} ({} %); values as given, not deflated",
        known.len(),
        weights.label(),
        run.cities.known_as(*most),
        signed(100.0 * share(most), 1),
        run.cities.known_as(*least),
        signed(100.0 * share(least), 1)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(levels: &[f64]) -> Structure {
        Structure::new(levels.to_vec(), 2).unwrap()
    }

    #[test]
    fn islands_and_sectors_without_neighbours_are_named() {
        let from = structure(&[1.0, 1.0, 2.0, 0.0, 5.0, 5.0]);
        let to = structure(&[2.0, 1.0, 4.0, 1.0, 5.0, 5.0]);
        let pair = Weights::from_pairs("toy", 3, &[(0, 1)]);
        let result = shift_share_spatial(&from, &to, &pair).unwrap();
        assert_eq!((result.isolates.as_slice(), result.without_neighbour.as_slice()), (&[2][..], &[(0, 1)][..]));
        assert!(result.nm[2].is_nan() && result.rm[2].is_nan());
        // City 0 alone has its second sector, which stands still; it grows by a sixth in the reference area.
        assert!((result.rm_cells[1] + 1.0 / 6.0).abs() < 1e-15);
        assert!((result.ns[0] + result.nm[0] + result.rm[0] - result.growth[0]).abs() < 1e-14);
        assert!((result.im[0] + result.nm_net[0] - result.nm[0]).abs() < 1e-14);
        // City 1 doubled its first sector like its neighbour; its second one is new and the city's own.
        assert_eq!(result.rm[1], 1.0);
        assert!(shift_share_spatial(&from, &to, &Weights::from_pairs("toy", 2, &[(0, 1)])).is_err());
    }
}
