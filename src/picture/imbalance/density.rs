//! Kernel densities of relative income by year: whether the cities move together or into clubs.

use super::{line_colour, line_entry, line_look};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::Anchor;
use crate::picture::table::{Rows, evenly, subject, unweighted, with_footer};
use crate::picture::{Body, Figure, Place, Stage, palette};

/// Most years in one picture.
const MOST_YEARS: usize = 4;

/// One picture for each value.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("density").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "density")?;
    let known = rows.years();
    let shown: Vec<Option<i32>> = match known.is_empty() {
        true => vec![outcome.year],
        false => evenly(&known, MOST_YEARS).into_iter().map(Some).collect(),
    };
    let curves: Vec<(Option<i32>, Vec<[f64; 2]>)> = shown
        .into_iter()
        .map(|year| {
            let of = if known.is_empty() { (0..rows.len()).collect() } else { rows.in_year(year) };
            let points = of.into_iter().map(|row| [rows.number(row, "x"), rows.number(row, "density")]);
            (year, points.filter(|point| point.iter().all(|x| x.is_finite())).collect::<Vec<_>>())
        })
        .filter(|(_, points)| points.len() > 1)
        .collect();
    let peaks = outcome.scalar("peaks");
    let last = curves.last()?;
    let word = stage.say("Kernel density", "核密度");
    let title = format!(
        "{word}: {}, {} {}",
        subject(stage, outcome),
        if known.len() > 1 {
            stage.say("peaks in the last year:", "末年峰数")
        } else {
            stage.say("peaks:", "峰数")
        },
        short(peaks)
    );
    let mut caption = stage.say(
        with_footer(stage, "Distribution of the value over the mean of its year; 1 is the mean", outcome),
        "值除以当年均值后的核密度分布；1 为均值。高斯核，带宽按 nrd0".to_owned(),
    );
    if known.len() > curves.len() {
        caption += &stage.say(
            format!("; {} of {} years", curves.len(), known.len()),
            format!("；{} 个年份中的 {} 个", known.len(), curves.len()),
        );
    }
    let mode = outcome.scalar("mode");
    let when = last.0.map_or_else(String::new, |year| format!("{year}: "));
    let summary = stage.say(
        format!("{when}{} peaks, the highest at {} of the mean", short(peaks), short(mode)),
        format!("{when}峰数 {}，最高峰位于均值的 {} 倍", short(peaks), short(mode)),
    );
    let mut figure = Figure::new(stage, "density", outcome, Place::Family(Family::Imbalance), drawing(stage, &curves));
    figure.on_page = unweighted(outcome);
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, curves: &[(Option<i32>, Vec<[f64; 2]>)]) -> Body {
    let points = || curves.iter().flat_map(|(_, points)| points.iter().copied());
    let x = Axis::new(Scale::linear(points().map(|point| point[0])), stage.say("value over the mean", "值/均值"));
    let y = Axis::new(Scale::from_zero(points().map(|point| point[1] * 1.06)), stage.say("density", "密度"));
    let name = |year: Option<i32>| year.map_or(stage.say("density", "密度").to_owned(), |year| year.to_string());
    let entries: Vec<Entry> = curves.iter().enumerate().map(|(k, (year, _))| line_entry(k, name(*year))).collect();
    plot::chart(&x, &y, &entries, |svg, plot| {
        let against = format!(r#"stroke="{}" stroke-width="1""#, palette::AGAINST);
        svg.line([plot.x(1.0), plot.top], [plot.x(1.0), plot.bottom], &against);
        let mut taken: Vec<[f64; 2]> = Vec::new();
        for (k, (year, points)) in curves.iter().enumerate() {
            let line: Vec<[f64; 2]> = points.iter().map(|point| plot.at(*point)).collect();
            svg.polyline(&line, &line_look(k));
            let Some(top) = line.iter().copied().reduce(|a, b| if b[1] < a[1] { b } else { a }) else { continue };
            let free = |label: &[f64; 2]| {
                taken.iter().all(|other| (other[0] - label[0]).abs() > 28.0 || (other[1] - label[1]).abs() > 11.0)
            };
            let places = [0.0, -34.0, 34.0].map(|aside| [top[0] + aside, top[1] - 3.0]);
            if let Some(label) = places.into_iter().find(|label| free(label)) {
                let ink = format!(r#"fill="{}" font-weight="600""#, line_colour(k));
                svg.text(label, Anchor::Middle, 10.0, &ink, &name(*year));
                taken.push(label);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::json;

    #[test]
    fn there_is_a_curve_for_the_first_and_the_last_year() {
        let point = |year: i32, x: f64| vec![json!(year), json!(x), json!(1.0 - (x - 1.0).abs())];
        let rows = (2001..=2020).flat_map(|year| [0.5, 1.0, 1.5].map(|x| point(year, x))).collect();
        let table = TableOut { columns: vec!["year", "x", "density"], rows };
        let figures =
            drawn(vec![Outcome { measure: "density", tables: vec![("density", table)], ..Outcome::default() }], draw);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("<path").count(), 2 + MOST_YEARS, "{body}");
        assert!(body.contains(">2001<") && body.contains(">2020<") && figures[0].caption.contains("4 of 20 years"));
    }
}
