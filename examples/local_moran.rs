//! Which cities form clusters? From a GeoJSON file to the class of every city.

use agglo::Result;
use agglo::inference::Inference;
use agglo::measures::autocorrelation::local_moran;
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities};
use agglo::study::{Study, ValueRequest};
use agglo::weights::{Sources, Spec, Transform, build};

fn main() -> Result<()> {
    let bytes = include_bytes!("../data/yangtze-delta/cities.geojson").to_vec();
    let document = Document::parse(bytes, "cities.geojson")?;
    let identity = Identity { id: Some("adcode".to_owned()), ..Identity::default() };
    let cities = cities(&document, &identity, &Ground::default())?;

    let sources = Sources {
        cities: &cities,
        snap: None,
        max_dense: 5000,
        links: None,
        block: &|_| Ok(Vec::new()),
        file: &|_| unreachable!("queen weights need no file"),
    };
    let queen = build(&"queen".parse::<Spec>()?, &sources)?.weights.transformed(Transform::Row);

    let study = Study::new(cities.clone(), document.properties().clone())?;
    let (variables, _) = study.variables(&ValueRequest::new("gdp_2020_100m_cny/census_pop_2020"))?;
    let result = local_moran(&variables[0].values, &queen, &Inference::default())?;

    for (i, class) in result.class.iter().enumerate().filter(|(_, class)| **class != "ns") {
        println!(
            "{class:>9}  {:<24} p {:.3}  q {:.3}",
            cities.label(i),
            result.test.p_permutation[i],
            result.test.q[i]
        );
    }
    Ok(())
}
