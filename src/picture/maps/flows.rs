//! The flow map: the strongest links of the network, as curves that bend to the right of their direction.

use super::super::legend::{Entry, Sign};
use super::super::map::Map;
use super::super::palette::{MAIN, STRIKING};
use super::super::svg::{Svg, tenths};
use super::super::{Body, Figure, Place, Stage};
use super::{places, sentences};
use crate::measures::Outcome;
use crate::note::{listed, short};
use crate::study::{LinkDirection, LinkMeaning, Linkage};

/// Most links that are drawn.
const MOST: usize = 45;
/// Most cities that are marked.
const MOST_CITIES: usize = 150;
/// Width of the strongest link.
const WIDEST: f64 = 5.0;
/// How far a curve bends, as a part of its length.
const BEND: f64 = 0.16;

/// One link with its strength.
#[derive(Clone, Copy)]
struct Flow {
    from: usize,
    to: usize,
    strength: f64,
}

/// The strongest links: of the backbone where there is one, else of all.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.network.and_then(|network| figure(stage, network)).into_iter().collect()
}

fn figure(stage: &Stage, network: &Linkage) -> Option<Figure> {
    let outcome = stage.of("backbone").next();
    let directed = network.direction() == LinkDirection::Directed;
    let all = flows(network, directed);
    let backbone = outcome.and_then(|outcome| backbone(stage, outcome, &all));
    let kept = backbone.as_ref().unwrap_or(&all);
    let drawable = |flow: &&Flow| stage.ground.city(flow.from).is_some() && stage.ground.city(flow.to).is_some();
    let shown: Vec<Flow> = kept.iter().filter(drawable).take(MOST).copied().collect();
    if shown.is_empty() {
        return None;
    }
    let drawing = drawing(stage, network, &shown, directed);
    let (k, n, m) = (shown.len(), kept.len(), all.len());
    let title = if backbone.is_some() {
        stage.say(
            format!("Flows: the strongest {k} of {n} backbone links, {m} in all"),
            format!("流量：骨干联系 {n} 条中最强的 {k} 条，共 {m} 条"),
        )
    } else {
        stage.say(format!("Flows: the strongest {k} of {m} links"), format!("流量：{m} 条联系中最强的 {k} 条"))
    };
    let caption = caption(stage, outcome.filter(|_| backbone.is_some()), network, directed);
    let told: Vec<String> = shown.iter().take(5).map(|flow| told(stage, flow, directed)).collect();
    let summary = stage.say(format!("The strongest: {}", listed(&told)), format!("最强联系：{}", told.join("、")));
    let empty = Outcome::default();
    let figure = Figure::new(stage, "map_flows", outcome.unwrap_or(&empty), Place::Maps, drawing);
    Some(figure.saying(title, caption, summary))
}

/// All links, the strongest first; those without a direction once.
fn flows(network: &Linkage, directed: bool) -> Vec<Flow> {
    let strength = |w| network.meaning().strength(w);
    let once = |&(from, to, _): &(usize, usize, f64)| directed || from < to;
    let mut flows: Vec<Flow> =
        network.arcs().filter(once).map(|(from, to, w)| Flow { from, to, strength: strength(w) }).collect();
    flows.sort_by(|a, b| b.strength.total_cmp(&a.strength).then((a.from, a.to).cmp(&(b.from, b.to))));
    flows
}

/// The links of the backbone, the strongest first.
fn backbone(stage: &Stage, outcome: &Outcome, all: &[Flow]) -> Option<Vec<Flow>> {
    let links = outcome.table("links")?;
    let column = |name: &str| links.columns.iter().position(|column| *column == name);
    let (origin, destination, kept) = (column("origin")?, column("destination")?, column("backbone")?);
    let at = places(stage);
    let place = |cell: &serde_json::Value| cell.as_str().and_then(|id| at.get(id).copied());
    let pairs: std::collections::HashSet<(usize, usize)> = links
        .rows
        .iter()
        .filter(|row| row[kept].as_bool() == Some(true))
        .filter_map(|row| Some((place(&row[origin])?, place(&row[destination])?)))
        .collect();
    let both = |flow: &&Flow| {
        pairs.contains(&(flow.from, flow.to))
            || (!pairs.is_empty() && !has_direction(stage) && pairs.contains(&(flow.to, flow.from)))
    };
    let kept: Vec<Flow> = all.iter().filter(both).copied().collect();
    (!kept.is_empty()).then_some(kept)
}

fn has_direction(stage: &Stage) -> bool {
    stage.network.is_some_and(|network| network.direction() == LinkDirection::Directed)
}

/// `Shanghai → Nanjing 182`.
fn told(stage: &Stage, flow: &Flow, directed: bool) -> String {
    let sign = if directed { "→" } else { "–" };
    let known = |i: usize| stage.report.cities.known_as(i);
    format!("{} {sign} {} {}", known(flow.from), known(flow.to), short(flow.strength))
}

fn caption(stage: &Stage, backbone: Option<&Outcome>, network: &Linkage, directed: bool) -> String {
    let width = match network.meaning() {
        LinkMeaning::Strength => stage.say("Width by strength", "线宽表示强度"),
        LinkMeaning::Cost => stage.say("Width by 1 / cost", "线宽表示成本的倒数"),
    };
    let direction = if directed {
        stage.say(
            "A curve bends to the right of its direction, so that flows of both ways lie apart",
            "曲线沿流向向右弯曲，往返两向分列两侧",
        )
    } else {
        stage.say("Links have no direction", "联系不分方向")
    };
    let share = backbone.map(|outcome| short(100.0 * outcome.scalar("backbone_share"))).filter(|text| !text.is_empty());
    let share = share.map(|share| {
        stage.say(
            format!("The backbone carries {share} % of the strength of all links"),
            format!("骨干联系占全部联系强度的 {share}%"),
        )
    });
    let cities = stage.say("Circles: sum of a city's links", "圆圈面积：城市联系总量");
    sentences(stage, [width.to_owned(), direction.to_owned(), share.unwrap_or_default(), cities.to_owned()])
}

fn drawing(stage: &Stage, network: &Linkage, shown: &[Flow], directed: bool) -> Body {
    let total: Vec<f64> = network.strength_in().iter().zip(network.strength_out()).map(|(a, b)| a + b).collect();
    let mut cities: Vec<usize> = (0..total.len()).filter(|&i| total[i] > 0.0).collect();
    cities.sort_by(|&a, &b| total[b].total_cmp(&total[a]).then(a.cmp(&b)));
    let largest = cities.first().map_or(1.0, |&i| total[i]);
    let radius = |i: usize| 1.2 + 5.3 * (total[i] / largest).sqrt();
    let strongest = shown[0].strength;
    let width = move |strength: f64| (WIDEST * strength / strongest).max(0.5);
    let strength_word = stage.say("strength", "强度");
    let entry = |strength: f64| {
        let sign = Sign::Line(MAIN.to_owned(), (width(strength) * 10.0).round() / 10.0);
        Entry { sign, text: format!("{strength_word} {}", short(strength)) }
    };
    let mut entries = vec![entry(strongest)];
    let weakest = shown[shown.len() - 1].strength;
    if weakest < strongest {
        entries.push(entry(weakest));
    }
    let dot = largest;
    entries.push(Entry::dot(
        STRIKING,
        stage.say(format!("city, {} at most", short(dot)), format!("城市，最大 {}", short(dot))),
    ));
    let marked: Vec<usize> = cities.iter().copied().take(MOST_CITIES).collect();
    let look = format!(r#"fill="none" stroke="{MAIN}" stroke-opacity=".6""#);
    Map::new(stage)
        .above(move |svg| {
            // The strongest last, on top.
            svg.group(&look, |svg| {
                svg.gathered(|svg| {
                    let weakest_first = shown.iter().rev();
                    weakest_first.for_each(|flow| {
                        curve(stage, svg, flow, width(flow.strength), radius(flow.to), directed);
                    });
                });
            });
            svg.group(&format!(r##"fill="{STRIKING}" stroke="#ffffff" stroke-width=".6""##), |svg| {
                for &i in &marked {
                    if let Some(at) = stage.ground.city(i) {
                        svg.circle(at, radius(i), &format!(r#"data-c="{i}""#));
                    }
                }
            });
        })
        .legend(entries)
        .names(cities)
        .clear_of(3.0)
        .draw()
}

/// A link: straight where it has no direction, else bent to the right, with a head before the circle of the city it goes to.
fn curve(stage: &Stage, svg: &mut Svg, flow: &Flow, width: f64, radius: f64, directed: bool) {
    let (Some(from), Some(to)) = (stage.ground.city(flow.from), stage.ground.city(flow.to)) else { return };
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let distance = libm::hypot(dx, dy);
    let attributes = format!(r#"stroke-width="{}""#, tenths(width));
    if !directed || distance < 1.0 {
        svg.line(from, to, &attributes);
        return;
    }
    // With y downwards the right hand of (dx, dy) is (-dy, dx).
    let bend = [f64::midpoint(from[0], to[0]) - BEND * dy, f64::midpoint(from[1], to[1]) + BEND * dx];
    let (ex, ey) = (to[0] - bend[0], to[1] - bend[1]);
    let end = libm::hypot(ex, ey).max(1e-9);
    let (ux, uy) = (ex / end, ey / end);
    let head = (2.5 + 1.3 * width).min(distance / 3.0);
    let back = |by: f64| [to[0] - ux * by, to[1] - uy * by];
    let (tip, base) = (back((radius + 0.5).min(distance / 3.0)), back((radius + 0.5).min(distance / 3.0) + head));
    let half = head * 0.45;
    let point = |[x, y]: [f64; 2]| format!("{} {}", tenths(x), tenths(y));
    svg.path(&format!("M{}Q{} {}", point(from), point(bend), point(base)), &attributes);
    let sides = [[base[0] - uy * half, base[1] + ux * half], [base[0] + uy * half, base[1] - ux * half]];
    let outline = format!("M{}L{}L{}Z", point(tip), point(sides[0]), point(sides[1]));
    svg.path(&outline, &format!(r#"fill="{MAIN}" fill-opacity=".75" stroke="none""#));
}
