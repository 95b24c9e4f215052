//! Shift-share analysis: where cities stand by industrial mix and by regional share, and what their growth is made of.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::{AXIS, EDGE, INK};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, labels, rows};

/// Colours of the quadrants: both above 0, mix alone, share alone, neither.
const COLOURS: [&str; 4] = ["#ca0020", "#f4a582", "#92c5de", "#0571b0"];
/// Colours of national share, industrial mix and regional share.
const PARTS: [&str; 3] = ["#c4c8cc", "#0072b2", "#e69f00"];

/// Parts of growth as shares of the first year, in per cent, by city.
fn parts(outcome: &Outcome) -> Option<Parts> {
    let table = Rows::of(outcome, "cities")?;
    let of = |row: usize| {
        let number = |name: &str| table.number(row, name) * 100.0;
        let values = [number("ns_share"), number("im_share"), number("rs_share"), number("growth_share")];
        values.iter().all(|x| x.is_finite()).then(|| (table.text(row, "city").to_owned(), values))
    };
    let found: Parts = (0..table.len()).filter_map(of).collect();
    (!found.is_empty()).then_some(found)
}

type Parts = Vec<(String, [f64; 4])>;

/// Quadrants of industrial mix and regional share.
pub fn quadrants(stage: &Stage) -> Vec<Figure> {
    stage.of("shift_share").filter_map(|outcome| of_quadrants(stage, outcome)).collect()
}

fn of_quadrants(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let mut points: Vec<(usize, [f64; 2])> = parts(outcome)?
        .iter()
        .filter_map(|(id, values)| Some((stage.report.cities.position(id)?, [values[1], values[2]])))
        .collect();
    // Those farthest from the middle are named first.
    points.sort_by(|(_, a), (_, b)| (b[0].abs() + b[1].abs()).total_cmp(&(a[0].abs() + a[1].abs())));
    let quadrant = |[x, y]: [f64; 2]| usize::from(y < 0.0) | (usize::from(x < 0.0) << 1);
    let counts: Vec<usize> = (0..4).map(|k| points.iter().filter(|(_, at)| quadrant(*at) == k).count()).collect();
    let names = ["IM+ RS+", "IM+ RS−", "IM− RS+", "IM− RS−"];
    let axis = |k: usize, label: &str| Axis::new(Scale::linear(points.iter().map(|(_, at)| at[k]).chain([0.0])), label);
    let x = axis(0, stage.say("industrial mix, % of the first year", "结构偏离分量（IM），占基期 %"));
    let y = axis(1, stage.say("regional share, % of the first year", "竞争力偏离分量（RS），占基期 %"));
    let entries: Vec<Entry> = (0..4).map(|k| Entry::dot(COLOURS[k], format!("{} ({})", names[k], counts[k]))).collect();
    let body = plot::chart(&x, &y, &entries, |svg, plot| {
        let [x0, y0] = plot.at([0.0, 0.0]);
        svg.line([x0, plot.top], [x0, plot.bottom], AXIS);
        svg.line([plot.left, y0], [plot.right, y0], AXIS);
        let radius = if points.len() > 800 { 2.0 } else { 3.6 };
        svg.group(&format!(r#"{EDGE} stroke-width=".6""#), |svg| {
            for (i, at) in &points {
                let look = format!(r#"fill="{}" {}"#, COLOURS[quadrant(*at)], rows::of_city(*i));
                svg.circle(plot.at(*at), radius, &look);
            }
        });
        let placed: Vec<(usize, [f64; 2])> = points.iter().map(|(i, at)| (*i, plot.at(*at))).collect();
        labels::beside(svg, stage, plot, &placed, 16);
    });
    let years = rows::years(outcome);
    let (both, n) = (counts[0], points.len());
    let title = stage.say(
        format!("Shift-share {years}: {both} of {n} cities IM+ RS+"),
        format!("偏离—份额分析 {years}：{n} 市中 {both} 市两项均为正"),
    );
    let caption = stage.say(
        "Industrial mix: growth from having sectors that grow faster in the reference area; regional share: growth from sectors \
         growing faster in the city than there. Both over the level of the first year (Dunn).",
        "结构偏离分量：因拥有参照区中增长较快的行业而得的增长；竞争力偏离分量：因各行业在该市增长快于参照区而得的增长。均除以基期水平（Dunn）。",
    );
    let listed: Vec<String> = (0..4).map(|k| format!("{} {}", names[k], counts[k])).collect();
    let summary = listed.join(stage.language().comma());
    let place = Place::Family(Family::Structure);
    Some(Figure::new(stage, "shift_share_quadrants", outcome, place, body).saying(title, caption.to_owned(), summary))
}

/// What growth is made of, for the cities that grow most and least.
pub fn bars(stage: &Stage) -> Vec<Figure> {
    stage.of("shift_share").filter_map(|outcome| of_bars(stage, outcome)).collect()
}

fn of_bars(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let parts = parts(outcome)?;
    let growth: Vec<f64> = parts.iter().map(|(_, values)| values[3]).collect();
    let order = rows::ends(&growth);
    let city = |k: usize| stage.report.cities.position(&parts[k].0);
    let names: Vec<String> =
        order.iter().map(|&k| city(k).map_or_else(|| parts[k].0.clone(), |i| stage.short_name(i))).collect();
    let ends = |values: &[f64; 4]| {
        let side = |above: bool| values[..3].iter().filter(|x| (**x > 0.0) == above).sum::<f64>();
        [side(true), side(false), values[3]]
    };
    let x = Axis::new(
        Scale::from_zero(order.iter().flat_map(|&k| ends(&parts[k].1))),
        stage.say("growth, % of the first year", "增长，占基期 %"),
    );
    let entries = [
        Entry::fill(PARTS[0], stage.say("reference area (NS)", "参照区份额（NS）")),
        Entry::fill(PARTS[1], stage.say("industrial mix (IM)", "结构偏离（IM）")),
        Entry::fill(PARTS[2], stage.say("regional share (RS)", "竞争力偏离（RS）")),
        Entry::dot("#1f2328", stage.say("growth", "总增长")),
    ];
    let body = rows::chart(WIDTH, &names, &x, &entries, |svg, plot| {
        rows::cut(svg, plot, order.len(), &growth);
        for (place, &k) in order.iter().enumerate() {
            let y = rows::y(plot, order.len(), place);
            let (mut above, mut below) = (0.0, 0.0);
            for (value, colour) in parts[k].1[..3].iter().zip(PARTS) {
                let from = if *value > 0.0 { &mut above } else { &mut below };
                rows::bar(svg, plot, y, [*from, *from + value], &format!(r#"fill="{colour}""#));
                *from += value;
            }
            let look = city(k).map(rows::of_city).unwrap_or_default();
            svg.circle([plot.x(parts[k].1[3]), y], 3.0, &format!(r#"{INK} stroke="{}" {look}"#, "#ffffff"));
        }
        svg.line([plot.x(0.0), plot.top], [plot.x(0.0), plot.bottom], AXIS);
    });
    let years = rows::years(outcome);
    let (first, last) = (*order.first()?, *order.last()?);
    let known = |k: usize| city(k).map_or_else(|| parts[k].0.clone(), |i| stage.report.cities.known_as(i));
    let title = stage.say(
        format!("Parts of growth {years}: {:.1} % in {}", growth[first], known(first)),
        format!("增长的构成 {years}：{}最高，{:.1}%", known(first), growth[first]),
    );
    let part = rows::shown_of(stage, order.len(), parts.len());
    let g = short(outcome.scalar("reference_growth") * 100.0);
    let caption = stage.say(
        format!("Growth = NS + IM + RS over the level of the first year; the reference area grows by {g} %.{part}"),
        format!("增长 = NS + IM + RS，均除以基期水平；参照区增长 {g}%。{part}"),
    );
    let summary = stage.say(
        format!("from {} % in {} to {} % in {}", short(growth[last]), known(last), short(growth[first]), known(first)),
        format!(
            "最低为{}（{}%），最高为{}（{}%）",
            known(last),
            short(growth[last]),
            known(first),
            short(growth[first])
        ),
    );
    let place = Place::Family(Family::Structure);
    Some(Figure::new(stage, "shift_share_parts", outcome, place, body).saying(title, caption, summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use crate::picture::svg::of_city;
    use crate::write::fixture;
    use serde_json::json;

    #[test]
    fn cities_stand_in_their_quadrants() {
        let mut report = fixture::report();
        let row = |id: &str, im: f64, rs: f64| vec![json!(id), json!(0.1), json!(im), json!(rs), json!(0.1 + im + rs)];
        let columns = vec!["city", "ns_share", "im_share", "rs_share", "growth_share"];
        let table = TableOut { columns, rows: vec![row("C1", 0.2, 0.1), row("C2", -0.2, 0.1), row("C3", -0.1, -0.3)] };
        report.outcomes =
            vec![Outcome { measure: "shift_share", tables: vec![("cities", table)], ..Outcome::default() }];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let figure = &quadrants(&stage)[0];
        for (i, k) in [(0, 0), (1, 2), (2, 3)] {
            assert_eq!(of_city(&figure.drawing.body, i, "fill").as_deref(), Some(COLOURS[k]));
        }
        assert!(figure.summary.contains("IM+ RS+ 1") && bars(&stage).len() == 1);
        let body = &bars(&stage)[0].drawing.body;
        assert_eq!(body.matches("<rect").count(), 3 * 3 + 3); // three in the legend
    }
}
