//! The plants of each sector: how far its output sits in a few large ones.

use super::column::Table;
use super::industry::Plants;
use super::panel::at_row;
use crate::error::{Fault, Faults, Kind, Result, number, quoted};
use crate::note::{Note, listed};

const HERFINDAHL: [&str; 4] = ["herfindahl", "hhi", "plant_hhi", "h"];
const SECTOR: [&str; 4] = ["sector", "industry", "行业", "产业"];

impl Plants {
    /// Herfindahl indices of plant sizes for these sectors, from a table with a column `sector` and either a column
    /// `herfindahl` (one row a sector) or the sizes of the plants in its last column (one row a plant).
    ///
    /// Sectors of other names are left out and named; a sector without plants has none.
    ///
    /// # Errors
    /// All at once: no column of sectors, cells that are no numbers, indices outside (0, 1], negative sizes, no known sector.
    pub fn from_table(table: &Table, sectors: &[String]) -> Result<(Self, Vec<Note>)> {
        let named = |names: &[&str]| table.place_of(names);
        let Some(sector) = named(&SECTOR).filter(|_| table.columns.len() > 1) else {
            let fault = Fault::new(Kind::Column, "there is no column sector, or no other beside it").file(&table.file);
            return Err(fault.hint("write sector,herfindahl, or a row for each plant with sector,size").into());
        };
        let index = named(&HERFINDAHL);
        let value =
            index.unwrap_or_else(|| if sector + 1 == table.columns.len() { 0 } else { table.columns.len() - 1 });
        let line = |row: usize, fault: Fault| at_row(table, row, fault);
        let (values, _) = table.columns[value].numbers(line)?;
        let mut faults = Faults::default();
        let (mut sizes, mut unknown): (Vec<Vec<f64>>, Vec<String>) = (vec![Vec::new(); sectors.len()], Vec::new());
        for (row, &x) in values.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
            let name = table.columns[sector].text(row).unwrap_or_default().trim().to_owned();
            let sound = if index.is_some() { x > 0.0 && x <= 1.0 } else { x >= 0.0 };
            if !sound {
                let wanted = if index.is_some() { "above 0 and at most 1" } else { "0 or more" };
                let fault = Fault::new(Kind::Value, format!("{} is not {wanted}", number(x)));
                faults.push(line(row, fault.field(&table.columns[value].name)));
            }
            match sectors.iter().position(|sector| *sector == name) {
                Some(place) => sizes[place].push(x),
                None if !unknown.contains(&quoted(&name)) => unknown.push(quoted(&name)),
                None => {}
            }
        }
        if sizes.iter().all(Vec::is_empty) && faults.is_empty() {
            let fault = Fault::new(Kind::Structure, "no row is of a sector of the industry table").file(&table.file);
            faults.push(fault.hint(format!("sectors: {}", sectors.join(", "))));
        }
        let herfindahl = sizes.iter().map(|sizes| match (index, sizes.as_slice()) {
            (_, []) => f64::NAN,
            (Some(_), given) => given[0],
            (None, sizes) => {
                let total: f64 = sizes.iter().sum();
                sizes.iter().map(|size| (size / total).powi(2)).sum()
            }
        });
        let herfindahl = herfindahl.collect();
        let message = || format!("{}: not among the sectors, left out: {}", table.file, listed(&unknown));
        let note = (!unknown.is_empty()).then(|| Note::warning("unknown_sector", message()));
        faults.finish((Self { file: table.file.clone(), herfindahl }, note.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, table, texts};
    use super::*;

    #[test]
    fn sizes_of_plants_make_an_index() {
        let sectors = ["metal".to_owned(), "food".to_owned()];
        let columns = vec![texts("sector", &["metal", "metal", "x"]), numbers("employees", &[30.0, 10.0, 1.0])];
        let (plants, notes) = Plants::from_table(&table("p.csv", columns), &sectors).unwrap();
        assert_eq!(plants.herfindahl[0], 0.625);
        assert!(plants.herfindahl[1].is_nan());
        assert_eq!(notes[0].message, "p.csv: not among the sectors, left out: \"x\"");
        let given = vec![texts("sector", &["metal"]), numbers("hhi", &[0.2])];
        assert_eq!(Plants::from_table(&table("p.csv", given), &sectors).unwrap().0.herfindahl[0], 0.2);
    }

    #[test]
    fn impossible_plants_are_named() {
        let sectors = ["metal".to_owned()];
        let of = |columns| Plants::from_table(&table("p.csv", columns), &sectors).unwrap_err().to_string();
        assert!(of(vec![texts("sector", &["metal"]), numbers("hhi", &[1.2])]).starts_with("p.csv:2: hhi: 1.2 is not"));
        assert!(of(vec![texts("sector", &["x"]), numbers("size", &[1.0])]).contains("no row is of a sector"));
        assert!(of(vec![texts("a", &["x"]), numbers("size", &[1.0])]).contains("no column sector"));
    }
}
