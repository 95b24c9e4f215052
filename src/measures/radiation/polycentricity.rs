//! Polycentricity: whether a region has one centre or several, by its links and by the size of its cities.

use serde_json::json;

use super::adapter::{checked, on_network, without_mass};
use super::hierarchy::{burger_meijers, green, primacy, rank_size_slope_gabaix, ranked};
use super::network::Network;
use super::network_structure::density;
use crate::error::Result;
use crate::measures::adapter::{cell, finding, signed};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{LinkDirection, Linkage};

/// Difference of two indices of Burger and Meijers from which links are said to be more or less polycentric than sizes.
const APART: f64 = 0.1;

static ABOUT: About = About {
    name: "polycentricity",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "Polycentricity",
    question: "Does the region have one centre or several, by its links and by the size of its cities?",
    formula: "green = 1 - sd(x)/(max(x)/2); green_special = green density; burger_meijers = (b_2 + b_3 + b_4)/3, b_k the slope of ln x on ln rank among the k largest",
    symbols: &[
        ("x", "strength of the cities without direction (functional), or their mass (morphological)"),
        ("sd", "population standard deviation"),
        ("density", "links over possible links"),
    ],
    reading: "green from 0 (one centre) to 1 (all cities equal); burger_meijers 0 where the four largest are equal, -1 where the second has half of the first and so on, lower the more the first prevails. Links that are more polycentric than masses: the centres complement each other",
    variant: "Functional by S = W + W' with every city, also those without links; in a network with direction also by the strength that reaches a city (functional_in). Slopes by least squares over sizes above 0. Complete networks have density 1",
    reference: "Green (2007), Urban Studies 44, 2077-2103; Burger and Meijers (2012), Urban Studies 49, 1127-1149; Gabaix and Ibragimov (2011), Journal of Business and Economic Statistics 29, 24-39; Jefferson (1939), Geographical Review 29, 226-232",
    fields: &[
        Field::scalar("green", "Green's polycentricity of the links"),
        Field::scalar("green_special", "Green's polycentricity of the links times their density"),
        Field::scalar("burger_meijers", "Burger and Meijers' polycentricity of the links"),
        Field::table(
            "polycentricity",
            "by links and by mass of each year: indices, slopes, primacy (largest over second)",
        ),
    ],
    matches: &[],
};

/// Polycentricity in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_network(run, &ABOUT, fill)
}

/// Sizes of one kind and year.
struct Sizes {
    kind: &'static str,
    of: String,
    year: Option<i32>,
    sizes: Vec<f64>,
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let mut all = functional(links);
    for mass in run.mass {
        outcome.notes.extend(without_mass(run, mass));
        let sizes = checked(mass)?;
        all.push(Sizes { kind: "morphological", of: mass.name.clone(), year: mass.year, sizes });
    }
    let strengths = &all[0].sizes;
    let green = green(strengths);
    outcome.scalars.extend([
        ("green", green),
        ("green_special", green * density(links)),
        ("burger_meijers", burger_meijers(strengths).0),
    ]);
    for sizes in &all {
        outcome.notes.extend(undefined(sizes));
    }
    outcome.notes.extend(sentence(&all).map(finding));
    outcome
        .tables
        .push(("polycentricity", TableOut { columns: COLUMNS.to_vec(), rows: all.iter().map(row).collect() }));
    outcome.footer = Some(format!(
        "functional: strength of all links of a city; morphological: its mass; n = {}; slopes of ln size on ln rank among the two, three and four largest",
        links.n()
    ));
    Ok(())
}

fn functional(links: &Linkage) -> Vec<Sizes> {
    let of = |kind, sizes| Sizes { kind, of: "strength".to_owned(), year: None, sizes };
    let mut all = vec![of("functional", Network::undirected(links).sums())];
    if links.direction() == LinkDirection::Directed {
        all.push(of("functional_in", links.strength_in()));
    }
    all
}

const COLUMNS: [&str; 11] = [
    "kind",
    "of",
    "year",
    "cities",
    "green",
    "burger_meijers",
    "slope_2",
    "slope_3",
    "slope_4",
    "primacy",
    "gabaix_slope",
];

fn row(of: &Sizes) -> Vec<serde_json::Value> {
    let (index, slopes) = burger_meijers(&of.sizes);
    let cities = of.sizes.iter().filter(|size| size.is_finite()).count();
    let numbers = [green(&of.sizes), index, slopes[0], slopes[1], slopes[2], primacy(&of.sizes)];
    let first = [json!(of.kind), json!(of.of), json!(of.year), json!(cities)];
    first.into_iter().chain(numbers.map(cell)).chain([cell(rank_size_slope_gabaix(&of.sizes))]).collect()
}

fn undefined(of: &Sizes) -> Option<Note> {
    let above = ranked(&of.sizes);
    let year = of.year.map_or(String::new(), |year| format!(" {year}"));
    let name = format!("{} ({}{year})", of.kind, of.of);
    if above.len() < 4 {
        let message =
            format!("no burger_meijers of {name}: {} cities have a size above 0, and it takes four", above.len());
        return Some(Note::remark("undefined_number", message));
    }
    let message = || format!("no gabaix_slope of {name}: all cities are of one size");
    (above[0] == above[above.len() - 1]).then(|| Note::remark("undefined_number", message()))
}

/// Links against the mass of the last year.
fn sentence(all: &[Sizes]) -> Option<String> {
    let links = burger_meijers(&all[0].sizes).0;
    let last = all.iter().filter(|sizes| sizes.kind == "morphological").max_by_key(|sizes| sizes.year)?;
    let mass = burger_meijers(&last.sizes).0;
    if !(links - mass).is_finite() {
        return None;
    }
    let word = match links - mass {
        apart if apart >= APART => "more polycentric than",
        apart if apart <= -APART => "less polycentric than",
        _ => "about as polycentric as",
    };
    let year = last.year.map_or(String::new(), |year| format!(" in {year}"));
    Some(format!(
        "the links are {word} the cities' {}{year} (Burger and Meijers {} by links, {} by mass; 0 is no primacy among the four largest, and {APART} apart counts as a difference)",
        last.of,
        signed(links, 2),
        signed(mass, 2)
    ))
}
