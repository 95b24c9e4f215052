//! The offices of firms by city, from which the interlocking network is made.

use indexmap::IndexSet;

use super::Study;
use super::column::Table;
use super::key::{Index, key_text};
use super::panel::at_row;
use crate::error::{Fault, Faults, Kind, Result, number, quoted};
use crate::note::{Note, listed};

/// Usual names of the column of firms in a long table.
const FIRM: [&str; 5] = ["firm", "company", "企业", "公司", "机构"];
/// Usual names of its column of service values.
const VALUE: [&str; 5] = ["value", "service", "office", "weight", "服务值"];

/// How much each firm is present in each city: its service values, mostly 0 to 5.
#[derive(Clone, Debug, PartialEq)]
pub struct Firms {
    /// Names of the firms, in the order of the table.
    pub names: Vec<String>,
    /// One value for each city and firm, city after city; 0 where the table has none.
    pub values: Vec<f64>,
}

impl Study {
    /// The offices of firms from a table: one row a city and one column a firm, or `city,firm,value` with one row for each
    /// office. Blank cells and pairs without a row are 0: a firm is not there.
    ///
    /// # Errors
    /// All at once: no column of ids, no row of any city, a city twice (in a long table: with one firm), cells that are no
    /// numbers or below 0.
    pub fn firms(&self, table: &Table, key: Option<&str>) -> Result<(Firms, Vec<Note>)> {
        let index = Index::new(&self.cities, &self.properties);
        let key = index.key_column(table, key)?;
        let places: Vec<Option<usize>> =
            (0..table.rows).map(|row| index.by_id.get(key_text(&table.columns[key], row).as_str()).copied()).collect();
        if places.iter().all(Option::is_none) {
            return Err(index.no_match(table, key).into());
        }
        let long = table.place_of(&FIRM).filter(|&firm| firm != key);
        let cells = match long {
            Some(firm) => long_cells(table, key, firm)?,
            None => wide_cells(table, key)?,
        };
        let names: IndexSet<&str> = cells.iter().map(|(_, name, _)| name.as_str()).collect();
        let mut values = vec![f64::NAN; self.cities.len() * names.len()];
        let mut faults = Faults::default();
        for (row, name, value) in &cells {
            let (Some(city), Some(firm)) = (places[*row], names.get_index_of(name.as_str())) else { continue };
            let fault = |message: String| at_row(table, *row, Fault::new(Kind::Value, message)).field(name);
            let cell = &mut values[city * names.len() + firm];
            if *value < 0.0 {
                let fault = fault(format!("{} is an office below zero", number(*value)));
                faults.push(fault.hint("a service value is 0 or more, mostly 0 to 5"));
            } else if !cell.is_nan() {
                faults.push(fault("the city has this firm twice".into()).hint("keep one row for each office"));
            }
            *cell = *value;
        }
        values.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = 0.0);
        let strangers: Vec<String> = (0..table.rows)
            .filter(|&row| places[row].is_none())
            .map(|row| quoted(&key_text(&table.columns[key], row)))
            .collect::<IndexSet<String>>()
            .into_iter()
            .collect();
        let message = || format!("{}: rows of no city, left out: {}", table.file, listed(&strangers));
        let note = (!strangers.is_empty()).then(|| Note::warning("unknown_city", message()));
        let names = names.into_iter().map(str::to_owned).collect();
        faults.finish((Firms { names, values }, note.into_iter().collect()))
    }
}

/// Row, firm and value of every cell that holds one.
type OfficeCell = (usize, String, f64);

fn long_cells(table: &Table, key: usize, firm: usize) -> Result<Vec<OfficeCell>> {
    let other = || (0..table.columns.len()).rev().find(|&column| column != key && column != firm);
    let Some(value) = table.place_of(&VALUE).or_else(other) else {
        let fault = Fault::new(Kind::Column, "there is no column of service values").file(&table.file);
        return Err(fault.hint("write city,firm,value").into());
    };
    let (values, _) = table.columns[value].numbers(|row, fault| at_row(table, row, fault))?;
    let name = |row: usize| table.columns[firm].text(row).unwrap_or_default().trim().to_owned();
    Ok(values.iter().enumerate().filter(|(_, x)| !x.is_nan()).map(|(row, &x)| (row, name(row), x)).collect())
}

fn wide_cells(table: &Table, key: usize) -> Result<Vec<OfficeCell>> {
    let mut faults = Faults::default();
    let mut cells = Vec::new();
    for (_, column) in table.columns.iter().enumerate().filter(|&(place, _)| place != key) {
        // A column of texts, as the names of the cities, is no firm.
        let texts = (0..table.rows).filter_map(|row| column.text(row));
        if texts.clone().next().is_some() && texts.clone().all(|text| text.trim().parse::<f64>().is_err()) {
            continue;
        }
        match column.numbers(|row, fault| at_row(table, row, fault)) {
            Ok((values, _)) => {
                let known = values.iter().enumerate().filter(|(_, x)| !x.is_nan());
                cells.extend(known.map(|(row, &x)| (row, column.name.clone(), x)));
            }
            Err(error) => faults.extend(error),
        }
    }
    if cells.is_empty() && faults.is_empty() {
        let fault = Fault::new(Kind::Column, "there is no firm beside the column of ids").file(&table.file);
        faults.push(fault.hint("write one column for each firm, or city,firm,value"));
    }
    faults.finish(cells)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};

    #[test]
    fn wide_and_long_tables_say_the_same() {
        let study = study(vec![texts("id", &["C1", "C2", "C3"])]);
        let ids = study.cities().ids.clone();
        let wide = table(
            "f.csv",
            vec![texts("id", &[&ids[0], &ids[1]]), numbers("Acme", &[5.0, 2.0]), numbers("Bolt", &[f64::NAN, 3.0])],
        );
        let long = table(
            "f.csv",
            vec![
                texts("id", &[&ids[0], &ids[1], &ids[1], "nowhere"]),
                texts("firm", &["Acme", "Acme", "Bolt", "Bolt"]),
                numbers("value", &[5.0, 2.0, 3.0, 1.0]),
            ],
        );
        let (from_wide, none) = study.firms(&wide, None).unwrap();
        let (from_long, notes) = study.firms(&long, None).unwrap();
        assert_eq!(from_wide, from_long);
        assert_eq!(
            (&from_wide.names[..], &from_wide.values[..4]),
            (&["Acme".into(), "Bolt".into()][..], &[5.0, 0.0, 2.0, 3.0][..])
        );
        assert!(none.is_empty());
        assert_eq!(notes[0].message, "f.csv: rows of no city, left out: \"nowhere\"");
    }

    #[test]
    fn impossible_offices_are_named() {
        let study = study(vec![texts("id", &["C1", "C2", "C3"])]);
        let id = study.cities().ids[0].clone();
        let of = |columns| study.firms(&table("f.csv", columns), None).unwrap_err().to_string();
        let twice = of(vec![texts("id", &[&id, &id]), numbers("Acme", &[1.0, 2.0])]);
        assert!(twice.contains("the city has this firm twice"), "{twice}");
        let negative = of(vec![texts("id", &[&id]), numbers("Acme", &[-1.0])]);
        assert!(negative.contains("-1 is an office below zero"), "{negative}");
        assert!(of(vec![texts("id", &[&id])]).contains("there is no firm"));
    }
}
