//! Shift-share: growth as that of the nation, of the mix of sectors, and of the city itself.

use super::shift_share_tables::{NUMBERS, cities_table, notes, said, sectors_table};
use super::span::{Span, added, refuse_percent};
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::{by_sector, over_the_years};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, Values};
use crate::study::{Industry, IndustryYear, Structure};

/// Growth of n cities in K sectors and its parts, see [`shift_share()`]. Arrays by cell are n·K, one city after the other.
/// All are in the unit of the levels, NaN for a city that takes no part in both years.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftShare {
    /// Growth rate g of the reference area.
    pub reference_growth: f64,
    /// Growth rates g_k of the sectors in the reference area; NaN for one that it does not have in the first year.
    pub sector_growth: Vec<f64>,
    /// National part by cell.
    pub ns: Vec<f64>,
    /// Industrial mix by cell.
    pub im: Vec<f64>,
    /// Regional, or competitive, part by cell.
    pub rs: Vec<f64>,
    /// Homothetic competitive effect by cell (Esteban-Marquillas).
    pub homothetic: Vec<f64>,
    /// Allocation effect by cell (Esteban-Marquillas).
    pub allocation: Vec<f64>,
    /// The sums over the sectors of each city.
    pub cities: Vec<CityShift>,
    /// The cells (city, sector) that are 0 in the first year and not in the last.
    pub new_cells: Vec<(usize, usize)>,
    /// The cells that are not 0 in the first year where the reference area is: their parts are NaN, and their city's.
    pub unreferenced: Vec<(usize, usize)>,
}

/// Growth of one city and its parts, all sectors together; in the unit of the levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CityShift {
    /// Level in the first year.
    pub base: f64,
    /// Growth, the level of the last year less that of the first.
    pub growth: f64,
    /// National part.
    pub ns: f64,
    /// Industrial mix.
    pub im: f64,
    /// Regional part.
    pub rs: f64,
    /// Homothetic competitive effect.
    pub homothetic: f64,
    /// Allocation effect.
    pub allocation: f64,
}

impl CityShift {
    pub(super) const NONE: Self = Self {
        base: f64::NAN,
        growth: f64::NAN,
        ns: f64::NAN,
        im: f64::NAN,
        rs: f64::NAN,
        homothetic: f64::NAN,
        allocation: f64::NAN,
    };

    /// What a part of growth may be off by: such a part counts as 0.
    pub(super) fn rounding(base: f64, growth: f64) -> f64 {
        1e-12 * (base + growth.abs())
    }

    /// `IM+ RS+`, `IM+ RS-`, `IM- RS+` or `IM- RS-`: + where the part is above 0, by more than rounding; `undefined`
    /// where a part is.
    pub fn quadrant(&self) -> &'static str {
        let rounding = Self::rounding(self.base, self.growth);
        match (self.im > rounding, self.rs > rounding) {
            _ if self.im.is_nan() || self.rs.is_nan() => "undefined",
            (true, true) => "IM+ RS+",
            (true, false) => "IM+ RS-",
            (false, true) => "IM- RS+",
            (false, false) => "IM- RS-",
        }
    }
}

/// Dunn's decomposition of the growth of every city and sector, and Esteban-Marquillas' of its regional part.
///
/// # Formula
///
/// x_ik,1 − x_ik,0 = NS + IM + RS with NS = x g, IM = x (g_k − g), RS = x (g_ik − g_k);
/// RS = h (g_ik − g_k) + (x − h)(g_ik − g_k) with h = X_i S_k
///
/// where x = x_ik,0 is the level of sector k in city i in the first year, X_i the city's level, g the growth rate of the
/// reference area, g_k that of the sector there, g_ik that of the sector in the city, and S_k the sector's share in the
/// reference area in the first year. The reference area is the one that the structures carry, else the sum of the cities that
/// take part in both years; then the regional parts of a sector add up to 0 over the cities, and so do the industrial
/// mixes of all sectors together, unless a sector is new.
///
/// A cell that is 0 in the first year has no growth rate: its NS and IM are 0, and all it grows to is RS, and its allocation
/// effect. A cell that is not 0 where the reference area is 0 has no parts. Growth is in the unit of the
/// levels as given, not deflated. O(n·K).
///
/// # Errors
///
/// Years of different cities or sectors, or a reference area in one of them only; [`Kind::Undefined`] where no city takes part
/// in both.
///
/// # Source
///
/// Dunn, E. S. (1960). A statistical and analytical technique for regional analysis. Papers in Regional Science 6, 97-112.
/// doi:10.1111/j.1435-5597.1960.tb01705.x. Esteban-Marquillas, J. M. (1972). A reinterpretation of shift-share analysis.
/// Regional and Urban Economics 2, 249-255. doi:10.1016/0034-3331(72)90033-4
///
/// ```
/// use agglo::measures::structure::shift_share;
/// use agglo::study::Structure;
/// let (from, to) = (Structure::new(vec![10.0, 10.0, 20.0, 0.0], 2)?, Structure::new(vec![15.0, 10.0, 15.0, 5.0], 2)?);
/// let result = shift_share(&from, &to)?;
/// let city = result.cities[0];
/// assert_eq!((city.growth, city.ns, city.im, city.rs), (5.0, 2.5, 2.5, 0.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn shift_share(from: &Structure, to: &Structure) -> Result<ShiftShare> {
    let span = Span::new(&[from, to])?;
    Ok(decompose(&span, 0, &Reference::new(&span, 0)?))
}

/// Growth of the reference area from one year of a span to the next.
pub(super) struct Reference {
    pub(super) growth: f64,
    pub(super) by_sector: Vec<f64>,
    /// Shares S_k in the first of the two years.
    shares: Vec<f64>,
}

impl Reference {
    pub(super) fn new(span: &Span, year: usize) -> Result<Self> {
        let (from, to) = (span.reference(year), span.reference(year + 1));
        let (total_from, total_to): (f64, f64) = (from.iter().sum(), to.iter().sum());
        let growth = rate(total_from, total_to);
        if growth.is_nan() {
            return Err(Fault::new(Kind::Undefined, "the growth rate of the reference area is not defined").into());
        }
        let by_sector = from.iter().zip(&to).map(|(&from, &to)| rate(from, to)).collect();
        Ok(Self { growth, by_sector, shares: from.iter().map(|level| level / total_from).collect() })
    }
}

/// Growth rate from a level to the next; NaN where there is none.
pub(super) fn rate(from: f64, to: f64) -> f64 {
    let rate = to / from - 1.0;
    if rate.is_finite() { rate } else { f64::NAN }
}

/// Parts of one cell: NS, IM, RS, homothetic competitive effect, allocation effect.
fn cell_parts(x0: f64, x1: f64, homothetic_level: f64, g: f64, g_k: f64) -> [f64; 5] {
    if x0 == 0.0 {
        return [0.0, 0.0, x1, 0.0, x1];
    }
    let rs = x1 - x0 * (1.0 + g_k);
    let homothetic = homothetic_level * (rs / x0);
    [x0 * g, x0 * (g_k - g), rs, homothetic, rs - homothetic]
}

/// The decomposition from one year of the span to the next.
pub(super) fn decompose(span: &Span, year: usize, reference: &Reference) -> ShiftShare {
    let (from, to, sectors) = (span.years[year], span.years[year + 1], span.sectors());
    let mut parts: [Vec<f64>; 5] = std::array::from_fn(|_| vec![f64::NAN; span.cities() * sectors]);
    let mut cities = vec![CityShift::NONE; span.cities()];
    let (mut new_cells, mut unreferenced) = (Vec::new(), Vec::new());
    for &i in &span.members {
        let mut sums = [0.0; 5];
        for k in 0..sectors {
            let (x0, x1, g_k) = (from.levels(i)[k], to.levels(i)[k], reference.by_sector[k]);
            let of_cell = cell_parts(x0, x1, from.total(i) * reference.shares[k], reference.growth, g_k);
            for (part, (sum, x)) in parts.iter_mut().zip(sums.iter_mut().zip(of_cell)) {
                part[i * sectors + k] = x;
                *sum += x;
            }
            if x0 == 0.0 && x1 > 0.0 {
                new_cells.push((i, k));
            } else if x0 > 0.0 && g_k.is_nan() {
                unreferenced.push((i, k));
            }
        }
        let [ns, im, rs, homothetic, allocation] = sums;
        let (base, growth) = (from.total(i), to.total(i) - from.total(i));
        cities[i] = CityShift { base, growth, ns, im, rs, homothetic, allocation };
    }
    let [ns, im, rs, homothetic, allocation] = parts;
    ShiftShare {
        reference_growth: reference.growth,
        sector_growth: reference.by_sector.clone(),
        ns,
        im,
        rs,
        homothetic,
        allocation,
        cities,
        new_cells,
        unreferenced,
    }
}

const VARIANT: &str = "Dunn: NS = x g, IM = x (g_k - g), RS = x (g_ik - g_k) with x the level of the first year; Esteban-Marquillas' \
                       homothetic competitive and allocation effects; growth in the unit of the values, prices and borders as given";

static ABOUT: About = About {
    name: "shift_share",
    family: Family::Structure,
    needs: Needs::IndustryYears,
    title: "Shift-share",
    question: "Did each city grow with the whole, by the sectors it has, or by growing faster than its sectors elsewhere?",
    formula: "ns = sum_k x_ik g; im = sum_k x_ik (g_k - g); rs = sum_k x_ik (g_ik - g_k); growth = ns + im + rs; homothetic = sum_k X_i S_k (g_ik - g_k); allocation = rs - homothetic",
    symbols: &[
        ("x_ik, X_i", "level of sector k, of all sectors, in city i in the first year"),
        ("g, g_k", "growth rate of the reference area, of sector k there"),
        ("g_ik", "growth rate of sector k in city i"),
        ("S_k", "share of sector k in the reference area in the first year"),
    ],
    reading: "IM above 0: the city had sectors that grow fast everywhere; RS above 0: its sectors grew faster than the same sectors elsewhere. The homothetic effect is what RS would be with the mix of the reference area; the allocation effect is above 0 where the city is specialised in what it is better at. RS says that there is an advantage, not which",
    variant: "From the first to the last year, and with more than two years also summed from year to year (dynamic). The reference area is the sum of the cities that take part in both years unless a reference row is given. A sector that a city does not have in the first year counts in RS with all it grows to; one that the reference area does not have is null. Not for percentages. Not deflated",
    reference: "Dunn (1960), Papers in Regional Science 6, 97-112, doi:10.1111/j.1435-5597.1960.tb01705.x; Esteban-Marquillas (1972), Regional and Urban Economics 2, 249-255, doi:10.1016/0034-3331(72)90033-4; Barff and Knight (1988), Growth and Change 19(2), 1-10, doi:10.1111/j.1468-2257.1988.tb00465.x",
    fields: &[
        Field::column("growth", "growth of the city, in the unit of the values"),
        Field::annotated("ns", "ss_ns", "ss_ns", "national part of growth, in the unit of the values"),
        Field::annotated("im", "ss_im", "ss_im", "industrial mix, in the unit of the values"),
        Field::annotated("rs", "ss_rs", "ss_rs", "regional part, in the unit of the values"),
        Field::column("rs_share", "regional part over the level of the first year"),
        Field::column("homothetic", "homothetic competitive effect, in the unit of the values"),
        Field::column("allocation", "allocation effect, in the unit of the values"),
        Field::annotated(
            "quadrant",
            "ss_quadrant",
            "ss_quad",
            "signs of industrial mix and regional part, + where above 0",
        ),
        Field::column("ns_dynamic", "national part, summed from year to year"),
        Field::column("im_dynamic", "industrial mix, summed from year to year"),
        Field::column("rs_dynamic", "regional part, summed from year to year"),
        Field::matrix("ns", "national part by city and sector"),
        Field::matrix("im", "industrial mix by city and sector"),
        Field::matrix("rs", "regional part by city and sector"),
        Field::scalar("reference_growth", "growth rate of the reference area, as a fraction"),
        Field::scalar("growth", "growth, in the unit of the values"),
        Field::scalar("ns", "national part of growth, in the unit of the values"),
        Field::scalar("im", "industrial mix, in the unit of the values"),
        Field::scalar("rs", "regional part, in the unit of the values"),
        Field::table(
            "cities",
            "for each city growth and its parts, in the unit of the values and as fractions of the first year",
        ),
        Field::table(
            "sectors",
            "for each sector its growth rate in the reference area, and growth and its parts in all cities together",
        ),
        Field::table("dynamic", "for each step from year to year growth and its parts in all cities together"),
    ],
    matches: &[(
        "REAT",
        "shift(e_ij1, e_ij2, e_i1, e_i2, shift.method = 'Dunn') and 'Esteban'; shiftd(). Whole numbers overflow to NA there",
    )],
};

/// [`shift_share()`] and [`shift_share_dynamic`](super::shift_share_dynamic()) in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    over_the_years(run, &ABOUT, VARIANT, |industry, (first, last), outcome| fill(run, industry, first, last, outcome))
}

fn fill(
    run: &Run,
    industry: &Industry,
    first: &IndustryYear,
    last: &IndustryYear,
    outcome: &mut Outcome,
) -> Result<()> {
    refuse_percent(industry)?;
    let result = shift_share(&first.structure, &last.structure)?;
    let members: Vec<usize> = (0..result.cities.len()).filter(|&i| !result.cities[i].base.is_nan()).collect();
    for (name, get) in NUMBERS {
        outcome.columns.push((name, Values::Numbers(result.cities.iter().map(get).collect())));
    }
    outcome.columns.push(("rs_share", Values::Numbers(result.cities.iter().map(|city| city.rs / city.base).collect())));
    outcome.columns.push(("quadrant", Values::Classes(result.cities.iter().map(CityShift::quadrant).collect())));
    outcome.scalars.push(("reference_growth", result.reference_growth));
    for (name, get) in &NUMBERS[..4] {
        outcome.scalars.push((name, added(members.iter().map(|&i| get(&result.cities[i])))));
    }
    outcome.tables.push(("cities", cities_table(run, &result, &members)));
    outcome.tables.push(("sectors", sectors_table(industry, &result, &members, first, last)));
    outcome.notes.extend(notes(run, industry, &result));
    outcome.notes.extend(said(run, first, last, &result, &members));
    super::shift_share_dynamic::fill(run, industry, &members, outcome)?;
    outcome.matrices.extend([
        ("ns", by_sector(run, industry, result.ns)),
        ("im", by_sector(run, industry, result.im)),
        ("rs", by_sector(run, industry, result.rs)),
    ]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(levels: &[f64]) -> Structure {
        Structure::new(levels.to_vec(), 2).unwrap()
    }

    #[test]
    fn a_sector_that_is_new_in_a_city_is_regional() {
        let result = shift_share(&structure(&[4.0, 0.0, 4.0, 4.0]), &structure(&[4.0, 3.0, 4.0, 8.0])).unwrap();
        assert_eq!((result.ns[1], result.im[1], result.rs[1], result.allocation[1]), (0.0, 0.0, 3.0, 3.0));
        assert_eq!(result.new_cells, [(0, 1)]);
        let city = result.cities[0];
        assert!((city.ns + city.im + city.rs - city.growth).abs() < 1e-14);
    }

    #[test]
    fn what_the_reference_area_lacks_has_no_parts() {
        let nation = |levels: &[f64], of: &[f64]| structure(levels).with_reference(of.to_vec()).unwrap();
        let from = nation(&[4.0, 1.0, 4.0, 0.0], &[9.0, 0.0]);
        let to = nation(&[4.0, 3.0, 4.0, 8.0], &[9.0, 9.0]);
        let result = shift_share(&from, &to).unwrap();
        assert_eq!(result.unreferenced, [(0, 1)]);
        assert!(result.cities[0].im.is_nan() && result.cities[0].quadrant() == "undefined");
        assert_eq!(result.cities[1].rs, 8.0 + result.rs[2]);
        assert!(shift_share(&from, &structure(&[1.0; 4])).is_err());
    }

    #[test]
    fn one_city_is_its_own_reference_and_has_no_quadrant_by_rounding() {
        let result = shift_share(&structure(&[0.1, 0.7]), &structure(&[0.3, 0.9])).unwrap();
        assert_eq!(result.cities[0].quadrant(), "IM- RS-");
        assert!(result.cities[0].rs.abs() < 1e-15);
    }
}
