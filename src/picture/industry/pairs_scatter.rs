//! Similarity of pairs of cities against what may explain it: their distance, and their links.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::{self, Axis};
use crate::picture::scale::Scale;
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, pairs, palette, rows};

/// What similarity is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Against {
    Distance,
    Linkage,
}

/// Similarity against distance, for each year; the page shows the last.
pub fn distance(stage: &Stage) -> Vec<Figure> {
    draw(stage, Against::Distance)
}

/// Similarity against linkage, for each year, as files.
pub fn linkage(stage: &Stage) -> Vec<Figure> {
    draw(stage, Against::Linkage)
}

fn draw(stage: &Stage, against: Against) -> Vec<Figure> {
    let last = rows::span(stage, "similarity").map(|(_, last)| last.year);
    let of = |outcome: &Outcome| {
        let mut figure = figure(stage, outcome, against)?;
        figure.on_page = against == Against::Distance && last == Some(outcome.year);
        Some(figure)
    };
    stage.of("similarity").filter_map(of).collect()
}

fn points(stage: &Stage, outcome: &Outcome, against: Against) -> Option<Vec<pairs::Pair>> {
    let matrix = outcome.matrix("unido")?;
    let cities = &stage.report.cities;
    let group = stage.report.groups.first();
    let network = stage.network.map(crate::study::Linkage::undirected);
    let places: Vec<Option<usize>> = matrix.rows.iter().map(|id| cities.position(id)).collect();
    let n = matrix.columns.len();
    let mut found = Vec::new();
    for a in 0..matrix.rows.len() {
        for b in 0..a {
            let (Some(i), Some(j)) = (places[a], places[b]) else { continue };
            let x = match (against, &network) {
                (Against::Distance, _) => match (cities.points[i], cities.points[j]) {
                    (Some(from), Some(to)) => cities.metric.distance(from, to),
                    _ => f64::NAN,
                },
                (Against::Linkage, Some(network)) => {
                    libm::log1p(network.strength_between(i, j).max(network.strength_between(j, i)))
                }
                (Against::Linkage, None) => f64::NAN,
            };
            let s = matrix.values.get(a * n + b).copied().unwrap_or(f64::NAN);
            let same = group.is_some_and(|group| group.groups[i].is_some() && group.groups[i] == group.groups[j]);
            if x.is_finite() && s.is_finite() {
                found.push(([x, s], same));
            }
        }
    }
    (found.len() >= 2).then_some(found)
}

fn figure(stage: &Stage, outcome: &Outcome, against: Against) -> Option<Figure> {
    let points = points(stage, outcome, against)?;
    let explained = stage.of("isomorphism_explained").find(|other| other.year == outcome.year);
    let table = explained.and_then(|explained| Rows::of(explained, "predictors"));
    let key = if against == Against::Distance { "distance" } else { "linkage" };
    let found = table.and_then(|table| table.find("predictor", key).map(|row| (table, row)));
    let number = |name: &str| found.map_or(f64::NAN, |(table, row)| table.number(row, name));
    let (partial, p) = (number("partial_correlation"), number("p_permutation"));
    // The slope is that for 100 units of distance.
    let slope = number("slope") / if against == Against::Distance { 100.0 } else { 1.0 };
    let unit = stage.report.cities.metric.unit();
    let (stem, x_label, name) = match against {
        Against::Distance => (
            "similarity_distance",
            if unit.is_empty() {
                stage.say("distance", "距离").to_owned()
            } else {
                format!("{}, {unit}", stage.say("distance", "距离"))
            },
            stage.say("Similarity and distance", "结构相似与距离"),
        ),
        Against::Linkage => (
            "similarity_linkage",
            stage.say("link, ln(1 + strength)", "联系强度，ln(1 + s)").to_owned(),
            stage.say("Similarity and links", "结构相似与联系强度"),
        ),
    };
    let year = rows::year(outcome);
    let said = partial.is_finite();
    let result = match said {
        true => stage.say(
            format!(": r = {}, p = {}", three(partial), short(p)),
            format!("：偏相关 r = {}，p = {}", three(partial), short(p)),
        ),
        false => String::new(),
    };
    let group = stage.report.groups.first().map(|group| crate::error::shortened(&group.name).into_owned());
    let same = group.map_or(String::new(), |name| stage.say(format!("same {name}"), format!("同属一个 {name}")));
    let mut entries = pairs::legend(
        &points,
        &same,
        if same.is_empty() {
            stage.say("pair of cities", "城市对")
        } else {
            stage.say("other pair", "其他城市对")
        },
    );
    let x = Axis::new(Scale::from_zero(points.iter().map(|(at, _)| at[0])), x_label);
    let y = Axis::new(Scale::linear(points.iter().map(|(at, _)| at[1])), stage.say("similarity S", "相似系数 S"));
    let count = points.len() as f64;
    let mean = |k: usize| points.iter().map(|(at, _)| at[k]).sum::<f64>() / count;
    let middle = [mean(0), mean(1)];
    if slope.is_finite() {
        entries.push(Entry::line(palette::MAIN, stage.say("slope, the rest held", "斜率（控制其余变量）")));
    }
    let body = plot::chart(&x, &y, &entries, |svg, plot| {
        pairs::draw(svg, plot, &points);
        let line = slope.is_finite().then(|| plot.straight(middle[1] - slope * middle[0], slope)).flatten();
        if let Some([from, to]) = line {
            svg.line(from, to, &format!(r#"stroke="{}" stroke-width="1.8""#, palette::MAIN));
        }
    });
    let n = points.len();
    let binned = if n > pairs::MOST {
        stage.say(" Rows are filled by their number of pairs.", "色块表示落入其中的城市对数。")
    } else {
        ""
    };
    let permutations = stage.report.inference.as_ref().map_or(0, |inference| inference.permutations);
    let tested = if said {
        stage.say(
            format!(
                " The line goes through the mean with the slope of the regression on distance, links, size gap and group, as far as \
                 they are there; r is its partial correlation, p by double semi-partialling, {permutations} permutations."
            ),
            format!(
                "直线过均值点，斜率取自以距离、联系、规模差距与同组为自变量的回归（以可用者为限）；r 为偏相关系数，p 值由双重半偏置换法得出，置换 {permutations} 次。"
            ),
        )
    } else {
        String::new()
    };
    let caption = stage.say(
        format!("UNIDO similarity of {n} pairs of cities.{binned}{tested}"),
        format!("{n} 对城市的 UNIDO 结构相似系数。{binned}{tested}"),
    );
    let summary = stage.say(
        format!("{n} pairs{}", result.replacen(": ", ", ", 1)),
        format!("{n} 对城市{}", result.replacen('：', "，", 1)),
    );
    let figure = Figure::new(stage, stem, outcome, Place::Family(Family::Isomorphism), body);
    Some(figure.saying(format!("{name}{year}{result}"), caption, summary))
}

/// A coefficient with three decimals.
fn three(x: f64) -> String {
    short((x * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Matrix;
    use crate::picture::Ground;
    use crate::write::fixture;

    #[test]
    fn every_pair_is_a_point() {
        let mut report = fixture::report();
        let ids = report.cities.ids.clone();
        let values = vec![1.0, 0.2, 0.9, 0.2, 1.0, f64::NAN, 0.9, f64::NAN, 1.0];
        let matrix = Matrix { rows: ids.clone(), columns: ids, values };
        report.outcomes =
            vec![Outcome { measure: "similarity", matrices: vec![("unido", matrix)], ..Outcome::default() }];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let figures = distance(&stage);
        assert_eq!(figures.len(), 1);
        assert!(figures[0].caption.contains(" 2 pairs"), "{}", figures[0].caption);
        assert!(linkage(&stage).is_empty());
    }
}
