//! Text from data is text in every file that a run writes: names, ids, columns, groups and sectors cannot become markup,
//! formulas, commands or paths.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[path = "common/desk.rs"]
mod desk;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use desk::{Desk, err};
use serde_json::{Value, json};

/// What somebody might call a city.
const NAMES: [&str; 15] = [
    "</title></script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onload=\"alert(1)\" x='",
    "' onmouseover='alert(1)",
    "]]></text></svg><foreignObject/>",
    "<!-- <![CDATA[ &amp; &lol; &#0;",
    "=HYPERLINK(\"https://example.org\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\\input{/etc/passwd} \\write18{ls} 50% & $x_1^2$ ~#{}",
    "a | b\n# c `d` [e](javascript:alert(1))",
    "\u{1b}[31mred\u{1b}[0m \u{202e}dlo\u{2066}",
    "one,two;\"three\"\tfour\r\nfive",
    "../../escaped",
];

/// Characters that steer a terminal, or turn the direction of what follows.
const STEERING: [char; 3] = ['\u{1b}', '\u{202e}', '\u{2066}'];

/// The column that is analysed, and the kinds of other text that reach the files.
const VALUE: &str = "=gdp<b>&\"'|\\cmd{%}";
const GROUPS: [&str; 2] = ["=1+1</svg><script>alert(2)</script>", "\\input{g}&\"'<i>"];
const SECTORS: [&str; 3] = ["@cmd()<b>", "\\input{s}&\"'", "]]><script>alert(3)</script>"];

fn id(i: usize) -> String {
    match i % 3 {
        0 => format!("../{i}\"><svg onload=alert(4)>"),
        1 => format!("=cmd({i})&'"),
        _ => format!("\\input{{{i}}}%"),
    }
}

/// Square cities in rows of five, all of whose texts are hostile.
fn cities() -> String {
    let feature = |(i, name): (usize, &&str)| {
        let (x, y) = (110 + i % 5, 30 + i / 5);
        let ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]];
        let properties = json!({
            "code": id(i), "name": name, VALUE: 100 - 17 * (i % 5) - i / 5, "people": 10 + i, "group": GROUPS[usize::from(i > 6)],
        });
        json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features: Vec<Value> = NAMES.iter().enumerate().map(feature).collect();
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Records as CSV.
fn table(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.into_iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The folder of a run with everything that can carry text.
fn out() -> PathBuf {
    static DESK: OnceLock<Desk> = OnceLock::new();
    let desk = DESK.get_or_init(|| {
        let desk = Desk::new();
        fs::create_dir(desk.path("work")).unwrap();
        let n = NAMES.len();
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let head = row(&["from", "to", "weight"]);
        let links = (1..n).flat_map(|i| [(i, i / 2), (i / 2, i), (i, 0)]).filter(|(i, j)| i != j);
        let links =
            links.collect::<BTreeSet<_>>().into_iter().map(|(i, j)| vec![id(i), id(j), (i + 2 * j + 1).to_string()]);
        let sectors =
            (0..n).map(|i| vec![id(i), (1 + i % 4).to_string(), (2 + i % 3).to_string(), (3 + i % 5).to_string()]);
        desk.put("work/cities.geojson", &cities());
        desk.put("work/links.csv", &table(std::iter::once(head).chain(links)));
        desk.put(
            "work/industry.csv",
            &table(std::iter::once([&["code".to_owned()][..], &SECTORS.map(str::to_owned)].concat()).chain(sectors)),
        );
        let files = ["work/cities.geojson", "--links", "work/links.csv", "--industry", "work/industry.csv"];
        let columns =
            ["--id", "code", "--value", VALUE, "--population", "people", "--mass", "people", "--group", "group"];
        let few = ["--permutations", "19", "--bootstrap", "9", "--alpha", "0.5", "--out-dir", "work/out"];
        let output = desk.agglo(&[&["analyse"], &files[..], &columns, &few].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(stream.clone()).unwrap();
            assert!(!text.contains(STEERING), "the terminal is steered");
        }
        desk
    });
    desk.path("work/out")
}

/// The files of the run with this extension, with their texts; there are some.
fn files(extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = out();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|other| other == extension) {
                found.push((
                    path.strip_prefix(&root).unwrap().display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    assert!(!found.is_empty(), "no .{extension}");
    found.sort();
    found
}

/// Whether a text stands in one of the files, so that a check of them means something.
fn stands_in(files: &[(String, String)], text: &str) -> bool {
    files.iter().any(|(_, file)| file.contains(text))
}

/// Each start tag of an HTML page: its name and the names of its attributes. Scripts and styles are passed over.
fn tags(page: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        while !name.is_empty() && !rest.starts_with('>') {
            rest = rest.trim_start_matches([' ', '\n', '/']);
            let attribute: String = rest.chars().take_while(|c| !" =>/\n".contains(*c)).collect();
            rest = &rest[attribute.len()..];
            if let Some(quoted) = rest.strip_prefix("=\"") {
                rest = quoted.split_once('"').unwrap().1;
            } else if let Some(bare) = rest.strip_prefix('=') {
                rest = bare.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "#-_.%".contains(c));
            }
            if !attribute.is_empty() {
                attributes.push(attribute);
            }
        }
        if name == "script" || name == "style" {
            rest = rest.split_once(&format!("</{name}>")).unwrap().1;
        }
        if !name.is_empty() {
            found.push((name, attributes));
        }
    }
    found
}

#[test]
fn the_page_holds_the_markup_of_the_program_alone() {
    let page = files("html");
    let tags = tags(&page[0].1);
    assert!(tags.len() > 500, "{} tags", tags.len());
    let foreign = ["img", "i", "foreignObject", "iframe", "object", "embed", "link", "base", "form"];
    for (name, attributes) in &tags {
        assert!(!foreign.contains(&name.as_str()), "<{name}>");
        let handler = attributes.iter().find(|attribute| attribute.to_ascii_lowercase().starts_with("on"));
        assert_eq!(handler, None, "<{name}>");
    }
    assert_eq!(tags.iter().filter(|(name, _)| name == "script").count(), 2, "the data and the script of the page");
    assert!(stands_in(&page, "&lt;img src=x onerror=alert(1)&gt;"));
    assert!(!stands_in(&page, "<img") && !page[0].1.contains(STEERING));
}

#[test]
fn figures_and_styles_and_graphs_are_well_formed_and_hold_names_as_text() {
    for extension in ["svg", "qml", "graphml"] {
        let files = files(extension);
        let mut texts = BTreeSet::new();
        for (file, text) in &files {
            let xml = text.strip_prefix("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>").unwrap_or(text);
            let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{file}: {error}"));
            for node in document.descendants() {
                let name = node.tag_name().name();
                assert!(!["script", "foreignObject", "img", "i", "b"].contains(&name), "{file}: <{name}>");
                let handler =
                    node.attributes().find(|attribute| attribute.name().to_ascii_lowercase().starts_with("on"));
                assert!(handler.is_none(), "{file}: {handler:?}");
                texts.extend(node.text().map(str::to_owned));
                texts.extend(node.attributes().map(|attribute| attribute.value().to_owned()));
            }
        }
        assert!(texts.iter().any(|text| text.contains("<script>alert(")), "no name of ours is in any .{extension}");
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for (extension, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let files = files(extension);
        for (file, text) in &files {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap_or_else(|error| panic!("{file}: {error}")) {
                    let formula =
                        cell.trim_start().starts_with(['=', '@', '+', '-', '\t']) && cell.parse::<f64>().is_err();
                    assert!(!formula && !cell.contains(STEERING), "{file}: {cell:?}");
                }
            }
        }
        assert!(stands_in(&files, "'=HYPERLINK(") && stands_in(&files, "'@SUM(1+1)") && stands_in(&files, "'-2+3"));
    }
}

#[test]
fn latex_sets_every_text_as_it_is() {
    let files = files("tex");
    for (file, text) in &files {
        for command in ["\\input", "\\write", "\\cmd"] {
            assert!(!text.contains(command), "{file}: {command}");
        }
        let plain = text.replace("\\resizebox{\\textwidth}{!}{%\n", "{");
        let bare = |special: char| plain.match_indices(special).find(|(at, _)| !plain[..*at].ends_with('\\'));
        assert_eq!(['%', '#', '~'].into_iter().find_map(bare), None, "{file}");
        let depth = plain.replace("\\{", "").replace("\\}", "").chars().fold(0i64, |depth, c| match c {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        });
        assert_eq!(depth, 0, "{file}: braces");
        for line in plain.lines() {
            assert_eq!(line.replace("\\$", "").matches('$').count() % 2, 0, "{file}: {line}");
        }
        assert!(!text.contains(STEERING), "{file}");
    }
    assert!(stands_in(&files, "\\textbackslash{}input\\{/etc/passwd\\} \\textbackslash{}write18"));
}

#[test]
fn markdown_shows_every_text_as_it_is() {
    let files = files("md");
    for (file, text) in &files {
        assert!(!text.contains('<'), "{file}: markup");
        assert!(!text.contains("[e](") && !text.contains("\n# c") && !text.contains(STEERING), "{file}");
    }
    assert!(stands_in(&files, "a \\| b"));
}

#[test]
fn annotated_maps_and_results_read_back_to_the_same_texts() {
    for (file, text) in files("geojson").iter().chain(&files("json")) {
        serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    let annotated: Value =
        serde_json::from_str(&fs::read_to_string(out().join("cities.annotated.geojson")).unwrap()).unwrap();
    let names =
        annotated["features"].as_array().unwrap().iter().map(|feature| feature["properties"]["name"].as_str().unwrap());
    assert!(names.eq(NAMES));
}

#[test]
fn names_and_ids_are_no_paths() {
    let out = out();
    let work = out.parent().unwrap();
    let beside = |folder: &Path| {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let (inside, above): (BTreeSet<String>, BTreeSet<String>) = (beside(work), beside(work.parent().unwrap()));
    assert_eq!(inside, ["cities.geojson", "industry.csv", "links.csv", "out"].map(str::to_owned).into());
    assert_eq!(above, ["work".to_owned()].into());
    for extension in ["svg", "qml", "csv", "tsv", "tex", "md", "geojson"] {
        for (file, _) in files(extension) {
            let portable = |c: char| c.is_alphanumeric() || "._-/".contains(c);
            assert!(file.chars().all(portable), "{file}");
        }
    }
}
