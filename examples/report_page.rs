//! A report page of one's own: some measures of one value, their pictures and findings, as one HTML file.
//!
//! `cargo run --example report_page > report.html`

use std::io::stdout;

use agglo::finding::findings;
use agglo::inference::Inference;
use agglo::measures::{Run, autocorrelation, measure};
use agglo::page::Page;
use agglo::picture::{self, Stage};
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities};
use agglo::study::{Study, ValueRequest};
use agglo::weights::Transform;
use agglo::weights::contiguity::{Rule, contiguity};
use agglo::write::Report;
use agglo::write::columns::{Names, named_columns};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = include_bytes!("../data/yangtze-delta/cities.geojson").to_vec();
    let document = Document::parse(bytes, "cities.geojson")?;
    let identity = Identity { id: Some("adcode".to_owned()), ..Identity::default() };
    let cities = cities(&document, &identity, &Ground::default())?;
    let study = Study::new(cities.clone(), document.properties().clone())?;
    let (values, _) = study.variables(&ValueRequest::new("gdp_2020_100m_cny/census_pop_2020"))?;
    let queen = contiguity(&cities, Rule::Queen, None)?.weights.transformed(Transform::Row);

    let (inference, options) = (Inference::default(), autocorrelation::Options::default());
    let mut report = Report { inference: Some(inference), values, weights: vec![queen], ..Report::of(cities) };
    let features: Vec<usize> = (0..report.cities.len()).collect();
    for name in ["moran", "local_moran", "gini", "lorenz"] {
        let run = Run {
            variables: &report.values,
            weights: &report.weights,
            ..Run::of(&report.cities, &features, &inference, &options)
        };
        let outcomes = measure(name).ok_or("no such measure")?.run(&run)?;
        report.outcomes.extend(outcomes);
    }

    let ground = picture::Ground::new(&report.cities);
    let figures = picture::draw_all(&Stage { report: &report, ground: &ground, network: None });
    let (columns, _) = named_columns(&report, Names::Long, "");
    let page = Page {
        report: &report,
        columns: &columns,
        sheets: &[],
        figures: &figures,
        ground: Some(&ground),
        findings: &findings(&report),
        files: &[],
    };
    Ok(page.write(&mut stdout())?)
}
