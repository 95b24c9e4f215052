//! Industry tables: long (a row for every city and sector) or wide (a row for every city, a column for every sector).

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::Study;
use super::column::Table;
use super::gathered::{Gathered, GatheredYear};
use super::grouped_number::plain_column;
use super::industry::Industry;
use super::industry_names::sector_column;
use super::industry_request::IndustryRequest;
use super::key::{Index, key_text};
use super::panel::{LeftOut, YEAR_NAMES, at_row, place_of, year_of, years_listed};
use super::resolve::in_year;
use super::totals::is_total_name;
use crate::error::{Fault, Faults, Kind, Result, did_you_mean, number, quoted};
use crate::note::{Note, listed, listed_by};

impl Study {
    /// The industry of the cities from a table, joined by id as [`with_table`](Self::with_table) does.
    ///
    /// A table with several rows a city (and year) and a column `sector` (`industry`, `section`, `行业` …) of names is
    /// long: the levels are in the column asked for, else in one of a usual name (`employees`, `output` …), else in
    /// the first that holds numbers which are not those of a city or of a sector alone. A pair of city and sector
    /// without a row counts as 0 there, which is said. Any other table is wide: every column of numbers is a sector but
    /// those named as something else (`population`, `area` …), or those of the pattern. A column `year` makes layers of years.
    ///
    /// A sector that is the total of the others is left out. A city with a blank cell takes no part, unless blanks count as 0.
    /// Values that add up to 100 in every city are shares.
    ///
    /// # Errors
    /// All at once: no column of ids or levels, no row of any city, several rows of one city, year and sector, cells that are no
    /// numbers or negative, bad years; then years that there are not, fewer than two sectors, no row of the reference area,
    /// sectors without a group.
    pub fn industry(&self, table: &Table, request: &IndustryRequest) -> Result<Industry> {
        let frame = Frame::new(self, table, request)?;
        let gathered = match frame.sector {
            Some(sector) => frame.long(sector, request)?,
            None => frame.wide(request)?,
        };
        gathered.finish(&self.cities, request)
    }
}

/// Whose a row is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Owner {
    City(usize),
    Reference,
}

/// The level of each year, owner and sector, with the row that it is in.
pub(super) type Cells = IndexMap<(Option<i32>, Owner, usize), (f64, usize)>;

/// A table with what its columns are, and its rows with whose they are.
pub(super) struct Frame<'a> {
    pub(super) study: &'a Study,
    pub(super) table: &'a Table,
    pub(super) key: usize,
    pub(super) year: Option<usize>,
    pub(super) sector: Option<usize>,
    /// Rows of a city or the reference area, with their years, in the order of the file.
    pub(super) rows: Vec<(usize, Owner, Option<i32>)>,
    /// Columns with how many of their numbers were not written plainly.
    pub(super) grouped: Vec<(String, usize)>,
    pub(super) faults: Faults,
    pub(super) notes: Vec<Note>,
}

impl<'a> Frame<'a> {
    fn new(study: &'a Study, table: &'a Table, request: &IndustryRequest) -> Result<Self> {
        if table.names().next().is_some_and(|name| name.trim().starts_with(['{', '['])) {
            let fault = Fault::new(Kind::Structure, "the file is JSON, and a table is expected").file(&table.file);
            return Err(fault.hint("give a CSV file with a header, as city,sector,value").into());
        }
        if table.rows == 0 {
            return Err(Fault::new(Kind::Structure, "the table has no rows").file(&table.file).into());
        }
        let index = Index::new(&study.cities, &study.properties);
        let key = index.key_column(table, request.key)?;
        let place = |names: &[&str]| {
            let named = |name: &&str| table.names().position(|other| other.trim().to_lowercase() == **name);
            names.iter().find_map(named).filter(|&column| column != key)
        };
        let year = place(&YEAR_NAMES);
        let outside: HashSet<&str> = request.outside.iter().map(|id| id.trim()).collect();
        let (mut faults, mut left_out, mut rows) = (Faults::default(), LeftOut::default(), Vec::new());
        for row in 0..table.rows {
            let id = key_text(&table.columns[key], row);
            let city = index.by_id.get(id.as_str()).map(|&city| Owner::City(city));
            // A city can be what the others are held against.
            let reference = request.reference.filter(|reference| reference.trim() == id).map(|_| Owner::Reference);
            if city.or(reference).is_none() {
                if !outside.contains(id.as_str()) {
                    left_out.push(table, row, id);
                }
                continue;
            }
            match year.map(|column| year_of(table, column, row)).transpose() {
                Ok(year) => rows.extend(city.into_iter().chain(reference).map(|owner| (row, owner, year))),
                Err(fault) => faults.push(*fault),
            }
        }
        let any = rows.iter().any(|(_, owner, _)| *owner != Owner::Reference);
        if !any && faults.is_empty() {
            return Err(index.no_match(table, key).into());
        }
        let notes = left_out.notes(table, key, &index);
        // One row a city and year has no room for sectors, whatever its columns are called.
        let mut seen = HashSet::new();
        let several = rows.iter().any(|&(_, owner, year)| !seen.insert((owner, year)));
        let sector = sector_column(table, |column| column != key && Some(column) != year).filter(|_| several);
        let mut frame = Self { study, table, key, year, sector, rows, grouped: Vec::new(), faults, notes };
        frame.pick_years(request)?;
        Ok(frame)
    }

    /// Keeps the rows of the years asked for.
    fn pick_years(&mut self, request: &IndustryRequest) -> Result<()> {
        let asked = request.years;
        if asked.is_empty() {
            return Ok(());
        }
        if self.year.is_none() {
            if !request.sectors.is_some_and(|pattern| pattern.has_year()) {
                let message = format!("{} has no column year and is taken as it is", self.table.file);
                self.notes.push(Note::remark("no_years", message));
            }
            return Ok(());
        }
        let there = self.years();
        let there: Vec<i32> = there.into_iter().flatten().collect();
        for year in asked.iter().filter(|year| !there.contains(year)) {
            let fault =
                Fault::new(Kind::Option, format!("there is no year {year}")).file(&self.table.file).field("years");
            self.faults.push(fault.hint(format!("years: {}", years_listed(&there))));
        }
        self.rows.retain(|(_, _, year)| year.is_some_and(|year| asked.contains(&year)));
        std::mem::take(&mut self.faults).finish(())
    }

    /// The years of the rows, ascending.
    fn years(&self) -> Vec<Option<i32>> {
        let mut years: Vec<Option<i32>> = self.rows.iter().map(|&(_, _, year)| year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The levels of a column with faults at their lines; those of rows that are not of interest are not looked at.
    pub(super) fn levels(&mut self, column: usize, sector: impl Fn(usize) -> Option<String>) -> Vec<f64> {
        let (table, ids) = (self.table, &self.study.cities.ids);
        let of_row: HashMap<usize, Owner> = self.rows.iter().map(|&(row, owner, _)| (row, owner)).collect();
        let place = |row: usize, fault: Fault| {
            let fault = at_row(table, row, fault);
            let fault = match of_row.get(&row) {
                Some(Owner::City(i)) => fault.city(ids[*i].as_str()),
                _ => fault,
            };
            if let Some(sector) = sector(row) { fault.field(sector) } else { fault }
        };
        let mut chosen: Vec<usize> = self.rows.iter().map(|&(row, ..)| row).collect();
        chosen.dedup();
        let (picked, grouped) = plain_column(table.columns[column].select(chosen.iter().copied().map(Some)));
        if grouped > 0 {
            self.grouped.push((picked.name.clone(), grouped));
        }
        let mut levels = vec![f64::NAN; table.rows];
        match picked.numbers(|at, fault| place(chosen[at], fault)) {
            Ok((values, notes)) => {
                // A table holds nothing but text.
                self.notes.extend(notes.into_iter().filter(|note| note.code != "number_as_text"));
                for (&row, &level) in chosen.iter().zip(&values) {
                    levels[row] = level;
                    if level < 0.0 {
                        let fault = Fault::new(Kind::Value, format!("{} is negative", number(level)));
                        let fault = place(row, fault.field(&table.columns[column].name));
                        self.faults.push(fault.hint("levels are 0 or more; leave the cell empty if it is not known"));
                    }
                }
            }
            Err(error) => self.faults.extend(error),
        }
        levels
    }

    /// The fault of every city (and year, and sector) that has several rows.
    pub(super) fn refuse_doubled(&mut self, sector: Option<usize>, several_allowed: bool) {
        if several_allowed && self.year.is_none() && sector.is_some() {
            return;
        }
        let table = self.table;
        let mut seen: IndexMap<(Option<i32>, Owner, String), Vec<usize>> = IndexMap::new();
        for &(row, owner, year) in &self.rows {
            let name = sector.and_then(|column| table.columns[column].text(row)).unwrap_or_default();
            seen.entry((year, owner, name.trim().to_owned())).or_default().push(row);
        }
        for ((year, owner, name), rows) in seen.iter().filter(|(_, rows)| rows.len() > 1) {
            let when = in_year(*year);
            let what = if name.is_empty() { String::new() } else { format!(" and the sector {}", quoted(name)) };
            let places: Vec<String> = rows.iter().map(|&row| place_of(table, row)).collect();
            let message = format!("{} rows for one city{what}{when}: {}", rows.len(), listed(&places));
            let fault =
                at_row(table, rows[1], Fault::new(Kind::Identity, message).field(&table.columns[self.key].name));
            let fault = match owner {
                Owner::City(i) => fault.city(self.study.cities.ids[*i].as_str()),
                Owner::Reference => fault,
            };
            self.faults.push(fault.hint(match self.year {
                Some(_) => "keep one of them, or add them up",
                None => "keep one row for a city, sector and year; a column of years is to be called year",
            }));
        }
    }

    /// Cells as levels by year; `absent` is the level of a pair that has none although the city has a row.
    pub(super) fn gathered(
        mut self,
        value: String,
        sectors: Vec<String>,
        cells: Cells,
        absent: f64,
        request: &IndustryRequest,
    ) -> Result<Gathered> {
        self.refuse_unknown_reference(&sectors, &cells, request);
        if absent == 0.0 {
            self.tell_idle_sectors(&sectors, &cells);
        }
        std::mem::take(&mut self.faults).finish(())?;
        let (n, width) = (self.study.cities.len(), sectors.len());
        let mut years: IndexMap<Option<i32>, GatheredYear> = IndexMap::new();
        let mut found = 0;
        for (&(year, owner, sector), &(level, _)) in &cells {
            let of_year = years.entry(year).or_insert_with(|| GatheredYear {
                year,
                levels: vec![f64::NAN; n * width],
                rows: vec![false; n],
                reference: None,
            });
            match owner {
                Owner::City(i) => {
                    if !std::mem::replace(&mut of_year.rows[i], true) {
                        of_year.levels[i * width..(i + 1) * width].fill(absent);
                    }
                    of_year.levels[i * width + sector] = level;
                    found += 1;
                }
                Owner::Reference => of_year.reference.get_or_insert_with(|| vec![absent; width])[sector] = level,
            }
        }
        years.sort_keys();
        let pairs: usize = years.values().map(|year| year.rows.iter().filter(|row| **row).count() * width).sum();
        if absent == 0.0 && found < pairs {
            let message = format!(
                "{}: {} of {pairs} pairs of a city and a sector have no row and count as 0",
                self.table.file,
                pairs - found
            );
            self.notes.push(Note::warning("absent_pair", message));
        }
        let years: Vec<GatheredYear> = years.into_values().collect();
        if !self.grouped.is_empty() {
            let message = format!(
                "{}: numbers with thousands separators or full-width digits are read as plain ones: {}",
                self.table.file,
                listed_by(&self.grouped, |(name, count)| format!("{count} in {name}"))
            );
            self.notes.push(Note::warning("grouped_number", message));
        }
        let lead = format!("{}: joined by {}, ", self.table.file, self.table.columns[self.key].name);
        Ok(Gathered { file: self.table.file.clone(), lead, value, sectors, years, notes: self.notes })
    }

    /// The faults of the reference area: blank cells, or nothing in any sector.
    fn refuse_unknown_reference(&mut self, sectors: &[String], cells: &Cells, request: &IndustryRequest) {
        let table = self.table;
        let mut totals: IndexMap<Option<i32>, (f64, usize)> = IndexMap::new();
        for (&(year, _, sector), &(level, row)) in cells.iter().filter(|((_, owner, _), _)| *owner == Owner::Reference)
        {
            let level =
                if level.is_nan() && (request.blank_is_zero || is_total_name(&sectors[sector])) { 0.0 } else { level };
            totals.entry(year).or_insert((0.0, row)).0 += level;
            if level.is_nan() {
                let fault = Fault::new(Kind::Value, "the reference area has no value").field(&sectors[sector]);
                self.faults
                    .push(at_row(table, row, fault).hint("fill it in, or give --blank zero to take blanks as 0"));
            }
        }
        for (_, (_, row)) in totals.into_iter().filter(|(_, (total, _))| *total == 0.0) {
            let fault = Fault::new(Kind::Value, "the reference area has 0 in every sector").field("reference");
            self.faults.push(at_row(table, row, fault).hint("name the id of a row with levels above 0"));
        }
    }

    /// Warns of sectors that no city has a row of in one year, though some has in another.
    fn tell_idle_sectors(&mut self, sectors: &[String], cells: &Cells) {
        let mut there: IndexMap<Option<i32>, HashSet<usize>> = IndexMap::new();
        for &(year, owner, sector) in cells.keys() {
            if owner != Owner::Reference {
                there.entry(year).or_default().insert(sector);
            }
        }
        there.sort_keys();
        for (year, of_year) in &there {
            let elsewhere = |sector: &usize| there.values().any(|other| other.contains(sector));
            let only_here = of_year.iter().filter(|sector| !there.values().all(|other| other.contains(*sector)));
            let mut only_here: Vec<usize> = only_here.copied().collect();
            only_here.sort_unstable();
            for sector in (0..sectors.len()).filter(|sector| !of_year.contains(sector) && elsewhere(sector)) {
                let others = || only_here.iter().map(|&other| sectors[other].as_str());
                // Of two spellings the longer one allows for more.
                let alike = |other: &&str| did_you_mean(other, [sectors[sector].as_str()]).is_some();
                let near = did_you_mean(&sectors[sector], others()).or_else(|| others().find(alike));
                let meant = near.map_or_else(String::new, |near| format!("; is it called {} there?", quoted(near)));
                let when = in_year(*year);
                let message = format!(
                    "{}: {} has no row in any city{when} and counts as 0{meant}",
                    self.table.file, sectors[sector]
                );
                self.notes.push(Note::warning("idle_sector", message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SectorPattern;
    use super::super::fixture::{study, table, texts};
    use super::*;
    use crate::note::Level;

    /// Three cities.
    fn three() -> Study {
        study(vec![texts("code", &["C1", "C2", "C3"])])
    }

    /// A table from text, as it is read from a file.
    fn csv(text: &str) -> Table {
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let names = lines.next().unwrap();
        let rows: Vec<Vec<&str>> = lines.collect();
        let column = |k: usize| texts(names[k], &rows.iter().map(|row| row[k]).collect::<Vec<_>>());
        table("i.csv", (0..names.len()).map(column).collect())
    }

    fn of(text: &str, request: &IndustryRequest) -> Result<Industry> {
        three().industry(&csv(text), request)
    }

    fn read(text: &str) -> Industry {
        of(text, &IndustryRequest::default()).unwrap()
    }

    fn said(industry: &Industry, code: &str) -> String {
        industry.notes.iter().filter(|note| note.code == code).map(|note| note.message.as_str()).collect()
    }

    fn refused(text: &str) -> Vec<String> {
        of(text, &IndustryRequest::default()).unwrap_err().faults().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn long_and_wide_tables_are_one_thing() {
        let wide = read("code,agri,metal\nC1,1,2\nC2,3,4\nC3,5,6\n");
        let long = read("code,sector,jobs\nC1,agri,1\nC1,metal,2\nC2,agri,3\nC2,metal,4\nC3,agri,5\nC3,metal,6\n");
        assert_eq!((&wide.sectors, &wide.years), (&long.sectors, &long.years));
        assert_eq!((wide.value.as_str(), long.value.as_str()), ("i", "jobs"));
        assert_eq!(wide.years[0].structure.levels(1), [3.0, 4.0]);
    }

    #[test]
    fn years_make_layers_in_order() {
        let text = "code,year,sector,jobs\nC1,2020,a,1\nC1,2020,b,2\nC1,2010,a,3\nC1,2010,b,4\n";
        let industry = read(text);
        assert_eq!(industry.years.iter().map(|year| year.year).collect::<Vec<_>>(), [Some(2010), Some(2020)]);
        assert_eq!(industry.years[0].structure.levels(0), [3.0, 4.0]);
        let one = of(text, &IndustryRequest { years: &[2020], ..IndustryRequest::default() }).unwrap();
        assert_eq!(one.years.len(), 1);
        let error = of(text, &IndustryRequest { years: &[2015], ..IndustryRequest::default() }).unwrap_err();
        assert_eq!(error.faults()[0].remedy(), Some("years: 2010, 2020"));
        let pattern = SectorPattern::parse("e_*_{year}").unwrap();
        let request = IndustryRequest { sectors: Some(&pattern), ..IndustryRequest::default() };
        let wide = of("code,e_a_2010,e_b_2010,e_a_2020,e_b_2020,x\nC1,3,4,1,2,9\n", &request).unwrap();
        assert_eq!(wide.years[1].structure.levels(0), industry.years[1].structure.levels(0));
        assert_eq!(wide.value, "e");
    }

    #[test]
    fn codes_of_sectors_and_attributes_of_cities_are_no_levels() {
        let text = "code,naics,sector,pop,jobs,plants\nC1,11,a,9,1,1\nC1,21,b,9,2,1\nC2,11,a,8,3,2\nC2,21,b,8,4,3\n";
        let industry = read(text);
        assert_eq!(industry.value, "jobs");
        assert_eq!(
            said(&industry, "industry_value"),
            "i.csv: levels are taken from jobs; --industry-value takes plants instead"
        );
        let other = of(text, &IndustryRequest { value: Some("plants"), ..IndustryRequest::default() }).unwrap();
        assert_eq!(other.years[0].structure.levels(1), [2.0, 3.0]);
    }

    #[test]
    fn a_pair_without_a_row_is_zero_and_a_blank_is_unknown() {
        let long = read("code,sector,jobs\nC1,a,1\nC1,b,2\nC2,a,3\nC3,a,\nC3,b,4\n");
        assert_eq!(long.years[0].structure.members(), [0, 1]);
        assert!(said(&long, "absent_pair").contains("1 of 6 pairs"), "{:?}", long.notes);
        assert!(said(&long, "blank_cell").contains("C3 in a"));
        let request = IndustryRequest { blank_is_zero: true, ..IndustryRequest::default() };
        let zero = of("code,a,b\nC1,,2\nC2,1,1\nC3,1,1\n", &request).unwrap();
        assert_eq!(zero.years[0].structure.levels(0), [0.0, 2.0]);
        assert!(said(&zero, "blank_cell").ends_with("C1 in a: taken as 0"));
    }

    #[test]
    fn cities_without_a_row_or_with_nothing_are_named() {
        let industry = read("code,a,b\nC1,0,0\nC2,1,2\nC9,1,1\n");
        assert_eq!(industry.years[0].structure.members(), [1]);
        assert!(said(&industry, "zero_city").contains("C1") && said(&industry, "missing_row").ends_with("for C3"));
        assert!(said(&industry, "unknown_city").contains("C9"));
        assert!(industry.notes.iter().filter(|note| note.level == Level::Warning).count() == 3);
    }

    #[test]
    fn every_fault_is_told_at_its_line() {
        assert_eq!(
            refused("code,a,b\nC1,-1,2\nC2,x.y,2\nC2,1,1\n"),
            ["i.csv:4: C2: code: 2 rows for one city: line 3 and line 4", "i.csv:3: C2: a: \"x.y\" is not a number",]
        );
        assert_eq!(refused("code,a,b\nC1,-1,2\nC2,1,1\n"), ["i.csv:2: C1: a: -1 is negative"]);
        assert_eq!(refused("code,sector,v\nC1,a,-1\nC1,,2\n").len(), 2);
        assert!(
            refused("code,sector,v\nC1,a,1\nC1,a,2\n")[0].contains("one city and the sector \"a\": line 2 and line 3")
        );
        assert!(refused("code,a\nC1,1\n")[0].contains("one sector only, a, and at least two are needed"));
        assert!(refused("code,name\nC1,x\n")[0].contains("no column of numbers"));
    }

    #[test]
    fn totals_would_double_everything() {
        for text in ["code,a,b,total\nC1,1,2,3\n", "code,a,whole,b\nC1,1,3,2\nC2,2,4,2\n"] {
            let industry = read(text);
            assert_eq!(industry.sectors, ["a", "b"]);
            assert!(said(&industry, "total_sector").contains("is the total"));
            assert_eq!(industry.years[0].structure.levels(0), [1.0, 2.0]);
        }
    }

    #[test]
    fn percentages_are_recognised_and_weighed() {
        let industry = read("code,a,b\nC1,25,75.2\nC2,50,50\nC3,10,89.8\n");
        assert!(industry.percent);
        let mass = [super::super::Variable::new("gdp", vec![10.0, 20.0, f64::NAN])];
        let weighed = industry.weighed(&mass).unwrap();
        assert!(!weighed.percent && weighed.value == "i times gdp");
        assert_eq!(weighed.years[0].structure.members(), [0, 1]);
        assert_eq!(weighed.years[0].structure.levels(1), [10.0, 10.0]);
        assert!(!read("code,a,b\nC1,25,75\nC2,50,51\n").percent);
    }

    #[test]
    fn a_row_of_no_city_can_be_the_reference() {
        let text = "code,a,b\nC1,1,2\nCN,30,10\n";
        let request = IndustryRequest { reference: Some("CN"), ..IndustryRequest::default() };
        let industry = of(text, &request).unwrap();
        assert_eq!(industry.years[0].structure.reference_shares(), [0.75, 0.25]);
        assert!(said(&industry, "unknown_city").is_empty());
        let request = IndustryRequest { reference: Some("JP"), ..IndustryRequest::default() };
        assert!(of(text, &request).unwrap_err().to_string().contains("no row of the reference area \"JP\""));
    }

    #[test]
    fn a_subtotal_called_industry_makes_no_long_table() {
        let industry = read("code,agri,metal,industry\nC1,1,2,7\nC2,3,4,8\nC3,5,6,9\n");
        assert_eq!(industry.sectors, ["agri", "metal", "industry"]);
        let codes = read("code,naics,jobs\nC1,11,1\nC1,21,2\nC2,11,3\nC2,21,4\n");
        assert_eq!(codes.sectors, ["11", "21"]);
    }

    #[test]
    fn levels_are_found_by_their_name_and_never_in_a_rank() {
        let industry = read("code,rank,sector,firms,value\nC1,1,a,5,1\nC1,2,b,6,2\nC2,3,a,7,3\nC2,4,b,8,5\n");
        assert_eq!(industry.value, "value");
        let unnamed = read("code,sector,firms,plants\nC1,a,5,1\nC1,b,6,2\nC2,a,7,3\nC2,b,8,5\n");
        let doubtful = |note: &Note| note.code == "industry_value" && note.level == Level::Warning;
        assert!(!industry.notes.iter().any(doubtful) && unnamed.notes.iter().any(doubtful));
    }

    #[test]
    fn population_and_coordinates_are_no_sectors() {
        let industry = read("code,population,a,b,lon\nC1,900,1,2,118\nC2,800,3,4,119\n");
        assert_eq!(industry.sectors, ["a", "b"]);
        assert!(said(&industry, "not_sectors").contains("population and lon"));
        assert!(said(&industry, "industry").ends_with("in 2 sectors, a and b"));
    }

    #[test]
    fn columns_of_several_years_are_not_several_sectors() {
        assert!(refused("code,a_2010,b_2010,a_2020,b_2020\nC1,1,2,3,4\n")[0].contains("columns of several years"));
    }

    #[test]
    fn thousands_are_read_and_other_text_is_a_fault() {
        let industry = read("code,a,b\nC1,1 234,2\nC2,12'345,１２\n");
        assert_eq!(industry.years[0].structure.levels(1), [12345.0, 12.0]);
        assert!(said(&industry, "grouped_number").ends_with("2 in a and 1 in b"), "{:?}", industry.notes);
        assert_eq!(
            refused("code,a,b,c\nC1,1,2,12.3%\nC2,1,2,20人\n"),
            ["i.csv:2: C1: c: \"12.3%\" is not a number", "i.csv:3: C2: c: \"20人\" is not a number"]
        );
    }

    #[test]
    fn a_sector_called_otherwise_in_one_year_is_told() {
        let industry = read("code,year,sector,v\nC1,2010,a,1\nC1,2010,finances,1\nC1,2020,a,2\nC1,2020,finance,3\n");
        let said = said(&industry, "idle_sector");
        assert!(said.contains("finances has no row in any city in 2020") && said.contains("called \"finance\" there?"));
        assert!(
            said.contains("finance has no row in any city in 2010 and counts as 0; is it called \"finances\" there?"),
            "{said}"
        );
    }

    #[test]
    fn what_a_table_has_not_is_said() {
        let request = IndustryRequest { years: &[2010], ..IndustryRequest::default() };
        let industry = of("code,a,b\nC1,1,2\n", &request).unwrap();
        assert!(said(&industry, "no_years").contains("taken as it is"));
        let request = IndustryRequest { value: Some("a"), ..IndustryRequest::default() };
        assert!(of("code,a,b\nC1,1,2\n", &request).unwrap_err().to_string().contains("industry-value"));
        let pattern = SectorPattern::parse("x_*").unwrap();
        let request = IndustryRequest { sectors: Some(&pattern), ..IndustryRequest::default() };
        let error = of("code,sector,v\nC1,a,1\nC1,b,1\n", &request).unwrap_err();
        assert_eq!(error.faults()[0].remedy(), Some("sectors: a and b"));
        assert!(refused("{\"a\": 1\n")[0].contains("JSON"));
    }

    #[test]
    fn cities_of_the_map_that_take_no_part_are_not_unknown() {
        let outside = ["C9".to_owned()];
        let request = IndustryRequest { outside: &outside, ..IndustryRequest::default() };
        let industry = of("code,a,b\nC1,1,2\nC2,1,2\nC3,1,2\nC9,1,1\n", &request).unwrap();
        assert!(said(&industry, "unknown_city").is_empty());
    }

    #[test]
    fn a_city_can_be_the_reference_and_stay_a_city() {
        let request = IndustryRequest { reference: Some("C2"), ..IndustryRequest::default() };
        let industry = of("code,a,b\nC1,1,2\nC2,3,1\n", &request).unwrap();
        let structure = &industry.years[0].structure;
        assert_eq!((structure.members(), structure.reference_shares()), (&[0, 1][..], vec![0.75, 0.25]));
        let request = IndustryRequest { reference: Some("CN"), ..IndustryRequest::default() };
        let told = |text: &str| of(text, &request).unwrap_err().faults()[0].to_string();
        assert_eq!(told("code,a,b\nC1,1,2\nCN,3,\n"), "i.csv:3: b: the reference area has no value");
        assert!(told("code,a,b\nC1,1,2\nCN,0,0\n").contains("has 0 in every sector"));
        let small = of("code,a,b\nC1,1,2\nCN,3,1\n", &request).unwrap();
        assert!(said(&small, "small_reference").ends_with("in b (1 against 2)"), "{:?}", small.notes);
    }
}
