//! How everything was measured, from the registry that made it.

use serde_json::Value;

use super::html::Html;
use super::{Page, families};
use crate::measures::{About, Family, MEASURES, chinese};

/// Every measure that ran: its formula and its source.
pub fn write(html: &mut Html, page: &Page) {
    if page.report.outcomes.is_empty() {
        return;
    }
    html.element(
        "p",
        &[("class", "question")],
        page.say(
            "agglo explain NAME adds to each its symbols, how to read it, the variant chosen where programs differ, and the calls \
             of other programs that give the same numbers.",
            "各指标的符号、解读、变体选择及与其他软件的对应，见命令 agglo explain 名称。",
        ),
    );
    for &family in Family::ALL {
        let ran: Vec<&About> = MEASURES
            .iter()
            .map(|measure| measure.about())
            .filter(|about| about.family == family && page.report.outcomes.iter().any(|o| o.measure == about.name))
            .collect();
        if ran.is_empty() {
            continue;
        }
        html.folded(&[("class", "methods")], families::words(family, page.report.language).0, |html| {
            html.within("dl", &[], |html| ran.into_iter().for_each(|about| measure(html, page, about)));
        });
    }
}

/// Ends of elements that HTML does without are left out: there are nearly a hundred measures.
fn measure(html: &mut Html, page: &Page, about: &About) {
    let title = page.say(about.title, chinese::title(about.name));
    html.open("dt", &[("id", &format!("method-{}", about.name))]).text(title);
    html.open("dd", &[]).element("code", &[], about.formula);
    let options = options(page, about.name);
    if !options.is_empty() {
        html.open("p", &[]).text(page.say("Options: ", "选项：")).element("code", &[], &options);
    }
    html.open("p", &[]).text(about.reference).raw("\n");
}

/// The options that a measure's results differ in, each with its values.
fn options(page: &Page, name: &str) -> String {
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    for outcome in page.report.outcomes.iter().filter(|outcome| outcome.measure == name) {
        for (option, value) in &outcome.options {
            let text = value.as_str().map_or_else(|| text(value), str::to_owned);
            match found.iter_mut().find(|(other, _)| other == option) {
                Some((_, values)) if values.contains(&text) => {}
                Some((_, values)) => values.push(text),
                None => found.push((option, vec![text])),
            }
        }
    }
    let said: Vec<String> =
        found.into_iter().map(|(option, values)| format!("{option}={}", values.join("|"))).collect();
    said.join(" ")
}

fn text(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 { text.chars().take(60).collect::<String>() + "…" } else { text }
}
