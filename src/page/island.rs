//! The data that the script works with: ids, names and columns of the cities, as JSON that no browser takes for markup.

use serde_json::{Value, json};

use super::html::Html;
use super::standing::Standing;
use super::{Page, families, profile};
use crate::measures::{Family, Values};
use crate::note::short;

/// Writes the data.
pub fn write(html: &mut Html, page: &Page) {
    let standing = Standing::of(page);
    let cities = &page.report.cities;
    let entries: Vec<Value> = standing
        .entries
        .iter()
        .map(|entry| {
            let family = entry.family.and_then(|family| Family::ALL.iter().position(|other| *other == family));
            json!({"label": entry.label, "family": family.map_or(0, |at| at + 1), "values": numbers(&entry.values)})
        })
        .collect();
    let titles = Family::ALL.iter().map(|family| families::words(*family, page.report.language).0);
    let families: Vec<&str> = std::iter::once(page.say("Values", "指标值")).chain(titles).collect();
    let neighbours: Vec<&[u32]> = (0..cities.len()).map(|i| profile::neighbours(page, i)).collect();
    let data = json!({
        "ids": cities.ids, "names": cities.names, "columns": entries, "families": families, "ranking": standing.ranking,
        "neighbours": neighbours, "words": words(page),
    });
    html.raw("<script type=\"application/json\" id=\"data\">").raw(&harmless(&data.to_string())).raw("</script>");
}

/// Numbers in four digits; classes and texts by their places.
fn numbers(values: &Values) -> Value {
    match values {
        Values::Numbers(v) => v.iter().map(|x| short(*x).parse::<f64>().map_or(Value::Null, rounded)).collect(),
        Values::Counts(v) => v.iter().map(|x| Value::from(*x)).collect(),
        Values::Classes(v) => texts(v.iter().map(|x| Some(*x))),
        Values::Texts(v) => texts(v.iter().map(Option::as_deref)),
    }
}

/// Texts, each once, and the place of each city's among them.
fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Value {
    let mut found: Vec<&str> = Vec::new();
    let of: Vec<Option<usize>> = values
        .map(|text| {
            let text = text?;
            Some(found.iter().position(|other| *other == text).unwrap_or_else(|| {
                found.push(text);
                found.len() - 1
            }))
        })
        .collect();
    json!({"texts": found, "of": of})
}

/// Whole numbers without `.0`.
fn rounded(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 1e15 { Value::from(x as i64) } else { Value::from(x) }
}

/// JSON in which nothing ends the element that it stands in, or a line of a script, or turns the direction of text.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                text += &format!("\\u{:04x}", c as u32)
            }
            other => text.push(other),
        }
    }
    text
}

fn words(page: &Page) -> Value {
    let say = |english: &str, chinese: &str| Value::from(page.say(english, chinese));
    json!({
        "theme": say("Theme", "主题"), "auto": say("auto", "自动"), "light": say("light", "浅色"), "dark": say("dark", "深色"),
        "svg": say("SVG", "SVG"), "csv": say("CSV", "CSV"), "copy": say("Copy", "复制"), "copied": say("Copied", "已复制"),
        "filter": say("Filter cities", "筛选城市"), "clear": say("Clear selection", "清除选择"),
        "selected": say("selected", "已选"), "neighbours": say("neighbours", "相邻城市"),
        "keys": say(
            "Arrow keys move from city to city, Enter selects, Escape clears",
            "方向键切换城市，回车选中，Esc 清除"),
        "scatter": say("Drag to select cities", "拖动可框选城市"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_their_element() {
        let text = harmless(&json!("</script><!--&\u{2028}").to_string());
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "</script><!--&\u{2028}");
    }
}
