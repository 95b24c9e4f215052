//! Which cities build the same industries? From an industry table to the most similar pairs.

use agglo::Result;
use agglo::measures::isomorphism::{Benchmark, extreme_pairs, krugman_specialisation, unido};
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities, read_table};
use agglo::study::{IndustryRequest, Study};

fn main() -> Result<()> {
    let bytes = include_bytes!("../data/yangtze-delta/cities.geojson").to_vec();
    let document = Document::parse(bytes, "cities.geojson")?;
    let identity = Identity { id: Some("adcode".to_owned()), ..Identity::default() };
    let cities = cities(&document, &identity, &Ground::default())?;
    let study = Study::new(cities, document.properties().clone())?;

    let (table, _) = read_table(include_bytes!("../data/yangtze-delta/industry.csv"), "industry.csv")?;
    let industry = study.industry(&table, &IndustryRequest { years: &[2020], ..IndustryRequest::default() })?;
    let structure = &industry.years[0].structure;

    let label = |i: usize| study.cities().known_as(i);
    for &(i, j, similarity) in &extreme_pairs(&unido(structure), structure.cities(), 5).most {
        println!("{similarity:.4}  {} and {}", label(i), label(j));
    }
    let specialisation = krugman_specialisation(structure, Benchmark::Whole);
    let most = (0..structure.cities()).max_by(|&a, &b| specialisation[a].total_cmp(&specialisation[b]));
    if let Some(i) = most {
        println!("{:.4}  Krugman's index of {}, the most specialised", specialisation[i], label(i));
    }
    Ok(())
}
