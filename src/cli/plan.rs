//! The run: what was loaded → weights → measures → a report. Which measures run is the matter of `selection`.

use std::cell::RefCell;
use std::path::Path;

use super::export::public_weights;
use super::files::Files;
use super::folder::Ground;
use super::load::{Loaded, failed, load};
use super::output::base_name;
use super::progress::Progress;
use super::reach;
use super::selection::{measure, planned, reaching, weighted};
use super::settings::{Islands, Settings, WeightsSettings};
use crate::error::{Error, Fault, Faults, Kind, Result};
use crate::measures::{Family, Measure, Run, radiation};
use crate::note::{Note, listed_by};
use crate::read::read_weights;
use crate::study::{Cities, Grouping, Industry, Linkage, Variable};
use crate::weights::set_ops::attach_islands;
use crate::weights::{Sources, Spec, Weights, build};
use crate::write::Report;

/// Label of the weights that come from links.
const LINKS: &str = "links";
/// Group of the cities that is their tier in the network, where no column is called so.
pub(super) const TIER: &str = "tier";
/// Column of the cities that groups them where similarities are split and no other is named.
const PROVINCE: &str = "province";
impl Loaded {
    /// Builds the network and finds its cores for measures of reach, and its tiers where they are groups.
    ///
    /// # Errors
    /// Cores that are no cities; tiers as groups without a network, or with one that has none.
    pub fn find_reach(&mut self, settings: &Settings, reaching: bool) -> Result<()> {
        if reaching || self.wants_tiers {
            self.build_network(settings);
        }
        if reaching {
            self.find_cores(settings)?;
        }
        self.group_by_tier()
    }

    /// Builds the network where no links are given.
    fn build_network(&mut self, settings: &Settings) {
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
    }

    /// Finds the cores of the network.
    fn find_cores(&mut self, settings: &Settings) -> Result<()> {
        self.reached = true;
        let found = reach::cores(&settings.reach, self.study.cities(), self.network(), self.mass.last())?;
        if let Some((cores, note)) = found {
            self.notes.push(note);
            self.reach.cores = Some(cores);
        }
        Ok(())
    }

    /// Fills in the groups that are the tiers of the network.
    fn group_by_tier(&mut self) -> Result<()> {
        if !self.wants_tiers {
            return Ok(());
        }
        let Some(network) = self.network() else {
            let message = "no column is called tier, and there is no network to find the tiers of";
            let hint = "give --links FILE, or --mass COL to build a network of";
            return Err(Fault::new(Kind::Option, message).field("group").hint(hint).into());
        };
        let tiers = radiation::tiers(network)?;
        let groups: Vec<Option<String>> = tiers.tiers.iter().map(|tier| Some(tier.name().to_owned())).collect();
        self.groups
            .iter_mut()
            .filter(|grouping| grouping.name == TIER)
            .for_each(|group| group.groups.clone_from(&groups));
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
    progress.stage("finding the cores");
    loaded.find_reach(settings, reaching(settings, families))?;
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
    if let Some(remark) = &settings.industry.remark {
        loaded.notes.push(Note::remark("remark", remark.as_str()));
    }
    Report {
        language: settings.language,
        command,
        inference: Some(settings.inference),
        inputs: files.inputs.clone(),
        cities: loaded.study.cities().clone(),
        values: loaded.values.clone(),
        mass: loaded.mass.clone(),
        groups: loaded.groups.clone(),
        remark: settings.industry.remark.clone(),
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
            imbalance: &settings.imbalance,
            indicators: self.indicators.as_ref(),
            index: &settings.index.options,
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
