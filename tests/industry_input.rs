//! No industry table makes the reader panic, whatever is in it, and what it reads holds its promises.
#![allow(clippy::unwrap_used)]

use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities, read_table};
use agglo::study::{IndustryRequest, SectorGroups, SectorPattern, Study};
use proptest::prelude::*;

/// Three cities, C1 to C3.
fn study() -> Study {
    let feature = |i: usize| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"C{i}"}},"geometry":{{"type":"Point","coordinates":[{i},0]}}}}"#
        )
    };
    let features: Vec<String> = (1..4).map(feature).collect();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let document = Document::parse(text.into_bytes(), "cities.geojson").unwrap();
    let cities = cities(&document, &Identity::default(), &Ground::default()).unwrap();
    Study::new(cities, document.properties().clone()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_table_makes_it_panic(
        header in prop_oneof![
            Just("code,sector,jobs".to_owned()),
            Just("code,year,sector,jobs".to_owned()),
            "(code|city)(,(year|sector|a|b|total|pop|v_a_2010|v_b_2020|jobs)){1,5}",
        ],
        rows in proptest::collection::vec("(C[1-4]|)(,(2010|2020|a|b|-|NA|0|1|-1|1,5|1e308|x|100|0.5|)){1,5}", 1..9),
        blank in any::<bool>(),
    ) {
        let text = format!("{header}\n{}\n", rows.join("\n"));
        if let Ok((table, _)) = read_table(text.as_bytes(), "i.csv") {
            let study = study();
            let pattern = SectorPattern::parse("v_*_{year}").unwrap();
            let groups = SectorGroups::from_table(&table).ok();
            for sectors in [None, Some(&pattern)] {
                let request = IndustryRequest {
                    sectors,
                    reference: Some("C4"),
                    groups: groups.as_ref(),
                    blank_is_zero: blank,
                    ..IndustryRequest::default()
                };
                let _ = study.industry(&table, &request);
                if let Ok(industry) = study.industry(&table, &IndustryRequest { sectors, blank_is_zero: blank, ..IndustryRequest::default() }) {
                    prop_assert!(industry.sectors.len() >= 2);
                    for year in &industry.years {
                        for &i in year.structure.members() {
                            let sum: f64 = year.structure.shares(i).iter().sum();
                            prop_assert!((sum - 1.0).abs() < 1e-12);
                        }
                    }
                }
            }
        }
    }
}
