//! Core and periphery: cities by their coreness, with the tiers and where methods disagree.

use super::{TIERS, letter, tier_name, tiers};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, Svg};
use crate::picture::{Figure, Place, Stage, WIDE, WIDTH, labels, palette, rows, table};

/// Most cities that are drawn, those of most coreness.
const MOST: usize = 1500;

/// One chart for each network.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("core_periphery").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let coreness = table::numbers(outcome, "coreness")?;
    let tiers = tiers(stage)?;
    let order = rows::ranked(&coreness);
    let n = order.len();
    if !tiers.iter().any(Option::is_some) {
        return None;
    }
    let disputed = outcome.classes("disagreement");
    let disputed = |i: usize| disputed.is_some_and(|classes| classes[i] == "yes");
    let x = Axis::new(Scale::linear([1.0, n as f64]), stage.say("rank by coreness", "核心度位序"));
    let y = Axis::new(Scale::exact(-0.03, 1.05), stage.say("coreness, 0 to 1", "核心度（0 至 1）"));
    let count = |k: usize| tiers.iter().filter(|tier| **tier == Some(k)).count();
    let mut entries: Vec<Entry> =
        (0..3).map(|k| Entry::dot(TIERS[k].1, format!("{} ({})", tier_name(stage, k), count(k)))).collect();
    if order.iter().any(|&i| disputed(i)) {
        entries.push(Entry::ring(palette::STRIKING, stage.say("methods disagree on the tier", "各方法判定不一致")));
    }
    let width = if n > 25 { WIDE } else { WIDTH };
    let body = plot::chart_of([width, 250.0], &x, &y, &entries, |svg, plot| {
        let at = |place: usize, value: f64| plot.at([place as f64 + 1.0, value]);
        let mut points = Vec::new();
        for (place, &i) in order.iter().enumerate().take(MOST) {
            mark(svg, stage, at(place, coreness[i]), i, tiers[i], n);
            if disputed(i) {
                let look =
                    format!(r#"fill="none" stroke="{}" stroke-width="1.3" pointer-events="none""#, palette::STRIKING);
                svg.circle(at(place, coreness[i]), if n <= 60 { 6.6 } else { 3.6 }, &look);
            }
            points.push((i, at(place, coreness[i])));
        }
        labels::beside(svg, stage, plot, &points, 14);
    });
    let (cores, disagree) = (count(0), outcome.scalar("disagreements"));
    let linked = outcome.scalar("n_linked");
    let title = stage.say(
        format!("Core and periphery: {cores} core cities of {n}"),
        format!("核心—边缘结构：{n} 个城市中 {cores} 个为核心"),
    );
    let caption = stage.say(
        format!(
            "Coreness by MINRES over the largest, tiers by natural breaks of it; {} cities have links. The four methods put {} cities \
             into different tiers.",
            short(linked),
            short(disagree)
        ),
        format!(
            "核心度由 MINRES 得出并除以最大值，层级按自然断点划分；{} 个城市有联系。四种方法对其中 {} 个城市的层级判定不一致。",
            short(linked),
            short(disagree)
        ),
    );
    let part = if n > MOST {
        stage.say(format!(" The first {MOST} are drawn."), format!("仅绘前 {MOST} 个。"))
    } else {
        String::new()
    };
    let core: Vec<String> =
        order.iter().filter(|&&i| tiers[i] == Some(0)).take(6).map(|&i| stage.report.cities.known_as(i)).collect();
    let core = core.join(stage.language().comma());
    let summary = stage.say(
        format!("core: {core}; {} cities of the semi-periphery, {} of the periphery", count(1), count(2)),
        format!("核心：{core}；半边缘 {} 个，边缘 {} 个", count(1), count(2)),
    );
    Some(Figure::new(stage, "coreness", outcome, Place::Family(Family::Radiation), body).saying(
        title,
        caption + &part,
        summary,
    ))
}

/// A dot with the letter of its tier, where there is room for letters.
fn mark(svg: &mut Svg, stage: &Stage, [x, y]: [f64; 2], i: usize, tier: Option<usize>, n: usize) {
    let colour = tier.map_or(palette::GROUND, |k| TIERS[k].1);
    let radius = if n <= 60 { 5.0 } else { 2.4 };
    svg.circle([x, y], radius, &format!(r#"fill="{colour}" {}"#, rows::of_city(i)));
    if let Some(k) = tier.filter(|_| n <= 60) {
        let ink = format!(r#"fill="{}" pointer-events="none""#, palette::ink_on(colour));
        svg.text([x, y + 2.6], Anchor::Middle, 7.0, &ink, letter(stage, k));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::svg::of_city;
    use crate::picture::tests::drawn;

    #[test]
    fn tiers_colour_their_cities() {
        let figures = drawn(
            vec![Outcome {
                measure: "core_periphery",
                columns: vec![
                    ("tier", Values::Classes(vec!["periphery", "core", "undefined"])),
                    ("coreness", Values::Numbers(vec![0.1, 1.0, f64::NAN])),
                ],
                ..Outcome::default()
            }],
            draw,
        );
        let body = &figures[0].drawing.body;
        let fill = |city| of_city(body, city, "fill");
        assert_eq!(
            [fill(0).as_deref(), fill(1).as_deref(), fill(2).as_deref()],
            [Some(TIERS[2].1), Some(TIERS[0].1), None]
        );
    }
}
