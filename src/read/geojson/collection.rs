//! The outermost object: a FeatureCollection, or what it is instead.

use std::collections::HashSet;

use crate::error::{Error, Fault, Faults, Kind, Result, did_you_mean, quoted};
use crate::read::geojson::DEEPEST;
use crate::read::geojson::members::{Outermost, Span, TopMember, TopValue, WHITE_SPACE, depth, unquoted};
use crate::read::geojson::syntax;

/// The features as slices of the text, the other members by their places.
pub(super) struct Collection<'a> {
    pub(super) features: Vec<&'a str>,
    pub(super) others: Vec<(String, Span)>,
    pub(super) last_key: Span,
    pub(super) faults: Faults,
}

/// Checks the text as a whole and cuts it into features.
pub(super) fn read(text: &str) -> Result<Collection<'_>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Outermost<'_>>();
    let members = match values.next() {
        Some(Ok(Outermost::Object(members))) => members,
        Some(Ok(Outermost::Other(kind))) => return Err(no_object(kind).into()),
        Some(Err(error)) => return Err(syntax::fault(text, &error).into()),
        None => return Err(Fault::new(Kind::Read, "the file is empty").into()),
    };
    let rest = &text[values.byte_offset()..];
    if !rest.trim_matches(WHITE_SPACE).is_empty() {
        return Err(syntax::trailing(text, rest, type_of(&members) == Some("Feature")).into());
    }
    checked(text, members)
}

fn no_object(kind: &str) -> Fault {
    let hint = match kind {
        "an array" => "wrap the features: {\"type\": \"FeatureCollection\", \"features\": [ … ]}",
        _ => "is it the right file?",
    };
    Fault::new(Kind::Structure, format!("expected a FeatureCollection, found {kind}")).hint(hint)
}

fn checked<'a>(text: &'a str, members: Vec<TopMember<'a>>) -> Result<Collection<'a>> {
    let kind = type_of(&members);
    if let Some(fault) = relative(kind, &members) {
        return Err(fault.into());
    }
    let mut faults = Faults::default();
    match kind {
        Some("FeatureCollection") => {}
        Some(other) => faults.push(wrong_type(other)),
        None => faults
            .push(Fault::new(Kind::Structure, "the file has no type").hint("write \"type\": \"FeatureCollection\"")),
    }
    let last_key = members.last().map_or(Span::default(), |member| Span::of(member.key, text));
    let (mut features, mut others, mut names) = (None, Vec::new(), HashSet::new());
    for member in members {
        let name = unquoted(member.key).map_or_else(|_| member.key.to_owned(), Into::into);
        match member.value {
            TopValue::Features(_) | TopValue::NoArray(_) if features.is_some() => faults.push(twice(&name)),
            TopValue::Features(slices) => features = Some(slices),
            TopValue::NoArray(kind) => {
                faults.push(Fault::new(Kind::Structure, format!("features is {kind}, not an array")));
                features = Some(Vec::new());
            }
            TopValue::Raw(value) => {
                if depth(value) + 1 > DEEPEST {
                    let message = format!("arrays and objects are nested deeper than {DEEPEST}");
                    faults.push(Fault::new(Kind::Structure, message).field(name.clone()));
                }
                if !names.insert(name.clone()) {
                    faults.push(twice(&name));
                }
                others.push((name, Span::of(value, text)));
            }
        }
    }
    let Some(features) = features else {
        faults.push(
            Fault::new(Kind::Structure, "the FeatureCollection has no member \"features\"")
                .hint("is it the right file, and was it exported whole?"),
        );
        return Err(ended(faults));
    };
    if features.is_empty() && faults.is_empty() {
        faults.push(
            Fault::new(Kind::Structure, "the FeatureCollection has no features")
                .hint("was a filter left on when it was exported?"),
        );
        return Err(ended(faults));
    }
    Ok(Collection { features, others, last_key, faults })
}

fn ended(faults: Faults) -> Error {
    match faults.finish(()) {
        Err(error) => error,
        Ok(()) => Fault::new(Kind::Structure, "the FeatureCollection cannot be read").into(),
    }
}

fn twice(name: &str) -> Fault {
    Fault::new(Kind::Structure, format!("the collection has two members {}", quoted(name))).hint("keep one of them")
}

/// The collection's `type`, if it is a text.
fn type_of<'a>(members: &[TopMember<'a>]) -> Option<&'a str> {
    members.iter().find(|member| unquoted(member.key).is_ok_and(|key| key == "type")).and_then(|member| {
        match member.value {
            TopValue::Raw(raw) if raw.starts_with('"') => Some(&raw[1..raw.len() - 1]),
            _ => None,
        }
    })
}

/// The fault for a relative of GeoJSON, or for a part of a collection that stands alone.
fn relative(kind: Option<&str>, members: &[TopMember<'_>]) -> Option<Fault> {
    const GEOMETRIES: [&str; 7] =
        ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
    let has = |name: &str| members.iter().any(|member| unquoted(member.key).is_ok_and(|own| own == name));
    let (message, hint) = match kind {
        Some("Topology") => (
            "this is TopoJSON (a Topology), not GeoJSON".to_owned(),
            "convert it: `mapshaper FILE -o format=geojson cities.geojson`",
        ),
        Some("Feature") => (
            "expected a FeatureCollection, found a single Feature".to_owned(),
            "one city cannot be compared; wrap features as {\"type\": \"FeatureCollection\", \"features\": [ … ]}",
        ),
        Some(geometry) if GEOMETRIES.contains(&geometry) => (
            format!("expected a FeatureCollection, found a bare {geometry}"),
            "a geometry has no properties; export features with their attributes",
        ),
        None if has("geometryType") || has("spatialReference") || has("displayFieldName") => (
            "this is Esri JSON, not GeoJSON".to_owned(),
            "convert it: `ogr2ogr -f GeoJSON -t_srs EPSG:4326 cities.geojson FILE`, or ask the server for f=geojson",
        ),
        _ => return None,
    };
    Some(Fault::new(Kind::Structure, message).hint(hint))
}

fn wrong_type(kind: &str) -> Fault {
    let near = did_you_mean(kind, ["FeatureCollection"]).map_or("is it the right file?".to_owned(), |name| {
        format!("did you mean {}? the spelling matters", quoted(name))
    });
    Fault::new(Kind::Structure, format!("type is {}, not \"FeatureCollection\"", quoted(kind))).hint(near)
}
