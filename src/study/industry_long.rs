//! Long industry tables: a row for every city and sector.

use indexmap::{IndexMap, IndexSet};

use super::gathered::Gathered;
use super::industry_names::{follows_from, is_counter_name, is_level_name, is_part_name, mostly_numbers};
use super::industry_request::IndustryRequest;
use super::industry_table::Frame;
use super::panel::at_row;
use crate::error::{Fault, Kind, Result, quoted};
use crate::note::{Note, listed};

impl Frame<'_> {
    /// The levels of a long table.
    pub(super) fn long(mut self, sector: usize, request: &IndustryRequest) -> Result<Gathered> {
        let value = self.value_column(sector, request)?;
        let table = self.table;
        let name_in = |row: usize| {
            table.columns[sector].text(row).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
        };
        if let Some(pattern) = request.sectors {
            let fits = |name: &String| pattern.sector_in(name).is_some();
            let names: Vec<String> = self.rows.iter().filter_map(|&(row, ..)| name_in(row)).collect();
            if !names.iter().any(fits) {
                let names: Vec<String> = names.into_iter().collect::<IndexSet<_>>().into_iter().collect();
                let fault = Fault::new(Kind::Column, format!("no sector has a name like {}", quoted(pattern.text())));
                let fault = fault.file(&table.file).field(request.field());
                return Err(fault.hint(format!("sectors: {}", listed(&names))).into());
            }
            self.rows.retain(|&(row, ..)| name_in(row).is_none_or(|name| fits(&name)));
        }
        for &(row, ..) in &self.rows {
            if name_in(row).is_none() {
                let fault = Fault::new(Kind::Value, "the sector has no name").field(&table.columns[sector].name);
                self.faults.push(at_row(table, row, fault).hint("name it, or delete the row"));
            }
        }
        self.refuse_doubled(Some(sector), false);
        let levels = self.levels(value, name_in);
        let mut sectors: IndexMap<String, ()> = IndexMap::new();
        let mut cells = IndexMap::new();
        for &(row, owner, year) in &self.rows {
            let entry = sectors.entry(name_in(row).unwrap_or_default());
            let place = entry.index();
            entry.or_insert(());
            cells.insert((year, owner, place), (levels[row], row));
        }
        let name = table.columns[value].name.clone();
        self.gathered(name, sectors.into_keys().collect(), cells, 0.0, request)
    }

    /// The column of levels of a long table.
    fn value_column(&mut self, sector: usize, request: &IndustryRequest) -> Result<usize> {
        let table = self.table;
        if let Some(name) = request.value {
            let place = table.names().position(|other| other == name);
            return place.ok_or_else(|| table.no_column(name).into());
        }
        let free = (0..table.columns.len()).filter(|&c| c != self.key && c != sector && Some(c) != self.year);
        let numeric: Vec<usize> = free.filter(|&c| mostly_numbers(&table.columns[c], table.rows)).collect();
        let name = |c: usize| table.columns[c].name.as_str();
        // A code of the sector, or an attribute of the city, is no level of both.
        let own = |c: &usize| !follows_from(table, sector, *c) && !follows_from(table, self.key, *c);
        let level = |c: &usize| !is_counter_name(name(*c));
        let first_of = |choices: [Vec<usize>; 3]| choices.into_iter().find(|found| !found.is_empty());
        let whole = |c: &usize| level(c) && !is_part_name(name(*c));
        let candidates = first_of([
            numeric.iter().copied().filter(|c| own(c) && whole(c)).collect(),
            numeric.iter().copied().filter(whole).collect(),
            numeric.iter().copied().filter(level).collect(),
        ]);
        let Some(candidates) = candidates else {
            let fault = Fault::new(Kind::Column, "no column holds the levels of the sectors").file(&table.file);
            return Err(fault.hint("add a column of numbers, or name it with --industry-value").into());
        };
        let usual: Vec<usize> = candidates.iter().copied().filter(|&c| is_level_name(name(c))).collect();
        let value = *usual.first().unwrap_or(&candidates[0]);
        if candidates.len() > 1 {
            let others: Vec<&str> = candidates.iter().filter(|&&c| c != value).map(|&c| name(c)).collect();
            let message = format!(
                "{}: levels are taken from {}; --industry-value takes {} instead",
                table.file,
                name(value),
                listed(&others)
            );
            let note = if usual.len() == 1 { Note::remark } else { Note::warning };
            self.notes.push(note("industry_value", message.as_str()));
        }
        Ok(value)
    }
}
