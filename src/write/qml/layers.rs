//! Styles of the layers that measures give: flows, hinterlands, bands.

use super::drawing::of_texts;
use super::renderer::{Legend, Renderer};
use super::symbols::Mark;
use super::{breaks, document};
use crate::Language;
use crate::measures::{Layer, LayerFeature, LayerShape};

/// Properties that a layer can be drawn by, the first that it has.
const BY_TEXT: [&str; 2] = ["core_name", "weighting"];
const BY_NUMBER: [&str; 3] = ["weight", "level", "year"];

/// The style of a layer: by its cores, by the weight of its lines, or all features alike.
pub fn style_of_layer(layer: &Layer, language: Language) -> String {
    let mark = match layer.features.first().map(|feature| &feature.shape) {
        Some(LayerShape::Point(_)) => Mark::Point,
        Some(LayerShape::Lines(_)) => Mark::Line,
        Some(LayerShape::Areas(_)) | None => Mark::Area,
    };
    let (attribute, legend) = legend(layer, language).unwrap_or(("", Legend::Single));
    document(&Renderer { attribute, mark, legend }, None)
}

fn legend(layer: &Layer, language: Language) -> Option<(&'static str, Legend)> {
    let has = |name: &&str| layer.features.iter().any(|feature| property(feature, name).is_some());
    if let Some(name) = BY_TEXT.into_iter().find(has) {
        let text = |feature| property(feature, name).and_then(|value| value.as_str()).map(str::to_owned);
        return Some((name, of_texts(&layer.features.iter().map(text).collect::<Vec<_>>(), language)));
    }
    let name = BY_NUMBER.into_iter().find(has)?;
    let number = |feature| property(feature, name).and_then(|value| value.as_f64()).unwrap_or(f64::NAN);
    let ranges = breaks::quantiles(&layer.features.iter().map(number).collect::<Vec<_>>());
    (!ranges.is_empty()).then_some((name, Legend::Ranges(ranges)))
}

fn property<'a>(feature: &'a LayerFeature, name: &str) -> Option<&'a serde_json::Value> {
    feature.properties.iter().find(|(other, _)| *other == name).map(|(_, value)| value).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn layer(properties: &[Vec<(&'static str, serde_json::Value)>]) -> Layer {
        let shape = || LayerShape::Lines(vec![vec![[0.0, 0.0], [1.0, 1.0]]]);
        Layer { features: properties.iter().map(|p| LayerFeature { shape: shape(), properties: p.clone() }).collect() }
    }

    #[test]
    fn flows_are_drawn_by_their_weight_and_hinterlands_by_their_core() {
        let flows =
            style_of_layer(&layer(&[vec![("weight", json!(1.0))], vec![("weight", json!(5))]]), Language::English);
        assert!(
            flows.contains("graduatedSymbol") && flows.contains("SimpleLine") && flows.contains("label=\"1 – 5 (1)\"")
        );
        let core = vec![("core_name", json!("<Ezhou>")), ("weight", json!(2))];
        let hinterlands = style_of_layer(&layer(&[core]), Language::English);
        assert!(hinterlands.contains("attr=\"core_name\"") && hinterlands.contains("&lt;Ezhou&gt; (1)"));
        assert!(style_of_layer(&layer(&[vec![]]), Language::English).contains("singleSymbol"));
    }
}
