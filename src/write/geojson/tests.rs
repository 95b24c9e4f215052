use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn document(text: &str) -> Document {
    Document::parse(text.as_bytes().to_vec(), "c.geojson").unwrap()
}

fn column(name: &str, values: AnnotatedValues) -> AnnotatedColumn {
    AnnotatedColumn { name: name.to_owned(), values }
}

/// Three columns of different types, with values that are awkward to write.
fn annotation(n: usize) -> Annotation {
    let numbers = [0.1, -0.0, f64::NAN, 1e300, 3.0, f64::INFINITY];
    let texts = ["HH", "isolate", "\"a\\b\"\n", "市"];
    Annotation {
        columns: vec![
            column("lisa_i", AnnotatedValues::Numbers((0..n).map(|i| numbers[i % numbers.len()]).collect())),
            column("lisa_cl", AnnotatedValues::Texts((0..n).map(|i| texts[i % texts.len()].to_owned()).collect())),
            column("rank", AnnotatedValues::Counts((0..n).map(|i| (i % 3 > 0).then_some(i as i64)).collect())),
        ],
        member: json!({"version": "0.1.0", "columns": {"lisa_i": {"label": "Local Moran, 局部"}}}),
        replace: false,
    }
}

fn annotated(text: &str, annotation: &Annotation) -> String {
    let mut out = Vec::new();
    annotate(&document(text), annotation, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn is_subsequence(small: &str, large: &str) -> bool {
    let mut bytes = large.bytes();
    small.bytes().all(|byte| bytes.any(|other| other == byte))
}

#[test]
fn numbers_are_real_and_counts_whole() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":1.10}},{"type":"Feature","geometry":null,"properties":{}},{"type":"Feature","geometry":null,"properties":null},{"type":"Feature","geometry":null}]}"#;
    assert_eq!(
        annotated(text, &annotation(4)),
        concat!(
            r#"{"type":"FeatureCollection","features":["#,
            r#"{"type":"Feature","geometry":null,"properties":{"a":1.10,"lisa_i":0.1,"lisa_cl":"HH","rank":null}},"#,
            r#"{"type":"Feature","geometry":null,"properties":{"lisa_i":0.0,"lisa_cl":"isolate","rank":1}},"#,
            r#"{"type":"Feature","geometry":null,"properties":{"lisa_i":null,"lisa_cl":"\"a\\b\"\n","rank":2},"agglo_properties":null},"#,
            r#"{"type":"Feature","geometry":null,"properties":{"lisa_i":1e+300,"lisa_cl":"市","rank":null},"agglo_properties":"absent"}"#,
            r#"],"agglo":{"version":"0.1.0","columns":{"lisa_i":{"label":"Local Moran, 局部"},"lisa_cl":{},"rank":{}}}}"#
        )
    );
}

#[test]
fn indentation_is_that_of_the_member_before() {
    let text = "{\r\n  \"type\": \"FeatureCollection\",\r\n  \"features\": [\r\n    {\r\n      \"type\": \"Feature\",\r\n      \"properties\": {\r\n        \"a\": 1\r\n      },\r\n      \"geometry\": null\r\n    }\r\n  ]\r\n}\r\n";
    let mut small = annotation(1);
    small.columns.truncate(1);
    small.member = Value::Null;
    let out = annotated(text, &small);
    assert!(out.contains("        \"a\": 1,\r\n        \"lisa_i\": 0.1\r\n      },"), "{out}");
    assert!(
        out.ends_with("  ],\r\n  \"agglo\": {\r\n    \"columns\": {\r\n      \"lisa_i\": {}\r\n    }\r\n  }\r\n}\r\n"),
        "{out}"
    );
    assert_eq!(strip(&out).unwrap(), text);
}

#[test]
fn a_column_that_exists_is_refused_with_the_right_remedy() {
    let text =
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"lisa_i":1},"geometry":null}]}"#;
    for replace in [false, true] {
        let error = check_columns(&document(text), ["lisa_p", "lisa_i"], replace).unwrap_err();
        assert_eq!(error.faults().len(), 1);
        assert_eq!(error.faults()[0].message(), "column lisa_i exists already");
        assert!(error.faults()[0].remedy().unwrap().contains("--prefix"));
    }
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}"#;
    let once = annotated(text, &annotation(1));
    let error = annotate(&document(&once), &annotation(1), &mut Vec::new()).unwrap_err();
    assert_eq!(error.faults().len(), 3);
    assert!(error.faults()[0].remedy().unwrap().contains("--replace"));
    assert_eq!(annotated(&once, &Annotation { replace: true, ..annotation(1) }), once);
}

#[test]
fn a_column_that_differs_in_case_only_is_refused() {
    let text =
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"LISA_I":1},"geometry":null}]}"#;
    let error = check_columns(&document(text), ["lisa_i"], true).unwrap_err();
    assert_eq!(error.faults()[0].message(), "column lisa_i differs from \"LISA_I\" in case only");
    assert!(check_columns(&document(text), ["a", "A"], true).is_err());
}

#[test]
fn annotations_come_off_also_after_their_members_were_sorted() {
    let sorted = r#"{"agglo":{"columns":{"i":{}}},"features":[
{"agglo_properties":null,"geometry":null,"properties":{"i":1.0},"type":"Feature"},
{"agglo_properties":"absent","geometry":null,"properties":{"i":1.0},"type":"Feature"},
{"geometry":null,"properties":{"a":5,"i":1.0},"type":"Feature"}],"type":"FeatureCollection"}"#;
    let stripped = r#"{"features":[
{"geometry":null,"properties":{},"type":"Feature"},
{"geometry":null,"type":"Feature"},
{"geometry":null,"properties":{"a":5},"type":"Feature"}],"type":"FeatureCollection"}"#;
    assert_eq!(strip(sorted).unwrap(), stripped);
}

#[test]
fn annotations_lie_on_one_another_and_come_off_in_turn() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":null}]}"#;
    let once = annotated(text, &annotation(1));
    let mut other = annotation(1);
    other.columns.iter_mut().for_each(|column| column.name.insert_str(0, "net_"));
    let twice = annotated(&once, &other);
    assert!(twice.contains("\"agglo_2\":"));
    assert_eq!(strip(&twice).unwrap(), once);
    assert_eq!(strip(&once).unwrap(), text);
    let again = annotated(&twice, &Annotation { replace: true, ..other });
    assert_eq!(again, twice);
}

#[test]
fn a_member_of_that_name_that_is_not_ours_stays() {
    let text = r#"{"type":"FeatureCollection","agglo":"mine","features":[{"type":"Feature","properties":{"lisa_i2":1},"geometry":null}]}"#;
    let out = annotated(text, &annotation(1));
    assert!(out.contains(r#""agglo":"mine""#) && out.contains(r#""agglo_2":{"#));
    assert_eq!(strip(&out).unwrap(), text);
    assert_eq!(strip(text).unwrap(), text);
}

#[test]
fn columns_are_as_long_as_there_are_features() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}"#;
    let error = annotate(&document(text), &annotation(2), &mut Vec::new()).unwrap_err();
    assert_eq!(error.faults().len(), 3);
}

/// A JSON text put together from tokens, with white space of all sorts between them.
struct Weaver<'a> {
    spaces: &'a [&'static str],
    at: usize,
    out: String,
}

impl Weaver<'_> {
    fn token(&mut self, token: &str) {
        self.out.push_str(token);
        self.out.push_str(self.spaces[self.at % self.spaces.len()]);
        self.at += 1;
    }

    fn object(&mut self, members: &[(String, String)]) {
        self.token("{");
        for (i, (key, value)) in members.iter().enumerate() {
            if i > 0 {
                self.token(",");
            }
            self.token(key);
            self.token(":");
            self.token(value);
        }
        self.token("}");
    }

    fn woven(spaces: &[&'static str], members: &[(String, String)]) -> String {
        let mut weaver = Weaver { spaces, at: members.len(), out: String::new() };
        weaver.object(members);
        weaver.out
    }
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![r#""a""#, r#""\u0062""#, r#""市""#, r#""q\"\\""#, r#""lisa""#, r#""x y""#, r#""é\/""#])
        .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "1.10",
        "-0.0",
        "1e3",
        "9007199254740993",
        "null",
        "true",
        r#""}]""#,
        r#""\"\\""#,
        r#""\u6b66 \/""#,
        "[ ]",
        "{ }",
        r#"[1, {"a": "{"}]"#,
        r#"{"n":[[]],  "m" : 1E+400}"#,
    ])
    .prop_map(str::to_owned)
}

fn foreign() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map(key(), value(), 0..4).prop_map(|members| members.into_iter().collect())
}

fn spaces() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["", "", " ", "\n", "\r\n\t", "  "]), 1..12)
}

/// A feature: with its properties as an object, null or absent, its members in any order.
fn feature() -> impl Strategy<Value = String> {
    let properties = prop_oneof![
        4 => (foreign(), spaces()).prop_map(|(members, spaces)| Some(Weaver::woven(&spaces, &members))),
        1 => Just(Some("null".to_owned())),
        1 => Just(None),
    ];
    let id = prop::option::of(prop::sample::select(vec!["7", "\"7\"", "1.0", "\"\\u0037\"", "null"]));
    (properties, id, foreign(), spaces(), any::<prop::sample::Index>()).prop_map(
        |(properties, id, foreign, spaces, turn)| {
            let mut members =
                vec![("\"type\"".to_owned(), "\"Feature\"".to_owned()), ("\"geometry\"".to_owned(), "null".to_owned())];
            members
                .extend(properties.map(|properties| ("\"properties\"".to_owned(), properties.trim_end().to_owned())));
            members.extend(id.map(|id| ("\"id\"".to_owned(), id.to_owned())));
            members.extend(foreign);
            let by = turn.index(members.len());
            members.rotate_left(by);
            Weaver::woven(&spaces, &members).trim_end().to_owned()
        },
    )
}

fn collection() -> impl Strategy<Value = String> {
    (prop::collection::vec(feature(), 1..6), foreign(), spaces(), any::<prop::sample::Index>(), spaces()).prop_map(
        |(features, foreign, spaces, turn, separators)| {
            let joined = features.join(&format!("{0},{0}", separators[0]));
            let mut members = vec![
                ("\"type\"".to_owned(), "\"FeatureCollection\"".to_owned()),
                ("\"features\"".to_owned(), format!("[{joined}{}]", separators[0])),
            ];
            members.extend(foreign);
            let by = turn.index(members.len());
            members.rotate_left(by);
            Weaver::woven(&spaces, &members)
        },
    )
}

proptest! {
    #[test]
    fn stripping_gives_back_every_byte(text in collection()) {
        let input = document(&text);
        let mut out = Vec::new();
        annotate(&input, &annotation(input.len()), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        prop_assert!(is_subsequence(&text, &out));
        prop_assert_eq!(&strip(&out).unwrap(), &text);
        let output = document(&out);
        for i in 0..input.len() {
            prop_assert!(output.has_properties(i));
            prop_assert_eq!(output.feature_id(i), input.feature_id(i));
            for old in input.properties().columns.iter() {
                let new = output.properties().column(&old.name);
                prop_assert_eq!(new.map(|new| new.cell(i)), Some(old.cell(i)));
            }
        }
        let is_new = |name: &str| input.properties().column(name).is_none();
        let mut names: Vec<_> = output.properties().names().filter(|name| is_new(name)).collect();
        names.sort_unstable();
        prop_assert_eq!(names, ["lisa_cl", "lisa_i", "rank"]);
    }
}
