//! Spillover: what a unit more of a covariate comes to in the city itself and in all others, with 95 % intervals.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{AXIS, Svg};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, rows};

const KINDS: [&str; 3] = ["direct", "indirect", "total"];
const COLOURS: [&str; 3] = ["#0072b2", "#d55e00", "#57606a"];
/// Covariates that are shown.
const MOST: usize = 10;

/// One chart for each result, of the model with the least AIC.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let last = rows::span(stage, "spillover").map(|(_, last)| last.year);
    let mut shown = false;
    let mut figures = Vec::new();
    for outcome in stage.of("spillover") {
        let Some(mut figure) = figure(stage, outcome) else { continue };
        figure.on_page = last == Some(outcome.year) && !shown;
        shown |= figure.on_page;
        figures.push(figure);
    }
    figures
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let table = Rows::of(outcome, "impacts")?;
    let model = outcome.options.get("best")?.as_str()?;
    let of_best = (0..table.len()).filter(|&row| table.text(row, "model") == model);
    let terms: Vec<usize> = of_best.filter(|&row| table.number(row, "direct").is_finite()).collect();
    let all = terms.len();
    let terms = &terms[..all.min(MOST)];
    let first = *terms.first()?;
    let mut marks: Vec<(usize, [f64; 3])> = Vec::new();
    let mut names = Vec::new();
    let kinds = stage.say(["direct", "indirect", "total"], ["直接", "间接", "总"]);
    for &row in terms {
        for (k, kind) in KINDS.iter().enumerate() {
            let number = |suffix: &str| table.number(row, &format!("{kind}{suffix}"));
            if number("").is_finite() {
                marks.push((k, [number(""), number("_low"), number("_high")]));
                names.push(format!("{}: {}", kinds[k], crate::error::shortened(table.text(row, "term"))));
            }
        }
    }
    let x = Axis::new(
        Scale::linear(marks.iter().flat_map(|(_, x)| *x).chain([0.0])),
        stage.say("effect of one unit more", "增加一单位的效应"),
    );
    let entries = [0, 1, 2].map(|k| match k {
        1 => Entry::fill(COLOURS[k], kinds[k]),
        _ => Entry::dot(COLOURS[k], kinds[k]),
    });
    let body = rows::chart(WIDTH, &names, &x, &entries, |svg, plot| {
        svg.line([plot.x(0.0), plot.top], [plot.x(0.0), plot.bottom], AXIS);
        for (place, (k, [value, low, high])) in marks.iter().enumerate() {
            let y = rows::y(plot, marks.len(), place);
            if low.is_finite() && high.is_finite() {
                interval(svg, [plot.x(*low), plot.x(*high)], y, COLOURS[*k]);
            }
            let look = format!(r#"fill="{}""#, COLOURS[*k]);
            match k {
                1 => rows::diamond(svg, [plot.x(*value), y], 4.4, &look),
                _ => svg.circle([plot.x(*value), y], 3.6, &look),
            }
        }
    });
    let (term, subject) = (crate::error::shortened(table.text(first, "term")).into_owned(), stage.subject(outcome));
    let [direct, indirect] = ["direct", "indirect"].map(|name| short(table.number(first, name)));
    let title = stage.say(
        format!("Spillover on {subject}: {term} {indirect}"),
        format!("空间溢出：{subject}，{term} 间接效应 {indirect}"),
    );
    let part = if all > MOST {
        stage.say(format!(" The first {MOST} of {all} covariates."), format!("共 {all} 个协变量，仅列前 {MOST} 个。"))
    } else {
        String::new()
    };
    let caption = stage.say(
        format!(
            "Direct: in the city itself; indirect: in all others together; total: both; lines are 95 % intervals. Model {model}, that with \
             the least AIC. Without an experiment none of this shows a cause.{part}"
        ),
        format!("直接效应为对本市，间接效应为对其他城市合计，总效应为两者之和；线段为 95% 区间。模型为 AIC 最小的 {model}。非实验数据，不能据此断定因果。{part}"),
    );
    let summary = stage.say(
        format!("one unit more of {term} goes with {direct} in the city itself and {indirect} in all others together"),
        format!("{term} 增加一单位，本市变化 {direct}，其他城市合计变化 {indirect}"),
    );
    Some(
        Figure::new(stage, "spillover", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

fn interval(svg: &mut Svg, [from, to]: [f64; 2], y: f64, colour: &str) {
    let look = format!(r#"stroke="{colour}" stroke-width="1.3""#);
    svg.line([from, y], [to, y], &look);
    [from, to].iter().for_each(|x| svg.line([*x, y - 3.0], [*x, y + 3.0], &look));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use crate::write::fixture;
    use serde_json::json;

    #[test]
    fn impacts_of_the_best_model_have_intervals() {
        let mut report = fixture::report();
        let columns = vec![
            "model",
            "term",
            "direct",
            "indirect",
            "total",
            "direct_low",
            "direct_high",
            "indirect_low",
            "indirect_high",
        ];
        let row = |model: &str| {
            let numbers = [json!(1.0), json!(2.0), json!(3.0), json!(0.5), json!(1.5), json!(null), json!(null)];
            [json!(model), json!("rail & road")].into_iter().chain(numbers).collect::<Vec<_>>()
        };
        let mut outcome = Outcome { measure: "spillover", ..Outcome::default() };
        outcome.options.insert("best".into(), json!("sdm"));
        outcome.tables.push(("impacts", TableOut { columns, rows: vec![row("ols"), row("sdm")] }));
        report.outcomes = vec![outcome];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("<line").count(), 4, "{body}"); // an axis, and one interval with its ends
        assert!(body.contains("rail &amp; road") && figures[0].title.ends_with(" 2"));
    }
}
