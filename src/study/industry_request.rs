//! What a user asks of an industry table: which columns, years and classification.

use super::panel::parse_year;
use super::sector_groups::SectorGroups;
use super::series::YEAR;
use crate::error::{Fault, Kind, Result, quoted};

/// How an industry table is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct IndustryRequest<'a> {
    /// Column of ids; if none, the one that looks most like it.
    pub key: Option<&'a str>,
    /// Column of the levels in a long table; if none, one of a usual name, else the first with numbers of city and sector.
    pub value: Option<&'a str>,
    /// Which columns are sectors, or in a long table which sectors are taken.
    pub sectors: Option<&'a SectorPattern>,
    /// The years asked for; all if empty.
    pub years: &'a [i32],
    /// Id of the row, of a city or on no map, that quotients are held against.
    pub reference: Option<&'a str>,
    /// A coarser classification of the sectors.
    pub groups: Option<&'a SectorGroups>,
    /// Whether a blank cell means 0; else a city with one takes no part.
    pub blank_is_zero: bool,
    /// Ids of cities that take no part though they are on the map: their rows are left out without a word.
    pub outside: &'a [String],
    /// Name of the option that the pattern was given by, for messages; `sectors` if none.
    pub option: Option<&'a str>,
}

impl IndustryRequest<'_> {
    /// The field that faults of the pattern are told of.
    pub(super) fn field(&self) -> &str {
        self.option.unwrap_or("sectors")
    }
}

/// Names of columns that hold sectors: `va_*_{year}_cny`, where `*` is the sector and `{year}` the year.
///
/// ```
/// use agglo::study::SectorPattern;
/// let pattern = SectorPattern::parse("va_*_{year}_cny")?;
/// assert_eq!(pattern.sector_in("va_primary_2020_cny"), Some(("primary".into(), Some(2020))));
/// assert_eq!(pattern.sector_in("va_primary_cny"), None);
/// # Ok::<(), agglo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectorPattern(String);

impl SectorPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`Kind::Option`] if there is not one `*`, or more than one `{year}`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.matches('*').count() == 1 && text.matches(YEAR).count() < 2 {
            return Ok(Self(text.to_owned()));
        }
        let fault = Fault::new(Kind::Option, format!("{} is no pattern of sectors", quoted(text)));
        Err(fault.hint("write * once where the sector stands, and {year} where the year does: 'va_*_{year}'").into())
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether the pattern has a place for the year.
    pub fn has_year(&self) -> bool {
        self.0.contains(YEAR)
    }

    /// The sector, and the year where the pattern has one, of a column of this name.
    pub fn sector_in(&self, name: &str) -> Option<(String, Option<i32>)> {
        let Some(at) = self.0.find(YEAR) else { return star(&self.0, name).map(|sector| (sector, None)) };
        let (before, after) = (&self.0[..at], &self.0[at + YEAR.len()..]);
        // Every run of four digits may be the year; the first that leaves a sector is.
        let starts = name.char_indices().map(|(start, _)| start);
        starts.filter_map(|start| Some((start, name.get(start..start + 4)?))).find_map(|(start, digits)| {
            let year = digits.bytes().all(|b| b.is_ascii_digit()).then(|| parse_year(digits))??;
            let (head, tail) = (&name[..start], &name[start + 4..]);
            let sector = if before.contains('*') {
                star(before, head).filter(|_| tail == after)
            } else {
                star(after, tail).filter(|_| head == before)
            };
            sector.map(|sector| (sector, Some(year)))
        })
    }

    /// The name of the column of a sector, with `{year}` in it where the pattern has it.
    pub fn column_of(&self, sector: &str) -> String {
        self.0.replacen('*', sector, 1)
    }

    /// What the levels are called: the pattern without sector and year.
    pub fn value_name(&self) -> String {
        let bare = self.0.replace(YEAR, "").replace('*', "");
        let parts: Vec<&str> = bare.split('_').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "industry".to_owned() } else { parts.join("_") }
    }
}

/// What stands for the `*` of a pattern in a name, if the name fits and it is not nothing.
fn star(pattern: &str, name: &str) -> Option<String> {
    let (before, after) = pattern.split_once('*')?;
    let sector = name.strip_prefix(before)?.strip_suffix(after)?;
    (!sector.is_empty()).then(|| sector.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_sector_and_year() {
        let of = |pattern: &str, name: &str| SectorPattern::parse(pattern).unwrap().sector_in(name);
        assert_eq!(of("va_*_2020", "va_primary_2020"), Some(("primary".into(), None)));
        assert_eq!(of("va_*_2020", "va__2020"), None);
        assert_eq!(of("{year}_*", "2010_metal"), Some(("metal".into(), Some(2010))));
        assert_eq!(of("*{year}", "第一产业2010"), Some(("第一产业".into(), Some(2010))));
        assert_eq!(of("emp_*_{year}", "emp_naics_1111_2018"), Some(("naics_1111".into(), Some(2018))));
        assert_eq!(of("emp_*_{year}", "emp_x"), None);
    }

    #[test]
    fn a_pattern_has_one_star() {
        for text in ["va_2020", "*_*", "*_{year}_{year}", ""] {
            assert_eq!(SectorPattern::parse(text).unwrap_err().kind(), Kind::Option, "{text}");
        }
    }

    #[test]
    fn columns_and_values_are_named_by_the_pattern() {
        let pattern = SectorPattern::parse("va_*_{year}_100m_cny").unwrap();
        assert_eq!(pattern.column_of("primary"), "va_primary_{year}_100m_cny");
        assert_eq!(pattern.value_name(), "va_100m_cny");
        assert_eq!(SectorPattern::parse("*").unwrap().value_name(), "industry");
    }
}
