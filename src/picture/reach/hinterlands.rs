//! The hinterlands of the cores: how much mass and how many cities each dominates.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::{Anchor, SOFT};
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows};

/// Letters of the widest text beside a bar make this share of the axis.
const ROOM: f64 = 1.9;

/// One chart for each year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.each_year("hinterland", figure)
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let table = Rows::of(outcome, "cores")?;
    let mass: Vec<f64> = (0..table.len()).map(|row| table.number(row, "mass_dominated")).collect();
    let mut order = rows::ranked(&mass);
    let all = order.len();
    order.truncate(rows::MOST);
    let first = *order.first()?;
    let city = |row: usize| stage.report.cities.position(table.text(row, "core"));
    let names: Vec<String> = order
        .iter()
        .map(|&row| city(row).map_or_else(|| table.text(row, "core").to_owned(), |i| stage.short_name(i)))
        .collect();
    let unit =
        outcome.options.get("mass").and_then(|mass| mass.as_str()).map(crate::error::shortened).unwrap_or_default();
    let label = stage.say(format!("mass of the hinterland ({unit})"), format!("腹地质量（{unit}）"));
    let x = Axis::new(Scale::exact(0.0, mass[first].max(1e-9) * ROOM), label);
    let count = |row: usize, name: &str| short(table.number(row, name));
    let text = |row: usize| {
        stage.say(
            format!("{} cities, {} contested", count(row, "cities"), count(row, "contested")),
            format!("{} 个城市，{} 个有争夺", count(row, "cities"), count(row, "contested")),
        )
    };
    let body = rows::chart(WIDTH, &names, &x, &[], |svg, plot| {
        for (place, &row) in order.iter().enumerate() {
            let y = rows::y(plot, order.len(), place);
            let look = city(row).map(rows::of_city).unwrap_or_default();
            rows::bar(svg, plot, y, [0.0, mass[row]], &format!(r#"fill="{}" {look}"#, palette::MAIN));
            svg.text([plot.x(mass[row]) + 4.0, y + 3.0], Anchor::Start, 9.0, SOFT, &text(row));
        }
    });
    let year = rows::year(outcome);
    let name = table.text(first, "core_name");
    let contested = short(outcome.scalar("contested_share") * 100.0);
    let title = stage.say(
        format!("Hinterlands{year}: {name} dominates {} cities", count(first, "cities")),
        format!("腹地规模{year}：{name}主导 {} 个城市", count(first, "cities")),
    );
    let part = if all > order.len() {
        stage.say(
            format!(" The {} largest of {all}.", order.len()),
            format!("共 {all} 个，仅列最大的 {} 个。", order.len()),
        )
    } else {
        String::new()
    };
    let caption = stage.say(
        format!("Each city belongs to the core that pulls it most, by mass over distance; contested where the second pulls nearly as much: {contested} % of the cities.{part}"),
        format!("各城市归属引力（质量与距离之比）最大的核心；次强核心引力相近者为有争夺：占 {contested}%。{part}"),
    );
    let listed: Vec<String> =
        order.iter().take(6).map(|&row| format!("{}: {}", table.text(row, "core_name"), text(row))).collect();
    let summary = listed.join(stage.language().semicolon());
    Some(
        Figure::new(stage, "hinterlands", outcome, Place::Family(Family::Radiation), body)
            .saying(title, caption, summary),
    )
}
