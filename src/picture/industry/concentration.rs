//! How concentrated each sector is in few cities: the locational Gini coefficient.

use crate::measures::{Family, Outcome};
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::svg::fitted;
use crate::picture::table::Rows;
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows};

/// Sectors from the most concentrated to the least, in the first and the last year.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    figure(stage).into_iter().collect()
}

fn figure(stage: &Stage) -> Option<Figure> {
    let (first, last) = rows::span(stage, "concentration")?;
    let table = Rows::of(last, "sectors")?;
    let values: Vec<f64> = (0..table.len()).map(|row| table.number(row, "locational_gini")).collect();
    let before = |row: usize| earlier(first, last, table.text(row, "sector"));
    let order = rows::ends(&values);
    let (&most, &least) = (order.first()?, order.last()?);
    let names: Vec<String> = order.iter().map(|&row| fitted(table.text(row, "sector"), 10.0, 140.0)).collect();
    let ends = order.iter().flat_map(|&row| [values[row], before(row)]);
    let x = Axis::new(Scale::from_zero(ends), stage.say("locational Gini, 0 to 1", "区位基尼系数（0 至 1）"));
    let mut entries = vec![Entry::dot(palette::MAIN, rows::year(last).trim_start())];
    if first.year != last.year {
        entries.insert(0, Entry::ring(palette::MAIN, rows::year(first).trim()));
    }
    let body = rows::chart(WIDTH, &names, &x, if last.year.is_some() { &entries } else { &[] }, |svg, plot| {
        rows::cut(svg, plot, order.len(), &values);
        for (place, &row) in order.iter().enumerate() {
            rows::dumbbell(svg, plot, rows::y(plot, order.len(), place), [before(row), values[row]], None);
        }
    });
    let year = rows::year(last);
    let sector = |row: usize| table.text(row, "sector");
    let mean = short(last.scalar("mean_locational_gini"));
    let title = stage.say(
        format!("Concentration of sectors{year}: mean Gini {mean}"),
        format!("行业集聚{year}：区位基尼系数均值 {mean}"),
    );
    let all = values.iter().filter(|x| x.is_finite()).count();
    let part = rows::shown_of(stage, order.len(), all);
    let caption = stage.say(
        format!(
            "The cities' shares in each sector against their shares in all sectors; 0: spread as everything is.{part}"
        ),
        format!("各城市在某行业中的份额与其在全部行业中的份额相比；0 表示分布与总体一致。{part}"),
    );
    let (high, low) = (short(values[most]), short(values[least]));
    let summary = stage.say(
        format!(
            "from {low} of {} to {high} of {}, of which {} holds most",
            sector(least),
            sector(most),
            table.text(most, "top_name")
        ),
        format!(
            "最低为 {}（{low}），最高为 {}（{high}），后者以{}居首",
            sector(least),
            sector(most),
            table.text(most, "top_name")
        ),
    );
    let figure = Figure::new(stage, "concentration", last, Place::Family(Family::Isomorphism), body);
    Some(figure.saying(title, caption, summary))
}

fn earlier(first: &Outcome, last: &Outcome, sector: &str) -> f64 {
    let table = Rows::of(first, "sectors").filter(|_| first.year != last.year);
    table.and_then(|table| Some(table.number(table.find("sector", sector)?, "locational_gini"))).unwrap_or(f64::NAN)
}
