//! Heat map of similarity: all pairs of cities in the order of their dendrogram, which stands beside it.

use std::fmt::Write;

use crate::measures::{Family, Matrix, Outcome};
use crate::note::short;
use crate::picture::palette::{self, SEQUENTIAL};
use crate::picture::svg::{AXIS, Anchor, INK, SOFT, Svg, fitted, tenths, text_width};
use crate::picture::table::Rows;
use crate::picture::{Body, Figure, Place, Stage, WIDE, WIDTH, rows, table};

/// Classes of colour.
const CLASSES: usize = 9;
/// Most cities of a heat map; of more those come that lie first in the dendrogram.
const MOST: usize = 150;
/// Most cities whose names are written.
const MOST_NAMES: usize = 60;
/// Room of names.
const NAMES: f64 = 88.0;

/// One heat map for each year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let last = rows::span(stage, "division_of_labour").map(|(_, last)| last.year);
    let of = |division: &Outcome| figure(stage, division, last == Some(division.year));
    stage.of("division_of_labour").filter_map(of).collect()
}

/// What is drawn: cities in order, each with its place in the matrix and its community.
struct Heat<'a> {
    matrix: &'a Matrix,
    cities: Vec<(usize, usize, f64)>,
    merges: Vec<[f64; 3]>,
    /// All that take part, of whom `cities` may be a part.
    all: usize,
}

impl Heat<'_> {
    fn value(&self, row: usize, column: usize) -> f64 {
        let (a, b) = (self.cities[row].1, self.cities[column].1);
        self.matrix.values.get(a * self.matrix.columns.len() + b).copied().unwrap_or(f64::NAN)
    }

    fn pairs(&self) -> impl Iterator<Item = f64> + '_ {
        let n = self.cities.len();
        (0..n).flat_map(move |a| (0..a).map(move |b| self.value(a, b))).filter(|x| x.is_finite())
    }
}

fn heat<'a>(stage: &Stage<'a>, division: &Outcome) -> Option<Heat<'a>> {
    let similarity = stage.of("similarity").find(|other| other.year == division.year && !other.matrices.is_empty())?;
    let matrix = similarity.matrix("unido")?;
    let order = table::numbers(division, "dendrogram_order")?;
    let community = table::numbers(division, "community")?;
    let members: Vec<usize> = (0..order.len()).filter(|&i| order[i].is_finite()).collect();
    let row_of: std::collections::HashMap<&str, usize> =
        matrix.rows.iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
    let ids = &stage.report.cities.ids;
    let mut cities: Vec<(usize, usize, f64)> =
        members.iter().filter_map(|&i| Some((i, *row_of.get(ids[i].as_str())?, community[i]))).collect();
    cities.sort_by(|a, b| order[a.0].total_cmp(&order[b.0]));
    let all = cities.len();
    cities.truncate(MOST);
    let table = Rows::of(division, "dendrogram");
    let merges = table.filter(|table| all <= MOST && table.len() + 1 == all).map_or(Vec::new(), |table| {
        (0..table.len()).map(|row| ["left", "right", "height"].map(|name| table.number(row, name))).collect()
    });
    (cities.len() >= 2).then_some(Heat { matrix, cities, merges, all })
}

fn figure(stage: &Stage, division: &Outcome, on_page: bool) -> Option<Figure> {
    let heat = heat(stage, division)?;
    heat.pairs().next()?;
    let similarity = stage.of("similarity").find(|other| other.year == division.year)?;
    // That of all pairs, drawn or not, as the findings tell it.
    let mean = similarity.scalar("mean");
    let (year, n) = (rows::year(division), heat.cities.len());
    let title = stage.say(
        format!("Similarity of industry{year}: mean S = {}", short(mean)),
        format!("产业结构相似系数{year}：平均 S = {}", short(mean)),
    );
    let part = if n < heat.all {
        stage.say(
            format!(" The first {n} of {} cities in the order of the dendrogram, which is left out; each mark at the sides is a city.", heat.all),
            format!("共 {} 个城市，仅示树状图次序中的前 {n} 个，两侧每个方块为一个城市，树状图从略。", heat.all),
        )
    } else {
        stage.say(
            " The tree at the right is average linkage of 1 − S.".to_owned(),
            "右侧树状图为 1 − S 的组间平均连接聚类。".to_owned(),
        )
    };
    let (communities, silhouette) = (division.scalar("communities"), short(division.scalar("silhouette")));
    let caption = stage.say(
        format!(
            "UNIDO similarity of every pair, cities in the order of the dendrogram; {CLASSES} classes of equal width. Boxes: the \
             {communities} communities of the cut with the largest mean silhouette ({silhouette}).{part}"
        ),
        format!(
            "每对城市的 UNIDO 结构相似系数，城市按树状图次序排列，分 {CLASSES} 个等宽级；方框为平均轮廓系数最大\
             （{silhouette}）的 {communities} 个产业群组。{part}"
        ),
    );
    let (low, high) = crate::picture::scale::extent(heat.pairs())?;
    let summary = stage.say(
        format!("{n} cities in {communities} communities; similarity from {} to {}", short(low), short(high)),
        format!("{n} 个城市分属 {communities} 个群组；相似系数介于 {} 与 {} 之间", short(low), short(high)),
    );
    let place = Place::Family(Family::Isomorphism);
    let mut figure = Figure::new(stage, "similarity_heat_map", division, place, drawing(stage, &heat, [low, high]));
    figure.on_page = on_page;
    Some(figure.saying(title, caption, summary))
}

fn drawing(stage: &Stage, heat: &Heat, range: [f64; 2]) -> Body {
    let n = heat.cities.len();
    let width = if n > 20 { WIDE } else { WIDTH };
    let tree = if heat.merges.is_empty() { 0.0 } else { width * 0.16 };
    let named = n <= MOST_NAMES;
    let left = if named { NAMES } else { 14.0 };
    let cell = ((width - left - tree - 16.0) / n as f64).min(34.0);
    let (side, top) = (cell * n as f64, 6.0);
    let mut svg = Svg::default();
    let place = format!(
        r#"transform="translate({} {}) scale({})" fill="none" shape-rendering="crispEdges""#,
        tenths(left),
        cell.mul_add(0.5, top),
        cell
    );
    svg.group(&place, |svg| squares(svg, heat, range));
    communities(&mut svg, heat, [left, top], cell);
    marks(&mut svg, stage, heat, [left, top], cell, named);
    branches(&mut svg, heat, [left + side + 4.0, top], cell, tree - 10.0);
    let names = if named { NAMES } else { 12.0 };
    let y = top + side + names + 4.0;
    scale(&mut svg, stage, [12.0, y], width - 24.0, range);
    Body { width, height: y + 30.0, body: svg.into_body() }
}

/// Class of a similarity among those of equal width between both ends.
fn class(x: f64, [low, high]: [f64; 2]) -> usize {
    if high > low { (((x - low) / (high - low) * CLASSES as f64) as usize).min(CLASSES - 1) } else { CLASSES - 1 }
}

fn colour(class: usize) -> String {
    palette::along(SEQUENTIAL[6], class as f64 / (CLASSES - 1) as f64)
}

/// Rows as horizontal strokes of width 1, runs of one class together; the diagonal stays empty.
fn squares(svg: &mut Svg, heat: &Heat, range: [f64; 2]) {
    let n = heat.cities.len();
    let mut strokes = vec![String::new(); CLASSES];
    for row in 0..n {
        let class = |column: usize| {
            let x = heat.value(row, column);
            (column < n && column != row && x.is_finite()).then(|| class(x, range))
        };
        let mut column = 0;
        while column < n {
            let Some(k) = class(column) else {
                column += 1;
                continue;
            };
            let run = (column..n).take_while(|&c| class(c) == Some(k)).count();
            let _ = write!(strokes[k], "M{column} {row}h{run}");
            column += run;
        }
    }
    for (k, outline) in strokes.iter().enumerate().filter(|(_, outline)| !outline.is_empty()) {
        svg.path(outline, &format!(r#"stroke="{}" stroke-width="1.02""#, colour(k)));
    }
}

/// Boxes about runs of one community along the diagonal.
fn communities(svg: &mut Svg, heat: &Heat, [left, top]: [f64; 2], cell: f64) {
    let n = heat.cities.len();
    let mut from = 0;
    while from < n {
        let community = heat.cities[from].2;
        let run = heat.cities[from..].iter().take_while(|city| city.2 == community).count();
        let at = cell * from as f64;
        if run < n {
            let size = cell * run as f64;
            let look = format!(r#"fill="none" stroke="{}" stroke-width="1.6""#, palette::STRIKING);
            svg.rect([left + at, top + at], [size, size], &look);
        }
        from += run;
    }
}

/// The names of rows and columns, or where they are too many a mark for each.
fn marks(svg: &mut Svg, stage: &Stage, heat: &Heat, [left, top]: [f64; 2], cell: f64, named: bool) {
    let side = cell * heat.cities.len() as f64;
    let places: Vec<(usize, f64)> =
        heat.cities.iter().enumerate().map(|(place, (i, _, _))| (*i, cell * (place as f64 + 0.5))).collect();
    let look = |i: usize| format!("{SOFT} {}", rows::of_city(i));
    if !named {
        for &(i, middle) in &places {
            svg.rect([left - 8.0, top + middle - cell * 0.4], [6.0, cell * 0.8], &look(i));
            svg.rect([left + middle - cell * 0.4, top + side + 3.0], [cell * 0.8, 6.0], &look(i));
        }
        return;
    }
    let size = cell.clamp(6.5, 9.0);
    let name = |i: usize| fitted(&stage.report.cities.names[i], size, NAMES - 8.0);
    for &(i, middle) in &places {
        svg.text([left - 4.0, top + middle + size * 0.36], Anchor::End, size, &look(i), &name(i));
    }
    // Turned about the corner of the picture: what was down is to the left, what was to the right is down.
    svg.group(r#"transform="rotate(-90)""#, |svg| {
        for &(i, middle) in &places {
            svg.text([-(top + side + 4.0), left + middle + size * 0.36], Anchor::End, size, &look(i), &name(i));
        }
    });
}

/// The tree: leaves beside their rows, merges to the right of what they join.
fn branches(svg: &mut Svg, heat: &Heat, [left, top]: [f64; 2], cell: f64, width: f64) {
    let highest = heat.merges.iter().map(|merge| merge[2]).fold(0.0, f64::max);
    if heat.merges.is_empty() || highest <= 0.0 || width <= 0.0 {
        return;
    }
    // Leaves are numbered in the order of the cities that take part.
    let mut members: Vec<usize> = (0..heat.cities.len()).collect();
    members.sort_by_key(|&place| heat.cities[place].0);
    let mut knots: Vec<[f64; 2]> = members.iter().map(|&place| [left, top + cell * (place as f64 + 0.5)]).collect();
    let mut outline = String::new();
    for [a, b, height] in &heat.merges {
        let (Some(&[xa, ya]), Some(&[xb, yb])) = (knots.get(*a as usize), knots.get(*b as usize)) else { return };
        let x = left + width * height / highest;
        let [xa, ya, xb, yb, x_text] = [xa, ya, xb, yb, x].map(tenths);
        let _ = write!(outline, "M{xa} {ya}H{x_text}V{yb}H{xb}");
        knots.push([x, (knots[*a as usize][1] + knots[*b as usize][1]) / 2.0]);
    }
    svg.path(&outline, &format!(r#"fill="none" {AXIS} stroke-width=".9""#));
}

/// The scale of colours with the numbers between its classes.
fn scale(svg: &mut Svg, stage: &Stage, [left, top]: [f64; 2], width: f64, [low, high]: [f64; 2]) {
    let label = "S";
    let from = left + text_width(label, 10.0) + 8.0;
    let step = ((width - from + left - 30.0) / CLASSES as f64).min(44.0);
    svg.text([left, top + 9.5], Anchor::Start, 10.0, INK, label);
    let shown = if high > low { 0..CLASSES } else { CLASSES - 1..CLASSES };
    for k in shown {
        let x = from + step * k as f64;
        svg.rect([x, top], [step, 11.0], &format!(r#"fill="{}""#, colour(k)));
        let cut = short(((low + (high - low) * k as f64 / CLASSES as f64) * 1000.0).round() / 1000.0);
        svg.text([x, top + 22.0], Anchor::Middle, 8.5, SOFT, &cut);
    }
    let end = from + step * CLASSES as f64;
    svg.text([end, top + 22.0], Anchor::Middle, 8.5, SOFT, &short((high * 1000.0).round() / 1000.0));
    let _ = stage;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{TableOut, Values};
    use crate::picture::Ground;
    use crate::write::fixture;
    use serde_json::json;

    #[test]
    fn the_heat_map_follows_the_tree() {
        let mut report = fixture::report();
        let ids = report.cities.ids.clone();
        let values = vec![1.0, 0.2, 0.9, 0.2, 1.0, 0.3, 0.9, 0.3, 1.0];
        let matrix = Matrix { rows: ids.clone(), columns: ids, values };
        report.outcomes = vec![
            Outcome { measure: "similarity", matrices: vec![("unido", matrix)], ..Outcome::default() },
            Outcome {
                measure: "division_of_labour",
                columns: vec![
                    ("dendrogram_order", Values::Counts(vec![Some(2), Some(1), Some(3)])),
                    ("community", Values::Counts(vec![Some(2), Some(1), Some(2)])),
                ],
                tables: vec![(
                    "dendrogram",
                    TableOut {
                        columns: vec!["merge", "left", "right", "height", "size"],
                        rows: vec![
                            vec![json!(1), json!(0), json!(2), json!(0.1), json!(2)],
                            vec![json!(2), json!(1), json!(3), json!(0.75), json!(3)],
                        ],
                    },
                )],
                ..Outcome::default()
            },
        ];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let figures = draw(&stage);
        assert_eq!(figures.len(), 1);
        let body = &figures[0].drawing.body;
        // Row 0 is city 1, the unlike one; the alike pair has the darkest class.
        let dark = format!(r#"d="M2 1h1M1 2h1" stroke="{}""#, colour(CLASSES - 1));
        assert!(body.contains(&dark), "{body}");
        assert_eq!(body.matches("data-c=\"1\"").count(), 2);
        report.outcomes.remove(0);
        assert!(draw(&Stage { report: &report, ground: &ground, network: None }).is_empty());
    }
}
