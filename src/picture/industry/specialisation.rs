//! How specialised each city is: Krugman's index against the reference area, and the Herfindahl index.

use crate::measures::Family;
use crate::note::short;
use crate::picture::legend::Entry;
use crate::picture::plot::Axis;
use crate::picture::scale::Scale;
use crate::picture::{Figure, Place, Stage, WIDTH, palette, rows, table};

/// Two rankings: that by Krugman's index on the page, that by concentration as a file.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let krugman = ranking(stage, "krugman", stage.say("Krugman's index, 0 to 2", "克鲁格曼指数（0 至 2）"));
    let hhi = ranking(stage, "hhi", stage.say("Herfindahl index of shares", "赫芬达尔指数")).map(|mut figure| {
        figure.on_page = false;
        figure
    });
    krugman.into_iter().chain(hhi).collect()
}

fn ranking(stage: &Stage, key: &str, label: &str) -> Option<Figure> {
    let (first, last) = rows::span(stage, "specialisation")?;
    let to = table::numbers(last, key)?;
    let from = table::numbers(first, key).filter(|_| first.year != last.year);
    let order = rows::ends(&to);
    let (&most, &least) = (order.first()?, order.last()?);
    let names: Vec<String> = order.iter().map(|&i| stage.short_name(i)).collect();
    let before = |i: usize| from.as_ref().map_or(f64::NAN, |from| from[i]);
    let x = Axis::new(Scale::from_zero(order.iter().flat_map(|&i| [to[i], before(i)])), label);
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
    let known = |i: usize| stage.report.cities.known_as(i);
    let year = rows::year(last);
    let all = to.iter().filter(|x| x.is_finite()).count();
    let part = rows::shown_of(stage, order.len(), all);
    let title = match key {
        "krugman" => stage.say(
            format!("Specialisation{year}: {} most, {}", known(most), short(to[most])),
            format!("专业化程度{year}：{}最高，为 {}", known(most), short(to[most])),
        ),
        _ => stage.say(
            format!("Narrowness of structure{year}: {} most, {}", known(most), short(to[most])),
            format!("产业单一程度{year}：{}最高，为 {}", known(most), short(to[most])),
        ),
    };
    let meaning = match key {
        "krugman" => stage.say(
            "sum of the absolute differences between the sectors' shares in the city and in the reference area; 0: the same structure.",
            "城市与参照区各行业份额之差的绝对值之和；0 表示结构相同。",
        ),
        _ => stage.say(
            "sum of the squared shares of the sectors; 1: all in one sector.",
            "各行业份额的平方和；1 表示全部集中于一个行业。",
        ),
    };
    let caption = stage.say(format!("{label}: {meaning}{part}"), format!("{label}：{meaning}{part}"));
    let (high, low) = (short(to[most]), short(to[least]));
    let summary = stage.say(
        format!("from {low} in {} to {high} in {}", known(least), known(most)),
        format!("最低为{}（{low}），最高为{}（{high}）", known(least), known(most)),
    );
    let figure = Figure::new(stage, &format!("specialisation_{key}"), last, Place::Family(Family::Isomorphism), body);
    Some(figure.saying(title, caption, summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{Outcome, Values};
    use crate::picture::Ground;
    use crate::write::fixture;

    #[test]
    fn two_years_are_two_dots_of_each_city() {
        let mut report = fixture::report();
        let of = |year: i32, values: [f64; 3]| Outcome {
            measure: "specialisation",
            year: Some(year),
            columns: vec![("krugman", Values::Numbers(values.to_vec()))],
            ..Outcome::default()
        };
        report.outcomes = vec![of(2010, [0.5, 0.4, 0.1]), of(2020, [0.6, f64::NAN, 0.2])];
        let ground = Ground::new(&report.cities);
        let figures = draw(&Stage { report: &report, ground: &ground, network: None });
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].drawing.body.matches("data-c=\"0\"").count(), 2);
        assert_eq!(figures[0].drawing.body.matches("data-c=\"1\"").count(), 0);
        assert!(figures[0].title.ends_with("0.6"));
    }
}
