//! The run: files → study → weights → measures → a report. Which measures run is the matter of `selection`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::export::public_weights;
use super::folder::Ground;
use super::output::base_name;
use super::progress::Progress;
use super::reach::{self, Reach};
use super::selection::{measure, planned, weighted};
use super::settings::{Islands, LevelSource, Settings, Wanted, WeightsSettings};
use crate::error::{Error, Fault, Faults, Kind, Result, quoted};
use crate::measures::{Family, Measure, Run};
use crate::note::{Note, listed_by};
use crate::read::geojson::Document;
use crate::read::{cities, read_links, read_table, read_weights};
use crate::study::{
    Cities, Grouping, Industry, IndustryRequest, Linkage, Plants, SectorGroups, Study, Table, ValueRequest, Variable,
};
use crate::weights::set_ops::attach_islands;
use crate::weights::{Sources, Spec, Weights, build};
use crate::write::{InputFile, Report};

/// Label of the weights that come from links.
const LINKS: &str = "links";
/// Column of the cities that groups them where similarities are split and no other is named.
const PROVINCE: &str = "province";
/// Largest file that is read.
const LARGEST_FILE: u64 = 2 << 30;

/// The files of a run, each with its digest.
#[derive(Debug, Default)]
pub struct Files {
    /// What was read.
    pub inputs: Vec<InputFile>,
    /// Where it was read.
    pub paths: Vec<PathBuf>,
}

impl Files {
    /// The bytes of a file; `-` is standard input.
    ///
    /// # Errors
    /// [`Kind::Read`] with what the system says; [`Kind::TooLarge`] beyond 2 GiB.
    pub fn read(&mut self, path: &Path, role: &'static str) -> Result<Vec<u8>> {
        let name = base_name(path);
        let fault = |error: std::io::Error| {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
            Fault::new(Kind::Read, format!("cannot be read: {reason}")).file(&name)
        };
        let mut bytes = Vec::new();
        if path == Path::new("-") {
            if self.inputs.iter().any(|input| input.name == "-") {
                let fault = Fault::new(Kind::Option, "standard input can be read once only");
                return Err(fault.field(role).hint("name a file for all inputs but one").into());
            }
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(fault)?;
        } else {
            let size = std::fs::metadata(path).map_err(fault)?;
            if size.is_dir() {
                let message = "is a folder, and a file is needed";
                return Err(Fault::new(Kind::Read, message).file(&name).hint("name a file in it").into());
            }
            if size.len() > LARGEST_FILE {
                let message = format!("{} bytes are more than the 2 GiB that are read", size.len());
                return Err(Fault::new(Kind::TooLarge, message).file(&name).hint("simplify the borders").into());
            }
            bytes = std::fs::read(path).map_err(fault)?;
            self.paths.push(path.to_owned());
        }
        let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.inputs.push(InputFile { role, name, sha256, rows: None });
        Ok(bytes)
    }

    pub(super) fn rows(&mut self, rows: usize) {
        if let Some(input) = self.inputs.last_mut() {
            input.rows = Some(rows);
        }
    }
}

/// Everything that was read, checked and joined.
pub struct Loaded {
    /// The cities as they came.
    pub document: Document,
    /// The study of the cities that take part.
    pub study: Study,
    /// The features that take part, ascending; `None` where all do.
    pub keep: Option<Vec<usize>>,
    /// All cities of the file, where not all take part.
    all: Option<Cities>,
    /// The values, the second variable, and the rate.
    values: Vec<Variable>,
    second: Option<Variable>,
    rate: Option<(Variable, Variable)>,
    population: Vec<Variable>,
    groups: Vec<Grouping>,
    linkage: Option<Linkage>,
    industry: Option<Industry>,
    employment: Option<Industry>,
    plants: Option<Plants>,
    mass: Vec<Variable>,
    reach: Reach,
    /// Whether the network was measured.
    reached: bool,
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
        linkage,
        industry: None,
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
fn failed(faults: Faults) -> Error {
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
        let wanted = settings.values.iter().map(Wanted::request);
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
        let named = |column: &String| {
            let groups = faults.keep(self.study.groups(column))?;
            Some(Grouping { name: column.clone(), groups })
        };
        self.groups = settings.groups.iter().filter_map(named).collect();
        (self.values, self.second, self.rate, self.population) = (values, second, rate, population);
        self.mass = mass;
        if let Some(industry) = self.industry.as_ref().filter(|industry| industry.percent && !self.mass.is_empty()) {
            self.industry = faults.keep(industry.weighed(&self.mass));
        }
        refuse_namesakes(&self.values, faults);
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

    /// Builds the network where no links are given, and finds the cores.
    pub fn reach_out(&mut self, settings: &Settings) -> Result<()> {
        self.reached = true;
        let (cities, mass) = (self.study.cities(), self.mass.last());
        if self.linkage.is_none() {
            match reach::built(&settings.reach, &self.reach, cities, mass) {
                Ok(built) => {
                    if let Some((network, note)) = built {
                        self.notes.push(note);
                        self.reach.built = Some(network);
                    }
                }
                Err(error) => self.notes.push(Note::remark("not_run", format!("no network is built: {error}"))),
            }
        }
        let network = self.linkage.as_ref().or(self.reach.built.as_ref());
        if let Some((cores, note)) = reach::cores(&settings.reach, cities, network, mass)? {
            self.notes.push(note);
            self.reach.cores = Some(cores);
        }
        Ok(())
    }

    /// The network that centrality and reach are measured on.
    pub fn network(&self) -> Option<&Linkage> {
        self.linkage.as_ref().or(self.reach.built.as_ref())
    }

    /// What the folder of results holds beside the report.
    pub fn beside(&self) -> Ground<'_> {
        // Links that nothing was measured on are no result.
        let network = self.network().filter(|_| self.reached);
        Ground { crs: self.document.member("crs"), network }
    }

    /// Takes provinces as groups where a command wants some and none are named.
    fn group_by_province(&mut self) {
        if self.groups.is_empty()
            && let Ok(groups) = self.study.groups(PROVINCE)
        {
            let message = format!("cities are grouped by {PROVINCE}; --group takes another column");
            self.notes.push(Note::remark("group", message));
            self.groups.push(Grouping { name: PROVINCE.to_owned(), groups });
        }
    }

    /// The weights of the run. Where none of its values needs them, as in one of industry alone, that there are none is
    /// a note.
    fn weights_for(&mut self, settings: &Settings, families: &[Family], files: &mut Files) -> Result<Vec<Weights>> {
        let autocorrelation =
            families.contains(&Family::Autocorrelation) && (!self.values.is_empty() || self.rate.is_some());
        match self.weigh(settings, files) {
            Err(error) if !autocorrelation && settings.weights.spec.is_none() => {
                let reason = error.faults()[0].message();
                self.notes.push(Note::remark("not_run", format!("nothing is measured in space: {reason}")));
                Ok(Vec::new())
            }
            weights => weights,
        }
    }

    /// Builds the weights of the run: spatial ones, then those of the links.
    ///
    /// # Errors
    /// Those of the weights; isolates where they are faults.
    pub fn weigh(&mut self, settings: &Settings, files: &mut Files) -> Result<Vec<Weights>> {
        let cities = self.study.cities();
        let spec = settings.weights.spec.clone().unwrap_or_else(|| Spec::default_for(cities));
        let among = |weights: Weights| match &self.keep {
            Some(keep) => weights.subset(keep),
            None => weights,
        };
        let links = self.linkage.as_ref().map(Linkage::weights);
        let files = RefCell::new(files);
        let file = |path: &str| {
            let bytes = files.borrow_mut().read(Path::new(path), "weights")?;
            let (weights, notes) =
                read_weights(&bytes, &base_name(Path::new(path)), self.all.as_ref().unwrap_or(cities))?;
            Ok((among(weights), notes))
        };
        let sources = Sources {
            cities,
            snap: settings.weights.snap,
            max_dense: settings.weights.max_dense,
            links: links.as_ref(),
            block: &|column| self.study.groups(column),
            file: &file,
        };
        let built = build(&spec, &sources).map_err(|error| self.in_input(&error))?;
        let mut notes = built.notes;
        let label = public_weights(built.weights.label());
        let mut weights = vec![finished(built.weights.named(label), cities, &settings.weights, &mut notes)?];
        if let Some(links) = links.filter(|_| spec != Spec::Links) {
            weights.push(finished(links, cities, &settings.weights, &mut notes)?);
        }
        self.notes.extend(notes);
        Ok(weights)
    }
}

impl Loaded {
    /// The error with the features that its cities are in the file.
    fn in_input(&self, error: &Error) -> Error {
        let mut faults = Faults::default();
        for fault in error.faults() {
            let feature = fault.place().feature.map(|i| self.keep.as_ref().map_or(i, |keep| keep[i]));
            faults.push(match feature {
                Some(feature) => fault.clone().feature(feature).file(self.document.file()),
                None => fault.clone(),
            });
        }
        failed(faults)
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

/// Weights with their islands dealt with and their transform, and what there is to say about them.
fn finished(raw: Weights, cities: &Cities, settings: &WeightsSettings, notes: &mut Vec<Note>) -> Result<Weights> {
    let name = raw.label().to_owned();
    let mut raw = raw;
    if settings.islands == Islands::Nearest {
        let (attached, bridges) = attach_islands(&raw, cities);
        for (island, city) in bridges {
            let message = format!(
                "{} has no neighbour under {name} and is linked with the nearest city, {}",
                cities.label(island),
                cities.label(city)
            );
            notes.push(Note::remark("island_linked", message).about([&cities.ids[island], &cities.ids[city]]));
        }
        raw = attached;
    }
    let isolates = raw.isolates();
    // That there are too few cities for anything is for the measures to say.
    if isolates.len() == cities.len() && cities.len() > 2 && name != LINKS {
        let near = notes.iter().find(|note| note.code == "near_miss").map(|note| note.message.as_str());
        let hint = near.unwrap_or("choose weights that link more cities, as knn:4 or band:auto");
        return Err(Fault::new(Kind::Weights, format!("no city has a neighbour under {name}")).hint(hint).into());
    }
    if !isolates.is_empty() {
        let one = isolates.len() == 1;
        let verb = if one { "has" } else { "have" };
        let message = format!("{} {verb} no neighbour under {name}", listed_by(&isolates, |&i| cities.label(i)));
        if settings.islands == Islands::Error {
            let hint = "choose weights that link every city, as knn:4, or --islands nearest";
            return Err(Fault::new(Kind::Weights, message).hint(hint).into());
        }
        let whose = if one { "its class is isolate" } else { "their class is isolate" };
        // Not being linked is no flaw of the data, lying apart from all others may be one.
        let note = if name == LINKS { Note::remark } else { Note::warning };
        let note = note("isolate", format!("{message}: {whose}"));
        notes.push(note.about(isolates.iter().map(|&i| &cities.ids[i])));
    }
    let parts = raw.component_sizes().into_iter().filter(|&size| size > 1).count();
    if parts > 1 {
        let message = format!("the cities fall into {parts} parts that no neighbour of {name} joins");
        notes.push(Note::remark("components", message));
    }
    Ok(raw.transformed(settings.transform))
}

/// Reads, weighs and measures.
///
/// # Errors
/// Every fault of the inputs; an error of a measure that was asked for by name, or of all measures.
pub fn run(
    settings: &Settings,
    families: &[Family],
    command: Vec<String>,
    progress: &Progress,
    files: &mut Files,
) -> Result<(Report, Loaded)> {
    progress.stage("reading");
    let mut loaded = load(settings, files)?;
    if families == [Family::Isomorphism] {
        loaded.group_by_province();
    }
    if families.contains(&Family::Radiation) {
        progress.stage("finding the cores");
        loaded.reach_out(settings)?;
    }
    let weights = if weighted(settings, families) {
        progress.stage("building weights");
        loaded.weights_for(settings, families, files)?
    } else {
        Vec::new()
    };
    let mut report = report(settings, &mut loaded, weights, command, files);
    let run = loaded.run(settings, &report.weights);
    let (outcomes, notes) = measure(&run, settings, families, progress)?;
    (report.outcomes, report.notes) = (outcomes, [std::mem::take(&mut report.notes), notes].concat());
    Ok((report, loaded))
}

/// A report without results.
pub fn report(
    settings: &Settings,
    loaded: &mut Loaded,
    weights: Vec<Weights>,
    command: Vec<String>,
    files: &Files,
) -> Report {
    Report {
        command,
        inference: Some(settings.inference),
        inputs: files.inputs.clone(),
        cities: loaded.study.cities().clone(),
        weights,
        outcomes: Vec::new(),
        notes: std::mem::take(&mut loaded.notes),
    }
}

impl Loaded {
    /// What the measures are given.
    fn run<'a>(&'a self, settings: &'a Settings, weights: &'a [Weights]) -> Run<'a> {
        Run {
            cities: self.study.cities(),
            features: self.study.features(),
            variables: &self.values,
            second: self.second.as_ref(),
            rate: self.rate.as_ref().map(|(events, at_risk)| (events, at_risk)),
            population: &self.population,
            groups: &self.groups,
            weights,
            links: self.linkage.as_ref(),
            network: self.network(),
            cores: self.reach.cores.as_ref(),
            costs: self.reach.costs.as_ref(),
            distances: Some(&self.reach.distances),
            firms: self.reach.firms.as_ref(),
            covariates: &self.reach.covariates,
            direction_by: self.reach.direction_by.as_ref(),
            industry: self.industry.as_ref(),
            employment: self.employment.as_ref(),
            plants: self.plants.as_ref(),
            mass: &self.mass,
            remark: settings.industry.remark.as_deref(),
            inference: &settings.inference,
            options: &settings.options,
            reach: &settings.reach.options,
        }
    }

    /// The measures that a run would make, and the faults of those that were asked for and cannot run.
    pub fn planned(
        &self,
        settings: &Settings,
        families: &[Family],
        weights: &[Weights],
    ) -> Result<Vec<&'static Measure>> {
        planned(&self.run(settings, weights), settings, families).map(|(measures, _)| measures)
    }

    /// Output or employment of the cities by sector.
    pub fn industry(&self) -> Option<&Industry> {
        self.industry.as_ref()
    }

    /// What a measure would be called with: each variable under each set of weights.
    pub fn variables(&self) -> &[Variable] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isolates_are_one_warning_with_their_names() {
        let mut notes = Vec::new();
        let raw = Weights::from_pairs("queen", 4, &[(0, 1)]);
        let cities = Cities {
            ids: ["a", "b", "c", "d"].map(String::from).to_vec(),
            names: ["a", "b", "Wuhan", "d"].map(String::from).to_vec(),
            points: vec![None; 4],
            ..crate::write::fixture::cities()
        };
        let settings = WeightsSettings {
            spec: None,
            transform: crate::weights::Transform::Row,
            islands: Islands::Keep,
            snap: None,
            max_dense: 10,
        };
        let weights = finished(raw.clone(), &cities, &settings, &mut notes).unwrap();
        assert_eq!(weights.row_sum(0), 1.0);
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].message, "c (Wuhan) and d have no neighbour under queen: their class is isolate");
        assert_eq!(notes[0].cities, ["c", "d"]);
        let strict = WeightsSettings { islands: Islands::Error, ..settings };
        assert_eq!(finished(raw, &cities, &strict, &mut notes).unwrap_err().kind(), Kind::Weights);
    }
}
