//! Maps of a column of classes, each class with the colour, letter and meaning that it has everywhere.

use super::super::map::{Class, Map};
use super::super::palette::NO_VALUE;
use super::super::{Body, Stage};
use super::{names, only, prominent};
use crate::write::classes::{self, ISOLATE, NOT_SIGNIFICANT, UNDEFINED};

/// A column of classes with its legend, which is complete: it has also the classes that no city is of.
pub(super) struct Classed<'a> {
    values: &'a [&'static str],
    legend: Vec<classes::Class>,
    letter: fn(&str) -> &'static str,
}

impl<'a> Classed<'a> {
    /// A column whose classes are `table`; of words that the table has not, a legend of its own.
    pub(super) fn new(
        values: &'a [&'static str],
        table: &[classes::Class],
        letter: fn(&str) -> &'static str,
    ) -> Option<Self> {
        let known = |value: &&str| table.iter().any(|class| class.name == *value);
        let legend = if values.iter().all(known) { table.to_vec() } else { classes::legend(values) };
        let said = |value: &&str| ![UNDEFINED.name, ISOLATE.name].contains(value);
        values.iter().any(said).then_some(Self { values, legend, letter })
    }

    /// Number of cities of a class.
    pub(super) fn count(&self, name: &str) -> usize {
        self.values.iter().filter(|value| **value == name).count()
    }

    /// The cities of a class.
    pub(super) fn members(&self, name: &str) -> Vec<usize> {
        (0..self.values.len()).filter(|&i| self.values[i] == name).collect()
    }

    /// `HH 8, LL 6`: the classes that say something, as far as there are cities of them, the first `most`.
    pub(super) fn counts(&self, stage: &Stage, most: usize) -> String {
        let mut telling: Vec<(String, usize)> = self
            .telling()
            .map(|class| (self.word(stage, class), self.count(class.name)))
            .filter(|(_, count)| *count > 0)
            .collect();
        if telling.len() > most {
            telling.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            telling.truncate(most);
        }
        let texts: Vec<String> = telling.iter().map(|(word, count)| format!("{word} {count}")).collect();
        if texts.is_empty() {
            stage.say("none significant", "均不显著").to_owned()
        } else {
            texts.join(stage.language().comma())
        }
    }

    /// `HH: Shanghai and Wuxi; not significant: 27 cities`.
    pub(super) fn told(&self, stage: &Stage) -> String {
        let colon = stage.say(": ", "：");
        let telling = self.telling().filter_map(|class| {
            let members = self.members(class.name);
            (!members.is_empty()).then(|| format!("{}{colon}{}", self.word(stage, class), names(stage, &members)))
        });
        let neutral = [NOT_SIGNIFICANT, UNDEFINED, ISOLATE].into_iter().filter_map(|class| {
            let count = self.count(class.name);
            let meaning = class.meaning(stage.language());
            (count > 0).then(|| format!("{meaning}{colon}{count}{}", stage.say("", " 个")))
        });
        telling.chain(neutral).collect::<Vec<_>>().join(stage.language().semicolon())
    }

    fn telling(&self) -> impl Iterator<Item = &classes::Class> {
        self.legend.iter().filter(|class| ![NOT_SIGNIFICANT, UNDEFINED, ISOLATE].contains(class))
    }

    /// A class in words: in Chinese its meaning, where its word is English.
    fn word(&self, stage: &Stage, class: &classes::Class) -> String {
        let code = class.name.chars().all(|c| c.is_ascii_uppercase() || !c.is_alphabetic());
        let code = code || class.name.starts_with("IM");
        let meaning = class.meaning(crate::Language::Chinese);
        stage.say(class.name, if code || meaning.is_empty() { class.name } else { meaning }).to_owned()
    }

    /// The map with its fills and letters, to be named and drawn.
    pub(super) fn map<'s>(&self, stage: &'s Stage<'s>) -> Map<'s> {
        let place = |value: &&'static str| self.legend.iter().position(|class| class.name == *value).unwrap_or(0);
        Map::new(stage).fill(self.shown(stage), self.values.iter().map(place).collect())
    }

    /// The map with the names of the cities whose class says something, the most prominent first.
    pub(super) fn draw(&self, stage: &Stage) -> Body {
        let told = |i: usize| self.telling().any(|class| class.name == self.values[i]);
        self.map(stage).names(only(prominent(stage), told)).draw()
    }

    fn shown(&self, stage: &Stage) -> Vec<Class> {
        let show = |class: &classes::Class| {
            let letter = (self.letter)(class.name);
            let label = match class.meaning(stage.language()) {
                "" => class.name.to_owned(),
                meaning if letter == class.name => format!("{letter} {meaning}"),
                meaning => stage.say(format!("{}: {meaning}", class.name), meaning.to_owned()),
            };
            let label = if letter.is_empty() || letter == class.name { label } else { format!("{letter} {label}") };
            let colour = if *class == UNDEFINED { NO_VALUE } else { class.colour };
            Class::new(colour, label).letter(letter)
        };
        self.legend.iter().map(show).collect()
    }
}
