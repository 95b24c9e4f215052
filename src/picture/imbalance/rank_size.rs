//! The rank-size rule: rank against size, both on logarithmic scales.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::map::Rectangle;
use crate::picture::plot::{self, Axis, Plot};
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, EDGE, INK, Svg, text_width};
use crate::picture::table::{Rows, subject};
use crate::picture::{Body, Figure, Place, Stage, palette};

/// Most cities that are named.
const MOST_NAMES: usize = 5;
/// Most cities that are drawn one by one.
const MOST_MARKS: usize = 2_000;

/// One plot for each size and year.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("rank_size").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "ranks").filter(|rows| rows.len() > 1)?;
    let [zeta, se, two, four] = ["zeta", "zeta_se", "primacy_2", "primacy_4"].map(|name| outcome.scalar(name));
    let title =
        format!("{}: {}, ζ = {}", stage.say("Rank and size", "位序—规模"), subject(stage, outcome), short(zeta));
    let mut caption = stage.say(
        "Rank less 1/2 against size, both logarithmic; ζ is the slope, 1 under Zipf's \
                law; above 1: more even. Primacy: first over second city, first over the next \
                three"
            .to_owned(),
        "位序减 1/2 与规模的双对数图；ζ 为斜率，齐普夫定律下为 1，大于 1 表示规模较均匀。\
                首位度：首位与第二位之比、首位与其后三位之比"
            .to_owned(),
    );
    if rows.len() > MOST_MARKS {
        caption += &stage.say(
            format!(". Of {} cities the first {MOST_MARKS} are drawn", rows.len()),
            format!("。{} 个城市中画出前 {MOST_MARKS} 个", rows.len()),
        );
    }
    let summary = stage.say(
        format!(
            "ζ = {} (standard error {}); the first city is {} times the second and {} times the next three",
            short(zeta),
            short(se),
            short(two),
            short(four)
        ),
        format!(
            "ζ = {}（标准误 {}）；二城市首位度 {}，四城市首位度 {}",
            short(zeta),
            short(se),
            short(two),
            short(four)
        ),
    );
    let mut figure =
        Figure::new(stage, "rank_size", outcome, Place::Family(Family::Imbalance), drawing(stage, outcome, &rows));
    figure.on_page = stage.is_last(outcome);
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, outcome: &Outcome, rows: &Rows) -> Body {
    let count = rows.len().min(MOST_MARKS);
    let point = |row: usize, size: &str| [rows.number(row, size), rows.number(row, "rank") - 0.5];
    let real = |point: &[f64; 2]| point.iter().all(|x| x.is_finite() && *x > 0.0);
    let sizes = (0..count).map(|row| rows.number(row, "size"));
    let x = Axis::new(
        Scale::logarithmic(sizes),
        outcome.variable.as_deref().map(crate::error::shortened).unwrap_or_default(),
    );
    let y = Axis::new(
        Scale::logarithmic((0..count).map(|row| point(row, "size")[1])),
        stage.say("rank − 1/2", "位序 − 1/2"),
    );
    let fitted: Vec<[f64; 2]> = [0, count - 1].map(|row| point(row, "fitted_size")).into_iter().filter(real).collect();
    let entries = [
        Entry::line(palette::STRIKING, format!("ζ = {}", short(outcome.scalar("zeta")))),
        Entry::dot(palette::MAIN, stage.say("city", "城市")),
    ];
    let entries = if fitted.len() == 2 { &entries[..] } else { &entries[1..] };
    plot::chart(&x, &y, entries, |svg, plot| {
        if let [from, to] = fitted[..] {
            trend(svg, plot, from, to, [x.scale, y.scale]);
        }
        let marks: Vec<(usize, [f64; 2])> = (rows.cities(stage).into_iter().enumerate().take(count))
            .filter(|(row, _)| real(&point(*row, "size")))
            .filter_map(|(row, city)| Some((city?, plot.at(point(row, "size")))))
            .collect();
        svg.group(&format!(r#"fill="{}" fill-opacity=".8" {EDGE} stroke-width=".5""#, palette::MAIN), |svg| {
            for (i, place) in &marks {
                svg.circle(*place, if count > 300 { 2.0 } else { 3.2 }, &format!(r#"data-c="{i}""#));
            }
        });
        let mut names: Vec<Rectangle> = Vec::new();
        for (i, place) in marks.iter().take(MOST_NAMES) {
            name(svg, &mut names, *place, plot, &stage.short_name(*i));
        }
    })
}

/// The fitted line as far as it lies within the frame.
fn trend(svg: &mut Svg, plot: &Plot, from: [f64; 2], to: [f64; 2], [x, y]: [Scale; 2]) {
    let share = |[a, b]: [f64; 2]| [x.share(a), y.share(b)];
    let (one, other) = (share(from), share(to));
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    for k in 0..2 {
        let step = other[k] - one[k];
        if step != 0.0 {
            let (a, b) = ((0.0 - one[k]) / step, (1.0 - one[k]) / step);
            (start, end) = (start.max(a.min(b)), end.min(a.max(b)));
        }
    }
    if start < end {
        let at = |t: f64| {
            let [h, v] = [0, 1].map(|k| one[k] + t * (other[k] - one[k]));
            [plot.left + h * (plot.right - plot.left), plot.bottom - v * (plot.bottom - plot.top)]
        };
        svg.line(at(start), at(end), &format!(r#"stroke="{}" stroke-width="1.6""#, palette::STRIKING));
    }
}

/// A name to the left of a mark, unless it would lie on another.
fn name(svg: &mut Svg, taken: &mut Vec<Rectangle>, [x, y]: [f64; 2], plot: &Plot, text: &str) {
    let width = text_width(text, 9.0);
    let room = Rectangle::around([x - 6.0 - width / 2.0, y + 3.0], width, 9.0);
    if x - 6.0 - width > plot.left && taken.iter().all(|other| !other.meets(&room)) {
        svg.text([x - 6.0, y + 3.0], Anchor::End, 9.0, INK, text);
        taken.push(room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::json;

    #[test]
    fn cities_are_marked_and_the_line_stays_within() {
        let row = |id: &str, rank: i32, size: f64| {
            vec![json!(id), json!(rank), json!(size), json!(1e6 / f64::from(rank).powi(3))]
        };
        let rows = vec![row("C1", 1, 900.0), row("C2", 2, 100.0), row("C3", 3, 50.0)];
        let table = TableOut { columns: vec!["city", "rank", "size", "fitted_size"], rows };
        let outcome = Outcome {
            measure: "rank_size",
            variable: Some("residents".into()),
            scalars: vec![("zeta", 1.1)],
            tables: vec![("ranks", table)],
            ..Outcome::default()
        };
        let figures = drawn(vec![outcome], draw);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("data-c").count(), 3);
        assert!(body.contains("a|b &amp; &lt;c&gt;"), "{body}");
    }
}
