//! Sectors that are sums of others: totals, which are left out, and subtotals, which are told.

use std::collections::HashSet;

use super::Cities;
use super::gathered::Gathered;
use super::resolve::in_year;
use super::three_sectors::ThreeSectors;
use crate::error::{number, quoted};
use crate::note::{Note, listed, listed_by};

/// Names that sectors are not called by, but sums of sectors.
const TOTALS: [&str; 16] = [
    "total",
    "all",
    "sum",
    "grand total",
    "grand_total",
    "total_all_sectors",
    "total (all sectors)",
    "all industries",
    "all sectors",
    "insgesamt",
    "gesamt",
    "合计",
    "总计",
    "全部",
    "总数",
    "小计",
];
/// How far a total may be off the sum, for what was rounded.
const TOTAL_SLACK: f64 = 0.005;
/// How far a sum of some sectors may be off; of many possible runs one would fit by chance if it were more.
const SUM_SLACK: f64 = 1e-9;
/// Up to this number of sectors any run is tried; above it those beside the sector.
const MOST_RUNS: usize = 150;

/// Whether a sector of this name is a total.
pub(super) fn is_total_name(name: &str) -> bool {
    TOTALS.contains(&name.trim().to_lowercase().as_str())
}

impl Gathered {
    /// Leaves out columns that are the sum of all others: they would double everything.
    pub(super) fn leave_out_totals(&mut self, cities: &Cities) {
        while let Some(total) = (0..self.sectors.len()).find(|&sector| self.is_total(sector)) {
            let name = quoted(&self.sectors[total]);
            let off = self.off_total(total, cities);
            let message = match off.as_slice() {
                [] => format!("{}: {name} is the total of the sectors and is left out", self.file),
                off => format!(
                    "{}: {name} is left out as a total by its name, though it is not the sum of the sectors in {}",
                    self.file,
                    listed(off)
                ),
            };
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
        if is_total_name(&self.sectors[sector]) {
            return true;
        }
        let width = self.sectors.len();
        let rows = self.years.iter().flat_map(|year| year.levels.chunks_exact(width));
        let sums = rows.map(|row| (row[sector], others(row, sector)));
        let known: Vec<(f64, f64)> =
            sums.filter(|(own, rest)| own.is_finite() && rest.is_finite() && *own > 0.0).collect();
        width > 2 && known.len() > 1 && known.iter().all(|(own, rest)| (own - rest).abs() <= TOTAL_SLACK * own)
    }

    /// Cities, with both numbers, where a sector is not the sum of the others, other totals aside.
    fn off_total(&self, sector: usize, cities: &Cities) -> Vec<String> {
        let width = self.sectors.len();
        let mut off = Vec::new();
        for year in &self.years {
            let when = in_year(year.year);
            for (i, row) in year.levels.chunks_exact(width).enumerate() {
                let parts = (0..width).filter(|&k| k != sector && !is_total_name(&self.sectors[k]));
                let (own, sum) = (row[sector], parts.map(|k| row[k]).sum::<f64>());
                if (own - sum).abs() > TOTAL_SLACK * own.max(sum) {
                    off.push(format!("{}{when} (sum {}, total {})", cities.label(i), number(sum), number(own)));
                }
            }
        }
        off
    }

    /// Warns of sectors that look like sums of some others.
    pub(super) fn tell_subtotals(&mut self) {
        let notes: Vec<Note> = (0..self.sectors.len())
            .filter_map(|sector| {
                let parts = self.parts_of(sector).or_else(|| self.finer_sectors(sector))?;
                let message = format!(
                    "{}: {} looks like a subtotal of {}, which are counted twice then",
                    self.file,
                    quoted(&self.sectors[sector]),
                    listed_by(&parts, |&part| self.sectors[part].clone())
                );
                Some(Note::warning("subtotal_sector", message))
            })
            .collect();
        self.notes.extend(notes);
    }

    /// The run of at least two other sectors whose sum this one is in every city, with more than 0 in at least three.
    fn parts_of(&self, sector: usize) -> Option<Vec<usize>> {
        let width = self.sectors.len();
        let rows = self.years.iter().flat_map(|year| year.levels.chunks_exact(width));
        let known = rows.filter(|row| row.iter().all(|level| level.is_finite()));
        // Cities with the sector come first: a run that does not fit is found out at the first of them.
        let (mut with, without): (Vec<&[f64]>, Vec<&[f64]>) = known.partition(|row| row[sector] > 0.0);
        let different: HashSet<u64> = with.iter().map(|row| row[sector].to_bits()).collect();
        // Where all cities are alike, a sum in one is a sum in all and tells nothing.
        if with.len() < 3 || different.len() < 2 || width < 3 {
            return None;
        }
        with.extend(without);
        let order: Vec<usize> = (0..width).filter(|&k| k != sector).collect();
        let sums_up = |run: &[usize]| {
            with.iter().all(|row| {
                let sum: f64 = run.iter().map(|&k| row[k]).sum();
                (sum - row[sector]).abs() <= SUM_SLACK * row[sector]
            })
        };
        // One zero sector beside a copy would make a sum of two.
        let sound =
            |run: &[usize]| sums_up(run) && run.iter().filter(|&&k| with.iter().any(|row| row[k] > 0.0)).count() > 1;
        let first = with[0];
        for start in 0..order.len() {
            let beside = start == sector;
            let mut sum = 0.0;
            for end in start..order.len() {
                sum += first[order[end]];
                if sum > first[sector] * (1.0 + SUM_SLACK) {
                    break;
                }
                let near = width <= MOST_RUNS || beside || end + 1 == sector;
                let run = &order[start..=end];
                if near && run.len() > 1 && sum >= first[sector] * (1.0 - SUM_SLACK) && sound(run) {
                    return Some(run.to_vec());
                }
            }
        }
        None
    }

    /// The finer sectors of one of the three sectors that stands beside them.
    fn finer_sectors(&self, sector: usize) -> Option<Vec<usize>> {
        // Numbers and letters mean the three only among themselves.
        let three = |name: &str| ThreeSectors::from_name(name).filter(|_| !name.is_ascii() || name.trim().len() > 3);
        let own = three(&self.sectors[sector])?;
        let finer = |k: &usize| {
            let name = &self.sectors[*k];
            three(name).is_none() && ThreeSectors::of_sectors(&[name]).is_some_and(|broad| broad[0] == own)
        };
        let found: Vec<usize> = (0..self.sectors.len()).filter(finer).collect();
        (!found.is_empty()).then_some(found)
    }
}

/// The sum of a row without one sector.
fn others(row: &[f64], sector: usize) -> f64 {
    row.iter().enumerate().filter(|&(k, _)| k != sector).map(|(_, level)| level).sum()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};
    use super::super::{Industry, IndustryRequest};
    use crate::note::Level;

    fn read(columns: &[(&str, [f64; 3])]) -> Industry {
        let ids = || texts("code", &["C1", "C2", "C3"]);
        let levels = columns.iter().map(|(name, levels)| numbers(name, levels));
        let table = table("i.csv", std::iter::once(ids()).chain(levels).collect());
        study(vec![ids()]).industry(&table, &IndustryRequest::default()).unwrap()
    }

    fn said(industry: &Industry, code: &str) -> String {
        let notes = industry.notes.iter().filter(|note| note.code == code && note.level == Level::Warning);
        notes.map(|note| note.message.as_str()).collect()
    }

    const A: (&str, [f64; 3]) = ("agri", [1.0, 20.0, 5.0]);
    const M: (&str, [f64; 3]) = ("metal", [2.0, 7.0, 9.0]);
    const F: (&str, [f64; 3]) = ("finance", [4.0, 8.0, 3.0]);

    #[test]
    fn a_total_that_is_off_is_left_out_with_both_numbers() {
        let industry = read(&[A, M, F, ("total", [7.0, 35.0, 20.0])]);
        assert_eq!(industry.sectors.len(), 3);
        assert!(said(&industry, "total_sector").ends_with("not the sum of the sectors in C3 (sum 17, total 20)"));
        let rounded = read(&[A, M, F, ("whole", [7.0, 35.1, 17.0])]);
        assert!(said(&rounded, "total_sector").ends_with("is the total of the sectors and is left out"));
        assert!(industry.notes.iter().any(|note| note.code == "industry" && note.message.contains("3 sectors")));
    }

    #[test]
    fn a_subtotal_is_told_and_kept() {
        let industry = read(&[A, ("goods", [3.0, 27.0, 14.0]), M, F]);
        assert_eq!(industry.sectors.len(), 4);
        assert!(said(&industry, "subtotal_sector").contains("\"goods\" looks like a subtotal of agri and metal"));
        let named = read(&[A, M, F, ("tertiary", [5.0, 9.0, 4.0])]);
        assert!(said(&named, "subtotal_sector").contains("\"tertiary\" looks like a subtotal of finance"));
        assert!(said(&read(&[A, M, F]), "subtotal_sector").is_empty());
    }

    #[test]
    fn nearly_percentages_and_twin_names_are_told() {
        let industry = read(&[("a", [40.0, 50.0, 60.0]), ("A", [60.0, 50.0, 44.0])]);
        assert!(!industry.percent);
        assert!(said(&industry, "nearly_percent").ends_with("not those of C3 (104)"), "{:?}", industry.notes);
        assert!(said(&industry, "sector_spelling").contains("\"a\" and \"A\""));
    }
}
