//! Layers of shapes as GeoJSON of their own: flows, backbones, hinterlands, bands of a field.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::columns::file_part;
use super::{Report, tell_apart};
use crate::measures::{Layer, LayerFeature, LayerShape, Outcome, measure};

/// A layer with its name as a file, without an extension.
#[derive(Clone, Debug)]
pub struct NamedLayer<'a> {
    /// `hinterland_dominance`, with the value and the year where there are several.
    pub name: String,
    /// What it shows.
    pub meaning: &'static str,
    /// The shapes.
    pub layer: &'a Layer,
    /// The result that it belongs to.
    pub outcome: &'a Outcome,
}

/// The layers of all results that have a shape.
pub fn named_layers(report: &Report) -> Vec<NamedLayer<'_>> {
    let several_years = report.years().len() > 1;
    let several_values = report.values.iter().any(|value| value.name != report.values[0].name);
    let mut named = Vec::new();
    for outcome in &report.outcomes {
        let fields = measure(outcome.measure).map_or(&[][..], |measure| measure.about().fields);
        let variable = outcome.variable.as_deref().filter(|_| several_values);
        let variable = variable.map_or_else(String::new, |name| format!("_{}", file_part(name)));
        let year = outcome.year.filter(|_| several_years).map_or_else(String::new, |year| format!("_{year}"));
        for (name, layer) in outcome.layers.iter().filter(|(_, layer)| !layer.features.is_empty()) {
            let field = fields.iter().find(|field| field.is_layer() && field.name == *name);
            let meaning = field.map_or("", |field| field.meaning);
            named.push(NamedLayer {
                name: format!("{}_{name}{variable}{year}", outcome.measure),
                meaning,
                layer,
                outcome,
            });
        }
    }
    tell_apart(&mut named, |layer| &mut layer.name);
    named
}

/// Writes a layer as a FeatureCollection, one feature a line. `crs` is the member of that name of the cities, which the
/// coordinates are in.
///
/// # Errors
/// Those of `out`.
pub fn write_layer(report: &Report, layer: &NamedLayer, crs: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let member = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "command": report.command,
        "measure": layer.outcome.measure,
        "meaning": layer.meaning,
        "options": layer.outcome.options,
        "footer": layer.outcome.footer,
    });
    write!(out, "{{\"type\": \"FeatureCollection\",\n\"name\": {},\n", json!(layer.name))?;
    if let Some(crs) = crs {
        writeln!(out, "\"crs\": {crs},")?;
    }
    write!(out, "\"agglo\": {member},\n\"features\": [")?;
    for (i, feature) in layer.layer.features.iter().enumerate() {
        write!(out, "{}{}", if i == 0 { "\n" } else { ",\n" }, feature_json(feature))?;
    }
    out.write_all(b"\n]}\n")
}

fn feature_json(feature: &LayerFeature) -> Value {
    let properties: Map<String, Value> =
        feature.properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let geometry = match &feature.shape {
        LayerShape::Point(point) => json!({"type": "Point", "coordinates": point}),
        LayerShape::Lines(lines) => match lines.as_slice() {
            [line] => json!({"type": "LineString", "coordinates": line}),
            lines => json!({"type": "MultiLineString", "coordinates": lines}),
        },
        // One type for all areas, since databases want one for a layer.
        LayerShape::Areas(areas) => json!({"type": "MultiPolygon", "coordinates": areas}),
    };
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::fixture::report;

    #[test]
    fn a_layer_is_a_collection_of_its_own() {
        let mut report = report();
        let point = LayerFeature {
            shape: LayerShape::Point([121.5, 31.25]),
            properties: vec![("core", json!("a\"<b")), ("share", Value::Null)],
        };
        let line = LayerFeature { shape: LayerShape::Lines(vec![vec![[0.0, 0.0], [1.0, 2.0]]]), properties: vec![] };
        let outcome = Outcome {
            measure: "centrality",
            layers: vec![("places", Layer { features: vec![point, line] }), ("none", Layer::default())],
            ..Outcome::default()
        };
        let twice = Report { outcomes: vec![outcome.clone(), outcome.clone()], ..report.clone() };
        assert_eq!(named_layers(&twice)[1].name, "centrality_places_2");
        report.outcomes = vec![outcome];
        let layers = named_layers(&report);
        assert_eq!(layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>(), ["centrality_places"]);
        let mut text = Vec::new();
        write_layer(&report, &layers[0], None, &mut text).unwrap();
        let read: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(read["features"][0]["geometry"]["coordinates"], json!([121.5, 31.25]));
        assert_eq!(read["features"][0]["properties"]["core"], "a\"<b");
        assert_eq!(read["features"][1]["geometry"]["type"], "LineString");
        assert_eq!(text.iter().filter(|&&b| b == b'\n').count(), 7, "one feature a line");
    }
}
