//! A coarser classification of the sectors, as a user gives it: `sector, group`, and with it the three sectors.

use std::collections::HashMap;

use super::column::Table;
use super::three_sectors::ThreeSectors;
use crate::error::{Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::note::{Note, listed};

/// Names of the columns of a classification.
const SECTOR: [&str; 4] = ["sector", "industry", "行业", "产业"];
const GROUP: [&str; 6] = ["group", "parent", "section", "大类", "门类", "分组"];
const BROAD: [&str; 5] = ["three", "three_sectors", "broad", "三次产业", "产业类别"];

/// The group of each sector, and where given which of the three sectors of the economy it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct SectorGroups {
    file: String,
    /// Names of the columns of sectors and of groups.
    columns: (String, String),
    group: Vec<(String, String)>,
    broad: Option<HashMap<String, ThreeSectors>>,
}

/// What a classification says of the sectors of one table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Classified {
    pub groups: Vec<String>,
    pub broad: Option<Vec<ThreeSectors>>,
    pub notes: Vec<Note>,
}

impl SectorGroups {
    /// Reads a table with columns `sector` and `group` (else its first and second column) and, if it has one, `three`:
    /// `primary`, `secondary` or `tertiary`.
    ///
    /// # Errors
    /// All at once: fewer than two columns, a sector without a name or given twice, one without a group, a name of none
    /// of the three sectors.
    pub fn from_table(table: &Table) -> Result<Self> {
        let named = |names: &[&str]| table.place_of(names);
        if table.columns.len() < 2 {
            let fault = Fault::new(Kind::Structure, "a classification needs a column of sectors and one of groups");
            return Err(fault.file(&table.file).hint("write the header sector,group").into());
        }
        let sector = named(&SECTOR).unwrap_or(0);
        let group = named(&GROUP).unwrap_or(if sector == 1 { 0 } else { 1 });
        let broad = named(&BROAD);
        let mut faults = Faults::default();
        let name = |column: usize| table.columns[column].name.clone();
        let mut found = Self {
            file: table.file.clone(),
            columns: (name(sector), name(group)),
            group: Vec::new(),
            broad: broad.map(|_| HashMap::new()),
        };
        let mut lines: HashMap<String, usize> = HashMap::new();
        for row in 0..table.rows {
            let text = |column: usize| table.columns[column].text(row).unwrap_or_default().trim().to_owned();
            let line = table.lines.get(row).copied().unwrap_or(row + 1);
            let mut refuse = |field: usize, message: String| {
                let fault = Fault::new(Kind::Value, message).file(&table.file).line(line);
                faults.push(fault.field(&table.columns[field].name));
            };
            let (name, of) = (text(sector), text(group));
            if name.is_empty() || of.is_empty() {
                refuse(if name.is_empty() { sector } else { group }, "there is no name".to_owned());
                continue;
            }
            if let Some(before) = lines.insert(name.clone(), line) {
                refuse(sector, format!("{} is given twice, before in line {before}", quoted(&name)));
                continue;
            }
            if let (Some(column), Some(broad)) = (broad, &mut found.broad) {
                match ThreeSectors::from_name(&text(column)) {
                    Some(three) => _ = broad.insert(name.clone(), three),
                    None => {
                        refuse(column, format!("{} is none of primary, secondary, tertiary", quoted(&text(column))))
                    }
                }
            }
            found.group.push((name, of));
        }
        faults.finish(found)
    }

    /// What the classification says of these sectors of the table in `file`; `None` where it is of none of them.
    ///
    /// # Errors
    /// Sectors without a group beside others that have one.
    pub(super) fn classify(&self, sectors: &[String], file: &str) -> Result<Option<Classified>> {
        if !self.group.iter().any(|(sector, _)| sectors.contains(sector)) {
            return Ok(None);
        }
        let known: HashMap<&str, &str> =
            self.group.iter().map(|(sector, group)| (sector.as_str(), group.as_str())).collect();
        let mut faults = Faults::default();
        let mut groups = Vec::with_capacity(sectors.len());
        for sector in sectors {
            match known.get(sector.as_str()) {
                Some(&group) => groups.push(group.to_owned()),
                None => faults.push(self.without_group(sector, file)),
            }
        }
        let idle: Vec<String> = self
            .group
            .iter()
            .filter(|(sector, _)| !sectors.contains(sector))
            .map(|(sector, _)| quoted(sector))
            .collect();
        let note = (!idle.is_empty()).then(|| {
            let message = format!("{}: no sector of {file} is called {}", self.file, listed(&idle));
            Note::remark("unknown_sector", message)
        });
        let given =
            self.broad.as_ref().map(|broad| sectors.iter().filter_map(|sector| broad.get(sector).copied()).collect());
        let broad = given.or_else(|| ThreeSectors::of_sectors(sectors)).or_else(|| ThreeSectors::of_sectors(&groups));
        faults.finish(Some(Classified { groups, broad, notes: note.into_iter().collect() }))
    }

    /// The fault that the classification has none of these sectors of the table in `file`.
    pub(super) fn of_no_sector(&self, sectors: &[String], file: &str) -> Fault {
        let own: Vec<&str> = self.group.iter().map(|(sector, _)| sector.as_str()).collect();
        let message = format!(
            "none of its sectors, {} in the column {}, is a sector of {file}, {}",
            listed(&own),
            quoted(&self.columns.0),
            listed(sectors)
        );
        let alike = |name: &&str| sectors.iter().any(|sector| sector.to_lowercase() == name.to_lowercase());
        let hint = match own.iter().find(|name| alike(name)) {
            Some(_) => "write upper and lower case as in the table".to_owned(),
            None => format!(
                "the sectors were read from {} and the groups from {}: name the columns sector and group",
                quoted(&self.columns.0),
                quoted(&self.columns.1)
            ),
        };
        Fault::new(Kind::Value, message).file(&self.file).field("sector-groups").hint(hint)
    }

    fn without_group(&self, sector: &str, file: &str) -> Fault {
        let names = self.group.iter().map(|(sector, _)| sector.as_str());
        let meant =
            did_you_mean(sector, names).map_or_else(String::new, |near| format!("; did you mean {}?", quoted(near)));
        let message = format!("the sector {} of {file} has no group", quoted(sector));
        Fault::new(Kind::Value, message).file(&self.file).hint(format!("add a row for it{meant}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{table, texts};
    use super::*;

    fn groups(columns: Vec<super::super::Column>) -> Result<SectorGroups> {
        SectorGroups::from_table(&table("groups.csv", columns))
    }

    #[test]
    fn sectors_find_their_group_and_the_three() {
        let given =
            groups(vec![texts("group", &["goods", "goods", "rest"]), texts("sector", &["metal", "food", "x1"])]);
        let got = given.unwrap().classify(&["food".into(), "x1".into()], "i.csv").unwrap().unwrap();
        assert_eq!((got.groups, got.broad), (vec!["goods".to_owned(), "rest".to_owned()], None));
        assert_eq!(got.notes[0].message, "groups.csv: no sector of i.csv is called \"metal\"");
        let three =
            groups(vec![texts("sector", &["x1"]), texts("group", &["g"]), texts("three", &["Tertiary"])]).unwrap();
        assert_eq!(three.classify(&["x1".into()], "i.csv").unwrap().unwrap().broad, Some(vec![ThreeSectors::Tertiary]));
        let by_group = groups(vec![texts("a", &["x1", "x2"]), texts("b", &["primary", "tertiary"])]).unwrap();
        let got = by_group.classify(&["x1".into(), "x2".into()], "i.csv").unwrap().unwrap();
        assert_eq!(got.broad, Some(vec![ThreeSectors::Primary, ThreeSectors::Tertiary]));
    }

    #[test]
    fn every_fault_of_a_classification_is_named() {
        let columns = vec![
            texts("sector", &["a", "a", "", "b", "c"]),
            texts("group", &["g", "g", "g", "", "g"]),
            texts("three", &["primary", "primary", "primary", "primary", "fourth"]),
        ];
        let error = groups(columns).unwrap_err();
        assert_eq!(
            error.faults().iter().map(|fault| fault.place().line).collect::<Vec<_>>(),
            [Some(3), Some(4), Some(5), Some(6)]
        );
        assert!(groups(vec![texts("sector", &["a"])]).is_err());
        let error = groups(vec![texts("s", &["metal", "food"]), texts("g", &["goods", "goods"])])
            .unwrap()
            .classify(&["metals".into(), "food".into()], "i.csv");
        let error = error.unwrap_err();
        assert_eq!(error.faults()[0].remedy(), Some("add a row for it; did you mean \"metal\"?"));
    }

    #[test]
    fn a_classification_of_other_sectors_is_refused() {
        let given = groups(vec![texts("a", &["METAL"]), texts("b", &["goods"])]).unwrap();
        let fault = given.of_no_sector(&["metal".into(), "food".into()], "i.csv");
        assert!(fault.to_string().contains("none of its sectors, METAL in the column \"a\", is a sector of i.csv"));
        assert_eq!(fault.remedy(), Some("write upper and lower case as in the table"));
        let fault = given.of_no_sector(&["food".into()], "i.csv");
        assert!(fault.remedy().is_some_and(|hint| hint.ends_with("name the columns sector and group")));
    }
}
