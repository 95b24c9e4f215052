//! Features: the places of their members, their faults, their properties.

use crate::error::{Fault, Kind, quoted};
use crate::read::geojson::members::{Span, depth, each_member, kind_of, unquoted};
use crate::read::geojson::{DEEPEST, properties, syntax};

/// Where a feature and its members lie in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FeatureSpans {
    pub(crate) whole: Span,
    pub(crate) id: Span,
    /// The value of `properties`: an object, `null`, or absent.
    pub(crate) properties: Span,
    pub(crate) geometry: Span,
}

/// Reads a run of features: their places, their faults, their properties.
pub(super) fn read_block(
    text: &str,
    first: usize,
    slices: &[&str],
) -> (Vec<FeatureSpans>, Vec<Fault>, properties::Block) {
    let (mut spans, mut faults, mut table) =
        (Vec::with_capacity(slices.len()), Vec::new(), properties::Block::new(first));
    for (i, slice) in slices.iter().enumerate() {
        let mut feature = Feature { index: first + i, text, spans: FeatureSpans::default(), faults: &mut faults };
        feature.spans.whole = Span::of(slice, text);
        feature.read(slice);
        let found = feature.spans;
        let properties = found.properties.of_text(text);
        table.push(properties.starts_with('{').then_some(properties), |broken| {
            let (line, column) = syntax::position(text, Span::of(broken, text).start);
            let message = format!("{} is not Unicode: half of a surrogate pair", quoted(broken));
            faults.push(Fault::new(Kind::Syntax, message).at(line, column).feature(first + i));
        });
        spans.push(found);
    }
    (spans, faults, table)
}

/// One feature while it is taken apart.
struct Feature<'a> {
    index: usize,
    text: &'a str,
    spans: FeatureSpans,
    faults: &'a mut Vec<Fault>,
}

impl Feature<'_> {
    fn fault(&mut self, message: impl Into<String>, hint: &str) {
        let fault = Fault::new(Kind::Structure, message).feature(self.index).hint(hint);
        self.faults.push(match id_text(self.spans.id.of_text(self.text)) {
            Some(id) => fault.city(id),
            None => fault,
        });
    }

    fn read(&mut self, slice: &str) {
        if !slice.starts_with('{') {
            return self.fault(
                format!("expected a feature, found {}", kind_of(slice)),
                "every entry of features is an object",
            );
        }
        let (mut kind, mut twice, mut is_deep) = (None, None, false);
        let read = each_member(slice, |member| {
            let Ok(name) = member.name() else { return };
            // A geometry is read by a parser with a limit of its own.
            is_deep |= name != "geometry" && member.value.starts_with(['{', '[']) && depth(member.value) + 3 > DEEPEST;
            let (name, place) = match name.as_ref() {
                "type" => {
                    twice = twice.or(kind.replace(member.value).map(|_| "type"));
                    return;
                }
                "id" => ("id", &mut self.spans.id),
                "properties" => ("properties", &mut self.spans.properties),
                "geometry" => ("geometry", &mut self.spans.geometry),
                _ => return,
            };
            if !place.is_absent() {
                twice = twice.or(Some(name));
            }
            *place = Span::of(member.value, self.text);
        });
        debug_assert!(read.is_ok(), "the text was checked when it was cut into features");
        if let Some(name) = twice {
            self.fault(format!("the feature has two members {}", quoted(name)), "keep one of them");
        }
        if is_deep {
            self.fault(
                format!("arrays and objects are nested deeper than {DEEPEST}"),
                "remove the nested value; nothing here needs it",
            );
        }
        self.check_type(kind);
        self.check_members();
    }

    fn check_type(&mut self, kind: Option<&str>) {
        match kind {
            Some("\"Feature\"") => {}
            Some(other) if other.starts_with('"') => self.fault(
                format!("type is {}, not \"Feature\"", quoted(&other[1..other.len() - 1])),
                "write \"type\": \"Feature\"; the spelling matters",
            ),
            Some(other) => self.fault(format!("type is {}", kind_of(other)), "write \"type\": \"Feature\""),
            None => self.fault("the feature has no type", "write \"type\": \"Feature\""),
        }
    }

    fn check_members(&mut self) {
        let FeatureSpans { id, properties, geometry, .. } = self.spans;
        let id = id.of_text(self.text);
        if id.starts_with(['{', '[', 't', 'f']) {
            self.fault(format!("id is {}", kind_of(id)), "an id is a text or a number");
        }
        for (name, span) in [("properties", properties), ("geometry", geometry)] {
            let value = span.of_text(self.text);
            if !span.is_absent() && !value.starts_with(['{', 'n']) {
                self.fault(format!("{name} is {}", kind_of(value)), "write an object or null");
            }
        }
    }
}

/// The id that a value is, a number as it is spelled; nothing for null, an absent one, or another type.
pub(super) fn id_text(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => unquoted(value).ok().map(Into::into),
        b'-' | b'0'..=b'9' => Some(value.to_owned()),
        _ => None,
    }
}
