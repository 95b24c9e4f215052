//! Levels by year, city and sector as they were gathered, and the checks that make an [`Industry`] of them.

use super::Cities;
use super::industry::{Industry, IndustryYear, Structure};
use super::industry_request::IndustryRequest;
use super::three_sectors::ThreeSectors;
use crate::error::{Fault, Kind, Result, quoted};
use crate::note::{Note, listed, listed_by};

/// How far percentages of a city may add up to another sum than 100.
const PERCENT_SLACK: f64 = 0.005;
/// Names that sectors are not called by, but sums of sectors.
const TOTALS: [&str; 10] =
    ["total", "all", "sum", "total_all_sectors", "all industries", "all sectors", "合计", "总计", "全部", "总数"];

/// What was read, before it is checked.
pub(super) struct Gathered {
    /// Base name of the file.
    pub file: String,
    /// Name of the levels.
    pub value: String,
    pub sectors: Vec<String>,
    pub years: Vec<GatheredYear>,
    pub notes: Vec<Note>,
}

/// The levels of one year.
pub(super) struct GatheredYear {
    pub year: Option<i32>,
    /// One level for each city and sector, city after city; NaN where a cell is blank.
    pub levels: Vec<f64>,
    /// Which cities have a row.
    pub rows: Vec<bool>,
    /// The levels of the reference area, where it has a row.
    pub reference: Option<Vec<f64>>,
}

impl GatheredYear {
    /// The cities that have a row with blank cells, each with the places of its sectors that are blank.
    fn blank_cells(&self, width: usize) -> Vec<(usize, Vec<usize>)> {
        let of = |i: usize| (0..width).filter(|k| self.levels[i * width + k].is_nan()).collect::<Vec<_>>();
        let cities = (0..self.rows.len()).filter(|&i| self.rows[i]).map(|i| (i, of(i)));
        cities.filter(|(_, blank)| !blank.is_empty()).collect()
    }
}

impl Gathered {
    /// The checked table.
    ///
    /// # Errors
    /// Fewer than two sectors, no row of the reference area, sectors without a group, levels too large to be added.
    pub(super) fn finish(mut self, cities: &Cities, request: &IndustryRequest) -> Result<Industry> {
        self.leave_out_totals();
        if self.sectors.len() < 2 {
            let message = format!("there is one sector only, {}, and at least two are needed", listed(&self.sectors));
            let fault = Fault::new(Kind::TooFew, message).file(&self.file);
            return Err(fault.hint("give a column, or in a long table a row, for every sector").into());
        }
        self.tell_missing(cities, request);
        let percent = self.is_percent();
        if percent {
            let message = format!(
                "{}: the values of each city add up to 100 (or to 1) and are taken as shares, so that all cities weigh the same; \
                 give --mass COL to weigh them",
                self.file
            );
            self.notes.push(Note::remark("percent", message));
        }
        let (mut groups, mut broad) = (None, ThreeSectors::of_sectors(&self.sectors));
        if let Some(given) = request.groups {
            match given.classify(&self.sectors, &self.file)? {
                Some(classified) => {
                    (groups, broad) = (Some(classified.groups), classified.broad);
                    self.notes.extend(classified.notes);
                }
                // Who has the three sectors already needs no classification of them.
                None if self.sectors.iter().all(|sector| ThreeSectors::from_name(sector).is_some()) => {}
                None => {
                    let message = format!(
                        "the classification is of none of the sectors of {}, {}",
                        self.value,
                        listed(&self.sectors)
                    );
                    self.notes.push(Note::warning("unknown_sector", message));
                }
            }
        }
        let mut years = Vec::with_capacity(self.years.len());
        for gathered in &self.years {
            let mut structure = Structure::new(gathered.levels.clone(), self.sectors.len())
                .map_err(|error| error.in_file(&self.file))?;
            if let Some(id) = request.reference {
                let levels = gathered.reference.clone().ok_or_else(|| self.no_reference(id, gathered.year))?;
                structure = structure.with_reference(levels).map_err(|error| error.in_file(&self.file))?;
            }
            years.push(IndustryYear { year: gathered.year, structure });
        }
        for year in &years {
            self.notes.extend(empty_cities(&self.file, year, cities));
        }
        Ok(Industry {
            value: self.value,
            sectors: self.sectors,
            groups,
            broad,
            years,
            reference: request.reference.map(str::to_owned),
            percent,
            notes: self.notes,
        })
    }

    fn no_reference(&self, id: &str, year: Option<i32>) -> Fault {
        let when = year.map_or_else(String::new, |year| format!(" in {year}"));
        let fault = Fault::new(Kind::Identity, format!("there is no row of the reference area {}{when}", quoted(id)));
        fault.file(&self.file).field("reference").hint("name the id of a row of the industry table")
    }

    /// Leaves out columns that are the sum of all others: they would double everything.
    fn leave_out_totals(&mut self) {
        while let Some(total) = (0..self.sectors.len()).find(|&sector| self.is_total(sector)) {
            let message =
                format!("{}: {} is the total of the sectors and is left out", self.file, quoted(&self.sectors[total]));
            self.notes.push(Note::warning("total_sector", message));
            let width = self.sectors.len();
            self.sectors.remove(total);
            for year in &mut self.years {
                let mut at = 0;
                year.levels.retain(|_| {
                    at += 1;
                    (at - 1) % width != total
                });
                year.reference.iter_mut().for_each(|levels| _ = levels.remove(total));
            }
        }
    }

    /// Whether a sector is called a total, or is the sum of at least two others in every city that has one.
    fn is_total(&self, sector: usize) -> bool {
        let width = self.sectors.len();
        if width < 3 {
            return false;
        }
        if TOTALS.contains(&self.sectors[sector].trim().to_lowercase().as_str()) {
            return true;
        }
        let rows = self.years.iter().flat_map(|year| year.levels.chunks_exact(width));
        let sums = rows.map(|row| (row[sector], row.iter().sum::<f64>() - row[sector]));
        let known: Vec<(f64, f64)> =
            sums.filter(|(own, rest)| own.is_finite() && rest.is_finite() && *own > 0.0).collect();
        known.len() > 1 && known.iter().all(|(own, rest)| (own - rest).abs() <= 1e-6 * own)
    }

    /// Tells which cities have no row or blank cells; blanks become 0 where that is asked for.
    fn tell_missing(&mut self, cities: &Cities, request: &IndustryRequest) {
        for year in &mut self.years {
            let when = year.year.map_or_else(String::new, |year| format!(" in {year}"));
            let lacking: Vec<usize> = (0..cities.len()).filter(|&i| !year.rows[i]).collect();
            if !lacking.is_empty() {
                let message =
                    format!("{} has no row{when} for {}", self.file, listed_by(&lacking, |&i| cities.label(i)));
                let note = Note::warning("missing_row", message);
                self.notes.push(note.about(lacking.iter().map(|&i| cities.ids[i].as_str())));
            }
            let blank = year.blank_cells(self.sectors.len());
            if blank.is_empty() {
                continue;
            }
            let told = listed_by(&blank, |(i, sectors)| {
                let names: Vec<&str> = sectors.iter().map(|&k| self.sectors[k].as_str()).collect();
                format!("{} in {}", cities.label(*i), listed(&names))
            });
            let consequence = match request.blank_is_zero {
                true => "taken as 0",
                false => "such a city takes no part; --blank zero takes blanks as 0",
            };
            let message = format!("{}: no value{when} for {told}: {consequence}", self.file);
            let note = Note::warning("blank_cell", message);
            self.notes.push(note.about(blank.iter().map(|(i, _)| cities.ids[*i].as_str())));
            if request.blank_is_zero {
                let width = self.sectors.len();
                let cells = blank.iter().flat_map(|(i, sectors)| sectors.iter().map(move |k| i * width + k));
                cells.for_each(|at| year.levels[at] = 0.0);
            }
        }
    }

    /// Whether the values of every city that has all of them add up to 100, or to 1, in every year.
    fn is_percent(&self) -> bool {
        let width = self.sectors.len();
        let adds_up_to = |whole: f64| {
            let rows = self.years.iter().flat_map(|year| year.levels.chunks_exact(width));
            let mut sums = rows.map(|row| row.iter().sum::<f64>()).filter(|sum| *sum > 0.0).peekable();
            sums.peek().is_some() && sums.all(|sum| (sum - whole).abs() <= PERCENT_SLACK * whole)
        };
        adds_up_to(100.0) || adds_up_to(1.0)
    }
}

/// The warning that cities have nothing in any sector.
fn empty_cities(file: &str, year: &IndustryYear, cities: &Cities) -> Option<Note> {
    let empty: Vec<usize> = (0..cities.len()).filter(|&i| year.structure.total(i) == 0.0).collect();
    if empty.is_empty() {
        return None;
    }
    let when = year.year.map_or_else(String::new, |year| format!(" in {year}"));
    let (has, takes) = if empty.len() == 1 { ("is", "takes") } else { ("are", "take") };
    let message = format!(
        "{file}: all sectors of {} {has} zero{when}, so that there are no shares: {takes} no part",
        listed_by(&empty, |&i| cities.label(i))
    );
    Some(Note::warning("zero_city", message).about(empty.iter().map(|&i| cities.ids[i].as_str())))
}
