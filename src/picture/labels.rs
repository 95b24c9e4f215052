//! Names beside points, each where it meets no other.

use super::Stage;
use super::map::Rectangle;
use super::plot::Plot;
use super::svg::{Anchor, Svg, text_width};

const SIZE: f64 = 9.0;
/// Letters with a rim of paper, so that lines behind them do not strike them through.
const LOOK: &str = r##"class="soft halo" fill="#57606a" stroke="#ffffff" stroke-width="2.2" stroke-linejoin="round" paint-order="stroke""##;

/// Names cities at their points, those that come first first, at most `most` of them.
pub fn beside(svg: &mut Svg, stage: &Stage, plot: &Plot, points: &[(usize, [f64; 2])], most: usize) {
    let mut taken: Vec<Rectangle> = points.iter().map(|(_, at)| Rectangle::around(*at, 4.0, 4.0)).collect();
    let mut named = 0;
    svg.group(r#"pointer-events="none""#, |svg| {
        for (i, [x, y]) in points {
            if named == most {
                break;
            }
            let name = stage.short_name(*i);
            let width = text_width(&name, SIZE);
            let places = [[x + 7.0 + width / 2.0, *y], [x - 7.0 - width / 2.0, *y], [*x, y - 9.0], [*x, y + 9.0]];
            let free = places.into_iter().find(|[x, y]| {
                let inside = x - width / 2.0 > plot.left && x + width / 2.0 < plot.right + 8.0;
                let inside = inside && y - 5.0 > plot.top && y + 5.0 < plot.bottom;
                let area = Rectangle::around([*x, *y], width, SIZE);
                inside && !taken.iter().any(|other| other.meets(&area))
            });
            if let Some([x, y]) = free {
                svg.text([x, y + 3.2], Anchor::Middle, SIZE, LOOK, &name);
                taken.push(Rectangle::around([x, y], width, SIZE));
                named += 1;
            }
        }
    });
}
