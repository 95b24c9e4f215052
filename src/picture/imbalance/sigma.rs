//! Sigma convergence: the spread of the cities over the years.

use super::{line_colour, line_entry, line_look};
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::{Rows, subject, unweighted};
use crate::picture::{Body, Figure, Place, Stage, palette};

/// One chart for each value of several years.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("sigma_convergence").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "years").filter(|rows| rows.years().len() > 1)?;
    let (first, last) = (outcome.scalar("first"), outcome.scalar("last"));
    let (slope, p) = (outcome.scalar("slope"), outcome.scalar("slope_p"));
    let title = format!(
        "{}: {}, {} → {}",
        stage.say("Sigma convergence", "σ 收敛"),
        subject(stage, outcome),
        short(first),
        short(last)
    );
    let with_p = if p.is_finite() { format!(", p = {}", short(p)) } else { String::new() };
    let caption = stage.say(
        format!(
            "Standard deviation of logarithms and coefficient of variation over the years; a \
                fall is convergence. Trend of the former {} a year{with_p}",
            short(slope)
        ),
        format!("各年对数标准差与变异系数；下降即为收敛。对数标准差的年均趋势 {}{with_p}", short(slope)),
    );
    let summary = stage.say(
        format!("The standard deviation of logarithms goes from {} to {}", short(first), short(last)),
        format!("对数标准差由 {} 变为 {}", short(first), short(last)),
    );
    let mut figure = Figure::new(
        stage,
        "sigma_convergence",
        outcome,
        Place::Family(Family::Imbalance),
        drawing(stage, &rows, slope),
    );
    figure.on_page = unweighted(outcome);
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, rows: &Rows, slope: f64) -> Body {
    let lines = [
        ("sd_log", stage.say("standard deviation of logarithms", "对数标准差")),
        ("cv", stage.say("coefficient of variation", "变异系数")),
    ];
    let years = rows.numbers("year");
    let points = |column: &str| -> Vec<[f64; 2]> {
        years
            .iter()
            .copied()
            .zip(rows.numbers(column))
            .map(|(x, y)| [x, y])
            .filter(|point| point[1].is_finite())
            .collect()
    };
    let x = Axis::new(Scale::linear(years.iter().copied()), stage.say("year", "年份")).ticks(year_ticks(&years));
    let all = lines.iter().flat_map(|(column, _)| rows.numbers(column));
    let y = Axis::new(Scale::from_zero(all), stage.say("spread", "离散程度"));
    let trend = slope.is_finite() && years.len() > 2;
    let mut entries = vec![line_entry(0, lines[0].1), line_entry(1, lines[1].1)];
    if trend {
        entries.push(Entry::line(palette::AGAINST, stage.say("trend", "趋势")));
    }
    plot::chart(&x, &y, &entries, |svg, plot| {
        let spread = points("sd_log");
        if trend && !spread.is_empty() {
            // A line of least squares goes through the means.
            let mean = |k: usize| spread.iter().map(|point| point[k]).sum::<f64>() / spread.len() as f64;
            if let Some([from, to]) = plot.straight(mean(1) - slope * mean(0), slope) {
                svg.line(from, to, &format!(r#"stroke="{}" stroke-width="1.4""#, palette::AGAINST));
            }
        }
        for (k, (column, _)) in lines.iter().enumerate() {
            let places: Vec<[f64; 2]> = points(column).into_iter().map(|point| plot.at(point)).collect();
            svg.polyline(&places, &line_look(k));
            if places.len() <= 40 {
                let look = format!(r#"fill="{}" {EDGE} stroke-width=".6""#, line_colour(k));
                places.iter().for_each(|place| svg.circle(*place, 3.2, &look));
            }
        }
    })
}

/// The years themselves where they are few; else round numbers.
pub(super) fn year_ticks(years: &[f64]) -> Vec<(f64, String)> {
    if years.len() <= 12 {
        return years.iter().map(|year| (*year, format!("{year}"))).collect();
    }
    Scale::linear(years.iter().copied()).ticks(6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::{Value, json};

    #[test]
    fn a_year_without_a_number_is_left_out() {
        let row = |year: i32, sd: Value| vec![json!(year), sd, json!(0.4)];
        let rows = vec![row(2000, json!(0.5)), row(2010, Value::Null), row(2020, json!(0.3))];
        let table = TableOut { columns: vec!["year", "sd_log", "cv"], rows };
        let outcome = Outcome {
            measure: "sigma_convergence",
            scalars: vec![("first", 0.5), ("last", 0.3), ("slope", -0.01)],
            tables: vec![("years", table)],
            ..Outcome::default()
        };
        let figures = drawn(vec![outcome], draw);
        assert_eq!(figures[0].drawing.body.matches("<circle").count(), 5);
        assert!(figures[0].title.contains("0.5 → 0.3"));
    }
}
