//! Moran's I among the values that chance gives: a histogram of the permutations with the value observed.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::Rows;
use crate::picture::{Body, Figure, Place, Stage, palette};

/// One histogram for each result of Moran's I that was held against permutations.
pub(in crate::picture) fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("moran").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let bins = Rows::of(outcome, "permutations")?;
    let [i, p, mean] = ["i", "p_permutation", "permutation_mean"].map(|name| outcome.scalar(name));
    let total: f64 = bins.numbers("count").iter().sum();
    if !i.is_finite() || total.is_nan() {
        return None;
    }
    let (subject, title) = (stage.subject(outcome), stage.say("Moran's I against chance", "莫兰指数的置换分布"));
    let title = format!("{title}: {subject}, I = {}, p = {}", short(i), short(p));
    let caption = stage.say(
        format!(
            "How often random permutations of the values give each I; the farther the line \
                lies outside, the less chance explains it. {}",
            stage.rule()
        ),
        format!("随机置换所得莫兰指数的频数；观测值（竖线）离分布越远，越难以用偶然解释。{}", stage.rule()),
    );
    let (low, high) = (bins.number(0, "from"), bins.number(bins.len() - 1, "to"));
    let summary = stage.say(
        format!(
            "{total} permutations give I from {} to {}, {} on average; observed {}",
            short(low),
            short(high),
            short(mean),
            short(i)
        ),
        format!(
            "{total} 次置换的 I 介于 {} 与 {} 之间，均值 {}；观测值 {}",
            short(low),
            short(high),
            short(mean),
            short(i)
        ),
    );
    let mut figure = Figure::new(
        stage,
        "permutations",
        outcome,
        Place::Family(Family::Autocorrelation),
        drawing(stage, outcome, &bins),
    );
    figure.on_page = stage.is_last(outcome) && outcome.weights.as_deref() != Some("links");
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, outcome: &Outcome, bins: &Rows) -> Body {
    let (i, expected) = (outcome.scalar("i"), outcome.scalar("expected"));
    let (from, to, counts) = (bins.numbers("from"), bins.numbers("to"), bins.numbers("count"));
    let x = Axis::new(
        Scale::linear(from.iter().chain(&to).copied().chain([i, expected])),
        stage.say("Moran's I", "莫兰指数"),
    );
    let y = Axis::new(Scale::from_zero(counts.iter().copied()), stage.say("permutations", "置换次数"));
    let entries = [
        Entry::line(palette::STRIKING, format!("{} I = {}", stage.say("observed", "观测值"), short(i))),
        Entry::dashes("#57606a", format!("{} {}", stage.say("expected by chance", "期望值"), short(expected))),
        Entry::fill("#9ec5e8", stage.say("permutations", "置换")),
    ];
    plot::chart(&x, &y, &entries, |svg, plot| {
        for bin in 0..bins.len() {
            let [left, top] = plot.at([from[bin], counts[bin]]);
            // Permutations that all give one value are still a bar.
            let width = (plot.x(to[bin]) - left).max(2.0);
            svg.rect([left, top], [width, plot.bottom - top], &format!(r##"fill="#9ec5e8" {EDGE} stroke-width=".5""##));
        }
        let dashed = r##"stroke="#57606a" stroke-width="1.3" stroke-dasharray="4 3""##;
        svg.line([plot.x(expected), plot.top], [plot.x(expected), plot.bottom], dashed);
        let line = format!(r#"stroke="{}" stroke-width="2.2""#, palette::STRIKING);
        svg.line([plot.x(i), plot.top], [plot.x(i), plot.bottom], &line);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use serde_json::json;

    #[test]
    fn there_is_a_bar_for_each_interval() {
        let mut report = crate::write::fixture::report();
        let table = TableOut {
            columns: vec!["from", "to", "count"],
            rows: vec![vec![json!(-0.2), json!(0.0), json!(60)], vec![json!(0.0), json!(0.2), json!(39)]],
        };
        let outcome = Outcome {
            measure: "moran",
            variable: Some("<gdp>".into()),
            scalars: vec![("i", 0.5), ("expected", -0.1), ("p_permutation", 0.02)],
            tables: vec![("permutations", table)],
            ..Outcome::default()
        };
        report.outcomes = vec![outcome, Outcome { measure: "moran", ..Outcome::default() }];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].drawing.body.matches("<rect").count(), 3); // one of them in the legend
        assert!(figures[0].summary.starts_with("99 permutations"), "{}", figures[0].summary);
    }
}
