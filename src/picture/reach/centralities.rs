//! The most central cities: strength, betweenness and PageRank beside each other, with their tiers.

use super::{TIERS, letter, tiers};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{INK, Svg};
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows, table};

/// Cities that are shown.
const MOST: usize = 25;

/// One chart for each network.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("centrality").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let of_largest = |name: &str| {
        let values = table::numbers(outcome, name)?;
        let largest = values.iter().copied().filter(|x| x.is_finite()).fold(0.0, f64::max);
        (largest > 0.0).then(|| values.iter().map(|x| x / largest * 100.0).collect::<Vec<f64>>())
    };
    let strength = of_largest("strength")?;
    let (between, pagerank) = (of_largest("betweenness"), of_largest("pagerank"));
    let tiers = tiers(stage);
    let mut order = rows::ranked(&strength);
    let all = order.len();
    order.truncate(MOST);
    let tier = |i: usize| tiers.as_ref().and_then(|tiers| tiers[i]);
    let name = |i: usize| match tier(i) {
        Some(k) => format!("{}  {}", stage.short_name(i), letter(stage, k)),
        None => stage.short_name(i),
    };
    let names: Vec<String> = order.iter().map(|&i| name(i)).collect();
    let x = Axis::new(Scale::exact(-3.0, 103.0), stage.say("% of the largest", "占最大值的百分比"));
    let mut entries = vec![Entry::dot(TIERS[0].1, stage.say("strength (dot)", "强度（圆点）"))];
    if between.is_some() {
        entries.push(Entry::fill(palette::group(1), stage.say("betweenness (diamond)", "中介中心性（菱形）")));
    }
    if pagerank.is_some() {
        entries.push(Entry::line("#1f2328", stage.say("PageRank (upright)", "PageRank（竖线）")));
    }
    let body = rows::chart(WIDTH, &names, &x, &entries, |svg, plot| {
        for (place, &i) in order.iter().enumerate() {
            let y = rows::y(plot, order.len(), place);
            if let Some(between) = between.as_ref().filter(|between| between[i].is_finite()) {
                let look = format!(r#"fill="{}" {}"#, palette::group(1), rows::of_city(i));
                rows::diamond(svg, [plot.x(between[i]), y], 3.8, &look);
            }
            if let Some(pagerank) = pagerank.as_ref().filter(|pagerank| pagerank[i].is_finite()) {
                upright(svg, [plot.x(pagerank[i]), y], i);
            }
            let look = format!(r#"fill="{}" {}"#, TIERS[0].1, rows::of_city(i));
            svg.circle([plot.x(strength[i]), y], 3.6, &look);
        }
    });
    let first = *order.first()?;
    let known = stage.report.cities.known_as(first);
    let value = table::numbers(outcome, "strength").map_or(f64::NAN, |values| values[first]);
    let title = stage.say(
        format!("Most central cities: {known}, strength {}", short(value)),
        format!("中心性最高的城市：{known}，强度 {}", short(value)),
    );
    let n = order.len();
    let letters = if tiers.is_some() {
        stage.say(" Letters: C core, S semi-periphery, P periphery.", "字样：核为核心，半为半边缘，边为边缘。")
    } else {
        ""
    };
    let caption = stage.say(
        format!("The {n} of {all} cities with most strength of links; each measure as a share of its largest value.{letters}"),
        format!("{all} 个城市中联系强度最高的 {n} 个；各指标以其最大值为 100%。{letters}"),
    );
    let go_between = between.as_ref().and_then(|between| rows::ranked(between).first().copied());
    let summary = match go_between {
        Some(i) => stage.say(
            format!("{known} has most strength, {} lies on most shortest paths", stage.report.cities.known_as(i)),
            format!("{known}强度最高，{}位于最多的最短路径上", stage.report.cities.known_as(i)),
        ),
        None => stage.say(format!("{known} has most strength"), format!("{known}强度最高")),
    };
    Some(
        Figure::new(stage, "centralities", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

fn upright(svg: &mut Svg, [x, y]: [f64; 2], i: usize) {
    svg.rect([x - 1.0, y - 5.0], [2.0, 10.0], &format!("{INK} {}", rows::of_city(i)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::tests::drawn;

    #[test]
    fn cities_come_by_strength_with_their_tiers() {
        let figures = drawn(
            vec![
                Outcome {
                    measure: "centrality",
                    columns: vec![
                        ("strength", Values::Numbers(vec![1.0, 4.0, f64::NAN])),
                        ("betweenness", Values::Numbers(vec![0.0; 3])),
                    ],
                    ..Outcome::default()
                },
                Outcome {
                    measure: "core_periphery",
                    columns: vec![("tier", Values::Classes(vec!["periphery", "core", "undefined"]))],
                    ..Outcome::default()
                },
            ],
            draw,
        );
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("data-c").count(), 2, "{body}");
        assert!(body.contains("  C</text>") && body.contains("  P</text>") && figures[0].title.ends_with("strength 4"));
    }
}
