//! Where members go into an object, in the style of the members that are there.

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::read::geojson::members::{Member, Span, WHITE_SPACE, each_member, members};
use crate::read::geojson::{Document, FeatureSpans};

/// The member of a feature that says that its `properties` are all ours: its value is the `null` that they were, or
/// [`ABSENT`].
pub(super) const FORMER_PROPERTIES: &str = "agglo_properties";

/// Value of [`FORMER_PROPERTIES`] where the feature had no member `properties`.
pub(super) const ABSENT: &str = "\"absent\"";

/// The end of an object, and the style in which a further member goes there.
pub(super) struct End<'a> {
    /// Where the member goes: behind the last one, or behind the opening brace.
    pub(super) offset: usize,
    /// Whether there are members.
    pub(super) follows: bool,
    /// White space before the last member's key.
    gap: &'a str,
    /// What lies between the last member's key and its value.
    colon: &'a str,
}

impl<'a> End<'a> {
    /// The end of an object, which may have white space around it; offsets are those in `object`.
    pub(super) fn of_object(object: &'a str) -> Self {
        let mut last = None;
        let read = each_member(object, |member: Member<'a>| last = Some(member));
        debug_assert!(read.is_ok(), "the document was checked when it was read");
        let Some(last) = last else {
            let brace = object.find('{').map_or(0, |brace| brace + 1);
            return Self { offset: brace, follows: false, gap: "", colon: ":" };
        };
        let key = Span::of(last.key, object);
        let before = &object[..key.start];
        let value = Span::of(last.value, object);
        Self {
            offset: value.end,
            follows: true,
            gap: &before[before.trim_end_matches(WHITE_SPACE).len()..],
            colon: &object[key.end..value.start],
        }
    }

    /// The end of the collection; the features need not be read again for it.
    pub(super) fn of_collection(document: &'a Document) -> Self {
        let (text, key) = (document.text(), document.last_key());
        let (before, after) = (&text[..key.start], &text[key.end..]);
        let value = after.trim_start_matches(WHITE_SPACE).trim_start_matches(':').trim_start_matches(WHITE_SPACE);
        let text = text.trim_end_matches(WHITE_SPACE);
        let inside = text.strip_suffix('}').unwrap_or(text);
        Self {
            offset: inside.trim_end_matches(WHITE_SPACE).len(),
            follows: true,
            gap: &before[before.trim_end_matches(WHITE_SPACE).len()..],
            colon: &after[..after.len() - value.len()],
        }
    }

    /// One more member as text, its value over several lines where the last member has a line of its own.
    pub(super) fn member(&self, name: &str, value: &Value) -> String {
        let comma = if self.follows { "," } else { "" };
        let name = Value::from(name);
        format!("{comma}{}{name}{}{}", self.gap, self.colon, laid_out(value, self.gap))
    }
}

/// A value in one line, or with line breaks and indentation as in `gap`.
fn laid_out(value: &Value, gap: &str) -> String {
    let Some(newline) = gap.rfind('\n') else { return value.to_string() };
    let indent = &gap[newline + 1..];
    let line_end = if gap[..newline].ends_with('\r') { "\r\n" } else { "\n" };
    let mut lines = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    match value.serialize(&mut Serializer::with_formatter(&mut lines, formatter)) {
        // Line breaks within texts are escaped, so that these are all between tokens.
        Ok(()) => String::from_utf8_lossy(&lines).replace('\n', &format!("{line_end}{indent}")),
        Err(_) => value.to_string(),
    }
}

/// Where the properties of a feature go, and what stands around them.
pub(super) struct Insertion<'a> {
    pub(super) offset: usize,
    /// Written before the first property.
    pub(super) before: String,
    /// Whether a comma separates the first property from what is there.
    pub(super) follows: bool,
    pub(super) gap: &'a str,
    pub(super) colon: &'a str,
    /// Written behind the last property.
    pub(super) after: String,
}

/// How properties go into a feature: into its object; before its `null`, which becomes the value of
/// [`FORMER_PROPERTIES`]; or in a new member.
pub(super) fn feature_insertion<'a>(text: &'a str, feature: &FeatureSpans) -> Insertion<'a> {
    let properties = feature.properties.of_text(text);
    if properties.starts_with('{') {
        let End { offset, follows, gap, colon } = End::of_object(properties);
        let offset = feature.properties.start + offset;
        return Insertion { offset, before: String::new(), follows, gap, colon, after: String::new() };
    }
    let whole = feature.whole.of_text(text);
    let end = End::of_object(whole);
    if feature.properties.is_absent() {
        let start = format!(",{}\"properties\"{}{{", end.gap, end.colon);
        let after = format!("}},{}\"{FORMER_PROPERTIES}\"{}{ABSENT}", end.gap, end.colon);
        let offset = feature.whole.start + end.offset;
        return Insertion { offset, before: start, follows: false, gap: "", colon: end.colon, after };
    }
    let style = style_of_properties(whole);
    let after = format!("}},{}\"{FORMER_PROPERTIES}\"{}", style.0, style.1);
    Insertion {
        offset: feature.properties.start,
        before: "{".to_owned(),
        follows: false,
        gap: "",
        colon: style.1,
        after,
    }
}

/// White space before the key `properties` of a feature, and what lies between key and value.
fn style_of_properties(feature: &str) -> (&str, &str) {
    members(feature).iter().rfind(|member| member.is("properties")).map_or(("", ":"), |member| {
        let (key, value) = (Span::of(member.key, feature), Span::of(member.value, feature));
        let before = &feature[..key.start];
        (&before[before.trim_end_matches(WHITE_SPACE).len()..], &feature[key.end..value.start])
    })
}
