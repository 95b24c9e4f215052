//! Indicators of an index: how much each weighs, and how much it holds the cities back.

use crate::measures::{Family, Outcome};
use crate::picture::legend::Entry;
use crate::picture::palette;
use crate::picture::plot::Axis;
use crate::picture::rows;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, SOFT};
use crate::picture::table::{Rows, per_cent, with_footer};
use crate::picture::{Body, Figure, Place, Stage, WIDTH};

/// Most indicators in one picture.
const MOST: usize = 24;

/// One chart of the weights by each way of weighting.
pub(in crate::picture) fn draw_weights(stage: &Stage) -> Vec<Figure> {
    stage.of("indicator_weights").filter_map(|outcome| weights(stage, outcome)).collect()
}

/// One chart of the obstacles in the last year.
pub(in crate::picture) fn draw_obstacles(stage: &Stage) -> Vec<Figure> {
    stage.of("obstacles").filter_map(|outcome| obstacles(stage, outcome)).collect()
}

fn weights(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "weights")?;
    let year = rows.years().last().copied();
    let all = rows.in_year(year);
    let heaviest = |&row: &usize| METHODS.iter().map(|(name, ..)| rows.number(row, name)).fold(0.0, f64::max);
    let shown = largest(&all, heaviest);
    let known: Vec<usize> =
        (0..METHODS.len()).filter(|&k| shown.iter().any(|&row| rows.number(row, METHODS[k].0).is_finite())).collect();
    let top = *shown.first().filter(|_| !known.is_empty())?;
    let drawing = bars_of_weights(stage, &rows, &shown, &known);
    let name = |row: usize| crate::error::shortened(rows.text(row, "indicator"));
    let words: Vec<String> = known
        .iter()
        .map(|&k| format!("{} {}", METHODS[k].1(stage), per_cent(rows.number(top, METHODS[k].0))))
        .collect();
    let title = format!("{}: {} {}", stage.say("Weights of the indicators", "指标权重"), name(top), words.join(", "));
    let caption = stage.say(
        with_footer(
            stage,
            &format!(
                "Share of each indicator in the weight by each way of weighting{}",
                part_of(stage, shown.len(), all.len())
            ),
            outcome,
        ),
        format!("各赋权方法下各指标的权重。{}", part_of(stage, shown.len(), all.len())),
    );
    let summary = stage.say(
        format!("Of {} indicators {} weighs most: {}", all.len(), name(top), words.join(", ")),
        format!("{} 个指标中权重最大者为{}：{}", all.len(), name(top), words.join("，")),
    );
    let mut figure = Figure::new(stage, "indicator_weights", outcome, Place::Family(Family::Index), drawing);
    figure.year = year;
    Some(figure.saying(title, caption, summary))
}

/// A way of weighting: its column, its name, its group of colours.
type Method = (&'static str, fn(&Stage) -> &'static str, usize);

const METHODS: [Method; 5] = [
    ("equal", |stage| stage.say("equal", "等权"), 7),
    ("entropy", |stage| stage.say("entropy", "熵值法"), 0),
    ("critic", |_| "CRITIC", 1),
    ("cv", |stage| stage.say("coefficient of variation", "变异系数法"), 2),
    ("given", |stage| stage.say("given", "给定"), 3),
];

fn bars_of_weights(stage: &Stage, rows: &Rows, shown: &[usize], known: &[usize]) -> Body {
    const BAR: f64 = 5.0;
    let names: Vec<String> = shown.iter().map(|&row| rows.text(row, "indicator").to_owned()).collect();
    let all = shown.iter().flat_map(|&row| known.iter().map(move |&k| (row, k)));
    let x =
        Axis::new(Scale::from_zero(all.map(|(row, k)| rows.number(row, METHODS[k].0))), stage.say("weight", "权重"));
    let entries: Vec<Entry> =
        known.iter().map(|&k| Entry::fill(palette::group(METHODS[k].2), METHODS[k].1(stage))).collect();
    let height = BAR * known.len() as f64;
    rows::each([WIDTH, height + 7.0], &names, &x, &entries, |svg, plot, at, y| {
        let top = y - height / 2.0;
        for (line, &k) in known.iter().enumerate() {
            let weight = rows.number(shown[at], METHODS[k].0);
            if weight.is_finite() {
                let colour = palette::group(METHODS[k].2);
                let width = plot.x(weight) - plot.left;
                svg.rect([plot.left, top + BAR * line as f64], [width, BAR - 0.6], &format!(r#"fill="{colour}""#));
            }
        }
    })
}

fn obstacles(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "summary")?;
    let year = rows.years().last().copied();
    let all: Vec<usize> =
        rows.in_year(year).into_iter().filter(|&row| rows.number(row, "degree").is_finite()).collect();
    let shown = largest(&all, |&row| rows.number(row, "degree"));
    let top = *shown.first()?;
    let names: Vec<String> = shown.iter().map(|&row| rows.text(row, "indicator").to_owned()).collect();
    let ends = shown.iter().flat_map(|&row| [rows.number(row, "degree") * 1.25, rows.number(row, "weight")]);
    let x = Axis::new(Scale::from_zero(ends), stage.say("mean share of the shortfall", "平均障碍度"));
    let entries = [
        Entry::fill(palette::MAIN, stage.say("obstacle degree", "障碍度")),
        Entry::line("#1f2328", stage.say("weight (upright line)", "权重（竖线）")),
    ];
    let drawing = rows::each([WIDTH, rows::HIGH], &names, &x, &entries, |svg, plot, at, y| {
        let row = shown[at];
        let (degree, weight) = (rows.number(row, "degree"), rows.number(row, "weight"));
        let end = plot.x(degree);
        svg.rect([plot.left, y - 6.0], [end - plot.left, 12.0], &format!(r#"fill="{}""#, palette::MAIN));
        if weight.is_finite() {
            let x = plot.x(weight);
            svg.line([x, y - 8.0], [x, y + 8.0], r##"class="halo" stroke="#ffffff" stroke-width="4""##);
            svg.line([x, y - 8.0], [x, y + 8.0], r##"class="mark" stroke="#1f2328" stroke-width="2""##);
        }
        let from = if weight > degree { plot.x(weight).max(end) } else { end };
        svg.text([from + 5.0, y + 3.4], Anchor::Start, 9.5, SOFT, &per_cent(degree));
    });
    let name = crate::error::shortened(rows.text(top, "indicator"));
    let degree = per_cent(rows.number(top, "degree"));
    let when = year.map_or_else(String::new, |year| format!(" {year}"));
    let title = format!("{}{when}: {name} {degree}", stage.say("What holds the cities back", "障碍因子"));
    let caption = stage.say(
        with_footer(
            stage,
            &format!(
                "Mean share of each indicator in what the cities fall short of the best; beyond \
                its weight: the cities are worse in it than in others{}",
                part_of(stage, shown.len(), all.len())
            ),
            outcome,
        ),
        format!("各指标障碍度的城市均值；高于其权重者为相对短板。{}", part_of(stage, shown.len(), all.len())),
    );
    let first = per_cent(rows.number(top, "first_share"));
    let summary = stage.say(
        format!(
            "{name} makes up {degree} of the shortfall on average, and is the first obstacle \
                in {first} of the cities"
        ),
        format!("{name}平均障碍度 {degree}，在 {first} 的城市中为首要障碍"),
    );
    let mut figure = Figure::new(stage, "obstacles", outcome, Place::Family(Family::Index), drawing);
    figure.year = year;
    Some(figure.saying(title, caption, summary))
}

/// The rows of the largest numbers, from the largest on.
fn largest(rows: &[usize], of: impl Fn(&usize) -> f64) -> Vec<usize> {
    let mut order = rows.to_vec();
    order.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
    order.truncate(MOST);
    order
}

fn part_of(stage: &Stage, shown: usize, all: usize) -> String {
    if shown == all {
        return String::new();
    }
    stage.say(format!("; the first {shown} of {all}"), format!("{all} 个指标中的前 {shown} 个。"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::{Value, json};

    #[test]
    fn ways_without_weights_have_no_bars() {
        let row = |name: &str, x: f64| vec![Value::Null, json!(name), json!(0.5), json!(x), Value::Null];
        let table = TableOut {
            columns: vec!["year", "indicator", "equal", "entropy", "given"],
            rows: vec![row("<a>", 0.2), row("b", 0.8)],
        };
        let outcome = Outcome { measure: "indicator_weights", tables: vec![("weights", table)], ..Outcome::default() };
        let figures = drawn(vec![outcome], draw_weights);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("height=\"4.4\"").count(), 4, "{body}");
        assert!(
            body.contains("&lt;a&gt;") && figures[0].summary.contains("b weighs most: equal 50.0 %, entropy 80.0 %")
        );
    }

    #[test]
    fn obstacles_are_those_of_the_last_year() {
        let row =
            |year: i32, name: &str, degree: f64| vec![json!(year), json!(name), json!(0.5), json!(degree), json!(0.9)];
        let rows = vec![row(2010, "a", 0.9), row(2020, "a", 0.3), row(2020, "b", 0.7)];
        let table = TableOut { columns: vec!["year", "indicator", "weight", "degree", "first_share"], rows };
        let outcome = Outcome { measure: "obstacles", tables: vec![("summary", table)], ..Outcome::default() };
        let figures = drawn(vec![outcome], draw_obstacles);
        assert!(figures[0].title.ends_with("2020: b 70.0 %"), "{}", figures[0].title);
        assert_eq!(figures[0].drawing.body.matches("height=\"12\"").count(), 2);
    }
}
