//! The backbone in the registry: its links as a table and as lines on a map.

use serde_json::Value;

use super::adapter::on_network;
use super::backbone::{Backbone, BackboneLink, backbone};
use super::ways::way;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, fits, printed, who};
use crate::measures::{
    About, Family, Field, Layer, LayerFeature, LayerShape, Measure, Needs, Outcome, Run, TableOut, Values,
};
use crate::note::{Note, listed_by};
use crate::study::{LinkDirection, LinkMeaning, Linkage};

static ABOUT: About = About {
    name: "backbone",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "Backbone",
    question: "Which links carry the network, and which city does each city look to?",
    formula: "p_out = (1 - w_ij/sum_k w_ik)^(k_i - 1), p_in likewise among the links that reach j; kept where min(p_out, p_in) < alpha, or the largest link of i or j in either direction, or the largest that leaves i, or on the maximum spanning tree of S. Dominant flow: j of the largest w_ij, where D_j > D_i",
    symbols: &[
        ("w_ij", "strength of the link from city i to city j"),
        ("k_i", "number of links that leave i"),
        ("S", "links without direction, w_ij + w_ji"),
        ("D_i", "flow that reaches i, sum_j w_ji"),
        ("alpha", "the significance level, 0.05 unless --alpha"),
    ],
    reading: "A small p: the link has a larger share of its city's strength than chance would give it. Following the dominant flows upwards ends at a terminal city, which sends its largest flow to none that receives more",
    variant: "Disparity filter at both ends, links with a direction by out- and in-side; a side with one link has p = 1. To it are added every city's largest link in either direction, the largest link that leaves it, and the maximum spanning tree, so that no city, no connection and no dominant flow is lost",
    reference: "Serrano, Boguna and Vespignani (2009), PNAS 106, 6483-6488; Nystuen and Dacey (1961), Papers of the Regional Science Association 7, 29-42; Kruskal (1956), Proceedings of the American Mathematical Society 7, 48-50",
    fields: &[
        Field::annotated(
            "dominant",
            "dominant",
            "dominant",
            "id of the city that its largest flow goes to, if that is the larger",
        ),
        Field::column("terminal", "id of the city at the head of its dominant flows, itself where none dominates it"),
        Field::column("order", "steps along dominant flows to the terminal city"),
        Field::annotated("backbone_degree", "backbone_degree", "backb_deg", "cities it is linked with in the backbone"),
        Field::scalar("links", "number of links, one without direction once"),
        Field::scalar("backbone_links", "links of the backbone"),
        Field::scalar("backbone_share", "their share of the strength of all links"),
        Field::scalar("disparity_links", "links kept by the disparity filter"),
        Field::scalar("terminal_cities", "cities with links that no city dominates"),
        Field::table("links", "every link with its p values and the reasons to keep it"),
        Field::layer("links", "lines of the backbone, the strongest last"),
        Field::layer("dominant_flows", "lines of the dominant flows, the strongest last"),
        Field::layer("flows", "lines of all links, the strongest last; of more than 20,000 the strongest"),
    ],
    matches: &[(
        "R backbone",
        "disparity(W, alpha = alpha) has the same links as disparity; directed networks included",
    )],
};

/// [`backbone()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_network(run, &ABOUT, fill)
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let alpha = run.inference.alpha;
    let result = backbone(links, alpha)?;
    let count = |of: fn(&BackboneLink) -> bool| result.links.iter().filter(|link| of(link)).count() as f64;
    let total: f64 = result.links.iter().map(|link| link.strength).sum();
    let share = result.kept().map(|link| link.strength).sum::<f64>() / total;
    let terminal: Vec<usize> = (0..run.cities.len()).filter(|&i| result.dominant.order[i] == Some(0)).collect();
    outcome.scalars.extend([
        ("links", result.links.len() as f64),
        ("backbone_links", count(BackboneLink::kept)),
        ("backbone_share", share),
        ("disparity_links", count(|link| link.disparity)),
        ("terminal_cities", terminal.len() as f64),
    ]);
    let ids = |of: &[Option<usize>]| of.iter().map(|city| city.map(|i| run.cities.ids[i].clone())).collect();
    let order = result.dominant.order.iter().map(|steps| steps.map(|steps| steps as i64)).collect();
    let degree = result.degree.iter().map(|&degree| Some(degree as i64)).collect();
    outcome.columns.extend([
        ("dominant", Values::Texts(ids(&result.dominant.dominant))),
        ("terminal", Values::Texts(ids(&result.dominant.terminal))),
        ("order", Values::Counts(order)),
        ("backbone_degree", Values::Counts(degree)),
    ]);
    if fits("table of links", result.links.len(), COLUMNS.len(), outcome) {
        outcome.tables.push(("links", table(run, &result)));
    }
    let strongest_last = |of: fn(&BackboneLink) -> bool| {
        let mut links: Vec<&BackboneLink> = result.links.iter().filter(|link| of(link)).collect();
        links.sort_by(|a, b| a.strength.total_cmp(&b.strength));
        links
    };
    let all = strongest_last(|_| true);
    for (name, links) in [
        ("links", &strongest_last(BackboneLink::kept)[..]),
        ("dominant_flows", &strongest_last(|link| link.dominant)),
        ("flows", &all[all.len().saturating_sub(MOST_FLOWS)..]),
    ] {
        let layer = layer(run, links, outcome);
        outcome.layers.push((name, layer));
    }
    outcome.footer = Some(footer(run, links));
    outcome.notes.extend(sentences(run, &result, &terminal, share).into_iter().map(finding));
    Ok(())
}

const COLUMNS: [&str; 13] = [
    "origin",
    "origin_name",
    "destination",
    "destination_name",
    "weight",
    "p_out",
    "p_in",
    "disparity",
    "largest",
    "tree",
    "backbone",
    "dominant",
    "distance",
];

fn table(run: &Run, result: &Backbone) -> TableOut {
    TableOut { columns: COLUMNS.to_vec(), rows: result.links.iter().map(|link| cells(run, link)).collect() }
}

/// What is known of a link, in the order of [`COLUMNS`].
fn cells(run: &Run, link: &BackboneLink) -> Vec<Value> {
    let distance = match (run.cities.points[link.origin], run.cities.points[link.destination]) {
        (Some(a), Some(b)) => run.cities.metric.distance(a, b),
        _ => f64::NAN,
    };
    let reasons = [link.disparity, link.largest, link.tree, link.kept(), link.dominant].map(Value::from);
    let numbers = [link.weight, link.p_out, link.p_in].map(cell);
    let ends = who(run, link.origin).into_iter().chain(who(run, link.destination));
    ends.chain(numbers).chain(reasons).chain([cell(distance)]).collect()
}

/// Most lines of the layer of all flows: a map of more shows nothing, and stops the program that draws it.
const MOST_FLOWS: usize = 20_000;

/// The ways of links; the last is drawn on top.
fn layer(run: &Run, links: &[&BackboneLink], outcome: &mut Outcome) -> Layer {
    if !fits("layer of links", links.len(), COLUMNS.len(), outcome) {
        return Layer::default();
    }
    let feature = |link: &&BackboneLink| {
        let lines = way(run.cities, link.origin, link.destination)?;
        let properties = COLUMNS.into_iter().zip(cells(run, link)).collect();
        Some(LayerFeature { shape: LayerShape::Lines(lines), properties })
    };
    let features: Vec<LayerFeature> = links.iter().filter_map(feature).collect();
    let missing = links.len() - features.len();
    if missing > 0 && !outcome.notes.iter().any(|note| note.code == "no_way") {
        let without: Vec<usize> = (0..run.cities.len()).filter(|&i| run.cities.points[i].is_none()).collect();
        let links = if missing == 1 { "1 link is".to_owned() } else { format!("{missing} links are") };
        let message = match without.len() {
            0 => format!("{links} not drawn: the cities at both ends are in the same place"),
            _ => format!("{links} not drawn for want of a place of {}", listed_by(&without, |&i| run.cities.label(i))),
        };
        outcome.notes.push(Note::remark("no_way", message).about(without.iter().map(|&i| &run.cities.ids[i])));
    }
    Layer { features }
}

fn footer(run: &Run, links: &Linkage) -> String {
    let direction = match links.direction() {
        LinkDirection::Directed => "links with a direction, p by the side of the origin and of the destination",
        LinkDirection::Undirected => "links without direction, p by the side of either city",
    };
    let meaning = match links.meaning() {
        LinkMeaning::Strength => "weights are strengths",
        LinkMeaning::Cost => "weights are costs, their inverse is the strength",
    };
    let unit = match run.cities.metric.unit() {
        "" => "distance in units of the coordinates".to_owned(),
        unit => format!("great-circle distance in {unit}"),
    };
    format!("disparity filter at {}; {direction}; {meaning}; {unit}", run.inference.alpha)
}

fn sentences(run: &Run, result: &Backbone, terminal: &[usize], share: f64) -> Vec<String> {
    let (kept, all) = (result.kept().count(), result.links.len());
    let by_disparity = result.links.iter().filter(|link| link.disparity).count();
    let mut sentences = vec![format!(
        "{kept} of {all} links are the backbone and carry {} of all strength; {by_disparity} of them are larger than chance would have them (disparity filter at {}), the others are a city's largest or keep the network together",
        printed(share, 2),
        run.inference.alpha
    )];
    let mut led = vec![0; run.cities.len()];
    result.dominant.terminal.iter().flatten().for_each(|&head| led[head] += 1);
    // Each is its own head.
    let mut heads: Vec<(usize, usize)> =
        terminal.iter().map(|&head| (head, led[head] - 1)).filter(|&(_, below)| below > 0).collect();
    heads.sort_by_key(|&(_, below)| std::cmp::Reverse(below));
    if !heads.is_empty() {
        let shown: Vec<&(usize, usize)> = heads.iter().take(3).collect();
        let named = |(head, below): &&(usize, usize)| format!("{} ({below})", run.cities.known_as(*head));
        sentences.push(format!(
            "by their largest flows the cities look up to {} {}, most of them (cities below in brackets) to {}",
            heads.len(),
            if heads.len() == 1 { "city" } else { "cities" },
            listed_by(&shown, named)
        ));
    }
    sentences
}
