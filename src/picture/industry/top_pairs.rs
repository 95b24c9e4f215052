//! The pairs of cities that are most and least alike in industry.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, SOFT, fitted, text_width};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows};

/// Pairs that are shown from each end.
const HIGHEST: usize = 10;
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
    let table = Rows::of(outcome, "pairs")?;
    let mut found: Vec<(usize, f64)> = (0..table.len()).map(|row| (row, table.number(row, "s"))).collect();
    found.retain(|(_, s)| s.is_finite());
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let pairs = outcome.scalar("pairs");
    let is_low = |row: usize| table.number(row, "rank") * 2.0 > pairs;
    let low = found.iter().filter(|(row, _)| is_low(*row)).count();
    let high = found.len() - low;
    // The best of the high ones, and the last of the low ones.
    let mut found = [&found[..high.min(HIGHEST)], &found[found.len() - low.min(LOWEST)..]].concat();
    found.dedup();
    let names: Vec<String> =
        found.iter().map(|(row, _)| both(table.text(*row, "a_name"), table.text(*row, "b_name"))).collect();
    let (first, last) = (found.first()?, found.last()?);
    let x = Axis::new(Scale::exact(0.0, 1.14), stage.say("similarity S", "相似系数 S"))
        .ticks([0.0, 0.25, 0.5, 0.75, 1.0].map(|x| (x, short(x))).to_vec());
    let n = names.len();
    let body = rows::chart(WIDTH, &names, &x, &[], |svg, plot| {
        for (place, (row, s)) in found.iter().enumerate() {
            let y = rows::y(plot, n, place);
            let colour = palette::LOW_HIGH[usize::from(!is_low(*row))];
            rows::bar(svg, plot, y, [0.0, *s], &format!(r#"fill="{colour}" fill-opacity=".8""#));
            svg.text([plot.x(*s) + 3.0, y + 3.0], Anchor::Start, 8.5, SOFT, &format!("{s:.3}"));
        }
    });
    let pair = |(row, s): &(usize, f64)| {
        format!("{}–{} ({})", table.text(*row, "a_name"), table.text(*row, "b_name"), short(*s))
    };
    let (year, pairs) = (rows::year(outcome), short(pairs));
    let title = stage.say(
        format!("Most and least alike pairs{year}: S {:.3} to {:.3}", last.1, first.1),
        format!("最相似与最不相似的城市对{year}：S {:.3} 至 {:.3}", last.1, first.1),
    );
    let (high, low) = (high.min(HIGHEST), low.min(LOWEST));
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

/// `Asheville` of `Asheville, NC`.
fn before_comma(name: &str) -> &str {
    name.split_once(", ").map_or(name, |(first, _)| first)
}

/// `a–b`, without what stands after a comma where both do not fit, and each cut only as far as the other leaves no room.
fn both(a: &str, b: &str) -> String {
    const ROOM: f64 = 132.0;
    const SIZE: f64 = 10.0;
    let width = |text: &str| text_width(text, SIZE);
    let fit = width(a) + width(b) <= ROOM;
    let [a, b] = if fit { [a, b] } else { [before_comma(a), before_comma(b)] };
    let of = |one: &str, other: &str| fitted(one, SIZE, (ROOM - width(other)).max(ROOM / 2.0));
    format!("{}–{}", of(a, b), of(b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_leaves_room_for_a_long_one() {
        assert_eq!(both("Wuxi", "Suzhou (Anhui)"), "Wuxi–Suzhou (Anhui)");
        assert_eq!(both("Ithaca, NY", "Rome, GA"), "Ithaca, NY–Rome, GA");
        assert_eq!(both("Knoxville-Alcoa, TN", "Rome, GA"), "Knoxville-Alcoa–Rome");
        let cut = both("Llanfairpwllgwyngyll", "Suzhou (Anhui) and more");
        assert!(text_width(&cut, 10.0) < 145.0 && cut.matches('…').count() == 2, "{cut}");
    }
}
