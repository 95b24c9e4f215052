//! The table of all cities.

use super::html::Html;
use super::standing::Standing;
use super::{Page, anchor};

/// Most cities in the table: more are read in a file.
const MOST: usize = 3_000;

/// The table of cities with what says most of each.
pub fn write(html: &mut Html, page: &Page, standing: &Standing) {
    if standing.order.is_empty() {
        return;
    }
    html.open("div", &[("class", "scroll tall")]);
    html.open("table", &[("class", "data"), ("id", "ranking"), ("data-name", "cities")]);
    html.open("thead", &[]).open("tr", &[]).element("th", &[("scope", "col")], page.say("City", "城市"));
    for (heading, entry) in &standing.ranking {
        let class = if standing.is_number(*entry) { "n" } else { "t" };
        let label = &standing.entries[*entry].label;
        html.element("th", &[("scope", "col"), ("class", class), ("title", label)], heading);
    }
    html.close("tr").close("thead").open("tbody", &[]);
    standing.order.iter().take(MOST).for_each(|&i| row(html, page, standing, i));
    html.close("tbody").close("table").close("div");
    let n = standing.order.len();
    if n > MOST {
        let text = page.say(
            format!("The first {MOST} of {n} cities; all of them are in tables/cities.csv"),
            format!("仅列前 {MOST} 个城市，共 {n} 个，全部见 tables/cities.csv"),
        );
        html.element("p", &[("class", "foot")], &text);
    }
}

fn row(html: &mut Html, page: &Page, standing: &Standing, i: usize) {
    let cities = &page.report.cities;
    html.open("tr", &[("data-c", &i.to_string())]).open("th", &[("scope", "row")]);
    html.link(&anchor(&cities.ids[i]), &cities.names[i]).close("th");
    for &(_, entry) in &standing.ranking {
        let text = standing.text(entry, i);
        match standing.is_number(entry) || text.is_empty() {
            true => html.open("td", &[]).text(&text),
            false => html.open("td", &[("class", "t")]).text(&text),
        };
    }
}
