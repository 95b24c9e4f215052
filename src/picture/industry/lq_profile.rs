//! The profile of a city: its location quotient in each sector, on a logarithmic scale around 1.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{AXIS, Anchor, SOFT, fitted};
use crate::picture::table::Rows;
use crate::picture::{Body, Figure, Place, Stage, WIDTH, palette, rows};

/// Most cities of which there are files.
const MOST: usize = 60;
/// Cities that the page shows.
const ON_PAGE: usize = 1;
/// Quotients below this are drawn as it.
const LEAST: f64 = 0.05;
/// Quotients above this are drawn as it.
const LARGEST: f64 = 20.0;

/// A profile of every city in the last year; the page shows the largest, and there are files alone of the others.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let Some((_, last)) = rows::span(stage, "location_quotient") else { return Vec::new() };
    let order = by_size(stage, last);
    let keep = if order.len() > MOST { ON_PAGE } else { order.len() };
    let of = |(place, &i): (usize, &usize)| {
        let mut figure = figure(stage, last, i)?;
        figure.on_page = place < ON_PAGE;
        Some(figure)
    };
    order.iter().take(keep).enumerate().filter_map(of).collect()
}

/// Cities of the profile table, those with most in all sectors first.
fn by_size(stage: &Stage, outcome: &Outcome) -> Vec<usize> {
    let Some(table) = Rows::of(outcome, "profile") else { return Vec::new() };
    let mut sums = std::collections::BTreeMap::<&str, f64>::new();
    for row in 0..table.len() {
        let level = table.number(row, "level");
        *sums.entry(table.text(row, "city")).or_default() += if level.is_finite() { level } else { 0.0 };
    }
    let mut order: Vec<(usize, f64)> =
        sums.iter().filter_map(|(id, sum)| Some((stage.report.cities.position(id)?, *sum))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().map(|(i, _)| i).collect()
}

/// Sectors of a city with their quotients, the largest first.
fn profile(stage: &Stage, outcome: &Outcome, city: usize) -> Option<Vec<(String, f64)>> {
    let table = Rows::of(outcome, "profile")?;
    let id = stage.report.cities.ids.get(city)?;
    let of_city = (0..table.len()).filter(|&row| table.text(row, "city") == id);
    let mut found: Vec<(String, f64)> =
        of_city.map(|row| (table.text(row, "sector").to_owned(), table.number(row, "lq"))).collect();
    found.retain(|(_, lq)| lq.is_finite());
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    (!found.is_empty()).then_some(found)
}

/// The bars of one city's location quotients, for its section of a report; `None` where it has none.
pub fn lq_profile(stage: &Stage, outcome: &Outcome, city: usize) -> Option<Body> {
    let mut found = profile(stage, outcome, city)?;
    if found.len() > rows::MOST {
        found.drain(rows::MOST / 2..found.len() - rows::MOST / 2);
    }
    let drawn = |lq: f64| lq.clamp(LEAST, LARGEST);
    let names: Vec<String> = found.iter().map(|(sector, _)| fitted(sector, 10.0, 110.0)).collect();
    let ends = found.iter().map(|(_, lq)| drawn(*lq)).chain([0.5, 2.0]);
    // Room for the numbers at both ends.
    let (low, high) = crate::picture::scale::extent(ends)?;
    let x = Axis::new(Scale::logarithmic([low / 1.5, high * 1.5]), stage.say("location quotient", "区位商"));
    let n = names.len();
    Some(rows::chart(WIDTH, &names, &x, &[], |svg, plot| {
        for (place, (_, lq)) in found.iter().enumerate() {
            let y = rows::y(plot, n, place);
            let colour = palette::LOW_HIGH[usize::from(*lq >= 1.0)];
            rows::bar(svg, plot, y, [1.0, drawn(*lq)], &format!(r#"fill="{colour}" fill-opacity=".8""#));
            let (side, anchor) = if *lq >= 1.0 { (3.0, Anchor::Start) } else { (-3.0, Anchor::End) };
            svg.text([plot.x(drawn(*lq)) + side, y + 3.0], anchor, 8.5, SOFT, &format!("{lq:.2}"));
        }
        svg.line([plot.x(1.0), plot.top], [plot.x(1.0), plot.bottom], AXIS);
    }))
}

fn figure(stage: &Stage, outcome: &Outcome, city: usize) -> Option<Figure> {
    let found = profile(stage, outcome, city)?;
    let body = lq_profile(stage, outcome, city)?;
    let (year, name) = (rows::year(outcome), stage.report.cities.known_as(city));
    let (sector, top) = found.first()?;
    let specialised = found.iter().filter(|(_, lq)| *lq >= 1.0).count();
    let title = stage.say(
        format!("{name}{year}: LQ {} in {sector}", short(*top)),
        format!("{name}区位商{year}：{sector} {}", short(*top)),
    );
    let clipped = found.iter().any(|(_, lq)| *lq < LEAST || *lq > LARGEST);
    let clipped = if clipped {
        stage.say(" Bars end at 0.05 and 20; the numbers are those found.", "条形止于 0.05 与 20，数字为实际值。")
    } else {
        ""
    };
    let part = rows::shown_of(stage, found.len().min(rows::MOST), found.len());
    let caption = stage.say(
        format!("Share of each sector in the city over its share in the reference area, on a logarithmic scale; specialised from 1 on.{clipped}{part}"),
        format!("各行业在该市的份额与其在参照区的份额之比，对数刻度；不小于 1 为专业化。{clipped}{part}"),
    );
    let summary = stage.say(
        format!("{specialised} of {} sectors from 1 on; {sector} highest with {}", found.len(), short(*top)),
        format!("{} 个行业中 {specialised} 个不小于 1；{sector}最高，为 {}", found.len(), short(*top)),
    );
    let place = Place::Family(Family::Isomorphism);
    let stem = crate::write::columns::file_part(&format!("lq_profile_{}", stage.report.cities.ids[city]));
    Some(Figure::new(stage, &stem, outcome, place, body).saying(title, caption, summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::TableOut;
    use crate::picture::Ground;
    use crate::write::fixture;
    use serde_json::json;

    #[test]
    fn sectors_stand_on_their_side_of_one() {
        let mut report = fixture::report();
        let row = |sector: &str, lq: serde_json::Value| vec![json!("C1"), json!(sector), json!(5), lq];
        let rows = vec![row("<b>", json!(2.0)), row("none", json!(0.0)), row("n/a", json!(null))];
        let table = TableOut { columns: vec!["city", "sector", "level", "lq"], rows };
        report.outcomes =
            vec![Outcome { measure: "location_quotient", tables: vec![("profile", table)], ..Outcome::default() }];
        let ground = Ground::new(&report.cities);
        let stage = Stage { report: &report, ground: &ground, network: None };
        let figures = draw(&stage);
        assert_eq!(figures.len(), 1);
        let body = &figures[0].drawing.body;
        assert!(
            body.contains("&lt;b&gt;") && body.contains(">2.00<") && body.contains(">0.00<") && !body.contains("n/a")
        );
        assert!(lq_profile(&stage, &report.outcomes[0], 2).is_none());
    }
}
