//! Driving effect: growth of the periphery against the growth of the cores that it hangs on.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::{Figure, Place, Stage, labels, palette, rows, table};

/// One chart for each value.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("driving_effect").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let (growth, exposure) = (table::numbers(outcome, "growth")?, table::numbers(outcome, "exposure")?);
    let mut points: Vec<(usize, [f64; 2])> = (0..growth.len())
        .map(|i| (i, [exposure[i] * 100.0, growth[i] * 100.0]))
        .filter(|(_, at)| at.iter().all(|x| x.is_finite()))
        .collect();
    if points.len() < 2 {
        return None;
    }
    let count = points.len() as f64;
    let mean = [0, 1].map(|k| points.iter().map(|(_, at)| at[k]).sum::<f64>() / count);
    points.sort_by(|(_, a), (_, b)| (b[1] - mean[1]).abs().total_cmp(&(a[1] - mean[1]).abs()));
    let (slope, p) = (outcome.scalar("mean_exposure_b"), outcome.scalar("mean_exposure_p"));
    // The slope is that of these points only where each city is one row.
    let one_period = outcome.scalar("n") == outcome.scalar("cities");
    let drawn = slope.is_finite() && one_period;
    let axis = |k: usize, label: &str| Axis::new(Scale::linear(points.iter().map(|(_, at)| at[k])), label);
    let x = axis(0, stage.say("growth of its cores, % a year", "所依附核心的增长率，%/年"));
    let y = axis(1, stage.say("growth of the city, % a year", "本市增长率，%/年"));
    let entries = [Entry::line(palette::MAIN, format!("b = {}", short(slope)))];
    let body = plot::chart(&x, &y, if drawn { &entries } else { &[] }, |svg, plot| {
        if let Some([from, to]) = plot.straight(mean[1] - slope * mean[0], slope).filter(|_| drawn) {
            let dashes = if p <= 0.05 { "" } else { r#" stroke-dasharray="5 3""# };
            svg.line(from, to, &format!(r#"stroke="{}" stroke-width="1.8"{dashes}"#, palette::MAIN));
        }
        let radius = if points.len() > 800 { 2.0 } else { 3.6 };
        svg.group(&format!(r#"fill="{}" {EDGE} stroke-width=".6""#, palette::group(5)), |svg| {
            points.iter().for_each(|(i, at)| svg.circle(plot.at(*at), radius, &rows::of_city(*i)));
        });
        let placed: Vec<(usize, [f64; 2])> = points.iter().map(|(i, at)| (*i, plot.at(*at))).collect();
        labels::beside(svg, stage, plot, &placed, 12);
    });
    let (b, p_text, n) = (short(slope), short(p), points.len());
    let title = stage.say(format!("Driving effect: b = {b}, p = {p_text}"), format!("带动效应：b = {b}，p = {p_text}"));
    let cores = short(outcome.scalar("cores"));
    let line = match (drawn, p <= 0.05) {
        (false, _) => String::new(),
        (true, true) => stage.say(" The line has the slope b.", "直线斜率为 b。").to_owned(),
        (true, false) => stage
            .say(
                " The line has the slope b, broken since it is not told from 0.",
                "直线斜率为 b，与 0 无显著差异，故以虚线表示。",
            )
            .to_owned(),
    };
    let caption = stage.say(
        format!("{n} cities of the periphery: their growth against that of the {cores} cores, weighted by their links, in logarithms a year.{line}"),
        format!("{n} 个边缘城市的增长率与 {cores} 个核心按联系加权的增长率（对数年增长率）。{line}"),
    );
    let verdict =
        if p <= 0.05 { stage.say("told from none", "显著") } else { stage.say("not told from none", "不显著") };
    let summary = stage.say(
        format!("slope {b} over {n} cities, {verdict} (p = {p_text})"),
        format!("{n} 个城市的斜率为 {b}，{verdict}（p = {p_text}）"),
    );
    Some(
        Figure::new(stage, "driving_effect", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::tests::drawn;

    #[test]
    fn cities_with_exposure_are_points() {
        let figures = drawn(
            vec![Outcome {
                measure: "driving_effect",
                scalars: vec![
                    ("mean_exposure_b", 1.0),
                    ("mean_exposure_p", 0.2),
                    ("n", 2.0),
                    ("cities", 2.0),
                    ("cores", 1.0),
                ],
                columns: vec![
                    ("growth", Values::Numbers(vec![0.1, 0.2, 0.3])),
                    ("exposure", Values::Numbers(vec![f64::NAN, 0.1, 0.2])),
                ],
                ..Outcome::default()
            }],
            draw,
        );
        let body = &figures[0].drawing.body;
        assert!(
            body.matches("data-c").count() == 2 && !body.contains("data-c=\"0\"") && body.contains("stroke-dasharray")
        );
    }
}
