//! The pairs of cities that are most and least alike in industry.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, SOFT, fitted};
use crate::picture::{Figure, Place, Stage, WIDTH, cells, palette, rows};

/// Pairs that are shown from each end.
const HIGHEST: usize = 12;
const LOWEST: usize = 5;

/// One list for each year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let last = rows::span(stage, "isomorphism_pairs").map(|(_, last)| last.year);
    let of = |outcome: &Outcome| {
        let mut figure = figure(stage, outcome)?;
        figure.on_page = last == Some(outcome.year);
        Some(figure)
    };
    stage.of("isomorphism_pairs").filter_map(of).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let table = cells::table(outcome, "pairs")?;
    let mut found: Vec<(usize, f64)> = (0..table.rows()).map(|row| (row, table.number(row, "s"))).collect();
    found.retain(|(_, s)| s.is_finite());
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let all = found.len();
    if all > HIGHEST + LOWEST {
        found.drain(HIGHEST..all - LOWEST);
    }
    let name = |row: usize, key: &str| fitted(&table.text(row, key), 10.0, 55.0);
    let names: Vec<String> =
        found.iter().map(|(row, _)| format!("{}–{}", name(*row, "a_name"), name(*row, "b_name"))).collect();
    let (first, last) = (found.first()?, found.last()?);
    let x = Axis::new(Scale::exact(0.0, 1.14), stage.say("similarity S", "相似系数 S"))
        .ticks([0.0, 0.25, 0.5, 0.75, 1.0].map(|x| (x, short(x))).to_vec());
    let n = names.len();
    let body = rows::chart(WIDTH, &names, &x, &[], |svg, plot| {
        for (place, (_, s)) in found.iter().enumerate() {
            let y = rows::y(plot, n, place);
            let low = all > HIGHEST && place >= HIGHEST;
            let colour = if low { palette::LOW_HIGH[0] } else { palette::LOW_HIGH[1] };
            rows::bar(svg, plot, y, [0.0, *s], &format!(r#"fill="{colour}" fill-opacity=".8""#));
            svg.text([plot.x(*s) + 3.0, y + 3.0], Anchor::Start, 8.5, SOFT, &format!("{s:.3}"));
        }
    });
    let pair = |(row, s): &(usize, f64)| {
        format!("{}–{} ({})", table.text(*row, "a_name"), table.text(*row, "b_name"), short(*s))
    };
    let (year, pairs) = (rows::year(outcome), short(outcome.scalar("pairs")));
    let title = stage.say(
        format!("Most and least alike pairs{year}: S from {} to {}", short(last.1), short(first.1)),
        format!("结构最相似与最不相似的城市对{year}：S 介于 {} 与 {}", short(last.1), short(first.1)),
    );
    let (high, low) = (n.min(HIGHEST), n.saturating_sub(HIGHEST));
    let caption = stage.say(
        format!("UNIDO similarity of the {high} most alike (red) and the {low} least alike (blue) of {pairs} pairs."),
        format!("{pairs} 对城市中 UNIDO 相似系数最高的 {high} 对（红）与最低的 {low} 对（蓝）。"),
    );
    let summary = stage.say(
        format!("most alike {}, least alike {}", pair(first), pair(last)),
        format!("最相似者为 {}，最不相似者为 {}", pair(first), pair(last)),
    );
    let figure = Figure::new(stage, "similar_pairs", outcome, Place::Family(Family::Isomorphism), body);
    Some(figure.saying(title, caption, summary))
}
