//! Levels by year, city and sector as they were gathered, and the checks that make an [`Industry`] of them.

use indexmap::IndexMap;

use super::Cities;
use super::industry::{Industry, IndustryYear, Structure};
use super::industry_request::IndustryRequest;
use super::panel::years_listed;
use super::resolve::in_year;
use super::three_sectors::ThreeSectors;
use crate::error::{Fault, Kind, Result, number, quoted};
use crate::note::{Note, listed, listed_by};

/// How far percentages of a city may add up to another sum than 100.
const PERCENT_SLACK: f64 = 0.005;
/// How far they may be off in all cities for a warning that they were meant to be percentages.
const PERCENT_NEAR: f64 = 0.05;

/// What was read, before it is checked.
pub(super) struct Gathered {
    /// Base name of the file.
    pub file: String,
    /// How the note of what was read begins: by what the table was joined.
    pub lead: String,
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
        self.leave_out_totals(cities);
        if self.sectors.len() < 2 {
            let message = format!("there is one sector only, {}, and at least two are needed", listed(&self.sectors));
            let fault = Fault::new(Kind::TooFew, message).file(&self.file);
            return Err(fault.hint("give a column, or in a long table a row, for every sector").into());
        }
        self.tell_what_was_read();
        self.tell_namesakes();
        self.tell_subtotals();
        self.tell_missing(cities, request);
        let percent = self.is_percent();
        if !percent {
            self.tell_nearly_percent(cities);
        }
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
                None => return Err(given.of_no_sector(&self.sectors, &self.file).into()),
            }
        }
        let mut years = Vec::with_capacity(self.years.len());
        for gathered in &self.years {
            let mut structure = Structure::new(gathered.levels.clone(), self.sectors.len())
                .map_err(|error| error.in_file(&self.file))?;
            if let Some(id) = request.reference {
                let levels = gathered.reference.clone().ok_or_else(|| self.no_reference(id, gathered.year))?;
                let blank = |level: f64| if level.is_nan() && request.blank_is_zero { 0.0 } else { level };
                let levels: Vec<f64> = levels.into_iter().map(blank).collect();
                structure = structure.with_reference(levels).map_err(|error| error.in_file(&self.file))?;
                let a_city = cities.ids.iter().any(|city| city.trim() == id.trim());
                self.notes.extend(self.small_reference(id, gathered.year, &structure, a_city || percent));
            }
            years.push(IndustryYear { year: gathered.year, structure });
        }
        if years.iter().all(|year| year.structure.members().is_empty()) {
            let message =
                "no city has all its sectors known and more than 0 in one of them, so that there are no shares";
            let fault = Fault::new(Kind::TooFew, message).file(&self.file);
            return Err(fault.hint("fill in the levels, or take blanks as 0 with --blank zero").into());
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
        let when = in_year(year);
        let fault = Fault::new(Kind::Identity, format!("there is no row of the reference area {}{when}", quoted(id)));
        fault.file(&self.file).field("reference").hint("name the id of a row of the industry table")
    }

    /// Tells which cities have no row or blank cells; blanks become 0 where that is asked for.
    fn tell_missing(&mut self, cities: &Cities, request: &IndustryRequest) {
        for year in &mut self.years {
            let when = in_year(year.year);
            let lacking: Vec<usize> = (0..cities.len()).filter(|&i| !year.rows[i]).collect();
            if !lacking.is_empty() {
                let message =
                    format!("{}: no values{when} for {}", self.file, listed_by(&lacking, |&i| cities.label(i)));
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

    /// Notes what the levels, sectors and years are.
    fn tell_what_was_read(&mut self) {
        let dated: Vec<i32> = self.years.iter().filter_map(|year| year.year).collect();
        let when = match dated.as_slice() {
            [] => String::new(),
            [year] => format!(", year {year}"),
            years => format!(", years {}", years_listed(years)),
        };
        let message =
            format!("{}{} in {} sectors, {}{when}", self.lead, self.value, self.sectors.len(), listed(&self.sectors));
        self.notes.insert(0, Note::remark("industry", message));
    }

    /// Warns of sectors whose names differ in case or in white space only.
    fn tell_namesakes(&mut self) {
        let mut spellings: IndexMap<String, Vec<String>> = IndexMap::new();
        for name in &self.sectors {
            let bare: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
            spellings.entry(bare).or_default().push(quoted(name));
        }
        for names in spellings.into_values().filter(|names| names.len() > 1) {
            let message = format!(
                "{}: the sectors {} differ in case or white space only and are taken as several",
                self.file,
                listed(&names)
            );
            self.notes.push(Note::warning("sector_spelling", message));
        }
    }

    /// The sums of the cities that have levels, in all years.
    fn sums(&self) -> Vec<(usize, Option<i32>, f64)> {
        let width = self.sectors.len();
        let of = |year: &GatheredYear| {
            let sums = year.levels.chunks_exact(width).map(|row| row.iter().sum::<f64>()).enumerate();
            let when = year.year;
            sums.filter(|(_, sum)| *sum > 0.0).map(move |(i, sum)| (i, when, sum)).collect::<Vec<_>>()
        };
        self.years.iter().flat_map(of).collect()
    }

    /// Whether the values of every city that has all of them add up to 100, or to 1, in every year.
    fn is_percent(&self) -> bool {
        let sums = self.sums();
        let adds_up_to = |whole: f64| sums.iter().all(|(_, _, sum)| (sum - whole).abs() <= PERCENT_SLACK * whole);
        !sums.is_empty() && (adds_up_to(100.0) || adds_up_to(1.0))
    }

    /// Warns where the values of all cities nearly add up to 100 or to 1, or those of a good part of them do.
    fn tell_nearly_percent(&mut self, cities: &Cities) {
        let sums = self.sums();
        let within = |whole: f64, slack: f64| {
            move |&&(_, _, sum): &&(usize, Option<i32>, f64)| (sum - whole).abs() <= slack * whole
        };
        for whole in [100.0, 1.0] {
            let (exact, near) = (
                sums.iter().filter(within(whole, PERCENT_SLACK)).count(),
                sums.iter().filter(within(whole, PERCENT_NEAR)).count(),
            );
            if sums.is_empty() || (near < sums.len() && 4 * exact < sums.len().max(4)) {
                continue;
            }
            let exactly = within(whole, PERCENT_SLACK);
            let off: Vec<_> = sums.iter().filter(|sum| !exactly(sum)).collect();
            let told = listed_by(&off, |(i, year, sum)| {
                let when = in_year(*year);
                format!("{}{when} ({})", cities.label(*i), number(*sum))
            });
            let message = format!(
                "{}: the values are taken as levels, though those of {exact} of {} cities add up to {whole}: not those of {told}",
                self.file,
                sums.len(),
            );
            let note = Note::warning("nearly_percent", message);
            self.notes.push(note.about(off.iter().map(|(i, ..)| cities.ids[*i].as_str())));
            return;
        }
    }

    /// Warns of a reference area with less than all cities in some sector, though it should contain them.
    fn small_reference(&self, id: &str, year: Option<i32>, structure: &Structure, a_part: bool) -> Option<Note> {
        let (own, cities) = (structure.reference(), structure.aggregate());
        let low = |&k: &usize| cities[k] > 0.0 && (own[k] == 0.0 || (!a_part && own[k] < cities[k] * (1.0 - 1e-9)));
        let low: Vec<usize> = (0..own.len()).filter(low).collect();
        let told =
            listed_by(&low, |&k| format!("{} ({} against {})", self.sectors[k], number(own[k]), number(cities[k])));
        let when = in_year(year);
        let message = format!("{}: {} has less than the cities together{when} in {told}", self.file, quoted(id));
        (!low.is_empty()).then(|| Note::warning("small_reference", message))
    }
}

/// The warning that cities have nothing in any sector.
fn empty_cities(file: &str, year: &IndustryYear, cities: &Cities) -> Option<Note> {
    let empty: Vec<usize> = (0..cities.len()).filter(|&i| year.structure.total(i) == 0.0).collect();
    if empty.is_empty() {
        return None;
    }
    let when = in_year(year.year);
    let takes = if empty.len() == 1 { "it takes" } else { "they take" };
    let message = format!(
        "{file}: all sectors of {} are 0{when}, so that there are no shares: {takes} no part",
        listed_by(&empty, |&i| cities.label(i))
    );
    Some(Note::warning("zero_city", message).about(empty.iter().map(|&i| cities.ids[i].as_str())))
}
