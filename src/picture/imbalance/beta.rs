//! Beta convergence: growth of each city against its level at the start.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::{mark, subject};
use crate::picture::{Body, Figure, Place, Stage, palette};

/// One scatter plot for each value with a first and a last year.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("beta_convergence").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let growth = outcome.numbers("growth")?;
    let from = outcome.options.get("from")?.as_i64()?;
    let start = stage.report.values.iter().find(|value| {
        Some(value.name.as_str()) == outcome.variable.as_deref()
            && value.year.is_some_and(|year| i64::from(year) == from)
    })?;
    let place = |i: usize| [libm::log(start.values[i]), growth[i]];
    let points: Vec<(usize, [f64; 2])> = (0..growth.len().min(start.values.len()))
        .map(|i| (i, place(i)))
        .filter(|(_, point)| point.iter().all(|x| x.is_finite()))
        .collect();
    let [beta, p, speed, half] = ["beta", "p", "speed", "half_life"].map(|name| outcome.scalar(name));
    if points.is_empty() || !beta.is_finite() {
        return None;
    }
    let word = stage.say("Beta convergence", "β 收敛");
    let title = format!("{word}: {}, β = {}, p = {}", subject(stage, outcome), short(beta), short(p));
    let mut caption = stage.say(
        "Mean growth a year against the logarithm of the first year's value; a falling \
                line: the poorer grow faster. HC3 standard errors"
            .to_owned(),
        "年均增长率对期初水平的对数；直线向下表示落后城市增长更快。采用 HC3 稳健标准误".to_owned(),
    );
    if speed.is_finite() && half.is_finite() && half > 0.0 {
        caption += &stage.say(
            format!(". Speed {} a year, half of the gap closes in {} years", short(speed), short(half)),
            format!("。收敛速度每年 {}，半程收敛需 {} 年", short(speed), short(half)),
        );
    }
    let summary = stage.say(
        format!(
            "Of {} cities growth changes by {} for each unit of the logarithm of the initial level; R² = {}",
            points.len(),
            short(beta),
            short(outcome.scalar("r2"))
        ),
        format!(
            "{} 个城市中，期初水平对数每增加 1，年均增长率变化 {}；R² = {}",
            points.len(),
            short(beta),
            short(outcome.scalar("r2"))
        ),
    );
    let drawing = drawing(stage, outcome, &points);
    Some(
        Figure::new(stage, "beta_convergence", outcome, Place::Family(Family::Imbalance), drawing)
            .saying(title, caption, summary),
    )
}

fn drawing(stage: &Stage, outcome: &Outcome, points: &[(usize, [f64; 2])]) -> Body {
    let x = Axis::new(
        Scale::linear(points.iter().map(|(_, point)| point[0])),
        stage.say("ln of the initial level", "期初水平的对数"),
    );
    let y = Axis::new(
        Scale::linear(points.iter().map(|(_, point)| point[1])),
        stage.say("growth a year (logarithms)", "年均增长率（对数差）"),
    );
    let (alpha, beta) = (outcome.scalar("alpha"), outcome.scalar("beta"));
    let entries =
        [Entry::line(palette::MAIN, format!("β = {}", short(beta))), Entry::dot("#57606a", stage.say("city", "城市"))];
    plot::chart(&x, &y, &entries, |svg, plot| {
        let radius = if points.len() > 800 { 2.0 } else { 3.4 };
        svg.group(&format!(r##"fill="#57606a" fill-opacity=".8" {EDGE} stroke-width=".6""##), |svg| {
            for (i, point) in points {
                svg.circle(mark(plot.at(*point), points.len()), radius, &format!(r#"data-c="{i}""#));
            }
        });
        if let Some([from, to]) = plot.straight(alpha, beta) {
            svg.line(from, to, &format!(r#"stroke="{}" stroke-width="1.8" pointer-events="none""#, palette::MAIN));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::Ground;
    use crate::study::Variable;
    use serde_json::json;

    #[test]
    fn cities_without_growth_are_left_out() {
        let mut report = crate::write::fixture::report();
        report.values = vec![Variable { year: Some(2010), ..Variable::new("gdp", vec![3.0, 1.0, 0.0]) }];
        let mut outcome = Outcome {
            measure: "beta_convergence",
            variable: Some("gdp".into()),
            scalars: vec![("alpha", 0.1), ("beta", -0.02), ("p", 0.01)],
            columns: vec![("growth", Values::Numbers(vec![0.05, 0.1, f64::NAN]))],
            ..Outcome::default()
        };
        outcome.options.insert("from".into(), json!(2010));
        outcome.options.insert("to".into(), json!(2020));
        report.outcomes = vec![outcome];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        assert_eq!(figures[0].drawing.body.matches("data-c").count(), 2);
        assert!(figures[0].title.contains("gdp 2010–2020") && figures[0].title.contains("β = -0.02"));
    }
}
