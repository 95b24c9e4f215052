//! What the measures of reach are given beside values and links: ways, firms, a network, cores.

use std::sync::OnceLock;

use super::files::Files;
use super::output::base_name;
use super::settings::{LinkModel, ReachSettings, Settings};
use crate::error::{Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::measures::Matrix;
use crate::measures::radiation::{self, Cores, Distances};
use crate::note::{Note, listed_by};
use crate::read::{LinksRequest, read_links, read_table};
use crate::study::{Cities, LinkMeaning, Linkage, Study, Variable};

/// Everything of a run that only measures of reach take.
#[derive(Default)]
pub(super) struct Reach {
    /// Length of the ways between cities.
    pub costs: Option<Linkage>,
    /// The distances between the cities, once they are made.
    pub distances: OnceLock<Distances>,
    /// Offices of firms.
    pub firms: Option<Matrix>,
    /// What a value is explained by.
    pub covariates: Vec<Variable>,
    /// By what flows are shared out between their directions.
    pub direction_by: Option<Variable>,
    /// The network that was built, where no links are given.
    pub built: Option<Linkage>,
    /// The cores.
    pub cores: Option<Cores>,
}

/// The ways between `cities`, all of the file, as links that mean costs.
pub(super) fn read_costs(
    settings: &Settings,
    cities: &Cities,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Linkage> {
    let path = settings.reach.costs.as_ref()?;
    let request = LinksRequest { meaning: LinkMeaning::Cost, ..LinksRequest::default() };
    let costs = files.read(path, "costs").and_then(|bytes| read_links(&bytes, &base_name(path), &request, cities));
    faults.keep(costs).inspect(|costs| files.rows(costs.counts().rows))
}

/// What there is to say about the ways, in words of ways and not of links.
pub(super) fn notes_on_costs(costs: &Linkage) -> Vec<Note> {
    let of_links = ["no_links", "components", "self_flow"];
    let mut notes: Vec<Note> = costs.notes.iter().filter(|note| !of_links.contains(&note.code)).cloned().collect();
    let (pairs, given) = (costs.n() * costs.n().saturating_sub(1), costs.graph().edge_count());
    if given < pairs {
        let message = format!(
            "the ways of {given} of {pairs} ordered pairs of cities are given; one that is given in one direction counts in both, others have no way"
        );
        notes.push(Note::warning("no_way", message));
    }
    notes
}

/// The offices of firms in the cities of the study.
pub(super) fn read_firms(
    settings: &Settings,
    study: &Study,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<(Matrix, Vec<Note>)> {
    let path = settings.reach.firms.as_ref()?;
    let mut read = || {
        let bytes = files.read(path, "firms")?;
        let (table, mut notes) = read_table(&bytes, &base_name(path))?;
        files.rows(table.rows);
        let (firms, more) = study.firms(&table, settings.table_key.as_deref())?;
        notes.extend(more);
        Ok((Matrix { rows: study.cities().ids.clone(), columns: firms.names, values: firms.values }, notes))
    };
    faults.keep(read())
}

/// The network that the models make of masses or firms, and what there is to say about it; `None` where there is
/// nothing to build it of, or too many cities.
pub(super) fn built(
    settings: &ReachSettings,
    reach: &Reach,
    cities: &Cities,
    mass: Option<&Variable>,
) -> Result<Option<(Linkage, Note)>> {
    let model = settings.model.unwrap_or(match reach.firms {
        Some(_) => LinkModel::Interlocking,
        None => LinkModel::Gravity,
    });
    if let (LinkModel::Interlocking, Some(firms)) = (model, &reach.firms) {
        let message =
            format!("no links are given, and the network is that of the offices of {} firms", firms.columns.len());
        return Ok(Some((radiation::interlocking_network(firms)?, Note::remark("network", message))));
    }
    let Some(mass) = mass else { return Ok(None) };
    let distances = Distances::held(&reach.distances, reach.costs.as_ref(), cities)?;
    let (network, how) = match model {
        LinkModel::Radiation => {
            let network = radiation::radiation_network(&mass.values, distances)?;
            (network, "the radiation model".to_owned())
        }
        _ => {
            let by = reach.direction_by.as_ref().map(|by| by.values.as_slice());
            let network = radiation::gravity_network(&mass.values, distances, &settings.options, by)?;
            (network, format!("gravity with distance to the power of {}", settings.options.beta))
        }
    };
    let message = format!("no links are given, and the network is built of {} by {how}", mass.label());
    Ok(Some((network, Note::remark("network", message))))
}

/// The cores: those that are named, else tier core of the network, else those that stand out by mass.
pub(super) fn cores(
    settings: &ReachSettings,
    cities: &Cities,
    network: Option<&Linkage>,
    mass: Option<&Variable>,
) -> Result<Option<(Cores, Note)>> {
    let chosen = if !settings.cores.is_empty() {
        Some(Cores { places: named(&settings.cores, cities)?, how: "named by --cores".to_owned() })
    } else if let Some(tiers) = network.and_then(|network| radiation::tiers(network).ok()) {
        Some(Cores { places: tiers.cores(), how: "tier core of the network".to_owned() })
    } else {
        mass.map(|mass| Cores { places: by_mass(&mass.values), how: format!("the upper class of {}", mass.label()) })
    };
    let Some(cores) = chosen.filter(|cores| !cores.places.is_empty()) else { return Ok(None) };
    let others = if settings.cores.is_empty() { "; --cores names others" } else { "" };
    let named = listed_by(&cores.places, |&i| cities.known_as(i));
    let (noun, verb) = if cores.places.len() == 1 { ("core", "is") } else { ("cores", "are") };
    let message = format!("the {noun} whose reach is measured {verb} {named} ({}{others})", cores.how);
    Ok(Some((cores, Note::remark("cores", message))))
}

fn named(ids: &[String], cities: &Cities) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    let mut places = Vec::new();
    for id in ids {
        match cities.ids.iter().position(|other| other.trim() == id) {
            Some(place) => places.push(place),
            None => {
                let by_name = (0..cities.len()).find(|&i| cities.names[i].trim() == id);
                let near = by_name.map(|i| cities.ids[i].as_str());
                let near = near.or_else(|| did_you_mean(id, cities.ids.iter().map(String::as_str)));
                let fault = Fault::new(Kind::Option, format!("{} is the id of no city that takes part", quoted(id)));
                let fault = fault.field("cores");
                faults.push(match near {
                    Some(near) => fault.hint(format!("did you mean {}?", quoted(near))),
                    None => fault.hint(format!("ids look like {}", quoted(cities.ids.first().map_or("", |id| id)))),
                });
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    faults.finish(places)
}

/// The cities of the upper of three classes by natural breaks.
fn by_mass(mass: &[f64]) -> Vec<usize> {
    let breaks = radiation::natural_breaks(mass, 3);
    let least = breaks.last().copied().unwrap_or(f64::INFINITY);
    (0..mass.len()).filter(|&i| mass[i] >= least).collect()
}
