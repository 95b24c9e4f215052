//! Pictures of what a run found: maps and charts as SVG, one file a picture.
//!
//! The same drawing serves the report page and the files in `figures/`. A picture is drawn from outcomes and never
//! computes a result of its own. [`PICTURES`] lists them all; each gives a [`Figure`] for every result that it can show.

pub mod classify;
pub mod ground;
pub mod heat;
pub mod industry;
pub mod labels;
pub mod legend;
pub mod map;
pub mod pairs;
pub mod palette;
pub mod plot;
pub mod reach;
pub mod rows;
pub mod scale;
pub mod stack;
pub mod svg;
pub mod table;

mod autocorrelation;
mod choropleth;
mod imbalance;
mod index;
mod maps;
mod moran_scatter;

use std::fmt::Write;

pub use ground::Ground;

use crate::Language;
use crate::measures::{Family, Outcome};
use crate::study::Linkage;
use crate::write::columns::file_part;
use crate::write::{Report, tell_apart};
use svg::{Anchor, FONTS, INK, SOFT, Svg, escaped, fitted, text_width};

/// Most cities that are drawn: a page with more is slower to open than a GIS.
pub const MOST_CITIES: usize = 10_000;
/// Width of a chart, as of a map.
pub const WIDTH: f64 = ground::WIDTH;
/// Height of a chart.
pub const HEIGHT: f64 = 250.0;
/// Width of a picture that takes the whole page.
pub const WIDE: f64 = 740.0;
/// Longest name of a city in a picture, in letters' widths.
const NAME_ROOM: f64 = 84.0;

/// What pictures are drawn from.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// The run.
    pub report: &'a Report,
    /// The ground of its maps.
    pub ground: &'a Ground,
    /// The network that was measured, where one was.
    pub network: Option<&'a Linkage>,
}

impl<'a> Stage<'a> {
    /// The language of the report.
    pub fn language(&self) -> Language {
        self.report.language
    }

    /// Of two texts that say the same, that in the language of the report.
    pub fn say<T>(&self, english: T, chinese: T) -> T {
        self.report.language.choose(english, chinese)
    }

    /// The results of a measure.
    pub fn of(&self, measure: &'static str) -> impl Iterator<Item = &'a Outcome> + use<'a> {
        self.report.outcomes.iter().filter(move |outcome| outcome.measure == measure)
    }

    /// Whether more than one value was analysed, years aside.
    pub fn several_values(&self) -> bool {
        self.report.values.iter().any(|value| value.name != self.report.values[0].name)
    }

    /// How a result was made, as it stands under its tables, without the remark that holds for all of them; English, and
    /// nothing in a report in another language.
    pub fn footer(&self, outcome: &Outcome) -> String {
        let footer = outcome.footer.as_deref().filter(|_| self.language() == Language::English).unwrap_or_default();
        self.report.without_remark(footer)
    }

    /// One figure for each result of a measure; the page shows those of the last year.
    pub fn each_year(&self, measure: &'static str, figure: impl Fn(&Self, &Outcome) -> Option<Figure>) -> Vec<Figure> {
        let of = |outcome: &Outcome| Some(figure(self, outcome)?.on_page(self.is_last(outcome)));
        self.of(measure).filter_map(of).collect()
    }

    /// Whether a result is of the last year that its measure has, or of none.
    pub fn is_last(&self, outcome: &Outcome) -> bool {
        let last = self.of(outcome.measure).filter_map(|other| other.year).max();
        outcome.year.is_none() || outcome.year == last
    }

    /// A city's name, cut to what fits on a picture.
    pub fn short_name(&self, i: usize) -> String {
        let name = &self.report.cities.names[i];
        // `Boston-Cambridge-Newton, MA-NH` is better known as Boston than as Boston-Cambridge-N…
        let parts = [name.as_str()].into_iter().chain([", ", " (", "（", "/", "-", "–"].map(|mark| before(name, mark)));
        let fits = |part: &&str| text_width(part, 9.0) <= NAME_ROOM;
        parts.into_iter().find(fits).map_or_else(|| fitted(name, 9.0, NAME_ROOM), str::to_owned)
    }

    /// What a result is about: variable, year, weights, population, for titles: `gdp per head 2020 (queen)`.
    pub fn subject(&self, outcome: &Outcome) -> String {
        let mut text = outcome.variable.as_deref().map(crate::error::shortened).unwrap_or_default().into_owned();
        if let Some(year) = outcome.year {
            text = format!("{text} {year}").trim_start().to_owned();
        }
        if let Some(weights) = &outcome.weights {
            text = format!("{text} ({weights})").trim_start().to_owned();
        }
        text
    }

    /// `p ≤ 0.05, uncorrected, 999 permutations, seed 42`: the rule by which something is called significant.
    pub fn rule(&self) -> String {
        let Some(inference) = &self.report.inference else { return String::new() };
        let (alpha, adjust) = (inference.alpha, inference.adjust.name());
        let (permutations, seed) = (inference.permutations, inference.seed);
        let adjusted = match adjust {
            "none" => self.say("uncorrected".to_owned(), "未校正".to_owned()),
            adjust => self.say(format!("adjust {adjust}"), format!("校正 {adjust}")),
        };
        self.say(
            format!("p ≤ {alpha}, {adjusted}, {permutations} permutations, seed {seed}"),
            format!("p ≤ {alpha}，{adjusted}，置换 {permutations} 次，种子 {seed}"),
        )
    }
}

/// What was drawn, and its size.
#[derive(Clone, Debug)]
pub struct Body {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// The elements.
    pub body: String,
}

/// Where in a report a picture stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the maps.
    Maps,
    /// In the section of a family.
    Family(Family),
}

/// One picture with its words.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name as a file, without an extension; unique in a report.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What it shows, in a few words.
    pub title: String,
    /// How it was made: classes and their cuts, weights, permutations, projection.
    pub caption: String,
    /// What there is to see, in a sentence with numbers, for those who do not see it.
    pub summary: String,
    /// The year that it shows, where one of several.
    pub year: Option<i32>,
    /// Whether the page shows it; others are files alone.
    pub on_page: bool,
    /// The drawing.
    pub drawing: Body,
}

impl Figure {
    /// A picture of a result; its name is `stem` with the result's variable, weights, group and year.
    pub fn new(stage: &Stage, stem: &str, outcome: &Outcome, place: Place, drawing: Body) -> Self {
        let mut name = stem.to_owned();
        let variable = outcome.variable.as_deref().filter(|_| stage.several_values()).map(file_part);
        let option = |key: &str| outcome.options.get(key).and_then(|value| value.as_str()).map(file_part);
        let weights = outcome.weights.as_deref().filter(|_| stage.report.weights.len() > 1).map(file_part);
        let year = outcome.year.map(|year| year.to_string());
        for part in [variable, option("population"), option("group"), weights, year].into_iter().flatten() {
            let _ = write!(name, "_{part}");
        }
        Self {
            name,
            place,
            title: String::new(),
            caption: String::new(),
            summary: String::new(),
            year: outcome.year,
            on_page: true,
            drawing,
        }
    }

    /// The same, on the page or as a file alone.
    pub fn on_page(mut self, shown: bool) -> Self {
        self.on_page = shown;
        self
    }

    /// The same with its words.
    pub fn saying(mut self, title: String, caption: String, summary: String) -> Self {
        (self.title, self.caption, self.summary) = (title, caption, summary);
        self
    }

    /// The inside of its `<svg>` on a page that has the shapes of the ground once, and a style for the classes of ink.
    pub fn inline(&self) -> String {
        let (title, summary) = (escaped(&self.title), escaped(&self.summary));
        // The style of a page says what ink and paper look like; no data can be taken for these looks, since its quotes
        // are escaped.
        let body = svg::INKS.iter().fold(self.drawing.body.clone(), |body, (class, look)| body.replace(look, class));
        format!("<title>{title}</title><desc>{summary}</desc>{body}")
    }

    /// A file of its own: title above, caption below, with the shapes that it uses.
    pub fn standalone(&self, ground: &Ground) -> String {
        const LINE: f64 = 16.0;
        // Bold letters of a size of 12 are as wide as others of this one.
        const BOLD: f64 = 13.4;
        let Body { width, height, body } = &self.drawing;
        let mut words = Svg::default();
        let title = wrapped(&self.title, BOLD, width - 12.0);
        let above = 8.0 + LINE * title.len().max(1) as f64;
        words.group(r#"font-weight="600""#, |svg| {
            for (i, line) in title.iter().enumerate() {
                let line = fitted(line.trim_end(), BOLD, width - 12.0);
                svg.text([6.0, LINE * (i + 1) as f64], Anchor::Start, 12.0, INK, &line);
            }
        });
        let lines = wrapped(&self.caption, 9.5, width - 12.0);
        for (i, line) in lines.iter().enumerate() {
            svg_line(&mut words, i, above + height, line);
        }
        let total = above + height + 13.0 * lines.len() as f64 + 6.0;
        let shapes = if body.contains("href=\"#") { ground.shapes() } else { String::new() };
        let (title, summary) = (escaped(&self.title), escaped(&self.summary));
        let (width, total) = (svg::tenths(*width), svg::tenths(total));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{total}\" viewBox=\"0 0 {width} {total}\" role=\"img\" \
             font-family=\"{FONTS}\"><title>{title}</title><desc>{summary}</desc><defs>{HATCH}{shapes}</defs>\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>{}<g transform=\"translate(0 {above})\">{body}</g></svg>\n",
            words.into_body()
        )
    }
}

/// What stands before the first `mark` of a name, where that is a name of its own.
fn before<'a>(name: &'a str, mark: &str) -> &'a str {
    name.split_once(mark).map(|(first, _)| first.trim()).filter(|first| first.chars().count() > 2).unwrap_or(name)
}

fn svg_line(words: &mut Svg, i: usize, top: f64, line: &str) {
    words.text([6.0, top + 10.0 + 13.0 * i as f64], Anchor::Start, 9.5, SOFT, line);
}

/// The pattern of cities without a value, and stripes that are laid over a colour.
pub const HATCH: &str = "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"5\" height=\"5\" fill=\"#d0d4d9\"/><path d=\"M0 0V5\" stroke=\"#6e7781\" stroke-width=\"1.6\"/></pattern>\
    <pattern id=\"stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">\
    <path d=\"M0 0V6\" stroke=\"#ffffff\" stroke-width=\"2.2\"/></pattern>";

/// A text in lines of at most a width; Chinese may break anywhere.
fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let breakable = |c: char| c > '\u{2e80}';
    let mut words: Vec<String> = vec![String::new()];
    for c in text.chars() {
        let last = words.last_mut().expect("there is a word");
        if c == ' ' || breakable(c) {
            last.push(c);
            words.push(String::new());
        } else {
            last.push(c);
        }
    }
    for word in words.iter().filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && text_width(line, size) + text_width(word.trim_end(), size) > width {
            lines.push(word.clone());
        } else {
            line.push_str(word);
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// A picture as the registry knows it.
#[derive(Clone, Copy)]
pub struct Picture {
    /// Stem of its files' names.
    pub name: &'static str,
    /// Draws one for every result that it can show.
    pub draw: fn(&Stage) -> Vec<Figure>,
    /// Whether the page has room for it; the others are files alone.
    pub on_page: bool,
}

/// A picture for the page.
const fn shown(name: &'static str, draw: fn(&Stage) -> Vec<Figure>) -> Picture {
    Picture { name, draw, on_page: true }
}

/// A picture that is a file alone.
const fn filed(name: &'static str, draw: fn(&Stage) -> Vec<Figure>) -> Picture {
    Picture { name, draw, on_page: false }
}

/// All pictures, in the order of a report.
pub static PICTURES: &[Picture] = &[
    shown("choropleth", choropleth::draw),
    shown("maps", maps::draw),
    shown("moran_scatter", moran_scatter::draw),
    shown("permutations", autocorrelation::permutations::draw),
    shown("correlogram", autocorrelation::correlogram::draw),
    shown("inequality", imbalance::course::draw),
    filed("inequality_intervals", imbalance::intervals::draw),
    shown("lorenz", imbalance::lorenz::draw),
    shown("theil", imbalance::decomposition::draw_theil),
    shown("dagum", imbalance::decomposition::draw_dagum),
    shown("sigma_convergence", imbalance::sigma::draw),
    shown("beta_convergence", imbalance::beta::draw),
    shown("density", imbalance::density::draw),
    shown("markov", imbalance::markov::draw),
    filed("spatial_markov", imbalance::markov::draw_spatial),
    filed("rank_mobility", imbalance::rank_mobility::draw),
    filed("rank_size", imbalance::rank_size::draw),
    filed("indicator_weights", index::indicators::draw_weights),
    filed("index_robustness", index::robustness::draw),
    shown("coupling", index::coupling::draw),
    filed("obstacles", index::indicators::draw_obstacles),
    shown("similarity_heat_map", industry::heat_map::draw),
    shown("similarity_distance", industry::pairs_scatter::distance),
    shown("similarity_linkage", industry::pairs_scatter::linkage),
    shown("similar_pairs", industry::top_pairs::draw),
    shown("division_of_labour", industry::division::draw),
    filed("specialisation", industry::specialisation::draw),
    filed("concentration", industry::concentration::draw),
    shown("lq_profile", industry::lq_profile::draw),
    shown("shift_share_quadrants", industry::shift_share::quadrants),
    filed("shift_share_parts", industry::shift_share::bars),
    shown("structural_change", industry::structure_change::arrows),
    filed("moore", industry::structure_change::moore),
    shown("rationalisation", industry::structure_change::rationalisation),
    shown("centralities", reach::centralities::draw),
    filed("coreness", reach::coreness::draw),
    shown("distance_decay", reach::decay::draw),
    filed("gravity_fit", reach::gravity::draw),
    filed("hinterlands", reach::hinterlands::draw),
    filed("huff_shares", reach::huff::draw),
    filed("polycentricity", reach::polycentricity::draw),
    shown("spillover", reach::spillover::draw),
    filed("driving_effect", reach::driving::draw),
];

/// All figures of a run, each name once.
pub fn draw_all(stage: &Stage) -> Vec<Figure> {
    use rayon::prelude::*;
    let draw = |picture: &Picture| {
        let mut figures = (picture.draw)(stage);
        figures.iter_mut().for_each(|figure| figure.on_page &= picture.on_page);
        figures
    };
    let drawn: Vec<Vec<Figure>> = PICTURES.par_iter().map(draw).collect();
    let mut figures: Vec<Figure> = drawn.into_iter().flatten().collect();
    tell_apart(&mut figures, |figure| &mut figure.name);
    figures
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::write::fixture;

    /// The figures that a picture makes of these results for three cities.
    pub(crate) fn drawn(outcomes: Vec<Outcome>, draw: fn(&Stage) -> Vec<Figure>) -> Vec<Figure> {
        let report = Report { outcomes, ..fixture::report() };
        let ground = Ground::new(&report.cities);
        draw(&Stage { report: &report, ground: &ground, network: None })
    }

    /// Draws all pictures of a report, with nothing that XML would refuse.
    #[test]
    fn every_figure_is_xml_of_its_own() {
        let report = fixture::report();
        let ground = Ground::new(&report.cities);
        let figures = draw_all(&Stage { report: &report, ground: &ground, network: None });
        assert!(!figures.is_empty());
        for figure in &figures {
            let text = figure.standalone(&ground);
            let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
            assert!(document.descendants().any(|node| node.has_tag_name("desc")));
            assert!(!figure.title.is_empty() && !figure.summary.is_empty(), "{}", figure.name);
        }
    }

    #[test]
    fn lines_wrap_by_words_and_chinese_anywhere() {
        assert_eq!(wrapped("one two three", 10.0, 45.0).len(), 2);
        let lines = wrapped("区域不平衡与城市网络", 10.0, 45.0);
        assert!(lines.len() >= 3 && lines.iter().all(|line| text_width(line, 10.0) <= 45.0), "{lines:?}");
        assert!(wrapped("", 10.0, 45.0).is_empty());
    }
}
