//! Which city an id in a file means, and what an unknown one may have meant.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::error::{Fault, Kind, did_you_mean, quoted};
use crate::note::{listed, listed_by};
use crate::study::Cities;

/// Above this number of cities no near miss is looked for: it would take seconds.
const MOST_COMPARED: usize = 50_000;
/// Unknown ids that get a suggestion; more are not shown.
const MOST_SUGGESTED: usize = 10;

/// Characters that are taken for one another in names of Chinese cities, as 毫州 for 亳州.
const LOOK_ALIKE: [(char, char); 6] =
    [('毫', '亳'), ('刑', '邢'), ('沪', '泸'), ('彬', '郴'), ('璞', '濮'), ('晖', '珲')];

/// Finds cities by id and gathers the ids that it does not find.
pub(crate) struct Lookup<'a> {
    cities: &'a Cities,
    places: HashMap<&'a str, u32>,
    unknown: IndexMap<String, Vec<usize>>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(cities: &'a Cities) -> Self {
        let places = cities.ids.iter().enumerate().map(|(i, id)| (id.trim(), i as u32)).collect();
        Self { cities, places, unknown: IndexMap::new() }
    }

    /// The city of this id, white space around it ignored; an unknown id is kept with its line.
    pub(crate) fn find(&mut self, id: &str, line: usize) -> Option<u32> {
        let place = self.places.get(id.trim()).copied();
        if place.is_none() {
            let lines = self.unknown.entry(id.trim().to_owned()).or_default();
            if lines.last() != Some(&line) {
                lines.push(line);
            }
        }
        place
    }

    /// Whether this is the id of a city.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.places.contains_key(id.trim())
    }

    /// The ids that were not found, in the order in which they came.
    pub(crate) fn unknown(&self) -> impl ExactSizeIterator<Item = &str> {
        self.unknown.keys().map(String::as_str)
    }

    /// A fault for every unknown id with all its lines, and one for all those that are names of cities.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        if self.unknown.is_empty() {
            return Vec::new();
        }
        let mut named = HashMap::<&str, Vec<usize>>::new();
        for (i, name) in self.cities.names.iter().enumerate() {
            named.entry(name.trim()).or_default().push(i);
        }
        let (names, strangers): (Vec<_>, Vec<_>) =
            self.unknown.iter().partition(|(id, _)| named.contains_key(id.as_str()));
        let mut faults = Vec::new();
        if let Some(&(first, lines)) = names.first() {
            let meant = &named[first.as_str()];
            let ids: Vec<&str> = meant.iter().map(|&i| self.cities.ids[i].as_str()).collect();
            let (verb, noun) = if names.len() == 1 { ("is", "the name of a city") } else { ("are", "names of cities") };
            let message =
                format!("{} {verb} {noun}; ids are expected here", listed_by(&names, |(name, _)| quoted(name)));
            let hint = format!(
                "write {} for {}, or take the names as ids: --id with their property",
                listed(&ids),
                quoted(first)
            );
            faults.push(Fault::new(Kind::Identity, message).line(lines[0]).hint(hint));
        }
        faults.extend(strangers.into_iter().enumerate().map(|(nth, (id, lines))| {
            let more = if lines.len() == 1 { String::new() } else { format!(" ({})", lines_listed(lines)) };
            let fault =
                Fault::new(Kind::Identity, format!("{} is not the id of a city{more}", quoted(id))).line(lines[0]);
            match (nth < MOST_SUGGESTED).then(|| self.suggestion(id)).flatten() {
                Some(hint) => fault.hint(hint),
                None => fault.hint(format!("ids look like {}", self.examples())),
            }
        }));
        faults
    }

    /// The first ids, to show what they look like.
    pub(crate) fn examples(&self) -> String {
        listed_by(&self.cities.ids[..self.cities.len().min(3)], |id| quoted(id))
    }

    fn suggestion(&self, id: &str) -> Option<String> {
        let bare = |text: &str| text.strip_suffix(".0").unwrap_or(text).trim_start_matches('0').to_owned();
        let ids = || self.cities.ids.iter().map(String::as_str);
        if let Some(meant) = ids().find(|other| bare(other) == bare(id)) {
            let reason = if id.ends_with(".0") {
                "it was written as a decimal number"
            } else {
                "leading zeros differ, as spreadsheets drop them"
            };
            return Some(format!("{} may be {}: {reason}", quoted(id), quoted(meant)));
        }
        if self.cities.len() > MOST_COMPARED {
            return None;
        }
        if let Some(meant) = near(id, &self.cities.ids) {
            return Some(format!("did you mean {}?", quoted(meant)));
        }
        let meant = near(id, &self.cities.names)?;
        let place = self.cities.names.iter().position(|name| name == meant)?;
        Some(format!("did you mean {}, the id of {}?", quoted(&self.cities.ids[place]), quoted(meant)))
    }
}

/// The text that a mistyped word means: one that differs in look-alikes, the only one that it begins, or the nearest.
fn near<'a>(word: &str, texts: &'a [String]) -> Option<&'a str> {
    let folded = |text: &str| -> String {
        text.chars().map(|c| LOOK_ALIKE.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1)).collect()
    };
    let same = texts.iter().find(|text| folded(text) == folded(word));
    let mut begun = texts.iter().filter(|text| text.starts_with(word));
    let only = begun.next().filter(|_| begun.next().is_none() && !word.is_empty());
    same.or(only).map(String::as_str).or_else(|| did_you_mean(word, texts.iter().map(String::as_str)))
}

/// `line 3`, or `lines 3, 5 and 7`.
pub(crate) fn lines_listed(lines: &[usize]) -> String {
    format!("{} {}", if lines.len() == 1 { "line" } else { "lines" }, listed_by(lines, usize::to_string))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::study::{Metric, Shapes};

    /// Cities of these ids and names, without geometry.
    pub(crate) fn cities(ids_and_names: &[(&str, &str)]) -> Cities {
        let mut shapes = Shapes::default();
        ids_and_names.iter().for_each(|_| shapes.push_missing());
        Cities {
            ids: ids_and_names.iter().map(|city| city.0.to_owned()).collect(),
            names: ids_and_names.iter().map(|city| city.1.to_owned()).collect(),
            shapes,
            points: vec![None; ids_and_names.len()],
            metric: Metric::EARTH,
            notes: Vec::new(),
        }
    }

    /// Message and hint of every fault for these unknown ids.
    fn said(cities: &Cities, ids: &[&str]) -> Vec<(String, String)> {
        let mut lookup = Lookup::new(cities);
        ids.iter().enumerate().for_each(|(at, id)| assert_eq!(lookup.find(id, at + 2), None));
        let hint = |fault: &Fault| fault.remedy().unwrap_or_default().to_owned();
        lookup.faults().iter().map(|fault| (fault.to_string(), hint(fault))).collect()
    }

    fn pair(message: &str, hint: &str) -> (String, String) {
        (message.into(), hint.into())
    }

    #[test]
    fn ids_are_found_with_space_around_them() {
        let cities = cities(&[("001", "A"), (" 002", "B")]);
        let mut lookup = Lookup::new(&cities);
        assert_eq!((lookup.find(" 001 ", 1), lookup.find("002", 1)), (Some(0), Some(1)));
        assert!(lookup.faults().is_empty());
    }

    #[test]
    fn an_unknown_id_comes_once_with_all_its_lines() {
        let cities = cities(&[("C01", "Wuhan"), ("C02", "Ezhou")]);
        let expected =
            pair("line 2: \"C99\" is not the id of a city (lines 2 and 3)", "ids look like \"C01\" and \"C02\"");
        assert_eq!(said(&cities, &["C99", "C99"]), [expected]);
        assert_eq!(said(&cities, &["C0l"])[0].1, "did you mean \"C01\"?");
    }

    #[test]
    fn spreadsheet_damage_is_recognised() {
        let cities = cities(&[("001", "A"), ("010", "B"), ("310100", "C")]);
        assert_eq!(said(&cities, &["1"])[0].1, "\"1\" may be \"001\": leading zeros differ, as spreadsheets drop them");
        assert_eq!(
            said(&cities, &["310100.0"])[0].1,
            "\"310100.0\" may be \"310100\": it was written as a decimal number"
        );
    }

    #[test]
    fn names_are_one_fault() {
        let cities = cities(&[("C01", "Wuhan"), ("C02", "Ezhou"), ("C03", "Ezhou")]);
        let hint = "write C01 for \"Wuhan\", or take the names as ids: --id with their property";
        let expected = pair("line 2: \"Wuhan\" and \"Ezhou\" are names of cities; ids are expected here", hint);
        assert_eq!(said(&cities, &["Wuhan", "Ezhou", "Wuhan"]), [expected]);
        assert!(said(&cities, &["Ezhou"])[0].1.starts_with("write C02 and C03 for \"Ezhou\""));
    }

    #[test]
    fn short_and_misspelt_names_find_their_city() {
        let cities = cities(&[("320500", "苏州市"), ("320100", "南京市"), ("341600", "亳州市")]);
        assert_eq!(said(&cities, &["南京"])[0].1, "did you mean \"320100\", the id of \"南京市\"?");
        assert_eq!(said(&cities, &["毫州市"])[0].1, "did you mean \"341600\", the id of \"亳州市\"?");
    }
}
