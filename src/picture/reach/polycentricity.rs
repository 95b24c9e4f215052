//! Polycentricity: sizes of cities by rank, in the network and by mass; the flatter, the more polycentric.

use crate::measures::Family;
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::svg::EDGE;
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, palette, rows, table};

/// One chart, of the strength of links and of the last year's mass.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    figure(stage).into_iter().collect()
}

/// Sizes above 0 over the largest, by rank.
fn curve(values: &[f64]) -> Vec<(usize, [f64; 2])> {
    let order = rows::ranked(values);
    let Some(largest) = order.first().map(|&i| values[i]) else { return Vec::new() };
    let positive = order.iter().filter(|&&i| values[i] > 0.0);
    positive.enumerate().map(|(place, &i)| (i, [place as f64 + 1.0, values[i] / largest])).collect()
}

fn figure(stage: &Stage) -> Option<Figure> {
    let outcome = stage.of("polycentricity").last()?;
    let table = Rows::of(outcome, "polycentricity")?;
    let strength = table::numbers(stage.of("centrality").last()?, "strength").map(|values| curve(&values))?;
    if strength.len() < 2 {
        return None;
    }
    let mass = stage.report.mass.last().map_or(Vec::new(), |mass| curve(&mass.values));
    let green = |kind: &str| {
        (0..table.len())
            .rev()
            .find(|&row| table.text(row, "kind") == kind)
            .map_or(f64::NAN, |row| table.number(row, "green"))
    };
    let (functional, morphological) = (outcome.scalar("green"), green("morphological"));
    let both = || strength.iter().chain(&mass);
    let x = Axis::new(Scale::logarithmic(both().map(|(_, at)| at[0])), stage.say("rank", "位序"));
    let y = Axis::new(
        Scale::logarithmic(both().map(|(_, at)| at[1])),
        stage.say("size over the largest", "规模与首位之比"),
    );
    let name =
        stage.report.mass.last().map(|mass| crate::error::shortened(&mass.label()).into_owned()).unwrap_or_default();
    let mut entries = vec![Entry::line(palette::group(0), stage.say("strength of links", "联系强度"))];
    if !mass.is_empty() {
        entries.push(Entry::dashes(palette::group(5), name.clone()));
    }
    let body = plot::chart(&x, &y, &entries, |svg, plot| {
        for (points, colour, dashes) in
            [(&mass, palette::group(5), r#"stroke-dasharray="4 2""#), (&strength, palette::group(0), "")]
        {
            let line: Vec<[f64; 2]> = points.iter().map(|(_, at)| plot.at(*at)).collect();
            svg.polyline(&line, &format!(r#"stroke="{colour}" stroke-width="1.5" {dashes}"#));
            svg.group(&format!(r#"fill="{colour}" {EDGE} stroke-width=".4""#), |svg| {
                for ((i, _), at) in points.iter().zip(&line).take(300) {
                    svg.circle(*at, 2.6, &rows::of_city(*i));
                }
            });
        }
    });
    let title = stage.say(
        format!("Polycentricity of the network: {}", short(functional)),
        format!("网络多中心性：{}", short(functional)),
    );
    let dots = if strength.len().max(mass.len()) > 300 {
        stage.say(" Dots for the first 300.", "仅前 300 位绘点。")
    } else {
        ""
    };
    let caption = stage.say(
        format!(
            "Sizes over the largest by rank, both axes logarithmic, without cities of size 0: the flatter, the more polycentric. \
             Green's index, 1 for cities of one size.{dots}"
        ),
        format!("以首位为 1 的规模—位序图，两轴均为对数刻度，不含规模为 0 的城市；越平缓越趋多中心。Green 指数在各城市规模相等时为 1。{dots}"),
    );
    let with_mass = if morphological.is_finite() {
        stage.say(
            format!(", that of {name} {}", short(morphological)),
            format!("，{name} 的形态多中心性为 {}", short(morphological)),
        )
    } else {
        String::new()
    };
    let summary = stage.say(
        format!("functional polycentricity {}{with_mass}", short(functional)),
        format!("功能多中心性 {}{with_mass}", short(functional)),
    );
    Some(
        Figure::new(stage, "polycentricity", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_fall_from_one_and_zeros_are_left_out() {
        let curve = curve(&[2.0, 0.0, 8.0, f64::NAN, 4.0]);
        assert_eq!(curve, [(2, [1.0, 1.0]), (4, [2.0, 0.5]), (0, [3.0, 0.25])]);
    }
}
