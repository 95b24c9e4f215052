//! Who is core and who periphery in the train network of the Yangtze delta, and how far the cores reach.
use std::fs;

use agglo::Result;
use agglo::inference::Inference;
use agglo::measures::radiation::{Distances, Tier, core_periphery, hinterland};
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, LinksRequest, cities, read_links};

fn main() -> Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/yangtze-delta");
    let read = |name: &str| fs::read(format!("{folder}/{name}")).expect("the data are part of the repository");

    let document = Document::parse(read("cities.geojson"), "cities.geojson")?;
    let identity = Identity { id: Some("adcode".into()), ..Identity::default() };
    let cities = cities(&document, &identity, &Ground::default())?;
    let trains = read_links(&read("links.csv"), "links.csv", &LinksRequest::default(), &cities)?;

    let inference = Inference { permutations: 99, ..Inference::default() };
    let found = core_periphery(&trains, &inference)?;
    for tier in Tier::ALL {
        let members: Vec<&str> =
            (0..cities.len()).filter(|&i| found.tiers.tiers[i] == tier).map(|i| cities.names[i].as_str()).collect();
        println!("{}: {}", tier.name(), members.join(", "));
    }

    // Mass of one for all: only distance counts.
    let cores = found.tiers.cores();
    let reach = hinterland(&vec![1.0; cities.len()], &Distances::between(&cities)?, &cores, 2.0)?;
    for &core in &cores {
        let count = reach.core.iter().filter(|&&other| other == Some(core)).count();
        println!("{} is the nearest core of {count} cities", cities.names[core]);
    }
    Ok(())
}
