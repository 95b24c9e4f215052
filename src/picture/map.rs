//! A map: cities filled by class, letters on them, names that do not collide, a legend with counts, and a scale bar.

use super::legend::{self, Entry};
use super::palette::{self, ink_on};
use super::svg::{Anchor, EDGE, INK, SOFT, Svg, text_width};
use super::{Body, Stage};
use crate::note::short;

/// Size of the letters of classes.
const LETTER: f64 = 9.0;
/// Size of names.
const NAME: f64 = 9.0;
/// Height of the strip of the scale bar.
const SCALE: f64 = 14.0;
/// Most names on a map of few cities, and of many.
const MOST_NAMES: [usize; 2] = [14, 8];
/// From how many cities on they are many.
const MANY: usize = 60;

/// One class of a map's fills.
#[derive(Clone, Debug)]
pub struct Class {
    /// Colour; [`palette::NO_VALUE`] is a hatch.
    pub colour: String,
    /// Text of the legend, to which the number of cities is added.
    pub text: String,
    /// Letters on the cities of the class; nothing for none.
    pub letter: String,
}

impl Class {
    /// A class without a letter.
    pub fn new(colour: impl Into<String>, text: impl Into<String>) -> Self {
        Self { colour: colour.into(), text: text.into(), letter: String::new() }
    }

    /// The same with a letter.
    pub fn letter(mut self, letter: impl Into<String>) -> Self {
        self.letter = letter.into();
        self
    }
}

type Layer<'a> = Box<dyn Fn(&mut Svg) + 'a>;

/// A map while it is put together.
pub struct Map<'a> {
    stage: &'a Stage<'a>,
    classes: Vec<Class>,
    of: Vec<usize>,
    counted: bool,
    above: Vec<Layer<'a>>,
    more: Vec<Entry>,
    named: Vec<usize>,
    clear: f64,
    names_first: bool,
}

impl<'a> Map<'a> {
    /// A map of plain ground.
    pub fn new(stage: &'a Stage<'a>) -> Self {
        let plain = vec![Class::new(palette::GROUND, "")];
        let of = vec![0; stage.report.cities.len()];
        Self {
            stage,
            classes: plain,
            of,
            counted: false,
            above: Vec::new(),
            more: Vec::new(),
            named: Vec::new(),
            clear: 0.0,
            names_first: false,
        }
    }

    /// Fills each city by its class, `of[i]` among `classes`.
    pub fn fill(mut self, classes: Vec<Class>, of: Vec<usize>) -> Self {
        (self.classes, self.of, self.counted) = (classes, of, true);
        self
    }

    /// Draws something above the fills and below letters and names.
    pub fn above(mut self, draw: impl Fn(&mut Svg) + 'a) -> Self {
        self.above.push(Box::new(draw));
        self
    }

    /// More entries for the legend.
    pub fn legend(mut self, entries: impl IntoIterator<Item = Entry>) -> Self {
        self.more.extend(entries);
        self
    }

    /// Names cities, those that come first first, as far as names do not collide.
    pub fn names(mut self, cities: Vec<usize>) -> Self {
        self.named = cities;
        self
    }

    /// Gives names the room that they need, and letters what is left.
    pub fn names_first(mut self) -> Self {
        self.names_first = true;
        self
    }

    /// Keeps names this far from the middle of their cities, where something is marked.
    pub fn clear_of(mut self, radius: f64) -> Self {
        self.clear = radius;
        self
    }

    /// Draws it.
    pub fn draw(self) -> Body {
        let ground = self.stage.ground;
        let mut svg = Svg::default();
        let outline = if self.of.len() > 500 { ".25" } else { ".6" };
        svg.group(&format!(r#"{EDGE} stroke-width="{outline}" stroke-linejoin="round""#), |svg| self.fills(svg));
        for inset in ground.insets() {
            svg.rect(inset.corner, inset.size, &format!(r#"{} fill="none" stroke-width=".8""#, super::svg::AXIS));
        }
        self.above.iter().for_each(|layer| layer(&mut svg));
        let mut taken = Vec::new();
        if self.names_first {
            self.city_names(&mut svg, &mut taken);
        }
        self.letters(&mut svg, &mut taken);
        if !self.names_first {
            self.city_names(&mut svg, &mut taken);
        }
        let mut y = ground.height + 2.0;
        y += self.scale_bar(&mut svg, y);
        y += legend::draw(&mut svg, [4.0, y], ground.width - 8.0, &self.entries());
        Body { width: ground.width, height: y + 2.0, body: svg.into_body() }
    }

    fn fills(&self, svg: &mut Svg) {
        if !self.counted {
            // Plain ground is one shape.
            svg.shared("ground", &format!(r#"fill="{}""#, self.classes[0].colour));
            return;
        }
        let drawn = |i: &usize| self.stage.ground.city(*i).is_some();
        for (k, class) in self.classes.iter().enumerate() {
            let members: Vec<usize> = (0..self.of.len()).filter(|i| self.of[*i] == k).filter(drawn).collect();
            if !members.is_empty() {
                svg.group(&format!(r#"fill="{}""#, class.colour), |svg| {
                    members.iter().for_each(|i| svg.shared(&format!("c{i}"), ""));
                });
            }
        }
    }

    /// The letters of classes, on the cities that have room for them, and beside those that are points.
    fn letters(&self, svg: &mut Svg, taken: &mut Vec<Rectangle>) {
        svg.group(r#"font-weight="600" pointer-events="none""#, |svg| {
            for i in 0..self.of.len() {
                let class = &self.classes[self.of[i]];
                let width = text_width(&class.letter, LETTER);
                let Some([x, y]) = self.stage.ground.city(i).filter(|_| width > 0.0) else { continue };
                let inside = width <= self.room(i);
                let aside = self.radius(i) + 1.0 + width / 2.0;
                let x = match x + aside + width / 2.0 < self.stage.ground.width {
                    _ if inside => x,
                    true => x + aside,
                    false => x - aside,
                };
                let area = Rectangle::around([x, y], width, LETTER);
                if !inside && self.radius(i) == 0.0 || taken.iter().any(|other| other.meets(&area)) {
                    continue;
                }
                let look = if inside { format!(r#"fill="{}""#, ink_on(&class.colour)) } else { INK.to_owned() };
                svg.text([x, y + 3.2], Anchor::Middle, LETTER, &look, &class.letter);
                taken.push(area);
            }
        });
    }

    /// How wide a letter inside of a city can be.
    fn room(&self, i: usize) -> f64 {
        self.stage.ground.room(i).max(1.5 * self.radius(i))
    }

    /// Radius of a city that is a point; 0 for others.
    fn radius(&self, i: usize) -> f64 {
        let ground = self.stage.ground;
        if ground.is_point(i) { ground.radius() } else { 0.0 }
    }

    /// Names beside or over the cities, each where it meets no other text.
    fn city_names(&self, svg: &mut Svg, taken: &mut Vec<Rectangle>) {
        let ground = self.stage.ground;
        let look =
            format!(r##"{INK} stroke="#ffffff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke""##);
        let look = look.replace("class=\"ink\"", "class=\"ink halo\"");
        let most = MOST_NAMES[usize::from(self.of.len() > MANY)];
        let mut named = 0;
        // Of more points than this some are under a name anyway.
        let points = (0..self.of.len()).filter(|&i| self.radius(i) > 0.0).take(150);
        let dot = |i| Some(Rectangle::around(ground.city(i)?, 2.0 * self.radius(i), 2.0 * self.radius(i)));
        let dots: Vec<Rectangle> = points.filter_map(dot).collect();
        svg.group(r#"pointer-events="none""#, |svg| {
            for &i in &self.named {
                let Some([x, y]) = ground.city(i).filter(|_| named < most) else { continue };
                let name = self.stage.short_name(i);
                let width = text_width(&name, NAME);
                let clear = self.clear.max(self.radius(i));
                let aside = width / 2.0 + 5.0 + clear;
                let above = 12.0 + clear;
                let corner = |right: f64, down: f64| [x + right * aside, y + down * 9.0];
                let beside = [corner(1.0, -1.0), corner(-1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
                let near = [[x, y], [x, y - above], [x, y + above], corner(1.0, 0.0), corner(-1.0, 0.0)];
                let places = near.into_iter().chain(beside);
                let mut places = places.skip(usize::from(clear > 0.0));
                let inside = |area: &Rectangle| area.within(ground.width, ground.height);
                let free = places.find_map(|place| {
                    let area = Rectangle::around(place, width, NAME);
                    (inside(&area) && !taken.iter().chain(&dots).any(|other| other.meets(&area)))
                        .then_some((place, area))
                });
                if let Some(([x, y], area)) = free {
                    svg.text([x, y + 3.2], Anchor::Middle, NAME, &look, &name);
                    taken.push(area);
                    named += 1;
                }
            }
        });
    }

    fn scale_bar(&self, svg: &mut Svg, y: f64) -> f64 {
        let ground = self.stage.ground;
        let Some((length, size)) = ground.scale_bar() else { return 0.0 };
        let right = ground.width - 8.0;
        let left = right - length;
        let bar = [[left, y + 2.0], [left, y + 5.0], [right, y + 5.0], [right, y + 2.0]];
        svg.polyline(&bar, super::svg::AXIS);
        let text = format!("{} {}", short(size), ground.unit());
        svg.text([left - 4.0, y + 8.0], Anchor::End, 9.0, SOFT, text.trim_end());
        SCALE
    }

    fn entries(&self) -> Vec<Entry> {
        let count = |k: usize| self.of.iter().filter(|of| **of == k).count();
        let counted = self.classes.iter().enumerate().filter(|_| self.counted);
        let classes = counted.map(|(k, class)| Entry::fill(&class.colour, format!("{} ({})", class.text, count(k))));
        classes.chain(self.more.iter().cloned()).collect()
    }
}

/// The area of a text.
#[derive(Clone, Copy, Debug)]
pub struct Rectangle {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Rectangle {
    /// That of a text of this width and size about a point.
    pub fn around([x, y]: [f64; 2], width: f64, size: f64) -> Self {
        let (across, up) = (width / 2.0 + 1.0, size / 2.0 + 1.0);
        Self { left: x - across, right: x + across, top: y - up, bottom: y + up }
    }

    /// Whether two areas have something in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether it lies between 0 and a width and height.
    pub fn within(&self, width: f64, height: f64) -> bool {
        self.left >= 0.0 && self.right <= width && self.top >= 0.0 && self.bottom <= height
    }
}
