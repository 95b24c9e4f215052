//! Pairs of cities as points, or counted in a grid of cells where they are too many.

use std::fmt::Write;

use super::legend::Entry;
use super::palette;
use super::plot::Plot;
use super::svg::Svg;

/// Colours of the first kind, and of the other.
const FIRST: &str = palette::GROUPS[5];
const OTHER: &str = "#57606a";
/// Most pairs that are drawn as points.
pub const MOST: usize = 2000;
const ACROSS: usize = 36;
const DOWN: usize = 24;
/// Least counts of the classes of cells.
const CUTS: [usize; 5] = [1, 3, 10, 30, 100];

/// One pair: where it lies, and whether it is of the first kind.
pub type Pair = ([f64; 2], bool);

/// Draws pairs: squares of the first kind and dots of the other, or cells by the number of pairs.
pub fn draw(svg: &mut Svg, plot: &Plot, pairs: &[Pair]) {
    if pairs.len() > MOST {
        return cells(svg, plot, pairs);
    }
    // As one path of points each: hundreds of elements would make the file many times larger.
    let width = if pairs.len() > 400 { "3" } else { "4.6" };
    for (first, colour, end) in [(false, OTHER, "round"), (true, FIRST, "square")] {
        let points = pairs.iter().filter(|pair| pair.1 == first).map(|(at, _)| plot.at(*at).map(f64::round));
        let mut points: Vec<[i64; 2]> = points.map(|[x, y]| [x as i64, y as i64]).collect();
        points.sort_unstable();
        points.dedup();
        let mut at = [0, 0];
        let mut path = String::new();
        for [x, y] in points {
            let _ = write!(path, "m{} {}h0", x - at[0], y - at[1]);
            at = [x, y];
        }
        if !path.is_empty() {
            let look = format!(r#"fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="{end}""#);
            svg.path(&path, &format!(r#"{look} stroke-opacity=".75""#));
        }
    }
}

fn cells(svg: &mut Svg, plot: &Plot, pairs: &[Pair]) {
    let (width, height) = ((plot.right - plot.left) / ACROSS as f64, (plot.bottom - plot.top) / DOWN as f64);
    let mut counts = vec![0_usize; ACROSS * DOWN];
    for (at, _) in pairs {
        let [x, y] = plot.at(*at);
        let column = (((x - plot.left) / width) as usize).min(ACROSS - 1);
        let row = (((y - plot.top) / height) as usize).min(DOWN - 1);
        counts[row * ACROSS + column] += 1;
    }
    for (place, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let class = CUTS.partition_point(|cut| *cut <= count) - 1;
        let at = [plot.left + (place % ACROSS) as f64 * width, plot.top + (place / ACROSS) as f64 * height];
        svg.rect(at, [width, height], &format!(r#"fill="{}""#, palette::sequential(CUTS.len())[class]));
    }
}

/// What squares, dots or cells stand for.
pub fn legend(pairs: &[Pair], first: &str, other: &str) -> Vec<Entry> {
    if pairs.len() <= MOST {
        let both = pairs.iter().any(|(_, first)| *first);
        let squares = both.then(|| Entry::fill(FIRST, first));
        return squares.into_iter().chain([Entry::dot(OTHER, other)]).collect();
    }
    let text =
        |k: usize| CUTS.get(k + 1).map_or(format!("≥ {}", CUTS[k]), |next| format!("{}–{}", CUTS[k], next - 1));
    (0..CUTS.len()).map(|k| Entry::fill(palette::sequential(CUTS.len())[k], text(k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::plot::Axis;
    use crate::picture::scale::Scale;

    #[test]
    fn many_pairs_become_cells() {
        let axis = || Axis::new(Scale::exact(0.0, 1.0), "x");
        let drawn = |n: usize| {
            let pairs: Vec<Pair> = (0..n).map(|i| ([i as f64 / n as f64, 0.5], i == 0)).collect();
            let mut svg = Svg::default();
            let plot = Plot::draw(&mut svg, [360.0, 250.0], 0.0, &axis(), &axis());
            draw(&mut svg, &plot, &pairs);
            svg.into_body()
        };
        assert_eq!(drawn(10).matches("h0").count(), 10);
        let cells = drawn(MOST + 1);
        assert_eq!((cells.matches("<circle").count(), cells.matches("<rect").count()), (0, ACROSS));
    }
}
