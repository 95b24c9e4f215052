//! Industry from columns of the cities: one column for every sector, and for every year.

use indexmap::IndexMap;

use super::gathered::{Gathered, GatheredYear};
use super::industry::Industry;
use super::industry_names::year_part;
use super::industry_request::{IndustryRequest, SectorPattern};
use super::{Study, ValueRequest};
use crate::error::{Fault, Faults, Kind, Result, number, quoted};
use crate::note::listed;

impl Study {
    /// The industry of the cities from their columns: properties, or columns of joined tables and panels, whose names fit the pattern.
    ///
    /// # Errors
    /// All at once: no such columns, columns of several years whose pattern has no place for the year, sectors without a column
    /// in a year, cells that are no numbers or negative; then what [`industry`](Self::industry) refuses.
    pub fn industry_of_columns(&self, pattern: &SectorPattern, request: &IndustryRequest) -> Result<Industry> {
        if request.reference.is_some() {
            let fault = Fault::new(Kind::Option, "the reference area is a row of an industry table, and there is none");
            return Err(fault.field("reference").hint("give the table with --industry FILE").into());
        }
        let sectors = self.sectors_of(pattern, request.field())?;
        let years = self.years_of_sectors(pattern, &sectors, request.years)?;
        let (n, width) = (self.cities.len(), sectors.len());
        let blank =
            || GatheredYear { year: None, levels: vec![f64::NAN; n * width], rows: vec![false; n], reference: None };
        let mut layers: IndexMap<Option<i32>, GatheredYear> = IndexMap::new();
        let (mut faults, mut notes) = (Faults::default(), Vec::new());
        for (k, sector) in sectors.iter().enumerate() {
            let text = pattern.column_of(sector);
            let Some((variables, more)) =
                faults.keep(self.variables(&ValueRequest { years: &years, ..ValueRequest::new(&text) }))
            else {
                continue;
            };
            // Cities without a value are told once for all sectors.
            notes.extend(more.into_iter().filter(|note| !matches!(note.code, "missing_value" | "year")));
            for variable in variables {
                let layer = layers.entry(variable.year).or_insert_with(blank);
                layer.year = variable.year;
                for (i, &level) in variable.values.iter().enumerate() {
                    layer.levels[i * width + k] = level;
                    layer.rows[i] |= !level.is_nan();
                    if level < 0.0 {
                        let fault = Fault::new(Kind::Value, format!("{} is negative", number(level)));
                        let fault =
                            fault.feature(self.features[i]).city(self.cities.ids[i].as_str()).field(variable.label());
                        faults.push(fault.hint("levels are 0 or more; leave the cell empty if it is not known"));
                    }
                }
            }
        }
        layers.sort_keys();
        let years: Vec<GatheredYear> = faults.finish(layers)?.into_values().collect();
        let value = pattern.value_name();
        Gathered { file: pattern.text().to_owned(), lead: String::new(), value, sectors, years, notes }
            .finish(&self.cities, request)
    }

    /// The sectors that columns have for the `*` of the pattern, in their order.
    fn sectors_of(&self, pattern: &SectorPattern, field: &str) -> Result<Vec<String>> {
        let names = self.properties.names().chain(self.tables.iter().flat_map(|joined| joined.table().names()));
        let mut sectors: Vec<String> = Vec::new();
        for (sector, _) in names.filter_map(|name| pattern.sector_in(name)) {
            if !sectors.contains(&sector) {
                sectors.push(sector);
            }
        }
        if sectors.is_empty() {
            let mut names: Vec<&str> = self.properties.names().collect();
            names.extend(self.tables.iter().flat_map(|joined| joined.table().names()));
            let fault = Fault::new(Kind::Column, format!("no column has a name like {}", quoted(pattern.text())));
            return Err(fault.field(field).hint(format!("columns: {}", names.join(", "))).into());
        }
        // The map may have some years of what a panel has in all: `va_primary_2010` beside `va_primary`.
        let in_panel = |sector: &String| {
            let name = pattern.column_of(sector);
            self.tables.iter().any(|joined| joined.is_panel() && joined.table().column(&name).is_some())
        };
        if !pattern.has_year() && sectors.iter().any(in_panel) {
            sectors.retain(in_panel);
        }
        let years: Vec<&str> = sectors.iter().filter_map(|sector| year_part(sector)).collect();
        if !pattern.has_year() && years.iter().any(|year| *year != years[0]) {
            let message = format!("{} fits columns of several years: {}", quoted(pattern.text()), listed(&sectors));
            let fault = Fault::new(Kind::Option, message).field(field);
            return Err(fault.hint("write {year} where the year stands, as in 'va_*_{year}'").into());
        }
        Ok(sectors)
    }

    /// The years asked for, or all that every sector has.
    fn years_of_sectors(&self, pattern: &SectorPattern, sectors: &[String], asked: &[i32]) -> Result<Vec<i32>> {
        if !asked.is_empty() {
            return Ok(asked.to_vec());
        }
        let mut common: Option<Vec<i32>> = None;
        for sector in sectors {
            let years = self.years_of(&pattern.column_of(sector))?;
            match &mut common {
                None => common = Some(years),
                Some(common) => common.retain(|year| years.contains(year)),
            }
        }
        Ok(common.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{numbers, study, table, texts};
    use super::*;

    fn delta() -> Study {
        let va = |name: &str, level: f64| numbers(name, &[level, 2.0 * level]);
        study(vec![
            texts("code", &["C1", "C2"]),
            va("va_primary_2010_cny", 1.0),
            va("va_tertiary_2010_cny", 2.0),
            va("va_primary_2020_cny", 3.0),
            va("va_tertiary_2020_cny", 4.0),
        ])
    }

    fn of(study: &Study, pattern: &str, years: &[i32]) -> Result<Industry> {
        let request = IndustryRequest { years, ..IndustryRequest::default() };
        study.industry_of_columns(&SectorPattern::parse(pattern)?, &request)
    }

    #[test]
    fn a_pattern_takes_columns_and_their_years() {
        let industry = of(&delta(), "va_*_{year}_cny", &[]).unwrap();
        assert_eq!(
            (industry.sectors.as_slice(), industry.value.as_str()),
            (&["primary".to_owned(), "tertiary".to_owned()][..], "va_cny")
        );
        assert_eq!(industry.years.iter().map(|year| year.year).collect::<Vec<_>>(), [Some(2010), Some(2020)]);
        assert_eq!(industry.years[1].structure.levels(1), [6.0, 8.0]);
        let one = of(&delta(), "va_*_2020_cny", &[]).unwrap();
        assert_eq!((one.years[0].year, one.years[0].structure.levels(0)), (None, &[3.0, 4.0][..]));
    }

    #[test]
    fn a_pattern_without_its_year_is_refused() {
        let error = of(&delta(), "va_*_cny", &[]).unwrap_err();
        assert!(error.to_string().contains("fits columns of several years"), "{error}");
        let error = of(&delta(), "xx_*", &[]).unwrap_err();
        assert!(error.faults()[0].remedy().is_some_and(|hint| hint.starts_with("columns: code, va_primary")));
        assert!(of(&delta(), "va_*_{year}_cny", &[2015]).is_err());
    }

    #[test]
    fn panels_give_their_years() {
        let panel = table(
            "p.csv",
            vec![
                texts("code", &["C1", "C2", "C1", "C2"]),
                numbers("year", &[2010.0, 2010.0, 2020.0, 2020.0]),
                numbers("v_a", &[1.0, 2.0, 3.0, f64::NAN]),
                numbers("v_b", &[1.0, 2.0, 3.0, 4.0]),
            ],
        );
        let study = study(vec![texts("code", &["C1", "C2"])]).with_table(panel, None).unwrap();
        let industry = of(&study, "v_*", &[]).unwrap();
        assert_eq!(industry.years.len(), 2);
        assert_eq!(industry.years[1].structure.members(), [0]);
        assert!(industry.notes.iter().any(|note| note.code == "blank_cell" && note.message.contains("C2 in a")));
        assert_eq!(of(&study, "v_*", &[2010]).unwrap().years.len(), 1);
    }

    #[test]
    fn a_panel_wins_over_columns_of_single_years() {
        let panel = table(
            "p.csv",
            vec![
                texts("code", &["C1", "C2", "C1", "C2"]),
                numbers("year", &[2005.0, 2005.0, 2010.0, 2010.0]),
                numbers("va_primary_cny", &[1.0, 2.0, 3.0, 4.0]),
                numbers("va_tertiary_cny", &[1.0, 2.0, 3.0, 4.0]),
            ],
        );
        let industry = of(&delta().with_table(panel, None).unwrap(), "va_*_cny", &[]).unwrap();
        assert_eq!((industry.sectors.len(), industry.years.len()), (2, 2));
    }
}
