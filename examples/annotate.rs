//! Add a column to a GeoJSON file without changing a byte of what was there.

use agglo::read::geojson::Document;
use agglo::write::geojson::{AnnotatedColumn, AnnotatedValues, Annotation, annotate, strip};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Number texts, order, escapes and members of others survive; reading and writing anew would change most of this.
    let text = r#"{"type": "FeatureCollection", "source": "survey \u00e9t\u00e9", "features": [
  {"type": "Feature", "id": 7, "properties": {"z": 1.10, "a": 1e3}, "geometry": null},
  {"type": "Feature", "id": 8, "properties": null, "geometry": null}]}"#;
    let document = Document::parse(text.as_bytes().to_vec(), "survey.geojson")?;

    let annotation = Annotation {
        columns: vec![AnnotatedColumn {
            name: "score".to_owned(),
            values: AnnotatedValues::Numbers(vec![0.5, f64::NAN]), // NaN is written as null
        }],
        member: serde_json::json!({"columns": {"score": {"label": "My score"}}}),
        ..Annotation::default()
    };
    let mut annotated = Vec::new();
    annotate(&document, &annotation, &mut annotated)?;

    let annotated = String::from_utf8(annotated)?;
    println!("{annotated}");
    assert_eq!(strip(&annotated)?, text); // and it comes off again
    Ok(())
}
