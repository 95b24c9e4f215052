//! Everything that a run reads: checked, joined, with all faults of all files at once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::files::Files;
use super::output::base_name;
use super::plan::TIER;
use super::reach::{self, Reach};
use super::settings::{LevelSource, Settings, Wanted};
use crate::error::{Error, Fault, Faults, Kind, Result, quoted};
use crate::measures::index;
use crate::note::Note;
use crate::read::geojson::Document;
use crate::read::{cities, read_links, read_table};
use crate::study::{
    Cities, Grouping, Indicators, Industry, IndustryRequest, Linkage, Plants, SectorGroups, Study, Table, ValueRequest,
    Variable,
};

/// The score of a composite index as a variable of the study, as its column in the annotated file is called.
const SCORE: &str = "index_score";

/// Everything that was read, checked and joined.
pub struct Loaded {
    /// The cities as they came.
    pub document: Document,
    /// The study of the cities that take part.
    pub study: Study,
    /// The features that take part, ascending; `None` where all do.
    pub keep: Option<Vec<usize>>,
    /// All cities of the file, where not all take part.
    pub(super) all: Option<Cities>,
    /// The values, the second variable, and the rate.
    pub(super) values: Vec<Variable>,
    pub(super) second: Option<Variable>,
    pub(super) rate: Option<(Variable, Variable)>,
    pub(super) population: Vec<Variable>,
    pub(super) groups: Vec<Grouping>,
    /// Whether one of the groups is the tier in the network, which is not known yet.
    pub(super) wants_tiers: bool,
    pub(super) linkage: Option<Linkage>,
    pub(super) industry: Option<Industry>,
    pub(super) indicators: Option<Indicators>,
    /// Whether their score is a variable of the study.
    pub(super) scored: bool,
    pub(super) employment: Option<Industry>,
    pub(super) plants: Option<Plants>,
    pub(super) mass: Vec<Variable>,
    pub(super) reach: Reach,
    /// Whether the network was measured.
    pub(super) reached: bool,
    /// What had to be repaired, left out or assumed.
    pub notes: Vec<Note>,
}

/// Reads and checks everything.
///
/// # Errors
/// Every fault of every file.
pub fn load(settings: &Settings, files: &mut Files) -> Result<Loaded> {
    let mut faults = Faults::default();
    let cities = faults.keep(read_document(settings, files));
    let tables = read_tables(settings, files, &mut faults);
    let mut tables_joined = tables.len() == settings.tables.len();
    let Some((document, cities)) = cities else { return Err(failed(faults)) };
    let mut study = Study::new(cities, document.properties().clone())?;
    let mut notes = document.notes().to_vec();
    for (table, more) in tables {
        notes.extend(more);
        match study.clone().with_table(table, settings.table_key.as_deref()) {
            Ok(joined) => study = joined,
            Err(error) => {
                faults.extend(error);
                tables_joined = false;
            }
        }
    }
    notes.extend(study.notes().iter().cloned());
    let mut linkage = settings.links.as_ref().and_then(|(path, request)| {
        let bytes = files.read(path, "links");
        let linkage = bytes.and_then(|bytes| read_links(&bytes, &base_name(path), request, study.cities()));
        faults.keep(linkage).inspect(|linkage| files.rows(linkage.counts().rows))
    });
    notes.extend(linkage.iter().flat_map(|linkage| linkage.notes.clone()));
    let mut costs = reach::read_costs(settings, study.cities(), files, &mut faults);
    notes.extend(costs.iter().flat_map(reach::notes_on_costs));
    let (mut all, mut keep) = (None, None);
    if let Some(condition) = &settings.filter
        && let Some(mask) = faults.keep(study.mask(condition))
    {
        let kept: Vec<usize> = (0..mask.len()).filter(|&i| mask[i]).collect();
        notes.push(Note::remark("where", format!("{} of {} cities take part: {condition}", kept.len(), mask.len())));
        all = Some(study.cities().clone());
        study = faults.keep(study.restricted(&mask)).unwrap_or(study);
        linkage = linkage.map(|linkage| linkage.subset(&kept));
        costs = costs.map(|costs| costs.subset(&kept));
        keep = Some(kept);
    }
    let mut loaded = Loaded {
        document,
        study,
        keep,
        all,
        values: Vec::new(),
        second: None,
        rate: None,
        population: Vec::new(),
        groups: Vec::new(),
        wants_tiers: false,
        linkage,
        industry: None,
        indicators: None,
        scored: false,
        employment: None,
        plants: None,
        mass: Vec::new(),
        reach: Reach { costs, ..Reach::default() },
        reached: false,
        notes,
    };
    // Columns of a table that could not be joined would be missed a second time.
    if tables_joined {
        loaded.read_industry(settings, files, &mut faults);
        if let Some((firms, more)) = reach::read_firms(settings, &loaded.study, files, &mut faults) {
            loaded.reach.firms = Some(firms);
            loaded.notes.extend(more);
        }
        loaded.read_index(settings, files, &mut faults);
        loaded.read_values(settings, &mut faults);
    }
    faults.finish(loaded)
}

fn read_tables(settings: &Settings, files: &mut Files, faults: &mut Faults) -> Vec<(Table, Vec<Note>)> {
    let mut read = |path: &PathBuf| {
        let bytes = files.read(path, "table");
        let (table, notes) = faults.keep(bytes.and_then(|bytes| read_table(&bytes, &base_name(path))))?;
        files.rows(table.rows);
        Some((table, notes))
    };
    settings.tables.iter().filter_map(&mut read).collect()
}

fn read_document(settings: &Settings, files: &mut Files) -> Result<(Document, Cities)> {
    let name = base_name(&settings.cities);
    let document = Document::parse(files.read(&settings.cities, "cities")?, &name)?;
    let cities = cities(&document, &settings.identity, &settings.ground).map_err(|error| error.in_file(&name))?;
    files.rows(cities.len());
    Ok((document, cities))
}

/// The error of faults of which there is at least one.
pub(super) fn failed(faults: Faults) -> Error {
    let none = Fault::new(Kind::Read, "the input cannot be read");
    faults.finish(()).err().unwrap_or_else(|| none.into())
}

impl Loaded {
    fn read_values(&mut self, settings: &Settings, faults: &mut Faults) {
        let mut read = |request: ValueRequest, notes: &mut Vec<Note>| {
            let (variables, more) = faults.keep(self.study.variables(&request))?;
            notes.extend(more);
            if settings.missing_is_fault {
                variables.iter().for_each(|variable| refuse_missing(variable, self.study.cities(), faults));
            }
            Some(variables)
        };
        let mut notes = Vec::new();
        // A run of indicators alone is of their score.
        let score = ValueRequest { years: &settings.index.years, ..ValueRequest::new(SCORE) };
        let score = (settings.values.is_empty() && self.scored).then_some(score);
        let wanted = settings.values.iter().map(Wanted::request).chain(score);
        let values: Vec<Variable> = wanted.filter_map(|request| read(request, &mut notes)).flatten().collect();
        let mut years: Vec<i32> = values.iter().filter_map(|variable| variable.year).collect();
        years.dedup();
        let population = settings.population.iter().filter_map(|wanted| read(wanted.request_in(&years), &mut notes));
        let population = population.flatten().collect();
        let mut when = settings.industry.years.clone();
        when.extend(self.industry.iter().flat_map(|industry| industry.years.iter().filter_map(|year| year.year)));
        when.dedup();
        let mass = settings.mass.iter().filter_map(|wanted| read(wanted.request_in(&when), &mut notes));
        let mass: Vec<Variable> = mass.flatten().collect();
        let covariates =
            settings.reach.covariates.iter().filter_map(|wanted| read(wanted.request_in(&years), &mut notes));
        self.reach.covariates = covariates.flatten().collect();
        let mut single = |wanted: &Wanted| read(wanted.request(), &mut notes)?.into_iter().next();
        let second = settings.second.as_ref().and_then(&mut single);
        self.reach.direction_by = settings.reach.direction_by.as_ref().and_then(&mut single);
        let rate = settings.rate.as_ref().and_then(|(events, at_risk)| single(events).zip(single(at_risk)));
        self.notes.extend(notes);
        let mut wants_tiers = false;
        let named = |column: &String| {
            if column == TIER && self.study.column(column).is_err() {
                wants_tiers = true;
                return Some(Grouping { name: column.clone(), groups: vec![None; self.study.cities().len()] });
            }
            let groups = faults.keep(self.study.groups(column))?;
            Some(Grouping { name: column.clone(), groups })
        };
        self.groups = settings.groups.iter().filter_map(named).collect();
        self.wants_tiers = wants_tiers;
        (self.values, self.second, self.rate, self.population) = (values, second, rate, population);
        self.mass = mass;
        if let Some(industry) = self.industry.as_ref().filter(|industry| industry.percent && !self.mass.is_empty()) {
            self.industry = faults.keep(industry.weighed(&self.mass));
        }
        refuse_namesakes(&self.values, faults);
    }

    /// Reads the indicators of a composite index. Its score becomes a variable of the study, which every measure can take.
    fn read_index(&mut self, settings: &Settings, files: &mut Files, faults: &mut Faults) {
        let Some(path) = &settings.index.indicators else { return };
        let mut read = || {
            let (table, mut notes) = read_table(&files.read(path, "indicators")?, &base_name(path))?;
            files.rows(table.rows);
            let (indicators, more) = self.study.indicators(&table, &settings.index.years)?;
            notes.extend(more);
            let scores = match settings.index.options.weighting {
                Some(_) => {
                    let composite = index::composite(&indicators, &settings.index.options)?;
                    composite.variables(SCORE, &composite.score)
                }
                None => Vec::new(),
            };
            Ok((indicators, scores, notes))
        };
        if let Some((indicators, scores, notes)) = faults.keep(read()) {
            self.notes.extend(notes);
            self.scored = !scores.is_empty();
            let study = scores.into_iter().try_fold(self.study.clone(), Study::with_variable);
            self.study = faults.keep(study).unwrap_or_else(|| self.study.clone());
            self.indicators = Some(indicators);
        }
    }

    /// Reads output and employment by sector, and what goes with them.
    fn read_industry(&mut self, settings: &Settings, files: &mut Files, faults: &mut Faults) {
        let asked = &settings.industry;
        let Some(levels) = &asked.levels else { return };
        let mut table = |path: &Path, role, notes: &mut Vec<Note>| {
            let bytes = files.read(path, role)?;
            if bytes.trim_ascii_start().starts_with(b"{") {
                let fault = Fault::new(Kind::Structure, "the file is JSON, and a table is expected");
                return Err(fault.file(base_name(path)).hint("give a CSV file with a header").into());
            }
            let (table, more) = read_table(&bytes, &base_name(path))?;
            files.rows(table.rows);
            notes.extend(more);
            Ok(table)
        };
        let mut notes = Vec::new();
        let groups =
            asked.groups.as_ref().map(|path| SectorGroups::from_table(&table(path, "sector groups", &mut notes)?));
        let groups = groups.transpose();
        let groups = faults.keep(groups).flatten();
        let taking_part: HashSet<&String> = self.study.cities().ids.iter().collect();
        let all = self.all.iter().flat_map(|all| &all.ids);
        let outside: Vec<String> = all.filter(|id| !taking_part.contains(id)).cloned().collect();
        let mut read = |source: &LevelSource, role, value: Option<&str>, reference: Option<&str>| {
            let request = IndustryRequest {
                key: settings.table_key.as_deref(),
                value,
                sectors: None,
                years: &asked.years,
                reference,
                groups: groups.as_ref(),
                blank_is_zero: asked.blank_is_zero,
                outside: &outside,
                option: None,
            };
            match source {
                LevelSource::File(path, sectors) => {
                    let table = table(path, role, &mut notes)?;
                    self.study.industry(&table, &IndustryRequest { sectors: sectors.as_ref(), ..request })
                }
                LevelSource::Columns(pattern) => {
                    let option = Some(if role == "employment" { role } else { "sectors" });
                    self.study.industry_of_columns(pattern, &IndustryRequest { option, ..request })
                }
            }
        };
        self.industry = faults.keep(read(levels, "industry", asked.value.as_deref(), asked.reference.as_deref()));
        let employment = asked.employment.as_ref().map(|source| read(source, "employment", None, None));
        self.employment = faults.keep(employment.transpose()).flatten();
        if let (Some(path), Some(industry)) = (&asked.plants, &self.industry) {
            let plants =
                table(path, "plants", &mut notes).and_then(|table| Plants::from_table(&table, &industry.sectors));
            self.plants = faults.keep(plants).map(|(plants, more)| {
                notes.extend(more);
                plants
            });
        }
        notes.extend(self.industry.iter().chain(&self.employment).flat_map(|industry| industry.notes.clone()));
        self.notes.extend(notes);
    }
}

/// Results of two values of one name could not be told apart.
fn refuse_namesakes(values: &[Variable], faults: &mut Faults) {
    for (i, variable) in values.iter().enumerate() {
        let same = |other: &&Variable| other.label() == variable.label();
        if values[..i].iter().filter(same).count() == 1 {
            let message = format!("several values have the name {}", quoted(&variable.label()));
            let hint = "give each value once, and values of one name different names with --label";
            faults.push(Fault::new(Kind::Option, message).field("value").hint(hint));
        }
    }
}

fn refuse_missing(variable: &Variable, cities: &Cities, faults: &mut Faults) {
    for i in (0..cities.len()).filter(|&i| variable.values[i].is_nan()) {
        let fault = Fault::new(Kind::Value, "there is no value").city(cities.label(i)).field(variable.label());
        faults.push(fault.hint("fill it in, or leave such cities out with --missing drop"));
    }
}
