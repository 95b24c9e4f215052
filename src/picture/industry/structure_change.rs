//! How far structures moved: from secondary to tertiary sector, by Moore's angle, and by rationalisation.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::{AXIS, Anchor, SOFT, Svg, outline};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, labels, palette, rows, table};

/// Most arrows that carry a head.
const MOST_HEADS: usize = 400;

/// Most arrows that are drawn.
const MOST_ARROWS: usize = 700;

/// Arrows from the shares of the secondary and the tertiary sector in the first year to those in the last.
pub fn arrows(stage: &Stage) -> Vec<Figure> {
    stage.of("upgrading").filter_map(|outcome| of_arrows(stage, outcome)).collect()
}

fn of_arrows(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let table = Rows::of(outcome, "change")?;
    let of = |row: usize| {
        let i = stage.report.cities.position(table.text(row, "city"))?;
        let percent = |name: &str| table.number(row, name) * 100.0;
        let ends = [[percent("s2_from"), percent("s3_from")], [percent("s2_to"), percent("s3_to")]];
        ends.iter().flatten().all(|x| x.is_finite()).then_some((i, ends))
    };
    let mut found: Vec<(usize, [[f64; 2]; 2])> = (0..table.len()).filter_map(of).collect();
    if found.is_empty() {
        return None;
    }
    let length = |ends: &[[f64; 2]; 2]| (ends[1][0] - ends[0][0]).hypot(ends[1][1] - ends[0][1]);
    found.sort_by(|a, b| length(&b.1).total_cmp(&length(&a.1)).then(a.0.cmp(&b.0)));
    let towards = |ends: &[[f64; 2]; 2]| ends[1][1] > ends[0][1];
    let (n, gain) = (found.len(), found.iter().filter(|(_, ends)| towards(ends)).count());
    found.truncate(MOST_ARROWS);
    let axis = |k: usize, label: &str| {
        Axis::new(Scale::linear(found.iter().flat_map(|(_, ends)| [ends[0][k], ends[1][k]])), label)
    };
    let x = axis(0, stage.say("secondary sector, % of all", "第二产业占比，%"));
    let y = axis(1, stage.say("tertiary sector, % of all", "第三产业占比，%"));
    let more = stage.say("tertiary sector gains", "第三产业上升");
    let less = stage.say("tertiary sector loses", "第三产业下降");
    let mut entries = vec![Entry::line(palette::MAIN, more)];
    if found.iter().any(|(_, ends)| !towards(ends)) {
        entries.push(Entry::dashes(palette::STRIKING, less));
    }
    entries.push(Entry::dashes(palette::AGAINST, stage.say("no primary sector", "无第一产业")));
    let body = plot::chart_of([WIDTH, 300.0], &x, &y, &entries, |svg, plot| {
        if let Some([from, to]) = plot.straight(100.0, -1.0) {
            svg.line(from, to, &format!(r#"{AXIS} stroke-dasharray="4 3""#));
        }
        for (i, ends) in &found {
            let (colour, dashes) = match towards(ends) {
                true => (palette::MAIN, ""),
                false => (palette::STRIKING, r#" stroke-dasharray="3 2""#),
            };
            let look = format!(r#"stroke="{colour}" stroke-width="1.2" stroke-opacity=".75" {}"#, rows::of_city(*i));
            arrow(svg, plot.at(ends[0]), plot.at(ends[1]), &look, dashes, found.len() <= MOST_HEADS);
        }
        let placed: Vec<(usize, [f64; 2])> = found.iter().map(|(i, ends)| (*i, plot.at(ends[1]))).collect();
        labels::beside(svg, stage, plot, &placed, 12);
    });
    let years = rows::years(outcome);
    let part = if n > found.len() {
        stage.say(
            format!(" The {} longest arrows of {n}.", found.len()),
            format!("共 {n} 支，仅绘最长的 {} 支。", found.len()),
        )
    } else {
        String::new()
    };
    let title = stage.say(
        format!("Structural change {years}: services gain in {gain} of {n}"),
        format!("结构变动 {years}：{n} 个城市中 {gain} 个第三产业占比上升"),
    );
    let caption = stage.say(
        "Each arrow leads from a city's shares in the first year to those in the last; what is missing to 100 % is the primary \
         sector, 0 on the broken line.",
        "每支箭头由某市首年的产业占比指向末年的占比；与 100% 的差额为第一产业，虚线上为 0。",
    );
    let (far, most) = found.first().map(|(i, ends)| (stage.report.cities.known_as(*i), length(ends)))?;
    let summary = stage.say(
        format!("{gain} of {n} cities move towards services; the farthest is {far}, by {} points", short(most)),
        format!("{n} 个城市中 {gain} 个向服务业移动；移动最远者为{far}，距离 {} 个百分点", short(most)),
    );
    let place = Place::Family(Family::Structure);
    Some(Figure::new(stage, "structural_change", outcome, place, body).saying(
        title,
        format!("{caption}{part}"),
        summary,
    ))
}

fn arrow(svg: &mut Svg, from: [f64; 2], to: [f64; 2], look: &str, dashes: &str, head: bool) {
    let mut way = outline(&[from, to]);
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    if head && length > 1.0 {
        let (ux, uy) = (dx / length * 5.0, dy / length * 5.0);
        let back = [to[0] - ux, to[1] - uy];
        let side = |sign: f64| [back[0] - sign * uy * 0.55, back[1] + sign * ux * 0.55];
        way += &outline(&[side(1.0), to, side(-1.0)]);
    }
    svg.path(&way, &format!(r#"fill="none" {look}{dashes}"#));
}

/// Cities by Moore's angle between their structures of the first and the last year.
pub fn moore(stage: &Stage) -> Vec<Figure> {
    stage.of("structure_change").filter_map(|outcome| of_moore(stage, outcome)).collect()
}

fn of_moore(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let degrees = table::numbers(outcome, "moore_degrees")?;
    let order = rows::ends(&degrees);
    let (&most, &least) = (order.first()?, order.last()?);
    let names: Vec<String> = order.iter().map(|&i| stage.short_name(i)).collect();
    let whole = outcome.scalar("moore_degrees");
    let x = Axis::new(
        Scale::from_zero(order.iter().map(|&i| degrees[i] * 1.06).chain([whole])),
        stage.say("Moore's angle, degrees", "Moore 结构变化角，度"),
    );
    let entries = [Entry::dashes("#1f2328", stage.say("reference area", "参照区"))];
    let entries = if whole.is_finite() { &entries[..] } else { &[] };
    let body = rows::chart(WIDTH, &names, &x, entries, |svg, plot| {
        rows::cut(svg, plot, order.len(), &degrees);
        for (place, &i) in order.iter().enumerate() {
            let y = rows::y(plot, order.len(), place);
            let look = format!(r#"fill="{}" fill-opacity=".8" {}"#, palette::MAIN, rows::of_city(i));
            rows::bar(svg, plot, y, [0.0, degrees[i]], &look);
            svg.text([plot.x(degrees[i]) + 3.0, y + 3.0], Anchor::Start, 8.5, SOFT, &format!("{:.1}", degrees[i]));
        }
        if whole.is_finite() {
            let x = plot.x(whole);
            svg.line([x, plot.top], [x, plot.bottom], r##"class="axis" stroke="#1f2328" stroke-dasharray="3 2""##);
        }
    });
    let (years, known) = (rows::years(outcome), |i: usize| stage.report.cities.known_as(i));
    let title = stage.say(
        format!("Moore's angle {years}: {:.1}° in {}", degrees[most], known(most)),
        format!("产业结构变动幅度 {years}：{}最大，{:.1}°", known(most), degrees[most]),
    );
    let all = degrees.iter().filter(|x| x.is_finite()).count();
    let part = rows::shown_of(stage, order.len(), all);
    let caption = stage.say(
        format!("Angle between the vectors of sector shares in both years: 0° unchanged, 90° nothing in common.{part}"),
        format!("两年行业份额向量之间的夹角：0° 为不变，90° 为毫无共同之处。{part}"),
    );
    let summary = stage.say(
        format!("from {}° in {} to {}° in {}", short(degrees[least]), known(least), short(degrees[most]), known(most)),
        format!(
            "最小为{}（{}°），最大为{}（{}°）",
            known(least),
            short(degrees[least]),
            known(most),
            short(degrees[most])
        ),
    );
    let place = Place::Family(Family::Structure);
    Some(Figure::new(stage, "moore", outcome, place, body).saying(title, caption, summary))
}

/// Cities by how far their structures of output and employment lie apart, in the first and the last year.
pub fn rationalisation(stage: &Stage) -> Vec<Figure> {
    of_rationalisation(stage).into_iter().collect()
}

fn of_rationalisation(stage: &Stage) -> Option<Figure> {
    let (first, last) = rows::span(stage, "rationalisation")?;
    let to = table::numbers(last, "tl")?;
    let from = table::numbers(first, "tl").filter(|_| first.year != last.year);
    let before = |i: usize| from.as_ref().map_or(f64::NAN, |from| from[i]);
    let order = rows::ends(&to);
    let (&most, &least) = (order.first()?, order.last()?);
    let names: Vec<String> = order.iter().map(|&i| stage.short_name(i)).collect();
    let x = Axis::new(
        Scale::from_zero(order.iter().flat_map(|&i| [to[i], before(i)])),
        stage.say("Theil index, 0 is best", "泰尔指数，0 为最优"),
    );
    let mut entries = vec![Entry::dot(palette::MAIN, rows::year(last).trim_start())];
    if from.is_some() {
        entries.insert(0, Entry::ring(palette::MAIN, rows::year(first).trim()));
    }
    let body = rows::chart(WIDTH, &names, &x, if last.year.is_some() { &entries } else { &[] }, |svg, plot| {
        rows::cut(svg, plot, order.len(), &to);
        for (place, &i) in order.iter().enumerate() {
            rows::dumbbell(svg, plot, rows::y(plot, order.len(), place), [before(i), to[i]], Some(i));
        }
    });
    let (year, known) = (rows::year(last), |i: usize| stage.report.cities.known_as(i));
    let whole = short(last.scalar("tl"));
    let title = stage.say(
        format!("Rationalisation of structure{year}: TL = {whole} for all cities together"),
        format!("产业结构合理化{year}：全部城市 TL = {whole}"),
    );
    let part = rows::shown_of(stage, order.len(), to.iter().filter(|x| x.is_finite()).count());
    let caption = stage.say(
        format!(
            "How far the shares of sectors in output and in employment lie apart; 0 where both are the same.{part}"
        ),
        format!("各产业的产出份额与就业份额的偏离程度；两者相同则为 0。{part}"),
    );
    let summary = stage.say(
        format!("from {} in {} to {} in {}", short(to[least]), known(least), short(to[most]), known(most)),
        format!("最低为{}（{}），最高为{}（{}）", known(least), short(to[least]), known(most), short(to[most])),
    );
    let place = Place::Family(Family::Structure);
    Some(Figure::new(stage, "rationalisation", last, place, body).saying(title, caption, summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{TableOut, Values};
    use crate::picture::Ground;
    use crate::write::fixture;
    use serde_json::json;

    #[test]
    fn arrows_and_angles_are_of_their_cities() {
        let mut report = fixture::report();
        let columns = vec!["city", "s2_from", "s2_to", "s3_from", "s3_to"];
        let row = |id: &str, to: f64| vec![json!(id), json!(0.5), json!(0.4), json!(0.3), json!(to)];
        let table = TableOut { columns, rows: vec![row("C1", 0.5), row("C2", 0.2), row("gone", 0.2)] };
        let degrees = Values::Numbers(vec![10.0, f64::NAN, 20.0]);
        report.outcomes = vec![
            Outcome { measure: "upgrading", tables: vec![("change", table)], ..Outcome::default() },
            Outcome { measure: "structure_change", columns: vec![("moore_degrees", degrees)], ..Outcome::default() },
        ];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let (arrows, bars) = (arrows(&stage), moore(&stage));
        assert!(arrows[0].title.contains("gain in 1 of 2"), "{}", arrows[0].title);
        assert!(bars[0].drawing.body.contains(">20.0<") && !bars[0].drawing.body.contains("data-c=\"1\""));
        assert!(rationalisation(&stage).is_empty());
    }
}
