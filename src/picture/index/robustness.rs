//! How sure the ranks of an index are: where each of the first cities stands under random weights.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::rows;
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::{Rows, per_cent, with_footer};
use crate::picture::{Figure, Place, Stage, WIDTH, palette};

/// Cities that are drawn.
const FIRST: usize = 20;

/// One chart for each result.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("index_robustness").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "cities")?;
    let cities = rows.cities(stage);
    let shown: Vec<(usize, usize)> = (0..rows.len())
        .filter(|&row| rows.number(row, "rank_low").is_finite() && rows.number(row, "rank_high").is_finite())
        .filter_map(|row| Some((row, cities[row]?)))
        .take(FIRST)
        .collect();
    let &(top, leader) = shown.first()?;
    let names: Vec<String> =
        shown.iter().map(|&(row, i)| format!("{} {}", short(rows.number(row, "rank")), stage.short_name(i))).collect();
    let x = Axis::new(
        Scale::from_zero(shown.iter().map(|&(row, _)| rows.number(row, "rank_high"))),
        stage.say("rank under random weights", "随机权重下的位序"),
    );
    let entries = [
        Entry::line(palette::AGAINST, stage.say("rank in nine of ten draws", "九成抽样内的位序")),
        Entry::dot(palette::MAIN, stage.say("median rank", "中位位序")),
        Entry::dot(palette::STRIKING, stage.say("rank of the index (diamond)", "指数位序（菱形）")),
    ];
    let drawing = rows::each([WIDTH, rows::HIGH], &names, &x, &entries, |svg, plot, at, y| {
        let (row, i) = shown[at];
        let at = |column: &str| plot.x(rows.number(row, column));
        let city = format!(r#"data-c="{i}""#);
        let look = format!(r#"stroke="{}" stroke-width="3.5" stroke-linecap="round" {city}"#, palette::AGAINST);
        svg.line([at("rank_low"), y], [at("rank_high"), y], &look);
        let look = format!(r#"fill="{}" {EDGE} stroke-width=".6" {city}"#, palette::MAIN);
        svg.circle([at("rank_median"), y], 4.0, &look);
        let look = format!(r#"fill="none" stroke="{}" stroke-width="1.8" {city}"#, palette::STRIKING);
        rows::diamond(svg, [at("rank"), y], 4.2, &look);
    });
    let (width, first) = (outcome.scalar("mean_width"), rows.number(top, "first"));
    let word = stage.say("How sure the ranks of the index are", "指数位序的稳健性");
    let title = format!("{word}: {} {}", stage.say("mean width", "平均区间宽度"), per_cent(width));
    let caption = stage.say(
        with_footer(
            stage,
            &format!(
                "The first {} of {} cities; cities whose intervals overlap are not told apart \
                without an argument for the weights",
                shown.len(),
                rows.len()
            ),
            outcome,
        ),
        format!(
            "{} 个城市中的前 {} 个；区间重叠的城市，其先后取决于权重。随机抽取权重 {} 次",
            rows.len(),
            shown.len(),
            short(outcome.scalar("draws"))
        ),
    );
    let name = stage.report.cities.known_as(leader);
    let summary = stage.say(
        format!(
            "{name} is first in {} of the draws of weights; an interval is {} of all ranks wide on average",
            per_cent(first),
            per_cent(width)
        ),
        format!("{name}在 {} 的权重抽样中居首；区间平均宽度为全部位序的 {}", per_cent(first), per_cent(width)),
    );
    Some(
        Figure::new(stage, "index_robustness", outcome, Place::Family(Family::Index), drawing)
            .saying(title, caption, summary),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::{Value, json};

    #[test]
    fn there_is_a_line_for_each_city_with_an_interval() {
        let columns = vec!["city", "rank", "rank_low", "rank_median", "rank_high", "first"];
        let row =
            |id: &str, rank: i32, high: Value| vec![json!(id), json!(rank), json!(1), json!(rank), high, json!(0.5)];
        let rows =
            vec![row("C2", 1, json!(2)), row("C1", 2, json!(3)), row("C3", 3, Value::Null), row("gone", 4, json!(4))];
        let outcome = Outcome {
            measure: "index_robustness",
            tables: vec![("cities", TableOut { columns, rows })],
            ..Outcome::default()
        };
        let figures = drawn(vec![outcome], draw);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("data-c").count(), 2 * 3, "{body}"); // interval, median and rank
        assert!(body.contains("1 a|b &amp; &lt;c&gt;") && figures[0].caption.starts_with("The first 2 of 4"));
    }
}
