//! What earlier runs added to a document, and the document without it.

use serde_json::Value;

use crate::error::Result;
use crate::read::geojson::Document;
use crate::read::geojson::members::{Member, Span, members};
use crate::write::geojson::splice::{ABSENT, FORMER_PROPERTIES};

/// The collection's member that describes an annotation; a second one beside it is `agglo_2`, and so on.
const MEMBER: &str = "agglo";

/// The `n`th name of the collection's member, counted from 1.
fn member_name(n: usize) -> String {
    if n == 1 { MEMBER.to_owned() } else { format!("{MEMBER}_{n}") }
}

fn is_member_name(name: &str) -> bool {
    let number = name.strip_prefix(MEMBER).and_then(|rest| rest.strip_prefix('_')).map(str::parse::<usize>);
    name == MEMBER || matches!(number, Some(Ok(2..)))
}

/// The first name of a member that is not taken.
pub(super) fn free_name(document: &Document) -> String {
    let mut n = 1;
    while document.member(&member_name(n)).is_some() {
        n += 1;
    }
    member_name(n)
}

/// An annotation that a document carries.
struct Layer {
    member: String,
    columns: Vec<String>,
}

/// The annotations of a document, the oldest first.
fn layers(document: &Document) -> Vec<Layer> {
    document
        .member_names()
        .filter(|name| is_member_name(name))
        .filter_map(|name| {
            let value: Value = serde_json::from_str(document.member(name)?).ok()?;
            let columns = value.get("columns")?.as_object()?.keys().cloned().collect();
            Some(Layer { member: name.to_owned(), columns })
        })
        .collect()
}

/// The columns that earlier annotations made.
pub(super) fn made_columns(document: &Document) -> Vec<String> {
    layers(document).into_iter().flat_map(|layer| layer.columns).collect()
}

/// The text without its newest annotation: the inverse of [`annotate`](super::annotate), byte by byte.
///
/// A text without an annotation comes back as it is.
///
/// # Errors
/// The text is no GeoJSON.
pub fn strip(text: &str) -> Result<String> {
    Ok(newest_stripped(&Document::parse(text.as_bytes().to_vec(), "")?))
}

/// The text of a document without its newest annotation.
pub(super) fn newest_stripped(document: &Document) -> String {
    let text = document.text();
    let Some(layer) = layers(document).pop() else { return text.to_owned() };
    let mut cuts = Cuts { text, spans: Vec::new() };
    for feature in document.spans() {
        let properties = members(feature.properties.of_text(text));
        let ours = |member: &Member<'_>| member.name().is_ok_and(|name| layer.columns.iter().any(|own| own == &name));
        let only_ours = !properties.is_empty() && properties.iter().all(ours);
        let outer = if only_ours { members(feature.whole.of_text(text)) } else { Vec::new() };
        let former = outer.iter().find(|member| member.is(FORMER_PROPERTIES)).map(|member| member.value);
        match former.map(|value| (value, Span::of(value, text).start)) {
            Some(("null", end)) if end > feature.properties.start => {
                cuts.spans.push(Span { start: feature.properties.start, end });
            }
            Some((ABSENT, _)) => {
                cuts.remove(&outer, |member| member.is("properties") || member.is(FORMER_PROPERTIES));
            }
            // Another program has sorted the members.
            Some(_) => {
                cuts.remove(&outer, |member| member.is(FORMER_PROPERTIES));
                cuts.remove(&properties, ours);
            }
            None => cuts.remove(&properties, ours),
        }
    }
    cuts.remove(&members(text), |member| member.is(&layer.member));
    cuts.rest()
}

/// What is left out of a text, in whatever order it is found.
struct Cuts<'a> {
    text: &'a str,
    spans: Vec<Span>,
}

impl Cuts<'_> {
    /// Leaves out members of an object, each with the comma that separates it from those before, or else behind.
    fn remove(&mut self, all: &[Member<'_>], leave_out: impl Fn(&Member<'_>) -> bool) {
        let mut previous: Option<Span> = None;
        let mut i = 0;
        while i < all.len() {
            let run = all[i..].iter().take_while(|member| leave_out(member)).count();
            if run == 0 {
                previous = Some(Span::of(all[i].value, self.text));
                i += 1;
                continue;
            }
            let first = Span::of(all[i].key, self.text).start;
            let end = Span::of(all[i + run - 1].value, self.text).end;
            let span = match (previous, all.get(i + run)) {
                (Some(previous), _) => Span { start: previous.end, end },
                (None, Some(next)) => Span { start: first, end: Span::of(next.key, self.text).start },
                (None, None) => Span { start: first, end },
            };
            self.spans.push(span);
            i += run;
        }
    }

    /// The text without the cuts.
    fn rest(mut self) -> String {
        self.spans.sort_unstable_by_key(|span| span.start);
        let (mut out, mut cursor) = (String::with_capacity(self.text.len()), 0);
        for span in self.spans {
            out.push_str(&self.text[cursor..span.start]);
            cursor = span.end;
        }
        out + &self.text[cursor..]
    }
}
