//! Who rose and who fell: the rank of each city in the first and in the last year.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::map::Rectangle;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, EDGE, INK, text_width};
use crate::picture::table::{mark, subject};
use crate::picture::{Body, Figure, HEIGHT, Place, Stage, WIDTH, palette};

/// Cities that are named among those that rise, and among those that fall.
const NAMED: usize = 4;

/// A city with its two ranks.
type Move = (usize, [f64; 2]);

/// One plot for each value of several years.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("rank_mobility").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let (first, last) = (outcome.numbers("rank_first")?, outcome.numbers("rank_last")?);
    let moves: Vec<Move> = (0..first.len().min(last.len()))
        .filter(|&i| first[i].is_finite() && last[i].is_finite())
        .map(|i| (i, [first[i], last[i]]))
        .collect();
    let (tau, change) = (outcome.scalar("tau"), outcome.scalar("mean_change"));
    if moves.len() < 2 {
        return None;
    }
    let title = format!("{}: {}, τ = {}", stage.say("Rank mobility", "位序流动"), subject(stage, outcome), short(tau));
    let caption = stage.say(
        "Rank in the first year against rank in the last, 1 the greatest value; above the \
                diagonal: risen. τ: Kendall's tau-b of both, 1 if no one passes another",
        "期初位序与期末位序，1 为最大值；对角线以上为上升。τ 为 Kendall tau-b，1 表示位序不变",
    );
    let count = |rises: bool| moves.iter().filter(|(_, [a, b])| if rises { b < a } else { b > a }).count();
    let (up, down) = (count(true), count(false));
    let summary = stage.say(
        format!("{up} cities rise, {down} fall, by {} ranks on average; τ = {}", short(change), short(tau)),
        format!("{up} 个城市上升，{down} 个下降，平均变动 {} 位；τ = {}", short(change), short(tau)),
    );
    let drawing = drawing(stage, outcome, &moves);
    let figure = Figure::new(stage, "rank_mobility", outcome, Place::Family(Family::Imbalance), drawing);
    Some(figure.saying(title, caption.to_owned(), summary))
}

fn drawing(stage: &Stage, outcome: &Outcome, moves: &[Move]) -> Body {
    let year = |end: &str| {
        outcome.options.get(end).and_then(serde_json::Value::as_i64).map_or(String::new(), |y| format!(" {y}"))
    };
    let most = moves.iter().flat_map(|(_, ranks)| *ranks).fold(1.0, f64::max);
    // The first rank is on the right and above: ranks run against the axes.
    let room = most * 0.04;
    let scale = Scale::exact(-most - room, -1.0 + room);
    let ticks = || {
        let round = Scale::exact(1.0, most)
            .ticks(5)
            .into_iter()
            .map(|(rank, _)| rank)
            .filter(|rank| *rank > 1.5 && rank.fract() == 0.0);
        std::iter::once(1.0).chain(round).map(|rank| (-rank, short(rank))).collect::<Vec<_>>()
    };
    let word = stage.say("rank", "位序");
    let mut down = ticks();
    down.reverse();
    let x = Axis::new(scale, format!("{word}{}", year("from"))).ticks(down);
    let y = Axis::new(scale, format!("{word}{}", year("to"))).ticks(ticks());
    let looks = [
        (palette::MAIN, stage.say("risen", "上升")),
        (palette::STRIKING, stage.say("fallen", "下降")),
        ("#8c959f", stage.say("same rank", "不变")),
    ];
    let entries = looks.map(|(colour, text)| Entry::dot(colour, text));
    let named = movers(moves);
    plot::chart_of([WIDTH, HEIGHT + 50.0], &x, &y, &entries, |svg, plot| {
        let against = format!(r#"stroke="{}" stroke-width="1" stroke-dasharray="4 3""#, palette::AGAINST);
        svg.line([plot.left, plot.bottom], [plot.right, plot.top], &against);
        let place = |ranks: [f64; 2]| plot.at(ranks.map(|rank| -rank));
        let radius = if moves.len() > 300 { 2.0 } else { 3.4 };
        for (way, (colour, _)) in looks.iter().enumerate().rev() {
            svg.group(&format!(r#"fill="{colour}" {EDGE} stroke-width=".5""#), |svg| {
                for (i, ranks) in moves.iter().filter(|(_, ranks)| kind(*ranks) == way) {
                    svg.circle(mark(place(*ranks), moves.len()), radius, &format!(r#"data-c="{i}""#));
                }
            });
        }
        let mut taken: Vec<Rectangle> = Vec::new();
        for &(i, ranks) in &named {
            let ([x, y], text) = (place(ranks), stage.short_name(i));
            let width = text_width(&text, 9.0);
            // Names lie on the outer side of the diagonal where there is room.
            let outer = if ranks[1] < ranks[0] { Anchor::End } else { Anchor::Start };
            let inner = if outer == Anchor::End { Anchor::Start } else { Anchor::End };
            for anchor in [outer, inner] {
                let side = if anchor == Anchor::End { -1.0 } else { 1.0 };
                let middle = x + side * (6.0 + width / 2.0);
                let area = Rectangle::around([middle, y], width, 9.0);
                let inside = middle - width / 2.0 > plot.left && middle + width / 2.0 < plot.right + 8.0;
                if inside && taken.iter().all(|other| !other.meets(&area)) {
                    svg.text([x + side * 6.0, y + 3.0], anchor, 9.0, INK, &text);
                    taken.push(area);
                    break;
                }
            }
        }
    })
}

/// 0 for a city that rose, 1 for one that fell, 2 for one that stayed.
fn kind([first, last]: [f64; 2]) -> usize {
    if last < first {
        0
    } else if last > first {
        1
    } else {
        2
    }
}

/// Those that move most, up and down.
fn movers(moves: &[Move]) -> Vec<Move> {
    let mut order = moves.to_vec();
    order.sort_by(|(a, [a1, a2]), (b, [b1, b2])| (a2 - a1).total_cmp(&(b2 - b1)).then(a.cmp(b)));
    let up = order.iter().take(NAMED).filter(|(_, ranks)| kind(*ranks) == 0);
    let down = order.iter().rev().take(NAMED).filter(|(_, ranks)| kind(*ranks) == 1);
    up.chain(down).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::tests::drawn;

    #[test]
    fn risers_lie_above_the_diagonal() {
        let outcome = Outcome {
            measure: "rank_mobility",
            scalars: vec![("tau", 0.3), ("mean_change", 1.0)],
            columns: vec![
                ("rank_first", Values::Numbers(vec![2.0, 1.0, f64::NAN])),
                ("rank_last", Values::Numbers(vec![1.0, 2.0, f64::NAN])),
            ],
            ..Outcome::default()
        };
        let figures = drawn(vec![outcome], draw);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("data-c").count(), 2);
        assert!(figures[0].summary.starts_with("1 cities rise, 1 fall"));
        let mark = |i: usize| {
            let end = body.find(&format!("data-c=\"{i}\"")).unwrap();
            let start = body[..end].rfind("<circle").unwrap();
            let number = |name: &str| {
                let from = body[start..end].find(name).unwrap() + start + name.len();
                body[from..].split('"').next().unwrap().parse::<f64>().unwrap()
            };
            (number("cx=\""), number("cy=\""))
        };
        assert!(mark(0).0 < mark(1).0 && mark(0).1 < mark(1).1);
    }
}
