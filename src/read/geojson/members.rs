//! JSON objects as slices of the text they stand in, so that a place in the file is pointer arithmetic.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What JSON allows between its tokens.
pub(crate) const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A part of a text by its byte offsets; no JSON value is empty, so an empty span stands for an absent one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    /// Where `part`, a slice of `whole`, lies in it.
    pub(crate) fn of(part: &str, whole: &str) -> Self {
        let start = part.as_ptr() as usize - whole.as_ptr() as usize;
        Self { start, end: start + part.len() }
    }

    /// What the span covers.
    pub(crate) fn of_text(self, whole: &str) -> &str {
        &whole[self.start..self.end]
    }

    /// Whether there is nothing.
    pub(crate) fn is_absent(self) -> bool {
        self.start == self.end
    }
}

/// One `"key": value` of an object, both as they are spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    /// The key with its quotes.
    pub(crate) key: &'a str,
    /// The value without the white space around it.
    pub(crate) value: &'a str,
}

impl<'a> Member<'a> {
    /// The key as text; an error if it is no Unicode (half a surrogate pair).
    pub(crate) fn name(&self) -> serde_json::Result<Cow<'a, str>> {
        unquoted(self.key)
    }

    /// Whether the key is this one.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().is_ok_and(|own| own == name)
    }
}

/// A JSON string as text.
pub(crate) fn unquoted(string: &str) -> serde_json::Result<Cow<'_, str>> {
    let inner = &string[1..string.len() - 1];
    if inner.contains('\\') { serde_json::from_str(string).map(Cow::Owned) } else { Ok(Cow::Borrowed(inner)) }
}

/// Calls `each` with every member of an object, in order.
pub(crate) fn each_member<'a>(object: &'a str, each: impl FnMut(Member<'a>)) -> serde_json::Result<()> {
    Members(each).deserialize(&mut serde_json::Deserializer::from_str(object))
}

/// All members of an object, in order; none if it is no object.
pub(crate) fn members(object: &str) -> Vec<Member<'_>> {
    let mut all = Vec::new();
    match each_member(object, |member| all.push(member)) {
        Ok(()) => all,
        Err(_) => Vec::new(),
    }
}

struct Members<F>(F);

impl<'a, F: FnMut(Member<'a>)> DeserializeSeed<'a> for Members<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a, F: FnMut(Member<'a>)> Visitor<'a> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            (self.0)(Member { key: key.get(), value: value.get() });
        }
        Ok(())
    }
}

/// The outermost value of a GeoJSON file: an object whose `features` are already cut apart, or anything else.
pub(crate) enum Outermost<'a> {
    Object(Vec<TopMember<'a>>),
    /// What it is instead, with its article.
    Other(&'static str),
}

/// A member of the outermost object.
pub(crate) struct TopMember<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: TopValue<'a>,
}

/// The value of a member of the outermost object.
pub(crate) enum TopValue<'a> {
    /// `features`, if it is an array.
    Features(Vec<&'a str>),
    /// Any other member as it is spelled.
    Raw(&'a str),
    /// `features`, if it is something else; what it is, with its article.
    NoArray(&'static str),
}

impl<'a> Deserialize<'a> for Outermost<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OutermostVisitor)
    }
}

/// The visits of values that are neither array nor object: each is named and dropped.
macro_rules! name_plain_values {
    ($wrap:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($wrap("a truth value"))
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($wrap("a number"))
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($wrap("a number"))
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($wrap("a number"))
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($wrap("a text"))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($wrap("null"))
        }
    };
}

struct OutermostVisitor;

impl<'a> Visitor<'a> for OutermostVisitor {
    type Value = Outermost<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection")
    }

    name_plain_values!(Outermost::Other);

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Outermost::Other("an array"))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(key) = map.next_key::<&RawValue>()? {
            let key = key.get();
            let value = if unquoted(key).is_ok_and(|name| name == "features") {
                map.next_value_seed(FeaturesVisitor)?
            } else {
                TopValue::Raw(map.next_value::<&RawValue>()?.get())
            };
            all.push(TopMember { key, value });
        }
        Ok(Outermost::Object(all))
    }
}

struct FeaturesVisitor;

impl<'a> DeserializeSeed<'a> for FeaturesVisitor {
    type Value = TopValue<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for FeaturesVisitor {
    type Value = TopValue<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    name_plain_values!(TopValue::NoArray);

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut features = Vec::new();
        while let Some(feature) = array.next_element::<&RawValue>()? {
            features.push(feature.get());
        }
        Ok(TopValue::Features(features))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(TopValue::NoArray("an object"))
    }
}

/// What a value is, with its article, from its first character.
pub(crate) fn kind_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "a truth value",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// How many arrays and objects of a valid value lie in one another.
pub(crate) fn depth(value: &str) -> usize {
    let (mut now, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in value.bytes() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now -= 1,
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_lie_where_they_stand() {
        let text = r#" {"a" : [1, 2] , "\u0062":{"c":"}"}}"#;
        let all = members(text);
        assert_eq!(all.len(), 2);
        assert_eq!(Span::of(all[0].value, text), Span { start: 8, end: 14 });
        assert_eq!(all[1].name().unwrap(), "b");
        assert_eq!(all[1].value, r#"{"c":"}"}"#);
    }

    #[test]
    fn depth_ignores_brackets_in_text() {
        assert_eq!(depth(r#"{"a": [1, {"b": "[[[\"[[\\"}]}"#), 3);
        assert_eq!(depth("1"), 0);
    }
}
