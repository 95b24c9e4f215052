//! The course of inequality over the years: Gini, Theil's T and the coefficient of variation, with their intervals.

use super::sigma::year_ticks;
use super::{line_colour, line_entry, line_look, whisker};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::{Rows, by_year, head, subject, unweighted};
use crate::picture::{Body, Figure, Place, Stage};

/// What is drawn: measure, its scalar, its name among the intervals.
const LINES: [(&str, &str, &str); 3] = [("gini", "gini", "gini"), ("theil", "t", "theil_t"), ("variation", "cv", "cv")];

/// One number of one year.
struct Point {
    year: f64,
    value: f64,
    low: f64,
    high: f64,
}

/// One chart for each value of several years.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    by_year(stage, "gini").iter().filter_map(|years| figure(stage, years)).collect()
}

fn figure(stage: &Stage, years: &[&Outcome]) -> Option<Figure> {
    let one = head(years);
    let lines: Vec<Vec<Point>> = LINES.iter().map(|line| points(stage, &one, line)).collect();
    let gini = lines.first().filter(|points| points.len() > 1)?;
    let (first, last) = (&gini[0], &gini[gini.len() - 1]);
    let title = format!(
        "{}: {}, {} {} → {}",
        stage.say("Inequality over the years", "不平衡程度的演变"),
        subject(stage, &one),
        stage.say("Gini", "基尼系数"),
        short(first.value),
        short(last.value)
    );
    let with = lines.iter().flatten().any(|point| point.low.is_finite());
    let mut caption = stage.say("Measures of inequality by year", "各年不平衡指标").to_owned();
    if with {
        let level = stage.report.inference.as_ref().map_or(95.0, |rule| 100.0 * (1.0 - rule.alpha));
        caption += &stage.say(
            format!("; bars: {}% bootstrap intervals (BCa)", short(level)),
            format!("；误差线为 {}% 自助法区间（BCa）", short(level)),
        );
    }
    let summary = stage.say(
        format!(
            "The Gini coefficient goes from {} in {} to {} in {}",
            short(first.value),
            first.year,
            short(last.value),
            last.year
        ),
        format!("基尼系数由 {} 年的 {} 变为 {} 年的 {}", first.year, short(first.value), last.year, short(last.value)),
    );
    let figure = Figure::new(stage, "inequality", &one, Place::Family(Family::Imbalance), drawing(stage, &lines));
    Some(figure.on_page(unweighted(&one)).saying(title, caption, summary))
}

/// The numbers of one measure by year, each year once: those of the result that has the same value and population.
fn points(stage: &Stage, one: &Outcome, (measure, scalar, among): &(&'static str, &str, &str)) -> Vec<Point> {
    let population = |outcome: &Outcome| outcome.options.get("population").cloned();
    let same = |outcome: &&Outcome| outcome.variable == one.variable && population(outcome) == population(one);
    let mut points: Vec<Point> = Vec::new();
    for outcome in stage.of(measure).filter(same) {
        let (Some(year), value) = (outcome.year.map(f64::from), outcome.scalar(scalar)) else { continue };
        if value.is_finite() && points.iter().all(|point| point.year != year) {
            let of_year = |other: &&Outcome| same(other) && other.year == outcome.year;
            let intervals =
                stage.of("inequality_intervals").find(of_year).and_then(|found| Rows::of(found, "measures"));
            let end = |end: &str| {
                let row = |rows: &Rows| (0..rows.len()).find(|&row| rows.text(row, "measure") == *among);
                intervals.and_then(|rows| Some(rows.number(row(&rows)?, end))).unwrap_or(f64::NAN)
            };
            points.push(Point { year, value, low: end("low"), high: end("high") });
        }
    }
    points.sort_by(|a, b| a.year.total_cmp(&b.year));
    points
}

fn drawing(stage: &Stage, lines: &[Vec<Point>]) -> Body {
    let names = [
        stage.say("Gini coefficient", "基尼系数"),
        stage.say("Theil's T", "泰尔 T 指数"),
        stage.say("coefficient of variation", "变异系数"),
    ];
    let mut years: Vec<f64> = lines.iter().flatten().map(|point| point.year).collect();
    years.sort_by(f64::total_cmp);
    years.dedup();
    let x = Axis::new(Scale::linear(years.iter().copied()), stage.say("year", "年份")).ticks(year_ticks(&years));
    let all = lines.iter().flatten().flat_map(|point| [point.value, point.low, point.high]);
    let y = Axis::new(Scale::from_zero(all), stage.say("inequality", "不平衡程度"));
    let drawn = || lines.iter().enumerate().filter(|(_, points)| !points.is_empty());
    let entries: Vec<Entry> = drawn().map(|(k, _)| line_entry(k, names[k])).collect();
    plot::chart(&x, &y, &entries, |svg, plot| {
        for (k, points) in drawn() {
            // Side by side, so that the intervals of one year do not hide each other.
            let aside = 4.0 * (k as f64 - 1.0);
            let place = |point: &Point| [plot.x(point.year) + aside, plot.y(point.value)];
            let places: Vec<[f64; 2]> = points.iter().map(place).collect();
            svg.polyline(&places, &line_look(k));
            if points.len() > 40 {
                continue;
            }
            let look = format!(r#"fill="{}" {EDGE} stroke-width=".6""#, line_colour(k));
            for (point, place) in points.iter().zip(places) {
                whisker(svg, place[0], plot.y(point.low), plot.y(point.high), line_colour(k));
                svg.circle(place, 3.2, &look);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use serde_json::json;

    #[test]
    fn intervals_belong_to_their_year() {
        let of = |measure, scalar, year, value| Outcome {
            measure,
            variable: Some("gdp".into()),
            year: Some(year),
            scalars: vec![(scalar, value)],
            ..Outcome::default()
        };
        let mut interval = of("inequality_intervals", "n", 2020, 41.0);
        let table = TableOut {
            columns: vec!["measure", "low", "high"],
            rows: vec![vec![json!("gini"), json!(0.2), json!(0.4)]],
        };
        interval.tables.push(("measures", table));
        let mut report = crate::write::fixture::report();
        report.outcomes =
            vec![of("gini", "gini", 2020, 0.3), of("gini", "gini", 2010, 0.35), of("theil", "t", 2010, 0.1), interval];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let figures = draw(&stage);
        assert_eq!(figures[0].drawing.body.matches("<circle").count(), 3);
        let points = points(&stage, &report.outcomes[0], &LINES[0]);
        assert!(points[0].low.is_nan() && points[1].low == 0.2, "the interval is that of 2020");
        report.outcomes.remove(1);
        assert!(draw(&Stage { report: &report, ground: &ground, network: None }).is_empty());
    }
}
