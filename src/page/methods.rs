//! How everything was measured, from the registry that made it.

use serde_json::Value;

use super::html::Html;
use super::{Page, families};
use crate::measures::{About, Family, MEASURES};

/// Every measure that ran.
pub fn write(html: &mut Html, page: &Page) {
    for &family in Family::ALL {
        let ran: Vec<&About> = MEASURES
            .iter()
            .map(|measure| measure.about())
            .filter(|about| about.family == family && page.report.outcomes.iter().any(|o| o.measure == about.name))
            .collect();
        if ran.is_empty() {
            continue;
        }
        html.element("h3", &[], families::words(family, page.report.language).0);
        ran.into_iter().for_each(|about| measure(html, page, about));
    }
}

fn measure(html: &mut Html, page: &Page, about: &About) {
    html.folded(
        &[("id", &format!("method-{}", about.name)), ("class", "method"), ("lang", "en")],
        about.title,
        |html| {
            html.element("p", &[("class", "question")], about.question);
            html.within("p", &[("class", "formula")], |html| {
                html.element("code", &[], about.formula);
            });
            html.open("dl", &[]);
            for (symbol, meaning) in about.symbols {
                html.element("dt", &[], symbol).element("dd", &[], meaning);
            }
            html.close("dl").element("p", &[("class", "rest")], about.reading);
            html.element("p", &[("class", "rest")], about.variant);
            let options = options(page, about.name);
            if !options.is_empty() {
                html.open("p", &[]).text("Options: ").element("code", &[], &options).close("p");
            }
            html.element("p", &[("class", "reference")], about.reference);
        },
    );
    html.raw("\n");
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
