//! Dynamic shift-share: the decomposition from year to year, summed.

use serde_json::{Value, json};

use super::shift_share::{CityShift, Reference, decompose};
use super::span::{Span, about_cities, added};
use crate::error::{Fault, Kind, Result};
use crate::measures::isomorphism::adapter::cell;
use crate::measures::{Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

/// Growth of n cities and its parts, each the sum of those from year to year; see [`shift_share_dynamic()`].
#[derive(Clone, Debug, PartialEq)]
pub struct DynamicShiftShare {
    /// For each city its level in the first year, its growth and the parts of it, in the unit of the levels; NaN for a
    /// city that does not take part in every year.
    pub cities: Vec<CityShift>,
    /// The steps from one year to the next.
    pub steps: Vec<ShiftShareStep>,
}

/// One step of [`shift_share_dynamic()`], all cities together, in the unit of the levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShiftShareStep {
    /// Growth rate of the reference area.
    pub reference_growth: f64,
    /// Growth of the cities.
    pub growth: f64,
    /// National part.
    pub ns: f64,
    /// Industrial mix.
    pub im: f64,
    /// Regional part.
    pub rs: f64,
}

/// Shift-share from each year to the next, summed over the years, which come in ascending order.
///
/// # Formula
///
/// NS_i = Σ_t NS_it and so on, with the parts of [`shift_share`](super::shift_share()) from year t to year t + 1
///
/// Rates and the mix of sectors are those of each step, so that a city whose mix changes on the way is not held to that of
/// the first year. With two years it is the same as the static decomposition. Cities take part that do so in every year. O(T·n·K).
///
/// # Errors
///
/// Those of [`shift_share`](super::shift_share()); fewer than two years.
///
/// # Source
///
/// Barff, R. A. and Knight, P. L. (1988). Dynamic shift-share analysis. Growth and Change 19(2), 1-10.
/// doi:10.1111/j.1468-2257.1988.tb00465.x
pub fn shift_share_dynamic(years: &[&Structure]) -> Result<DynamicShiftShare> {
    if years.len() < 2 {
        return Err(
            Fault::new(Kind::Structure, format!("growth needs two years, and there are {}", years.len())).into()
        );
    }
    let span = Span::new(years)?;
    let mut cities = vec![CityShift::NONE; span.cities()];
    let mut steps = Vec::new();
    for year in 0..years.len() - 1 {
        let step = decompose(&span, year, &Reference::new(&span, year)?);
        for &i in &span.members {
            cities[i] = if year == 0 { step.cities[i] } else { cities[i].and_then(&step.cities[i]) };
        }
        let sum = |get: fn(&CityShift) -> f64| added(span.members.iter().map(|&i| get(&step.cities[i])));
        steps.push(ShiftShareStep {
            reference_growth: step.reference_growth,
            growth: sum(|city| city.growth),
            ns: sum(|city| city.ns),
            im: sum(|city| city.im),
            rs: sum(|city| city.rs),
        });
    }
    Ok(DynamicShiftShare { cities, steps })
}

impl CityShift {
    /// This step and the next together, from the level that this one starts from.
    fn and_then(&self, next: &Self) -> Self {
        Self {
            base: self.base,
            growth: self.growth + next.growth,
            ns: self.ns + next.ns,
            im: self.im + next.im,
            rs: self.rs + next.rs,
            homothetic: self.homothetic + next.homothetic,
            allocation: self.allocation + next.allocation,
        }
    }
}

/// The columns, the table and the notes of the dynamic decomposition, where there are more than two years.
pub(super) fn fill(run: &Run, industry: &Industry, in_both: &[usize], outcome: &mut Outcome) -> Result<()> {
    if industry.years.len() < 3 {
        return Ok(());
    }
    let structures: Vec<&Structure> = industry.years.iter().map(|year| &year.structure).collect();
    let result = match shift_share_dynamic(&structures) {
        Ok(result) => result,
        // That no city takes part in every year leaves the step from the first to the last as it is.
        Err(error) if error.kind() == Kind::Undefined => {
            outcome.notes.push(Note::remark("undefined", format!("no dynamic shift-share, since {error}")));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let column = |get: fn(&CityShift) -> f64| Values::Numbers(result.cities.iter().map(get).collect());
    outcome.columns.extend([
        ("ns_dynamic", column(|city| city.ns)),
        ("im_dynamic", column(|city| city.im)),
        ("rs_dynamic", column(|city| city.rs)),
    ]);
    let row = |(at, step): (usize, &ShiftShareStep)| -> Vec<Value> {
        let years = [json!(industry.years[at].year), json!(industry.years[at + 1].year)];
        let numbers = [step.reference_growth, step.growth, step.ns, step.im, step.rs];
        years.into_iter().chain(numbers.map(cell)).collect()
    };
    let columns = vec!["from", "to", "reference_growth", "growth", "ns", "im", "rs"];
    outcome.tables.push(("dynamic", TableOut { columns, rows: result.steps.iter().enumerate().map(row).collect() }));
    let without: Vec<usize> = in_both.iter().copied().filter(|&i| result.cities[i].base.is_nan()).collect();
    outcome.notes.extend(about_cities(run, "missing_year", &without, |names| {
        format!("no dynamic shift-share, which needs every year between the first and the last, of {names}")
    }));
    Ok(())
}
