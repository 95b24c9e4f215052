//! Lorenz curves, those of several years on one another, with their bootstrap band.

use super::{line_colour, line_entry, line_look};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis, Plot};
use crate::picture::scale::Scale;
use crate::picture::svg::{EDGE, Svg, outline};
use crate::picture::table::{Rows, by_year, evenly, head, per_cent, subject, unweighted};
use crate::picture::{Body, Figure, HEIGHT, Place, Stage, WIDTH, palette};

/// Most years in one picture.
const MOST_YEARS: usize = 3;
/// Most cities whose places on the curve are marked.
const MOST_MARKS: usize = 600;

/// One picture for each value, with all its years.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    by_year(stage, "lorenz").iter().filter_map(|years| figure(stage, years)).collect()
}

fn figure(stage: &Stage, years: &[&Outcome]) -> Option<Figure> {
    let known: Vec<&Outcome> = years.iter().copied().filter(|outcome| Rows::of(outcome, "curve").is_some()).collect();
    let shown = evenly(&known, MOST_YEARS);
    let (first, last) = (shown.first()?, shown.last()?);
    let one = head(&shown);
    let gini = |outcome: &Outcome| match outcome.year {
        Some(year) if shown.len() > 1 => format!("{} ({year})", short(outcome.scalar("gini"))),
        _ => short(outcome.scalar("gini")),
    };
    let ginis: Vec<String> = shown.iter().map(|outcome| gini(outcome)).collect();
    let word = stage.say("Lorenz curve", "洛伦兹曲线");
    let title = format!("{word}: {}, {} {}", subject(stage, &one), stage.say("Gini", "基尼系数"), ginis.join(", "));
    let (half, tenth) = (last.scalar("poorest_half"), last.scalar("richest_tenth"));
    let summary = stage.say(
        format!(
            "The poorer half has {} of the total, the richest tenth {}; Gini {}",
            per_cent(half),
            per_cent(tenth),
            ginis.join(", ")
        ),
        format!(
            "较贫困的一半占总量的 {}，最富裕的十分之一占 {}；基尼系数 {}",
            per_cent(half),
            per_cent(tenth),
            ginis.join("、")
        ),
    );
    let mut figure = Figure::new(stage, "lorenz", &one, Place::Family(Family::Imbalance), drawing(stage, &shown));
    figure.year = first.year.filter(|_| shown.len() == 1);
    figure.on_page = unweighted(&one);
    Some(figure.saying(title, caption(stage, &shown, known.len()), summary))
}

fn caption(stage: &Stage, shown: &[&Outcome], known: usize) -> String {
    let mut text = stage.say(
        "Share of the total that the poorest share has, cities from poor to rich; the \
                farther below the diagonal, the more unequal"
            .to_owned(),
        "由低到高累计的份额；曲线离对角线越远，越不平衡".to_owned(),
    );
    let level = stage.report.inference.as_ref().map_or(95.0, |rule| 100.0 * (1.0 - rule.alpha));
    if shown.iter().any(|outcome| Rows::of(outcome, "band").is_some()) {
        text += &stage.say(
            format!(". Shaded: pointwise {}% bootstrap band", short(level)),
            format!("。阴影为 {}% 逐点自助法置信带", short(level)),
        );
    }
    if known > shown.len() {
        text += &stage
            .say(format!(". {} of {known} years", shown.len()), format!("。{known} 个年份中的 {} 个", shown.len()));
    }
    if shown.iter().any(|outcome| outcome.scalar("n") > MOST_MARKS as f64) {
        text += stage.say(". Cities are not marked, being too many", "。城市过多，未逐一标出");
    }
    text
}

fn drawing(stage: &Stage, shown: &[&Outcome]) -> Body {
    let x = Axis::new(
        Scale::exact(0.0, 1.0),
        stage.say("cumulative share of cities or population", "城市（或人口）累计份额"),
    );
    let y = Axis::new(Scale::exact(0.0, 1.0), stage.say("cumulative share of the total", "总量累计份额"));
    let name =
        |outcome: &Outcome| outcome.year.map_or(stage.say("curve", "曲线").to_owned(), |year| year.to_string());
    let mut entries: Vec<Entry> = shown
        .iter()
        .enumerate()
        .map(|(k, outcome)| {
            let text =
                format!("{}: {} {}", name(outcome), stage.say("Gini", "基尼系数"), short(outcome.scalar("gini")));
            line_entry(k, text)
        })
        .collect();
    entries.push(Entry::line(palette::AGAINST, stage.say("equality", "绝对平均")));
    plot::chart_of([WIDTH, HEIGHT + 60.0], &x, &y, &entries, |svg, plot| {
        let against = format!(r#"stroke="{}" stroke-width="1""#, palette::AGAINST);
        svg.line(plot.at([0.0, 0.0]), plot.at([1.0, 1.0]), &against);
        shown.iter().enumerate().for_each(|(k, outcome)| band(svg, plot, outcome, k));
        let last = shown.len() - 1;
        shown.iter().enumerate().for_each(|(k, outcome)| curve(stage, svg, plot, outcome, k, k == last));
    })
}

fn band(svg: &mut Svg, plot: &Plot, outcome: &Outcome, k: usize) {
    let Some(rows) = Rows::of(outcome, "band") else { return };
    let side = |end: &'static str| {
        (0..rows.len())
            .map(move |row| [rows.number(row, "population_share"), rows.number(row, end)])
            .filter(|point| point[1].is_finite())
            .map(|point| plot.at(point))
    };
    let mut edge: Vec<[f64; 2]> = side("low").collect();
    edge.extend(side("high").collect::<Vec<_>>().into_iter().rev());
    svg.path(&outline(&edge), &format!(r#"fill="{}" fill-opacity=".16""#, line_colour(k)));
}

/// The curve of a year, with the places of the cities where they are `marked`.
fn curve(stage: &Stage, svg: &mut Svg, plot: &Plot, outcome: &Outcome, k: usize, marked: bool) {
    let Some(rows) = Rows::of(outcome, "curve") else { return };
    let point = |row| [rows.number(row, "cumulative_population_share"), rows.number(row, "cumulative_value_share")];
    let places: Vec<[f64; 2]> = (0..rows.len()).map(|row| plot.at(point(row))).collect();
    let mut line = vec![plot.at([0.0, 0.0])];
    for (at, place) in places.iter().enumerate() {
        let from = line[line.len() - 1];
        // Steps too short to be seen would make the picture heavy.
        if at + 1 == places.len() || (place[0] - from[0]).abs() + (place[1] - from[1]).abs() > 0.5 {
            line.push(*place);
        }
    }
    svg.polyline(&line, &line_look(k));
    if rows.len() > MOST_MARKS || !marked {
        return;
    }
    let radius = if rows.len() > 150 { 1.8 } else { 2.6 };
    svg.group(&format!(r#"fill="{}" {EDGE} stroke-width=".5""#, line_colour(k)), |svg| {
        for (city, place) in rows.cities(stage).into_iter().zip(places) {
            if let Some(i) = city {
                svg.circle(place, radius, &format!(r#"data-c="{i}""#));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::json;

    fn outcome(year: i32) -> Outcome {
        let columns = vec!["city", "cumulative_population_share", "cumulative_value_share"];
        let rows = vec![vec![json!("C2"), json!(0.5), json!(0.25)], vec![json!("C1"), json!(1.0), json!(1.0)]];
        let band = vec![
            vec![json!(0.0), json!(0.0), json!(0.0)],
            vec![json!(0.5), json!(0.2), json!(0.5)],
            vec![json!(1.0); 3],
        ];
        Outcome {
            measure: "lorenz",
            year: Some(year),
            scalars: vec![("gini", 0.25), ("n", 2.0)],
            tables: vec![
                ("curve", TableOut { columns, rows }),
                ("band", TableOut { columns: vec!["population_share", "low", "high"], rows: band }),
            ],
            ..Outcome::default()
        }
    }

    #[test]
    fn years_lie_on_one_another_and_cities_are_linked() {
        let figures =
            drawn(vec![outcome(2010), outcome(2020), Outcome { measure: "lorenz", ..Outcome::default() }], draw);
        assert_eq!(figures.len(), 1);
        let body = &figures[0].drawing.body;
        assert_eq!((body.matches("data-c=\"1\"").count(), body.matches("fill-opacity").count()), (1, 2));
        assert!(figures[0].title.contains("0.25 (2010), 0.25 (2020)"), "{}", figures[0].title);
    }
}
