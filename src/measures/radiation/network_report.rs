//! The structure of the network in the registry: numbers for the whole, its rich club, and what it would lose with a centre.

use serde_json::json;

use super::adapter::on_network;
use super::communities::communities;
use super::core_loss::{CoreLoss, core_loss};
use super::hierarchy::{burger_meijers, green, rank_size_slope, rank_size_slope_gabaix, ranked};
use super::network::Network;
use super::network_structure::{NetworkStructure, network_structure};
use super::rich_club::rich_club;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, printed, who};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{LinkMeaning, Linkage};

/// Strongest cities whose loss is looked at.
const CORES: usize = 10;
/// Share of the others' efficiency from which they are said to depend on a city.
const DEPENDENT: f64 = 0.1;
/// Most rows of the rich club; between them it changes little.
const CLUBS: usize = 100;

static ABOUT: About = About {
    name: "network_structure",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "Structure of the network",
    question: "Is the network dense, mutual and close, does it have a hierarchy, and what would it lose with one of its centres?",
    formula: "density = m/(n(n - 1)); reciprocity_weighted = sum min(w_ij, w_ji)/sum w_ij; efficiency = sum_st 1/d_st/(n(n - 1)); transitivity = 3 triangles/paths of two links; hierarchy_slope: ln s on ln rank; green = 1 - sd(s)/(max s/2); core_loss = 1 - sum_st 1/d_st(without i)/sum_st 1/d_st; rich club: phi = 2E/(N(N - 1)), phi_weighted = W/(strength of the E strongest links of S), rho = W/(E a), z = (W - E a)/sqrt(E v (M - E)/(M - 1))",
    symbols: &[
        ("n, m", "number of cities and of links, one without direction counted twice"),
        ("w_ij", "strength of the link from city i to city j"),
        ("d_st", "length of the shortest path on S = W + W', a link being 1/s_ij long"),
        ("s", "strength of a city on S"),
        ("N, E, W", "cities of more than k links, links among them, their strength, on S"),
        ("M, a, v", "number of all links on S, mean and variance of the strength of a link"),
    ],
    reading: "density, reciprocity, transitivity and clustering from 0 to 1. Assortativity below 0: cities of many links are linked with those of few. Efficiency is in the unit of the weights, and compares networks of one kind only. hierarchy_slope 0: all cities equally strong; -1: Zipf's rule. rho above 1: the links among cities of many links are stronger than links at large",
    variant: "Paths, clustering, components, modularity and hierarchy on links without direction. Efficiency is not divided by an ideal network. Clustering unweighted, 0 for cities with fewer than two neighbours. Rich club not divided by random networks; rho against all ways to deal the strengths to the links, exactly. core_loss with the city left out and n as before; loss_of_others over pairs of others only. Cities times links up to 3e9, or 3e10 with 32 links a city and more",
    reference: "Squartini et al. (2013), Scientific Reports 3, 2729; Newman (2003), Physical Review E 67, 026126; Latora and Marchiori (2001), Physical Review Letters 87, 198701, and (2005), Physical Review E 71, 015103; Watts and Strogatz (1998), Nature 393, 440-442; Zhou and Mondragon (2004), IEEE Communications Letters 8, 180-182; Opsahl et al. (2008), Physical Review Letters 101, 168702; Green (2007), Urban Studies 44, 2077-2103; Burger and Meijers (2012), Urban Studies 49, 1127-1149",
    fields: &[
        Field::scalar("n", "number of cities"),
        Field::scalar("links", "number of links, an undirected one counted in both directions"),
        Field::scalar("links_per_city", "mean number of other cities that a city is linked with"),
        Field::scalar("unlinked", "cities without links"),
        Field::scalar("components", "connected components of two cities or more"),
        Field::scalar("largest_component", "cities of the largest component"),
        Field::scalar("density", "links over possible links"),
        Field::scalar("reciprocity", "share of links that have one back"),
        Field::scalar("reciprocity_weighted", "share of the strength that has as much back"),
        Field::scalar("assortativity", "correlation of out-degree of origins and in-degree of destinations"),
        Field::scalar("assortativity_undirected", "correlation of the degrees of linked cities"),
        Field::scalar("efficiency", "mean of 1/distance, in the unit of the strengths"),
        Field::scalar("efficiency_unweighted", "mean of 1/steps"),
        Field::scalar("path_length_unweighted", "mean steps between connected cities"),
        Field::scalar("transitivity", "share of paths of two links that are closed"),
        Field::scalar("clustering_mean", "mean share of a city's neighbours that are linked"),
        Field::scalar("modularity", "modularity of the communities found"),
        Field::scalar("hierarchy_slope", "slope of ln strength on ln rank"),
        Field::scalar("hierarchy_slope_gabaix", "slope of ln(rank - 1/2) on ln strength"),
        Field::scalar("green", "Green's polycentricity of the strengths"),
        Field::scalar("green_special", "the same times the density"),
        Field::scalar("burger_meijers", "Burger and Meijers' polycentricity of the strengths"),
        Field::table("rich_club", "links among the cities of more than k links, and their strength"),
        Field::table("core_loss", "what the network would lose with each of its ten strongest cities"),
    ],
    matches: &[(
        "networkx",
        "density(G), overall_reciprocity(G), degree_assortativity_coefficient(G, x='out', y='in'); on S: global_efficiency, average_shortest_path_length, transitivity, average_clustering, rich_club_coefficient(normalized=False)",
    )],
};

/// [`network_structure()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_network(run, &ABOUT, fill)
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let result = network_structure(links)?;
    let found = communities(links, run.reach.resolution, false, run.inference.seed)?;
    let undirected = Network::undirected(links);
    let sums = undirected.sums();
    let green = green(&sums);
    outcome.scalars.extend([
        ("n", links.n() as f64),
        ("links", result.links as f64),
        ("links_per_city", undirected.links() as f64 / links.n() as f64),
        ("unlinked", result.unlinked as f64),
        ("components", result.components.len() as f64),
        ("largest_component", result.components.first().map_or(0, |&size| size) as f64),
        ("density", result.density),
        ("reciprocity", result.reciprocity),
        ("reciprocity_weighted", result.reciprocity_weighted),
        ("assortativity", result.assortativity),
        ("assortativity_undirected", result.assortativity_undirected),
        ("efficiency", result.efficiency),
        ("efficiency_unweighted", result.efficiency_unweighted),
        ("path_length_unweighted", result.path_length_unweighted),
        ("transitivity", result.transitivity),
        ("clustering_mean", result.clustering_mean),
        ("modularity", found.modularity),
        ("hierarchy_slope", rank_size_slope(&sums)),
        ("hierarchy_slope_gabaix", rank_size_slope_gabaix(&sums)),
        ("green", green),
        ("green_special", green * result.density),
        ("burger_meijers", burger_meijers(&sums).0),
    ]);
    outcome.notes.extend(notes(&result, &sums));
    let clubs = clubs(links, outcome);
    outcome.tables.push(("rich_club", clubs));
    match core_loss(links, CORES) {
        Some(losses) => {
            outcome.notes.extend(sentence(run, &losses).map(finding));
            outcome.tables.push(("core_loss", losses_table(run, &losses)));
        }
        None => {
            let message = "no core_loss: shortest paths without each of the strongest cities would take too many steps (cities times links, for each of them)";
            outcome.notes.push(Note::remark("not_run", message));
        }
    }
    outcome.footer = Some(footer(links));
    Ok(())
}

fn footer(links: &Linkage) -> String {
    let meaning = match links.meaning() {
        LinkMeaning::Strength => "weights are strengths, a link is 1/weight long",
        LinkMeaning::Cost => "weights are costs, a link is as long as its weight",
    };
    format!("paths and rich club on links without direction; {meaning}; n = {}", links.n())
}

/// One note for each reason why numbers are null.
fn notes(result: &NetworkStructure, sums: &[f64]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut remark = |code, message: &str| notes.push(Note::remark(code, message));
    if !result.paths {
        remark(
            "not_run",
            "no efficiency and no path length: cities times links are more than 3e9, or 3e10 with 32 links a city and more",
        );
    }
    if !result.triangles {
        remark("not_run", "no transitivity and no clustering_mean: counting triangles would take more than 1e10 steps");
    } else if result.transitivity.is_nan() {
        remark("undefined_number", "no transitivity: no city is linked with two others");
    }
    if result.assortativity_undirected.is_nan() {
        let message = "no assortativity_undirected: all linked cities have the same number of neighbours, as in a complete network";
        remark("undefined_number", message);
    }
    if result.assortativity.is_nan() {
        remark("undefined_number", "no assortativity: the links have the same degree at one of their ends");
    }
    let ranked = ranked(sums);
    if ranked.len() < 4 {
        remark("undefined_number", "no burger_meijers: it takes four cities with links");
    }
    if ranked.first() == ranked.last() {
        remark("undefined_number", "no hierarchy_slope_gabaix: all linked cities have the same strength");
    }
    notes
}

/// The rich club as a table; of very many levels evenly spaced ones.
fn clubs(links: &Linkage, outcome: &mut Outcome) -> TableOut {
    let clubs = rich_club(links);
    let every = clubs.len().div_ceil(CLUBS).max(1);
    if clubs.len() < 2 {
        let message =
            "all linked cities have about as many links, so that the network has no rich club by their number";
        outcome.notes.push(Note::remark("no_rich_club", message));
    }
    let row = |club: &super::rich_club::RichClub| {
        let counts = [club.k, club.cities, club.links].map(|count| json!(count));
        counts.into_iter().chain([club.phi, club.phi_weighted, club.rho, club.z].map(cell)).collect()
    };
    TableOut {
        columns: vec!["k", "cities", "links", "phi", "phi_weighted", "rho", "z"],
        rows: clubs.iter().step_by(every).map(row).collect(),
    }
}

fn losses_table(run: &Run, losses: &[CoreLoss]) -> TableOut {
    let row = |loss: &CoreLoss| {
        let numbers = [loss.strength, loss.loss, loss.loss_of_others].map(cell);
        who(run, loss.city).into_iter().chain(numbers).chain([json!(loss.pairs_cut)]).collect()
    };
    TableOut {
        columns: vec!["city", "name", "strength", "loss", "loss_of_others", "pairs_cut"],
        rows: losses.iter().map(row).collect(),
    }
}

/// On which of the strongest cities the others depend most.
fn sentence(run: &Run, losses: &[CoreLoss]) -> Option<String> {
    let most = losses.iter().filter(|loss| loss.loss_of_others.is_finite());
    let most = most.reduce(|most, loss| if loss.loss_of_others > most.loss_of_others { loss } else { most })?;
    let (name, share) = (run.cities.known_as(most.city), printed(100.0 * most.loss_of_others, 1));
    let threshold = printed(100.0 * DEPENDENT, 0);
    let cut = match most.pairs_cut {
        0 => String::new(),
        1 => ", and 1 pair of them would no longer be connected".to_owned(),
        pairs => format!(", and {pairs} pairs of them would no longer be connected"),
    };
    Some(if most.loss_of_others >= DEPENDENT {
        format!(
            "the other cities depend on {name} as a go-between: without it the efficiency between them falls by {share}%, the most of the {} strongest ({threshold}% and more counts as dependence){cut}",
            losses.len()
        )
    } else {
        format!(
            "the other cities depend on none of the {} strongest as a go-between: without {name}, the most needed, the efficiency between them falls by {share}% (less than {threshold}%){cut}",
            losses.len()
        )
    })
}
