//! Intervals of the measures of inequality, as error bars.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::rows;
use crate::picture::scale::Scale;
use crate::picture::svg::{EDGE, Svg};
use crate::picture::table::{Rows, subject, unweighted};
use crate::picture::{Figure, Place, Stage, WIDTH, palette};

/// One chart for each value and year.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("inequality_intervals").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome, "measures")?;
    let known: Vec<usize> = (0..rows.len()).filter(|&row| rows.number(row, "value").is_finite()).collect();
    let first = *known.first()?;
    let numbers = |row: usize| ["low", "value", "high"].map(|column| rows.number(row, column));
    let interval = |row: usize| {
        let [low, value, high] = numbers(row).map(short);
        format!("{} = {value} [{low}, {high}]", name(stage, rows.text(row, "measure")))
    };
    let word = stage.say("Intervals of inequality", "不平衡指标的区间估计");
    let title = format!("{word}: {}, {}", subject(stage, outcome), interval(first));
    let caption = outcome
        .footer
        .clone()
        .map_or_else(String::new, |footer| stage.say(footer, "BCa 自助法区间，把城市视作自同类城市中抽取".to_owned()));
    let all: Vec<String> = known.iter().map(|&row| interval(row)).collect();
    let labels: Vec<String> = known.iter().map(|&row| name(stage, rows.text(row, "measure")).to_owned()).collect();
    let ends = known.iter().flat_map(|&row| numbers(row));
    let x = Axis::new(Scale::from_zero(ends), stage.say("value", "指标值"));
    let entries = [
        Entry::dot(palette::MAIN, stage.say("value", "指标值")),
        Entry::line(palette::MAIN, stage.say("interval", "区间")),
    ];
    let drawing = rows::each([WIDTH, rows::HIGH], &labels, &x, &entries, |svg, plot, at, y| {
        let [low, value, high] = numbers(known[at]).map(|x| plot.x(x));
        bar(svg, [low, value, high], y);
    });
    let mut figure = Figure::new(stage, "inequality_intervals", outcome, Place::Family(Family::Imbalance), drawing);
    figure.on_page = unweighted(outcome) && stage.is_last(outcome);
    Some(figure.saying(title, caption, all.join("; ")))
}

fn bar(svg: &mut Svg, [low, value, high]: [f64; 3], y: f64) {
    if low.is_finite() && high.is_finite() {
        let look = format!(r#"stroke="{}" stroke-width="1.8""#, palette::MAIN);
        svg.line([low, y], [high, y], &look);
        [low, high].iter().for_each(|x| svg.line([*x, y - 4.0], [*x, y + 4.0], &look));
    }
    svg.circle([value, y], 3.6, &format!(r#"fill="{}" {EDGE} stroke-width=".6""#, palette::MAIN));
}

fn name<'a>(stage: &Stage, measure: &'a str) -> &'a str {
    match measure {
        "gini" => stage.say("Gini", "基尼系数"),
        "theil_t" => stage.say("Theil's T", "泰尔 T"),
        "theil_l" => stage.say("Theil's L", "泰尔 L"),
        "atkinson_05" => stage.say("Atkinson 0.5", "阿特金森 0.5"),
        "atkinson_1" => stage.say("Atkinson 1", "阿特金森 1"),
        "cv" => stage.say("CV", "变异系数"),
        "sd_log" => stage.say("sd of logarithms", "对数标准差"),
        "hoover" => stage.say("Hoover", "胡佛指数"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::tests::drawn;
    use serde_json::{Value, json};

    #[test]
    fn a_measure_without_an_interval_is_a_dot() {
        let rows = vec![
            vec![json!("gini"), json!(0.3), json!(0.2), json!(0.4)],
            vec![json!("<x>"), json!(0.1), Value::Null, Value::Null],
            vec![json!("theil_l"), Value::Null, Value::Null, Value::Null],
        ];
        let table = TableOut { columns: vec!["measure", "value", "low", "high"], rows };
        let outcome =
            Outcome { measure: "inequality_intervals", tables: vec![("measures", table)], ..Outcome::default() };
        let figures = drawn(vec![outcome], draw);
        let body = &figures[0].drawing.body;
        assert_eq!(body.matches("r=\"3.6\"").count(), 2);
        assert!(body.contains("&lt;x&gt;") && !body.contains("Theil"), "{body}");
    }
}
