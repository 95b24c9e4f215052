//! The ground that maps are drawn on: the shapes of the cities, projected and simplified once for all maps.

mod insets;
mod projection;
mod topology;

use std::fmt::Write;

pub use projection::Projection;
use topology::Topology;

use super::svg::tenths;
use crate::study::{Cities, Metric, RingRole, ShapeKind};

/// Width of a map, in the units of its picture.
pub const WIDTH: f64 = 360.0;
/// Least and largest height of a map.
const HEIGHTS: (f64, f64) = (150.0, 400.0);
/// Width and height of an inset, at most.
const INSET: [f64; 2] = [110.0, 80.0];
/// Room around the shapes.
const MARGIN: f64 = 6.0;
/// How far borders may be moved to simplify them, half a pixel.
const TOLERANCE: f64 = 0.65;
/// The same where there are many cities, each of them small.
const COARSE: f64 = 0.65;
/// From how many cities on.
const MANY: usize = 800;
/// Area below which a part of a city is not drawn, unless it is its largest.
const SPECK: f64 = 0.5;
/// Area below which a city is marked by a dot.
const TINY: f64 = 3.0;

/// The ground of the maps of one report.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Width of the map.
    pub width: f64,
    /// Height of the map.
    pub height: f64,
    /// Outline of each city: a path; nothing for points and for cities without a geometry.
    outlines: Vec<String>,
    /// Where each city's letter stands: a point inside of it.
    places: Vec<Option<[f64; 2]>>,
    /// How wide a letter there can be.
    rooms: Vec<f64>,
    radius: f64,
    metric: Metric,
    /// The main map first, then its insets.
    frames: Vec<Frame>,
}

/// A rectangle of the map with what is drawn in it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    projection: Projection,
    fit: Fit,
    area: Area,
}

impl Frame {
    fn place(&self, coordinates: [f64; 2]) -> [f64; 2] {
        self.fit.place(self.projection.project(coordinates))
    }
}

/// A rectangle of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Upper left corner.
    pub corner: [f64; 2],
    /// Width and height.
    pub size: [f64; 2],
}

/// From the plane of the projection to the map.
#[derive(Clone, Copy, Debug)]
struct Fit {
    scale: f64,
    west: f64,
    north: f64,
    corner: [f64; 2],
}

impl Fit {
    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [left, top] = self.corner;
        [left + MARGIN + (x - self.west) * self.scale, top + MARGIN + (self.north - y) * self.scale]
    }
}

impl Ground {
    /// The ground of these cities.
    pub fn new(cities: &Cities) -> Self {
        let shapes = &cities.shapes;
        let whole = projection(cities, |_| true);
        let group = insets::groups(cities, |c| whole.project(c));
        let frames = frames(cities, &group);
        let areas: Vec<usize> = (0..shapes.len()).filter(|&i| shapes.kind(i) == ShapeKind::Area).collect();
        let topology = Topology::new(areas.iter().flat_map(|&i| shapes.rings(i).map(|(_, ring)| ring)));
        let tolerance = if cities.len() > MANY { COARSE } else { TOLERANCE };
        let place = |i: usize| cities.points[i].map(|point| frames[group[i]].place(point));
        let mut ground = Self {
            width: WIDTH,
            height: frames.iter().map(|frame| frame.area.corner[1] + frame.area.size[1]).fold(0.0, f64::max),
            outlines: vec![String::new(); cities.len()],
            places: (0..cities.len()).map(place).collect(),
            rooms: vec![0.0; cities.len()],
            radius: (60.0 / (cities.len() as f64).sqrt()).clamp(1.5, 6.0),
            metric: cities.metric,
            frames: frames.clone(),
        };
        for i in areas {
            let frame = frames[group[i]];
            let line = |ring: &[[f64; 2]]| topology.simplified(ring, tolerance, |c| frame.place(c));
            let rings = shapes.rings(i).map(|(role, ring)| (role, line(ring)));
            ground.set_area(i, rings.filter(|(_, ring)| ring.len() > 2).collect());
        }
        ground
    }

    /// Sets a city's outline from its simplified rings, and finds the place of its letter.
    fn set_area(&mut self, i: usize, rings: Vec<(RingRole, Vec<[f64; 2]>)>) {
        let size = |ring: &[[f64; 2]]| area(ring).abs();
        let largest = rings.iter().map(|(_, ring)| size(ring)).fold(0.0, f64::max);
        let shown: Vec<&Vec<[f64; 2]>> =
            rings.iter().map(|(_, ring)| ring).filter(|ring| size(ring) >= SPECK.min(largest)).collect();
        if let Some((place, room)) = roomiest(&shown) {
            (self.places[i], self.rooms[i]) = (Some(place), room);
        }
        self.outlines[i] = shown.iter().map(|ring| path(ring)).collect();
        // A city of a few islets would be lost on the map.
        if largest < TINY
            && let Some(place) = self.places[i]
        {
            self.outlines[i] += &dot(place, 1.5);
        }
    }

    /// Where a place in the coordinates of the cities lies on the main map; it may lie outside of it.
    pub fn place(&self, coordinates: [f64; 2]) -> [f64; 2] {
        self.frames[0].place(coordinates)
    }

    /// The main map, without its insets.
    pub fn main(&self) -> Area {
        self.frames[0].area
    }

    /// The insets, in which cities lie that are far from all others; each has a scale of its own.
    pub fn insets(&self) -> impl Iterator<Item = Area> + '_ {
        self.frames[1..].iter().map(|frame| frame.area)
    }

    /// Where a city's letter stands, or its point; `None` where it has no geometry.
    pub fn city(&self, i: usize) -> Option<[f64; 2]> {
        self.places.get(i).copied().flatten()
    }

    /// How wide a text inside a city can be; 0 for points.
    pub fn room(&self, i: usize) -> f64 {
        self.rooms.get(i).copied().unwrap_or(0.0)
    }

    /// Whether a city is drawn as a point.
    pub fn is_point(&self, i: usize) -> bool {
        self.city(i).is_some() && self.outlines.get(i).is_some_and(String::is_empty)
    }

    /// Radius of a city that is a point.
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// The projection of the main map.
    pub fn projection(&self) -> &Projection {
        &self.frames[0].projection
    }

    /// The shapes of the cities for `<defs>`, city i under the id `ci` and all of them under the id `ground`, so that each is
    /// written once for all maps.
    pub fn shapes(&self) -> String {
        let mut text = String::from("<g id=\"ground\">");
        for (i, outline) in self.outlines.iter().enumerate() {
            match (outline.is_empty(), self.city(i)) {
                (false, _) => {
                    let _ = write!(text, r#"<path id="c{i}" d="{outline}"/>"#);
                }
                (true, Some([x, y])) => {
                    let (x, y, r) = (tenths(x), tenths(y), tenths(self.radius));
                    let _ = write!(text, r#"<circle id="c{i}" cx="{x}" cy="{y}" r="{r}"/>"#);
                }
                (true, None) => {}
            }
        }
        text + "</g>"
    }

    /// Length and kilometres of a scale bar of a round length, at most a quarter of the map's width; `None` for a map of
    /// the world. In planar units where coordinates are planar.
    pub fn scale_bar(&self) -> Option<(f64, f64)> {
        let Frame { projection, fit, .. } = &self.frames[0];
        if !projection.has_scale() {
            return None;
        }
        let per_unit = match self.metric {
            Metric::Planar => 1.0 / fit.scale,
            // On the unit sphere the projections are true to scale, or nearly so, at their middle.
            Metric::GreatCircle { radius } => radius / fit.scale,
        };
        let most = self.width / 4.0 * per_unit;
        if !(most.is_finite() && most > 0.0) {
            return None;
        }
        let power = libm::pow(10.0, libm::floor(libm::log10(most)));
        let length = [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(|length| *length <= most)?;
        Some((length / per_unit, length))
    }

    /// The unit of lengths: `km`, or nothing.
    pub fn unit(&self) -> &'static str {
        self.metric.unit()
    }
}

/// The projection for some of the cities.
fn projection(cities: &Cities, of: impl Fn(usize) -> bool + Clone) -> Projection {
    match cities.metric {
        Metric::Planar => Projection::Planar,
        Metric::GreatCircle { .. } => Projection::fitted(coordinates(cities, of)),
    }
}

/// All coordinates of some of the cities, and their points.
fn coordinates(cities: &Cities, of: impl Fn(usize) -> bool + Clone) -> impl Iterator<Item = &[f64; 2]> + Clone {
    let members = (0..cities.len()).filter(move |i| of(*i));
    members.flat_map(|i| cities.shapes.coordinates(i).iter().chain(&cities.points[i]))
}

/// The main map, and below it side by side its insets.
fn frames(cities: &Cities, group: &[usize]) -> Vec<Frame> {
    let count = group.iter().max().map_or(1, |last| last + 1);
    let mut frames: Vec<Frame> = Vec::new();
    for k in 0..count {
        let projection = projection(cities, |i| group[i] == k);
        let points = coordinates(cities, |i| group[i] == k).map(|c| projection.project(*c));
        let (room, corner) = match frames.first() {
            None => ([WIDTH, HEIGHTS.1], [0.0, 0.0]),
            Some(main) => {
                let width = (WIDTH / (count - 1) as f64).min(INSET[0]);
                ([width - 4.0, INSET[1]], [4.0 + width * (k - 1) as f64, main.area.size[1]])
            }
        };
        let (fit, height) = fitted(points, room, corner);
        frames.push(Frame { projection, fit, area: Area { corner, size: [room[0], height] } });
    }
    frames
}

/// The fit of projected points into a room, and the height that they take of it; insets take all of it.
fn fitted(points: impl Iterator<Item = [f64; 2]>, room: [f64; 2], corner: [f64; 2]) -> (Fit, f64) {
    let (mut west, mut east, mut south, mut north) =
        (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
    for [x, y] in points.filter(|point| point.iter().all(|x| x.is_finite())) {
        (west, east) = (west.min(x), east.max(x));
        (south, north) = (south.min(y), north.max(y));
    }
    let least = HEIGHTS.0.min(room[1]);
    if !(east >= west && north >= south) {
        return (Fit { scale: 1.0, west: 0.0, north: 0.0, corner }, least);
    }
    let (width, height) = (east - west, north - south);
    let [room_x, room_y] = room.map(|x| x - 2.0 * MARGIN);
    let scale = match (room_x / width).min(room_y / height) {
        scale if scale.is_finite() && scale > 0.0 => scale,
        _ => 1.0, // a single point
    };
    let taken = (height * scale + 2.0 * MARGIN).clamp(least, room[1]);
    // What does not fill the room lies in its middle.
    let aside = (room_x / scale - width) / 2.0;
    let below = ((taken - 2.0 * MARGIN) / scale - height) / 2.0;
    (Fit { scale, west: west - aside, north: north + below, corner }, taken)
}

/// A line on the map without the points that lie within a pixel of what remains.
pub fn simplified(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    if line.len() < 3 { line.to_vec() } else { topology::simplified_arc(line, 1.0, &|point| point) }
}

/// Twice the signed area would do as well: it is only compared.
fn area(ring: &[[f64; 2]]) -> f64 {
    let cross = |i: usize| {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        a[0] * b[1] - b[0] * a[1]
    };
    (0..ring.len()).map(cross).sum::<f64>() / 2.0
}

/// The middle of the widest level stretch inside of rings that a letter fits into, among a few levels, and how wide it
/// is; `None` where no letter fits.
fn roomiest(rings: &[&Vec<[f64; 2]>]) -> Option<([f64; 2], f64)> {
    const LEVELS: usize = 11;
    /// Half the height of a letter.
    const HALF: f64 = 4.0;
    let largest = rings.iter().max_by(|a, b| area(a).abs().total_cmp(&area(b).abs()))?;
    let (low, high) = largest.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| (a.min(p[1]), b.max(p[1])));
    let mut best: Option<([f64; 2], f64)> = None;
    for level in 1..=LEVELS {
        let y = low + (high - low) * level as f64 / (LEVELS + 1) as f64;
        // Levels near the middle are preferred.
        let aside = (level as f64 / (LEVELS + 1) as f64 - 0.5).abs();
        let [above, below] = [-HALF, HALF].map(|up| stretches(rings, y + up));
        for stretch in stretches(rings, y) {
            // A letter needs height as well: what is inside above and below it.
            let Some([left, right]) = shared(stretch, &above).and_then(|both| shared(both, &below)) else { continue };
            let width = (right - left) * (1.0 - 0.6 * aside);
            if best.is_none_or(|(_, widest)| width > widest + 1e-9) {
                best = Some(([f64::midpoint(left, right), y], width));
            }
        }
    }
    best
}

/// The parts of a level that lie inside of rings.
fn stretches(rings: &[&Vec<[f64; 2]>], y: f64) -> Vec<[f64; 2]> {
    let mut crossings: Vec<f64> = rings.iter().flat_map(|ring| crossings(ring, y)).collect();
    crossings.sort_unstable_by(f64::total_cmp);
    crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// The longest part of a stretch that it has in common with one of others.
fn shared([left, right]: [f64; 2], others: &[[f64; 2]]) -> Option<[f64; 2]> {
    let both = others.iter().map(|other| [left.max(other[0]), right.min(other[1])]);
    both.filter(|both| both[1] > both[0]).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))
}

/// Where a ring crosses a level.
fn crossings(ring: &[[f64; 2]], y: f64) -> Vec<f64> {
    let side = |i: usize| (ring[i], ring[(i + 1) % ring.len()]);
    let sides = (0..ring.len()).map(side).filter(|(a, b)| (a[1] > y) != (b[1] > y));
    sides.map(|(a, b)| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])).collect()
}

/// A ring as a closed path in steps of a tenth.
fn path(ring: &[[f64; 2]]) -> String {
    let mut text = String::new();
    let mut at: [i64; 2] = [0; 2];
    for (i, point) in ring.iter().enumerate() {
        let next = point.map(|x| (x * 10.0).round() as i64);
        if i == 0 {
            let _ = write!(text, "M{} {}l", tenth(next[0]), tenth(next[1]));
        } else if next != at {
            for step in [next[0] - at[0], next[1] - at[1]] {
                let number = tenth(step);
                if !number.starts_with('-') && !text.ends_with('l') {
                    text.push(' ');
                }
                text += &number;
            }
        }
        at = next;
    }
    text.trim_end_matches('l').to_owned() + "z"
}

/// A circle as a path.
fn dot([x, y]: [f64; 2], radius: f64) -> String {
    let (left, r, across) = (tenths(x - radius), tenths(radius), tenths(2.0 * radius));
    format!("M{left} {}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0z", tenths(y))
}

/// `12` tenths as `1.2`, `-3` as `-.3`.
fn tenth(x: i64) -> String {
    let sign = if x < 0 { "-" } else { "" };
    match (x.unsigned_abs() / 10, x.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, rest) => format!("{sign}.{rest}"),
        (whole, rest) => format!("{sign}{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::fixture;

    #[test]
    fn all_shapes_lie_on_the_map() {
        let ground = Ground::new(&fixture::cities());
        assert_eq!(ground.width, WIDTH);
        for i in 0..3 {
            let [x, y] = ground.city(i).unwrap();
            assert!((0.0..=ground.width).contains(&x) && (0.0..=ground.height).contains(&y), "{x} {y}");
            assert!(ground.room(i) > 50.0);
        }
        assert_eq!(ground.shapes().matches("<path").count(), 3);
        assert!(ground.shapes().starts_with("<g id=\"ground\"><path id=\"c0\" d=\"M"));
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        let ground = Ground::new(&fixture::cities());
        let [[x0, y0], [x1, y1]] = [[0.0, 0.0], [3.0, 1.0]].map(|c| ground.place(c));
        assert!(x1 > x0 && y1 < y0);
    }

    #[test]
    fn nothing_to_draw_is_no_fault() {
        let mut cities = fixture::cities().subset(&[]);
        assert_eq!(Ground::new(&cities).shapes(), "<g id=\"ground\"></g>");
        cities = fixture::cities();
        cities.shapes = crate::study::Shapes::default();
        (0..3).for_each(|_| cities.shapes.push_missing());
        cities.points = vec![None; 3];
        let ground = Ground::new(&cities);
        assert_eq!((ground.shapes().matches("id=\"c").count(), ground.city(0)), (0, None));
        cities.points[1] = Some([5.0, 5.0]);
        assert_eq!(Ground::new(&cities).shapes().matches("<circle").count(), 1);
    }

    #[test]
    fn steps_are_written_in_few_characters() {
        assert_eq!(path(&[[1.0, 2.0], [1.24, 1.96], [0.0, 2.0]]), "M1 2l.2 0-1.2 0z");
    }

    #[test]
    fn the_scale_bar_is_true() {
        let ground = Ground::new(&fixture::cities());
        let (length, km) = ground.scale_bar().unwrap();
        let [a, b] = [[1.0, 0.5], [2.0, 0.5]].map(|c| ground.place(c));
        let true_km = Metric::EARTH.distance([1.0, 0.5], [2.0, 0.5]);
        assert!((length / km * true_km - (b[0] - a[0])).abs() < 0.1);
    }
}
