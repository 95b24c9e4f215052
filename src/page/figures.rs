//! The pictures on the page.

use super::Page;
use super::html::Html;
use crate::picture::svg::tenths;
use crate::picture::{Figure, Place, WIDTH};

/// The pictures of one place, in the order in which they were drawn.
pub fn grid(html: &mut Html, page: &Page, place: Place) {
    let here = || page.figures.iter().filter(|figure| figure.on_page && figure.place == place);
    if here().next().is_none() {
        return;
    }
    html.within("div", &[("class", "figures")], |html| here().for_each(|figure| write(html, figure)));
}

fn write(html: &mut Html, figure: &Figure) {
    let (width, height) = (tenths(figure.drawing.width), tenths(figure.drawing.height));
    let id = format!("figure-{}", figure.name);
    let class = if figure.drawing.width > WIDTH + 40.0 { "wide" } else { "narrow" };
    html.open("figure", &[("id", &id), ("class", class)]);
    html.element("h3", &[], &figure.title).open("div", &[("class", "picture")]);
    let view = format!("0 0 {width} {height}");
    html.within("svg", &[("role", "img"), ("viewBox", &view)], |html| {
        html.raw(&figure.inline());
    });
    html.close("div").within("figcaption", &[], |html| {
        html.element("p", &[], &figure.caption);
    });
    html.close("figure").raw("\n");
}
