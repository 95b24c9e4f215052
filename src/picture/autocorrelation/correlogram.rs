//! Correlograms: how far autocorrelation reaches, by distance and by steps between neighbours.

use crate::inference::Adjust;
use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::{AXIS, outline};
use crate::picture::table::{Rows, at_an_end};
use crate::picture::{Body, Figure, Place, Stage, palette};
use crate::study::Metric;

const BAND: &str = "#cfe2f3";

/// One chart for each correlogram.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    let of = |outcome| ["by_distance", "by_order"].into_iter().filter_map(move |table| figure(stage, outcome, table));
    stage.of("correlogram").flat_map(of).collect()
}

/// One lag of a correlogram.
struct Lag {
    /// Where it lies: the middle of its band of distances, or its number of steps.
    at: f64,
    i: f64,
    /// What I is where there is no autocorrelation; it hangs on the number of cities of the lag.
    expected: f64,
    band: [f64; 2],
    significant: bool,
}

fn figure(stage: &Stage, outcome: &Outcome, table: &'static str) -> Option<Figure> {
    let rows = Rows::of(outcome, table)?;
    let lags: Vec<Lag> = (0..rows.len()).map(|row| lag(stage, &rows, row)).filter(|lag| lag.i.is_finite()).collect();
    let (first, by_distance) = (lags.first()?, table == "by_distance");
    let subject = stage.subject(outcome);
    let title = format!("{}: {subject}", stage.say("Correlogram", "空间相关图"));
    let left_out = rows.len() - lags.len();
    let mut caption = stage.say(
        format!(
            "Moran's I of the pairs in each lag; filled: significant, hollow: not; the band \
                holds what chance gives, lag by lag. {}",
            stage.rule()
        ),
        format!("各滞后级内的莫兰指数；实心为显著，空心为不显著；阴影为置换所得逐点置信带。{}", stage.rule()),
    );
    if left_out > 0 {
        caption += &stage.say(
            format!(". {left_out} lags without a value are left out"),
            format!("。{left_out} 个滞后级无值，未画出"),
        );
    }
    let significant = lags.iter().filter(|lag| lag.significant).count();
    let summary = stage.say(
        format!(
            "Moran's I is {} in the first of {} lags; {significant} of them are significant",
            short(first.i),
            lags.len()
        ),
        format!("{} 个滞后级中第一级 I = {}；显著 {significant} 个", lags.len(), short(first.i)),
    );
    let drawing = if by_distance { distances(stage, &lags) } else { orders(stage, &lags) };
    let stem = if by_distance { "correlogram" } else { "correlogram_by_order" };
    let mut figure = Figure::new(stage, stem, outcome, Place::Family(Family::Autocorrelation), drawing);
    figure.on_page = at_an_end(stage, outcome);
    Some(figure.saying(title, caption, summary))
}

fn lag(stage: &Stage, rows: &Rows, row: usize) -> Lag {
    let rule = stage.report.inference.as_ref();
    // The p value corrected for the number of lags counts where a correction was asked for.
    let p = rows.number(row, if rule.is_some_and(|rule| rule.adjust != Adjust::None) { "q" } else { "p_permutation" });
    Lag {
        at: f64::midpoint(rows.number(row, "lower"), rows.number(row, "upper")),
        i: rows.number(row, "i"),
        expected: rows.number(row, "expected"),
        band: ["band_lower", "band_upper"].map(|end| rows.number(row, end)),
        significant: p <= rule.map_or(0.05, |rule| rule.alpha),
    }
}

fn axis_of_i(stage: &Stage, lags: &[Lag]) -> Axis {
    let all = lags.iter().flat_map(|lag| [lag.i, lag.band[0], lag.band[1], 0.0]);
    Axis::new(Scale::linear(all), stage.say("Moran's I", "莫兰指数"))
}

fn entries(stage: &Stage, band: Entry) -> Vec<Entry> {
    vec![
        Entry::fill(palette::MAIN, stage.say("significant", "显著")),
        Entry::outline(palette::MAIN, stage.say("not significant", "不显著")),
        band,
        Entry::dashes("#57606a", stage.say("expected by chance", "期望值")),
    ]
}

/// The look of an expectation.
const EXPECTED: &str = r##"stroke="#57606a" stroke-width="1.2" stroke-dasharray="4 3""##;

fn distances(stage: &Stage, lags: &[Lag]) -> Body {
    let unit = match stage.report.cities.metric {
        Metric::GreatCircle { .. } => stage.say("distance (km)", "距离（千米）"),
        Metric::Planar => stage.say("distance (units of the map)", "距离（地图单位）"),
    };
    let x = Axis::new(Scale::from_zero(lags.iter().map(|lag| lag.at)), unit);
    let band = Entry::fill(BAND, stage.say("confidence band of chance", "置换置信带"));
    plot::chart(&x, &axis_of_i(stage, lags), &entries(stage, band), |svg, plot| {
        let known = || lags.iter().filter(|lag| lag.band.iter().all(|end| end.is_finite()));
        let mut edge: Vec<[f64; 2]> = known().map(|lag| plot.at([lag.at, lag.band[1]])).collect();
        edge.extend(known().map(|lag| plot.at([lag.at, lag.band[0]])).collect::<Vec<_>>().into_iter().rev());
        if edge.len() > 2 {
            svg.path(&(outline(&edge) + "Z"), &format!(r#"fill="{BAND}" fill-opacity=".7""#));
        }
        let expected = lags.iter().filter(|lag| lag.expected.is_finite());
        svg.polyline(&expected.map(|lag| plot.at([lag.at, lag.expected])).collect::<Vec<_>>(), EXPECTED);
        let points: Vec<[f64; 2]> = lags.iter().map(|lag| plot.at([lag.at, lag.i])).collect();
        svg.polyline(&points, &format!(r#"stroke="{}" stroke-width="1.8""#, palette::MAIN));
        for (lag, point) in lags.iter().zip(points) {
            svg.circle(point, 3.8, &filling(lag.significant));
        }
    })
}

fn orders(stage: &Stage, lags: &[Lag]) -> Body {
    let ticks = lags.iter().map(|lag| (lag.at, short(lag.at))).collect();
    let (low, high) = (lags[0].at, lags[lags.len() - 1].at);
    let x =
        Axis::new(Scale::exact(low - 0.6, high + 0.6), stage.say("steps between neighbours", "邻接阶数")).ticks(ticks);
    let band = Entry::line("#1f2328", stage.say("confidence interval of chance", "置换置信区间"));
    plot::chart(&x, &axis_of_i(stage, lags), &entries(stage, band), |svg, plot| {
        let width = ((plot.x(1.0) - plot.x(0.0)) * 0.5).min(56.0);
        let zero = plot.y(0.0);
        svg.line([plot.left, zero], [plot.right, zero], AXIS);
        for lag in lags {
            let [middle, end] = plot.at([lag.at, lag.i]);
            svg.rect([middle - width / 2.0, end.min(zero)], [width, (end - zero).abs()], &filling(lag.significant));
            if lag.expected.is_finite() {
                let y = plot.y(lag.expected);
                svg.line([middle - width / 2.0 - 8.0, y], [middle + width / 2.0 + 14.0, y], EXPECTED);
            }
            let [low, high] = lag.band.map(|end| plot.y(end));
            if low.is_finite() && high.is_finite() {
                let ink = r##"class="whisker" stroke="#1f2328" stroke-width="1.2""##;
                // Beside the bar's middle, so that it is seen on a dark bar too.
                let x = middle + width / 2.0 + 5.0;
                svg.line([x, low], [x, high], ink);
                [low, high].iter().for_each(|y| svg.line([x - 3.0, *y], [x + 3.0, *y], ink));
            }
        }
    })
}

fn filling(significant: bool) -> String {
    let inside = if significant { palette::MAIN } else { "#ffffff" };
    format!(r#"fill="{inside}" stroke="{}" stroke-width="1.6""#, palette::MAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use serde_json::{Value, json};

    #[test]
    fn significant_lags_are_filled_and_lags_without_a_value_left_out() {
        let row = |lag: f64, i: Value, p: f64| {
            vec![json!(lag), json!(lag), i, json!(-0.1), json!(p), json!(p), json!(-0.2), json!(0.2)]
        };
        let columns = vec!["lower", "upper", "i", "expected", "p_permutation", "q", "band_lower", "band_upper"];
        let rows = vec![row(1.0, json!(0.5), 0.01), row(2.0, json!(0.1), 0.4), row(3.0, Value::Null, 0.5)];
        let mut report = crate::write::fixture::report();
        for (name, circles) in [("by_distance", 2), ("by_order", 0)] {
            let table = TableOut { columns: columns.clone(), rows: rows.clone() };
            report.outcomes =
                vec![Outcome { measure: "correlogram", tables: vec![(name, table)], ..Outcome::default() }];
            let ground = Ground::new(&report.cities);
            let figures = draw(&Stage { report: &report, ground: &ground, network: None });
            let body = &figures[0].drawing.body;
            assert_eq!(body.matches("<circle").count(), circles, "{body}");
            assert_eq!(body.matches(&filling(true)).count(), 1);
            assert_eq!(body.matches(&filling(false)).count(), 1);
            assert!(figures[0].caption.contains("1 lags without a value"), "{}", figures[0].caption);
        }
    }
}
