//! Contested cities: how the pull on them is shared among the cores, after Huff.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, text_width};
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows};

/// Cities that are shown.
const MOST: usize = 20;
/// Cores that have a colour of their own; the others stand together.
const CORES: usize = 7;
const OTHERS: &str = "#c4c8cc";

/// One chart for each year.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("huff").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let matrix = outcome.matrix("shares")?;
    let (cities, cores) = (&stage.report.cities, matrix.columns.len());
    let share = |row: usize, core: usize| matrix.values.get(row * cores + core).copied().unwrap_or(f64::NAN);
    let largest = |row: usize| (0..cores).map(|core| share(row, core)).fold(f64::NAN, f64::max);
    let mut order: Vec<usize> = (0..matrix.rows.len()).filter(|&row| largest(row).is_finite()).collect();
    if order.is_empty() || cores < 2 {
        return None;
    }
    order.sort_by(|&a, &b| largest(a).total_cmp(&largest(b)).then(a.cmp(&b)));
    let all = order.len();
    order.truncate(MOST);
    // The cores with most in the cities that are shown come first, and have the colours.
    let total = |core: usize| order.iter().map(|&row| share(row, core)).filter(|x| x.is_finite()).sum::<f64>();
    let mut ranked: Vec<usize> = (0..cores).collect();
    ranked.sort_by(|&a, &b| total(b).total_cmp(&total(a)).then(a.cmp(&b)));
    let coloured = if cores > CORES + 1 { CORES } else { cores };
    let city = |id: &str| cities.position(id);
    let name = |id: &str| city(id).map_or_else(|| id.to_owned(), |i| stage.short_name(i));
    let names: Vec<String> = order.iter().map(|&row| name(&matrix.rows[row])).collect();
    let colour = |place: usize| if place < coloured { palette::group(place) } else { OTHERS };
    let mut entries: Vec<Entry> = (0..coloured)
        .map(|place| Entry::fill(colour(place), format!("{} {}", place + 1, name(&matrix.columns[ranked[place]]))))
        .collect();
    if coloured < cores {
        entries.push(Entry::fill(OTHERS, stage.say("other cores", "其他核心")));
    }
    let x = Axis::new(Scale::exact(0.0, 100.0), stage.say("share, %", "份额，%"));
    let body = rows::chart(WIDTH, &names, &x, &entries, |svg, plot| {
        for (place, &row) in order.iter().enumerate() {
            let (y, mut from) = (rows::y(plot, order.len(), place), 0.0);
            let look = city(&matrix.rows[row]).map(rows::of_city).unwrap_or_default();
            for (k, &core) in ranked.iter().enumerate() {
                let value = share(row, core);
                let to = from + if value.is_finite() { value * 100.0 } else { 0.0 };
                rows::bar(
                    svg,
                    plot,
                    y,
                    [from, to],
                    &format!(r##"fill="{}" stroke="#ffffff" stroke-width=".5" {look}"##, colour(k)),
                );
                let text = (k + 1).to_string();
                if k < coloured && plot.x(to) - plot.x(from) > text_width(&text, 8.0) + 3.0 {
                    let ink = format!(r#"fill="{}" pointer-events="none""#, palette::ink_on(colour(k)));
                    svg.text([plot.x(f64::midpoint(from, to)), y + 2.9], Anchor::Middle, 8.0, &ink, &text);
                }
                from = to;
            }
        }
    });
    let year = rows::year(outcome);
    let first = order[0];
    let known = |id: &str| city(id).map_or_else(|| id.to_owned(), |i| cities.known_as(i));
    let (contested, percent) = (known(&matrix.rows[first]), short((largest(first) * 1000.0).round() / 10.0));
    let title = stage.say(
        format!("Most contested{year}: {contested}, {percent} % at most"),
        format!("争夺最激烈的城市{year}：{contested}，最高份额 {percent}%"),
    );
    let n = order.len();
    let caption = stage.say(
        format!("Huff's shares of the cores in the {n} of {all} cities where the largest share is least; mass over a power of distance. Numbers in the bars are those of the legend."),
        format!("{all} 个城市中首位份额最低的 {n} 个，各核心的哈夫份额（质量与距离之幂之比）；条内数字对应图例。"),
    );
    let mean = short(outcome.scalar("mean_share"));
    let summary = stage.say(
        format!("no core draws more than {percent} % of {contested}; the mean largest share is {mean}"),
        format!("任一核心在{contested}的份额均不超过 {percent}%；首位份额均值为 {mean}"),
    );
    Some(
        Figure::new(stage, "huff_shares", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Matrix;
    use crate::picture::Ground;
    use crate::write::fixture;

    #[test]
    fn the_most_contested_city_comes_first() {
        let mut report = fixture::report();
        let matrix = Matrix {
            rows: vec!["C1".into(), "C2".into()],
            columns: vec!["C3".into(), "C1".into()],
            values: vec![0.9, 0.1, 0.45, 0.55],
        };
        report.outcomes = vec![Outcome { measure: "huff", matrices: vec![("shares", matrix)], ..Outcome::default() }];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        let body = &figures[0].drawing.body;
        assert!(figures[0].title.contains("55 %"), "{}", figures[0].title);
        assert!(body.find("data-c=\"1\"").unwrap() < body.find("data-c=\"0\"").unwrap());
    }
}
