//! The sections of the families: question, pictures, what was found, tables; and the findings that head the page.

use super::html::Html;
use super::{Page, family_of, figures, tables};
use crate::Language;
use crate::measures::Family;
use crate::picture::Place;

/// Title and question of a family.
pub fn words(family: Family, language: Language) -> (&'static str, &'static str) {
    match family {
        Family::Autocorrelation => language.choose(
            ("Spatial autocorrelation", "Is the value clustered in space or along the links, and where?"),
            ("空间自相关", "指标在空间上或沿联系网络是否集聚？集聚在何处？"),
        ),
        Family::Imbalance => language.choose(
            ("Inequality and convergence", "How unequal is the value, between whom, and is the gap closing?"),
            ("不平衡与收敛", "差距有多大？存在于哪些群体之间？是否在缩小？"),
        ),
        Family::Radiation => language.choose(
            ("Core and periphery", "Who is core, who is periphery, how far does each core reach?"),
            ("核心—边缘与辐射", "哪些城市是核心，哪些是边缘？各核心辐射多远？"),
        ),
        Family::Isomorphism => language.choose(
            ("Industrial isomorphism", "Which cities build the same industries, and which complement each other?"),
            ("产业同构", "哪些城市产业雷同，哪些互补？"),
        ),
        Family::Structure => language.choose(
            ("Structural change", "How did the industrial structure move?"),
            ("产业结构变动", "产业结构如何变化？"),
        ),
        Family::Index => language.choose(
            ("Composite index", "How far is each city developed, all things together?"),
            ("综合发展指数", "综合来看，各城市发展水平如何？"),
        ),
    }
}

/// The findings that head the page as cards, and where the others are.
pub fn key_findings(html: &mut Html, page: &Page) {
    if page.findings.is_empty() {
        return;
    }
    html.open("ul", &[("class", "cards")]);
    for finding in page.findings.iter().filter(|finding| finding.key) {
        html.open("li", &[]);
        if let Some(card) = &finding.figure {
            html.element("b", &[], &card.number).element("span", &[("class", "label")], &card.label);
        }
        html.element("p", &[], &finding.text).close("li");
    }
    html.close("ul").open("p", &[("class", "more")]).text(page.say("All findings: ", "全部发现："));
    for &family in Family::ALL {
        let count = page.findings.iter().filter(|finding| finding.family == family).count();
        if count > 0 {
            html.link(family.name(), &format!("{} ({count})", words(family, page.report.language).0)).text(" ");
        }
    }
    html.close("p");
}

/// The section of a family, where it has results.
pub fn write(html: &mut Html, page: &Page, family: Family) {
    if !page.report.outcomes.iter().any(|outcome| family_of(outcome.measure) == Some(family)) {
        return;
    }
    html.element("p", &[("class", "question")], words(family, page.report.language).1);
    let findings: Vec<&str> =
        page.findings.iter().filter(|finding| finding.family == family).map(|finding| finding.text.as_str()).collect();
    let (shown, folded) = findings.split_at(findings.len().min(6));
    list(html, shown);
    if !folded.is_empty() {
        let more = page.say(
            format!("{} more finding{}", folded.len(), if folded.len() == 1 { "" } else { "s" }),
            format!("其余 {} 条发现", folded.len()),
        );
        html.folded(&[], &more, |html| list(html, folded));
    }
    figures::grid(html, page, Place::Family(family));
    tables::write(html, page, family);
}

fn list(html: &mut Html, findings: &[&str]) {
    if !findings.is_empty() {
        html.within("ul", &[("class", "findings")], |html| {
            findings.iter().for_each(|text| {
                html.element("li", &[], text);
            });
        });
    }
}
