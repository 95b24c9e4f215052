//! The report page: one HTML file that holds everything a reader needs, and asks the network for nothing.
//!
//! Every picture and table is markup, so that the page can be read and printed without its script. The script links
//! them: a city under the pointer is marked wherever it stands. Style and script are constant, and the page's content
//! security policy names their digests and allows no other.

mod cities;
mod digest;
mod families;
mod figures;
mod html;
mod island;
mod methods;
mod notes;
mod profile;
mod provenance;
mod standing;
mod tables;

use std::io::{self, Write};
use std::sync::LazyLock;

use crate::Language;
use crate::finding::Finding;
use crate::measures::{Family, measure};
use crate::picture::{Figure, Ground, HATCH, Place};
use crate::write::Report;
use crate::write::columns::NamedColumn;
use crate::write::sheet::Sheet;
use html::Html;
use standing::Standing;

static STYLE: LazyLock<String> = LazyLock::new(|| compact(include_str!("style.css")));
static SCRIPT: LazyLock<String> = LazyLock::new(|| compact(include_str!("script.js")));

/// Code without its indents and lines of comment.
fn compact(code: &str) -> String {
    let lines = code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What a page is made from.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The run.
    pub report: &'a Report,
    /// The columns of the annotated map.
    pub columns: &'a [NamedColumn<'a>],
    /// The tables of the measures.
    pub sheets: &'a [Sheet<'a>],
    /// The pictures, and the ground of their maps where there are any.
    pub figures: &'a [Figure],
    /// The ground of the maps, where any were drawn.
    pub ground: Option<&'a Ground>,
    /// What the run found, in sentences.
    pub findings: &'a [Finding],
    /// The files that lie beside the page.
    pub files: &'a [String],
}

/// A section of the page: its anchor, its title, and what is in it.
struct Section {
    id: &'static str,
    title: &'static str,
    body: String,
}

impl Page<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(self.text().as_bytes())
    }

    fn text(&self) -> String {
        let mut html = Html::default();
        html.raw("<!DOCTYPE html>\n").open("html", &[("lang", self.report.language.tag())]);
        self.head(&mut html);
        html.open("body", &[]);
        self.ground(&mut html);
        let sections = self.sections();
        self.masthead(&mut html, &sections);
        html.open("main", &[]);
        for (i, Section { id, title, body }) in sections.iter().enumerate() {
            html.within("section", &[("id", id)], |html| {
                html.element("h2", &[], &format!("{}. {title}", i + 1)).raw(body);
            });
            html.raw("\n");
        }
        html.close("main");
        island::write(&mut html, self);
        html.raw("\n<script>").raw(&SCRIPT).raw("</script></body></html>\n");
        html.into_text()
    }

    fn head(&self, html: &mut Html) {
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data: blob:; base-uri 'none'; form-action 'none'",
            digest::of(&STYLE),
            digest::of(&SCRIPT)
        );
        html.raw("<head><meta charset=\"utf-8\">");
        html.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
        html.open("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        html.open("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        html.open("meta", &[("name", "generator"), ("content", concat!("agglo ", env!("CARGO_PKG_VERSION")))]);
        html.element("title", &[], &self.title());
        html.raw("<style>").raw(&STYLE).raw("</style></head>\n");
    }

    /// The shapes of the cities, once for all maps.
    fn ground(&self, html: &mut Html) {
        if let Some(ground) = self.ground {
            html.raw("<svg class=\"ground\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
            html.raw(HATCH).raw(&ground.shapes()).raw("</defs></svg>\n");
        }
    }

    /// `cities: gdp per head`: whose report it is, and of what.
    fn title(&self) -> String {
        let cities = self.report.inputs.iter().find(|input| input.role == "cities");
        let stem = cities.map_or("agglo", |input| input.name.split('.').next().unwrap_or_default());
        let values = distinct(self.report.values.iter().map(|value| value.name.as_str()));
        match values.as_slice() {
            [] => stem.to_owned(),
            values => format!("{stem}{}{}", self.say(": ", "："), values.join(self.report.language.comma())),
        }
    }

    fn masthead(&self, html: &mut Html, sections: &[Section]) {
        html.open("header", &[]).element("h1", &[], &self.title());
        html.open("p", &[("class", "facts")]);
        for fact in self.facts() {
            html.element("span", &[], &fact);
        }
        html.close("p");
        html.within("nav", &[("aria-label", self.say("Contents", "目录"))], |html| {
            sections.iter().for_each(|section| {
                html.link(section.id, section.title);
            });
        });
        html.close("header").raw("\n");
    }

    /// How many cities, which years, weights and seed.
    fn facts(&self) -> Vec<String> {
        let report = self.report;
        let mut facts = vec![match report.cities.len() {
            n if self.is_chinese() => format!("{n} 个城市"),
            n => format!("{n} cities"),
        }];
        let mut years: Vec<i32> = report.values.iter().filter_map(|value| value.year).chain(report.years()).collect();
        years.sort_unstable();
        years.dedup();
        match years.as_slice() {
            [] => {}
            [.., last] if years.len() > 4 => {
                facts.push(format!("{}–{last} ({})", years[0], self.say("several years", "多个年份")))
            }
            years => facts.push(years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")),
        }
        let weights = distinct(report.weights.iter().map(|weights| weights.label()));
        if !weights.is_empty() {
            facts.push(format!("{} {}", self.say("weights", "权重"), weights.join(", ")));
        }
        if let Some(inference) = &report.inference {
            let (permutations, seed) = (inference.permutations, inference.seed);
            facts.push(self.say(format!("{permutations} permutations"), format!("置换 {permutations} 次")));
            facts.push(self.say(format!("seed {seed}"), format!("种子 {seed}")));
        }
        facts
    }

    /// The sections that have something in them.
    fn sections(&self) -> Vec<Section> {
        let standing = Standing::of(self);
        let mut sections = Vec::new();
        let mut add = |id, title, content: &dyn Fn(&mut Html)| {
            let mut html = Html::default();
            content(&mut html);
            let body = html.into_text();
            if !body.is_empty() {
                sections.push(Section { id, title, body });
            }
        };
        add("findings", self.say("Key findings", "主要发现"), &|html| families::key_findings(html, self));
        add("notes", self.say("Notes", "说明"), &|html| notes::write(html, self));
        add("maps", self.say("Maps", "地图"), &|html| figures::grid(html, self, Place::Maps));
        for &family in Family::ALL {
            let (title, _) = families::words(family, self.report.language);
            add(family.name(), title, &|html| families::write(html, self, family));
        }
        add("cities", self.say("Cities", "城市"), &|html| cities::write(html, self, &standing));
        add("profiles", self.say("City profiles", "城市档案"), &|html| profile::write(html, self, &standing));
        add("methods", self.say("Methods", "方法"), &|html| methods::write(html, self));
        add("provenance", self.say("Provenance", "来源与再现"), &|html| provenance::write(html, self));
        sections
    }

    /// Of two texts that say the same, that in the language of the report.
    fn say<T>(&self, english: T, chinese: T) -> T {
        self.report.language.choose(english, chinese)
    }

    fn is_chinese(&self) -> bool {
        self.report.language == Language::Chinese
    }

    /// The year that is shown where several were analysed.
    fn last_year(&self) -> Option<i32> {
        self.report.years().into_iter().max()
    }
}

/// The family of a measure.
fn family_of(name: &str) -> Option<Family> {
    measure(name).map(|measure| measure.about().family)
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    names.for_each(|name| {
        if !found.contains(&name) {
            found.push(name);
        }
    });
    found
}

/// The anchor of a city: its id in letters that anchors may have, whatever it is.
fn anchor(id: &str) -> String {
    let mut text = "city-".to_owned();
    for byte in id.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => text.push(byte.into()),
            other => text += &format!("%{other:02X}"),
        }
    }
    text
}

#[cfg(test)]
mod tests;
