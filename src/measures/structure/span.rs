//! Two or more years of the same cities, side by side.

use crate::error::{Fault, Kind, Result};
use crate::measures::Run;
use crate::note::{Note, listed_by};
use crate::study::{Industry, Structure};

/// The structures of several years with the cities that take part in all of them.
pub(super) struct Span<'a> {
    pub(super) years: Vec<&'a Structure>,
    pub(super) members: Vec<usize>,
}

impl<'a> Span<'a> {
    /// # Errors
    /// Years of different cities or sectors, less than one year; [`Kind::Undefined`] where no city takes part in all.
    pub(super) fn new(years: &[&'a Structure]) -> Result<Self> {
        let Some(first) = years.first() else {
            return Err(Fault::new(Kind::Structure, "a change needs years to compare").into());
        };
        if years.iter().any(|year| (year.cities(), year.sectors()) != (first.cities(), first.sectors())) {
            return Err(Fault::new(Kind::Structure, "the years have different numbers of cities or sectors").into());
        }
        if years.iter().any(|year| year.has_own_reference() != first.has_own_reference()) {
            return Err(Fault::new(Kind::Structure, "some years have a reference area and others have none").into());
        }
        let members: Vec<usize> = (0..first.cities()).filter(|&i| years.iter().all(|year| year.has(i))).collect();
        if members.is_empty() {
            let message =
                "no city has a known level in every sector, and more than 0 in one, in all the years compared";
            return Err(Fault::new(Kind::Undefined, message).into());
        }
        Ok(Self { years: years.to_vec(), members })
    }

    pub(super) fn sectors(&self) -> usize {
        self.years[0].sectors()
    }

    pub(super) fn cities(&self) -> usize {
        self.years[0].cities()
    }

    /// Levels by sector of the cities that take part in all years, in the year at this place.
    pub(super) fn whole(&self, year: usize) -> Vec<f64> {
        sums(self.years[year], &self.members)
    }

    /// Levels by sector of the reference area, else of the cities that take part in all years.
    pub(super) fn reference(&self, year: usize) -> Vec<f64> {
        let year_of = self.years[year];
        if year_of.has_own_reference() { year_of.reference() } else { self.whole(year) }
    }
}

/// Levels by sector of the cities at these places together.
pub(super) fn sums(structure: &Structure, places: &[usize]) -> Vec<f64> {
    let mut sums = vec![0.0; structure.sectors()];
    for &i in places {
        sums.iter_mut().zip(structure.levels(i)).for_each(|(sum, level)| *sum += level);
    }
    sums
}

/// Sum of parts of growth; 0 where they cancel but for rounding.
pub(super) fn added(parts: impl Iterator<Item = f64>) -> f64 {
    let (sum, size) = parts.fold((0.0, 0.0), |(sum, size), part| (sum + part, size + part.abs()));
    if sum.abs() <= 1e-12 * size { 0.0 } else { sum }
}

/// The remark that percentages leave the sizes of the cities unknown, so that the whole counts them alike.
pub(super) fn percent_note(industry: &Industry) -> Option<Note> {
    industry.percent.then(|| {
        let message = format!(
            "the levels of {} are shares of each city, so that the whole counts every city alike; --mass COL gives it their sizes",
            industry.value
        );
        Note::remark("percent", message)
    })
}

/// The refusal of a decomposition of growth where levels are percentages.
pub(super) fn refuse_percent(industry: &Industry) -> Result<()> {
    if !industry.percent {
        return Ok(());
    }
    let message = format!(
        "the levels of {} are shares of each city, whose growth is not the city's; give levels, or the cities' totals with --mass COL",
        industry.value
    );
    Err(Fault::new(Kind::Undefined, message).into())
}

/// A remark about cities, named in it; `None` where there are none. `say` gets their names.
pub(super) fn about_cities(
    run: &Run,
    code: &'static str,
    cities: &[usize],
    say: impl FnOnce(&str) -> String,
) -> Option<Note> {
    (!cities.is_empty()).then(|| {
        let names = listed_by(cities, |&i| run.cities.label(i));
        Note::remark(code, say(&names)).about(cities.iter().map(|&i| &run.cities.ids[i]))
    })
}
