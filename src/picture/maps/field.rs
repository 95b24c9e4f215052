//! The field of the cores: bands of its strength, and how far each core reaches.

use super::super::legend::Entry;
use super::super::map::Map;
use super::super::svg::Svg;
use super::super::{Figure, Place, Stage, palette};
use super::{last_year, length, number, places, sentences, shape_path, window};
use crate::measures::{Layer, Outcome};
use crate::note::{listed, short};

/// From how many cities on their borders are not drawn over the bands.
const MANY: usize = 800;
/// Colour of radii.
const RADIUS: &str = "#ca0020";

/// The field of every year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("field_strength").filter_map(|outcome| figure(stage, outcome)).collect()
}

/// A core with its radius.
struct Reach {
    core: usize,
    radius: f64,
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let bands = outcome.layer("bands").filter(|layer| !layer.features.is_empty())?;
    let reaches = reaches(stage, outcome);
    let farthest = reaches.first()?;
    let mut figure = Figure::new(stage, "map_field", outcome, Place::Maps, drawing(stage, outcome, bands, &reaches));
    figure.on_page = last_year(stage, outcome.year);
    let year = outcome.year.map(|year| format!(" {year}")).unwrap_or_default();
    let (name, far) = (stage.report.cities.known_as(farthest.core), length(stage, farthest.radius));
    let title = stage.say(
        format!("Field of the cores{year}: {name} reaches {far}"),
        format!("核心场强{year}：{name}辐射半径 {far}"),
    );
    let (threshold, covered) = (short(outcome.scalar("threshold")), short(100.0 * outcome.scalar("covered")));
    let caption = sentences(
        stage,
        [
            stage.say(
                format!("Strongest field of any core, in bands by powers of 4; broken circles: where a core's field is {threshold}"),
                format!("各核心场强的最大值，按4的幂分带；虚线圆：该核心场强降至 {threshold} 之处"),
            ),
            if covered.is_empty() { String::new() } else {
                stage.say(
                    format!("Within it lie {covered} % of the mass of the other cities"),
                    format!("该范围覆盖其他城市质量的 {covered}%"),
                )
            },
            stage.footer(outcome),
        ],
    );
    let told: Vec<String> = reaches
        .iter()
        .map(|reach| format!("{} {}", stage.report.cities.known_as(reach.core), length(stage, reach.radius)))
        .collect();
    let summary = stage.say(format!("Radii: {}", listed(&told)), format!("辐射半径：{}", told.join("、")));
    Some(figure.saying(title, caption, summary))
}

/// The cores, that which reaches farthest first.
fn reaches(stage: &Stage, outcome: &Outcome) -> Vec<Reach> {
    let at = places(stage);
    let features = outcome.layer("radii").map(|layer| layer.features.as_slice()).unwrap_or_default();
    let reach = |feature| {
        let id = super::text(feature, "core")?;
        Some(Reach { core: *at.get(id)?, radius: number(feature, "radius") })
    };
    let mut reaches: Vec<Reach> = features.iter().filter_map(reach).collect();
    reaches.sort_by(|a, b| b.radius.total_cmp(&a.radius).then(a.core.cmp(&b.core)));
    reaches
}

fn drawing(stage: &Stage, outcome: &Outcome, bands: &Layer, reaches: &[Reach]) -> super::super::Body {
    let count = bands.features.len();
    let colour = |k: usize| palette::along(&["#ffffe5", "#fed98e", "#fe9929", "#cc4c02", "#662506"], share(k, count));
    let entries = bands.features.iter().enumerate().map(|(k, band)| {
        let (from, to) = (number(band, "from"), number(band, "to"));
        let text =
            if to.is_finite() { format!("{}–{}", short(from), short(to)) } else { format!("≥ {}", short(from)) };
        Entry::fill(colour(k), text)
    });
    let radii = Entry::dashes(RADIUS, stage.say("reach of a core", "核心辐射半径"));
    let size = stage.ground.main().size; // the insets have scales of their own
    let n = stage.report.cities.len();
    Map::new(stage)
        .above(move |svg| {
            window(svg, [0.0, 0.0], size, |svg| {
                for (k, band) in bands.features.iter().enumerate() {
                    let look = format!(r#"fill="{}" fill-opacity=".85" fill-rule="evenodd""#, colour(k));
                    svg.path(&shape_path(stage.ground, &band.shape), &look);
                }
            });
            if n < MANY {
                let look = r##"fill="none" stroke="#57606a" stroke-width=".4" pointer-events="none""##;
                svg.shared("ground", look);
            }
            window(svg, [0.0, 0.0], size, |svg| circles(stage, outcome, svg));
            svg.group(r##"fill="#1f2328" stroke="#ffffff" stroke-width=".8""##, |svg| {
                for reach in reaches {
                    if let Some(at) = stage.ground.city(reach.core) {
                        svg.circle(at, 3.0, &format!(r#"data-c="{}""#, reach.core));
                    }
                }
            });
        })
        .legend(entries.chain([radii]))
        .names(reaches.iter().map(|reach| reach.core).collect())
        .clear_of(1.0)
        .draw()
}

/// Where a band lies on the ramp of colours.
fn share(k: usize, count: usize) -> f64 {
    if count > 1 { k as f64 / (count - 1) as f64 } else { 0.5 }
}

fn circles(stage: &Stage, outcome: &Outcome, svg: &mut Svg) {
    let look = format!(r#"fill="none" stroke="{RADIUS}" stroke-width="1.2" stroke-dasharray="4 2""#);
    for feature in outcome.layer("radii").map(|layer| layer.features.as_slice()).unwrap_or_default() {
        svg.path(&shape_path(stage.ground, &feature.shape), &look);
    }
}
