//! Maps of kinds that only the data know: communities, leading sectors, hinterlands.

use super::super::map::{Class, Map};
use super::super::palette::NO_VALUE;
use super::super::{Body, Stage};
use super::{only, prominent};
use crate::write::classes::colour_of_kind;

/// Colour of the kinds that are not shown one by one.
const OTHER: &str = "#d9d9d9";

/// One kind.
pub(super) struct Kind {
    /// Its text in the legend.
    pub text: String,
    /// What stands on its cities.
    pub letter: String,
}

/// Cities by kind.
pub(super) struct Kinds {
    /// The kinds that are shown one by one.
    pub kinds: Vec<Kind>,
    /// The kind of every city; beyond the list for others, `None` where there is none.
    pub of: Vec<Option<usize>>,
    /// What it means to have none.
    pub without: &'static str,
}

impl Kinds {
    /// The map with its fills and letters, to be named and drawn.
    pub(super) fn map<'s>(&self, stage: &'s Stage<'s>) -> Map<'s> {
        let shown = self.kinds.len();
        let class = |(k, kind): (usize, &Kind)| {
            let space = if kind.letter.is_empty() { "" } else { " " };
            let text = format!("{}{space}{}", kind.letter, kind.text);
            Class::new(colour_of_kind(k), text).letter(kind.letter.clone())
        };
        let mut classes: Vec<Class> = self.kinds.iter().enumerate().map(class).collect();
        let place = |of: &Option<usize>| of.map_or(shown + 1, |k| k.min(shown));
        let of: Vec<usize> = self.of.iter().map(place).collect();
        classes.push(Class::new(OTHER, stage.say("other", "其他")));
        classes.push(Class::new(NO_VALUE, self.without));
        // Classes that no city is of say nothing here: the kinds are those of the data.
        let kept: Vec<usize> = (0..classes.len()).filter(|k| *k < shown || of.contains(k)).collect();
        let of = of.iter().map(|k| kept.iter().position(|other| other == k).unwrap_or(0)).collect();
        let classes = kept.iter().map(|&k| classes[k].clone()).collect();
        Map::new(stage).fill(classes, of)
    }

    /// The map with the names of the most prominent cities that have a kind.
    pub(super) fn draw(&self, stage: &Stage) -> Body {
        self.map(stage).names(only(prominent(stage), |i| self.of[i].is_some())).draw()
    }
}
