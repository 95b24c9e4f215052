//! Wide industry tables: a row for every city, a column for every sector.

use indexmap::IndexMap;

use super::gathered::Gathered;
use super::industry_names::{has_digits, is_no_sector_name, mostly_numbers, several_years};
use super::industry_request::IndustryRequest;
use super::industry_table::{Cells, Frame};
use crate::error::{Fault, Kind, Result, quoted};
use crate::note::{Note, listed};

impl Frame<'_> {
    /// The levels of a wide table.
    pub(super) fn wide(mut self, request: &IndustryRequest) -> Result<Gathered> {
        if let Some(value) = request.value {
            let message = format!("{} has a column for every sector, and none of the levels alone", self.table.file);
            let fault = Fault::new(Kind::Option, message).file(&self.table.file).field("industry-value");
            return Err(fault
                .hint(format!("leave {} out, or give a table with a row for every city and sector", quoted(value)))
                .into());
        }
        let columns = self.sector_columns(request)?;
        let mut sectors: Vec<String> = Vec::new();
        for (name, _, _) in &columns {
            if !sectors.contains(name) {
                sectors.push(name.clone());
            }
        }
        self.refuse_doubled(None, request.sectors.is_some_and(|pattern| pattern.has_year()));
        let mut cells: Cells = IndexMap::new();
        for (name, year_of_column, column) in &columns {
            let sector = sectors.iter().position(|sector| sector == name).unwrap_or_default();
            let levels = self.levels(*column, |_| None);
            for &(row, owner, year) in &self.rows {
                cells.insert((year.or(*year_of_column), owner, sector), (levels[row], row));
            }
        }
        let value = match request.sectors {
            Some(pattern) => pattern.value_name(),
            None => self.table.file.rsplit_once('.').map_or(self.table.file.as_str(), |(stem, _)| stem).to_owned(),
        };
        let idle = self.idle_columns(&columns);
        // Numbers that a pattern leaves out are left out by the user.
        let doubtful =
            |&column: &usize| request.sectors.is_none() && mostly_numbers(&self.table.columns[column], self.table.rows);
        let (numbers, texts): (Vec<usize>, Vec<usize>) = idle.into_iter().partition(doubtful);
        let named = |columns: &[usize]| {
            let names: Vec<&str> = columns.iter().map(|&column| self.table.columns[column].name.as_str()).collect();
            listed(&names)
        };
        if !texts.is_empty() {
            let message = format!("{}: not taken as sectors: {}", self.table.file, named(&texts));
            self.notes.push(Note::remark("not_sectors", message));
        }
        if !numbers.is_empty() {
            let message = format!(
                "{}: not taken as sectors because of their names: {}; --sectors takes columns by a pattern",
                self.table.file,
                named(&numbers)
            );
            self.notes.push(Note::warning("not_sectors", message));
        }
        self.gathered(value, sectors, cells, f64::NAN, request)
    }

    /// Name, year and place of every column that is a sector.
    fn sector_columns(&self, request: &IndustryRequest) -> Result<Vec<(String, Option<i32>, usize)>> {
        let others = [Some(self.key), self.year];
        let free = |column: &usize| !others.contains(&Some(*column));
        let Some(pattern) = request.sectors else {
            let sectors = (0..self.table.columns.len()).filter(free);
            // Text among numbers is a fault of its cell and no reason to leave the column out.
            let numeric = sectors.filter(|&column| {
                let column = &self.table.columns[column];
                !is_no_sector_name(&column.name)
                    && (mostly_numbers(column, self.table.rows) || has_digits(column, self.table.rows))
            });
            let columns: Vec<_> =
                numeric.map(|column| (self.table.columns[column].name.clone(), None, column)).collect();
            self.refuse_several_years(&columns, "*")?;
            if columns.is_empty() {
                let fault = Fault::new(Kind::Column, "no column of numbers is a sector").file(&self.table.file);
                return Err(fault.hint("give a column for every sector, or the columns city, sector and value").into());
            }
            return Ok(columns);
        };
        let names = self.table.names().enumerate().filter(|(column, _)| free(column));
        let found =
            names.filter_map(|(column, name)| pattern.sector_in(name).map(|(sector, year)| (sector, year, column)));
        let wanted =
            |year: &Option<i32>| request.years.is_empty() || year.is_none_or(|year| request.years.contains(&year));
        let columns: Vec<_> = found.filter(|(_, year, _)| wanted(year)).collect();
        if columns.is_empty() {
            let fault = Fault::new(Kind::Column, format!("no column has a name like {}", quoted(pattern.text())));
            let names: Vec<&str> = self.table.names().collect();
            return Err(fault
                .file(&self.table.file)
                .field(request.field())
                .hint(format!("columns: {}", names.join(", ")))
                .into());
        }
        if !pattern.has_year() {
            self.refuse_several_years(&columns, pattern.text())?;
        }
        Ok(columns)
    }

    /// The fault of columns that are one sector in several years.
    fn refuse_several_years(&self, columns: &[(String, Option<i32>, usize)], pattern: &str) -> Result<()> {
        if !several_years(columns.iter().map(|(name, ..)| name.as_str())) {
            return Ok(());
        }
        let names: Vec<&str> = columns.iter().map(|&(_, _, column)| self.table.columns[column].name.as_str()).collect();
        let message = format!("{} fits columns of several years: {}", quoted(pattern), listed(&names));
        let fault = Fault::new(Kind::Option, message).file(&self.table.file).field("sectors");
        Err(fault.hint("write {year} where the year stands, as in --sectors '*_{year}' or 'va_*_{year}'").into())
    }

    /// The columns that are neither sectors nor key nor year.
    fn idle_columns(&self, sectors: &[(String, Option<i32>, usize)]) -> Vec<usize> {
        let used = |column: usize| {
            column == self.key || Some(column) == self.year || sectors.iter().any(|&(_, _, sector)| sector == column)
        };
        (0..self.table.columns.len()).filter(|&column| !used(column)).collect()
    }
}
