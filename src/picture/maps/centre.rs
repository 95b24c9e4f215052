//! The centre of gravity year by year: on the map with the ellipses of spread, and enlarged below.

use super::super::legend::Entry;
use super::super::map::{Map, Rectangle};
use super::super::palette::{self, AGAINST, MAIN};
use super::super::svg::{AXIS, Anchor, INK, Svg, tenths, text_width};
use super::super::{Body, Figure, Place, Stage};
use super::{length, number, sentences, shape_path, window};
use crate::measures::Outcome;
use crate::note::short;

/// Height of the enlarged part.
const HEIGHT: f64 = 190.0;
/// Room about the path in the enlarged part.
const MARGIN: f64 = 34.0;
/// Most times that it is enlarged.
const LARGEST: f64 = 40.0;
/// Colour of the population's path.
const PEOPLE: &str = "#d55e00";
/// Size of the letters of years.
const YEAR: f64 = 9.0;

/// One picture for each value.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("centre_of_gravity").filter_map(|outcome| figure(stage, outcome)).collect()
}

/// A centre in a year, on the map.
#[derive(Clone, Copy)]
struct Centre {
    year: i64,
    at: [f64; 2],
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let path = centres(stage, outcome, "x", "y");
    let people = centres(stage, outcome, "population_x", "population_y");
    let (first, last) = (path.first()?, path.last()?);
    if path.len() < 2 {
        return None;
    }
    let drawing = drawing(stage, outcome, &path, &people);
    let name = outcome.variable.as_deref().map(crate::error::shortened).unwrap_or_default();
    let (from, to) = (first.year, last.year);
    let straight = length(stage, outcome.scalar("straight_distance"));
    let title = stage.say(
        format!("Centre of gravity of {name} {from}–{to}: moved {straight}"),
        format!("{name}重心 {from}–{to}：移动 {straight}"),
    );
    let caption = sentences(
        stage,
        [
            stage
                .say(
                    "Mean of the cities' points weighted by the value; the frame on the map is enlarged below",
                    "各城市点位按数值加权的均值；图中方框放大于下方",
                )
                .to_owned(),
            if people.is_empty() {
                String::new()
            } else {
                stage.say("Broken: the centre of the population", "虚线：人口重心").to_owned()
            },
            stage.footer(outcome),
        ],
    );
    let along = length(stage, outcome.scalar("path_length"));
    let summary = stage.say(
        format!("From {from} to {to} the centre moved {straight}, {along} along its way"),
        format!("{from}年至{to}年重心移动 {straight}，路径长 {along}"),
    );
    Some(Figure::new(stage, "map_centre", outcome, Place::Maps, drawing).saying(title, caption, summary))
}

/// The centres of the years that have one.
fn centres(stage: &Stage, outcome: &Outcome, x: &str, y: &str) -> Vec<Centre> {
    let Some(years) = outcome.table("years") else { return Vec::new() };
    let column = |name: &str| years.columns.iter().position(|column| *column == name);
    let (Some(year), Some(x), Some(y)) = (column("year"), column(x), column(y)) else { return Vec::new() };
    let centre = |row: &Vec<serde_json::Value>| {
        let at = stage.ground.place([row[x].as_f64()?, row[y].as_f64()?]);
        Some(Centre { year: row[year].as_i64()?, at })
    };
    years.rows.iter().filter_map(centre).collect()
}

/// The part of the map that is enlarged.
#[derive(Clone, Copy)]
struct Lens {
    west: f64,
    north: f64,
    scale: f64,
    top: f64,
    width: f64,
}

impl Lens {
    fn new(stage: &Stage, centres: &[&[Centre]], top: f64) -> Self {
        let all = || centres.iter().flat_map(|path| path.iter()).map(|centre| centre.at);
        let [low, high] =
            [f64::min, f64::max].map(|pick| all().fold([f64::NAN; 2], |a, b| [pick(a[0], b[0]), pick(a[1], b[1])]));
        let width = stage.ground.width;
        let scale = ((width - 2.0 * MARGIN) / (high[0] - low[0])).min((HEIGHT - 2.0 * MARGIN) / (high[1] - low[1]));
        let scale = if scale.is_finite() { scale.clamp(1.0, LARGEST) } else { LARGEST };
        let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
        Self { west: middle[0] - width / scale / 2.0, north: middle[1] - HEIGHT / scale / 2.0, scale, top, width }
    }

    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(x - self.west) * self.scale, (y - self.north) * self.scale]
    }
}

fn drawing(stage: &Stage, outcome: &Outcome, path: &[Centre], people: &[Centre]) -> Body {
    let ellipses = ellipses(stage, outcome);
    let lens = Lens::new(stage, &[path, people], 0.0);
    let (width, height) = (lens.width / lens.scale, HEIGHT / lens.scale);
    let mut entries = vec![Entry::line(MAIN, stage.say("centre of the value", "数值重心"))];
    if !people.is_empty() {
        entries.push(Entry::dashes(PEOPLE, stage.say("centre of the population", "人口重心")));
    }
    entries.extend(ellipses.iter().map(|ellipse| ellipse.entry(stage)));
    let size = stage.ground.main().size;
    let upper = Map::new(stage)
        .above(|svg| {
            window(svg, [0.0, 0.0], size, |svg| {
                for ellipse in &ellipses {
                    let look =
                        format!(r#"fill="none" stroke="{}" stroke-width="1.4" {}"#, ellipse.colour, ellipse.dashes);
                    svg.path(&ellipse.path, &look);
                }
            });
            let points: Vec<[f64; 2]> = path.iter().map(|centre| centre.at).collect();
            svg.polyline(&points, &format!(r#"stroke="{MAIN}" stroke-width="1.6""#));
            if let Some(last) = points.last() {
                svg.circle(*last, 2.2, &format!(r#"fill="{MAIN}""#));
            }
            svg.rect([lens.west, lens.north], [width, height], r##"fill="none" stroke="#1f2328" stroke-width=".8""##);
        })
        .legend(entries)
        .names(Vec::new())
        .draw();
    let mut svg = Svg::default();
    svg.raw(&upper.body);
    let lens = Lens { top: upper.height + 4.0, ..lens };
    enlarged(stage, &mut svg, &lens, path, people);
    Body { width: upper.width, height: lens.top + HEIGHT + 4.0, body: svg.into_body() }
}

/// An ellipse of spread.
struct Ellipse {
    year: Option<i64>,
    path: String,
    colour: &'static str,
    dashes: &'static str,
}

impl Ellipse {
    fn entry(&self, stage: &Stage) -> Entry {
        let text = match self.year {
            Some(year) => stage.say(format!("ellipse {year}"), format!("标准差椭圆 {year}")),
            None => stage.say("ellipse, cities alike".to_owned(), "标准差椭圆（城市等权）".to_owned()),
        };
        if self.dashes.is_empty() { Entry::line(self.colour, text) } else { Entry::dashes(self.colour, text) }
    }
}

/// The ellipses of the first and the last year, and that of the cities alike.
fn ellipses(stage: &Stage, outcome: &Outcome) -> Vec<Ellipse> {
    let same = |other: &&Outcome| other.variable == outcome.variable;
    let features = stage.of("ellipse").find(same).and_then(|ellipse| ellipse.layer("ellipses"));
    let features = features.map(|layer| layer.features.as_slice()).unwrap_or_default();
    let year = |feature| Some(number(feature, "year")).filter(|year| year.is_finite());
    let years: Vec<f64> = features.iter().filter_map(year).collect();
    let (first, last) = (years.iter().copied().reduce(f64::min), years.iter().copied().reduce(f64::max));
    let ellipse = |feature| {
        let year = year(feature);
        let (colour, dashes) = match year {
            None => (AGAINST, r#"stroke-dasharray="2 2""#),
            _ if year == last => (palette::LOW_HIGH[1], ""),
            _ if year == first => (palette::LOW_HIGH[0], r#"stroke-dasharray="5 2""#),
            _ => return None,
        };
        let path = shape_path(stage.ground, &feature.shape);
        Some(Ellipse { year: year.map(|year| year as i64), path, colour, dashes })
    };
    features.iter().filter_map(ellipse).collect()
}

fn enlarged(stage: &Stage, svg: &mut Svg, lens: &Lens, path: &[Centre], people: &[Centre]) {
    window(svg, [0.0, lens.top], [lens.width, HEIGHT], |svg| {
        let [x, y] = [-lens.west * lens.scale, -lens.north * lens.scale];
        let outline = (0.8 / lens.scale * 1000.0).round() / 1000.0;
        let ground = format!(
            r#"transform="translate({} {}) scale({})" fill="{}" class="edge" stroke="{}" stroke-width="{outline}""#,
            tenths(x),
            tenths(y),
            (lens.scale * 1000.0).round() / 1000.0,
            palette::GROUND,
            "#ffffff",
        );
        svg.group(&ground, |svg| {
            (0..stage.report.cities.len())
                .filter(|&i| stage.ground.city(i).is_some())
                .for_each(|i| svg.shared(&format!("c{i}"), ""));
        });
        let mut taken = Vec::new();
        way(svg, lens, path, &mut taken, MAIN, "");
        way(svg, lens, people, &mut taken, PEOPLE, r#"stroke-dasharray="4 2""#);
        scale_bar(stage, svg, lens);
    });
    svg.rect([0.5, lens.top + 0.5], [lens.width - 1.0, HEIGHT - 1.0], &format!(r#"fill="none" {AXIS}"#));
}

/// A path with a dot for each year, as many years as fit by name, the first and the last before the others.
fn way(svg: &mut Svg, lens: &Lens, path: &[Centre], taken: &mut Vec<Rectangle>, colour: &str, dashes: &str) {
    let points: Vec<[f64; 2]> = path.iter().map(|centre| lens.place(centre.at)).collect();
    svg.polyline(&points, &format!(r#"stroke="{colour}" stroke-width="1.8" {dashes}"#));
    svg.group(&format!(r#"fill="{colour}""#), |svg| {
        for (k, point) in points.iter().enumerate() {
            svg.circle(*point, if k + 1 == points.len() { 4.0 } else { 2.4 }, "");
        }
    });
    let look = format!(r##"{INK} stroke="#ffffff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke""##);
    let look = look.replace("class=\"ink\"", "class=\"ink halo\"");
    let last = points.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|&k| (k != 0 && k != last, k % 10 != 0, k));
    for k in order {
        let year = path[k].year.to_string();
        let (half, [x, y]) = (text_width(&year, YEAR) / 2.0, points[k]);
        let places = [[x, y - 10.0], [x, y + 11.0], [x + half + 8.0, y], [x - half - 8.0, y]];
        let free = places.into_iter().find(|place| {
            let area = Rectangle::around(*place, 2.0 * half, YEAR);
            area.within(lens.width, HEIGHT) && !taken.iter().any(|other| other.meets(&area))
        });
        if let Some(place) = free {
            svg.text([place[0], place[1] + 3.2], Anchor::Middle, YEAR, &look, &year);
            taken.push(Rectangle::around(place, 2.0 * half, YEAR));
        }
    }
}

/// The scale bar of the enlarged part.
fn scale_bar(stage: &Stage, svg: &mut Svg, lens: &Lens) {
    let Some((length, size)) = stage.ground.scale_bar() else { return };
    let per_unit = length / size * lens.scale;
    let most = 90.0 / per_unit;
    let power = libm::pow(10.0, libm::floor(libm::log10(most)));
    let Some(round) = [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(|round| *round <= most) else { return };
    let (right, y) = (lens.width - 8.0, HEIGHT - 10.0);
    let left = right - round * per_unit;
    // Ground is light in every theme, so that what stands on it is dark in every theme.
    svg.polyline(&[[left, y - 3.0], [left, y], [right, y], [right, y - 3.0]], r##"stroke="#57606a""##);
    let text = format!("{} {}", short(round), stage.ground.unit());
    svg.text([left - 4.0, y + 3.0], Anchor::End, 9.0, r##"fill="#57606a""##, text.trim_end());
}
