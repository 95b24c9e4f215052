//! Links of each city as they are, against what size and distance would make them.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::{Figure, Place, Stage, labels, palette, rows, table};

/// One chart for each year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.each_year("gravity_fit", figure)
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let column = |name: &str| table::numbers(outcome, name);
    let (out, back, ratio) = (column("fitted_out")?, column("fitted_in")?, column("ratio")?);
    let fitted = |i: usize| out[i] + back[i];
    let mut points: Vec<(usize, [f64; 2])> = (0..ratio.len())
        .map(|i| (i, [fitted(i), ratio[i] * fitted(i)]))
        .filter(|(_, at)| at.iter().all(|x| x.is_finite() && *x > 0.0))
        .collect();
    if points.is_empty() {
        return None;
    }
    // Those farthest from the diagonal are named first.
    let off = |i: usize| libm::log(ratio[i]).abs();
    points.sort_by(|a, b| off(b.0).total_cmp(&off(a.0)).then(a.0.cmp(&b.0)));
    let left_out = (0..ratio.len()).filter(|&i| ratio[i] == 0.0).count();
    let axis = |k: usize, label: &str| Axis::new(Scale::logarithmic(points.iter().map(|(_, at)| at[k])), label);
    let x = axis(0, stage.say("flow fitted, both directions", "模型拟合流量（双向）"));
    let y = axis(1, stage.say("flow observed", "实际流量"));
    let entries = [
        Entry::dot(palette::LOW_HIGH[1], stage.say("more than fitted", "高于拟合")),
        Entry::dot(palette::LOW_HIGH[0], stage.say("less", "低于拟合")),
        Entry::dashes(palette::AGAINST, stage.say("observed = fitted", "实际 = 拟合")),
    ];
    let body = plot::chart(&x, &y, &entries, |svg, plot| {
        let (from, to) = (x.scale.low().max(y.scale.low()), x.scale.high().min(y.scale.high()));
        if from < to {
            let look = format!(r#"stroke="{}" stroke-width="1.2" stroke-dasharray="4 3""#, palette::AGAINST);
            svg.line(plot.at([from, from]), plot.at([to, to]), &look);
        }
        let radius = if points.len() > 800 { 2.0 } else { 3.6 };
        svg.group(&format!(r#"{EDGE} stroke-width=".6""#), |svg| {
            for (i, at) in &points {
                let colour = palette::LOW_HIGH[usize::from(ratio[*i] >= 1.0)];
                svg.circle(plot.at(*at), radius, &format!(r#"fill="{colour}" {}"#, rows::of_city(*i)));
            }
        });
        let placed: Vec<(usize, [f64; 2])> = points.iter().map(|(i, at)| (*i, plot.at(*at))).collect();
        labels::beside(svg, stage, plot, &placed, 14);
    });
    let by_ratio = |i: &usize| ratio[*i];
    let most = points.iter().map(|(i, _)| *i).max_by(|a, b| by_ratio(a).total_cmp(&by_ratio(b)))?;
    let least = points.iter().map(|(i, _)| *i).min_by(|a, b| by_ratio(a).total_cmp(&by_ratio(b)))?;
    let known = |i: usize| stage.report.cities.known_as(i);
    let year = rows::year(outcome);
    let title = stage.say(
        format!("Links over those fitted{year}: {:.2} in {}", ratio[most], known(most)),
        format!("实际联系与引力模型{year}：{}为拟合值的 {} 倍", known(most), short(ratio[most])),
    );
    let left = match left_out {
        0 => String::new(),
        n => stage.say(format!(" {n} cities without a link are left out."), format!("{n} 个无联系的城市未列出。")),
    };
    let caption = stage.say(
        format!("Flow of each city in the better unconstrained model, of masses and distance alone, against that observed; both axes logarithmic.{left}"),
        format!("横轴为仅含质量与距离的较优无约束模型对各城市流量的拟合，纵轴为实际流量；两轴均为对数刻度。{left}"),
    );
    let summary = stage.say(
        format!(
            "{} has most for its size and place ({}), {} least ({})",
            known(most),
            short(ratio[most]),
            known(least),
            short(ratio[least])
        ),
        format!(
            "相对规模与区位，{}最高（{}），{}最低（{}）",
            known(most),
            short(ratio[most]),
            known(least),
            short(ratio[least])
        ),
    );
    Some(
        Figure::new(stage, "gravity_fit", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;
    use crate::picture::Ground;
    use crate::picture::svg::of_city;
    use crate::write::fixture;

    #[test]
    fn cities_above_the_diagonal_are_red_and_those_without_links_left_out() {
        let mut report = fixture::report();
        let column = |values: [f64; 3]| Values::Numbers(values.to_vec());
        report.outcomes = vec![Outcome {
            measure: "gravity_fit",
            columns: vec![
                ("fitted_out", column([5.0, 5.0, 5.0])),
                ("fitted_in", column([5.0, 15.0, 5.0])),
                ("ratio", column([2.0, 0.5, 0.0])),
            ],
            ..Outcome::default()
        }];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        let (body, caption) = (&figures[0].drawing.body, &figures[0].caption);
        let [low, high] = palette::LOW_HIGH;
        let fill = |city| of_city(body, city, "fill");
        assert_eq!([fill(0).as_deref(), fill(1).as_deref(), fill(2).as_deref()], [Some(high), Some(low), None]);
        assert!(caption.contains("1 cities without a link"));
    }
}
