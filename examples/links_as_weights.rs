//! Is a value clustered along the links between cities? Trains from a CSV list as weights.

use agglo::Result;
use agglo::inference::Inference;
use agglo::measures::autocorrelation::moran;
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, LinksRequest, cities, read_links};
use agglo::study::{Study, ValueRequest};
use agglo::weights::Transform;

fn main() -> Result<()> {
    let bytes = include_bytes!("../data/yangtze-delta/cities.geojson").to_vec();
    let document = Document::parse(bytes, "cities.geojson")?;
    let identity = Identity { id: Some("adcode".to_owned()), ..Identity::default() };
    let cities = cities(&document, &identity, &Ground::default())?;

    // More trains, more weight; the row transform makes them shares of a city's trains.
    let trains = include_bytes!("../data/yangtze-delta/links.csv");
    let linkage = read_links(trains, "links.csv", &LinksRequest::default(), &cities)?;
    let weights = linkage.weights().transformed(Transform::Row);
    let unlinked: Vec<&str> = weights.isolates().into_iter().map(|i| cities.names[i].as_str()).collect();
    println!("{} links; without a train: {}", weights.links(), unlinked.join(", "));

    let study = Study::new(cities, document.properties().clone())?;
    let (variables, _) = study.variables(&ValueRequest::new("gdp_2020_100m_cny/census_pop_2020"))?;
    let result = moran(&variables[0].values, &weights, &Inference::default())?;
    println!("Moran's I along the trains, {} cities: {:.3}, p {:.3}", result.n, result.i, result.test.p_permutation);
    Ok(())
}
