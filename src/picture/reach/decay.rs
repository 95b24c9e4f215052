//! How links fade with distance: strength of links against distance, both logarithmic, with the gravity model's decay.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::{Figure, Place, Stage, pairs, palette, rows};

/// One chart for each year of the fitted gravity model; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.each_year("gravity_fit", figure)
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let (network, cities) = (stage.network?, &stage.report.cities);
    let place = |i: usize| cities.points.get(i).copied().flatten();
    let core = super::tiers(stage);
    let is_core = |i: usize| core.as_ref().is_some_and(|tiers| tiers[i] == Some(0));
    let points: Vec<pairs::Pair> = network
        .undirected()
        .arcs()
        .filter(|(from, to, _)| from < to)
        .filter_map(|(from, to, weight)| {
            let distance = cities.metric.distance(place(from)?, place(to)?);
            let strength = network.meaning().strength(weight);
            let drawn = distance > 0.0 && strength > 0.0 && distance.is_finite() && strength.is_finite();
            drawn.then_some(([distance, strength], is_core(from) || is_core(to)))
        })
        .collect();
    let slope = outcome.scalar("distance_power");
    if points.len() < 2 || !slope.is_finite() {
        return None;
    }
    // Straight on logarithmic axes; it is drawn through the mean of the logarithms.
    let count = points.len() as f64;
    let mean = |k: usize| points.iter().map(|(at, _)| libm::log(at[k])).sum::<f64>() / count;
    let (mx, my) = (mean(0), mean(1));
    let fitted = |x: f64| libm::exp(my + slope * (libm::log(x) - mx));
    let unit = cities.metric.unit();
    let distance = stage.say("distance", "距离");
    let x = Axis::new(
        Scale::logarithmic(points.iter().map(|(at, _)| at[0])),
        if unit.is_empty() { distance.to_owned() } else { format!("{distance}, {unit}") },
    );
    let y = Axis::new(
        Scale::logarithmic(points.iter().map(|(at, _)| at[1])),
        stage.say("strength of the link", "联系强度"),
    );
    let mut entries =
        pairs::legend(&points, stage.say("link of a core", "核心城市的联系"), stage.say("other link", "其他联系"));
    entries.push(Entry::line(palette::MAIN, format!("d^{slope:.3}")));
    let body = plot::chart(&x, &y, &entries, |svg, plot| {
        pairs::draw(svg, plot, &points);
        let (low, high) = (y.scale.low(), y.scale.high());
        // Where the line leaves the frame above and below.
        let at = |strength: f64| libm::exp(mx + (libm::log(strength) - my) / slope);
        let (a, b) = if slope < 0.0 { (at(high), at(low)) } else { (at(low), at(high)) };
        let (from, to) = (a.max(x.scale.low()), b.min(x.scale.high()));
        if from.is_finite() && to.is_finite() && from < to {
            let ends = [from, to].map(|x| plot.at([x, fitted(x)]));
            svg.line(ends[0], ends[1], &format!(r#"stroke="{}" stroke-width="1.8""#, palette::MAIN));
        }
    });
    let (year, cpc, n) = (rows::year(outcome), short(outcome.scalar("cpc")), points.len());
    let title = stage
        .say(format!("Links against distance{year}: d^{slope:.3}"), format!("联系强度随距离衰减{year}：d^{slope:.3}"));
    let zeros = outcome.scalar("zero_pairs");
    let left = if zeros > 0.0 {
        stage.say(
            format!(
                " {} ordered pairs without a link have no place on a logarithmic scale; the model takes them.",
                short(zeros)
            ),
            format!("{} 个有向城市对无联系，对数刻度上无法表示，但已纳入模型。", short(zeros)),
        )
    } else {
        String::new()
    };
    let caption = stage.say(
        format!(
            "{n} links without direction, both axes logarithmic. Line: distance decay of the doubly constrained gravity model with \
             power decay (Poisson pseudo-maximum likelihood), which holds the sizes of cities, drawn through the mean of the links.{left}"
        ),
        format!(
            "{n} 条无向联系，两轴均为对数刻度。直线：双约束引力模型（幂函数衰减，泊松伪极大似然）的距离衰减，已控制城市规模，过各联系的均值点。{left}"
        ),
    );
    let summary = stage.say(
        format!(
            "strength falls with distance to the power {}; the better fit shares {cpc} of the flows with those observed",
            short(slope)
        ),
        format!("联系强度随距离的 {} 次幂变化；较优模型与实际流量的共同部分为 {cpc}", short(slope)),
    );
    Some(
        Figure::new(stage, "distance_decay", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}
