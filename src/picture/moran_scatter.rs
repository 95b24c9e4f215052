//! Moran's scatter plot: each city's value against the mean of its neighbours; the slope is Moran's I.

use super::legend::Entry;
use super::plot::{self, Axis, Plot};
use super::scale::Scale;
use super::svg::{AXIS, Anchor, EDGE, SOFT, Svg};
use super::{Body, Figure, Place, Stage, palette};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::write::classes::MORAN;

/// One plot for each result of Moran's I.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("moran").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let (z, lag) = (outcome.numbers("z")?, outcome.numbers("lag")?);
    let points: Vec<(usize, [f64; 2])> =
        (0..z.len()).filter(|&i| z[i].is_finite() && lag[i].is_finite()).map(|i| (i, [z[i], lag[i]])).collect();
    let (i, p) = (outcome.scalar("i"), outcome.scalar("p_permutation"));
    if points.is_empty() || !i.is_finite() {
        return None;
    }
    let title = stage.say("Moran scatter", "莫兰散点图");
    let with_p = if p.is_finite() { format!(", p = {}", short(p)) } else { String::new() };
    let subject = stage.subject(outcome);
    let title = format!("{title}: {subject}, I = {}{with_p}", short(i));
    let caption = stage.say(
        format!(
            "Standardised value against the mean of the neighbours; the slope of the line is Moran's I. {}",
            stage.rule()
        ),
        format!("横轴为标准化值，纵轴为邻域均值，直线斜率即莫兰指数。{}", stage.rule()),
    );
    let quadrant = |[x, y]: [f64; 2]| (usize::from(y > 0.0) << 1) | usize::from(x > 0.0);
    let count = |k: usize| points.iter().filter(|(_, point)| quadrant(*point) == k).count();
    let (hh, ll, lh, hl) = (count(3), count(0), count(2), count(1));
    let summary = stage.say(
        format!(
            "{hh} cities high among high, {ll} low among low, {lh} low among high, {hl} high among low; slope {}",
            short(i)
        ),
        format!("高—高 {hh} 个，低—低 {ll} 个，低—高 {lh} 个，高—低 {hl} 个；斜率 {}", short(i)),
    );
    let place = Place::Family(Family::Autocorrelation);
    let mut figure = Figure::new(stage, "moran_scatter", outcome, place, drawing(stage, outcome, &points, i));
    figure.on_page = stage.is_last(outcome);
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, outcome: &Outcome, points: &[(usize, [f64; 2])], slope: f64) -> Body {
    // The quadrants are told from 0, so that both axes hold it.
    let range = |k: usize| Scale::linear(points.iter().map(|(_, point)| point[k]).chain([0.0]));
    let x = Axis::new(range(0), stage.say("value, standardised", "标准化值"));
    let y = Axis::new(range(1), stage.say("mean of the neighbours", "邻域均值"));
    let classes = classes_of(stage, outcome);
    let entries = [
        Entry::line(palette::MAIN, format!("I = {}", short(slope))),
        Entry::dot(colour("HH"), "HH"),
        Entry::dot(colour("LL"), "LL"),
        Entry::dot(colour("LH"), "LH"),
        Entry::dot(colour("HL"), "HL"),
        Entry::dot(colour("ns"), stage.say("not significant", "不显著")),
    ];
    let shown = if classes.is_some() { &entries[..] } else { &entries[..1] };
    plot::chart(&x, &y, shown, |svg, plot| {
        cross(svg, plot);
        let radius = if points.len() > 800 { 2.0 } else { 3.6 };
        svg.group(&format!(r#"{EDGE} stroke-width=".6""#), |svg| {
            // Those that stand out last, above the others.
            let mut points: Vec<&(usize, [f64; 2])> = points.iter().collect();
            points.sort_by_key(|(i, _)| classes.map(|classes| (classes[*i] != "ns", classes[*i])));
            for (i, point) in points {
                let colour = classes.map_or("#57606a", |classes| colour(classes[*i]));
                svg.circle(plot.at(*point), radius, &format!(r#"fill="{colour}" data-c="{i}""#));
            }
        });
        if let Some([from, to]) = plot.straight(0.0, slope) {
            svg.line(from, to, &format!(r#"stroke="{}" stroke-width="1.6" pointer-events="none""#, palette::MAIN));
        }
    })
}

/// The axes through 0, and the names of the quadrants.
fn cross(svg: &mut Svg, plot: &Plot) {
    let [x, y] = plot.at([0.0, 0.0]);
    if (plot.left..=plot.right).contains(&x) {
        svg.line([x, plot.top], [x, plot.bottom], AXIS);
    }
    if (plot.top..=plot.bottom).contains(&y) {
        svg.line([plot.left, y], [plot.right, y], AXIS);
    }
    let (left, right, top, bottom) = (plot.left + 6.0, plot.right - 6.0, plot.top + 13.0, plot.bottom - 6.0);
    for (name, x, y, anchor) in [
        ("LH", left, top, Anchor::Start),
        ("HH", right, top, Anchor::End),
        ("LL", left, bottom, Anchor::Start),
        ("HL", right, bottom, Anchor::End),
    ] {
        svg.text([x, y], anchor, 11.0, &format!(r#"{SOFT} font-weight="600""#), name);
    }
}

/// The classes of the local Moran of the same value and weights.
fn classes_of<'a>(stage: &Stage<'a>, outcome: &Outcome) -> Option<&'a [&'static str]> {
    let same = |other: &&Outcome| {
        other.variable == outcome.variable && other.weights == outcome.weights && other.year == outcome.year
    };
    stage.of("local_moran").find(same)?.classes("class")
}

/// The colour that a class has on maps; dots that are not significant are darker than ground.
fn colour(class: &str) -> &'static str {
    let quadrants = &MORAN[..4];
    quadrants.iter().find(|known| known.name == class).map_or("#c4c8cc", |known| known.colour)
}
